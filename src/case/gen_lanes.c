/* gen_lanes.c: the generator's network: which sites are joined and how, what each lane carries in a day, and
 * the fleets.
 *
 * First the spine, without which a site would be cut off; then the way back along it; then, in rounds, every
 * site's next nearest neighbours by every mode that suits the two, until there are as many lanes as asked
 * for. Capacity is dealt out site by site: what leads forward into a site adds up to a little more than its
 * load, so that the nearest and cheapest lanes fill up, some sites fall short and most do not. Cost: sites x
 * rounds x sites.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "case/gen.h"

typedef struct {
    ms_gen *gen;
    ms_names names; /* lane ids, to see whether two sites are joined already */
    int wanted, refused;
} network;

static const struct {
    double winding, km_per_day, cost_fixed, cost_per_km, weight; /* weight: its share of what leads into a site */
} by_mode[MS_MODES] = {
    [MS_MODE_SEA] = {1.05, 620, 11, 0.008, 1},       [MS_MODE_AIR] = {1, 6000, 140, 0.9, 0.06},
    [MS_MODE_ROAD] = {1.3, 350, 4, 0.11, 1},         [MS_MODE_RAIL] = {1.2, 480, 6, 0.04, 1.4},
    [MS_MODE_PIPELINE] = {1.1, 130, 1.5, 0.01, 0.8}, [MS_MODE_RIVER] = {1.5, 200, 5, 0.02, 1},
};

/* A sea or air lane belongs to the partner whose rear it leads from, more often than not; inland most are
 * nobody's. */
static int draw_partner(const ms_gen *gen, ms_random *random, const ms_gen_site *from, const ms_gen_site *to,
                        ms_mode mode)
{
    bool crossing = mode == MS_MODE_SEA || mode == MS_MODE_AIR;
    bool owned = ms_gen_chance(random, crossing ? 0.7 : 0.3);
    int sector = (int)ms_random_between(random, 0, gen->options.partners - 1);
    if (!owned)
        return MS_NONE;
    if (from->role <= MS_GEN_REAR_AIRFIELD)
        return from->partner_ix;
    return to->role <= MS_GEN_REAR_AIRFIELD ? to->partner_ix : sector;
}

/* Adds the lane unless it is there. Past the number asked for it only counts what there would be no room for. */
static ms_status join(network *net, int from_ix, int to_ix, ms_mode mode, ms_error *err)
{
    ms_gen *gen = net->gen;
    if (from_ix == MS_NONE || to_ix == MS_NONE || from_ix == to_ix)
        return MS_OK;
    const ms_gen_site *from = &gen->sites[from_ix], *to = &gen->sites[to_ix];
    char id[MS_GEN_LANE_ID_BYTES];
    snprintf(id, sizeof id, "%s:%s:%s", from->id, to->id, ms_mode_words[mode]);
    if (ms_names_find(&net->names, id, strlen(id)) >= 0)
        return MS_OK;
    const char *kept = ms_arena_strndup(gen->arena, id, strlen(id));
    int32_t ix;
    bool fresh;
    if (kept == NULL || !ms_names_add(&net->names, kept, &ix, &fresh))
        return ms_error_memory(err);
    if (gen->lane_count >= net->wanted) {
        net->refused++;
        return MS_OK;
    }
    ms_gen_lane *lane = &gen->lanes[gen->lane_count++];
    lane->id = kept;
    int low = from_ix < to_ix ? from_ix : to_ix, high = from_ix < to_ix ? to_ix : from_ix;
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_LANES, ((int64_t)low << 20) | ((int64_t)high << 4) | mode);
    lane->from_ix = from_ix;
    lane->to_ix = to_ix;
    lane->mode = mode;
    lane->partner_ix = draw_partner(gen, &random, from, to, mode);
    lane->fleet_ix = lane->twin_ix = MS_NONE;
    double km = ms_gen_km(from, to) * by_mode[mode].winding * ms_gen_range(&random, 1, 1.15);
    lane->transit_days = floor(10 * km / by_mode[mode].km_per_day + 1) / 10;
    lane->cost_per_t = ms_gen_round(by_mode[mode].cost_fixed + by_mode[mode].cost_per_km * km);
    bool water = from->role == MS_GEN_PLANT && gen->options.items > MS_GEN_WATER;
    lane->carries = mode != MS_MODE_PIPELINE ? "" : water ? "water" : "III";
    return MS_OK;
}

/* The same way back, with the same partner; a pipeline has none. */
static ms_status join_back(network *net, int a, ms_error *err)
{
    ms_gen *gen = net->gen;
    int back = gen->lane_count;
    if (gen->lanes[a].mode == MS_MODE_PIPELINE || back >= net->wanted)
        return MS_OK;
    MS_TRY(join(net, gen->lanes[a].to_ix, gen->lanes[a].from_ix, gen->lanes[a].mode, err));
    if (gen->lane_count > back) {
        gen->lanes[a].twin_ix = back;
        gen->lanes[back].twin_ix = a;
        gen->lanes[back].partner_ix = gen->lanes[a].partner_ix;
    }
    return MS_OK;
}

/* The nth nearest site (0: the nearest) of a role among those of one partner (MS_NONE: of any), or MS_NONE. */
static int nth_nearest(const ms_gen *gen, int from_ix, ms_gen_role role, int partner_ix, int n)
{
    double last_km = -1;
    int last = MS_NONE;
    for (int i = 0; i <= n; i++) {
        double best_km = INFINITY;
        int best = MS_NONE;
        for (int ix = gen->role_first[role]; ix < gen->role_first[role] + gen->role_count[role]; ix++) {
            if (ix == from_ix || (partner_ix != MS_NONE && gen->sites[ix].partner_ix != partner_ix))
                continue;
            double km = ms_gen_km(&gen->sites[from_ix], &gen->sites[ix]);
            if ((km > last_km || (km == last_km && ix > last)) && km < best_km) {
                best_km = km;
                best = ix;
            }
        }
        if (best == MS_NONE)
            return MS_NONE;
        last = best;
        last_km = best_km;
    }
    return last;
}

/* What a site cannot do without: a lane from where its load comes, or to where its goods go. */
static ms_status spine_of(network *net, int ix, ms_error *err)
{
    const ms_gen *gen = net->gen;
    const ms_gen_site *site = &gen->sites[ix];
    int mine = site->partner_ix;
    switch (site->role) {
    case MS_GEN_REAR_DEPOT:
        return join(net, ix, nth_nearest(gen, ix, MS_GEN_REAR_PORT, mine, 0), MS_MODE_RAIL, err);
    case MS_GEN_REAR_PLANT:
        return join(net, ix, nth_nearest(gen, ix, MS_GEN_REAR_PORT, mine, 0), MS_MODE_PIPELINE, err);
    case MS_GEN_REAR_PORT:
        return join(net, nth_nearest(gen, ix, MS_GEN_REAR_DEPOT, mine, 0), ix, MS_MODE_RAIL, err);
    case MS_GEN_REAR_AIRFIELD:
        return join(net, nth_nearest(gen, ix, MS_GEN_REAR_DEPOT, mine, 0), ix, MS_MODE_ROAD, err);
    case MS_GEN_PORT:
    case MS_GEN_AIRFIELD:
        for (int p = 0; p < gen->options.partners; p++) {
            bool sea = site->role == MS_GEN_PORT;
            int rear = nth_nearest(gen, ix, sea ? MS_GEN_REAR_PORT : MS_GEN_REAR_AIRFIELD, p, 0);
            MS_TRY(join(net, rear, ix, sea ? MS_MODE_SEA : MS_MODE_AIR, err));
        }
        if (site->role == MS_GEN_PORT)
            return MS_OK;
        return join(net, ix, nth_nearest(gen, ix, MS_GEN_DEPOT, MS_NONE, 0), MS_MODE_ROAD, err);
    case MS_GEN_PLANT:
        return join(net, ix, nth_nearest(gen, ix, MS_GEN_DEPOT, MS_NONE, 0), MS_MODE_ROAD, err);
    case MS_GEN_RAILHEAD:
        MS_TRY(join(net, nth_nearest(gen, ix, MS_GEN_PORT, MS_NONE, 0), ix, MS_MODE_RAIL, err));
        return join(net, ix, nth_nearest(gen, ix, MS_GEN_DEPOT, MS_NONE, 0), MS_MODE_ROAD, err);
    default: /* depots and units: from where their load comes */
        return join(net, site->parent_ix, ix, MS_MODE_ROAD, err);
    }
}

/* Whom else a site is joined to, the most natural first. */
static const struct {
    ms_gen_role from, to;
    ms_mode mode;
    int within_km;
} neighbours[] = {
    {MS_GEN_UNIT, MS_GEN_DEPOT, MS_MODE_ROAD, 600},
    {MS_GEN_PORT, MS_GEN_REAR_PORT, MS_MODE_SEA, 9999},
    {MS_GEN_DEPOT, MS_GEN_PORT, MS_MODE_RAIL, 700},
    {MS_GEN_UNIT, MS_GEN_RAILHEAD, MS_MODE_ROAD, 500},
    {MS_GEN_DEPOT, MS_GEN_DEPOT, MS_MODE_ROAD, 500},
    {MS_GEN_RAILHEAD, MS_GEN_PORT, MS_MODE_RAIL, 700},
    {MS_GEN_DEPOT, MS_GEN_PORT, MS_MODE_ROAD, 600},
    {MS_GEN_UNIT, MS_GEN_PORT, MS_MODE_ROAD, 500},
    {MS_GEN_PORT, MS_GEN_PORT, MS_MODE_SEA, 900},
    {MS_GEN_REAR_DEPOT, MS_GEN_REAR_PORT, MS_MODE_RAIL, 700},
    {MS_GEN_RAILHEAD, MS_GEN_RAILHEAD, MS_MODE_RAIL, 700},
    {MS_GEN_PLANT, MS_GEN_DEPOT, MS_MODE_PIPELINE, 400},
    {MS_GEN_AIRFIELD, MS_GEN_DEPOT, MS_MODE_ROAD, 400},
    {MS_GEN_UNIT, MS_GEN_UNIT, MS_MODE_ROAD, 300},
    {MS_GEN_REAR_DEPOT, MS_GEN_REAR_PORT, MS_MODE_ROAD, 700},
    {MS_GEN_AIRFIELD, MS_GEN_UNIT, MS_MODE_AIR, 500},
    {MS_GEN_AIRFIELD, MS_GEN_REAR_AIRFIELD, MS_MODE_AIR, 9999},
    {MS_GEN_DEPOT, MS_GEN_RAILHEAD, MS_MODE_ROAD, 500},
    {MS_GEN_PLANT, MS_GEN_UNIT, MS_MODE_ROAD, 300},
    {MS_GEN_REAR_DEPOT, MS_GEN_REAR_DEPOT, MS_MODE_ROAD, 700},
    {MS_GEN_REAR_PORT, MS_GEN_REAR_PORT, MS_MODE_SEA, 900},
    {MS_GEN_AIRFIELD, MS_GEN_AIRFIELD, MS_MODE_AIR, 900},
};
enum { NEIGHBOURS = (int)(sizeof neighbours / sizeof neighbours[0]), ROUNDS_MAX = 64 };

/* Forward is what counts: the lane is made in the direction of supply, its twin leads back. */
static ms_status next_neighbours(network *net, int row, int round, ms_error *err)
{
    const ms_gen *gen = net->gen;
    ms_gen_role role = neighbours[row].from;
    for (int ix = gen->role_first[role]; ix < gen->role_first[role] + gen->role_count[role]; ix++) {
        int other = nth_nearest(gen, ix, neighbours[row].to, MS_NONE, round);
        if (other == MS_NONE || ms_gen_km(&gen->sites[ix], &gen->sites[other]) > neighbours[row].within_km)
            continue;
        bool forward = role <= neighbours[row].to;
        int before = gen->lane_count;
        MS_TRY(join(net, forward ? ix : other, forward ? other : ix, neighbours[row].mode, err));
        if (gen->lane_count > before)
            MS_TRY(join_back(net, before, err));
    }
    return MS_OK;
}

static ms_status build(network *net, ms_error *err)
{
    ms_gen *gen = net->gen;
    for (int ix = 0; ix < gen->options.sites; ix++)
        MS_TRY(spine_of(net, ix, err));
    if (net->refused > 0)
        return ms_error_set(err, MS_USAGE, "%d sites need at least %d lanes, not %d", gen->options.sites,
                            gen->lane_count + net->refused, net->wanted);
    int spine = gen->lane_count;
    for (int a = 0; a < spine; a++)
        MS_TRY(join_back(net, a, err));
    for (int round = 0; round < ROUNDS_MAX && gen->lane_count < net->wanted; round++)
        for (int row = 0; row < NEIGHBOURS && gen->lane_count < net->wanted; row++)
            MS_TRY(next_neighbours(net, row, round, err));
    if (gen->lane_count < net->wanted)
        return ms_error_set(err, MS_USAGE, "%d sites have room for %d lanes at most, not %d", gen->options.sites,
                            gen->lane_count, net->wanted);
    return MS_OK;
}

/* ---- capacity ---- */

static bool leads_forward(const ms_gen *gen, const ms_gen_lane *lane)
{
    return gen->sites[lane->from_ix].role < gen->sites[lane->to_ix].role;
}

/* What leads forward into a site shares out its load times `slack`; lanes between equals get a little of the
 * smaller load; the way back has what the way there has. */
static ms_status deal_capacity(ms_gen *gen, ms_error *err)
{
    static const double slack[MS_GEN_ROLES] = {1, 1, 1.3, 1.3, 1.15, 1.2, 1, 1.05, 1.2, 1.1};
    double *sum = ms_arena_alloc(gen->arena, (size_t)gen->options.sites, sizeof *sum);
    if (sum == NULL)
        return ms_error_memory(err);
    for (int a = 0; a < gen->lane_count; a++) {
        ms_gen_lane *lane = &gen->lanes[a];
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_CAPACITIES, a);
        const ms_gen_site *from = &gen->sites[lane->from_ix], *to = &gen->sites[lane->to_ix];
        double play = ms_gen_range(&random, 0.4, 1.6);
        if (from->role == to->role)
            lane->capacity_t = 0.25 * play * (from->load_t < to->load_t ? from->load_t : to->load_t);
        else
            lane->capacity_t = by_mode[lane->mode].weight * play;
        if (leads_forward(gen, lane))
            sum[lane->to_ix] += lane->capacity_t;
    }
    for (int a = 0; a < gen->lane_count; a++) {
        ms_gen_lane *lane = &gen->lanes[a];
        const ms_gen_site *to = &gen->sites[lane->to_ix];
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_CAPACITIES, ((int64_t)2 << 32) + lane->to_ix);
        double site_play = to->role == MS_GEN_UNIT ? ms_gen_range(&random, 0.85, 1.35) : 1; /* some are hard to reach */
        if (leads_forward(gen, lane))
            lane->capacity_t *= to->load_t * slack[to->role] * site_play / sum[lane->to_ix];
    }
    for (int a = 0; a < gen->lane_count; a++) {
        ms_gen_lane *lane = &gen->lanes[a];
        const ms_gen_lane *twin = lane->twin_ix == MS_NONE ? lane : &gen->lanes[lane->twin_ix];
        double capacity_t = leads_forward(gen, twin) ? twin->capacity_t : lane->capacity_t;
        lane->capacity_t = capacity_t < 1 ? 1 : floor(ms_gen_round(capacity_t));
    }
    return MS_OK;
}

/* Ports, airfields and railheads handle both what comes and what goes. */
static void deal_handling(ms_gen *gen)
{
    for (int n = 0; n < gen->options.sites; n++) {
        ms_gen_site *site = &gen->sites[n];
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_CAPACITIES, ((int64_t)1 << 32) + n);
        double play = ms_gen_range(&random, 0.75, 1.35), room_days = ms_gen_range(&random, 8, 14);
        bool rear = site->role <= MS_GEN_REAR_AIRFIELD;
        bool handles = site->role >= MS_GEN_REAR_PORT && site->role <= MS_GEN_RAILHEAD && site->role != MS_GEN_PLANT;
        if (handles || (site->role == MS_GEN_DEPOT && ms_gen_chance(&random, 0.5)))
            site->handling_t = ms_gen_round(floor(2 * site->load_t * play * (rear ? 1.2 : 0.9)) + 10);
        if (!rear && site->role != MS_GEN_PLANT)
            site->storage_t = ms_gen_round(floor(site->load_t * room_days) + 50);
    }
}

ms_status ms_gen_lanes(ms_gen *gen, ms_error *err)
{
    network net = {.gen = gen, .wanted = gen->options.lanes};
    gen->lanes = ms_arena_alloc(gen->arena, (size_t)gen->options.lanes, sizeof *gen->lanes);
    if (gen->lanes == NULL)
        return ms_error_memory(err);
    ms_status status = build(&net, err);
    ms_names_free(&net.names);
    MS_TRY(status);
    MS_TRY(deal_capacity(gen, err));
    deal_handling(gen);
    return MS_OK;
}

/* ---- fleets ---- */

static const struct {
    ms_mode mode;
    const char *word;
    double payload_t, turn_days;
    int lanes_max; /* a fleet serves this many; 0: all of its partner's */
} fleet_kinds[] = {
    {MS_MODE_SEA, "sealift", 1500, 2, 0},
    {MS_MODE_AIR, "airlift", 18, 0.5, 0},
    {MS_MODE_ROAD, "trucks", 16, 0.5, 40},
};
enum { FLEET_KINDS = (int)(sizeof fleet_kinds / sizeof fleet_kinds[0]) };

/* A partner's own lanes draw on its fleets; road fleets take lanes by turns as they come, up to their share. */
static void assign_fleets(ms_gen *gen, int kind, int partner)
{
    ms_gen_fleet *fleet = NULL;
    int served = 0, made = 0;
    for (int a = 0; a < gen->lane_count; a++) {
        ms_gen_lane *lane = &gen->lanes[a];
        if (lane->partner_ix != partner || lane->mode != fleet_kinds[kind].mode)
            continue;
        if (fleet == NULL || (fleet_kinds[kind].lanes_max > 0 && served == fleet_kinds[kind].lanes_max)) {
            fleet = &gen->fleets[gen->fleet_count++];
            served = 0;
            snprintf(fleet->id, sizeof fleet->id, "%s-%s-%d", ms_gen_partner_ids[partner], fleet_kinds[kind].word,
                     ++made);
            fleet->partner_ix = partner;
            fleet->mode = lane->mode;
            fleet->payload_t = fleet_kinds[kind].payload_t;
            fleet->turn_days = fleet_kinds[kind].turn_days;
        }
        lane->fleet_ix = (int)(fleet - gen->fleets);
        served++;
        if (leads_forward(gen, lane))
            fleet->work_t_days += lane->capacity_t * (2 * lane->transit_days + fleet->turn_days);
    }
}

/* A fleet can keep something over half of its lanes' capacity busy. */
ms_status ms_gen_fleets(ms_gen *gen, ms_error *err)
{
    size_t most = (size_t)FLEET_KINDS * (size_t)gen->options.partners + (size_t)gen->lane_count / 40;
    gen->fleets = ms_arena_alloc(gen->arena, most, sizeof *gen->fleets);
    if (gen->fleets == NULL)
        return ms_error_memory(err);
    for (int partner = 0; partner < gen->options.partners; partner++)
        for (int kind = 0; kind < FLEET_KINDS; kind++)
            assign_fleets(gen, kind, partner);
    assert((size_t)gen->fleet_count <= most);
    for (int f = 0; f < gen->fleet_count; f++) {
        ms_gen_fleet *fleet = &gen->fleets[f];
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_FLEETS, f);
        double busy = ms_gen_range(&random, 0.5, 0.8);
        fleet->vehicles = ms_gen_round(floor(fleet->work_t_days * busy / fleet->payload_t) + 1);
    }
    return MS_OK;
}
