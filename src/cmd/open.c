/* open.c: what the verbs read, and how they are asked to write. See open.h. */
#include "cmd/open.h"

#include <stdio.h>
#include <string.h>

#include "cmd/findings.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/passphrase.h"

enum { SHOWN_MOST = 20 };

bool ms_folder_is_plan(const char *path)
{
    return ms_folder_has(path, "summary.json");
}

ms_status ms_tell_findings(ms_call *call, const char *path, const ms_findings *findings, ms_status status)
{
    ms_buf text = {0}, count = {0};
    ms_finding_list list = {findings, path};
    ms_findings_count(&count, findings->error_count, findings->warning_count);
    const char *count_text = count.text != NULL ? count.text : "something wrong";
    if (status != MS_OK && findings->error_count > 0) {
        ms_findings_text(&text, &list, true, SHOWN_MOST, call->terminal.err_colour);
        fputs(text.text != NULL ? text.text : "", stderr);
        ms_fail(&call->err, status, "%s has %s%s", path, count_text,
                findings->error_count > SHOWN_MOST ? "; `mainstay check` lists them all" : "");
    } else if (status == MS_OK && findings->warning_count > 0 && !ms_option_given(call, "quiet")) {
        ms_say("%s has %zu warning%s; `mainstay check %s` lists %s", path, findings->warning_count,
               findings->warning_count == 1 ? "" : "s", path, findings->warning_count == 1 ? "it" : "them");
    }
    ms_buf_free(&text);
    ms_buf_free(&count);
    return status;
}

ms_status ms_open_book(ms_call *call, const char *path, bool write, ms_book **out)
{
    char passphrase[MS_PASSPHRASE_MOST] = "";
    ms_book_options options = {.write = write};
    ms_status status = MS_OK;
    if (write) {
        status = ms_passphrase_of_book(passphrase, call, path);
        options.passphrase = passphrase[0] != '\0' ? passphrase : NULL;
    }
    if (status == MS_OK)
        status = ms_book_open(out, path, &options, &call->err);
    ms_passphrase_wipe(passphrase);
    return status;
}

ms_status ms_read_case(ms_case **out, const char *path, ms_findings *findings, ms_error *err)
{
    ms_book *book = NULL;
    if (!ms_book_is_one(path))
        return ms_case_open(out, path, findings, err);
    ms_status status = ms_book_open(&book, path, NULL, err);
    if (status == MS_OK)
        status = ms_ledger_case(out, book, NULL, findings, err);
    ms_book_close(book);
    return status;
}

ms_status ms_open_case(ms_call *call, const char *path, ms_case **out)
{
    ms_findings findings = {0};
    ms_status status;
    if (ms_folder_is_plan(path))
        status = ms_fail(&call->err, MS_BAD_INPUT,
                         "%s is a plan, not a case; the case that it was made from is %s/case", path, path);
    else
        status = ms_tell_findings(call, path, &findings, ms_read_case(out, path, &findings, &call->err));
    ms_findings_free(&findings);
    return status;
}

ms_status ms_open_plan_with(ms_call *call, const char *path, ms_plan **out, ms_case **case_out, ms_findings *findings)
{
    if (!ms_folder_is_plan(path) && ms_folder_has(path, "case.json"))
        return ms_fail(&call->err, MS_BAD_INPUT, "%s is a case, not a plan; `mainstay plan %s` makes a plan of it",
                       path, path);
    return ms_tell_findings(call, path, findings, ms_plan_open(out, case_out, path, findings, &call->err));
}

ms_status ms_open_plan(ms_call *call, const char *path, ms_plan **out, ms_case **case_out)
{
    ms_findings findings = {0};
    ms_status status = ms_open_plan_with(call, path, out, case_out, &findings);
    ms_findings_free(&findings);
    return status;
}

ms_status ms_open_either(ms_call *call, const char *path, ms_plan **plan_out, ms_case **case_out)
{
    if (ms_folder_is_plan(path))
        return ms_open_plan(call, path, plan_out, case_out);
    ms_status status = ms_open_case(call, path, case_out);
    if (status == MS_OK)
        *plan_out = NULL;
    return status;
}

ms_view ms_view_asked(const ms_call *call)
{
    enum { AUTO, ALWAYS };
    int colour = ms_option_choice(call, "color");
    ms_view view = {
        .format = ms_option_given(call, "json")  ? MS_FORMAT_JSON
                  : ms_option_given(call, "csv") ? MS_FORMAT_CSV
                                                 : MS_FORMAT_TEXT,
        .width = ms_option_given(call, "width") ? (int)ms_option_count(call, "width") : call->terminal.width,
        .colour = colour == ALWAYS || (colour == AUTO && call->terminal.out_colour),
        .ascii = call->terminal.ascii,
    };
    return view;
}
