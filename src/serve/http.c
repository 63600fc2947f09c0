/* http.c: HTTP on libmicrohttpd. See http.h. */
#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/file.h"
#include "serve/file_reply.h"
#include "serve/patience.h"
#include "serve/request.h"
#include "serve/stream.h"

struct ms_http {
    struct MHD_Daemon *daemon;
    ms_http_site site;
    ms_patience *patience;
    double patience_s;
    bool any_host;
    int port;
    char *certificate, *private_key;
    ms_buf too_late; /* what those are told whose request takes too long; empty with TLS, which cannot be cut into */
};

/* One request from its first line to its answer. */
typedef struct {
    ms_request request;
    char *target, *text; /* as sent; cut up and decoded */
    bool begun, clean;   /* clean: the target could be split */
    size_t body_most;
    char *body;
    size_t body_length, body_capacity;
    ms_reply refusal; /* with a status: what is answered once the body, which is dropped, has come */
} exchange;

/* Who sends a body that is not taken hears why only if he has been listened to: of a connection that is closed before
 * all that was sent is read, the answer may be lost. So much is read and dropped. */
enum { DROP_BYTES = 1 << 20 };

static const struct {
    const char *name, *value;
} ALWAYS[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

/* ---- how long it may take ---- */

static void give_time(ms_http *http, struct MHD_Connection *connection, double seconds, const char *last_words)
{
    const union MHD_ConnectionInfo *of = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (of && of->socket_context)
        ms_patience_give(http->patience, of->socket_context, seconds, last_words);
}

/* For a request to come: its head, or a body of so many bytes. */
static void await_request(ms_http *http, struct MHD_Connection *connection, double bytes)
{
    give_time(http, connection, http->patience_s + bytes / MS_HTTP_LEAST_RATE, http->too_late.text);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **patient,
                          enum MHD_ConnectionNotificationCode what)
{
    ms_http *http = context;
    const union MHD_ConnectionInfo *of = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (what == MHD_CONNECTION_NOTIFY_STARTED && of)
        *patient = ms_patience_add(http->patience, of->connect_fd, http->patience_s, http->too_late.text);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED && *patient)
        ms_patience_drop(http->patience, *patient);
}

/* ---- answers ---- */

static void keep_blob(void *blob)
{
    ms_blob_release(blob);
}

static bool reader_has(const char *tags, const char *etag)
{
    return tags && strstr(tags, etag) != NULL;
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Takes over the blob's reference; on failure too. */
static struct MHD_Response *blob_response(unsigned *status, ms_blob *blob, struct MHD_Connection *connection)
{
    unsigned accepted = ms_coding_accepted(header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    const ms_blob_form *form = ms_blob_form_for(blob, accepted);
    if (!form) {
        ms_blob_release(blob);
        return NULL;
    }
    bool fine = *status == MHD_HTTP_OK;
    bool has = fine && reader_has(header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH), form->etag);
    /* the daemon never writes to the bytes */
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        has ? 0 : form->length, (void *)(uintptr_t)form->bytes, keep_blob, blob);
    if (!response) {
        ms_blob_release(blob);
        return NULL;
    }
    if (has)
        *status = MHD_HTTP_NOT_MODIFIED;
    else
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, ms_blob_type(blob));
    if (!has && form->coding != MS_CODING_PLAIN)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, ms_coding_words[form->coding]);
    if (fine)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, form->etag);
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    return response;
}

static struct MHD_Response *make_response(unsigned *status, ms_reply *reply, struct MHD_Connection *connection)
{
    struct MHD_Response *response;
    *status = reply->status ? (unsigned)reply->status : MHD_HTTP_OK;
    if (reply->stream) {
        response = ms_stream_response(reply->stream, connection);
        ms_stream_release(reply->stream);
        if (response)
            MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream; charset=utf-8");
        return response;
    }
    if (reply->file.open)
        return ms_file_response(status, &reply->file, connection);
    if (!reply->blob)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return blob_response(status, reply->blob, connection);
}

static enum MHD_Result send_reply(ms_http *http, struct MHD_Connection *connection, ms_reply *reply)
{
    unsigned status;
    double bytes = reply->blob ? (double)ms_blob_length(reply->blob) : reply->file.open ? (double)reply->file.bytes : 0;
    give_time(http, connection, reply->stream ? INFINITY : http->patience_s + bytes / MS_HTTP_LEAST_RATE, NULL);
    struct MHD_Response *response = make_response(&status, reply, connection);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        MHD_add_response_header(response, ALWAYS[i].name, ALWAYS[i].value);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                            reply->keep     ? "public, max-age=31536000, immutable"
                            : reply->stream ? "no-store"
                                            : "private, no-cache");
    if (reply->location[0])
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, reply->location);
    if (reply->allow[0])
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, reply->allow);
    if (reply->demand_token)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"mainstay\"");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- requests ---- */

/* What ms_request_header calls. */
static const char *look_up(void *connection, const char *name)
{
    return header_of(connection, name);
}

/* Hosts that name this machine and nothing else: a page from elsewhere that has its own name point here is kept out. */
static bool names_loopback(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 && (host[length] == '\0' || host[length] == ':'))
            return true;
    }
    return false;
}

static bool know_method(ms_method *out, const char *word)
{
    *out = MS_GET;
    if (strcmp(word, MHD_HTTP_METHOD_HEAD) == 0)
        return true;
    for (int method = 0; method < MS_METHODS; method++)
        if (strcmp(word, ms_method_words[method]) == 0) {
            *out = (ms_method)method;
            return true;
        }
    return false;
}

static void *open_exchange(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    exchange *of = ms_alloc(1, sizeof *of);
    if (!of)
        return NULL;
    of->target = ms_strdup(target);
    of->text = ms_strdup(target);
    if (!of->target || !of->text) {
        ms_free(of->target);
        ms_free(of->text);
        ms_free(of);
        return NULL;
    }
    of->request.connection = connection;
    of->request.header = look_up;
    of->clean = ms_request_split(&of->request, of->target, of->text);
    return of;
}

static void close_exchange(void *context, struct MHD_Connection *connection, void **state,
                           enum MHD_RequestTerminationCode why)
{
    (void)why;
    exchange *of = *state;
    *state = NULL;
    await_request(context, connection, 0); /* the next one */
    if (!of)
        return;
    ms_blob_release(of->refusal.blob);
    ms_free(of->target);
    ms_free(of->text);
    ms_free(of->body);
    ms_free(of);
}

static void refuse(const ms_http *http, exchange *of, int status, const char *detail)
{
    http->site.refuse(http->site.context, &of->refusal, status, detail);
}

static void refuse_length(const ms_http *http, exchange *of)
{
    char detail[96] = "this address takes no body";
    if (of->body_most > 0)
        snprintf(detail, sizeof detail, "the body is too large: this address takes at most %zu bytes", of->body_most);
    refuse(http, of, 413, detail);
}

static enum MHD_Result send_refusal(ms_http *http, exchange *of)
{
    ms_reply reply = of->refusal;
    of->refusal = (ms_reply){0};
    return send_reply(http, of->request.connection, &reply);
}

/* What is wrong with a request before its body has come. */
static void look_at_head(ms_http *http, exchange *of, const char *method, unsigned long long announced)
{
    if (!http->any_host && !names_loopback(ms_request_header(&of->request, MHD_HTTP_HEADER_HOST)))
        refuse(http, of, 421, "this server answers to 127.0.0.1 and localhost alone");
    else if (!of->clean)
        refuse(http, of, 400, "the address is not UTF-8, has a broken escape, or too many parts");
    else if (!know_method(&of->request.method, method))
        refuse(http, of, 501, "this server knows GET, HEAD, POST, PUT and DELETE");
    else
        of->body_most = http->site.body_most(http->site.context, &of->refusal, &of->request);
    if (of->refusal.status == 0 && announced > of->body_most)
        refuse_length(http, of);
}

/* Before the body: a refusal is sent now where a body would be too much to drop, or is held back until it is wanted. */
static enum MHD_Result begin(ms_http *http, exchange *of, const char *path, const char *method)
{
    const char *length = ms_request_header(&of->request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    unsigned long long announced = length ? strtoull(length, NULL, 10) : 0;
    of->begun = true;
    of->request.path = path;
    look_at_head(http, of, method, announced);
    if (of->refusal.status != 0 && (announced > DROP_BYTES || ms_request_header(&of->request, MHD_HTTP_HEADER_EXPECT)))
        return send_refusal(http, of);
    await_request(http, of->request.connection, of->refusal.status != 0 ? DROP_BYTES : (double)of->body_most);
    return MHD_YES;
}

/* Takes in a piece of the body. What is too much is read and dropped, for a while; then the connection ends. */
static enum MHD_Result take_in(const ms_http *http, exchange *of, const char *piece, size_t length)
{
    if (of->refusal.status == 0 && of->body_length + length > of->body_most)
        refuse_length(http, of);
    if (of->refusal.status != 0) {
        of->body_length += length;
        return of->body_length <= of->body_most + DROP_BYTES ? MHD_YES : MHD_NO;
    }
    if (!ms_grow((void **)&of->body, &of->body_capacity, of->body_length + length + 1, 1))
        return MHD_NO;
    memcpy(of->body + of->body_length, piece, length);
    of->body_length += length;
    of->body[of->body_length] = '\0';
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *piece, size_t *piece_length,
                                  void **state)
{
    (void)version;
    ms_http *http = context;
    exchange *of = *state;
    ms_reply reply = {0};
    if (!of)
        return MHD_NO;
    if (!of->begun)
        return begin(http, of, path, method);
    if (*piece_length > 0) {
        enum MHD_Result result = take_in(http, of, piece, *piece_length);
        *piece_length = 0;
        return result;
    }
    if (of->refusal.status != 0)
        return send_refusal(http, of);
    of->request.body = of->body ? of->body : "";
    of->request.body_length = of->body_length;
    give_time(http, connection, INFINITY, NULL); /* what we take is not their fault */
    http->site.answer(http->site.context, &reply, &of->request);
    return send_reply(http, connection, &reply);
}

/* ---- the daemon ---- */

static void say_nothing(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

/* Escapes are ours to decode, once and strictly. */
static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

typedef union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} place;

static bool read_place(place *out, const char *address, int port)
{
    place it = {0};
    if (!address || strcmp(address, "localhost") == 0)
        address = "127.0.0.1";
    if (inet_pton(AF_INET, address, &it.four.sin_addr) == 1) {
        it.four.sin_family = AF_INET;
        it.four.sin_port = htons((uint16_t)port);
    } else if (inet_pton(AF_INET6, address, &it.six.sin6_addr) == 1) {
        it.six.sin6_family = AF_INET6;
        it.six.sin6_port = htons((uint16_t)port);
    } else {
        return false;
    }
    *out = it;
    return true;
}

bool ms_http_is_loopback(const char *address)
{
    const uint32_t net = 127;
    place it;
    if (!read_place(&it, address, 0))
        return false;
    return it.any.sa_family == AF_INET ? ntohl(it.four.sin_addr.s_addr) >> 24 == net
                                       : IN6_IS_ADDR_LOOPBACK(&it.six.sin6_addr);
}

static ms_status read_certificate(ms_http *http, const ms_http_options *options, ms_error *err)
{
    const size_t cap = 1 << 20;
    size_t length;
    if (!options->certificate)
        return MS_OK;
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return ms_error_set(err, MS_USAGE, "this build's HTTP library has no TLS");
    MS_TRY(ms_file_read(&http->certificate, &length, options->certificate, cap, err));
    return ms_file_read(&http->private_key, &length, options->private_key, cap, err);
}

/* Some files beyond the connections must still be opened: the case, the book, the releases. */
static unsigned connections_most(void)
{
    const rlim_t others = 200;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= MS_HTTP_CONNECTIONS + others)
        return MS_HTTP_CONNECTIONS;
    return files.rlim_cur > 2 * others ? (unsigned)(files.rlim_cur - others) : (unsigned)(files.rlim_cur / 2);
}

static struct MHD_Daemon *start(ms_http *http, const ms_http_options *options, const place *at)
{
    const unsigned threads = options->threads > 1 ? (unsigned)options->threads : 2;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    if (at->any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    if (http->certificate)
        flags |= MHD_USE_TLS;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, http->private_key},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_SOCK_ADDR,
        &at->any, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, connections_most(),
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->each_limited ? (unsigned)MS_HTTP_CONNECTIONS_EACH : 0u,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)MS_HTTP_SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MS_HTTP_HEAD_BYTES, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_URI_LOG_CALLBACK,
        open_exchange, NULL, MHD_OPTION_NOTIFY_COMPLETED, close_exchange, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_ARRAY, http->certificate ? tls : tls + 2, MHD_OPTION_END);
}

/* The daemon knows nothing of it: it is written to the line before that is shut. */
static ms_status word_lateness(ms_http *http, ms_error *err)
{
    ms_reply reply = {0};
    char detail[128];
    snprintf(detail, sizeof detail, "the request took too long to come: more than %g seconds, and those of %d KiB each",
             http->patience_s, MS_HTTP_LEAST_RATE >> 10);
    http->site.refuse(http->site.context, &reply, 408, detail);
    if (!reply.blob)
        return ms_error_memory(err);
    ms_buf *text = &http->too_late;
    ms_buf_printf(text, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: %s\r\n",
                  ms_blob_type(reply.blob));
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        ms_buf_printf(text, "%s: %s\r\n", ALWAYS[i].name, ALWAYS[i].value);
    ms_buf_printf(text, "Content-Length: %zu\r\n\r\n", ms_blob_length(reply.blob));
    ms_buf_put(text, ms_blob_bytes(reply.blob), ms_blob_length(reply.blob));
    ms_blob_release(reply.blob);
    return text->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_http_start(ms_http **out, const ms_http_site *site, const ms_http_options *options, ms_error *err)
{
    place at;
    if (!read_place(&at, options->address, options->port))
        return ms_error_set(err, MS_USAGE, "%.80s is no address to listen on, such as 127.0.0.1 or ::1",
                            options->address);
    ms_http *http = ms_alloc(1, sizeof *http);
    if (!http)
        return ms_error_memory(err);
    http->site = *site;
    http->any_host = options->any_host;
    http->patience_s = options->patience_s > 0 ? options->patience_s : MS_HTTP_PATIENCE_S;
    http->patience = ms_patience_start();
    ms_status status = http->patience ? read_certificate(http, options, err) : ms_error_memory(err);
    if (status == MS_OK && !http->certificate)
        status = word_lateness(http, err);
    if (status != MS_OK) {
        ms_http_stop(http);
        return status;
    }
    errno = 0;
    http->daemon = start(http, options, &at);
    if (!http->daemon) {
        int why = errno;
        ms_http_stop(http);
        return ms_error_set(err, MS_USAGE, "cannot listen on %.80s port %d: %s",
                            options->address ? options->address : "127.0.0.1", options->port,
                            why ? strerror(why) : "the HTTP library refused (with TLS: is the certificate right?)");
    }
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    http->port = port ? port->port : options->port;
    *out = http;
    return MS_OK;
}

int ms_http_port(const ms_http *http)
{
    return http->port;
}

void ms_http_stop(ms_http *http)
{
    if (!http)
        return;
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    ms_patience_stop(http->patience);
    ms_free(http->certificate);
    ms_free(http->private_key);
    ms_buf_free(&http->too_late);
    ms_free(http);
}
