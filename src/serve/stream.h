/* stream.h: how http.c hands a stream of events (http.h) to the daemon. */
#ifndef MS_SERVE_STREAM_H
#define MS_SERVE_STREAM_H

#include <microhttpd.h>

#include "serve/http.h"

/* A response that sends what comes into the stream; it holds a reference of its own until the reader has gone. NULL:
 * memory is short. */
struct MHD_Response *ms_stream_response(ms_stream *stream, struct MHD_Connection *connection);

#endif
