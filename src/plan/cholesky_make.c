/* cholesky_make.c: lays out a factor: fronts, their rows, how children's triangles fit into them, where entries go.
 *
 * A front is a run of columns whose rows below are the same, or nearly: chains of small ones are joined while the zeros
 * that this stores are few (Ashcraft and Grimes 1989), since a dense panel is worth more than what they cost.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/cholesky_private.h"

typedef struct {
    ms_cholesky *f;
    ms_elimination e;
    int *front_of; /* [place] */
    int *scratch;  /* [n + 1] */
} maker;

/* ---- fronts ---- */

static int find_runs(maker *m, int *first)
{
    const ms_elimination *e = &m->e;
    int count = 0;
    for (int k = 0; k < m->f->n; k++)
        if (k == 0 || e->parent[k - 1] != k || e->count[k - 1] != e->count[k] + 1 ||
            k - first[count - 1] >= MS_FRONT_MOST)
            first[count++] = k;
    first[count] = m->f->n;
    return count;
}

/* Whether so many columns may stand together when so great a share of what is stored would be zeros. */
static bool may_join(double columns, double zeros)
{
    if (columns > MS_FRONT_MOST)
        return false;
    return columns <= 4 || (columns <= 16 && zeros < 0.4) || (columns <= 48 && zeros < 0.1) || zeros < 0.05;
}

/* Joins a front to the one right after it, where that is its parent. */
static bool join_runs(maker *m, int *first, int count)
{
    const ms_elimination *e = &m->e;
    ms_arena *arena = m->f->arena;
    size_t most = (size_t)count + 1;
    double *zeros = ms_arena_alloc(arena, most, sizeof *zeros);
    int *begin = ms_arena_alloc(arena, most, sizeof *begin), *rows = ms_arena_alloc(arena, most, sizeof *rows);
    int top = -1; /* begin, rows and zeros are stacks of the fronts so far */
    if (!zeros || !begin || !rows)
        return false;
    for (int s = 0; s < count; s++) {
        int here = first[s], end = first[s + 1], here_rows = e->count[here];
        double here_zeros = 0;
        for (; top >= 0; top--) {
            int parent = e->parent[here - 1];
            double before = here - begin[top], columns = end - begin[top], joined_rows = before + here_rows;
            double sum = zeros[top] + here_zeros + before * (joined_rows - rows[top]);
            double stored = columns * (columns + 1) / 2 + columns * (joined_rows - columns);
            if (parent < here || parent >= end || !may_join(columns, sum / stored))
                break;
            here_zeros = sum;
            here_rows = (int)joined_rows;
            here = begin[top];
        }
        top++;
        begin[top] = here;
        rows[top] = here_rows;
        zeros[top] = here_zeros;
    }
    m->f->front_count = top + 1;
    m->f->first = begin;
    begin[top + 1] = m->f->n;
    return true;
}

static void note_fronts(maker *m)
{
    for (int s = 0; s < m->f->front_count; s++)
        for (int k = m->f->first[s]; k < m->f->first[s + 1]; k++)
            m->front_of[k] = s;
}

static bool find_fronts(maker *m)
{
    int n = m->f->n;
    int *first = ms_arena_alloc(m->f->arena, (size_t)n + 1, sizeof *first);
    m->front_of = ms_arena_alloc(m->f->arena, (size_t)n + 1, sizeof *m->front_of);
    if (!first || !m->front_of || !join_runs(m, first, find_runs(m, first)))
        return false;
    note_fronts(m);
    if (!ms_deal_fronts(m->f, &m->e, m->front_of, m->f->arena))
        return false;
    note_fronts(m);
    return true;
}

/* ---- rows ---- */

static int compare(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

/* The rows of front s behind those that are in rows already; seen[place] is s + 1 for what is there. */
static int add_rows(maker *m, int s, int *rows, int *seen)
{
    const ms_cholesky *f = m->f;
    const ms_elimination *e = &m->e;
    int count = 0, end = f->first[s + 1];
    for (int k = f->first[s]; k < end; k++)
        rows[count++] = k;
    for (int k = f->first[s]; k < end; k++)
        for (int at = e->near_start[e->order[k]]; at < e->near_start[e->order[k] + 1]; at++) {
            int i = e->place[e->near[at]];
            if (i >= end && seen[i] != s + 1) {
                seen[i] = s + 1;
                rows[count++] = i;
            }
        }
    for (int c = f->child[s]; c >= 0; c = f->sibling[c])
        for (int at = f->row_at[c] + f->first[c + 1] - f->first[c]; at < f->row_at[c + 1]; at++)
            if (f->rows[at] >= end && seen[f->rows[at]] != s + 1) {
                seen[f->rows[at]] = s + 1;
                rows[count++] = f->rows[at];
            }
    int columns = end - f->first[s];
    qsort(rows + columns, (size_t)(count - columns), sizeof *rows, compare);
    return count;
}

/* An upper bound of all rows: those that the counts of the fronts' first columns give, and what joining adds. */
static bool find_rows(maker *m)
{
    ms_cholesky *f = m->f;
    size_t fronts = (size_t)f->front_count, capacity = 0;
    int *rows = NULL, *seen = m->scratch, count = 0;
    f->child = ms_arena_alloc(f->arena, fronts + 1, sizeof *f->child);
    f->sibling = ms_arena_alloc(f->arena, fronts + 1, sizeof *f->sibling);
    f->own = ms_arena_alloc(f->arena, fronts + 1, sizeof *f->own);
    f->row_at = ms_arena_alloc(f->arena, fronts + 1, sizeof *f->row_at);
    f->parent = ms_arena_alloc(f->arena, fronts + 1, sizeof *f->parent);
    if (!f->child || !f->sibling || !f->own || !f->row_at || !f->parent)
        return false;
    memset(f->child, 0xff, fronts * sizeof *f->child);
    memset(seen, 0, (size_t)f->n * sizeof *seen);
    for (int s = 0; s < f->front_count; s++) {
        if (!ms_grow((void **)&rows, &capacity, (size_t)count + (size_t)f->n, sizeof *rows)) {
            ms_free(rows);
            return false;
        }
        f->rows = rows;
        int columns = f->first[s + 1] - f->first[s], height = add_rows(m, s, rows + count, seen);
        f->own[s] = columns;
        while (f->own[s] < height && (s >= f->crew_first[MS_CREWS] || rows[count + f->own[s]] < f->above))
            f->own[s]++;
        f->own[s] -= columns;
        f->row_at[s + 1] = count += height;
        f->parent[s] = height > columns ? m->front_of[rows[count - height + columns]] : -1;
        if (f->parent[s] >= 0) {
            f->sibling[s] = f->child[f->parent[s]];
            f->child[f->parent[s]] = s;
        }
    }
    f->rows = ms_arena_alloc(f->arena, (size_t)count + 1, sizeof *f->rows);
    f->below = ms_arena_alloc(f->arena, (size_t)count + 1, sizeof *f->below);
    f->run_end = ms_arena_alloc(f->arena, (size_t)count + 1, sizeof *f->run_end);
    if (f->rows && rows)
        memcpy(f->rows, rows, (size_t)count * sizeof *rows);
    ms_free(rows);
    return f->rows && f->below && f->run_end;
}

/* where[place] becomes the position of a row among those of front s. */
static void note_positions(const ms_cholesky *f, int s, int *where)
{
    for (int at = f->row_at[s]; at < f->row_at[s + 1]; at++)
        where[f->rows[at]] = at - f->row_at[s];
}

static void find_runs_below(ms_cholesky *f, int c)
{
    int first = f->row_at[c] + f->first[c + 1] - f->first[c], end = f->row_at[c + 1];
    for (int at = end - 1; at >= first; at--)
        f->run_end[at] = at + 1 < end && f->below[at + 1] == f->below[at] + 1 ? f->run_end[at + 1] : at + 1 - first;
}

static void find_below(maker *m)
{
    ms_cholesky *f = m->f;
    for (int c = 0; c < f->front_count; c++) {
        if (f->parent[c] < 0)
            continue;
        int p = f->row_at[f->parent[c]];
        for (int at = f->row_at[c] + f->first[c + 1] - f->first[c]; at < f->row_at[c + 1]; at++) {
            while (f->rows[p] != f->rows[at])
                p++;
            f->below[at] = p - f->row_at[f->parent[c]];
        }
        find_runs_below(f, c);
    }
}

/* ---- entries ---- */

static bool find_entries(maker *m, const int *start, const int *index)
{
    ms_cholesky *f = m->f;
    const int *place = m->e.place;
    size_t entries = (size_t)start[f->n];
    f->entry_at = ms_arena_alloc(f->arena, (size_t)f->front_count + 2, sizeof *f->entry_at);
    f->entry = ms_arena_alloc(f->arena, entries + 1, sizeof *f->entry);
    f->entry_to = ms_arena_alloc(f->arena, entries + 1, sizeof *f->entry_to);
    if (!f->entry_at || !f->entry || !f->entry_to)
        return false;
    int *next = f->entry_at + 1;
    for (int j = 0; j < f->n; j++)
        for (int at = start[j]; at < start[j + 1]; at++) {
            int a = place[j], b = place[index[at]];
            next[m->front_of[a < b ? a : b] + 1]++;
        }
    for (int s = 0; s < f->front_count; s++)
        next[s + 1] += next[s];
    for (int j = 0; j < f->n; j++)
        for (int at = start[j]; at < start[j + 1]; at++) {
            int a = place[j], b = place[index[at]], to = next[m->front_of[a < b ? a : b]]++;
            f->entry[to] = at;
            f->entry_to[to] = (size_t)(a < b ? a : b) << 32 | (size_t)(a < b ? b : a);
        }
    for (int s = 0; s < f->front_count; s++) {
        size_t height = (size_t)(f->row_at[s + 1] - f->row_at[s]);
        note_positions(f, s, m->scratch);
        for (int to = f->entry_at[s]; to < f->entry_at[s + 1]; to++) {
            size_t column = f->entry_to[to] >> 32, row = f->entry_to[to] & 0xffffffff;
            f->entry_to[to] = (column - (size_t)f->first[s]) * height + (size_t)m->scratch[row];
        }
    }
    return true;
}

/* ---- room ---- */

/* Lays the triangles of those of the fronts first .. end - 1 that are at depths of this parity on a stack from `base`
 * on. A front's children, at the other, stay until it is done; those that a front of another crew takes up stay for
 * good. waiting is scratch. Returns where the stack ends when it is highest. */
static size_t stack_up(ms_cholesky *f, const int *depth, int parity, int first, int end, size_t base, int *waiting)
{
    size_t top = base, most = base;
    int count = 0;
    for (int s = first; s < end; s++) {
        if (depth[s] % 2 != parity) {
            while (count > 0 && f->parent[waiting[count - 1]] == s)
                top = f->kept_at[waiting[--count]];
            continue;
        }
        size_t left = (size_t)(f->row_at[s + 1] - f->row_at[s] - (f->first[s + 1] - f->first[s]));
        f->kept_at[s] = top;
        if (f->parent[s] < 0)
            continue;
        waiting[count++] = s;
        top += left * left;
        most = top > most ? top : most;
    }
    return most;
}

static bool stack_all_up(ms_cholesky *f)
{
    size_t fronts = (size_t)f->front_count + 1, end = 0;
    int *waiting = ms_arena_alloc(f->arena, fronts, sizeof *waiting);
    int *depth = ms_arena_alloc(f->arena, fronts, sizeof *depth);
    f->kept_at = ms_arena_alloc(f->arena, fronts, sizeof *f->kept_at);
    if (!waiting || !depth || !f->kept_at)
        return false;
    for (int s = f->front_count - 1; s >= 0; s--)
        depth[s] = f->parent[s] < 0 ? 0 : depth[f->parent[s]] + 1;
    for (int c = 0; c <= MS_CREWS; c++)
        for (int parity = 0; parity < 2; parity++)
            end = stack_up(f, depth, parity, f->crew_first[c], f->crew_first[c + 1], end, waiting);
    f->stack = ms_arena_alloc(f->arena, end + 1, sizeof *f->stack);
    return f->stack;
}

/* What the fronts of a crew need at most. */
static bool make_crew(ms_cholesky *f, ms_crew *crew, int first, int end)
{
    size_t highest = 0, widest = 0, largest = 0;
    for (int s = first; s < end; s++) {
        size_t columns = (size_t)(f->first[s + 1] - f->first[s]), height = (size_t)(f->row_at[s + 1] - f->row_at[s]);
        largest = columns * height > largest ? columns * height : largest;
        highest = height > highest ? height : highest;
        widest = columns > widest ? columns : widest;
    }
    size_t strips = (highest / MS_FRONT_STRIP + 1) * MS_FRONT_STRIP;
    crew->panel = ms_arena_alloc(f->arena, largest + 1, sizeof *crew->panel);
    crew->strips = ms_arena_alloc(f->arena, strips * (widest + 1), sizeof *crew->strips);
    crew->work = ms_arena_alloc(f->arena, highest + 1, sizeof *crew->work);
    crew->given = ms_arena_alloc(f->arena, (size_t)(f->n - f->above) + 1, sizeof *crew->given);
    return crew->panel && crew->strips && crew->work && crew->given;
}

static bool make_room(maker *m)
{
    ms_cholesky *f = m->f;
    size_t at = 0, rows = (size_t)f->n + 1;
    f->panel_at = ms_arena_alloc(f->arena, (size_t)f->front_count + 1, sizeof *f->panel_at);
    if (!f->panel_at || !stack_all_up(f))
        return false;
    for (int s = 0; s < f->front_count; s++) {
        size_t columns = (size_t)(f->first[s + 1] - f->first[s]), height = (size_t)(f->row_at[s + 1] - f->row_at[s]);
        f->panel_at[s] = at;
        at += columns * height;
        for (size_t k = 0; k < columns; k++)
            f->operations += (double)(height - k) * (double)(height - k) / 2;
    }
    f->panel_at[f->front_count] = at;
    for (int c = 0; c <= MS_CREWS; c++)
        if (!make_crew(f, &f->crews[c], f->crew_first[c], f->crew_first[c + 1]))
            return false;
    f->lower = ms_arena_alloc(f->arena, at + 1, sizeof *f->lower);
    f->diagonal = ms_arena_alloc(f->arena, rows, sizeof *f->diagonal);
    f->inverse = ms_arena_alloc(f->arena, rows, sizeof *f->inverse);
    f->x = ms_arena_alloc(f->arena, rows, sizeof *f->x);
    return f->lower && f->diagonal && f->inverse && f->x;
}

static ms_status lay_out(ms_cholesky *f, const int *start, const int *index, ms_error *err)
{
    maker m = {.f = f, .scratch = ms_arena_alloc(f->arena, (size_t)f->n + 1, sizeof *m.scratch)};
    if (!m.scratch)
        return ms_error_memory(err);
    MS_TRY(ms_eliminate(&m.e, f->arena, f->n, start, index, err));
    f->order = m.e.order;
    if (!find_fronts(&m) || !find_rows(&m) || !find_entries(&m, start, index) || !make_room(&m))
        return ms_error_memory(err);
    find_below(&m);
    return MS_OK;
}

ms_status ms_cholesky_make(ms_cholesky **out, int n, const int *start, const int *index, ms_simd simd, ms_team *team,
                           ms_error *err)
{
    const double many_operations = 2e6;
    ms_cholesky *f = ms_alloc(1, sizeof *f);
    if (!f)
        return ms_error_memory(err);
    f->n = n;
    f->team = team;
    f->kernels = ms_front_kernels_for(simd);
    f->arena = ms_arena_new();
    ms_status status = f->arena ? lay_out(f, start, index, err) : ms_error_memory(err);
    if (status != MS_OK) {
        ms_cholesky_free(f);
        return status;
    }
    if (f->operations < many_operations)
        f->compute_pace = f->solve_pace = ms_pace_alone();
    *out = f;
    return MS_OK;
}

void ms_cholesky_free(ms_cholesky *f)
{
    if (!f)
        return;
    ms_arena_free(f->arena);
    ms_free(f);
}
