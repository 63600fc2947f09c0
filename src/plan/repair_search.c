/* repair_search.c: finds goods for what the wishes of a flow did not meet.
 *
 * For a layer, a sweep forward over the time-expanded network says how cheaply a tonne of goods that nobody has pulled
 * can be brought to each place and period by ways that still have room. The needs follow their ways back, the greatest
 * gain first, as long as they hold what they held in the sweep; then again, for what did not fit.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/repair_private.h"

static const int ROUNDS = 12;

static size_t reach_at(const ms_repair *r, int32_t site_ix, int t)
{
    return (size_t)t * (size_t)r->net->site_count + (size_t)site_ix;
}

static void reach(ms_repair *r, size_t at, double cost, ms_reach how)
{
    r->reach_cost[at] = cost;
    r->reach[at] = how;
}

/* ---- the sweep ---- */

/* What it costs a reserve that one tonne less is there from t on. */
static double loss_of_reserve(const ms_repair *r, int32_t res, int t)
{
    double loss = 0, weight = ms_network_reserve_weight(r->net, res);
    for (int u = t; u < r->net->H; u++) {
        double level = r->net->reserve_t[ms_at(r->net, res, u)];
        if (level > 0 && r->held[ms_at(r->net, res, u)] <= level + MS_REPAIR_WORTH)
            loss += weight;
    }
    return loss;
}

static double base_cost(const ms_repair *r, int32_t layer, int32_t site_ix, int t)
{
    int32_t res = r->reserve_of[ms_repair_pair(r, layer, site_ix)];
    return res >= 0 ? loss_of_reserve(r, res, t) : 0;
}

/* Where goods are, and when. */
static void find_sources(ms_repair *r, int32_t layer)
{
    const ms_network *net = r->net;
    for (size_t at = 0; at < (size_t)net->H * (size_t)net->site_count; at++)
        r->reach_cost[at] = INFINITY;
    for (int32_t n = 0; n < net->site_count; n++) {
        size_t pair = ms_repair_pair(r, layer, n);
        r->base_first[n] = net->H;
        for (int32_t g = r->goods_first[pair + 1] - 1; g >= r->goods_first[pair]; g--) {
            const ms_goods *goods = &r->goods[g];
            if (goods->kind != MS_GOODS_SUPPLY && goods->left > MS_REPAIR_DUST)
                r->base_first[n] = goods->t;
            else if (goods->kind == MS_GOODS_SUPPLY && goods->left + goods->spare > MS_REPAIR_DUST)
                reach(r, reach_at(r, n, goods->t), 0, (ms_reach){.kind = MS_REACH_SUPPLY});
        }
    }
}

static void reach_sites(ms_repair *r, int32_t layer, int t)
{
    const ms_network *net = r->net;
    double hold = net->weights.hold_per_day * net->period_days;
    for (int32_t n = 0; n < net->site_count; n++) {
        size_t here = reach_at(r, n, t), before = here - (size_t)net->site_count;
        if (r->base_first[n] <= t) {
            double cost = base_cost(r, layer, n, t);
            if (cost < r->reach_cost[here])
                reach(r, here, cost, (ms_reach){.kind = MS_REACH_BASE});
        }
        if (t > 0 && r->reach_cost[before] + hold < r->reach_cost[here] && r->reach[before].kind != MS_REACH_BASE &&
            ms_repair_store(r, n, t - 1, t) > MS_REPAIR_DUST)
            reach(r, here, r->reach_cost[before] + hold, (ms_reach){.kind = MS_REACH_HOLD});
    }
}

static void sweep(ms_repair *r, int32_t layer, int last)
{
    const ms_network *net = r->net;
    find_sources(r, layer);
    for (int t = 0; t <= last; t++) {
        const double *from_cost = r->reach_cost + reach_at(r, 0, t);
        const int32_t *reach_to = r->reach_to + ms_rooms_at(&r->rooms, 0, t);
        reach_sites(r, layer, t);
        for (int32_t w = net->way_first[layer]; w < net->way_first[layer + 1]; w++) {
            const ms_leg *leg = &r->legs[w];
            double cost = from_cost[leg->from_ix] + leg->cost;
            size_t to = (size_t)reach_to[leg->lane_ix];
            if (cost < r->reach_cost[to] && ms_rooms_present(&r->rooms, w, t) &&
                ms_rooms_fit(&r->rooms, w, t) > MS_REPAIR_DUST)
                reach(r, to, cost, (ms_reach){w, t, MS_REACH_MOVE});
        }
    }
}

/* ---- the way back ---- */

/* Goods at the start of a way: how much is there, when `taken` is 0; else takes that. Base goods of a reserve go only
 * at the cost of the sweep. */
static double source(ms_repair *r, int32_t layer, int32_t n, int t, double cost, ms_reach_kind kind, double taken)
{
    const ms_network *net = r->net;
    size_t pair = ms_repair_pair(r, layer, n);
    int32_t res = r->reserve_of[pair];
    double there = 0, most = INFINITY;
    if (kind == MS_REACH_BASE && res >= 0 && taken <= 0) {
        if (loss_of_reserve(r, res, t) > cost + MS_REPAIR_DUST)
            return 0;
        for (int u = t; u < net->H; u++) { /* as far as the loss stays what it is */
            double above = r->held[ms_at(net, res, u)] - net->reserve_t[ms_at(net, res, u)];
            if (net->reserve_t[ms_at(net, res, u)] > 0 && above > MS_REPAIR_WORTH)
                most = ms_least(most, above);
        }
    }
    for (int32_t g = r->goods_first[pair + 1] - 1; g >= r->goods_first[pair]; g--) {
        ms_goods *goods = &r->goods[g];
        bool supply = goods->kind == MS_GOODS_SUPPLY;
        if (goods->t > t || supply != (kind == MS_REACH_SUPPLY) || (supply && goods->t != t))
            continue;
        double kept = supply ? 1 : ms_repair_keep(r, layer, n, goods->t, t);
        there += (goods->left + (supply ? goods->spare : 0)) * kept;
        if (taken <= 0 || kept <= 0)
            continue;
        double part = ms_least(goods->left, taken / kept);
        goods->left -= part;
        taken -= part * kept;
        if (supply && taken > 0)
            goods->spare -= taken;
        if (!supply) {
            ms_repair_use_store(r, n, t, net->H, -part);
            ms_repair_add_held(r, layer, n, t, net->H, -part * kept);
        }
        if (supply || taken <= 0)
            break;
    }
    return ms_least(there, most);
}

/* Lists the steps back from a place, the source last, and how much can come by them; 0 when the way is no more. */
static double trace(ms_repair *r, int32_t layer, int32_t n, int t, double ask, int *count)
{
    double fits = ask, share = 1;
    for (int steps = 0;; steps++) {
        const ms_reach *here = &r->reach[reach_at(r, n, t)];
        r->steps[steps] = (ms_step){here->kind, n, t, here->way, here->depart, share};
        *count = steps + 1;
        if (fits <= MS_REPAIR_DUST)
            return 0;
        switch (here->kind) {
        case MS_REACH_HOLD:
            share /= ms_repair_keep(r, layer, n, t - 1, t);
            t--;
            fits = ms_least(fits, ms_repair_store(r, n, t, t + 1) / share);
            break;
        case MS_REACH_MOVE:
            fits = ms_least(fits, ms_rooms_fit(&r->rooms, here->way, here->depart) / share);
            n = r->rooms.routes[here->way].from_ix;
            t = here->depart;
            break;
        case MS_REACH_SUPPLY:
        case MS_REACH_BASE:
            return ms_least(fits, source(r, layer, n, t, r->reach_cost[reach_at(r, n, t)], here->kind, 0) / share);
        default:
            return 0;
        }
    }
}

/* Takes the rooms of all movements on the way; false, and none taken, where one fleet or agreement is used twice and
 * leaves too little. */
static bool take_rooms(ms_repair *r, int count, double load_t)
{
    for (int i = 0; i < count; i++) {
        const ms_step *step = &r->steps[i];
        if (step->kind != MS_REACH_MOVE)
            continue;
        if (ms_rooms_fit(&r->rooms, step->way, step->depart) < load_t * step->share * (1 - 1e-12)) {
            while (--i >= 0)
                if (r->steps[i].kind == MS_REACH_MOVE)
                    ms_rooms_take(&r->rooms, r->steps[i].way, r->steps[i].depart, -load_t * r->steps[i].share);
            return false;
        }
        ms_rooms_take(&r->rooms, step->way, step->depart, load_t * step->share);
    }
    return true;
}

static double bring(ms_repair *r, int32_t layer, int32_t n, int t, double ask)
{
    int count = 0;
    double load_t = trace(r, layer, n, t, ask, &count);
    if (!ms_grow((void **)&r->found, &r->found_capacity, r->found_count + (size_t)count, sizeof *r->found)) {
        r->short_of_memory = true;
        return 0;
    }
    for (int tries = 0; tries < 3 && load_t > MS_REPAIR_WORTH; tries++, load_t /= 2) {
        if (!take_rooms(r, count, load_t))
            continue;
        for (int i = 0; i < count; i++) {
            const ms_step *step = &r->steps[i];
            double step_t = load_t * step->share;
            if (step->kind == MS_REACH_MOVE) {
                r->found[r->found_count++] = (ms_found){step_t, step->way, step->depart};
            } else if (step->kind == MS_REACH_HOLD) {
                step_t = load_t * r->steps[i + 1].share;
                ms_repair_use_store(r, step->site_ix, step->t - 1, step->t, step_t);
                ms_repair_add_held(r, layer, step->site_ix, step->t - 1, step->t, step_t);
            } else {
                source(r, layer, step->site_ix, step->t, 0, step->kind, step_t);
            }
        }
        return load_t;
    }
    return 0;
}

/* ---- serving ---- */

static int by_gain(const void *left, const void *right)
{
    const ms_lack *a = left, *b = right;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    if (a->gain > b->gain || a->gain < b->gain)
        return a->gain > b->gain ? -1 : 1;
    if (a->t != b->t)
        return a->t < b->t ? -1 : 1;
    return a->way < b->way ? -1 : a->way > b->way;
}

static int32_t site_of(const ms_repair *r, const ms_lack *need)
{
    const ms_case *kase = r->net->kase;
    return need->way >= 0 ? kase->demands[r->net->issues[need->way].demand_ix].site_ix
                          : kase->reserves[-1 - need->way].site_ix;
}

/* How much of a need is still open, in tonnes of the layer. */
static double open_part(const ms_repair *r, const ms_lack *need)
{
    const ms_network *net = r->net;
    if (need->way >= 0) {
        const ms_issue_way *way = &net->issues[need->way];
        double most = ms_repair_unmet(r, way->demand_ix, need->t) / way->meets;
        if (way->agreement_ix >= 0)
            most = ms_least(most, r->rooms.agreement[way->agreement_ix]);
        return ms_least(most, need->amount_t);
    }
    size_t at = ms_at(net, -1 - need->way, need->t);
    double most = ms_least(net->reserve_t[at] - r->held[at], need->amount_t);
    return ms_least(most, ms_repair_store(r, site_of(r, need), need->t, net->H));
}

/* Serves needs of one layer by the sweep at hand. What did not fit, in the objective; 0 where nothing was served. */
static double serve(ms_repair *r, ms_lack *needs, size_t count)
{
    bool served = false;
    double missed = 0;
    for (size_t i = 0; i < count; i++) {
        ms_lack *need = &needs[i];
        int32_t n = site_of(r, need);
        size_t place = reach_at(r, n, need->t);
        double charge = need->way >= 0 ? r->net->issues[need->way].charge : 0, most = open_part(r, need);
        if (most <= MS_REPAIR_WORTH || !(r->reach_cost[place] + charge < need->gain))
            continue;
        if (need->way < 0 && r->reach[place].kind == MS_REACH_BASE)
            continue; /* it is there already */
        double came = bring(r, need->layer, n, need->t, most);
        if (came < most - MS_REPAIR_WORTH)
            missed += (most - came) * need->gain;
        if (came <= 0)
            continue;
        served = true;
        need->amount_t -= came;
        if (need->way >= 0)
            ms_repair_issue(r, need->way, need->t, came);
        else
            ms_repair_pool(r, -1 - need->way, need->t, came);
    }
    return served ? missed : 0;
}

void ms_repair_search(ms_repair *r)
{
    size_t left = 0, end;
    if (r->need_count == 0)
        return;
    qsort(r->needs, r->need_count, sizeof *r->needs, by_gain);
    for (size_t first = 0; first < r->need_count; first = end) {
        double stake = 0;
        int last = 0;
        for (end = first; end < r->need_count && r->needs[end].layer == r->needs[first].layer; end++) {
            stake += r->needs[end].gain * r->needs[end].amount_t;
            last = r->needs[end].t > last ? r->needs[end].t : last;
        }
        if (stake < r->at_stake) {
            memmove(r->needs + left, r->needs + first, (end - first) * sizeof *r->needs);
            left += end - first;
            continue;
        }
        for (int round = 0; round < ROUNDS; round++) {
            sweep(r, r->needs[first].layer, last);
            if (serve(r, r->needs + first, end - first) < r->at_stake)
                break;
        }
    }
    r->need_count = left;
}

static bool add_need(ms_repair *r, ms_lack need)
{
    if (!ms_grow((void **)&r->needs, &r->need_capacity, r->need_count + 1, sizeof *r->needs))
        return false;
    r->needs[r->need_count++] = need;
    return true;
}

/* Lists what is unmet of a layer and can be reached at a gain. */
static bool list_open(ms_repair *r, int32_t k)
{
    const ms_network *net = r->net;
    r->need_count = 0;
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
        for (int t = 0; t < net->H; t++) {
            const ms_issue_way *way = &net->issues[v];
            ms_lack need = {ms_repair_gain(net, v, t), INFINITY, k, v, t};
            if (r->unmet[ms_at(net, way->demand_ix, t)] > MS_REPAIR_WORTH && ms_network_issue_open(net, way, t) &&
                r->reach_cost[reach_at(r, site_of(r, &need), t)] + way->charge < need.gain &&
                open_part(r, &need) > MS_REPAIR_WORTH && !add_need(r, need))
                return false;
        }
    for (int32_t res = 0; res < net->kase->reserves_count; res++)
        for (int t = 0; net->reserve_layer[res] == k && t < net->H; t++) {
            ms_lack need = {loss_of_reserve(r, res, t), INFINITY, k, -1 - res, t};
            if (net->reserve_t[ms_at(net, res, t)] - r->held[ms_at(net, res, t)] > MS_REPAIR_WORTH &&
                !add_need(r, need))
                return false;
        }
    return true;
}

ms_status ms_repair_search_all(ms_repair *r, ms_error *err)
{
    for (int32_t k = 0; k < r->net->layer_count; k++)
        for (int round = 0; round < ROUNDS; round++) {
            sweep(r, k, r->net->H - 1);
            if (!list_open(r, k))
                return ms_error_memory(err);
            if (r->need_count == 0)
                break;
            qsort(r->needs, r->need_count, sizeof *r->needs, by_gain);
            if (serve(r, r->needs, r->need_count) <= 0)
                break;
        }
    r->need_count = 0;
    return MS_OK;
}
