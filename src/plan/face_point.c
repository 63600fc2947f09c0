/* face_point.c: from a settled flow and prices back to an LP's columns and rows: the inverse of ms_lp_flow and
 * ms_lp_prices. */
#include <string.h>

#include "plan/face.h"

static void take_quanta(double *x, const ms_lp *lp, const ms_settled *settled)
{
    const ms_network *net = lp->net;
    size_t H = (size_t)net->H;
    for (int32_t k = 0; k < net->layer_count; k++) {
        double quantum = ms_quantum_t(net, k);
        for (size_t at = (size_t)net->way_first[k] * H; at < (size_t)net->way_first[k + 1] * H; at++)
            if (lp->x_column[at] >= 0)
                x[lp->x_column[at]] = (double)settled->move_q[at] * quantum;
        for (size_t at = (size_t)net->issue_first[k] * H; at < (size_t)net->issue_first[k + 1] * H; at++)
            if (lp->y_column[at] >= 0)
                x[lp->y_column[at]] = (double)settled->issue_q[at] * quantum;
        for (size_t at = ms_node(net, k, 0, 0); at < ms_node(net, k + 1, 0, 0); at++)
            if (lp->s_column[at] >= 0)
                x[lp->s_column[at]] = (double)settled->stock_q[at] * quantum;
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t supply = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
            for (size_t t = 0; supply >= 0 && t < H; t++)
                if (lp->o_column[(size_t)supply * H + t] >= 0)
                    x[lp->o_column[(size_t)supply * H + t]] = (double)settled->refuse_q[(size_t)supply * H + t] *
                                                              quantum;
        }
    }
    for (int32_t i = 0; i < net->committed_count; i++)
        if (lp->b_column[i] >= 0)
            x[lp->b_column[i]] = net->committed[i].load_t -
                                 (double)settled->kept_q[i] * ms_quantum_t(net, net->committed[i].layer);
}

/* What is short, cheapest step first. */
static void take_shortages(double *x, const ms_lp *lp, const ms_settled *settled)
{
    const ms_network *net = lp->net;
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, j, t);
            double left = settled->short_t[at];
            for (int s = 0; lp->z_column[at] >= 0 && s < net->weights.step_count; s++) {
                double width = lp->upper[lp->z_column[at] + s], here = left < width ? left : width;
                x[lp->z_column[at] + s] = here;
                left -= here;
            }
        }
    for (size_t at = 0; at < (size_t)net->kase->reserves_count * (size_t)net->H; at++)
        if (lp->r_column[at] >= 0)
            x[lp->r_column[at]] = settled->below_t[at];
}

void ms_lp_point(double *x, const ms_lp *lp, const ms_settled *settled)
{
    memset(x, 0, (size_t)lp->column_count * sizeof *x);
    take_quanta(x, lp, settled);
    take_shortages(x, lp, settled);
    for (int j = 0; j < lp->column_count; j++)
        x[j] = x[j] < 0 ? 0 : x[j] > lp->upper[j] ? lp->upper[j] : x[j];
}

static void put(double *y, const int32_t *rows, size_t count, const double *prices, double sign)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i] >= 0)
            y[rows[i]] = sign * prices[i];
}

void ms_lp_duals(double *y, const ms_lp *lp, const ms_prices *prices, const ms_sweeper *sweeper)
{
    const ms_network *net = lp->net;
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H;
    put(y, lp->c2_row, (size_t)kase->demands_count * H, prices->demand, 1);
    put(y, lp->c3_row, (size_t)kase->lanes_count * H, prices->lane, -1);
    put(y, lp->c4_row, (size_t)kase->sites_count * H, prices->site, -1);
    put(y, lp->c5_row, (size_t)kase->sites_count * H, prices->storage, -1);
    put(y, lp->c6_row, (size_t)kase->fleets_count * H, prices->fleet, -1);
    put(y, lp->c7_row, (size_t)kase->agreements_count, prices->agreement, -1);
    put(y, lp->c8_row, (size_t)kase->reserves_count * H, prices->reserve, 1);
    for (int32_t k = 0; k < net->layer_count; k++)
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++) {
                int32_t row = lp->c1_row[ms_node(net, k, n, t)];
                if (row >= 0)
                    y[row] = ms_sweeper_value(sweeper, k, n, t);
            }
}
