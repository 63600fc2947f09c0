/* desk_plans.c: plans of a server: ordered, made one at a time by a thread of their own, held while somebody reads
 * them. See desk.h. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "serve/desk_private.h"

const char *const ms_job_words[MS_JOB_STATES + 1] = {"waiting", "running", "done", "failed", "cancelled", NULL};

void ms_plan_order_free(ms_plan_order *order)
{
    for (size_t i = 0; i < order->contingency_count; i++)
        ms_free(order->contingencies[i]);
    ms_free(order->contingencies);
    ms_made_up_free(&order->made_up);
    *order = (ms_plan_order){0};
}

void ms_desk_drop_plan(ms_held_plan *held)
{
    if (--held->holders > 0)
        return;
    ms_plan_free(held->plan);
    ms_case_free(held->varied);
    ms_desk_drop_case(held->base);
    ms_plan_order_free(&held->order);
    ms_free(held);
}

static int place_of(const ms_desk *desk, int number)
{
    for (int i = 0; i < desk->plan_count; i++)
        if (desk->plans[i]->facts.number == number)
            return i;
    return -1;
}

static ms_status no_plan(int number, ms_error *err)
{
    return ms_error_set(err, MS_NOT_FOUND, "there is no plan %d", number);
}

static void tell_facts(ms_desk *desk, const ms_plan_facts *facts)
{
    ms_buf text = {0};
    ms_json json;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_plan_facts_put(&json, facts);
    ms_json_close_object(&json);
    if (!text.failed)
        ms_desk_tell(desk, "plan", &text);
    ms_buf_free(&text);
}

/* ---- orders ---- */

/* Forgets the oldest plan that is done, to make room for one more. With the lock held. */
static bool make_room(ms_desk *desk)
{
    if (desk->plan_count < MS_DESK_PLANS)
        return true;
    for (int i = 1; i < desk->plan_count; i++) /* the first one is what others are compared with */
        if (desk->plans[i]->facts.state >= MS_JOB_DONE) {
            ms_desk_drop_plan(desk->plans[i]);
            memmove(&desk->plans[i], &desk->plans[i + 1], (size_t)(desk->plan_count - i - 1) * sizeof *desk->plans);
            desk->plan_count--;
            return true;
        }
    return false;
}

/* With the lock held: the order becomes the newest plan, which waits. */
static void enter(ms_desk *desk, ms_held_plan *held, ms_held_case *base, const ms_plan_order *order, const char *who)
{
    held->order = *order;
    held->base = base;
    held->holders = 1;
    held->facts = (ms_plan_facts){.number = ++desk->numbers,
                                  .done = -1,
                                  .eta_seconds = -1,
                                  .generation = base->generation,
                                  .contingency_count = order->contingency_count,
                                  .event_count = order->made_up.count};
    snprintf(held->facts.title, sizeof held->facts.title, "%s", order->title);
    snprintf(held->facts.who, sizeof held->facts.who, "%s", who);
    desk->plans[desk->plan_count++] = held;
    base->holders++;
    pthread_cond_signal(&desk->ordered);
}

ms_status ms_desk_order(int *number, ms_desk *desk, ms_plan_order *order, const char *who, ms_error *err)
{
    ms_status status = MS_OK;
    ms_plan_facts facts;
    ms_held_plan *held = ms_alloc(1, sizeof *held);
    pthread_mutex_lock(&desk->lock);
    if (!held)
        status = ms_error_memory(err);
    else if (!desk->held)
        status = ms_error_set(err, MS_USAGE, "there is no case yet; open one first");
    else if (!make_room(desk))
        status = ms_error_set(err, MS_LIMIT, "%d plans are waiting already", MS_DESK_PLANS);
    else
        enter(desk, held, desk->held, order, who);
    if (status == MS_OK)
        facts = held->facts;
    pthread_mutex_unlock(&desk->lock);
    if (status != MS_OK) {
        ms_free(held);
        ms_plan_order_free(order);
        return status;
    }
    *order = (ms_plan_order){0};
    *number = facts.number;
    tell_facts(desk, &facts);
    return MS_OK;
}

ms_status ms_desk_cancel(ms_desk *desk, int number, ms_error *err)
{
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, number);
    if (place >= 0) {
        ms_held_plan *held = desk->plans[place];
        held->cancelled = true;
        if (held->facts.state == MS_JOB_WAITING)
            held->facts.state = MS_JOB_CANCELLED;
    }
    pthread_mutex_unlock(&desk->lock);
    return place >= 0 ? MS_OK : no_plan(number, err);
}

ms_status ms_desk_forget(ms_desk *desk, int number, ms_error *err)
{
    MS_TRY(ms_desk_cancel(desk, number, err));
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, number);
    if (place >= 0) {
        ms_desk_drop_plan(desk->plans[place]);
        desk->plan_count--;
        desk->version++;
        memmove(&desk->plans[place], &desk->plans[place + 1], (size_t)(desk->plan_count - place) * sizeof *desk->plans);
    }
    pthread_mutex_unlock(&desk->lock);
    return place >= 0 ? MS_OK : no_plan(number, err);
}

/* ---- facts ---- */

ms_status ms_desk_facts(ms_plan_facts *out, ms_desk *desk, int number, ms_error *err)
{
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, number);
    if (place >= 0)
        *out = desk->plans[place]->facts;
    pthread_mutex_unlock(&desk->lock);
    return place >= 0 ? MS_OK : no_plan(number, err);
}

int ms_desk_all_facts(ms_plan_facts out[MS_DESK_PLANS], ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    int count = desk->plan_count;
    for (int i = 0; i < count; i++)
        out[i] = desk->plans[i]->facts;
    pthread_mutex_unlock(&desk->lock);
    return count;
}

void ms_plan_facts_put(ms_json *json, const ms_plan_facts *facts)
{
    bool done = facts->state == MS_JOB_DONE;
    ms_json_integer(json, "plan", facts->number);
    ms_json_string(json, "title", facts->title);
    ms_json_string(json, "who", facts->who);
    ms_json_string(json, "state", ms_job_words[facts->state]);
    ms_json_integer(json, "generation", facts->generation);
    ms_json_integer(json, "contingencies", (long long)facts->contingency_count);
    ms_json_integer(json, "events", (long long)facts->event_count);
    if (facts->state == MS_JOB_RUNNING) {
        ms_json_string(json, "stage", facts->stage);
        ms_json_number(json, "done", facts->done < 0 ? NAN : facts->done);
        ms_json_number(json, "eta_seconds", facts->eta_seconds < 0 ? NAN : facts->eta_seconds);
    }
    if (done) {
        ms_json_number(json, "objective", facts->objective);
        ms_json_number(json, "bound", facts->bound);
        ms_json_number(json, "gap", facts->gap);
        ms_json_number(json, "seconds", facts->seconds);
    }
    if (facts->state == MS_JOB_FAILED)
        ms_json_string(json, "error", facts->err.message);
}

/* ---- plans that are done ---- */

ms_status ms_desk_hold_plan(ms_held_plan **out, ms_desk *desk, int number, ms_error *err)
{
    ms_held_plan *held = NULL;
    pthread_mutex_lock(&desk->lock);
    int place = place_of(desk, number);
    if (place >= 0 && desk->plans[place]->facts.state == MS_JOB_DONE) {
        held = desk->plans[place];
        held->holders++;
    }
    pthread_mutex_unlock(&desk->lock);
    if (place < 0)
        return no_plan(number, err);
    if (!held)
        return ms_error_set(err, MS_USAGE, "plan %d is not done yet", number);
    *out = held;
    return MS_OK;
}

const ms_plan *ms_held_plan_of(const ms_held_plan *held)
{
    return held->plan;
}

void ms_desk_let_plan(ms_desk *desk, ms_held_plan *held)
{
    if (!held)
        return;
    pthread_mutex_lock(&desk->lock);
    ms_desk_drop_plan(held);
    pthread_mutex_unlock(&desk->lock);
}

/* ---- the planner ---- */

typedef struct {
    ms_desk *desk;
    ms_held_plan *held;
    double told; /* when listeners last heard of it */
} progress_of;

static bool note_progress(void *context, const char *stage, double done, double eta_seconds)
{
    const double seconds_between = 0.1;
    progress_of *of = context;
    ms_plan_facts *facts = &of->held->facts;
    double now = ms_clock_seconds();
    if (of->told != 0 && now - of->told < seconds_between)
        return true;
    of->told = now;
    pthread_mutex_lock(&of->desk->lock);
    snprintf(facts->stage, sizeof facts->stage, "%s", stage);
    facts->done = done;
    facts->eta_seconds = eta_seconds;
    bool go_on = !of->held->cancelled && !of->desk->closing;
    ms_plan_facts copy = *facts;
    pthread_mutex_unlock(&of->desk->lock);
    tell_facts(of->desk, &copy);
    return go_on;
}

static ms_status vary(const ms_case **out, ms_held_plan *held, ms_error *err)
{
    ms_findings findings = {0};
    *out = held->base->kase;
    if (held->order.made_up.count == 0)
        return MS_OK;
    ms_status status = ms_case_vary(&held->varied, held->base->kase, &held->order.made_up, &findings, err);
    ms_findings_free(&findings);
    *out = held->varied;
    return status;
}

static ms_status make_plan(ms_plan **out, ms_desk *desk, ms_held_plan *held, ms_error *err)
{
    const ms_case *kase;
    progress_of of = {.desk = desk, .held = held};
    ms_plan_order *order = &held->order;
    MS_TRY(vary(&kase, held, err));
    size_t count = order->contingency_count;
    const char **ids = ms_alloc(count + 1, sizeof *ids);
    if (!ids)
        return ms_error_memory(err);
    for (size_t i = 0; i < count; i++)
        ids[i] = order->contingencies[i];
    if (order->made_up.count > 0)
        ids[count++] = order->made_up.id;
    ms_plan_options options = {.gap = order->gap,
                               .time_limit = order->time_limit,
                               .alone = order->alone,
                               .threads = desk->threads,
                               .contingencies = ids,
                               .contingency_count = count,
                               .progress = note_progress,
                               .progress_context = &of};
    ms_status status = ms_plan_make(out, kase, &options, err);
    ms_free(ids);
    return status;
}

static void finish(ms_desk *desk, ms_held_plan *held, ms_plan *plan, ms_status status, const ms_error *err)
{
    pthread_mutex_lock(&desk->lock);
    ms_plan_facts *facts = &held->facts;
    facts->state = status == MS_OK ? MS_JOB_DONE : held->cancelled ? MS_JOB_CANCELLED : MS_JOB_FAILED;
    facts->err = *err;
    held->plan = plan;
    if (plan) {
        facts->objective = ms_plan_objective(plan);
        facts->bound = ms_plan_bound(plan);
        facts->gap = ms_plan_gap(plan);
        facts->seconds = ms_plan_seconds(plan);
    }
    ms_plan_facts copy = *facts;
    ms_desk_drop_plan(held);
    pthread_mutex_unlock(&desk->lock);
    tell_facts(desk, &copy);
}

/* The next order, held; NULL when the desk is closing. */
static ms_held_plan *next_order(ms_desk *desk)
{
    ms_held_plan *next = NULL;
    pthread_mutex_lock(&desk->lock);
    while (!desk->closing && !next) {
        for (int i = 0; i < desk->plan_count && !next; i++)
            if (desk->plans[i]->facts.state == MS_JOB_WAITING)
                next = desk->plans[i];
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

void *ms_desk_plan_all(void *context)
{
    ms_desk *desk = context;
    for (ms_held_plan *held = next_order(desk); held; held = next_order(desk)) {
        ms_plan *plan = NULL;
        ms_error err = {0};
        ms_status status = make_plan(&plan, desk, held, &err);
        finish(desk, held, plan, status, &err);
    }
    return NULL;
}
