/* pool_private.h: what the files of the pool share. */
#ifndef MS_STRESS_POOL_PRIVATE_H
#define MS_STRESS_POOL_PRIVATE_H

#include <pthread.h>

#include "base/journal.h"
#include "stress/pool.h"

/* A line of a checkpoint. */
typedef struct {
    const char *stage;
    size_t stage_length, task;
    const char *result;
    size_t length;
} ms_known;

/* Reads the line text[0..length), without newline; false when it is none. pool_file.c. */
bool ms_known_read(ms_known *out, const char *text, size_t length);
void ms_known_write(ms_buf *out, const char *stage, size_t task, const char *result, size_t length);
/* The first line of a checkpoint for this job. */
void ms_known_header(ms_buf *out, const char *job);

struct ms_pool {
    ms_pool_options options;
    ms_journal *journal;
    char **part_bytes; /* [part_count] */
    size_t *part_lengths;
    double started;
};

typedef struct {
    char *text; /* NULL: not there yet, or taken */
    size_t length;
    bool there;
    const char *path; /* of the checkpoint that it was read from, and its line; NULL: it was computed */
    int line;
} ms_result;

/* One run of a stage, on the rank that hands out tasks. */
typedef struct {
    ms_pool *pool;
    const ms_stage *stage;
    ms_pool_end end;
    pthread_mutex_t lock; /* over all below */
    ms_result *results;   /* [count] */
    size_t next;          /* where to look for a task that nobody has */
    double began, shown;
    bool over; /* no more tasks are handed out */
    ms_status status;
    ms_error err;
} ms_stage_run;

/* pool.c; the lock must be held. */
bool ms_run_next(size_t *task, ms_stage_run *run);
void ms_run_note(ms_stage_run *run, size_t task, const char *result, size_t length);
void ms_run_fail(ms_stage_run *run, ms_status status, const ms_error *err);
/* An ms_progress for tasks; context is the run. Takes the lock. */
bool ms_run_progress(void *context, const char *stage, double done, double eta_seconds);

/* pool_ranks.c: a stage over several ranks, on rank 0 and on the others. */
ms_status ms_ranks_lead(ms_stage_run *run, ms_error *err);
ms_status ms_ranks_follow(ms_pool_end *end, ms_pool *pool, const ms_stage *stage, ms_error *err);

#endif
