/* search.h: the worst pairs of failures, and the worst set of a size, without trying them all.
 *
 * Both are branch and bound over ms_damage (damage.h): a set is solved only while what is known leaves it room to be
 * among the worst. How a set is solved is the caller's: threads, ranks, or a test's brute force. Sets are asked for in
 * batches of MS_SEARCH_BATCH at most, whatever the number of those who work, so that the same questions are asked in
 * the same order everywhere. docs/stress.md, S3 and S4, has the arguments.
 */
#ifndef MS_STRESS_SEARCH_H
#define MS_STRESS_SEARCH_H

#include "stress/damage.h"

enum { MS_SEARCH_BATCH = 8 };

typedef struct {
    ms_damage *damage; /* must know the empty set, and each set of one whose loss in the base plan is not 0 */
    double gap;        /* share of an objective below which differences do not matter */
    /* Solves `count` sets and adds each to damage; one that is proven to come to at most `enough` may be left there.
     * *stopped: time is up, or somebody does not want to wait; what was not solved is not added. */
    ms_status (*solve)(bool *stopped, void *context, const ms_set *sets, size_t count, double enough, ms_error *err);
    void *context;
} ms_search;

/* A set among the worst: its best objective is proven to lie from least to most. */
typedef struct {
    ms_set set;
    double least, most;
    bool solved;
} ms_worst_set;

typedef struct {
    ms_worst_set *items; /* the worst first */
    size_t count;
    double others_most; /* no set that is not listed comes to more */
    double set_count;   /* of the size asked for */
    size_t solved_count;
    bool stopped; /* before the gap */
} ms_worst_sets;

void ms_worst_sets_free(ms_worst_sets *sets);

/* The `count` worst pairs, or all where there are fewer. Proven in this sense: none that is not listed exceeds the last
 * listed one by more than the gap, unless stopped. */
MS_MUST_USE ms_status ms_search_pairs(ms_worst_sets *out, const ms_search *search, size_t count, ms_error *err);

/* The set of at most `size` failures (2 to MS_SET_MOST) that hurts most: one item. others_most bounds all sets. */
MS_MUST_USE ms_status ms_search_worst(ms_worst_sets *out, const ms_search *search, int size, ms_error *err);

#endif
