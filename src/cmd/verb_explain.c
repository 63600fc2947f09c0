/* verb_explain.c: mainstay explain PLAN [DEMAND]: why needs fall short. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

ms_exit ms_verb_explain(ms_call *call)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_progress_bar bar;
    ms_view view = ms_view_asked(call);
    ms_explain_options options = {
        .demand = ms_operand_text(call, 1),
        .most = (int)ms_option_count(call, "most"),
        .verify = !ms_option_given(call, "no-verify"),
        .progress = ms_progress_report,
        .progress_context = &bar,
    };
    ms_status status = ms_open_plan(call, ms_operand_text(call, 0), &plan, &kase);
    bool stopped = false;
    if (status == MS_OK) {
        ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), ms_option_number(call, "time-limit"));
        status = ms_report_reasons(&call->out, plan, &options, &view, &call->err);
        stopped = bar.stopped;
        ms_progress_finish(&bar);
        if (stopped && !bar.quiet)
            ms_say("stopped; what is not marked as verified was not tested");
    }
    ms_plan_free(plan);
    ms_case_free(kase);
    return status == MS_OK && stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
