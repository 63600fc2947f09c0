/* pages.c: finding a page. See pages.h. Files under assets/ have a hash of their content in the name and may be kept.
 */
#include "serve/pages.h"

#include <string.h>

static const char not_built[] =
    "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Mainstay</title>\n"
    "<h1>Mainstay</h1>\n"
    "<p>This program was built without its pages: Node.js was not there. The server and its API work; "
    "<a href=\"/api/openapi.json\">/api/openapi.json</a> describes it.</p>\n";

static bool give(ms_reply *reply, const ms_page_file *file)
{
    reply->blob = ms_blob_borrow(file->bytes, file->length, file->type, MS_CODING_GZIP);
    reply->keep = strncmp(file->path, "assets/", strlen("assets/")) == 0;
    return reply->blob != NULL;
}

bool ms_pages_find(ms_reply *reply, const ms_request *request)
{
    const char *path = request->segment_count == 0 ? "index.html" : request->path + 1;
    for (const ms_page_file *file = ms_page_files; file->path; file++)
        if (strcmp(file->path, path) == 0)
            return give(reply, file);
    if (request->segment_count > 0 || ms_page_files[0].path)
        return false;
    reply->blob = ms_blob_borrow(not_built, sizeof not_built - 1, "text/html; charset=utf-8", MS_CODING_PLAIN);
    return reply->blob != NULL;
}
