/* crossing.h: what crosses between partners under which agreement, and who owes whom for it.
 *
 * Made from a plan's orders. A crossing gathers the orders of one agreement and item over all places and days; a
 * balance gathers crossings by who owes whom and how it is settled. Cost: orders x log(orders).
 */
#ifndef MS_REPORT_CROSSING_H
#define MS_REPORT_CROSSING_H

#include "plan/plan.h"
#include "report/table.h"

typedef struct {
    int32_t agreement_ix, item_ix;
    int32_t place_ix, place_count; /* the place with the most of it (site, or lane for lift), and how many there are */
    double quantity, tonnes, value, place_t;
} ms_crossing;

typedef struct {
    int32_t receiver_ix, provider_ix;
    ms_settlement settlement;
    double item_t, lift_t, site_t, value;
    double due_days; /* the soonest of the agreements; NAN: not stated */
} ms_balance;

typedef struct {
    ms_crossing *crossings; /* by provider, receiver, kind, agreement, most tonnes first */
    ms_balance *balances;   /* by receiver, provider, settlement */
    double *used_t;         /* by agreement: tonnes drawn on it */
    size_t crossing_count, balance_count;
} ms_crossings;

ms_status ms_crossings_make(ms_crossings *out, const ms_plan *plan, ms_error *err);
void ms_crossings_free(ms_crossings *crossings);

void ms_crossings_print(const ms_crossings *crossings, const ms_plan *plan, const ms_pen *pen);
void ms_crossings_csv(const ms_crossings *crossings, const ms_plan *plan, ms_buf *out);
/* Under the keys "crossings" and "balances". */
void ms_crossings_json(const ms_crossings *crossings, const ms_plan *plan, ms_json *json);

#endif
