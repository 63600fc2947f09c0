/* balance.h: who owes whom how much of what, over many orders.
 *
 * A row is a debtor, a creditor and what is owed: money of a currency, or units of an item in kind. The net of two
 * partners is the same seen from either, with the sign turned. Sums that would pass MS_EXACT_MOST stop there. Cost:
 * orders times rows.
 */
#ifndef MS_LEDGER_BALANCE_H
#define MS_LEDGER_BALANCE_H

#include "ledger/ledger.h"

typedef struct {
    const char *debtor, *creditor; /* the receiver and the provider of the orders */
    const char *what, *unit;       /* the currency and ""; in kind the item and its unit */
    bool in_kind;
    int digits; /* of the sums below: money or quantity */
    int64_t owed, settled, outstanding, overdue, unacknowledged;
    int64_t due; /* the earliest of what is left, -1: none */
    int32_t order_count;
} ms_balance_row;

typedef struct {
    ms_balance_row *rows; /* by debtor, creditor, money first, what */
    size_t count;
} ms_balance;

/* Of the orders that have to do with partner (NULL: all) and owe or owed anything; overdue as of date. Rows are in the
 * arena; texts belong to the orders. */
MS_MUST_USE ms_status ms_balance_make(ms_balance *out, ms_arena *arena, const ms_ledger *ledger, const char *partner,
                                      int64_t date, ms_error *err);

/* What `one` owes `other` of the same thing, less what it is owed; row is one of the balance's. */
int64_t ms_balance_net(const ms_balance *balance, const ms_balance_row *row);
/* True for the row that stands for its pair and thing: the first of the one or two that there are. */
bool ms_balance_is_first(const ms_balance *balance, const ms_balance_row *row);

#endif
