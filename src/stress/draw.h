/* draw.h: scenarios drawn by chance.
 *
 * Each contingency that has a chance happens or not, independently of the others; one that happens begins, lasts and
 * strikes as variations.csv says, or as it stands. All numbers of scenario i of a seed depend on seed, i and the
 * contingency alone: number 4c + v of stream i, where c counts contingencies and v = 0 says whether it happens and 1,
 * 2, 3 are its start, duration and amount. So neither the order of drawing nor how many are drawn changes a scenario.
 */
#ifndef MS_STRESS_DRAW_H
#define MS_STRESS_DRAW_H

#include "stress/stress.h"

typedef struct {
    ms_event *events; /* loose; `which` belongs to the case */
    size_t event_count, capacity;
    uint64_t *happened; /* bit c: contingency c happened, though perhaps behind the end of the case */
} ms_draw;

/* Fills a draw, which is used again for the next one. */
ms_status ms_draw_make(ms_draw *draw, const ms_case *kase, ms_error *err);
ms_status ms_draw_scenario(ms_draw *draw, const ms_case *kase, uint64_t seed, uint64_t scenario, ms_error *err);
void ms_draw_free(ms_draw *draw);

static inline bool ms_draw_happened(const ms_draw *draw, int32_t contingency_ix)
{
    return draw->happened[contingency_ix / 64] >> (contingency_ix % 64) & 1;
}

#endif
