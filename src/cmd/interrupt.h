/* interrupt.h: SIGINT and SIGTERM during long work.
 *
 * Between begin and end the first signal only sets a flag, which the progress of the work asks for: the best answer so
 * far is then kept. The second one ends the program at once, as signals do at all other times. SIGPIPE and SIGXFSZ are
 * ignored from the start, so that a reader who has gone and a file that may not grow are errors of the write. */
#ifndef MS_CMD_INTERRUPT_H
#define MS_CMD_INTERRUPT_H

#include <stdbool.h>

/* At the start of the program. */
void ms_interrupt_ignore_writes(void);

/* new_line: the cursor may stand behind a progress bar, so what is said begins on a line of its own. keeps: the work
 * gives the best answer so far when it is interrupted, and may take a moment for that. */
void ms_interrupt_begin(bool new_line, bool keeps);
void ms_interrupt_end(void);

/* True when the work was asked to stop since ms_interrupt_begin. */
bool ms_interrupt_asked(void);

#endif
