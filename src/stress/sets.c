/* sets.c: see sets.h. */
#include "stress/sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

typedef struct {
    const ms_set_solver *solver;
    const ms_set_stage *stage;
    const ms_set *sets;
    double *loss; /* of the result at hand */
} job;

/* What one thread owns. */
typedef struct {
    ms_stress_worker *worker;
    double *loss;
} hand;

void ms_set_name(ms_buf *out, const ms_failures *failures, const ms_set *set)
{
    for (int i = 0; i < set->size; i++) {
        ms_buf_text(out, i > 0 ? " + " : "");
        ms_failure_name(out, failures, set->items[i]);
    }
}

/* ---- a task ---- */

static void close_hand(void *local)
{
    hand *h = local;
    ms_stress_worker_free(h->worker);
    ms_free(h->loss);
    ms_free(h);
}

static ms_status open_hand(void **local, void *context, ms_error *err)
{
    const job *j = context;
    hand *h = ms_alloc(1, sizeof *h);
    if (h == NULL)
        return ms_error_memory(err);
    h->loss = ms_alloc((size_t)j->solver->failures->count, sizeof *h->loss);
    ms_status status = h->loss == NULL ? ms_error_memory(err) : ms_stress_worker_make(&h->worker, j->solver->base, err);
    if (status == MS_OK)
        *local = h;
    else
        close_hand(h);
    return status;
}

/* Place and tonnes of each loss that is not 0. */
static void put_losses(ms_buf *out, const double *loss, int32_t count)
{
    char text[MS_NUMBER_BYTES];
    ms_buf_text(out, "\t");
    for (int32_t i = 0; i < count; i++)
        if (loss[i] > 0)
            ms_buf_printf(out, "%d:%s ", (int)i, isinf(loss[i]) ? "-" : ms_number_text(text, loss[i]));
}

static ms_status solve_named(ms_buf *result, hand *h, const job *j, const ms_scenario *scenario, ms_progress progress,
                             void *progress_context, ms_error *err)
{
    ms_outcome outcome;
    ms_precision precision = j->stage->precision;
    precision.progress = progress;
    precision.progress_context = progress_context;
    MS_TRY(ms_stress_solve(&outcome, h->worker, scenario, &precision, err));
    ms_status status = ms_outcome_write(result, &outcome, err);
    ms_outcome_free(&outcome);
    if (status != MS_OK || !j->stage->losses)
        return status;
    const ms_side *side = ms_stress_worker_side(h->worker);
    MS_TRY(ms_loss_find(h->loss, side->net, &side->solution.settled, j->solver->failures, err));
    put_losses(result, h->loss, j->solver->failures->count);
    return result->failed ? ms_error_memory(err) : MS_OK;
}

static ms_status run(ms_buf *result, void *local, void *context, size_t task, ms_progress progress,
                     void *progress_context, ms_error *err)
{
    const job *j = context;
    const ms_failures *failures = j->solver->failures;
    ms_event events[MS_SET_MOST + MS_WHATS];
    ms_buf name = {0};
    ms_scenario scenario = {.events = events};
    if (j->stage->everything) {
        ms_buf_text(&name, "everything");
        scenario.event_count = ms_failures_events(events, failures);
    } else {
        const ms_set *set = &j->sets[task];
        ms_set_name(&name, failures, set);
        for (int i = 0; i < set->size; i++)
            events[scenario.event_count++] = ms_failure_event(failures, set->items[i]);
    }
    scenario.name = name.text;
    ms_status status = name.failed ? ms_error_memory(err)
                                   : solve_named(result, local, j, &scenario, progress, progress_context, err);
    ms_buf_free(&name);
    return status;
}

/* ---- a result ---- */

static ms_status broken(size_t task, ms_error *err)
{
    return ms_error_set(err, MS_BAD_INPUT, "the losses of result %zu cannot be read", task);
}

static ms_status read_losses(double *loss, int32_t count, const char *text, const char *end, size_t task, ms_error *err)
{
    memset(loss, 0, (size_t)count * sizeof *loss);
    while (text < end) {
        const char *colon = memchr(text, ':', (size_t)(end - text));
        const char *blank = colon == NULL ? NULL : memchr(colon, ' ', (size_t)(end - colon));
        double place, value = INFINITY;
        if (blank == NULL || ms_number_parse(&place, text, (size_t)(colon - text)) != NULL || !(place >= 0) ||
            place >= count || place != floor(place))
            return broken(task, err);
        bool infinite = blank == colon + 2 && colon[1] == '-';
        if (!infinite && (ms_number_parse(&value, colon + 1, (size_t)(blank - colon - 1)) != NULL || !(value >= 0)))
            return broken(task, err);
        loss[(int32_t)place] = value;
        text = blank + 1;
    }
    return MS_OK;
}

static ms_status take(bool *enough, void *context, size_t task, const char *result, size_t length, ms_error *err)
{
    const job *j = context;
    ms_outcome outcome;
    const char *tab = j->stage->losses ? memchr(result, '\t', length) : NULL;
    (void)enough;
    if (j->stage->losses) {
        if (tab == NULL)
            return broken(task, err);
        MS_TRY(read_losses(j->loss, j->solver->failures->count, tab + 1, result + length, task, err));
        length = (size_t)(tab - result);
    }
    MS_TRY(ms_outcome_read(&outcome, j->solver->base->kase, result, length, err));
    return j->stage->take(j->stage->context, task, &outcome, j->stage->losses ? j->loss : NULL, err);
}

ms_status ms_sets_solve(ms_pool_end *end, const ms_set_solver *solver, const ms_set *sets, size_t count,
                        const ms_set_stage *stage, ms_error *err)
{
    job j = {.solver = solver, .stage = stage, .sets = sets};
    j.loss = ms_alloc((size_t)solver->failures->count, sizeof *j.loss);
    if (j.loss == NULL)
        return ms_error_memory(err);
    const ms_stage work = {.name = stage->stage,
                           .count = count,
                           .context = &j,
                           .open = open_hand,
                           .close = close_hand,
                           .run = run,
                           .take = take};
    ms_status status = ms_pool_run(end, solver->pool, &work, err);
    ms_free(j.loss);
    return status;
}
