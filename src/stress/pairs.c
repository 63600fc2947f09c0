/* pairs.c: the worst pairs (search.h). A pair hurts at least as much as the worse of its two, and at most as much as
 * the plan for one of them does once it has been cancelled down to avoid the other. Only pairs whose most exceeds the
 * least of the worst `count` are kept, and only while they do are they solved, the most promising first.
 *
 * Cost: pairs x 1, and plans for the few that a look at three plans leaves. Memory: the pairs that are kept. */
#include "stress/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int32_t a, b;
    double least, most;
    bool solved;
} pair;

typedef struct {
    const ms_search *search;
    size_t count;   /* wanted */
    size_t *single; /* [failure]: what is known of it alone; 0, the base, where it is harmless */
    double *least;  /* [failure]: alone */
    double *best;   /* [count]: the greatest leasts, ascending as a heap's array */
    pair *kept;
    size_t kept_count, kept_capacity;
    double others_most; /* of the pairs that are not kept */
    double cut;         /* the least of the count-th worst: what comes to no more cannot matter */
    size_t solved_count;
    bool stopped;
} ranker;

/* ---- the threshold: the count-th greatest of all leasts ---- */

/* best is a heap with its smallest in front. */
static void offer(ranker *r, double least)
{
    double *best = r->best;
    size_t at = 0;
    if (r->count == 0 || least <= best[0])
        return;
    for (size_t child; (child = 2 * at + 1) < r->count; at = child) {
        if (child + 1 < r->count && best[child + 1] < best[child])
            child++;
        if (best[child] >= least)
            break;
        best[at] = best[child];
    }
    best[at] = least;
}

static void reset_best(ranker *r)
{
    for (size_t i = 0; i < r->count; i++)
        r->best[i] = -INFINITY;
}

/* What exceeds this matters: within the gap of the threshold nothing does. */
static double cutoff(const ranker *r)
{
    return r->cut > 0 ? r->cut / (1 - r->search->gap) : r->cut;
}

/* ---- which pairs are kept ---- */

static ms_set pair_set(int32_t a, int32_t b)
{
    return (ms_set){.items = {a, b}, .size = 2};
}

/* From the plans of either alone and of the base; the greatest that any look can leave. */
static double quick_most(const ranker *r, int32_t a, int32_t b)
{
    const ms_known *items = r->search->damage->items;
    const ms_known *of_a = &items[r->single[a]], *of_b = &items[r->single[b]];
    return fmin(items[0].objective + items[0].loss[a] + items[0].loss[b],
                fmin(of_a->objective + of_a->loss[a] + of_a->loss[b], of_b->objective + of_b->loss[a] + of_b->loss[b]));
}

static bool keep(ranker *r, int32_t a, int32_t b)
{
    double most = quick_most(r, a, b);
    if (most > cutoff(r)) {
        ms_set set = pair_set(a, b);
        most = ms_damage_most(r->search->damage, &set);
    }
    if (most <= cutoff(r)) {
        r->others_most = fmax(r->others_most, most);
        return true;
    }
    void *kept = r->kept;
    if (!ms_grow(&kept, &r->kept_capacity, r->kept_count + 1, sizeof *r->kept))
        return false;
    r->kept = kept;
    r->kept[r->kept_count++] = (pair){a, b, fmax(r->least[a], r->least[b]), most, false};
    return true;
}

static ms_status look_at_all(ranker *r, ms_error *err)
{
    int32_t failures = r->search->damage->failure_count;
    reset_best(r);
    for (int32_t a = 0; a < failures; a++)
        for (int32_t b = a + 1; b < failures; b++)
            offer(r, fmax(r->least[a], r->least[b]));
    r->cut = r->best[0];
    for (int32_t a = 0; a < failures; a++)
        for (int32_t b = a + 1; b < failures; b++)
            if (!keep(r, a, b))
                return ms_error_memory(err);
    return MS_OK;
}

/* ---- solving ---- */

static bool goes_before(const pair *x, const pair *y)
{
    return x->most > y->most || (x->most == y->most && (x->a < y->a || (x->a == y->a && x->b < y->b)));
}

/* The unsolved pairs with the greatest most above the cutoff; how many. */
static size_t choose(pair *chosen[MS_SEARCH_BATCH], ranker *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->kept_count; i++) {
        pair *p = &r->kept[i];
        if (p->solved || p->most <= cutoff(r) ||
            (count == MS_SEARCH_BATCH && !goes_before(p, chosen[MS_SEARCH_BATCH - 1])))
            continue;
        size_t at = count < MS_SEARCH_BATCH ? count++ : MS_SEARCH_BATCH - 1;
        for (; at > 0 && goes_before(p, chosen[at - 1]); at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = p;
    }
    return count;
}

static void learn(ranker *r, pair *p)
{
    ms_set set = pair_set(p->a, p->b);
    const ms_known *known = ms_damage_find(r->search->damage, &set);
    if (known == NULL)
        return;
    p->least = fmax(p->least, known->bound);
    p->most = fmin(p->most, known->objective);
    p->solved = true;
    r->solved_count++;
}

static void raise_cut(ranker *r)
{
    reset_best(r);
    for (size_t i = 0; i < r->kept_count; i++)
        offer(r, r->kept[i].least);
    r->cut = fmax(r->cut, r->best[0]);
}

static ms_status solve_some(ranker *r, pair *const *chosen, size_t count, ms_error *err)
{
    ms_set sets[MS_SEARCH_BATCH];
    for (size_t i = 0; i < count; i++)
        sets[i] = pair_set(chosen[i]->a, chosen[i]->b);
    MS_TRY(r->search->solve(&r->stopped, r->search->context, sets, count, r->cut, err));
    for (size_t i = 0; i < count; i++)
        learn(r, chosen[i]);
    raise_cut(r);
    return MS_OK;
}

/* ---- the answer ---- */

/* Worse by what is proven; then by what is possible; then in the order of the failures. */
static bool ranks_before(const pair *x, const pair *y)
{
    if (x->least != y->least)
        return x->least > y->least;
    return goes_before(x, y);
}

/* Puts the pair into the list at its place, or what falls out of it into others_most. */
static void enlist(ranker *r, pair *list, size_t *listed, const pair *p)
{
    pair out = *p;
    if (*listed == r->count) {
        if (r->count > 0 && ranks_before(p, &list[r->count - 1])) {
            out = list[r->count - 1];
            (*listed)--;
        }
        r->others_most = fmax(r->others_most, out.most);
        if (*listed == r->count)
            return;
    }
    size_t at = (*listed)++;
    for (; at > 0 && ranks_before(p, &list[at - 1]); at--)
        list[at] = list[at - 1];
    list[at] = *p;
}

/* The list of all pairs; those that were not kept have only their quick bounds. */
static void rank_all(ranker *r, pair *list, size_t *listed)
{
    int32_t failures = r->search->damage->failure_count;
    size_t next = 0; /* of kept, which are in the same order */
    r->others_most = -INFINITY;
    for (int32_t a = 0; a < failures; a++)
        for (int32_t b = a + 1; b < failures; b++) {
            pair p = {a, b, fmax(r->least[a], r->least[b]), 0, false};
            if (next < r->kept_count && r->kept[next].a == a && r->kept[next].b == b) {
                p = r->kept[next++];
            } else {
                ms_set set = pair_set(a, b);
                p.most = quick_most(r, a, b);
                if (p.most > cutoff(r))
                    p.most = ms_damage_most(r->search->damage, &set);
            }
            enlist(r, list, listed, &p);
        }
}

static ms_status hand_over(ms_worst_sets *out, ranker *r, ms_error *err)
{
    pair *list = ms_alloc(r->count, sizeof *list);
    ms_worst_sets sets = {.items = ms_alloc(r->count, sizeof *sets.items)};
    if (!list || !sets.items) {
        ms_free(list);
        ms_free(sets.items);
        return ms_error_memory(err);
    }
    rank_all(r, list, &sets.count);
    for (size_t i = 0; i < sets.count; i++)
        sets.items[i] = (ms_worst_set){pair_set(list[i].a, list[i].b), list[i].least, list[i].most, list[i].solved};
    sets.others_most = r->others_most;
    sets.solved_count = r->solved_count;
    sets.stopped = r->stopped;
    ms_free(list);
    *out = sets;
    return MS_OK;
}

static ms_status find_singles(ranker *r, ms_error *err)
{
    const ms_damage *damage = r->search->damage;
    size_t failures = (size_t)damage->failure_count;
    r->single = ms_alloc(failures, sizeof *r->single);
    r->least = ms_alloc(failures, sizeof *r->least);
    r->best = ms_alloc(r->count, sizeof *r->best);
    if (!r->single || !r->least || !r->best)
        return ms_error_memory(err);
    for (size_t i = 0; i < failures; i++)
        r->least[i] = damage->items[0].bound;
    for (size_t i = 0; i < damage->count; i++) {
        const ms_known *known = &damage->items[i];
        if (known->set.size != 1)
            continue;
        r->single[known->set.items[0]] = i;
        r->least[known->set.items[0]] = fmax(known->bound, damage->items[0].bound);
    }
    return MS_OK;
}

ms_status ms_search_pairs(ms_worst_sets *out, const ms_search *search, size_t count, ms_error *err)
{
    double failures = search->damage->failure_count, pairs = failures * (failures - 1) / 2;
    ranker r = {.search = search, .count = (double)count < pairs ? count : (size_t)pairs, .others_most = -INFINITY};
    pair *chosen[MS_SEARCH_BATCH];
    ms_status status = find_singles(&r, err);
    if (status == MS_OK && r.count > 0)
        status = look_at_all(&r, err);
    for (size_t some; status == MS_OK && !r.stopped && (some = choose(chosen, &r)) > 0;)
        status = solve_some(&r, chosen, some, err);
    if (status == MS_OK)
        status = hand_over(out, &r, err);
    if (status == MS_OK)
        out->set_count = pairs;
    ms_free(r.single);
    ms_free(r.least);
    ms_free(r.best);
    ms_free(r.kept);
    return status;
}

void ms_worst_sets_free(ms_worst_sets *sets)
{
    ms_free(sets->items);
    *sets = (ms_worst_sets){0};
}
