/* report.h: what the views share.
 *
 * Each view writes into a buffer of its own and hands it over whole at the end, so that a caller's buffer stays as it
 * was when a view fails.
 */
#ifndef MS_REPORT_REPORT_H
#define MS_REPORT_REPORT_H

#include "plan/plan.h"

/* Appends *made to *out and frees it. MS_NO_MEMORY when either had failed: then out keeps the length that it had. */
ms_status ms_report_hand_over(ms_buf *out, ms_buf *made, ms_error *err);

/* False for what a plan's rounding leaves over (docs/model.md, Rounding): less than 10 g, or than a 10,000th of what is
 * wanted in the period. Views do not call that a shortfall; the plan's files have it. */
bool ms_report_falls_short(const ms_plan *plan, const ms_shortfall *shortfall);

#endif
