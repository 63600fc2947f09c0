/* job_plan.c: a plan that was ordered: of the case, with contingencies of its own and events made up on the spot. */
#include "serve/desk_private.h"

/* The case with what was made up. */
static ms_status vary(const ms_case **out, ms_job_made *made, const ms_job_work *work, ms_error *err)
{
    ms_findings findings = {0};
    *out = work->kase;
    if (work->order->made_up.count == 0)
        return MS_OK;
    ms_status status = ms_case_vary(&made->varied, work->kase, &work->order->made_up, &findings, err);
    ms_findings_free(&findings);
    *out = made->varied;
    return status;
}

static ms_status make(ms_plan **out, const ms_job_work *work, const ms_case *kase, ms_error *err)
{
    const ms_job_order *order = work->order;
    size_t count = order->contingency_count;
    const char **ids = ms_alloc(count + 1, sizeof *ids);
    if (!ids)
        return ms_error_memory(err);
    for (size_t i = 0; i < count; i++)
        ids[i] = order->contingencies[i];
    if (order->made_up.count > 0)
        ids[count++] = order->made_up.id;
    ms_plan_options options = {.gap = order->gap,
                               .time_limit = order->time_limit,
                               .alone = order->alone,
                               .threads = work->threads,
                               .contingencies = ids,
                               .contingency_count = count,
                               .progress = work->progress,
                               .progress_context = work->progress_context};
    ms_status status = ms_plan_make(out, kase, &options, err);
    ms_free(ids);
    return status;
}

ms_status ms_job_make_plan(ms_job_made *made, const ms_job_work *work, ms_error *err)
{
    const ms_case *kase;
    MS_TRY(vary(&kase, made, work, err));
    MS_TRY(make(&made->plan, work, kase, err));
    made->stopped = made->plan->stopped;
    return MS_OK;
}
