/* keep.c: see keep.h. */
#include "stress/keep.h"

#include <string.h>

#include "plan/engine.h"
#include "plan/solver.h"

typedef struct {
    const ms_network *net;
    const ms_flow *ordered;
    ms_network *narrow; /* the same, with the departures of both plans alone */
    uint8_t *mask;      /* [way*H + t] */
    ms_lp *lp;
    int *twin;    /* [column]: what goes beyond the order, MS_NONE */
    ms_lp priced; /* lp with twins and charges; its arrays are its own, its maps lp's */
    ms_error *err;
} keeper;

static double moved_t(const ms_network *net, const ms_settled *settled, int32_t w, int t)
{
    return (double)settled->move_q[ms_at(net, w, t)] * ms_quantum_t(net, net->ways[w].layer);
}

double ms_keep_changed_t(const ms_network *net, const ms_flow *ordered, const ms_settled *settled)
{
    double sum = 0;
    for (int32_t w = 0; w < net->way_count; w++)
        for (int t = 0; t < net->H; t++)
            sum += fabs(moved_t(net, settled, w, t) - ordered->move_t[ms_at(net, w, t)]);
    return sum;
}

/* The network in which only what either plan does may leave; *tonnes gets what they move together. */
static ms_status narrow(keeper *k, const ms_settled *settled, double *tonnes)
{
    const ms_network *net = k->net;
    *tonnes = 0;
    MS_TRY(ms_network_make(&k->narrow, net->kase, net->alone_ix, k->err));
    k->mask = ms_alloc(ms_at(net, net->way_count, 0), 1);
    if (!k->mask)
        return ms_error_memory(k->err);
    for (int32_t w = 0; w < net->way_count; w++) {
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, w, t);
            double both_t = k->ordered->move_t[at] + moved_t(net, settled, w, t);
            k->mask[at] = both_t > 0 && ms_network_way_open(net, &net->ways[w], t);
            *tonnes += both_t;
        }
        k->narrow->ways[w].present = k->mask + ms_at(net, w, 0);
    }
    return ms_network_settle_rooms(k->narrow, k->err);
}

static bool copy_arrays(ms_lp *out, const ms_lp *lp, int columns_most, int entries_most)
{
    *out = *lp;
    out->start = ms_alloc((size_t)columns_most + 1, sizeof *out->start);
    out->index = ms_alloc((size_t)entries_most, sizeof *out->index);
    out->value = ms_alloc((size_t)entries_most, sizeof *out->value);
    out->cost = ms_alloc((size_t)columns_most, sizeof *out->cost);
    out->upper = ms_alloc((size_t)columns_most, sizeof *out->upper);
    if (!out->start || !out->index || !out->value || !out->cost || !out->upper)
        return false;
    memcpy(out->start, lp->start, ((size_t)lp->column_count + 1) * sizeof *lp->start);
    memcpy(out->index, lp->index, (size_t)lp->entry_count * sizeof *lp->index);
    memcpy(out->value, lp->value, (size_t)lp->entry_count * sizeof *lp->value);
    memcpy(out->cost, lp->cost, (size_t)lp->column_count * sizeof *lp->cost);
    memcpy(out->upper, lp->upper, (size_t)lp->column_count * sizeof *lp->upper);
    return true;
}

/* The column gives back the charge up to what was ordered; its twin pays it for what goes beyond. */
static void split(keeper *k, int column, double ordered_t, double charge)
{
    ms_lp *lp = &k->priced;
    int length = lp->start[column + 1] - lp->start[column], at = lp->entry_count, twin = lp->column_count;
    memcpy(lp->index + at, lp->index + lp->start[column], (size_t)length * sizeof *lp->index);
    memcpy(lp->value + at, lp->value + lp->start[column], (size_t)length * sizeof *lp->value);
    lp->cost[twin] = lp->cost[column] + charge;
    lp->upper[twin] = lp->upper[column];
    lp->cost[column] -= charge;
    lp->upper[column] = ordered_t < lp->upper[column] ? ordered_t : lp->upper[column];
    lp->entry_count += length;
    lp->start[++lp->column_count] = lp->entry_count;
    k->twin[column] = twin;
}

static ms_status price(keeper *k, double charge)
{
    const ms_network *net = k->narrow;
    int columns = k->lp->column_count, splits = 0, entries = 0;
    for (size_t at = 0; at < ms_at(net, net->way_count, 0); at++)
        if (k->lp->x_column[at] >= 0 && k->ordered->move_t[at] > 0) {
            splits++;
            entries += k->lp->start[k->lp->x_column[at] + 1] - k->lp->start[k->lp->x_column[at]];
        }
    k->twin = ms_alloc((size_t)columns, sizeof *k->twin);
    if (!k->twin || !copy_arrays(&k->priced, k->lp, columns + splits, k->lp->entry_count + entries))
        return ms_error_memory(k->err);
    for (int c = 0; c < columns; c++)
        k->twin[c] = MS_NONE;
    for (size_t at = 0; at < ms_at(net, net->way_count, 0); at++) {
        int column = k->lp->x_column[at];
        if (column >= 0 && k->ordered->move_t[at] > 0)
            split(k, column, k->ordered->move_t[at], charge);
        else if (column >= 0)
            k->priced.cost[column] += charge;
    }
    return MS_OK;
}

/* Solves, and settles what comes out on the whole network. *done false: it was stopped. */
static ms_status solve(ms_settled *out, bool *done, keeper *k)
{
    ms_solver *solver = NULL;
    ms_flow flow = {0};
    const ms_solve_limits limits = {.stage = "keep"};
    MS_TRY(ms_solver_make(&solver, &k->priced, k->err));
    *done = ms_solver_solve(solver, &limits) == MS_SOLVED;
    const double *primal = ms_solver_primal(solver);
    ms_status status = *done ? ms_lp_flow(&flow, k->lp, primal, k->err) : MS_OK;
    if (status == MS_OK && *done) {
        for (size_t at = 0; at < ms_at(k->net, k->net->way_count, 0); at++)
            if (k->lp->x_column[at] >= 0 && k->twin[k->lp->x_column[at]] >= 0)
                flow.move_t[at] += primal[k->twin[k->lp->x_column[at]]];
        status = ms_flow_settle(out, k->net, &flow, k->err);
    }
    ms_flow_free(&flow);
    ms_solver_free(solver);
    return status;
}

static ms_status run(ms_settled *settled, keeper *k, double most, double gap)
{
    double tonnes;
    bool done = false;
    ms_settled kept = {0};
    MS_TRY(narrow(k, settled, &tonnes));
    double charge = tonnes > 0 ? 0.5 * gap * fabs(settled->objective) / tonnes : 0;
    if (charge <= 0 || ms_lp_count_columns(k->narrow) > MS_KEEP_COLUMNS_MOST)
        return MS_OK;
    MS_TRY(ms_lp_build(&k->lp, k->narrow, k->mask, k->err));
    MS_TRY(price(k, charge));
    MS_TRY(solve(&kept, &done, k));
    if (done && kept.objective <= most && kept.over_storage_t <= MS_OVER_STORAGE_MOST_T &&
        ms_keep_changed_t(k->net, k->ordered, &kept) < ms_keep_changed_t(k->net, k->ordered, settled)) {
        ms_settled swap = *settled;
        *settled = kept;
        kept = swap;
    }
    ms_settled_free(&kept);
    return MS_OK;
}

ms_status ms_keep(ms_settled *settled, const ms_network *net, const ms_flow *ordered, double most, double gap,
                  ms_error *err)
{
    keeper k = {.net = net, .ordered = ordered, .err = err};
    ms_status status = run(settled, &k, most, gap);
    void *const blocks[] = {k.mask,         k.twin,        k.priced.start, k.priced.index,
                            k.priced.value, k.priced.cost, k.priced.upper};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
    ms_lp_free(k.lp);
    ms_network_free(k.narrow);
    return status;
}
