/* file_reply.h: how http.c answers with a file of the disk, whole or in part (RFC 9110, section 14). */
#ifndef MS_SERVE_FILE_REPLY_H
#define MS_SERVE_FILE_REPLY_H

#include <microhttpd.h>

#include "serve/http.h"

/* A response that sends the file, or from the byte on that "Range: bytes=N-" or "bytes=N-M" names; an If-Range with
 * another tag gives all of it. *status becomes 200, 206 or 416. Takes over the descriptor, also on failure: NULL,
 * memory is short. */
struct MHD_Response *ms_file_response(unsigned *status, const ms_reply_file *file, struct MHD_Connection *connection);

/* The bytes that one range names of a file of `total` bytes: from *from on *length. MS_OK also where the text is none
 * that is understood: then all of it. MS_LIMIT: it begins behind the end. */
ms_status ms_range_read(int64_t *from, int64_t *length, const char *text, int64_t total);

#endif
