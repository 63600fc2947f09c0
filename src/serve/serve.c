/* serve.c: the server: what a door opens to, and HTTP in front of it. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "exchange/postbox.h"
#include "serve/door.h"

struct ms_server {
    ms_door door;
    ms_http *http;
    char link[256];
};

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
             options->tokens ? "" : "#token=", options->tokens ? "" : server->door.tokens.tokens[0].text);
}

/* The couriers are the tokens of that role. */
static ms_status open_postbox(ms_server *server, const char *folder, ms_error *err)
{
    const char **couriers = ms_alloc(server->door.tokens.count, sizeof *couriers);
    ms_postbox_options options = {.folder = folder, .couriers = couriers};
    if (!couriers)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < server->door.tokens.count; ix++)
        if (server->door.tokens.tokens[ix].role == MS_ROLE_COURIER)
            couriers[options.courier_count++] = server->door.tokens.tokens[ix].name;
    ms_status status = options.courier_count > 0
                           ? ms_postbox_open(&server->door.postbox, &options, err)
                           : ms_error_set(err, MS_USAGE,
                                          "an exchange needs a file of tokens with a courier for each partner");
    ms_free(couriers);
    return status;
}

static ms_status start(ms_server *server, const ms_serve_options *options, ms_findings *findings, ms_error *err)
{
    ms_http_site site = {ms_door_body_most, ms_door_answer, ms_door_refuse, &server->door};
    ms_http_options http = {.address = options->listen,
                            .port = options->port,
                            .certificate = options->certificate,
                            .private_key = options->private_key,
                            .each_limited = !ms_http_is_loopback(options->listen) && !options->behind_proxy,
                            .any_host = !ms_http_is_loopback(options->listen) || options->behind_proxy};
    MS_TRY(check_options(options, err));
    MS_TRY(options->tokens ? ms_tokens_read(&server->door.tokens, options->tokens, err)
                           : ms_tokens_make(&server->door.tokens, "you", err));
    if (options->places)
        MS_TRY(ms_places_read(&server->door.places, options->places, err));
    if (options->exchange)
        MS_TRY(open_postbox(server, options->exchange, err));
    MS_TRY(ms_desk_make(&server->door.desk, options->threads, err));
    MS_TRY(ms_desk_offer(server->door.desk, options->examples, options->work, err));
    ms_desk_access access = {.passphrase = options->passphrase, .read_only = options->read_only};
    if (options->path)
        MS_TRY(ms_desk_open(server->door.desk, options->path, &access, findings, err));
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
    if (server->door.desk)
        ms_desk_hush(server->door.desk);
    ms_http_stop(server->http);
    ms_desk_free(server->door.desk);
    ms_postbox_close(server->door.postbox);
    ms_tokens_free(&server->door.tokens);
    ms_places_free(&server->door.places);
    ms_free(server);
}
