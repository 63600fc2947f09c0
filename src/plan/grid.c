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
            ms_leg leg = {a, lane->from_ix, lane->to_ix, lane->fleet_ix, t, 0, net->transit[ms_at(net, a, t)], 0, -1,
                          0};
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
    g->stores = array(b, (size_t)net->site_count, 1);
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
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            if (!isinf(net->storage[ms_at(net, n, t)]))
                g->stores[n] = 1;
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
        g->touches[g->touch_first[leg->from_ix + 1]++] = (ms_touch){i, false};
        g->touches[g->touch_first[leg->to_ix + 1]++] = (ms_touch){i, true};
        if (leg->fleet_ix >= 0)
            g->trips[g->trip_first[leg->fleet_ix + 1]++] = i;
    }
}

/* Lists which lengths of trips each fleet has. */
static void list_spans(layout *b)
{
    ms_grid *g = b->g;
    int32_t fleets = b->net->kase->fleets_count, count = 0;
    g->spans = array(b, (size_t)g->leg_count, sizeof *g->spans);
    g->span_first = array(b, (size_t)fleets + 1, sizeof *g->span_first);
    for (int32_t f = 0; !b->failed && f < fleets; f++) {
        for (int32_t i = g->trip_first[f]; i < g->trip_first[f + 1]; i++) {
            ms_leg *leg = &g->legs[g->trips[i]];
            int32_t span = g->span_first[f];
            while (span < count && g->spans[span].whole != leg->whole)
                span++;
            if (span == count)
                g->spans[count++] = (ms_span){f, leg->whole};
            leg->span_ix = span;
        }
        g->span_first[f + 1] = count;
    }
    g->span_price = numbers(b, 2 * (size_t)count * (size_t)g->stride);
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
    g->run_count++;
}

/* Sorts a layer's runs by the site that they leave. first: [sites + 1], zeros. */
static void sort_runs(ms_run *to, const ms_run *runs, int32_t count, int32_t sites, int32_t *first)
{
    for (int32_t i = 0; i < count; i++)
        first[runs[i].from_ix + 1]++;
    for (int32_t n = 0; n < sites; n++)
        first[n + 1] += first[n];
    for (int32_t i = 0; i < count; i++)
        to[first[runs[i].from_ix]++] = runs[i];
}

/* Puts a run's numbers where its blocks are those of its lane. */
static void place_run(ms_grid *g, ms_run *run, ms_hop *hop)
{
    int before = run->first % MS_GRID_LANES;
    hop->at = g->run_numbers;
    hop->lane_at = ms_grid_lane(g, run->lane_ix, run->first - before);
    hop->from_at = ms_grid_row(g, run->from_ix, run->first - before);
    hop->to_at = ms_grid_row(g, run->to_ix, run->first - before + run->transit);
    hop->count = (int32_t)whole_vectors((size_t)(before + run->count));
    hop->cost = run->cost;
    hop->run_ix = (int32_t)(run - g->runs);
    for (int need = 0; need < MS_NEEDS; need++)
        hop->counted |= run->agreement_ix[need] >= 0;
    run->at = hop->at + (size_t)before;
    g->run_numbers += (size_t)hop->count;
}

/* Counts, from each hop on, which go with it. */
static void bundle_hops(ms_hop *hops, int32_t count)
{
    for (int32_t i = count - 1; i >= 0; i--) {
        const ms_hop *next = &hops[i + 1];
        bool with_next = i + 1 < count && !hops[i].counted && !next->counted && hops[i].from_at == next->from_at &&
                         hops[i].count == next->count;
        hops[i].bundle = with_next ? next->bundle + 1 : 1;
    }
}

static void order_runs(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t sites = net->site_count;
    ms_run *copy = array(b, (size_t)g->run_count, sizeof *copy);
    int32_t *first = array(b, (size_t)sites + 1, sizeof *first);
    g->hops = array(b, (size_t)g->run_count, sizeof *g->hops);
    if (b->failed || !g->run_count)
        return;
    memcpy(copy, g->runs, (size_t)g->run_count * sizeof *copy);
    for (int32_t k = 0; k < net->layer_count; k++) {
        int32_t begin = g->run_first[k];
        memset(first, 0, ((size_t)sites + 1) * sizeof *first);
        sort_runs(g->runs + begin, copy + begin, g->run_first[k + 1] - begin, sites, first);
    }
    for (int32_t i = 0; i < g->run_count; i++)
        place_run(g, &g->runs[i], &g->hops[i]);
    for (int32_t k = 0; k < net->layer_count; k++)
        bundle_hops(g->hops + g->run_first[k], g->run_first[k + 1] - g->run_first[k]);
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

/* Lists the issue ways of each line. */
static void list_issues(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    int32_t lines = net->kase->demands_count;
    g->line_first = array(b, (size_t)lines + 2, sizeof *g->line_first);
    g->line_issues = array(b, (size_t)net->issue_count, sizeof *g->line_issues);
    g->load_demand = numbers(b, (size_t)net->issue_count * (size_t)g->stride);
    if (b->failed)
        return;
    for (int32_t i = 0; i < net->issue_count; i++)
        g->line_first[net->issues[i].demand_ix + 2]++;
    for (int32_t j = 0; j < lines; j++)
        g->line_first[j + 2] += g->line_first[j + 1];
    for (int32_t i = 0; i < net->issue_count; i++)
        g->line_issues[g->line_first[net->issues[i].demand_ix + 1]++] = i;
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

static void list_owed(layout *b)
{
    const ms_case *kase = b->net->kase;
    ms_grid *g = b->g;
    size_t most = whole_vectors((size_t)kase->demands_count);
    int32_t count = 0;
    g->owed = array(b, most, sizeof *g->owed);
    g->owed_of = array(b, (size_t)kase->demands_count, sizeof *g->owed_of);
    for (int32_t j = 0; !b->failed && j < kase->demands_count; j++) {
        g->owed_of[j] = kase->items[kase->demands[j].item_ix].backorder ? count : -1;
        if (g->owed_of[j] >= 0)
            g->owed[count++] = j;
    }
    g->owed_count = (int32_t)whole_vectors((size_t)count);
    for (int32_t i = count; !b->failed && i < g->owed_count; i++)
        g->owed[i] = -1;
    g->line_lower = numbers(b, (size_t)g->owed_count * (size_t)b->net->H);
    g->line_pivot = numbers(b, (size_t)g->owed_count * (size_t)b->net->H);
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
    g->short_weight = array(b, (size_t)lines * (size_t)steps, sizeof *g->short_weight);
    for (int32_t i = 0; !b->failed && i < lines * steps; i++)
        g->short_weight[i] = ms_network_short_weight(net, i / steps, i % steps);
    list_owed(b);
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

/* Lists where each layer can be: by first period, in blocks. */
static void list_chains(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t sites = (size_t)net->site_count, layers = (size_t)net->layer_count;
    int32_t count = 0, *firsts = array(b, sites, sizeof *firsts);
    g->chains = array(b, layers * whole_vectors(sites), sizeof *g->chains);
    g->chain_first = array(b, layers + 1, sizeof *g->chain_first);
    g->chain_of = array(b, layers * sites, sizeof *g->chain_of);
    for (int32_t k = 0; !b->failed && k < net->layer_count; k++) {
        for (int32_t n = 0; n < net->site_count; n++)
            for (firsts[n] = 0; firsts[n] < net->H && !net->reach[ms_node(net, k, n, firsts[n])];)
                firsts[n]++;
        for (int first = 0; first < net->H; first += MS_GRID_LANES)
            for (int32_t n = 0; n < net->site_count; n++) {
                size_t pair = (size_t)k * sites + (size_t)n;
                if (first == 0)
                    g->chain_of[pair] = -1;
                if (firsts[n] >= net->H || firsts[n] / MS_GRID_LANES * MS_GRID_LANES != first)
                    continue;
                g->chain_of[pair] = count;
                g->chains[count] = (ms_chain){.site_ix = n,
                                              .first = first,
                                              .reserve_ix = g->reserve_of[pair],
                                              .stored = g->stores[n],
                                              .loses = g->carry_at[pair] != 0,
                                              .carry_at = g->carry_at[pair]};
                if (count % MS_GRID_LANES)
                    g->chains[count].first = g->chains[count - 1].first;
                count++;
            }
        for (; count % MS_GRID_LANES; count++)
            g->chains[count].site_ix = -1;
        g->chain_first[k + 1] = count;
    }
    g->chain_lower = numbers(b, (size_t)count * (size_t)net->H); /* its end is read as what is behind the horizon */
    g->chain_pivot = numbers(b, (size_t)count * (size_t)net->H);
}

static void lay_out_nodes(layout *b)
{
    const ms_network *net = b->net;
    ms_grid *g = b->g;
    size_t nodes = g->node_numbers;
    g->v = iterate(b, nodes);
    g->s = iterate(b, nodes);
    g->step_s = numbers(b, nodes);
    g->comes = numbers(b, nodes);
    g->chain_weight = numbers(b, nodes);
    double *comes = array(b, ms_node(net, net->layer_count, 0, 0), sizeof *comes);
    if (b->failed)
        return;
    ms_network_comes(comes, net);
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t chain = g->chain_of[(size_t)k * (size_t)net->site_count + (size_t)n];
            for (int t = 0; t < net->H; t++) {
                if (chain >= 0 && comes[ms_node(net, k, n, t)] != 0)
                    g->chains[chain].comes = true;
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
    g->reserve_weight = array(b, (size_t)net->kase->reserves_count, sizeof *g->reserve_weight);
    if (b->failed)
        return;
    memset(g->reserve_of, 0xff, pairs * sizeof *g->reserve_of);
    for (int32_t r = 0; r < net->kase->reserves_count; r++) {
        g->reserve_weight[r] = ms_network_reserve_weight(net, r);
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
    const double closed = 1e30;
    const ms_network *net = b->net;
    const ms_case *kase = net->kase;
    ms_grid *g = b->g;
    size_t stride = (size_t)g->stride;
    g->lane = iterate(b, (size_t)net->lane_count * g->lane_stride);
    g->price_lane = numbers(b, (size_t)net->lane_count * g->lane_stride);
    void *total = numbers(b, (size_t)net->lane_count * g->lane_stride + MS_GRID_LANES);
    if (total) /* a block of zeros before it, too: steps read it as of some periods later */
        g->total_lane = (char *)total + MS_GRID_LANES * g->number;
    g->site = iterate(b, (size_t)net->site_count * stride);
    g->storage = iterate(b, (size_t)net->site_count * stride);
    g->fleet = iterate(b, (size_t)kase->fleets_count * stride);
    g->agreement = iterate(b, (size_t)kase->agreements_count);
    g->sigma_agreement = numbers(b, (size_t)kase->agreements_count);
    for (size_t at = 0; !b->failed && at < (size_t)net->lane_count * g->lane_stride; at++)
        ms_grid_put(g, g->price_lane, at, closed);
    lay_out_rows(b, &g->sigma_lane, &g->room_lane, net->lane_count, g->lane_stride, net->lane_room);
    lay_out_rows(b, &g->sigma_site, &g->room_site, net->site_count, stride, net->site_room);
    lay_out_rows(b, &g->sigma_storage, &g->room_storage, net->site_count, stride, net->storage);
    lay_out_rows(b, &g->sigma_fleet, &g->room_fleet, kase->fleets_count, stride, net->fleet_room);
    for (int32_t i = 0; !b->failed && i < kase->agreements_count; i++)
        if (limited(net, i))
            ms_grid_put(g, g->sigma_agreement, (size_t)i, 1);
}

static void lay_out_sums(layout *b)
{
    const ms_network *net = b->net;
    const ms_case *kase = net->kase;
    ms_grid *g = b->g;
    size_t groups = (size_t)g->group_count, block = (size_t)g->stride * MS_GRID_LANES;
    g->load_lane_stride = (size_t)net->lane_count * g->lane_stride + MS_GRID_SLACK;
    g->load_site_stride = (size_t)net->site_count * (size_t)g->stride + MS_GRID_SLACK;
    g->load_lane = numbers(b, groups * g->load_lane_stride);
    g->load_stock = numbers(b, groups * g->load_site_stride);
    g->load_agreement = array(b, groups * (size_t)kase->agreements_count, sizeof(double));
    g->scratch_stride = (g->layer_stride > block ? g->layer_stride : block) + MS_GRID_BATCH * block + MS_GRID_SLACK;
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
    g->lane_stride = (size_t)g->stride;
    g->layer_stride = blocks * (size_t)g->stride + MS_GRID_SLACK;
    g->node_numbers = (size_t)net->layer_count * g->layer_stride;
    g->arena = ms_arena_new();
    b.failed = !g->arena;
    cut_lanes(&b);
    list_touches(&b);
    list_spans(&b);
    cut_ways(&b);
    order_runs(&b);
    g->x = iterate(&b, g->run_numbers);
    g->step_x = numbers(&b, g->run_numbers);
    g->awake = array(&b, g->run_numbers / 2 + 1, sizeof *g->awake);
    deal_layers(&b);
    lay_out_supplies(&b);
    lay_out_issues(&b);
    list_issues(&b);
    lay_out_broken(&b);
    lay_out_lines(&b);
    lay_out_carry(&b);
    lay_out_reserves(&b);
    list_chains(&b);
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

void ms_grid_sum_fleet(const ms_grid *g, int32_t f)
{
    int H = g->net->H;
    double *sums = g->fleet_sums + (size_t)f * g->fleet_sums_stride, sum = 0;
    for (int t = 0; t < H; t++) {
        sums[t] = sum;
        sum += ms_grid_get(g, g->fleet.now, ms_grid_row(g, f, t));
    }
    for (int t = H; t <= 2 * H; t++)
        sums[t] = sum;
    for (int32_t i = g->span_first[f]; i < g->span_first[f + 1]; i++)
        for (int t = 0; t < H; t++) {
            const double *end = &sums[t + g->spans[i].whole];
            ms_grid_put(g, g->span_price, ms_grid_row(g, 2 * i, t), *end - sums[t]);
            ms_grid_put(g, g->span_price, ms_grid_row(g, 2 * i + 1, t), end[1] - *end);
        }
}

void ms_grid_sum_fleets(ms_grid *g)
{
    for (int32_t f = 0; f < g->net->kase->fleets_count; f++)
        ms_grid_sum_fleet(g, f);
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
