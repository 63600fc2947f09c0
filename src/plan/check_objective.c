/* check_objective.c: the objective of the plan, recomputed from its rows (docs/model.md, Objective), and held against
 * what summary.json claims. Cost: O(rows + (demands + reserves) x H).
 */
#include <math.h>

#include "plan/check.h"

/* What a line's shortfall weighs at the weight of the first step: the steps fill from the cheapest, each width x
 * most. */
static long double weigh_short(const ms_check_weights *weights, double short_t, long double most_t)
{
    long double sum = 0, left_t = short_t;
    for (int s = 0; s < weights->steps && left_t > 0; s++) {
        long double here_t = s + 1 < weights->steps ? fminl(left_t, weights->width * most_t) : left_t;
        sum += weights->multiplier[s] * here_t;
        left_t -= here_t;
    }
    return sum;
}

static long double demands_part(const ms_check *check)
{
    long double sum = 0;
    size_t at = 0;
    for (int32_t j = 0; j < check->kase->demands_count; j++) {
        double weight = ms_check_demand_weight(check, j);
        bool backorder = check->kase->items[check->kase->demands[j].item_ix].backorder;
        long double most_t = 0; /* d, or D with backorder */
        for (int t = 0; t < check->periods; t++, at++) {
            most_t = check->limits.demand_t[at] + (backorder ? most_t : 0);
            sum += weight * weigh_short(&check->weights, check->demand_short_t[at], most_t);
        }
    }
    return sum;
}

static long double reserves_part(const ms_check *check)
{
    long double sum = 0;
    size_t at = 0;
    for (int32_t r = 0; r < check->kase->reserves_count; r++) {
        double weight = ms_check_reserve_weight(check, r);
        for (int t = 0; t < check->periods; t++, at++)
            sum += (long double)weight * check->reserve_short_t[at];
    }
    return sum;
}

static long double broken_part(const ms_check *check)
{
    const ms_case *kase = check->kase;
    long double sum = 0;
    for (int32_t m = 0; m < kase->commitments_count; m++) {
        const ms_check_committed *committed = &check->limits.committed[m];
        if (committed->depart >= 0 && committed->depart < check->periods)
            sum += (long double)check->weights.broken * kase->items[kase->commitments[m].item_ix].criticality *
                   ms_check_short_of(committed->load_t, check->kept_t[m]);
    }
    return sum;
}

/* Transport, and the charges on issues, holding and refusals. Commitments under way cost nothing any more. */
static void add_costs(ms_check *check)
{
    for (size_t i = 0; i < check->movement_count; i++) {
        const ms_check_movement *move = &check->movements[i];
        long double currency = 0;
        if (move->depart < 0)
            continue;
        int transit = check->limits.transit[(size_t)move->lane_ix * (size_t)check->periods + (size_t)move->depart];
        check->cost_part += move->load_t *
                            ms_check_move_cost(check, move->lane_ix, move->item_ix, move->depart, transit, &currency);
        check->cost += move->load_t * currency;
    }
    for (size_t i = 0; i < check->issue_count; i++) {
        const ms_check_issue *issue = &check->issues[i];
        check->cost_part += (long double)issue->load_t *
                            ms_check_issue_charge(check, issue->demand_ix, issue->item_ix, issue->owner_ix);
    }
    check->cost_part += check->weights.hold * check->hold_t_days + check->weights.refuse * check->refused_t;
}

static ms_status compare(ms_check *check, const char *what, double claimed, long double found)
{
    if (ms_check_agrees(claimed, found))
        return MS_OK;
    return ms_check_breach(check, MS_CHECK_OBJECTIVE, MS_CHECK_SUMMARY, 0, 0, "%s is %.9g, recomputed %.9g", what,
                           claimed, (double)found);
}

ms_status ms_check_objective(ms_check *check)
{
    check->shortfall_part = demands_part(check) + reserves_part(check) + broken_part(check);
    add_costs(check);
    check->objective = check->shortfall_part + check->cost_part;
    MS_TRY(compare(check, "ratio_used", check->claims.ratio_used, check->weights.ratio));
    MS_TRY(compare(check, "shortfall_part", check->claims.shortfall_part, check->shortfall_part));
    MS_TRY(compare(check, "cost_part", check->claims.cost_part, check->cost_part));
    MS_TRY(compare(check, "cost", check->claims.cost, check->cost));
    return compare(check, "objective", check->claims.objective, check->objective);
}
