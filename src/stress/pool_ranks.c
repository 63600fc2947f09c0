/* pool_ranks.c: a stage over the ranks of an MPI job: rank 0 hands out tasks, keeps what comes back, and computes too.
 *
 * A follower asks for its next task before it begins the one in hand, so it does not wait while rank 0 computes; rank 0
 * looks at its messages whenever its own task asks for progress. A task is a number, a result its text: some hundred
 * bytes to some kilobytes. At the end rank 0 shares what was taken, unless the stage is for rank 0 only. */
#include "stress/pool_private.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "stress/ranks.h"

/* REQUEST, RESULT (number, text), FAILED (ms_error) and GAVE_UP go to rank 0, TASK (number) and DONE come from it. */
enum { REQUEST = 1, RESULT, FAILED, GAVE_UP, TASK, DONE };

/* ---- rank 0 ---- */

typedef struct {
    ms_stage_run *run;
    int working;        /* followers that were not told that they are done */
    size_t outstanding; /* tasks handed out whose end is not known */
    ms_status status;   /* of the messages */
    ms_error err;
} leader;

static ms_status hand_out(leader *lead, int to, ms_error *err)
{
    size_t task = 0;
    pthread_mutex_lock(&lead->run->lock);
    bool more = ms_run_next(&task, lead->run);
    pthread_mutex_unlock(&lead->run->lock);
    uint64_t number = task;
    if (more) {
        lead->outstanding++;
        return ms_ranks_send(to, TASK, &number, sizeof number, err);
    }
    lead->working--;
    return ms_ranks_send(to, DONE, NULL, 0, err);
}

static ms_status heed(leader *lead, const ms_message *message, ms_error *err)
{
    ms_stage_run *run = lead->run;
    uint64_t task = 0;
    if (message->kind == REQUEST)
        return hand_out(lead, message->from, err);
    lead->outstanding--;
    pthread_mutex_lock(&run->lock);
    if (message->kind == RESULT && message->length >= sizeof task) {
        memcpy(&task, message->bytes, sizeof task);
        ms_run_note(run, (size_t)task, message->bytes + sizeof task, message->length - sizeof task);
    } else if (message->kind == FAILED && message->length == sizeof(ms_error)) {
        ms_error failure;
        memcpy(&failure, message->bytes, sizeof failure);
        ms_run_fail(run, failure.code, &failure);
    } else {
        run->over = run->end.stopped = true;
    }
    pthread_mutex_unlock(&run->lock);
    return MS_OK;
}

/* Heeds all messages that are there; when wait is set, at least one. */
static void serve(leader *lead, bool wait)
{
    bool got = lead->status == MS_OK;
    while (got) {
        ms_message message;
        lead->status = ms_ranks_receive(&message, &got, wait, &lead->err);
        if (lead->status != MS_OK || !got)
            return;
        lead->status = heed(lead, &message, &lead->err);
        ms_free(message.bytes);
        wait = false;
        got = lead->status == MS_OK;
    }
}

static bool lead_progress(void *context, const char *stage, double done, double eta_seconds)
{
    leader *lead = context;
    serve(lead, false);
    return ms_run_progress(lead->run, stage, done, eta_seconds) && lead->status == MS_OK;
}

static void lead_one(leader *lead, void *local, size_t task)
{
    ms_stage_run *run = lead->run;
    ms_buf result = {0};
    ms_error err = {0};
    ms_status status = run->stage->run(&result, local, run->stage->context, task, lead_progress, lead, &err);
    if (status == MS_OK && result.failed)
        status = ms_error_memory(&err);
    pthread_mutex_lock(&run->lock);
    if (status == MS_OK)
        ms_run_note(run, task, result.text, result.length);
    else if (status != MS_LIMIT || !run->over)
        ms_run_fail(run, status, &err);
    pthread_mutex_unlock(&run->lock);
    ms_buf_free(&result);
}

static void lead_all(leader *lead, void *local)
{
    ms_stage_run *run = lead->run;
    while (lead->status == MS_OK) {
        size_t task;
        serve(lead, false);
        ms_run_progress(run, run->stage->name, -1, -1);
        pthread_mutex_lock(&run->lock);
        bool mine = ms_run_next(&task, run);
        pthread_mutex_unlock(&run->lock);
        if (mine)
            lead_one(lead, local, task);
        else if (lead->working > 0 || lead->outstanding > 0)
            serve(lead, true);
        else
            return;
    }
}

/* ---- what all should know ---- */

/* The end, and behind it each result that was taken, its length first. */
static ms_status pack(ms_buf *out, const ms_stage_run *run, ms_error *err)
{
    out->cap = SIZE_MAX / 2;
    ms_buf_put(out, (const char *)&run->end, sizeof run->end);
    for (size_t i = 0; !run->stage->root_only && i < run->end.taken; i++) {
        uint64_t length = run->results[i].length;
        ms_buf_put(out, (const char *)&length, sizeof length);
        ms_buf_put(out, run->results[i].text, run->results[i].length);
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}

static ms_status take_packed(ms_pool_end *end, const ms_stage *stage, const char *bytes, size_t length, ms_error *err)
{
    const char *at = bytes + sizeof *end, *stop = bytes + length;
    if (length < sizeof *end)
        return ms_error_set(err, MS_INTERNAL, "the ranks of this job do not understand each other");
    memcpy(end, bytes, sizeof *end);
    for (size_t task = 0; at < stop; task++) {
        uint64_t size;
        bool enough = false;
        memcpy(&size, at, sizeof size);
        MS_TRY(stage->take(&enough, stage->context, task, at + sizeof size, (size_t)size, err));
        at += sizeof size + size;
    }
    return MS_OK;
}

static ms_status share_end(const ms_stage_run *run, ms_error *err)
{
    ms_buf packed = {0};
    ms_status status = pack(&packed, run, err);
    if (status == MS_OK)
        status = ms_ranks_share(&packed.text, &packed.length, err);
    ms_buf_free(&packed);
    return status;
}

ms_status ms_ranks_lead(ms_stage_run *run, ms_error *err)
{
    leader lead = {.run = run, .working = ms_rank_count() - 1};
    void *local = NULL;
    MS_TRY(run->stage->open(&local, run->stage->context, err));
    lead_all(&lead, local);
    run->stage->close(local);
    if (lead.status != MS_OK) {
        if (err)
            *err = lead.err;
        return lead.status;
    }
    return run->status == MS_OK ? share_end(run, err) : MS_OK;
}

/* ---- the others ---- */

typedef struct {
    const ms_pool_options *options;
    const char *name;
    double shown;
    bool stopped;
} follower;

static bool follow_progress(void *context, const char *stage, double done, double eta_seconds)
{
    const double every = 0.05;
    follower *f = context;
    double now = ms_clock_seconds();
    (void)stage, (void)done, (void)eta_seconds;
    if (!f->stopped && f->options->progress && now - f->shown >= every) {
        f->shown = now;
        f->stopped = !f->options->progress(f->options->progress_context, f->name, -1, -1);
    }
    return !f->stopped;
}

/* Runs a task and sends what came of it. */
static ms_status follow_one(follower *f, const ms_stage *stage, void *local, uint64_t task, ms_error *err)
{
    ms_buf result = {0};
    ms_error failure = {0};
    ms_buf_put(&result, (const char *)&task, sizeof task);
    ms_status status = stage->run(&result, local, stage->context, (size_t)task, follow_progress, f, &failure);
    if (status == MS_OK && result.failed)
        status = ms_error_memory(&failure);
    failure.code = status;
    status = status == MS_OK                    ? ms_ranks_send(0, RESULT, result.text, result.length, err)
             : status == MS_LIMIT && f->stopped ? ms_ranks_send(0, GAVE_UP, NULL, 0, err)
                                                : ms_ranks_send(0, FAILED, &failure, sizeof failure, err);
    ms_buf_free(&result);
    return status;
}

static ms_status follow_all(follower *f, const ms_stage *stage, void *local, ms_error *err)
{
    MS_TRY(ms_ranks_send(0, REQUEST, NULL, 0, err));
    for (;;) {
        ms_message message;
        bool got = false;
        uint64_t task = 0;
        MS_TRY(ms_ranks_receive(&message, &got, true, err));
        if (message.length == sizeof task)
            memcpy(&task, message.bytes, sizeof task);
        int kind = message.kind;
        ms_free(message.bytes);
        if (kind != TASK)
            return MS_OK;
        MS_TRY(ms_ranks_send(0, REQUEST, NULL, 0, err));
        MS_TRY(follow_one(f, stage, local, task, err));
    }
}

ms_status ms_ranks_follow(ms_pool_end *end, ms_pool *pool, const ms_stage *stage, ms_error *err)
{
    follower f = {.options = &pool->options, .name = stage->name};
    void *local = NULL;
    char *bytes = NULL;
    size_t length = 0;
    MS_TRY(stage->open(&local, stage->context, err));
    ms_status status = follow_all(&f, stage, local, err);
    stage->close(local);
    MS_TRY(status);
    MS_TRY(ms_ranks_share(&bytes, &length, err));
    status = take_packed(end, stage, bytes, length, err);
    ms_free(bytes);
    return status;
}
