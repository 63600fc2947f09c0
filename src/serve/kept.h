/* kept.h: answers worth keeping, by their address. Four places for each of KEPT_SETS hashes; the one least recently
 * asked for goes first, and beyond MS_DESK_KEEP_BYTES in all the least recently asked for of all. */
#ifndef MS_SERVE_KEPT_H
#define MS_SERVE_KEPT_H

#include <pthread.h>
#include <stdint.h>

#include "serve/blob.h"

enum { MS_KEPT_SETS = 512, MS_KEPT_WAYS = 4 };

typedef struct {
    char *key; /* NULL: empty */
    ms_blob *blob;
    uint64_t asked; /* when last, by the count of asks */
} ms_kept_place;

typedef struct {
    pthread_mutex_t lock;
    ms_kept_place places[MS_KEPT_SETS][MS_KEPT_WAYS];
    uint64_t asks;
    size_t bytes, bytes_most;
} ms_kept;

bool ms_kept_start(ms_kept *kept, size_t bytes_most);
void ms_kept_end(ms_kept *kept);
ms_blob *ms_kept_find(ms_kept *kept, const char *key); /* held for the caller, or NULL */
void ms_kept_add(ms_kept *kept, const char *key, ms_blob *blob);

#endif
