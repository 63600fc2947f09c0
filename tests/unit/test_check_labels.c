/* test_check_labels.c: plans that break one rule each. Every one must be refused, and with that rule's label alone.
 *
 * Each trial changes a plan made by hand (tests/plans), or the case under it, so that one rule is broken; where that
 * moves objective or bound too, the summary is changed to say so, which is the harder test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "check_plans.h"

typedef struct {
    const char *label, *message; /* what the first finding must begin with, behind the label */
    change changes[CHANGES_MOST];
} breach;

static void assert_breach(const char *case_path, const char *plan_path, const breach *each)
{
    trial of;
    trial_open(&of, case_path, plan_path, each->changes);
    ms_status status = trial_check(&of);
    char begins[256];
    strcpy(begins, each->label);
    strcat(begins, ": ");
    strcat(begins, each->message);
    bool right = status == MS_BAD_INPUT && trial_count(&of, each->label) > 0 &&
                 trial_count(&of, each->label) == trial_count(&of, NULL);
    if (!right) {
        trial_print(&of);
        fail_msg("wanted %s alone", begins);
    }
    assert_true(trial_found(&of, begins));
    assert_non_null(strstr(of.report.text, "breaches "));
    assert_string_equal(of.err.message, of.findings.items[of.findings.warning_count].message);
    trial_close(&of);
}

#define SUMMARY(from, to)        \
    {                            \
        "summary.json", from, to \
    }
#define TINY_BOUND(bound, gap) \
    SUMMARY("\"bound\": 43.0065", "\"bound\": " bound), SUMMARY("\"gap\": 0,", "\"gap\": " gap ",")
#define KNOT_BOUND(bound, gap) \
    SUMMARY("\"bound\": -17.25226", "\"bound\": " bound), SUMMARY("\"gap\": 4.45257187913", "\"gap\": " gap)

static const breach tiny_breaches[] = {
    /* 0.8 t more lie in the depot at the end of day 3: 0.8 eta = 2e-5 on the objective. */
    {"C1",
     "8.8 t of green's diesel leave, are issued or stay at depot on day 3, where only 8 t are",
     {{"stock.csv", "harbour,rations,blue,,start",
       "depot,diesel,green,3,2030-06-04,11,m3,8.8\nharbour,rations,blue,,start"},
      SUMMARY("\"objective\": 43.0065", "\"objective\": 43.00652"),
      SUMMARY("\"cost_part\": 3.0065", "\"cost_part\": 3.00652"),
      SUMMARY("\"gap\": 0,", "\"gap\": 4.650457639006e-7,")}},
    {"C1",
     "depot starts with 48 t of green's diesel, the case has 40 t",
     {{"stock.csv", "start,50,m3,40", "start,60,m3,48"}}},
    {"C1",
     "lane depot-hill takes 1 periods on day 2, the movement takes 0",
     {{"movements.csv", "green,2,3,2030-06-03,5,m3,4,,,,", "green,2,2,2030-06-03,5,m3,4,,,,"}}},
    {"C2",
     "demand camp-diesel is 4 t short on day 3, the file says 3.2 t",
     {{"shortfalls.csv", "5,m3,10,4", "4,m3,10,3.2"}}},
    /* hill-diesel wants half of day 3: 2 t less at 0.0334083 each in B2. */
    {"C2",
     "demand hill-diesel gets 4 t on day 3, it wants 2 t",
     {{"demands.csv", "hill,diesel,green,1,4,5,2", "hill,diesel,green,1,3.5,5,2"},
      TINY_BOUND("42.939683333333333", "0.001553641115335264"),
      SUMMARY("\"wanted_t\": 12", "\"wanted_t\": 10")}},
    /* 12 t on day 0 instead of 8: what is early waits in the camp as long as it would have waited in the depot. */
    {"C3",
     "lane depot-camp carries 12 t on day 0, its free capacity is 10 t",
     {{"movements.csv", "2030-06-01,10,m3,8", "2030-06-01,15,m3,12"},
      {"movements.csv", "2030-06-02,10,m3,8", "2030-06-02,5,m3,4"},
      {"stock.csv", "2030-06-01,35,m3,28", "2030-06-01,30,m3,24"},
      {"stock.csv", "harbour,rations,blue,,start",
       "camp,diesel,green,1,,5,m3,4\ncamp,diesel,green,2,,0,m3,0\n"
       "harbour,rations,blue,,start"}}},
    {"objective",
     "objective is 43.1, recomputed 43.0065",
     {SUMMARY("\"objective\": 43.0065", "\"objective\": 43.1"),
      SUMMARY("\"gap\": 0,", "\"gap\": 0.0021693735498840516,")}},
    {"objective", "cost is 800, recomputed 840", {SUMMARY("\"cost\": 840", "\"cost\": 800")}},
    {"objective", "ratio_used is 9, recomputed 10", {SUMMARY("\"ratio_used\": 10", "\"ratio_used\": 9")}},
    {"bound", "bound is 43, the prices prove 43.0065", {TINY_BOUND("43", "0.00015113994396195747")}},
    {"bound", "bound is 43.2, the prices prove 43.0065", {TINY_BOUND("43.2", "-0.004499319870252238")}},
    {"bound", "bound is 43.0065, the prices prove 42.805", {{"prices.csv", "9.889925", "9.9"}}},
    {"bound", "the price of a limit is -9.889925", {{"prices.csv", "9.889925", "-9.889925"}}},
    {"gap", "gap is 0.01, objective and bound give 0", {SUMMARY("\"gap\": 0,", "\"gap\": 0.01,")}},
    {"orders",
     "the order under diesel-loan is for 19.2 t, movements and issues of its days use 20 t",
     {{"orders.csv", "25,m3,20,,,in-kind", "24,m3,19.2,,,in-kind"}}},
    {"orders",
     "orders under camp-access sum up to 0 t, movements and issues to 20 t",
     {{"orders.csv", "1,camp-access,blue,green,site,diesel,camp,,1,4,2030-06-02,25,m3,20,,,cash,\n", ""}}},
    {"orders",
     "the order under diesel-loan begins or ends on a day on which nothing is used",
     {{"orders.csv", "item,diesel,camp,,1,4", "item,diesel,camp,,0,4"}}},
    {"coverage", "met_t of blue at priority 1 is 27, recomputed 26", {SUMMARY("\"met_t\": 26", "\"met_t\": 27")}},
};

static const breach knot_breaches[] = {
    /* Half the handling: in period 2 commitments leave 0.5 t of it, so chi costs 0.01 x 0.5 instead of 0.01 x 4. */
    {"C4",
     "port handles 3 t on day 0, it can handle 2.5 t more than is committed",
     {{"sites.csv", "AA,,,12,20", "AA,,,5,20"}, KNOT_BOUND("-17.21726", "4.445567578493195")}},
    {"C5",
     "base stores 5 t at the end of day 0.5, it has room for 4 t",
     {{"sites.csv", "base,,north,unit,AA,,,,", "base,,north,unit,AA,,,,4"}}},
    /* Half a vehicle less: theta costs 0.02 x 3. */
    {"C6",
     "fleet trucks is away with 3.25 t on day 1, it has room for 3 t",
     {{"fleets.csv", "3.5,1,0.5", "3,1,0.5"}, KNOT_BOUND("-17.24226", "4.450570650379333")}},
    /* mu costs 0.03 x 2. */
    {"C7",
     "agreement haul is used for 3 t, its limit is 2 t",
     {{"agreements.csv", "lift,water,5", "lift,water,2"}, KNOT_BOUND("-17.16226", "4.434560820343691")}},
    {"C7",
     "agreement aid does not hold on day 2, when demand town-water draws on it",
     {{"agreements.csv", "item,juice,2,,,", "item,juice,2,,2,"}}},
    {"C7",
     "goods of north on lane port-town need a site agreement of south, the movement names none",
     {{"movements.csv", ",,,gate,", ",,,,"},
      {"orders.csv", "2,gate,south,north,site,juice,town,,2,2.5,2030-06-03,0.5,crate,0.25,,,,\n", ""}}},
    {"C7",
     "stock of north meets demand town-water of south, the issue names no agreement",
     {{"issues.csv", ",0.25,aid", ",0.25,"},
      {"orders.csv", "3,aid,north,south,item,juice,town,,2,2.5,2030-06-03,0.5,crate,0.25,,,in-kind,2030-07-03\n", ""}}},
    {"C7",
     "goods of north on lane port-town need no lift agreement, the movement names haul",
     {{"movements.csv", "0.25,,,gate", "0.25,haul,,gate"}}},
    /* Juice may no longer be issued: its four tonnes are worth what waiting costs, 5 eta p + sigma = 0.0011 each. */
    {"C7",
     "agreement aid does not cover juice of north for demand town-water",
     {{"agreements.csv", "item,juice,2", "item,water,2"}, KNOT_BOUND("-13.3725", "3.6761431518952635")}},
    {"C8",
     "the reserve at base is 1 t short on day 2, the file says 0.5 t",
     {{"shortfalls.csv", "2,2,2030-06-03,1,t,3,1", "2,2,2030-06-03,0.5,t,3,0.5"}}},
    /* Juice cannot leave the port. */
    {"C9",
     "lane port-town does not carry juice",
     {{"lanes.csv", "trucks,", "trucks,water III"}, KNOT_BOUND("-13.3725", "3.6761431518952635")}},
    /* It should leave a period later: B5 is 2 (-1 + 0.93988 + 0.06012) = 0, and chi costs 0.01 x 6. */
    {"C10",
     "commitment 2 leaves on day 1.5 and arrives on day 2, not on 1 and 1.5",
     {{"commitments.csv", "north,1,2", "north,1.5,2"}, KNOT_BOUND("-17.27222", "4.456566331727681")}},
    {"C10",
     "0 t of commitment 2 are not moved, the file says 1 t",
     {{"shortfalls.csv", "reserve,,base,fuel,north,2,0,",
       "commitment,2,port,fuel,north,,1,,1,t,2,1\n"
       "reserve,,base,fuel,north,2,0,"}}},
    {"C10",
     "commitment 2 moves 2 t, committed are 1.5 t",
     {{"commitments.csv", "north,1,2", "north,1,1.5"}, KNOT_BOUND("-17.25725", "4.453570492282261")}},
    {"C10",
     "commitment 1 is under way with 3 t, the plan has 2 t of it",
     {{"commitments.csv", "-0.5,2", "-0.5,3"}, KNOT_BOUND("-18.50222", "4.702717468525675")}},
};

static void test_tiny_breaches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tiny_breaches / sizeof *tiny_breaches; i++)
        assert_breach("examples/tiny", "tests/plans/tiny", &tiny_breaches[i]);
}

static void test_knot_breaches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof knot_breaches / sizeof *knot_breaches; i++)
        assert_breach("tests/plans/knot/case", "tests/plans/knot/plan", &knot_breaches[i]);
}

/* Thousands of breaches of one label: a hundred are listed, all are counted. */
static void test_many(void **state)
{
    (void)state;
    const change changes[] = {{"demands.csv", "1,4,5,2", "1,4,5,2\ncamp-water,camp,rations,blue,0,,7,2"},
                              {"case.json", "\"days\": 4", "\"days\": 1000"},
                              {0}};
    trial of;
    trial_open(&of, "examples/tiny", "tests/plans/tiny", changes);
    assert_int_equal(trial_check(&of), MS_BAD_INPUT);
    assert_int_equal(trial_count(&of, "C2"), MS_CHECK_LISTED);
    assert_non_null(strstr(of.report.text, "C2 1000"));
    trial_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny_breaches),
        cmocka_unit_test(test_knot_breaches),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
