/* verb_compare.c: mainstay compare PLAN PLAN: what differs. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

ms_exit ms_verb_compare(ms_call *call)
{
    ms_plan *before = NULL, *after = NULL;
    ms_case *before_case = NULL, *after_case = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_plan(call, ms_operand_text(call, 0), &before, &before_case);
    if (status == MS_OK)
        status = ms_open_plan(call, ms_operand_text(call, 1), &after, &after_case);
    if (status == MS_OK)
        status = ms_report_compare(&call->out, before, after, &view, &call->err);
    ms_plan_free(before);
    ms_plan_free(after);
    ms_case_free(before_case);
    ms_case_free(after_case);
    return ms_exit_of(status);
}
