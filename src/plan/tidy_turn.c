/* tidy_turn.c: closing an arc's round through the forest, and turning it: how far, which way, and what comes of it.
 *
 * A turn takes the round of the arc at hand a number of times, and other rounds mixed into it (tidy_own.c) as often as
 * their factors say, in whole quanta each: each round keeps what comes and goes at each node, so the turn does.
 */
#include "plan/tidy_private.h"

#include <stdlib.h>

enum { FORWARD, BACK };

/* How far a turn may go each way, in quanta of the arc at hand, and what ends it there: an arc, or a row. */
typedef struct {
    double most[2];
    int32_t arc[2], row[2]; /* -1 not */
    double cost, cost_size;
} measure;

typedef enum { WENT, STOPPED_BY_ROW, STOPPED_BY_ARC, STUCK } outcome;

static int32_t arc_of(int32_t step)
{
    return abs(step) - 1;
}

static int sign_of(int32_t step)
{
    return step < 0 ? -1 : 1;
}

/* ---- the forest ---- */

static void climb(ms_tidier *s, int32_t node, int32_t parent, int32_t by)
{
    while (parent >= 0) {
        ms_tidy_node *at = &s->nodes[parent];
        int32_t next = at->parent, next_by = at->by;
        at->parent = node;
        at->by = -by;
        node = parent;
        parent = next;
        by = next_by;
    }
}

/* Hangs the tree that the arc begins in below the node that it leads to. */
static void join(ms_tidier *s, int32_t ix)
{
    int32_t tail = s->places[ix].tail;
    ms_tidy_node *node = &s->nodes[tail];
    int32_t parent = node->parent, by = node->by;
    node->parent = s->places[ix].head;
    node->by = ix + 1;
    climb(s, tail, parent, by);
    s->in_forest[ix] = true;
}

static void cut(ms_tidier *s, int32_t ix)
{
    const ms_arc_place *place = &s->places[ix];
    bool tail_below = s->nodes[place->tail].parent >= 0 && s->nodes[place->tail].by == ix + 1;
    s->nodes[tail_below ? place->tail : place->head].parent = -1;
    s->in_forest[ix] = false;
}

/* The node where the ways up from both ends of the arc meet; -1: they are in different trees. */
static int32_t meeting(ms_tidier *s, int32_t ix)
{
    int32_t ends[2] = {s->places[ix].tail, s->places[ix].head}, stamps[2] = {s->walk + 1, s->walk + 2};
    if (s->walk > INT32_MAX - 4) {
        for (int32_t node = 0; node < s->node_count; node++)
            s->nodes[node].seen = 0;
        s->walk = stamps[0] = 1;
        stamps[1] = 2;
    }
    s->walk += 2;
    s->nodes[ends[0]].seen = stamps[0];
    s->nodes[ends[1]].seen = stamps[1];
    for (bool up = true; up;) {
        up = false;
        for (int end = 0; end < 2; end++) {
            int32_t parent = s->nodes[ends[end]].parent;
            if (parent < 0)
                continue;
            if (s->nodes[parent].seen == stamps[1 - end])
                return parent;
            s->nodes[parent].seen = stamps[end];
            ends[end] = parent;
            up = true;
        }
    }
    return -1;
}

/* The round of the arc: along it, and back through the forest. False where the forest does not join its ends. */
static bool close_round(ms_tidier *s, int32_t ix)
{
    int32_t top = meeting(s, ix);
    if (top < 0)
        return false;
    s->step_count = 0;
    s->steps[s->step_count++] = ix + 1;
    for (int32_t node = s->places[ix].head; node != top; node = s->nodes[node].parent)
        s->steps[s->step_count++] = s->nodes[node].by;
    for (int32_t node = s->places[ix].tail; node != top; node = s->nodes[node].parent)
        s->steps[s->step_count++] = -s->nodes[node].by;
    return true;
}

/* ---- measuring ---- */

static void measure_arc(const ms_tidier *s, measure *m, int32_t ix, double change)
{
    const double nothing = 1e-9;
    if (fabs(change) < nothing)
        return;
    int way = change < 0 ? FORWARD : BACK;
    double most = s->arcs[ix].spare > 0 ? (double)s->arcs[ix].spare / fabs(change) : 0;
    if (most < m->most[way] || (most <= m->most[way] && s->arcs[ix].kind != MS_ARC_STOCK)) {
        m->most[way] = most;
        m->arc[way] = ix;
    }
}

static void measure_rows(const ms_tidier *s, measure *m)
{
    const double nothing = 1e-9;
    for (int32_t i = 0; i < s->touched_count; i++) {
        const ms_tidy_row *row = &s->rows[s->touched[i]];
        if (fabs(row->use_t) < nothing * s->quantum)
            continue;
        int way = row->use_t > 0 ? FORWARD : BACK;
        double most = row->left_t > MS_TIDY_TIGHT_T ? (row->left_t - MS_TIDY_KEEP_T) / fabs(row->use_t) : 0;
        if (most < m->most[way]) {
            m->most[way] = most;
            m->arc[way] = -1;
            m->row[way] = s->touched[i];
        }
    }
}

/* Reads the round of the arc at hand: what it costs and uses, and how far its own arcs let it turn. */
static void read_round(ms_tidier *s, measure *m)
{
    *m = (measure){.most = {INFINITY, INFINITY}, .arc = {-1, -1}, .row = {-1, -1}};
    s->cost = s->cost_size = 0;
    s->part_count = 0;
    ms_tidy_begin(s);
    for (int32_t i = 0; i < s->step_count; i++) {
        int32_t ix = arc_of(s->steps[i]);
        int sign = sign_of(s->steps[i]);
        const ms_arc *arc = &s->arcs[ix];
        s->cost += sign * arc->cost;
        s->cost_size += arc->cost;
        measure_arc(s, m, ix, sign);
        ms_tidy_spread(s, arc, sign * s->quantum);
    }
    m->cost = s->cost;
    m->cost_size = s->cost_size;
}

/* Whether going that way as far as it goes empties a movement or an issue. */
static bool empties(const ms_tidier *s, const measure *m, int way)
{
    return m->arc[way] >= 0 && m->most[way] >= 1 && s->arcs[m->arc[way]].kind != MS_ARC_STOCK;
}

static bool is_free(const measure *m)
{
    const double rounding = 1e-11;
    return fabs(m->cost) <= rounding * m->cost_size;
}

/* Which way to turn: where it saves; where that goes no step, perhaps back at a loss that is next to nothing beside
 * what was saved before; where both cost the same, where it empties most. */
static int choose(ms_tidier *s, const measure *m)
{
    int way = m->cost < 0 ? FORWARD : BACK, other = 1 - way;
    if (!is_free(m)) {
        double loss = fabs(m->cost) * m->most[other];
        if (s->may_lose && m->most[way] < 1 && m->arc[way] < 0 && empties(s, m, other) && loss <= s->loss_most &&
            loss <= s->gain) {
            s->may_lose = false;
            return other;
        }
        return way;
    }
    if (empties(s, m, FORWARD) != empties(s, m, BACK))
        return empties(s, m, FORWARD) ? FORWARD : BACK;
    way = m->most[FORWARD] <= m->most[BACK] ? FORWARD : BACK;
    if ((m->arc[FORWARD] >= 0) != (m->arc[BACK] >= 0))
        way = m->arc[FORWARD] >= 0 ? FORWARD : BACK;
    return m->most[way] < 1 && m->arc[1 - way] >= 0 ? 1 - way : way;
}

/* ---- turning one round ---- */

static void use_rows(ms_tidier *s, double times)
{
    for (int32_t i = 0; i < s->touched_count; i++)
        s->rows[s->touched[i]].left_t -= times * s->rows[s->touched[i]].use_t;
}

static outcome stopped(const measure *m, int way, int32_t *by)
{
    *by = m->arc[way];
    return m->arc[way] >= 0 ? STOPPED_BY_ARC : STOPPED_BY_ROW;
}

static void turn_round(ms_tidier *s, int64_t times)
{
    for (int32_t i = 0; i < s->step_count; i++) {
        int32_t ix = arc_of(s->steps[i]);
        int64_t more = s->steps[i] < 0 ? -times : times;
        s->arcs[ix].spare += more;
        if (more < 0 && s->in_forest[ix] && s->arcs[ix].spare <= 0)
            cut(s, ix);
    }
    use_rows(s, (double)times);
    s->gain -= (double)times * s->cost;
}

static outcome try_round(ms_tidier *s, measure *m, int32_t *by)
{
    measure_rows(s, m);
    int way = choose(s, m);
    if (m->most[way] < 1)
        return stopped(m, way, by);
    if (m->most[way] > 9e18)
        return STUCK;
    int64_t times = (int64_t)m->most[way];
    turn_round(s, way == FORWARD ? times : -times);
    return WENT;
}

/* ---- turning several ---- */

static void change_arc(ms_tidier *s, int32_t ix, double change)
{
    if (!s->is_changed[ix]) {
        s->is_changed[ix] = true;
        s->changed[s->changed_count++] = ix;
        s->change[ix] = 0;
    }
    s->change[ix] += change;
}

static void read_mix(ms_tidier *s, measure *m)
{
    *m = (measure){
        .most = {INFINITY, INFINITY}, .arc = {-1, -1}, .row = {-1, -1}, .cost = s->cost, .cost_size = s->cost_size};
    for (int32_t i = 0; i < s->step_count; i++)
        change_arc(s, arc_of(s->steps[i]), sign_of(s->steps[i]));
    for (int32_t p = 0; p < s->part_count; p++) {
        const ms_round *round = &s->rounds[s->parts[p].round];
        double factor = s->parts[p].factor;
        m->cost += factor * round->cost;
        m->cost_size += fabs(factor) * round->cost_size;
        for (int32_t i = 0; i < round->step_count; i++) {
            int32_t step = s->pool[round->first_step + (size_t)i];
            change_arc(s, arc_of(step), sign_of(step) * factor);
        }
    }
    for (int32_t i = 0; i < s->changed_count; i++)
        measure_arc(s, m, s->changed[i], s->change[s->changed[i]]);
    measure_rows(s, m);
}

/* What each arc gains when the rounds are taken so often. */
static void fill_delta(ms_tidier *s, int64_t own, const int64_t *times)
{
    for (int32_t i = 0; i < s->changed_count; i++)
        s->delta[s->changed[i]] = 0;
    for (int32_t i = 0; i < s->step_count; i++)
        s->delta[arc_of(s->steps[i])] += s->steps[i] < 0 ? -own : own;
    for (int32_t p = 0; p < s->part_count; p++) {
        const ms_round *round = &s->rounds[s->parts[p].round];
        for (int32_t i = 0; i < round->step_count; i++) {
            int32_t step = s->pool[round->first_step + (size_t)i];
            s->delta[arc_of(step)] += step < 0 ? -times[p] : times[p];
        }
    }
}

/* Takes a round that has the arc a few times more or less. */
static void mend(const ms_tidier *s, int32_t ix, int64_t more, int64_t *own, int64_t *times)
{
    for (int32_t p = 0; p < s->part_count; p++) {
        const ms_round *round = &s->rounds[s->parts[p].round];
        for (int32_t i = 0; i < round->step_count; i++) {
            int32_t step = s->pool[round->first_step + (size_t)i];
            if (arc_of(step) == ix) {
                times[p] += step < 0 ? -more : more;
                return;
            }
        }
    }
    for (int32_t i = 0; i < s->step_count; i++)
        if (arc_of(s->steps[i]) == ix) {
            *own += s->steps[i] < 0 ? -more : more;
            return;
        }
}

/* Mends the few quanta that rounding takes too many off an arc, or leaves on the one that should run empty. */
static bool mend_rounding(ms_tidier *s, int64_t *own, int64_t *times, int32_t ends)
{
    const int64_t few = 64;
    const int tries_most = 4;
    for (int tries = 0; tries < tries_most; tries++) {
        bool good = true;
        fill_delta(s, *own, times);
        for (int32_t i = 0; i < s->changed_count && good; i++) {
            int32_t ix = s->changed[i];
            int64_t over = s->arcs[ix].spare > 0 ? -s->delta[ix] - s->arcs[ix].spare : -s->delta[ix];
            if (s->delta[ix] >= 0 || (over <= 0 && (ix != ends || tries + 1 == tries_most)) || over == 0 || over < -few)
                continue;
            if (over > few)
                return false;
            mend(s, ix, over, own, times);
            good = false;
        }
        if (good)
            return true;
    }
    return false;
}

/* How far a limit may be passed for rounding's sake: what ms_flow_settle allows itself. */
static double slack_of(const ms_tidier *s, size_t row)
{
    const double share = 1e-8, least_t = 1e-6;
    const ms_network *net = s->net;
    double room_t = row < s->site_row        ? net->lane_room[row]
                    : row < s->store_row     ? net->site_room[row - s->site_row]
                    : row < s->fleet_row     ? net->storage[row - s->store_row]
                    : row < s->agreement_row ? net->fleet_room[row - s->fleet_row]
                                             : net->agreement_room[row - s->agreement_row];
    return share * room_t + least_t;
}

/* Works out what the rows are really used for, in whole quanta, and whether they have room for it. */
static bool rows_hold(ms_tidier *s)
{
    const double nothing = 1e-15;
    ms_tidy_begin(s);
    for (int32_t i = 0; i < s->changed_count; i++) {
        const ms_arc *arc = &s->arcs[s->changed[i]];
        if (s->delta[s->changed[i]] != 0)
            ms_tidy_spread(s, arc, (double)s->delta[s->changed[i]] * s->quantum_t[arc->layer]);
    }
    for (int32_t i = 0; i < s->touched_count; i++) {
        const ms_tidy_row *row = &s->rows[s->touched[i]];
        if (row->use_t > nothing && row->left_t - row->use_t < -slack_of(s, (size_t)s->touched[i]))
            return false;
    }
    return true;
}

static outcome turn_mix(ms_tidier *s, double times, int32_t ends)
{
    int64_t part_times[MS_TIDY_PARTS], own = llround(times);
    bool any = false;
    for (int32_t p = 0; p < s->part_count; p++)
        part_times[p] = llround(times * s->parts[p].factor);
    if (!mend_rounding(s, &own, part_times, ends) || !rows_hold(s))
        return STUCK;
    use_rows(s, 1);
    for (int32_t i = 0; i < s->changed_count; i++) {
        int32_t ix = s->changed[i];
        int64_t delta = s->delta[ix];
        s->arcs[ix].spare += delta;
        s->gain -= (double)delta * s->arcs[ix].cost;
        any = any || delta != 0;
        if (delta < 0 && s->in_forest[ix] && s->arcs[ix].spare <= 0)
            cut(s, ix);
    }
    return any ? WENT : STUCK;
}

static outcome try_mix(ms_tidier *s, int32_t *by)
{
    const double most_quanta = 9e15; /* beyond it a double does not count them */
    measure m;
    outcome got;
    read_mix(s, &m);
    int way = choose(s, &m);
    if (m.most[way] < 1)
        got = stopped(&m, way, by);
    else if (m.most[way] > most_quanta)
        got = STUCK;
    else
        got = turn_mix(s, way == FORWARD ? m.most[way] : -m.most[way], m.arc[way]);
    for (int32_t i = 0; i < s->changed_count; i++)
        s->is_changed[s->changed[i]] = false;
    s->changed_count = 0;
    return got;
}

/* ---- an arc ---- */

/* What to do about an arc without spare quanta that stops the turn: it leaves the forest, or its rounds are dead.
 * False: nothing can be done. */
static bool clear(ms_tidier *s, int32_t by)
{
    if (s->arcs[by].spare > 0)
        return false;
    if (s->part_count > 0 && ms_tidy_bury(s, by))
        return true;
    if (!s->in_forest[by])
        return false;
    cut(s, by);
    return true;
}

/* How many rounds at most are worth mixing to be rid of the arc: the less goes on it the more. */
static int32_t parts_worth(const ms_tidier *s, int32_t ix)
{
    const double dust_t = 5e-3, little_t = 0.1;
    const int32_t for_little = MS_TIDY_PARTS / 4;
    double load_t = (double)s->arcs[ix].spare * s->quantum;
    return load_t < dust_t ? MS_TIDY_PARTS : load_t < little_t ? for_little : s->parts_most;
}

void ms_tidy_treat(ms_tidier *s, int32_t ix)
{
    const int tries_most = 64;
    s->quantum = s->quantum_t[s->arcs[ix].layer];
    s->may_lose = true;
    for (int tries = 0; tries < tries_most && !s->in_forest[ix] && s->arcs[ix].spare > 0; tries++) {
        measure m;
        int32_t by = -1;
        if (!close_round(s, ix)) {
            join(s, ix);
            return;
        }
        read_round(s, &m);
        bool mixed = s->owning && ms_tidy_mix(s, parts_worth(s, ix));
        if (s->owning && !mixed)
            read_round(s, &m);
        outcome got = s->part_count > 0 ? try_mix(s, &by) : try_round(s, &m, &by);
        if (got == WENT || (got == STOPPED_BY_ARC && clear(s, by)))
            continue;
        if (got == STOPPED_BY_ROW && mixed)
            ms_tidy_own(s);
        return;
    }
}

void ms_tidy_enter(ms_tidier *s, int32_t ix)
{
    const int tries_most = 8;
    s->quantum = s->quantum_t[s->arcs[ix].layer];
    for (int tries = 0; tries < tries_most && !s->in_forest[ix]; tries++) {
        measure m;
        if (!close_round(s, ix)) {
            join(s, ix);
            return;
        }
        read_round(s, &m);
        measure_rows(s, &m);
        double loss = m.cost * m.most[FORWARD];
        bool worth = m.cost < 0 && !is_free(&m) && m.arc[FORWARD] >= 0 && m.most[FORWARD] >= 1;
        if (!worth && (!empties(s, &m, FORWARD) || (!is_free(&m) && (loss > s->loss_most || loss > s->gain))))
            return;
        turn_round(s, (int64_t)m.most[FORWARD]);
        join(s, ix);
    }
}
