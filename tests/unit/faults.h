/* faults.h: runs a step again and again with the first, second, third ... request for memory refused, until
 * it gets all that it asks for. A step cleans up after itself; what it forgets, the address sanitizer finds.
 */
#ifndef MS_TESTS_FAULTS_H
#define MS_TESTS_FAULTS_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

/* Returns how many requests the undisturbed step makes; every disturbed one must have said MS_NO_MEMORY.
 * Needs cmocka. */
static inline uint64_t each_refusal(ms_status (*step)(void *context), void *context)
{
    for (uint64_t nth = 1;; nth++) {
        ms_alloc_fail_at(nth);
        ms_status status = step(context);
        uint64_t requests = ms_alloc_count();
        ms_alloc_fail_at(0);
        if (requests < nth) {
            assert_int_equal(status, MS_OK);
            return requests;
        }
        assert_int_equal(status, MS_NO_MEMORY);
        assert_true(nth < 100000);
    }
}

#endif
