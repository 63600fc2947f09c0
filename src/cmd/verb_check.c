/* verb_check.c: mainstay check CASE [PLAN]: everything that is wrong with a case or a plan.
 *
 * The findings are its answer, so they go to standard output. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cmd/findings.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

typedef struct {
    const char *case_path, *plan_path; /* plan_path NULL: none to check */
    ms_findings case_findings, plan_findings;
    ms_buf contents;    /* what the case holds; empty when it has errors */
    ms_buf plan_report; /* what the checker says of the plan */
    bool plan_checked;
} account;

static size_t errors(const account *a)
{
    return a->case_findings.error_count + a->plan_findings.error_count;
}

static size_t warnings(const account *a)
{
    return a->case_findings.warning_count + a->plan_findings.warning_count;
}

/* Reads, checks and describes. Not MS_OK only where there is nothing to show but err. */
static ms_status make_account(account *a, const ms_view *view, ms_error *err)
{
    ms_case *kase = NULL;
    ms_status status = ms_read_case(&kase, a->case_path, &a->case_findings, err);
    if (status == MS_BAD_INPUT && a->case_findings.error_count > 0)
        return MS_OK;
    if (status == MS_OK && a->plan_path != NULL) {
        status = ms_check_plan(kase, a->plan_path, &a->plan_findings, &a->plan_report, err);
        a->plan_checked = true;
        if (status == MS_BAD_INPUT && a->plan_findings.error_count > 0)
            status = MS_OK;
    } else if (status == MS_OK && view->format != MS_FORMAT_CSV) {
        status = ms_report_case(&a->contents, kase, view, err);
    }
    ms_case_free(kase);
    if (status == MS_OK && (a->contents.failed || a->plan_report.failed))
        status = ms_fail(err, MS_NO_MEMORY, "out of memory");
    return status;
}

static void append(ms_buf *out, const ms_buf *text)
{
    if (text->length > 0)
        ms_buf_put(out, text->text, text->length);
}

static void write_text(ms_buf *out, const account *a, const ms_view *view)
{
    ms_finding_list of_case = {&a->case_findings, a->case_path};
    ms_finding_list of_plan = {&a->plan_findings, a->plan_path};
    ms_findings_text(out, &of_case, false, 0, view->colour);
    if (a->plan_path != NULL)
        ms_findings_text(out, &of_plan, false, 0, view->colour);
    if (out->length > 0 && a->contents.length + a->plan_report.length > 0)
        ms_buf_text(out, "\n");
    append(out, &a->contents);
    append(out, &a->plan_report);
    if (a->contents.length + a->plan_report.length > 0)
        ms_buf_text(out, "\n");
    const char *paint = !view->colour     ? ""
                        : errors(a) > 0   ? "\033[1;31m"
                        : warnings(a) > 0 ? "\033[1;33m"
                                          : "\033[1;32m";
    ms_buf_printf(out, "%s%s: ", paint, a->plan_checked ? a->plan_path : a->case_path);
    ms_findings_count(out, errors(a), warnings(a));
    ms_buf_printf(out, "%s\n", view->colour ? "\033[0m" : "");
}

static void write_csv(ms_buf *out, const account *a)
{
    ms_finding_list of_case = {&a->case_findings, a->case_path};
    ms_finding_list of_plan = {&a->plan_findings, a->plan_path};
    ms_findings_csv(out, &of_case, true);
    if (a->plan_path != NULL)
        ms_findings_csv(out, &of_plan, false);
}

/* Appends a JSON text as the value of a member: without its last line end, two blanks more before each line. */
static void nested(ms_buf *out, const ms_buf *json)
{
    size_t length = json->length;
    while (length > 0 && json->text[length - 1] == '\n')
        length--;
    for (size_t ix = 0; ix < length; ix++) {
        ms_buf_put(out, &json->text[ix], 1);
        if (json->text[ix] == '\n')
            ms_buf_text(out, "  ");
    }
}

/* Appends the lines of text as a JSON array of strings. */
static void json_lines(ms_buf *out, const ms_buf *text)
{
    const char *at = text->text == NULL ? "" : text->text;
    ms_buf line = {0};
    ms_buf_text(out, "[");
    for (const char *gap = ""; *at != '\0'; gap = ",") {
        size_t length = strcspn(at, "\n");
        ms_buf_reset(&line);
        ms_buf_put(&line, at, length);
        ms_buf_printf(out, "%s\n    ", gap);
        ms_json_quote(out, line.text == NULL ? "" : line.text);
        at += length + (at[length] == '\n');
    }
    ms_buf_text(out, text->length > 0 ? "\n  ]" : "]");
    out->failed = out->failed || line.failed;
    ms_buf_free(&line);
}

static void write_json(ms_buf *out, const account *a)
{
    ms_finding_list of_case = {&a->case_findings, a->case_path};
    ms_finding_list of_plan = {&a->plan_findings, a->plan_path};
    size_t count = 0;
    ms_buf_text(out, "{\n  \"case\": ");
    ms_json_quote(out, a->case_path);
    ms_buf_text(out, ",\n  \"plan\": ");
    if (a->plan_path != NULL)
        ms_json_quote(out, a->plan_path);
    else
        ms_buf_text(out, "null");
    ms_buf_printf(out, ",\n  \"valid\": %s,\n  \"errors\": %zu,\n  \"warnings\": %zu,\n  \"findings\": [",
                  errors(a) == 0 ? "true" : "false", errors(a), warnings(a));
    ms_findings_json(out, &of_case, &count);
    if (a->plan_path != NULL)
        ms_findings_json(out, &of_plan, &count);
    ms_buf_text(out, count > 0 ? "\n  ]" : "]");
    if (a->contents.length > 0) {
        ms_buf_text(out, ",\n  \"contents\": ");
        nested(out, &a->contents);
    }
    if (a->plan_checked) {
        ms_buf_text(out, ",\n  \"report\": ");
        json_lines(out, &a->plan_report);
    }
    ms_buf_text(out, "\n}\n");
}

/* A plan alone is checked against the copy of the case inside it, whose path goes to inner. */
static void choose_paths(account *a, ms_call *call, char inner[PATH_MAX])
{
    a->case_path = ms_operand_text(call, 0);
    a->plan_path = ms_operand_text(call, 1);
    int size = snprintf(inner, PATH_MAX, "%s/case", a->case_path);
    if (a->plan_path == NULL && ms_folder_is_plan(a->case_path) && size > 0 && size < PATH_MAX) {
        a->plan_path = a->case_path;
        a->case_path = inner;
    }
}

ms_exit ms_verb_check(ms_call *call)
{
    account a = {0};
    char inner[PATH_MAX];
    ms_view view = ms_view_asked(call);
    choose_paths(&a, call, inner);
    ms_status status = make_account(&a, &view, &call->err);
    if (status == MS_OK) {
        if (view.format == MS_FORMAT_JSON)
            write_json(&call->out, &a);
        else if (view.format == MS_FORMAT_CSV)
            write_csv(&call->out, &a);
        else
            write_text(&call->out, &a, &view);
        call->err.code = MS_OK; /* the findings have said it */
    }
    ms_exit exit_status = status != MS_OK ? ms_exit_of(status) : errors(&a) > 0 ? MS_EXIT_INPUT : MS_EXIT_DONE;
    ms_findings_free(&a.case_findings);
    ms_findings_free(&a.plan_findings);
    ms_buf_free(&a.contents);
    ms_buf_free(&a.plan_report);
    return exit_status;
}
