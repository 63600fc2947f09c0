/* progress.h: how far long work is, on standard error.
 *
 * On a terminal a bar with an estimate, redrawn in place and wiped at the end; elsewhere a line now and then. Both only
 * once the work has taken a while, so that quick work stays silent. Legal order: start, any reports, finish. */
#ifndef MS_CMD_PROGRESS_H
#define MS_CMD_PROGRESS_H

#include "cmd/terminal.h"

enum { MS_STAGE_BYTES = 48 };

typedef struct {
    const ms_terminal *terminal;
    bool quiet, drawn, stopped; /* stopped: the work was told to end */
    double limit_s;             /* after which the work is told to end; 0: none */
    double start, last; /* seconds on the monotonic clock: of the work, and of what was shown last (0: nothing) */
    char stage[MS_STAGE_BYTES];
} ms_progress_bar;

/* Also begins to catch interrupts. */
void ms_progress_start(ms_progress_bar *bar, const ms_terminal *terminal, bool quiet, double limit_s);

/* An ms_progress; context is an ms_progress_bar. False once an interrupt came or the limit has passed. */
bool ms_progress_report(void *context, const char *stage, double done, double eta_seconds);

void ms_progress_finish(ms_progress_bar *bar);

#endif
