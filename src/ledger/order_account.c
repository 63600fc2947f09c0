/* order_account.c: what an order's deliveries come to: quantities, money, due dates, and who has to act. See order.h.
 *
 * Each issue, once received, is a debt of the lesser of the two words: in kind in item units, else at the offer's
 * price, rounded once for each issue. It is due due_days after the date of its receipt. Settlements pay the oldest debt
 * first: by due date, those without one last, then in the order of the issues.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger/order.h"

const char *const ms_phase_words[MS_PHASES] = {
    [MS_PHASE_WAITING] = "waiting",         [MS_PHASE_REQUESTED] = "requested", [MS_PHASE_OFFERED] = "offered",
    [MS_PHASE_DECLINED] = "declined",       [MS_PHASE_CANCELLED] = "cancelled", [MS_PHASE_ACCEPTED] = "accepted",
    [MS_PHASE_PART_ISSUED] = "part issued", [MS_PHASE_ISSUED] = "issued",       [MS_PHASE_DISPUTED] = "disputed",
    [MS_PHASE_RECEIVED] = "received",       [MS_PHASE_SETTLED] = "settled",
};

const char *const ms_wait_words[MS_WAITS] = {
    [MS_WAIT_AGREE] = "agree",   [MS_WAIT_OFFER] = "offer",     [MS_WAIT_ACCEPT] = "accept",
    [MS_WAIT_ISSUE] = "issue",   [MS_WAIT_RECEIVE] = "receive", [MS_WAIT_ACKNOWLEDGE] = "acknowledge",
    [MS_WAIT_SETTLE] = "settle", [MS_WAIT_REPAY] = "give back",
};

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* An order waits for something since the earliest date that says so. */
static void wait_for(ms_ledger_order *order, ms_wait wait, int64_t since)
{
    if (order->waits_since[wait] < 0 || since < order->waits_since[wait])
        order->waits_since[wait] = since;
}

static void account_issue(ms_ledger_order *order, ms_delivery *issue)
{
    int64_t value = 0;
    order->issued += issue->given;
    order->received += issue->agreed;
    order->disputed += issue->disputed;
    if (issue->taken < 0)
        return;
    /* no larger than what `fits` in order.c has tried */
    if (ms_exact_amount(&value, issue->agreed, order->terms->price))
        order->value += value;
    issue->owed = issue->left = order->in_kind ? issue->agreed : value;
    issue->due = order->terms->due_days >= 0 ? issue->taken_date + order->terms->due_days : -1;
    order->owed += issue->owed;
}

static void account_delivery(ms_ledger_order *order, ms_delivery *delivery)
{
    delivery->agreed = delivery->disputed = 0;
    if (delivery->taken < 0) {
        wait_for(order, delivery->settlement ? MS_WAIT_ACKNOWLEDGE : MS_WAIT_RECEIVE, delivery->step->date);
    } else {
        delivery->agreed = lesser(delivery->given, delivery->taken);
        delivery->disputed = delivery->given + delivery->taken - 2 * delivery->agreed;
    }
    if (delivery->disputed > 0)
        wait_for(order, MS_WAIT_AGREE, delivery->disputed_date);
    if (!delivery->settlement) {
        account_issue(order, delivery);
    } else {
        order->settled += delivery->agreed;
        order->unacknowledged += delivery->taken < 0 ? delivery->given : 0;
    }
}

/* The issue that is paid next: the one with the earliest due date that has something left. */
static ms_delivery *oldest_debt(ms_ledger_order *order)
{
    ms_delivery *oldest = NULL;
    for (int32_t d = 0; d < order->delivery_count; d++) {
        ms_delivery *issue = &order->deliveries[d];
        if (issue->settlement || issue->left == 0)
            continue;
        if (oldest == NULL || (issue->due >= 0 && (oldest->due < 0 || issue->due < oldest->due)))
            oldest = issue;
    }
    return oldest;
}

static void pay(ms_ledger_order *order)
{
    ms_delivery *debt;
    for (int64_t paid = order->settled; paid > 0 && (debt = oldest_debt(order)) != NULL;) {
        int64_t part = lesser(paid, debt->left);
        debt->left -= part;
        paid -= part;
    }
    ms_delivery *next = oldest_debt(order);
    order->due = next != NULL ? next->due : -1;
    order->outstanding = order->owed - order->settled;
    if (next != NULL && order->outstanding > order->unacknowledged)
        wait_for(order, MS_WAIT_SETTLE, next->taken_date);
    if (order->outstanding < 0 && order->rest == 0)
        wait_for(order, MS_WAIT_REPAY, order->steps[order->step_count - 1]->date);
}

static int64_t date_of(const ms_ledger_order *order, ms_step_kind kind)
{
    int64_t date = order->request->date;
    for (int32_t s = 0; s < order->step_count; s++) {
        if (order->voids[s] == NULL && order->steps[s]->kind == kind)
            date = order->steps[s]->date;
    }
    return date;
}

static bool waits(const ms_ledger_order *order, ms_wait wait)
{
    return order->waits_since[wait] >= 0;
}

static ms_phase phase_of(const ms_ledger_order *order)
{
    switch (order->stage) {
    case MS_STAGE_NONE:
    case MS_STAGES:
        break;
    case MS_STAGE_REQUESTED:
        return MS_PHASE_REQUESTED;
    case MS_STAGE_OFFERED:
        return MS_PHASE_OFFERED;
    case MS_STAGE_DECLINED:
        return MS_PHASE_DECLINED;
    case MS_STAGE_CANCELLED:
        return MS_PHASE_CANCELLED;
    case MS_STAGE_ACCEPTED:
    case MS_STAGE_CLOSED:
        if (waits(order, MS_WAIT_AGREE))
            return MS_PHASE_DISPUTED;
        if (waits(order, MS_WAIT_RECEIVE))
            return MS_PHASE_ISSUED;
        if (order->rest > 0)
            return order->issue_count == 0 ? MS_PHASE_ACCEPTED : MS_PHASE_PART_ISSUED;
        if (order->outstanding != 0 || waits(order, MS_WAIT_ACKNOWLEDGE))
            return MS_PHASE_RECEIVED;
        return order->issue_count == 0 ? MS_PHASE_CANCELLED : MS_PHASE_SETTLED;
    }
    return MS_PHASE_WAITING;
}

void ms_order_account(ms_ledger_order *order)
{
    for (int wait = 0; wait < MS_WAITS; wait++)
        order->waits_since[wait] = -1;
    if (order->request == NULL) {
        order->phase = MS_PHASE_WAITING;
        return;
    }
    for (int32_t d = 0; d < order->delivery_count; d++)
        account_delivery(order, &order->deliveries[d]);
    if (order->stage == MS_STAGE_ACCEPTED && order->issued < order->ordered)
        order->rest = order->ordered - order->issued;
    if (order->stage == MS_STAGE_REQUESTED)
        wait_for(order, MS_WAIT_OFFER, order->request->date);
    if (order->stage == MS_STAGE_OFFERED)
        wait_for(order, MS_WAIT_ACCEPT, order->terms->date);
    if (order->rest > 0)
        wait_for(order, MS_WAIT_ISSUE, date_of(order, MS_STEP_ACCEPT));
    pay(order);
    order->phase = phase_of(order);
}

int64_t ms_order_overdue(const ms_ledger_order *order, int64_t date)
{
    int64_t overdue = 0;
    for (int32_t d = 0; d < order->delivery_count; d++) {
        if (order->deliveries[d].due >= 0 && order->deliveries[d].due < date)
            overdue += order->deliveries[d].left;
    }
    return overdue;
}

bool ms_order_is_over(const ms_ledger_order *order)
{
    return order->phase == MS_PHASE_DECLINED || order->phase == MS_PHASE_CANCELLED || order->phase == MS_PHASE_SETTLED;
}

ms_side ms_wait_side(ms_wait wait)
{
    switch (wait) {
    case MS_WAIT_AGREE:
        return MS_SIDE_BOTH;
    case MS_WAIT_OFFER:
    case MS_WAIT_ISSUE:
    case MS_WAIT_ACKNOWLEDGE:
    case MS_WAIT_REPAY:
        return MS_SIDE_PROVIDER;
    case MS_WAIT_ACCEPT:
    case MS_WAIT_RECEIVE:
    case MS_WAIT_SETTLE:
    case MS_WAITS:
        break;
    }
    return MS_SIDE_RECEIVER;
}
