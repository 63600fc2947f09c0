/* api_courier.c: the addresses under /exchange: releases put and got by couriers. See exchange/postbox.h; the client is
 * exchange/transport_http.c. What is here is sealed: this server cannot read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/postbox.h"
#include "serve/api.h"

/* Fills the reply of what did not go well. */
static ms_status refuse(ms_reply *reply, ms_post post, const ms_error *wrong)
{
    static const int statuses[] = {
        [MS_POST_DENIED] = 403, [MS_POST_ABSENT] = 404, [MS_POST_STEP] = 409,  [MS_POST_DIFFERENT] = 409,
        [MS_POST_FULL] = 507,   [MS_POST_BROKEN] = 422, [MS_POST_FAILED] = 500};
    ms_reply_problem(reply, statuses[post], wrong, NULL);
    return MS_OK;
}

static ms_status check_box(const ms_visit *visit, ms_error *err)
{
    return visit->postbox
               ? MS_OK
               : ms_error_set(err, MS_NOT_FOUND, "this server keeps no releases; `mainstay serve --exchange DIR` does");
}

/* ---- reading ---- */

static bool put_name(void *context, const char *name, int64_t bytes)
{
    ms_json *json = context;
    ms_json_open_object(json, NULL);
    ms_json_string(json, "name", name);
    ms_json_integer(json, "bytes", bytes);
    ms_json_close_object(json);
    return true;
}

ms_status ms_api_releases(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_error wrong = {0};
    MS_TRY(check_box(visit, err));
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "partner", visit->who);
    ms_json_open_array(&json, "releases");
    ms_post post = ms_postbox_list(visit->postbox, visit->who, put_name, &json, &wrong);
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    if (post == MS_POST_DONE)
        return ms_reply_json(reply, &text, err);
    ms_buf_free(&text);
    return refuse(reply, post, &wrong);
}

ms_status ms_api_get_release(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_error wrong = {0};
    ms_reply_file *file = &reply->file;
    MS_TRY(check_box(visit, err));
    ms_post post = ms_postbox_get(&file->fd, &file->bytes, file->etag, visit->postbox, visit->who, visit->parameters[0],
                                  &wrong);
    if (post != MS_POST_DONE)
        return refuse(reply, post, &wrong);
    file->open = true;
    return MS_OK;
}

/* ---- writing ---- */

static ms_post_of post_of(const ms_visit *visit)
{
    const char *hash = ms_visit_text(visit, "hash");
    return (ms_post_of){visit->parameters[0], hash ? hash : ""};
}

static ms_status put_progress(ms_reply *reply, int64_t have, bool whole, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "have", have);
    ms_json_bool(&json, "whole", whole);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

ms_status ms_api_release_progress(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int64_t have;
    bool whole;
    ms_error wrong = {0};
    MS_TRY(check_box(visit, err));
    ms_post post = ms_postbox_progress(&have, &whole, visit->postbox, visit->who, post_of(visit), &wrong);
    return post == MS_POST_DONE ? put_progress(reply, have, whole, err) : refuse(reply, post, &wrong);
}

/* "bytes 0-1023/4096" whose length is that of the body. */
static bool read_content_range(int64_t *from, int64_t *total, const char *text, size_t length)
{
    long long first, last, all;
    int used = 0;
    if (!text || strlen(text) > 60 || strchr(text, '+') || strstr(text, " -") ||
        sscanf(text, "bytes %18lld-%18lld/%18lld%n", &first, &last, &all, &used) != 3 || text[used] != '\0')
        return false;
    *from = first;
    *total = all;
    return first >= 0 && last >= first && all > last && last - first + 1 == (long long)length;
}

ms_status ms_api_put_release(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int64_t have, from, total;
    bool whole;
    ms_error wrong = {0};
    const ms_request *request = visit->request;
    MS_TRY(check_box(visit, err));
    if (!read_content_range(&from, &total, ms_request_header(request, "Content-Range"), request->body_length))
        return ms_error_set(err, MS_USAGE,
                            "a piece needs a Content-Range such as \"bytes 0-1023/4096\", as long as the body");
    ms_post post = ms_postbox_put(&have, &whole, visit->postbox, visit->who, post_of(visit), from, total, request->body,
                                  request->body_length, &wrong);
    return post == MS_POST_DONE ? put_progress(reply, have, whole, err) : refuse(reply, post, &wrong);
}

ms_status ms_api_drop_release(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_error wrong = {0};
    MS_TRY(check_box(visit, err));
    ms_post post = ms_postbox_drop(visit->postbox, visit->who, visit->parameters[0], &wrong);
    return post == MS_POST_DONE ? put_progress(reply, 0, false, err) : refuse(reply, post, &wrong);
}
