/* make.c: from a case to a finished plan: apply contingencies, plan together, plan each partner alone. */
#include "plan/engine.h"
#include "plan/fill.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "plan/solver.h"

static const double GAP_DEFAULT = 1e-4;

typedef struct {
    ms_plan *plan;
    const ms_plan_options *options;
    double start, deadline, gap;
    ms_error *err;
} maker;

static const ms_plan_options DEFAULTS = {.alone = true};

static ms_status note_contingencies(maker *m, const ms_case *kase)
{
    const ms_plan_options *options = m->options;
    ms_plan *plan = m->plan;
    plan->base = plan->kase = kase;
    if (options->contingency_count == 0)
        return MS_OK;
    plan->contingencies = ms_alloc(options->contingency_count, sizeof *plan->contingencies);
    if (!plan->contingencies)
        return ms_error_memory(m->err);
    for (size_t i = 0; i < options->contingency_count; i++) {
        plan->contingencies[i] = ms_strdup(options->contingencies[i]);
        if (!plan->contingencies[i])
            return ms_error_memory(m->err);
        plan->contingency_count++;
    }
    MS_TRY(ms_case_apply(&plan->owned_case, kase, options->contingencies, options->contingency_count, m->err));
    plan->kase = plan->owned_case;
    return MS_OK;
}

/* Says which engine ran and why, in words that belong to the plan. */
static ms_status name_engine(maker *m, const ms_solution *solution, long long columns)
{
    char iterations[MS_NUMBER_BYTES], count[MS_NUMBER_BYTES];
    const size_t most = 400;
    char *text = ms_alloc(most, 1);
    if (!text)
        return ms_error_memory(m->err);
    ms_number_grouped(count, (double)columns, 0);
    ms_number_grouped(iterations, (double)solution->iterations, 0);
    int length = solution->used == MS_ENGINE_GREEDY ? snprintf(text, most, "greedy")
                 : solution->used == MS_ENGINE_LP   ? snprintf(text, most, "lp (%s)", ms_solver_name())
                 : solution->lp_after ? snprintf(text, most, "primal-dual, then lp (%s)", ms_solver_name())
                                      : snprintf(text, most, "primal-dual");
    char *reason = text + length + 1;
    size_t left = most - (size_t)length - 1;
    if (m->options->engine != MS_ENGINE_AUTO)
        snprintf(reason, left, "it was asked for");
    else if (solution->used == MS_ENGINE_LP)
        snprintf(reason, left, "exact, and %s columns are few enough for it", count);
    else if (solution->lp_after)
        snprintf(reason, left,
                 "our own came to a stand after %s iterations, and %s columns are few enough for an exact end",
                 iterations, count);
    else
        snprintf(reason, left, "our own, which proves itself: %s iterations over %s columns", iterations, count);
    m->plan->engine_text = text;
    m->plan->engine = text;
    m->plan->engine_reason = reason;
    return MS_OK;
}

/* Who asked for an LP where none was solved gets the LP that it would have been. */
static ms_status write_lp(maker *m, const ms_network *net, const ms_solution *solution)
{
    ms_lp *lp = NULL;
    if (!m->options->write_lp || solution->used == MS_ENGINE_LP || solution->lp_after)
        return MS_OK;
    MS_TRY(ms_lp_build(&lp, net, NULL, m->err));
    ms_status status = ms_lp_write_mps(lp, m->options->write_lp, m->err);
    ms_lp_free(lp);
    return status;
}

static ms_status fill_from(maker *m, const ms_network *net, ms_solution *solution)
{
    ms_plan *plan = m->plan;
    MS_TRY(name_engine(m, solution, solution->column_count ? solution->column_count : ms_lp_count_columns(net)));
    MS_TRY(ms_plan_make_coverage(plan, &net->weights, m->err));
    MS_TRY(ms_plan_fill(plan, net, &solution->settled, m->err));
    MS_TRY(ms_plan_fill_prices(plan, net, &solution->prices, m->err));
    plan->bound = solution->bound;
    plan->stopped = solution->stopped;
    plan->gap_asked = m->gap;
    plan->ratio_used = net->weights.ratio;
    plan->column_count = solution->column_count;
    plan->row_count = solution->row_count;
    plan->basis = solution->basis;
    plan->basis_length = solution->basis_length;
    solution->basis = NULL;
    return MS_OK;
}

static ms_engine_request make_request(const maker *m, double deadline, const char *stage)
{
    return (ms_engine_request){.engine = m->options->engine,
                               .gap = m->gap,
                               .deadline = deadline,
                               .progress = m->options->progress,
                               .progress_context = m->options->progress_context,
                               .stage = stage,
                               .threads = m->options->threads,
                               .simd = m->options->simd,
                               .start = m->start};
}

static ms_status plan_together(maker *m)
{
    ms_network *net = NULL;
    ms_solution solution = {0};
    ms_plan *plan = m->plan;
    double start = ms_clock_seconds();
    const double share_together = 0.75; /* of the time limit; the rest is for each partner alone and for writing down */
    double deadline = m->deadline > 0 ? m->start + share_together * m->options->time_limit : 0;
    ms_engine_request request = make_request(m, deadline, "plan together");
    request.write_lp = m->options->write_lp;
    request.trace = m->options->trace;
    request.trace_context = m->options->trace_context;
    MS_TRY(ms_network_make(&net, plan->kase, MS_EVERYBODY, m->err));
    double build = ms_clock_seconds() - start;
    ms_status status = ms_engine_solve(&solution, net, &request, m->err);
    if (status == MS_OK)
        status = write_lp(m, net, &solution);
    start = ms_clock_seconds();
    if (status == MS_OK) {
        status = fill_from(m, net, &solution);
        plan->seconds_build = build + solution.seconds_build;
        plan->seconds_solve = solution.seconds_solve;
        plan->seconds_extract = solution.seconds_extract + ms_clock_seconds() - start;
    }
    ms_solution_free(&solution);
    ms_network_free(net);
    return status;
}

static ms_status plan_alone(maker *m, int32_t partner_ix)
{
    ms_network *net = NULL;
    ms_solution solution = {0};
    char stage[96];
    snprintf(stage, sizeof stage, "plan %.64s alone", m->plan->kase->partners[partner_ix].id);
    ms_engine_request request = make_request(m, m->deadline, stage);
    request.gap = request.gap > GAP_DEFAULT ? request.gap : GAP_DEFAULT; /* a comparison, of which nothing is claimed */
    if (m->plan->stopped && request.engine == MS_ENGINE_LP)
        request.engine = MS_ENGINE_GREEDY;
    MS_TRY(ms_network_make(&net, m->plan->kase, partner_ix, m->err));
    ms_status status = ms_engine_solve(&solution, net, &request, m->err);
    if (status == MS_OK)
        ms_plan_note_alone(m->plan, partner_ix, net, &solution.settled);
    ms_solution_free(&solution);
    ms_network_free(net);
    return status;
}

/* Whether the caller still wants to wait. */
static bool may_go_on(const maker *m)
{
    if (m->deadline > 0 && ms_clock_seconds() > m->deadline)
        return false;
    return !m->options->progress || m->options->progress(m->options->progress_context, "plan alone", -1, -1);
}

static ms_status make(maker *m, const ms_case *kase)
{
    MS_TRY(note_contingencies(m, kase));
    MS_TRY(plan_together(m));
    double start = ms_clock_seconds();
    if (m->options->alone) {
        bool go_on = true;
        for (int32_t p = 0; p < kase->partners_count && go_on; p++) {
            go_on = may_go_on(m);
            if (go_on)
                MS_TRY(plan_alone(m, p));
        }
        m->plan->has_alone = go_on;
    }
    m->plan->seconds_alone = ms_clock_seconds() - start;
    return ms_plan_finish(m->plan, m->err);
}

ms_status ms_plan_make(ms_plan **out, const ms_case *kase, const ms_plan_options *options, ms_error *err)
{
    maker m = {.options = options ? options : &DEFAULTS, .start = ms_clock_seconds(), .err = err};
    m.plan = ms_alloc(1, sizeof *m.plan);
    if (!m.plan)
        return ms_error_memory(err);
    m.gap = m.options->gap > 0 ? m.options->gap : GAP_DEFAULT;
    m.deadline = m.options->time_limit > 0 ? m.start + m.options->time_limit : 0;
    ms_status status = make(&m, kase);
    m.plan->seconds = ms_clock_seconds() - m.start;
    if (status != MS_OK) {
        ms_plan_free(m.plan);
        return status;
    }
    *out = m.plan;
    return MS_OK;
}
