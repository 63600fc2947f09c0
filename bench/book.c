/* book.c: makes a book with many log entries, for bench/book: fill BOOK ENTRIES appends that many, a thousand to a
 * transaction. Nine of ten have the size of a release's parts; one of ten is a step of an order of five steps, between
 * blue, whose book it is, and green. Nobody checks the signatures of steps when a ledger is read, so that these have
 * none. At the end the book notes what the ledger has used, as the next step taken would. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ledger/used.h"

enum { BATCH = 1000, STEPS = BATCH / 10, FIRST_DAY = 22000, AFTER_NOTE = 500 };

typedef struct {
    char key[96];
    ms_buf body;
} filled;

/* The order that is under way: its request, its latest step and its issue. */
typedef struct {
    int64_t serial;
    int at;
    ms_digest order, last, offer, issue;
} trade;

static ms_step next_step(const trade *of)
{
    static const ms_step_kind kinds[] = {MS_STEP_REQUEST, MS_STEP_OFFER, MS_STEP_ACCEPT, MS_STEP_ISSUE,
                                         MS_STEP_RECEIVE};
    ms_step step = ms_step_empty(kinds[of->at]);
    bool ours = of->at % 2 == 0;
    step.by = ours ? "blue" : "green";
    step.to = ours ? "green" : "blue";
    step.date = FIRST_DAY + of->serial / 1000;
    step.order = of->order;
    step.after = &of->last;
    step.after_count = of->at > 0;
    step.of = of->at == 2 ? of->offer : of->issue;
    step.has_of = of->at == 2 || of->at == 4;
    step.quantity = of->at == 2 ? -1 : 1000000;
    if (of->at == 0) {
        step.agreement = "diesel-loan";
        step.item = "diesel";
        step.unit = "m3";
        step.kg_per_unit = 1000;
        step.serial = of->serial;
    } else if (of->at == 1) {
        step.price = 1000000;
        step.currency = "USD";
        step.settlement = MS_SETTLE_CASH;
    }
    return step;
}

static void fill_step(filled *out, trade *of)
{
    static const char nobody[2 * MS_SIGNATURE_BYTES + 1] = "";
    char zeros[sizeof nobody], code[MS_STEP_CODE_BYTES], hex[MS_HEX_BYTES];
    ms_buf document = {0};
    ms_step step = next_step(of);
    ms_json json;
    ms_step_write(&document, &step);
    ms_hash(of->last.bytes, document.text, document.length);
    if (of->at == 0)
        of->order = of->last;
    if (of->at == 1)
        of->offer = of->last;
    if (of->at == 3)
        of->issue = of->last;
    memset(zeros, '0', sizeof zeros - 1);
    zeros[sizeof zeros - 1] = '\0';
    ms_buf_reset(&out->body);
    ms_json_start_canonical(&json, &out->body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "document", document.text);
    ms_json_string(&json, "signature", zeros);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    snprintf(out->key, sizeof out->key, "%s/%s", ms_digest_code(code, &of->order),
             ms_hex_put(hex, of->last.bytes, sizeof of->last.bytes));
    ms_buf_free(&document);
    of->serial += of->at == 4;
    of->at = (of->at + 1) % 5;
}

static ms_status fill_batch(ms_book *book, trade *of, long done, ms_error *err)
{
    static const char part[] = "{\"key\":\"stocks/kadena-ab/jp8/JP\",\"row\":{\"item\":\"jp8\",\"partner\":\"JP\","
                               "\"quantity\":\"1500\",\"site\":\"kadena-ab\"}}";
    static filled entries[BATCH];
    static ms_draft drafts[BATCH];
    for (long ix = 0; ix < BATCH; ix++) {
        filled *entry = &entries[ix];
        if (ix % 10 == 0) {
            fill_step(entry, of);
            drafts[ix] = (ms_draft){MS_KIND_STEP, entry->key, entry->body.text, entry->body.length};
        } else {
            snprintf(entry->key, sizeof entry->key, "JP/%012ld/0", (done + ix) * 7919 % 10000000);
            drafts[ix] = (ms_draft){"taken", entry->key, part, sizeof part - 1};
        }
    }
    return ms_book_append(NULL, book, drafts, BATCH, err);
}

static ms_status note_used(ms_book *book, ms_error *err)
{
    ms_ledger ledger;
    MS_TRY(ms_book_begin(book, err));
    MS_TRY(ms_ledger_read(&ledger, book, 0, err));
    printf("%zu steps of %zu orders\n", ledger.step_count, ledger.order_count);
    MS_TRY(ms_used_note(book, &ledger, err));
    ms_ledger_free(&ledger);
    return ms_book_commit(book, err);
}

int main(int argc, char **argv)
{
    ms_book *book = NULL;
    ms_error err = {0};
    trade of = {.serial = 1};
    ms_book_options options = {.write = true};
    if (argc != 3 || ms_book_open(&book, argv[1], &options, &err) != MS_OK) {
        fprintf(stderr, "usage: fill BOOK ENTRIES; %s\n", err.message);
        return 2;
    }
    long entries = strtol(argv[2], NULL, 10), after = (long)BATCH * (AFTER_NOTE / STEPS);
    ms_status status = MS_OK;
    for (long done = 0; status == MS_OK && done < entries; done += BATCH) {
        if (done == entries - after)
            status = note_used(book, &err);
        if (status == MS_OK)
            status = fill_batch(book, &of, done, &err);
    }
    if (status != MS_OK)
        fprintf(stderr, "fill: %s\n", err.message);
    ms_book_close(book);
    return status == MS_OK ? 0 : 1;
}
