/* period.c: what a case says about one period: shares of spans, rates, levels, and, where contingencies
 * are applied, what they have changed (applied.h). Cost: constant, but for ms_case_duty_rate (the rows of
 * duties.csv), ms_case_carry (the logarithm of the losses) and ms_case_reserve_level (the demands at the
 * site).
 */
#include <assert.h>
#include <string.h>

#include "case/applied.h"

static const double EDGE = 1e-9; /* of a period or day: below it, two times are the same */

static double period_start(const ms_case *kase, int t)
{
    return (double)t * kase->period_hours / 24;
}

double ms_case_overlap(const ms_case *kase, double from_day, double to_day, int t)
{
    double start = period_start(kase, t), end = period_start(kase, t + 1);
    double first = from_day > start ? from_day : start, last = to_day < end ? to_day : end;
    double share = (last - first) / kase->period_days;
    if (share <= EDGE)
        return 0;
    return share >= 1 - EDGE ? 1 : share;
}

bool ms_case_holds(const ms_case *kase, double from_day, double to_day, int t)
{
    double start = period_start(kase, t);
    return start >= from_day - EDGE && start < to_day - EDGE;
}

int ms_case_transit_periods(const ms_case *kase, double transit_days)
{
    double periods = ceil(transit_days / kase->period_days - EDGE);
    return periods < 1 ? 1 : (int)periods;
}

double ms_item_t_per_unit(const ms_item *item)
{
    return item->kg_per_unit / 1000;
}

static const ms_duty *duty_of(const ms_case *kase, const char *from, const char *to, ms_class class_ix)
{
    for (int32_t ix = 0; ix < kase->duties_count; ix++) {
        const ms_duty *duty = &kase->duties[ix];
        bool from_fits = duty->from_country[0] == '*' || strcmp(duty->from_country, from) == 0;
        bool to_fits = duty->to_country[0] == '*' || strcmp(duty->to_country, to) == 0;
        if (from_fits && to_fits && (duty->class_ix == MS_NONE || duty->class_ix == (int)class_ix))
            return duty;
    }
    return NULL;
}

static bool crosses(const ms_case *kase, int32_t lane_ix)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    const char *from = kase->sites[lane->from_ix].country, *to = kase->sites[lane->to_ix].country;
    return from[0] != '\0' && to[0] != '\0' && strcmp(from, to) != 0;
}

double ms_case_duty_rate(const ms_case *kase, int32_t lane_ix, int32_t item_ix)
{
    if (kase->duties_count == 0 || !crosses(kase, lane_ix))
        return 0;
    const ms_lane *lane = &kase->lanes[lane_ix];
    const ms_duty *duty = duty_of(kase, kase->sites[lane->from_ix].country, kase->sites[lane->to_ix].country,
                                  kase->items[item_ix].class_ix);
    return duty == NULL ? 0 : duty->rate;
}

double ms_case_duty_rate_at(const ms_case *kase, int32_t lane_ix, int32_t item_ix, int t)
{
    double rate = ms_case_duty_rate(kase, lane_ix, item_ix);
    const ms_applied *applied = kase->applied;
    for (int32_t ix = 0; applied != NULL && ix < applied->duty_change_count; ix++) {
        const ms_duty_change *change = &applied->duty_changes[ix];
        if (change->lanes[lane_ix])
            rate = ms_applied_value(rate, change->effect, change->amount,
                                    ms_case_overlap(kase, change->from_day, change->to_day, t));
    }
    return rate;
}

bool ms_case_duties_vary(const ms_case *kase)
{
    return kase->applied != NULL && kase->applied->duty_change_count > 0;
}

bool ms_case_loses_stock(const ms_case *kase)
{
    return kase->applied != NULL && kase->applied->loss_count > 0;
}

/* The changed row of a table, or NULL where nothing of it is changed. */
static const double *changed(double *const *rows, int32_t ix)
{
    return rows == NULL ? NULL : rows[ix];
}

double ms_case_lane_capacity_t(const ms_case *kase, int32_t lane_ix, int t)
{
    const double *row = kase->applied == NULL ? NULL : changed(kase->applied->lane_capacity_t, lane_ix);
    return row != NULL ? row[t] : kase->lanes[lane_ix].capacity_t_per_day * kase->period_days;
}

int ms_case_lane_transit(const ms_case *kase, int32_t lane_ix, int t)
{
    const double *row = kase->applied == NULL || t < 0 ? NULL : changed(kase->applied->lane_delay_days, lane_ix);
    return ms_case_transit_periods(kase, kase->lanes[lane_ix].transit_days + (row != NULL ? row[t] : 0));
}

double ms_case_handling_t(const ms_case *kase, int32_t site_ix, int t)
{
    const double *row = kase->applied == NULL ? NULL : changed(kase->applied->handling_t, site_ix);
    return row != NULL ? row[t] : kase->sites[site_ix].handling_t_per_day * kase->period_days;
}

double ms_case_storage_t(const ms_case *kase, int32_t site_ix, int t)
{
    (void)t; /* no contingency changes it */
    return kase->sites[site_ix].storage_t;
}

double ms_case_fleet_vehicles(const ms_case *kase, int32_t fleet_ix, int t)
{
    const double *row = kase->applied == NULL ? NULL : changed(kase->applied->vehicles, fleet_ix);
    return row != NULL ? row[t] : kase->fleets[fleet_ix].vehicles;
}

bool ms_case_agreement_holds(const ms_case *kase, int32_t agreement_ix, int t)
{
    const ms_agreement *agreement = &kase->agreements[agreement_ix];
    uint8_t *const *rows = kase->applied == NULL ? NULL : kase->applied->suspended;
    if (rows != NULL && rows[agreement_ix] != NULL && rows[agreement_ix][t])
        return false;
    return ms_case_holds(kase, agreement->from_day, agreement->to_day, t);
}

bool ms_case_agreement_always(const ms_case *kase, int32_t agreement_ix)
{
    const ms_agreement *agreement = &kase->agreements[agreement_ix];
    bool suspended = kase->applied != NULL && kase->applied->suspended != NULL &&
                     kase->applied->suspended[agreement_ix] != NULL;
    return !suspended && agreement->from_day <= 0 && agreement->to_day >= kase->days;
}

double ms_case_supply(const ms_case *kase, int32_t supply_ix, int t)
{
    const ms_supply *supply = &kase->supplies[supply_ix];
    const double *row = kase->applied == NULL ? NULL : changed(kase->applied->supply, supply_ix);
    if (row != NULL)
        return row[t];
    return supply->per_day * kase->period_days * ms_case_overlap(kase, supply->from_day, supply->to_day, t);
}

double ms_case_demand(const ms_case *kase, int32_t demand_ix, int t)
{
    const ms_demand *demand = &kase->demands[demand_ix];
    const double *row = kase->applied == NULL ? NULL : changed(kase->applied->demand, demand_ix);
    if (row != NULL)
        return row[t];
    return demand->per_day * kase->period_days * ms_case_overlap(kase, demand->from_day, demand->to_day, t);
}

double ms_case_carry(const ms_case *kase, int32_t site_ix, int32_t item_ix, int t)
{
    const ms_applied *applied = kase->applied;
    if (applied == NULL || applied->loss_count == 0 || !applied->loss_in_period[t])
        return 1;
    ms_loss wanted = {site_ix, item_ix, t, 0};
    size_t low = 0, high = applied->loss_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = ms_loss_order(&applied->losses[middle], &wanted);
        if (order == 0)
            return applied->losses[middle].kept;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 1;
}

int ms_case_commitment_departs(const ms_case *kase, int32_t commitment_ix)
{
    return (int)floor(kase->commitments[commitment_ix].depart_day / kase->period_days + EDGE);
}

int ms_case_commitment_arrives(const ms_case *kase, int32_t commitment_ix)
{
    int t = ms_case_commitment_departs(kase, commitment_ix);
    return t + ms_case_lane_transit(kase, kase->commitments[commitment_ix].lane_ix, t);
}

double ms_case_commitment_share(const ms_case *kase, int32_t commitment_ix)
{
    const ms_applied *applied = kase->applied;
    return applied == NULL || applied->commitment_share == NULL ? 1 : applied->commitment_share[commitment_ix];
}

/* ---- reserves ---- */

static double between(double low, double high)
{
    return high > low ? high - low : 0;
}

/* Units of one demand in [from, to), for a demand that no contingency changes. */
static double plain_demand(const ms_demand *demand, double from, double to)
{
    double first = demand->from_day > from ? demand->from_day : from;
    return demand->per_day * between(first, demand->to_day < to ? demand->to_day : to);
}

/* The same from the period values of a changed demand. Behind the horizon it goes on as in the last
 * period, if it is open-ended. */
static double changed_demand(const ms_case *kase, const ms_demand *demand, const double *row, double from, double to)
{
    int H = kase->period_count;
    double wanted = 0, horizon = period_start(kase, H);
    for (int t = (int)(from / kase->period_days + EDGE); t < H && period_start(kase, t) < to - EDGE; t++)
        wanted += row[t] * ms_case_overlap(kase, from, to, t);
    if (isinf(demand->to_day) && to > horizon)
        wanted += row[H - 1] / kase->period_days * (to - (from > horizon ? from : horizon));
    return wanted;
}

double ms_case_reserve_level(const ms_case *kase, const ms_reserve *reserve, int t)
{
    if (!isnan(reserve->quantity))
        return reserve->quantity;
    double from = period_start(kase, t + 1), to = from + reserve->days, level = 0;
    const int32_t *first = &kase->site_demand_start[reserve->site_ix];
    for (int32_t at = first[0]; at < first[1]; at++) {
        int32_t ix = kase->site_demands[at];
        const ms_demand *demand = &kase->demands[ix];
        if (demand->item_ix != reserve->item_ix || demand->partner_ix != reserve->partner_ix)
            continue;
        const double *row = kase->applied == NULL ? NULL : changed(kase->applied->demand, ix);
        level += row == NULL ? plain_demand(demand, from, to) : changed_demand(kase, demand, row, from, to);
    }
    return level;
}
