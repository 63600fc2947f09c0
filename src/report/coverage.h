/* coverage.h: combined and alone: how much of what is wanted is met together, and by each partner on its own.
 *
 * This comparison is what Mainstay exists for. The same rows serve the plan's story, its CSV and its JSON.
 */
#ifndef MS_REPORT_COVERAGE_H
#define MS_REPORT_COVERAGE_H

#include "plan/plan.h"
#include "report/table.h"

/* Sums over cells of plan->coverage, tonnes. alone_t is NAN when nobody in the sum was planned alone. */
typedef struct {
    double wanted_t, met_t, alone_t, late_t_days, alone_late_t_days;
} ms_cover;

enum { MS_EVERY = -1 };

/* partner_ix: 0.. a partner, partners_count for nobody's consumers, MS_EVERY for all; rank into plan->priorities, or
 * MS_EVERY. What nobody planned alone counts as unmet in a sum with others. */
ms_cover ms_coverage_sum(const ms_plan *plan, int32_t partner_ix, int rank);
double ms_cover_share(const ms_cover *cover);       /* met of wanted; 1 when nothing is wanted */
double ms_cover_alone_share(const ms_cover *cover); /* NAN when not planned */

/* The section on a screen: everyone first, then each partner, each by priority where that keeps it short. */
void ms_coverage_print(const ms_plan *plan, const ms_pen *pen);
/* One row for each partner and priority that wants something. */
void ms_coverage_csv(const ms_plan *plan, ms_buf *out);
/* Under the keys "total", "by_priority", "by_partner" and "rows". */
void ms_coverage_json(const ms_plan *plan, ms_json *json);

#endif
