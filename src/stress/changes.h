/* changes.h: what a movement staff has to do to go from one plan's orders to another's: departures cancelled, sent
 * elsewhere, sent on another day, added.
 *
 * Of each lane, item and owner the departures of both plans are held against each other day by day. What one has less
 * and the other more becomes
 * - a delay, or an advance, where the same lane takes it on another day;
 * - a diversion, where it leaves the same site by another lane, on the same day or near it;
 * - else a cancellation or an addition.
 * Nearest days are paired first; what is further apart than DAYS_MOST is cancelled and added. Commitments are not
 * counted: they cannot be changed. Cost: departures of a place squared, in the few days that are paired.
 */
#ifndef MS_STRESS_CHANGES_H
#define MS_STRESS_CHANGES_H

#include "plan/plan.h"

typedef enum {
    MS_CHANGE_CANCEL,
    MS_CHANGE_DIVERT,
    MS_CHANGE_DELAY,
    MS_CHANGE_ADVANCE,
    MS_CHANGE_ADD,
    MS_CHANGES
} ms_change_kind;

typedef struct {
    ms_change_kind kind;
    int32_t item_ix, owner_ix;
    int32_t lane_ix, to_lane_ix; /* as ordered, and as it shall be: MS_NONE where there is none */
    int period, to_period;       /* departures, in periods of the old plan; -1 where there is none */
    double quantity, tonnes;     /* item units */
} ms_change;

typedef struct {
    ms_change *rows; /* by the first day on which something is to be done, then kind, lanes, item, owner */
    size_t count;
    double ordered_t; /* departures of the old plan from that period on */
    double kept_t;    /* of these what leaves as ordered */
} ms_changes;

/* From period `from` of `before` on, which is period 0 of `after`; both cases have the same lanes, items and partners,
 * but that the case of `after` may have more lanes behind. Free with ms_changes_free. */
ms_status ms_changes_make(ms_changes *out, const ms_plan *before, const ms_plan *after, int from, ms_error *err);
void ms_changes_free(ms_changes *changes);

#endif
