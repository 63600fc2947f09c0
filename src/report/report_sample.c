/* report_sample.c: an ensemble for people and programs: how much falls short how likely, what fails how often, and what
 * explains the worst. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"
#include "stress/sample.h"

enum { DEMANDS_SHOWN = 12 };

typedef struct {
    const ms_sample *sample;
    ms_table spreads, events, demands;
    ms_spread added;
    size_t tail;
    ms_error *err;
} story;

/* ---- distribution ---- */

enum { WHO, PARTNER, PRIORITY, MEASURE, BASE, MEAN, HALF, Q05, Q25, Q50, Q75, Q95, WORST, CVAR, CVAR_HALF };

static const ms_column spread_columns[] = {
    [WHO] = {NULL, "", NULL, MS_COLUMN_TEXT, 0},
    [PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PRIORITY] = {"priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [MEASURE] = {"measure", NULL, NULL, MS_COLUMN_TEXT, 0},
    [BASE] = {"base", "base", NULL, MS_COLUMN_NUMBER, 2},
    [MEAN] = {"mean", "mean", NULL, MS_COLUMN_NUMBER, 0},
    [HALF] = {"mean_half_width_95", "\xC2\xB1", NULL, MS_COLUMN_NUMBER, 1},
    [Q05] = {"quantile_5", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [Q25] = {"quantile_25", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [Q50] = {"quantile_50", "50 %", NULL, MS_COLUMN_NUMBER, 1},
    [Q75] = {"quantile_75", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [Q95] = {"quantile_95", "95 %", NULL, MS_COLUMN_NUMBER, 1},
    [WORST] = {"worst", "worst", NULL, MS_COLUMN_NUMBER, 2},
    [CVAR] = {"cvar_95", "CVaR", NULL, MS_COLUMN_NUMBER, 0},
    [CVAR_HALF] = {"cvar_half_width_95", "\xC2\xB1", NULL, MS_COLUMN_NUMBER, 2},
};
enum { SPREAD_COLUMNS = sizeof spread_columns / sizeof spread_columns[0] };

static void put_spread(ms_table *table, double base, const ms_spread *spread)
{
    static const int columns[MS_SPREAD_QUANTILES] = {Q05, Q25, Q50, Q75, Q95};
    ms_table_number(table, BASE, ms_table_tidy(base));
    ms_table_number(table, MEAN, ms_table_tidy(spread->mean));
    ms_table_number(table, HALF, isfinite(spread->mean_half) ? ms_table_tidy(spread->mean_half) : NAN);
    for (int q = 0; q < MS_SPREAD_QUANTILES; q++)
        ms_table_number(table, columns[q], ms_table_tidy(spread->quantile[q]));
    ms_table_number(table, WORST, ms_table_tidy(spread->worst));
    ms_table_number(table, CVAR, ms_table_tidy(spread->cvar));
    ms_table_number(table, CVAR_HALF, isfinite(spread->cvar_half) ? ms_table_tidy(spread->cvar_half) : NAN);
}

static const char *who_of(const ms_sample *sample, const ms_sample_row *row)
{
    return row->partner_ix == MS_EVERYBODY ? "everyone" : ms_words_partner(sample->kase, row->partner_ix);
}

/* The files have both measures of every row, the screen the tonnes of those rows that can fall short. */
static ms_status fill_spreads(story *s, bool files)
{
    const ms_sample *sample = s->sample;
    char text[32];
    for (int32_t r = 0; r < sample->row_count; r++)
        for (int late = 0; late < (files ? 2 : 1); late++) {
            const ms_sample_row *row = &sample->rows[r];
            ms_spread spread;
            MS_TRY(ms_sample_spread(&spread, sample, r, late, s->err));
            if (!files && row->priority > 0 && spread.worst <= 0 && row->base_short_t <= 0)
                continue;
            ms_table_row(&s->spreads);
            snprintf(text, sizeof text, "  priority %d", row->priority);
            ms_table_text(&s->spreads, WHO, row->priority ? text : who_of(sample, row));
            ms_table_text(&s->spreads, PARTNER, row->partner_ix == MS_EVERYBODY ? "*" : who_of(sample, row));
            if (row->priority)
                ms_table_number(&s->spreads, PRIORITY, row->priority);
            ms_table_text(&s->spreads, MEASURE, late ? "late_t_days" : "short_t");
            put_spread(&s->spreads, late ? row->base_late_t_days : row->base_short_t, &spread);
            if (!row->priority && r > 0)
                ms_table_rule(&s->spreads);
        }
    return MS_OK;
}

/* ---- what explains the worst ---- */

enum { CONTINGENCY, NAME, CHANCE, SEEN, SEEN_IN_TAIL, TAIL_SHARE, LIFT, WITH, WITHOUT };

static const ms_column event_columns[] = {
    [CONTINGENCY] = {"contingency", "", NULL, MS_COLUMN_TEXT, 0},
    [NAME] = {"name", NULL, NULL, MS_COLUMN_TEXT, 0},
    [CHANCE] = {"chance", "chance", "%", MS_COLUMN_SHARE, 2},
    [SEEN] = {"scenarios", "drawn", NULL, MS_COLUMN_WHOLE, 3},
    [SEEN_IN_TAIL] = {"scenarios_in_tail", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [TAIL_SHARE] = {"share_of_tail", "of the worst", "%", MS_COLUMN_SHARE, 0},
    [LIFT] = {"times_as_often", "times as often", NULL, MS_COLUMN_NUMBER, 1},
    [WITH] = {"mean_added_with", "adds with it", NULL, MS_COLUMN_NUMBER, 0},
    [WITHOUT] = {"mean_added_without", "without", NULL, MS_COLUMN_NUMBER, 2},
};
enum { EVENT_COLUMNS = sizeof event_columns / sizeof event_columns[0] };

static ms_status fill_events(story *s)
{
    const ms_sample *sample = s->sample;
    const ms_case *kase = sample->kase;
    ms_sample_event *events = ms_alloc((size_t)kase->contingencies_count, sizeof *events);
    if (!events)
        return ms_error_memory(s->err);
    ms_status status = ms_sample_events(events, &s->tail, sample, s->err);
    for (int32_t i = 0; status == MS_OK && i < kase->contingencies_count; i++) {
        const ms_sample_event *event = &events[i];
        const ms_contingency *contingency = &kase->contingencies[event->contingency_ix];
        if (!(contingency->chance > 0))
            continue;
        double tail_share = s->tail ? (double)event->seen_in_tail / (double)s->tail : NAN;
        double share = (double)event->seen / (double)sample->taken;
        ms_table_row(&s->events);
        ms_table_text(&s->events, CONTINGENCY, contingency->id);
        ms_table_text(&s->events, NAME, contingency->name);
        ms_table_number(&s->events, CHANCE, contingency->chance);
        ms_table_number(&s->events, SEEN, (double)event->seen);
        ms_table_number(&s->events, SEEN_IN_TAIL, (double)event->seen_in_tail);
        ms_table_number(&s->events, TAIL_SHARE, tail_share);
        ms_table_number(&s->events, LIFT, share > 0 ? ms_table_tidy(tail_share / share) : NAN);
        ms_table_number(&s->events, WITH, ms_table_tidy(event->added_with));
        ms_table_number(&s->events, WITHOUT, ms_table_tidy(event->added_without));
    }
    ms_free(events);
    return status;
}

/* ---- which demands fail ---- */

enum {
    DEMAND,
    WHAT,
    DEMAND_PARTNER,
    SITE,
    ITEM,
    DEMAND_PRIORITY,
    FAILS_IN_BASE,
    FAILS,
    FAILS_LEAST,
    FAILS_MOST,
    FAILS_T
};

static const ms_column demand_columns[] = {
    [DEMAND] = {"demand", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WHAT] = {NULL, "", NULL, MS_COLUMN_TEXT, 1},
    [DEMAND_PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [SITE] = {"site", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [DEMAND_PRIORITY] = {"priority", "priority", NULL, MS_COLUMN_WHOLE, 2},
    [FAILS_IN_BASE] = {"fails_in_base", NULL, NULL, MS_COLUMN_BOOL, 0},
    [FAILS] = {"share_failing", "fails in", "%", MS_COLUMN_SHARE, 0},
    [FAILS_LEAST] = {"share_failing_least_95", "from", "%", MS_COLUMN_SHARE, 3},
    [FAILS_MOST] = {"share_failing_most_95", "to", "%", MS_COLUMN_SHARE, 3},
    [FAILS_T] = {"mean_short_when_failing_t", "then short", "t", MS_COLUMN_NUMBER, 1},
};
enum { DEMAND_COLUMNS = sizeof demand_columns / sizeof demand_columns[0] };

typedef struct {
    const ms_sample *sample;
    int32_t j;
} failing;

/* Those first that fail because of contingencies, the most urgent first, then the most frequent. */
static int by_concern(const void *left, const void *right)
{
    const failing *a = left, *b = right;
    const ms_sample *sample = a->sample;
    const ms_demand *da = &sample->kase->demands[a->j], *db = &sample->kase->demands[b->j];
    if (sample->base_failing[a->j] != sample->base_failing[b->j])
        return sample->base_failing[a->j] ? 1 : -1;
    if (da->priority != db->priority)
        return da->priority < db->priority ? -1 : 1;
    if (sample->fails[a->j] != sample->fails[b->j])
        return sample->fails[a->j] > sample->fails[b->j] ? -1 : 1;
    return a->j < b->j ? -1 : 1;
}

static void fill_demand(story *s, int32_t j)
{
    const ms_sample *sample = s->sample;
    const ms_case *kase = sample->kase;
    const ms_demand *demand = &kase->demands[j];
    double least, most;
    ms_buf what = {0};
    ms_spread_share(&least, &most, sample->fails[j], sample->taken);
    ms_buf_printf(&what, "%s for %s at %s", ms_words_item(kase, demand->item_ix),
                  ms_words_partner(kase, demand->partner_ix), ms_words_site(kase, demand->site_ix));
    ms_table_row(&s->demands);
    ms_table_text(&s->demands, DEMAND, demand->id);
    ms_table_text(&s->demands, WHAT, ms_words_of(&what));
    ms_table_text(&s->demands, DEMAND_PARTNER, demand->partner_ix < 0 ? NULL : kase->partners[demand->partner_ix].id);
    ms_table_text(&s->demands, SITE, kase->sites[demand->site_ix].id);
    ms_table_text(&s->demands, ITEM, kase->items[demand->item_ix].id);
    ms_table_number(&s->demands, DEMAND_PRIORITY, demand->priority);
    ms_table_number(&s->demands, FAILS_IN_BASE, sample->base_failing[j]);
    ms_table_number(&s->demands, FAILS, (double)sample->fails[j] / (double)sample->taken);
    ms_table_number(&s->demands, FAILS_LEAST, least);
    ms_table_number(&s->demands, FAILS_MOST, most);
    ms_table_number(&s->demands, FAILS_T, ms_table_tidy(sample->fails_t[j] / (double)sample->fails[j]));
    s->demands.failed = s->demands.failed || what.failed;
    ms_buf_free(&what);
}

/* The screen leaves out what fails anyway. */
static ms_status fill_demands(story *s, bool files)
{
    const ms_sample *sample = s->sample;
    size_t count = 0;
    failing *rows = ms_alloc((size_t)sample->kase->demands_count, sizeof *rows);
    if (!rows)
        return ms_error_memory(s->err);
    for (int32_t j = 0; j < sample->kase->demands_count; j++)
        if (sample->fails[j] > 0 && (files || !sample->base_failing[j]))
            rows[count++] = (failing){sample, j};
    qsort(rows, count, sizeof *rows, by_concern);
    for (size_t i = 0; i < count; i++)
        fill_demand(s, rows[i].j);
    ms_free(rows);
    return MS_OK;
}

/* ---- text ---- */

static void put_head(const story *s, const ms_pen *pen)
{
    const ms_sample *sample = s->sample;
    char number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    ms_pen_put(pen, MS_TONE_STRONG, sample->kase->name);
    ms_pen_line(pen);
    ms_words_count(&text, sample->taken, "scenario", "scenarios");
    ms_buf_printf(&text, " of seed %" PRIu64, sample->options.seed);
    if (sample->taken < sample->asked)
        ms_buf_printf(&text, ", of %s asked for: %s", ms_number_grouped(number, (double)sample->asked, 0),
                      sample->end.stopped   ? "stopped"
                      : sample->end.partial ? "this part of the work is done, others are missing"
                                            : "they are enough for the precision asked for");
    ms_buf_printf(&text, ". Scenarios that are alike are solved once; each is proven within %s %% of its best plan.",
                  ms_number_short(number, 100 * sample->gap));
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

/* How much of what was solved missed the gap asked for. */
static size_t count_missed(const ms_sample *sample)
{
    size_t missed = 0;
    for (size_t i = 0; i < sample->taken; i++)
        missed += !sample->results[sample->result_of[i]].reached;
    return missed;
}

static void put_notes(const story *s, const ms_pen *pen)
{
    ms_buf text = {0};
    size_t missed = count_missed(s->sample);
    if (missed > 0) {
        ms_words_count(&text, missed, "scenario is", "scenarios are");
        ms_buf_text(&text, " proven less well than asked.");
        ms_pen_paragraph(pen, MS_TONE_FAIR, 0, 0, ms_words_of(&text));
    }
    ms_buf_reset(&text);
    ms_buf_text(&text,
                "CVaR is the mean of the worst 5 %; \xC2\xB1 is half of an interval of 95 %; --csv and --json have "
                "more quantiles, and tonne-days that are late.");
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

static void print_demands(const story *s, const ms_pen *pen)
{
    ms_pen_heading(pen, "DEMANDS THAT FAIL", "short by more than 1 %, and not in the base plan");
    if (s->demands.row_count == 0) {
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, "None fails that does not fail in the base plan.");
        return;
    }
    ms_table_print(&s->demands, pen, DEMANDS_SHOWN);
    if (s->demands.row_count > DEMANDS_SHOWN) {
        ms_buf more = {0};
        ms_words_count(&more, s->demands.row_count - DEMANDS_SHOWN, "more fails", "more fail");
        ms_buf_text(&more, ": --csv lists all.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&more));
        pen->out->failed = pen->out->failed || more.failed;
        ms_buf_free(&more);
    }
}

static void print_text(const story *s, const ms_pen *pen)
{
    char number[MS_NUMBER_BYTES];
    ms_buf note = {0};
    put_head(s, pen);
    if (s->sample->taken == 0)
        return;
    ms_pen_heading(pen, "SHORTFALL", "tonnes that are never met");
    ms_table_print(&s->spreads, pen, 0);
    put_notes(s, pen);
    ms_buf_printf(&note, "%s scenarios that add the most weighted tonnes",
                  ms_number_grouped(number, (double)s->tail, 0));
    ms_pen_heading(pen, "WHAT EXPLAINS THE WORST", ms_words_of(&note));
    ms_table_print(&s->events, pen, 0);
    print_demands(s, pen);
    pen->out->failed = pen->out->failed || note.failed;
    ms_buf_free(&note);
}

/* ---- files ---- */

static void put_distribution(const ms_sample *sample, ms_json *json)
{
    ms_sample_bins bins;
    ms_sample_fill_bins(&bins, sample);
    ms_json_open_object(json, "distribution");
    ms_json_string(json, "measure", "short_t");
    ms_json_number(json, "from", 0);
    ms_json_number(json, "to", ms_table_tidy(bins.top));
    ms_json_open_array(json, "scenarios");
    for (int i = 0; i < MS_SAMPLE_BINS; i++)
        ms_json_integer(json, NULL, (long long)bins.counts[i]);
    ms_json_close_array(json);
    ms_json_close_object(json);
}

static void put_json(const story *s, ms_buf *out)
{
    const ms_sample *sample = s->sample;
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", sample->kase->name);
    ms_json_integer(&json, "seed", (long long)sample->options.seed);
    ms_json_integer(&json, "scenarios_asked", (long long)sample->asked);
    ms_json_integer(&json, "scenarios", (long long)sample->taken);
    ms_json_integer(&json, "proven_less_well", (long long)count_missed(sample));
    ms_json_bool(&json, "stopped", sample->end.stopped);
    ms_json_bool(&json, "partial", sample->end.partial);
    ms_json_number(&json, "gap", sample->gap);
    ms_json_number(&json, "base_objective", sample->base_objective);
    ms_json_number(&json, "base_bound", sample->base_bound);
    ms_json_number(&json, "mean_added", s->added.mean);
    ms_json_number(&json, "mean_added_half_width_95", s->added.mean_half);
    ms_json_number(&json, "cvar_95_added", s->added.cvar);
    ms_json_number(&json, "cvar_95_added_half_width_95", s->added.cvar_half);
    ms_table_json(&s->spreads, &json, "shortfall");
    put_distribution(sample, &json);
    ms_json_integer(&json, "tail_scenarios", (long long)s->tail);
    ms_table_json(&s->events, &json, "contingencies");
    ms_table_json(&s->demands, &json, "demands");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static void put_csv(const story *s, ms_buf *out)
{
    ms_table_csv_head(&s->spreads, out);
    ms_table_csv_rows(&s->spreads, out);
}

static ms_status fill(story *s, bool files)
{
    if (s->sample->taken == 0)
        return MS_OK;
    MS_TRY(ms_sample_spread_added(&s->added, s->sample, s->err));
    MS_TRY(fill_spreads(s, files));
    MS_TRY(fill_events(s));
    return fill_demands(s, files);
}

ms_status ms_report_sample(ms_buf *out, const ms_sample *sample, const ms_view *view, ms_error *err)
{
    ms_buf made = {0};
    story s = {.sample = sample, .err = err, .added = {.mean = NAN, .mean_half = NAN, .cvar = NAN, .cvar_half = NAN}};
    ms_format format = view ? view->format : MS_FORMAT_TEXT;
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&s.spreads, spread_columns, SPREAD_COLUMNS);
    ms_table_start(&s.events, event_columns, EVENT_COLUMNS);
    ms_table_start(&s.demands, demand_columns, DEMAND_COLUMNS);
    ms_status status = fill(&s, format != MS_FORMAT_TEXT);
    if (format == MS_FORMAT_JSON)
        put_json(&s, &made);
    else if (format == MS_FORMAT_CSV)
        put_csv(&s, &made);
    else
        print_text(&s, &pen);
    made.failed = made.failed || s.spreads.failed || s.events.failed || s.demands.failed;
    ms_table_free(&s.spreads);
    ms_table_free(&s.events);
    ms_table_free(&s.demands);
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}
