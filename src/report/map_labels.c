/* map_labels.c: placing labels so that none covers another or a site.
 *
 * Greedy: the heaviest sites choose first, each takes the first free place of a list that begins beside the site and
 * goes outwards; further out a leader joins label and site. A site that finds no place stays without a label (its name
 * is still in the picture as a tooltip). Point-feature labelling by greedy choice is the usual quick method; with tens
 * of sites a panel it leaves few out. Cost: sites x places x (sites + labels).
 */
#include <stdlib.h>
#include <string.h>

#include "report/map.h"

static const double SYMBOL = 7.0; /* half the size of the largest symbol */

typedef struct {
    double x, y, w, h;
} rectangle;

static bool overlap(rectangle a, rectangle b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

typedef struct {
    const ms_map *map;
    const ms_panel *panel;
    const double *widths;
    double height;
    ms_map_label *labels;
    int32_t *order; /* sites of the panel that want a label, heaviest first */
    int32_t order_count, site_count;
    const int32_t *sites; /* all sites drawn in the panel */
} placing;

static rectangle box_of(const ms_map_label *label)
{
    return (rectangle){label->x, label->y, label->w, label->h};
}

static bool is_free(const placing *p, rectangle box, int32_t own)
{
    const ms_panel *panel = p->panel;
    if (box.x < panel->x + 2 || box.y < panel->y + 2 || box.x + box.w > panel->x + panel->w - 2 ||
        box.y + box.h > panel->y + panel->h - 2)
        return false;
    for (int32_t i = 0; i < p->site_count; i++) {
        ms_point at = ms_map_place(panel, p->map->at[p->sites[i]]);
        rectangle symbol = {at.x - SYMBOL, at.y - SYMBOL, 2 * SYMBOL, 2 * SYMBOL};
        if (p->sites[i] != own && overlap(box, symbol))
            return false;
    }
    for (int32_t i = 0; i < p->order_count; i++)
        if (p->labels[p->order[i]].placed && overlap(box, box_of(&p->labels[p->order[i]])))
            return false;
    return true;
}

/* Directions in the order of liking: right, left, then above and below them. */
static const struct {
    double dx, dy; /* where the label's near edge lies, in units of the distance */
    double align;  /* part of the width to the left of that point */
} directions[] = {
    {1, 0, 0},      {-1, 0, 1},    {0.7, -0.8, 0}, {0.7, 0.8, 0}, {-0.7, -0.8, 1}, {-0.7, 0.8, 1},
    {0, -1.3, 0.5}, {0, 1.3, 0.5}, {0.9, -0.4, 0}, {0.9, 0.4, 0}, {-0.9, -0.4, 1}, {-0.9, 0.4, 1},
};

enum { DIRECTIONS = sizeof directions / sizeof directions[0], BELOW = 7 };

static const double reaches[] = {9, 17, 27, 40, 56, 76};

static void place(placing *p, int32_t n)
{
    ms_point at = ms_map_place(p->panel, p->map->at[n]);
    double w = p->widths[n], h = p->height;
    size_t first = p->map->scheme ? BELOW : 0; /* a scheme's lanes run from left to right */
    for (size_t r = 0; r < sizeof reaches / sizeof reaches[0]; r++) {
        for (size_t i = 0; i < DIRECTIONS; i++) {
            size_t d = (i + first) % DIRECTIONS;
            double x = at.x + directions[d].dx * reaches[r], y = at.y + directions[d].dy * reaches[r];
            rectangle box = {x - directions[d].align * w, y - h / 2.0, w, h};
            if (!is_free(p, box, n))
                continue;
            bool leader = r > 0;
            p->labels[n] = (ms_map_label){
                box.x, box.y, w, h, leader ? x : NAN, leader ? y : NAN, true, directions[d].align == 1};
            return;
        }
    }
}

typedef struct {
    int32_t site_ix;
    double weight;
} ranked;

static int heaviest_first(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->site_ix > b->site_ix) - (a->site_ix < b->site_ix);
}

bool ms_map_labels(ms_map_label *labels, const ms_map *map, int panel_ix, const double *widths, double height)
{
    const ms_panel *panel = &map->panels[panel_ix];
    int32_t count = map->kase->sites_count;
    memset(labels, 0, (size_t)count * sizeof *labels);
    int32_t *sites = ms_alloc((size_t)count, sizeof *sites), *order = ms_alloc((size_t)count, sizeof *order);
    ranked *rank = ms_alloc((size_t)count, sizeof *rank);
    placing p = {.map = map,
                 .panel = panel,
                 .widths = widths,
                 .height = height,
                 .labels = labels,
                 .order = order,
                 .sites = sites};
    for (int32_t n = 0; sites != NULL && order != NULL && rank != NULL && n < count; n++) {
        if (isnan(map->at[n].x) || !ms_map_inside(panel, ms_map_place(panel, map->at[n])))
            continue;
        sites[p.site_count++] = n;
        bool elsewhere = panel_ix == 0 && map->panel_count > 1 && map->enlarged[n];
        if (!elsewhere && widths[n] > 0.0)
            rank[p.order_count++] = (ranked){n, map->weight[n] + (map->short_t[n] > 0.0 ? 1e12 : 0.0)};
    }
    if (p.order_count > 0) {
        qsort(rank, (size_t)p.order_count, sizeof *rank, heaviest_first);
        if (p.order_count > MS_MAP_LABELS)
            p.order_count = MS_MAP_LABELS;
        for (int32_t i = 0; i < p.order_count; i++)
            order[i] = rank[i].site_ix;
        for (int32_t i = 0; i < p.order_count; i++)
            place(&p, order[i]);
    }
    bool enough = sites != NULL && order != NULL && rank != NULL;
    ms_free(sites);
    ms_free(order);
    ms_free(rank);
    return enough;
}
