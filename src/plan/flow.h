/* flow.h: what an engine hands over, and how it becomes a plan that holds to the last gram.
 *
 * An engine fills a flow: tonnes on each way and period, as its arithmetic left them. ms_flow_settle rounds them to
 * quanta (docs/model.md, Rounding) and walks forward in time: nothing leaves that is not there, no limit is passed, no
 * more is issued than is wanted; where something must give, the less urgent gives. The settled flow is exactly
 * feasible. Time: O((ways + issues) x H). Memory: 8 bytes for each of them and for each node.
 */
#ifndef MS_PLAN_FLOW_H
#define MS_PLAN_FLOW_H

#include "plan/network.h"

typedef struct {
    double *move_t;   /* [way*H + t] */
    double *issue_t;  /* [issue*H + t], of the issued layer */
    double *refuse_t; /* [supply row*H + t] */
    double *broken_t; /* [committed] */
    bool evens_out;   /* what rounding up adds to a movement, the way's later ones give back (settle.c) */
} ms_flow;

ms_status ms_flow_make(ms_flow *out, const ms_network *net); /* zeros, false; MS_NO_MEMORY */
void ms_flow_free(ms_flow *flow);
void ms_flow_copy(ms_flow *to, const ms_flow *from, const ms_network *net); /* both made for net */

/* carry.c: adds what fits of a flow of another network of the same case to an empty one. */
void ms_flow_carry(ms_flow *out, const ms_network *net, const ms_flow *from, const ms_network *old);

/* carry.c: what a settled flow of the network ships, issues, refuses and breaks, in tonnes; fills an empty one. */
typedef struct ms_settled ms_settled;
void ms_flow_from_settled(ms_flow *out, const ms_network *net, const ms_settled *settled);

/* A store this much over its limit holds (a hundredth of what `mainstay check` accepts). */
#define MS_OVER_STORAGE_MOST_T 2e-6

struct ms_settled {
    int64_t *move_q, *issue_q; /* quanta of the layer's item; indexed as in ms_flow */
    int64_t *refuse_q, *kept_q;
    int64_t *stock_q; /* [node], at the end of the period */
    double *short_t;  /* [demand*H + t]: short, or owed at the end */
    double *below_t;  /* [reserve*H + t] */
    double objective, shortfall_part, cost_part, cost_currency;
    double worst_cut_t;    /* the largest that a wish had to give way: tiny when the engine's flow was feasible */
    double over_storage_t; /* the most by which a store is over its limit: tiny likewise */
};

/* Settles: plainly, and where that cuts much or overfills a store, also what ms_repair_flow makes of the flow; the
 * better plan counts. */
ms_status ms_flow_settle(ms_settled *out, const ms_network *net, const ms_flow *flow, ms_error *err);
void ms_settled_free(ms_settled *settled);

/* settle.c: the same, plainly and with the memory kept, for engines that settle many flows of one network. The
 * network's rooms must not change in between. A settler serves one thread. Memory: 24 bytes for each way and period
 * that has a wish, 48 a lane and period, 40 a way, 8 a node. */
typedef struct ms_settler ms_settler;
ms_status ms_settler_make(ms_settler **out, const ms_network *net, ms_error *err);
void ms_settler_free(ms_settler *settler); /* NULL is allowed */
ms_status ms_settler_settle(ms_settled *out, ms_settler *settler, const ms_flow *flow, ms_error *err);

/* What ms_settler_settle would come to, without the plan: quicker, and no allocation but where a flow has more wishes
 * than any before. */
typedef struct {
    double objective, shortfall_part, cost_part, cost_currency;
    double worst_cut_t, over_storage_t;
} ms_settled_value;
ms_status ms_settler_value(ms_settled_value *out, ms_settler *settler, const ms_flow *flow, ms_error *err);

/* What the objective pays for so much short (or owed) of a line in a period. */
double ms_short_cost(const ms_network *net, int32_t j, int t, double short_t);

/* A copy of count right-hand sides to count down from; freed with ms_free, NULL when memory is short. */
double *ms_rooms_copy(const double *rooms, size_t count);

/* Tonnes of one quantum of a layer's item, and the factor from quanta to item units: units = quanta / per_unit. */
double ms_quantum_t(const ms_network *net, int32_t layer);
double ms_quanta_per_unit(const ms_network *net, int32_t layer);

#endif
