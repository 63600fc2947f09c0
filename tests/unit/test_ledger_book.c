/* test_ledger_book.c: the ledger in two real books: steps taken, signed, carried over and accounted for; statements
 * that are equal to the byte; limits that planning sees; refusals that change nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "case_text.h"
#include "faults.h"
#include "ledger/used.h"
#include "playground.h"

/* fuel: KR gives US diesel of 0.8 t and 1000.50 USD a m3, at most 100 t (125 m3), in cash within 30 days. */
static const char pair_case[] =
    "== case.json\n{\"name\": \"pair\", \"start\": \"2030-06-01\", \"days\": 4, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner\nUS\nKR\n== sites.csv\nsite,partner,kind\ncamp,US,unit\ndepot,KR,depot\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,value_per_unit,nsn\n"
    "diesel,Diesel,III,m3,800,1000.5,9140-00-286-5294\nrations,,I,case,10,12.345,\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,diesel,KR,500\n"
    "== lanes.csv\nlane,from,to,mode,transit_days\nroad,depot,camp,road,1\n"
    "== demands.csv\ndemand,site,item,partner,from_day,per_day,priority\nneed,camp,diesel,US,1,10,1\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days,"
    "currency,price,from_day,to_day\n"
    "fuel,KR,US,item,III,100,cash,30,,,,\nloan,KR,US,item,diesel,50,in-kind,60,,,,\n"
    "food,US,KR,item,I,,,,,,,\nhaul,KR,US,lift,*,20,cash,,,,,\n"
    "won,KR,US,item,rations,,equal-value,10,KRW,15000.5,,\nwhim,KR,US,item,rations,,cash,,KRW,,,\n"
    "brief,KR,US,item,rations,,cash,,,9.5,1,3\n";

static int64_t now_ms;

static int64_t clock_now(void *context)
{
    (void)context;
    return now_ms += 1000;
}

/* A new book of the partner in the playground, with the case in it. */
static ms_book *open_book_with(const char *partner, const char *text)
{
    char path[64];
    ms_book *book = NULL;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_book_changes changes;
    ms_error err = {0};
    ms_book_options options = {.write = true, .clock = clock_now};
    now_ms = INT64_C(1900000000000); /* 2030-03-17 */
    static int books;                /* each has a name of its own: a test that fails leaves its book open */
    snprintf(path, sizeof path, "%s%d.book", partner, books++);
    if (ms_book_create(&book, path, partner, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(case_text_read(&kase, text, strlen(text), NULL, &findings, &err), MS_OK);
    if (ms_book_import(&changes, book, kase, true, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_case_free(kase);
    ms_findings_free(&findings);
    return book;
}

static ms_book *open_book(const char *partner)
{
    return open_book_with(partner, pair_case);
}

/* ---- carrying steps as an exchange does, without one ---- */

static ms_status carry_one(void *context, const ms_entry *entry, ms_error *err)
{
    ms_book *to = context;
    ms_entry there;
    ms_status status = ms_book_find(&there, to, entry->kind, entry->key, err);
    if (status == MS_OK)
        ms_entry_free(&there);
    if (status != MS_NOT_FOUND)
        return status;
    ms_draft draft = {entry->kind, entry->key, entry->body, entry->length};
    return ms_book_append(NULL, to, &draft, 1, err);
}

static void carry(ms_book *one, ms_book *other)
{
    ms_error err = {0};
    assert_int_equal(ms_book_scan(one, 1, MS_KIND_STEP, carry_one, other, &err), MS_OK);
    assert_int_equal(ms_book_scan(other, 1, MS_KIND_STEP, carry_one, one, &err), MS_OK);
}

/* ---- steps ---- */

static const char *take(ms_book *book, const ms_ledger_entry *entry)
{
    static char order[MS_ORDER_CODE_BYTES];
    ms_error err = {0};
    ms_status status = ms_ledger_take(order, book, entry, &err);
    if (status != MS_OK)
        fail_msg("%s: %s", entry->step, err.message);
    return order;
}

static void refuses(ms_book *book, const ms_ledger_entry *entry, const char *message)
{
    char order[MS_ORDER_CODE_BYTES] = "untouched";
    int64_t before, after;
    unsigned char hash[MS_HASH_BYTES];
    ms_error err = {0};
    assert_int_equal(ms_book_head(&before, hash, book, &err), MS_OK);
    assert_int_equal(ms_ledger_take(order, book, entry, &err), MS_BAD_INPUT);
    assert_string_equal(err.message, message);
    assert_string_equal(order, "untouched");
    assert_int_equal(ms_book_head(&after, hash, book, &err), MS_OK);
    assert_int_equal(before, after);
}

#define ENTRY(...) (&(ms_ledger_entry){__VA_ARGS__})

static ms_ledger_order order_of(ms_ledger *ledger, ms_book *book, const char *code)
{
    const ms_ledger_order *order;
    ms_error err = {0};
    assert_int_equal(ms_ledger_read(ledger, book, 0, &err), MS_OK);
    assert_int_equal(ms_ledger_find(&order, ledger, code, &err), MS_OK);
    return *order;
}

/* Every form of the statement, made in both books, is the same. */
static void statements_agree(ms_book *us, ms_book *kr)
{
    for (int format = MS_STATEMENT_TEXT; format <= MS_STATEMENT_XLSX; format++) {
        ms_buf one = {0}, other = {0};
        ms_ledger_filter with_kr = {.partner = "KR", .date = "2030-12-31"},
                         with_us = {.partner = "US", .date = "2030-12-31"};
        ms_error err = {0};
        assert_int_equal(ms_report_statement(&one, us, &with_kr, (ms_statement_format)format, &err), MS_OK);
        assert_int_equal(ms_report_statement(&other, kr, &with_us, (ms_statement_format)format, &err), MS_OK);
        assert_int_equal(one.length, other.length);
        assert_memory_equal(one.text, other.text, one.length);
        ms_buf_free(&one);
        ms_buf_free(&other);
    }
}

/* 80 m3 are asked for and offered at 1000.50; 50 are issued, 48 arrive: 48,024.00 are owed, 2 m3 are in dispute until
 * KR agrees. 20,000.00 are paid and received: 28,024.00 are left, due 30 days after 2030-03-20. */
static void an_order_between_two_books(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    ms_ledger ledger;
    (void)state;
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "80",
                                 .site = "camp", .need_by = "2030-03-25")));
    assert_memory_equal(order, "US-", 3);
    carry(us, kr);
    statements_agree(us, kr);
    take(kr, ENTRY(.step = "offer", .order = order));
    carry(us, kr);
    take(us, ENTRY(.step = "accept", .order = order));
    carry(us, kr);
    take(kr, ENTRY(.step = "issue", .order = order, .quantity = "50", .date = "2030-03-19"));
    carry(us, kr);
    take(us, ENTRY(.step = "receive", .order = order, .quantity = "48", .date = "2030-03-20"));
    carry(us, kr);
    statements_agree(us, kr);
    ms_ledger_order at = order_of(&ledger, kr, order);
    assert_int_equal(at.phase, MS_PHASE_DISPUTED);
    assert_int_equal(at.owed, 4802400);
    assert_int_equal(at.due, at.deliveries[0].taken_date + 30);
    ms_ledger_free(&ledger);
    take(kr, ENTRY(.step = "dispute", .order = order, .quantity = "48"));
    take(us, ENTRY(.step = "settle", .order = order, .quantity = "20000"));
    carry(us, kr);
    take(kr, ENTRY(.step = "receive", .order = order));
    refuses(kr, ENTRY(.step = "settle", .order = order, .quantity = "28024.01"),
            "28,024.00 USD are owed on this order");
    carry(us, kr);
    statements_agree(us, kr);
    at = order_of(&ledger, us, order);
    assert_int_equal(at.outstanding, 2802400);
    assert_int_equal(at.rest, 32000000);
    assert_int_equal(at.phase, MS_PHASE_PART_ISSUED);
    ms_ledger_free(&ledger);
    take(us, ENTRY(.step = "cancel", .order = order));
    take(us, ENTRY(.step = "settle", .order = order));
    carry(us, kr);
    take(kr, ENTRY(.step = "receive", .order = order));
    carry(us, kr);
    at = order_of(&ledger, us, order);
    assert_int_equal(at.phase, MS_PHASE_SETTLED);
    ms_ledger_free(&ledger);
    statements_agree(us, kr);
    ms_book_close(us);
    ms_book_close(kr);
}

/* An offer that was made, accepted and issued in parts while neither side heard of the other: books that are put
 * together in the end agree. */
static void steps_cross(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    (void)state;
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "loan", .item = "diesel", .quantity = "10")));
    carry(us, kr);
    take(kr, ENTRY(.step = "offer", .order = order));
    carry(us, kr);
    take(us, ENTRY(.step = "accept", .order = order));
    carry(us, kr);
    take(us, ENTRY(.step = "cancel", .order = order));
    take(kr, ENTRY(.step = "issue", .order = order, .quantity = "4"));
    take(kr, ENTRY(.step = "issue", .order = order, .quantity = "3.5"));
    carry(us, kr);
    statements_agree(us, kr);
    ms_ledger ledger;
    ms_ledger_order at = order_of(&ledger, us, order);
    assert_int_equal(at.issued, 7500000);
    assert_int_equal(at.rest, 0);
    assert_int_equal(at.phase, MS_PHASE_ISSUED);
    ms_ledger_free(&ledger);
    refuses(us, ENTRY(.step = "receive", .order = order, .of = "*"), "the order has no delivery \"*\"");
    ms_book_close(us);
    ms_book_close(kr);
}

static void refusals_change_nothing(void **state)
{
    char order[MS_ORDER_CODE_BYTES], message[MS_MESSAGE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    (void)state;
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "125.1"),
            "agreement fuel has 100 t left, of which 0 t are on order; this would be 100.08 t");
    refuses(us, ENTRY(.step = "request", .agreement = "fule", .item = "diesel", .quantity = "1"),
            "there is no agreement \"fule\"; did you mean \"fuel\"?");
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "rations", .quantity = "1"),
            "agreement fuel is for III; not for rations");
    refuses(kr, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "1"),
            "agreement fuel is for US to request under; this is the book of KR");
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "1,5"),
            "the quantity: \"1,5\" has a comma; write 1200.5");
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "0"),
            "the step's \"quantity\" is nothing");
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "1", .date = "1/3/2030"),
            "--date: \"1/3/2030\" is not a date such as 2026-03-01");
    refuses(us, ENTRY(.step = "accept", .order = "7K3F"),
            "there is no order \"7K3F\"; `mainstay ledger status` lists those there are");
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "1")));
    snprintf(message, sizeof message, "US cannot accept now: order %s is requested and waits for KR to offer", order);
    refuses(us, ENTRY(.step = "accept", .order = order), message);
    snprintf(message, sizeof message, "US cannot offer now: order %s is requested and waits for KR to offer", order);
    refuses(us, ENTRY(.step = "offer", .order = order), message);
    carry(us, kr);
    refuses(kr, ENTRY(.step = "offer", .order = order, .price = "x"), "--price: \"x\" is not a number");
    take(kr, ENTRY(.step = "decline", .order = order, .note = "none to spare"));
    snprintf(message, sizeof message, "KR cannot offer now: order %s is declined and is over", order);
    refuses(kr, ENTRY(.step = "offer", .order = order), message);
    strcpy(order, take(kr, ENTRY(.step = "request", .agreement = "food", .item = "rations", .quantity = "9")));
    carry(us, kr);
    refuses(us, ENTRY(.step = "offer", .order = order),
            "the agreement does not say how it is settled; say it with --settlement");
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "haul", .item = "rations", .quantity = "12")));
    carry(us, kr);
    refuses(kr, ENTRY(.step = "offer", .order = order),
            "neither agreement haul nor the case has a price for rations; say that of one t with --price");
    ms_book_close(us);
    ms_book_close(kr);
}

/* The order's request with the quantity, carried over, offered with the entry, and the offer's terms. */
static ms_step terms_of(ms_book *us, ms_book *kr, const char *agreement, const char *item, ms_ledger_entry offer)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_ledger ledger;
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = agreement, .item = item, .quantity = "1")));
    carry(us, kr);
    offer.step = "offer";
    offer.order = order;
    take(kr, &offer);
    ms_step terms = *order_of(&ledger, kr, order).terms;
    static char currency[16];
    snprintf(currency, sizeof currency, "%s", terms.currency);
    terms.currency = currency;
    ms_ledger_free(&ledger);
    return terms;
}

static void terms_are_the_agreements(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    (void)state;
    ms_step terms = terms_of(us, kr, "won", "rations", (ms_ledger_entry){0});
    assert_string_equal(terms.currency, "KRW");
    assert_int_equal(terms.price, INT64_C(15000500000));
    assert_int_equal(terms.settlement, MS_SETTLE_EQUAL_VALUE);
    assert_int_equal(terms.due_days, 10);
    terms = terms_of(us, kr, "fuel", "diesel", (ms_ledger_entry){0}); /* the case's currency, the item's value */
    assert_string_equal(terms.currency, "USD");
    assert_int_equal(terms.price, 1000500000);
    terms = terms_of(us, kr, "won", "rations", (ms_ledger_entry){.currency = "USD"}); /* the item's: 12.345 USD */
    assert_int_equal(terms.price, 12345000);
    terms = terms_of(us, kr, "won", "rations", (ms_ledger_entry){.price = "7", .settlement = "cash"});
    assert_string_equal(terms.currency, "KRW");
    assert_int_equal(terms.price, 7000000);
    assert_int_equal(terms.settlement, MS_SETTLE_CASH);
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "whim", .item = "rations", .quantity = "1")));
    carry(us, kr);
    refuses(kr, ENTRY(.step = "offer", .order = order),
            "neither agreement whim nor the case has a price in KRW for rations; say that of one case with --price");
    ms_book_close(us);
    ms_book_close(kr);
}

/* KR counts diesel in litres of 0.8 kg at 1.2 USD, US in m3 of 800 kg: a m3 is 1,000 l and 1,200 USD. */
static void prices_follow_the_orders_unit(void **state)
{
    static const char litres[] =
        "== case.json\n{\"name\": \"pair\", \"start\": \"2030-06-01\", \"days\": 4, \"currency\": \"USD\"}\n"
        "== partners.csv\npartner\nUS\nKR\n== sites.csv\nsite,partner,kind\ncamp,US,unit\n"
        "== items.csv\nitem,class,unit,kg_per_unit,value_per_unit,nsn\nfuel,III,l,0.8,1.2,9140-00-286-5294\n"
        "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days\n"
        "fuel,KR,US,item,III,100,cash,30\n";
    ms_book *us = open_book("US"), *kr = open_book_with("KR", litres);
    (void)state;
    assert_int_equal(terms_of(us, kr, "fuel", "diesel", (ms_ledger_entry){0}).price, 1200000000);
    ms_book_close(us);
    ms_book_close(kr);
}

/* brief holds on days 1 and 2: 2030-06-02 and 2030-06-03. Goods that were accepted then may be handed over later. */
static void agreements_have_dates(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    ms_ledger_entry ask = {.step = "request", .agreement = "brief", .item = "rations", .quantity = "1"};
    (void)state;
    ask.date = "2030-06-01";
    refuses(us, &ask, "agreement brief holds only from 2030-06-02; this would be dated 2030-06-01");
    ask.date = "2030-06-04";
    refuses(us, &ask, "agreement brief held until 2030-06-03; this would be dated 2030-06-04");
    ask.date = "2030-06-02";
    strcpy(order, take(us, &ask));
    carry(us, kr);
    refuses(kr, ENTRY(.step = "offer", .order = order, .date = "2030-06-04"),
            "agreement brief held until 2030-06-03; this would be dated 2030-06-04");
    take(kr, ENTRY(.step = "offer", .order = order, .date = "2030-06-03"));
    carry(us, kr);
    refuses(us, ENTRY(.step = "accept", .order = order, .date = "9999-12-31"),
            "agreement brief held until 2030-06-03; this would be dated 9999-12-31");
    take(us, ENTRY(.step = "accept", .order = order, .date = "2030-06-03"));
    carry(us, kr);
    take(kr, ENTRY(.step = "issue", .order = order, .date = "2030-07-01"));
    ms_book_close(us);
    ms_book_close(kr);
}

/* Of fuel's 100 t, 40 m3 or 32 t are issued and stay used though they are paid; of the loan's 50 t, 8 t are issued and
 * 2 t came back. 10 m3 more are accepted: they are on order, and a request for more than the rest is refused. */
static void limits_count_what_is_used(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    static const char *const wanted[] = {"50", "10"}, *const issued[] = {"40", "10"}, *const back[] = {"40020", "2.5"};
    static const char *const agreements[] = {"fuel", "loan"};
    int64_t before;
    unsigned char hash[MS_HASH_BYTES];
    (void)state;
    assert_int_equal(ms_book_head(&before, hash, kr, &err), MS_OK);
    for (int i = 0; i < 2; i++) {
        strcpy(order,
               take(us, ENTRY(.step = "request", .agreement = agreements[i], .item = "diesel", .quantity = wanted[i])));
        carry(us, kr);
        take(kr, ENTRY(.step = "offer", .order = order));
        carry(us, kr);
        take(us, ENTRY(.step = "accept", .order = order));
        carry(us, kr);
        take(kr, ENTRY(.step = "issue", .order = order, .quantity = issued[i]));
        carry(us, kr);
        take(us, ENTRY(.step = "receive", .order = order));
        carry(us, kr);
        take(kr, ENTRY(.step = "settle", .order = order, .quantity = back[i]));
        carry(us, kr);
    }
    ms_book *books[] = {us, kr};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ms_ledger_case(&kase, books[i], NULL, &findings, &err), MS_OK);
        assert_true(kase->agreements[0].limit_t == 68 && kase->agreements[0].used_t == 32);
        assert_true(kase->agreements[1].limit_t == 44 && kase->agreements[1].used_t == 6);
        assert_true(isinf(kase->agreements[2].limit_t) && kase->agreements[3].limit_t == 20);
        ms_case_free(kase);
    }
    assert_int_equal(ms_ledger_case(&kase, kr, &(ms_book_view){.as_of = before}, &findings, &err), MS_OK);
    assert_true(kase->agreements[0].limit_t == 100 && kase->agreements[1].limit_t == 50);
    ms_case_free(kase);
    refuses(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "76"),
            "agreement fuel has 68 t left, of which 8 t are on order; this would be 60.8 t");
    take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "75"));
    ms_findings_free(&findings);
    ms_book_close(us);
    ms_book_close(kr);
}

/* Issues fuel of so many tonnes (1 m3 is 0.8 t) on a new order. */
static void issue_fuel(ms_book *us, ms_book *kr, const char *quantity)
{
    char order[MS_ORDER_CODE_BYTES];
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = quantity)));
    carry(us, kr);
    take(kr, ENTRY(.step = "offer", .order = order));
    carry(us, kr);
    take(us, ENTRY(.step = "accept", .order = order));
    carry(us, kr);
    take(kr, ENTRY(.step = "issue", .order = order));
    carry(us, kr);
}

static int64_t append_used(ms_book *book, const char *body)
{
    int64_t number;
    ms_error err = {0};
    ms_draft draft = {MS_KIND_USED, "agreements", body, strlen(body)};
    assert_int_equal(ms_book_append(&number, book, &draft, 1, &err), MS_OK);
    return number;
}

static void check_used(ms_book *book, int64_t as_of, int64_t millionths)
{
    ms_used used;
    ms_error err = {0};
    assert_int_equal(ms_used_read(&used, book, as_of, &err), MS_OK);
    assert_int_equal(ms_used_of(&used, "fuel"), millionths);
    assert_int_equal(ms_used_of(&used, "loan"), 0);
    ms_used_free(&used);
}

static ms_status read_used(void *context)
{
    ms_used used;
    ms_error err = {0};
    ms_status status = ms_used_read(&used, context, 0, &err);
    if (status == MS_OK)
        ms_used_free(&used);
    return status;
}

/* 10 m3 are 8 t. An entry that says 7 t is believed, so that one sees that it is read: 7 and 4 of the next order are
 * 11 t; so are the steps of an order that began before it, and went on behind it. */
static void what_is_used_is_reckoned_on(void **state)
{
    char body[120], order[MS_ORDER_CODE_BYTES];
    int64_t before, head;
    unsigned char hash[MS_HASH_BYTES];
    ms_book *us = open_book("US"), *kr = open_book("KR");
    ms_error err = {0};
    (void)state;
    issue_fuel(us, kr, "10");
    strcpy(order, take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "5")));
    carry(us, kr);
    check_used(us, 0, 8000000);
    assert_int_equal(ms_book_head(&before, hash, us, &err), MS_OK);
    snprintf(body, sizeof body, "{\"agreements\":{\"fuel\":\"7\"},\"steps\":6,\"upto\":%lld}", (long long)before);
    append_used(us, body);
    check_used(us, 0, 7000000);
    check_used(us, before, 8000000);
    issue_fuel(us, kr, "5");
    check_used(us, 0, 11000000);
    take(kr, ENTRY(.step = "offer", .order = order));
    carry(us, kr);
    take(us, ENTRY(.step = "accept", .order = order));
    carry(us, kr);
    take(kr, ENTRY(.step = "issue", .order = order, .quantity = "2.5"));
    carry(us, kr);
    check_used(us, 0, 13000000);
    check_used(kr, 0, 14000000);
    each_refusal(read_used, us);
    static const char *const wrong[] = {"[]", "{\"agreements\":{\"fuel\":1},\"steps\":6,\"upto\":9}",
                                        "{\"agreements\":{},\"steps\":6,\"upto\":99999999}", "{\"upto\":3}"};
    for (size_t ix = 0; ix < sizeof wrong / sizeof *wrong; ix++)
        append_used(us, wrong[ix]);
    check_used(us, 0, 14000000); /* all anew */
    assert_int_equal(ms_book_head(&head, hash, us, &err), MS_OK);
    check_used(us, head, 13000000); /* the last that is one */
    ms_book_close(us);
    ms_book_close(kr);
}

/* Who writes into the file of a book has not its key: the ledger reads what is there, and verify says that it is not
 * what was signed. */
static void a_step_changed_in_the_file_is_found(void **state)
{
    ms_book *us = open_book("US");
    ms_findings findings = {0};
    ms_error err = {0};
    int64_t entries;
    char path[64];
    sqlite3 *db;
    (void)state;
    take(us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "10"));
    snprintf(path, sizeof path, "%s", ms_book_path(us));
    ms_book_close(us);
    assert_int_equal(ms_book_verify(&entries, path, NULL, NULL, &findings, &err), MS_OK);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE log SET body = CAST(replace(CAST(body AS TEXT), '\\\"10\\\"', '\\\"99\\\"')"
                                  " AS BLOB) WHERE kind = 'step'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
    assert_int_equal(ms_book_verify(&entries, path, NULL, NULL, &findings, &err), MS_BAD_INPUT);
    assert_true(findings.error_count > 0);
    assert_non_null(strstr(findings.items[0].message, "entry"));
    ms_findings_free(&findings);
}

/* What a book holds under the kind, and is no step, is counted and has no effect. */
static void strange_entries(void **state)
{
    ms_book *us = open_book("US");
    ms_ledger ledger;
    ms_error err = {0};
    static const char *const bodies[] = {"{}", "{\"document\":\"{}\",\"signature\":\"\"}", "[1"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char key[16];
        snprintf(key, sizeof key, "x/%d", i);
        ms_draft draft = {MS_KIND_STEP, key, bodies[i], strlen(bodies[i])};
        assert_int_equal(ms_book_append(NULL, us, &draft, 1, &err), MS_OK);
    }
    assert_int_equal(ms_ledger_read(&ledger, us, 0, &err), MS_OK);
    assert_int_equal(ledger.strange_count, 2);
    assert_int_equal(ledger.order_count, 0);
    assert_non_null(strstr(ledger.strange, "it has no document"));
    ms_ledger_free(&ledger);
    ms_book_close(us);
}

static ms_status report_all(void *context)
{
    ms_buf out = {0};
    ms_error err = {0};
    ms_view view = {.format = MS_FORMAT_TEXT};
    ms_ledger_filter filter = {.date = "2030-12-31", .all = true, .order = "US"},
                     with = {.partner = "KR", .date = "2030-12-31"};
    ms_status status = ms_report_ledger(&out, context, &filter, &view, &err);
    if (status == MS_OK)
        status = ms_report_order(&out, context, &filter, &view, &err);
    if (status == MS_OK)
        status = ms_report_balance(&out, context, &filter, &view, &err);
    if (status == MS_OK)
        status = ms_report_overdue(&out, context, &filter, &view, &err);
    if (status == MS_OK)
        status = ms_report_statement(&out, context, &with, MS_STATEMENT_TEXT, &err);
    if (status == MS_OK)
        status = ms_report_statement(&out, context, &with, MS_STATEMENT_HTML, &err);
    ms_buf_free(&out);
    return status;
}

static void memory_runs_short(void **state)
{
    ms_book *us = open_book("US");
    (void)state;
    take(us,
         ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "80", .need_by = "2030-03-25"));
    each_refusal(report_all, us);
    ms_book_close(us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_between_two_books),
        cmocka_unit_test(steps_cross),
        cmocka_unit_test(refusals_change_nothing),
        cmocka_unit_test(terms_are_the_agreements),
        cmocka_unit_test(prices_follow_the_orders_unit),
        cmocka_unit_test(agreements_have_dates),
        cmocka_unit_test(limits_count_what_is_used),
        cmocka_unit_test(what_is_used_is_reckoned_on),
        cmocka_unit_test(a_step_changed_in_the_file_is_found),
        cmocka_unit_test(strange_entries),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
