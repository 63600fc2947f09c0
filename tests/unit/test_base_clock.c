/* test_base_clock.c: days and dates. Day numbers from `date -u -d DATE +%s` divided by 86400. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

static void dates_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long day;
    } known[] = {{"1970-01-01", 0},       {"1969-12-31", -1},      {"2000-02-29", 11016},
                 {"2000-03-01", 11017},   {"2026-03-01", 20513},   {"1900-03-01", -25508},
                 {"1600-02-29", -135081}, {"9999-12-31", 2932896}, {"0000-01-01", -719528}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        long day = 12345;
        assert_true(ms_date_parse(&day, known[i].text, strlen(known[i].text)));
        assert_int_equal(day, known[i].day);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2026",       "2026-3-1",   "2026-03-1",   "2026-13-01",
                                        "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31",  "2026-01-00",
                                        "2026/03/01", "2026-03-0x", "+026-03-01", "2026-03-011", "-026-03-01",
                                        "01.03.2026", "2026-03--1", "2026-03-01T"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        long day = 12345;
        assert_false(ms_date_parse(&day, wrong[i], strlen(wrong[i])));
        assert_int_equal(day, 12345);
    }
}

static void every_day_comes_back(void **state)
{
    (void)state;
    char text[MS_DATE_BYTES], before[MS_DATE_BYTES] = "";
    for (long day = -719528; day <= 2932896; day += day > -1000 && day < 30000 ? 1 : 97) {
        long again;
        ms_date_text(text, day, 0.0);
        assert_int_equal(strlen(text), 10);
        assert_true(strcmp(before, text) < 0);
        assert_true(ms_date_parse(&again, text, 10));
        assert_int_equal(again, day);
        memcpy(before, text, sizeof text);
    }
}

static void moments_are_rounded_to_minutes(void **state)
{
    (void)state;
    char out[MS_DATE_BYTES];
    long start = 20513; /* 2026-03-01 */
    assert_string_equal(ms_date_text(out, start, 0.25), "2026-03-01T06:00");
    assert_string_equal(ms_date_text(out, start, 1.0 / 3.0), "2026-03-01T08:00");
    assert_string_equal(ms_date_text(out, start, 30.999999), "2026-04-01");
    assert_string_equal(ms_date_text(out, start, -0.5), "2026-02-28T12:00");
    assert_string_equal(ms_date_text(out, start, -1.0), "2026-02-28");
    assert_string_equal(ms_date_short(out, start, 0.0), "01 Mar");
    assert_string_equal(ms_date_short(out, start, 305.9), "31 Dec");
    static const double far[] = {1e300, -1e300, 5e6, -5e6, NAN, INFINITY};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        assert_string_equal(ms_date_text(out, start, far[i]), "out of range");
        assert_string_equal(ms_date_short(out, start, far[i]), "out of range");
    }
}

static void clock_never_goes_back(void **state)
{
    (void)state;
    double last = ms_clock_seconds();
    for (int i = 0; i < 1000; i++) {
        double now = ms_clock_seconds();
        assert_true(now >= last);
        last = now;
    }
}

/* `date -u -d TIME +%s`. */
static void times_are_written_in_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } known[] = {{0, "1970-01-01T00:00:00Z"},
                 {1767225599999, "2025-12-31T23:59:59Z"},
                 {1767225600000, "2026-01-01T00:00:00Z"},
                 {-1, "1969-12-31T23:59:59Z"},
                 {-86400000, "1969-12-31T00:00:00Z"},
                 {253402300799999, "9999-12-31T23:59:59Z"},
                 {253402300800000, "out of range"},
                 {INT64_MAX, "out of range"},
                 {INT64_MIN, "out of range"}};
    char text[MS_DATE_BYTES];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_string_equal(ms_time_text(text, known[i].ms), known[i].text);
    assert_true(ms_clock_utc_ms() > 1767225600000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_parsed),      cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(every_day_comes_back),  cmocka_unit_test(moments_are_rounded_to_minutes),
        cmocka_unit_test(clock_never_goes_back), cmocka_unit_test(times_are_written_in_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
