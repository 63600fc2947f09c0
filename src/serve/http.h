/* http.h: HTTP/1.1 in and out, on libmicrohttpd. Knows nothing of cases and plans.
 *
 * What comes in is bounded before it is looked at: the connection's headers (MS_HTTP_HEAD_BYTES), the body (the limit
 * that the caller's function `body_most` allows the request), connections (MS_HTTP_CONNECTIONS; from one address
 * MS_HTTP_CONNECTIONS_EACH, where addresses tell people apart), silence (MS_HTTP_SILENCE_S), and how long a head, a
 * body or the reading of an answer may take (patience.h): MS_HTTP_PATIENCE_S and what its bytes take at
 * MS_HTTP_LEAST_RATE a second; streams have no end. Whose request takes longer is told so (408; not with TLS) and cut
 * off. Paths and queries are decoded once, strictly: a broken escape, a
 * zero byte, a control character or bytes that are no UTF-8 are an error, and an escaped slash never separates
 * segments.
 *
 * What goes out carries the headers that keep browsers safe, on every answer: no script but our own, no frame, no
 * guessing of types, no referrer. It goes packed to readers who take that (coding.h). An answer whose ETag the reader
 * has is 304.
 *
 * Threads: a few threads of the daemon call `answer`; it must be quick. Long work belongs into threads of its own, and
 * is told of by a stream.
 */
#ifndef MS_SERVE_HTTP_H
#define MS_SERVE_HTTP_H

#include "base/status.h"
#include "serve/blob.h"

enum {
    MS_HTTP_HEAD_BYTES = 32 << 10,
    MS_HTTP_CONNECTIONS = 1500,
    MS_HTTP_SILENCE_S = 20,
    MS_HTTP_PATIENCE_S = 60,
    MS_HTTP_LEAST_RATE = 16 << 10,
    MS_HTTP_CONNECTIONS_EACH = 500,
    MS_HTTP_SEGMENTS = 8,
    MS_HTTP_QUERIES = 24
};

typedef enum { MS_GET, MS_POST, MS_PUT, MS_DELETE, MS_METHODS } ms_method;
extern const char *const ms_method_words[MS_METHODS + 1];

typedef struct {
    const char *name, *value;
} ms_query;

typedef struct {
    ms_method method;                       /* HEAD is GET: the body is left out on the way */
    const char *path;                       /* as sent, "/" first, without the query */
    const char *target;                     /* path and query as sent: what a cache may be keyed by */
    const char *segments[MS_HTTP_SEGMENTS]; /* decoded */
    int segment_count;
    ms_query queries[MS_HTTP_QUERIES]; /* decoded, in order */
    int query_count;
    const char *body; /* zero-terminated behind length bytes */
    size_t body_length;
    const char *(*header)(void *connection, const char *name); /* for ms_request_header; NULL: there are none */
    void *connection;
} ms_request;

/* The last query of that name, or NULL; a header by name, or NULL. */
const char *ms_request_query(const ms_request *request, const char *name);
const char *ms_request_header(const ms_request *request, const char *name);

/* A stream of events to one reader. ms_stream_send copies text and never waits; a reader who does not read for so long
 * that MS_STREAM_BYTES wait for him is cut off. Reference-counted: the daemon holds one, whoever sends another. */
typedef struct ms_stream ms_stream;
enum { MS_STREAM_BYTES = 1 << 18 };
ms_stream *ms_stream_new(void); /* NULL: memory is short; the caller holds a reference */
ms_stream *ms_stream_hold(ms_stream *stream);
void ms_stream_send(ms_stream *stream, const char *text, size_t length);
bool ms_stream_is_gone(ms_stream *stream); /* the reader has left */
void ms_stream_end(ms_stream *stream);     /* what waits is still sent */
void ms_stream_release(ms_stream *stream);

/* A file of the disk as the answer, or the part of it that Range and If-Range ask for (file_reply.c). */
typedef struct {
    bool open; /* fd is to be sent, and closed by the daemon */
    int fd;
    int64_t bytes;
    char etag[64]; /* with its quotes; strong: other contents, another tag */
} ms_reply_file;

/* What to answer. A blob or a stream, whose reference the reply takes over, or a file; none of them: an empty body. */
typedef struct {
    int status;    /* 0: 200 */
    ms_blob *blob; /* with type, ETag and encoding */
    ms_stream *stream;
    ms_reply_file file;
    char location[128]; /* "" or the header Location */
    char allow[64];     /* "" or the header Allow, for 405 */
    bool keep;          /* the browser may keep it for a year: its name has its content's hash in it */
    bool demand_token;  /* 401: WWW-Authenticate: Bearer */
} ms_reply;

typedef struct {
    /* Most bytes of body that the request may have; 0: none. Called before the body is read; may fill refusal with a
     * status and a blob: then that is the answer, and the body is dropped. */
    size_t (*body_most)(void *context, ms_reply *refusal, const ms_request *request);
    void (*answer)(void *context, ms_reply *reply, const ms_request *request);
    /* Fills reply with an error page: status is the HTTP status, detail one sentence. */
    void (*refuse)(void *context, ms_reply *reply, int status, const char *detail);
    void *context;
} ms_http_site;

typedef struct {
    const char *address;                   /* NULL: 127.0.0.1 */
    int port;                              /* 0: a free one */
    const char *certificate, *private_key; /* PEM, or both NULL: no TLS */
    int threads;                           /* 0: two */
    double patience_s;                     /* 0: MS_HTTP_PATIENCE_S */
    bool each_limited; /* hold each address to MS_HTTP_CONNECTIONS_EACH: not where a proxy stands for all of them */
    bool any_host;     /* the Host header may be anything; otherwise only what names the loopback address */
} ms_http_options;

typedef struct ms_http ms_http;
/* MS_USAGE when the address is none or taken. Free with ms_http_stop, which ends all connections. */
ms_status ms_http_start(ms_http **out, const ms_http_site *site, const ms_http_options *options, ms_error *err);
int ms_http_port(const ms_http *http);
void ms_http_stop(ms_http *http); /* NULL is allowed */

/* True for an address that only this machine reaches. */
bool ms_http_is_loopback(const char *address);

/* Decodes %XX in place (and, in a query, + for a blank). False when it is no valid UTF-8 text without control
 * characters. */
bool ms_http_decode(char *text, bool query);

#endif
