/* check_limits.c: the right-hand sides of C2 to C8, in tonnes, for every period; docs/model.md, Parameters.
 *
 * What commitments take of lanes, sites and fleets is taken off here: they move whatever the plan does (C10), and
 * take their capacity whole even where part of one is broken. Memory and time: O((sites + lanes + fleets + demands +
 * reserves) x H).
 */
#include <math.h>

#include "base/alloc.h"
#include "plan/check.h"

/* ---- how long a vehicle is away ---- */

/* l: periods that a trip starting in `depart` holds a vehicle. A delay counts both ways. */
static double away_periods(const ms_check *check, int32_t lane_ix, int depart)
{
    const ms_lane *lane = &check->kase->lanes[lane_ix];
    double turn_days = lane->fleet_ix < 0 ? 0 : check->kase->fleets[lane->fleet_ix].turn_days;
    int delay = ms_case_lane_transit(check->kase, lane_ix, depart) -
                ms_case_transit_periods(check->kase, lane->transit_days);
    return (2 * lane->transit_days + turn_days) / check->period_days + 2.0 * delay;
}

double ms_check_away(const ms_check *check, int32_t lane_ix, int depart, int t)
{
    if (t < depart)
        return 0;
    double left = depart + away_periods(check, lane_ix, depart) - t;
    return left < 0 ? 0 : left > 1 ? 1 : left;
}

int ms_check_back(const ms_check *check, int32_t lane_ix, int depart)
{
    double back = depart + ceil(away_periods(check, lane_ix, depart));
    return back < check->periods ? (int)back : check->periods;
}

/* ---- the arrays ---- */

static double *array_of(int32_t rows, int periods)
{
    return (size_t)rows > SIZE_MAX / sizeof(double) / (size_t)periods
               ? NULL
               : ms_alloc((size_t)rows * (size_t)periods, sizeof(double));
}

static bool allocate(ms_check *check)
{
    const ms_case *kase = check->kase;
    ms_check_limits *limits = &check->limits;
    int H = check->periods;
    limits->lane_t = array_of(kase->lanes_count, H);
    limits->handling_t = array_of(kase->sites_count, H);
    limits->storage_t = array_of(kase->sites_count, H);
    limits->fleet_t = array_of(kase->fleets_count, H);
    limits->demand_t = array_of(kase->demands_count, H);
    limits->reserve_t = array_of(kase->reserves_count, H);
    limits->transit = limits->lane_t == NULL ? NULL : ms_alloc((size_t)kase->lanes_count * (size_t)H, sizeof(int32_t));
    limits->committed = ms_alloc((size_t)kase->commitments_count, sizeof *limits->committed);
    check->demand_short_t = array_of(kase->demands_count, H);
    check->reserve_short_t = array_of(kase->reserves_count, H);
    check->kept_t = ms_alloc((size_t)kase->commitments_count, sizeof(double));
    check->agreement_used_t = ms_alloc((size_t)kase->agreements_count, sizeof(double));
    return limits->lane_t && limits->handling_t && limits->storage_t && limits->fleet_t && limits->demand_t &&
           limits->reserve_t && limits->transit && limits->committed && check->demand_short_t &&
           check->reserve_short_t && check->kept_t && check->agreement_used_t;
}

static void fill_capacities(ms_check *check)
{
    const ms_case *kase = check->kase;
    ms_check_limits *limits = &check->limits;
    int H = check->periods;
    size_t at = 0;
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        for (int t = 0; t < H; t++, at++) {
            limits->lane_t[at] = ms_case_lane_capacity_t(kase, a, t);
            limits->transit[at] = ms_case_lane_transit(kase, a, t);
        }
    }
    at = 0;
    for (int32_t n = 0; n < kase->sites_count; n++) {
        for (int t = 0; t < H; t++, at++) {
            limits->handling_t[at] = ms_case_handling_t(kase, n, t);
            limits->storage_t[at] = ms_case_storage_t(kase, n, t);
        }
    }
    at = 0;
    for (int32_t f = 0; f < kase->fleets_count; f++) {
        for (int t = 0; t < H; t++, at++)
            limits->fleet_t[at] = ms_case_fleet_vehicles(kase, f, t) * kase->fleets[f].payload_t;
    }
}

static void fill_wants(ms_check *check)
{
    const ms_case *kase = check->kase;
    size_t at = 0;
    for (int32_t j = 0; j < kase->demands_count; j++) {
        double t_per_unit = ms_item_t_per_unit(&kase->items[kase->demands[j].item_ix]);
        for (int t = 0; t < check->periods; t++, at++)
            check->limits.demand_t[at] = ms_case_demand(kase, j, t) * t_per_unit;
    }
    at = 0;
    for (int32_t r = 0; r < kase->reserves_count; r++) {
        double t_per_unit = ms_item_t_per_unit(&kase->items[kase->reserves[r].item_ix]);
        for (int t = 0; t < check->periods; t++, at++)
            check->limits.reserve_t[at] = ms_case_reserve_level(kase, &kase->reserves[r], t) * t_per_unit;
    }
}

/* ---- commitments: what they take, and the storage that they are sure of ---- */

static void take(double *limit_t, double load_t)
{
    *limit_t = load_t < *limit_t ? *limit_t - load_t : 0;
}

static void take_capacity(ms_check *check, const ms_check_committed *committed, int32_t lane_ix)
{
    const ms_lane *lane = &check->kase->lanes[lane_ix];
    ms_check_limits *limits = &check->limits;
    size_t H = (size_t)check->periods;
    int depart = committed->depart, arrive = committed->arrive;
    if (depart >= 0 && depart < check->periods) {
        take(&limits->lane_t[(size_t)lane_ix * H + (size_t)depart], committed->load_t);
        take(&limits->handling_t[(size_t)lane->from_ix * H + (size_t)depart], committed->load_t);
    }
    if (arrive >= 0 && arrive < check->periods)
        take(&limits->handling_t[(size_t)lane->to_ix * H + (size_t)arrive], committed->load_t);
    int back = lane->fleet_ix < 0 ? 0 : ms_check_back(check, lane_ix, depart);
    for (int t = depart < 0 ? 0 : depart; t < back; t++)
        take(&limits->fleet_t[(size_t)lane->fleet_ix * H + (size_t)t],
             ms_check_away(check, lane_ix, depart, t) * committed->load_t);
}

static void fill_committed(ms_check *check)
{
    const ms_case *kase = check->kase;
    for (int32_t m = 0; m < kase->commitments_count; m++) {
        const ms_commitment *commitment = &kase->commitments[m];
        ms_check_committed *committed = &check->limits.committed[m];
        committed->depart = ms_case_commitment_departs(kase, m);
        committed->arrive = ms_case_commitment_arrives(kase, m);
        committed->load_t = commitment->quantity * ms_case_commitment_share(kase, m) *
                            ms_item_t_per_unit(&kase->items[commitment->item_ix]);
        take_capacity(check, committed, commitment->lane_ix);
    }
}

/* L: what was there at the start and all that is committed to arrive may always lie there. */
static ms_status raise_storage(ms_check *check, ms_error *err)
{
    const ms_case *kase = check->kase;
    double *sure_t = array_of(kase->sites_count, check->periods); /* what comes in, then its sum */
    size_t H = (size_t)check->periods;
    if (sure_t == NULL)
        return ms_error_memory(err);
    for (int32_t i = 0; i < kase->stocks_count; i++)
        sure_t[(size_t)kase->stocks[i].site_ix * H] += kase->stocks[i].quantity *
                                                       ms_item_t_per_unit(&kase->items[kase->stocks[i].item_ix]);
    for (int32_t m = 0; m < kase->commitments_count; m++) {
        const ms_check_committed *committed = &check->limits.committed[m];
        if (committed->arrive >= 0 && committed->arrive < check->periods)
            sure_t[(size_t)kase->lanes[kase->commitments[m].lane_ix].to_ix * H + (size_t)committed->arrive] +=
                committed->load_t;
    }
    for (size_t n = 0; n < (size_t)kase->sites_count; n++) {
        double sum_t = 0;
        for (size_t at = n * H; at < (n + 1) * H; at++) {
            sum_t += sure_t[at];
            if (check->limits.storage_t[at] < sum_t)
                check->limits.storage_t[at] = sum_t;
        }
    }
    ms_free(sure_t);
    return MS_OK;
}

ms_status ms_check_find_limits(ms_check *check, ms_error *err)
{
    if (!allocate(check))
        return ms_error_memory(err);
    fill_capacities(check);
    fill_wants(check);
    fill_committed(check);
    return raise_storage(check, err);
}
