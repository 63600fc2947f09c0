/* worst.c: the set of N failures that together hurt most (search.h): attacker against planner, by branch and bound.
 *
 * A node has failures that are closed and failures that are barred from the sets below it. Let P be a plan for what it
 * has closed. A worse set below it either avoids all that P uses, and then P stands; or it holds a first one of what P
 * uses, in the order of what that costs P. So a solved node hands out one child at a time, that holds the first of them
 * and is barred from none but the node's own, and goes on itself with that one barred, too. All plans that are known
 * bound both (ms_damage_most_of_size). The node with the greatest bound goes first.
 *
 * Origin: implicit enumeration of interdictions (Scaparra and Church 2008; Brown, Carlyle, Salmeron and Wood 2006, for
 * attacker and defender). Cost: a solve for each node that its bound cannot exclude. Memory: a word or two a node.
 */
#include "stress/search.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { NODES_MOST = 1 << 20 };

typedef struct {
    ms_set set;
    int64_t parent;      /* node; -1 for the root */
    int32_t parent_rank; /* in the order of the parent's losses: those before it are barred */
    int64_t plan;        /* of the set, in what is known; -1: it has not been solved */
    int32_t rank;        /* in the order of the plan's losses: those before it are barred, too */
    double most;         /* for every set below it */
    size_t known;        /* plans when `most` was found; 0: it is the parent's */
} node;

typedef struct {
    const ms_search *search;
    int size;
    node *nodes;
    size_t count, capacity;
    size_t *open; /* heap, the greatest `most` in front */
    size_t open_count, open_capacity;
    ms_set best;
    double best_least, best_most;
    double closed_most; /* for all sets at nodes that are done */
    uint8_t *barred;
    double *room;
    size_t solved_count;
    bool stopped;
} searcher;

/* ---- nodes by bound ---- */

static bool goes_before(const searcher *s, size_t a, size_t b)
{
    double most = s->nodes[a].most, other = s->nodes[b].most;
    return most != other ? most > other : a < b;
}

static bool push(searcher *s, size_t node_ix)
{
    void *open = s->open;
    if (!ms_grow(&open, &s->open_capacity, s->open_count + 1, sizeof *s->open))
        return false;
    s->open = open;
    size_t at = s->open_count++;
    for (; at > 0 && goes_before(s, node_ix, s->open[(at - 1) / 2]); at = (at - 1) / 2)
        s->open[at] = s->open[(at - 1) / 2];
    s->open[at] = node_ix;
    return true;
}

static size_t pop(searcher *s)
{
    size_t first = s->open[0], last = s->open[--s->open_count], at = 0;
    for (size_t child; (child = 2 * at + 1) < s->open_count; at = child) {
        if (child + 1 < s->open_count && goes_before(s, s->open[child + 1], s->open[child]))
            child++;
        if (!goes_before(s, s->open[child], last))
            break;
        s->open[at] = s->open[child];
    }
    if (s->open_count > 0)
        s->open[at] = last;
    return first;
}

static double cutoff(const searcher *s)
{
    return s->best_least > 0 ? s->best_least / (1 - s->search->gap) : s->best_least;
}

/* ---- bounds ---- */

static void bar_first(searcher *s, const node *n, int32_t rank)
{
    const ms_known *known = &s->search->damage->items[n->plan];
    for (int32_t i = 0; i < rank; i++)
        s->barred[known->order[i]] = 1;
}

/* Marks what no set below the node may hold. */
static void mark_barred(searcher *s, size_t node_ix)
{
    const node *n = &s->nodes[node_ix];
    memset(s->barred, 0, (size_t)s->search->damage->failure_count);
    if (n->plan >= 0)
        bar_first(s, n, n->rank);
    for (; n->parent >= 0; n = &s->nodes[n->parent])
        bar_first(s, &s->nodes[n->parent], n->parent_rank);
}

/* Brings the node's bound up to date; true when it had been. */
static bool refresh(searcher *s, size_t node_ix)
{
    node *n = &s->nodes[node_ix];
    const ms_damage *damage = s->search->damage;
    if (n->known == damage->count)
        return true;
    mark_barred(s, node_ix);
    double most = n->set.size == s->size
                      ? ms_damage_most(damage, &n->set)
                      : ms_damage_most_of_size(damage, &n->set, s->barred, s->size, cutoff(s), s->room);
    n->most = fmin(n->most, most);
    n->known = damage->count;
    return false;
}

/* ---- what a solved set says ---- */

static void note(searcher *s, const ms_known *known)
{
    if (known->bound > s->best_least) {
        s->best_least = known->bound;
        s->best_most = known->objective;
        s->best = known->set;
    }
    s->closed_most = fmax(s->closed_most, known->objective);
}

static ms_status add_child(searcher *s, size_t node_ix, int32_t rank, ms_error *err)
{
    const node *n = &s->nodes[node_ix];
    int32_t failure = s->search->damage->items[n->plan].order[rank];
    node child = {ms_set_with(&n->set, failure), (int64_t)node_ix, rank, -1, 0, n->most, 0};
    void *nodes = s->nodes;
    if (s->count == NODES_MOST)
        return ms_error_set(err, MS_LIMIT, "more than %d sets to look at; ask for fewer failures", NODES_MOST);
    if (!ms_grow(&nodes, &s->capacity, s->count + 1, sizeof *s->nodes))
        return ms_error_memory(err);
    s->nodes = nodes;
    s->nodes[s->count++] = child;
    return push(s, s->count - 1) ? MS_OK : ms_error_memory(err);
}

/* One child of a solved node, and the node again without it; nothing when its plan uses no more that may be closed. */
static ms_status branch(searcher *s, size_t node_ix, ms_error *err)
{
    const ms_known *known = &s->search->damage->items[s->nodes[node_ix].plan];
    int32_t rank = s->nodes[node_ix].rank;
    if (s->nodes[node_ix].set.size == s->size)
        return MS_OK;
    mark_barred(s, node_ix);
    for (; rank < s->search->damage->failure_count && known->loss[known->order[rank]] > 0; rank++) {
        int32_t failure = known->order[rank];
        if (s->barred[failure] || ms_set_has(&known->set, failure))
            continue;
        MS_TRY(add_child(s, node_ix, rank, err));
        s->nodes[node_ix].rank = rank + 1;
        s->nodes[node_ix].known = 0;
        return push(s, node_ix) ? MS_OK : ms_error_memory(err);
    }
    return MS_OK;
}

/* Takes the plan of a node's set over, if it has been solved. */
static bool adopt(searcher *s, size_t node_ix)
{
    node *n = &s->nodes[node_ix];
    const ms_known *known = n->plan < 0 ? ms_damage_find(s->search->damage, &n->set) : NULL;
    if (known != NULL) {
        n->plan = known - s->search->damage->items;
        note(s, known);
    }
    return n->plan >= 0;
}

/* ---- the search ---- */

/* Takes nodes from the front: solved ones are branched on at once, others wait in the batch, until it is full or
 * nothing is left that could matter. */
static ms_status gather(size_t batch[MS_SEARCH_BATCH], size_t *count, searcher *s, ms_error *err)
{
    *count = 0;
    while (s->open_count > 0 && *count < MS_SEARCH_BATCH && s->nodes[s->open[0]].most > cutoff(s)) {
        size_t node_ix = pop(s);
        if (!refresh(s, node_ix)) {
            if (!push(s, node_ix))
                return ms_error_memory(err);
            continue;
        }
        if (adopt(s, node_ix))
            MS_TRY(branch(s, node_ix, err));
        else
            batch[(*count)++] = node_ix;
    }
    return MS_OK;
}

/* The same set may be at two nodes, reached in another order; it is solved once. */
static size_t distinct(ms_set sets[MS_SEARCH_BATCH], const searcher *s, const size_t *batch, size_t count)
{
    size_t distinct_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < distinct_count; j++)
            seen = seen || ms_set_same(&sets[j], &s->nodes[batch[i]].set);
        if (!seen)
            sets[distinct_count++] = s->nodes[batch[i]].set;
    }
    return distinct_count;
}

static ms_status solve_batch(searcher *s, const size_t *batch, size_t count, ms_error *err)
{
    ms_set sets[MS_SEARCH_BATCH];
    size_t set_count = distinct(sets, s, batch, count), before = s->search->damage->count;
    MS_TRY(s->search->solve(&s->stopped, s->search->context, sets, set_count, s->best_least, err));
    s->solved_count += s->search->damage->count - before;
    for (size_t i = 0; i < count; i++) {
        if (adopt(s, batch[i]))
            MS_TRY(branch(s, batch[i], err));
        else if (!push(s, batch[i]))
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* A first good set: the worst one failure, with it the worst second, as far as known plans tell, and so on. */
static ms_status dive(searcher *s, ms_error *err)
{
    const ms_damage *damage = s->search->damage;
    ms_set set = {.size = 0};
    for (int size = 0; size < s->size && !s->stopped; size++) {
        const ms_known *known = ms_damage_find(damage, &set);
        if (known == NULL)
            return MS_OK;
        note(s, known);
        ms_set next[MS_SEARCH_BATCH];
        size_t count = 0, best = 0;
        for (int32_t rank = 0; rank < damage->failure_count && count < MS_SEARCH_BATCH; rank++)
            if (known->loss[known->order[rank]] > 0 && !ms_set_has(&set, known->order[rank]))
                next[count++] = ms_set_with(&set, known->order[rank]);
        size_t before = damage->count, unknown = 0;
        ms_set ask[MS_SEARCH_BATCH];
        for (size_t i = 0; i < count; i++)
            if (ms_damage_find(damage, &next[i]) == NULL)
                ask[unknown++] = next[i];
        if (unknown > 0)
            MS_TRY(s->search->solve(&s->stopped, s->search->context, ask, unknown, s->best_least, err));
        s->solved_count += damage->count - before;
        for (size_t i = 1; i < count; i++)
            if (ms_damage_least(damage, &next[i]) > ms_damage_least(damage, &next[best]))
                best = i;
        if (count == 0)
            return MS_OK;
        set = next[best];
    }
    const ms_known *known = ms_damage_find(damage, &set);
    if (known != NULL)
        note(s, known);
    return MS_OK;
}

static ms_status start(searcher *s, ms_error *err)
{
    const ms_damage *damage = s->search->damage;
    s->barred = ms_alloc((size_t)damage->failure_count, 1);
    s->room = ms_alloc(3 * (size_t)damage->failure_count, sizeof *s->room);
    s->nodes = ms_alloc(1, sizeof *s->nodes);
    if (!s->barred || !s->room || !s->nodes)
        return ms_error_memory(err);
    s->capacity = 1;
    s->nodes[0] = (node){.parent = -1, .plan = -1, .most = INFINITY};
    s->count = 1;
    s->best_least = s->closed_most = -INFINITY;
    for (size_t i = 0; i < damage->count; i++)
        if (damage->items[i].set.size <= s->size)
            note(s, &damage->items[i]);
    s->closed_most = -INFINITY;
    if (!push(s, 0))
        return ms_error_memory(err);
    return dive(s, err);
}

static ms_status hand_over(ms_worst_sets *out, const searcher *s, ms_error *err)
{
    ms_worst_sets sets = {.items = ms_alloc(1, sizeof *sets.items), .count = 1};
    if (!sets.items)
        return ms_error_memory(err);
    sets.items[0] = (ms_worst_set){s->best, s->best_least, s->best_most, true};
    sets.others_most = fmax(s->closed_most, s->best_most);
    if (s->open_count > 0)
        sets.others_most = fmax(sets.others_most, s->nodes[s->open[0]].most);
    sets.solved_count = s->solved_count;
    sets.stopped = s->stopped;
    sets.set_count = 1;
    for (int i = 0; i < s->size; i++)
        sets.set_count *= (double)(s->search->damage->failure_count - i) / (i + 1);
    *out = sets;
    return MS_OK;
}

ms_status ms_search_worst(ms_worst_sets *out, const ms_search *search, int size, ms_error *err)
{
    searcher s = {.search = search, .size = size};
    size_t batch[MS_SEARCH_BATCH], count = 0;
    assert(size >= 1 && size <= MS_SET_MOST);
    if (s.size > search->damage->failure_count)
        s.size = search->damage->failure_count;
    ms_status status = start(&s, err);
    while (status == MS_OK && !s.stopped) {
        status = gather(batch, &count, &s, err);
        if (status != MS_OK || count == 0)
            break;
        status = solve_batch(&s, batch, count, err);
    }
    if (status == MS_OK)
        status = hand_over(out, &s, err);
    ms_free(s.nodes);
    ms_free(s.open);
    ms_free(s.barred);
    ms_free(s.room);
    return status;
}
