/* test_stress_core.c: one scenario against the base: known answers, the interval, and that nothing but base, scenario
 * and precision decides what comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "case/gen.h"
#include "faults.h"
#include "plan_story.h"
#include "stress/stress.h"

/* The unit eats 1 t a day and has 4 t; the lane brings at most 1 t a day and takes a day. Nothing is short. */
static const char line_case[] =
    "== case.json\n{\"name\": \"line\", \"start\": \"2030-06-01\", \"days\": 12}\n"
    "== partners.csv\npartner\nblue\n"
    "== items.csv\nitem,class,unit,kg_per_unit\nfuel,III,t,1000\n"
    "== sites.csv\nsite,partner,kind\ndepot,blue,depot\ncamp,blue,unit\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day\nroad,depot,camp,road,1,blue,1\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,fuel,blue,100\ncamp,fuel,blue,4\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nu,camp,fuel,blue,0,,1,2\n"
    "== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount,chance\n"
    "cut,Road cut,0,7,lane,road,close,,0.1\n"
    "longer,Road cut for longer,0,9,lane,road,close,,0.1\n"
    "late,Road cut late,3,9,lane,road,close,,0.1\n"
    "never,Nothing,3,9,demand,u,scale,1,0.1\n";

static ms_outcome solve(const ms_base *base, const ms_scenario *scenario, const ms_precision *precision)
{
    ms_stress_worker *worker = NULL;
    ms_outcome outcome = {0};
    ms_error err = {0};
    if (ms_stress_worker_make(&worker, base, &err) != MS_OK ||
        ms_stress_solve(&outcome, worker, scenario, precision, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_stress_worker_free(worker);
    return outcome;
}

static ms_base *make_base(const ms_case *kase, double gap, bool alone)
{
    const ms_base_options options = {.gap = gap, .alone = alone, .threads = 1};
    ms_base *base = NULL;
    ms_error err = {0};
    if (ms_base_make(&base, kase, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    return base;
}

static ms_outcome solve_named(const ms_base *base, const char *id, bool alone)
{
    int32_t ix = ms_case_find_contingency(base->kase, id);
    const ms_scenario scenario = {.name = id, .contingency_ix = &ix, .contingency_count = 1};
    const ms_precision precision = {.gap = 1e-6, .alone = alone};
    assert_true(ix >= 0);
    return solve(base, &scenario, &precision);
}

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-3)

/* Nothing leaves on days 0 to 6; what leaves on day 7 arrives on day 8. The 4 t last for days 0 to 3, so days 4 to 7
 * fall short by 1 t each: 4 t, of the only priority, which weighs 1. */
static void known_days(void **state)
{
    (void)state;
    ms_case *kase = story_case(line_case);
    ms_base *base = make_base(kase, 1e-6, true);
    ms_outcome cut = solve_named(base, "cut", true);
    assert_near(cut.added_short, 4);
    assert_true(cut.reached && cut.added_least <= cut.added && cut.added <= cut.added_most);
    assert_near(cut.added_harm[0].short_t[1], 4);
    assert_near(cut.added_alone[0].short_t[1], 4);
    assert_near(cut.from_day, 0);
    assert_near(cut.first_day, 4);
    assert_near(cut.survive_days, 4);
    assert_near(cut.recovery_day, 8);
    assert_int_equal(cut.dry_demand_ix, 0);
    assert_int_equal(cut.failing_count, 1);
    assert_near(cut.failing[0].added_t, 4);
    ms_outcome_free(&cut);

    /* 2 t more; what left on days 0 to 2 arrived, so late: 4 + 3 t last for days 0 to 6, days 7 to 9 fall short. */
    ms_outcome longer = solve_named(base, "longer", false), late = solve_named(base, "late", false);
    assert_near(longer.added_short, 6);
    assert_true(longer.alone == NULL);
    assert_near(late.added_short, 3);
    assert_near(late.survive_days, 7 - 3);
    assert_near(late.recovery_day, 10);
    ms_outcome_free(&longer);
    ms_outcome_free(&late);

    ms_outcome never = solve_named(base, "never", false);
    assert_near(never.added_short, 0);
    assert_true(isnan(never.first_day) && isinf(never.survive_days) && isnan(never.recovery_day));
    assert_int_equal(never.dry_demand_ix, MS_NONE);
    assert_int_equal(never.how, MS_HOW_INTERVAL);
    ms_outcome_free(&never);
    ms_base_free(base);
    ms_case_free(kase);
}

/* The same events, named or loose, are the same scenario. */
static void loose_events(void **state)
{
    (void)state;
    ms_case *kase = story_case(line_case), *named = NULL, *loose = NULL, *both = NULL;
    ms_error err = {0};
    const char *id = "cut";
    char which[] = "road";
    ms_event events[] = {
        {.from_day = 0, .to_day = 7, .what = MS_WHAT_LANE, .which = which, .effect = MS_EFFECT_CLOSE, .amount = NAN},
        {.from_day = 9, .to_day = 10, .what = MS_WHAT_LANE, .which = "road", .effect = MS_EFFECT_SCALE, .amount = 0.5},
    };
    assert_int_equal(ms_case_apply(&named, kase, &id, 1, &err), MS_OK);
    assert_int_equal(ms_case_apply_events(&loose, kase, events, 1, &err), MS_OK);
    which[0] = 'x'; /* the case keeps its own */
    assert_int_equal(ms_case_apply_events(&both, loose, events + 1, 1, &err), MS_OK);
    assert_int_equal(loose->applied_count, 0);
    assert_true(loose->digest != kase->digest && both->digest != loose->digest);
    for (int t = 0; t < kase->period_count; t++) {
        assert_true(ms_case_lane_capacity_t(named, 0, t) == ms_case_lane_capacity_t(loose, 0, t));
        assert_true(ms_case_lane_capacity_t(both, 0, t) == (t < 7 ? 0 : t == 9 ? 0.5 : 1));
    }
    ms_case_free(loose);
    ms_case_free(both);
    ms_case_free(named);
    which[0] = 'r';
    ms_base *base = make_base(kase, 1e-6, false);
    const ms_scenario scenario = {.name = "loose", .events = events, .event_count = 1};
    const ms_precision precision = {.gap = 1e-6};
    ms_outcome outcome = solve(base, &scenario, &precision);
    assert_near(outcome.added_short, 4);
    assert_near(outcome.survive_days, 4);
    ms_outcome_free(&outcome);
    ms_base_free(base);
    ms_case_free(kase);
}

/* ---- a case that the engine iterates on ---- */

static ms_case *made;
static ms_base *made_base;

static int make_made(void **state)
{
    const ms_gen_options small = {.sites = 30, .lanes = 90, .items = 3, .days = 16, .partners = 2, .seed = 7};
    ms_findings findings = {0};
    ms_error err = {0};
    if (story_folder_make(state) != 0 || ms_gen_write("case", &small, &err) != MS_OK ||
        ms_case_open(&made, "case", &findings, &err) != MS_OK)
        return -1;
    ms_findings_free(&findings);
    made_base = make_base(made, 1e-3, false);
    return made_base->together.how == MS_HOW_ITERATED ? 0 : -1;
}

static int drop_made(void **state)
{
    ms_base_free(made_base);
    ms_case_free(made);
    return story_folder_remove(state);
}

static ms_event close_lane(int32_t lane_ix, double from_day, double to_day)
{
    return (ms_event){.contingency_ix = MS_NONE,
                      .from_day = from_day,
                      .to_day = to_day,
                      .what = MS_WHAT_LANE,
                      .which = made->lanes[lane_ix].id,
                      .effect = MS_EFFECT_CLOSE,
                      .amount = NAN};
}

/* The scenario's interval holds the optimum that the LP engine finds, and the events are its own. */
static void interval_holds_the_optimum(void **state)
{
    (void)state;
    const ms_precision precision = {.gap = 5e-3};
    int iterated = 0;
    for (int32_t lane = 1; lane < made->lanes_count; lane += 30) {
        ms_event event = close_lane(lane, 1, 9);
        const ms_scenario scenario = {.name = "lane", .events = &event, .event_count = 1};
        ms_outcome outcome = solve(made_base, &scenario, &precision);
        ms_case *changed = NULL;
        ms_network *net = NULL;
        ms_solution exact;
        ms_error err = {0};
        const ms_engine_request request = {.engine = MS_ENGINE_LP, .gap = 1e-6, .stage = "test"};
        assert_int_equal(ms_scenario_apply(&changed, made, &scenario, &err), MS_OK);
        assert_int_equal(ms_network_make_weighed(&net, changed, MS_EVERYBODY, &made_base->together.net->weights, &err),
                         MS_OK);
        assert_int_equal(ms_engine_solve(&exact, net, &request, &err), MS_OK);
        assert_true(outcome.reached && outcome.gap <= 5e-3);
        assert_true(outcome.bound <= exact.settled.objective * (1 + 1e-9));
        assert_true(outcome.objective >= exact.bound * (1 - 1e-9));
        iterated += outcome.how == MS_HOW_ITERATED;
        ms_solution_free(&exact);
        ms_network_free(net);
        ms_case_free(changed);
        ms_outcome_free(&outcome);
    }
    assert_true(iterated > 0);
}

/* The same bytes from a fresh worker, and from one that has solved others; there and back. */
static void only_the_scenario_counts(void **state)
{
    (void)state;
    enum { COUNT = 3 };
    ms_stress_worker *worker = NULL;
    ms_error err = {0};
    ms_buf fresh[COUNT] = {{0}};
    const ms_precision precision = {.gap = 1e-2};
    assert_int_equal(ms_stress_worker_make(&worker, made_base, &err), MS_OK);
    for (int turn = 0; turn < 2 * COUNT; turn++) {
        int i = turn < COUNT ? turn : 2 * COUNT - 1 - turn;
        ms_event event = close_lane(7 * i, 2, 8);
        const ms_scenario scenario = {.name = "lane \"7\"", .events = &event, .event_count = 1};
        ms_buf again = {0}, back = {0};
        ms_outcome outcome, read;
        if (turn < COUNT)
            outcome = solve(made_base, &scenario, &precision);
        else
            assert_int_equal(ms_stress_solve(&outcome, worker, &scenario, &precision, &err), MS_OK);
        assert_int_equal(ms_outcome_write(turn < COUNT ? &fresh[i] : &again, &outcome, &err), MS_OK);
        if (turn >= COUNT)
            assert_string_equal(again.text, fresh[i].text);
        assert_null(strchr(fresh[i].text, '\n'));
        if (ms_outcome_read(&read, made, fresh[i].text, fresh[i].length, &err) != MS_OK)
            fail_msg("%s", err.message);
        assert_int_equal(ms_outcome_write(&back, &read, &err), MS_OK);
        assert_string_equal(back.text, fresh[i].text);
        ms_outcome_free(&read);
        ms_outcome_free(&outcome);
        ms_buf_free(&again);
        ms_buf_free(&back);
    }
    for (int i = 0; i < COUNT; i++)
        ms_buf_free(&fresh[i]);
    ms_stress_worker_free(worker);
}

/* Asked only whether it is harmless, the engine stops as soon as that is proven. */
static void harmless_is_enough(void **state)
{
    (void)state;
    ms_event event = close_lane(1, 1, 9);
    const ms_scenario scenario = {.name = "lane", .events = &event, .event_count = 1};
    const ms_precision exact = {.gap = 1e-4}, rough = {.gap = 1e-4, .harmless = 1e9};
    ms_outcome slow = solve(made_base, &scenario, &exact), quick = solve(made_base, &scenario, &rough);
    assert_true(quick.reached && quick.added_most <= 1e9 && quick.iterations < slow.iterations);
    assert_true(quick.bound <= slow.objective && slow.bound <= quick.objective);
    ms_outcome_free(&slow);
    ms_outcome_free(&quick);
}

static bool refuse(void *context, const char *stage, double done, double eta_seconds)
{
    (void)context, (void)stage, (void)done, (void)eta_seconds;
    return false;
}

static void stopped_by_the_caller(void **state)
{
    (void)state;
    ms_event event = close_lane(1, 1, 9);
    const ms_scenario scenario = {.name = "lane", .events = &event, .event_count = 1};
    const ms_precision precision = {.gap = 1e-6, .progress = refuse};
    const ms_base_options options = {.progress = refuse};
    ms_stress_worker *worker = NULL;
    ms_base *base = NULL;
    ms_outcome outcome;
    ms_error err = {0};
    assert_int_equal(ms_stress_worker_make(&worker, made_base, &err), MS_OK);
    assert_int_equal(ms_stress_solve(&outcome, worker, &scenario, &precision, &err), MS_LIMIT);
    assert_int_equal(ms_base_make(&base, made, &options, &err), MS_LIMIT);
    ms_stress_worker_free(worker);
}

/* ---- broken lines, short memory ---- */

static void broken_lines(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"objective\":", "\"objectiv\":"},
        {"\"how\":\"", "\"how\":\"x"},
        {"\"reached\":", "\"reached\":1,\"r\":"},
        {"\"harm\":[[0,", "\"harm\":[[9,"},
        {"\"harm\":[[0,2", "\"harm\":[[0,16"},
        {"\"failing\":[[0", "\"failing\":[[1"},
        {"\"dry_demand\":0", "\"dry_demand\":-2"},
        {"{\"name\":", "[{\"name\":"},
        {"\"iterations\":", "\"iterations\":-1,\"i\":"},
    };
    ms_case *kase = story_case(line_case);
    ms_base *base = make_base(kase, 1e-6, false);
    ms_outcome outcome = solve_named(base, "cut", false), read = {0};
    ms_buf text = {0};
    ms_error err = {0};
    assert_int_equal(ms_outcome_write(&text, &outcome, &err), MS_OK);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        ms_buf broken = {0};
        const char *at = strstr(text.text, changes[i][0]);
        if (!at)
            fail_msg("no %s in %s", changes[i][0], text.text);
        ms_buf_put(&broken, text.text, (size_t)(at - text.text));
        ms_buf_text(&broken, changes[i][1]);
        ms_buf_text(&broken, at + strlen(changes[i][0]));
        err = (ms_error){0};
        assert_int_equal(ms_outcome_read(&read, kase, broken.text, broken.length, &err), MS_BAD_INPUT);
        assert_true(err.message[0] != '\0');
        ms_buf_free(&broken);
    }
    for (size_t length = 0; length < text.length; length++)
        assert_int_equal(ms_outcome_read(&read, kase, text.text, length, &err), MS_BAD_INPUT);
    ms_buf_free(&text);
    ms_outcome_free(&outcome);
    ms_base_free(base);
    ms_case_free(kase);
}

static ms_status whole_way(void *context)
{
    const ms_base_options options = {.gap = 1e-6, .alone = true, .threads = 1};
    const int32_t cut = 0;
    const ms_scenario scenario = {.name = "cut", .contingency_ix = &cut, .contingency_count = 1};
    const ms_precision precision = {.gap = 1e-6, .alone = true};
    ms_base *base = NULL;
    ms_stress_worker *worker = NULL;
    ms_outcome outcome = {0}, read = {0};
    ms_buf text = {0};
    ms_error err = {0};
    ms_status status = ms_base_make(&base, context, &options, &err);
    if (status == MS_OK)
        status = ms_stress_worker_make(&worker, base, &err);
    if (status == MS_OK)
        status = ms_stress_solve(&outcome, worker, &scenario, &precision, &err);
    if (status == MS_OK)
        status = ms_outcome_write(&text, &outcome, &err);
    if (status == MS_OK)
        status = ms_outcome_read(&read, context, text.text, text.length, &err);
    ms_outcome_free(&outcome);
    ms_outcome_free(&read);
    ms_buf_free(&text);
    ms_stress_worker_free(worker);
    ms_base_free(base);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_case *kase = story_case(line_case);
    assert_true(each_refusal(whole_way, kase) > 100);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest small[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(loose_events),
        cmocka_unit_test(broken_lines),
        cmocka_unit_test(memory_runs_short),
    };
    const struct CMUnitTest large[] = {
        cmocka_unit_test(interval_holds_the_optimum),
        cmocka_unit_test(only_the_scenario_counts),
        cmocka_unit_test(harmless_is_enough),
        cmocka_unit_test(stopped_by_the_caller),
    };
    return cmocka_run_group_tests(small, NULL, NULL) + cmocka_run_group_tests(large, make_made, drop_made);
}
