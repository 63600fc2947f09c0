/* test_plan_primal_dual.c: one state solves, is updated to another network of the case, and solves again: what it then
 * has is as valid as what a fresh state has, and several states live side by side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "case/case.h"
#include "plan/primal_dual.h"
#include "plan_story.h"

static ms_case *kase;

static int make_case(void **state)
{
    const ms_gen_options small = {.sites = 26, .lanes = 90, .items = 3, .days = 15, .partners = 2, .seed = 5};
    ms_findings findings = {0};
    ms_error err = {0};
    if (story_folder_make(state) != 0 || ms_gen_write("case", &small, &err) != MS_OK ||
        ms_case_open(&kase, "case", &findings, &err) != MS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    ms_findings_free(&findings);
    return 0;
}

static int drop_case(void **state)
{
    ms_case_free(kase);
    return story_folder_remove(state);
}

/* The case as it is, or with every lane that has an odd number at a third of its capacity. */
static ms_network *network(bool cut)
{
    ms_network *net = NULL;
    ms_error err = {0};
    assert_int_equal(ms_network_make(&net, kase, MS_EVERYBODY, &err), MS_OK);
    for (int32_t a = 1; cut && a < net->lane_count; a += 2)
        for (int t = 0; t < net->H; t++)
            net->lane_room[ms_at(net, a, t)] /= 3;
    assert_int_equal(ms_network_settle_rooms(net, &err), MS_OK);
    return net;
}

static ms_pd *fresh(const ms_network *net)
{
    const ms_pd_options options = {.threads = 1, .gap = 1e-3};
    ms_pd *pd = NULL;
    ms_error err = {0};
    assert_int_equal(ms_pd_init(&pd, net, &options, &err), MS_OK);
    return pd;
}

static void finish(ms_pd *pd)
{
    const ms_pd_limits limits = {.gap = 1e-3, .iterations = 20000};
    ms_pd_end end;
    ms_error err = {0};
    assert_int_equal(ms_pd_solve(&end, pd, &limits, &err), MS_OK);
    double objective = ms_pd_settled(pd)->objective;
    assert_true(objective - ms_pd_bound(pd) <= 1e-2 * (1 + objective));
}

static void agree(const ms_pd *a, const ms_pd *b)
{
    double slack = 2e-6 * (1 + ms_pd_settled(a)->objective);
    assert_true(ms_pd_bound(a) <= ms_pd_settled(b)->objective + slack);
    assert_true(ms_pd_bound(b) <= ms_pd_settled(a)->objective + slack);
}

static void updated(void **state)
{
    (void)state;
    ms_network *whole = network(false), *cut = network(true);
    ms_pd *moved = fresh(whole), *whole_pd = fresh(whole), *cut_pd = fresh(cut);
    ms_error err = {0};
    finish(moved);
    finish(whole_pd);
    finish(cut_pd);
    agree(moved, whole_pd);
    assert_true(ms_pd_settled(cut_pd)->objective > ms_pd_bound(whole_pd));
    assert_int_equal(ms_pd_update(moved, cut, &err), MS_OK);
    finish(moved);
    agree(moved, cut_pd);
    assert_int_equal(ms_pd_update(moved, whole, &err), MS_OK);
    finish(moved);
    agree(moved, whole_pd);
    ms_pd_finish(moved);
    ms_pd_finish(whole_pd);
    ms_pd_finish(cut_pd);
    ms_network_free(whole);
    ms_network_free(cut);
}

/* A state that begins where another ended has a plan and a bound before its first iteration, and needs none where
 * nothing has changed. Whoever asks for no more gets them settled, and may go on from there. */
static void started(void **state)
{
    (void)state;
    ms_network *whole = network(false), *cut = network(true);
    ms_pd *base = fresh(whole), *cut_pd = fresh(cut), *same = fresh(whole), *moved = fresh(cut);
    ms_error err = {0};
    ms_flow flow;
    ms_pd_end end;
    const ms_pd_limits as_it_is = {.gap = INFINITY}, loosely = {.gap = 2e-3};
    finish(base);
    finish(cut_pd);
    assert_int_equal(ms_flow_make(&flow, whole), MS_OK);
    ms_flow_from_settled(&flow, whole, ms_pd_settled(base));
    const ms_pd_place place = {whole, &flow, ms_pd_prices(base), ms_pd_balance(base), INFINITY};
    assert_int_equal(ms_pd_start(same, &place, &err), MS_OK);
    assert_int_equal(ms_pd_solve(&end, same, &loosely, &err), MS_OK);
    assert_int_equal(end, MS_PD_PROVEN);
    assert_int_equal(ms_pd_iterations(same), 0);
    assert_true(ms_pd_bound(same) >= ms_pd_bound(base) - 1e-9 * fabs(ms_pd_bound(base)));
    assert_int_equal(ms_pd_start(moved, &place, &err), MS_OK);
    double objective = ms_pd_objective(moved), bound = ms_pd_bound(moved);
    assert_true(bound <= objective);
    assert_int_equal(ms_pd_solve(&end, moved, &as_it_is, &err), MS_OK);
    assert_int_equal(ms_pd_iterations(moved), 0);
    assert_true(ms_pd_settled(moved)->objective == objective && ms_pd_bound(moved) == bound);
    agree(moved, cut_pd);
    finish(moved);
    assert_true(ms_pd_iterations(moved) > 0);
    agree(moved, cut_pd);
    ms_flow_free(&flow);
    ms_pd *const all[] = {base, cut_pd, same, moved};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ms_pd_finish(all[i]);
    ms_network_free(whole);
    ms_network_free(cut);
}

/* Before its first solve a state has nothing to carry over; an update is then a fresh start. */
static void updated_before_solving(void **state)
{
    (void)state;
    ms_network *whole = network(false), *cut = network(true);
    ms_pd *moved = fresh(whole), *cut_pd = fresh(cut);
    ms_error err = {0};
    assert_int_equal(ms_pd_update(moved, cut, &err), MS_OK);
    finish(moved);
    finish(cut_pd);
    assert_true(ms_pd_settled(moved)->objective == ms_pd_settled(cut_pd)->objective);
    ms_pd_finish(moved);
    ms_pd_finish(cut_pd);
    ms_network_free(whole);
    ms_network_free(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(updated), cmocka_unit_test(started),
                                       cmocka_unit_test(updated_before_solving)};
    return cmocka_run_group_tests(tests, make_case, drop_case);
}
