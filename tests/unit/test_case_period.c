/* test_case_period.c: spans, transit, duties and reserves by the period, worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case_text.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static ms_case *reads(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (case_text_read(&kase, text, strlen(text), plain_case, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return kase;
}

static const char eight_hours[] =
    "== case.json\n{\"name\": \"x\", \"start\": \"2030-06-01\", \"days\": 10, \"period_hours\": 8}\n";

static void overlap(void **state)
{
    (void)state;
    ms_case *kase = reads("");
    NEAR(ms_case_overlap(kase, 2, 4, 1), 0);
    NEAR(ms_case_overlap(kase, 2, 4, 2), 1);
    NEAR(ms_case_overlap(kase, 2, 4, 4), 0);
    NEAR(ms_case_overlap(kase, 2.25, 4, 2), 0.75);
    NEAR(ms_case_overlap(kase, 2.25, 2.75, 2), 0.5);
    NEAR(ms_case_overlap(kase, 0, INFINITY, 9), 1);
    NEAR(ms_case_overlap(kase, 5, 3, 4), 0); /* no such span is in a case, but the answer is still sane */
    ms_case_free(kase);

    kase = reads(eight_hours); /* period 4 is from day 1.333 to 1.667 */
    assert_int_equal(kase->period_count, 30);
    NEAR(ms_case_overlap(kase, 1.5, 2, 4), 0.5);
    assert_true(ms_case_overlap(kase, 4.0 / 3, 2, 4) == 1); /* exactly, in spite of thirds */
    assert_true(ms_case_overlap(kase, 0, 4.0 / 3, 4) == 0);
    ms_case_free(kase);
}

/* Agreements and delays hold in the periods that start within them. */
static void holds(void **state)
{
    (void)state;
    ms_case *kase = reads("");
    assert_true(ms_case_holds(kase, 2, 4, 2) && ms_case_holds(kase, 2, 4, 3));
    assert_false(ms_case_holds(kase, 2, 4, 1) || ms_case_holds(kase, 2, 4, 4));
    assert_false(ms_case_holds(kase, 2.5, 4, 2));
    assert_true(ms_case_holds(kase, 2, 3.5, 3));
    assert_true(ms_case_holds(kase, 0, INFINITY, 9));
    ms_case_free(kase);
}

static void transit(void **state)
{
    (void)state;
    ms_case *kase = reads("");
    assert_int_equal(ms_case_transit_periods(kase, 0), 1);
    assert_int_equal(ms_case_transit_periods(kase, 1), 1);
    assert_int_equal(ms_case_transit_periods(kase, 1.01), 2);
    assert_int_equal(ms_case_lane_transit(kase, 1, 0), 2); /* 1.5 days */
    ms_case_free(kase);
    kase = reads(eight_hours);
    assert_int_equal(ms_case_transit_periods(kase, 1), 3); /* not 4, in spite of thirds */
    assert_int_equal(ms_case_transit_periods(kase, 1.5), 5);
    ms_case_free(kase);
}

/* On a plain case the answers by period are the tables' own, times the length of a period. */
static void limits(void **state)
{
    (void)state;
    ms_case *kase = reads(eight_hours);
    NEAR(ms_case_lane_capacity_t(kase, 0, 3), 100.0 / 3);
    assert_true(isinf(ms_case_lane_capacity_t(kase, 2, 3)));
    assert_true(isinf(ms_case_handling_t(kase, 0, 0)) && isinf(ms_case_storage_t(kase, 0, 0)));
    NEAR(ms_case_fleet_vehicles(kase, 0, 29), 4);
    NEAR(ms_case_supply(kase, 0, 0), 20.0 / 3);
    NEAR(ms_case_supply(kase, 1, 5), 0); /* from day 2 to 8: periods 6 to 23 */
    NEAR(ms_case_supply(kase, 1, 6), 5.5 / 3);
    NEAR(ms_case_supply(kase, 1, 23), 5.5 / 3);
    NEAR(ms_case_supply(kase, 1, 24), 0);
    NEAR(ms_case_demand(kase, 0, 2), 0); /* from day 1 */
    NEAR(ms_case_demand(kase, 0, 3), 10.0 / 3);
    NEAR(ms_case_carry(kase, 0, 0, 0), 1);
    NEAR(ms_case_commitment_share(kase, 0), 1);
    assert_int_equal(ms_case_commitment_departs(kase, 0), -2); /* day -0.5 is in the period from -16 h to -8 h */
    assert_int_equal(ms_case_commitment_arrives(kase, 0), 1);
    ms_case_free(kase);
}

/* PH to JP: class III 10 per cent; everything else 20. No duty at home, nor where a country is unknown. */
static void duties(void **state)
{
    (void)state;
    ms_case *kase = reads(
        "== sites.csv\nsite,name,partner,kind,country\nport,Port,,port,\ndepot,Depot,blue,depot,PH\n"
        "camp,Camp,green,unit,JP\nhill,Hill,blue,unit,PH\n"
        "== lanes.csv\nlane,from,to,mode,transit_days,fleet\nport-depot,port,depot,road,1,trucks\n"
        "depot-camp,depot,camp,road,1,\ndepot-hill,depot,hill,road,1,\ncamp-depot,camp,depot,road,1,\n");
    int32_t diesel = 0, rations = 2;
    NEAR(ms_case_duty_rate(kase, 1, diesel), 0.1);
    NEAR(ms_case_duty_rate(kase, 1, rations), 0.2);
    NEAR(ms_case_duty_rate(kase, 3, diesel), 0.2); /* the way back is another border */
    NEAR(ms_case_duty_rate(kase, 2, diesel), 0);
    NEAR(ms_case_duty_rate(kase, 0, diesel), 0);
    NEAR(ms_case_duty_rate_at(kase, 1, diesel, 5), 0.1);
    ms_case_free(kase);
}

/* hill wants 5 diesel a day from day 0 to 10 (closed) and, by a force, 4 a day from day 3 on (open). Two
 * days of supply at the end of period t look at [t + 1, t + 3):
 *   t = 0: days 1 and 2: 5 + 5 = 10
 *   t = 1: days 2 and 3: 5 + 5 + 4 = 14
 *   t = 2: days 3 and 4: 2 x 9 = 18
 *   t = 8: day 9 with 9, then behind the horizon only the open one, 4: 13
 *   t = 9: 2 x 4 = 8 Half a day more sees half of the next day. green's diesel at hill is not blue's. */
static void reserves(void **state)
{
    (void)state;
    ms_case *kase = reads(
        "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
        "hill-diesel,hill,diesel,blue,0,10,5,3\nother,hill,diesel,green,0,,100,3\n"
        "camp-diesel,camp,diesel,blue,0,,100,3\n"
        "== factors.csv\nprofile,item,per_person_per_day\ninfantry,diesel,0.01\n"
        "== forces.csv\nforce,site,partner,persons,profile,priority,from_day\nfirst,hill,blue,400,infantry,2,3\n");
    const ms_reserve *days = &kase->reserves[1];
    NEAR(ms_case_reserve_level(kase, days, 0), 10);
    NEAR(ms_case_reserve_level(kase, days, 1), 14);
    NEAR(ms_case_reserve_level(kase, days, 2), 18);
    NEAR(ms_case_reserve_level(kase, days, 8), 13);
    NEAR(ms_case_reserve_level(kase, days, 9), 8);
    ms_reserve longer = *days;
    longer.days = 2.5;
    NEAR(ms_case_reserve_level(kase, &longer, 0), 10 + 4.5);
    longer.days = 0;
    NEAR(ms_case_reserve_level(kase, &longer, 0), 0);
    NEAR(ms_case_reserve_level(kase, &kase->reserves[0], 7), 200); /* by quantity */
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlap), cmocka_unit_test(holds),  cmocka_unit_test(transit),
        cmocka_unit_test(limits),  cmocka_unit_test(duties), cmocka_unit_test(reserves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
