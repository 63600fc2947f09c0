/* mps.c: writes the LP as free MPS, so that any solver can be asked (docs/model.md names rows and columns). */
#include "plan/lp.h"

#include <stdio.h>

#include "base/file.h"
#include "base/text.h"

enum { NAME_BYTES = 240 }; /* GLPK reads names of up to 255 bytes */

typedef struct {
    const ms_lp *lp;
    char (*rows)[NAME_BYTES], (*columns)[NAME_BYTES];
} names;

static void layer_name(char out[160], const ms_network *net, int32_t k)
{
    const ms_layer *layer = &net->layers[k];
    snprintf(out, 160, "%.64s.%.64s", net->kase->items[layer->item_ix].id,
             layer->owner_ix < 0 ? "-" : net->kase->partners[layer->owner_ix].id);
}

static void name_nodes(names *n)
{
    const ms_network *net = n->lp->net;
    char layer[160];
    for (int32_t k = 0; k < net->layer_count; k++) {
        layer_name(layer, net, k);
        for (int32_t site = 0; site < net->site_count; site++)
            for (int t = 0; t < net->H; t++) {
                size_t node = ms_node(net, k, site, t);
                const char *id = net->kase->sites[site].id;
                if (n->lp->c1_row[node] >= 0)
                    snprintf(n->rows[n->lp->c1_row[node]], NAME_BYTES, "C1.%.64s.%.130s.%d", id, layer, t);
                if (n->lp->s_column[node] >= 0)
                    snprintf(n->columns[n->lp->s_column[node]], NAME_BYTES, "s.%.64s.%.130s.%d", id, layer, t);
                int32_t supply = net->supply_row[(size_t)k * (size_t)net->site_count + (size_t)site];
                if (supply >= 0 && n->lp->o_column[ms_at(net, supply, t)] >= 0)
                    snprintf(n->columns[n->lp->o_column[ms_at(net, supply, t)]], NAME_BYTES, "o.%.64s.%.130s.%d", id,
                             layer, t);
            }
    }
}

static void name_ways(names *n)
{
    const ms_network *net = n->lp->net;
    char layer[160];
    for (int32_t w = 0; w < net->way_count; w++) {
        layer_name(layer, net, net->ways[w].layer);
        for (int t = 0; t < net->H; t++)
            if (n->lp->x_column[ms_at(net, w, t)] >= 0)
                snprintf(n->columns[n->lp->x_column[ms_at(net, w, t)]], NAME_BYTES, "x.%.64s.%.130s.%d.w%d",
                         net->kase->lanes[net->ways[w].lane_ix].id, layer, t, w);
    }
    for (int32_t v = 0; v < net->issue_count; v++) {
        layer_name(layer, net, net->issues[v].layer);
        for (int t = 0; t < net->H; t++)
            if (n->lp->y_column[ms_at(net, v, t)] >= 0)
                snprintf(n->columns[n->lp->y_column[ms_at(net, v, t)]], NAME_BYTES, "y.%.70s.%.130s.%d.v%d",
                         net->kase->demands[net->issues[v].demand_ix].id, layer, t, v);
    }
}

static void name_table(names *n, const char *label, const int32_t *rows, const int32_t *columns, char letter,
                       int32_t count, const char *(*id)(const ms_case *, int32_t))
{
    const ms_network *net = n->lp->net;
    for (int32_t i = 0; i < count; i++)
        for (int t = 0; t < net->H; t++) {
            size_t at = ms_at(net, i, t);
            if (rows && rows[at] >= 0)
                snprintf(n->rows[rows[at]], NAME_BYTES, "%s.%.130s.%d", label, id(net->kase, i), t);
            for (int s = 0; columns && columns[at] >= 0 && s < (letter == 'z' ? net->weights.step_count : 1); s++)
                snprintf(n->columns[columns[at] + s], NAME_BYTES, "%c.%.130s.%d.%d", letter, id(net->kase, i), t, s);
        }
}

static const char *demand_id(const ms_case *kase, int32_t i)
{
    return kase->demands[i].id;
}
static const char *lane_id(const ms_case *kase, int32_t i)
{
    return kase->lanes[i].id;
}
static const char *site_id(const ms_case *kase, int32_t i)
{
    return kase->sites[i].id;
}
static const char *fleet_id(const ms_case *kase, int32_t i)
{
    return kase->fleets[i].id;
}

static void name_all(names *n)
{
    const ms_lp *lp = n->lp;
    const ms_case *kase = lp->net->kase;
    name_nodes(n);
    name_ways(n);
    name_table(n, "C2", lp->c2_row, lp->z_column, 'z', kase->demands_count, demand_id);
    name_table(n, "C3", lp->c3_row, NULL, 0, kase->lanes_count, lane_id);
    name_table(n, "C4", lp->c4_row, NULL, 0, kase->sites_count, site_id);
    name_table(n, "C5", lp->c5_row, NULL, 0, kase->sites_count, site_id);
    name_table(n, "C6", lp->c6_row, NULL, 0, kase->fleets_count, fleet_id);
    for (int32_t g = 0; g < kase->agreements_count; g++)
        if (lp->c7_row[g] >= 0)
            snprintf(n->rows[lp->c7_row[g]], NAME_BYTES, "C7.%.64s", kase->agreements[g].id);
    for (int32_t r = 0; r < kase->reserves_count; r++)
        for (int t = 0; t < lp->net->H; t++) {
            if (lp->c8_row[ms_at(lp->net, r, t)] >= 0)
                snprintf(n->rows[lp->c8_row[ms_at(lp->net, r, t)]], NAME_BYTES, "C8.r%d.%d", r + 1, t);
            if (lp->r_column[ms_at(lp->net, r, t)] >= 0)
                snprintf(n->columns[lp->r_column[ms_at(lp->net, r, t)]], NAME_BYTES, "r.r%d.%d", r + 1, t);
        }
    for (int32_t m = 0; m < lp->net->committed_count; m++)
        if (lp->b_column[m] >= 0)
            snprintf(n->columns[lp->b_column[m]], NAME_BYTES, "b.m%d", lp->net->committed[m].commitment_ix + 1);
}

static void write_value(ms_buf *out, const char *section, const char *name, double value)
{
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(out, " %s %s %s\n", section, name, ms_number_text(number, value));
}

static void write_rows(ms_buf *out, const names *n)
{
    const ms_lp *lp = n->lp;
    ms_buf_text(out, "ROWS\n N objective\n");
    for (int i = 0; i < lp->row_count; i++) {
        bool equal = lp->row_lower[i] == lp->row_upper[i];
        ms_buf_printf(out, " %c %s\n", equal ? 'E' : isinf(lp->row_lower[i]) ? 'L' : 'G', n->rows[i]);
    }
}

static void write_columns(ms_buf *out, const names *n)
{
    const ms_lp *lp = n->lp;
    ms_buf_text(out, "COLUMNS\n");
    for (int c = 0; c < lp->column_count; c++) {
        write_value(out, n->columns[c], "objective", lp->cost[c]);
        for (int e = lp->start[c]; e < lp->start[c + 1]; e++)
            write_value(out, n->columns[c], n->rows[lp->index[e]], lp->value[e]);
    }
    if (lp->constant != 0) /* not as a right-hand side: GLPK and Clp read its sign differently */
        write_value(out, "constant", "objective", lp->constant);
}

static void write_sides(ms_buf *out, const names *n)
{
    const ms_lp *lp = n->lp;
    ms_buf_text(out, "RHS\n");
    for (int i = 0; i < lp->row_count; i++) {
        double side = isinf(lp->row_lower[i]) ? lp->row_upper[i] : lp->row_lower[i];
        if (side != 0)
            write_value(out, "rhs", n->rows[i], side);
    }
    ms_buf_text(out, "BOUNDS\n");
    if (lp->constant != 0)
        ms_buf_text(out, " FX bnd constant 1\n");
    for (int c = 0; c < lp->column_count; c++)
        if (!isinf(lp->upper[c]))
            write_value(out, "UP bnd", n->columns[c], lp->upper[c]);
    ms_buf_text(out, "ENDATA\n");
}

ms_status ms_lp_write_mps(const ms_lp *lp, const char *path, ms_error *err)
{
    names n = {.lp = lp};
    ms_buf out = {0};
    ms_status status = MS_OK;
    out.cap = (size_t)16 << 30;
    n.rows = ms_alloc((size_t)lp->row_count, sizeof *n.rows);
    n.columns = ms_alloc((size_t)lp->column_count, sizeof *n.columns);
    if (n.rows && n.columns) {
        name_all(&n);
        ms_buf_printf(&out, "* Mainstay: the linear program of docs/model.md; minimise\nNAME mainstay\n");
        write_rows(&out, &n);
        write_columns(&out, &n);
        write_sides(&out, &n);
    }
    if (!n.rows || !n.columns || out.failed)
        status = ms_error_memory(err);
    else
        status = ms_file_write(path, out.text, out.length, err);
    ms_free(n.rows);
    ms_free(n.columns);
    ms_buf_free(&out);
    return status;
}
