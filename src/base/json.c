/* json.c: JSON in through jansson, JSON out through our own buffer.
 *
 * Reading: one pass of our own finds what jansson would accept but we do not (depth, size), then jansson
 * parses. Its memory comes from our allocator, so that a test can fail it; both end in malloc and free, so
 * that the switch, made at the first call, is safe even when the program around the library has used jansson
 * before. Writing: no value is checked, because only our code calls it; text that is not UTF-8 becomes
 * U+FFFD.
 */
#include "base/json.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

/* A value takes some hundred bytes of memory and as little as two of text. */
enum { DEPTH_CAP = 64, SIZE_CAP = 64 << 20, VALUE_CAP = 1 << 20 };

/* ---- reading ---- */

/* Set when the current parse was refused memory: jansson does not always say so. Worse, its reader runs over the end of
 * a token that it found no room for; so a refused parse gets what there still is, and its result is thrown away. */
static _Thread_local bool starved;

static void *jansson_alloc(size_t size)
{
    void *block = ms_alloc(1, size);
    if (block == NULL) {
        starved = true;
        block = malloc(size);
    }
    return block;
}

static pthread_once_t jansson_once = PTHREAD_ONCE_INIT;

static void jansson_start(void)
{
    json_set_alloc_funcs(jansson_alloc, ms_free);
    json_object_seed(0); /* else the first object does it, in whatever thread */
}

/* Where a walk over JSON text is. */
typedef struct {
    const char *text;
    size_t length, at;
    int line;
    size_t line_start;
} cursor;

static int cursor_column(const cursor *c)
{
    int column = 1;
    for (size_t i = c->line_start; i < c->at; i++)
        column += ((unsigned char)c->text[i] & 0xC0) != 0x80;
    return column;
}

static void skip_space(cursor *c)
{
    for (; c->at < c->length; c->at++) {
        char here = c->text[c->at];
        if (here == '\n') {
            c->line++;
            c->line_start = c->at + 1;
        } else if (here != ' ' && here != '\t' && here != '\r') {
            return;
        }
    }
}

/* From an opening quote to behind the closing one, or to the end of the text. */
static void skip_string(cursor *c)
{
    for (c->at++; c->at < c->length; c->at++) {
        if (c->text[c->at] == '\\') {
            c->at++;
        } else if (c->text[c->at] == '"') {
            c->at++;
            return;
        }
    }
    c->at = c->length;
}

/* One step over a string, or over a single byte that is no white space. */
static void skip_token(cursor *c)
{
    if (c->text[c->at] == '"')
        skip_string(c);
    else
        c->at++;
    skip_space(c);
}

static ms_status check_shape(const char *text, size_t length, const char *file, ms_error *err)
{
    cursor c = {text, length, 0, 1, 0};
    int depth = 0, values = 1;
    for (skip_space(&c); c.at < length; skip_token(&c)) {
        values += text[c.at] == '{' || text[c.at] == '[' || text[c.at] == ',';
        depth += text[c.at] == '{' || text[c.at] == '[';
        depth -= text[c.at] == '}' || text[c.at] == ']';
        if (depth > DEPTH_CAP)
            return ms_error_at(err, MS_BAD_INPUT, file, c.line, cursor_column(&c), "more than %d levels of nesting",
                               DEPTH_CAP);
        if (values > VALUE_CAP)
            return ms_error_at(err, MS_BAD_INPUT, file, c.line, cursor_column(&c), "more than %d values", VALUE_CAP);
    }
    return MS_OK;
}

ms_status ms_json_parse(json_t **out, const char *text, size_t length, const char *file, ms_error *err)
{
    if (length > SIZE_CAP)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "%zu bytes of JSON; at most %d are allowed", length,
                           SIZE_CAP);
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    MS_TRY(check_shape(text, length, file, err));
    pthread_once(&jansson_once, jansson_start);
    starved = false;
    json_error_t wrong;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong);
    if (value == NULL || starved) {
        json_decref(value);
        if (starved || json_error_code(&wrong) == json_error_out_of_memory)
            return ms_error_memory(err);
        return ms_error_at(err, MS_BAD_INPUT, file, wrong.line > 0 ? wrong.line : 1,
                           wrong.column > 0 ? wrong.column : 1, "%s", wrong.text);
    }
    *out = value;
    return MS_OK;
}

void ms_json_locate(const char *text, size_t length, const char *key, int *line, int *column)
{
    cursor c = {text, length, 0, 1, 0};
    size_t key_length = strlen(key);
    int depth = 0;
    *line = *column = 1;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        c.at = c.line_start = 3;
    for (skip_space(&c); c.at < length;) {
        depth += text[c.at] == '{' || text[c.at] == '[';
        depth -= text[c.at] == '}' || text[c.at] == ']';
        bool string = text[c.at] == '"';
        size_t start = c.at + 1, end = 0;
        if (string) {
            skip_string(&c);
            end = c.at - 1;
            skip_space(&c);
        } else {
            skip_token(&c);
        }
        /* Only a key is followed by a colon. */
        if (!string || depth != 1 || c.at >= length || text[c.at] != ':')
            continue;
        skip_token(&c);
        if (end - start == key_length && memcmp(text + start, key, key_length) == 0) {
            *line = c.line;
            *column = cursor_column(&c);
            return;
        }
    }
}

/* ---- writing ---- */

/* U+0080 to U+009F in UTF-8: terminals may take them for the start of an escape sequence. */
static bool is_c1(const char *text)
{
    return (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] <= 0x9F;
}

static bool needs_escape(const char *text)
{
    unsigned char byte = (unsigned char)*text;
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F || is_c1(text);
}

void ms_json_put_string(ms_buf *out, const char *text)
{
    size_t left = strlen(text);
    ms_buf_put(out, "\"", 1);
    while (left > 0) {
        size_t plain = 0;
        while (plain < left && !needs_escape(text + plain))
            plain++;
        size_t valid = ms_utf8_valid_prefix(text, plain);
        ms_buf_put(out, text, valid);
        text += valid;
        left -= valid;
        if (left == 0)
            break;
        if (valid < plain)
            ms_buf_text(out, "\xEF\xBF\xBD");
        else if (*text == '"' || *text == '\\')
            ms_buf_put(out, (const char[]){'\\', *text}, 2);
        else if (is_c1(text)) {
            ms_buf_printf(out, "\\u%04x", (unsigned)(unsigned char)text[1]);
            text++;
            left--;
        } else if (*text == '\n')
            ms_buf_text(out, "\\n");
        else if (*text == '\t')
            ms_buf_text(out, "\\t");
        else
            ms_buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        text++;
        left--;
    }
    ms_buf_put(out, "\"", 1);
}

static void new_line(ms_json *json)
{
    ms_buf_put(json->out, "\n", 1);
    for (int i = 0; i < json->depth; i++)
        ms_buf_put(json->out, "  ", 2);
}

/* What comes before every value: comma, line, key. */
static void begin_value(ms_json *json, const char *key)
{
    if (!json->empty)
        ms_buf_put(json->out, ",", 1);
    if (json->depth > 0 && !json->compact)
        new_line(json);
    json->empty = false;
    if (key != NULL) {
        ms_json_put_string(json->out, key);
        ms_buf_text(json->out, json->compact ? ":" : ": ");
    }
}

static void open_container(ms_json *json, const char *key, const char *bracket)
{
    begin_value(json, key);
    ms_buf_put(json->out, bracket, 1);
    json->depth++;
    json->empty = true;
}

static void close_container(ms_json *json, const char *bracket)
{
    assert(json->depth > 0);
    json->depth--;
    if (!json->empty && !json->compact)
        new_line(json);
    ms_buf_put(json->out, bracket, 1);
    json->empty = false;
}

void ms_json_start(ms_json *json, ms_buf *out)
{
    *json = (ms_json){out, 0, true, false};
}

void ms_json_start_canonical(ms_json *json, ms_buf *out)
{
    *json = (ms_json){out, 0, true, true};
}

void ms_json_open_object(ms_json *json, const char *key)
{
    open_container(json, key, "{");
}

void ms_json_open_array(ms_json *json, const char *key)
{
    open_container(json, key, "[");
}

void ms_json_close_object(ms_json *json)
{
    close_container(json, "}");
}

void ms_json_close_array(ms_json *json)
{
    close_container(json, "]");
}

void ms_json_string(ms_json *json, const char *key, const char *value)
{
    begin_value(json, key);
    if (value == NULL)
        ms_buf_text(json->out, "null");
    else
        ms_json_put_string(json->out, value);
}

void ms_json_number(ms_json *json, const char *key, double value)
{
    char text[MS_NUMBER_BYTES];
    begin_value(json, key);
    ms_buf_text(json->out, isfinite(value) ? ms_number_text(text, value) : "null");
}

void ms_json_integer(ms_json *json, const char *key, long long value)
{
    begin_value(json, key);
    ms_buf_printf(json->out, "%lld", value);
}

void ms_json_bool(ms_json *json, const char *key, bool value)
{
    begin_value(json, key);
    ms_buf_text(json->out, value ? "true" : "false");
}

void ms_json_value(ms_json *json, const char *key, const json_t *value)
{
    const char *name;
    json_t *part;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        ms_json_open_object(json, key);
        json_object_foreach((json_t *)(uintptr_t)value, name, part)
        {
            ms_json_value(json, name, part);
        }
        ms_json_close_object(json);
        break;
    case JSON_ARRAY:
        ms_json_open_array(json, key);
        for (size_t ix = 0; ix < json_array_size(value); ix++)
            ms_json_value(json, NULL, json_array_get(value, ix));
        ms_json_close_array(json);
        break;
    case JSON_STRING:
        ms_json_string(json, key, json_string_value(value));
        break;
    case JSON_INTEGER:
        ms_json_integer(json, key, json_integer_value(value));
        break;
    case JSON_REAL:
        ms_json_number(json, key, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        ms_json_bool(json, key, json_is_true(value));
        break;
    case JSON_NULL:
        ms_json_string(json, key, NULL);
        break;
    }
}

void ms_json_finish(ms_json *json)
{
    assert(json->depth == 0);
    if (!json->compact)
        ms_buf_put(json->out, "\n", 1);
}

void ms_json_squeeze(ms_buf *text)
{
    char *out = text->text;
    bool quoted = false;
    if (text->failed || !out)
        return;
    for (const char *in = out, *end = in + text->length; in < end; in++) {
        if (*in == '"')
            quoted = !quoted;
        else if (quoted && *in == '\\')
            *out++ = *in++;
        if (quoted || !strchr(" \n\r\t", *in))
            *out++ = *in;
    }
    *out = '\0';
    text->length = (size_t)(out - text->text);
    out = ms_realloc(text->text, text->length + 1, 1);
    if (out) {
        text->text = out;
        text->capacity = text->length + 1;
    }
}
