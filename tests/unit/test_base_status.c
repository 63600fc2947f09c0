/* test_base_status.c: errors and findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"
#include "faults.h"

static void error_says_what_and_where(void **state)
{
    (void)state;
    ms_error err = {0};
    assert_int_equal(ms_error_set(&err, MS_USAGE, "no such engine: %s", "steam"), MS_USAGE);
    assert_int_equal(err.code, MS_USAGE);
    assert_string_equal(err.message, "no such engine: steam");
    assert_string_equal(err.file, "");
    assert_int_equal(err.line, 0);
    assert_int_equal(ms_error_at(&err, MS_BAD_INPUT, "lanes.csv", 3, 7, "%d", 12), MS_BAD_INPUT);
    assert_string_equal(err.file, "lanes.csv");
    assert_string_equal(err.message, "12");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 7);
    assert_int_equal(ms_error_memory(&err), MS_NO_MEMORY);
    assert_string_equal(err.message, "out of memory");
    assert_int_equal(ms_error_set(NULL, MS_IO, "nobody listens"), MS_IO);
}

static void error_may_quote_itself(void **state)
{
    (void)state;
    ms_error err = {0};
    (void)ms_error_at(&err, MS_IO, "a.csv", 1, 2, "the disk is full");
    (void)ms_error_at(&err, err.code, err.file, err.line, err.column, "cannot go on: %s", err.message);
    assert_string_equal(err.message, "cannot go on: the disk is full");
    assert_string_equal(err.file, "a.csv");
}

static void message_stays_one_line_of_utf8(void **state)
{
    (void)state;
    ms_error err = {0};
    (void)ms_error_set(&err, MS_IO, "%s", "a\nb\x1b[31mc\xFF\xC3\xA9");
    assert_string_equal(err.message, "a?b?[31mc?\xC3\xA9");

    /* 300 two-byte characters: the cut at 511 bytes falls inside one, so that 255 are kept. */
    char longer[601];
    for (int i = 0; i < 300; i++)
        memcpy(longer + 2 * i, "\xC3\xA9", 2);
    longer[600] = '\0';
    (void)ms_error_at(&err, MS_IO, longer, 0, 0, "%s", longer);
    assert_int_equal(strlen(err.message), 510);
    assert_int_equal(strlen(err.file), 254);
}

static void findings_are_kept_and_sorted(void **state)
{
    (void)state;
    ms_findings findings = {0};
    static const struct {
        const char *file;
        int line, column;
    } given[] = {{"sites.csv", 9, 1}, {"lanes.csv", 10, 2}, {"lanes.csv", 2, 5},
                 {"sites.csv", 9, 1}, {"lanes.csv", 2, 4},  {"case.json", 1, 1},
                 {"sites.csv", 9, 1}, {"items.csv", 0, 0},  {"lanes.csv", 10, 2}};
    static const char *const wanted[] = {"5", "7", "4", "2", "1", "8", "0", "3", "6"};
    for (int i = 0; i < 9; i++) {
        ms_severity severity = i % 2 ? MS_FINDING_ERROR : MS_FINDING_WARNING;
        assert_int_equal(ms_findings_add(&findings, severity, given[i].file, given[i].line, given[i].column, "%d", i),
                         MS_OK);
    }
    assert_int_equal(findings.error_count, 4);
    assert_int_equal(findings.warning_count, 5);
    ms_findings_sort(&findings);
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(findings.items[i].message, wanted[i]);
    assert_string_equal(findings.items[0].file, "case.json");
    assert_int_equal(findings.items[2].column, 4);
    assert_int_equal(findings.items[6].severity, MS_FINDING_WARNING);
    ms_findings_free(&findings);
    assert_null(findings.items);
    ms_findings_free(&findings);
    ms_findings_free(NULL);
}

static void cap_counts_and_keeps_room_for_errors(void **state)
{
    (void)state;
    ms_findings findings = {0};
    for (int i = 0; i < MS_FINDINGS_CAP + 5; i++)
        assert_int_equal(ms_findings_add(&findings, MS_FINDING_WARNING, "x.csv", i, 1, "odd"), MS_OK);
    assert_int_equal(findings.count, MS_FINDINGS_CAP / 2);
    for (int i = 0; i < MS_FINDINGS_CAP + 5; i++)
        assert_int_equal(ms_findings_add(&findings, MS_FINDING_ERROR, "a.csv", -i, 1, "wrong"), MS_OK);
    assert_int_equal(findings.count, MS_FINDINGS_CAP);
    assert_int_equal(findings.warning_count, MS_FINDINGS_CAP + 5);
    assert_int_equal(findings.error_count, MS_FINDINGS_CAP + 5);
    ms_findings_sort(&findings); /* the worst order for it: must not take long */
    for (size_t i = 1; i < findings.count; i++) {
        int by_file = strcmp(findings.items[i - 1].file, findings.items[i].file);
        assert_true(by_file < 0 || (by_file == 0 && findings.items[i - 1].line <= findings.items[i].line));
    }
    ms_findings_free(&findings);
}

static ms_status add_some(void *context)
{
    (void)context;
    ms_findings findings = {0};
    ms_status status = MS_OK;
    for (int i = 0; i < 20 && status == MS_OK; i++) {
        size_t before = findings.count + findings.error_count;
        status = ms_findings_add(&findings, MS_FINDING_ERROR, i == 3 ? NULL : "x.csv", i, 0, "number %d", i);
        assert_int_equal(findings.count + findings.error_count, before + (status == MS_OK ? 2 : 0));
    }
    ms_findings_free(&findings);
    return status;
}

static void findings_survive_refused_memory(void **state)
{
    (void)state;
    assert_true(each_refusal(add_some, NULL) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_says_what_and_where),
        cmocka_unit_test(error_may_quote_itself),
        cmocka_unit_test(message_stays_one_line_of_utf8),
        cmocka_unit_test(findings_are_kept_and_sorted),
        cmocka_unit_test(cap_counts_and_keeps_room_for_errors),
        cmocka_unit_test(findings_survive_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
