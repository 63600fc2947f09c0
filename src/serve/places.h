/* places.h: the places that releases may be sent to and fetched from over the API, as the one who runs the server says:
 * folders, and addresses of servers with the files of their token and certificates. A releaser names one of them; so
 * nobody has the server write to a folder of his choosing, or show a file of it to an address of his. */
#ifndef MS_SERVE_PLACES_H
#define MS_SERVE_PLACES_H

#include "base/status.h"

enum { MS_PLACES_MOST = 1000, MS_PLACE_NAME_BYTES = 64 };

typedef struct {
    char *name, *place; /* place: a folder, or https://... */
    char *token, *ca;   /* files; "" none */
} ms_place;

typedef struct {
    ms_place *places;
    size_t count;
} ms_places;

/* Reads a CSV file with the columns name, place, token, ca. Free with ms_places_free. */
ms_status ms_places_read(ms_places *out, const char *path, ms_error *err);
void ms_places_free(ms_places *places);
const ms_place *ms_places_find(const ms_places *places, const char *name); /* NULL: there is none */

#endif
