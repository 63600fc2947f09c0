/* interior.h: an interior point of our own for linear programs in equations (docs/engine.md, An exact end).
 *
 * Mehrotra's predictor and corrector with Gondzio's further correctors, all weighted for the longest step, from a point
 * that is given: x near a flow that is nearly feasible, y near good prices. Life cycle: make; fit and step as often as
 * wanted, look; free. Steps allocate nothing. The bytes depend on the equations and the start alone. Time of a step:
 * one factorisation and up to a dozen solves with it (normal.h).
 */
#ifndef MS_PLAN_INTERIOR_H
#define MS_PLAN_INTERIOR_H

#include "plan/normal.h"

typedef struct ms_interior ms_interior;

/* The equations and the team must outlive it. x is by column, y by row; they are copied, and pushed inside so that x
 * times its reduced cost is about `centre` everywhere. */
ms_status ms_interior_make(ms_interior **out, const ms_equations *eq, const double *x, const double *y, double centre,
                           ms_simd simd, ms_team *team, ms_error *err);
void ms_interior_free(ms_interior *ip); /* NULL is allowed */
/* Before each step: lays the matrix out for the rows that matter now, where that was not done or has grown old. Nearly
 * always nothing is to do; else it allocates (MS_NO_MEMORY: free the interior). */
ms_status ms_interior_fit(ms_interior *ip, ms_error *err);
void ms_interior_step(ms_interior *ip);

/* x by column, moved the shortest way, in its own metric, to where rows miss nothing; between its bounds. Owned by ip,
 * until the next step. After a step only. */
const double *ms_interior_finished_x(ms_interior *ip);
const double *ms_interior_y(const ms_interior *ip); /* by row: d objective / d right */
/* y as far as columns hold it, and `from` (by row) where none does: what is held no more than a column with a reduced
 * cost of `far` would hold it stays where it was. Owned by ip, until the next step. After a step only, and after
 * ms_interior_finished_x: the matrix is computed anew. */
const double *ms_interior_held_y(ms_interior *ip, const double *from, double far);
/* What x costs; how much of it complementarity leaves open; by how much a row is missed at most. */
typedef struct {
    double cost, open, missed, step; /* step: the shorter of the last two lengths */
} ms_interior_state;
ms_interior_state ms_interior_look(const ms_interior *ip);
double ms_interior_operations(const ms_interior *ip); /* of a factorisation; 0 before the first fit */

#endif
