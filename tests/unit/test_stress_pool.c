/* test_stress_pool.c: tasks that take no time: threads, shards, checkpoints whole and torn, early ends, failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/random.h"
#include "faults.h"
#include "plan_story.h"
#include "stress/pool.h"

enum { COUNT = 60 };
static const char JOB[] = "{\"case\":\"0123\",\"mode\":\"test\"}";

typedef struct {
    ms_buf taken; /* what was taken, a line each */
    size_t enough_at, fail_at;
    int runs[COUNT]; /* who may run what is the lock's business: each task has its own counter */
} work;

static ms_status open_local(void **local, void *context, ms_error *err)
{
    *local = ms_alloc(1, 1);
    (void)context;
    return *local ? MS_OK : ms_error_memory(err);
}

static void close_local(void *local)
{
    ms_free(local);
}

/* A number that depends on the task alone. */
static ms_status run_task(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                          void *progress_context, ms_error *err)
{
    work *w = context;
    ms_random random = ms_random_start(5, task);
    (void)local;
    w->runs[task]++;
    if (w->fail_at == task + 1)
        return ms_error_set(err, MS_IO, "task %zu fails", task);
    if (!progress(progress_context, "task", -1, -1))
        return ms_error_set(err, MS_LIMIT, "stopped");
    ms_buf_printf(result, "{\"x\":%lld}", (long long)ms_random_between(&random, 0, 1000000));
    return MS_OK;
}

static ms_status take(bool *enough, void *context, size_t task, const char *result, size_t length, ms_error *err)
{
    work *w = context;
    ms_buf_printf(&w->taken, "%zu %.*s\n", task, (int)length, result);
    *enough = w->enough_at == task + 1;
    return w->taken.failed ? ms_error_memory(err) : MS_OK;
}

static ms_status run(ms_pool_end *end, work *w, const ms_pool_options *options, ms_error *err)
{
    const ms_stage stage = {"numbers", COUNT, w, false, open_local, close_local, run_task, take};
    ms_pool *pool = NULL;
    MS_TRY(ms_pool_open(&pool, options, err));
    ms_status status = ms_pool_run(end, pool, &stage, err);
    ms_status closed = ms_pool_close(pool, status == MS_OK ? err : NULL);
    return status == MS_OK ? closed : status;
}

static int runs_of(const work *w)
{
    int runs = 0;
    for (int i = 0; i < COUNT; i++)
        runs += w->runs[i];
    return runs;
}

static char *expected;

static int make_expected(void **state)
{
    work w = {0};
    ms_pool_end end;
    ms_error err = {0};
    const ms_pool_options options = {.threads = 1, .job = JOB};
    if (story_folder_make(state) != 0 || run(&end, &w, &options, &err) != MS_OK || end.taken != COUNT)
        return -1;
    expected = w.taken.text;
    return 0;
}

static int drop_expected(void **state)
{
    ms_free(expected);
    return story_folder_remove(state);
}

static void any_number_of_threads(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 5; threads++) {
        work w = {0};
        ms_pool_end end;
        ms_error err = {0};
        const ms_pool_options options = {.threads = threads, .job = JOB};
        assert_int_equal(run(&end, &w, &options, &err), MS_OK);
        assert_string_equal(w.taken.text, expected);
        assert_true(end.computed == COUNT && end.known == 0 && !end.partial && !end.stopped && !end.enough);
        ms_buf_free(&w.taken);
    }
}

/* The same tasks are taken whatever ran ahead. */
static void enough_is_enough(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads += 3) {
        work w = {.enough_at = 18};
        ms_pool_end end;
        ms_error err = {0};
        const ms_pool_options options = {.threads = threads, .job = JOB};
        assert_int_equal(run(&end, &w, &options, &err), MS_OK);
        assert_true(end.enough && end.taken == 18 && !end.partial);
        assert_memory_equal(w.taken.text, expected, w.taken.length);
        ms_buf_free(&w.taken);
    }
}

/* What one run wrote, the next one knows; also when its last line is torn anywhere. */
static void goes_on_from_a_checkpoint(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    ms_error err = {0};
    ms_pool_end end;
    work first = {0};
    const ms_pool_options options = {.threads = 2, .job = JOB, .checkpoint = "run.jsonl"};
    assert_int_equal(run(&end, &first, &options, &err), MS_OK);
    ms_buf_free(&first.taken);
    assert_int_equal(ms_file_read(&bytes, &length, "run.jsonl", 1 << 20, &err), MS_OK);
    size_t header = (size_t)(strchr(bytes, '\n') - bytes) + 1;
    for (size_t cut = 0; cut <= length; cut += cut < header ? 13 : 97) {
        work again = {0};
        size_t whole = 0;
        for (size_t i = header; i < cut; i++)
            whole += bytes[i] == '\n';
        assert_int_equal(ms_file_write("run.jsonl", bytes, cut, &err), MS_OK);
        if (run(&end, &again, &options, &err) != MS_OK)
            fail_msg("%s", err.message);
        assert_string_equal(again.taken.text, expected);
        assert_int_equal(end.known, whole);
        assert_int_equal(runs_of(&again), COUNT - whole);
        ms_buf_free(&again.taken);
    }
    work last = {0};
    assert_int_equal(run(&end, &last, &options, &err), MS_OK);
    assert_int_equal(runs_of(&last), 0);
    assert_string_equal(last.taken.text, expected);
    ms_buf_free(&last.taken);
    ms_free(bytes);
}

static void shards_join(void **state)
{
    (void)state;
    const char *const parts[] = {"1.jsonl", "2.jsonl", "3.jsonl"};
    ms_error err = {0};
    ms_pool_end end;
    for (int shard = 1; shard <= 3; shard++) {
        work w = {0};
        const ms_pool_options options = {
            .threads = 2, .job = JOB, .shard = shard, .shards = 3, .checkpoint = parts[shard - 1]};
        assert_int_equal(run(&end, &w, &options, &err), MS_OK);
        assert_true(end.partial && end.computed == COUNT / 3);
        for (size_t i = 0; i < COUNT; i++)
            assert_int_equal(w.runs[i], i % 3 == (size_t)shard - 1);
        ms_buf_free(&w.taken);
    }
    for (size_t count = 1; count <= 3; count++) {
        work w = {0};
        const ms_pool_options options = {.job = JOB, .parts = parts, .part_count = count, .read_only = true};
        ms_status status = run(&end, &w, &options, &err);
        assert_int_equal(status, count == 3 ? MS_OK : MS_BAD_INPUT);
        if (count == 3)
            assert_string_equal(w.taken.text, expected);
        else
            assert_non_null(strstr(err.message, count == 1 ? "40 of 60" : "20 of 60"));
        assert_int_equal(runs_of(&w), 0);
        ms_buf_free(&w.taken);
    }
}

static void strange_files(void **state)
{
    (void)state;
    static const char *const files[] = {
        "not ours\n",
        "not ours",
        "{\"mainstay\":\"checkpoint\",\"format\":1,\"version\":\"" MS_VERSION "\",\"job\":{\"case\":\"9\"}}\n",
    };
    static const char *const lines[] = {
        "{\"stage\":\"numbers\",\"task\":60,\"result\":{}}",
        "{\"stage\":\"numbers\",\"task\":-1,\"result\":{}}",
        "{\"stage\":\"numbers\",\"task\":1,\"result\":}",
        "{\"stage\":\"numbers\",\"task\":99999999999999999999,",
        "{\"stage\":\"numbers\"",
        "",
    };
    const ms_pool_options options = {.threads = 1, .job = JOB, .checkpoint = "strange.jsonl"};
    ms_pool_end end;
    for (size_t i = 0; i < sizeof files / sizeof *files + sizeof lines / sizeof *lines; i++) {
        ms_error err = {0};
        ms_buf text = {0};
        char *after = NULL, *job = NULL;
        size_t length = 0, which = i - sizeof files / sizeof *files;
        work w = {0};
        bool header = i >= sizeof files / sizeof *files;
        ms_buf_printf(&text,
                      "{\"mainstay\":\"checkpoint\",\"format\":1,\"version\":\"" MS_VERSION "\",\"job\":%s}\n%s\n", JOB,
                      header ? lines[which] : "");
        const char *bytes = header ? text.text : files[i];
        assert_int_equal(ms_file_write("strange.jsonl", bytes, strlen(bytes), &err), MS_OK);
        assert_int_equal(run(&end, &w, &options, &err), MS_BAD_INPUT);
        assert_string_equal(err.file, "strange.jsonl");
        assert_int_equal(err.line, header ? 2 : 1);
        assert_int_equal(ms_file_read(&after, &length, "strange.jsonl", 1 << 20, &err), MS_OK);
        assert_string_equal(after, bytes); /* as it was */
        if (header) {
            assert_int_equal(ms_pool_job_of(&job, "strange.jsonl", &err), MS_OK);
            assert_string_equal(job, JOB);
        }
        ms_free(job);
        ms_free(after);
        ms_buf_free(&text);
        ms_buf_free(&w.taken);
    }
}

static void a_task_fails(void **state)
{
    (void)state;
    work w = {.fail_at = 20}, again = {0};
    ms_error err = {0};
    ms_pool_end end;
    const ms_pool_options options = {.threads = 3, .job = JOB, .checkpoint = "fails.jsonl"};
    assert_int_equal(run(&end, &w, &options, &err), MS_IO);
    assert_string_equal(err.message, "task 19 fails");
    ms_buf_free(&w.taken);
    assert_int_equal(run(&end, &again, &options, &err), MS_OK);
    assert_true(end.known >= 19 - 2 && runs_of(&again) == COUNT - (int)end.known);
    assert_string_equal(again.taken.text, expected);
    ms_buf_free(&again.taken);
}

static bool stop_at_once(void *context, const char *stage, double done, double eta_seconds)
{
    int *calls = context;
    (void)stage, (void)eta_seconds;
    assert_true(done >= 0 && done <= 1);
    ++*calls;
    return false;
}

static void progress_stops(void **state)
{
    (void)state;
    int calls = 0;
    work w = {0};
    ms_error err = {0};
    ms_pool_end end;
    const ms_pool_options options = {.threads = 2, .job = JOB, .progress = stop_at_once, .progress_context = &calls};
    assert_int_equal(run(&end, &w, &options, &err), MS_OK);
    assert_true(end.stopped && end.taken < COUNT && calls == 1);
    assert_true(w.taken.length == 0 || memcmp(w.taken.text, expected, w.taken.length) == 0);
    ms_buf_free(&w.taken);
}

static void two_writers(void **state)
{
    (void)state;
    const ms_pool_options options = {.threads = 1, .job = JOB, .checkpoint = "held.jsonl"};
    ms_pool *one = NULL, *two = NULL;
    ms_error err = {0};
    assert_int_equal(ms_pool_open(&one, &options, &err), MS_OK);
    assert_int_equal(ms_pool_open(&two, &options, &err), MS_IO);
    assert_int_equal(ms_pool_close(one, &err), MS_OK);
    assert_int_equal(ms_pool_open(&two, &options, &err), MS_OK);
    assert_int_equal(ms_pool_close(two, &err), MS_OK);
}

static void full_disk(void **state)
{
    (void)state;
    work w = {0};
    ms_error err = {0};
    ms_pool_end end;
    const ms_pool_options options = {.threads = 1, .job = JOB, .checkpoint = "/dev/full"};
    assert_int_not_equal(run(&end, &w, &options, &err), MS_OK);
    assert_int_equal(runs_of(&w), 0);
    ms_buf_free(&w.taken);
}

static ms_status starved(void *context)
{
    work w = {0};
    ms_pool_end end;
    ms_error err = {0};
    const ms_pool_options options = {.threads = 1, .job = JOB, .checkpoint = context};
    ms_status status = run(&end, &w, &options, &err);
    ms_buf_free(&w.taken);
    remove(context);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    assert_true(each_refusal(starved, "starved.jsonl") > COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(enough_is_enough),
        cmocka_unit_test(goes_on_from_a_checkpoint),
        cmocka_unit_test(shards_join),
        cmocka_unit_test(strange_files),
        cmocka_unit_test(a_task_fails),
        cmocka_unit_test(progress_stops),
        cmocka_unit_test(two_writers),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, make_expected, drop_expected);
}
