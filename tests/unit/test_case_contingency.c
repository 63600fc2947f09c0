/* test_case_contingency.c: what contingencies change, by the period, worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case_text.h"
#include "faults.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* The plain case with these rows of contingencies.csv
 * (contingency,from_day,to_day,what,which,effect,amount) and sections of text, and contingencies "a" and,
 * if given, "b" applied. The plain case is freed first: what was made from it must not need it. */
static ms_case *applied(const char *rows, const char *text, size_t count)
{
    static const char *const ids[] = {"a", "b"};
    ms_case *kase = NULL, *out = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_buf all = {0};
    ms_buf_printf(&all, "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\n%s%s", rows, text);
    if (case_text_read(&kase, all.text, all.length, plain_case, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    if (ms_case_apply(&out, kase, ids, count, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_true(out->digest != kase->digest);
    ms_case_free(kase);
    ms_buf_free(&all);
    ms_findings_free(&findings);
    return out;
}

static void follows(const ms_case *kase, double (*value)(const ms_case *, int32_t, int), int32_t ix,
                    const double wanted[10])
{
    for (int t = 0; t < 10; t++)
        if (!(value(kase, ix, t) == wanted[t]) && !(fabs(value(kase, ix, t) - wanted[t]) < 1e-9))
            fail_msg("period %d: %g, wanted %g", t, value(kase, ix, t), wanted[t]);
}

static void lanes(void **state)
{
    (void)state;
    /* 100 t a day: closed on days 2 and 3 and the first half of day 4; at a quarter on day 6; 30 a day for
     * half of day 8 */
    ms_case *kase = applied("a,2,4.5,lane,port-depot,close,\na,6,7,lane,port-*,scale,0.25\na,8,8.5,lane,*,set,30\n", "",
                            1);
    follows(kase, ms_case_lane_capacity_t, 0, (double[]){100, 100, 0, 0, 50, 100, 25, 100, 65, 100});
    follows(kase, ms_case_lane_capacity_t, 1, (double[]){60, 60, 60, 60, 60, 60, 60, 60, 45, 60});
    /* Unlimited stays unlimited unless the whole period is set. */
    assert_true(isinf(ms_case_lane_capacity_t(kase, 2, 8)));
    ms_case_free(kase);
    kase = applied("a,2,4.5,lane,depot-hill,close,\na,6,7,lane,depot-hill,set,30\n", "", 1);
    follows(kase, ms_case_lane_capacity_t, 2,
            (double[]){INFINITY, INFINITY, 0, 0, INFINITY, INFINITY, 30, INFINITY, INFINITY, INFINITY});
    ms_case_free(kase);
}

static void delays(void **state)
{
    (void)state;
    ms_case *kase = applied("a,2,4.5,lane,depot-camp,delay,1\na,4,6,mode,road,delay,0.5\n", "", 1);
    static const int camp[10] = {2, 2, 3, 3, 3, 2, 2, 2, 2, 2}; /* 1.5 days, then 2.5, 3 in period 4, 2 in period 5 */
    for (int t = 0; t < 10; t++)
        assert_int_equal(ms_case_lane_transit(kase, 1, t), camp[t]);
    assert_int_equal(ms_case_lane_transit(kase, 0, 5), 2);
    assert_int_equal(ms_case_lane_transit(kase, 0, -1), 1); /* under way: never delayed */
    /* The commitment of day 2 takes 2.5 days: period 5. */
    assert_int_equal(ms_case_commitment_arrives(kase, 1), 5);
    assert_int_equal(ms_case_commitment_arrives(kase, 0), 0);
    ms_case_free(kase);
}

static void sites(void **state)
{
    (void)state;
    const char *text = "== sites.csv\nsite,name,partner,kind,country,handling_t_per_day\nport,Port,,port,PH,80\n"
                       "depot,Depot,blue,depot,PH,\ncamp,Camp,green,unit,JP,\nhill,Hill,blue,unit,PH,\n";
    ms_case *kase = applied("a,2,4,site,port,close,\na,3,,site,p?rt,set,10\na,5,6,site,*,scale,0.5\n", text, 1);
    follows(kase, ms_case_handling_t, 0, (double[]){80, 80, 0, 10, 10, 5, 10, 10, 10, 10});
    assert_true(isinf(ms_case_handling_t(kase, 1, 5)));
    assert_true(isinf(ms_case_storage_t(kase, 0, 3)));
    /* What is wanted there is still wanted. */
    NEAR(ms_case_demand(kase, 0, 3), 10);
    ms_case_free(kase);
}

/* Blue withdraws on days 2 to 4.5: its site, lane and fleet close, and nobody draws on what it provides in a period
 * that starts within the span; what green provides goes on. */
static void partners(void **state)
{
    (void)state;
    const char *text = "== lanes.csv\nlane,from,to,mode,partner,transit_days,capacity_t_per_day,fleet\n"
                       "a,port,depot,road,blue,1,100,trucks\nb,depot,camp,road,green,1,60,\n"
                       "== sites.csv\nsite,name,partner,kind,country,handling_t_per_day\nport,Port,,port,PH,80\n"
                       "depot,Depot,blue,depot,PH,40\ncamp,Camp,green,unit,JP,\nhill,Hill,blue,unit,PH,\n"
                       "== fleets.csv\nfleet,partner,mode,vehicles,payload_t,turn_days\ntrucks,blue,road,4,10,1\n"
                       "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,from_day,to_day\n"
                       "given,blue,green,item,*,,,\nlent,green,blue,lift,*,,1,3\n"
                       "== commitments.csv\nlane,item,partner,depart_day,quantity\n";
    ms_case *kase = applied("a,2,4.5,partner,blue,close,\n", text, 1);
    follows(kase, ms_case_lane_capacity_t, 0, (double[]){100, 100, 0, 0, 50, 100, 100, 100, 100, 100});
    follows(kase, ms_case_lane_capacity_t, 1, (double[]){60, 60, 60, 60, 60, 60, 60, 60, 60, 60});
    follows(kase, ms_case_handling_t, 0, (double[]){80, 80, 80, 80, 80, 80, 80, 80, 80, 80});
    follows(kase, ms_case_handling_t, 1, (double[]){40, 40, 0, 0, 20, 40, 40, 40, 40, 40});
    follows(kase, ms_case_fleet_vehicles, 0, (double[]){4, 4, 0, 0, 2, 4, 4, 4, 4, 4});
    for (int t = 0; t < 10; t++) {
        assert_int_equal(ms_case_agreement_holds(kase, 0, t), t < 2 || t > 4);
        assert_int_equal(ms_case_agreement_holds(kase, 1, t), t == 1 || t == 2);
    }
    assert_false(ms_case_agreement_always(kase, 0));
    assert_false(ms_case_agreement_always(kase, 1));
    ms_case_free(kase);
    kase = applied("a,2,4.5,partner,green,close,\n", text, 1);
    assert_true(ms_case_agreement_always(kase, 0));
    for (int t = 0; t < 10; t++)
        assert_int_equal(ms_case_agreement_holds(kase, 1, t), t == 1);
    ms_case_free(kase);
}

/* Four trucks: half of them lost on day 3 for good, and of those left a quarter more from day 5 to 7.
 * Commitment 2 left on day 1.5 for two days, so that it is under way on day 3 and loses half; the others
 * are not: one left with no fleet, one is home on day 1, one leaves on day 3 itself. */
static void fleets(void **state)
{
    (void)state;
    const char *text = "== lanes.csv\nlane,from,to,mode,transit_days,fleet\nport-depot,port,depot,road,1,trucks\n"
                       "depot-camp,depot,camp,road,2,\ndepot-hill,depot,hill,road,2,trucks\n"
                       "== commitments.csv\nlane,item,partner,depart_day,quantity\ndepot-camp,diesel,blue,1.5,5\n"
                       "port-depot,diesel,blue,-0.5,5\ndepot-hill,diesel,blue,1.5,5\nport-depot,diesel,blue,3,5\n";
    ms_case *kase = applied("a,3,,fleet,trucks,lose,0.5\na,5,7,fleet,truck*,lose,0.25\n", text, 1);
    follows(kase, ms_case_fleet_vehicles, 0, (double[]){4, 4, 4, 2, 2, 1.5, 1.5, 2, 2, 2});
    NEAR(ms_case_commitment_share(kase, 0), 1);
    NEAR(ms_case_commitment_share(kase, 1), 1);
    NEAR(ms_case_commitment_share(kase, 2), 0.5);
    NEAR(ms_case_commitment_share(kase, 3), 1);
    ms_case_free(kase);
    /* Delayed by 3 days, it is still out on day 5 and loses again. */
    kase = applied("a,3,,fleet,trucks,lose,0.5\na,5,7,fleet,truck*,lose,0.25\na,0,2,lane,depot-hill,delay,3\n", text,
                   1);
    NEAR(ms_case_commitment_share(kase, 2), 0.375);
    ms_case_free(kase);
    kase = applied("a,0,1,fleet,trucks,close,\na,1,2,fleet,trucks,scale,2\na,2,3,fleet,trucks,set,7\n", "", 1);
    follows(kase, ms_case_fleet_vehicles, 0, (double[]){0, 8, 7, 4, 4, 4, 4, 4, 4, 4});
    NEAR(ms_case_commitment_share(kase, 0), 1); /* closed is not lost */
    ms_case_free(kase);
}

/* 20 diesel a day at port, and 5.5 jet fuel from day 2 to 8. */
static void supplies(void **state)
{
    (void)state;
    ms_case *kase = applied(
        "a,2,4,supply,port/diesel,close,\na,5,6.5,supply,port,scale,0.5\na,7.5,,supply,*/jet*,set,7\n", "", 1);
    follows(kase, ms_case_supply, 0, (double[]){20, 20, 0, 0, 20, 10, 15, 20, 20, 20});
    /* Set for half of day 7; on day 8 there is none to be set. */
    follows(kase, ms_case_supply, 1, (double[]){0, 0, 5.5, 5.5, 5.5, 2.75, 4.125, 6.25, 0, 0});
    ms_case_free(kase);
}

/* One row a day from day 1.5 to 3, another from day 3 on: an event covers a share of what there is of each. */
static void supplies_in_part(void **state)
{
    (void)state;
    const char *text = "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\n"
                       "port,diesel,blue,1.5,3,8\nport,diesel,blue,3,,4\n";
    ms_case *kase = applied("a,1.5,2,supply,port,close,\na,2.75,3.5,supply,port,set,12\n", text, 1);
    follows(kase, ms_case_supply, 0, (double[]){0, 0, 6 + 3, 0, 0, 0, 0, 0, 0, 0});
    follows(kase, ms_case_supply, 1, (double[]){0, 0, 0, 6 + 2, 4, 4, 4, 4, 4, 4});
    ms_case_free(kase);
    /* The half of day 1 comes in on day 3, then the second delay takes a quarter of it there on to day 4. */
    kase = applied("a,0,2,supply,port,delay,1.5\na,3.25,3.5,supply,port,delay,1\n", text, 1);
    follows(kase, ms_case_supply, 0, (double[]){0, 0, 8, 3, 1, 0, 0, 0, 0, 0});
    follows(kase, ms_case_supply, 1, (double[]){0, 0, 0, 3, 5, 4, 4, 4, 4, 4});
    ms_case_free(kase);
}

/* Days 2 and 3 come in 1.5 days later: half of day 2's on day 3, the other half and half of day 3's on day 4, the rest
 * on day 5. What is due on day 9 would come in behind the end. */
static void supplies_delayed(void **state)
{
    (void)state;
    ms_case *kase = applied("a,2,4,supply,port/diesel,delay,1.5\na,9,10,supply,port/diesel,delay,1\n", "", 1);
    follows(kase, ms_case_supply, 0, (double[]){20, 20, 0, 10, 40, 30, 20, 20, 20, 0});
    ms_case_free(kase);
    /* From noon of day 2 to noon of day 3, one day later. */
    kase = applied("a,2.5,3.5,supply,port/diesel,delay,1\n", "", 1);
    follows(kase, ms_case_supply, 0, (double[]){20, 20, 10, 20, 30, 20, 20, 20, 20, 20});
    ms_case_free(kase);
}

/* camp 10 a day from day 1; hill 5 a day; first/rations 100 a day. The reserve of two days at hill sees
 * the surge, and goes on behind the end as in the last period where the demand is open. */
static void demands(void **state)
{
    (void)state;
    ms_case *kase = applied(
        "a,3,5.5,demand,camp-diesel,scale,2\na,7,,demand,first/*,scale,1.5\na,0,1,demand,hill*,set,9\n", "", 1);
    follows(kase, ms_case_demand, 0, (double[]){0, 10, 10, 20, 20, 15, 10, 10, 10, 10});
    follows(kase, ms_case_demand, 1, (double[]){9, 5, 5, 5, 5, 5, 5, 5, 5, 5});
    follows(kase, ms_case_demand, 2, (double[]){100, 100, 100, 100, 100, 100, 100, 150, 150, 150});
    ms_reserve rations = {.site_ix = 3, .item_ix = 2, .partner_ix = 0, .quantity = NAN, .days = 2.5, .priority = 1};
    NEAR(ms_case_reserve_level(kase, &rations, 4), 100 + 100 + 75); /* days 5, 6 and half of 7 */
    NEAR(ms_case_reserve_level(kase, &rations, 8), 150 * 2.5);      /* day 9, and a day and a half behind the end */
    ms_reserve diesel = {.site_ix = 3, .item_ix = 0, .partner_ix = 0, .quantity = NAN, .days = 2, .priority = 1};
    NEAR(ms_case_reserve_level(kase, &diesel, 8), 5); /* ends with the case */
    ms_case_free(kase);
}

static void stocks(void **state)
{
    (void)state;
    ms_case *kase = applied(
        "a,3.5,,stock,depot/diesel,lose,0.25\na,3,,stock,depot,lose,0.5\na,0,,stock,*/rations,lose,1\n", "", 1);
    NEAR(ms_case_carry(kase, 1, 0, 3), 0.375); /* both on day 3: half of three quarters */
    NEAR(ms_case_carry(kase, 1, 1, 3), 0.5);
    NEAR(ms_case_carry(kase, 1, 0, 2), 1);
    NEAR(ms_case_carry(kase, 1, 0, 4), 1);
    NEAR(ms_case_carry(kase, 0, 0, 3), 1);
    NEAR(ms_case_carry(kase, 3, 2, 0), 0);
    NEAR(ms_case_carry(kase, 3, 1, 0), 1);
    ms_case_free(kase);
}

/* 15 to 25 per cent and the like: on class III 0.1, on the rest 0.2; set counts also where there is no
 * row. */
static void duties(void **state)
{
    (void)state;
    ms_case *kase = applied("a,4,,duty,PH/JP,set,0.25\na,6,6.5,duty,*/JP,scale,2\n", "", 1);
    assert_true(ms_case_duties_vary(kase) && !ms_case_loses_stock(kase));
    NEAR(ms_case_duty_rate_at(kase, 1, 0, 3), 0.1);
    NEAR(ms_case_duty_rate_at(kase, 1, 0, 4), 0.25);
    NEAR(ms_case_duty_rate_at(kase, 1, 2, 3), 0.2);
    NEAR(ms_case_duty_rate_at(kase, 1, 2, 9), 0.25);
    NEAR(ms_case_duty_rate_at(kase, 1, 0, 6), 0.375); /* doubled for half of the day */
    NEAR(ms_case_duty_rate_at(kase, 0, 0, 6), 0);
    NEAR(ms_case_duty_rate(kase, 1, 0), 0.1); /* the plain rate stays */
    ms_case_free(kase);
    kase = applied("a,0,,duty,PH/JP,set,0.25\n", "== duties.csv\nfrom_country,to_country,rate\n", 1);
    NEAR(ms_case_duty_rate_at(kase, 1, 0, 3), 0.25);
    ms_case_free(kase);
}

/* Several at once, and one on top of another: the same as both together; the order is that of the ids. */
static void together(void **state)
{
    (void)state;
    const char *rows = "a,0,,lane,port-depot,scale,0.5\nb,0,,lane,port-depot,set,40\n";
    ms_case *one = applied(rows, "", 1), *both = applied(rows, "", 2), *stacked = NULL, *turned = NULL;
    NEAR(ms_case_lane_capacity_t(one, 0, 0), 50);
    NEAR(ms_case_lane_capacity_t(both, 0, 0), 40);
    ms_error err = {0};
    assert_int_equal(ms_case_apply(&stacked, one, (const char *const[]){"b"}, 1, &err), MS_OK);
    assert_int_equal(ms_case_apply(&turned, one, (const char *const[]){"a"}, 1, &err), MS_OK);
    NEAR(ms_case_lane_capacity_t(stacked, 0, 0), 40);
    NEAR(ms_case_lane_capacity_t(turned, 0, 0), 25);
    assert_true(stacked->digest == both->digest);
    assert_int_equal(both->applied_count, 2);
    assert_string_equal(both->applied_ids[1], "b");
    ms_case_free(one);
    ms_case_free(both);
    NEAR(ms_case_lane_capacity_t(stacked, 0, 0), 40);
    ms_case_free(stacked);
    ms_case_free(turned);
}

static void unknown_id(void **state)
{
    (void)state;
    ms_case *kase = NULL, *out = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    assert_int_equal(case_text_read(&kase, "", 0, plain_case, &findings, &err), MS_OK);
    assert_int_equal(ms_case_apply(&out, kase, (const char *const[]){"shutt"}, 1, &err), MS_USAGE);
    assert_string_equal(err.message, "there is no contingency \"shutt\"; did you mean \"shut\"?");
    assert_null(out);
    assert_int_equal(ms_case_apply(&out, kase, NULL, 0, &err), MS_OK); /* none: a copy */
    assert_true(out->digest == kase->digest);
    ms_case_free(out);
    ms_case_free(kase);
    ms_findings_free(&findings);
}

/* One pattern over many rows and periods is refused before it takes all memory. */
static void too_much(void **state)
{
    (void)state;
    enum { LANES = 2000 };
    ms_buf text = {0};
    ms_buf_text(&text,
                "== case.json\n{\"name\": \"x\", \"start\": \"2030-06-01\", \"days\": 3660, \"period_hours\": 1}\n"
                "== contingencies.csv\ncontingency,from_day,what,which,effect\na,0,lane,*,close\n"
                "== lanes.csv\nlane,from,to,mode,transit_days,fleet\nport-depot,port,depot,road,1,trucks\n"
                "depot-camp,depot,camp,road,1,\ndepot-hill,depot,hill,road,1,\n");
    for (int ix = 0; ix < LANES; ix++)
        ms_buf_printf(&text, "l%d,port,hill,road,1,\n", ix);
    ms_case *kase = NULL, *out = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    assert_int_equal(case_text_read(&kase, text.text, text.length, plain_case, &findings, &err), MS_OK);
    assert_int_equal(ms_case_apply(&out, kase, (const char *const[]){"a"}, 1, &err), MS_LIMIT);
    assert_null(out);
    ms_case_free(kase);
    ms_buf_free(&text);
    ms_findings_free(&findings);
}

static ms_status apply_all(void *context)
{
    ms_case *out = NULL;
    ms_error err = {0};
    ms_status status = ms_case_apply(&out, context, (const char *const[]){"a"}, 1, &err);
    ms_case_free(out);
    return status;
}

static void memory_is_short(void **state)
{
    (void)state;
    ms_case *kase = applied(
        "a,0,,lane,*,close,\na,0,,lane,*,delay,1\na,0,,site,port,close,\na,0,,fleet,trucks,lose,0.5\n"
        "a,0,,stock,port,lose,0.5\na,0,,supply,port,delay,1\na,0,,demand,*,scale,2\na,0,,duty,*/*,set,1\n",
        "", 0 + 1);
    each_refusal(apply_all, kase);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes),
        cmocka_unit_test(delays),
        cmocka_unit_test(sites),
        cmocka_unit_test(fleets),
        cmocka_unit_test(partners),
        cmocka_unit_test(supplies),
        cmocka_unit_test(supplies_in_part),
        cmocka_unit_test(supplies_delayed),
        cmocka_unit_test(demands),
        cmocka_unit_test(stocks),
        cmocka_unit_test(duties),
        cmocka_unit_test(together),
        cmocka_unit_test(unknown_id),
        cmocka_unit_test(too_much),
        cmocka_unit_test(memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
