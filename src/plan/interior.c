/* interior.c: predictor, corrector, further correctors. Labels: docs/engine.md, An exact end. */
#include "plan/interior.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

/* A direction: of x, y, and of the reduced costs at the lower and at the upper bound. */
typedef struct {
    double *x, *y, *low, *high;
    double *want_low, *want_high; /* what it aims to add to x times low, and to room times high */
    double primal, dual;          /* how far it may go */
} direction;

struct ms_interior {
    const ms_equations *eq;
    ms_normal *normal;
    double *x, *y;
    double *low, *high; /* > 0: reduced cost is low - high; high is 0 without an upper bound */
    double *room;       /* upper - x, INFINITY without */
    double *theta, *missed_row, *missed_cost;
    double *push, *right, *image; /* scratch by column, row, column */
    direction best, trial;
    int pairs;
    uint8_t *alone;        /* [row]: as normal.h has it */
    double *sole, *others; /* [row]: its diagonal, by columns of one entry and by the others */
    double share;          /* of the former, that the latter are below where a row is alone */
    long long tries;       /* solves of the last step */
    ms_simd simd;
    ms_team *team;
    ms_interior_state state;
    ms_arena *arena;
};

static const double RIDGE = 1e-6, STEP_SHARE = 0.999;
/* How exact directions are, as a share of their right-hand side: the predictor, and the others. */
static const double ROUGH = 3e-2, FINE = 1e-2;

static bool bounded(const ms_interior *ip, int j)
{
    return !isinf(ip->eq->upper[j]);
}

/* ---- the point ---- */

/* E1: x and its reduced costs so that x = near + SCALE (low - d), low x = centre. */
static void place(ms_interior *ip, int j, double near, double d, double centre)
{
    const double scale = 1e5, edge = 1e-9;
    const int halvings = 60;
    double upper = ip->eq->upper[j];
    if (!bounded(ip, j)) {
        double v = near - scale * d, root = sqrt(v * v + 4 * scale * centre);
        ip->x[j] = v < 0 ? 2 * scale * centre / (root - v) : (v + root) / 2;
        ip->low[j] = centre / ip->x[j];
        ip->room[j] = INFINITY;
        return;
    }
    double from = 0, to = upper;
    for (int i = 0; i < halvings; i++) {
        double middle = (from + to) / 2;
        if (centre / middle - centre / (upper - middle) - d - (middle - near) / scale > 0)
            from = middle;
        else
            to = middle;
    }
    double x = (from + to) / 2;
    x = x < edge * upper ? edge * upper : x > (1 - edge) * upper ? (1 - edge) * upper : x;
    ip->x[j] = x;
    ip->room[j] = upper - x;
    ip->low[j] = centre / x;
    ip->high[j] = centre / ip->room[j];
}

/* Misses, complementarity and cost of the point at hand. */
static void measure(ms_interior *ip)
{
    const ms_equations *eq = ip->eq;
    double open = 0, cost = 0, missed = 0;
    ms_equations_multiply(ip->missed_row, eq, ip->x);
    for (int i = 0; i < eq->row_count; i++) {
        ip->missed_row[i] = eq->right[i] - ip->missed_row[i];
        missed = fabs(ip->missed_row[i]) > missed ? fabs(ip->missed_row[i]) : missed;
    }
    ms_equations_transpose(ip->missed_cost, eq, ip->y);
    for (int j = 0; j < eq->column_count; j++) {
        ip->missed_cost[j] = eq->cost[j] - ip->missed_cost[j] - ip->low[j] + ip->high[j];
        open += ip->x[j] * ip->low[j];
        if (bounded(ip, j))
            open += ip->room[j] * ip->high[j];
        cost += eq->cost[j] * ip->x[j];
    }
    ip->state.open = open;
    ip->state.cost = cost;
    ip->state.missed = missed;
}

/* ---- the matrix ---- */

/* What a column gives for a push. */
static void find_theta(ms_interior *ip)
{
    const double least = 1e-16;
    for (int j = 0; j < ip->eq->column_count; j++)
        ip->theta[j] = 1 / (ip->low[j] / ip->x[j] + (bounded(ip, j) ? ip->high[j] / ip->room[j] : 0) + least);
}

/* E2: only those rows are tied to others that are not held by columns of their own. */
static void find_alone(ms_interior *ip, double little)
{
    const ms_equations *eq = ip->eq;
    memset(ip->sole, 0, (size_t)eq->row_count * sizeof *ip->sole);
    memset(ip->others, 0, (size_t)eq->row_count * sizeof *ip->others);
    find_theta(ip);
    for (int j = 0; j < eq->column_count; j++)
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++) {
            double *sum = eq->start[j + 1] - eq->start[j] == 1 ? ip->sole : ip->others;
            sum[eq->index[e]] += eq->value[e] * eq->value[e] * ip->theta[j];
        }
    for (int i = 0; i < eq->row_count; i++)
        ip->alone[i] = ip->others[i] < little * ip->sole[i];
}

ms_status ms_interior_fit(ms_interior *ip, ms_error *err)
{
    const long long many = 30;
    const double little = 0.02, looser = 3, most = 1, too_many_operations = 3e8;
    if (ip->normal && ip->tries <= many)
        return MS_OK;
    ip->tries = 0;
    for (ip->share = fmax(little, ip->share / looser);; ip->share = fmin(most, ip->share * looser)) {
        ms_normal_free(ip->normal);
        ip->normal = NULL;
        find_alone(ip, ip->share);
        MS_TRY(ms_normal_make(&ip->normal, ip->eq, ip->alone, ip->simd, ip->team, err));
        if (ip->share >= most || ms_normal_operations(ip->normal) <= too_many_operations)
            return MS_OK;
    }
}

/* ---- directions ---- */

/* E3: the Newton direction for what is missed and for want_low, want_high, but for a share of the right-hand side. d->y
 * is a guess. */
static void solve(ms_interior *ip, direction *d, double share)
{
    const int tries = 30;
    const ms_equations *eq = ip->eq;
    double most = 0;
    for (int j = 0; j < eq->column_count; j++) {
        ip->push[j] = ip->missed_cost[j] - d->want_low[j] / ip->x[j];
        if (bounded(ip, j))
            ip->push[j] += d->want_high[j] / ip->room[j];
        ip->image[j] = ip->theta[j] * ip->push[j];
    }
    ms_equations_multiply(ip->right, eq, ip->image);
    for (int i = 0; i < eq->row_count; i++) {
        ip->right[i] += ip->missed_row[i];
        most = fabs(ip->right[i]) > most ? fabs(ip->right[i]) : most;
    }
    ms_normal_solve(ip->normal, d->y, ip->right, share * most, tries);
    ms_equations_transpose(ip->image, eq, d->y);
    for (int j = 0; j < eq->column_count; j++) {
        d->x[j] = ip->theta[j] * (ip->image[j] - ip->push[j]);
        d->low[j] = (d->want_low[j] - ip->low[j] * d->x[j]) / ip->x[j];
        if (bounded(ip, j))
            d->high[j] = (d->want_high[j] + ip->high[j] * d->x[j]) / ip->room[j];
    }
}

static double at_most(double step, double value, double change)
{
    return change < 0 && -value / change < step ? -value / change : step;
}

/* How far until something becomes 0, at most 1 / share, times share. */
static void measure_steps(const ms_interior *ip, direction *d, double share)
{
    double primal = 1 / share, dual = primal;
    for (int j = 0; j < ip->eq->column_count; j++) {
        primal = at_most(primal, ip->x[j], d->x[j]);
        dual = at_most(dual, ip->low[j], d->low[j]);
        if (bounded(ip, j)) {
            primal = at_most(primal, ip->room[j], -d->x[j]);
            dual = at_most(dual, ip->high[j], d->high[j]);
        }
    }
    d->primal = primal * share;
    d->dual = dual * share;
}

/* E4: straight for the optimum. Returns the centre that it leaves. */
static double predict(ms_interior *ip)
{
    direction *d = &ip->best;
    double open = 0;
    for (int j = 0; j < ip->eq->column_count; j++) {
        d->want_low[j] = -ip->x[j] * ip->low[j];
        if (bounded(ip, j))
            d->want_high[j] = -ip->room[j] * ip->high[j];
    }
    memset(d->y, 0, (size_t)ip->eq->row_count * sizeof *d->y);
    solve(ip, d, ROUGH);
    measure_steps(ip, d, 1);
    for (int j = 0; j < ip->eq->column_count; j++) {
        open += (ip->x[j] + d->primal * d->x[j]) * (ip->low[j] + d->dual * d->low[j]);
        if (bounded(ip, j))
            open += (ip->room[j] - d->primal * d->x[j]) * (ip->high[j] + d->dual * d->high[j]);
    }
    return open / ip->pairs;
}

/* E5: for the centre, with the second order that the predictor showed. */
static void correct(ms_interior *ip, double centre)
{
    direction *d = &ip->best;
    for (int j = 0; j < ip->eq->column_count; j++) {
        d->want_low[j] = centre - ip->x[j] * ip->low[j] - d->x[j] * d->low[j];
        if (bounded(ip, j))
            d->want_high[j] = centre - ip->room[j] * ip->high[j] + d->x[j] * d->high[j];
    }
    solve(ip, d, FINE);
    measure_steps(ip, d, STEP_SHARE);
}

static double back_to(double product, double least, double most)
{
    double change = product < least ? least - product : product > most ? most - product : 0;
    return change < -most ? -most : change;
}

/* E6: brings the products that a longer step would throw far from the centre back to it. False when that gains little.
 */
static bool correct_further(ms_interior *ip, double centre)
{
    const double longer = 0.3, spread = 10, least_gain = 0.05, whole = 0.95;
    direction *d = &ip->best, *t = &ip->trial;
    if (d->primal > whole && d->dual > whole)
        return false;
    double primal = fmin(1, d->primal + longer), dual = fmin(1, d->dual + longer);
    for (int j = 0; j < ip->eq->column_count; j++) {
        double product = (ip->x[j] + primal * d->x[j]) * (ip->low[j] + dual * d->low[j]);
        t->want_low[j] = d->want_low[j] + back_to(product, centre / spread, centre * spread);
        if (!bounded(ip, j))
            continue;
        product = (ip->room[j] - primal * d->x[j]) * (ip->high[j] + dual * d->high[j]);
        t->want_high[j] = d->want_high[j] + back_to(product, centre / spread, centre * spread);
    }
    memcpy(t->y, d->y, (size_t)ip->eq->row_count * sizeof *t->y);
    solve(ip, t, FINE);
    measure_steps(ip, t, STEP_SHARE);
    if (t->primal + t->dual < d->primal + d->dual + least_gain)
        return false;
    direction swap = *d;
    *d = *t;
    *t = swap;
    return true;
}

/* E7: brings the rows to a fifth of what they miss. */
static void finish_rows(ms_interior *ip)
{
    const double share = 0.2, least = 3e-7;
    const int tries = 60;
    const ms_equations *eq = ip->eq;
    direction *d = &ip->best;
    double most = 0, enough = fmax(share * ip->state.missed, least);
    ms_equations_multiply(ip->right, eq, d->x);
    for (int i = 0; i < eq->row_count; i++) {
        ip->right[i] = ip->missed_row[i] - ip->right[i] - RIDGE * d->y[i];
        most = fabs(ip->right[i]) > most ? fabs(ip->right[i]) : most;
    }
    if (most <= enough)
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
        if (bounded(ip, j))
            d->high[j] += ip->high[j] * change / ip->room[j];
    }
    measure_steps(ip, d, STEP_SHARE);
}

static void go(ms_interior *ip)
{
    const ms_equations *eq = ip->eq;
    const direction *d = &ip->best;
    for (int j = 0; j < eq->column_count; j++) {
        ip->x[j] += d->primal * d->x[j];
        ip->low[j] += d->dual * d->low[j];
        if (bounded(ip, j)) {
            ip->room[j] -= d->primal * d->x[j];
            ip->high[j] += d->dual * d->high[j];
        }
    }
    for (int i = 0; i < eq->row_count; i++)
        ip->y[i] += d->dual * d->y[i];
    ip->state.step = fmin(d->primal, d->dual);
}

void ms_interior_step(ms_interior *ip)
{
    const double least_share = 1e-3;
    const int correctors = 3;
    double centre = ip->state.open / ip->pairs;
    long long before = ms_normal_tries(ip->normal);
    find_theta(ip);
    ms_normal_compute(ip->normal, ip->theta, RIDGE);
    double left = predict(ip) / centre, share = left * left * left;
    centre *= share > least_share ? share : least_share;
    correct(ip, centre);
    for (int i = 0; i < correctors && correct_further(ip, centre); i++)
        ;
    finish_rows(ip);
    go(ip);
    measure(ip);
    ip->tries = ms_normal_tries(ip->normal) - before;
}

/* E8 */
const double *ms_interior_finished_x(ms_interior *ip)
{
    const double enough = 1e-6;
    const int tries = 60;
    const ms_equations *eq = ip->eq;
    double *y = ip->trial.y, *x = ip->push;
    memset(y, 0, (size_t)eq->row_count * sizeof *y);
    ms_normal_solve(ip->normal, y, ip->missed_row, enough, tries);
    ms_equations_transpose(ip->image, eq, y);
    for (int j = 0; j < eq->column_count; j++) {
        x[j] = ip->x[j] + ip->theta[j] * ip->image[j];
        x[j] = x[j] > 0 ? x[j] : 0;
        x[j] = x[j] < eq->upper[j] ? x[j] : eq->upper[j];
    }
    return x;
}

/* ---- life ---- */

static bool make_direction(direction *d, ms_arena *arena, size_t columns, size_t rows)
{
    double **const by_column[] = {&d->x, &d->low, &d->high, &d->want_low, &d->want_high};
    for (size_t i = 0; i < sizeof by_column / sizeof *by_column; i++)
        if (!(*by_column[i] = ms_arena_alloc(arena, columns, sizeof **by_column[i])))
            return false;
    d->y = ms_arena_alloc(arena, rows, sizeof *d->y);
    return d->y;
}

static bool make_room(ms_interior *ip)
{
    size_t columns = (size_t)ip->eq->column_count + 1, rows = (size_t)ip->eq->row_count + 1;
    double **const by_column[] = {&ip->x,     &ip->low,         &ip->high, &ip->room,
                                  &ip->theta, &ip->missed_cost, &ip->push, &ip->image};
    double **const by_row[] = {&ip->y, &ip->missed_row, &ip->right, &ip->sole, &ip->others};
    ip->arena = ms_arena_new();
    if (!ip->arena || !(ip->alone = ms_arena_alloc(ip->arena, rows, sizeof *ip->alone)) ||
        !make_direction(&ip->best, ip->arena, columns, rows) || !make_direction(&ip->trial, ip->arena, columns, rows))
        return false;
    for (size_t i = 0; i < sizeof by_column / sizeof *by_column; i++)
        if (!(*by_column[i] = ms_arena_alloc(ip->arena, columns, sizeof **by_column[i])))
            return false;
    for (size_t i = 0; i < sizeof by_row / sizeof *by_row; i++)
        if (!(*by_row[i] = ms_arena_alloc(ip->arena, rows, sizeof **by_row[i])))
            return false;
    return true;
}

ms_status ms_interior_make(ms_interior **out, const ms_equations *eq, const double *x, const double *y, double centre,
                           ms_simd simd, ms_team *team, ms_error *err)
{
    const int many_rows = 20000;
    const double loose = 3; /* of many rows, the first layout that is likely to do */
    ms_interior *ip = ms_alloc(1, sizeof *ip);
    if (!ip)
        return ms_error_memory(err);
    ip->eq = eq;
    ip->simd = simd;
    ip->share = eq->row_count < many_rows ? 0 : loose;
    ip->team = team;
    ms_status status = make_room(ip) ? MS_OK : ms_error_memory(err);
    if (status != MS_OK) {
        ms_interior_free(ip);
        return status;
    }
    memcpy(ip->y, y, (size_t)eq->row_count * sizeof *y);
    ms_equations_transpose(ip->image, eq, y);
    for (int j = 0; j < eq->column_count; j++) {
        place(ip, j, x[j], eq->cost[j] - ip->image[j], centre);
        ip->pairs += bounded(ip, j) ? 2 : 1;
    }
    measure(ip);
    ip->state.step = 1;
    *out = ip;
    return MS_OK;
}

void ms_interior_free(ms_interior *ip)
{
    if (!ip)
        return;
    ms_normal_free(ip->normal);
    ms_arena_free(ip->arena);
    ms_free(ip);
}

const double *ms_interior_x(const ms_interior *ip)
{
    return ip->x;
}

const double *ms_interior_y(const ms_interior *ip)
{
    return ip->y;
}

ms_interior_state ms_interior_look(const ms_interior *ip)
{
    return ip->state;
}

double ms_interior_operations(const ms_interior *ip)
{
    return ip->normal ? ms_normal_operations(ip->normal) : 0;
}
