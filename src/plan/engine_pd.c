/* engine_pd.c: our own engine behind the contract of engine.h: one solve of a primal-dual state. */
#include "plan/exact.h"
#include "plan/tidy.h"

#include "base/clock.h"

ms_status ms_engine_pd(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err)
{
    ms_solution solution = {.used = MS_ENGINE_PRIMAL_DUAL};
    const ms_pd_options options = {.threads = request->threads, .simd = request->simd, .gap = request->gap};
    long long columns = ms_lp_count_columns(net);
    ms_pd_limits limits = {.gap = request->gap >= MS_EXACT_BELOW ? request->gap : ms_exact_from(columns),
                           .deadline = request->deadline,
                           .progress = request->progress,
                           .progress_context = request->progress_context,
                           .stage = request->stage,
                           .trace = request->trace,
                           .trace_context = request->trace_context,
                           .start = request->start};
    ms_pd *pd = NULL;
    ms_pd_end end = MS_PD_STOPPED;
    double start = ms_clock_seconds();
    solution.column_count = columns;
    MS_TRY(ms_pd_init(&pd, net, &options, err));
    solution.seconds_build = ms_clock_seconds() - start;
    start = ms_clock_seconds();
    ms_status status = ms_pd_solve(&end, pd, &limits, err);
    limits.gap = request->gap;
    if (status == MS_OK && end != MS_PD_STOPPED && ms_pd_gap(pd) > request->gap)
        status = ms_exact_end(&end, pd, net, &limits, request->simd, err);
    if (status == MS_OK) {
        solution.bound = ms_pd_bound(pd);
        solution.iterations = ms_pd_iterations(pd);
        ms_pd_take(&solution.settled, &solution.prices, pd);
    }
    ms_pd_finish(pd);
    if (status == MS_OK)
        status = ms_tidy(&solution.settled, net, true, err);
    if (status != MS_OK) {
        ms_solution_free(&solution);
        return status;
    }
    solution.stopped = end != MS_PD_PROVEN;
    solution.seconds_solve = ms_clock_seconds() - start;
    *out = solution;
    return MS_OK;
}
