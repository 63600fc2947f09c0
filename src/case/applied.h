/* applied.h: what contingencies change of a case, by period, and the memory that a case shares with those
 * made from it. Only src/case includes it; everyone else asks the functions of case.h.
 *
 * A table of rows has a pointer for each row of the plain table, NULL where nothing is changed; the table
 * itself is NULL where nothing of its kind is. So the memory is one double a period for each row that is
 * struck.
 */
#ifndef MS_CASE_APPLIED_H
#define MS_CASE_APPLIED_H

#include <stdatomic.h>

#include "case/case.h"

typedef struct {
    int32_t site_ix, item_ix;
    int t;
    double kept; /* share */
} ms_loss;

typedef struct {
    double from_day, to_day, amount;
    ms_effect effect;
    const uint8_t *lanes; /* [lane_ix]: 1 where the lane crosses a border that is struck */
} ms_duty_change;

typedef struct ms_applied {
    ms_event *events; /* in the order in which they were applied */
    size_t event_count;
    double **lane_capacity_t, **lane_delay_days, **handling_t, **vehicles, **supply, **demand; /* [row][period] */
    double *commitment_share;                                                                  /* NULL: all 1 */
    uint8_t **suspended; /* agreements: [agreement][period], 1 where one does not hold */
    ms_loss *losses;     /* by ms_loss_order, no two for one place and period */
    size_t loss_count, loss_capacity;
    uint8_t *loss_in_period;
    ms_duty_change *duty_changes;
    int32_t duty_change_count;
    size_t cells_left; /* that rows may still take */
    ms_arena *arena;   /* all of this but losses */
} ms_applied;

/* The last case that uses it frees the tables, texts and files, which all of them point to. */
typedef struct ms_case_memory {
    atomic_int users;
    ms_arena *arena;
} ms_case_memory;

int ms_loss_order(const void *left, const void *right); /* by site, item, period */

/* A value after an effect that covers `share` of its period. Infinity stays, unless the effect ends it for
 * the whole period. */
double ms_applied_value(double value, ms_effect effect, double amount, double share);

void ms_applied_free(ms_applied *applied); /* NULL is allowed */

#endif
