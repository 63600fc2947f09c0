/* test_model_needs.c: C8, C10, fairness, substitutes, duties and the weights of docs/model.md by hand.
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
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"
#define RESERVES "== reserves.csv\nsite,item,partner,quantity,days,priority\n"
#define COMMITMENTS "== commitments.csv\nlane,item,partner,depart_day,quantity\n"
#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day\n"

/* ---- C8 ---- */

/* 5 t at b; a reserve of 4 t at priority 1 (weight 10 a tonne and day); 3 t wanted on day 0 at priority 2 (weight 1): 1
 * t is issued, 2 t are short, 4 t are held for 4 days. Objective 2 + 16 eta = 2.0004. */
static void reserve_kept(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STOCKS "b,fuel,blue,5\n" RESERVES "b,fuel,blue,4,,1\n" DEMANDS "need,b,fuel,blue,0,1,3,2\n");
    STORY_NEAR(story_short(&of, "need", 0), 2);
    STORY_NEAR(story_below(&of, 0, 0), 0);
    STORY_NEAR(of.plan->objective, 2.0004);
    story_close(&of);
}

/* The other way round: the demand weighs 10. 3 t issued, 2 t left, 2 t below the reserve for 4 days. Objective 8 + 8
 * eta = 8.0002. */
static void reserve_used(void **state)
{
    (void)state;
    story of;
    story_tell(&of, STOCKS "b,fuel,blue,5\n" RESERVES "b,fuel,blue,4,,2\n" DEMANDS "need,b,fuel,blue,0,1,3,1\n");
    STORY_NEAR(story_short(&of, "need", 0), 0);
    for (int t = 0; t < 4; t++)
        STORY_NEAR(story_below(&of, 0, t), 2);
    STORY_NEAR(of.plan->objective, 8.0002);
    story_close(&of);
}

/* B of 2 days of 1 t a day. The line that ends on day 4 leaves 2, 2, 1, 0 t to keep at the ends of days 0 to 3; one
 * with an open end goes on behind the horizon: 2, 2, 2, 2. Nothing is there, demand weighs 1 and so does the reserve: 4
 * t short, and 5 or 8 t days below it. */
static void reserve_in_days(void **state)
{
    (void)state;
    const double ends[] = {2, 2, 1, 0};
    story of;
    story_tell(&of, RESERVES "b,fuel,blue,,2,1\n" DEMANDS "need,b,fuel,blue,0,4,1,1\n");
    for (int t = 0; t < 4; t++)
        STORY_NEAR(story_below(&of, 0, t), ends[t]);
    STORY_NEAR(of.plan->objective, 9);
    story_close(&of);
    story_tell(&of, RESERVES "b,fuel,blue,,2,1\n" DEMANDS "need,b,fuel,blue,0,,1,1\n");
    for (int t = 0; t < 4; t++)
        STORY_NEAR(story_below(&of, 0, t), 2);
    STORY_NEAR(of.plan->objective, 12);
    story_close(&of);
}

/* In half days a tonne below for one period weighs half: 2 days, H = 4, 3 t below throughout: 3 x 4 / 2. */
static void reserve_in_half_days(void **state)
{
    (void)state;
    story of;
    story_tell(
        &of,
        "== case.json\n{\"name\": \"half\", \"start\": \"2030-06-01\", \"days\": 2, \"period_hours\": 12}\n" RESERVES
        "b,fuel,blue,3,,1\n");
    STORY_NEAR(of.plan->objective, 6);
    story_close(&of);
}

/* ---- C10 ---- */

/* Under way: left on day -1, two days' way, so there on day 1, when b wants 5 t: 2 t short. It costs nothing any more.
 * Objective 2. */
static void under_way(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,2,\n" COMMITMENTS "ab,fuel,blue,-1,3\n" DEMANDS "need,b,fuel,blue,1,2,5,1\n");
    assert_int_equal(of.plan->movement_count, 1);
    assert_int_equal(of.plan->movements[0].depart, -1);
    assert_int_equal(of.plan->movements[0].arrive, 1);
    STORY_NEAR(story_short(&of, "need", 1), 2);
    STORY_NEAR(of.plan->objective, 2);
    story_close(&of);
}

/* To come: 2 t of Green's water leave on day 1 on a lane of 3 t a day, without any agreement, and leave room for 1 t of
 * fuel, of which b wants 5 t on day 2 (not from day 0: the fuel comes to a on day 1). 4 t short. Moves 3e-4; held: fuel
 * 5, 4, 4 t on days 1 to 3 (1 of them on the lane on day 1), water 2 t for 4 days: 21 eta. Objective 4.000825. */
static void to_come(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,3\n" COMMITMENTS "ab,water,green,1,2\n" STOCKS "a,water,green,2\n"
                          "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\na,fuel,blue,1,2,5\n" DEMANDS
                          "need,b,fuel,blue,2,3,5,1\n");
    STORY_NEAR(story_moved(&of, "ab", 1), 1);
    STORY_NEAR(story_short(&of, "need", 2), 4);
    STORY_NEAR(story_stock(&of, "b", "water", "green", 2), 2);
    STORY_NEAR(of.plan->objective, 4.000825);
    story_close(&of);
}

/* Broken: 3 t committed on day 0, 1 t there: 2 t short at W* = 1 (no priority is used, so |P| = 0). Kept 1 t: a move,
 * and held for 4 days: objective 2 + 1e-4 + 4 eta = 2.0002. Goods that are missing for a commitment are what only psi
 * proves: a tonne more would save 1, so psi = 0 and B5 is 3 x 1, less B4 for the tonne that is there. */
static void broken(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,\n" COMMITMENTS "ab,fuel,blue,0,3\n" STOCKS "a,fuel,blue,1\n");
    STORY_NEAR(story_broken(&of, 0), 2);
    STORY_NEAR(of.plan->objective, 2.0002);
    STORY_NEAR(story_price(&of, 10, 0, -1), 0);
    story_close(&of);
}

/* Goods move for a commitment as they do for a demand: 3 t at c reach a on day 1 and leave it on day 2. Two moves of 3
 * t, held for 4 days: objective 6e-4 + 12 eta = 0.0009. */
static void fed(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,\nca,c,a,road,1,\n" COMMITMENTS "ab,fuel,blue,2,3\n" STOCKS "c,fuel,blue,3\n");
    STORY_NEAR(story_broken(&of, 0), 0);
    STORY_NEAR(of.plan->objective, 0.0009);
    story_close(&of);
}

/* The same 3 t wanted at c: weights 10 and 1, W* = 100. The commitment is kept, c is short of 3 t of priority 1: 30,
 * and psi is what is left of W*: 100 - 10 + 2e-4 + ... : the bound meets the objective at that price alone. */
static void fed_at_a_price(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,\nca,c,a,road,1,\n" COMMITMENTS "ab,fuel,blue,2,3\n" STOCKS
                          "c,fuel,blue,3\n" DEMANDS "need,c,fuel,blue,0,1,3,1\nless,c,water,blue,0,1,1,2\n");
    STORY_NEAR(story_broken(&of, 0), 0);
    STORY_NEAR(story_short(&of, "need", 0), 3);
    STORY_NEAR(of.plan->objective, 31.0009);
    story_close(&of);
}

/* A commitment goes before any demand: 3 t at a, wanted there on day 0 at priority 1 (weight 10), are committed to b,
 * where nobody wants them; W* = 100. 3 t short: 30. */
static void commitment_first(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,\n" COMMITMENTS "ab,fuel,blue,0,3\n" STOCKS "a,fuel,blue,3\n" DEMANDS
                          "need,a,fuel,blue,0,1,3,1\nless,a,water,blue,0,1,1,2\n");
    STORY_NEAR(story_broken(&of, 0), 0);
    STORY_NEAR(story_short(&of, "need", 0), 3);
    STORY_NEAR(of.plan->shortfall_part, 31);
    story_close(&of);
}

/* ---- fairness ---- */

/* Two lines of 4 t of one priority and 4 t for both. Steps of 1 t at 1, 1.25, 1.5, 1.75: 2 t short each costs 2 x 2.25
 * = 4.5, all at one line 5.5. */
static void fair(void **state)
{
    (void)state;
    story of;
    story_tell(&of,
               "== case.json\n{\"name\": \"fair\", \"start\": \"2030-06-01\", \"days\": 4, \"fair\": true}\n" STOCKS
               "b,fuel,,4\n" DEMANDS "one,b,fuel,blue,0,1,4,1\ntwo,b,fuel,green,0,1,4,1\n");
    STORY_NEAR(story_short(&of, "one", 0), 2);
    STORY_NEAR(story_short(&of, "two", 0), 2);
    STORY_NEAR(of.plan->objective, 4.5);
    story_close(&of);
}

/* With a ratio of 1.2 the steps rise by 0.2 at most: 1, 1.05, 1.1, 1.15. A line of 4 t all short costs 4.3; the highest
 * step, 1.15, stays below the 1.2 of the more urgent line, which therefore gets the 4 t. */
static void fair_never_turns_priorities(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== case.json\n{\"name\": \"fair\", \"start\": \"2030-06-01\", \"days\": 4, \"fair\": true,"
                    " \"priority_ratio\": 1.2}\n" STOCKS "b,fuel,,4\n" DEMANDS
                    "one,b,fuel,blue,0,1,4,1\ntwo,b,fuel,green,0,1,4,2\n");
    STORY_NEAR(story_short(&of, "one", 0), 0);
    STORY_NEAR(story_short(&of, "two", 0), 4);
    STORY_NEAR(of.plan->objective, 4.3);
    story_close(&of);
}

/* ---- substitutes ---- */

/* 10 units of diesel (0.8 t each) wanted. 2 units of it are there, and 7 units of jet fuel (0.75 t), 1.1 of which do
 * for one of diesel: they meet 7 / 1.1 = 6.363636 units. Short 1.636364 units, 1.309091 t; 5.25 t as a substitute:
 * 0.00525. */
static void substitutes(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== items.csv\nitem,class,unit,kg_per_unit\ndiesel,III,m3,800\njet,III,m3,750\nwater,water,t,1000\n"
                    "== substitutes.csv\nitem,substitute,ratio\ndiesel,jet,1.1\n" STOCKS
                    "b,diesel,blue,2\nb,jet,blue,7\n" DEMANDS "need,b,diesel,blue,0,1,10,1\nwash,b,jet,blue,1,2,0,1\n");
    STORY_NEAR(story_issued(&of, "need", 0, "jet"), 7);
    STORY_NEAR(story_issued(&of, "need", 0, "diesel"), 2);
    STORY_NEAR(story_short(&of, "need", 0), 8 - 7 / 1.1);
    STORY_NEAR(of.plan->objective, 0.8 * (8 - 7 / 1.1) + 5.25e-3);
    story_close(&of);
}

/* Not the other way: diesel does not stand in for jet fuel. */
static void not_mutual(void **state)
{
    (void)state;
    story of;
    story_tell(&of, "== items.csv\nitem,class,unit,kg_per_unit\ndiesel,III,t,1000\njet,III,t,1000\n"
                    "== substitutes.csv\nitem,substitute\ndiesel,jet\n" STOCKS "b,diesel,blue,9\n" DEMANDS
                    "need,b,jet,blue,0,1,2,1\n");
    STORY_NEAR(story_short(&of, "need", 0), 2);
    story_close(&of);
}

/* ---- cost, duties, weights ---- */

/* From a (AA) to b (BB), straight: 10 USD and a duty of a tenth of 1,000 USD, 110 in all; or by c (CC), to and from
 * which no duty is due: 2 x 40. C = 110, and all joined sites are one lane apart: epsilon = 0.1 / 110. 2 t go by c: 160
 * USD. Objective 160 epsilon + 4e-4 + 2 t for 3 days (day 3 is the need) 6 eta. */
#define BORDER                                                                         \
    "== sites.csv\nsite,partner,kind,country\na,,depot,AA\nb,,unit,BB\nc,,unit,CC\n"   \
    "== items.csv\nitem,class,unit,kg_per_unit,value_per_unit\nfuel,III,t,1000,1000\n" \
    "== lanes.csv\nlane,from,to,mode,transit_days,cost_per_t\nab,a,b,road,1,10\n"      \
    "ac,a,c,road,1,40\ncb,c,b,road,1,40\n" STOCKS "a,fuel,blue,2\n" DEMANDS "need,b,fuel,blue,3,4,2,1\n"

static void duty_avoided(void **state)
{
    (void)state;
    story of;
    story_tell(&of, BORDER "== duties.csv\nfrom_country,to_country,class,rate\nAA,BB,III,0.1\nAA,BB,*,0.9\n");
    STORY_NEAR(of.plan->cost_currency, 160);
    STORY_NEAR(of.plan->objective, 160 * 0.1 / 110 + 4e-4 + 6 * 2.5e-5);
    story_close(&of);
}

/* A duty of 0.05 makes straight 60 USD a tonne, cheaper than 80. C is now 60: epsilon = 0.1 / 60; objective 120 epsilon
 * + 2e-4 + 6 eta. */
static void duty_paid(void **state)
{
    (void)state;
    story of;
    story_tell(&of, BORDER "== duties.csv\nfrom_country,to_country,class,rate\nAA,BB,*,0.05\n");
    STORY_NEAR(of.plan->cost_currency, 120);
    STORY_NEAR(of.plan->objective, 120 * 0.1 / 60 + 2e-4 + 6 * 2.5e-5);
    story_close(&of);
}

/* Fifteen priorities at ratio 10 would span 10^14: the ratio becomes 10^(8/14) = 3.7275937. Nothing is there, 1 t a
 * line: the objective is 1 + r + ... + r^14 = (r^15 - 1) / (r - 1). */
static void fifteen_priorities(void **state)
{
    (void)state;
    char text[2048];
    const double ratio = pow(10, 8.0 / 14);
    story of;
    int length = snprintf(text, sizeof text, DEMANDS);
    for (int p = 1; p <= 15; p++)
        length += snprintf(text + length, sizeof text - (size_t)length, "need-%d,b,fuel,blue,0,1,1,%d\n", p, p);
    story_tell(&of, text);
    STORY_NEAR(of.plan->ratio_used, ratio);
    STORY_NEAR(of.plan->objective, (pow(ratio, 15) - 1) / (ratio - 1));
    assert_int_equal(of.plan->priority_count, 15);
    story_close(&of);
}

/* Priorities 3 and 9 at ratio 10 are ranks 1 and 0: weights 10 and 1, W* 100. kappa is the least criticality that a
 * need names: 0.5 of water, though jet's 0.1 is less. Dearest lane 20, the longest of the shortest ways a-b-c-d: 3
 * lanes: epsilon = 0.1 x 0.5 / 60. Charges are kappa's multiples; eta = 1e-4 x 0.5 / 4. */
static void weights(void **state)
{
    (void)state;
    ms_case *kase = story_case("== items.csv\nitem,class,unit,kg_per_unit,criticality\nfuel,III,t,1000,2\n"
                               "water,water,t,1000,0.5\njet,III,t,1000,0.1\n"
                               "== lanes.csv\nlane,from,to,mode,transit_days,cost_per_t\nab,a,b,road,1,5\n"
                               "bc,b,c,road,1,20\ncd,c,d,road,1,7\n" DEMANDS "need,b,fuel,blue,0,1,1,3\n" RESERVES
                               "b,water,blue,1,,9\n");
    ms_weights found;
    ms_error err = {0};
    assert_int_equal(ms_weights_make(&found, kase, &err), MS_OK);
    STORY_NEAR(found.kappa, 0.5);
    STORY_NEAR(found.weight[3], 10);
    STORY_NEAR(found.weight[9], 1);
    STORY_NEAR(found.broken_weight, 100);
    STORY_NEAR(found.epsilon * 60, 0.05);
    STORY_NEAR(found.move * 1e4, 0.5);
    STORY_NEAR(found.other * 1e2, 0.5);
    STORY_NEAR(found.substitute * 1e3, 0.5);
    STORY_NEAR(found.refuse * 1e3, 0.5);
    STORY_NEAR(found.hold_per_day * 4e4, 0.5);
    ms_case_free(kase);
}

/* Rounding: the quantum is the largest power of ten of a unit of at most 0.1 g, but no more than a unit. */
static void quanta(void **state)
{
    (void)state;
    const struct {
        double kg;
        int digits;
    } known[] = {{1000, 7}, {1, 4}, {0.8, 4}, {0.01, 2}, {1e-4, 0}, {1e-6, 0}, {60000, 9}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ms_item item = {.kg_per_unit = known[i].kg};
        assert_int_equal(ms_quantum_digits(&item), known[i].digits);
    }
}

/* A third of a tonne a day: all quantities in the plan are multiples of 1e-7 t, and what rounding leaves is not told as
 * a shortfall. */
static void thirds(void **state)
{
    (void)state;
    story of;
    story_tell(&of, LANES "ab,a,b,road,1,0.33333333333\n" STOCKS "a,fuel,blue,1\n" DEMANDS
                          "need,b,fuel,blue,1,3,0.33333333333,1\n");
    assert_int_equal(of.plan->shortfall_count, 0);
    for (size_t i = 0; i < of.plan->movement_count; i++) {
        double quanta_moved = of.plan->movements[i].quantity * 1e7;
        assert_true(fabs(quanta_moved - nearbyint(quanta_moved)) < 1e-6);
    }
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserve_kept),
        cmocka_unit_test(reserve_used),
        cmocka_unit_test(reserve_in_days),
        cmocka_unit_test(reserve_in_half_days),
        cmocka_unit_test(under_way),
        cmocka_unit_test(to_come),
        cmocka_unit_test(broken),
        cmocka_unit_test(fed),
        cmocka_unit_test(fed_at_a_price),
        cmocka_unit_test(commitment_first),
        cmocka_unit_test(fair),
        cmocka_unit_test(fair_never_turns_priorities),
        cmocka_unit_test(substitutes),
        cmocka_unit_test(not_mutual),
        cmocka_unit_test(duty_avoided),
        cmocka_unit_test(duty_paid),
        cmocka_unit_test(fifteen_priorities),
        cmocka_unit_test(weights),
        cmocka_unit_test(quanta),
        cmocka_unit_test(thirds),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
