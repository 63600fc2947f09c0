/* engine.c: chooses an engine, lets the LP engine finish where our own came to a stand, and falls back to the greedy
 * one where the LP engine was stopped before it had a good plan. */
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

/* Puts the greedy plan in the place of a worse one; prices and bound stay. Whoever stopped the LP engine waits, so it
 * takes seconds at most. */
static ms_status improve_by_greedy(ms_solution *solution, const ms_network *net, const ms_engine_request *request,
                                   ms_error *err)
{
    const double patience = 3;
    ms_engine_request quick = *request;
    ms_solution greedy;
    quick.deadline = ms_clock_seconds() + patience;
    quick.progress = NULL;
    MS_TRY(ms_engine_greedy(&greedy, net, &quick, err));
    if (solution->settled.over_storage_t > MS_OVER_STORAGE_MOST_T ||
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

/* Takes `solution` over: better where it was stopped far from proven, or where a store stayed too full. */
static ms_status improve_or_free(ms_solution *out, ms_solution *solution, const ms_network *net,
                                 const ms_engine_request *request, ms_error *err)
{
    const double far = 0.05;
    bool fits = solution->settled.over_storage_t <= MS_OVER_STORAGE_MOST_T;
    if (!fits || (solution->stopped && ms_solution_gap(solution) > (request->gap > far ? request->gap : far))) {
        ms_status status = improve_by_greedy(solution, net, request, err);
        if (status != MS_OK) {
            ms_solution_free(solution);
            return status;
        }
    }
    *out = *solution;
    return MS_OK;
}

/* Whether the LP engine should go on where our own came to a stand: not when time or the caller stopped it, nor where
 * it would take too long. */
static bool may_finish(const ms_solution *solution, const ms_network *net, const ms_engine_request *request)
{
    if (!solution->stopped || (request->deadline > 0 && ms_clock_seconds() > request->deadline))
        return false;
    if (request->progress && !request->progress(request->progress_context, request->stage, -1, -1))
        return false;
    return ms_lp_count_columns(net) <= MS_LP_COLUMNS_MOST;
}

/* Of each the better plan and the better bound. Takes `first` over. */
static ms_status finish_by_lp(ms_solution *out, ms_solution *first, const ms_network *net,
                              const ms_engine_request *request, ms_error *err)
{
    ms_solution last;
    ms_status status = ms_engine_lp(&last, net, request, err);
    if (status != MS_OK) {
        ms_solution_free(first);
        return status;
    }
    if (first->settled.objective < last.settled.objective) {
        ms_settled swap = first->settled;
        first->settled = last.settled;
        last.settled = swap;
    }
    if (first->bound > last.bound) {
        ms_prices swap = first->prices;
        first->prices = last.prices;
        last.prices = swap;
        last.bound = first->bound;
    }
    last.used = MS_ENGINE_PRIMAL_DUAL;
    last.lp_after = true;
    last.iterations = first->iterations;
    last.seconds_build += first->seconds_build;
    last.seconds_solve += first->seconds_solve;
    last.stopped = ms_solution_gap(&last) > request->gap;
    ms_solution_free(first);
    *out = last;
    return MS_OK;
}

ms_status ms_engine_solve(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err)
{
    ms_solution solution;
    if (request->engine == MS_ENGINE_GREEDY)
        return ms_engine_greedy(out, net, request, err);
    if (request->engine == MS_ENGINE_PRIMAL_DUAL) {
        MS_TRY(ms_engine_pd(&solution, net, request, err));
        return improve_or_free(out, &solution, net, request, err);
    }
    bool small = request->engine == MS_ENGINE_AUTO && ms_lp_count_columns(net) <= MS_LP_COLUMNS_FIRST;
    if (request->engine == MS_ENGINE_AUTO && !small) {
        MS_TRY(ms_engine_pd(&solution, net, request, err));
        if (may_finish(&solution, net, request))
            return finish_by_lp(out, &solution, net, request, err);
        return improve_or_free(out, &solution, net, request, err);
    }
    MS_TRY(ms_engine_lp(&solution, net, request, err));
    return improve_or_free(out, &solution, net, request, err);
}
