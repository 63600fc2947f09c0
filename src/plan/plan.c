/* plan.c: a plan's life, its order, and what follows from its rows: cross-servicing orders. */
#include "plan/plan.h"

#include <stdlib.h>

void ms_plan_free(ms_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_free(plan->contingencies[i]);
    void *const blocks[] = {plan->contingencies, plan->movements, plan->issues,      plan->levels,   plan->shortfalls,
                            plan->prices,        plan->orders,    plan->engine_text, plan->coverage, plan->basis};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_case_free(plan->owned_case);
    ms_free(plan);
}

double ms_plan_objective(const ms_plan *plan)
{
    return plan->objective;
}

double ms_plan_bound(const ms_plan *plan)
{
    return plan->bound;
}

double ms_plan_gap(const ms_plan *plan)
{
    const double floor = 1e-9;
    double scale = fabs(plan->objective) > floor ? fabs(plan->objective) : floor;
    return plan->objective > plan->bound ? (plan->objective - plan->bound) / scale : 0;
}

double ms_plan_seconds(const ms_plan *plan)
{
    return plan->seconds;
}

bool ms_plan_stopped(const ms_plan *plan)
{
    return plan->stopped;
}

const char *ms_plan_contingency(const ms_plan *plan, size_t ix)
{
    return ix < plan->contingency_count ? plan->contingencies[ix] : NULL;
}

/* ---- order ---- */

/* Compares two lists of numbers of one length, first difference first. */
static int compare(const int32_t *a, const int32_t *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int by_movement(const void *left, const void *right)
{
    const ms_movement *a = left, *b = right;
    const int32_t ka[] = {a->depart,  a->lane_ix,       a->item_ix, a->owner_ix,
                          a->lift_ix, a->fleet_lift_ix, a->site_ix, a->commitment_ix};
    const int32_t kb[] = {b->depart,  b->lane_ix,       b->item_ix, b->owner_ix,
                          b->lift_ix, b->fleet_lift_ix, b->site_ix, b->commitment_ix};
    return compare(ka, kb, 8);
}

static int by_issue(const void *left, const void *right)
{
    const ms_issue *a = left, *b = right;
    const int32_t ka[] = {a->period, a->demand_ix, a->item_ix, a->owner_ix, a->agreement_ix};
    const int32_t kb[] = {b->period, b->demand_ix, b->item_ix, b->owner_ix, b->agreement_ix};
    return compare(ka, kb, 5);
}

static int by_level(const void *left, const void *right)
{
    const ms_level *a = left, *b = right;
    const int32_t ka[] = {a->site_ix, a->item_ix, a->owner_ix, a->period};
    const int32_t kb[] = {b->site_ix, b->item_ix, b->owner_ix, b->period};
    return compare(ka, kb, 4);
}

static int by_shortfall(const void *left, const void *right)
{
    const ms_shortfall *a = left, *b = right;
    const int32_t ka[] = {a->kind, a->row_ix, a->period}, kb[] = {b->kind, b->row_ix, b->period};
    return compare(ka, kb, 3);
}

static int by_price(const void *left, const void *right)
{
    const ms_price *a = left, *b = right;
    const int32_t ka[] = {a->label, a->row_ix, a->period}, kb[] = {b->label, b->row_ix, b->period};
    return compare(ka, kb, 3);
}

static int by_order(const void *left, const void *right)
{
    const ms_order *a = left, *b = right;
    const int32_t ka[] = {a->agreement_ix, a->place_ix, a->item_ix, a->from_period};
    const int32_t kb[] = {b->agreement_ix, b->place_ix, b->item_ix, b->from_period};
    return compare(ka, kb, 4);
}

static void sort(void *rows, size_t count, size_t size, int (*order)(const void *, const void *))
{
    if (count > 1)
        qsort(rows, count, size, order);
}

/* ---- orders: one for each agreement, place and item, and each unbroken run of periods ---- */

static void use(ms_order *uses, size_t *count, int32_t agreement_ix, int32_t place_ix, int32_t item_ix, int32_t period,
                double quantity)
{
    if (agreement_ix >= 0)
        uses[(*count)++] = (ms_order){agreement_ix, item_ix, place_ix, period, period + 1, quantity};
}

static ms_status derive_orders(ms_plan *plan)
{
    size_t count = 0, kept = 0, uses_per_movement = 3;
    ms_order *uses = ms_alloc(plan->movement_count * uses_per_movement + plan->issue_count, sizeof *uses);
    if (!uses)
        return MS_NO_MEMORY;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        use(uses, &count, m->lift_ix, m->lane_ix, m->item_ix, m->depart, m->quantity);
        use(uses, &count, m->fleet_lift_ix, m->lane_ix, m->item_ix, m->depart, m->quantity);
        use(uses, &count, m->site_ix, plan->kase->lanes[m->lane_ix].to_ix, m->item_ix, m->arrive, m->quantity);
    }
    for (size_t i = 0; i < plan->issue_count; i++) {
        const ms_issue *issue = &plan->issues[i];
        use(uses, &count, issue->agreement_ix, plan->kase->demands[issue->demand_ix].site_ix, issue->item_ix,
            issue->period, issue->quantity);
    }
    sort(uses, count, sizeof *uses, by_order);
    for (size_t i = 0; i < count; i++) {
        ms_order *last = kept ? &uses[kept - 1] : NULL;
        if (last && last->agreement_ix == uses[i].agreement_ix && last->place_ix == uses[i].place_ix &&
            last->item_ix == uses[i].item_ix && uses[i].from_period <= last->to_period) {
            last->quantity += uses[i].quantity;
            last->to_period = uses[i].to_period;
        } else {
            uses[kept++] = uses[i];
        }
    }
    ms_free(plan->orders);
    plan->orders = uses;
    plan->order_count = kept;
    return MS_OK;
}

ms_status ms_plan_finish(ms_plan *plan, ms_error *err)
{
    sort(plan->movements, plan->movement_count, sizeof *plan->movements, by_movement);
    sort(plan->issues, plan->issue_count, sizeof *plan->issues, by_issue);
    sort(plan->levels, plan->level_count, sizeof *plan->levels, by_level);
    sort(plan->shortfalls, plan->shortfall_count, sizeof *plan->shortfalls, by_shortfall);
    sort(plan->prices, plan->price_count, sizeof *plan->prices, by_price);
    return derive_orders(plan) == MS_OK ? MS_OK : ms_error_memory(err);
}

/* ---- stock over time ---- */

static size_t first_level(const ms_plan *plan, int32_t site_ix, int32_t item_ix, int32_t owner_ix)
{
    const ms_level wanted = {.site_ix = site_ix, .item_ix = item_ix, .owner_ix = owner_ix, .period = -1};
    size_t low = 0, high = plan->level_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_level(&plan->levels[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ms_plan_stock(const ms_plan *plan, int32_t site_ix, int32_t item_ix, int32_t owner_ix, double *opening,
                   double *out)
{
    double now = 0;
    int periods = plan->kase->period_count, t = -1;
    for (size_t i = first_level(plan, site_ix, item_ix, owner_ix); i < plan->level_count; i++) {
        const ms_level *level = &plan->levels[i];
        if (level->site_ix != site_ix || level->item_ix != item_ix || level->owner_ix != owner_ix)
            break;
        for (; t < level->period; t++)
            if (t >= 0)
                out[t] = now;
            else
                *opening = now;
        now = level->quantity;
    }
    if (t < 0)
        *opening = now;
    for (t = t < 0 ? 0 : t; t < periods; t++)
        out[t] = now;
}
