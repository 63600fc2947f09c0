/* test_case_save.c: changed files into a case's folder: every call of the system that it makes fails, and at each of
 * them the process is killed; whoever reads the folder then finds the case before or the case after, never a mixture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "case/case.h"
#include "case/save.h"
#include "disk.h"

static const char SITES[] = "site,partner,kind\na,US,depot\n", STOCKS[] = "site,item,partner,quantity\na,food,US,1\n";
/* neither goes without the other, but for the second alone */
static const char NEW_SITES[] = "site,partner,kind\na,US,depot\nb,US,port\n",
                  NEW_STOCKS[] = "site,item,partner,quantity\na,food,US,1\nb,food,US,2\n";
static const char LINE[] = "{\"who\":\"kim\"}\n";

static void begin(void)
{
    disk_fail_at(0, 0);
    if (system("rm -rf c && mkdir c") != 0)
        fail();
    put("c/case.json", "{\"name\": \"x\", \"start\": \"2026-01-01\", \"days\": 5}\n");
    put("c/partners.csv", "partner\nUS\n");
    put("c/items.csv", "item,class,kg_per_unit\nfood,I,1000\n");
    put("c/sites.csv", SITES);
    put("c/stocks.csv", STOCKS);
    put("c/changes.log", "{\"who\":\"lee\"}\n");
    if (chmod("c/stocks.csv", 0640) != 0)
        fail();
}

static ms_status save(ms_error *err)
{
    const ms_case_file files[] = {{"sites.csv", (char *)(uintptr_t)NEW_SITES, strlen(NEW_SITES)},
                                  {"stocks.csv", (char *)(uintptr_t)NEW_STOCKS, strlen(NEW_STOCKS)}};
    ms_buf log = {0};
    ms_buf_text(&log, LINE);
    ms_status status = ms_case_save("c", files, 2, &log, err);
    ms_buf_free(&log);
    return status;
}

/* How many sites a reader finds; what he finds fits together. */
static int sites_found(void)
{
    ms_case *kase = NULL;
    ms_error err = {0};
    ms_findings findings = {0};
    if (ms_case_open(&kase, "c", &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    int sites = kase->sites_count;
    assert_int_equal(kase->stocks_count, sites);
    ms_case_free(kase);
    ms_findings_free(&findings);
    return sites;
}

/* Nothing is left lying about, and the log tells what happened. */
static void expect_tidy(int sites)
{
    struct stat is;
    assert_int_equal(sites_found(), sites);
    assert_int_equal(entries_of("c"), 6);
    holds("c/sites.csv", sites == 2 ? NEW_SITES : SITES);
    holds("c/stocks.csv", sites == 2 ? NEW_STOCKS : STOCKS);
    holds("c/changes.log", sites == 2 ? "{\"who\":\"lee\"}\n{\"who\":\"kim\"}\n" : "{\"who\":\"lee\"}\n");
    assert_int_equal(stat("c/stocks.csv", &is), 0);
    assert_int_equal(is.st_mode & 07777, 0640);
}

static void saving(void **state)
{
    (void)state;
    ms_error err = {0};
    begin();
    assert_int_equal(save(&err), MS_OK);
    expect_tidy(2);
    /* the first log of a folder, and a file that it did not have */
    begin();
    assert_int_equal(unlink("c/changes.log"), 0);
    assert_int_equal(unlink("c/stocks.csv"), 0);
    assert_int_equal(save(&err), MS_OK);
    holds("c/changes.log", LINE);
    assert_int_equal(sites_found(), 2);
    assert_int_equal(ms_case_save("nowhere", NULL, 0, &(ms_buf){0}, &err), MS_NOT_FOUND);
}

static void links_stay(void **state)
{
    (void)state;
    ms_error err = {0};
    struct stat is;
    begin();
    assert_int_equal(rename("c/sites.csv", "elsewhere.csv"), 0);
    assert_int_equal(symlink("../elsewhere.csv", "c/sites.csv"), 0);
    assert_int_equal(save(&err), MS_OK);
    assert_int_equal(lstat("c/sites.csv", &is), 0);
    assert_true(S_ISLNK(is.st_mode));
    holds("elsewhere.csv", NEW_SITES);
    assert_int_equal(sites_found(), 2);
}

static void each_failure(void **state)
{
    (void)state;
    int failures = 0;
    for (long nth = 1;; nth++) {
        ms_error err = {0};
        begin();
        disk_fail_at(nth, ENOSPC);
        disk.once = true;
        ms_status status = save(&err);
        bool reached = disk.failing != 0;
        disk_fail_at(0, 0);
        if (status != MS_OK) {
            failures++;
            assert_int_equal(sites_found(), 1);
            if (!strstr(err.message, "the disk is full"))
                fail_msg("%s", err.message);
        } else {
            assert_int_equal(sites_found(), 2);
        }
        assert_int_equal(ms_case_save_tidy("c", &err), MS_OK);
        expect_tidy(status == MS_OK ? 2 : 1);
        if (!reached)
            break;
    }
    disk.once = false;
    assert_true(failures > 8);
}

/* All later calls of the kind fail too: the disk stays full. */
static void a_full_disk(void **state)
{
    (void)state;
    for (long nth = 1;; nth++) {
        ms_error err = {0};
        begin();
        disk_fail_at(nth, ENOSPC);
        ms_status status = save(&err);
        bool reached = disk.failing != 0;
        disk_fail_at(0, 0);
        assert_int_equal(sites_found(), status == MS_OK ? 2 : 1);
        assert_int_equal(ms_case_save_tidy("c", &err), MS_OK);
        expect_tidy(status == MS_OK ? 2 : 1);
        if (!reached)
            break;
    }
}

static void each_kill(void **state)
{
    (void)state;
    int before = 0, after = 0;
    for (long nth = 1;; nth++) {
        int status;
        ms_error err = {0};
        begin();
        pid_t child = fork();
        if (child == 0) {
            disk_fail_at(nth, KILLED_NOT_FAILED);
            _exit(save(&err) == MS_OK ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        int sites = sites_found();
        before += sites == 1;
        after += sites == 2;
        if (nth % 2 == 0) { /* the next who saves tidies up as well */
            assert_int_equal(save(&err), MS_OK);
            assert_int_equal(entries_of("c"), 6);
            holds("c/changes.log", sites == 1 ? "{\"who\":\"lee\"}\n{\"who\":\"kim\"}\n"
                                              : "{\"who\":\"lee\"}\n{\"who\":\"kim\"}\n{\"who\":\"kim\"}\n");
        } else {
            assert_int_equal(ms_case_save_tidy("c", &err), MS_OK);
            expect_tidy(sites);
        }
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            break;
        }
    }
    assert_true(before > 8);
    assert_true(after > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saving),      cmocka_unit_test(links_stay), cmocka_unit_test(each_failure),
        cmocka_unit_test(a_full_disk), cmocka_unit_test(each_kill),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
