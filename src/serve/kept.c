/* kept.c: answers worth keeping. See kept.h. */
#include "serve/kept.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

bool ms_kept_start(ms_kept *kept, size_t bytes_most)
{
    kept->bytes_most = bytes_most;
    return pthread_mutex_init(&kept->lock, NULL) == 0;
}

static void empty(ms_kept *kept, ms_kept_place *place)
{
    if (!place->key)
        return;
    kept->bytes -= ms_blob_length(place->blob);
    ms_free(place->key);
    ms_blob_release(place->blob);
    *place = (ms_kept_place){0};
}

void ms_kept_end(ms_kept *kept)
{
    for (int set = 0; set < MS_KEPT_SETS; set++)
        for (int way = 0; way < MS_KEPT_WAYS; way++)
            empty(kept, &kept->places[set][way]);
    pthread_mutex_destroy(&kept->lock);
}

static ms_kept_place *set_of(ms_kept *kept, const char *key)
{
    return kept->places[ms_hash_bytes(MS_HASH_START, key, strlen(key)) % MS_KEPT_SETS];
}

ms_blob *ms_kept_find(ms_kept *kept, const char *key)
{
    ms_blob *found = NULL;
    pthread_mutex_lock(&kept->lock);
    ms_kept_place *set = set_of(kept, key);
    for (int way = 0; way < MS_KEPT_WAYS && !found; way++)
        if (set[way].key && strcmp(set[way].key, key) == 0) {
            set[way].asked = ++kept->asks;
            found = ms_blob_hold(set[way].blob);
        }
    pthread_mutex_unlock(&kept->lock);
    return found;
}

static ms_kept_place *least_recent(ms_kept_place *places, int count, const ms_kept_place *but)
{
    ms_kept_place *least = NULL;
    for (int i = 0; i < count; i++)
        if (&places[i] != but && places[i].key && (!least || places[i].asked < least->asked))
            least = &places[i];
    return least;
}

/* An empty place of the set, or the one of the same key, or the least recently asked for. */
static ms_kept_place *place_for(ms_kept_place *set, const char *key)
{
    ms_kept_place *free_place = NULL;
    for (int way = 0; way < MS_KEPT_WAYS; way++) {
        if (set[way].key && strcmp(set[way].key, key) == 0)
            return &set[way];
        if (!set[way].key && !free_place)
            free_place = &set[way];
    }
    return free_place ? free_place : least_recent(set, MS_KEPT_WAYS, NULL);
}

void ms_kept_add(ms_kept *kept, const char *key, ms_blob *blob)
{
    char *copy = ms_strdup(key);
    if (!copy)
        return;
    pthread_mutex_lock(&kept->lock);
    ms_kept_place *place = place_for(set_of(kept, key), key), *old;
    empty(kept, place);
    *place = (ms_kept_place){copy, ms_blob_hold(blob), ++kept->asks};
    kept->bytes += ms_blob_length(blob);
    while (kept->bytes > kept->bytes_most &&
           (old = least_recent(kept->places[0], MS_KEPT_SETS * MS_KEPT_WAYS, place)) != NULL)
        empty(kept, old);
    pthread_mutex_unlock(&kept->lock);
}
