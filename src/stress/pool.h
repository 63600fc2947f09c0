/* pool.h: many tasks, wherever they run: threads, the ranks of an MPI job, or a share of them by hand.
 *
 * Tasks 0..count-1 each give a short text without newline, which depends on the task alone. Results are appended to a
 * checkpoint as they come and taken in the order of the tasks, on every rank alike; so the code around a pool is the
 * same everywhere, and what it makes of the results is the same bytes. What a checkpoint or another shard's part
 * already knows is not computed again. A job may run several stages, one after the other, each with its own name.
 *
 * Memory: results that came before their turn. Cost a task beside its own: a line in a file, and under MPI three
 * messages.
 */
#ifndef MS_STRESS_POOL_H
#define MS_STRESS_POOL_H

#include "base/status.h"

typedef struct {
    const char *name; /* names the tasks in the checkpoint, and the work in progress */
    size_t count;
    void *context;
    bool root_only; /* other ranks do not need the results: nothing is taken there */
    /* What one thread owns; called on its thread. */
    ms_status (*open)(void **local, void *context, ms_error *err);
    void (*close)(void *local);
    /* progress is to be asked now and then; when it says no, MS_LIMIT. */
    ms_status (*run)(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                     void *progress_context, ms_error *err);
    /* In the order of the tasks, by one caller at a time. *enough ends the stage; later results are dropped. */
    ms_status (*take)(bool *enough, void *context, size_t task, const char *result, size_t length, ms_error *err);
} ms_stage;

typedef struct {
    int threads;              /* 0: one a processor; with several ranks always one each */
    int shard, shards;        /* 0 of 0: all; else 1..shards: task t belongs to t % shards + 1 */
    const char *checkpoint;   /* NULL none */
    const char *job;          /* a JSON object on one line: what is computed, the case's digest included */
    const char *const *parts; /* files of other shards or runs, which are only read */
    size_t part_count;
    bool read_only; /* compute nothing: a task that no part knows is MS_BAD_INPUT */
    ms_progress progress;
    void *progress_context;
} ms_pool_options;

typedef struct {
    size_t taken, computed, known; /* known: from checkpoint and parts */
    bool enough;                   /* take said so */
    bool stopped;                  /* by progress: taken are those before the first that is missing */
    bool partial;                  /* this shard has done its part; others are missing */
} ms_pool_end;

typedef struct ms_pool ms_pool;

MS_MUST_USE ms_status ms_pool_open(ms_pool **out, const ms_pool_options *options, ms_error *err);
/* Writes the checkpoint's last lines to the disk and frees the pool; NULL is allowed. */
MS_MUST_USE ms_status ms_pool_close(ms_pool *pool, ms_error *err);
/* Runs a stage. MS_OK also when stopped or partial: see *end. */
MS_MUST_USE ms_status ms_pool_run(ms_pool_end *end, ms_pool *pool, const ms_stage *stage, ms_error *err);

/* As `how` says: threads, shard, files and progress. job must outlive the pool. */
ms_pool_options ms_pool_options_of(const ms_stress_options *how, const char *job);
/* A pool of one stage, from beginning to end. */
MS_MUST_USE ms_status ms_pool_run_alone(ms_pool_end *end, const ms_stress_options *how, const char *job,
                                        const ms_stage *stage, ms_error *err);

/* The job that a checkpoint was written for, as its JSON text; *out is freed with ms_free. */
MS_MUST_USE ms_status ms_pool_job_of(char **out, const char *path, ms_error *err);

#endif
