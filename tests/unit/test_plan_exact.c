/* test_plan_exact.c: the exact end of our own engine, from the bottom: the factor against the matrix, the normal
 * equations against themselves, the longest step against every weight, the interior point against linear programs
 * solved by hand, the whole against the LP engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "plan/cholesky.h"
#include "plan/exact.h"
#include "plan/interior.h"
#include "plan/stride.h"
#include "plan_story.h"

/* ---- the factor ---- */

enum { ROWS_FEW = 90, ROWS_MOST = 260, ENTRIES_MOST = ROWS_MOST * (ROWS_MOST + 1) / 2 };

typedef struct {
    int n, start[ROWS_MOST + 1], index[ENTRIES_MOST];
    double value[ENTRIES_MOST];
} matrix;

/* Lower triangle of a random matrix with so many entries in a hundred, its diagonal heavier than its rows. */
static void draw(matrix *m, uint64_t seed, int n, int percent)
{
    ms_random random = ms_random_start(seed, 0);
    int count = 0;
    m->n = n;
    for (int j = 0; j < n; j++) {
        m->start[j] = count;
        m->index[count] = j;
        m->value[count++] = 1 + n;
        for (int i = j + 1; i < n; i++)
            if (ms_random_between(&random, 0, 99) < percent) {
                m->index[count] = i;
                m->value[count++] = 2 * ms_random_unit(&random) - 1;
            }
    }
    m->start[n] = count;
}

static double worst_miss(const matrix *m, const double *x, const double *right)
{
    double miss[ROWS_MOST], worst = 0;
    memcpy(miss, right, sizeof miss);
    for (int j = 0; j < m->n; j++)
        for (int e = m->start[j]; e < m->start[j + 1]; e++) {
            miss[m->index[e]] -= m->value[e] * x[j];
            if (m->index[e] != j)
                miss[j] -= m->value[e] * x[m->index[e]];
        }
    for (int i = 0; i < m->n; i++)
        worst = fmax(worst, fabs(miss[i]));
    return worst;
}

static ms_team *team_of(int threads)
{
    ms_team *team;
    ms_error err = {0};
    assert_int_equal(ms_team_make(&team, threads, &err), MS_OK);
    return team;
}

static void solve_by(double *x, const matrix *m, ms_simd simd, ms_team *team, double guard, int guarded)
{
    ms_cholesky *factor;
    ms_error err = {0};
    assert_int_equal(ms_cholesky_make(&factor, m->n, m->start, m->index, simd, team, &err), MS_OK);
    for (int again = 0; again < 2; again++)
        assert_int_equal(ms_cholesky_compute(factor, m->value, guard), guarded);
    ms_cholesky_solve(factor, x);
    ms_cholesky_free(factor);
}

/* From nearly diagonal to dense, over many sizes: fronts of one column and of hundreds, whole strips and parts of them,
 * one crew and all; the largest is shared by the team. The three widths of vectors and teams of one to three give the
 * same bytes. */
static void factors_solve(void **state)
{
    (void)state;
    const int percents[] = {0, 2, 5, 20, 100};
    const double single = 1e-6; /* L is kept in single precision */
    ms_team *teams[] = {team_of(1), team_of(2), team_of(3)};
    static matrix m;
    for (int n = 1; n <= ROWS_MOST; n = n < 20 ? n + 1 : n == ROWS_FEW ? ROWS_MOST : n + 7)
        for (size_t p = 0; p < sizeof percents / sizeof *percents; p++) {
            double right[ROWS_MOST] = {0}, x[3][ROWS_MOST] = {{0}};
            draw(&m, (uint64_t)n, n, percents[p]);
            for (int i = 0; i < n; i++)
                right[i] = sin(i + 1);
            for (int v = 0; v < 3; v++) {
                memcpy(x[v], right, sizeof right);
                solve_by(x[v], &m, MS_SIMD_PLAIN + (ms_simd)v, teams[v], 1e-13, 0);
            }
            assert_true(worst_miss(&m, x[0], right) < single);
            assert_memory_equal(x[0], x[1], sizeof x[0]);
            assert_memory_equal(x[0], x[2], sizeof x[0]);
        }
    for (size_t i = 0; i < sizeof teams / sizeof *teams; i++)
        ms_team_free(teams[i]);
}

/* Rows (1 1; 1 1): the second pivot is 1 - 1 = 0, so its unknown is 0, and x = (2, 0) solves x1 + x2 = 2 twice. */
static void dependent_rows_count_as_zero(void **state)
{
    (void)state;
    const matrix m = {.n = 2, .start = {0, 2, 3}, .index = {0, 1, 1}, .value = {1, 1, 1}};
    double x[2] = {2, 2};
    ms_team *team = team_of(1);
    solve_by(x, &m, MS_SIMD_AUTO, team, 1e-13, 1);
    ms_team_free(team);
    assert_true(fabs(x[0] + x[1] - 2) < 1e-12 && (fabs(x[0]) < 1e-100 || fabs(x[1]) < 1e-100));
}

/* ---- the normal equations ---- */

enum { NORMAL_ROWS = 200, NORMAL_COLUMNS = 4000 };

/* Solves, and holds what comes out against the whole. */
static void solve_normal(double *y, const ms_equations *eq, const uint8_t *alone, const double *theta, ms_team *team)
{
    const double ridge = 1e-6, enough = 1e-9;
    double right[NORMAL_ROWS], image[NORMAL_ROWS], by_column[NORMAL_COLUMNS];
    ms_normal *normal;
    ms_error err = {0};
    for (int i = 0; i < NORMAL_ROWS; i++)
        right[i] = cos(i);
    memset(y, 0, NORMAL_ROWS * sizeof *y);
    assert_int_equal(ms_normal_make(&normal, eq, alone, MS_SIMD_AUTO, team, &err), MS_OK);
    ms_normal_compute(normal, theta, ridge);
    assert_true(ms_normal_solve(normal, y, right, enough, 200) <= enough);
    ms_equations_transpose(by_column, eq, y);
    for (int j = 0; j < NORMAL_COLUMNS; j++)
        by_column[j] *= theta[j];
    ms_equations_multiply(image, eq, by_column);
    for (int i = 0; i < NORMAL_ROWS; i++)
        assert_true(fabs(image[i] + ridge * y[i] - right[i]) <= 2 * enough);
    ms_normal_free(normal);
}

/* A random A with a column of its own for each row, so that all is regular; some rows counted as alone, though they are
 * not quite: what comes out solves the whole all the same, with the same bytes on one thread and three. */
static void alone_or_not(void **state)
{
    (void)state;
    static int start[NORMAL_COLUMNS + 1], index[3 * NORMAL_COLUMNS];
    static double value[3 * NORMAL_COLUMNS], theta[NORMAL_COLUMNS];
    int count = 0;
    ms_equations eq = {NORMAL_COLUMNS, NORMAL_ROWS, start, index, value, NULL, NULL, NULL};
    ms_random random = ms_random_start(5, 0);
    ms_team *one = team_of(1), *three = team_of(3);
    for (int j = 0; j < NORMAL_COLUMNS; j++) {
        int first = j < NORMAL_ROWS ? j : (int)ms_random_between(&random, 0, NORMAL_ROWS - 10);
        start[j] = count;
        for (int k = 0; k < (j < NORMAL_ROWS ? 1 : 3); k++) {
            index[count] = first + 4 * k;
            value[count++] = 2 * ms_random_unit(&random) - 1;
        }
        theta[j] = (j < NORMAL_ROWS ? 200 : 1) * (0.1 + ms_random_unit(&random));
    }
    start[NORMAL_COLUMNS] = count;
    for (int every = 1; every <= 4; every++) {
        uint8_t alone[NORMAL_ROWS];
        double y[NORMAL_ROWS], again[NORMAL_ROWS];
        for (int i = 0; i < NORMAL_ROWS; i++)
            alone[i] = i % every == every - 1;
        solve_normal(y, &eq, alone, theta, one);
        solve_normal(again, &eq, alone, theta, three);
        assert_memory_equal(y, again, sizeof y);
    }
    ms_team_free(one);
    ms_team_free(three);
}

/* ---- the longest step ---- */

/* 1 + s (-1 + w / 2) and 1 + s (1/2 - 2 w): both are 0 at once where 1 - w / 2 = 2 w - 1/2, w = 0.6, s = 1 / 0.7. Room
 * without end limits nothing, nor does a 0 that stays. */
static void lines_cross(void **state)
{
    (void)state;
    const double value[] = {1, 1, 0}, along[] = {-1, 0.5, 0}, aside[] = {0.5, -2, 0};
    const double room[] = {INFINITY, INFINITY, INFINITY};
    const ms_stride stride = {{{value, along, aside, 1}, {room, along, aside, -1}}, 3};
    double weight;
    assert_true(fabs(ms_stride_longest(&weight, &stride, 0.1, 10) - 1 / 0.7) < 1e-12 && fabs(weight - 0.6) < 1e-12);
    assert_true(fabs(ms_stride_at(&stride, 0, 10) - 1) < 1e-12);
    assert_true(fabs(ms_stride_at(&stride, 1, 10) - 1 / 1.5) < 1e-12);
    assert_true(fabs(ms_stride_longest(&weight, &stride, 0.1, 1.2) - 1.2) < 1e-12);
}

/* Random directions: no weight of a thousand allows a step that is longer by a twentieth. */
static void no_weight_is_better(void **state)
{
    (void)state;
    enum { COUNT = 50, CASES = 200, WEIGHTS = 1000 };
    const double least = 0.1, most = 5;
    ms_random random = ms_random_start(11, 0);
    for (int c = 0; c < CASES; c++) {
        double value[2][COUNT], along[2][COUNT], aside[2][COUNT], weight, best = 0;
        for (int j = 0; j < 2 * COUNT; j++) {
            value[j / COUNT][j % COUNT] = 0.01 + ms_random_unit(&random);
            along[j / COUNT][j % COUNT] = 2 * ms_random_unit(&random) - 1.5;
            aside[j / COUNT][j % COUNT] = (2 * ms_random_unit(&random) - 1) * (c % 5);
        }
        const ms_stride stride = {{{value[0], along[0], aside[0], 1}, {value[1], along[1], aside[1], -1}}, COUNT};
        double longest = ms_stride_longest(&weight, &stride, least, most);
        assert_true(weight >= least && weight <= 1 && fabs(longest - ms_stride_at(&stride, weight, most)) < 1e-12);
        for (int w = 0; w <= WEIGHTS; w++)
            best = fmax(best, ms_stride_at(&stride, least + (1 - least) * w / WEIGHTS, most));
        assert_true(longest > 0.95 * best);
    }
}

/* ---- the interior point ---- */

static ms_interior_state run(double *x, double *y, const ms_equations *eq, int steps)
{
    const double nowhere[8] = {0};
    ms_interior *ip;
    ms_error err = {0};
    ms_team *team = team_of(1);
    assert_int_equal(ms_interior_make(&ip, eq, nowhere, nowhere, 1, MS_SIMD_AUTO, team, &err), MS_OK);
    for (int i = 0; i < steps && ms_interior_look(ip).open > 1e-9; i++) {
        assert_int_equal(ms_interior_fit(ip, &err), MS_OK);
        ms_interior_step(ip);
    }
    ms_interior_state state = ms_interior_look(ip);
    memcpy(x, ms_interior_finished_x(ip), (size_t)eq->column_count * sizeof *x);
    memcpy(y, ms_interior_y(ip), (size_t)eq->row_count * sizeof *y);
    ms_interior_free(ip);
    ms_team_free(team);
    return state;
}

/* Two depots (supply 5 and 4, row slacks at 0) and two units (needs 3 and 5) by four roads; road 1-2 takes 1 at most:
 *     min 1 a11 + 2 a12 + 4 a21 + 3 a22
 *     a11 + a12 + s1 = 5,  a21 + a22 + s2 = 4,  a11 + a21 = 3,  a12 + a22 = 5,  a12 <= 1
 * Unit 2 gets 1 from depot 1 and 4 from depot 2, which empties it; unit 1 gets 3 from depot 1, of which 1 is left. Cost
 * 3 + 2 + 12 = 17. Another tonne for unit 1 costs 1. */
static void roads(void **state)
{
    (void)state;
    int start[] = {0, 2, 4, 6, 8, 9, 10}, index[] = {0, 2, 0, 3, 1, 2, 1, 3, 0, 1};
    double value[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, cost[] = {1, 2, 4, 3, 0, 0}, right[] = {5, 4, 3, 5};
    double upper[] = {INFINITY, 1, INFINITY, INFINITY, INFINITY, INFINITY}, x[6], y[4];
    const ms_equations eq = {6, 4, start, index, value, cost, upper, right};
    const double best[] = {3, 1, 0, 4, 1, 0};
    ms_interior_state end = run(x, y, &eq, 40);
    assert_true(fabs(end.cost - 17) < 1e-6 && end.missed < 1e-6 && end.open < 1e-8);
    for (int j = 0; j < 6; j++)
        assert_true(fabs(x[j] - best[j]) < 1e-5);
    assert_true(fabs(y[2] - 1) < 1e-4);
}

/* The same equation twice, and one that says nothing (0 = 0 is a row without entries): min x1 + x2, x1 + x2 = 2 twice,
 * x2 <= 1 with cost 3. Best: x1 = 2. */
static void equations_that_depend(void **state)
{
    (void)state;
    int start[] = {0, 2, 4}, index[] = {0, 1, 0, 1};
    double value[] = {1, 1, 1, 1}, cost[] = {1, 3}, right[] = {2, 2, 0}, upper[] = {INFINITY, 1}, x[2], y[3];
    const ms_equations eq = {2, 3, start, index, value, cost, upper, right};
    ms_interior_state end = run(x, y, &eq, 40);
    assert_true(fabs(end.cost - 2) < 1e-6 && end.missed < 1e-6);
    assert_true(fabs(x[0] - 2) < 1e-5 && x[1] < 1e-5);
}

/* Row 1 is held by a column that carries: its price is 1. Row 2 has columns of cost 1000 either way, which carry
 * nothing: its price may be anything between -1000 and 1000. Within 10 nothing holds it, so it stays where it was; far
 * beyond 1000 those two do, in the middle. */
static void prices_that_nothing_holds(void **state)
{
    (void)state;
    int start[] = {0, 1, 2, 3, 4}, index[] = {0, 0, 1, 1};
    double value[] = {1, 1, 1, -1}, cost[] = {1, 4, 1000, 1000}, right[] = {2, 0};
    double upper[] = {INFINITY, INFINITY, INFINITY, INFINITY};
    const double nowhere[4] = {0}, from[] = {0.3, 500};
    const ms_equations eq = {4, 2, start, index, value, cost, upper, right};
    ms_interior *ip;
    ms_error err = {0};
    ms_team *team = team_of(1);
    assert_int_equal(ms_interior_make(&ip, &eq, nowhere, nowhere, 1, MS_SIMD_AUTO, team, &err), MS_OK);
    for (int i = 0; i < 40 && ms_interior_look(ip).open > 1e-5; i++) {
        assert_int_equal(ms_interior_fit(ip, &err), MS_OK);
        ms_interior_step(ip);
    }
    assert_true(fabs(ms_interior_y(ip)[0] - 1) < 1e-4 && fabs(ms_interior_y(ip)[1]) < 1);
    const double *near = ms_interior_held_y(ip, from, 10);
    assert_true(fabs(near[0] - 1) < 1e-4 && fabs(near[1] - 500) < 1);
    const double *far = ms_interior_held_y(ip, from, 1e5);
    assert_true(fabs(far[0] - 1) < 1e-4 && fabs(far[1]) < 1);
    ms_interior_free(ip);
    ms_team_free(team);
}

/* ---- the whole ---- */

typedef struct {
    double objective, bound;
} outcome;

static outcome solved(const ms_network *net, ms_engine engine, ms_simd simd, int threads)
{
    const ms_engine_request request = {.engine = engine, .gap = 1e-6, .simd = simd, .threads = threads};
    ms_solution solution = {0};
    ms_error err = {0};
    assert_int_equal(ms_engine_solve(&solution, net, &request, &err), MS_OK);
    outcome out = {solution.settled.objective, solution.bound};
    ms_solution_free(&solution);
    return out;
}

typedef struct {
    ms_findings findings;
    ms_case *kase;
    ms_network *net;
} generated;

static void generate(generated *out)
{
    const ms_gen_options small = {.sites = 20, .lanes = 70, .items = 2, .days = 12, .partners = 2, .seed = 7};
    ms_error err = {0};
    *out = (generated){0};
    assert_int_equal(ms_gen_write("case", &small, &err), MS_OK);
    assert_int_equal(ms_case_open(&out->kase, "case", &out->findings, &err), MS_OK);
    assert_int_equal(ms_network_make(&out->net, out->kase, MS_EVERYBODY, &err), MS_OK);
}

static void forget(generated *of)
{
    ms_network_free(of->net);
    ms_case_free(of->kase);
    ms_findings_free(&of->findings);
}

/* The LP engine's prices, offered to a state that is far from the best, prove all that there is to prove; no prices at
 * all prove less, and change nothing. Prices are kept near others to the edge, or thrown back. */
static void offered_prices(void **state)
{
    (void)state;
    const ms_engine_request request = {.engine = MS_ENGINE_LP, .gap = 1e-9, .threads = 1};
    const ms_pd_options options = {.threads = 1, .gap = 0.1};
    const ms_pd_limits limits = {.gap = 0.1};
    generated of;
    ms_solution lp = {0};
    ms_prices none;
    ms_pd *pd;
    ms_pd_end end;
    ms_error err = {0};
    bool better;
    generate(&of);
    assert_int_equal(ms_engine_solve(&lp, of.net, &request, &err), MS_OK);
    assert_int_equal(ms_pd_init(&pd, of.net, &options, &err), MS_OK);
    assert_int_equal(ms_pd_solve(&end, pd, &limits, &err), MS_OK);
    assert_true(ms_pd_bound(pd) < lp.bound - 1e-6 * lp.bound);
    assert_int_equal(ms_pd_offer_prices(&better, pd, &lp.prices, &err), MS_OK);
    assert_true(better && fabs(ms_pd_bound(pd) - lp.bound) <= 1e-9 * lp.bound);
    assert_int_equal(ms_prices_make(&none, of.net), MS_OK);
    assert_int_equal(ms_pd_offer_prices(&better, pd, &none, &err), MS_OK);
    assert_true(!better && fabs(ms_pd_bound(pd) - lp.bound) <= 1e-9 * lp.bound);

    none.lane[0] = 5;
    none.demand[1] = -5;
    none.site[0] = 0.5;
    lp.prices.lane[0] = 1;
    lp.prices.demand[1] = 1;
    lp.prices.site[0] = 1;
    ms_prices_keep_near(&none, &lp.prices, 2, false, of.net);
    assert_true(none.lane[0] == 3 && none.demand[1] == -1 && none.site[0] == 0.5);
    ms_prices_keep_near(&none, &lp.prices, 1, true, of.net);
    assert_true(none.lane[0] == 1 && none.demand[1] == 1 && none.site[0] == 0.5);
    ms_prices_free(&none);
    ms_pd_finish(pd);
    ms_solution_free(&lp);
    forget(&of);
}

/* A generated case: the exact end proves a millionth, the LP engine agrees, and threads and vectors change no bit. */
static void as_good_as_the_lp(void **state)
{
    (void)state;
    generated of;
    generate(&of);
    ms_network *net = of.net;
    outcome lp = solved(net, MS_ENGINE_LP, MS_SIMD_AUTO, 1), own = solved(net, MS_ENGINE_PRIMAL_DUAL, MS_SIMD_AUTO, 1);
    assert_true(own.objective - own.bound <= 1e-6 * own.objective);
    assert_true(own.objective >= lp.bound - 1e-9 * lp.bound && own.bound <= lp.objective + 1e-9 * lp.objective);
    outcome other = solved(net, MS_ENGINE_PRIMAL_DUAL, MS_SIMD_PLAIN, 2);
    assert_memory_equal(&own, &other, sizeof own);
    forget(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_solve),
        cmocka_unit_test(dependent_rows_count_as_zero),
        cmocka_unit_test(alone_or_not),
        cmocka_unit_test(lines_cross),
        cmocka_unit_test(no_weight_is_better),
        cmocka_unit_test(roads),
        cmocka_unit_test(equations_that_depend),
        cmocka_unit_test(prices_that_nothing_holds),
        cmocka_unit_test_setup_teardown(offered_prices, story_folder_make, story_folder_remove),
        cmocka_unit_test_setup_teardown(as_good_as_the_lp, story_folder_make, story_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
