/* sets.h: solves sets of failures where a pool says: threads, ranks, or what a checkpoint has kept.
 *
 * A task is a set; its result is the outcome's line and, where asked for, the losses of the plan behind a tab, so that
 * the same bytes come from a thread, a rank, a shard or a file.
 */
#ifndef MS_STRESS_SETS_H
#define MS_STRESS_SETS_H

#include "stress/damage.h"
#include "stress/loss.h"
#include "stress/pool.h"
#include "stress/stress.h"

typedef struct {
    const ms_base *base;
    const ms_failures *failures;
    ms_pool *pool;
} ms_set_solver;

/* "site busan + fleet trucks". */
void ms_set_name(ms_buf *out, const ms_failures *failures, const ms_set *set);

/* How a stage is solved. With everything set, the one set means all failures at once, whatever it holds. */
typedef struct {
    const char *stage;
    ms_precision precision;
    bool losses, everything;
    /* In the order of the sets. The outcome is the taker's; loss ([failures], NULL where not asked for) is lent. */
    ms_status (*take)(void *context, size_t ix, ms_outcome *outcome, const double *loss, ms_error *err);
    void *context;
} ms_set_stage;

MS_MUST_USE ms_status ms_sets_solve(ms_pool_end *end, const ms_set_solver *solver, const ms_set *sets, size_t count,
                                    const ms_set_stage *stage, ms_error *err);

#endif
