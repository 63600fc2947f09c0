/* steps_vectors_body.h: vectors of numbers for steps_body.h;
 * included before it, once for each number type and each width.
 *
 * REAL, INTEGER (as wide as REAL), BYTES of a vector, EACH(index, d) (index(0, d), index(1, d), ...: one for each
 * place), TARGET and NAME(x) are set by the includer. The bytes do not depend on the width: rows are taken in whole
 * blocks of MS_GRID_LANES numbers, element by element, without fused multiply-adds; what is summed over a row is summed
 * by place in the block, and the places in a fixed order (NAME(total)).
 */
#define VEC NAME(vec)
#define IVEC NAME(ivec)
#define LOOSE NAME(loose)
#define WIDTH ((int)(BYTES / sizeof(REAL)))
#define INLINE static inline __attribute__((always_inline)) TARGET
typedef REAL VEC __attribute__((vector_size(BYTES)));
typedef INTEGER IVEC __attribute__((vector_size(BYTES)));
typedef REAL LOOSE __attribute__((vector_size(BYTES), aligned(sizeof(REAL)))); /* may lie anywhere */

#define PLACE(j, d) (j)
#define BEHIND(j, d) (WIDTH - 1 + (j))
#define UPPER(j, d) (((j) & (d) ? WIDTH + (j) - (d) : (j)) % (2 * WIDTH))
#define LOWER(j, d) (((j) & (d) ? WIDTH + (j) : (j) + (d)) % (2 * WIDTH))
static const IVEC NAME(places) = {EACH(PLACE, 0)};

INLINE VEC NAME(load)(const REAL *from)
{
    return *(const LOOSE *)from;
}

INLINE void NAME(store)(REAL *to, VEC what)
{
    *(LOOSE *)to = what;
}

INLINE void NAME(add)(REAL *to, VEC what)
{
    NAME(store)(to, NAME(load)(to) + what);
}

INLINE VEC NAME(all)(REAL number)
{
    return number - (VEC){0};
}

INLINE VEC NAME(choose)(IVEC when, VEC yes, VEC no)
{
    return (VEC)(((IVEC)yes & when) | ((IVEC)no & ~when));
}

INLINE VEC NAME(at_least_zero)(VEC v)
{
    return (VEC)((IVEC)v & (v > 0));
}

INLINE VEC NAME(at_most)(VEC v, VEC most)
{
    return NAME(choose)(v < most, v, most);
}

/* True when the two have a bit in common. */
INLINE bool NAME(meet)(IVEC a, IVEC b)
{
#if BYTES == 64
    return _mm512_test_epi64_mask((__m512i)a, (__m512i)b) != 0;
#elif BYTES == 32
    return !_mm256_testz_si256((__m256i)a, (__m256i)b);
#else
    typedef int64_t halves __attribute__((vector_size(BYTES)));
    halves both = (halves)(a & b);
    return (both[0] | both[1]) != 0;
#endif
}

/* Which places of a vector that starts at `at` lie in first .. end - 1. */
INLINE IVEC NAME(inside)(int at, int first, int end)
{
    return (NAME(places) >= (INTEGER)(first - at)) & (NAME(places) < (INTEGER)(end - at));
}

/* A row moved by one: the last of `before`, then `here` without its last. */
INLINE VEC NAME(delayed)(VEC before, VEC here)
{
    return __builtin_shufflevector(before, here, EACH(BEHIND, 0));
}

/* Sums by place come to one number. */
INLINE double NAME(total)(REAL *sums)
{
    UNROLLED
    for (int half = MS_GRID_LANES / 2; half > 0; half /= 2)
        UNROLLED
    for (int i = 0; i < half; i++)
        sums[i] += sums[i + half];
    return (double)sums[0];
}

/* Transposes a square of rows: swaps ever smaller quarters. */
#define SWAP_QUARTERS(d)                                                                     \
    UNROLLED                                                                                 \
    for (int i = 0; i < WIDTH; i++)                                                          \
        if (!(i & (d))) {                                                                    \
            VEC upper = __builtin_shufflevector(rows[i], rows[i + (d)], EACH(UPPER, d));     \
            rows[i + (d)] = __builtin_shufflevector(rows[i], rows[i + (d)], EACH(LOWER, d)); \
            rows[i] = upper;                                                                 \
        }
INLINE void NAME(transpose)(VEC *rows)
{
    if (WIDTH > 8)
        SWAP_QUARTERS(8)
    if (WIDTH > 4)
        SWAP_QUARTERS(4)
    if (WIDTH > 2)
        SWAP_QUARTERS(2)
    SWAP_QUARTERS(1)
}
#undef SWAP_QUARTERS
#undef PLACE
#undef BEHIND
#undef UPPER
#undef LOWER
