/* explain.c: why a need falls short, read from the prices.
 *
 * For a layer, F[n,t] is the least that a tonne at n in t costs when every shared limit charges its price and goods at
 * their source cost what they are worth elsewhere (-V of B1). The way that attains F at the place of need is the way
 * that one more tonne would take; what it pays, limit by limit, is why it does not come. By complementary slackness the
 * sum is the price of the need. Cost: one sweep back (V) and one forth (F) for each layer that may serve the need.
 */
#include "plan/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/explain_private.h"
#include "plan/sweep.h"

enum { SAMPLES = 12, CHARGES = 64 }; /* periods looked at in a long shortage; limits met on one way */

typedef struct {
    ms_cause_kind kind;
    int32_t row_ix, from_period, to_period;
    double paid;
    bool closed;
} charge;

typedef struct {
    const ms_plan *plan;
    ms_network *net;
    ms_prices prices;
    ms_sweeper *sweeper;
    double *forth;    /* F [n*H + t] */
    int32_t *came_by; /* way into (n, t); -1 waited; -2 source; -3 unreached */
    int32_t *left;    /* when it left, where it came by a way */
    charge charges[CHARGES];
    int charge_count;
    ms_origin origin;
    ms_error *err;
} explainer;

enum { WAITED = -1, SOURCE = -2, UNREACHED = -3 };

/* ---- F ---- */

/* Where two ways cost the same, the one from goods that are plenty tells more: what holds it up is a limit, not a lack.
 */
static double source_price(const explainer *e, int32_t k, int32_t n, int t)
{
    const double tie = 1e-3;
    double worth = -ms_sweeper_value(e->sweeper, k, n, t);
    return worth > 0 ? worth * (1 + tie) : 0;
}

static void start_sources(explainer *e, int32_t k)
{
    const ms_network *net = e->net;
    for (int32_t n = 0; n < net->site_count; n++) {
        size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
        int32_t supply = net->supply_row[pair];
        for (int t = 0; t < net->H; t++) {
            bool comes = (t == 0 && net->opening_t[pair] > 0) ||
                         (supply >= 0 && net->supply_t[ms_at(net, supply, t)] > 0);
            e->forth[ms_at(net, n, t)] = comes ? source_price(e, k, n, t) : INFINITY;
            e->came_by[ms_at(net, n, t)] = comes ? SOURCE : UNREACHED;
        }
    }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer != k || m->arrive >= net->H)
            continue;
        e->forth[ms_at(net, m->to_ix, m->arrive)] = source_price(e, k, m->to_ix, m->arrive);
        e->came_by[ms_at(net, m->to_ix, m->arrive)] = SOURCE;
    }
}

static void arrive(explainer *e, int32_t n, int t, double cost, int32_t by, int left)
{
    size_t at = ms_at(e->net, n, t);
    if (cost < e->forth[at]) {
        e->forth[at] = cost;
        e->came_by[at] = by;
        e->left[at] = left;
    }
}

/* Closed limits count too, at the price that ms_prices_complete gave them: they are among the reasons. */
static void sweep_forth(explainer *e, int32_t k)
{
    const ms_network *net = e->net;
    start_sources(e, k);
    for (int t = 0; t < net->H; t++) {
        for (int32_t n = 0; t + 1 < net->H && n < net->site_count; n++)
            if (e->forth[ms_at(net, n, t)] < INFINITY)
                arrive(e, n, t + 1, e->forth[ms_at(net, n, t)] + ms_sweeper_wait_price(e->sweeper, k, n, t), WAITED, t);
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
            const ms_move_way *way = &net->ways[w];
            const ms_lane *lane = &net->kase->lanes[way->lane_ix];
            int then = t + net->transit[ms_at(net, way->lane_ix, t)];
            double here = e->forth[ms_at(net, lane->from_ix, t)];
            if (here < INFINITY && then < net->H && (!way->present || way->present[t]))
                arrive(e, lane->to_ix, then, here + ms_sweeper_move_price(e->sweeper, way, t), w, t);
        }
    }
}

/* ---- what the way pays ---- */

static void pay(explainer *e, ms_cause_kind kind, int32_t row_ix, int period, double price, bool closed)
{
    const double nothing = 1e-7;
    if (price <= nothing)
        return;
    for (int i = 0; i < e->charge_count; i++) {
        charge *c = &e->charges[i];
        if (c->kind != kind || c->row_ix != row_ix)
            continue;
        c->paid += price;
        c->closed = c->closed || closed;
        c->from_period = period < c->from_period ? period : c->from_period;
        c->to_period = period + 1 > c->to_period ? period + 1 : c->to_period;
        return;
    }
    if (e->charge_count < CHARGES)
        e->charges[e->charge_count++] = (charge){kind, row_ix, period, period + 1, price, closed};
}

static void pay_move(explainer *e, const ms_move_way *way, int t)
{
    const ms_network *net = e->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int then = t + net->transit[ms_at(net, way->lane_ix, t)];
    size_t lane_at = ms_at(net, way->lane_ix, t), from_at = ms_at(net, lane->from_ix, t),
           to_at = ms_at(net, lane->to_ix, then);
    pay(e, MS_CAUSE_LANE, way->lane_ix, t, e->prices.lane[lane_at], net->lane_room[lane_at] <= 0);
    pay(e, MS_CAUSE_HANDLING, lane->from_ix, t, e->prices.site[from_at], net->site_room[from_at] <= 0);
    pay(e, MS_CAUSE_HANDLING, lane->to_ix, then, e->prices.site[to_at], net->site_room[to_at] <= 0);
    for (int later = t; lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++) {
        size_t at = ms_at(net, lane->fleet_ix, later);
        pay(e, MS_CAUSE_FLEET, lane->fleet_ix, later,
            e->prices.fleet[at] * ms_network_away(net, way->lane_ix, t, later), net->fleet_room[at] <= 0);
    }
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0)
            pay(e, MS_CAUSE_AGREEMENT, way->agreement_ix[need], t, e->prices.agreement[way->agreement_ix[need]],
                net->agreement_room[way->agreement_ix[need]] <= 0);
}

/* Goods at their source are dear because of what they are kept for: a reserve, or other needs. */
static void pay_source(explainer *e, int32_t k, int32_t n, int t, double worth)
{
    const ms_network *net = e->net;
    int32_t reserve = e->sweeper->reserve_at[(size_t)k * (size_t)net->site_count + (size_t)n];
    double kept = 0;
    for (int later = t; reserve >= 0 && later < net->H; later++)
        kept += e->prices.reserve[ms_at(net, reserve, later)];
    if (reserve >= 0 && kept > 0.5 * worth)
        pay(e, MS_CAUSE_RESERVE, reserve, t, worth, false);
    else
        pay(e, MS_CAUSE_STOCK, net->layers[k].item_ix, t, worth, false);
    e->origin = (ms_origin){k, n};
}

/* Walks back from (n, t) to the source and notes what is paid on the way. */
static void pay_way(explainer *e, int32_t k, int32_t n, int t)
{
    const ms_network *net = e->net;
    for (;;) {
        int32_t by = e->came_by[ms_at(net, n, t)];
        if (by == SOURCE) {
            pay_source(e, k, n, t, e->forth[ms_at(net, n, t)]);
            return;
        }
        if (by == WAITED) {
            t--;
            pay(e, MS_CAUSE_STORAGE, n, t, e->prices.storage[ms_at(net, n, t)], false);
            continue;
        }
        const ms_move_way *way = &net->ways[by];
        t = e->left[ms_at(net, n, t)];
        pay_move(e, way, t);
        n = net->kase->lanes[way->lane_ix].from_ix;
    }
}

/* ---- one need ---- */

/* The layer whose way to (n, t) is cheapest leaves its charges in e->charges. False when nothing reaches it by then;
 * *first is then when something does, or -1, and *origin_ix from where. */
static bool trace(explainer *e, const int32_t *layers, const double *extra, int count, int32_t n, int t, int *first,
                  int32_t *origin_ix)
{
    const ms_network *net = e->net;
    int32_t best = MS_NONE;
    double least = INFINITY;
    *first = -1;
    for (int i = 0; i < count; i++) {
        sweep_forth(e, layers[i]);
        double cost = e->forth[ms_at(net, n, t)] + extra[i];
        if (cost < least) {
            least = cost;
            best = layers[i];
        }
        for (int later = t; later < net->H && (*first < 0 || later < *first); later++)
            if (e->forth[ms_at(net, n, later)] < INFINITY) {
                *first = later;
                pay_way(e, layers[i], n, later);
                *origin_ix = e->origin.site_ix;
                e->charge_count = 0;
            }
    }
    if (best < 0)
        return false;
    sweep_forth(e, best);
    pay_way(e, best, n, t);
    return true;
}

/* Layers that may serve a reason's need in period t; extra is what issuing adds. At most `most`. */
static int serving_layers(const explainer *e, const ms_reason *reason, int t, int32_t *layers, double *extra, int most)
{
    const ms_network *net = e->net;
    int count = 0;
    if (reason->kind == MS_SHORT_RESERVE) {
        layers[0] = net->reserve_layer[reason->row_ix];
        extra[0] = 0;
        return 1;
    }
    for (int32_t v = 0; v < net->issue_count && count < most; v++) {
        const ms_issue_way *way = &net->issues[v];
        if (way->demand_ix != reason->row_ix || (way->present && !way->present[t]))
            continue;
        layers[count] = way->layer;
        extra[count++] = way->charge + (way->agreement_ix >= 0 ? e->prices.agreement[way->agreement_ix] : 0);
    }
    return count;
}

static void pay_issue(explainer *e, const ms_reason *reason, int t)
{
    const ms_network *net = e->net;
    for (int32_t v = 0; reason->kind == MS_SHORT_DEMAND && v < net->issue_count; v++) {
        const ms_issue_way *way = &net->issues[v];
        if (way->demand_ix == reason->row_ix && way->layer == e->origin.layer && way->agreement_ix >= 0 &&
            (!way->present || way->present[t])) {
            pay(e, MS_CAUSE_AGREEMENT, way->agreement_ix, t, e->prices.agreement[way->agreement_ix],
                net->agreement_room[way->agreement_ix] <= 0);
            return;
        }
    }
}

static void merge(charge *all, int *count, const charge *add)
{
    for (int i = 0; i < *count; i++)
        if (all[i].kind == add->kind && all[i].row_ix == add->row_ix) {
            all[i].paid += add->paid;
            all[i].closed = all[i].closed || add->closed;
            all[i].from_period = add->from_period < all[i].from_period ? add->from_period : all[i].from_period;
            all[i].to_period = add->to_period > all[i].to_period ? add->to_period : all[i].to_period;
            return;
        }
    if (*count < CHARGES)
        all[(*count)++] = *add;
}

static int by_paid(const void *left, const void *right)
{
    const charge *a = left, *b = right;
    if (a->paid != b->paid)
        return a->paid > b->paid ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->row_ix < b->row_ix ? -1 : a->row_ix > b->row_ix;
}

/* An agreement under which goods that are there could be issued, were it in force in t; -1 when there is none. */
static int32_t lapsed_agreement(const explainer *e, const ms_reason *reason, int32_t site_ix, int t)
{
    const ms_network *net = e->net;
    for (int32_t v = 0; reason->kind == MS_SHORT_DEMAND && v < net->issue_count; v++) {
        const ms_issue_way *way = &net->issues[v];
        if (way->demand_ix == reason->row_ix && way->present && !way->present[t] && way->agreement_ix >= 0 &&
            net->reach[ms_node(net, way->layer, site_ix, t)])
            return way->agreement_ix;
    }
    return MS_NONE;
}

/* Nothing can come in time: because an agreement is not in force, or the way is too long, or there is no way. */
static charge no_goods(const explainer *e, const ms_reason *reason, int32_t site_ix, int t, int first, int32_t from)
{
    const ms_network *net = e->net;
    double weight = reason->kind == MS_SHORT_DEMAND ? ms_network_short_weight(net, reason->row_ix, 0)
                                                    : ms_network_reserve_weight(net, reason->row_ix);
    int32_t lapsed = lapsed_agreement(e, reason, site_ix, t);
    if (lapsed >= 0)
        return (charge){MS_CAUSE_AGREEMENT, lapsed, t, t + 1, weight, true};
    if (first >= 0)
        return (charge){MS_CAUSE_TRANSIT, from, first, first + 1, weight, false};
    return (charge){MS_CAUSE_NO_WAY, MS_NONE, t, t + 1, weight, false};
}

static void find_causes(explainer *e, ms_reason *reason, ms_origin *origin)
{
    enum { LAYERS = 64 };
    const ms_network *net = e->net;
    charge all[CHARGES];
    int count = 0, length = reason->to_period - reason->from_period;
    int samples = length < SAMPLES ? length : SAMPLES;
    int32_t site_ix = reason->kind == MS_SHORT_DEMAND ? net->kase->demands[reason->row_ix].site_ix
                                                      : net->kase->reserves[reason->row_ix].site_ix;
    *origin = e->origin = (ms_origin){MS_NONE, MS_NONE};
    for (int i = 0; i < samples; i++) {
        int t = reason->from_period + (int)((long long)i * length / samples), first = -1;
        int32_t layers[LAYERS], from = MS_NONE;
        double extra[LAYERS];
        int serving = serving_layers(e, reason, t, layers, extra, LAYERS);
        e->charge_count = 0;
        if (trace(e, layers, extra, serving, site_ix, t, &first, &from)) {
            pay_issue(e, reason, t);
            origin->layer = e->origin.layer;
            origin->site_ix = e->origin.site_ix;
        } else {
            e->charges[0] = no_goods(e, reason, site_ix, t, first, from);
            e->charge_count = 1;
        }
        for (int c = 0; c < e->charge_count; c++)
            merge(all, &count, &e->charges[c]);
    }
    double sum = 0;
    for (int c = 0; c < count; c++)
        sum += all[c].paid;
    if (count > 1)
        qsort(all, (size_t)count, sizeof *all, by_paid);
    for (int c = 0; c < count && reason->cause_count < MS_CAUSES; c++)
        reason->causes[reason->cause_count++] = (ms_cause){all[c].kind,      all[c].row_ix, all[c].from_period,
                                                           all[c].to_period, all[c].closed, all[c].paid / sum};
    if (reason->cause_count == 0)
        reason->causes[reason->cause_count++] = (ms_cause){MS_CAUSE_NONE,     MS_NONE, reason->from_period,
                                                           reason->to_period, false,   1};
}

/* ---- which shortfalls ---- */

static double weigh(const explainer *e, const ms_shortfall *shortfall, double short_t)
{
    if (shortfall->kind == MS_SHORT_DEMAND)
        return short_t * ms_network_short_weight(e->net, shortfall->row_ix, 0);
    if (shortfall->kind == MS_SHORT_RESERVE)
        return short_t * ms_network_reserve_weight(e->net, shortfall->row_ix);
    return short_t * e->net->weights.broken_weight;
}

static int32_t item_of(const ms_case *kase, const ms_shortfall *shortfall)
{
    return shortfall->kind == MS_SHORT_DEMAND    ? kase->demands[shortfall->row_ix].item_ix
           : shortfall->kind == MS_SHORT_RESERVE ? kase->reserves[shortfall->row_ix].item_ix
                                                 : kase->commitments[shortfall->row_ix].item_ix;
}

static bool wanted(const ms_case *kase, const ms_shortfall *shortfall, const char *pattern)
{
    if (!pattern)
        return true;
    if (shortfall->kind == MS_SHORT_DEMAND)
        return ms_text_glob(pattern, kase->demands[shortfall->row_ix].id);
    return shortfall->kind == MS_SHORT_RESERVE &&
           ms_text_glob(pattern, kase->sites[kase->reserves[shortfall->row_ix].site_ix].id);
}

static int by_weight(const void *left, const void *right)
{
    const ms_reason *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->row_ix != b->row_ix)
        return a->row_ix < b->row_ix ? -1 : 1;
    return a->from_period < b->from_period ? -1 : a->from_period > b->from_period;
}

/* How much of a shortfall another plan of the same tables has too; both plans' order is the same, so `at` only goes on.
 */
static double also_short(const ms_plan *other, size_t *at, const ms_shortfall *shortfall)
{
    while (other && *at < other->shortfall_count) {
        const ms_shortfall *s = &other->shortfalls[*at];
        int32_t before = s->kind != shortfall->kind       ? (int32_t)s->kind - (int32_t)shortfall->kind
                         : s->row_ix != shortfall->row_ix ? s->row_ix - shortfall->row_ix
                                                          : s->period - shortfall->period;
        if (before == 0)
            return s->quantity;
        if (before > 0)
            return 0;
        ++*at;
    }
    return 0;
}

/* Joins shortfalls of one line in neighbouring periods; the plan's order keeps them together. Of a plan to go beyond
 * only what is more by a hundredth counts. */
static ms_status gather(explainer *e, ms_reasons *out, const ms_explain_options *options)
{
    const ms_case *kase = e->plan->kase;
    ms_reason *items = ms_alloc(e->plan->shortfall_count, sizeof *items);
    const double counts = 0.01;
    size_t count = 0, beyond_at = 0;
    if (!items)
        return ms_error_memory(e->err);
    for (size_t i = 0; i < e->plan->shortfall_count; i++) {
        const ms_shortfall *shortfall = &e->plan->shortfalls[i];
        const ms_item *item = &kase->items[item_of(kase, shortfall)];
        double quantity = shortfall->quantity - also_short(options->beyond, &beyond_at, shortfall);
        double short_t = quantity * ms_item_t_per_unit(item);
        if (!wanted(kase, shortfall, options->demand) || (options->beyond && quantity <= counts * shortfall->quantity))
            continue;
        ms_reason *last = count ? &items[count - 1] : NULL;
        if (!last || last->kind != shortfall->kind || last->row_ix != shortfall->row_ix ||
            last->to_period != shortfall->period) {
            last = &items[count++];
            *last = (ms_reason){.kind = shortfall->kind, .row_ix = shortfall->row_ix, .from_period = shortfall->period};
        }
        last->to_period = shortfall->period + 1;
        last->weight += weigh(e, shortfall, short_t);
        bool level = shortfall->kind == MS_SHORT_RESERVE || (shortfall->kind == MS_SHORT_DEMAND && item->backorder);
        last->short_t = level ? fmax(last->short_t, short_t) : last->short_t + short_t;
        last->quantity = level ? fmax(last->quantity, quantity) : last->quantity + quantity;
    }
    if (count > 1)
        qsort(items, count, sizeof *items, by_weight);
    *out = (ms_reasons){items, count};
    return MS_OK;
}

static ms_status explain_all(explainer *e, ms_reasons *out, const ms_explain_options *options)
{
    const ms_network *net = e->net;
    size_t places = (size_t)net->site_count * (size_t)net->H;
    ms_prices_from_plan(&e->prices, e->plan, net->H);
    ms_sweeper_bound(e->sweeper, &e->prices);
    e->forth = ms_alloc(places, sizeof *e->forth);
    e->came_by = ms_alloc(places, sizeof *e->came_by);
    e->left = ms_alloc(places, sizeof *e->left);
    if (!e->forth || !e->came_by || !e->left)
        return ms_error_memory(e->err);
    MS_TRY(gather(e, out, options));
    if (options->most > 0 && out->count > (size_t)options->most)
        out->count = (size_t)options->most;
    ms_origin *origins = ms_alloc(out->count, sizeof *origins);
    if (!origins)
        return ms_error_memory(e->err);
    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i].kind != MS_SHORT_COMMITMENT)
            find_causes(e, &out->items[i], &origins[i]);
        else
            out->items[i].causes[out->items[i].cause_count++] = (ms_cause){
                MS_CAUSE_STOCK,
                e->plan->kase->commitments[out->items[i].row_ix].item_ix,
                out->items[i].from_period,
                out->items[i].to_period,
                false,
                1};
    }
    ms_status status = options->verify ? ms_explain_verify(out, origins, e->plan, options, e->err) : MS_OK;
    ms_free(origins);
    return status;
}

ms_status ms_explain(ms_reasons *out, const ms_plan *plan, const ms_explain_options *options, ms_error *err)
{
    explainer e = {.plan = plan, .err = err};
    ms_reasons reasons = {0};
    MS_TRY(ms_network_make(&e.net, plan->kase, MS_EVERYBODY, err));
    ms_status status = ms_prices_make(&e.prices, e.net);
    if (status == MS_OK)
        status = ms_sweeper_make(&e.sweeper, e.net, err);
    status = status == MS_OK ? explain_all(&e, &reasons, options) : ms_error_memory(err);
    ms_free(e.forth);
    ms_free(e.came_by);
    ms_free(e.left);
    ms_sweeper_free(e.sweeper);
    ms_prices_free(&e.prices);
    ms_network_free(e.net);
    if (status != MS_OK) {
        ms_reasons_free(&reasons);
        return status;
    }
    *out = reasons;
    return MS_OK;
}

void ms_reasons_free(ms_reasons *reasons)
{
    ms_free(reasons->items);
    *reasons = (ms_reasons){0};
}

/* ---- bottlenecks ---- */

static int by_worth(const void *left, const void *right)
{
    const ms_bottleneck *a = left, *b = right;
    if (a->worth != b->worth)
        return a->worth > b->worth ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->row_ix < b->row_ix ? -1 : a->row_ix > b->row_ix;
}

ms_status ms_explain_bottlenecks(ms_bottleneck **out, size_t *count, const ms_plan *plan, ms_error *err)
{
    static const ms_cause_kind kinds[] = {[3] = MS_CAUSE_LANE,
                                          [4] = MS_CAUSE_HANDLING,
                                          [5] = MS_CAUSE_STORAGE,
                                          [6] = MS_CAUSE_FLEET,
                                          [7] = MS_CAUSE_AGREEMENT};
    ms_bottleneck *rows = ms_alloc(plan->price_count, sizeof *rows);
    size_t found = 0;
    if (!rows)
        return ms_error_memory(err);
    for (size_t i = 0; i < plan->price_count; i++) {
        const ms_price *price = &plan->prices[i];
        if (price->label < 3 || price->label > 7)
            continue;
        ms_bottleneck *last = found ? &rows[found - 1] : NULL;
        if (!last || last->kind != kinds[price->label] || last->row_ix != price->row_ix) {
            last = &rows[found++];
            *last = (ms_bottleneck){
                .kind = kinds[price->label], .row_ix = price->row_ix, .first_period = price->period};
        }
        last->last_period = price->period;
        last->binding_count++;
        last->worth += price->price * (price->label <= 4 ? plan->kase->period_days : 1);
    }
    if (found > 1)
        qsort(rows, found, sizeof *rows, by_worth);
    *out = rows;
    *count = found;
    return MS_OK;
}
