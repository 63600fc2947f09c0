/* request.c: the parts of a request's target. See request.h. */
#include "serve/request.h"

#include <string.h>

#include "base/text.h"

const char *const ms_method_words[MS_METHODS + 1] = {"GET", "POST", "PUT", "DELETE", NULL};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ms_http_decode(char *text, bool query)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        int high, low;
        if (*in != '%') {
            *out++ = query && *in == '+' ? ' ' : *in;
            continue;
        }
        high = hex_digit(in[1]);
        low = high < 0 ? -1 : hex_digit(in[2]);
        if (low < 0)
            return false;
        *out++ = (char)(high << 4 | low);
        in += 2;
    }
    size_t length = (size_t)(out - text);
    *out = '\0';
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return ms_utf8_valid_prefix(text, length) == length;
}

static bool split_path(ms_request *request, char *path)
{
    if (path[0] != '/')
        return false;
    for (char *segment = path; segment;) {
        char *next = strchr(++segment, '/');
        if (next)
            *next = '\0';
        if (request->segment_count == MS_HTTP_SEGMENTS || !ms_http_decode(segment, false))
            return false;
        request->segments[request->segment_count++] = segment;
        segment = next;
    }
    /* "/" has no segments */
    if (request->segment_count == 1 && request->segments[0][0] == '\0')
        request->segment_count = 0;
    return true;
}

static bool split_queries(ms_request *request, char *text)
{
    char *rest = NULL;
    for (char *pair = strtok_r(text, "&", &rest); pair; pair = strtok_r(NULL, "&", &rest)) {
        char *value = strchr(pair, '=');
        if (value)
            *value++ = '\0';
        else
            value = pair + strlen(pair);
        if (request->query_count == MS_HTTP_QUERIES || !ms_http_decode(pair, true) || !ms_http_decode(value, true))
            return false;
        request->queries[request->query_count++] = (ms_query){pair, value};
    }
    return true;
}

bool ms_request_split(ms_request *request, const char *target, char *text)
{
    request->target = target;
    char *queries = strchr(text, '?');
    if (queries)
        *queries++ = '\0';
    return split_path(request, text) && (!queries || split_queries(request, queries));
}

const char *ms_request_query(const ms_request *request, const char *name)
{
    for (int i = request->query_count - 1; i >= 0; i--)
        if (strcmp(request->queries[i].name, name) == 0)
            return request->queries[i].value;
    return NULL;
}

const char *ms_request_header(const ms_request *request, const char *name)
{
    return request->header ? request->header(request->connection, name) : NULL;
}
