/* prune.c: where and when each layer can be, and where and when it can still be of use.
 *
 * reach is exact. useful leaves out moves that could pay only by making room for other goods in a full store; an engine
 * that leaves out what is not useful must price it afterwards (bound.c does) and take back what pays.
 * Cost: O(ways x H), two bytes a node.
 */
#include "plan/network.h"

static void mark_sources(ms_network *net, int32_t k)
{
    for (int32_t n = 0; n < net->site_count; n++) {
        size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
        int32_t row = net->supply_row[pair];
        if (net->opening_t[pair] > 0)
            net->reach[ms_node(net, k, n, 0)] = 1;
        for (int t = 0; row >= 0 && t < net->H; t++)
            if (net->supply_t[ms_at(net, row, t)] > 0)
                net->reach[ms_node(net, k, n, t)] = 1;
    }
}

static void sweep_forward(ms_network *net, int32_t k)
{
    for (int t = 0; t < net->H; t++) {
        for (int32_t n = 0; t > 0 && n < net->site_count; n++)
            net->reach[ms_node(net, k, n, t)] |= net->reach[ms_node(net, k, n, t - 1)];
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
            const ms_lane *lane = &net->kase->lanes[net->ways[w].lane_ix];
            if (net->reach[ms_node(net, k, lane->from_ix, t)] && ms_network_way_open(net, &net->ways[w], t))
                net->reach[ms_node(net, k, lane->to_ix, t + net->transit[ms_at(net, net->ways[w].lane_ix, t)])] = 1;
        }
    }
}

static void mark_needs(ms_network *net, int32_t k)
{
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++) {
        int32_t n = net->kase->demands[net->issues[v].demand_ix].site_ix;
        for (int t = 0; t < net->H; t++)
            if (ms_network_issue_open(net, &net->issues[v], t))
                net->useful[ms_node(net, k, n, t)] = 1;
    }
}

static void sweep_backward(ms_network *net, int32_t k)
{
    for (int t = net->H - 1; t >= 0; t--) {
        for (int32_t n = 0; t < net->H - 1 && n < net->site_count; n++)
            net->useful[ms_node(net, k, n, t)] |= net->useful[ms_node(net, k, n, t + 1)];
        for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
            const ms_lane *lane = &net->kase->lanes[net->ways[w].lane_ix];
            if (!net->useful[ms_node(net, k, lane->from_ix, t)] && ms_network_way_open(net, &net->ways[w], t) &&
                net->useful[ms_node(net, k, lane->to_ix, t + net->transit[ms_at(net, net->ways[w].lane_ix, t)])])
                net->useful[ms_node(net, k, lane->from_ix, t)] = 1;
        }
    }
}

ms_status ms_network_prune(ms_network *net, ms_error *err)
{
    size_t nodes = ms_node(net, net->layer_count, 0, 0);
    net->reach = ms_arena_alloc(net->arena, nodes, 1);
    net->useful = ms_arena_alloc(net->arena, nodes, 1);
    if (!net->reach || !net->useful)
        return ms_error_memory(err);
    for (int32_t m = 0; m < net->committed_count; m++) {
        const ms_committed *c = &net->committed[m];
        if (c->depart >= 0)
            net->reach[ms_node(net, c->layer, c->from_ix, c->depart)] =
                net->useful[ms_node(net, c->layer, c->from_ix, c->depart)] = 1;
        if (c->arrive < net->H)
            net->reach[ms_node(net, c->layer, c->to_ix, c->arrive)] = 1;
    }
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++)
            if (net->reserve_t[ms_at(net, r, t)] > 0)
                net->useful[ms_node(net, net->reserve_layer[r], net->kase->reserves[r].site_ix, t)] = 1;
    for (int32_t k = 0; k < net->layer_count; k++) {
        mark_sources(net, k);
        mark_needs(net, k);
        sweep_forward(net, k);
        sweep_backward(net, k);
    }
    return MS_OK;
}
