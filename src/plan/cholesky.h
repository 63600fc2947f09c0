/* cholesky.h: L L' = P M P' for a large sparse symmetric positive definite matrix, again and again with new numbers.
 *
 * Made once for a pattern: the order (approximate minimum degree, the AMD library), the elimination tree, fronts of
 * neighbouring columns with the same rows below, where each entry goes. Then any number of ms_cholesky_compute and
 * ms_cholesky_solve, which allocate nothing. Multifrontal: each front is a dense panel, and what it takes off the rest
 * is a dense triangle on a stack. A team shares the work. The bytes depend neither on its size nor on the vectors of
 * the machine: every number is a sum in one order, without fused multiply-adds. L is computed in double and kept in
 * single precision, since reading it is what a solve takes its time for: solutions are good to some 1e-6, which is
 * plenty for a preconditioner. Time: ms_cholesky_operations, at some 10 in a nanosecond; a solve reads L twice. Memory:
 * 4 bytes an entry of L, the stack and a few numbers an entry of the matrix. Method: Duff and Reid 1983, Liu 1992.
 */
#ifndef MS_PLAN_CHOLESKY_H
#define MS_PLAN_CHOLESKY_H

#include "base/team.h"

typedef struct ms_cholesky ms_cholesky;

/* The lower triangle of an n x n pattern by columns: index[start[j]] is j, the other rows of column j follow in any
 * order, each once. The team must outlive it; nothing is kept of the other arguments. */
ms_status ms_cholesky_make(ms_cholesky **out, int n, const int *start, const int *index, ms_simd simd, ms_team *team,
                           ms_error *err);
void ms_cholesky_free(ms_cholesky *factor); /* NULL is allowed */

/* value[e] belongs to index[e]. A pivot that falls to `guard` of its diagonal entry or below stands for a row that
 * depends on others: it counts as infinite, so that its unknown becomes 0. Returns how many did. */
int ms_cholesky_compute(ms_cholesky *factor, const double *value, double guard);
/* x <- M^-1 x, nearly. */
void ms_cholesky_solve(ms_cholesky *factor, double *x);

double ms_cholesky_operations(const ms_cholesky *factor); /* multiplications of a compute */

#endif
