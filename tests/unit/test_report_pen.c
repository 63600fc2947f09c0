/* test_report_pen.c: cleaning hostile text, wrapping, bars and sparklines. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/random.h"
#include "report/pen.h"

#include "test_report_scan.h"

static const char *const pieces[] = {"a",    "depot", " ",        "  ",        "부산항",
                                     "港",   "é",     "\xC2\xA0", "e\xCC\x81", "long-word-without-end",
                                     "\n",   "\t",    "\033[31m", "\xC2\x9B",  "\xE2\x80\xAE",
                                     "\xFF", "100 %", "🚢"};

/* Text of up to 30 pieces; the same seed gives the same text. */
static void random_text(ms_buf *out, ms_random *random)
{
    ms_buf_reset(out);
    ms_buf_text(out, "");
    int64_t count = ms_random_between(random, 0, 30);
    for (int64_t i = 0; i < count; i++)
        ms_buf_text(out, pieces[ms_random_between(random, 0, sizeof pieces / sizeof pieces[0] - 1)]);
}

static void cleaning(void **state)
{
    (void)state;
    const struct {
        const char *dirty, *clean;
    } cases[] = {
        {"Busan", "Busan"},
        {"부산항 \xE2\x86\x92 é", "부산항 \xE2\x86\x92 é"},
        {"a\033[31mred", "a?[31mred"}, /* ESC */
        {"a\xC2\x9B"
         "31mred",
         "a?31mred"}, /* the one-byte form of ESC [ in UTF-8 */
        {"two\nlines\tand\rmore", "two lines and more"},
        {"\x07\x08\x7F", "???"},
        {"abc\xE2\x80\xAE"
         "fed\xE2\x81\xA6",
         "abc?fed?"}, /* marks that turn the direction */
        {"\xEF\xBB\xBFx", "?x"},
        {"\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBF\xBF", "\xEF\xBF\xBD??"}, /* what no XML may have */
        {"\xFF\xC3", "??"},                                         /* no UTF-8 */
        {"\xE2\x82", "??"},                                         /* cut inside a character */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ms_buf out = {0};
        ms_buf_text(&out, "");
        ms_pen_clean(&out, cases[i].dirty);
        assert_string_equal(out.text, cases[i].clean);
        ms_buf_free(&out);
    }
}

static void wrapping(void **state)
{
    (void)state;
    ms_buf out = {0};
    ms_pen pen = {&out, 20, false, false};
    ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 3, "The port closes on day 5 and 94.1\xC2\xA0% is met.");
    assert_string_equal(out.text, "The port closes on\n   day 5 and 94.1 %\n   is met.\n");
    ms_buf_reset(&out);
    ms_pen_paragraph(&pen, MS_TONE_PLAIN, 2, 2, "");
    assert_string_equal(out.text, "  \n");
    ms_buf_free(&out);
}

static void paragraphs_keep_to_the_width(void **state)
{
    (void)state;
    ms_random random = ms_random_start(7, 1);
    ms_buf text = {0}, out = {0};
    for (int round = 0; round < 3000; round++) {
        int width = (int)ms_random_between(&random, 1, 60);
        bool colour = round % 2 == 0;
        ms_pen pen = {&out, width, colour, round % 3 == 0};
        random_text(&text, &random);
        ms_buf_reset(&out);
        ms_pen_paragraph(&pen, MS_TONE_BAD, (int)ms_random_between(&random, 0, 5),
                         (int)ms_random_between(&random, 0, 9), text.text);
        scan_text(out.text, width, colour, false);
        ms_buf_reset(&out);
        ms_pen_heading(&pen, text.text, round % 5 == 0 ? NULL : text.text);
        scan_text(out.text, width, colour, false);
    }
    ms_buf_free(&text);
    ms_buf_free(&out);
}

/* A bar is full only when all is met, and never quite empty when something is. */
static void bars(void **state)
{
    (void)state;
    const struct {
        double own, all;
        const char *bar;
    } cases[] = {
        {0.0, 0.0, ".........."},   {1.0, 1.0, "##########"},   {0.5, 0.8, "#####+++.."},
        {0.0, 0.001, "+........."}, {0.3, 0.999, "###++++++."}, {0.999, 0.999, "#########."},
        {NAN, 0.5, "+++++....."},   {0.9, 0.4, "####......"},   {0.49, 0.51, "####+....."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ms_buf out = {0};
        ms_pen pen = {&out, 80, false, true};
        ms_pen_bar(&pen, 10, cases[i].own, cases[i].all);
        assert_string_equal(out.text, cases[i].bar);
        ms_buf_free(&out);
    }
}

static void sparklines(void **state)
{
    (void)state;
    const double values[] = {0, 7, 14, 30, NAN, 3.5};
    ms_buf out = {0};
    ms_pen pen = {&out, 80, false, false};
    ms_pen_spark(&pen, MS_TONE_PLAIN, values, 6, 24, 14);
    assert_string_equal(out.text, "▁▅██ ▃");
    ms_buf_reset(&out);
    ms_pen_spark(&pen, MS_TONE_PLAIN, values, 6, 3, 14); /* the least of two */
    assert_string_equal(out.text, "▁█▃");
    ms_buf_free(&out);
}

static void memory_runs_short(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 40; nth++) {
        ms_buf out = {0};
        ms_pen pen = {&out, 30, true, false};
        ms_alloc_fail_at(nth);
        ms_pen_heading(&pen, "A HEADING", "with a note that is too long for the line");
        ms_pen_paragraph(&pen, MS_TONE_BAD, 0, 2, "some words that do not fit one line of thirty columns");
        uint64_t requests = ms_alloc_count();
        ms_alloc_fail_at(0);
        assert_int_equal(out.failed, requests >= nth);
        ms_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleaning), cmocka_unit_test(wrapping),   cmocka_unit_test(paragraphs_keep_to_the_width),
        cmocka_unit_test(bars),     cmocka_unit_test(sparklines), cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
