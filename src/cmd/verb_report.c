/* verb_report.c: mainstay report PLAN -o FILE.html|FILE.xlsx: a briefing for a commander. */
#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/progress.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* What is asked for is told by the file's name. */
static ms_status format_of(ms_briefing_format *out, const char *file, ms_error *err)
{
    if (ends_with(file, ".html") || ends_with(file, ".htm"))
        *out = MS_BRIEFING_HTML;
    else if (ends_with(file, ".xlsx"))
        *out = MS_BRIEFING_XLSX;
    else
        return ms_fail(err, MS_USAGE, "report writes FILE.html or FILE.xlsx; %s is neither", file);
    return MS_OK;
}

static ms_status brief(ms_call *call, const ms_plan *plan, ms_case *kase, const ms_findings *findings,
                       ms_progress_bar *bar, ms_buf *out, ms_briefing_format format)
{
    ms_named *named = NULL;
    const ms_named_options each = {0};
    const ms_stress_options how = {.progress = ms_progress_report, .progress_context = bar};
    ms_status status = MS_OK;
    if (ms_option_given(call, "contingencies"))
        status = ms_named_make(&named, kase, &each, &how, &call->err);
    const ms_briefing_options options = {
        .language = (ms_language)ms_option_choice(call, "language"),
        .verify = !ms_option_given(call, "no-verify"),
        .progress = ms_progress_report,
        .progress_context = bar,
        .named = named,
        .findings = findings,
    };
    if (status == MS_OK)
        status = ms_report_briefing(out, plan, &options, format, &call->err);
    ms_named_free(named);
    return status;
}

ms_exit ms_verb_report(ms_call *call)
{
    const char *file = ms_option_given(call, "output") ? ms_option_text(call, "output") : "";
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_progress_bar bar;
    ms_buf made = {0};
    ms_briefing_format format = MS_BRIEFING_HTML;
    bool stopped = false;
    if (file[0] == '\0')
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "report needs a file to write: -o FILE.html or -o FILE.xlsx"));
    ms_status status = format_of(&format, file, &call->err);
    if (status == MS_OK)
        status = ms_open_plan_with(call, ms_operand_text(call, 0), &plan, &kase, &findings);
    if (status == MS_OK) {
        ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), ms_option_number(call, "time-limit"));
        status = brief(call, plan, kase, &findings, &bar, &made, format);
        stopped = bar.stopped;
        ms_progress_finish(&bar);
    }
    if (status == MS_OK)
        status = ms_output_file(file, &made, &call->err);
    if (status == MS_OK && stopped && !ms_option_given(call, "quiet"))
        ms_say("stopped; what is not marked as verified was not tested");
    ms_buf_free(&made);
    ms_findings_free(&findings);
    ms_plan_free(plan);
    ms_case_free(kase);
    return status == MS_OK && stopped ? MS_EXIT_STOPPED : ms_exit_of(status);
}
