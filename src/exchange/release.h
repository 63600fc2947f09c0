/* release.h: what a bundle says: one release from one partner to one other, as lines of JSON.
 *
 * The first line says whose release it is and where it stands in its stream; each line behind it is one record set or
 * dropped, one document, or one row that was refused (docs/exchange.md has every field). What comes in is hostile until
 * read: depth, sizes, counts, UTF-8 and types are checked, an unknown line is an error, and a newer version is refused
 * with a sentence of its own. Cost: linear in the bytes.
 */
#ifndef MS_EXCHANGE_RELEASE_H
#define MS_EXCHANGE_RELEASE_H

#include "exchange/picture.h"

enum {
    MS_RELEASE_FORMAT = 1,
    MS_RELEASE_BYTES = 128 << 20,     /* the longest release */
    MS_RELEASE_LINE_BYTES = 64 << 10, /* the longest line */
    MS_RELEASE_LINES = 2000000,
    MS_RELEASE_KEY_BYTES = 512
};

/* A document of two partners that travels along, such as a step of the ledger. The exchange knows whose it is, not what
 * it means: body is {"document": TEXT, "signature": HEX}, the entry of the book that it comes from and goes into. */
typedef struct {
    const char *key, *body;
} ms_document;

/* A row of the reader's that the writer of this release could not use, and why. */
typedef struct {
    const char *key, *why;
} ms_refusal;

/* Start with zeros, then ms_release_start. */
typedef struct {
    char from[MS_PARTNER_BYTES], to[MS_PARTNER_BYTES];
    int64_t number;                        /* from 1 */
    unsigned char previous[MS_HASH_BYTES]; /* hash of release number - 1; zeros for the first */
    int64_t time_ms;
    bool whole; /* the picture begins anew with this release, whatever came before */
    /* What the writer has of the reader's stream: the last number taken and its hash. */
    int64_t taken;
    unsigned char taken_hash[MS_HASH_BYTES];
    bool want_whole; /* the writer misses something of the reader's and asks for a whole release */
    bool lost;       /* the writer's book was restored from a backup: send its own documents back, too */
    long start_day;  /* of the writer's case: days in its rows count from here */
    char currency[24];
    char rhythm[64];                     /* "daily 06:00Z"; "" none agreed */
    unsigned char digest[MS_HASH_BYTES]; /* of the picture once this release is applied */

    ms_picture changes; /* in the order of the lines; a record without a line is dropped. Not settled */
    ms_document *documents;
    size_t document_count, document_capacity;
    ms_refusal *refusals;
    size_t refusal_count, refusal_capacity;
} ms_release;

MS_MUST_USE ms_status ms_release_start(ms_release *release, ms_error *err);
void ms_release_free(ms_release *release); /* one of zeros is allowed */
/* Texts are copied. */
MS_MUST_USE ms_status ms_release_add_document(ms_release *release, const char *key, const char *body, ms_error *err);
MS_MUST_USE ms_status ms_release_add_refusal(ms_release *release, const char *key, const char *why, ms_error *err);

/* Appends the release as text. */
MS_MUST_USE ms_status ms_release_write(ms_buf *out, const ms_release *release, ms_error *err);
/* Reads text[0..length); file names it in errors. On failure *out is freed and zeros. */
MS_MUST_USE ms_status ms_release_read(ms_release *out, const char *text, size_t length, const char *file,
                                      ms_error *err);
/* The same for a release that the book keeps and that was read when it came: head and records, without documents and
 * refusals, which are most of it where many orders are open. */
MS_MUST_USE ms_status ms_release_read_records(ms_release *out, const char *text, size_t length, const char *file,
                                              ms_error *err);

#endif
