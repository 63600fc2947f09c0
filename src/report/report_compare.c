/* report_compare.c: what differs between two plans, in a planner's words: who is better or worse off, which needs
 * gained or lost, which lanes, sites and agreements carry more or less, and what it costs. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/coverage.h"
#include "report/difference.h"
#include "report/report.h"
#include "report/words.h"

enum { ROWS_SHOWN = 12 };

/* The two plans and what they differ in. */
typedef struct {
    const ms_plan *before, *after;
    ms_differences differences;
} pair;

static const char *const kind_words[MS_DIFFER_KINDS] = {[MS_DIFFER_DEMAND] = "demand",
                                                        [MS_DIFFER_LANE] = "lane",
                                                        [MS_DIFFER_SITE] = "site",
                                                        [MS_DIFFER_AGREEMENT] = "agreement"};

/* A partner of either case; the row of the other is found by id. */
static int32_t partner_in(const ms_case *kase, const char *id)
{
    return ms_names_find(&kase->partner_names, id, strlen(id));
}

static int rank_of(const ms_plan *plan, int priority)
{
    for (int r = 0; r < plan->priority_count; r++)
        if (plan->priorities[r] == priority)
            return r;
    return -2;
}

/* Sum for a partner (NULL: everyone) and a priority (0: all) that this plan may not have. */
static ms_cover cover_of(const ms_plan *plan, const char *partner, int priority)
{
    int32_t partner_ix = partner == NULL ? MS_EVERY : partner_in(plan->kase, partner);
    int rank = priority == 0 ? MS_EVERY : rank_of(plan, priority);
    if ((partner != NULL && partner_ix < 0) || rank == -2)
        return (ms_cover){.alone_t = NAN};
    return ms_coverage_sum(plan, partner_ix, rank);
}

static double short_of(const ms_cover *cover)
{
    return ms_cover_share(cover) >= 1.0 ? 0.0 : cover->wanted_t - cover->met_t;
}

/* How much more falls short; 0 for what lies within the rounding of two plans. */
static double change_of(const ms_cover *before, const ms_cover *after)
{
    double change = short_of(after) - short_of(before);
    return fabs(change) < 1e-3 + 1e-6 * fmax(before->wanted_t, after->wanted_t) ? 0.0 : change;
}

/* ---- what is met ---- */

enum {
    WHO,
    PARTNER,
    PRIORITY,
    WANTED_BEFORE,
    WANTED_AFTER,
    MET_BEFORE,
    MET_AFTER,
    SHORT_BEFORE,
    SHORT_AFTER,
    CHANGE,
    VERDICT
};

static const ms_column cover_columns[] = {
    [WHO] = {NULL, "", NULL, MS_COLUMN_TEXT, 0},
    [PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PRIORITY] = {"priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [WANTED_BEFORE] = {"wanted_before_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [WANTED_AFTER] = {"wanted_after_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [MET_BEFORE] = {"met_before", "met before", "%", MS_COLUMN_SHARE, 2},
    [MET_AFTER] = {"met_after", "after", "%", MS_COLUMN_SHARE, 1},
    [SHORT_BEFORE] = {"short_before_t", "short before", "t", MS_COLUMN_NUMBER, 2},
    [SHORT_AFTER] = {"short_after_t", "after", "t", MS_COLUMN_NUMBER, 1},
    [CHANGE] = {"change_t", "change", "t", MS_COLUMN_NUMBER, 0},
    [VERDICT] = {NULL, "", NULL, MS_COLUMN_TEXT, 3},
};
enum { COVER_COLUMNS = sizeof cover_columns / sizeof cover_columns[0] };

static void put_change(ms_table *table, int column, double change, bool less_is_better)
{
    char text[MS_NUMBER_BYTES], shown[MS_NUMBER_BYTES + 1] = "";
    ms_table_number(table, column, change);
    double tidy = ms_table_tidy(change);
    if (tidy > 0.0)
        strcpy(shown, "+");
    strcat(shown, ms_number_short(text, tidy));
    ms_table_show(table, column, shown);
    if (tidy != 0.0 && less_is_better)
        ms_table_tone(table, column, tidy < 0.0 ? MS_TONE_GOOD : MS_TONE_BAD);
}

static void fill_cover(ms_table *table, const pair *p, const char *partner, int priority, const char *who)
{
    ms_cover before = cover_of(p->before, partner, priority), after = cover_of(p->after, partner, priority);
    if (before.wanted_t <= 0.0 && after.wanted_t <= 0.0)
        return;
    double change = change_of(&before, &after);
    ms_table_row(table);
    ms_table_text(table, WHO, who);
    ms_table_text(table, PARTNER, partner == NULL ? "*" : partner);
    if (priority > 0)
        ms_table_number(table, PRIORITY, priority);
    else
        ms_table_tone(table, WHO, MS_TONE_STRONG);
    ms_table_number(table, WANTED_BEFORE, before.wanted_t);
    ms_table_number(table, WANTED_AFTER, after.wanted_t);
    ms_table_number(table, MET_BEFORE, ms_cover_share(&before));
    ms_table_number(table, MET_AFTER, ms_cover_share(&after));
    ms_table_number(table, SHORT_BEFORE, short_of(&before));
    ms_table_number(table, SHORT_AFTER, short_of(&after));
    put_change(table, CHANGE, change, true);
    ms_table_text(table, VERDICT, change == 0.0 ? "the same" : change < 0.0 ? "better" : "worse");
    ms_table_tone(table, VERDICT, change == 0.0 ? MS_TONE_FAINT : change < 0.0 ? MS_TONE_GOOD : MS_TONE_BAD);
}

/* The priorities of both plans, most urgent first. */
static int priorities_of(const pair *p, int out[MS_PRIORITY_COUNT])
{
    int count = 0;
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++)
        if (rank_of(p->before, priority) != -2 || rank_of(p->after, priority) != -2)
            out[count++] = priority;
    return count;
}

static void fill_section(ms_table *table, const pair *p, const char *partner, const char *who)
{
    int priorities[MS_PRIORITY_COUNT], count = priorities_of(p, priorities);
    fill_cover(table, p, partner, 0, who);
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "  priority %d", priorities[i]);
        fill_cover(table, p, partner, priorities[i], name);
    }
}

static void fill_covers(ms_table *table, const pair *p)
{
    const ms_case *old = p->before->kase, *new = p->after->kase;
    fill_section(table, p, NULL, "everyone");
    for (int32_t i = 0; i < old->partners_count; i++) {
        size_t row = table->row_count;
        fill_section(table, p, old->partners[i].id, old->partners[i].id);
        if (table->row_count > row)
            table->rows[row].rule = true;
    }
    for (int32_t i = 0; i < new->partners_count; i++)
        if (partner_in(old, new->partners[i].id) < 0)
            fill_section(table, p, new->partners[i].id, new->partners[i].id);
}

/* ---- rows of demands, lanes, sites, agreements ---- */

enum {
    KIND,
    ID,
    NAME,
    ROW_PARTNER,
    ROW_PRIORITY,
    BEFORE,
    AFTER,
    ROW_CHANGE,
    FIRST_BEFORE,
    FIRST_AFTER,
    FIRST,
    DAYS_BEFORE,
    DAYS_AFTER,
    DAYS
};

static const ms_column row_columns[] = {
    [KIND] = {"kind", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ID] = {"id", NULL, NULL, MS_COLUMN_TEXT, 0},
    [NAME] = {NULL, "", NULL, MS_COLUMN_TEXT, 1},
    [ROW_PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ROW_PRIORITY] = {"priority", "priority", NULL, MS_COLUMN_WHOLE, 2},
    [BEFORE] = {"before_t", "before", "t", MS_COLUMN_NUMBER, 1},
    [AFTER] = {"after_t", "after", "t", MS_COLUMN_NUMBER, 1},
    [ROW_CHANGE] = {"change_t", "change", "t", MS_COLUMN_NUMBER, 0},
    [FIRST_BEFORE] = {"first_short_day_before", NULL, NULL, MS_COLUMN_DAY, 0},
    [FIRST_AFTER] = {"first_short_day_after", NULL, NULL, MS_COLUMN_DAY, 0},
    [FIRST] = {NULL, "first short", "day", MS_COLUMN_TEXT, 2},
    [DAYS_BEFORE] = {"short_days_before", NULL, NULL, MS_COLUMN_DAY, 0},
    [DAYS_AFTER] = {"short_days_after", NULL, NULL, MS_COLUMN_DAY, 0},
    [DAYS] = {NULL, "short for", "days", MS_COLUMN_TEXT, 3},
};
enum { ROW_COLUMNS = sizeof row_columns / sizeof row_columns[0] };

/* "3 → 5", with a dash where there is none. */
static void put_turn(ms_table *table, int column, double before, double after, const char *arrow)
{
    char number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    if (before == after || (isnan(before) && isnan(after))) {
        ms_buf_text(&text, isnan(before) ? "" : ms_number_short(number, ms_table_tidy(before)));
    } else {
        ms_buf_printf(&text, "%s %s ", isnan(before) ? "-" : ms_number_short(number, ms_table_tidy(before)), arrow);
        ms_buf_text(&text, isnan(after) ? "-" : ms_number_short(number, ms_table_tidy(after)));
    }
    ms_table_text(table, column, ms_words_of(&text));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static void put_name(ms_buf *out, const ms_case *kase, ms_differ_kind kind, int32_t ix, const char *arrow)
{
    switch (kind) {
    case MS_DIFFER_DEMAND:
        ms_buf_printf(out, "%s for %s at %s", ms_words_item(kase, kase->demands[ix].item_ix),
                      ms_words_partner(kase, kase->demands[ix].partner_ix),
                      ms_words_site(kase, kase->demands[ix].site_ix));
        break;
    case MS_DIFFER_LANE:
        ms_words_lane(out, kase, ix, arrow);
        break;
    case MS_DIFFER_SITE:
        ms_buf_text(out, ms_words_site(kase, ix));
        break;
    default:
        ms_buf_printf(out, "%s (%s %s %s)", kase->agreements[ix].id,
                      ms_words_partner(kase, kase->agreements[ix].provider_ix), arrow,
                      ms_words_partner(kase, kase->agreements[ix].receiver_ix));
        break;
    }
}

static const char *id_of(const ms_case *kase, ms_differ_kind kind, int32_t ix)
{
    switch (kind) {
    case MS_DIFFER_DEMAND:
        return kase->demands[ix].id;
    case MS_DIFFER_LANE:
        return kase->lanes[ix].id;
    case MS_DIFFER_SITE:
        return kase->sites[ix].id;
    default:
        return kase->agreements[ix].id;
    }
}

static double first_day(const ms_plan *plan, const ms_differ_side *side)
{
    return side->first_period < 0 ? NAN : side->first_period * plan->kase->period_days;
}

static void fill_row(ms_table *table, const pair *p, const ms_difference *d, const char *arrow)
{
    const ms_case *kase = d->after_ix >= 0 ? p->after->kase : p->before->kase;
    int32_t ix = d->after_ix >= 0 ? d->after_ix : d->before_ix;
    ms_buf name = {0};
    ms_table_row(table);
    ms_table_text(table, KIND, kind_words[d->kind]);
    ms_table_text(table, ID, id_of(kase, d->kind, ix));
    put_name(&name, kase, d->kind, ix, arrow);
    if (d->after_ix < 0 || d->before_ix < 0)
        ms_buf_text(&name, d->after_ix < 0 ? " (gone)" : " (new)");
    ms_table_text(table, NAME, ms_words_of(&name));
    ms_table_number(table, BEFORE, d->before.tonnes);
    ms_table_number(table, AFTER, d->after.tonnes);
    put_change(table, ROW_CHANGE, d->after.tonnes - d->before.tonnes, d->kind == MS_DIFFER_DEMAND);
    if (d->kind == MS_DIFFER_DEMAND) {
        double first_before = first_day(p->before, &d->before), first_after = first_day(p->after, &d->after);
        double days_before = d->before.short_periods * p->before->kase->period_days;
        double days_after = d->after.short_periods * p->after->kase->period_days;
        ms_table_text(table, ROW_PARTNER,
                      kase->demands[ix].partner_ix < 0 ? NULL : kase->partners[kase->demands[ix].partner_ix].id);
        ms_table_number(table, ROW_PRIORITY, kase->demands[ix].priority);
        ms_table_number(table, FIRST_BEFORE, first_before);
        ms_table_number(table, FIRST_AFTER, first_after);
        put_turn(table, FIRST, first_before, first_after, arrow);
        ms_table_number(table, DAYS_BEFORE, days_before);
        ms_table_number(table, DAYS_AFTER, days_after);
        put_turn(table, DAYS, days_before, days_after, arrow);
    }
    table->failed = table->failed || name.failed;
    ms_buf_free(&name);
}

static void print_rows(const pair *p, ms_differ_kind kind, const char *title, const char *note, const ms_pen *pen)
{
    size_t first = p->differences.first[kind], count = p->differences.first[kind + 1] - first;
    if (count == 0)
        return;
    ms_table table;
    ms_table_start(&table, row_columns, ROW_COLUMNS);
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++)
        fill_row(&table, p, &p->differences.rows[first + i], ms_pen_glyph(pen, MS_GLYPH_ARROW));
    ms_pen_heading(pen, title, note);
    ms_table_print(&table, pen, 0);
    ms_table_free(&table);
    if (count > ROWS_SHOWN) {
        ms_buf more = {0};
        ms_words_count(&more, count - ROWS_SHOWN, "more differs", "more differ");
        ms_buf_text(&more, ": --csv lists all.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&more));
        pen->out->failed = pen->out->failed || more.failed;
        ms_buf_free(&more);
    }
}

/* ---- headline ---- */

static void put_plan(ms_buf *out, const ms_plan *plan)
{
    ms_buf_text(out, plan->kase->name);
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_buf_printf(out, "%s%s", i == 0 ? " with " : ", ", plan->contingencies[i]);
}

static void put_verdict(ms_buf *out, const pair *p)
{
    int priorities[MS_PRIORITY_COUNT], count = priorities_of(p, priorities), said = 0;
    for (int i = 0; i < count; i++) {
        ms_cover before = cover_of(p->before, NULL, priorities[i]), after = cover_of(p->after, NULL, priorities[i]);
        double change = change_of(&before, &after);
        if (change == 0.0)
            continue;
        ms_buf_text(out, said++ > 0 ? ", " : "");
        ms_words_tonnes(out, fabs(change));
        ms_buf_printf(out, " %s short of priority %d", change > 0.0 ? "more" : "less", priorities[i]);
    }
    ms_buf_text(out, said > 0 ? "." : "What is met is the same.");
}

static void put_cost(ms_buf *out, const pair *p)
{
    char number[MS_NUMBER_BYTES];
    double change = p->after->cost_currency - p->before->cost_currency;
    ms_buf_printf(out, "Transport and duty cost %s", ms_number_grouped(number, p->after->cost_currency, 0));
    if (p->after->kase->currency != NULL && p->after->kase->currency[0] != '\0')
        ms_buf_printf(out, " %s", p->after->kase->currency);
    ms_buf_text(out, ", ");
    if (fabs(change) < 0.5)
        ms_buf_text(out, "as before.");
    else
        ms_buf_printf(out, "%s %s.", ms_number_grouped(number, fabs(change), 0), change > 0.0 ? "more" : "less");
}

static void put_counts(ms_buf *out, const pair *p)
{
    size_t better = 0, worse = 0;
    for (size_t i = 0; i < p->differences.first[MS_DIFFER_DEMAND + 1]; i++) {
        better += p->differences.rows[i].weight > 0.0;
        worse += p->differences.rows[i].weight < 0.0;
    }
    if (better + worse == 0) {
        ms_buf_text(out, "No demand is better or worse off.");
        return;
    }
    ms_words_count(out, worse, "demand is", "demands are");
    ms_buf_text(out, " worse off, ");
    ms_words_count(out, better, "is", "are");
    ms_buf_text(out, " better off.");
}

static void print_text(const pair *p, const ms_pen *pen)
{
    ms_buf text = {0};
    ms_buf_text(&text, "Before: ");
    put_plan(&text, p->before);
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 8, ms_words_of(&text));
    ms_buf_reset(&text);
    ms_buf_text(&text, "After:  ");
    put_plan(&text, p->after);
    ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 8, ms_words_of(&text));
    ms_pen_line(pen);
    ms_buf_reset(&text);
    put_verdict(&text, p);
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&text));
    ms_buf_reset(&text);
    put_counts(&text, p);
    ms_buf_text(&text, " ");
    put_cost(&text, p);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&text));
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);

    ms_table table;
    ms_table_start(&table, cover_columns, COVER_COLUMNS);
    fill_covers(&table, p);
    ms_pen_heading(pen, "WHAT IS MET", NULL);
    ms_table_print(&table, pen, 0);
    ms_table_free(&table);
    if (p->differences.count == 0)
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, "No lane, site or agreement carries more or less.");
    print_rows(p, MS_DIFFER_DEMAND, "NEEDS THAT LOST OR GAINED", "tonnes short; the greatest change first", pen);
    print_rows(p, MS_DIFFER_LANE, "LANES", "tonnes moved", pen);
    print_rows(p, MS_DIFFER_SITE, "SITES", "tonnes in and out", pen);
    print_rows(p, MS_DIFFER_AGREEMENT, "AGREEMENTS", "tonnes drawn", pen);
}

/* ---- files ---- */

static void fill_rows(ms_table *table, const pair *p)
{
    for (size_t i = 0; i < p->differences.count; i++)
        fill_row(table, p, &p->differences.rows[i], "");
}

static void write_csv(const pair *p, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, row_columns, ROW_COLUMNS);
    fill_rows(&table, p);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

static void json_side(const ms_plan *plan, ms_json *json, const char *key)
{
    ms_json_open_object(json, key);
    ms_json_string(json, "case", plan->kase->name);
    ms_json_open_array(json, "contingencies");
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_json_string(json, NULL, plan->contingencies[i]);
    ms_json_close_array(json);
    ms_json_number(json, "objective", plan->objective);
    ms_json_number(json, "gap", ms_plan_gap(plan));
    ms_json_number(json, "cost", ms_table_tidy(plan->cost_currency));
    ms_json_string(json, "currency", plan->kase->currency);
    ms_json_close_object(json);
}

static void write_json(const pair *p, ms_buf *out)
{
    ms_json json;
    ms_table table;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    json_side(p->before, &json, "before");
    json_side(p->after, &json, "after");
    ms_table_start(&table, cover_columns, COVER_COLUMNS);
    fill_covers(&table, p);
    ms_table_json(&table, &json, "met");
    ms_table_free(&table);
    ms_table_start(&table, row_columns, ROW_COLUMNS);
    fill_rows(&table, p);
    ms_table_json(&table, &json, "rows");
    ms_table_free(&table);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_compare(ms_buf *out, const ms_plan *before, const ms_plan *after, const ms_view *view,
                            ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    pair p = {.before = before, .after = after};
    ms_buf made = {0};
    MS_TRY(ms_differences_make(&p.differences, before, after, err));
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV)
        write_csv(&p, &made);
    else if (format == MS_FORMAT_JSON)
        write_json(&p, &made);
    else
        print_text(&p, &pen);
    ms_differences_free(&p.differences);
    return ms_report_hand_over(out, &made, err);
}
