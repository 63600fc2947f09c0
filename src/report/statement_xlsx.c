/* statement_xlsx.c: a statement of account as a workbook. See statement.h.
 *
 * The library writes files only, so the workbook is written to a temporary one and read back. Its date of creation is
 * the statement's, so that equal statements are equal files. Exact decimals go in as numbers where a spreadsheet's 15
 * digits hold them, else as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "report/statement.h"

enum { XLSX_CAP = 256 << 20, SECONDS_PER_DAY = 86400, SAFE_DIGITS = 15, WIDTH_LEAST = 9, WIDTH_MOST = 40 };

typedef struct {
    lxw_workbook *book;
    lxw_format *head, *money;
    lxw_error failure; /* the first */
} workbook;

static void note(workbook *to, lxw_error error)
{
    if (to->failure == LXW_NO_ERROR)
        to->failure = error;
}

static size_t digit_count(const char *text)
{
    size_t digits = 0;
    for (; *text != '\0'; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

static void put_cell(workbook *to, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, bool exact, const char *text)
{
    double number;
    if (text == NULL || text[0] == '\0')
        return;
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (exact && digit_count(digits) <= SAFE_DIGITS && ms_number_parse(&number, text, strlen(text)) == NULL) {
        note(to, worksheet_write_number(sheet, row, column, number, to->money));
    } else {
        ms_buf clean = {0};
        ms_pen_clean(&clean, text);
        note(to, clean.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED
                              : worksheet_write_string(sheet, row, column, clean.text, NULL));
        ms_buf_free(&clean);
    }
}

/* Every column that the files have; the heads stay in view and can be filtered by. */
static void put_table(workbook *to, const char *name, const ms_table *table)
{
    lxw_worksheet *sheet = workbook_add_worksheet(to->book, name);
    if (sheet == NULL) {
        note(to, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (int c = 0; c < table->column_count; c++) {
        bool exact = table->columns[c].kind == MS_COLUMN_EXACT;
        int width = ms_utf8_width(table->columns[c].name) + 2;
        note(to, worksheet_write_string(sheet, 0, (lxw_col_t)c, table->columns[c].name, to->head));
        for (size_t r = 0; r < table->row_count; r++) {
            const char *text = table->rows[r].cells[c].text;
            put_cell(to, sheet, (lxw_row_t)(r + 1), (lxw_col_t)c, exact, text);
            int wide = text != NULL ? ms_utf8_width(text) + 2 : 0;
            width = wide > width ? wide : width;
        }
        width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
        note(to, worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, width, NULL));
    }
    worksheet_freeze_panes(sheet, 1, 1);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    note(to, worksheet_repeat_rows(sheet, 0, 0));
    note(to, worksheet_autofilter(sheet, 0, 0, (lxw_row_t)table->row_count, (lxw_col_t)(table->column_count - 1)));
}

static void put_about(workbook *to, const ms_statement *statement)
{
    char counts[64];
    lxw_worksheet *sheet = workbook_add_worksheet(to->book, "statement");
    if (sheet == NULL) {
        note(to, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    snprintf(counts, sizeof counts, "orders: %zu; steps: %zu", statement->order_count, statement->step_count);
    const char *const rows[][2] = {{statement->title, ""},
                                   {"as of", statement->date},
                                   {"of", counts},
                                   {"basis", statement->basis},
                                   {"net", statement->net.text}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        put_cell(to, sheet, (lxw_row_t)r, 0, false, rows[r][0]);
        put_cell(to, sheet, (lxw_row_t)r, 1, false, rows[r][1]);
    }
    note(to, worksheet_set_column(sheet, 0, 0, 12, NULL));
}

/* Writes the workbook to path. */
static lxw_error write_workbook(const char *path, const ms_statement *statement)
{
    workbook to = {.book = workbook_new(path)};
    if (to.book == NULL)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    to.head = workbook_add_format(to.book);
    to.money = workbook_add_format(to.book);
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)statement->title,
                                     .created = (time_t)(statement->date_day * SECONDS_PER_DAY)};
    note(&to, workbook_set_properties(to.book, &properties));
    if (to.head != NULL && to.money != NULL) {
        format_set_bold(to.head);
        format_set_num_format(to.money, "#,##0.00####");
        put_about(&to, statement);
        put_table(&to, "orders", &statement->orders);
        put_table(&to, "balances", &statement->balances);
    } else {
        note(&to, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
    note(&to, workbook_close(to.book));
    return to.failure;
}

ms_status ms_statement_xlsx(ms_buf *out, const ms_statement *statement, ms_error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[MS_FILE_BYTES * 4], *bytes = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/mainstay-XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/tmp");
    int file = mkstemp(path);
    if (file < 0)
        return ms_error_set(err, MS_IO, "no temporary file can be made in %s", path);
    close(file);
    lxw_error failure = write_workbook(path, statement);
    ms_status status = MS_OK;
    if (failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        status = ms_error_memory(err);
    else if (failure != LXW_NO_ERROR)
        status = ms_error_set(err, MS_IO, "the workbook cannot be written: %s", lxw_strerror(failure));
    if (status == MS_OK)
        status = ms_file_read(&bytes, &length, path, XLSX_CAP, err);
    unlink(path);
    if (status == MS_OK)
        ms_buf_put(out, bytes, length);
    ms_free(bytes);
    return status;
}
