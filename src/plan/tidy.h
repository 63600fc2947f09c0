/* tidy.h: the same plan with few movements.
 *
 * A first-order engine's plan lies inside the optimal face: a little of everything goes on every way that costs the
 * same. Tidying moves flow from many ways to few, in whole quanta and without ever passing a limit by more than
 * rounding's sake (what ms_flow_settle allows itself): what comes and goes at each node, what each line gets and what
 * is refused stay as they are, reserves are not touched, and the objective stays or falls. See tidy.c for how. The
 * result depends on the settled flow and the network alone. Time: about a microsecond for each movement and step of the
 * round that it closes (some 50). Memory: 100 bytes a movement and a node.
 */
#ifndef MS_PLAN_TIDY_H
#define MS_PLAN_TIDY_H

#include "plan/flow.h"

/* Changes the movements, issues and stocks of a settled flow, and what it weighs. On failure (MS_NO_MEMORY) it is as it
 * was. */
ms_status ms_tidy(ms_settled *settled, const ms_network *net, ms_error *err);

#endif
