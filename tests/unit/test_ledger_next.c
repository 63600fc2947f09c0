/* test_ledger_next.c: what each side may do with an order at each of its stages, and what each step would say of
 * itself; steps by somebody who has not seen the latest one; requests that were chosen of a plan's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "faults.h"
#include "houses.h"
#include "ledger/next.h"
#include "playground.h"
#include "report/proposals.h"

/* fuel: KR gives US diesel of 0.8 t and 1000.50 USD a m3, at most 100 t (125 m3). Nothing says how food is settled,
 * nor what bread is worth. */
static const char pair_case[] =
    "== case.json\n{\"name\": \"pair\", \"start\": \"2026-01-01\", \"days\": 4, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner\nUS\nKR\n== sites.csv\nsite,partner,kind\ncamp,US,unit\ndepot,KR,depot\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,value_per_unit,nsn\n"
    "diesel,Diesel,III,m3,800,1000.5,9140-00-286-5294\nbread,,I,case,10,,\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days\n"
    "fuel,KR,US,item,III,100,cash,30\nfood,KR,US,item,I,,,\n";

static house us, kr;

static int open_houses(void **state)
{
    if (playground_make(state) != 0)
        return -1;
    us = house_new("US", pair_case, "to,table,detail\n*,stocks,full\n");
    kr = house_new("KR", pair_case, "to,table,detail\n*,stocks,full\n");
    house_trust(&us, &kr);
    house_trust(&kr, &us);
    return 0;
}

static int close_houses(void **state)
{
    house_free(&us);
    house_free(&kr);
    return playground_remove(state);
}

static void carry(void)
{
    house_take(&kr, house_make(&us, &kr, NULL));
    house_take(&us, house_make(&kr, &us, NULL));
}

static const char *take(house *h, ms_ledger_entry entry)
{
    static char order[MS_ORDER_CODE_BYTES];
    ms_error err = {0};
    if (ms_ledger_take(order, h->book, &entry, &err) != MS_OK)
        fail_msg("%s: %s", entry.step, err.message);
    carry();
    return order;
}

/* The steps as words: "offer?price", "receive 50 m3", "accept!" where there is a reason against it. */
static ms_status list_next(ms_buf *out, house *h, const char *code, ms_error *err)
{
    ms_ledger ledger;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    const ms_ledger_order *order;
    ms_next_steps next = {0};
    char number[MS_EXACT_BYTES];
    MS_TRY(ms_ledger_case(&kase, h->book, NULL, &findings, err));
    ms_status status = ms_ledger_read(&ledger, h->book, 0, err);
    if (status == MS_OK) {
        status = ms_ledger_find(&order, &ledger, code, err);
        if (status == MS_OK)
            status = ms_ledger_next(&next, &ledger, kase, order, ms_ledger_today(h->book), err);
        for (size_t n = 0; n < next.count; n++) {
            const ms_next *step = &next.steps[n];
            ms_buf_printf(out, "%s%s%s", n > 0 ? "; " : "", ms_step_words[step->kind], step->why != NULL ? "!" : "");
            if (step->measure >= 0)
                ms_buf_printf(out, " %s %s", ms_exact_text(number, step->measure, step->money ? 2 : 6),
                              step->money ? "USD" : order->request->unit);
            for (int bit = 0; bit < 3; bit++)
                if ((step->asks & 1U << bit) != 0)
                    ms_buf_printf(out, "?%d", bit);
        }
        ms_ledger_free(&ledger);
    }
    ms_case_free(kase);
    ms_findings_free(&findings);
    return status;
}

static void may(house *h, const char *code, const char *steps)
{
    ms_buf text = {0};
    ms_error err = {0};
    if (list_next(&text, h, code, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_string_equal(text.text != NULL ? text.text : "", steps);
    ms_buf_free(&text);
}

#define ENTRY(...) ((ms_ledger_entry){__VA_ARGS__})

/* 80 m3 come to 80,040.00 USD; of 50 that are issued 48 arrive: 48,024.00 USD. */
static void from_request_to_settlement(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    (void)state;
    strcpy(order, take(&us, ENTRY(.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "80")));
    may(&us, order, "cancel");
    may(&kr, order, "offer 80 m3; decline; cancel");
    take(&kr, ENTRY(.step = "offer", .order = order));
    may(&us, order, "accept; decline; cancel");
    may(&kr, order, "offer 80 m3; cancel");
    take(&us, ENTRY(.step = "accept", .order = order));
    may(&us, order, "cancel");
    may(&kr, order, "issue 80 m3; cancel");
    take(&kr, ENTRY(.step = "issue", .order = order, .quantity = "50"));
    may(&us, order, "receive 50 m3; cancel");
    may(&kr, order, "issue 30 m3; cancel");
    take(&us, ENTRY(.step = "receive", .order = order, .quantity = "48"));
    may(&kr, order, "issue 30 m3; dispute 48 m3; settle 48024 USD; cancel");
    may(&us, order, "dispute 50 m3; settle 48024 USD; cancel");
    take(&kr, ENTRY(.step = "dispute", .order = order, .quantity = "48"));
    take(&us, ENTRY(.step = "settle", .order = order, .quantity = "20000"));
    may(&kr, order, "issue 32 m3; receive 20000 USD; dispute 48 m3; settle 48024 USD; cancel");
    take(&kr, ENTRY(.step = "receive", .order = order));
    take(&us, ENTRY(.step = "cancel", .order = order));
    take(&kr, ENTRY(.step = "settle", .order = order));
    may(&us, order, "dispute 48 m3; dispute 20000 USD; dispute 28024 USD");
}

static void what_an_offer_must_say(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    (void)state;
    strcpy(order, take(&us, ENTRY(.step = "request", .agreement = "food", .item = "bread", .quantity = "7")));
    may(&kr, order, "offer! 7 case?0?1; decline; cancel");
    take(&kr, ENTRY(.step = "offer", .order = order, .price = "2.5", .settlement = "cash"));
    may(&us, order, "accept; decline; cancel");
    take(&us, ENTRY(.step = "decline", .order = order));
    take(&kr, ENTRY(.step = "decline", .order = order));
    may(&kr, order, "");
}

/* 125 m3 are all there is. Two requests for 100 are drawn up while nothing is accepted; once one is, the other cannot
 * be offered, nor accepted, as it stands. */
static void beyond_the_limit(void **state)
{
    char one[MS_ORDER_CODE_BYTES], other[MS_ORDER_CODE_BYTES];
    const ms_ledger_entry request = {.step = "request", .agreement = "fuel", .item = "diesel", .quantity = "60"};
    (void)state;
    strcpy(one, take(&us, request));
    strcpy(other, take(&us, request));
    take(&kr, ENTRY(.step = "offer", .order = one));
    take(&kr, ENTRY(.step = "offer", .order = other));
    take(&us, ENTRY(.step = "accept", .order = one));
    may(&us, other, "accept!; decline; cancel");
    may(&kr, other, "offer!; cancel");
}

/* What two clerks draw up at once is done once. */
static void by_who_has_not_seen_the_latest(void **state)
{
    char order[MS_ORDER_CODE_BYTES], out[MS_ORDER_CODE_BYTES];
    ms_error err = {0};
    int64_t before, after;
    (void)state;
    strcpy(order, take(&us, ENTRY(.step = "request", .agreement = "food", .item = "bread", .quantity = "9")));
    const ms_ledger_entry offer = {
        .step = "offer", .order = order, .price = "2", .settlement = "cash", .steps_seen = 1};
    take(&kr, offer);
    assert_int_equal(ms_book_position(&before, kr.book, &err), MS_OK);
    assert_int_equal(ms_ledger_take(out, kr.book, &offer, &err), MS_CONFLICT);
    assert_non_null(strstr(err.message, "has gone on meanwhile: the last step is offer by KR"));
    assert_int_equal(ms_book_position(&after, kr.book, &err), MS_OK);
    assert_int_equal(before, after);
    take(&us, ENTRY(.step = "accept", .order = order, .steps_seen = 2));
    take(&us, ENTRY(.step = "cancel", .order = order));
}

/* Rows for another receiver, and of nothing, do not count as proposals. */
static const char orders[] = "agreement,provider,receiver,kind,item,site,from_date,quantity,unit,tonnes\n"
                             "food,KR,US,item,bread,camp,2026-01-02,4,case,0.04\n"
                             "food,US,KR,item,bread,camp,2026-01-02,4,case,0.04\n"
                             "food,KR,US,item,bread,camp,2026-01-03,5,case,0.05\n"
                             "food,KR,US,item,bread,,2026-01-04T06:00,6,case,0.06\n";

static ms_status propose(ms_buf *out, const ms_chosen *chosen, size_t count, bool make, ms_error *err)
{
    ms_view view = {.format = MS_FORMAT_JSON};
    ms_propose_options options = {
        .orders = orders, .length = sizeof orders - 1, .file = "orders.csv", .chosen = chosen, .chosen_count = count};
    return ms_report_proposals_of(out, us.book, &options, make, &view, err);
}

static void chosen_requests(void **state)
{
    ms_buf out = {0};
    ms_error err = {0};
    int64_t before, after;
    const ms_chosen two[] = {{0, "4"}, {2, "6"}}, changed[] = {{1, "5"}, {0, "3"}}, beyond[] = {{3, "5"}};
    (void)state;
    assert_int_equal(propose(&out, NULL, 0, false, &err), MS_OK);
    assert_non_null(strstr(out.text, "\"planned\": \"5\""));
    ms_buf_reset(&out);
    assert_int_equal(ms_book_position(&before, us.book, &err), MS_OK);
    assert_int_equal(propose(&out, changed, 2, true, &err), MS_CONFLICT);
    assert_non_null(strstr(err.message, "4 case of bread are to be requested by now, not 3"));
    assert_int_equal(propose(&out, beyond, 1, true, &err), MS_CONFLICT);
    assert_non_null(strstr(err.message, "there are only 3 proposals"));
    assert_int_equal(ms_book_position(&after, us.book, &err), MS_OK);
    assert_int_equal(before, after);
    assert_int_equal(out.length, 0);
    if (propose(&out, two, 2, true, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(ms_book_position(&after, us.book, &err), MS_OK);
    assert_int_equal(after - before, 2);
    ms_buf_reset(&out);
    assert_int_equal(propose(&out, NULL, 0, false, &err), MS_OK);
    assert_null(strstr(out.text, "\"on_order\": \"5\""));
    ms_buf_free(&out);
}

/* What is looked at with memory running short: an order that waits for an offer, and one that was accepted. */
typedef struct {
    ms_ledger ledger;
    ms_case *kase;
    const char *order;
} glance;

static ms_status look(void *context)
{
    glance *of = context;
    const ms_ledger_order *order;
    ms_next_steps next;
    ms_error err = {0};
    MS_TRY(ms_ledger_find(&order, &of->ledger, of->order, &err));
    return ms_ledger_next(&next, &of->ledger, of->kase, order, ms_ledger_today(kr.book), &err);
}

static ms_status read_list(void *context)
{
    ms_buf out = {0};
    ms_error err = {0};
    ms_view view = {.format = MS_FORMAT_JSON, .search = "bread", .limit = 1};
    ms_ledger_filter filter = {.order = context, .all = true};
    ms_status status = ms_report_ledger(&out, kr.book, &filter, &view, &err);
    ms_buf_free(&out);
    return status;
}

static void memory_runs_short(void **state)
{
    char order[MS_ORDER_CODE_BYTES];
    glance of = {.order = order};
    ms_findings findings = {0};
    ms_error err = {0};
    (void)state;
    strcpy(order, take(&us, ENTRY(.step = "request", .agreement = "food", .item = "bread", .quantity = "1")));
    assert_int_equal(ms_ledger_case(&of.kase, kr.book, NULL, &findings, &err), MS_OK);
    assert_int_equal(ms_ledger_read(&of.ledger, kr.book, 0, &err), MS_OK);
    assert_true(each_refusal(look, &of) > 5);
    ms_ledger_free(&of.ledger);
    ms_case_free(of.kase);
    ms_findings_free(&findings);
    assert_true(each_refusal(read_list, order) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_request_to_settlement),
        cmocka_unit_test(what_an_offer_must_say),
        cmocka_unit_test(by_who_has_not_seen_the_latest),
        cmocka_unit_test(chosen_requests),
        cmocka_unit_test(memory_runs_short),
        cmocka_unit_test(beyond_the_limit),
    };
    return cmocka_run_group_tests(tests, open_houses, close_houses);
}
