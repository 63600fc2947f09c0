/* changes.c: see changes.h. */
#include "stress/changes.h"

#include <stdlib.h>

/* What leaves otherwise than by so many days is not the same shipment any more. */
static const double DAYS_MOST = 7;

/* Departures of one lane, item and owner in one period: positive what the new plan has more. */
typedef struct {
    int32_t from_ix, item_ix, owner_ix, lane_ix;
    int period;
    int64_t before_q, change_q; /* quanta */
} departure;

typedef struct {
    const ms_case *kase;
    departure *rows;
    size_t count;
    ms_changes *out;
    size_t capacity;
    double *per_unit; /* [item_ix]: quanta of a unit */
} differ;

static int compare(const int32_t *a, const int32_t *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int by_departure(const void *left, const void *right)
{
    const departure *a = left, *b = right;
    const int32_t ka[] = {a->from_ix, a->item_ix, a->owner_ix, a->lane_ix, a->period};
    const int32_t kb[] = {b->from_ix, b->item_ix, b->owner_ix, b->lane_ix, b->period};
    return compare(ka, kb, 5);
}

static int first_period(const ms_change *change)
{
    if (change->period < 0 || change->to_period < 0)
        return change->period < 0 ? change->to_period : change->period;
    return change->period < change->to_period ? change->period : change->to_period;
}

static int by_change(const void *left, const void *right)
{
    const ms_change *a = left, *b = right;
    const int32_t ka[] = {first_period(a), (int32_t)a->kind, a->lane_ix,  a->to_lane_ix,
                          a->item_ix,      a->owner_ix,      a->to_period};
    const int32_t kb[] = {first_period(b), (int32_t)b->kind, b->lane_ix,  b->to_lane_ix,
                          b->item_ix,      b->owner_ix,      b->to_period};
    return compare(ka, kb, 7);
}

static bool same_place(const departure *a, const departure *b)
{
    return a->from_ix == b->from_ix && a->item_ix == b->item_ix && a->owner_ix == b->owner_ix;
}

/* ---- departures ---- */

static void collect(differ *d, const ms_plan *plan, int from, int shift, int sign)
{
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        if (m->commitment_ix >= 0 || m->depart < from)
            continue;
        int64_t quanta = (int64_t)nearbyint(m->quantity * d->per_unit[m->item_ix]);
        d->rows[d->count++] = (departure){plan->kase->lanes[m->lane_ix].from_ix,
                                          m->item_ix,
                                          m->owner_ix,
                                          m->lane_ix,
                                          m->depart + shift,
                                          sign < 0 ? quanta : 0,
                                          sign * quanta};
    }
}

/* One row for each lane, item, owner and period; notes what was ordered and what stays. */
static void merge(differ *d)
{
    size_t count = 0;
    if (d->count > 1)
        qsort(d->rows, d->count, sizeof *d->rows, by_departure);
    for (size_t i = 0; i < d->count; i++) {
        if (count > 0 && by_departure(&d->rows[count - 1], &d->rows[i]) == 0) {
            d->rows[count - 1].before_q += d->rows[i].before_q;
            d->rows[count - 1].change_q += d->rows[i].change_q;
        } else {
            d->rows[count++] = d->rows[i];
        }
    }
    d->count = count;
    for (size_t i = 0; i < count; i++) {
        const departure *row = &d->rows[i];
        double quantum_t = ms_item_t_per_unit(&d->kase->items[row->item_ix]) / d->per_unit[row->item_ix];
        d->out->ordered_t += (double)row->before_q * quantum_t;
        d->out->kept_t += (double)(row->change_q < 0 ? row->before_q + row->change_q : row->before_q) * quantum_t;
    }
}

/* ---- pairs ---- */

static bool note(differ *d, ms_change_kind kind, const departure *less, const departure *more, int64_t quanta)
{
    const departure *any = less ? less : more;
    void *rows = d->out->rows;
    if (!ms_grow(&rows, &d->capacity, d->out->count + 1, sizeof *d->out->rows))
        return false;
    d->out->rows = rows;
    double quantity = (double)quanta / d->per_unit[any->item_ix];
    d->out->rows[d->out->count++] = (ms_change){.kind = kind,
                                                .item_ix = any->item_ix,
                                                .owner_ix = any->owner_ix,
                                                .lane_ix = less ? less->lane_ix : MS_NONE,
                                                .to_lane_ix = more ? more->lane_ix : MS_NONE,
                                                .period = less ? less->period : -1,
                                                .to_period = more ? more->period : -1,
                                                .quantity = quantity,
                                                .tonnes = quantity * ms_item_t_per_unit(&d->kase->items[any->item_ix])};
    return true;
}

/* Pairs what the rows [first, end) of one place have less and more, `apart` periods apart, on one lane or on two. */
static bool pair(differ *d, size_t first, size_t end, int apart, bool one_lane)
{
    for (size_t i = first; i < end; i++)
        for (size_t j = first; j < end && d->rows[i].change_q < 0; j++) {
            departure *less = &d->rows[i], *more = &d->rows[j];
            int later = more->period - less->period;
            if (more->change_q <= 0 || abs(later) != apart || (less->lane_ix == more->lane_ix) != one_lane)
                continue;
            int64_t quanta = more->change_q < -less->change_q ? more->change_q : -less->change_q;
            less->change_q += quanta;
            more->change_q -= quanta;
            if (!note(d,
                      !one_lane   ? MS_CHANGE_DIVERT
                      : later > 0 ? MS_CHANGE_DELAY
                                  : MS_CHANGE_ADVANCE,
                      less, more, quanta))
                return false;
        }
    return true;
}

static bool pair_place(differ *d, size_t first, size_t end)
{
    int most = (int)(DAYS_MOST / d->kase->period_days);
    for (int apart = 0; apart <= most; apart++)
        if (!pair(d, first, end, apart, true) || !pair(d, first, end, apart, false))
            return false;
    for (size_t i = first; i < end; i++) {
        const departure *row = &d->rows[i];
        if (row->change_q < 0 && !note(d, MS_CHANGE_CANCEL, row, NULL, -row->change_q))
            return false;
        if (row->change_q > 0 && !note(d, MS_CHANGE_ADD, NULL, row, row->change_q))
            return false;
    }
    return true;
}

static bool pair_all(differ *d)
{
    size_t first = 0, changed = 0;
    for (size_t i = 0; i < d->count; i++)
        if (d->rows[i].change_q != 0)
            d->rows[changed++] = d->rows[i];
    d->count = changed;
    for (size_t i = 1; i <= d->count; i++)
        if (i == d->count || !same_place(&d->rows[first], &d->rows[i])) {
            if (!pair_place(d, first, i))
                return false;
            first = i;
        }
    return true;
}

ms_status ms_changes_make(ms_changes *out, const ms_plan *before, const ms_plan *after, int from, ms_error *err)
{
    const ms_case *kase = before->kase;
    ms_changes made = {0};
    differ d = {.kase = kase, .out = &made};
    d.rows = ms_alloc(before->movement_count + after->movement_count, sizeof *d.rows);
    d.per_unit = ms_alloc((size_t)kase->items_count, sizeof *d.per_unit);
    bool enough = d.rows && d.per_unit;
    if (enough) {
        for (int32_t i = 0; i < kase->items_count; i++)
            d.per_unit[i] = pow(10, ms_quantum_digits(&kase->items[i]));
        collect(&d, before, from, 0, -1);
        collect(&d, after, 0, from, 1);
        merge(&d);
        enough = pair_all(&d);
    }
    ms_free(d.rows);
    ms_free(d.per_unit);
    if (!enough) {
        ms_free(made.rows);
        return ms_error_memory(err);
    }
    if (made.count > 1)
        qsort(made.rows, made.count, sizeof *made.rows, by_change);
    *out = made;
    return MS_OK;
}

void ms_changes_free(ms_changes *changes)
{
    ms_free(changes->rows);
    *changes = (ms_changes){0};
}
