/* test_book_rotate.c: a book gets another key: before, after, and when the power goes in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book/entry.h"
#include "book_make.h"
#include "playground.h"

static int64_t verified(const char *path, size_t warnings)
{
    ms_findings findings = {0};
    ms_error err = {0};
    int64_t entries = 0;
    if (ms_book_verify(&entries, path, NULL, NULL, &findings, &err) != MS_OK)
        fail_msg("%s; %s", err.message, findings.count > 0 ? findings.items[0].message : "");
    assert_int_equal(findings.warning_count, warnings);
    ms_findings_free(&findings);
    return entries;
}

static void a_rotated_key_goes_on_where_the_old_one_ended(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = book_new("a.book");
    ms_public_key before = *ms_book_public(book);
    book_append(book, "given", "JP/1", "{}");
    for (int turn = 0; turn < 3; turn++) {
        assert_int_equal(ms_book_rotate_key(book, NULL, &err), MS_OK);
        assert_false(ms_public_key_same(&before, ms_book_public(book)));
        book_append(book, "given", "JP/2", "{}");
    }
    ms_public_key after = *ms_book_public(book);
    ms_book_close(book);
    book = book_open("a.book", true);
    assert_true(ms_public_key_same(&after, ms_book_public(book)));
    assert_int_equal(book_append(book, "given", "JP/3", "{}"), 9);
    ms_book_close(book);
    assert_int_equal(verified("a.book", 0), 9);
    assert_false(ms_file_exists("a.book.key.next"));
}

static void a_lost_key_is_replaced_and_that_is_told(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book_close(book_new("a.book"));
    assert_int_equal(unlink("a.book.key"), 0);
    ms_book *book = book_open("a.book", false);
    assert_int_equal(ms_book_rotate_key(book, NULL, &err), MS_USAGE);
    assert_int_equal(ms_book_replace_key(book, NULL, &err), MS_OK);
    assert_int_equal(book_append(book, "given", "JP/1", "{}"), 3);
    assert_int_equal(ms_book_replace_key(book, NULL, &err), MS_USAGE); /* it has one now */
    ms_book_close(book);
    assert_int_equal(verified("a.book", 1), 3);
}

/* The new key is written and counts, but has not taken the old one's name: opening the book finishes that. The new key
 * is written and does not count yet: it is not taken up. */
static void an_interrupted_rotation_is_finished(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_key *old = NULL, *stray = NULL;
    ms_book *book = book_new("a.book");
    assert_int_equal(ms_key_read(&old, "a.book.key", NULL, &err), MS_OK);
    assert_int_equal(ms_book_rotate_key(book, NULL, &err), MS_OK);
    ms_public_key now = *ms_book_public(book);
    ms_book_close(book);
    assert_int_equal(rename("a.book.key", "a.book.key.next"), 0);
    assert_int_equal(ms_key_write(old, "a.book.key", NULL, false, &err), MS_OK);
    book = book_open("a.book", true);
    assert_true(ms_public_key_same(&now, ms_book_public(book)));
    assert_false(ms_file_exists("a.book.key.next"));
    ms_book_close(book);

    assert_int_equal(ms_key_make(&stray, "US", 0, &err), MS_OK);
    assert_int_equal(ms_key_write(stray, "a.book.key.next", NULL, false, &err), MS_OK);
    book = book_open("a.book", true);
    assert_true(ms_public_key_same(&now, ms_book_public(book)));
    assert_int_equal(ms_book_rotate_key(book, NULL, &err), MS_OK); /* and is overwritten by the next */
    ms_book_close(book);
    assert_int_equal(verified("a.book", 0), 3);
    ms_key_free(old);
    ms_key_free(stray);
}

/* Another's key in a `key` entry, or one that the key in force has not signed, breaks the chain. */
static void a_smuggled_key_is_found(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf body = {0};
    ms_key *other = NULL;
    ms_findings findings = {0};
    int64_t entries;
    ms_book *book = book_new("a.book");
    assert_int_equal(ms_key_make(&other, "JP", 0, &err), MS_OK);
    assert_int_equal(ms_key_body_put(&body, "rotated", ms_key_public(other), &err), MS_OK);
    book_append(book, "key", "book", body.text);
    ms_book_close(book);
    assert_int_equal(ms_book_verify(&entries, "a.book", NULL, NULL, &findings, &err), MS_BAD_INPUT);
    assert_non_null(strstr(findings.items[0].message, "its key is another partner's"));
    ms_findings_free(&findings);
    ms_buf_free(&body);
    ms_key_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rotated_key_goes_on_where_the_old_one_ended),
        cmocka_unit_test(a_lost_key_is_replaced_and_that_is_told),
        cmocka_unit_test(an_interrupted_rotation_is_finished),
        cmocka_unit_test(a_smuggled_key_is_found),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
