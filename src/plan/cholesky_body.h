/* cholesky_body.h: the kernels of cholesky.c; included once for each width of vectors.
 *
 * SIMD, BYTES of a vector, TILE (columns that are computed at once: what the registers hold), TARGET and NAME(x) are
 * set by the includer. Numbers are taken element by element, each a sum in the order of the columns, so the bytes do
 * not depend on the width; `dot` sums by place in blocks of 8, and the places in a fixed order.
 */
#define VEC NAME(vec)
#define LOOSE NAME(loose)
#define WIDTH ((int)(BYTES / sizeof(double)))
#define STRIP_VECS (MS_FRONT_STRIP / WIDTH)
#define INLINE static inline __attribute__((always_inline)) TARGET
typedef double VEC __attribute__((vector_size(BYTES)));
typedef double LOOSE __attribute__((vector_size(BYTES), aligned(8))); /* may lie anywhere */

INLINE VEC NAME(load)(const double *from)
{
    return *(const LOOSE *)from;
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

TARGET static double NAME(dot)(const double *x, const double *y, int count)
{
    enum { VECS = DOT_PLACES / WIDTH };
    VEC sums[VECS] = {{0}};
    double places[DOT_PLACES];
    int i = 0;
    for (; i + DOT_PLACES <= count; i += DOT_PLACES)
        for (int v = 0; v < VECS; v++)
            sums[v] += NAME(load)(x + i + v * WIDTH) * NAME(load)(y + i + v * WIDTH);
    for (int v = 0; v < VECS; v++)
        *(LOOSE *)(places + v * WIDTH) = sums[v];
    for (int place = 0; i < count; i++, place++)
        places[place] += x[i] * y[i];
    return ((places[0] + places[1]) + (places[2] + places[3])) + ((places[4] + places[5]) + (places[6] + places[7]));
}

/* c[j*stride + i] -= sum over k of a[k][i] b[k][j], for i < rows <= MS_FRONT_STRIP and j < columns <= TILE; a is a
 * strip, b a place within one. */
TARGET static void NAME(tile)(double *c, int stride, const double *a, const double *b, int depth, int rows, int columns)
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
                *(LOOSE *)(to + v * WIDTH) = NAME(load)(to + v * WIDTH) - sums[j][v];
        }
        return;
    }
    for (int j = 0; j < columns; j++) {
        double *to = c + (size_t)j * (size_t)stride, sum[MS_FRONT_STRIP];
        for (int v = 0; v < STRIP_VECS; v++)
            *(LOOSE *)(sum + v * WIDTH) = sums[j][v];
        for (int i = 0; i < rows; i++)
            to[i] -= sum[i];
    }
}

/* The lower triangle of c, its first `columns` columns, takes what the strips' rows multiplied by themselves are; above
 * the diagonal c is spoilt. */
TARGET static void NAME(take_square)(double *c, int stride, const double *strips, int depth, int rows, int columns)
{
    for (int j = 0; j < columns; j += TILE) {
        int first = j / MS_FRONT_STRIP * MS_FRONT_STRIP, wide = columns - j < TILE ? columns - j : TILE;
        const double *b = strips + (size_t)first * (size_t)depth + (j - first);
        for (int i = first; i < rows; i += MS_FRONT_STRIP) {
            double *to = c + (size_t)j * (size_t)stride + i;
            const double *a = strips + (size_t)i * (size_t)depth;
            int high = rows - i < MS_FRONT_STRIP ? rows - i : MS_FRONT_STRIP;
            NAME(tile)(to, stride, a, b, depth, high, wide);
        }
    }
}

static const struct ms_front_kernels NAME(kernels) = {NAME(take), NAME(scale), NAME(dot), NAME(take_square)};

#undef VEC
#undef LOOSE
#undef WIDTH
#undef STRIP_VECS
#undef INLINE
#undef SIMD
#undef BYTES
#undef TARGET
#undef TILE
