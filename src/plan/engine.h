/* engine.h: what solves a network, and what a solution is.
 *
 * An engine takes a network and gives a settled flow (exactly feasible), prices, and the bound that they prove. There
 * are three: our own (primal_dual.h, engine_pd.c), the LP engine (exact, engine_lp.c) and the greedy engine (always
 * quick, engine_greedy.c); ms_engine_solve chooses.
 */
#ifndef MS_PLAN_ENGINE_H
#define MS_PLAN_ENGINE_H

#include "plan/flow.h"
#include "plan/lp.h"
#include "plan/prices.h"

typedef struct {
    ms_engine engine;
    double gap;
    double deadline; /* on ms_clock_seconds; 0 none */
    ms_progress progress;
    void *progress_context;
    const char *stage;    /* for progress */
    const char *write_lp; /* NULL, or where the LP engine writes the LP that it solved last */
    int threads;
    ms_simd simd;
    void (*trace)(void *context, const ms_trace_point *point);
    void *trace_context;
    double start; /* of the planning, on ms_clock_seconds */
} ms_engine_request;

typedef struct {
    ms_settled settled;
    ms_prices prices;
    double bound;
    bool stopped; /* a limit or an interrupt came before the gap asked for */
    ms_engine used;
    bool lp_after;        /* our own engine came to a stand, and the LP engine finished */
    long long iterations; /* of our own engine */
    long long column_count, row_count;
    unsigned char *basis; /* of the final LP; NULL from the greedy engine */
    size_t basis_length;
    double seconds_build, seconds_solve, seconds_extract;
} ms_solution;

void ms_solution_free(ms_solution *solution);
double ms_solution_gap(const ms_solution *solution);

ms_status ms_engine_solve(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err);

/* Above this many columns the LP engine would take too long to finish what our own left. */
enum { MS_LP_COLUMNS_MOST = 150000 };
/* Up to so many it solves in a moment, and its plan is a vertex: it is the automatic choice. */
enum { MS_LP_COLUMNS_FIRST = 4000 };

ms_status ms_engine_lp(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err);
ms_status ms_engine_pd(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err);
ms_status ms_engine_greedy(ms_solution *out, const ms_network *net, const ms_engine_request *request, ms_error *err);

/* Puts the dual values of an LP's rows into prices, and cleans these. What has no row stays. */
void ms_lp_read_prices(ms_prices *prices, const ms_lp *lp, const double *duals);
/* Makes prices of them, completed. */
ms_status ms_lp_prices(ms_prices *out, const ms_lp *lp, const double *duals, ms_error *err);
/* Fills a flow from the values of an LP's columns. */
ms_status ms_lp_flow(ms_flow *out, const ms_lp *lp, const double *primal, ms_error *err);
/* A basis for `lp` from that of an LP of the same network layout: what is new starts out of the basis. */
void ms_lp_carry_basis(unsigned char *basis, const ms_lp *lp, const unsigned char *old_basis, const ms_lp *old_lp);

#endif
