/* contingency.c: applies contingencies to a case: what the events change, by period (applied.h).
 *
 * Events are applied in the order of the ids and, within one, of the file; each changes what those before
 * it left. Commitments come last, because whether a vessel is under way depends on the delays. The plain
 * tables stay as they are, and are shared: a case made here costs one double a period for each row that is
 * struck, and time in proportion.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case/applied.h"
#include "case/match.h"

enum { CELLS_MOST = 1 << 27, IDS_MOST = 10000, EVENTS_MOST = 1000000 };

typedef struct {
    const ms_case *kase; /* the case being made: its applied is what has been changed so far */
    ms_applied *applied;
    const ms_event *event;
    int32_t first_period, end_period; /* those that the event's span touches */
    ms_error *err;
} applying;

int ms_loss_order(const void *left, const void *right)
{
    const ms_loss *a = left, *b = right;
    if (a->site_ix != b->site_ix)
        return a->site_ix < b->site_ix ? -1 : 1;
    if (a->item_ix != b->item_ix)
        return a->item_ix < b->item_ix ? -1 : 1;
    return (a->t > b->t) - (a->t < b->t);
}

double ms_applied_value(double value, ms_effect effect, double amount, double share)
{
    switch (effect) {
    case MS_EFFECT_CLOSE:
        amount = 0;
        break;
    case MS_EFFECT_LOSE:
        amount = 1 - amount;
        break;
    case MS_EFFECT_SET:
        return share >= 1 ? amount : value * (1 - share) + amount * share;
    case MS_EFFECT_SCALE:
    case MS_EFFECT_DELAY:
    case MS_EFFECTS:
        break;
    }
    double factor = 1 - share + amount * share;
    if (factor <= 0)
        return 0;
    return value * factor;
}

void ms_applied_free(ms_applied *applied)
{
    if (applied == NULL)
        return;
    ms_free(applied->losses);
    ms_arena_free(applied->arena);
    ms_free(applied);
}

/* ---- rows by period ---- */

/* The row ix of *rows (a table of `count` rows), made from `plain` when it is not there yet. */
static ms_status row_change(double **out, applying *now, double ***rows, int32_t count, int32_t ix,
                            double (*plain)(const ms_case *, int32_t, int))
{
    ms_applied *applied = now->applied;
    size_t periods = (size_t)now->kase->period_count;
    if (*rows == NULL)
        *rows = ms_arena_alloc(applied->arena, (size_t)count, sizeof **rows);
    if (*rows == NULL)
        return ms_error_memory(now->err);
    if ((*rows)[ix] == NULL) {
        if (applied->cells_left < periods)
            return ms_error_set(now->err, MS_LIMIT,
                                "the contingencies change too many rows over too many periods; narrow their patterns");
        applied->cells_left -= periods;
        double *fresh = ms_arena_alloc(applied->arena, periods, sizeof *fresh);
        if (fresh == NULL)
            return ms_error_memory(now->err);
        for (size_t t = 0; t < periods; t++)
            fresh[t] = plain(now->kase, ix, (int)t);
        (*rows)[ix] = fresh;
    }
    *out = (*rows)[ix];
    return MS_OK;
}

static double no_delay(const ms_case *kase, int32_t lane_ix, int t)
{
    (void)kase, (void)lane_ix, (void)t;
    return 0;
}

/* Applies the event to a row; `unit` turns its amount into the row's (a day's value into a period's). */
static void change_values(const applying *now, double *row, double unit)
{
    const ms_event *event = now->event;
    double amount = event->effect == MS_EFFECT_SET ? event->amount * unit : event->amount;
    for (int t = now->first_period; t < now->end_period; t++)
        row[t] = ms_applied_value(row[t], event->effect, amount,
                                  ms_case_overlap(now->kase, event->from_day, event->to_day, t));
}

static ms_status strike_lane(applying *now, int32_t ix)
{
    const ms_case *kase = now->kase;
    const ms_event *event = now->event;
    double *row = NULL;
    if (event->effect != MS_EFFECT_DELAY) {
        MS_TRY(row_change(&row, now, &now->applied->lane_capacity_t, kase->lanes_count, ix, ms_case_lane_capacity_t));
        change_values(now, row, kase->period_days);
        return MS_OK;
    }
    MS_TRY(row_change(&row, now, &now->applied->lane_delay_days, kase->lanes_count, ix, no_delay));
    for (int t = now->first_period; t < now->end_period; t++)
        if (ms_case_holds(kase, event->from_day, event->to_day, t))
            row[t] += event->amount;
    return MS_OK;
}

static ms_status strike_lanes(applying *now)
{
    int32_t first = 0, end = now->kase->lanes_count;
    if (now->event->what == MS_WHAT_LANE)
        ms_which_range(&now->kase->lane_names, now->event->which, &first, &end);
    for (int32_t ix = first; ix < end; ix++)
        if (ms_event_strikes_lane(now->kase, now->event, ix))
            MS_TRY(strike_lane(now, ix));
    return MS_OK;
}

static ms_status strike_site(applying *now, int32_t ix)
{
    double *row = NULL;
    MS_TRY(row_change(&row, now, &now->applied->handling_t, now->kase->sites_count, ix, ms_case_handling_t));
    change_values(now, row, now->kase->period_days);
    return MS_OK;
}

static ms_status strike_sites(applying *now)
{
    const ms_case *kase = now->kase;
    int32_t first, end;
    ms_which_range(&kase->site_names, now->event->which, &first, &end);
    for (int32_t ix = first; ix < end; ix++)
        if (ms_text_glob(now->event->which, kase->sites[ix].id))
            MS_TRY(strike_site(now, ix));
    return MS_OK;
}

static ms_status strike_fleet(applying *now, int32_t ix)
{
    double *row = NULL;
    MS_TRY(row_change(&row, now, &now->applied->vehicles, now->kase->fleets_count, ix, ms_case_fleet_vehicles));
    change_values(now, row, 1);
    return MS_OK;
}

static ms_status strike_fleets(applying *now)
{
    const ms_case *kase = now->kase;
    int32_t first, end;
    ms_which_range(&kase->fleet_names, now->event->which, &first, &end);
    for (int32_t ix = first; ix < end; ix++)
        if (ms_text_glob(now->event->which, kase->fleets[ix].id))
            MS_TRY(strike_fleet(now, ix));
    return MS_OK;
}

/* A supply or demand exists in its own span only: the share of its part of period t that the event covers, and in *from
 * and *to the days that both cover. Where it has no part in t (a delay brought it there), the period itself counts. */
static double share_of_own(const applying *now, double *from, double *to, int t)
{
    const ms_case *kase = now->kase;
    const ms_event *event = now->event;
    double own = ms_case_overlap(kase, *from, *to, t);
    *from = own > 0 && *from > event->from_day ? *from : event->from_day;
    *to = own > 0 && *to < event->to_day ? *to : event->to_day;
    double both = ms_case_overlap(kase, *from, *to, t);
    return own > 0 ? (both >= own ? 1 : both / own) : both;
}

/* Applies the event to the row of a supply or demand whose own span is [from_day, to_day). */
static void change_rate(const applying *now, double *row, double from_day, double to_day)
{
    const ms_case *kase = now->kase;
    const ms_event *event = now->event;
    for (int t = now->first_period; t < now->end_period; t++) {
        double from = from_day, to = to_day, share = share_of_own(now, &from, &to, t);
        bool own = ms_case_overlap(kase, from_day, to_day, t) > 0;
        double set = own ? event->amount * kase->period_days * ms_case_overlap(kase, from, to, t) : row[t] * share;
        if (event->effect == MS_EFFECT_SET)
            row[t] = row[t] * (1 - share) + set;
        else
            row[t] = ms_applied_value(row[t], event->effect, event->amount, share);
    }
}

static ms_status strike_demands(applying *now)
{
    const ms_case *kase = now->kase;
    int32_t first, end;
    ms_which_range(&kase->demand_names, now->event->which, &first, &end);
    for (int32_t ix = first; ix < end; ix++) {
        double *row = NULL;
        if (!ms_text_glob(now->event->which, kase->demands[ix].id))
            continue;
        MS_TRY(row_change(&row, now, &now->applied->demand, kase->demands_count, ix, ms_case_demand));
        change_rate(now, row, kase->demands[ix].from_day, kase->demands[ix].to_day);
    }
    return MS_OK;
}

/* What would come in during the span comes in `amount` days later, or never, behind the end of the case. room is three
 * values a period. */
static void delay_supply(const applying *now, const ms_supply *supply, double *row, double *room)
{
    const ms_case *kase = now->kase;
    double *moved = room, *from = room + kase->period_count, *to = from + kase->period_count;
    for (int t = now->first_period; t < now->end_period; t++) {
        double start = t * kase->period_hours / 24, end = (t + 1) * kase->period_hours / 24;
        from[t] = supply->from_day;
        to[t] = supply->to_day;
        moved[t] = row[t] * share_of_own(now, &from[t], &to[t], t);
        row[t] = row[t] > moved[t] ? row[t] - moved[t] : 0;
        from[t] = (from[t] > start ? from[t] : start) + now->event->amount;
        to[t] = (to[t] < end ? to[t] : end) + now->event->amount;
    }
    for (int t = now->first_period; t < now->end_period; t++) {
        if (moved[t] <= 0 || to[t] <= from[t])
            continue;
        for (int u = (int)(from[t] / kase->period_days); u < kase->period_count && u * kase->period_days < to[t]; u++)
            row[u] += moved[t] * ms_case_overlap(kase, from[t], to[t], u) * kase->period_days / (to[t] - from[t]);
    }
}

static ms_status strike_supply(applying *now, int32_t ix, double *room)
{
    const ms_supply *supply = &now->kase->supplies[ix];
    double *row = NULL;
    MS_TRY(row_change(&row, now, &now->applied->supply, now->kase->supplies_count, ix, ms_case_supply));
    if (now->event->effect == MS_EFFECT_DELAY)
        delay_supply(now, supply, row, room);
    else
        change_rate(now, row, supply->from_day, supply->to_day);
    return MS_OK;
}

static ms_status strike_supplies(applying *now)
{
    const ms_case *kase = now->kase;
    ms_which_parts parts;
    ms_which_split(&parts, now->event->which);
    double *room = ms_arena_alloc(now->applied->arena, 3 * (size_t)kase->period_count, sizeof *room);
    if (room == NULL)
        return ms_error_memory(now->err);
    for (int32_t ix = 0; ix < kase->supplies_count; ix++) {
        const ms_supply *supply = &kase->supplies[ix];
        if (ms_text_glob(parts.first, kase->sites[supply->site_ix].id) &&
            ms_text_glob(parts.second, kase->items[supply->item_ix].id))
            MS_TRY(strike_supply(now, ix, room));
    }
    return MS_OK;
}

static ms_status strike_stock(applying *now)
{
    const ms_case *kase = now->kase;
    ms_applied *applied = now->applied;
    ms_which_parts parts;
    ms_which_split(&parts, now->event->which);
    int32_t first_site, end_site, first_item, end_item;
    ms_which_range(&kase->site_names, parts.first, &first_site, &end_site);
    ms_which_range(&kase->item_names, parts.second, &first_item, &end_item);
    int t = now->first_period;
    for (int32_t site = first_site; site < end_site; site++) {
        if (!ms_text_glob(parts.first, kase->sites[site].id))
            continue;
        for (int32_t item = first_item; item < end_item; item++) {
            if (!ms_text_glob(parts.second, kase->items[item].id))
                continue;
            void *losses = applied->losses;
            if (applied->loss_count >= CELLS_MOST / 8)
                return ms_error_set(now->err, MS_LIMIT,
                                    "the contingencies strike too many stocks; narrow their patterns");
            if (!ms_grow(&losses, &applied->loss_capacity, applied->loss_count + 1, sizeof *applied->losses))
                return ms_error_memory(now->err);
            applied->losses = losses;
            applied->losses[applied->loss_count++] = (ms_loss){site, item, t, 1 - now->event->amount};
        }
    }
    return MS_OK;
}

static ms_status strike_duties(applying *now)
{
    const ms_case *kase = now->kase;
    ms_applied *applied = now->applied;
    ms_which_parts parts;
    ms_which_split(&parts, now->event->which);
    uint8_t *lanes = ms_arena_alloc(applied->arena, (size_t)kase->lanes_count, 1);
    ms_duty_change *changes = ms_arena_alloc(applied->arena, (size_t)applied->duty_change_count + 1, sizeof *changes);
    if (lanes == NULL || changes == NULL)
        return ms_error_memory(now->err);
    for (int32_t ix = 0; ix < kase->lanes_count; ix++)
        lanes[ix] = ms_which_crosses(kase, &parts, ix);
    if (applied->duty_change_count > 0)
        memcpy(changes, applied->duty_changes, (size_t)applied->duty_change_count * sizeof *changes);
    changes[applied->duty_change_count++] = (ms_duty_change){now->event->from_day, now->event->to_day,
                                                             now->event->amount, now->event->effect, lanes};
    applied->duty_changes = changes;
    return MS_OK;
}

/* ---- a partner withdraws ---- */

/* An agreement holds or does not: by the period's start, as its own dates count. */
static ms_status suspend(applying *now, int32_t agreement_ix)
{
    const ms_case *kase = now->kase;
    ms_applied *applied = now->applied;
    size_t periods = (size_t)kase->period_count;
    if (applied->suspended == NULL)
        applied->suspended = ms_arena_alloc(applied->arena, (size_t)kase->agreements_count, sizeof *applied->suspended);
    if (applied->suspended == NULL)
        return ms_error_memory(now->err);
    uint8_t **row = &applied->suspended[agreement_ix];
    if (*row == NULL)
        *row = ms_arena_alloc(applied->arena, periods, 1);
    if (*row == NULL)
        return ms_error_memory(now->err);
    for (int t = now->first_period; t < now->end_period; t++)
        if (ms_case_holds(kase, now->event->from_day, now->event->to_day, t))
            (*row)[t] = 1;
    return MS_OK;
}

/* Nothing of what is the partner's serves anyone: its sites handle nothing, its lanes carry nothing, its fleets do not
 * run, and nobody draws on the agreements in which it provides. */
static ms_status withdraw(applying *now, int32_t partner_ix)
{
    const ms_case *kase = now->kase;
    for (int32_t ix = 0; ix < kase->sites_count; ix++)
        if (kase->sites[ix].partner_ix == partner_ix)
            MS_TRY(strike_site(now, ix));
    for (int32_t ix = 0; ix < kase->lanes_count; ix++)
        if (kase->lanes[ix].partner_ix == partner_ix)
            MS_TRY(strike_lane(now, ix));
    for (int32_t ix = 0; ix < kase->fleets_count; ix++)
        if (kase->fleets[ix].partner_ix == partner_ix)
            MS_TRY(strike_fleet(now, ix));
    for (int32_t ix = 0; ix < kase->agreements_count; ix++)
        if (kase->agreements[ix].provider_ix == partner_ix)
            MS_TRY(suspend(now, ix));
    return MS_OK;
}

static ms_status strike_partners(applying *now)
{
    const ms_case *kase = now->kase;
    int32_t first, end;
    ms_which_range(&kase->partner_names, now->event->which, &first, &end);
    for (int32_t ix = first; ix < end; ix++)
        if (ms_text_glob(now->event->which, kase->partners[ix].id))
            MS_TRY(withdraw(now, ix));
    return MS_OK;
}

static ms_status strike(applying *now, const ms_event *event)
{
    const ms_case *kase = now->kase;
    double last = ceil(event->to_day / kase->period_days);
    now->event = event;
    now->first_period = (int)floor(event->from_day / kase->period_days + 1e-9);
    now->end_period = last < kase->period_count ? (int)last : kase->period_count;
    switch (event->what) {
    case MS_WHAT_SITE:
        return strike_sites(now);
    case MS_WHAT_LANE:
    case MS_WHAT_MODE:
        return strike_lanes(now);
    case MS_WHAT_FLEET:
        return strike_fleets(now);
    case MS_WHAT_STOCK:
        return strike_stock(now);
    case MS_WHAT_SUPPLY:
        return strike_supplies(now);
    case MS_WHAT_DEMAND:
        return strike_demands(now);
    case MS_WHAT_DUTY:
        return strike_duties(now);
    case MS_WHAT_PARTNER:
        return strike_partners(now);
    case MS_WHATS:
        break;
    }
    return MS_OK;
}

/* ---- what comes after all events ---- */

/* Orders the losses, makes one of those of the same place and period, and marks the periods that have any. */
static ms_status finish_losses(applying *now)
{
    ms_applied *applied = now->applied;
    if (applied->loss_count == 0)
        return MS_OK;
    qsort(applied->losses, applied->loss_count, sizeof *applied->losses, ms_loss_order);
    size_t last = 0;
    for (size_t ix = 1; ix < applied->loss_count; ix++) {
        if (ms_loss_order(&applied->losses[last], &applied->losses[ix]) == 0)
            applied->losses[last].kept *= applied->losses[ix].kept;
        else
            applied->losses[++last] = applied->losses[ix];
    }
    applied->loss_count = last + 1;
    applied->loss_in_period = ms_arena_alloc(applied->arena, (size_t)now->kase->period_count, 1);
    if (applied->loss_in_period == NULL)
        return ms_error_memory(now->err);
    for (size_t ix = 0; ix < applied->loss_count; ix++)
        applied->loss_in_period[applied->losses[ix].t] = 1;
    return MS_OK;
}

/* The day on which a commitment arrives: by its own time, not rounded to periods, for it says what is out on a day. */
static double arrival_day(const ms_case *kase, int32_t commitment_ix)
{
    const ms_commitment *commitment = &kase->commitments[commitment_ix];
    int t = ms_case_commitment_departs(kase, commitment_ix);
    double *const *delays = kase->applied->lane_delay_days;
    const double *delay = delays == NULL || t < 0 ? NULL : delays[commitment->lane_ix];
    return commitment->depart_day + kase->lanes[commitment->lane_ix].transit_days + (delay == NULL ? 0 : delay[t]);
}

/* A commitment loses the share that its fleet loses while it is between departure and arrival. */
static ms_status lose_commitments(applying *now, const ms_event *event)
{
    const ms_case *kase = now->kase;
    ms_applied *applied = now->applied;
    if (event->what != MS_WHAT_FLEET || event->effect != MS_EFFECT_LOSE || kase->commitments_count == 0)
        return MS_OK;
    if (applied->commitment_share == NULL) {
        applied->commitment_share = ms_arena_alloc(applied->arena, (size_t)kase->commitments_count, sizeof(double));
        if (applied->commitment_share == NULL)
            return ms_error_memory(now->err);
        for (int32_t ix = 0; ix < kase->commitments_count; ix++)
            applied->commitment_share[ix] = 1;
    }
    for (int32_t ix = 0; ix < kase->commitments_count; ix++) {
        int32_t fleet = kase->lanes[kase->commitments[ix].lane_ix].fleet_ix;
        bool under_way = kase->commitments[ix].depart_day < event->from_day && event->from_day < arrival_day(kase, ix);
        if (fleet != MS_NONE && under_way && ms_text_glob(event->which, kase->fleets[fleet].id))
            applied->commitment_share[ix] *= 1 - event->amount;
    }
    return MS_OK;
}

/* ---- applying ---- */

int32_t ms_case_find_contingency(const ms_case *kase, const char *id)
{
    return ms_names_find(&kase->contingency_names, id, strlen(id));
}

static ms_status apply_all(applying *now)
{
    const ms_applied *applied = now->applied;
    for (int pass = 0; pass < 2; pass++)
        for (size_t e = 0; e < applied->event_count; e++)
            MS_TRY(pass == 0 ? strike(now, &applied->events[e]) : lose_commitments(now, &applied->events[e]));
    return finish_losses(now);
}

static ms_status find_ids(int32_t *out, const ms_case *kase, const char *const *ids, size_t count, ms_error *err)
{
    for (size_t ix = 0; ix < count; ix++) {
        out[ix] = ms_case_find_contingency(kase, ids[ix]);
        if (out[ix] >= 0)
            continue;
        const char *near = ms_names_near(&kase->contingency_names, ids[ix]);
        if (near != NULL)
            return ms_error_set(err, MS_USAGE, "there is no contingency \"%s\"; did you mean \"%s\"?", ids[ix], near);
        return ms_error_set(err, MS_USAGE, "there is no contingency \"%s\"%s", ids[ix],
                            kase->contingencies_count == 0 ? "; the case has none" : "; see contingencies.csv");
    }
    return MS_OK;
}

/* Appends events to those applied, which there is room for. Their patterns become the case's own. */
static ms_status note_events(ms_applied *applied, const ms_event *events, size_t count, ms_error *err)
{
    for (size_t e = 0; e < count; e++) {
        ms_event *event = &applied->events[applied->event_count];
        *event = events[e];
        event->which = ms_arena_strndup(applied->arena, events[e].which, strlen(events[e].which));
        if (event->which == NULL)
            return ms_error_memory(err);
        applied->event_count++;
    }
    return MS_OK;
}

/* An independent copy of kase that has the same events, none of them applied yet, and room for `more`. */
static ms_status copy_case(ms_case **out, const ms_case *kase, size_t more, ms_error *err)
{
    size_t before = kase->applied == NULL ? 0 : kase->applied->event_count;
    if (before + more > EVENTS_MOST)
        return ms_error_set(err, MS_LIMIT, "more than %d events at once", EVENTS_MOST);
    ms_case *copy = ms_alloc(1, sizeof *copy);
    ms_applied *applied = ms_alloc(1, sizeof *applied);
    if (copy == NULL || applied == NULL) {
        ms_free(copy);
        ms_free(applied);
        return ms_error_memory(err);
    }
    *copy = *kase;
    copy->applied = applied;
    atomic_fetch_add(&kase->memory->users, 1);
    applied->cells_left = CELLS_MOST;
    applied->arena = ms_arena_new();
    applied->events = applied->arena == NULL ? NULL
                                             : ms_arena_alloc(applied->arena, before + more, sizeof *applied->events);
    ms_status status = applied->events == NULL ? ms_error_memory(err) : MS_OK;
    if (status == MS_OK && before > 0)
        status = note_events(applied, kase->applied->events, before, err);
    if (status == MS_OK)
        *out = copy;
    else
        ms_case_free(copy);
    return status;
}

/* Applies what was noted; takes copy over. */
static ms_status finish_copy(ms_case **out, ms_case *copy, ms_error *err)
{
    applying now = {.kase = copy, .applied = copy->applied, .err = err};
    ms_status status = apply_all(&now);
    if (status == MS_OK)
        *out = copy;
    else
        ms_case_free(copy);
    return status;
}

/* The ids of all contingencies applied, old and new, and their part of the digest. */
static ms_status note_ids(ms_case *copy, const ms_case *kase, const int32_t *chosen, size_t count, ms_error *err)
{
    size_t before = (size_t)kase->applied_count;
    const char **names = ms_arena_alloc(copy->applied->arena, before + count, sizeof *names);
    if (names == NULL)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < before; ix++)
        names[ix] = kase->applied_ids[ix];
    for (size_t ix = 0; ix < count; ix++) {
        const ms_contingency *contingency = &kase->contingencies[chosen[ix]];
        names[before + ix] = contingency->id;
        copy->digest = ms_hash_bytes(copy->digest, contingency->id, strlen(contingency->id) + 1);
        MS_TRY(
            note_events(copy->applied, kase->events + contingency->first_event, (size_t)contingency->event_count, err));
    }
    copy->applied_ids = names;
    copy->applied_count = (int32_t)(before + count);
    return MS_OK;
}

static size_t count_events(const ms_case *kase, const int32_t *chosen, size_t count)
{
    size_t events = 0;
    for (size_t ix = 0; ix < count; ix++)
        events += (size_t)kase->contingencies[chosen[ix]].event_count;
    return events;
}

ms_status ms_case_apply(ms_case **out, const ms_case *kase, const char *const *ids, size_t count, ms_error *err)
{
    ms_case *copy = NULL;
    if (count > IDS_MOST || (size_t)kase->applied_count + count > IDS_MOST)
        return ms_error_set(err, MS_LIMIT, "more than %d contingencies at once", IDS_MOST);
    int32_t *chosen = ms_alloc(count, sizeof *chosen);
    if (chosen == NULL)
        return ms_error_memory(err);
    ms_status status = find_ids(chosen, kase, ids, count, err);
    if (status == MS_OK)
        status = copy_case(&copy, kase, count_events(kase, chosen, count), err);
    if (status == MS_OK) {
        status = note_ids(copy, kase, chosen, count, err);
        if (status != MS_OK)
            ms_case_free(copy);
    }
    ms_free(chosen);
    return status == MS_OK ? finish_copy(out, copy, err) : status;
}

static void hash_events(ms_case *copy, const ms_event *events, size_t count)
{
    for (size_t e = 0; e < count; e++) {
        const ms_event *event = &events[e];
        int kind[] = {(int)event->what, (int)event->effect};
        double numbers[] = {event->from_day, event->to_day, event->amount};
        copy->digest = ms_hash_bytes(copy->digest, kind, sizeof kind);
        copy->digest = ms_hash_bytes(copy->digest, numbers, sizeof numbers);
        copy->digest = ms_hash_bytes(copy->digest, event->which, strlen(event->which) + 1);
    }
}

ms_status ms_case_apply_events(ms_case **out, const ms_case *kase, const ms_event *events, size_t count, ms_error *err)
{
    ms_case *copy = NULL;
    MS_TRY(copy_case(&copy, kase, count, err));
    ms_status status = note_events(copy->applied, events, count, err);
    if (status != MS_OK) {
        ms_case_free(copy);
        return status;
    }
    hash_events(copy, events, count);
    return finish_copy(out, copy, err);
}
