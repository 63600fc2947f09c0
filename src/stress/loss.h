/* loss.h: what a plan would lose, at most, to each failure: the screen that makes most solves unnecessary.
 *
 * Take a plan and close something. Cancel every tonne that would have passed it, from where it came to where it was to
 * be used: the tonne stays where it was at the start (or the supply is refused), and what it would have met falls
 * short. What is left is a plan of the changed case, so its objective is an upper bound (docs/stress.md, S2):
 *
 *     best objective with the set S closed  <=  objective of the plan + sum over S of loss(e)
 *
 * loss(e) = 0 means that the plan does not use e while it is closed: the plan stands, and e is proven harmless. How a
 * tonne's worth is followed through a store, where goods mix, is told in docs/stress.md. INFINITY: not bounded in this
 * way (a store without room for what would stay in it; a contingency that destroys stock).
 *
 * Cost: one pass over the ways and nodes, whatever the number of failures. Memory: three doubles a node of one layer.
 */
#ifndef MS_STRESS_LOSS_H
#define MS_STRESS_LOSS_H

#include "plan/flow.h"
#include "stress/failure.h"

/* out: [failures->count]. The plan must hold in the network: the base's, or one where more is closed. */
MS_MUST_USE ms_status ms_loss_find(double *out, const ms_network *net, const ms_settled *plan,
                                   const ms_failures *failures, ms_error *err);

#endif
