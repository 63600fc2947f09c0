/* replan.h: a plan taken up again in the middle of it, with what has come to be known.
 *
 * Up to the day the old plan was carried out, as far as the new contingencies that had begun by then let it. From then
 * on a new plan is made of the residual case (residual.h) with the contingencies known: those of the old plan and the
 * new ones. What the old plan would come to if nobody changed it is kept beside it, for comparison.
 */
#ifndef MS_STRESS_REPLAN_H
#define MS_STRESS_REPLAN_H

#include "stress/changes.h"

struct ms_replan {
    const ms_plan *before; /* the caller's */
    int period;            /* of before, at which the new plan begins */
    ms_case *kase;         /* the residual case, plain */
    ms_plan *plan;         /* of it */
    ms_plan *unchanged;    /* the old orders carried out on it */
    ms_changes changes;
    char **ids; /* contingencies that are new */
    size_t id_count;
};

/* The old plan taken up to `period` in a world where the new contingencies hold too: the plain residual case then.
 * Where one of them begins earlier, what the old plan could still do since is what counts. `ids` must be contingencies
 * of plan->base that are not applied to it. */
ms_status ms_replan_advance(ms_case **out, const ms_plan *plan, int period, const char *const *ids, size_t count,
                            ms_error *err);

/* Of the contingencies of plan and of ids those that the residual case still has: pointers into them, *known to be
 * freed with ms_free. */
ms_status ms_replan_known(const char ***known, size_t *known_count, const ms_case *residual, const ms_plan *plan,
                          const char *const *ids, size_t count, ms_error *err);

#endif
