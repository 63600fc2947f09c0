/* report_replan.c: a plan taken up again, as a movement staff needs it: what falls short if the old orders stand and
 * with the new plan, and each departure that is cancelled, diverted, delayed, advanced or added.
 *
 * Days are those of the old plan, and every day has its date. On the screen equal changes on days that follow one
 * another are one line; the files have each departure. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"
#include "stress/replan.h"

enum { RUNS_SHOWN = 24 };

static const char *const change_words[MS_CHANGES] = {[MS_CHANGE_CANCEL] = "cancel",
                                                     [MS_CHANGE_DIVERT] = "divert",
                                                     [MS_CHANGE_DELAY] = "delay",
                                                     [MS_CHANGE_ADVANCE] = "advance",
                                                     [MS_CHANGE_ADD] = "add"};

/* ---- what falls short ---- */

enum { PRIORITY, BEFORE_T, UNCHANGED_T, NEW_T, SAVED_T, BEFORE_LATE, UNCHANGED_LATE, NEW_LATE };

static const ms_column short_columns[] = {
    [PRIORITY] = {"priority", "priority", NULL, MS_COLUMN_WHOLE, 0},
    [BEFORE_T] = {"before_t", "as planned", "t", MS_COLUMN_NUMBER, 1},
    [UNCHANGED_T] = {"unchanged_t", "orders stand", "t", MS_COLUMN_NUMBER, 0},
    [NEW_T] = {"new_t", "new plan", "t", MS_COLUMN_NUMBER, 0},
    [SAVED_T] = {"saved_t", "saved", "t", MS_COLUMN_NUMBER, 0},
    [BEFORE_LATE] = {"before_late_t_days", "late: planned", "t days", MS_COLUMN_NUMBER, 3},
    [UNCHANGED_LATE] = {"unchanged_late_t_days", "late: stand", "t days", MS_COLUMN_NUMBER, 2},
    [NEW_LATE] = {"new_late_t_days", "late: new", "t days", MS_COLUMN_NUMBER, 2},
};
enum { SHORT_COLUMNS = sizeof short_columns / sizeof short_columns[0] };

/* By priority: tonnes never met, and tonnes owed x days. */
typedef struct {
    double never_t[MS_PRIORITY_COUNT + 1], late_t_days[MS_PRIORITY_COUNT + 1];
} shortage;

static void sum_shortage(shortage *out, const ms_plan *plan, int from)
{
    const ms_case *kase = plan->kase;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || s->period < from || !ms_report_falls_short(plan, s))
            continue;
        const ms_demand *demand = &kase->demands[s->row_ix];
        const ms_item *item = &kase->items[demand->item_ix];
        double tonnes = s->quantity * ms_item_t_per_unit(item);
        if (item->backorder)
            out->late_t_days[demand->priority] += tonnes * kase->period_days;
        if (!item->backorder || s->period == kase->period_count - 1)
            out->never_t[demand->priority] += tonnes;
    }
}

typedef struct {
    const ms_replan *replan;
    shortage before, unchanged, new;
} sums;

static void fill_shortages(ms_table *table, const sums *s)
{
    const ms_plan *plan = s->replan->plan;
    for (int rank = 0; rank < plan->priority_count; rank++) {
        int p = plan->priorities[rank];
        ms_table_row(table);
        ms_table_number(table, PRIORITY, p);
        ms_table_number(table, BEFORE_T, s->before.never_t[p]);
        ms_table_number(table, UNCHANGED_T, s->unchanged.never_t[p]);
        ms_table_number(table, NEW_T, s->new.never_t[p]);
        ms_table_number(table, SAVED_T, s->unchanged.never_t[p] - s->new.never_t[p]);
        ms_table_number(table, BEFORE_LATE, s->before.late_t_days[p]);
        ms_table_number(table, UNCHANGED_LATE, s->unchanged.late_t_days[p]);
        ms_table_number(table, NEW_LATE, s->new.late_t_days[p]);
    }
}

/* ---- changes ---- */

enum {
    CHANGE,
    ITEM,
    OWNER,
    QUANTITY,
    UNIT,
    TONNES,
    LANE,
    DAY,
    DATE,
    TO_LANE,
    TO_DAY,
    TO_DATE,
    WHEN,
    SHOWN_T,
    GOODS,
    ORDERED
};

static const ms_column change_columns[] = {
    [CHANGE] = {"change", "do", NULL, MS_COLUMN_TEXT, 0},
    [ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [OWNER] = {"owner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [QUANTITY] = {"quantity", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [UNIT] = {"unit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [TONNES] = {"tonnes", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [LANE] = {"lane", NULL, NULL, MS_COLUMN_TEXT, 0},
    [DAY] = {"depart_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [DATE] = {"depart_date", NULL, NULL, MS_COLUMN_TEXT, 0},
    [TO_LANE] = {"new_lane", NULL, NULL, MS_COLUMN_TEXT, 0},
    [TO_DAY] = {"new_depart_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [TO_DATE] = {"new_depart_date", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WHEN] = {NULL, "leaves", NULL, MS_COLUMN_TEXT, 0},
    [SHOWN_T] = {NULL, "t", NULL, MS_COLUMN_NUMBER, 0},
    [GOODS] = {NULL, "what", NULL, MS_COLUMN_TEXT, 1},
    [ORDERED] = {NULL, "lane", NULL, MS_COLUMN_TEXT, 2},
};
enum { CHANGE_COLUMNS = sizeof change_columns / sizeof change_columns[0] };

/* The old plan's case, or the new one's where a lane is only there. */
static const ms_case *case_of(const ms_replan *r, int32_t lane_ix)
{
    return lane_ix < r->before->kase->lanes_count ? r->before->kase : r->plan->kase;
}

static void put_date(ms_table *table, int day_column, int date_column, const ms_case *kase, int period)
{
    char date[MS_DATE_BYTES];
    if (period < 0)
        return;
    ms_table_number(table, day_column, period * kase->period_days);
    ms_table_text(table, date_column, ms_date_text(date, kase->start_day, period * kase->period_days));
}

/* What is done instead: another lane, another day, or both. */
static void put_instead(ms_buf *out, const ms_replan *r, const ms_change *first, const char *arrow)
{
    const ms_case *kase = r->before->kase;
    char date[MS_DATE_BYTES], number[MS_NUMBER_BYTES];
    bool moves = first->period >= 0 && first->to_period >= 0 && first->to_period != first->period;
    if (first->kind != MS_CHANGE_DIVERT && !moves)
        return;
    ms_buf_printf(out, "%s ", arrow);
    if (first->kind == MS_CHANGE_DIVERT)
        ms_buf_printf(out, "%s%s", case_of(r, first->to_lane_ix)->lanes[first->to_lane_ix].id, moves ? ", " : "");
    if (!moves)
        return;
    double days = (first->to_period - first->period) * kase->period_days;
    ms_buf_printf(out, "%s %s (%s day%s %s)", days > 0 ? "on" : "already on",
                  ms_date_short(date, kase->start_day, first->to_period * kase->period_days),
                  ms_number_short(number, fabs(days)), fabs(days) <= 1 ? "" : "s", days > 0 ? "later" : "earlier");
}

/* Changes of the same kind on days that follow one another. */
typedef struct {
    const ms_change *first;
    int last_period; /* of departure as ordered, or as added */
    double quantity, tonnes;
} run;

static int leaves(const ms_change *change)
{
    return change->period >= 0 ? change->period : change->to_period;
}

static bool goes_on(const run *of, const ms_change *change)
{
    const ms_change *first = of->first;
    bool moves = first->period >= 0 && first->to_period >= 0;
    return first->kind == change->kind && first->item_ix == change->item_ix && first->owner_ix == change->owner_ix &&
           first->lane_ix == change->lane_ix && first->to_lane_ix == change->to_lane_ix &&
           (!moves || first->to_period - first->period == change->to_period - change->period) &&
           leaves(change) == of->last_period + 1;
}

static void fill_change(ms_table *table, const ms_replan *r, const run *of)
{
    const ms_case *kase = r->before->kase;
    const ms_change *c = of->first;
    const ms_item *item = &kase->items[c->item_ix];
    static const ms_tone tones[MS_CHANGES] = {[MS_CHANGE_CANCEL] = MS_TONE_BAD,
                                              [MS_CHANGE_DIVERT] = MS_TONE_FAIR,
                                              [MS_CHANGE_DELAY] = MS_TONE_FAIR,
                                              [MS_CHANGE_ADVANCE] = MS_TONE_FAIR,
                                              [MS_CHANGE_ADD] = MS_TONE_GOOD};
    ms_table_row(table);
    ms_table_text(table, CHANGE, change_words[c->kind]);
    ms_table_tone(table, CHANGE, tones[c->kind]);
    ms_table_text(table, ITEM, item->id);
    ms_table_text(table, OWNER, c->owner_ix >= 0 ? kase->partners[c->owner_ix].id : NULL);
    ms_table_number(table, QUANTITY, of->quantity);
    ms_table_text(table, UNIT, item->unit);
    ms_table_number(table, TONNES, of->tonnes);
    ms_table_text(table, LANE, c->lane_ix >= 0 ? case_of(r, c->lane_ix)->lanes[c->lane_ix].id : NULL);
    ms_table_text(table, TO_LANE, c->to_lane_ix >= 0 ? case_of(r, c->to_lane_ix)->lanes[c->to_lane_ix].id : NULL);
    put_date(table, DAY, DATE, kase, c->period);
    put_date(table, TO_DAY, TO_DATE, kase, c->to_period);
}

/* The cells that only the screen has; a second line for a run's end, the owner and what is done instead. */
static void show_change(ms_table *table, const ms_replan *r, const run *of, const ms_pen *pen)
{
    const ms_case *kase = r->before->kase;
    const ms_change *c = of->first;
    int32_t lane_ix = c->lane_ix >= 0 ? c->lane_ix : c->to_lane_ix;
    char date[MS_DATE_BYTES], last[MS_DATE_BYTES];
    const char *owner = c->owner_ix >= 0 ? kase->partners[c->owner_ix].id : NULL;
    ms_buf until = {0}, instead = {0};
    ms_table_text(table, WHEN, ms_date_short(date, kase->start_day, leaves(c) * kase->period_days));
    ms_table_number(table, SHOWN_T, of->tonnes);
    ms_table_text(table, GOODS, ms_words_item(kase, c->item_ix));
    ms_table_text(table, ORDERED, case_of(r, lane_ix)->lanes[lane_ix].id);
    put_instead(&instead, r, c, ms_pen_glyph(pen, MS_GLYPH_ARROW));
    ms_date_short(last, kase->start_day, of->last_period * kase->period_days);
    if (strcmp(last, date) != 0)
        ms_buf_printf(&until, "to %s", last);
    if (instead.length > 0 || until.length > 0 || owner) {
        ms_table_row(table);
        ms_table_text(table, WHEN, ms_words_of(&until));
        ms_table_text(table, GOODS, owner);
        ms_table_text(table, ORDERED, ms_words_of(&instead));
    }
    table->failed = table->failed || until.failed || instead.failed;
    ms_buf_free(&until);
    ms_buf_free(&instead);
}

/* Every departure by itself, for files. */
static void fill_changes(ms_table *table, const ms_replan *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        const ms_change *c = &r->changes.rows[i];
        fill_change(table, r, &(run){c, leaves(c), c->quantity, c->tonnes});
    }
}

/* Gathers runs; returns how many. runs has room for all changes. */
static size_t gather(run *runs, const ms_changes *changes)
{
    size_t count = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const ms_change *change = &changes->rows[i];
        size_t at = count;
        while (at > 0 && !goes_on(&runs[at - 1], change))
            at--;
        if (at == 0) {
            runs[count++] = (run){change, leaves(change), change->quantity, change->tonnes};
            continue;
        }
        runs[at - 1].last_period = leaves(change);
        runs[at - 1].quantity += change->quantity;
        runs[at - 1].tonnes += change->tonnes;
    }
    return count;
}

static int by_tonnes(const void *left, const void *right)
{
    const run *a = left, *b = right;
    if (a->tonnes < b->tonnes || a->tonnes > b->tonnes)
        return a->tonnes > b->tonnes ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static int by_day(const void *left, const void *right)
{
    const run *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* Of many the heaviest, in the order of their days; returns how many. */
static size_t choose(run *runs, size_t count)
{
    if (count <= RUNS_SHOWN)
        return count;
    qsort(runs, count, sizeof *runs, by_tonnes);
    qsort(runs, RUNS_SHOWN, sizeof *runs, by_day);
    return RUNS_SHOWN;
}

static void put_rest(ms_buf *out, const run *runs, size_t shown, size_t count)
{
    double all_t = 0, shown_t = 0;
    for (size_t i = 0; i < count; i++) {
        all_t += runs[i].tonnes;
        shown_t += i < shown ? runs[i].tonnes : 0;
    }
    ms_words_count(out, count - shown, "lighter line", "lighter lines");
    ms_buf_text(out, " (");
    ms_words_percent(out, all_t > 0 ? (all_t - shown_t) / all_t : 0);
    ms_buf_text(out, " of the tonnes) not shown: --csv lists every departure.");
}

static bool print_changes(const ms_replan *r, const ms_pen *pen)
{
    run *runs = ms_alloc(r->changes.count, sizeof *runs);
    ms_table table;
    ms_buf rest = {0};
    if (!runs)
        return false;
    size_t count = gather(runs, &r->changes), shown = choose(runs, count);
    ms_table_start(&table, change_columns, CHANGE_COLUMNS);
    for (size_t i = 0; i < shown; i++) {
        fill_change(&table, r, &runs[i]);
        show_change(&table, r, &runs[i], pen);
    }
    ms_pen_heading(pen, "ORDERS TO CHANGE", "the first date on which there is something to do first");
    if (count == 0)
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, "None: all leaves as ordered.");
    else
        ms_table_print(&table, pen, 0);
    bool failed = table.failed;
    ms_table_free(&table);
    if (count > shown) {
        put_rest(&rest, runs, shown, count);
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&rest));
        failed |= rest.failed;
        ms_buf_free(&rest);
    }
    ms_free(runs);
    return !failed;
}

/* ---- the story ---- */

static double weighed(const shortage *of, const ms_plan *plan)
{
    double sum = 0;
    for (int rank = 0; rank < plan->priority_count; rank++)
        sum += of->never_t[plan->priorities[rank]];
    return sum;
}

static void put_headline(ms_buf *out, const sums *s)
{
    const ms_replan *r = s->replan;
    ms_buf_printf(out, "%s, taken up on ", r->before->kase->name);
    ms_words_day(out, r->before->kase, r->period);
    for (size_t i = 0; i < r->id_count; i++)
        ms_buf_printf(out, "%s%s", i == 0 ? " with " : ", ", r->ids[i]);
}

static void put_verdict(ms_buf *out, const sums *s)
{
    const ms_plan *plan = s->replan->plan;
    double stand_t = weighed(&s->unchanged, plan), new_t = weighed(&s->new, plan);
    ms_buf_text(out, "If the old orders stand, ");
    ms_words_tonnes(out, stand_t);
    ms_buf_text(out, stand_t > 0 ? " fall short from then on; with the new plan "
                                 : " falls short from then on; with the new plan ");
    ms_words_tonnes(out, new_t);
    ms_buf_text(out, ".");
}

static void put_kept(ms_buf *out, const sums *s)
{
    const ms_changes *changes = &s->replan->changes;
    char number[MS_NUMBER_BYTES];
    ms_buf_text(out, "Of the ");
    ms_words_tonnes(out, changes->ordered_t);
    ms_buf_text(out, " that were still to leave, ");
    ms_words_tonnes(out, changes->kept_t);
    ms_buf_text(out, " (");
    ms_words_percent(out, changes->ordered_t > 0 ? changes->kept_t / changes->ordered_t : 1);
    ms_buf_text(out, ") leave as ordered. ");
    double gap = ms_plan_gap(s->replan->plan);
    if (gap <= 1e-9)
        ms_buf_text(out, "Proven: no plan from that day on is better.");
    else
        ms_buf_printf(out, "Proven: no plan from that day on is better by more than %s %%.",
                      ms_number_short(number, 100 * gap));
}

static void print_next(const ms_pen *pen, const char *path, ms_buf *text)
{
    if (!path)
        return;
    ms_pen_heading(pen, "NEXT", NULL);
    ms_buf_reset(text);
    ms_buf_printf(text, "The new plan is in %s, with its own case, which begins on that day.", path);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(text));
    ms_buf_reset(text);
    ms_buf_printf(text, "mainstay check %s", path);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 2, 4, ms_words_of(text));
    ms_buf_reset(text);
    ms_buf_printf(text, "mainstay explain %s", path);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 2, 4, ms_words_of(text));
}

static bool print_text(const sums *s, const char *path, const ms_pen *pen)
{
    ms_buf text = {0};
    ms_table table;
    put_headline(&text, s);
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_pen_line(pen);
    ms_buf_reset(&text);
    put_verdict(&text, s);
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    put_kept(&text, s);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    ms_table_start(&table, short_columns, SHORT_COLUMNS);
    fill_shortages(&table, s);
    ms_pen_heading(pen, "WHAT FALLS SHORT", "from that day on; planned: had nothing happened");
    ms_table_print(&table, pen, 0);
    bool fine = !table.failed;
    ms_table_free(&table);
    fine &= print_changes(s->replan, pen);
    print_next(pen, path, &text);
    fine &= !text.failed;
    ms_buf_free(&text);
    return fine;
}

/* ---- files ---- */

static void write_csv(const ms_replan *r, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, change_columns, CHANGE_COLUMNS);
    fill_changes(&table, r);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

static void write_json(const sums *s, const char *path, ms_buf *out)
{
    const ms_replan *r = s->replan;
    const ms_case *kase = r->before->kase;
    char date[MS_DATE_BYTES];
    ms_json json;
    ms_table table;
    double day = r->period * kase->period_days;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "case", kase->name);
    ms_json_number(&json, "at_day", day);
    ms_json_string(&json, "at_date", ms_date_text(date, kase->start_day, day));
    ms_json_open_array(&json, "contingencies");
    for (size_t i = 0; i < r->id_count; i++)
        ms_json_string(&json, NULL, r->ids[i]);
    ms_json_close_array(&json);
    ms_json_string(&json, "plan", path);
    ms_json_number(&json, "objective", r->plan->objective);
    ms_json_number(&json, "bound", r->plan->bound);
    ms_json_number(&json, "gap", ms_plan_gap(r->plan));
    ms_json_number(&json, "objective_unchanged", r->unchanged->objective);
    ms_json_number(&json, "ordered_t", ms_table_tidy(r->changes.ordered_t));
    ms_json_number(&json, "kept_t", ms_table_tidy(r->changes.kept_t));
    ms_table_start(&table, short_columns, SHORT_COLUMNS);
    fill_shortages(&table, s);
    ms_table_json(&table, &json, "short");
    ms_table_free(&table);
    ms_table_start(&table, change_columns, CHANGE_COLUMNS);
    fill_changes(&table, r);
    ms_table_json(&table, &json, "changes");
    ms_table_free(&table);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_replan(ms_buf *out, const ms_replan *replan, const char *path, const ms_view *view, ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    sums s = {.replan = replan};
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    bool fine = true;
    sum_shortage(&s.before, replan->before, replan->period);
    sum_shortage(&s.unchanged, replan->unchanged, 0);
    sum_shortage(&s.new, replan->plan, 0);
    if (format == MS_FORMAT_CSV)
        write_csv(replan, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(&s, path, &made);
    else
        fine = print_text(&s, path, &pen);
    made.failed |= !fine;
    return ms_report_hand_over(out, &made, err);
}
