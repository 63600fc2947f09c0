/* verb_exchange.c: mainstay exchange init, trust, partners, rules, aliases: what is agreed before anything goes out. */
#include <stdio.h>
#include <string.h>

#include "cmd/file.h"
#include "cmd/findings.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

ms_exit ms_verb_exchange_init(ms_call *call)
{
    ms_book *book = NULL;
    ms_buf text = {0}, fingerprint = {0};
    const char *file = ms_option_text(call, "output");
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK)
        status = ms_exchange_key(&text, &fingerprint, book, &call->err);
    if (status == MS_OK)
        status = file != NULL ? ms_output_file(file, &text, &call->err) : ms_output_answer(&text, &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet")) {
        ms_say("the fingerprint of this key is %s", fingerprint.text);
        ms_say("give %s to your partners, who read the fingerprint back to you over the telephone",
               file != NULL && strcmp(file, "-") != 0 ? file : "it");
    }
    ms_book_close(book);
    ms_buf_free(&text);
    ms_buf_free(&fingerprint);
    return ms_exit_of(status);
}

/* Appends the key's fingerprint, which must be that of --fingerprint where it was given. */
static ms_status check_fingerprint(ms_call *call, const char *text, size_t length, const char *file, ms_buf *shown)
{
    ms_buf partner = {0};
    ms_status status = ms_exchange_read_key(&partner, shown, text, length, file, &call->err);
    ms_buf_reset(&partner);
    if (status == MS_OK && ms_option_given(call, "fingerprint"))
        status = ms_exchange_check_key(&partner, text, length, file, ms_option_text(call, "fingerprint"), &call->err);
    ms_buf_free(&partner);
    return status;
}

static ms_status trust(ms_call *call, ms_book *book, const char *name, const char *file)
{
    ms_buf fingerprint = {0}, text = {0};
    ms_status status = ms_input_file(&text, file, &call->err);
    if (status == MS_OK)
        status = check_fingerprint(call, text.text, text.length, file, &fingerprint);
    if (status == MS_OK)
        status = ms_exchange_trust(book, name, text.text, text.length, file, &call->err);
    if (status == MS_OK) {
        ms_buf_printf(&call->out, "%s is trusted by this key:\n\n    %s\n\n", name, fingerprint.text);
        if (!ms_option_given(call, "fingerprint"))
            ms_buf_printf(&call->out,
                          "Read it to %s over the telephone. If it is another there, nothing that comes is "
                          "from %s:\n`mainstay exchange trust %s %s --revoke`.\n",
                          name, name, ms_operand_text(call, 0), name);
    }
    ms_buf_free(&fingerprint);
    ms_buf_free(&text);
    return status;
}

ms_exit ms_verb_exchange_trust(ms_call *call)
{
    ms_book *book = NULL;
    const char *name = ms_operand_text(call, 1), *file = ms_operand_text(call, 2);
    bool revoke = ms_option_given(call, "revoke"), rhythm = ms_option_given(call, "rhythm");
    if (file != NULL ? revoke : !revoke && !rhythm)
        return ms_exit_of(
            ms_fail(&call->err, MS_USAGE, "name the file with the key of %s, or say --revoke or --rhythm", name));
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK && file != NULL)
        status = trust(call, book, name, file);
    if (status == MS_OK && rhythm) {
        status = ms_exchange_set_rhythm(book, name, ms_option_text(call, "rhythm"), &call->err);
        if (status == MS_OK)
            ms_buf_printf(&call->out, "%s: %s\n", name, ms_option_text(call, "rhythm"));
    }
    if (status == MS_OK && revoke) {
        status = ms_exchange_distrust(book, name, &call->err);
        if (status == MS_OK)
            ms_buf_printf(&call->out, "%s is no longer trusted: nothing is given to it or taken from it.\n", name);
    }
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_exchange_partners(ms_call *call)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = ms_report_partners(&call->out, book, &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

/* What is wrong in the file at path, which the findings call by its name in the book. */
static ms_status say_findings(ms_call *call, const ms_findings *findings, const char *path)
{
    ms_buf text = {0};
    ms_finding_list list = {findings, path};
    for (size_t ix = 0; ix < findings->count; ix++)
        findings->items[ix].file[0] = '\0';
    ms_findings_text(&text, &list, true, 0, call->terminal.err_colour);
    fputs(text.text != NULL ? text.text : "", stderr);
    ms_buf_free(&text);
    return ms_fail(&call->err, MS_BAD_INPUT, "%s has %zu error%s; nothing was changed", path, findings->error_count,
                   findings->error_count == 1 ? "" : "s");
}

/* Takes the file over, or prints what was taken over last. */
static ms_exit rules(ms_call *call, const char *name)
{
    ms_book *book = NULL;
    ms_buf text = {0};
    ms_findings findings = {0};
    const char *file = ms_operand_text(call, 1);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), file != NULL, &book);
    if (status == MS_OK && file == NULL) {
        status = ms_exchange_rules(&call->out, book, name, &call->err);
        if (status == MS_OK && call->out.length == 0)
            ms_say("the book has no %s yet", name);
    } else if (status == MS_OK) {
        status = ms_input_file(&text, file, &call->err);
        if (status == MS_OK)
            status = ms_exchange_set_rules(book, name, text.text, text.length, &findings, &call->err);
        if (findings.error_count > 0)
            status = say_findings(call, &findings, file);
        if (status == MS_OK && !ms_option_given(call, "quiet"))
            ms_say("%s is in force from the next release on; `mainstay exchange preview` shows what it lets out", file);
    }
    ms_book_close(book);
    ms_findings_free(&findings);
    ms_buf_free(&text);
    return ms_exit_of(status);
}

ms_exit ms_verb_exchange_rules(ms_call *call)
{
    return rules(call, "releases.csv");
}

ms_exit ms_verb_exchange_aliases(ms_call *call)
{
    return rules(call, "aliases.csv");
}
