/* propose.h: the requests that a plan needs of this book's partner, from orders.csv of the plan.
 *
 * A row of orders.csv in which the partner receives becomes a request of its quantity, needed by its first day, less
 * what is on order already under the same agreement, for the same item and site: asked for, or accepted and not issued
 * yet. What is on order is taken off the earliest row first. Lift and entry are asked for in tonnes.
 */
#ifndef MS_LEDGER_PROPOSE_H
#define MS_LEDGER_PROPOSE_H

#include "ledger/ledger.h"

typedef struct {
    const char *agreement, *provider, *kind, *item, *site, *need_by, *unit;
    int64_t planned, on_order, wanted; /* millionths of the unit; wanted = planned - on_order, or 0 */
    const char *order;                 /* code of the request made, NULL: none */
    const char *refusal;               /* why it cannot be requested, NULL: it can */
} ms_proposal;

typedef struct {
    ms_proposal *rows; /* in the order of the file */
    size_t count, capacity;
} ms_proposals;

/* Reads plan_path/orders.csv. book NULL: nothing is written; else each request is signed and appended in the book's
 * open transaction, and the first that is refused fails the whole. Everything is in the ledger's arena, but for rows:
 * free them with ms_free, also on failure. */
MS_MUST_USE ms_status ms_propose(ms_proposals *out, ms_ledger *ledger, ms_book *book, const ms_case *kase,
                                 const char *plan_path, const char *date, int64_t today, ms_error *err);

#endif
