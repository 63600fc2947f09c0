/* lp.h: the linear program of docs/model.md over a network, by columns, for any LP code.
 *
 * Only rows and columns that can matter are built: a movement needs goods that can be there (reach) and a need that it
 * can still serve (useful) unless `extra` asks for it. Column and row maps give -1 for what was left out. Immutable
 * once built. Memory: about 100 bytes a column. Time: linear in the columns.
 */
#ifndef MS_PLAN_LP_H
#define MS_PLAN_LP_H

#include "plan/network.h"

typedef struct {
    const ms_network *net;
    int column_count, row_count, entry_count;
    int *start, *index;           /* [column_count + 1], [entry_count] */
    double *value, *cost, *upper; /* lower bounds are 0 */
    double *row_lower, *row_upper;
    double constant; /* objective of what is not a variable */

    /* Columns, -1 where there is none. */
    int32_t *x_column; /* [way*H + t] */
    int32_t *y_column; /* [issue*H + t] */
    int32_t *s_column; /* [node] */
    int32_t *o_column; /* [supply row*H + t] */
    int32_t *z_column; /* [demand*H + t]: step 0, the other steps follow */
    int32_t *r_column; /* [reserve*H + t] */
    int32_t *b_column; /* [committed] */
    /* Rows, -1 where there is none. */
    int32_t *c1_row, *c2_row, *c3_row, *c4_row, *c5_row, *c6_row, *c7_row, *c8_row;
} ms_lp;

/* extra, when not NULL, is [way*H + t]: 1 where a movement is wanted though it does not look useful. */
ms_status ms_lp_build(ms_lp **out, const ms_network *net, const uint8_t *extra, ms_error *err);
void ms_lp_free(ms_lp *lp); /* NULL is allowed */

/* Counts the columns without building. */
long long ms_lp_count_columns(const ms_network *net);

/* mps.c: the LP as free MPS, with names that say which constraint of docs/model.md, which lane, which period. */
ms_status ms_lp_write_mps(const ms_lp *lp, const char *path, ms_error *err);

#endif
