/* interior_step.c: predictor, corrector, further correctors, each with the weight that makes the step longest. Labels:
 * docs/engine.md, An exact end. */
#include "plan/interior_private.h"

#include <string.h>

#include "plan/stride.h"

/* How exact directions are, as a share of their right-hand side: the first two of a step, and the others. What rows
 * then miss E7 finishes. */
static const double FINE = 3e-2, ROUGH = 1e-1;
static const double STEP_SHARE = 0.999;

/* ---- directions ---- */

/* E3: the Newton direction for want_low, want_high and, if so, for what is missed. */
static void solve(ms_interior *ip, ms_direction *d, bool for_missed, double share)
{
    const int tries = 30;
    const ms_equations *eq = ip->eq;
    for (int j = 0; j < eq->column_count; j++) {
        ip->push[j] = (for_missed ? ip->missed_cost[j] : 0) - ip->want_low[j] / ip->x[j];
        if (ms_interior_bounded(ip, j))
            ip->push[j] += ip->want_high[j] / ip->room[j];
        ip->image[j] = ip->theta[j] * ip->push[j];
    }
    ms_equations_multiply(ip->right, eq, ip->image);
    for (int i = 0; for_missed && i < eq->row_count; i++)
        ip->right[i] += ip->missed_row[i];
    memset(d->y, 0, (size_t)eq->row_count * sizeof *d->y);
    ms_normal_solve(ip->normal, d->y, ip->right, share * ms_interior_largest(ip->right, eq->row_count), tries);
    ms_equations_transpose(ip->image, eq, d->y);
    for (int j = 0; j < eq->column_count; j++) {
        d->x[j] = ip->theta[j] * (ip->image[j] - ip->push[j]);
        d->low[j] = (ip->want_low[j] - ip->low[j] * d->x[j]) / ip->x[j];
        if (ms_interior_bounded(ip, j))
            d->high[j] = (ip->want_high[j] + ip->high[j] * d->x[j]) / ip->room[j];
    }
}

/* Until something becomes 0 along d and a weight times t: x or its room; reduced costs at either bound. */
static ms_stride primal_stride(const ms_interior *ip, const ms_direction *d, const ms_direction *t)
{
    return (ms_stride){{{ip->x, d->x, t->x, 1}, {ip->room, d->x, t->x, -1}}, ip->eq->column_count};
}

static ms_stride dual_stride(const ms_interior *ip, const ms_direction *d, const ms_direction *t)
{
    return (ms_stride){{{ip->low, d->low, t->low, 1}, {ip->high, d->high, t->high, 1}}, ip->eq->column_count};
}

/* How far until something becomes 0, times share; at most 1. */
static void measure_steps(const ms_interior *ip, ms_direction *d, double share)
{
    ms_stride primal = primal_stride(ip, d, d), dual = dual_stride(ip, d, d);
    d->primal = ms_stride_at(&primal, 0, 1 / share) * share;
    d->dual = ms_stride_at(&dual, 0, 1 / share) * share;
}

static void add(double *to, const double *what, double weight, int count)
{
    for (int i = 0; i < count; i++)
        to[i] += weight * what[i];
}

/* d becomes d + w t, with a w each for x and for the prices that make the steps longest; what makes a step no longer is
 * not added. Returns by how much both steps grow together. */
static double add_weighted(const ms_interior *ip, ms_direction *d, const ms_direction *t)
{
    const double least = 0.1;
    const int columns = ip->eq->column_count;
    ms_stride primal = primal_stride(ip, d, t), dual = dual_stride(ip, d, t);
    double primal_weight, dual_weight, gain = 0;
    double primal_step = STEP_SHARE * ms_stride_longest(&primal_weight, &primal, least, 1 / STEP_SHARE);
    double dual_step = STEP_SHARE * ms_stride_longest(&dual_weight, &dual, least, 1 / STEP_SHARE);
    if (primal_step > d->primal) {
        gain += primal_step - d->primal;
        d->primal = primal_step;
        add(d->x, t->x, primal_weight, columns);
    }
    if (dual_step > d->dual) {
        gain += dual_step - d->dual;
        d->dual = dual_step;
        add(d->low, t->low, dual_weight, columns);
        add(d->high, t->high, dual_weight, columns);
        add(d->y, t->y, dual_weight, ip->eq->row_count);
    }
    return gain;
}

/* ---- a step ---- */

/* E4: straight for the optimum. Returns the centre that it leaves. */
static double predict(ms_interior *ip)
{
    ms_direction *d = &ip->best;
    double open = 0;
    for (int j = 0; j < ip->eq->column_count; j++) {
        ip->want_low[j] = -ip->x[j] * ip->low[j];
        if (ms_interior_bounded(ip, j))
            ip->want_high[j] = -ip->room[j] * ip->high[j];
    }
    solve(ip, d, true, FINE);
    measure_steps(ip, d, 1);
    for (int j = 0; j < ip->eq->column_count; j++) {
        open += (ip->x[j] + d->primal * d->x[j]) * (ip->low[j] + d->dual * d->low[j]);
        if (ms_interior_bounded(ip, j))
            open += (ip->room[j] - d->primal * d->x[j]) * (ip->high[j] + d->dual * d->high[j]);
    }
    return open / ip->pairs;
}

/* E5: towards the centre, with the second order that the predictor showed. */
static void correct(ms_interior *ip, double centre)
{
    ms_direction *d = &ip->best;
    for (int j = 0; j < ip->eq->column_count; j++) {
        ip->want_low[j] = centre - d->x[j] * d->low[j];
        if (ms_interior_bounded(ip, j))
            ip->want_high[j] = centre + d->x[j] * d->high[j];
    }
    solve(ip, &ip->trial, false, FINE);
    d->primal = d->dual = 0; /* as long as the predictor's are, they lead to the edge */
    add_weighted(ip, d, &ip->trial);
}

static double back_to(double product, double least, double most)
{
    double change = product < least ? least - product : product > most ? most - product : 0;
    return change < -most ? -most : change;
}

/* E6: brings the products that a whole step would throw far from the centre back to it. False when that gains little.
 */
static bool correct_further(ms_interior *ip, double centre)
{
    const double spread = 10, least_gain = 0.05, whole = 0.95;
    ms_direction *d = &ip->best;
    if (d->primal > whole && d->dual > whole)
        return false;
    for (int j = 0; j < ip->eq->column_count; j++) {
        double product = (ip->x[j] + d->x[j]) * (ip->low[j] + d->low[j]);
        ip->want_low[j] = back_to(product, centre / spread, centre * spread);
        if (!ms_interior_bounded(ip, j))
            continue;
        product = (ip->room[j] - d->x[j]) * (ip->high[j] + d->high[j]);
        ip->want_high[j] = back_to(product, centre / spread, centre * spread);
    }
    solve(ip, &ip->trial, false, ROUGH);
    return add_weighted(ip, d, &ip->trial) >= least_gain;
}

/* E7: brings the rows to a fifth of what they miss. */
static void finish_rows(ms_interior *ip)
{
    const double share = 0.2, least = 3e-7;
    const int tries = 60;
    const ms_equations *eq = ip->eq;
    ms_direction *d = &ip->best;
    double enough = fmax(share * ip->state.missed, least);
    ms_equations_multiply(ip->right, eq, d->x);
    for (int i = 0; i < eq->row_count; i++)
        ip->right[i] = ip->missed_row[i] - ip->right[i] - MS_INTERIOR_RIDGE * d->y[i];
    if (ms_interior_largest(ip->right, eq->row_count) <= enough)
        return;
    memset(ip->trial.y, 0, (size_t)eq->row_count * sizeof *ip->trial.y);
    ms_normal_solve(ip->normal, ip->trial.y, ip->right, enough, tries);
    ms_equations_transpose(ip->image, eq, ip->trial.y);
    for (int i = 0; i < eq->row_count; i++)
        d->y[i] += ip->trial.y[i];
    for (int j = 0; j < eq->column_count; j++) {
        double change = ip->theta[j] * ip->image[j];
        d->x[j] += change;
        d->low[j] -= ip->low[j] * change / ip->x[j];
        if (ms_interior_bounded(ip, j))
            d->high[j] += ip->high[j] * change / ip->room[j];
    }
    measure_steps(ip, d, STEP_SHARE);
}

static void go(ms_interior *ip)
{
    const ms_equations *eq = ip->eq;
    const ms_direction *d = &ip->best;
    add(ip->x, d->x, d->primal, eq->column_count);
    add(ip->room, d->x, -d->primal, eq->column_count);
    add(ip->low, d->low, d->dual, eq->column_count);
    add(ip->high, d->high, d->dual, eq->column_count);
    add(ip->y, d->y, d->dual, eq->row_count);
    ip->state.step = fmin(d->primal, d->dual);
}

void ms_interior_step(ms_interior *ip)
{
    const double least_share = 1e-3;
    const int correctors = 4;
    double centre = ip->state.open / ip->pairs;
    long long before = ms_normal_tries(ip->normal);
    ms_interior_find_theta(ip);
    ms_normal_compute(ip->normal, ip->theta, MS_INTERIOR_RIDGE);
    double left = predict(ip) / centre, share = left * left * left;
    centre *= share > least_share ? share : least_share;
    correct(ip, centre);
    for (int i = 0; i < correctors && correct_further(ip, centre); i++)
        ;
    finish_rows(ip);
    go(ip);
    ms_interior_measure(ip);
    ip->tries = ms_normal_tries(ip->normal) - before;
}
