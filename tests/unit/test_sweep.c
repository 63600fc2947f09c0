/* test_sweep.c: the sweeper against B1 to B6 of docs/model.md, written out again here in long double, on random cases
 * of every feature with random prices of every size: its bound is never above, and hardly below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/team.h"
#include "faults.h"
#include "plan/sweep.h"
#include "plan_story.h"
#include "tests/random_case.h"

typedef long double real;

enum { SEEDS = 80, ROUNDS = 4 };

/* ---- B1 to B6, by the book ---- */

typedef struct {
    const ms_network *net;
    const ms_prices *prices;
    const ms_sweeper *given; /* V is this one's; NULL: V is the least there is */
    real *value;             /* [node], of sites x H */
    real sum, size;
} book;

static real value_at(const book *of, int32_t k, int32_t n, int t)
{
    if (t >= of->net->H)
        return 0;
    return of->given ? ms_sweeper_value(of->given, k, n, t) : of->value[ms_node(of->net, k, n, t)];
}

static real move_price(const book *of, const ms_move_way *way, int t)
{
    const ms_network *net = of->net;
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    real price = (real)ms_network_move_cost(net, way->layer, way->lane_ix, t) +
                 of->prices->lane[ms_at(net, way->lane_ix, t)] + of->prices->site[ms_at(net, lane->from_ix, t)] +
                 of->prices->site[ms_at(net, lane->to_ix, t + net->transit[ms_at(net, way->lane_ix, t)])];
    for (int later = t; lane->fleet_ix >= 0 && later < net->H; later++)
        price += (real)ms_network_away(net, way->lane_ix, t, later) *
                 of->prices->fleet[ms_at(net, lane->fleet_ix, later)];
    for (int need = 0; need < MS_NEEDS; need++)
        price += way->agreement_ix[need] >= 0 ? of->prices->agreement[way->agreement_ix[need]] : 0;
    return price;
}

static real move_candidate(const book *of, const ms_move_way *way, int t)
{
    const ms_network *net = of->net;
    if (!ms_network_way_open(net, way, t))
        return INFINITY;
    return move_price(of, way, t) + value_at(of, way->layer, net->kase->lanes[way->lane_ix].to_ix,
                                             t + net->transit[ms_at(net, way->lane_ix, t)]);
}

static real issue_candidate(const book *of, const ms_issue_way *way, int t)
{
    int32_t g = way->agreement_ix;
    if (!ms_network_issue_open(of->net, way, t) || (g >= 0 && of->net->agreement_room[g] <= 0))
        return INFINITY;
    return (real)way->charge - (real)way->meets * of->prices->demand[ms_at(of->net, way->demand_ix, t)] +
           (g >= 0 ? of->prices->agreement[g] : 0);
}

static real wait_candidate(const book *of, int32_t k, int32_t n, int t)
{
    const ms_network *net = of->net;
    real price = (real)net->weights.hold_per_day * net->period_days + of->prices->storage[ms_at(net, n, t)];
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        if (net->reserve_layer[r] == k && net->kase->reserves[r].site_ix == n)
            price -= of->prices->reserve[ms_at(net, r, t)];
    if (t + 1 < net->H)
        price += ms_case_carry(net->kase, n, net->layers[k].item_ix, t + 1) * value_at(of, k, n, t + 1);
    return price;
}

static real committed_candidate(const book *of, const ms_committed *m)
{
    /* The heavy ones first: they all but cancel. */
    real price = (real)of->prices->commitment[m->commitment_ix] - m->broken_cost;
    return price + m->cost + value_at(of, m->layer, m->to_ix, m->arrive);
}

/* The least of all that a tonne can do. */
static real best(const book *of, int32_t k, int32_t n, int t)
{
    const ms_network *net = of->net;
    real least = wait_candidate(of, k, n, t);
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++)
        if (net->kase->lanes[net->ways[w].lane_ix].from_ix == n)
            least = fminl(least, move_candidate(of, &net->ways[w], t));
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
        if (net->kase->demands[net->issues[v].demand_ix].site_ix == n)
            least = fminl(least, issue_candidate(of, &net->issues[v], t));
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer == k && m->from_ix == n && m->depart == t && !isnan(of->prices->commitment[m->commitment_ix]))
            least = fminl(least, committed_candidate(of, m));
    }
    return least;
}

static void add(book *of, real term)
{
    of->sum += term;
    of->size += fabsl(term);
}

static void add_limits(book *of, const double *prices, const double *rooms, size_t count)
{
    for (size_t at = 0; at < count; at++)
        if (prices[at] > 0)
            add(of, -(real)prices[at] * rooms[at]);
}

static void add_holdings(book *of, int32_t k, int32_t n)
{
    const ms_network *net = of->net;
    size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
    add(of,
        (real)net->opening_t[pair] * ms_case_carry(net->kase, n, net->layers[k].item_ix, 0) * value_at(of, k, n, 0));
    for (int t = 0; net->supply_row[pair] >= 0 && t < net->H; t++)
        add(of,
            net->supply_t[ms_at(net, net->supply_row[pair], t)] * fminl(value_at(of, k, n, t), net->weights.refuse));
}

static void add_needs(book *of)
{
    const ms_network *net = of->net;
    const ms_case *kase = net->kase;
    for (int32_t j = 0; j < kase->demands_count; j++)
        for (int t = 0; t < net->H; t++) {
            real price = of->prices->demand[ms_at(net, j, t)];
            add(of, price * net->demand_t[ms_at(net, j, t)]);
            if (kase->items[kase->demands[j].item_ix].backorder && t + 1 < net->H)
                price -= of->prices->demand[ms_at(net, j, t + 1)];
            for (int s = 0; s < net->weights.step_count; s++)
                add(of, ms_network_short_width(net, j, t, s) * fminl(0, ms_network_short_weight(net, j, s) - price));
        }
    for (int32_t r = 0; r < kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++)
            add(of, (real)net->reserve_t[ms_at(net, r, t)] *
                        fminl(of->prices->reserve[ms_at(net, r, t)], ms_network_reserve_weight(net, r)));
}

static void open_book(book *of, const ms_network *net, const ms_prices *prices)
{
    *of = (book){.net = net, .prices = prices};
    of->value = ms_alloc(ms_node(net, net->layer_count, 0, 0), sizeof *of->value);
    assert_non_null(of->value);
    for (int t = net->H - 1; t >= 0; t--)
        for (int32_t k = 0; k < net->layer_count; k++)
            for (int32_t n = 0; n < net->site_count; n++)
                of->value[ms_node(net, k, n, t)] = best(of, k, n, t);
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            add_holdings(of, k, n);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        real price = prices->commitment[m->commitment_ix], after = value_at(of, m->layer, m->to_ix, m->arrive);
        if (m->depart >= 0)
            after = isnan(price)
                        ? fminl(after - value_at(of, m->layer, m->from_ix, m->depart) + m->cost, m->broken_cost)
                        : m->broken_cost - price;
        add(of, m->load_t * after);
    }
    add_needs(of);
    add_limits(of, prices->lane, net->lane_room, ms_at(net, net->lane_count, 0));
    add_limits(of, prices->site, net->site_room, ms_at(net, net->site_count, 0));
    add_limits(of, prices->storage, net->storage, ms_at(net, net->site_count, 0));
    add_limits(of, prices->fleet, net->fleet_room, ms_at(net, net->kase->fleets_count, 0));
    add_limits(of, prices->agreement, net->agreement_room, (size_t)net->kase->agreements_count);
}

/* ---- cases and prices ---- */

static void draw_rows(ms_random *random, double *prices, size_t count, double scale)
{
    for (size_t i = 0; i < count; i++)
        prices[i] = ms_random_between(random, 0, 3) == 0 ? 0 : scale * ms_random_unit(random);
}

/* Prices from a ten-thousandth to a hundred million; `largest` gets about the greatest of them and of the weights. */
static void draw_prices(ms_prices *prices, double *largest, const ms_network *net, ms_random *random)
{
    const ms_case *kase = net->kase;
    struct {
        double *prices;
        size_t count;
    } tables[] = {
        {prices->demand, ms_at(net, kase->demands_count, 0)},  {prices->lane, ms_at(net, kase->lanes_count, 0)},
        {prices->site, ms_at(net, kase->sites_count, 0)},      {prices->storage, ms_at(net, kase->sites_count, 0)},
        {prices->fleet, ms_at(net, kase->fleets_count, 0)},    {prices->agreement, (size_t)kase->agreements_count},
        {prices->reserve, ms_at(net, kase->reserves_count, 0)}};
    *largest = 1;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        double scale = pow(10, (double)ms_random_between(random, -4, 8));
        draw_rows(random, tables[i].prices, tables[i].count, scale);
        *largest = fmax(*largest, scale);
    }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        double share = ms_random_unit(random);
        *largest = fmax(*largest, m->broken_cost);
        if (m->depart >= 0 && share < 0.8)
            prices->commitment[m->commitment_ix] = share < 0.4 ? m->broken_cost - share : share * m->broken_cost;
    }
    ms_prices_clean(prices, net);
}

typedef void visit(const ms_network *net, const ms_prices *prices, double largest);

static void visit_networks(const ms_case *kase, uint64_t seed, visit *look)
{
    for (int32_t alone = MS_EVERYBODY; alone < 1; alone += 2) { /* everybody, the first partner */
        ms_network *net = NULL;
        ms_error err = {0};
        assert_int_equal(ms_network_make(&net, kase, alone, &err), MS_OK);
        ms_random random = ms_random_start(seed, 7);
        for (int round = 0; round < ROUNDS; round++) {
            ms_prices prices;
            double largest = 1;
            assert_int_equal(ms_prices_make(&prices, net), MS_OK);
            if (round > 0)
                draw_prices(&prices, &largest, net, &random);
            look(net, &prices, largest);
            ms_prices_free(&prices);
        }
        ms_network_free(net);
    }
}

static ms_case *cases[2 * SEEDS]; /* as drawn; after its contingency, if it has one */

static int open_cases(void **state)
{
    if (story_folder_make(state) != 0)
        return -1;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        char path[32];
        random_case rc;
        ms_case **at = &cases[2 * (seed - 1)];
        ms_findings findings = {0};
        ms_error err = {0};
        snprintf(path, sizeof path, "%d.case", (int)seed);
        random_case_draw(&rc, seed, seed % 4 ? RANDOM_ALL : random_case_features(seed));
        if (random_case_write(path, &rc, &err) != MS_OK || ms_case_open(&at[0], path, &findings, &err) != MS_OK)
            return -1;
        if (rc.event_count > 0 && ms_case_apply(&at[1], at[0], &random_case_contingency, 1, &err) != MS_OK)
            return -1;
        ms_findings_free(&findings);
    }
    return 0;
}

static int drop_cases(void **state)
{
    for (int i = 0; i < 2 * SEEDS; i++)
        ms_case_free(cases[i]);
    return story_folder_remove(state);
}

static void visit_all(visit *look)
{
    for (int i = 0; i < 2 * SEEDS; i++)
        if (cases[i])
            visit_networks(cases[i], (uint64_t)i, look);
}

static ms_sweeper *make_sweeper(const ms_network *net)
{
    ms_sweeper *sweeper = NULL;
    ms_error err = {0};
    assert_int_equal(ms_sweeper_make(&sweeper, net, &err), MS_OK);
    return sweeper;
}

/* ---- the tests ---- */

/* What lowering V at every step may cost. */
static double lowered(const ms_network *net, double largest)
{
    double loads_t = 0;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++) {
        loads_t += net->opening_t[pair];
        for (int t = 0; net->supply_row[pair] >= 0 && t < net->H; t++)
            loads_t += net->supply_t[ms_at(net, net->supply_row[pair], t)];
    }
    for (int32_t i = 0; i < net->committed_count; i++)
        loads_t += net->committed[i].load_t;
    return 0x1p-48 * net->H * largest * loads_t;
}

static void look_at_bound(const ms_network *net, const ms_prices *prices, double largest)
{
    book of;
    double bound;
    ms_error err = {0};
    open_book(&of, net, prices);
    assert_int_equal(ms_bound(&bound, net, prices, &err), MS_OK);
    assert_true(bound <= of.sum);
    assert_true(bound >= of.sum - 1.01e-12L * of.size - lowered(net, largest));
    ms_free(of.value);
}

static void bound_is_that_of_the_book(void **state)
{
    (void)state;
    visit_all(look_at_bound);
}

/* Every V, as it came out, is at most what each thing to do comes to with the V behind it: so the bound is one whatever
 * was rounded. And one of them all but attains it. */
static void look_at_values(const ms_network *net, const ms_prices *prices, double largest)
{
    ms_sweeper *sweeper = make_sweeper(net);
    ms_sweeper_bound(sweeper, prices);
    book of = {.net = net, .prices = prices, .given = sweeper};
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++) {
                real value = value_at(&of, k, n, t), least = best(&of, k, n, t);
                assert_true(value <= least);
                assert_true(value >= least - 0x1p-46 * (largest + fabsl(least)));
            }
    ms_sweeper_free(sweeper);
}

static void values_are_on_the_safe_side(void **state)
{
    (void)state;
    visit_all(look_at_values);
}

static void run_part(void *context, int part, int parts)
{
    ms_sweeper *sweeper = context;
    for (int i = part; i < sweeper->part_count; i += parts)
        ms_sweeper_part(sweeper, i);
}

static ms_team *pair;

static void look_at_bytes(const ms_network *net, const ms_prices *prices, double largest)
{
    (void)largest;
    ms_sweeper *sweeper = make_sweeper(net);
    double bound = ms_sweeper_bound(sweeper, prices), other;
    for (int simd = MS_SIMD_AUTO; simd <= MS_SIMD_AVX512; simd++) {
        ms_sweeper_use(sweeper, simd);
        other = ms_sweeper_bound(sweeper, prices);
        assert_memory_equal(&other, &bound, sizeof bound);
    }
    ms_sweeper_start(sweeper, prices);
    for (int part = sweeper->part_count - 1; part >= 0; part--)
        ms_sweeper_part(sweeper, part);
    other = ms_sweeper_finish(sweeper);
    assert_memory_equal(&other, &bound, sizeof bound);
    ms_sweeper_start(sweeper, prices);
    ms_team_run(pair, run_part, sweeper);
    other = ms_sweeper_finish(sweeper);
    assert_memory_equal(&other, &bound, sizeof bound);
    ms_sweeper_free(sweeper);
}

static void same_bytes_by_any_vectors_and_threads(void **state)
{
    (void)state;
    ms_error err = {0};
    assert_int_equal(ms_team_make(&pair, 2, &err), MS_OK);
    visit_all(look_at_bytes);
    ms_team_free(pair);
}

static void look_at_marks(const ms_network *net, const ms_sweeper *sweeper, const book *of, double at_most, real near)
{
    size_t places = ms_at(net, net->way_count, 0);
    uint8_t *marks = ms_alloc(places, 1);
    int32_t *skip = ms_alloc(places, sizeof *skip);
    double *reduced = ms_alloc((size_t)net->H, sizeof *reduced);
    assert_true(marks && skip && reduced);
    for (size_t at = 0; at < places; at++)
        skip[at] = at % 5 == 0 ? (int32_t)at : -1;
    long long count = ms_sweeper_mark(marks, sweeper, skip, at_most), found = 0;
    for (int32_t w = 0; w < net->way_count; w++) {
        const ms_move_way *way = &net->ways[w];
        int32_t from = net->kase->lanes[way->lane_ix].from_ix;
        ms_sweeper_move_reduced(reduced, sweeper, w);
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, w, t);
            bool open = ms_network_way_open(net, way, t);
            real over = open ? move_candidate(of, way, t) - value_at(of, way->layer, from, t) : INFINITY;
            found += marks[at];
            assert_true(open ? fabsl(reduced[t] - over) <= near : isinf(reduced[t]));
            if (!open || skip[at] >= 0 || !net->reach[ms_node(net, way->layer, from, t)] || over > at_most + near)
                assert_int_equal(marks[at], 0);
            else if (over <= at_most)
                assert_int_equal(marks[at], 1);
        }
    }
    assert_int_equal(found, count);
    assert_int_equal(ms_sweeper_mark(marks, sweeper, skip, at_most), 0);
    ms_free(marks);
    ms_free(skip);
    ms_free(reduced);
}

static void look_at_reduced(const ms_network *net, const ms_prices *prices, double largest)
{
    ms_sweeper *sweeper = make_sweeper(net);
    ms_sweeper_bound(sweeper, prices);
    book of = {.net = net, .prices = prices, .given = sweeper};
    real near = 0x1p-41 * largest;
    look_at_marks(net, sweeper, &of, 1e-9, near);
    look_at_marks(net, sweeper, &of, largest, near);
    for (int32_t v = 0; v < net->issue_count; v++)
        for (int t = 0; t < net->H; t++) {
            const ms_issue_way *way = &net->issues[v];
            real over = issue_candidate(&of, way, t) -
                        value_at(&of, way->layer, net->kase->demands[way->demand_ix].site_ix, t);
            double reduced = ms_sweeper_issue_reduced(sweeper, v, t);
            assert_true(isinf(over) ? isinf(reduced) : fabsl(reduced - over) <= near * way->meets + near);
        }
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++)
                assert_true(fabsl(ms_sweeper_wait_reduced(sweeper, k, n, t) -
                                  (wait_candidate(&of, k, n, t) - value_at(&of, k, n, t))) <= near * net->H);
    ms_sweeper_free(sweeper);
}

static void reduced_costs_are_those_of_the_book(void **state)
{
    (void)state;
    visit_all(look_at_reduced);
}

static int raised;

/* Afterwards nobody wants what is closed, and the bound is the same to the last bit. */
static void look_at_closed(const ms_network *net, const ms_prices *given, double largest)
{
    ms_sweeper *sweeper = make_sweeper(net);
    ms_prices *prices = (ms_prices *)(uintptr_t)given;
    double bound = ms_sweeper_bound(sweeper, prices), again;
    ms_error err = {0};
    assert_int_equal(ms_sweeper_complete(sweeper, prices, &err), MS_OK);
    again = ms_sweeper_bound(sweeper, prices);
    assert_memory_equal(&again, &bound, sizeof bound);
    book of = {.net = net, .prices = prices, .given = sweeper};
    for (int32_t w = 0; w < net->way_count; w++) {
        const ms_move_way *way = &net->ways[w];
        const ms_lane *lane = &net->kase->lanes[way->lane_ix];
        for (int t = 0; t < net->H; t++) {
            int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
            if (arrive >= net->H || (way->present && !way->present[t]))
                continue;
            real price = move_price(&of, way, t);
            assert_true(price + value_at(&of, way->layer, lane->to_ix, arrive) -
                            value_at(&of, way->layer, lane->from_ix, t) >=
                        -0x1p-40 * largest);
            assert_true(fabsl(ms_sweeper_move_price(sweeper, way, t) - price) <= 0x1p-44 * (largest + price));
            raised += !ms_network_way_open(net, way, t) && price > 0;
        }
    }
    ms_sweeper_free(sweeper);
}

static void closed_limits_get_their_prices(void **state)
{
    (void)state;
    visit_all(look_at_closed);
    assert_true(raised > 100);
}

static ms_status sweep_step(void *context)
{
    const ms_network *net = context;
    ms_sweeper *sweeper = NULL;
    ms_prices prices;
    ms_error err = {0};
    MS_TRY(ms_prices_make(&prices, net));
    ms_status status = ms_sweeper_make(&sweeper, net, &err);
    assert_true((status == MS_OK) == (sweeper != NULL));
    if (status == MS_OK) {
        ms_sweeper_bound(sweeper, &prices);
        status = ms_sweeper_complete(sweeper, &prices, &err);
    }
    ms_sweeper_free(sweeper);
    ms_prices_free(&prices);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    ms_network *net = NULL;
    ms_error err = {0};
    assert_int_equal(ms_network_make(&net, cases[1], MS_EVERYBODY, &err), MS_OK);
    assert_true(each_refusal(sweep_step, net) > 20);
    ms_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound_is_that_of_the_book),
        cmocka_unit_test(values_are_on_the_safe_side),
        cmocka_unit_test(same_bytes_by_any_vectors_and_threads),
        cmocka_unit_test(reduced_costs_are_those_of_the_book),
        cmocka_unit_test(closed_limits_get_their_prices),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, open_cases, drop_cases);
}
