/* ledger_case.c: the combined case of a book, with what the ledger has used up of its agreements.
 *
 * agreements.csv of the book's case gets a column used_t (one that it had is left out), in tonnes to a gram, from the
 * steps up to the same log number (used.h); so a plan made of the case carries it, and anyone can make the case again.
 * Cost: the case is read a second time where anything has been used.
 */
#include <string.h>

#include "base/csv.h"
#include "ledger/used.h"

typedef struct {
    const ms_used *used;
    ms_buf *out;
    int agreement_column, used_column; /* -1: none */
} rewriting;

static bool is_called(const ms_csv_field *field, const char *name)
{
    return field->length == strlen(name) && memcmp(field->text, name, field->length) == 0;
}

static ms_status put_row(rewriting *to, const ms_csv_record *record, bool head, ms_error *err)
{
    char text_t[MS_EXACT_BYTES] = "used_t";
    for (int f = 0; f < record->field_count; f++) {
        char *text = ms_strndup(record->fields[f].text, record->fields[f].length);
        if (text == NULL)
            return ms_error_memory(err);
        if (!head && f == to->agreement_column)
            ms_exact_text(text_t, ms_used_of(to->used, text), MS_EXACT_QUANTITY_DIGITS);
        if (f != to->used_column)
            ms_csv_put(to->out, text, f == (to->used_column == 0));
        ms_free(text);
    }
    ms_csv_put(to->out, text_t, false);
    ms_csv_end(to->out);
    return MS_OK;
}

static ms_status put_rows(rewriting *to, ms_csv_reader *reader, ms_error *err)
{
    ms_csv_record record;
    for (bool head = true;; head = false) {
        MS_TRY(ms_csv_next(reader, &record, err));
        if (record.field_count == 0)
            return MS_OK;
        for (int f = 0; head && f < record.field_count; f++) {
            if (is_called(&record.fields[f], "agreement"))
                to->agreement_column = f;
            if (is_called(&record.fields[f], "used_t"))
                to->used_column = f;
        }
        MS_TRY(put_row(to, &record, head, err));
    }
}

/* Replaces the bytes of agreements.csv. */
static ms_status fill_used(ms_case_file *file, const ms_used *used, ms_error *err)
{
    ms_buf out = {0};
    ms_csv_reader *reader = NULL;
    rewriting to = {used, &out, -1, -1};
    MS_TRY(ms_csv_open(&reader, file->bytes, file->length, file->name, err));
    ms_status status = put_rows(&to, reader, err);
    ms_csv_close(reader);
    if (status == MS_OK && out.failed)
        status = ms_error_memory(err);
    char *bytes = status == MS_OK ? ms_strndup(out.text, out.length) : NULL;
    if (status == MS_OK && bytes == NULL)
        status = ms_error_memory(err);
    if (status == MS_OK) {
        ms_free(file->bytes);
        file->bytes = bytes;
        file->length = out.length;
    }
    ms_buf_free(&out);
    return status;
}

/* The case again, with used_t. */
static ms_status fill_case(ms_case **out, const ms_case *kase, const ms_used *used, ms_error *err)
{
    ms_case_file *files = NULL;
    int count = 0;
    ms_findings again = {0}; /* the caller has seen them */
    ms_status status = MS_OK;
    MS_TRY(ms_case_files_copy(&files, &count, kase->files, kase->file_count, NULL, 0, err));
    for (int f = 0; f < count && status == MS_OK; f++) {
        if (strcmp(files[f].name, "agreements.csv") == 0)
            status = fill_used(&files[f], used, err);
    }
    if (status == MS_OK)
        status = ms_case_read(out, files, count, &again, err);
    else
        ms_case_files_free(files, count);
    ms_findings_free(&again);
    return status;
}

static bool is_any_used(const ms_used *used, const ms_case *kase)
{
    for (int32_t g = 0; g < kase->agreements_count; g++) {
        if (ms_used_of(used, kase->agreements[g].id) > 0)
            return true;
    }
    return false;
}

ms_status ms_ledger_case(ms_case **out, ms_book *book, const ms_book_view *view, ms_findings *findings, ms_error *err)
{
    ms_used used;
    ms_case *plain = NULL, *filled = NULL;
    MS_TRY(ms_used_read(&used, book, view != NULL ? view->as_of : 0, err));
    ms_status status = ms_book_case(&plain, book, view, findings, err);
    bool fill = status == MS_OK && !(view != NULL && view->own) && is_any_used(&used, plain);
    if (fill)
        status = fill_case(&filled, plain, &used, err);
    if (status == MS_OK)
        *out = fill ? filled : plain;
    if (fill || status != MS_OK)
        ms_case_free(plain);
    ms_used_free(&used);
    return status;
}
