/* test_base_random.c: counter-based random numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

/* The known answers that Random123 publishes for philox4x32-10 (its kat_vectors): counter and key all zero
 * bits give 6627e8d5 e169c58d bc57ac4c 9b00dbd8; all one bits give 408f276d 41c83b0e a20bc7c6 6d5451fd. */
static void published_answers(void **state)
{
    (void)state;
    ms_random random = ms_random_start(0, 0);
    assert_true(ms_random_u64(&random) == UINT64_C(0xe169c58d6627e8d5));
    assert_int_equal(random.next, 1);
    random = ms_random_start(UINT64_MAX, UINT64_MAX);
    random.next = UINT64_MAX;
    assert_true(ms_random_u64(&random) == UINT64_C(0x41c83b0e408f276d));
}

static void the_nth_number_does_not_depend_on_the_way(void **state)
{
    (void)state;
    ms_random straight = ms_random_start(7, 3);
    uint64_t wanted = 0;
    for (int i = 0; i <= 100; i++)
        wanted = ms_random_u64(&straight);
    ms_random mixed = ms_random_start(7, 3);
    for (int i = 0; i < 100; i++) {
        if (i % 2)
            (void)ms_random_unit(&mixed);
        else
            (void)ms_random_between(&mixed, -3, 3);
    }
    assert_true(ms_random_u64(&mixed) == wanted);
    ms_random jumped = ms_random_start(7, 3);
    jumped.next = 100;
    assert_true(ms_random_u64(&jumped) == wanted);
    ms_random other = ms_random_start(7, 4);
    other.next = 100;
    assert_true(ms_random_u64(&other) != wanted);
}

static void units_are_even(void **state)
{
    (void)state;
    ms_random random = ms_random_start(1, 1);
    int counts[10] = {0};
    for (int i = 0; i < 100000; i++) {
        double u = ms_random_unit(&random);
        assert_true(u >= 0.0 && u < 1.0);
        counts[(int)(u * 10)]++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(counts[i], 9500, 10500); /* five standard deviations */
}

static void ranges_are_even_and_closed(void **state)
{
    (void)state;
    ms_random random = ms_random_start(2, 1);
    int counts[7] = {0};
    for (int i = 0; i < 70000; i++) {
        int64_t n = ms_random_between(&random, -3, 3);
        assert_true(n >= -3 && n <= 3);
        counts[n + 3]++;
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(counts[i], 9500, 10500);
    assert_true(ms_random_between(&random, 5, 5) == 5);
    bool negative = false, positive = false;
    for (int i = 0; i < 100; i++) {
        int64_t n = ms_random_between(&random, INT64_MIN, INT64_MAX);
        negative = negative || n < 0;
        positive = positive || n > 0;
        int64_t high = ms_random_between(&random, INT64_MAX - 1, INT64_MAX);
        assert_true(high >= INT64_MAX - 1);
        assert_true(ms_random_between(&random, INT64_MIN, 0) <= 0);
    }
    assert_true(negative && positive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_answers),
        cmocka_unit_test(the_nth_number_does_not_depend_on_the_way),
        cmocka_unit_test(units_are_even),
        cmocka_unit_test(ranges_are_even_and_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
