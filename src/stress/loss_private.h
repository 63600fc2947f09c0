/* loss_private.h: what loss.c (worth) and loss_room.c (room for what stays) share. */
#ifndef MS_STRESS_LOSS_PRIVATE_H
#define MS_STRESS_LOSS_PRIVATE_H

#include "stress/loss.h"

typedef struct {
    const ms_network *net;
    const ms_settled *plan;
    const ms_failures *failures;
    uint8_t *closed, *begun; /* [t]: part of the period is within the span; the period starts within it */
    uint8_t *full;           /* [site]: what stays there might not fit */
    bool any_full;
    bool lossy;      /* stock is destroyed somewhere on the way */
    double quantum;  /* of the layer at hand, tonnes */
    double *worth;   /* R [site*H + t] of the layer at hand: what losing a tonne there costs */
    double *there;   /* [site*H + t] of the layer at hand: tonnes that come to be there */
    double *stuck;   /* likewise: those of them that come from a full site */
    double *number;  /* [site]: of the period at hand, what all that leaves is worth */
    double *leaving; /* [site]: and how much that is */
    double park;     /* what a tonne that stays where it was costs */
    double *out;
} ms_loss_finder;

/* loss_room.c: fills full and any_full. */
ms_status ms_loss_find_full(ms_loss_finder *finder, ms_error *err);
/* Fills there and stuck for a layer. */
void ms_loss_follow(ms_loss_finder *finder, int32_t layer);

static inline double ms_loss_stock(const ms_loss_finder *f, int32_t layer, int32_t site_ix, int t)
{
    return (double)f->plan->stock_q[ms_node(f->net, layer, site_ix, t)] * f->quantum;
}
static inline double ms_loss_moved(const ms_loss_finder *f, int32_t way_ix, int t)
{
    return (double)f->plan->move_q[ms_at(f->net, way_ix, t)] * f->quantum;
}
static inline double ms_loss_issued(const ms_loss_finder *f, int32_t issue_ix, int t)
{
    return (double)f->plan->issue_q[ms_at(f->net, issue_ix, t)] * f->quantum;
}
static inline double ms_loss_kept(const ms_loss_finder *f, int32_t committed_ix)
{
    return (double)f->plan->kept_q[committed_ix] * f->quantum;
}

#endif
