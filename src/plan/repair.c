/* repair.c: a flow that breaks limits becomes one that keeps them: the order of the needs, and putting it together. */
#include "plan/repair.h"

#include <string.h>

#include "plan/repair_private.h"

double ms_repair_gain(const ms_network *net, int32_t way, int t)
{
    const ms_issue_way *issue = &net->issues[way];
    int periods = net->kase->items[net->kase->demands[issue->demand_ix].item_ix].backorder ? net->H - t : 1;
    return ms_network_short_weight(net, issue->demand_ix, 0) * issue->meets * periods;
}

double ms_repair_reserve_gain(const ms_network *net, int32_t res, int t)
{
    return ms_network_reserve_weight(net, res) * (net->H - t);
}

static bool is_owed(const ms_network *net, int32_t demand_ix)
{
    return net->kase->items[net->kase->demands[demand_ix].item_ix].backorder;
}

double ms_repair_unmet(const ms_repair *r, int32_t demand_ix, int t)
{
    const double *unmet = r->unmet + ms_at(r->net, demand_ix, 0);
    double least = unmet[t];
    for (int u = t + 1; is_owed(r->net, demand_ix) && u < r->net->H; u++)
        least = ms_least(least, unmet[u]);
    return least;
}

void ms_repair_issue(ms_repair *r, int32_t way, int t, double load_t)
{
    const ms_issue_way *issue = &r->net->issues[way];
    int end = is_owed(r->net, issue->demand_ix) ? r->net->H : t + 1;
    for (int u = t; u < end; u++)
        r->unmet[ms_at(r->net, issue->demand_ix, u)] -= load_t * issue->meets;
    if (issue->agreement_ix >= 0)
        r->rooms.agreement[issue->agreement_ix] -= load_t;
    r->flow->issue_t[ms_at(r->net, way, t)] += load_t;
}

void ms_repair_pool(ms_repair *r, int32_t res, int t, double load_t)
{
    const ms_network *net = r->net;
    int32_t n = net->kase->reserves[res].site_ix;
    r->goods[r->pool[ms_at(net, res, t)]].left += load_t;
    ms_repair_use_store(r, n, t, net->H, load_t);
    ms_repair_add_held(r, net->reserve_layer[res], n, t, net->H, load_t);
}

/* ---- what is served, in order ---- */

/* Room for what a commitment brings is kept whether it is kept or not, so that more of it can be kept later. */
static void keep_commitments(ms_repair *r, bool all)
{
    const ms_network *net = r->net;
    for (int t = 0; t < net->H; t++)
        for (int32_t i = 0; i < net->committed_count; i++) {
            const ms_committed *m = &net->committed[i];
            double want_t = all ? r->broken[i] : r->broken[i] - r->flow->broken_t[i];
            if (m->depart != t || want_t <= MS_REPAIR_DUST)
                continue;
            double kept_t = ms_repair_pull(r, m->layer, m->from_ix, t, want_t, false);
            r->broken[i] = r->broken[i] - kept_t > MS_REPAIR_DUST ? r->broken[i] - kept_t : 0;
            if (m->arrive >= net->H)
                continue;
            r->goods[r->committed_goods[i]].left += kept_t;
            ms_repair_add_held(r, m->layer, m->to_ix, m->arrive, net->H, kept_t);
        }
}

static void break_rest(ms_repair *r)
{
    for (int32_t i = 0; i < r->net->committed_count; i++)
        r->flow->broken_t[i] = r->net->committed[i].depart >= 0 ? r->broken[i] : 0;
}

/* What an owed line lacks in t beyond all that the flow wished to bring it later. */
static double never_met(const ms_repair *r, int32_t j, int t)
{
    const ms_network *net = r->net;
    double least = INFINITY;
    for (int u = t; u < net->H; u++)
        least = ms_least(least, r->unmet[ms_at(net, j, u)] - (r->later[ms_at(net, j, t)] - r->later[ms_at(net, j, u)]));
    return least;
}

/* Pulls what was wished for a line; what is to be looked for elsewhere, in tonnes of the layer, comes back. */
static double serve_line(ms_repair *r, int32_t v, int t)
{
    const ms_network *net = r->net;
    const ms_issue_way *way = &net->issues[v];
    int32_t j = way->demand_ix, n = net->kase->demands[j].site_ix;
    bool owed = is_owed(net, j);
    double wish_t = fmax(0, r->wished[ms_at(net, v, t)]) + (owed ? r->debt[v] : 0);
    double most_t = r->unmet[ms_at(net, j, t)] > MS_REPAIR_DUST ? ms_repair_unmet(r, j, t) / way->meets : 0;
    if (way->agreement_ix >= 0)
        most_t = ms_least(most_t, r->rooms.agreement[way->agreement_ix]);
    double ask = ms_least(wish_t, most_t), got = 0;
    if (owed)
        r->debt[v] = 0;
    if (most_t <= MS_REPAIR_DUST)
        return 0;
    if (ask > MS_REPAIR_DUST)
        got = ms_repair_pull(r, way->layer, n, t, ask, false);
    if (got > 0)
        ms_repair_issue(r, v, t, got);
    if (owed)
        r->debt[v] = fmax(0, ask - got);
    if (!r->eager)
        return ask - got;
    return owed ? fmax(r->debt[v], never_met(r, j, t) / way->meets) : most_t - got;
}

static double serve_reserve(ms_repair *r, int32_t res, int t)
{
    const ms_network *net = r->net;
    int32_t n = net->kase->reserves[res].site_ix;
    double lack = r->meant[ms_at(net, res, t)] - r->held[ms_at(net, res, t)];
    if (lack > MS_REPAIR_DUST)
        lack = ms_least(lack, ms_repair_store(r, n, t, net->H));
    if (lack <= MS_REPAIR_DUST)
        return 0;
    double got = ms_repair_pull(r, net->reserve_layer[res], n, t, lack, true);
    if (got > 0)
        ms_repair_pool(r, res, t, got);
    return lack - got;
}

/* What a bucket leaves short for good: of lines that no later need serves in the same period. */
static double lost_in_bucket(const ms_repair *r, size_t first, size_t end)
{
    const ms_network *net = r->net;
    double lost = 0;
    for (size_t i = first; i < end; i++) {
        if (!r->closes[i])
            continue;
        int32_t j = net->issues[r->wants[i].way].demand_ix;
        double unmet_t = r->unmet[ms_at(net, j, r->wants[i].t)];
        if (unmet_t > MS_REPAIR_WORTH)
            lost += unmet_t * ms_network_short_weight(net, j, 0);
    }
    return lost;
}

/* False, before all are served, when what falls short costs more than `most`. */
static ms_status serve_wants(bool *served, ms_repair *r, double most, ms_error *err)
{
    const ms_network *net = r->net;
    double lost = -r->at_stake * net->layer_count; /* what searches leave to the end */
    size_t first = 0;
    for (size_t i = 0; i < r->want_count && lost <= most; i++) {
        const ms_want *want = &r->wants[i];
        bool line = want->way >= 0;
        double lack = line ? serve_line(r, want->way, want->t) : serve_reserve(r, -1 - want->way, want->t);
        if (lack > MS_REPAIR_WORTH) {
            if (!ms_grow((void **)&r->needs, &r->need_capacity, r->need_count + 1, sizeof *r->needs))
                return ms_error_memory(err);
            r->needs[r->need_count++] = (ms_lack){.gain = line ? ms_repair_gain(net, want->way, want->t)
                                                               : ms_repair_reserve_gain(net, -1 - want->way, want->t),
                                                  .amount_t = lack,
                                                  .layer = line ? net->issues[want->way].layer
                                                                : net->reserve_layer[-1 - want->way],
                                                  .way = want->way,
                                                  .t = want->t};
        }
        if (i + 1 < r->want_count && r->bucket[i + 1] == r->bucket[i])
            continue;
        if (r->need_count)
            ms_repair_search(r);
        if (most < INFINITY)
            lost += lost_in_bucket(r, first, i + 1);
        first = i + 1;
    }
    *served = lost <= most;
    return MS_OK;
}

/* Takes in supply that nobody has pulled, as far as the stores have room until the end: what the flow wished to take
 * in, or, later, what it wished to refuse. */
static void take_in(ms_repair *r, bool refused)
{
    const ms_network *net = r->net;
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = ms_repair_pair(r, k, n);
            for (int32_t g = r->goods_first[pair]; g < r->goods_first[pair + 1]; g++) {
                ms_goods *goods = &r->goods[g];
                double more_t = goods->kind == MS_GOODS_SUPPLY ? goods->left : refused ? goods->spare : 0;
                if (goods->kind == MS_GOODS_SUPPLY) {
                    goods->spare += goods->left;
                    goods->left = 0;
                    goods->kind = MS_GOODS_ADDED;
                }
                if (more_t > MS_REPAIR_DUST)
                    more_t = ms_least(more_t, ms_repair_store(r, n, goods->t, net->H));
                if (more_t <= MS_REPAIR_DUST)
                    continue;
                goods->spare -= more_t;
                goods->left += more_t;
                ms_repair_use_store(r, n, goods->t, net->H, more_t);
                ms_repair_add_held(r, k, n, goods->t, net->H, more_t);
            }
        }
}

static void refuse_rest(ms_repair *r)
{
    const ms_network *net = r->net;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++) {
        int32_t row = net->supply_row[pair];
        if (row < 0)
            continue;
        memset(r->flow->refuse_t + ms_at(net, row, 0), 0, (size_t)net->H * sizeof(double));
        for (int32_t g = r->goods_first[pair]; g < r->goods_first[pair + 1]; g++)
            if (r->goods[g].kind != MS_GOODS_BASE && r->goods[g].spare > MS_REPAIR_DUST)
                r->flow->refuse_t[ms_at(net, row, r->goods[g].t)] = r->goods[g].spare;
    }
}

ms_status ms_repair_flow(bool *ended, ms_repair *repair, ms_flow *flow, ms_repair_manner manner, double most,
                         ms_error *err)
{
    ms_repair *r = repair;
    r->flow = flow;
    r->eager = manner == MS_REPAIR_EAGER;
    MS_TRY(ms_repair_begin(r, err));
    keep_commitments(r, r->eager);
    MS_TRY(serve_wants(ended, r, most, err));
    if (!*ended)
        return r->short_of_memory ? ms_error_memory(err) : MS_OK;
    if (r->eager)
        keep_commitments(r, true);
    take_in(r, false);
    take_in(r, true);
    MS_TRY(ms_repair_search_all(r, err));
    take_in(r, true);
    refuse_rest(r);
    break_rest(r);
    ms_repair_end(r);
    return r->short_of_memory ? ms_error_memory(err) : MS_OK;
}
