/* fill.h: a settled flow and its prices become the rows of a plan. */
#ifndef MS_PLAN_FILL_H
#define MS_PLAN_FILL_H

#include "plan/flow.h"
#include "plan/prices.h"

/* Fills movements, issues, levels, shortfalls and the objective of an empty plan. */
ms_status ms_plan_fill(ms_plan *plan, const ms_network *net, const ms_settled *settled, ms_error *err);
/* Fills the prices: all that are not zero. */
ms_status ms_plan_fill_prices(ms_plan *plan, const ms_network *net, const ms_prices *prices, ms_error *err);
/* Notes what a partner covers alone in the plan's coverage. */
void ms_plan_note_alone(ms_plan *plan, int32_t partner_ix, const ms_network *net, const ms_settled *settled);
/* A plan's coverage table, sized and with its priorities; all zero, alone NAN. */
ms_status ms_plan_make_coverage(ms_plan *plan, const ms_weights *weights, ms_error *err);

#endif
