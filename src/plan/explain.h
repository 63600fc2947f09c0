/* explain.h: why a need falls short, from the prices of a plan, and proof by solving again.
 *
 * A shortfall's price says what one more tonne at that place and time would be worth. explain follows that tonne
 * backwards along the cheapest way at those prices to where it would come from; the prices that it pays on the way are
 * the limits that bind (docs/model.md, B1). The main claim is then tested: the limit is eased by a little and the case
 * is solved again.
 */
#ifndef MS_PLAN_EXPLAIN_H
#define MS_PLAN_EXPLAIN_H

#include "plan/plan.h"

typedef enum {
    MS_CAUSE_NONE,      /* no price explains it: an unproven plan, or an unkept commitment */
    MS_CAUSE_STOCK,     /* what there is of the item is used up by needs as urgent: row_ix is the item */
    MS_CAUSE_LANE,      /* C3 */
    MS_CAUSE_HANDLING,  /* C4: site */
    MS_CAUSE_STORAGE,   /* C5: site */
    MS_CAUSE_FLEET,     /* C6 */
    MS_CAUSE_AGREEMENT, /* C7: limit used up */
    MS_CAUSE_RESERVE,   /* C8: a reserve is held back */
    MS_CAUSE_TRANSIT,   /* the nearest stock cannot arrive in time: row_ix is the site it would come from, period the
                           first arrival */
    MS_CAUSE_NO_WAY     /* no stock, no lane or no agreement leads there at all */
} ms_cause_kind;

typedef struct {
    ms_cause_kind kind;
    int32_t row_ix;
    int32_t from_period, to_period; /* when it binds; to is exclusive */
    bool closed;                    /* it leaves no room at all: closed, or a limit of nothing */
    double share;                   /* of the shortfall's price, 0..1 */
} ms_cause;

enum { MS_CAUSES = 4 };

typedef struct {
    ms_short_kind kind;
    int32_t row_ix;
    int32_t from_period, to_period; /* consecutive periods short; to is exclusive */
    double quantity, short_t,
        weight; /* item units and tonnes (a backlog: the most owed at once); objective weight, worst first */
    ms_cause causes[MS_CAUSES]; /* greatest share first */
    int cause_count;
    bool verified;  /* the next fields hold */
    double eased_t; /* by how much the main cause was eased: tonnes a day for lanes and handling from
                     * from_period to to_period of the cause; else tonnes in all (fleet: of payload) */
    /* Saved in the whole case, by priority (negative: costs): tonnes never met, and tonnes x days late or below a
     * reserve. */
    double saved_t[MS_PRIORITY_COUNT + 1], saved_t_days[MS_PRIORITY_COUNT + 1];
} ms_reason;

typedef struct {
    ms_reason *items;
    size_t count;
} ms_reasons;

/* The gain of one more tonne a day through a row over the whole horizon, from the prices: the greatest first. */
typedef struct {
    ms_cause_kind kind;
    int32_t row_ix;
    int32_t first_period, last_period; /* first and last period with a price */
    int32_t binding_count;             /* periods with a price */
    double worth; /* weighted tonnes saved by one more tonne a day over the whole horizon (lane, handling), or by one
                   * more tonne of storage, of fleet payload, of an agreement's limit */
} ms_bottleneck;

/* Explains up to `most` shortfalls (0: all) whose demand id matches pattern (NULL: all), worst first. Free with
 * ms_reasons_free. */
ms_status ms_explain(ms_reasons *out, const ms_plan *plan, const ms_explain_options *options, ms_error *err);
void ms_reasons_free(ms_reasons *reasons);

/* All rows with a price, greatest worth first; *out is freed with ms_free. */
ms_status ms_explain_bottlenecks(ms_bottleneck **out, size_t *count, const ms_plan *plan, ms_error *err);

#endif
