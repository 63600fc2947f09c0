/* weights.c: what a tonne short weighs, and what moving one costs (docs/model.md, Weights).
 *
 * Cost: a breadth-first search from each site for the hop count, O(sites x lanes), and one pass over lanes x items for
 * the dearest crossing.
 */
#include <string.h>

#include "plan/plan.h"

enum { STEPS = 4 };
static const double WEIGHT_SPAN =
    1e8; /* the most that the heaviest priority may weigh: beyond it doubles lose the lightest */

int ms_quantum_digits(const ms_item *item)
{
    const double largest_kg = 1e-4;
    int digits = 0;
    double kg = item->kg_per_unit;
    while (kg > largest_kg * (1 + 1e-9) && digits < 12) {
        kg /= 10;
        digits++;
    }
    return digits;
}

static void use_priority(ms_weights *weights, bool *used, const ms_case *kase, int priority, int32_t item_ix)
{
    double criticality = kase->items[item_ix].criticality;
    used[priority] = true;
    if (criticality > 0 && (weights->kappa <= 0 || criticality < weights->kappa))
        weights->kappa = criticality;
}

static void rank_priorities(ms_weights *weights, const ms_case *kase)
{
    bool used[MS_PRIORITY_COUNT + 1] = {false};
    for (int32_t j = 0; j < kase->demands_count; j++)
        use_priority(weights, used, kase, kase->demands[j].priority, kase->demands[j].item_ix);
    for (int32_t r = 0; r < kase->reserves_count; r++)
        use_priority(weights, used, kase, kase->reserves[r].priority, kase->reserves[r].item_ix);
    if (weights->kappa <= 0)
        weights->kappa = 1;
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++)
        if (used[priority])
            weights->priorities[weights->priority_count++] = priority;

    int steps_up = weights->priority_count - 1;
    weights->ratio = kase->priority_ratio;
    if (steps_up > 0 && pow(weights->ratio, steps_up) > WEIGHT_SPAN)
        weights->ratio = pow(WEIGHT_SPAN, 1.0 / steps_up);
    double weight = 1;
    for (int rank = 0; rank < weights->priority_count; rank++) {
        weights->weight[weights->priorities[weights->priority_count - 1 - rank]] = weight;
        weight *= weights->ratio;
    }
    weights->broken_weight = weight;
}

static void set_steps(ms_weights *weights, const ms_case *kase)
{
    double rise = weights->ratio - 1 < 1 ? weights->ratio - 1 : 1;
    weights->step_count = kase->fair ? STEPS : 1;
    for (int s = 0; s < weights->step_count; s++) {
        weights->step_width[s] = 1.0 / weights->step_count;
        weights->step_multiplier[s] = 1 + rise * s / STEPS;
    }
}

/* The largest number of lanes on a way with fewest lanes between two sites that are joined at all. */
static ms_status count_hops(int *hops, const ms_case *kase)
{
    size_t sites = (size_t)kase->sites_count, lanes = (size_t)kase->lanes_count;
    int32_t *first = ms_alloc(sites + 1, sizeof *first), *head = ms_alloc(lanes, sizeof *head);
    int32_t *depth = ms_alloc(sites, sizeof *depth), *queue = ms_alloc(sites, sizeof *queue);
    ms_status status = MS_NO_MEMORY;
    if (!first || !head || !depth || !queue)
        goto done;
    for (size_t a = 0; a < lanes; a++)
        first[kase->lanes[a].from_ix + 1]++;
    for (size_t n = 0; n < sites; n++)
        first[n + 1] += first[n];
    for (size_t n = 0; n < sites; n++)
        depth[n] = first[n];
    for (size_t a = 0; a < lanes; a++)
        head[depth[kase->lanes[a].from_ix]++] = kase->lanes[a].to_ix;

    int most = 1;
    for (size_t start = 0; start < sites; start++) {
        size_t reached = 0, next = 0;
        for (size_t n = 0; n < sites; n++)
            depth[n] = -1;
        depth[start] = 0;
        queue[reached++] = (int32_t)start;
        while (next < reached) {
            int32_t n = queue[next++];
            if (depth[n] > most)
                most = depth[n];
            for (int32_t e = first[n]; e < first[n + 1]; e++)
                if (depth[head[e]] < 0) {
                    depth[head[e]] = depth[n] + 1;
                    queue[reached++] = head[e];
                }
        }
    }
    *hops = most;
    status = MS_OK;
done:
    ms_free(first);
    ms_free(head);
    ms_free(depth);
    ms_free(queue);
    return status;
}

static double dearest_crossing(const ms_case *kase)
{
    double dearest = 0;
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        const ms_lane *lane = &kase->lanes[a];
        bool border = strcmp(kase->sites[lane->from_ix].country, kase->sites[lane->to_ix].country) != 0;
        for (int32_t i = 0; i < kase->items_count; i++) {
            if (lane->carries && !lane->carries[i])
                continue;
            double value_per_t = kase->items[i].value_per_unit / ms_item_t_per_unit(&kase->items[i]);
            for (int t = 0; t < (border && value_per_t > 0 ? kase->period_count : 1); t++) {
                double cost = lane->cost_per_t + (border ? ms_case_duty_rate_at(kase, a, i, t) * value_per_t : 0);
                dearest = cost > dearest ? cost : dearest;
            }
        }
    }
    return dearest;
}

ms_status ms_weights_make(ms_weights *out, const ms_case *kase, ms_error *err)
{
    ms_weights weights = {0};
    int hops = 1;
    if (count_hops(&hops, kase) != MS_OK)
        return ms_error_memory(err);
    rank_priorities(&weights, kase);
    set_steps(&weights, kase);
    double dearest = dearest_crossing(kase), kappa = weights.kappa;
    weights.epsilon = dearest > 0 ? 0.1 * kappa / (dearest * hops) : 0;
    weights.move = 1e-4 * kappa;
    weights.other = 1e-2 * kappa;
    weights.substitute = 1e-3 * kappa;
    weights.refuse = 1e-3 * kappa;
    weights.hold_per_day = 1e-4 * kappa / (kase->period_count * kase->period_days);
    *out = weights;
    return MS_OK;
}
