/* network.c: lays a case out over time (docs/model.md, Sets and Parameters). */
#include "plan/network.h"

#include <string.h>

/* ---- what a movement costs and how long it holds a vehicle ---- */

double ms_network_move_currency(const ms_network *net, int32_t layer, int32_t lane_ix, int t)
{
    const ms_case *kase = net->kase;
    const ms_layer *k = &net->layers[layer];
    double value_per_t = kase->items[k->item_ix].value_per_unit / k->t_per_unit;
    double duty = value_per_t > 0 ? ms_case_duty_rate_at(kase, lane_ix, k->item_ix, t) * value_per_t : 0;
    return kase->lanes[lane_ix].cost_per_t + duty;
}

double ms_network_move_cost(const ms_network *net, int32_t layer, int32_t lane_ix, int t)
{
    const ms_weights *weights = &net->weights;
    return weights->epsilon * ms_network_move_currency(net, layer, lane_ix, t) + weights->move +
           weights->hold_per_day * net->period_days * net->transit[ms_at(net, lane_ix, t)];
}

double ms_network_trip_periods(const ms_network *net, int32_t lane_ix, int t)
{
    const ms_lane *lane = &net->kase->lanes[lane_ix];
    int delay = net->transit[ms_at(net, lane_ix, t)] - ms_case_transit_periods(net->kase, lane->transit_days);
    double turn_days = net->kase->fleets[lane->fleet_ix].turn_days;
    return (2 * lane->transit_days + turn_days) / net->period_days + 2 * delay;
}

double ms_network_away(const ms_network *net, int32_t lane_ix, int t, int later)
{
    double left = t + ms_network_trip_periods(net, lane_ix, t) - later;
    return later < t || left <= 0 ? 0 : left < 1 ? left : 1;
}

int ms_network_away_end(const ms_network *net, int32_t lane_ix, int t)
{
    double end = ceil(t + ms_network_trip_periods(net, lane_ix, t));
    return end < net->H ? (int)end : net->H;
}

bool ms_network_way_open(const ms_network *net, const ms_move_way *way, int t)
{
    if (net->blocked[ms_at(net, way->lane_ix, t)] || (way->present && !way->present[t]))
        return false;
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0 && net->agreement_room[way->agreement_ix[need]] <= 0)
            return false;
    return true;
}

bool ms_network_move_possible(const ms_network *net, int32_t way_ix, int t)
{
    const ms_move_way *way = &net->ways[way_ix];
    return net->reach[ms_node(net, way->layer, net->kase->lanes[way->lane_ix].from_ix, t)] &&
           ms_network_way_open(net, way, t);
}

bool ms_network_move_wanted(const ms_network *net, int32_t way_ix, int t)
{
    const ms_move_way *way = &net->ways[way_ix];
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    if (!ms_network_move_possible(net, way_ix, t))
        return false;
    return net->useful[ms_node(net, way->layer, lane->to_ix, t + net->transit[ms_at(net, way->lane_ix, t)])];
}

bool ms_network_issue_open(const ms_network *net, const ms_issue_way *way, int t)
{
    if (way->present && !way->present[t])
        return false;
    return net->demand_most[ms_at(net, way->demand_ix, t)] > 0;
}

void ms_network_comes(double *out, const ms_network *net)
{
    memset(out, 0, ms_node(net, net->layer_count, 0, 0) * sizeof *out);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart >= 0)
            out[ms_node(net, m->layer, m->from_ix, m->depart)] -= m->load_t;
        if (m->arrive < net->H)
            out[ms_node(net, m->layer, m->to_ix, m->arrive)] += m->load_t;
    }
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            int32_t supply = net->supply_row[pair];
            for (int t = 0; supply >= 0 && t < net->H; t++)
                out[ms_node(net, k, n, t)] += net->supply_t[ms_at(net, supply, t)];
            if (net->opening_t[pair] > 0)
                out[ms_node(net, k, n, 0)] += net->opening_t[pair] *
                                              ms_case_carry(net->kase, n, net->layers[k].item_ix, 0);
        }
}

double ms_network_short_weight(const ms_network *net, int32_t demand_ix, int step)
{
    const ms_demand *demand = &net->kase->demands[demand_ix];
    const ms_item *item = &net->kase->items[demand->item_ix];
    return net->weights.weight[demand->priority] * item->criticality * net->weights.step_multiplier[step] *
           (item->backorder ? net->period_days : 1);
}

double ms_network_short_width(const ms_network *net, int32_t demand_ix, int t, int step)
{
    return net->weights.step_width[step] * net->demand_most[ms_at(net, demand_ix, t)];
}

double ms_network_reserve_weight(const ms_network *net, int32_t reserve_ix)
{
    const ms_reserve *reserve = &net->kase->reserves[reserve_ix];
    return net->weights.weight[reserve->priority] * net->kase->items[reserve->item_ix].criticality * net->period_days;
}

/* ---- laying out ---- */

bool ms_network_holds_owner(const ms_network *net, int32_t owner_ix)
{
    return net->alone_ix == MS_EVERYBODY || owner_ix == MS_NONE || owner_ix == net->alone_ix;
}

bool ms_network_serves(const ms_network *net, int32_t partner_ix)
{
    return net->alone_ix == MS_EVERYBODY || partner_ix == net->alone_ix;
}

static int32_t *layer_slot(ms_network *net, int32_t item_ix, int32_t owner_ix)
{
    return &net->layer_of[(size_t)item_ix * (size_t)(net->kase->partners_count + 1) + (size_t)(owner_ix + 1)];
}

static void want_layer(ms_network *net, int32_t item_ix, int32_t owner_ix)
{
    if (ms_network_holds_owner(net, owner_ix))
        *layer_slot(net, item_ix, owner_ix) = 1;
}

/* A layer for each item and owner that hold, await or reserve something. */
static ms_status find_layers(ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t pairs = (size_t)kase->items_count * (size_t)(kase->partners_count + 1);
    net->layer_of = ms_arena_alloc(net->arena, pairs, sizeof *net->layer_of);
    net->layers = ms_arena_alloc(net->arena, pairs, sizeof *net->layers);
    if (!net->layer_of || !net->layers)
        return MS_NO_MEMORY;
    for (int32_t i = 0; i < kase->stocks_count; i++)
        want_layer(net, kase->stocks[i].item_ix, kase->stocks[i].partner_ix);
    for (int32_t i = 0; i < kase->supplies_count; i++)
        want_layer(net, kase->supplies[i].item_ix, kase->supplies[i].partner_ix);
    for (int32_t i = 0; i < kase->reserves_count; i++)
        want_layer(net, kase->reserves[i].item_ix, kase->reserves[i].partner_ix);
    for (int32_t i = 0; i < kase->commitments_count; i++)
        want_layer(net, kase->commitments[i].item_ix, kase->commitments[i].partner_ix);

    for (int32_t item = 0; item < kase->items_count; item++)
        for (int32_t owner = MS_NONE; owner < kase->partners_count; owner++) {
            int32_t *slot = layer_slot(net, item, owner);
            if (!*slot) {
                *slot = MS_NONE;
                continue;
            }
            *slot = net->layer_count;
            net->layers[net->layer_count++] = (ms_layer){.item_ix = item,
                                                         .owner_ix = owner,
                                                         .t_per_unit = ms_item_t_per_unit(&kase->items[item]),
                                                         .criticality = kase->items[item].criticality};
        }
    return MS_OK;
}

static ms_status lay_out_limits(ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    net->transit = ms_arena_alloc(net->arena, (size_t)kase->lanes_count * H, sizeof *net->transit);
    net->lane_room = ms_arena_alloc(net->arena, (size_t)kase->lanes_count * H, sizeof *net->lane_room);
    net->blocked = ms_arena_alloc(net->arena, (size_t)kase->lanes_count * H, 1);
    net->site_room = ms_arena_alloc(net->arena, (size_t)kase->sites_count * H, sizeof *net->site_room);
    net->storage = ms_arena_alloc(net->arena, (size_t)kase->sites_count * H, sizeof *net->storage);
    net->fleet_room = ms_arena_alloc(net->arena, (size_t)kase->fleets_count * H, sizeof *net->fleet_room);
    net->agreement_room = ms_arena_alloc(net->arena, (size_t)kase->agreements_count, sizeof *net->agreement_room);
    if (!net->transit || !net->lane_room || !net->blocked || !net->site_room || !net->storage || !net->fleet_room ||
        !net->agreement_room)
        return MS_NO_MEMORY;
    for (int32_t g = 0; g < kase->agreements_count; g++)
        net->agreement_room[g] = kase->agreements[g].limit_t;
    for (int32_t a = 0; a < kase->lanes_count; a++)
        for (int t = 0; t < net->H; t++) {
            net->transit[ms_at(net, a, t)] = ms_case_lane_transit(kase, a, t);
            net->lane_room[ms_at(net, a, t)] = ms_case_lane_capacity_t(kase, a, t);
        }
    for (int32_t n = 0; n < kase->sites_count; n++)
        for (int t = 0; t < net->H; t++) {
            net->site_room[ms_at(net, n, t)] = ms_case_handling_t(kase, n, t);
            net->storage[ms_at(net, n, t)] = ms_case_storage_t(kase, n, t);
        }
    for (int32_t f = 0; f < kase->fleets_count; f++)
        for (int t = 0; t < net->H; t++)
            net->fleet_room[ms_at(net, f, t)] = ms_case_fleet_vehicles(kase, f, t) * kase->fleets[f].payload_t;
    return MS_OK;
}

static ms_status lay_out_holdings(ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t nodes = (size_t)net->layer_count * (size_t)kase->sites_count;
    int32_t rows = 0;
    net->opening_t = ms_arena_alloc(net->arena, nodes, sizeof *net->opening_t);
    net->supply_row = ms_arena_alloc(net->arena, nodes, sizeof *net->supply_row);
    if (!net->opening_t || !net->supply_row)
        return MS_NO_MEMORY;
    for (int32_t i = 0; i < kase->stocks_count; i++) {
        const ms_stock *stock = &kase->stocks[i];
        int32_t k = *layer_slot(net, stock->item_ix, stock->partner_ix);
        if (k < 0)
            continue;
        net->opening_t[(size_t)k * (size_t)kase->sites_count + (size_t)stock->site_ix] += stock->quantity *
                                                                                          net->layers[k].t_per_unit;
    }
    for (size_t node = 0; node < nodes; node++)
        net->supply_row[node] = MS_NONE;
    for (int32_t i = 0; i < kase->supplies_count; i++) {
        const ms_supply *supply = &kase->supplies[i];
        int32_t k = *layer_slot(net, supply->item_ix, supply->partner_ix);
        if (k < 0)
            continue;
        int32_t *row = &net->supply_row[(size_t)k * (size_t)kase->sites_count + (size_t)supply->site_ix];
        if (*row < 0)
            *row = rows++;
    }
    net->supply_t = ms_arena_alloc(net->arena, (size_t)rows * (size_t)net->H, sizeof *net->supply_t);
    if (!net->supply_t)
        return MS_NO_MEMORY;
    for (int32_t i = 0; i < kase->supplies_count; i++) {
        const ms_supply *supply = &kase->supplies[i];
        int32_t k = *layer_slot(net, supply->item_ix, supply->partner_ix);
        if (k < 0)
            continue;
        int32_t row = net->supply_row[(size_t)k * (size_t)kase->sites_count + (size_t)supply->site_ix];
        for (int t = 0; t < net->H; t++)
            net->supply_t[ms_at(net, row, t)] += ms_case_supply(kase, i, t) * net->layers[k].t_per_unit;
    }
    return MS_OK;
}

static ms_status lay_out_needs(ms_network *net)
{
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    net->demand_t = ms_arena_alloc(net->arena, (size_t)kase->demands_count * H, sizeof *net->demand_t);
    net->demand_most = ms_arena_alloc(net->arena, (size_t)kase->demands_count * H, sizeof *net->demand_most);
    net->reserve_t = ms_arena_alloc(net->arena, (size_t)kase->reserves_count * H, sizeof *net->reserve_t);
    net->reserve_layer = ms_arena_alloc(net->arena, (size_t)kase->reserves_count, sizeof *net->reserve_layer);
    if (!net->demand_t || !net->demand_most || !net->reserve_t || !net->reserve_layer)
        return MS_NO_MEMORY;
    for (int32_t j = 0; j < kase->demands_count; j++) {
        const ms_item *item = &kase->items[kase->demands[j].item_ix];
        double sum = 0;
        for (int t = 0; t < net->H && ms_network_serves(net, kase->demands[j].partner_ix); t++) {
            double demand_t = ms_case_demand(kase, j, t) * ms_item_t_per_unit(item);
            sum += demand_t;
            net->demand_t[ms_at(net, j, t)] = demand_t;
            net->demand_most[ms_at(net, j, t)] = item->backorder ? sum : demand_t;
        }
    }
    for (int32_t r = 0; r < kase->reserves_count; r++) {
        const ms_reserve *reserve = &kase->reserves[r];
        net->reserve_layer[r] = *layer_slot(net, reserve->item_ix, reserve->partner_ix);
        for (int t = 0; t < net->H && net->reserve_layer[r] >= 0 && ms_network_serves(net, reserve->partner_ix); t++)
            net->reserve_t[ms_at(net, r, t)] = ms_case_reserve_level(kase, reserve, t) *
                                               net->layers[net->reserve_layer[r]].t_per_unit;
    }
    return MS_OK;
}

/* ---- commitments: they move as written and take their room first (C10) ---- */

static double less(double room, double taken)
{
    return room > taken ? room - taken : 0;
}

static void take_room(ms_network *net, const ms_committed *m, int32_t lane_ix)
{
    const ms_lane *lane = &net->kase->lanes[lane_ix];
    if (m->depart >= 0) {
        double *room = &net->lane_room[ms_at(net, lane_ix, m->depart)];
        *room = less(*room, m->load_t);
        room = &net->site_room[ms_at(net, m->from_ix, m->depart)];
        *room = less(*room, m->load_t);
        for (int t = m->depart; lane->fleet_ix >= 0 && t < ms_network_away_end(net, lane_ix, m->depart); t++) {
            room = &net->fleet_room[ms_at(net, lane->fleet_ix, t)];
            *room = less(*room, m->load_t * ms_network_away(net, lane_ix, m->depart, t));
        }
    }
    if (m->arrive < net->H && m->arrive >= 0) {
        double *room = &net->site_room[ms_at(net, m->to_ix, m->arrive)];
        *room = less(*room, m->load_t);
    }
}

/* A vehicle that left before day 0 is still away for what is left of its trip. */
static void take_fleet_under_way(ms_network *net, const ms_committed *m, int32_t lane_ix, double depart_periods)
{
    const ms_lane *lane = &net->kase->lanes[lane_ix];
    if (lane->fleet_ix < 0)
        return;
    double turn_days = net->kase->fleets[lane->fleet_ix].turn_days;
    double end = depart_periods + (2 * lane->transit_days + turn_days) / net->period_days;
    for (int t = 0; t < net->H && t < end; t++) {
        double *room = &net->fleet_room[ms_at(net, lane->fleet_ix, t)];
        *room = less(*room, m->load_t * (end - t < 1 ? end - t : 1));
    }
}

static ms_status lay_out_commitments(ms_network *net)
{
    const ms_case *kase = net->kase;
    net->committed = ms_arena_alloc(net->arena, (size_t)kase->commitments_count, sizeof *net->committed);
    if (!net->committed)
        return MS_NO_MEMORY;
    for (int32_t i = 0; i < kase->commitments_count; i++) {
        const ms_commitment *row = &kase->commitments[i];
        const ms_lane *lane = &kase->lanes[row->lane_ix];
        int depart = ms_case_commitment_departs(kase, i);
        if (depart >= net->H || !ms_network_holds_owner(net, row->partner_ix))
            continue;
        ms_committed m = {.layer = *layer_slot(net, row->item_ix, row->partner_ix),
                          .commitment_ix = i,
                          .from_ix = lane->from_ix,
                          .to_ix = lane->to_ix,
                          .depart = depart};
        m.arrive = ms_case_commitment_arrives(kase, i);
        m.load_t = row->quantity * net->layers[m.layer].t_per_unit * ms_case_commitment_share(kase, i);
        m.broken_cost = net->weights.broken_weight * net->layers[m.layer].criticality;
        if (depart >= 0)
            m.cost = ms_network_move_cost(net, m.layer, row->lane_ix, depart);
        if (m.arrive < 0)
            continue;
        take_room(net, &m, row->lane_ix);
        if (depart < 0)
            take_fleet_under_way(net, &m, row->lane_ix, depart);
        net->committed[net->committed_count++] = m;
    }
    return MS_OK;
}

/* L[n,t]: what is there at the start, and what is committed to come, is never over the limit. */
static ms_status raise_storage(ms_network *net)
{
    for (int32_t n = 0; n < net->site_count; n++) {
        double there_t = 0;
        for (int32_t k = 0; k < net->layer_count; k++)
            there_t += net->opening_t[(size_t)k * (size_t)net->site_count + (size_t)n];
        for (int t = 0; t < net->H; t++) {
            for (int32_t m = 0; m < net->committed_count; m++)
                if (net->committed[m].to_ix == n && net->committed[m].arrive == t)
                    there_t += net->committed[m].load_t;
            double *limit = &net->storage[ms_at(net, n, t)];
            *limit = *limit > there_t ? *limit : there_t;
        }
    }
    return MS_OK;
}

static void find_blocked(ms_network *net)
{
    for (int32_t a = 0; a < net->lane_count; a++) {
        const ms_lane *lane = &net->kase->lanes[a];
        for (int t = 0; t < net->H; t++) {
            int arrive = t + net->transit[ms_at(net, a, t)];
            bool blocked = arrive >= net->H || net->lane_room[ms_at(net, a, t)] <= 0 ||
                           net->site_room[ms_at(net, lane->from_ix, t)] <= 0 ||
                           net->site_room[ms_at(net, lane->to_ix, arrive)] <= 0;
            for (int later = t; !blocked && lane->fleet_ix >= 0 && later < ms_network_away_end(net, a, t); later++)
                blocked = net->fleet_room[ms_at(net, lane->fleet_ix, later)] <= 0;
            net->blocked[ms_at(net, a, t)] = blocked;
        }
    }
}

ms_status ms_network_settle_rooms(ms_network *net, ms_error *err)
{
    find_blocked(net);
    return ms_network_prune(net, err);
}

ms_status ms_network_make(ms_network **out, const ms_case *kase, int32_t alone_ix, ms_error *err)
{
    return ms_network_make_weighed(out, kase, alone_ix, NULL, err);
}

ms_status ms_network_make_weighed(ms_network **out, const ms_case *kase, int32_t alone_ix, const ms_weights *weights,
                                  ms_error *err)
{
    ms_network *net = ms_alloc(1, sizeof *net);
    ms_arena *arena = net ? ms_arena_new() : NULL;
    if (!arena) {
        ms_free(net);
        return ms_error_memory(err);
    }
    *net = (ms_network){.kase = kase,
                        .H = kase->period_count,
                        .alone_ix = alone_ix,
                        .site_count = kase->sites_count,
                        .arena = arena,
                        .lane_count = kase->lanes_count,
                        .period_days = kase->period_days};
    if (weights)
        net->weights = *weights;
    ms_status status = weights ? MS_OK : ms_weights_make(&net->weights, kase, err);
    ms_status (*const steps[])(ms_network *) = {find_layers,   lay_out_limits,      lay_out_holdings,
                                                lay_out_needs, lay_out_commitments, raise_storage};
    for (size_t i = 0; status == MS_OK && i < sizeof steps / sizeof *steps; i++)
        if (steps[i](net) != MS_OK)
            status = ms_error_memory(err);
    if (status == MS_OK)
        status = ms_network_find_ways(net, err);
    if (status == MS_OK)
        status = ms_network_settle_rooms(net, err);
    if (status != MS_OK) {
        ms_network_free(net);
        return status;
    }
    *out = net;
    return MS_OK;
}

void ms_network_free(ms_network *net)
{
    if (!net)
        return;
    ms_free(net->ways);
    ms_free(net->issues);
    ms_arena_free(net->arena);
    ms_free(net);
}
