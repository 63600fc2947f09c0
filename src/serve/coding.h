/* coding.h: answers packed for the way (content codings of RFC 9110): which of them a reader takes, packing, unpacking.
 *
 * Text of ours packs to a tenth and less, and a large answer costs what its bytes cost. Packing may tell somebody who
 * chooses part of an answer and sees its length about the rest of it; no answer has a secret in it: tokens come in a
 * header and are never given back. */
#ifndef MS_SERVE_CODING_H
#define MS_SERVE_CODING_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { MS_CODING_PLAIN, MS_CODING_GZIP, MS_CODING_ZSTD, MS_CODINGS } ms_coding;
extern const char *const ms_coding_words[MS_CODINGS];

/* What the header Accept-Encoding (NULL: there is none) lets through: bit 1 << coding. Plain always is. */
unsigned ms_coding_accepted(const char *header);

/* The bytes packed; free with ms_free. NULL when memory is short, or when they would not become smaller. */
char *ms_coding_pack(size_t *packed_length, ms_coding coding, const char *bytes, size_t length);
/* The bytes of a gzip stream, at most `most` of them. NULL when memory is short or it is no such stream. */
char *ms_coding_gunzip(size_t *length, const char *packed, size_t packed_length, size_t most);

#endif
