/* open.h: what the verbs read, and how they are asked to write. */
#ifndef MS_CMD_OPEN_H
#define MS_CMD_OPEN_H

#include "cmd/dispatch.h"

/* Opens a book; to write, with the passphrase of its key where it has one (the verb's row takes MS_COMMON_KEY). */
MS_MUST_USE ms_status ms_open_book(ms_call *call, const char *path, bool write, ms_book **out);
/* Reads a case, from its folder or as a book holds it now, with what partners gave. Tells nobody. */
MS_MUST_USE ms_status ms_read_case(ms_case **out, const char *path, ms_findings *findings, ms_error *err);

/* A plan is known by its summary.json, a case by its case.json. */
bool ms_folder_is_plan(const char *path);

/* Tells on standard error what reading path found, unless all is well; call->err gets the last word when it failed.
 * Returns status. */
ms_status ms_tell_findings(ms_call *call, const char *path, const ms_findings *findings, ms_status status);

/* Opens a case, from its folder or as a book holds it. What is wrong with it goes to standard error, and call->err says
 * in one line what follows from it. */
MS_MUST_USE ms_status ms_open_case(ms_call *call, const char *path, ms_case **out);
/* Opens a plan and the case in it; free the plan first. */
MS_MUST_USE ms_status ms_open_plan(ms_call *call, const char *path, ms_plan **out, ms_case **case_out);
/* The same, and keeps what reading it found. */
MS_MUST_USE ms_status ms_open_plan_with(ms_call *call, const char *path, ms_plan **out, ms_case **case_out,
                                        ms_findings *findings);
/* Opens whichever of the two path is; *plan_out becomes NULL for a case. */
MS_MUST_USE ms_status ms_open_either(ms_call *call, const char *path, ms_plan **plan_out, ms_case **case_out);

/* How the verb was asked to write, from --json, --csv, --color and --width. */
ms_view ms_view_asked(const ms_call *call);

#endif
