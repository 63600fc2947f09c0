/* report_named.c: the contingencies of a case, worst first: what each adds, how long it can be borne, what goes first,
 * who would suffer alone, and what the plan does instead. The same as CSV (a row for each partner and priority), JSON
 * and a tornado chart. */
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/shifts.h"
#include "report/table.h"
#include "report/tornado.h"
#include "report/words.h"
#include "stress/named.h"

/* ---- sums ---- */

static const ms_weights *weights_of(const ms_named *named)
{
    return &named->base->together.net->weights;
}

/* Added tonnes of a priority; partner_ix -1: everyone, partners: nobody's. */
static double added_t(const ms_outcome *outcome, int32_t partner_ix, int priority)
{
    double sum = 0;
    for (int32_t p = 0; p <= outcome->partner_count; p++)
        if (partner_ix < 0 || partner_ix == p)
            sum += outcome->added_harm[p].short_t[priority - 1];
    return sum;
}

static double added_late(const ms_outcome *outcome, int32_t partner_ix, int priority)
{
    double sum = 0;
    for (int32_t p = 0; p <= outcome->partner_count; p++)
        if (partner_ix < 0 || partner_ix == p)
            sum += outcome->added_harm[p].late_t_days[priority - 1];
    return sum;
}

static double alone_t(const ms_outcome *outcome, int32_t partner_ix)
{
    double sum = 0;
    for (int p = 0; p < MS_PRIORITY_COUNT; p++)
        sum += outcome->added_alone[partner_ix].short_t[p];
    return sum;
}

static double all_added(const ms_outcome *outcome, int32_t partner_ix)
{
    double sum = 0;
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++)
        sum += added_t(outcome, partner_ix, priority);
    return sum;
}

/* ---- the table ---- */

enum { NUMBER, NAME, ADDED, URGENT_T, ALL_T, LATE, FIRST_SHORT, SURVIVE, RECOVERY };

static const ms_column head_columns[] = {
    [NUMBER] = {NULL, "", NULL, MS_COLUMN_WHOLE, 0},
    [NAME] = {NULL, "contingency", NULL, MS_COLUMN_TEXT, 1},
    [ADDED] = {NULL, "weighs", NULL, MS_COLUMN_NUMBER, 2},
    [URGENT_T] = {NULL, "urgent", "t", MS_COLUMN_NUMBER, 0},
    [ALL_T] = {NULL, "all", "t", MS_COLUMN_NUMBER, 0},
    [LATE] = {NULL, "late", "t days", MS_COLUMN_NUMBER, 3},
    [FIRST_SHORT] = {NULL, "short on", "day", MS_COLUMN_TEXT, 0},
    [SURVIVE] = {NULL, "lasts", "days", MS_COLUMN_TEXT, 0},
    [RECOVERY] = {NULL, "over on", "day", MS_COLUMN_TEXT, 0},
};
enum { HEAD_COLUMNS = sizeof head_columns / sizeof head_columns[0] };

static void put_dry(ms_buf *out, const ms_named *named, const ms_outcome *outcome)
{
    if (outcome->dry_demand_ix < 0)
        return;
    const ms_demand *demand = &named->kase->demands[outcome->dry_demand_ix];
    ms_buf_printf(out, "%s at %s", ms_words_item(named->kase, demand->item_ix),
                  ms_words_site(named->kase, demand->site_ix));
}

static void put_number(ms_table *table, int column, double number, const char *none)
{
    char text[MS_NUMBER_BYTES];
    ms_table_text(table, column, isfinite(number) ? ms_number_short(text, ms_table_tidy(number)) : none);
}

/* To a tenth of a tonne: what is less lies within what two plans of one worth may differ by. */
static double shown_t(double tonnes)
{
    return nearbyint(10 * tonnes) / 10 + 0.0; /* no -0 */
}

static void fill_head(ms_table *table, const ms_named *named, size_t ix)
{
    const ms_outcome *outcome = &named->rows[ix].outcome;
    const ms_weights *weights = weights_of(named);
    double late = 0;
    bool hurts = !isnan(outcome->first_day);
    for (int rank = 0; rank < weights->priority_count; rank++)
        late += added_late(outcome, -1, weights->priorities[rank]);
    ms_table_row(table);
    ms_table_number(table, NUMBER, (double)ix + 1);
    ms_table_text(table, NAME, outcome->name);
    ms_table_number(table, ADDED, shown_t(outcome->added));
    put_number(table, FIRST_SHORT, outcome->first_day, "-");
    ms_table_number(table, URGENT_T,
                    weights->priority_count > 0 ? shown_t(added_t(outcome, -1, weights->priorities[0])) : 0);
    ms_table_number(table, ALL_T, shown_t(all_added(outcome, -1)));
    ms_table_number(table, LATE, shown_t(late));
    put_number(table, SURVIVE, outcome->survive_days, "all");
    put_number(table, RECOVERY, outcome->recovery_day, hurts ? "end" : "-");
}

/* ---- one contingency in words ---- */

static void put_added(ms_buf *out, const ms_named *named, const ms_outcome *outcome)
{
    const ms_weights *weights = weights_of(named);
    const double least_t = 0.5;
    int said = 0;
    for (int rank = 0; rank < weights->priority_count; rank++) {
        double more_t = added_t(outcome, -1, weights->priorities[rank]);
        if (fabs(more_t) < least_t)
            continue;
        ms_buf_text(out, said++ > 0 ? ", " : "");
        ms_words_tonnes(out, fabs(more_t));
        ms_buf_printf(out, " %s of priority %d", more_t > 0 ? "more" : "less", weights->priorities[rank]);
    }
    ms_buf_text(out, said > 0 ? " fall short." : "Nothing more falls short.");
}

static void put_partners(ms_buf *out, const ms_named *named, const ms_outcome *outcome)
{
    const ms_case *kase = named->kase;
    const double least_t = 0.5;
    int said = 0;
    for (int32_t p = 0; p <= kase->partners_count; p++) {
        double more_t = all_added(outcome, p);
        if (fabs(more_t) < least_t)
            continue;
        ms_buf_printf(out, "%s%s ",
                      said++ > 0 ? ", " : " Of it: ", ms_words_partner(kase, p < kase->partners_count ? p : MS_NONE));
        ms_words_tonnes(out, more_t);
    }
    ms_buf_text(out, said > 0 ? "." : "");
}

static void put_alone(ms_buf *out, const ms_named *named, const ms_outcome *outcome)
{
    if (!outcome->added_alone)
        return;
    ms_buf_text(out, " Alone it would cost ");
    for (int32_t p = 0; p < named->kase->partners_count; p++) {
        ms_buf_printf(out, "%s%s ", p > 0 ? ", " : "", ms_words_partner(named->kase, p));
        ms_words_tonnes(out, fmax(0, shown_t(alone_t(outcome, p))));
    }
    ms_buf_text(out, ".");
}

static void put_when(ms_buf *out, const ms_named *named, const ms_outcome *outcome)
{
    const ms_case *kase = named->kase;
    char number[MS_NUMBER_BYTES];
    if (isnan(outcome->first_day))
        return;
    ms_buf_text(out, " The first shortage comes on ");
    ms_words_day(out, kase, (int)nearbyint(outcome->first_day / kase->period_days));
    if (outcome->survive_days > 0)
        ms_buf_printf(out, ", %s day%s after it begins", ms_number_short(number, outcome->survive_days),
                      outcome->survive_days <= 1 ? "" : "s");
    else
        ms_buf_text(out, ", at once");
    if (outcome->dry_demand_ix >= 0) {
        ms_buf_text(out, ": ");
        put_dry(out, named, outcome);
    }
    if (isnan(outcome->recovery_day)) {
        ms_buf_text(out, "; it lasts to the end.");
        return;
    }
    ms_buf_text(out, "; from ");
    ms_words_day(out, kase, (int)nearbyint(outcome->recovery_day / kase->period_days));
    ms_buf_text(out, " on no more falls short.");
}

static void print_row(const ms_pen *pen, const ms_named *named, size_t ix)
{
    const ms_named_row *row = &named->rows[ix];
    const ms_outcome *outcome = &row->outcome;
    ms_buf text = {0};
    ms_pen_line(pen);
    ms_buf_printf(&text, "%zu. %s", ix + 1, row->title);
    if (isfinite(outcome->from_day)) {
        ms_buf_text(&text, ", from ");
        ms_words_day(&text, named->kase, (int)floor(outcome->from_day / named->kase->period_days + 1e-9));
    }
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 3, ms_words_of(&text));
    ms_buf_reset(&text);
    put_added(&text, named, outcome);
    put_partners(&text, named, outcome);
    put_when(&text, named, outcome);
    put_alone(&text, named, outcome);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 3, 3, ms_words_of(&text));
    ms_shifts_print(row->shifts, row->shift_count, named->kase, pen, 3);
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

static void print_text(const ms_named *named, const ms_pen *pen)
{
    ms_buf text = {0};
    ms_table table;
    double widest = 0;
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(&text, "%s: ", named->kase->name);
    ms_words_count(&text, named->count, "contingency against the base plan", "contingencies against the base plan");
    if (ms_named_stopped(named))
        ms_buf_text(&text, "; stopped before the others");
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_pen_heading(pen, "WHAT EACH ADDS", "worst first");
    ms_table_start(&table, head_columns, HEAD_COLUMNS);
    for (size_t i = 0; i < named->count; i++) {
        fill_head(&table, named, i);
        widest = fmax(widest, named->rows[i].outcome.gap);
    }
    ms_table_print(&table, pen, 0);
    pen->out->failed = pen->out->failed || table.failed;
    ms_table_free(&table);
    ms_buf_reset(&text);
    ms_buf_text(&text, "weighs: what is added to the objective, weighted tonnes; each plan is proven ");
    if (widest > 1e-6)
        ms_buf_printf(&text, "within %s %% of the best", ms_number_short(number, 100 * widest));
    else
        ms_buf_text(&text, "the best");
    ms_buf_text(&text, ". urgent: of the most urgent priority. lasts: time to survive, from the beginning of the "
                       "contingency.");
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
    for (size_t i = 0; i < named->count; i++)
        print_row(pen, named, i);
}

/* ---- files ---- */

enum {
    F_RANK,
    F_NAME,
    F_PARTNER,
    F_PRIORITY,
    F_ADDED_T,
    F_ADDED_LATE,
    F_ALONE_T,
    F_ALONE_LATE,
};

static const ms_column file_columns[] = {
    [F_RANK] = {"rank", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [F_NAME] = {"contingency", NULL, NULL, MS_COLUMN_TEXT, 0},
    [F_PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [F_PRIORITY] = {"priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [F_ADDED_T] = {"added_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_ADDED_LATE] = {"added_late_t_days", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_ALONE_T] = {"alone_added_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [F_ALONE_LATE] = {"alone_added_late_t_days", NULL, NULL, MS_COLUMN_NUMBER, 0},
};
enum { FILE_COLUMNS = sizeof file_columns / sizeof file_columns[0] };

static void fill_file_rows(ms_table *table, const ms_named *named, size_t ix)
{
    const ms_outcome *outcome = &named->rows[ix].outcome;
    const ms_weights *weights = weights_of(named);
    const ms_case *kase = named->kase;
    for (int32_t p = 0; p <= kase->partners_count; p++)
        for (int rank = 0; rank < weights->priority_count; rank++) {
            int priority = weights->priorities[rank];
            ms_table_row(table);
            ms_table_number(table, F_RANK, (double)ix + 1);
            ms_table_text(table, F_NAME, outcome->name);
            ms_table_text(table, F_PARTNER, p < kase->partners_count ? kase->partners[p].id : NULL);
            ms_table_number(table, F_PRIORITY, priority);
            ms_table_number(table, F_ADDED_T, added_t(outcome, p, priority));
            ms_table_number(table, F_ADDED_LATE, added_late(outcome, p, priority));
            if (outcome->added_alone && p < kase->partners_count) {
                ms_table_number(table, F_ALONE_T, outcome->added_alone[p].short_t[priority - 1]);
                ms_table_number(table, F_ALONE_LATE, outcome->added_alone[p].late_t_days[priority - 1]);
            }
        }
}

static void write_csv(const ms_named *named, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, file_columns, FILE_COLUMNS);
    for (size_t i = 0; i < named->count; i++)
        fill_file_rows(&table, named, i);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

static void json_row(ms_json *json, const ms_named *named, size_t ix)
{
    const ms_named_row *row = &named->rows[ix];
    const ms_outcome *o = &row->outcome;
    const ms_case *kase = named->kase;
    const ms_demand *dry = o->dry_demand_ix < 0 ? NULL : &kase->demands[o->dry_demand_ix];
    ms_table table;
    ms_json_open_object(json, NULL);
    ms_json_string(json, "contingency", o->name);
    ms_json_string(json, "name", row->title);
    ms_json_open_array(json, "contingencies");
    for (size_t i = 0; i < row->contingency_count; i++)
        ms_json_string(json, NULL, kase->contingencies[row->contingency_ix[i]].id);
    ms_json_close_array(json);
    ms_json_number(json, "objective", o->objective);
    ms_json_number(json, "bound", o->bound);
    ms_json_number(json, "gap", o->gap);
    ms_json_number(json, "added", o->added);
    ms_json_number(json, "added_least", o->added_least);
    ms_json_number(json, "added_most", o->added_most);
    ms_json_number(json, "from_day", o->from_day);
    ms_json_number(json, "first_short_day", o->first_day);
    ms_json_number(json, "survive_days", o->survive_days);
    ms_json_number(json, "recovery_day", o->recovery_day);
    ms_json_string(json, "dry_demand", dry ? dry->id : NULL);
    ms_json_string(json, "dry_site", dry ? kase->sites[dry->site_ix].id : NULL);
    ms_json_string(json, "dry_item", dry ? kase->items[dry->item_ix].id : NULL);
    ms_table_start(&table, file_columns, FILE_COLUMNS);
    fill_file_rows(&table, named, ix);
    ms_table_json(&table, json, "added_by");
    ms_table_free(&table);
    ms_shifts_json(row->shifts, row->shift_count, kase, json, "shifts");
    ms_json_close_object(json);
}

static void write_json(const ms_named *named, ms_buf *out)
{
    const ms_solution *base = &named->base->together.solution;
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", named->kase->name);
    ms_json_number(&json, "base_objective", base->settled.objective);
    ms_json_number(&json, "base_bound", base->bound);
    ms_json_bool(&json, "stopped", ms_named_stopped(named));
    ms_json_open_array(&json, "contingencies");
    for (size_t i = 0; i < named->count; i++)
        json_row(&json, named, i);
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_named(ms_buf *out, const ms_named *named, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV)
        write_csv(named, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(named, &made);
    else
        print_text(named, &pen);
    return ms_report_hand_over(out, &made, err);
}

/* ---- chart ---- */

ms_status ms_report_named_svg(ms_buf *out, const ms_named *named, ms_error *err)
{
    ms_tornado_bar *bars = ms_alloc(named->count, sizeof *bars);
    if (!bars)
        return ms_error_memory(err);
    for (size_t i = 0; i < named->count; i++) {
        const ms_outcome *o = &named->rows[i].outcome;
        double value = fmax(0, o->added);
        bars[i] = (ms_tornado_bar){.label = o->name,
                                   .note = "",
                                   .value = value,
                                   .least = fmin(value, fmax(0, o->added_least)),
                                   .most = fmax(value, o->added_most)};
    }
    ms_status status = ms_tornado_svg(out, named->kase->name, "what each contingency adds to the base plan",
                                      "weighted tonnes", bars, named->count, err);
    ms_free(bars);
    return status;
}
