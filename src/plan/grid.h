/* grid.h: a network laid out for the primal-dual iterations (docs/engine.md): rows of periods, ready for wide vectors.
 *
 * Every quantity of the LP is a row of `stride` numbers, one a period, behind which zeros follow, so that a lane's
 * transit is a shifted row and an iteration is a few passes over rows. Numbers are float or double (`wide`), chosen
 * when the grid is made: what is void * here holds the one or the other. Layers are dealt to at most MS_GRID_GROUPS
 * groups; each adds what its layers load onto shared rows into sums of its own, and these are added in the order of the
 * groups: the bytes do not depend on how many threads share the groups. Memory: 8 (float) or 16 bytes a movement
 * column, 7 numbers a node. Time to make: O(ways x H).
 */
#ifndef MS_PLAN_GRID_H
#define MS_PLAN_GRID_H

#include "plan/flow.h"
#include "plan/sweep.h"

enum { MS_GRID_GROUPS = 4, MS_GRID_LANES = 16, MS_GRID_SLACK = 2 * MS_GRID_LANES };
enum { MS_GRID_BATCH = 4 }; /* blocks of chains that are solved at once, at most */

/* A stretch of periods in which a movement way is open with one transit and one cost. */
typedef struct {
    int32_t layer, lane_ix, from_ix, to_ix, way;
    int32_t first, count, transit; /* departs in first .. first + count - 1 */
    int32_t agreement_ix[MS_NEEDS];
    double cost;
    size_t at; /* where its numbers are */
} ms_run;

/* A stretch of periods in which a lane has one transit and one length of trip. */
typedef struct {
    int32_t lane_ix, from_ix, to_ix, fleet_ix;
    int32_t first, count, transit;
    int32_t whole;   /* periods that a vehicle is away, and the part of one more */
    int32_t span_ix; /* -1 without a fleet */
    double part;
} ms_leg;

/* A lane's load as a site's handling sees it. */
typedef struct {
    int32_t leg_ix;
    bool arrives; /* a transit later */
} ms_touch;

/* What `whole` periods of a fleet cost; trips of that length, and a part, share it. */
typedef struct {
    int32_t fleet_ix, whole;
} ms_span;

/* A run as an iteration sees it, in whole blocks of its lane's periods: where their numbers begin. */
typedef struct {
    size_t at, lane_at;    /* among movements, among lanes */
    size_t from_at, to_at; /* among the layer's nodes: where it leaves, where it arrives */
    double cost;
    int32_t run_ix, count; /* periods */
    int32_t
        bundle;   /* so many from here on leave there in the same periods, and no agreement counts them; or it is one */
    bool counted; /* by agreements */
} ms_hop;

/* The stock of a layer at a site where it can be. */
typedef struct {
    int32_t site_ix;           /* -1: none, to fill a block */
    int32_t first;             /* first period of its block with a node, in whole vectors */
    int32_t reserve_ix;        /* -1: none */
    bool stored, comes, loses; /* the site has a row of C5; something comes or goes by itself; stock may be lost */
    size_t carry_at;           /* where its row of `carry` is */
} ms_chain;

/* The values of a table of variables or prices, and where the last restart left them. */
typedef struct {
    void *now, *anchor;
    size_t count;
} ms_iterate;

typedef struct {
    int32_t row, site_ix;
} ms_grid_supply;

typedef struct {
    const ms_network *net;
    bool wide;
    int stride, group_count;
    size_t number;                             /* bytes of a number */
    size_t lane_stride, layer_stride;          /* in numbers */
    size_t load_lane_stride, load_site_stride; /* from group to group */
    size_t scratch_stride, fleet_sums_stride;
    size_t node_numbers, run_numbers;

    ms_run *runs;                  /* by layer, site that it leaves, lane, first period */
    int32_t run_count, *run_first; /* [layer_count + 1] */
    ms_hop *hops;                  /* [run] */
    int32_t *group_first;          /* layers of each group: [group_count + 1] */
    ms_leg *legs;
    int32_t leg_count, *leg_first; /* [lane_count + 1] */
    ms_touch *touches;
    int32_t *touch_first;        /* [site_count + 1] */
    int32_t *trip_first, *trips; /* legs of each fleet: [fleets_count + 1] */
    ms_span *spans;              /* by fleet */
    int32_t *span_first;         /* [fleets_count + 1] */
    uint8_t *handles, *stores;   /* [site]: it has a row of C4, of C5 */

    /* Columns; step_*: of the primal metric, 0 where there is no column; most_*: upper bounds. */
    ms_iterate x, s, o, y, z, b; /* by run; node; supply row; issue way; demand and step (of owed lines); broken */
    void *step_x, *step_s, *step_o, *step_y, *step_z, *step_b;
    void *most_o, *most_z;
    bool *awake;                         /* [vector of x]: now or anchor may not be 0; kept by steps.c */
    ms_grid_supply *supplies;            /* by layer */
    int32_t *supply_first;               /* [layer_count + 1] */
    int32_t *reserve_of;                 /* [layer*sites + site]: reserve, or -1 */
    ms_chain *chains;                    /* by layer, in blocks of MS_GRID_LANES */
    int32_t *chain_first;                /* [layer_count + 1] */
    int32_t *chain_of;                   /* [layer*sites + site], or -1 */
    int32_t *issue_opens, *issue_closes; /* [issue], likewise */
    int32_t *broken_first, *broken;      /* commitments that may be broken, by layer */
    void *carry;                         /* e[t]: rows; the first is all ones */
    size_t *carry_at;                    /* [layer*sites + site]: where its row is */

    /* Rows; sigma_*: of the dual metric, 0 where there is no row. */
    ms_iterate v, demand, lane, site, storage, fleet, agreement, reserve; /* C1 to C8 */
    void *sigma_demand, *sigma_lane, *sigma_site, *sigma_storage, *sigma_fleet, *sigma_agreement, *sigma_reserve;
    void *comes, *wanted, *room_lane, *room_site, *room_storage, *room_fleet, *level; /* right-hand sides */
    void *chain_lower, *chain_pivot; /* LDL' of the metric of C1: [block of chains][t][MS_GRID_LANES] */
    void *chain_weight;              /* [node]: its diagonal */
    int32_t *owed, *owed_of,
        owed_count;                    /* lines whose backlog carries over, in blocks of MS_GRID_LANES filled with -1 */
    void *line_lower, *line_pivot;     /* their LDL': [block of owed][t][MS_GRID_LANES] */
    int32_t *line_first, *line_issues; /* issue ways of each line: [demands_count + 1] */
    double *short_weight, *reserve_weight; /* [demand*steps + step], [reserve] */

    /* What an iteration sums up. */
    void *price_lane;             /* what a tonne pays to shared rows, leaving in t; a lot where it cannot */
    void *load_lane, *load_stock; /* [group]; 0 between passes */
    void *load_demand;            /* [issue] */
    double *load_agreement;       /* [group][agreement] */
    void *total_lane;
    double *fleet_sums; /* [fleet]: prices before t */
    void *span_price;   /* [span]: two rows: of its whole periods from t on, and of the one behind them */
    void *scratch;      /* [group] */
    /* How far a measured pass went, squared: by layer, lane, site, fleet, demand, and one for agreements. */
    double *primal2, *dual2;
    int32_t lane_measure, site_measure, fleet_measure, demand_measure, agreement_measure, measure_count;
    /* What metric.c sums up: rows of `stride`. */
    double stock_step;
    double *lane_weight, *lane_mass, *site_mass, *storage_mass, *fleet_mass, *demand_mass, *reserve_mass;
    double *agreement_mass, *layer_weight, *layer_mass, *chain_row;
    ms_arena *arena;
} ms_grid;

/* stock_step: how much longer than the safe step of a single column the step of stock columns is (F in docs/engine.md).
 * The network must outlive the grid. */
ms_status ms_grid_make(ms_grid **out, const ms_network *net, bool wide, double stock_step, ms_error *err);
void ms_grid_free(ms_grid *grid); /* NULL is allowed */
/* Chooses the metrics anew from the iterate at hand (metric.c); safe at a restart only. */
void ms_grid_weigh(ms_grid *grid);
/* Squared lengths of the iterate, and of costs and right-hand sides, in the metrics at hand. */
typedef struct {
    double primal2, dual2, costs2, rights2;
} ms_grid_lengths;
void ms_grid_measure(ms_grid_lengths *out, const ms_grid *grid);

/* The tables of variables (MS_GRID_PRIMAL) and of prices (MS_GRID_DUAL) of an iterate. */
enum { MS_GRID_PRIMAL = 6, MS_GRID_DUAL = 8 };
void ms_grid_primal(ms_iterate *out[MS_GRID_PRIMAL], ms_grid *grid);
void ms_grid_dual(ms_iterate *out[MS_GRID_DUAL], ms_grid *grid);
/* What the lanes' prices are made of, of one fleet; and of all, after prices were set by hand: `prices` of steps.h does
 * the rest. */
void ms_grid_sum_fleet(const ms_grid *grid, int32_t fleet_ix);
void ms_grid_sum_fleets(ms_grid *grid);

/* start.c: puts the iterate, and its anchor, at a flow and at clean prices of the same network; a sweeper of it is
 * lent. */
ms_status ms_grid_start_flow(ms_grid *grid, const ms_flow *flow, ms_error *err);
void ms_grid_start_prices(ms_grid *grid, ms_sweeper *sweeper, const ms_prices *prices);

/* The iterate as a flow and as prices, both made by the caller for the same network. */
void ms_grid_flow(ms_flow *out, const ms_grid *grid);
void ms_grid_prices(ms_prices *out, const ms_grid *grid);

#endif
