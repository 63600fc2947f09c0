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

static ms_status make(ms_named **out, const ms_stress_call *stress, const ms_id_list *together)
{
    ms_call *call = stress->call;
    const ms_named_options options = {
        .gap = ms_option_number(call, "gap"),
        .alone = !ms_option_given(call, "no-alone"),
        .together = together->count > 0 ? together->ids : NULL,
        .together_count = together->count,
        .threads = stress->how.threads,
        .progress = stress->how.progress,
        .progress_context = stress->how.progress_context,
    };
    return ms_named_make(out, stress->kase, &options, &call->err);
}

ms_exit ms_stress_named(ms_stress_call *stress)
{
    ms_call *call = stress->call;
    ms_named *named = NULL;
    ms_id_list together;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_id_list_read(&together, call, "together");
    if (status == MS_OK)
        status = make(&named, stress, &together);
    ms_progress_finish(&stress->bar);
    if (status == MS_OK)
        status = write_chart(call, named);
    if (status == MS_OK)
        status = ms_report_named(&call->out, named, &view, &call->err);
    bool stopped = status == MS_OK && ms_named_stopped(named);
    ms_named_free(named);
    ms_id_list_free(&together);
    return stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
