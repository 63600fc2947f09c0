/* prices.h: prices of the shared limits and needs, what they prove, and what they say about each movement.
 *
 * docs/model.md, The bound: B1 is a backward sweep for each layer, B2 to B6 are sums. Whatever the prices, the result
 * is a valid lower bound, so nothing here has to be exact; good prices make it tight. The sweep itself is in sweep.h.
 * Memory: a double for each shared row.
 */
#ifndef MS_PLAN_PRICES_H
#define MS_PLAN_PRICES_H

#include "plan/network.h"

typedef struct {
    double *demand;     /* beta [j*H + t] */
    double *lane;       /* lambda [a*H + t] */
    double *site;       /* chi [n*H + t] */
    double *storage;    /* sigma [n*H + t] */
    double *fleet;      /* theta [f*H + t] */
    double *agreement;  /* mu [g] */
    double *reserve;    /* gamma [r*H + t] */
    double *commitment; /* psi [commitment row]; NAN: it has no price */
} ms_prices;

ms_status ms_prices_make(ms_prices *out, const ms_network *net); /* all zero; MS_NO_MEMORY */
void ms_prices_free(ms_prices *prices);
/* Copies prices of another network of the same tables. */
void ms_prices_copy(ms_prices *to, const ms_prices *from, const ms_network *net);
/* Brings prices that are farther than `most` from those of the centre so near; or, where whole, all the way. */
void ms_prices_keep_near(ms_prices *prices, const ms_prices *centre, double most, bool whole, const ms_network *net);
/* The prices of a plan's rows in their places. */
void ms_prices_from_plan(ms_prices *prices, const ms_plan *plan, int period_count);
/* Negative prices of limits become 0, and a limit without a row has none: what the bound needs to be valid. */
void ms_prices_clean(ms_prices *prices, const ms_network *net);

/* The proven bound (B1 to B6). Whoever asks more than once for a network has a sweeper (sweep.h), as these three make
 * one each time. */
ms_status ms_bound(double *out, const ms_network *net, const ms_prices *prices, ms_error *err);

/* Gives every limit without room the least price at which nobody would want to use it, so that explanations and the
 * bound know what a closed lane is worth. Never lowers the bound. */
ms_status ms_prices_complete(ms_prices *prices, const ms_network *net, ms_error *err);

/* Marks in extra[way*H + t] the movements that a pruned LP left out and that would pay at these prices by more than
 * tolerance; *count gets how many were newly marked. in_lp is the LP's x_column map. */
ms_status ms_prices_price_out(uint8_t *extra, long long *count, const ms_network *net, const ms_prices *prices,
                              const int32_t *in_lp, double tolerance, ms_error *err);

#endif
