/* verb_replan.c: mainstay replan PLAN --at DAY [--contingency ID,ID]: plan anew in the middle of a plan. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cmd/ids.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

/* The plan's own name, here, with the day in it: of "../monday.plan" it is "monday-day5.plan". */
static ms_status default_output(char out[PATH_MAX], const char *plan_path, double day, ms_error *err)
{
    static const char ending[] = ".plan";
    size_t length = strlen(plan_path);
    while (length > 1 && plan_path[length - 1] == '/')
        length--;
    size_t first = length;
    while (first > 0 && plan_path[first - 1] != '/')
        first--;
    if (length - first > sizeof ending - 1 &&
        memcmp(plan_path + length - (sizeof ending - 1), ending, sizeof ending - 1) == 0)
        length -= sizeof ending - 1;
    int size = snprintf(out, PATH_MAX, "%.*s-day%g%s", (int)(length - first), plan_path + first, day, ending);
    return size > 0 && size < PATH_MAX ? MS_OK : ms_fail(err, MS_USAGE, "the name of %s is too long", plan_path);
}

static ms_status replan(ms_replan **out, ms_call *call, const ms_plan *before, const ms_id_list *ids)
{
    ms_progress_bar bar;
    const ms_replan_options options = {
        .at_day = ms_option_number(call, "at"),
        .contingencies = ids->ids,
        .contingency_count = ids->count,
        .engine = (ms_engine)ms_option_choice(call, "engine"),
        .gap = ms_option_number(call, "gap"),
        .time_limit = ms_option_given(call, "time-limit") ? ms_option_number(call, "time-limit") : 0,
        .alone = ms_option_given(call, "alone"),
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
        .progress = ms_progress_report,
        .progress_context = &bar,
    };
    ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), 0);
    ms_status status = ms_replan_make(out, before, &options, &call->err);
    ms_progress_finish(&bar);
    return status;
}

static ms_exit replan_and_write(ms_call *call, const ms_plan *before, const ms_id_list *ids, const char *path)
{
    ms_replan *made = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = replan(&made, call, before, ids);
    if (status == MS_OK)
        status = ms_plan_write(ms_replan_plan(made), path, true, &call->err);
    if (status == MS_OK)
        status = ms_report_replan(&call->out, made, path, &view, &call->err);
    bool stopped = status == MS_OK && ms_plan_stopped(ms_replan_plan(made));
    ms_replan_free(made);
    return stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}

ms_exit ms_verb_replan(ms_call *call)
{
    const char *plan_path = ms_operand_text(call, 0), *path;
    char named[PATH_MAX];
    ms_id_list ids = {0};
    ms_plan *before = NULL;
    ms_case *kase = NULL;
    ms_status status = MS_OK;
    if (!ms_option_given(call, "at"))
        status = ms_fail(&call->err, MS_USAGE, "--at DAY is needed: the day from which on to plan anew");
    if (status == MS_OK)
        status = default_output(named, plan_path, ms_option_number(call, "at"), &call->err);
    path = status == MS_OK && !ms_option_given(call, "output") ? named : ms_option_text(call, "output");
    if (status == MS_OK)
        status = ms_id_list_read(&ids, call, "contingency");
    if (status == MS_OK)
        status = ms_open_plan(call, plan_path, &before, &kase);
    if (status == MS_OK)
        status = ms_output_may_replace(path, "summary.json", &call->err); /* before the work, not behind it */
    ms_exit exit_status = status == MS_OK ? replan_and_write(call, before, &ids, path) : ms_exit_of(status);
    ms_plan_free(before);
    ms_case_free(kase);
    ms_id_list_free(&ids);
    return exit_status;
}
