/* sweep.h: the bound of docs/model.md (B1 to B6), evaluated again and again.
 *
 * Made once for a network; an evaluation then allocates nothing. Layers are dealt to blocks of MS_SWEEP_WIDTH, whose
 * values are swept backward in time together, a vector at a time. What does not change with the prices is folded
 * beforehand: the cost of a lane, what a layer pays on top of it (duty; INFINITY where it may not go) as rows that
 * lanes share, and the spans of periods in which the same movements are open.
 *
 * The bound is on the safe side to the last bit: every value is lowered by more than its arithmetic may have
 * raised it, which costs some 1e-15 of it, and sums are compensated. Neither the vectors of the machine nor who runs
 * which part changes a bit.
 *
 * Memory: 8 bytes a node; 12 a lane, block and span. Time to make: O(lanes x H x blocks), and O(ways x H) where
 * agreements or contingencies make them come and go.
 */
#ifndef MS_PLAN_SWEEP_H
#define MS_PLAN_SWEEP_H

#include "plan/prices.h"

enum { MS_SWEEP_WIDTH = 8 }; /* layers in a block, and periods that are read at a time */

/* A lane as one block sees it in one span. */
typedef struct {
    int32_t ahead; /* where it leads: so many places of `value` behind its own */
    int32_t place; /* of the lane in lane_price */
    int32_t row;
} ms_sweep_arc;

/* Movements out of a place, from period `first` to the one before the span in front of it; its arcs end where the next
 * span's begin. */
typedef struct {
    int32_t first, arc;
} ms_sweep_span;

/* A cell of a row that pays for limited agreements: the cheapest of these ways counts. */
typedef struct {
    int32_t row, lane; /* of the block */
    int32_t way_first, way_end;
    double extra;
} ms_sweep_toll;

/* Periods in which an issue way is open. */
typedef struct {
    int32_t lane, first, end, demand_ix, agreement_ix;
    double charge, meets;
} ms_sweep_issue;

/* Periods in which a lane has one transit and one length of trip, and arrives in time. */
typedef struct {
    int32_t lane_ix, place, first, end, transit;
    int32_t whole; /* periods that a vehicle is away, and the part of one more */
    double part, base, lowered;
} ms_sweep_leg;

typedef struct {
    int32_t demand_ix;
    bool owed;
    double weights[4];
} ms_sweep_line;

/* S e or f at a place: (layer, site) as a place of `value`. */
typedef struct {
    size_t at;
    double load_t;
} ms_sweep_opening;

typedef struct {
    size_t at; /* in period 0 */
    int32_t row;
} ms_sweep_supply;

/* A sum that forgets no bits, and how large its terms were. */
typedef struct {
    double sum, carry, magnitude;
} ms_sweep_total;

typedef struct ms_sweeper {
    const ms_network *net;
    const ms_prices *prices; /* of the evaluation at hand */
    const struct ms_sweep_passes *passes;
    int32_t block_count, leg_count, line_count, part_count;
    double *value; /* V [block][t][site][MS_SWEEP_WIDTH]; t = H: zeros */
    size_t block_stride, period_stride;

    int32_t *place_of, *lane_at; /* lanes by the site they leave: [lane], [place] */
    int32_t *way_at;             /* [layer*lanes + lane]: first way, or -1 */
    double *rows;                /* what layers pay on top of the lane: [row][MS_SWEEP_WIDTH] */
    ms_sweep_arc *arcs;
    ms_sweep_span *spans;
    int32_t *span_first; /* [block*sites + site], and the end */
    ms_sweep_toll *tolls;
    int32_t toll_count, *toll_ways;
    ms_sweep_issue *issues;
    int32_t *issue_first;         /* [block*sites + site], and the end */
    ms_sweep_leg *legs;           /* by place */
    uint8_t *goes_apart;          /* [block*sites + site]: not all that can be done there is the same for all layers */
    int32_t *apart_first, *apart; /* likewise, and the end: layers with a reserve or losses there */
    int32_t *reserve_at, *reserve_next; /* [layer*sites + site], then by reserve: -1 ends */
    ms_sweep_line *lines;               /* demands that somebody has */
    ms_sweep_opening *openings;
    int32_t *opening_first; /* [block + 1] */
    ms_sweep_supply *supplies;
    int32_t *supply_first;                /* [block + 1] */
    int32_t *committed, *committed_first; /* by block */
    bool any_closed;                      /* there are limits without room */

    double *lane_price; /* what a tonne pays on a lane, but for rows: [t*lanes + place] */
    double *hold_price; /* [t*sites + site] */
    int32_t *cursor;    /* span at hand: [block*sites + site] */
    double (*issue_best)[MS_SWEEP_WIDTH][MS_SWEEP_WIDTH]; /* [block*sites + site]: of the periods at hand */
    uint8_t *issues_now;                                  /* likewise: there are any */
    ms_sweep_total *totals;                               /* by part */
    void *unaligned[3];
    ms_arena *arena;
} ms_sweeper;

/* The network must outlive the sweeper, and not change. */
ms_status ms_sweeper_make(ms_sweeper **out, const ms_network *net, ms_error *err);
void ms_sweeper_free(ms_sweeper *sweeper); /* NULL is allowed */

/* The bound that these prices prove; they must be clean (ms_prices_clean). */
double ms_sweeper_bound(ms_sweeper *sweeper, const ms_prices *prices);

/* The same in steps: start; each part from 0 to part_count - 1, in any order, by any threads at once; finish. */
void ms_sweeper_start(ms_sweeper *sweeper, const ms_prices *prices);
void ms_sweeper_part(ms_sweeper *sweeper, int part);
double ms_sweeper_finish(const ms_sweeper *sweeper);

/* Which vectors to use; MS_SIMD_AUTO, the best of the machine, unless somebody asks for others. */
void ms_sweeper_use(ms_sweeper *sweeper, ms_simd simd);

/* ---- what the last evaluation says; its prices must still be what they were ---- */

/* Where V of a layer's site is at t = 0; a period is period_stride further. */
static inline size_t ms_sweeper_place(const ms_sweeper *sweeper, int32_t layer, int32_t site_ix)
{
    return (size_t)(layer / MS_SWEEP_WIDTH) * sweeper->block_stride + (size_t)site_ix * MS_SWEEP_WIDTH +
           (size_t)(layer % MS_SWEEP_WIDTH);
}
/* V: the least that a tonne there in t can cost from there on (B1); 0 at H. */
static inline double ms_sweeper_value(const ms_sweeper *sweeper, int32_t layer, int32_t site_ix, int t)
{
    return sweeper->value[ms_sweeper_place(sweeper, layer, site_ix) + (size_t)t * sweeper->period_stride];
}
/* What a tonne pays: on a way leaving in t, which must arrive before H (cost, charges and prices, whether it is open or
 * not); for waiting out t; to be issued in t. */
double ms_sweeper_move_price(const ms_sweeper *sweeper, const ms_move_way *way, int t);
double ms_sweeper_wait_price(const ms_sweeper *sweeper, int32_t layer, int32_t site_ix, int t);
double ms_sweeper_issue_price(const ms_sweeper *sweeper, const ms_issue_way *way, int t);
/* Reduced costs: what is paid, plus what is left at the end of it, less V; those that are 0 come out a hair (some 1e-15
 * of V) above. Of a way for every departure, INFINITY where it is not open: out is [H]. Of stock kept to the end of t.
 * Of an issue, INFINITY likewise. */
void ms_sweeper_move_reduced(double *out, const ms_sweeper *sweeper, int32_t way_ix);
double ms_sweeper_wait_reduced(const ms_sweeper *sweeper, int32_t layer, int32_t site_ix, int t);
double ms_sweeper_issue_reduced(const ms_sweeper *sweeper, int32_t issue_ix, int t);
/* Sets marks[way*H + t] for every departure that is open, whose goods can be there, and whose reduced cost is at most
 * this; gives how many were newly set. Those with skip[way*H + t] >= 0 are left alone (skip: NULL, or x_column of an
 * LP). */
long long ms_sweeper_mark(uint8_t *marks, const ms_sweeper *sweeper, const int32_t *skip, double at_most);
/* ms_prices_complete for the prices of the last evaluation, which change by it; the bound and V stay. */
ms_status ms_sweeper_complete(ms_sweeper *sweeper, ms_prices *prices, ms_error *err);

#endif
