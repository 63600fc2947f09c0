/* shift.c: see shift.h. */
#include "stress/shift.h"

#include <stdlib.h>

static const double SHIFT_T = 1; /* less is no shift */

/* Loads by period. */
typedef struct {
    double *lane_t, *site_t; /* [row*H + t] */
} loads;

static void loads_free(loads *of)
{
    ms_free(of->lane_t);
    ms_free(of->site_t);
}

static bool loads_make(loads *of, const ms_plan *plan)
{
    const ms_case *kase = plan->kase;
    size_t H = (size_t)kase->period_count;
    of->lane_t = ms_alloc((size_t)kase->lanes_count * H, sizeof(double));
    of->site_t = ms_alloc((size_t)kase->sites_count * H, sizeof(double));
    if (!of->lane_t || !of->site_t)
        return false;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        const ms_lane *lane = &kase->lanes[m->lane_ix];
        double tonnes = m->quantity * ms_item_t_per_unit(&kase->items[m->item_ix]);
        if (m->depart >= 0) {
            of->lane_t[(size_t)m->lane_ix * H + (size_t)m->depart] += tonnes;
            of->site_t[(size_t)lane->from_ix * H + (size_t)m->depart] += tonnes;
        }
        if (m->arrive < kase->period_count)
            of->site_t[(size_t)lane->to_ix * H + (size_t)m->arrive] += tonnes;
    }
    return true;
}

static double sum(const double *row, int H)
{
    double total = 0;
    for (int t = 0; t < H; t++)
        total += row[t];
    return total;
}

static void find_full(ms_shift *shift, const ms_case *kase, const double *row)
{
    const double nearly = 1e-6;
    shift->first_full = shift->last_full = -1;
    for (int t = 0; t < kase->period_count; t++) {
        double room_t = shift->is_site ? ms_case_handling_t(kase, shift->row_ix, t)
                                       : ms_case_lane_capacity_t(kase, shift->row_ix, t);
        if (!(room_t > 0) || isinf(room_t) || row[t] < room_t * (1 - nearly))
            continue;
        shift->full_periods++;
        shift->first_full = shift->first_full < 0 ? t : shift->first_full;
        shift->last_full = t;
    }
}

static int by_change(const void *left, const void *right)
{
    const ms_shift *a = left, *b = right;
    double x = fabs(a->after_t - a->before_t), y = fabs(b->after_t - b->before_t);
    if (x < y || x > y)
        return x > y ? -1 : 1;
    return (a->row_ix > b->row_ix) - (a->row_ix < b->row_ix);
}

/* Adds the rows of one sort behind those that are there; returns how many there are now. */
static size_t add_rows(ms_shift *out, size_t count, const ms_plan *plan, bool is_site, const double *before,
                       const double *after, size_t most)
{
    const ms_case *kase = plan->kase;
    size_t first = count, H = (size_t)kase->period_count;
    int32_t rows = is_site ? kase->sites_count : kase->lanes_count;
    for (int32_t ix = 0; ix < rows; ix++) {
        ms_shift shift = {.is_site = is_site,
                          .row_ix = ix,
                          .before_t = sum(before + (size_t)ix * H, kase->period_count),
                          .after_t = sum(after + (size_t)ix * H, kase->period_count)};
        if (fabs(shift.after_t - shift.before_t) < SHIFT_T)
            continue;
        find_full(&shift, kase, after + (size_t)ix * H);
        out[count++] = shift;
    }
    if (count - first > 1)
        qsort(out + first, count - first, sizeof *out, by_change);
    return count - first > most ? first + most : count;
}

ms_status ms_shifts_make(ms_shift **out, size_t *count, const ms_plan *before, const ms_plan *after, size_t most,
                         ms_error *err)
{
    loads old = {0}, new = {0};
    ms_shift *rows = ms_alloc((size_t)after->kase->lanes_count + (size_t)after->kase->sites_count, sizeof *rows);
    bool enough = rows && loads_make(&old, before) && loads_make(&new, after);
    if (enough) {
        *count = add_rows(rows, 0, after, false, old.lane_t, new.lane_t, most);
        *count = add_rows(rows, *count, after, true, old.site_t, new.site_t, most);
    }
    loads_free(&old);
    loads_free(&new);
    if (!enough) {
        ms_free(rows);
        return ms_error_memory(err);
    }
    *out = rows;
    return MS_OK;
}
