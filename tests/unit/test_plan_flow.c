/* test_plan_flow.c: what settling cuts and what repairing saves, worked out on paper; then, on random cases of every
 * feature: an optimal flow keeps its value, and what the repair makes of a spoilt one breaks no limit, and is mostly
 * better. Costs: see plan_story.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "faults.h"
#include "plan/best.h"
#include "plan/engine.h"
#include "plan_desk.h"
#include "plan_story.h"
#include "tests/random_case.h"

#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"
#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"

static ms_settled_value settled_value(const desk *on, const ms_flow *flow)
{
    ms_settler *settler;
    ms_settled_value value;
    ms_error err = {0};
    assert_int_equal(ms_settler_make(&settler, on->net, &err), MS_OK);
    assert_int_equal(ms_settler_value(&value, settler, flow, &err), MS_OK);
    ms_settler_free(settler);
    return value;
}

/* Changes the desk's flow. */
static ms_settled_value repaired_value(desk *on, ms_repair_manner manner)
{
    ms_repair *repair;
    bool ended;
    ms_error err = {0};
    assert_int_equal(ms_repair_make(&repair, on->net, &err), MS_OK);
    assert_int_equal(ms_repair_flow(&ended, repair, &on->flow, manner, INFINITY, &err), MS_OK);
    assert_true(ended);
    ms_repair_free(repair);
    return settled_value(on, &on->flow);
}

/* ---- settling ---- */

#define TWO_ROADS LANES "one,a,b,road,1,5\ntwo,a,b,road,1,5\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,2,8,1\n"

/* 8 wished where 5 fit: 3 short at 1; 5 (1e-4 + 2.5e-5) to move, 4 that stay for 4 days at 2.5e-5. */
static void cut_to_the_lane(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, TWO_ROADS);
    desk_move(&on, "one", 0, 8);
    desk_issue(&on, "need", 1, 8);
    ms_settled_value value = settled_value(&on, &on.flow);
    STORY_NEAR(value.worst_cut_t, 3);
    STORY_NEAR(value.shortfall_part, 3);
    STORY_NEAR(value.cost_part, 6.25e-4 + 4e-4);
    desk_close(&on);
}

/* A settler settles one flow after another as if each were the first; the plan is worth what was said. */
static void used_again(void **state)
{
    (void)state;
    desk on;
    ms_settler *settler;
    ms_settled_value first, empty, again;
    ms_error err = {0};
    desk_open(&on, TWO_ROADS);
    assert_int_equal(ms_settler_make(&settler, on.net, &err), MS_OK);
    assert_int_equal(ms_settler_value(&empty, settler, &on.flow, &err), MS_OK);
    STORY_NEAR(empty.shortfall_part, 8);
    desk_move(&on, "one", 0, 4.5);
    desk_move(&on, "two", 0, 3.5);
    desk_issue(&on, "need", 1, 8);
    assert_int_equal(ms_settler_value(&first, settler, &on.flow, &err), MS_OK);
    assert_int_equal(ms_settler_settle(&on.settled, settler, &on.flow, &err), MS_OK);
    assert_int_equal(ms_settler_value(&again, settler, &on.flow, &err), MS_OK);
    STORY_NEAR(first.objective, 8 * 1.25e-4 + 1e-4);
    assert_true(first.objective == again.objective && first.objective == on.settled.objective);
    assert_true(first.shortfall_part == on.settled.shortfall_part && first.cost_part == on.settled.cost_part);
    ms_settler_free(settler);
    desk_close(&on);
}

static int64_t carried(desk *on, bool evens_out)
{
    ms_settler *settler;
    ms_error err = {0};
    int64_t quanta = 0;
    on->flow.evens_out = evens_out;
    assert_int_equal(ms_settler_make(&settler, on->net, &err), MS_OK);
    ms_settled_free(&on->settled);
    assert_int_equal(ms_settler_settle(&on->settled, settler, &on->flow, &err), MS_OK);
    ms_settler_free(settler);
    for (int t = 0; t < 3; t++)
        quanta += on->settled.move_q[desk_move_at(on, "one", t, "fuel", NULL)];
    return quanta;
}

/* Three loads of 1.4 quanta (1e-7 t): rounded up each time they are 6 quanta; evened out 2, then 0.8 and thus 1, then
 * 1.2 and thus 2. What a full lane cut off, half a tonne, does not go the next time but for one quantum: 3 and 1. */
static void loads_even_out(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "one,a,b,road,1,5\n" STOCKS "a,fuel,,9\n" DEMANDS "need,b,fuel,,1,4,2,1\n");
    for (int t = 0; t < 3; t++)
        desk_move(&on, "one", t, 1.4e-7);
    assert_int_equal(carried(&on, false), 6);
    assert_int_equal(carried(&on, true), 5);
    desk_move(&on, "one", 0, 5.5);
    ptrdiff_t next = desk_move_at(&on, "one", 1, "fuel", NULL);
    int64_t plain = carried(&on, false);
    assert_int_equal(on.settled.move_q[next], 2);
    assert_int_equal(carried(&on, true), plain);
    assert_int_equal(on.settled.move_q[next], 3);
    desk_close(&on);
}

/* ---- repairing ---- */

/* What does not fit on one road goes by the other: nothing is short. */
static void another_road(void **state)
{
    (void)state;
    for (ms_repair_manner manner = MS_REPAIR_CAREFUL; manner <= MS_REPAIR_EAGER; manner++) {
        desk on;
        desk_open(&on, TWO_ROADS);
        desk_move(&on, "one", 0, 8);
        desk_issue(&on, "need", 1, 8);
        ms_settled_value value = repaired_value(&on, manner);
        STORY_NEAR(on.flow.move_t[desk_move_at(&on, "one", 0, "fuel", NULL)], 5);
        STORY_NEAR(on.flow.move_t[desk_move_at(&on, "two", 0, "fuel", NULL)], 3);
        STORY_NEAR(value.objective, 8 * 1.25e-4 + 1e-4);
        desk_close(&on);
    }
}

/* 5 t for two needs of 5: settling loads the roads in the order of the file and leaves the urgent one short (50); the
 * repair serves it first (5). */
static void urgent_first(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, LANES "low,a,c,road,1,\nhigh,a,b,road,1,\n" STOCKS "a,fuel,,5\n" DEMANDS
                         "later,c,fuel,,1,2,5,2\nnow,b,fuel,,1,2,5,1\n");
    desk_move(&on, "low", 0, 5);
    desk_move(&on, "high", 0, 5);
    desk_issue(&on, "later", 1, 5);
    desk_issue(&on, "now", 1, 5);
    STORY_NEAR(settled_value(&on, &on.flow).shortfall_part, 50);
    STORY_NEAR(repaired_value(&on, MS_REPAIR_CAREFUL).shortfall_part, 5);
    desk_close(&on);
}

/* The same 5 t: 5 t of the lesser need stay short, whatever is done. A repair that may cost 4 gives up, one that may
 * cost 6 does not. */
static void too_much_is_short(void **state)
{
    (void)state;
    const double most[] = {4, 6};
    for (int i = 0; i < 2; i++) {
        desk on;
        ms_repair *repair;
        bool ended;
        ms_error err = {0};
        desk_open(&on, LANES "low,a,c,road,1,\nhigh,a,b,road,1,\n" STOCKS "a,fuel,,5\n" DEMANDS
                             "later,c,fuel,,1,2,5,2\nnow,b,fuel,,1,2,5,1\n");
        desk_move(&on, "low", 0, 5);
        desk_issue(&on, "later", 1, 5);
        assert_int_equal(ms_repair_make(&repair, on.net, &err), MS_OK);
        assert_int_equal(ms_repair_flow(&ended, repair, &on.flow, MS_REPAIR_EAGER, most[i], &err), MS_OK);
        assert_int_equal(ended, i == 1);
        ms_repair_free(repair);
        desk_close(&on);
    }
}

#define FULL_STORE                                                                                                  \
    "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,10\nc,,unit,\nd,,unit,\n" LANES                  \
    "one,a,b,road,1,50\n" STOCKS "a,fuel,,8\n"                                                                      \
    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,fuel,,0,1,6\n" DEMANDS "need,b,fuel,,3,4,12,1\n" \
    "== commitments.csv\nlane,item,partner,depart_day,quantity\none,fuel,,0,8\n"

/* 6 t come in on day 0, 8 t committed on day 1, 10 t fit: 4 t must be refused on day 0, when there is room; then 2 of
 * 12 t are short. */
static void room_for_what_is_committed(void **state)
{
    (void)state;
    desk on;
    ms_error err = {0};
    desk_open(&on, FULL_STORE);
    desk_issue(&on, "need", 3, 12);
    STORY_NEAR(settled_value(&on, &on.flow).over_storage_t, 4);
    assert_int_equal(ms_flow_settle(&on.settled, on.net, &on.flow, &err), MS_OK);
    assert_true(on.settled.over_storage_t <= MS_OVER_STORAGE_MOST_T);
    STORY_NEAR(on.settled.shortfall_part, 2);
    STORY_NEAR((double)on.settled.refuse_q[0] * ms_quantum_t(on.net, 0), 4);
    desk_close(&on);
}

/* ---- the best of several ---- */

static void best_is_kept(void **state)
{
    (void)state;
    desk on;
    ms_best *best;
    bool better = false;
    ms_best_repair plain = {MS_REPAIR_NOT, INFINITY, INFINITY}, careful = {MS_REPAIR_CAREFUL, INFINITY, INFINITY};
    ms_error err = {0};
    desk_open(&on, TWO_ROADS);
    assert_int_equal(ms_best_make(&best, on.net, &err), MS_OK);
    assert_null(ms_best_value(best));
    desk_move(&on, "one", 0, 8);
    desk_issue(&on, "need", 1, 8);
    ms_flow_copy(ms_best_trial(best), &on.flow, on.net);
    assert_int_equal(ms_best_offer(&better, best, &plain, &err), MS_OK);
    assert_true(better && ms_best_fits(best));
    STORY_NEAR(ms_best_value(best)->shortfall_part, 3);
    ms_flow_copy(ms_best_trial(best), &on.flow, on.net);
    assert_int_equal(ms_best_offer(&better, best, &plain, &err), MS_OK);
    assert_false(better);
    ms_best_repair unworthy = careful;
    unworthy.plain_most = 2.9; /* 3 t are short, settled as it is */
    ms_flow_copy(ms_best_trial(best), &on.flow, on.net);
    assert_int_equal(ms_best_offer(&better, best, &unworthy, &err), MS_OK);
    assert_false(better);
    ms_flow_copy(ms_best_trial(best), &on.flow, on.net);
    assert_int_equal(ms_best_offer(&better, best, &careful, &err), MS_OK);
    assert_true(better);
    STORY_NEAR(ms_best_value(best)->shortfall_part, 0);
    assert_int_equal(ms_best_settle(&on.settled, best, &err), MS_OK);
    assert_true(on.settled.objective == ms_best_value(best)->objective);
    ms_best_free(best);
    desk_close(&on);
}

/* ---- random cases ---- */

static void spoil(ms_flow *flow, const ms_network *net, ms_random *random)
{
    for (size_t at = 0; at < ms_at(net, net->way_count, 0); at++)
        flow->move_t[at] *= 2 * ms_random_unit(random);
    for (size_t at = 0; at < ms_at(net, net->issue_count, 0); at++)
        flow->issue_t[at] *= 2 * ms_random_unit(random);
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        for (int t = 0; net->supply_row[pair] >= 0 && t < net->H; t++)
            flow->refuse_t[ms_at(net, net->supply_row[pair], t)] *= ms_random_unit(random);
}

/* Every other case with its contingency, in which stock may be lost. */
static void random_desk(desk *on, uint64_t seed)
{
    char path[32];
    random_case rc;
    ms_case *applied = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    random_case_draw(&rc, seed, RANDOM_ALL);
    snprintf(path, sizeof path, "%d.case", (int)seed);
    assert_int_equal(random_case_write(path, &rc, &err), MS_OK);
    *on = (desk){0};
    assert_int_equal(ms_case_open(&on->kase, path, &findings, &err), MS_OK);
    ms_findings_free(&findings);
    if (rc.event_count > 0 && seed % 2) {
        assert_int_equal(ms_case_apply(&applied, on->kase, &random_case_contingency, 1, &err), MS_OK);
        ms_case_free(on->kase);
        on->kase = applied;
    }
    assert_int_equal(ms_network_make(&on->net, on->kase, MS_EVERYBODY, &err), MS_OK);
    assert_int_equal(ms_flow_make(&on->flow, on->net), MS_OK);
}

static bool holds(const ms_settled_value *value)
{
    const double rounding_t = 1e-4;
    return value->worst_cut_t <= rounding_t && value->over_storage_t <= MS_OVER_STORAGE_MOST_T;
}

static void random_flows(void **state)
{
    (void)state;
    const uint64_t seeds = 60;
    const double rounding = 1e-6;
    const ms_engine_request request = {.gap = 0};
    int tried = 0, worse = 0;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        desk on;
        ms_solution solution;
        ms_error err = {0};
        ms_random random = ms_random_start(seed, 0);
        random_desk(&on, seed);
        assert_int_equal(ms_engine_lp(&solution, on.net, &request, &err), MS_OK);
        double best = solution.settled.objective, slack = rounding * (1 + best);
        ms_flow_from_settled(&on.flow, on.net, &solution.settled);
        assert_int_equal(ms_flow_settle(&on.settled, on.net, &on.flow, &err), MS_OK);
        if (on.settled.objective > best + slack)
            fail_msg("seed %d: settled again %.9g, best %.9g", (int)seed, on.settled.objective, best);
        for (int round = 0; round < 4; round++) {
            ms_flow_from_settled(&on.flow, on.net, &solution.settled);
            spoil(&on.flow, on.net, &random);
            double plain = settled_value(&on, &on.flow).objective;
            ms_settled_value value = repaired_value(&on, round % 2 ? MS_REPAIR_EAGER : MS_REPAIR_CAREFUL);
            if (!holds(&value) || value.objective < solution.bound - slack)
                fail_msg("seed %d: cut %.3g, over %.3g, objective %.9g, bound %.9g", (int)seed, value.worst_cut_t,
                         value.over_storage_t, value.objective, solution.bound);
            tried++;
            worse += value.objective > plain + slack;
        }
        ms_solution_free(&solution);
        desk_close(&on);
    }
    assert_true(10 * worse <= tried);
}

/* ---- memory ---- */

static ms_status settle_step(void *context)
{
    desk *on = context;
    ms_error err = {0};
    ms_settled settled;
    ms_status status = ms_flow_settle(&settled, on->net, &on->flow, &err);
    if (status == MS_OK)
        ms_settled_free(&settled);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    desk on;
    desk_open(&on, FULL_STORE);
    desk_issue(&on, "need", 3, 12);
    assert_true(each_refusal(settle_step, &on) > 50);
    desk_close(&on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_to_the_lane),
        cmocka_unit_test(used_again),
        cmocka_unit_test(loads_even_out),
        cmocka_unit_test(another_road),
        cmocka_unit_test(urgent_first),
        cmocka_unit_test(too_much_is_short),
        cmocka_unit_test(room_for_what_is_committed),
        cmocka_unit_test(best_is_kept),
        cmocka_unit_test(random_flows),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
