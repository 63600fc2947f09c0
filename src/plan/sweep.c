/* sweep.c: evaluates the bound (docs/model.md, B1 to B6) by the passes of sweep_body.h, for the vectors of three
 * generations of machines, and says what it found. */
#include "plan/sweep.h"

#include <string.h>

#include "plan/steps.h"
#include "plan/sweep_private.h"

#define JOIN_(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(x) JOIN(sweep, x, SIMD)

#define SIMD plain
#define TARGET
#define BYTES 16
#include "plan/sweep_body.h"
#undef SIMD
#undef TARGET
#undef BYTES

#if defined __x86_64__
#define SIMD avx2
#define TARGET __attribute__((target("avx2")))
#define BYTES 32
#include "plan/sweep_body.h"
#undef SIMD
#undef TARGET
#undef BYTES

#define SIMD avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define BYTES 64
#include "plan/sweep_body.h"
#undef SIMD
#undef TARGET
#undef BYTES
#endif

void ms_sweeper_use(ms_sweeper *s, ms_simd simd)
{
    if (simd == MS_SIMD_AUTO || simd > ms_simd_best())
        simd = ms_simd_best();
    s->passes = &sweep_passes_plain;
#if defined __x86_64__
    if (simd == MS_SIMD_AVX2)
        s->passes = &sweep_passes_avx2;
    if (simd == MS_SIMD_AVX512)
        s->passes = &sweep_passes_avx512;
#endif
}

/* ---- what is paid ---- */

static double agreements_price(const ms_prices *prices, const ms_move_way *way)
{
    double sum = 0;
    for (int need = 0; need < MS_NEEDS; need++)
        if (way->agreement_ix[need] >= 0)
            sum += prices->agreement[way->agreement_ix[need]];
    return sum;
}

double ms_sweeper_move_price(const ms_sweeper *s, const ms_move_way *way, int t)
{
    const ms_network *net = s->net;
    double on_lane = s->lane_price[(size_t)t * (size_t)net->lane_count + (size_t)s->place_of[way->lane_ix]];
    return ms_network_move_cost(net, way->layer, way->lane_ix, t) - ms_sweep_base(net, way->lane_ix, t) + on_lane +
           agreements_price(s->prices, way);
}

double ms_sweeper_wait_price(const ms_sweeper *s, int32_t layer, int32_t site_ix, int t)
{
    const ms_network *net = s->net;
    double price = s->hold_price[(size_t)t * (size_t)net->site_count + (size_t)site_ix];
    int32_t r = s->reserve_at[(size_t)layer * (size_t)net->site_count + (size_t)site_ix];
    for (; r >= 0; r = s->reserve_next[r]) {
        price -= s->prices->reserve[ms_at(net, r, t)] * (1 + MS_SWEEP_STEP);
        price = ms_sweep_lower(price);
    }
    return price;
}

double ms_sweeper_issue_price(const ms_sweeper *s, const ms_issue_way *way, int t)
{
    double price = way->charge - way->meets * s->prices->demand[ms_at(s->net, way->demand_ix, t)];
    return way->agreement_ix >= 0 ? price + s->prices->agreement[way->agreement_ix] : price;
}

/* What is left of V after waiting. */
static double carried(const ms_sweeper *s, int32_t layer, int32_t site_ix, int t)
{
    double value = ms_sweeper_value(s, layer, site_ix, t + 1);
    return t + 1 < s->net->H ? value * ms_case_carry(s->net->kase, site_ix, s->net->layers[layer].item_ix, t + 1) : 0;
}

void ms_sweep_apart(double out[MS_SWEEP_WIDTH], const ms_sweeper *s, int32_t b, int32_t n, int t)
{
    const ms_network *net = s->net;
    const int32_t *range = &s->apart_first[(size_t)b * (size_t)net->site_count + (size_t)n];
    for (const int32_t *k = s->apart + range[0]; k < s->apart + range[1]; k++)
        out[*k % MS_SWEEP_WIDTH] = ms_sweeper_wait_price(s, *k, n, t) + carried(s, *k, n, t);
    for (int32_t i = s->committed_first[b]; i < s->committed_first[b + 1]; i++) {
        const ms_committed *m = &net->committed[s->committed[i]];
        double price = s->prices->commitment[m->commitment_ix], *least = &out[m->layer % MS_SWEEP_WIDTH];
        if (m->depart != t || m->from_ix != n || isnan(price))
            continue;
        double after = m->arrive < net->H ? ms_sweeper_value(s, m->layer, m->to_ix, m->arrive) : 0;
        /* The two heavy ones first: they all but cancel. */
        double other = m->cost * (1 - MS_SWEEP_COST) + (ms_sweep_lower(price - m->broken_cost) + after);
        *least = other < *least ? other : *least;
    }
}

/* ---- the sums ---- */

static void add(ms_sweep_total *to, double term)
{
    ms_sweep_add(to, term, fabs(term));
}

static void add_block(ms_sweep_total *to, const ms_sweeper *s, int32_t b)
{
    const ms_network *net = s->net;
    for (int32_t i = s->opening_first[b]; i < s->opening_first[b + 1]; i++)
        add(to, s->openings[i].load_t * s->value[s->openings[i].at]);
    for (int32_t i = s->supply_first[b]; i < s->supply_first[b + 1]; i++) {
        const double *value = s->value + s->supplies[i].at, *supply = net->supply_t + ms_at(net, s->supplies[i].row, 0);
        for (int t = 0; t < net->H; t++, value += s->period_stride)
            add(to, supply[t] * (*value < net->weights.refuse ? *value : net->weights.refuse));
    }
    for (int32_t i = s->committed_first[b]; i < s->committed_first[b + 1]; i++) {
        const ms_committed *m = &net->committed[s->committed[i]];
        double value = m->arrive < net->H ? ms_sweeper_value(s, m->layer, m->to_ix, m->arrive) : 0;
        double price = s->prices->commitment[m->commitment_ix];
        if (m->depart >= 0 && !isnan(price)) {
            value = m->broken_cost - price;
        } else if (m->depart >= 0) {
            value -= ms_sweeper_value(s, m->layer, m->from_ix, m->depart);
            value = ms_sweep_lower(m->cost * (1 - MS_SWEEP_COST) + value);
            value = value < m->broken_cost ? value : m->broken_cost;
        }
        add(to, m->load_t * value);
    }
}

static void add_reserves(ms_sweep_total *to, const ms_sweeper *s)
{
    const ms_network *net = s->net;
    for (int32_t r = 0; r < net->kase->reserves_count; r++) {
        double weight = ms_network_reserve_weight(net, r);
        for (int t = 0; t < net->H; t++) {
            double price = s->prices->reserve[ms_at(net, r, t)];
            add(to, net->reserve_t[ms_at(net, r, t)] * (price < weight ? price : weight));
        }
    }
}

static void add_limits(ms_sweep_total *to, const ms_sweeper *s)
{
    const ms_network *net = s->net;
    const ms_prices *prices = s->prices;
    s->passes->limits(to, prices->lane, net->lane_room, ms_at(net, net->lane_count, 0));
    s->passes->limits(to, prices->site, net->site_room, ms_at(net, net->site_count, 0));
    s->passes->limits(to, prices->storage, net->storage, ms_at(net, net->site_count, 0));
    s->passes->limits(to, prices->fleet, net->fleet_room, ms_at(net, net->kase->fleets_count, 0));
    s->passes->limits(to, prices->agreement, net->agreement_room, (size_t)net->kase->agreements_count);
}

/* ---- an evaluation ---- */

static void price_tolls(ms_sweeper *s)
{
    for (int32_t i = 0; i < s->toll_count; i++) {
        const ms_sweep_toll *toll = &s->tolls[i];
        double least = INFINITY;
        for (int32_t w = toll->way_first; w < toll->way_end; w++) {
            double price = agreements_price(s->prices, &s->net->ways[s->toll_ways[w]]);
            least = price < least ? price : least;
        }
        s->rows[(size_t)toll->row * MS_SWEEP_WIDTH + (size_t)toll->lane] = (toll->extra + least) * (1 - MS_SWEEP_COST);
    }
}

void ms_sweeper_start(ms_sweeper *s, const ms_prices *prices)
{
    const ms_network *net = s->net;
    double hold = net->weights.hold_per_day * net->period_days;
    s->prices = prices;
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            s->hold_price[(size_t)t * (size_t)net->site_count + (size_t)n] =
                (hold + prices->storage[ms_at(net, n, t)]) * (1 - 2 * MS_SWEEP_STEP);
    price_tolls(s);
    s->passes->lanes(s);
}

void ms_sweeper_part(ms_sweeper *s, int part)
{
    ms_sweep_total total = {0};
    int32_t first = (part - s->block_count) * MS_SWEEP_LINES;
    if (part < s->block_count) {
        s->passes->block(s, part);
        add_block(&total, s, part);
    } else if (part < s->part_count - 1) {
        int32_t end = s->line_count - first < MS_SWEEP_LINES ? s->line_count : first + MS_SWEEP_LINES;
        s->passes->demands(&total, s, first, end);
    } else {
        add_reserves(&total, s);
        add_limits(&total, s);
    }
    s->totals[part] = total;
}

double ms_sweeper_finish(const ms_sweeper *s)
{
    const double rounding = 1e-12;
    ms_sweep_total total = {0};
    for (int part = 0; part < s->part_count; part++) {
        ms_sweep_add(&total, s->totals[part].sum, s->totals[part].magnitude);
        total.carry += s->totals[part].carry;
    }
    return total.sum + (total.carry - rounding * total.magnitude);
}

double ms_sweeper_bound(ms_sweeper *s, const ms_prices *prices)
{
    ms_sweeper_start(s, prices);
    for (int part = 0; part < s->part_count; part++)
        ms_sweeper_part(s, part);
    return ms_sweeper_finish(s);
}

/* ---- reduced costs ---- */

/* What a layer pays on a lane on top of what is the same for all. */
static double duty_of(const ms_network *net, const ms_move_way *way, int t)
{
    return ms_network_move_cost(net, way->layer, way->lane_ix, t) - ms_sweep_base(net, way->lane_ix, t);
}

static double reduced(const ms_sweeper *s, const ms_move_way *way, double own_price, int t)
{
    const ms_network *net = s->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
    double lane_price = s->lane_price[(size_t)t * (size_t)net->lane_count + (size_t)s->place_of[way->lane_ix]];
    return own_price + (lane_price + ms_sweeper_value(s, way->layer, lane->to_ix, arrive)) -
           ms_sweeper_value(s, way->layer, lane->from_ix, t);
}

static double move_reduced(const ms_sweeper *s, const ms_move_way *way, int t)
{
    return reduced(s, way, duty_of(s->net, way, t) + agreements_price(s->prices, way), t);
}

void ms_sweeper_move_reduced(double *out, const ms_sweeper *s, int32_t way_ix)
{
    const ms_network *net = s->net;
    const ms_move_way *way = &net->ways[way_ix];
    bool changes = ms_case_duties_vary(net->kase);
    double own_price = duty_of(net, way, 0) + agreements_price(s->prices, way);
    for (int t = 0; t < net->H; t++) {
        if (!ms_network_way_open(net, way, t))
            out[t] = INFINITY;
        else
            out[t] = changes ? move_reduced(s, way, t) : reduced(s, way, own_price, t);
    }
}

double ms_sweeper_wait_reduced(const ms_sweeper *s, int32_t layer, int32_t site_ix, int t)
{
    return ms_sweeper_wait_price(s, layer, site_ix, t) + carried(s, layer, site_ix, t) -
           ms_sweeper_value(s, layer, site_ix, t);
}

double ms_sweeper_issue_reduced(const ms_sweeper *s, int32_t issue_ix, int t)
{
    const ms_network *net = s->net;
    const ms_issue_way *way = &net->issues[issue_ix];
    if (!ms_network_issue_open(net, way, t) || (way->agreement_ix >= 0 && net->agreement_room[way->agreement_ix] <= 0))
        return INFINITY;
    return ms_sweeper_issue_price(s, way, t) -
           ms_sweeper_value(s, way->layer, net->kase->demands[way->demand_ix].site_ix, t);
}

/* Marks the ways of one layer on one lane, one of which costs at most that. */
static long long mark_ways(uint8_t *marks, const ms_sweeper *s, const int32_t *skip, double at_most, int32_t k,
                           int32_t a, int t)
{
    const ms_network *net = s->net;
    long long count = 0;
    int32_t first = s->way_at[(size_t)k * (size_t)net->lane_count + (size_t)a], end = first;
    if (!net->reach[ms_node(net, k, net->kase->lanes[a].from_ix, t)])
        return 0;
    while (end < net->way_first[k + 1] && net->ways[end].lane_ix == a)
        end++;
    for (int32_t w = first; w < end; w++) {
        size_t at = ms_at(net, w, t);
        if ((skip && skip[at] >= 0) || marks[at])
            continue;
        if (end - first > 1 &&
            !(ms_network_way_open(net, &net->ways[w], t) && move_reduced(s, &net->ways[w], t) <= at_most))
            continue;
        marks[at] = 1;
        count++;
    }
    return count;
}

long long ms_sweeper_mark(uint8_t *marks, const ms_sweeper *s, const int32_t *skip, double at_most)
{
    const ms_network *net = s->net;
    long long count = 0;
    for (int32_t node = 0; node < s->block_count * net->site_count; node++) {
        int32_t b = node / net->site_count, n = node % net->site_count, span = s->span_first[node];
        for (int t = net->H - 1; t >= 0; t--) {
            const double *here = ms_sweep_node(s, b, t, n);
            span += t < s->spans[span].first;
            for (int32_t i = s->spans[span].arc; i < s->spans[span + 1].arc; i++) {
                const ms_sweep_arc *arc = &s->arcs[i];
                const double *there = here + (size_t)arc->ahead * MS_SWEEP_WIDTH;
                const double *row = s->rows + (size_t)arc->row * MS_SWEEP_WIDTH;
                double price = s->lane_price[(size_t)t * (size_t)net->lane_count + (size_t)arc->place];
                for (int32_t l = 0; l < MS_SWEEP_WIDTH; l++) {
                    /* V is lower than the least of what it stands for, by so much at most. */
                    double most = at_most + 4 * MS_SWEEP_STEP * (price + fabs(here[l]));
                    if (row[l] + (price + there[l]) - here[l] <= most)
                        count += mark_ways(marks, s, skip, most, b * MS_SWEEP_WIDTH + l, s->lane_at[arc->place], t);
                }
            }
        }
    }
    return count;
}

/* ---- closed limits ---- */

static bool agreement_open(const ms_network *net, int32_t agreement_ix)
{
    return agreement_ix < 0 || net->agreement_room[agreement_ix] > 0;
}

/* Raises the price of the first limit on the way that has no room, so that using it would not pay. */
static void raise_closed(ms_prices *prices, const ms_network *net, const ms_move_way *way, int t, double by)
{
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
    double *closed = NULL;
    double share = 1;
    if (net->lane_room[ms_at(net, way->lane_ix, t)] <= 0)
        closed = &prices->lane[ms_at(net, way->lane_ix, t)];
    else if (net->site_room[ms_at(net, lane->from_ix, t)] <= 0)
        closed = &prices->site[ms_at(net, lane->from_ix, t)];
    else if (net->site_room[ms_at(net, lane->to_ix, arrive)] <= 0)
        closed = &prices->site[ms_at(net, lane->to_ix, arrive)];
    for (int later = t; !closed && lane->fleet_ix >= 0 && later < ms_network_away_end(net, way->lane_ix, t); later++)
        if (net->fleet_room[ms_at(net, lane->fleet_ix, later)] <= 0) {
            closed = &prices->fleet[ms_at(net, lane->fleet_ix, later)];
            share = ms_network_away(net, way->lane_ix, t, later);
        }
    for (int need = 0; !closed && need < MS_NEEDS; need++)
        if (!agreement_open(net, way->agreement_ix[need]))
            closed = &prices->agreement[way->agreement_ix[need]];
    if (closed && *closed < by / share)
        *closed = by / share;
}

static void raise_moves(ms_prices *raised, const ms_sweeper *s, const ms_move_way *way)
{
    const ms_network *net = s->net;
    for (int t = 0; t < net->H; t++) {
        if (t + net->transit[ms_at(net, way->lane_ix, t)] >= net->H || (way->present && !way->present[t]) ||
            ms_network_way_open(net, way, t))
            continue;
        double gain = -move_reduced(s, way, t);
        if (gain > 0)
            raise_closed(raised, net, way, t, gain);
    }
}

static void raise_issues(ms_prices *raised, const ms_sweeper *s, const ms_issue_way *way)
{
    const ms_network *net = s->net;
    int32_t n = net->kase->demands[way->demand_ix].site_ix;
    for (int t = 0; !agreement_open(net, way->agreement_ix) && t < net->H; t++) {
        double gain = ms_sweeper_value(s, way->layer, n, t) - ms_sweeper_issue_price(s, way, t);
        if (ms_network_issue_open(net, way, t) && gain > raised->agreement[way->agreement_ix])
            raised->agreement[way->agreement_ix] = gain;
    }
}

static void raise_by(double *prices, const double *raised, size_t count)
{
    for (size_t at = 0; at < count; at++)
        prices[at] += raised[at];
}

ms_status ms_sweeper_complete(ms_sweeper *s, ms_prices *prices, ms_error *err)
{
    const ms_network *net = s->net;
    ms_prices raised;
    if (!s->any_closed)
        return MS_OK;
    if (ms_prices_make(&raised, net) != MS_OK)
        return ms_error_memory(err);
    for (int32_t w = 0; w < net->way_count; w++)
        raise_moves(&raised, s, &net->ways[w]);
    for (int32_t v = 0; v < net->issue_count; v++)
        raise_issues(&raised, s, &net->issues[v]);
    raise_by(prices->lane, raised.lane, ms_at(net, net->lane_count, 0));
    raise_by(prices->site, raised.site, ms_at(net, net->site_count, 0));
    raise_by(prices->fleet, raised.fleet, ms_at(net, net->kase->fleets_count, 0));
    raise_by(prices->agreement, raised.agreement, (size_t)net->kase->agreements_count);
    ms_prices_free(&raised);
    return MS_OK;
}
