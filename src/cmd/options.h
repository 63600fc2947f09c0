/* options.h: the words behind a verb, against its row of the table.
 *
 * `--name value`, `--name=value`, `-o value`, `-ovalue`, several switches in one (`-qh`), `--` ends the options;
 * options and operands may be mixed; of an option given twice the last counts. Every value is checked here, so that a
 * verb can take it as it is. */
#ifndef MS_CMD_OPTIONS_H
#define MS_CMD_OPTIONS_H

#include "cmd/dispatch.h"

/* words[0..count) is what stands behind the verb. MS_USAGE says what is wrong, and what may have been meant. */
MS_MUST_USE ms_status ms_options_parse(ms_args *out, const ms_verb *verb, int count, char **words, ms_error *err);

/* What an option was given; name must be in the verb's row. Where it was not given the row's fallback is returned, and
 * without one NULL, 0 or false. */
const char *ms_option_text(const ms_call *call, const char *name);
bool ms_option_given(const ms_call *call, const char *name);
double ms_option_number(const ms_call *call, const char *name);
long ms_option_count(const ms_call *call, const char *name);
/* The number of the word among the choices, from 0. */
int ms_option_choice(const ms_call *call, const char *name);

/* The ix-th operand; NULL when there are fewer. */
const char *ms_operand_text(const ms_call *call, int ix);

#endif
