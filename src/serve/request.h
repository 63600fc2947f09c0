/* request.h: from the bytes of a request's first line to a path in segments and queries, decoded. */
#ifndef MS_SERVE_REQUEST_H
#define MS_SERVE_REQUEST_H

#include "serve/http.h"

/* Splits target, of which text is a copy that is cut up and decoded in place; both must outlive the request. False when
 * it is no clean path, or has more segments or queries than there is room for. */
bool ms_request_split(ms_request *request, const char *target, char *text);

#endif
