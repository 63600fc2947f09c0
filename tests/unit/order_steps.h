/* order_steps.h: short ways to make the steps of an order for tests. Needs cmocka.
 *
 * A desk holds the documents of one order in memory and the steps read back from them; every step that a test makes so
 * goes through writer and reader. */
#ifndef MS_TESTS_ORDER_STEPS_H
#define MS_TESTS_ORDER_STEPS_H

#include <string.h>

#include "ledger/order.h"

enum { DESK_STEPS = 64 };

typedef struct {
    ms_arena *arena;
    const ms_step *steps[DESK_STEPS];
    size_t count;
    int64_t date;
} desk;

/* Writes the step, reads it back and keeps it. */
static inline const ms_step *desk_put(desk *at, ms_step step)
{
    ms_buf text = {0};
    ms_error err = {0};
    ms_step *read = ms_arena_alloc(at->arena, 1, sizeof *read);
    assert_non_null(read);
    step.date = at->date;
    ms_step_write(&text, &step);
    if (ms_step_read(read, at->arena, text.text, text.length, &err) != MS_OK)
        fail_msg("%s: %s", err.message, text.text);
    ms_buf_free(&text);
    assert_true(at->count < DESK_STEPS);
    at->steps[at->count++] = read;
    return read;
}

/* US asks KR for quantity thousandths of a unit. */
static inline const ms_step *desk_request(desk *at, int64_t serial, int64_t thousandths)
{
    ms_step step = ms_step_empty(MS_STEP_REQUEST);
    step.by = "US";
    step.to = "KR";
    step.agreement = "fuel";
    step.item = "jp8";
    step.unit = "m3";
    step.kg_per_unit = 800000000;
    step.serial = serial;
    step.quantity = thousandths * 1000;
    return desk_put(at, step);
}

/* A step of `by` on the order of steps[0], after the steps given. */
static inline ms_step desk_step(const desk *at, ms_step_kind kind, const char *by, const ms_step *after)
{
    ms_step step = ms_step_empty(kind);
    step.by = by;
    step.to = strcmp(by, "US") == 0 ? "KR" : "US";
    step.order = at->steps[0]->hash;
    step.after = &after->hash;
    step.after_count = 1;
    return step;
}

static inline const ms_step *desk_offer(desk *at, const ms_step *after, int64_t thousandths, int64_t price_cents,
                                        ms_settlement settlement, int64_t due_days)
{
    ms_step step = desk_step(at, MS_STEP_OFFER, "KR", after);
    step.quantity = thousandths * 1000;
    step.price = price_cents * 10000;
    step.currency = "USD";
    step.settlement = settlement;
    step.due_days = due_days;
    return desk_put(at, step);
}

/* accept, decline by the receiver, receive and dispute: about `of`. */
static inline ms_step desk_about(const desk *at, ms_step_kind kind, const char *by, const ms_step *after,
                                 const ms_step *of)
{
    ms_step step = desk_step(at, kind, by, after);
    step.of = of->hash;
    step.has_of = true;
    return step;
}

static inline const ms_step *desk_accept(desk *at, const ms_step *after, const ms_step *offer)
{
    return desk_put(at, desk_about(at, MS_STEP_ACCEPT, "US", after, offer));
}

static inline const ms_step *desk_issue(desk *at, const ms_step *after, int64_t thousandths)
{
    ms_step step = desk_step(at, MS_STEP_ISSUE, "KR", after);
    step.quantity = thousandths * 1000;
    return desk_put(at, step);
}

/* by says that it received, or now says (kind dispute), quantity thousandths of `of`. */
static inline const ms_step *desk_word(desk *at, ms_step_kind kind, const char *by, const ms_step *after,
                                       const ms_step *of, int64_t thousandths)
{
    ms_step step = desk_about(at, kind, by, after, of);
    step.quantity = thousandths * 1000;
    return desk_put(at, step);
}

/* The same about money, in cents. */
static inline const ms_step *desk_money_word(desk *at, ms_step_kind kind, const char *by, const ms_step *after,
                                             const ms_step *of, int64_t cents)
{
    ms_step step = desk_about(at, kind, by, after, of);
    step.amount = cents;
    return desk_put(at, step);
}

static inline const ms_step *desk_pay(desk *at, const char *by, const ms_step *after, int64_t cents)
{
    ms_step step = desk_step(at, MS_STEP_SETTLE, by, after);
    step.amount = cents;
    return desk_put(at, step);
}

static inline const ms_step *desk_cancel(desk *at, const char *by, const ms_step *after)
{
    return desk_put(at, desk_step(at, MS_STEP_CANCEL, by, after));
}

static inline ms_ledger_order desk_order(const desk *at)
{
    ms_ledger_order order;
    ms_error err = {0};
    assert_int_equal(ms_order_make(&order, at->arena, at->steps, at->count, &err), MS_OK);
    return order;
}

static inline desk desk_open(void)
{
    desk at = {.arena = ms_arena_new(), .date = 20000};
    assert_non_null(at.arena);
    return at;
}

static inline void desk_close(desk *at)
{
    ms_arena_free(at->arena);
}

#endif
