/* cholesky.c: computes a factor front by front, and solves with it. */
#include <math.h>
#include <string.h>

#include "plan/cholesky_private.h"
#include "plan/steps.h"

#if defined __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

enum { BLOCK = 16, DOT_PLACES = 8, ABREAST = 4 };

struct ms_front_kernels {
    void (*take)(double *restrict y, const double *restrict x, double a, int count);
    void (*add)(double *restrict y, const double *restrict x, int count);
    void (*scale)(double *x, double a, int count);
    void (*take_square)(double *c, int stride, const double *strips, int depth, int rows, int columns, int part,
                        int parts);
    void (*make_square)(double *c, int stride, const double *strips, int depth, int rows, int part, int parts);
    void (*solve_forwards)(ms_cholesky *f, const ms_crew *crew, int first, int end); /* fronts first .. end - 1 */
    void (*solve_backwards)(ms_cholesky *f, const ms_crew *crew, int first, int end);
};

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(x, SIMD)

#define SIMD plain
#define BYTES 16
#define TILE 1
#define TARGET
#include "plan/cholesky_body.h"

#if defined __x86_64__
#define SIMD avx2
#define BYTES 32
#define TILE 2
#define TARGET __attribute__((target("avx2")))
#include "plan/cholesky_body.h"

#define SIMD avx512
#define BYTES 64
#define TILE 8
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "plan/cholesky_body.h"
#endif

const struct ms_front_kernels *ms_front_kernels_for(ms_simd simd)
{
    if (simd == MS_SIMD_AUTO || simd > ms_simd_best())
        simd = ms_simd_best();
#if defined __x86_64__
    if (simd == MS_SIMD_AVX512)
        return &kernels_avx512;
    if (simd == MS_SIMD_AVX2)
        return &kernels_avx2;
#endif
    return &kernels_plain;
}

/* ---- computing ---- */

/* Who works on a front: one crew alone, or all, each on its own share. */
typedef struct {
    ms_cholesky *f;
    ms_crew *crew;
    int part, parts;
} hands;

static void meet(const hands *h)
{
    if (h->parts > 1)
        ms_team_meet(h->f->team);
}

static bool is_mine(const hands *h, int column)
{
    return h->parts == 1 || column % h->parts == h->part;
}

static int columns_of(const ms_cholesky *f, int s)
{
    return f->first[s + 1] - f->first[s];
}

static int height_of(const ms_cholesky *f, int s)
{
    return f->row_at[s + 1] - f->row_at[s];
}

/* My columns of the panel, as the matrix has them. */
static void fill_panel(const hands *h, int s, const double *value)
{
    const ms_cholesky *f = h->f;
    double *panel = h->crew->panel;
    size_t height = (size_t)height_of(f, s);
    for (int k = 0; k < columns_of(f, s); k++)
        if (is_mine(h, k))
            memset(panel + (size_t)k * height, 0, height * sizeof *panel);
    for (int at = f->entry_at[s]; at < f->entry_at[s + 1]; at++)
        if (h->parts == 1 || is_mine(h, (int)(f->entry_to[at] / height)))
            panel[f->entry_to[at]] += value[f->entry[at]];
    for (int k = 0; k < columns_of(f, s); k++)
        if (is_mine(h, k))
            f->diagonal[f->first[s] + k] = panel[(size_t)k * height + (size_t)k];
}

/* Adds one column of a child's triangle, from place i on, to where its rows are in a block of the parent that begins
 * with row `first`. */
static void add_column(const ms_cholesky *f, double *to, const double *from, const int *below, const int *run_end,
                       int first, int i, int left)
{
    const int few = 8;
    while (i < left) {
        int end = run_end[i], at = below[i] - first;
        if (end - i < few) {
            for (; i < end; i++, at++)
                to[at] += from[i];
        } else {
            f->kernels->add(to + at, from + i, end - i);
            i = end;
        }
    }
}

/* Adds the triangle of child c to the block that begins at row and column `first` of its parent and ends before column
 * `end`: to my columns of it. */
static void take_up(const hands *h, int c, double *block, int first, int end)
{
    const ms_cholesky *f = h->f;
    int own = columns_of(f, c), left = height_of(f, c) - own, stride = height_of(f, f->parent[c]) - first;
    const int *below = f->below + f->row_at[c] + own, *run_end = f->run_end + f->row_at[c] + own;
    const double *from = f->stack + f->kept_at[c];
    for (int j = 0; j < left && below[j] < end; j++)
        if (below[j] >= first && is_mine(h, below[j] - first))
            add_column(f, block + (size_t)(below[j] - first) * (size_t)stride, from + (size_t)j * (size_t)left, below,
                       run_end, first, j, left);
}

/* My share of rows first .. height - 1, in whole strips from `first` on. */
static void share_rows(const hands *h, int first, int height, int *from, int *end)
{
    int strips = (height - first + MS_FRONT_STRIP - 1) / MS_FRONT_STRIP;
    *from = first + strips * h->part / h->parts * MS_FRONT_STRIP;
    *end = first + strips * (h->part + 1) / h->parts * MS_FRONT_STRIP;
    *end = *end < height ? *end : height;
}

/* My share of rows first .. height - 1 of the panel's columns from .. end - 1, in strips. */
static void cut_strips(const hands *h, int height, int first, int from, int end)
{
    int mine, mine_end;
    share_rows(h, first, height, &mine, &mine_end);
    double *strips = h->crew->strips + (size_t)(mine - first) * (size_t)(end - from);
    for (int i = mine; i < mine_end; i += MS_FRONT_STRIP) {
        int rows = height - i < MS_FRONT_STRIP ? height - i : MS_FRONT_STRIP;
        for (int k = from; k < end; k++, strips += MS_FRONT_STRIP) {
            const double *column = h->crew->panel + (size_t)k * (size_t)height + (size_t)i;
            if (rows < MS_FRONT_STRIP)
                memset(strips, 0, MS_FRONT_STRIP * sizeof *strips);
            memcpy(strips, column, (size_t)rows * sizeof *strips);
        }
    }
}

static double find_pivot(double left, double before, double guard, int *guarded)
{
    const double infinite = 1e128, least = 1e-300;
    if (left > guard * before && left > least)
        return left;
    ++*guarded;
    return infinite;
}

/* Rows row .. row_end - 1 of the columns from .. end - 1, nothing of which is missing any more but what they take off
 * each other. The rows begin with the columns' own, or are below them, and then those are finished. */
static void finish_block(const hands *h, int s, int from, int end, int row, int row_end, double guard)
{
    const ms_cholesky *f = h->f;
    double *panel = h->crew->panel;
    size_t height = (size_t)height_of(f, s);
    for (int k = from; k < end; k++) {
        double *column = panel + (size_t)k * height;
        int below = row > k ? row : k + 1;
        if (row <= k)
            column[k] = sqrt(find_pivot(column[k], f->diagonal[f->first[s] + k], guard, &h->crew->guarded));
        f->kernels->scale(column + below, 1 / column[k], row_end - below);
        for (int j = k + 1; j < end; j++) {
            int first = row > j ? row : j;
            f->kernels->take(panel + (size_t)j * height + first, column + first, column[j], row_end - first);
        }
    }
}

static void finish_panel(const hands *h, int s, double guard)
{
    double *panel = h->crew->panel;
    int columns = columns_of(h->f, s), height = height_of(h->f, s), row, row_end;
    for (int from = 0; from < columns; from += BLOCK) {
        int end = from + BLOCK < columns ? from + BLOCK : columns;
        if (h->parts == 1) {
            finish_block(h, s, from, end, from, height, guard);
        } else {
            if (h->part == 0)
                finish_block(h, s, from, end, from, end, guard);
            meet(h);
            share_rows(h, end, height, &row, &row_end);
            finish_block(h, s, from, end, row, row_end, guard);
        }
        if (end == columns)
            break;
        cut_strips(h, height, end, from, end);
        meet(h);
        h->f->kernels->take_square(panel + (size_t)end * (size_t)height + end, height, h->crew->strips, end - from,
                                   height - end, columns - end, h->part, h->parts);
        meet(h);
    }
    meet(h);
}

/* What the panel takes off the rest: the triangle, which is spoilt above the diagonal. */
static void finish_triangle(const hands *h, int s, double *triangle)
{
    const int small_rows = 12, small_columns = 3; /* not worth strips */
    const ms_cholesky *f = h->f;
    int columns = columns_of(f, s), height = height_of(f, s), left = height - columns;
    if (left >= small_rows && columns >= small_columns) {
        cut_strips(h, height, columns, 0, columns);
        meet(h);
        f->kernels->make_square(triangle, left, h->crew->strips, columns, left, h->part, h->parts);
        return;
    }
    for (int j = 0; h->part == 0 && j < left; j++)
        memset(triangle + (size_t)j * (size_t)left + j, 0, (size_t)(left - j) * sizeof *triangle);
    for (int k = 0; h->part == 0 && k < columns; k++) {
        const double *column = h->crew->panel + (size_t)k * (size_t)height + columns;
        for (int j = 0; j < left; j++)
            f->kernels->take(triangle + (size_t)j * (size_t)left + j, column + j, column[j], left - j);
    }
}

/* What solving needs of my columns of the panel. Its diagonal keeps its precision. */
static void keep_panel(const hands *h, int s)
{
    const ms_cholesky *f = h->f;
    int columns = columns_of(f, s), height = height_of(f, s);
    for (int k = 0; k < columns; k++) {
        if (!is_mine(h, k))
            continue;
        const double *from = h->crew->panel + (size_t)k * (size_t)height;
        float *to = f->lower + f->panel_at[s] + (size_t)k * (size_t)height;
        f->inverse[f->first[s] + k] = 1 / from[k];
        for (int i = k + 1; i < height; i++)
            to[i] = (float)from[i];
    }
}

static void finish_front(const hands *h, int s, const double *value, double guard)
{
    const ms_cholesky *f = h->f;
    double *triangle = f->stack + f->kept_at[s];
    int columns = columns_of(f, s);
    fill_panel(h, s, value);
    for (int c = f->child[s]; c >= 0; c = f->sibling[c])
        take_up(h, c, h->crew->panel, 0, columns);
    meet(h);
    finish_panel(h, s, guard);
    keep_panel(h, s);
    if (f->parent[s] >= 0) {
        finish_triangle(h, s, triangle);
        meet(h);
        for (int c = f->child[s]; c >= 0; c = f->sibling[c])
            take_up(h, c, triangle, columns, height_of(f, s));
    }
    meet(h);
}

typedef struct {
    ms_cholesky *f;
    const double *value;
    double guard;
} computation;

static void compute_part(void *context, int part, int parts)
{
    const computation *c = context;
    ms_cholesky *f = c->f;
    hands all = {f, &f->crews[MS_CREWS], part, parts};
    for (int crew = part; crew < MS_CREWS; crew += parts) {
        hands one = {f, &f->crews[crew], 0, 1};
        for (int s = f->crew_first[crew]; s < f->crew_first[crew + 1]; s++)
            finish_front(&one, s, c->value, c->guard);
    }
    meet(&all);
    for (int s = f->crew_first[MS_CREWS]; s < f->front_count; s++)
        finish_front(&all, s, c->value, c->guard);
}

int ms_cholesky_compute(ms_cholesky *f, const double *value, double guard)
{
    computation c = {f, value, guard};
    int guarded = 0;
    for (int crew = 0; crew <= MS_CREWS; crew++)
        f->crews[crew].guarded = 0;
    ms_team_run_paced(f->team, &f->compute_pace, 1, compute_part, &c);
    for (int crew = 0; crew <= MS_CREWS; crew++)
        guarded += f->crews[crew].guarded;
    return guarded;
}

/* ---- solving ---- */

typedef struct {
    ms_cholesky *f;
    double *x;
} solution;

static void take_in(const solution *w, int from, int end)
{
    for (int k = from; k < end; k++)
        w->f->x[k] = w->x[w->f->order[k]];
}

static void give_out(const solution *w, int from, int end)
{
    for (int k = from; k < end; k++)
        w->x[w->f->order[k]] = w->f->x[k];
}

/* Those above, which take what the crews give in the order of the crews. */
static void solve_above(const solution *w)
{
    ms_cholesky *f = w->f;
    const ms_crew *all = &f->crews[MS_CREWS];
    int first = f->crew_first[MS_CREWS];
    take_in(w, f->above, f->n);
    for (int crew = 0; crew < MS_CREWS; crew++)
        for (int k = f->above; k < f->n; k++)
            f->x[k] += f->crews[crew].given[k - f->above];
    f->kernels->solve_forwards(f, all, first, f->front_count);
    f->kernels->solve_backwards(f, all, first, f->front_count);
    give_out(w, f->above, f->n);
}

static void solve_part(void *context, int part, int parts)
{
    const solution *w = context;
    ms_cholesky *f = w->f;
    for (int c = part; c < MS_CREWS; c += parts) {
        int first = f->crew_first[c], end = f->crew_first[c + 1];
        take_in(w, f->first[first], f->first[end]);
        memset(f->crews[c].given, 0, (size_t)(f->n - f->above) * sizeof *f->crews[c].given);
        f->kernels->solve_forwards(f, &f->crews[c], first, end);
    }
    if (parts > 1)
        ms_team_meet(f->team);
    if (part == 0)
        solve_above(w);
    if (parts > 1)
        ms_team_meet(f->team);
    for (int c = part; c < MS_CREWS; c += parts) {
        int first = f->crew_first[c], end = f->crew_first[c + 1];
        f->kernels->solve_backwards(f, &f->crews[c], first, end);
        give_out(w, f->first[first], f->first[end]);
    }
}

void ms_cholesky_solve(ms_cholesky *f, double *x)
{
    solution w = {f, x};
    ms_team_run_paced(f->team, &f->solve_pace, 1, solve_part, &w);
}

double ms_cholesky_operations(const ms_cholesky *f)
{
    return f->operations;
}
