/* verb_map.c: mainstay map CASE|PLAN -o FILE.svg: a picture. */
#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

ms_exit ms_verb_map(ms_call *call)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    const char *file = ms_option_given(call, "output") ? ms_option_text(call, "output") : "-";
    ms_buf picture = {0};
    if (strcmp(file, "-") == 0 && call->terminal.out_terminal)
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "map needs a file to draw into: -o FILE.svg"));
    ms_status status = ms_open_either(call, ms_operand_text(call, 0), &plan, &kase);
    if (status == MS_OK)
        status = ms_report_map_svg(&picture, kase, plan, &call->err);
    if (status == MS_OK)
        status = ms_output_file(file, &picture, &call->err);
    ms_buf_free(&picture);
    ms_plan_free(plan);
    ms_case_free(kase);
    return ms_exit_of(status);
}
