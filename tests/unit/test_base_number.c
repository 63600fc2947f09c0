/* test_base_number.c: numbers as text. The C library of the machine, in its C locale, is the stranger that is
 * asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/text.h"

static void reads_as(const char *text, double wanted)
{
    double value = -77.0;
    const char *why = ms_number_parse(&value, text, strlen(text));
    if (why != NULL)
        fail_msg("%s %s", text, why);
    if (memcmp(&value, &wanted, sizeof value) != 0)
        fail_msg("%s read as %.17g, not %.17g", text, value, wanted);
}

static void numbers_are_read(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "0",
        "1",
        "-1",
        "+1",
        "007",
        "1.",
        ".5",
        "-.5",
        "1.50",
        "1e3",
        "1E+3",
        "1e-3",
        "12.5e2",
        "0e99999999999",
        "0.1",
        "123456789",
        "9007199254740993",
        "9007199254740992.5",
        "0.30000000000000004",
        "1e22",
        "1e23",
        "8.5e22",
        "123456789012345678",
        "1234567890123456789",
        "12345678901234567890",
        "18446744073709551616",
        "99999999999999999999",
        "1e-400",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "0.000000000000000000000000000001",
        "1e-22",
        "1e-23",
        "3.0e-20",
        "9999999999999999e-22",
        "9999999999999999999e19",
        "9007199254740993e22",
        "5e-20",
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        reads_as(plain[i], strtod(plain[i], NULL));
    reads_as("-0", -0.0);
}

/* 1 + 2^-53 lies exactly between two doubles; what stands behind its last digit decides, however far away. */
static void ties_are_decided_by_the_last_digit(void **state)
{
    (void)state;
    static const char half[] = "1.00000000000000011102230246251565404236316680908203125";
    char text[2000];
    reads_as(half, 1.0);
    snprintf(text, sizeof text, "%s1", half);
    reads_as(text, 1.0 + DBL_EPSILON);
    for (size_t zeros = 1; zeros < 1500; zeros = zeros * 3 + 1) {
        size_t length = strlen(half);
        memcpy(text, half, length);
        memset(text + length, '0', zeros);
        text[length + zeros] = '\0';
        reads_as(text, 1.0);
        text[length + zeros] = '1';
        text[length + zeros + 1] = '\0';
        reads_as(text, 1.0 + DBL_EPSILON);
    }
    reads_as("9007199254740993.0000000000000000000000000000000000000000001", 9007199254740994.0);
}

static void long_numbers_keep_their_size(void **state)
{
    (void)state;
    char text[3000];
    memset(text, '0', sizeof text); /* 0.000...0001e1000 */
    memcpy(text, "0.", 2);
    snprintf(text + 1001, 32, "1e1000");
    reads_as(text, 1.0);
    memset(text, '1', 2000); /* 2,000 ones, moved back behind the point */
    snprintf(text + 2000, 32, "e-1999");
    reads_as(text, 1.1111111111111112);
    memset(text, '0', 2500); /* leading zeros count for nothing */
    snprintf(text + 2500, 32, "12.5");
    reads_as(text, 12.5);
}

static void what_is_no_number_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "is empty"},
        {" 1", "has a space around it"},
        {"1 ", "has a space around it"},
        {"1,200", "has a thousands separator"},
        {"-1,234,567.8", "has a thousands separator"},
        {"1 200", "has a thousands separator"},
        {"1\xC2\xA0"
         "200",
         "has a thousands separator"},
        {"1\xE2\x80\xAF"
         "200,5",
         "has a thousands separator"},
        {"1'200", "has a thousands separator"},
        {"1.200.000", "has a thousands separator"},
        {"1,5", "has a decimal comma"},
        {"-,5", "has a decimal comma"},
        {"1,2000", "has a decimal comma"},
        {"1.200,5", "has a decimal comma"},
        {"nan", "is not finite"},
        {"-Inf", "is not finite"},
        {"INFINITY", "is not finite"},
        {"1e309", "is too large"},
        {"1e99999999999999999999", "is too large"},
        {"50%", "has a percent sign"},
        {"12 t", "has other text behind the number"},
        {"5kg", "has other text behind the number"},
        {"0x10", "has other text behind the number"},
        {"1e", "has other text behind the number"},
        {"1e+", "has other text behind the number"},
        {"-", "is not a number"},
        {".", "is not a number"},
        {"--1", "is not a number"},
        {"1.2.3", "is not a number"},
        {"e5", "is not a number"},
        {"abc", "is not a number"},
        {"$5", "is not a number"},
        {",", "is not a number"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        double value = -77.0;
        const char *why = ms_number_parse(&value, wrong[i].text, strlen(wrong[i].text));
        if (why == NULL || strcmp(why, wrong[i].why) != 0)
            fail_msg("\"%s\" %s, wanted: %s", wrong[i].text, why == NULL ? "is read" : why, wrong[i].why);
        assert_true(value == -77.0);
    }
    double value;
    assert_non_null(ms_number_parse(&value,
                                    "1\0"
                                    "2",
                                    3));
    assert_null(ms_number_parse(&value, "12345", 2)); /* only the first two */
    assert_true(value == 12.0);
}

static void known_texts(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } known[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000"},
        {9007199254740991.0, "9007199254740991"},
        {1e20, "100000000000000000000"},
        {1e21, "1e21"},
        {1e22, "1e22"},
        {1.5e300, "1.5e300"},
        {0.000001, "0.000001"},
        {1e-7, "1e-7"},
        {-1.25e-9, "-1.25e-9"},
        {DBL_MAX, "1.7976931348623157e308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {5e-324, "5e-324"},
        {1234567.875, "1234567.875"},
        {1.0 / 3.0, "0.3333333333333333"},
        {-DBL_MAX, "-1.7976931348623157e308"},
        {123456789012345.67, "123456789012345.67"},
        {1234567890123456.8, "1234567890123456.8"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
        {0.00001, "0.00001"},
        {100.0, "100"},
        {1000.5, "1000.5"},
    };
    char out[MS_NUMBER_BYTES];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_ptr_equal(ms_number_text(out, known[i].value), out);
        assert_string_equal(out, known[i].text);
    }
}

/* Significant digits of a text that ms_number_text wrote. */
static int significant(const char *text)
{
    int count = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0'))
            continue;
        count++;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static double random_double(ms_random *random, int kind)
{
    double value;
    uint64_t bits = ms_random_u64(random);
    switch (kind) {
    case 0:
        memcpy(&value, &bits, sizeof value);
        return isfinite(value) ? value : 0.5;
    case 1:
        return (double)(bits % 100000000) / 1000.0;
    case 2:
        return ms_random_unit(random) * 1000.0;
    case 3:
        return ldexp((double)(bits >> 11), (int)(bits % 140) - 100);
    case 4:
        return ms_random_unit(random) * 1e-305;
    default:
        return (double)(bits >> 1) * pow(10.0, (double)(bits % 40) - 30.0);
    }
}

static void random_doubles_come_back_in_the_shortest_way(void **state)
{
    (void)state;
    ms_random random = ms_random_start(3, 1);
    char out[MS_NUMBER_BYTES], other[64];
    for (int i = 0; i < 120000; i++) {
        double value = random_double(&random, i % 6), again = 0.0;
        ms_number_text(out, value);
        assert_null(ms_number_parse(&again, out, strlen(out)));
        assert_true(again == value && strtod(out, NULL) == value);
        /* And the C library finds nothing shorter. Whole numbers below 2^53 are written in full. */
        int digits = significant(out);
        if (digits > 1 && digits > (fabs(value) < 0x1p53 && trunc(value) == value ? 16 : 0)) {
            snprintf(other, sizeof other, "%.*e", digits - 2, value);
            assert_true(strtod(other, NULL) != value);
        }
    }
}

static void random_texts_are_read_exactly(void **state)
{
    (void)state;
    ms_random random = ms_random_start(4, 1);
    char text[64];
    for (int i = 0; i < 200000; i++) {
        uint64_t digits = ms_random_u64(&random) >> ms_random_between(&random, 0, 60);
        int power = (int)ms_random_between(&random, -45, 30);
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, power);
        reads_as(text, strtod(text, NULL));
        snprintf(text, sizeof text, "%llu.%lluE%d", (unsigned long long)(digits % 1000),
                 (unsigned long long)(digits >> 9), power);
        reads_as(text, strtod(text, NULL));
    }
}

/* A host program may have set any locale; ours must not care. Skipped where no locale with a comma is
 * installed. */
static void locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "pl_PL.UTF-8"};
    bool set = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !set; i++)
        set = setlocale(LC_ALL, names[i]) != NULL;
    if (!set)
        skip();
    char out[MS_NUMBER_BYTES];
    reads_as("1.5e-320", 1.5e-320);
    reads_as("1.00000000000000011102230246251565404236316680908203126", 1.0 + DBL_EPSILON);
    assert_string_equal(ms_number_text(out, 1.25e-300), "1.25e-300");
    assert_string_equal(ms_number_grouped(out, 1234.5, 1), "1,234.5");
    assert_string_equal(ms_number_short(out, 1.25e-9), "1.25e-9");
    setlocale(LC_ALL, "C");
}

static void numbers_for_people(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } grouped[] = {
        {0, 0, "0"},
        {-0.0, 1, "0.0"},
        {-0.01, 1, "0.0"},
        {999.96, 1, "1,000.0"},
        {12345.67, 1, "12,345.7"},
        {-1234567, 0, "-1,234,567"},
        {123, 0, "123"},
        {-123, 0, "-123"},
        {1.5, -3, "2"},
        {0.5, 99, "0.500000000"},
        {-999999999999999.0, 9, "-999,999,999,999,999.000000000"},
        {1e15, 2, "1000000000000000"},
        {1e300, 2, "1e300"},
        {NAN, 2, "nan"},
    };
    char out[MS_NUMBER_BYTES];
    for (size_t i = 0; i < sizeof grouped / sizeof grouped[0]; i++)
        assert_string_equal(ms_number_grouped(out, grouped[i].value, grouped[i].digits), grouped[i].text);
    static const struct {
        double value;
        const char *text;
    } brief[] = {
        {0, "0"},
        {0.042, "0.042"},
        {0.04212, "0.0421"},
        {1.25, "1.25"},
        {12.34, "12.3"},
        {12, "12"},
        {1234, "1,234"},
        {1234.4, "1,234"},
        {-0.5, "-0.5"},
        {9.999, "10"},
        {99.96, "100"},
        {999.6, "1,000"},
        {1e6, "1,000,000"},
        {0.000123456, "0.000123"},
        {1.23456e-9, "1.23e-9"},
        {1.23456e40, "1.23e40"},
        {INFINITY, "inf"},
        {-100, "-100"},
    };
    for (size_t i = 0; i < sizeof brief / sizeof brief[0]; i++)
        assert_string_equal(ms_number_short(out, brief[i].value), brief[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(ties_are_decided_by_the_last_digit),
        cmocka_unit_test(long_numbers_keep_their_size),
        cmocka_unit_test(what_is_no_number_says_why),
        cmocka_unit_test(known_texts),
        cmocka_unit_test(random_doubles_come_back_in_the_shortest_way),
        cmocka_unit_test(random_texts_are_read_exactly),
        cmocka_unit_test(locale_does_not_matter),
        cmocka_unit_test(numbers_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
