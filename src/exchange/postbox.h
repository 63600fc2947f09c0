/* postbox.h: the folder of releases that a server keeps for couriers: those who put and get for a partner over HTTP.
 *
 * A courier bears its partner's id. It puts and drops releases from its partner, gets releases to it, and sees the
 * names of both and no others. The folder is the one that `exchange send DIR` uses: files FROM-TO-NUMBER.release, all
 * of them sealed. What is being put grows piece by piece in `.incoming` there, under its name and the hash of the
 * whole, and gets its name when it is all there and its hash is right; a name never gets other contents.
 *
 * Invariants. A name shows a whole bundle or nothing. What a piece was answered for is on the disk. All functions may
 * be called from any thread; the folder may be used by other programs meanwhile. Cost: a piece is linear in its length;
 * the first and the last of a release look at all files of the folder, the last also reads the whole release.
 */
#ifndef MS_EXCHANGE_POSTBOX_H
#define MS_EXCHANGE_POSTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum {
    MS_POSTBOX_FILES = 10000,       /* of one courier, where the options say nothing */
    MS_POSTBOX_MIB = 1024,          /* likewise */
    MS_POSTBOX_UNFINISHED = 16,     /* of one courier */
    MS_POSTBOX_UNFINISHED_DAYS = 7, /* then it is dropped */
    MS_POSTBOX_PIECE = 1 << 20,     /* the longest piece */
    MS_POSTBOX_ETAG_BYTES = 64
};

typedef struct {
    const char *folder;          /* made when it is not there and its parent is */
    const char *const *couriers; /* ids of all of them, by which names are taken apart; copied */
    size_t courier_count;
    int64_t bytes_most; /* of one courier; 0: MS_POSTBOX_MIB */
    size_t files_most;  /* likewise; 0: MS_POSTBOX_FILES */
} ms_postbox_options;

/* How it went. All but DONE have a sentence in the error. */
typedef enum {
    MS_POST_DONE,
    MS_POST_DENIED,    /* the name is not one that this courier may use so */
    MS_POST_ABSENT,    /* there is no such release */
    MS_POST_STEP,      /* the piece does not begin where the last one ended */
    MS_POST_DIFFERENT, /* the name has other contents */
    MS_POST_FULL,      /* the courier's share, or the disk */
    MS_POST_BROKEN,    /* it makes no sense: its hash, its size, its head */
    MS_POST_FAILED     /* the system says so */
} ms_post;

typedef struct ms_postbox ms_postbox;
MS_MUST_USE ms_status ms_postbox_open(ms_postbox **out, const ms_postbox_options *options, ms_error *err);
void ms_postbox_close(ms_postbox *box); /* NULL is allowed */

/* Visits the releases from and to the courier's partner, in any order. A visit that returns false ends it. */
typedef bool (*ms_post_visit)(void *context, const char *name, int64_t bytes);
MS_MUST_USE ms_post ms_postbox_list(ms_postbox *box, const char *courier, ms_post_visit visit, void *context,
                                    ms_error *err);

/* Opens a release to the courier's partner; the caller closes *fd. etag changes whenever the contents do. */
MS_MUST_USE ms_post ms_postbox_get(int *fd, int64_t *bytes, char etag[MS_POSTBOX_ETAG_BYTES], ms_postbox *box,
                                   const char *courier, const char *name, ms_error *err);

/* A release on its way in: hash is BLAKE2b-256 of the whole as lower-case hexadecimal text. */
typedef struct {
    const char *name, *hash;
} ms_post_of;

/* *have: how many bytes are there; *whole: all of them, under the name. */
MS_MUST_USE ms_post ms_postbox_progress(int64_t *have, bool *whole, ms_postbox *box, const char *courier,
                                        ms_post_of post, ms_error *err);
/* Appends a piece that begins at byte `from` of `total`. *have and *whole as above, also after MS_POST_STEP. */
MS_MUST_USE ms_post ms_postbox_put(int64_t *have, bool *whole, ms_postbox *box, const char *courier, ms_post_of post,
                                   int64_t from, int64_t total, const char *piece, size_t length, ms_error *err);
/* Removes a release from the courier's partner, or what there is of it. */
MS_MUST_USE ms_post ms_postbox_drop(ms_postbox *box, const char *courier, const char *name, ms_error *err);

#endif
