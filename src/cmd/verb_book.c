/* verb_book.c: mainstay book init, import, export: a case into a partner's book, and out of it. */
#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/passphrase.h"

ms_exit ms_verb_book_init(ms_call *call)
{
    const char *path = ms_operand_text(call, 0), *partner = ms_option_text(call, "partner");
    char passphrase[MS_PASSPHRASE_MOST] = "";
    ms_book_options options = {.write = true};
    ms_book *book = NULL;
    ms_buf what = {0};
    ms_view view = ms_view_asked(call);
    ms_status status = MS_OK;
    if (partner == NULL)
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "whose book is it? Say --partner ID"));
    if (ms_option_given(call, "passphrase") || ms_option_given(call, "passphrase-file")) {
        ms_buf_printf(&what, "%s.key", path);
        status = what.failed ? ms_fail(&call->err, MS_NO_MEMORY, "out of memory")
                             : ms_passphrase_ask(passphrase, call, "passphrase-file", what.text, true);
        options.passphrase = passphrase;
    }
    if (status == MS_OK)
        status = ms_book_create(&book, path, partner, &options, &call->err);
    ms_passphrase_wipe(passphrase);
    if (status == MS_OK)
        status = ms_report_book(&call->out, book, &view, &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_say("%s.key is the secret key of %s: never give it away, and keep a copy in a safe", path, partner);
    ms_book_close(book);
    ms_buf_free(&what);
    return ms_exit_of(status);
}

ms_exit ms_verb_book_import(ms_call *call)
{
    const char *path = ms_operand_text(call, 0), *folder = ms_operand_text(call, 1);
    bool keep = !ms_option_given(call, "dry-run");
    ms_view view = ms_view_asked(call);
    ms_book_changes changes = {0};
    ms_book *book = NULL;
    ms_case *kase = NULL;
    ms_status status = ms_open_case(call, folder, &kase);
    if (status == MS_OK)
        status = ms_open_book(call, path, true, &book);
    if (status == MS_OK)
        status = ms_book_import(&changes, book, kase, keep, &call->err);
    if (status == MS_OK)
        status = ms_report_import(&call->out, &changes, &view, &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet")) {
        long long entries = (long long)(changes.after - changes.before);
        if (entries == 0)
            ms_say("%s says what %s holds already; nothing was written", folder, path);
        else
            ms_say("%s%lld entr%s, up to number %lld", keep ? "" : "nothing was written; it would be ", entries,
                   entries == 1 ? "y" : "ies", (long long)changes.after);
    }
    ms_book_close(book);
    ms_case_free(kase);
    return ms_exit_of(status);
}

ms_exit ms_verb_book_export(ms_call *call)
{
    const char *path = ms_operand_text(call, 0), *folder = ms_operand_text(call, 1);
    ms_book_view view = {.as_of = ms_option_given(call, "as-of") ? ms_option_count(call, "as-of") : 0,
                         .own = !ms_option_given(call, "combined")};
    ms_book *book = NULL;
    ms_status status = ms_open_book(call, path, false, &book);
    if (status == MS_OK)
        status = ms_book_export(book, &view, folder, ms_option_given(call, "replace"), &call->err);
    ms_book_close(book);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_say("%s holds the case%s", folder, view.own ? "" : ", combined with what partners gave");
    return ms_exit_of(status);
}
