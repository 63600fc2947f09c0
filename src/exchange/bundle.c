/* bundle.c: compress, sign, seal; unseal, verify, decompress. See bundle.h. */
#include "exchange/bundle.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "exchange/release.h"
#include "exchange/succession.h"

/* The first byte is no text and the line ends are both kinds, so that a copy in text mode is noticed at once. */
static const unsigned char MAGIC[8] = {0x8D, 'M', 'S', 'R', '\r', '\n', 0x1A, '\n'};
static const char PURPOSE[] = "mainstay release 1";
enum {
    AT_FORMAT = 8,
    AT_HEAD = 12,
    AT_NUMBER = 16,
    AT_SEALED = 24,
    AT_FROM = 32,
    AT_TO = 64,
    SIZE_BYTES = 4,
    LEVEL = 6
};

static void put_le(unsigned char *out, uint64_t value, int bytes)
{
    for (int ix = 0; ix < bytes; ix++)
        out[ix] = (unsigned char)(value >> (8 * ix));
}

static uint64_t get_le(const char *from, int bytes)
{
    uint64_t value = 0;
    for (int ix = 0; ix < bytes; ix++)
        value |= (uint64_t)(unsigned char)from[ix] << (8 * ix);
    return value;
}

/* ---- sealing ---- */

static ms_status compress(ms_buf *out, const char *text, size_t length, ms_error *err)
{
    size_t room = ZSTD_compressBound(length);
    char *frame = ms_realloc(NULL, room, 1);
    if (frame == NULL)
        return ms_error_memory(err);
    size_t size = ZSTD_compress(frame, room, text, length, LEVEL);
    if (!ZSTD_isError(size))
        ms_buf_put(out, frame, size);
    ms_free(frame);
    return ZSTD_isError(size) || out->failed ? ms_error_memory(err) : MS_OK;
}

static void make_head(unsigned char head[MS_BUNDLE_HEAD_BYTES], int format, int64_t number, size_t sealed,
                      const ms_key *from, const ms_public_key *to)
{
    memcpy(head, MAGIC, sizeof MAGIC);
    put_le(head + AT_FORMAT, (uint64_t)format, 4);
    put_le(head + AT_HEAD, MS_BUNDLE_HEAD_BYTES, 4);
    put_le(head + AT_NUMBER, (uint64_t)number, 8);
    put_le(head + AT_SEALED, sealed, 8);
    ms_hash(head + AT_FROM, ms_key_public(from)->signing, MS_PUBLIC_BYTES);
    ms_hash(head + AT_TO, to->sealing, MS_PUBLIC_BYTES);
}

/* Head and what follows are signed as one piece, and signature and what follows sealed as one: the signature is made
 * over a copy in which it does not stand in between. */
static ms_status sign_and_seal(ms_buf *out, const ms_buf *inside, int format, int64_t number, const ms_key *from,
                               const ms_public_key *to, ms_error *err)
{
    unsigned char head[MS_BUNDLE_HEAD_BYTES], signature[MS_SIGNATURE_BYTES];
    ms_buf piece = {0};
    make_head(head, format, number, inside->length + MS_SIGNATURE_BYTES + MS_SEAL_BYTES, from, to);
    ms_buf_put(&piece, (const char *)head, sizeof head);
    ms_buf_put(&piece, inside->text, inside->length);
    ms_status status = piece.failed ? ms_error_memory(err) : MS_OK;
    if (status == MS_OK) {
        ms_key_sign(signature, from, PURPOSE, piece.text, piece.length);
        ms_buf_reset(&piece);
        ms_buf_put(&piece, (const char *)signature, sizeof signature);
        ms_buf_put(&piece, inside->text, inside->length);
        ms_buf_put(out, (const char *)head, sizeof head);
        status = piece.failed || out->failed ? ms_error_memory(err)
                                             : ms_key_seal(out, from, to, piece.text, piece.length, err);
    }
    ms_buf_free(&piece);
    return status;
}

ms_status ms_bundle_seal(ms_buf *out, const char *text, size_t length, int64_t number, const ms_key *from,
                         const ms_public_key *to, const ms_buf *succession, ms_error *err)
{
    ms_buf inside = {0};
    bool announces = succession != NULL && succession->length > 0;
    if (length > MS_RELEASE_BYTES)
        return ms_error_set(err, MS_LIMIT, "the release has %zu MiB; at most %d are allowed", length >> 20,
                            MS_RELEASE_BYTES >> 20);
    if (announces) {
        unsigned char size[SIZE_BYTES];
        put_le(size, succession->length, SIZE_BYTES);
        ms_buf_put(&inside, (const char *)size, SIZE_BYTES);
        ms_buf_put(&inside, succession->text, succession->length);
    }
    ms_status status = compress(&inside, text, length, err);
    if (status == MS_OK && inside.length > MS_BUNDLE_BYTES - 1024)
        status = ms_error_set(err, MS_LIMIT, "the bundle would have more than %d MiB", MS_BUNDLE_BYTES >> 20);
    if (status == MS_OK)
        status = sign_and_seal(out, &inside, announces ? 2 : 1, number, from, to, err);
    ms_buf_free(&inside);
    return status;
}

/* ---- opening ---- */

static ms_status bad(const char *file, ms_error *err, const char *what)
{
    return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "%s", what);
}

ms_status ms_bundle_read_head(ms_bundle_head *out, const char *bytes, size_t length, const char *file, ms_error *err)
{
    if (length > MS_BUNDLE_BYTES)
        return bad(file, err, "the bundle has more than 64 MiB");
    if (length < sizeof MAGIC || memcmp(bytes, MAGIC, sizeof MAGIC) != 0) {
        bool mangled = length >= 4 && memcmp(bytes, MAGIC, 4) == 0;
        return bad(file, err,
                   mangled ? "the bundle was changed on its way, as by a copy in text mode: copy it as binary"
                           : "is no bundle of Mainstay");
    }
    if (length < MS_BUNDLE_HEAD_BYTES)
        return bad(file, err, "the bundle was cut short: copy it again");
    uint64_t format = get_le(bytes + AT_FORMAT, 4), number = get_le(bytes + AT_NUMBER, 8);
    if (format > MS_BUNDLE_FORMAT)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0,
                           "the bundle is of format %u, which is newer than this program, which reads format %d; "
                           "update it, or ask the partner for the older format",
                           (unsigned)format, MS_BUNDLE_FORMAT);
    if (format < 1 || get_le(bytes + AT_HEAD, 4) != MS_BUNDLE_HEAD_BYTES || number < 1 || number > INT64_MAX / 2)
        return bad(file, err, "the head of the bundle makes no sense");
    uint64_t sealed = get_le(bytes + AT_SEALED, 8);
    if (sealed > length - MS_BUNDLE_HEAD_BYTES)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the bundle was cut short: %zu of %llu bytes; copy it again",
                           length, (unsigned long long)sealed + MS_BUNDLE_HEAD_BYTES);
    if (sealed < length - MS_BUNDLE_HEAD_BYTES)
        return bad(file, err, "there are bytes behind the end of the bundle");
    if (sealed <= MS_SEAL_BYTES + MS_SIGNATURE_BYTES)
        return bad(file, err, "the bundle is empty");
    out->format = (int)format;
    out->number = (int64_t)number;
    memcpy(out->from, bytes + AT_FROM, MS_HASH_BYTES);
    memcpy(out->to, bytes + AT_TO, MS_HASH_BYTES);
    return MS_OK;
}

static ms_status decompress(ms_buf *out, const char *frame, size_t length, const char *file, ms_error *err)
{
    unsigned long long size = ZSTD_getFrameContentSize(frame, length);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        ZSTD_findFrameCompressedSize(frame, length) != length)
        return bad(file, err, "what was signed is not one zstd frame that states its size");
    if (size > MS_RELEASE_BYTES)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the release would unpack to %llu MiB; at most %d are read",
                           size >> 20, MS_RELEASE_BYTES >> 20);
    char *text = ms_realloc(NULL, (size_t)size, 1);
    if (text == NULL)
        return ms_error_memory(err);
    size_t got = ZSTD_decompress(text, (size_t)size, frame, length);
    if (!ZSTD_isError(got) && got == size)
        ms_buf_put(out, text, got);
    ms_free(text);
    if (ZSTD_isError(got) && ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
        return ms_error_memory(err);
    if (ZSTD_isError(got) || got != size)
        return bad(file, err, "what was signed does not unpack");
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* What is in the box behind the signature: the succession, of length zero where there is none, and the frame behind
 * it. */
typedef struct {
    const char *succession, *frame;
    size_t succession_length, frame_length;
} contents;

static ms_status take_apart(contents *out, const ms_buf *open, int format, const char *file, ms_error *err)
{
    const char *at = open->text + MS_SIGNATURE_BYTES;
    size_t left = open->length - MS_SIGNATURE_BYTES;
    *out = (contents){at, at, 0, left};
    if (format == 1)
        return MS_OK;
    uint64_t size = left < SIZE_BYTES ? UINT64_MAX : get_le(at, SIZE_BYTES);
    if (size > MS_SUCCESSION_BYTES || size > left - SIZE_BYTES)
        return bad(file, err, "what announces a new key is longer than it may be");
    out->succession = at + SIZE_BYTES;
    out->succession_length = (size_t)size;
    out->frame = out->succession + size;
    out->frame_length = left - SIZE_BYTES - (size_t)size;
    return MS_OK;
}

static ms_status verify(ms_buf *out, const char *head, const ms_buf *open, int format, const ms_public_key *writer,
                        const char *file, ms_error *err)
{
    ms_buf piece = {0};
    contents inside;
    ms_buf_put(&piece, head, MS_BUNDLE_HEAD_BYTES);
    ms_buf_put(&piece, open->text + MS_SIGNATURE_BYTES, open->length - MS_SIGNATURE_BYTES);
    ms_status status = piece.failed ? ms_error_memory(err) : MS_OK;
    if (status == MS_OK &&
        !ms_public_key_verify(writer, PURPOSE, piece.text, piece.length, (const unsigned char *)open->text))
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0,
                             "the signature is not that of %s: the bundle is forged or damaged", writer->partner);
    ms_buf_free(&piece);
    if (status == MS_OK)
        status = take_apart(&inside, open, format, file, err);
    return status == MS_OK ? decompress(out, inside.frame, inside.frame_length, file, err) : status;
}

/* Opens the box, if it is for the reader: the signature, and what is behind it. */
static ms_status open_box(ms_buf *open, ms_bundle_head *head, const char *bytes, size_t length, const ms_key *reader,
                          const char *file, ms_error *err)
{
    unsigned char hash[MS_HASH_BYTES];
    MS_TRY(ms_bundle_read_head(head, bytes, length, file, err));
    ms_hash(hash, ms_key_public(reader)->sealing, MS_PUBLIC_BYTES);
    if (memcmp(hash, head->to, sizeof hash) != 0)
        return bad(file, err, "the bundle is sealed for another reader, or for a key of yours that is out of use");
    ms_status status = ms_key_unseal(open, reader, bytes + MS_BUNDLE_HEAD_BYTES, length - MS_BUNDLE_HEAD_BYTES, err);
    if (status == MS_BAD_INPUT)
        status = bad(file, err, "the bundle does not open: it was changed on its way; copy it again");
    if (status == MS_OK && open->length <= MS_SIGNATURE_BYTES)
        status = bad(file, err, "the bundle is empty");
    return status;
}

ms_status ms_bundle_open(ms_buf *out, const char *bytes, size_t length, const ms_key *reader,
                         const ms_public_key *writer, const char *file, ms_error *err)
{
    ms_bundle_head head;
    unsigned char hash[MS_HASH_BYTES];
    ms_buf open = {0};
    MS_TRY(ms_bundle_read_head(&head, bytes, length, file, err));
    ms_hash(hash, writer->signing, MS_PUBLIC_BYTES);
    if (memcmp(hash, head.from, sizeof hash) != 0)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the bundle was not made with the key of %s",
                           writer->partner);
    ms_status status = open_box(&open, &head, bytes, length, reader, file, err);
    if (status == MS_OK)
        status = verify(out, bytes, &open, head.format, writer, file, err);
    ms_buf_free(&open);
    return status;
}

ms_status ms_bundle_succession(ms_buf *out, const char *bytes, size_t length, const ms_key *reader, const char *file,
                               ms_error *err)
{
    ms_bundle_head head;
    ms_buf open = {0};
    contents inside;
    MS_TRY(ms_bundle_read_head(&head, bytes, length, file, err));
    if (head.format == 1)
        return MS_OK;
    ms_status status = open_box(&open, &head, bytes, length, reader, file, err);
    if (status == MS_OK)
        status = take_apart(&inside, &open, head.format, file, err);
    if (status == MS_OK)
        ms_buf_put(out, inside.succession, inside.succession_length);
    ms_buf_free(&open);
    return status == MS_OK && out->failed ? ms_error_memory(err) : status;
}
