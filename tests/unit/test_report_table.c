/* test_report_table.c: one table, three ways out; and never wider than the screen. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/random.h"
#include "report/table.h"

#include "faults.h"
#include "test_report_scan.h"

enum { SITE, NOTE, TONNES, SHARE, DAY, BAR, FILES_ONLY, COLUMNS };

static const ms_column columns[COLUMNS] = {
    [SITE] = {"site", "site", NULL, MS_COLUMN_TEXT, 0},       [NOTE] = {"note", "note", NULL, MS_COLUMN_TEXT, 2},
    [TONNES] = {"tonnes", "moved", "t", MS_COLUMN_NUMBER, 1}, [SHARE] = {"met", "met", "%", MS_COLUMN_SHARE, 1},
    [DAY] = {"day", "day", NULL, MS_COLUMN_DAY, 3},           [BAR] = {NULL, "", NULL, MS_COLUMN_BAR, 4},
    [FILES_ONLY] = {"ready", NULL, NULL, MS_COLUMN_BOOL, 0},
};

static void fill(ms_table *table)
{
    ms_table_start(table, columns, COLUMNS);
    ms_table_row(table);
    ms_table_text(table, SITE, "Busan");
    ms_table_text(table, NOTE, "the \"big\" one, by the sea");
    ms_table_number(table, TONNES, 12345.678);
    ms_table_number(table, SHARE, 0.9996);
    ms_table_number(table, DAY, 3.25);
    ms_table_bar(table, BAR, 0.5, 0.9996);
    ms_table_number(table, FILES_ONLY, 1);
    ms_table_row(table);
    ms_table_text(table, SITE, "부산항");
    ms_table_number(table, TONNES, 0.1 + 0.2);
    ms_table_number(table, SHARE, 1);
    ms_table_rule(table);
}

/* Of a share of 0.9996 neither "100" nor a full bar may be said; 0.3 t is not nothing. */
static void on_a_wide_screen(void **state)
{
    (void)state;
    ms_table table;
    ms_buf out = {0};
    ms_pen pen = {&out, 80, false, true};
    fill(&table);
    ms_table_print(&table, &pen, 0);
    assert_string_equal(out.text, "site    note                       moved t  met %   day\n"
                                  "-----------------------------------------------------------------------------\n"
                                  "Busan   the \"big\" one, by the sea   12,346   99.9  3.25  ##########+++++++++.\n"
                                  "-----------------------------------------------------------------------------\n"
                                  "부산항                                  <1    100\n");
    ms_buf_free(&out);
    ms_table_free(&table);
}

/* Units get their own line, the bar goes, then the day, then the note is cut; numbers stay whole. */
static void on_a_narrow_screen(void **state)
{
    (void)state;
    ms_table table;
    ms_buf out = {0};
    ms_pen pen = {&out, 36, false, false};
    fill(&table);
    ms_table_print(&table, &pen, 1);
    assert_string_equal(out.text, "site   note              moved   met\n"
                                  "                             t     %\n"
                                  "────────────────────────────────────\n"
                                  "Busan  the \"big\" one,…  12,346  99.9\n");
    ms_buf_free(&out);
    ms_table_free(&table);
}

/* No spreadsheet runs a cell; numbers stay numbers. */
static void no_formula_in_csv(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0\n"},
                                           {"+82-depot", "'+82-depot\n"},
                                           {"@SUM(1)", "'@SUM(1)\n"},
                                           {"-2+3", "'-2+3\n"},
                                           {"-2.5", "-2.5\n"},
                                           {"+3", "+3\n"},
                                           {"a=1", "a=1\n"}};
    static const ms_column names[] = {{.name = "name", .kind = MS_COLUMN_TEXT}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ms_table table;
        ms_buf out = {0};
        ms_table_start(&table, names, 1);
        ms_table_row(&table);
        ms_table_text(&table, 0, texts[i][0]);
        ms_table_csv_rows(&table, &out);
        assert_string_equal(out.text, texts[i][1]);
        ms_buf_free(&out);
        ms_table_free(&table);
    }
}

/* 2030-03-01 is day 21974 since 1970. */
static void dates_are_texts_in_files(void **state)
{
    (void)state;
    static const ms_column dates[] = {{.name = "date", .head = "date", .kind = MS_COLUMN_DATE}};
    ms_table table;
    ms_buf csv = {0}, text = {0}, list = {0};
    const ms_pen pen = ms_pen_start(&text, NULL);
    ms_json json;
    ms_table_start(&table, dates, 1);
    ms_table_row(&table);
    ms_table_number(&table, 0, 21974.0);
    ms_table_row(&table);
    ms_table_csv_rows(&table, &csv);
    assert_string_equal(csv.text, "2030-03-01\n\n");
    ms_json_start(&json, &list);
    ms_json_open_object(&json, NULL);
    ms_table_json(&table, &json, "rows");
    ms_json_close_object(&json);
    ms_json_finish(&json);
    assert_non_null(strstr(list.text, "\"2030-03-01\""));
    assert_non_null(strstr(list.text, "null"));
    ms_table_print(&table, &pen, 0);
    assert_non_null(strstr(text.text, "2030-03-01"));
    ms_buf_free(&csv);
    ms_buf_free(&list);
    ms_buf_free(&text);
    ms_table_free(&table);
}

static void as_csv(void **state)
{
    (void)state;
    ms_table table;
    ms_buf out = {0};
    fill(&table);
    ms_table_csv_head(&table, &out);
    ms_table_csv_rows(&table, &out);
    assert_string_equal(out.text, "site,note,tonnes,met,day,ready\n"
                                  "Busan,\"the \"\"big\"\" one, by the sea\",12345.678,0.9996,3.25,yes\n"
                                  "부산항,,0.3,1,,\n");
    assert_int_equal(scan_csv(out.text), 2);
    ms_buf_free(&out);
    ms_table_free(&table);
}

static void as_json(void **state)
{
    (void)state;
    ms_table table;
    ms_buf out = {0};
    ms_json json;
    fill(&table);
    ms_json_start(&json, &out);
    ms_json_open_object(&json, NULL);
    ms_table_json(&table, &json, "rows");
    ms_json_close_object(&json);
    ms_json_finish(&json);
    json_t *value = scan_json(out.text), *rows = json_object_get(value, "rows");
    assert_int_equal(json_array_size(rows), 2);
    json_t *first = json_array_get(rows, 0), *second = json_array_get(rows, 1);
    assert_int_equal(json_object_size(first), 6);
    assert_string_equal(json_string_value(json_object_get(first, "note")), "the \"big\" one, by the sea");
    assert_true(json_real_value(json_object_get(first, "tonnes")) == 12345.678);
    assert_true(json_is_true(json_object_get(first, "ready")));
    assert_true(json_real_value(json_object_get(second, "tonnes")) == 0.3);
    assert_true(json_is_null(json_object_get(second, "day")));
    assert_true(json_is_null(json_object_get(second, "ready")));
    json_decref(value);
    ms_buf_free(&out);
    ms_table_free(&table);
}

static void shares(void **state)
{
    (void)state;
    const struct {
        double share;
        const char *text;
    } cases[] = {{0, "0.0"},     {1, "100"},       {0.5, "50.0"},   {0.99951, "99.9"}, {0.999999, "99.9"},
                 {1e-9, "<0.1"}, {0.0004, "<0.1"}, {0.0006, "0.1"}, {1.25, "125.0"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        ms_table_share_text(text, cases[i].share);
        assert_string_equal(text, cases[i].text);
    }
}

/* Names from hostile files, in many scripts, over any width. */
static void never_too_wide(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "a",
        "Busan",
        "부산항만공사 제3부두",
        "港",
        "\033]0;title\007",
        "é\xCC\x81\xCC\x82",
        "\xE2\x80\xAEx",
        "a-very-long-identifier-that-goes-on-and-on-and-on-until-it-fills-the-line-twice-over-and-more",
        "🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢",
        "two\nlines",
        "\xFF\xFE"};
    ms_random random = ms_random_start(3, 9);
    ms_buf out = {0};
    for (int round = 0; round < 1500; round++) {
        int width = (int)ms_random_between(&random, 1, 130);
        bool colour = round % 2 == 0, ascii = round % 3 == 0;
        ms_pen pen = {&out, width, colour, ascii};
        ms_table table;
        ms_table_start(&table, columns, COLUMNS);
        for (int64_t rows = ms_random_between(&random, 0, 5); rows > 0; rows--) {
            ms_table_row(&table);
            ms_table_text(&table, SITE, names[ms_random_between(&random, 0, sizeof names / sizeof names[0] - 1)]);
            ms_table_text(&table, NOTE, names[ms_random_between(&random, 0, sizeof names / sizeof names[0] - 1)]);
            ms_table_number(&table, TONNES,
                            pow(10.0, (double)ms_random_between(&random, -9, 12)) * (rows % 2 == 0 ? -1 : 1));
            ms_table_number(&table, SHARE, ms_random_unit(&random));
            if (rows % 2 == 0)
                ms_table_number(&table, DAY, ms_random_unit(&random) * 3660);
            ms_table_bar(&table, BAR, ms_random_unit(&random), ms_random_unit(&random));
            ms_table_tone(&table, -1, MS_TONE_BAD);
        }
        ms_buf_reset(&out);
        ms_table_print(&table, &pen, 0);
        scan_text(out.text, width, colour, false);
        ms_buf_reset(&out);
        ms_table_csv_head(&table, &out);
        ms_table_csv_rows(&table, &out);
        scan_csv(out.text);
        ms_table_free(&table);
    }
    ms_buf_free(&out);
}

static ms_status every_way(void *context)
{
    (void)context;
    ms_table table;
    ms_buf out = {0};
    ms_json json;
    ms_pen pen = {&out, 60, true, false};
    const double values[] = {1, 2, 3};
    ms_column with_spark[COLUMNS];
    memcpy(with_spark, columns, sizeof with_spark);
    with_spark[BAR].kind = MS_COLUMN_SPARK;
    ms_table_start(&table, with_spark, COLUMNS);
    for (int i = 0; i < 20; i++) {
        ms_table_row(&table);
        ms_table_text(&table, SITE, "a site");
        ms_table_show(&table, DAY, "soon");
        ms_table_spark(&table, BAR, values, 3, 3);
    }
    ms_table_print(&table, &pen, 0);
    ms_table_csv_rows(&table, &out);
    ms_json_start(&json, &out);
    ms_table_json(&table, &json, NULL);
    bool failed = table.failed || out.failed;
    ms_table_free(&table);
    ms_buf_free(&out);
    return failed ? MS_NO_MEMORY : MS_OK;
}

/* Five rows, of which three have "b" in them: the second page of two holds the third of these. */
static void pages(void **state)
{
    (void)state;
    static const char *const names[] = {"abc", "xyz", "B", "q", "cab"};
    static const ms_column one[] = {{"name", "name", NULL, MS_COLUMN_TEXT, 0}};
    const ms_view view = {.search = "b", .offset = 2, .limit = 2}, all = {0};
    ms_table table;
    ms_buf out = {0};
    ms_json json;
    ms_table_start(&table, one, 1);
    for (int i = 0; i < 5; i++) {
        ms_table_row(&table);
        ms_table_text(&table, 0, names[i]);
    }
    assert_int_equal(ms_table_page(&table, &all), 5);
    ms_json_start(&json, &out);
    ms_json_open_object(&json, NULL);
    ms_table_json_page(&table, &view, &json, "rows");
    ms_json_close_object(&json);
    assert_string_equal(out.text, "{\n  \"total\": 3,\n  \"offset\": 2,\n  \"rows\": [\n    {\n      \"name\": "
                                  "\"cab\"\n    }\n  ]\n}");
    ms_buf_free(&out);
    ms_table_free(&table);
}

static void memory_runs_short(void **state)
{
    (void)state;
    assert_true(each_refusal(every_way, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_wide_screen),
        cmocka_unit_test(on_a_narrow_screen),
        cmocka_unit_test(as_csv),
        cmocka_unit_test(no_formula_in_csv),
        cmocka_unit_test(dates_are_texts_in_files),
        cmocka_unit_test(as_json),
        cmocka_unit_test(shares),
        cmocka_unit_test(never_too_wide),
        cmocka_unit_test(pages),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
