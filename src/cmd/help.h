/* help.h: the table of verbs as text for a terminal, and as Markdown. */
#ifndef MS_CMD_HELP_H
#define MS_CMD_HELP_H

#include "cmd/dispatch.h"

/* The program's own page, a verb's page, a group's list; within 80 columns. */
void ms_help_program(ms_buf *out, bool colour);
void ms_help_verb(ms_buf *out, const ms_verb *verb, bool colour);

/* All verbs as one page: docs/commands.md. */
void ms_help_markdown(ms_buf *out);

/* Appends "-o, --output PLAN" or "    --json". */
void ms_help_option_name(ms_buf *out, const ms_option *option);

#endif
