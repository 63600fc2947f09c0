/* door_ask.c: requests without sockets. See door_ask.h. */
#include "door_ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/text.h"
#include "serve/request.h"

static const char *header(void *connection, const char *name)
{
    return strcmp(name, "Authorization") == 0 ? connection : NULL;
}

const char *door_target(const char *pattern, const char *word)
{
    static char target[512];
    size_t used = 0;
    for (const char *at = pattern; *at; at++) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        used += (size_t)snprintf(target + used, sizeof target - used, "%.*s", end ? (int)strlen(word) : 1,
                                 end ? word : at);
        at = end ? end : at;
    }
    return target;
}

bool door_tokens(ms_tokens *out)
{
    ms_token *tokens = ms_alloc(MS_ROLES, sizeof *tokens);
    if (!tokens)
        return false;
    *out = (ms_tokens){.tokens = tokens};
    for (int role = MS_ROLE_VIEWER; role < MS_ROLES; role++) {
        ms_token *token = &tokens[out->count++];
        token->role = (ms_role)role;
        snprintf(token->name, sizeof token->name, "%s", ms_role_words[role]);
        snprintf(token->text, sizeof token->text, "token-of-the-%s", ms_role_words[role]);
    }
    return true;
}

bool door_ask(ms_reply *reply, ms_door *door, ms_role role, ms_method method, const char *target, const char *body,
              size_t body_length)
{
    char authorization[MS_TOKEN_BYTES + 8] = "";
    char *text = ms_strdup(target), *copy = ms_strndup(body ? body : "", body_length);
    ms_request request = {.method = method, .path = target, .header = header, .connection = authorization};
    *reply = (ms_reply){0};
    if (role > MS_ROLE_NOBODY)
        snprintf(authorization, sizeof authorization, "Bearer token-of-the-%s", ms_role_words[role]);
    bool taken = text && copy && ms_request_split(&request, target, text);
    size_t most = taken ? ms_door_body_most(door, reply, &request) : 0;
    taken = taken && (reply->status != 0 || body_length <= most);
    if (taken && reply->status == 0) {
        request.body = copy;
        request.body_length = body_length;
        ms_door_answer(door, reply, &request);
    }
    ms_free(text);
    ms_free(copy);
    return taken;
}

void door_let(ms_reply *reply)
{
    ms_blob_release(reply->blob);
    if (reply->stream)
        ms_stream_end(reply->stream);
    ms_stream_release(reply->stream);
    if (reply->file.open)
        close(reply->file.fd);
    *reply = (ms_reply){0};
}

static bool has_controls(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool second = c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0; /* U+0080 to U+009F */
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f || second)
            return true;
    }
    return false;
}

const char *door_mistake(const ms_reply *reply)
{
    enum { LEAST = 200, MOST = 599 };
    json_t *json = NULL;
    if (reply->status != 0 && (reply->status < LEAST || reply->status > MOST))
        return "no HTTP status";
    if (!reply->blob)
        return NULL;
    const char *type = ms_blob_type(reply->blob), *text = ms_blob_bytes(reply->blob);
    size_t length = ms_blob_length(reply->blob);
    bool is_json = strstr(type, "json") != NULL;
    if (!is_json && strncmp(type, "text/", strlen("text/")) != 0)
        return NULL;
    if (ms_blob_form_for(reply->blob, 1u << MS_CODING_PLAIN)->bytes != text)
        return NULL; /* a page, packed as it was built */
    if (ms_utf8_valid_prefix(text, length) != length)
        return "no UTF-8";
    if (has_controls(text, length))
        return "control characters";
    if (is_json && ms_json_parse(&json, text, length, "the answer", NULL) != MS_OK)
        return "no JSON";
    json_decref(json);
    return NULL;
}
