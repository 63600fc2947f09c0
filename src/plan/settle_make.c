/* settle_make.c: makes a settler: all that settling one flow after another of a network needs, measured once. */
#include <stdlib.h>
#include <string.h>

#include "plan/settle_private.h"

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

static bool sort_urgency(ms_settler *s)
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

static void measure_layers(ms_settler *s)
{
    for (int32_t k = 0; k < s->net->layer_count; k++)
        s->measures[k] = (ms_measure){s->net->layers[k].t_per_unit, ms_quanta_per_unit(s->net, k),
                                      ms_quantum_t(s->net, k)};
}

static void measure_supplies(ms_settler *s)
{
    const ms_network *net = s->net;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++) {
        int32_t row = net->supply_row[pair];
        if (row < 0)
            continue;
        s->supply_pair[row] = (int32_t)pair;
        for (int t = 0; t < net->H; t++)
            s->comes[ms_at(net, row, t)] = ms_settle_floor(&s->measures[pair / (size_t)net->site_count],
                                                           net->supply_t[ms_at(net, row, t)]);
    }
}

static void price_ways(ms_settler *s)
{
    const ms_network *net = s->net;
    for (int32_t w = 0; w < net->way_count && !ms_case_duties_vary(net->kase); w++) {
        const ms_route *route = &s->rooms.routes[w];
        bool same = w > 0 && s->rooms.routes[w - 1].lane_ix == route->lane_ix &&
                    s->rooms.routes[w - 1].layer == route->layer;
        s->move_currency[w] = same ? s->move_currency[w - 1]
                                   : ms_network_move_currency(net, route->layer, route->lane_ix, 0);
        s->move_cost[w] = net->weights.epsilon * s->move_currency[w] + net->weights.move;
    }
}

static bool make_memory(ms_settler *s)
{
    const ms_network *net = s->net;
    size_t H = (size_t)net->H, ways = (size_t)net->way_count, lines = (size_t)net->kase->demands_count;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count, rows = (size_t)s->supply_count;
    s->measures = ms_alloc((size_t)net->layer_count, sizeof *s->measures);
    s->move_cost = ms_alloc(ways, sizeof *s->move_cost);
    s->move_currency = ms_alloc(ways, sizeof *s->move_currency);
    s->ahead = ms_alloc(ways, sizeof *s->ahead);
    s->urgency = ms_alloc((size_t)net->issue_count, sizeof *s->urgency);
    s->comes = ms_alloc(rows * H, sizeof *s->comes);
    s->supply_pair = ms_alloc(rows, sizeof *s->supply_pair);
    s->refused = ms_alloc(rows, sizeof *s->refused);
    s->arriving = ms_alloc(H, sizeof *s->arriving);
    s->wanted_all = ms_alloc(lines, sizeof *s->wanted_all);
    s->wanted_left = ms_alloc(lines, sizeof *s->wanted_left);
    s->short_before = ms_alloc(lines, sizeof *s->short_before);
    s->there = ms_alloc(pairs, sizeof *s->there);
    s->kept = ms_alloc((size_t)net->committed_count, sizeof *s->kept);
    s->held_t = ms_alloc((size_t)net->site_count, sizeof *s->held_t);
    s->moves.first = ms_alloc(H, sizeof(size_t));
    s->moves.end = ms_alloc(H, sizeof(size_t));
    s->issues.first = ms_alloc(H, sizeof(size_t));
    s->issues.end = ms_alloc(H, sizeof(size_t));
    return s->measures && s->move_cost && s->move_currency && s->ahead && s->urgency && s->comes && s->supply_pair &&
           s->refused && s->arriving && s->wanted_all && s->wanted_left && s->short_before && s->there && s->kept &&
           s->held_t && s->moves.first && s->moves.end && s->issues.first && s->issues.end;
}

ms_status ms_settler_make(ms_settler **out, const ms_network *net, ms_error *err)
{
    ms_settler *s = ms_alloc(1, sizeof *s);
    if (!s)
        return ms_error_memory(err);
    s->net = net;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        s->supply_count += net->supply_row[pair] >= 0;
    ms_status status = ms_rooms_make(&s->rooms, net, MS_SETTLE_SLACK_SHARE, MS_SETTLE_SLACK_T, err);
    if (status == MS_OK && (!make_memory(s) || !sort_urgency(s)))
        status = ms_error_memory(err);
    if (status != MS_OK) {
        ms_settler_free(s);
        return status;
    }
    measure_layers(s);
    measure_supplies(s);
    price_ways(s);
    *out = s;
    return MS_OK;
}

void ms_settler_free(ms_settler *settler)
{
    if (!settler)
        return;
    ms_settler *s = settler;
    void *const blocks[] = {s->measures,     s->move_cost,    s->move_currency, s->ahead,        s->urgency,
                            s->comes,        s->supply_pair,  s->refused,       s->arriving,     s->wanted_all,
                            s->wanted_left,  s->short_before, s->there,         s->kept,         s->held_t,
                            s->moves.first,  s->moves.end,    s->moves.wishes,  s->issues.first, s->issues.end,
                            s->issues.wishes};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_rooms_free(&s->rooms);
    ms_free(s);
}
