/* desk.h: what the server has before it: a case, the plans made of it, answers worth keeping, and who is listening.
 *
 * A case in memory never changes; when somebody edits, a new one takes its place, and whoever still reads the old one
 * holds it. The same goes for plans. Texts of answers that follow from their address alone are kept (the least recently
 * used go first, beyond MS_DESK_KEEP_BYTES). All functions may be called from any thread.
 */
#ifndef MS_SERVE_DESK_H
#define MS_SERVE_DESK_H

#include "base/json.h"
#include "plan/plan.h"
#include "serve/blob.h"
#include "serve/http.h"
#include "serve/vary.h"

enum { MS_DESK_KEEP_BYTES = 128 << 20, MS_DESK_PLANS = 200, MS_DESK_LISTENERS = 1000, MS_TITLE_BYTES = 120 };

typedef struct ms_desk ms_desk;

/* threads: for one plan, 0 one a processor. Free with ms_desk_free. */
ms_status ms_desk_make(ms_desk **out, int threads, ms_error *err);
void ms_desk_free(ms_desk *desk); /* stops what is being planned; NULL is allowed */

/* ---- the case ---- */

/* A case that is held, and what reading it found. */
typedef struct {
    ms_case *kase;
    ms_findings findings;
    int generation; /* rises with each new case */
    int holders;    /* the desk's */
} ms_held_case;

/* Reads the folder path; findings (may not be NULL) get what it found, also when it is refused. */
ms_status ms_desk_open_case(ms_desk *desk, const char *path, ms_findings *findings, ms_error *err);
/* NULL when there is none yet. Give back with ms_desk_let_case. */
ms_held_case *ms_desk_hold_case(ms_desk *desk);
void ms_desk_let_case(ms_desk *desk, ms_held_case *held); /* NULL is allowed */

/* ---- plans ---- */

typedef enum {
    MS_JOB_WAITING,
    MS_JOB_RUNNING,
    MS_JOB_DONE,
    MS_JOB_FAILED,
    MS_JOB_CANCELLED,
    MS_JOB_STATES
} ms_job_state;
extern const char *const ms_job_words[MS_JOB_STATES + 1];

/* What is to be planned: the case with contingencies of its own, and with events that are made up on the spot. */
typedef struct {
    char title[MS_TITLE_BYTES];
    char **contingencies; /* ids */
    size_t contingency_count;
    ms_made_up made_up;
    double gap, time_limit;
    bool alone;
} ms_plan_order;
void ms_plan_order_free(ms_plan_order *order);

/* A plan, or what is to become one. Everything but progress is fixed once it is done. */
typedef struct {
    int number;
    ms_job_state state;
    char title[MS_TITLE_BYTES], who[MS_TITLE_BYTES];
    char stage[64];
    double done, eta_seconds; /* negative: unknown */
    ms_error err;             /* of a failed one */
    double objective, bound, gap, seconds;
    int generation; /* of the case that it was made of */
    size_t contingency_count, event_count;
} ms_plan_facts;

/* Puts an order in the queue; it is taken over, also on failure. */
ms_status ms_desk_order(int *number, ms_desk *desk, ms_plan_order *order, const char *who, ms_error *err);
/* Ends the planning, keeping the best so far if there is one; or forgets the plan. MS_NOT_FOUND. */
ms_status ms_desk_cancel(ms_desk *desk, int number, ms_error *err);
ms_status ms_desk_forget(ms_desk *desk, int number, ms_error *err);
/* Facts of a plan, or of all: *count of at most MS_DESK_PLANS. */
ms_status ms_desk_facts(ms_plan_facts *out, ms_desk *desk, int number, ms_error *err);
int ms_desk_all_facts(ms_plan_facts out[MS_DESK_PLANS], ms_desk *desk);

typedef struct ms_held_plan ms_held_plan;
/* MS_NOT_FOUND, or MS_USAGE when it is not done yet. Give back with ms_desk_let_plan. */
ms_status ms_desk_hold_plan(ms_held_plan **out, ms_desk *desk, int number, ms_error *err);
const ms_plan *ms_held_plan_of(const ms_held_plan *held);
void ms_desk_let_plan(ms_desk *desk, ms_held_plan *held); /* NULL is allowed */

/* The members of the object that is open. */
void ms_plan_facts_put(ms_json *json, const ms_plan_facts *facts);

/* ---- answers worth keeping ---- */

/* Rises whenever a case is replaced or a plan forgotten: what was answered before may be wrong from then on. */
int ms_desk_version(ms_desk *desk);
/* A kept answer that the caller holds, or NULL. */
ms_blob *ms_desk_kept(ms_desk *desk, const char *key);
void ms_desk_keep(ms_desk *desk, const char *key, ms_blob *blob);

/* ---- who is listening ---- */

/* A new stream of events, which gets all that is told from now on. The caller holds a reference. */
ms_status ms_desk_listen(ms_stream **out, ms_desk *desk, ms_error *err);
/* Tells everybody: event is a word, json any JSON text. */
void ms_desk_tell(ms_desk *desk, const char *event, const ms_buf *json);
/* Ends all streams, and takes no new ones. */
void ms_desk_hush(ms_desk *desk);

#endif
