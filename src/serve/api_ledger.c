/* api_ledger.c: the ledger over HTTP: orders and their steps, who owes whom, statements, and what a plan would need. It
 * says and does what the verbs of `mainstay ledger` say and do. */
#include <stdio.h>
#include <string.h>

#include "ledger/ledger.h"
#include "plan/plan_files.h"
#include "report/proposals.h"
#include "serve/api_jobs.h"
#include "serve/body.h"

/* ---- views ---- */

static ms_ledger_filter filter_asked(const ms_visit *visit)
{
    enum { OPEN, ALL, OURS, OVERDUE };
    int show = ms_visit_choice(visit, "show", "open|all|ours|overdue");
    return (ms_ledger_filter){.partner = ms_visit_text(visit, "partner"),
                              .date = ms_visit_text(visit, "date"),
                              .all = show == ALL,
                              .ours = show == OURS,
                              .overdue = show == OVERDUE};
}

static ms_status put_orders(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_ledger_filter filter = filter_asked(visit);
    return ms_report_ledger(out, book, &filter, view, err);
}

ms_status ms_api_ledger_orders(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_orders, err);
}

static ms_status put_balance(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_ledger_filter filter = filter_asked(visit);
    return ms_report_balance(out, book, &filter, view, err);
}

ms_status ms_api_ledger_balance(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_balance, err);
}

static ms_status put_overdue(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_ledger_filter filter = filter_asked(visit);
    return ms_report_overdue(out, book, &filter, view, err);
}

ms_status ms_api_ledger_overdue(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_overdue, err);
}

/* ---- one order ---- */

/* An address that names no order, or more than one, is not there. */
static ms_status check_order(ms_book *book, const char *code, ms_error *err)
{
    ms_ledger ledger;
    const ms_ledger_order *order;
    MS_TRY(ms_ledger_read(&ledger, book, 0, err));
    ms_status status = ms_ledger_find(&order, &ledger, code, err);
    ms_ledger_free(&ledger);
    return status == MS_BAD_INPUT ? (err->code = MS_NOT_FOUND) : status;
}

static ms_status put_order(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_ledger_filter filter = {.order = visit->parameters[0], .date = ms_visit_text(visit, "date")};
    MS_TRY(check_order(book, filter.order, err));
    return ms_report_order(out, book, &filter, view, err);
}

ms_status ms_api_ledger_order(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_order, err);
}

/* ---- steps ---- */

/* The members of a body that are texts of an entry. */
static ms_status read_entry(ms_ledger_entry *entry, const json_t *body, ms_error *err)
{
    const struct {
        const char *name, **text;
    } texts[] = {
        {"step", &entry->step},
        {"agreement", &entry->agreement},
        {"item", &entry->item},
        {"site", &entry->site},
        {"need_by", &entry->need_by},
        {"quantity", &entry->quantity},
        {"price", &entry->price},
        {"currency", &entry->currency},
        {"settlement", &entry->settlement},
        {"due_days", &entry->due_days},
        {"of", &entry->of},
        {"date", &entry->date},
        {"reference", &entry->reference},
        {"note", &entry->note},
    };
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        MS_TRY(ms_body_say(texts[t].text, body, texts[t].name, err));
    return MS_OK;
}

/* Takes the step and answers with the order as it is then. */
static ms_status take(ms_buf *out, ms_book *book, ms_ledger_entry *entry, const ms_view *view, ms_error *err)
{
    char order[MS_ORDER_CODE_BYTES];
    MS_TRY(ms_ledger_take(order, book, entry, err));
    ms_ledger_filter filter = {.order = order, .date = entry->date};
    return ms_report_order(out, book, &filter, view, err);
}

static ms_status request(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"agreement", "item", "quantity",  "site", "need_by",
                                        "date",      "note", "reference", NULL};
    ms_ledger_entry entry = {0};
    json_t *body = NULL;
    MS_TRY(ms_body_read(&body, visit, "a request", known, err));
    ms_status status = read_entry(&entry, body, err);
    entry.step = "request";
    if (status == MS_OK)
        status = take(out, book, &entry, view, err);
    json_decref(body);
    return status;
}

ms_status ms_api_ledger_request(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    MS_TRY(ms_reply_writing(reply, visit, request, err));
    reply->status = 201;
    return MS_OK;
}

static ms_status step(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"step", "quantity", "price",     "currency", "settlement", "due_days",
                                        "of",   "date",     "reference", "note",     "steps_seen", NULL};
    ms_ledger_entry entry = {0};
    long seen = 0;
    json_t *body = NULL;
    MS_TRY(check_order(book, visit->parameters[0], err));
    MS_TRY(ms_body_read(&body, visit, "a step", known, err));
    ms_status status = read_entry(&entry, body, err);
    if (status == MS_OK)
        status = ms_body_count(&seen, body, "steps_seen", 0, 1000000, err);
    if (status == MS_OK && (!entry.step || strcmp(entry.step, "request") == 0))
        status = ms_error_set(err, MS_USAGE,
                              "step is one of offer, decline, accept, issue, receive, dispute, settle, cancel");
    entry.order = visit->parameters[0];
    entry.steps_seen = (int)seen;
    if (status == MS_OK)
        status = take(out, book, &entry, view, err);
    json_decref(body);
    return status;
}

ms_status ms_api_ledger_step(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, step, err);
}

/* ---- what a request may be for ---- */

static void put_items(ms_json *json, const ms_case *kase, const ms_agreement *agreement)
{
    bool goods = agreement->kind == MS_AGREE_ITEM;
    ms_json_open_array(json, "items");
    for (int32_t i = 0; i < kase->items_count; i++) {
        const ms_item *item = &kase->items[i];
        if (agreement->items && !agreement->items[i])
            continue;
        ms_json_open_object(json, NULL);
        ms_json_string(json, "item", item->id);
        ms_json_string(json, "name", item->name);
        ms_json_string(json, "unit", goods ? item->unit : "t");
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

static void put_sites(ms_json *json, const ms_case *kase, const ms_agreement *agreement)
{
    ms_json_open_array(json, "sites");
    for (int32_t s = 0; s < kase->sites_count; s++)
        if (!agreement->sites || agreement->sites[s])
            ms_json_string(json, NULL, kase->sites[s].id);
    ms_json_close_array(json);
}

/* limit_t of a book's case is what the ledger has left of it (ms_ledger_case). */
static void put_agreement(ms_json *json, const ms_case *kase, const ms_agreement *agreement, const ms_ledger *ledger)
{
    const double millionths = 1e6;
    ms_json_open_object(json, NULL);
    ms_json_string(json, "agreement", agreement->id);
    ms_json_string(json, "provider", kase->partners[agreement->provider_ix].id);
    ms_json_string(json, "receiver", kase->partners[agreement->receiver_ix].id);
    ms_json_string(json, "kind", ms_agreement_kind_words[agreement->kind]);
    ms_json_string(json, "scope", agreement->scope_text);
    ms_json_number(json, "left_t", agreement->limit_t);
    ms_json_number(json, "used_t", agreement->used_t);
    ms_json_number(json, "on_order_t", (double)ms_ledger_open(ledger, agreement->id) / millionths);
    ms_json_string(json, "settlement", ms_settlement_words[agreement->settlement]);
    ms_json_number(json, "due_days", agreement->due_days);
    put_items(json, kase, agreement);
    put_sites(json, kase, agreement);
    ms_json_close_object(json);
}

/* Those of the book's partner, whichever side it is. */
static ms_status put_agreements(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_held_case *held = NULL;
    ms_ledger ledger;
    ms_json json;
    const char *partner = ms_book_partner(book);
    (void)view;
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = ms_ledger_read(&ledger, book, 0, err);
    if (status == MS_OK) {
        const ms_case *kase = held->kase;
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "partner", partner);
        ms_json_string(&json, "currency", kase->currency);
        ms_json_open_array(&json, "agreements");
        for (int32_t a = 0; a < kase->agreements_count; a++) {
            const ms_agreement *agreement = &kase->agreements[a];
            if (strcmp(kase->partners[agreement->provider_ix].id, partner) == 0 ||
                strcmp(kase->partners[agreement->receiver_ix].id, partner) == 0)
                put_agreement(&json, kase, agreement, &ledger);
        }
        ms_json_close_array(&json);
        ms_json_close_object(&json);
        ms_json_finish(&json);
        ms_ledger_free(&ledger);
    }
    ms_desk_let_case(visit->desk, held);
    return status;
}

ms_status ms_api_ledger_agreements(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_agreements, err);
}

/* ---- statements ---- */

ms_status ms_api_ledger_statement(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    static const struct {
        ms_statement_format format;
        const char *type;
    } forms[] = {{MS_STATEMENT_JSON, "application/json"},
                 {MS_STATEMENT_CSV, "text/csv; charset=utf-8"},
                 {MS_STATEMENT_HTML, "text/html; charset=utf-8"},
                 {MS_STATEMENT_XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                 {MS_STATEMENT_TEXT, "text/plain; charset=utf-8"}};
    int form = ms_visit_choice(visit, "format", "json|csv|html|xlsx|text");
    ms_ledger_filter filter = {.partner = visit->parameters[0], .date = ms_visit_text(visit, "date")};
    ms_buf text = {0};
    ms_book *book = NULL;
    MS_TRY(ms_desk_read_book(&book, visit->desk, err));
    ms_status status = ms_report_statement(&text, book, &filter, forms[form].format, err);
    ms_book_close(book);
    if (status != MS_OK) {
        ms_buf_free(&text);
        return status;
    }
    reply->blob = ms_blob_take(&text, forms[form].type);
    return reply->blob ? MS_OK : ms_error_memory(err);
}

/* ---- what a plan would need ---- */

static ms_status propose(ms_buf *out, ms_book *book, const ms_visit *visit, const char *plan,
                         ms_propose_options *options, bool make, ms_error *err)
{
    ms_held_job *held = NULL;
    ms_buf orders = {0};
    ms_view view = {.format = MS_FORMAT_JSON};
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, plan, err));
    ms_status status = ms_plan_orders_csv(&orders, ms_held_plan(held), err);
    ms_desk_let_job(visit->desk, held);
    if (status == MS_OK) {
        options->orders = orders.text;
        options->length = orders.length;
        options->file = "orders.csv";
        status = ms_report_proposals_of(out, book, options, make, &view, err);
    }
    ms_buf_free(&orders);
    return status;
}

static ms_status put_proposals(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_propose_options options = {0};
    (void)view;
    return propose(out, book, visit, ms_visit_text(visit, "plan"), &options, false, err);
}

ms_status ms_api_ledger_proposals(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_proposals, err);
}

static ms_status read_chosen(ms_chosen *out, const json_t *row, ms_error *err)
{
    static const char *const known[] = {"row", "wanted", NULL};
    long place = -1;
    const char *wanted = NULL;
    if (!json_is_object(row))
        return ms_error_set(err, MS_USAGE, "a row is {\"row\": its place from 0, \"wanted\": its quantity}");
    MS_TRY(ms_body_keys(row, "a row", known, err));
    MS_TRY(ms_body_count(&place, row, "row", 0, 1000000000, err));
    MS_TRY(ms_body_say(&wanted, row, "wanted", err));
    if (place < 0 || !wanted)
        return ms_error_set(err, MS_USAGE, "a row has both its place, `row`, and what it wanted, `wanted`");
    *out = (ms_chosen){(size_t)place, wanted};
    return MS_OK;
}

static ms_status make_chosen(ms_buf *out, ms_book *book, const ms_visit *visit, const json_t *body, ms_error *err)
{
    const json_t *rows = json_object_get(body, "rows");
    char plan[24];
    long number = 0;
    ms_propose_options options = {.chosen_count = json_array_size(rows)};
    MS_TRY(ms_body_count(&number, body, "plan", 1, 1000000000, err));
    MS_TRY(ms_body_say(&options.date, body, "date", err));
    if (!json_is_array(rows) || options.chosen_count == 0)
        return ms_error_set(err, MS_USAGE, "rows is a list of those to request");
    ms_chosen *chosen = ms_alloc(options.chosen_count, sizeof *chosen);
    if (!chosen)
        return ms_error_memory(err);
    ms_status status = MS_OK;
    for (size_t r = 0; r < options.chosen_count && status == MS_OK; r++)
        status = read_chosen(&chosen[r], json_array_get(rows, r), err);
    options.chosen = chosen;
    snprintf(plan, sizeof plan, "%ld", number);
    if (status == MS_OK)
        status = propose(out, book, visit, plan, &options, true, err);
    ms_free(chosen);
    return status;
}

static ms_status make_proposals(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const known[] = {"plan", "rows", "date", NULL};
    json_t *body = NULL;
    (void)view;
    MS_TRY(ms_body_read(&body, visit, "what is chosen", known, err));
    ms_status status = make_chosen(out, book, visit, body, err);
    json_decref(body);
    return status;
}

ms_status ms_api_ledger_propose(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_writing(reply, visit, make_proposals, err);
}
