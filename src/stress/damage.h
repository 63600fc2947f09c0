/* damage.h: what is known about sets of failures: bounds on the best objective with a set closed.
 *
 * Each solved set adds a bound, a plan and the plan's losses (loss.h). For any other set S then
 *
 *     bound of T, for each solved T within S  <=  best objective  <=  objective(P) + sum of loss(P, e) over S less T(P)
 *
 * because closing more never helps, and because every plan P can be cancelled down to one that avoids S
 * (docs/stress.md, S1 and S2). A mixture of plans is a plan too, so that shares of several plans, each avoiding
 * something else, bound all sets of a size at once better than any of them alone (S4). The ceiling, the best objective
 * with everything closed, bounds every set; so no loss need be more than what is missing to it.
 *
 * Memory: two words a plan and failure. Cost: ms_damage_most a word for each plan and element; ms_damage_most_of_size
 * at most MIXTURES passes over plans x failures.
 */
#ifndef MS_STRESS_DAMAGE_H
#define MS_STRESS_DAMAGE_H

#include "base/alloc.h"
#include "base/status.h"

enum { MS_SET_MOST = 16 };

/* Failures that happen together; ascending. */
typedef struct {
    int32_t items[MS_SET_MOST];
    int size;
} ms_set;

bool ms_set_has(const ms_set *set, int32_t failure);
ms_set ms_set_with(const ms_set *set, int32_t failure); /* one more; there must be room, and it not be there */
bool ms_set_within(const ms_set *part, const ms_set *set);
bool ms_set_same(const ms_set *a, const ms_set *b);

typedef struct {
    ms_set set;
    double objective, bound;
    double *loss;   /* [failure], 0 for those of the set */
    int32_t *order; /* failures by loss, greatest first */
} ms_known;

typedef struct {
    int32_t failure_count;
    double ceiling; /* INFINITY: not known */
    ms_known *items;
    size_t count, capacity;
} ms_damage;

void ms_damage_start(ms_damage *damage, int32_t failure_count, double ceiling);
void ms_damage_free(ms_damage *damage);
/* Adds a solved set; loss is copied. objective INFINITY: there is no plan, only a bound. MS_NO_MEMORY. */
MS_MUST_USE ms_status ms_damage_add(ms_damage *damage, const ms_set *set, double objective, double bound,
                                    const double *loss, ms_error *err);
/* What is known of exactly this set; NULL when it has not been solved. Good until the next ms_damage_add. */
const ms_known *ms_damage_find(const ms_damage *damage, const ms_set *set);

double ms_damage_least(const ms_damage *damage, const ms_set *set);
double ms_damage_most(const ms_damage *damage, const ms_set *set);

/* The most for any set that holds all of `fixed`, none of those marked in barred[failure], and is of this size or
 * smaller; found no more exactly than `enough` where it is at most that. room: [3 x failure_count], the caller's. */
double ms_damage_most_of_size(const ms_damage *damage, const ms_set *fixed, const uint8_t *barred, int size,
                              double enough, double *room);

#endif
