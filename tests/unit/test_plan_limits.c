/* test_plan_limits.c: stopped by time or by the caller, a plan is still whole, checked, and bounded from below.
 *
 * The case is a generated one whose LP takes Clp about a second; it is solved once to the end, and what comes out of
 * each interrupted run is held against that. A stop is asked for between two looks of 50 ms, so a fast machine may be
 * done before it: then the plan is the best there is, and must say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plan_story.h"

static ms_case *kase;
static double best, best_bound;

static int make_case(void **state)
{
    const ms_gen_options small = {.sites = 30, .lanes = 90, .items = 3, .days = 16, .partners = 2, .seed = 7};
    const ms_plan_options whole = {.engine = MS_ENGINE_LP};
    ms_findings findings = {0};
    ms_plan *plan = NULL;
    ms_error err = {0};
    if (story_folder_make(state) != 0 || ms_gen_write("case", &small, &err) != MS_OK ||
        ms_case_open(&kase, "case", &findings, &err) != MS_OK || ms_plan_make(&plan, kase, &whole, &err) != MS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    ms_findings_free(&findings);
    best = ms_plan_objective(plan);
    best_bound = ms_plan_bound(plan);
    bool proven = !ms_plan_stopped(plan);
    ms_plan_free(plan);
    return proven && best > 0 ? 0 : -1;
}

static int drop_case(void **state)
{
    ms_case_free(kase);
    return story_folder_remove(state);
}

typedef struct {
    int calls, stop_at; /* stop_at 0: never */
    double last_done;
    bool strange;
} listener;

static bool listen(void *context, const char *stage, double done, double eta_seconds)
{
    listener *to = context;
    to->calls++;
    to->strange = to->strange || stage == NULL || stage[0] == '\0' || done > 1 || (eta_seconds != eta_seconds);
    to->last_done = done;
    return to->stop_at == 0 || to->calls < to->stop_at;
}

/* Plans with the options, and holds the plan against the check and against the proven optimum. */
static void assert_valid(const ms_plan_options *options, bool *stopped)
{
    ms_plan *plan = NULL;
    ms_error err = {0};
    if (ms_plan_make(&plan, kase, options, &err) != MS_OK)
        fail_msg("%s", err.message);
    story_check(kase, plan, "plan");
    assert_true(ms_plan_objective(plan) >= best_bound - 1e-9 * best);
    assert_true(ms_plan_bound(plan) <= best + 1e-9 * best);
    assert_true(ms_plan_bound(plan) <= ms_plan_objective(plan) * (1 + 1e-12));
    const double asked = options->gap > 0 ? options->gap : 1e-4;
    if (!ms_plan_stopped(plan))
        assert_true(ms_plan_gap(plan) <= asked);
    else
        assert_true(ms_plan_gap(plan) > 0);
    *stopped = ms_plan_stopped(plan);
    ms_plan_free(plan);
}

static void time_limit(void **state)
{
    (void)state;
    const double seconds[] = {1e-6, 0.06, 0.2};
    for (int i = 0; i < 3; i++) {
        const ms_plan_options options = {.engine = MS_ENGINE_LP, .time_limit = seconds[i]};
        bool stopped;
        assert_valid(&options, &stopped);
        if (i == 0)
            assert_true(stopped);
    }
}

static void progress_says_stop(void **state)
{
    (void)state;
    for (int at = 1; at <= 4; at++) {
        listener to = {.stop_at = at};
        const ms_plan_options options = {.engine = MS_ENGINE_LP, .progress = listen, .progress_context = &to};
        bool stopped;
        assert_valid(&options, &stopped);
        assert_true(stopped == (to.calls >= at));
        assert_false(to.strange);
    }
}

/* Once the time is over no partner is planned alone any more, and the plan says that it has none of that. */
static void stopped_with_alone(void **state)
{
    (void)state;
    const ms_plan_options options = {.engine = MS_ENGINE_LP, .time_limit = 1e-6, .alone = true};
    ms_plan *plan = NULL;
    ms_error err = {0};
    assert_int_equal(ms_plan_make(&plan, kase, &options, &err), MS_OK);
    story_check(kase, plan, "plan");
    assert_true(ms_plan_stopped(plan));
    assert_false(plan->has_alone);
    ms_plan_free(plan);
}

/* The quick engine heeds both too; what it has not reached falls short. */
static void greedy_engine(void **state)
{
    (void)state;
    bool stopped;
    listener to = {.stop_at = 1};
    const ms_plan_options late = {.engine = MS_ENGINE_GREEDY, .time_limit = 1e-6};
    const ms_plan_options interrupted = {.engine = MS_ENGINE_GREEDY, .progress = listen, .progress_context = &to};
    const ms_plan_options whole = {.engine = MS_ENGINE_GREEDY};
    assert_valid(&late, &stopped);
    assert_true(stopped);
    assert_valid(&interrupted, &stopped);
    assert_valid(&whole, &stopped);
}

/* A wide gap asked for is reached at once or later, and then the plan does not count as stopped. */
static void gap_asked(void **state)
{
    (void)state;
    listener to = {0};
    const ms_plan_options options = {.engine = MS_ENGINE_LP, .gap = 0.5, .progress = listen, .progress_context = &to};
    bool stopped;
    assert_valid(&options, &stopped);
    assert_false(stopped);
    assert_false(to.strange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_limit),    cmocka_unit_test(progress_says_stop), cmocka_unit_test(stopped_with_alone),
        cmocka_unit_test(greedy_engine), cmocka_unit_test(gap_asked),
    };
    return cmocka_run_group_tests(tests, make_case, drop_case);
}
