/* ranking.h: what hurts most: single failures ranked, the worst pairs, the worst set of N.
 *
 * ms_rank_make in mainstay.h makes one. Every mode begins with the base plan and its losses (loss.h), which prove the
 * harmless failures; then the others are solved one by one. Pairs and sets are found by search.h, and those that are
 * listed are solved once more for what is told of them.
 */
#ifndef MS_STRESS_RANKING_H
#define MS_STRESS_RANKING_H

#include "stress/search.h"
#include "stress/sets.h"

/* What one failure, or several together, do. Of a harmless one there is no outcome: the base plan stands. Nor is there
 * of a set when the work was stopped before: then `added` is what is proven at least. */
typedef struct {
    ms_set set;
    bool harmless, told; /* told: outcome holds */
    ms_outcome outcome;
    double added, least, most; /* objective over the base's: of the plan, and the proven interval, never below 0 */
    double chance;             /* that the case states, of a single failure; NAN: none */
    double exposure;           /* added x chance; without one added for each day closed */
} ms_ranked;

struct ms_ranking {
    const ms_case *kase;
    ms_rank_mode mode;
    ms_failures failures;
    ms_weights weights;
    double gap, base_objective, base_bound, base_gap;
    ms_ranked *items; /* the worst first */
    size_t count;
    size_t harmless_count, solved_count, interval_count; /* single failures */
    double *single_added;                                /* [failure]; NAN: not solved */
    /* Pairs and sets. */
    double set_count, searched_count; /* of that size; of them solved to find the worst */
    double others_most;               /* no other set adds more */
    bool stopped;                     /* before the end; what there is is right */
    bool partial;                     /* a shard's part only */
};

/* "site,lane" as bits 1 << ms_what; NULL and "" mean all that can fail. MS_USAGE with a "did you mean". */
MS_MUST_USE ms_status ms_rank_whats(unsigned *out, const char *text, ms_error *err);

#endif
