/* check_weights.c: the check's own computation of docs/model.md, Weights: what a tonne short, moved or issued weighs.
 *
 * Cost: O(lanes x items) for the dearest tonne, times H where duties exist, and O(sites x lanes) for the longest way.
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "plan/check.h"

static const double RATIO_SPREAD = 1e8; /* most urgent weight over the least urgent one, at most */

/* ---- priorities and criticality ---- */

static void find_priorities(ms_check *check)
{
    const ms_case *kase = check->kase;
    ms_check_weights *weights = &check->weights;
    bool used[MS_PRIORITY_COUNT + 1] = {false};
    weights->kappa = INFINITY;
    for (int32_t j = 0; j < kase->demands_count; j++) {
        used[kase->demands[j].priority] = true;
        weights->kappa = fmin(weights->kappa, kase->items[kase->demands[j].item_ix].criticality);
    }
    for (int32_t r = 0; r < kase->reserves_count; r++) {
        used[kase->reserves[r].priority] = true;
        weights->kappa = fmin(weights->kappa, kase->items[kase->reserves[r].item_ix].criticality);
    }
    if (!isfinite(weights->kappa))
        weights->kappa = 1;
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++) {
        if (used[priority])
            weights->priorities[weights->priority_count++] = priority;
    }
}

static void weigh_priorities(ms_check *check)
{
    ms_check_weights *weights = &check->weights;
    int count = weights->priority_count;
    weights->ratio = check->kase->priority_ratio;
    if (count > 1 && pow(weights->ratio, count - 1) > RATIO_SPREAD)
        weights->ratio = pow(RATIO_SPREAD, 1.0 / (count - 1));
    for (int i = 0; i < count; i++)
        weights->weight[weights->priorities[i]] = pow(weights->ratio, count - 1 - i);
    weights->broken = pow(weights->ratio, count);
}

static void set_steps(ms_check *check)
{
    ms_check_weights *weights = &check->weights;
    weights->steps = check->kase->fair ? 4 : 1;
    weights->width = 1.0 / weights->steps;
    for (int s = 0; s < weights->steps; s++)
        weights->multiplier[s] = 1 + s / 4.0 * fmin(1, weights->ratio - 1);
}

/* ---- epsilon: currency into weighted tonnes ---- */

static double value_per_t(const ms_item *item)
{
    return item->value_per_unit / ms_item_t_per_unit(item);
}

/* C: the dearest tonne on any lane that carries it, in any period. */
static double dearest_tonne(const ms_check *check)
{
    const ms_case *kase = check->kase;
    double dearest = 0;
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        bool duties = kase->duties_count > 0 && strcmp(kase->sites[kase->lanes[a].from_ix].country,
                                                       kase->sites[kase->lanes[a].to_ix].country) != 0;
        for (int32_t i = 0; i < kase->items_count; i++) {
            if (!ms_check_lane_carries(check, a, i))
                continue;
            dearest = fmax(dearest, kase->lanes[a].cost_per_t);
            for (int t = 0; duties && t < check->periods; t++)
                dearest = fmax(dearest, kase->lanes[a].cost_per_t +
                                            ms_case_duty_rate_at(kase, a, i, t) * value_per_t(&kase->items[i]));
        }
    }
    return dearest;
}

/* Lanes by the site that they leave: next_of[first_of[n]] ... chains of lane numbers, -1 at the end. */
typedef struct {
    int32_t *first, *next, *queue, *distance;
} lane_map;

static int longest_from(const ms_case *kase, lane_map *map, int32_t start)
{
    int32_t head = 0, tail = 0;
    for (int32_t n = 0; n < kase->sites_count; n++)
        map->distance[n] = -1;
    map->distance[start] = 0;
    map->queue[tail++] = start;
    while (head < tail) {
        int32_t here = map->queue[head++];
        for (int32_t a = map->first[here]; a >= 0; a = map->next[a]) {
            int32_t to = kase->lanes[a].to_ix;
            if (map->distance[to] < 0) {
                map->distance[to] = map->distance[here] + 1;
                map->queue[tail++] = to;
            }
        }
    }
    return map->distance[map->queue[tail - 1]]; /* breadth first: the last one found is the farthest */
}

/* The largest number of lanes on a way with fewest lanes between two sites that are joined at all. */
static ms_status longest_way(const ms_check *check, int *out, ms_error *err)
{
    const ms_case *kase = check->kase;
    size_t sites = (size_t)kase->sites_count;
    lane_map map = {ms_alloc(sites, sizeof(int32_t)), ms_alloc((size_t)kase->lanes_count, sizeof(int32_t)),
                    ms_alloc(sites, sizeof(int32_t)), ms_alloc(sites, sizeof(int32_t))};
    bool room = map.first && map.next && map.queue && map.distance;
    int hops = 0;
    if (room) {
        for (size_t n = 0; n < sites; n++)
            map.first[n] = -1;
        for (int32_t a = 0; a < kase->lanes_count; a++) {
            map.next[a] = map.first[kase->lanes[a].from_ix];
            map.first[kase->lanes[a].from_ix] = a;
        }
        for (int32_t n = 0; n < kase->sites_count; n++) {
            int farthest = longest_from(kase, &map, n);
            hops = farthest > hops ? farthest : hops;
        }
    }
    ms_free(map.first);
    ms_free(map.next);
    ms_free(map.queue);
    ms_free(map.distance);
    if (!room)
        return ms_error_memory(err);
    *out = hops;
    return MS_OK;
}

ms_status ms_check_find_weights(ms_check *check, ms_error *err)
{
    ms_check_weights *weights = &check->weights;
    int hops = 0;
    find_priorities(check);
    weigh_priorities(check);
    set_steps(check);
    MS_TRY(longest_way(check, &hops, err));
    double dearest = dearest_tonne(check);
    weights->epsilon = dearest > 0 && hops > 0 ? 0.1 * weights->kappa / (dearest * hops) : 0;
    weights->move = 1e-4 * weights->kappa;
    weights->other = 1e-2 * weights->kappa;
    weights->substitute = 1e-3 * weights->kappa;
    weights->refuse = 1e-3 * weights->kappa;
    weights->hold = 1e-4 * weights->kappa / (check->periods * check->period_days);
    return MS_OK;
}

/* ---- the objective's coefficients ---- */

long double ms_check_move_cost(const ms_check *check, int32_t lane_ix, int32_t item_ix, int t, int transit,
                               long double *currency)
{
    const ms_check_weights *weights = &check->weights;
    const ms_case *kase = check->kase;
    long double cost = kase->lanes[lane_ix].cost_per_t;
    if (kase->duties_count > 0 &&
        strcmp(kase->sites[kase->lanes[lane_ix].from_ix].country, kase->sites[kase->lanes[lane_ix].to_ix].country) != 0)
        cost += (long double)ms_case_duty_rate_at(kase, lane_ix, item_ix, t) * value_per_t(&kase->items[item_ix]);
    if (currency != NULL)
        *currency = cost;
    return weights->epsilon * cost + weights->move + (long double)weights->hold * check->period_days * transit;
}

double ms_check_issue_charge(const ms_check *check, int32_t demand_ix, int32_t item_ix, int32_t owner_ix)
{
    const ms_demand *demand = &check->kase->demands[demand_ix];
    double charge = 0;
    if (owner_ix >= 0 && demand->partner_ix >= 0 && owner_ix != demand->partner_ix)
        charge += check->weights.other;
    if (item_ix != demand->item_ix)
        charge += check->weights.substitute;
    return charge;
}

double ms_check_demand_weight(const ms_check *check, int32_t demand_ix)
{
    const ms_demand *demand = &check->kase->demands[demand_ix];
    const ms_item *item = &check->kase->items[demand->item_ix];
    return check->weights.weight[demand->priority] * item->criticality * (item->backorder ? check->period_days : 1);
}

double ms_check_reserve_weight(const ms_check *check, int32_t reserve_ix)
{
    const ms_reserve *reserve = &check->kase->reserves[reserve_ix];
    return check->weights.weight[reserve->priority] * check->kase->items[reserve->item_ix].criticality *
           check->period_days;
}
