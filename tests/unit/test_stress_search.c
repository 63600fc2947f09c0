/* test_stress_search.c: what screens and bounds claim, held against solving everything, on random small cases.
 *
 * Every set of failures that a bound speaks of is solved exactly, by the linear program: harmless failures, single
 * ones, all pairs, all sets of three. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stress/loss.h"
#include "stress/search.h"
#include "stress/stress.h"

#include "../random_case.h"
#include "faults.h"
#include "plan_story.h"

enum { SEEDS = 8, PLACES = 1u << MS_WHAT_SITE | 1u << MS_WHAT_FLEET | 1u << MS_WHAT_PARTNER };

typedef struct {
    ms_case *kase;
    ms_base *base;
    ms_stress_worker *worker;
    ms_failures failures;
    double *loss;
    ms_damage damage;
    size_t solves, solves_most; /* 0: no limit */
} world;

/* What is closed in the set, as a scenario's events. */
static size_t events_of(ms_event *out, const world *w, const ms_set *set)
{
    for (int i = 0; i < set->size; i++)
        out[i] = ms_failure_event(&w->failures, set->items[i]);
    return (size_t)set->size;
}

static ms_outcome solve_set(world *w, const ms_set *set)
{
    ms_event events[MS_SET_MOST];
    ms_outcome outcome;
    ms_error err = {0};
    const ms_precision precision = {.gap = 1e-7};
    const ms_scenario scenario = {.name = "set", .events = events, .event_count = events_of(events, w, set)};
    if (ms_stress_solve(&outcome, w->worker, &scenario, &precision, &err) != MS_OK)
        fail_msg("%s", err.message);
    return outcome;
}

static double value_of(world *w, const ms_set *set)
{
    ms_outcome outcome = solve_set(w, set);
    double objective = outcome.objective;
    assert_true(outcome.objective - outcome.bound <= 1e-6 * fabs(outcome.objective) + 1e-6);
    ms_outcome_free(&outcome);
    return objective;
}

static double slack(double value)
{
    return 2e-6 * fabs(value) + 1e-5;
}

static ms_status learn(bool *stopped, void *context, const ms_set *sets, size_t count, double enough, ms_error *err)
{
    world *w = context;
    (void)enough;
    for (size_t i = 0; i < count; i++) {
        if (w->solves_most > 0 && w->solves == w->solves_most) {
            *stopped = true;
            return MS_OK;
        }
        ms_outcome outcome = solve_set(w, &sets[i]);
        const ms_side *side = ms_stress_worker_side(w->worker);
        MS_TRY(ms_loss_find(w->loss, side->net, &side->solution.settled, &w->failures, err));
        MS_TRY(ms_damage_add(&w->damage, &sets[i], outcome.objective, outcome.bound, w->loss, err));
        ms_outcome_free(&outcome);
        w->solves++;
    }
    return MS_OK;
}

/* Everything closed at once. */
static double ceiling_of(world *w)
{
    ms_event events[MS_WHATS];
    const ms_precision precision = {.gap = 1e-7};
    ms_outcome outcome;
    ms_error err = {0};
    const ms_scenario scenario = {
        .name = "all", .events = events, .event_count = ms_failures_events(events, &w->failures)};
    assert_int_equal(ms_stress_solve(&outcome, w->worker, &scenario, &precision, &err), MS_OK);
    double ceiling = outcome.objective;
    ms_outcome_free(&outcome);
    return ceiling;
}

/* The base and, with singles, each failure that its plan does not exclude. False where the case has too little. */
static bool make_world(world *w, uint64_t seed, unsigned whats, double from, double to, bool singles)
{
    random_case rc;
    char path[32];
    ms_findings findings = {0};
    ms_error err = {0};
    const ms_base_options options = {.gap = 1e-7, .threads = 1};
    *w = (world){0};
    snprintf(path, sizeof path, "%d.case", (int)seed);
    random_case_draw(&rc, seed, RANDOM_ALL & ~(uint32_t)RANDOM_EVENTS);
    ms_status status = ms_case_open(&w->kase, path, &findings, &err);
    if (status == MS_NOT_FOUND && (status = random_case_write(path, &rc, &err)) == MS_OK)
        status = ms_case_open(&w->kase, path, &findings, &err);
    if (status != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    assert_int_equal(ms_base_make(&w->base, w->kase, &options, &err), MS_OK);
    assert_int_equal(ms_stress_worker_make(&w->worker, w->base, &err), MS_OK);
    assert_int_equal(ms_failures_list(&w->failures, w->kase, whats, from, to, &err), MS_OK);
    w->loss = ms_alloc((size_t)w->failures.count, sizeof *w->loss);
    ms_damage_start(&w->damage, w->failures.count, ceiling_of(w));
    const ms_solution *base = &w->base->together.solution;
    assert_int_equal(ms_loss_find(w->loss, w->base->together.net, &base->settled, &w->failures, &err), MS_OK);
    const ms_set none = {.size = 0};
    assert_int_equal(ms_damage_add(&w->damage, &none, base->settled.objective, base->bound, w->loss, &err), MS_OK);
    bool stopped = false;
    for (int32_t f = 0; singles && f < w->failures.count; f++) {
        ms_set set = ms_set_with(&none, f);
        if (w->damage.items[0].loss[f] > 0)
            assert_int_equal(learn(&stopped, w, &set, 1, 0, &err), MS_OK);
    }
    w->solves = 0;
    return w->failures.count >= 3;
}

static void drop_world(world *w)
{
    ms_damage_free(&w->damage);
    ms_free(w->loss);
    ms_failures_free(&w->failures);
    ms_stress_worker_free(w->worker);
    ms_base_free(w->base);
    ms_case_free(w->kase);
}

/* ---- the screen ---- */

/* What the base plan excludes is solved all the same: nothing is added. What it does not exclude adds no more than it
 * says. */
static void screen_holds(void **state)
{
    (void)state;
    int harmless = 0, harmful = 0;
    for (uint64_t seed = 1; seed <= 4 * SEEDS; seed++) {
        world w;
        make_world(&w, seed, PLACES | 1u << MS_WHAT_LANE, (double)(seed % 3),
                   seed % 2 ? INFINITY : (double)(seed % 3) + 1.5, false);
        const ms_known *base = &w.damage.items[0];
        for (int32_t f = 0; f < w.failures.count; f++) {
            const ms_set none = {.size = 0}, set = ms_set_with(&none, f);
            double value = value_of(&w, &set);
            assert_true(value >= base->bound - slack(value)); /* closing something never helps */
            if (value > base->objective + base->loss[f] + slack(value))
                fail_msg("seed %d, %s %s: %.9g over %.9g + %.9g", (int)seed, ms_what_words[w.failures.items[f].what],
                         ms_failure_id(&w.failures, f), value, base->objective, base->loss[f]);
            harmless += base->loss[f] <= 0;
            harmful += value > base->objective + slack(value);
        }
        drop_world(&w);
    }
    assert_true(harmless > 50 && harmful > 50); /* the test would notice either way */
}

/* A longer closure never hurts less. */
static void longer_is_worse(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world brief, longer;
        make_world(&brief, seed, PLACES, 1, 2.5, false);
        make_world(&longer, seed, PLACES, 1, 4, false);
        for (int32_t f = 0; f < brief.failures.count; f++) {
            const ms_set none = {.size = 0}, set = ms_set_with(&none, f);
            double less = value_of(&brief, &set), more = value_of(&longer, &set);
            assert_true(less <= more + slack(more));
        }
        drop_world(&brief);
        drop_world(&longer);
    }
}

/* ---- pairs ---- */

static int by_value_down(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static void pairs_as_by_brute_force(void **state)
{
    (void)state;
    const size_t wanted = 5;
    size_t all_pairs = 0, all_solved = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world w;
        double values[2000];
        size_t count = 0;
        ms_error err = {0};
        ms_worst_sets found;
        make_world(&w, seed, PLACES, 0, INFINITY, true);
        const ms_search search = {&w.damage, 1e-7, learn, &w};
        assert_int_equal(ms_search_pairs(&found, &search, wanted, &err), MS_OK);
        for (int32_t a = 0; a < w.failures.count; a++)
            for (int32_t b = a + 1; b < w.failures.count; b++)
                values[count++] = value_of(&w, &(ms_set){.items = {a, b}, .size = 2});
        qsort(values, count, sizeof *values, by_value_down);
        assert_int_equal(found.count, count < wanted ? count : wanted);
        assert_true(found.set_count == (double)count && !found.stopped);
        for (size_t i = 0; i < found.count; i++) {
            double value = value_of(&w, &found.items[i].set);
            assert_true(fabs(value - values[i]) <= slack(value));
            assert_true(found.items[i].least <= value + slack(value) && value <= found.items[i].most + slack(value));
        }
        if (count > found.count)
            assert_true(values[found.count] <= found.others_most + slack(values[0]));
        assert_true(found.others_most <= values[found.count - 1] + slack(values[0]));
        all_pairs += count;
        all_solved += found.solved_count;
        ms_worst_sets_free(&found);
        drop_world(&w);
    }
    assert_true(all_solved > 0 && 2 * all_solved < all_pairs);
}

/* ---- the worst three ---- */

/* The greatest value of all sets of three that hold `fixed` and nothing barred. */
static double worst_three(world *w, const double *values, const ms_set *fixed, const uint8_t *barred)
{
    int32_t n = w->failures.count;
    double worst = -INFINITY;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = a + 1; b < n; b++)
            for (int32_t c = b + 1; c < n; c++) {
                const ms_set set = {.items = {a, b, c}, .size = 3};
                bool in = ms_set_within(fixed, &set) && !barred[a] && !barred[b] && !barred[c];
                double value = values[(a * n + b) * n + c];
                worst = in && value > worst ? value : worst;
            }
    return worst;
}

static double *solve_threes(world *w)
{
    int32_t n = w->failures.count;
    double *values = ms_alloc((size_t)(n * n * n), sizeof *values);
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = a + 1; b < n; b++)
            for (int32_t c = b + 1; c < n; c++)
                values[(a * n + b) * n + c] = value_of(w, &(ms_set){.items = {a, b, c}, .size = 3});
    return values;
}

static void bounds_of_size_hold(world *w, const double *values)
{
    int32_t n = w->failures.count;
    uint8_t *barred = ms_alloc((size_t)n, 1);
    double *room = ms_alloc(3 * (size_t)n, sizeof *room);
    ms_random random = ms_random_start(7, (uint64_t)n);
    for (int trial = 0; trial < 20; trial++) {
        ms_set fixed = {.size = 0};
        for (int32_t f = 0; f < n; f++) {
            barred[f] = ms_random_between(&random, 0, 3) == 0;
            if (!barred[f] && fixed.size < trial % 3 && ms_random_between(&random, 0, 3) == 0)
                fixed = ms_set_with(&fixed, f);
        }
        double worst = worst_three(w, values, &fixed, barred);
        double most = ms_damage_most_of_size(&w->damage, &fixed, barred, 3, -INFINITY, room);
        assert_true(worst <= most + slack(worst));
    }
    ms_free(barred);
    ms_free(room);
}

static void three_as_by_brute_force(void **state)
{
    (void)state;
    double all = 0, solved = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world w;
        ms_error err = {0};
        ms_worst_sets found;
        if (!make_world(&w, seed, PLACES, 0, INFINITY, true)) {
            drop_world(&w);
            continue;
        }
        double *values = solve_threes(&w);
        uint8_t *none_barred = ms_alloc((size_t)w.failures.count, 1);
        const ms_search search = {&w.damage, 1e-7, learn, &w};
        bounds_of_size_hold(&w, values);
        assert_int_equal(ms_search_worst(&found, &search, 3, &err), MS_OK);
        double worst = worst_three(&w, values, &(ms_set){.size = 0}, none_barred);
        double reached = value_of(&w, &found.items[0].set);
        assert_true(found.items[0].set.size <= 3 && fabs(reached - worst) <= slack(worst));
        assert_true(found.items[0].least <= worst + slack(worst) && worst <= found.others_most + slack(worst));
        assert_true(found.others_most <= worst + slack(worst)); /* it went on to the end */
        all += found.set_count;
        solved += (double)found.solved_count;
        ms_worst_sets_free(&found);
        ms_free(values);
        ms_free(none_barred);
        drop_world(&w);
    }
    assert_true(solved > 0 && 4 * solved < all);
}

/* Stopped early, what it says still holds. */
static void stopped_early(void **state)
{
    (void)state;
    int stopped = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        world w;
        ms_error err = {0};
        ms_worst_sets found;
        if (make_world(&w, seed, PLACES, 0, INFINITY, true)) {
            const ms_search search = {&w.damage, 1e-7, learn, &w};
            uint8_t *none_barred = ms_alloc((size_t)w.failures.count, 1);
            w.solves_most = 1;
            assert_int_equal(ms_search_worst(&found, &search, 3, &err), MS_OK);
            stopped += found.stopped;
            double *values = solve_threes(&w), worst = worst_three(&w, values, &(ms_set){.size = 0}, none_barred);
            assert_true(found.items[0].least <= worst + slack(worst) && worst <= found.others_most + slack(worst));
            ms_free(values);
            ms_free(none_barred);
            ms_worst_sets_free(&found);
        }
        drop_world(&w);
    }
    assert_true(stopped > 0);
}

/* ---- small things ---- */

static void sets(void **state)
{
    (void)state;
    ms_set set = {.size = 0};
    set = ms_set_with(&set, 5);
    set = ms_set_with(&set, 2);
    set = ms_set_with(&set, 9);
    assert_true(set.size == 3 && set.items[0] == 2 && set.items[1] == 5 && set.items[2] == 9);
    const ms_set part = {.items = {2, 9}, .size = 2}, other = {.items = {2, 8}, .size = 2};
    assert_true(ms_set_within(&part, &set) && !ms_set_within(&other, &set) && !ms_set_within(&set, &part));
    assert_true(ms_set_same(&part, &part) && !ms_set_same(&part, &other));
}

/* Three failures and two plans: one of 10 that loses 6, 4 or 1; one of 12, with the first closed, that loses 3 to the
 * second and 7 to the third. Everything closed comes to 16, so that those 7 count as 4.
 * {1, 2}: 10 + 4 + 1 = 15 by the first plan, 12 + 3 + 4 = 19 by the second. {0, 1}: 20 and 12 + 3 = 15.
 * Any two: 10 + 6 + 4 = 20, 12 + 4 + 3 = 19, half of each 11 + 3.5 + 3 = 17.5, but never more than 16.
 * Any one: 16 and 16, but three parts of the first plan with two of the second 10.8 + 3.6 = 14.4, the least there is.
 */
static void bounds_by_hand(void **state)
{
    (void)state;
    ms_damage damage;
    ms_error err = {0};
    double room[9];
    const uint8_t barred[3] = {0};
    const ms_set none = {.size = 0}, first = {.items = {0}, .size = 1};
    ms_damage_start(&damage, 3, 16);
    assert_int_equal(ms_damage_add(&damage, &none, 10, 9, (double[]){6, 4, 1}, &err), MS_OK);
    assert_int_equal(ms_damage_add(&damage, &first, 12, 11, (double[]){5, 3, 7}, &err), MS_OK);
    const ms_set ab = {.items = {0, 1}, .size = 2}, bc = {.items = {1, 2}, .size = 2};
    STORY_NEAR(ms_damage_most(&damage, &bc), 15);
    STORY_NEAR(ms_damage_most(&damage, &ab), 15);
    STORY_NEAR(ms_damage_least(&damage, &bc), 9);
    STORY_NEAR(ms_damage_least(&damage, &ab), 11);
    STORY_NEAR(ms_damage_most_of_size(&damage, &none, barred, 2, 0, room), 16);
    double one = ms_damage_most_of_size(&damage, &none, barred, 1, 0, room);
    assert_true(one >= 14.4 && one < 14.5);
    const uint8_t last_barred[3] = {0, 0, 1};
    double two = ms_damage_most_of_size(&damage, &first, last_barred, 2, 0, room);
    STORY_NEAR(two, 15);
    ms_damage_free(&damage);
}

static ms_status all_again(void *context)
{
    world *w = context;
    ms_failures failures;
    ms_damage damage;
    ms_error err = {0};
    ms_status status = ms_failures_list(&failures, w->kase, PLACES, 0, INFINITY, &err);
    if (status != MS_OK)
        return status;
    ms_damage_start(&damage, w->failures.count, INFINITY);
    status = ms_loss_find(w->loss, w->base->together.net, &w->base->together.solution.settled, &failures, &err);
    if (status == MS_OK)
        status = ms_damage_add(&damage, &(ms_set){.size = 0}, 1, 1, w->loss, &err);
    ms_damage_free(&damage);
    ms_failures_free(&failures);
    return status;
}

static void memory_is_short(void **state)
{
    (void)state;
    world w;
    make_world(&w, 3, PLACES, 0, INFINITY, true);
    each_refusal(all_again, &w);
    drop_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets),
        cmocka_unit_test(bounds_by_hand),
        cmocka_unit_test(screen_holds),
        cmocka_unit_test(longer_is_worse),
        cmocka_unit_test(pairs_as_by_brute_force),
        cmocka_unit_test(three_as_by_brute_force),
        cmocka_unit_test(stopped_early),
        cmocka_unit_test(memory_is_short),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
