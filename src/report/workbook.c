/* workbook.c: XLSX by libxlsxwriter. See workbook.h.
 *
 * The library writes files only, so the workbook is written to a temporary one and read back. */
#include "report/workbook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "base/text.h"

enum {
    XLSX_CAP = 512 << 20,
    SECONDS_PER_DAY = 86400,
    SPREADSHEET_EPOCH = 25569, /* days from 1899-12-30 to 1970-01-01 */
    SAFE_DIGITS = 15,          /* what a spreadsheet keeps of a number */
    WIDTH_LEAST = 8,
    WIDTH_MOST = 44,
    WIDTHS = 512,
    TEXT_MOST = 32767 /* bytes of a cell */
};

struct ms_workbook {
    char path[MS_FILE_BYTES * 4];
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *formats[MS_CELLS];
    char name[MS_SHEET_NAME_BYTES];
    int row;
    int head_row;      /* of the filtered table; -1: none */
    int width[WIDTHS]; /* of the table's columns, characters */
    lxw_error failure; /* the first */
};

static void note(ms_workbook *book, lxw_error error)
{
    if (book->failure == LXW_NO_ERROR)
        book->failure = error;
}

/* ---- formats ---- */

static const char *number_format(ms_cell_style style)
{
    switch (style) {
    case MS_CELL_NUMBER:
        return "#,##0.0##";
    case MS_CELL_WHOLE:
        return "#,##0";
    case MS_CELL_DAY:
        return "0.##";
    case MS_CELL_SHARE:
        return "0.0%";
    case MS_CELL_DATE:
        return "yyyy-mm-dd";
    case MS_CELL_EXACT:
        return "#,##0.00####";
    case MS_CELL_GREEN:
    case MS_CELL_AMBER:
    case MS_CELL_RED:
        return "0.0";
    default:
        return NULL;
    }
}

static void shape_format(lxw_format *format, ms_cell_style style)
{
    static const lxw_color_t ink = 0x16202A, mute = 0x4C5A67;
    const char *number = number_format(style);
    if (number != NULL)
        format_set_num_format(format, number);
    switch (style) {
    case MS_CELL_TITLE:
        format_set_bold(format);
        format_set_font_size(format, 18);
        break;
    case MS_CELL_HEADING:
        format_set_bold(format);
        format_set_font_size(format, 12);
        break;
    case MS_CELL_HEAD:
        format_set_bold(format);
        format_set_text_wrap(format);
        format_set_align(format, LXW_ALIGN_VERTICAL_BOTTOM);
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bg_color(format, 0xEEF2F5);
        format_set_font_color(format, ink);
        break;
    case MS_CELL_NOTE:
        format_set_font_color(format, mute);
        break;
    case MS_CELL_GREEN:
        format_set_bg_color(format, 0xBFE3CE);
        break;
    case MS_CELL_AMBER:
        format_set_bg_color(format, 0xF4D58A);
        break;
    case MS_CELL_RED:
        format_set_bg_color(format, 0xA8201A);
        format_set_font_color(format, 0xFFFFFF);
        break;
    default:
        break;
    }
}

static void make_formats(ms_workbook *book)
{
    for (int style = 1; style < MS_CELLS; style++) {
        book->formats[style] = workbook_add_format(book->book);
        if (book->formats[style] != NULL)
            shape_format(book->formats[style], (ms_cell_style)style);
        else
            note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
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

ms_status ms_workbook_open(ms_workbook **out, const char *title, long created_day, ms_error *err)
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
    make_formats(book);
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)title,
                                     .created = (time_t)((int64_t)created_day * SECONDS_PER_DAY)};
    note(book, workbook_set_properties(book->book, &properties));
    *out = book;
    return MS_OK;
}

ms_status ms_workbook_close(ms_buf *out, ms_workbook *book, ms_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    ms_status status = MS_OK;
    note(book, workbook_close(book->book));
    if (book->failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        status = ms_error_memory(err);
    else if (book->failure != LXW_NO_ERROR)
        status = ms_error_set(err, MS_IO, "the workbook cannot be written: %s", lxw_strerror(book->failure));
    if (status == MS_OK && out != NULL)
        status = ms_file_read(&bytes, &length, book->path, XLSX_CAP, err);
    unlink(book->path);
    if (status == MS_OK && out != NULL)
        ms_buf_put(out, bytes, length);
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
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_set_landscape(book->sheet);
    worksheet_set_paper(book->sheet, 9); /* A4 */
    worksheet_fit_to_pages(book->sheet, 1, 0);
}

/* ---- cells ---- */

static bool ready(const ms_workbook *book)
{
    return book->failure == LXW_NO_ERROR && book->sheet != NULL && book->row <= MS_WORKBOOK_ROWS;
}

static void widen(ms_workbook *book, int column, int width)
{
    if (column >= 0 && column < WIDTHS && width > book->width[column])
        book->width[column] = width;
}

void ms_workbook_text(ms_workbook *book, int column, const char *text, ms_cell_style style)
{
    ms_buf clean = {0};
    if (!ready(book) || text == NULL || text[0] == '\0')
        return;
    ms_pen_clean(&clean, text);
    if (clean.text != NULL && strlen(clean.text) > TEXT_MOST)
        ms_utf8_copy(clean.text, TEXT_MOST, clean.text, clean.length);
    note(book, clean.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED
                            : worksheet_write_string(book->sheet, (lxw_row_t)book->row, (lxw_col_t)column, clean.text,
                                                     book->formats[style]));
    ms_buf_free(&clean);
}

void ms_workbook_said(ms_workbook *book, int column, const ms_buf *text, ms_cell_style style)
{
    if (text->failed)
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    ms_workbook_text(book, column, text->text, style);
}

void ms_workbook_number(ms_workbook *book, int column, double number, ms_cell_style style)
{
    if (!ready(book) || !isfinite(number))
        return;
    note(book,
         worksheet_write_number(book->sheet, (lxw_row_t)book->row, (lxw_col_t)column,
                                style == MS_CELL_DATE ? number + SPREADSHEET_EPOCH : number, book->formats[style]));
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
    if (book->failure == LXW_NO_ERROR && book->sheet != NULL)
        worksheet_freeze_panes(book->sheet, (lxw_row_t)rows, (lxw_col_t)columns);
}

void ms_workbook_width(ms_workbook *book, int column, double characters)
{
    if (book->failure == LXW_NO_ERROR && book->sheet != NULL)
        note(book, worksheet_set_column(book->sheet, (lxw_col_t)column, (lxw_col_t)column, characters, NULL));
}

/* ---- tables ---- */

static bool written(const ms_column *column)
{
    return column->name != NULL && column->kind != MS_COLUMN_BAR && column->kind != MS_COLUMN_SPARK;
}

void ms_workbook_heads(ms_workbook *book, const ms_table *table, bool filtered)
{
    int at = 0;
    for (int c = 0; c < table->column_count; c++) {
        if (!written(&table->columns[c]))
            continue;
        ms_workbook_text(book, at, table->columns[c].name, MS_CELL_HEAD);
        widen(book, at++, ms_utf8_width(table->columns[c].name) + (filtered ? 4 : 2));
    }
    if (filtered) {
        book->head_row = book->row;
        if (ready(book)) {
            ms_workbook_freeze(book, book->row + 1, 1);
            note(book, worksheet_repeat_rows(book->sheet, (lxw_row_t)book->row, (lxw_row_t)book->row));
        }
    }
    ms_workbook_next(book);
}

static size_t digit_count(const char *text)
{
    size_t digits = 0;
    for (; *text != '\0'; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

/* An exact decimal goes in as a number where a spreadsheet's digits hold it, else as text. */
static void put_exact(ms_workbook *book, int column, const char *text)
{
    double number;
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (digit_count(digits) <= SAFE_DIGITS && ms_number_parse(&number, text, strlen(text)) == NULL)
        ms_workbook_number(book, column, number, MS_CELL_EXACT);
    else
        ms_workbook_text(book, column, text, MS_CELL_PLAIN);
}

static void put_cell(ms_workbook *book, int at, const ms_column *column, const ms_cell *cell)
{
    static const ms_cell_style styles[] = {
        [MS_COLUMN_NUMBER] = MS_CELL_NUMBER, [MS_COLUMN_WHOLE] = MS_CELL_WHOLE, [MS_COLUMN_DAY] = MS_CELL_DAY,
        [MS_COLUMN_SHARE] = MS_CELL_SHARE,   [MS_COLUMN_BOOL] = MS_CELL_WHOLE,
    };
    if (column->kind == MS_COLUMN_EXACT && cell->text != NULL) {
        put_exact(book, at, cell->text);
    } else if (cell->text != NULL || isnan(cell->number)) {
        ms_workbook_text(book, at, cell->text != NULL ? cell->text : cell->shown, MS_CELL_PLAIN);
    } else {
        ms_workbook_number(book, at, ms_table_tidy(cell->number), styles[column->kind]);
        widen(book, at, 11);
    }
    if (cell->text != NULL)
        widen(book, at, ms_utf8_width(cell->text) + 2);
}

void ms_workbook_rows(ms_workbook *book, const ms_table *table)
{
    if (table->failed)
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    for (size_t r = 0; r < table->row_count && ready(book); r++) {
        int at = 0;
        for (int c = 0; c < table->column_count; c++)
            if (written(&table->columns[c]))
                put_cell(book, at++, &table->columns[c], &table->rows[r].cells[c]);
        ms_workbook_next(book);
    }
}

void ms_workbook_table_end(ms_workbook *book, const ms_table *table)
{
    int count = 0;
    for (int c = 0; c < table->column_count; c++)
        count += written(&table->columns[c]);
    for (int c = 0; c < count && c < WIDTHS; c++)
        ms_workbook_width(book, c, fmin(fmax(book->width[c], WIDTH_LEAST), WIDTH_MOST));
    if (book->failure == LXW_NO_ERROR && book->head_row >= 0 && count > 0 && book->row > book->head_row + 1)
        note(book, worksheet_autofilter(book->sheet, (lxw_row_t)book->head_row, 0, (lxw_row_t)(book->row - 1),
                                        (lxw_col_t)(count - 1)));
}

/* ---- charts ---- */

void ms_workbook_put_chart(ms_workbook *book, const ms_workbook_chart *of)
{
    if (book->failure != LXW_NO_ERROR || book->sheet == NULL || of->last <= of->head)
        return;
    lxw_chart *chart = workbook_add_chart(book->book,
                                          (uint8_t)(of->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN));
    lxw_chart_options options = {.x_scale = 1.9, .y_scale = 1.15};
    if (chart == NULL) {
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (int s = 0; s < of->count; s++) {
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_chart_fill fill = {.color = of->colours[s] == 0 ? (lxw_color_t)LXW_COLOR_BLACK : of->colours[s]};
        lxw_col_t column = (lxw_col_t)(of->first + s), category = (lxw_col_t)of->category;
        lxw_row_t head = (lxw_row_t)of->head, last = (lxw_row_t)of->last;
        if (series == NULL) {
            note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
            return;
        }
        chart_series_set_categories(series, book->name, head + 1, category, last, category);
        chart_series_set_values(series, book->name, head + 1, column, last, column);
        chart_series_set_name_range(series, book->name, head, column);
        chart_series_set_fill(series, &fill);
    }
    chart_set_series_gap(chart, of->stacked ? 20 : 60);
    chart_title_set_name(chart, of->title);
    chart_axis_set_name(chart->y_axis, of->unit);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    if (of->share) {
        chart_axis_set_min(chart->y_axis, 0);
        chart_axis_set_max(chart->y_axis, 1);
        chart_axis_set_num_format(chart->y_axis, "0%");
    }
    note(book, worksheet_insert_chart_opt(book->sheet, (lxw_row_t)of->row, (lxw_col_t)of->column, chart, &options));
}
