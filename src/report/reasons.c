/* reasons.c: what ms_explain found, in a planner's words. */
#include "report/reasons.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/report.h"
#include "report/words.h"

size_t ms_reasons_short_count(const ms_plan *plan)
{
    const ms_shortfall *last = NULL;
    size_t count = 0;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (!ms_report_falls_short(plan, s))
            continue;
        count += last == NULL || last->kind != s->kind || last->row_ix != s->row_ix;
        last = s;
    }
    return count;
}

/* ---- sentences ---- */

static bool backordered(const ms_case *kase, const ms_reason *reason)
{
    return reason->kind == MS_SHORT_DEMAND && kase->items[kase->demands[reason->row_ix].item_ix].backorder;
}

static const ms_item *item_of(const ms_case *kase, const ms_reason *reason)
{
    int32_t item_ix = reason->kind == MS_SHORT_DEMAND    ? kase->demands[reason->row_ix].item_ix
                      : reason->kind == MS_SHORT_RESERVE ? kase->reserves[reason->row_ix].item_ix
                                                         : kase->commitments[reason->row_ix].item_ix;
    return &kase->items[item_ix];
}

/* "124 t short (146 m3) from day 12 to 18 (...)" */
static void put_short(ms_buf *out, const ms_case *kase, const ms_reason *reason)
{
    if (backordered(kase, reason))
        ms_buf_text(out, "up to ");
    ms_words_tonnes(out, reason->short_t);
    ms_buf_text(out, backordered(kase, reason)          ? " late ("
                     : reason->kind == MS_SHORT_RESERVE ? " below ("
                                                        : " short (");
    ms_words_quantity(out, item_of(kase, reason), reason->quantity);
    ms_buf_text(out, ") ");
    ms_words_span(out, kase, reason->from_period, reason->to_period);
}

/* What easing the main cause means: "1 t a day more through handling at Busan from day 3 to 9". */
static void put_easing(ms_buf *out, const ms_plan *plan, const ms_reason *reason, const char *arrow)
{
    const ms_case *kase = plan->kase;
    const ms_cause *cause = &reason->causes[0];
    if (cause->kind == MS_CAUSE_FLEET && fabs(reason->eased_t - kase->fleets[cause->row_ix].payload_t) < 1e-9)
        ms_buf_text(out, "One vehicle");
    else if (fabs(reason->eased_t - 1.0) < 1e-9)
        ms_buf_text(out, "One tonne");
    else
        ms_words_tonnes(out, reason->eased_t);
    switch (cause->kind) {
    case MS_CAUSE_LANE:
        ms_buf_text(out, " a day more on the ");
        break;
    case MS_CAUSE_HANDLING:
        ms_buf_printf(out, " a day more through %s", ms_words_site(kase, cause->row_ix));
        break;
    case MS_CAUSE_STORAGE:
        ms_buf_printf(out, " more room at %s", ms_words_site(kase, cause->row_ix));
        break;
    case MS_CAUSE_FLEET:
        ms_buf_text(out, " more in ");
        break;
    case MS_CAUSE_AGREEMENT:
        ms_buf_text(out, " more under ");
        break;
    case MS_CAUSE_STOCK:
        ms_buf_printf(out, " more of %s", ms_words_item(kase, cause->row_ix));
        break;
    case MS_CAUSE_RESERVE:
        ms_buf_text(out, " less held in the ");
        break;
    default:
        ms_buf_text(out, " more");
        break;
    }
    if (cause->kind == MS_CAUSE_LANE || cause->kind == MS_CAUSE_FLEET || cause->kind == MS_CAUSE_AGREEMENT ||
        cause->kind == MS_CAUSE_RESERVE)
        ms_words_limit(out, kase, cause->kind, cause->row_ix, arrow);
    if (cause->kind != MS_CAUSE_AGREEMENT && cause->kind != MS_CAUSE_STOCK && cause->kind != MS_CAUSE_FLEET &&
        cause->kind != MS_CAUSE_RESERVE && cause->to_period > cause->from_period) {
        ms_buf_text(out, " ");
        ms_words_span(out, kase, cause->from_period, cause->to_period);
    }
}

/* Appends " saves 11.4 t of priority 1" for each priority with a change of this sign; unit is "t" or "t-days late". */
static int put_changes(ms_buf *out, const double *changes, double sign, const char *unit, int said, bool *verb)
{
    double least = 5e-4;
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
        least = fmax(least, 1e-3 * fabs(changes[p])); /* beside a large effect, rounding is not worth a word */
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++) {
        double change = sign * ms_table_tidy(changes[p]);
        if (change < least)
            continue;
        char number[MS_NUMBER_BYTES];
        ms_buf_text(out, *verb ? " and " : sign > 0 ? " saves " : said > 0 ? ", and costs " : " costs ");
        ms_buf_printf(out, "%s\xC2\xA0%s of priority\xC2\xA0%d", ms_number_short(number, change), unit, p);
        *verb = true;
        said++;
    }
    return said;
}

/* " saves 11.4 t of priority 1 and costs 0.2 t of priority 3 (verified)" */
static void put_saving(ms_buf *out, const ms_reason *reason)
{
    int said = 0;
    for (int sign = 1; sign >= -1; sign -= 2) {
        bool verb = false;
        said = put_changes(out, reason->saved_t, sign, "t", said, &verb);
        said = put_changes(out, reason->saved_t_days, sign, "t-days late", said, &verb);
    }
    ms_buf_text(out, said > 0 ? " (verified)." : " saves nothing: another limit binds right behind it (verified).");
}

static void print_reason(const ms_reason *reason, size_t number, const ms_plan *plan, const ms_pen *pen)
{
    const ms_case *kase = plan->kase;
    const char *arrow = ms_pen_glyph(pen, MS_GLYPH_ARROW);
    bool demand = reason->kind == MS_SHORT_DEMAND;
    int priority = demand ? kase->demands[reason->row_ix].priority : 0;
    ms_buf text = {0};
    ms_buf_printf(&text, "%zu. ", number);
    ms_words_need(&text, kase, reason->kind, reason->row_ix, arrow);
    ms_buf_text(&text, ": ");
    put_short(&text, kase, reason);
    ms_pen_paragraph(pen, priority == plan->priorities[0] ? MS_TONE_STRONG : MS_TONE_PLAIN, 0, 3, ms_words_of(&text));

    for (int c = 0; c < reason->cause_count; c++) {
        ms_buf_reset(&text);
        ms_buf_text(&text, c == 0 ? "because " : "and ");
        ms_words_cause(&text, kase, &reason->causes[c], arrow);
        if (reason->cause_count > 1) {
            ms_buf_printf(&text, " %s ", ms_pen_glyph(pen, MS_GLYPH_DOT));
            ms_words_percent(&text, reason->causes[c].share);
        }
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 3, 5, ms_words_of(&text));
    }
    if (reason->verified && reason->cause_count > 0) {
        ms_buf_reset(&text);
        put_easing(&text, plan, reason, arrow);
        put_saving(&text, reason);
        ms_pen_paragraph(pen, MS_TONE_GAIN, 3, 5, ms_words_of(&text));
    }
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

void ms_reasons_print(const ms_reasons *reasons, const ms_plan *plan, const ms_pen *pen)
{
    for (size_t i = 0; i < reasons->count; i++)
        print_reason(&reasons->items[i], i + 1, plan, pen);
}

/* ---- rows ---- */

enum {
    NUMBER,
    KIND,
    DEMAND,
    SITE,
    ITEM,
    PARTNER,
    PRIORITY,
    FROM,
    TO,
    QUANTITY,
    UNIT,
    TONNES,
    CAUSE,
    LIMIT,
    CAUSE_FROM,
    CAUSE_TO,
    SHARE,
    VERIFIED,
    EASED,
    SAVED,
    SAVED_PRIORITY
};

static const ms_column columns[] = {
    [NUMBER] = {"number", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [KIND] = {"kind", NULL, NULL, MS_COLUMN_TEXT, 0},
    [DEMAND] = {"demand", NULL, NULL, MS_COLUMN_TEXT, 0},
    [SITE] = {"site", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PRIORITY] = {"priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [FROM] = {"from_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [TO] = {"to_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [QUANTITY] = {"quantity", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [UNIT] = {"unit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [TONNES] = {"tonnes", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [CAUSE] = {"cause", NULL, NULL, MS_COLUMN_TEXT, 0},
    [LIMIT] = {"limit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [CAUSE_FROM] = {"cause_from_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [CAUSE_TO] = {"cause_to_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [SHARE] = {"share", NULL, NULL, MS_COLUMN_SHARE, 0},
    [VERIFIED] = {"verified", NULL, NULL, MS_COLUMN_BOOL, 0},
    [EASED] = {"eased_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [SAVED] = {"saved_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [SAVED_PRIORITY] = {"saved_priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *const short_words[] = {
    [MS_SHORT_DEMAND] = "demand", [MS_SHORT_RESERVE] = "reserve", [MS_SHORT_COMMITMENT] = "commitment"};

static void fill_need(ms_table *table, const ms_reason *reason, const ms_case *kase)
{
    int32_t site_ix, partner_ix;
    if (reason->kind == MS_SHORT_DEMAND) {
        const ms_demand *demand = &kase->demands[reason->row_ix];
        ms_table_text(table, DEMAND, demand->id);
        ms_table_number(table, PRIORITY, demand->priority);
        site_ix = demand->site_ix;
        partner_ix = demand->partner_ix;
    } else if (reason->kind == MS_SHORT_RESERVE) {
        const ms_reserve *reserve = &kase->reserves[reason->row_ix];
        ms_table_number(table, PRIORITY, reserve->priority);
        site_ix = reserve->site_ix;
        partner_ix = reserve->partner_ix;
    } else {
        const ms_commitment *commitment = &kase->commitments[reason->row_ix];
        site_ix = kase->lanes[commitment->lane_ix].to_ix;
        partner_ix = commitment->partner_ix;
    }
    ms_table_text(table, KIND, short_words[reason->kind]);
    ms_table_text(table, SITE, kase->sites[site_ix].id);
    ms_table_text(table, PARTNER, partner_ix < 0 ? NULL : kase->partners[partner_ix].id);
    ms_table_text(table, ITEM, item_of(kase, reason)->id);
    ms_table_text(table, UNIT, item_of(kase, reason)->unit);
    ms_table_number(table, FROM, reason->from_period * kase->period_days);
    ms_table_number(table, TO, reason->to_period * kase->period_days);
    ms_table_number(table, QUANTITY, reason->quantity);
    ms_table_number(table, TONNES, reason->short_t);
}

/* The id of the limit, for programs; NULL where there is none. */
static const char *limit_id(const ms_case *kase, const ms_cause *cause)
{
    switch (cause->kind) {
    case MS_CAUSE_STOCK:
        return kase->items[cause->row_ix].id;
    case MS_CAUSE_LANE:
        return kase->lanes[cause->row_ix].id;
    case MS_CAUSE_HANDLING:
    case MS_CAUSE_STORAGE:
    case MS_CAUSE_TRANSIT:
        return kase->sites[cause->row_ix].id;
    case MS_CAUSE_FLEET:
        return kase->fleets[cause->row_ix].id;
    case MS_CAUSE_AGREEMENT:
        return kase->agreements[cause->row_ix].id;
    case MS_CAUSE_RESERVE:
        return kase->sites[kase->reserves[cause->row_ix].site_ix].id;
    default:
        return NULL;
    }
}

/* The most urgent priority that easing the limit serves. */
static int saved_priority(const ms_reason *reason)
{
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
        if (fabs(reason->saved_t[p]) >= 5e-4)
            return p;
    return 0;
}

static void fill_row(ms_table *table, const ms_reason *reason, size_t number, int cause_ix, const ms_case *kase)
{
    ms_table_row(table);
    ms_table_number(table, NUMBER, (double)number);
    fill_need(table, reason, kase);
    if (cause_ix >= reason->cause_count)
        return;
    const ms_cause *cause = &reason->causes[cause_ix];
    ms_table_text(table, CAUSE, ms_words_cause_kind(cause->kind));
    ms_table_text(table, LIMIT, limit_id(kase, cause));
    if (cause->to_period > cause->from_period) {
        ms_table_number(table, CAUSE_FROM, cause->from_period * kase->period_days);
        ms_table_number(table, CAUSE_TO, cause->to_period * kase->period_days);
    }
    ms_table_number(table, SHARE, cause->share);
    if (cause_ix > 0)
        return;
    ms_table_number(table, VERIFIED, reason->verified);
    int priority = reason->verified ? saved_priority(reason) : 0;
    if (reason->verified) {
        ms_table_number(table, EASED, reason->eased_t);
        ms_table_number(table, SAVED, priority > 0 ? reason->saved_t[priority] : 0.0);
    }
    if (priority > 0)
        ms_table_number(table, SAVED_PRIORITY, priority);
}

static void fill(ms_table *table, const ms_reasons *reasons, const ms_case *kase)
{
    for (size_t i = 0; i < reasons->count; i++) {
        fill_row(table, &reasons->items[i], i + 1, 0, kase);
        for (int c = 1; c < reasons->items[i].cause_count; c++)
            fill_row(table, &reasons->items[i], i + 1, c, kase);
    }
}

void ms_reasons_csv(const ms_reasons *reasons, const ms_plan *plan, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    fill(&table, reasons, plan->kase);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

static void json_causes(const ms_reason *reason, const ms_case *kase, ms_json *json)
{
    ms_json_open_array(json, "causes");
    for (int c = 0; c < reason->cause_count; c++) {
        const ms_cause *cause = &reason->causes[c];
        bool dated = cause->to_period > cause->from_period;
        ms_json_open_object(json, NULL);
        ms_json_string(json, "cause", ms_words_cause_kind(cause->kind));
        ms_json_string(json, "limit", limit_id(kase, cause));
        ms_json_number(json, "from_day", dated ? ms_table_tidy(cause->from_period * kase->period_days) : NAN);
        ms_json_number(json, "to_day", dated ? ms_table_tidy(cause->to_period * kase->period_days) : NAN);
        ms_json_number(json, "share", ms_table_tidy(cause->share));
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
    ms_json_bool(json, "verified", reason->verified);
    ms_json_number(json, "eased_t", reason->verified && reason->cause_count > 0 ? ms_table_tidy(reason->eased_t) : NAN);
    ms_json_open_array(json, "saved");
    for (int p = 1; reason->verified && p <= MS_PRIORITY_COUNT; p++) {
        if (fabs(reason->saved_t[p]) < 5e-4 && fabs(reason->saved_t_days[p]) < 5e-4)
            continue;
        ms_json_open_object(json, NULL);
        ms_json_integer(json, "priority", p);
        ms_json_number(json, "tonnes", ms_table_tidy(reason->saved_t[p]));
        ms_json_number(json, "late_t_days", ms_table_tidy(reason->saved_t_days[p]));
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

void ms_reasons_json(const ms_reasons *reasons, const ms_plan *plan, ms_json *json, const char *key)
{
    ms_table table;
    ms_table_start(&table, columns, CAUSE);
    ms_json_open_array(json, key);
    for (size_t i = 0; i < reasons->count && !table.failed; i++) {
        ms_table_row(&table);
        ms_table_number(&table, NUMBER, (double)(i + 1));
        fill_need(&table, &reasons->items[i], plan->kase);
        ms_json_open_object(json, NULL);
        if (!table.failed)
            ms_table_json_members(&table, i, json);
        json_causes(&reasons->items[i], plan->kase, json);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
    json->out->failed = json->out->failed || table.failed;
    ms_table_free(&table);
}

/* ---- the view ---- */

static void print_view(const ms_reasons *reasons, const ms_plan *plan, const ms_explain_options *chosen,
                       const ms_pen *pen)
{
    size_t all = ms_reasons_short_count(plan);
    ms_buf text = {0};
    if (reasons->count == 0) {
        if (chosen->demand != NULL && all > 0)
            ms_buf_printf(&text, "Nothing that matches %s falls short.", chosen->demand);
        else
            ms_buf_text(&text, "Nothing falls short: all that is wanted is met.");
        ms_pen_paragraph(pen, MS_TONE_GOOD, 0, 0, ms_words_of(&text));
    } else {
        if (chosen->demand != NULL || reasons->count >= all)
            ms_buf_text(&text, "worst first");
        else
            ms_buf_printf(&text, "the worst %zu of %zu", reasons->count, all);
        ms_pen_heading(pen, "WHY NEEDS FALL SHORT", ms_words_of(&text));
        ms_reasons_print(reasons, plan, pen);
    }
    pen->out->failed = pen->out->failed || text.failed;
    ms_buf_free(&text);
}

ms_status ms_report_reasons(ms_buf *out, const ms_plan *plan, const ms_explain_options *options, const ms_view *view,
                            ms_error *err)
{
    ms_format format = view == NULL ? MS_FORMAT_TEXT : view->format;
    ms_explain_options chosen = options == NULL ? (ms_explain_options){0} : *options;
    ms_reasons reasons = {0};
    ms_buf made = {0};
    if (options == NULL || options->most == 0)
        chosen.most = 5;
    MS_TRY(ms_explain(&reasons, plan, &chosen, err));
    ms_pen pen = ms_pen_start(&made, view);
    if (format == MS_FORMAT_CSV) {
        ms_reasons_csv(&reasons, plan, &made);
    } else if (format == MS_FORMAT_JSON) {
        ms_json json;
        ms_json_start(&json, &made);
        ms_json_open_object(&json, NULL);
        ms_json_integer(&json, "short_count", (long long)ms_reasons_short_count(plan));
        ms_reasons_json(&reasons, plan, &json, "reasons");
        ms_json_close_object(&json);
        ms_json_finish(&json);
    } else {
        print_view(&reasons, plan, &chosen, &pen);
    }
    ms_reasons_free(&reasons);
    return ms_report_hand_over(out, &made, err);
}
