/* spread.c: see spread.h. */
#include "stress/spread.h"

#include <math.h>
#include <stdlib.h>

static const double NORMAL_95 = 1.959963984540054;

const double ms_spread_shares[MS_SPREAD_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double order_statistic(const double *sorted, size_t count, double share)
{
    double place = ceil(share * (double)count - 1e-9);
    size_t ix = place < 1 ? 0 : (size_t)place - 1;
    return sorted[ix < count ? ix : count - 1];
}

/* Half the width of the interval of a mean. */
static double half_width(double sum_of_squares, size_t count)
{
    if (count < 2)
        return INFINITY;
    double variance = sum_of_squares / (double)(count - 1);
    return NORMAL_95 * sqrt(variance / (double)count);
}

void ms_spread_of(ms_spread *out, double *values, size_t count)
{
    double sum = 0, squares = 0, tail = 0, tail_squares = 0;
    if (count == 0) {
        *out = (ms_spread){NAN, NAN, {NAN, NAN, NAN, NAN, NAN}, NAN, NAN, NAN};
        return;
    }
    qsort(values, count, sizeof *values, by_size);
    for (int q = 0; q < MS_SPREAD_QUANTILES; q++)
        out->quantile[q] = order_statistic(values, count, ms_spread_shares[q]);
    double at_risk = out->quantile[MS_SPREAD_QUANTILES - 1];
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        tail += fmax(0, values[i] - at_risk) / MS_SPREAD_TAIL;
    }
    out->mean = sum / (double)count;
    double tail_mean = tail / (double)count;
    for (size_t i = 0; i < count; i++) {
        double off = values[i] - out->mean, tail_off = fmax(0, values[i] - at_risk) / MS_SPREAD_TAIL - tail_mean;
        squares += off * off;
        tail_squares += tail_off * tail_off;
    }
    out->mean_half = half_width(squares, count);
    out->worst = values[count - 1];
    out->cvar = at_risk + tail_mean;
    out->cvar_half = half_width(tail_squares, count);
}

void ms_spread_share(double *least, double *most, size_t seen, size_t count)
{
    if (count == 0) {
        *least = 0;
        *most = 1;
        return;
    }
    double n = (double)count, share = (double)seen / n, z2 = NORMAL_95 * NORMAL_95;
    double middle = share + z2 / (2 * n), reach = NORMAL_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    double scale = 1 + z2 / n;
    *least = seen == 0 ? 0 : (middle - reach) / scale;
    *most = seen == count ? 1 : (middle + reach) / scale;
}
