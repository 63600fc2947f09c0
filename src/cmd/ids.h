/* ids.h: a list of ids in one option, "a,b". */
#ifndef MS_CMD_IDS_H
#define MS_CMD_IDS_H

#include "cmd/dispatch.h"

enum { MS_IDS_MOST = 64 };

typedef struct {
    const char *ids[MS_IDS_MOST]; /* in text */
    size_t count;
    ms_buf text;
} ms_id_list;

/* What the option `name` lists; nothing when it is not given. MS_USAGE where it is given and names none, or too many.
 * Free with ms_id_list_free, also on failure. */
MS_MUST_USE ms_status ms_id_list_read(ms_id_list *out, ms_call *call, const char *name);
/* The same of a text; "" names none. */
MS_MUST_USE ms_status ms_id_list_split(ms_id_list *out, const char *text, ms_error *err);
void ms_id_list_free(ms_id_list *list);

#endif
