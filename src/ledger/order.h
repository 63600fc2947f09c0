/* order.h: what the steps of one order come to.
 *
 * The state is a pure function of the set of steps. They are put in order first: every step after those that it names,
 * and among those that may come next the lowest rank first (ms_step_kind is in the order of ranks), then the lowest
 * hash. Then each is held against the transition table; one that does not fit where it stands is void: kept, shown with
 * its reason, without effect. So both sides, once they have the same steps, have the same state, whatever came when.
 *
 * What the ranks mean: between steps that did not know of each other an acceptance beats a new offer or a withdrawal,
 * what was handed over beats a cancellation, and a cancellation covers what is left. A step that names another which is
 * not there yet waits for it, without effect.
 *
 * A delivery is goods or services issued, or a settlement that comes back; the giver says how much, then the taker. The
 * lesser of the two counts, the difference is in dispute until both say the same. A settlement that the creditor
 * records counts at once: it is against his own interest.
 *
 * Cost: n log n in the steps, quadratic in the deliveries, of which an order has at most MS_ORDER_DELIVERIES_MOST. Sums
 * never overflow: a step that would take one past MS_EXACT_MOST is void.
 */
#ifndef MS_LEDGER_ORDER_H
#define MS_LEDGER_ORDER_H

#include "ledger/step.h"

enum { MS_ORDER_DELIVERIES_MOST = 1000 };

typedef enum {
    MS_STAGE_NONE, /* the request is not there */
    MS_STAGE_REQUESTED,
    MS_STAGE_OFFERED,
    MS_STAGE_DECLINED,
    MS_STAGE_CANCELLED, /* before it was accepted */
    MS_STAGE_ACCEPTED,
    MS_STAGE_CLOSED, /* accepted, and nothing more will be issued */
    MS_STAGES
} ms_stage;

/* What people call the state: the stage, and how far deliveries are. */
typedef enum {
    MS_PHASE_WAITING, /* the request is not there yet */
    MS_PHASE_REQUESTED,
    MS_PHASE_OFFERED,
    MS_PHASE_DECLINED,
    MS_PHASE_CANCELLED, /* nothing was ever issued */
    MS_PHASE_ACCEPTED,  /* nothing issued yet */
    MS_PHASE_PART_ISSUED,
    MS_PHASE_ISSUED,   /* something is not received yet */
    MS_PHASE_DISPUTED, /* the two sides say different quantities */
    MS_PHASE_RECEIVED, /* all is there; not settled */
    MS_PHASE_SETTLED,
    MS_PHASES
} ms_phase;

extern const char *const ms_phase_words[MS_PHASES];

typedef enum { MS_SIDE_PROVIDER = 1, MS_SIDE_RECEIVER = 2, MS_SIDE_BOTH = 3 } ms_side;

/* What an order can wait for, in the order in which status names them. */
typedef enum {
    MS_WAIT_AGREE,       /* both: to say the same quantity */
    MS_WAIT_OFFER,       /* provider: to offer or decline */
    MS_WAIT_ACCEPT,      /* receiver: to accept or decline */
    MS_WAIT_ISSUE,       /* provider */
    MS_WAIT_RECEIVE,     /* receiver: to say how much arrived */
    MS_WAIT_ACKNOWLEDGE, /* provider: to say how much of a settlement arrived */
    MS_WAIT_SETTLE,      /* receiver */
    MS_WAIT_REPAY,       /* provider: more was settled than owed */
    MS_WAITS
} ms_wait;

extern const char *const ms_wait_words[MS_WAITS]; /* what they have to do: "offer" */

typedef struct {
    const ms_step *step; /* the issue or settle */
    ms_side giver;
    bool settlement;
    int64_t given, taken; /* the latest word of each; taken -1: none yet */
    int64_t agreed, disputed;
    int64_t taken_date;    /* of the first word; -1: none yet */
    int64_t disputed_date; /* of the latest word */
    /* of an issue, once taken */
    int64_t owed, left; /* money, or item units in kind; left: not settled yet */
    int64_t due;        /* date, -1: none */
} ms_delivery;

typedef struct {
    const ms_step *request; /* NULL while it is not there: then only id, steps and waiting_count mean anything */
    const ms_step *terms;   /* the accepted offer; before that the latest open one; NULL: none */
    const char *provider, *receiver;
    ms_digest id;
    const ms_step **steps; /* in their order; behind step_count those that wait for others */
    const char **voids;    /* by step: why it has no effect, NULL when it has */
    int32_t step_count, waiting_count;
    ms_stage stage;
    ms_phase phase;
    bool in_kind;            /* owed in item units, not in money */
    ms_delivery *deliveries; /* in the order of their steps */
    int32_t delivery_count, issue_count;
    int64_t ordered;               /* 0 until accepted */
    int64_t issued, received;      /* the provider's word, and what both say; item units */
    int64_t disputed;              /* of issues; item units */
    int64_t rest;                  /* still to be issued */
    int64_t value;                 /* of what was received, money */
    int64_t owed, settled;         /* money, or item units in kind */
    int64_t unacknowledged;        /* settled by the receiver, not acknowledged yet */
    int64_t outstanding;           /* owed - settled; negative: the provider owes it back */
    int64_t due;                   /* the earliest of what is left; -1: none */
    int64_t waits_since[MS_WAITS]; /* date; -1: does not wait for that */
} ms_ledger_order;

/* One cell of the transition table: who may take the step in that stage, and what the stage becomes. who 0: nobody, the
 * step is void. */
typedef struct {
    unsigned char who, next;
} ms_transition;
extern const ms_transition ms_transitions[MS_STAGES][MS_STEPS];

/* steps[0..count): those of one order, without doubles, in any order; they and the arena must outlive *out. */
MS_MUST_USE ms_status ms_order_make(ms_ledger_order *out, ms_arena *arena, const ms_step *const *steps, size_t count,
                                    ms_error *err);

/* The sums of an order whose stage and deliveries are known (order_account.c); ms_order_make ends with it. */
void ms_order_account(ms_ledger_order *order);

/* What is past due on the date, of what is owed. */
int64_t ms_order_overdue(const ms_ledger_order *order, int64_t date);
/* The side of a partner; 0: neither. */
unsigned ms_order_side(const ms_ledger_order *order, const char *partner);
/* True when nothing is left to do. */
bool ms_order_is_over(const ms_ledger_order *order);
/* Who has to act for a wait. */
ms_side ms_wait_side(ms_wait wait);

/* The transition table as Markdown, for docs/ledger.md. */
void ms_order_markdown(ms_buf *out);

#endif
