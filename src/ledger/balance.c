/* balance.c: who owes whom how much of what. See balance.h. */
#include "ledger/balance.h"

#include <stdlib.h>
#include <string.h>

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum = a + b; /* both are below MS_EXACT_MOST in size */
    return sum > MS_EXACT_MOST ? MS_EXACT_MOST : sum < -MS_EXACT_MOST ? -MS_EXACT_MOST : sum;
}

static int by_pair(const void *a, const void *b)
{
    const ms_balance_row *one = a, *two = b;
    int order = strcmp(one->debtor, two->debtor);
    if (order == 0)
        order = strcmp(one->creditor, two->creditor);
    if (order == 0)
        order = (int)one->in_kind - (int)two->in_kind;
    if (order == 0)
        order = strcmp(one->what, two->what);
    return order != 0 ? order : strcmp(one->unit, two->unit);
}

/* The row of the order's debt: without sums, with its names. */
static ms_balance_row row_of(const ms_ledger_order *order)
{
    return (ms_balance_row){
        .debtor = order->receiver,
        .creditor = order->provider,
        .what = order->in_kind ? order->request->item : order->terms->currency,
        .unit = order->in_kind ? order->request->unit : "",
        .in_kind = order->in_kind,
        .digits = order->in_kind ? MS_EXACT_QUANTITY_DIGITS : MS_EXACT_MONEY_DIGITS,
        .due = -1,
    };
}

static void add_order(ms_balance_row *row, const ms_ledger_order *order, int64_t date)
{
    row->owed = add(row->owed, order->owed);
    row->settled = add(row->settled, order->settled);
    row->outstanding = add(row->outstanding, order->outstanding);
    row->overdue = add(row->overdue, ms_order_overdue(order, date));
    row->unacknowledged = add(row->unacknowledged, order->unacknowledged);
    if (order->due >= 0 && (row->due < 0 || order->due < row->due))
        row->due = order->due;
    row->order_count++;
}

ms_status ms_balance_make(ms_balance *out, ms_arena *arena, const ms_ledger *ledger, const char *partner, int64_t date,
                          ms_error *err)
{
    ms_balance balance = {ms_arena_alloc(arena, ledger->order_count, sizeof *balance.rows), 0};
    if (balance.rows == NULL)
        return ms_error_memory(err);
    for (size_t i = 0; i < ledger->order_count; i++) {
        const ms_ledger_order *order = &ledger->orders[i];
        if (order->request == NULL || order->ordered == 0 ||
            (order->owed == 0 && order->settled == 0 && order->unacknowledged == 0))
            continue;
        if (partner != NULL && ms_order_side(order, partner) == 0)
            continue;
        ms_balance_row row = row_of(order);
        size_t r = 0;
        while (r < balance.count && by_pair(&balance.rows[r], &row) != 0)
            r++;
        if (r == balance.count)
            balance.rows[balance.count++] = row;
        add_order(&balance.rows[r], order, date);
    }
    qsort(balance.rows, balance.count, sizeof *balance.rows, by_pair);
    *out = balance;
    return MS_OK;
}

/* The row of the other direction, or NULL. */
static const ms_balance_row *opposite(const ms_balance *balance, const ms_balance_row *row)
{
    ms_balance_row wanted = *row;
    wanted.debtor = row->creditor;
    wanted.creditor = row->debtor;
    return bsearch(&wanted, balance->rows, balance->count, sizeof *balance->rows, by_pair);
}

int64_t ms_balance_net(const ms_balance *balance, const ms_balance_row *row)
{
    const ms_balance_row *other = opposite(balance, row);
    return add(row->outstanding, other != NULL ? -other->outstanding : 0);
}

bool ms_balance_is_first(const ms_balance *balance, const ms_balance_row *row)
{
    const ms_balance_row *other = opposite(balance, row);
    return other == NULL || row < other;
}
