/* random.c: counter-based random numbers over Random123's Philox 4x32-10.
 *
 * The counter is (n, stream), the key is the seed; every number takes one block of 128 bits, also a number
 * from a range, so that number n never depends on what was asked before it. Cost: about ten nanoseconds a
 * number.
 */
#include "base/random.h"

#include <Random123/philox.h>
#include <assert.h>

typedef struct {
    uint64_t high, low;
} block;

static block draw(ms_random *random)
{
    uint64_t n = random->next++;
    philox4x32_ctr_t counter = {
        {(uint32_t)n, (uint32_t)(n >> 32), (uint32_t)random->stream, (uint32_t)(random->stream >> 32)}};
    philox4x32_key_t key = {{(uint32_t)random->seed, (uint32_t)(random->seed >> 32)}};
    philox4x32_ctr_t bits = philox4x32(counter, key);
    return (block){(uint64_t)bits.v[1] << 32 | bits.v[0], (uint64_t)bits.v[3] << 32 | bits.v[2]};
}

ms_random ms_random_start(uint64_t seed, uint64_t stream)
{
    return (ms_random){seed, stream, 0};
}

uint64_t ms_random_u64(ms_random *random)
{
    return draw(random).high;
}

double ms_random_unit(ms_random *random)
{
    return (double)(draw(random).high >> 11) * 0x1p-53;
}

/* Scales all 128 bits of the block to the range: no rejection, no value likelier by more than 2^-64. */
int64_t ms_random_between(ms_random *random, int64_t low, int64_t high)
{
    assert(low <= high);
    block bits = draw(random);
    uint64_t count = (uint64_t)high - (uint64_t)low + 1;
    if (count == 0) /* the whole range of 64 bits */
        return (int64_t)bits.high;
    unsigned __int128 carry = ((unsigned __int128)bits.low * count) >> 64;
    uint64_t offset = (uint64_t)(((unsigned __int128)bits.high * count + carry) >> 64);
    return (int64_t)((uint64_t)low + offset);
}
