/* plan.h: a plan in memory: what moves, what is issued, what is in stock, what falls short, and the prices that prove
 * it.
 *
 * A plan refers to its case by index, so the case must outlive it. Quantities are in item units and exact multiples of
 * the item's quantum (docs/model.md, Rounding). Rows are sorted as declared below; that order is the order in the
 * files.
 */
#ifndef MS_PLAN_PLAN_H
#define MS_PLAN_PLAN_H

#include "case/case.h"

typedef struct {
    int32_t depart, arrive; /* periods; depart is negative for what is already under way */
    int32_t lane_ix, item_ix, owner_ix;
    int32_t lift_ix, fleet_lift_ix,
        site_ix;           /* agreements used: of the lane's, the fleet's, the site's partner; -1 none */
    int32_t commitment_ix; /* -1 unless it is a commitment */
    double quantity;
} ms_movement; /* by depart, lane, item, owner, agreements, commitment */

typedef struct {
    int32_t period, demand_ix, item_ix, owner_ix; /* item_ix is what is issued, perhaps a substitute */
    int32_t agreement_ix;                         /* -1 none */
    double quantity;                              /* units of item_ix */
    double meets;                                 /* units of the demanded item */
} ms_issue;                                       /* by period, demand, item, owner, agreement */

typedef struct {
    int32_t site_ix, item_ix, owner_ix, period; /* stock at the end of the period; period -1: at the start */
    double quantity;
} ms_level; /* by site, item, owner, period; only where it differs from the period before */

typedef enum { MS_SHORT_DEMAND, MS_SHORT_RESERVE, MS_SHORT_COMMITMENT } ms_short_kind;

typedef struct {
    ms_short_kind kind;
    int32_t row_ix, period; /* demand, reserve or commitment */
    double quantity,
        wanted; /* units of the demanded item short (with backorder: owed at the end of the period), and wanted in it */
} ms_shortfall; /* by kind, row, period */

/* The dual price of one constraint row, weighted tonnes per tonne. label is 2..8 or 10 for C2..C8, C10. */
typedef struct {
    int32_t label, row_ix,
        period; /* demand, lane, site, site, fleet, agreement (period -1), reserve; commitment (period -1) */
    double price;
} ms_price; /* by label, row, period; zero prices are left out, but not of C10 */

/* A cross-servicing order: what one partner gives, carries or lets through for another, one line a span of consecutive
 * periods. */
typedef struct {
    int32_t agreement_ix, item_ix, place_ix; /* place: site for item and site agreements, lane for lift */
    int32_t from_period, to_period;          /* to is exclusive */
    double quantity;
} ms_order; /* by agreement, place, item, from_period */

/* Tonnes by partner (the last row is nobody's) and rank of priority, for the combined plan and for each partner alone.
 */
typedef struct {
    double wanted_t, met_t;                /* combined */
    double alone_met_t;                    /* the partner by itself; NAN when not planned */
    double owed_t_days, alone_owed_t_days; /* backlog, tonnes x days */
} ms_coverage;

struct ms_plan {
    const ms_case *kase;  /* with the contingencies applied */
    ms_case *owned_case;  /* the applied case, when options named contingencies; else NULL */
    const ms_case *base;  /* the case as read */
    char **contingencies; /* ids */
    size_t contingency_count;

    ms_movement *movements;
    ms_issue *issues;
    ms_level *levels;
    ms_shortfall *shortfalls;
    ms_price *prices;
    ms_order *orders;
    size_t movement_count, issue_count, level_count, shortfall_count, price_count, order_count;

    double objective, shortfall_part, cost_part, cost_currency, bound;
    double ratio_used;         /* priority_ratio after the cap of docs/model.md, Weights */
    const char *engine;        /* "lp (Clp 1.17.6)", "greedy" */
    const char *engine_reason; /* why this engine, one sentence */
    char *engine_text;         /* memory of the two above when read from a file; NULL else */
    bool stopped;              /* by limit or interrupt before the gap asked for */
    double gap_asked;
    long long column_count, row_count; /* of the LP; 0 when none was built */

    int priorities[MS_PRIORITY_COUNT]; /* the distinct priorities, most urgent first */
    int priority_count;
    ms_coverage *coverage; /* [(partner_count + 1) * priority_count], row = partner, last row nobody */
    bool has_alone;

    unsigned char *basis; /* engine state to start a neighbouring solve from; NULL when none */
    size_t basis_length;

    /* Wall seconds by stage; never written to the plan's files, which are the same bytes each time. */
    double seconds, seconds_build, seconds_solve, seconds_extract, seconds_alone;
};

/* Weights and charges of docs/model.md, the same for the LP, the engine and the reports (the checker has its own). */
typedef struct {
    double weight[MS_PRIORITY_COUNT + 1]; /* by priority; 0 where unused */
    double broken_weight, kappa, epsilon, ratio;
    double move, other, substitute, refuse, hold_per_day;
    int step_count;
    double step_width[4], step_multiplier[4];
    int priorities[MS_PRIORITY_COUNT], priority_count;
} ms_weights;
ms_status ms_weights_make(ms_weights *out, const ms_case *kase, ms_error *err);

/* The quantum of an item in units: 10^-q, and q. */
int ms_quantum_digits(const ms_item *item);

/* Stock of one (site, item, owner) at the end of each period from the levels; out[period_count] and the start in
 * *opening. */
void ms_plan_stock(const ms_plan *plan, int32_t site_ix, int32_t item_ix, int32_t owner_ix, double *opening,
                   double *out);

/* Orders rows by the comments above, derives orders from movements and issues, and coverage. Used by engine and reader.
 */
ms_status ms_plan_finish(ms_plan *plan, ms_error *err);

#endif
