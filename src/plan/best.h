/* best.h: the best plan that a series of flows has given.
 *
 * A first-order method offers a flow every hundred steps or so. Each is settled in value only (flow.h); where asked,
 * and where it broke limits, also as the repair leaves it (repair.h). The flow behind the best value is kept, and
 * becomes a plan once, at the end. A plan that fits its stores is better than one that does not, whatever it costs. One
 * thread uses it at a time. Memory: two flows, a settler and, from the first repair on, a repair.
 */
#ifndef MS_PLAN_BEST_H
#define MS_PLAN_BEST_H

#include "plan/flow.h"
#include "plan/repair.h"

typedef struct ms_best ms_best;

/* The network's rooms must not change as long as it lives. */
ms_status ms_best_make(ms_best **out, const ms_network *net, ms_error *err);
void ms_best_free(ms_best *best); /* NULL is allowed */

/* Where the next flow is to be filled in, wholly: what was there is spoilt. */
ms_flow *ms_best_trial(ms_best *best);

/* Which trials are worth a repair, and how it is done. It is given up when it will be no better than what is kept. */
typedef struct {
    ms_repair_manner manner;
    double plain_most; /* where, settled as it is, it costs no more, or does not fit; INFINITY: any */
    double most;       /* given up when it will cost more; INFINITY: never */
} ms_best_repair;

/* Weighs the trial. better: whether it is now the best. On failure the best is what it was. */
ms_status ms_best_offer(bool *better, ms_best *best, const ms_best_repair *repair, ms_error *err);

/* NULL before the first offer. */
const ms_settled_value *ms_best_value(const ms_best *best);
bool ms_best_fits(const ms_best *best); /* there is a plan, and its stores hold what it keeps in them */
const ms_flow *ms_best_flow(const ms_best *best);

/* Makes the plan of the best flow; there must be one. */
ms_status ms_best_settle(ms_settled *out, ms_best *best, ms_error *err);

#endif
