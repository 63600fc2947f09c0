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
    void (*scale)(double *x, double a, int count);
    void (*take_square)(double *c, int stride, const double *strips, int depth, int rows, int columns);
    void (*solve_forwards)(ms_cholesky *f, int first, int end); /* fronts first .. end - 1 */
    void (*solve_backwards)(ms_cholesky *f, int first, int end);
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

static void fill_panel(ms_cholesky *f, int s, const double *value)
{
    double *panel = f->panel;
    int height = f->row_at[s + 1] - f->row_at[s];
    memset(panel, 0, (f->panel_at[s + 1] - f->panel_at[s]) * sizeof *panel);
    for (int at = f->entry_at[s]; at < f->entry_at[s + 1]; at++)
        panel[f->entry_to[at]] += value[f->entry[at]];
    for (int k = 0; k < f->first[s + 1] - f->first[s]; k++)
        f->diagonal[f->first[s] + k] = panel[(size_t)k * (size_t)height + (size_t)k];
}

/* Adds the triangle of child c to the panel and the triangle of its parent. */
static void take_up(const ms_cholesky *f, int c, const double *triangle, double *panel, double *parents)
{
    int parent = f->parent[c], columns = f->first[parent + 1] - f->first[parent];
    int height = f->row_at[parent + 1] - f->row_at[parent], own = f->first[c + 1] - f->first[c];
    int left = f->row_at[c + 1] - f->row_at[c] - own;
    const int *below = f->below + f->row_at[c] + own;
    for (int j = 0; j < left; j++) {
        const double *from = triangle + (size_t)j * (size_t)left;
        double *to = below[j] < columns ? panel + (size_t)below[j] * (size_t)height
                                        : parents + (size_t)(below[j] - columns) * (size_t)(height - columns) - columns;
        for (int i = j; i < left; i++)
            to[below[i]] += from[i];
    }
}

/* Rows first .. height - 1 of the panel's columns from .. end - 1, in strips. */
static void cut_strips(double *strips, const double *panel, int height, int first, int from, int end)
{
    for (int i = first; i < height; i += MS_FRONT_STRIP) {
        int rows = height - i < MS_FRONT_STRIP ? height - i : MS_FRONT_STRIP;
        for (int k = from; k < end; k++, strips += MS_FRONT_STRIP) {
            const double *column = panel + (size_t)k * (size_t)height + (size_t)i;
            if (rows < MS_FRONT_STRIP)
                memset(strips, 0, MS_FRONT_STRIP * sizeof *strips);
            memcpy(strips, column, (size_t)rows * sizeof *strips);
        }
    }
}

/* Columns from .. end - 1, nothing of which is missing any more but what they take off each other. */
static int finish_block(ms_cholesky *f, double *panel, const double *diagonal, int height, int from, int end,
                        double guard)
{
    const double infinite = 1e128;
    int guarded = 0;
    for (int k = from; k < end; k++) {
        double *column = panel + (size_t)k * (size_t)height, pivot = column[k];
        if (!(pivot > guard * diagonal[k]) || pivot <= 1e-300) {
            pivot = infinite;
            guarded++;
        }
        column[k] = sqrt(pivot);
        f->kernels->scale(column + k + 1, 1 / column[k], height - k - 1);
        for (int j = k + 1; j < end; j++)
            f->kernels->take(panel + (size_t)j * (size_t)height + j, column + j, column[j], height - j);
    }
    return guarded;
}

static int finish_panel(ms_cholesky *f, int s, double guard)
{
    double *panel = f->panel;
    int columns = f->first[s + 1] - f->first[s], height = f->row_at[s + 1] - f->row_at[s], guarded = 0;
    for (int from = 0; from < columns; from += BLOCK) {
        int end = from + BLOCK < columns ? from + BLOCK : columns;
        guarded += finish_block(f, panel, f->diagonal + f->first[s], height, from, end, guard);
        if (end == columns)
            break;
        cut_strips(f->strips, panel, height, end, from, end);
        f->kernels->take_square(panel + (size_t)end * (size_t)height + end, height, f->strips, end - from, height - end,
                                columns - end);
    }
    return guarded;
}

/* What the panel takes off the rest. */
static void finish_triangle(ms_cholesky *f, int s, double *triangle)
{
    const int small_rows = 12, small_columns = 3; /* not worth strips */
    const double *panel = f->panel;
    int columns = f->first[s + 1] - f->first[s], height = f->row_at[s + 1] - f->row_at[s], left = height - columns;
    if (left >= small_rows && columns >= small_columns) {
        cut_strips(f->strips, panel, height, columns, 0, columns);
        f->kernels->take_square(triangle, left, f->strips, columns, left, left);
        return;
    }
    for (int k = 0; k < columns; k++) {
        const double *column = panel + (size_t)k * (size_t)height + columns;
        for (int j = 0; j < left; j++)
            f->kernels->take(triangle + (size_t)j * (size_t)left + j, column + j, column[j], left - j);
    }
}

/* What solving needs of the panel. Its diagonal keeps its precision. */
static void keep_panel(ms_cholesky *f, int s)
{
    int columns = f->first[s + 1] - f->first[s], height = f->row_at[s + 1] - f->row_at[s];
    for (int k = 0; k < columns; k++) {
        const double *from = f->panel + (size_t)k * (size_t)height;
        float *to = f->lower + f->panel_at[s] + (size_t)k * (size_t)height;
        f->inverse[f->first[s] + k] = 1 / from[k];
        for (int i = k + 1; i < height; i++)
            to[i] = (float)from[i];
    }
}

int ms_cholesky_compute(ms_cholesky *f, const double *value, double guard)
{
    int guarded = 0, waiting = 0;
    size_t top = 0;
    for (int s = 0; s < f->front_count; s++) {
        int columns = f->first[s + 1] - f->first[s], left = f->row_at[s + 1] - f->row_at[s] - columns;
        double *triangle = f->stack + top;
        size_t base = top;
        fill_panel(f, s, value);
        memset(triangle, 0, (size_t)left * (size_t)left * sizeof *triangle);
        while (waiting > 0 && f->parent[f->waiting[waiting - 1]] == s) {
            base = f->waiting_at[--waiting];
            take_up(f, f->waiting[waiting], f->stack + base, f->panel, triangle);
        }
        guarded += finish_panel(f, s, guard);
        keep_panel(f, s);
        if (f->parent[s] < 0) {
            top = base;
            continue;
        }
        finish_triangle(f, s, triangle);
        memmove(f->stack + base, triangle, (size_t)left * (size_t)left * sizeof *triangle);
        f->waiting[waiting] = s;
        f->waiting_at[waiting++] = base;
        top = base + (size_t)left * (size_t)left;
    }
    return guarded;
}

/* ---- solving ---- */

void ms_cholesky_solve(ms_cholesky *f, double *x)
{
    for (int k = 0; k < f->n; k++)
        f->x[k] = x[f->order[k]];
    f->kernels->solve_forwards(f, 0, f->front_count);
    f->kernels->solve_backwards(f, 0, f->front_count);
    for (int k = 0; k < f->n; k++)
        x[f->order[k]] = f->x[k];
}

double ms_cholesky_operations(const ms_cholesky *f)
{
    return f->operations;
}
