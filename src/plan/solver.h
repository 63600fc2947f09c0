/* solver.h: the contract of an LP code, five functions long: make, solve, change, look, free.
 *
 * solver_clp.c is the only implementation; another code (HiGHS) needs these functions and nothing else. Many solvers
 * may live at once in one process; one solver is used by one thread at a time.
 */
#ifndef MS_PLAN_SOLVER_H
#define MS_PLAN_SOLVER_H

#include "plan/lp.h"

typedef struct ms_solver ms_solver;

typedef enum {
    MS_SOLVED,        /* optimal within the code's tolerances */
    MS_SOLVE_STOPPED, /* time or interrupt: primal and prices are what it had */
    MS_SOLVE_TROUBLE  /* the code gave up: the same, use with care */
} ms_outcome;

typedef struct {
    double seconds; /* 0: none */
    ms_progress progress;
    void *progress_context;
    const char *stage;
    double expected_iterations; /* for the estimate; 0 unknown */
} ms_solve_limits;

/* Copies the LP; lp need not outlive the solver. */
ms_status ms_solver_make(ms_solver **out, const ms_lp *lp, ms_error *err);
void ms_solver_free(ms_solver *solver); /* NULL is allowed */
/* Solves from the basis it has (none: from scratch). */
ms_outcome ms_solver_solve(ms_solver *solver, const ms_solve_limits *limits);
void ms_solver_change_row(ms_solver *solver, int row, double lower, double upper);
const double *ms_solver_primal(const ms_solver *solver); /* by column; valid until the next solve */
const double *ms_solver_prices(const ms_solver *solver); /* dual values by row: d objective / d right-hand side */
double ms_solver_objective(const ms_solver *solver);     /* with the LP's constant */
long long ms_solver_iterations(const ms_solver *solver);

/* One byte a column, then one a row; a stranger's bytes are checked by their count alone, any basis is a valid start.
 */
size_t ms_solver_basis_length(const ms_solver *solver);
void ms_solver_get_basis(const ms_solver *solver, unsigned char *basis);
void ms_solver_set_basis(ms_solver *solver, const unsigned char *basis);

const char *ms_solver_name(void); /* "Clp 1.17.6" */

#endif
