/* ids.c: see ids.h. */
#include "cmd/ids.h"

#include <string.h>

#include "cmd/options.h"
#include "cmd/output.h"

ms_status ms_id_list_split(ms_id_list *out, const char *text, ms_error *err)
{
    char *rest = NULL;
    *out = (ms_id_list){0};
    ms_buf_text(&out->text, text);
    if (out->text.failed)
        return ms_fail(err, MS_NO_MEMORY, "out of memory");
    for (char *id = strtok_r(out->text.text, ", ", &rest); id != NULL; id = strtok_r(NULL, ", ", &rest)) {
        if (out->count == MS_IDS_MOST)
            return ms_fail(err, MS_USAGE, "more than %d ids", MS_IDS_MOST);
        out->ids[out->count++] = id;
    }
    return MS_OK;
}

ms_status ms_id_list_read(ms_id_list *out, ms_call *call, const char *name)
{
    ms_error err = {0};
    *out = (ms_id_list){0};
    if (!ms_option_given(call, name))
        return MS_OK;
    ms_status status = ms_id_list_split(out, ms_option_text(call, name), &err);
    if (status != MS_OK)
        return ms_fail(&call->err, status, "--%s: %s", name, err.message);
    return out->count > 0 ? MS_OK : ms_fail(&call->err, MS_USAGE, "--%s: names none", name);
}

void ms_id_list_free(ms_id_list *list)
{
    ms_buf_free(&list->text);
    list->count = 0;
}
