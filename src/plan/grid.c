/* grid.c: lays a network out in rows of periods: which columns and rows there are, their bounds and right-hand sides.
 * What exists gets a step of 1; metric.c then makes steps of them.
 */
#include "plan/grid.h"
#include "plan/grid_private.h"

#include <string.h>

typedef struct {
    ms_grid *g;
    const ms_network *net;
    bool failed;
} layout;

static void *array(layout *b, size_t count, size_t size)
{
    void *block = b->failed ? NULL : ms_arena_alloc(b->g->arena, count, size);
    b->failed |= !block;
    return block;
}

/* Zeros, on a boundary of 64 bytes, with slack behind. */
static void *numbers(layout *b, size_t count)
{
    const size_t line = 64;
    size_t size = b->g->number;
    if (count > (SIZE_MAX - 2 * line) / size - MS_GRID_SLACK) {
        b->failed = true;
        return NULL;
    }
    char *block = array(b, (count + MS_GRID_SLACK) * size + line, 1);
    return block ? block + (line - (uintptr_t)block % line) % line : NULL;
}

static ms_iterate iterate(layout *b, size_t count)
{
    ms_iterate pair = {.now = numbers(b, count), .anchor = numbers(b, count), .count = count};
    return pair;
}

static size_t whole_vectors(size_t count)
{
    return (count + MS_GRID_LANES - 1) / MS_GRID_LANES * MS_GRID_LANES;
}

static bool limited(const ms_network *net, int32_t agreement_ix)
{
    return agreement_ix >= 0 && !isinf(net->agreement_room[agreement_ix]);
}

/* ---- lanes: legs, what they touch, and how many entries a movement has ---- */

static bool same_leg(const ms_network *net, const ms_leg *leg, int t)
{
    if (net->transit[ms_at(net, leg->lane_ix, t)] != leg->transit)
        return false;
    return leg->fleet_ix < 0 ||
           ms_network_trip_periods(net, leg->lane_ix, t) == ms_network_trip_periods(net, leg->lane_ix, leg->first);
}

static void cut_lane(layout *b, int32_t a, ms_leg *legs, int32_t *count)
{
    const ms_network *net = b->net;
    const ms_lane *lane = &net->kase->lanes[a];
    bool open = false;
    for (int t = 0; t < net->H; t++) {
        if (t + net->transit[ms_at(net, a, t)] >= net->H) {
            open = false;
            continue;
        }
        if (!open || !same_leg(net, &legs[*count - 1], t)) {
            ms_leg leg = {a, lane->from_ix, lane->to_ix, lane->fleet_ix, t, 0, net->transit[ms_at(net, a, t)], 0, 0};
            double trip = lane->fleet_ix >= 0 ? ms_network_trip_periods(net, a, t) : 0;
            trip = trip < net->H ? trip : net->H;
            leg.whole = (int32_t)trip;
            leg.part = trip - leg.whole;
            legs[(*count)++] = leg;
            open = true;
        }
        legs[*count - 1].count++;
    }
}

static void cut_lanes(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    ms_leg *row = array(b, (size_t)net->H, sizeof *row);
    size_t capacity = 0;
    g->leg_first = array(b, (size_t)net->lane_count + 1, sizeof *g->leg_first);
    for (int32_t a = 0; !b->failed && a < net->lane_count; a++) {
        int32_t count = 0;
        cut_lane(b, a, row, &count);
        if (!ms_grow((void **)&g->legs, &capacity, (size_t)(g->leg_count + count), sizeof *g->legs)) {
            b->failed = true;
            return;
        }
        if (count)
            memcpy(g->legs + g->leg_count, row, (size_t)count * sizeof *row);
        g->leg_count += count;
        g->leg_first[a + 1] = g->leg_count;
    }
}

/* Lists by site which legs its handling sees, and by fleet which legs draw on it. */
static void list_touches(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t fleets = net->kase->fleets_count;
    g->handles = array(b, (size_t)net->site_count, 1);
    g->touch_first = array(b, (size_t)net->site_count + 2, sizeof *g->touch_first);
    g->touches = array(b, 2 * (size_t)g->leg_count, sizeof *g->touches);
    g->trip_first = array(b, (size_t)fleets + 2, sizeof *g->trip_first);
    g->trips = array(b, (size_t)g->leg_count, sizeof *g->trips);
    if (b->failed)
        return;
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            if (!isinf(net->site_room[ms_at(net, n, t)]))
                g->handles[n] = 1;
    for (int32_t i = 0; i < g->leg_count; i++) {
        g->touch_first[g->legs[i].from_ix + 2]++;
        g->touch_first[g->legs[i].to_ix + 2]++;
        if (g->legs[i].fleet_ix >= 0)
            g->trip_first[g->legs[i].fleet_ix + 2]++;
    }
    for (int32_t n = 0; n < net->site_count; n++)
        g->touch_first[n + 2] += g->touch_first[n + 1];
    for (int32_t f = 0; f < fleets; f++)
        g->trip_first[f + 2] += g->trip_first[f + 1];
    for (int32_t i = 0; i < g->leg_count; i++) {
        const ms_leg *leg = &g->legs[i];
        g->touches[g->touch_first[leg->from_ix + 1]++] = (ms_touch){leg->lane_ix, leg->first, leg->count, 0};
        g->touches[g->touch_first[leg->to_ix + 1]++] = (ms_touch){leg->lane_ix, leg->first, leg->count, leg->transit};
        if (leg->fleet_ix >= 0)
            g->trips[g->trip_first[leg->fleet_ix + 1]++] = i;
    }
}

/* ---- runs ---- */

static void add_run(layout *b, size_t *capacity, const ms_run *run)
{
    ms_grid *g = b->g;
    if (b->failed || g->run_count == INT32_MAX ||
        !ms_grow((void **)&g->runs, capacity, (size_t)g->run_count + 1, sizeof *g->runs)) {
        b->failed = true;
        return;
    }
    g->runs[g->run_count] = *run;
    g->runs[g->run_count++].at = g->run_numbers;
    g->run_numbers += whole_vectors((size_t)run->count);
}

static void cut_ways(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t capacity = 0;
    g->run_first = array(b, (size_t)net->layer_count + 1, sizeof *g->run_first);
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++) {
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
            const ms_move_way *way = &net->ways[w];
            const ms_lane *lane = &net->kase->lanes[way->lane_ix];
            ms_run run = {
                .layer = k, .lane_ix = way->lane_ix, .from_ix = lane->from_ix, .to_ix = lane->to_ix, .way = w};
            for (int need = 0; need < MS_NEEDS; need++)
                run.agreement_ix[need] = limited(net, way->agreement_ix[need]) ? way->agreement_ix[need] : MS_NONE;
            for (int t = 0; t <= net->H; t++) {
                bool wanted = t < net->H && ms_network_move_possible(net, w, t);
                int transit = wanted ? net->transit[ms_at(net, way->lane_ix, t)] : 0;
                double cost = wanted ? ms_network_move_cost(net, k, way->lane_ix, t) : 0;
                if (run.count && (!wanted || transit != run.transit || cost != run.cost)) {
                    add_run(b, &capacity, &run);
                    run.count = 0;
                }
                if (wanted && run.count == 0) {
                    run.first = t;
                    run.transit = transit;
                    run.cost = cost;
                }
                run.count += wanted;
            }
        }
        g->run_first[k + 1] = g->run_count;
    }
}

/* Deals the layers to groups of about equal work. */
static void deal_layers(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    g->group_count = net->layer_count < MS_GRID_GROUPS ? net->layer_count : MS_GRID_GROUPS;
    g->group_count = g->group_count > 0 ? g->group_count : 1;
    g->group_first = array(b, MS_GRID_GROUPS + 1, sizeof *g->group_first);
    for (int group = 1; !b->failed && group <= g->group_count; group++) {
        int32_t k = g->group_first[group - 1];
        int64_t share = (int64_t)g->run_count * group / g->group_count;
        while (k < net->layer_count && (group == g->group_count || g->run_first[k + 1] <= share))
            k++;
        g->group_first[group] = k;
    }
}

/* ---- stock, supply, needs: which columns there are ---- */

static double supply_at(const ms_network *net, int32_t row, int t)
{
    return row >= 0 ? net->supply_t[ms_at(net, row, t)] : 0;
}

static void lay_out_supplies(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t count = 0;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count;
    for (size_t pair = 0; pair < pairs; pair++)
        count += net->supply_row[pair] >= 0;
    g->supplies = array(b, (size_t)count, sizeof *g->supplies);
    g->supply_first = array(b, (size_t)net->layer_count + 1, sizeof *g->supply_first);
    g->o = iterate(b, (size_t)count * (size_t)g->stride);
    g->step_o = numbers(b, (size_t)count * (size_t)g->stride);
    g->most_o = numbers(b, (size_t)count * (size_t)g->stride);
    count = 0;
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++) {
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t row = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
            if (row < 0)
                continue;
            g->supplies[count++] = (ms_grid_supply){row, n};
            for (int t = 0; t < net->H; t++)
                if (supply_at(net, row, t) > 0) {
                    ms_grid_put(g, g->step_o, ms_grid_row(g, row, t), 1);
                    ms_grid_put(g, g->most_o, ms_grid_row(g, row, t), supply_at(net, row, t));
                }
        }
        g->supply_first[k + 1] = count;
    }
}

static void lay_out_issues(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t count = (size_t)net->issue_count;
    g->y = iterate(b, count * (size_t)g->stride);
    g->step_y = numbers(b, count * (size_t)g->stride);
    g->issue_opens = array(b, count, sizeof *g->issue_opens);
    g->issue_closes = array(b, count, sizeof *g->issue_closes);
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++)
        for (int32_t i = net->issue_first[k]; i < net->issue_first[k + 1]; i++) {
            const ms_issue_way *way = &net->issues[i];
            int32_t n = net->kase->demands[way->demand_ix].site_ix, opens = net->H, closes = 0;
            for (int t = 0; t < net->H; t++) {
                size_t node = ms_node(net, k, n, t);
                if (!net->reach[node] || !ms_network_issue_open(net, way, t) ||
                    (way->agreement_ix >= 0 && net->agreement_room[way->agreement_ix] <= 0))
                    continue;
                opens = opens < t ? opens : t;
                closes = t + 1;
                ms_grid_put(g, g->step_y, ms_grid_row(g, i, t), 1);
            }
            g->issue_opens[i] = opens / MS_GRID_LANES * MS_GRID_LANES;
            g->issue_closes[i] = closes;
        }
}

static void lay_out_broken(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t count = 0;
    g->broken = array(b, (size_t)net->committed_count, sizeof *g->broken);
    g->broken_first = array(b, (size_t)net->layer_count + 1, sizeof *g->broken_first);
    g->b = iterate(b, (size_t)net->committed_count);
    g->step_b = numbers(b, (size_t)net->committed_count);
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++) {
        for (int32_t i = 0; i < net->committed_count; i++) {
            const ms_committed *m = &net->committed[i];
            if (m->layer != k || m->depart < 0 || m->load_t <= 0)
                continue;
            ms_grid_put(g, g->step_b, (size_t)count, 1);
            g->broken[count++] = i;
        }
        g->broken_first[k + 1] = count;
    }
}

static void lay_out_lines(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t lines = net->kase->demands_count, steps = net->weights.step_count;
    size_t count = (size_t)lines * (size_t)g->stride;
    g->demand = iterate(b, count);
    g->z = iterate(b, count * (size_t)steps);
    g->step_z = numbers(b, count);
    g->most_z = numbers(b, count * (size_t)steps);
    g->wanted = numbers(b, count);
    g->sigma_demand = numbers(b, count);
    g->line_lower = numbers(b, count);
    g->line_pivot = numbers(b, count);
    for (int32_t j = 0; !b->failed && j < lines; j++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, j, t);
            if (net->demand_most[at] <= 0)
                continue;
            ms_grid_put(g, g->wanted, ms_grid_row(g, j, t), net->demand_t[at]);
            ms_grid_put(g, g->step_z, ms_grid_row(g, j, t), 1);
            ms_grid_put(g, g->sigma_demand, ms_grid_row(g, j, t), 1);
            for (int s = 0; s < steps; s++)
                ms_grid_put(g, g->most_z, ms_grid_row(g, j * steps + s, t), ms_network_short_width(net, j, t, s));
        }
}

/* ---- C1 ---- */

static double carry_at(const ms_network *net, int32_t k, int32_t n, int t)
{
    return ms_case_carry(net->kase, n, net->layers[k].item_ix, t);
}

static void lay_out_carry(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count, rows = 1,
           width = (size_t)g->stride + 2 * MS_GRID_LANES;
    g->carry_at = array(b, pairs, sizeof *g->carry_at);
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++)
                if (carry_at(net, k, n, t) != 1) {
                    g->carry_at[(size_t)k * (size_t)net->site_count + (size_t)n] = rows++ * width;
                    break;
                }
    g->carry = numbers(b, rows * width);
    for (size_t t = 0; !b->failed && t < width; t++)
        ms_grid_put(g, g->carry, t, 1);
    for (size_t pair = 0; !b->failed && pair < pairs; pair++)
        for (int t = 0; g->carry_at[pair] && t < net->H; t++)
            ms_grid_put(
                g, g->carry, g->carry_at[pair] + (size_t)t,
                carry_at(net, (int32_t)(pair / (size_t)net->site_count), (int32_t)(pair % (size_t)net->site_count), t));
}

static void lay_out_nodes(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count, nodes = g->node_numbers;
    g->v = iterate(b, nodes);
    g->s = iterate(b, nodes);
    g->step_s = numbers(b, nodes);
    g->comes = numbers(b, nodes);
    g->chain_weight = numbers(b, nodes);
    g->chain_lower = numbers(b, (size_t)net->layer_count * g->chain_stride);
    g->chain_pivot = numbers(b, (size_t)net->layer_count * g->chain_stride);
    g->stock_first = array(b, pairs, sizeof *g->stock_first);
    double *comes = array(b, ms_node(net, net->layer_count, 0, 0), sizeof *comes);
    if (b->failed)
        return;
    ms_network_comes(comes, net);
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            int first = 0;
            while (first < net->H && !net->reach[ms_node(net, k, n, first)])
                first++;
            g->stock_first[(size_t)k * (size_t)net->site_count + (size_t)n] = first / MS_GRID_LANES * MS_GRID_LANES;
            for (int t = 0; t < net->H; t++) {
                ms_grid_put(g, g->comes, ms_grid_node(g, k, n, t), comes[ms_node(net, k, n, t)]);
                ms_grid_put(g, g->step_s, ms_grid_node(g, k, n, t), net->reach[ms_node(net, k, n, t)]);
            }
        }
}

static void lay_out_reserves(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count;
    size_t count = (size_t)net->kase->reserves_count * (size_t)g->stride;
    g->reserve_of = array(b, pairs, sizeof *g->reserve_of);
    g->reserve = iterate(b, count);
    g->level = numbers(b, count);
    g->sigma_reserve = numbers(b, count);
    if (b->failed)
        return;
    memset(g->reserve_of, 0xff, pairs * sizeof *g->reserve_of);
    for (int32_t r = 0; r < net->kase->reserves_count; r++) {
        if (net->reserve_layer[r] < 0)
            continue;
        g->reserve_of[(size_t)net->reserve_layer[r] * (size_t)net->site_count +
                      (size_t)net->kase->reserves[r].site_ix] = r;
        for (int t = 0; t < net->H; t++)
            if (net->reserve_t[ms_at(net, r, t)] > 0) {
                ms_grid_put(g, g->sigma_reserve, ms_grid_row(g, r, t), 1);
                ms_grid_put(g, g->level, ms_grid_row(g, r, t), net->reserve_t[ms_at(net, r, t)]);
            }
    }
}

/* ---- shared rows ---- */

/* The rows of one table that have a limit, and its right-hand sides. */
static void lay_out_rows(layout *b, void **sigma, void **room, int32_t rows, size_t stride, const double *rooms)
{
    const ms_grid *g = b->g;
    *sigma = numbers(b, (size_t)rows * stride);
    *room = numbers(b, (size_t)rows * stride);
    for (int32_t row = 0; !b->failed && row < rows; row++)
        for (int t = 0; t < b->net->H; t++) {
            size_t from = ms_at(b->net, row, t), to = (size_t)row * stride + (size_t)t;
            if (isinf(rooms[from]))
                continue;
            ms_grid_put(g, *sigma, to, 1);
            ms_grid_put(g, *room, to, rooms[from]);
        }
}

static void lay_out_shared(layout *b)
{
    const ms_network *net = b->net;
    const ms_case *kase = net->kase;
    ms_grid *g = b->g;
    size_t stride = (size_t)g->stride;
    g->lane = iterate(b, (size_t)net->lane_count * g->lane_stride);
    g->price_lane = numbers(b, (size_t)net->lane_count * g->lane_stride);
    g->total_lane = numbers(b, (size_t)net->lane_count * g->lane_stride);
    g->site = iterate(b, (size_t)net->site_count * stride);
    g->storage = iterate(b, (size_t)net->site_count * stride);
    g->fleet = iterate(b, (size_t)kase->fleets_count * stride);
    g->agreement = iterate(b, (size_t)kase->agreements_count);
    g->sigma_agreement = numbers(b, (size_t)kase->agreements_count);
    lay_out_rows(b, &g->sigma_lane, &g->room_lane, net->lane_count, g->lane_stride, net->lane_room);
    lay_out_rows(b, &g->sigma_site, &g->room_site, net->site_count, stride, net->site_room);
    lay_out_rows(b, &g->sigma_storage, &g->room_storage, net->site_count, stride, net->storage);
    lay_out_rows(b, &g->sigma_fleet, &g->room_fleet, kase->fleets_count, stride, net->fleet_room);
    for (int32_t i = 0; !b->failed && i < kase->agreements_count; i++)
        if (limited(net, i))
            ms_grid_put(g, g->sigma_agreement, (size_t)i, 1);
    for (size_t at = 0; at < ms_at(net, net->site_count, 0); at++)
        if (!isinf(net->storage[at]))
            g->has_storage = true;
}

static void lay_out_sums(layout *b)
{
    const ms_network *net = b->net;
    const ms_case *kase = net->kase;
    ms_grid *g = b->g;
    size_t groups = (size_t)g->group_count;
    g->load_lane_stride = (size_t)net->lane_count * g->lane_stride + MS_GRID_SLACK;
    g->load_site_stride = (size_t)net->site_count * (size_t)g->stride + MS_GRID_SLACK;
    g->load_demand_stride = (size_t)kase->demands_count * (size_t)g->stride + MS_GRID_SLACK;
    g->load_lane = numbers(b, groups * g->load_lane_stride);
    g->load_stock = numbers(b, groups * g->load_site_stride);
    g->load_demand = numbers(b, groups * g->load_demand_stride);
    g->load_agreement = array(b, groups * (size_t)kase->agreements_count, sizeof(double));
    g->scratch_stride = g->layer_stride + (size_t)(net->H + 2) * MS_GRID_LANES + MS_GRID_SLACK + 2 * (size_t)g->stride;
    g->scratch = numbers(b, MS_GRID_GROUPS * g->scratch_stride);
    g->fleet_sums_stride = 2 * (size_t)g->stride + MS_GRID_SLACK;
    g->fleet_sums = array(b, (size_t)kase->fleets_count * g->fleet_sums_stride + MS_GRID_SLACK, sizeof(double));
    g->lane_measure = net->layer_count;
    g->site_measure = g->lane_measure + net->lane_count;
    g->fleet_measure = g->site_measure + net->site_count;
    g->demand_measure = g->fleet_measure + kase->fleets_count;
    g->agreement_measure = g->demand_measure + kase->demands_count;
    g->measure_count = g->agreement_measure + 1;
    g->primal2 = array(b, (size_t)g->measure_count, sizeof(double));
    g->dual2 = array(b, (size_t)g->measure_count, sizeof(double));
}

/* ---- putting it together ---- */

/* What metric.c sums up. */
static void lay_out_masses(layout *b)
{
    const ms_network *net = b->net;
    const ms_case *kase = net->kase;
    ms_grid *g = b->g;
    size_t stride = (size_t)g->stride;
    g->lane_weight = array(b, (size_t)net->lane_count * stride, sizeof(double));
    g->lane_mass = array(b, (size_t)net->lane_count * stride, sizeof(double));
    g->site_mass = array(b, (size_t)net->site_count * stride, sizeof(double));
    g->storage_mass = array(b, (size_t)net->site_count * stride, sizeof(double));
    g->fleet_mass = array(b, (size_t)kase->fleets_count * stride, sizeof(double));
    g->demand_mass = array(b, (size_t)kase->demands_count * stride, sizeof(double));
    g->reserve_mass = array(b, (size_t)kase->reserves_count * stride, sizeof(double));
    g->agreement_mass = array(b, (size_t)kase->agreements_count, sizeof(double));
    g->layer_weight = array(b, g->layer_stride, sizeof(double));
    g->layer_mass = array(b, g->layer_stride, sizeof(double));
    g->chain_row = array(b, 2 * stride, sizeof(double));
}

ms_status ms_grid_make(ms_grid **out, const ms_network *net, bool wide, double stock_step, ms_error *err)
{
    ms_grid *g = ms_alloc(1, sizeof *g);
    layout b = {.g = g, .net = net};
    if (!g)
        return ms_error_memory(err);
    size_t blocks = whole_vectors((size_t)net->site_count);
    g->net = net;
    g->stock_step = stock_step;
    g->wide = wide;
    g->number = wide ? sizeof(double) : sizeof(float);
    g->stride = (int)whole_vectors((size_t)net->H + 1);
    g->lane_stride = (size_t)g->stride + MS_GRID_LANES;
    g->layer_stride = blocks * (size_t)g->stride + MS_GRID_SLACK;
    g->chain_stride = blocks * (size_t)net->H;
    g->node_numbers = (size_t)net->layer_count * g->layer_stride;
    g->arena = ms_arena_new();
    b.failed = !g->arena;
    cut_lanes(&b);
    list_touches(&b);
    cut_ways(&b);
    g->x = iterate(&b, g->run_numbers);
    g->step_x = numbers(&b, g->run_numbers);
    deal_layers(&b);
    lay_out_supplies(&b);
    lay_out_issues(&b);
    lay_out_broken(&b);
    lay_out_lines(&b);
    lay_out_carry(&b);
    lay_out_reserves(&b);
    lay_out_nodes(&b);
    lay_out_shared(&b);
    lay_out_sums(&b);
    lay_out_masses(&b);
    if (b.failed) {
        ms_grid_free(g);
        return ms_error_memory(err);
    }
    ms_grid_weigh(g);
    *out = g;
    return MS_OK;
}

void ms_grid_free(ms_grid *grid)
{
    if (!grid)
        return;
    ms_free(grid->runs);
    ms_free(grid->legs);
    ms_arena_free(grid->arena);
    ms_free(grid);
}

void ms_grid_zero_sums(const ms_grid *g, int group)
{
    size_t agreements = (size_t)g->net->kase->agreements_count;
    memset((char *)g->load_lane + (size_t)group * g->load_lane_stride * g->number, 0, g->load_lane_stride * g->number);
    memset((char *)g->load_stock + (size_t)group * g->load_site_stride * g->number, 0, g->load_site_stride * g->number);
    memset((char *)g->load_demand + (size_t)group * g->load_demand_stride * g->number, 0,
           g->load_demand_stride * g->number);
    memset(g->load_agreement + (size_t)group * agreements, 0, agreements * sizeof(double));
}

/* ---- the iterate as others see it ---- */

void ms_grid_primal(ms_iterate *out[MS_GRID_PRIMAL], ms_grid *g)
{
    ms_iterate *const tables[MS_GRID_PRIMAL] = {&g->x, &g->s, &g->o, &g->y, &g->z, &g->b};
    memcpy(out, tables, sizeof tables);
}

void ms_grid_dual(ms_iterate *out[MS_GRID_DUAL], ms_grid *g)
{
    ms_iterate *const tables[MS_GRID_DUAL] = {&g->v,       &g->demand, &g->lane,      &g->site,
                                              &g->storage, &g->fleet,  &g->agreement, &g->reserve};
    memcpy(out, tables, sizeof tables);
}

void ms_grid_sum_fleets(ms_grid *g)
{
    for (int32_t f = 0; f < g->net->kase->fleets_count; f++) {
        double *sums = g->fleet_sums + (size_t)f * g->fleet_sums_stride, sum = 0;
        for (size_t t = 0; t < g->fleet_sums_stride; t++) {
            sums[t] = sum;
            if (t < (size_t)g->net->H)
                sum += ms_grid_get(g, g->fleet.now, ms_grid_row(g, f, (int)t));
        }
    }
}

void ms_grid_flow(ms_flow *out, const ms_grid *g)
{
    const ms_network *net = g->net;
    for (int32_t i = 0; i < g->run_count; i++)
        for (int t = 0; t < g->runs[i].count; t++)
            out->move_t[ms_at(net, g->runs[i].way, g->runs[i].first + t)] = ms_grid_get(g, g->x.now,
                                                                                        g->runs[i].at + (size_t)t);
    for (int32_t i = 0; i < net->issue_count; i++)
        for (int t = 0; t < net->H; t++)
            out->issue_t[ms_at(net, i, t)] = ms_grid_get(g, g->y.now, ms_grid_row(g, i, t));
    for (int32_t i = 0; i < g->supply_first[net->layer_count]; i++)
        for (int t = 0; t < net->H; t++)
            out->refuse_t[ms_at(net, g->supplies[i].row, t)] = ms_grid_get(g, g->o.now,
                                                                           ms_grid_row(g, g->supplies[i].row, t));
    for (int32_t i = 0; i < g->broken_first[net->layer_count]; i++)
        out->broken_t[g->broken[i]] = ms_grid_get(g, g->b.now, (size_t)i);
}

static void copy_rows(const ms_grid *g, double *to, const void *from, int32_t rows, size_t stride)
{
    for (int32_t row = 0; row < rows; row++)
        for (int t = 0; t < g->net->H; t++)
            to[ms_at(g->net, row, t)] = ms_grid_get(g, from, (size_t)row * stride + (size_t)t);
}

/* Where goods never come, a reserve misses all of its level whatever is done: its price is all it may be. */
static void price_lost_reserves(ms_prices *out, const ms_network *net)
{
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++)
            if (net->reserve_t[ms_at(net, r, t)] > 0 &&
                !net->reach[ms_node(net, net->reserve_layer[r], net->kase->reserves[r].site_ix, t)])
                out->reserve[ms_at(net, r, t)] = ms_network_reserve_weight(net, r);
}

void ms_grid_prices(ms_prices *out, const ms_grid *g)
{
    const ms_network *net = g->net;
    const ms_case *kase = net->kase;
    size_t stride = (size_t)g->stride;
    copy_rows(g, out->demand, g->demand.now, kase->demands_count, stride);
    copy_rows(g, out->lane, g->lane.now, net->lane_count, g->lane_stride);
    copy_rows(g, out->site, g->site.now, net->site_count, stride);
    copy_rows(g, out->storage, g->storage.now, net->site_count, stride);
    copy_rows(g, out->fleet, g->fleet.now, kase->fleets_count, stride);
    copy_rows(g, out->reserve, g->reserve.now, kase->reserves_count, stride);
    price_lost_reserves(out, net);
    for (int32_t i = 0; i < kase->agreements_count; i++)
        out->agreement[i] = ms_grid_get(g, g->agreement.now, (size_t)i);
    for (int32_t i = 0; i < g->broken_first[net->layer_count]; i++) {
        const ms_committed *m = &net->committed[g->broken[i]];
        double price = m->broken_cost - m->cost +
                       ms_grid_get(g, g->v.now, ms_grid_node(g, m->layer, m->from_ix, m->depart));
        if (m->arrive < net->H)
            price -= ms_grid_get(g, g->v.now, ms_grid_node(g, m->layer, m->to_ix, m->arrive));
        out->commitment[m->commitment_ix] = price > 0 ? price : 0;
    }
}
