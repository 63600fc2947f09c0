/* gen.h: the parts of the case generator (gen*.c) and what they share. Nothing else includes this.
 *
 * A generated theatre is flat: sites lie on a plane in whole kilometres, the partners' rear areas in the
 * west, a sea in between, a coast with ports in the east, and the units inland of it. The parts run in the
 * order in which they are declared below; each reads what the ones before it have set.
 *
 * The same options give the same bytes everywhere: random numbers are counter-based, with a stream for each
 * row of each table, so that more days do not move a site; arithmetic uses + - * / sqrt and floor alone,
 * which every machine rounds alike; and what is written was first rounded to a few decimals.
 */
#ifndef MS_CASE_GEN_H
#define MS_CASE_GEN_H

#include "base/random.h"
#include "case/case.h"

typedef enum { /* in the direction of supply: what leads to a later one leads forward */
               MS_GEN_REAR_DEPOT,
               MS_GEN_REAR_PLANT,
               MS_GEN_REAR_PORT,
               MS_GEN_REAR_AIRFIELD,
               MS_GEN_PORT,
               MS_GEN_AIRFIELD,
               MS_GEN_PLANT,
               MS_GEN_RAILHEAD,
               MS_GEN_DEPOT,
               MS_GEN_UNIT,
               MS_GEN_ROLES
} ms_gen_role;

enum {
    MS_GEN_ID_BYTES = 28,
    MS_GEN_LANE_ID_BYTES = 2 * MS_GEN_ID_BYTES + 10,
    MS_GEN_PARTNERS = 16,
    MS_GEN_PRIORITIES = 3
};

typedef struct {
    char id[MS_GEN_ID_BYTES];
    ms_gen_role role;
    int number;                   /* within its role, from 0 */
    int partner_ix, country_ix;   /* the country is that of a partner's rear area, or partner_count for the theatre */
    long x_km, y_km;              /* to the east, to the south */
    int parent_ix;                /* the site that it is mainly supplied from; -1 in the rear */
    double load_t;                /* tonnes a day that it is meant to pass on or use, on average */
    double handling_t, storage_t; /* INFINITY: not limited */
    double persons;               /* units only */
    int tier;                     /* units only: 0 at the front, 1, 2 behind */
} ms_gen_site;

typedef struct {
    char id[MS_GEN_ID_BYTES], name[64];
    const char *unit;
    ms_class class_ix;
    double kg_per_unit, m3_per_unit, value_per_unit, criticality;
    bool backorder;
    double kg_per_person; /* a day */
    int urgency;          /* priority at the front, from 1 */
} ms_gen_item;

typedef struct {
    const char *id;
    int from_ix, to_ix, partner_ix, fleet_ix, twin_ix; /* twin: the same way back, or -1 */
    ms_mode mode;
    double transit_days, capacity_t, cost_per_t;
    const char *carries;
} ms_gen_lane;

typedef struct {
    char id[MS_GEN_ID_BYTES];
    int partner_ix;
    ms_mode mode;
    double vehicles, payload_t, turn_days;
    double work_t_days; /* tonnes a day times days away, of the lanes that draw on it */
} ms_gen_fleet;

typedef struct {
    ms_gen_options options;
    ms_arena *arena;
    ms_gen_site *sites;
    int role_first[MS_GEN_ROLES], role_count[MS_GEN_ROLES]; /* sites are in order of role */
    ms_gen_item *items;
    double *rate;  /* [unit number * items + item]: base demand, item units a day; 0 where there is none */
    double *total; /* [item]: all demand over the horizon, item units */
    ms_gen_lane *lanes;
    int lane_count;
    ms_gen_fleet *fleets;
    int fleet_count;
    ms_buf stocks, supplies, demands, reserves, commitments; /* rows, written as they are drawn */
} ms_gen;

enum { MS_GEN_FUEL, MS_GEN_RATIONS, MS_GEN_SHELLS, MS_GEN_WATER }; /* the first items */

extern const char *const ms_gen_partner_ids[MS_GEN_PARTNERS];

/* Tables, for ms_gen_random. */
typedef enum {
    MS_GEN_FOR_SITES = 1,
    MS_GEN_FOR_ITEMS,
    MS_GEN_FOR_DEMANDS,
    MS_GEN_FOR_LANES,
    MS_GEN_FOR_CAPACITIES,
    MS_GEN_FOR_FLEETS,
    MS_GEN_FOR_STOCKS,
    MS_GEN_FOR_SUPPLIES,
    MS_GEN_FOR_RESERVES,
    MS_GEN_FOR_AGREEMENTS,
    MS_GEN_FOR_COMMITMENTS
} ms_gen_table;

/* The stream of one row of one table. */
ms_random ms_gen_random(const ms_gen *gen, ms_gen_table table, int64_t row);
double ms_gen_range(ms_random *random, double low, double high);
bool ms_gen_chance(ms_random *random, double chance);
/* Three significant digits, at most three decimals: how a planner would write it. */
double ms_gen_round(double value);
double ms_gen_km(const ms_gen_site *a, const ms_gen_site *b);

/* gen_sites.c: places, the goods and what each unit uses of them, and from both the load of every site. */
ms_status ms_gen_sites(ms_gen *gen, ms_error *err);
ms_status ms_gen_items(ms_gen *gen, ms_error *err);
ms_status ms_gen_demands(ms_gen *gen, ms_error *err);
void ms_gen_loads(ms_gen *gen);
/* gen_lanes.c: which sites are joined, by what mode, with what capacity, and the fleets. */
ms_status ms_gen_lanes(ms_gen *gen, ms_error *err);
ms_status ms_gen_fleets(ms_gen *gen, ms_error *err);
/* gen_goods.c: stock, supply, reserves and what is under way. */
ms_status ms_gen_goods(ms_gen *gen, ms_error *err);

#endif
