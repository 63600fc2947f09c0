/* primal_dual.c: the state of the first-order method: running passes, keeping the best, life and updates. */
#include "plan/primal_dual_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "plan/tidy.h"

/* F: stock columns may step further, their chains being solved exactly. */
static const double STOCK_STEP = 10, STEP = 0.999;

/* ---- running passes on the team ---- */

static void run_batch(void *context, int part, int parts)
{
    ms_pd *pd = context;
    const ms_grid *g = pd->grid;
    int32_t first = ms_team_share(pd->net->lane_count, part, parts),
            end = ms_team_share(pd->net->lane_count, part + 1, parts);
    for (int i = 0; i < pd->batch_count; i++) {
        const ms_pass *pass = &pd->batch[i];
        for (int group = part; group < g->group_count; group += parts) {
            for (int32_t k = g->group_first[group]; k < g->group_first[group + 1]; k++)
                pd->steps->layer(g, k, group, pass);
        }
        ms_team_meet(pd->team);
        pd->steps->lanes(g, first, end, pass);
        ms_team_meet(pd->team);
        pd->steps->shared(g, part, parts, pass);
        ms_team_meet(pd->team);
        pd->steps->prices(g, first, end);
        ms_team_meet(pd->team);
    }
}

static double sum_of(const ms_grid *g, const double *parts)
{
    double sum = 0;
    for (int32_t i = 0; i < g->measure_count; i++)
        sum += parts[i];
    return sum;
}

double ms_pd_moved_primal2(const ms_pd *pd)
{
    return sum_of(pd->grid, pd->grid->primal2);
}

double ms_pd_moved_dual2(const ms_pd *pd)
{
    return sum_of(pd->grid, pd->grid->dual2);
}

void ms_pd_pass(ms_pd *pd, int count, ms_pass_kind last)
{
    for (int i = 0; i < count; i++) {
        double k = pd->since_restart + i;
        pd->batch[i] = (ms_pass){.weight = (k + 1) / (k + 2),
                                 .primal = STEP / pd->balance,
                                 .dual = STEP * pd->balance,
                                 .kind = i + 1 == count ? last : MS_PASS_STEP};
    }
    pd->batch_count = count;
    ms_team_run_paced(pd->team, &pd->pace, count, run_batch, pd);
    pd->since_restart += count;
    pd->iterations += count;
}

/* ---- keeping and going back ---- */

static void copy_tables(ms_iterate *const *tables, int count, size_t number, char *block, bool keep)
{
    for (int i = 0; i < count; i++) {
        size_t bytes = tables[i]->count * number;
        if (keep) {
            memcpy(block, tables[i]->now, bytes);
        } else {
            memcpy(tables[i]->now, block, bytes);
            memcpy(tables[i]->anchor, block, bytes);
        }
        block += bytes;
    }
}

static void keep_primal(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_PRIMAL];
    ms_grid_primal(tables, pd->grid);
    copy_tables(tables, MS_GRID_PRIMAL, pd->grid->number, pd->best.primal, true);
}

static void keep_dual(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_DUAL];
    ms_grid_dual(tables, pd->grid);
    copy_tables(tables, MS_GRID_DUAL, pd->grid->number, pd->best.dual, true);
}

void ms_pd_go_back_primal(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_PRIMAL];
    ms_grid_primal(tables, pd->grid);
    copy_tables(tables, MS_GRID_PRIMAL, pd->grid->number, pd->best.primal, false);
}

void ms_pd_go_back_dual(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_DUAL];
    ms_grid_dual(tables, pd->grid);
    copy_tables(tables, MS_GRID_DUAL, pd->grid->number, pd->best.dual, false);
    ms_grid_sum_fleets(pd->grid);
    pd->steps->prices(pd->grid, 0, pd->net->lane_count);
}

/* ---- what the iterate proves and plans ---- */

/* Proves the trial prices, and makes them the best ones where they prove more than any before. */
static ms_status weigh_trial_prices(bool *better, double *bound, ms_pd *pd, ms_error *err)
{
    ms_prices_clean(&pd->trial_prices, pd->net);
    *bound = ms_sweeper_bound(pd->sweeper, &pd->trial_prices);
    *better = !pd->has_bound || *bound > pd->bound;
    if (!*better)
        return MS_OK;
    MS_TRY(ms_sweeper_complete(pd->sweeper, &pd->trial_prices, err));
    ms_prices swap = pd->prices;
    pd->prices = pd->trial_prices;
    pd->trial_prices = swap;
    pd->bound = *bound;
    pd->has_bound = true;
    return MS_OK;
}

ms_status ms_pd_weigh_bound(ms_pd *pd, ms_error *err)
{
    bool better;
    double bound;
    ms_grid_prices(&pd->trial_prices, pd->grid);
    MS_TRY(weigh_trial_prices(&better, &bound, pd, err));
    if (bound > pd->own_bound) {
        pd->own_bound = bound;
        keep_dual(pd);
    }
    return MS_OK;
}

ms_status ms_pd_weigh_plan(ms_pd *pd, ms_repair_manner manner, double plain_most, ms_error *err)
{
    bool better;
    const ms_best_repair repair = {manner, plain_most, INFINITY};
    ms_grid_flow(ms_best_trial(pd->plans), pd->grid);
    MS_TRY(ms_best_offer(&better, pd->plans, &repair, err));
    if (better)
        keep_primal(pd);
    return MS_OK;
}

double ms_pd_objective(const ms_pd *pd)
{
    const ms_settled_value *value = ms_best_value(pd->plans);
    return value ? value->objective : INFINITY;
}

double ms_pd_most(const ms_pd *pd, double gap)
{
    return pd->has_bound && gap < 1 ? pd->bound / (1 - gap) : INFINITY;
}

static double gap_to(const ms_pd *pd, double bound)
{
    const double floor = 1e-9;
    if (!pd->has_bound || !ms_best_fits(pd->plans))
        return INFINITY;
    double scale = fabs(ms_pd_objective(pd)), over = ms_pd_objective(pd) - bound;
    return over > 0 ? over / (scale > floor ? scale : floor) : 0;
}

double ms_pd_gap(const ms_pd *pd)
{
    return gap_to(pd, pd->bound);
}

double ms_pd_own_gap(const ms_pd *pd)
{
    return gap_to(pd, pd->own_bound);
}

/* ---- life ---- */

static size_t table_bytes(ms_iterate *const *tables, int count, size_t number)
{
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += tables[i]->count * number;
    return bytes;
}

static bool make_snapshot(ms_snapshot *out, ms_grid *grid)
{
    ms_iterate *primal[MS_GRID_PRIMAL], *dual[MS_GRID_DUAL];
    ms_grid_primal(primal, grid);
    ms_grid_dual(dual, grid);
    out->primal = ms_alloc(table_bytes(primal, MS_GRID_PRIMAL, grid->number), 1);
    out->dual = ms_alloc(table_bytes(dual, MS_GRID_DUAL, grid->number), 1);
    return out->primal && out->dual;
}

static void free_snapshot(ms_snapshot *snapshot)
{
    ms_free(snapshot->primal);
    ms_free(snapshot->dual);
    *snapshot = (ms_snapshot){0};
}

/* Single precision carries seven digits: too few where weights span more, or for a gap near its end. */
static bool needs_double(const ms_network *net, double gap)
{
    const double narrow_gap = 5e-4, span_most = 3e4;
    double heaviest = 0;
    for (int p = 0; p <= MS_PRIORITY_COUNT; p++)
        heaviest = net->weights.weight[p] > heaviest ? net->weights.weight[p] : heaviest;
    return gap < narrow_gap || heaviest > span_most;
}

/* What weighs prices and flows; the grid comes when it is needed. */
static ms_status set_up(ms_pd *pd, const ms_network *net, ms_error *err)
{
    pd->net = net;
    MS_TRY(ms_sweeper_make(&pd->sweeper, net, err));
    if (ms_prices_make(&pd->prices, net) != MS_OK || ms_prices_make(&pd->trial_prices, net) != MS_OK)
        return ms_error_memory(err);
    MS_TRY(ms_best_make(&pd->plans, net, err));
    pd->balance_floor = MS_FLOOR_FIRST;
    pd->own_bound = -INFINITY;
    pd->turn = 0;
    return MS_OK;
}

/* Threads meet four times an iteration: in a small network that takes longer than what they share. */
static int threads_for(const ms_network *net, const ms_pd_options *options)
{
    const long long columns_least = 20000;
    int threads = options->threads;
    if (threads <= 0)
        threads = ms_lp_count_columns(net) < columns_least ? 1 : ms_team_processors();
    return threads < MS_GRID_GROUPS ? threads : MS_GRID_GROUPS;
}

ms_status ms_pd_init(ms_pd **out, const ms_network *net, const ms_pd_options *options, ms_error *err)
{
    ms_pd *pd = ms_alloc(1, sizeof *pd);
    if (!pd)
        return ms_error_memory(err);
    pd->options = *options;
    ms_status status = ms_team_make(&pd->team, threads_for(net, options), err);
    if (status == MS_OK)
        status = set_up(pd, net, err);
    if (status != MS_OK) {
        ms_pd_finish(pd);
        return status;
    }
    *out = pd;
    return MS_OK;
}

static void tear_down(ms_pd *pd)
{
    ms_grid_free(pd->grid);
    free_snapshot(&pd->best);
    ms_free(pd->batch);
    ms_prices_free(&pd->prices);
    ms_prices_free(&pd->trial_prices);
    ms_sweeper_free(pd->sweeper);
    pd->sweeper = NULL;
    ms_best_free(pd->plans);
    pd->plans = NULL;
    ms_settled_free(&pd->settled);
    ms_flow_free(&pd->start);
    pd->grid = NULL;
    pd->batch = NULL;
    pd->has_bound = false;
}

void ms_pd_finish(ms_pd *pd)
{
    if (!pd)
        return;
    tear_down(pd);
    ms_team_free(pd->team);
    ms_free(pd);
}

const ms_settled *ms_pd_settled(const ms_pd *pd)
{
    return &pd->settled;
}

const ms_prices *ms_pd_prices(const ms_pd *pd)
{
    return &pd->prices;
}

double ms_pd_bound(const ms_pd *pd)
{
    return pd->bound;
}

long long ms_pd_iterations(const ms_pd *pd)
{
    return pd->iterations;
}

static ms_status offer_rounded(bool *better, ms_pd *pd, const ms_flow *flow, bool evens_out, ms_error *err)
{
    const ms_best_repair repair = {.manner = MS_REPAIR_NOT};
    ms_flow *trial = ms_best_trial(pd->plans);
    ms_flow_copy(trial, flow, pd->net);
    trial->evens_out = evens_out;
    return ms_best_offer(better, pd->plans, &repair, err);
}

ms_status ms_pd_offer(bool *better, ms_pd *pd, const ms_flow *flow, ms_error *err)
{
    bool plainly, evenly;
    MS_TRY(offer_rounded(&plainly, pd, flow, false, err));
    MS_TRY(offer_rounded(&evenly, pd, flow, true, err));
    *better = plainly || evenly;
    return MS_OK;
}

ms_status ms_pd_offer_prices(bool *better, ms_pd *pd, const ms_prices *prices, ms_error *err)
{
    double bound;
    ms_prices_copy(&pd->trial_prices, prices, pd->net);
    return weigh_trial_prices(better, &bound, pd, err);
}

ms_status ms_pd_tidy(ms_pd *pd, ms_error *err)
{
    return ms_tidy(&pd->settled, pd->net, false, err);
}

ms_team *ms_pd_team(const ms_pd *pd)
{
    return pd->team;
}

bool ms_pd_wide(const ms_pd *pd)
{
    return pd->grid->wide;
}

void ms_pd_take(ms_settled *settled, ms_prices *prices, ms_pd *pd)
{
    *settled = pd->settled;
    *prices = pd->prices;
    pd->settled = (ms_settled){0};
    pd->prices = (ms_prices){0};
    pd->has_bound = false;
}

/* Puts a fresh grid where a flow and the best prices are. */
static ms_status start_from(ms_pd *pd, const ms_flow *flow, ms_error *err)
{
    MS_TRY(ms_grid_start_flow(pd->grid, flow, err));
    ms_grid_start_prices(pd->grid, pd->sweeper, &pd->prices);
    pd->steps->prices(pd->grid, 0, pd->net->lane_count);
    ms_grid_weigh(pd->grid);
    keep_primal(pd);
    keep_dual(pd);
    pd->own_bound = pd->bound;
    return MS_OK;
}

ms_status ms_pd_lay_out(ms_pd *pd, ms_error *err)
{
    if (pd->grid)
        return MS_OK;
    MS_TRY(ms_grid_make(&pd->grid, pd->net, needs_double(pd->net, pd->options.gap), STOCK_STEP, err));
    pd->steps = ms_steps_for(pd->options.simd, pd->grid->wide);
    pd->batch = ms_alloc(MS_MEASURE_EVERY, sizeof *pd->batch);
    if (!pd->batch || !make_snapshot(&pd->best, pd->grid))
        return ms_error_memory(err);
    pd->weigh_at = pd->iterations + 40;
    if (pd->warm) {
        MS_TRY(start_from(pd, &pd->start, err));
        ms_flow_free(&pd->start);
    } else {
        ms_pd_first_balance(pd);
        pd->balance_needs = pd->balance;
    }
    return MS_OK;
}

ms_status ms_pd_widen(ms_pd *pd, ms_error *err)
{
    ms_grid *grid = NULL;
    ms_snapshot best = {0};
    MS_TRY(ms_grid_make(&grid, pd->net, true, STOCK_STEP, err));
    if (!make_snapshot(&best, grid)) {
        free_snapshot(&best);
        ms_grid_free(grid);
        return ms_error_memory(err);
    }
    ms_grid_free(pd->grid);
    free_snapshot(&pd->best);
    pd->grid = grid;
    pd->best = best;
    pd->steps = ms_steps_for(pd->options.simd, true);
    return start_from(pd, ms_best_flow(pd->plans), err);
}

/* ---- another network of the same case ---- */

static bool same_tables(const ms_network *a, const ms_network *b)
{
    const ms_case *left = a->kase, *right = b->kase;
    return a->H == b->H && a->site_count == b->site_count && a->lane_count == b->lane_count &&
           left->items_count == right->items_count && left->partners_count == right->partners_count &&
           left->demands_count == right->demands_count && left->reserves_count == right->reserves_count &&
           left->fleets_count == right->fleets_count && left->agreements_count == right->agreements_count &&
           left->commitments_count == right->commitments_count;
}

/* Weighs prices and a flow of another solve, which it takes over. Where the flow, repaired, is not near the gap (0:
 * that of the options), a hundred iterations find a better one in less time than the repair takes to its end. */
static ms_status begin_at(ms_pd *pd, ms_flow *flow, const ms_prices *prices, double balance, double gap, ms_error *err)
{
    const double near = 5;
    bool better;
    ms_flow_free(&pd->start);
    pd->start = *flow;
    *flow = (ms_flow){0};
    ms_prices_copy(&pd->prices, prices, pd->net);
    ms_prices_clean(&pd->prices, pd->net);
    pd->bound = ms_sweeper_bound(pd->sweeper, &pd->prices);
    MS_TRY(ms_sweeper_complete(pd->sweeper, &pd->prices, err));
    pd->has_bound = true;
    ms_flow_copy(ms_best_trial(pd->plans), &pd->start, pd->net);
    const ms_best_repair repair = {MS_REPAIR_EAGER, INFINITY, ms_pd_most(pd, near * (gap > 0 ? gap : pd->options.gap))};
    MS_TRY(ms_best_offer(&better, pd->plans, &repair, err));
    pd->balance_needs = pd->balance = balance;
    pd->warm = true;
    return MS_OK;
}

ms_status ms_pd_start(ms_pd *pd, const ms_pd_place *place, ms_error *err)
{
    ms_flow flow;
    assert(same_tables(pd->net, place->net) && !pd->grid);
    if (ms_flow_make(&flow, pd->net) != MS_OK)
        return ms_error_memory(err);
    ms_flow_carry(&flow, pd->net, place->flow, place->net);
    return begin_at(pd, &flow, place->prices, place->balance, place->gap, err);
}

double ms_pd_balance(const ms_pd *pd)
{
    return pd->balance_needs;
}

ms_status ms_pd_update(ms_pd *pd, const ms_network *net, ms_error *err)
{
    ms_flow flow = {0};
    ms_prices prices = pd->prices;
    double needs = pd->balance_needs;
    bool warm = pd->has_bound && ms_best_value(pd->plans);
    assert(same_tables(pd->net, net));
    if (warm) {
        if (ms_flow_make(&flow, net) != MS_OK)
            return ms_error_memory(err);
        ms_flow_carry(&flow, net, ms_best_flow(pd->plans), pd->net);
        pd->prices = (ms_prices){0};
    }
    tear_down(pd);
    ms_status status = set_up(pd, net, err);
    if (status == MS_OK && warm)
        status = begin_at(pd, &flow, &prices, needs, 0, err);
    if (warm) {
        ms_flow_free(&flow);
        ms_prices_free(&prices);
    }
    return status;
}
