/* rehearse.h: the days of a case played one by one, by planners who know more or less of what is to come.
 *
 * For each sample the contingencies that happen are drawn by their chance, each as it stands. Then the case is played:
 * orders are carried out as far as the world lets them (replay.h), and what falls short on the way is what counts.
 * - never: the plan made before anything had happened is carried out to the end;
 * - again: every so many days a new plan is made of what is left (residual.h), with what has begun by then;
 * - warned: the same, but each contingency is known some days before it begins;
 * - foresight: all is known from the start.
 * Nothing is planned anew while nothing new is known, for then the orders would stand. Samples in which the same
 * contingencies happen are played once. Cost: a plan for each contingency that comes to be known, and one of foresight,
 * for each set of them; sets are tasks of the pool.
 */
#ifndef MS_STRESS_REHEARSE_H
#define MS_STRESS_REHEARSE_H

#include "plan/plan.h"
#include "stress/pool.h"

typedef enum { MS_PLAY_NEVER, MS_PLAY_AGAIN, MS_PLAY_WARNED, MS_PLAY_FORESIGHT, MS_PLAYS } ms_play_kind;

/* What fell short when the days had been played. */
typedef struct {
    double never_t[MS_PRIORITY_COUNT + 1], late_t_days[MS_PRIORITY_COUNT + 1]; /* by priority */
    double weighted;                                                           /* the shortfall in weighted tonnes */
    int plans;                                                                 /* made on the way */
} ms_played;

typedef struct {
    uint64_t happened; /* bit c: contingency c */
    ms_played played[MS_PLAYS];
    bool done;
} ms_rehearsal_set;

enum { MS_REHEARSAL_CONTINGENCIES = 64 };

struct ms_rehearsal {
    const ms_case *kase;
    ms_weights weights;
    double every_days, warning_days; /* warning 0: none was asked for, and MS_PLAY_WARNED is empty */
    size_t *set_of;                  /* [sample] */
    size_t sample_count;             /* those that were played */
    ms_rehearsal_set *sets;
    size_t set_count;
    ms_pool_end end;
};

/* What was played of a set, [MS_PLAYS], as a line without its newline, and back to the last bit. MS_BAD_INPUT says what
 * is wrong. */
MS_MUST_USE ms_status ms_played_write(ms_buf *out, const ms_played *played, ms_error *err);
MS_MUST_USE ms_status ms_played_read(ms_played *played, const char *text, size_t length, ms_error *err);

#endif
