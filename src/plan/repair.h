/* repair.h: makes a flow that breaks limits into one that keeps them, and loses little.
 *
 * Settling walks forward: what is missing is missed by whoever comes last. Repairing works backwards from the needs,
 * the heaviest first: each pulls what the flow wished to bring to it, over the ways and through the stores on which it
 * wished to bring it, as far as goods and rooms are left; what remains short is then looked for anywhere, by a sweep
 * over the time-expanded network for each layer. What is pulled is really there, so nothing is shipped in vain and no
 * store overflows; what nobody pulls stays where it is, and supply that finds no room is refused. For a flow that
 * breaks limits it is worth trying beside plain settling: which is better can only be seen. No prices are needed.
 */
#ifndef MS_PLAN_REPAIR_H
#define MS_PLAN_REPAIR_H

#include "plan/flow.h"

/* Made once for a network whose rooms do not change, for one thread. Memory: 20 bytes for each way and period with a
 * wish, 4 a node, 24 for each issue way and period. */
typedef struct ms_repair ms_repair;
ms_status ms_repair_make(ms_repair **out, const ms_network *net, ms_error *err);
void ms_repair_free(ms_repair *repair); /* NULL is allowed */

/* What a need lacks beyond what the flow wished for it is looked for at the end (careful), or before lesser needs are
 * served (eager: better where the flow breaks limits in earnest, but what an optimal flow denies one need for the sake
 * of two lesser ones goes to the one). Either may lose a little on a flow that keeps all limits: full stores have room
 * only once those who empty them are served, and equal needs are served by day, not in fair shares. */
typedef enum { MS_REPAIR_NOT, MS_REPAIR_CAREFUL, MS_REPAIR_EAGER } ms_repair_manner;

/* Changes the flow; no allocation but where it has more wishes than any before. ended: false when it was given up
 * because what the heavier needs lack costs more than `most` (INFINITY: never). Then, and on failure, the flow is of no
 * more use. Time: O(wishes x H) at worst, and some dozen sweeps over ways and periods of each layer. */
ms_status ms_repair_flow(bool *ended, ms_repair *repair, ms_flow *flow, ms_repair_manner manner, double most,
                         ms_error *err);

#endif
