/* settle_weigh.c: what a settled flow leaves short, period by period (docs/model.md, Objective). */
#include "plan/settle_private.h"

/* What is short of `want`; the last bits of a double are nothing (docs/model.md, Rounding). */
static double ms_settle_short(double want_t, double met_t)
{
    const double last_bits = 1e-10;
    return want_t - met_t > last_bits * want_t ? want_t - met_t : 0;
}

double ms_short_cost(const ms_network *net, int32_t j, int t, double short_t)
{
    double cost = 0;
    for (int step = 0; step < net->weights.step_count && short_t > 0; step++) {
        double width = ms_network_short_width(net, j, t, step);
        double part = step == net->weights.step_count - 1 || short_t < width ? short_t : width;
        cost += part * ms_network_short_weight(net, j, step);
        short_t -= part;
    }
    return cost;
}

void ms_settle_weigh_needs(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double short_t = ms_settle_short(s->wanted_all[j], s->wanted_all[j] - s->wanted_left[j]);
        s->short_before[j] = short_t;
        if (short_t > 0)
            s->value.shortfall_part += ms_short_cost(net, j, t, short_t);
        if (s->out)
            s->out->short_t[ms_at(net, j, t)] = short_t;
    }
    for (int32_t r = 0; r < net->kase->reserves_count; r++) {
        int32_t k = net->reserve_layer[r];
        double level_t = net->reserve_t[ms_at(net, r, t)];
        if (level_t <= 0)
            continue;
        size_t pair = (size_t)k * (size_t)net->site_count + (size_t)net->kase->reserves[r].site_ix;
        double below_t = ms_settle_short(level_t, (double)s->there[pair] * s->measures[k].quantum_t);
        s->value.shortfall_part += below_t * ms_network_reserve_weight(net, r);
        if (s->out)
            s->out->below_t[ms_at(net, r, t)] = below_t;
    }
}

void ms_settle_weigh_commitments(ms_settler *s)
{
    const ms_network *net = s->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart < 0)
            continue;
        double kept_t = (double)s->kept[i] * s->measures[m->layer].quantum_t;
        s->value.shortfall_part += ms_settle_short(m->load_t, kept_t) * m->broken_cost;
        s->value.cost_part += kept_t * m->cost;
        s->value.cost_currency += kept_t * ms_network_move_currency(net, m->layer,
                                                                    net->kase->commitments[m->commitment_ix].lane_ix,
                                                                    m->depart);
    }
}
