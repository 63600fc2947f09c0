/* test_explain.c: reasons on cases so small that the right answer is plain: the cause, and what easing it saves.
 *
 * The base of plan_story.h holds unless a text says otherwise: eta = 2.5e-5, a move 1e-4, one priority weighs 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plan/explain.h"
#include "plan_story.h"

#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day,fleet\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"
#define CONTINGENCIES "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
#define AGREEMENTS "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,from_day,to_day\n"

/* The one reason of a case with one shortfall. */
static ms_reason the_reason(story *of, const char *text, const char *contingency)
{
    const ms_explain_options options = {.verify = true};
    ms_reasons reasons = {0};
    ms_error err = {0};
    story_tell_when(of, text, contingency);
    assert_int_equal(ms_explain(&reasons, of->plan, &options, &err), MS_OK);
    assert_int_equal(reasons.count, 1);
    ms_reason reason = reasons.items[0];
    ms_reasons_free(&reasons);
    assert_true(reason.cause_count >= 1 && reason.cause_count <= MS_CAUSES);
    double sum = 0;
    for (int i = 0; i < reason.cause_count; i++)
        sum += reason.causes[i].share;
    assert_true(sum > 0 && sum < 1 + 1e-9);
    return reason;
}

static void assert_cause(const ms_reason *reason, ms_cause_kind kind, int32_t row_ix, int from, int to, bool closed)
{
    const ms_cause *cause = &reason->causes[0];
    if (cause->kind != kind || cause->row_ix != row_ix || cause->from_period != from || cause->to_period != to ||
        cause->closed != closed)
        fail_msg("the cause is kind %d, row %d, from %d to %d, closed %d", cause->kind, cause->row_ix,
                 cause->from_period, cause->to_period, cause->closed);
}

static void assert_saves(const ms_reason *reason, double eased_t, double saved_t)
{
    assert_true(reason->verified);
    STORY_NEAR(reason->eased_t, eased_t);
    STORY_NEAR(reason->saved_t[1], saved_t);
}

/* 5 t wanted on days 1 to 3, 3 t a day on the lane: 6 t short, because of the lane on days 0 to 2. A tonne a day more
 * on those days saves 3 t. */
static void lane(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of, LANES "ab,a,b,road,1,3,\n" STOCKS "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,4,5,1\n", NULL);
    assert_int_equal(reason.kind, MS_SHORT_DEMAND);
    assert_int_equal(reason.from_period, 1);
    assert_int_equal(reason.to_period, 4);
    STORY_NEAR(reason.short_t, 6);
    STORY_NEAR(reason.weight, 6);
    assert_cause(&reason, MS_CAUSE_LANE, 0, 0, 3, false);
    STORY_NEAR(reason.causes[0].share, 1);
    assert_saves(&reason, 1, 3);
    story_close(&of);
}

/* What one tonne a day more is worth over the whole horizon, in that case: its price on day t is 1 - 1e-4 - eta, and
 * the holding it saves at a, (4 - t) eta: together 3 - 3e-4 - 3 eta + 9 eta = 2.99985. */
static void bottleneck(void **state)
{
    (void)state;
    story of;
    ms_bottleneck *rows = NULL;
    size_t count = 0;
    ms_error err = {0};
    story_tell(&of, LANES "ab,a,b,road,1,3,\n" STOCKS "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,4,5,1\n");
    assert_int_equal(ms_explain_bottlenecks(&rows, &count, of.plan, &err), MS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].kind, MS_CAUSE_LANE);
    assert_int_equal(rows[0].first_period, 0);
    assert_int_equal(rows[0].last_period, 2);
    assert_int_equal(rows[0].binding_count, 3);
    STORY_NEAR(rows[0].worth, 2.99985);
    ms_free(rows);
    story_close(&of);
}

/* In half days a tonne a day is half a tonne a period: 2 days, capacity 3 t a day, 5 t wanted on day 1 in periods 2 and
 * 3, sent in 0 and 1: two prices next to 1 make a worth next to 1. */
static void bottleneck_in_half_days(void **state)
{
    (void)state;
    story of;
    ms_bottleneck *rows = NULL;
    size_t count = 0;
    ms_error err = {0};
    story_tell(
        &of, "== case.json\n{\"name\": \"half\", \"start\": \"2030-06-01\", \"days\": 2, \"period_hours\": 12}\n" LANES
             "ab,a,b,road,1,3,\n" STOCKS "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,2,5,1\n");
    assert_int_equal(ms_explain_bottlenecks(&rows, &count, of.plan, &err), MS_OK);
    assert_int_equal(count, 1);
    assert_true(fabs(rows[0].worth - 1) < 1e-3);
    ms_free(rows);
    story_close(&of);
}

/* A lane that a contingency closes: 4 t short, and closed. A tonne on the day that counts saves one. */
static void closed_lane(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  LANES "ab,a,b,road,1,,\n" STOCKS "a,fuel,blue,50\n" DEMANDS
                                        "need,b,fuel,blue,1,2,4,1\n" CONTINGENCIES "slide,0,4,lane,ab,close,\n",
                                  "slide");
    assert_cause(&reason, MS_CAUSE_LANE, 0, 0, 1, true);
    assert_saves(&reason, 1, 1);
    story_close(&of);
}

/* b's port handles 3 t a day, in and out: 3 of 5 t arrive. */
static void handling(void **state)
{
    (void)state;
    story of;
    const char *const text = "== sites.csv\nsite,partner,kind,handling_t_per_day\na,,depot,\nb,,port,3\n" LANES
                             "ab,a,b,road,1,,\n" STOCKS "a,fuel,blue,50\n" DEMANDS
                             "need,b,fuel,blue,1,4,5,1\n" CONTINGENCIES "strike,0,4,site,b,close,\n";
    ms_reason reason = the_reason(&of, text, NULL);
    assert_cause(&reason, MS_CAUSE_HANDLING, 1, 1, 4, false);
    assert_saves(&reason, 1, 3);
    story_close(&of);
    reason = the_reason(&of, text, "strike");
    assert_cause(&reason, MS_CAUSE_HANDLING, 1, 1, 4, true);
    assert_saves(&reason, 1, 3);
    story_close(&of);
}

/* 5 t come to b on day 0, which holds 3 t, and are wanted on day 3: 2 t short, for want of room on days 0 to 2. 10 t
 * more room save them. */
static void storage(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of,
        "== sites.csv\nsite,partner,kind,storage_t\nb,,unit,3\n"
        "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,fuel,blue,0,1,5\n" DEMANDS
        "need,b,fuel,blue,3,4,5,1\n",
        NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_STORAGE);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_false(reason.causes[0].closed);
    assert_saves(&reason, 10, 2);
    story_close(&of);
}

/* One truck of 4 t, two periods away: 4 of 12 t short on day 2. 10 t of payload more save them. */
static void fleet(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,,road,1,4\n" LANES
                                  "ab,a,b,road,1,,truck\n" STOCKS "a,fuel,blue,20\n" DEMANDS
                                  "need,b,fuel,blue,1,4,4,1\n",
                                  NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_FLEET);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_saves(&reason, 10, 4);
    story_close(&of);
}

/* Green's 10 t, of which an agreement opens 4: 2 of 6 short; 2 t more save 2. With a limit of nothing it counts as
 * closed. */
static void agreement_full(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of, AGREEMENTS "loan,green,blue,item,*,4,,\n" STOCKS "b,fuel,green,10\n" DEMANDS "need,b,fuel,blue,0,1,6,1\n",
        NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_AGREEMENT);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_false(reason.causes[0].closed);
    assert_saves(&reason, 2, 2);
    story_close(&of);
    reason = the_reason(
        &of, AGREEMENTS "loan,green,blue,item,*,0,,\n" STOCKS "b,fuel,green,10\n" DEMANDS "need,b,fuel,blue,0,1,6,1\n",
        NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_AGREEMENT);
    assert_true(reason.causes[0].closed);
    assert_saves(&reason, 6, 6);
    story_close(&of);
}

/* A lift agreement of 4 t is full: 2 of 6 t short. */
static void lift_full(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  AGREEMENTS
                                  "ride,green,blue,lift,*,4,,\n"
                                  "== lanes.csv\nlane,from,to,mode,transit_days,partner\nab,a,b,road,1,green\n" STOCKS
                                  "a,fuel,blue,10\n" DEMANDS "need,b,fuel,blue,1,2,6,1\n",
                                  NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_AGREEMENT);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_saves(&reason, 2, 2);
    story_close(&of);
}

/* An agreement that holds from day 2 on, for a need on day 0: closed then, and a greater limit saves nothing, so
 * nothing is claimed to be verified. */
static void agreement_not_in_force(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of, AGREEMENTS "loan,green,blue,item,*,,2,\n" STOCKS "b,fuel,green,10\n" DEMANDS "need,b,fuel,blue,0,1,6,1\n",
        NULL);
    assert_cause(&reason, MS_CAUSE_AGREEMENT, 0, 0, 1, true);
    assert_false(reason.verified);
    story_close(&of);
}

/* 5 t, a reserve of 4 t that weighs ten times as much: 2 of 3 t short. 2 t less in reserve save them. */
static void reserve(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of,
        STOCKS "b,fuel,blue,5\n"
               "== reserves.csv\nsite,item,partner,quantity,days,priority\nb,fuel,blue,4,,1\n" DEMANDS
               "need,b,fuel,blue,0,1,3,2\n",
        NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_RESERVE);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_true(reason.verified);
    STORY_NEAR(reason.eased_t, 2);
    STORY_NEAR(reason.saved_t[2], 2);
    story_close(&of);
}

/* A reserve that is not filled is a shortfall too: 2 t below for 4 days, for want of stock. 2 t more save 8 t days. */
static void reserve_short(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  STOCKS
                                  "b,fuel,blue,5\n"
                                  "== reserves.csv\nsite,item,partner,quantity,days,priority\nb,fuel,blue,7,,1\n",
                                  NULL);
    assert_int_equal(reason.kind, MS_SHORT_RESERVE);
    STORY_NEAR(reason.short_t, 2);
    assert_true(reason.causes[0].kind == MS_CAUSE_STOCK || reason.causes[0].kind == MS_CAUSE_RESERVE);
    story_close(&of);
}

/* 10 t wanted, 4 t there: fuel is what there is too little of; 6 t more of it save 6. */
static void stock(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of, LANES "ab,a,b,road,1,,\n" STOCKS "a,fuel,blue,4\n" DEMANDS "need,b,fuel,blue,1,2,10,1\n", NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_STOCK);
    assert_int_equal(reason.causes[0].row_ix, 0);
    assert_saves(&reason, 6, 6);
    story_close(&of);
}

/* The lane takes 3 days: nothing is at b before day 3, and it is wanted on day 1. */
static void transit(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(
        &of, LANES "ab,a,b,road,3,,\n" STOCKS "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,2,10,1\n", NULL);
    assert_cause(&reason, MS_CAUSE_TRANSIT, 0, 3, 4, false);
    assert_false(reason.verified);
    story_close(&of);
}

/* No lane at all; and one, but of Green's, with no agreement. */
static void no_way(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of, STOCKS "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,2,10,1\n", NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_NO_WAY);
    assert_false(reason.verified);
    story_close(&of);
    reason = the_reason(&of,
                        "== lanes.csv\nlane,from,to,mode,transit_days,partner\nab,a,b,road,1,green\n" STOCKS
                        "a,fuel,blue,50\n" DEMANDS "need,b,fuel,blue,1,2,10,1\n",
                        NULL);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_NO_WAY);
    story_close(&of);
}

/* A broken commitment: the stock it should leave from. */
static void commitment(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  LANES "ab,a,b,road,1,,\n" STOCKS "a,fuel,blue,1\n"
                                        "== commitments.csv\nlane,item,partner,depart_day,quantity\nab,fuel,blue,0,3\n",
                                  NULL);
    assert_int_equal(reason.kind, MS_SHORT_COMMITMENT);
    assert_cause(&reason, MS_CAUSE_STOCK, 0, 0, 1, false);
    STORY_NEAR(reason.short_t, 2);
    story_close(&of);
}

/* Worst first, at most so many, by a pattern, and neighbouring periods joined, others apart. */
static void which(void **state)
{
    (void)state;
    ms_reasons reasons = {0};
    ms_error err = {0};
    story of;
    story_tell(&of, DEMANDS "one,b,fuel,blue,0,2,1,2\ntwo,b,fuel,blue,1,2,1,1\ntwo-b,c,fuel,blue,3,4,5,2\n" STOCKS
                            "b,water,blue,1\n");
    ms_explain_options options = {0};
    assert_int_equal(ms_explain(&reasons, of.plan, &options, &err), MS_OK);
    assert_int_equal(reasons.count, 3);
    assert_int_equal(reasons.items[0].row_ix, 1); /* 1 t of priority 1: 10 */
    assert_int_equal(reasons.items[1].row_ix, 2); /* 5 */
    assert_int_equal(reasons.items[2].to_period - reasons.items[2].from_period, 2);
    ms_reasons_free(&reasons);
    options = (ms_explain_options){.demand = "two*", .most = 1};
    assert_int_equal(ms_explain(&reasons, of.plan, &options, &err), MS_OK);
    assert_int_equal(reasons.count, 1);
    assert_int_equal(reasons.items[0].row_ix, 1);
    ms_reasons_free(&reasons);
    options = (ms_explain_options){.demand = "three"};
    assert_int_equal(ms_explain(&reasons, of.plan, &options, &err), MS_OK);
    assert_int_equal(reasons.count, 0);
    ms_reasons_free(&reasons);
    story_close(&of);
}

/* Two departures that arrive together, under a delay: the reason follows the one that was cheaper. On day 0 the lane
 * takes 3 days, on day 1 two, so both arrive on day 3, when 9 t are wanted; 3 t a day go: 3 short. */
static void arriving_together(void **state)
{
    (void)state;
    story of;
    ms_reason reason = the_reason(&of,
                                  LANES "ab,a,b,road,1,3,\n" STOCKS "a,fuel,blue,50\n" DEMANDS
                                        "need,b,fuel,blue,3,4,12,1\n" CONTINGENCIES
                                        "mud,0,1,lane,ab,delay,2\nmud,1,2,lane,ab,delay,1\n",
                                  "mud");
    STORY_NEAR(reason.short_t, 3);
    assert_int_equal(reason.causes[0].kind, MS_CAUSE_LANE);
    assert_saves(&reason, 1, 1);
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lane),
        cmocka_unit_test(bottleneck),
        cmocka_unit_test(bottleneck_in_half_days),
        cmocka_unit_test(closed_lane),
        cmocka_unit_test(handling),
        cmocka_unit_test(storage),
        cmocka_unit_test(fleet),
        cmocka_unit_test(agreement_full),
        cmocka_unit_test(lift_full),
        cmocka_unit_test(agreement_not_in_force),
        cmocka_unit_test(reserve),
        cmocka_unit_test(reserve_short),
        cmocka_unit_test(stock),
        cmocka_unit_test(transit),
        cmocka_unit_test(no_way),
        cmocka_unit_test(commitment),
        cmocka_unit_test(which),
        cmocka_unit_test(arriving_together),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
