/* test_ledger_exact.c: decimals without doubles: there and back, and the one rounding rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/random.h"
#include "ledger/exact.h"

static int64_t parsed(const char *text, int digits)
{
    int64_t value = -1;
    const char *reason = ms_exact_parse(&value, text, strlen(text), digits);
    if (reason != NULL)
        fail_msg("%s %s", text, reason);
    return value;
}

static void refuses(const char *text, int digits, const char *reason)
{
    int64_t value = 7;
    assert_string_equal(ms_exact_parse(&value, text, strlen(text), digits), reason);
    assert_int_equal(value, 7);
}

static void texts_there_and_back(void **state)
{
    char text[MS_EXACT_BYTES];
    (void)state;
    assert_int_equal(parsed("0", 6), 0);
    assert_int_equal(parsed("12", 6), 12000000);
    assert_int_equal(parsed("0.000001", 6), 1);
    assert_int_equal(parsed("1200.50", 2), 120050);
    assert_int_equal(parsed("999999999999.999999", 6), MS_EXACT_MOST - 1);
    refuses("", 6, "is not a number");
    refuses(".", 6, "is not a number");
    refuses(".5", 6, "is not a number");
    refuses("5.", 6, "is not a number");
    refuses("1.2.3", 6, "is not a number");
    refuses("1e3", 6, "is not a number");
    refuses("-1", 6, "is negative");
    refuses("1,200", 6, "has a comma; write 1200.5");
    refuses("0.0000001", 6, "has more than 6 decimals");
    refuses("0.005", 2, "has more than 2 decimals");
    refuses("2.5", 0, "is not a whole number");
    refuses("1000000000000", 6, "is too large");
    refuses("99999999999999999999999999999999999999999999", 2, "is too large");
    assert_string_equal(ms_exact_text(text, 1200500000, 6), "1200.5");
    assert_string_equal(ms_exact_text(text, -325, 2), "-3.25");
    assert_string_equal(ms_exact_text(text, 0, 6), "0");
    assert_string_equal(ms_exact_text(text, INT64_MIN, 6), "-9223372036854.775808");
    assert_string_equal(ms_exact_shown(text, 123456789, 2, 2), "1,234,567.89");
    assert_string_equal(ms_exact_shown(text, 100000, 2, 2), "1,000.00");
    assert_string_equal(ms_exact_shown(text, 999000000, 6, 0), "999");
}

/* Any number of smallest units survives the way through text. */
static void random_numbers_survive(void **state)
{
    ms_random random = ms_random_start(5, 1);
    char text[MS_EXACT_BYTES];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int digits = i % 2 == 0 ? MS_EXACT_QUANTITY_DIGITS : MS_EXACT_MONEY_DIGITS;
        int64_t value = ms_random_between(&random, 0, MS_EXACT_MOST - 1) >> ms_random_between(&random, 0, 59);
        assert_int_equal(parsed(ms_exact_text(text, value, digits), digits), value);
    }
}

/* 2.5 x 0.01 = 0.025: a tie, to the even 0.02; 3.5 x 0.01 = 0.035: to the even 0.04; 2.500001 x 0.01 is above the tie.
 * 1e11 x 1e5 = 1e16 of money is beyond the most. */
static void products_round_ties_to_even(void **state)
{
    int64_t amount = -1;
    (void)state;
    assert_true(ms_exact_amount(&amount, parsed("2.5", 6), parsed("0.01", 6)));
    assert_int_equal(amount, 2);
    assert_true(ms_exact_amount(&amount, parsed("3.5", 6), parsed("0.01", 6)));
    assert_int_equal(amount, 4);
    assert_true(ms_exact_amount(&amount, parsed("2.500001", 6), parsed("0.01", 6)));
    assert_int_equal(amount, 3);
    assert_true(ms_exact_amount(&amount, parsed("1234.567", 6), parsed("0.8125", 6)));
    assert_int_equal(amount, 100309); /* 1003.0856875 */
    assert_false(ms_exact_amount(&amount, parsed("100000000000", 6), parsed("100000", 6)));
    assert_true(ms_exact_tonnes(&amount, parsed("1000", 6), parsed("804.5", 6)));
    assert_int_equal(amount, 804500000);
}

/* A case's number is a double that was read from a decimal: 0.1 + 0.2 style dust does not survive, digits written do.
 */
static void doubles_become_their_decimals(void **state)
{
    int64_t value = -1;
    (void)state;
    assert_true(ms_exact_from_double(&value, 0.8045, 6));
    assert_int_equal(value, 804500);
    assert_true(ms_exact_from_double(&value, 0.1 + 0.2, 6));
    assert_int_equal(value, 300000);
    assert_true(ms_exact_from_double(&value, 0, 2));
    assert_int_equal(value, 0);
    assert_false(ms_exact_from_double(&value, -1, 6));
    assert_false(ms_exact_from_double(&value, 1e13, 6));
    assert_false(ms_exact_from_double(&value, 0.0 / 0.0, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_there_and_back),
        cmocka_unit_test(random_numbers_survive),
        cmocka_unit_test(products_round_ties_to_even),
        cmocka_unit_test(doubles_become_their_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
