/* cholesky_private.h: what cholesky_make.c lays out and cholesky.c computes with. */
#ifndef MS_PLAN_CHOLESKY_PRIVATE_H
#define MS_PLAN_CHOLESKY_PRIVATE_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/team.h"
#include "plan/cholesky.h"

enum {
    MS_FRONT_STRIP = 16, /* rows of a strip, in which the kernels take a panel */
    MS_FRONT_MOST = 256, /* columns of a front, at most */
    MS_CREWS = 4         /* parts of the tree that can be worked on at the same time */
};

/* What a crew works with, and those who work on what is above the crews. */
typedef struct {
    double *panel;  /* L of one front while it is computed */
    double *strips; /* a panel for the kernels */
    double *work;   /* by the rows of a front */
    double *given;  /* by place from `above` on: what a crew's solve adds to what is not its own */
    int guarded;
} ms_crew;

/* Places are positions in the order of elimination. Front f has columns first[f] .. first[f + 1] - 1 and rows
 * rows[row_at[f] ..]: its columns, then those below, ascending. */
struct ms_cholesky {
    int n, front_count;
    int crew_first[MS_CREWS + 2]; /* fronts of each crew, then those above, which are for all */
    int above;                    /* the first place of those above */
    int *order;                   /* [place]: row of the matrix */
    int *first, *row_at;
    int *rows;
    int *own;             /* [front]: of its rows below its columns, how many belong to its crew; they come first */
    int *below;           /* like rows: for those below, their position among the rows of the parent */
    int *run_end;         /* likewise: where, among the rows, a run of places below that follow each other ends */
    int *parent;          /* [front], or -1 */
    int *child, *sibling; /* [front], or -1: the last of its children; the child of its parent before it */
    size_t *panel_at;     /* [front + 1] into lower: columns of all the front's rows */
    float *lower;         /* L without its diagonal, to solve with */
    int *entry_at;        /* [front + 1] into the two next */
    int *entry;           /* which value */
    size_t *entry_to;     /* where in the panel */
    double *stack;        /* triangles not yet taken up: for each crew, and for those above, a stack for those at
                           * even depths of the tree and one for those at odd ones */
    size_t *kept_at;      /* [front] on it */
    double *diagonal;     /* [place] before anything was taken off */
    double *inverse;      /* [place] 1 / diagonal of L */
    double *x;            /* [place] while solving */
    ms_crew crews[MS_CREWS + 1];
    double operations;
    const struct ms_front_kernels *kernels;
    ms_team *team;
    ms_pace compute_pace, solve_pace;
    ms_arena *arena;
};

/* The order of elimination and its tree: order[place], parent[place] (-1: none) and count[place], the entries of that
 * column of L; children come before parents, and a column's descendants right before it. */
typedef struct {
    int *order, *place, *parent, *count;
    int *near_start, *near; /* the whole pattern without the diagonal, by row of the matrix */
} ms_elimination;

ms_status ms_eliminate(ms_elimination *out, ms_arena *arena, int n, const int *start, const int *index, ms_error *err);

/* cholesky_crews.c: deals the fronts, which then come crew by crew: changes first, order, place, and nothing else of
 * the elimination. front_of: by place, before that. False without memory. */
bool ms_deal_fronts(ms_cholesky *f, ms_elimination *e, const int *front_of, ms_arena *arena);

/* cholesky.c: kernels for these vectors, at most what the machine has. */
const struct ms_front_kernels *ms_front_kernels_for(ms_simd simd);

#endif
