/* test_gen.c: the case generator: the same bytes for the same options, cases that open, limits that say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "case/case.h"
#include "faults.h"

enum { FILE_MOST = 64 << 20 };

static const char *const files[] = {"agreements.csv", "case.json",       "commitments.csv", "contingencies.csv",
                                    "demands.csv",    "duties.csv",      "fleets.csv",      "items.csv",
                                    "lanes.csv",      "partners.csv",    "reserves.csv",    "sites.csv",
                                    "stocks.csv",     "substitutes.csv", "supplies.csv"};
enum { FILES = (int)(sizeof files / sizeof files[0]) };

static char scratch[200];

static int make_scratch(void **state)
{
    (void)state;
    const char *temporary = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/mainstay-gen.XXXXXX", temporary == NULL ? "/tmp" : temporary);
    return mkdtemp(scratch) == NULL;
}

static int remove_scratch(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return system(command);
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static void read_file(char **out, size_t *length, const char *folder, const char *file)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s/%s", scratch, folder, file);
    assert_int_equal(ms_file_read(out, length, path, FILE_MOST, NULL), MS_OK);
}

static uint64_t hash_of(const char *folder)
{
    uint64_t hash = MS_HASH_START;
    for (int f = 0; f < FILES; f++) {
        char *bytes = NULL;
        size_t length = 0;
        read_file(&bytes, &length, folder, files[f]);
        hash = ms_hash_bytes(hash, bytes, length);
        ms_free(bytes);
    }
    return hash;
}

static bool same_file(const char *a, const char *b, const char *file)
{
    char *one = NULL, *other = NULL;
    size_t length = 0, other_length = 0;
    read_file(&one, &length, a, file);
    read_file(&other, &other_length, b, file);
    bool same = length == other_length && memcmp(one, other, length) == 0;
    ms_free(one);
    ms_free(other);
    return same;
}

static ms_gen_options small(void)
{
    ms_gen_options options;
    assert_int_equal(ms_gen_size(&options, "S", NULL), MS_OK);
    return options;
}

static void write_case(const char *name, ms_gen_options options)
{
    ms_error err = {0};
    if (ms_gen_write(path_of(name), &options, &err) != MS_OK)
        fail_msg("%s: %s", name, err.message);
}

/* The case opens without an error, holds what was asked for, and warns about little. */
static void opens(const char *name, ms_gen_options options, size_t warnings_most)
{
    ms_findings findings = {0};
    ms_case *kase = NULL;
    ms_error err = {0};
    ms_status status = ms_case_open(&kase, path_of(name), &findings, &err);
    if (status != MS_OK)
        fail_msg("%s: %s:%d:%d: %s", name, err.file, err.line, err.column, err.message);
    if (findings.warning_count > warnings_most)
        fail_msg("%s: %zu warnings, first %s:%d: %s", name, findings.warning_count, findings.items[0].file,
                 findings.items[0].line, findings.items[0].message);
    assert_int_equal(kase->sites_count, options.sites);
    assert_int_equal(kase->lanes_count, options.lanes);
    assert_int_equal(kase->items_count, options.items);
    assert_int_equal(kase->partners_count, options.partners);
    assert_int_equal(kase->period_count, options.days);
    assert_true(kase->demands_count > 0 && kase->stocks_count > 0);
    ms_findings_free(&findings);
    ms_case_free(kase);
}

static void sizes_have_names(void **state)
{
    (void)state;
    ms_gen_options options = {0};
    ms_error err = {0};
    assert_int_equal(ms_gen_size(&options, "L", &err), MS_OK);
    assert_int_equal(options.sites, 148);
    assert_int_equal(options.lanes, 926);
    assert_int_equal(options.items * options.partners, 24); /* layers */
    assert_int_equal(options.days, 90);
    ms_gen_options before = options;
    assert_int_equal(ms_gen_size(&options, "huge", &err), MS_USAGE);
    assert_non_null(strstr(err.message, "S, M, L and XL"));
    assert_memory_equal(&options, &before, sizeof options);
}

static void same_options_same_bytes(void **state)
{
    (void)state;
    write_case("one", small());
    write_case("two", small());
    assert_true(hash_of("one") == hash_of("two"));
    ms_gen_options other = small();
    other.seed = 2;
    write_case("three", other);
    assert_true(hash_of("one") != hash_of("three"));
}

/* Known answer: the bytes of S on any machine. A change to the generator changes it: put the new value here
 * and run `make bench` again, for the numbers in docs/bench.md then describe other cases. */
static void the_bytes_of_size_s(void **state)
{
    (void)state;
    write_case("known", small());
    assert_int_equal(hash_of("known"), UINT64_C(0x61068adb147d318e));
}

static void sizes_open(void **state)
{
    (void)state;
    static const char *const names[] = {"S", "M", "L"};
    for (int i = 0; i < 3; i++) {
        ms_gen_options options;
        assert_int_equal(ms_gen_size(&options, names[i], NULL), MS_OK);
        write_case(names[i], options);
        opens(names[i], options, 5);
    }
}

static void odd_sizes_open(void **state)
{
    (void)state;
    const ms_gen_options odd[] = {
        {.sites = 10, .lanes = 24, .items = 1, .days = 1, .partners = 1, .seed = 3},
        {.sites = 13, .lanes = 40, .items = 2, .days = 2, .partners = 2, .seed = 4},
        {.sites = 55, .lanes = 170, .items = 16, .days = 7, .partners = 16, .seed = 5},
        {.sites = 40, .lanes = 200, .items = 40, .days = 400, .partners = 3, .seed = UINT64_MAX},
        {.sites = 150, .lanes = 3000, .items = 3, .days = 12, .partners = 2, .seed = 0},
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char name[20];
        snprintf(name, sizeof name, "odd-%zu", i);
        write_case(name, odd[i]);
        opens(name, odd[i], 1000);
    }
}

/* Each table has its own numbers: a longer horizon moves no site and no lane, another item changes no other. */
static void sizes_do_not_disturb_each_other(void **state)
{
    (void)state;
    ms_gen_options options = small();
    write_case("plain", options);
    options.days = 60;
    write_case("longer", options);
    assert_true(same_file("plain", "longer", "sites.csv"));
    assert_true(same_file("plain", "longer", "items.csv"));
    assert_true(same_file("plain", "longer", "lanes.csv"));
    options = small();
    options.seed = 9;
    write_case("other", options);
    assert_false(same_file("plain", "other", "sites.csv"));
}

static void refuses(ms_gen_options options, const char *message)
{
    ms_error err = {0};
    assert_int_equal(ms_gen_write(path_of("refused"), &options, &err), MS_USAGE);
    assert_non_null(strstr(err.message, message));
    assert_false(ms_file_exists(path_of("refused")));
}

static void limits_say_so(void **state)
{
    (void)state;
    ms_gen_options options = small();
    options.sites = 12;
    refuses(options, "sites must be 13 to");
    options = small();
    options.days = 0;
    refuses(options, "days must be");
    options = small();
    options.items = -1;
    refuses(options, "items must be");
    options = small();
    options.partners = 17;
    refuses(options, "partners must be");
    options = small();
    options.lanes = 20;
    refuses(options, "27 sites need at least");
    options = small();
    options.lanes = 20000;
    refuses(options, "room for");
}

static void an_existing_folder_stays(void **state)
{
    (void)state;
    write_case("there", small());
    uint64_t before = hash_of("there");
    ms_gen_options options = small();
    options.seed = 5;
    ms_error err = {0};
    assert_int_not_equal(ms_gen_write(path_of("there"), &options, &err), MS_OK);
    assert_true(hash_of("there") == before);
}

static ms_status write_tiny(void *context)
{
    (void)context;
    static int n;
    char name[20];
    snprintf(name, sizeof name, "fault-%d", n++);
    ms_gen_options options = {.sites = 10, .lanes = 24, .items = 1, .days = 3, .partners = 1, .seed = 1};
    return ms_gen_write(path_of(name), &options, NULL);
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(each_refusal(write_tiny, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_have_names),    cmocka_unit_test(same_options_same_bytes),
        cmocka_unit_test(the_bytes_of_size_s), cmocka_unit_test(sizes_open),
        cmocka_unit_test(odd_sizes_open),      cmocka_unit_test(sizes_do_not_disturb_each_other),
        cmocka_unit_test(limits_say_so),       cmocka_unit_test(an_existing_folder_stays),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
