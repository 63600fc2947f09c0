/* normal.c: pattern, sum and refined solution of the normal equations. */
#include "plan/normal.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "plan/cholesky.h"

/* Entries by rows: whose column, and which value. */
typedef struct {
    int *start, *column;
    double *value;
} by_rows;

struct ms_normal {
    const ms_equations *eq;
    const double *theta;
    double ridge;
    int *start, *index; /* lower triangle by columns, the diagonal first */
    int *slots;         /* for each column of A, for each pair of its entries, upper one first: which entry */
    const uint8_t *alone;
    double *pull; /* [column]: what the rows want of it */
    by_rows all;  /* A */
    /* Columns with entries in rows of both kinds: where they are below, and their own number. First come those entries
     * that are alone, from mixed_turn on the others. mixed_all: the same by rows, by place among these columns. */
    int mixed_count, *mixed, *mixed_at, *mixed_turn, *mixed_row;
    double *mixed_value;
    by_rows mixed_all;
    long long tries;
    ms_team *team;
    ms_pace apply_pace, mixed_pace;
    double *value;                                /* one more than entries: where what is left out goes */
    double *residual, *ready, *direction, *image; /* of conjugate gradients, by row */
    ms_cholesky *factor;
    ms_arena *arena;
};

void ms_equations_multiply(double *out, const ms_equations *eq, const double *x)
{
    memset(out, 0, (size_t)eq->row_count * sizeof *out);
    for (int j = 0; j < eq->column_count; j++)
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++)
            out[eq->index[e]] += eq->value[e] * x[j];
}

void ms_equations_transpose(double *out, const ms_equations *eq, const double *y)
{
    for (int j = 0; j < eq->column_count; j++) {
        double sum = 0;
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++)
            sum += eq->value[e] * y[eq->index[e]];
        out[j] = sum;
    }
}

/* ---- pattern ---- */

/* Turns `count` columns, whose entries begin at `start`, round. entry: NULL, or gets which entry each was. */
static bool turn_round(by_rows *out, const ms_normal *m, const int *start, const int *row, const double *value,
                       int count, int *entry)
{
    size_t rows = (size_t)m->eq->row_count, entries = (size_t)start[count] + 1;
    out->start = ms_arena_alloc(m->arena, rows + 2, sizeof *out->start);
    out->column = ms_arena_alloc(m->arena, entries, sizeof *out->column);
    out->value = ms_arena_alloc(m->arena, entries, sizeof *out->value);
    if (!out->start || !out->column || !out->value)
        return false;
    int *next = out->start + 1;
    for (int e = 0; e < start[count]; e++)
        next[row[e] + 1]++;
    for (size_t i = 0; i < rows; i++)
        next[i + 1] += next[i];
    for (int j = 0; j < count; j++)
        for (int e = start[j]; e < start[j + 1]; e++) {
            int at = next[row[e]]++;
            out->column[at] = j;
            out->value[at] = value[e];
            if (entry)
                entry[at] = e;
        }
    return true;
}

/* What finding the pattern needs: by entry of m->all, which of A it is; by row; by column. */
typedef struct {
    int *entry, *mark, *slot;
    size_t *pairs_at; /* [column] into slots */
} crossing;

static bool find_crossing(crossing *c, ms_normal *m, ms_arena *arena, size_t *pair_count)
{
    const ms_equations *eq = m->eq;
    size_t rows = (size_t)eq->row_count, entries = (size_t)eq->start[eq->column_count], pairs = 0;
    c->entry = ms_arena_alloc(arena, entries + 1, sizeof *c->entry);
    c->mark = ms_arena_alloc(arena, rows + 1, sizeof *c->mark);
    c->slot = ms_arena_alloc(arena, rows + 1, sizeof *c->slot);
    c->pairs_at = ms_arena_alloc(arena, (size_t)eq->column_count + 1, sizeof *c->pairs_at);
    if (!c->entry || !c->mark || !c->slot || !c->pairs_at ||
        !turn_round(&m->all, m, eq->start, eq->index, eq->value, eq->column_count, c->entry))
        return false;
    for (int j = 0; j < eq->column_count; j++) {
        size_t length = (size_t)(eq->start[j + 1] - eq->start[j]);
        c->pairs_at[j] = pairs;
        pairs += length * (length + 1) / 2;
    }
    *pair_count = pairs;
    return true;
}

/* Column `row` of the pattern: its entries go behind `count`; returns how many there are then. With index NULL they are
 * only counted. */
static int find_column(ms_normal *m, const crossing *c, int row, int count, bool store)
{
    const ms_equations *eq = m->eq;
    c->mark[row] = row + 1;
    c->slot[row] = count;
    if (store)
        m->index[count] = row;
    count++;
    for (int at = m->all.start[row]; at < m->all.start[row + 1]; at++) {
        int j = m->all.column[at], first = c->entry[at], length = eq->start[j + 1] - eq->start[j];
        size_t p = (size_t)(first - eq->start[j]);
        size_t pair = c->pairs_at[j] + p * (size_t)length - p * (p + 1) / 2 + p;
        for (int e = first; e < eq->start[j + 1]; e++, pair++) {
            int i = eq->index[e];
            if (i != row && (m->alone[row] || m->alone[i])) {
                if (store)
                    m->slots[pair] = m->start[eq->row_count];
                continue;
            }
            if (c->mark[i] != row + 1) {
                c->mark[i] = row + 1;
                c->slot[i] = count;
                if (store)
                    m->index[count] = i;
                count++;
            }
            if (store)
                m->slots[pair] = c->slot[i];
        }
    }
    return count;
}

static bool find_pattern(ms_normal *m, ms_arena *scratch)
{
    const ms_equations *eq = m->eq;
    crossing c;
    size_t pairs;
    int count = 0;
    m->start = ms_arena_alloc(m->arena, (size_t)eq->row_count + 1, sizeof *m->start);
    if (!m->start || !find_crossing(&c, m, scratch, &pairs) || pairs > INT_MAX)
        return false;
    for (int row = 0; row < eq->row_count; row++)
        m->start[row + 1] = count = find_column(m, &c, row, count, false);
    memset(c.mark, 0, (size_t)eq->row_count * sizeof *c.mark);
    m->index = ms_arena_alloc(m->arena, (size_t)count + 1, sizeof *m->index);
    m->value = ms_arena_alloc(m->arena, (size_t)count + 1, sizeof *m->value);
    m->slots = ms_arena_alloc(m->arena, pairs + 1, sizeof *m->slots);
    if (!m->index || !m->value || !m->slots)
        return false;
    for (int row = 0; row < eq->row_count; row++)
        find_column(m, &c, row, m->start[row], true);
    return true;
}

/* The entries of column j in rows that are alone, or in the others, go behind `count`; returns how many there are then.
 */
static int add_mixed(ms_normal *m, int j, uint8_t alone, int count)
{
    for (int e = m->eq->start[j]; e < m->eq->start[j + 1]; e++)
        if (m->alone[m->eq->index[e]] == alone) {
            m->mixed_row[count] = m->eq->index[e];
            m->mixed_value[count++] = m->eq->value[e];
        }
    return count;
}

static bool find_mixed(ms_normal *m)
{
    const ms_equations *eq = m->eq;
    size_t columns = (size_t)eq->column_count + 1, entries = (size_t)eq->start[eq->column_count] + 1;
    m->mixed = ms_arena_alloc(m->arena, columns, sizeof *m->mixed);
    m->mixed_at = ms_arena_alloc(m->arena, columns, sizeof *m->mixed_at);
    m->mixed_turn = ms_arena_alloc(m->arena, columns, sizeof *m->mixed_turn);
    m->mixed_row = ms_arena_alloc(m->arena, entries, sizeof *m->mixed_row);
    m->mixed_value = ms_arena_alloc(m->arena, entries, sizeof *m->mixed_value);
    if (!m->mixed || !m->mixed_at || !m->mixed_turn || !m->mixed_row || !m->mixed_value)
        return false;
    for (int j = 0; j < eq->column_count; j++) {
        int first = m->mixed_at[m->mixed_count], turn = add_mixed(m, j, 1, first), end = add_mixed(m, j, 0, turn);
        if (turn == first || turn == end)
            continue;
        m->mixed_turn[m->mixed_count] = turn;
        m->mixed[m->mixed_count++] = j;
        m->mixed_at[m->mixed_count] = end;
    }
    return true;
}

static ms_status set_up(ms_normal *m, ms_simd simd, ms_team *team, ms_error *err)
{
    size_t rows = (size_t)m->eq->row_count + 1;
    ms_arena *scratch = ms_arena_new();
    m->arena = ms_arena_new();
    bool done = scratch && m->arena && find_pattern(m, scratch) && find_mixed(m) &&
                turn_round(&m->mixed_all, m, m->mixed_at, m->mixed_row, m->mixed_value, m->mixed_count, NULL);
    ms_arena_free(scratch);
    if (!done)
        return ms_error_memory(err);
    m->pull = ms_arena_alloc(m->arena, (size_t)m->eq->column_count + 1, sizeof *m->pull);
    m->residual = ms_arena_alloc(m->arena, rows, sizeof *m->residual);
    m->ready = ms_arena_alloc(m->arena, rows, sizeof *m->ready);
    m->direction = ms_arena_alloc(m->arena, rows, sizeof *m->direction);
    m->image = ms_arena_alloc(m->arena, rows, sizeof *m->image);
    if (!m->pull || !m->residual || !m->ready || !m->direction || !m->image)
        return ms_error_memory(err);
    return ms_cholesky_make(&m->factor, m->eq->row_count, m->start, m->index, simd, team, err);
}

ms_status ms_normal_make(ms_normal **out, const ms_equations *eq, const uint8_t *alone, ms_simd simd, ms_team *team,
                         ms_error *err)
{
    const int many_entries = 10000;
    ms_normal *m = ms_alloc(1, sizeof *m);
    if (!m)
        return ms_error_memory(err);
    m->eq = eq;
    m->alone = alone;
    m->team = team;
    if (eq->start[eq->column_count] < many_entries)
        m->apply_pace = m->mixed_pace = ms_pace_alone();
    ms_status status = set_up(m, simd, team, err);
    if (status != MS_OK) {
        ms_normal_free(m);
        return status;
    }
    *out = m;
    return MS_OK;
}

void ms_normal_free(ms_normal *m)
{
    if (!m)
        return;
    ms_cholesky_free(m->factor);
    ms_arena_free(m->arena);
    ms_free(m);
}

/* ---- numbers ---- */

void ms_normal_compute(ms_normal *m, const double *theta, double ridge)
{
    const double guard = 1e-13;
    const ms_equations *eq = m->eq;
    const int *slot = m->slots;
    m->theta = theta;
    m->ridge = ridge;
    memset(m->value, 0, (size_t)m->start[eq->row_count] * sizeof *m->value);
    for (int j = 0; j < eq->column_count; j++)
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++) {
            double scaled = theta[j] * eq->value[e];
            for (int other = e; other < eq->start[j + 1]; other++)
                m->value[*slot++] += scaled * eq->value[other];
        }
    for (int row = 0; row < eq->row_count; row++)
        m->value[m->start[row]] += ridge;
    ms_cholesky_compute(m->factor, m->value, guard);
}

/* What a part of the team works on: from which vector to which. */
typedef struct {
    ms_normal *m;
    const double *from;
    double *to;
    bool from_alone;
} application;

static double row_of(const by_rows *a, int row, const double *x)
{
    double sum = 0;
    for (int e = a->start[row]; e < a->start[row + 1]; e++)
        sum += a->value[e] * x[a->column[e]];
    return sum;
}

static void apply_part(void *context, int part, int parts)
{
    const application *w = context;
    ms_normal *m = w->m;
    const ms_equations *eq = m->eq;
    int row_end = ms_team_share(eq->row_count, part + 1, parts);
    int column_end = ms_team_share(eq->column_count, part + 1, parts);
    for (int j = ms_team_share(eq->column_count, part, parts); j < column_end; j++) {
        double sum = 0;
        for (int e = eq->start[j]; e < eq->start[j + 1]; e++)
            sum += eq->value[e] * w->from[eq->index[e]];
        m->pull[j] = m->theta[j] * sum;
    }
    ms_team_meet(m->team);
    for (int row = ms_team_share(eq->row_count, part, parts); row < row_end; row++)
        w->to[row] = m->ridge * w->from[row] + row_of(&m->all, row, m->pull);
}

/* (A T A' + r I) y */
static void apply(ms_normal *m, double *out, const double *y)
{
    application w = {m, y, out, false};
    ms_team_run_paced(m->team, &m->apply_pace, 1, apply_part, &w);
}

static double product(const double *a, const double *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void take_mixed_part(void *context, int part, int parts)
{
    const application *w = context;
    ms_normal *m = w->m;
    int rows = m->eq->row_count, row_end = ms_team_share(rows, part + 1, parts);
    int mixed_end = ms_team_share(m->mixed_count, part + 1, parts);
    for (int i = ms_team_share(m->mixed_count, part, parts); i < mixed_end; i++) {
        int turn = m->mixed_turn[i], first = w->from_alone ? m->mixed_at[i] : turn;
        int end = w->from_alone ? turn : m->mixed_at[i + 1];
        double sum = 0;
        for (int e = first; e < end; e++)
            sum += m->mixed_value[e] * w->from[m->mixed_row[e]];
        m->pull[i] = m->theta[m->mixed[i]] * sum;
    }
    ms_team_meet(m->team);
    for (int row = ms_team_share(rows, part, parts); row < row_end; row++)
        if (m->alone[row] != w->from_alone)
            w->to[row] -= row_of(&m->mixed_all, row, m->pull);
}

/* to -= (A T A') from, where `from` counts in rows that are alone, or in the others only, and `to` in those of the
 * other kind. */
static void take_mixed(ms_normal *m, double *to, const double *from, bool from_alone)
{
    application w = {m, from, to, from_alone};
    ms_team_run_paced(m->team, &m->mixed_pace, 1, take_mixed_part, &w);
}

/* ready = M^-1 residual: rows that are alone first, by their diagonals; then the others, less what those took; then
 * what the others take of them (a symmetric Gauss-Seidel step of two blocks). Spoils the image. Returns ready'residual.
 */
static double prepare(ms_normal *m)
{
    int rows = m->eq->row_count;
    double *own = m->image;
    for (int i = 0; i < rows; i++)
        own[i] = m->residual[i] / (m->alone[i] ? m->value[m->start[i]] : 1);
    memcpy(m->ready, own, (size_t)rows * sizeof *own);
    take_mixed(m, m->ready, own, true);
    for (int i = 0; i < rows; i++) {
        m->ready[i] = m->alone[i] ? 0 : m->ready[i];
        own[i] = 0;
    }
    ms_cholesky_solve(m->factor, m->ready);
    take_mixed(m, own, m->ready, false);
    for (int i = 0; i < rows; i++)
        if (m->alone[i])
            m->ready[i] = (m->residual[i] + own[i]) / m->value[m->start[i]];
    return product(m->residual, m->ready, rows);
}

double ms_normal_solve(ms_normal *m, double *y, const double *g, double most, int tries)
{
    const double same = 1e-3;
    const int patience = 2; /* in tries that change nothing: what rows that depend on others miss is out of reach */
    int rows = m->eq->row_count, idle = 0;
    double worst = 0;
    apply(m, m->image, y);
    for (int i = 0; i < rows; i++) {
        m->residual[i] = g[i] - m->image[i];
        worst = fabs(m->residual[i]) > worst ? fabs(m->residual[i]) : worst;
    }
    if (worst <= most)
        return worst;
    double energy = prepare(m);
    memcpy(m->direction, m->ready, (size_t)rows * sizeof *m->ready);
    for (int k = 0;; k++) {
        apply(m, m->image, m->direction);
        m->tries++;
        double curvature = product(m->direction, m->image, rows);
        if (!(curvature > 0))
            return worst;
        double step = energy / curvature, before = worst;
        worst = 0;
        for (int i = 0; i < rows; i++) {
            y[i] += step * m->direction[i];
            m->residual[i] -= step * m->image[i];
            worst = fabs(m->residual[i]) > worst ? fabs(m->residual[i]) : worst;
        }
        idle = fabs(worst - before) <= same * before ? idle + 1 : 0;
        if (worst <= most || k >= tries || idle >= patience)
            return worst;
        double last = energy;
        energy = prepare(m);
        for (int i = 0; i < rows; i++)
            m->direction[i] = m->ready[i] + energy / last * m->direction[i];
    }
}

double ms_normal_operations(const ms_normal *m)
{
    return ms_cholesky_operations(m->factor);
}

long long ms_normal_tries(const ms_normal *m)
{
    return m->tries;
}
