/* blob.h: bytes that several answers share: immutable, counted, with the headers that belong to them. */
#ifndef MS_SERVE_BLOB_H
#define MS_SERVE_BLOB_H

#include "mainstay.h"

typedef struct ms_blob ms_blob;

enum { MS_ETAG_BYTES = 24 };

/* Takes over the text of *buf (which is empty afterwards); type is a static string such as "application/json". NULL
 * when memory is short or the buffer had failed: then *buf is freed all the same. The caller holds a reference. */
ms_blob *ms_blob_take(ms_buf *buf, const char *type);
/* The same of bytes that live as long as the program; gzip: they are compressed. */
ms_blob *ms_blob_borrow(const void *bytes, size_t length, const char *type, bool gzip);

ms_blob *ms_blob_hold(ms_blob *blob);
void ms_blob_release(ms_blob *blob); /* NULL is allowed */

const char *ms_blob_bytes(const ms_blob *blob);
size_t ms_blob_length(const ms_blob *blob);
const char *ms_blob_type(const ms_blob *blob);
const char *ms_blob_etag(const ms_blob *blob); /* with its quotes */
bool ms_blob_is_gzip(const ms_blob *blob);

#endif
