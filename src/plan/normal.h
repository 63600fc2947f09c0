/* normal.h: the normal equations (A T A' + r I) y = g of an interior point, for ever new diagonal T.
 *
 * The matrix is added up over a pattern made once, factored (cholesky.h), and the solution refined by conjugate
 * gradients on the sparse A itself, so that neither rounding nor pivots that were given up spoil it. Allocates when
 * made only. Time of a compute: sum of squares of the columns' lengths, and the factor. Memory: 4 bytes for each pair
 * of entries of a column, and the factor.
 */
#ifndef MS_PLAN_NORMAL_H
#define MS_PLAN_NORMAL_H

#include <stdint.h>

#include "base/team.h"

/* min cost'x, A x = right, 0 <= x <= upper (INFINITY: no limit). A by columns, the rows of a column ascending. */
typedef struct {
    int column_count, row_count;
    int *start, *index;
    double *value, *cost, *upper, *right;
} ms_equations;

/* out[row] = A x; out[column] = A'y */
void ms_equations_multiply(double *out, const ms_equations *eq, const double *x);
void ms_equations_transpose(double *out, const ms_equations *eq, const double *y);

typedef struct ms_normal ms_normal;

/* The equations, the marks and the team must outlive it. alone[row]: the row's diagonal outweighs the rest of it so
 * much that it is factored as if there were no rest, which saves most of the factor; solutions are exact all the same.
 */
ms_status ms_normal_make(ms_normal **out, const ms_equations *eq, const uint8_t *alone, ms_simd simd, ms_team *team,
                         ms_error *err);
void ms_normal_free(ms_normal *normal); /* NULL is allowed */
/* theta[column] > 0 must stay as it is until the next compute. */
void ms_normal_compute(ms_normal *normal, const double *theta, double ridge);
/* Brings y, which may begin as a guess, so near that no row misses g by more than `most`, in at most so many tries.
 * Returns the largest miss. */
double ms_normal_solve(ms_normal *normal, double *y, const double *g, double most, int tries);
double ms_normal_operations(const ms_normal *normal);
long long ms_normal_tries(const ms_normal *normal); /* solves with the factor so far */

#endif
