/* face.c: chooses columns, throws out what can only be 0, and writes the rest as equations. */
#include "plan/face.h"

#include <math.h>
#include <string.h>

typedef struct {
    ms_face *face;
    const ms_lp *lp;
    double cheap;
    uint8_t *open;               /* [column] */
    int *row_ix;                 /* [row]: of the equations, -1 for those without an open column */
    double *cost, *load, *right; /* reduced, by column; by row: of the point; what the columns that stay make of it */
    int *row_start, *row_column; /* the LP by rows */
    int *up, *down;              /* [row]: open columns with positive and with negative entries */
    int *queue;
    ms_arena *scratch;
} maker;

static bool is_equation(const ms_lp *lp, int row)
{
    return lp->row_lower[row] == lp->row_upper[row];
}

static double limit_of(const ms_lp *lp, int row)
{
    return isinf(lp->row_lower[row]) ? lp->row_upper[row] : lp->row_lower[row];
}

/* ---- choosing ---- */

static void find_costs(maker *m)
{
    const ms_lp *lp = m->lp;
    for (int j = 0; j < lp->column_count; j++) {
        double cost = lp->cost[j];
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++) {
            cost -= lp->value[e] * m->face->y[lp->index[e]];
            m->load[lp->index[e]] += lp->value[e] * m->face->x[j];
        }
        m->cost[j] = cost;
    }
}

/* A column stays open where it costs little at the prices, and where it is not at the bound that its cost drives it to.
 */
static void choose_columns(maker *m)
{
    const double dust = 1e-9, far = 1000;
    const ms_lp *lp = m->lp;
    for (int j = 0; j < lp->column_count; j++) {
        double x = m->face->x[j], cheap = m->cheap;
        if (isinf(lp->upper[j])) {
            m->open[j] = m->cost[j] < cheap || x > dust;
            continue;
        }
        bool low = x <= dust * (1 + lp->upper[j]), high = x >= lp->upper[j] - dust * (1 + lp->upper[j]);
        m->open[j] = !(low && m->cost[j] > far * cheap) && !(high && m->cost[j] < -far * cheap);
    }
}

/* ---- what can only be 0 ---- */

static void find_rows(maker *m)
{
    const ms_lp *lp = m->lp;
    int *next = m->row_start + 1;
    for (int e = 0; e < lp->entry_count; e++)
        next[lp->index[e] + 1]++;
    for (int i = 0; i < lp->row_count; i++)
        next[i + 1] += next[i];
    for (int j = 0; j < lp->column_count; j++)
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++)
            m->row_column[next[lp->index[e]]++] = j;
}

/* Fixes a column where the point has it. */
static void count_column(maker *m, int j, int change)
{
    const ms_lp *lp = m->lp;
    for (int e = lp->start[j]; e < lp->start[j + 1]; e++) {
        *(lp->value[e] > 0 ? &m->up[lp->index[e]] : &m->down[lp->index[e]]) += change;
        if (change < 0)
            m->right[lp->index[e]] -= lp->value[e] * m->face->x[j];
    }
}

/* An equation with nothing on the right whose open columns all pull the same way. */
static bool forces(const maker *m, int row)
{
    const double dust = 1e-12;
    return is_equation(m->lp, row) && fabs(m->right[row]) <= dust && m->up[row] + m->down[row] > 0 &&
           (m->up[row] == 0 || m->down[row] == 0);
}

static void drop_forced(maker *m)
{
    const ms_lp *lp = m->lp;
    int count = 0;
    for (int i = 0; i < lp->row_count; i++)
        if (forces(m, i))
            m->queue[count++] = i;
    while (count > 0) {
        int row = m->queue[--count];
        for (int at = m->row_start[row]; forces(m, row) && at < m->row_start[row + 1]; at++) {
            int j = m->row_column[at];
            if (!m->open[j])
                continue;
            m->open[j] = 0;
            m->face->x[j] = 0;
            count_column(m, j, -1);
            for (int e = lp->start[j]; e < lp->start[j + 1]; e++)
                if (lp->index[e] != row && forces(m, lp->index[e]))
                    m->queue[count++] = lp->index[e];
        }
    }
}

/* ---- equations ---- */

static void number_rows(maker *m)
{
    int count = 0;
    for (int i = 0; i < m->lp->row_count; i++)
        m->row_ix[i] = m->up[i] + m->down[i] > 0 ? count++ : -1;
    m->face->eq.row_count = count;
}

static bool make_equations(maker *m)
{
    ms_face *face = m->face;
    ms_equations *eq = &face->eq;
    size_t columns = (size_t)eq->row_count + 1, entries = columns;
    for (int j = 0; j < m->lp->column_count; j++)
        if (m->open[j]) {
            columns++;
            entries += (size_t)(m->lp->start[j + 1] - m->lp->start[j]);
        }
    eq->start = ms_arena_alloc(face->arena, columns + 1, sizeof *eq->start);
    eq->index = ms_arena_alloc(face->arena, entries, sizeof *eq->index);
    eq->value = ms_arena_alloc(face->arena, entries, sizeof *eq->value);
    eq->cost = ms_arena_alloc(face->arena, columns, sizeof *eq->cost);
    eq->upper = ms_arena_alloc(face->arena, columns, sizeof *eq->upper);
    eq->right = ms_arena_alloc(face->arena, (size_t)eq->row_count + 1, sizeof *eq->right);
    face->column = ms_arena_alloc(face->arena, columns, sizeof *face->column);
    face->row = ms_arena_alloc(face->arena, (size_t)eq->row_count + 1, sizeof *face->row);
    face->start_x = ms_arena_alloc(face->arena, columns, sizeof *face->start_x);
    face->start_y = ms_arena_alloc(face->arena, (size_t)eq->row_count + 1, sizeof *face->start_y);
    return eq->start && eq->index && eq->value && eq->cost && eq->upper && eq->right && face->column && face->row &&
           face->start_x && face->start_y;
}

static void add_column(ms_face *face, int column, double cost, double upper, double x)
{
    ms_equations *eq = &face->eq;
    int j = eq->column_count++;
    face->column[j] = column;
    face->start_x[j] = x;
    eq->cost[j] = cost;
    eq->upper[j] = upper;
    eq->start[j + 1] = eq->start[j];
}

/* Adds an entry to the newest column; its rows ascend. */
static void add_entry(ms_equations *eq, int row, double value)
{
    int e = eq->start[eq->column_count]++;
    for (; e > eq->start[eq->column_count - 1] && eq->index[e - 1] > row; e--) {
        eq->index[e] = eq->index[e - 1];
        eq->value[e] = eq->value[e - 1];
    }
    eq->index[e] = row;
    eq->value[e] = value;
}

static void write_equations(maker *m)
{
    const ms_lp *lp = m->lp;
    ms_face *face = m->face;
    for (int i = 0; i < lp->row_count; i++)
        if (m->row_ix[i] >= 0) {
            face->row[m->row_ix[i]] = i;
            face->eq.right[m->row_ix[i]] = m->right[i];
            face->start_y[m->row_ix[i]] = face->y[i];
        }
    for (int j = 0; j < lp->column_count; j++) {
        if (!m->open[j])
            continue;
        add_column(face, j, lp->cost[j], lp->upper[j], face->x[j]);
        for (int e = lp->start[j]; e < lp->start[j + 1]; e++)
            if (m->row_ix[lp->index[e]] >= 0)
                add_entry(&face->eq, m->row_ix[lp->index[e]], lp->value[e]);
    }
    for (int i = 0; i < lp->row_count; i++)
        if (m->row_ix[i] >= 0 && !is_equation(lp, i)) {
            double sign = isinf(lp->row_lower[i]) ? 1 : -1, slack = sign * (limit_of(lp, i) - m->load[i]);
            add_column(face, -1 - i, 0, INFINITY, slack > 0 ? slack : 0);
            add_entry(&face->eq, m->row_ix[i], sign);
        }
}

/* ---- putting it together ---- */

static bool make_scratch(maker *m)
{
    size_t columns = (size_t)m->lp->column_count + 1, rows = (size_t)m->lp->row_count + 1;
    size_t entries = (size_t)m->lp->entry_count + 1;
    m->scratch = ms_arena_new();
    if (!m->scratch)
        return false;
    m->open = ms_arena_alloc(m->scratch, columns, sizeof *m->open);
    m->cost = ms_arena_alloc(m->scratch, columns, sizeof *m->cost);
    m->row_ix = ms_arena_alloc(m->scratch, rows, sizeof *m->row_ix);
    m->load = ms_arena_alloc(m->scratch, rows, sizeof *m->load);
    m->right = ms_arena_alloc(m->scratch, rows, sizeof *m->right);
    m->row_start = ms_arena_alloc(m->scratch, rows + 1, sizeof *m->row_start);
    m->row_column = ms_arena_alloc(m->scratch, entries, sizeof *m->row_column);
    m->up = ms_arena_alloc(m->scratch, rows, sizeof *m->up);
    m->down = ms_arena_alloc(m->scratch, rows, sizeof *m->down);
    m->queue = ms_arena_alloc(m->scratch, rows + entries, sizeof *m->queue);
    return m->open && m->cost && m->row_ix && m->load && m->right && m->row_start && m->row_column && m->up &&
           m->down && m->queue;
}

static bool cut_out(maker *m)
{
    if (!make_scratch(m))
        return false;
    find_costs(m);
    choose_columns(m);
    for (int i = 0; i < m->lp->row_count; i++)
        m->right[i] = limit_of(m->lp, i);
    find_rows(m);
    for (int j = 0; j < m->lp->column_count; j++)
        count_column(m, j, 1);
    for (int j = 0; j < m->lp->column_count; j++)
        if (!m->open[j])
            count_column(m, j, -1);
    drop_forced(m);
    number_rows(m);
    if (!make_equations(m))
        return false;
    write_equations(m);
    return true;
}

ms_status ms_face_make(ms_face **out, const ms_lp *lp, const ms_settled *settled, const ms_prices *prices,
                       const ms_sweeper *sweeper, double cheap, ms_error *err)
{
    ms_arena *arena = ms_arena_new();
    ms_face *face = arena ? ms_arena_alloc(arena, 1, sizeof *face) : NULL;
    if (!face) {
        ms_arena_free(arena);
        return ms_error_memory(err);
    }
    face->arena = arena;
    face->lp = lp;
    face->x = ms_arena_alloc(arena, (size_t)lp->column_count + 1, sizeof *face->x);
    face->y = ms_arena_alloc(arena, (size_t)lp->row_count + 1, sizeof *face->y);
    maker m = {.face = face, .lp = lp, .cheap = cheap};
    bool done = face->x && face->y;
    if (done) {
        ms_lp_point(face->x, lp, settled);
        ms_lp_duals(face->y, lp, prices, sweeper);
        done = cut_out(&m);
    }
    ms_arena_free(m.scratch);
    if (!done) {
        ms_face_free(face);
        return ms_error_memory(err);
    }
    *out = face;
    return MS_OK;
}

void ms_face_free(ms_face *face)
{
    if (face)
        ms_arena_free(face->arena);
}

void ms_face_take_flow(ms_face *face, const double *x)
{
    for (int j = 0; j < face->eq.column_count; j++)
        if (face->column[j] >= 0)
            face->x[face->column[j]] = x[j];
}

void ms_face_take_prices(ms_face *face, const double *y)
{
    for (int i = 0; i < face->eq.row_count; i++)
        face->y[face->row[i]] = y[i];
}
