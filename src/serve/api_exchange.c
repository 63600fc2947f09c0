/* api_exchange.c: the exchange over HTTP: whom the book trusts, what goes out, what came in, what has changed. What it
 * says is what the verbs of `mainstay exchange` say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "exchange/exchange.h"
#include "serve/api.h"
#include "serve/api_jobs.h"
#include "serve/body.h"
#include "serve/note.h"

/* ---- what there is ---- */

static ms_status put_exchange(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    (void)visit;
    return ms_report_exchange(out, book, view, err);
}

ms_status ms_api_exchange(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_exchange, err);
}

static ms_status put_key(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_buf key = {0}, fingerprint = {0};
    ms_json json;
    (void)visit;
    (void)view;
    ms_status status = ms_exchange_key(&key, &fingerprint, book, err);
    if (status == MS_OK) {
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "partner", ms_book_partner(book));
        ms_json_string(&json, "key", key.text);
        ms_json_string(&json, "fingerprint", fingerprint.text);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    ms_buf_free(&key);
    ms_buf_free(&fingerprint);
    return status;
}

/* The text of a public key is signed by its own key: the book must be open to write. */
ms_status ms_api_exchange_key(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, put_key, err);
}

/* ---- of one partner ---- */

typedef ms_status (*partner_report)(ms_buf *out, ms_book *book, const char *partner, const ms_view *view,
                                    ms_error *err);

ms_status ms_check_partner(ms_book *book, const char *partner, ms_error *err)
{
    ms_trust trust;
    ms_status status = ms_trust_find(&trust, book, partner, err);
    return status == MS_USAGE ? (err->code = MS_NOT_FOUND) : status;
}

static ms_status report_partner(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view,
                                partner_report report, ms_error *err)
{
    const char *partner = visit->parameters[0];
    MS_TRY(ms_check_partner(book, partner, err));
    return report(out, book, partner, view, err);
}

static ms_status put_preview(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    return report_partner(out, book, visit, view, ms_report_preview, err);
}

ms_status ms_api_exchange_preview(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_preview, err);
}

static ms_status put_refused(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    return report_partner(out, book, visit, view, ms_report_refused, err);
}

ms_status ms_api_exchange_refused(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_refused, err);
}

static ms_status put_changes(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const char *partner = visit->parameters[0];
    MS_TRY(ms_check_partner(book, partner, err));
    return ms_report_changes(out, book, partner, ms_visit_switch(visit, "all"), view, err);
}

ms_status ms_api_exchange_changes(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_changes, err);
}

static ms_status mark_read(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const char *partner = visit->parameters[0];
    MS_TRY(ms_check_partner(book, partner, err));
    MS_TRY(ms_exchange_mark_read(book, partner, err));
    return ms_report_exchange(out, book, view, err);
}

ms_status ms_api_exchange_read(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, mark_read, err);
}

/* ---- trust ---- */

static ms_status read_key(ms_buf *out, const char *key, ms_error *err)
{
    ms_buf partner = {0}, fingerprint = {0};
    ms_json json;
    ms_status status = ms_exchange_read_key(&partner, &fingerprint, key, strlen(key), "the key", err);
    if (status == MS_OK) {
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "partner", partner.text);
        ms_json_string(&json, "fingerprint", fingerprint.text);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    ms_buf_free(&partner);
    ms_buf_free(&fingerprint);
    return status;
}

/* Whom the key is of is in the key. */
static ms_status take_key(ms_book *book, const char *key, const char *fingerprint, ms_error *err)
{
    ms_buf partner = {0};
    ms_status status = ms_exchange_check_key(&partner, key, strlen(key), "the key", fingerprint, err);
    if (status == MS_OK)
        status = ms_exchange_trust(book, partner.text, key, strlen(key), "the key", err);
    ms_buf_free(&partner);
    return status;
}

static ms_status trust(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"key", "fingerprint", "check", NULL};
    const char *key = NULL, *fingerprint = NULL;
    bool check = false;
    json_t *body = NULL;
    MS_TRY(ms_body_read(&body, visit, "a partner to trust", known, err));
    ms_status status = ms_body_say(&key, body, "key", err);
    if (status == MS_OK)
        status = ms_body_say(&fingerprint, body, "fingerprint", err);
    if (status == MS_OK)
        status = ms_body_switch(&check, body, "check", err);
    if (status == MS_OK && !key)
        status = ms_error_set(err, MS_USAGE, "key is the text of the partner's public key");
    if (status == MS_OK && !check && !fingerprint)
        status = ms_error_set(err, MS_USAGE, "fingerprint is what the partner has read to you over the telephone");
    if (status == MS_OK)
        status = check ? read_key(out, key, err) : take_key(book, key, fingerprint, err);
    if (status == MS_OK && !check)
        status = ms_report_exchange(out, book, view, err);
    json_decref(body);
    return status;
}

ms_status ms_api_exchange_trust(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, trust, err);
}

static ms_status distrust(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const char *partner = visit->parameters[0];
    MS_TRY(ms_check_partner(book, partner, err));
    MS_TRY(ms_exchange_distrust(book, partner, err));
    return ms_report_exchange(out, book, view, err);
}

ms_status ms_api_exchange_distrust(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, distrust, err);
}

static ms_status set_rhythm(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"rhythm", NULL};
    const char *rhythm = NULL;
    json_t *body = NULL;
    MS_TRY(ms_check_partner(book, visit->parameters[0], err));
    MS_TRY(ms_body_read(&body, visit, "a rhythm", known, err));
    ms_status status = ms_body_say(&rhythm, body, "rhythm", err);
    if (status == MS_OK)
        status = ms_exchange_set_rhythm(book, visit->parameters[0], rhythm ? rhythm : "", err);
    json_decref(body);
    return status == MS_OK ? ms_report_exchange(out, book, view, err) : status;
}

ms_status ms_api_exchange_rhythm(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, set_rhythm, err);
}

/* ---- rules ---- */

static ms_status check_rule_file(const char *file, ms_error *err)
{
    if (strcmp(file, "releases.csv") == 0 || strcmp(file, "aliases.csv") == 0)
        return MS_OK;
    return ms_error_set(err, MS_NOT_FOUND, "rules are in releases.csv and aliases.csv; there is no %.60s", file);
}

/* Lists of texts, the first of them the header. */
static ms_status put_rows(ms_json *json, const ms_buf *csv, const char *file, ms_error *err)
{
    ms_csv_reader *reader = NULL;
    ms_csv_record record;
    if (csv->length == 0)
        return MS_OK;
    MS_TRY(ms_csv_open(&reader, csv->text, csv->length, file, err));
    ms_status status = ms_csv_next(reader, &record, err);
    while (status == MS_OK && record.field_count > 0) {
        status = ms_json_record(json, &record, err);
        if (status == MS_OK)
            status = ms_csv_next(reader, &record, err);
    }
    ms_csv_close(reader);
    return status;
}

static ms_status put_rules(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const char *file = visit->parameters[0];
    ms_buf csv = {0};
    ms_json json;
    (void)view;
    MS_TRY(check_rule_file(file, err));
    ms_status status = ms_exchange_rules(&csv, book, file, err);
    if (status == MS_OK) {
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "file", file);
        ms_json_string(&json, "text", csv.text ? csv.text : "");
        ms_json_open_array(&json, "rows");
        status = put_rows(&json, &csv, file, err);
        ms_json_close_array(&json);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    ms_buf_free(&csv);
    return status;
}

ms_status ms_api_exchange_rules(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_rules, err);
}

ms_status ms_api_exchange_set_rules(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_book *book = NULL;
    ms_findings findings = {0};
    const char *file = visit->parameters[0];
    MS_TRY(check_rule_file(file, err));
    MS_TRY(ms_desk_write_book(&book, visit->desk, visit->who, err));
    ms_status status = ms_exchange_set_rules(book, file, visit->request->body, visit->request->body_length, &findings,
                                             err);
    ms_desk_let_book(visit->desk, book);
    if (findings.error_count > 0 && status == MS_BAD_INPUT) {
        ms_error_set(err, status, "%s has %zu error%s; nothing was changed", file, findings.error_count,
                     findings.error_count == 1 ? "" : "s");
        ms_reply_problem(reply, ms_problem_status(status), err, &findings);
        status = MS_OK;
    } else if (status == MS_OK) {
        reply->status = 204;
    }
    ms_findings_free(&findings);
    return status;
}

/* ---- releases ---- */

static ms_status put_note(ms_buf *out, const ms_release_note *note, const char *from, const char *to)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_note_put(&json, note, from, to);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return MS_OK;
}

static ms_status make(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"whole", NULL};
    const char *partner = visit->parameters[0];
    bool whole = false;
    json_t *body = NULL;
    ms_buf bundle = {0};
    ms_release_note note;
    (void)view;
    MS_TRY(ms_check_partner(book, partner, err));
    MS_TRY(ms_body_read(&body, visit, "a release", known, err));
    ms_status status = ms_body_switch(&whole, body, "whole", err);
    json_decref(body);
    MS_TRY(status);
    MS_TRY(ms_exchange_make(&bundle, &note, book, partner, 0, whole, err));
    ms_buf_free(&bundle);
    return put_note(out, &note, ms_book_partner(book), partner);
}

ms_status ms_api_exchange_make(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    MS_TRY(ms_reply_writing(reply, visit, make, err));
    reply->status = 201;
    return MS_OK;
}

static bool read_number(long long *out, const char *text)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return *end == '\0' && strspn(text, "0123456789") == strlen(text) && *out >= 1;
}

/* The bundle of a release made before: sealed anew each time, the same within. */
ms_status ms_api_exchange_bundle(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    const char *partner = visit->parameters[0];
    ms_book *book = NULL;
    ms_buf bundle = {0};
    ms_release_note note;
    long long number;
    if (!read_number(&number, visit->parameters[1]))
        return ms_error_set(err, MS_NOT_FOUND, "\"%.40s\" is no number of a release", visit->parameters[1]);
    MS_TRY(ms_desk_write_book(&book, visit->desk, visit->who, err));
    ms_status status = ms_check_partner(book, partner, err);
    if (status == MS_OK)
        status = ms_exchange_make(&bundle, &note, book, partner, number, false, err);
    ms_desk_let_book(visit->desk, book);
    if (status != MS_OK) {
        ms_buf_free(&bundle);
        return status;
    }
    reply->blob = ms_blob_take(&bundle, "application/octet-stream");
    return reply->blob ? MS_OK : ms_error_memory(err);
}

static ms_status take(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const ms_request *request = visit->request;
    const char *file = ms_visit_text(visit, "file");
    ms_release_note note = {0};
    (void)view;
    MS_TRY(ms_exchange_take(&note, book, request->body, request->body_length, file ? file : "the release", err));
    return put_note(out, &note, note.partner, ms_book_partner(book));
}

/* A large one is a job: nobody is to wait for his answer with it. */
ms_status ms_api_exchange_take(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    if (visit->request->body_length > MS_TAKE_AT_ONCE)
        return ms_reply_take_later(reply, visit, err);
    return ms_reply_writing(reply, visit, take, err);
}
