/* sweep_private.h: what sweep.c, sweep_make.c and the passes of sweep_body.h share. */
#ifndef MS_PLAN_SWEEP_PRIVATE_H
#define MS_PLAN_SWEEP_PRIVATE_H

#include "plan/sweep.h"

/* 2^-51: a value is lowered by four times what rounding one sum may raise it. 2^-48: costs, which are the result of
 * some more arithmetic. */
#define MS_SWEEP_STEP 0x1p-51
#define MS_SWEEP_COST 0x1p-48

enum { MS_SWEEP_LINES = 256 }; /* demand lines to a part */

/* The passes for one kind of vectors. */
typedef struct ms_sweep_passes {
    void (*lanes)(ms_sweeper *s);
    void (*block)(ms_sweeper *s, int32_t b);
    void (*demands)(ms_sweep_total *to, const ms_sweeper *s, int32_t first, int32_t end);
    void (*limits)(ms_sweep_total *to, const double *prices, const double *rooms, size_t count);
} ms_sweep_passes;

static inline double ms_sweep_lower(double x)
{
    double less = x * (1 - MS_SWEEP_STEP), more = x * (1 + MS_SWEEP_STEP);
    return less < more ? less : more;
}

static inline void ms_sweep_add(ms_sweep_total *to, double term, double magnitude)
{
    double sum = to->sum + term, was = sum - term;
    to->carry += (to->sum - was) + (term - (sum - was));
    to->sum = sum;
    to->magnitude += magnitude;
}

static inline bool ms_sweep_limited(const ms_network *net, int32_t agreement_ix)
{
    return agreement_ix >= 0 && !isinf(net->agreement_room[agreement_ix]);
}

/* The cost of a movement that pays no duty. */
static inline double ms_sweep_base(const ms_network *net, int32_t lane_ix, int t)
{
    const ms_weights *weights = &net->weights;
    return weights->epsilon * net->kase->lanes[lane_ix].cost_per_t + weights->move +
           weights->hold_per_day * net->period_days * net->transit[ms_at(net, lane_ix, t)];
}

static inline double *ms_sweep_node(const ms_sweeper *s, int32_t b, int t, int32_t n)
{
    return s->value + (size_t)b * s->block_stride + (size_t)t * s->period_stride + (size_t)n * MS_SWEEP_WIDTH;
}

/* What waiting at n in t comes to for each layer of the block is in out: mends it for those that differ, and lowers it
 * to what leaving as committed comes to. */
void ms_sweep_apart(double out[MS_SWEEP_WIDTH], const ms_sweeper *s, int32_t b, int32_t n, int t);

#endif
