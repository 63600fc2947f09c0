/* picture.h: what one partner has released to another: a set of records, each a line of canonical JSON under a key.
 *
 * A release is the difference between two pictures; a picture is what all releases so far amount to. Records are
 * compared as bytes and never looked into here. Legal order: ms_picture_start, then ms_picture_put and ms_picture_drop
 * in the order of time, then ms_picture_settle, after which records are unique and in byte order of their keys; more
 * puts and another settle may follow. Memory: an arena of its own, texts copied. Cost: n log n.
 */
#ifndef MS_EXCHANGE_PICTURE_H
#define MS_EXCHANGE_PICTURE_H

#include "base/alloc.h"
#include "base/status.h"
#include "book/key.h"

typedef struct {
    const char *key;
    const char *line; /* the record as it travels, without the line end; NULL: dropped */
    size_t order;     /* of time */
} ms_record;

typedef struct {
    ms_arena *arena;
    ms_record *records;
    size_t count, capacity;
} ms_picture;

MS_MUST_USE ms_status ms_picture_start(ms_picture *picture, ms_error *err);
void ms_picture_free(ms_picture *picture); /* one of zeros is allowed */
MS_MUST_USE ms_status ms_picture_put(ms_picture *picture, const char *key, const char *line, size_t length,
                                     ms_error *err);
MS_MUST_USE ms_status ms_picture_drop(ms_picture *picture, const char *key, ms_error *err);
void ms_picture_settle(ms_picture *picture);

/* The record of a settled picture, or NULL. */
const ms_record *ms_picture_find(const ms_picture *picture, const char *key);

/* Visits every key at which two settled pictures differ, in order; before or after is NULL where it is in one only. */
typedef ms_status (*ms_picture_visit)(void *context, const ms_record *before, const ms_record *after, ms_error *err);
MS_MUST_USE ms_status ms_picture_compare(const ms_picture *before, const ms_picture *after, ms_picture_visit visit,
                                         void *context, ms_error *err);

/* BLAKE2b-256 over the lines of a settled picture, each with its line end: equal on both sides when both have it. */
MS_MUST_USE ms_status ms_picture_digest(unsigned char out[MS_HASH_BYTES], const ms_picture *picture, ms_error *err);

#endif
