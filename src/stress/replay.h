/* replay.h: an old plan's orders on another network: what they come to when they are carried out there.
 *
 * Rows are matched by what they name: lanes, items, partners and agreements by index (the new case is the old one, or
 * what is left of it), demands by id. What is owed from before the new case began is first to be met.
 */
#ifndef MS_STRESS_REPLAY_H
#define MS_STRESS_REPLAY_H

#include "plan/fill.h"

/* Adds to an empty flow of net what the plan orders from period `shift` on, the new case's period 0: tonnes as ordered,
 * whether or not they can be carried out. What net has no way for is left out. Time: linear in rows x ways of a layer.
 */
ms_status ms_replay_flow(ms_flow *flow, const ms_network *net, const ms_plan *plan, int shift, ms_error *err);

/* A plan of the network's case with these rows, unproven (its bound is -INFINITY) until the caller says otherwise; base
 * is the plain case, both outlive it. */
ms_status ms_replay_plan(ms_plan **out, const ms_case *base, const ms_network *net, const ms_settled *settled,
                         ms_error *err);
/* Gives a plan other rows; its proof, prices and coverage alone stay. On failure the plan is only fit to be freed. */
ms_status ms_replay_refill(ms_plan *plan, const ms_network *net, const ms_settled *settled, ms_error *err);

/* The plan carried out in kase (plain: base) from its period `shift` on, without a thought: what cannot leave stays,
 * what is not there is not issued. */
ms_status ms_replay(ms_plan **out, const ms_case *kase, const ms_case *base, const ms_plan *plan, int shift,
                    ms_error *err);

#endif
