/* sample.c: draws, finds what is alike, lets the pool solve it, and counts; see sample.h. */
#include "stress/sample.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stress/job.h"

enum { STOP_LEAST = 100, STOP_EVERY = 50 };

typedef struct {
    ms_sample *sample;
    ms_base *base;
    ms_precision precision;
    bool enough;
    double *sorted; /* [asked]: room for spreads */
} ensemble;

/* ---- what is alike ---- */

/* Events as text: those of two scenarios are equal where the scenarios are. */
static ms_status spell(ms_buf *out, const ms_draw *draw, ms_error *err)
{
    ms_buf_reset(out);
    ms_buf_text(out, ".");
    for (size_t e = 0; e < draw->event_count; e++) {
        const ms_event *event = &draw->events[e];
        ms_buf_printf(out, "%d %d %a %a %a %zu %s;", (int)event->what, (int)event->effect, event->from_day,
                      event->to_day, event->amount, strlen(event->which), event->which);
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}

static ms_status find_alike(ms_sample *sample, ms_draw *draw, ms_names *names, ms_buf *text, ms_error *err)
{
    const ms_case *kase = sample->kase;
    void *results = NULL;
    size_t capacity = 0;
    ms_status status = MS_OK;
    for (size_t i = 0; status == MS_OK && i < sample->asked; i++) {
        int32_t ix = 0;
        bool fresh = false;
        status = ms_draw_scenario(draw, kase, sample->options.seed, i, err);
        if (status == MS_OK)
            status = spell(text, draw, err);
        char *key = status == MS_OK ? ms_arena_strndup(sample->arena, text->text, text->length) : NULL;
        if (status == MS_OK && (!key || !ms_names_add(names, key, &ix, &fresh) ||
                                !ms_grow(&results, &capacity, names->count, sizeof *sample->results)))
            status = ms_error_memory(err);
        sample->results = results;
        if (status == MS_OK && fresh)
            sample->results[sample->result_count++] = (ms_sample_result){.first = i};
        sample->result_of[i] = ix;
    }
    return status;
}

static ms_status lay_out_scenarios(ms_sample *sample, ms_error *err)
{
    ms_draw draw;
    ms_names names = {0};
    ms_buf text = {0};
    sample->result_of = ms_alloc(sample->asked, sizeof *sample->result_of);
    if (!sample->result_of)
        return ms_error_memory(err);
    MS_TRY(ms_draw_make(&draw, sample->kase, err));
    ms_status status = find_alike(sample, &draw, &names, &text, err);
    ms_draw_free(&draw);
    ms_names_free(&names);
    ms_buf_free(&text);
    return status;
}

/* ---- rows: who, and of which priority ---- */

static double sum_of(const ms_harm *harm, int priority, bool late)
{
    double sum = 0;
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
        if (priority == 0 || p == priority)
            sum += late ? harm->late_t_days[p - 1] : harm->short_t[p - 1];
    return sum;
}

/* harm: [partners + 1]. */
static double row_sum(const ms_sample *sample, const ms_sample_row *row, const ms_harm *harm, bool late)
{
    int32_t count = sample->kase->partners_count;
    double sum = 0;
    for (int32_t p = 0; p <= count; p++)
        if (row->partner_ix == MS_EVERYBODY || row->partner_ix == (p < count ? p : MS_NONE))
            sum += sum_of(&harm[p], row->priority, late);
    return sum;
}

static bool has_needs(const ms_case *kase, int32_t partner_ix, int priority)
{
    for (int32_t j = 0; j < kase->demands_count; j++)
        if ((partner_ix == MS_EVERYBODY || kase->demands[j].partner_ix == partner_ix) &&
            (priority == 0 || kase->demands[j].priority == priority))
            return true;
    return false;
}

static void add_rows(ms_sample *sample, int32_t partner_ix, const ms_harm *base)
{
    for (int priority = 0; priority <= MS_PRIORITY_COUNT; priority++) {
        if (!has_needs(sample->kase, partner_ix, priority))
            continue;
        ms_sample_row *row = &sample->rows[sample->row_count++];
        *row = (ms_sample_row){.partner_ix = partner_ix, .priority = priority};
        row->base_short_t = row_sum(sample, row, base, false);
        row->base_late_t_days = row_sum(sample, row, base, true);
    }
}

/* Everyone, each partner, nobody; all priorities, then each. */
static ms_status lay_out_rows(ms_sample *sample, const ms_base *base, ms_error *err)
{
    const ms_case *kase = sample->kase;
    size_t most = (size_t)(kase->partners_count + 2) * (MS_PRIORITY_COUNT + 1);
    ms_harm *harm = ms_alloc((size_t)kase->partners_count + 1, sizeof *harm);
    sample->rows = ms_arena_alloc(sample->arena, most, sizeof *sample->rows);
    if (!harm || !sample->rows) {
        ms_free(harm);
        return ms_error_memory(err);
    }
    ms_harm_count(harm, base->together.net, &base->together.solution.settled);
    add_rows(sample, MS_EVERYBODY, harm);
    for (int32_t p = 0; p < kase->partners_count; p++)
        add_rows(sample, p, harm);
    add_rows(sample, MS_NONE, harm);
    ms_free(harm);
    return MS_OK;
}

/* Which demands fail without any contingency: the outcome of nothing says so. */
static ms_status note_base(ensemble *en, ms_error *err)
{
    ms_sample *sample = en->sample;
    const ms_scenario nothing = {.name = "base"};
    ms_stress_worker *worker = NULL;
    ms_outcome outcome;
    sample->base_objective = en->base->together.solution.settled.objective;
    sample->base_bound = en->base->together.solution.bound;
    MS_TRY(ms_stress_worker_make(&worker, en->base, err));
    ms_status status = ms_stress_solve(&outcome, worker, &nothing, &en->precision, err);
    ms_stress_worker_free(worker);
    MS_TRY(status);
    for (size_t i = 0; i < outcome.failing_count; i++)
        sample->base_failing[outcome.failing[i].demand_ix] = 1;
    ms_outcome_free(&outcome);
    return lay_out_rows(sample, en->base, err);
}

/* ---- tasks ---- */

static ms_status open_worker(void **local, void *context, ms_error *err)
{
    const ensemble *en = context;
    ms_stress_worker *worker = NULL;
    MS_TRY(ms_stress_worker_make(&worker, en->base, err));
    *local = worker;
    return MS_OK;
}

static void close_worker(void *local)
{
    ms_stress_worker_free(local);
}

static ms_status run_task(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                          void *progress_context, ms_error *err)
{
    const ensemble *en = context;
    const ms_sample *sample = en->sample;
    ms_precision precision = en->precision;
    ms_outcome outcome;
    ms_draw draw;
    char name[32];
    precision.progress = progress;
    precision.progress_context = progress_context;
    snprintf(name, sizeof name, "%" PRIu64, sample->results[task].first);
    MS_TRY(ms_draw_make(&draw, sample->kase, err));
    ms_status status = ms_draw_scenario(&draw, sample->kase, sample->options.seed, sample->results[task].first, err);
    const ms_scenario scenario = {.name = name, .events = draw.events, .event_count = draw.event_count};
    if (status == MS_OK)
        status = ms_stress_solve(&outcome, local, &scenario, &precision, err);
    ms_draw_free(&draw);
    MS_TRY(status);
    status = ms_outcome_write(result, &outcome, err);
    ms_outcome_free(&outcome);
    return status;
}

/* ---- counting ---- */

static ms_status keep(ms_sample *sample, ms_sample_result *result, const ms_outcome *outcome, ms_error *err)
{
    size_t rows = (size_t)sample->row_count, failing = outcome->failing_count;
    result->short_t = ms_arena_alloc(sample->arena, rows, sizeof(double));
    result->late_t_days = ms_arena_alloc(sample->arena, rows, sizeof(double));
    result->failing = ms_arena_alloc(sample->arena, failing, sizeof *result->failing);
    result->failing_t = ms_arena_alloc(sample->arena, failing, sizeof *result->failing_t);
    if (!result->short_t || !result->late_t_days || !result->failing || !result->failing_t)
        return ms_error_memory(err);
    for (size_t r = 0; r < rows; r++) {
        result->short_t[r] = row_sum(sample, &sample->rows[r], outcome->harm, false);
        result->late_t_days[r] = row_sum(sample, &sample->rows[r], outcome->harm, true);
    }
    for (size_t i = 0; i < failing; i++) {
        result->failing[i] = outcome->failing[i].demand_ix;
        result->failing_t[i] = outcome->failing[i].short_t;
    }
    result->failing_count = (int32_t)failing;
    result->added = outcome->added;
    result->added_least = outcome->added_least;
    result->added_most = outcome->added_most;
    result->how = outcome->how;
    result->reached = outcome->reached;
    result->there = true;
    return MS_OK;
}

static double added_of(const ms_sample *sample, size_t scenario)
{
    return sample->results[sample->result_of[scenario]].added;
}

/* True when the mean and the CVaR of what is added are known well enough. */
static bool is_precise(ensemble *en)
{
    ms_spread spread;
    const ms_sample *sample = en->sample;
    double precision = sample->options.precision;
    for (size_t i = 0; i < sample->taken; i++)
        en->sorted[i] = added_of(sample, i);
    ms_spread_of(&spread, en->sorted, sample->taken);
    return spread.mean_half <= precision * fabs(spread.mean) && spread.cvar_half <= precision * fabs(spread.cvar);
}

/* Counts the scenarios whose result is there, in order, and looks every so often whether that is enough: at the same
 * numbers of scenarios whoever computes. */
static void advance(ensemble *en)
{
    ms_sample *sample = en->sample;
    while (!en->enough && sample->taken < sample->asked) {
        const ms_sample_result *result = &sample->results[sample->result_of[sample->taken]];
        if (!result->there)
            return;
        for (int32_t i = 0; i < result->failing_count; i++) {
            sample->fails[result->failing[i]]++;
            sample->fails_t[result->failing[i]] += result->failing_t[i];
        }
        sample->taken++;
        if (sample->options.precision > 0 && sample->taken >= STOP_LEAST && sample->taken % STOP_EVERY == 0)
            en->enough = is_precise(en);
    }
}

static ms_status take_result(bool *enough, void *context, size_t task, const char *text, size_t length, ms_error *err)
{
    ensemble *en = context;
    ms_outcome outcome;
    MS_TRY(ms_outcome_read(&outcome, en->sample->kase, text, length, err));
    ms_status status = keep(en->sample, &en->sample->results[task], &outcome, err);
    ms_outcome_free(&outcome);
    if (status == MS_OK)
        advance(en);
    *enough = en->enough;
    return status;
}

/* ---- all of it ---- */

static ms_status run_pool(ensemble *en, const ms_stress_options *how, const char *job, ms_error *err)
{
    const ms_stage stage = {.name = "sample",
                            .count = en->sample->result_count,
                            .context = en,
                            .open = open_worker,
                            .close = close_worker,
                            .run = run_task,
                            .take = take_result};
    return ms_pool_run_alone(&en->sample->end, how, job, &stage, err);
}

static ms_status solve(ensemble *en, const ms_stress_options *how, ms_error *err)
{
    ms_sample *sample = en->sample;
    ms_buf job = {0};
    const ms_base_options base_options = {.gap = sample->gap / 10,
                                          .threads = ms_rank_count() > 1 ? 1 : how->threads,
                                          .progress = how->progress,
                                          .progress_context = how->progress_context};
    const ms_stress_job work = {.mode = "sample",
                                .gap = sample->gap,
                                .samples = sample->options.samples,
                                .seed = sample->options.seed,
                                .precision = sample->options.precision};
    MS_TRY(lay_out_scenarios(sample, err));
    MS_TRY(ms_base_make(&en->base, sample->kase, &base_options, err));
    MS_TRY(note_base(en, err));
    ms_status status = ms_job_write(&job, sample->kase, &work, err);
    if (status == MS_OK)
        status = run_pool(en, how, job.text, err);
    ms_buf_free(&job);
    return status;
}

static bool any_chance(const ms_case *kase)
{
    for (int32_t c = 0; c < kase->contingencies_count; c++)
        if (kase->contingencies[c].chance > 0)
            return true;
    return false;
}

ms_status ms_sample_make(ms_sample **out, const ms_case *kase, const ms_sample_options *options,
                         const ms_stress_options *how, ms_error *err)
{
    if (options->samples < 1 || options->samples > MS_SAMPLES_MOST)
        return ms_error_set(err, MS_USAGE, "1 to %d scenarios can be drawn", MS_SAMPLES_MOST);
    if (!any_chance(kase))
        return ms_error_set(err, MS_USAGE, "no contingency of the case has a chance: there is nothing to draw");
    ms_sample *sample = ms_alloc(1, sizeof *sample);
    ensemble en = {.sample = sample};
    if (!sample)
        return ms_error_memory(err);
    sample->kase = kase;
    sample->options = *options;
    sample->gap = how->gap > 0 ? how->gap : MS_STRESS_GAP;
    sample->asked = (size_t)options->samples;
    sample->arena = ms_arena_new();
    sample->fails = ms_alloc((size_t)kase->demands_count, sizeof *sample->fails);
    sample->fails_t = ms_alloc((size_t)kase->demands_count, sizeof *sample->fails_t);
    sample->base_failing = ms_alloc((size_t)kase->demands_count, 1);
    en.precision.gap = sample->gap;
    en.sorted = ms_alloc(sample->asked, sizeof *en.sorted);
    ms_status status = sample->arena && sample->fails && sample->fails_t && sample->base_failing && en.sorted
                           ? solve(&en, how, err)
                           : ms_error_memory(err);
    ms_base_free(en.base);
    ms_free(en.sorted);
    if (status == MS_OK)
        *out = sample;
    else
        ms_sample_free(sample);
    return status;
}

void ms_sample_free(ms_sample *sample)
{
    if (!sample)
        return;
    ms_free(sample->results);
    ms_free(sample->result_of);
    ms_free(sample->fails);
    ms_free(sample->fails_t);
    ms_free(sample->base_failing);
    ms_arena_free(sample->arena);
    ms_free(sample);
}

bool ms_sample_stopped(const ms_sample *sample)
{
    return sample->end.stopped;
}

bool ms_sample_partial(const ms_sample *sample)
{
    return sample->end.partial;
}
