/* loss_room.c: whether what a cancelled movement leaves behind fits into the store where it was (C5).
 *
 * A cancelled tonne of opening stock stays where it lay. A store that the plan fills up behind it may then be over its
 * limit. At worst all that has left, as far as it was there at the start, is still there; where even that fits in every
 * period, nothing has to be followed. Supply that is cancelled is refused instead. What is under way at the start
 * counts as stock where it arrives: the limit allows for it (docs/model.md, L).
 */
#include "stress/loss_private.h"

#include <string.h>

/* Tonnes that the layer had from outside at each site by the end of each period, without supply; and that left. */
static void count_sources(double *source, double *left, const ms_loss_finder *f, int32_t k)
{
    const ms_network *net = f->net;
    memset(left, 0, (size_t)net->site_count * (size_t)net->H * sizeof *left);
    memset(source, 0, (size_t)net->site_count * (size_t)net->H * sizeof *source);
    for (int32_t n = 0; n < net->site_count; n++)
        source[ms_at(net, n, 0)] = net->opening_t[(size_t)k * (size_t)net->site_count + (size_t)n];
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer != k)
            continue;
        if (m->depart >= 0)
            left[ms_at(net, m->from_ix, m->depart)] += ms_loss_kept(f, i);
        else if (m->arrive < net->H)
            source[ms_at(net, m->to_ix, m->arrive > 0 ? m->arrive : 0)] += m->load_t;
    }
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++)
        for (int t = 0; t < net->H; t++)
            left[ms_at(net, net->kase->lanes[net->ways[w].lane_ix].from_ix, t)] += ms_loss_moved(f, w, t);
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
        for (int t = 0; t < net->H; t++)
            left[ms_at(net, net->kase->demands[net->issues[v].demand_ix].site_ix, t)] += ms_loss_issued(f, v, t);
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 1; t < net->H; t++) {
            left[ms_at(net, n, t)] += left[ms_at(net, n, t - 1)];
            source[ms_at(net, n, t)] += source[ms_at(net, n, t - 1)];
        }
}

ms_status ms_loss_find_full(ms_loss_finder *f, ms_error *err)
{
    const ms_network *net = f->net;
    size_t places = (size_t)net->site_count * (size_t)net->H;
    const double safe = 1 + 1e-9;
    double *load = ms_alloc(places, sizeof *load);
    if (load == NULL)
        return ms_error_memory(err);
    for (int32_t k = 0; k < net->layer_count; k++) {
        f->quantum = ms_quantum_t(net, k);
        count_sources(f->there, f->stuck, f, k);
        for (int32_t n = 0; n < net->site_count; n++)
            for (int t = 0; t < net->H; t++) {
                size_t at = ms_at(net, n, t);
                load[at] += ms_loss_stock(f, k, n, t) + fmin(f->there[at], f->stuck[at]);
            }
    }
    for (size_t at = 0; at < places; at++)
        if (load[at] * safe > net->storage[at]) {
            f->full[at / (size_t)net->H] = 1;
            f->any_full = true;
        }
    ms_free(load);
    return MS_OK;
}

/* What comes in at the start of t; of a full site all of it is stuck. */
static void come(ms_loss_finder *f, int32_t site_ix, int t, double tonnes)
{
    size_t at = ms_at(f->net, site_ix, t);
    f->there[at] += tonnes;
    f->stuck[at] += f->full[site_ix] ? tonnes : 0;
}

/* Takes tonnes, mixed as they lie there, from one place to another. */
static void pass(ms_loss_finder *f, size_t from, size_t to, double tonnes)
{
    f->there[to] += tonnes;
    f->stuck[to] += f->there[from] > 0 ? tonnes * f->stuck[from] / f->there[from] : 0;
}

static void leave(ms_loss_finder *f, int32_t k, int t)
{
    const ms_network *net = f->net;
    for (int32_t n = 0; n < net->site_count && t + 1 < net->H; n++)
        pass(f, ms_at(net, n, t), ms_at(net, n, t + 1), ms_loss_stock(f, k, n, t));
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        const ms_lane *lane = &net->kase->lanes[net->ways[w].lane_ix];
        double moved_t = ms_loss_moved(f, w, t);
        if (moved_t > 0)
            pass(f, ms_at(net, lane->from_ix, t),
                 ms_at(net, lane->to_ix, t + net->transit[ms_at(net, net->ways[w].lane_ix, t)]), moved_t);
    }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer == k && m->depart == t && m->arrive < net->H)
            pass(f, ms_at(net, m->from_ix, t), ms_at(net, m->to_ix, m->arrive), ms_loss_kept(f, i));
    }
}

void ms_loss_follow(ms_loss_finder *f, int32_t k)
{
    const ms_network *net = f->net;
    size_t places = (size_t)net->site_count * (size_t)net->H;
    memset(f->there, 0, places * sizeof *f->there);
    memset(f->stuck, 0, places * sizeof *f->stuck);
    for (int32_t n = 0; n < net->site_count; n++)
        come(f, n, 0, net->opening_t[(size_t)k * (size_t)net->site_count + (size_t)n]);
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->layer == k && m->depart < 0 && m->arrive < net->H)
            come(f, m->to_ix, m->arrive > 0 ? m->arrive : 0, m->load_t);
    }
    for (int t = 0; t < net->H; t++) {
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t row = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
            if (row >= 0) /* it can be refused, so it is never stuck */
                f->there[ms_at(net, n, t)] += net->supply_t[ms_at(net, row, t)] -
                                              (double)f->plan->refuse_q[ms_at(net, row, t)] * f->quantum;
        }
        leave(f, k, t);
    }
}
