/* ledger_words.h: orders, quantities and dates of the ledger in words, and opening the ledger for a view. */
#ifndef MS_REPORT_LEDGER_WORDS_H
#define MS_REPORT_LEDGER_WORDS_H

#include "base/clock.h"
#include "ledger/balance.h"
#include "report/table.h"

enum { MS_AMOUNT_BYTES = 320 };

/* What a view of the ledger reads: all orders, and the date that it is made for. */
typedef struct {
    ms_ledger ledger;
    int64_t date;
} ms_ledger_view;

/* MS_USAGE when the filter's date is none. Free with ms_ledger_view_close. */
MS_MUST_USE ms_status ms_ledger_view_open(ms_ledger_view *out, ms_book *book, const ms_ledger_filter *filter,
                                          ms_error *err);
void ms_ledger_view_close(ms_ledger_view *view);

/* True when the filter's partner is a side of the order, or none is asked for. An order whose request has not arrived
 * has only this book's other sides. */
bool ms_ledger_concerns(const ms_ledger_order *order, const ms_ledger_filter *filter);

/* "2026-03-01"; "" for -1. Returns out. */
char *ms_ledger_date(char out[MS_DATE_BYTES], int64_t date);
/* "1,200.5 m3", "1,250.00 USD"; unit "" leaves it out. Returns out. */
char *ms_ledger_amount(char out[MS_AMOUNT_BYTES], int64_t value, bool money, const char *unit);
/* What the order owes in: its currency, or the item's unit. */
const char *ms_ledger_unit(const ms_ledger_order *order);

/* A cell: as it is in the files, grouped on the screen. */
void ms_ledger_cell(ms_table *table, int column, int64_t value, bool money);
void ms_ledger_date_cell(ms_table *table, int column, int64_t date);

/* "KR to issue" of the first thing that the order waits for; "" when it is over. since: its date, -1. */
void ms_ledger_waits(ms_buf *out, int64_t *since, const ms_ledger_order *order);

/* The columns of a table of balances, in their order; a table may end before MS_BALANCE_ORDERS. */
enum {
    MS_BALANCE_DEBTOR,
    MS_BALANCE_CREDITOR,
    MS_BALANCE_OF,
    MS_BALANCE_UNIT,
    MS_BALANCE_OWED,
    MS_BALANCE_SETTLED,
    MS_BALANCE_UNACKNOWLEDGED,
    MS_BALANCE_OUTSTANDING,
    MS_BALANCE_OVERDUE,
    MS_BALANCE_DUE,
    MS_BALANCE_ORDERS
};
/* A new row of it, with all cells but the count of orders. */
void ms_ledger_put_balance(ms_table *table, const ms_balance_row *row);

/* "KR owes US 1,250.00 USD": the net of a row's pair. */
void ms_ledger_put_net(ms_buf *out, const ms_balance *balance, const ms_balance_row *row);

#endif
