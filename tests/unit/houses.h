/* houses.h: partners, each with a book of its own, for tests of what goes on between them. Needs cmocka.
 *
 * All of them read one clock, which the test sets. A house is a file NAME.book in the folder where the test runs.
 */
#ifndef MS_TESTS_HOUSES_H
#define MS_TESTS_HOUSES_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case_text.h"
#include "exchange/exchange.h"

typedef struct {
    char name[16], path[64];
    ms_book *book;
} house;

static int64_t house_now = 1767225600000; /* 2026-01-01T00:00Z */

static inline int64_t house_clock(void *context)
{
    (void)context;
    return house_now;
}

static inline ms_book_options house_options(void)
{
    return (ms_book_options){.write = true, .clock = house_clock};
}

static inline void house_reopen(house *h)
{
    ms_error err = {0};
    ms_book_options options = house_options();
    ms_book_close(h->book);
    h->book = NULL;
    if (ms_book_open(&h->book, h->path, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
}

/* Makes the own rows those of the case in text (see case_text.h). */
static inline void house_import(house *h, const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_book_changes changes;
    int count = 0;
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    assert_true(case_text_add(files, &count, text, strlen(text)));
    if (ms_case_read(&kase, files, count, &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.message, findings.count > 0 ? findings.items[0].message : "");
    if (ms_book_import(&changes, h->book, kase, true, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_case_free(kase);
    ms_findings_free(&findings);
}

static inline void house_rules(house *h, const char *file, const char *text)
{
    ms_findings findings = {0};
    ms_error err = {0};
    if (ms_exchange_set_rules(h->book, file, text, strlen(text), &findings, &err) != MS_OK)
        fail_msg("%s", findings.count > 0 ? findings.items[0].message : err.message);
    ms_findings_free(&findings);
}

static inline house house_new(const char *name, const char *text, const char *rules)
{
    house h = {0};
    ms_error err = {0};
    ms_book_options options = house_options();
    static const char *const ends[] = {"", ".key", "-wal", "-shm"};
    snprintf(h.name, sizeof h.name, "%s", name);
    snprintf(h.path, sizeof h.path, "%s.book", name);
    for (int ix = 0; ix < 4; ix++) {
        char file[96];
        snprintf(file, sizeof file, "%s%s", h.path, ends[ix]);
        unlink(file);
    }
    if (ms_book_create(&h.book, h.path, name, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    house_import(&h, text);
    house_rules(&h, "releases.csv", rules);
    return h;
}

static inline void house_trust(house *h, house *other)
{
    ms_buf text = {0}, fingerprint = {0};
    ms_error err = {0};
    if (ms_exchange_key(&text, &fingerprint, other->book, &err) != MS_OK ||
        ms_exchange_trust(h->book, other->name, text.text, text.length, "key", &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_buf_free(&text);
    ms_buf_free(&fingerprint);
}

static inline void house_free(house *h)
{
    ms_book_close(h->book);
}

/* The next release of h for another; the caller frees it. */
static inline ms_buf house_make(house *h, const house *to, ms_release_note *note)
{
    ms_buf bundle = {0};
    ms_error err = {0};
    ms_release_note own;
    if (ms_exchange_make(&bundle, note == NULL ? &own : note, h->book, to->name, 0, false, &err) != MS_OK)
        fail_msg("%s for %s: %s", h->name, to->name, err.message);
    return bundle;
}

/* Takes a bundle and frees it. */
static inline ms_release_note house_take(house *h, ms_buf bundle)
{
    ms_release_note note = {0};
    ms_error err = {0};
    if (ms_exchange_take(&note, h->book, bundle.text, bundle.length, "bundle", &err) != MS_OK)
        fail_msg("%s: %s", h->name, err.message);
    ms_buf_free(&bundle);
    return note;
}

/* A bundle that is refused with these words; it stays the caller's. */
static inline void house_refuses(house *h, const ms_buf *bundle, const char *words)
{
    ms_release_note note = {0};
    ms_error err = {0};
    assert_int_equal(ms_exchange_take(&note, h->book, bundle->text, bundle->length, "bundle", &err), MS_BAD_INPUT);
    if (strstr(err.message, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
}

static inline ms_case *house_case(house *h)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (ms_book_case(&kase, h->book, NULL, &findings, &err) != MS_OK)
        fail_msg("%s: %s %s", h->name, err.message, findings.count > 0 ? findings.items[0].message : "");
    ms_findings_free(&findings);
    return kase;
}

/* The stock of an item of an owner at a site in the combined case; -1: no such row. */
static inline double house_stock(house *h, const char *site, const char *item, const char *partner)
{
    ms_case *kase = house_case(h);
    double quantity = -1;
    for (int32_t ix = 0; ix < kase->stocks_count; ix++) {
        const ms_stock *stock = &kase->stocks[ix];
        if (strcmp(kase->sites[stock->site_ix].id, site) == 0 && strcmp(kase->items[stock->item_ix].id, item) == 0 &&
            stock->partner_ix >= 0 && strcmp(kase->partners[stock->partner_ix].id, partner) == 0)
            quantity = stock->quantity;
    }
    ms_case_free(kase);
    return quantity;
}

/* Why a row of `from` is refused in h; "" it is not. The caller's buffer. */
static inline const char *house_refusal(char out[400], house *h, const house *from, const char *key)
{
    ms_release refused = {0};
    ms_error err = {0};
    out[0] = '\0';
    assert_int_equal(ms_release_start(&refused, &err), MS_OK);
    assert_int_equal(ms_channel_refused(&refused, h->book, from->name, &err), MS_OK);
    for (size_t ix = 0; ix < refused.refusal_count; ix++)
        if (strcmp(refused.refusals[ix].key, key) == 0)
            snprintf(out, 400, "%s", refused.refusals[ix].why);
    ms_release_free(&refused);
    return out;
}

#endif
