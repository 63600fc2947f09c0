/* test_report_posture.c: days of supply worked out by hand, from a case and from a plan. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/heatmap.h"
#include "report/posture.h"

#include "case_text.h"
#include "faults.h"
#include "test_report_scan.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-6)

static ms_case *reads(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (case_text_read(&kase, text, strlen(text), NULL, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return kase;
}

#define HEAD                                                             \
    "== case.json\n"                                                     \
    "{\"name\": \"hand\", \"start\": \"2030-06-01\", \"days\": 10}\n"    \
    "== partners.csv\npartner\nblue\ngreen\n"                            \
    "== sites.csv\nsite,partner,kind\ncamp,blue,unit\nhill,green,unit\n" \
    "== items.csv\nitem,class,kg_per_unit,unit,backorder\n"              \
    "fuel,III,800,m3,no\noil,III,900,m3,no\nparts,IX,1,kg,yes\n"         \
    "== lanes.csv\nlane,from,to,mode,transit_days\nroad,hill,camp,road,1\n"

#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"

static ms_posture make(const ms_case *kase, const ms_plan *plan, int32_t partner_ix, ms_posture_options options)
{
    ms_posture posture;
    ms_error err = {0};
    if (ms_posture_make(&posture, kase, plan, partner_ix, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    return posture;
}

/* 25 m3, 10 a day for ever: 2.5 days at the start, 1.5 on day 1, half a day on day 2, of which 5 of 10 are then short.
 * Against a target of 2 days: green (2.5), amber (1.5, at least half of 2), and red from day 2 (0.5). */
static void steady_demand(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\n" STOCKS "camp,fuel,blue,25\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){.target_days = 2});
    assert_int_equal(p.row_count, 1);
    assert_int_equal(p.sample_count, 10);
    const ms_posture_row *row = &p.rows[0];
    const double days[] = {2.5, 1.5, 0.5, 0}, stock[] = {25, 15, 5, 0}, lack[] = {0, 0, 5, 10};
    const ms_state states[] = {MS_STATE_GREEN, MS_STATE_AMBER, MS_STATE_RED, MS_STATE_RED};
    for (int i = 0; i < 4; i++) {
        NEAR(row->days[i], days[i]);
        NEAR(row->stock[i], stock[i]);
        NEAR(row->short_amount[i], lack[i]);
        assert_int_equal(row->state[i], states[i]);
    }
    assert_int_equal(row->first_red, 2);
    assert_int_equal(row->first_short, 2);
    NEAR(row->least_days, 0);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* 30 m3 are enough for 100 days of 0.3 a day behind the end of the case: demand without an end goes on at its rate. */
static void demand_behind_the_horizon(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,0.3,1\n" STOCKS "camp,fuel,blue,30\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    NEAR(p.rows[0].days[0], 100);
    NEAR(p.rows[0].days[9], 91);
    assert_int_equal(p.rows[0].outlasts[0], 0);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* Wanted: 10 a day on days 2 to 4 only. 12 m3 last over the idle days 0 and 1, day 2, and 2/10 of day 3: 3.2 days. 40
 * m3 outlast it: until the end of day 4 there are 5 days. From day 5 on nothing is wanted. */
static void a_span_of_demand(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,2,5,10,1\ne,camp,oil,blue,2,5,10,1\n" STOCKS
                                       "camp,fuel,blue,12\ncamp,oil,blue,40\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    assert_int_equal(p.row_count, 2);
    const ms_posture_row *fuel = &p.rows[0], *oil = &p.rows[1];
    NEAR(fuel->days[0], 3.2);
    NEAR(fuel->days[2], 1.2);
    assert_int_equal(fuel->state[0], MS_STATE_RED); /* 3.2 is less than half of 7 */
    assert_int_equal(fuel->first_short, 3);
    NEAR(fuel->short_amount[3], 8);
    assert_true(isnan(fuel->days[5]));
    assert_int_equal(fuel->state[5], MS_STATE_NONE);
    NEAR(oil->days[0], 5);
    assert_int_equal(oil->outlasts[0], 1);
    assert_int_equal(oil->state[0], MS_STATE_GREEN); /* though 5 is less than 7: all that will be wanted is there */
    assert_int_equal(oil->first_red, -1);
    assert_true(isinf(oil->least_days));
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* Supply of 4 a day against 10: after the 12 on hand, day 0 leaves 6, day 1 leaves 0, and from day 2 on 6 are short.
 * The commitment of 20 that left hill half a day before the start arrives with period 0 (-1 + 1). */
static void supply_and_commitments(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS
                          "d,camp,fuel,blue,0,,10,1\n" STOCKS "camp,fuel,blue,12\n"
                          "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\ncamp,fuel,blue,0,,4\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    const double stock[] = {12, 6, 0, 0}, lack[] = {0, 0, 6, 6};
    for (int i = 0; i < 4; i++) {
        NEAR(p.rows[0].stock[i], stock[i]);
        NEAR(p.rows[0].short_amount[i], lack[i]);
    }
    ms_posture_free(&p);
    ms_case_free(kase);

    kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\n"
                              "== commitments.csv\nlane,item,partner,depart_day,quantity\nroad,fuel,blue,-0.5,20\n");
    p = make(kase, NULL, -1, (ms_posture_options){0});
    NEAR(p.rows[0].stock[0], 0);
    NEAR(p.rows[0].stock[1], 10);
    assert_int_equal(p.rows[0].first_short, 2);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* What waits is owed until it comes: 5 kg a day from day 0 to 2, and 12 kg on day 4. Owed: 5, 10, 10, 10, 0. */
static void backorder(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS
                          "d,camp,parts,blue,0,2,5,1\n"
                          "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\ncamp,parts,blue,4,5,12\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    const double owed[] = {5, 10, 10, 10, 0, 0};
    for (int i = 0; i < 6; i++)
        NEAR(p.rows[0].short_amount[i], owed[i]);
    NEAR(p.rows[0].stock[5], 2);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* A reserve of 20: 25 is green, 15 amber (at least half), 5 red; the days of supply do not matter then. */
static void against_the_reserve(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS
                          "d,camp,fuel,blue,0,,10,1\n" STOCKS "camp,fuel,blue,25\nhill,oil,green,3\n"
                          "== reserves.csv\nsite,item,partner,quantity,days,priority\ncamp,fuel,blue,20,,3\n"
                          "hill,oil,green,2,,3\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){.target_days = 1});
    assert_int_equal(p.row_count, 2);
    assert_int_equal(p.rows[0].state[0], MS_STATE_GREEN);
    assert_int_equal(p.rows[0].state[1], MS_STATE_AMBER);
    assert_int_equal(p.rows[0].state[2], MS_STATE_RED);
    assert_int_equal(p.rows[1].state[9], MS_STATE_GREEN); /* nothing is wanted, but a reserve is kept */
    assert_true(isnan(p.rows[1].days[0]));
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* Blue has 5 and wants 10, green has 50 and wants nothing there: combined all is met on day 0, blue alone is short. */
static void combined_and_by_partner(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\n" STOCKS "camp,fuel,blue,5\ncamp,fuel,green,50\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    NEAR(p.rows[0].days[0], 5.5);
    assert_int_equal(p.rows[0].first_short, 5);
    ms_posture_free(&p);
    p = make(kase, NULL, 0, (ms_posture_options){0});
    NEAR(p.rows[0].days[0], 0.5);
    assert_int_equal(p.rows[0].first_short, 0);
    ms_posture_free(&p);
    p = make(kase, NULL, 1, (ms_posture_options){0});
    assert_int_equal(p.row_count, 0);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* A class is as well off as its worst item; 25 m3 of fuel and 100 m3 of oil are 20 + 90 tonnes. */
static void by_class(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\ne,camp,oil,blue,0,,10,1\n" STOCKS
                                       "camp,fuel,blue,25\ncamp,oil,blue,100\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){.by = MS_POSTURE_BY_CLASS});
    assert_int_equal(p.row_count, 1);
    assert_int_equal(p.rows[0].item_ix, -1);
    assert_int_equal(p.rows[0].class_ix, MS_CLASS_III);
    NEAR(p.rows[0].stock[0], 110);
    NEAR(p.rows[0].days[0], 2.5);
    NEAR(p.rows[0].short_amount[2], 4); /* 5 m3 of fuel */
    assert_int_equal(p.rows[0].first_short, 2);
    ms_posture_free(&p);
    p = make(kase, NULL, -1, (ms_posture_options){.item = "oil"});
    assert_int_equal(p.row_count, 1);
    assert_string_equal(kase->items[p.rows[0].item_ix].id, "oil");
    ms_posture_free(&p);
    p = make(kase, NULL, -1, (ms_posture_options){.site = "h*", .item = "III"});
    assert_int_equal(p.row_count, 0);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* From a plan: stock as its levels say (two owners), short as its shortfalls say. */
static void from_a_plan(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\n" STOCKS "camp,fuel,blue,5\n");
    ms_level levels[] = {{0, 0, 0, -1, 5}, {0, 0, 0, 0, 30}, {0, 0, 0, 2, 0}, {0, 0, 1, 1, 8}};
    ms_shortfall shortfalls[] = {{MS_SHORT_DEMAND, 0, 4, 2.5, 10}, {MS_SHORT_DEMAND, 0, 5, 1e-7, 10}};
    ms_plan plan = {.kase = kase, .levels = levels, .level_count = 4, .shortfalls = shortfalls, .shortfall_count = 2};
    ms_posture p = make(kase, &plan, -1, (ms_posture_options){0});
    const double stock[] = {5, 30, 38, 8, 8};
    for (int i = 0; i < 5; i++)
        NEAR(p.rows[0].stock[i], stock[i]);
    NEAR(p.rows[0].days[2], 3.8);
    NEAR(p.rows[0].short_amount[4], 2.5);
    NEAR(p.rows[0].short_amount[5], 0); /* what rounding leaves is no shortfall */
    assert_int_equal(p.rows[0].first_short, 4);
    ms_posture_free(&p);
    p = make(kase, &plan, 0, (ms_posture_options){0});
    NEAR(p.rows[0].stock[2], 30);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* Periods of 8 hours are sampled once a day; those of two days once a period. */
static void periods_and_days(void **state)
{
    (void)state;
    const char rest[] = "== partners.csv\npartner\nblue\n== sites.csv\nsite,partner,kind\ncamp,,unit\n"
                        "== items.csv\nitem,class,kg_per_unit\nfuel,III,800\n" DEMANDS
                        "d,camp,fuel,blue,0,,12,1\n" STOCKS "camp,fuel,blue,18\n";
    char text[1024];
    snprintf(text, sizeof text,
             "== case.json\n{\"name\":\"x\",\"start\":\"2030-06-01\",\"days\":3,\"period_hours\":8}\n%s", rest);
    ms_case *kase = reads(text);
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    assert_int_equal(p.sample_count, 3);
    NEAR(ms_posture_day(&p, 2), 2);
    NEAR(p.rows[0].days[0], 1.5);
    NEAR(p.rows[0].stock[1], 6);
    NEAR(p.rows[0].short_amount[1], 6); /* of the second and third period of day 1: 2 and 4 */
    ms_posture_free(&p);
    ms_case_free(kase);

    snprintf(text, sizeof text,
             "== case.json\n{\"name\":\"x\",\"start\":\"2030-06-01\",\"days\":6,\"period_hours\":48}\n%s", rest);
    kase = reads(text);
    p = make(kase, NULL, -1, (ms_posture_options){0});
    assert_int_equal(p.sample_count, 3);
    NEAR(ms_posture_day(&p, 2), 4);
    NEAR(p.rows[0].days[0], 1.5);
    ms_posture_free(&p);
    ms_case_free(kase);
}

/* Against 4 days: hill begins with 2.5 days, amber; 1.5 on day 1 is red, and 5 are missing on day 2. camp begins
 * with 7.5; day 4 has 3.5, day 6 has 1.5, and day 7 is short. The worse line comes first; two columns a day fit 26. */
static void heat_map(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\ne,hill,fuel,green,0,,10,1\n" STOCKS
                                       "camp,fuel,blue,75\nhill,fuel,green,25\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){.target_days = 4});
    ms_buf out = {0};
    ms_error err = {0};
    ms_pen pen = {&out, 26, false, true};
    assert_int_equal(ms_heatmap_print(&p, &pen, 0, &err), MS_OK);
    assert_string_equal(out.text, "day  0         5\n"
                                  "hill oo##XXXXXXXXXXXXXXXX\n"
                                  "camp ........oooo##XXXXXX\n"
                                  ".  green  o  amber  #  red\n");
    ms_buf_free(&out);
    ms_posture_free(&p);
    ms_case_free(kase);
}

static void heat_map_keeps_to_the_width(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\ne,hill,fuel,green,0,,10,1\n" STOCKS
                                       "camp,fuel,blue,75\n");
    ms_posture p = make(kase, NULL, -1, (ms_posture_options){0});
    ms_error err = {0};
    for (int width = 20; width < 100; width++) {
        for (int style = 0; style < 4; style++) {
            ms_buf out = {0};
            ms_pen pen = {&out, width, style & 1, style & 2};
            assert_int_equal(ms_heatmap_print(&p, &pen, 0, &err), MS_OK);
            scan_text(out.text, width, style & 1, style & 2);
            ms_buf_free(&out);
        }
    }
    ms_posture_free(&p);
    ms_case_free(kase);
}

static ms_status whole_posture(void *context)
{
    ms_posture p;
    ms_error err = {0};
    ms_buf out = {0};
    ms_pen pen = {&out, 40, true, false};
    ms_posture_options options = {.by = MS_POSTURE_BY_CLASS};
    MS_TRY(ms_posture_make(&p, context, NULL, -1, &options, &err));
    ms_status status = ms_heatmap_print(&p, &pen, 0, &err);
    ms_posture_rank(&p);
    ms_posture_free(&p);
    bool failed = out.failed;
    ms_buf_free(&out);
    return status != MS_OK ? status : failed ? MS_NO_MEMORY : MS_OK;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_case *kase = reads(HEAD DEMANDS "d,camp,fuel,blue,0,,10,1\ne,hill,fuel,green,0,,10,1\n");
    assert_true(each_refusal(whole_posture, kase) > 3);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_demand),
        cmocka_unit_test(demand_behind_the_horizon),
        cmocka_unit_test(a_span_of_demand),
        cmocka_unit_test(supply_and_commitments),
        cmocka_unit_test(backorder),
        cmocka_unit_test(against_the_reserve),
        cmocka_unit_test(combined_and_by_partner),
        cmocka_unit_test(by_class),
        cmocka_unit_test(from_a_plan),
        cmocka_unit_test(periods_and_days),
        cmocka_unit_test(heat_map),
        cmocka_unit_test(heat_map_keeps_to_the_width),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
