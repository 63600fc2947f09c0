/* api_book_jobs.c: what takes long with a book, over HTTP: releases sent to a place and fetched from it, large ones
 * taken, the proof of the book. Each is a job (job.h), so that nobody waits for his answer with it. */
#include <string.h>

#include "base/text.h"
#include "serve/api_jobs.h"
#include "serve/body.h"

enum { PLACE_BYTES = 4096, TAKES_WAITING_MOST = 8 };

/* ---- through a place ---- */

ms_status ms_api_exchange_places(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    (void)err;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "places");
    for (size_t i = 0; i < visit->places->count; i++) {
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "name", visit->places->places[i].name);
        ms_json_string(&json, "place", visit->places->places[i].place);
        ms_json_close_object(&json);
    }
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

static ms_status copy(char **out, const char *text, ms_error *err)
{
    *out = ms_strdup(text);
    return *out ? MS_OK : ms_error_memory(err);
}

static ms_status set_place(ms_job_order *order, const char *place, const char *token, const char *ca, ms_error *err)
{
    MS_TRY(copy(&order->place, place, err));
    MS_TRY(copy(&order->token_file, token, err));
    return copy(&order->ca_file, ca, err);
}

/* Whoever runs the server says where it may write and whom it may call; an administrator may name a folder himself,
 * such as a memory stick's. */
static ms_status read_place(ms_job_order *order, const ms_visit *visit, const char *name, ms_error *err)
{
    const ms_place *place = ms_places_find(visit->places, name);
    MS_TRY(copy(&order->place_name, name, err));
    if (place)
        return set_place(order, place->place, place->token, place->ca, err);
    if (strstr(name, "://"))
        return ms_error_set(err, MS_USAGE,
                            "an address is named in the file of places (`mainstay serve --places`), with its token");
    if (strchr(name, '/') && ms_role_may(visit->role, MS_ROLE_ADMINISTRATOR))
        return set_place(order, name, "", "", err);
    return ms_error_set(err, MS_USAGE,
                        "there is no place \"%.60s\"; /api/exchange/places has all of them, and an administrator may "
                        "name a folder, such as /media/stick",
                        name);
}

static ms_status check_trust(const ms_visit *visit, const char *partner, ms_error *err)
{
    ms_book *book = NULL;
    MS_TRY(ms_desk_read_book(&book, visit->desk, err));
    ms_status status = ms_check_partner(book, partner, err);
    ms_book_close(book);
    return status;
}

static ms_status read_order(ms_job_order *order, const ms_visit *visit, ms_error *err)
{
    static const char *const known[] = {"place", "partner", NULL};
    const char *place = NULL, *partner = NULL;
    json_t *body = NULL;
    MS_TRY(ms_body_read(&body, visit, ms_book_work_words[order->book_work], known, err));
    ms_status status = ms_body_say(&place, body, "place", err);
    if (status == MS_OK)
        status = ms_body_say(&partner, body, "partner", err);
    if (status == MS_OK && (!place || strlen(place) >= PLACE_BYTES))
        status = ms_error_set(err, MS_USAGE, "place is the name of one of /api/exchange/places");
    if (status == MS_OK)
        status = read_place(order, visit, place, err);
    if (status == MS_OK && partner)
        status = check_trust(visit, partner, err);
    if (status == MS_OK && partner)
        status = copy(&order->partner, partner, err);
    json_decref(body);
    return status;
}

static ms_status through_place(ms_reply *reply, const ms_visit *visit, ms_book_work work, ms_error *err)
{
    ms_job_order order = {.kind = MS_JOB_BOOK, .book_work = work};
    MS_TRY(ms_desk_check_book(visit->desk, err));
    ms_status status = read_order(&order, visit, err);
    return ms_reply_order_read(reply, visit, &order, status, err);
}

ms_status ms_api_exchange_send(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return through_place(reply, visit, MS_BOOK_SEND, err);
}

ms_status ms_api_exchange_fetch(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return through_place(reply, visit, MS_BOOK_FETCH, err);
}

/* ---- by itself ---- */

/* Bundles that wait are in memory. */
static ms_status check_waiting(const ms_visit *visit, ms_error *err)
{
    int waiting = 0;
    ms_job_facts *facts = ms_alloc(MS_JOBS_MOST, sizeof *facts);
    if (!facts)
        return ms_error_memory(err);
    int count = ms_desk_all_facts(facts, visit->desk, MS_JOB_BOOK);
    for (int i = 0; i < count; i++)
        waiting += facts[i].book_work == MS_BOOK_TAKE && facts[i].state <= MS_JOB_RUNNING;
    ms_free(facts);
    return waiting < TAKES_WAITING_MOST
               ? MS_OK
               : ms_error_set(err, MS_LIMIT, "%d releases are waiting to be taken; try again when some are", waiting);
}

ms_status ms_reply_take_later(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_job_order order = {.kind = MS_JOB_BOOK, .book_work = MS_BOOK_TAKE};
    const char *file = ms_visit_text(visit, "file");
    MS_TRY(ms_desk_check_book(visit->desk, err));
    MS_TRY(check_waiting(visit, err));
    ms_status status = copy(&order.place_name, file ? file : "the release", err);
    ms_buf_put(&order.bundle, visit->request->body, visit->request->body_length);
    if (status == MS_OK && order.bundle.failed)
        status = ms_error_memory(err);
    return ms_reply_order_read(reply, visit, &order, status, err);
}

ms_status ms_api_book_verify(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_job_order order = {.kind = MS_JOB_BOOK, .book_work = MS_BOOK_VERIFY};
    if (!ms_desk_book(visit->desk))
        return ms_error_set(err, MS_NOT_FOUND, "no book is open here; `mainstay serve BOOK` opens one");
    return ms_reply_order(reply, visit, &order, err);
}
