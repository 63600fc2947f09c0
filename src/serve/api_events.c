/* api_events.c: what happens, as it happens. */
#include "serve/api.h"

ms_status ms_api_events(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_desk_listen(&reply->stream, visit->desk, err);
}
