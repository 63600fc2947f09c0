/* network.h: a case laid out over time for an engine: layers, ways, and the room that every shared limit leaves.
 *
 * What an engine needs of a case and nothing else; the letters are those of docs/model.md. All is tonnes and periods. A
 * network is immutable once made, belongs to one case and may be shared by threads.
 * Memory: O(lanes x H + sites x H) for the limits and two bytes for each (layer, site, period) for pruning; a way costs
 * H bytes only where agreements make it come and go. Time: O(ways x H).
 */
#ifndef MS_PLAN_NETWORK_H
#define MS_PLAN_NETWORK_H

#include "plan/plan.h"

typedef struct {
    int32_t item_ix, owner_ix;
    double t_per_unit, criticality;
} ms_layer;

/* The agreements that a movement needs: of the lane's partner, of the fleet's, of the site it leads to. */
typedef enum { MS_NEED_LIFT, MS_NEED_FLEET, MS_NEED_SITE, MS_NEEDS } ms_need;

typedef struct {
    int32_t layer, lane_ix;
    int32_t agreement_ix[MS_NEEDS]; /* -1 none */
    const uint8_t *present;         /* NULL: in every period; else present[t] for a departure in t */
} ms_move_way;

typedef struct {
    int32_t layer, demand_ix, agreement_ix;
    double meets;  /* c(v): tonnes of the demanded item met by one tonne issued */
    double charge; /* of the objective, per tonne issued */
    const uint8_t *present;
} ms_issue_way;

typedef struct {
    int32_t layer, commitment_ix;
    int32_t from_ix, to_ix, depart, arrive; /* depart < 0: under way; arrive >= H: behind the horizon */
    double load_t;                          /* f(m) */
    double cost;                            /* objective per tonne; 0 when under way */
    double broken_cost;                     /* W* crit; */
} ms_committed;

typedef struct {
    const ms_case *kase;
    ms_weights weights;
    int32_t alone_ix; /* MS_EVERYBODY, or the partner by itself */
    int H;            /* periods */
    int32_t site_count, lane_count, layer_count, way_count, issue_count, committed_count;
    double period_days;

    ms_layer *layers;
    int32_t *layer_of;    /* [item * (partners + 1) + owner + 1], -1: nobody holds any */
    ms_move_way *ways;    /* by layer, lane */
    int32_t *way_first;   /* [layer_count + 1] */
    ms_issue_way *issues; /* by layer, demand */
    int32_t *issue_first; /* [layer_count + 1] */
    ms_committed *committed;

    int32_t *transit;       /* tau[a*H + t] */
    double *lane_room;      /* right-hand sides of C3 [a*H + t]; INFINITY: no row */
    double *site_room;      /* C4 [n*H + t] */
    double *storage;        /* C5 [n*H + t] */
    double *fleet_room;     /* C6 [f*H + t] */
    double *agreement_room; /* C7 [g] */
    double *demand_t;       /* d [j*H + t] */
    double *demand_most;    /* E [j*H + t]: d, or D with backorder */
    double *reserve_t;      /* B [r*H + t] */
    int32_t *reserve_layer; /* [r] */
    double *opening_t;      /* S [k*site_count + n] */
    int32_t *supply_row;    /* [k*site_count + n]: row in supply_t, or -1 */
    double *supply_t;       /* q [row*H + t] */
    uint8_t *blocked;       /* [a*H + t]: a shared limit leaves no room, or it arrives behind the horizon */
    uint8_t *reach;         /* [(k*site_count + n)*H + t]: layer k can be at n in t */
    uint8_t *useful;        /* likewise: layer k at n in t can still meet a need */
    ms_arena *arena;
} ms_network;

/* alone_ix MS_EVERYBODY: the combined case. Else the case as that partner can meet it by itself: its own stock, supply,
 * commitments, lanes and lift and nobody's, its own needs, no agreements; the weights are those of the whole case. Free
 * with ms_network_free. */
enum { MS_EVERYBODY = -2 };
ms_status ms_network_make(ms_network **out, const ms_case *kase, int32_t alone_ix, ms_error *err);
/* The same with weights made for another variation of the case, so that the objectives of both can be compared (a duty
 * that rises would change what a unit of currency weighs). NULL: its own. */
ms_status ms_network_make_weighed(ms_network **out, const ms_case *kase, int32_t alone_ix, const ms_weights *weights,
                                  ms_error *err);
void ms_network_free(ms_network *net); /* NULL is allowed */

/* Objective of one tonne of a layer on a lane leaving in t, charges included; and its cost in currency. */
double ms_network_move_cost(const ms_network *net, int32_t layer, int32_t lane_ix, int t);
double ms_network_move_currency(const ms_network *net, int32_t layer, int32_t lane_ix, int t);

/* Share of period `later` for which a vehicle that left on the lane in t is away (phi); 0 from the period returned by
 * ms_network_away_end on. */
double ms_network_away(const ms_network *net, int32_t lane_ix, int t, int later);
int ms_network_away_end(const ms_network *net, int32_t lane_ix, int t);

/* Periods, with a fraction, for which a trip that leaves in t holds its vehicle; only for lanes that draw on a fleet.
 */
double ms_network_trip_periods(const ms_network *net, int32_t lane_ix, int t);

/* True when rows of this owner, or needs of this partner, count in the network. */
bool ms_network_holds_owner(const ms_network *net, int32_t owner_ix);
bool ms_network_serves(const ms_network *net, int32_t partner_ix);

/* True when the way may be used for a departure in t: it is present, not blocked, and no agreement of it is without
 * limit left. */
bool ms_network_way_open(const ms_network *net, const ms_move_way *way, int t);
/* True when the way is open in t and goods can be there. */
bool ms_network_move_possible(const ms_network *net, int32_t way_ix, int t);
/* The same, and what arrives can still meet a need. */
bool ms_network_move_wanted(const ms_network *net, int32_t way_ix, int t);
/* True when issues on the way are possible in t: present, and the line has demand (or, with backorder, has had some).
 */
bool ms_network_issue_open(const ms_network *net, const ms_issue_way *way, int t);

/* What comes and goes at each node by itself, the right-hand sides of C1: opening stock, supply, commitments. out:
 * [node]. */
void ms_network_comes(double *out, const ms_network *net);

/* Weight in the objective of one tonne of z[j,t,s], and the step's width in tonnes (E x width(s)). */
double ms_network_short_weight(const ms_network *net, int32_t demand_ix, int step);
double ms_network_short_width(const ms_network *net, int32_t demand_ix, int t, int step);
double ms_network_reserve_weight(const ms_network *net, int32_t reserve_ix);

static inline size_t ms_node(const ms_network *net, int32_t layer, int32_t site_ix, int t)
{
    return ((size_t)layer * (size_t)net->site_count + (size_t)site_ix) * (size_t)net->H + (size_t)t;
}
static inline size_t ms_at(const ms_network *net, int32_t row_ix, int t)
{
    return (size_t)row_ix * (size_t)net->H + (size_t)t;
}

/* Says anew which departures are blocked, and what can reach where; call it after changing a right-hand side. */
ms_status ms_network_settle_rooms(ms_network *net, ms_error *err);

/* ways.c: finds the ways; called by ms_network_make once the limits by period are there. */
ms_status ms_network_find_ways(ms_network *net, ms_error *err);
/* prune.c: fills reach and useful. */
ms_status ms_network_prune(ms_network *net, ms_error *err);

#endif
