/* desk_jobs.c: the jobs of a desk: ordered, made one at a time by the thread of their kind, held while somebody reads
 * them. See job.h; what is made, and how, is in job_plan.c, job_stress.c, job_book.c and job_proof.c. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "serve/desk_private.h"

const char *const ms_job_kind_words[MS_JOB_KINDS + 1] = {"plan", "stress", "job", "proof", NULL};
const char *const ms_job_words[MS_JOB_STATES + 1] = {"waiting", "running", "done", "failed", "cancelled", NULL};

const char *const ms_job_kind_names[MS_JOB_KINDS] = {"plan", "stress run", "job", "proof"};

void ms_job_order_free(ms_job_order *order)
{
    for (size_t i = 0; i < order->contingency_count; i++)
        ms_free(order->contingencies[i]);
    ms_free(order->contingencies);
    ms_made_up_free(&order->made_up);
    ms_free(order->partner);
    ms_free(order->place_name);
    ms_free(order->place);
    ms_free(order->token_file);
    ms_free(order->ca_file);
    ms_buf_free(&order->bundle);
    ms_free(order->demand);
    *order = (ms_job_order){0};
}

/* With the lock held. */
static void drop_job(ms_held_job *held)
{
    if (--held->holders > 0)
        return;
    ms_plan_free(held->made.plan);
    ms_case_free(held->made.varied);
    ms_buf_free(&held->made.json);
    ms_buf_free(&held->made.csv);
    ms_desk_drop_case(held->base);
    ms_job_order_free(&held->order);
    ms_free(held);
}

/* With the lock held: the desk lets go of the job in that place. */
static void remove_job(ms_desk *desk, ms_job_kind kind, int place)
{
    ms_held_job **jobs = desk->jobs[kind];
    drop_job(jobs[place]);
    desk->job_count[kind]--;
    desk->version++;
    memmove(&jobs[place], &jobs[place + 1], (size_t)(desk->job_count[kind] - place) * sizeof *jobs);
}

/* With the lock held; -1: there is none. */
static int place_of(const ms_desk *desk, ms_job_kind kind, int number)
{
    for (int i = 0; i < desk->job_count[kind]; i++)
        if (desk->jobs[kind][i]->facts.number == number)
            return i;
    return -1;
}

static ms_status no_job(ms_job_kind kind, int number, ms_error *err)
{
    return ms_error_set(err, MS_NOT_FOUND, "there is no %s %d", ms_job_kind_names[kind], number);
}

static void tell_facts(ms_desk *desk, const ms_job_facts *facts)
{
    ms_buf text = {0};
    ms_json json;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_job_facts_put(&json, facts);
    ms_json_close_object(&json);
    if (!text.failed)
        ms_desk_tell(desk, ms_job_kind_words[facts->kind], &text);
    ms_buf_free(&text);
}

/* ---- orders ---- */

/* Forgets the oldest job that is done, to make room for one more. With the lock held. */
static bool make_room(ms_desk *desk, ms_job_kind kind)
{
    if (desk->job_count[kind] < MS_JOBS_MOST)
        return true;
    for (int i = kind == MS_JOB_PLAN; i < desk->job_count[kind]; i++) /* with the first plan others are compared */
        if (desk->jobs[kind][i]->facts.state >= MS_JOB_DONE) {
            remove_job(desk, kind, i);
            return true;
        }
    return false;
}

/* With the lock held: the order becomes the newest job, which waits. */
static void enter(ms_desk *desk, ms_held_job *held, ms_held_case *base, const ms_job_order *order, const char *who)
{
    ms_job_kind kind = order->kind;
    held->order = *order;
    held->base = base;
    held->holders = 1;
    held->facts = (ms_job_facts){.kind = kind,
                                 .number = ++desk->numbers[kind],
                                 .done = -1,
                                 .eta_seconds = -1,
                                 .generation = base ? base->generation : desk->generations,
                                 .contingency_count = order->contingency_count,
                                 .event_count = order->made_up.count,
                                 .mode = order->mode,
                                 .book_work = order->book_work,
                                 .plan = order->plan};
    snprintf(held->facts.place, sizeof held->facts.place, "%s", order->place_name ? order->place_name : "");
    snprintf(held->facts.partner, sizeof held->facts.partner, "%s", order->partner ? order->partner : "");
    snprintf(held->facts.title, sizeof held->facts.title, "%s", order->title);
    snprintf(held->facts.who, sizeof held->facts.who, "%s", who);
    desk->jobs[kind][desk->job_count[kind]++] = held;
    if (base)
        base->holders++;
}

/* With the lock held: the case that an order is for; NULL: none. */
static ms_status find_base(ms_held_case **out, const ms_desk *desk, const ms_job_order *order, ms_error *err)
{
    *out = NULL;
    if (order->kind == MS_JOB_BOOK)
        return MS_OK;
    if (order->kind == MS_JOB_PROOF) {
        int place = place_of(desk, MS_JOB_PLAN, order->plan);
        if (place < 0)
            return no_job(MS_JOB_PLAN, order->plan, err);
        *out = desk->jobs[MS_JOB_PLAN][place]->base;
        return MS_OK;
    }
    *out = desk->held;
    return *out ? MS_OK : ms_error_set(err, MS_USAGE, "there is no case yet; open one first");
}

/* Tells listeners of a job that waits, and then lets it be made. */
static void announce(ms_desk *desk, ms_held_job *held, const ms_job_facts *facts)
{
    tell_facts(desk, facts);
    pthread_mutex_lock(&desk->lock);
    held->announced = true;
    pthread_cond_broadcast(&desk->ordered);
    drop_job(held);
    pthread_mutex_unlock(&desk->lock);
}

ms_status ms_desk_order(int *number, ms_desk *desk, ms_job_order *order, const char *who, ms_error *err)
{
    ms_job_facts facts;
    ms_held_case *base = NULL;
    ms_held_job *held = ms_alloc(1, sizeof *held);
    pthread_mutex_lock(&desk->lock);
    ms_status status = held ? find_base(&base, desk, order, err) : ms_error_memory(err);
    if (status == MS_OK && !make_room(desk, order->kind))
        status = ms_error_set(err, MS_LIMIT, "%d %ss are waiting already", MS_JOBS_MOST,
                              ms_job_kind_names[order->kind]);
    if (status == MS_OK) {
        enter(desk, held, base, order, who);
        facts = held->facts;
        held->holders++; /* until it is announced */
    }
    pthread_mutex_unlock(&desk->lock);
    if (status != MS_OK) {
        ms_free(held);
        ms_job_order_free(order);
        return status;
    }
    *order = (ms_job_order){0};
    *number = facts.number;
    announce(desk, held, &facts);
    return MS_OK;
}

ms_status ms_desk_cancel(ms_desk *desk, ms_job_kind kind, int number, ms_error *err)
{
    ms_job_facts facts;
    bool ended = false;
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, kind, number);
    if (place >= 0) {
        ms_held_job *held = desk->jobs[kind][place];
        held->cancelled = true;
        ended = held->facts.state == MS_JOB_WAITING;
        if (ended)
            held->facts.state = MS_JOB_CANCELLED;
        facts = held->facts;
    }
    pthread_mutex_unlock(&desk->lock);
    if (ended)
        tell_facts(desk, &facts);
    return place >= 0 ? MS_OK : no_job(kind, number, err);
}

ms_status ms_desk_forget(ms_desk *desk, ms_job_kind kind, int number, ms_error *err)
{
    MS_TRY(ms_desk_cancel(desk, kind, number, err));
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, kind, number);
    if (place >= 0)
        remove_job(desk, kind, place);
    pthread_mutex_unlock(&desk->lock);
    return place >= 0 ? MS_OK : no_job(kind, number, err);
}

/* ---- facts ---- */

ms_status ms_desk_facts(ms_job_facts *out, ms_desk *desk, ms_job_kind kind, int number, ms_error *err)
{
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, kind, number);
    if (place >= 0)
        *out = desk->jobs[kind][place]->facts;
    pthread_mutex_unlock(&desk->lock);
    return place >= 0 ? MS_OK : no_job(kind, number, err);
}

int ms_desk_all_facts(ms_job_facts out[MS_JOBS_MOST], ms_desk *desk, ms_job_kind kind)
{
    pthread_mutex_lock(&desk->lock);
    int count = desk->job_count[kind];
    for (int i = 0; i < count; i++)
        out[i] = desk->jobs[kind][i]->facts;
    pthread_mutex_unlock(&desk->lock);
    return count;
}

static void put_book_work(ms_json *json, const ms_job_facts *facts)
{
    ms_json_string(json, "what", ms_book_work_words[facts->book_work]);
    ms_json_string(json, "place", facts->place);
    ms_json_string(json, "partner", facts->partner);
    if (facts->state >= MS_JOB_DONE) {
        ms_json_integer(json, "releases", (long long)facts->releases);
        ms_json_integer(json, "refused", (long long)facts->refused);
    }
}

static void put_kind(ms_json *json, const ms_job_facts *facts)
{
    if (facts->kind == MS_JOB_BOOK) {
        put_book_work(json, facts);
        return;
    }
    if (facts->kind == MS_JOB_PROOF) {
        ms_json_integer(json, "plan", facts->plan);
        return;
    }
    if (facts->kind == MS_JOB_STRESS) {
        ms_json_string(json, "mode", ms_stress_mode_words[facts->mode]);
        ms_json_integer(json, "contingencies", (long long)facts->contingency_count);
        return;
    }
    ms_json_integer(json, "contingencies", (long long)facts->contingency_count);
    ms_json_integer(json, "events", (long long)facts->event_count);
    if (facts->state == MS_JOB_DONE) {
        ms_json_number(json, "objective", facts->objective);
        ms_json_number(json, "bound", facts->bound);
        ms_json_number(json, "gap", facts->gap);
    }
}

void ms_job_facts_put(ms_json *json, const ms_job_facts *facts)
{
    ms_json_integer(json, ms_job_kind_words[facts->kind], facts->number);
    ms_json_string(json, "title", facts->title);
    ms_json_string(json, "who", facts->who);
    ms_json_string(json, "state", ms_job_words[facts->state]);
    ms_json_integer(json, "generation", facts->generation);
    put_kind(json, facts);
    if (facts->state == MS_JOB_RUNNING) {
        ms_json_string(json, "stage", facts->stage);
        ms_json_number(json, "done", facts->done < 0 ? NAN : facts->done);
        ms_json_number(json, "eta_seconds", facts->eta_seconds < 0 ? NAN : facts->eta_seconds);
    }
    if (facts->state == MS_JOB_DONE) {
        ms_json_bool(json, "stopped", facts->stopped);
        ms_json_number(json, "seconds", facts->seconds);
    }
    if (facts->state == MS_JOB_FAILED)
        ms_json_string(json, "error", facts->err.message);
}

/* ---- jobs that are done ---- */

ms_status ms_desk_hold_job(ms_held_job **out, ms_desk *desk, ms_job_kind kind, int number, ms_error *err)
{
    ms_held_job *held = NULL;
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, kind, number);
    if (place >= 0 && desk->jobs[kind][place]->facts.state == MS_JOB_DONE) {
        held = desk->jobs[kind][place];
        held->holders++;
    }
    pthread_mutex_unlock(&desk->lock);
    if (place < 0)
        return no_job(kind, number, err);
    if (!held)
        return ms_error_set(err, MS_USAGE, "%s %d is not done yet", ms_job_kind_names[kind], number);
    *out = held;
    return MS_OK;
}

void ms_desk_let_job(ms_desk *desk, ms_held_job *held)
{
    if (!held)
        return;
    pthread_mutex_lock(&desk->lock);
    drop_job(held);
    pthread_mutex_unlock(&desk->lock);
}

const ms_plan *ms_held_plan(const ms_held_job *held)
{
    return held->made.plan;
}

ms_stress_mode ms_held_mode(const ms_held_job *held)
{
    return held->order.mode;
}

const ms_buf *ms_held_json(const ms_held_job *held)
{
    return &held->made.json;
}

const ms_buf *ms_held_csv(const ms_held_job *held)
{
    return &held->made.csv;
}

/* ---- making them ---- */

typedef struct {
    ms_desk *desk;
    ms_held_job *held;
    double told; /* when listeners last heard of it */
} progress_of;

static bool note_progress(void *context, const char *stage, double done, double eta_seconds)
{
    const double seconds_between = 0.1;
    progress_of *of = context;
    ms_job_facts *facts = &of->held->facts;
    double now = ms_clock_seconds();
    pthread_mutex_lock(&of->desk->lock);
    bool go_on = !of->held->cancelled && !of->desk->closing, tell = now - of->told >= seconds_between;
    if (tell) {
        of->told = now;
        snprintf(facts->stage, sizeof facts->stage, "%s", stage);
        facts->done = done;
        facts->eta_seconds = eta_seconds;
    }
    ms_job_facts copy = *facts;
    pthread_mutex_unlock(&of->desk->lock);
    if (tell)
        tell_facts(of->desk, &copy);
    return go_on;
}

/* Enters what was made, and how it ended. */
static void finish(ms_desk *desk, ms_held_job *held, const ms_job_made *made, ms_status status, const ms_error *err,
                   double seconds)
{
    pthread_mutex_lock(&desk->lock);
    ms_job_facts *facts = &held->facts;
    facts->state = status == MS_OK ? MS_JOB_DONE : held->cancelled ? MS_JOB_CANCELLED : MS_JOB_FAILED;
    facts->err = *err;
    facts->stopped = made->stopped;
    facts->seconds = seconds;
    facts->releases = made->releases;
    facts->refused = made->refused;
    held->made = *made;
    if (made->plan) {
        facts->objective = ms_plan_objective(made->plan);
        facts->bound = ms_plan_bound(made->plan);
        facts->gap = ms_plan_gap(made->plan);
    }
    ms_job_facts copy = *facts;
    drop_job(held);
    pthread_mutex_unlock(&desk->lock);
    tell_facts(desk, &copy);
}

static void make_job(ms_desk *desk, ms_held_job *held)
{
    static ms_status (*const makers[MS_JOB_KINDS])(ms_job_made *, const ms_job_work *,
                                                   ms_error *) = {[MS_JOB_PLAN] = ms_job_make_plan,
                                                                  [MS_JOB_STRESS] = ms_job_make_stress,
                                                                  [MS_JOB_BOOK] = ms_job_make_book,
                                                                  [MS_JOB_PROOF] = ms_job_make_proof};
    ms_error err = {0};
    ms_job_made made = {0};
    progress_of of = {.desk = desk, .held = held};
    const ms_job_work work = {.order = &held->order,
                              .desk = desk,
                              .who = held->facts.who,
                              .kase = held->base ? held->base->kase : NULL,
                              .threads = desk->threads,
                              .progress = note_progress,
                              .progress_context = &of};
    double began = ms_clock_seconds();
    ms_status status = makers[held->facts.kind](&made, &work, &err);
    finish(desk, held, &made, status, &err, ms_clock_seconds() - began);
}

/* The next order of a kind, held; NULL when the desk is closing. */
static ms_held_job *next_order(ms_desk *desk, ms_job_kind kind)
{
    ms_held_job *next = NULL;
    pthread_mutex_lock(&desk->lock);
    while (!desk->closing && !next) {
        for (int i = 0; i < desk->job_count[kind] && !next; i++)
            if (desk->jobs[kind][i]->facts.state == MS_JOB_WAITING && desk->jobs[kind][i]->announced)
                next = desk->jobs[kind][i];
        if (!next)
            pthread_cond_wait(&desk->ordered, &desk->lock);
    }
    if (desk->closing)
        next = NULL;
    if (next) {
        next->facts.state = MS_JOB_RUNNING;
        next->holders++;
    }
    pthread_mutex_unlock(&desk->lock);
    return next;
}

static void *make_all(void *context)
{
    const ms_job_maker *maker = context;
    ms_held_job *held;
    while ((held = next_order(maker->desk, maker->kind)) != NULL)
        make_job(maker->desk, held);
    return NULL;
}

ms_status ms_desk_start_jobs(ms_desk *desk, ms_error *err)
{
    for (int kind = 0; kind < MS_JOB_KINDS; kind++) {
        ms_job_maker *maker = &desk->makers[kind];
        *maker = (ms_job_maker){.desk = desk, .kind = (ms_job_kind)kind};
        maker->runs = pthread_create(&maker->thread, NULL, make_all, maker) == 0;
        if (!maker->runs)
            return ms_error_set(err, MS_LIMIT, "the system gives no thread to plan in");
    }
    return MS_OK;
}

void ms_desk_end_jobs(ms_desk *desk)
{
    for (int kind = 0; kind < MS_JOB_KINDS; kind++) {
        if (desk->makers[kind].runs)
            pthread_join(desk->makers[kind].thread, NULL);
        pthread_mutex_lock(&desk->lock);
        while (desk->job_count[kind] > 0)
            remove_job(desk, (ms_job_kind)kind, desk->job_count[kind] - 1);
        pthread_mutex_unlock(&desk->lock);
    }
}
