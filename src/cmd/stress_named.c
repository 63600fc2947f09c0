/* stress_named.c: mainstay stress CASE: what each contingency of the case would cost. */
#include "cmd/ids.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/stress.h"

static ms_status write_chart(ms_call *call, const ms_named *named)
{
    ms_buf chart = {0};
    if (!ms_option_given(call, "svg"))
        return MS_OK;
    ms_status status = ms_report_named_svg(&chart, named, &call->err);
    if (status == MS_OK)
        status = ms_stress_write_svg(call, &chart);
    ms_buf_free(&chart);
    return status;
}

/* What was asked for, or what `mainstay merge` has read. */
static ms_status read_options(ms_named_options *out, ms_id_list *together, const ms_stress_call *stress)
{
    bool asked = stress->job == NULL;
    ms_status status = asked ? ms_id_list_read(together, stress->call, "together")
                             : ms_id_list_split(together, stress->job->together, &stress->call->err);
    *out = (ms_named_options){.alone = asked ? !ms_option_given(stress->call, "no-alone") : stress->job->alone,
                              .together = together->count > 0 ? together->ids : NULL,
                              .together_count = together->count};
    return status;
}

static ms_status report(ms_call *call, const ms_named *named)
{
    ms_view view = ms_view_asked(call);
    ms_status status = write_chart(call, named);
    return status == MS_OK ? ms_report_named(&call->out, named, &view, &call->err) : status;
}

ms_exit ms_stress_named(ms_stress_call *stress)
{
    ms_call *call = stress->call;
    ms_named *named = NULL;
    ms_named_options options;
    ms_id_list together = {0};
    ms_status status = read_options(&options, &together, stress);
    if (status == MS_OK)
        status = ms_named_make(&named, stress->kase, &options, &stress->how, &call->err);
    ms_progress_finish(&stress->bar);
    bool stopped = status == MS_OK && ms_named_stopped(named);
    if (status == MS_OK && ms_named_partial(named) && !stopped)
        ms_stress_say_partial();
    else if (status == MS_OK)
        status = report(call, named);
    ms_named_free(named);
    ms_id_list_free(&together);
    return stopped && status == MS_OK ? MS_EXIT_STOPPED : ms_exit_of(status);
}
