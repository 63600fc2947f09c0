/* sample.h: an ensemble: contingencies drawn by chance, each scenario solved, and what falls short over all of them.
 *
 * Scenarios that are alike are solved once. Scenario numbers, tasks and everything that is told depend on case, seed
 * and options alone. Memory: some hundred bytes a scenario that was solved. Time: that of the scenarios.
 */
#ifndef MS_STRESS_SAMPLE_H
#define MS_STRESS_SAMPLE_H

#include "stress/draw.h"
#include "stress/pool.h"
#include "stress/spread.h"

/* What is told apart: whose shortfall, of which priority. */
typedef struct {
    int32_t partner_ix; /* MS_EVERYBODY, a partner, or MS_NONE for nobody's needs */
    int priority;       /* 0: all */
    double base_short_t, base_late_t_days;
} ms_sample_row;

/* One scenario that was solved. */
typedef struct {
    uint64_t first;                        /* the number of the first scenario that is like it */
    double added, added_least, added_most; /* objective over the base's, and the proven interval */
    double *short_t, *late_t_days;         /* by row */
    int32_t *failing;                      /* demands */
    double *failing_t;
    int32_t failing_count;
    ms_how how;
    bool there, reached;
} ms_sample_result;

struct ms_sample {
    const ms_case *kase;
    ms_sample_options options;
    double gap;
    double base_objective, base_bound;
    uint8_t *base_failing; /* by demand */
    ms_sample_row *rows;
    int32_t row_count;
    size_t asked, taken; /* scenarios; taken: those from 0 on that are told of */
    int32_t *result_of;  /* [asked] */
    ms_sample_result *results;
    size_t result_count;
    size_t *fails;   /* by demand: scenarios of those taken */
    double *fails_t; /* by demand: tonnes short in them */
    ms_pool_end end;
    ms_arena *arena;
};

/* The numbers of a row's shortfall over the scenarios taken; late: tonne-days owed instead. */
MS_MUST_USE ms_status ms_sample_spread(ms_spread *out, const ms_sample *sample, int32_t row, bool late, ms_error *err);
/* Likewise of what is added to the objective. */
MS_MUST_USE ms_status ms_sample_spread_added(ms_spread *out, const ms_sample *sample, ms_error *err);

/* How many of the scenarios taken have how much that everyone together never gets: counts over equal parts of 0 to top.
 */
enum { MS_SAMPLE_BINS = 48 };
typedef struct {
    double top; /* tonnes: the worst scenario, or the base plan where that is worse */
    size_t counts[MS_SAMPLE_BINS];
} ms_sample_bins;
void ms_sample_fill_bins(ms_sample_bins *out, const ms_sample *sample);

/* How a contingency has to do with the worst scenarios, those at or above the 95 % quantile of what is added. */
typedef struct {
    int32_t contingency_ix;
    size_t seen, seen_in_tail;
    double added_with, added_without; /* means; NAN where there is none */
} ms_sample_event;
/* out: [contingencies], by how much more often they are in the tail; *tail gets the tail's size. */
MS_MUST_USE ms_status ms_sample_events(ms_sample_event *out, size_t *tail, const ms_sample *sample, ms_error *err);

#endif
