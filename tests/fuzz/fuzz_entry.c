/* fuzz_entry.c: lines of any bytes as entries of a book: kind, tab, key, tab, body. An entry either changes the tables,
 * and then they can be read as rows and as a case, or it is refused and nothing has changed. What verbs read from
 * bodies later on (a kept plan, a change of keys, a step) is read too.
 */
#include <stdlib.h>
#include <string.h>

#include "book/book_private.h"
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ENTRIES_MOST = 64, BODY_MOST = 1 << 15 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Empty tables in memory; every input begins with them as they are here. */
static ms_book *empty_book(void)
{
    static ms_book book = {.in_read = true}; /* within the transaction of a scratch store */
    if (book.store.db == NULL) {
        must(ms_key_ready(NULL) == MS_OK && ms_store_open(&book.store, "b", MS_STORE_SCRATCH, 0, NULL) == MS_OK);
        must(ms_log_create(&book.store, NULL) == MS_OK && ms_tables_create(&book.store, NULL) == MS_OK);
    }
    return &book;
}

static void run(ms_book *book, const char *sql)
{
    must(ms_store_run(&book->store, sql, NULL) == MS_OK);
}

/* What else is read from the body of an entry that is in the log. */
static void look_at(ms_book *book, const ms_entry *entry)
{
    ms_kept_plan kept = {0};
    ms_public_key public;
    ms_step step;
    bool replaced;
    ms_arena *arena = ms_arena_new();
    ms_status status = ms_book_kept_plan(&kept, book, entry->number, NULL);
    must(status == MS_OK || status == MS_BAD_INPUT || status == MS_USAGE || status == MS_NOT_FOUND);
    ms_kept_plan_free(&kept);
    status = ms_key_body_parse(&public, &replaced, entry, NULL);
    must(status == MS_OK || status == MS_BAD_INPUT);
    status = ms_ledger_step(&step, arena, entry, NULL);
    must(status == MS_OK || status == MS_BAD_INPUT || status == MS_USAGE);
    ms_arena_free(arena);
}

/* One entry, whole or not at all. False: it was refused. */
static bool apply(ms_book *book, const ms_entry *entry)
{
    ms_draft draft = {entry->kind, entry->key, entry->body, entry->length};
    ms_error err = {0};
    if (ms_draft_check(&draft, &err) != MS_OK)
        return false;
    run(book, "SAVEPOINT entry");
    ms_status status = ms_log_insert(book, entry, &err);
    if (status == MS_OK)
        status = ms_tables_apply(&book->store, entry, &err);
    must(status == MS_OK || (status == MS_BAD_INPUT && err.message[0] != '\0'));
    if (status == MS_OK)
        look_at(book, entry);
    else
        run(book, "ROLLBACK TO entry");
    run(book, "RELEASE entry");
    return status == MS_OK;
}

static ms_status count_row(void *context, const ms_book_row *row, ms_error *err)
{
    (void)err;
    must(row->file != NULL && row->key != NULL);
    ++*(int *)context;
    return MS_OK;
}

/* Whatever got into the tables comes out of them. */
static void read_back(ms_book *book)
{
    int rows = 0;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    must(ms_book_rows(book, NULL, NULL, count_row, &rows, NULL) == MS_OK);
    for (int own = 0; own < 2; own++) {
        ms_book_view view = {.own = own == 1};
        ms_status status = ms_book_case(&kase, book, &view, &findings, NULL);
        must(status == MS_OK || status == MS_BAD_INPUT || status == MS_NOT_FOUND || status == MS_LIMIT);
        if (status == MS_OK)
            ms_case_free(kase);
        ms_findings_free(&findings);
    }
}

/* Cuts the line into an entry; false when it has not two tabs. The texts are copies. */
static bool cut(ms_entry *out, const char *line, size_t length, int64_t number)
{
    const char *tab = memchr(line, '\t', length);
    const char *second = tab == NULL ? NULL : memchr(tab + 1, '\t', (size_t)(line + length - tab - 1));
    if (second == NULL)
        return false;
    *out = (ms_entry){.number = number, .length = (size_t)(line + length - second - 1)};
    out->kind = ms_strndup(line, (size_t)(tab - line));
    out->key = ms_strndup(tab + 1, (size_t)(second - tab - 1));
    out->body = ms_strndup(second + 1, out->length);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    ms_book *book = empty_book();
    const char *at = (const char *)bytes, *end = at + size;
    int64_t number = 0, applied = 0;
    if (size > BODY_MOST)
        return 0;
    run(book, "SAVEPOINT input");
    for (; at < end && number < ENTRIES_MOST; number++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end != NULL ? line_end : end) - at);
        ms_entry entry;
        if (cut(&entry, at, length, number + 1)) {
            applied += apply(book, &entry);
            ms_entry_free(&entry);
        }
        at += length + 1;
    }
    if (applied > 0)
        read_back(book);
    run(book, "ROLLBACK TO input");
    run(book, "RELEASE input");
    return 0;
}
