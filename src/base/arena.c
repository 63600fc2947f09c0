/* arena.c: many small blocks with one lifetime.
 *
 * Blocks are cut from chunks; a chunk is twice the one before, from 4 KiB up to 1 MiB, and a block that would
 * fill more than a quarter of a chunk gets its own. Chunks come zeroed from ms_alloc and are never reused, so
 * every block is zero. Cost: a few instructions a block; at most a quarter of a chunk is lost at each chunk's
 * end.
 */
#include "base/alloc.h"

#include <stdalign.h>
#include <string.h>

enum { FIRST_CHUNK_BYTES = 4096, LAST_CHUNK_BYTES = 1 << 20 };

typedef struct chunk {
    struct chunk *older;
    alignas(max_align_t) unsigned char bytes[];
} chunk;

struct ms_arena {
    chunk *chunks;       /* newest first */
    unsigned char *next; /* free space in the chunk in use */
    size_t left;
    size_t chunk_bytes; /* of the next chunk */
};

ms_arena *ms_arena_new(void)
{
    ms_arena *arena = ms_alloc(1, sizeof *arena);
    if (arena != NULL)
        arena->chunk_bytes = FIRST_CHUNK_BYTES;
    return arena;
}

static chunk *chunk_add(ms_arena *arena, size_t bytes)
{
    size_t all;
    if (__builtin_add_overflow(bytes, sizeof(chunk), &all))
        return NULL;
    chunk *fresh = ms_alloc(1, all);
    if (fresh == NULL)
        return NULL;
    fresh->older = arena->chunks;
    arena->chunks = fresh;
    return fresh;
}

static void *block_cut(ms_arena *arena, size_t bytes, size_t align)
{
    size_t skip = (size_t)(-(uintptr_t)arena->next & (align - 1));
    if (arena->left >= skip && arena->left - skip >= bytes) {
        unsigned char *block = arena->next + skip;
        arena->next = block + bytes;
        arena->left -= skip + bytes;
        return block;
    }
    if (bytes > arena->chunk_bytes / 4) {
        chunk *own = chunk_add(arena, bytes);
        return own == NULL ? NULL : own->bytes;
    }
    chunk *fresh = chunk_add(arena, arena->chunk_bytes);
    if (fresh == NULL)
        return NULL;
    arena->next = fresh->bytes + bytes;
    arena->left = arena->chunk_bytes - bytes;
    if (arena->chunk_bytes < LAST_CHUNK_BYTES)
        arena->chunk_bytes *= 2;
    return fresh->bytes;
}

void *ms_arena_alloc(ms_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return block_cut(arena, bytes == 0 ? 1 : bytes, alignof(max_align_t));
}

char *ms_arena_strndup(ms_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = block_cut(arena, length + 1, 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

void ms_arena_free(ms_arena *arena)
{
    if (arena == NULL)
        return;
    for (chunk *at = arena->chunks, *older; at != NULL; at = older) {
        older = at->older;
        ms_free(at);
    }
    ms_free(arena);
}
