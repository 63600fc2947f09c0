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
#include "plan/prices.h"

enum { MS_GRID_GROUPS = 4, MS_GRID_LANES = 16, MS_GRID_SLACK = 2 * MS_GRID_LANES };

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
    int32_t whole; /* periods that a vehicle is away, and the part of one more */
    double part;
} ms_leg;

/* A lane's load as a site's handling sees it: `shift` periods later. */
typedef struct {
    int32_t lane_ix, first, count, shift;
} ms_touch;

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
    size_t number;                                                 /* bytes of a number */
    size_t lane_stride, layer_stride, chain_stride;                /* in numbers */
    size_t load_lane_stride, load_site_stride, load_demand_stride; /* from group to group */
    size_t scratch_stride, fleet_sums_stride;
    size_t node_numbers, run_numbers;

    ms_run *runs;                  /* by layer, lane, first period */
    int32_t run_count, *run_first; /* [layer_count + 1] */
    int32_t *group_first;          /* layers of each group: [group_count + 1] */
    ms_leg *legs;
    int32_t leg_count, *leg_first; /* [lane_count + 1] */
    ms_touch *touches;
    int32_t *touch_first;        /* [site_count + 1] */
    int32_t *trip_first, *trips; /* legs of each fleet: [fleets_count + 1] */
    uint8_t *handles;            /* [site]: it has a row of C4 */
    bool has_storage;

    /* Columns; step_*: of the primal metric, 0 where there is no column; most_*: upper bounds. */
    ms_iterate x, s, o, y, z, b; /* by run; node; supply row; issue way; demand and step (of owed lines); broken */
    void *step_x, *step_s, *step_o, *step_y, *step_z, *step_b;
    void *most_o, *most_z;
    ms_grid_supply *supplies;            /* by layer */
    int32_t *supply_first;               /* [layer_count + 1] */
    int32_t *reserve_of;                 /* [layer*sites + site]: reserve, or -1 */
    int32_t *stock_first;                /* [layer*sites + site]: first period with a node, in whole vectors */
    int32_t *issue_opens, *issue_closes; /* [issue], likewise */
    int32_t *broken_first, *broken;      /* commitments that may be broken, by layer */
    void *carry;                         /* e[t]: rows; the first is all ones */
    size_t *carry_at;                    /* [layer*sites + site]: where its row is */

    /* Rows; sigma_*: of the dual metric, 0 where there is no row. */
    ms_iterate v, demand, lane, site, storage, fleet, agreement, reserve; /* C1 to C8 */
    void *sigma_demand, *sigma_lane, *sigma_site, *sigma_storage, *sigma_fleet, *sigma_agreement, *sigma_reserve;
    void *comes, *wanted, *room_lane, *room_site, *room_storage, *room_fleet, *level; /* right-hand sides */
    void *chain_lower, *chain_pivot; /* LDL' of the metric of C1: [layer][site block][t][MS_GRID_LANES] */
    void *chain_weight;              /* [node]: its diagonal */
    void *line_lower, *line_pivot;   /* of C2 where a backlog carries over: [demand] */

    /* What an iteration sums up. */
    void *price_lane;                           /* what a tonne pays to shared rows, leaving in t */
    void *load_lane, *load_stock, *load_demand; /* [group] */
    double *load_agreement;                     /* [group][agreement] */
    void *total_lane;
    double *fleet_sums; /* [fleet]: prices before t */
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
/* Empties what a group of layers has loaded onto shared rows: before the group's part of an iteration. */
void ms_grid_zero_sums(const ms_grid *grid, int group);
/* Squared lengths of the iterate, and of costs and right-hand sides, in the metrics at hand. */
typedef struct {
    double primal2, dual2, costs2, rights2;
} ms_grid_lengths;
void ms_grid_measure(ms_grid_lengths *out, const ms_grid *grid);

/* The tables of variables (MS_GRID_PRIMAL) and of prices (MS_GRID_DUAL) of an iterate. */
enum { MS_GRID_PRIMAL = 6, MS_GRID_DUAL = 8 };
void ms_grid_primal(ms_iterate *out[MS_GRID_PRIMAL], ms_grid *grid);
void ms_grid_dual(ms_iterate *out[MS_GRID_DUAL], ms_grid *grid);
/* What the lanes' prices are made of, after prices were set by hand; `prices` of steps.h does the rest. */
void ms_grid_sum_fleets(ms_grid *grid);

/* start.c: puts the iterate, and its anchor, at a flow and at prices of the same network. */
ms_status ms_grid_start_flow(ms_grid *grid, const ms_flow *flow, ms_error *err);
ms_status ms_grid_start_prices(ms_grid *grid, const ms_prices *prices, ms_error *err);

/* The iterate as a flow and as prices, both made by the caller for the same network. */
void ms_grid_flow(ms_flow *out, const ms_grid *grid);
void ms_grid_prices(ms_prices *out, const ms_grid *grid);

#endif
