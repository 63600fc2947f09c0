/* test_replan.c: plans taken up again in the middle: what is left of the case, which orders change, and that every new
 * plan passes the check.
 *
 * The base of plan_story.h holds unless a text says otherwise. Blue has 20 t of fuel at a; b is a day away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../random_case.h"
#include "plan_story.h"
#include "stress/replan.h"
#include "stress/residual.h"

#define STOCKS "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,20\n"
#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t\n"
#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define EVENTS "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
#define BACKORDER                                                                              \
    "== items.csv\nitem,class,unit,kg_per_unit,backorder\nfuel,III,t,1000,yes\nwater,water,t," \
    "1000,no\n"

/* Takes the story's plan up; fails the test when that fails, or when the check finds something. */
static ms_replan *take_up(const story *of, double day, const char *id)
{
    ms_replan *r = NULL;
    ms_error err = {0};
    const ms_replan_options options = {
        .at_day = day, .contingencies = &id, .contingency_count = id != NULL, .engine = MS_ENGINE_LP, .gap = 1e-9};
    if (ms_replan_make(&r, of->plan, &options, &err) != MS_OK)
        fail_msg("replan: %s", err.message);
    story_check(r->kase, r->plan, "again");
    return r;
}

static double short_at(const ms_plan *plan, const char *demand, int period)
{
    for (size_t i = 0; i < plan->shortfall_count; i++)
        if (plan->shortfalls[i].kind == MS_SHORT_DEMAND && plan->shortfalls[i].period == period &&
            strcmp(plan->kase->demands[plan->shortfalls[i].row_ix].id, demand) == 0)
            return plan->shortfalls[i].quantity;
    return 0;
}

static double stock_at(const ms_case *kase, const char *site)
{
    double sum = 0;
    for (int32_t i = 0; i < kase->stocks_count; i++)
        if (strcmp(kase->sites[kase->stocks[i].site_ix].id, site) == 0)
            sum += kase->stocks[i].quantity;
    return sum;
}

static void assert_change(const ms_replan *r, size_t ix, ms_change_kind kind, const char *lane, int period,
                          const char *to_lane, int to_period, double quantity)
{
    assert_true(ix < r->changes.count);
    const ms_change *c = &r->changes.rows[ix];
    assert_int_equal(c->kind, kind);
    assert_int_equal(c->period, period);
    assert_int_equal(c->to_period, to_period);
    STORY_NEAR(c->quantity, quantity);
    assert_string_equal(c->lane_ix < 0 ? "" : r->kase->lanes[c->lane_ix].id, lane);
    assert_string_equal(c->to_lane_ix < 0 ? "" : r->kase->lanes[c->to_lane_ix].id, to_lane);
}

/* 3 t a day go for b's 3 t on days 1 to 3, as many as the lane takes: on days 0, 1, 2. */
#define STREAM LANES "ab,a,b,road,1,3,\n" STOCKS DEMANDS "need,b,fuel,blue,1,,3,1\n"

/* At the start of day 2: 20 - 3 - 3 t at a, 3 t under way since day 1, 2 days to go. */
static void what_is_left(void **state)
{
    (void)state;
    story of;
    ms_case *rest = NULL;
    ms_error err = {0};
    story_tell(&of, STREAM);
    assert_int_equal(ms_residual_case(&rest, of.plan, 2, &err), MS_OK);
    STORY_NEAR(rest->days, 2);
    STORY_NEAR(stock_at(rest, "a"), 14);
    STORY_NEAR(stock_at(rest, "b"), 0);
    assert_int_equal(rest->commitments_count, 1);
    STORY_NEAR(rest->commitments[0].quantity, 3);
    STORY_NEAR(rest->commitments[0].depart_day, -1);
    STORY_NEAR(ms_case_demand(rest, 0, 0), 3);
    STORY_NEAR(ms_case_demand(rest, 0, 1), 3);
    assert_string_equal(rest->name, "story, from 2030-06-03");
    ms_case_free(rest);
    story_close(&of);
}

/* With nothing new nothing changes: 3 t leave on days 1 and 2 as ordered. */
static void no_news(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STREAM);
    ms_replan *r = take_up(&of, 1, NULL);
    assert_int_equal(r->changes.count, 0);
    STORY_NEAR(r->changes.ordered_t, 6);
    STORY_NEAR(r->changes.kept_t, 6);
    STORY_NEAR(r->plan->shortfall_part, 0);
    ms_replan_free(r);
    story_close(&of);
}

/* The lane is cut from day 1 on. What left on day 0 arrives; 3 t each on days 1 and 2 are cancelled, and 3 t each fall
 * short on days 2 and 3, which are days 1 and 2 of the new case. The old orders come to the same. */
static void cancelled(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STREAM EVENTS "cut,1,,lane,ab,close,\n");
    ms_replan *r = take_up(&of, 1, "cut");
    assert_int_equal(r->changes.count, 2);
    assert_change(r, 0, MS_CHANGE_CANCEL, "ab", 1, "", -1, 3);
    assert_change(r, 1, MS_CHANGE_CANCEL, "ab", 2, "", -1, 3);
    STORY_NEAR(short_at(r->plan, "need", 0), 0);
    STORY_NEAR(short_at(r->plan, "need", 1), 3);
    STORY_NEAR(short_at(r->plan, "need", 2), 3);
    STORY_NEAR(short_at(r->unchanged, "need", 1), 3);
    ms_replan_free(r);
    story_close(&of);
}

/* A dearer lane, as narrow, leads to b too: what was to leave by ab goes by it, on the same days. The old orders would
 * fall short by 6 t, the new plan by nothing. */
static void diverted(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,3,1\nhill,a,b,road,1,3,5\n" STOCKS DEMANDS "need,b,fuel,blue,1,,3,1\n" EVENTS
                          "cut,1,,lane,ab,close,\n");
    ms_replan *r = take_up(&of, 1, "cut");
    assert_int_equal(r->changes.count, 2);
    assert_change(r, 0, MS_CHANGE_DIVERT, "ab", 1, "hill", 1, 3);
    assert_change(r, 1, MS_CHANGE_DIVERT, "ab", 2, "hill", 2, 3);
    STORY_NEAR(r->plan->shortfall_part, 0);
    STORY_NEAR(short_at(r->unchanged, "need", 1) + short_at(r->unchanged, "need", 2), 6);
    ms_replan_free(r);
    story_close(&of);
}

/* Closed on day 1 alone, for an item that may come late: its 3 t leave on day 2, beside the 3 t of that day. Owed: 3 t
 * for one day. */
static void delayed(void **state)
{
    (void)state;
    story of;
    story_tell(&of, BACKORDER LANES "ab,a,b,road,1,6,\n" STOCKS DEMANDS "need,b,fuel,blue,1,,3,1\n" EVENTS
                                    "cut,1,2,lane,ab,close,\n"
                                    "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,0\n");
    ms_replan *r = take_up(&of, 1, "cut");
    assert_int_equal(r->changes.count, 1);
    assert_change(r, 0, MS_CHANGE_DELAY, "ab", 1, "ab", 2, 3);
    STORY_NEAR(short_at(r->plan, "need", 1), 3);
    STORY_NEAR(short_at(r->plan, "need", 2), 0);
    ms_replan_free(r);
    story_close(&of);
}

/* The one ship leaves on day 0 with 8 t and would be at b on day 2; half the fleet, and half of the cargo, is lost on
 * day 1. The plan taken up on day 1 has 8 t under way and the contingency to come: 4 t arrive, 4 are short. */
static void lost_at_sea(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\nships,,sea,2,4\n"
                    "== lanes.csv\nlane,from,to,mode,transit_days,fleet\nab,a,b,sea,2,ships\n" STOCKS DEMANDS
                    "need,b,fuel,blue,2,3,8,1\n" EVENTS "mine,1,,fleet,ships,lose,0.5\n");
    STORY_NEAR(of.plan->shortfall_part, 0);
    ms_replan *r = take_up(&of, 1, "mine");
    STORY_NEAR(r->kase->commitments[0].quantity, 8);
    STORY_NEAR(ms_case_commitment_share(r->plan->kase, 0), 0.5);
    STORY_NEAR(short_at(r->plan, "need", 1), 4);
    ms_replan_free(r);
    /* On day 2 the loss is done: 4 t are under way, and nothing is left to lose. The news came a day late. */
    r = take_up(&of, 2, "mine");
    STORY_NEAR(r->kase->commitments[0].quantity, 4);
    STORY_NEAR(ms_case_commitment_share(r->plan->kase, 0), 1);
    STORY_NEAR(ms_case_fleet_vehicles(r->plan->kase, 0, 0), 1);
    STORY_NEAR(short_at(r->plan, "need", 0), 4);
    ms_replan_free(r);
    story_close(&of);
}

/* The lane was cut on day 1 and the plan is taken up on day 2: what was to leave on day 1 has not. 20 - 3 t are at a,
 * and nothing is under way. */
static void began_before(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STREAM EVENTS "cut,1,2,lane,ab,close,\n");
    ms_replan *r = take_up(&of, 2, "cut");
    STORY_NEAR(stock_at(r->kase, "a"), 17);
    assert_int_equal(r->kase->commitments_count, 0);
    STORY_NEAR(short_at(r->plan, "need", 0), 3);
    STORY_NEAR(short_at(r->plan, "need", 1), 0);
    assert_int_equal(r->changes.count, 0);
    ms_replan_free(r);
    story_close(&of);
}

/* The lane takes 2 t a day of 3 wanted and owed: 3 t owed at the end of day 0, 4 of day 1, 5 of day 2. Taken up on day
 * 2, 4 t are wanted at once behind the 3 t of the day, in a row of their own. What is left of the objective is the
 * same as in the old plan: it owes 5 t and 6 t. Taken up again a day later the row has all that is owed, 5 t. */
static void owed(void **state)
{
    (void)state;
    story of;
    ms_case *later = NULL;
    ms_error err = {0};
    story_tell(&of, BACKORDER LANES "ab,a,b,road,1,2,\n" STOCKS DEMANDS "need,b,fuel,blue,0,,3,1\n");
    STORY_NEAR(story_short(&of, "need", 1), 4);
    ms_replan *r = take_up(&of, 2, NULL);
    assert_int_equal(r->kase->demands_count, 2);
    assert_string_equal(r->kase->demands[1].id, "need-owed");
    STORY_NEAR(ms_case_demand(r->kase, 1, 0), 4);
    STORY_NEAR(ms_case_demand(r->kase, 1, 1), 0);
    STORY_NEAR(short_at(r->plan, "need", 0) + short_at(r->plan, "need-owed", 0), story_short(&of, "need", 2));
    STORY_NEAR(short_at(r->plan, "need", 1) + short_at(r->plan, "need-owed", 1), story_short(&of, "need", 3));
    STORY_NEAR(short_at(r->unchanged, "need", 1) + short_at(r->unchanged, "need-owed", 1), 6);
    assert_int_equal(ms_residual_case(&later, r->plan, 1, &err), MS_OK);
    assert_int_equal(later->demands_count, 2);
    STORY_NEAR(ms_case_demand(later, 0, 0), 3);
    STORY_NEAR(ms_case_demand(later, 1, 0), 5);
    ms_case_free(later);
    ms_replan_free(r);
    story_close(&of);
}

/* A surge of all demands strikes what is wanted, not what is owed: the pattern becomes the ids that it was meant for.
 */
static void surge(void **state)
{
    (void)state;
    story of;
    story_tell(&of, BACKORDER LANES "ab,a,b,road,1,2,\n" STOCKS DEMANDS "need,b,fuel,blue,0,,3,1\n" EVENTS
                                    "surge,2,,demand,*,scale,2\n");
    ms_replan *r = take_up(&of, 2, "surge");
    STORY_NEAR(ms_case_demand(r->plan->kase, 0, 0), 6);
    STORY_NEAR(ms_case_demand(r->plan->kase, 1, 0), 4);
    ms_replan_free(r);
    story_close(&of);
}

/* Green lends at most 7 t, 2 t a day: 4 t are used by the end of day 1, and 3 t are left of the limit. */
static void agreement_used(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== agreements.csv\nagreement,provider,receiver,kind,limit_t\nloan,green,blue,item,7\n"
                    "== stocks.csv\nsite,item,partner,quantity\nb,fuel,green,20\n" DEMANDS "need,b,fuel,blue,0,,2,1\n");
    ms_replan *r = take_up(&of, 2, NULL);
    STORY_NEAR(r->kase->agreements[0].limit_t, 3);
    STORY_NEAR(short_at(r->plan, "need", 1), 1);
    ms_replan_free(r);
    story_close(&of);
}

/* The old plan knew that ab is slow on day 0: what leaves then takes 3 days. Taken up on day 1 it is still to arrive on
 * day 3, by a lane of its own that nothing else can use. */
static void slowed(void **state)
{
    (void)state;
    story of;
    story_tell_when(&of,
                    LANES "ab,a,b,road,1,5,\n" STOCKS DEMANDS "need,b,fuel,blue,3,,5,1\n" EVENTS
                          "slow,0,1,lane,*,delay,2\nslow,1,,lane,a*,close,\n",
                    "slow");
    ms_replan *r = take_up(&of, 1, NULL);
    assert_int_equal(r->kase->lanes_count, 2);
    assert_string_equal(r->kase->lanes[1].id, "ab-late-2");
    STORY_NEAR(r->kase->commitments[0].quantity, 5);
    assert_int_equal(ms_case_commitment_arrives(r->plan->kase, 0), 2);
    STORY_NEAR(ms_case_lane_capacity_t(r->plan->kase, 0, 0), 0);
    STORY_NEAR(r->plan->shortfall_part, 0);
    ms_replan_free(r);
    story_close(&of);
}

/* A lane of no days takes one all the same, and slowed by two days it takes two: what leaves on day 0 arrives on day
 * 2, though the lane's own days and the period more are but one. */
static void slowed_from_nothing(void **state)
{
    (void)state;
    story of;
    story_tell_when(&of,
                    LANES "ab,a,b,road,0,5,\n" STOCKS DEMANDS "need,b,fuel,blue,2,3,5,1\n" EVENTS
                          "slow,0,1,lane,ab,delay,2\nslow,1,,lane,ab,close,\n",
                    "slow");
    ms_replan *r = take_up(&of, 1, NULL);
    assert_int_equal(ms_case_commitment_arrives(r->plan->kase, 0), 1);
    STORY_NEAR(r->plan->shortfall_part, 0);
    ms_replan_free(r);
    story_close(&of);
}

/* Supplies of 4 t on days 0 and 1 were put off by 2 days; on day 1 both are still to come, on days 2 and 3, which are 1
 * and 2 of what is left. */
static void put_off(void **state)
{
    (void)state;
    story of;
    ms_case *rest = NULL;
    ms_error err = {0};
    story_tell_when(&of,
                    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\na,fuel,blue,0,2,4\n" DEMANDS
                    "need,a,fuel,blue,2,,4,1\n" EVENTS "strike,0,2,supply,*,delay,2\n",
                    "strike");
    assert_int_equal(ms_residual_case(&rest, of.plan, 1, &err), MS_OK);
    double comes[3] = {0};
    for (int32_t i = 0; i < rest->supplies_count; i++)
        for (int t = 0; t < 3; t++)
            comes[t] += ms_case_supply(rest, i, t);
    STORY_NEAR(comes[0], 0);
    STORY_NEAR(comes[1], 4);
    STORY_NEAR(comes[2], 4);
    assert_int_equal(rest->contingencies_count, 0);
    ms_case_free(rest);
    story_close(&of);
}

/* What cannot be asked for is said. */
static void refusals(void **state)
{
    (void)state;
    story of;
    const char *const known = "cut", *const unknown = "cup";
    const struct {
        double day;
        const char *const *id;
        const char *says;
    } asked[] = {{4, NULL, "not within the case"},
                 {-1, NULL, "not within the case"},
                 {1.5, NULL, "day 1 or 2, not 1.5"},
                 {1, &unknown, "did you mean \"cut\""},
                 {1, &known, "was made with \"cut\" already"}};
    story_tell_when(&of, STREAM EVENTS "cut,1,2,lane,ab,close,\n", "cut");
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        ms_replan *r = NULL;
        ms_error err = {0};
        const ms_replan_options options = {
            .at_day = asked[i].day, .contingencies = asked[i].id, .contingency_count = asked[i].id != NULL};
        assert_int_equal(ms_replan_make(&r, of.plan, &options, &err), MS_USAGE);
        if (strstr(err.message, asked[i].says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.message, asked[i].says);
        assert_null(r);
    }
    story_close(&of);
}

/* ---- random cases ---- */

/* The days on which a plan can be taken up, half-way and later. */
static bool may_take_up(const ms_case *kase, double *day)
{
    int period = ms_residual_period_before(kase, kase->days / 2);
    *day = period * kase->period_days;
    return period > 0;
}

static void take_up_random(uint64_t seed, int *taken)
{
    static random_case rc;
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    story of = {0};
    char name[64];
    double day;
    snprintf(name, sizeof name, "random-%llu", (unsigned long long)seed);
    random_case_draw(&rc, seed, random_case_features(seed) | RANDOM_EVENTS);
    assert_int_equal(random_case_write(name, &rc, &err), MS_OK);
    assert_int_equal(ms_case_open(&kase, name, &findings, &err), MS_OK);
    ms_findings_free(&findings);
    const char *id = random_case_contingency;
    bool happens = ms_case_find_contingency(kase, id) >= 0, known_before = happens && seed % 3 == 0;
    const ms_plan_options options = {
        .engine = MS_ENGINE_LP, .contingencies = &id, .contingency_count = known_before ? 1 : 0};
    if (ms_plan_make(&of.plan, kase, &options, &err) != MS_OK)
        fail_msg("seed %llu: %s", (unsigned long long)seed, err.message);
    of.kase = kase;
    if (may_take_up(kase, &day)) {
        ms_replan *r = take_up(&of, day, happens && !known_before ? id : NULL);
        if (r->plan->objective > r->unchanged->objective + 1e-6 * fabs(r->unchanged->objective) + 1e-6)
            fail_msg("seed %llu: the new plan weighs %.12g, the old orders %.12g", (unsigned long long)seed,
                     r->plan->objective, r->unchanged->objective);
        ms_replan_free(r);
        ++*taken;
    }
    story_close(&of);
}

/* Every new plan passes the check and is no worse than the old orders. */
static void random_cases(void **state)
{
    (void)state;
    int taken = 0;
    for (uint64_t seed = 1; seed <= 30; seed++)
        take_up_random(seed, &taken);
    assert_true(taken > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left),   cmocka_unit_test(no_news),  cmocka_unit_test(cancelled),
        cmocka_unit_test(diverted),       cmocka_unit_test(delayed),  cmocka_unit_test(lost_at_sea),
        cmocka_unit_test(began_before),   cmocka_unit_test(owed),     cmocka_unit_test(surge),
        cmocka_unit_test(agreement_used), cmocka_unit_test(slowed),   cmocka_unit_test(slowed_from_nothing),
        cmocka_unit_test(put_off),        cmocka_unit_test(refusals), cmocka_unit_test(random_cases),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
