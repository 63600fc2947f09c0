/* lp.c: builds the linear program of docs/model.md column by column; rows appear when their first column does. */
#include "plan/lp.h"

#include <limits.h>
#include <string.h>

typedef struct {
    ms_lp *lp;
    const ms_network *net;
    const uint8_t *extra;
    int32_t *reserve_at; /* [layer*sites + site]: reserve of the layer at the site, or -1 */
    double *comes_t;     /* [node]: right-hand sides of C1 */
    size_t column_capacity, upper_capacity, start_capacity, row_capacity, lower_capacity, index_capacity,
        value_capacity;
    bool failed;
} builder;

/* ---- rows and columns ---- */

static int32_t row(builder *b, int32_t *slot, double lower, double upper)
{
    ms_lp *lp = b->lp;
    if (*slot >= 0 || b->failed)
        return *slot;
    size_t need = (size_t)lp->row_count + 1;
    if (lp->row_count == INT_MAX ||
        !ms_grow((void **)&lp->row_lower, &b->lower_capacity, need, sizeof *lp->row_lower) ||
        !ms_grow((void **)&lp->row_upper, &b->row_capacity, need, sizeof *lp->row_upper)) {
        b->failed = true;
        return *slot;
    }
    lp->row_lower[lp->row_count] = lower;
    lp->row_upper[lp->row_count] = upper;
    *slot = lp->row_count++;
    return *slot;
}

static int32_t column(builder *b, double cost, double upper)
{
    ms_lp *lp = b->lp;
    size_t need = (size_t)lp->column_count + 1;
    if (b->failed || lp->column_count == INT_MAX ||
        !ms_grow((void **)&lp->cost, &b->column_capacity, need, sizeof *lp->cost) ||
        !ms_grow((void **)&lp->upper, &b->upper_capacity, need, sizeof *lp->upper) ||
        !ms_grow((void **)&lp->start, &b->start_capacity, need + 1, sizeof *lp->start)) {
        b->failed = true;
        return MS_NONE;
    }
    lp->cost[lp->column_count] = cost;
    lp->upper[lp->column_count] = upper;
    lp->start[lp->column_count] = lp->entry_count;
    lp->start[lp->column_count + 1] = lp->entry_count;
    return lp->column_count++;
}

/* Adds an entry to the newest column. A row that is not there (-1) is no entry. */
static void entry(builder *b, int32_t row_ix, double value)
{
    ms_lp *lp = b->lp;
    size_t need = (size_t)lp->entry_count + 1;
    if (b->failed || row_ix < 0 || value == 0)
        return;
    if (lp->entry_count == INT_MAX || !ms_grow((void **)&lp->index, &b->index_capacity, need, sizeof *lp->index) ||
        !ms_grow((void **)&lp->value, &b->value_capacity, need, sizeof *lp->value)) {
        b->failed = true;
        return;
    }
    lp->index[lp->entry_count] = row_ix;
    lp->value[lp->entry_count++] = value;
    lp->start[lp->column_count] = lp->entry_count;
}

static int32_t room_row(builder *b, int32_t *rows, const double *rooms, size_t at)
{
    return isinf(rooms[at]) ? MS_NONE : row(b, &rows[at], -INFINITY, rooms[at]);
}

static int32_t agreement_row(builder *b, int32_t agreement_ix)
{
    return agreement_ix < 0 ? MS_NONE : room_row(b, b->lp->c7_row, b->net->agreement_room, (size_t)agreement_ix);
}

/* ---- C1: a row for each node that goods can reach; its right-hand side is what comes and goes by itself ---- */

static void add_stock_rows(builder *b)
{
    const ms_network *net = b->net;
    ms_network_comes(b->comes_t, net);
    for (size_t node = 0, nodes = ms_node(net, net->layer_count, 0, 0); node < nodes; node++)
        if (net->reach[node])
            row(b, &b->lp->c1_row[node], b->comes_t[node], b->comes_t[node]);
    for (int32_t i = 0; i < net->committed_count; i++)
        if (net->committed[i].depart >= 0)
            b->lp->constant += net->committed[i].cost * net->committed[i].load_t;
}

static void add_broken_columns(builder *b)
{
    const ms_network *net = b->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        b->lp->b_column[i] = MS_NONE;
        if (m->depart < 0 || m->load_t <= 0)
            continue;
        b->lp->b_column[i] = column(b, m->broken_cost - m->cost, m->load_t);
        entry(b, b->lp->c1_row[ms_node(net, m->layer, m->from_ix, m->depart)], -1);
        if (m->arrive < net->H)
            entry(b, b->lp->c1_row[ms_node(net, m->layer, m->to_ix, m->arrive)], 1);
    }
}

/* ---- the columns of one layer ---- */

static bool move_wanted(const builder *b, int32_t w, int t)
{
    const ms_network *net = b->net;
    if (ms_network_move_wanted(net, w, t))
        return true;
    return b->extra && b->extra[ms_at(net, w, t)] && ms_network_move_possible(net, w, t);
}

static void add_move(builder *b, int32_t w, int t)
{
    const ms_network *net = b->net;
    const ms_move_way *way = &net->ways[w];
    const ms_lane *lane = &net->kase->lanes[way->lane_ix];
    int arrive = t + net->transit[ms_at(net, way->lane_ix, t)];
    ms_lp *lp = b->lp;
    lp->x_column[ms_at(net, w, t)] = column(b, ms_network_move_cost(net, way->layer, way->lane_ix, t), INFINITY);
    entry(b, lp->c1_row[ms_node(net, way->layer, lane->from_ix, t)], 1);
    entry(b, lp->c1_row[ms_node(net, way->layer, lane->to_ix, arrive)], -1);
    entry(b, room_row(b, lp->c3_row, net->lane_room, ms_at(net, way->lane_ix, t)), 1);
    entry(b, room_row(b, lp->c4_row, net->site_room, ms_at(net, lane->from_ix, t)), 1);
    entry(b, room_row(b, lp->c4_row, net->site_room, ms_at(net, lane->to_ix, arrive)), 1);
    if (lane->fleet_ix >= 0)
        for (int later = t; later < ms_network_away_end(net, way->lane_ix, t); later++)
            entry(b, room_row(b, lp->c6_row, net->fleet_room, ms_at(net, lane->fleet_ix, later)),
                  ms_network_away(net, way->lane_ix, t, later));
    for (int need = 0; need < MS_NEEDS; need++)
        entry(b, agreement_row(b, way->agreement_ix[need]), 1);
}

static void add_stock(builder *b, int32_t k, int32_t n, int t)
{
    const ms_network *net = b->net;
    ms_lp *lp = b->lp;
    size_t node = ms_node(net, k, n, t);
    int32_t reserve = b->reserve_at[(size_t)k * (size_t)net->site_count + (size_t)n];
    lp->s_column[node] = column(b, net->weights.hold_per_day * net->period_days, INFINITY);
    entry(b, lp->c1_row[node], 1);
    if (t + 1 < net->H)
        entry(b, lp->c1_row[node + 1], -ms_case_carry(net->kase, n, net->layers[k].item_ix, t + 1));
    entry(b, room_row(b, lp->c5_row, net->storage, ms_at(net, n, t)), 1);
    if (reserve >= 0)
        entry(b, lp->c8_row[ms_at(net, reserve, t)], 1);

    int32_t supply = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)n];
    if (supply >= 0 && net->supply_t[ms_at(net, supply, t)] > 0) {
        lp->o_column[ms_at(net, supply, t)] = column(b, net->weights.refuse, net->supply_t[ms_at(net, supply, t)]);
        entry(b, lp->c1_row[node], 1);
    }
}

static void add_issue(builder *b, int32_t v, int t)
{
    const ms_network *net = b->net;
    const ms_issue_way *way = &net->issues[v];
    size_t node = ms_node(net, way->layer, net->kase->demands[way->demand_ix].site_ix, t);
    if (!net->reach[node] || !ms_network_issue_open(net, way, t))
        return;
    if (way->agreement_ix >= 0 && net->agreement_room[way->agreement_ix] <= 0)
        return;
    b->lp->y_column[ms_at(net, v, t)] = column(b, way->charge, INFINITY);
    entry(b, b->lp->c1_row[node], 1);
    entry(b, b->lp->c2_row[ms_at(net, way->demand_ix, t)], way->meets);
    entry(b, agreement_row(b, way->agreement_ix), 1);
}

static void add_layer(builder *b, int32_t k)
{
    const ms_network *net = b->net;
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++)
        for (int t = 0; t < net->H; t++)
            if (move_wanted(b, w, t))
                add_move(b, w, t);
    for (int32_t n = 0; n < net->site_count; n++)
        for (int t = 0; t < net->H; t++)
            if (net->reach[ms_node(net, k, n, t)])
                add_stock(b, k, n, t);
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
        for (int t = 0; t < net->H; t++)
            add_issue(b, v, t);
}

/* ---- C2 and C8: needs ---- */

static void add_demands(builder *b)
{
    const ms_network *net = b->net;
    for (int32_t j = 0; j < net->kase->demands_count; j++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, j, t);
            if (net->demand_most[at] > 0)
                row(b, &b->lp->c2_row[at], net->demand_t[at], net->demand_t[at]);
        }
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        bool owed = net->kase->items[net->kase->demands[j].item_ix].backorder;
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, j, t);
            for (int s = 0; net->demand_most[at] > 0 && s < net->weights.step_count; s++) {
                int32_t z = column(b, ms_network_short_weight(net, j, s), ms_network_short_width(net, j, t, s));
                if (s == 0)
                    b->lp->z_column[at] = z;
                entry(b, b->lp->c2_row[at], 1);
                if (owed && t + 1 < net->H)
                    entry(b, b->lp->c2_row[at + 1], -1);
            }
        }
    }
}

static void add_reserves(builder *b)
{
    const ms_network *net = b->net;
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, r, t);
            if (net->reserve_t[at] <= 0)
                continue;
            b->lp->r_column[at] = column(b, ms_network_reserve_weight(net, r), net->reserve_t[at]);
            entry(b, row(b, &b->lp->c8_row[at], net->reserve_t[at], INFINITY), 1);
        }
}

/* ---- putting it together ---- */

static int32_t *new_map(size_t count)
{
    int32_t *map = ms_alloc(count, sizeof *map);
    if (map)
        memset(map, 0xff, count * sizeof *map);
    return map;
}

static bool new_maps(ms_lp *lp)
{
    const ms_network *net = lp->net;
    const ms_case *kase = net->kase;
    size_t H = (size_t)net->H, nodes = ms_node(net, net->layer_count, 0, 0), supplies = 0;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        supplies += net->supply_row[pair] >= 0;
    lp->x_column = new_map((size_t)net->way_count * H);
    lp->y_column = new_map((size_t)net->issue_count * H);
    lp->s_column = new_map(nodes);
    lp->o_column = new_map(supplies * H);
    lp->z_column = new_map((size_t)kase->demands_count * H);
    lp->r_column = new_map((size_t)kase->reserves_count * H);
    lp->b_column = new_map((size_t)net->committed_count);
    lp->c1_row = new_map(nodes);
    lp->c2_row = new_map((size_t)kase->demands_count * H);
    lp->c3_row = new_map((size_t)kase->lanes_count * H);
    lp->c4_row = new_map((size_t)kase->sites_count * H);
    lp->c5_row = new_map((size_t)kase->sites_count * H);
    lp->c6_row = new_map((size_t)kase->fleets_count * H);
    lp->c7_row = new_map((size_t)kase->agreements_count);
    lp->c8_row = new_map((size_t)kase->reserves_count * H);
    lp->start = ms_alloc(1, sizeof *lp->start);
    return lp->x_column && lp->y_column && lp->s_column && lp->o_column && lp->z_column && lp->r_column &&
           lp->b_column && lp->c1_row && lp->c2_row && lp->c3_row && lp->c4_row && lp->c5_row && lp->c6_row &&
           lp->c7_row && lp->c8_row && lp->start;
}

static bool find_reserves(builder *b)
{
    const ms_network *net = b->net;
    b->reserve_at = new_map((size_t)net->layer_count * (size_t)net->site_count);
    b->comes_t = ms_alloc(ms_node(net, net->layer_count, 0, 0), sizeof *b->comes_t);
    if (!b->reserve_at || !b->comes_t)
        return false;
    for (int32_t r = 0; r < net->kase->reserves_count; r++)
        if (net->reserve_layer[r] >= 0)
            b->reserve_at[(size_t)net->reserve_layer[r] * (size_t)net->site_count +
                          (size_t)net->kase->reserves[r].site_ix] = r;
    return true;
}

ms_status ms_lp_build(ms_lp **out, const ms_network *net, const uint8_t *extra, ms_error *err)
{
    ms_lp *lp = ms_alloc(1, sizeof *lp);
    if (!lp)
        return ms_error_memory(err);
    lp->net = net;
    builder b = {.lp = lp, .net = net, .extra = extra, .start_capacity = 1};
    b.failed = !new_maps(lp) || !find_reserves(&b);
    if (!b.failed) {
        add_stock_rows(&b);
        add_demands(&b);
        add_reserves(&b);
        for (int32_t k = 0; k < net->layer_count && !b.failed; k++)
            add_layer(&b, k);
        add_broken_columns(&b);
    }
    ms_free(b.reserve_at);
    ms_free(b.comes_t);
    if (b.failed) {
        ms_lp_free(lp);
        return ms_error_memory(err);
    }
    *out = lp;
    return MS_OK;
}

void ms_lp_free(ms_lp *lp)
{
    if (!lp)
        return;
    void *const blocks[] = {lp->start,
                            lp->index,
                            lp->value,
                            lp->cost,
                            lp->upper,
                            lp->row_lower,
                            lp->row_upper,
                            lp->x_column,
                            lp->y_column,
                            lp->s_column,
                            lp->o_column,
                            lp->z_column,
                            lp->r_column,
                            lp->b_column,
                            lp->c1_row,
                            lp->c2_row,
                            lp->c3_row,
                            lp->c4_row,
                            lp->c5_row,
                            lp->c6_row,
                            lp->c7_row,
                            lp->c8_row,
                            lp};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        ms_free(blocks[i]);
}

long long ms_lp_count_columns(const ms_network *net)
{
    builder b = {.net = net};
    long long count = 0;
    for (int32_t w = 0; w < net->way_count; w++)
        for (int t = 0; t < net->H; t++)
            count += move_wanted(&b, w, t);
    for (size_t node = 0, nodes = ms_node(net, net->layer_count, 0, 0); node < nodes; node++)
        count += net->reach[node];
    for (int32_t v = 0; v < net->issue_count; v++) {
        int32_t n = net->kase->demands[net->issues[v].demand_ix].site_ix;
        for (int t = 0; t < net->H; t++)
            count += net->reach[ms_node(net, net->issues[v].layer, n, t)] &&
                     ms_network_issue_open(net, &net->issues[v], t);
    }
    for (size_t at = 0; at < (size_t)net->kase->demands_count * (size_t)net->H; at++)
        count += net->demand_most[at] > 0 ? net->weights.step_count : 0;
    for (size_t at = 0; at < (size_t)net->kase->reserves_count * (size_t)net->H; at++)
        count += net->reserve_t[at] > 0;
    return count;
}
