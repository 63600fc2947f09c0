/* fuzz_csv.c: any bytes as a CSV file. What is read, written by ms_csv_put and read again must be the same;
 * places must be sensible; errors must say where.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void put_field(ms_buf *out, const ms_csv_field *field, bool first)
{
    char *text = ms_strndup(field->text, field->length);
    must(text != NULL && strlen(text) == field->length);
    ms_csv_put(out, text, first);
    ms_free(text);
}

/* Reads all of text; writes it to out again. False when it was refused. */
static bool read_and_write(ms_buf *out, const char *text, size_t length)
{
    ms_csv_reader *reader = NULL;
    ms_csv_record record = {0};
    ms_error err = {0};
    ms_status status = ms_csv_open(&reader, text, length, "x.csv", &err);
    int last_line = 0;
    while (status == MS_OK) {
        status = ms_csv_next(reader, &record, &err);
        if (status != MS_OK || record.field_count == 0)
            break;
        must(record.line > last_line);
        int line = record.line, column = 0;
        for (int i = 0; i < record.field_count; i++) {
            const ms_csv_field *field = &record.fields[i];
            must(field->line >= line && field->column >= 1 && (field->line > line || field->column > column));
            line = field->line;
            column = field->column;
            put_field(out, field, i == 0);
        }
        ms_csv_end(out);
        last_line = line;
    }
    ms_csv_close(reader);
    must(status == MS_OK || (status == MS_BAD_INPUT && err.line >= 1 && err.column >= 1 && err.message[0] != '\0'));
    return status == MS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ms_buf once = {0}, twice = {0};
    ms_buf_text(&once, "");
    ms_buf_text(&twice, "");
    if (read_and_write(&once, (const char *)bytes, size)) {
        must(read_and_write(&twice, once.text, once.length));
        must(once.length == twice.length && memcmp(once.text, twice.text, once.length) == 0);
    }
    ms_buf_free(&once);
    ms_buf_free(&twice);
    return 0;
}
