/* cholesky_body.h: the kernels of cholesky.c; included once for each width of vectors.
 *
 * SIMD, BYTES of a vector, TILE (columns that are computed at once: what the registers hold), TARGET and NAME(x) are
 * set by the includer. Numbers are taken element by element, each a sum in the order of the columns, so the bytes do
 * not depend on the width; `dot` sums by place in blocks of 8, and the places in a fixed order.
 */
#define VEC NAME(vec)
#define LOOSE NAME(loose)
#define SINGLE NAME(single)
#define WIDTH ((int)(BYTES / sizeof(double)))
#define STRIP_VECS (MS_FRONT_STRIP / WIDTH)
#define INLINE static inline __attribute__((always_inline)) TARGET
typedef double VEC __attribute__((vector_size(BYTES)));
typedef double LOOSE __attribute__((vector_size(BYTES), aligned(8))); /* may lie anywhere */
typedef float SINGLE __attribute__((vector_size(BYTES / 2), aligned(4)));

INLINE VEC NAME(load)(const double *from)
{
    return *(const LOOSE *)from;
}

INLINE VEC NAME(widen)(const float *from)
{
    return __builtin_convertvector(*(const SINGLE *)from, VEC);
}

/* y -= a x */
TARGET static void NAME(take)(double *restrict y, const double *restrict x, double a, int count)
{
    VEC all = a - (VEC){0};
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        *(LOOSE *)(y + i) = NAME(load)(y + i) - all * NAME(load)(x + i);
    for (; i < count; i++)
        y[i] -= a * x[i];
}

TARGET static void NAME(scale)(double *x, double a, int count)
{
    VEC all = a - (VEC){0};
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        *(LOOSE *)(x + i) = NAME(load)(x + i) * all;
    for (; i < count; i++)
        x[i] *= a;
}

TARGET static void NAME(add)(double *restrict y, const double *restrict x, int count)
{
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        *(LOOSE *)(y + i) = NAME(load)(y + i) + NAME(load)(x + i);
    for (; i < count; i++)
        y[i] += x[i];
}

/* c[j*stride + i] -= sum over k of a[k][i] b[k][j], for i < rows <= MS_FRONT_STRIP and j < columns <= TILE; a is a
 * strip, b a place within one. Fresh: whatever c was counts as 0. */
INLINE void NAME(tile)(double *c, int stride, const double *a, const double *b, int depth, int rows, int columns,
                       bool fresh)
{
    VEC sums[TILE][STRIP_VECS] = {{{0}}};
    for (int k = 0; k < depth; k++) {
        VEC left[STRIP_VECS];
        UNROLLED
        for (int v = 0; v < STRIP_VECS; v++)
            left[v] = NAME(load)(a + k * MS_FRONT_STRIP + v * WIDTH);
        UNROLLED
        for (int j = 0; j < TILE; j++) {
            VEC right = b[k * MS_FRONT_STRIP + j] - (VEC){0};
            UNROLLED
            for (int v = 0; v < STRIP_VECS; v++)
                sums[j][v] += left[v] * right;
        }
    }
    if (rows == MS_FRONT_STRIP && columns == TILE) {
        UNROLLED
        for (int j = 0; j < TILE; j++) {
            double *to = c + (size_t)j * (size_t)stride;
            UNROLLED
            for (int v = 0; v < STRIP_VECS; v++)
                *(LOOSE *)(to + v * WIDTH) = (fresh ? (VEC){0} : NAME(load)(to + v * WIDTH)) - sums[j][v];
        }
        return;
    }
    for (int j = 0; j < columns; j++) {
        double *to = c + (size_t)j * (size_t)stride, sum[MS_FRONT_STRIP];
        for (int v = 0; v < STRIP_VECS; v++)
            *(LOOSE *)(sum + v * WIDTH) = sums[j][v];
        for (int i = 0; i < rows; i++)
            to[i] = (fresh ? 0 : to[i]) - sum[i];
    }
}

/* The lower triangle of c, its first `columns` columns, takes what the strips' rows multiplied by themselves are; above
 * the diagonal c is spoilt within strips. Of the tiles' columns only those of this part. */
INLINE void NAME(take_tiles)(double *c, int stride, const double *strips, int depth, int rows, int columns, int part,
                             int parts, bool fresh)
{
    for (int j = part * TILE; j < columns; j += parts * TILE) {
        int first = j / MS_FRONT_STRIP * MS_FRONT_STRIP, wide = columns - j < TILE ? columns - j : TILE;
        const double *b = strips + (size_t)first * (size_t)depth + (j - first);
        for (int i = first; i < rows; i += MS_FRONT_STRIP) {
            double *to = c + (size_t)j * (size_t)stride + i;
            const double *a = strips + (size_t)i * (size_t)depth;
            int high = rows - i < MS_FRONT_STRIP ? rows - i : MS_FRONT_STRIP;
            NAME(tile)(to, stride, a, b, depth, high, wide, fresh);
        }
    }
}

TARGET static void NAME(take_square)(double *c, int stride, const double *strips, int depth, int rows, int columns,
                                     int part, int parts)
{
    NAME(take_tiles)(c, stride, strips, depth, rows, columns, part, parts, false);
}

TARGET static void NAME(make_square)(double *c, int stride, const double *strips, int depth, int rows, int part,
                                     int parts)
{
    NAME(take_tiles)(c, stride, strips, depth, rows, rows, part, parts, true);
}

/* ---- solving ---- */

/* y -= the columns of x, ABREAST of them, times their a */
INLINE void NAME(take_columns)(double *restrict y, const float *x, size_t stride, const double *a, int count)
{
    const float *x1 = x + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    VEC a0 = a[0] - (VEC){0}, a1 = a[1] - (VEC){0}, a2 = a[2] - (VEC){0}, a3 = a[3] - (VEC){0};
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        *(LOOSE *)(y + i) = NAME(load)(y + i) - ((a0 * NAME(widen)(x + i) + a1 * NAME(widen)(x1 + i)) +
                                                 (a2 * NAME(widen)(x2 + i) + a3 * NAME(widen)(x3 + i)));
    for (; i < count; i++)
        y[i] -= (a[0] * (double)x[i] + a[1] * (double)x1[i]) + (a[2] * (double)x2[i] + a[3] * (double)x3[i]);
}

/* sums[c] += column c of x times y, for ABREAST columns */
INLINE void NAME(dot_columns)(double *sums, const float *x, size_t stride, const double *y, int count)
{
    enum { VECS = DOT_PLACES / WIDTH };
    int whole = count - count % DOT_PLACES;
    if (whole > 0) {
        VEC parts[ABREAST][VECS] = {{{0}}};
        double places[DOT_PLACES];
        for (int i = 0; i < whole; i += DOT_PLACES)
            UNROLLED
        for (int c = 0; c < ABREAST; c++)
            UNROLLED
        for (int v = 0; v < VECS; v++)
            parts[c][v] += NAME(widen)(x + (size_t)c * stride + i + v * WIDTH) * NAME(load)(y + i + v * WIDTH);
        for (int c = 0; c < ABREAST; c++) {
            for (int v = 0; v < VECS; v++)
                *(LOOSE *)(places + v * WIDTH) = parts[c][v];
            sums[c] += ((places[0] + places[1]) + (places[2] + places[3])) +
                       ((places[4] + places[5]) + (places[6] + places[7]));
        }
    }
    for (int c = 0; c < ABREAST; c++)
        for (int i = whole; i < count; i++)
            sums[c] += (double)x[(size_t)c * stride + (size_t)i] * y[i];
}

/* Fronts go ABREAST columns at a time, what is left of a front by one. What places from `above` on are to be given goes
 * into crew->given, unless the fronts are themselves above. */
TARGET static void NAME(solve_forwards)(ms_cholesky *f, const ms_crew *crew, int first, int end)
{
    double *work = crew->work, *given = crew->given;
    for (int s = first; s < end; s++) {
        int columns = f->first[s + 1] - f->first[s], left = f->row_at[s + 1] - f->row_at[s] - columns, k = 0;
        int own = f->own[s];
        size_t height = (size_t)(columns + left);
        const double *inverse = f->inverse + f->first[s];
        const float *lower = f->lower + f->panel_at[s];
        const int *rows = f->rows + f->row_at[s] + columns;
        double *x = f->x + f->first[s];
        bool gathers = left > 0 && columns >= ABREAST;
        if (gathers)
            memset(work, 0, (size_t)left * sizeof *work);
        for (; k + ABREAST <= columns; k += ABREAST, lower += ABREAST * height) {
            for (int j = 0; j < ABREAST; j++) {
                x[k + j] *= inverse[k + j];
                for (int i = j + 1; i < ABREAST; i++)
                    x[k + i] -= x[k + j] * (double)lower[(size_t)j * height + (size_t)(k + i)];
            }
            NAME(take_columns)(x + k + ABREAST, lower + k + ABREAST, height, x + k, columns - k - ABREAST);
            NAME(take_columns)(work, lower + columns, height, x + k, left);
        }
        for (; k < columns; k++, lower += height) {
            double a = x[k] *= inverse[k];
            for (int i = k + 1; i < columns; i++)
                x[i] -= a * (double)lower[i];
            for (int i = 0; i < own; i++)
                f->x[rows[i]] -= a * (double)lower[columns + i];
            for (int i = own; i < left; i++)
                given[rows[i] - f->above] -= a * (double)lower[columns + i];
        }
        for (int i = 0; gathers && i < own; i++)
            f->x[rows[i]] += work[i];
        for (int i = own; gathers && i < left; i++)
            given[rows[i] - f->above] += work[i];
    }
}

TARGET static void NAME(solve_backwards)(ms_cholesky *f, const ms_crew *crew, int first, int end)
{
    double *work = crew->work;
    for (int s = end - 1; s >= first; s--) {
        int columns = f->first[s + 1] - f->first[s], left = f->row_at[s + 1] - f->row_at[s] - columns, k = columns;
        size_t height = (size_t)(columns + left);
        const double *inverse = f->inverse + f->first[s];
        const float *lower = f->lower + f->panel_at[s] + (size_t)columns * height;
        const int *rows = f->rows + f->row_at[s] + columns;
        double *x = f->x + f->first[s];
        while (k % ABREAST != 0) {
            double sum = 0;
            k--;
            lower -= height;
            for (int i = k + 1; i < columns; i++)
                sum += x[i] * (double)lower[i];
            for (int i = 0; i < left; i++)
                sum += f->x[rows[i]] * (double)lower[columns + i];
            x[k] = (x[k] - sum) * inverse[k];
        }
        for (int i = 0; k > 0 && i < left; i++)
            work[i] = f->x[rows[i]];
        while (k > 0) {
            double sums[ABREAST] = {0};
            NAME(dot_columns)(sums, lower - ABREAST * height + k, height, x + k, columns - k);
            k -= ABREAST;
            lower -= ABREAST * height;
            NAME(dot_columns)(sums, lower + columns, height, work, left);
            for (int j = ABREAST - 1; j >= 0; j--) {
                for (int i = j + 1; i < ABREAST; i++)
                    sums[j] += x[k + i] * (double)lower[(size_t)j * height + (size_t)(k + i)];
                x[k + j] = (x[k + j] - sums[j]) * inverse[k + j];
            }
        }
    }
}

static const struct ms_front_kernels NAME(kernels) = {NAME(take),           NAME(add),         NAME(scale),
                                                      NAME(take_square),    NAME(make_square), NAME(solve_forwards),
                                                      NAME(solve_backwards)};

#undef VEC
#undef LOOSE
#undef SINGLE
#undef WIDTH
#undef STRIP_VECS
#undef INLINE
#undef SIMD
#undef BYTES
#undef TARGET
#undef TILE
