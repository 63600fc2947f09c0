/* difference.h: what two plans do differently, row by row; rows are matched by id, so the cases may differ.
 *
 * Cost: linear in both plans, a hash look-up for each row of a case.
 */
#ifndef MS_REPORT_DIFFERENCE_H
#define MS_REPORT_DIFFERENCE_H

#include "plan/plan.h"

typedef enum {
    MS_DIFFER_DEMAND,    /* tonnes short; with backorder the most owed at once */
    MS_DIFFER_LANE,      /* tonnes moved */
    MS_DIFFER_SITE,      /* tonnes in and out */
    MS_DIFFER_AGREEMENT, /* tonnes drawn */
    MS_DIFFER_KINDS
} ms_differ_kind;

/* One plan's side of a row. */
typedef struct {
    double tonnes;
    double quantity;   /* of demands, item units */
    int short_periods; /* of demands */
    int first_period;  /* of demands: first short; -1 never */
} ms_differ_side;

typedef struct {
    ms_differ_kind kind;
    int32_t before_ix, after_ix; /* row in each case; -1: not there */
    ms_differ_side before, after;
    double weight; /* of the change in the objective's terms for demands, in tonnes for the others; negative is worse */
} ms_difference;

typedef struct {
    ms_difference *rows; /* by kind, then the greatest change first */
    size_t count;
    size_t first[MS_DIFFER_KINDS + 1]; /* rows of kind k are first[k] up to first[k + 1] */
} ms_differences;

/* Rows that are the same in both plans (to a kilogram, and in their days) are left out. */
ms_status ms_differences_make(ms_differences *out, const ms_plan *before, const ms_plan *after, ms_error *err);
void ms_differences_free(ms_differences *differences);

#endif
