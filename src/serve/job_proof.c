/* job_proof.c: what `mainstay explain` proves by planning again: for each shortfall of a plan, what easing the limit
 * that binds would save. Kept as the JSON that it writes. */
#include "serve/desk_private.h"

ms_status ms_job_make_proof(ms_job_made *made, const ms_job_work *work, ms_error *err)
{
    static const ms_view view = {.format = MS_FORMAT_JSON};
    const ms_job_order *order = work->order;
    const ms_explain_options options = {.demand = order->demand,
                                        .most = order->most,
                                        .verify = true,
                                        .progress = work->progress,
                                        .progress_context = work->progress_context};
    ms_held_job *plan = NULL;
    MS_TRY(ms_desk_hold_job(&plan, work->desk, MS_JOB_PLAN, order->plan, err));
    ms_status status = ms_report_reasons(&made->json, ms_held_plan(plan), &options, &view, err);
    ms_desk_let_job(work->desk, plan);
    return status;
}
