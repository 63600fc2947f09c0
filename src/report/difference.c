/* difference.c: measuring two plans row by row and matching the rows by id. */
#include "report/difference.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const double SAME_T = 1e-3; /* a kilogram; what plans round is less */

/* What one plan does, by row of its case. */
typedef struct {
    const ms_plan *plan;
    ms_differ_side *sides[MS_DIFFER_KINDS];
} measured;

static int32_t row_count(const ms_case *kase, ms_differ_kind kind)
{
    switch (kind) {
    case MS_DIFFER_DEMAND:
        return kase->demands_count;
    case MS_DIFFER_LANE:
        return kase->lanes_count;
    case MS_DIFFER_SITE:
        return kase->sites_count;
    default:
        return kase->agreements_count;
    }
}

static const char *row_id(const ms_case *kase, ms_differ_kind kind, int32_t ix)
{
    switch (kind) {
    case MS_DIFFER_DEMAND:
        return kase->demands[ix].id;
    case MS_DIFFER_LANE:
        return kase->lanes[ix].id;
    case MS_DIFFER_SITE:
        return kase->sites[ix].id;
    default:
        return kase->agreements[ix].id;
    }
}

static int32_t row_find(const ms_case *kase, ms_differ_kind kind, const char *id)
{
    const ms_names *names[MS_DIFFER_KINDS] = {&kase->demand_names, &kase->lane_names, &kase->site_names,
                                              &kase->agreement_names};
    return ms_names_find(names[kind], id, strlen(id));
}

static void measure_shortfalls(measured *m)
{
    const ms_plan *plan = m->plan;
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || !ms_report_falls_short(plan, s))
            continue;
        const ms_item *item = &plan->kase->items[plan->kase->demands[s->row_ix].item_ix];
        ms_differ_side *side = &m->sides[MS_DIFFER_DEMAND][s->row_ix];
        side->quantity = item->backorder ? fmax(side->quantity, s->quantity) : side->quantity + s->quantity;
        side->tonnes = side->quantity * ms_item_t_per_unit(item);
        side->short_periods++;
        if (side->first_period < 0 || s->period < side->first_period)
            side->first_period = s->period;
    }
}

static void measure_movements(measured *m)
{
    const ms_plan *plan = m->plan;
    const ms_case *kase = plan->kase;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *move = &plan->movements[i];
        double tonnes = move->quantity * ms_item_t_per_unit(&kase->items[move->item_ix]);
        const ms_lane *lane = &kase->lanes[move->lane_ix];
        m->sides[MS_DIFFER_LANE][move->lane_ix].tonnes += tonnes;
        m->sides[MS_DIFFER_SITE][lane->from_ix].tonnes += move->depart >= 0 ? tonnes : 0.0;
        m->sides[MS_DIFFER_SITE][lane->to_ix].tonnes += tonnes;
    }
    for (size_t i = 0; i < plan->order_count; i++) {
        const ms_order *order = &plan->orders[i];
        m->sides[MS_DIFFER_AGREEMENT][order->agreement_ix].tonnes += order->quantity *
                                                                     ms_item_t_per_unit(&kase->items[order->item_ix]);
    }
}

static void measured_free(measured *m)
{
    for (int kind = 0; kind < MS_DIFFER_KINDS; kind++)
        ms_free(m->sides[kind]);
}

static bool measure(measured *m, const ms_plan *plan)
{
    *m = (measured){.plan = plan};
    for (int kind = 0; kind < MS_DIFFER_KINDS; kind++) {
        int32_t rows = row_count(plan->kase, (ms_differ_kind)kind);
        m->sides[kind] = ms_alloc((size_t)rows, sizeof *m->sides[kind]);
        if (m->sides[kind] == NULL)
            return false;
        for (int32_t ix = 0; ix < rows; ix++)
            m->sides[kind][ix].first_period = -1;
    }
    measure_shortfalls(m);
    measure_movements(m);
    return true;
}

/* ---- matching ---- */

static double demand_weight(const ms_plan *plan, int32_t demand_ix)
{
    const ms_demand *demand = &plan->kase->demands[demand_ix];
    for (int r = 0; r < plan->priority_count; r++)
        if (plan->priorities[r] == demand->priority)
            return pow(plan->ratio_used, plan->priority_count - 1 - r) * plan->kase->items[demand->item_ix].criticality;
    return 1.0;
}

static void add_row(ms_differences *out, const measured *before, const measured *after, ms_differ_kind kind,
                    int32_t before_ix, int32_t after_ix)
{
    const ms_differ_side none = {.first_period = -1};
    ms_difference row = {.kind = kind,
                         .before_ix = before_ix,
                         .after_ix = after_ix,
                         .before = before_ix < 0 ? none : before->sides[kind][before_ix],
                         .after = after_ix < 0 ? none : after->sides[kind][after_ix]};
    double change_t = row.after.tonnes - row.before.tonnes;
    if (row.before.tonnes < SAME_T && row.after.tonnes < SAME_T)
        return;
    if (fabs(change_t) < SAME_T && row.before.short_periods == row.after.short_periods &&
        row.before.first_period == row.after.first_period)
        return;
    row.weight = change_t;
    if (kind == MS_DIFFER_DEMAND)
        row.weight = -change_t *
                     (after_ix >= 0 ? demand_weight(after->plan, after_ix) : demand_weight(before->plan, before_ix));
    out->rows[out->count++] = row;
}

static int by_change(const void *left, const void *right)
{
    const ms_difference *a = left, *b = right;
    double x = fabs(a->weight), y = fabs(b->weight);
    if (x != y)
        return x > y ? -1 : 1;
    if (a->after_ix != b->after_ix)
        return a->after_ix < b->after_ix ? -1 : 1;
    return (a->before_ix > b->before_ix) - (a->before_ix < b->before_ix);
}

static void match(ms_differences *out, const measured *before, const measured *after, ms_differ_kind kind)
{
    const ms_case *old = before->plan->kase, *new = after->plan->kase;
    size_t first = out->count;
    for (int32_t ix = 0; ix < row_count(old, kind); ix++)
        add_row(out, before, after, kind, ix, row_find(new, kind, row_id(old, kind, ix)));
    for (int32_t ix = 0; ix < row_count(new, kind); ix++)
        if (row_find(old, kind, row_id(new, kind, ix)) < 0)
            add_row(out, before, after, kind, MS_NONE, ix);
    if (out->count > first)
        qsort(out->rows + first, out->count - first, sizeof *out->rows, by_change);
}

ms_status ms_differences_make(ms_differences *out, const ms_plan *before, const ms_plan *after, ms_error *err)
{
    measured m = {0}, n = {0};
    ms_differences made = {0};
    size_t most = 0;
    for (int kind = 0; kind < MS_DIFFER_KINDS; kind++)
        most += (size_t)row_count(before->kase, (ms_differ_kind)kind) +
                (size_t)row_count(after->kase, (ms_differ_kind)kind);
    made.rows = ms_alloc(most, sizeof *made.rows);
    bool enough = made.rows != NULL && measure(&m, before) && measure(&n, after);
    for (int kind = 0; kind < MS_DIFFER_KINDS && enough; kind++) {
        made.first[kind] = made.count;
        match(&made, &m, &n, (ms_differ_kind)kind);
    }
    made.first[MS_DIFFER_KINDS] = made.count;
    measured_free(&m);
    measured_free(&n);
    if (!enough) {
        ms_free(made.rows);
        return ms_error_memory(err);
    }
    *out = made;
    return MS_OK;
}

void ms_differences_free(ms_differences *differences)
{
    ms_free(differences->rows);
    *differences = (ms_differences){0};
}
