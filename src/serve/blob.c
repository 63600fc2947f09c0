/* blob.c: shared bytes. See blob.h.
 *
 * A form that is not there yet is made without a lock and put in its place by one exchange; who comes second throws his
 * away. A form that would not be smaller is remembered as such by pointing at the one the blob was made with. */
#include "serve/blob.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/text.h"

enum { UNPACKED_MOST = 64 << 20 };

struct ms_blob {
    atomic_int holders;
    char *owned; /* NULL: borrowed */
    const char *type;
    uint64_t hash;
    ms_blob_form made;
    _Atomic(ms_blob_form *) others[MS_CODINGS]; /* NULL: not made yet; &made: not worth it */
};

/* All forms are named by the hash of the bytes that the blob was made with. */
static void name(ms_blob_form *form, uint64_t hash)
{
    static const char *const ends[MS_CODINGS] = {"", "-gz", "-zs"};
    snprintf(form->etag, sizeof form->etag, "\"%016" PRIx64 "%s\"", hash, ends[form->coding]);
}

static ms_blob *make(const void *bytes, size_t length, const char *type, ms_coding coding)
{
    ms_blob *blob = ms_alloc(1, sizeof *blob);
    if (!blob)
        return NULL;
    atomic_init(&blob->holders, 1);
    for (int other = 0; other < MS_CODINGS; other++)
        atomic_init(&blob->others[other], NULL);
    blob->made = (ms_blob_form){.bytes = bytes, .length = length, .coding = coding};
    blob->type = type;
    blob->hash = ms_hash_bytes(MS_HASH_START, bytes, length);
    name(&blob->made, blob->hash);
    return blob;
}

ms_blob *ms_blob_take(ms_buf *buf, const char *type)
{
    ms_blob *blob = buf->failed ? NULL : make(buf->text ? buf->text : "", buf->length, type, MS_CODING_PLAIN);
    if (!blob) {
        ms_buf_free(buf);
        return NULL;
    }
    blob->owned = buf->text;
    *buf = (ms_buf){0};
    return blob;
}

ms_blob *ms_blob_borrow(const void *bytes, size_t length, const char *type, ms_coding coding)
{
    return make(bytes, length, type, coding);
}

ms_blob *ms_blob_hold(ms_blob *blob)
{
    atomic_fetch_add_explicit(&blob->holders, 1, memory_order_relaxed);
    return blob;
}

/* A form that was made later owns its bytes. */
static void free_form(const ms_blob *blob, ms_blob_form *form)
{
    if (!form || form == &blob->made)
        return;
    ms_free((char *)(uintptr_t)form->bytes);
    ms_free(form);
}

void ms_blob_release(ms_blob *blob)
{
    if (!blob || atomic_fetch_sub_explicit(&blob->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (int coding = 0; coding < MS_CODINGS; coding++)
        free_form(blob, atomic_load_explicit(&blob->others[coding], memory_order_relaxed));
    ms_free(blob->owned);
    ms_free(blob);
}

const char *ms_blob_type(const ms_blob *blob)
{
    return blob->type;
}

const char *ms_blob_bytes(const ms_blob *blob)
{
    return blob->made.bytes;
}

size_t ms_blob_length(const ms_blob *blob)
{
    return blob->made.length;
}

/* ---- forms ---- */

/* The other form; &blob->made where it is not worth having; NULL when memory is short. */
static ms_blob_form *make_form(ms_blob *blob, ms_coding coding)
{
    const ms_blob_form *made = &blob->made;
    ms_blob_form *form = ms_alloc(1, sizeof *form);
    if (!form)
        return NULL;
    form->coding = coding;
    form->bytes = coding == MS_CODING_PLAIN ? ms_coding_gunzip(&form->length, made->bytes, made->length, UNPACKED_MOST)
                                            : ms_coding_pack(&form->length, coding, made->bytes, made->length);
    if (!form->bytes) {
        ms_free(form);
        return coding == MS_CODING_PLAIN ? NULL : &blob->made;
    }
    name(form, blob->hash);
    return form;
}

static const ms_blob_form *form_of(ms_blob *blob, ms_coding coding)
{
    if (coding == blob->made.coding)
        return &blob->made;
    ms_blob_form *form = atomic_load_explicit(&blob->others[coding], memory_order_acquire), *there = NULL;
    if (form)
        return form;
    form = make_form(blob, coding);
    if (!form || atomic_compare_exchange_strong(&blob->others[coding], &there, form))
        return form;
    free_form(blob, form);
    return there;
}

const ms_blob_form *ms_blob_form_for(ms_blob *blob, unsigned accepted)
{
    if (blob->made.coding != MS_CODING_PLAIN)
        return form_of(blob, accepted & (1u << blob->made.coding) ? blob->made.coding : MS_CODING_PLAIN);
    if (blob->made.length < MS_BLOB_PACK_LEAST)
        return &blob->made;
    for (int coding = MS_CODINGS - 1; coding > MS_CODING_PLAIN; coding--)
        if (accepted & (1u << coding))
            return form_of(blob, (ms_coding)coding);
    return &blob->made;
}
