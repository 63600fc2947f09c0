/* file_reply.c: a file, or a part of it, as an answer. See file_reply.h. */
#include "serve/file_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A decimal number of at most 18 digits at *text, which is moved behind it; -1: there is none. */
static int64_t read_number(const char **text)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 18)
        return -1;
    int64_t number = strtoll(*text, NULL, 10);
    *text += digits;
    return number;
}

ms_status ms_range_read(int64_t *from, int64_t *length, const char *text, int64_t total)
{
    static const char unit[] = "bytes=";
    *from = 0;
    *length = total;
    if (!text || strncmp(text, unit, sizeof unit - 1) != 0)
        return MS_OK;
    text += sizeof unit - 1;
    int64_t first = read_number(&text), last = total - 1;
    if (first < 0 || *text++ != '-')
        return MS_OK;
    if (*text != '\0') {
        last = read_number(&text);
        if (last < first || *text != '\0')
            return MS_OK;
    }
    if (first >= total)
        return MS_LIMIT;
    *from = first;
    *length = (last < total ? last + 1 : total) - first;
    return MS_OK;
}

struct MHD_Response *ms_file_response(unsigned *status, const ms_reply_file *file, struct MHD_Connection *connection)
{
    const char *range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_RANGE);
    const char *tag = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_RANGE);
    int64_t from, length;
    char text[80];
    if (tag && strcmp(tag, file->etag) != 0)
        range = NULL;
    bool beyond = ms_range_read(&from, &length, range, file->bytes) != MS_OK;
    struct MHD_Response *response = beyond ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
                                           : MHD_create_response_from_fd_at_offset64((uint64_t)length, file->fd,
                                                                                     (uint64_t)from);
    if (beyond || !response)
        close(file->fd);
    if (!response)
        return NULL;
    *status = beyond ? MHD_HTTP_RANGE_NOT_SATISFIABLE : length < file->bytes ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK;
    if (beyond)
        snprintf(text, sizeof text, "bytes */%lld", (long long)file->bytes);
    else
        snprintf(text, sizeof text, "bytes %lld-%lld/%lld", (long long)from, (long long)(from + length - 1),
                 (long long)file->bytes);
    if (*status != MHD_HTTP_OK)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, text);
    MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, file->etag);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/octet-stream");
    return response;
}
