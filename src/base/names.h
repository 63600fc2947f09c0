/* names.h: ids to dense indices, with "did you mean".
 *
 * Open addressing over a power of two; names are slices that the caller keeps alive (an arena). Lookups
 * O(1), also when the names are chosen to collide: each table hashes with a random seed of its own. The seed
 * decides only where a name lies in slots, never its index, so that nothing a user sees depends on it. */
#ifndef MS_BASE_NAMES_H
#define MS_BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef struct {
    const char **names; /* names[ix] in order of adding; zero-terminated */
    uint32_t *slots;
    size_t count, capacity, slot_count;
    uint64_t seed;
} ms_names;

/* Adds name with index count; *ix gets the index, or the existing one and *fresh = false. False when memory
 * is short. */
bool ms_names_add(ms_names *names, const char *name, int32_t *ix, bool *fresh) __attribute__((warn_unused_result));
/* Index of text[0..length), or -1. */
int32_t ms_names_find(const ms_names *names, const char *text, size_t length);
/* The name nearest to text within a third of its length, or NULL. Ties go to the earliest. Cost: all names;
 * call it on errors only. */
const char *ms_names_near(const ms_names *names, const char *text);
void ms_names_free(ms_names *names);

#endif
