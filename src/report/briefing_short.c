/* briefing_short.c: what runs out, where, when and why. See briefing.h. */
#include <stdlib.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/report.h"
#include "report/words.h"

/* ---- gathering ---- */

/* One demand that falls short: its shortfalls are from..to of the plan's. */
typedef struct {
    int32_t key_ix, other_ix; /* what it is gathered by, and the other of site and item */
    int32_t demand_ix;
    size_t from, to;
    double weight;
} need;

static int by_key(const void *left, const void *right)
{
    const need *a = left, *b = right;
    if (a->key_ix != b->key_ix)
        return a->key_ix < b->key_ix ? -1 : 1;
    if (a->other_ix != b->other_ix)
        return a->other_ix < b->other_ix ? -1 : 1;
    return (a->demand_ix > b->demand_ix) - (a->demand_ix < b->demand_ix);
}

static int by_weight(const void *left, const void *right)
{
    const ms_lack *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->ix > b->ix) - (a->ix < b->ix);
}

/* Weight of a tonne of this demand in the objective, whose least urgent priority weighs 1. */
static double weight_of(const ms_plan *plan, const ms_demand *demand)
{
    int rank = 0;
    while (rank < plan->priority_count && plan->priorities[rank] != demand->priority)
        rank++;
    return plan->kase->items[demand->item_ix].criticality * pow(plan->ratio_used, plan->priority_count - 1 - rank);
}

/* The demands that fall short, in the order of the plan's shortfalls. */
static size_t find_needs(need *out, const ms_plan *plan, bool by_site)
{
    const ms_case *kase = plan->kase;
    size_t count = 0;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || !ms_report_falls_short(plan, s))
            continue;
        const ms_demand *demand = &kase->demands[s->row_ix];
        if (count == 0 || out[count - 1].demand_ix != s->row_ix)
            out[count++] = (need){by_site ? demand->site_ix : demand->item_ix,
                                  by_site ? demand->item_ix : demand->site_ix,
                                  s->row_ix,
                                  i,
                                  i,
                                  0.0};
        need *last = &out[count - 1];
        last->to = i + 1;
        last->weight += s->quantity * ms_item_t_per_unit(&kase->items[demand->item_ix]) * weight_of(plan, demand);
    }
    return count;
}

/* The tonnes of one demand, into its lack; owed[period] sums what is late. */
static void add_need(ms_lack *lack, double *owed, const ms_plan *plan, const need *of)
{
    const ms_demand *demand = &plan->kase->demands[of->demand_ix];
    const ms_item *item = &plan->kase->items[demand->item_ix];
    double t = ms_item_t_per_unit(item);
    for (size_t i = of->from; i < of->to; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (!ms_report_falls_short(plan, s))
            continue;
        if (item->backorder)
            owed[s->period] += s->quantity * t;
        else
            lack->lost_t += s->quantity * t;
        if (lack->first_period < 0 || s->period < lack->first_period)
            lack->first_period = s->period;
        if (s->period > lack->last_period)
            lack->last_period = s->period;
    }
    for (int p = 0; p < plan->kase->period_count; p++)
        lack->wanted_t += ms_case_demand(plan->kase, of->demand_ix, p) * t;
    lack->weight += of->weight;
    if (lack->priority == 0 || demand->priority < lack->priority)
        lack->priority = demand->priority;
}

/* needs[0..count) share a key. Of an item the site that is short first is named, of a site the heaviest item. */
static ms_lack gather(double *owed, const ms_plan *plan, const need *needs, size_t count, bool by_site)
{
    ms_lack lack = {.ix = needs[0].key_ix, .with_ix = -1, .first_period = -1, .last_period = -1};
    double best = -1.0;
    int periods = plan->kase->period_count;
    for (int p = 0; p < periods; p++)
        owed[p] = 0.0;
    for (size_t i = 0; i < count;) {
        int32_t other = needs[i].other_ix;
        double weight = 0.0;
        int first = periods;
        for (; i < count && needs[i].other_ix == other; i++) {
            weight += needs[i].weight;
            if (plan->shortfalls[needs[i].from].period < first)
                first = plan->shortfalls[needs[i].from].period;
            add_need(&lack, owed, plan, &needs[i]);
        }
        double rank = by_site ? weight : (double)(periods - first) * 1e12 + fmin(weight, 1e11);
        lack.with_count++;
        if (rank > best) {
            best = rank;
            lack.with_ix = other;
        }
    }
    for (int p = 0; p < periods; p++)
        lack.late_t = fmax(lack.late_t, owed[p]);
    return lack;
}

ms_status ms_lacks_make(ms_lacks *out, const ms_plan *plan, bool by_site, ms_error *err)
{
    need *needs = ms_alloc(plan->shortfall_count, sizeof *needs);
    ms_lack *items = ms_alloc(plan->shortfall_count, sizeof *items);
    double *owed = ms_alloc((size_t)plan->kase->period_count, sizeof *owed);
    if (needs == NULL || items == NULL || owed == NULL) {
        ms_free(needs);
        ms_free(items);
        ms_free(owed);
        return ms_error_memory(err);
    }
    size_t count = find_needs(needs, plan, by_site), lacks = 0;
    qsort(needs, count, sizeof *needs, by_key);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && needs[next].key_ix == needs[i].key_ix;)
            next++;
        items[lacks] = gather(owed, plan, &needs[i], next - i, by_site);
        if (items[lacks].lost_t + items[lacks].late_t >= MS_BRIEFING_LEAST_T)
            lacks++;
    }
    qsort(items, lacks, sizeof *items, by_weight);
    ms_free(needs);
    ms_free(owed);
    *out = (ms_lacks){items, lacks};
    return MS_OK;
}

/* ---- sections ---- */

static void put_when(ms_table *table, int column, const ms_briefing *b, int from, int to)
{
    ms_buf text = {0};
    ms_say_span(&text, b->language, b->plan->kase, from, to);
    ms_table_text(table, column, ms_words_of(&text));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static bool any_late(const ms_lacks *lacks)
{
    for (size_t i = 0; i < lacks->count; i++)
        if (lacks->items[i].late_t > 0.0)
            return true;
    return false;
}

/* The columns that both sections end with, and their cells. */
typedef struct {
    int from, when, from_date, to_date, amount, lost, late, priority;
} tail;

static tail tail_columns(const ms_briefing *b, ms_section *section, const ms_lacks *lacks)
{
    enum { IN_BOTH = MS_IN_DETAILS | MS_IN_BOOK };
    tail at = {.late = -1};
    at.from = ms_section_column_at(b, section, MS_SAY_FROM_DAY, MS_COLUMN_EXACT, MS_ON_FRONT);
    at.when = ms_section_column_at(b, section, MS_SAY_WHEN, MS_COLUMN_TEXT, MS_IN_DETAILS);
    at.from_date = ms_section_column_at(b, section, MS_SAY_FROM_DAY, MS_COLUMN_DATE, MS_IN_BOOK);
    at.to_date = ms_section_column_at(b, section, MS_SAY_TO_DAY, MS_COLUMN_DATE, MS_IN_BOOK);
    at.amount = ms_section_column_at(b, section, MS_SAY_SHORT_T, MS_COLUMN_EXACT, MS_ON_FRONT);
    at.lost = ms_section_column_at(b, section, MS_SAY_SHORT_T, MS_COLUMN_NUMBER, IN_BOTH);
    if (any_late(lacks))
        at.late = ms_section_column_at(b, section, MS_SAY_LATE_T, MS_COLUMN_NUMBER, IN_BOTH);
    at.priority = ms_section_column(b, section, MS_SAY_PRIO, MS_COLUMN_WHOLE);
    return at;
}

/* "5,116", or "593 late" where nothing is lost. */
static void put_amount(ms_table *table, int column, const ms_briefing *b, const ms_lack *lack)
{
    char number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    if (lack->lost_t > 0.0)
        ms_buf_text(&text, ms_number_short(number, ms_table_tidy(lack->lost_t)));
    else
        ms_say_put(&text, b->language, MS_SAY_LATE_N, ms_number_short(number, ms_table_tidy(lack->late_t)));
    ms_table_text(table, column, ms_words_of(&text));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static void tail_cells(const ms_briefing *b, ms_table *table, tail at, const ms_lack *lack)
{
    ms_briefing_date(b, table, at.from, at.from_date, lack->first_period);
    ms_table_number(table, at.to_date, ms_briefing_day(b, lack->last_period));
    put_when(table, at.when, b, lack->first_period, lack->last_period + 1);
    put_amount(table, at.amount, b, lack);
    if (lack->lost_t > 0.0)
        ms_table_number(table, at.lost, lack->lost_t);
    if (at.late >= 0 && lack->late_t > 0.0)
        ms_table_number(table, at.late, lack->late_t);
    ms_table_number(table, at.priority, lack->priority);
    ms_table_tone(table, at.priority, lack->priority == b->plan->priorities[0] ? MS_TONE_BAD : MS_TONE_PLAIN);
}

static void fill_items(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_section *section = ms_section_start(b, MS_SECTION_RUNS_OUT, MS_SAY_RUNS_OUT, MS_SAYS);
    int item = ms_section_column(b, section, MS_SAY_ITEM, MS_COLUMN_TEXT);
    int first = ms_section_column(b, section, MS_SAY_FIRST_AT, MS_COLUMN_TEXT);
    tail at = tail_columns(b, section, &b->items);
    int sites = ms_section_column_at(b, section, MS_SAY_SITE_COUNT, MS_COLUMN_WHOLE, MS_IN_DETAILS | MS_IN_BOOK);
    ms_section_rows(section);
    for (size_t i = 0; i < b->items.count; i++) {
        const ms_lack *lack = &b->items.items[i];
        ms_table_row(&section->table);
        ms_briefing_name(&section->table, item, kase->items[lack->ix].name);
        ms_briefing_name(&section->table, first, kase->sites[lack->with_ix].name);
        tail_cells(b, &section->table, at, lack);
        ms_table_number(&section->table, sites, (double)lack->with_count);
    }
}

static void fill_sites(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_section *section = ms_section_start(b, MS_SECTION_SITES, MS_SAY_RED_SITES, MS_SAYS);
    int site = ms_section_column(b, section, MS_SAY_SITE, MS_COLUMN_TEXT);
    int partner = ms_section_column_at(b, section, MS_SAY_PARTNER, MS_COLUMN_TEXT, MS_IN_DETAILS | MS_IN_BOOK);
    int item = ms_section_column(b, section, MS_SAY_WORST_ITEM, MS_COLUMN_TEXT);
    tail at = tail_columns(b, section, &b->sites);
    ms_section_rows(section);
    for (size_t i = 0; i < b->sites.count; i++) {
        const ms_lack *lack = &b->sites.items[i];
        ms_table_row(&section->table);
        ms_briefing_name(&section->table, site, kase->sites[lack->ix].name);
        ms_table_text(&section->table, partner, ms_say_partner(b->language, kase, kase->sites[lack->ix].partner_ix));
        ms_briefing_name(&section->table, item, kase->items[lack->with_ix].name);
        tail_cells(b, &section->table, at, lack);
    }
}

static int32_t item_of(const ms_case *kase, const ms_reason *reason)
{
    return reason->kind == MS_SHORT_DEMAND    ? kase->demands[reason->row_ix].item_ix
           : reason->kind == MS_SHORT_RESERVE ? kase->reserves[reason->row_ix].item_ix
                                              : kase->commitments[reason->row_ix].item_ix;
}

static bool is_late(const ms_case *kase, const ms_reason *reason)
{
    return reason->kind == MS_SHORT_DEMAND && kase->items[item_of(kase, reason)].backorder;
}

static void put_short(ms_buf *out, const ms_briefing *b, const ms_reason *reason)
{
    const ms_case *kase = b->plan->kase;
    ms_buf tonnes = {0}, span = {0};
    ms_words_tonnes(&tonnes, reason->short_t);
    ms_say_span(&span, b->language, kase, reason->from_period, reason->to_period);
    ms_say_put(out, b->language, is_late(kase, reason) ? MS_SAY_LATE_OF : MS_SAY_SHORT_OF, ms_words_of(&tonnes),
               ms_words_of(&span));
    out->failed = out->failed || tonnes.failed || span.failed;
    ms_buf_free(&tonnes);
    ms_buf_free(&span);
}

/* Every cause with its share where there are several. */
static void put_causes(ms_buf *out, const ms_briefing *b, const ms_reason *reason)
{
    for (int c = 0; c < reason->cause_count; c++) {
        ms_buf_text(out, c > 0 ? "; " : "");
        ms_say_cause(out, b->language, b->plan->kase, &reason->causes[c]);
        if (reason->cause_count > 1) {
            ms_buf_text(out, " (");
            ms_words_percent(out, reason->causes[c].share);
            ms_buf_text(out, ")");
        }
    }
}

static void fill_reasons(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_section *section = ms_section_start(b, MS_SECTION_REASONS, MS_SAY_REASONS, MS_SAYS);
    int what = ms_section_column(b, section, MS_SAY_WHAT_SHORT, MS_COLUMN_TEXT);
    int priority = ms_section_column(b, section, MS_SAY_PRIO, MS_COLUMN_WHOLE);
    int how = ms_section_column_at(b, section, MS_SAY_WHEN, MS_COLUMN_TEXT, MS_ON_PAGE);
    int from = ms_section_column_at(b, section, MS_SAY_FROM_DAY, MS_COLUMN_DATE, MS_IN_BOOK);
    int to = ms_section_column_at(b, section, MS_SAY_TO_DAY, MS_COLUMN_DATE, MS_IN_BOOK);
    int lost = ms_section_column_at(b, section, MS_SAY_SHORT_T, MS_COLUMN_NUMBER, MS_IN_BOOK);
    int late = ms_section_column_at(b, section, MS_SAY_LATE_T, MS_COLUMN_NUMBER, MS_IN_BOOK);
    int why = ms_section_column(b, section, MS_SAY_REASON, MS_COLUMN_TEXT);
    ms_section_rows(section);
    for (size_t i = 0; i < b->reasons.count; i++) {
        const ms_reason *reason = &b->reasons.items[i];
        ms_buf text = {0};
        ms_table_row(&section->table);
        ms_say_need(&text, b->language, kase, reason->kind, reason->row_ix);
        ms_table_text(&section->table, what, ms_words_of(&text));
        if (reason->kind == MS_SHORT_DEMAND)
            ms_table_number(&section->table, priority, kase->demands[reason->row_ix].priority);
        else if (reason->kind == MS_SHORT_RESERVE)
            ms_table_number(&section->table, priority, kase->reserves[reason->row_ix].priority);
        ms_buf_reset(&text);
        put_short(&text, b, reason);
        ms_table_text(&section->table, how, ms_words_of(&text));
        ms_table_number(&section->table, from, ms_briefing_day(b, reason->from_period));
        ms_table_number(&section->table, to, ms_briefing_day(b, reason->to_period - 1));
        ms_table_number(&section->table, is_late(kase, reason) ? late : lost, reason->short_t);
        ms_buf_reset(&text);
        put_causes(&text, b, reason);
        ms_table_text(&section->table, why, ms_words_of(&text));
        section->table.failed = section->table.failed || text.failed;
        ms_buf_free(&text);
    }
}

void ms_briefing_shortfalls(ms_briefing *briefing)
{
    fill_items(briefing);
    fill_sites(briefing);
    fill_reasons(briefing);
}
