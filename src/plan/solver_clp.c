/* solver_clp.c: the LP code behind solver.h: Clp's dual simplex (J. Forrest, COIN-OR) through its C interface.
 *
 * Clp runs in a thread of its own while the caller's thread looks at its iteration count, reports progress and, where
 * it must, sets the iteration limit to zero, which Clp reads before each iteration. Clp's message callback would do
 * that too, but Clp then prints every message on standard output, and a library must not print. The two integers are
 * read and written without a lock inside Clp; on every machine that Clp runs on, an aligned int is read whole. Clp runs
 * without its presolve: the network is pruned already, and a presolved copy would not see the limit. Clp keeps no state
 * between models.
 */
#include "plan/solver.h"

#include <pthread.h>
#include <time.h>

#include <coin/ClpConfig.h>
#include <coin/Clp_C_Interface.h>

#include "base/clock.h"

/* Costs are perturbed by as much as the LP's size asks for. The C interface starts without: then the dual simplex
 * stalls on ties, twice as long on generated case S and for ever in some warm starts. */
enum { PERTURB_BY_SIZE = 50 };

struct ms_solver {
    Clp_Simplex *model;
    int columns, rows;
    double constant;
    long long iterations;
    pthread_mutex_t lock;
    pthread_cond_t end;
    bool ended; /* under lock */
    bool stop;  /* the watching thread's own */
};

const char *ms_solver_name(void)
{
    return "Clp " CLP_VERSION;
}

ms_status ms_solver_make(ms_solver **out, const ms_lp *lp, ms_error *err)
{
    ms_solver *solver = ms_alloc(1, sizeof *solver);
    if (!solver)
        return ms_error_memory(err);
    solver->model = Clp_newModel();
    if (!solver->model) {
        ms_free(solver);
        return ms_error_memory(err);
    }
    pthread_mutex_init(&solver->lock, NULL);
    pthread_cond_init(&solver->end, NULL);
    solver->columns = lp->column_count;
    solver->rows = lp->row_count;
    solver->constant = lp->constant;
    Clp_setLogLevel(solver->model, 0);
    Clp_loadProblem(solver->model, lp->column_count, lp->row_count, lp->start, lp->index, lp->value, NULL, lp->upper,
                    lp->cost, lp->row_lower, lp->row_upper);
    Clp_setOptimizationDirection(solver->model, 1);
    Clp_setPerturbation(solver->model, PERTURB_BY_SIZE);
    *out = solver;
    return MS_OK;
}

void ms_solver_free(ms_solver *solver)
{
    if (!solver)
        return;
    Clp_deleteModel(solver->model);
    pthread_cond_destroy(&solver->end);
    pthread_mutex_destroy(&solver->lock);
    ms_free(solver);
}

static void *run_dual(void *context)
{
    ms_solver *solver = context;
    Clp_dual(solver->model, 0);
    pthread_mutex_lock(&solver->lock);
    solver->ended = true;
    pthread_cond_signal(&solver->end);
    pthread_mutex_unlock(&solver->lock);
    return NULL;
}

/* Reports, and says whether to stop. */
static bool look(ms_solver *solver, const ms_solve_limits *limits, double start)
{
    double spent = ms_clock_seconds() - start, done = -1, eta = -1;
    if (limits->seconds > 0 && spent > limits->seconds)
        return false;
    if (!limits->progress)
        return true;
    if (limits->expected_iterations > 0) {
        const double most = 0.95; /* an estimate: never claim the end */
        done = Clp_numberIterations(solver->model) / limits->expected_iterations;
        done = done < most ? done : most;
        eta = done > 0 ? spent * (1 - done) / done : -1;
    }
    return limits->progress(limits->progress_context, limits->stage, done, eta);
}

static void watch(ms_solver *solver, const ms_solve_limits *limits)
{
    const long look_every_ns = 50000000, second_ns = 1000000000;
    double start = ms_clock_seconds();
    pthread_mutex_lock(&solver->lock);
    while (!solver->ended) {
        struct timespec next;
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_nsec += look_every_ns;
        next.tv_sec += next.tv_nsec / second_ns;
        next.tv_nsec %= second_ns;
        pthread_cond_timedwait(&solver->end, &solver->lock, &next);
        if (solver->ended || solver->stop)
            continue;
        pthread_mutex_unlock(&solver->lock);
        if (!look(solver, limits, start)) {
            solver->stop = true;
            Clp_setMaximumIterations(solver->model, 0);
        }
        pthread_mutex_lock(&solver->lock);
    }
    pthread_mutex_unlock(&solver->lock);
}

ms_outcome ms_solver_solve(ms_solver *solver, const ms_solve_limits *limits)
{
    enum { NO_LIMIT = 2147483647, CLP_OPTIMAL = 0 };
    pthread_t thread;
    solver->ended = solver->stop = false;
    Clp_setMaximumIterations(solver->model, NO_LIMIT);
    if (pthread_create(&thread, NULL, run_dual, solver) == 0) {
        watch(solver, limits);
        pthread_join(thread, NULL);
    } else {
        Clp_dual(solver->model, 0); /* no thread to be had: solve without reports */
    }
    solver->iterations = Clp_numberIterations(solver->model);
    if (Clp_status(solver->model) == CLP_OPTIMAL)
        return MS_SOLVED;
    return solver->stop ? MS_SOLVE_STOPPED : MS_SOLVE_TROUBLE;
}

void ms_solver_change_row(ms_solver *solver, int row, double lower, double upper)
{
    Clp_rowLower(solver->model)[row] = lower;
    Clp_rowUpper(solver->model)[row] = upper;
}

const double *ms_solver_primal(const ms_solver *solver)
{
    return Clp_primalColumnSolution(solver->model);
}

const double *ms_solver_prices(const ms_solver *solver)
{
    return Clp_dualRowSolution(solver->model);
}

double ms_solver_objective(const ms_solver *solver)
{
    return Clp_objectiveValue(solver->model) + solver->constant;
}

long long ms_solver_iterations(const ms_solver *solver)
{
    return solver->iterations;
}

size_t ms_solver_basis_length(const ms_solver *solver)
{
    return (size_t)solver->columns + (size_t)solver->rows;
}

void ms_solver_get_basis(const ms_solver *solver, unsigned char *basis)
{
    for (int i = 0; i < solver->columns; i++)
        basis[i] = (unsigned char)Clp_getColumnStatus(solver->model, i);
    for (int i = 0; i < solver->rows; i++)
        basis[solver->columns + i] = (unsigned char)Clp_getRowStatus(solver->model, i);
}

void ms_solver_set_basis(ms_solver *solver, const unsigned char *basis)
{
    enum { STATUSES = 6 };
    for (int i = 0; i < solver->columns; i++)
        Clp_setColumnStatus(solver->model, i, basis[i] % STATUSES);
    for (int i = 0; i < solver->rows; i++)
        Clp_setRowStatus(solver->model, i, basis[solver->columns + i] % STATUSES);
}
