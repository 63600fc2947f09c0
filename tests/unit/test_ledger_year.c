/* test_ledger_year.c: three partners trade for a year of days over a line that loses, doubles, reorders and delays
 * what they send; now and then one of them goes back to an older copy of its book. In the end all have the same steps,
 * the same states and the same balances, and what one owes is what the other is owed.
 *
 * A partner here is the set of steps that it holds; it acts through ms_ledger_draft, as the verbs do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "case_text.h"
#include "ledger/balance.h"
#include "order_play.h"

enum { PARTNERS = 3, DAYS = 365, STEPS_MOST = 20000, START = 20000 };

static const char season_case[] =
    "== case.json\n{\"name\": \"season\", \"start\": \"2030-06-01\", \"days\": 4, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner\nA\nB\nC\n"
    "== sites.csv\nsite,partner,kind\ncamp,A,unit\n"
    "== items.csv\nitem,class,unit,kg_per_unit,value_per_unit\ndiesel,III,m3,800,1000.5\nrations,I,case,10,12.345\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days\n"
    "AB,A,B,item,*,,cash,30\nBA,B,A,item,*,,in-kind,60\nBC,B,C,item,*,,equal-value,\nCB,C,B,item,*,,cash,10\n"
    "CA,C,A,item,*,,in-kind,\nAC,A,C,item,*,,cash,5\n";

static const char *const names[PARTNERS] = {"A", "B", "C"};

typedef struct {
    const ms_step *steps[STEPS_MOST];
    size_t count, yesterday; /* yesterday: how many were in last night's copy */
} holder;

/* A message under way: one step to one partner. */
typedef struct {
    const ms_step *step;
    int to;
    int64_t day;
} message;

typedef struct {
    ms_arena *arena; /* of all steps */
    ms_case *kase;
    holder holders[PARTNERS];
    message line[4 * STEPS_MOST];
    size_t line_count;
    ms_random random;
    int64_t day;
    size_t taken, refused, restored;
} season;

static bool chance(season *of, int one_in)
{
    return ms_random_between(&of->random, 1, one_in) == 1;
}

static bool has_hash(const holder *book, const ms_digest *hash)
{
    for (size_t s = 0; s < book->count; s++)
        if (ms_digest_compare(&book->steps[s]->hash, hash) == 0)
            return true;
    return false;
}

/* Whether the book has all that the step comes after. A release that does not follow on the one before is not taken, so
 * that no step is ever held whose past is lost with a disk. */
static bool follows(const holder *book, const ms_step *step)
{
    bool all = step->kind == MS_STEP_REQUEST || has_hash(book, &step->order);
    for (int32_t i = 0; i < step->after_count && all; i++)
        all = has_hash(book, &step->after[i]);
    return all;
}

static void hold(holder *book, const ms_step *step)
{
    if (has_hash(book, &step->hash) || !follows(book, step))
        return;
    assert_true(book->count < STEPS_MOST);
    book->steps[book->count++] = step;
}

static int index_of(const char *name)
{
    return name[0] - 'A';
}

static ms_ledger ledger_of(const season *of, int who)
{
    ms_ledger ledger = {.arena = ms_arena_new(), .partner = names[who]};
    const ms_step **steps = ms_arena_alloc(ledger.arena, STEPS_MOST, sizeof *steps);
    ms_error err = {0};
    memcpy(steps, of->holders[who].steps, of->holders[who].count * sizeof *steps);
    assert_int_equal(ms_ledger_make(&ledger, steps, of->holders[who].count, &err), MS_OK);
    return ledger;
}

/* Sends a step over the line: perhaps twice, perhaps late. What is lost is sent again by send_again. */
static void send(season *of, const ms_step *step)
{
    for (int copy = chance(of, 5) ? 2 : 1; copy > 0 && of->line_count < sizeof of->line / sizeof *of->line; copy--) {
        if (chance(of, 4))
            continue; /* lost */
        int64_t late = chance(of, 3) ? ms_random_between(&of->random, 1, 9) : 0;
        of->line[of->line_count++] = (message){step, index_of(step->to), of->day + late};
    }
}

/* What has arrived by today, in any order. */
static void deliver(season *of)
{
    for (size_t left = of->line_count; left > 0; left--) {
        size_t pick = (size_t)ms_random_between(&of->random, 0, (int64_t)left - 1);
        message arrived = of->line[pick];
        of->line[pick] = of->line[left - 1];
        of->line[left - 1] = arrived;
    }
    size_t kept = 0;
    for (size_t m = 0; m < of->line_count; m++) {
        if (of->line[m].day <= of->day)
            hold(&of->holders[of->line[m].to], of->line[m].step);
        else
            of->line[kept++] = of->line[m];
    }
    of->line_count = kept;
}

/* An exchange that goes through: each gives the other all that the two of them know of each other's orders. */
static void exchange(season *of, int a, int b)
{
    for (int turn = 0; turn < 2; turn++, a ^= b, b ^= a, a ^= b) {
        for (size_t s = 0; s < of->holders[a].count; s++) {
            const ms_step *step = of->holders[a].steps[s];
            if (index_of(step->by) == b || index_of(step->to) == b)
                hold(&of->holders[b], step);
        }
    }
}

static void act(season *of, int who, const ms_ledger *ledger, ms_ledger_entry *entry)
{
    ms_step drafted, *step;
    ms_error err = {0};
    ms_buf document = {0};
    if (ms_ledger_draft(&drafted, ledger, of->kase, entry, START + of->day, &err) != MS_OK) {
        of->refused++;
        return;
    }
    step = ms_arena_alloc(of->arena, 1, sizeof *step);
    ms_step_write(&document, &drafted);
    assert_int_equal(ms_step_read(step, of->arena, document.text, document.length, &err), MS_OK);
    ms_buf_free(&document);
    hold(&of->holders[who], step);
    send(of, step);
    of->taken++;
}

static void ask(season *of, int who, const ms_ledger *ledger)
{
    char agreement[3] = {0}, quantity[32];
    int from = (who + (chance(of, 2) ? 1 : 2)) % PARTNERS;
    agreement[0] = names[from][0];
    agreement[1] = names[who][0];
    /* one draw a statement: compilers differ in the order of arguments */
    int whole = (int)ms_random_between(&of->random, 1, 400);
    int tenths = (int)ms_random_between(&of->random, 0, 9);
    const char *item = chance(of, 2) ? "diesel" : "rations";
    snprintf(quantity, sizeof quantity, "%d.%d", whole, tenths);
    ms_ledger_entry entry = {.step = "request", .agreement = agreement, .item = item, .quantity = quantity};
    act(of, who, ledger, &entry);
}

/* Does something about an order that the partner is a side of. */
static void go_on(season *of, int who, const ms_ledger *ledger, const ms_ledger_order *order)
{
    order_play texts;
    ms_ledger_entry entry;
    if (order_play_next(&entry, &texts, &of->random, order, names[who]))
        act(of, who, ledger, &entry);
}

static void live_a_day(season *of, bool asks)
{
    for (int who = 0; who < PARTNERS; who++) {
        ms_ledger ledger = ledger_of(of, who);
        if (asks && chance(of, 2))
            ask(of, who, &ledger);
        for (int turn = 0; turn < 6 && ledger.order_count > 0; turn++) {
            size_t newest = ledger.order_count < 20 ? ledger.order_count : 20;
            int64_t most = chance(of, 2) ? (int64_t)newest : (int64_t)ledger.order_count;
            size_t pick = (size_t)ms_random_between(&of->random, 1, most);
            go_on(of, who, &ledger, &ledger.orders[ledger.order_count - pick]);
        }
        ms_ledger_free(&ledger);
        holder *book = &of->holders[who];
        if (chance(of, 40)) { /* the disk is gone: yesterday's copy */
            book->count = book->yesterday;
            of->restored++;
        }
        book->yesterday = book->count;
    }
    deliver(of);
    if (chance(of, 5))
        exchange(of, 0, 1);
    if (chance(of, 5))
        exchange(of, 1, 2);
    if (chance(of, 5))
        exchange(of, 2, 0);
}

/* ---- what must be true in the end ---- */

static const ms_ledger_order *find(const ms_ledger *ledger, const ms_digest *id)
{
    const ms_ledger_order *order = ms_ledger_order_of(ledger, id);
    assert_non_null(order);
    return order;
}

static void check_pair(const season *of, int a, int b)
{
    ms_ledger one = ledger_of(of, a), other = ledger_of(of, b);
    ms_balance here, there;
    ms_error err = {0};
    for (size_t i = 0; i < one.order_count; i++) {
        const ms_ledger_order *order = &one.orders[i];
        assert_non_null(order->request);
        assert_int_equal(order->waiting_count, 0);
        if (ms_order_side(order, names[b]) == 0)
            continue;
        const ms_ledger_order *same = find(&other, &order->id);
        assert_int_equal(order->step_count, same->step_count);
        assert_int_equal(order->phase, same->phase);
        assert_int_equal(order->received, same->received);
        assert_int_equal(order->outstanding, same->outstanding);
        assert_int_equal(order->disputed, same->disputed);
        assert_int_equal(order->due, same->due);
    }
    assert_int_equal(ms_balance_make(&here, one.arena, &one, names[b], START + of->day, &err), MS_OK);
    assert_int_equal(ms_balance_make(&there, other.arena, &other, names[a], START + of->day, &err), MS_OK);
    assert_int_equal(here.count, there.count);
    for (size_t r = 0; r < here.count; r++) {
        const ms_balance_row *row = &here.rows[r], *same = &there.rows[r];
        assert_string_equal(row->debtor, same->debtor);
        assert_string_equal(row->what, same->what);
        assert_int_equal(row->outstanding, same->outstanding);
        assert_int_equal(row->overdue, same->overdue);
        assert_int_equal(ms_balance_net(&here, row), ms_balance_net(&there, same));
    }
    ms_ledger_free(&one);
    ms_ledger_free(&other);
}

/* Over all partners, for each thing, what is owed and what is due to somebody add up to zero; and what was received is
 * what was issued, less what is not received or in dispute. */
static void check_sums(const season *of)
{
    int64_t position[PARTNERS] = {0};
    for (int who = 0; who < PARTNERS; who++) {
        ms_ledger ledger = ledger_of(of, who);
        for (size_t i = 0; i < ledger.order_count; i++) {
            const ms_ledger_order *order = &ledger.orders[i];
            int64_t given = 0;
            for (int32_t d = 0; d < order->delivery_count; d++) {
                const ms_delivery *delivery = &order->deliveries[d];
                int64_t open = delivery->taken < 0 ? delivery->given : delivery->disputed;
                bool gave_more = delivery->given >= delivery->taken;
                if (!delivery->settlement)
                    given += delivery->agreed + (gave_more ? open : 0);
            }
            assert_int_equal(given, order->issued);
            if (!order->in_kind)
                position[who] += strcmp(order->receiver, names[who]) == 0 ? -order->outstanding : order->outstanding;
        }
        ms_ledger_free(&ledger);
    }
    assert_int_equal(position[0] + position[1] + position[2], 0);
}

static void exchange_all(season *of)
{
    for (int round = 0; round < 2; round++) {
        exchange(of, 0, 1);
        exchange(of, 1, 2);
        exchange(of, 2, 0);
    }
}

static void a_year_of_trouble(void **state)
{
    static season of;
    ms_findings findings = {0};
    ms_error err = {0};
    (void)state;
    memset(&of, 0, sizeof of);
    of.arena = ms_arena_new();
    of.random = ms_random_start(2030, 6);
    assert_int_equal(case_text_read(&of.kase, season_case, strlen(season_case), NULL, &findings, &err), MS_OK);
    for (of.day = 0; of.day < DAYS; of.day++)
        live_a_day(&of, true);
    exchange_all(&of);
    check_pair(&of, 0, 1);
    check_pair(&of, 1, 2);
    check_pair(&of, 2, 0);
    check_sums(&of);
    assert_true(of.taken > 2000);
    assert_true(of.restored > 10);
    ms_findings_free(&findings);
    ms_case_free(of.kase);
    ms_arena_free(of.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_of_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
