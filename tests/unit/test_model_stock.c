/* test_model_stock.c: C1, C2 and C5 of docs/model.md by hand: what comes, stays and is issued; backlogs; storage.
 *
 * The base of plan_story.h holds unless a text says otherwise: eta = 2.5e-5, a move 1e-4, one priority weighs 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plan_story.h"

/* C1. b wants 4 t on days 1, 2, 3. a has 10 t and gets 2 t a day from day 1. Nothing is gained by leaving early, nor
 * lost: a tonne held or under way costs the same, and the plan may send early. At a and b together, at the ends of days
 * 0 to 3: 10 (4 of them on the way), 10 + 2 - 4 = 8, 6, 4. Objective 12 x 1e-4 + (10 + 8 + 6 + 4) eta = 0.0019. */
static void stock_balance(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== lanes.csv\nlane,from,to,mode,transit_days\nab,a,b,road,1\n"
                    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,10\n"
                    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\na,fuel,blue,1,,2\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,b,fuel,blue,1,4,4,1\n");
    STORY_NEAR(of.plan->objective, 0.0019);
    STORY_NEAR(of.plan->shortfall_part, 0);
    STORY_NEAR(story_moved(&of, "ab", 0) + story_moved(&of, "ab", 1) + story_moved(&of, "ab", 2), 12);
    STORY_NEAR(story_stock(&of, "a", "fuel", "blue", -1), 10);
    STORY_NEAR(story_stock(&of, "a", "fuel", "blue", 3), 4);
    for (int t = 1; t < 4; t++)
        STORY_NEAR(story_issued(&of, "need", t, "fuel"), 4);
    story_close(&of);
}

/* C1: what arrives in a period is sent on in it. a to b to c, a day each: 3 t leave a on day 0, b on day 1, and are
 * issued at c on day 2. Objective 2 x 3 x 1e-4 + 3 x 2 eta = 0.00075. */
static void sent_on_at_once(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== lanes.csv\nlane,from,to,mode,transit_days\nab,a,b,road,1\nbc,b,c,road,0.2\n"
                    "== stocks.csv\nsite,item,partner,quantity\na,fuel,,3\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,c,fuel,green,2,3,3,1\n");
    STORY_NEAR(story_moved(&of, "ab", 0), 3);
    STORY_NEAR(story_moved(&of, "bc", 1), 3);
    STORY_NEAR(of.plan->objective, 0.00075);
    story_close(&of);
}

/* C1, e[k,n,t]: half of what lies at b is lost on day 2. Of 10 t there are 5 for the 8 t wanted on day 3: 3 t short.
 * Held at the ends of days 0 to 2: 10, 10, 5. Objective 3 + 25 eta = 3.000625. */
static void stock_lost(void **state)
{
    (void)state;
    story of;
    story_tell_when(&of,
                    "== stocks.csv\nsite,item,partner,quantity\nb,fuel,blue,10\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,b,fuel,blue,3,4,8,1\n"
                    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
                    "fire,2,3,stock,b,lose,0.5\n",
                    "fire");
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 1), 10);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 2), 5);
    STORY_NEAR(story_short(&of, "need", 3), 3);
    STORY_NEAR(of.plan->objective, 3.000625);
    story_close(&of);
}

/* C2. 5 t at b, two lines of 4 t on day 0: the one of priority 1 is met, the one of priority 3 gets 1 t. Priorities 1
 * and 3 are ranks 1 and 0: weights 10 and 1. Objective 3. */
static void urgent_first(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== stocks.csv\nsite,item,partner,quantity\nb,fuel,blue,5\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "later,b,fuel,blue,0,1,4,3\nnow,b,fuel,blue,0,1,4,1\n");
    STORY_NEAR(story_short(&of, "now", 0), 0);
    STORY_NEAR(story_short(&of, "later", 0), 3);
    STORY_NEAR(of.plan->objective, 3);
    assert_int_equal(of.plan->shortfall_count, 1);
    STORY_NEAR(of.plan->shortfalls[0].wanted, 4);
    story_close(&of);
}

/* C2, spans: 4 t a day from half past day 0 to half past day 2 are 2, 4 and 2 t. Nothing is there: objective 8. The
 * bound meets it, so beta is the weight, 1, in each of the three. */
static void parts_of_periods(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,b,fuel,blue,0.5,2.5,4,1\n");
    STORY_NEAR(story_short(&of, "need", 0), 2);
    STORY_NEAR(story_short(&of, "need", 1), 4);
    STORY_NEAR(story_short(&of, "need", 2), 2);
    STORY_NEAR(story_short(&of, "need", 3), 0);
    STORY_NEAR(of.plan->objective, 8);
    STORY_NEAR(story_price(&of, 2, 0, 1), 1);
    story_close(&of);
}

static const char owed_items[] = "== items.csv\nitem,class,unit,kg_per_unit,backorder\nfuel,III,t,1000,yes\n";

/* C2 with backorder: 4 t wanted on day 0, 1 t a day comes: owed 3, 2, 1, 0 at the ends of days 0 to 3, each tonne
 * and day at 1: objective 6. */
static void backlog(void **state)
{
    (void)state;
    char text[1024];
    story of;
    snprintf(text, sizeof text, "%s%s", owed_items,
             "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,fuel,blue,0,,1\n"
             "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nneed,b,fuel,blue,0,1,4,1\n");
    story_tell(&of, text);
    for (int t = 0; t < 4; t++) {
        STORY_NEAR(story_issued(&of, "need", t, "fuel"), 1);
        STORY_NEAR(story_short(&of, "need", t), 3 - t);
    }
    STORY_NEAR(of.plan->objective, 6);
    story_close(&of);
}

/* The same in half days: 2 days, H = 4. 4 t a day on day 0 are 2 t in each of periods 0 and 1; 2 t a day come, 1 t in
 * each period. Owed 1, 2, 1, 0, each for half a day: objective 2. */
static void backlog_in_half_days(void **state)
{
    (void)state;
    char text[1024];
    story of;
    snprintf(text, sizeof text, "%s%s", owed_items,
             "== case.json\n{\"name\": \"half\", \"start\": \"2030-06-01\", \"days\": 2, \"period_hours\": 12}\n"
             "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,fuel,blue,0,,2\n"
             "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nneed,b,fuel,blue,0,1,4,1\n");
    story_tell(&of, text);
    assert_int_equal(of.kase->period_count, 4);
    STORY_NEAR(story_short(&of, "need", 0), 1);
    STORY_NEAR(story_short(&of, "need", 1), 2);
    STORY_NEAR(story_short(&of, "need", 2), 1);
    STORY_NEAR(story_short(&of, "need", 3), 0);
    STORY_NEAR(of.plan->objective, 2);
    story_close(&of);
}

/* A backlog at the end is not met: 4 t wanted on day 2, nothing there: owed 4 t for days 2 and 3: objective 8, and 4
 * t of 4 missed. */
static void owed_at_the_end(void **state)
{
    (void)state;
    char text[1024];
    story of;
    snprintf(text, sizeof text, "%s%s", owed_items,
             "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nneed,b,fuel,blue,2,3,4,1\n");
    story_tell(&of, text);
    STORY_NEAR(of.plan->objective, 8);
    STORY_NEAR(of.plan->coverage[0].wanted_t, 4);
    STORY_NEAR(of.plan->coverage[0].met_t, 0);
    STORY_NEAR(of.plan->coverage[0].owed_t_days, 8);
    story_close(&of);
}

/* C5. b holds 3 t overnight and wants 10 t on day 3; the lane takes 4 t a day. 4 t arrive on day 3 and are issued at
 * once, 3 t wait: 7 t, 3 short. Held, at a, b or on the lane: 10, 10, 10, 3 t. Objective 3 + 7e-4 + 33 eta = 3.001525.
 */
static void storage(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,3\n"
                    "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day\nab,a,b,road,1,4\n"
                    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,10\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,b,fuel,blue,3,4,10,1\n");
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 2), 3);
    STORY_NEAR(story_short(&of, "need", 3), 3);
    STORY_NEAR(of.plan->objective, 3.001525);
    story_close(&of);
}

/* C5, refused supply: 2 t a day come to b, which holds 3 t, and nobody wants them. 8 - 3 = 5 t are refused, at 1e-3,
 * and the 3 t kept are the last to come: 1 t on day 2, 2 t on day 3. Held 1 + 3. Objective 5e-3 + 4 eta = 0.0051. */
static void supply_refused(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== sites.csv\nsite,partner,kind,storage_t\nb,,unit,3\n"
                    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,fuel,blue,0,,2\n");
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 1), 0);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 2), 1);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 3), 3);
    STORY_NEAR(of.plan->objective, 0.0051);
    story_close(&of);
}

/* C5: what is there at the start, and what is committed to come, is never too much: L = max(3, 5) until day 0, 5 + 2
 * from day 1 on, when what is under way arrives. Held 5, 7, 7, 7: objective 26 eta = 0.00065. */
static void storage_gives_way(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,3\n"
                    "== lanes.csv\nlane,from,to,mode,transit_days\nab,a,b,road,2\n"
                    "== stocks.csv\nsite,item,partner,quantity\nb,fuel,blue,5\n"
                    "== commitments.csv\nlane,item,partner,depart_day,quantity\nab,fuel,blue,-1,2\n");
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 0), 5);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 1), 7);
    STORY_NEAR(of.plan->objective, 0.00065);
    story_close(&of);
}

/* A full store that pays to empty: 2 t of water lie at b, which holds 2 t and is to get 2 t of fuel for day 3, on a
 * lane that runs on day 1 alone (it arrives on day 2). The water, which nobody wants, moves out to c on day 1 or 2:
 * a movement that only makes room. Objective: moves 4 x 1e-4; held: water 2 t for 4 days, fuel 2 t for 3 days: 14 eta.
 */
static void room_made(void **state)
{
    (void)state;
    story of;
    story_tell_when(&of,
                    "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,2\nc,,unit,\n"
                    "== lanes.csv\nlane,from,to,mode,transit_days\nab,a,b,road,1\nbc,b,c,road,1\n"
                    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,2\nb,water,blue,2\n"
                    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
                    "need,b,fuel,blue,3,4,2,1\n"
                    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n"
                    "rain,0,1,lane,ab,close,\nrain,2,4,lane,ab,close,\n",
                    "rain");
    STORY_NEAR(of.plan->shortfall_part, 0);
    STORY_NEAR(of.plan->objective, 4e-4 + 14 * 2.5e-5);
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_balance),   cmocka_unit_test(sent_on_at_once),      cmocka_unit_test(stock_lost),
        cmocka_unit_test(urgent_first),    cmocka_unit_test(parts_of_periods),     cmocka_unit_test(backlog),
        cmocka_unit_test(owed_at_the_end), cmocka_unit_test(backlog_in_half_days), cmocka_unit_test(storage),
        cmocka_unit_test(supply_refused),  cmocka_unit_test(storage_gives_way),    cmocka_unit_test(room_made),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
