/* transport.h: how bundles travel: a place where both sides put and get files by name. See docs/exchange.md.
 *
 * A place is known by a table of functions, so that a shared folder, a memory stick and a server look alike.
 * Names are "FROM-TO-NUMBER.release"; a file appears whole or not at all, and is never changed afterwards, so that what
 * was cut off is simply done again. Sending puts what the partner has not acknowledged and the place does not have;
 * fetching takes what the book has not, in order.
 */
#ifndef MS_EXCHANGE_TRANSPORT_H
#define MS_EXCHANGE_TRANSPORT_H

#include "exchange/exchange.h"

enum { MS_PLACE_NAMES_MOST = 1000000 };

typedef ms_status (*ms_name_visit)(void *context, const char *name, ms_error *err);

typedef struct {
    /* Visits the names of all releases in the place, in any order. */
    ms_status (*list)(void *place, ms_name_visit visit, void *context, ms_error *err);
    /* Appends the file to out. */
    ms_status (*get)(ms_buf *out, void *place, const char *name, ms_error *err);
    /* Puts the file there, whole or not at all. */
    ms_status (*put)(void *place, const char *name, const ms_buf *bytes, ms_error *err);
    /* Removes a file that its reader has; one that is not there is no error. NULL: such files stay. */
    ms_status (*drop)(void *place, const char *name, ms_error *err);
} ms_transport;

/* A folder: place is its path, a const char *. */
extern const ms_transport ms_transport_folder;
/* A server: place is an ms_link *. */
extern const ms_transport ms_transport_http;

#endif
