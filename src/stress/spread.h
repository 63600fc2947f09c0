/* spread.h: what a sample of equally likely numbers says: mean, quantiles, tail, and how sure that is.
 *
 * Quantiles are order statistics: the least number that at least a share q does not exceed. CVaR at 95 % is the mean of
 * the worst 5 % (Rockafellar and Uryasev, 2000): VaR + mean of (x - VaR)+ / 0.05. Half-widths are those of intervals of
 * 95 % by the normal law; for the CVaR by the spread of that same sum. They hold for some hundred numbers and more.
 */
#ifndef MS_STRESS_SPREAD_H
#define MS_STRESS_SPREAD_H

#include <stddef.h>

enum { MS_SPREAD_QUANTILES = 5 };
extern const double ms_spread_shares[MS_SPREAD_QUANTILES]; /* 0.05, 0.25, 0.5, 0.75, 0.95 */
#define MS_SPREAD_TAIL 0.05

typedef struct {
    double mean, mean_half;
    double quantile[MS_SPREAD_QUANTILES];
    double worst, cvar, cvar_half;
} ms_spread;

/* Sorts values in place; count 0 gives NANs. */
void ms_spread_of(ms_spread *out, double *values, size_t count);

/* How often something happens that was seen `seen` times of `count`: Wilson's interval of 95 %. */
void ms_spread_share(double *least, double *most, size_t seen, size_t count);

#endif
