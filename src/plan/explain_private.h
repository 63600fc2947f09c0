/* explain_private.h: what explain.c (why) and ease.c (proof) share. */
#ifndef MS_PLAN_EXPLAIN_PRIVATE_H
#define MS_PLAN_EXPLAIN_PRIVATE_H

#include "plan/explain.h"
#include "plan/network.h"

/* Where the tonne that was missing would have come from: for easing a stock. -1 when unknown. */
typedef struct {
    int32_t layer, site_ix;
} ms_origin;

/* Solves the plan's case again, once for each reason whose main cause can be eased, and fills verified, eased_t and
 * saved_t. origins[i] belongs to reasons->items[i]. */
ms_status ms_explain_verify(ms_reasons *reasons, const ms_origin *origins, const ms_plan *plan,
                            const ms_explain_options *options, ms_error *err);

#endif
