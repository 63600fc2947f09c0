/* random.h: counter-based random numbers (Philox 4x32-10; Salmon, Moraes, Dror and Shaw, SC 2011, by
 * Random123): the nth number of a stream depends on seed, stream and n alone, never on who asks or in which
 * order. */
#ifndef MS_BASE_RANDOM_H
#define MS_BASE_RANDOM_H

#include <stdint.h>

typedef struct {
    uint64_t seed, stream, next;
} ms_random;

ms_random ms_random_start(uint64_t seed, uint64_t stream);
uint64_t ms_random_u64(ms_random *random);
double ms_random_unit(ms_random *random);                                /* [0,1), 53 bits */
int64_t ms_random_between(ms_random *random, int64_t low, int64_t high); /* both included; low <= high */

#endif
