/* stride.h: how far an interior point may go until something that must stay positive becomes 0, along a direction or
 * along the best sum of two (docs/engine.md, An exact end).
 *
 * 1 / length is the largest of as many lines in the second direction's weight as there are values, hence convex: the
 * weight is found where the steepest lines on its two sides cross, again and again (Kelley 1960, in one variable).
 * Time: a few passes over the values. Nothing is allocated.
 */
#ifndef MS_PLAN_STRIDE_H
#define MS_PLAN_STRIDE_H

/* What must stay positive: `value` + length * sign * (`along` + weight * `aside`), by place. A value of 0 that does not
 * change and a value of INFINITY limit nothing. */
typedef struct {
    const double *value, *along, *aside;
    double sign;
} ms_stride_side;

typedef struct {
    ms_stride_side sides[2];
    int count; /* places of each side */
} ms_stride;

/* The length at this weight; at most `most`. */
double ms_stride_at(const ms_stride *stride, double weight, double most);
/* The largest length that a weight from `least` to 1 allows, at most `most`; the weight goes to *weight. */
double ms_stride_longest(double *weight, const ms_stride *stride, double least, double most);

#endif
