/* posture.c: gathering what touches each (site, item), walking its stock forward, and measuring it in days of supply.
 */
#include "report/posture.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"

static const double DEFAULT_TARGET_DAYS = 7.0;

/* ---- what touches a (site, item) ---- */

typedef enum { ROW_STOCK, ROW_SUPPLY, ROW_DEMAND, ROW_RESERVE, ROW_ARRIVAL, ROW_DEPARTURE } row_kind;

typedef struct {
    int32_t site_ix, item_ix;
    row_kind kind;
    int32_t ix; /* row of its table */
} entry;

typedef struct {
    entry *items;
    size_t count;
} entries;

typedef struct {
    const ms_case *kase;
    const ms_plan *plan;
    const ms_posture_options *options;
    int32_t partner_ix;
    double target_days;
    int periods;
    entries all;
    double *level;      /* end of each period; [periods] */
    double *wanted;     /* in each period */
    double *short_in;   /* in each period */
    double *cumulative; /* [periods + 1] wanted before each period */
    double *scratch;    /* [periods] */
    double tail_per_day;
} work;

static void add_entry(entries *list, int32_t site_ix, int32_t item_ix, row_kind kind, int32_t ix)
{
    list->items[list->count++] = (entry){site_ix, item_ix, kind, ix};
}

static int by_site_item(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    if (a->site_ix != b->site_ix)
        return a->site_ix < b->site_ix ? -1 : 1;
    if (a->item_ix != b->item_ix)
        return a->item_ix < b->item_ix ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->ix > b->ix) - (a->ix < b->ix);
}

static bool chosen(const work *w, int32_t owner_ix)
{
    return w->partner_ix < 0 || w->partner_ix == owner_ix;
}

static bool wanted_key(const work *w, int32_t site_ix, int32_t item_ix)
{
    const ms_posture_options *o = w->options;
    const ms_item *item = &w->kase->items[item_ix];
    if (o->site != NULL && !ms_text_glob(o->site, w->kase->sites[site_ix].id))
        return false;
    return o->item == NULL || ms_text_glob(o->item, item->id) || ms_text_glob(o->item, ms_class_words[item->class_ix]);
}

static void add_if_wanted(work *w, int32_t site_ix, int32_t item_ix, int32_t owner_ix, row_kind kind, int32_t ix)
{
    if (chosen(w, owner_ix) && wanted_key(w, site_ix, item_ix))
        add_entry(&w->all, site_ix, item_ix, kind, ix);
}

static ms_status gather_entries(work *w, ms_error *err)
{
    const ms_case *kase = w->kase;
    size_t most = (size_t)kase->stocks_count + (size_t)kase->supplies_count + (size_t)kase->demands_count +
                  (size_t)kase->reserves_count + 2 * (size_t)kase->commitments_count;
    w->all.items = ms_alloc(most, sizeof *w->all.items);
    if (w->all.items == NULL)
        return ms_error_memory(err);
    for (int32_t i = 0; i < kase->stocks_count; i++)
        add_if_wanted(w, kase->stocks[i].site_ix, kase->stocks[i].item_ix, kase->stocks[i].partner_ix, ROW_STOCK, i);
    for (int32_t i = 0; i < kase->supplies_count; i++)
        add_if_wanted(w, kase->supplies[i].site_ix, kase->supplies[i].item_ix, kase->supplies[i].partner_ix, ROW_SUPPLY,
                      i);
    for (int32_t i = 0; i < kase->demands_count; i++)
        add_if_wanted(w, kase->demands[i].site_ix, kase->demands[i].item_ix, kase->demands[i].partner_ix, ROW_DEMAND,
                      i);
    for (int32_t i = 0; i < kase->reserves_count; i++)
        add_if_wanted(w, kase->reserves[i].site_ix, kase->reserves[i].item_ix, kase->reserves[i].partner_ix,
                      ROW_RESERVE, i);
    for (int32_t i = 0; i < kase->commitments_count; i++) {
        const ms_commitment *m = &kase->commitments[i];
        add_if_wanted(w, kase->lanes[m->lane_ix].to_ix, m->item_ix, m->partner_ix, ROW_ARRIVAL, i);
        add_if_wanted(w, kase->lanes[m->lane_ix].from_ix, m->item_ix, m->partner_ix, ROW_DEPARTURE, i);
    }
    qsort(w->all.items, w->all.count, sizeof *w->all.items, by_site_item);
    return MS_OK;
}

/* ---- demand ---- */

/* Fills wanted, cumulative and tail from the demands among group[0..count). */
static void walk_demand(work *w, const entry *group, size_t count)
{
    const ms_case *kase = w->kase;
    memset(w->wanted, 0, (size_t)w->periods * sizeof *w->wanted);
    w->tail_per_day = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (group[i].kind != ROW_DEMAND)
            continue;
        const ms_demand *demand = &kase->demands[group[i].ix];
        for (int t = 0; t < w->periods; t++)
            w->wanted[t] += ms_case_demand(kase, group[i].ix, t);
        if (isinf(demand->to_day) && w->periods > 0)
            w->tail_per_day += ms_case_demand(kase, group[i].ix, w->periods - 1) / kase->period_days;
    }
    w->cumulative[0] = 0.0;
    for (int t = 0; t < w->periods; t++)
        w->cumulative[t + 1] = w->cumulative[t] + w->wanted[t];
}

/* Days for which `stock`, held at the start of period t, meets the coming demand. */
static double days_of_supply(const work *w, int t, double stock, unsigned char *outlasts)
{
    const double *before = w->cumulative;
    double coming = before[w->periods] - before[t], slack = 1e-9 * (1.0 + before[w->periods]);
    *outlasts = 0;
    if (coming <= slack && w->tail_per_day <= 0.0)
        return NAN;
    if (stock < coming - slack) {
        int low = t, high = w->periods; /* the first period whose end the stock does not reach is in [low, high) */
        while (low + 1 < high) {
            int middle = low + (high - low) / 2;
            if (before[middle] - before[t] <= stock + slack)
                low = middle;
            else
                high = middle;
        }
        double part = (stock - (before[low] - before[t])) / (before[low + 1] - before[low]);
        return (low - t + fmin(fmax(part, 0.0), 1.0)) * w->kase->period_days;
    }
    if (w->tail_per_day > 0.0)
        return (w->periods - t) * w->kase->period_days + fmax(0.0, stock - coming) / w->tail_per_day;
    int last = w->periods;
    while (last > t && w->wanted[last - 1] <= 0.0)
        last--;
    *outlasts = 1;
    return (last - t) * w->kase->period_days;
}

/* ---- stock ---- */

/* What comes and goes by itself, by period, into scratch; the opening stock is returned. */
static double walk_flows(work *w, const entry *group, size_t count)
{
    const ms_case *kase = w->kase;
    double opening = 0.0;
    memset(w->scratch, 0, (size_t)w->periods * sizeof *w->scratch);
    for (size_t i = 0; i < count; i++) {
        int32_t ix = group[i].ix;
        if (group[i].kind == ROW_STOCK) {
            opening += kase->stocks[ix].quantity;
        } else if (group[i].kind == ROW_SUPPLY) {
            for (int t = 0; t < w->periods; t++)
                w->scratch[t] += ms_case_supply(kase, ix, t);
        } else if (group[i].kind == ROW_ARRIVAL || group[i].kind == ROW_DEPARTURE) {
            bool comes = group[i].kind == ROW_ARRIVAL;
            double quantity = kase->commitments[ix].quantity;
            int t = comes ? ms_case_commitment_arrives(kase, ix) : ms_case_commitment_departs(kase, ix);
            if (t >= 0 && t < w->periods)
                w->scratch[t] += comes ? quantity * ms_case_commitment_share(kase, ix) : -quantity;
        }
    }
    return opening;
}

/* Nothing moves: each period's stock is the one before, plus what comes, less what is wanted; what cannot be met is
 * short, and for an item that can wait it is owed until stock comes. */
static double simulate(work *w, const entry *group, size_t count)
{
    bool waits = w->kase->items[group->item_ix].backorder;
    double opening = walk_flows(w, group, count), stock = opening, owed = 0.0;
    for (int t = 0; t < w->periods; t++) {
        stock = fmax(0.0, stock * ms_case_carry(w->kase, group->site_ix, group->item_ix, t) + w->scratch[t]);
        double need = w->wanted[t] + owed, met = fmin(stock, need);
        stock -= met;
        double missing = need - met > 1e-9 * (1.0 + need) ? need - met : 0.0;
        owed = waits ? missing : 0.0;
        w->short_in[t] = missing;
        w->level[t] = stock;
    }
    return opening;
}

static size_t first_level(const ms_plan *plan, int32_t site_ix, int32_t item_ix)
{
    size_t low = 0, high = plan->level_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ms_level *l = &plan->levels[middle];
        if (l->site_ix < site_ix || (l->site_ix == site_ix && l->item_ix < item_ix))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_shortfall(const ms_plan *plan, int32_t demand_ix)
{
    size_t low = 0, high = plan->shortfall_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ms_shortfall *s = &plan->shortfalls[middle];
        if (s->kind == MS_SHORT_DEMAND && s->row_ix < demand_ix)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double read_plan(work *w, const entry *group, size_t count)
{
    const ms_plan *plan = w->plan;
    double opening = 0.0, start;
    memset(w->level, 0, (size_t)w->periods * sizeof *w->level);
    memset(w->short_in, 0, (size_t)w->periods * sizeof *w->short_in);
    size_t at = first_level(plan, group->site_ix, group->item_ix);
    for (int32_t owner_ix = -2; at < plan->level_count && plan->levels[at].site_ix == group->site_ix &&
                                plan->levels[at].item_ix == group->item_ix;
         at++) {
        if (plan->levels[at].owner_ix == owner_ix)
            continue;
        owner_ix = plan->levels[at].owner_ix;
        if (!chosen(w, owner_ix))
            continue;
        ms_plan_stock(plan, group->site_ix, group->item_ix, owner_ix, &start, w->scratch);
        opening += start;
        for (int t = 0; t < w->periods; t++)
            w->level[t] += w->scratch[t];
    }
    for (size_t i = 0; i < count; i++) {
        if (group[i].kind != ROW_DEMAND)
            continue;
        for (size_t s = first_shortfall(plan, group[i].ix); s < plan->shortfall_count; s++) {
            const ms_shortfall *gone = &plan->shortfalls[s];
            if (gone->kind != MS_SHORT_DEMAND || gone->row_ix != group[i].ix)
                break;
            if (gone->period >= 0 && gone->period < w->periods && ms_report_falls_short(plan, gone))
                w->short_in[gone->period] += gone->quantity;
        }
    }
    return opening;
}

/* ---- rows ---- */

static bool row_alloc(ms_posture *posture, ms_posture_row *row)
{
    size_t n = (size_t)posture->sample_count;
    row->stock = ms_arena_alloc(posture->arena, n, sizeof *row->stock);
    row->days = ms_arena_alloc(posture->arena, n, sizeof *row->days);
    row->short_amount = ms_arena_alloc(posture->arena, n, sizeof *row->short_amount);
    row->state = ms_arena_alloc(posture->arena, n, sizeof *row->state);
    row->outlasts = ms_arena_alloc(posture->arena, n, sizeof *row->outlasts);
    return row->stock != NULL && row->days != NULL && row->short_amount != NULL && row->state != NULL &&
           row->outlasts != NULL;
}

/* What the reserves among the group ask for at the end of period t (-1: at the start); negative when there are none. */
static double reserve_level(const work *w, const entry *group, size_t count, int t)
{
    double level = -1.0;
    for (size_t i = 0; i < count; i++)
        if (group[i].kind == ROW_RESERVE)
            level = fmax(level, 0.0) + ms_case_reserve_level(w->kase, &w->kase->reserves[group[i].ix], t);
    return level;
}

static ms_state state_of(double have, double want)
{
    double slack = 1e-9 * (1.0 + want);
    return have >= want - slack ? MS_STATE_GREEN : have >= want / 2.0 - slack ? MS_STATE_AMBER : MS_STATE_RED;
}

static void fill_sample(const work *w, ms_posture_row *row, int i, int from, int to, double stock, double reserve)
{
    row->stock[i] = stock;
    row->days[i] = days_of_supply(w, from, stock, &row->outlasts[i]);
    for (int t = from; t < to; t++)
        row->short_amount[i] = w->kase->items[row->item_ix].backorder ? w->short_in[t]
                                                                      : row->short_amount[i] + w->short_in[t];
    if (row->short_amount[i] > 0.0)
        row->state[i] = MS_STATE_RED;
    else if (reserve > 0.0)
        row->state[i] = (unsigned char)state_of(stock, reserve);
    else if (!isnan(row->days[i]))
        row->state[i] = (unsigned char)(row->outlasts[i] ? MS_STATE_GREEN : state_of(row->days[i], w->target_days));
}

static void summarise(const ms_posture *posture, ms_posture_row *row)
{
    row->first_red = row->first_short = -1;
    row->least_days = NAN;
    for (int i = posture->sample_count - 1; i >= 0; i--) {
        if (row->state[i] == MS_STATE_RED)
            row->first_red = i;
        if (row->short_amount[i] > 0.0)
            row->first_short = i;
        row->least_days = fmin(row->least_days, row->outlasts[i] ? INFINITY : row->days[i]);
    }
}

static bool add_row(work *w, ms_posture *posture, const entry *group, size_t count)
{
    const ms_item *item = &w->kase->items[group->item_ix];
    ms_posture_row *row = &posture->rows[posture->row_count];
    *row = (ms_posture_row){
        .site_ix = group->site_ix, .item_ix = group->item_ix, .class_ix = item->class_ix, .partner_ix = w->partner_ix};
    if (!row_alloc(posture, row))
        return false;
    walk_demand(w, group, count);
    double opening = w->plan == NULL ? simulate(w, group, count) : read_plan(w, group, count);
    for (int i = 0; i < posture->sample_count; i++) {
        int from = posture->sample_period[i],
            to = i + 1 < posture->sample_count ? posture->sample_period[i + 1] : w->periods;
        fill_sample(w, row, i, from, to, from == 0 ? opening : w->level[from - 1],
                    reserve_level(w, group, count, from - 1));
    }
    summarise(posture, row);
    posture->row_count++;
    return true;
}

/* ---- classes ---- */

static int by_site_class(const void *left, const void *right)
{
    const ms_posture_row *a = left, *b = right;
    if (a->site_ix != b->site_ix)
        return a->site_ix < b->site_ix ? -1 : 1;
    if (a->class_ix != b->class_ix)
        return a->class_ix < b->class_ix ? -1 : 1;
    return (a->item_ix > b->item_ix) - (a->item_ix < b->item_ix);
}

static void to_tonnes(const ms_posture *posture, ms_posture_row *row)
{
    double t_per_unit = ms_item_t_per_unit(&posture->kase->items[row->item_ix]);
    for (int i = 0; i < posture->sample_count; i++) {
        row->stock[i] *= t_per_unit;
        row->short_amount[i] *= t_per_unit;
    }
}

/* Adds b, a row in tonnes of the same site and class, to a. */
static void merge(const ms_posture *posture, ms_posture_row *a, const ms_posture_row *b)
{
    for (int i = 0; i < posture->sample_count; i++) {
        double mine = a->outlasts[i] ? INFINITY : a->days[i], other = b->outlasts[i] ? INFINITY : b->days[i];
        a->stock[i] += b->stock[i];
        a->short_amount[i] += b->short_amount[i];
        if (b->state[i] > a->state[i])
            a->state[i] = b->state[i];
        if (isnan(mine) || other < mine) {
            a->days[i] = b->days[i];
            a->outlasts[i] = b->outlasts[i];
        } else if (a->outlasts[i] && b->outlasts[i]) {
            a->days[i] = fmax(a->days[i], b->days[i]);
        }
    }
}

static void merge_classes(ms_posture *posture)
{
    size_t kept = 0;
    qsort(posture->rows, posture->row_count, sizeof *posture->rows, by_site_class);
    for (size_t r = 0; r < posture->row_count; r++) {
        to_tonnes(posture, &posture->rows[r]);
        ms_posture_row *last = kept > 0 ? &posture->rows[kept - 1] : NULL;
        if (last != NULL && last->site_ix == posture->rows[r].site_ix && last->class_ix == posture->rows[r].class_ix)
            merge(posture, last, &posture->rows[r]);
        else
            posture->rows[kept++] = posture->rows[r];
    }
    posture->row_count = kept;
    for (size_t r = 0; r < kept; r++) {
        posture->rows[r].item_ix = -1;
        summarise(posture, &posture->rows[r]);
    }
}

/* ---- all of it ---- */

static size_t group_end(const entries *all, size_t from)
{
    size_t end = from + 1;
    while (end < all->count && all->items[end].site_ix == all->items[from].site_ix &&
           all->items[end].item_ix == all->items[from].item_ix)
        end++;
    return end;
}

/* A site that neither wants an item nor keeps a reserve of it only stores it. */
static bool consumes(const entry *group, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (group[i].kind == ROW_DEMAND || group[i].kind == ROW_RESERVE)
            return true;
    return false;
}

static bool make_samples(ms_posture *posture)
{
    const ms_case *kase = posture->kase;
    posture->sample_period = ms_arena_alloc(posture->arena, (size_t)kase->period_count + 1,
                                            sizeof *posture->sample_period);
    if (posture->sample_period == NULL)
        return false;
    double last_day = -1.0;
    for (int t = 0; t < kase->period_count; t++) {
        double day = floor(t * kase->period_days + 1e-9);
        if (day <= last_day && kase->period_days < 1.0)
            continue;
        last_day = day;
        posture->sample_period[posture->sample_count++] = t;
    }
    return true;
}

static ms_status make_rows(work *w, ms_posture *posture, ms_error *err)
{
    size_t groups = 0, periods = (size_t)w->periods;
    for (size_t i = 0, end; i < w->all.count; i = end) {
        end = group_end(&w->all, i);
        groups += consumes(&w->all.items[i], end - i);
    }
    if (groups > MS_POSTURE_CELLS / (size_t)(posture->sample_count + 1))
        return ms_error_set(err, MS_LIMIT,
                            "%zu sites and items over %d days are too many for one view; choose by site or item",
                            groups, posture->sample_count);
    posture->rows = ms_arena_alloc(posture->arena, groups + 1, sizeof *posture->rows);
    w->level = ms_arena_alloc(posture->arena, periods + 1, sizeof *w->level);
    w->wanted = ms_arena_alloc(posture->arena, periods + 1, sizeof *w->wanted);
    w->short_in = ms_arena_alloc(posture->arena, periods + 1, sizeof *w->short_in);
    w->cumulative = ms_arena_alloc(posture->arena, periods + 1, sizeof *w->cumulative);
    w->scratch = ms_arena_alloc(posture->arena, periods + 1, sizeof *w->scratch);
    if (posture->rows == NULL || w->level == NULL || w->wanted == NULL || w->short_in == NULL ||
        w->cumulative == NULL || w->scratch == NULL)
        return ms_error_memory(err);
    for (size_t i = 0, end; i < w->all.count; i = end) {
        end = group_end(&w->all, i);
        if (consumes(&w->all.items[i], end - i) && !add_row(w, posture, &w->all.items[i], end - i))
            return ms_error_memory(err);
    }
    if (w->options->by == MS_POSTURE_BY_CLASS)
        merge_classes(posture);
    return MS_OK;
}

ms_status ms_posture_make(ms_posture *out, const ms_case *kase, const ms_plan *plan, int32_t partner_ix,
                          const ms_posture_options *options, ms_error *err)
{
    ms_posture made = {.kase = kase, .arena = ms_arena_new()};
    double target_days = options->target_days > 0.0 ? options->target_days : DEFAULT_TARGET_DAYS;
    work w = {.kase = kase,
              .plan = plan,
              .options = options,
              .partner_ix = partner_ix,
              .target_days = target_days,
              .periods = kase->period_count};
    if (made.arena == NULL || !make_samples(&made)) {
        ms_arena_free(made.arena);
        return ms_error_memory(err);
    }
    ms_status status = gather_entries(&w, err);
    if (status == MS_OK)
        status = make_rows(&w, &made, err);
    ms_free(w.all.items);
    if (status == MS_OK)
        *out = made;
    else
        ms_posture_free(&made);
    return status;
}

void ms_posture_free(ms_posture *posture)
{
    ms_arena_free(posture->arena);
    *posture = (ms_posture){0};
}

double ms_posture_day(const ms_posture *posture, int sample)
{
    return posture->sample_period[sample] * posture->kase->period_days;
}

/* -1 sorts behind every day. */
static int compare_first(int a, int b)
{
    unsigned x = (unsigned)a, y = (unsigned)b;
    return (x > y) - (x < y);
}

static int worst_first(const void *left, const void *right)
{
    const ms_posture_row *a = left, *b = right;
    int order = compare_first(a->first_short, b->first_short);
    if (order == 0)
        order = compare_first(a->first_red, b->first_red);
    double x = isnan(a->least_days) ? INFINITY : a->least_days, y = isnan(b->least_days) ? INFINITY : b->least_days;
    if (order == 0)
        order = (x > y) - (x < y);
    if (order == 0)
        order = isnan(a->least_days) - isnan(b->least_days);
    return order != 0 ? order : by_site_class(left, right);
}

void ms_posture_rank(ms_posture *posture)
{
    qsort(posture->rows, posture->row_count, sizeof *posture->rows, worst_first);
}
