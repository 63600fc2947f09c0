/* order.c: the steps of one order, put in order and held against the transition table. See order.h. */
#include "ledger/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define P MS_SIDE_PROVIDER
#define R MS_SIDE_RECEIVER
#define BOTH MS_SIDE_BOTH
const ms_transition ms_transitions[MS_STAGES][MS_STEPS] = {
    [MS_STAGE_NONE] = {[MS_STEP_REQUEST] = {R, MS_STAGE_REQUESTED}},
    [MS_STAGE_REQUESTED] = {[MS_STEP_OFFER] = {P, MS_STAGE_OFFERED},
                            [MS_STEP_DECLINE] = {P, MS_STAGE_DECLINED},
                            [MS_STEP_CANCEL] = {BOTH, MS_STAGE_CANCELLED}},
    [MS_STAGE_OFFERED] = {[MS_STEP_OFFER] = {P, MS_STAGE_OFFERED},
                          [MS_STEP_ACCEPT] = {R, MS_STAGE_ACCEPTED},
                          [MS_STEP_DECLINE] = {R, MS_STAGE_REQUESTED}, /* while no other offer is open */
                          [MS_STEP_CANCEL] = {BOTH, MS_STAGE_CANCELLED}},
    [MS_STAGE_ACCEPTED] = {[MS_STEP_ISSUE] = {P, MS_STAGE_ACCEPTED},
                           [MS_STEP_RECEIVE] = {BOTH, MS_STAGE_ACCEPTED},
                           [MS_STEP_DISPUTE] = {BOTH, MS_STAGE_ACCEPTED},
                           [MS_STEP_SETTLE] = {BOTH, MS_STAGE_ACCEPTED},
                           [MS_STEP_CANCEL] = {BOTH, MS_STAGE_CLOSED}},
    [MS_STAGE_CLOSED] = {[MS_STEP_RECEIVE] = {BOTH, MS_STAGE_CLOSED},
                         [MS_STEP_DISPUTE] = {BOTH, MS_STAGE_CLOSED},
                         [MS_STEP_SETTLE] = {BOTH, MS_STAGE_CLOSED}},
};

static const char *const stage_words[MS_STAGES] = {"none",      "requested", "offered", "declined",
                                                   "cancelled", "accepted",  "closed"};

/* ---- putting steps in order ---- */

static int by_hash(const void *a, const void *b)
{
    return ms_digest_compare(&(*(const ms_step *const *)a)->hash, &(*(const ms_step *const *)b)->hash);
}

/* The place of a hash among steps sorted by hash, or -1. */
static int32_t find_step(const ms_step *const *steps, size_t count, const ms_digest *hash)
{
    ms_step wanted = {.hash = *hash};
    const ms_step *key = &wanted, *const *found = bsearch(&key, steps, count, sizeof *steps, by_hash);
    return found != NULL ? (int32_t)(found - steps) : -1;
}

/* Steps that may come next: a binary heap of rank, then place by hash. */
typedef struct {
    int64_t *keys;
    size_t count;
} heap;

static void heap_push(heap *ready, int64_t key)
{
    size_t at = ready->count++;
    for (; at > 0 && ready->keys[(at - 1) / 2] > key; at = (at - 1) / 2)
        ready->keys[at] = ready->keys[(at - 1) / 2];
    ready->keys[at] = key;
}

static int64_t heap_pop(heap *ready)
{
    int64_t least = ready->keys[0], last = ready->keys[--ready->count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < ready->count; at = child) {
        child += child + 1 < ready->count && ready->keys[child + 1] < ready->keys[child];
        if (ready->keys[child] >= last)
            break;
        ready->keys[at] = ready->keys[child];
    }
    ready->keys[at] = last;
    return least;
}

/* For each step those that name it, as slices of `from`. */
typedef struct {
    int32_t *first, *from; /* first has count + 1 */
    int32_t *missing;      /* how many that it names are not yet in order; one that is not there at all counts too */
} named_by;

static bool map_names(named_by *map, ms_arena *arena, const ms_step *const *sorted, size_t count)
{
    size_t edges = 0;
    for (size_t i = 0; i < count; i++)
        edges += (size_t)sorted[i]->after_count;
    map->first = ms_arena_alloc(arena, count + 2, sizeof *map->first);
    map->from = ms_arena_alloc(arena, edges, sizeof *map->from);
    map->missing = ms_arena_alloc(arena, count, sizeof *map->missing);
    if (map->first == NULL || map->from == NULL || map->missing == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        map->missing[i] = sorted[i]->after_count;
        for (int32_t a = 0; a < sorted[i]->after_count; a++) {
            int32_t to = find_step(sorted, count, &sorted[i]->after[a]);
            if (to >= 0)
                map->first[to + 2]++;
        }
    }
    for (size_t i = 2; i < count + 2; i++)
        map->first[i] += map->first[i - 1];
    for (size_t i = 0; i < count; i++) {
        for (int32_t a = 0; a < sorted[i]->after_count; a++) {
            int32_t to = find_step(sorted, count, &sorted[i]->after[a]);
            if (to >= 0)
                map->from[map->first[to + 1]++] = (int32_t)i;
        }
    }
    return true;
}

/* Fills steps, step_count and waiting_count. */
static bool put_in_order(ms_ledger_order *order, ms_arena *arena, const ms_step *const *steps, size_t count)
{
    const ms_step **sorted = ms_arena_alloc(arena, count, sizeof *sorted);
    heap ready = {ms_arena_alloc(arena, count, sizeof *ready.keys), 0};
    named_by map;
    order->steps = ms_arena_alloc(arena, count, sizeof *order->steps);
    order->voids = ms_arena_alloc(arena, count, sizeof *order->voids);
    if (sorted == NULL || ready.keys == NULL || order->steps == NULL || order->voids == NULL)
        return false;
    memcpy(sorted, steps, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_hash);
    if (!map_names(&map, arena, sorted, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (map.missing[i] == 0)
            heap_push(&ready, (int64_t)sorted[i]->kind * (int64_t)count + (int64_t)i);
    }
    while (ready.count > 0) {
        size_t next = (size_t)(heap_pop(&ready) % (int64_t)count);
        order->steps[order->step_count++] = sorted[next];
        for (int32_t i = map.first[next]; i < map.first[next + 1]; i++) {
            size_t name = (size_t)map.from[i];
            if (--map.missing[name] == 0)
                heap_push(&ready, (int64_t)sorted[name]->kind * (int64_t)count + (int64_t)name);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (map.missing[i] > 0)
            order->steps[order->step_count + order->waiting_count++] = sorted[i];
    }
    return true;
}

/* ---- what a step does ---- */

typedef struct {
    ms_ledger_order *order;
    const ms_step **open; /* offers that stand */
    int32_t open_count;
} replay;

static bool close_offer(replay *of, const ms_digest *hash)
{
    for (int32_t i = 0; i < of->open_count; i++) {
        if (ms_digest_compare(&of->open[i]->hash, hash) == 0) {
            memmove(&of->open[i], &of->open[i + 1], (size_t)(of->open_count - i - 1) * sizeof *of->open);
            of->open_count--;
            return true;
        }
    }
    return false;
}

static const char *take_offer(replay *of, const ms_step *step)
{
    int64_t value;
    if (!ms_exact_amount(&value, step->quantity, step->price))
        return "its value is too large";
    if (step->has_of)
        (void)close_offer(of, &step->of);
    of->open[of->open_count++] = step;
    of->order->terms = step;
    return NULL;
}

static const char *take_accept(replay *of, const ms_step *step)
{
    for (int32_t i = 0; i < of->open_count; i++) {
        if (ms_digest_compare(&of->open[i]->hash, &step->of) == 0) {
            of->order->terms = of->open[i];
            of->order->ordered = of->open[i]->quantity;
            of->order->in_kind = of->open[i]->settlement == MS_SETTLE_IN_KIND;
            return NULL;
        }
    }
    return "the offer does not stand any more";
}

static const char *take_decline(replay *of, const ms_step *step)
{
    if (of->order->stage == MS_STAGE_REQUESTED)
        return NULL;
    if (!step->has_of || !close_offer(of, &step->of))
        return "the offer does not stand any more";
    of->order->terms = of->open_count > 0 ? of->open[of->open_count - 1] : NULL;
    return NULL;
}

/* The sums that the deliveries of one sort may come to: what it would be with value in place of *claim. */
static bool fits(const ms_ledger_order *order, bool settlement, const int64_t *claim, int64_t value)
{
    int64_t given = claim == NULL ? value : 0, taken = 0;
    for (int32_t d = 0; d < order->delivery_count; d++) {
        const ms_delivery *delivery = &order->deliveries[d];
        if (delivery->settlement != settlement)
            continue;
        given += claim == &delivery->given ? value : delivery->given;
        taken += claim == &delivery->taken ? value : delivery->taken > 0 ? delivery->taken : 0;
        if (given >= MS_EXACT_MOST || taken >= MS_EXACT_MOST)
            return false;
    }
    int64_t unused;
    return given < MS_EXACT_MOST && taken < MS_EXACT_MOST &&
           (settlement || ms_exact_amount(&unused, given, order->terms->price));
}

/* True when the step measures in what the delivery is counted in: money or item units. */
static bool measures(const ms_ledger_order *order, bool settlement, const ms_step *step)
{
    return (settlement && !order->in_kind) == (step->amount >= 0);
}

static int64_t measure_of(const ms_step *step)
{
    return step->amount >= 0 ? step->amount : step->quantity;
}

static const char *take_delivery(replay *of, const ms_step *step, ms_side side)
{
    ms_ledger_order *order = of->order;
    bool settlement = step->kind == MS_STEP_SETTLE;
    if (!measures(order, settlement, step))
        return order->in_kind ? "this order is settled in kind, in item units" : "this order is settled in money";
    if (order->delivery_count >= MS_ORDER_DELIVERIES_MOST)
        return "the order has too many deliveries";
    if (!fits(order, settlement, NULL, measure_of(step)))
        return "the sum is too large";
    order->issue_count += !settlement;
    ms_delivery *delivery = &order->deliveries[order->delivery_count++];
    *delivery = (ms_delivery){.step = step,
                              .giver = side,
                              .settlement = settlement,
                              .given = measure_of(step),
                              .taken = -1,
                              .taken_date = -1,
                              .disputed_date = step->date,
                              .due = -1};
    if (settlement && side == MS_SIDE_PROVIDER) { /* the creditor's word is enough */
        delivery->giver = MS_SIDE_RECEIVER;
        delivery->taken = delivery->given;
        delivery->taken_date = step->date;
    }
    return NULL;
}

static const char *take_word(replay *of, const ms_step *step, ms_side side)
{
    ms_ledger_order *order = of->order;
    ms_delivery *delivery = NULL;
    for (int32_t d = 0; d < order->delivery_count && delivery == NULL; d++) {
        if (ms_digest_compare(&order->deliveries[d].step->hash, &step->of) == 0)
            delivery = &order->deliveries[d];
    }
    if (delivery == NULL)
        return "there is no such issue or settlement";
    if (!measures(order, delivery->settlement, step))
        return "it measures in something else than what it answers";
    bool gave = delivery->giver == side;
    if (step->kind == MS_STEP_RECEIVE && gave)
        return "who gives does not receive";
    if (step->kind == MS_STEP_RECEIVE && delivery->taken >= 0)
        return "it has been received already; a dispute changes the quantity";
    if (step->kind == MS_STEP_DISPUTE && !gave && delivery->taken < 0)
        return "it has not been received yet";
    int64_t *claim = gave ? &delivery->given : &delivery->taken, value = measure_of(step);
    if (!fits(order, delivery->settlement, claim, value))
        return "the sum is too large";
    *claim = value;
    delivery->disputed_date = step->date;
    if (step->kind == MS_STEP_RECEIVE)
        delivery->taken_date = step->date;
    return NULL;
}

/* Why the step has no effect; NULL when it has. */
static const char *take(replay *of, const ms_step *step)
{
    ms_ledger_order *order = of->order;
    if (step->kind == MS_STEP_REQUEST) {
        order->request = step;
        order->receiver = step->by;
        order->provider = step->to;
    }
    if (order->request == NULL)
        return "it does not follow from the request"; /* only from a cycle, which no hash function has shown yet */
    bool pair = strcmp(step->by, order->provider) == 0 ? strcmp(step->to, order->receiver) == 0
                                                       : strcmp(step->to, order->provider) == 0;
    unsigned side = ms_order_side(order, step->by);
    if (!pair || side == 0)
        return "it is not between the two sides of the order";
    const ms_transition *transition = &ms_transitions[order->stage][step->kind];
    if (transition->who == 0)
        return order->stage == MS_STAGE_CLOSED && step->kind == MS_STEP_ISSUE ? "what was not issued has been cancelled"
                                                                              : "the order is not at a stage for it";
    if ((transition->who & side) == 0)
        return "it is for the other side to do";
    const char *reason = NULL;
    switch (step->kind) {
    case MS_STEP_OFFER:
        reason = take_offer(of, step);
        break;
    case MS_STEP_ACCEPT:
        reason = take_accept(of, step);
        break;
    case MS_STEP_DECLINE:
        reason = take_decline(of, step);
        break;
    case MS_STEP_ISSUE:
    case MS_STEP_SETTLE:
        reason = take_delivery(of, step, (ms_side)side);
        break;
    case MS_STEP_RECEIVE:
    case MS_STEP_DISPUTE:
        reason = take_word(of, step, (ms_side)side);
        break;
    case MS_STEP_REQUEST:
    case MS_STEP_CANCEL:
    case MS_STEPS:
        break;
    }
    bool still_offered = step->kind == MS_STEP_DECLINE && of->open_count > 0;
    if (reason == NULL && !still_offered)
        order->stage = (ms_stage)transition->next;
    return reason;
}

unsigned ms_order_side(const ms_ledger_order *order, const char *partner)
{
    return strcmp(partner, order->provider) == 0   ? MS_SIDE_PROVIDER
           : strcmp(partner, order->receiver) == 0 ? MS_SIDE_RECEIVER
                                                   : 0;
}

ms_status ms_order_make(ms_ledger_order *out, ms_arena *arena, const ms_step *const *steps, size_t count, ms_error *err)
{
    assert(count > 0);
    ms_ledger_order order = {.id = steps[0]->order, .due = -1};
    replay of = {&order, ms_arena_alloc(arena, count, sizeof *of.open), 0};
    order.deliveries = ms_arena_alloc(arena, count, sizeof *order.deliveries);
    if (of.open == NULL || order.deliveries == NULL || !put_in_order(&order, arena, steps, count))
        return ms_error_memory(err);
    for (int32_t s = 0; s < order.step_count; s++)
        order.voids[s] = take(&of, order.steps[s]);
    ms_order_account(&order);
    *out = order;
    return MS_OK;
}

/* ---- the page ---- */

void ms_order_markdown(ms_buf *out)
{
    static const char *const sides[] = {"", "provider", "receiver", "either"};
    ms_buf_text(out, "| stage |");
    for (int kind = MS_STEP_ACCEPT; kind < MS_STEPS; kind++)
        ms_buf_printf(out, " %s |", ms_step_words[kind]);
    ms_buf_text(out, "\n| --- |");
    for (int kind = MS_STEP_ACCEPT; kind < MS_STEPS; kind++)
        ms_buf_text(out, " --- |");
    for (int stage = MS_STAGE_REQUESTED; stage < MS_STAGES; stage++) {
        ms_buf_printf(out, "\n| %s |", stage_words[stage]);
        for (int kind = MS_STEP_ACCEPT; kind < MS_STEPS; kind++) {
            const ms_transition *cell = &ms_transitions[stage][kind];
            if (cell->who != 0)
                ms_buf_printf(out, " %s: %s |", sides[cell->who], stage_words[cell->next]);
            else
                ms_buf_text(out, " void |");
        }
    }
    ms_buf_text(out, "\n");
}
