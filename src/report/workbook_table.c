/* workbook_table.c: tables as sheets of a workbook: heads, rows, widths, filters. See workbook.h.
 *
 * Columns become as wide as what stands in them, up to WIDTH_MOST characters; longer texts wrap, and their rows are
 * made high enough, because no spreadsheet does that for a file it has not written itself. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/workbook_inside.h"

enum {
    SAFE_DIGITS = 15, /* what a spreadsheet keeps of a number */
    WIDTH_LEAST = 8,
    WIDTH_MOST = 56,
    HEAD_MOST = 14, /* a longer head takes two lines */
    ARROW = 4       /* of a filter */
};

static void widen(ms_workbook *book, int column, int width)
{
    if (column >= 0 && column < MS_WORKBOOK_WIDTHS && width > book->width[column])
        book->width[column] = width;
}

static bool written(const ms_column *column)
{
    return column->name != NULL && column->kind != MS_COLUMN_BAR && column->kind != MS_COLUMN_SPARK;
}

static int written_count(const ms_table *table)
{
    int count = 0;
    for (int c = 0; c < table->column_count; c++)
        count += written(&table->columns[c]);
    return count;
}

/* ---- heads ---- */

static bool to_the_right(ms_column_kind kind)
{
    return kind != MS_COLUMN_TEXT && kind != MS_COLUMN_BOOL;
}

/* Half of a long head, and its longest word, must fit. */
static int head_width(const char *head)
{
    int width = ms_utf8_width(head), longest = 0;
    if (width <= HEAD_MOST)
        return width;
    for (const char *at = head; *at != '\0'; at += strspn(at, " ")) {
        size_t bytes = strcspn(at, " ");
        char word[64];
        ms_utf8_copy(word, sizeof word, at, bytes);
        longest = longest > ms_utf8_width(word) ? longest : ms_utf8_width(word);
        at += bytes;
    }
    return longest > width / 2 + 1 ? longest : width / 2 + 1;
}

void ms_workbook_heads(ms_workbook *book, const ms_table *table, bool filtered)
{
    int at = 0, lines = 1;
    for (int c = 0; c < table->column_count; c++) {
        const ms_column *column = &table->columns[c];
        if (!written(column))
            continue;
        ms_workbook_text(book, at, column->name, to_the_right(column->kind) ? MS_CELL_HEAD_NUMBER : MS_CELL_HEAD);
        lines = ms_utf8_width(column->name) > HEAD_MOST ? 2 : lines;
        widen(book, at++, head_width(column->name) + (filtered ? ARROW : 3));
    }
    ms_workbook_lines(book, lines, MS_CELL_HEAD);
    if (filtered) {
        book->head_row = book->row;
        ms_workbook_freeze(book, book->row + 1, 1);
    }
    ms_workbook_next(book);
}

/* ---- cells ---- */

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
        ms_workbook_text(book, column, text, MS_CELL_MONEY);
}

static ms_cell_style style_of(const ms_column *column, const ms_cell *cell, bool rough)
{
    static const ms_cell_style styles[] = {
        [MS_COLUMN_NUMBER] = MS_CELL_NUMBER, [MS_COLUMN_WHOLE] = MS_CELL_WHOLE, [MS_COLUMN_DAY] = MS_CELL_DAY,
        [MS_COLUMN_SHARE] = MS_CELL_SHARE,   [MS_COLUMN_BOOL] = MS_CELL_WHOLE,  [MS_COLUMN_DATE] = MS_CELL_DATE,
    };
    bool bad = cell->tone == MS_TONE_BAD;
    return bad && column->kind == MS_COLUMN_WHOLE      ? MS_CELL_WHOLE_BAD
           : bad && column->kind == MS_COLUMN_SHARE    ? MS_CELL_SHARE_BAD
           : rough && column->kind == MS_COLUMN_NUMBER ? MS_CELL_ROUGH
                                                       : styles[column->kind];
}

void ms_workbook_cell(ms_workbook *book, int from, int to, const ms_column *column, const ms_cell *cell, bool rough)
{
    const char *text = cell->shown != NULL && (rough || cell->text == NULL) ? cell->shown : cell->text;
    if (column->kind == MS_COLUMN_EXACT && cell->text != NULL)
        put_exact(book, from, cell->text);
    else if (cell->text != NULL || (text != NULL && isnan(cell->number)))
        ms_workbook_span(book, from, to, text, MS_CELL_PLAIN);
    else if (isfinite(cell->number))
        ms_workbook_number(book, from, ms_table_tidy(cell->number), style_of(column, cell, rough));
    else
        ms_workbook_blank(book, from, MS_CELL_PLAIN);
}

/* ---- rows ---- */

/* Characters of a number in a column: its digits, a comma for each three, three behind the point. */
static int number_width(double number)
{
    static const int usual = 11, rest = 6;
    double size = fabs(number);
    if (!(size >= 1e5)) /* also NAN */
        return usual;
    int digits = (int)floor(log10(size)) + 1;
    return digits + (digits - 1) / 3 + rest;
}

/* As wide as the cells, and as high as their texts. */
static void fit(ms_workbook *book, const ms_table *table, const ms_cell *cells)
{
    int at = 0, lines = 1;
    for (int c = 0; c < table->column_count; c++) {
        if (!written(&table->columns[c]))
            continue;
        int width = cells[c].text == NULL ? 0 : ms_utf8_width(cells[c].text) + 3;
        if (cells[c].text == NULL && isfinite(cells[c].number))
            width = number_width(cells[c].number);
        if (width > WIDTH_MOST && cells[c].text != NULL) {
            int wraps = ms_workbook_wraps(cells[c].text, WIDTH_MOST, MS_CELL_PLAIN);
            lines = wraps > lines ? wraps : lines;
        }
        widen(book, at++, width);
    }
    if (lines > 1)
        ms_workbook_lines(book, lines, MS_CELL_PLAIN);
}

void ms_workbook_rows(ms_workbook *book, const ms_table *table)
{
    if (table->failed)
        ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    for (size_t r = 0; r < table->row_count && ms_workbook_ready(book); r++) {
        const ms_cell *cells = table->rows[r].cells;
        int at = 0;
        fit(book, table, cells);
        for (int c = 0; c < table->column_count; c++)
            if (written(&table->columns[c]))
                ms_workbook_cell(book, at, at, &table->columns[c], &cells[c], false), at++;
        ms_workbook_next(book);
    }
}

/* ---- its end ---- */

void ms_workbook_bars(ms_workbook *book, int from, int to, int column)
{
    lxw_conditional_format bars = {.type = LXW_CONDITIONAL_DATA_BAR,
                                   .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                   .min_value = 0.0,
                                   .max_value = 1.0,
                                   .bar_color = 0xBBD7EC,
                                   .bar_solid = LXW_TRUE,
                                   .bar_no_border = LXW_TRUE};
    if (book->failure == LXW_NO_ERROR && book->sheet != NULL && to >= from)
        ms_workbook_note(book, worksheet_conditional_format_range(book->sheet, (lxw_row_t)from, (lxw_col_t)column,
                                                                  (lxw_row_t)to, (lxw_col_t)column, &bars));
}

void ms_workbook_table_end(ms_workbook *book, const ms_table *table)
{
    int count = written_count(table), at = 0;
    for (int c = 0; c < count && c < MS_WORKBOOK_WIDTHS; c++)
        ms_workbook_width(book, c, fmin(fmax(book->width[c], WIDTH_LEAST), WIDTH_MOST));
    if (book->head_row < 0)
        return;
    ms_workbook_filter(book, book->head_row, count);
    for (int c = 0; c < table->column_count; c++)
        if (written(&table->columns[c]) && table->columns[c].kind == MS_COLUMN_SHARE)
            ms_workbook_bars(book, book->head_row + 1, book->row - 1, at++);
        else
            at += written(&table->columns[c]);
}
