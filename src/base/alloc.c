/* alloc.c: the one door to malloc, and the test hook in it.
 *
 * The hook costs one relaxed load until a test first calls ms_alloc_fail_at; only from then on are requests
 * counted. Sizes over PTRDIFF_MAX are refused, so that the difference of two pointers into a block never
 * overflows.
 */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The only mutable state of the process in base: it belongs to tests. */
static atomic_bool hook_on;
static _Atomic uint64_t hook_count;
static _Atomic uint64_t hook_nth;

static bool refused_by_test(void)
{
    if (!atomic_load_explicit(&hook_on, memory_order_relaxed))
        return false;
    uint64_t request = atomic_fetch_add_explicit(&hook_count, 1, memory_order_relaxed) + 1;
    uint64_t nth = atomic_load_explicit(&hook_nth, memory_order_relaxed);
    return nth != 0 && request >= nth;
}

void ms_alloc_fail_at(uint64_t nth)
{
    atomic_store(&hook_nth, nth);
    atomic_store(&hook_count, 0);
    atomic_store(&hook_on, true);
}

uint64_t ms_alloc_count(void)
{
    return atomic_load(&hook_count);
}

/* Bytes of the array, at least 1; false when no object may be that large. */
static bool array_bytes(size_t *bytes, size_t count, size_t size)
{
    if (__builtin_mul_overflow(count, size, bytes) || *bytes > PTRDIFF_MAX)
        return false;
    if (*bytes == 0)
        *bytes = 1;
    return true;
}

void *ms_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (refused_by_test() || !array_bytes(&bytes, count, size))
        return NULL;
    return calloc(1, bytes);
}

void *ms_realloc(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (refused_by_test() || !array_bytes(&bytes, count, size))
        return NULL;
    return realloc(block, bytes);
}

void ms_free(void *block)
{
    free(block);
}

char *ms_strndup(const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = ms_realloc(NULL, length + 1, 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *ms_strdup(const char *text)
{
    return ms_strndup(text, strlen(text));
}

bool ms_grow(void **block, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity && *block != NULL)
        return true;
    size_t wanted;
    if (__builtin_add_overflow(*capacity, *capacity / 2 + 8, &wanted) || wanted < need)
        wanted = need;
    void *grown = ms_realloc(*block, wanted, size);
    if (grown == NULL)
        return false;
    *block = grown;
    *capacity = wanted;
    return true;
}
