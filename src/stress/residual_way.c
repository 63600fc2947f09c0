/* residual_way.c: what is under way on a day, and the orders that are firm. See residual.h.
 *
 * What left before the day arrives as the plan has it, less what a fleet has lost with it since. A fleet's loss that is
 * still to come is left to the contingency, which stays in force. Cost: movements x events of fleets lost.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "stress/residual_private.h"

typedef struct {
    ms_residual *r;
    ms_commitment *rows;
    size_t count;
    ms_lane *lanes; /* those of the case, and behind them the late ones */
    size_t lane_count, lane_capacity;
    double *kept; /* [commitment_ix]: share that left; 1 where the plan kept it whole */
} ways;

/* ---- shares lost ---- */

bool ms_residual_is_applied(const ms_residual *r, int32_t contingency_ix)
{
    for (int32_t i = 0; i < r->kase->applied_count; i++)
        if (strcmp(r->kase->applied_ids[i], r->kase->contingencies[contingency_ix].id) == 0)
            return true;
    return false;
}

/* Share of what is on the lane from one day to another that no loss of its fleet before `until` takes. */
static double share_left(const ms_residual *r, int32_t lane_ix, double depart_day, double arrive_day, double until)
{
    const ms_case *kase = r->kase;
    int32_t fleet_ix = kase->lanes[lane_ix].fleet_ix;
    double share = 1;
    for (int32_t i = 0; i < kase->events_count && fleet_ix >= 0; i++) {
        const ms_event *event = &kase->events[i];
        if (event->what == MS_WHAT_FLEET && event->effect == MS_EFFECT_LOSE && event->from_day < until &&
            depart_day < event->from_day && event->from_day < arrive_day &&
            ms_text_glob(event->which, kase->fleets[fleet_ix].id) && ms_residual_is_applied(r, event->contingency_ix))
            share *= 1 - event->amount;
    }
    return share;
}

/* ---- late lanes ---- */

/* The lane on which a departure takes `late` periods longer than on lane_ix; MS_NONE when memory is short. */
static int32_t late_lane(ways *w, int32_t lane_ix, int late)
{
    const ms_case *kase = w->r->kase;
    ms_lane lane = kase->lanes[lane_ix];
    const size_t room = strlen(lane.id) + 40;
    char *id = ms_arena_alloc(w->r->arena, room, 1);
    if (!id)
        return MS_NONE;
    snprintf(id, room, "%s-late-%g", lane.id, late * kase->period_days);
    /* Of no days it takes a period all the same, and so it must with the delay. */
    lane.transit_days = fmax(lane.transit_days, 1e-6 * kase->period_days) + late * kase->period_days;
    lane.capacity_t_per_day = 0;
    lane.id = id;
    for (size_t i = 0; i < w->lane_count; i++) {
        const ms_lane *known = &w->lanes[i];
        if (strcmp(known->id, id) != 0)
            continue;
        if (known->from_ix == lane.from_ix && known->to_ix == lane.to_ix && known->capacity_t_per_day <= 0 &&
            fabs(known->transit_days - lane.transit_days) < 1e-9)
            return (int32_t)i;
        snprintf(id, room, "%s-late-%g-%zu", kase->lanes[lane_ix].id, late * kase->period_days, w->lane_count);
    }
    if (!ms_grow((void **)&w->lanes, &w->lane_capacity, w->lane_count + 1, sizeof *w->lanes))
        return MS_NONE;
    w->lanes[w->lane_count] = lane;
    return (int32_t)w->lane_count++;
}

/* ---- rows ---- */

static ms_status add_under_way(ways *w, int32_t lane_ix, int32_t item_ix, int32_t owner_ix, int depart, int arrive,
                               double depart_day, double quantity)
{
    const ms_case *kase = w->r->kase;
    int late = arrive - depart - ms_case_transit_periods(kase, kase->lanes[lane_ix].transit_days);
    int32_t on = late > 0 ? late_lane(w, lane_ix, late) : lane_ix;
    if (on < 0)
        return ms_error_memory(w->r->err);
    if (quantity > 0)
        w->rows[w->count++] = (ms_commitment){on, item_ix, owner_ix, depart_day - w->r->day, quantity};
    return MS_OK;
}

/* Movements that the plan itself ordered. */
static ms_status add_movements(ways *w)
{
    const ms_residual *r = w->r;
    double period_days = r->kase->period_days;
    for (size_t i = 0; i < r->plan->movement_count; i++) {
        const ms_movement *m = &r->plan->movements[i];
        if (m->commitment_ix >= 0 || m->depart >= r->period || m->arrive < r->period)
            continue;
        double depart_day = m->depart * period_days;
        double share = share_left(r, m->lane_ix, depart_day, m->arrive * period_days, r->day);
        MS_TRY(add_under_way(w, m->lane_ix, m->item_ix, m->owner_ix, m->depart, m->arrive, depart_day,
                             m->quantity * share));
    }
    return MS_OK;
}

/* The share of each commitment that left, or will, as far as the plan says so. */
static void find_kept(ways *w)
{
    const ms_plan *plan = w->r->plan;
    for (int32_t i = 0; i < w->r->kase->commitments_count; i++)
        w->kept[i] = 1;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind == MS_SHORT_COMMITMENT && s->wanted > 0)
            w->kept[s->row_ix] = s->quantity < s->wanted ? 1 - s->quantity / s->wanted : 0;
    }
}

static ms_status add_commitments(ways *w)
{
    const ms_residual *r = w->r;
    const ms_case *kase = r->kase;
    find_kept(w);
    for (int32_t i = 0; i < kase->commitments_count; i++) {
        const ms_commitment *c = &kase->commitments[i];
        int depart = ms_case_commitment_departs(kase, i), arrive = ms_case_commitment_arrives(kase, i);
        if (depart >= r->period) {
            w->rows[w->count] = *c;
            w->rows[w->count++].depart_day -= r->day;
        } else if (arrive >= r->period) {
            double lost = share_left(r, c->lane_ix, c->depart_day, c->depart_day + kase->lanes[c->lane_ix].transit_days,
                                     r->day);
            MS_TRY(add_under_way(w, c->lane_ix, c->item_ix, c->partner_ix, depart, arrive, c->depart_day,
                                 c->quantity * w->kept[i] * lost));
        }
    }
    return MS_OK;
}

ms_status ms_residual_under_way(ms_buf *lanes, ms_buf *commitments, ms_residual *r)
{
    const ms_case *kase = r->kase;
    ways w = {.r = r, .lane_count = (size_t)kase->lanes_count, .lane_capacity = (size_t)kase->lanes_count};
    w.rows = ms_alloc(r->plan->movement_count + (size_t)kase->commitments_count, sizeof *w.rows);
    w.lanes = ms_alloc(w.lane_count, sizeof *w.lanes);
    w.kept = ms_alloc((size_t)kase->commitments_count, sizeof *w.kept);
    ms_status status = w.rows && w.lanes && w.kept ? MS_OK : ms_error_memory(r->err);
    if (status == MS_OK) {
        for (size_t i = 0; i < w.lane_count; i++)
            w.lanes[i] = kase->lanes[i];
        status = add_movements(&w);
    }
    if (status == MS_OK)
        status = add_commitments(&w);
    if (status == MS_OK) {
        r->late_rows = (int32_t)w.lane_count - kase->lanes_count;
        ms_case_put_table(lanes, kase, MS_FILE_LANES, w.lanes, w.lane_count);
        /* Lanes are found by their row: those behind the case's need a table that has them. */
        ms_case extended = *kase;
        extended.lanes = w.lanes;
        ms_case_put_table(commitments, &extended, MS_FILE_COMMITMENTS, w.rows, w.count);
    }
    ms_free(w.rows);
    ms_free(w.lanes);
    ms_free(w.kept);
    return status;
}
