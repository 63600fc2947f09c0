/* bottleneck.h: what holds a plan back, and what one more tonne through each limit would save, by the plan's prices. */
#ifndef MS_REPORT_BOTTLENECK_H
#define MS_REPORT_BOTTLENECK_H

#include "plan/explain.h"
#include "report/table.h"

/* What one more tonne (a day, of lanes and handling) saves, by the prices: so many tonnes of a priority; priority 0
 * when it saves only cost. */
typedef struct {
    double tonnes;
    int priority;
} ms_saving;
ms_saving ms_bottleneck_saving(const ms_bottleneck *row, const ms_plan *plan);

/* The section on a screen with at most `most` rows; nothing is written when nothing binds. */
void ms_bottlenecks_print(const ms_bottleneck *rows, size_t count, const ms_plan *plan, const ms_pen *pen, size_t most);
/* An array under the key "bottlenecks", all rows. */
void ms_bottlenecks_json(const ms_bottleneck *rows, size_t count, const ms_plan *plan, ms_json *json);

#endif
