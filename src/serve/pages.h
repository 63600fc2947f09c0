/* pages.h: the pages, inside the program (built from web/). */
#ifndef MS_SERVE_PAGES_H
#define MS_SERVE_PAGES_H

#include "serve/http.h"

typedef struct {
    const char *path; /* "index.html", "assets/app-1a2b.js" */
    const char *type;
    const unsigned char *bytes; /* gzip */
    size_t length;
} ms_page_file;

/* Made by tools/embed-pages; ends with a row without a path. Empty where the pages were not built. */
extern const ms_page_file ms_page_files[];

/* Fills reply with the page that the request asks for; false when there is none. */
bool ms_pages_find(ms_reply *reply, const ms_request *request);

#endif
