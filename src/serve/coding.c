/* coding.c: content codings, by zlib and zstd. See coding.h. */
#include "serve/coding.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>

#include "base/alloc.h"

const char *const ms_coding_words[MS_CODINGS] = {"identity", "gzip", "zstd"};

enum { GZIP_LEVEL = 6, ZSTD_LEVEL = 3, GZIP_WINDOW = 15 + 16 /* 16: with gzip's head and tail */, GZIP_MEMORY = 8 };

/* ---- Accept-Encoding ---- */

/* Whether the parameters behind a coding say q=0, in any of the ways in which that may be written. */
static bool is_refused(const char *parameters, const char *end)
{
    const char *at = parameters;
    while (at < end && (*at == ';' || *at == ' ' || *at == '\t'))
        at++;
    if (end - at < 3 || (*at | 0x20) != 'q' || at[1] != '=' || at[2] != '0')
        return false;
    for (at += 3; at < end && (*at == '.' || *at == '0'); at++) {
    }
    return at == end || *at == ' ' || *at == '\t' || *at == ';';
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

unsigned ms_coding_accepted(const char *header)
{
    unsigned accepted = 1u << MS_CODING_PLAIN, named = accepted, others = 0;
    while (header && *header) {
        header += strspn(header, " \t,");
        const char *end = strchrnul(header, ',');
        size_t length = strcspn(header, " \t;,");
        bool refused = is_refused(header + length, end);
        if (is_word(header, length, "*"))
            others = refused ? 0 : ~0u;
        for (int coding = MS_CODING_GZIP; coding < MS_CODINGS; coding++)
            if (is_word(header, length, ms_coding_words[coding])) {
                named |= 1u << coding;
                accepted |= refused ? 0 : 1u << coding;
            }
        header = end;
    }
    return accepted | (others & ~named & ((1u << MS_CODINGS) - 1));
}

/* ---- gzip ---- */

static void *give(void *context, unsigned count, unsigned size)
{
    (void)context;
    return ms_alloc(count, size);
}

static void take_back(void *context, void *block)
{
    (void)context;
    ms_free(block);
}

static bool gzip(char *out, size_t room, size_t *used, const char *bytes, size_t length)
{
    z_stream stream = {.zalloc = give, .zfree = take_back};
    if (length > UINT_MAX ||
        deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY))
        return false;
    stream.next_in = (Bytef *)(uintptr_t)bytes; /* zlib only reads it */
    stream.avail_in = (unsigned)length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (unsigned)room;
    int end = deflate(&stream, Z_FINISH);
    *used = room - stream.avail_out;
    deflateEnd(&stream);
    return end == Z_STREAM_END;
}

char *ms_coding_gunzip(size_t *length, const char *packed, size_t packed_length, size_t most)
{
    z_stream stream = {.zalloc = give, .zfree = take_back};
    char *out = NULL;
    size_t capacity = 0, used = 0;
    int status = Z_OK;
    if (packed_length > UINT_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return NULL;
    stream.next_in = (Bytef *)(uintptr_t)packed;
    stream.avail_in = (unsigned)packed_length;
    while (status == Z_OK && used <= most && ms_grow((void **)&out, &capacity, used + (64 << 10), 1)) {
        unsigned room = (unsigned)(capacity - used);
        stream.next_out = (Bytef *)out + used;
        stream.avail_out = room;
        status = inflate(&stream, Z_NO_FLUSH);
        used += room - stream.avail_out;
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END || used > most) {
        ms_free(out);
        return NULL;
    }
    *length = used;
    return out;
}

/* ---- packing ---- */

char *ms_coding_pack(size_t *packed_length, ms_coding coding, const char *bytes, size_t length)
{
    size_t used = 0;
    char *out = length > 0 ? ms_realloc(NULL, length, 1) : NULL, *fitted;
    if (!out)
        return NULL;
    if (coding == MS_CODING_ZSTD) {
        used = ZSTD_compress(out, length, bytes, length, ZSTD_LEVEL);
        used = ZSTD_isError(used) ? 0 : used;
    } else if (!gzip(out, length, &used, bytes, length)) {
        used = 0;
    }
    fitted = used > 0 && used < length ? ms_realloc(out, used, 1) : NULL;
    if (!fitted) {
        ms_free(out);
        return NULL;
    }
    *packed_length = used;
    return fitted;
}
