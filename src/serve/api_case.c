/* api_case.c: the case over HTTP: what it holds, what is odd about it, its contingencies. */
#include <string.h>

#include "base/json.h"
#include "serve/api.h"

ms_status ms_api_about(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_held_case *held = ms_desk_hold_case(visit->desk);
    const char *path = ms_desk_path(visit->desk), *slash = path ? strrchr(path, '/') : NULL;
    char trouble[MS_MESSAGE_BYTES];
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "version", MS_VERSION);
    ms_json_string(&json, "case", held ? held->kase->name : NULL);
    ms_json_string(&json, "open", !path ? "nothing" : ms_desk_book(visit->desk) ? "book" : "folder");
    ms_json_string(&json, "file", slash && slash[1] ? slash + 1 : path);
    ms_json_bool(&json, "writable", ms_desk_is_writable(visit->desk));
    if (!path)
        ms_json_string(&json, "work", ms_desk_work(visit->desk));
    ms_json_integer(&json, "generation", held ? held->generation : 0);
    ms_json_string(&json, "trouble", ms_desk_trouble(trouble, visit->desk));
    ms_json_string(&json, "who", visit->who);
    ms_json_string(&json, "role", ms_role_words[visit->role]);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}

static ms_status put_case(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                          ms_error *err)
{
    (void)visit;
    return ms_report_case(out, held->kase, view, err);
}

ms_status ms_api_case(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_case, err);
}

static ms_status put_findings(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                              ms_error *err)
{
    ms_json json;
    (void)visit, (void)view, (void)err;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_findings_put(&json, &held->findings);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return MS_OK;
}

ms_status ms_api_findings(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_findings, err);
}

/* ---- contingencies ---- */

static void put_event(ms_json *json, const ms_event *event)
{
    ms_json_open_object(json, NULL);
    ms_json_number(json, "from_day", event->from_day);
    ms_json_number(json, "to_day", event->to_day);
    ms_json_string(json, "what", ms_what_words[event->what]);
    ms_json_string(json, "which", event->which);
    ms_json_string(json, "effect", ms_effect_words[event->effect]);
    ms_json_number(json, "amount", event->amount);
    ms_json_close_object(json);
}

static ms_status put_contingencies(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                                   ms_error *err)
{
    ms_json json;
    const ms_case *kase = held->kase;
    (void)visit, (void)view, (void)err;
    ms_json_start(&json, out);
    ms_json_open_array(&json, NULL);
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        const ms_contingency *contingency = &kase->contingencies[c];
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "contingency", contingency->id);
        ms_json_string(&json, "name", contingency->name);
        ms_json_number(&json, "chance", contingency->chance);
        ms_json_open_array(&json, "events");
        for (int32_t e = 0; e < contingency->event_count; e++)
            put_event(&json, &kase->events[contingency->first_event + e]);
        ms_json_close_array(&json);
        ms_json_close_object(&json);
    }
    ms_json_close_array(&json);
    ms_json_finish(&json);
    return MS_OK;
}

ms_status ms_api_contingencies(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_contingencies, err);
}
