/* engine_greedy.c: the quick engine: needs in order of urgency, each by the cheapest way that still has room.
 *
 * For each need (a demand line in a period; the heaviest first, then the earliest) and each layer that may serve it, a
 * sweep backwards over the time-expanded network from the place and time of need finds the cheapest way from goods that
 * nobody has taken yet; as much as fits goes that way; again until the need is met or nothing reaches it. It never
 * takes anything back, so it proves little: its bound comes from simple prices. It serves where the LP engine would be
 * too slow or was stopped. Time: needs x ways x H at worst, cut off at the deadline; what is not reached by then falls
 * short. Memory: as a flow.
 */
#include "plan/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

typedef struct {
    double weight;
    int32_t demand_ix, period;
} need;

typedef struct {
    const ms_network *net;
    const ms_engine_request *request;
    ms_flow flow;
    bool moves; /* false: issue only what is there already */
    bool stopped;
    double *stock_t;   /* [node]: what would lie there with what is planned so far */
    double *at_site_t; /* [n*H + t]: all layers */
    double *lane_left, *site_left, *fleet_left, *agreement_left;
    double *left_t;               /* [demand]: of the need in hand and, with backorder, what is still owed */
    int32_t *into_first, *into;   /* ways of each layer by the site they lead to: into_first[layer*sites + site] .. */
    int32_t *serve_first, *serve; /* issue ways by demand */
    double *cost;                 /* sweep: [n*H + t], INFINITY unreached */
    int32_t *step;                /* the way taken onwards from (n, t), or -1 for waiting */
    double now, last_report;
} greedy;

/* ---- what is free ---- */

static double free_stock(const greedy *g, int32_t k, int32_t n, int t)
{
    double least = INFINITY;
    for (int later = t; later < g->net->H; later++) {
        double there_t = g->stock_t[ms_node(g->net, k, n, later)];
        least = there_t < least ? there_t : least;
    }
    return least > 0 ? least : 0;
}

static void shift_stock(greedy *g, int32_t k, int32_t n, int from, int to, double by_t)
{
    for (int t = from; t < to; t++) {
        g->stock_t[ms_node(g->net, k, n, t)] += by_t;
        g->at_site_t[ms_at(g->net, n, t)] += by_t;
    }
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double way_room(const greedy *g, const ms_move_way *way, int t)
{
    const ms_network *net = g->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    double room = g->lane_left[ms_at(net, way->lane_ix, t)];
    if (!ms_network_way_open(net, way, t))
        return 0;
    room = least(room, g->site_left[ms_at(net, lane->from_ix, t)]);
    room = least(room, g->site_left[ms_at(net, lane->to_ix, t + net->transit[ms_at(net, way->lane_ix, t)])]);
    for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++)
        room = least(room,
                     g->fleet_left[ms_at(net, lane->fleet_ix, later)] / ms_network_away(net, way->lane_ix, t, later));
    for (int i = 0; i < MS_NEEDS; i++)
        if (way->agreement_ix[i] >= 0)
            room = least(room, g->agreement_left[way->agreement_ix[i]]);
    return room > 0 ? room : 0;
}

static void use_way(greedy *g, int32_t w, int t, double load_t)
{
    const ms_network *net = g->net;
    const ms_move_way *way = &net->ways[w];
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    g->flow.move_t[ms_at(net, w, t)] += load_t;
    g->lane_left[ms_at(net, way->lane_ix, t)] -= load_t;
    g->site_left[ms_at(net, lane->from_ix, t)] -= load_t;
    g->site_left[ms_at(net, lane->to_ix, t + net->transit[ms_at(net, way->lane_ix, t)])] -= load_t;
    for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++)
        g->fleet_left[ms_at(net, lane->fleet_ix, later)] -= load_t * ms_network_away(net, way->lane_ix, t, later);
    for (int i = 0; i < MS_NEEDS; i++)
        if (way->agreement_ix[i] >= 0)
            g->agreement_left[way->agreement_ix[i]] -= load_t;
}

/* ---- the sweep ---- */

static void reach_back(greedy *g, int32_t k, int32_t n, int t, double spent)
{
    const ms_network *net = g->net;
    size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
    for (int32_t e = g->into_first[pair]; e < g->into_first[pair + 1]; e++) {
        const ms_move_way *way = &net->ways[g->into[e]];
        int32_t from = net->kase->lanes[way->lane_ix].from_ix;
        int transit = ms_case_transit_periods(net->kase, net->kase->lanes[way->lane_ix].transit_days);
        int depart = t - transit;
        if (depart < 0 || net->transit[ms_at(net, way->lane_ix, depart)] != transit ||
            !net->reach[ms_node(net, k, from, depart)])
            continue;
        double cost = spent + ms_network_move_cost(net, k, way->lane_ix, depart);
        if (cost < g->cost[ms_at(net, from, depart)] && way_room(g, way, depart) > 1e-6) {
            g->cost[ms_at(net, from, depart)] = cost;
            g->step[ms_at(net, from, depart)] = g->into[e];
        }
    }
}

/* Finds the cheapest free goods of layer k for (n, t). False when there are none. */
static bool find_goods(greedy *g, int32_t k, int32_t n, int t, int32_t *source, int *leave)
{
    const ms_network *net = g->net;
    double best = INFINITY, waiting = net->weights.hold_per_day * net->period_days;
    for (int32_t site = 0; site < net->site_count; site++)
        for (int u = 0; u <= t; u++)
            g->cost[ms_at(net, site, u)] = INFINITY;
    g->cost[ms_at(net, n, t)] = 0;
    g->step[ms_at(net, n, t)] = MS_NONE;
    for (int u = t; u >= 0; u--)
        for (int32_t site = 0; site < net->site_count; site++) {
            double spent = g->cost[ms_at(net, site, u)];
            if (spent >= best)
                continue;
            if (net->reach[ms_node(net, k, site, u)] && free_stock(g, k, site, u) > 1e-6) {
                best = spent;
                *source = site;
                *leave = u;
                continue;
            }
            if (g->moves)
                reach_back(g, k, site, u, spent);
            if (u > 0 && spent + waiting < g->cost[ms_at(net, site, u - 1)] &&
                g->at_site_t[ms_at(net, site, u - 1)] < net->storage[ms_at(net, site, u - 1)]) {
                g->cost[ms_at(net, site, u - 1)] = spent + waiting;
                g->step[ms_at(net, site, u - 1)] = MS_NONE;
            }
        }
    return best < INFINITY;
}

/* Walks the found way forwards: NULL amount applies `load_t`, else lowers *amount to what fits. */
static void walk(greedy *g, int32_t k, int32_t source, int leave, int32_t n, int t, double *amount, double load_t)
{
    const ms_network *net = g->net;
    int32_t site = source;
    int u = leave;
    if (!amount)
        shift_stock(g, k, source, leave, net->H, -load_t);
    while (site != n || u != t) {
        int32_t w = g->step[ms_at(net, site, u)];
        if (w < 0) {
            if (amount)
                *amount = least(*amount, net->storage[ms_at(net, site, u)] - g->at_site_t[ms_at(net, site, u)]);
            else
                shift_stock(g, k, site, u, u + 1, load_t);
            u++;
            continue;
        }
        if (amount)
            *amount = least(*amount, way_room(g, &net->ways[w], u));
        else
            use_way(g, w, u, load_t);
        site = net->kase->lanes[net->ways[w].lane_ix].to_ix;
        u += net->transit[ms_at(net, net->ways[w].lane_ix, u)];
    }
}

static void serve_by(greedy *g, int32_t v, int t)
{
    const ms_network *net = g->net;
    const ms_issue_way *way = &net->issues[v];
    int32_t n = net->kase->demands[way->demand_ix].site_ix, source = n;
    int leave = t;
    if (!ms_network_issue_open(net, way, t) || !net->reach[ms_node(net, way->layer, n, t)])
        return;
    while (g->left_t[way->demand_ix] > 1e-6 && find_goods(g, way->layer, n, t, &source, &leave)) {
        double amount = least(g->left_t[way->demand_ix] / way->meets, free_stock(g, way->layer, source, leave));
        if (way->agreement_ix >= 0)
            amount = least(amount, g->agreement_left[way->agreement_ix]);
        walk(g, way->layer, source, leave, n, t, &amount, 0);
        if (!(amount > 1e-6))
            return;
        walk(g, way->layer, source, leave, n, t, NULL, amount);
        g->flow.issue_t[ms_at(net, v, t)] += amount;
        g->left_t[way->demand_ix] -= amount * way->meets;
        if (way->agreement_ix >= 0)
            g->agreement_left[way->agreement_ix] -= amount;
    }
}

/* ---- the order of needs ---- */

static int by_weight(const void *left, const void *right)
{
    const need *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->period != b->period)
        return a->period < b->period ? -1 : 1;
    return a->demand_ix < b->demand_ix ? -1 : a->demand_ix > b->demand_ix;
}

static bool go_on(greedy *g, size_t done, size_t all)
{
    const ms_engine_request *request = g->request;
    double now = ms_clock_seconds();
    if (request->deadline > 0 && now > request->deadline)
        return false;
    if (!request->progress || now - g->last_report < 0.1)
        return true;
    g->last_report = now;
    double share = (double)done / (double)all, spent = now - g->now;
    return request->progress(request->progress_context, request->stage, share,
                             share > 0 ? spent * (1 - share) / share : -1);
}

static ms_status serve_all(greedy *g)
{
    const ms_network *net = g->net;
    size_t count = 0, most = ms_at(net, net->kase->demands_count, 0);
    need *needs = ms_alloc(most, sizeof *needs);
    if (!needs)
        return MS_NO_MEMORY;
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++)
            if (net->demand_most[ms_at(net, j, t)] > 0)
                needs[count++] = (need){ms_network_short_weight(net, j, 0), j, t};
    qsort(needs, count, sizeof *needs, by_weight);
    for (size_t i = 0; i < count && !g->stopped; i++) {
        int32_t j = needs[i].demand_ix;
        int t = needs[i].period;
        double owed = net->kase->items[net->kase->demands[j].item_ix].backorder ? g->left_t[j] : 0;
        g->left_t[j] = owed + net->demand_t[ms_at(net, j, t)];
        for (int32_t e = g->serve_first[j]; e < g->serve_first[j + 1]; e++)
            serve_by(g, g->serve[e], t);
        g->stopped = !go_on(g, i, count);
    }
    ms_free(needs);
    return MS_OK;
}

/* ---- setting out ---- */

/* What would lie at each node if nothing moved but commitments. */
static void lay_idle_stock(greedy *g)
{
    const ms_network *net = g->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart >= 0)
            g->stock_t[ms_node(net, m->layer, m->from_ix, m->depart)] -= m->load_t;
        if (m->arrive < net->H)
            g->stock_t[ms_node(net, m->layer, m->to_ix, m->arrive)] += m->load_t;
    }
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            double there_t = net->opening_t[pair];
            int32_t supply = net->supply_row[pair];
            for (int t = 0; t < net->H; t++) {
                there_t = there_t * ms_case_carry(net->kase, n, net->layers[k].item_ix, t) +
                          g->stock_t[ms_node(net, k, n, t)] + (supply >= 0 ? net->supply_t[ms_at(net, supply, t)] : 0);
                g->stock_t[ms_node(net, k, n, t)] = there_t;
                g->at_site_t[ms_at(net, n, t)] += there_t;
            }
        }
}

static bool index_ways(greedy *g)
{
    const ms_network *net = g->net;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count, demands = (size_t)net->kase->demands_count;
    g->into_first = ms_alloc(pairs + 2, sizeof(int32_t));
    g->into = ms_alloc((size_t)net->way_count, sizeof(int32_t));
    g->serve_first = ms_alloc(demands + 2, sizeof(int32_t));
    g->serve = ms_alloc((size_t)net->issue_count, sizeof(int32_t));
    if (!g->into_first || !g->into || !g->serve_first || !g->serve)
        return false;
    for (int32_t w = 0; w < net->way_count; w++)
        g->into_first[(size_t)net->ways[w].layer * (size_t)net->site_count +
                      (size_t)net->kase->lanes[net->ways[w].lane_ix].to_ix + 2]++;
    for (size_t i = 2; i < pairs + 2; i++)
        g->into_first[i] += g->into_first[i - 1];
    for (int32_t w = 0; w < net->way_count; w++)
        g->into[g->into_first[(size_t)net->ways[w].layer * (size_t)net->site_count +
                              (size_t)net->kase->lanes[net->ways[w].lane_ix].to_ix + 1]++] = w;
    for (int32_t v = 0; v < net->issue_count; v++)
        g->serve_first[net->issues[v].demand_ix + 2]++;
    for (size_t i = 2; i < demands + 2; i++)
        g->serve_first[i] += g->serve_first[i - 1];
    for (int charged = 0; charged < 2; charged++) /* a partner's own goods first */
        for (int32_t v = 0; v < net->issue_count; v++)
            if ((net->issues[v].charge > 0) == charged)
                g->serve[g->serve_first[net->issues[v].demand_ix + 1]++] = v;
    return true;
}

static bool set_out(greedy *g)
{
    const ms_network *net = g->net;
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H, sites = (size_t)net->site_count;
    g->stock_t = ms_alloc(ms_node(net, net->layer_count, 0, 0), sizeof(double));
    g->at_site_t = ms_alloc(sites * H, sizeof(double));
    g->cost = ms_alloc(sites * H, sizeof(double));
    g->step = ms_alloc(sites * H, sizeof(int32_t));
    g->lane_left = ms_rooms_copy(net->lane_room, (size_t)kase->lanes_count * H);
    g->site_left = ms_rooms_copy(net->site_room, sites * H);
    g->fleet_left = ms_rooms_copy(net->fleet_room, (size_t)kase->fleets_count * H);
    g->agreement_left = ms_rooms_copy(net->agreement_room, (size_t)kase->agreements_count);
    g->left_t = ms_alloc((size_t)kase->demands_count, sizeof(double));
    if (!g->stock_t || !g->at_site_t || !g->cost || !g->step || !g->lane_left || !g->site_left || !g->fleet_left ||
        !g->agreement_left || !g->left_t || !index_ways(g) || ms_flow_make(&g->flow, net) != MS_OK)
        return false;
    lay_idle_stock(g);
    return true;
}

static void put_away(greedy *g)
{
    void *const blocks[] = {g->stock_t,   g->at_site_t,   g->cost,           g->step,   g->lane_left,
                            g->site_left, g->fleet_left,  g->agreement_left, g->left_t, g->into_first,
                            g->into,      g->serve_first, g->serve};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_flow_free(&g->flow);
}

static ms_status run(ms_settled *out, bool *stopped, const ms_network *net, const ms_engine_request *request,
                     bool moves, ms_error *err)
{
    greedy g = {.net = net, .request = request, .moves = moves, .now = ms_clock_seconds()};
    ms_status status = set_out(&g) ? serve_all(&g) : MS_NO_MEMORY;
    if (status == MS_OK)
        status = ms_flow_settle(out, net, &g.flow, err);
    else
        ms_error_memory(err);
    *stopped = g.stopped;
    put_away(&g);
    return status;
}

/* Prices from what fell short: a line that is short is worth its weight. Valid as any; tight where goods are scarce
 * everywhere. */
static ms_status simple_prices(ms_prices *out, double *bound, const ms_network *net, const ms_settled *settled,
                               ms_error *err)
{
    ms_prices none, shortage;
    double bound_none = 0, bound_shortage = 0;
    if (ms_prices_make(&none, net) != MS_OK)
        return ms_error_memory(err);
    if (ms_prices_make(&shortage, net) != MS_OK) {
        ms_prices_free(&none);
        return ms_error_memory(err);
    }
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++)
            if (settled->short_t[ms_at(net, j, t)] > 1e-6)
                shortage.demand[ms_at(net, j, t)] = ms_network_short_weight(net, j, 0);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        double kept_t = (double)settled->kept_q[i] * ms_quantum_t(net, m->layer);
        if (m->depart >= 0 && m->load_t - kept_t > 1e-6)
            shortage.commitment[m->commitment_ix] = 0;
    }
    ms_status status = ms_bound(&bound_none, net, &none, err);
    if (status == MS_OK)
        status = ms_bound(&bound_shortage, net, &shortage, err);
    bool better = bound_shortage > bound_none;
    ms_prices_free(status == MS_OK && better ? &none : &shortage);
    if (status != MS_OK) {
        ms_prices_free(&none);
        return status;
    }
    *out = better ? shortage : none;
    *bound = better ? bound_shortage : bound_none;
    return MS_OK;
}

ms_status ms_engine_greedy(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err)
{
    const double over_storage_most_t = 1e-4;
    ms_solution solution = {.used = MS_ENGINE_GREEDY};
    double start = ms_clock_seconds();
    MS_TRY(run(&solution.settled, &solution.stopped, net, request, true, err));
    if (solution.settled.over_storage_t > over_storage_most_t) {
        ms_settled_free(&solution.settled);
        MS_TRY(run(&solution.settled, &solution.stopped, net, request, false, err));
    }
    ms_status status = simple_prices(&solution.prices, &solution.bound, net, &solution.settled, err);
    if (status != MS_OK) {
        ms_solution_free(&solution);
        return status;
    }
    solution.seconds_solve = ms_clock_seconds() - start;
    solution.stopped = solution.stopped || ms_solution_gap(&solution) > request->gap;
    *out = solution;
    return MS_OK;
}
