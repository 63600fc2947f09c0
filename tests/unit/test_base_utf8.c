/* test_base_utf8.c: validity, columns, cutting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define E_ACUTE "\xC3\xA9"
#define HAN "\xE4\xB8\xAD"       /* two columns */
#define ACCENT "\xCC\x81"        /* combining: none */
#define TRUCK "\xF0\x9F\x9A\x9A" /* two columns */

static void valid_text_is_whole(void **state)
{
    (void)state;
    static const char *const valid[] = {"",
                                        "plain",
                                        E_ACUTE HAN TRUCK,
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
        assert_int_equal(ms_utf8_valid_prefix(valid[i], strlen(valid[i])), strlen(valid[i]));
    assert_int_equal(ms_utf8_valid_prefix("a\0b", 3), 3);
}

/* Each is wrong at its first byte, wherever it stands among ASCII: the fast path must stop at the right byte.
 * */
static void broken_text_is_found_anywhere(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\x80", /* continuation alone */
        "\xBF",
        "\xC0\xAF", /* overlong */
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", /* surrogates */
        "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", /* over U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3", /* cut */
        "\xE4\xB8",
        "\xF0\x9F\x9A",
        "\xC3(",
        "\xE4\xB8(",
        "\xF0\x9F\x9A(",
        "\xF0(\x9A\x9A",
    };
    char text[96];
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        size_t length = strlen(broken[i]);
        for (size_t before = 0; before < 70; before++) {
            memset(text, 'a', sizeof text);
            memcpy(text + before, broken[i], length);
            assert_int_equal(ms_utf8_valid_prefix(text, before + length), before);
            assert_int_equal(ms_utf8_valid_prefix(text, sizeof text), before);
        }
    }
}

static void width_is_in_columns(void **state)
{
    (void)state;
    assert_int_equal(ms_utf8_width(""), 0);
    assert_int_equal(ms_utf8_width("depot"), 5);
    assert_int_equal(ms_utf8_width("d" E_ACUTE "p" E_ACUTE "t"), 5);
    assert_int_equal(ms_utf8_width(HAN HAN), 4);
    assert_int_equal(ms_utf8_width("e" ACCENT), 1);
    assert_int_equal(ms_utf8_width(TRUCK), 2);
    assert_int_equal(ms_utf8_width("\xFFx"), 2);
    assert_int_equal(ms_utf8_width("\t"), 0);
}

static void fit_cuts_between_characters(void **state)
{
    (void)state;
    const char *text = "a" HAN "e" ACCENT "z";
    assert_int_equal(ms_utf8_fit(text, 0), 0);
    assert_int_equal(ms_utf8_fit(text, 1), 1);
    assert_int_equal(ms_utf8_fit(text, 2), 1);
    assert_int_equal(ms_utf8_fit(text, 3), 4);
    assert_int_equal(ms_utf8_fit(text, 4), 7);
    assert_int_equal(ms_utf8_fit(text, 5), 8);
    assert_int_equal(ms_utf8_fit(text, 50), 8);
    assert_int_equal(ms_utf8_fit(text, -1), 0);
}

static void copy_cuts_and_cleans(void **state)
{
    (void)state;
    char out[16];
    ms_utf8_copy(out, sizeof out, "a\tb\x7F\xC2\x85\xFFz", 8);
    assert_string_equal(out, "a?b???z");
    ms_utf8_copy(out, 5, HAN HAN, 6);
    assert_string_equal(out, HAN);
    ms_utf8_copy(out, 3, HAN, 3);
    assert_string_equal(out, "");
    ms_utf8_copy(out, 1, "x", 1);
    assert_string_equal(out, "");
    memset(out, 'q', sizeof out);
    ms_utf8_copy(out, 0, "x", 1);
    assert_int_equal(out[0], 'q');
    ms_utf8_copy(out, sizeof out, "a\0b", 3);
    assert_string_equal(out, "a?b");
    strcpy(out, "\xC2\x85" E_ACUTE "\n");
    ms_utf8_copy(out, sizeof out, out, strlen(out)); /* onto itself */
    assert_string_equal(out, "?" E_ACUTE "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_text_is_whole),  cmocka_unit_test(broken_text_is_found_anywhere),
        cmocka_unit_test(width_is_in_columns),  cmocka_unit_test(fit_cuts_between_characters),
        cmocka_unit_test(copy_cuts_and_cleans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
