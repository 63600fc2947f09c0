/* verb_rehearse.c: mainstay rehearse CASE --sample N: what planning again, and warning, are worth. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/stress.h"

/* What was asked for, or what `mainstay merge` has read. */
static ms_rehearsal_options read_options(const ms_stress_call *stress)
{
    const ms_call *call = stress->call;
    const ms_stress_job *job = stress->job;
    if (job != NULL)
        return (ms_rehearsal_options){job->samples, job->seed, job->every_days, job->warning_days};
    return (ms_rehearsal_options){
        .samples = ms_option_count(call, "sample"),
        .seed = (uint64_t)ms_option_count(call, "seed"),
        .every_days = ms_option_number(call, "every"),
        .warning_days = ms_option_given(call, "warning") ? ms_option_number(call, "warning") : 0,
    };
}

ms_exit ms_stress_rehearse(ms_stress_call *stress)
{
    ms_call *call = stress->call;
    ms_rehearsal *rehearsal = NULL;
    ms_view view = ms_view_asked(call);
    const ms_rehearsal_options options = read_options(stress);
    ms_status status = ms_rehearsal_make(&rehearsal, stress->kase, &options, &stress->how, &call->err);
    ms_progress_finish(&stress->bar);
    bool stopped = status == MS_OK && ms_rehearsal_stopped(rehearsal);
    if (status == MS_OK && ms_rehearsal_partial(rehearsal) && !stopped)
        ms_stress_say_partial();
    else if (status == MS_OK)
        status = ms_report_rehearsal(&call->out, rehearsal, &view, &call->err);
    ms_rehearsal_free(rehearsal);
    return stopped && status == MS_OK ? MS_EXIT_STOPPED : ms_exit_of(status);
}

ms_exit ms_verb_rehearse(ms_call *call)
{
    return ms_stress_run(call, ms_stress_rehearse);
}
