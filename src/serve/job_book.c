/* job_book.c: what takes long with a book: sending releases to a place and fetching them from it, taking a large one,
 * proving the book. What `mainstay exchange send`, `fetch`, `take` and `book verify` do, kept as what came of it.
 *
 * The desk's book is lent to the job only while it is written: whatever waits for a place waits without it. */
#include <stdio.h>
#include <string.h>

#include "serve/api.h"
#include "serve/desk_private.h"
#include "serve/note.h"

const char *const ms_book_work_words[MS_BOOK_WORKS + 1] = {"send", "fetch", "take", "verify", NULL};

typedef struct {
    const ms_job_work *work;
    ms_job_made *made;
    ms_book *book; /* lent; NULL: not now */
    char partner[MS_PARTNER_BYTES];
    ms_json json;
    json_t *refusals; /* of a fetch: file and detail of each release that was refused */
    char stage[64];
} errand;

static bool go_on(void *context)
{
    errand *e = context;
    return e->work->progress(e->work->progress_context, e->stage, -1, -1);
}

static ms_status borrow(errand *e, ms_error *err)
{
    return ms_desk_lend_book(&e->book, e->work->desk, e->work->who, err);
}

static void give_back(errand *e)
{
    ms_desk_let_book(e->work->desk, e->book);
    e->book = NULL;
}

/* ---- what came of it ---- */

static void begin_story(errand *e)
{
    ms_json_start(&e->json, &e->made->json);
    ms_json_open_object(&e->json, NULL);
    ms_json_string(&e->json, "what", ms_book_work_words[e->work->order->book_work]);
}

static void end_story(errand *e)
{
    ms_json_close_object(&e->json);
    ms_json_finish(&e->json);
}

static void put_release(errand *e, const ms_release_note *note, const char *from, const char *to)
{
    ms_json_open_object(&e->json, NULL);
    ms_note_put(&e->json, note, from, to);
    ms_json_close_object(&e->json);
    e->made->releases++;
}

static void tell(void *context, const ms_release_note *note, const ms_error *wrong)
{
    errand *e = context;
    bool sends = e->work->order->book_work == MS_BOOK_SEND;
    if (!wrong) {
        snprintf(e->stage, sizeof e->stage, "release %lld %s %.40s", (long long)note->number, sends ? "for" : "of",
                 note->partner);
        put_release(e, note, sends ? e->partner : note->partner, sends ? note->partner : e->partner);
        return;
    }
    json_array_append_new(e->refusals, json_pack("{s:s, s:s}", "file", wrong->file, "detail", wrong->message));
    e->made->refused++;
}

/* ---- through a place ---- */

static void tell_retry(void *context, const char *why, double pause_s)
{
    errand *e = context;
    (void)why; /* long, and said at the end if nothing comes of it */
    snprintf(e->stage, sizeof e->stage, "no answer yet; trying again in %.1f s", pause_s);
    (void)go_on(e);
}

static ms_status await_place(void *context, bool begins, ms_error *err)
{
    errand *e = context;
    if (begins) {
        give_back(e);
        return MS_OK;
    }
    MS_TRY(borrow(e, err));
    return go_on(e) ? MS_OK : ms_error_set(err, MS_LIMIT, "stopped");
}

static const char *text_or_null(const char *text)
{
    return text && text[0] ? text : NULL;
}

static ms_status run_through_place(errand *e, ms_error *err)
{
    const ms_job_order *order = e->work->order;
    const ms_link_options link = {.token_file = text_or_null(order->token_file),
                                  .ca_file = text_or_null(order->ca_file),
                                  .retry = tell_retry,
                                  .goes_on = go_on,
                                  .awaits = await_place,
                                  .context = e};
    snprintf(e->stage, sizeof e->stage, "looking at what is there");
    MS_TRY(borrow(e, err));
    snprintf(e->partner, sizeof e->partner, "%s", ms_book_partner(e->book));
    begin_story(e);
    ms_json_string(&e->json, "place", order->place_name);
    ms_json_open_array(&e->json, "releases");
    ms_status status = (order->book_work == MS_BOOK_SEND ? ms_exchange_send : ms_exchange_fetch)(
        e->book, order->place, &link, text_or_null(order->partner), tell, e, err);
    give_back(e);
    ms_json_close_array(&e->json);
    ms_json_value(&e->json, "refused", e->refusals);
    end_story(e);
    return status;
}

/* ---- by itself ---- */

static ms_status run_take(errand *e, ms_error *err)
{
    ms_job_order *order = e->work->order;
    ms_release_note note = {0};
    snprintf(e->stage, sizeof e->stage, "waiting for the book");
    MS_TRY(borrow(e, err));
    snprintf(e->partner, sizeof e->partner, "%s", ms_book_partner(e->book));
    ms_status status = ms_exchange_take(&note, e->book, order->bundle.text, order->bundle.length, order->place_name,
                                        err);
    give_back(e);
    ms_buf_free(&order->bundle);
    if (status != MS_OK)
        return status;
    begin_story(e);
    ms_json_open_array(&e->json, "releases");
    put_release(e, &note, note.partner, e->partner);
    ms_json_close_array(&e->json);
    ms_json_open_array(&e->json, "refused");
    ms_json_close_array(&e->json);
    end_story(e);
    return MS_OK;
}

/* Breaches are what came of it, and no failure. */
static ms_status run_verify(errand *e, ms_error *err)
{
    ms_findings findings = {0};
    int64_t entries = 0;
    ms_status status = ms_book_verify(&entries, ms_desk_book(e->work->desk), e->work->progress,
                                      e->work->progress_context, &findings, err);
    if (status == MS_OK || (status == MS_BAD_INPUT && findings.error_count > 0)) {
        begin_story(e);
        ms_json_integer(&e->json, "entries", entries);
        ms_json_integer(&e->json, "errors", (long long)findings.error_count);
        ms_json_integer(&e->json, "warnings", (long long)findings.warning_count);
        ms_findings_put(&e->json, &findings);
        end_story(e);
        e->made->refused = findings.error_count;
        status = MS_OK;
    }
    ms_findings_free(&findings);
    return status;
}

ms_status ms_job_make_book(ms_job_made *made, const ms_job_work *work, ms_error *err)
{
    static ms_status (*const runs[MS_BOOK_WORKS])(errand *, ms_error *) = {[MS_BOOK_SEND] = run_through_place,
                                                                           [MS_BOOK_FETCH] = run_through_place,
                                                                           [MS_BOOK_TAKE] = run_take,
                                                                           [MS_BOOK_VERIFY] = run_verify};
    errand e = {.work = work, .made = made, .refusals = json_array()};
    if (!e.refusals)
        return ms_error_memory(err);
    ms_status status = runs[work->order->book_work](&e, err);
    json_decref(e.refusals);
    return status == MS_OK && made->json.failed ? ms_error_memory(err) : status;
}
