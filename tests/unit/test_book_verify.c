/* test_book_verify.c: whatever is changed in a book's file is found; what is lost comes back from a backup; nothing
 * false gets in that way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "base/random.h"
#include "book/entry.h"
#include "book_make.h"
#include "playground.h"

/* How many breaches verify finds; the first of them in *text (may be NULL). */
static size_t breaches(const char *path, ms_buf *text)
{
    ms_findings findings = {0};
    ms_error err = {0};
    int64_t entries = 0;
    ms_status status = ms_book_verify(&entries, path, NULL, NULL, &findings, &err);
    size_t count = findings.error_count;
    if (status != MS_OK && count == 0)
        count = 1; /* so broken that it cannot even be looked at */
    assert_true((status == MS_OK) == (count == 0));
    if (text != NULL) {
        ms_buf_reset(text);
        for (size_t ix = 0; ix < findings.count; ix++)
            ms_buf_printf(text, "%s;", findings.items[ix].message);
    }
    ms_findings_free(&findings);
    return count;
}

/* A book with rows, facts and some other entries. */
static ms_book *filled(const char *path)
{
    static const char *const columns[] = {"site", "kind", "partner"};
    static const char *const cells[] = {"a", "depot", "US", "b", "port", "US"};
    ms_error err = {0};
    ms_book *book = book_new(path);
    ms_row_change change = {
        .file = "sites.csv", .source = "", .columns = columns, .column_count = 3, .cells = cells, .set_count = 2};
    if (ms_book_change_rows(book, &change, &err) != MS_OK)
        fail_msg("%s", err.message);
    for (int ix = 0; ix < 60; ix++) {
        char key[16];
        snprintf(key, sizeof key, "JP/%d", ix % 7);
        book_append(book, "given", key, "{\"what\":\"a body that takes some room in the file of the book\"}");
    }
    return book;
}

static void copy(const char *to, const char *from)
{
    char *bytes = NULL;
    size_t length = 0;
    ms_error err = {0};
    assert_int_equal(ms_file_read(&bytes, &length, from, 1 << 24, &err), MS_OK);
    assert_int_equal(ms_file_write(to, bytes, length, &err), MS_OK);
    ms_free(bytes);
}

static void tamper(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void what_is_right_is_found_right(void **state)
{
    (void)state;
    ms_book_close(filled("a.book"));
    assert_int_equal(breaches("a.book", NULL), 0);
}

static void what_is_changed_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *says;
    } changes[] = {
        {"UPDATE log SET body = '{}' WHERE number = 9", "entry 9: its hash does not fit what it says"},
        {"UPDATE log SET time_ms = time_ms + 1 WHERE number = 9", "entry 9: its hash does not fit what it says"},
        {"UPDATE log SET key = 'KR/1' WHERE number = 9", "entry 9: its hash does not fit what it says"},
        {"UPDATE log SET signature = zeroblob(64) WHERE number = 9", "entry 9: its signature is not by the book's key"},
        {"UPDATE log SET hash = zeroblob(32) WHERE number = 9", "entry 9: its hash does not fit what it says"},
        {"UPDATE log SET hash = zeroblob(3) WHERE number = 9", "entry 9: it has no whole hash or signature"},
        {"UPDATE log SET previous = zeroblob(32) WHERE number = 9", "entry 9: its hash does not fit what it says"},
        {"DELETE FROM log WHERE number = 9", "entry 10: entries before it are missing"},
        {"DELETE FROM log WHERE number = 1", "entry 2: "},
        {"UPDATE log SET number = 1000 WHERE number = 9; UPDATE log SET number = 9 WHERE number = 10;"
         "UPDATE log SET number = 10 WHERE number = 1000",
         "entry 9: its hash does not fit what it says"},
        {"DELETE FROM log WHERE number = 62", "entry 62: it is in an index, and not in the log"},
        {"UPDATE fact SET number = 5 WHERE key = 'JP/3'", "the table \"fact\" is not what the log makes of it"},
        {"DELETE FROM row WHERE key = 'a'", "the table \"row\" is not what the log makes of it"},
        {"UPDATE row SET cells = '[\"a\",\"port\",\"US\"]' WHERE key = 'a'", "the table \"row\" is not"},
        {"INSERT INTO form VALUES('lanes.csv', '', ',', '', '')", "the table \"form\" is not"},
        {"DROP TABLE form", "the table \"form\" is not"},
        {"DROP TABLE log", ""},
    };
    ms_buf text = {0};
    ms_book_close(filled("a.book"));
    for (size_t ix = 0; ix < sizeof changes / sizeof changes[0]; ix++) {
        copy("b.book", "a.book");
        tamper("b.book", changes[ix].sql);
        assert_true(breaches("b.book", &text) > 0);
        if (changes[ix].says[0] != '\0' && (text.text == NULL || strstr(text.text, changes[ix].says) == NULL))
            fail_msg("%s: \"%s\" is not in \"%s\"", changes[ix].sql, changes[ix].says, text.text);
    }
    ms_buf_free(&text);
}

/* A log made from the start by another key, as a forger would: each entry holds, but it is another book. */
static void another_book_is_no_backup(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book_rebuilt did;
    ms_book_close(filled("a.book"));
    ms_book_close(filled("c.book"));
    copy("b.book", "a.book");
    tamper("b.book", "DELETE FROM log WHERE number = 9");
    assert_int_equal(ms_book_rebuild(&did, "b.book", "c.book", false, &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "entry 9 is right neither here nor in the backup"));
    assert_int_equal(ms_book_rebuild(&did, "b.book", NULL, false, &err), MS_BAD_INPUT);
    assert_int_equal(ms_book_rebuild(&did, "b.book", "a.book", false, &err), MS_OK);
    assert_int_equal(did.entries, 62);
    assert_int_equal(did.from_backup, 1);
    assert_int_equal(breaches("b.book", NULL), 0);
    assert_true(ms_file_exists(did.kept));
}

static void what_follows_the_damage_is_lost_only_when_asked(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book_rebuilt did;
    ms_book_close(filled("a.book"));
    tamper("a.book", "UPDATE log SET body = '{}' WHERE number = 40");
    assert_int_equal(ms_book_rebuild(&did, "a.book", NULL, false, &err), MS_BAD_INPUT);
    assert_true(breaches("a.book", NULL) > 0); /* a refusal changes nothing */
    assert_int_equal(ms_book_rebuild(&did, "a.book", NULL, true, &err), MS_OK);
    assert_int_equal(did.entries, 39);
    assert_int_equal(breaches("a.book", NULL), 0);
    ms_book *book = book_open("a.book", true);
    assert_int_equal(book_append(book, "given", "JP/1", "{}"), 40);
    ms_book_close(book);
}

/* Random bytes over random pages: verify never says that all is well unless the log is as it was, and with a backup all
 * of it comes back. */
static void damaged_pages_are_found_and_mended(void **state)
{
    (void)state;
    enum { TURNS = 40, PAGE = 4096 };
    ms_random random = ms_random_start(11, 0);
    ms_error err = {0};
    ms_book_close(filled("a.book"));
    char *good = NULL;
    size_t length = 0;
    int mended = 0;
    assert_int_equal(ms_file_read(&good, &length, "a.book", 1 << 24, &err), MS_OK);
    char *bad = ms_strndup(good, length);
    for (int turn = 0; turn < TURNS; turn++) {
        ms_book_rebuilt did = {0};
        memcpy(bad, good, length);
        size_t at = (size_t)ms_random_between(&random, 0, (int64_t)(length / PAGE) - 1) * PAGE;
        size_t bytes = turn % 2 == 0 ? PAGE : 8;
        at += turn % 2 == 0 ? 0 : (size_t)ms_random_between(&random, 0, PAGE - 8);
        for (size_t ix = 0; ix < bytes; ix++)
            bad[at + ix] = (char)ms_random_between(&random, 0, 255);
        assert_int_equal(ms_file_write("b.book", bad, length, &err), MS_OK);
        size_t found = breaches("b.book", NULL);
        if (found == 0)
            continue; /* it hit what nothing uses; the entries are right */
        if (ms_book_rebuild(&did, "b.book", "a.book", false, &err) != MS_OK)
            fail_msg("turn %d: %s", turn, err.message);
        assert_int_equal(did.entries, 62);
        assert_int_equal(breaches("b.book", NULL), 0);
        mended++;
    }
    assert_true(mended >= TURNS / 2);
    ms_free(good);
    ms_free(bad);
}

static void an_open_book_is_not_rebuilt(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book_rebuilt did;
    ms_book *book = filled("a.book");
    assert_int_equal(ms_book_rebuild(&did, "a.book", NULL, false, &err), MS_IO);
    assert_non_null(strstr(err.message, "is open in another process"));
    assert_int_equal(book_append(book, "given", "JP/1", "{}"), 63);
    ms_book_close(book);
    assert_int_equal(ms_book_rebuild(&did, "a.book", NULL, false, &err), MS_OK);
    assert_int_equal(did.entries, 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_is_found_right),
        cmocka_unit_test(what_is_changed_is_found),
        cmocka_unit_test(another_book_is_no_backup),
        cmocka_unit_test(what_follows_the_damage_is_lost_only_when_asked),
        cmocka_unit_test(damaged_pages_are_found_and_mended),
        cmocka_unit_test(an_open_book_is_not_rebuilt),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
