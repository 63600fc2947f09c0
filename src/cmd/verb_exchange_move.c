/* verb_exchange_move.c: mainstay exchange preview, make, take, send, fetch, status, diff, refused: what goes to
 * partners and comes from them. */
#include <stdio.h>
#include <string.h>

#include "cmd/file.h"
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

/* ---- views of a book ---- */

typedef ms_status (*partner_report)(ms_buf *out, ms_book *book, const char *partner, const ms_view *view,
                                    ms_error *err);

static ms_exit show(ms_call *call, partner_report report)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = report(&call->out, book, ms_operand_text(call, 1), &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_exchange_preview(ms_call *call)
{
    return show(call, ms_report_preview);
}

ms_exit ms_verb_exchange_refused(ms_call *call)
{
    return show(call, ms_report_refused);
}

ms_exit ms_verb_exchange_status(ms_call *call)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = ms_report_exchange(&call->out, book, &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_exchange_diff(ms_call *call)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    const char *partner = ms_operand_text(call, 1);
    bool mark = ms_option_given(call, "read");
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), mark, &book);
    if (status == MS_OK)
        status = ms_report_changes(&call->out, book, partner, ms_option_given(call, "all"), &view, &call->err);
    if (status == MS_OK && mark)
        status = ms_exchange_mark_read(book, partner, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

/* ---- releases ---- */

static void put_count(ms_buf *out, size_t count, const char *one, const char *many)
{
    ms_buf_printf(out, "%zu %s", count, count == 1 ? one : many);
}

static void put_made(ms_buf *out, const ms_release_note *note)
{
    ms_buf_printf(out, "%s %lld for %s: ", note->whole ? "whole release" : "release", (long long)note->number,
                  note->partner);
    put_count(out, note->records, "record", "records");
    if (note->documents > 0) {
        ms_buf_text(out, ", ");
        put_count(out, note->documents, "step of the ledger", "steps of the ledger");
    }
    if (note->refused > 0) {
        ms_buf_text(out, ", ");
        put_count(out, note->refused, "row of theirs refused", "rows of theirs refused");
    }
    ms_buf_text(out, note->again ? " (made before)" : "");
    if (note->recovered)
        ms_buf_printf(out,
                      "\n%s has releases that this book does not know: was it restored from a backup? The count "
                      "goes on behind them, and lost steps are asked back",
                      note->partner);
    ms_buf_text(out, "\n");
}

static void put_taken(ms_buf *out, const ms_release_note *note)
{
    ms_buf_printf(out, "%s %lld of %s: ", note->whole ? "whole release" : "release", (long long)note->number,
                  note->partner);
    if (note->again) {
        ms_buf_text(out, "taken before, or older than what was; nothing to do\n");
        return;
    }
    put_count(out, note->records, "record", "records");
    ms_buf_text(out, ", ");
    put_count(out, note->rows, "row of the combined case changed", "rows of the combined case changed");
    if (note->documents > 0) {
        ms_buf_text(out, ", ");
        put_count(out, note->documents, "step of the ledger", "steps of the ledger");
    }
    if (note->refused > 0) {
        ms_buf_text(out, ", ");
        put_count(out, note->refused, "row refused", "rows refused");
    }
    ms_buf_text(out, "\n");
    if (note->remark[0] != '\0') {
        ms_buf_safe(out, note->remark);
        ms_buf_text(out, "\n");
    }
}

ms_exit ms_verb_exchange_make(ms_call *call)
{
    ms_book *book = NULL;
    ms_buf bundle = {0};
    ms_release_note note = {0};
    const char *file = ms_option_text(call, "output");
    long again = ms_option_given(call, "again") ? ms_option_count(call, "again") : 0;
    if (file == NULL)
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "where to? Say -o FILE"));
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK)
        status = ms_exchange_make(&bundle, &note, book, ms_operand_text(call, 1), again, ms_option_given(call, "whole"),
                                  &call->err);
    if (status == MS_OK) {
        status = ms_output_file(file, &bundle, &call->err);
        if (status != MS_OK)
            ms_say("the book has release %lld nevertheless; --again %lld writes it once there is room",
                   (long long)note.number, (long long)note.number);
    }
    if (status == MS_OK && strcmp(file, "-") != 0)
        put_made(&call->out, &note);
    ms_book_close(book);
    ms_buf_free(&bundle);
    return ms_exit_of(status);
}

ms_exit ms_verb_exchange_take(ms_call *call)
{
    ms_book *book = NULL;
    ms_buf bundle = {0};
    ms_release_note note = {0};
    const char *file = ms_operand_text(call, 1);
    ms_status status = ms_input_file(&bundle, file, &call->err);
    if (status == MS_OK)
        status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK)
        status = ms_exchange_take(&note, book, bundle.text == NULL ? "" : bundle.text, bundle.length, file, &call->err);
    if (status == MS_OK)
        put_taken(&call->out, &note);
    ms_book_close(book);
    ms_buf_free(&bundle);
    return ms_exit_of(status);
}

/* ---- through a folder or a server ---- */

typedef struct {
    ms_call *call;
    bool refused;
    size_t count;
} place_work;

static void tell_sent(void *context, const ms_release_note *note, const ms_error *wrong)
{
    place_work *w = context;
    (void)wrong;
    w->count++;
    put_made(&w->call->out, note);
}

static void tell_fetched(void *context, const ms_release_note *note, const ms_error *wrong)
{
    place_work *w = context;
    w->count++;
    if (wrong == NULL) {
        put_taken(&w->call->out, note);
    } else {
        w->refused = true;
        ms_say_error(&w->call->terminal, wrong);
    }
}

static void tell_retry(void *context, const char *why, double pause_s)
{
    const ms_call *call = context;
    if (!ms_option_given(call, "quiet"))
        ms_say("%s; trying again in %.1f s", why, pause_s);
}

static const char *text_or_null(const ms_call *call, const char *name)
{
    return ms_option_given(call, name) ? ms_option_text(call, name) : NULL;
}

typedef ms_status (*place_step)(ms_book *book, const char *place, const ms_link_options *link, const char *partner,
                                ms_exchange_tell tell, void *context, ms_error *err);

static ms_exit through_place(ms_call *call, place_step step, ms_exchange_tell tell, const char *nothing)
{
    ms_book *book = NULL;
    place_work work = {.call = call};
    ms_link_options link = {
        .token_file = text_or_null(call, "token"),
        .ca_file = text_or_null(call, "ca"),
        .patience_s = ms_option_given(call, "patience") ? ms_option_number(call, "patience") : 0,
        .retry = tell_retry,
        .context = call,
    };
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK)
        status = step(book, ms_operand_text(call, 1), &link, ms_operand_text(call, 2), tell, &work, &call->err);
    if (status == MS_OK && work.count == 0)
        ms_buf_printf(&call->out, "%s\n", nothing);
    ms_book_close(book);
    return status == MS_OK && work.refused ? MS_EXIT_INPUT : ms_exit_of(status);
}

ms_exit ms_verb_exchange_send(ms_call *call)
{
    return through_place(call, ms_exchange_send, tell_sent, "nothing to send");
}

ms_exit ms_verb_exchange_fetch(ms_call *call)
{
    return through_place(call, ms_exchange_fetch, tell_fetched, "nothing new is there");
}
