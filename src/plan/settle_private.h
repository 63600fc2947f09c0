/* settle_private.h: what the files of the settling share. */
#ifndef MS_PLAN_SETTLE_PRIVATE_H
#define MS_PLAN_SETTLE_PRIVATE_H

#include "plan/flow.h"
#include "plan/rooms.h"

/* How far a limit may be passed for rounding's sake; a hundredth of what `mainstay check` accepts. */
#define MS_SETTLE_SLACK_SHARE 1e-8
#define MS_SETTLE_SLACK_T 1e-6
#define MS_SETTLE_MOST_QUANTA 9e18

typedef struct {
    double t_per_unit, per_unit, quantum_t;
} ms_measure;

typedef struct {
    double exact;   /* of a movement: quanta before rounding */
    int64_t quanta; /* of an issue: what is wished; of a movement: what went */
    int32_t row;    /* movement or issue way */
    int32_t next;   /* of the wishes that arrive in the same period, -1 the last */
} ms_wish;

/* Wishes by period, and within it by layer. */
typedef struct {
    ms_wish *wishes;
    size_t capacity;
    size_t *first, *end; /* [H] */
} ms_wish_list;

struct ms_settler {
    const ms_network *net;
    ms_rooms rooms;
    ms_measure *measures;              /* [layer] */
    double *move_cost, *move_currency; /* [way]: objective without holding, and currency, where no period differs */
    int32_t *urgency;                  /* issue ways, most urgent first within a layer */
    int64_t *comes;                    /* [supply row*H + t] */
    int32_t *supply_pair;              /* [supply row]: layer*sites + site */
    int32_t supply_count;
    ms_wish_list moves, issues;
    int32_t *arriving; /* [H]: first of the moves that arrive */
    bool evens_out;    /* of the flow at hand */
    double *ahead; /* [way]: quanta that it has carried beyond what was wished, from -1 to 1; 0 where none evens out */
    /* Of the period at hand. */
    double *wanted_all, *wanted_left; /* [demand] */
    double *short_before;             /* [demand]: owed from the period before */
    int64_t *there;                   /* [layer*sites + site]: quanta in hand */
    int64_t *refused;                 /* [supply row] */
    int64_t *kept;                    /* [committed] */
    double *held_t;                   /* [site] */
    ms_settled_value value;
    ms_settled *out; /* NULL: only the value is wanted */
};

static inline int64_t ms_settle_whole(double quanta)
{
    return quanta > 0 && quanta < MS_SETTLE_MOST_QUANTA ? (int64_t)quanta : 0;
}

/* Whole quanta that are surely there: given quantities are rounded down, but not for the last bit of a double. */
static inline int64_t ms_settle_floor(const ms_measure *m, double tonnes)
{
    return ms_settle_whole(tonnes / m->quantum_t * (1 + 1e-12) + 1e-6);
}

/* settle_weigh.c: adds what falls short in t, or of commitments, to the value, and to the plan if one is made. */
void ms_settle_weigh_needs(ms_settler *s, int t);
void ms_settle_weigh_commitments(ms_settler *s);

#endif
