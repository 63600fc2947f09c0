/* verb_book_care.c: mainstay book verify, rebuild, key, sql: proving, mending, rekeying and asking a book. */
#include <stdio.h>

#include "cmd/findings.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/passphrase.h"
#include "cmd/progress.h"

/* The findings in the form asked for, and what follows from them. */
static void write_findings(ms_call *call, const char *path, const ms_findings *findings, int64_t entries)
{
    ms_view view = ms_view_asked(call);
    ms_finding_list list = {findings, path};
    size_t count = 0;
    if (view.format == MS_FORMAT_CSV) {
        ms_findings_csv(&call->out, &list, true);
    } else if (view.format == MS_FORMAT_JSON) {
        ms_buf_printf(&call->out,
                      "{\n  \"entries\": %lld,\n  \"errors\": %zu,\n  \"warnings\": %zu,\n  \"findings\": [",
                      (long long)entries, findings->error_count, findings->warning_count);
        ms_findings_json(&call->out, &list, &count);
        ms_buf_text(&call->out, count > 0 ? "\n  ]\n}\n" : "]\n}\n");
    } else {
        ms_findings_text(&call->out, &list, false, 0, view.colour);
        if (findings->error_count == 0)
            ms_buf_printf(&call->out, "%s: %lld entries, every one chained and signed; the tables are what they make\n",
                          path, (long long)entries);
    }
}

ms_exit ms_verb_book_verify(ms_call *call)
{
    const char *path = ms_operand_text(call, 0);
    ms_findings findings = {0};
    ms_progress_bar bar;
    int64_t entries = 0;
    ms_progress_start(&bar, &call->terminal, ms_option_given(call, "quiet"), 0);
    ms_status status = ms_book_verify(&entries, path, ms_progress_report, &bar, &findings, &call->err);
    ms_progress_finish(&bar);
    if (status == MS_OK || findings.error_count > 0)
        write_findings(call, path, &findings, entries);
    if (status == MS_BAD_INPUT && findings.error_count > 0)
        ms_fail(&call->err, status, "%s has %zu breach%s; `mainstay book rebuild %s` saves what can be saved", path,
                findings.error_count, findings.error_count == 1 ? "" : "es", path);
    ms_findings_free(&findings);
    return ms_exit_of(status);
}

ms_exit ms_verb_book_rebuild(ms_call *call)
{
    const char *path = ms_operand_text(call, 0);
    const char *backup = ms_option_given(call, "from") ? ms_option_text(call, "from") : NULL;
    ms_book_rebuilt did;
    ms_status status = ms_book_rebuild(&did, path, backup, ms_option_given(call, "cut"), &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet")) {
        ms_buf_printf(&call->out, "%s: %lld entries", path, (long long)did.entries);
        if (did.from_backup > 0)
            ms_buf_printf(&call->out, ", %lld of them from %s", (long long)did.from_backup, backup);
        ms_buf_printf(&call->out, "; the file as it was is %s\n", did.kept);
    }
    return ms_exit_of(status);
}

ms_exit ms_verb_book_sql(ms_call *call)
{
    ms_view view = ms_view_asked(call);
    ms_book *book = NULL;
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = ms_report_sql(&call->out, book, ms_operand_text(call, 1), &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_book_key(ms_call *call)
{
    const char *path = ms_operand_text(call, 0);
    bool rotate = ms_option_given(call, "rotate");
    char passphrase[MS_PASSPHRASE_MOST] = "";
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    if (rotate == ms_option_given(call, "replace"))
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "one of --rotate and --replace"));
    bool locked = ms_option_given(call, "passphrase") || ms_option_given(call, "new-passphrase-file");
    ms_status status = ms_open_book(call, path, rotate, &book);
    if (status == MS_OK && locked)
        status = ms_passphrase_ask(passphrase, call, "new-passphrase-file", "the new key", true);
    if (status == MS_OK)
        status = rotate ? ms_book_rotate_key(book, locked ? passphrase : NULL, &call->err)
                        : ms_book_replace_key(book, locked ? passphrase : NULL, &call->err);
    ms_passphrase_wipe(passphrase);
    if (status == MS_OK)
        status = ms_report_book(&call->out, book, &view, &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_say(rotate ? "the new key counts from now on" : "tell every partner the new fingerprint by telephone");
    ms_book_close(book);
    return ms_exit_of(status);
}
