/* test_book_log.c: the log of a book: what is appended is chained, signed and found; what fails leaves no trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book/entry.h"
#include "book_make.h"
#include "playground.h"

/* What a scan saw, as "number kind key body;". */
static ms_status note(void *context, const ms_entry *entry, ms_error *err)
{
    (void)err;
    assert_int_equal(strlen(entry->body), entry->length);
    ms_buf_printf(context, "%lld %s %s %s;", (long long)entry->number, entry->kind, entry->key, entry->body);
    return MS_OK;
}

static void entries_are_found(void **state)
{
    (void)state;
    ms_buf seen = {0};
    ms_entry entry;
    ms_error err = {0};
    ms_book *book = book_new("a.book");
    assert_string_equal(ms_book_partner(book), "US");
    assert_int_equal(book_append(book, "rule", "JP", "{\"a\":1}"), 2);
    assert_int_equal(book_append(book, "rule", "KR", "{}"), 3);
    assert_int_equal(book_append(book, "given", "JP/1", "[1]"), 4);
    assert_int_equal(book_append(book, "given", "JP/2", ""), 5);
    assert_int_equal(book_append(book, "rule", "JP", "{\"a\":2}"), 6);
    assert_int_equal(book_append(book, "given", "K\xC3\xA4/1", "[]"), 7);

    assert_int_equal(ms_book_scan(book, 2, NULL, note, &seen, &err), MS_OK);
    assert_string_equal(seen.text,
                        "2 rule JP {\"a\":1};3 rule KR {};4 given JP/1 [1];5 given JP/2 ;6 rule JP {\"a\":2};"
                        "7 given K\xC3\xA4/1 [];");
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_scan(book, 3, "rule", note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "3 rule KR {};6 rule JP {\"a\":2};");
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_each(book, "rule", "", note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "6 rule JP {\"a\":2};3 rule KR {};");
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_each(book, "given", "JP/", note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "4 given JP/1 [1];5 given JP/2 ;");
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_each(book, "given", "K\xC3\xA4", note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "7 given K\xC3\xA4/1 [];");

    assert_int_equal(ms_book_find(&entry, book, "rule", "JP", &err), MS_OK);
    assert_int_equal(entry.number, 6);
    assert_string_equal(entry.body, "{\"a\":2}");
    ms_entry_free(&entry);
    assert_int_equal(ms_book_find(&entry, book, "rule", "FR", &err), MS_NOT_FOUND);
    assert_int_equal(ms_book_entry(&entry, book, 8, &err), MS_NOT_FOUND);
    ms_buf_free(&seen);
    ms_book_close(book);
}

/* A visit may read other things of the book, and its refusal is passed on. */
static ms_status nested(void *context, const ms_entry *entry, ms_error *err)
{
    ms_book *book = context;
    ms_entry found;
    ms_buf seen = {0};
    assert_int_equal(ms_book_find(&found, book, entry->kind, entry->key, err), MS_OK);
    ms_entry_free(&found);
    assert_int_equal(ms_book_scan(book, 1, NULL, note, &seen, err), MS_OK);
    ms_buf_free(&seen);
    return entry->number == 3 ? MS_LIMIT : MS_OK;
}

static void visits_may_read_and_refuse(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = book_new("a.book");
    book_append(book, "rule", "JP", "{}");
    book_append(book, "rule", "KR", "{}");
    book_append(book, "rule", "FR", "{}");
    assert_int_equal(ms_book_scan(book, 1, NULL, nested, book, &err), MS_LIMIT);
    ms_book_close(book);
}

typedef struct {
    unsigned char previous[MS_HASH_BYTES];
    const ms_public_key *key;
    int64_t number;
} chain;

static ms_status follow(void *context, const ms_entry *entry, ms_error *err)
{
    chain *at = context;
    (void)err;
    assert_int_equal(entry->number, at->number + 1);
    assert_memory_equal(entry->previous, at->previous, MS_HASH_BYTES);
    assert_null(ms_entry_wrong(entry, at->key));
    ms_entry changed = *entry;
    changed.time_ms++;
    assert_non_null(ms_entry_wrong(&changed, at->key));
    changed = *entry;
    changed.key = "x";
    assert_non_null(ms_entry_wrong(&changed, at->key));
    ms_entry_hash(changed.hash, &changed);
    assert_string_equal(ms_entry_wrong(&changed, at->key), "its signature is not by the book's key");
    memcpy(at->previous, entry->hash, MS_HASH_BYTES);
    at->number = entry->number;
    return MS_OK;
}

static void entries_are_chained_and_signed(void **state)
{
    (void)state;
    ms_error err = {0};
    unsigned char hash[MS_HASH_BYTES];
    int64_t number = 0;
    ms_book *book = book_new("a.book");
    for (int ix = 0; ix < 50; ix++)
        book_append(book, "rule", ix % 2 == 0 ? "JP" : "", "{}");
    chain at = {.key = ms_book_public(book)};
    assert_int_equal(ms_book_scan(book, 1, NULL, follow, &at, &err), MS_OK);
    assert_int_equal(ms_book_head(&number, hash, book, &err), MS_OK);
    assert_int_equal(number, 51);
    assert_memory_equal(hash, at.previous, MS_HASH_BYTES);
    ms_book_close(book);
}

/* Worked out by Python's hashlib from docs/book.md:
 * blake2b(b"mainstay entry 1" + bytes(31) + b"\1" + (2).to_bytes(8) + (1767225600000).to_bytes(8) +
 *         (4).to_bytes(4) + b"rule" + (2).to_bytes(4) + b"JP" + (7).to_bytes(8) + b'{"a":1}', digest_size=32) */
static void the_hash_is_as_documented(void **state)
{
    (void)state;
    char hex[MS_HEX_BYTES];
    ms_entry entry = {
        .number = 2, .time_ms = 1767225600000, .kind = "rule", .key = "JP", .body = "{\"a\":1}", .length = 7};
    entry.previous[31] = 1;
    ms_entry_hash(entry.hash, &entry);
    assert_string_equal(ms_hex_put(hex, entry.hash, MS_HASH_BYTES),
                        "225bc782383e0dfd618f0c48875dfe8b7eb562c0a545b07147f4c6f6eec215a3");
}

static void what_is_not_committed_never_was(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf seen = {0};
    ms_book *book = book_new("a.book");
    assert_int_equal(ms_book_begin(book, &err), MS_OK);
    book_append(book, "rule", "JP", "{}");
    ms_book *reader = book_open("a.book", false);
    assert_int_equal(ms_book_scan(reader, 2, NULL, note, &seen, &err), MS_OK);
    assert_int_equal(seen.length, 0);
    ms_book_rollback(book);
    assert_int_equal(book_append(book, "rule", "KR", "{}"), 2); /* the number is free again */
    assert_int_equal(ms_book_begin(book, &err), MS_OK);
    book_append(book, "rule", "FR", "{}");
    book_append(book, "rule", "DE", "{}");
    assert_int_equal(ms_book_commit(book, &err), MS_OK);
    assert_int_equal(ms_book_scan(reader, 2, NULL, note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "2 rule KR {};3 rule FR {};4 rule DE {};");

    /* Closing the book without a commit is a rollback. */
    assert_int_equal(ms_book_begin(book, &err), MS_OK);
    book_append(book, "rule", "IT", "{}");
    ms_book_close(book);
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_scan(reader, 5, NULL, note, &seen, &err), MS_OK);
    assert_int_equal(seen.length, 0);
    ms_buf_free(&seen);
    ms_book_close(reader);
}

/* One bad draft of several: none of them is there, and a transaction that had one cannot be committed. */
static void bad_entries_are_refused(void **state)
{
    (void)state;
    static const ms_draft bad[] = {{"Rule", "JP", "", 0},
                                   {"", "JP", "", 0},
                                   {"a-kind-that-is-much-too-long-to-be-one", "JP", "", 0},
                                   {"rule", "a\nb", "", 0},
                                   {"rule", "\xFF", "", 0},
                                   {"rule", "JP", "", (size_t)MS_BODY_BYTES + 1},
                                   {"row", "lanes.csv", "{", 1},
                                   {"row", "lanes.csv", "{}", 2},
                                   {"row", "nonsense.csv", "{\"file\":\"nonsense.csv\"}", 23},
                                   {"form", "lanes.csv", "{\"file\":\"lanes.csv\"}", 20}};
    ms_error err = {0};
    ms_buf seen = {0};
    ms_book *book = book_new("a.book");
    for (size_t ix = 0; ix < sizeof bad / sizeof bad[0]; ix++) {
        ms_draft drafts[] = {{"rule", "JP", "{}", 2}, bad[ix]};
        assert_int_not_equal(ms_book_append(NULL, book, drafts, 2, &err), MS_OK);
        assert_int_equal(ms_book_begin(book, &err), MS_OK);
        assert_int_not_equal(ms_book_append(NULL, book, drafts, 2, &err), MS_OK);
        assert_int_equal(ms_book_commit(book, &err), MS_INTERNAL);
    }
    assert_int_equal(ms_book_scan(book, 2, NULL, note, &seen, &err), MS_OK);
    assert_int_equal(seen.length, 0);
    ms_book_close(book);
}

static void a_reader_cannot_write(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_draft draft = {"rule", "JP", "{}", 2};
    ms_book_close(book_new("a.book"));
    ms_book *book = book_open("a.book", false);
    assert_null(ms_book_key(book));
    assert_int_equal(ms_book_append(NULL, book, &draft, 1, &err), MS_USAGE);
    ms_book_close(book);
}

static void a_view_stays_as_it_was(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf seen = {0};
    ms_book *book = book_new("a.book"), *reader = book_open("a.book", false);
    book_append(book, "rule", "JP", "{}");
    assert_int_equal(ms_book_begin_read(reader, &err), MS_OK);
    assert_int_equal(ms_book_scan(reader, 2, NULL, note, &seen, &err), MS_OK);
    book_append(book, "rule", "KR", "{}");
    assert_int_equal(ms_book_scan(reader, 2, NULL, note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "2 rule JP {};2 rule JP {};");
    ms_book_end_read(reader);
    ms_buf_reset(&seen);
    assert_int_equal(ms_book_scan(reader, 2, NULL, note, &seen, &err), MS_OK);
    assert_string_equal(seen.text, "2 rule JP {};3 rule KR {};");
    ms_buf_free(&seen);
    ms_book_close(reader);
    ms_book_close(book);
}

/* The second writer waits, then says who holds the book: this very process. */
static void a_second_writer_is_told_who_holds_it(void **state)
{
    (void)state;
    ms_error err = {0};
    char process[64];
    ms_book *book = book_new("a.book"), *second = NULL;
    ms_book_options options = {.write = true, .wait_s = 0.05};
    assert_int_equal(ms_book_open(&second, "a.book", &options, &err), MS_OK);
    assert_int_equal(ms_book_begin(book, &err), MS_OK);
    book_append(book, "rule", "JP", "{}");
    assert_int_equal(ms_book_begin(second, &err), MS_IO);
    snprintf(process, sizeof process, "process %ld", (long)getpid());
    if (access("/proc/locks", R_OK) == 0)
        assert_non_null(strstr(err.message, process));
    assert_non_null(strstr(err.message, "nothing was changed"));
    assert_int_equal(ms_book_commit(book, &err), MS_OK);
    assert_int_equal(book_append(second, "rule", "KR", "{}"), 3);
    assert_int_equal(book_append(book, "rule", "FR", "{}"), 4);
    ms_book_close(second);
    ms_book_close(book);
}

static void books_and_keys_belong_together(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = NULL;
    ms_book_options options = {.write = true};
    ms_book_close(book_new("a.book"));
    ms_book_close(book_new("b.book"));
    assert_int_equal(ms_book_create(&book, "a.book", "US", NULL, &err), MS_USAGE);
    assert_int_equal(rename("b.book.key", "a.book.key"), 0);
    assert_int_equal(ms_book_open(&book, "a.book", &options, &err), MS_BAD_INPUT);
    assert_string_equal(err.message, "is not the key of this book");
    assert_int_equal(ms_book_open(&book, "b.book", &options, &err), MS_NOT_FOUND);
    assert_int_equal(ms_book_open(&book, "b.book", NULL, &err), MS_OK); /* reading needs no key */
    ms_book_close(book);

    /* An attempt that was cut short leaves a key: the next takes it up, another partner's does not. */
    unlink("b.book");
    assert_int_equal(rename("a.book.key", "b.book.key"), 0);
    assert_int_equal(ms_book_create(&book, "b.book", "JP", NULL, &err), MS_USAGE);
    assert_int_equal(ms_book_create(&book, "b.book", "US", NULL, &err), MS_OK);
    ms_book_close(book);
}

static void leftovers_of_a_lost_book_are_not_taken_up(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = NULL;
    put("c.book-wal", "entries of a book whose file was deleted");
    assert_int_equal(ms_book_create(&book, "c.book", "US", NULL, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "c.book-wal is left"));
    unlink("c.book-wal");
    assert_int_equal(ms_book_create(&book, "c.book", "US", NULL, &err), MS_OK);
    ms_book_close(book);
}

static void what_is_no_book_is_refused(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = NULL;
    put("text", "not a database, but long enough for a head\n");
    put("head", "SQLite format 3");
    assert_int_equal(ms_book_open(&book, "text", NULL, &err), MS_BAD_INPUT);
    assert_int_equal(ms_book_open(&book, "head", NULL, &err), MS_BAD_INPUT);
    assert_int_equal(ms_book_open(&book, "none", NULL, &err), MS_NOT_FOUND);
    assert_int_equal(ms_book_open(&book, ".", NULL, &err), MS_USAGE);
    assert_null(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_found),
        cmocka_unit_test(visits_may_read_and_refuse),
        cmocka_unit_test(entries_are_chained_and_signed),
        cmocka_unit_test(the_hash_is_as_documented),
        cmocka_unit_test(what_is_not_committed_never_was),
        cmocka_unit_test(bad_entries_are_refused),
        cmocka_unit_test(a_reader_cannot_write),
        cmocka_unit_test(a_view_stays_as_it_was),
        cmocka_unit_test(a_second_writer_is_told_who_holds_it),
        cmocka_unit_test(books_and_keys_belong_together),
        cmocka_unit_test(leftovers_of_a_lost_book_are_not_taken_up),
        cmocka_unit_test(what_is_no_book_is_refused),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
