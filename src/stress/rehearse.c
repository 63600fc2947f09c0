/* rehearse.c: see rehearse.h. */
#include "stress/rehearse.h"

#include <string.h>

#include "base/random.h"
#include "stress/job.h"
#include "stress/replan.h"
#include "stress/replay.h"
#include "stress/residual.h"

static const double GAP_DEFAULT = 0.01;

typedef struct {
    ms_rehearsal *rehearsal;
    const ms_rehearsal_options *options;
    const ms_stress_options *how;
    const ms_plan *first; /* the plan made before anything had happened */
    double gap;
} player;

/* A play at hand. */
typedef struct {
    const player *of;
    ms_progress progress; /* NULL, or asked while planning */
    void *progress_context;
    ms_error *err;
    const char *ids[MS_REHEARSAL_CONTINGENCIES]; /* what happens */
    double known_from[MS_REHEARSAL_CONTINGENCIES];
    size_t count;
    ms_played *out;
    int now;               /* period of the case */
    ms_case *rest;         /* the residual case now, plain; NULL: the case itself */
    ms_plan *orders;       /* made at `ordered`, of the case ordered_case; NULL: the first plan */
    ms_case *ordered_case; /* perhaps the same as rest */
    int ordered;
    size_t known_count; /* of what happens, when the orders were made */
} play;

/* ---- drawing ---- */

/* Number 4c of stream `sample` says whether contingency c happens: what else varies of it has numbers of its own. */
static uint64_t draw(const ms_case *kase, uint64_t seed, size_t sample)
{
    enum { NUMBERS = 4 };
    uint64_t happened = 0;
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        ms_random random = ms_random_start(seed, sample);
        random.next = (uint64_t)c * NUMBERS;
        if (ms_random_unit(&random) < kase->contingencies[c].chance) /* false without a chance */
            happened |= UINT64_C(1) << c;
    }
    return happened;
}

static ms_status draw_all(ms_rehearsal *r, const ms_rehearsal_options *options, ms_error *err)
{
    size_t samples = (size_t)options->samples;
    r->set_of = ms_alloc(samples, sizeof *r->set_of);
    r->sets = ms_alloc(samples, sizeof *r->sets);
    if (!r->set_of || !r->sets)
        return ms_error_memory(err);
    for (size_t i = 0; i < samples; i++) {
        uint64_t happened = draw(r->kase, options->seed, i);
        size_t set = 0;
        while (set < r->set_count && r->sets[set].happened != happened)
            set++;
        if (set == r->set_count)
            r->sets[r->set_count++].happened = happened;
        r->set_of[i] = set;
    }
    return MS_OK;
}

/* ---- what fell short ---- */

/* Adds what falls short in the first `periods` of a plan; `last`: the case ends with them. */
static void count_short(ms_played *out, const ms_weights *weights, const ms_plan *plan, int periods, bool last)
{
    const ms_case *kase = plan->kase;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || s->period >= periods)
            continue;
        const ms_demand *demand = &kase->demands[s->row_ix];
        const ms_item *item = &kase->items[demand->item_ix];
        double tonnes = s->quantity * ms_item_t_per_unit(item);
        double weight = weights->weight[demand->priority] * item->criticality;
        if (item->backorder)
            out->late_t_days[demand->priority] += tonnes * kase->period_days;
        if (!item->backorder || (last && s->period == periods - 1))
            out->never_t[demand->priority] += tonnes;
        out->weighted += weight * tonnes * (item->backorder ? kase->period_days : 1);
    }
}

/* ---- one play ---- */

static const ms_plan *orders_of(const play *p)
{
    return p->orders ? p->orders : p->of->first;
}

/* The ids that happen, are known by day, and are still in kase; all of them when day is INFINITY. */
static size_t choose_ids(const char **out, const play *p, const ms_case *kase, double day)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->known_from[i] <= day && ms_case_find_contingency(kase, p->ids[i]) >= 0)
            out[count++] = p->ids[i];
    return count;
}

static const ms_case *rest_of(const play *p)
{
    return p->rest ? p->rest : p->of->rehearsal->kase;
}

static size_t known_by(const play *p, double day)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        count += p->known_from[i] <= day;
    return count;
}

static ms_status plan_again(play *p)
{
    const char *ids[MS_REHEARSAL_CONTINGENCIES];
    double day = p->now * p->of->rehearsal->kase->period_days;
    ms_plan *plan = NULL;
    const ms_plan_options asked = {.gap = p->of->gap,
                                   .threads = 1,
                                   .progress = p->progress,
                                   .progress_context = p->progress_context,
                                   .contingencies = ids,
                                   .contingency_count = choose_ids(ids, p, rest_of(p), day)};
    MS_TRY(ms_plan_make(&plan, rest_of(p), &asked, p->err));
    if (ms_plan_stopped(plan) && p->progress && !p->progress(p->progress_context, "rehearse", -1, -1)) {
        ms_plan_free(plan);
        return ms_error_set(p->err, MS_LIMIT, "stopped");
    }
    ms_plan_free(p->orders);
    if (p->ordered_case != p->rest)
        ms_case_free(p->ordered_case);
    p->orders = plan;
    p->ordered_case = p->rest;
    p->ordered = p->now;
    p->known_count = known_by(p, day);
    p->out->plans++;
    return MS_OK;
}

/* Carries the orders out up to period `next`. */
static ms_status carry_out(play *p, int next)
{
    const ms_case *kase = p->of->rehearsal->kase;
    const char *ids[MS_REHEARSAL_CONTINGENCIES];
    ms_case *world = NULL, *rest = NULL;
    ms_plan *done = NULL;
    bool last = next >= kase->period_count;
    size_t count = choose_ids(ids, p, rest_of(p), INFINITY);
    ms_status status = ms_case_apply(&world, rest_of(p), ids, count, p->err);
    if (status == MS_OK)
        status = ms_replay(&done, world, rest_of(p), orders_of(p), p->now - p->ordered, p->err);
    if (status == MS_OK) {
        count_short(p->out, &p->of->rehearsal->weights, done, next - p->now, last);
        if (!last)
            status = ms_residual_case(&rest, done, next - p->now, p->err);
    }
    ms_plan_free(done);
    ms_case_free(world);
    if (status != MS_OK)
        return status;
    if (!last) {
        if (p->rest != p->ordered_case)
            ms_case_free(p->rest);
        p->rest = rest;
    }
    p->now = next;
    return MS_OK;
}

/* The next period at which something of what happens begins, or a review is due that may hear of something; the end. */
static int next_stop(const play *p, bool again)
{
    const ms_case *kase = p->of->rehearsal->kase;
    int next = kase->period_count;
    for (size_t i = 0; i < p->count; i++) {
        const ms_contingency *c = &kase->contingencies[ms_case_find_contingency(kase, p->ids[i])];
        for (int32_t e = 0; e < c->event_count; e++) {
            int t = ms_residual_period_before(kase, kase->events[c->first_event + e].from_day);
            next = t > p->now && t < next ? t : next;
        }
    }
    double every = p->of->options->every_days;
    for (double day = every; again && p->known_count < p->count && day < kase->days; day += every) {
        int t = ms_residual_period_before(kase, day);
        if (t > p->now)
            return t < next ? t : next;
    }
    return next;
}

static bool is_review(const play *p)
{
    const ms_case *kase = p->of->rehearsal->kase;
    double every = p->of->options->every_days;
    for (double day = 0; day < kase->days; day += every)
        if (ms_residual_period_before(kase, day) == p->now)
            return true;
    return false;
}

/* Plays the days; again: reviews count, and what is known by then. */
static ms_status play_days(play *p, bool again)
{
    const ms_case *kase = p->of->rehearsal->kase;
    while (p->now < kase->period_count) {
        if (again && is_review(p) && known_by(p, p->now * kase->period_days) > p->known_count)
            MS_TRY(plan_again(p));
        MS_TRY(carry_out(p, next_stop(p, again)));
    }
    return MS_OK;
}

/* One plan that knows all; it comes out as it was made. */
static ms_status foresee(play *p)
{
    const ms_case *kase = p->of->rehearsal->kase;
    if (p->count > 0)
        MS_TRY(plan_again(p));
    count_short(p->out, &p->of->rehearsal->weights, orders_of(p), kase->period_count, true);
    return MS_OK;
}

static void play_end(play *p)
{
    ms_plan_free(p->orders);
    if (p->ordered_case != p->rest)
        ms_case_free(p->ordered_case);
    ms_case_free(p->rest);
}

/* ---- sets ---- */

/* p: with its progress and err. */
static ms_status play_set(play *p, ms_played *out, uint64_t happened, ms_play_kind kind)
{
    const ms_case *kase = p->of->rehearsal->kase;
    *out = (ms_played){0};
    p->out = out;
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        double from = INFINITY, warned = kind == MS_PLAY_WARNED ? p->of->options->warning_days : 0;
        const ms_contingency *contingency = &kase->contingencies[c];
        if (!(happened >> c & 1))
            continue;
        for (int32_t e = 0; e < contingency->event_count; e++)
            from = fmin(from, kase->events[contingency->first_event + e].from_day);
        p->ids[p->count] = contingency->id;
        p->known_from[p->count++] = kind == MS_PLAY_FORESIGHT ? 0 : from - warned;
    }
    ms_status status = kind == MS_PLAY_FORESIGHT ? foresee(p) : play_days(p, kind != MS_PLAY_NEVER);
    play_end(p);
    return status;
}

/* ---- sets as tasks of the pool ---- */

static bool is_played(const player *of, int kind)
{
    return kind != MS_PLAY_WARNED || of->rehearsal->warning_days > 0;
}

static ms_status open_nothing(void **local, void *context, ms_error *err)
{
    (void)context, (void)err;
    *local = NULL;
    return MS_OK;
}

static void close_nothing(void *local)
{
    (void)local;
}

static ms_status run_task(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                          void *progress_context, ms_error *err)
{
    const player *of = context;
    ms_played played[MS_PLAYS] = {0};
    (void)local;
    for (int kind = 0; kind < MS_PLAYS; kind++) {
        if (progress && !progress(progress_context, "rehearse", -1, -1))
            return ms_error_set(err, MS_LIMIT, "stopped");
        play p = {.of = of, .progress = progress, .progress_context = progress_context, .err = err};
        if (is_played(of, kind))
            MS_TRY(play_set(&p, &played[kind], of->rehearsal->sets[task].happened, (ms_play_kind)kind));
    }
    return ms_played_write(result, played, err);
}

static ms_status take_set(bool *enough, void *context, size_t task, const char *text, size_t length, ms_error *err)
{
    const player *of = context;
    *enough = false;
    of->rehearsal->sets[task].done = true;
    return ms_played_read(of->rehearsal->sets[task].played, text, length, err);
}

static ms_status play_all(player *of, ms_error *err)
{
    ms_buf job = {0};
    ms_rehearsal *r = of->rehearsal;
    const ms_stress_job work = {.mode = "rehearse",
                                .gap = of->gap,
                                .samples = of->options->samples,
                                .seed = of->options->seed,
                                .every_days = r->every_days,
                                .warning_days = r->warning_days};
    const ms_stage stage = {.name = "rehearse",
                            .count = r->set_count,
                            .context = of,
                            .open = open_nothing,
                            .close = close_nothing,
                            .run = run_task,
                            .take = take_set};
    ms_status status = ms_job_write(&job, r->kase, &work, err);
    if (status == MS_OK)
        status = ms_pool_run_alone(&r->end, of->how, job.text, &stage, err);
    ms_buf_free(&job);
    return status;
}

/* The samples before the first that was not played. */
static void count_samples(ms_rehearsal *r, size_t samples)
{
    while (r->sample_count < samples && r->sets[r->set_of[r->sample_count]].done)
        r->sample_count++;
}

/* ---- all of it ---- */

static ms_status check(const ms_case *kase, const ms_rehearsal_options *options, ms_error *err)
{
    int period = 0;
    bool any = false;
    for (int32_t c = 0; c < kase->contingencies_count; c++)
        any |= kase->contingencies[c].chance > 0;
    if (!any)
        return ms_error_set(err, MS_USAGE, "no contingency of the case has a chance; contingencies.csv gives them");
    if (kase->contingencies_count > MS_REHEARSAL_CONTINGENCIES)
        return ms_error_set(err, MS_LIMIT, "a rehearsal takes at most %d contingencies; the case has %d",
                            MS_REHEARSAL_CONTINGENCIES, (int)kase->contingencies_count);
    ms_error wrong = {0};
    if (ms_residual_period(&period, kase, options->every_days, &wrong) != MS_OK || period == 0)
        return ms_error_set(err, MS_USAGE, "reviews every %g days: %s", options->every_days,
                            wrong.message[0] ? wrong.message : "it takes a day or more");
    return MS_OK;
}

static ms_status make(player *of, const ms_case *kase, ms_error *err)
{
    ms_plan *first = NULL;
    ms_rehearsal *r = of->rehearsal;
    const ms_plan_options asked = {.gap = of->gap,
                                   .threads = ms_rank_count() > 1 ? 1 : of->how->threads,
                                   .progress = of->how->progress,
                                   .progress_context = of->how->progress_context};
    MS_TRY(ms_weights_make(&r->weights, kase, err));
    MS_TRY(draw_all(r, of->options, err));
    MS_TRY(ms_plan_make(&first, kase, &asked, err));
    of->first = first;
    ms_status status = play_all(of, err);
    ms_plan_free(first);
    count_samples(r, (size_t)of->options->samples);
    if (status == MS_OK && r->end.stopped && r->sample_count == 0)
        return ms_error_set(err, MS_LIMIT, "stopped before the first sample was played");
    return status;
}

ms_status ms_rehearsal_make(ms_rehearsal **out, const ms_case *kase, const ms_rehearsal_options *options,
                            const ms_stress_options *how, ms_error *err)
{
    player of = {.options = options, .how = how, .gap = how->gap > 0 ? how->gap : GAP_DEFAULT};
    MS_TRY(check(kase, options, err));
    of.rehearsal = ms_alloc(1, sizeof *of.rehearsal);
    if (!of.rehearsal)
        return ms_error_memory(err);
    of.rehearsal->kase = kase;
    of.rehearsal->every_days = options->every_days;
    of.rehearsal->warning_days = options->warning_days;
    ms_status status = make(&of, kase, err);
    if (status != MS_OK) {
        ms_rehearsal_free(of.rehearsal);
        return status;
    }
    *out = of.rehearsal;
    return MS_OK;
}

bool ms_rehearsal_stopped(const ms_rehearsal *rehearsal)
{
    return rehearsal->end.stopped;
}

bool ms_rehearsal_partial(const ms_rehearsal *rehearsal)
{
    return rehearsal->end.partial;
}

void ms_rehearsal_free(ms_rehearsal *rehearsal)
{
    if (!rehearsal)
        return;
    ms_free(rehearsal->set_of);
    ms_free(rehearsal->sets);
    ms_free(rehearsal);
}
