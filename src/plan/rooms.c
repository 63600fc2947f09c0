/* rooms.c: lays out what shared limits leave, by period. */
#include "plan/rooms.h"

#include <string.h>

static void route_ways(ms_rooms *rooms)
{
    const ms_network *net = rooms->net;
    for (int32_t w = 0; w < net->way_count; w++) {
        const ms_move_way *way = &net->ways[w];
        const ms_lane *lane = &net->kase->lanes[way->lane_ix];
        ms_route *route = &rooms->routes[w];
        *route = (ms_route){.layer = way->layer,
                            .lane_ix = way->lane_ix,
                            .from_ix = lane->from_ix,
                            .to_ix = lane->to_ix,
                            .fleet_ix = lane->fleet_ix};
        memcpy(route->agreement_ix, way->agreement_ix, sizeof route->agreement_ix);
    }
}

static bool loses_stock(const ms_network *net)
{
    for (int32_t k = 0; k < net->layer_count && ms_case_loses_stock(net->kase); k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++)
                if (ms_case_carry(net->kase, n, net->layers[k].item_ix, t) < 1)
                    return true;
    return false;
}

/* How long a vehicle that leaves in t is away: the shares of ms_network_away, cut off at the horizon. */
static void time_trip(ms_rooms *rooms, int32_t lane_ix, int t)
{
    const ms_network *net = rooms->net;
    size_t at = ms_rooms_at(rooms, lane_ix, t);
    double trip = ms_network_trip_periods(net, lane_ix, t);
    int left = net->H - t;
    rooms->trip_whole[at] = trip < left ? (int32_t)trip : left;
    rooms->trip_part[at] = trip < left ? trip - (int32_t)trip : 0;
}

static double with_slack(double room, double slack_share, double slack_t)
{
    return isinf(room) ? room : room > 0 ? room + slack_share * room + slack_t : 0;
}

static void lay_out(ms_rooms *rooms, double slack_share, double slack_t)
{
    const ms_network *net = rooms->net;
    const ms_case *kase = net->kase;
    for (int32_t a = 0; a < net->lane_count; a++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_rooms_at(rooms, a, t), row = ms_at(net, a, t);
            rooms->arrive[at] = t + net->transit[row];
            rooms->lane[at] = net->blocked[row] ? 0 : with_slack(net->lane_room[row], slack_share, slack_t);
            if (kase->lanes[a].fleet_ix >= 0)
                time_trip(rooms, a, t);
        }
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            rooms->site[ms_rooms_site_at(rooms, n, t)] = with_slack(net->site_room[ms_at(net, n, t)], slack_share,
                                                                    slack_t);
    for (size_t at = 0; at < ms_at(net, kase->fleets_count, 0); at++)
        rooms->fleet[at] = with_slack(net->fleet_room[at], slack_share, slack_t);
    for (int32_t g = 0; g < kase->agreements_count; g++)
        rooms->agreement[g] = with_slack(net->agreement_room[g], slack_share, slack_t);
    memcpy(rooms->start, rooms->lane, rooms->count * sizeof(double));
}

ms_status ms_rooms_make(ms_rooms *out, const ms_network *net, double slack_share, double slack_t, ms_error *err)
{
    const ms_case *kase = net->kase;
    size_t departures = ms_at(net, net->lane_count, 0), stays = ms_at(net, net->site_count, 0);
    size_t trips = ms_at(net, kase->fleets_count, 0);
    ms_rooms rooms = {.net = net, .count = departures + stays + trips + (size_t)kase->agreements_count};
    rooms.routes = ms_alloc((size_t)net->way_count, sizeof *rooms.routes);
    rooms.arrive = ms_alloc(departures, sizeof *rooms.arrive);
    rooms.trip_whole = ms_alloc(departures, sizeof *rooms.trip_whole);
    rooms.trip_part = ms_alloc(departures, sizeof *rooms.trip_part);
    rooms.lane = ms_alloc(rooms.count, sizeof *rooms.lane);
    rooms.start = ms_alloc(rooms.count, sizeof *rooms.start);
    if (!rooms.routes || !rooms.arrive || !rooms.trip_whole || !rooms.trip_part || !rooms.lane || !rooms.start) {
        ms_rooms_free(&rooms);
        return ms_error_memory(err);
    }
    rooms.site = rooms.lane + departures;
    rooms.fleet = rooms.site + stays;
    rooms.agreement = rooms.fleet + trips;
    route_ways(&rooms);
    lay_out(&rooms, slack_share, slack_t);
    rooms.loses = loses_stock(net);
    *out = rooms;
    return MS_OK;
}

void ms_rooms_reset(ms_rooms *rooms)
{
    memcpy(rooms->lane, rooms->start, rooms->count * sizeof(double));
}

void ms_rooms_free(ms_rooms *rooms)
{
    ms_free(rooms->routes);
    ms_free(rooms->arrive);
    ms_free(rooms->trip_whole);
    ms_free(rooms->trip_part);
    ms_free(rooms->lane);
    ms_free(rooms->start);
    *rooms = (ms_rooms){0};
}
