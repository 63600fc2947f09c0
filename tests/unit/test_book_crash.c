/* test_book_crash.c: a book that is killed, whose disk is full, into which several processes write at once: what was
 * acknowledged is there, what was not committed is not, and the chain holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/random.h"
#include "book_make.h"
#include "playground.h"

/* The number of entries, at a glance. */
static int64_t count_of(const char *path)
{
    unsigned char hash[MS_HASH_BYTES];
    int64_t number = 0;
    ms_error err = {0};
    ms_book *book = book_open(path, false);
    assert_int_equal(ms_book_head(&number, hash, book, &err), MS_OK);
    ms_book_close(book);
    return number;
}

/* The number of entries, each of which holds. */
static int64_t head_of(const char *path)
{
    ms_findings findings = {0};
    ms_error err = {0};
    int64_t entries = 0;
    if (ms_book_verify(&entries, path, NULL, NULL, &findings, &err) != MS_OK)
        fail_msg("%s; %s", err.message, findings.count > 0 ? findings.items[0].message : "");
    ms_findings_free(&findings);
    return entries;
}

/* Three entries in one transaction, or MS_IO and the like. */
static ms_status append_three(ms_book *book)
{
    static const char body[] = "{\"what\":\"enough to fill a page of the file after a while\"}";
    static const ms_draft drafts[] = {{"given", "JP/1", body, sizeof body - 1},
                                      {"given", "JP/2", body, sizeof body - 1},
                                      {"given", "JP/3", body, sizeof body - 1}};
    ms_error err = {0};
    return ms_book_append(NULL, book, drafts, 3, &err);
}

/* A child that appends until it is killed, and says after each transaction that it is acknowledged. */
static void write_until_killed(int acknowledge)
{
    ms_book *book = NULL;
    ms_book_options options = {.write = true};
    if (ms_book_open(&book, "a.book", &options, NULL) != MS_OK)
        _exit(1);
    while (append_three(book) == MS_OK)
        if (write(acknowledge, "+", 1) != 1)
            break;
    _exit(2);
}

/* About 60 kills among some thousand writes, each after a random time. */
static void a_kill_loses_nothing_that_was_acknowledged(void **state)
{
    (void)state;
    enum { KILLS = 60 };
    ms_random random = ms_random_start(3, 0);
    int64_t least = 1;
    ms_book_close(book_new("a.book"));
    for (int turn = 0; turn < KILLS; turn++) {
        int ends[2];
        char byte;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            write_until_killed(ends[1]);
        }
        close(ends[1]);
        for (int64_t wait = ms_random_between(&random, 0, 60); wait > 0 && read(ends[0], &byte, 1) == 1; wait--)
            least += 3;
        usleep((useconds_t)ms_random_between(&random, 0, 2000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        while (read(ends[0], &byte, 1) == 1)
            least += 3;
        close(ends[0]);
        int64_t head = turn % 15 == 14 ? head_of("a.book") : count_of("a.book");
        assert_true(head >= least);
        assert_int_equal(head % 3, 1); /* whole transactions */
        assert_true(head <= least + 3);
        least = head;
    }
    assert_true(least > 1000);
}

/* Files may not grow any more, as on a full disk, at every size between here and there. */
static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    struct rlimit usual, full;
    ms_book_close(book_new("a.book"));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    int64_t head = 1;
    int refused = 0;
    for (rlim_t size = 40000; size < 140000; size += 5000) {
        ms_book *book = book_open("a.book", true);
        full = usual;
        full.rlim_cur = size;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
        ms_status status = MS_OK;
        for (int turn = 0; turn < 20 && (status = append_three(book)) == MS_OK; turn++)
            head += 3;
        if (status != MS_OK)
            refused++;
        assert_true(status == MS_OK || status == MS_IO);
        ms_book_close(book); /* with the disk still full */
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        assert_int_equal(count_of("a.book"), head);
    }
    assert_true(refused > 3);
    ms_book *book = book_open("a.book", true);
    assert_int_equal(append_three(book), MS_OK);
    ms_book_close(book);
    assert_int_equal(head_of("a.book"), head + 3);
    signal(SIGXFSZ, SIG_DFL);
}

static void a_refused_write_says_so(void **state)
{
    (void)state;
    struct rlimit usual, full;
    ms_error err = {0};
    ms_draft draft = {"given", "JP/1", NULL, 200000};
    char *body = ms_alloc(draft.length, 1);
    memset(body, ' ', draft.length);
    draft.body = body;
    ms_book *book = book_new("a.book");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    full = usual;
    full.rlim_cur = 100000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    assert_int_equal(ms_book_append(NULL, book, &draft, 1, &err), MS_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_non_null(strstr(err.message, "nothing was changed"));
    assert_int_equal(book_append(book, "given", "JP/1", "{}"), 2);
    signal(SIGXFSZ, SIG_DFL);
    ms_free(body);
    ms_book_close(book);
}

static void many_write_at_once(void **state)
{
    (void)state;
    enum { CHILDREN = 4, TURNS = 40 };
    pid_t children[CHILDREN];
    ms_book_close(book_new("a.book"));
    for (int ix = 0; ix < CHILDREN; ix++) {
        children[ix] = fork();
        if (children[ix] == 0) {
            ms_book *book = NULL;
            ms_book_options options = {.write = true, .wait_s = 60};
            if (ms_book_open(&book, "a.book", &options, NULL) != MS_OK)
                _exit(1);
            for (int turn = 0; turn < TURNS; turn++)
                if (append_three(book) != MS_OK)
                    _exit(2);
            ms_book_close(book);
            _exit(0);
        }
    }
    for (int ix = 0; ix < CHILDREN; ix++) {
        int how = -1;
        assert_int_equal(waitpid(children[ix], &how, 0), children[ix]);
        assert_int_equal(how, 0);
    }
    assert_int_equal(head_of("a.book"), 1 + 3 * CHILDREN * TURNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_loses_nothing_that_was_acknowledged),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_refused_write_says_so),
        cmocka_unit_test(many_write_at_once),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
