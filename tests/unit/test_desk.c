/* test_desk.c: what is open before a server: a folder or a book, others who change it meanwhile, and who did what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book_make.h"
#include "small_case.h"
#include "serve/desk.h"

static ms_desk *open_desk(const char *path, const ms_desk_access *access)
{
    ms_desk *desk = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    assert_int_equal(ms_desk_make(&desk, 1, &err), MS_OK);
    if (ms_desk_open(desk, path, access, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    return desk;
}

static int generation_of(ms_desk *desk)
{
    ms_held_case *held = ms_desk_hold_case(desk);
    int generation = held ? held->generation : 0;
    ms_desk_let_case(desk, held);
    return generation;
}

static double first_stock(ms_desk *desk)
{
    ms_held_case *held = ms_desk_hold_case(desk);
    double quantity = held->kase->stocks[0].quantity;
    ms_desk_let_case(desk, held);
    return quantity;
}

static void folders(void **state)
{
    (void)state;
    char trouble[MS_MESSAGE_BYTES];
    ms_error err = {0};
    ms_findings findings = {0};
    ms_book *book = NULL;
    write_case("plain", "site,item,partner,quantity\na,food,US,10\n");
    ms_desk *desk = open_desk("plain", NULL);
    assert_string_equal(ms_desk_path(desk), "plain");
    assert_null(ms_desk_book(desk));
    assert_true(ms_desk_is_writable(desk));
    assert_int_equal(ms_desk_read_book(&book, desk, &err), MS_NOT_FOUND);
    assert_int_equal(ms_desk_write_book(&book, desk, "kim", &err), MS_NOT_FOUND);
    assert_int_equal(ms_desk_open(desk, "plain", NULL, &findings, &err), MS_USAGE);
    assert_int_equal(generation_of(desk), 1);
    /* somebody else changes a file */
    write_case("plain", "site,item,partner,quantity\na,food,US,11\n");
    ms_desk_look(desk);
    assert_int_equal(generation_of(desk), 2);
    assert_true(first_stock(desk) == 11);
    /* the same bytes again are no change */
    put("plain/stocks.csv", "site,item,partner,quantity\na,food,US,11\n");
    ms_desk_look(desk);
    assert_int_equal(generation_of(desk), 2);
    /* what cannot be read leaves the case as it was, and says why */
    put("plain/stocks.csv", "site,item,partner,quantity\nzz,food,US,12\n");
    ms_desk_look(desk);
    assert_int_equal(generation_of(desk), 2);
    assert_non_null(strstr(ms_desk_trouble(trouble, desk), "stocks.csv:2: there is no site"));
    put("plain/stocks.csv", "site,item,partner,quantity\na,food,US,11\n");
    ms_desk_look(desk);
    assert_string_equal(ms_desk_trouble(trouble, desk), "");
    assert_int_equal(generation_of(desk), 2);
    ms_desk_free(desk);
}

/* The thread notices by itself: waited for, never timed. */
static void watched(void **state)
{
    (void)state;
    write_case("watched", "site,item,partner,quantity\na,food,US,10\n");
    ms_desk *desk = open_desk("watched", NULL);
    write_case("watched", "site,item,partner,quantity\na,food,US,12\n");
    for (int tries = 0; tries < 600 && generation_of(desk) < 2; tries++)
        usleep(100000);
    assert_int_equal(generation_of(desk), 2);
    ms_desk_free(desk);
}

static ms_status note_by(void *context, const ms_entry *entry, ms_error *err)
{
    (void)err;
    char *text = context;
    snprintf(text + strlen(text), 200 - strlen(text), "%s %s;", entry->key, entry->body);
    return MS_OK;
}

static void books(void **state)
{
    (void)state;
    char by[200] = "";
    ms_error err = {0};
    ms_book *book = NULL, *other = NULL;
    ms_book_close(book_new("us.book"));
    write_case("one", "site,item,partner,quantity\na,food,US,10\n");
    write_case("two", "site,item,partner,quantity\na,food,US,20\n");
    ms_desk *desk = open_desk("us.book", NULL);
    assert_string_equal(ms_desk_book(desk), "us.book");
    assert_int_equal(generation_of(desk), 0); /* it holds no case yet */
    assert_int_equal(ms_desk_write_book(&book, desk, "kim", &err), MS_OK);
    import(book, "one");
    ms_desk_let_book(desk, book);
    assert_int_equal(generation_of(desk), 1);
    assert_true(first_stock(desk) == 10);
    /* another process writes, without a name */
    other = book_open("us.book", true);
    import(other, "two");
    ms_book_close(other);
    ms_desk_look(desk);
    assert_int_equal(generation_of(desk), 2);
    assert_true(first_stock(desk) == 20);
    /* what was begun and not committed never happened */
    assert_int_equal(ms_desk_write_book(&book, desk, "lee", &err), MS_OK);
    assert_int_equal(ms_book_begin(book, &err), MS_OK);
    book_append(book, "note", "x", "{}");
    ms_desk_let_book(desk, book);
    assert_int_equal(ms_desk_write_book(&book, desk, "lee", &err), MS_OK);
    int64_t number = book_append(book, "note", "y", "{}");
    ms_desk_let_book(desk, book);
    assert_int_equal(generation_of(desk), 2);
    assert_int_equal(ms_desk_read_book(&book, desk, &err), MS_OK);
    assert_int_equal(ms_book_scan(book, 1, MS_KIND_BY, note_by, by, &err), MS_OK);
    char wanted[200];
    int first = snprintf(wanted, sizeof wanted, "kim {\"first\":2,\"last\":10};");
    snprintf(wanted + first, sizeof wanted - (size_t)first, "lee {\"first\":%lld,\"last\":%lld};", (long long)number,
             (long long)number);
    assert_string_equal(by, wanted);
    ms_book_close(book);
    ms_desk_free(desk);
}

static void books_to_read(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_findings findings = {0};
    ms_book *book = NULL;
    ms_desk *desk = NULL;
    ms_book_close(book_new("ro.book"));
    desk = open_desk("ro.book", &(ms_desk_access){.read_only = true});
    assert_false(ms_desk_is_writable(desk));
    assert_int_equal(ms_desk_write_book(&book, desk, "kim", &err), MS_USAGE);
    assert_non_null(strstr(err.message, "read only"));
    ms_desk_free(desk);
    assert_int_equal(rename("ro.book.key", "away"), 0);
    desk = open_desk("ro.book", NULL);
    assert_int_equal(ms_desk_write_book(&book, desk, "kim", &err), MS_USAGE);
    assert_non_null(strstr(err.message, "only its key"));
    ms_desk_free(desk);
    /* what is no book, and no folder */
    put("text", "no book");
    assert_int_equal(ms_desk_make(&desk, 1, &err), MS_OK);
    assert_int_equal(ms_desk_open(desk, "text", NULL, &findings, &err), MS_USAGE);
    assert_null(ms_desk_path(desk));
    assert_int_equal(ms_desk_open(desk, "ro.book", NULL, &findings, &err), MS_OK);
    ms_findings_free(&findings);
    ms_desk_free(desk);
}

/* A key that was rotated by somebody else must not go on signing. */
static void rotated_meanwhile(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_book *book = NULL;
    ms_book_close(book_new("key.book"));
    ms_desk *desk = open_desk("key.book", NULL);
    ms_book *other = book_open("key.book", true);
    assert_int_equal(ms_book_rotate_key(other, NULL, &err), MS_OK);
    ms_book_close(other);
    assert_int_equal(ms_desk_write_book(&book, desk, "kim", &err), MS_OK);
    assert_int_equal(ms_book_begin(book, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "another key"));
    ms_desk_let_book(desk, book);
    ms_desk_free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders),       cmocka_unit_test(watched),           cmocka_unit_test(books),
        cmocka_unit_test(books_to_read), cmocka_unit_test(rotated_meanwhile),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
