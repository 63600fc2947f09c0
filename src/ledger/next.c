/* next.c: what may be done with an order now. See next.h. */
#include "ledger/next.h"

#include <string.h>

typedef struct {
    const ms_ledger *ledger;
    const ms_case *kase;
    const ms_ledger_order *order;
    int64_t today;
    unsigned side;
    ms_next_steps *out;
    ms_error *err;
} looking;

/* Adds a step, of which all but the kind is still to be found out. */
static ms_next *add(looking *of, ms_step_kind kind)
{
    ms_next *next = &of->out->steps[of->out->count++];
    *next = (ms_next){.kind = kind, .measure = -1};
    return next;
}

/* Drafts the step; why says what is wrong with it. MS_NO_MEMORY alone is a failure. */
static ms_status draft(looking *of, ms_step *step, ms_next *next, const ms_ledger_entry *entry)
{
    ms_error why = {0};
    next->why = NULL;
    ms_status status = ms_ledger_draft(step, of->ledger, of->kase, entry, of->today, &why);
    if (status == MS_OK)
        return MS_OK;
    if (status == MS_NO_MEMORY)
        return ms_error_memory(of->err);
    next->why = ms_arena_strndup(of->ledger->arena, why.message, strlen(why.message));
    return next->why != NULL ? MS_OK : ms_error_memory(of->err);
}

/* A step that says what it measures, unless somebody says otherwise. It is not there when it cannot be taken. */
static ms_status look_at_measured(looking *of, ms_step_kind kind, const char *code, const ms_delivery *delivery)
{
    char of_code[MS_STEP_CODE_BYTES];
    ms_step step;
    ms_next *next = add(of, kind);
    ms_ledger_entry entry = {.step = ms_step_words[kind],
                             .order = code,
                             .of = delivery != NULL ? ms_digest_code(of_code, &delivery->step->hash) : NULL};
    MS_TRY(draft(of, &step, next, &entry));
    if (next->why != NULL) {
        of->out->count--;
        return MS_OK;
    }
    next->of = delivery;
    next->money = step.amount >= 0;
    next->measure = next->money ? step.amount : step.quantity;
    return MS_OK;
}

/* Of an offer the fewest things that must be said: the first set of them, counted up in bits, with which it stands. */
static ms_status look_at_offer(looking *of, const char *code)
{
    ms_step step;
    ms_next *next = add(of, MS_STEP_OFFER);
    const char *first = NULL;
    const unsigned all = MS_ASKS_PRICE | MS_ASKS_SETTLEMENT | MS_ASKS_CURRENCY;
    for (unsigned asks = 0; asks <= all; asks++) {
        ms_ledger_entry entry = {.step = ms_step_words[MS_STEP_OFFER],
                                 .order = code,
                                 .price = (asks & MS_ASKS_PRICE) != 0 ? "0" : NULL,
                                 .settlement = (asks & MS_ASKS_SETTLEMENT) != 0 ? "cash" : NULL,
                                 .currency = (asks & MS_ASKS_CURRENCY) != 0 ? "ZZZ" : NULL};
        MS_TRY(draft(of, &step, next, &entry));
        if (asks == 0)
            first = next->why;
        if (next->why != NULL)
            continue;
        ms_step *terms = ms_arena_alloc(of->ledger->arena, 1, sizeof *terms);
        if (terms == NULL)
            return ms_error_memory(of->err);
        *terms = step;
        next->terms = terms;
        next->asks = asks;
        next->measure = step.quantity;
        break;
    }
    next->why = first;
    return MS_OK;
}

/* A dispute says anew what its author said: offered where both have said something, with the other's word, which would
 * end it. */
static void look_at_dispute(looking *of, const ms_delivery *delivery)
{
    bool gave = delivery->giver == of->side;
    if (delivery->taken < 0)
        return;
    ms_next *next = add(of, MS_STEP_DISPUTE);
    next->of = delivery;
    next->money = delivery->settlement && !of->order->in_kind;
    next->measure = gave ? delivery->taken : delivery->given;
}

static ms_status look_at_answer(looking *of, ms_step_kind kind, const char *code)
{
    ms_step step;
    ms_ledger_entry entry = {.step = ms_step_words[kind], .order = code};
    return draft(of, &step, add(of, kind), &entry);
}

static ms_status look_at(looking *of, ms_step_kind kind, const char *code)
{
    const ms_ledger_order *order = of->order;
    switch (kind) {
    case MS_STEP_OFFER:
        return look_at_offer(of, code);
    case MS_STEP_ACCEPT:
    case MS_STEP_DECLINE:
        return look_at_answer(of, kind, code);
    case MS_STEP_ISSUE:
    case MS_STEP_SETTLE:
        return look_at_measured(of, kind, code, NULL);
    case MS_STEP_RECEIVE:
    case MS_STEP_DISPUTE:
        for (int32_t d = 0; d < order->delivery_count; d++) {
            const ms_delivery *delivery = &order->deliveries[d];
            if (kind == MS_STEP_DISPUTE)
                look_at_dispute(of, delivery);
            else if (delivery->taken < 0 && delivery->giver != of->side)
                MS_TRY(look_at_measured(of, kind, code, delivery));
        }
        return MS_OK;
    case MS_STEP_CANCEL: /* of an accepted order it ends what is not issued yet */
        return order->stage == MS_STAGE_ACCEPTED && order->rest == 0 ? MS_OK : look_at_answer(of, kind, code);
    case MS_STEP_REQUEST:
    case MS_STEPS:
        break;
    }
    return MS_OK;
}

ms_status ms_ledger_next(ms_next_steps *out, const ms_ledger *ledger, const ms_case *kase, const ms_ledger_order *order,
                         int64_t today, ms_error *err)
{
    char code[MS_ORDER_CODE_BYTES];
    ms_next_steps found = {0};
    looking of = {ledger, kase, order, today, 0, &found, err};
    if (order->request == NULL) {
        *out = found;
        return MS_OK;
    }
    of.side = ms_order_side(order, ledger->partner);
    found.steps = ms_arena_alloc(ledger->arena, MS_STEPS + 2 * (size_t)order->delivery_count, sizeof *found.steps);
    if (found.steps == NULL)
        return ms_error_memory(err);
    ms_order_code(code, order->receiver, &order->id);
    for (int kind = MS_STEP_ACCEPT; kind < MS_STEPS; kind++)
        if ((ms_transitions[order->stage][kind].who & of.side) != 0)
            MS_TRY(look_at(&of, (ms_step_kind)kind, code));
    *out = found;
    return MS_OK;
}
