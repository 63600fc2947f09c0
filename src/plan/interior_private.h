/* interior_private.h: an interior point's state, for interior.c, which keeps it, and interior_step.c, which moves it.
 */
#ifndef MS_PLAN_INTERIOR_PRIVATE_H
#define MS_PLAN_INTERIOR_PRIVATE_H

#include <math.h>

#include "base/alloc.h"
#include "plan/interior.h"

#define MS_INTERIOR_RIDGE 1e-6 /* what is added to the diagonal of A T A' */

/* A direction: of x, y, and of the reduced costs at the lower and at the upper bound. */
typedef struct {
    double *x, *y, *low, *high;
    double primal, dual; /* how far it may go */
} ms_direction;

struct ms_interior {
    const ms_equations *eq;
    ms_normal *normal;
    double *x, *y;
    double *low, *high; /* > 0: reduced cost is low - high; high is 0 without an upper bound */
    double *room;       /* upper - x, INFINITY without */
    double *theta, *missed_row, *missed_cost;
    double *want_low, *want_high; /* what a direction aims to add to x times low, and to room times high */
    double *push, *right, *image; /* scratch by column, row, column */
    ms_direction best, trial;
    int pairs;
    uint8_t *alone;        /* [row]: as normal.h has it */
    double *sole, *others; /* [row]: its diagonal, by columns of one entry and by the others */
    double share;          /* of the former, that the latter are below where a row is alone */
    long long tries;       /* solves of the last step */
    ms_simd simd;
    ms_team *team;
    ms_interior_state state;
    ms_arena *arena;
};

static inline bool ms_interior_bounded(const ms_interior *ip, int j)
{
    return !isinf(ip->eq->upper[j]);
}

static inline double ms_interior_largest(const double *values, int count)
{
    double most = 0;
    for (int i = 0; i < count; i++)
        most = fabs(values[i]) > most ? fabs(values[i]) : most;
    return most;
}

/* What a column gives for a push. */
void ms_interior_find_theta(ms_interior *ip);
/* Misses, complementarity and cost of the point at hand. */
void ms_interior_measure(ms_interior *ip);

#endif
