/* face.h: the part of an LP that a nearly optimal flow and nearly optimal prices leave open (docs/engine.md, An exact
 * end).
 *
 * Columns that cost more than `cheap` at the prices and carry nothing stay where they are, at 0 or at their upper
 * bound; what can then be nothing but 0 goes too. What is left is half or a quarter of the LP and has equations only,
 * each limit with its slack as a column. Its best flow is a flow of the whole LP, and nearly as good as the best of
 * all; its prices prove nothing for what was left out. Time and memory: linear in the LP.
 */
#ifndef MS_PLAN_FACE_H
#define MS_PLAN_FACE_H

#include "plan/lp.h"
#include "plan/normal.h"
#include "plan/flow.h"
#include "plan/sweep.h"

typedef struct {
    const ms_lp *lp;
    double *x, *y; /* the point by columns and rows of the LP: what was given, and what was put in */
    ms_equations eq;
    int *column; /* [eq column]: of the LP, or -1 - row for the slack of a row */
    int *row;    /* [eq row]: of the LP */
    double *start_x, *start_y;
    ms_arena *arena;
} ms_face;

/* The sweeper's last evaluation must be of these prices; cheap is per tonne. */
ms_status ms_face_make(ms_face **out, const ms_lp *lp, const ms_settled *settled, const ms_prices *prices,
                       const ms_sweeper *sweeper, double cheap, ms_error *err);
void ms_face_free(ms_face *face); /* NULL is allowed */
/* Put what solves the equations, by their columns or rows, into x and y. */
void ms_face_take_flow(ms_face *face, const double *x);
void ms_face_take_prices(ms_face *face, const double *y);

/* face_point.c: a settled flow as values of an LP's columns; prices as dual values of its rows. Whole arrays. */
void ms_lp_point(double *x, const ms_lp *lp, const ms_settled *settled);
void ms_lp_duals(double *y, const ms_lp *lp, const ms_prices *prices, const ms_sweeper *sweeper);

#endif
