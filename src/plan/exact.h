/* exact.h: the last digits, where the first-order method has become slow (docs/engine.md, An exact end).
 *
 * The flow comes from an interior point (interior.h) on what flow and prices so far leave open (face.h); the bound from
 * its prices, kept near those so far, or else from the first-order method, which is good at prices, freed of looking
 * after the flow. Time: some twenty factorisations a round, of three at most; none is begun where they would take too
 * long. The result depends on where the state stands alone.
 */
#ifndef MS_PLAN_EXACT_H
#define MS_PLAN_EXACT_H

#include "plan/primal_dual.h"

/* Narrower gaps than this have their end here, after a solve to ms_exact_from; wider ones where the first-order method
 * came to a stand. */
#define MS_EXACT_BELOW 1e-4
/* The gap to begin at with an LP of so many columns. */
double ms_exact_from(long long columns);

/* Goes on from a state that was solved, to limits->gap. */
ms_status ms_exact_end(ms_pd_end *out, ms_pd *pd, const ms_network *net, const ms_pd_limits *limits, ms_simd simd,
                       ms_error *err);

#endif
