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
void ms_team_meet(ms_team *team);

/* How many processors this process may use, at least 1. */
int ms_team_processors(void);

#endif
