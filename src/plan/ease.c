/* ease.c: proves an explanation: the limit is eased, the case is solved again, and the shortfalls are compared.
 *
 * Each solve starts from the basis of the plan, so it takes a small part of the first solve's time; a plan without one
 * costs a solve from scratch first. Where the LP is too large for that our own engine solves, each time from where it
 * was before, and a claim counts as proven only where most of what it says is saved is so by the bound. Origin of the
 * idea: right-hand-side sensitivity, but by solving rather than by ranging, so that it also holds where the prices are
 * degenerate.
 */
#include "plan/engine.h"
#include "plan/explain_private.h"
#include "plan/primal_dual.h"
#include "plan/solver.h"

/* What falls short, by priority: tonnes never met, and tonnes x days late or below a reserve. */
typedef struct {
    double never_t[MS_PRIORITY_COUNT + 1], late_t_days[MS_PRIORITY_COUNT + 1];
} shortage;

typedef struct {
    const ms_plan *plan;
    const ms_explain_options *options;
    ms_lp *lp; /* of the plan as it is */
    ms_network *net;
    unsigned char *basis;
    shortage base;
    ms_pd *pd; /* instead of lp and basis where the plan has no basis */
    double objective, bound;
    ms_error *err;
} easer;

static void sum_short(shortage *out, const ms_network *net, const ms_settled *settled)
{
    *out = (shortage){0};
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        const ms_demand *demand = &net->kase->demands[j];
        bool owed = net->kase->items[demand->item_ix].backorder;
        for (int t = 0; t < net->H; t++) {
            double short_t = settled->short_t[ms_at(net, j, t)];
            if (owed)
                out->late_t_days[demand->priority] += short_t * net->period_days;
            if (!owed || t == net->H - 1)
                out->never_t[demand->priority] += short_t;
        }
    }
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++)
            out->late_t_days[net->kase->reserves[r].priority] += settled->below_t[ms_at(net, r, t)] * net->period_days;
}

/* Solves lp from basis; the shortfalls of what comes out, and the new basis when asked. */
static ms_status solve(easer *e, const ms_lp *lp, const unsigned char *basis, unsigned char *basis_out, shortage *found,
                       bool *done)
{
    ms_solver *solver = NULL;
    ms_flow flow;
    ms_settled settled;
    ms_solve_limits limits = {
        .progress = e->options->progress, .progress_context = e->options->progress_context, .stage = "verify"};
    MS_TRY(ms_solver_make(&solver, lp, e->err));
    if (basis)
        ms_solver_set_basis(solver, basis);
    *done = ms_solver_solve(solver, &limits) == MS_SOLVED;
    if (basis_out)
        ms_solver_get_basis(solver, basis_out);
    ms_status status = ms_lp_flow(&flow, lp, ms_solver_primal(solver), e->err);
    ms_solver_free(solver);
    if (status != MS_OK)
        return status;
    status = ms_flow_settle(&settled, lp->net, &flow, e->err);
    ms_flow_free(&flow);
    if (status != MS_OK)
        return status;
    sum_short(found, lp->net, &settled);
    ms_settled_free(&settled);
    return MS_OK;
}

static ms_status solve_base(easer *e, bool *done)
{
    MS_TRY(ms_network_make(&e->net, e->plan->kase, MS_EVERYBODY, e->err));
    MS_TRY(ms_lp_build(&e->lp, e->net, NULL, e->err));
    size_t length = (size_t)e->lp->column_count + (size_t)e->lp->row_count;
    e->basis = ms_alloc(length, 1);
    if (!e->basis)
        return ms_error_memory(e->err);
    const unsigned char *start = e->plan->basis_length == length ? e->plan->basis : NULL;
    return solve(e, e->lp, start, e->basis, &e->base, done);
}

static void add_rooms(const ms_network *net, double *rooms, const ms_cause *cause, double by_t)
{
    for (int t = cause->from_period; t < cause->to_period && t < net->H; t++)
        rooms[ms_at(net, cause->row_ix, t)] += by_t;
}

/* Eases the cause in net, or returns 0 when it is of a kind that cannot be eased. Returns by how much, in eased_t's
 * measure. */
static double ease(ms_network *net, const ms_reason *reason, const ms_origin *origin)
{
    const ms_cause *cause = &reason->causes[0];
    const double tonne_a_day = 1, most_t = 10; /* small, so that the plan's basis is near */
    double amount_t = reason->short_t < most_t ? reason->short_t : most_t;
    switch (cause->kind) {
    case MS_CAUSE_LANE:
        add_rooms(net, net->lane_room, cause, tonne_a_day * net->period_days);
        return tonne_a_day;
    case MS_CAUSE_HANDLING:
        add_rooms(net, net->site_room, cause, tonne_a_day * net->period_days);
        return tonne_a_day;
    case MS_CAUSE_STORAGE:
        add_rooms(net, net->storage, cause, most_t);
        return most_t;
    case MS_CAUSE_FLEET:
        for (int t = 0; t < net->H; t++) /* a trip holds its vehicle for days: a larger fleet, not a larger day */
            net->fleet_room[ms_at(net, cause->row_ix, t)] += most_t;
        return most_t;
    case MS_CAUSE_AGREEMENT:
        if (cause->closed && net->agreement_room[cause->row_ix] > 0)
            return 0; /* not in force: more of it would change nothing */
        net->agreement_room[cause->row_ix] += amount_t;
        return amount_t;
    case MS_CAUSE_STOCK:
        if (origin->layer < 0)
            return 0;
        net->opening_t[(size_t)origin->layer * (size_t)net->site_count + (size_t)origin->site_ix] += amount_t;
        return amount_t;
    case MS_CAUSE_RESERVE:
        for (int t = 0; t < net->H; t++) {
            double *level = &net->reserve_t[ms_at(net, cause->row_ix, t)];
            *level = *level > amount_t ? *level - amount_t : 0;
        }
        return amount_t;
    default:
        return 0;
    }
}

static void note_saved(easer *e, ms_reason *reason, double eased_t, const shortage *eased)
{
    reason->verified = true;
    reason->eased_t = eased_t;
    for (int priority = 0; priority <= MS_PRIORITY_COUNT; priority++) {
        reason->saved_t[priority] = e->base.never_t[priority] - eased->never_t[priority];
        reason->saved_t_days[priority] = e->base.late_t_days[priority] - eased->late_t_days[priority];
    }
}

/* ---- with the LP and the plan's basis ---- */

static ms_status verify_one(easer *e, ms_reason *reason, const ms_origin *origin)
{
    ms_network *net = NULL;
    ms_lp *lp = NULL;
    bool done = false;
    MS_TRY(ms_network_make(&net, e->plan->kase, MS_EVERYBODY, e->err));
    double eased_t = ease(net, reason, origin);
    ms_status status = MS_OK;
    unsigned char *basis = NULL;
    if (eased_t > 0) {
        status = ms_network_settle_rooms(net, e->err);
        if (status == MS_OK)
            status = ms_lp_build(&lp, net, NULL, e->err);
        if (status == MS_OK) {
            basis = ms_alloc((size_t)lp->column_count + (size_t)lp->row_count, 1);
            status = basis ? MS_OK : ms_error_memory(e->err);
        }
    }
    if (status == MS_OK && lp) {
        shortage eased;
        ms_lp_carry_basis(basis, lp, e->basis, e->lp);
        status = solve(e, lp, basis, NULL, &eased, &done);
        if (status == MS_OK && done)
            note_saved(e, reason, eased_t, &eased);
    }
    ms_free(basis);
    ms_lp_free(lp);
    ms_network_free(net);
    return status;
}

/* ---- with our own engine ---- */

static ms_status solve_own(easer *e, bool *done)
{
    const double gap = 1e-5;
    const long long patience = 6000;
    const ms_pd_limits limits = {.gap = gap,
                                 .iterations = patience,
                                 .progress = e->options->progress,
                                 .progress_context = e->options->progress_context,
                                 .stage = "verify"};
    ms_pd_end end;
    MS_TRY(ms_pd_solve(&end, e->pd, &limits, e->err));
    *done = !e->options->progress || e->options->progress(e->options->progress_context, "verify", -1, -1);
    return MS_OK;
}

/* The plan's own shortfalls and bound are the base; the engine is brought to them once. */
static ms_status solve_own_base(easer *e, bool *done)
{
    const ms_pd_options options = {.gap = 1e-5};
    MS_TRY(ms_network_make(&e->net, e->plan->kase, MS_EVERYBODY, e->err));
    MS_TRY(ms_pd_init(&e->pd, e->net, &options, e->err));
    MS_TRY(solve_own(e, done));
    sum_short(&e->base, e->net, ms_pd_settled(e->pd));
    e->objective = ms_pd_settled(e->pd)->objective;
    e->bound = ms_pd_bound(e->pd);
    return MS_OK;
}

static ms_status verify_own(easer *e, ms_reason *reason, const ms_origin *origin)
{
    const double sure = 0.8;
    ms_network *net = NULL;
    bool done = false;
    MS_TRY(ms_network_make(&net, e->plan->kase, MS_EVERYBODY, e->err));
    double eased_t = ease(net, reason, origin);
    ms_status status = eased_t > 0 ? ms_network_settle_rooms(net, e->err) : MS_OK;
    if (status == MS_OK && eased_t > 0)
        status = ms_pd_update(e->pd, net, e->err);
    if (status != MS_OK || eased_t <= 0) {
        ms_network_free(net);
        return status;
    }
    ms_network_free(e->net);
    e->net = net;
    status = solve_own(e, &done);
    double eased_objective = ms_pd_settled(e->pd)->objective;
    if (status == MS_OK && done && e->bound - eased_objective > sure * (e->objective - eased_objective)) {
        shortage eased;
        sum_short(&eased, net, ms_pd_settled(e->pd));
        note_saved(e, reason, eased_t, &eased);
    }
    return status;
}

ms_status ms_explain_verify(ms_reasons *reasons, const ms_origin *origins, const ms_plan *plan,
                            const ms_explain_options *options, ms_error *err)
{
    easer e = {.plan = plan, .options = options, .err = err};
    bool done = false;
    if (reasons->count == 0 || plan->column_count == 0)
        return MS_OK; /* nothing to prove, or a plan of the greedy engine, which proves nothing */
    bool own = plan->basis == NULL && plan->column_count > MS_LP_COLUMNS_MOST;
    ms_status status = own ? solve_own_base(&e, &done) : solve_base(&e, &done);
    for (size_t i = 0; status == MS_OK && done && i < reasons->count; i++)
        status = own ? verify_own(&e, &reasons->items[i], &origins[i])
                     : verify_one(&e, &reasons->items[i], &origins[i]);
    ms_pd_finish(e.pd);
    ms_free(e.basis);
    ms_lp_free(e.lp);
    ms_network_free(e.net);
    return status;
}
