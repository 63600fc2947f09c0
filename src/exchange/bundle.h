/* bundle.h: a release as it travels: compressed, signed by its writer, sealed for its reader.
 *
 *     head (96 bytes, in the clear) | sealed box of ( signature (64 bytes) | zstd frame of the release )
 *
 * and in format 2, which is written only while a change of the writer's key is announced (succession.h),
 *
 *     head | sealed box of ( signature | length of the succession (4 bytes) | succession | zstd frame )
 *
 * The signature covers head and all behind it and lies inside the seal, so that an eavesdropper learns who writes to
 * whom, the number and the length, and nothing else; the head names the reader's key, so that nobody can seal a release
 * that he was given for somebody else. Opening checks in this order: size, head, seal, signature, and only then lets
 * the decompressor see a byte; what comes out is capped before it is allocated. docs/exchange.md has the bytes. Cost:
 * linear; memory about three times the release.
 */
#ifndef MS_EXCHANGE_BUNDLE_H
#define MS_EXCHANGE_BUNDLE_H

#include "base/alloc.h"
#include "base/status.h"
#include "book/key.h"

enum {
    MS_BUNDLE_FORMAT = 2, /* the newest; 1 is written where nothing is announced */
    MS_BUNDLE_HEAD_BYTES = 96,
    MS_BUNDLE_BYTES = 64 << 20 /* the longest bundle */
};

/* What is in the clear, and to be believed only once the bundle is open. */
typedef struct {
    int format;
    int64_t number;
    unsigned char from[MS_HASH_BYTES]; /* BLAKE2b-256 of the writer's signing key */
    unsigned char to[MS_HASH_BYTES];   /* ... of the reader's sealing key */
} ms_bundle_head;

/* Appends the bundle of a release's text. succession: NULL, or what announces a new key; empty: nothing. MS_LIMIT when
 * it is too long. */
MS_MUST_USE ms_status ms_bundle_seal(ms_buf *out, const char *text, size_t length, int64_t number, const ms_key *from,
                                     const ms_public_key *to, const ms_buf *succession, ms_error *err);

/* Reads the head of bytes[0..length) and checks all that can be checked without a key; file names it in errors. */
MS_MUST_USE ms_status ms_bundle_read_head(ms_bundle_head *out, const char *bytes, size_t length, const char *file,
                                          ms_error *err);

/* Appends the text of the release to *out. reader is the key that it is sealed for, writer who must have signed it. */
MS_MUST_USE ms_status ms_bundle_open(ms_buf *out, const char *bytes, size_t length, const ms_key *reader,
                                     const ms_public_key *writer, const char *file, ms_error *err);

/* Appends the succession that a bundle for the reader carries; nothing where it carries none. It is to be believed by
 * the signatures in it alone: that of the bundle is checked by ms_bundle_open. */
MS_MUST_USE ms_status ms_bundle_succession(ms_buf *out, const char *bytes, size_t length, const ms_key *reader,
                                           const char *file, ms_error *err);

#endif
