/* link.h: one request to a server that keeps releases, on libcurl; transport_http.c makes them a place.
 *
 * What goes out goes over TLS to a server whose certificate is checked, or to this machine's loopback address; nothing
 * else is spoken, no redirection is followed. What comes in is capped before it is kept. A request that gets no answer
 * has a kind of its own, so that the caller can try again. A link is used by one thread at a time; several links may be
 * used at once.
 */
#ifndef MS_EXCHANGE_LINK_H
#define MS_EXCHANGE_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum {
    MS_LINK_CONNECT_S = 20, /* how long a connection may take */
    MS_LINK_STALL_S = 30,   /* how long nothing may move */
    MS_LINK_ETAG_BYTES = 128
};

typedef struct ms_link ms_link;

/* MS_USAGE when the address is none that may be used, or there is no token. */
MS_MUST_USE ms_status ms_link_open(ms_link **out, const char *address, const ms_link_options *options, ms_error *err);
void ms_link_close(ms_link *link); /* NULL is allowed */
const char *ms_link_address(const ms_link *link);

/* True for what is an address and not a folder. */
bool ms_link_is_address(const char *place);

/* A request and its answer. */
typedef struct {
    const char *method; /* "GET", "PUT", "DELETE" */
    const char *name;   /* of a release, or NULL: the list */
    const char *rest;   /* behind it: "/progress", "?hash=..."; "" */
    const char *piece;  /* the body of a PUT, and the place of its first byte in all of them */
    size_t piece_length;
    int64_t from, total;
    int64_t resume; /* of a GET: bytes that are there already, of what has this etag */
    size_t most;    /* the longest answer, with what is there already */

    ms_buf *body; /* of a good answer; grows even when the connection is cut */
    char etag[MS_LINK_ETAG_BYTES];
    bool restarted; /* the answer begins anew: body was emptied first */
    long http;      /* status; 0: no answer */
    bool transient; /* it may be better in a moment */
} ms_link_call;

/* MS_OK: the answer is 200 or 206 and all there. Else err says what is wrong, in words that name the address. */
MS_MUST_USE ms_status ms_link_ask(ms_link *link, ms_link_call *call, ms_error *err);

/* Waits before the next try, longer each time and never equally long, and tells of it; false when patience is at its
 * end. *tries begins at 0, and again whenever something got through. */
bool ms_link_wait(ms_link *link, int *tries, const ms_error *why);

#endif
