/* take.c: taking a step: read the ledger, draft, sign, append, in one transaction of the book. See ledger.h. */
#include <string.h>

#include "base/json.h"
#include "ledger/used.h"

enum { MS_PER_DAY = 86400000 };

int64_t ms_ledger_today(const ms_book *book)
{
    return ms_book_now(book) / MS_PER_DAY;
}

/* {"document":"...","signature":"..."} */
static void put_body(ms_buf *body, const ms_buf *document, const ms_key *key)
{
    unsigned char signature[MS_SIGNATURE_BYTES];
    char hex[MS_HEX_BYTES];
    ms_json json;
    ms_key_sign(signature, key, MS_STEP_PURPOSE, document->text, document->length);
    ms_json_start_canonical(&json, body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "document", document->text);
    ms_json_string(&json, "signature", ms_hex_put(hex, signature, sizeof signature));
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

/* "7K3F-9QWD/HASH": the order's code, then the step's hash. */
static void put_key(ms_buf *key, const ms_step *step)
{
    char code[MS_STEP_CODE_BYTES], hex[MS_HEX_BYTES];
    ms_buf_printf(key, "%s/%s", ms_digest_code(code, &step->order),
                  ms_hex_put(hex, step->hash.bytes, sizeof step->hash.bytes));
}

ms_status ms_ledger_sign(ms_step *step, ms_book *book, ms_error *err)
{
    ms_buf document = {0}, body = {0}, key = {0};
    ms_step_write(&document, step);
    ms_status status = document.failed ? ms_error_memory(err) : MS_OK;
    if (status == MS_OK) {
        ms_hash(step->hash.bytes, document.text, document.length);
        if (step->kind == MS_STEP_REQUEST)
            step->order = step->hash;
        put_body(&body, &document, ms_book_key(book));
        put_key(&key, step);
        ms_draft draft = {MS_KIND_STEP, key.text, body.text, body.length};
        status = body.failed || key.failed ? ms_error_memory(err) : ms_book_append(NULL, book, &draft, 1, err);
    }
    ms_buf_free(&document);
    ms_buf_free(&body);
    ms_buf_free(&key);
    return status;
}

static bool needs_case(const char *step)
{
    return strcmp(step, "request") == 0 || strcmp(step, "offer") == 0 || strcmp(step, "accept") == 0;
}

/* The last step is what somebody who saw fewer has not seen. */
static ms_status check_seen(const ms_ledger *ledger, const ms_ledger_entry *entry, ms_error *err)
{
    const ms_ledger_order *order;
    char code[MS_ORDER_CODE_BYTES];
    if (entry->steps_seen == 0 || entry->order == NULL)
        return MS_OK;
    MS_TRY(ms_ledger_find(&order, ledger, entry->order, err));
    int32_t there = order->step_count + order->waiting_count;
    if (there == entry->steps_seen)
        return MS_OK;
    const ms_step *last = order->steps[there - 1];
    return ms_error_set(err, MS_CONFLICT, "order %s has gone on meanwhile: the last step is %s by %s; look again first",
                        ms_order_code(code, order->receiver, &order->id), ms_step_words[last->kind], last->by);
}

static ms_status take(char order[MS_ORDER_CODE_BYTES], ms_book *book, const ms_ledger_entry *entry, ms_error *err)
{
    ms_ledger ledger = {0};
    ms_findings findings = {0};
    ms_case *kase = NULL;
    ms_step step;
    ms_status status = ms_ledger_read(&ledger, book, 0, err);
    if (status == MS_OK)
        status = check_seen(&ledger, entry, err);
    if (status == MS_OK)
        status = ms_used_note(book, &ledger, err);
    if (status == MS_OK && needs_case(entry->step))
        status = ms_ledger_case(&kase, book, NULL, &findings, err);
    if (status == MS_OK)
        status = ms_ledger_draft(&step, &ledger, kase, entry, ms_ledger_today(book), err);
    if (status == MS_OK)
        status = ms_ledger_sign(&step, book, err);
    if (status == MS_OK) {
        const ms_ledger_order *known = ms_ledger_order_of(&ledger, &step.order);
        (void)ms_order_code(order, known != NULL ? known->receiver : step.by, &step.order);
    }
    ms_findings_free(&findings);
    ms_case_free(kase);
    ms_ledger_free(&ledger);
    return status;
}

ms_status ms_ledger_take(char order[MS_ORDER_CODE_BYTES], ms_book *book, const ms_ledger_entry *entry, ms_error *err)
{
    MS_TRY(ms_book_begin(book, err));
    ms_status status = take(order, book, entry, err);
    if (status == MS_OK)
        return ms_book_commit(book, err);
    ms_book_rollback(book);
    return status;
}
