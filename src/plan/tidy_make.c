/* tidy_make.c: the graph that tidying works on, and what becomes of it. */
#include "plan/tidy_private.h"

#include <limits.h>

/* ---- memory ---- */

void ms_tidier_free(ms_tidier *s)
{
    if (!s)
        return;
    void *const blocks[] = {s->quantum_t, s->arcs,       s->places,  s->legs,   s->reserve_of,  s->rows,
                            s->nodes,     s->in_forest,  s->touched, s->steps,  s->change,      s->delta,
                            s->changed,   s->is_changed, s->heap,    s->rounds, s->pool,        s->pool_parts,
                            s->pool_uses, s->owners,     s->queue,   s->queued, s->queued_count};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_free(s);
}

static size_t count_positive(const int64_t *quanta, size_t count)
{
    size_t positive = 0;
    for (size_t i = 0; i < count; i++)
        positive += quanta[i] > 0;
    return positive;
}

static bool allocate(ms_tidier *s)
{
    const ms_network *net = s->net;
    size_t H = (size_t)net->H, pairs = (size_t)net->layer_count * (size_t)net->site_count;
    size_t nodes = (size_t)s->node_count, rows = s->row_count;
    size_t arcs = pairs * H + count_positive(s->settled->move_q, (size_t)net->way_count * H) +
                  count_positive(s->settled->issue_q, (size_t)net->issue_count * H);
    s->quantum_t = ms_alloc((size_t)net->layer_count, sizeof *s->quantum_t);
    s->arcs = ms_alloc(arcs, sizeof *s->arcs);
    s->places = ms_alloc(arcs, sizeof *s->places);
    s->legs = ms_alloc((size_t)net->lane_count * H, sizeof *s->legs);
    s->reserve_of = ms_alloc(pairs, sizeof *s->reserve_of);
    s->rows = ms_alloc(rows, sizeof *s->rows);
    s->touched = ms_alloc(rows, sizeof *s->touched);
    s->heap = ms_alloc(rows, sizeof *s->heap);
    s->nodes = ms_alloc(nodes, sizeof *s->nodes);
    s->steps = ms_alloc(nodes + 1, sizeof *s->steps);
    return s->quantum_t && s->arcs && s->places && s->legs && s->reserve_of && s->rows && s->touched && s->heap &&
           s->nodes && s->steps;
}

/* What depends on how many arcs there are. */
static bool allocate_by_arc(ms_tidier *s)
{
    size_t arcs = (size_t)s->arc_count;
    s->in_forest = ms_alloc(arcs, sizeof *s->in_forest);
    s->change = ms_alloc(arcs, sizeof *s->change);
    s->delta = ms_alloc(arcs, sizeof *s->delta);
    s->changed = ms_alloc(arcs, sizeof *s->changed);
    s->is_changed = ms_alloc(arcs, sizeof *s->is_changed);
    s->queue = ms_alloc(arcs + 1, sizeof *s->queue);
    s->queued = ms_alloc(arcs, sizeof *s->queued);
    s->queued_count = ms_alloc(arcs, sizeof *s->queued_count);
    return s->in_forest && s->change && s->delta && s->changed && s->is_changed && s->queue && s->queued &&
           s->queued_count;
}

/* ---- shared rows ---- */

static void lay_out_rows(ms_tidier *s)
{
    const ms_network *net = s->net;
    const struct {
        const double *rooms;
        size_t first, end;
    } kinds[] = {{net->lane_room, 0, s->site_row},
                 {net->site_room, s->site_row, s->store_row},
                 {net->storage, s->store_row, s->fleet_row},
                 {net->fleet_room, s->fleet_row, s->agreement_row},
                 {net->agreement_room, s->agreement_row, s->row_count}};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (size_t row = kinds[kind].first; row < kinds[kind].end; row++)
            s->rows[row].left_t = kinds[kind].rooms[row - kinds[kind].first];
}

static void lay_out_legs(ms_tidier *s)
{
    const ms_network *net = s->net;
    for (int32_t a = 0; a < net->lane_count; a++)
        for (int t = 0; t < net->H; t++) {
            const ms_lane *lane = &net->kase->lanes[a];
            size_t at = ms_at(net, a, t);
            int arrive = t + net->transit[at];
            if (arrive >= net->H)
                continue;
            ms_leg_use leg = {.from_row = (int32_t)(s->site_row + ms_at(net, lane->from_ix, t)),
                              .to_row = (int32_t)(s->site_row + ms_at(net, lane->to_ix, arrive)),
                              .fleet_row = -1};
            if (lane->fleet_ix >= 0) {
                int end = ms_network_away_end(net, a, t);
                leg.fleet_row = (int32_t)(s->fleet_row + ms_at(net, lane->fleet_ix, t));
                leg.whole = end - t;
                double last = end > t ? ms_network_away(net, a, t, end - 1) : 1;
                if (last < 1) {
                    leg.whole--;
                    leg.part = last;
                }
            }
            s->legs[at] = leg;
        }
}

static void take(ms_tidier *s, const ms_arc *arc, int64_t quanta)
{
    ms_tidy_begin(s);
    ms_tidy_spread(s, arc, (double)quanta * s->quantum_t[arc->layer]);
    for (int32_t i = 0; i < s->touched_count; i++)
        s->rows[s->touched[i]].left_t -= s->rows[s->touched[i]].use_t;
}

/* ---- arcs ---- */

int64_t ms_tidy_reserve_level(const ms_tidier *s, int32_t layer, int32_t site_ix, int t)
{
    const double last_bits = 1e-6;
    int32_t reserve = s->reserve_of[(size_t)layer * (size_t)s->net->site_count + (size_t)site_ix];
    if (reserve < 0)
        return 0;
    double level = ceil(s->net->reserve_t[ms_at(s->net, reserve, t)] / s->quantum_t[layer] - last_bits);
    return level > 0 && level < 9e18 ? (int64_t)level : 0;
}

static void add_arc(ms_tidier *s, ms_arc arc, ms_arc_place place)
{
    s->arcs[s->arc_count] = arc;
    s->places[s->arc_count++] = place;
}

/* Stock from period to period, also where there is none, as long as movements touch the site before and after. */
static void add_stock(ms_tidier *s, int32_t k, int32_t n, int first, int last)
{
    const ms_network *net = s->net;
    int32_t item_ix = net->layers[k].item_ix, behind = (int32_t)ms_node(net, net->layer_count, 0, 0) + item_ix;
    double hold = net->weights.hold_per_day * net->period_days * s->quantum_t[k];
    for (int t = 0; t < net->H; t++) {
        int64_t quanta = s->settled->stock_q[ms_node(net, k, n, t)];
        int32_t node = (int32_t)ms_node(net, k, n, t);
        ms_arc arc = {.spare = quanta - ms_tidy_reserve_level(s, k, n, t),
                      .cost = hold,
                      .leg = -1,
                      .row = (int32_t)(s->store_row + ms_at(net, n, t)),
                      .layer = k,
                      .kind = MS_ARC_STOCK};
        bool lasts = t + 1 >= net->H || ms_case_carry(net->kase, n, item_ix, t + 1) >= 1;
        if (quanta > 0)
            take(s, &arc, quanta);
        if (lasts && (quanta > 0 || (t >= first && t < last)))
            add_arc(s, arc, (ms_arc_place){node, t + 1 < net->H ? node + 1 : behind, n, t});
    }
}

static bool is_limited(const ms_network *net, const ms_move_way *way)
{
    bool limited = false;
    for (int need = 0; need < MS_NEEDS; need++)
        limited = limited || (way->agreement_ix[need] >= 0 && !isinf(net->agreement_room[way->agreement_ix[need]]));
    return limited;
}

/* Calls for each movement of the layer; NULL span: adds it, else notes in which periods movements touch each site. */
typedef struct {
    int first, last;
} span;

static void stretch(span *of, int t)
{
    of->first = t < of->first ? t : of->first;
    of->last = t > of->last ? t : of->last;
}

static void walk_moves(ms_tidier *s, int32_t k, span *spans)
{
    const ms_network *net = s->net;
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        int32_t lane_ix = net->ways[w].lane_ix;
        const ms_lane *lane = &net->kase->lanes[lane_ix];
        for (int t = 0; t < net->H; t++) {
            int64_t quanta = s->settled->move_q[ms_at(net, w, t)];
            int arrive = t + net->transit[ms_at(net, lane_ix, t)];
            if (quanta <= 0)
                continue;
            if (spans) {
                stretch(&spans[lane->from_ix], t);
                stretch(&spans[lane->to_ix], arrive);
                continue;
            }
            ms_arc arc = {.spare = quanta,
                          .cost = s->quantum_t[k] * ms_network_move_cost(net, k, lane_ix, t),
                          .leg = (int32_t)ms_at(net, lane_ix, t),
                          .row = is_limited(net, &net->ways[w]) ? w : -1,
                          .layer = k,
                          .kind = MS_ARC_MOVE};
            take(s, &arc, quanta);
            add_arc(s, arc,
                    (ms_arc_place){(int32_t)ms_node(net, k, lane->from_ix, t),
                                   (int32_t)ms_node(net, k, lane->to_ix, arrive), w, t});
        }
    }
}

/* An issue is an arc to its line's need in the period where several layers of the item serve it: goods of one may do
 * what goods of the other did. Substitutes stay as they are. */
static void add_issues(ms_tidier *s, int32_t k, const uint8_t *servers)
{
    const ms_network *net = s->net;
    size_t needs = ms_node(net, net->layer_count, 0, 0) + (size_t)net->kase->items_count;
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++) {
        const ms_issue_way *way = &net->issues[v];
        const ms_demand *demand = &net->kase->demands[way->demand_ix];
        bool limited = way->agreement_ix >= 0 && !isinf(net->agreement_room[way->agreement_ix]);
        for (int t = 0; t < net->H; t++) {
            int64_t quanta = s->settled->issue_q[ms_at(net, v, t)];
            ms_arc arc = {.spare = quanta,
                          .cost = s->quantum_t[k] * way->charge,
                          .leg = -1,
                          .row = limited ? (int32_t)s->agreement_row + way->agreement_ix : -1,
                          .layer = k,
                          .kind = MS_ARC_ISSUE};
            if (quanta <= 0)
                continue;
            take(s, &arc, quanta);
            if (demand->item_ix == net->layers[k].item_ix && servers[ms_at(net, way->demand_ix, t)] > 1)
                add_arc(s, arc,
                        (ms_arc_place){(int32_t)ms_node(net, k, demand->site_ix, t),
                                       (int32_t)(needs + ms_at(net, way->demand_ix, t)), v, t});
        }
    }
}

/* How many issues (2: or more) of the demanded item serve each line and period. */
static void count_servers(uint8_t *servers, const ms_network *net, const ms_settled *settled)
{
    for (int32_t v = 0; v < net->issue_count; v++) {
        const ms_issue_way *way = &net->issues[v];
        bool same = net->layers[way->layer].item_ix == net->kase->demands[way->demand_ix].item_ix;
        for (int t = 0; same && t < net->H; t++)
            if (settled->issue_q[ms_at(net, v, t)] > 0 && servers[ms_at(net, way->demand_ix, t)] < 2)
                servers[ms_at(net, way->demand_ix, t)]++;
    }
}

static bool add_arcs(ms_tidier *s)
{
    const ms_network *net = s->net;
    span *spans = ms_alloc((size_t)net->site_count, sizeof *spans);
    uint8_t *servers = ms_alloc((size_t)net->kase->demands_count * (size_t)net->H, 1);
    bool ok = spans && servers;
    if (ok)
        count_servers(servers, net, s->settled);
    for (int32_t k = 0; ok && k < net->layer_count; k++) {
        s->quantum_t[k] = ms_quantum_t(net, k);
        for (int32_t n = 0; n < net->site_count; n++)
            spans[n] = (span){net->H, -1};
        walk_moves(s, k, spans);
        for (int32_t n = 0; n < net->site_count; n++)
            add_stock(s, k, n, spans[n].first, spans[n].last);
        walk_moves(s, k, NULL);
        add_issues(s, k, servers);
    }
    ms_free(spans);
    ms_free(servers);
    return ok;
}

/* ---- there and back ---- */

ms_status ms_tidier_make(ms_tidier **out, const ms_network *net, ms_settled *settled, ms_error *err)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H, pairs = (size_t)net->layer_count * (size_t)net->site_count;
    size_t nodes = pairs * H + (size_t)kase->items_count + (size_t)kase->demands_count * H;
    size_t lanes = (size_t)net->lane_count * H, sites = (size_t)net->site_count * H;
    size_t rows = lanes + 2 * sites + (size_t)kase->fleets_count * H + (size_t)kase->agreements_count;
    *out = NULL;
    if (nodes + (size_t)net->way_count * H + (size_t)net->issue_count * H >= INT32_MAX || rows >= INT32_MAX)
        return MS_OK;
    ms_tidier *s = ms_alloc(1, sizeof *s);
    if (!s)
        return ms_error_memory(err);
    *s = (ms_tidier){.net = net, .settled = settled, .node_count = (int32_t)nodes, .row_count = rows};
    s->site_row = lanes;
    s->store_row = lanes + sites;
    s->fleet_row = lanes + 2 * sites;
    s->agreement_row = rows - (size_t)kase->agreements_count;
    bool ok = allocate(s);
    if (ok) {
        lay_out_rows(s);
        lay_out_legs(s);
        for (size_t pair = 0; pair < pairs; pair++)
            s->reserve_of[pair] = -1;
        for (int32_t r = 0; r < kase->reserves_count; r++)
            if (net->reserve_layer[r] >= 0)
                s->reserve_of[(size_t)net->reserve_layer[r] * (size_t)net->site_count +
                              (size_t)kase->reserves[r].site_ix] = r;
        ok = add_arcs(s) && allocate_by_arc(s);
    }
    if (!ok) {
        ms_tidier_free(s);
        return ms_error_memory(err);
    }
    *out = s;
    return MS_OK;
}

void ms_tidy_set_stock(ms_tidier *s, int32_t layer, int32_t site_ix, int t, int64_t stock)
{
    const double last_bits = 1e-10; /* docs/model.md, Rounding */
    const ms_network *net = s->net;
    ms_settled *settled = s->settled;
    int64_t *now = &settled->stock_q[ms_node(net, layer, site_ix, t)];
    int32_t reserve = s->reserve_of[(size_t)layer * (size_t)net->site_count + (size_t)site_ix];
    if (stock == *now)
        return;
    settled->cost_part += (double)(stock - *now) * s->quantum_t[layer] * net->weights.hold_per_day * net->period_days;
    *now = stock;
    if (reserve < 0)
        return;
    size_t at = ms_at(net, reserve, t);
    double level_t = net->reserve_t[at], below_t = level_t - (double)stock * s->quantum_t[layer];
    below_t = below_t > last_bits * level_t ? below_t : 0;
    settled->shortfall_part -= (settled->below_t[at] - below_t) * ms_network_reserve_weight(net, reserve);
    settled->below_t[at] = below_t;
}

static void give_move(ms_tidier *s, const ms_arc *arc, const ms_arc_place *place)
{
    int64_t *now = &s->settled->move_q[ms_at(s->net, place->way, place->t)];
    double more = (double)(arc->spare - *now);
    if (arc->spare == *now)
        return;
    *now = arc->spare;
    s->settled->cost_part += more * arc->cost;
    s->settled->cost_currency += more * s->quantum_t[arc->layer] *
                                 ms_network_move_currency(s->net, arc->layer, s->net->ways[place->way].lane_ix,
                                                          place->t);
}

void ms_tidier_give_back(ms_tidier *s)
{
    for (int32_t ix = 0; ix < s->arc_count; ix++) {
        const ms_arc *arc = &s->arcs[ix];
        const ms_arc_place *place = &s->places[ix];
        if (arc->kind == MS_ARC_STOCK) {
            int64_t level = ms_tidy_reserve_level(s, arc->layer, place->way, place->t);
            ms_tidy_set_stock(s, arc->layer, place->way, place->t, arc->spare + level);
        } else if (arc->kind == MS_ARC_MOVE)
            give_move(s, arc, place);
        else {
            int64_t *now = &s->settled->issue_q[ms_at(s->net, place->way, place->t)];
            s->settled->cost_part += (double)(arc->spare - *now) * arc->cost;
            *now = arc->spare;
        }
    }
    s->settled->objective = s->settled->shortfall_part + s->settled->cost_part;
}
