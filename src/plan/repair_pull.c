/* repair_pull.c: pulls goods to a need along the wishes of a flow.
 *
 * At each node the latest goods that came are taken first: what came earlier serves more needs, so that what a feasible
 * flow wished is found whatever the order of the needs.
 */
#include <string.h>

#include "plan/repair_private.h"

enum { LEGS_MOST = 1000 };

double ms_repair_keep(const ms_repair *r, int32_t layer, int32_t site_ix, int from, int to)
{
    double kept = 1;
    for (int t = from + 1; r->rooms.loses && t <= to; t++)
        kept *= ms_case_carry(r->net->kase, site_ix, r->net->layers[layer].item_ix, t);
    return kept;
}

double ms_repair_store(const ms_repair *r, int32_t site_ix, int from, int to)
{
    double least = INFINITY;
    const double *store = r->store + ms_at(r->net, site_ix, 0);
    for (int t = from; r->has_limit[site_ix] && t < to; t++)
        least = ms_least(least, store[t]);
    return least;
}

void ms_repair_use_store(ms_repair *r, int32_t site_ix, int from, int to, double load_t)
{
    double *store = r->store + ms_at(r->net, site_ix, 0);
    for (int t = from; r->has_limit[site_ix] && t < to; t++)
        store[t] -= load_t;
}

void ms_repair_add_held(ms_repair *r, int32_t layer, int32_t site_ix, int from, int to, double load_t)
{
    int32_t res = r->reserve_of[ms_repair_pair(r, layer, site_ix)];
    for (int t = from; res >= 0 && t < to; t++) {
        if (r->rooms.loses && t > from)
            load_t *= ms_repair_keep(r, layer, site_ix, t - 1, t);
        r->held[ms_at(r->net, res, t)] += load_t;
    }
}

/* ---- pulling ---- */

static int32_t last_alive(ms_repair *r, int32_t at, int32_t first)
{
    int32_t found = at;
    while (found >= first && r->alive[found] != found)
        found = r->alive[found];
    while (at >= first && r->alive[at] != at) {
        int32_t next = r->alive[at];
        r->alive[at] = found;
        at = next;
    }
    return found;
}

/* The last goods of a pair that have come by t, or first - 1. */
static int32_t last_goods(const ms_repair *r, size_t pair, int t)
{
    int32_t low = r->goods_first[pair], high = r->goods_first[pair + 1];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (r->goods[middle].t <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* What a pull has come to at one node. */
typedef struct {
    int32_t layer, site_ix, t;
    double got, ask;
    int low_from; /* store: the least room from here until t */
    double low;
} pull;

static double room_since(ms_repair *r, pull *p, int from)
{
    while (p->low_from > from && r->has_limit[p->site_ix])
        p->low = ms_least(p->low, r->store[ms_at(r->net, p->site_ix, --p->low_from)]);
    return p->low;
}

static void forget_room(pull *p)
{
    p->low_from = p->t;
    p->low = INFINITY;
}

static void take_goods(ms_repair *r, pull *p, ms_goods *goods)
{
    double kept = ms_repair_keep(r, p->layer, p->site_ix, goods->t, p->t);
    bool supply = goods->kind == MS_GOODS_SUPPLY;
    if (kept <= 0)
        return;
    double load_t = ms_least(goods->left, (p->ask - p->got) / kept);
    if (supply)
        load_t = ms_least(load_t, room_since(r, p, goods->t));
    if (load_t <= MS_REPAIR_DUST)
        return;
    goods->left -= load_t;
    p->got += load_t * kept;
    if (supply) {
        ms_repair_use_store(r, p->site_ix, goods->t, p->t, load_t);
        ms_repair_add_held(r, p->layer, p->site_ix, goods->t, p->t, load_t);
    } else {
        ms_repair_use_store(r, p->site_ix, p->t, r->net->H, -load_t);
        ms_repair_add_held(r, p->layer, p->site_ix, p->t, r->net->H, -load_t * kept);
    }
    forget_room(p);
}

static double pull_from(ms_repair *r, int32_t layer, int32_t site_ix, int t, double ask, bool fresh, int legs);

static void take_moving(ms_repair *r, pull *p, int32_t at, int legs)
{
    ms_moving *moving = &r->moving[at];
    int32_t way = moving->way, depart = moving->depart, arrive = moving->arrive;
    double kept = ms_repair_keep(r, p->layer, p->site_ix, arrive, p->t), room = room_since(r, p, arrive);
    double fits = ms_rooms_fit(&r->rooms, way, depart);
    if (fits <= MS_REPAIR_DUST || moving->left <= MS_REPAIR_DUST || kept <= 0) {
        r->alive[at] = at - 1;
        return;
    }
    double load_t = ms_least(ms_least(moving->left, (p->ask - p->got) / kept), ms_least(fits, room));
    if (load_t <= MS_REPAIR_DUST)
        return;
    /* Taken before it is known how much comes, so that what comes first on the way finds no room that is spoken for. */
    ms_rooms_take(&r->rooms, way, depart, load_t);
    ms_repair_use_store(r, p->site_ix, arrive, p->t, load_t);
    double came = pull_from(r, p->layer, r->rooms.routes[way].from_ix, depart, load_t, false, legs + 1);
    if (came < load_t) {
        ms_rooms_take(&r->rooms, way, depart, came - load_t);
        ms_repair_use_store(r, p->site_ix, arrive, p->t, came - load_t);
    }
    ms_repair_add_held(r, p->layer, p->site_ix, arrive, p->t, came);
    moving->left -= came;
    p->got += came * kept;
    if (came < load_t - MS_REPAIR_DUST || moving->left <= MS_REPAIR_DUST)
        r->alive[at] = at - 1;
    forget_room(p);
}

static double pull_from(ms_repair *r, int32_t layer, int32_t site_ix, int t, double ask, bool fresh, int legs)
{
    size_t pair = ms_repair_pair(r, layer, site_ix), node = ms_node(r->net, layer, site_ix, t);
    int32_t goods_first = r->goods_first[pair], moving_first = r->moving_first[ms_node(r->net, layer, site_ix, 0)];
    int32_t g = last_goods(r, pair, t), i = last_alive(r, r->moving_first[node + 1] - 1, moving_first);
    pull p = {.layer = layer, .site_ix = site_ix, .t = t, .ask = ask, .low_from = t, .low = INFINITY};
    while (p.got < ask - MS_REPAIR_DUST && (g >= goods_first || i >= moving_first) && legs < LEGS_MOST) {
        int32_t arrive = i >= moving_first ? r->moving[i].arrive : -1;
        if (g < goods_first || arrive >= r->goods[g].t) {
            if (room_since(r, &p, arrive) > MS_REPAIR_DUST) {
                take_moving(r, &p, i, legs);
                i = last_alive(r, i - 1, moving_first);
            } else {
                i = moving_first - 1; /* what came before would need the same room */
            }
        } else {
            if (r->goods[g].left > MS_REPAIR_DUST && !(fresh && r->goods[g].kind != MS_GOODS_SUPPLY))
                take_goods(r, &p, &r->goods[g]);
            g--;
        }
    }
    return p.got;
}

double ms_repair_pull(ms_repair *r, int32_t layer, int32_t site_ix, int t, double ask, bool fresh)
{
    return pull_from(r, layer, site_ix, t, ask, fresh, 0);
}

/* ---- where it begins ---- */

static bool is_listed(const ms_repair *r, int32_t way, int t, double wished_t)
{
    return wished_t > MS_REPAIR_DUST && !r->net->blocked[ms_at(r->net, r->rooms.routes[way].lane_ix, t)] &&
           ms_rooms_present(&r->rooms, way, t);
}

/* Sorts the wished movements by the node that they arrive at: counts, places, and the counts become the ends. */
static bool list_moving(ms_repair *r)
{
    const ms_network *net = r->net;
    const ms_rooms *rooms = &r->rooms;
    size_t nodes = ms_node(net, net->layer_count, 0, 0);
    int32_t *first = r->moving_first;
    memset(first, 0, (nodes + 1) * sizeof *first);
    for (int32_t w = 0; w < net->way_count; w++) {
        const double *wished = r->flow->move_t + ms_at(net, w, 0);
        size_t to = ms_node(net, rooms->routes[w].layer, rooms->routes[w].to_ix, 0);
        for (int t = 0; t < net->H; t++)
            if (is_listed(r, w, t, wished[t]))
                first[to + (size_t)rooms->arrive[ms_rooms_at(rooms, rooms->routes[w].lane_ix, t)] + 1]++;
    }
    for (size_t node = 0; node < nodes; node++)
        first[node + 1] += first[node];
    size_t count = (size_t)first[nodes];
    if (!ms_grow((void **)&r->moving, &r->moving_capacity, count + 1, sizeof *r->moving) ||
        !ms_grow((void **)&r->alive, &r->alive_capacity, count + 1, sizeof *r->alive))
        return false;
    for (int32_t w = 0; w < net->way_count; w++) {
        const double *wished = r->flow->move_t + ms_at(net, w, 0);
        size_t to = ms_node(net, rooms->routes[w].layer, rooms->routes[w].to_ix, 0);
        for (int t = 0; t < net->H; t++)
            if (is_listed(r, w, t, wished[t])) {
                int arrive = rooms->arrive[ms_rooms_at(rooms, rooms->routes[w].lane_ix, t)];
                r->moving[first[to + (size_t)arrive]++] = (ms_moving){wished[t], w, t, arrive};
            }
    }
    memmove(first + 1, first, nodes * sizeof *first);
    first[0] = 0;
    for (size_t i = 0; i < count; i++)
        r->alive[i] = (int32_t)i;
    return true;
}

static void set_goods(ms_repair *r)
{
    const ms_network *net = r->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = ms_repair_pair(r, k, n);
            int32_t row = net->supply_row[pair];
            for (int32_t g = r->goods_first[pair]; g < r->goods_first[pair + 1]; g++) {
                ms_goods *goods = &r->goods[g];
                goods->left = goods->spare = 0;
                if (goods->row == row && row >= 0 && goods->kind != MS_GOODS_BASE) {
                    double all = net->supply_t[ms_at(net, row, goods->t)];
                    double refused = r->flow->refuse_t[ms_at(net, row, goods->t)];
                    goods->kind = MS_GOODS_SUPPLY;
                    goods->spare = refused > 0 ? ms_least(refused, all) : 0;
                    goods->left = all - goods->spare;
                }
            }
        }
}

/* Opening stock and what is committed to come take room in the stores whatever happens. */
static void set_base(ms_repair *r)
{
    const ms_network *net = r->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = ms_repair_pair(r, k, n);
            double opening_t = net->opening_t[pair];
            if (opening_t <= 0)
                continue;
            opening_t *= ms_case_carry(net->kase, n, net->layers[k].item_ix, 0);
            r->goods[r->goods_first[pair]].left = opening_t;
            ms_repair_use_store(r, n, 0, net->H, opening_t);
            ms_repair_add_held(r, k, n, 0, net->H, opening_t);
        }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        r->broken[i] = m->load_t;
        if (m->arrive >= net->H)
            continue;
        ms_repair_use_store(r, m->to_ix, m->arrive, net->H, m->load_t);
        if (m->depart >= 0)
            continue;
        r->goods[r->committed_goods[i]].left = m->load_t;
        ms_repair_add_held(r, m->layer, m->to_ix, m->arrive, net->H, m->load_t);
    }
}

/* Stock that the flow wished to have at each reserve, as far as the level. */
static void set_meant(ms_repair *r)
{
    const ms_network *net = r->net;
    for (int32_t res = 0; res < net->kase->reserves_count; res++) {
        int32_t k = net->reserve_layer[res], n = net->kase->reserves[res].site_ix;
        double *meant = r->meant + ms_at(net, res, 0);
        if (k < 0)
            continue;
        memset(meant, 0, (size_t)net->H * sizeof *meant);
        size_t pair = ms_repair_pair(r, k, n);
        for (int32_t g = r->goods_first[pair]; g < r->goods_first[pair + 1]; g++)
            meant[r->goods[g].t] += r->goods[g].left;
        for (int t = 0; t < net->H; t++)
            for (int32_t i = r->moving_first[ms_node(net, k, n, t)]; i < r->moving_first[ms_node(net, k, n, t) + 1];
                 i++)
                meant[t] += r->moving[i].left;
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++)
            for (int t = 0; r->rooms.routes[w].from_ix == n && t < net->H; t++)
                meant[t] -= fmax(0, r->flow->move_t[ms_at(net, w, t)]);
        for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
            for (int t = 0; net->kase->demands[net->issues[v].demand_ix].site_ix == n && t < net->H; t++)
                meant[t] -= fmax(0, r->flow->issue_t[ms_at(net, v, t)]);
        double stock_t = 0;
        for (int t = 0; t < net->H; t++) {
            stock_t = fmax(0, stock_t * ms_repair_keep(r, k, n, t - 1, t) + meant[t]);
            meant[t] = ms_least(stock_t, net->reserve_t[ms_at(net, res, t)]);
        }
    }
}

/* What each line wants; of owed lines also what the flow wished to meet later. */
static void set_needs(ms_repair *r)
{
    const ms_network *net = r->net;
    size_t places = ms_at(net, net->kase->demands_count, 0);
    for (size_t at = 0; at < places; at++)
        r->unmet[at] = net->demand_most[at];
    memset(r->later, 0, places * sizeof *r->later);
    for (int32_t v = 0; v < net->issue_count; v++) {
        int32_t j = net->issues[v].demand_ix;
        double sum = 0;
        for (int t = net->H - 1; net->kase->items[net->kase->demands[j].item_ix].backorder && t >= 0; t--) {
            r->later[ms_at(net, j, t)] += sum;
            sum += fmax(0, r->wished[ms_at(net, v, t)]) * net->issues[v].meets;
        }
    }
    memset(r->debt, 0, (size_t)net->issue_count * sizeof *r->debt);
}

ms_status ms_repair_begin(ms_repair *r, ms_error *err)
{
    const ms_network *net = r->net;
    if (!list_moving(r))
        return ms_error_memory(err);
    ms_rooms_reset(&r->rooms);
    memcpy(r->store, net->storage, ms_at(net, net->site_count, 0) * sizeof *r->store);
    memset(r->held, 0, ms_at(net, net->kase->reserves_count, 0) * sizeof *r->held);
    memcpy(r->wished, r->flow->issue_t, ms_at(net, net->issue_count, 0) * sizeof *r->wished);
    set_goods(r);
    set_base(r);
    set_meant(r);
    set_needs(r);
    memset(r->flow->issue_t, 0, ms_at(net, net->issue_count, 0) * sizeof(double));
    r->need_count = r->found_count = 0;
    r->short_of_memory = false;
    return MS_OK;
}

void ms_repair_end(ms_repair *r)
{
    const ms_network *net = r->net;
    int32_t count = r->moving_first[ms_node(net, net->layer_count, 0, 0)];
    for (int32_t w = 0; w < net->way_count; w++) {
        double *move_t = r->flow->move_t + ms_at(net, w, 0);
        for (int t = 0; t < net->H; t++)
            if (!is_listed(r, w, t, move_t[t]))
                move_t[t] = 0;
    }
    for (int32_t i = 0; i < count; i++) {
        double *move_t = &r->flow->move_t[ms_at(net, r->moving[i].way, r->moving[i].depart)];
        *move_t = *move_t - r->moving[i].left > MS_REPAIR_DUST ? *move_t - r->moving[i].left : 0;
    }
    for (size_t i = 0; i < r->found_count; i++)
        r->flow->move_t[ms_at(net, r->found[i].way, r->found[i].depart)] += r->found[i].load_t;
}
