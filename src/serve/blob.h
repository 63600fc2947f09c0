/* blob.h: bytes that several answers share: immutable, counted, with the headers that belong to them. A blob has its
 * bytes in up to three forms, plain and packed; a form is made when a reader first takes it, once, and stays. */
#ifndef MS_SERVE_BLOB_H
#define MS_SERVE_BLOB_H

#include "mainstay.h"
#include "serve/coding.h"

typedef struct ms_blob ms_blob;

enum { MS_ETAG_BYTES = 32, MS_BLOB_PACK_LEAST = 1200 /* what goes in one packet gains nothing by packing */ };

/* One form of a blob's bytes; it lives as long as the blob. */
typedef struct {
    const char *bytes;
    size_t length;
    ms_coding coding;
    char etag[MS_ETAG_BYTES]; /* with its quotes; each form has one of its own */
} ms_blob_form;

/* Takes over the text of *buf (which is empty afterwards); type is a static string such as "application/json". NULL
 * when memory is short or the buffer had failed: then *buf is freed all the same. The caller holds a reference. */
ms_blob *ms_blob_take(ms_buf *buf, const char *type);
/* The same of bytes that live as long as the program, in that coding. */
ms_blob *ms_blob_borrow(const void *bytes, size_t length, const char *type, ms_coding coding);

ms_blob *ms_blob_hold(ms_blob *blob);
void ms_blob_release(ms_blob *blob); /* NULL is allowed */

const char *ms_blob_type(const ms_blob *blob);
/* As it was made: the bytes and their length. */
const char *ms_blob_bytes(const ms_blob *blob);
size_t ms_blob_length(const ms_blob *blob);
/* The best form for a reader who takes these codings (ms_coding_accepted); plain ones below MS_BLOB_PACK_LEAST bytes
 * stay plain. From any thread. NULL: memory is short. */
const ms_blob_form *ms_blob_form_for(ms_blob *blob, unsigned accepted);

#endif
