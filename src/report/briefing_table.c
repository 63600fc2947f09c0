/* briefing_table.c: sections of a briefing as tables of its page, with bars and strips drawn in their cells.
 *
 * A strip has one bar a day, whose height says what its colour says: full for red, half for amber, low for green; or
 * the share of a limit that is used. Bars of equal height beside each other are one rectangle. */
#include <math.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/svg.h"
#include "report/words.h"

static const double BAR_W = 100.0, BAR_H = 12.0;

static bool shown(const ms_column *column, bool front)
{
    return column->head != NULL && (column->rank & (front ? MS_ON_FRONT : MS_IN_DETAILS)) != 0;
}

static bool to_the_right(const ms_column *column)
{
    return column->kind == MS_COLUMN_NUMBER || column->kind == MS_COLUMN_WHOLE || column->kind == MS_COLUMN_DAY ||
           column->kind == MS_COLUMN_SHARE || column->kind == MS_COLUMN_EXACT;
}

/* True when no row that is shown has anything in the column. */
static bool empty_column(const ms_table *table, int column, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        const ms_cell *cell = &table->rows[r].cells[column];
        if ((cell->text != NULL && cell->text[0] != '\0') || !isnan(cell->number) || cell->shown != NULL)
            return false;
    }
    return true;
}

/* ---- drawn cells ---- */

static void put_rect(ms_buf *out, double x, double width, double height, double of, const char *class)
{
    ms_svg_box(out, x, of - height, width, height, class);
}

static void open_strip(ms_buf *out, const char *class, double width, double height)
{
    ms_buf_printf(out, "<svg class=\"%s\" aria-hidden=\"true\" preserveAspectRatio=\"none\" viewBox=\"0 0 ", class);
    ms_svg_number(out, width);
    ms_buf_text(out, " ");
    ms_svg_number(out, height);
    ms_buf_text(out, "\">");
}

static void put_bar(ms_buf *out, const ms_cell *cell)
{
    double own = fmin(fmax(cell->second, 0.0), 1.0) * BAR_W, all = fmin(fmax(cell->number, 0.0), 1.0) * BAR_W;
    open_strip(out, "bar", BAR_W, BAR_H);
    put_rect(out, 0.0, BAR_W, BAR_H, BAR_H, "bm");
    put_rect(out, 0.0, all, BAR_H, BAR_H, "bg");
    put_rect(out, 0.0, own, BAR_H, BAR_H, "bo");
    ms_buf_text(out, "</svg>");
}

/* Height 0..1 and class of one value of a strip. */
static double strip_height(ms_strip strip, double value, const char **class)
{
    static const char *const classes[MS_STATES] = {"s0", "s1", "s2", "s3"};
    static const double heights[MS_STATES] = {0.0, 0.3, 0.6, 1.0};
    if (strip == MS_STRIP_STATES) {
        int state = value >= 0.0 && value < MS_STATES ? (int)value : 0;
        *class = classes[state];
        return heights[state];
    }
    *class = value >= 0.999 ? "s4" : "s5";
    return isnan(value) ? 0.0 : ceil(fmin(fmax(value, 0.0), 1.0) * 12.0) / 12.0;
}

static void put_strip(ms_buf *out, const ms_cell *cell, ms_strip strip)
{
    int count = isnan(cell->number) ? 0 : (int)cell->number;
    open_strip(out, "strip", count > 0 ? count : 1, BAR_H);
    for (int i = 0, next; i < count && cell->values != NULL; i = next) {
        const char *class = "", *other = "";
        double height = strip_height(strip, cell->values[i], &class);
        for (next = i + 1; next < count && strip_height(strip, cell->values[next], &other) == height;)
            next++;
        if (height > 0.0)
            put_rect(out, i, next - i, height * BAR_H, BAR_H, class);
    }
    ms_buf_text(out, "</svg>");
}

/* ---- cells ---- */

static void put_number(ms_buf *out, const ms_column *column, double number)
{
    char text[MS_NUMBER_BYTES];
    if (isnan(number))
        return;
    if (column->kind == MS_COLUMN_SHARE)
        ms_words_percent(out, number);
    else if (column->kind == MS_COLUMN_WHOLE)
        ms_buf_text(out, ms_number_grouped(text, number, 0));
    else
        ms_buf_text(out, ms_number_short(text, ms_table_tidy(number)));
}

static void put_cell(ms_buf *out, const ms_section *section, const ms_column *column, const ms_cell *cell, bool first)
{
    const char *tone = cell->tone == MS_TONE_BAD ? "bad" : "";
    const char *tag = first ? "th" : "td", *right = to_the_right(column) ? "n" : "";
    ms_buf_printf(out, "<%s%s", tag, first ? " scope=\"row\"" : "");
    if (tone[0] != '\0' || right[0] != '\0')
        ms_buf_printf(out, " class=\"%s%s%s\"", right, tone[0] != '\0' && right[0] != '\0' ? " " : "", tone);
    ms_buf_text(out, ">");
    if (column->kind == MS_COLUMN_BAR)
        put_bar(out, cell);
    else if (column->kind == MS_COLUMN_SPARK)
        put_strip(out, cell, section->strip);
    else if (cell->shown != NULL || cell->text != NULL)
        ms_svg_escape(out, cell->shown != NULL ? cell->shown : cell->text);
    else
        put_number(out, column, cell->number);
    ms_buf_printf(out, "</%s>", tag);
}

static void put_heads(ms_buf *out, const ms_section *section, const bool *left_out)
{
    ms_buf_text(out, "<thead><tr>");
    for (int c = 0; c < section->table.column_count; c++) {
        const ms_column *column = &section->columns[c];
        if (left_out[c])
            continue;
        bool drawn = column->kind == MS_COLUMN_SPARK || column->kind == MS_COLUMN_BAR;
        ms_buf_printf(out, "<th scope=\"col\"%s>", to_the_right(column) ? " class=\"n\"" : drawn ? " class=\"w\"" : "");
        ms_svg_escape(out, column->head);
        ms_buf_text(out, "</th>");
    }
    ms_buf_text(out, "</tr></thead>\n<tbody>\n");
}

void ms_briefing_put_table(ms_buf *out, const ms_briefing *briefing, ms_section_id id, size_t most, bool front)
{
    const ms_section *section = &briefing->sections[id];
    const ms_table *table = &section->table;
    size_t rows = most > 0 && table->row_count > most ? most : table->row_count;
    bool left_out[MS_TABLE_COLUMNS] = {false};
    char number[MS_NUMBER_BYTES];
    if (rows == 0) {
        ms_buf_text(out, "<p class=\"none\">");
        ms_svg_escape(out, ms_say_of(briefing->language, MS_SAY_NOTHING));
        ms_buf_text(out, "</p>\n");
        return;
    }
    for (int c = 0; c < table->column_count; c++)
        left_out[c] = !shown(&section->columns[c], front) || empty_column(table, c, rows);
    ms_buf_text(out, "<table>");
    put_heads(out, section, left_out);
    for (size_t r = 0; r < rows; r++) {
        bool first = true;
        ms_buf_text(out, "<tr>");
        for (int c = 0; c < table->column_count; c++) {
            if (left_out[c])
                continue;
            put_cell(out, section, &section->columns[c], &table->rows[r].cells[c], first);
            first = false;
        }
        ms_buf_text(out, "</tr>\n");
    }
    ms_buf_text(out, "</tbody></table>\n");
    if (rows < table->row_count && !(front && id == MS_SECTION_COVERAGE)) { /* behind its rows are the partners' */
        ms_buf more = {0};
        ms_say_put(&more, briefing->language, MS_SAY_MORE_ROWS,
                   ms_number_grouped(number, (double)(table->row_count - rows), 0));
        ms_buf_text(out, "<p class=\"more\">");
        ms_svg_escape(out, ms_words_of(&more));
        ms_buf_text(out, "</p>\n");
        out->failed = out->failed || more.failed;
        ms_buf_free(&more);
    }
}
