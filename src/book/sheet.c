/* sheet.c: a CSV file taken apart. See sheet.h. Cost: one pass, and a copy of every cell. */
#include "book/sheet.h"

#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "book/book.h"
#include "book/texts.h"
#include "case/format.h"

/* A sheet that is being read; the buffers are used again from row to row. */
typedef struct {
    ms_sheet *sheet;
    const char *file, *bytes;
    ms_csv_record record;
    ms_buf text;
    ms_names repeats; /* keys, where a file has no key columns */
    int32_t *counts;
    size_t count_capacity;
} work;

void ms_sheet_put_row(ms_buf *out, const char *const *cells, int count, char separator, const char *line_end)
{
    for (int ix = 0; ix < count; ix++)
        ms_csv_put_behind(out, separator, cells[ix], ix == 0);
    ms_buf_text(out, line_end);
}

static const char *keep(work *w, const char *text, size_t length)
{
    return ms_arena_strndup(w->sheet->arena, text, length);
}

/* What is in w->text, kept. */
static const char *keep_text(work *w)
{
    return w->text.failed ? NULL : keep(w, w->text.text != NULL ? w->text.text : "", w->text.length);
}

/* The cells of the record, trimmed, filled up with empty ones. */
static const char **keep_cells(work *w, int count)
{
    const char **cells = ms_arena_alloc(w->sheet->arena, (size_t)count, sizeof *cells);
    for (int ix = 0; cells != NULL && ix < count; ix++) {
        size_t length = 0;
        const char *text = ix < w->record.field_count ? ms_cell_trim(&w->record.fields[ix], &length) : "";
        cells[ix] = keep(w, text, length);
        if (cells[ix] == NULL)
            return NULL;
    }
    return cells;
}

static bool is_blank(const ms_csv_record *record)
{
    for (int ix = 0; ix < record->field_count; ix++) {
        size_t length;
        (void)ms_cell_trim(&record->fields[ix], &length);
        if (length > 0)
            return false;
    }
    return true;
}

static const char *line_end_of(const char *bytes, size_t end)
{
    if (end >= 2 && bytes[end - 2] == '\r' && bytes[end - 1] == '\n')
        return "\r\n";
    return end >= 1 && bytes[end - 1] == '\r' ? "\r" : "\n";
}

static ms_status read_head(work *w, const ms_csv_reader *csv, ms_error *err)
{
    ms_sheet *sheet = w->sheet;
    size_t end = ms_csv_offset(csv);
    sheet->separator = ms_csv_separator(csv);
    sheet->line_end = line_end_of(w->bytes, end);
    sheet->column_count = w->record.field_count;
    sheet->head = keep(w, w->bytes, end);
    sheet->columns = keep_cells(w, sheet->column_count);
    if (sheet->head == NULL || sheet->columns == NULL)
        return ms_error_memory(err);
    ms_buf_reset(&w->text);
    ms_texts_put(&w->text, sheet->columns, sheet->column_count);
    sheet->columns_json = keep_text(w);
    return sheet->columns_json == NULL ? ms_error_memory(err) : MS_OK;
}

/* Where the format has no key, the same cells may come again: from the second time on a count makes the key. */
static ms_status count_repeats(work *w, ms_sheet_row *row, ms_error *err)
{
    int32_t ix;
    bool fresh;
    void *counts = w->counts;
    if (!ms_names_add(&w->repeats, row->key, &ix, &fresh) ||
        !ms_grow(&counts, &w->count_capacity, w->repeats.count, sizeof *w->counts))
        return ms_error_memory(err);
    w->counts = counts;
    w->counts[ix] = fresh ? 1 : w->counts[ix] + 1;
    if (fresh)
        return MS_OK;
    ms_buf_reset(&w->text);
    ms_buf_printf(&w->text, "%s\x1F%d", row->key, (int)w->counts[ix]);
    row->key = keep_text(w);
    return row->key == NULL ? ms_error_memory(err) : MS_OK;
}

static ms_status fill_row(work *w, ms_sheet_row *row, const char *bytes, size_t length, ms_error *err)
{
    const ms_sheet *sheet = w->sheet;
    row->cells = keep_cells(w, sheet->column_count);
    if (row->cells == NULL)
        return ms_error_memory(err);
    ms_buf_reset(&w->text);
    ms_texts_put(&w->text, row->cells, sheet->column_count);
    row->json = keep_text(w);
    ms_buf_reset(&w->text);
    ms_sheet_put_row(&w->text, row->cells, sheet->column_count, sheet->separator, sheet->line_end);
    bool usual = !w->text.failed && w->text.length == length && memcmp(w->text.text, bytes, length) == 0;
    row->raw = usual ? NULL : keep(w, bytes, length);
    ms_buf_reset(&w->text);
    if (!ms_book_row_key(&w->text, w->file, sheet->columns, row->cells, sheet->column_count) && !w->text.failed)
        return ms_error_at(err, MS_BAD_INPUT, w->file, w->record.line, 1, "the row lacks a column of its key");
    row->key = keep_text(w);
    if (row->json == NULL || row->key == NULL || (!usual && row->raw == NULL))
        return ms_error_memory(err);
    return ms_book_file_is_keyed(w->file) ? MS_OK : count_repeats(w, row, err);
}

static ms_status add_row(work *w, const char *bytes, size_t length, ms_error *err)
{
    ms_sheet_row row = {0};
    void *rows = w->sheet->rows;
    MS_TRY(fill_row(w, &row, bytes, length, err));
    if (!ms_grow(&rows, &w->sheet->row_capacity, w->sheet->row_count + 1, sizeof row))
        return ms_error_memory(err);
    w->sheet->rows = rows;
    w->sheet->rows[w->sheet->row_count++] = row;
    return MS_OK;
}

static ms_status read_all(work *w, ms_csv_reader *csv, size_t length, ms_error *err)
{
    MS_TRY(ms_csv_next(csv, &w->record, err));
    if (w->record.field_count == 0)
        return ms_error_at(err, MS_BAD_INPUT, w->file, 1, 1, "the file is empty; it needs a header row");
    MS_TRY(read_head(w, csv, err));
    size_t start = ms_csv_offset(csv);
    for (;;) {
        MS_TRY(ms_csv_next(csv, &w->record, err));
        if (w->record.field_count == 0)
            break;
        if (is_blank(&w->record)) /* it belongs to what follows */
            continue;
        MS_TRY(add_row(w, w->bytes + start, ms_csv_offset(csv) - start, err));
        start = ms_csv_offset(csv);
    }
    w->sheet->tail = keep(w, w->bytes + start, length - start);
    return w->sheet->tail == NULL ? ms_error_memory(err) : MS_OK;
}

/* case.json: its bytes are its one cell. */
static ms_status read_text(work *w, size_t length, ms_error *err)
{
    ms_sheet *sheet = w->sheet;
    ms_sheet_row row = {.key = "", .cells = ms_arena_alloc(sheet->arena, 1, sizeof *row.cells)};
    sheet->columns = ms_arena_alloc(sheet->arena, 1, sizeof *sheet->columns);
    const char *text = keep(w, w->bytes, length);
    if (row.cells == NULL || sheet->columns == NULL || text == NULL)
        return ms_error_memory(err);
    if (strlen(text) != length || ms_utf8_valid_prefix(text, length) != length)
        return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0, "is not UTF-8, or has a zero byte in it");
    row.cells[0] = text;
    sheet->columns[0] = "text";
    sheet->columns_json = "[\"text\"]";
    sheet->column_count = 1;
    sheet->head = sheet->tail = sheet->line_end = "";
    ms_texts_put(&w->text, row.cells, 1);
    row.json = keep_text(w);
    void *rows = sheet->rows;
    if (row.json == NULL || !ms_grow(&rows, &sheet->row_capacity, 1, sizeof row))
        return ms_error_memory(err);
    sheet->rows = rows;
    sheet->rows[sheet->row_count++] = row;
    return MS_OK;
}

ms_status ms_sheet_read(ms_sheet *sheet, const char *file, const char *bytes, size_t length, ms_error *err)
{
    work w = {.sheet = sheet, .file = file, .bytes = bytes};
    ms_csv_reader *csv = NULL;
    *sheet = (ms_sheet){.arena = ms_arena_new()};
    if (sheet->arena == NULL)
        return ms_error_memory(err);
    ms_status status;
    if (strcmp(file, "case.json") == 0) {
        status = read_text(&w, length, err);
    } else {
        status = ms_csv_open(&csv, bytes, length, file, err);
        if (status == MS_OK)
            status = read_all(&w, csv, length, err);
        ms_csv_close(csv);
    }
    ms_buf_free(&w.text);
    ms_names_free(&w.repeats);
    ms_free(w.counts);
    return status;
}

void ms_sheet_free(ms_sheet *sheet)
{
    ms_free(sheet->rows);
    ms_arena_free(sheet->arena);
    *sheet = (ms_sheet){0};
}
