/* test_plan_format.c: plan_files.h's tables hold what plan_write.c writes, no more and no less; the page has all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "faults.h"
#include "plan/plan_files.h"

enum { FILE_MOST = 1 << 20, PATH_BYTES = 512 };

static char scratch[200], plan_path[PATH_BYTES];

/* The plan of tests/plans/knot/case, which has a row for every table: orders, a shortfall of each kind but one. */
static int write_plan(void **state)
{
    (void)state;
    const char *temporary = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/mainstay-plan-format.XXXXXX", temporary == NULL ? "/tmp" : temporary);
    if (mkdtemp(scratch) == NULL)
        return -1;
    snprintf(plan_path, sizeof plan_path, "%s/knot.plan", scratch);
    ms_case *kase = NULL;
    ms_plan *plan = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    int failed = ms_case_open(&kase, "tests/plans/knot/case", &findings, &err) != MS_OK ||
                 ms_plan_make(&plan, kase, NULL, &err) != MS_OK || ms_plan_write(plan, plan_path, false, &err) != MS_OK;
    if (failed)
        print_message("%s\n", err.message);
    ms_plan_free(plan);
    ms_case_free(kase);
    ms_findings_free(&findings);
    return -failed;
}

static int remove_plan(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return system(command);
}

static char *read_file(const char *name, size_t *length)
{
    char path[2 * PATH_BYTES], *bytes = NULL;
    snprintf(path, sizeof path, "%s/%s", plan_path, name);
    assert_int_equal(ms_file_read(&bytes, length, path, FILE_MOST, NULL), MS_OK);
    return bytes;
}

/* ---- summary.json ---- */

static bool may_hold(const char *holds, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return strcmp(holds, "object") == 0;
    case JSON_ARRAY:
        return strncmp(holds, "list", strlen("list")) == 0;
    case JSON_STRING:
        return strncmp(holds, "text", strlen("text")) == 0;
    case JSON_INTEGER:
    case JSON_REAL:
        return strncmp(holds, "number", strlen("number")) == 0;
    case JSON_NULL:
        return strstr(holds, "or null") != NULL;
    default:
        return strcmp(holds, "true or false") == 0;
    }
}

/* Takes the rows of the table at *next, one for each key below prefix, in the order of the file. */
static void walk(const ms_plan_key **next, json_t *object, const char *prefix)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const ms_plan_key *key = (*next)++;
        char path[128], below[128];
        snprintf(path, sizeof path, "%s%s", prefix, name);
        assert_non_null(key->path);
        assert_string_equal(key->path, path);
        assert_true(may_hold(key->holds, value));
        if (json_is_object(value)) {
            snprintf(below, sizeof below, "%.100s.", path);
            walk(next, value, below);
        } else if (json_is_object(json_array_get(value, 0))) {
            const ms_plan_key *first = *next;
            snprintf(below, sizeof below, "%.100s[].", path);
            for (size_t i = 0; i < json_array_size(value); i++) {
                *next = first;
                walk(next, json_array_get(value, i), below);
            }
        }
    }
}

static void every_key_of_the_summary_is_in_the_table(void **state)
{
    (void)state;
    size_t length = 0;
    char *bytes = read_file(MS_PLAN_SUMMARY, &length);
    json_t *summary = NULL;
    assert_int_equal(ms_json_parse(&summary, bytes, length, MS_PLAN_SUMMARY, NULL), MS_OK);
    const ms_plan_key *next = ms_plan_summary_keys;
    walk(&next, summary, "");
    assert_null(next->path); /* and the table has no others */
    json_decref(summary);
    ms_free(bytes);
}

/* ---- the tables ---- */

static void every_row_has_the_columns_of_the_table(void **state)
{
    (void)state;
    for (int kind = 0; kind < MS_PLAN_TABLES; kind++) {
        const ms_plan_table *table = &ms_plan_tables[kind];
        int columns = 0, rows = 0;
        size_t length = 0;
        char *bytes = read_file(table->file, &length);
        ms_csv_reader *csv = NULL;
        ms_csv_record record;
        assert_int_equal(ms_csv_open(&csv, bytes, length, table->file, NULL), MS_OK);
        assert_int_equal(ms_csv_next(csv, &record, NULL), MS_OK);
        for (; table->columns[columns].name != NULL; columns++) {
            assert_true(columns < record.field_count);
            const char *name = table->columns[columns].name;
            assert_int_equal(record.fields[columns].length, strlen(name));
            assert_memory_equal(record.fields[columns].text, name, strlen(name));
        }
        assert_int_equal(record.field_count, columns);
        for (;; rows++) {
            assert_int_equal(ms_csv_next(csv, &record, NULL), MS_OK);
            if (record.field_count == 0)
                break;
            assert_int_equal(record.field_count, columns);
        }
        assert_true(rows > 0);
        ms_csv_close(csv);
        ms_free(bytes);
    }
}

/* ---- the page ---- */

static const char *find_row(const char *at, const char *name, const char *help)
{
    char row[400];
    snprintf(row, sizeof row, "\n| %s | ", name);
    at = strstr(at, row);
    assert_non_null(at);
    const char *end = strchr(at + 1, '\n'), *found = strstr(at, help);
    assert_true(end != NULL && found != NULL && found < end);
    return at;
}

static void page_has_every_row(void **state)
{
    (void)state;
    ms_buf page = {0};
    ms_error err = {0};
    assert_int_equal(ms_plan_format_markdown(&page, &err), MS_OK);
    const char *at = page.text;
    for (int kind = 0; kind < MS_PLAN_TABLES; kind++) {
        char heading[64];
        snprintf(heading, sizeof heading, "\n## %s\n", ms_plan_tables[kind].file);
        at = strstr(at, heading);
        assert_non_null(at);
        for (const ms_plan_column *column = ms_plan_tables[kind].columns; column->name != NULL; column++)
            at = find_row(at, column->name, column->help);
    }
    at = strstr(at, "\n## " MS_PLAN_SUMMARY "\n");
    assert_non_null(at);
    for (const ms_plan_key *key = ms_plan_summary_keys; key->path != NULL; key++)
        at = find_row(at, key->path, key->help);
    assert_non_null(strstr(at, "\n## case/\n"));
    assert_non_null(strstr(at, "\n## " MS_PLAN_BASIS "\n"));
    ms_buf_free(&page);
}

static ms_status make_page(void *context)
{
    (void)context;
    ms_buf page = {0};
    ms_status status = ms_plan_format_markdown(&page, NULL);
    ms_buf_free(&page);
    return status;
}

static void page_survives_refused_memory(void **state)
{
    (void)state;
    assert_true(each_refusal(make_page, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_summary_is_in_the_table),
        cmocka_unit_test(every_row_has_the_columns_of_the_table),
        cmocka_unit_test(page_has_every_row),
        cmocka_unit_test(page_survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, write_plan, remove_plan);
}
