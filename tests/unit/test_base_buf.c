/* test_base_buf.c: the growing text buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "faults.h"
#include "mainstay.h"

static void writes_append(void **state)
{
    (void)state;
    ms_buf buf = {0};
    ms_buf_text(&buf, "");
    assert_string_equal(buf.text, "");
    ms_buf_text(&buf, "depot ");
    ms_buf_put(&buf, "\0x", 2);
    ms_buf_printf(&buf, "%d %s", 12, "t");
    assert_int_equal(buf.length, 12);
    assert_memory_equal(buf.text, "depot \0x12 t", 13);
    assert_false(buf.failed);
    ms_buf_reset(&buf);
    assert_int_equal(buf.length, 0);
    assert_string_equal(buf.text, "");
    ms_buf_free(&buf);
    assert_null(buf.text);
    ms_buf_free(&buf);
}

static void long_lines_are_formatted_whole(void **state)
{
    (void)state;
    ms_buf buf = {0};
    for (int width = 1; width < 3000; width = width * 3 + 1) {
        size_t before = buf.length;
        ms_buf_printf(&buf, "%*d|", width, 7);
        assert_int_equal(buf.length, before + (size_t)width + 1);
        assert_int_equal(strlen(buf.text), buf.length);
        assert_string_equal(buf.text + buf.length - 2, "7|");
    }
    ms_buf_free(&buf);
}

static void cap_holds_and_failure_sticks(void **state)
{
    (void)state;
    ms_buf buf = {.cap = 10};
    ms_buf_text(&buf, "12345");
    ms_buf_text(&buf, "67890");
    assert_false(buf.failed);
    ms_buf_text(&buf, "x");
    assert_true(buf.failed);
    assert_string_equal(buf.text, "1234567890");
    ms_buf_reset(&buf);
    ms_buf_printf(&buf, "%s", "12345678901");
    assert_true(buf.failed);
    assert_string_equal(buf.text, "");
    ms_buf_text(&buf, "y");
    assert_string_equal(buf.text, "");
    ms_buf_reset(&buf);
    ms_buf_printf(&buf, "%s", "1234567890");
    assert_false(buf.failed);
    assert_string_equal(buf.text, "1234567890");
    ms_buf_reset(&buf);
    ms_buf_put(&buf, "x", SIZE_MAX); /* refused before anything is read */
    assert_true(buf.failed);
    ms_buf_free(&buf);
}

static ms_status fill(void *context)
{
    (void)context;
    ms_buf buf = {0};
    for (int i = 0; i < 2000; i++) {
        ms_buf_printf(&buf, "%d,", i);
        ms_buf_text(&buf, "and ");
    }
    bool failed = buf.failed;
    if (buf.text != NULL) {
        assert_int_equal(strlen(buf.text), buf.length);
        assert_memory_equal(buf.text, "0,and 1,and 2,and ", buf.length < 18 ? buf.length : 18);
    }
    ms_buf_free(&buf);
    return failed ? MS_NO_MEMORY : MS_OK;
}

static void survives_refused_memory(void **state)
{
    (void)state;
    assert_true(each_refusal(fill, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_append),
        cmocka_unit_test(long_lines_are_formatted_whole),
        cmocka_unit_test(cap_holds_and_failure_sticks),
        cmocka_unit_test(survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
