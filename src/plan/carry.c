/* carry.c: takes a flow over from one network of a case to another (a contingency, an eased limit): what is the same
 * layer, lane and agreements keeps its tonnes, the rest is 0. Time: linear, but where layers or ways differ a search
 * within the layer. */
#include "plan/flow.h"

#include <string.h>

static int32_t same_layer(const ms_network *net, const ms_layer *wanted)
{
    int32_t k = net->layer_of[(size_t)wanted->item_ix * (size_t)(net->kase->partners_count + 1) +
                              (size_t)(wanted->owner_ix + 1)];
    return k;
}

/* The way of layer k of the old network that is as `wanted`; tried first where the last one was found. */
static int32_t same_way(const ms_network *old, int32_t k, const ms_move_way *wanted, int32_t guess)
{
    int32_t first = old->way_first[k], count = old->way_first[k + 1] - first;
    for (int32_t i = 0; i < count; i++) {
        int32_t w = first + (guess - first + i) % count;
        if (old->ways[w].lane_ix == wanted->lane_ix &&
            memcmp(old->ways[w].agreement_ix, wanted->agreement_ix, sizeof wanted->agreement_ix) == 0)
            return w;
    }
    return MS_NONE;
}

static int32_t same_issue(const ms_network *old, int32_t k, const ms_issue_way *wanted)
{
    for (int32_t i = old->issue_first[k]; i < old->issue_first[k + 1]; i++)
        if (old->issues[i].demand_ix == wanted->demand_ix && old->issues[i].agreement_ix == wanted->agreement_ix)
            return i;
    return MS_NONE;
}

static void carry_layer(ms_flow *out, const ms_network *net, int32_t k, const ms_flow *from, const ms_network *old,
                        int32_t old_k)
{
    size_t row = (size_t)net->H * sizeof(double);
    int32_t guess = old->way_first[old_k];
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        int32_t same = old->way_first[old_k + 1] > old->way_first[old_k] ? same_way(old, old_k, &net->ways[w], guess)
                                                                         : MS_NONE;
        if (same < 0)
            continue;
        memcpy(out->move_t + ms_at(net, w, 0), from->move_t + ms_at(old, same, 0), row);
        guess = same + 1 < old->way_first[old_k + 1] ? same + 1 : old->way_first[old_k];
    }
    for (int32_t i = net->issue_first[k]; i < net->issue_first[k + 1]; i++) {
        int32_t same = same_issue(old, old_k, &net->issues[i]);
        if (same >= 0)
            memcpy(out->issue_t + ms_at(net, i, 0), from->issue_t + ms_at(old, same, 0), row);
    }
    for (int32_t n = 0; n < net->site_count; n++) {
        int32_t to = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
        int32_t same = old->supply_row[(size_t)old_k * (size_t)net->site_count + (size_t)n];
        if (to >= 0 && same >= 0)
            memcpy(out->refuse_t + ms_at(net, to, 0), from->refuse_t + ms_at(old, same, 0), row);
    }
}

void ms_flow_carry(ms_flow *out, const ms_network *net, const ms_flow *from, const ms_network *old)
{
    for (int32_t k = 0; k < net->layer_count; k++) {
        int32_t old_k = same_layer(old, &net->layers[k]);
        if (old_k >= 0)
            carry_layer(out, net, k, from, old, old_k);
    }
    for (int32_t i = 0; i < net->committed_count; i++)
        for (int32_t j = 0; j < old->committed_count; j++)
            if (net->committed[i].commitment_ix == old->committed[j].commitment_ix)
                out->broken_t[i] = from->broken_t[j];
}

void ms_flow_from_settled(ms_flow *out, const ms_network *net, const ms_settled *settled)
{
    for (int32_t k = 0; k < net->layer_count; k++) {
        double quantum_t = ms_quantum_t(net, k);
        for (size_t at = ms_at(net, net->way_first[k], 0); at < ms_at(net, net->way_first[k + 1], 0); at++)
            out->move_t[at] = (double)settled->move_q[at] * quantum_t;
        for (size_t at = ms_at(net, net->issue_first[k], 0); at < ms_at(net, net->issue_first[k + 1], 0); at++)
            out->issue_t[at] = (double)settled->issue_q[at] * quantum_t;
        for (int32_t n = 0; n < net->site_count; n++) {
            int32_t row = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
            for (int t = 0; row >= 0 && t < net->H; t++)
                out->refuse_t[ms_at(net, row, t)] = (double)settled->refuse_q[ms_at(net, row, t)] * quantum_t;
        }
    }
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        double quantum_t = ms_quantum_t(net, m->layer), broken_t = m->load_t - (double)settled->kept_q[i] * quantum_t;
        out->broken_t[i] = broken_t >= quantum_t ? broken_t : 0; /* less than a quantum is what rounding left */
    }
}
