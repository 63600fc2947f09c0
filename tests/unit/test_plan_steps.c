/* test_plan_steps.c: the passes of an iteration give the same bytes for every kind of vector and however the groups are
 * shared out, in single and in double precision; and laying a flow and prices into a grid and taking them out again
 * changes nothing.
 *
 * The case is a generated one with fleets, storage, reserves, agreements and commitments, and a backlog.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "case/case.h"
#include "plan/steps.h"
#include "plan_story.h"

static ms_case *kase;
static ms_network *net;

static int make_case(void **state)
{
    const ms_gen_options small = {.sites = 26, .lanes = 90, .items = 4, .days = 19, .partners = 3, .seed = 5};
    ms_findings findings = {0};
    ms_error err = {0};
    if (story_folder_make(state) != 0 || ms_gen_write("case", &small, &err) != MS_OK ||
        ms_case_open(&kase, "case", &findings, &err) != MS_OK ||
        ms_network_make(&net, kase, MS_EVERYBODY, &err) != MS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    ms_findings_free(&findings);
    return 0;
}

static int drop_case(void **state)
{
    ms_network_free(net);
    ms_case_free(kase);
    return story_folder_remove(state);
}

/* One iteration, the groups from the last to the first when backwards. */
static void iterate(ms_grid *g, const ms_steps *steps, const ms_pass *pass, bool backwards)
{
    for (int i = 0; i < g->group_count; i++) {
        int group = backwards ? g->group_count - 1 - i : i;
        for (int32_t k = g->group_first[group]; k < g->group_first[group + 1]; k++)
            steps->layer(g, k, group, pass);
    }
    int32_t half = net->lane_count / 2;
    steps->lanes(g, half, net->lane_count, pass);
    steps->lanes(g, 0, half, pass);
    for (int part = 0; part < 3; part++)
        steps->shared(g, backwards ? 2 - part : part, 3, pass);
    steps->prices(g, half, net->lane_count);
    steps->prices(g, 0, half);
}

static ms_grid *run(bool wide, ms_simd simd, bool backwards)
{
    ms_grid *g = NULL;
    ms_error err = {0};
    assert_int_equal(ms_grid_make(&g, net, wide, 10, &err), MS_OK);
    const ms_steps *steps = ms_steps_for(simd, wide);
    for (int i = 0; i < 120; i++) {
        int k = i % 40;
        ms_pass pass = {.weight = (k + 1.0) / (k + 2.0),
                        .primal = 0.999 / 0.7,
                        .dual = 0.999 * 0.7,
                        .kind = k == 39       ? MS_PASS_RESTART
                                : k % 10 == 0 ? MS_PASS_MEASURE
                                              : MS_PASS_STEP};
        iterate(g, steps, &pass, backwards);
        if (i == 79)
            ms_grid_weigh(g);
    }
    return g;
}

static void same_iterates(ms_grid *a, ms_grid *b)
{
    ms_iterate *left[MS_GRID_PRIMAL + MS_GRID_DUAL], *right[MS_GRID_PRIMAL + MS_GRID_DUAL];
    ms_grid_primal(left, a);
    ms_grid_dual(left + MS_GRID_PRIMAL, a);
    ms_grid_primal(right, b);
    ms_grid_dual(right + MS_GRID_PRIMAL, b);
    for (size_t i = 0; i < MS_GRID_PRIMAL + MS_GRID_DUAL; i++) {
        assert_int_equal(left[i]->count, right[i]->count);
        assert_memory_equal(left[i]->now, right[i]->now, left[i]->count * a->number);
        assert_memory_equal(left[i]->anchor, right[i]->anchor, left[i]->count * a->number);
    }
    for (int32_t i = 0; i < a->measure_count; i++) {
        assert_memory_equal(&a->primal2[i], &b->primal2[i], sizeof(double));
        assert_memory_equal(&a->dual2[i], &b->dual2[i], sizeof(double));
    }
}

static void same_bytes(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        ms_grid *plain = run(wide != 0, MS_SIMD_PLAIN, false);
        for (ms_simd simd = MS_SIMD_PLAIN; simd <= ms_simd_best(); simd++) {
            ms_grid *other = run(wide != 0, simd, true);
            same_iterates(plain, other);
            ms_grid_free(other);
        }
        ms_grid_free(plain);
    }
}

static void there_and_back(void **state)
{
    (void)state;
    ms_grid *from = run(true, MS_SIMD_AUTO, false), *to = NULL;
    ms_sweeper *sweeper = NULL;
    ms_flow flow, again;
    ms_prices prices, prices_again;
    ms_error err = {0};
    assert_int_equal(ms_flow_make(&flow, net), MS_OK);
    assert_int_equal(ms_flow_make(&again, net), MS_OK);
    assert_int_equal(ms_prices_make(&prices, net), MS_OK);
    assert_int_equal(ms_prices_make(&prices_again, net), MS_OK);
    assert_int_equal(ms_grid_make(&to, net, true, 10, &err), MS_OK);
    ms_grid_flow(&flow, from);
    ms_grid_prices(&prices, from);
    assert_int_equal(ms_grid_start_flow(to, &flow, &err), MS_OK);
    assert_int_equal(ms_sweeper_make(&sweeper, net, &err), MS_OK);
    ms_prices_clean(&prices, net);
    ms_grid_start_prices(to, sweeper, &prices);
    ms_sweeper_free(sweeper);
    ms_grid_flow(&again, to);
    ms_grid_prices(&prices_again, to);
    size_t H = (size_t)net->H;
    assert_memory_equal(flow.move_t, again.move_t, (size_t)net->way_count * H * sizeof(double));
    assert_memory_equal(flow.issue_t, again.issue_t, (size_t)net->issue_count * H * sizeof(double));
    assert_memory_equal(prices.lane, prices_again.lane, (size_t)net->lane_count * H * sizeof(double));
    assert_memory_equal(prices.fleet, prices_again.fleet, (size_t)kase->fleets_count * H * sizeof(double));
    assert_memory_equal(prices.demand, prices_again.demand, (size_t)kase->demands_count * H * sizeof(double));
    ms_flow_free(&flow);
    ms_flow_free(&again);
    ms_prices_free(&prices);
    ms_prices_free(&prices_again);
    ms_grid_free(from);
    ms_grid_free(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bytes), cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, make_case, drop_case);
}
