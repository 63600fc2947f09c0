/* fill.c: from quanta on ways to rows that people can read. */
#include "plan/fill.h"

#include <stdlib.h>

/* ---- movements, issues, levels ---- */

static size_t count_positive(const int64_t *quanta, size_t count)
{
    size_t positive = 0;
    for (size_t i = 0; i < count; i++)
        positive += quanta[i] > 0;
    return positive;
}

static ms_status fill_movements(ms_plan *plan, const ms_network *net, const ms_settled *settled)
{
    size_t count = count_positive(settled->move_q, ms_at(net, net->way_count, 0)) + (size_t)net->committed_count;
    plan->movements = ms_alloc(count, sizeof *plan->movements);
    if (!plan->movements)
        return MS_NO_MEMORY;
    for (int32_t w = 0; w < net->way_count; w++)
        for (int t = 0; t < net->H; t++) {
            int64_t quanta = settled->move_q[ms_at(net, w, t)];
            if (quanta <= 0)
                continue;
            const ms_move_way *way = &net->ways[w];
            const ms_layer *k = &net->layers[way->layer];
            plan->movements[plan->movement_count++] = (ms_movement){
                .depart = t,
                .arrive = t + net->transit[ms_at(net, way->lane_ix, t)],
                .lane_ix = way->lane_ix,
                .item_ix = k->item_ix,
                .owner_ix = k->owner_ix,
                .lift_ix = way->agreement_ix[MS_NEED_LIFT],
                .fleet_lift_ix = way->agreement_ix[MS_NEED_FLEET],
                .site_ix = way->agreement_ix[MS_NEED_SITE],
                .commitment_ix = MS_NONE,
                .quantity = (double)quanta / ms_quanta_per_unit(net, way->layer)};
        }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        const ms_layer *k = &net->layers[m->layer];
        if (settled->kept_q[i] <= 0)
            continue;
        plan->movements[plan->movement_count++] = (ms_movement){
            .depart = m->depart,
            .arrive = m->arrive,
            .lane_ix = net->kase->commitments[m->commitment_ix].lane_ix,
            .item_ix = k->item_ix,
            .owner_ix = k->owner_ix,
            .lift_ix = MS_NONE,
            .fleet_lift_ix = MS_NONE,
            .site_ix = MS_NONE,
            .commitment_ix = m->commitment_ix,
            .quantity = (double)settled->kept_q[i] / ms_quanta_per_unit(net, m->layer)};
    }
    return MS_OK;
}

static ms_status fill_issues(ms_plan *plan, const ms_network *net, const ms_settled *settled)
{
    plan->issues = ms_alloc(count_positive(settled->issue_q, ms_at(net, net->issue_count, 0)), sizeof *plan->issues);
    if (!plan->issues)
        return MS_NO_MEMORY;
    for (int32_t v = 0; v < net->issue_count; v++)
        for (int t = 0; t < net->H; t++) {
            int64_t quanta = settled->issue_q[ms_at(net, v, t)];
            if (quanta <= 0)
                continue;
            const ms_issue_way *way = &net->issues[v];
            const ms_layer *k = &net->layers[way->layer];
            double quantity = (double)quanta / ms_quanta_per_unit(net, way->layer);
            double wanted_unit_t = ms_item_t_per_unit(&net->kase->items[net->kase->demands[way->demand_ix].item_ix]);
            bool same = k->item_ix == net->kase->demands[way->demand_ix].item_ix;
            plan->issues[plan->issue_count++] = (ms_issue){
                .period = t,
                .demand_ix = way->demand_ix,
                .item_ix = k->item_ix,
                .owner_ix = k->owner_ix,
                .agreement_ix = way->agreement_ix,
                .quantity = quantity,
                .meets = same ? quantity : quantity * k->t_per_unit * way->meets / wanted_unit_t};
        }
    return MS_OK;
}

/* Calls for each change of level; out NULL only counts. */
static size_t walk_levels(const ms_network *net, const ms_settled *settled, ms_level *out)
{
    size_t count = 0;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            double per_unit = ms_quanta_per_unit(net, k);
            double opening = net->opening_t[(size_t)k * (size_t)net->site_count + (size_t)n] /
                             net->layers[k].t_per_unit;
            int64_t before = (int64_t)nearbyint(opening * per_unit);
            for (int t = -1; t < net->H; t++) {
                int64_t now = t < 0 ? before : settled->stock_q[ms_node(net, k, n, t)];
                if (t < 0 ? now == 0 : now == before)
                    continue;
                if (out)
                    out[count] = (ms_level){.site_ix = n,
                                            .item_ix = net->layers[k].item_ix,
                                            .owner_ix = net->layers[k].owner_ix,
                                            .period = t,
                                            .quantity = (double)now / per_unit};
                before = now;
                count++;
            }
        }
    return count;
}

static ms_status fill_levels(ms_plan *plan, const ms_network *net, const ms_settled *settled)
{
    plan->level_count = walk_levels(net, settled, NULL);
    plan->levels = ms_alloc(plan->level_count, sizeof *plan->levels);
    if (!plan->levels)
        return MS_NO_MEMORY;
    walk_levels(net, settled, plan->levels);
    return MS_OK;
}

/* ---- shortfalls ---- */

/* A shortage of less than a quantum is rounding; NAN says so. */
static double shown_short(const ms_item *item, double short_t)
{
    double per_unit = 1, units = short_t / ms_item_t_per_unit(item);
    for (int digits = ms_quantum_digits(item); digits > 0; digits--)
        per_unit *= 10;
    double quanta = nearbyint(units * per_unit);
    return quanta >= 2 ? quanta / per_unit : NAN;
}

static size_t walk_shortfalls(const ms_network *net, const ms_settled *settled, ms_shortfall *out)
{
    const ms_case *kase = net->kase;
    size_t count = 0;
    for (int32_t j = 0; j < kase->demands_count; j++)
        for (int t = 0; t < net->H; t++) {
            double shown = shown_short(&kase->items[kase->demands[j].item_ix], settled->short_t[ms_at(net, j, t)]);
            if (isnan(shown))
                continue;
            if (out)
                out[count] = (ms_shortfall){MS_SHORT_DEMAND, j, t, shown, ms_case_demand(kase, j, t)};
            count++;
        }
    for (int32_t r = 0; r < kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++) {
            const ms_item *item = &kase->items[kase->reserves[r].item_ix];
            double shown = shown_short(item, settled->below_t[ms_at(net, r, t)]);
            if (isnan(shown))
                continue;
            if (out)
                out[count] = (ms_shortfall){MS_SHORT_RESERVE, r, t, shown,
                                            net->reserve_t[ms_at(net, r, t)] / ms_item_t_per_unit(item)};
            count++;
        }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        const ms_item *item = &kase->items[net->layers[m->layer].item_ix];
        double kept_t = (double)settled->kept_q[i] * ms_quantum_t(net, m->layer);
        double shown = m->depart < 0 ? NAN : shown_short(item, m->load_t - kept_t);
        if (isnan(shown))
            continue;
        if (out)
            out[count] = (ms_shortfall){MS_SHORT_COMMITMENT, m->commitment_ix, m->depart, shown,
                                        m->load_t / ms_item_t_per_unit(item)};
        count++;
    }
    return count;
}

static ms_status fill_shortfalls(ms_plan *plan, const ms_network *net, const ms_settled *settled)
{
    plan->shortfall_count = walk_shortfalls(net, settled, NULL);
    plan->shortfalls = ms_alloc(plan->shortfall_count, sizeof *plan->shortfalls);
    if (!plan->shortfalls)
        return MS_NO_MEMORY;
    walk_shortfalls(net, settled, plan->shortfalls);
    return MS_OK;
}

/* ---- coverage ---- */

ms_status ms_plan_make_coverage(ms_plan *plan, const ms_weights *weights, ms_error *err)
{
    plan->priority_count = weights->priority_count;
    for (int i = 0; i < weights->priority_count; i++)
        plan->priorities[i] = weights->priorities[i];
    size_t cells = (size_t)(plan->base->partners_count + 1) * (size_t)weights->priority_count;
    plan->coverage = ms_alloc(cells, sizeof *plan->coverage);
    if (!plan->coverage)
        return ms_error_memory(err);
    for (size_t i = 0; i < cells; i++)
        plan->coverage[i].alone_met_t = plan->coverage[i].alone_owed_t_days = NAN;
    return MS_OK;
}

static ms_coverage *coverage_cell(const ms_plan *plan, const ms_demand *demand)
{
    int32_t row = demand->partner_ix < 0 ? plan->base->partners_count : demand->partner_ix;
    int rank = 0;
    while (plan->priorities[rank] != demand->priority)
        rank++;
    return &plan->coverage[(size_t)row * (size_t)plan->priority_count + (size_t)rank];
}

/* What a line wants in all, gets by the end, and is owed over the days. */
static void cover(const ms_network *net, const ms_settled *settled, int32_t j, double *wanted_t, double *met_t,
                  double *owed_t_days)
{
    bool owed = net->kase->items[net->kase->demands[j].item_ix].backorder;
    double wanted = 0, missed = 0, days = 0;
    for (int t = 0; t < net->H; t++) {
        double short_t = settled->short_t[ms_at(net, j, t)];
        wanted += net->demand_t[ms_at(net, j, t)];
        missed = owed ? short_t : missed + short_t;
        days += owed ? short_t * net->period_days : 0;
    }
    *wanted_t += wanted;
    *met_t += wanted - missed;
    *owed_t_days += days;
}

static void fill_coverage(ms_plan *plan, const ms_network *net, const ms_settled *settled)
{
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        ms_coverage *cell = coverage_cell(plan, &net->kase->demands[j]);
        cover(net, settled, j, &cell->wanted_t, &cell->met_t, &cell->owed_t_days);
    }
}

void ms_plan_note_alone(ms_plan *plan, int32_t partner_ix, const ms_network *net, const ms_settled *settled)
{
    for (int rank = 0; rank < plan->priority_count; rank++) {
        ms_coverage *cell = &plan->coverage[(size_t)partner_ix * (size_t)plan->priority_count + (size_t)rank];
        cell->alone_met_t = cell->alone_owed_t_days = 0;
    }
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double wanted_t = 0;
        if (net->kase->demands[j].partner_ix != partner_ix)
            continue;
        ms_coverage *cell = coverage_cell(plan, &net->kase->demands[j]);
        cover(net, settled, j, &wanted_t, &cell->alone_met_t, &cell->alone_owed_t_days);
    }
}

ms_status ms_plan_fill(ms_plan *plan, const ms_network *net, const ms_settled *settled, ms_error *err)
{
    if (fill_movements(plan, net, settled) != MS_OK || fill_issues(plan, net, settled) != MS_OK ||
        fill_levels(plan, net, settled) != MS_OK || fill_shortfalls(plan, net, settled) != MS_OK)
        return ms_error_memory(err);
    fill_coverage(plan, net, settled);
    plan->objective = settled->objective;
    plan->shortfall_part = settled->shortfall_part;
    plan->cost_part = settled->cost_part;
    plan->cost_currency = settled->cost_currency;
    return MS_OK;
}

/* ---- prices ---- */

static bool add_prices(ms_plan *plan, size_t *capacity, int label, const double *prices, int32_t rows, int periods)
{
    for (int32_t row = 0; row < rows; row++)
        for (int t = 0; t < periods; t++) {
            double price = prices[(size_t)row * (size_t)periods + (size_t)t];
            if (price == 0)
                continue;
            if (!ms_grow((void **)&plan->prices, capacity, plan->price_count + 1, sizeof *plan->prices))
                return false;
            plan->prices[plan->price_count++] = (ms_price){label, row, label == 7 ? -1 : t, price};
        }
    return true;
}

/* A commitment's price counts also where it is 0. */
static bool add_commitment_prices(ms_plan *plan, size_t *capacity, const double *prices, int32_t rows)
{
    for (int32_t row = 0; row < rows; row++) {
        if (isnan(prices[row]))
            continue;
        if (!ms_grow((void **)&plan->prices, capacity, plan->price_count + 1, sizeof *plan->prices))
            return false;
        plan->prices[plan->price_count++] = (ms_price){10, row, -1, prices[row]};
    }
    return true;
}

ms_status ms_plan_fill_prices(ms_plan *plan, const ms_network *net, const ms_prices *prices, ms_error *err)
{
    const ms_case *kase = net->kase;
    size_t capacity = 0;
    plan->price_count = 0;
    if (!add_prices(plan, &capacity, 2, prices->demand, kase->demands_count, net->H) ||
        !add_prices(plan, &capacity, 3, prices->lane, kase->lanes_count, net->H) ||
        !add_prices(plan, &capacity, 4, prices->site, kase->sites_count, net->H) ||
        !add_prices(plan, &capacity, 5, prices->storage, kase->sites_count, net->H) ||
        !add_prices(plan, &capacity, 6, prices->fleet, kase->fleets_count, net->H) ||
        !add_prices(plan, &capacity, 7, prices->agreement, kase->agreements_count, 1) ||
        !add_prices(plan, &capacity, 8, prices->reserve, kase->reserves_count, net->H) ||
        !add_commitment_prices(plan, &capacity, prices->commitment, kase->commitments_count))
        return ms_error_memory(err);
    return MS_OK;
}
