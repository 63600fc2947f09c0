/* blob.c: shared bytes. See blob.h. */
#include "serve/blob.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/text.h"

struct ms_blob {
    atomic_int holders;
    char *owned; /* NULL: borrowed */
    const char *bytes;
    size_t length;
    const char *type;
    bool gzip;
    char etag[MS_ETAG_BYTES];
};

static ms_blob *make(const void *bytes, size_t length, const char *type)
{
    ms_blob *blob = ms_alloc(1, sizeof *blob);
    if (!blob)
        return NULL;
    atomic_init(&blob->holders, 1);
    blob->bytes = bytes;
    blob->length = length;
    blob->type = type;
    snprintf(blob->etag, sizeof blob->etag, "\"%016" PRIx64 "\"", ms_hash_bytes(MS_HASH_START, bytes, length));
    return blob;
}

ms_blob *ms_blob_take(ms_buf *buf, const char *type)
{
    ms_blob *blob = buf->failed ? NULL : make(buf->text ? buf->text : "", buf->length, type);
    if (!blob) {
        ms_buf_free(buf);
        return NULL;
    }
    blob->owned = buf->text;
    *buf = (ms_buf){0};
    return blob;
}

ms_blob *ms_blob_borrow(const void *bytes, size_t length, const char *type, bool gzip)
{
    ms_blob *blob = make(bytes, length, type);
    if (blob)
        blob->gzip = gzip;
    return blob;
}

ms_blob *ms_blob_hold(ms_blob *blob)
{
    atomic_fetch_add_explicit(&blob->holders, 1, memory_order_relaxed);
    return blob;
}

void ms_blob_release(ms_blob *blob)
{
    if (!blob || atomic_fetch_sub_explicit(&blob->holders, 1, memory_order_acq_rel) != 1)
        return;
    ms_free(blob->owned);
    ms_free(blob);
}

const char *ms_blob_bytes(const ms_blob *blob)
{
    return blob->bytes;
}

size_t ms_blob_length(const ms_blob *blob)
{
    return blob->length;
}

const char *ms_blob_type(const ms_blob *blob)
{
    return blob->type;
}

const char *ms_blob_etag(const ms_blob *blob)
{
    return blob->etag;
}

bool ms_blob_is_gzip(const ms_blob *blob)
{
    return blob->gzip;
}
