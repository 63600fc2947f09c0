/* verb_plan.c: mainstay plan CASE [-o PLAN]: plan, write, tell the story. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ids.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/plan_book.h"
#include "cmd/progress.h"

/* The case's own name with ".plan" behind it: of "../pacific/" it is "pacific.plan". */
static ms_status default_output(char out[PATH_MAX], const char *case_path, ms_error *err)
{
    char *full = realpath(case_path, NULL);
    if (full == NULL) {
        snprintf(out, PATH_MAX, "case.plan"); /* opening the case will say what is wrong */
        return MS_OK;
    }
    const char *name = strrchr(full, '/') + 1;
    int size = snprintf(out, PATH_MAX, "%s.plan", name[0] != '\0' ? name : "case");
    free(full);
    return size > 0 && size < PATH_MAX ? MS_OK : ms_fail(err, MS_USAGE, "the name of %s is too long", case_path);
}

/* What the options ask for; ids is their memory for the contingencies. */
static ms_status read_options(ms_plan_options *out, ms_call *call, ms_id_list *ids)
{
    ms_plan_options options = {
        .engine = (ms_engine)ms_option_choice(call, "engine"),
        .gap = ms_option_number(call, "gap"),
        .time_limit = ms_option_given(call, "time-limit") ? ms_option_number(call, "time-limit") : 0,
        .alone = !ms_option_given(call, "no-alone"),
        .threads = ms_option_given(call, "threads") ? (int)ms_option_count(call, "threads") : 0,
        .simd = (ms_simd)ms_option_choice(call, "simd"),
        .write_lp = ms_option_given(call, "write-lp") ? ms_option_text(call, "write-lp") : NULL,
    };
    ms_status status = ms_id_list_read(ids, call, "contingency");
    if (status != MS_OK)
        return status;
    options.contingencies = ids->ids;
    options.contingency_count = ids->count;
    *out = options;
    return MS_OK;
}

/* A row of the trace; an empty cell where there is no plan or bound yet. */
static void trace_point(void *context, const ms_trace_point *point)
{
    ms_buf *rows = context;
    ms_buf_printf(rows, "%.6f,%lld,", point->seconds, point->iterations);
    if (isfinite(point->objective))
        ms_buf_printf(rows, "%.17g", point->objective);
    ms_buf_text(rows, ",");
    if (isfinite(point->bound))
        ms_buf_printf(rows, "%.17g", point->bound);
    ms_buf_text(rows, "\n");
}

/* Plans, and writes the trace where one was asked for. */
static ms_status make_and_trace(ms_plan **out, ms_call *call, const ms_case *kase, ms_plan_options *options)
{
    ms_buf rows = {0};
    if (!ms_option_given(call, "trace"))
        return ms_plan_make(out, kase, options, &call->err);
    options->trace = trace_point;
    options->trace_context = &rows;
    ms_buf_text(&rows, "seconds,iterations,objective,bound\n");
    ms_status status = ms_plan_make(out, kase, options, &call->err);
    if (status == MS_OK)
        status = ms_output_file(ms_option_text(call, "trace"), &rows, &call->err);
    ms_buf_free(&rows);
    return status;
}

/* Plans and writes, with a bar; *out belongs to the caller. */
static ms_status make_and_write(ms_plan **out, ms_call *call, const ms_case *kase, const ms_plan_options *asked,
                                const char *path)
{
    ms_progress_bar bar;
    ms_plan *plan = NULL;
    ms_plan_options options = *asked;
    options.progress = ms_progress_report;
    options.progress_context = &bar;
    ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), 0);
    ms_status status = make_and_trace(&plan, call, kase, &options);
    if (status == MS_OK)
        status = ms_plan_write(plan, path, true, &call->err);
    ms_progress_finish(&bar);
    if (status != MS_OK)
        ms_plan_free(plan);
    else
        *out = plan;
    return status;
}

/* Plans the case into the folder path and puts the story into call->out. */
static ms_exit plan_case(ms_call *call, const ms_case *kase, const ms_plan_options *options, ms_plan_book *from,
                         const char *path)
{
    ms_plan *plan = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = make_and_write(&plan, call, kase, options, path);
    if (status != MS_OK)
        return ms_exit_of(status);
    bool stopped = ms_plan_stopped(plan);
    status = ms_report_plan(&call->out, plan, path, &view, &call->err);
    if (status == MS_OK)
        status = ms_plan_book_finish(from, call, options, plan, path);
    ms_plan_free(plan);
    return status != MS_OK ? ms_exit_of(status) : stopped ? MS_EXIT_STOPPED : MS_EXIT_DONE;
}

ms_exit ms_verb_plan(ms_call *call)
{
    const char *case_path = ms_operand_text(call, 0), *path;
    char named[PATH_MAX];
    ms_plan_options options = {0};
    ms_id_list ids = {0};
    ms_case *kase = NULL;
    ms_plan_book from = {0};
    ms_status status = default_output(named, case_path, &call->err);
    path = ms_option_given(call, "output") ? ms_option_text(call, "output") : named;
    if (status == MS_OK)
        status = read_options(&options, call, &ids);
    if (status == MS_OK)
        status = ms_plan_book_open(&from, call, case_path, &kase, &options);
    if (status == MS_OK)
        status = ms_output_may_replace(path, "summary.json", &call->err); /* before the work, not behind it */
    ms_exit exit_status = status == MS_OK ? plan_case(call, kase, &options, &from, path) : ms_exit_of(status);
    ms_case_free(kase);
    ms_plan_book_close(&from);
    ms_id_list_free(&ids);
    return exit_status;
}
