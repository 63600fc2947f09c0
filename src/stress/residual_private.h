/* residual_private.h: what the files that write a residual case share. See residual.h. */
#ifndef MS_STRESS_RESIDUAL_PRIVATE_H
#define MS_STRESS_RESIDUAL_PRIVATE_H

#include "case/format.h"
#include "stress/residual.h"

typedef struct {
    const ms_plan *plan;
    const ms_case *kase; /* of the plan, with its contingencies applied */
    int period;
    double day; /* the same, whole */
    ms_case_file *files;
    int file_count;
    ms_arena *arena;
    uint8_t *owes;     /* [demand_ix]: its row holds what is owed and nothing else; NULL: none does */
    int32_t late_rows; /* lanes behind those of the case; owed_rows likewise of demands */
    int32_t owed_rows;
    bool supplies_baked; /* what contingencies applied have done to supplies is in the rows */
    ms_supply *supplies; /* the rows of supplies.csv */
    size_t supply_count;
    ms_error *err;
} ms_residual;

/* A span in the days of the residual case; to_day <= 0 when it is over. */
void ms_residual_shift(double *from_day, double *to_day, const ms_residual *r);

/* Whether the contingency is applied to the plan's case. */
bool ms_residual_is_applied(const ms_residual *r, int32_t contingency_ix);

/* residual_needs.c: demands.csv and supplies.csv */
ms_status ms_residual_demands(ms_buf *out, ms_residual *r);
ms_status ms_residual_supplies(ms_buf *out, ms_residual *r);
/* residual_way.c: lanes.csv and commitments.csv */
ms_status ms_residual_under_way(ms_buf *lanes, ms_buf *commitments, ms_residual *r);
/* residual_events.c: contingencies.csv; after the two above, which say what rows a pattern must not strike */
ms_status ms_residual_contingencies(ms_buf *out, ms_residual *r);

#endif
