/* repair_make.c: makes a repair: the needs in the order in which they are served, and all goods that come. */
#include <math.h>
#include <string.h>

#include "plan/repair_private.h"

/* Needs are served in buckets of gains that differ by no more than this factor, and in each by period. */
static const double BUCKET_FACTOR = 1.5;
enum { BUCKETS = 64 };

/* Puts the needs in order: by bucket, period, lines before reserves; a counting sort over bucket and period. */
typedef struct {
    ms_repair *r;
    double top;
    size_t *place; /* [bucket*H + t] */
    bool placing;
} sorter;

static void sort_in(sorter *s, double gain, int32_t way, int t)
{
    int H = s->r->net->H, bucket = (int)(log(s->top / gain) / log(BUCKET_FACTOR) + 1e-6);
    bucket = bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
    size_t *place = &s->place[(size_t)bucket * (size_t)H + (size_t)t];
    if (s->placing) {
        s->r->wants[*place] = (ms_want){way, t};
        s->r->bucket[*place] = (uint8_t)bucket;
    }
    ++*place;
}

static void each_want(ms_repair *r, void (*call)(sorter *, double, int32_t, int), sorter *s)
{
    const ms_network *net = r->net;
    for (int32_t v = 0; v < net->issue_count; v++)
        for (int t = 0; t < net->H; t++)
            if (ms_network_issue_open(net, &net->issues[v], t) && ms_repair_gain(net, v, t) > 0)
                call(s, ms_repair_gain(net, v, t), v, t);
    for (int32_t res = 0; res < net->kase->reserves_count; res++)
        for (int t = 0; net->reserve_layer[res] >= 0 && t < net->H; t++)
            if (net->reserve_t[ms_at(net, res, t)] > 0 && ms_repair_reserve_gain(net, res, t) > 0)
                call(s, ms_repair_reserve_gain(net, res, t), -1 - res, t);
}

static void find_top(sorter *s, double gain, int32_t way, int t)
{
    (void)way;
    (void)t;
    s->top = gain > s->top ? gain : s->top;
    s->r->want_count++;
}

static bool mark_last(ms_repair *r)
{
    const ms_network *net = r->net;
    bool *seen = ms_alloc(ms_at(net, net->kase->demands_count, 0), sizeof *seen);
    if (!seen)
        return false;
    for (size_t i = r->want_count; i-- > 0;)
        if (r->wants[i].way >= 0) {
            size_t at = ms_at(net, net->issues[r->wants[i].way].demand_ix, r->wants[i].t);
            r->closes[i] = !seen[at];
            seen[at] = true;
        }
    ms_free(seen);
    return true;
}

static bool order_wants(ms_repair *r)
{
    size_t places = (size_t)BUCKETS * (size_t)r->net->H, sum = 0;
    sorter s = {.r = r, .place = ms_alloc(places, sizeof *s.place)};
    each_want(r, find_top, &s);
    r->wants = ms_alloc(r->want_count, sizeof *r->wants);
    r->bucket = ms_alloc(r->want_count, 1);
    r->closes = ms_alloc(r->want_count, sizeof *r->closes);
    if (!s.place || !r->wants || !r->bucket || !r->closes) {
        ms_free(s.place);
        return false;
    }
    each_want(r, sort_in, &s);
    for (size_t at = 0; at < places; at++) {
        size_t count = s.place[at];
        s.place[at] = sum;
        sum += count;
    }
    s.placing = true;
    each_want(r, sort_in, &s);
    ms_free(s.place);
    return mark_last(r);
}

/* Of all that could fall short, a part that nobody would miss in a bound on the objective. */
static void weigh_stake(ms_repair *r)
{
    const double share = 1e-5;
    const ms_network *net = r->net;
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++)
            r->at_stake += share * net->demand_t[ms_at(net, j, t)] * ms_network_short_weight(net, j, 0);
}

/* Counts goods of a pair; or, in a second pass in which goods_first counts on, places them. */
static int32_t put_goods(ms_repair *r, size_t pair, ms_goods goods, bool placing)
{
    if (!placing) {
        r->goods_first[pair + 1]++;
        return -1;
    }
    r->goods[r->goods_first[pair]] = goods;
    return r->goods_first[pair]++;
}

/* All goods that come by themselves, by day; opening stock first. */
static void list_goods(ms_repair *r, const int32_t *supply_pair, int32_t supply_count, bool placing)
{
    const ms_network *net = r->net;
    for (int t = 0; t < net->H; t++) {
        ms_goods base = {.t = t, .row = -1, .kind = MS_GOODS_BASE};
        for (size_t pair = 0; t == 0 && pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
            if (net->opening_t[pair] > 0)
                put_goods(r, pair, base, placing);
        for (int32_t row = 0; row < supply_count; row++)
            if (net->supply_t[ms_at(net, row, t)] > 0)
                put_goods(r, (size_t)supply_pair[row], (ms_goods){.t = t, .row = row, .kind = MS_GOODS_SUPPLY},
                          placing);
        for (int32_t i = 0; i < net->committed_count; i++)
            if (net->committed[i].arrive == t)
                r->committed_goods[i] = put_goods(
                    r, ms_repair_pair(r, net->committed[i].layer, net->committed[i].to_ix), base, placing);
        for (int32_t res = 0; res < net->kase->reserves_count; res++)
            if (net->reserve_layer[res] >= 0)
                r->pool[ms_at(net, res, t)] = put_goods(
                    r, ms_repair_pair(r, net->reserve_layer[res], net->kase->reserves[res].site_ix), base, placing);
    }
}

static bool lay_out_goods(ms_repair *r)
{
    const ms_network *net = r->net;
    size_t pairs = (size_t)net->layer_count * (size_t)net->site_count;
    int32_t supply_count = 0, *supply_pair = ms_alloc(pairs, sizeof *supply_pair);
    if (!supply_pair)
        return false;
    for (size_t pair = 0; pair < pairs; pair++)
        if (net->supply_row[pair] >= 0) {
            supply_pair[net->supply_row[pair]] = (int32_t)pair;
            supply_count++;
        }
    list_goods(r, supply_pair, supply_count, false);
    for (size_t pair = 0; pair < pairs; pair++)
        r->goods_first[pair + 1] += r->goods_first[pair];
    r->goods = ms_alloc((size_t)r->goods_first[pairs], sizeof *r->goods);
    if (r->goods) {
        list_goods(r, supply_pair, supply_count, true);
        memmove(r->goods_first + 1, r->goods_first, pairs * sizeof *r->goods_first);
        r->goods_first[0] = 0;
    }
    ms_free(supply_pair);
    return r->goods != NULL;
}

static void lay_out_sites(ms_repair *r)
{
    const ms_network *net = r->net;
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            r->has_limit[n] = r->has_limit[n] || !isinf(net->storage[ms_at(net, n, t)]);
    memset(r->reserve_of, 0xff, (size_t)net->layer_count * (size_t)net->site_count * sizeof *r->reserve_of);
    for (int32_t res = 0; res < net->kase->reserves_count; res++)
        if (net->reserve_layer[res] >= 0)
            r->reserve_of[ms_repair_pair(r, net->reserve_layer[res], net->kase->reserves[res].site_ix)] = res;
    for (int32_t w = 0; w < net->way_count; w++) {
        const ms_route *route = &r->rooms.routes[w];
        bool same = w > 0 && r->rooms.routes[w - 1].lane_ix == route->lane_ix &&
                    r->rooms.routes[w - 1].layer == route->layer;
        double cost = same ? r->legs[w - 1].cost : ms_network_move_cost(net, route->layer, route->lane_ix, 0);
        r->legs[w] = (ms_leg){cost, route->from_ix, route->lane_ix};
    }
    size_t places = (size_t)net->H * (size_t)net->site_count;
    for (int32_t a = 0; a < net->lane_count; a++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_rooms_at(&r->rooms, a, t);
            size_t to = ms_rooms_site_at(&r->rooms, net->kase->lanes[a].to_ix, r->rooms.arrive[at]);
            r->reach_to[at] = (int32_t)(net->blocked[ms_at(net, a, t)] ? places : to);
        }
    r->reach_cost[places] = -INFINITY;
}

static bool make_memory(ms_repair *r)
{
    const ms_network *net = r->net;
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H, sites = (size_t)net->site_count, pairs = (size_t)net->layer_count * sites;
    size_t lines = (size_t)kase->demands_count, reserves = (size_t)kase->reserves_count;
    r->store = ms_alloc(sites * H, sizeof *r->store);
    r->has_limit = ms_alloc(sites, sizeof *r->has_limit);
    r->wished = ms_alloc((size_t)net->issue_count * H, sizeof *r->wished);
    r->goods_first = ms_alloc(pairs + 1, sizeof *r->goods_first);
    r->pool = ms_alloc(reserves * H, sizeof *r->pool);
    r->broken = ms_alloc((size_t)net->committed_count, sizeof *r->broken);
    r->committed_goods = ms_alloc((size_t)net->committed_count, sizeof *r->committed_goods);
    r->moving_first = ms_alloc(pairs * H + 1, sizeof *r->moving_first);
    r->reserve_of = ms_alloc(pairs, sizeof *r->reserve_of);
    r->held = ms_alloc(reserves * H, sizeof *r->held);
    r->meant = ms_alloc(reserves * H, sizeof *r->meant);
    r->unmet = ms_alloc(lines * H, sizeof *r->unmet);
    r->later = ms_alloc(lines * H, sizeof *r->later);
    r->debt = ms_alloc((size_t)net->issue_count, sizeof *r->debt);
    r->reach = ms_alloc(sites * H, sizeof *r->reach);
    r->base_first = ms_alloc(sites, sizeof *r->base_first);
    r->reach_cost = ms_alloc(sites * H + 1, sizeof *r->reach_cost);
    r->reach_to = ms_alloc((size_t)net->lane_count * H, sizeof *r->reach_to);
    r->legs = ms_alloc((size_t)net->way_count, sizeof *r->legs);
    r->steps = ms_alloc(2 * H + 2, sizeof *r->steps); /* each but the last goes back in time */
    return r->store && r->has_limit && r->wished && r->goods_first && r->pool && r->committed_goods && r->broken &&
           r->moving_first && r->reserve_of && r->held && r->meant && r->unmet && r->later && r->debt && r->reach &&
           r->reach_cost && r->reach_to && r->legs && r->base_first && r->steps;
}

ms_status ms_repair_make(ms_repair **out, const ms_network *net, ms_error *err)
{
    ms_repair *r = ms_alloc(1, sizeof *r);
    if (!r)
        return ms_error_memory(err);
    r->net = net;
    ms_status status = ms_rooms_make(&r->rooms, net, 0, 0, err);
    if (status == MS_OK && !make_memory(r))
        status = ms_error_memory(err);
    if (status == MS_OK) {
        lay_out_sites(r);
        weigh_stake(r);
        if (!lay_out_goods(r) || !order_wants(r))
            status = ms_error_memory(err);
    }
    if (status != MS_OK) {
        ms_repair_free(r);
        return status;
    }
    *out = r;
    return MS_OK;
}

void ms_repair_free(ms_repair *repair)
{
    if (!repair)
        return;
    ms_repair *r = repair;
    void *const blocks[] = {
        r->broken,          r->store,  r->has_limit,  r->wished,     r->goods,        r->goods_first, r->pool,
        r->committed_goods, r->moving, r->alive,      r->found,      r->moving_first, r->reserve_of,  r->held,
        r->meant,           r->unmet,  r->later,      r->debt,       r->wants,        r->bucket,      r->closes,
        r->needs,           r->reach,  r->base_first, r->reach_cost, r->reach_to,     r->legs,        r->steps};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_rooms_free(&r->rooms);
    ms_free(r);
}
