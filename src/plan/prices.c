/* prices.c: prices of a network's rows; what they prove and ask for, by a sweep made for the occasion. */
#include "plan/prices.h"

#include <math.h>
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

typedef struct {
    double *to;
    const double *from;
    size_t count;
} table_pair;

enum { TABLE_COUNT = 8 };

static void pair_tables(table_pair *out, ms_prices *to, const ms_prices *from, const ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    const table_pair tables[TABLE_COUNT] = {{to->demand, from->demand, (size_t)kase->demands_count * H},
                                            {to->lane, from->lane, (size_t)kase->lanes_count * H},
                                            {to->site, from->site, (size_t)kase->sites_count * H},
                                            {to->storage, from->storage, (size_t)kase->sites_count * H},
                                            {to->fleet, from->fleet, (size_t)kase->fleets_count * H},
                                            {to->agreement, from->agreement, (size_t)kase->agreements_count},
                                            {to->reserve, from->reserve, (size_t)kase->reserves_count * H},
                                            {to->commitment, from->commitment, (size_t)kase->commitments_count}};
    memcpy(out, tables, sizeof tables);
}

void ms_prices_copy(ms_prices *to, const ms_prices *from, const ms_network *net)
{
    table_pair tables[TABLE_COUNT];
    pair_tables(tables, to, from, net);
    for (int i = 0; i < TABLE_COUNT; i++)
        if (tables[i].count > 0)
            memcpy(tables[i].to, tables[i].from, tables[i].count * sizeof(double));
}

void ms_prices_keep_near(ms_prices *prices, const ms_prices *centre, double most, bool whole, const ms_network *net)
{
    table_pair tables[TABLE_COUNT];
    pair_tables(tables, prices, centre, net);
    for (int i = 0; i < TABLE_COUNT; i++)
        for (size_t at = 0; at < tables[i].count; at++) {
            double middle = tables[i].from[at], far = tables[i].to[at] - middle;
            if (fabs(far) > most)
                tables[i].to[at] = whole ? middle : middle + copysign(most, far);
        }
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
