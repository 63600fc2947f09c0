/* pool.c: hands tasks out to threads, keeps what comes back, and lets it be taken in order. */
#include "stress/pool_private.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/team.h"

/* ---- a pool ---- */

static ms_status read_parts(ms_pool *pool, const char *header, ms_error *err)
{
    const ms_pool_options *options = &pool->options;
    pool->part_bytes = ms_alloc(options->part_count, sizeof *pool->part_bytes);
    pool->part_lengths = ms_alloc(options->part_count, sizeof *pool->part_lengths);
    if (!pool->part_bytes || !pool->part_lengths)
        return ms_error_memory(err);
    for (size_t i = 0; i < options->part_count; i++) {
        size_t head = strlen(header);
        MS_TRY(ms_journal_read(&pool->part_bytes[i], &pool->part_lengths[i], options->parts[i], err));
        if (pool->part_lengths[i] <= head || memcmp(pool->part_bytes[i], header, head) != 0 ||
            pool->part_bytes[i][head] != '\n')
            return ms_error_at(err, MS_BAD_INPUT, options->parts[i], 1, 1,
                               "was begun for another case, with other options or by another version");
    }
    return MS_OK;
}

static ms_status open_files(ms_pool *pool, ms_error *err)
{
    ms_buf header = {0};
    ms_known_header(&header, pool->options.job);
    ms_status status = header.failed ? ms_error_memory(err) : read_parts(pool, header.text, err);
    if (status == MS_OK && pool->options.checkpoint && ms_rank() == 0)
        status = ms_journal_open(&pool->journal, pool->options.checkpoint, header.text, err);
    ms_buf_free(&header);
    return status;
}

static void release(ms_pool *pool)
{
    for (size_t i = 0; pool->part_bytes && i < pool->options.part_count; i++)
        ms_free(pool->part_bytes[i]);
    ms_free(pool->part_bytes);
    ms_free(pool->part_lengths);
    ms_free(pool);
}

ms_status ms_pool_open(ms_pool **out, const ms_pool_options *options, ms_error *err)
{
    ms_pool *pool = ms_alloc(1, sizeof *pool);
    if (!pool)
        return ms_error_memory(err);
    pool->options = *options;
    ms_status status = open_files(pool, err);
    if (status == MS_OK)
        *out = pool;
    else
        release(pool);
    return status;
}

ms_status ms_pool_close(ms_pool *pool, ms_error *err)
{
    if (!pool)
        return MS_OK;
    ms_status status = ms_journal_close(pool->journal, err);
    release(pool);
    return status;
}

/* ---- what is known already ---- */

static ms_status note_known(ms_stage_run *run, const char *path, int line, const char *text, size_t length,
                            ms_error *err)
{
    ms_known known;
    if (!ms_known_read(&known, text, length))
        return ms_error_at(err, MS_BAD_INPUT, path, line, 1, "is no line of a checkpoint");
    if (known.stage_length != strlen(run->stage->name) ||
        memcmp(known.stage, run->stage->name, known.stage_length) != 0)
        return MS_OK;
    if (known.task >= run->stage->count)
        return ms_error_at(err, MS_BAD_INPUT, path, line, 1, "task %zu of %zu does not exist", known.task,
                           run->stage->count);
    ms_result *result = &run->results[known.task];
    if (result->there)
        return MS_OK;
    result->text = ms_strndup(known.result, known.length);
    if (!result->text)
        return ms_error_memory(err);
    result->length = known.length;
    result->there = true;
    result->path = path;
    result->line = line;
    run->end.known++;
    return MS_OK;
}

/* first_line: that of text in the file. */
static ms_status note_lines(ms_stage_run *run, const char *path, const char *text, size_t length, int first_line,
                            ms_error *err)
{
    const char *end = text + length;
    for (int line = first_line; text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        MS_TRY(note_known(run, path, line, text, (size_t)(stop - text), err));
        text = stop + 1;
    }
    return MS_OK;
}

static ms_status note_all_known(ms_stage_run *run, ms_error *err)
{
    const ms_pool *pool = run->pool;
    size_t length = 0;
    if (pool->journal) {
        const char *text = ms_journal_text(pool->journal, &length);
        MS_TRY(note_lines(run, pool->options.checkpoint, text, length, 2, err));
    }
    for (size_t i = 0; i < pool->options.part_count; i++) {
        const char *head_end = memchr(pool->part_bytes[i], '\n', pool->part_lengths[i]);
        size_t head = (size_t)(head_end - pool->part_bytes[i]) + 1;
        MS_TRY(
            note_lines(run, pool->options.parts[i], pool->part_bytes[i] + head, pool->part_lengths[i] - head, 2, err));
    }
    return MS_OK;
}

/* ---- a run ---- */

void ms_run_fail(ms_stage_run *run, ms_status status, const ms_error *err)
{
    run->over = true;
    if (run->status != MS_OK)
        return;
    run->status = status;
    run->err = *err;
}

static bool is_mine(const ms_stage_run *run, size_t task)
{
    int shards = run->pool->options.shards;
    return shards <= 1 || task % (size_t)shards == (size_t)(run->pool->options.shard - 1);
}

bool ms_run_next(size_t *task, ms_stage_run *run)
{
    if (run->over)
        return false;
    while (run->next < run->stage->count && (run->results[run->next].there || !is_mine(run, run->next)))
        run->next++;
    if (run->next == run->stage->count)
        return false;
    *task = run->next++;
    return true;
}

/* Says where a result that cannot be taken stands. */
static void fail_take(ms_stage_run *run, ms_status status, const ms_result *result, const ms_error *why)
{
    ms_error err = *why;
    if (status == MS_BAD_INPUT && result->path)
        status = ms_error_at(&err, status, result->path, result->line, 1, "%s", why->message);
    ms_run_fail(run, status, &err);
}

/* Lets those be taken whose turn has come. */
static void take(ms_stage_run *run)
{
    const ms_stage *stage = run->stage;
    while (run->status == MS_OK && !run->end.enough && run->end.taken < stage->count) {
        size_t task = run->end.taken;
        ms_result *result = &run->results[task];
        ms_error err = {0};
        if (!result->there)
            return;
        ms_status status = stage->take(&run->end.enough, stage->context, task, result->text, result->length, &err);
        if (status != MS_OK) {
            fail_take(run, status, result, &err);
            return;
        }
        if (stage->root_only || ms_rank_count() == 1) {
            ms_free(result->text);
            result->text = NULL;
        }
        run->end.taken++;
        run->over = run->over || run->end.enough;
    }
}

void ms_run_note(ms_stage_run *run, size_t task, const char *text, size_t length)
{
    ms_error err = {0};
    ms_buf line = {0};
    ms_result *result = &run->results[task];
    result->text = ms_strndup(text, length);
    ms_known_write(&line, run->stage->name, task, text, length);
    ms_status status = result->text && !line.failed ? MS_OK : ms_error_memory(&err);
    if (status == MS_OK && run->pool->journal)
        status = ms_journal_append(run->pool->journal, line.text, line.length, &err);
    ms_buf_free(&line);
    if (status != MS_OK) {
        ms_run_fail(run, status, &err);
        return;
    }
    result->length = length;
    result->there = true;
    run->end.computed++;
    take(run);
}

bool ms_run_progress(void *context, const char *stage, double done, double eta_seconds)
{
    const double every = 0.05;
    ms_stage_run *run = context;
    const ms_pool_options *options = &run->pool->options;
    (void)stage, (void)done, (void)eta_seconds;
    pthread_mutex_lock(&run->lock);
    double now = ms_clock_seconds();
    if (!run->over && options->progress && now - run->shown >= every) {
        size_t have = run->end.known + run->end.computed, left = run->stage->count - have;
        double eta = run->end.computed ? (now - run->began) / (double)run->end.computed * (double)left : -1;
        run->shown = now;
        if (!options->progress(options->progress_context, run->stage->name, (double)have / (double)run->stage->count,
                               eta))
            run->over = run->end.stopped = true;
    }
    bool go_on = !run->over;
    pthread_mutex_unlock(&run->lock);
    return go_on;
}

static void work(void *context, int part, int parts)
{
    ms_stage_run *run = context;
    const ms_stage *stage = run->stage;
    void *local = NULL;
    ms_buf result = {0};
    ms_error err = {0};
    size_t task = 0;
    (void)part, (void)parts;
    ms_status status = stage->open(&local, stage->context, &err);
    bool more = status == MS_OK;
    while (more) {
        pthread_mutex_lock(&run->lock);
        more = ms_run_next(&task, run);
        pthread_mutex_unlock(&run->lock);
        if (!more)
            break;
        ms_buf_reset(&result);
        status = stage->run(&result, local, stage->context, task, ms_run_progress, run, &err);
        if (status == MS_OK && result.failed)
            status = ms_error_memory(&err);
        pthread_mutex_lock(&run->lock);
        if (status == MS_OK)
            ms_run_note(run, task, result.text, result.length);
        more = status == MS_OK && !run->over;
        pthread_mutex_unlock(&run->lock);
        if (more)
            more = ms_run_progress(run, stage->name, -1, -1);
    }
    pthread_mutex_lock(&run->lock);
    if (status != MS_OK && !(status == MS_LIMIT && run->over))
        ms_run_fail(run, status, &err);
    pthread_mutex_unlock(&run->lock);
    ms_buf_free(&result);
    if (local)
        stage->close(local);
}

static ms_status run_threads(ms_stage_run *run, ms_error *err)
{
    ms_team *team = NULL;
    int threads = run->pool->options.threads > 0 ? run->pool->options.threads : ms_team_processors();
    MS_TRY(ms_team_make(&team, threads, err));
    ms_team_run(team, work, run);
    ms_team_free(team);
    return MS_OK;
}

/* ---- a stage ---- */

static bool all_known(ms_stage_run *run)
{
    size_t task;
    bool more = ms_run_next(&task, run);
    run->next = 0;
    return !more;
}

static ms_status missing(const ms_stage_run *run, ms_error *err)
{
    size_t count = 0, first = run->stage->count;
    for (size_t i = run->stage->count; i-- > 0;)
        if (!run->results[i].there) {
            first = i;
            count++;
        }
    return ms_error_set(err, MS_BAD_INPUT, "%zu of %zu results are missing, the first of them number %zu", count,
                        run->stage->count, first);
}

static ms_status conduct(ms_stage_run *run, ms_error *err)
{
    const ms_pool_options *options = &run->pool->options;
    MS_TRY(note_all_known(run, err));
    take(run);
    bool done = run->over || all_known(run);
    if (options->read_only && !done)
        return missing(run, err);
    if (ms_rank_count() > 1)
        MS_TRY(ms_ranks_lead(run, err));
    else if (!done)
        MS_TRY(run_threads(run, err));
    if (run->status != MS_OK) {
        if (err)
            *err = run->err;
        return run->status;
    }
    run->end.partial = !run->end.stopped && !run->end.enough && run->end.taken < run->stage->count;
    return MS_OK;
}

ms_status ms_pool_run(ms_pool_end *end, ms_pool *pool, const ms_stage *stage, ms_error *err)
{
    if (ms_rank() > 0)
        return ms_ranks_follow(end, pool, stage, err);
    ms_stage_run run = {.pool = pool, .stage = stage, .began = ms_clock_seconds()};
    run.results = ms_alloc(stage->count, sizeof *run.results);
    if (!run.results)
        return ms_error_memory(err);
    pthread_mutex_init(&run.lock, NULL);
    ms_status status = conduct(&run, err);
    pthread_mutex_destroy(&run.lock);
    for (size_t i = 0; i < stage->count; i++)
        ms_free(run.results[i].text);
    ms_free(run.results);
    if (status == MS_OK)
        *end = run.end;
    return status;
}

ms_pool_options ms_pool_options_of(const ms_stress_options *how, const char *job)
{
    return (ms_pool_options){.threads = how->threads,
                             .shard = how->shard,
                             .shards = how->shards,
                             .checkpoint = how->checkpoint,
                             .job = job,
                             .parts = how->parts,
                             .part_count = how->part_count,
                             .read_only = how->read_only,
                             .progress = how->progress,
                             .progress_context = how->progress_context};
}

ms_status ms_pool_run_alone(ms_pool_end *end, const ms_stress_options *how, const char *job, const ms_stage *stage,
                            ms_error *err)
{
    ms_pool *pool = NULL;
    const ms_pool_options options = ms_pool_options_of(how, job);
    MS_TRY(ms_pool_open(&pool, &options, err));
    ms_status status = ms_pool_run(end, pool, stage, err);
    ms_status closed = ms_pool_close(pool, status == MS_OK ? err : NULL);
    return status == MS_OK ? closed : status;
}
