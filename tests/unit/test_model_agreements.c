/* test_model_agreements.c: C7 of docs/model.md by hand: who may use what of another's, when, and how much.
 *
 * The base of plan_story.h holds unless a text says otherwise: eta = 2.5e-5, a move 1e-4, another's goods 1e-2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plan_story.h"

#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"
#define AGREEMENTS "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,from_day,to_day\n"

/* Blue wants 6 t at b on day 0; Green has 10 t there. */
#define GREEN_FUEL STOCKS "b,fuel,green,10\n" DEMANDS "need,b,fuel,blue,0,1,6,1\n"

/* A limit of 4 t: 4 t issued, 2 short, 6 held for 4 days. Objective 2 + 4e-2 + 24 eta = 2.0406. One tonne more would
 * save 1 - 1e-2 and 4 days' holding: mu = 0.9901. */
static void limited(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS "loan,green,blue,item,*,4,,\n" GREEN_FUEL);
    STORY_NEAR(story_given(&of, "loan"), 4);
    STORY_NEAR(story_short(&of, "need", 0), 2);
    STORY_NEAR(of.plan->objective, 2.0406);
    STORY_NEAR(story_price(&of, 7, 0, -1), 0.9901);
    story_close(&of);
}

/* No agreement, an agreement the other way, for another item, site or class, or of nothing: 6 t short. */
static void not_covered(void **state)
{
    (void)state;
    const char *const rows[] = {"",
                                "loan,blue,green,item,*,,,\n",
                                "loan,green,blue,item,water,,,\n",
                                "loan,green,blue,item,fuel a,,,\n",
                                "loan,green,blue,item,IX,,,\n",
                                "loan,green,blue,item,*,0,,\n",
                                "loan,green,blue,lift,*,,,\n"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        story of;
        snprintf(text, sizeof text, AGREEMENTS "%s" GREEN_FUEL, rows[i]);
        story_tell(&of, text);
        STORY_NEAR(story_short(&of, "need", 0), 6);
        assert_int_equal(of.plan->issue_count, 0);
        story_close(&of);
    }
}

/* Two limited candidates, 4 t and 1 t, serve side by side: 5 t, 1 short. */
static void two_limited(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS "first,green,blue,item,*,4,,\nsecond,green,blue,item,III,1,,\n" GREEN_FUEL);
    STORY_NEAR(story_given(&of, "first"), 4);
    STORY_NEAR(story_given(&of, "second"), 1);
    STORY_NEAR(story_short(&of, "need", 0), 1);
    story_close(&of);
}

/* An unlimited candidate serves alone, though a limited one stands before it; of two unlimited ones the first. */
static void unlimited_alone(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS
               "few,green,blue,item,*,4,,\nopen,green,blue,item,III,,,\nalso,green,blue,item,*,,,\n" GREEN_FUEL);
    STORY_NEAR(story_given(&of, "few"), 0);
    STORY_NEAR(story_given(&of, "open"), 6);
    STORY_NEAR(story_given(&of, "also"), 0);
    story_close(&of);
}

/* Dates: an agreement holds where the period's start lies in them. 2 t wanted a day; one from day 0.5 to 2.5 holds on
 * days 1 and 2; where it holds, being unlimited, it serves alone, elsewhere the limited one of 1 t: 1 t short on days 0
 * and 3 together 3 t. */
static void dates(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS "few,green,blue,item,*,1,,\nopen,green,blue,item,*,,0.5,2.5\n" STOCKS
                               "b,fuel,green,10\n" DEMANDS "need,b,fuel,blue,0,4,2,1\n");
    STORY_NEAR(story_given(&of, "open"), 4);
    STORY_NEAR(story_given(&of, "few"), 1);
    STORY_NEAR(story_short(&of, "need", 0) + story_short(&of, "need", 3), 3);
    STORY_NEAR(of.plan->shortfall_part, 3);
    story_close(&of);
}

/* Nobody's goods need nothing, and nobody's consumers are everyone's: Green's 4 t for nobody's 4 t, nobody's 3 t for
 * Green's 3 t, without any agreement or charge. What lies at the end of day 0 is nothing: objective 0. */
static void nobody(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STOCKS "b,fuel,green,4\nc,fuel,,3\n" DEMANDS "theirs,b,fuel,,0,1,4,1\nours,c,fuel,green,0,1,3,1\n");
    STORY_NEAR(story_issued(&of, "theirs", 0, "fuel"), 4);
    STORY_NEAR(story_issued(&of, "ours", 0, "fuel"), 3);
    STORY_NEAR(of.plan->objective, 0);
    story_close(&of);
}

/* Blue's goods on Green's lane, with Green's trucks, to Green's site: one lift agreement serves lane and fleet alike
 * (the same partner), and a site agreement the arrival. */
#define GREEN_WAY                                                                                    \
    "== sites.csv\nsite,partner,kind\na,,depot\nb,green,unit\n"                                      \
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,green,road,9,9\n"                   \
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,fleet\nab,a,b,road,1,green,truck\n" STOCKS \
    "a,fuel,blue,9\n" DEMANDS "need,b,fuel,blue,2,3,5,1\n"

static void three_needs(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS "ride,green,blue,lift,*,,,\n" GREEN_WAY);
    STORY_NEAR(story_short(&of, "need", 2), 5);
    story_close(&of);
    story_tell(&of, AGREEMENTS "door,green,blue,site,*,,,\n" GREEN_WAY);
    STORY_NEAR(story_short(&of, "need", 2), 5);
    story_close(&of);
    story_tell(&of, AGREEMENTS "ride,green,blue,lift,ab,3,,\ndoor,green,blue,site,b III,4,,\n" GREEN_WAY);
    STORY_NEAR(story_given(&of, "ride"), 3);
    STORY_NEAR(story_given(&of, "door"), 3);
    STORY_NEAR(story_short(&of, "need", 2), 2);
    story_close(&of);
    /* leaving needs none: from Green's b back to a */
    story_tell(&of, "== sites.csv\nsite,partner,kind\na,,depot\nb,green,unit\n"
                    "== lanes.csv\nlane,from,to,mode,transit_days\nba,b,a,road,1\n" STOCKS "b,fuel,blue,9\n" DEMANDS
                    "need,a,fuel,blue,2,3,5,1\n");
    STORY_NEAR(story_short(&of, "need", 2), 0);
    story_close(&of);
}

/* Where lane and fleet are two partners', each needs its own lift agreement; three partners. */
static void lane_and_fleet(void **state)
{
    (void)state;
    const char *const world =
        "== partners.csv\npartner\nblue\ngreen\nred\n"
        "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,red,road,9,9\n"
        "== lanes.csv\nlane,from,to,mode,transit_days,partner,fleet\nab,a,b,road,1,green,truck\n" STOCKS
        "a,fuel,blue,9\n" DEMANDS "need,b,fuel,blue,2,3,5,1\n";
    char text[2048];
    story of;
    snprintf(text, sizeof text, AGREEMENTS "ride,green,blue,lift,*,,,\n%s", world);
    story_tell(&of, text);
    STORY_NEAR(story_short(&of, "need", 2), 5);
    story_close(&of);
    snprintf(text, sizeof text, AGREEMENTS "ride,green,blue,lift,*,,,\nhire,red,blue,lift,truck,4,,\n%s", world);
    story_tell(&of, text);
    STORY_NEAR(story_given(&of, "ride"), 4);
    STORY_NEAR(story_given(&of, "hire"), 4);
    STORY_NEAR(story_short(&of, "need", 2), 1);
    /* one order for each agreement, on the lane, for the day or days on which goods leave */
    assert_int_equal(of.plan->order_count, 2);
    STORY_NEAR(of.plan->orders[0].quantity, 4);
    story_close(&of);
}

/* A site agreement must hold on arrival: it begins on day 1. b wants 2 t on each of days 0 to 3; the lane takes 1 day,
 * so a departure on day 0 arrives in time for it, and the lift agreement, which ends on day 2, lets goods leave on days
 * 0 and 1. All but day 0 is met (day 3 from stock): 2 t short. */
static void on_arrival(void **state)
{
    (void)state;
    story of;
    story_tell(&of, AGREEMENTS "ride,green,blue,lift,*,,0,2\ndoor,green,blue,site,*,,1,3\n"
                               "== sites.csv\nsite,partner,kind\na,,depot\nb,green,unit\n"
                               "== lanes.csv\nlane,from,to,mode,transit_days,partner\nab,a,b,road,1,green\n" STOCKS
                               "a,fuel,blue,9\n" DEMANDS "need,b,fuel,blue,0,4,2,1\n");
    STORY_NEAR(story_short(&of, "need", 0), 2);
    STORY_NEAR(of.plan->shortfall_part, 2);
    STORY_NEAR(story_moved(&of, "ab", 0) + story_moved(&of, "ab", 1), 6);
    STORY_NEAR(story_moved(&of, "ab", 2), 0);
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limited),         cmocka_unit_test(not_covered), cmocka_unit_test(two_limited),
        cmocka_unit_test(unlimited_alone), cmocka_unit_test(dates),       cmocka_unit_test(nobody),
        cmocka_unit_test(three_needs),     cmocka_unit_test(on_arrival),  cmocka_unit_test(lane_and_fleet),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
