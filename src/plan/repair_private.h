/* repair_private.h: what the files of the repair share. */
#ifndef MS_PLAN_REPAIR_PRIVATE_H
#define MS_PLAN_REPAIR_PRIVATE_H

#include "plan/repair.h"
#include "plan/rooms.h"

/* Less than this many tonnes is nothing; and what is looked for beyond the wishes must be more than MS_REPAIR_WORTH. */
#define MS_REPAIR_DUST 1e-9
#define MS_REPAIR_WORTH 1e-6

/* Goods that come to a node by themselves. */
typedef enum {
    MS_GOODS_SUPPLY, /* not taken in yet: it needs room from the day it comes until it leaves */
    MS_GOODS_BASE,   /* in the store from its day on, whether or not it is used: room is taken for it */
    MS_GOODS_ADDED   /* likewise: supply that was taken in at last */
} ms_goods_kind;

typedef struct {
    double left;    /* tonnes on its day that nobody has pulled */
    double spare;   /* supply: beyond what the flow wished to take in */
    int32_t t, row; /* supply row, committed, or -1 */
    ms_goods_kind kind;
} ms_goods;

/* A wished movement, at the node that it arrives at. */
typedef struct {
    double left;
    int32_t way, depart, arrive;
} ms_moving;

/* A movement beyond the wishes. */
typedef struct {
    double load_t;
    int32_t way, depart;
} ms_found;

/* A need in the order in which needs are served: an issue way in a period, or -1 - reserve. */
typedef struct {
    int32_t way, t;
} ms_want;

typedef struct {
    double gain, amount_t;
    int32_t layer, way, t;
} ms_lack;

typedef enum { MS_REACH_NOT, MS_REACH_HOLD, MS_REACH_MOVE, MS_REACH_SUPPLY, MS_REACH_BASE } ms_reach_kind;

/* How goods come to a place and period most cheaply. */
typedef struct {
    int32_t way, depart; /* of MS_REACH_MOVE */
    ms_reach_kind kind;
} ms_reach;

/* A way as a sweep reads it. */
typedef struct {
    double cost; /* objective of one tonne; only so far as it says which way is cheaper */
    int32_t from_ix, lane_ix;
} ms_leg;

/* A step of the way back from a need, and what one tonne at its end needs there (more, where stock is lost). */
typedef struct {
    ms_reach_kind kind;
    int32_t site_ix, t, way, depart;
    double share;
} ms_step;

struct ms_repair {
    const ms_network *net;
    bool eager;
    ms_rooms rooms;
    double *store;   /* storage left [n*H + t] */
    bool *has_limit; /* [n] */
    ms_flow *flow;   /* issues are added up in it; its movements are the wishes until the end */
    double *wished;  /* issue wishes [issue*H + t] */

    ms_goods *goods;          /* by pair (layer*sites + site), day */
    int32_t *goods_first;     /* [pairs + 1] */
    int32_t *pool;            /* [reserve*H + t]: goods that were pulled to stay for a reserve; -1 none */
    int32_t *committed_goods; /* [committed]: what arrives, -1 behind the horizon */
    double *broken;           /* [committed]: not kept, so far */
    ms_moving *moving;        /* by node of arrival */
    int32_t *alive;           /* [moving]: itself, or one before it that may be alive */
    size_t moving_capacity, alive_capacity;
    ms_found *found;
    size_t found_count, found_capacity;
    bool short_of_memory;
    int32_t *moving_first; /* [nodes + 1] */

    int32_t *reserve_of;  /* [pair], -1 none */
    double *held, *meant; /* [reserve*H + t]: stock; and what the flow wished to keep of the level */
    double *unmet;        /* [demand*H + t]: still short, or owed */
    double *later;        /* [demand*H + t]: wished to be met after t, for owed lines */
    double *debt;         /* [issue]: wished, not met, of owed lines */

    ms_want *wants; /* the most urgent first */
    size_t want_count;
    uint8_t *bucket; /* of each want */
    bool *closes;    /* likewise: no later one serves the same line in the same period */
    double at_stake; /* value below which a search is not worth its time */
    ms_lack *needs;
    size_t need_count, need_capacity;

    ms_reach *reach;    /* [t*sites + n] */
    double *reach_cost; /* likewise, and one more place that nothing reaches more cheaply; INFINITY: not reached */
    int32_t *reach_to;  /* [t*lanes + a]: place of reach_cost where a departure arrives; the last where it is blocked */
    ms_leg *legs;       /* [way] */
    int32_t *base_first; /* [n]: first day with base goods */
    ms_step *steps;
};

static inline size_t ms_repair_pair(const ms_repair *r, int32_t layer, int32_t site_ix)
{
    return (size_t)layer * (size_t)r->net->site_count + (size_t)site_ix;
}

/* What is still there in `to` of a tonne that is there in `from`. */
double ms_repair_keep(const ms_repair *r, int32_t layer, int32_t site_ix, int from, int to);

/* Room in a site's store; stock that a reserve sees. Both from `from` until before `to`. */
double ms_repair_store(const ms_repair *r, int32_t site_ix, int from, int to);
void ms_repair_use_store(ms_repair *r, int32_t site_ix, int from, int to, double load_t);
void ms_repair_add_held(ms_repair *r, int32_t layer, int32_t site_ix, int from, int to, double load_t);

/* The most that may still be issued to a line in t, and issuing it. */
double ms_repair_unmet(const ms_repair *r, int32_t demand_ix, int t);
void ms_repair_issue(ms_repair *r, int32_t way, int t, double load_t);
/* What it saves at most to issue one tonne on a way in t. */
double ms_repair_gain(const ms_network *net, int32_t way, int t);
double ms_repair_reserve_gain(const ms_network *net, int32_t res, int t);
/* Stock for reserve res from t on. */
void ms_repair_pool(ms_repair *r, int32_t res, int t, double load_t);

/* repair_pull.c: brings up to `ask` tonnes to a node on the wishes of the flow; fresh: nothing that is there anyway. */
double ms_repair_pull(ms_repair *r, int32_t layer, int32_t site_ix, int t, double ask, bool fresh);
/* Lists the wishes of r->flow, and sets goods, stores and reserves to where they begin. */
ms_status ms_repair_begin(ms_repair *r, ms_error *err);

/* Puts what moves in the place of the wishes. */
void ms_repair_end(ms_repair *r);

/* repair_search.c: serves the needs listed, of any layer, where a layer has enough at stake; those served go. */
void ms_repair_search(ms_repair *r);
/* Looks for all that is still unmet. */
ms_status ms_repair_search_all(ms_repair *r, ms_error *err);

#endif
