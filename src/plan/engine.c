/* engine.c: chooses an engine, and falls back to the greedy one where the LP engine was stopped before it had a good
 * plan. */
#include "plan/engine.h"

#include "base/clock.h"

void ms_solution_free(ms_solution *solution)
{
    ms_settled_free(&solution->settled);
    ms_prices_free(&solution->prices);
    ms_free(solution->basis);
    solution->basis = NULL;
}

double ms_solution_gap(const ms_solution *solution)
{
    const double floor = 1e-9;
    double objective = solution->settled.objective, over = objective - solution->bound;
    double scale = fabs(objective) > floor ? fabs(objective) : floor;
    return over > 0 ? over / scale : 0;
}

double ms_engine_lp_seconds(long long columns)
{
    /* Clp's dual simplex on generated cases S (47 thousand columns, 8 s) and M (263 thousand, about 1,000 s): its time
     * grows with the power 2.8 of the columns. */
    const double columns_s = 47e3, seconds_s = 8, power = 2.8;
    return seconds_s * pow((double)columns / columns_s, power);
}

/* Puts the greedy plan in the place of a worse one; prices and bound stay. Whoever stopped the LP engine waits, so it
 * takes seconds at most. */
static ms_status improve_by_greedy(ms_solution *solution, const ms_network *net, const ms_engine_request *request,
                                   ms_error *err)
{
    const double over_storage_most_t = 1e-4, patience = 3;
    ms_engine_request quick = *request;
    ms_solution greedy;
    quick.deadline = ms_clock_seconds() + patience;
    quick.progress = NULL;
    MS_TRY(ms_engine_greedy(&greedy, net, &quick, err));
    if (solution->settled.over_storage_t > over_storage_most_t ||
        greedy.settled.objective < solution->settled.objective) {
        ms_settled swap = solution->settled;
        solution->settled = greedy.settled;
        greedy.settled = swap;
    }
    if (greedy.bound > solution->bound) {
        ms_prices swap = solution->prices;
        solution->prices = greedy.prices;
        greedy.prices = swap;
        solution->bound = greedy.bound;
    }
    ms_solution_free(&greedy);
    return MS_OK;
}

ms_status ms_engine_solve(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err)
{
    ms_solution solution;
    ms_engine choice = request->engine;
    if (choice == MS_ENGINE_AUTO)
        choice = ms_lp_count_columns(net) <= MS_LP_COLUMNS_MOST ? MS_ENGINE_LP : MS_ENGINE_GREEDY;
    if (choice == MS_ENGINE_GREEDY)
        return ms_engine_greedy(out, net, request, err);
    MS_TRY(ms_engine_lp(&solution, net, request, err));
    if (solution.stopped && ms_solution_gap(&solution) > request->gap) {
        ms_status status = improve_by_greedy(&solution, net, request, err);
        if (status != MS_OK) {
            ms_solution_free(&solution);
            return status;
        }
    }
    *out = solution;
    return MS_OK;
}
