/* tidy.h: the same plan with few movements.
 *
 * A first-order engine's plan lies inside the optimal face: a little of everything goes on every way that costs the
 * same. Tidying moves flow from many ways to few, in whole quanta, and passes no limit by more than ms_flow_settle
 * allows itself for rounding's sake. What is taken in, what is refused, what is committed and what each line gets stay
 * as they are, but for issues of less than a thousandth of a unit; no reserve loses; the objective stays or falls. See
 * tidy.c. The result depends on the settled flow and the network alone. Time: three to seven microseconds a movement.
 * Memory: some 100 bytes for each movement and for each node.
 */
#ifndef MS_PLAN_TIDY_H
#define MS_PLAN_TIDY_H

#include "plan/flow.h"

/* Changes the movements, issues and stocks of a settled flow, and what it weighs. On failure (MS_NO_MEMORY) it is as it
 * was. Without mixing it takes half the time or less and leaves some more movements: enough to start from. */
ms_status ms_tidy(ms_settled *settled, const ms_network *net, bool mixes, ms_error *err);

#endif
