/* control.c: the phases of the first-order method, and when to stop (docs/engine.md, Control).
 *
 * A finds who goes short, B the prices to the last cent, C a flow that fits; then B and C in turn. All is decided by
 * what was measured and proven, never by the clock, so that the same network and options give the same bytes.
 */
#include <math.h>

#include "base/clock.h"
#include "plan/primal_dual_private.h"

enum { RESTART_MOST = 400, EVALUATE_EVERY = 100 };

/* In B w falls by e in so many steps, and restarts at least so often: fast first, then with more care. */
static const double FALL_FIRST = 40, FALL = 100;
static const int RESTART_FIRST = 50, RESTART_PRICES = 80;
/* How much lower w ends in each turn, and how low where there is nothing but prices to look for. */
static const double FLOOR_FALLS = 0.3, FLOOR_PRICES = 1e-5;

/* ---- balance ---- */

void ms_pd_first_balance(ms_pd *pd)
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
    double fall = pd->turn == 0 ? FALL_FIRST : FALL;
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
    ms_pd_pass(pd, 1, MS_PASS_RESTART);
    if (pd->phase == MS_PHASE_NEEDS)
        balance_needs(pd, ms_pd_moved_primal2(pd), ms_pd_moved_dual2(pd));
    else if (pd->phase == MS_PHASE_PRICES)
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
    double way = sqrt(ms_pd_moved_primal2(pd) * pd->balance + ms_pd_moved_dual2(pd) / pd->balance), last = pd->last_way;
    pd->last_way = way;
    if (pd->since_restart == 1) {
        pd->first_way = way;
        pd->last_way = INFINITY;
        return false;
    }
    if (way < enough * pd->first_way || (way < some * pd->first_way && way > last))
        return true;
    if (pd->phase == MS_PHASE_PRICES && pd->since_restart >= (pd->turn == 0 ? RESTART_FIRST : RESTART_PRICES) &&
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
    int evaluations; /* in this phase */
    int turns_without_gain;
    double gap_before_turn;
    bool roughly; /* A begins where another solve ended, and a wide gap is asked for */
    double first_bound;
} solve;

static void enter(solve *s, ms_phase next)
{
    const double flow_balance = 5, other_start = 0.3;
    ms_pd *pd = s->pd;
    if (pd->phase == MS_PHASE_NEEDS)
        pd->balance_needs = pd->balance;
    if (pd->phase == MS_PHASE_FLOW) {
        ms_pd_go_back_primal(pd);
        pd->turn++;
        pd->balance_floor *= FLOOR_FALLS;
        pd->balance = pd->balance_needs;
        if (pd->turn % 2 == 0) { /* else from the last prices: the best ones are at the end of their way */
            ms_pd_go_back_dual(pd);
            pd->balance *= other_start;
        }
    }
    if (next == MS_PHASE_FLOW) {
        ms_pd_go_back_dual(pd);
        pd->balance = flow_balance * pd->balance_needs;
    }
    pd->phase = next;
    pd->since_restart = 0;
    s->phase_first = s->evaluated = pd->iterations;
    s->evaluations = 0;
    s->last_gain = next == MS_PHASE_PRICES ? pd->own_bound : ms_pd_objective(pd);
}

/* A repair takes as long as hundreds of steps: in A now and then, in C at every other evaluation. `evaluation` counts
 * from 1 in each phase. */
static bool repairs(const solve *s, int evaluation)
{
    const int first = 5, every = 4, roughly_most = 3;
    if (s->pd->phase == MS_PHASE_NEEDS)
        return (s->roughly && evaluation <= roughly_most) ||
               (evaluation >= first && evaluation % every == first % every);
    return evaluation % 2 == 1;
}

/* A is over when the gap says so, or when the plan stands still while the bound is on its way: that is B's work. Where
 * the bound has hardly risen above what another solve's prices proved, B would find little. */
static void judge_needs(solve *s)
{
    const double needs_gap = 0.03, still = 1e-2, risen = 0.5;
    const long long needs_most = 2000;
    ms_pd *pd = s->pd;
    double objective = ms_pd_objective(pd);
    bool stands = false;
    if (repairs(s, s->evaluations)) {
        stands = s->last_gain - objective < still * fabs(objective); /* INFINITY at first */
        s->last_gain = objective;
    }
    if (ms_pd_gap(pd) <= needs_gap || stands || pd->iterations - s->phase_first >= needs_most) {
        bool proven_before = s->roughly && pd->bound - s->first_bound <= risen * (objective - pd->bound);
        enter(s, proven_before ? MS_PHASE_FLOW : MS_PHASE_PRICES);
    }
}

/* Counts turns that brought little: false after too many. */
static bool count_turn(solve *s)
{
    const double enough = 0.85;
    const int most = s->limits->idle_turns > 0 ? s->limits->idle_turns : 4;
    double gap = ms_pd_own_gap(s->pd);
    s->turns_without_gain = gap > enough * s->gap_before_turn ? s->turns_without_gain + 1 : 0;
    s->gap_before_turn = gap;
    return s->turns_without_gain < most;
}

/* B alone, from the best flow there is and the best prices, and from a high w on: a flow that somebody else brought to
 * its end pulls the prices to theirs. */
static ms_status aim_at_prices(solve *s, ms_error *err)
{
    ms_pd *pd = s->pd;
    if (pd->phase == MS_PHASE_NEEDS)
        pd->balance_needs = pd->balance;
    if (!ms_pd_wide(pd))
        MS_TRY(ms_pd_widen(pd, err));
    MS_TRY(ms_grid_start_flow(pd->grid, ms_best_flow(pd->plans), err));
    ms_pd_go_back_dual(pd);
    pd->turn++;
    pd->balance = pd->balance_needs;
    pd->phase = MS_PHASE_PRICES;
    pd->since_restart = 0;
    s->phase_first = s->evaluated = pd->iterations;
    s->evaluations = 0;
    s->last_gain = pd->own_bound;
    return MS_OK;
}

static ms_status judge_prices(bool *out, solve *s, ms_error *err)
{
    const double share_of_goal = 0.25, share_of_gap = 0.1;
    const int prices_most = 20;
    ms_pd *pd = s->pd;
    double gap = ms_pd_gap(pd), gain = (pd->own_bound - s->last_gain) / (fabs(ms_pd_objective(pd)) + 1e-9);
    double least = share_of_goal * s->limits->gap + (pd->turn == 0 && gap < 1 ? share_of_gap * gap : 0);
    bool low = pd->balance <= 1.01 * pd->balance_floor * pd->balance_needs;
    if (s->evaluations % 2 != 0)
        return MS_OK;
    s->last_gain = pd->own_bound;
    if (!(low && gain < least) && s->evaluations < prices_most)
        return MS_OK;
    if (!s->limits->prices_only) {
        enter(s, MS_PHASE_FLOW);
        return MS_OK;
    }
    *out = count_turn(s);
    pd->balance_floor *= FLOOR_FALLS;
    return aim_at_prices(s, err);
}

/* False when turn after turn has brought nothing. In single precision the first such turn may be the precision's fault.
 */
static ms_status judge_flow(bool *out, solve *s, ms_error *err)
{
    const double share_of_gap = 0.25;
    const int first = 3;
    ms_pd *pd = s->pd;
    double gap = ms_pd_gap(pd), gain = (s->last_gain - ms_pd_objective(pd)) / (fabs(ms_pd_objective(pd)) + 1e-9);
    *out = true;
    if (s->evaluations % 2 == 0 || s->evaluations < first)
        return MS_OK;
    s->last_gain = ms_pd_objective(pd);
    if (gain >= share_of_gap * gap)
        return MS_OK;
    *out = count_turn(s);
    enter(s, MS_PHASE_PRICES);
    if (s->turns_without_gain > 0 && !ms_pd_wide(pd)) {
        s->turns_without_gain = 0;
        *out = true;
        return ms_pd_widen(pd, err);
    }
    return MS_OK;
}

/* Decides, after an evaluation, whether another phase would bring more; false when none would. */
static ms_status judge(bool *out, solve *s, ms_error *err)
{
    *out = true;
    s->evaluations++;
    switch (s->pd->phase) {
    case MS_PHASE_NEEDS:
        judge_needs(s);
        return MS_OK;
    case MS_PHASE_PRICES:
        return judge_prices(out, s, err);
    case MS_PHASE_FLOW:
        break;
    }
    return judge_flow(out, s, err);
}

/* Where a wide gap is asked for, a flow is worth a repair only where it is near it already: a repaired plan is a third
 * to a tenth as far from the best as the settled one. */
static ms_status evaluate(solve *s, ms_error *err)
{
    const double plain = 10;
    ms_pd *pd = s->pd;
    double bound = pd->bound, objective = ms_pd_objective(pd);
    ms_repair_manner manner = repairs(s, s->evaluations + 1) ? MS_REPAIR_EAGER : MS_REPAIR_NOT;
    if (pd->phase != MS_PHASE_FLOW)
        MS_TRY(ms_pd_weigh_bound(pd, err));
    if (pd->phase != MS_PHASE_PRICES)
        MS_TRY(ms_pd_weigh_plan(pd, manner, s->roughly ? ms_pd_most(pd, plain * s->limits->gap) : INFINITY, err));
    s->evaluated = pd->iterations;
    if (s->limits->trace && (pd->bound > bound || ms_pd_objective(pd) < objective)) {
        ms_trace_point point = {ms_clock_seconds() - s->start, pd->iterations, ms_pd_objective(pd),
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
    MS_TRY(ms_pd_weigh_bound(pd, err));
    return s->limits->prices_only ? MS_OK : ms_pd_weigh_plan(pd, MS_REPAIR_EAGER, INFINITY, err);
}

/* Where another solve ended: what its flow and prices are worth decides where to begin. */
static ms_status start_warm(solve *s, ms_error *err)
{
    const double near = 0.02, rough = 5e-3;
    ms_pd *pd = s->pd;
    MS_TRY(ms_pd_lay_out(pd, err));
    pd->warm = false;
    pd->phase = ms_pd_gap(pd) <= near ? MS_PHASE_FLOW : MS_PHASE_NEEDS;
    pd->balance = pd->balance_needs;
    s->roughly = s->limits->gap >= rough;
    s->first_bound = pd->bound;
    s->last_gain = ms_pd_objective(pd);
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
               .last_gain = INFINITY,
               .gap_before_turn = INFINITY};
    bool on = true;
    if (ms_best_value(pd->plans) && ms_pd_gap(pd) <= limits->gap) {
        *out = MS_PD_PROVEN;
        return MS_OK;
    }
    if (pd->warm && !may_go_on(&s)) {
        *out = MS_PD_STOPPED;
        return MS_OK;
    }
    MS_TRY(pd->warm ? start_warm(&s, err) : ms_pd_lay_out(pd, err));
    if (limits->prices_only) {
        pd->balance_floor = FLOOR_PRICES;
        MS_TRY(aim_at_prices(&s, err));
    }
    for (;;) {
        if (!may_go_on(&s)) {
            MS_TRY(finish_phase(&s, err));
            *out = ms_pd_gap(pd) <= limits->gap ? MS_PD_PROVEN : MS_PD_STOPPED;
            return MS_OK;
        }
        ms_pd_pass(pd, pd->since_restart == 0 ? 1 : MS_MEASURE_EVERY, MS_PASS_MEASURE);
        bool due = pd->iterations - s.evaluated >= EVALUATE_EVERY;
        if (wants_restart(pd))
            restart(pd);
        if (!due)
            continue;
        MS_TRY(evaluate(&s, err));
        if (ms_pd_gap(pd) <= limits->gap) {
            *out = MS_PD_PROVEN;
            return MS_OK;
        }
        MS_TRY(judge(&on, &s, err));
        if (!on) {
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
