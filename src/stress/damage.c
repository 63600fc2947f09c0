/* damage.c: see damage.h. */
#include "stress/damage.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of the game between the plan and what is closed; more would gain little. */
enum { MIXTURES = 160 };

/* ---- sets ---- */

bool ms_set_has(const ms_set *set, int32_t failure)
{
    for (int i = 0; i < set->size; i++)
        if (set->items[i] == failure)
            return true;
    return false;
}

ms_set ms_set_with(const ms_set *set, int32_t failure)
{
    ms_set out = *set;
    int at = out.size++;
    assert(at < MS_SET_MOST && !ms_set_has(set, failure));
    for (; at > 0 && out.items[at - 1] > failure; at--)
        out.items[at] = out.items[at - 1];
    out.items[at] = failure;
    return out;
}

bool ms_set_within(const ms_set *part, const ms_set *set)
{
    for (int i = 0; i < part->size; i++)
        if (!ms_set_has(set, part->items[i]))
            return false;
    return true;
}

bool ms_set_same(const ms_set *a, const ms_set *b)
{
    return a->size == b->size && memcmp(a->items, b->items, (size_t)a->size * sizeof a->items[0]) == 0;
}

/* ---- what is known ---- */

void ms_damage_start(ms_damage *damage, int32_t failure_count, double ceiling)
{
    *damage = (ms_damage){.failure_count = failure_count, .ceiling = ceiling};
}

void ms_damage_free(ms_damage *damage)
{
    for (size_t i = 0; i < damage->count; i++) {
        ms_free(damage->items[i].loss);
        ms_free(damage->items[i].order);
    }
    ms_free(damage->items);
    *damage = (ms_damage){0};
}

/* Sorts order by loss, then by number, as a heap: no room, no recursion, the same on every machine. */
static bool goes_before(const double *loss, int32_t a, int32_t b)
{
    return loss[a] != loss[b] ? loss[a] > loss[b] : a < b;
}

static void sift(int32_t *order, const double *loss, int32_t root, int32_t end)
{
    for (int32_t child; (child = 2 * root + 1) < end; root = child) {
        if (child + 1 < end && goes_before(loss, order[child], order[child + 1]))
            child++;
        if (!goes_before(loss, order[root], order[child]))
            return;
        int32_t swap = order[root];
        order[root] = order[child];
        order[child] = swap;
    }
}

static void sort_by_loss(int32_t *order, const double *loss, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        order[i] = i;
    for (int32_t root = count / 2; root-- > 0;)
        sift(order, loss, root, count);
    for (int32_t end = count; end-- > 1;) {
        int32_t swap = order[0];
        order[0] = order[end];
        order[end] = swap;
        sift(order, loss, 0, end);
    }
}

ms_status ms_damage_add(ms_damage *damage, const ms_set *set, double objective, double bound, const double *loss,
                        ms_error *err)
{
    size_t failures = (size_t)damage->failure_count;
    void *items = damage->items;
    ms_known known = {.set = *set, .objective = objective, .bound = bound};
    if (!ms_grow(&items, &damage->capacity, damage->count + 1, sizeof *damage->items))
        return ms_error_memory(err);
    damage->items = items;
    known.loss = ms_alloc(failures, sizeof *known.loss);
    known.order = ms_alloc(failures, sizeof *known.order);
    if (!known.loss || !known.order) {
        ms_free(known.loss);
        ms_free(known.order);
        return ms_error_memory(err);
    }
    for (size_t i = 0; i < failures; i++)
        known.loss[i] = fmin(loss[i], fmax(0, damage->ceiling - objective));
    for (int i = 0; i < set->size; i++)
        known.loss[set->items[i]] = 0; /* the plan holds where these are closed */
    sort_by_loss(known.order, known.loss, damage->failure_count);
    damage->items[damage->count++] = known;
    return MS_OK;
}

const ms_known *ms_damage_find(const ms_damage *damage, const ms_set *set)
{
    for (size_t i = 0; i < damage->count; i++)
        if (ms_set_same(&damage->items[i].set, set))
            return &damage->items[i];
    return NULL;
}

/* ---- one set ---- */

double ms_damage_least(const ms_damage *damage, const ms_set *set)
{
    double least = -INFINITY;
    for (size_t i = 0; i < damage->count; i++)
        if (damage->items[i].bound > least && ms_set_within(&damage->items[i].set, set))
            least = damage->items[i].bound;
    return least;
}

static double most_by(const ms_known *known, const ms_set *set)
{
    double most = known->objective;
    for (int i = 0; i < set->size; i++)
        most += known->loss[set->items[i]];
    return most;
}

double ms_damage_most(const ms_damage *damage, const ms_set *set)
{
    double most = damage->ceiling;
    for (size_t i = 0; i < damage->count; i++)
        most = fmin(most, most_by(&damage->items[i], set));
    return most;
}

/* ---- all sets of a size ---- */

typedef struct {
    const ms_damage *damage;
    const ms_set *fixed;
    const uint8_t *barred;
    int more; /* failures that may still be chosen */
} choice;

static bool may_choose(const choice *c, int32_t failure)
{
    return !c->barred[failure] && !ms_set_has(c->fixed, failure);
}

/* The worst that can be chosen against one plan. */
static double worst_of_plan(const choice *c, const ms_known *known)
{
    double most = most_by(known, c->fixed);
    int left = c->more;
    for (int32_t i = 0; i < c->damage->failure_count && left > 0; i++) {
        int32_t failure = known->order[i];
        if (!(known->loss[failure] > 0))
            break;
        if (!may_choose(c, failure))
            continue;
        most += known->loss[failure];
        left--;
    }
    return most;
}

/* The worst that can be chosen against a mixture whose losses are `loss`; adds `share` of it to `chosen`. */
static double worst_of_mixture(const choice *c, const double *loss, double *chosen, double share)
{
    int32_t picked[MS_SET_MOST];
    double sum = 0;
    int count = 0;
    for (int32_t failure = 0; failure < c->damage->failure_count; failure++) {
        if (!(loss[failure] > 0) || !may_choose(c, failure))
            continue;
        int at = count < c->more ? count++ : c->more;
        for (; at > 0 && loss[picked[at - 1]] < loss[failure]; at--)
            if (at < c->more)
                picked[at] = picked[at - 1];
        if (at < c->more)
            picked[at] = failure;
    }
    for (int i = 0; i < count; i++) {
        sum += loss[picked[i]];
        chosen[picked[i]] += share;
    }
    return sum;
}

/* The plan that does best against shares of failures; -1 when none is finite. */
static int64_t best_answer(const choice *c, const double *chosen)
{
    const ms_damage *damage = c->damage;
    double least = INFINITY;
    int64_t best = -1;
    for (size_t i = 0; i < damage->count; i++) {
        const ms_known *known = &damage->items[i];
        double worth = most_by(known, c->fixed);
        for (int32_t failure = 0; failure < damage->failure_count && worth < least; failure++)
            if (chosen[failure] > 0)
                worth += chosen[failure] * known->loss[failure];
        if (worth < least && worst_of_plan(c, known) < INFINITY) {
            least = worth;
            best = (int64_t)i;
        }
    }
    return best;
}

/* Fictitious play: each side answers the average of what the other has done so far. Whatever the average of the plans
 * is, it is a plan, so each round proves a bound, and the best is kept. */
static double worst_of_mixtures(const choice *c, size_t start, double enough, double *room)
{
    int32_t count = c->damage->failure_count;
    double *loss = room, *chosen = room + count, *clean = chosen + count;
    double best = INFINITY, fixed = 0;
    int64_t answer = (int64_t)start;
    memset(loss, 0, (size_t)count * sizeof *loss);
    memset(chosen, 0, (size_t)count * sizeof *chosen);
    for (int round = 1; round <= MIXTURES && answer >= 0 && best > enough; round++) {
        const ms_known *known = &c->damage->items[answer];
        double share = 1.0 / round;
        fixed += share * (most_by(known, c->fixed) - fixed);
        for (int32_t failure = 0; failure < count; failure++)
            if (may_choose(c, failure))
                loss[failure] += share * (known->loss[failure] - loss[failure]);
        memset(clean, 0, (size_t)count * sizeof *clean);
        best = fmin(best, fixed + worst_of_mixture(c, loss, clean, 1));
        for (int32_t failure = 0; failure < count; failure++)
            chosen[failure] += share * (clean[failure] - chosen[failure]);
        answer = best_answer(c, chosen);
    }
    return best;
}

double ms_damage_most_of_size(const ms_damage *damage, const ms_set *fixed, const uint8_t *barred, int size,
                              double enough, double *room)
{
    choice c = {damage, fixed, barred, size - fixed->size};
    double most = damage->ceiling, lowest = INFINITY;
    size_t start = 0;
    const double hair = 1e-12; /* the bound is a sum of many roundings */
    for (size_t i = 0; i < damage->count; i++) {
        double worst = worst_of_plan(&c, &damage->items[i]);
        if (worst < lowest) {
            lowest = worst;
            start = i;
        }
    }
    most = fmin(most, lowest);
    if (c.more > 0 && lowest < INFINITY && most > enough)
        most = fmin(most, worst_of_mixtures(&c, start, enough, room));
    return most + hair * fabs(most);
}
