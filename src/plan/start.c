/* start.c: puts a grid where a flow and prices are, so that a solve can begin there (docs/engine.md, Warm start).
 *
 * What a flow and prices do not say follows from them: stock is what is left (not below 0), backlog what was not met,
 * and the value of goods at a node is the sweep's. Cost: that of a bound.
 */
#include "plan/grid.h"
#include "plan/grid_private.h"

#include <string.h>

static void place(const ms_grid *g, ms_iterate *table, size_t at, double value)
{
    ms_grid_put(g, table->now, at, value);
    ms_grid_put(g, table->anchor, at, value);
}

/* ---- flows ---- */

static void place_moves(ms_grid *g, const ms_flow *flow, double *left)
{
    const ms_network *net = g->net;
    for (int32_t i = 0; i < g->run_count; i++) {
        const ms_run *run = &g->runs[i];
        for (int t = run->first; t < run->first + run->count; t++) {
            double load_t = flow->move_t[ms_at(net, run->way, t)];
            place(g, &g->x, run->at + (size_t)(t - run->first), load_t);
            left[ms_node(net, run->layer, run->from_ix, t)] -= load_t;
            left[ms_node(net, run->layer, run->to_ix, t + run->transit)] += load_t;
        }
    }
}

static void place_issues(ms_grid *g, const ms_flow *flow, double *left, double *met)
{
    const ms_network *net = g->net;
    for (int32_t i = 0; i < net->issue_count; i++) {
        const ms_issue_way *way = &net->issues[i];
        int32_t n = net->kase->demands[way->demand_ix].site_ix;
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_grid_row(g, i, t);
            double issued_t = ms_grid_get(g, g->step_y, at) > 0 ? flow->issue_t[ms_at(net, i, t)] : 0;
            place(g, &g->y, at, issued_t);
            left[ms_node(net, way->layer, n, t)] -= issued_t;
            met[ms_at(net, way->demand_ix, t)] += issued_t * way->meets;
        }
    }
}

static void place_refusals(ms_grid *g, const ms_flow *flow, double *left)
{
    const ms_network *net = g->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t i = g->supply_first[k]; i < g->supply_first[k + 1]; i++)
            for (int t = 0; t < net->H; t++) {
                double refused_t = flow->refuse_t[ms_at(net, g->supplies[i].row, t)];
                place(g, &g->o, ms_grid_row(g, g->supplies[i].row, t), refused_t);
                left[ms_node(net, k, g->supplies[i].site_ix, t)] -= refused_t;
            }
}

static void place_broken(ms_grid *g, const ms_flow *flow, double *left)
{
    const ms_network *net = g->net;
    for (int32_t i = 0; i < g->broken_first[net->layer_count]; i++) {
        const ms_committed *m = &net->committed[g->broken[i]];
        double broken_t = flow->broken_t[g->broken[i]];
        place(g, &g->b, (size_t)i, broken_t);
        left[ms_node(net, m->layer, m->from_ix, m->depart)] += broken_t;
        if (m->arrive < net->H)
            left[ms_node(net, m->layer, m->to_ix, m->arrive)] -= broken_t;
    }
}

static void place_stock(ms_grid *g, const double *left)
{
    const ms_network *net = g->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            double stock_t = 0;
            for (int t = 0; t < net->H; t++) {
                stock_t *= ms_grid_get(g, g->carry, g->carry_at[pair] + (size_t)t);
                stock_t += left[ms_node(net, k, n, t)];
                stock_t = stock_t > 0 && net->reach[ms_node(net, k, n, t)] ? stock_t : 0;
                place(g, &g->s, ms_grid_node(g, k, n, t), stock_t);
            }
        }
}

static void place_backlog(ms_grid *g, const double *met)
{
    const ms_network *net = g->net;
    int steps = net->weights.step_count;
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double owed_t = 0;
        if (!net->kase->items[net->kase->demands[j].item_ix].backorder)
            continue;
        for (int t = 0; t < net->H; t++) {
            owed_t += net->demand_t[ms_at(net, j, t)] - met[ms_at(net, j, t)];
            owed_t = owed_t > 0 ? owed_t : 0;
            double rest_t = owed_t;
            for (int s = 0; s < steps; s++) {
                double width_t = ms_network_short_width(net, j, t, s), part_t = rest_t < width_t ? rest_t : width_t;
                place(g, &g->z, ms_grid_row(g, j * steps + s, t), part_t);
                rest_t -= part_t;
            }
        }
    }
}

/* ---- prices ---- */

/* Only where there is a row: what has no row keeps a price of 0. */
static void place_rows(ms_grid *g, ms_iterate *table, const void *sigma, const double *prices, int32_t rows,
                       size_t stride)
{
    for (int32_t row = 0; row < rows; row++)
        for (int t = 0; t < g->net->H; t++) {
            size_t at = (size_t)row * stride + (size_t)t;
            if (ms_grid_get(g, sigma, at) > 0)
                place(g, table, at, prices[ms_at(g->net, row, t)]);
        }
}

static void place_values(ms_grid *g, const ms_sweeper *sweeper)
{
    const ms_network *net = g->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++)
                if (net->reach[ms_node(net, k, n, t)])
                    place(g, &g->v, ms_grid_node(g, k, n, t), ms_sweeper_value(sweeper, k, n, t));
}

void ms_grid_start_prices(ms_grid *g, ms_sweeper *sweeper, const ms_prices *prices)
{
    const ms_network *net = g->net;
    const ms_case *kase = net->kase;
    size_t stride = (size_t)g->stride;
    ms_sweeper_bound(sweeper, prices);
    place_values(g, sweeper);
    place_rows(g, &g->demand, g->sigma_demand, prices->demand, kase->demands_count, stride);
    place_rows(g, &g->lane, g->sigma_lane, prices->lane, net->lane_count, g->lane_stride);
    place_rows(g, &g->site, g->sigma_site, prices->site, net->site_count, stride);
    place_rows(g, &g->storage, g->sigma_storage, prices->storage, net->site_count, stride);
    place_rows(g, &g->fleet, g->sigma_fleet, prices->fleet, kase->fleets_count, stride);
    place_rows(g, &g->reserve, g->sigma_reserve, prices->reserve, kase->reserves_count, stride);
    for (int32_t i = 0; i < kase->agreements_count; i++)
        if (ms_grid_get(g, g->sigma_agreement, (size_t)i) > 0)
            place(g, &g->agreement, (size_t)i, prices->agreement[i]);
    ms_grid_sum_fleets(g);
}

ms_status ms_grid_start_flow(ms_grid *g, const ms_flow *flow, ms_error *err)
{
    const ms_network *net = g->net;
    double *left = ms_alloc(ms_node(net, net->layer_count, 0, 0), sizeof *left);
    double *met = ms_alloc((size_t)net->kase->demands_count * (size_t)net->H, sizeof *met);
    if (left && met) {
        ms_network_comes(left, net);
        place_moves(g, flow, left);
        place_issues(g, flow, left, met);
        place_refusals(g, flow, left);
        place_broken(g, flow, left);
        place_stock(g, left);
        place_backlog(g, met);
    }
    ms_status status = left && met ? MS_OK : ms_error_memory(err);
    ms_free(left);
    ms_free(met);
    return status;
}
