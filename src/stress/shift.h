/* shift.h: what one plan does instead of another: lanes and sites that carry more or less, and which of them are then
 * full.
 *
 * A lane is full in a period in which it takes all that may leave on it, a site in one in which it handles all that it
 * can; both are counted from the plan's rows against the case, so a reader can verify them. Cost: rows of both plans,
 * lanes and sites x periods.
 */
#ifndef MS_STRESS_SHIFT_H
#define MS_STRESS_SHIFT_H

#include "plan/plan.h"

typedef struct {
    bool is_site;
    int32_t row_ix;            /* lane or site */
    double before_t, after_t;  /* moved on the lane; in and out of the site */
    int full_periods;          /* of the second plan */
    int first_full, last_full; /* periods; -1: never */
} ms_shift;

/* The lanes, then the sites, that carry otherwise by more than a tonne, greatest change first, at most `most` of each
 * sort. Both plans are of the same tables. *out is freed with ms_free. */
ms_status ms_shifts_make(ms_shift **out, size_t *count, const ms_plan *before, const ms_plan *after, size_t most,
                         ms_error *err);

#endif
