/* release.c: a release as lines of JSON, out and in. See release.h. */
#include "exchange/release.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

ms_status ms_release_start(ms_release *release, ms_error *err)
{
    *release = (ms_release){0};
    return ms_picture_start(&release->changes, err);
}

void ms_release_free(ms_release *release)
{
    ms_picture_free(&release->changes);
    ms_free(release->documents);
    ms_free(release->refusals);
    *release = (ms_release){0};
}

static char *copy(ms_release *release, const char *text)
{
    return ms_arena_strndup(release->changes.arena, text, strlen(text));
}

ms_status ms_release_add_document(ms_release *release, const char *key, const char *body, ms_error *err)
{
    void *block = release->documents;
    if (!ms_grow(&block, &release->document_capacity, release->document_count + 1, sizeof *release->documents))
        return ms_error_memory(err);
    release->documents = block;
    ms_document document = {copy(release, key), copy(release, body)};
    if (document.key == NULL || document.body == NULL)
        return ms_error_memory(err);
    release->documents[release->document_count++] = document;
    return MS_OK;
}

ms_status ms_release_add_refusal(ms_release *release, const char *key, const char *why, ms_error *err)
{
    void *block = release->refusals;
    if (!ms_grow(&block, &release->refusal_capacity, release->refusal_count + 1, sizeof *release->refusals))
        return ms_error_memory(err);
    release->refusals = block;
    ms_refusal refusal = {copy(release, key), copy(release, why)};
    if (refusal.key == NULL || refusal.why == NULL)
        return ms_error_memory(err);
    release->refusals[release->refusal_count++] = refusal;
    return MS_OK;
}

/* ---- writing: the keys of every object in byte order ---- */

static void put_hash(ms_json *json, const char *key, const unsigned char *hash)
{
    char text[MS_HEX_BYTES];
    ms_json_string(json, key, ms_hex_put(text, hash, MS_HASH_BYTES));
}

static void put_head(ms_buf *out, const ms_release *release)
{
    char start[MS_DATE_BYTES];
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "currency", release->currency);
    put_hash(&json, "digest", release->digest);
    ms_json_string(&json, "from", release->from);
    ms_json_integer(&json, "lines",
                    (long long)(release->changes.count + release->document_count + release->refusal_count));
    ms_json_bool(&json, "lost", release->lost);
    ms_json_integer(&json, "number", release->number);
    put_hash(&json, "previous", release->previous);
    ms_json_integer(&json, "release", MS_RELEASE_FORMAT);
    ms_json_string(&json, "rhythm", release->rhythm);
    ms_json_string(&json, "start", ms_date_text(start, release->start_day, 0));
    ms_json_integer(&json, "taken", release->taken);
    put_hash(&json, "taken_hash", release->taken_hash);
    ms_json_integer(&json, "time_ms", release->time_ms);
    ms_json_string(&json, "to", release->to);
    ms_json_bool(&json, "want_whole", release->want_whole);
    ms_json_bool(&json, "whole", release->whole);
    ms_json_close_object(&json);
    ms_buf_put(out, "\n", 1);
}

static void put_pair(ms_buf *out, const char *first, const char *first_text, const char *second,
                     const char *second_text)
{
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, first, first_text);
    if (second != NULL)
        ms_json_string(&json, second, second_text);
    ms_json_close_object(&json);
    ms_buf_put(out, "\n", 1);
}

ms_status ms_release_write(ms_buf *out, const ms_release *release, ms_error *err)
{
    size_t before = out->length;
    put_head(out, release);
    for (size_t ix = 0; ix < release->changes.count; ix++) {
        const ms_record *record = &release->changes.records[ix];
        if (record->line == NULL) {
            put_pair(out, "drop", record->key, NULL, NULL);
        } else {
            ms_buf_text(out, record->line);
            ms_buf_put(out, "\n", 1);
        }
    }
    for (size_t ix = 0; ix < release->document_count; ix++)
        put_pair(out, "body", release->documents[ix].body, "document", release->documents[ix].key);
    for (size_t ix = 0; ix < release->refusal_count; ix++)
        put_pair(out, "refused", release->refusals[ix].key, "why", release->refusals[ix].why);
    if (out->failed)
        return ms_error_memory(err);
    if (out->length - before > MS_RELEASE_BYTES)
        return ms_error_set(err, MS_LIMIT,
                            "the release would have %zu MiB; at most %d are allowed: release less, or sums",
                            (out->length - before) >> 20, MS_RELEASE_BYTES >> 20);
    return MS_OK;
}

/* ---- reading ---- */

/* One line, as parsed. */
typedef struct {
    const char *file;
    int line;
    json_t *root;
} parsed;

static ms_status wrong(const parsed *p, ms_error *err, const char *what, const char *key)
{
    return ms_error_at(err, MS_BAD_INPUT, p->file, p->line, 0, "%s%s%s", what, key != NULL ? ": " : "",
                       key != NULL ? key : "");
}

/* A text without zero bytes and control characters, of at most most bytes; NULL when it is not. */
static const char *text_of(const json_t *value, size_t most)
{
    if (!json_is_string(value) || json_string_length(value) > most)
        return NULL;
    const char *text = json_string_value(value);
    for (size_t ix = 0; ix < json_string_length(value); ix++)
        if ((unsigned char)text[ix] < 0x20 || text[ix] == 0x7F)
            return NULL;
    return text;
}

static ms_status get_text(char *out, size_t size, const parsed *p, const char *key, ms_error *err)
{
    const char *text = text_of(json_object_get(p->root, key), size - 1);
    if (text == NULL)
        return wrong(p, err, "the first line needs a short text", key);
    memcpy(out, text, strlen(text) + 1);
    return MS_OK;
}

static ms_status get_whole(int64_t *out, int64_t least, int64_t most, const parsed *p, const char *key, ms_error *err)
{
    const json_t *value = json_object_get(p->root, key);
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return wrong(p, err, "the first line needs a whole number in its range", key);
    *out = json_integer_value(value);
    return MS_OK;
}

static ms_status get_bool(bool *out, const parsed *p, const char *key, ms_error *err)
{
    const json_t *value = json_object_get(p->root, key);
    if (!json_is_boolean(value))
        return wrong(p, err, "the first line needs true or false", key);
    *out = json_is_true(value);
    return MS_OK;
}

static ms_status get_hash(unsigned char *out, const parsed *p, const char *key, ms_error *err)
{
    const char *text = text_of(json_object_get(p->root, key), MS_HEX_BYTES);
    if (text == NULL || !ms_hex_parse(out, MS_HASH_BYTES, text))
        return wrong(p, err, "the first line needs a hash, 64 hexadecimal digits", key);
    return MS_OK;
}

static ms_status get_format(const parsed *p, ms_error *err)
{
    int64_t format;
    MS_TRY(get_whole(&format, 1, INT32_MAX, p, "release", err));
    if (format > MS_RELEASE_FORMAT)
        return ms_error_at(err, MS_BAD_INPUT, p->file, 1, 0,
                           "the release is of format %d, which is newer than this program, which reads format %d; "
                           "update it, or ask the partner for the older format",
                           (int)format, MS_RELEASE_FORMAT);
    return MS_OK;
}

static ms_status read_head(ms_release *release, int64_t *lines, const parsed *p, ms_error *err)
{
    char start[MS_DATE_BYTES];
    if (!json_is_object(p->root))
        return wrong(p, err, "the first line is not an object", NULL);
    MS_TRY(get_format(p, err));
    MS_TRY(get_text(release->from, sizeof release->from, p, "from", err));
    MS_TRY(get_text(release->to, sizeof release->to, p, "to", err));
    MS_TRY(get_text(release->currency, sizeof release->currency, p, "currency", err));
    MS_TRY(get_text(release->rhythm, sizeof release->rhythm, p, "rhythm", err));
    MS_TRY(get_text(start, sizeof start, p, "start", err));
    if (!ms_date_parse(&release->start_day, start, strlen(start)))
        return wrong(p, err, "the first line needs a date", "start");
    MS_TRY(get_whole(&release->number, 1, INT64_MAX / 2, p, "number", err));
    MS_TRY(get_whole(&release->taken, 0, INT64_MAX / 2, p, "taken", err));
    MS_TRY(get_whole(&release->time_ms, 0, INT64_C(253402300799999), p, "time_ms", err));
    MS_TRY(get_whole(lines, 0, MS_RELEASE_LINES, p, "lines", err));
    MS_TRY(get_hash(release->previous, p, "previous", err));
    MS_TRY(get_hash(release->taken_hash, p, "taken_hash", err));
    MS_TRY(get_hash(release->digest, p, "digest", err));
    MS_TRY(get_bool(&release->whole, p, "whole", err));
    MS_TRY(get_bool(&release->want_whole, p, "want_whole", err));
    return get_bool(&release->lost, p, "lost", err);
}

/* A line behind the first: text[0..length) is what p was parsed from. */
static ms_status read_line(ms_release *release, const parsed *p, const char *text, size_t length, ms_error *err)
{
    const json_t *key = json_object_get(p->root, "key"), *drop = json_object_get(p->root, "drop"),
                 *document = json_object_get(p->root, "document"), *refused = json_object_get(p->root, "refused");
    const char *name = text_of(key != NULL        ? key
                               : drop != NULL     ? drop
                               : document != NULL ? document
                                                  : refused,
                               MS_RELEASE_KEY_BYTES - 1);
    if (!json_is_object(p->root) || name == NULL || name[0] == '\0')
        return wrong(p, err, "a line must have one of key, drop, document, refused, a text", NULL);
    if (key != NULL)
        return ms_picture_put(&release->changes, name, text, length, err);
    if (drop != NULL)
        return ms_picture_drop(&release->changes, name, err);
    const char *other = text_of(json_object_get(p->root, document != NULL ? "body" : "why"), MS_RELEASE_LINE_BYTES);
    if (other == NULL)
        return wrong(p, err, document != NULL ? "a document needs its body" : "a refusal needs its reason", NULL);
    return document != NULL ? ms_release_add_document(release, name, other, err)
                            : ms_release_add_refusal(release, name, other, err);
}

/* Documents and refusals as this program writes them begin with the first of their keys; no record does. */
static bool is_no_record(const char *line, size_t length)
{
    static const char *const starts[] = {"{\"body\":", "{\"refused\":"};
    for (size_t ix = 0; ix < sizeof starts / sizeof starts[0]; ix++)
        if (length > strlen(starts[ix]) && memcmp(line, starts[ix], strlen(starts[ix])) == 0)
            return true;
    return false;
}

static ms_status read_lines(ms_release *release, const char *text, size_t length, const char *file, bool records_only,
                            ms_error *err)
{
    parsed p = {.file = file};
    int64_t lines = 0;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        p.line++;
        if (end == NULL)
            return wrong(&p, err, "the last line has no end: the release was cut short", NULL);
        size_t bytes = (size_t)(end - text) - at;
        if (bytes > MS_RELEASE_LINE_BYTES)
            return wrong(&p, err, "the line is longer than 64 KiB", NULL);
        if (p.line > 1 && p.line - 1 > lines)
            return wrong(&p, err, "there are more lines than the first says", NULL);
        if (records_only && p.line > 1 && is_no_record(text + at, bytes)) {
            at += bytes + 1;
            continue;
        }
        ms_status status = ms_json_parse(&p.root, text + at, bytes, file, err);
        if (status != MS_OK && err != NULL)
            err->line = p.line;
        if (status == MS_OK) {
            status = p.line == 1 ? read_head(release, &lines, &p, err) : read_line(release, &p, text + at, bytes, err);
            json_decref(p.root);
        }
        if (status != MS_OK)
            return status;
        at += bytes + 1;
    }
    if (p.line == 0 || p.line - 1 < lines)
        return wrong(&p, err, "there are fewer lines than the first says: the release was cut short", NULL);
    return MS_OK;
}

static ms_status read_release(ms_release *out, const char *text, size_t length, const char *file, bool records_only,
                              ms_error *err)
{
    *out = (ms_release){0};
    if (length > MS_RELEASE_BYTES)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the release has more than %d MiB", MS_RELEASE_BYTES >> 20);
    ms_status status = ms_release_start(out, err);
    if (status == MS_OK)
        status = read_lines(out, text, length, file, records_only, err);
    if (status != MS_OK)
        ms_release_free(out);
    return status;
}

ms_status ms_release_read(ms_release *out, const char *text, size_t length, const char *file, ms_error *err)
{
    return read_release(out, text, length, file, false, err);
}

ms_status ms_release_read_records(ms_release *out, const char *text, size_t length, const char *file, ms_error *err)
{
    return read_release(out, text, length, file, true, err);
}
