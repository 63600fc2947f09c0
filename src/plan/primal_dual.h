/* primal_dual.h: our own engine: prices and flows by a structured first-order method, proven as it goes
 * (docs/engine.md).
 *
 * Life cycle: ms_pd_init once for a network; ms_pd_solve as often as wanted, each time from where it stands;
 * ms_pd_update when the network has changed (a contingency): what still fits is kept as the start; ms_pd_finish. Many
 * may live at once in one process; one is used by one caller at a time. Iterations allocate nothing. The same network
 * and options give the same bytes whatever the number of threads and the vectors of the machine. Memory: about 20
 * (float) or 40 bytes a movement column. Time: an iteration reads each column once.
 */
#ifndef MS_PLAN_PRIMAL_DUAL_H
#define MS_PLAN_PRIMAL_DUAL_H

#include "base/team.h"
#include "plan/engine.h"
#include "plan/steps.h"

typedef struct ms_pd ms_pd;

typedef struct {
    int threads;  /* 0: one in a small network, else one a processor; at most MS_GRID_GROUPS */
    ms_simd simd; /* at most what the machine has */
    double gap;   /* what will be asked for: decides between float and double */
} ms_pd_options;

typedef struct {
    double gap, deadline; /* gap INFINITY: whatever there is; deadline on ms_clock_seconds; 0 none */
    long long iterations; /* at most so many; 0 no limit */
    int idle_turns;       /* so many turns in a row that bring little end it; 0: as many as may be worth it */
    ms_progress progress;
    void *progress_context;
    const char *stage;
    void (*trace)(void *context, const ms_trace_point *point); /* NULL, or called at each better plan or bound */
    void *trace_context;
    double start;     /* what the trace's seconds count from, on ms_clock_seconds; 0: the solve */
    bool prices_only; /* somebody else looks for plans (ms_pd_offer); only the bound is to rise */
} ms_pd_limits;

typedef enum {
    MS_PD_PROVEN,  /* within the gap */
    MS_PD_STOPPED, /* deadline, iterations or progress */
    MS_PD_STALLED  /* another turn would not bring it nearer */
} ms_pd_end;

/* The network must outlive the state, or the next update. */
ms_status ms_pd_init(ms_pd **out, const ms_network *net, const ms_pd_options *options, ms_error *err);
ms_status ms_pd_update(ms_pd *pd, const ms_network *net, ms_error *err);
ms_status ms_pd_solve(ms_pd_end *out, ms_pd *pd, const ms_pd_limits *limits, ms_error *err);
/* Weighs a flow that somebody else found, after a solve, rounded up and evened out. better: whether either is now the
 * best; it becomes the plan at the end of the next solve. */
ms_status ms_pd_offer(bool *better, ms_pd *pd, const ms_flow *flow, ms_error *err);
/* Likewise prices; better: they prove more than any before. The method goes on from its own. */
ms_status ms_pd_offer_prices(bool *better, ms_pd *pd, const ms_prices *prices, ms_error *err);
/* Makes the settled plan one of few movements (tidy.h); the next solve settles anew. */
ms_status ms_pd_tidy(ms_pd *pd, ms_error *err);
void ms_pd_finish(ms_pd *pd); /* NULL is allowed */

/* Where another solve of a variation of the case ended: its network, flow and prices, and ms_pd_balance. gap: what is
 * asked for here; INFINITY: the best plan that can be had at once, 0: as the options say. */
typedef struct {
    const ms_network *net;
    const ms_flow *flow;
    const ms_prices *prices;
    double balance, gap;
} ms_pd_place;
/* Begins a state that was not solved yet at such a place, as ms_pd_update would. Only reads it. There is a bound and a
 * plan at once: the prices proven, the flow repaired where that comes near the gap. The first solve settles it, and
 * iterates only if need be. */
ms_status ms_pd_start(ms_pd *pd, const ms_pd_place *place, ms_error *err);
double ms_pd_balance(const ms_pd *pd);

/* The best so far; all belongs to the state. There is a plan after the first solve, however short. */
const ms_settled *ms_pd_settled(const ms_pd *pd);
const ms_prices *ms_pd_prices(const ms_pd *pd);
double ms_pd_bound(const ms_pd *pd);
double ms_pd_objective(const ms_pd *pd); /* of the best flow, also of one that was offered; INFINITY without one */
double ms_pd_gap(const ms_pd *pd);       /* likewise; INFINITY without a plan that fits, or a bound */
long long ms_pd_iterations(const ms_pd *pd);
bool ms_pd_wide(const ms_pd *pd);
ms_team *ms_pd_team(const ms_pd *pd); /* for others to work with between solves */
/* Hands the best plan and prices over; the state has neither any more and should be finished. */
void ms_pd_take(ms_settled *settled, ms_prices *prices, ms_pd *pd);

#endif
