/* openapi.c: the table of routes as an OpenAPI 3.1 description. */
#include <stdio.h>
#include <string.h>

#include "serve/api.h"

static void put_schema(ms_json *json, const ms_route_query *query)
{
    static const char *const types[] = {"string", "number", "integer", "string", "string"};
    ms_json_open_object(json, "schema");
    ms_json_string(json, "type", types[query->takes]);
    if (query->takes == MS_TAKES_NUMBER || query->takes == MS_TAKES_COUNT) {
        ms_json_number(json, "minimum", query->least);
        ms_json_number(json, "maximum", query->most);
    }
    const char *choices = query->takes == MS_TAKES_SWITCH ? "0|1" : query->choices;
    if (choices) {
        ms_json_open_array(json, "enum");
        for (const char *end; *choices; choices = *end ? end + 1 : end) {
            char word[32];
            end = strchrnul(choices, '|');
            snprintf(word, sizeof word, "%.*s", (int)(end - choices), choices);
            ms_json_string(json, NULL, word);
        }
        ms_json_close_array(json);
    }
    ms_json_close_object(json);
}

static void put_parameter(ms_json *json, const char *name, const char *in, bool required)
{
    ms_json_open_object(json, NULL);
    ms_json_string(json, "name", name);
    ms_json_string(json, "in", in);
    ms_json_bool(json, "required", required);
}

static void put_parameters(ms_json *json, const ms_route *route)
{
    ms_json_open_array(json, "parameters");
    for (const char *at = strchr(route->pattern, '{'); at; at = strchr(at, '{')) {
        char name[32];
        const char *end = strchrnul(++at, '}');
        snprintf(name, sizeof name, "%.*s", (int)(end - at), at);
        put_parameter(json, name, "path", true);
        ms_json_open_object(json, "schema");
        ms_json_string(json, "type", "string");
        ms_json_close_object(json);
        ms_json_close_object(json);
    }
    for (const ms_route_query *query = route->queries; query->name; query++) {
        put_parameter(json, query->name, "query", false);
        ms_json_string(json, "description", query->help);
        put_schema(json, query);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

/* An object with one object in it, and so on. */
static void open_path(ms_json *json, const char *const *keys)
{
    for (int i = 0; keys[i]; i++)
        ms_json_open_object(json, keys[i]);
}

static void close_path(ms_json *json, const char *const *keys)
{
    for (int i = 0; keys[i]; i++)
        ms_json_close_object(json);
}

static void put_responses(ms_json *json, const ms_route *route)
{
    static const char *const problem[] = {"content", "application/problem+json", "schema", NULL};
    ms_json_open_object(json, "responses");
    ms_json_open_object(json, route->method == MS_DELETE                ? "204"
                              : route->method == MS_POST && route->body ? "202"
                                                                        : "200");
    ms_json_string(json, "description", route->gives);
    ms_json_close_object(json);
    ms_json_open_object(json, "default");
    ms_json_string(json, "description", "what is wrong (RFC 9457)");
    open_path(json, problem);
    ms_json_string(json, "$ref", "#/components/schemas/Problem");
    close_path(json, problem);
    ms_json_close_object(json);
    ms_json_close_object(json);
}

static void put_operation(ms_json *json, const ms_route *route)
{
    static const char *const keys[] = {"get", "post", "put", "delete"};
    static const char *const content[] = {"content", "application/json", "schema", NULL};
    ms_json_open_object(json, keys[route->method]);
    ms_json_string(json, "summary", route->summary);
    put_parameters(json, route);
    if (route->body) {
        ms_json_open_object(json, "requestBody");
        ms_json_string(json, "description", route->body);
        open_path(json, content);
        ms_json_string(json, "type", "object");
        close_path(json, content);
        ms_json_close_object(json);
    }
    put_responses(json, route);
    if (route->role > MS_ROLE_NOBODY) {
        ms_json_open_array(json, "security");
        ms_json_open_object(json, NULL);
        ms_json_open_array(json, "token");
        ms_json_string(json, NULL, ms_role_words[route->role]);
        ms_json_close_array(json);
        ms_json_close_object(json);
        ms_json_close_array(json);
    }
    ms_json_close_object(json);
}

static void put_components(ms_json *json)
{
    static const char *const texts[] = {"type", "title", "detail", "code", "file", NULL};
    static const char *const numbers[] = {"status", "line", "column", NULL};
    ms_json_open_object(json, "components");
    ms_json_open_object(json, "securitySchemes");
    ms_json_open_object(json, "token");
    ms_json_string(json, "type", "http");
    ms_json_string(json, "scheme", "bearer");
    ms_json_close_object(json);
    ms_json_close_object(json);
    ms_json_open_object(json, "schemas");
    ms_json_open_object(json, "Problem");
    ms_json_string(json, "type", "object");
    ms_json_open_object(json, "properties");
    for (int i = 0; texts[i]; i++) {
        ms_json_open_object(json, texts[i]);
        ms_json_string(json, "type", "string");
        ms_json_close_object(json);
    }
    for (int i = 0; numbers[i]; i++) {
        ms_json_open_object(json, numbers[i]);
        ms_json_string(json, "type", "integer");
        ms_json_close_object(json);
    }
    ms_json_close_object(json);
    ms_json_close_object(json);
    ms_json_close_object(json);
    ms_json_close_object(json);
}

/* Rows of one address stand together in the table. */
ms_status ms_route_openapi(ms_buf *out, ms_error *err)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "openapi", "3.1.0");
    ms_json_open_object(&json, "info");
    ms_json_string(&json, "title", "Mainstay");
    ms_json_string(&json, "version", MS_VERSION);
    ms_json_close_object(&json);
    ms_json_open_object(&json, "paths");
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        if (route == ms_routes || strcmp(route[-1].pattern, route->pattern) != 0)
            ms_json_open_object(&json, route->pattern);
        put_operation(&json, route);
        if (!route[1].pattern || strcmp(route[1].pattern, route->pattern) != 0)
            ms_json_close_object(&json);
    }
    ms_json_close_object(&json);
    put_components(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_api_openapi(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    (void)visit;
    ms_status status = ms_route_openapi(&text, err);
    if (status == MS_OK)
        return ms_reply_json(reply, &text, err);
    ms_buf_free(&text);
    return status;
}
