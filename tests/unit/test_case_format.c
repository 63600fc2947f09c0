/* test_case_format.c: the format table agrees with itself and with the page made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case/reader.h"
#include "case_text.h"

static void rows_are_sane(void **state)
{
    (void)state;
    int count;
    const ms_format_file *files = ms_format_files(&count);
    assert_int_equal(count, MS_FILE_KINDS);
    for (int kind = 0; kind < count; kind++) {
        const ms_format_file *file = &files[kind];
        assert_int_equal(file->kind, kind);
        assert_true(file->column_count > 0 && file->column_count <= MS_COLUMNS_MOST);
        assert_non_null(file->help);
        assert_non_null(file->row);
        assert_non_null(file->example);
        for (int ix = 0; ix < file->column_count; ix++) {
            const ms_column *column = &file->columns[ix];
            assert_int_equal(ms_format_column(file, column->name, strlen(column->name)), ix); /* no name twice */
            assert_true(strlen(column->help) > 8 && column->help[strlen(column->help) - 1] == '.');
            assert_true((column->flags & MS_COLUMN_REQUIRED) ? column->empty == NULL : column->empty != NULL);
            assert_true(file->kind == MS_FILE_CASE || column->offset < file->row_size);
            bool number = column->type == MS_COLUMN_NUMBER || column->type == MS_COLUMN_WHOLE ||
                          column->type == MS_COLUMN_DAY;
            assert_true(!number || column->low < column->high);
            assert_true((column->type == MS_COLUMN_WORD) == (column->words != NULL));
            /* A file refers only to those read before it. */
            bool refers = column->type == MS_COLUMN_REF || column->type == MS_COLUMN_MEMBER;
            assert_true(!refers || column->ref < file->kind);
        }
    }
    assert_int_equal(ms_format_column(&files[MS_FILE_LANES], "fro", 3), -1);
}

static void words_match_their_kinds(void **state)
{
    (void)state;
    assert_string_equal(ms_mode_words[MS_MODE_RIVER], "river");
    assert_string_equal(ms_site_kind_words[MS_SITE_UNIT], "unit");
    assert_string_equal(ms_class_words[MS_CLASS_WATER], "water");
    assert_string_equal(ms_class_words[MS_CLASS_IX], "IX");
    assert_string_equal(ms_what_words[MS_WHAT_DUTY], "duty");
    assert_string_equal(ms_effect_words[MS_EFFECT_SET], "set");
    assert_string_equal(ms_settlement_words[MS_SETTLE_EQUAL_VALUE], "equal-value");
    assert_null(ms_mode_words[MS_MODES]);
    assert_null(ms_what_words[MS_WHATS]);
}

/* The examples of the page are, together, a case without errors or warnings, as the page says. */
static void examples_are_a_case(void **state)
{
    (void)state;
    int count;
    const ms_format_file *files = ms_format_files(&count);
    ms_buf text = {0};
    for (int kind = 0; kind < count; kind++) {
        ms_buf_printf(&text, "== %s\n", files[kind].name);
        for (int ix = 0; kind != MS_FILE_CASE && ix < files[kind].column_count; ix++)
            ms_buf_printf(&text, "%s%s", ix > 0 ? "," : "", files[kind].columns[ix].name);
        ms_buf_printf(&text, "\n%s", files[kind].example);
    }
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_buf spelled = {0};
    ms_status status = case_text_read(&kase, text.text, text.length, NULL, &findings, &err);
    case_text_spell(&spelled, &findings);
    assert_string_equal(spelled.text, "");
    assert_int_equal(status, MS_OK);
    ms_case_free(kase);
    ms_findings_free(&findings);
    ms_buf_free(&spelled);
    ms_buf_free(&text);
}

static void page_has_every_row(void **state)
{
    (void)state;
    int count;
    const ms_format_file *files = ms_format_files(&count);
    ms_buf page = {0};
    ms_error err = {0};
    assert_int_equal(ms_format_markdown(&page, &err), MS_OK);
    for (int kind = 0; kind < count; kind++) {
        char heading[64];
        snprintf(heading, sizeof heading, "\n## %s\n", files[kind].name);
        const char *at = strstr(page.text, heading);
        assert_non_null(at);
        for (int ix = 0; ix < files[kind].column_count; ix++) {
            at = strstr(at, files[kind].columns[ix].help);
            assert_non_null(at);
        }
        assert_non_null(strstr(at, files[kind].example));
    }
    ms_buf_free(&page);
}

static void limits_as_text(void **state)
{
    (void)state;
    char text[32];
    assert_string_equal(ms_format_limit(text, 1e12), "1e12");
    assert_string_equal(ms_format_limit(text, 1e6), "1e6");
    assert_string_equal(ms_format_limit(text, 1000), "1000");
    assert_string_equal(ms_format_limit(text, 36600), "36600");
    assert_string_equal(ms_format_limit(text, 0.5), "0.5");
    assert_string_equal(ms_format_limit(text, 0), "0");
    assert_string_equal(ms_format_limit(text, -180), "-180");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sane),       cmocka_unit_test(words_match_their_kinds),
        cmocka_unit_test(examples_are_a_case), cmocka_unit_test(page_has_every_row),
        cmocka_unit_test(limits_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
