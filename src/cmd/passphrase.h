/* passphrase.h: asking for the passphrase of a key. */
#ifndef MS_CMD_PASSPHRASE_H
#define MS_CMD_PASSPHRASE_H

#include "cmd/dispatch.h"

enum { MS_PASSPHRASE_MOST = 1024 };

/* Fills out with the first line of the file that the option ("passphrase-file", of MS_COMMON_KEY) names, else with what
 * is typed, unseen, on the terminal; `twice` asks again and compares. Wipe out after use. */
MS_MUST_USE ms_status ms_passphrase_ask(char out[MS_PASSPHRASE_MOST], ms_call *call, const char *option,
                                        const char *what, bool twice);

/* The same for the key of the book at path; empty where that is under no passphrase. */
MS_MUST_USE ms_status ms_passphrase_of_book(char out[MS_PASSPHRASE_MOST], ms_call *call, const char *path);

/* Overwrites it, also where a compiler thinks that needless. */
void ms_passphrase_wipe(char text[MS_PASSPHRASE_MOST]);

#endif
