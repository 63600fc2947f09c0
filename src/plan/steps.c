/* steps.c: the passes of a primal-dual iteration for float and double, and for the vectors of three generations of
 * machines, all from steps_body.h. */
#include "plan/steps.h"

#include <string.h>
#if defined __x86_64__
#include <immintrin.h>
#endif

#if defined __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

enum { BUNDLE = 4 }; /* vectors, at most, of the hops that are moved in bundles: they stay in registers */

#define JOIN_(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(x) JOIN(x, REAL, SIMD)

#define EACH_2(index, d) index(0, d), index(1, d)
#define EACH_4(index, d) EACH_2(index, d), index(2, d), index(3, d)
#define EACH_8(index, d) EACH_4(index, d), index(4, d), index(5, d), index(6, d), index(7, d)
#define EACH_16(index, d)                                                                                             \
    EACH_8(index, d), index(8, d), index(9, d), index(10, d), index(11, d), index(12, d), index(13, d), index(14, d), \
        index(15, d)

#define SIMD plain
#define BYTES 16
#define TARGET
#define REAL float
#define INTEGER int32_t
#define EACH EACH_4
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#define REAL double
#define INTEGER int64_t
#define EACH EACH_2
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#undef SIMD
#undef BYTES
#undef TARGET

#if defined __x86_64__
#define SIMD avx2
#define BYTES 32
#define TARGET __attribute__((target("avx2")))
#define REAL float
#define INTEGER int32_t
#define EACH EACH_8
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#define REAL double
#define INTEGER int64_t
#define EACH EACH_4
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#undef SIMD
#undef BYTES
#undef TARGET

#define SIMD avx512
#define BYTES 64
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define REAL float
#define INTEGER int32_t
#define EACH EACH_16
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#define REAL double
#define INTEGER int64_t
#define EACH EACH_8
#include "plan/steps_vectors_body.h"
#include "plan/steps_body.h"
#undef SIMD
#undef BYTES
#undef TARGET
#endif

ms_simd ms_simd_best(void)
{
#if defined __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        return MS_SIMD_AVX512;
    if (__builtin_cpu_supports("avx2"))
        return MS_SIMD_AVX2;
#endif
    return MS_SIMD_PLAIN;
}

const ms_steps *ms_steps_for(ms_simd simd, bool wide)
{
    if (simd == MS_SIMD_AUTO || simd > ms_simd_best())
        simd = ms_simd_best();
#if defined __x86_64__
    if (simd == MS_SIMD_AVX512)
        return wide ? &steps_double_avx512 : &steps_float_avx512;
    if (simd == MS_SIMD_AVX2)
        return wide ? &steps_double_avx2 : &steps_float_avx2;
#endif
    return wide ? &steps_double_plain : &steps_float_plain;
}
