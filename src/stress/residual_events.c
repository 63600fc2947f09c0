/* residual_events.c: contingencies from a day on. See residual.h.
 *
 * An event that is over goes. One that has begun goes on from day 0; stock that it took is gone from the stock, and of
 * a fleet that it lost the vehicles stay lost, without taking what is under way a second time. A pattern that would
 * strike a row that the residual case alone has, or one that holds what is owed, becomes a row for each id that it was
 * meant for. Cost: events x rows for patterns that do.
 */
#include <string.h>

#include "base/text.h"
#include "case/match.h"
#include "stress/residual_private.h"

typedef struct {
    ms_residual *r;
    ms_event_row *rows;
    size_t count, capacity;
} events;

static ms_status add_row(events *e, const ms_event_row *row)
{
    if (!ms_grow((void **)&e->rows, &e->capacity, e->count + 1, sizeof *e->rows))
        return ms_error_memory(e->r->err);
    e->rows[e->count++] = *row;
    return MS_OK;
}

/* A row for each demand that the event strikes and that has a rate of its own. */
static ms_status add_demands(events *e, ms_event_row *row)
{
    const ms_case *kase = e->r->kase;
    const char *which = row->which;
    bool hits_owed = e->r->owed_rows > 0 && strpbrk(which, "*?") != NULL;
    for (int32_t j = 0; j < kase->demands_count && !hits_owed; j++)
        hits_owed = kase->demands[j].force_ix < 0 && e->r->owes[j] && ms_text_glob(which, kase->demands[j].id);
    if (!hits_owed)
        return add_row(e, row);
    for (int32_t j = 0; j < kase->demands_count; j++) {
        const ms_demand *demand = &kase->demands[j];
        if (!ms_text_glob(which, demand->id) || demand->to_day <= e->r->day)
            continue;
        row->which = demand->id;
        MS_TRY(add_row(e, row));
    }
    return MS_OK;
}

static ms_status add_lanes(events *e, const ms_event *event, ms_event_row *row)
{
    const ms_case *kase = e->r->kase;
    bool pattern = event->what == MS_WHAT_MODE || strpbrk(row->which, "*?") != NULL;
    if (e->r->late_rows == 0 || !pattern)
        return add_row(e, row);
    row->what = MS_WHAT_LANE;
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        bool strikes = event->what == MS_WHAT_MODE ? ms_text_glob(event->which, ms_mode_words[kase->lanes[a].mode])
                                                   : ms_text_glob(event->which, kase->lanes[a].id);
        if (!strikes)
            continue;
        row->which = kase->lanes[a].id;
        MS_TRY(add_row(e, row));
    }
    return MS_OK;
}

static ms_status add_supply(events *e, const ms_event *event, const ms_event_row *row)
{
    const ms_residual *r = e->r;
    ms_which_parts parts;
    ms_which_split(&parts, row->which);
    if (r->supplies_baked && ms_residual_is_applied(r, event->contingency_ix))
        return MS_OK;
    for (size_t i = 0; i < r->supply_count; i++)
        if (ms_text_glob(parts.first, r->kase->sites[r->supplies[i].site_ix].id) &&
            ms_text_glob(parts.second, r->kase->items[r->supplies[i].item_ix].id))
            return add_row(e, row);
    return MS_OK; /* it would fit nothing any more */
}

static ms_status add_event(events *e, const ms_event *event)
{
    const ms_contingency *contingency = &e->r->kase->contingencies[event->contingency_ix];
    bool begun = event->from_day < e->r->day;
    ms_event_row row = {.contingency = contingency->id,
                        .name = contingency->name,
                        .which = event->which,
                        .from_day = event->from_day,
                        .to_day = event->to_day,
                        .amount = event->effect == MS_EFFECT_CLOSE ? NAN : event->amount,
                        .chance = contingency->chance,
                        .what = event->what,
                        .effect = event->effect};
    ms_residual_shift(&row.from_day, &row.to_day, e->r);
    if (row.to_day <= 0 || (event->what == MS_WHAT_STOCK && begun))
        return MS_OK;
    if (event->what == MS_WHAT_FLEET && event->effect == MS_EFFECT_LOSE && begun) {
        row.effect = MS_EFFECT_SCALE;
        row.amount = 1 - event->amount;
    }
    if (event->what == MS_WHAT_DEMAND)
        return add_demands(e, &row);
    if (event->what == MS_WHAT_LANE || event->what == MS_WHAT_MODE)
        return add_lanes(e, event, &row);
    if (event->what == MS_WHAT_SUPPLY)
        return add_supply(e, event, &row);
    return add_row(e, &row);
}

ms_status ms_residual_contingencies(ms_buf *out, ms_residual *r)
{
    events e = {.r = r};
    ms_status status = MS_OK;
    for (int32_t i = 0; i < r->kase->events_count && status == MS_OK; i++)
        status = add_event(&e, &r->kase->events[i]);
    if (status == MS_OK)
        ms_case_put_table(out, r->kase, MS_FILE_CONTINGENCIES, e.rows, e.count);
    ms_free(e.rows);
    return status;
}
