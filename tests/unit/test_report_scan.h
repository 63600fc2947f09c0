/* test_report_scan.h: what every view must keep to, whatever it shows: lines within the width, nothing that acts on a
 * terminal, CSV and JSON that read back. Needs cmocka.
 */
#ifndef MS_TESTS_REPORT_SCAN_H
#define MS_TESTS_REPORT_SCAN_H

#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/text.h"

/* Columns of one line without its colour codes; fails on any other control character. */
static inline int scan_line(const char *line, size_t length, bool colour)
{
    ms_buf bare = {0};
    for (size_t i = 0; i < length;) {
        if (line[i] == '\033') {
            size_t code = strspn(line + i + 2, "0123456789;");
            if (!colour || line[i + 1] != '[' || line[i + 2 + code] != 'm')
                fail_msg("an escape sequence in \"%.*s\"", (int)length, line);
            i += 3 + code;
            continue;
        }
        bool c1 = (unsigned char)line[i] == 0xC2 && (unsigned char)line[i + 1] < 0xA0;
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F || c1)
            fail_msg("a control character in \"%.*s\"", (int)length, line);
        ms_buf_put(&bare, line + i, 1);
        i++;
    }
    int columns = bare.text == NULL ? 0 : ms_utf8_width(bare.text);
    ms_buf_free(&bare);
    return columns;
}

/* Checks every line of a text view; ascii says that only names may be other than ASCII (and then nothing is). */
static inline void scan_text(const char *text, int width, bool colour, bool ascii)
{
    assert_int_equal(ms_utf8_valid_prefix(text, strlen(text)), strlen(text));
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        assert_int_equal(text[length], '\n'); /* the last line is ended, too */
        int columns = scan_line(text, length, colour);
        if (columns > width)
            fail_msg("%d columns instead of %d: \"%.*s\"", columns, width, (int)length, text);
        for (size_t i = 0; ascii && i < length; i++)
            assert_true((unsigned char)text[i] < 0x80);
        text += length + 1;
    }
}

/* Every record has as many fields as the head. Returns the records below the head. */
static inline size_t scan_csv(const char *text)
{
    ms_csv_reader *reader = NULL;
    ms_csv_record record;
    ms_error err = {0};
    size_t records = 0;
    int fields = 0;
    assert_int_equal(ms_csv_open(&reader, text, strlen(text), "view", &err), MS_OK);
    for (;;) {
        assert_int_equal(ms_csv_next(reader, &record, &err), MS_OK);
        if (record.field_count == 0)
            break;
        if (fields == 0)
            fields = record.field_count;
        assert_int_equal(record.field_count, fields);
        records++;
    }
    ms_csv_close(reader);
    return records > 0 ? records - 1 : 0;
}

/* The caller frees it with json_decref. */
static inline json_t *scan_json(const char *text)
{
    json_t *value = NULL;
    ms_error err = {0};
    if (ms_json_parse(&value, text, strlen(text), "view", &err) != MS_OK)
        fail_msg("%d:%d: %s", err.line, err.column, err.message);
    return value;
}

/* Well-formed XML as our pictures write it: elements nest, attributes are quoted, nothing else holds < or a bare &.
 * Returns the number of elements. */
static inline size_t scan_xml(const char *text)
{
    char open[64][32];
    size_t depth = 0, elements = 0;
    for (const char *at = text; *at != '\0';) {
        if (*at == '&') {
            size_t name = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz#0123456789");
            assert_true(name > 0 && at[1 + name] == ';');
            at += name + 2;
            continue;
        }
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
        if (*at != '<') {
            at++;
            continue;
        }
        bool closing = at[1] == '/';
        const char *name = at + 1 + closing;
        size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        assert_true(length > 0 && length < sizeof open[0]);
        const char *end = name + length;
        for (bool quoted = false; *end != '>' || quoted; end++) {
            assert_true(*end != '\0' && (*end != '<'));
            quoted = quoted != (*end == '"');
        }
        if (closing) {
            assert_true(depth > 0 && strlen(open[depth - 1]) == length && memcmp(open[depth - 1], name, length) == 0);
            depth--;
        } else {
            elements++;
            if (end[-1] != '/') {
                assert_true(depth < 64);
                memcpy(open[depth], name, length);
                open[depth++][length] = '\0';
            }
        }
        at = end + 1;
    }
    assert_int_equal(depth, 0);
    return elements;
}

#endif
