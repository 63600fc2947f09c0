/* stress.h: the modes of `mainstay stress`: each in a file stress_MODE.c of its own, chosen in verb_stress.c.
 *
 * To add a mode: a row in verb_stress.c, its function's name here, its options in verb_options.c. */
#ifndef MS_CMD_STRESS_H
#define MS_CMD_STRESS_H

#include "cmd/dispatch.h"
#include "cmd/progress.h"

/* What all modes need. */
typedef struct {
    ms_call *call;
    const ms_case *kase;
    ms_stress_options how;    /* with the bar as its progress */
    ms_progress_bar bar;      /* started; the mode finishes it before it reports */
    const ms_stress_job *job; /* NULL, or what merge has read: it counts, not the options of the mode */
} ms_stress_call;

ms_exit ms_stress_named(ms_stress_call *stress);
ms_exit ms_stress_sample(ms_stress_call *stress);
ms_exit ms_stress_rank(ms_stress_call *stress); /* each, pairs, worst */
ms_exit ms_stress_rehearse(ms_stress_call *stress);

/* Opens the case, and calls run with what the options of the verb say. */
ms_exit ms_stress_run(ms_call *call, ms_exit (*run)(ms_stress_call *stress));
/* That one shard has done its part. */
void ms_stress_say_partial(void);

/* Runs the mode that job names, for `mainstay merge`. */
ms_exit ms_stress_run_job(ms_stress_call *stress);

/* Writes a chart to the file that --svg names, and says so in the answer unless that is for a program. */
MS_MUST_USE ms_status ms_stress_write_svg(ms_call *call, const ms_buf *svg);

#endif
