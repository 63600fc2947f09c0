/* team.h: a few threads that work on one thing in step.
 *
 * ms_team_run calls work(context, part, parts) once for each part, part 0 on the calling thread, and returns when all
 * are done; between runs the others sleep. Inside work, ms_team_meet is a barrier: all parts must call it equally
 * often. One caller at a time. A team of one has no threads and costs nothing.
 */
#ifndef MS_BASE_TEAM_H
#define MS_BASE_TEAM_H

#include "mainstay.h"

typedef struct ms_team ms_team;
typedef void (*ms_team_work)(void *context, int part, int parts);

/* MS_NO_MEMORY; where the system gives fewer threads than asked for, the team is smaller. Free with ms_team_free. */
MS_MUST_USE ms_status ms_team_make(ms_team **out, int threads, ms_error *err);
void ms_team_free(ms_team *team); /* NULL is allowed */
int ms_team_size(const ms_team *team);
void ms_team_run(ms_team *team, ms_team_work work, void *context);

/* Of work that gives the same however many share it: how long a unit of it took of late. Begins as zeros. */
typedef struct {
    double seconds[2]; /* alone, together: smoothed; 0: not known yet */
    double fastest;    /* of the runs of a try */
    int trying;     /* runs left of a try of the way not known or not in use; the first may have to wake the others */
    int left, wait; /* runs until the next try, and how many there are between tries */
} ms_pace;
/* Of work that is too little to be shared, whoever has the processors. */
ms_pace ms_pace_alone(void);
/* Runs `units` of such work by all, or by the caller alone as the one part of one where that went quicker of late:
 * because there is little to share, or because other programs have the processors. */
void ms_team_run_paced(ms_team *team, ms_pace *pace, double units, ms_team_work work, void *context);
void ms_team_meet(ms_team *team);
/* Where the share of a part of `count` things begins; it ends where that of the next does. */
int ms_team_share(int count, int part, int parts);

/* How many processors this process may use, at least 1. */
int ms_team_processors(void);

#endif
