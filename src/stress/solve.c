/* solve.c: one scenario against the base: what falls short in it, from when, until when, and what goes first. */
#include "stress/side.h"

#include <string.h>

struct ms_stress_worker {
    const ms_base *base;
    ms_case *kase; /* of the scenario at hand */
    ms_side side;
};

ms_status ms_stress_worker_make(ms_stress_worker **out, const ms_base *base, ms_error *err)
{
    ms_stress_worker *worker = ms_alloc(1, sizeof *worker);
    if (!worker)
        return ms_error_memory(err);
    worker->base = base;
    *out = worker;
    return MS_OK;
}

static void clear(ms_stress_worker *worker)
{
    ms_side_free(&worker->side);
    ms_case_free(worker->kase);
    worker->kase = NULL;
}

void ms_stress_worker_free(ms_stress_worker *worker)
{
    if (!worker)
        return;
    clear(worker);
    ms_free(worker);
}

const ms_case *ms_stress_worker_case(const ms_stress_worker *worker)
{
    return worker->kase;
}

const ms_side *ms_stress_worker_side(const ms_stress_worker *worker)
{
    return &worker->side;
}

/* ---- what more falls short, and when ---- */

/* Weighted tonnes that line j is short in t, more than in the base. */
static double more_short(const ms_side *side, const ms_side *base, int32_t j, int t)
{
    size_t at = ms_at(side->net, j, t);
    return ms_short_cost(side->net, j, t, side->solution.settled.short_t[at]) -
           ms_short_cost(base->net, j, t, base->solution.settled.short_t[at]);
}

/* When more falls short than in the base. Two plans of the same worth may share a shortage out differently over the
 * days, so single days mean little: what counts is the sum up to a day. More falls short from the first day on, not
 * before the scenario begins, from which that sum stays above a hundredth of what it comes to in the end, and until the
 * sum stays within a hundredth of it. Where the bound does not prove that anything is added, no day is told. */
static void read_days(ms_outcome *out, const ms_network *net, const double *sum)
{
    const double counts = 0.01, least = 1e-6;
    double total = sum[net->H - 1], few = counts * total;
    double begins = floor(out->from_day / net->period_days + 1e-9);
    int first = net->H, last = first;
    out->first_day = out->recovery_day = NAN;
    out->survive_days = INFINITY;
    if (!(total > least) || out->added_least <= 0)
        return;
    while (first > 0 && first > begins && sum[first - 1] > few)
        first--;
    while (last > 0 && fabs(sum[last - 1] - total) <= few)
        last--;
    out->first_day = first * net->period_days;
    out->survive_days = fmax(0, out->first_day - out->from_day);
    if (last + 1 < net->H)
        out->recovery_day = (last + 1) * net->period_days;
}

/* The line that has lost most when the shortage begins. */
static void find_dry(ms_outcome *out, const ms_side *side, const ms_side *base)
{
    const ms_network *net = side->net;
    double most = 0;
    out->dry_demand_ix = MS_NONE;
    if (isnan(out->first_day))
        return;
    int first = (int)nearbyint(out->first_day / net->period_days);
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double lost = 0;
        for (int t = 0; t <= first && t < net->H; t++)
            lost += more_short(side, base, j, t);
        if (lost > most) {
            most = lost;
            out->dry_demand_ix = j;
        }
    }
}

static ms_status find_days(ms_outcome *out, const ms_side *side, const ms_side *base, ms_error *err)
{
    const ms_network *net = side->net;
    double *sum = ms_alloc((size_t)net->H, sizeof *sum);
    if (!sum)
        return ms_error_memory(err);
    for (int t = 0; t < net->H; t++) {
        sum[t] = t > 0 ? sum[t - 1] : 0;
        for (int32_t j = 0; j < net->kase->demands_count; j++)
            sum[t] += more_short(side, base, j, t);
    }
    read_days(out, net, sum);
    find_dry(out, side, base);
    ms_free(sum);
    return MS_OK;
}

/* Tonnes that a line never gets. */
static double never_met(const ms_network *net, const ms_settled *settled, int32_t j)
{
    const double *short_t = settled->short_t + ms_at(net, j, 0);
    double sum = 0;
    if (net->kase->items[net->kase->demands[j].item_ix].backorder)
        return short_t[net->H - 1];
    for (int t = 0; t < net->H; t++)
        sum += short_t[t];
    return sum;
}

static double wanted(const ms_network *net, int32_t j)
{
    double sum = 0;
    for (int t = 0; t < net->H; t++)
        sum += net->demand_t[ms_at(net, j, t)];
    return sum;
}

/* To the gram: a file with many outcomes need not carry the last bits. */
static double to_gram(double tonnes)
{
    const double grams = 1e6;
    return nearbyint(tonnes * grams) / grams + 0.0; /* no -0 */
}

static ms_status list_failing(ms_outcome *out, const ms_side *side, const ms_side *base, ms_error *err)
{
    const ms_network *net = side->net;
    out->failing = ms_alloc((size_t)net->kase->demands_count, sizeof *out->failing);
    if (!out->failing)
        return ms_error_memory(err);
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double short_t = never_met(net, &side->solution.settled, j);
        if (short_t <= MS_FAILING_SHARE * wanted(net, j) || short_t <= 0)
            continue;
        double before_t = never_met(base->net, &base->solution.settled, j);
        out->failing[out->failing_count++] = (ms_failing){j, to_gram(short_t), to_gram(short_t - before_t)};
    }
    return MS_OK;
}

/* ---- by partner and priority ---- */

static void round_harm(ms_harm *harm)
{
    for (int p = 0; p < MS_PRIORITY_COUNT; p++) {
        harm->short_t[p] = to_gram(harm->short_t[p]);
        harm->late_t_days[p] = to_gram(harm->late_t_days[p]);
    }
}

static void subtract(ms_harm *out, const ms_harm *less)
{
    for (int p = 0; p < MS_PRIORITY_COUNT; p++) {
        out->short_t[p] -= less->short_t[p];
        out->late_t_days[p] -= less->late_t_days[p];
    }
    round_harm(out);
}

/* harm and added: [P + 1]. */
static ms_status count_both(ms_harm *harm, ms_harm *added, const ms_side *side, const ms_side *base, ms_error *err)
{
    size_t rows = (size_t)side->net->kase->partners_count + 1;
    ms_harm *before = ms_alloc(rows, sizeof *before);
    if (!before)
        return ms_error_memory(err);
    ms_harm_count(harm, side->net, &side->solution.settled);
    ms_harm_count(before, base->net, &base->solution.settled);
    for (size_t i = 0; i < rows; i++) {
        added[i] = harm[i];
        subtract(&added[i], &before[i]);
        round_harm(&harm[i]);
    }
    ms_free(before);
    return MS_OK;
}

static void count_reserves(ms_outcome *out, const ms_side *side)
{
    const ms_network *net = side->net;
    const ms_settled *settled = &side->solution.settled;
    for (size_t at = 0; at < ms_at(net, net->kase->reserves_count, 0); at++)
        out->reserve_t_days += settled->below_t[at] * net->period_days;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        double quantum_t = ms_quantum_t(net, m->layer);
        double broken_t = m->depart < 0 ? 0 : m->load_t - (double)settled->kept_q[i] * quantum_t;
        out->broken_t += broken_t >= quantum_t ? broken_t : 0;
    }
    out->reserve_t_days = to_gram(out->reserve_t_days);
    out->broken_t = to_gram(out->broken_t);
}

static void weigh(ms_outcome *out, const ms_side *side, const ms_side *base)
{
    const ms_solution *now = &side->solution, *before = &base->solution;
    out->objective = now->settled.objective;
    out->bound = now->bound;
    out->gap = ms_solution_gap(now);
    out->added = now->settled.objective - before->settled.objective;
    out->added_least = now->bound - before->settled.objective;
    out->added_most = now->settled.objective - before->bound;
    out->added_short = now->settled.shortfall_part - before->settled.shortfall_part;
    out->how = side->how;
    out->iterations = now->iterations;
    out->reached = side->reached;
}

static ms_status judge_alone(ms_outcome *out, ms_stress_worker *worker, const ms_precision *precision, ms_error *err)
{
    int32_t count = out->partner_count;
    out->alone = ms_alloc((size_t)count, sizeof *out->alone);
    out->added_alone = ms_alloc((size_t)count, sizeof *out->added_alone);
    ms_harm *rows = ms_alloc(2 * ((size_t)count + 1), sizeof *rows), *added = rows + count + 1;
    ms_status status = out->alone && out->added_alone && rows ? MS_OK : ms_error_memory(err);
    for (int32_t p = 0; status == MS_OK && p < count; p++) {
        const ms_side *base = &worker->base->alone[p];
        ms_side side = {0};
        status = ms_side_solve(&side, base, worker->kase, precision, err);
        if (status != MS_OK)
            break;
        status = count_both(rows, added, &side, base, err);
        out->alone[p] = rows[p];
        out->added_alone[p] = added[p];
        out->reached = out->reached && side.reached;
        ms_side_free(&side);
    }
    ms_free(rows);
    return status;
}

static ms_status judge(ms_outcome *out, ms_stress_worker *worker, const ms_scenario *scenario,
                       const ms_precision *precision, ms_error *err)
{
    const ms_side *side = &worker->side, *base = &worker->base->together;
    out->partner_count = worker->kase->partners_count;
    out->from_day = ms_scenario_from_day(worker->kase, scenario);
    out->name = ms_strdup(scenario->name);
    out->harm = ms_alloc((size_t)out->partner_count + 1, sizeof *out->harm);
    out->added_harm = ms_alloc((size_t)out->partner_count + 1, sizeof *out->added_harm);
    if (!out->name || !out->harm || !out->added_harm)
        return ms_error_memory(err);
    weigh(out, side, base);
    count_reserves(out, side);
    MS_TRY(count_both(out->harm, out->added_harm, side, base, err));
    MS_TRY(find_days(out, side, base, err));
    MS_TRY(list_failing(out, side, base, err));
    return precision->alone && worker->base->alone ? judge_alone(out, worker, precision, err) : MS_OK;
}

ms_status ms_stress_solve(ms_outcome *out, ms_stress_worker *worker, const ms_scenario *scenario,
                          const ms_precision *precision, ms_error *err)
{
    ms_outcome outcome = {0};
    clear(worker);
    MS_TRY(ms_scenario_apply(&worker->kase, worker->base->kase, scenario, err));
    MS_TRY(ms_side_solve(&worker->side, &worker->base->together, worker->kase, precision, err));
    ms_status status = judge(&outcome, worker, scenario, precision, err);
    if (status == MS_OK)
        *out = outcome;
    else
        ms_outcome_free(&outcome);
    return status;
}

ms_status ms_stress_interval(double *bound, double *objective, ms_stress_worker *worker, const ms_scenario *scenario,
                             ms_error *err)
{
    clear(worker);
    MS_TRY(ms_scenario_apply(&worker->kase, worker->base->kase, scenario, err));
    MS_TRY(ms_side_interval(&worker->side, &worker->base->together, worker->kase, err));
    *bound = worker->side.solution.bound;
    *objective = worker->side.solution.settled.objective;
    return MS_OK;
}
