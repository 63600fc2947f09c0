/* stress_sample.c: mainstay stress CASE --sample N: contingencies drawn by chance. */
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/open.h"
#include "cmd/stress.h"

static ms_sample_options read_options(const ms_stress_call *stress)
{
    const ms_call *call = stress->call;
    if (stress->job != NULL)
        return (ms_sample_options){stress->job->samples, stress->job->seed, stress->job->precision};
    return (ms_sample_options){.samples = ms_option_count(call, "sample"),
                               .seed = (uint64_t)ms_option_count(call, "seed"),
                               .precision = ms_option_given(call, "precision") ? ms_option_number(call, "precision")
                                                                               : 0};
}

static ms_status report(ms_call *call, const ms_sample *sample)
{
    ms_view view = ms_view_asked(call);
    ms_buf svg = {0};
    ms_status status = ms_report_sample(&call->out, sample, &view, &call->err);
    if (status == MS_OK && ms_option_given(call, "svg")) {
        status = ms_report_sample_svg(&svg, sample, &call->err);
        if (status == MS_OK)
            status = ms_stress_write_svg(call, &svg);
        ms_buf_free(&svg);
    }
    return status;
}

ms_exit ms_stress_sample(ms_stress_call *stress)
{
    ms_call *call = stress->call;
    ms_sample *sample = NULL;
    const ms_sample_options options = read_options(stress);
    ms_status status = ms_sample_make(&sample, stress->kase, &options, &stress->how, &call->err);
    ms_progress_finish(&stress->bar);
    if (status != MS_OK)
        return ms_exit_of(status);
    bool stopped = ms_sample_stopped(sample), partial = ms_sample_partial(sample);
    if (partial && !stopped)
        ms_stress_say_partial();
    else
        status = report(call, sample);
    ms_sample_free(sample);
    return status != MS_OK ? ms_exit_of(status) : stopped ? MS_EXIT_STOPPED : MS_EXIT_DONE;
}
