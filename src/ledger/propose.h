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

/* A proposal that somebody chose: its place among the rows, and what it wanted then. */
typedef struct {
    size_t row;
    const char *wanted;
} ms_chosen;

typedef struct {
    const char *orders; /* orders.csv of the plan */
    size_t length;
    const char *file;        /* its name in errors */
    const char *date;        /* of the requests; NULL: today */
    const ms_chosen *chosen; /* the only rows to be requested; NULL: all */
    size_t chosen_count;
} ms_propose_options;

/* book NULL: nothing is written; else each request is signed and appended in the book's open transaction, and the first
 * that is refused fails the whole; MS_CONFLICT when a chosen one is not there, or wants something else by now.
 * Everything is in the ledger's arena, but for rows: free them with ms_free, also on failure. */
MS_MUST_USE ms_status ms_propose(ms_proposals *out, ms_ledger *ledger, ms_book *book, const ms_case *kase,
                                 const ms_propose_options *options, int64_t today, ms_error *err);

#endif
