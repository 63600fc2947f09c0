/* test_plan_tidy.c: plans made untidy by hand and what tidying leaves of them, worked out on paper. Each result is
 * settled again: that must find it exact, and worth what tidying says. Costs: see plan_story.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faults.h"
#include "plan/tidy.h"
#include "plan_desk.h"
#include "plan_story.h"

static double moved_of(const desk *on, const char *lane, int t, const char *item)
{
    ptrdiff_t at = desk_move_at(on, lane, t, item, NULL);
    assert_true(at >= 0);
    int32_t layer = on->net->ways[at / on->net->H].layer;
    return (double)on->settled.move_q[at] * ms_quantum_t(on->net, layer);
}

static double moved(const desk *on, const char *lane, int t)
{
    return moved_of(on, lane, t, "fuel");
}

static double issued_of(const desk *on, const char *demand, int t, const char *owner)
{
    ptrdiff_t at = desk_issue_at(on, demand, t, "fuel", owner);
    assert_true(at >= 0);
    int32_t layer = on->net->issues[at / on->net->H].layer;
    return (double)on->settled.issue_q[at] * ms_quantum_t(on->net, layer);
}

static int count_moves(const desk *on)
{
    int count = 0;
    for (size_t i = 0; i < ms_at(on->net, on->net->way_count, 0); i++)
        count += on->settled.move_q[i] > 0;
    return count;
}

/* Settles the flow as it is; it must need no cut beyond rounding. */
static void settle(desk *on)
{
    ms_error err = {0};
    assert_int_equal(ms_flow_settle(&on->settled, on->net, &on->flow, &err), MS_OK);
    assert_true(on->settled.worst_cut_t <= 1e-6);
    on->before = on->settled.objective;
}

/* The tidied plan as a flow, settled again. */
static void settle_again(const desk *on)
{
    ms_flow flow;
    ms_settled again;
    ms_error err = {0};
    const ms_network *net = on->net;
    assert_int_equal(ms_flow_make(&flow, net), MS_OK);
    ms_flow_from_settled(&flow, net, &on->settled);
    assert_int_equal(ms_flow_settle(&again, net, &flow, &err), MS_OK);
    assert_true(again.worst_cut_t <= 1e-6);
    STORY_NEAR(again.objective, on->settled.objective);
    STORY_NEAR(again.shortfall_part, on->settled.shortfall_part);
    STORY_NEAR(again.cost_part, on->settled.cost_part);
    STORY_NEAR(again.cost_currency, on->settled.cost_currency);
    assert_memory_equal(again.stock_q, on->settled.stock_q,
                        ms_node(net, net->layer_count, 0, 0) * sizeof *again.stock_q);
    ms_settled_free(&again);
    ms_flow_free(&flow);
}

static void tidy(desk *on)
{
    ms_error err = {0};
    assert_int_equal(ms_tidy(&on->settled, on->net, true, &err), MS_OK);
    assert_true(on->settled.objective <= on->before + 1e-12 * (1 + on->before));
    settle_again(on);
}

/* ---- one layer ---- */

#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t,fleet\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"
#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"

/* Two roads that cost the same: one is enough. */
static void parallel_roads(void **state)
{
    (void)state;
    desk on;
    desk_open(&on,
              LANES "one,a,b,road,1,,2,\ntwo,a,b,road,1,,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,2,4,1\n");
    desk_move(&on, "one", 0, 3);
    desk_move(&on, "two", 0, 1);
    desk_issue(&on, "need", 1, 4);
    settle(&on);
    assert_int_equal(count_moves(&on), 2);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(moved(&on, "one", 0), 4);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* One costs 2, the other 3 a tonne: 3 t change over, and 3 are saved. */
static void dearer_road(void **state)
{
    (void)state;
    desk on;
    desk_open(&on,
              LANES "one,a,b,road,1,,2,\ntwo,a,b,road,1,,3,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,2,4,1\n");
    desk_move(&on, "one", 0, 1);
    desk_move(&on, "two", 0, 3);
    desk_issue(&on, "need", 1, 4);
    settle(&on);
    double currency = on.settled.cost_currency;
    tidy(&on);
    STORY_NEAR(moved(&on, "one", 0), 4);
    STORY_NEAR(moved(&on, "two", 0), 0);
    STORY_NEAR(currency - on.settled.cost_currency, 3);
    STORY_NEAR(on.before - on.settled.objective, 3 * on.net->weights.epsilon);
    desk_close(&on);
}

/* The cheaper road is full after 2 t: it takes these, and no more. */
static void full_road(void **state)
{
    (void)state;
    desk on;
    desk_open(&on,
              LANES "one,a,b,road,1,2,2,\ntwo,a,b,road,1,,3,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,2,4,1\n");
    desk_move(&on, "one", 0, 1);
    desk_move(&on, "two", 0, 3);
    desk_issue(&on, "need", 1, 4);
    settle(&on);
    tidy(&on);
    assert_true(moved(&on, "one", 0) <= 2 + 1e-6 && moved(&on, "one", 0) > 2 - 1e-5);
    STORY_NEAR(moved(&on, "one", 0) + moved(&on, "two", 0), 4);
    desk_close(&on);
}

/* The port that both roads lead to handles 4 t a day and is full; what one road gives up the other may bring. */
static void full_port(void **state)
{
    (void)state;
    desk on;
    desk_open(&on,
              "== sites.csv\nsite,partner,kind,handling_t_per_day\na,,depot,\nb,,port,4\nc,,unit,\nd,,unit,\n" LANES
              "one,a,b,road,1,,2,\ntwo,a,b,road,1,,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,2,4,1\n");
    desk_move(&on, "one", 0, 1.5);
    desk_move(&on, "two", 0, 2.5);
    desk_issue(&on, "need", 1, 4);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(moved(&on, "two", 0), 4);
    desk_close(&on);
}

/* To the camp by the harbour costs more than straight on: the detour goes, though no movement is empty at first. */
static void detour(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ac,a,c,road,1,,2,\ncb,c,b,road,1,,2,\nab,a,b,road,2,,3,\n" STOCKS "a,fuel,,9\n" DEMANDS
                         "need,b,fuel,,2,3,4,1\n");
    desk_move(&on, "ac", 0, 3);
    desk_move(&on, "cb", 1, 3);
    desk_move(&on, "ab", 0, 1);
    desk_issue(&on, "need", 2, 4);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(moved(&on, "ab", 0), 4);
    assert_true(on.settled.objective < on.before);
    desk_close(&on);
}

/* Trips of three days to a store that has room, for a need on the last: one trip. */
static void days_merge(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,3,4,6,1\n");
    for (int t = 0; t < 3; t++)
        desk_move(&on, "ab", t, 2);
    desk_issue(&on, "need", 3, 6);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* A need each day, met by a trip each day: the days' trips become one, in stock until it is needed. */
static void stock_begins(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,4,2,1\n");
    for (int t = 0; t < 3; t++) {
        desk_move(&on, "ab", t, 2);
        desk_issue(&on, "need", t + 1, 2);
    }
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(moved(&on, "ab", 0), 6);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* The same where the store holds 3 t: nothing is stored beyond that. */
static void small_store(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,3\nc,,unit,\nd,,unit,\n" LANES
                   "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,4,2,1\n");
    for (int t = 0; t < 3; t++) {
        desk_move(&on, "ab", t, 2);
        desk_issue(&on, "need", t + 1, 2);
    }
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 2);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* A reserve of 6 t at the depot: of 9 t, 2 leave on the first day and 3 on the second, so that it is not met at the
 * end. Sending all on the first day would take it below its level a day earlier. */
static void reserve(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,blue,9\n" DEMANDS
                         "one,b,fuel,blue,1,2,2,1\ntwo,b,fuel,blue,2,3,3,1\n"
                         "== reserves.csv\nsite,item,partner,quantity,priority\na,fuel,blue,6,2\n");
    on.flow.move_t[desk_move_at(&on, "ab", 0, "fuel", "blue")] = 2;
    on.flow.move_t[desk_move_at(&on, "ab", 1, "fuel", "blue")] = 3;
    desk_issue_of(&on, "one", 1, "fuel", "blue", 2);
    desk_issue_of(&on, "two", 2, "fuel", "blue", 3);
    settle(&on);
    double below_t[4];
    memcpy(below_t, on.settled.below_t, sizeof below_t);
    STORY_NEAR(below_t[0], 0);
    STORY_NEAR(below_t[1], 2);
    tidy(&on);
    for (int t = 0; t < 4; t++)
        STORY_NEAR(on.settled.below_t[t], below_t[t]);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* Where a saving shift raises the stock below a reserve, the reserve gains too: goods that go out in vain stay at home.
 */
static void reserve_gains(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,blue,9\n" DEMANDS "one,b,fuel,blue,1,2,2,1\n"
                         "== reserves.csv\nsite,item,partner,quantity,priority\na,fuel,blue,6,2\n");
    on.flow.move_t[desk_move_at(&on, "ab", 0, "fuel", "blue")] = 5;
    desk_issue_of(&on, "one", 1, "fuel", "blue", 2);
    settle(&on);
    STORY_NEAR(on.settled.below_t[0], 2);
    STORY_NEAR(on.settled.below_t[3], 2);
    tidy(&on);
    STORY_NEAR(on.settled.below_t[0], 0);
    STORY_NEAR(on.settled.below_t[3], 0);
    STORY_NEAR(on.settled.shortfall_part, 0);
    desk_close(&on);
}

/* One truck of 4 t is back after two days: the two trips of a day each fill it; they cannot be one. */
static void fleet(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,,road,1,4\n" LANES
                   "one,a,b,road,1,,2,truck\ntwo,a,b,road,1,,2,truck\n" STOCKS "a,fuel,,9\n" DEMANDS
                   "need,b,fuel,,3,4,6,1\n");
    desk_move(&on, "one", 0, 3);
    desk_move(&on, "two", 2, 2);
    desk_move(&on, "one", 2, 1);
    desk_issue(&on, "need", 3, 6);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 2);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* ---- several layers ---- */

/* Both roads are full with 5 t of both goods, and cost the same. Neither may change over alone; together they may. */
static void goods_change_places(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "one,a,b,road,1,5,2,\ntwo,a,b,road,1,5,2,\n" STOCKS "a,fuel,,5\na,water,,5\n" DEMANDS
                         "dry,b,fuel,,1,2,5,1\nwet,b,water,,1,2,5,1\n");
    desk_move(&on, "one", 0, 3);
    desk_move(&on, "two", 0, 2);
    desk_move_item(&on, "one", 0, "water", 2);
    desk_move_item(&on, "two", 0, "water", 3);
    desk_issue(&on, "dry", 1, 5);
    desk_issue_of(&on, "wet", 1, "water", NULL, 5);
    settle(&on);
    assert_int_equal(count_moves(&on), 4);
    tidy(&on);
    assert_int_equal(count_moves(&on), 2);
    STORY_NEAR(moved(&on, "one", 0) + moved_of(&on, "one", 0, "water"), 5);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

/* The same with goods of odd weights: quanta of the one are no multiple of the other's. */
static void odd_quanta(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, "== items.csv\nitem,class,unit,kg_per_unit\nfuel,III,drum,161.3\nwater,water,can,7.77\n" LANES
                   "one,a,b,road,1,5,2,\ntwo,a,b,road,1,4.98028,2,\n" STOCKS "a,fuel,,40\na,water,,900\n" DEMANDS
                   "dry,b,fuel,,1,2,30.9,1\nwet,b,water,,1,2,643,1\n");
    desk_move(&on, "one", 0, 3);
    desk_move(&on, "two", 0, 30.9 * 0.1613 - 3);
    desk_move_item(&on, "one", 0, "water", 2);
    desk_move_item(&on, "two", 0, "water", 643 * 0.00777 - 2);
    desk_issue(&on, "dry", 1, 30.9 * 0.1613);
    desk_issue_of(&on, "wet", 1, "water", NULL, 643 * 0.00777);
    settle(&on);
    tidy(&on);
    assert_true(count_moves(&on) <= 3);
    assert_true(moved(&on, "one", 0) + moved_of(&on, "one", 0, "water") <= 5 + 2e-6);
    assert_true(moved(&on, "two", 0) + moved_of(&on, "two", 0, "water") <= 4.98028 + 2e-6);
    desk_close(&on);
}

/* Blue's line gets fuel of blue's and of green's, which costs a charge and an agreement; blue has enough. */
static void owners_change_places(void **state)
{
    (void)state;
    desk on;
    desk_open(&on,
              LANES "ab,a,b,road,1,,2,\n" STOCKS "a,fuel,blue,4\na,fuel,green,4\n" DEMANDS "need,b,fuel,blue,1,2,4,1\n"
                    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t\nhelp,green,blue,item,*,3\n");
    on.flow.move_t[desk_move_at(&on, "ab", 0, "fuel", "blue")] = 2.5;
    on.flow.move_t[desk_move_at(&on, "ab", 0, "fuel", "green")] = 1.5;
    desk_issue_of(&on, "need", 1, "fuel", "blue", 2.5);
    desk_issue_of(&on, "need", 1, "fuel", "green", 1.5);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 1);
    STORY_NEAR(issued_of(&on, "need", 1, "blue"), 4);
    STORY_NEAR(issued_of(&on, "need", 1, "green"), 0);
    STORY_NEAR(on.before - on.settled.objective, 1.5 * on.net->weights.other);
    desk_close(&on);
}

/* ---- issues of next to nothing ---- */

/* A line that gets 5 t of its good and 0.4 kg of a substitute, which saves nothing: of its own good there is enough. */
static void dust_of_another(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, "== lanes.csv\nlane,from,to,mode,transit_days,cost_per_t\nab,a,b,road,1,2\n" STOCKS
                   "b,fuel,,9\nb,water,,9\n"
                   "== substitutes.csv\nitem,substitute,ratio\nfuel,water,1\n" DEMANDS "need,b,fuel,,1,2,5,1\n");
    desk_issue(&on, "need", 1, 4.9996);
    desk_issue_of(&on, "need", 1, "water", NULL, 0.0004);
    settle(&on);
    tidy(&on);
    STORY_NEAR(issued_of(&on, "need", 1, NULL), 5);
    STORY_NEAR(on.settled.short_t[1], 0);
    assert_true(on.settled.objective < on.before);
    desk_close(&on);
}

/* Of 4 t a line wants 6 on two days; it gets 3.9995 t on the one and 0.5 kg on the other. It lacks 2.0005 t on the one
 * and 5.9995 t on the other; 2 and 6 weigh the same. */
static void dust_of_another_day(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,,2,\n" STOCKS "b,fuel,,4\na,fuel,,1\n" DEMANDS "need,b,fuel,,1,3,6,1\n");
    desk_issue(&on, "need", 1, 0.0005);
    desk_issue(&on, "need", 2, 3.9995);
    desk_move(&on, "ab", 0, 0.1);
    desk_move(&on, "ab", 1, 0.2);
    settle(&on);
    /* what is saved on the way pays for holding it */
    tidy(&on);
    STORY_NEAR(issued_of(&on, "need", 1, NULL), 0);
    STORY_NEAR(issued_of(&on, "need", 2, NULL), 4);
    STORY_NEAR(on.settled.short_t[1], 6);
    STORY_NEAR(on.settled.short_t[2], 2);
    assert_true(on.settled.objective < on.before);
    desk_close(&on);
}

/* 10 million tonnes short weigh so much that 0.1 kg more is nothing beside what the detour's end saves. */
static void dust_left_out(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "one,a,b,road,1,,2,\ntwo,a,b,road,1,,3,\n" STOCKS "a,fuel,,9\nc,fuel,,0.0001\n" DEMANDS
                         "need,b,fuel,,1,2,4,1\nmuch,c,fuel,,1,2,10000000,1\n");
    desk_move(&on, "one", 0, 1);
    desk_move(&on, "two", 0, 3);
    desk_issue(&on, "need", 1, 4);
    desk_issue(&on, "much", 1, 0.0001);
    settle(&on);
    tidy(&on);
    STORY_NEAR(issued_of(&on, "much", 1, NULL), 0);
    assert_true(on.settled.short_t[ms_at(on.net, 1, 1)] >= 1e7);
    assert_true(on.settled.objective < on.before);
    desk_close(&on);
}

/* ---- nothing to do, and no memory to do it with ---- */

static void tidy_already(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,4,2,\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,3,4,1\n");
    desk_move(&on, "ab", 0, 4);
    desk_move(&on, "ab", 1, 4);
    desk_issue(&on, "need", 1, 4);
    desk_issue(&on, "need", 2, 4);
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 2);
    STORY_NEAR(moved(&on, "ab", 0), 4);
    STORY_NEAR(on.settled.objective, on.before);
    desk_close(&on);
}

static void nothing_moves(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "ab,a,b,road,1,4,2,\n");
    settle(&on);
    tidy(&on);
    assert_int_equal(count_moves(&on), 0);
    desk_close(&on);
}

/* Tidies what the flow settles to; where memory is short the settled flow must be as it was. */
static ms_status tidy_step(void *context)
{
    desk *on = context;
    ms_error err = {0};
    ms_settled was = on->settled;
    size_t count = ms_at(on->net, on->net->way_count, 0);
    int64_t moves[64];
    assert_true(count <= 64);
    memcpy(moves, on->settled.move_q, count * sizeof *moves);
    ms_status status = ms_tidy(&on->settled, on->net, true, &err);
    if (status != MS_OK) {
        assert_memory_equal(moves, on->settled.move_q, count * sizeof *moves);
        assert_true(was.objective >= on->settled.objective && was.objective <= on->settled.objective);
    }
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "one,a,b,road,1,5,2,\ntwo,a,b,road,1,5,2,\n" STOCKS "a,fuel,,5\na,water,,5\n" DEMANDS
                         "dry,b,fuel,,1,2,5,1\nwet,b,water,,1,2,5,1\n");
    desk_move(&on, "one", 0, 3);
    desk_move(&on, "two", 0, 2);
    desk_move_item(&on, "one", 0, "water", 2);
    desk_move_item(&on, "two", 0, "water", 3);
    desk_issue(&on, "dry", 1, 5);
    desk_issue_of(&on, "wet", 1, "water", NULL, 5);
    settle(&on);
    assert_true(each_refusal(tidy_step, &on) > 20);
    assert_int_equal(count_moves(&on), 2);
    desk_close(&on);
}

/* A made-up case where most limits bind: our own engine's plan, tidied, passes the check. */
static void made_up(void **state)
{
    (void)state;
    const ms_gen_options small = {.sites = 20, .lanes = 70, .items = 3, .days = 12, .partners = 2, .seed = 5};
    const ms_plan_options own = {.engine = MS_ENGINE_PRIMAL_DUAL, .gap = 1e-3, .threads = 1};
    const ms_plan_options exact = {.engine = MS_ENGINE_LP};
    ms_case *kase = NULL;
    ms_plan *plan = NULL, *vertex = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    assert_int_equal(ms_gen_write("case", &small, &err), MS_OK);
    assert_int_equal(ms_case_open(&kase, "case", &findings, &err), MS_OK);
    ms_findings_free(&findings);
    assert_int_equal(ms_plan_make(&plan, kase, &own, &err), MS_OK);
    assert_int_equal(ms_plan_make(&vertex, kase, &exact, &err), MS_OK);
    story_check(kase, plan, "plan");
    assert_true(plan->movement_count <= 2 * vertex->movement_count);
    ms_plan_free(vertex);
    ms_plan_free(plan);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parallel_roads),  cmocka_unit_test(dearer_road),
        cmocka_unit_test(full_road),       cmocka_unit_test(full_port),
        cmocka_unit_test(detour),          cmocka_unit_test(days_merge),
        cmocka_unit_test(stock_begins),    cmocka_unit_test(small_store),
        cmocka_unit_test(reserve),         cmocka_unit_test(reserve_gains),
        cmocka_unit_test(fleet),           cmocka_unit_test(goods_change_places),
        cmocka_unit_test(odd_quanta),      cmocka_unit_test(owners_change_places),
        cmocka_unit_test(dust_of_another), cmocka_unit_test(dust_of_another_day),
        cmocka_unit_test(dust_left_out),   cmocka_unit_test(tidy_already),
        cmocka_unit_test(nothing_moves),   cmocka_unit_test(memory_runs_short),
        cmocka_unit_test(made_up),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
