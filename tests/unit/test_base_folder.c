/* test_base_folder.c: whole folders out, all or nothing: also when every system call fails in turn, and when
 * the process is killed at every one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "disk.h"
#include "faults.h"

/* Writes a small folder with two files and one in a sub-folder, all holding text. */
static ms_status write_plan(const char *path, bool replace, const char *text, ms_error *err)
{
    ms_folder_writer *folder = NULL;
    MS_TRY(ms_folder_open(&folder, path, replace, "plan.json", err));
    ms_status status = ms_folder_add(folder, "plan.json", text, strlen(text), err);
    if (status == MS_OK)
        status = ms_folder_add(folder, "moves.csv", text, strlen(text), err);
    if (status == MS_OK)
        status = ms_folder_add(folder, "case/sites.csv", text, strlen(text), err);
    if (status == MS_OK)
        return ms_folder_commit(folder, err);
    ms_folder_abandon(folder);
    return status;
}

static void plan_holds(const char *path, const char *text)
{
    char name[300];
    assert_int_equal(entries_of(path), 3);
    snprintf(name, sizeof name, "%s/plan.json", path);
    holds(name, text);
    snprintf(name, sizeof name, "%s/moves.csv", path);
    holds(name, text);
    snprintf(name, sizeof name, "%s/case", path);
    assert_int_equal(entries_of(name), 1);
    snprintf(name, sizeof name, "%s/case/sites.csv", path);
    holds(name, text);
}

static void remove_all(const char *path)
{
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
}

static void a_folder_appears_whole(void **state)
{
    (void)state;
    ms_folder_writer *folder = NULL;
    assert_int_equal(ms_folder_open(&folder, "a.plan", false, NULL, NULL), MS_OK);
    assert_int_equal(ms_folder_add(folder, "x", "1", 1, NULL), MS_OK);
    assert_false(ms_file_exists("a.plan"));
    ms_folder_abandon(folder);
    assert_int_equal(entries_of("."), 0);
    ms_folder_abandon(NULL);

    disk_fail_at(0, 0);
    assert_int_equal(write_plan("a.plan///", false, "one", NULL), MS_OK);
    assert_int_equal(disk.counts[DISK_SYNC], 6); /* three files, sub-folder, folder, and the one that names it */
    plan_holds("a.plan", "one");
    assert_int_equal(entries_of("."), 1);
    remove_all("a.plan");
}

static void an_older_folder_is_replaced_only_when_it_is_ours(void **state)
{
    (void)state;
    ms_error err = {0};
    assert_int_equal(write_plan("a.plan", false, "one", NULL), MS_OK);
    assert_int_equal(write_plan("a.plan", false, "two", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "already exists"));
    assert_string_equal(err.file, "a.plan");
    assert_int_equal(mkdir("a.plan/notes", 0777), 0);
    assert_int_equal(symlink("..", "a.plan/notes/up"), 0); /* removed, not followed */
    put("bystander", "alive");
    assert_int_equal(write_plan("a.plan", true, "two", &err), MS_OK);
    plan_holds("a.plan", "two");
    holds("bystander", "alive");
    unlink("bystander");
    remove_all("a.plan");

    assert_int_equal(mkdir("empty", 0777), 0);
    assert_int_equal(write_plan("empty", true, "new", &err), MS_OK);
    plan_holds("empty", "new");
    unlink("empty/plan.json");
    assert_int_equal(write_plan("empty", true, "newer", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "plan.json"));
    ms_folder_writer *folder = NULL;
    assert_int_equal(ms_folder_open(&folder, "empty", true, NULL, &err), MS_BAD_INPUT);
    holds("empty/moves.csv", "new");
    remove_all("empty");

    put("file", "x");
    assert_int_equal(write_plan("file", true, "new", &err), MS_BAD_INPUT);
    unlink("file");
    assert_int_equal(entries_of("."), 0);
}

static void what_comes_meanwhile_is_kept(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_folder_writer *folder = NULL;
    assert_int_equal(ms_folder_open(&folder, "a.plan", false, NULL, &err), MS_OK);
    assert_int_equal(ms_folder_add(folder, "x", "1", 1, &err), MS_OK);
    assert_int_equal(mkdir("a.plan", 0777), 0);
    assert_int_equal(ms_folder_commit(folder, &err), MS_BAD_INPUT);
    assert_int_equal(entries_of("a.plan"), 0);

    assert_int_equal(ms_folder_open(&folder, "a.plan", true, "plan.json", &err), MS_OK);
    put("a.plan/mine.txt", "keep");
    assert_int_equal(ms_folder_commit(folder, &err), MS_BAD_INPUT);
    holds("a.plan/mine.txt", "keep");
    assert_int_equal(entries_of("."), 1);
    remove_all("a.plan");
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    assert_int_equal(write_plan("real.plan", false, "one", NULL), MS_OK);
    assert_int_equal(symlink("real.plan", "link.plan"), 0);
    assert_int_equal(write_plan("link.plan/", true, "two", NULL), MS_OK);
    plan_holds("real.plan", "two");
    struct stat is;
    assert_int_equal(lstat("link.plan", &is), 0);
    assert_true(S_ISLNK(is.st_mode));
    unlink("link.plan");
    remove_all("real.plan");
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     ".",   "..",   "/x",  "x/",   "../x", "a/../x", "a/b/c",
                                      "a//b", "./x", "a/..", "...", "a\nb", "a\\b", "/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ms_folder_writer *folder = NULL;
        ms_error err = {0};
        assert_int_equal(ms_folder_open(&folder, "a.plan", false, NULL, &err), MS_OK);
        assert_int_equal(ms_folder_add(folder, bad[i], "x", 1, &err), MS_INTERNAL);
        assert_int_equal(ms_folder_add(folder, "good", "x", 1, NULL), MS_INTERNAL); /* the first failure stays */
        memset(&err, 0, sizeof err);
        assert_int_equal(ms_folder_commit(folder, &err), MS_INTERNAL);
        assert_non_null(strstr(err.message, "no name for a file"));
        assert_int_equal(entries_of("."), 0);
    }
    static const char *const no_place[] = {"", "/", ".", "..", "a/..", "///", "no/such/place"};
    for (size_t i = 0; i < sizeof no_place / sizeof no_place[0]; i++) {
        ms_folder_writer *folder = NULL;
        ms_error err = {0};
        assert_int_not_equal(ms_folder_open(&folder, no_place[i], true, NULL, &err), MS_OK);
        assert_null(folder);
    }
    ms_folder_writer *folder = NULL;
    ms_error err = {0};
    assert_int_equal(ms_folder_open(&folder, "a.plan", false, NULL, &err), MS_OK);
    assert_int_equal(ms_folder_add(folder, "x", "1", 1, &err), MS_OK);
    assert_int_equal(ms_folder_add(folder, "x", "2", 1, &err), MS_INTERNAL);
    assert_non_null(strstr(err.message, "twice"));
    ms_folder_abandon(folder);
    assert_int_equal(entries_of("."), 0);
}

/* Fails every call in turn, replacing an older plan. */
static void fail_each_call(int error)
{
    for (long nth = 1;; nth++) {
        assert_int_equal(write_plan("a.plan", true, "old", NULL), MS_OK);
        ms_error err = {0};
        disk_fail_at(nth, error);
        ms_status status = write_plan("a.plan", true, "new", &err);
        bool through = disk.count < nth;
        disk_fail_at(0, 0);
        assert_int_equal(entries_of("."), 1);
        char *bytes = NULL;
        size_t length = 0;
        assert_int_equal(ms_file_read(&bytes, &length, "a.plan/plan.json", 100, NULL), MS_OK);
        plan_holds("a.plan", bytes); /* one or the other, whole */
        if (status == MS_OK)
            assert_string_equal(bytes, "new");
        else
            assert_int_equal(status, MS_IO);
        ms_free(bytes);
        if (status != MS_OK && error == ENOSPC)
            assert_non_null(strstr(err.message, "the disk is full"));
        if (through) {
            assert_true(nth > 15); /* the calls do come by here */
            break;
        }
    }
    remove_all("a.plan");
}

static void every_failing_call_leaves_old_or_new(void **state)
{
    (void)state;
    fail_each_call(ENOSPC);
    fail_each_call(EIO);
    disk.no_exchange = disk.once = true;
    fail_each_call(ENOSPC);
    disk.no_exchange = disk.once = false;
}

/* Without an exchange, when even the way back fails, the older plan lies beside its place and the message
 * says where. */
static void a_stranded_plan_is_named(void **state)
{
    (void)state;
    assert_int_equal(write_plan("a.plan", true, "old", NULL), MS_OK);
    disk.no_exchange = true;
    long nth = 1;
    for (;; nth++) {
        ms_error err = {0};
        disk_fail_at(nth, EIO);
        ms_status status = write_plan("a.plan", true, "new", &err);
        bool renames = disk.failing == DISK_RENAME && !ms_file_exists("a.plan");
        disk_fail_at(0, 0);
        if (!renames) {
            assert_int_equal(write_plan("a.plan", true, "old", NULL), MS_OK);
            assert_true(nth < 1000);
            continue;
        }
        assert_int_equal(status, MS_IO);
        const char *name = strstr(err.message, ".a.plan.old-");
        assert_non_null(name);
        char found[64];
        snprintf(found, sizeof found, "%.18s", name);
        plan_holds(found, "old");
        assert_int_equal(entries_of("."), 1);
        remove_all(found);
        break;
    }
    disk.no_exchange = false;
}

/* In a child: dies at the nth call. */
static bool killed_at(long nth, bool exists)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        disk_fail_at(nth, KILLED_NOT_FAILED);
        _exit(write_plan("a.plan", exists, "new", NULL) == MS_OK ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    if (WIFEXITED(how)) {
        assert_int_equal(WEXITSTATUS(how), 0);
        return false;
    }
    return true;
}

static void a_killed_writer_loses_nothing(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        bool exists = round > 0;
        disk.no_exchange = round == 2;
        for (long nth = 1;; nth++) {
            if (exists)
                assert_int_equal(write_plan("a.plan", true, "old", NULL), MS_OK);
            bool killed = killed_at(nth, exists);
            if (ms_file_exists("a.plan")) {
                char *bytes = NULL;
                size_t length = 0;
                assert_int_equal(ms_file_read(&bytes, &length, "a.plan/plan.json", 100, NULL), MS_OK);
                plan_holds("a.plan", bytes);
                ms_free(bytes);
            } else {
                /* Without an exchange there is a moment between two renames; the older plan rests beside. */
                assert_true(!exists || disk.no_exchange);
            }
            /* The next one sweeps up what was left, all but a plan that may be the only one. */
            assert_int_equal(write_plan("a.plan", true, "next", NULL), MS_OK);
            plan_holds("a.plan", "next");
            assert_true(entries_of(".") == 1 || disk.no_exchange);
            remove_all("a.plan");
            assert_int_equal(system("rm -rf .a.plan.old-*"), 0);
            assert_int_equal(entries_of("."), 0);
            if (!killed)
                break;
        }
    }
    disk.no_exchange = false;
}

static void writers_of_one_name_do_not_sweep_each_other(void **state)
{
    (void)state;
    ms_folder_writer *first = NULL, *second = NULL;
    assert_int_equal(ms_folder_open(&first, "a.plan", true, "x", NULL), MS_OK);
    assert_int_equal(ms_folder_add(first, "x", "1", 1, NULL), MS_OK);
    assert_int_equal(ms_folder_open(&second, "a.plan", true, "x", NULL), MS_OK);
    assert_int_equal(ms_folder_add(second, "x", "2", 1, NULL), MS_OK);
    assert_int_equal(entries_of("."), 2);
    assert_int_equal(ms_folder_commit(first, NULL), MS_OK);
    holds("a.plan/x", "1");
    assert_int_equal(ms_folder_commit(second, NULL), MS_OK);
    holds("a.plan/x", "2");
    assert_int_equal(entries_of("."), 1);
    remove_all("a.plan");
}

static void two_commits_at_once_do_not_mix(void **state)
{
    (void)state;
    ms_folder_writer *first = NULL, *second = NULL;
    assert_int_equal(ms_folder_open(&first, "a.plan", false, NULL, NULL), MS_OK);
    assert_int_equal(ms_folder_open(&second, "a.plan", false, NULL, NULL), MS_OK);
    assert_int_equal(ms_folder_commit(first, NULL), MS_OK);
    assert_int_equal(ms_folder_commit(second, NULL), MS_BAD_INPUT);
    assert_int_equal(entries_of("."), 1);
    remove_all("a.plan");
}

static ms_status write_one(void *context)
{
    (void)context;
    return write_plan("a.plan", true, "text", NULL);
}

static void survives_refused_memory(void **state)
{
    (void)state;
    assert_true(each_refusal(write_one, NULL) >= 3);
    plan_holds("a.plan", "text");
    assert_int_equal(entries_of("."), 1);
    remove_all("a.plan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_appears_whole),
        cmocka_unit_test(an_older_folder_is_replaced_only_when_it_is_ours),
        cmocka_unit_test(what_comes_meanwhile_is_kept),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(names_that_lead_elsewhere_are_refused),
        cmocka_unit_test(every_failing_call_leaves_old_or_new),
        cmocka_unit_test(a_stranded_plan_is_named),
        cmocka_unit_test(a_killed_writer_loses_nothing),
        cmocka_unit_test(writers_of_one_name_do_not_sweep_each_other),
        cmocka_unit_test(two_commits_at_once_do_not_mix),
        cmocka_unit_test(survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
