/* table.c: filling a table and laying it out on a screen. The ways into files are at the end. */
#include "report/table.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { GAP = 2, TEXT_NEAT = 14, TEXT_LEAST = 8, CELL_BYTES = 96, HEAD_BYTES = 64 };

/* ---- filling ---- */

void ms_table_start(ms_table *table, const ms_column *columns, int column_count)
{
    assert(column_count > 0 && column_count <= MS_TABLE_COLUMNS);
    *table = (ms_table){.columns = columns, .column_count = column_count, .arena = ms_arena_new()};
    table->failed = table->arena == NULL;
}

void ms_table_free(ms_table *table)
{
    ms_free(table->rows);
    ms_arena_free(table->arena);
    *table = (ms_table){0};
}

void ms_table_clear(ms_table *table)
{
    ms_arena_free(table->arena);
    table->arena = ms_arena_new();
    table->failed = table->failed || table->arena == NULL;
    table->row_count = 0;
}

void ms_table_row(ms_table *table)
{
    if (table->failed)
        return;
    void *rows = table->rows;
    ms_cell *cells = ms_arena_alloc(table->arena, (size_t)table->column_count, sizeof *cells);
    if (cells == NULL || !ms_grow(&rows, &table->row_capacity, table->row_count + 1, sizeof *table->rows)) {
        table->failed = true;
        return;
    }
    table->rows = rows;
    for (int c = 0; c < table->column_count; c++)
        cells[c] = (ms_cell){.number = NAN, .second = NAN};
    table->rows[table->row_count++] = (ms_table_line){cells, false};
}

static ms_cell *newest(ms_table *table, int column)
{
    if (table->failed)
        return NULL;
    assert(table->row_count > 0 && column >= 0 && column < table->column_count);
    return &table->rows[table->row_count - 1].cells[column];
}

static const char *keep(ms_table *table, const char *text)
{
    if (text == NULL)
        return NULL;
    const char *copy = ms_arena_strndup(table->arena, text, strlen(text));
    table->failed = table->failed || copy == NULL;
    return copy;
}

void ms_table_text(ms_table *table, int column, const char *text)
{
    ms_cell *cell = newest(table, column);
    if (cell != NULL)
        cell->text = keep(table, text);
}

void ms_table_show(ms_table *table, int column, const char *text)
{
    ms_cell *cell = newest(table, column);
    if (cell != NULL)
        cell->shown = keep(table, text);
}

void ms_table_number(ms_table *table, int column, double number)
{
    ms_cell *cell = newest(table, column);
    if (cell != NULL)
        cell->number = number;
}

void ms_table_bar(ms_table *table, int column, double own, double all)
{
    ms_cell *cell = newest(table, column);
    if (cell == NULL)
        return;
    cell->number = all;
    cell->second = own;
}

void ms_table_spark(ms_table *table, int column, const double *values, int count, double top)
{
    ms_cell *cell = newest(table, column);
    if (cell == NULL || count <= 0)
        return;
    double *copy = ms_arena_alloc(table->arena, (size_t)count, sizeof *copy);
    if (copy == NULL) {
        table->failed = true;
        return;
    }
    memcpy(copy, values, (size_t)count * sizeof *copy);
    cell->values = copy;
    cell->number = count;
    cell->second = top;
}

void ms_table_tone(ms_table *table, int column, ms_tone tone)
{
    for (int c = 0; c < table->column_count; c++) {
        ms_cell *cell = column < 0 || c == column ? newest(table, c) : NULL;
        if (cell != NULL)
            cell->tone = tone;
    }
}

void ms_table_rule(ms_table *table)
{
    if (!table->failed && table->row_count > 0)
        table->rows[table->row_count - 1].rule = true;
}

double ms_table_tidy(double number)
{
    return fabs(number) < 1e9 ? round(number * 1e6) / 1e6 : number;
}

void ms_table_share_text(char out[32], double share)
{
    char text[MS_NUMBER_BYTES];
    double tenths = round(share * 1000.0);
    if (share < 1.0 && tenths >= 1000.0)
        tenths = 999.0;
    if (share > 0.0 && tenths < 1.0)
        strcpy(out, "<0.1");
    else
        strcpy(out, ms_number_grouped(text, tenths / 10.0, share >= 1.0 && tenths <= 1000.0 ? 0 : 1));
}

/* ---- layout ---- */

typedef struct {
    const ms_table *table;
    const ms_pen *pen;
    size_t most;                  /* rows to show */
    int widths[MS_TABLE_COLUMNS]; /* 0: left out */
    int natural[MS_TABLE_COLUMNS];
    int digits[MS_TABLE_COLUMNS]; /* of number columns */
    bool units;                   /* in a line of their own below the heads; else beside them */
    ms_buf text;                  /* the cell at hand */
} layout;

static bool is_text(ms_column_kind kind)
{
    return kind == MS_COLUMN_TEXT || kind == MS_COLUMN_EXACT;
}

static bool right_aligned(const ms_column *column)
{
    return column->kind == MS_COLUMN_NUMBER || column->kind == MS_COLUMN_WHOLE || column->kind == MS_COLUMN_DAY ||
           column->kind == MS_COLUMN_SHARE || column->kind == MS_COLUMN_EXACT;
}

/* A value that the digits of its column would turn into zero must not look like nothing at all. */
static const char *number_text(char out[CELL_BYTES], double number, int digits)
{
    char text[MS_NUMBER_BYTES];
    double step = pow(10.0, -digits);
    if (number != 0.0 && fabs(number) < step / 2.0) {
        strcpy(out, number < 0 ? ">-" : "<");
        strcat(out, ms_number_text(text, step));
    } else {
        strcpy(out, ms_number_grouped(text, number, digits));
    }
    return out;
}

/* Digits behind the point that serve the largest number of a column. */
static int column_digits(const layout *l, int column)
{
    double largest = 0.0, finest = 0.0;
    for (size_t r = 0; r < l->most; r++) {
        const ms_cell *cell = &l->table->rows[r].cells[column];
        if (cell->shown != NULL || !isfinite(cell->number))
            continue;
        largest = fmax(largest, fabs(cell->number));
        double tidy = ms_table_tidy(cell->number);
        finest = fmax(finest, fabs(tidy - round(tidy)));
    }
    if (finest == 0.0 || largest >= 1000.0)
        return 0;
    return largest >= 10.0 ? 1 : largest >= 0.1 ? 2 : 4;
}

/* The clean text of a cell; "" for bars and sparklines. */
static const char *cell_text(layout *l, const ms_cell *cell, int column)
{
    char number[CELL_BYTES] = "", short_text[MS_NUMBER_BYTES];
    ms_column_kind kind = l->table->columns[column].kind;
    const char *text = cell->shown != NULL ? cell->shown : is_text(kind) ? cell->text : NULL;
    if (text == NULL && !isnan(cell->number)) {
        if (kind == MS_COLUMN_NUMBER || kind == MS_COLUMN_WHOLE)
            text = number_text(number, cell->number, kind == MS_COLUMN_WHOLE ? 0 : l->digits[column]);
        else if (kind == MS_COLUMN_DAY)
            text = ms_number_short(short_text, round(cell->number * 100.0) / 100.0);
        else if (kind == MS_COLUMN_SHARE)
            ms_table_share_text(number, cell->number), text = number;
        else if (kind == MS_COLUMN_BOOL)
            text = cell->number != 0.0 ? "yes" : "no";
        else if (kind == MS_COLUMN_DATE)
            text = ms_date_text(number, 0, cell->number);
    }
    ms_buf_reset(&l->text);
    ms_pen_clean(&l->text, text == NULL ? "" : text);
    return l->text.text == NULL ? "" : l->text.text;
}

static int cell_width(layout *l, const ms_cell *cell, int column)
{
    ms_column_kind kind = l->table->columns[column].kind;
    if (kind == MS_COLUMN_BAR)
        return isnan(cell->number) ? 0 : MS_TABLE_BAR_WIDTH;
    if (kind == MS_COLUMN_SPARK)
        return cell->values == NULL ? 0 : (int)fmin(cell->number, MS_TABLE_SPARK_WIDTH);
    return ms_utf8_width(cell_text(l, cell, column));
}

/* The first or the second line of a column's head. */
static const char *head_text(char out[HEAD_BYTES], const layout *l, const ms_column *column, bool second)
{
    const char *unit = column->unit == NULL ? "" : column->unit;
    if (second)
        return l->units ? unit : "";
    snprintf(out, HEAD_BYTES, "%s%s%s", column->head,
             !l->units && column->head[0] != '\0' && unit[0] != '\0' ? " " : "", l->units ? "" : unit);
    return out;
}

static int most_of(int a, int b)
{
    return a > b ? a : b;
}

static void measure(layout *l)
{
    for (int c = 0; c < l->table->column_count; c++) {
        const ms_column *column = &l->table->columns[c];
        l->natural[c] = 0;
        if (column->head == NULL)
            continue;
        l->digits[c] = column_digits(l, c);
        for (size_t r = 0; r < l->most; r++)
            l->natural[c] = most_of(l->natural[c], cell_width(l, &l->table->rows[r].cells[c], c));
        /* A column with nothing in any row says nothing. */
        if (l->natural[c] == 0 && column->rank > 0)
            continue;
        char head[HEAD_BYTES];
        l->natural[c] = most_of(l->natural[c], ms_utf8_width(head_text(head, l, column, false)));
        l->natural[c] = most_of(l->natural[c], ms_utf8_width(head_text(head, l, column, true)));
    }
    memcpy(l->widths, l->natural, sizeof l->widths);
}

static int total_width(const layout *l)
{
    int total = -GAP;
    for (int c = 0; c < l->table->column_count; c++)
        total += l->widths[c] > 0 ? l->widths[c] + GAP : 0;
    return total;
}

static bool flexible(const ms_column *column)
{
    return column->kind == MS_COLUMN_TEXT || column->kind == MS_COLUMN_BAR || column->kind == MS_COLUMN_SPARK;
}

/* The column of the highest rank, the last of equals, among those shown; -1: none. With `wider` >= 0 only flexible ones
 * that are wider than that. */
static int least_important(const layout *l, int wider)
{
    int found = -1;
    for (int c = 0; c < l->table->column_count; c++) {
        const ms_column *column = &l->table->columns[c];
        if (l->widths[c] == 0 || (wider >= 0 && (!flexible(column) || l->widths[c] <= wider)))
            continue;
        if (found < 0 || column->rank >= l->table->columns[found].rank)
            found = c;
    }
    return found;
}

/* Cuts flexible columns, the least important first, down to `least` columns each. */
static void cut(layout *l, int least)
{
    for (;;) {
        int excess = total_width(l) - l->pen->width;
        int c = excess > 0 ? least_important(l, least) : -1;
        if (c < 0)
            return;
        l->widths[c] = most_of(least, l->widths[c] - excess);
    }
}

/* From the least important column on: cut it to what can just be read, then leave it out. False when only columns that
 * must stay are left. What leaving out frees, the others get back. */
static bool give_up_one(layout *l)
{
    int c = least_important(l, -1);
    if (c < 0 || l->table->columns[c].rank == 0)
        return false;
    int excess = total_width(l) - l->pen->width;
    if (flexible(&l->table->columns[c]) && l->widths[c] > TEXT_LEAST) {
        l->widths[c] = most_of(TEXT_LEAST, l->widths[c] - excess);
        return true;
    }
    l->natural[c] = 0;
    memcpy(l->widths, l->natural, sizeof l->widths);
    cut(l, TEXT_NEAT);
    return true;
}

static void fit(layout *l)
{
    measure(l);
    for (int c = 0; c < l->table->column_count && total_width(l) > l->pen->width; c++)
        l->units = l->units || (l->natural[c] > 0 && l->table->columns[c].unit != NULL);
    measure(l);
    cut(l, TEXT_NEAT);
    while (total_width(l) > l->pen->width && give_up_one(l))
        ;
    /* Nothing but what must stay is left: give up width, then the last columns, then all but the pen's width. */
    cut(l, TEXT_LEAST);
    cut(l, 1);
    while (total_width(l) > l->pen->width) {
        int c = least_important(l, -1);
        if (total_width(l) == l->widths[c]) {
            l->widths[c] = l->pen->width;
            return;
        }
        l->widths[c] = 0;
        cut(l, 1);
    }
}

/* ---- the screen ---- */

/* Clean text in a field of `width` columns. What is too wide is cut, numbers become an ellipsis. */
static void put_field(layout *l, ms_tone tone, const char *text, int width, bool right)
{
    const ms_pen *pen = l->pen;
    int wide = ms_utf8_width(text);
    if (wide <= width) {
        ms_pen_repeat(pen, MS_TONE_PLAIN, " ", right ? width - wide : 0);
        ms_pen_put(pen, tone, text);
        ms_pen_repeat(pen, MS_TONE_PLAIN, " ", right ? 0 : width - wide);
        return;
    }
    char part[CELL_BYTES * 4];
    size_t bytes = right ? 0 : ms_utf8_fit(text, width - 1);
    if (bytes >= sizeof part)
        bytes = ms_utf8_valid_prefix(text, sizeof part - 1);
    memcpy(part, text, bytes);
    part[bytes] = '\0';
    int used = ms_utf8_width(part) + 1;
    ms_pen_repeat(pen, MS_TONE_PLAIN, " ", right ? width - used : 0);
    ms_pen_put(pen, tone, part);
    ms_pen_put(pen, tone, ms_pen_glyph(pen, MS_GLYPH_ELLIPSIS));
    ms_pen_repeat(pen, MS_TONE_PLAIN, " ", right ? 0 : width - used);
}

static void put_cell(layout *l, const ms_cell *cell, int column)
{
    int width = l->widths[column], drawn = cell_width(l, cell, column);
    if (drawn > width)
        drawn = width;
    switch (l->table->columns[column].kind) {
    case MS_COLUMN_BAR:
        ms_pen_bar(l->pen, drawn, cell->second, cell->number);
        break;
    case MS_COLUMN_SPARK:
        if (cell->values != NULL)
            ms_pen_spark(l->pen, cell->tone, cell->values, (int)cell->number, drawn, cell->second);
        break;
    default:
        put_field(l, cell->tone, cell_text(l, cell, column), width, right_aligned(&l->table->columns[column]));
        return;
    }
    ms_pen_repeat(l->pen, MS_TONE_PLAIN, " ", width - drawn);
}

/* Ends a line without the blanks that the last column was filled up with. */
static void end_line(const layout *l, size_t start)
{
    ms_buf *out = l->pen->out;
    if (!out->failed && out->text != NULL) {
        while (out->length > start && out->text[out->length - 1] == ' ')
            out->text[--out->length] = '\0';
    }
    ms_pen_line(l->pen);
}

static void put_heads(layout *l, bool second)
{
    char head[HEAD_BYTES];
    size_t start = l->pen->out->length;
    bool first = true;
    for (int c = 0; c < l->table->column_count; c++) {
        if (l->widths[c] == 0)
            continue;
        const ms_column *column = &l->table->columns[c];
        ms_pen_repeat(l->pen, MS_TONE_PLAIN, " ", first ? 0 : GAP);
        first = false;
        put_field(l, MS_TONE_FAINT, head_text(head, l, column, second), l->widths[c], right_aligned(column));
    }
    end_line(l, start);
}

static void put_row(layout *l, const ms_table_line *row)
{
    size_t start = l->pen->out->length;
    bool first = true;
    for (int c = 0; c < l->table->column_count; c++) {
        if (l->widths[c] == 0)
            continue;
        ms_pen_repeat(l->pen, MS_TONE_PLAIN, " ", first ? 0 : GAP);
        first = false;
        put_cell(l, &row->cells[c], c);
    }
    end_line(l, start);
}

void ms_table_print(const ms_table *table, const ms_pen *pen, size_t most)
{
    layout l = {.table = table, .pen = pen, .most = most == 0 || most > table->row_count ? table->row_count : most};
    if (table->failed) {
        pen->out->failed = true;
        return;
    }
    fit(&l);
    put_heads(&l, false);
    if (l.units)
        put_heads(&l, true);
    int total = total_width(&l);
    ms_pen_repeat(pen, MS_TONE_FAINT, ms_pen_glyph(pen, MS_GLYPH_RULE), total);
    ms_pen_line(pen);
    for (size_t r = 0; r < l.most; r++) {
        if (table->rows[r].rule && r > 0) {
            ms_pen_repeat(pen, MS_TONE_FAINT, ms_pen_glyph(pen, MS_GLYPH_RULE), total);
            ms_pen_line(pen);
        }
        put_row(&l, &table->rows[r]);
    }
    pen->out->failed = pen->out->failed || l.text.failed;
    ms_buf_free(&l.text);
}

/* ---- files ---- */

static bool number_kind(ms_column_kind kind)
{
    return !is_text(kind) && kind != MS_COLUMN_BOOL && kind != MS_COLUMN_DATE;
}

void ms_table_csv_head(const ms_table *table, ms_buf *out)
{
    bool first = true;
    for (int c = 0; c < table->column_count; c++) {
        if (table->columns[c].name == NULL)
            continue;
        ms_csv_put(out, table->columns[c].name, first);
        first = false;
    }
    ms_csv_end(out);
}

/* A spreadsheet would run it: =, @, + and - begin a formula, but for a number. */
static bool is_formula(const char *text)
{
    double number;
    return text[0] != '\0' && strchr("=@+-", text[0]) != NULL && ms_number_parse(&number, text, strlen(text)) != NULL;
}

/* Names are cleaned here too: people let CSV run over their terminals. What a spreadsheet would take for a formula has
 * an apostrophe before it. */
static void csv_cell(ms_buf *out, const ms_cell *cell, ms_column_kind kind, bool first)
{
    if (number_kind(kind) && isfinite(cell->number)) {
        ms_csv_put_number(out, ms_table_tidy(cell->number), first);
    } else if (kind == MS_COLUMN_BOOL && !isnan(cell->number)) {
        ms_csv_put(out, cell->number != 0.0 ? "yes" : "no", first);
    } else if (kind == MS_COLUMN_DATE && !isnan(cell->number)) {
        char date[MS_DATE_BYTES];
        ms_csv_put(out, ms_date_text(date, 0, cell->number), first);
    } else if (is_text(kind) && cell->text != NULL && cell->text[0] != '\0') {
        ms_buf clean = {0};
        ms_buf_text(&clean, is_formula(cell->text) ? "'" : "");
        ms_pen_clean(&clean, cell->text);
        ms_csv_put(out, clean.text == NULL ? "" : clean.text, first);
        out->failed = out->failed || clean.failed;
        ms_buf_free(&clean);
    } else {
        ms_csv_put(out, "", first);
    }
}

void ms_table_csv_rows(const ms_table *table, ms_buf *out)
{
    out->failed = out->failed || table->failed;
    for (size_t r = 0; r < table->row_count && !out->failed; r++) {
        bool first = true;
        for (int c = 0; c < table->column_count; c++) {
            if (table->columns[c].name == NULL)
                continue;
            csv_cell(out, &table->rows[r].cells[c], table->columns[c].kind, first);
            first = false;
        }
        ms_csv_end(out);
    }
}

void ms_table_json_members(const ms_table *table, size_t row, ms_json *json)
{
    for (int c = 0; c < table->column_count && !table->failed; c++) {
        const ms_column *column = &table->columns[c];
        const ms_cell *cell = &table->rows[row].cells[c];
        char date[MS_DATE_BYTES];
        if (column->name == NULL)
            continue;
        if (number_kind(column->kind))
            ms_json_number(json, column->name, ms_table_tidy(cell->number));
        else if (column->kind == MS_COLUMN_BOOL && !isnan(cell->number))
            ms_json_bool(json, column->name, cell->number != 0.0);
        else if (column->kind == MS_COLUMN_DATE && !isnan(cell->number))
            ms_json_string(json, column->name, ms_date_text(date, 0, cell->number));
        else
            ms_json_string(json, column->name, is_text(column->kind) ? cell->text : NULL);
    }
    json->out->failed = json->out->failed || table->failed;
}

void ms_table_json_rows(const ms_table *table, ms_json *json)
{
    json->out->failed = json->out->failed || table->failed;
    for (size_t r = 0; r < table->row_count && !json->out->failed; r++) {
        ms_json_open_object(json, NULL);
        ms_table_json_members(table, r, json);
        ms_json_close_object(json);
    }
}

void ms_table_json(const ms_table *table, ms_json *json, const char *key)
{
    ms_json_open_array(json, key);
    ms_table_json_rows(table, json);
    ms_json_close_array(json);
}

/* ---- pages ---- */

static bool has_text(const ms_table *table, const ms_table_line *row, const char *search)
{
    bool found = search == NULL;
    for (int c = 0; c < table->column_count && !found; c++)
        found = table->columns[c].name != NULL && row->cells[c].text != NULL &&
                strcasestr(row->cells[c].text, search) != NULL;
    return found;
}

size_t ms_table_page(ms_table *table, const ms_view *view)
{
    size_t total = 0, kept = 0;
    for (size_t r = 0; r < table->row_count; r++) {
        if (!has_text(table, &table->rows[r], view->search))
            continue;
        if (total >= view->offset && (view->limit == 0 || total - view->offset < view->limit))
            table->rows[kept++] = table->rows[r];
        total++;
    }
    table->row_count = kept;
    return total;
}

void ms_table_json_page(ms_table *table, const ms_view *view, ms_json *json, const char *key)
{
    size_t total = ms_table_page(table, view);
    if (view->limit > 0) {
        ms_json_integer(json, "total", (long long)total);
        ms_json_integer(json, "offset", (long long)view->offset);
    }
    ms_table_json(table, json, key);
}
