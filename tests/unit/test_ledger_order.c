/* test_ledger_order.c: what the steps of an order come to: known answers, conflicts, any order of arrival, and every
 * short sequence of steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/random.h"
#include "faults.h"
#include "order_steps.h"

static void is_in(const desk *at, ms_phase phase)
{
    ms_ledger_order order = desk_order(at);
    assert_string_equal(ms_phase_words[order.phase], ms_phase_words[phase]);
}

static const char *void_of(const ms_ledger_order *order, const ms_step *step)
{
    for (int32_t s = 0; s < order->step_count; s++) {
        if (order->steps[s] == step)
            return order->voids[s] != NULL ? order->voids[s] : "";
    }
    return "waits";
}

/* ---- known answers ---- */

/* 10 units at 2.50 are offered and accepted. 6 are issued and received, 3 more issued and 2.5 of them received: 8.5
 * count, worth 15.00 + 6.25 = 21.25; 0.5 are in dispute, until the provider says 2.5 as well. Then 10 - 6 - 2.5 = 1.5
 * are left to issue; they are cancelled. 20.00 are paid, of which the provider received 20.00: 1.25 is owed, and is
 * paid. */
static void an_order_from_end_to_end(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *last = desk_request(&at, 1, 10000);
    is_in(&at, MS_PHASE_REQUESTED);
    const ms_step *offer = desk_offer(&at, last, 10000, 250, MS_SETTLE_CASH, 30);
    is_in(&at, MS_PHASE_OFFERED);
    last = desk_accept(&at, offer, offer);
    is_in(&at, MS_PHASE_ACCEPTED);
    const ms_step *first = desk_issue(&at, last, 6000);
    is_in(&at, MS_PHASE_ISSUED);
    at.date += 2;
    last = desk_word(&at, MS_STEP_RECEIVE, "US", first, first, 6000);
    is_in(&at, MS_PHASE_PART_ISSUED);
    const ms_step *second = desk_issue(&at, last, 3000);
    at.date += 3;
    last = desk_word(&at, MS_STEP_RECEIVE, "US", second, second, 2500);
    is_in(&at, MS_PHASE_DISPUTED);
    ms_ledger_order order = desk_order(&at);
    assert_int_equal(order.received, 8500000);
    assert_int_equal(order.disputed, 500000);
    assert_int_equal(order.owed, 2125);
    assert_int_equal(order.outstanding, 2125);
    assert_int_equal(order.due, 20002 + 30);
    assert_int_equal(ms_order_overdue(&order, 20032), 0);
    assert_int_equal(ms_order_overdue(&order, 20033), 1500);
    assert_int_equal(ms_order_overdue(&order, 20036), 2125);
    last = desk_word(&at, MS_STEP_DISPUTE, "KR", last, second, 2500);
    order = desk_order(&at);
    assert_int_equal(order.phase, MS_PHASE_PART_ISSUED);
    assert_int_equal(order.disputed, 0);
    assert_int_equal(order.rest, 1500000);
    last = desk_cancel(&at, "US", last);
    is_in(&at, MS_PHASE_RECEIVED);
    const ms_step *paid = desk_pay(&at, "US", last, 2000);
    order = desk_order(&at);
    assert_int_equal(order.outstanding, 2125);
    assert_int_equal(order.unacknowledged, 2000);
    last = desk_money_word(&at, MS_STEP_RECEIVE, "KR", paid, paid, 2000);
    order = desk_order(&at);
    assert_int_equal(order.outstanding, 125);
    assert_int_equal(order.due, 20005 + 30); /* the first issue is paid, the second has 1.25 left */
    assert_int_equal(order.phase, MS_PHASE_RECEIVED);
    desk_pay(&at, "KR", last, 125); /* the creditor's own word counts at once */
    order = desk_order(&at);
    assert_int_equal(order.outstanding, 0);
    assert_int_equal(order.phase, MS_PHASE_SETTLED);
    assert_int_equal(order.due, -1);
    desk_close(&at);
}

/* In kind 4 units are owed in units: 3 come back, of which 2.5 arrive. */
static void settled_in_kind(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *last = desk_request(&at, 1, 4000);
    last = desk_offer(&at, last, 4000, 250, MS_SETTLE_IN_KIND, -1);
    last = desk_accept(&at, last, last);
    last = desk_issue(&at, last, 4000);
    last = desk_word(&at, MS_STEP_RECEIVE, "US", last, last, 4000);
    const ms_step *money = desk_pay(&at, "US", last, 100);
    ms_step back = desk_step(&at, MS_STEP_SETTLE, "US", last);
    back.quantity = 3000000;
    const ms_step *settle = desk_put(&at, back);
    desk_word(&at, MS_STEP_RECEIVE, "KR", settle, settle, 2500);
    ms_ledger_order order = desk_order(&at);
    assert_true(order.in_kind);
    assert_int_equal(order.owed, 4000000);
    assert_int_equal(order.value, 1000);
    assert_int_equal(order.settled, 2500000);
    assert_int_equal(order.outstanding, 1500000);
    assert_int_equal(order.phase, MS_PHASE_DISPUTED);
    assert_int_equal(order.due, -1);
    assert_string_equal(void_of(&order, money), "this order is settled in kind, in item units");
    desk_close(&at);
}

/* ---- steps that did not know of each other ---- */

/* The receiver cancels while the provider issues twice: what was handed over counts, the rest is cancelled. An issue by
 * a provider who knew of the cancellation is void. */
static void issues_beat_a_cancellation(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *last = desk_request(&at, 1, 10000);
    last = desk_offer(&at, last, 10000, 100, MS_SETTLE_CASH, 30);
    const ms_step *accept = desk_accept(&at, last, last);
    const ms_step *cancel = desk_cancel(&at, "US", accept);
    const ms_step *first = desk_issue(&at, accept, 2000);
    const ms_step *second = desk_issue(&at, first, 3000);
    const ms_step *late = desk_issue(&at, cancel, 4000);
    ms_ledger_order order = desk_order(&at);
    assert_string_equal(void_of(&order, first), "");
    assert_string_equal(void_of(&order, second), "");
    assert_string_equal(void_of(&order, cancel), "");
    assert_string_equal(void_of(&order, late), "what was not issued has been cancelled");
    assert_int_equal(order.issued, 5000000);
    assert_int_equal(order.rest, 0);
    assert_int_equal(order.stage, MS_STAGE_CLOSED);
    desk_close(&at);
}

/* The provider replaces its offer, or withdraws it, while the receiver accepts the first: the acceptance stands. */
static void an_acceptance_beats_a_withdrawal(void **state)
{
    (void)state;
    for (int withdraws = 0; withdraws < 2; withdraws++) {
        desk at = desk_open();
        const ms_step *request = desk_request(&at, 1, 10000), *other;
        const ms_step *offer = desk_offer(&at, request, 10000, 100, MS_SETTLE_CASH, 30);
        if (withdraws) {
            other = desk_cancel(&at, "KR", offer);
        } else {
            ms_step replace = *offer;
            replace.after = &offer->hash;
            replace.after_count = 1;
            replace.of = offer->hash;
            replace.has_of = true;
            replace.price *= 2;
            other = desk_put(&at, replace);
        }
        const ms_step *accept = desk_accept(&at, offer, offer);
        ms_ledger_order order = desk_order(&at);
        assert_string_equal(void_of(&order, accept), "");
        assert_ptr_equal(order.terms, offer);
        assert_string_equal(void_of(&order, other), withdraws ? "" : "the order is not at a stage for it");
        assert_int_equal(order.phase, withdraws ? MS_PHASE_CANCELLED : MS_PHASE_ACCEPTED);
        desk_close(&at);
    }
}

/* A replaced offer that the receiver has seen replaced cannot be accepted; a decline of it leaves the new one open. */
static void a_replaced_offer_is_gone(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *request = desk_request(&at, 1, 10000);
    const ms_step *old = desk_offer(&at, request, 10000, 100, MS_SETTLE_CASH, 30);
    ms_step replace = *old;
    replace.after = &old->hash;
    replace.after_count = 1;
    replace.of = old->hash;
    replace.has_of = true;
    replace.price *= 2;
    const ms_step *offer = desk_put(&at, replace);
    const ms_step *decline = desk_put(&at, desk_about(&at, MS_STEP_DECLINE, "US", old, old));
    const ms_step *accept = desk_accept(&at, offer, old);
    ms_ledger_order order = desk_order(&at);
    assert_string_equal(void_of(&order, decline), "the offer does not stand any more");
    assert_string_equal(void_of(&order, accept), "the offer does not stand any more");
    assert_int_equal(order.phase, MS_PHASE_OFFERED);
    assert_ptr_equal(order.terms, offer);
    desk_put(&at, desk_about(&at, MS_STEP_DECLINE, "US", offer, offer));
    is_in(&at, MS_PHASE_REQUESTED);
    desk_close(&at);
}

/* A side that lost its book and says another quantity has said two things: the one with the lower hash counts. */
static void a_second_receipt_is_void(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *last = desk_request(&at, 1, 10000);
    last = desk_offer(&at, last, 10000, 100, MS_SETTLE_CASH, 30);
    last = desk_accept(&at, last, last);
    const ms_step *issue = desk_issue(&at, last, 10000);
    const ms_step *one = desk_word(&at, MS_STEP_RECEIVE, "US", issue, issue, 9000);
    const ms_step *two = desk_word(&at, MS_STEP_RECEIVE, "US", issue, issue, 8000);
    ms_ledger_order order = desk_order(&at);
    bool first_counts = ms_digest_compare(&one->hash, &two->hash) < 0;
    assert_string_equal(void_of(&order, first_counts ? one : two), "");
    assert_string_equal(void_of(&order, first_counts ? two : one),
                        "it has been received already; a dispute changes the quantity");
    assert_int_equal(order.received, first_counts ? 9000000 : 8000000);
    desk_close(&at);
}

/* ---- who may do what ---- */

static void the_wrong_side_is_void(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *request = desk_request(&at, 1, 1000);
    const ms_step *offer = desk_offer(&at, request, 1000, 100, MS_SETTLE_CASH, 30);
    const ms_step *own = desk_put(&at, desk_about(&at, MS_STEP_ACCEPT, "KR", offer, offer));
    ms_step stranger = desk_about(&at, MS_STEP_ACCEPT, "US", offer, offer);
    stranger.by = "XX";
    const ms_step *third = desk_put(&at, stranger);
    stranger.by = "US";
    stranger.to = "XX";
    const ms_step *aside = desk_put(&at, stranger);
    ms_ledger_order order = desk_order(&at);
    assert_string_equal(void_of(&order, own), "it is for the other side to do");
    assert_string_equal(void_of(&order, third), "it is not between the two sides of the order");
    assert_string_equal(void_of(&order, aside), "it is not between the two sides of the order");
    assert_int_equal(order.phase, MS_PHASE_OFFERED);
    desk_close(&at);
}

/* What names a step that is not there waits; the rest of the order goes on without it. */
static void what_is_missing_is_waited_for(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *request = desk_request(&at, 1, 1000);
    const ms_step *offer = desk_offer(&at, request, 1000, 100, MS_SETTLE_CASH, 30);
    const ms_step *accept = desk_accept(&at, offer, offer);
    const ms_step *issue = desk_issue(&at, accept, 1000);
    desk_word(&at, MS_STEP_RECEIVE, "US", issue, issue, 1000);
    at.steps[2] = at.steps[4]; /* the acceptance is lost */
    at.count = 4;
    ms_ledger_order order = desk_order(&at);
    assert_int_equal(order.phase, MS_PHASE_OFFERED);
    assert_int_equal(order.step_count, 2);
    assert_int_equal(order.waiting_count, 2);
    at.steps[0] = accept; /* and the request, in place of it */
    order = desk_order(&at);
    assert_int_equal(order.phase, MS_PHASE_WAITING);
    assert_null(order.request);
    assert_int_equal(order.waiting_count, 4);
    desk_close(&at);
}

/* Sums that would not fit are void, however they come about. */
static void sums_stay_small(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *last = desk_request(&at, 1, 1000);
    last = desk_offer(&at, last, 999999999999, 100, MS_SETTLE_CASH, 30);
    last = desk_accept(&at, last, last);
    const ms_step *issue = desk_issue(&at, last, 600000000000000);
    const ms_step *over = desk_issue(&at, issue, 600000000000000);
    const ms_step *word = desk_word(&at, MS_STEP_DISPUTE, "KR", issue, issue, 999999999999999);
    const ms_step *paid = desk_pay(&at, "US", issue, MS_EXACT_MOST - 1);
    const ms_step *again = desk_pay(&at, "US", paid, 1);
    ms_ledger_order order = desk_order(&at);
    assert_string_equal(void_of(&order, over), "the sum is too large");
    assert_string_equal(void_of(&order, word), "");
    assert_string_equal(void_of(&order, paid), "");
    assert_string_equal(void_of(&order, again), "the sum is too large");
    desk_close(&at);
}

/* ---- any order of arrival ---- */

static void same(const ms_ledger_order *a, const ms_ledger_order *b)
{
    assert_int_equal(a->stage, b->stage);
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->step_count, b->step_count);
    assert_int_equal(a->waiting_count, b->waiting_count);
    for (int32_t s = 0; s < a->step_count; s++) {
        assert_ptr_equal(a->steps[s], b->steps[s]);
        assert_ptr_equal(a->voids[s], b->voids[s]);
    }
    assert_int_equal(a->issued, b->issued);
    assert_int_equal(a->received, b->received);
    assert_int_equal(a->disputed, b->disputed);
    assert_int_equal(a->outstanding, b->outstanding);
    assert_int_equal(a->unacknowledged, b->unacknowledged);
    assert_memory_equal(a->waits_since, b->waits_since, sizeof a->waits_since);
}

static void shuffle(desk *at, ms_random *random)
{
    for (size_t i = at->count; i > 1; i--) {
        size_t j = (size_t)ms_random_between(random, 0, (int64_t)i - 1);
        const ms_step *step = at->steps[i - 1];
        at->steps[i - 1] = at->steps[j];
        at->steps[j] = step;
    }
}

/* What holds of every order whatever its steps are: it is over, or it waits for somebody; and the sums fit. */
static void is_sane(const ms_ledger_order *order)
{
    bool waits = false;
    for (int wait = 0; wait < MS_WAITS; wait++)
        waits = waits || order->waits_since[wait] >= 0;
    if (order->request == NULL) {
        assert_int_equal(order->phase, MS_PHASE_WAITING);
        return;
    }
    assert_int_not_equal(order->phase, MS_PHASE_WAITING);
    assert_true(ms_order_is_over(order) == !waits);
    int64_t left = 0, agreed = 0;
    for (int32_t d = 0; d < order->delivery_count; d++) {
        const ms_delivery *delivery = &order->deliveries[d];
        assert_true(delivery->agreed >= 0 && delivery->agreed <= delivery->given);
        assert_true(delivery->disputed >= 0 && delivery->left >= 0 && delivery->left <= delivery->owed);
        left += delivery->left;
        agreed += delivery->settlement ? 0 : delivery->agreed;
    }
    assert_int_equal(order->received, agreed);
    assert_int_equal(order->outstanding, order->owed - order->settled);
    assert_int_equal(left, order->outstanding > 0 ? order->outstanding : 0);
    assert_true(order->phase != MS_PHASE_SETTLED || (order->outstanding == 0 && order->disputed == 0));
}

/* ---- every short sequence ---- */

typedef struct {
    desk at;
    size_t visited;
    ms_random random;
} walk;

/* The step of that kind by that side after steps[after], about the newest thing that it can be about. */
static bool make_step(ms_step *out, const desk *at, ms_step_kind kind, const char *by, size_t after)
{
    const ms_step *about = NULL;
    bool wants_offer = kind == MS_STEP_ACCEPT || kind == MS_STEP_DECLINE;
    for (size_t s = 0; s < at->count; s++) {
        ms_step_kind is = at->steps[s]->kind;
        if (wants_offer ? is == MS_STEP_OFFER : is == MS_STEP_ISSUE || is == MS_STEP_SETTLE)
            about = at->steps[s];
    }
    ms_step step = desk_step(at, kind, by, at->steps[after]);
    switch (kind) {
    case MS_STEP_OFFER:
        step.quantity = 5000000;
        step.price = 1000000;
        step.currency = "USD";
        step.settlement = MS_SETTLE_CASH;
        break;
    case MS_STEP_ISSUE:
        step.quantity = 2000000 + (int64_t)at->count;
        break;
    case MS_STEP_SETTLE:
        step.amount = 150;
        break;
    case MS_STEP_RECEIVE:
    case MS_STEP_DISPUTE:
        if (about == NULL)
            return false;
        if (about->kind == MS_STEP_ISSUE)
            step.quantity = about->quantity - (strcmp(by, "US") == 0 ? 1000 : 0);
        else
            step.amount = 100;
        break;
    case MS_STEP_ACCEPT:
        if (about == NULL)
            return false;
        break;
    default:
        break;
    }
    bool names = about != NULL && kind != MS_STEP_ISSUE && kind != MS_STEP_SETTLE && kind != MS_STEP_OFFER &&
                 kind != MS_STEP_CANCEL;
    if (names) {
        step.of = about->hash;
        step.has_of = true;
    }
    *out = step;
    return true;
}

static bool is_there(const desk *at, const ms_step *step)
{
    for (size_t s = 0; s + 1 < at->count; s++) {
        if (ms_digest_compare(&at->steps[s]->hash, &step->hash) == 0)
            return true;
    }
    return false;
}

static void explore(walk *on, int depth)
{
    ms_ledger_order order = desk_order(&on->at), shuffled;
    desk copy = on->at;
    shuffle(&copy, &on->random);
    shuffled = desk_order(&copy);
    same(&order, &shuffled);
    is_sane(&order);
    on->visited++;
    for (int choice = 0; depth > 0 && choice < 2 * 3 * MS_STEPS; choice++) {
        ms_step_kind kind = (ms_step_kind)(choice % MS_STEPS);
        size_t back = (size_t)(choice / MS_STEPS % 3) + 1;
        ms_step step;
        if (kind == MS_STEP_REQUEST || back > on->at.count ||
            !make_step(&step, &on->at, kind, choice % 2 == 0 ? "US" : "KR", on->at.count - back))
            continue;
        size_t count = on->at.count;
        const ms_step *put = desk_put(&on->at, step);
        if (!is_there(&on->at, put))
            explore(on, depth - 1);
        on->at.count = count;
    }
}

/* Every sequence of up to two steps more, each by either side and after any of the last three, from each stage of an
 * order; each also in a shuffled order of arrival. */
static void every_short_sequence(void **state)
{
    (void)state;
    size_t visited = 0;
    for (int stage = 0; stage <= 7; stage++) {
        walk on = {desk_open(), 0, ms_random_start(7, (uint64_t)stage)};
        const ms_step *last = desk_request(&on.at, 1, 5000);
        const ms_step *issue = NULL;
        if (stage >= 1)
            last = desk_offer(&on.at, last, 5000, 100, MS_SETTLE_CASH, 30);
        if (stage >= 2)
            last = desk_accept(&on.at, last, last);
        if (stage >= 3)
            last = issue = desk_issue(&on.at, last, 3000);
        if (stage >= 4)
            last = desk_word(&on.at, MS_STEP_RECEIVE, "US", issue, issue, 2900);
        if (stage >= 5)
            last = desk_word(&on.at, MS_STEP_DISPUTE, "KR", last, issue, 2900);
        if (stage >= 6)
            last = desk_pay(&on.at, "US", last, 290);
        if (stage >= 7)
            last = desk_cancel(&on.at, "US", last);
        explore(&on, 2);
        visited += on.visited;
        desk_close(&on.at);
    }
    assert_true(visited > 5000);
}

/* Long random orders, much of them nonsense: any order of arrival gives the same, and it is sane. */
static void long_random_orders(void **state)
{
    (void)state;
    ms_random random = ms_random_start(11, 1);
    int settled = 0;
    for (int round = 0; round < 300; round++) {
        desk at = desk_open();
        const ms_step *last = desk_request(&at, round, 5000);
        last = desk_offer(&at, last, 5000, 100, MS_SETTLE_CASH, 30);
        last = desk_accept(&at, last, last);
        while (at.count < 40) {
            ms_step step;
            ms_step_kind kind = (ms_step_kind)ms_random_between(&random, 1, MS_STEP_CANCEL - (round % 4 != 0));
            size_t back = (size_t)ms_random_between(&random, 1, at.count < 4 ? (int64_t)at.count : 4);
            at.date += ms_random_between(&random, 0, 3);
            if (!make_step(&step, &at, kind, ms_random_between(&random, 0, 1) == 0 ? "US" : "KR", at.count - back))
                continue;
            const ms_step *put = desk_put(&at, step);
            at.count -= is_there(&at, put);
        }
        ms_ledger_order order = desk_order(&at), shuffled;
        is_sane(&order);
        for (int turn = 0; turn < 3; turn++) {
            shuffle(&at, &random);
            shuffled = desk_order(&at);
            same(&order, &shuffled);
        }
        settled += order.settled > 0;
        desk_close(&at);
    }
    assert_true(settled > 100);
}

/* ---- documents ---- */

static ms_status reads(const char *text, ms_error *err)
{
    ms_arena *arena = ms_arena_new();
    ms_step step;
    ms_status status = ms_step_read(&step, arena, text, strlen(text), err);
    ms_arena_free(arena);
    return status;
}

#define CANCEL_START "{\"after\":[\"" HASH64 "\"],\"by\":\"US\",\"date\":\"2026-03-01\",\"format\":1,"
#define CANCEL_END "\"order\":\"" HASH64 "\",\"step\":\"cancel\",\"to\":\"KR\"}"
#define HASH64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void one_step_has_one_spelling(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[]", "the step is no JSON object"},
        {CANCEL_START "\"order\":\"x\",\"step\":\"cancel\",\"to\":\"KR\"}", "the step's \"order\" is not a hash"},
        {CANCEL_START CANCEL_END " ", "the step is not spelled canonically, or has unknown fields"},
        {CANCEL_START "\"more\":1," CANCEL_END, "the step is not spelled canonically, or has unknown fields"},
        {CANCEL_START "\"note\":\"\"," CANCEL_END, "the step's \"note\" is empty"},
        {CANCEL_START "\"note\":\"a\\u0007\"," CANCEL_END, "the step's \"note\" has a control character"},
        {CANCEL_START "\"note\":\"\\u0041\"," CANCEL_END, "the step is not spelled canonically, or has unknown fields"},
        {CANCEL_START "\"quantity\":\"1\"," CANCEL_END, "the step's \"quantity\" has no place in it"},
        {"{\"format\":1,\"step\":\"cancel\"}", "the step's \"after\" is missing"},
        {"{\"format\":2,\"step\":\"cancel\"}", "a step of format 2; this program knows format 1 and those before"},
        {"{\"format\":1,\"step\":\"gift\"}", "the step's \"step\" is no kind of step"},
        {"{\"format\":\"1\",\"step\":\"cancel\"}", "the step's \"format\" is not a whole number from 1 on"},
    };
    ms_error err = {0};
    (void)state;
    assert_int_equal(reads(CANCEL_START CANCEL_END, &err), MS_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        err = (ms_error){0};
        assert_int_not_equal(reads(rows[i].text, &err), MS_OK);
        assert_string_equal(err.message, rows[i].message);
    }
}

/* BLAKE2b-256 begins with these 40 bits: 0x08 42 10 84 21 is 00001 00001 ... in groups of five: all ones in letters. */
static void codes_for_the_telephone(void **state)
{
    char code[MS_STEP_CODE_BYTES];
    ms_digest digest = {{0x08, 0x42, 0x10, 0x84, 0x21, 0xff}};
    (void)state;
    assert_string_equal(ms_digest_code(code, &digest), "1111-1111");
    memset(digest.bytes, 0xff, sizeof digest.bytes);
    assert_string_equal(ms_digest_code(code, &digest), "ZZZZ-ZZZZ");
}

static ms_status make_again(void *context)
{
    const desk *at = context;
    ms_arena *arena = ms_arena_new();
    ms_ledger_order order;
    ms_error err = {0};
    if (arena == NULL)
        return MS_NO_MEMORY;
    ms_status status = ms_order_make(&order, arena, at->steps, at->count, &err);
    ms_arena_free(arena);
    return status;
}

static ms_status read_again(void *context)
{
    ms_error err = {0};
    ms_arena *arena = ms_arena_new();
    ms_step step;
    (void)context;
    if (arena == NULL)
        return MS_NO_MEMORY;
    ms_status status = ms_step_read(&step, arena, CANCEL_START CANCEL_END, strlen(CANCEL_START CANCEL_END), &err);
    ms_arena_free(arena);
    return status;
}

static void memory_runs_short(void **state)
{
    desk at = desk_open();
    (void)state;
    const ms_step *request = desk_request(&at, 1, 5000);
    desk_offer(&at, request, 5000, 100, MS_SETTLE_CASH, 30);
    each_refusal(make_again, &at);
    each_refusal(read_again, NULL);
    desk_close(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_from_end_to_end),
        cmocka_unit_test(settled_in_kind),
        cmocka_unit_test(issues_beat_a_cancellation),
        cmocka_unit_test(an_acceptance_beats_a_withdrawal),
        cmocka_unit_test(a_replaced_offer_is_gone),
        cmocka_unit_test(a_second_receipt_is_void),
        cmocka_unit_test(the_wrong_side_is_void),
        cmocka_unit_test(what_is_missing_is_waited_for),
        cmocka_unit_test(sums_stay_small),
        cmocka_unit_test(every_short_sequence),
        cmocka_unit_test(long_random_orders),
        cmocka_unit_test(one_step_has_one_spelling),
        cmocka_unit_test(codes_for_the_telephone),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
