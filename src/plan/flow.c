/* flow.c: rounds an engine's flow to quanta and makes it hold exactly. */
#include "plan/flow.h"

#include <stdlib.h>
#include <string.h>

/* How far a limit may be passed for rounding's sake; a hundredth of what `mainstay check` accepts. */
static const double SLACK_SHARE = 1e-8, SLACK_T = 1e-6;
/* An issue this near to all that is wanted was meant to meet it. */
static const int64_t WHOLE_QUANTA = 5;

typedef struct {
    const ms_network *net;
    const ms_flow *flow;
    ms_settled *out;
    double *lane_left, *site_left, *fleet_left, *agreement_left; /* tonnes */
    double *wanted_left;                                         /* [demand]: still to be issued this period */
    int64_t *there;                                              /* [layer*sites + site]: quanta in hand now */
    int64_t *arriving;                                           /* [node] */
    int32_t *urgency;                                            /* issue ways, most urgent first within a layer */
    double first_over_t; /* where a store was first over its limit, if any was */
    int32_t first_over_site;
    int first_over_period;
} settler;

static size_t supply_rows(const ms_network *net)
{
    size_t rows = 0;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        rows += net->supply_row[pair] >= 0;
    return rows;
}

ms_status ms_flow_make(ms_flow *out, const ms_network *net)
{
    size_t H = (size_t)net->H;
    ms_flow flow = {
        .move_t = ms_alloc((size_t)net->way_count * H, sizeof(double)),
        .issue_t = ms_alloc((size_t)net->issue_count * H, sizeof(double)),
        .refuse_t = ms_alloc(supply_rows(net) * H, sizeof(double)),
        .broken_t = ms_alloc((size_t)net->committed_count, sizeof(double)),
    };
    if (!flow.move_t || !flow.issue_t || !flow.refuse_t || !flow.broken_t) {
        ms_flow_free(&flow);
        return MS_NO_MEMORY;
    }
    *out = flow;
    return MS_OK;
}

void ms_flow_free(ms_flow *flow)
{
    ms_free(flow->move_t);
    ms_free(flow->issue_t);
    ms_free(flow->refuse_t);
    ms_free(flow->broken_t);
    *flow = (ms_flow){0};
}

void ms_settled_free(ms_settled *settled)
{
    ms_free(settled->move_q);
    ms_free(settled->issue_q);
    ms_free(settled->refuse_q);
    ms_free(settled->kept_q);
    ms_free(settled->stock_q);
    ms_free(settled->short_t);
    ms_free(settled->below_t);
    *settled = (ms_settled){0};
}

double ms_quanta_per_unit(const ms_network *net, int32_t layer)
{
    double factor = 1;
    for (int digits = ms_quantum_digits(&net->kase->items[net->layers[layer].item_ix]); digits > 0; digits--)
        factor *= 10;
    return factor;
}

double ms_quantum_t(const ms_network *net, int32_t layer)
{
    return net->layers[layer].t_per_unit / ms_quanta_per_unit(net, layer);
}

/* Tonnes in quanta, with a fraction; in whole thousandths of a unit where the engine's noise alone keeps it from one.
 */
static double exact_quanta(const ms_network *net, int32_t layer, double tonnes)
{
    const double noise = 1e-7, coarse = 1000;
    double units = tonnes / net->layers[layer].t_per_unit, per_unit = ms_quanta_per_unit(net, layer);
    double tidy = nearbyint(units * coarse) / coarse;
    if (per_unit > coarse && fabs(units - tidy) <= noise * (1 + fabs(units)))
        units = tidy;
    return units * per_unit;
}

static int64_t whole_quanta(double quanta)
{
    return quanta > 0 && quanta < 9e18 ? (int64_t)quanta : 0;
}

static int64_t round_quanta(const ms_network *net, int32_t layer, double tonnes)
{
    return whole_quanta(nearbyint(exact_quanta(net, layer, tonnes)));
}

/* Rounded up: what is sent for a need of a third of a unit must not leave it dust short. */
static int64_t enough_quanta(const ms_network *net, int32_t layer, double tonnes)
{
    const double noise = 1e-2;
    return whole_quanta(ceil(exact_quanta(net, layer, tonnes) - noise));
}

/* Whole quanta that are surely there: given quantities are rounded down, but not for the last bit of a double. */
static int64_t floor_quanta(const ms_network *net, int32_t layer, double tonnes)
{
    double quanta = floor(tonnes / ms_quantum_t(net, layer) * (1 + 1e-12) + 1e-6);
    return quanta > 0 && quanta < 9e18 ? (int64_t)quanta : 0;
}

/* ---- limits ---- */

static double slack(double room)
{
    return SLACK_SHARE * room + SLACK_T;
}

/* Lowers *allowed to what is left of a limit of which each tonne uses `share`. */
static void limit(double *allowed, double left, double room, double share)
{
    if (share > 0 && !isinf(room)) {
        double most = (left + slack(room)) / share;
        if (most < *allowed)
            *allowed = most > 0 ? most : 0;
    }
}

static double move_room(const settler *s, const ms_move_way *way, int t)
{
    const ms_network *net = s->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
    size_t lane_at = ms_at(net, way->lane_ix, t), from_at = ms_at(net, lane->from_ix, t);
    double allowed = INFINITY;
    if (!ms_network_way_open(net, way, t))
        return 0;
    size_t to_at = ms_at(net, lane->to_ix, arrive);
    limit(&allowed, s->lane_left[lane_at], net->lane_room[lane_at], 1);
    limit(&allowed, s->site_left[from_at], net->site_room[from_at], 1);
    limit(&allowed, s->site_left[to_at], net->site_room[to_at], 1);
    for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++) {
        size_t at = ms_at(net, lane->fleet_ix, later);
        limit(&allowed, s->fleet_left[at], net->fleet_room[at], ms_network_away(net, way->lane_ix, t, later));
    }
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0)
            limit(&allowed, s->agreement_left[way->agreement_ix[need]], net->agreement_room[way->agreement_ix[need]],
                  1);
    return allowed;
}

static void use_move_room(settler *s, const ms_move_way *way, int t, double load_t)
{
    const ms_network *net = s->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
    s->lane_left[ms_at(net, way->lane_ix, t)] -= load_t;
    s->site_left[ms_at(net, lane->from_ix, t)] -= load_t;
    s->site_left[ms_at(net, lane->to_ix, arrive)] -= load_t;
    for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++)
        s->fleet_left[ms_at(net, lane->fleet_ix, later)] -= load_t * ms_network_away(net, way->lane_ix, t, later);
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0)
            s->agreement_left[way->agreement_ix[need]] -= load_t;
}

/* Cuts a wish to what stock and limits allow, and notes how much it had to give. */
static int64_t cut(settler *s, int32_t layer, int64_t wish, int64_t there, double allowed_t)
{
    double quantum_t = ms_quantum_t(s->net, layer);
    int64_t most = wish < there ? wish : there;
    if ((double)most * quantum_t > allowed_t)
        most = (int64_t)floor(allowed_t / quantum_t);
    double given_t = (double)(wish - most) * quantum_t;
    if (given_t > s->out->worst_cut_t)
        s->out->worst_cut_t = given_t;
    return most;
}

/* What is short of `want`; the last bits of a double are nothing (docs/model.md, Rounding). */
static double short_of(double want_t, double met_t)
{
    const double last_bits = 1e-10;
    return want_t - met_t > last_bits * want_t ? want_t - met_t : 0;
}

/* ---- one period, in the order in which goods come and go ---- */

static void receive(settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            double carry = ms_case_carry(net->kase, n, net->layers[k].item_ix, t);
            int32_t supply = net->supply_row[pair];
            if (t == 0)
                s->there[pair] = floor_quanta(net, k, net->opening_t[pair] * carry);
            else if (carry < 1)
                s->there[pair] = (int64_t)floor((double)s->there[pair] * carry);
            s->there[pair] += s->arriving[ms_node(net, k, n, t)];
            if (supply >= 0) {
                int64_t comes = floor_quanta(net, k, net->supply_t[ms_at(net, supply, t)]);
                int64_t refused = round_quanta(net, k, s->flow->refuse_t[ms_at(net, supply, t)]);
                refused = refused < comes ? refused : comes;
                s->out->refuse_q[ms_at(net, supply, t)] = refused;
                s->there[pair] += comes - refused;
            }
        }
}

static void keep_commitments(settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart != t)
            continue;
        int64_t *there = &s->there[(size_t)m->layer * (size_t)net->site_count + (size_t)m->from_ix];
        int64_t all = floor_quanta(net, m->layer, m->load_t),
                broken = round_quanta(net, m->layer, s->flow->broken_t[i]);
        int64_t kept = cut(s, m->layer, broken < all ? all - broken : 0, *there, INFINITY);
        *there -= kept;
        s->out->kept_q[i] = kept;
        if (m->arrive < net->H)
            s->arriving[ms_node(net, m->layer, m->to_ix, m->arrive)] += kept;
    }
}

/* What line j wants in t, with what it is owed from before. */
static double wanted_t(const settler *s, int32_t j, int t)
{
    const ms_network *net = s->net;
    bool owed = t > 0 && net->kase->items[net->kase->demands[j].item_ix].backorder;
    return net->demand_t[ms_at(net, j, t)] + (owed ? s->out->short_t[ms_at(net, j, t - 1)] : 0);
}

static void want(settler *s, int t)
{
    for (int32_t j = 0; j < s->net->kase->demands_count; j++)
        s->wanted_left[j] = wanted_t(s, j, t);
}

/* Quanta that meet what is still wanted, rounded up so that no dust stays short. */
static int64_t all_quanta(const settler *s, const ms_issue_way *way)
{
    double quanta = ceil(s->wanted_left[way->demand_ix] / (way->meets * ms_quantum_t(s->net, way->layer)) - 1e-6);
    return quanta > 0 && quanta < 9e18 ? (int64_t)quanta : 0;
}

static void issue(settler *s, int32_t k, int t)
{
    const ms_network *net = s->net;
    for (int32_t i = net->issue_first[k]; i < net->issue_first[k + 1]; i++) {
        int32_t v = s->urgency[i];
        const ms_issue_way *way = &net->issues[v];
        double wish_t = s->flow->issue_t[ms_at(net, v, t)];
        if (wish_t <= 0 || !ms_network_issue_open(net, way, t))
            continue;
        int64_t *there =
            &s->there[(size_t)k * (size_t)net->site_count + (size_t)net->kase->demands[way->demand_ix].site_ix];
        double allowed = INFINITY;
        limit(&allowed, s->wanted_left[way->demand_ix], s->wanted_left[way->demand_ix], way->meets);
        if (way->agreement_ix >= 0)
            limit(&allowed, s->agreement_left[way->agreement_ix], net->agreement_room[way->agreement_ix], 1);
        int64_t wish = round_quanta(net, k, wish_t), all = all_quanta(s, way);
        int64_t issued = cut(s, k, llabs(all - wish) <= WHOLE_QUANTA ? all : wish, *there, allowed);
        double issued_t = (double)issued * ms_quantum_t(net, k);
        *there -= issued;
        s->wanted_left[way->demand_ix] -= issued_t * way->meets;
        if (way->agreement_ix >= 0)
            s->agreement_left[way->agreement_ix] -= issued_t;
        s->out->issue_q[ms_at(net, v, t)] = issued;
    }
}

static void move(settler *s, int32_t k, int t)
{
    const ms_network *net = s->net;
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        const ms_move_way *way = &net->ways[w];
        double wish_t = s->flow->move_t[ms_at(net, w, t)];
        if (wish_t <= 0)
            continue;
        const ms_lane *lane = &net->kase->lanes[way->lane_ix];
        int64_t *there = &s->there[(size_t)k * (size_t)net->site_count + (size_t)lane->from_ix];
        int64_t moved = cut(s, k, enough_quanta(net, k, wish_t), *there, move_room(s, way, t));
        if (moved == 0)
            continue;
        *there -= moved;
        use_move_room(s, way, t, (double)moved * ms_quantum_t(net, k));
        s->arriving[ms_node(net, k, lane->to_ix, t + net->transit[ms_at(net, way->lane_ix, t)])] += moved;
        s->out->move_q[ms_at(net, w, t)] = moved;
    }
}

/* Refuses what came in today where the store is over its limit. */
static void hold_storage(settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t n = 0; n < net->site_count; n++) {
        double limit_t = net->storage[ms_at(net, n, t)], over_t = -limit_t;
        for (int32_t k = 0; k < net->layer_count; k++)
            over_t += (double)s->there[(size_t)k * (size_t)net->site_count + (size_t)n] * ms_quantum_t(net, k);
        if (over_t <= slack(limit_t))
            continue;
        for (int32_t k = 0; k < net->layer_count && over_t > 0; k++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            int32_t supply = net->supply_row[pair];
            if (supply < 0)
                continue;
            int64_t *refused = &s->out->refuse_q[ms_at(net, supply, t)];
            int64_t more = floor_quanta(net, k, net->supply_t[ms_at(net, supply, t)]) - *refused;
            int64_t need = (int64_t)ceil(over_t / ms_quantum_t(net, k));
            more = more < need ? more : need;
            more = more < s->there[pair] ? more : s->there[pair];
            *refused += more;
            s->there[pair] -= more;
            over_t -= (double)more * ms_quantum_t(net, k);
        }
        if (over_t > 0 && s->out->over_storage_t <= 0) {
            s->first_over_t = over_t;
            s->first_over_site = n;
            s->first_over_period = t;
        }
        if (over_t > s->out->over_storage_t)
            s->out->over_storage_t = over_t;
    }
}

static void close_period(settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            s->out->stock_q[ms_node(net, k, n, t)] = s->there[(size_t)k * (size_t)net->site_count + (size_t)n];
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double all_t = wanted_t(s, j, t);
        s->out->short_t[ms_at(net, j, t)] = short_of(all_t, all_t - s->wanted_left[j]);
    }
    for (int32_t r = 0; r < net->kase->reserves_count; r++) {
        int32_t k = net->reserve_layer[r];
        double level_t = net->reserve_t[ms_at(net, r, t)];
        if (level_t <= 0)
            continue;
        double there_t =
            (double)s->there[(size_t)k * (size_t)net->site_count + (size_t)net->kase->reserves[r].site_ix] *
            ms_quantum_t(net, k);
        s->out->below_t[ms_at(net, r, t)] = short_of(level_t, there_t);
    }
}

/* ---- the objective of what came out ---- */

static double steps_cost(const ms_network *net, int32_t j, int t, double short_t)
{
    double cost = 0;
    for (int step = 0; step < net->weights.step_count && short_t > 0; step++) {
        double width = ms_network_short_width(net, j, t, step);
        double part = step == net->weights.step_count - 1 || short_t < width ? short_t : width;
        cost += part * ms_network_short_weight(net, j, step);
        short_t -= part;
    }
    return cost;
}

static void weigh_shortfall(const ms_network *net, ms_settled *out)
{
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++)
            if (out->short_t[ms_at(net, j, t)] > 0)
                out->shortfall_part += steps_cost(net, j, t, out->short_t[ms_at(net, j, t)]);
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++)
            out->shortfall_part += out->below_t[ms_at(net, r, t)] * ms_network_reserve_weight(net, r);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart < 0)
            continue;
        double kept_t = (double)out->kept_q[i] * ms_quantum_t(net, m->layer);
        out->shortfall_part += short_of(m->load_t, kept_t) * m->broken_cost;
        out->cost_part += kept_t * m->cost;
        out->cost_currency += kept_t * ms_network_move_currency(
                                           net, m->layer, net->kase->commitments[m->commitment_ix].lane_ix, m->depart);
    }
}

static void weigh_cost(const ms_network *net, ms_settled *out)
{
    double hold = net->weights.hold_per_day * net->period_days;
    for (int32_t k = 0; k < net->layer_count; k++) {
        double quantum_t = ms_quantum_t(net, k);
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++)
            for (int t = 0; t < net->H; t++) {
                double load_t = (double)out->move_q[ms_at(net, w, t)] * quantum_t;
                if (load_t > 0) {
                    out->cost_part += load_t * ms_network_move_cost(net, k, net->ways[w].lane_ix, t);
                    out->cost_currency += load_t * ms_network_move_currency(net, k, net->ways[w].lane_ix, t);
                }
            }
        for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
            for (int t = 0; net->issues[v].charge > 0 && t < net->H; t++)
                out->cost_part += (double)out->issue_q[ms_at(net, v, t)] * quantum_t * net->issues[v].charge;
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t supply = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
            for (int t = 0; t < net->H; t++) {
                out->cost_part += (double)out->stock_q[ms_node(net, k, n, t)] * quantum_t * hold;
                if (supply >= 0)
                    out->cost_part += (double)out->refuse_q[ms_at(net, supply, t)] * quantum_t * net->weights.refuse;
            }
        }
    }
    out->objective = out->shortfall_part + out->cost_part;
}

/* ---- putting it together ---- */

typedef struct {
    const ms_network *net;
    int32_t way;
} urgent;

static int by_urgency(const void *left, const void *right)
{
    const urgent *a = left, *b = right;
    const ms_demand *da = &a->net->kase->demands[a->net->issues[a->way].demand_ix];
    const ms_demand *db = &b->net->kase->demands[b->net->issues[b->way].demand_ix];
    if (da->priority != db->priority)
        return da->priority < db->priority ? -1 : 1;
    return a->way < b->way ? -1 : a->way > b->way;
}

static bool sort_urgency(settler *s)
{
    const ms_network *net = s->net;
    urgent *order = ms_alloc((size_t)net->issue_count, sizeof *order);
    if (!order)
        return false;
    for (int32_t v = 0; v < net->issue_count; v++)
        order[v] = (urgent){net, v};
    for (int32_t k = 0; k < net->layer_count; k++)
        qsort(order + net->issue_first[k], (size_t)(net->issue_first[k + 1] - net->issue_first[k]), sizeof *order,
              by_urgency);
    for (int32_t v = 0; v < net->issue_count; v++)
        s->urgency[v] = order[v].way;
    ms_free(order);
    return true;
}

double *ms_rooms_copy(const double *rooms, size_t count)
{
    double *copy = ms_alloc(count, sizeof *copy);
    if (copy && count)
        memcpy(copy, rooms, count * sizeof *copy);
    return copy;
}

static bool prepare(settler *s)
{
    const ms_network *net = s->net;
    const ms_case *kase = net->kase;
    ms_settled *out = s->out;
    size_t H = (size_t)net->H, pairs = (size_t)net->layer_count * (size_t)net->site_count;
    out->move_q = ms_alloc((size_t)net->way_count * H, sizeof(int64_t));
    out->issue_q = ms_alloc((size_t)net->issue_count * H, sizeof(int64_t));
    out->refuse_q = ms_alloc(supply_rows(net) * H, sizeof(int64_t));
    out->kept_q = ms_alloc((size_t)net->committed_count, sizeof(int64_t));
    out->stock_q = ms_alloc(pairs * H, sizeof(int64_t));
    out->short_t = ms_alloc((size_t)kase->demands_count * H, sizeof(double));
    out->below_t = ms_alloc((size_t)kase->reserves_count * H, sizeof(double));
    s->lane_left = ms_rooms_copy(net->lane_room, (size_t)kase->lanes_count * H);
    s->site_left = ms_rooms_copy(net->site_room, (size_t)kase->sites_count * H);
    s->fleet_left = ms_rooms_copy(net->fleet_room, (size_t)kase->fleets_count * H);
    s->agreement_left = ms_rooms_copy(net->agreement_room, (size_t)kase->agreements_count);
    s->wanted_left = ms_alloc((size_t)kase->demands_count, sizeof(double));
    s->there = ms_alloc(pairs, sizeof(int64_t));
    s->arriving = ms_alloc(pairs * H, sizeof(int64_t));
    s->urgency = ms_alloc((size_t)net->issue_count, sizeof(int32_t));
    if (!out->move_q || !out->issue_q || !out->refuse_q || !out->kept_q || !out->stock_q || !out->short_t ||
        !out->below_t || !s->lane_left || !s->site_left || !s->fleet_left || !s->agreement_left || !s->wanted_left ||
        !s->there || !s->arriving || !s->urgency)
        return false;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart >= 0)
            continue;
        out->kept_q[i] = floor_quanta(net, m->layer, m->load_t);
        if (m->arrive < net->H)
            s->arriving[ms_node(net, m->layer, m->to_ix, m->arrive)] += out->kept_q[i];
    }
    return sort_urgency(s);
}

static void release(settler *s)
{
    void *const blocks[] = {s->lane_left,   s->site_left, s->fleet_left, s->agreement_left,
                            s->wanted_left, s->there,     s->arriving,   s->urgency};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
}

static ms_status settle_once(settler *s, ms_error *err)
{
    const ms_network *net = s->net;
    if (!prepare(s)) {
        release(s);
        ms_settled_free(s->out);
        return ms_error_memory(err);
    }
    for (int t = 0; t < net->H; t++) {
        receive(s, t);
        keep_commitments(s, t);
        want(s, t);
        for (int32_t k = 0; k < net->layer_count; k++) {
            issue(s, k, t);
            move(s, k, t);
        }
        hold_storage(s, t);
        close_period(s, t);
    }
    release(s);
    return MS_OK;
}

/* Wishes to refuse, from the latest day back, as much earlier supply as the store was first over its limit by: it was
 * taken in while there was room, and then a commitment came. False when there is no supply to refuse. */
static bool make_room(ms_flow *flow, const settler *s)
{
    const ms_network *net = s->net;
    double need_t = s->first_over_t;
    bool found = false;
    for (int t = s->first_over_period; t >= 0 && need_t > 0; t--)
        for (int32_t k = 0; k < net->layer_count && need_t > 0; k++) {
            int32_t supply = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)s->first_over_site];
            if (supply < 0)
                continue;
            size_t at = ms_at(net, supply, t);
            double taken_t = (double)(floor_quanta(net, k, net->supply_t[at]) - s->out->refuse_q[at]) *
                             ms_quantum_t(net, k);
            double more_t = taken_t < need_t ? taken_t : need_t;
            if (more_t <= SLACK_T)
                continue;
            flow->refuse_t[at] = (double)s->out->refuse_q[at] * ms_quantum_t(net, k) + more_t;
            need_t -= more_t;
            found = true;
        }
    return found;
}

ms_status ms_flow_settle(ms_settled *out, const ms_network *net, const ms_flow *flow, ms_error *err)
{
    const int tries_most = 30;
    ms_settled settled = {0};
    ms_flow wished = *flow;
    settler s = {.net = net, .flow = &wished, .out = &settled};
    double *refuse_t = ms_rooms_copy(flow->refuse_t, supply_rows(net) * (size_t)net->H);
    ms_status status = refuse_t ? MS_OK : ms_error_memory(err);
    wished.refuse_t = refuse_t;
    for (int i = 0; status == MS_OK && i < tries_most; i++) {
        status = settle_once(&s, err);
        if (status != MS_OK || settled.over_storage_t <= MS_OVER_STORAGE_MOST_T || i + 1 == tries_most ||
            !make_room(&wished, &s))
            break;
        ms_settled_free(&settled);
    }
    ms_free(refuse_t);
    if (status != MS_OK)
        return status;
    weigh_shortfall(net, &settled);
    weigh_cost(net, &settled);
    *out = settled;
    return MS_OK;
}
