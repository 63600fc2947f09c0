/* random_case_change.c: changes to a random case whose effect on the best plan is known. See random_case.h. */
#include <stdio.h>
#include <string.h>

#include "tests/random_case.h"

void random_case_relabel(random_case *rc, uint64_t seed)
{
    ms_random random = ms_random_start(seed, 7);
    for (int i = 0; i < RANDOM_CLASS; i++) /* the first letter mixes the tables, the second keeps them apart */
        snprintf(rc->prefix[i], sizeof rc->prefix[i], "%c%c-", (char)('a' + ms_random_between(&random, 0, 25)),
                 (char)('a' + i));
    rc->order = ms_random_u64(&random) | 1;
}

/* A commitment takes its capacity from one lane and an event names one lane: those are left alone. */
static bool can_split(const random_case *rc, int a)
{
    for (int m = 0; m < rc->commitment_count; m++)
        if (rc->commitments[m].lane == a)
            return false;
    for (int e = 0; e < rc->event_count; e++)
        if (rc->events[e].what == MS_WHAT_LANE)
            return false;
    return true;
}

bool random_case_split_lane(random_case *rc, ms_random *random)
{
    if (rc->lane_count == (int)(sizeof rc->lanes / sizeof rc->lanes[0]))
        return false;
    int start = (int)ms_random_between(random, 0, rc->lane_count - 1);
    for (int i = 0; i < rc->lane_count; i++) {
        int a = (start + i) % rc->lane_count;
        if (!can_split(rc, a))
            continue;
        rc->lanes[a].capacity /= 2; /* exact, and of no limit none */
        int half = rc->lane_count++;
        rc->lanes[half] = rc->lanes[a];
        for (int g = 0; g < rc->agreement_count; g++) {
            random_agreement *agreement = &rc->agreements[g];
            for (int w = agreement->scope_count - 1; w >= 0; w--)
                if (agreement->scope[w].what == RANDOM_LANE && agreement->scope[w].ix == a)
                    agreement->scope[agreement->scope_count++] = (random_word){RANDOM_LANE, half};
        }
        return true;
    }
    return false;
}

bool random_case_add_capacity(random_case *rc, ms_random *random)
{
    bool any = false;
    double *limits[160];
    int count = 0;
    for (int i = 0; i < rc->lane_count; i++)
        limits[count++] = &rc->lanes[i].capacity;
    for (int i = 0; i < rc->site_count; i++) {
        limits[count++] = &rc->sites[i].handling;
        limits[count++] = &rc->sites[i].storage;
    }
    for (int i = 0; i < rc->fleet_count; i++)
        limits[count++] = &rc->fleets[i].vehicles;
    for (int i = 0; i < rc->agreement_count; i++)
        limits[count++] = &rc->agreements[i].limit;
    for (int i = 0; i < count; i++)
        if (!isinf(*limits[i]) && ms_random_unit(random) < 0.5) {
            *limits[i] = *limits[i] * 1.5 + 0.25;
            any = true;
        }
    return any;
}

static void scale_rows(random_row *rows, int count, double factor)
{
    for (int i = 0; i < count; i++)
        rows[i].quantity *= factor; /* NAN stays empty; days of a reserve follow the demand */
}

void random_case_scale(random_case *rc, double factor)
{
    scale_rows(rc->stocks, rc->stock_count, factor);
    scale_rows(rc->supplies, rc->supply_count, factor);
    scale_rows(rc->demands, rc->demand_count, factor);
    scale_rows(rc->reserves, rc->reserve_count, factor);
    for (int i = 0; i < rc->lane_count; i++)
        rc->lanes[i].capacity *= factor;
    for (int i = 0; i < rc->site_count; i++) {
        rc->sites[i].handling *= factor;
        rc->sites[i].storage *= factor;
    }
    for (int i = 0; i < rc->fleet_count; i++)
        rc->fleets[i].vehicles *= factor;
    for (int i = 0; i < rc->agreement_count; i++)
        rc->agreements[i].limit *= factor;
    for (int i = 0; i < rc->commitment_count; i++)
        rc->commitments[i].quantity *= factor;
    for (int i = 0; i < rc->force_count; i++)
        rc->forces[i].persons *= factor;
    for (int i = 0; i < rc->event_count; i++)
        if (rc->events[i].effect == MS_EFFECT_SET)
            rc->events[i].amount *= factor;
}

static void change_unit_rows(random_row *rows, int count, int item, double factor)
{
    for (int i = 0; i < count; i++)
        if (rows[i].item == item)
            rows[i].quantity /= factor;
}

void random_case_change_unit(random_case *rc, int item, double factor)
{
    rc->items[item].kg *= factor;
    rc->items[item].value *= factor;
    change_unit_rows(rc->stocks, rc->stock_count, item, factor);
    change_unit_rows(rc->supplies, rc->supply_count, item, factor);
    change_unit_rows(rc->demands, rc->demand_count, item, factor);
    change_unit_rows(rc->reserves, rc->reserve_count, item, factor);
    for (int i = 0; i < rc->commitment_count; i++)
        if (rc->commitments[i].item == item)
            rc->commitments[i].quantity /= factor;
    for (int i = 0; i < rc->factor_count; i++)
        if (rc->factors[i].item == item)
            rc->factors[i].per_person /= factor;
    for (int i = 0; i < rc->substitute_count; i++) {
        if (rc->substitutes[i].item == item)
            rc->substitutes[i].ratio *= factor;
        if (rc->substitutes[i].substitute == item)
            rc->substitutes[i].ratio /= factor;
    }
}
