/* grid_private.h: how grid.c and metric.c reach a number. */
#ifndef MS_PLAN_GRID_PRIVATE_H
#define MS_PLAN_GRID_PRIVATE_H

#include "plan/grid.h"

static inline void ms_grid_put(const ms_grid *g, void *to, size_t at, double value)
{
    if (g->wide)
        ((double *)to)[at] = value;
    else
        ((float *)to)[at] = (float)value;
}

static inline double ms_grid_get(const ms_grid *g, const void *from, size_t at)
{
    return g->wide ? ((const double *)from)[at] : (double)((const float *)from)[at];
}

static inline size_t ms_grid_row(const ms_grid *g, int32_t row, int t)
{
    return (size_t)row * (size_t)g->stride + (size_t)t;
}

static inline size_t ms_grid_lane(const ms_grid *g, int32_t a, int t)
{
    return (size_t)a * g->lane_stride + (size_t)t;
}

static inline size_t ms_grid_node(const ms_grid *g, int32_t k, int32_t n, int t)
{
    return (size_t)k * g->layer_stride + ms_grid_row(g, n, t);
}

/* Where the factors of a chain begin in their block. */
static inline size_t ms_grid_factors(const ms_grid *g, int32_t slot)
{
    return (size_t)(slot / MS_GRID_LANES * MS_GRID_LANES) * (size_t)g->net->H + (size_t)(slot % MS_GRID_LANES);
}

#endif
