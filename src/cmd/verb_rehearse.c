/* verb_rehearse.c: mainstay rehearse CASE --sample N: what planning again, and warning, are worth. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

static ms_status make(ms_rehearsal **out, ms_call *call, const ms_case *kase)
{
    ms_progress_bar bar;
    const ms_rehearsal_options options = {
        .samples = ms_option_count(call, "sample"),
        .seed = (uint64_t)ms_option_count(call, "seed"),
        .every_days = ms_option_number(call, "every"),
        .warning_days = ms_option_given(call, "warning") ? ms_option_number(call, "warning") : 0,
        .gap = ms_option_number(call, "gap"),
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
        .progress = ms_progress_report,
        .progress_context = &bar,
    };
    ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), 0);
    ms_status status = ms_rehearsal_make(out, kase, &options, &call->err);
    ms_progress_finish(&bar);
    return status;
}

ms_exit ms_verb_rehearse(ms_call *call)
{
    ms_case *kase = NULL;
    ms_rehearsal *rehearsal = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_case(call, ms_operand_text(call, 0), &kase);
    if (status == MS_OK)
        status = make(&rehearsal, call, kase);
    if (status == MS_OK)
        status = ms_report_rehearsal(&call->out, rehearsal, &view, &call->err);
    bool stopped = status == MS_OK && ms_rehearsal_stopped(rehearsal);
    ms_rehearsal_free(rehearsal);
    ms_case_free(kase);
    return stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
