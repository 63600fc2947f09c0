/* link.c: requests to a server that keeps releases. See link.h. */
#include "exchange/link.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "base/text.h"

enum { TOKEN_LEAST = 16, TOKEN_MOST = 64, PROBLEM_BYTES = 64 << 10, PAUSE_MOST_S = 30, PATIENCE_S = 120 };

struct ms_link {
    CURL *curl;
    char *address;   /* without a slash at its end */
    char *authority; /* "Authorization: Bearer ..." */
    ms_link_options options;
    ms_random random;
    double quiet_since; /* of the first of several tries in a row */
};

/* ---- the address ---- */

bool ms_link_is_address(const char *place)
{
    return strstr(place, "://") != NULL;
}

static bool is_loopback(const char *host)
{
    unsigned a, b, c, d;
    int used = 0;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (sscanf(host, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &used) == 4 && host[used] == '\0' && a == 127);
}

static const char *address_wrong(CURLU *url, const char *address)
{
    char *scheme = NULL, *host = NULL, *other = NULL;
    const char *wrong = NULL;
    if (curl_url_set(url, CURLUPART_URL, address, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        wrong = "is none, such as https://host.example:8443";
    else if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !is_loopback(host)))
        wrong = "must begin with https:// (http:// only to this machine itself)";
    static const CURLUPart no[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};
    for (size_t ix = 0; wrong == NULL && ix < sizeof no / sizeof no[0]; ix++)
        if (curl_url_get(url, no[ix], &other, 0) == CURLUE_OK) {
            wrong = "must end with the server or a path: no name, password, ? or #; the token is in a file of its own";
            curl_free(other);
        }
    curl_free(scheme);
    curl_free(host);
    return wrong;
}

static ms_status take_address(ms_link *link, const char *address, ms_error *err)
{
    size_t length = strlen(address);
    CURLU *url = curl_url();
    if (url == NULL)
        return ms_error_memory(err);
    const char *wrong = address_wrong(url, address);
    curl_url_cleanup(url);
    if (wrong != NULL)
        return ms_error_set(err, MS_USAGE, "the address of the server %s", wrong); /* it may hold a password */
    while (address[length - 1] == '/')
        length--;
    link->address = ms_strndup(address, length);
    return link->address == NULL ? ms_error_memory(err) : MS_OK;
}

/* ---- the token ---- */

static ms_status read_token(ms_link *link, const char *path, ms_error *err)
{
    char *text = NULL;
    size_t length;
    ms_buf header = {0};
    if (path == NULL)
        return ms_error_set(err, MS_USAGE, "%.200s wants a token: say --token FILE", link->address);
    MS_TRY(ms_file_check_private(path, err));
    MS_TRY(ms_file_read(&text, &length, path, 4096, err));
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        text[--length] = '\0';
    bool good = length >= TOKEN_LEAST && length <= TOKEN_MOST;
    for (size_t ix = 0; ix < length; ix++)
        good = good && text[ix] > ' ' && text[ix] < 0x7F;
    if (good)
        ms_buf_printf(&header, "Authorization: Bearer %s", text);
    ms_free(text);
    if (!good)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "a token is one line of %d to %d letters and digits",
                           TOKEN_LEAST, TOKEN_MOST);
    link->authority = header.text;
    return header.failed ? ms_error_memory(err) : MS_OK;
}

/* ---- opening ---- */

static int on_progress(void *context, curl_off_t to_get, curl_off_t got, curl_off_t to_put, curl_off_t put)
{
    const ms_link *link = context;
    (void)to_get, (void)got, (void)to_put, (void)put;
    return link->options.goes_on(link->options.context) ? 0 : 1;
}

static void set_up(ms_link *link)
{
    CURL *curl = link->curl;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (link->options.ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, link->options.ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (strncmp(link->address, "http:", 5) == 0)
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)MS_LINK_CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)MS_LINK_STALL_S);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    if (link->options.goes_on != NULL) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, link);
    }
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mainstay/" MS_VERSION);
}

static ms_status open_link(ms_link *link, const char *address, const ms_link_options *options, ms_error *err)
{
    uint64_t seed = (uint64_t)(ms_clock_seconds() * 1e9);
    if (options != NULL)
        link->options = *options;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ms_error_memory(err);
    MS_TRY(take_address(link, address, err));
    MS_TRY(read_token(link, link->options.token_file, err));
    if (link->options.ca_file != NULL && !ms_file_exists(link->options.ca_file))
        return ms_error_at(err, MS_NOT_FOUND, link->options.ca_file, 0, 0, "there is no such file of certificates");
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) < 0)
        seed ^= (uint64_t)(uintptr_t)link; /* only spreads the tries of several clients */
    link->random = ms_random_start(seed, 0);
    link->curl = curl_easy_init();
    if (link->curl == NULL)
        return ms_error_memory(err);
    set_up(link);
    return MS_OK;
}

ms_status ms_link_open(ms_link **out, const char *address, const ms_link_options *options, ms_error *err)
{
    ms_link *link = ms_alloc(1, sizeof *link);
    if (link == NULL)
        return ms_error_memory(err);
    ms_status status = open_link(link, address, options, err);
    if (status == MS_OK)
        *out = link;
    else
        ms_link_close(link);
    return status;
}

void ms_link_close(ms_link *link)
{
    if (link == NULL)
        return;
    if (link->curl != NULL)
        curl_easy_cleanup(link->curl);
    if (link->authority != NULL)
        memset(link->authority, 0, strlen(link->authority));
    ms_free(link->authority);
    ms_free(link->address);
    ms_free(link);
}

const char *ms_link_address(const ms_link *link)
{
    return link->address;
}

/* ---- one request ---- */

typedef struct {
    ms_link *link;
    ms_link_call *call;
    size_t base;    /* where the answer begins in the body */
    int64_t start;  /* of a part: its first byte; -1 not said */
    ms_buf problem; /* the answer, when it is a refusal */
    bool too_long, begun, no_memory;
} request;

/* A header of the answer: those of a redirection or a retry come anew, so the first line resets what was noted. */
static size_t on_header(char *text, size_t size, size_t count, void *context)
{
    request *r = context;
    size_t length = size * count, tag = sizeof "ETag:" - 1;
    char line[256];
    if (length >= 5 && memcmp(text, "HTTP/", 5) == 0) {
        r->start = -1;
        r->begun = false;
    }
    if (length >= sizeof line)
        return length;
    memcpy(line, text, length);
    line[length] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    if (strncasecmp(line, "ETag:", tag) == 0)
        snprintf(r->call->etag, sizeof r->call->etag, "%.120s", line + tag + strspn(line + tag, " \t"));
    long long start;
    if (strncasecmp(line, "Content-Range:", 14) == 0 && sscanf(line + 14, " bytes %18lld-", &start) == 1)
        r->start = start;
    return length;
}

/* Where the answer does not go on from what is there, what is there is dropped. */
static void begin_body(request *r)
{
    ms_link_call *call = r->call;
    if (r->begun)
        return;
    r->begun = true;
    if (call->resume > 0 && (call->http != 206 || r->start != call->resume)) {
        call->body->length = r->base;
        call->restarted = true;
    }
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    request *r = context;
    size_t length = size * count;
    curl_easy_getinfo(r->link->curl, CURLINFO_RESPONSE_CODE, &r->call->http);
    if (r->call->http != 200 && r->call->http != 206) {
        if (r->problem.length < PROBLEM_BYTES)
            ms_buf_put(&r->problem, bytes, length);
        return length;
    }
    begin_body(r);
    r->too_long = r->call->body->length - r->base + length > r->call->most;
    if (!r->too_long)
        ms_buf_put(r->call->body, bytes, length);
    r->no_memory = r->call->body->failed;
    return r->too_long || r->no_memory ? 0 : length;
}

typedef struct {
    const char *bytes;
    size_t length, at;
} piece_reader;

static size_t on_piece(char *out, size_t size, size_t count, void *context)
{
    piece_reader *reader = context;
    size_t room = size * count, left = reader->length - reader->at;
    if (room > left)
        room = left;
    memcpy(out, reader->bytes + reader->at, room);
    reader->at += room;
    return room;
}

/* What the server said when it refused, tamed; "" nothing that is understood. */
static void problem_text(char *out, size_t size, const ms_buf *problem)
{
    json_t *root = NULL;
    out[0] = '\0';
    if (problem->length > 0 && ms_json_parse(&root, problem->text, problem->length, "", NULL) == MS_OK) {
        const char *detail = json_string_value(json_object_get(root, "detail"));
        snprintf(out, size, "%s", detail == NULL ? "" : detail);
        json_decref(root);
    }
    for (char *at = out; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7F)
            *at = ' ';
    out[ms_utf8_valid_prefix(out, strlen(out))] = '\0';
}

static ms_status refused(request *r, ms_error *err)
{
    char said[300];
    long http = r->call->http;
    const char *address = r->link->address;
    r->call->transient = http == 408 || http == 429 || http == 502 || http == 503 || http == 504;
    problem_text(said, sizeof said, &r->problem);
    if (http == 401)
        return ms_error_at(err, MS_IO, address, 0, 0, "the server does not know the token in %.100s",
                           r->link->options.token_file);
    ms_status code = http == 404 ? MS_NOT_FOUND : http == 403 ? MS_USAGE : http < 500 ? MS_BAD_INPUT : MS_IO;
    return said[0] != '\0' ? ms_error_at(err, code, address, 0, 0, "the server says: %s", said)
                           : ms_error_at(err, code, address, 0, 0, "the server answers with status %ld", http);
}

static ms_status no_answer(request *r, CURLcode why, const char *detail, ms_error *err)
{
    const char *address = r->link->address;
    switch (why) {
    case CURLE_OUT_OF_MEMORY:
        return ms_error_memory(err);
    case CURLE_PEER_FAILED_VERIFICATION:
        return ms_error_at(err, MS_IO, address, 0, 0,
                           "the server's certificate is not to be trusted: %.200s. Nothing was sent; if it is a "
                           "staff's own, say --ca FILE",
                           detail);
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
        return ms_error_at(err, MS_IO, address, 0, 0, "the file of certificates is none: %.200s", detail);
    case CURLE_WRITE_ERROR:
        return r->no_memory ? ms_error_memory(err)
                            : ms_error_at(err, MS_IO, address, 0, 0, "the server sends more than it may: %zu MiB",
                                          r->call->most >> 20);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return ms_error_at(err, MS_USAGE, address, 0, 0, "cannot be used: %.200s", detail);
    case CURLE_ABORTED_BY_CALLBACK:
        return ms_error_at(err, MS_LIMIT, address, 0, 0, "stopped");
    default:
        r->call->transient = true;
        return ms_error_at(err, MS_IO, address, 0, 0, "no answer: %.200s", detail);
    }
}

static bool add_header(struct curl_slist **list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer == NULL)
        return false;
    *list = longer;
    return true;
}

static bool make_headers(struct curl_slist **headers, const ms_link *link, const ms_link_call *call)
{
    char text[200];
    bool good = add_header(headers, link->authority) && add_header(headers, "Expect:");
    if (call->piece != NULL) {
        snprintf(text, sizeof text, "Content-Range: bytes %lld-%lld/%lld", (long long)call->from,
                 (long long)call->from + (long long)call->piece_length - 1, (long long)call->total);
        good = good && add_header(headers, text) && add_header(headers, "Content-Type: application/octet-stream");
    }
    if (call->resume > 0) {
        snprintf(text, sizeof text, "If-Range: %s", call->etag);
        good = good && add_header(headers, text);
    }
    return good;
}

static bool make_url(ms_buf *url, const ms_link *link, const ms_link_call *call)
{
    ms_buf_printf(url, "%s/exchange/releases", link->address);
    if (call->name != NULL) {
        char *name = curl_easy_escape(link->curl, call->name, 0);
        url->failed = url->failed || name == NULL;
        ms_buf_printf(url, "/%s%s", name == NULL ? "" : name, call->rest);
        curl_free(name);
    }
    return !url->failed;
}

static CURLcode perform(request *r, const char *url, struct curl_slist *headers, char *detail)
{
    ms_link_call *call = r->call;
    CURL *curl = r->link->curl;
    piece_reader reader = {call->piece, call->piece_length, 0};
    char range[32];
    snprintf(range, sizeof range, "%lld-", (long long)call->resume);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    if (call->piece != NULL) {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_piece);
        curl_easy_setopt(curl, CURLOPT_READDATA, &reader);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->piece_length);
    } else {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 0L);
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_RANGE, call->resume > 0 ? range : NULL);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, strcmp(call->method, "DELETE") == 0 ? "DELETE" : NULL);
    CURLcode code = curl_easy_perform(curl);
    if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &call->http) != CURLE_OK)
        call->http = 0;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    if (detail[0] == '\0')
        snprintf(detail, CURL_ERROR_SIZE, "%s", curl_easy_strerror(code));
    return code;
}

ms_status ms_link_ask(ms_link *link, ms_link_call *call, ms_error *err)
{
    request r = {.link = link, .call = call, .start = -1};
    ms_buf url = {0};
    struct curl_slist *headers = NULL;
    char detail[CURL_ERROR_SIZE] = "";
    call->http = 0;
    call->transient = call->restarted = false;
    r.base = call->body->length - (size_t)call->resume;
    ms_status status = MS_OK;
    if (make_url(&url, link, call) && make_headers(&headers, link, call)) {
        CURLcode code = perform(&r, url.text, headers, detail);
        bool good = call->http == 200 || call->http == 206;
        if (code == CURLE_OK && good)
            begin_body(&r);
        status = code != CURLE_OK ? no_answer(&r, code, detail, err) : good ? MS_OK : refused(&r, err);
    } else {
        status = ms_error_memory(err);
    }
    curl_slist_free_all(headers);
    ms_buf_free(&url);
    ms_buf_free(&r.problem);
    return status;
}

/* ---- trying again ---- */

static bool goes_on(const ms_link *link)
{
    return link->options.goes_on == NULL || link->options.goes_on(link->options.context);
}

/* False when it is to be stopped. */
static bool rest(const ms_link *link, double seconds)
{
    const double slice = 0.1;
    for (bool on = goes_on(link); on && seconds > 0; seconds -= slice, on = goes_on(link)) {
        const struct timespec moment = {.tv_nsec = (long)((seconds < slice ? seconds : slice) * 1e9)};
        nanosleep(&moment, NULL);
    }
    return goes_on(link);
}

bool ms_link_wait(ms_link *link, int *tries, const ms_error *why)
{
    double now = ms_clock_seconds(), patience = link->options.patience_s > 0 ? link->options.patience_s : PATIENCE_S;
    double pause = link->options.pause_s > 0 ? link->options.pause_s : 0.5;
    if (*tries == 0)
        link->quiet_since = now;
    for (int ix = 0; ix < *tries && pause < PAUSE_MOST_S; ix++)
        pause *= 2;
    if (pause > PAUSE_MOST_S)
        pause = PAUSE_MOST_S;
    pause *= 0.5 + 0.5 * ms_random_unit(&link->random);
    if (now - link->quiet_since + pause > patience)
        return false;
    ++*tries;
    if (link->options.retry != NULL)
        link->options.retry(link->options.context, why->message, pause);
    return rest(link, pause);
}
