/* cholesky_private.h: what cholesky_make.c lays out and cholesky.c computes with. */
#ifndef MS_PLAN_CHOLESKY_PRIVATE_H
#define MS_PLAN_CHOLESKY_PRIVATE_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"
#include "plan/cholesky.h"

enum {
    MS_FRONT_STRIP = 16, /* rows of a strip, in which the kernels take a panel */
    MS_FRONT_MOST = 256  /* columns of a front, at most */
};

/* Places are positions in the order of elimination. Front f has columns first[f] .. first[f + 1] - 1 and rows
 * rows[row_at[f] ..]: its columns, then those below, ascending. */
struct ms_cholesky {
    int n, front_count;
    int *order; /* [place]: row of the matrix */
    int *first, *row_at;
    int *rows;
    int *below;       /* like rows: for those below, their position among the rows of the parent */
    int *parent;      /* [front], or -1 */
    size_t *panel_at; /* [front + 1] into lower: columns of all the front's rows */
    float *lower;     /* L without its diagonal, to solve with */
    double *panel;    /* L of one front while it is computed */
    int *entry_at;    /* [front + 1] into the two next */
    int *entry;       /* which value */
    size_t *entry_to; /* where in the panel */
    double *stack;    /* triangles of children not yet taken up */
    int *waiting;     /* fronts whose triangles they are */
    size_t *waiting_at;
    double *diagonal; /* [place] before anything was taken off */
    double *inverse;  /* [place] 1 / diagonal of L */
    double *strips;   /* a panel for the kernels */
    double *work, *x; /* work: by the rows of a front */
    double operations;
    const struct ms_front_kernels *kernels;
    ms_arena *arena;
};

/* The order of elimination and its tree: order[place], parent[place] (-1: none) and count[place], the entries of that
 * column of L; children come before parents, and a column's descendants right before it. */
typedef struct {
    int *order, *place, *parent, *count;
    int *near_start, *near; /* the whole pattern without the diagonal, by row of the matrix */
} ms_elimination;

ms_status ms_eliminate(ms_elimination *out, ms_arena *arena, int n, const int *start, const int *index, ms_error *err);

/* cholesky.c: kernels for these vectors, at most what the machine has. */
const struct ms_front_kernels *ms_front_kernels_for(ms_simd simd);

#endif
