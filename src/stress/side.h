/* side.h: solving one side of a case, combined or a partner alone: from nothing, or from where the base is. */
#ifndef MS_STRESS_SIDE_H
#define MS_STRESS_SIDE_H

#include "stress/stress.h"

/* The base's own; fills flow. */
ms_status ms_side_solve_base(ms_side *out, const ms_case *kase, int32_t alone_ix, double gap, int threads,
                             ms_progress progress, void *progress_context, ms_error *err);
/* A variation of the base's. On failure *out is freed. */
ms_status ms_side_solve(ms_side *out, const ms_side *base, const ms_case *kase, const ms_precision *precision,
                        ms_error *err);
/* Lays it out, and stops at the interval. */
ms_status ms_side_interval(ms_side *out, const ms_side *base, const ms_case *kase, ms_error *err);

#endif
