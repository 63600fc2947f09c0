/* door.c: one request, from its token to its answer. See door.h. */
#include "serve/door.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "serve/api.h"
#include "serve/pages.h"

static void refuse(ms_reply *reply, int status, const char *detail)
{
    ms_error err = {.code = status == 404 ? MS_NOT_FOUND : status >= 500 ? MS_LIMIT : MS_USAGE};
    snprintf(err.message, sizeof err.message, "%s", detail);
    ms_reply_problem(reply, status, &err, NULL);
}

void ms_door_refuse(void *door, ms_reply *reply, int status, const char *detail)
{
    (void)door;
    refuse(reply, status, detail);
}

static bool is_api(const ms_request *request)
{
    return request->segment_count > 0 &&
           (strcmp(request->segments[0], "api") == 0 || strcmp(request->segments[0], "exchange") == 0);
}

/* Whether the token that came along may take the route; fills who and role, or refuses. */
static bool may_enter(const ms_door *door, ms_visit *visit, ms_reply *reply, const ms_route *route)
{
    const ms_token *token = ms_tokens_find(&door->tokens, ms_request_header(visit->request, "Authorization"));
    visit->role = token ? token->role : MS_ROLE_NOBODY;
    snprintf(visit->who, sizeof visit->who, "%s", token ? token->name : "");
    if (ms_role_may(visit->role, route->role))
        return true;
    if (token) {
        char detail[160];
        snprintf(detail, sizeof detail, "%s is a %s; this needs a %s", token->name, ms_role_words[token->role],
                 ms_role_words[route->role]);
        refuse(reply, 403, detail);
    } else {
        refuse(reply, 401,
               "a token is needed: Authorization: Bearer TOKEN; the link that the server printed "
               "has one");
        reply->demand_token = true;
    }
    return false;
}

/* The route of a request to the API, once it is clear that there is one and that the caller may take it; or refuses. */
static const ms_route *enter_api(const ms_door *door, ms_visit *visit, ms_reply *reply)
{
    char allow[64];
    const ms_route *route = ms_route_find(allow, visit->parameters, visit->request);
    if (route) {
        visit->job = route->job;
        return may_enter(door, visit, reply, route) ? route : NULL;
    }
    if (!allow[0]) {
        refuse(reply, 404, "there is no such address; /api/openapi.json has all of them");
        return NULL;
    }
    refuse(reply, 405, "this address does not take that method");
    snprintf(reply->allow, sizeof reply->allow, "%s", allow);
    return NULL;
}

static void refuse_to_write_pages(ms_reply *reply)
{
    refuse(reply, 405, "pages are only read");
    snprintf(reply->allow, sizeof reply->allow, "GET");
}

/* Who is refused anyhow gets no room for a body. */
size_t ms_door_body_most(void *context, ms_reply *refusal, const ms_request *request)
{
    ms_visit visit = {.request = request};
    if (is_api(request)) {
        const ms_route *route = enter_api(context, &visit, refusal);
        return route ? route->body_most : 0;
    }
    if (request->method != MS_GET)
        refuse_to_write_pages(refusal);
    return 0;
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

static void answer_api(const ms_door *door, ms_reply *reply, const ms_request *request)
{
    ms_error err = {0};
    ms_visit visit = {.request = request, .desk = door->desk, .postbox = door->postbox, .places = &door->places};
    const ms_route *route = enter_api(door, &visit, reply);
    ms_status status = route ? run(reply, route, &visit, &err) : MS_OK;
    if (status != MS_OK) {
        *reply = (ms_reply){0};
        ms_reply_problem(reply, ms_problem_status(status), &err, NULL);
    }
}

void ms_door_answer(void *context, ms_reply *reply, const ms_request *request)
{
    const ms_door *door = context;
    if (is_api(request))
        answer_api(door, reply, request);
    else if (request->method != MS_GET)
        refuse_to_write_pages(reply);
    else if (!ms_pages_find(reply, request))
        refuse(reply, 404, "there is no such page");
}
