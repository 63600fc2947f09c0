/* picture.c: sets of records by key. See picture.h. */
#include "exchange/picture.h"

#include <stdlib.h>
#include <string.h>

ms_status ms_picture_start(ms_picture *picture, ms_error *err)
{
    *picture = (ms_picture){.arena = ms_arena_new()};
    return picture->arena == NULL ? ms_error_memory(err) : MS_OK;
}

void ms_picture_free(ms_picture *picture)
{
    ms_arena_free(picture->arena);
    ms_free(picture->records);
    *picture = (ms_picture){0};
}

static ms_status add(ms_picture *picture, const char *key, const char *line, size_t length, ms_error *err)
{
    void *block = picture->records;
    if (!ms_grow(&block, &picture->capacity, picture->count + 1, sizeof *picture->records))
        return ms_error_memory(err);
    picture->records = block;
    ms_record record = {.key = ms_arena_strndup(picture->arena, key, strlen(key)), .order = picture->count};
    if (line != NULL)
        record.line = ms_arena_strndup(picture->arena, line, length);
    if (record.key == NULL || (line != NULL && record.line == NULL))
        return ms_error_memory(err);
    picture->records[picture->count++] = record;
    return MS_OK;
}

ms_status ms_picture_put(ms_picture *picture, const char *key, const char *line, size_t length, ms_error *err)
{
    return add(picture, key, line, length, err);
}

ms_status ms_picture_drop(ms_picture *picture, const char *key, ms_error *err)
{
    return add(picture, key, NULL, 0, err);
}

static int by_key_and_time(const void *left, const void *right)
{
    const ms_record *a = left, *b = right;
    int by_key = strcmp(a->key, b->key);
    return by_key != 0 ? by_key : (a->order > b->order) - (a->order < b->order);
}

void ms_picture_settle(ms_picture *picture)
{
    ms_record *records = picture->records;
    size_t kept = 0;
    if (picture->count > 1)
        qsort(records, picture->count, sizeof *records, by_key_and_time);
    for (size_t ix = 0; ix < picture->count; ix++) {
        bool last = ix + 1 == picture->count || strcmp(records[ix].key, records[ix + 1].key) != 0;
        if (last && records[ix].line != NULL)
            records[kept++] = records[ix];
    }
    picture->count = kept;
    for (size_t ix = 0; ix < kept; ix++)
        records[ix].order = ix;
}

static int by_key(const void *key, const void *record)
{
    return strcmp(key, ((const ms_record *)record)->key);
}

const ms_record *ms_picture_find(const ms_picture *picture, const char *key)
{
    if (picture->count == 0)
        return NULL;
    return bsearch(key, picture->records, picture->count, sizeof *picture->records, by_key);
}

ms_status ms_picture_compare(const ms_picture *before, const ms_picture *after, ms_picture_visit visit, void *context,
                             ms_error *err)
{
    size_t b = 0, a = 0;
    while (b < before->count || a < after->count) {
        const ms_record *old = b < before->count ? &before->records[b] : NULL;
        const ms_record *fresh = a < after->count ? &after->records[a] : NULL;
        int order = old == NULL ? 1 : fresh == NULL ? -1 : strcmp(old->key, fresh->key);
        if (order < 0)
            MS_TRY(visit(context, old, NULL, err));
        else if (order > 0)
            MS_TRY(visit(context, NULL, fresh, err));
        else if (strcmp(old->line, fresh->line) != 0)
            MS_TRY(visit(context, old, fresh, err));
        b += order <= 0;
        a += order >= 0;
    }
    return MS_OK;
}

ms_status ms_picture_digest(unsigned char out[MS_HASH_BYTES], const ms_picture *picture, ms_error *err)
{
    ms_buf text = {0};
    for (size_t ix = 0; ix < picture->count; ix++) {
        ms_buf_text(&text, picture->records[ix].line);
        ms_buf_put(&text, "\n", 1);
    }
    bool failed = text.failed;
    if (!failed)
        ms_hash(out, text.text == NULL ? "" : text.text, text.length);
    ms_buf_free(&text);
    return failed ? ms_error_memory(err) : MS_OK;
}
