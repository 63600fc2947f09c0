/* flow.c: a flow's memory, quanta, and settling a single flow. */
#include "plan/flow.h"

#include <string.h>

#include "plan/best.h"

static size_t supply_rows(const ms_network *net)
{
    size_t rows = 0;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        rows += net->supply_row[pair] >= 0;
    return rows;
}

ms_status ms_flow_make(ms_flow *out, const ms_network *net)
{
    size_t H = (size_t)net->H;
    ms_flow flow = {
        .move_t = ms_alloc((size_t)net->way_count * H, sizeof(double)),
        .issue_t = ms_alloc((size_t)net->issue_count * H, sizeof(double)),
        .refuse_t = ms_alloc(supply_rows(net) * H, sizeof(double)),
        .broken_t = ms_alloc((size_t)net->committed_count, sizeof(double)),
    };
    if (!flow.move_t || !flow.issue_t || !flow.refuse_t || !flow.broken_t) {
        ms_flow_free(&flow);
        return MS_NO_MEMORY;
    }
    *out = flow;
    return MS_OK;
}

void ms_flow_copy(ms_flow *to, const ms_flow *from, const ms_network *net)
{
    size_t H = (size_t)net->H;
    memcpy(to->move_t, from->move_t, (size_t)net->way_count * H * sizeof(double));
    memcpy(to->issue_t, from->issue_t, (size_t)net->issue_count * H * sizeof(double));
    memcpy(to->refuse_t, from->refuse_t, supply_rows(net) * H * sizeof(double));
    memcpy(to->broken_t, from->broken_t, (size_t)net->committed_count * sizeof(double));
    to->evens_out = from->evens_out;
}

void ms_flow_free(ms_flow *flow)
{
    ms_free(flow->move_t);
    ms_free(flow->issue_t);
    ms_free(flow->refuse_t);
    ms_free(flow->broken_t);
    *flow = (ms_flow){0};
}

void ms_settled_free(ms_settled *settled)
{
    ms_free(settled->move_q);
    ms_free(settled->issue_q);
    ms_free(settled->refuse_q);
    ms_free(settled->kept_q);
    ms_free(settled->stock_q);
    ms_free(settled->short_t);
    ms_free(settled->below_t);
    *settled = (ms_settled){0};
}

double ms_quanta_per_unit(const ms_network *net, int32_t layer)
{
    double factor = 1;
    for (int digits = ms_quantum_digits(&net->kase->items[net->layers[layer].item_ix]); digits > 0; digits--)
        factor *= 10;
    return factor;
}

double ms_quantum_t(const ms_network *net, int32_t layer)
{
    return net->layers[layer].t_per_unit / ms_quanta_per_unit(net, layer);
}

double *ms_rooms_copy(const double *rooms, size_t count)
{
    double *copy = ms_alloc(count, sizeof *copy);
    if (copy && count)
        memcpy(copy, rooms, count * sizeof *copy);
    return copy;
}

ms_status ms_flow_settle(ms_settled *out, const ms_network *net, const ms_flow *flow, ms_error *err)
{
    ms_best *best = NULL;
    bool better;
    MS_TRY(ms_best_make(&best, net, err));
    ms_flow_copy(ms_best_trial(best), flow, net);
    const ms_best_repair repair = {MS_REPAIR_EAGER, INFINITY, INFINITY};
    ms_status status = ms_best_offer(&better, best, &repair, err);
    if (status == MS_OK)
        status = ms_best_settle(out, best, err);
    ms_best_free(best);
    return status;
}
