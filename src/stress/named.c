/* named.c: see named.h. Each contingency is a task of the pool; named_line.c has what a task gives as a line. */
#include "stress/named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/job.h"
#include "stress/replay.h"

enum { SHIFTS_MOST = 8 };
static const double GAP_DEFAULT = 1e-3;

typedef struct {
    ms_named *named;
    const ms_named_options *options;
    const ms_stress_options *how;
    ms_plan *before; /* the base as a plan */
    double gap;
    ms_named_task *tasks;
    size_t task_count;
} stresser;

/* ---- tasks ---- */

static ms_status side_plan(ms_plan **out, const ms_side *side, ms_error *err)
{
    return ms_replay_plan(out, side->net->kase, side->net, &side->solution.settled, err);
}

/* "a + b"; the named keeps it. */
static ms_status join(const char **out, ms_named *named, const int32_t *chosen, size_t count, ms_error *err)
{
    ms_buf text = {0};
    for (size_t i = 0; i < count; i++)
        ms_buf_printf(&text, "%s%s", i > 0 ? " + " : "", named->kase->contingencies[chosen[i]].id);
    *out = text.failed ? NULL : ms_arena_strndup(named->arena, text.text ? text.text : "", text.length);
    ms_buf_free(&text);
    return *out ? MS_OK : ms_error_memory(err);
}

/* title NULL: the name. */
static ms_status add_task(stresser *s, const int32_t *chosen, size_t count, const char *title, ms_error *err)
{
    const ms_case *kase = s->named->kase;
    ms_named_task *task = &s->tasks[s->task_count++];
    *task = (ms_named_task){.scenario = {.contingency_ix = chosen, .contingency_count = count}};
    if (count == 1 && title)
        task->scenario.name = kase->contingencies[chosen[0]].id;
    else
        MS_TRY(join(&task->scenario.name, s->named, chosen, count, err));
    task->title = title ? title : task->scenario.name;
    return MS_OK;
}

/* Each, and behind them all together; or those that were asked for together. */
static ms_status lay_out_tasks(stresser *s, ms_error *err)
{
    const ms_case *kase = s->named->kase;
    const ms_named_options *options = s->options;
    size_t all = (size_t)kase->contingencies_count;
    size_t chosen_count = options->together_count > 0 ? options->together_count : all;
    int32_t *chosen = ms_arena_alloc(s->named->arena, chosen_count, sizeof *chosen);
    s->tasks = ms_arena_alloc(s->named->arena, all + 1, sizeof *s->tasks);
    s->named->rows = ms_alloc(all + 1, sizeof *s->named->rows);
    if (!chosen || !s->tasks || !s->named->rows)
        return ms_error_memory(err);
    for (size_t i = 0; i < chosen_count; i++)
        chosen[i] = options->together_count > 0 ? ms_case_find_contingency(kase, options->together[i]) : (int32_t)i;
    if (options->together_count > 0)
        return add_task(s, chosen, chosen_count, NULL, err);
    for (size_t c = 0; c < all; c++)
        MS_TRY(add_task(s, &chosen[c], 1, kase->contingencies[c].name, err));
    return all > 1 ? add_task(s, chosen, all, "All of them together", err) : MS_OK;
}

static ms_status open_worker(void **local, void *context, ms_error *err)
{
    const stresser *s = context;
    ms_stress_worker *worker = NULL;
    MS_TRY(ms_stress_worker_make(&worker, s->named->base, err));
    *local = worker;
    return MS_OK;
}

static void close_worker(void *local)
{
    ms_stress_worker_free(local);
}

static ms_status solve(ms_named_row *row, const stresser *s, ms_stress_worker *worker, const ms_named_task *task,
                       const ms_precision *precision, ms_error *err)
{
    ms_plan *after = NULL;
    MS_TRY(ms_stress_solve(&row->outcome, worker, &task->scenario, precision, err));
    MS_TRY(side_plan(&after, ms_stress_worker_side(worker), err));
    ms_status status = ms_shifts_make(&row->shifts, &row->shift_count, s->before, after, SHIFTS_MOST, err);
    ms_plan_free(after);
    return status;
}

static ms_status run_task(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                          void *progress_context, ms_error *err)
{
    const stresser *s = context;
    const ms_precision precision = {.gap = s->gap,
                                    .alone = s->options->alone,
                                    .tidy = true,
                                    .progress = progress,
                                    .progress_context = progress_context};
    ms_named_row row = {0};
    ms_status status = solve(&row, s, local, &s->tasks[task], &precision, err);
    if (status == MS_OK)
        status = ms_named_row_write(result, &row, err);
    ms_named_row_free(&row);
    return status;
}

static ms_status take_row(bool *enough, void *context, size_t task, const char *text, size_t length, ms_error *err)
{
    stresser *s = context;
    const ms_named_task *of = &s->tasks[task];
    ms_named_row row = {.title = of->title,
                        .contingency_ix = of->scenario.contingency_ix,
                        .contingency_count = of->scenario.contingency_count};
    *enough = false;
    MS_TRY(ms_named_row_read(&row, s->named->kase, text, length, err));
    s->named->rows[s->named->count++] = row;
    return MS_OK;
}

/* ---- all of them ---- */

static int by_harm(const void *left, const void *right)
{
    const ms_named_row *a = left, *b = right;
    if (a->outcome.added < b->outcome.added || a->outcome.added > b->outcome.added)
        return a->outcome.added > b->outcome.added ? -1 : 1;
    return strcmp(a->outcome.name, b->outcome.name);
}

static ms_status describe_job(ms_buf *out, const stresser *s, ms_error *err)
{
    ms_stress_job job = {.mode = "named", .gap = s->gap, .alone = s->options->alone};
    size_t length = 0;
    for (size_t i = 0; i < s->options->together_count && length < sizeof job.together; i++)
        length += (size_t)snprintf(job.together + length, sizeof job.together - length, "%s%s", i > 0 ? "," : "",
                                   s->options->together[i]);
    if (length >= sizeof job.together && s->how->checkpoint)
        return ms_error_set(err, MS_LIMIT, "so many contingencies together cannot be kept in a checkpoint");
    return ms_job_write(out, s->named->kase, &job, err);
}

static ms_status run_pool(stresser *s, ms_error *err)
{
    ms_buf job = {0};
    const ms_stage stage = {.name = "contingencies",
                            .count = s->task_count,
                            .context = s,
                            .open = open_worker,
                            .close = close_worker,
                            .run = run_task,
                            .take = take_row};
    ms_status status = describe_job(&job, s, err);
    if (status == MS_OK)
        status = ms_pool_run_alone(&s->named->end, s->how, job.text, &stage, err);
    ms_buf_free(&job);
    return status;
}

static ms_status run(stresser *s, ms_error *err)
{
    ms_named *named = s->named;
    const ms_base_options base_options = {.gap = s->gap / 10,
                                          .alone = s->options->alone,
                                          .threads = ms_rank_count() > 1 ? 1 : s->how->threads,
                                          .progress = s->how->progress,
                                          .progress_context = s->how->progress_context};
    MS_TRY(lay_out_tasks(s, err));
    MS_TRY(ms_base_make(&named->base, named->kase, &base_options, err));
    MS_TRY(side_plan(&s->before, &named->base->together, err));
    MS_TRY(run_pool(s, err));
    if (named->count > 1)
        qsort(named->rows, named->count, sizeof *named->rows, by_harm);
    return MS_OK;
}

/* Unknown ids, and a case without any. */
static ms_status check(const ms_case *kase, const ms_named_options *options, ms_error *err)
{
    ms_case *trial = NULL;
    if (kase->contingencies_count == 0)
        return ms_error_set(err, MS_USAGE, "the case has no contingencies; contingencies.csv names them");
    ms_status status = ms_case_apply(&trial, kase, options->together, options->together_count, err);
    ms_case_free(trial);
    return status;
}

ms_status ms_named_make(ms_named **out, const ms_case *kase, const ms_named_options *options,
                        const ms_stress_options *how, ms_error *err)
{
    MS_TRY(check(kase, options, err));
    stresser s = {.options = options, .how = how, .gap = how->gap > 0 ? how->gap : GAP_DEFAULT};
    s.named = ms_alloc(1, sizeof *s.named);
    if (!s.named)
        return ms_error_memory(err);
    s.named->kase = kase;
    s.named->arena = ms_arena_new();
    ms_status status = s.named->arena ? run(&s, err) : ms_error_memory(err);
    ms_plan_free(s.before);
    if (status != MS_OK) {
        ms_named_free(s.named);
        return status;
    }
    *out = s.named;
    return MS_OK;
}

bool ms_named_stopped(const ms_named *named)
{
    return named->end.stopped;
}

bool ms_named_partial(const ms_named *named)
{
    return named->end.partial;
}

void ms_named_free(ms_named *named)
{
    if (!named)
        return;
    for (size_t i = 0; i < named->count; i++)
        ms_named_row_free(&named->rows[i]);
    ms_free(named->rows);
    ms_arena_free(named->arena);
    ms_base_free(named->base);
    ms_free(named);
}
