/* alloc.h: all memory of the library comes through here, so that a test can fail the Nth request.
 *
 * The hook is process-wide state for tests only: ms_alloc_fail_at is not thread-safe against running
 * allocations.
 */
#ifndef MS_BASE_ALLOC_H
#define MS_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* Zeroed array of count elements of size bytes; NULL when memory is short or the product overflows. count 0
 * gives a valid pointer. Free with ms_free. */
void *ms_alloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));

/* Grows or shrinks to count elements, the new part not zeroed. On failure NULL, and the old block stays. */
void *ms_realloc(void *block, size_t count, size_t size) __attribute__((warn_unused_result));

void ms_free(void *block);

/* Copies length bytes and adds a zero byte. */
char *ms_strndup(const char *text, size_t length) __attribute__((malloc, warn_unused_result));
char *ms_strdup(const char *text) __attribute__((malloc, warn_unused_result));

/* Ensures room for need elements in *block (of capacity *capacity): grows by at least half. False when memory
 * is short or the size overflows; then nothing changes. */
bool ms_grow(void **block, size_t *capacity, size_t need, size_t size) __attribute__((warn_unused_result));

/* Tests: the nth request from now (1 = the next) and all later ones return NULL; 0 switches this off.
 * ms_alloc_count says how many requests were made since the last call of ms_alloc_fail_at. */
void ms_alloc_fail_at(uint64_t nth);
uint64_t ms_alloc_count(void);

/* An arena: many small blocks with one lifetime. Each block is zeroed and aligned for any type. */
typedef struct ms_arena ms_arena;
ms_arena *ms_arena_new(void);
void *ms_arena_alloc(ms_arena *arena, size_t count, size_t size) __attribute__((warn_unused_result));
char *ms_arena_strndup(ms_arena *arena, const char *text, size_t length) __attribute__((warn_unused_result));
void ms_arena_free(ms_arena *arena); /* NULL is allowed */

#endif
