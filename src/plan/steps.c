/* steps.c: the passes of a primal-dual iteration for float and double, and for the vectors of three generations of
 * machines, all from steps_body.h. */
#include "plan/steps.h"

#include <string.h>

#define JOIN_(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(x) JOIN(x, REAL, SIMD)

#define SIMD plain
#define TARGET
#define REAL float
#define INTEGER int32_t
#define PLACES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#include "plan/steps_body.h"
#undef REAL
#undef INTEGER
#undef PLACES
#define REAL double
#define INTEGER int64_t
#define PLACES 0, 1, 2, 3, 4, 5, 6, 7
#include "plan/steps_body.h"
#undef SIMD
#undef TARGET

#if defined __x86_64__
#define SIMD avx2
#define TARGET __attribute__((target("avx2")))
#include "plan/steps_body.h"
#undef REAL
#undef INTEGER
#undef PLACES
#define REAL float
#define INTEGER int32_t
#define PLACES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#include "plan/steps_body.h"
#undef SIMD
#undef TARGET

#define SIMD avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "plan/steps_body.h"
#undef REAL
#undef INTEGER
#undef PLACES
#define REAL double
#define INTEGER int64_t
#define PLACES 0, 1, 2, 3, 4, 5, 6, 7
#include "plan/steps_body.h"
#undef SIMD
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
