/* engine_lp.c: the exact engine: solve the pruned LP, price what was left out, take back what pays, until proven.
 *
 * The pruned LP leaves out movements that only make room for other goods (prune.c). Its prices give a bound for the
 * whole problem (prices.c); where bound and plan do not meet, the movements that pay at these prices come in and the LP
 * is solved again from the basis it has. Each round adds at least one, so it ends.
 */
#include "plan/engine.h"

#include <string.h>

#include "base/clock.h"
#include "plan/solver.h"

ms_status ms_lp_flow(ms_flow *out, const ms_lp *lp, const double *primal, ms_error *err)
{
    const ms_network *net = lp->net;
    ms_flow flow;
    if (ms_flow_make(&flow, net) != MS_OK)
        return ms_error_memory(err);
    for (size_t at = 0; at < ms_at(net, net->way_count, 0); at++)
        if (lp->x_column[at] >= 0)
            flow.move_t[at] = primal[lp->x_column[at]];
    for (size_t at = 0; at < ms_at(net, net->issue_count, 0); at++)
        if (lp->y_column[at] >= 0)
            flow.issue_t[at] = primal[lp->y_column[at]];
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        for (int t = 0; net->supply_row[pair] >= 0 && t < net->H; t++) {
            size_t at = ms_at(net, net->supply_row[pair], t);
            if (lp->o_column[at] >= 0)
                flow.refuse_t[at] = primal[lp->o_column[at]];
        }
    for (int32_t m = 0; m < net->committed_count; m++)
        if (lp->b_column[m] >= 0)
            flow.broken_t[m] = primal[lp->b_column[m]];
    *out = flow;
    return MS_OK;
}

static void take_prices(double *prices, const int32_t *rows, size_t count, const double *duals, double sign)
{
    const double dust = 1e-12; /* not worth a row in prices.csv */
    for (size_t i = 0; i < count; i++)
        if (rows[i] >= 0)
            prices[i] = fabs(duals[rows[i]]) > dust ? sign * duals[rows[i]] : 0;
}

/* psi: the reduced cost of breaking a commitment. Goods that others sent for it are worth that much where it leaves, so
 * the bound needs it also where the commitment is kept. */
static void price_commitments(ms_prices *prices, const ms_lp *lp, const double *duals)
{
    const ms_network *net = lp->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (lp->b_column[i] < 0)
            continue;
        int32_t from = lp->c1_row[ms_node(net, m->layer, m->from_ix, m->depart)];
        int32_t to = m->arrive < net->H ? lp->c1_row[ms_node(net, m->layer, m->to_ix, m->arrive)] : MS_NONE;
        double price = m->broken_cost - m->cost;
        price += from >= 0 ? duals[from] : 0;
        price -= to >= 0 ? duals[to] : 0;
        prices->commitment[m->commitment_ix] = price > 0 ? price : 0;
    }
}

void ms_lp_read_prices(ms_prices *prices, const ms_lp *lp, const double *duals)
{
    const ms_case *kase = lp->net->kase;
    size_t H = (size_t)lp->net->H;
    take_prices(prices->demand, lp->c2_row, (size_t)kase->demands_count * H, duals, 1);
    take_prices(prices->lane, lp->c3_row, (size_t)kase->lanes_count * H, duals, -1);
    take_prices(prices->site, lp->c4_row, (size_t)kase->sites_count * H, duals, -1);
    take_prices(prices->storage, lp->c5_row, (size_t)kase->sites_count * H, duals, -1);
    take_prices(prices->fleet, lp->c6_row, (size_t)kase->fleets_count * H, duals, -1);
    take_prices(prices->agreement, lp->c7_row, (size_t)kase->agreements_count, duals, -1);
    take_prices(prices->reserve, lp->c8_row, (size_t)kase->reserves_count * H, duals, 1);
    price_commitments(prices, lp, duals);
    ms_prices_clean(prices, lp->net);
}

ms_status ms_lp_prices(ms_prices *out, const ms_lp *lp, const double *duals, ms_error *err)
{
    ms_prices prices;
    if (ms_prices_make(&prices, lp->net) != MS_OK)
        return ms_error_memory(err);
    ms_lp_read_prices(&prices, lp, duals);
    ms_status status = ms_prices_complete(&prices, lp->net, err);
    if (status != MS_OK) {
        ms_prices_free(&prices);
        return status;
    }
    *out = prices;
    return MS_OK;
}

enum { BASIS_BASIC = 1, BASIS_AT_LOWER = 3 };

static void carry(unsigned char *to, const int32_t *map, const unsigned char *from, const int32_t *old_map,
                  size_t count, int steps)
{
    for (size_t i = 0; i < count; i++)
        for (int s = 0; s < steps && map[i] >= 0 && old_map[i] >= 0; s++)
            to[map[i] + s] = from[old_map[i] + s];
}

void ms_lp_carry_basis(unsigned char *basis, const ms_lp *lp, const unsigned char *old_basis, const ms_lp *old_lp)
{
    const ms_network *net = lp->net;
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H, nodes = ms_node(net, net->layer_count, 0, 0), supplies = 0;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        supplies += net->supply_row[pair] >= 0;
    memset(basis, BASIS_AT_LOWER, (size_t)lp->column_count);
    memset(basis + lp->column_count, BASIS_BASIC, (size_t)lp->row_count);
    carry(basis, lp->x_column, old_basis, old_lp->x_column, (size_t)net->way_count * H, 1);
    carry(basis, lp->y_column, old_basis, old_lp->y_column, (size_t)net->issue_count * H, 1);
    carry(basis, lp->s_column, old_basis, old_lp->s_column, nodes, 1);
    carry(basis, lp->o_column, old_basis, old_lp->o_column, supplies * H, 1);
    carry(basis, lp->z_column, old_basis, old_lp->z_column, (size_t)kase->demands_count * H, net->weights.step_count);
    carry(basis, lp->r_column, old_basis, old_lp->r_column, (size_t)kase->reserves_count * H, 1);
    carry(basis, lp->b_column, old_basis, old_lp->b_column, (size_t)net->committed_count, 1);
    unsigned char *rows = basis + lp->column_count;
    const unsigned char *old_rows = old_basis + old_lp->column_count;
    carry(rows, lp->c1_row, old_rows, old_lp->c1_row, nodes, 1);
    carry(rows, lp->c2_row, old_rows, old_lp->c2_row, (size_t)kase->demands_count * H, 1);
    carry(rows, lp->c3_row, old_rows, old_lp->c3_row, (size_t)kase->lanes_count * H, 1);
    carry(rows, lp->c4_row, old_rows, old_lp->c4_row, (size_t)kase->sites_count * H, 1);
    carry(rows, lp->c5_row, old_rows, old_lp->c5_row, (size_t)kase->sites_count * H, 1);
    carry(rows, lp->c6_row, old_rows, old_lp->c6_row, (size_t)kase->fleets_count * H, 1);
    carry(rows, lp->c7_row, old_rows, old_lp->c7_row, (size_t)kase->agreements_count, 1);
    carry(rows, lp->c8_row, old_rows, old_lp->c8_row, (size_t)kase->reserves_count * H, 1);
}

/* ---- the rounds ---- */

typedef struct {
    const ms_network *net;
    const ms_engine_request *request;
    uint8_t *extra;
    ms_lp *lp;
    ms_solver *solver;
    unsigned char *basis; /* of lp */
    ms_solution best;     /* bound, settled, prices of the best round */
    bool have_best;
    ms_prices latest; /* of the round, empty where they are the best */
    ms_outcome outcome;
} engine;

static ms_status build_round(engine *e, ms_error *err)
{
    double start = ms_clock_seconds();
    ms_lp *lp = NULL;
    unsigned char *basis = NULL;
    MS_TRY(ms_lp_build(&lp, e->net, e->extra, err));
    if (e->lp) {
        basis = ms_alloc((size_t)lp->column_count + (size_t)lp->row_count, 1);
        if (!basis) {
            ms_lp_free(lp);
            return ms_error_memory(err);
        }
        ms_lp_carry_basis(basis, lp, e->basis, e->lp);
    }
    ms_lp_free(e->lp);
    ms_free(e->basis);
    ms_solver_free(e->solver);
    e->lp = lp;
    e->basis = basis;
    e->solver = NULL;
    MS_TRY(ms_solver_make(&e->solver, lp, err));
    if (basis)
        ms_solver_set_basis(e->solver, basis);
    e->best.column_count = lp->column_count;
    e->best.row_count = lp->row_count;
    e->best.seconds_build += ms_clock_seconds() - start;
    return MS_OK;
}

static ms_status solve_round(engine *e, ms_error *err)
{
    const double iterations_a_row = 1.5; /* seen on generated and example cases */
    double start = ms_clock_seconds();
    ms_solve_limits limits = {.progress = e->request->progress,
                              .progress_context = e->request->progress_context,
                              .stage = e->request->stage,
                              .expected_iterations = iterations_a_row * e->lp->row_count};
    if (e->request->deadline > 0) {
        limits.seconds = e->request->deadline - start;
        limits.seconds = limits.seconds > 1e-3 ? limits.seconds : 1e-3;
    }
    e->outcome = ms_solver_solve(e->solver, &limits);
    size_t length = ms_solver_basis_length(e->solver);
    unsigned char *basis = ms_alloc(length, 1);
    if (!basis)
        return ms_error_memory(err);
    ms_solver_get_basis(e->solver, basis);
    ms_free(e->basis);
    e->basis = basis;
    e->best.basis_length = length;
    e->best.seconds_solve += ms_clock_seconds() - start;
    return MS_OK;
}

/* Settles what the solver has and keeps the better plan and the better bound. */
static ms_status judge_round(engine *e, ms_error *err)
{
    double start = ms_clock_seconds(), bound = 0;
    ms_flow flow = {0};
    ms_settled settled = {0};
    ms_prices prices = {0};
    ms_status status = ms_lp_prices(&prices, e->lp, ms_solver_prices(e->solver), err);
    if (status == MS_OK)
        status = ms_bound(&bound, e->net, &prices, err);
    if (status == MS_OK)
        status = ms_lp_flow(&flow, e->lp, ms_solver_primal(e->solver), err);
    if (status == MS_OK)
        status = ms_flow_settle(&settled, e->net, &flow, err);
    ms_flow_free(&flow);
    if (status != MS_OK) {
        ms_prices_free(&prices);
        return status;
    }
    if (!e->have_best || settled.objective < e->best.settled.objective) {
        ms_settled_free(&e->best.settled);
        e->best.settled = settled;
    } else {
        ms_settled_free(&settled);
    }
    ms_prices_free(&e->latest);
    if (!e->have_best || bound > e->best.bound) {
        ms_prices_free(&e->best.prices);
        e->best.prices = prices;
        e->best.bound = bound;
    } else {
        e->latest = prices;
    }
    e->have_best = true;
    e->best.seconds_extract += ms_clock_seconds() - start;
    return MS_OK;
}

static ms_status run_rounds(engine *e, ms_error *err)
{
    const double pays = 1e-9;
    const int rounds_most = 50;
    size_t places = ms_at(e->net, e->net->way_count, 0);
    e->extra = ms_alloc(places, 1);
    if (!e->extra)
        return ms_error_memory(err);
    for (int round = 0; round < rounds_most; round++) {
        long long taken_back = 0;
        MS_TRY(build_round(e, err));
        MS_TRY(solve_round(e, err));
        MS_TRY(judge_round(e, err));
        if (ms_solution_gap(&e->best) <= e->request->gap)
            return MS_OK;
        if (e->outcome == MS_SOLVE_STOPPED)
            break;
        /* At the prices of this round, not the best: those have nothing more to say. */
        const ms_prices *prices = e->latest.lane ? &e->latest : &e->best.prices;
        MS_TRY(ms_prices_price_out(e->extra, &taken_back, e->net, prices, e->lp->x_column, pays, err));
        if (taken_back == 0)
            break;
    }
    e->best.stopped = true;
    return MS_OK;
}

ms_status ms_engine_lp(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err)
{
    engine e = {.net = net, .request = request, .best = {.used = MS_ENGINE_LP}};
    ms_status status = run_rounds(&e, err);
    if (status == MS_OK && request->write_lp)
        status = ms_lp_write_mps(e.lp, request->write_lp, err);
    ms_free(e.extra);
    ms_prices_free(&e.latest);
    ms_lp_free(e.lp);
    ms_solver_free(e.solver);
    if (status != MS_OK) {
        ms_free(e.basis);
        ms_solution_free(&e.best);
        return status;
    }
    e.best.basis = e.basis;
    *out = e.best;
    return MS_OK;
}
