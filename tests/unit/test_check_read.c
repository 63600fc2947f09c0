/* test_check_read.c: plan folders that are no plans. Each fault is a finding at its place, and nothing is recomputed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "check_plans.h"

typedef struct {
    const char *message;
    int line, column;
    change with;
} fault;

static const fault faults[] = {
    {"no lane of the case is called 'depot-cmap'; did you mean 'depot-camp'",
     2,
     1,
     {"movements.csv", "depot-camp,depot", "depot-cmap,depot"}},
    {"lane is empty; it must name a lane", 2, 1, {"movements.csv", "depot-camp,depot", ",depot"}},
    {"from is 'camp' where 'depot' would fit the rest of the row",
     2,
     12,
     {"movements.csv", "-camp,depot,", "-camp,camp,"}},
    {"mode is 'sea' where 'road' would fit", 2, 23, {"movements.csv", "road", "sea"}},
    {"quantity -10 is not between 0 and 1e+15", 2, 56, {"movements.csv", "10,m3", "-10,m3"}},
    {"quantity 'nan' is not finite", 2, 56, {"movements.csv", "10,m3", "nan,m3"}},
    {"quantity '1e999' is too large", 2, 56, {"movements.csv", "10,m3", "1e999,m3"}},
    {"quantity 1e+16 is not between", 2, 56, {"movements.csv", "10,m3", "1e16,m3"}},
    {"quantity '' is empty", 2, 56, {"movements.csv", "10,m3", ",m3"}},
    {"tonnes says 9; the quantity weighs 8 t", 2, 62, {"movements.csv", "m3,8", "m3,9"}},
    {"depart_day 0.25 is not the start of a period; periods are 1 days long",
     2,
     41,
     {"movements.csv", "green,0", "green,0.25"}},
    {"depart_day 4 lies outside the case, which runs from day 0 to day 4",
     2,
     41,
     {"movements.csv", "green,0", "green,4"}},
    {"depart_day -1 lies outside", 2, 41, {"movements.csv", "green,0", "green,-1"}},
    {"depart_day 1e+15 is not the start", 2, 41, {"movements.csv", "green,0", "green,1e15"}},
    {"the case has no commitment 1, but 1 to 0", 2, 78, {"movements.csv", "camp-access,\n", "camp-access,1\n"}},
    {"no agreement of the case is called 'camp-acess'; did you mean 'camp-access'",
     2,
     66,
     {"movements.csv", "camp-access", "camp-acess"}},
    {"says again what line 2 says; it must be one row",
     3,
     0,
     {"movements.csv", "depot-hill",
      "depot-camp,depot,camp,road,diesel,green,0,1,,1,m3,0.8,,,camp-access,\ndepot-hill"}},
    {"the column quantity is missing", 1, 0, {"movements.csv", "quantity", "amount"}},
    {"two columns are called lane", 1, 0, {"movements.csv", "depart_date", "lane"}},
    {"has no header row", 1, 0, {"movements.csv", NULL, ""}},
    {"the plan has no such file", 0, 0, {"movements.csv", NULL, NULL}},
    {"no demand of the case is called", 2, 1, {"issues.csv", "camp-diesel", "camp"}},
    {"meets says 9 m3; the quantity issued meets 10", 2, 62, {"issues.csv", "10,m3,10,m3", "10,m3,9,m3"}},
    {"receiver is 'green' where 'blue' would fit", 2, 31, {"issues.csv", "green,blue", "green,green"}},
    {"no site of the case is called 'Depot'", 2, 1, {"stock.csv", "depot", "Depot"}},
    {"kind must be demand, reserve or commitment", 2, 1, {"shortfalls.csv", "demand,camp", "wish,camp"}},
    {"the case has no reserve of that site, item and partner",
     2,
     21,
     {"shortfalls.csv", "demand,camp", "reserve,camp"}},
    {"to_day must lie behind from_day", 2, 46, {"orders.csv", "1,4", "1,1"}},
    {"settlement is 'cash' where 'in-kind' would fit", 3, 70, {"orders.csv", "in-kind", "cash"}},
    {"label must be C2 to C8", 2, 1, {"prices.csv", "C2", "C9"}},
    {"price 'inf' is not finite", 2, 24, {"prices.csv", "9.99995", "inf"}},
    {"the plan has no such file; without it this is no plan", 0, 0, {"summary.json", NULL, NULL}},
    {"must be a JSON object", 0, 0, {"summary.json", NULL, "[1]"}},
    {"format must be 1", 2, 13, {"summary.json", "1", "2"}},
    {"objective must be a number", 12, 16, {"summary.json", "\"objective\": 43.0065", "\"objective\": \"43\""}},
    {"bound must be a number", 1, 1, {"summary.json", "\"bound\": 43.0065,", ""}},
    {"stopped must be true or false", 10, 14, {"summary.json", "false", "0"}},
    {"the case has no contingency 'storm'", 7, 20, {"summary.json", "[]", "[\"storm\"]"}},
    {"the case has no contingency '(not a text)'", 7, 20, {"summary.json", "[]", "[7]"}},
    {"contingencies must be a list", 7, 20, {"summary.json", "[]", "{}"}},
    {"currency is not the case's, USD", 18, 15, {"summary.json", "USD", "EUR"}},
    {"no partner of the case is called 'red'", 23, 15, {"summary.json", "\"blue\"", "\"red\""}},
    {"priority in the coverage table must be 1 to 15", 23, 15, {"summary.json", "\"priority\": 1", "\"priority\": 16"}},
    {"met_t in the coverage table must be a number from 0",
     23,
     15,
     {"summary.json", "\"met_t\": 26", "\"met_t\": -26"}},
    {"digest must be 16 hexadecimal digits", 3, 11, {"summary.json", "\"digest\": \"", "\"digest\": \"x"}},
};

static bool found_at(const trial *of, const fault *each)
{
    for (size_t i = 0; i < of->findings.count; i++) {
        const ms_finding *finding = &of->findings.items[i];
        if (strncmp(finding->message, each->message, strlen(each->message)) == 0 &&
            strcmp(finding->file, each->with.file) == 0 && finding->line == each->line &&
            finding->column == each->column)
            return true;
    }
    return false;
}

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        trial of;
        const change changes[] = {faults[i].with, {0}};
        trial_open(&of, "examples/tiny", "tests/plans/tiny", changes);
        ms_status status = trial_check(&of);
        if (status != MS_BAD_INPUT || of.findings.error_count != 1 || !found_at(&of, &faults[i])) {
            trial_print(&of);
            fail_msg("wanted %s:%d:%d: %s, alone", faults[i].with.file, faults[i].line, faults[i].column,
                     faults[i].message);
        }
        assert_non_null(strstr(of.report.text, "nothing was recomputed"));
        trial_close(&of);
    }
}

/* Every file, cut at every byte, is refused; only the last line end of summary.json, which JSON does not need, may go.
 */
static void test_cut(void **state)
{
    (void)state;
    trial of;
    trial_open(&of, "tests/plans/knot/case", "tests/plans/knot/plan", NULL);
    for (int i = 0; i < MS_CHECK_FILES; i++) {
        size_t whole = of.files[i].length;
        for (size_t length = 0; length < whole; length++) {
            of.files[i].length = length;
            ms_status status = trial_check(&of);
            if (status != (i == MS_CHECK_SUMMARY && length + 1 == whole ? MS_OK : MS_BAD_INPUT))
                fail_msg("%s cut at byte %zu of %zu: status %d", ms_check_file_names[i], length, whole, status);
        }
        of.files[i].length = whole;
    }
    trial_close(&of);
}

static void test_garbage(void **state)
{
    (void)state;
    const char *const texts[] = {"\x00\x01\x02", "\xff\xfe\xfd", "\"",     "{",
                                 "{}",           "a,b\n1,2\n",   "\n\n\n", "\xef\xbb\xbf"};
    trial of;
    trial_open(&of, "examples/tiny", "tests/plans/tiny", NULL);
    for (int i = 0; i < MS_CHECK_FILES; i++) {
        ms_check_file whole = of.files[i];
        for (size_t g = 0; g < sizeof texts / sizeof *texts; g++) {
            of.files[i] = (ms_check_file){texts[g], g == 0 ? 3 : strlen(texts[g])};
            assert_int_equal(trial_check(&of), MS_BAD_INPUT);
            assert_true(of.findings.error_count > 0);
        }
        of.files[i] = whole;
    }
    trial_close(&of);
}

/* Columns in another order, more of them, CRLF, a byte order mark, quotes: still the same plan. */
static void test_spreadsheet(void **state)
{
    (void)state;
    const change changes[] = {
        {"shortfalls.csv", NULL,
         "\xef\xbb\xbfnote;tonnes;kind;demand;site;item;partner;priority;day;quantity;unit;wanted\r\n"
         "\"a; \"\"b\"\"\";4;demand;camp-diesel;camp;diesel;blue;1;3;5;\"m3\";10\r\n"},
        {0}};
    trial of;
    trial_open(&of, "examples/tiny", "tests/plans/tiny", changes);
    ms_status status = trial_check(&of);
    if (status != MS_OK)
        trial_print(&of);
    assert_int_equal(status, MS_OK);
    trial_close(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_spreadsheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
