/* keep.h: of plans that are as good, the one that changes least of what was ordered.
 *
 * Departures that an old plan ordered are worth a little to keep, others cost as little: so little that all of it
 * together stays within half the gap asked for. The linear program with these charges is solved over the departures of
 * the old plan and the new one alone; where it is too large for that, the new plan stays.
 */
#ifndef MS_STRESS_KEEP_H
#define MS_STRESS_KEEP_H

#include "plan/flow.h"

/* Above this many columns the plan stays as it is. */
enum { MS_KEEP_COLUMNS_MOST = 60000 };

/* Tonnes of departures that differ: cancelled and added together. */
double ms_keep_changed_t(const ms_network *net, const ms_flow *ordered, const ms_settled *settled);

/* Puts a plan that changes less of what was ordered in the place of *settled, where there is one whose objective is at
 * most `most`; gap is that asked for. */
ms_status ms_keep(ms_settled *settled, const ms_network *net, const ms_flow *ordered, double most, double gap,
                  ms_error *err);

#endif
