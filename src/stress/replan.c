/* replan.c: see replan.h. */
#include "stress/replan.h"

#include <string.h>

#include "plan/engine.h"
#include "plan/fill.h"
#include "stress/keep.h"
#include "stress/replay.h"
#include "stress/residual.h"

/* ---- up to the day ---- */

/* The next period behind `after`, and before `until`, at which one of the contingencies has an event; -1: none. */
static int next_event(const ms_case *kase, const char *const *ids, size_t count, int after, int until)
{
    int next = -1;
    for (size_t i = 0; i < count; i++) {
        const ms_contingency *c = &kase->contingencies[ms_case_find_contingency(kase, ids[i])];
        for (int32_t e = 0; e < c->event_count; e++) {
            int t = ms_residual_period_before(kase, kase->events[c->first_event + e].from_day);
            if (t > after && t < until && (next < 0 || t < next))
                next = t;
        }
    }
    return next;
}

ms_status ms_replan_known(const char ***known, size_t *known_count, const ms_case *residual, const ms_plan *plan,
                          const char *const *ids, size_t count, ms_error *err)
{
    const char **list = ms_alloc(plan->contingency_count + count, sizeof *list);
    size_t found = 0;
    if (!list)
        return ms_error_memory(err);
    for (size_t i = 0; i < plan->contingency_count + count; i++) {
        const char *id = i < plan->contingency_count ? plan->contingencies[i] : ids[i - plan->contingency_count];
        if (ms_case_find_contingency(residual, id) >= 0)
            list[found++] = id;
    }
    *known = list;
    *known_count = found;
    return MS_OK;
}

/* What `orders` come to from its period `shift` on, in the residual case (plain) with all that is known. */
static ms_status carry_out(ms_plan **out, const ms_case *residual, const ms_plan *orders, int shift,
                           const char *const *ids, size_t count, ms_error *err)
{
    const char **known = NULL;
    size_t known_count = 0;
    ms_case *kase = NULL;
    ms_plan *done = NULL;
    ms_status status = ms_replan_known(&known, &known_count, residual, orders, ids, count, err);
    if (status == MS_OK)
        status = ms_case_apply(&kase, residual, known, known_count, err);
    ms_free(known);
    if (status == MS_OK)
        status = ms_replay(&done, kase, residual, orders, shift, err);
    if (status != MS_OK) {
        ms_case_free(kase);
        return status;
    }
    done->owned_case = kase;
    *out = done;
    return MS_OK;
}

ms_status ms_replan_advance(ms_case **out, const ms_plan *plan, int period, const char *const *ids, size_t count,
                            ms_error *err)
{
    ms_case *residual = NULL;
    ms_plan *done = NULL;
    int at = 0;
    ms_status status = MS_OK;
    /* An event of the first day, too, is not what the plan was made for. */
    int next = next_event(plan->base, ids, count, -1, period);
    for (; next >= 0 && status == MS_OK; next = next_event(plan->base, ids, count, at, period)) {
        ms_case *later = NULL;
        ms_plan *redone = NULL;
        status = ms_residual_case(&later, done ? done : plan, next - at, err);
        if (status == MS_OK)
            status = carry_out(&redone, later, plan, next, ids, count, err);
        ms_plan_free(done);
        ms_case_free(residual);
        done = redone;
        residual = later;
        at = next;
    }
    if (status == MS_OK)
        status = ms_residual_case(out, done ? done : plan, period - at, err);
    ms_plan_free(done);
    ms_case_free(residual);
    return status;
}

/* ---- from the day on ---- */

/* The flow that a plan's rows are, and the orders of the old one, on the network of the new plan. */
static ms_status keep_orders(ms_replan *r, ms_error *err)
{
    ms_network *net = NULL;
    ms_flow ordered = {0}, planned = {0};
    ms_settled settled = {0};
    double gap = r->plan->gap_asked, proven = r->plan->bound / (1 - gap);
    ms_status status = ms_network_make(&net, r->plan->kase, MS_EVERYBODY, err);
    if (status == MS_OK && (ms_flow_make(&ordered, net) != MS_OK || ms_flow_make(&planned, net) != MS_OK))
        status = ms_error_memory(err);
    if (status == MS_OK)
        status = ms_replay_flow(&ordered, net, r->before, r->period, err);
    if (status == MS_OK)
        status = ms_replay_flow(&planned, net, r->plan, 0, err);
    if (status == MS_OK)
        status = ms_flow_settle(&settled, net, &planned, err);
    if (status == MS_OK) {
        double before_t = ms_keep_changed_t(net, &ordered, &settled);
        status = ms_keep(&settled, net, &ordered, fmax(proven, r->plan->objective), gap, err);
        if (status == MS_OK && ms_keep_changed_t(net, &ordered, &settled) < before_t)
            status = ms_replay_refill(r->plan, net, &settled, err);
    }
    ms_settled_free(&settled);
    ms_flow_free(&planned);
    ms_flow_free(&ordered);
    ms_network_free(net);
    return status;
}

static ms_status plan_anew(ms_replan *r, const ms_replan_options *options, ms_error *err)
{
    const char **known = NULL;
    size_t count = 0;
    MS_TRY(
        ms_replan_known(&known, &count, r->kase, r->before, options->contingencies, options->contingency_count, err));
    const ms_plan_options asked = {.engine = options->engine,
                                   .gap = options->gap,
                                   .time_limit = options->time_limit,
                                   .alone = options->alone,
                                   .progress = options->progress,
                                   .progress_context = options->progress_context,
                                   .threads = options->threads,
                                   .contingencies = known,
                                   .contingency_count = count};
    ms_status status = ms_plan_make(&r->plan, r->kase, &asked, err);
    ms_free(known);
    return status;
}

static ms_status note_ids(ms_replan *r, const ms_replan_options *options, ms_error *err)
{
    r->ids = ms_alloc(options->contingency_count, sizeof *r->ids);
    if (!r->ids)
        return ms_error_memory(err);
    for (; r->id_count < options->contingency_count; r->id_count++) {
        r->ids[r->id_count] = ms_strdup(options->contingencies[r->id_count]);
        if (!r->ids[r->id_count])
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* Each named contingency must be there, and be news. */
static ms_status check_ids(const ms_plan *before, const ms_replan_options *options, ms_error *err)
{
    ms_case *trial = NULL;
    for (size_t i = 0; i < options->contingency_count; i++) {
        for (size_t j = 0; j < before->contingency_count; j++)
            if (strcmp(options->contingencies[i], before->contingencies[j]) == 0)
                return ms_error_set(err, MS_USAGE, "the plan was made with \"%s\" already; there is nothing new in it",
                                    options->contingencies[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(options->contingencies[i], options->contingencies[j]) == 0)
                return ms_error_set(err, MS_USAGE, "\"%s\" is named twice", options->contingencies[i]);
    }
    ms_status status = ms_case_apply(&trial, before->base, options->contingencies, options->contingency_count,
                                     err); /* unknown ids */
    ms_case_free(trial);
    return status;
}

static ms_status make(ms_replan *r, const ms_replan_options *options, ms_error *err)
{
    MS_TRY(ms_residual_period(&r->period, r->before->kase, options->at_day, err));
    MS_TRY(check_ids(r->before, options, err));
    MS_TRY(note_ids(r, options, err));
    MS_TRY(ms_replan_advance(&r->kase, r->before, r->period, options->contingencies, options->contingency_count, err));
    MS_TRY(carry_out(&r->unchanged, r->kase, r->before, r->period, options->contingencies, options->contingency_count,
                     err));
    MS_TRY(plan_anew(r, options, err));
    MS_TRY(keep_orders(r, err));
    return ms_changes_make(&r->changes, r->before, r->plan, r->period, err);
}

ms_status ms_replan_make(ms_replan **out, const ms_plan *before, const ms_replan_options *options, ms_error *err)
{
    ms_replan *r = ms_alloc(1, sizeof *r);
    if (!r)
        return ms_error_memory(err);
    r->before = before;
    ms_status status = make(r, options, err);
    if (status != MS_OK) {
        ms_replan_free(r);
        return status;
    }
    *out = r;
    return MS_OK;
}

const ms_plan *ms_replan_plan(const ms_replan *replan)
{
    return replan->plan;
}

void ms_replan_free(ms_replan *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->id_count; i++)
        ms_free(r->ids[i]);
    ms_free(r->ids);
    ms_changes_free(&r->changes);
    ms_plan_free(r->plan);
    ms_plan_free(r->unchanged);
    ms_case_free(r->kase);
    ms_free(r);
}
