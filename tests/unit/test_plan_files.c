/* test_plan_files.c: a plan folder there and back, the same bytes each time, and folders from hostile hands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "plan/explain.h"
#include "plan/plan_files.h"
#include "plan_story.h"

/* A row for most of what a plan can say: shortfalls of all three kinds, orders of all three kinds, all prices. */
static const char rich_case[] =
    "== sites.csv\nsite,partner,kind,handling_t_per_day,storage_t\na,,depot,,\nb,green,port,9,6\nc,blue,unit,,\n"
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,green,road,1,4\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day,cost_per_t,fleet\n"
    "ab,a,b,road,1,green,3,10,truck\nbc,b,c,road,1,,,5,\nca,c,a,road,2,blue,8,,\n"
    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,30\nb,fuel,green,6\nc,water,blue,1\n"
    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,water,green,0,,3\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
    "b-fuel,b,fuel,green,1,,4,1\nc-fuel,c,fuel,blue,0,,3,2\nc-water,c,water,blue,1,,2,1\n"
    "== reserves.csv\nsite,item,partner,quantity,days,priority\nb,fuel,green,3,,3\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t\nride,green,blue,lift,*,\n"
    "door,green,blue,site,b,7\ndrink,green,blue,item,water,\nswap,blue,green,item,fuel,5\n"
    "== commitments.csv\nlane,item,partner,depart_day,quantity\nca,fuel,blue,-1,2\nca,water,blue,0,3\n"
    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\nrain,1,2,lane,bc,scale,0.5\n";

static const char *const rain = "rain";
static const ms_plan_options RICH = {
    .engine = MS_ENGINE_LP, .alone = true, .contingencies = &rain, .contingency_count = 1};

static char *bytes_of(const char *path, size_t *length)
{
    char *bytes = NULL;
    ms_error err = {0};
    if (ms_file_read(&bytes, length, path, 1 << 24, &err) != MS_OK)
        fail_msg("%s: %s", path, err.message);
    return bytes;
}

static void put_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static const char *const files[] = {"movements.csv", "issues.csv", "stock.csv",    "shortfalls.csv", "orders.csv",
                                    "prices.csv",    "basis",      "summary.json", "case/case.json", "case/lanes.csv"};
enum { FILES = sizeof files / sizeof *files };

static void assert_same_folders(const char *left, const char *right)
{
    for (int i = 0; i < FILES; i++) {
        char path[256];
        size_t left_length, right_length;
        snprintf(path, sizeof path, "%s/%s", left, files[i]);
        char *one = bytes_of(path, &left_length);
        snprintf(path, sizeof path, "%s/%s", right, files[i]);
        char *other = bytes_of(path, &right_length);
        if (left_length != right_length || memcmp(one, other, left_length) != 0)
            fail_msg("%s differs between %s and %s", files[i], left, right);
        ms_free(one);
        ms_free(other);
    }
}

static ms_status open_plan(ms_plan **plan, ms_case **kase, const char *path, ms_error *err)
{
    ms_findings findings = {0};
    ms_status status = ms_plan_open(plan, kase, path, &findings, err);
    ms_findings_free(&findings);
    return status;
}

static void there_and_back(void **state)
{
    (void)state;
    story of;
    ms_plan *back = NULL;
    ms_case *kase = NULL;
    ms_error err = {0};
    story_tell_by(&of, rich_case, &RICH);
    if (open_plan(&back, &kase, "plan", &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    assert_int_equal(back->movement_count, of.plan->movement_count);
    assert_int_equal(back->issue_count, of.plan->issue_count);
    assert_int_equal(back->level_count, of.plan->level_count);
    assert_int_equal(back->shortfall_count, of.plan->shortfall_count);
    assert_int_equal(back->price_count, of.plan->price_count);
    assert_int_equal(back->order_count, of.plan->order_count);
    assert_memory_equal(back->movements, of.plan->movements, back->movement_count * sizeof *back->movements);
    assert_int_equal(back->contingency_count, 1);
    assert_string_equal(back->engine, of.plan->engine);
    assert_string_equal(back->engine_reason, of.plan->engine_reason);
    assert_true(back->objective == of.plan->objective && back->bound == of.plan->bound && back->has_alone);
    assert_true(back->stopped == of.plan->stopped && ms_plan_seconds(back) == 0);
    bool seen[11] = {false};
    for (size_t i = 0; i < back->price_count; i++) {
        assert_true(back->prices[i].price == of.plan->prices[i].price);
        seen[back->prices[i].label] = true;
    }
    assert_true(seen[2] && seen[5] && seen[6] && seen[7] && seen[8] && seen[10]);
    bool kinds[3] = {false};
    for (size_t i = 0; i < back->shortfall_count; i++)
        kinds[back->shortfalls[i].kind] = true;
    assert_true(kinds[MS_SHORT_DEMAND] && kinds[MS_SHORT_COMMITMENT]);
    if (ms_plan_write(back, "again", false, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_same_folders("plan", "again");
    ms_plan_free(back);
    ms_case_free(kase);
    story_close(&of);
}

/* Planned again from the same files: the same bytes, whatever the clock says. */
static void same_bytes(void **state)
{
    (void)state;
    story of, again;
    ms_error err = {0};
    story_tell_by(&of, rich_case, &RICH);
    assert_int_equal(ms_plan_write(of.plan, "first", true, &err), MS_OK);
    story_tell_by(&again, rich_case, &RICH);
    assert_int_equal(ms_plan_write(again.plan, "second", true, &err), MS_OK);
    assert_same_folders("first", "second");
    story_close(&of);
    story_close(&again);
}

/* A plan gives way when it may, a stranger's folder never. */
static void what_may_be_replaced(void **state)
{
    (void)state;
    story of;
    ms_error err = {0};
    story_tell_by(&of, rich_case, &RICH);
    assert_int_equal(ms_plan_write(of.plan, "kept", false, &err), MS_OK);
    assert_int_not_equal(ms_plan_write(of.plan, "kept", false, &err), MS_OK);
    assert_true(strlen(err.message) > 0);
    assert_int_equal(ms_plan_write(of.plan, "kept", true, &err), MS_OK);
    assert_int_equal(mkdir("holiday", 0755), 0);
    put_bytes("holiday/photo.txt", "sea", 3);
    assert_int_not_equal(ms_plan_write(of.plan, "holiday", true, &err), MS_OK);
    size_t length;
    char *photo = bytes_of("holiday/photo.txt", &length);
    assert_int_equal(length, 3);
    ms_free(photo);
    put_bytes("file", "text", 4);
    assert_int_not_equal(ms_plan_write(of.plan, "file", true, &err), MS_OK);
    assert_int_not_equal(ms_plan_write(of.plan, "nowhere/plan", true, &err), MS_OK);
    story_close(&of);
}

/* Reads a folder that may be anything; what can be read is used: explained, and written again. */
static ms_status use(const char *path, ms_error *err)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    *err = (ms_error){0};
    ms_status status = open_plan(&plan, &kase, path, err);
    if (status == MS_OK) {
        const ms_explain_options options = {.most = 3, .verify = true};
        ms_reasons reasons = {0};
        ms_bottleneck *rows = NULL;
        size_t count = 0;
        ms_error ignored = {0};
        if (ms_explain(&reasons, plan, &options, &ignored) == MS_OK)
            ms_reasons_free(&reasons);
        if (ms_explain_bottlenecks(&rows, &count, plan, &ignored) == MS_OK)
            ms_free(rows);
        assert_int_equal(ms_plan_write(plan, "rewritten", true, &ignored), MS_OK);
    } else {
        assert_true(strlen(err->message) > 0);
    }
    ms_plan_free(plan);
    ms_case_free(kase);
    return status;
}

/* The first `from` of the file becomes `to`; the folder is read; the file is put back. */
static ms_status use_changed(const char *name, const char *from, const char *to, ms_error *err)
{
    char path[256], changed[1 << 16];
    size_t length;
    snprintf(path, sizeof path, "plan/%s", name);
    char *text = bytes_of(path, &length);
    const char *at = strstr(text, from);
    if (at == NULL)
        fail_msg("%s has no '%s':\n%s", name, from, text);
    int size = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    put_bytes(path, changed, (size_t)size);
    ms_status status = use("plan", err);
    put_bytes(path, text, length);
    ms_free(text);
    return status;
}

static void wrong_cells(void **state)
{
    (void)state;
    const struct {
        const char *file, *from, *to, *says;
        bool row; /* a row's fault: the line is told */
    } known[] = {
        {"movements.csv", "\nab,", "\nxy,", "lane 'xy' is not in the case", true},
        {"movements.csv", ",fuel,", ",beer,", "item 'beer'", true},
        {"movements.csv", ",blue,", ",red,", "owner 'red'", true},
        {"movements.csv", "lane,", "lame,", "the column 'lane' is missing", true},
        {"movements.csv", ",fuel,blue,-1,", ",fuel,blue,-1e300,", "depart_day", true},
        {"movements.csv", ",fuel,blue,-1,", ",fuel,blue,-0.7,", "depart_day", true},
        {"movements.csv", ",fuel,blue,-1,", ",fuel,blue,x,", "depart_day", true},
        {"movements.csv", ",fuel,blue,-1,1,", ",fuel,blue,-1,99999999999,", "arrive_day", true},
        {"movements.csv", ",,,1\n", ",,,7\n", "commitment '7'", true},
        {"movements.csv", ",,,1\n", ",,,1.5\n", "commitment '1.5'", true},
        {"movements.csv", ",,,1\n", ",,,-3\n", "commitment '-3'", true},
        {"issues.csv", "\nb-fuel,", "\nb-fool,", "demand 'b-fool'", true},
        {"issues.csv", ",t,", ",\"t,", "", true},
        {"stock.csv", "\na,fuel,blue,,,30,", "\na,fuel,blue,,,-30,", "is negative", true},
        {"stock.csv", "\na,fuel,blue,,,30,", "\na,fuel,blue,,,1e999,", "quantity", true},
        {"stock.csv", "\na,fuel,blue,,,30,", "\na,fuel,blue,77,,30,", "day '77'", true},
        {"shortfalls.csv", "\ndemand,", "\nwish,", "is not a word of the plan format", true},
        {"shortfalls.csv", "\ncommitment,2,", "\ncommitment,3,", "commitments.csv", true},
        {"shortfalls.csv", "\ndemand,c-fuel,", "\nreserve,,", "has no such reserve", true},
        {"prices.csv", "\nC2,", "\nC9,", "label", true},
        {"prices.csv", "\nC2,", "\n,", "label", true},
        {"prices.csv", "\nC10,2,", "\nC10,9,", "commitments.csv", true},
        {"prices.csv", "\nC6,,,,truck", "\nC3,,,,truck", "lane ''", true},
        {"summary.json", "{", "[", "", true},
        {"summary.json", "\"format\": 1", "\"format\": 2", "format 1", false},
        {"summary.json", "\"digest\": \"", "\"digest\": \"0", "its files were changed", false},
        {"summary.json", "\"objective\": ", "\"objective\": null, \"was\": ", "a number is missing", false},
        {"summary.json", "\"engine\": \"", "\"motor\": \"", "engine", false},
        {"summary.json", "\"contingencies\": [", "\"contingencies\": [3, ", "list of ids", false},
        {"summary.json", "\"rain\"", "\"snow\"", "snow", false},
        {"summary.json", "\"coverage\": [", "\"coverage\": [1, ", "coverage", false},
    };
    story of;
    story_tell_by(&of, rich_case, &RICH);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ms_error err;
        ms_status status = use_changed(known[i].file, known[i].from, known[i].to, &err);
        if (status == MS_OK || strstr(err.message, known[i].says) == NULL)
            fail_msg("%s with '%s': %s:%d: '%s'", known[i].file, known[i].to, err.file, err.line, err.message);
        if (known[i].row && (strcmp(err.file, known[i].file) != 0 || err.line < 1))
            fail_msg("%s with '%s' is told as %s:%d", known[i].file, known[i].to, err.file, err.line);
    }
    story_close(&of);
}

/* Odd, but a plan: prices beyond reason and rows twice are read, explained and written without harm. */
static void odd_but_read(void **state)
{
    (void)state;
    story of;
    ms_error err;
    story_tell_by(&of, rich_case, &RICH);
    assert_int_equal(use_changed("prices.csv", "\nC6,,,,truck,,,,1,",
                                 "\nC3,,ab,,,,,,0,1e308\nC3,,ab,,,,,,0,-1e308\nC6,,,,truck,,,,1,-", &err),
                     MS_OK);
    assert_int_equal(
        use_changed("prices.csv", "\nC2,", "\nC5,,,b,,,,,0,1e308\nC5,,,b,,,,,1,1e308\nC5,,,b,,,,,2,1e308\nC2,", &err),
        MS_OK);
    assert_int_equal(use_changed("stock.csv", "\na,fuel,blue,,,30,", "\na,fuel,blue,,,30,t,30\na,fuel,blue,,,9,", &err),
                     MS_OK);
    assert_int_equal(use_changed("summary.json", "\"columns\": ", "\"columns\": -9e18, \"more\": ", &err), MS_OK);
    story_close(&of);
}

/* The basis is only a place to start from: one of another length, or of any bytes, gives the same reasons. */
static void any_basis(void **state)
{
    (void)state;
    story of;
    ms_error err;
    size_t length;
    story_tell_by(&of, rich_case, &RICH);
    char *basis = bytes_of("plan/basis", &length);
    char *noise = ms_alloc(2 * length, 1);
    assert_non_null(noise);
    uint32_t state_now = 1;
    for (size_t i = 0; i < 2 * length; i++) {
        state_now = state_now * 1664525 + 1013904223;
        noise[i] = (char)(state_now >> 24);
    }
    const size_t lengths[] = {0, 1, length - 1, length, 2 * length};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        put_bytes("plan/basis", noise, lengths[i]);
        assert_int_equal(use("plan", &err), MS_OK);
    }
    assert_int_equal(unlink("plan/basis"), 0);
    assert_int_equal(use("plan", &err), MS_OK);
    ms_free(basis);
    ms_free(noise);
    story_close(&of);
}

/* A plan without a row of stock has none anywhere. */
static void no_levels(void **state)
{
    (void)state;
    story of;
    story_tell(&of,
               "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nneed,b,fuel,blue,0,1,4,1\n");
    assert_int_equal(of.plan->level_count, 0);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", -1), 0);
    STORY_NEAR(story_stock(&of, "b", "fuel", "blue", 3), 0);
    story_close(&of);
}

/* Each file cut short at each of some lengths, or gone: an error or a plan, never a crash; a folder without
 * summary.json is no plan, and says how to make one. */
static void cut_files(void **state)
{
    (void)state;
    story of;
    ms_error err;
    story_tell_by(&of, rich_case, &RICH);
    for (int i = 0; i < FILES; i++) {
        char path[256];
        size_t length;
        snprintf(path, sizeof path, "plan/%s", files[i]);
        char *bytes = bytes_of(path, &length);
        for (size_t cut = 0; cut < length; cut += 1 + length / 23) {
            put_bytes(path, bytes, cut);
            ms_status status = use("plan", &err);
            if (strncmp(files[i], "case/", 5) == 0 || strcmp(files[i], "summary.json") == 0)
                assert_int_not_equal(status, MS_OK);
        }
        assert_int_equal(unlink(path), 0);
        ms_status gone = use("plan", &err);
        if (strcmp(files[i], "orders.csv") != 0 && strcmp(files[i], "basis") != 0)
            assert_int_not_equal(gone, MS_OK);
        put_bytes(path, bytes, length);
        ms_free(bytes);
    }
    assert_int_equal(use("plan", &err), MS_OK);
    assert_int_equal(use("nothing-here", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "is not a plan"));
    story_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back), cmocka_unit_test(same_bytes),   cmocka_unit_test(what_may_be_replaced),
        cmocka_unit_test(wrong_cells),    cmocka_unit_test(odd_but_read), cmocka_unit_test(any_basis),
        cmocka_unit_test(cut_files),      cmocka_unit_test(no_levels),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
