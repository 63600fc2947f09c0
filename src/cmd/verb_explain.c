/* verb_explain.c: mainstay explain PLAN [DEMAND]: why needs fall short; with --contingency, why it hurts. */
#include "cmd/ids.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

/* The plan's case again, with its contingencies and those listed. */
static ms_status plan_with(ms_plan **out, ms_call *call, const ms_case *kase, const ms_plan *plan,
                           const ms_id_list *ids, ms_progress_bar *bar)
{
    const char *all[2 * MS_IDS_MOST];
    size_t count = 0;
    for (const char *id; (id = ms_plan_contingency(plan, count)) != NULL;) {
        if (count == MS_IDS_MOST)
            return ms_fail(&call->err, MS_USAGE, "the plan has more than %d contingencies", MS_IDS_MOST);
        all[count++] = id;
    }
    for (size_t i = 0; i < ids->count; i++)
        all[count++] = ids->ids[i];
    const ms_plan_options options = {
        .contingencies = all, .contingency_count = count, .progress = ms_progress_report, .progress_context = bar};
    return ms_plan_make(out, kase, &options, &call->err);
}

static ms_status explain(ms_call *call, const ms_case *kase, const ms_plan *plan, const ms_id_list *ids,
                         ms_progress_bar *bar)
{
    ms_view view = ms_view_asked(call);
    const ms_explain_options options = {
        .demand = ms_operand_text(call, 1),
        .most = (int)ms_option_count(call, "most"),
        .verify = !ms_option_given(call, "no-verify"),
        .progress = ms_progress_report,
        .progress_context = bar,
    };
    ms_plan *hurt = NULL;
    if (ids->count == 0)
        return ms_report_reasons(&call->out, plan, &options, &view, &call->err);
    ms_status status = plan_with(&hurt, call, kase, plan, ids, bar);
    if (status == MS_OK)
        status = ms_report_hurt(&call->out, plan, hurt, &options, &view, &call->err);
    ms_plan_free(hurt);
    return status;
}

ms_exit ms_verb_explain(ms_call *call)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_progress_bar bar;
    ms_id_list ids;
    bool stopped = false;
    ms_status status = ms_id_list_read(&ids, call, "contingency");
    if (status == MS_OK)
        status = ms_open_plan(call, ms_operand_text(call, 0), &plan, &kase);
    if (status == MS_OK) {
        ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), ms_option_number(call, "time-limit"));
        status = explain(call, kase, plan, &ids, &bar);
        stopped = bar.stopped;
        ms_progress_finish(&bar);
        if (stopped && !bar.quiet)
            ms_say("stopped; what is not marked as verified was not tested");
    }
    ms_plan_free(plan);
    ms_case_free(kase);
    ms_id_list_free(&ids);
    return status == MS_OK && stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
