/* report_posture.c: days of supply as a table, a heat map, CSV and JSON. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/heatmap.h"
#include "report/posture.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

enum { ROWS_SHOWN = 30, LINES_SHOWN = 60, DAYS_SHOWN = 4 };

/* One request, as the functions below need it. */
typedef struct {
    const ms_case *kase;
    const ms_plan *plan;
    ms_posture_options options;
    int32_t partner_ix; /* -1: combined, and each partner where there is room */
    double target_days;
} request;

static const char *const state_words[MS_STATES] = {
    [MS_STATE_NONE] = "none", [MS_STATE_GREEN] = "green", [MS_STATE_AMBER] = "amber", [MS_STATE_RED] = "red"};
static const ms_tone state_tones[MS_STATES] = {[MS_STATE_NONE] = MS_TONE_FAINT,
                                               [MS_STATE_GREEN] = MS_TONE_GOOD,
                                               [MS_STATE_AMBER] = MS_TONE_FAIR,
                                               [MS_STATE_RED] = MS_TONE_BAD};

static const char *thing_id(const ms_case *kase, const ms_posture_row *row)
{
    return row->item_ix < 0 ? ms_class_words[row->class_ix] : kase->items[row->item_ix].id;
}

static const char *partner_id(const ms_case *kase, int32_t partner_ix)
{
    return partner_ix < 0 ? "*" : kase->partners[partner_ix].id;
}

static void put_dos(char out[MS_NUMBER_BYTES + 2], const ms_posture_row *row, int i)
{
    double days = row->days[i];
    if (isnan(days)) {
        strcpy(out, "-");
        return;
    }
    ms_number_grouped(out, days < 9.95 ? floor(days * 10.0 + 1e-6) / 10.0 : floor(days + 1e-6), days < 9.95 ? 1 : 0);
    if (row->outlasts[i])
        strcat(out, "+");
}

/* ---- the count of red, amber and green ---- */

enum { WHO, ROWS, GREEN, AMBER, RED, EVER_RED, EVER_SHORT, SUM_FIRST_RED, SUM_FIRST_SHORT };

static const ms_column sum_columns[] = {
    [WHO] = {"partner", "", NULL, MS_COLUMN_TEXT, 0},
    [ROWS] = {"rows", "needs", NULL, MS_COLUMN_WHOLE, 2},
    [GREEN] = {"green", "green", "day 0", MS_COLUMN_WHOLE, 1},
    [AMBER] = {"amber", "amber", "day 0", MS_COLUMN_WHOLE, 1},
    [RED] = {"red", "red", "day 0", MS_COLUMN_WHOLE, 1},
    [EVER_RED] = {"ever_red", "red", "ever", MS_COLUMN_WHOLE, 3},
    [EVER_SHORT] = {"ever_short", "short", "ever", MS_COLUMN_WHOLE, 1},
    [SUM_FIRST_RED] = {"first_red_day", "red", "from day", MS_COLUMN_DAY, 2},
    [SUM_FIRST_SHORT] = {"first_short_day", "short", "from day", MS_COLUMN_DAY, 1},
};
enum { SUM_COLUMNS = sizeof sum_columns / sizeof sum_columns[0] };

static void fill_sum(ms_table *table, const ms_posture *posture, const char *who)
{
    double counts[MS_STATES] = {0}, ever_red = 0, ever_short = 0;
    int first_red = -1, first_short = -1;
    if (posture->sample_count == 0)
        return;
    for (size_t r = 0; r < posture->row_count; r++) {
        const ms_posture_row *row = &posture->rows[r];
        counts[row->state[0]]++;
        ever_red += row->first_red >= 0;
        ever_short += row->first_short >= 0;
        if (row->first_red >= 0 && (first_red < 0 || row->first_red < first_red))
            first_red = row->first_red;
        if (row->first_short >= 0 && (first_short < 0 || row->first_short < first_short))
            first_short = row->first_short;
    }
    ms_table_row(table);
    ms_table_text(table, WHO, who);
    ms_table_number(table, ROWS, (double)posture->row_count);
    ms_table_number(table, GREEN, counts[MS_STATE_GREEN]);
    ms_table_number(table, AMBER, counts[MS_STATE_AMBER]);
    ms_table_number(table, RED, counts[MS_STATE_RED]);
    ms_table_number(table, EVER_RED, ever_red);
    ms_table_number(table, EVER_SHORT, ever_short);
    if (first_red >= 0)
        ms_table_number(table, SUM_FIRST_RED, ms_posture_day(posture, first_red));
    if (first_short >= 0)
        ms_table_number(table, SUM_FIRST_SHORT, ms_posture_day(posture, first_short));
    ms_table_tone(table, GREEN, MS_TONE_GOOD);
    ms_table_tone(table, AMBER, counts[MS_STATE_AMBER] > 0 ? MS_TONE_FAIR : MS_TONE_FAINT);
    ms_table_tone(table, RED, counts[MS_STATE_RED] > 0 ? MS_TONE_BAD : MS_TONE_FAINT);
    ms_table_tone(table, EVER_SHORT, ever_short > 0 ? MS_TONE_BAD : MS_TONE_FAINT);
}

/* Combined, then each partner; or the one that was asked for. */
static ms_status fill_sums(ms_table *table, const request *q, const ms_posture *chosen, bool screen, ms_error *err)
{
    if (q->partner_ix >= 0) {
        fill_sum(table, chosen, q->kase->partners[q->partner_ix].id);
        return MS_OK;
    }
    fill_sum(table, chosen, screen ? "combined" : "*");
    for (int32_t p = 0; q->kase->partners_count > 1 && p < q->kase->partners_count; p++) {
        ms_posture one;
        MS_TRY(ms_posture_make(&one, q->kase, q->plan, p, &q->options, err));
        if (one.row_count > 0)
            fill_sum(table, &one, q->kase->partners[p].id);
        ms_posture_free(&one);
    }
    return MS_OK;
}

/* ---- the table ---- */

enum { SITE, THING, NOW, FIRST_RED, FIRST_SHORT, SPARK, DAY_0, COLUMNS = DAY_0 + DAYS_SHOWN };

/* The days whose columns are shown. The last ones are left out: behind the end nothing is wanted, and plans run stocks
 * down. */
static int choose_samples(const ms_posture *posture, int out[DAYS_SHOWN])
{
    int last = posture->sample_count - 1, count = 0;
    const int wanted[DAYS_SHOWN] = {0, last / 8, last / 4, last / 2};
    for (int i = 0; i < DAYS_SHOWN && last >= 0; i++)
        if (count == 0 || wanted[i] > out[count - 1])
            out[count++] = wanted[i];
    return count;
}

static void fill_row(ms_table *table, const ms_posture *posture, const ms_posture_row *row, const request *q,
                     const int *samples, int sample_count)
{
    char text[MS_NUMBER_BYTES + 2];
    const ms_case *kase = posture->kase;
    ms_table_row(table);
    ms_table_text(table, SITE, ms_words_site(kase, row->site_ix));
    if (row->item_ix >= 0) {
        ms_table_text(table, THING, ms_words_item(kase, row->item_ix));
    } else {
        ms_buf name = {0};
        ms_buf_printf(&name, row->class_ix == MS_CLASS_WATER ? "%s" : "class %s", ms_class_words[row->class_ix]);
        ms_table_text(table, THING, ms_words_of(&name));
        table->failed = table->failed || name.failed;
        ms_buf_free(&name);
    }
    ms_table_text(table, NOW, row->short_amount[0] > 0.0 ? "short" : state_words[row->state[0]]);
    ms_table_tone(table, NOW, state_tones[row->state[0]]);
    if (row->first_red >= 0)
        ms_table_number(table, FIRST_RED, ms_posture_day(posture, row->first_red));
    if (row->first_short >= 0)
        ms_table_number(table, FIRST_SHORT, ms_posture_day(posture, row->first_short));
    ms_table_tone(table, FIRST_SHORT, MS_TONE_BAD);
    ms_table_spark(table, SPARK, row->days, posture->sample_count, 2.0 * q->target_days);
    ms_table_tone(table, SPARK, MS_TONE_OWN);
    for (int i = 0; i < sample_count; i++) {
        put_dos(text, row, samples[i]);
        ms_table_show(table, DAY_0 + i, text);
        ms_table_tone(table, DAY_0 + i, state_tones[row->state[samples[i]]]);
    }
}

/* Rows that are never red, or never wanted, come last after ranking; how many are worth a line. */
static size_t rows_to_show(const ms_posture *posture, const request *q)
{
    bool narrowed = q->options.site != NULL || q->options.item != NULL;
    return narrowed || posture->row_count <= ROWS_SHOWN ? posture->row_count : ROWS_SHOWN;
}

static void print_table(ms_posture *posture, const request *q, const ms_pen *pen)
{
    int samples[DAYS_SHOWN];
    char heads[DAYS_SHOWN][MS_NUMBER_BYTES + 4];
    int sample_count = choose_samples(posture, samples);
    ms_column columns[COLUMNS] = {
        [SITE] = {"site", "site", NULL, MS_COLUMN_TEXT, 2},
        [THING] = {"item", q->options.by == MS_POSTURE_BY_CLASS ? "class" : "item", NULL, MS_COLUMN_TEXT, 3},
        [NOW] = {"state", "now", NULL, MS_COLUMN_TEXT, 1},
        [FIRST_RED] = {"first_red_day", "red", "day", MS_COLUMN_DAY, 2},
        [FIRST_SHORT] = {"first_short_day", "short", "day", MS_COLUMN_DAY, 0},
        [SPARK] = {NULL, "trend", NULL, MS_COLUMN_SPARK, 5},
    };
    for (int i = 0; i < sample_count; i++) {
        char number[MS_NUMBER_BYTES];
        snprintf(heads[i], sizeof heads[i], "d%s", ms_number_short(number, ms_posture_day(posture, samples[i])));
        columns[DAY_0 + i] = (ms_column){NULL, heads[i], NULL, MS_COLUMN_NUMBER, i == 0 ? 1 : 4};
    }
    size_t shown = rows_to_show(posture, q);
    ms_table table;
    ms_table_start(&table, columns, DAY_0 + sample_count);
    ms_posture_rank(posture);
    for (size_t r = 0; r < shown; r++)
        fill_row(&table, posture, &posture->rows[r], q, samples, sample_count);
    ms_pen_heading(pen, q->options.by == MS_POSTURE_BY_CLASS ? "BY SITE AND CLASS" : "BY SITE AND ITEM",
                   "worst first; d0 .. are days of supply on that day");
    ms_table_print(&table, pen, 0);
    ms_table_free(&table);
    if (shown < posture->row_count) {
        ms_buf note = {0};
        ms_words_count(&note, posture->row_count - shown, "more row", "more rows");
        ms_buf_text(&note, ": choose by --site or --item, or take --csv.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&note));
        pen->out->failed = pen->out->failed || note.failed;
        ms_buf_free(&note);
    }
}

/* ---- text ---- */

static void print_headline(const request *q, const ms_pen *pen)
{
    char number[MS_NUMBER_BYTES], date[MS_DATE_BYTES];
    ms_buf text = {0};
    ms_buf_printf(&text, "Days of supply in %s, ", q->kase->name);
    ms_buf_text(&text, q->plan == NULL ? "if nothing moves" : "as planned");
    ms_pen_paragraph(pen, MS_TONE_HEAD, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    ms_buf_printf(&text, "%s days from %s. ", ms_number_short(number, q->kase->days),
                  ms_date_text(date, q->kase->start_day, 0));
    if (q->plan == NULL)
        ms_buf_text(&text, "Stock on hand, supply and commitments against each site's own demand. ");
    ms_buf_printf(&text,
                  "Green: the reserve is there or, where none is set, %s days; amber: half of it; red: less, or short.",
                  ms_number_short(number, q->target_days));
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

static ms_status print_text(const request *q, ms_posture *posture, const ms_pen *pen, ms_error *err)
{
    print_headline(q, pen);
    if (posture->row_count == 0) {
        ms_pen_line(pen);
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, "No site in this choice has a demand or a reserve.");
        return MS_OK;
    }
    if (q->options.map) {
        ms_pen_heading(pen, q->partner_ix < 0 ? "COMBINED" : partner_id(q->kase, q->partner_ix),
                       "sites by days, worst first");
        return ms_heatmap_print(posture, pen, LINES_SHOWN, err);
    }
    ms_table sums;
    ms_table_start(&sums, sum_columns, SUM_COLUMNS);
    ms_status status = fill_sums(&sums, q, posture, true, err);
    if (status == MS_OK) {
        ms_pen_heading(pen, "POSTURE", "how many needs (a site and an item) are red, amber, green");
        ms_table_print(&sums, pen, 0);
        print_table(posture, q, pen);
    }
    ms_table_free(&sums);
    return status;
}

/* ---- CSV ---- */

enum { C_SITE, C_ITEM, C_CLASS, C_PARTNER, C_DAY, C_STOCK, C_UNIT, C_DOS, C_STATE, C_SHORT, C_OUTLASTS };

static const ms_column csv_columns[] = {
    [C_SITE] = {"site", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_CLASS] = {"class", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_DAY] = {"day", NULL, NULL, MS_COLUMN_DAY, 0},
    [C_STOCK] = {"stock", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [C_UNIT] = {"unit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_DOS] = {"dos", NULL, NULL, MS_COLUMN_DAY, 0},
    [C_STATE] = {"state", NULL, NULL, MS_COLUMN_TEXT, 0},
    [C_SHORT] = {"short", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [C_OUTLASTS] = {"outlasts", NULL, NULL, MS_COLUMN_BOOL, 0},
};
enum { CSV_COLUMNS = sizeof csv_columns / sizeof csv_columns[0] };

static void csv_row(ms_table *table, const ms_posture *posture, const ms_posture_row *row, int i)
{
    const ms_case *kase = posture->kase;
    ms_table_row(table);
    ms_table_text(table, C_SITE, kase->sites[row->site_ix].id);
    ms_table_text(table, C_ITEM, row->item_ix < 0 ? NULL : kase->items[row->item_ix].id);
    ms_table_text(table, C_CLASS, ms_class_words[row->class_ix]);
    ms_table_text(table, C_PARTNER, partner_id(kase, row->partner_ix));
    ms_table_number(table, C_DAY, ms_posture_day(posture, i));
    ms_table_number(table, C_STOCK, row->stock[i]);
    ms_table_text(table, C_UNIT, row->item_ix < 0 ? "t" : kase->items[row->item_ix].unit);
    ms_table_number(table, C_DOS, row->days[i]);
    ms_table_text(table, C_STATE, state_words[row->state[i]]);
    ms_table_number(table, C_SHORT, row->short_amount[i]);
    ms_table_number(table, C_OUTLASTS, row->outlasts[i]);
}

static void csv_rows(const ms_posture *posture, ms_table *table, ms_buf *out)
{
    for (size_t r = 0; r < posture->row_count && !out->failed; r++) {
        ms_table_clear(table);
        for (int i = 0; i < posture->sample_count; i++)
            csv_row(table, posture, &posture->rows[r], i);
        ms_table_csv_rows(table, out);
    }
}

/* ---- JSON ---- */

static void json_numbers(ms_json *json, const char *key, const double *values, int count)
{
    ms_json_open_array(json, key);
    for (int i = 0; i < count; i++)
        ms_json_number(json, NULL, ms_table_tidy(values[i]));
    ms_json_close_array(json);
}

static void json_row(const ms_posture *posture, const ms_posture_row *row, ms_json *json)
{
    const ms_case *kase = posture->kase;
    int n = posture->sample_count;
    ms_json_open_object(json, NULL);
    ms_json_string(json, "site", kase->sites[row->site_ix].id);
    ms_json_string(json, row->item_ix < 0 ? "class" : "item", thing_id(kase, row));
    ms_json_string(json, "partner", partner_id(kase, row->partner_ix));
    ms_json_string(json, "unit", row->item_ix < 0 ? "t" : kase->items[row->item_ix].unit);
    ms_json_number(json, "first_red_day", row->first_red < 0 ? NAN : ms_posture_day(posture, row->first_red));
    ms_json_number(json, "first_short_day", row->first_short < 0 ? NAN : ms_posture_day(posture, row->first_short));
    json_numbers(json, "stock", row->stock, n);
    json_numbers(json, "dos", row->days, n);
    json_numbers(json, "short", row->short_amount, n);
    ms_json_open_array(json, "state");
    for (int i = 0; i < n; i++)
        ms_json_string(json, NULL, state_words[row->state[i]]);
    ms_json_close_array(json);
    ms_json_open_array(json, "outlasts");
    for (int i = 0; i < n; i++)
        ms_json_bool(json, NULL, row->outlasts[i] != 0);
    ms_json_close_array(json);
    ms_json_close_object(json);
}

static void json_head(const request *q, const ms_posture *posture, ms_json *json)
{
    char date[MS_DATE_BYTES];
    ms_json_string(json, "case", q->kase->name);
    ms_json_string(json, "start", ms_date_text(date, q->kase->start_day, 0));
    ms_json_bool(json, "planned", q->plan != NULL);
    ms_json_string(json, "by", q->options.by == MS_POSTURE_BY_CLASS ? "class" : "item");
    ms_json_number(json, "target_days", q->target_days);
    ms_json_open_array(json, "days");
    for (int i = 0; i < posture->sample_count; i++)
        ms_json_number(json, NULL, ms_table_tidy(ms_posture_day(posture, i)));
    ms_json_close_array(json);
}

/* ---- files: combined, then each partner ---- */

static ms_status write_files(const request *q, const ms_posture *chosen, ms_format format, ms_buf *out, ms_error *err)
{
    bool csv = format == MS_FORMAT_CSV;
    ms_json json;
    ms_table table;
    ms_status status = MS_OK;
    ms_table_start(&table, csv ? csv_columns : sum_columns, csv ? CSV_COLUMNS : SUM_COLUMNS);
    ms_json_start(&json, out);
    if (csv) {
        ms_table_csv_head(&table, out);
    } else {
        ms_json_open_object(&json, NULL);
        json_head(q, chosen, &json);
        status = fill_sums(&table, q, chosen, false, err);
        ms_table_json(&table, &json, "summary");
        ms_json_open_array(&json, "rows");
    }
    int32_t last = q->partner_ix >= 0 || q->kase->partners_count < 2 ? -1 : q->kase->partners_count - 1;
    for (int32_t p = -1; p <= last && status == MS_OK; p++) {
        ms_posture one = *chosen;
        if (p >= 0)
            status = ms_posture_make(&one, q->kase, q->plan, p, &q->options, err);
        if (status != MS_OK)
            break;
        if (csv)
            csv_rows(&one, &table, out);
        for (size_t r = 0; !csv && r < one.row_count && !out->failed; r++)
            json_row(&one, &one.rows[r], &json);
        if (p >= 0)
            ms_posture_free(&one);
    }
    if (!csv) {
        ms_json_close_array(&json);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    out->failed = out->failed || table.failed;
    ms_table_free(&table);
    return status;
}

/* ---- the view ---- */

static ms_status no_such_partner(const request *q, ms_error *err)
{
    const char *near = ms_names_near(&q->kase->partner_names, q->options.partner);
    return ms_error_set(err, MS_USAGE, "there is no partner %s in this case%s%s%s", q->options.partner,
                        near == NULL ? "" : "; did you mean ", near == NULL ? "" : near, near == NULL ? "" : "?");
}

ms_status ms_report_posture(ms_buf *out, const ms_case *kase, const ms_plan *plan, const ms_posture_options *options,
                            const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    request q = {.kase = plan != NULL ? plan->kase : kase, .plan = plan, .partner_ix = -1};
    if (options != NULL)
        q.options = *options;
    q.target_days = q.options.target_days > 0.0 ? q.options.target_days : 7.0;
    q.options.target_days = q.target_days;
    if (q.options.partner != NULL) {
        q.partner_ix = ms_names_find(&q.kase->partner_names, q.options.partner, strlen(q.options.partner));
        if (q.partner_ix < 0)
            return no_such_partner(&q, err);
    }
    ms_posture posture;
    ms_buf made = {0};
    MS_TRY(ms_posture_make(&posture, q.kase, plan, q.partner_ix, &q.options, err));
    ms_pen pen = ms_pen_start(&made, view);
    ms_status status = format == MS_FORMAT_TEXT ? print_text(&q, &posture, &pen, err)
                                                : write_files(&q, &posture, format, &made, err);
    ms_posture_free(&posture);
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}
