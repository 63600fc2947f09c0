/* residual.h: what is left of a case on a day on which its plan has been carried out so far.
 *
 * The residual case begins on that day (its day 0) and ends with the old one. Nothing of it depends on what the plan
 * meant to do later:
 * - opening stock is what the plan has on hand at the end of the day before;
 * - what has left by then and not arrived is a commitment under way; firm orders that leave later stay commitments;
 * - supplies, demands, forces, agreements and contingencies move to the new days; what is over stays with a rate or
 *   limit of 0, so that every row keeps its index and id, and every priority its weight;
 * - what is still owed of an item with backorder is wanted at once: in the demand's own row where that has ended, else
 *   in a row of its own behind the others, ID-owed;
 * - agreements say what has been used of their limits.
 * What a contingency has already done is in the numbers: stock that was lost, shares of what was under way, supplies
 * that it put off. Where a lane was slowed when something left on it, that arrives by a lane LANE-late-DAYS that
 * nothing else can use. Partners, sites, items, fleets, reserves and the rest are the old files, byte for byte.
 *
 * Cost: linear in the case and the plan, and one reading of the files.
 */
#ifndef MS_STRESS_RESIDUAL_H
#define MS_STRESS_RESIDUAL_H

#include "plan/plan.h"

/* MS_OK when a plan can be taken up at the start of that period: a whole day, not behind the end; *period from day.
 * Else MS_USAGE with the nearest days that can. */
ms_status ms_residual_period(int *period, const ms_case *kase, double day, ms_error *err);
/* The last such period at or before the day; 0 at least. */
int ms_residual_period_before(const ms_case *kase, double day);

/* The residual case at the start of period (as above), plain: contingencies are in it, shifted, but none is applied. It
 * is independent of the plan and its case. Free with ms_case_free. */
ms_status ms_residual_case(ms_case **out, const ms_plan *plan, int period, ms_error *err);

#endif
