/* side.c: the interval first, and only where it is wider than asked the engine, from where the base ended.
 *
 * Whatever the prices, a sweep proves a bound (docs/model.md, B1 to B6), so the base's do for every scenario. Small
 * networks are solved exactly: an LP of a few thousand columns takes less time than laying out the engine. */
#include "stress/side.h"

#include "base/clock.h"
#include "plan/primal_dual.h"
#include "plan/tidy.h"

/* Above this many columns an LP that finishes what the engine left would take longer than many scenarios. */
enum { FINISH_COLUMNS_MOST = 20000 };

void ms_side_free(ms_side *side)
{
    ms_solution_free(&side->solution);
    ms_flow_free(&side->flow);
    ms_network_free(side->net);
    *side = (ms_side){0};
}

/* ---- enough ---- */

/* What an engine is asked between iterations. */
typedef struct {
    const ms_precision *precision;
    const char *stage;
    double base_bound;
    bool harmless, given_up;
} watch;

static bool is_harmless(const ms_precision *precision, double objective, double base_bound)
{
    return precision->harmless > 0 && objective - base_bound <= precision->harmless;
}

static void look(void *context, const ms_trace_point *point)
{
    watch *w = context;
    w->harmless = w->harmless || is_harmless(w->precision, point->objective, w->base_bound);
}

static bool may_go_on(void *context, const char *stage, double done, double eta_seconds)
{
    watch *w = context;
    const ms_precision *precision = w->precision;
    if (w->harmless)
        return false;
    w->given_up = precision->progress && !precision->progress(precision->progress_context, stage, done, eta_seconds);
    return !w->given_up;
}

static double gap_asked(const ms_precision *precision)
{
    return precision->gap > 0 ? precision->gap : MS_STRESS_GAP;
}

static bool fits(const ms_side *side)
{
    return side->solution.settled.over_storage_t <= MS_OVER_STORAGE_MOST_T;
}

static bool is_enough(const ms_side *side, const ms_side *base, const ms_precision *precision)
{
    return fits(side) && (ms_solution_gap(&side->solution) <= gap_asked(precision) ||
                          is_harmless(precision, side->solution.settled.objective, base->solution.bound));
}

/* ---- steps ---- */

/* Of both solutions the better plan and the better bound; frees the rest. */
static void keep_better(ms_side *side, ms_solution *other)
{
    ms_solution *mine = &side->solution;
    bool other_fits = other->settled.over_storage_t <= MS_OVER_STORAGE_MOST_T;
    if (fits(side) != other_fits ? other_fits : other->settled.objective < mine->settled.objective) {
        ms_settled swap = mine->settled;
        mine->settled = other->settled;
        other->settled = swap;
    }
    if (other->bound > mine->bound) {
        ms_prices swap = mine->prices;
        mine->prices = other->prices;
        other->prices = swap;
        mine->bound = other->bound;
    }
    mine->iterations += other->iterations;
    ms_solution_free(other);
}

static ms_status solve_exactly(ms_side *side, watch *w, ms_error *err)
{
    ms_solution solution;
    const ms_engine_request request = {.engine = MS_ENGINE_LP,
                                       .gap = gap_asked(w->precision) < 1e-6 ? gap_asked(w->precision) : 1e-6,
                                       .deadline = w->precision->deadline,
                                       .progress = may_go_on,
                                       .progress_context = w,
                                       .stage = "scenario",
                                       .threads = 1};
    MS_TRY(ms_engine_lp(&solution, side->net, &request, err));
    keep_better(side, &solution);
    side->how = MS_HOW_EXACT;
    return MS_OK;
}

static bool has_time(const ms_precision *precision)
{
    return precision->deadline <= 0 || ms_clock_seconds() < precision->deadline;
}

/* Runs the engine until the gap is proven (INFINITY: just says where it stands), and takes what it found. */
static ms_status run(ms_side *side, ms_pd *pd, double gap, watch *w, ms_error *err)
{
    ms_pd_end end;
    const ms_pd_limits limits = {.gap = gap,
                                 .deadline = w->precision->deadline,
                                 .progress = may_go_on,
                                 .progress_context = w,
                                 .stage = w->stage,
                                 .trace = look,
                                 .trace_context = w};
    MS_TRY(ms_pd_solve(&end, pd, &limits, err));
    side->solution.used = MS_ENGINE_PRIMAL_DUAL;
    side->solution.bound = ms_pd_bound(pd);
    side->solution.iterations = ms_pd_iterations(pd);
    side->balance = ms_pd_balance(pd);
    side->how = side->solution.iterations > 0 ? MS_HOW_ITERATED : MS_HOW_INTERVAL;
    ms_pd_take(&side->solution.settled, &side->solution.prices, pd);
    return MS_OK;
}

/* From nothing. */
static ms_status iterate(ms_side *side, double gap, int threads, watch *w, ms_error *err)
{
    ms_pd *pd = NULL;
    const ms_pd_options options = {.threads = threads, .gap = gap};
    MS_TRY(ms_pd_init(&pd, side->net, &options, err));
    ms_status status = run(side, pd, gap, w, err);
    ms_pd_finish(pd);
    return status;
}

/* From where the base ended: the interval that its prices and its flow, repaired, give, and as many iterations as that
 * leaves to do. */
static ms_status go_on(ms_side *side, const ms_side *base, bool only_interval, watch *w, ms_error *err)
{
    ms_pd *pd = NULL;
    double gap = gap_asked(w->precision);
    const ms_pd_options options = {.threads = 1, .gap = gap};
    bool any = only_interval || !has_time(w->precision) || w->precision->harmless > 0;
    const ms_pd_place place = {base->net, &base->flow, &base->solution.prices, base->balance, any ? INFINITY : gap};
    MS_TRY(ms_pd_init(&pd, side->net, &options, err));
    ms_status status = ms_pd_start(pd, &place, err);
    if (status == MS_OK) {
        bool enough = only_interval || base->how == MS_HOW_EXACT || !has_time(w->precision) ||
                      is_harmless(w->precision, ms_pd_objective(pd), w->base_bound);
        status = run(side, pd, enough ? INFINITY : gap, w, err);
    }
    ms_pd_finish(pd);
    return status;
}

static ms_status give_up(ms_error *err)
{
    return ms_error_set(err, MS_LIMIT, "stopped before there was an answer");
}

/* ---- the base ---- */

/* The settled flow as tonnes. */
static ms_status note_flow(ms_side *side, ms_error *err)
{
    const ms_network *net = side->net;
    const ms_settled *settled = &side->solution.settled;
    if (ms_flow_make(&side->flow, net) != MS_OK)
        return ms_error_memory(err);
    ms_flow_from_settled(&side->flow, net, settled);
    return MS_OK;
}

static ms_status solve_base(ms_side *side, double gap, int threads, watch *w, ms_error *err)
{
    bool small = ms_lp_count_columns(side->net) <= MS_LP_COLUMNS_FIRST;
    if (small) {
        const ms_engine_request request = {
            .engine = MS_ENGINE_LP, .gap = gap < 1e-6 ? gap : 1e-6, .stage = "plan base"};
        MS_TRY(ms_engine_lp(&side->solution, side->net, &request, err));
        side->how = MS_HOW_EXACT;
    } else {
        MS_TRY(iterate(side, gap, threads, w, err));
        if (!w->given_up)
            MS_TRY(ms_tidy(&side->solution.settled, side->net, true, err));
    }
    if (w->given_up)
        return give_up(err);
    if (!small && ms_solution_gap(&side->solution) > gap && ms_lp_count_columns(side->net) <= FINISH_COLUMNS_MOST)
        MS_TRY(solve_exactly(side, w, err));
    side->reached = fits(side) && ms_solution_gap(&side->solution) <= gap;
    return w->given_up ? give_up(err) : note_flow(side, err);
}

ms_status ms_side_solve_base(ms_side *out, const ms_case *kase, int32_t alone_ix, double gap, int threads,
                             ms_progress progress, void *progress_context, ms_error *err)
{
    ms_side side = {0};
    const ms_precision precision = {.gap = gap, .progress = progress, .progress_context = progress_context};
    watch w = {.precision = &precision, .stage = "plan base"};
    MS_TRY(ms_network_make(&side.net, kase, alone_ix, err));
    ms_status status = solve_base(&side, gap, threads, &w, err);
    if (status == MS_OK)
        *out = side;
    else
        ms_side_free(&side);
    return status;
}

/* ---- a variation ---- */

static ms_status lay_out(ms_side *side, const ms_side *base, const ms_case *kase, ms_error *err)
{
    return ms_network_make_weighed(&side->net, kase, base->net->alone_ix, &base->net->weights, err);
}

static ms_status solve(ms_side *side, const ms_side *base, const ms_case *kase, watch *w, ms_error *err)
{
    const ms_precision *precision = w->precision;
    MS_TRY(lay_out(side, base, kase, err));
    MS_TRY(go_on(side, base, false, w, err));
    if (!w->given_up && !is_enough(side, base, precision) && has_time(precision) &&
        (base->how == MS_HOW_EXACT || ms_lp_count_columns(side->net) <= FINISH_COLUMNS_MOST))
        MS_TRY(solve_exactly(side, w, err));
    if (w->given_up)
        return give_up(err);
    if (precision->tidy && side->how != MS_HOW_INTERVAL)
        MS_TRY(ms_tidy(&side->solution.settled, side->net, true, err));
    side->reached = is_enough(side, base, precision);
    return MS_OK;
}

ms_status ms_side_solve(ms_side *out, const ms_side *base, const ms_case *kase, const ms_precision *precision,
                        ms_error *err)
{
    ms_side side = {0};
    watch w = {.precision = precision, .stage = "scenario", .base_bound = base->solution.bound};
    ms_status status = solve(&side, base, kase, &w, err);
    if (status == MS_OK)
        *out = side;
    else
        ms_side_free(&side);
    return status;
}

ms_status ms_side_interval(ms_side *out, const ms_side *base, const ms_case *kase, ms_error *err)
{
    ms_side side = {0};
    const ms_precision precision = {0};
    watch w = {.precision = &precision};
    ms_status status = lay_out(&side, base, kase, err);
    if (status == MS_OK)
        status = go_on(&side, base, true, &w, err);
    if (status == MS_OK)
        *out = side;
    else
        ms_side_free(&side);
    return status;
}
