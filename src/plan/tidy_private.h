/* tidy_private.h: what the files of tidying share. See tidy.c. */
#ifndef MS_PLAN_TIDY_PRIVATE_H
#define MS_PLAN_TIDY_PRIVATE_H

#include "plan/tidy.h"

#include <math.h>

/* A shared row with no more than TIGHT left is tight; a turn stops KEEP before the limit, so that rounding the rounds
 * mixed into it to quanta does not pass it. */
#define MS_TIDY_TIGHT_T 2e-6
#define MS_TIDY_KEEP_T 1e-6

typedef enum { MS_ARC_STOCK, MS_ARC_MOVE, MS_ARC_ISSUE } ms_arc_kind;

/* What walking along an arc reads. */
typedef struct {
    int64_t spare; /* quanta that may be taken off; of stock down to its reserve, negative where it is below that */
    double cost;   /* of the objective, per quantum */
    int32_t leg;   /* of a movement: lane*H + t; -1 */
    int32_t row;   /* of a movement: its way, if an agreement limits it; of others: the shared row; -1 */
    int32_t layer;
    uint8_t kind;
} ms_arc;

/* Where an arc is: its nodes, and whose quanta it has. */
typedef struct {
    int32_t tail, head;
    int32_t way, t; /* movement or issue way, site of stock; and the period */
} ms_arc_place;

/* What a departure takes of shared rows besides its lane's, which has the number of the leg. */
typedef struct {
    int32_t from_row, to_row, fleet_row; /* fleet_row -1: draws on none */
    int32_t whole;                       /* periods that a vehicle is away, and a part of one more */
    double part;
} ms_leg_use;

typedef struct {
    int32_t parent, by; /* by: +-(arc + 1), positive when the arc leads to the parent; parent -1: a root */
    int32_t seen;
} ms_tidy_node;

typedef struct {
    double left_t; /* INFINITY: no limit */
    double use_t;  /* of the turn at hand, if seen in it */
    uint32_t seen;
    int32_t owner; /* of a tight row; -1 none */
} ms_tidy_row;

/* A round: steps +-(arc + 1) that lead back to where they began. */
typedef struct {
    size_t first_step;
    int32_t step_count;
    int32_t part; /* its place in the turn at hand, if seen in it */
    uint32_t seen;
    bool dead;              /* an arc of it has run empty */
    double cost, cost_size; /* and the sum of absolute values */
} ms_round;

typedef struct {
    int32_t round;
    double factor; /* quanta on it for one on the arc at hand */
} ms_part;

typedef struct {
    int32_t row;
    double use_t;
} ms_row_use;

/* A turn that a tight row stopped; what else uses the row may be weighed up with it. */
typedef struct {
    size_t first_part, first_use;
    int32_t part_count, use_count; /* part_count 0: it is none any more */
    int32_t row;
    double use_t; /* of that row */
} ms_owner;

enum { MS_TIDY_PARTS = 256 };

typedef struct {
    const ms_network *net;
    ms_settled *settled;
    double *quantum_t; /* [layer] */
    ms_arc *arcs;
    ms_arc_place *places;
    int32_t arc_count, node_count;
    ms_leg_use *legs;
    int32_t *reserve_of; /* [layer*sites + site], -1 none */
    ms_tidy_row *rows;   /* lanes, sites' handling, stores, fleets, agreements */
    size_t site_row, store_row, fleet_row, agreement_row, row_count;

    ms_tidy_node *nodes;
    bool *in_forest;
    int32_t walk; /* stamps ms_tidy_node.seen */

    /* the turn at hand */
    uint32_t turn; /* stamps rows and rounds */
    int32_t *touched;
    int32_t touched_count;
    int32_t *steps; /* the round of the arc at hand */
    int32_t step_count;
    double cost, cost_size, quantum;
    ms_part parts[MS_TIDY_PARTS];
    int32_t part_count;
    double *change; /* [arc], per quantum on the arc at hand */
    int64_t *delta; /* [arc] */
    int32_t *changed;
    bool *is_changed;
    int32_t changed_count;

    double gain, loss_most; /* objective saved so far; the most that one turn may lose of it */
    bool may_lose;

    /* owners of tight rows */
    bool owning, out_of_memory;
    int32_t parts_most;
    int32_t *heap, heap_count;
    ms_round *rounds;
    int32_t *pool;
    ms_part *pool_parts;
    ms_row_use *pool_uses;
    ms_owner *owners;
    size_t round_count, round_capacity, pool_count, pool_capacity, pool_part_count, pool_part_capacity;
    size_t pool_use_count, pool_use_capacity, owner_count, owner_capacity;

    int32_t *queue; /* arcs to treat again, in a ring of arc_count + 1 */
    int32_t queue_first, queue_end;
    bool *queued;
    uint8_t *queued_count;
} ms_tidier;

/* tidy_make.c */
ms_status ms_tidier_make(ms_tidier **out, const ms_network *net, ms_settled *settled, ms_error *err);
void ms_tidier_free(ms_tidier *s); /* NULL is allowed */
/* Writes quanta back, and what they weigh. */
void ms_tidier_give_back(ms_tidier *s);

/* Quanta of stock that a reserve asks for at the end of t; 0 where there is none. */
int64_t ms_tidy_reserve_level(const ms_tidier *s, int32_t layer, int32_t site_ix, int t);
/* Notes another stock at the end of t, and what holding it and a reserve that it is short of weigh. */
void ms_tidy_set_stock(ms_tidier *s, int32_t layer, int32_t site_ix, int t, int64_t stock);

/* tidy_issues.c: issues of next to nothing go where more is issued, or are left out. After ms_tidier_give_back. */
void ms_tidy_issues(ms_tidier *s);

/* tidy_turn.c: empties the arc, or puts it into the forest, as far as it can. Where memory is short it notes that. */
void ms_tidy_treat(ms_tidier *s, int32_t ix);
/* Lets stock begin on an arc without any where that empties a movement. */
void ms_tidy_enter(ms_tidier *s, int32_t ix);

/* tidy_own.c: mixes owners into the turn at hand, so that it leaves tight rows alone. False: that takes more rounds. */
bool ms_tidy_mix(ms_tidier *s, int32_t parts_most);
/* The turn at hand becomes the owner of a tight row that it uses and that has none. */
void ms_tidy_own(ms_tidier *s);
/* Rounds of the turn at hand that hold the empty arc are dead, and what leads them is treated again. */
bool ms_tidy_bury(ms_tidier *s, int32_t ix);
void ms_tidy_enqueue(ms_tidier *s, int32_t ix);

/* ---- shared rows ---- */

static inline void ms_tidy_begin(ms_tidier *s)
{
    s->turn++;
    s->touched_count = 0;
}

static inline void ms_tidy_touch(ms_tidier *s, int32_t row_ix, double use_t)
{
    ms_tidy_row *row = &s->rows[row_ix];
    if (row->seen != s->turn) {
        if (isinf(row->left_t))
            return;
        row->seen = s->turn;
        row->use_t = 0;
        s->touched[s->touched_count++] = row_ix;
    }
    row->use_t += use_t;
}

/* Adds what `amount_t` on the arc uses of each shared row. */
static inline void ms_tidy_spread(ms_tidier *s, const ms_arc *arc, double amount_t)
{
    if (arc->kind != MS_ARC_MOVE) {
        if (arc->row >= 0)
            ms_tidy_touch(s, arc->row, amount_t);
        return;
    }
    const ms_leg_use *leg = &s->legs[arc->leg];
    ms_tidy_touch(s, arc->leg, amount_t);
    ms_tidy_touch(s, leg->from_row, amount_t);
    ms_tidy_touch(s, leg->to_row, amount_t);
    if (leg->fleet_row >= 0) {
        for (int32_t later = 0; later < leg->whole; later++)
            ms_tidy_touch(s, leg->fleet_row + later, amount_t);
        if (leg->part > 0)
            ms_tidy_touch(s, leg->fleet_row + leg->whole, amount_t * leg->part);
    }
    if (arc->row >= 0)
        for (int need = 0; need < MS_NEEDS; need++) {
            int32_t agreement_ix = s->net->ways[arc->row].agreement_ix[need];
            if (agreement_ix >= 0)
                ms_tidy_touch(s, (int32_t)s->agreement_row + agreement_ix, amount_t);
        }
}

#endif
