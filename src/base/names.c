/* names.c: ids to dense indices. Slots hold index + 1, 0 is free; at most half of them are taken. */
#include "base/names.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/text.h"

/* The slot of the name, or the free slot where it would go. slot_count is not 0. */
static size_t slot_of(const ms_names *names, const char *text, size_t length)
{
    size_t mask = names->slot_count - 1;
    size_t slot = (size_t)ms_hash_bytes(names->seed, text, length) & mask;
    while (names->slots[slot] != 0) {
        const char *other = names->names[names->slots[slot] - 1];
        if (strncmp(other, text, length) == 0 && other[length] == '\0')
            return slot;
        slot = (slot + 1) & mask;
    }
    return slot;
}

static uint64_t random_seed(const ms_names *names)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = (uint64_t)(uintptr_t)names; /* at least the loader has shuffled addresses */
    return seed | 1;
}

static bool slots_grow(ms_names *names)
{
    ms_names larger = *names;
    if (larger.seed == 0)
        larger.seed = random_seed(names);
    larger.slot_count = names->slot_count == 0 ? 16 : names->slot_count * 2;
    larger.slots = ms_alloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t ix = 0; ix < names->count; ix++) {
        const char *name = names->names[ix];
        larger.slots[slot_of(&larger, name, strlen(name))] = (uint32_t)ix + 1;
    }
    ms_free(names->slots);
    *names = larger;
    return true;
}

bool ms_names_add(ms_names *names, const char *name, int32_t *ix, bool *fresh)
{
    if (names->count >= names->slot_count / 2 && (names->count >= INT32_MAX || !slots_grow(names)))
        return false;
    size_t slot = slot_of(names, name, strlen(name));
    if (names->slots[slot] != 0) {
        *ix = (int32_t)(names->slots[slot] - 1);
        *fresh = false;
        return true;
    }
    void *block = names->names;
    if (!ms_grow(&block, &names->capacity, names->count + 1, sizeof *names->names))
        return false;
    names->names = block;
    *ix = (int32_t)names->count;
    *fresh = true;
    names->names[names->count++] = name;
    names->slots[slot] = (uint32_t)names->count;
    return true;
}

int32_t ms_names_find(const ms_names *names, const char *text, size_t length)
{
    if (names->slot_count == 0 || memchr(text, '\0', length) != NULL)
        return -1;
    return (int32_t)names->slots[slot_of(names, text, length)] - 1;
}

const char *ms_names_near(const ms_names *names, const char *text)
{
    const char *best = NULL;
    int limit = ms_utf8_width(text) / 3;
    for (size_t ix = 0; ix < names->count && limit >= 0; ix++) {
        int distance = ms_text_distance(names->names[ix], text, limit);
        if (distance <= limit) {
            best = names->names[ix];
            limit = distance - 1; /* from here on only a nearer one counts */
        }
    }
    return best;
}

void ms_names_free(ms_names *names)
{
    ms_free(names->names);
    ms_free(names->slots);
    *names = (ms_names){0};
}
