/* test_report_tornado.c: the tornado chart: lengths by hand, hostile names, none at all, memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/tornado.h"

#include "faults.h"
#include "test_report_scan.h"

static const ms_tornado_bar three[] = {
    {"port <Busan> & \"more\"", "day 3", 80, 75, 82}, {"lane a", "", 40, 40, 40}, {"lane b", "never\x1b[31m", 0, 0, 5}};

/* The width of the nth bar. */
static double width_of(const char *svg, int nth)
{
    const char *at = svg;
    for (int i = 0; i <= nth; i++) {
        at = strstr(i == 0 ? at : at + 1, "class=\"b\"");
        assert_non_null(at);
    }
    while (strncmp(at, "width=\"", 7) != 0)
        at--;
    return strtod(at + 7, NULL);
}

static int count_of(const char *svg, const char *what)
{
    int count = 0;
    for (const char *at = svg; (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

static void lengths(void **state)
{
    (void)state;
    ms_buf out = {0};
    ms_error err = {0};
    assert_int_equal(ms_tornado_svg(&out, "Worst", "of three", "weighted tonnes", three, 3, &err), MS_OK);
    assert_int_equal(count_of(out.text, "class=\"b\""), 3);
    assert_true(fabs(width_of(out.text, 0) - 2 * width_of(out.text, 1)) <
                0.25); /* 80 to 40, a digit behind the point */
    assert_true(width_of(out.text, 2) == 0);
    assert_int_equal(count_of(out.text, "class=\"w\""), 2 * 3); /* a whisker is three lines; lane a has none */
    scan_xml(out.text);
    assert_null(strstr(out.text, "\x1b"));
    assert_null(strstr(out.text, "<Busan>"));
    ms_buf_free(&out);
}

static void empty(void **state)
{
    (void)state;
    ms_buf out = {0};
    ms_error err = {0};
    assert_int_equal(ms_tornado_svg(&out, "", "", "", NULL, 0, &err), MS_OK);
    scan_xml(out.text);
    ms_buf_free(&out);
}

static ms_status drawn(void *context)
{
    (void)context;
    ms_buf out = {0};
    ms_error err = {0};
    ms_status status = ms_tornado_svg(&out, "Worst", "of three", "weighted tonnes", three, 3, &err);
    ms_buf_free(&out);
    return status;
}

static void memory_is_short(void **state)
{
    (void)state;
    each_refusal(drawn, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),
        cmocka_unit_test(empty),
        cmocka_unit_test(memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
