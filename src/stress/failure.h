/* failure.h: everything of a case that can fail by itself: a site, a lane, a fleet or a partner, closed for a while.
 *
 * A failure is one event of effect close (docs/case-format.md, contingencies.csv): what a typhoon's row could say, for
 * each row of a table. All failures of a list begin and end together. Cost: linear in the tables.
 */
#ifndef MS_STRESS_FAILURE_H
#define MS_STRESS_FAILURE_H

#include "case/case.h"

typedef struct {
    ms_what what; /* site, lane, fleet or partner */
    int32_t ix;   /* of its table */
} ms_failure;

typedef struct {
    const ms_case *kase;
    double from_day, to_day; /* to_day INFINITY: to the end */
    ms_failure *items;       /* by what, ix */
    int32_t count;
    int32_t *place[MS_WHATS]; /* [what][ix]: where it is in items, MS_NONE: not in it; NULL for what cannot fail */
} ms_failures;

/* whats: bits 1 << ms_what of what to list. The case must outlive it. Free with ms_failures_free. */
MS_MUST_USE ms_status ms_failures_list(ms_failures *out, const ms_case *kase, unsigned whats, double from_day,
                                       double to_day, ms_error *err);
void ms_failures_free(ms_failures *failures);

/* Where this one is in the list; MS_NONE: nowhere, also for ix MS_NONE. */
int32_t ms_failures_find(const ms_failures *failures, ms_what what, int32_t ix);

const char *ms_failure_id(const ms_failures *failures, int32_t failure);
ms_event ms_failure_event(const ms_failures *failures, int32_t failure);
/* All of the list at once: one event for each sort of thing. How many. */
size_t ms_failures_events(ms_event out[MS_WHATS], const ms_failures *failures);
/* The days for which it is closed. */
double ms_failures_days(const ms_failures *failures);
/* The chance that the case states for it: of the contingency that closes this and nothing else, the first with a
 * chance; NAN where there is none. */
double ms_failure_chance(const ms_failures *failures, int32_t failure);
/* "site busan" */
void ms_failure_name(ms_buf *out, const ms_failures *failures, int32_t failure);

#endif
