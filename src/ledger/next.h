/* next.h: what the partner of a book may do now with an order, and what each step would say of itself.
 *
 * Which steps there are follows from the transition table and the deliveries; the rest is found by drafting each of
 * them (ledger.h), so that the rules stay in one place: a step without `why` is one that ms_ledger_take would take.
 * Cost: a few drafts a step.
 */
#ifndef MS_LEDGER_NEXT_H
#define MS_LEDGER_NEXT_H

#include "ledger/ledger.h"

/* What an offer leaves to be said, as bits of `asks`. */
enum { MS_ASKS_PRICE = 1, MS_ASKS_SETTLEMENT = 2, MS_ASKS_CURRENCY = 4 };

typedef struct {
    ms_step_kind kind;
    const ms_delivery *of; /* receive, dispute: which one; else NULL */
    bool money;            /* what it measures: money, not item units */
    int64_t measure;       /* what it says when nothing else is said; -1: it has no measure */
    const ms_step *terms;  /* offer: with what follows from agreement and case; NULL: none */
    unsigned asks;         /* of an offer */
    const char *why;       /* why it cannot be taken as it stands, NULL: it can */
} ms_next;

typedef struct {
    ms_next *steps; /* in the order of their kinds, in the ledger's arena */
    size_t count;
} ms_next_steps;

/* kase as ms_ledger_draft wants it; it may be NULL once the order is accepted. The ledger's arena grows. */
MS_MUST_USE ms_status ms_ledger_next(ms_next_steps *out, const ms_ledger *ledger, const ms_case *kase,
                                     const ms_ledger_order *order, int64_t today, ms_error *err);

#endif
