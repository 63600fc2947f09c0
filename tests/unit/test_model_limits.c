/* test_model_limits.c: C3, C4, C6 and C9 of docs/model.md by hand: lanes, handling, fleets, carriage.
 *
 * The base of plan_story.h holds unless a text says otherwise: eta = 2.5e-5, a move 1e-4, one priority weighs 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plan_story.h"

#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day,fleet,carries\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"

/* C3. b wants 5 t on days 1 to 3, the lane takes 3 t a day: 2 t short each day. Of a's 10 t 1 t is left over. Held at
 * the ends of days 0 to 3: 10, 7, 4, 1. Objective 6 + 9e-4 + 22 eta = 6.00145. */
static void lane(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,3,,\n" STOCKS "a,fuel,blue,10\n" DEMANDS "need,b,fuel,blue,1,4,5,1\n");
    for (int t = 0; t < 3; t++) {
        STORY_NEAR(story_moved(&of, "ab", t), 3);
        STORY_NEAR(story_short(&of, "need", t + 1), 2);
    }
    STORY_NEAR(of.plan->objective, 6.00145);
    story_close(&of);
}

/* C3 by the period: in half days 3 t a day are 1.5 t a period. 2 days, H = 4: departures in periods 0 and 1 arrive a
 * day later, in 2 and 3: 3 t of the 5 t a day wanted on day 1. 2 t short. Held 3 t for 2 or 3 half days and what is
 * left at a: 7 t are there for all 2 days, at 1e-4 / 2 a day: 10 + 10 + 10 + 8.5 - 1.5 ... the tonnes at the ends of
 * periods 0 to 3 are 10, 10, 8.5, 7: 35.5 x 2.5e-5. Objective 2 + 3e-4 + 8.875e-4. */
static void lane_in_half_days(void **state)
{
    (void)state;
    story of;
    story_tell(
        &of, "== case.json\n{\"name\": \"half\", \"start\": \"2030-06-01\", \"days\": 2, \"period_hours\": 12}\n" LANES
             "ab,a,b,road,1,3,,\n" STOCKS "a,fuel,blue,10\n" DEMANDS "need,b,fuel,blue,1,2,5,1\n");
    STORY_NEAR(story_moved(&of, "ab", 0), 1.5);
    STORY_NEAR(story_moved(&of, "ab", 1), 1.5);
    STORY_NEAR(story_short(&of, "need", 2), 1);
    STORY_NEAR(story_short(&of, "need", 3), 1);
    STORY_NEAR(of.plan->objective, 2 + 3e-4 + 35.5 * 2.5e-5);
    story_close(&of);
}

/* C3, a lane of capacity 0, and one that arrives behind the horizon, carry nothing: 5 t short. */
static void lane_of_no_use(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,0,,\nslow,a,b,road,3.1,,,\n" STOCKS "a,fuel,blue,10\n" DEMANDS
                          "need,b,fuel,blue,3,4,5,1\n");
    assert_int_equal(of.plan->movement_count, 0);
    STORY_NEAR(of.plan->objective, 5 + 40 * 2.5e-5);
    story_close(&of);
}

/* C4. All goes through b, which handles 4 t a day, in and out counted: c wants 10 t on day 3, so b takes in on days 1
 * and 2 and sends on on days 1 and 2: in + out <= 8 and out <= in: 4 t. Held, wherever: 10, 10, 10, 6. Objective 6 + 8
 * moves x 1e-4 + 36 eta = 6.0017. */
static void handling(void **state)
{
    (void)state;
    story of;
    story_tell(&of,
               "== sites.csv\nsite,partner,kind,handling_t_per_day\na,,depot,\nb,,port,4\nc,,unit,\n" LANES
               "ab,a,b,road,1,,,\nbc,b,c,road,1,,,\n" STOCKS "a,fuel,blue,10\n" DEMANDS "need,c,fuel,blue,3,4,10,1\n");
    STORY_NEAR(story_short(&of, "need", 3), 6);
    STORY_NEAR(of.plan->objective, 6.0017);
    story_close(&of);
}

/* C4 does not count issues: b handles nothing, but issues the 4 t that lie there. */
static void issues_need_no_handling(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== sites.csv\nsite,partner,kind,handling_t_per_day\na,,depot,\nb,,port,0\n" LANES
                    "ab,a,b,road,1,,,\n" STOCKS "a,fuel,blue,10\nb,fuel,blue,4\n" DEMANDS "need,b,fuel,blue,1,2,5,1\n");
    STORY_NEAR(story_issued(&of, "need", 1, "fuel"), 4);
    STORY_NEAR(story_short(&of, "need", 1), 1);
    story_close(&of);
}

static const char one_truck[] =
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t,turn_days\ntruck,,road,1,4,%s\n" LANES
    "ab,a,b,road,1,,truck,\n" STOCKS "a,fuel,blue,20\n" DEMANDS "need,b,fuel,blue,1,4,4,1\n";

/* C6. A truck of 4 t, a day there and a day back: away in two periods. x0 + x1 <= 4 and x1 + x2 <= 4: most with 4,
 * 0, 4. Day 2 gets nothing. Held 20, 16, 16, 12. Objective 4 + 8e-4 + 64 eta = 4.0024. */
static void fleet(void **state)
{
    (void)state;
    char text[1024];
    story of;
    snprintf(text, sizeof text, one_truck, "0");
    story_tell(&of, text);
    STORY_NEAR(story_moved(&of, "ab", 0), 4);
    STORY_NEAR(story_moved(&of, "ab", 1), 0);
    STORY_NEAR(story_moved(&of, "ab", 2), 4);
    STORY_NEAR(of.plan->objective, 4.0024);
    story_close(&of);
}

/* C6, phi: with half a day's turn a trip is 2.5 periods, so one that left in 0 still takes half its payload of period
 * 2: x0 / 2 + x1 + x2 <= 4. Most with 4, 0, 2: 6 of 12 t. Held 20, 16, 16, 14. Objective 6 + 6e-4 + 66 eta = 6.00225.
 */
static void fleet_back_in_mid_period(void **state)
{
    (void)state;
    char text[1024];
    story of;
    snprintf(text, sizeof text, one_truck, "0.5");
    story_tell(&of, text);
    STORY_NEAR(story_moved(&of, "ab", 0), 4);
    STORY_NEAR(story_moved(&of, "ab", 2), 2);
    STORY_NEAR(of.plan->objective, 6.00225);
    story_close(&of);
}

/* C6, phi under a delay: on day 0 the lane takes two days more, so a trip that leaves then arrives on day 3 and is away
 * for 2 + 2 x 2 = 6 periods. To serve days 2 and 3 the truck leaves on day 1 (arrives on day 2, back on day 3) and does
 * not leave on day 0; then x1 + x2 <= 4. 4 of the 8 t wanted are met. */
static void fleet_delayed(void **state)
{
    (void)state;
    story of;
    story_tell_when(&of,
                    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t,turn_days\ntruck,,road,1,4,0\n" LANES
                    "ab,a,b,road,1,,truck,\n" STOCKS "a,fuel,blue,20\n" DEMANDS "need,b,fuel,blue,2,4,4,1\n"
                    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
                    "mud,0,1,lane,ab,delay,2\n",
                    "mud");
    STORY_NEAR(story_moved(&of, "ab", 0), 0);
    STORY_NEAR(story_short(&of, "need", 2) + story_short(&of, "need", 3), 4);
    STORY_NEAR(of.plan->shortfall_part, 4);
    story_close(&of);
}

/* C9: the lane carries class III, so water does not go: 3 t of water short, fuel met. */
static void carriage(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,,,III\n" STOCKS "a,fuel,blue,5\na,water,blue,5\n" DEMANDS
                          "drink,b,water,blue,1,2,3,1\nburn,b,fuel,blue,1,2,3,1\n");
    STORY_NEAR(story_short(&of, "drink", 1), 3);
    STORY_NEAR(story_short(&of, "burn", 1), 0);
    STORY_NEAR(of.plan->shortfall_part, 3);
    story_close(&of);
}

/* A partner by itself: its own stock, lanes and lift, and nobody's. Blue's 2 t at b and Green's 10 t, which an
 * agreement opens: together 5 t of 5 are met, alone 2. Green's line at c, 3 t: its lane is Blue's, under a lift
 * agreement: together all, alone nothing. */
static void alone(void **state)
{
    (void)state;
    const ms_plan_options options = {.alone = true, .gap = 1e-7};
    story of;
    story_tell_by(&of,
                  "== lanes.csv\nlane,from,to,mode,transit_days,partner\nbc,b,c,road,1,blue\n" STOCKS
                  "b,fuel,blue,2\nb,fuel,green,10\n"
                  "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t\nloan,green,blue,item,*,\n"
                  "ride,blue,green,lift,*,\n" DEMANDS "need,b,fuel,blue,0,1,5,1\nfar,c,fuel,green,1,2,3,2\n",
                  &options);
    assert_true(of.plan->has_alone);
    const ms_coverage *blue = &of.plan->coverage[0], *green = &of.plan->coverage[of.plan->priority_count + 1];
    STORY_NEAR(blue->wanted_t, 5);
    STORY_NEAR(blue->met_t, 5);
    STORY_NEAR(blue->alone_met_t, 2);
    STORY_NEAR(green->wanted_t, 3);
    STORY_NEAR(green->met_t, 3);
    STORY_NEAR(green->alone_met_t, 0);
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lane),
        cmocka_unit_test(lane_in_half_days),
        cmocka_unit_test(lane_of_no_use),
        cmocka_unit_test(handling),
        cmocka_unit_test(issues_need_no_handling),
        cmocka_unit_test(fleet),
        cmocka_unit_test(fleet_back_in_mid_period),
        cmocka_unit_test(fleet_delayed),
        cmocka_unit_test(carriage),
        cmocka_unit_test(alone),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
