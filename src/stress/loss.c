/* loss.c: see loss.h. The letters are those of docs/model.md; the argument is S2 of docs/stress.md.
 *
 * Goods in a place mix, so each tonne of them is worth the average of what all that leaves it is worth: R, by a
 * backward sweep over the periods. A tonne that cannot pass costs R where it would have arrived.
 */
#include "stress/loss_private.h"

#include <assert.h>
#include <string.h>

enum { TOUCHED_MOST = 16 };

/* The failures that one movement or issue cannot do without. */
typedef struct {
    int32_t failures[TOUCHED_MOST];
    int count;
} touched;

/* ---- what a movement or an issue touches ---- */

static void touch(touched *list, const ms_loss_finder *f, ms_what what, int32_t ix)
{
    int32_t failure = ms_failures_find(f->failures, what, ix);
    for (int i = 0; i < list->count; i++)
        if (list->failures[i] == failure)
            return;
    if (failure == MS_NONE)
        return;
    assert(list->count < TOUCHED_MOST);
    list->failures[list->count++] = failure;
}

static void touch_agreement(touched *list, const ms_loss_finder *f, int32_t agreement_ix, int t)
{
    if (agreement_ix >= 0 && t < f->net->H && f->begun[t])
        touch(list, f, MS_WHAT_PARTNER, f->net->kase->agreements[agreement_ix].provider_ix);
}

static void touch_site(touched *list, const ms_loss_finder *f, int32_t site_ix, int t)
{
    if (!f->closed[t])
        return;
    touch(list, f, MS_WHAT_SITE, site_ix);
    touch(list, f, MS_WHAT_PARTNER, f->net->kase->sites[site_ix].partner_ix);
}

static void touch_fleet(touched *list, const ms_loss_finder *f, int32_t lane_ix, int t)
{
    const ms_case *kase = f->net->kase;
    int32_t fleet_ix = kase->lanes[lane_ix].fleet_ix;
    int end = fleet_ix >= 0 ? ms_network_away_end(f->net, lane_ix, t) : t;
    for (int later = t; later < end && later < f->net->H; later++) {
        if (!f->closed[later])
            continue;
        touch(list, f, MS_WHAT_FLEET, fleet_ix);
        touch(list, f, MS_WHAT_PARTNER, kase->fleets[fleet_ix].partner_ix);
        return;
    }
}

static void touch_move(touched *list, const ms_loss_finder *f, const ms_move_way *way, int t, int arrive)
{
    const ms_lane *lane = &f->net->kase->lanes[way->lane_ix];
    list->count = 0;
    if (f->closed[t]) {
        touch(list, f, MS_WHAT_LANE, way->lane_ix);
        touch(list, f, MS_WHAT_PARTNER, lane->partner_ix);
    }
    touch_site(list, f, lane->from_ix, t);
    touch_site(list, f, lane->to_ix, arrive);
    touch_fleet(list, f, way->lane_ix, t);
    for (int need = 0; need < MS_NEEDS; need++)
        touch_agreement(list, f, way->agreement_ix[need], need == MS_NEED_SITE ? arrive : t);
}

/* Charges each of the failures with the tonnes that it would cancel; stuck_share of them have no room to stay. */
static void charge(ms_loss_finder *f, const touched *list, double tonnes, double worth, double stuck_share)
{
    for (int i = 0; i < list->count; i++)
        f->out[list->failures[i]] += stuck_share > 0 || f->lossy ? INFINITY : tonnes * (worth + f->park);
}

static double stuck_share(const ms_loss_finder *f, size_t at)
{
    return f->any_full && f->there[at] > 0 ? f->stuck[at] / f->there[at] : 0;
}

/* ---- what a tonne is worth ---- */

static void count_out(ms_loss_finder *f, int32_t site_ix, double tonnes, double worth)
{
    f->number[site_ix] += tonnes * worth;
    f->leaving[site_ix] += tonnes;
}

static void sum_moves(ms_loss_finder *f, int32_t k, int t)
{
    const ms_network *net = f->net;
    touched list;
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        double moved_t = ms_loss_moved(f, w, t);
        if (moved_t <= 0)
            continue;
        const ms_lane *lane = &net->kase->lanes[net->ways[w].lane_ix];
        int arrive = t + net->transit[ms_at(net, net->ways[w].lane_ix, t)];
        double worth = f->worth[ms_at(net, lane->to_ix, arrive)];
        touch_move(&list, f, &net->ways[w], t, arrive);
        charge(f, &list, moved_t, worth, stuck_share(f, ms_at(net, lane->from_ix, t)));
        count_out(f, lane->from_ix, moved_t, worth);
    }
}

static void sum_issues(ms_loss_finder *f, int32_t k, int t)
{
    const ms_network *net = f->net;
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++) {
        const ms_issue_way *way = &net->issues[v];
        const ms_demand *demand = &net->kase->demands[way->demand_ix];
        double issued_t = ms_loss_issued(f, v, t);
        touched list = {.count = 0};
        if (issued_t <= 0)
            continue;
        double weight = ms_network_short_weight(net, way->demand_ix, net->weights.step_count - 1);
        int owed = net->kase->items[demand->item_ix].backorder ? net->H - t : 1; /* periods for which it is short */
        double worth = way->meets * weight * owed;
        touch_agreement(&list, f, way->agreement_ix, t);
        charge(f, &list, issued_t, worth, stuck_share(f, ms_at(net, demand->site_ix, t)));
        count_out(f, demand->site_ix, issued_t, worth);
    }
}

static void sum_commitments(ms_loss_finder *f, int32_t k, int t)
{
    const ms_network *net = f->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer != k || m->depart != t)
            continue;
        double beyond = m->arrive < net->H ? f->worth[ms_at(net, m->to_ix, m->arrive)] : 0;
        count_out(f, m->from_ix, ms_loss_kept(f, i), m->broken_cost + beyond);
    }
}

/* What stays to the next period. Stock above a reserve's level can go before the reserve is touched: lost all at once
 * it costs the level, so a part of it costs at most its share of that. */
static void sum_stock(ms_loss_finder *f, int32_t k, int t)
{
    const ms_network *net = f->net;
    for (int32_t n = 0; n < net->site_count; n++) {
        double stays_t = ms_loss_stock(f, k, n, t);
        if (stays_t <= 0)
            continue;
        double worth = t + 1 < net->H ? f->worth[ms_at(net, n, t + 1)] : 0;
        for (int32_t r = 0; r < net->kase->reserves_count; r++)
            if (net->reserve_layer[r] == k && net->kase->reserves[r].site_ix == n)
                worth += ms_network_reserve_weight(net, r) * fmin(1, net->reserve_t[ms_at(net, r, t)] / stays_t);
        count_out(f, n, stays_t, worth);
    }
}

static void sweep_layer(ms_loss_finder *f, int32_t k)
{
    const ms_network *net = f->net;
    size_t sites = (size_t)net->site_count;
    f->quantum = ms_quantum_t(net, k);
    if (f->any_full)
        ms_loss_follow(f, k);
    for (int t = net->H - 1; t >= 0; t--) {
        memset(f->number, 0, sites * sizeof *f->number);
        memset(f->leaving, 0, sites * sizeof *f->leaving);
        sum_stock(f, k, t);
        sum_moves(f, k, t);
        sum_issues(f, k, t);
        sum_commitments(f, k, t);
        for (int32_t n = 0; n < net->site_count; n++)
            f->worth[ms_at(net, n, t)] = f->leaving[n] > 0 ? f->number[n] / f->leaving[n] : 0;
    }
}

/* ---- all of it ---- */

/* Stock that a contingency destroys breaks the argument: a tonne on its way is more than a tonne at its start. Every
 * place is looked at before anything is charged. */
static bool is_lossy(const ms_network *net)
{
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H && net->kase->applied != NULL; t++)
                if (ms_case_carry(net->kase, n, net->layers[k].item_ix, t) < 1)
                    return true;
    return false;
}

static ms_status make_room(ms_loss_finder *f, ms_error *err)
{
    const ms_network *net = f->net;
    size_t sites = (size_t)net->site_count, H = (size_t)net->H;
    f->closed = ms_alloc(H, 1);
    f->begun = ms_alloc(H, 1);
    f->full = ms_alloc(sites, 1);
    f->worth = ms_alloc(sites * H, sizeof *f->worth);
    f->there = ms_alloc(sites * H, sizeof *f->there);
    f->stuck = ms_alloc(sites * H, sizeof *f->stuck);
    f->number = ms_alloc(sites, sizeof *f->number);
    f->leaving = ms_alloc(sites, sizeof *f->leaving);
    bool all = f->closed && f->begun && f->full && f->worth && f->there && f->stuck && f->number && f->leaving;
    return all ? MS_OK : ms_error_memory(err);
}

static void free_room(ms_loss_finder *f)
{
    ms_free(f->closed);
    ms_free(f->begun);
    ms_free(f->full);
    ms_free(f->worth);
    ms_free(f->there);
    ms_free(f->stuck);
    ms_free(f->number);
    ms_free(f->leaving);
}

ms_status ms_loss_find(double *out, const ms_network *net, const ms_settled *plan, const ms_failures *failures,
                       ms_error *err)
{
    ms_loss_finder f = {.net = net, .plan = plan, .failures = failures, .out = out, .lossy = is_lossy(net)};
    const ms_case *kase = net->kase;
    f.park = net->weights.refuse + net->weights.hold_per_day * net->period_days * net->H;
    ms_status status = make_room(&f, err);
    for (int t = 0; status == MS_OK && t < net->H; t++) {
        f.closed[t] = ms_case_overlap(kase, failures->from_day, failures->to_day, t) > 0;
        f.begun[t] = ms_case_holds(kase, failures->from_day, failures->to_day, t);
    }
    if (status == MS_OK)
        status = ms_loss_find_full(&f, err);
    if (status == MS_OK) {
        memset(out, 0, (size_t)failures->count * sizeof *out);
        for (int32_t k = 0; k < net->layer_count; k++)
            sweep_layer(&f, k);
    }
    free_room(&f);
    return status;
}
