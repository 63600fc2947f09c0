/* primal_dual.c: the three phases of the first-order method (docs/engine.md, Control), and its state. */
#include "plan/primal_dual.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/team.h"
#include "plan/best.h"
#include "plan/grid_private.h"
#include "plan/sweep.h"

/* F: stock columns may step further, their chains being solved exactly. */
static const double STOCK_STEP = 10, STEP = 0.999;

/* A finds the shortfalls; B, with a falling balance, the prices to the last cent; C, with a high one, a flow that fits.
 */
typedef enum { PHASE_NEEDS, PHASE_PRICES, PHASE_FLOW } phase;

typedef struct {
    char *primal, *dual;
} snapshot;

struct ms_pd {
    const ms_network *net;
    ms_pd_options options;
    ms_grid *grid;
    const ms_steps *steps;
    ms_team *team;
    size_t primal_bytes, dual_bytes;
    snapshot best;         /* where the best plan and the best bound came from */
    double balance;        /* w: how prices move against flows */
    double balance_needs;  /* w at the end of A */
    double balance_prices; /* w at the end of the last B */
    double balance_floor;  /* B goes down to this share of balance_needs */
    phase phase;
    long long iterations, weigh_at;
    int since_restart;          /* k */
    double first_way, last_way; /* how far T(z) was from z at the restart, and when last measured */
    ms_prices prices, trial_prices;
    ms_sweeper *sweeper;
    ms_best *plans;     /* flows weighed, the best kept */
    ms_settled settled; /* of the best flow, when a solve has ended */
    double bound;
    bool has_bound, warm; /* warm: updated, and not yet solved again */
    ms_pass *batch;
    int batch_count;
};

enum { MEASURE_EVERY = 10, RESTART_MOST = 400, RESTART_PRICES = 80, EVALUATE_EVERY = 100 };

/* ---- running passes on the team ---- */

static int32_t share(int32_t count, int part, int parts)
{
    return (int32_t)((int64_t)count * part / parts);
}

static void run_batch(void *context, int part, int parts)
{
    ms_pd *pd = context;
    const ms_grid *g = pd->grid;
    int32_t first = share(pd->net->lane_count, part, parts), end = share(pd->net->lane_count, part + 1, parts);
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

/* Runs `count` passes, the last of the given kind. */
static void run_passes(ms_pd *pd, int count, ms_pass_kind last)
{
    for (int i = 0; i < count; i++) {
        double k = pd->since_restart + i;
        pd->batch[i] = (ms_pass){.weight = (k + 1) / (k + 2),
                                 .primal = STEP / pd->balance,
                                 .dual = STEP * pd->balance,
                                 .kind = i + 1 == count ? last : MS_PASS_STEP};
    }
    pd->batch_count = count;
    ms_team_run(pd->team, run_batch, pd);
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

static void go_back_primal(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_PRIMAL];
    ms_grid_primal(tables, pd->grid);
    copy_tables(tables, MS_GRID_PRIMAL, pd->grid->number, pd->best.primal, false);
}

static void go_back_dual(ms_pd *pd)
{
    ms_iterate *tables[MS_GRID_DUAL];
    ms_grid_dual(tables, pd->grid);
    copy_tables(tables, MS_GRID_DUAL, pd->grid->number, pd->best.dual, false);
    ms_grid_sum_fleets(pd->grid);
    pd->steps->prices(pd->grid, 0, pd->net->lane_count);
}

/* ---- what the iterate proves and plans ---- */

static ms_status evaluate_bound(ms_pd *pd, ms_error *err)
{
    double bound;
    ms_grid_prices(&pd->trial_prices, pd->grid);
    ms_prices_clean(&pd->trial_prices, pd->net);
    bound = ms_sweeper_bound(pd->sweeper, &pd->trial_prices);
    if (!pd->has_bound || bound > pd->bound) {
        MS_TRY(ms_sweeper_complete(pd->sweeper, &pd->trial_prices, err));
        ms_prices swap = pd->prices;
        pd->prices = pd->trial_prices;
        pd->trial_prices = swap;
        pd->bound = bound;
        pd->has_bound = true;
        keep_dual(pd);
    }
    return MS_OK;
}

static ms_status evaluate_plan(ms_pd *pd, ms_error *err)
{
    bool better;
    ms_grid_flow(ms_best_trial(pd->plans), pd->grid);
    MS_TRY(ms_best_offer(&better, pd->plans, MS_REPAIR_EAGER, err));
    if (better)
        keep_primal(pd);
    return MS_OK;
}

/* Of the best plan so far; INFINITY without one. */
static double objective_of(const ms_pd *pd)
{
    const ms_settled_value *value = ms_best_value(pd->plans);
    return value ? value->objective : INFINITY;
}

static double gap_of(const ms_pd *pd)
{
    const double floor = 1e-9;
    if (!pd->has_bound || !ms_best_fits(pd->plans))
        return INFINITY;
    double scale = fabs(objective_of(pd)), over = objective_of(pd) - pd->bound;
    return over > 0 ? over / (scale > floor ? scale : floor) : 0;
}

/* ---- balance ---- */

static void first_balance(ms_pd *pd)
{
    const double boost = 3;
    ms_grid_lengths lengths;
    ms_grid_measure(&lengths, pd->grid);
    pd->balance = lengths.costs2 > 0 && lengths.rights2 > 0 ? boost * sqrt(lengths.costs2 / lengths.rights2) : 1;
}

/* A: towards the ratio of what prices and flows moved, within bounds around the ratio of their lengths. */
static void balance_needs(ms_pd *pd, double moved_primal2, double moved_dual2)
{
    const double least = 0.7, most = 4;
    const long long settle_first = 30;
    ms_grid_lengths lengths;
    ms_grid_measure(&lengths, pd->grid);
    if (pd->iterations < settle_first || moved_primal2 <= 0 || lengths.primal2 <= 0 || lengths.dual2 <= 0)
        return;
    double ratio = sqrt(lengths.dual2 / lengths.primal2), target = sqrt(moved_dual2 / moved_primal2);
    target = target > least * ratio ? target : least * ratio;
    target = target < most * ratio ? target : most * ratio;
    pd->balance = sqrt(pd->balance * target);
}

static void balance_prices(ms_pd *pd, int passes)
{
    const double fall = 100;
    double floor = pd->balance_floor * pd->balance_needs;
    pd->balance *= exp(-passes / fall);
    pd->balance = pd->balance > floor ? pd->balance : floor;
}

/* ---- restarts ---- */

/* z <- T(z), and from there anew. */
static void restart(ms_pd *pd)
{
    const double weigh_growth = 1.5;
    int passes = pd->since_restart;
    run_passes(pd, 1, MS_PASS_RESTART);
    double primal2 = sum_of(pd->grid, pd->grid->primal2), dual2 = sum_of(pd->grid, pd->grid->dual2);
    if (pd->phase == PHASE_NEEDS)
        balance_needs(pd, primal2, dual2);
    else if (pd->phase == PHASE_PRICES)
        balance_prices(pd, passes + 1);
    if (pd->iterations >= pd->weigh_at) {
        ms_grid_weigh(pd->grid);
        pd->weigh_at = (long long)(weigh_growth * (double)pd->iterations);
    }
    pd->since_restart = 0;
}

/* True when the way from z to T(z) has shrunk enough, or shrinks no more. */
static bool wants_restart(ms_pd *pd)
{
    const double enough = 0.2, some = 0.8, share_most = 0.36;
    double primal2 = sum_of(pd->grid, pd->grid->primal2), dual2 = sum_of(pd->grid, pd->grid->dual2);
    double way = sqrt(primal2 * pd->balance + dual2 / pd->balance), last = pd->last_way;
    pd->last_way = way;
    if (pd->since_restart == 1) {
        pd->first_way = way;
        pd->last_way = INFINITY;
        return false;
    }
    if (way < enough * pd->first_way || (way < some * pd->first_way && way > last))
        return true;
    if (pd->phase == PHASE_PRICES && pd->since_restart >= RESTART_PRICES &&
        pd->balance > 1.01 * pd->balance_floor * pd->balance_needs)
        return true;
    return pd->since_restart > share_most * (double)pd->iterations || pd->since_restart >= RESTART_MOST;
}

/* ---- phases ---- */

typedef struct {
    ms_pd *pd;
    const ms_pd_limits *limits;
    double start, last_gain; /* gain: of bound or plan when the phase last judged itself */
    long long first, phase_first, evaluated;
    int evaluations, turns_without_gain;
    double gap_before_turn;
} solve;

static void enter(solve *s, phase next)
{
    const double flow_balance = 20, floor_falls = 0.3;
    ms_pd *pd = s->pd;
    if (pd->phase == PHASE_NEEDS)
        pd->balance_needs = pd->balance_prices = pd->balance;
    if (pd->phase == PHASE_FLOW) {
        go_back_primal(pd);
        go_back_dual(pd);
        pd->balance_floor *= floor_falls;
        pd->balance = pd->balance_prices;
    }
    if (next == PHASE_FLOW) {
        go_back_dual(pd);
        pd->balance_prices = pd->balance;
        pd->balance = flow_balance * pd->balance_needs;
    }
    pd->phase = next;
    pd->since_restart = 0;
    s->phase_first = s->evaluated = pd->iterations;
    s->evaluations = 0;
    s->last_gain = next == PHASE_PRICES ? pd->bound : objective_of(pd);
}

/* Decides, after an evaluation, whether another phase would bring more. */
static bool move_on(solve *s)
{
    const double needs_gap = 0.03, share_of_gap = 0.25;
    const long long needs_most = 2000;
    const int prices_most = 20;
    ms_pd *pd = s->pd;
    double gap = gap_of(pd), scale = fabs(objective_of(pd)) + 1e-9;
    s->evaluations++;
    if (pd->phase == PHASE_NEEDS) {
        if (gap <= needs_gap || pd->iterations - s->phase_first >= needs_most)
            enter(s, PHASE_PRICES);
        return true;
    }
    if (pd->phase == PHASE_PRICES && s->evaluations % 2 == 0) {
        double gain = (pd->bound - s->last_gain) / scale;
        s->last_gain = pd->bound;
        bool low = pd->balance <= 1.01 * pd->balance_floor * pd->balance_needs;
        if ((low && gain < share_of_gap * s->limits->gap) || s->evaluations >= prices_most)
            enter(s, PHASE_FLOW);
    } else if (pd->phase == PHASE_FLOW && s->evaluations % 3 == 0) {
        double gain = (s->last_gain - objective_of(pd)) / scale;
        s->last_gain = objective_of(pd);
        if (gain < share_of_gap * gap) {
            s->turns_without_gain = gap > 0.85 * s->gap_before_turn ? s->turns_without_gain + 1 : 0;
            s->gap_before_turn = gap;
            enter(s, PHASE_PRICES);
            return s->turns_without_gain < 4;
        }
    }
    return true;
}

static ms_status evaluate(solve *s, ms_error *err)
{
    ms_pd *pd = s->pd;
    double bound = pd->bound, objective = objective_of(pd);
    if (pd->phase != PHASE_FLOW)
        MS_TRY(evaluate_bound(pd, err));
    if (pd->phase != PHASE_PRICES)
        MS_TRY(evaluate_plan(pd, err));
    s->evaluated = pd->iterations;
    if (s->limits->trace && (pd->bound > bound || objective_of(pd) < objective)) {
        ms_trace_point point = {ms_clock_seconds() - s->start, pd->iterations, objective_of(pd),
                                pd->has_bound ? pd->bound : -INFINITY};
        s->limits->trace(s->limits->trace_context, &point);
    }
    return MS_OK;
}

/* Whether there is time to go on. Without an evaluation yet there always is. */
static bool may_go_on(const solve *s)
{
    const ms_pd *pd = s->pd;
    const ms_pd_limits *limits = s->limits;
    if (limits->deadline > 0 && ms_clock_seconds() > limits->deadline)
        return false;
    if (limits->iterations > 0 && pd->iterations - s->first >= limits->iterations)
        return false;
    return !limits->progress || limits->progress(limits->progress_context, limits->stage, -1, -1);
}

static ms_status finish_phase(solve *s, ms_error *err)
{
    ms_pd *pd = s->pd;
    MS_TRY(evaluate_bound(pd, err));
    return evaluate_plan(pd, err);
}

/* After an update: what the old flow and prices are worth decides where to begin. */
static ms_status start_warm(solve *s, ms_error *err)
{
    const double near = 0.02, ready = 0.05;
    ms_pd *pd = s->pd;
    pd->warm = false;
    MS_TRY(finish_phase(s, err));
    bool close = gap_of(pd) <= near;
    pd->phase = close ? PHASE_PRICES : PHASE_NEEDS;
    pd->balance = close ? ready * pd->balance_needs : pd->balance_needs;
    return MS_OK;
}

static ms_status run(ms_pd_end *out, ms_pd *pd, const ms_pd_limits *limits, ms_error *err)
{
    solve s = {.pd = pd,
               .limits = limits,
               .start = limits->start > 0 ? limits->start : ms_clock_seconds(),
               .first = pd->iterations,
               .phase_first = pd->iterations,
               .evaluated = pd->iterations,
               .gap_before_turn = INFINITY};
    if (pd->warm) {
        MS_TRY(start_warm(&s, err));
        if (gap_of(pd) <= limits->gap) {
            *out = MS_PD_PROVEN;
            return MS_OK;
        }
    }
    for (;;) {
        if (!may_go_on(&s)) {
            MS_TRY(finish_phase(&s, err));
            *out = gap_of(pd) <= limits->gap ? MS_PD_PROVEN : MS_PD_STOPPED;
            return MS_OK;
        }
        run_passes(pd, pd->since_restart == 0 ? 1 : MEASURE_EVERY, MS_PASS_MEASURE);
        bool due = pd->iterations - s.evaluated >= EVALUATE_EVERY;
        if (wants_restart(pd))
            restart(pd);
        if (!due)
            continue;
        MS_TRY(evaluate(&s, err));
        if (gap_of(pd) <= limits->gap) {
            *out = MS_PD_PROVEN;
            return MS_OK;
        }
        if (!move_on(&s)) {
            *out = MS_PD_STALLED;
            return MS_OK;
        }
    }
}

ms_status ms_pd_solve(ms_pd_end *out, ms_pd *pd, const ms_pd_limits *limits, ms_error *err)
{
    ms_pd_end end;
    ms_settled settled;
    MS_TRY(run(&end, pd, limits, err));
    MS_TRY(ms_best_settle(&settled, pd->plans, err));
    ms_settled_free(&pd->settled);
    pd->settled = settled;
    *out = end;
    return MS_OK;
}

/* ---- life ---- */

static size_t table_bytes(ms_iterate *const *tables, int count, size_t number)
{
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += tables[i]->count * number;
    return bytes;
}

static bool make_snapshots(ms_pd *pd)
{
    ms_iterate *primal[MS_GRID_PRIMAL], *dual[MS_GRID_DUAL];
    ms_grid_primal(primal, pd->grid);
    ms_grid_dual(dual, pd->grid);
    pd->best.primal = ms_alloc(table_bytes(primal, MS_GRID_PRIMAL, pd->grid->number), 1);
    pd->best.dual = ms_alloc(table_bytes(dual, MS_GRID_DUAL, pd->grid->number), 1);
    pd->batch = ms_alloc(MEASURE_EVERY, sizeof *pd->batch);
    return pd->best.primal && pd->best.dual && pd->batch;
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

static ms_status set_up(ms_pd *pd, const ms_network *net, ms_error *err)
{
    pd->net = net;
    MS_TRY(ms_grid_make(&pd->grid, net, needs_double(net, pd->options.gap), STOCK_STEP, err));
    pd->steps = ms_steps_for(pd->options.simd, pd->grid->wide);
    MS_TRY(ms_sweeper_make(&pd->sweeper, net, err));
    if (!make_snapshots(pd) || ms_prices_make(&pd->prices, net) != MS_OK ||
        ms_prices_make(&pd->trial_prices, net) != MS_OK)
        return ms_error_memory(err);
    MS_TRY(ms_best_make(&pd->plans, net, err));
    pd->balance_floor = 5e-4;
    pd->weigh_at = pd->iterations + 40;
    first_balance(pd);
    pd->balance_needs = pd->balance;
    return MS_OK;
}

ms_status ms_pd_init(ms_pd **out, const ms_network *net, const ms_pd_options *options, ms_error *err)
{
    ms_pd *pd = ms_alloc(1, sizeof *pd);
    if (!pd)
        return ms_error_memory(err);
    pd->options = *options;
    int threads = options->threads > 0 ? options->threads : ms_team_processors();
    ms_status status = ms_team_make(&pd->team, threads < MS_GRID_GROUPS ? threads : MS_GRID_GROUPS, err);
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
    ms_free(pd->best.primal);
    ms_free(pd->best.dual);
    ms_free(pd->batch);
    ms_prices_free(&pd->prices);
    ms_prices_free(&pd->trial_prices);
    ms_sweeper_free(pd->sweeper);
    pd->sweeper = NULL;
    ms_best_free(pd->plans);
    pd->plans = NULL;
    ms_settled_free(&pd->settled);
    pd->grid = NULL;
    pd->best = (snapshot){0};
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

/* Starts the new grid where the old one's best flow and prices were. */
static ms_status start_from(ms_pd *pd, const ms_flow *flow, ms_prices *prices, ms_error *err)
{
    ms_prices_clean(prices, pd->net);
    MS_TRY(ms_grid_start_flow(pd->grid, flow, err));
    MS_TRY(ms_grid_start_prices(pd->grid, prices, err));
    pd->steps->prices(pd->grid, 0, pd->net->lane_count);
    ms_grid_weigh(pd->grid);
    return MS_OK;
}

ms_status ms_pd_start(ms_pd *pd, const ms_pd_place *place, ms_error *err)
{
    ms_flow flow = {0};
    ms_prices prices = {0};
    assert(same_tables(pd->net, place->net));
    ms_status status = ms_flow_make(&flow, pd->net) == MS_OK && ms_prices_make(&prices, pd->net) == MS_OK
                           ? MS_OK
                           : ms_error_memory(err);
    if (status == MS_OK) {
        ms_flow_carry(&flow, pd->net, place->flow, place->net);
        ms_prices_copy(&prices, place->prices, pd->net);
        status = start_from(pd, &flow, &prices, err);
    }
    ms_flow_free(&flow);
    ms_prices_free(&prices);
    pd->balance_needs = pd->balance = place->balance;
    pd->warm = status == MS_OK;
    return status;
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
    if (status == MS_OK && warm) {
        status = start_from(pd, &flow, &prices, err);
        pd->balance_needs = needs;
        pd->warm = status == MS_OK;
    }
    if (warm) {
        ms_flow_free(&flow);
        ms_prices_free(&prices);
    }
    return status;
}
