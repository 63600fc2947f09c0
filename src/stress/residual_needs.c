/* residual_needs.c: what is wanted and what comes in from a day on. See residual.h.
 *
 * Cost: linear in demands and shortfalls; supplies are sorted by place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/residual_private.h"

/* ---- demands ---- */

typedef struct {
    ms_residual *r;
    ms_demand *rows; /* those of demands.csv, and behind them rows for what is owed */
    double *owed;    /* by row: item units */
    size_t count, own_count;
    ms_names fresh; /* ids of the rows behind */
} needs;

static bool is_over(const ms_residual *r, const ms_demand *demand)
{
    return demand->to_day <= r->day;
}

static bool are_alike(const ms_demand *a, const ms_demand *b)
{
    return a->site_ix == b->site_ix && a->item_ix == b->item_ix && a->partner_ix == b->partner_ix &&
           a->priority == b->priority;
}

/* An id that no demand has: ID-owed, ID-owed-2. */
static char *fresh_id(const needs *n, const char *id)
{
    const size_t room = strlen(id) + 24;
    char *text = ms_arena_alloc(n->r->arena, room, 1);
    for (int number = 1; text; number++) {
        if (number == 1)
            snprintf(text, room, "%s-owed", id);
        else
            snprintf(text, room, "%s-owed-%d", id, number);
        for (char *slash = strchr(text, '/'); slash; slash = strchr(slash, '/'))
            *slash = '-';
        if (ms_names_find(&n->r->kase->demand_names, text, strlen(text)) < 0 &&
            ms_names_find(&n->fresh, text, strlen(text)) < 0)
            break;
    }
    return text;
}

/* Row of demands.csv that is over and that takes up what demand j is owed; MS_NONE: it needs one of its own. */
static int32_t row_for_owed(const needs *n, int32_t j)
{
    const ms_case *kase = n->r->kase;
    const ms_demand *demand = &kase->demands[j];
    char id[512];
    if (demand->force_ix < 0 && is_over(n->r, demand))
        return j;
    int length = snprintf(id, sizeof id, "%s-owed", demand->id);
    for (char *slash = strchr(id, '/'); slash; slash = strchr(slash, '/'))
        *slash = '-';
    int32_t row = length > 0 && (size_t)length < sizeof id ? ms_names_find(&kase->demand_names, id, (size_t)length)
                                                           : MS_NONE;
    bool fits = row >= 0 && kase->demands[row].force_ix < 0 && is_over(n->r, &kase->demands[row]) &&
                are_alike(&kase->demands[row], demand);
    return fits ? row : MS_NONE;
}

static ms_status note_owed(needs *n, int32_t j, double quantity)
{
    int32_t row = row_for_owed(n, j), ix;
    bool fresh;
    if (row < 0) {
        ms_demand demand = n->r->kase->demands[j];
        char *id = fresh_id(n, demand.id);
        if (!id || !ms_names_add(&n->fresh, id, &ix, &fresh))
            return ms_error_memory(n->r->err);
        demand.id = id;
        demand.force_ix = MS_NONE;
        demand.to_day = 0; /* over: its row holds what is owed alone */
        n->rows[n->count] = demand;
        row = (int32_t)n->count++;
    }
    n->owed[row] += quantity;
    return MS_OK;
}

static ms_status collect_owed(needs *n)
{
    const ms_residual *r = n->r;
    for (size_t i = 0; i < r->plan->shortfall_count; i++) {
        const ms_shortfall *s = &r->plan->shortfalls[i];
        if (s->kind == MS_SHORT_DEMAND && s->period == r->period - 1 &&
            r->kase->items[r->kase->demands[s->row_ix].item_ix].backorder)
            MS_TRY(note_owed(n, s->row_ix, s->quantity));
    }
    return MS_OK;
}

/* Moves a row to the new days; what is over wants what is owed, in the first period, or nothing. */
static void move_row(needs *n, size_t row)
{
    const ms_residual *r = n->r;
    ms_demand *demand = &n->rows[row];
    double period_days = r->kase->period_days;
    bool last = r->kase->days - r->day <= period_days;
    ms_residual_shift(&demand->from_day, &demand->to_day, r);
    if (demand->to_day > 0)
        return;
    demand->from_day = 0;
    demand->to_day = n->owed[row] > 0 && !last ? period_days : INFINITY;
    demand->per_day = n->owed[row] / period_days;
}

static ms_status note_owing(needs *n)
{
    ms_residual *r = n->r;
    r->owed_rows = (int32_t)(n->count - n->own_count);
    r->owes = ms_arena_alloc(r->arena, n->own_count + 1, 1);
    if (!r->owes)
        return ms_error_memory(r->err);
    for (size_t row = 0; row < n->own_count; row++)
        r->owes[row] = n->owed[row] > 0;
    return MS_OK;
}

ms_status ms_residual_demands(ms_buf *out, ms_residual *r)
{
    const ms_case *kase = r->kase;
    needs n = {.r = r};
    size_t all = (size_t)kase->demands_count;
    while (n.own_count < all && kase->demands[n.own_count].force_ix < 0)
        n.own_count++;
    n.count = n.own_count;
    n.rows = ms_alloc(n.own_count + all, sizeof *n.rows);
    n.owed = ms_alloc(n.own_count + all, sizeof *n.owed);
    ms_status status = n.rows && n.owed ? MS_OK : ms_error_memory(r->err);
    if (status == MS_OK) {
        for (size_t row = 0; row < n.own_count; row++)
            n.rows[row] = kase->demands[row];
        status = collect_owed(&n);
    }
    if (status == MS_OK)
        status = note_owing(&n);
    if (status == MS_OK) {
        for (size_t row = 0; row < n.count; row++)
            move_row(&n, row);
        ms_case_put_table(out, kase, MS_FILE_DEMANDS, n.rows, n.count);
    }
    ms_names_free(&n.fresh);
    ms_free(n.rows);
    ms_free(n.owed);
    return status;
}

/* ---- supplies ---- */

static int by_place(const void *left, const void *right)
{
    const ms_supply *a = left, *b = right;
    if (a->site_ix != b->site_ix)
        return a->site_ix < b->site_ix ? -1 : 1;
    if (a->item_ix != b->item_ix)
        return a->item_ix < b->item_ix ? -1 : 1;
    if (a->partner_ix != b->partner_ix)
        return a->partner_ix < b->partner_ix ? -1 : 1;
    if (a->from_day < b->from_day || a->from_day > b->from_day)
        return a->from_day < b->from_day ? -1 : 1;
    return (a->to_day > b->to_day) - (a->to_day < b->to_day);
}

static bool same_place(const ms_supply *a, const ms_supply *b)
{
    return a->site_ix == b->site_ix && a->item_ix == b->item_ix && a->partner_ix == b->partner_ix;
}

/* Adds the spans of one place, summed where they overlap, so that no two begin on one day. */
static void add_summed(ms_supply *out, size_t *count, const ms_supply *rows, size_t row_count)
{
    double from = rows[0].from_day;
    while (isfinite(from)) {
        double to = INFINITY, rate = 0;
        bool covered = false;
        for (size_t i = 0; i < row_count; i++) {
            if (rows[i].from_day > from && rows[i].from_day < to)
                to = rows[i].from_day;
            if (rows[i].to_day > from && rows[i].to_day < to)
                to = rows[i].to_day;
            if (rows[i].from_day <= from && from < rows[i].to_day) {
                rate += rows[i].per_day;
                covered = true;
            }
        }
        if (covered) {
            out[*count] = rows[0];
            out[*count].from_day = from;
            out[*count].to_day = to;
            out[(*count)++].per_day = rate;
        }
        from = to;
    }
}

/* Adds what comes in at one place by period, contingencies included, a row for each run of one rate. */
static void add_baked(ms_supply *out, size_t *count, const ms_residual *r, const ms_supply *rows, size_t row_count,
                      const int32_t *index)
{
    const ms_case *kase = r->kase;
    double before = NAN;
    for (int t = r->period; t < kase->period_count; t++) {
        double quantity = 0;
        for (size_t i = 0; i < row_count; i++)
            quantity += ms_case_supply(kase, index[i], t);
        double rate = quantity / kase->period_days;
        if (rate <= before && rate >= before)
            continue;
        double day = (t - r->period) * kase->period_days;
        if (t > r->period)
            out[*count - 1].to_day = day;
        out[*count] = rows[0];
        out[*count].from_day = day;
        out[*count].to_day = INFINITY;
        out[(*count)++].per_day = rate;
        before = rate;
    }
}

/* Whether a delay that has begun puts off what would have come in before the day: rows cannot say that. */
static bool must_bake(const ms_residual *r)
{
    for (int32_t i = 0; i < r->kase->events_count; i++) {
        const ms_event *event = &r->kase->events[i];
        if (event->what == MS_WHAT_SUPPLY && event->effect == MS_EFFECT_DELAY && event->from_day < r->day &&
            ms_residual_is_applied(r, event->contingency_ix))
            return true;
    }
    return false;
}

typedef struct {
    ms_supply row;
    int32_t ix;
} placed;

static int by_placed(const void *left, const void *right)
{
    const placed *a = left, *b = right;
    int order = by_place(&a->row, &b->row);
    return order != 0 ? order : (a->ix > b->ix) - (a->ix < b->ix);
}

/* Rows that are not over (all of them when baked), sorted by place. */
static size_t place_rows(ms_supply *rows, int32_t *index, placed *room, const ms_residual *r)
{
    size_t count = 0;
    for (int32_t i = 0; i < r->kase->supplies_count; i++) {
        room[count] = (placed){r->kase->supplies[i], i};
        ms_residual_shift(&room[count].row.from_day, &room[count].row.to_day, r);
        count += room[count].row.to_day > 0 || r->supplies_baked;
    }
    if (count > 1)
        qsort(room, count, sizeof *room, by_placed);
    for (size_t i = 0; i < count; i++) {
        rows[i] = room[i].row;
        index[i] = room[i].ix;
    }
    return count;
}

static void add_place(ms_residual *r, const ms_supply *rows, size_t count, const int32_t *index)
{
    if (r->supplies_baked) {
        add_baked(r->supplies, &r->supply_count, r, rows, count, index);
    } else if (count > 1 && rows[1].from_day <= 0) {
        add_summed(r->supplies, &r->supply_count, rows, count);
    } else {
        memcpy(r->supplies + r->supply_count, rows, count * sizeof *rows);
        r->supply_count += count;
    }
}

ms_status ms_residual_supplies(ms_buf *out, ms_residual *r)
{
    size_t all = (size_t)r->kase->supplies_count, periods = (size_t)r->kase->period_count;
    r->supplies_baked = must_bake(r);
    r->supplies = ms_arena_alloc(r->arena, all * (r->supplies_baked ? periods : 2) + 1, sizeof *r->supplies);
    ms_supply *rows = ms_alloc(all, sizeof *rows);
    int32_t *index = ms_alloc(all, sizeof *index);
    placed *room = ms_alloc(all + 1, sizeof *room);
    bool enough = r->supplies && rows && index && room;
    if (enough) {
        size_t count = place_rows(rows, index, room, r), first = 0;
        for (size_t i = 1; i <= count; i++)
            if (i == count || !same_place(&rows[first], &rows[i])) {
                add_place(r, rows + first, i - first, index + first);
                first = i;
            }
        ms_case_put_table(out, r->kase, MS_FILE_SUPPLIES, r->supplies, r->supply_count);
    }
    ms_free(rows);
    ms_free(index);
    ms_free(room);
    return enough ? MS_OK : ms_error_memory(r->err);
}
