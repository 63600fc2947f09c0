/* sweep_make.c: lays a network out for sweeps (sweep.h).
 *
 * What a block's layers pay on a lane is a row of eight numbers; equal rows are kept once, so that most lanes of a case
 * share a few. A span of a place ends where a row, or a transit, of a lane out of it changes.
 */
#include "plan/sweep.h"

#include <limits.h>
#include <string.h>

#include "plan/sweep_private.h"

enum { BUCKETS = 1024, ALIGNMENT = 64, WIDTH = MS_SWEEP_WIDTH };

/* The row at hand: extras of the layers, and where a layer's ways all pay limited agreements, these ways. */
typedef struct {
    double extra[WIDTH];
    int32_t toll_first; /* of s->tolls */
    bool open;
} cells;

typedef struct {
    ms_sweeper *s;
    const ms_network *net;
    int32_t *out_first; /* places of the lanes out of a site: [site + 1] */
    size_t row_capacity, arc_capacity, span_capacity, toll_capacity, toll_way_capacity, issue_capacity;
    size_t leg_capacity;
    int32_t row_count, arc_count, span_count, toll_way_count, issue_count;
    int32_t bucket[BUCKETS];       /* rows of the block by hash, */
    int32_t *row_next, *row_tolls; /* the next in its bucket; its first toll: [row], the latter with an end */
    size_t row_next_capacity, row_tolls_capacity;
    uint8_t *varies;   /* [lane]: for the block at hand, ways come and go by agreement, or what they cost does */
    ms_sweep_arc *now; /* [place]: of the site at hand; row -1: closed */
    double *duty;      /* [place][WIDTH]: of the block at hand, where it never changes; NAN: not known yet */
} maker;

/* Room for one more of *count; false when memory is short. */
static bool grow(void **items, size_t *capacity, int32_t count, size_t size)
{
    return count < INT32_MAX - 1 && ms_grow(items, capacity, (size_t)count + 1, size);
}

/* ---- lanes ---- */

static bool order_lanes(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    size_t lanes = (size_t)net->lane_count, sites = (size_t)net->site_count;
    m->out_first = ms_alloc(sites + 2, sizeof *m->out_first);
    m->varies = ms_alloc(lanes, 1);
    m->now = ms_alloc(lanes, sizeof *m->now);
    m->duty = ms_alloc(lanes, WIDTH * sizeof *m->duty);
    s->place_of = ms_arena_alloc(s->arena, lanes, sizeof *s->place_of);
    s->lane_at = ms_arena_alloc(s->arena, lanes, sizeof *s->lane_at);
    s->way_at = ms_arena_alloc(s->arena, lanes * (size_t)net->layer_count, sizeof *s->way_at);
    if (!m->out_first || !m->varies || !m->now || !m->duty || !s->place_of || !s->lane_at || !s->way_at)
        return false;
    for (int32_t a = 0; a < net->lane_count; a++)
        m->out_first[net->kase->lanes[a].from_ix + 2]++;
    for (size_t n = 2; n < sites + 2; n++)
        m->out_first[n] += m->out_first[n - 1];
    for (int32_t a = 0; a < net->lane_count; a++) {
        s->place_of[a] = m->out_first[net->kase->lanes[a].from_ix + 1]++;
        s->lane_at[s->place_of[a]] = a;
    }
    memset(s->way_at, 0xff, lanes * (size_t)net->layer_count * sizeof *s->way_at);
    for (int32_t w = net->way_count - 1; w >= 0; w--)
        s->way_at[(size_t)net->ways[w].layer * lanes + (size_t)net->ways[w].lane_ix] = w;
    return true;
}

/* How long a vehicle is away, as ms_network_away says it. */
static void time_trip(ms_sweep_leg *leg, const ms_network *net, int t)
{
    leg->whole = 0;
    leg->part = 0;
    if (net->kase->lanes[leg->lane_ix].fleet_ix < 0)
        return;
    double trip = ms_network_trip_periods(net, leg->lane_ix, t);
    double whole = floor(trip);
    leg->whole = whole < net->H ? (int32_t)whole : net->H;
    leg->part = whole < net->H ? trip - whole : 0;
}

static bool find_legs(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    for (int32_t place = 0; place < net->lane_count; place++) {
        int32_t a = s->lane_at[place];
        bool begun = false;
        for (int t = 0; t < net->H; t++) {
            ms_sweep_leg leg = {.lane_ix = a, .place = place, .first = t, .transit = net->transit[ms_at(net, a, t)]};
            if (leg.transit >= net->H - t) {
                begun = false;
                continue;
            }
            ms_sweep_leg *last = begun ? &s->legs[s->leg_count - 1] : NULL;
            time_trip(&leg, net, t);
            if (last && last->transit == leg.transit && last->whole == leg.whole && last->part == leg.part) {
                last->end = t + 1;
                continue;
            }
            leg.end = t + 1;
            leg.base = ms_sweep_base(net, a, t) * (1 - MS_SWEEP_COST);
            leg.lowered = 1 - (leg.whole + 8) * MS_SWEEP_STEP;
            if (!grow((void **)&s->legs, &m->leg_capacity, s->leg_count, sizeof *s->legs))
                return false;
            s->legs[s->leg_count++] = leg;
            begun = true;
        }
    }
    return true;
}

/* ---- rows ---- */

static bool way_limited(const ms_network *net, const ms_move_way *way)
{
    for (int need = 0; need < MS_NEEDS; need++)
        if (ms_sweep_limited(net, way->agreement_ix[need]))
            return true;
    return false;
}

/* What layer l of the block pays on lane a in t. */
static bool find_cell(maker *m, cells *row, int32_t b, int32_t l, int32_t a, int t)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    int32_t k = b * WIDTH + l, way_first = m->toll_way_count;
    bool open = false, free = false;
    row->extra[l] = INFINITY;
    int32_t w = k < net->layer_count ? s->way_at[(size_t)k * (size_t)net->lane_count + (size_t)a] : MS_NONE;
    for (; w >= 0 && w < net->way_first[k + 1] && net->ways[w].lane_ix == a; w++) {
        if (!ms_network_way_open(net, &net->ways[w], t))
            continue;
        open = true;
        free = free || !way_limited(net, &net->ways[w]);
        if (!grow((void **)&s->toll_ways, &m->toll_way_capacity, m->toll_way_count, sizeof *s->toll_ways))
            return false;
        s->toll_ways[m->toll_way_count++] = w;
    }
    if (!open)
        return true;
    double *duty = &m->duty[s->place_of[a] * WIDTH + l];
    if (isnan(*duty) || ms_case_duties_vary(net->kase))
        *duty = ms_network_move_cost(net, k, a, t) - ms_sweep_base(net, a, t);
    row->open = true;
    row->extra[l] = *duty > 0 ? *duty * (1 - MS_SWEEP_COST) : 0;
    if (free) { /* it goes for nothing, whatever the others ask */
        m->toll_way_count = way_first;
        return true;
    }
    if (!grow((void **)&s->tolls, &m->toll_capacity, s->toll_count, sizeof *s->tolls))
        return false;
    s->tolls[s->toll_count++] = (ms_sweep_toll){m->row_count, l, way_first, m->toll_way_count, row->extra[l]};
    return true;
}

static uint32_t mix(uint32_t hash, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * 16777619u;
    return hash;
}

static bool same_tolls(const maker *m, int32_t row, int32_t toll_first)
{
    const ms_sweeper *s = m->s;
    int32_t count = s->toll_count - toll_first;
    if (m->row_tolls[row + 1] - m->row_tolls[row] != count)
        return false;
    for (int32_t i = 0; i < count; i++) {
        const ms_sweep_toll *one = &s->tolls[m->row_tolls[row] + i], *other = &s->tolls[toll_first + i];
        int32_t ways = one->way_end - one->way_first;
        if (one->lane != other->lane || ways != other->way_end - other->way_first ||
            memcmp(&s->toll_ways[one->way_first], &s->toll_ways[other->way_first],
                   (size_t)ways * sizeof *s->toll_ways) != 0)
            return false;
    }
    return true;
}

/* Gives the number of the row that is like this one, which joins the others if it is the first. */
static bool keep_row(maker *m, int32_t *out, const cells *row, int32_t way_first)
{
    ms_sweeper *s = m->s;
    uint32_t hash = mix(2166136261u, row->extra, sizeof row->extra);
    hash = mix(hash, s->toll_ways + way_first, (size_t)(m->toll_way_count - way_first) * sizeof *s->toll_ways);
    int32_t *head = &m->bucket[(hash ^ hash >> 16) % BUCKETS];
    for (int32_t other = *head; other >= 0; other = m->row_next[other])
        if (memcmp(&s->rows[(size_t)other * WIDTH], row->extra, sizeof row->extra) == 0 &&
            same_tolls(m, other, row->toll_first)) {
            s->toll_count = row->toll_first;
            m->toll_way_count = way_first;
            *out = other;
            return true;
        }
    if (!grow((void **)&s->rows, &m->row_capacity, m->row_count, sizeof row->extra) ||
        !grow((void **)&m->row_next, &m->row_next_capacity, m->row_count, sizeof *m->row_next) ||
        !grow((void **)&m->row_tolls, &m->row_tolls_capacity, m->row_count + 1, sizeof *m->row_tolls))
        return false;
    memcpy(&s->rows[(size_t)m->row_count * WIDTH], row->extra, sizeof row->extra);
    m->row_next[m->row_count] = *head;
    m->row_tolls[m->row_count] = row->toll_first;
    m->row_tolls[m->row_count + 1] = s->toll_count;
    *head = *out = m->row_count++;
    return true;
}

static bool find_arc(maker *m, ms_sweep_arc *out, int32_t b, int32_t a, int t)
{
    const ms_network *net = m->net;
    cells row = {.toll_first = m->s->toll_count};
    int32_t way_first = m->toll_way_count;
    *out = (ms_sweep_arc){.row = MS_NONE};
    if (net->blocked[ms_at(net, a, t)])
        return true;
    for (int32_t l = 0; l < WIDTH; l++)
        if (!find_cell(m, &row, b, l, a, t))
            return false;
    if (!row.open)
        return true;
    out->ahead = net->transit[ms_at(net, a, t)] * net->site_count + net->kase->lanes[a].to_ix -
                 net->kase->lanes[a].from_ix;
    out->place = m->s->place_of[a];
    return keep_row(m, &out->row, &row, way_first);
}

/* ---- spans ---- */

static void find_varying(maker *m, int32_t b)
{
    const ms_network *net = m->net;
    int32_t first = b * WIDTH, end = first + WIDTH < net->layer_count ? first + WIDTH : net->layer_count;
    memset(m->varies, ms_case_duties_vary(net->kase), (size_t)net->lane_count);
    for (int32_t w = net->way_first[first]; w < net->way_first[end]; w++)
        if (net->ways[w].present)
            m->varies[net->ways[w].lane_ix] = 1;
}

static bool add_span(maker *m, int32_t n, int t)
{
    ms_sweeper *s = m->s;
    if (!grow((void **)&s->spans, &m->span_capacity, m->span_count, sizeof *s->spans))
        return false;
    s->spans[m->span_count++] = (ms_sweep_span){.first = t, .arc = m->arc_count};
    for (int32_t place = m->out_first[n]; place < m->out_first[n + 1]; place++) {
        if (m->now[place].row < 0)
            continue;
        if (!grow((void **)&s->arcs, &m->arc_capacity, m->arc_count, sizeof *s->arcs))
            return false;
        s->arcs[m->arc_count++] = m->now[place];
    }
    return true;
}

/* Backward in time, as it will be read. */
static bool find_spans(maker *m, int32_t b, int32_t n)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    s->span_first[(size_t)b * (size_t)net->site_count + (size_t)n] = m->span_count;
    for (int t = net->H - 1; t >= 0; t--) {
        bool changed = t == net->H - 1;
        for (int32_t place = m->out_first[n]; place < m->out_first[n + 1]; place++) {
            int32_t a = s->lane_at[place];
            size_t at = ms_at(net, a, t);
            if (t < net->H - 1 && !m->varies[a] && net->blocked[at] == net->blocked[at + 1] &&
                net->transit[at] == net->transit[at + 1])
                continue;
            ms_sweep_arc arc, was = m->now[place];
            if (!find_arc(m, &arc, b, a, t))
                return false;
            changed = changed || arc.row != was.row || arc.ahead != was.ahead;
            m->now[place] = arc;
        }
        if (changed && !add_span(m, n, t))
            return false;
        s->spans[m->span_count - 1].first = t;
    }
    return true;
}

static bool find_moves(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    size_t nodes = (size_t)s->block_count * (size_t)net->site_count;
    s->span_first = ms_arena_alloc(s->arena, nodes + 1, sizeof *s->span_first);
    if (!s->span_first || !grow((void **)&m->row_tolls, &m->row_tolls_capacity, 0, sizeof *m->row_tolls))
        return false;
    m->row_tolls[0] = 0;
    for (int32_t b = 0; b < s->block_count; b++) {
        memset(m->bucket, 0xff, sizeof m->bucket);
        for (size_t i = 0; i < (size_t)net->lane_count * WIDTH; i++)
            m->duty[i] = NAN;
        find_varying(m, b);
        for (int32_t n = 0; n < net->site_count; n++)
            if (!find_spans(m, b, n))
                return false;
    }
    s->span_first[nodes] = m->span_count;
    if (!grow((void **)&s->spans, &m->span_capacity, m->span_count, sizeof *s->spans))
        return false;
    s->spans[m->span_count] = (ms_sweep_span){.first = 0, .arc = m->arc_count};
    return true;
}

/* ---- issues ---- */

/* The stretches of periods in which a way is open. */
static bool add_issue(maker *m, const ms_issue_way *way)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    ms_sweep_issue issue = {.lane = way->layer % WIDTH,
                            .demand_ix = way->demand_ix,
                            .agreement_ix = MS_NONE,
                            .charge = way->charge * (1 - MS_SWEEP_STEP),
                            .meets = way->meets};
    if (way->agreement_ix >= 0 && net->agreement_room[way->agreement_ix] <= 0)
        return true;
    if (ms_sweep_limited(net, way->agreement_ix))
        issue.agreement_ix = way->agreement_ix;
    for (int t = 0; t < net->H; t = issue.end) {
        issue.first = t;
        issue.end = t + 1;
        if (!ms_network_issue_open(net, way, t))
            continue;
        while (issue.end < net->H && ms_network_issue_open(net, way, issue.end))
            issue.end++;
        if (!grow((void **)&s->issues, &m->issue_capacity, m->issue_count, sizeof *s->issues))
            return false;
        s->issues[m->issue_count++] = issue;
    }
    return true;
}

static bool find_issues(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    size_t sites = (size_t)net->site_count, nodes = (size_t)s->block_count * sites;
    int32_t *order = ms_alloc((size_t)net->issue_count, sizeof *order), *first = ms_alloc(nodes + 1, sizeof *first);
    s->issue_first = ms_arena_alloc(s->arena, nodes + 1, sizeof *s->issue_first);
    bool ok = order && first && s->issue_first;
    for (int32_t v = 0; ok && v < net->issue_count; v++)
        first[(size_t)(net->issues[v].layer / WIDTH) * sites +
              (size_t)net->kase->demands[net->issues[v].demand_ix].site_ix + 1]++;
    for (size_t node = 0; ok && node < nodes; node++)
        first[node + 1] += first[node];
    for (int32_t v = 0; ok && v < net->issue_count; v++)
        order[first[(size_t)(net->issues[v].layer / WIDTH) * sites +
                    (size_t)net->kase->demands[net->issues[v].demand_ix].site_ix]++] = v;
    for (size_t node = 0, i = 0; ok && node < nodes; node++) {
        s->issue_first[node] = m->issue_count;
        for (; ok && i < (size_t)first[node]; i++)
            ok = add_issue(m, &net->issues[order[i]]);
    }
    if (ok)
        s->issue_first[nodes] = m->issue_count;
    ms_free(order);
    ms_free(first);
    return ok;
}

/* ---- what is there, and what is wanted ---- */

/* Whether contingencies lose some of the layer's stock at the site. */
static bool has_losses(const ms_network *net, int32_t k, int32_t n)
{
    for (int t = 0; ms_case_loses_stock(net->kase) && t < net->H; t++)
        if (ms_case_carry(net->kase, n, net->layers[k].item_ix, t) < 1)
            return true;
    return false;
}

static bool find_apart(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    size_t sites = (size_t)net->site_count, pairs = (size_t)net->layer_count * sites;
    size_t nodes = (size_t)s->block_count * sites;
    int32_t count = 0;
    s->goes_apart = ms_arena_alloc(s->arena, nodes, 1);
    s->apart_first = ms_arena_alloc(s->arena, nodes + 1, sizeof *s->apart_first);
    s->apart = ms_arena_alloc(s->arena, pairs, sizeof *s->apart);
    s->reserve_at = ms_arena_alloc(s->arena, pairs, sizeof *s->reserve_at);
    s->reserve_next = ms_arena_alloc(s->arena, (size_t)net->kase->reserves_count, sizeof *s->reserve_next);
    if (!s->goes_apart || !s->apart_first || !s->apart || !s->reserve_at || !s->reserve_next)
        return false;
    memset(s->reserve_at, 0xff, pairs * sizeof *s->reserve_at);
    for (int32_t r = net->kase->reserves_count - 1; r >= 0; r--) {
        if (net->reserve_layer[r] < 0)
            continue;
        int32_t *head = &s->reserve_at[(size_t)net->reserve_layer[r] * sites + (size_t)net->kase->reserves[r].site_ix];
        s->reserve_next[r] = *head;
        *head = r;
    }
    for (int32_t i = 0; i < net->committed_count; i++)
        if (net->committed[i].depart >= 0)
            s->goes_apart[(size_t)(net->committed[i].layer / WIDTH) * sites + (size_t)net->committed[i].from_ix] = 1;
    for (size_t node = 0; node < nodes; node++) {
        int32_t n = (int32_t)(node % sites), first = (int32_t)(node / sites) * WIDTH;
        for (int32_t k = first; k < first + WIDTH && k < net->layer_count; k++)
            if (s->reserve_at[(size_t)k * sites + (size_t)n] >= 0 || has_losses(net, k, n)) {
                s->apart[count++] = k;
                s->goes_apart[node] = 1;
            }
        s->apart_first[node + 1] = count;
    }
    return true;
}

static bool find_holdings(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    size_t sites = (size_t)net->site_count, pairs = (size_t)net->layer_count * sites;
    size_t blocks = (size_t)s->block_count + 1;
    int32_t openings = 0, supplies = 0;
    s->openings = ms_arena_alloc(s->arena, pairs, sizeof *s->openings);
    s->supplies = ms_arena_alloc(s->arena, pairs, sizeof *s->supplies);
    s->opening_first = ms_arena_alloc(s->arena, blocks, sizeof *s->opening_first);
    s->supply_first = ms_arena_alloc(s->arena, blocks, sizeof *s->supply_first);
    if (!s->openings || !s->supplies || !s->opening_first || !s->supply_first)
        return false;
    for (int32_t k = 0; k < net->layer_count; k++) {
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * sites + (size_t)n;
            double there_t = net->opening_t[pair] * ms_case_carry(net->kase, n, net->layers[k].item_ix, 0);
            if (net->opening_t[pair] > 0)
                s->openings[openings++] = (ms_sweep_opening){ms_sweeper_place(s, k, n), there_t};
            if (net->supply_row[pair] >= 0)
                s->supplies[supplies++] = (ms_sweep_supply){ms_sweeper_place(s, k, n), net->supply_row[pair]};
        }
        s->opening_first[k / WIDTH + 1] = openings;
        s->supply_first[k / WIDTH + 1] = supplies;
    }
    return true;
}

static bool find_commitments(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    int32_t count = 0;
    s->committed = ms_arena_alloc(s->arena, (size_t)net->committed_count, sizeof *s->committed);
    s->committed_first = ms_arena_alloc(s->arena, (size_t)s->block_count + 1, sizeof *s->committed_first);
    if (!s->committed || !s->committed_first)
        return false;
    for (int32_t b = 0; b < s->block_count; b++) {
        for (int32_t i = 0; i < net->committed_count; i++)
            if (net->committed[i].layer / WIDTH == b)
                s->committed[count++] = i;
        s->committed_first[b + 1] = count;
    }
    return true;
}

static bool find_lines(maker *m)
{
    ms_sweeper *s = m->s;
    const ms_network *net = m->net;
    const ms_case *kase = net->kase;
    s->lines = ms_arena_alloc(s->arena, (size_t)kase->demands_count, sizeof *s->lines);
    if (!s->lines)
        return false;
    for (int32_t j = 0; j < kase->demands_count; j++) {
        ms_sweep_line line = {.demand_ix = j, .owed = kase->items[kase->demands[j].item_ix].backorder};
        bool any = false;
        for (int t = 0; !any && t < net->H; t++)
            any = net->demand_most[ms_at(net, j, t)] > 0;
        for (int step = 0; step < net->weights.step_count; step++)
            line.weights[step] = ms_network_short_weight(net, j, step);
        if (any)
            s->lines[s->line_count++] = line;
    }
    return true;
}

static bool any_closed(const double *rooms, size_t count)
{
    for (size_t at = 0; at < count; at++)
        if (rooms[at] <= 0)
            return true;
    return false;
}

static void find_closed(ms_sweeper *s)
{
    const ms_network *net = s->net;
    s->any_closed = any_closed(net->lane_room, ms_at(net, net->lane_count, 0)) ||
                    any_closed(net->site_room, ms_at(net, net->site_count, 0)) ||
                    any_closed(net->fleet_room, ms_at(net, net->kase->fleets_count, 0)) ||
                    any_closed(net->agreement_room, (size_t)net->kase->agreements_count);
}

/* ---- all of it ---- */

/* Moves a block to where vectors may begin; *unaligned is what to free. */
static double *aligned(void **unaligned, size_t count)
{
    *unaligned = ms_alloc(count + ALIGNMENT / sizeof(double), sizeof(double));
    return *unaligned ? (double *)(((uintptr_t)*unaligned + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT) : NULL;
}

static bool make_room(ms_sweeper *s)
{
    const ms_network *net = s->net;
    size_t H = (size_t)net->H, sites = (size_t)net->site_count, lanes = (size_t)net->lane_count;
    size_t blocks = (size_t)s->block_count;
    s->period_stride = sites * WIDTH;
    s->block_stride = (H + 1) * s->period_stride;
    s->part_count = s->block_count + (s->line_count + MS_SWEEP_LINES - 1) / MS_SWEEP_LINES + 1;
    s->lane_price = ms_arena_alloc(s->arena, lanes * H, sizeof *s->lane_price);
    s->hold_price = ms_arena_alloc(s->arena, sites * H, sizeof *s->hold_price);
    s->cursor = ms_arena_alloc(s->arena, blocks * sites, sizeof *s->cursor);
    s->totals = ms_arena_alloc(s->arena, (size_t)s->part_count, sizeof *s->totals);
    s->issues_now = ms_arena_alloc(s->arena, blocks * sites, 1);
    s->value = aligned(&s->unaligned[0], blocks * s->block_stride);
    s->issue_best = (void *)aligned(&s->unaligned[2], blocks * sites * WIDTH * WIDTH);
    return s->lane_price && s->hold_price && s->cursor && s->totals && s->issues_now && s->value && s->issue_best;
}

static bool align_rows(maker *m)
{
    ms_sweeper *s = m->s;
    size_t count = (size_t)m->row_count * WIDTH;
    double *rows = aligned(&s->unaligned[1], count);
    if (!rows)
        return false;
    if (count > 0)
        memcpy(rows, s->rows, count * sizeof *rows);
    ms_free(s->rows);
    s->rows = rows;
    return true;
}

ms_status ms_sweeper_make(ms_sweeper **out, const ms_network *net, ms_error *err)
{
    ms_sweeper *s = ms_alloc(1, sizeof *s);
    maker *m = ms_alloc(1, sizeof *m);
    ms_arena *arena = ms_arena_new();
    bool ok = s && m && arena;
    if (ok) {
        *s = (ms_sweeper){.net = net, .arena = arena, .block_count = (net->layer_count + WIDTH - 1) / WIDTH};
        m->s = s;
        m->net = net;
        ok = order_lanes(m) && find_legs(m) && find_moves(m) && align_rows(m) && find_issues(m) && find_lines(m) &&
             make_room(s) && find_apart(m) && find_holdings(m) && find_commitments(m);
    }
    if (m) {
        ms_free(m->out_first);
        ms_free(m->varies);
        ms_free(m->now);
        ms_free(m->duty);
        ms_free(m->row_next);
        ms_free(m->row_tolls);
    }
    ms_free(m);
    if (!ok) {
        if (s && s->arena)
            ms_sweeper_free(s);
        else {
            ms_arena_free(arena);
            ms_free(s);
        }
        return ms_error_memory(err);
    }
    find_closed(s);
    ms_sweeper_use(s, MS_SIMD_AUTO);
    *out = s;
    return MS_OK;
}

void ms_sweeper_free(ms_sweeper *s)
{
    if (!s)
        return;
    if (!s->unaligned[1])
        ms_free(s->rows);
    for (size_t i = 0; i < sizeof s->unaligned / sizeof *s->unaligned; i++)
        ms_free(s->unaligned[i]);
    ms_free(s->arcs);
    ms_free(s->spans);
    ms_free(s->tolls);
    ms_free(s->toll_ways);
    ms_free(s->issues);
    ms_free(s->legs);
    ms_arena_free(s->arena);
    ms_free(s);
}
