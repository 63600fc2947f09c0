/* prices.c: prices of a network's rows; what they prove and ask for, by a sweep made for the occasion. */
#include "plan/prices.h"

#include <string.h>

#include "plan/sweep.h"

ms_status ms_prices_make(ms_prices *out, const ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    ms_prices prices = {
        .demand = ms_alloc((size_t)kase->demands_count * H, sizeof(double)),
        .lane = ms_alloc((size_t)kase->lanes_count * H, sizeof(double)),
        .site = ms_alloc((size_t)kase->sites_count * H, sizeof(double)),
        .storage = ms_alloc((size_t)kase->sites_count * H, sizeof(double)),
        .fleet = ms_alloc((size_t)kase->fleets_count * H, sizeof(double)),
        .agreement = ms_alloc((size_t)kase->agreements_count, sizeof(double)),
        .reserve = ms_alloc((size_t)kase->reserves_count * H, sizeof(double)),
        .commitment = ms_alloc((size_t)kase->commitments_count, sizeof(double)),
    };
    if (!prices.demand || !prices.lane || !prices.site || !prices.storage || !prices.fleet || !prices.agreement ||
        !prices.reserve || !prices.commitment) {
        ms_prices_free(&prices);
        return MS_NO_MEMORY;
    }
    for (int32_t i = 0; i < kase->commitments_count; i++)
        prices.commitment[i] = NAN;
    *out = prices;
    return MS_OK;
}

void ms_prices_free(ms_prices *prices)
{
    ms_free(prices->demand);
    ms_free(prices->lane);
    ms_free(prices->site);
    ms_free(prices->storage);
    ms_free(prices->fleet);
    ms_free(prices->agreement);
    ms_free(prices->reserve);
    ms_free(prices->commitment);
    *prices = (ms_prices){0};
}

void ms_prices_from_plan(ms_prices *prices, const ms_plan *plan, int period_count)
{
    double *const tables[] = {NULL,
                              NULL,
                              prices->demand,
                              prices->lane,
                              prices->site,
                              prices->storage,
                              prices->fleet,
                              prices->agreement,
                              prices->reserve,
                              NULL,
                              prices->commitment};
    for (size_t i = 0; i < plan->price_count; i++) {
        const ms_price *price = &plan->prices[i];
        size_t at = (size_t)price->row_ix;
        if (price->period >= 0)
            at = at * (size_t)period_count + (size_t)price->period;
        tables[price->label][at] = price->price;
    }
}

static void clean_rows(double *prices, const double *rooms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(prices[i] > 0) || isinf(rooms[i]))
            prices[i] = 0;
}

void ms_prices_clean(ms_prices *prices, const ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    clean_rows(prices->lane, net->lane_room, (size_t)kase->lanes_count * H);
    clean_rows(prices->site, net->site_room, (size_t)kase->sites_count * H);
    clean_rows(prices->storage, net->storage, (size_t)kase->sites_count * H);
    clean_rows(prices->fleet, net->fleet_room, (size_t)kase->fleets_count * H);
    clean_rows(prices->agreement, net->agreement_room, (size_t)kase->agreements_count);
    for (size_t i = 0; i < (size_t)kase->reserves_count * H; i++)
        if (!(prices->reserve[i] > 0))
            prices->reserve[i] = 0;
}

/* ---- B1, one layer at a time ---- */

ms_status ms_sweep_make(ms_sweep *out, const ms_network *net)
{
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count;
    ms_sweep sweep = {
        .value = ms_alloc((size_t)net->site_count * (size_t)(net->H + 1), sizeof(double)),
        .lane_price = ms_alloc((size_t)net->lane_count * (size_t)net->H, sizeof(double)),
        .reserve_at = ms_alloc(pairs, sizeof(int32_t)),
    };
    if (!sweep.value || !sweep.lane_price || !sweep.reserve_at) {
        ms_sweep_free(&sweep);
        return MS_NO_MEMORY;
    }
    memset(sweep.reserve_at, 0xff, pairs * sizeof(int32_t));
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        if (net->reserve_layer[r] >= 0)
            sweep.reserve_at[(size_t)net->reserve_layer[r] * (size_t)net->site_count +
                             (size_t)net->kase->reserves[r].site_ix] = r;
    *out = sweep;
    return MS_OK;
}

void ms_sweep_free(ms_sweep *sweep)
{
    ms_free(sweep->value);
    ms_free(sweep->lane_price);
    ms_free(sweep->reserve_at);
    *sweep = (ms_sweep){0};
}

void ms_sweep_price_lanes(ms_sweep *sweep, const ms_network *net, const ms_prices *prices)
{
    for (int32_t a = 0; a < net->lane_count; a++) {
        const ms_lane *lane = &net->kase->lanes[a];
        for (int t = 0; t < net->H; t++) {
            int arrive = t + net->transit[ms_at(net, a, t)];
            double sum = prices->lane[ms_at(net, a, t)] + prices->site[ms_at(net, lane->from_ix, t)];
            if (arrive < net->H)
                sum += prices->site[ms_at(net, lane->to_ix, arrive)];
            for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, a, t); later++)
                sum += prices->fleet[ms_at(net, lane->fleet_ix, later)] * ms_network_away(net, a, t, later);
            sweep->lane_price[ms_at(net, a, t)] = sum;
        }
    }
}

double ms_sweep_move_price(const ms_sweep *sweep, const ms_network *net, const ms_prices *prices,
                           const ms_move_way *way, int t)
{
    double price = ms_network_move_cost(net, way->layer, way->lane_ix, t) +
                   sweep->lane_price[ms_at(net, way->lane_ix, t)];
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0)
            price += prices->agreement[way->agreement_ix[need]];
    return price;
}

static void lower(double *value, double candidate)
{
    if (candidate < *value)
        *value = candidate;
}

static double issue_price(const ms_network *net, const ms_prices *prices, const ms_issue_way *way, int t)
{
    double price = way->charge - way->meets * prices->demand[ms_at(net, way->demand_ix, t)];
    return way->agreement_ix >= 0 ? price + prices->agreement[way->agreement_ix] : price;
}

/* Goods that leave for a commitment with a price: B1, last line. */
static void sweep_commitments(ms_sweep *sweep, const ms_network *net, const ms_prices *prices, int32_t k, int t)
{
    size_t stride = (size_t)(net->H + 1);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        double price = prices->commitment[m->commitment_ix];
        if (m->layer != k || m->depart != t || isnan(price))
            continue;
        double after = m->arrive < net->H ? sweep->value[(size_t)m->to_ix * stride + (size_t)m->arrive] : 0;
        lower(&sweep->value[(size_t)m->from_ix * stride + (size_t)t], m->cost + after - m->broken_cost + price);
    }
}

static bool agreement_open(const ms_network *net, int32_t agreement_ix)
{
    return agreement_ix < 0 || net->agreement_room[agreement_ix] > 0;
}

void ms_sweep_layer(ms_sweep *sweep, const ms_network *net, const ms_prices *prices, int32_t k)
{
    size_t stride = (size_t)(net->H + 1);
    double hold = net->weights.hold_per_day * net->period_days;
    double *V = sweep->value;
    for (int32_t n = 0; n < net->site_count; n++)
        V[(size_t)n * stride + (size_t)net->H] = 0;
    for (int t = net->H - 1; t >= 0; t--) {
        for (int32_t n = 0; n < net->site_count; n++) {
            double *at = &V[(size_t)n * stride + (size_t)t];
            int32_t reserve = sweep->reserve_at[(size_t)k * (size_t)net->site_count + (size_t)n];
            *at = hold + prices->storage[ms_at(net, n, t)];
            if (t + 1 < net->H)
                *at += at[1] * ms_case_carry(net->kase, n, net->layers[k].item_ix, t + 1);
            if (reserve >= 0)
                *at -= prices->reserve[ms_at(net, reserve, t)];
        }
        for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++) {
            const ms_issue_way *way = &net->issues[v];
            if (ms_network_issue_open(net, way, t) && agreement_open(net, way->agreement_ix))
                lower(&V[(size_t)net->kase->demands[way->demand_ix].site_ix * stride + (size_t)t],
                      issue_price(net, prices, way, t));
        }
        sweep_commitments(sweep, net, prices, k, t);
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
            const ms_move_way *way = &net->ways[w];
            const ms_lane *lane = &net->kase->lanes[way->lane_ix];
            if (ms_network_way_open(net, way, t))
                lower(&V[(size_t)lane->from_ix * stride + (size_t)t],
                      ms_sweep_move_price(sweep, net, prices, way, t) +
                          V[(size_t)lane->to_ix * stride + (size_t)(t + net->transit[ms_at(net, way->lane_ix, t)])]);
        }
    }
}

/* ---- one evaluation ---- */

/* A sweeper for one use, with the bound at these prices. */
static ms_status sweep_once(ms_sweeper **out, double *bound, const ms_network *net, const ms_prices *prices,
                            ms_error *err)
{
    ms_sweeper *sweeper = NULL;
    MS_TRY(ms_sweeper_make(&sweeper, net, err));
    *bound = ms_sweeper_bound(sweeper, prices);
    *out = sweeper;
    return MS_OK;
}

ms_status ms_bound(double *out, const ms_network *net, const ms_prices *prices, ms_error *err)
{
    ms_sweeper *sweeper = NULL;
    MS_TRY(sweep_once(&sweeper, out, net, prices, err));
    ms_sweeper_free(sweeper);
    return MS_OK;
}

ms_status ms_prices_complete(ms_prices *prices, const ms_network *net, ms_error *err)
{
    ms_sweeper *sweeper = NULL;
    double bound;
    MS_TRY(sweep_once(&sweeper, &bound, net, prices, err));
    ms_status status = ms_sweeper_complete(sweeper, prices, err);
    ms_sweeper_free(sweeper);
    return status;
}

ms_status ms_prices_price_out(uint8_t *extra, long long *count, const ms_network *net, const ms_prices *prices,
                              const int32_t *in_lp, double tolerance, ms_error *err)
{
    ms_sweeper *sweeper = NULL;
    double bound;
    MS_TRY(sweep_once(&sweeper, &bound, net, prices, err));
    *count = ms_sweeper_mark(extra, sweeper, in_lp, tolerance);
    ms_sweeper_free(sweeper);
    return MS_OK;
}
