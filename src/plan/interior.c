/* interior.c: the point that steps move, the matrix laid out for it, and what is read off it. Labels: docs/engine.md,
 * An exact end. */
#include "plan/interior_private.h"

#include <string.h>

#include "base/status.h"

/* ---- the point ---- */

/* E1: x and its reduced costs so that x = near + SCALE (low - d), low x = centre. */
static void place(ms_interior *ip, int j, double near, double d, double centre)
{
    const double scale = 3e5, edge = 1e-9;
    const int halvings = 60;
    double upper = ip->eq->upper[j];
    if (!ms_interior_bounded(ip, j)) {
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

void ms_interior_measure(ms_interior *ip)
{
    const ms_equations *eq = ip->eq;
    double open = 0, cost = 0;
    ms_equations_multiply(ip->missed_row, eq, ip->x);
    for (int i = 0; i < eq->row_count; i++)
        ip->missed_row[i] = eq->right[i] - ip->missed_row[i];
    ms_equations_transpose(ip->missed_cost, eq, ip->y);
    for (int j = 0; j < eq->column_count; j++) {
        ip->missed_cost[j] = eq->cost[j] - ip->missed_cost[j] - ip->low[j] + ip->high[j];
        open += ip->x[j] * ip->low[j];
        if (ms_interior_bounded(ip, j))
            open += ip->room[j] * ip->high[j];
        cost += eq->cost[j] * ip->x[j];
    }
    ip->state.open = open;
    ip->state.cost = cost;
    ip->state.missed = ms_interior_largest(ip->missed_row, eq->row_count);
}

/* ---- the matrix ---- */

void ms_interior_find_theta(ms_interior *ip)
{
    const double least = 1e-16;
    for (int j = 0; j < ip->eq->column_count; j++)
        ip->theta[j] = 1 /
                       (ip->low[j] / ip->x[j] + (ms_interior_bounded(ip, j) ? ip->high[j] / ip->room[j] : 0) + least);
}

/* E2: only those rows are tied to others that are not held by columns of their own. */
static void find_alone(ms_interior *ip, double little)
{
    const ms_equations *eq = ip->eq;
    memset(ip->sole, 0, (size_t)eq->row_count * sizeof *ip->sole);
    memset(ip->others, 0, (size_t)eq->row_count * sizeof *ip->others);
    ms_interior_find_theta(ip);
    for (int j = 0; j < eq->column_count; j++)
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++) {
            double *sum = eq->start[j + 1] - eq->start[j] == 1 ? ip->sole : ip->others;
            sum[eq->index[e]] += eq->value[e] * eq->value[e] * ip->theta[j];
        }
    for (int i = 0; i < eq->row_count; i++)
        ip->alone[i] = ip->others[i] < little * ip->sole[i];
}

/* E2: the share of the first layout that is small enough, or that is hardly smaller than the one before. */
ms_status ms_interior_fit(ms_interior *ip, ms_error *err)
{
    const long long many = 30;
    const double little = 0.02, looser = 3, most = 1, small_enough = 3e8, smaller = 0.7;
    double before = INFINITY;
    if (ip->normal && ip->tries <= many)
        return MS_OK;
    ip->tries = 0;
    for (ip->share = fmax(little, ip->share / looser);; ip->share = fmin(most, ip->share * looser)) {
        ms_normal_free(ip->normal);
        ip->normal = NULL;
        find_alone(ip, ip->share);
        MS_TRY(ms_normal_make(&ip->normal, ip->eq, ip->alone, ip->simd, ip->team, err));
        double operations = ms_normal_operations(ip->normal);
        if (ip->share >= most || operations <= small_enough || operations > smaller * before)
            return MS_OK;
        before = operations;
    }
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

/* E9 */
const double *ms_interior_held_y(ms_interior *ip, const double *from, double far)
{
    const double share = 1e-4;
    const int tries = 60;
    const ms_equations *eq = ip->eq;
    double *y = ip->trial.y;
    ms_interior_find_theta(ip);
    ms_normal_compute(ip->normal, ip->theta, ip->state.open / ip->pairs / (far * far));
    for (int i = 0; i < eq->row_count; i++)
        y[i] = ip->y[i] - from[i];
    ms_equations_transpose(ip->image, eq, y);
    for (int j = 0; j < eq->column_count; j++)
        ip->image[j] *= ip->theta[j];
    ms_equations_multiply(ip->right, eq, ip->image);
    memset(y, 0, (size_t)eq->row_count * sizeof *y);
    ms_normal_solve(ip->normal, y, ip->right, share * ms_interior_largest(ip->right, eq->row_count), tries);
    for (int i = 0; i < eq->row_count; i++)
        y[i] += from[i];
    return y;
}

/* ---- life ---- */

static bool make_direction(ms_direction *d, ms_arena *arena, size_t columns, size_t rows)
{
    double **const by_column[] = {&d->x, &d->low, &d->high};
    for (size_t i = 0; i < sizeof by_column / sizeof *by_column; i++)
        if (!(*by_column[i] = ms_arena_alloc(arena, columns, sizeof **by_column[i])))
            return false;
    d->y = ms_arena_alloc(arena, rows, sizeof *d->y);
    return d->y;
}

static bool make_room(ms_interior *ip)
{
    size_t columns = (size_t)ip->eq->column_count + 1, rows = (size_t)ip->eq->row_count + 1;
    double **const by_column[] = {&ip->x,           &ip->low,      &ip->high,      &ip->room, &ip->theta,
                                  &ip->missed_cost, &ip->want_low, &ip->want_high, &ip->push, &ip->image};
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
        ip->pairs += ms_interior_bounded(ip, j) ? 2 : 1;
    }
    ms_interior_measure(ip);
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
