/* exact.c: prices nearly to their end, the interior point on the face that they leave open, prices to the end. */
#include "plan/exact.h"

#include <math.h>

#include "base/clock.h"
#include "plan/face.h"
#include "plan/interior.h"

enum { COLUMNS_MOST = 400000, PRICES_FIRST = 1500 };
/* Each round: what may stay open, in charges for a move, and how many iterations the prices then have. The first is
 * nearly always wide enough; the others have better prices to cut by. */
static const struct {
    double cheap;
    long long prices;
} ROUNDS[] = {{1, 8000}, {5, 8000}, {10, 8000}};
enum { ROUND_COUNT = sizeof ROUNDS / sizeof *ROUNDS };

typedef struct {
    ms_pd *pd;
    const ms_network *net;
    const ms_pd_limits *limits;
    ms_simd simd;
    ms_lp *lp;
    ms_face *face;
    ms_interior *ip;
    ms_flow flow;
    ms_prices before, inside, offered; /* those that cut the face; the interior point's; near the former */
    bool helped;                       /* this round found a better plan */
} exact;

static void tidy_up(exact *x)
{
    ms_interior_free(x->ip);
    ms_face_free(x->face);
    ms_lp_free(x->lp);
    ms_flow_free(&x->flow);
    x->ip = NULL;
    x->face = NULL;
    x->lp = NULL;
}

/* X2: tidies the plan and cuts out what is open. */
static ms_status cut_face(exact *x, double cheap, ms_error *err)
{
    ms_sweeper *sweeper;
    MS_TRY(ms_pd_tidy(x->pd, err));
    MS_TRY(ms_lp_build(&x->lp, x->net, NULL, err));
    MS_TRY(ms_sweeper_make(&sweeper, x->net, err));
    ms_prices_copy(&x->before, ms_pd_prices(x->pd), x->net);
    ms_sweeper_bound(sweeper, ms_pd_prices(x->pd));
    ms_status status = ms_face_make(&x->face, x->lp, ms_pd_settled(x->pd), ms_pd_prices(x->pd), sweeper,
                                    cheap * x->net->weights.move, err);
    ms_sweeper_free(sweeper);
    return status;
}

/* X3: starts so far inside that complementarity is open for far more than the gap. */
static ms_status start_interior(exact *x, ms_error *err)
{
    const double inside = 30, least = 1e-5;
    const ms_equations *eq = &x->face->eq;
    double objective = fabs(ms_pd_objective(x->pd)), open = ms_pd_gap(x->pd) * objective;
    open = open > least * objective ? open : least * objective;
    return ms_interior_make(&x->ip, eq, x->face->start_x, x->face->start_y, inside * open / (eq->column_count + 1),
                            x->simd, ms_pd_team(x->pd), err);
}

static bool is_proven(const exact *x)
{
    return ms_pd_gap(x->pd) <= x->limits->gap;
}

static bool may_go_on(const exact *x)
{
    const ms_pd_limits *limits = x->limits;
    if (limits->deadline > 0 && ms_clock_seconds() > limits->deadline)
        return false;
    return !limits->progress || limits->progress(limits->progress_context, limits->stage, -1, -1);
}

static void tell(const exact *x)
{
    if (!x->limits->trace)
        return;
    double start = x->limits->start > 0 ? x->limits->start : ms_clock_seconds();
    ms_trace_point point = {ms_clock_seconds() - start, ms_pd_iterations(x->pd), ms_pd_objective(x->pd),
                            ms_pd_bound(x->pd)};
    x->limits->trace(x->limits->trace_context, &point);
}

static ms_status offer_flow(exact *x, ms_error *err)
{
    bool better;
    ms_face_take_flow(x->face, ms_interior_finished_x(x->ip));
    ms_flow_free(&x->flow);
    MS_TRY(ms_lp_flow(&x->flow, x->lp, x->face->x, err));
    MS_TRY(ms_pd_offer(&better, x->pd, &x->flow, err));
    x->helped = x->helped || better;
    if (better)
        tell(x);
    return MS_OK;
}

/* E9: prices by row, kept near those that cut the face. In charges for a move; whole: what is farther stays where it
 * was. */
static ms_status offer_near(exact *x, const double *y, ms_error *err)
{
    static const struct {
        double most;
        bool whole;
    } NEAR[] = {{1, false}, {3, false},  {10, false},  {3, true},       {10, true},
                {30, true}, {100, true}, {1000, true}, {INFINITY, true}};
    ms_face_take_prices(x->face, y);
    ms_prices_copy(&x->inside, &x->before, x->net);
    ms_lp_read_prices(&x->inside, x->lp, x->face->y);
    for (size_t i = 0; i < sizeof NEAR / sizeof *NEAR; i++) {
        bool better;
        ms_prices_copy(&x->offered, &x->inside, x->net);
        ms_prices_keep_near(&x->offered, &x->before, NEAR[i].most * x->net->weights.move, NEAR[i].whole, x->net);
        MS_TRY(ms_pd_offer_prices(&better, x->pd, &x->offered, err));
        if (better)
            tell(x);
    }
    return MS_OK;
}

/* E9: the point's prices as they are; and where they prove too little, as far as columns hold them. */
static ms_status offer_prices(exact *x, ms_error *err)
{
    const double far = 300; /* charges for a move */
    MS_TRY(offer_near(x, ms_interior_y(x->ip), err));
    if (is_proven(x) || !may_go_on(x)) /* the matrix once more takes as long as a step */
        return MS_OK;
    return offer_near(x, ms_interior_held_y(x->ip, x->face->start_y, far * x->net->weights.move), err);
}

/* X4: steps until the gap is proven, or as good as nothing is open, or a step brings less than what is then left to do.
 */
static ms_status go_inside(exact *x, ms_error *err)
{
    const double near = 1, nearer = 0.25, closed = 0.02, stuck = 1e-3, too_many_operations = 4e10;
    const int steps_most = 60, stuck_most = 4;
    int stuck_count = 0;
    for (int step = 0; step < steps_most && stuck_count < stuck_most && may_go_on(x); step++) {
        MS_TRY(ms_interior_fit(x->ip, err));
        if (ms_interior_operations(x->ip) > too_many_operations)
            return MS_OK;
        ms_interior_step(x->ip);
        ms_interior_state state = ms_interior_look(x->ip);
        if (!isfinite(state.open) || !isfinite(state.cost) || !isfinite(state.missed))
            return MS_OK;
        stuck_count = state.step < stuck ? stuck_count + 1 : 0;
        double goal = x->limits->gap * fabs(ms_pd_objective(x->pd)), before = ms_pd_gap(x->pd);
        if (state.open > near * goal)
            continue;
        MS_TRY(offer_flow(x, err));
        MS_TRY(offer_prices(x, err));
        bool slow = before - ms_pd_gap(x->pd) < ms_pd_gap(x->pd) - x->limits->gap;
        if (is_proven(x) || state.open <= closed * goal || (state.open <= nearer * goal && slow))
            return MS_OK;
    }
    return MS_OK;
}

static ms_status find_flow(exact *x, double cheap, ms_error *err)
{
    MS_TRY(cut_face(x, cheap, err));
    if (x->face->eq.row_count == 0 || x->face->eq.column_count == 0)
        return MS_OK;
    MS_TRY(start_interior(x, err));
    return go_inside(x, err);
}

/* X1, X5: brings the prices near to their end, so that the face is small; and to it, from the right flow. */
static ms_status find_prices(exact *x, long long iterations, ms_error *err)
{
    ms_pd_end end;
    ms_pd_limits limits = *x->limits;
    limits.prices_only = true;
    limits.idle_turns = 1;
    limits.iterations = iterations;
    return ms_pd_solve(&end, x->pd, &limits, err);
}

/* X1 to X5, on a wider face where a narrow one did not do. helped: whether any round found a better plan. */
static ms_status go_round(bool *helped, exact *x, ms_error *err)
{
    MS_TRY(find_prices(x, PRICES_FIRST, err));
    for (int round = 0; round < ROUND_COUNT && !is_proven(x) && may_go_on(x); round++) {
        x->helped = false;
        ms_status status = find_flow(x, ROUNDS[round].cheap, err);
        tidy_up(x);
        MS_TRY(status);
        *helped = *helped || x->helped;
        if (!*helped)
            return MS_OK;
        if (x->helped)
            MS_TRY(find_prices(x, ROUNDS[round].prices, err));
    }
    return MS_OK;
}

/* The larger an LP, the more iterations a step of the interior point takes as long as, and these save steps. */
double ms_exact_from(long long columns)
{
    const long long many = 80000;
    const double few_wide = 4e-4, many_wide = 2e-4;
    return columns < many ? few_wide : many_wide;
}

ms_status ms_exact_end(ms_pd_end *out, ms_pd *pd, const ms_network *net, const ms_pd_limits *limits, ms_simd simd,
                       ms_error *err)
{
    exact x = {.pd = pd, .net = net, .limits = limits, .simd = simd};
    ms_pd_limits rest = *limits;
    bool helped = false;
    if (ms_lp_count_columns(net) <= COLUMNS_MOST) {
        ms_status status = MS_OK;
        if (ms_prices_make(&x.before, net) != MS_OK || ms_prices_make(&x.inside, net) != MS_OK ||
            ms_prices_make(&x.offered, net) != MS_OK)
            status = ms_error_memory(err);
        if (status == MS_OK)
            status = go_round(&helped, &x, err);
        ms_prices_free(&x.before);
        ms_prices_free(&x.inside);
        ms_prices_free(&x.offered);
        MS_TRY(status);
    }
    if (is_proven(&x)) {
        *out = MS_PD_PROVEN;
        return MS_OK;
    }
    if (!helped && limits->gap >= MS_EXACT_BELOW) {
        *out = MS_PD_STALLED;
        return MS_OK;
    }
    rest.prices_only = helped;
    return ms_pd_solve(out, pd, &rest, err);
}
