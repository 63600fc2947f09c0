/* workbook_chart.c: charts of a workbook: columns beside each other or stacked. See workbook.h. */
#include "report/workbook_inside.h"

static const double FONT = 9.0;
static const int WIDTH = 912, HEIGHT = 331, USUAL_WIDTH = 480, USUAL_HEIGHT = 288; /* pixels; usual: the library's */

static const lxw_color_t INK = 0x16202A, MUTE = 0x4C5A67, RULE = 0xD3DBE2;

static bool put_series(ms_workbook *book, lxw_chart *chart, const ms_workbook_chart *of)
{
    const char *sheet = of->sheet != NULL ? of->sheet : book->name;
    lxw_row_t head = (lxw_row_t)of->head, last = (lxw_row_t)of->last;
    for (int s = 0; s < of->count; s++) {
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_chart_fill fill = {.color = of->colours[s] == 0 ? (lxw_color_t)LXW_COLOR_BLACK : of->colours[s]};
        lxw_col_t column = (lxw_col_t)(of->first + s), category = (lxw_col_t)of->category;
        if (series == NULL)
            return false;
        chart_series_set_categories(series, sheet, head + 1, category, last, category);
        chart_series_set_values(series, sheet, head + 1, column, last, column);
        chart_series_set_name_range(series, sheet, head, column);
        chart_series_set_fill(series, &fill);
    }
    chart_set_series_gap(chart, of->stacked ? 20 : 60);
    return true;
}

static void put_fonts(lxw_chart *chart, char *name)
{
    lxw_chart_font title = {.name = name, .size = FONT + 2.0, .bold = LXW_TRUE, .color = INK};
    lxw_chart_font small = {.name = name, .size = FONT, .color = MUTE};
    chart_title_set_name_font(chart, &title);
    chart_legend_set_font(chart, &small);
    chart_axis_set_num_font(chart->x_axis, &small);
    chart_axis_set_num_font(chart->y_axis, &small);
    chart_axis_set_name_font(chart->y_axis, &small);
}

static void put_axes(lxw_chart *chart, const ms_workbook_chart *of)
{
    enum { LABELS = 12 };
    lxw_chart_line grid = {.color = RULE, .width = 0.75};
    int count = of->last - of->head;
    chart_axis_set_name(chart->y_axis, of->unit);
    chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
    chart_axis_set_num_format(chart->y_axis, of->share ? "0%" : "#,##0");
    if (of->dates) {
        chart_axis_set_num_format(chart->x_axis, "m/d");
        chart_axis_set_interval_unit(chart->x_axis, (uint16_t)((count + LABELS - 1) / LABELS));
        chart_axis_set_interval_tick(chart->x_axis, (uint16_t)((count + LABELS - 1) / LABELS));
    }
    if (of->share) {
        chart_axis_set_min(chart->y_axis, 0);
        chart_axis_set_max(chart->y_axis, 1);
    }
}

void ms_workbook_put_chart(ms_workbook *book, const ms_workbook_chart *of)
{
    if (book->failure != LXW_NO_ERROR || book->sheet == NULL || of->last <= of->head || of->count == 0)
        return;
    lxw_chart *chart = workbook_add_chart(book->book,
                                          (uint8_t)(of->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN));
    lxw_chart_options options = {.x_scale = (double)(of->width > 0 ? of->width : WIDTH) / USUAL_WIDTH,
                                 .y_scale = (double)(of->height > 0 ? of->height : HEIGHT) / USUAL_HEIGHT,
                                 .x_offset = 4,
                                 .y_offset = 4};
    if (chart == NULL || !put_series(book, chart, of)) {
        ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    chart_title_set_name(chart, of->title);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    put_axes(chart, of);
    put_fonts(chart, (char *)(uintptr_t)book->font);
    ms_workbook_note(
        book, worksheet_insert_chart_opt(book->sheet, (lxw_row_t)of->row, (lxw_col_t)of->column, chart, &options));
}
