/* workbook.c: XLSX by libxlsxwriter. See workbook.h.
 *
 * The library writes files only, so the workbook is written to a temporary one and read back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "report/words.h"
#include "report/workbook_inside.h"

enum {
    XLSX_CAP = 512 << 20,
    SECONDS_PER_DAY = 86400,
    SPREADSHEET_EPOCH = 25569, /* days from 1899-12-30 to 1970-01-01 */
    TITLE_BYTES = 256,
    PAPER_A4 = 9,
    TEXT_MOST = 32767 /* bytes of a cell */
};

void ms_workbook_note(ms_workbook *book, lxw_error error)
{
    if (book->failure == LXW_NO_ERROR)
        book->failure = error;
}

/* ---- its life ---- */

static ms_status make_path(ms_workbook *book, ms_error *err)
{
    const char *folder = getenv("TMPDIR");
    snprintf(book->path, sizeof book->path, "%s/mainstay-XXXXXX",
             folder != NULL && folder[0] != '\0' ? folder : "/tmp");
    int file = mkstemp(book->path);
    if (file < 0)
        return ms_error_set(err, MS_IO, "no temporary file can be made in %s", book->path);
    close(file);
    return MS_OK;
}

/* What is said of the file: the library does not tame what it writes there. */
static void describe(ms_workbook *book, const char *title, long created_day)
{
    ms_buf clean = {0};
    ms_pen_clean(&clean, title);
    lxw_doc_properties properties = {.title = clean.text, .created = (time_t)((int64_t)created_day * SECONDS_PER_DAY)};
    if (!clean.failed && clean.text != NULL)
        ms_utf8_copy(clean.text, TITLE_BYTES, clean.text, clean.length < TITLE_BYTES ? clean.length : TITLE_BYTES - 1);
    ms_workbook_note(book,
                     clean.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED : workbook_set_properties(book->book, &properties));
    ms_buf_free(&clean);
}

ms_status ms_workbook_open(ms_workbook **out, const char *title, long created_day, ms_language language, ms_error *err)
{
    ms_workbook *book = ms_alloc(1, sizeof *book);
    if (book == NULL)
        return ms_error_memory(err);
    ms_status status = make_path(book, err);
    if (status != MS_OK) {
        ms_free(book);
        return status;
    }
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = getenv("TMPDIR")};
    book->book = workbook_new_opt(book->path, &options);
    if (book->book == NULL) {
        unlink(book->path);
        ms_free(book);
        return ms_error_memory(err);
    }
    ms_workbook_make_formats(book, language);
    describe(book, title, created_day);
    *out = book;
    return MS_OK;
}

ms_status ms_workbook_close(ms_buf *out, ms_workbook *book, ms_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    ms_status status = MS_OK;
    ms_workbook_note(book, workbook_close(book->book));
    if (book->failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        status = ms_error_memory(err);
    else if (book->failure != LXW_NO_ERROR)
        status = ms_error_set(err, MS_IO, "the workbook cannot be written: %s", lxw_strerror(book->failure));
    if (status == MS_OK && out != NULL)
        status = ms_file_read(&bytes, &length, book->path, XLSX_CAP, err);
    unlink(book->path);
    if (bytes != NULL && out->text == NULL) { /* the usual case: what was read is not copied */
        *out = (ms_buf){.text = bytes, .length = length, .capacity = length + 1, .cap = out->cap};
        bytes = NULL;
    } else if (bytes != NULL) {
        ms_buf_put(out, bytes, length);
    }
    ms_free(bytes);
    ms_free(book);
    return status;
}

void ms_workbook_sheet(ms_workbook *book, const char *name)
{
    if (book->failure != LXW_NO_ERROR)
        return;
    snprintf(book->name, sizeof book->name, "%s", name);
    book->sheet = workbook_add_worksheet(book->book, name);
    book->row = 0;
    book->head_row = -1;
    memset(book->width, 0, sizeof book->width);
    if (book->sheet == NULL) {
        ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_set_landscape(book->sheet);
    worksheet_set_paper(book->sheet, PAPER_A4);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    worksheet_set_margins(book->sheet, 0.4, 0.4, 0.5, 0.6);
    ms_workbook_note(book, worksheet_set_footer(book->sheet, "&L&A&R&P / &N"));
}

void ms_workbook_page(ms_workbook *book)
{
    if (book->failure != LXW_NO_ERROR || book->sheet == NULL)
        return;
    worksheet_fit_to_pages(book->sheet, 1, 1);
    worksheet_gridlines(book->sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_center_horizontally(book->sheet);
}

void ms_workbook_across(ms_workbook *book, int pages, int columns)
{
    if (book->failure != LXW_NO_ERROR || book->sheet == NULL)
        return;
    worksheet_fit_to_pages(book->sheet, (uint16_t)(pages > 0 ? pages : 1), 0);
    ms_workbook_note(book, worksheet_repeat_columns(book->sheet, 0, (lxw_col_t)(columns - 1)));
}

/* ---- cells ---- */

bool ms_workbook_ready(const ms_workbook *book)
{
    return book->failure == LXW_NO_ERROR && book->sheet != NULL && book->row <= MS_WORKBOOK_ROWS;
}

/* The text as a cell may have it; false (and noted) when memory runs short. */
static bool clean_text(ms_workbook *book, ms_buf *out, const char *text)
{
    ms_pen_clean(out, text);
    if (out->failed) {
        ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return false;
    }
    if (out->length > TEXT_MOST)
        ms_utf8_copy(out->text, TEXT_MOST, out->text, out->length);
    return true;
}

void ms_workbook_blank(ms_workbook *book, int column, ms_cell_style style)
{
    if (ms_workbook_ready(book))
        ms_workbook_note(
            book, worksheet_write_blank(book->sheet, (lxw_row_t)book->row, (lxw_col_t)column, book->formats[style]));
}

void ms_workbook_text(ms_workbook *book, int column, const char *text, ms_cell_style style)
{
    ms_buf clean = {0};
    if (!ms_workbook_ready(book))
        return;
    if (text == NULL || text[0] == '\0')
        ms_workbook_blank(book, column, style);
    else if (clean_text(book, &clean, text))
        ms_workbook_note(book, worksheet_write_string(book->sheet, (lxw_row_t)book->row, (lxw_col_t)column, clean.text,
                                                      book->formats[style]));
    ms_buf_free(&clean);
}

void ms_workbook_span(ms_workbook *book, int from, int to, const char *text, ms_cell_style style)
{
    ms_buf clean = {0};
    if (!ms_workbook_ready(book))
        return;
    if (from == to)
        ms_workbook_text(book, from, text, style);
    else if (clean_text(book, &clean, text != NULL ? text : ""))
        ms_workbook_note(book,
                         worksheet_merge_range(book->sheet, (lxw_row_t)book->row, (lxw_col_t)from, (lxw_row_t)book->row,
                                               (lxw_col_t)to, ms_words_of(&clean), book->formats[style]));
    ms_buf_free(&clean);
}

void ms_workbook_said(ms_workbook *book, int column, const ms_buf *text, ms_cell_style style)
{
    if (text->failed)
        ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    ms_workbook_text(book, column, text->text, style);
}

void ms_workbook_number(ms_workbook *book, int column, double number, ms_cell_style style)
{
    bool date = style == MS_CELL_DATE || style == MS_CELL_HEAD_DATE;
    if (!ms_workbook_ready(book) || !isfinite(number))
        return;
    ms_workbook_note(book, worksheet_write_number(book->sheet, (lxw_row_t)book->row, (lxw_col_t)column,
                                                  date ? number + SPREADSHEET_EPOCH : number, book->formats[style]));
}

void ms_workbook_next(ms_workbook *book)
{
    book->row++;
}

void ms_workbook_line(ms_workbook *book, const char *text, ms_cell_style style)
{
    ms_workbook_text(book, 0, text, style);
    ms_workbook_next(book);
}

int ms_workbook_row(const ms_workbook *book)
{
    return book->row;
}

void ms_workbook_freeze(ms_workbook *book, int rows, int columns)
{
    if (book->failure != LXW_NO_ERROR || book->sheet == NULL)
        return;
    worksheet_freeze_panes(book->sheet, (lxw_row_t)rows, (lxw_col_t)columns);
    if (rows > 0)
        ms_workbook_note(book, worksheet_repeat_rows(book->sheet, 0, (lxw_row_t)(rows - 1)));
}

void ms_workbook_width(ms_workbook *book, int column, double characters)
{
    if (book->failure == LXW_NO_ERROR && book->sheet != NULL)
        ms_workbook_note(book,
                         worksheet_set_column(book->sheet, (lxw_col_t)column, (lxw_col_t)column, characters, NULL));
}

void ms_workbook_filter(ms_workbook *book, int head, int columns)
{
    if (book->failure == LXW_NO_ERROR && book->sheet != NULL && columns > 0 && book->row > head + 1)
        ms_workbook_note(book, worksheet_autofilter(book->sheet, (lxw_row_t)head, 0, (lxw_row_t)(book->row - 1),
                                                    (lxw_col_t)(columns - 1)));
}
