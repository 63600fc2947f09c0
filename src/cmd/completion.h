/* completion.h: the table of verbs as completions for a shell. */
#ifndef MS_CMD_COMPLETION_H
#define MS_CMD_COMPLETION_H

#include "cmd/dispatch.h"

void ms_completion_bash(ms_buf *out);
void ms_completion_zsh(ms_buf *out);
void ms_completion_fish(ms_buf *out);

#endif
