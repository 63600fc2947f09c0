/* rooms.h: what the shared limits of a network still leave while a plan is put together, way by way.
 *
 * Right-hand sides of C3, C4, C6 and C7 laid out by period, to be counted down, and what a way needs of them at hand:
 * made once for a network, reset for each plan. The network's rooms are copied when it is made. Memory: 32 bytes a way,
 * 40 a lane and period. Time: O(1) for a way without a fleet, else O(periods that its trip lasts).
 */
#ifndef MS_PLAN_ROOMS_H
#define MS_PLAN_ROOMS_H

#include "plan/network.h"

typedef struct {
    int32_t layer, lane_ix, from_ix, to_ix;
    int32_t fleet_ix, agreement_ix[MS_NEEDS]; /* -1 none */
} ms_route;

typedef struct {
    const ms_network *net;
    bool loses;          /* a contingency loses stock somewhere: not all that is held stays */
    ms_route *routes;    /* [way] */
    int32_t *arrive;     /* [t*lanes + a] */
    int32_t *trip_whole; /* [t*lanes + a]: whole periods that a vehicle is away, where the lane draws on a fleet */
    double *trip_part;   /* and the part of one more */
    double *lane, *site; /* left: [t*lanes + a], [t*sites + n] */
    double *fleet;       /* [f*H + t] */
    double *agreement;
    double *start; /* what reset copies back to lane, which site, fleet and agreement follow */
    size_t count;
} ms_rooms;

/* Each limit may be passed by slack_share of it plus slack_t. */
ms_status ms_rooms_make(ms_rooms *out, const ms_network *net, double slack_share, double slack_t, ms_error *err);
void ms_rooms_free(ms_rooms *rooms);
void ms_rooms_reset(ms_rooms *rooms);

static inline double ms_least(double a, double b)
{
    return a < b ? a : b;
}

/* Where a lane's departure in t is in lane, arrive, trip_whole and trip_part. */
static inline size_t ms_rooms_at(const ms_rooms *rooms, int32_t lane_ix, int t)
{
    return (size_t)t * (size_t)rooms->net->lane_count + (size_t)lane_ix;
}
static inline size_t ms_rooms_site_at(const ms_rooms *rooms, int32_t site_ix, int t)
{
    return (size_t)t * (size_t)rooms->net->site_count + (size_t)site_ix;
}

/* False where the way does not exist in t. */
static inline bool ms_rooms_present(const ms_rooms *rooms, int32_t way, int t)
{
    const uint8_t *present = rooms->net->ways[way].present;
    return !present || present[t];
}

/* Tonnes that still fit on a way that is present, leaving in t; 0 or less where none do. */
static inline double ms_rooms_fit(const ms_rooms *rooms, int32_t way, int t)
{
    const ms_route *route = &rooms->routes[way];
    size_t at = ms_rooms_at(rooms, route->lane_ix, t);
    double fit = rooms->lane[at];
    if (fit <= 0)
        return 0;
    fit = ms_least(fit, rooms->site[ms_rooms_site_at(rooms, route->from_ix, t)]);
    fit = ms_least(fit, rooms->site[ms_rooms_site_at(rooms, route->to_ix, rooms->arrive[at])]);
    if (route->fleet_ix >= 0) {
        const double *fleet = rooms->fleet + ms_at(rooms->net, route->fleet_ix, t);
        int32_t whole = rooms->trip_whole[at];
        for (int32_t later = 0; later < whole; later++)
            fit = ms_least(fit, fleet[later]);
        if (rooms->trip_part[at] > 0)
            fit = ms_least(fit, fleet[whole] / rooms->trip_part[at]);
    }
    for (int need = 0; need < MS_NEEDS; need++)
        if (route->agreement_ix[need] >= 0)
            fit = ms_least(fit, rooms->agreement[route->agreement_ix[need]]);
    return fit;
}

/* Takes the room of a load, or with a negative one gives it back. */
static inline void ms_rooms_take(ms_rooms *rooms, int32_t way, int t, double load_t)
{
    const ms_route *route = &rooms->routes[way];
    size_t at = ms_rooms_at(rooms, route->lane_ix, t);
    rooms->lane[at] -= load_t;
    rooms->site[ms_rooms_site_at(rooms, route->from_ix, t)] -= load_t;
    rooms->site[ms_rooms_site_at(rooms, route->to_ix, rooms->arrive[at])] -= load_t;
    if (route->fleet_ix >= 0) {
        double *fleet = rooms->fleet + ms_at(rooms->net, route->fleet_ix, t);
        int32_t whole = rooms->trip_whole[at];
        for (int32_t later = 0; later < whole; later++)
            fleet[later] -= load_t;
        if (rooms->trip_part[at] > 0)
            fleet[whole] -= load_t * rooms->trip_part[at];
    }
    for (int need = 0; need < MS_NEEDS; need++)
        if (route->agreement_ix[need] >= 0)
            rooms->agreement[route->agreement_ix[need]] -= load_t;
}

#endif
