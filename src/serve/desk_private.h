/* desk_private.h: the parts of a desk (desk.h) and its jobs (job.h), for the files that make it up. */
#ifndef MS_SERVE_DESK_PRIVATE_H
#define MS_SERVE_DESK_PRIVATE_H

#include <pthread.h>

#include "serve/job.h"
#include "serve/kept.h"

/* What a job gives; all empty but what its kind has. */
typedef struct {
    ms_case *varied;  /* of a plan: the case with what was made up, or NULL */
    ms_plan *plan;    /* of a plan */
    ms_buf json, csv; /* of a stress run; json of a book's job and of a proof */
    bool stopped;
    size_t releases, refused; /* of a book's job */
} ms_job_made;

struct ms_held_job {
    ms_job_facts facts;
    ms_job_order order;
    ms_held_case *base; /* what it is made of, from the order on; NULL: of no case */
    int holders;        /* with the desk itself, until it is forgotten */
    bool announced;     /* listeners know of it; before, nobody makes it: they would hear of its end first */
    bool cancelled;
    ms_job_made made; /* once it is done */
};

/* What is open. `writing` comes before the desk's `lock` where both are taken. */
typedef struct {
    pthread_mutex_t writing; /* over all below; what is open stays so, and may be read without it */
    bool is_open;            /* set under the desk's lock */
    char *path;
    bool is_book, read_only;
    ms_book *book;    /* to write, or NULL: the folder needs none, or the key is not there */
    ms_error no_book; /* why it is NULL */
    uint64_t seen;    /* what the files looked like when they were last read */
    int64_t entries;  /* of the book then */
} ms_desk_place;

/* Makes the jobs of one kind, one at a time. */
typedef struct {
    ms_desk *desk;
    ms_job_kind kind;
    pthread_t thread;
    bool runs;
} ms_job_maker;

struct ms_desk {
    ms_desk_place place;
    const ms_example_file *examples; /* or NULL */
    char *work;                      /* or NULL: the current folder */
    pthread_t watcher;
    bool watching;        /* the thread runs */
    pthread_mutex_t lock; /* over all below but `kept`, which has its own */
    pthread_cond_t ordered, closes;
    ms_held_case *held;             /* or NULL */
    char trouble[MS_MESSAGE_BYTES]; /* why the place cannot be read now */
    int generations, version;
    ms_held_job *jobs[MS_JOB_KINDS][MS_JOBS_MOST]; /* in the order of their numbers */
    int job_count[MS_JOB_KINDS], numbers[MS_JOB_KINDS];
    ms_job_maker makers[MS_JOB_KINDS];
    bool closing, job_writes; /* job_writes: a job has the book, or waits for it */
    int threads;
    ms_kept kept;
    ms_stream *listeners[MS_DESK_LISTENERS];
    int listener_count;
    bool hushed;
};

/* desk_jobs.c */
ms_status ms_desk_start_jobs(ms_desk *desk, ms_error *err);
void ms_desk_end_jobs(ms_desk *desk); /* waits for those at work once the desk is closing, and forgets all of them */
/* desk_case.c, with the lock held. */
void ms_desk_drop_case(ms_held_case *held);

/* What one that makes jobs gets. It may ask progress at any time: false means stop. */
typedef struct {
    ms_job_order *order;
    ms_desk *desk;
    const char *who;
    const ms_case *kase; /* NULL: none */
    int threads;
    ms_progress progress;
    void *progress_context;
} ms_job_work;
/* What is in *made belongs to the caller, also on failure. */
ms_status ms_job_make_plan(ms_job_made *made, const ms_job_work *work, ms_error *err);   /* job_plan.c */
ms_status ms_job_make_stress(ms_job_made *made, const ms_job_work *work, ms_error *err); /* job_stress.c */
ms_status ms_job_make_book(ms_job_made *made, const ms_job_work *work, ms_error *err);   /* job_book.c */
ms_status ms_job_make_proof(ms_job_made *made, const ms_job_work *work, ms_error *err);  /* job_proof.c */

/* desk_book.c: place.writing for a request, which cannot wait for long: MS_LIMIT when a job writes, or others for
 * MS_DESK_WRITE_WAIT_S seconds. */
ms_status ms_desk_begin_writing(ms_desk *desk, ms_error *err);
/* desk_book.c: the book to write for a job, which waits for as long as it takes; as ms_desk_write_book otherwise. */
ms_status ms_desk_lend_book(ms_book **out, ms_desk *desk, const char *who, ms_error *err);

/* desk_case.c, with place.writing held: reads what is open, if its files have changed, and makes it the next generation
 * unless it is the same. On failure the trouble is noted. */
ms_status ms_desk_refresh(ms_desk *desk, ms_error *err);
void ms_desk_close_place(ms_desk *desk);

/* desk_book.c: opens the book to write, where it can be; reads how many entries it has, its case (*out becomes NULL
 * where it holds none yet) and its own files. */
ms_status ms_desk_open_book(ms_desk *desk, const ms_desk_access *access, ms_error *err);
ms_status ms_desk_read_book_case(ms_held_case *out, int64_t *entries, ms_desk *desk, ms_findings *findings,
                                 ms_error *err);

#endif
