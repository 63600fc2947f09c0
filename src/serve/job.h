/* job.h: what takes long on a desk: plans, stress runs, what goes on with a book (releases sent, fetched and taken, the
 * proof of its log), and the proofs of what would help a plan. Ordered over the API, made one after the other by one
 * thread for each kind, told of as they go, kept until they are forgotten.
 *
 * A plan never waits behind a stress run, which may take minutes. Numbers count up from 1 for each kind. A plan or
 * stress run holds the case that it was ordered for, whatever takes its place on the desk. What a job gives never
 * changes once it is done, and whoever reads it holds it. Beyond MS_JOBS_MOST the oldest that is done makes room, but
 * never the first plan, with which others are compared. All functions may be called from any thread.
 */
#ifndef MS_SERVE_JOB_H
#define MS_SERVE_JOB_H

#include "base/json.h"
#include "plan/plan.h"
#include "serve/desk.h"
#include "serve/vary.h"

enum { MS_JOBS_MOST = 200, MS_TITLE_BYTES = 120 };

typedef enum { MS_JOB_PLAN, MS_JOB_STRESS, MS_JOB_BOOK, MS_JOB_PROOF, MS_JOB_KINDS } ms_job_kind;
extern const char *const ms_job_kind_words[MS_JOB_KINDS + 1]; /* in events and facts */
extern const char *const ms_job_kind_names[MS_JOB_KINDS];     /* in texts */

typedef enum {
    MS_JOB_WAITING,
    MS_JOB_RUNNING,
    MS_JOB_DONE,
    MS_JOB_FAILED,
    MS_JOB_CANCELLED,
    MS_JOB_STATES
} ms_job_state;
extern const char *const ms_job_words[MS_JOB_STATES + 1];

/* What `mainstay stress` calls --each, --pairs, --worst, --sample, and none of these. */
typedef enum {
    MS_STRESS_NAMED,
    MS_STRESS_EACH,
    MS_STRESS_PAIRS,
    MS_STRESS_WORST,
    MS_STRESS_SAMPLE,
    MS_STRESS_MODES
} ms_stress_mode;
extern const char *const ms_stress_mode_words[MS_STRESS_MODES + 1];

/* What `mainstay exchange send`, `fetch`, `take` and `book verify` do. */
typedef enum { MS_BOOK_SEND, MS_BOOK_FETCH, MS_BOOK_TAKE, MS_BOOK_VERIFY, MS_BOOK_WORKS } ms_book_work;
extern const char *const ms_book_work_words[MS_BOOK_WORKS + 1];

typedef struct {
    ms_job_kind kind;
    char title[MS_TITLE_BYTES];
    char **contingencies; /* ids: in force in a plan; of a named stress together, none meaning each by itself */
    size_t contingency_count;
    double gap, time_limit; /* 0: the default; none */
    bool alone;
    ms_made_up made_up; /* of a plan: events made up on the spot */
    ms_stress_mode mode;
    char what[32]; /* of each, pairs and worst: rank.what */
    ms_rank_options rank;
    ms_sample_options sample;
    ms_book_work book_work;     /* of a book: */
    char *partner;              /* NULL: all */
    char *place_name, *place;   /* send, fetch: as it was asked for, and the folder or address; take: the file's name */
    char *token_file, *ca_file; /* of a place that is an address */
    ms_buf bundle;              /* take */
    int plan, most;             /* of a proof: of which plan, of how many shortfalls (0: as explain has it), */
    char *demand;               /* of which demands; NULL: the worst */
} ms_job_order;
void ms_job_order_free(ms_job_order *order);

/* A job as the list has it. Everything but progress is fixed once it is done. */
typedef struct {
    ms_job_kind kind;
    int number;
    ms_job_state state;
    char title[MS_TITLE_BYTES], who[MS_TITLE_BYTES];
    char stage[64];
    double done, eta_seconds; /* negative: unknown */
    double seconds;           /* that it took */
    bool stopped;             /* at a limit or by somebody; what is there holds */
    ms_error err;             /* of a failed one */
    int generation;           /* of the case that it was made of */
    size_t contingency_count, event_count;
    double objective, bound, gap; /* of a plan */
    ms_stress_mode mode;          /* of a stress */
    ms_book_work book_work;       /* of a book: and the place or file, the partner or "" */
    char place[MS_TITLE_BYTES], partner[MS_TITLE_BYTES];
    size_t releases, refused; /* sent or taken; refused, or breaches found */
    int plan;                 /* of a proof */
} ms_job_facts;

/* Puts an order in the queue; it is taken over, also on failure. */
ms_status ms_desk_order(int *number, ms_desk *desk, ms_job_order *order, const char *who, ms_error *err);
/* Ends the work, keeping what there is if that is of use; or forgets the job. MS_NOT_FOUND. */
ms_status ms_desk_cancel(ms_desk *desk, ms_job_kind kind, int number, ms_error *err);
ms_status ms_desk_forget(ms_desk *desk, ms_job_kind kind, int number, ms_error *err);
/* Facts of a job, or of all of a kind: *count of at most MS_JOBS_MOST. */
ms_status ms_desk_facts(ms_job_facts *out, ms_desk *desk, ms_job_kind kind, int number, ms_error *err);
int ms_desk_all_facts(ms_job_facts out[MS_JOBS_MOST], ms_desk *desk, ms_job_kind kind);

typedef struct ms_held_job ms_held_job;
/* MS_NOT_FOUND, or MS_USAGE when it is not done yet. Give back with ms_desk_let_job. */
ms_status ms_desk_hold_job(ms_held_job **out, ms_desk *desk, ms_job_kind kind, int number, ms_error *err);
void ms_desk_let_job(ms_desk *desk, ms_held_job *held); /* NULL is allowed */
const ms_plan *ms_held_plan(const ms_held_job *held);   /* of a plan */
ms_stress_mode ms_held_mode(const ms_held_job *held);   /* of a stress */
/* Of a book's job: what came of it. Of a proof: the reasons, as `mainstay explain --json` has them. Of a stress: what
 * `mainstay stress` writes with --json and --csv, and its chart (empty where there is none). */
const ms_buf *ms_held_json(const ms_held_job *held);
const ms_buf *ms_held_csv(const ms_held_job *held);

/* The members of the object that is open. */
void ms_job_facts_put(ms_json *json, const ms_job_facts *facts);

#endif
