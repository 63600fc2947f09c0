/* verb_stress.c: mainstay stress CASE: what each contingency of the case would cost. */
#include "cmd/ids.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

static ms_status write_chart(ms_call *call, const ms_named *named)
{
    ms_buf chart = {0};
    if (!ms_option_given(call, "svg"))
        return MS_OK;
    ms_status status = ms_report_named_svg(&chart, named, &call->err);
    if (status == MS_OK)
        status = ms_output_file(ms_option_text(call, "svg"), &chart, &call->err);
    ms_buf_free(&chart);
    return status;
}

static ms_status make(ms_named **out, ms_call *call, const ms_case *kase, const ms_id_list *together)
{
    ms_progress_bar bar;
    const ms_named_options options = {
        .gap = ms_option_number(call, "gap"),
        .alone = !ms_option_given(call, "no-alone"),
        .together = together->count > 0 ? together->ids : NULL,
        .together_count = together->count,
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
        .progress = ms_progress_report,
        .progress_context = &bar,
    };
    ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), 0);
    ms_status status = ms_named_make(out, kase, &options, &call->err);
    ms_progress_finish(&bar);
    return status;
}

ms_exit ms_verb_stress(ms_call *call)
{
    ms_case *kase = NULL;
    ms_named *named = NULL;
    ms_id_list together;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_id_list_read(&together, call, "together");
    if (status == MS_OK)
        status = ms_open_case(call, ms_operand_text(call, 0), &kase);
    if (status == MS_OK)
        status = make(&named, call, kase, &together);
    if (status == MS_OK)
        status = write_chart(call, named);
    if (status == MS_OK)
        status = ms_report_named(&call->out, named, &view, &call->err);
    bool stopped = status == MS_OK && ms_named_stopped(named);
    ms_named_free(named);
    ms_case_free(kase);
    ms_id_list_free(&together);
    return stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
