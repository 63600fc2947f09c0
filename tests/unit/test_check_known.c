/* test_check_known.c: plans worked out by hand (tests/plans): every term of objective and bound, to the last digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "check_plans.h"
#include "faults.h"

/* A plan that must hold, and the lines that its account must have. */
static void assert_holds(const char *case_path, const char *plan_path, const change *changes, const char *objective,
                         const char *bound)
{
    trial of;
    trial_open(&of, case_path, plan_path, changes);
    ms_status status = trial_check(&of);
    if (status != MS_OK)
        trial_print(&of);
    assert_int_equal(status, MS_OK);
    assert_int_equal(of.findings.error_count, 0);
    assert_non_null(strstr(of.report.text, objective));
    assert_non_null(strstr(of.report.text, bound));
    assert_non_null(strstr(of.report.text, "all of C1 to C10 hold"));
    trial_close(&of);
}

/* examples/tiny: H = 4, p = 1, priorities 1 and 2 at ratio 10, kappa 1, dearest tonne 30, longest way 1 lane.
 *
 *   epsilon = 0.1 / 30; move 1e-4; other 1e-2; eta = 1e-4 / 4 = 2.5e-5
 *
 * Objective: camp-diesel is short of 4 t of priority 1 on day 3: 40. Transport 840 USD: 2.8. 38 t moved: 0.0038. 20 t
 * of Green's diesel issued to Blue: 0.2. Held at the ends of days 0 to 3, at a site or on a lane: diesel 40, 28, 16, 8,
 * rations 7, 5, 3, 1, together 108 t days: 0.0027. Sum 43.0065.
 *
 * Prices: what is left over (8 t of diesel, 1 t of rations) is held to the end, so a tonne in the depot in t is worth
 * V = (4 - t) eta. A line's price is what it costs to serve it from there: beta = cost + 1e-4 + eta - V at departure,
 * with cost 10/300 for hill and 20/300 for rations. Diesel for the camp is worth 10 on day 3, when it is short, and eta
 * less for each day earlier; mu is what of that neither way nor charge takes: 10 - 0.1 - 1e-4 - eta - 0.01 + 2 eta
 * = 9.889925.
 *
 * Bound: B2 8 (30 - 3 eta) = 239.9994, 4 (0.1 + 3e-4 - 6 eta) = 0.4006, 2 (0.2 + 3e-4 - 6 eta) = 0.4003;
 * B4 (40 + 7) 4 eta = 0.0047; B6 -20 mu = -197.7985. Sum 43.0065: the plan is the best there is. */
static void test_tiny(void **state)
{
    (void)state;
    assert_holds("examples/tiny", "tests/plans/tiny", NULL, "objective             43.0065 recomputed",
                 "bound                 43.0065 recomputed");
}

/* knot: H = 5, p = 1/2, priorities 1 and 2 at ratio 4, kappa 1. Dearest tonne: fuel to town, 2 + 0.08 x 100 = 10;
 * longest way 1 lane: epsilon = 0.01. eta p = 1e-4 / 2.5 / 2 = 2e-5. Four steps of 1/4 at 1, 1.25, 1.5, 1.75.
 *
 * Shortfall: base-fuel owes 1 of D = 6 t in the last period, within the first step: 4 x 1/2 = 2. town-water lacks 0.75
 * of 2 t: 2 (0.5 + 1.25 x 0.25) = 1.625. The reserve lacks 1 t in periods 0 and 4: 1/2 (1 + 1) = 1. Sum 4.625. Cost: 5
 * t by port-base at 6 (3 planned, 2 committed; what is under way is free), 3.25 t by port-town at 2: 36.5: 0.365. 8.25
 * t moved: 0.000825. On lanes 5 x 1 + 3.25 x 2 = 11.5 t periods, in stock 106.25: 117.75 x 2e-5 = 0.002355. Juice:
 * another's 0.0025, a substitute 0.00025. 1 t of water refused in period 4: 0.001. Sum 0.37193.
 *
 * Bound at the prices in the file. V of fuel: base -1 from period 1 on, but for eta p: -0.99998 in 1, and in 0 the
 * reserve's price: -1.24996. Port: -0.93988 in 3 (0.06012 for the lane), -0.93986 in 2 (by waiting), -0.93988 in 1, and
 * in 0 waiting at sigma 0.001: -0.93886. V of water at town: 0 in 4, -1 in 3, -0.99998 in 2; port-town costs 0.02014
 * and mu 0.03, and theta 0.02 when it leaves in 1 or 2 (4 periods away): port 2e-5, 4e-5, 6e-5, -0.92986, -0.94984 from
 * 4 back to 0. Juice: issued at 0.011 - 1 = -0.989 in 3, so -0.98898 at town in 2, and at the port -0.96884 in 0. B2 6
 * + 2; nothing for z, since 1 < 2. B3 3 x min(0.25, 0.5) = 0.75. B4 12 x -0.93886 + 6 x -0.94984 + 4 x -0.96884 =
 * -20.84072; supply -0.94984 - 0.92986 + 12e-5 = -1.87958. B5 2 x -1.24996, 2 (-1 + 0.93986 + 0.06012) = -2.49996. B6
 * 0.1 x 5 + 0.01 (6 - 2) + 0.001 x 22 + 0.02 x 3.5 + 0.03 x 5 = 0.782. Sum 8 + 0.75 - 20.84072 - 1.87958 - 2.49996 -
 * 0.782 = -17.25226. */
static void test_knot(void **state)
{
    (void)state;
    assert_holds("tests/plans/knot/case", "tests/plans/knot/plan", NULL, "objective             4.99693 recomputed",
                 "bound               -17.25226 recomputed");
}

/* The same plan under `dry`: no water comes in period 4, so none is refused (-0.001), and B4 loses its 2e-5. */
static void test_knot_dry(void **state)
{
    (void)state;
    const change changes[] = {{"summary.json", "\"contingencies\": []", "\"contingencies\": [\"dry\"]"},
                              {"summary.json", "\"objective\": 4.99693", "\"objective\": 4.99593"},
                              {"summary.json", "\"bound\": -17.25226", "\"bound\": -17.25228"},
                              {"summary.json", "\"gap\": 4.45257187913", "\"gap\": 4.453266959304874"},
                              {"summary.json", "\"cost_part\": 0.37193", "\"cost_part\": 0.37093"},
                              {0}};
    assert_holds("tests/plans/knot/case", "tests/plans/knot/plan", changes, "objective             4.99593 recomputed",
                 "bound               -17.25228 recomputed");
}

/* A price on commitment 2 (C10). At 0, as for one that is broken, a tonne in the port in period 2 may save its 16: V is
 * 0.06012 - 1 - 16 = -16.93988 there and, by waiting, -16.93884 in 0. B4 12 x -16.93884 = -203.26608 instead of
 * -11.26632, B5 2 (16 - 0) instead of -0.00004: -17.25226 - 191.99976 + 32.00004 = -177.25198. At 16 - 0.93986 +
 * 0.93988 = 16.00002, the least that leaves V as it is, the bound is that without a price. */
static void test_commitment_price(void **state)
{
    (void)state;
    const change nothing[] = {{"prices.csv", "C8,", "C10,2,,,,,,,,0\nC8,"},
                              {"summary.json", "\"bound\": -17.25226", "\"bound\": -177.25198"},
                              {"summary.json", "\"gap\": 4.45257187913", "\"gap\": 36.4721759"},
                              {0}};
    assert_holds("tests/plans/knot/case", "tests/plans/knot/plan", nothing, "objective             4.99693 recomputed",
                 "bound              -177.25198 recomputed");
    const change least[] = {{"prices.csv", "C8,", "C10,2,,,,,,,,16.00002\nC8,"}, {0}};
    assert_holds("tests/plans/knot/case", "tests/plans/knot/plan", least, "objective             4.99693 recomputed",
                 "bound               -17.25226 recomputed");
}

/* A plan folder made for another state of the case is checked all the same, with a warning. */
static void test_other_digest(void **state)
{
    (void)state;
    const change changes[] = {{"case.json", "\n}", "\n }"}, {0}};
    trial of;
    trial_open(&of, "examples/tiny", "tests/plans/tiny", changes);
    assert_int_equal(trial_check(&of), MS_OK);
    assert_int_equal(of.findings.warning_count, 1);
    assert_non_null(strstr(of.findings.items[0].message, "digest"));
    trial_close(&of);
}

/* The folder reader sees what the reader in memory sees; a folder that is none is said to be none. */
static void test_folder(void **state)
{
    (void)state;
    trial of;
    trial_open(&of, "examples/tiny", "tests/plans/tiny", NULL);
    assert_int_equal(ms_check_plan(of.kase, "tests/plans/tiny", &of.findings, NULL, &of.err), MS_OK);
    assert_int_equal(of.findings.error_count, 0);
    assert_int_equal(ms_check_plan(of.kase, "tests/plans/nowhere", &of.findings, NULL, &of.err), MS_NOT_FOUND);
    assert_int_equal(ms_check_plan(of.kase, "tests/plans", &of.findings, NULL, &of.err), MS_BAD_INPUT);
    assert_int_equal(trial_count(&of, NULL), MS_CHECK_FILES);
    trial_close(&of);
}

static ms_status check_step(void *context)
{
    return trial_check(context);
}

static void test_refused_memory(void **state)
{
    (void)state;
    trial of;
    trial_open(&of, "tests/plans/knot/case", "tests/plans/knot/plan", NULL);
    assert_true(each_refusal(check_step, &of) > 50);
    trial_close(&of);
    const change dry[] = {{"summary.json", "\"contingencies\": []", "\"contingencies\": [\"dry\"]"}, {0}};
    trial_open(&of, "tests/plans/knot/case", "tests/plans/knot/plan", dry);
    for (uint64_t nth = 1; nth < 200; nth++) {
        /* Now a finding has to be kept too. */
        ms_alloc_fail_at(nth);
        ms_status status = trial_check(&of);
        ms_alloc_fail_at(0);
        assert_true(status == MS_NO_MEMORY || status == MS_BAD_INPUT);
    }
    trial_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny),           cmocka_unit_test(test_knot),
        cmocka_unit_test(test_knot_dry),       cmocka_unit_test(test_commitment_price),
        cmocka_unit_test(test_other_digest),   cmocka_unit_test(test_folder),
        cmocka_unit_test(test_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
