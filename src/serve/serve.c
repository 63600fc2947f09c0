/* serve.c: the server: a desk, the table of routes, the pages, and HTTP in front of them. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "exchange/postbox.h"
#include "serve/api.h"
#include "serve/pages.h"
#include "serve/token.h"

struct ms_server {
    ms_desk *desk;
    ms_http *http;
    ms_tokens tokens;
    ms_postbox *postbox; /* NULL: it keeps no releases */
    char link[256];
};

/* ---- one request ---- */

static void refuse(void *context, ms_reply *reply, int status, const char *detail)
{
    (void)context;
    ms_error err = {.code = status == 404 ? MS_NOT_FOUND : status >= 500 ? MS_LIMIT : MS_USAGE};
    snprintf(err.message, sizeof err.message, "%s", detail);
    ms_reply_problem(reply, status, &err, NULL);
}

static bool is_api(const ms_request *request)
{
    return request->segment_count > 0 &&
           (strcmp(request->segments[0], "api") == 0 || strcmp(request->segments[0], "exchange") == 0);
}

/* Who may not take the route gets no room for a large body: he is refused all the same, with less work. */
static size_t body_most(void *context, const ms_request *request)
{
    const size_t most_of_strangers = 64 << 10;
    ms_server *server = context;
    char allow[64];
    const char *parameters[MS_ROUTE_PARAMETERS];
    const ms_route *route = is_api(request) ? ms_route_find(allow, parameters, request) : NULL;
    const ms_token *token = ms_tokens_find(&server->tokens, ms_request_header(request, "Authorization"));
    if (!route)
        return 0;
    bool may = token && ms_role_may(token->role, route->role);
    return may || route->body_most < most_of_strangers ? route->body_most : most_of_strangers;
}

/* Whether the token that came along may take the route; fills who and role, or refuses. */
static bool may_enter(ms_server *server, ms_visit *visit, ms_reply *reply, const ms_route *route)
{
    const ms_token *token = ms_tokens_find(&server->tokens, ms_request_header(visit->request, "Authorization"));
    visit->role = token ? token->role : MS_ROLE_NOBODY;
    snprintf(visit->who, sizeof visit->who, "%s", token ? token->name : "");
    if (ms_role_may(visit->role, route->role))
        return true;
    if (token) {
        char detail[160];
        snprintf(detail, sizeof detail, "%s is a %s; this needs a %s", token->name, ms_role_words[token->role],
                 ms_role_words[route->role]);
        refuse(server, reply, 403, detail);
    } else {
        refuse(server, reply, 401,
               "a token is needed: Authorization: Bearer TOKEN; the link that the server printed "
               "has one");
        reply->demand_token = true;
    }
    return false;
}

/* What stands for the answer of a stable route: the same key, the same bytes. */
static char *key_of(ms_desk *desk, const ms_request *request)
{
    size_t size = strlen(request->target) + 32;
    char *key = ms_alloc(size, 1);
    if (key)
        snprintf(key, size, "%d %s", ms_desk_version(desk), request->target);
    return key;
}

static ms_status run(ms_reply *reply, const ms_route *route, const ms_visit *visit, ms_error *err)
{
    MS_TRY(ms_route_check(route, visit->request, err));
    if (!route->stable)
        return route->handler(reply, visit, err);
    char *key = key_of(visit->desk, visit->request);
    if (!key)
        return ms_error_memory(err);
    ms_status status = MS_OK;
    reply->blob = ms_desk_kept(visit->desk, key);
    if (!reply->blob) {
        status = route->handler(reply, visit, err);
        if (status == MS_OK)
            ms_desk_keep(visit->desk, key, reply->blob);
    }
    ms_free(key);
    return status;
}

static void answer_api(ms_server *server, ms_reply *reply, const ms_request *request)
{
    char allow[64];
    ms_error err = {0};
    ms_visit visit = {.request = request, .desk = server->desk, .postbox = server->postbox};
    const ms_route *route = ms_route_find(allow, visit.parameters, request);
    if (!route && allow[0]) {
        refuse(server, reply, 405, "this address does not take that method");
        reply->allow = strcmp(allow, "GET") == 0 ? "GET" : "GET, POST, PUT, DELETE";
    } else if (!route) {
        refuse(server, reply, 404, "there is no such address; /api/openapi.json has all of them");
    } else if (may_enter(server, &visit, reply, route)) {
        ms_status status = run(reply, route, &visit, &err);
        if (status != MS_OK) {
            *reply = (ms_reply){0};
            ms_reply_problem(reply, ms_problem_status(status), &err, NULL);
        }
    }
}

static void answer(void *context, ms_reply *reply, const ms_request *request)
{
    ms_server *server = context;
    if (is_api(request))
        answer_api(server, reply, request);
    else if (request->method != MS_GET) {
        refuse(server, reply, 405, "pages are only read");
        reply->allow = "GET";
    } else if (!ms_pages_find(reply, request))
        refuse(server, reply, 404, "there is no such page");
}

/* ---- the server ---- */

static ms_status check_options(const ms_serve_options *options, ms_error *err)
{
    bool near = ms_http_is_loopback(options->listen);
    bool tls = options->certificate && options->private_key;
    if (!options->certificate != !options->private_key)
        return ms_error_set(err, MS_USAGE, "TLS needs both a certificate and its key");
    if (!near && !tls && !options->behind_proxy)
        return ms_error_set(err, MS_USAGE,
                            "%.80s can be reached from other machines: give a certificate and key for "
                            "TLS, or say that a proxy in front does it",
                            options->listen);
    if (!near && !options->tokens)
        return ms_error_set(err, MS_USAGE,
                            "%.80s can be reached from other machines: give a file of tokens with names and roles",
                            options->listen);
    return MS_OK;
}

static void make_link(ms_server *server, const ms_serve_options *options)
{
    const char *host = options->listen ? options->listen : "127.0.0.1";
    bool six = strchr(host, ':') != NULL;
    snprintf(server->link, sizeof server->link, "%s://%s%.80s%s:%d/%s%s", options->certificate ? "https" : "http",
             six ? "[" : "", host, six ? "]" : "", ms_http_port(server->http),
             options->tokens ? "" : "#token=", options->tokens ? "" : server->tokens.tokens[0].text);
}

/* The couriers are the tokens of that role. */
static ms_status open_postbox(ms_server *server, const char *folder, ms_error *err)
{
    const char **couriers = ms_alloc(server->tokens.count, sizeof *couriers);
    ms_postbox_options options = {.folder = folder, .couriers = couriers};
    if (!couriers)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < server->tokens.count; ix++)
        if (server->tokens.tokens[ix].role == MS_ROLE_COURIER)
            couriers[options.courier_count++] = server->tokens.tokens[ix].name;
    ms_status status = options.courier_count > 0
                           ? ms_postbox_open(&server->postbox, &options, err)
                           : ms_error_set(err, MS_USAGE,
                                          "an exchange needs a file of tokens with a courier for each partner");
    ms_free(couriers);
    return status;
}

static ms_status start(ms_server *server, const ms_serve_options *options, ms_findings *findings, ms_error *err)
{
    ms_http_site site = {.body_most = body_most, .answer = answer, .refuse = refuse, .context = server};
    ms_http_options http = {.address = options->listen,
                            .port = options->port,
                            .certificate = options->certificate,
                            .private_key = options->private_key,
                            .any_host = !ms_http_is_loopback(options->listen) || options->behind_proxy};
    MS_TRY(check_options(options, err));
    MS_TRY(options->tokens ? ms_tokens_read(&server->tokens, options->tokens, err)
                           : ms_tokens_make(&server->tokens, "you", err));
    if (options->exchange)
        MS_TRY(open_postbox(server, options->exchange, err));
    MS_TRY(ms_desk_make(&server->desk, options->threads, err));
    ms_desk_access access = {.passphrase = options->passphrase, .read_only = options->read_only};
    if (options->path)
        MS_TRY(ms_desk_open(server->desk, options->path, &access, findings, err));
    MS_TRY(ms_http_start(&server->http, &site, &http, err));
    make_link(server, options);
    return MS_OK;
}

ms_status ms_server_start(ms_server **out, const ms_serve_options *options, ms_findings *findings, ms_error *err)
{
    ms_server *server = ms_alloc(1, sizeof *server);
    if (!server)
        return ms_error_memory(err);
    ms_status status = start(server, options, findings, err);
    if (status != MS_OK) {
        ms_server_stop(server);
        return status;
    }
    *out = server;
    return MS_OK;
}

const char *ms_server_link(const ms_server *server)
{
    return server->link;
}

void ms_server_stop(ms_server *server)
{
    if (!server)
        return;
    if (server->desk)
        ms_desk_hush(server->desk);
    ms_http_stop(server->http);
    ms_desk_free(server->desk);
    ms_postbox_close(server->postbox);
    ms_tokens_free(&server->tokens);
    ms_free(server);
}
