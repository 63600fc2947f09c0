/* stride.c: the line on top, and where lines cross. */
#include "plan/stride.h"

#include <stdbool.h>

/* At a weight: 1 / length, and how it changes with the weight. */
typedef struct {
    double weight, inverse, slope;
} peak;

static void lift(peak *p, const ms_stride_side *side, int count)
{
    for (int j = 0; j < count; j++) {
        double loss = -side->sign * (side->along[j] + p->weight * side->aside[j]);
        if (loss > p->inverse * side->value[j]) {
            p->inverse = loss / side->value[j];
            p->slope = -side->sign * side->aside[j] / side->value[j];
        }
    }
}

static peak look(const ms_stride *stride, double weight, double most)
{
    peak p = {weight, 1 / most, 0};
    lift(&p, &stride->sides[0], stride->count);
    lift(&p, &stride->sides[1], stride->count);
    return p;
}

double ms_stride_at(const ms_stride *stride, double weight, double most)
{
    return 1 / look(stride, weight, most).inverse;
}

double ms_stride_longest(double *weight, const ms_stride *stride, double least, double most)
{
    const int looks_most = 6;
    const double hardly = 0.99; /* of what is the best, where even the crossing of the lines is no better */
    peak right = look(stride, 1, most), left = right, best = right;
    if (right.slope > 0) {
        left = look(stride, least, most);
        best = left.inverse < right.inverse ? left : right;
    }
    for (int looks = 2; looks < looks_most && left.slope < 0 && right.slope > 0; looks++) {
        double at_left = left.inverse - left.slope * left.weight, at_right = right.inverse - right.slope * right.weight;
        double middle = (at_left - at_right) / (right.slope - left.slope);
        bool between = middle > left.weight && middle < right.weight;
        if (!between || at_right + right.slope * middle > hardly * best.inverse)
            break;
        peak p = look(stride, middle, most);
        best = p.inverse < best.inverse ? p : best;
        if (p.slope > 0)
            right = p;
        else
            left = p;
    }
    *weight = best.weight;
    return 1 / best.inverse;
}
