/* read_json.c: case.json, by the rows of the format table that describe it. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "case/reader.h"

enum { WANTED_BYTES = 200 };

typedef struct {
    ms_reader *reader;
    const ms_case_file *file;
    const ms_format_file *format;
} value_reader;

static void complain(const value_reader *in, ms_severity severity, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void complain(const value_reader *in, ms_severity severity, const char *key, const char *format, ...)
{
    char message[MS_MESSAGE_BYTES];
    int line = 1, column = 1;
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    va_end(args);
    ms_json_locate(in->file->bytes, in->file->length, key, &line, &column);
    ms_reader_complain_at(in->reader, severity, in->file->name, line, column, "%s", message);
}

static void *field_of(const value_reader *in, const ms_column *column)
{
    return (char *)in->reader->kase + column->offset;
}

static void read_number(const value_reader *in, const ms_column *column, const json_t *value)
{
    char wanted[WANTED_BYTES], text[MS_NUMBER_BYTES];
    ms_quote quote;
    ms_cell_wanted(wanted, sizeof wanted, column);
    if (json_is_string(value)) {
        complain(in, MS_FINDING_ERROR, column->name, "%s is text, %s; write it as a number, without quotes",
                 column->name, ms_cell_quote(&quote, json_string_value(value), json_string_length(value)));
        return;
    }
    double number = json_number_value(value);
    if (!json_is_number(value))
        complain(in, MS_FINDING_ERROR, column->name, "%s is not a number; give %s", column->name, wanted);
    else if (!(number >= column->low && number <= column->high))
        complain(in, MS_FINDING_ERROR, column->name, "%s is out of range; %s is %s", ms_number_text(text, number),
                 column->name, wanted);
    else
        *(double *)field_of(in, column) = number;
}

static void read_text(const value_reader *in, const ms_column *column, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (!json_is_string(value) || length == 0) {
        complain(in, MS_FINDING_ERROR, column->name, "%s is empty or not text; give it in quotes", column->name);
        return;
    }
    if (length > (size_t)column->high) {
        complain(in, MS_FINDING_ERROR, column->name, "%s has %zu bytes of text; at most %.0f are allowed", column->name,
                 length, column->high);
        return;
    }
    char *copy = ms_arena_strndup(in->reader->arena, text, length);
    if (copy == NULL) {
        ms_reader_no_memory(in->reader);
        return;
    }
    for (char *c = copy; c < copy + length; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = ' ';
    *(const char **)field_of(in, column) = copy;
}

static void read_date(const value_reader *in, const ms_column *column, const json_t *value)
{
    long day = 0;
    ms_quote quote;
    if (!json_is_string(value))
        complain(in, MS_FINDING_ERROR, column->name, "%s is not a date; give it as \"YYYY-MM-DD\"", column->name);
    else if (!ms_date_parse(&day, json_string_value(value), json_string_length(value)))
        complain(in, MS_FINDING_ERROR, column->name, "%s is not a date; give it as \"YYYY-MM-DD\"",
                 ms_cell_quote(&quote, json_string_value(value), json_string_length(value)));
    else
        *(long *)field_of(in, column) = day;
}

static void read_value(const value_reader *in, const ms_column *column, const json_t *value)
{
    switch (column->type) {
    case MS_COLUMN_NUMBER:
        read_number(in, column, value);
        return;
    case MS_COLUMN_TEXT:
        read_text(in, column, value);
        return;
    case MS_COLUMN_DATE:
        read_date(in, column, value);
        return;
    default:
        break;
    }
    if (json_is_boolean(value))
        *(bool *)field_of(in, column) = json_is_true(value);
    else
        complain(in, MS_FINDING_ERROR, column->name, "%s is neither true nor false; write one of these, without quotes",
                 column->name);
}

static void complain_key(const value_reader *in, const char *key)
{
    const char *names[MS_COLUMNS_MOST + 1] = {NULL};
    ms_quote quote;
    for (int ix = 0; ix < in->format->column_count; ix++)
        names[ix] = in->format->columns[ix].name;
    const char *near = ms_cell_near_word(names, key, strlen(key));
    ms_cell_quote(&quote, key, strlen(key));
    if (near != NULL)
        complain(in, MS_FINDING_WARNING, key, "the key %s is not known and is not read; did you mean \"%s\"?",
                 quote.text, near);
    else
        complain(in, MS_FINDING_WARNING, key, "the key %s is not known and is not read", quote.text);
}

static void read_object(const value_reader *in, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) if (ms_format_column(in->format, key, strlen(key)) < 0)
        complain_key(in, key);
    for (int ix = 0; ix < in->format->column_count; ix++) {
        const ms_column *column = &in->format->columns[ix];
        value = json_object_get(object, column->name);
        if (value != NULL && !(json_is_null(value) && !(column->flags & MS_COLUMN_REQUIRED)))
            read_value(in, column, value);
        else if (value == NULL && (column->flags & MS_COLUMN_REQUIRED)) {
            char wanted[WANTED_BYTES];
            ms_cell_wanted(wanted, sizeof wanted, column);
            ms_reader_complain_at(in->reader, MS_FINDING_ERROR, in->file->name, 1, 1, "\"%s\" is missing; it is %s",
                                  column->name, wanted);
        }
    }
}

bool ms_read_case_json(ms_reader *reader, const ms_case_file *file)
{
    ms_error wrong = {0};
    json_t *value = NULL;
    int count;
    value_reader in = {reader, file, &ms_format_files(&count)[MS_FILE_CASE]};
    ms_status status = ms_json_parse(&value, file->bytes, file->length, file->name, &wrong);
    if (status == MS_NO_MEMORY) {
        ms_reader_no_memory(reader);
        return false;
    }
    if (status != MS_OK)
        ms_reader_complain_at(reader, MS_FINDING_ERROR, file->name, wrong.line, wrong.column,
                              "this is no JSON object: %s", wrong.message);
    else if (!json_is_object(value))
        ms_reader_complain_at(reader, MS_FINDING_ERROR, file->name, 1, 1,
                              "this is no JSON object; case.json is one, in braces");
    else
        read_object(&in, value);
    json_decref(value);
    return reader->failure == MS_OK;
}
