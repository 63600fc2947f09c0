/* man.h: the table of verbs as manual pages, in mdoc as mandoc(1) and groff(1) read it. */
#ifndef MS_CMD_MAN_H
#define MS_CMD_MAN_H

#include "cmd/dispatch.h"

/* mainstay.1 */
void ms_man_program(ms_buf *out);
/* mainstay-VERB.1, the words of the verb's name joined by a dash. */
void ms_man_verb(ms_buf *out, const ms_verb *verb);
/* Appends the page's name, "mainstay-book-import". */
void ms_man_name(ms_buf *out, const ms_verb *verb);

#endif
