/* test_base_file.c: whole files in and out, and a disk that fails in every possible place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "disk.h"
#include "faults.h"

static ms_status reading(const char *path, size_t cap, ms_error *err)
{
    char *bytes = NULL;
    size_t length = 777;
    ms_status status = ms_file_read(&bytes, &length, path, cap, err);
    if (status != MS_OK) {
        assert_null(bytes);
        assert_int_equal(length, 777);
    }
    ms_free(bytes);
    return status;
}

static void files_come_back(void **state)
{
    (void)state;
    disk_fail_at(0, 0);
    put("a.txt", "new");
    assert_int_equal(disk.counts[DISK_SYNC], 2); /* the file, then the folder that names it */
    put("a.txt", "");
    holds("a.txt", "");
    put("a.txt", "depot\n");
    holds("a.txt", "depot\n");
    assert_int_equal(entries_of("."), 1);
    assert_true(ms_file_exists("a.txt"));
    assert_false(ms_file_is_dir("a.txt"));
    assert_true(ms_file_is_dir("."));
    assert_false(ms_file_exists("b.txt"));
    assert_false(ms_file_is_dir("b.txt"));
    unlink("a.txt");
}

static void large_files_come_back(void **state)
{
    (void)state;
    size_t length = 3000000, got = 0;
    char *bytes = ms_alloc(length, 1), *again = NULL;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * 31 % 251);
    assert_int_equal(ms_file_write("large", bytes, length, NULL), MS_OK);
    assert_int_equal(ms_file_read(&again, &got, "large", length, NULL), MS_OK);
    assert_int_equal(got, length);
    assert_memory_equal(again, bytes, length);
    assert_int_equal(again[length], 0);
    ms_free(again);
    ms_free(bytes);
    unlink("large");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    ms_error err = {0};
    assert_int_equal(reading("none", 10, &err), MS_NOT_FOUND);
    assert_string_equal(err.file, "none");
    assert_int_equal(reading("", 10, &err), MS_NOT_FOUND);
    assert_int_equal(reading(".", 10, &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "is a folder"));
    assert_int_equal(reading("/dev/zero", 10, &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "regular"));
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(reading("pipe", 10, &err), MS_BAD_INPUT); /* and does not wait for a writer */
    unlink("pipe");
}

static void cap_names_both_sizes(void **state)
{
    (void)state;
    ms_error err = {0};
    put("a.txt", "12345678");
    assert_int_equal(reading("a.txt", 8, &err), MS_OK);
    assert_int_equal(reading("a.txt", 7, &err), MS_BAD_INPUT);
    assert_string_equal(err.message, "the file has 8 bytes; at most 7 are read");
    assert_int_equal(reading("a.txt", 0, &err), MS_BAD_INPUT);
    unlink("a.txt");
    /* Files whose size the system does not know beforehand. */
    assert_int_equal(reading("/proc/self/status", 1 << 20, &err), MS_OK);
    assert_int_equal(reading("/proc/self/status", 20, &err), MS_BAD_INPUT);
}

static void writing_respects_what_is_there(void **state)
{
    (void)state;
    ms_error err = {0};
    put("real.txt", "one");
    assert_int_equal(chmod("real.txt", 0640), 0);
    assert_int_equal(symlink("real.txt", "link.txt"), 0);
    put("link.txt", "two");
    holds("real.txt", "two");
    struct stat is;
    assert_int_equal(lstat("link.txt", &is), 0);
    assert_true(S_ISLNK(is.st_mode));
    assert_int_equal(stat("real.txt", &is), 0);
    assert_int_equal(is.st_mode & 0777, 0640);
    unlink("link.txt");
    unlink("real.txt");

    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(ms_file_write("folder", "x", 1, &err), MS_BAD_INPUT);
    assert_int_equal(ms_file_write("folder/", "x", 1, &err), MS_BAD_INPUT);
    assert_int_equal(ms_file_write("/dev/null", "x", 1, &err), MS_BAD_INPUT);
    assert_int_equal(ms_file_write("", "x", 1, &err), MS_BAD_INPUT);
    assert_int_equal(ms_file_write("..", "x", 1, &err), MS_BAD_INPUT);
    assert_int_equal(ms_file_write("no/such/x", "x", 1, &err), MS_NOT_FOUND);
    char longest[300];
    memset(longest, 'n', sizeof longest);
    longest[255] = '\0';
    put(longest, "long");
    holds(longest, "long");
    unlink(longest);
    longest[255] = 'n';
    longest[299] = '\0';
    assert_int_equal(ms_file_write(longest, "x", 1, &err), MS_BAD_INPUT);
    rmdir("folder");
    assert_int_equal(entries_of("."), 0);
}

static void full_disk_is_named(void **state)
{
    (void)state;
    ms_error err = {0};
    put("a.txt", "old");
    struct rlimit before, small = {1000, RLIM_INFINITY};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    char bytes[5000];
    memset(bytes, 'x', sizeof bytes);
    ms_status status = ms_file_write("a.txt", bytes, sizeof bytes, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, MS_IO);
    assert_string_equal(err.message, "cannot write the file: the disk is full");
    assert_string_equal(err.file, "a.txt");
    holds("a.txt", "old");
    assert_int_equal(entries_of("."), 1);
    unlink("a.txt");
}

/* Every call fails once: then the file is the old one or the new one, and nothing else is left. */
static void every_failing_call_leaves_old_or_new(void **state)
{
    (void)state;
    static const int errors[] = {ENOSPC, EIO, EDQUOT, EACCES};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        for (long nth = 1;; nth++) {
            ms_error err = {0};
            put("a.txt", "old old old");
            disk_fail_at(nth, errors[i]);
            ms_status status = ms_file_write("a.txt", "new new new", 11, &err);
            long count = disk.count;
            bool late = disk.failing == DISK_SYNC && count > nth; /* the folder's sync, behind the rename */
            enum disk_call failed = disk.failing;
            disk_fail_at(0, 0);
            assert_int_equal(entries_of("."), 1);
            if (count < nth) {
                assert_int_equal(status, MS_OK);
                holds("a.txt", "new new new");
                break;
            }
            if (status == MS_OK) {
                assert_int_equal(failed, DISK_CLOSE); /* of the folder: nothing hangs on it */
                holds("a.txt", "new new new");
                continue;
            }
            assert_int_equal(status, MS_IO);
            assert_string_equal(err.file, "a.txt");
            if (errors[i] != EIO && errors[i] != EACCES)
                assert_non_null(strstr(err.message, "the disk is full"));
            char *bytes = NULL;
            size_t length = 0;
            assert_int_equal(ms_file_read(&bytes, &length, "a.txt", 100, &err), MS_OK);
            assert_true(strcmp(bytes, "old old old") == 0 || (strcmp(bytes, "new new new") == 0 && late));
            ms_free(bytes);
        }
    }
    unlink("a.txt");
}

static ms_status read_one(void *context)
{
    return reading(context, 1 << 20, NULL);
}

static void survives_refused_memory(void **state)
{
    (void)state;
    put("a.txt", "x");
    assert_true(each_refusal(read_one, "a.txt") >= 1);
    assert_true(each_refusal(read_one, "/proc/self/maps") >= 2);
    unlink("a.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_back),
        cmocka_unit_test(large_files_come_back),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(cap_names_both_sizes),
        cmocka_unit_test(writing_respects_what_is_there),
        cmocka_unit_test(full_disk_is_named),
        cmocka_unit_test(every_failing_call_leaves_old_or_new),
        cmocka_unit_test(survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
