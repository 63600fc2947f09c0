/* primal_dual_private.h: a state, between what holds it (primal_dual.c) and what steers it (control.c). */
#ifndef MS_PLAN_PRIMAL_DUAL_PRIVATE_H
#define MS_PLAN_PRIMAL_DUAL_PRIVATE_H

#include "base/team.h"
#include "plan/best.h"
#include "plan/grid_private.h"
#include "plan/primal_dual.h"
#include "plan/sweep.h"

/* A finds the shortfalls; B, with a falling balance, the prices to the last cent; C, with a high one, a flow that fits.
 */
typedef enum { MS_PHASE_NEEDS, MS_PHASE_PRICES, MS_PHASE_FLOW } ms_phase;

typedef struct {
    char *primal, *dual;
} ms_snapshot;

struct ms_pd {
    const ms_network *net;
    ms_pd_options options;
    ms_grid *grid; /* NULL until there is something to iterate */
    const ms_steps *steps;
    ms_team *team;
    ms_pace pace;
    ms_snapshot best;     /* where the best plan and its own best bound came from */
    double balance;       /* w: how prices move against flows */
    double balance_needs; /* w at the end of A */
    double balance_floor; /* B goes down to this share of balance_needs */
    ms_phase phase;
    long long iterations, weigh_at;
    int turn;                   /* B and C came so often after A */
    int since_restart;          /* k */
    double first_way, last_way; /* how far T(z) was from z at the restart, and when last measured */
    ms_prices prices, trial_prices;
    ms_sweeper *sweeper;
    ms_best *plans;          /* flows weighed, the best kept */
    ms_settled settled;      /* of the best flow, when a solve has ended */
    double bound, own_bound; /* own: without prices that were offered; best.dual comes from there */
    ms_flow start;           /* warm: what still fits of another solve's flow; the grid begins there */
    bool has_bound, warm;    /* warm: begun where another solve ended, and not yet solved again */
    ms_pass *batch;
    int batch_count;
};

enum { MS_MEASURE_EVERY = 10 };
#define MS_FLOOR_FIRST 5e-4 /* balance_floor at first */

/* primal_dual.c. Makes the grid, unless there is one: at the start, or where another solve ended. */
ms_status ms_pd_lay_out(ms_pd *pd, ms_error *err);
/* Runs `count` passes, at most MS_MEASURE_EVERY, the last of the given kind. */
void ms_pd_pass(ms_pd *pd, int count, ms_pass_kind last);
/* The squared lengths of T(z) - z when last measured: flows, and prices. */
double ms_pd_moved_primal2(const ms_pd *pd);
double ms_pd_moved_dual2(const ms_pd *pd);
/* Where the best plan, or its own best bound, came from. */
void ms_pd_go_back_primal(ms_pd *pd);
void ms_pd_go_back_dual(ms_pd *pd);
/* What the iterate proves, and what plan it gives; the best is kept. */
ms_status ms_pd_weigh_bound(ms_pd *pd, ms_error *err);
ms_status ms_pd_weigh_plan(ms_pd *pd, ms_repair_manner manner, double plain_most, ms_error *err);
/* The gap to its own best bound. */
double ms_pd_own_gap(const ms_pd *pd);
/* The most that a plan within this gap of the bound may cost; INFINITY without a bound. */
double ms_pd_most(const ms_pd *pd, double gap);
/* From single to double precision, at the best flow and prices. */
ms_status ms_pd_widen(ms_pd *pd, ms_error *err);

/* control.c */
void ms_pd_first_balance(ms_pd *pd);

#endif
