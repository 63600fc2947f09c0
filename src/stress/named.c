/* named.c: see named.h. */
#include "stress/named.h"

#include <stdlib.h>
#include <string.h>

#include "stress/replay.h"

enum { SHIFTS_MOST = 8 };
static const double GAP_DEFAULT = 1e-3;

typedef struct {
    ms_named *named;
    const ms_named_options *options;
    ms_stress_worker *worker;
    ms_plan *before; /* the base as a plan */
    ms_precision precision;
    ms_error *err;
    size_t done, all; /* scenarios, for progress */
} stresser;

/* ---- progress: of all scenarios, whatever the solve at hand says ---- */

static bool report(void *context, const char *stage, double done, double eta_seconds)
{
    const stresser *s = context;
    (void)stage, (void)done, (void)eta_seconds;
    return s->options->progress(s->options->progress_context, "contingencies", (double)s->done / (double)s->all, -1);
}

/* ---- one scenario ---- */

static ms_status side_plan(ms_plan **out, const ms_side *side, ms_error *err)
{
    return ms_replay_plan(out, side->net->kase, side->net, &side->solution.settled, err);
}

static void free_row(ms_named_row *row)
{
    ms_outcome_free(&row->outcome);
    ms_free(row->contingency_ix);
    ms_free(row->shifts);
}

static ms_status solve(stresser *s, const int32_t *chosen, size_t count, const char *name, const char *title)
{
    const ms_scenario scenario = {.name = name, .contingency_ix = chosen, .contingency_count = count};
    ms_named_row row = {.title = title, .contingency_count = count};
    ms_plan *after = NULL;
    row.contingency_ix = ms_alloc(count, sizeof *row.contingency_ix);
    if (!row.contingency_ix)
        return ms_error_memory(s->err);
    memcpy(row.contingency_ix, chosen, count * sizeof *chosen);
    ms_status status = ms_stress_solve(&row.outcome, s->worker, &scenario, &s->precision, s->err);
    if (status == MS_OK)
        status = side_plan(&after, ms_stress_worker_side(s->worker), s->err);
    if (status == MS_OK)
        status = ms_shifts_make(&row.shifts, &row.shift_count, s->before, after, SHIFTS_MOST, s->err);
    ms_plan_free(after);
    if (status != MS_OK) {
        free_row(&row);
        return status;
    }
    s->named->rows[s->named->count++] = row;
    s->done++;
    return MS_OK;
}

/* A name for several: "a + b"; the named keeps it. */
static const char *join(stresser *s, const int32_t *chosen, size_t count)
{
    const ms_case *kase = s->named->kase;
    ms_buf text = {0};
    for (size_t i = 0; i < count; i++)
        ms_buf_printf(&text, "%s%s", i > 0 ? " + " : "", kase->contingencies[chosen[i]].id);
    char *copy = text.failed ? NULL : ms_strdup(text.text ? text.text : "");
    ms_buf_free(&text);
    if (copy)
        s->named->titles[s->named->title_count++] = copy;
    return copy;
}

static ms_status solve_together(stresser *s, const int32_t *chosen, size_t count, const char *title)
{
    const char *name = join(s, chosen, count);
    return name ? solve(s, chosen, count, name, title ? title : name) : ms_error_memory(s->err);
}

static ms_status solve_each(stresser *s)
{
    const ms_case *kase = s->named->kase;
    for (int32_t c = 0; c < kase->contingencies_count; c++)
        MS_TRY(solve(s, &c, 1, kase->contingencies[c].id, kase->contingencies[c].name));
    return MS_OK;
}

static ms_status solve_all_together(stresser *s)
{
    int32_t count = s->named->kase->contingencies_count;
    int32_t *chosen = ms_alloc((size_t)count, sizeof *chosen);
    if (!chosen)
        return ms_error_memory(s->err);
    for (int32_t c = 0; c < count; c++)
        chosen[c] = c;
    ms_status status = solve_together(s, chosen, (size_t)count, "All of them together");
    ms_free(chosen);
    return status;
}

static ms_status solve_chosen(stresser *s)
{
    const ms_named_options *options = s->options;
    int32_t *chosen = ms_alloc(options->together_count, sizeof *chosen);
    if (!chosen)
        return ms_error_memory(s->err);
    for (size_t i = 0; i < options->together_count; i++)
        chosen[i] = ms_case_find_contingency(s->named->kase, options->together[i]);
    ms_status status = solve_together(s, chosen, options->together_count, NULL);
    ms_free(chosen);
    return status;
}

/* ---- all of them ---- */

static int by_harm(const void *left, const void *right)
{
    const ms_named_row *a = left, *b = right;
    if (a->outcome.added < b->outcome.added || a->outcome.added > b->outcome.added)
        return a->outcome.added > b->outcome.added ? -1 : 1;
    return strcmp(a->outcome.name, b->outcome.name);
}

static ms_status run(stresser *s)
{
    ms_named *named = s->named;
    const ms_named_options *options = s->options;
    const ms_base_options base_options = {.gap = s->precision.gap / 10,
                                          .alone = options->alone,
                                          .threads = options->threads,
                                          .progress = options->progress,
                                          .progress_context = options->progress_context};
    size_t all = (size_t)named->kase->contingencies_count;
    s->all = options->together_count > 0 ? 1 : all + (all > 1);
    named->rows = ms_alloc(s->all, sizeof *named->rows);
    named->titles = ms_alloc(s->all, sizeof *named->titles);
    if (!named->rows || !named->titles)
        return ms_error_memory(s->err);
    MS_TRY(ms_base_make(&named->base, named->kase, &base_options, s->err));
    MS_TRY(side_plan(&s->before, &named->base->together, s->err));
    MS_TRY(ms_stress_worker_make(&s->worker, named->base, s->err));
    ms_status status = options->together_count > 0 ? solve_chosen(s) : solve_each(s);
    if (status == MS_OK && options->together_count == 0 && all > 1)
        status = solve_all_together(s);
    named->stopped = status == MS_LIMIT; /* what is done is kept */
    if (named->count > 1)
        qsort(named->rows, named->count, sizeof *named->rows, by_harm);
    return named->stopped ? MS_OK : status;
}

/* Unknown ids, and a case without any. */
static ms_status check(const ms_case *kase, const ms_named_options *options, ms_error *err)
{
    ms_case *trial = NULL;
    if (kase->contingencies_count == 0)
        return ms_error_set(err, MS_USAGE, "the case has no contingencies; contingencies.csv names them");
    ms_status status = ms_case_apply(&trial, kase, options->together, options->together_count, err);
    ms_case_free(trial);
    return status;
}

ms_status ms_named_make(ms_named **out, const ms_case *kase, const ms_named_options *options, ms_error *err)
{
    MS_TRY(check(kase, options, err));
    stresser s = {.options = options, .err = err};
    s.named = ms_alloc(1, sizeof *s.named);
    if (!s.named)
        return ms_error_memory(err);
    s.named->kase = kase;
    s.precision = (ms_precision){.gap = options->gap > 0 ? options->gap : GAP_DEFAULT,
                                 .alone = options->alone,
                                 .tidy = true,
                                 .progress = options->progress ? report : NULL,
                                 .progress_context = &s};
    ms_status status = run(&s);
    ms_stress_worker_free(s.worker);
    ms_plan_free(s.before);
    if (status != MS_OK) {
        ms_named_free(s.named);
        return status;
    }
    *out = s.named;
    return MS_OK;
}

bool ms_named_stopped(const ms_named *named)
{
    return named->stopped;
}

void ms_named_free(ms_named *named)
{
    if (!named)
        return;
    for (size_t i = 0; i < named->count; i++)
        free_row(&named->rows[i]);
    for (size_t i = 0; i < named->title_count; i++)
        ms_free(named->titles[i]);
    ms_free(named->titles);
    ms_free(named->rows);
    ms_base_free(named->base);
    ms_free(named);
}
