/* verb_posture.c: mainstay posture CASE|PLAN: days of supply. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

ms_exit ms_verb_posture(ms_call *call)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_view view = ms_view_asked(call);
    ms_posture_options options = {
        .by = (ms_posture_by)ms_option_choice(call, "by"),
        .partner = ms_option_given(call, "partner") ? ms_option_text(call, "partner") : NULL,
        .site = ms_option_given(call, "site") ? ms_option_text(call, "site") : NULL,
        .item = ms_option_given(call, "item") ? ms_option_text(call, "item") : NULL,
        .target_days = ms_option_number(call, "target"),
        .map = ms_option_given(call, "map"),
    };
    ms_status status = ms_open_either(call, ms_operand_text(call, 0), &plan, &kase);
    if (status == MS_OK)
        status = ms_report_posture(&call->out, kase, plan, &options, &view, &call->err);
    ms_plan_free(plan);
    ms_case_free(kase);
    return ms_exit_of(status);
}
