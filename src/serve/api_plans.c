/* api_plans.c: plans over HTTP: order one, follow it, read what it says. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "serve/api.h"

static void put_facts(ms_json *json, const ms_plan_facts *facts)
{
    ms_json_open_object(json, NULL);
    ms_plan_facts_put(json, facts);
    ms_json_close_object(json);
}

ms_status ms_api_plans(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_plan_facts *facts = ms_alloc(MS_DESK_PLANS, sizeof *facts);
    if (!facts)
        return ms_error_memory(err);
    int count = ms_desk_all_facts(facts, visit->desk);
    ms_json_start(&json, &text);
    ms_json_open_array(&json, NULL);
    for (int i = 0; i < count; i++)
        put_facts(&json, &facts[i]);
    ms_json_close_array(&json);
    ms_json_finish(&json);
    ms_free(facts);
    return ms_reply_json(reply, &text, err);
}

static ms_status reply_facts(ms_reply *reply, const ms_visit *visit, int number, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_plan_facts facts;
    MS_TRY(ms_desk_facts(&facts, visit->desk, number, err));
    ms_json_start(&json, &text);
    put_facts(&json, &facts);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

ms_status ms_api_plan(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_visit_plan_number(&number, visit->parameters[0], err));
    return reply_facts(reply, visit, number, err);
}

/* ---- an order ---- */

/* What a value would be as a cell of a CSV file; NULL where memory is short. */
static char *cell_text(const json_t *value)
{
    char number[MS_NUMBER_BYTES];
    if (json_is_string(value))
        return ms_strdup(json_string_value(value));
    if (json_is_number(value))
        return ms_strdup(ms_number_text(number, json_number_value(value)));
    return ms_strdup("");
}

static ms_status check_keys(const json_t *object, const char *const *known, const char *where, ms_error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        bool found = false;
        for (int i = 0; known[i] && !found; i++)
            found = strcmp(known[i], key) == 0;
        if (!found)
            return ms_error_set(err, MS_USAGE, "%s has no \"%.40s\"", where, key);
    }
    return MS_OK;
}

static ms_status read_event(ms_made_up_event *event, const json_t *value, ms_error *err)
{
    static const char *const keys[] = {"from_day", "to_day", "what", "which", "effect", "amount", NULL};
    char **const cells[] = {&event->from_day, &event->to_day, &event->what,
                            &event->which,    &event->effect, &event->amount};
    if (!json_is_object(value))
        return ms_error_set(err, MS_USAGE, "an event is an object with from_day, to_day, what, which, effect, amount");
    MS_TRY(check_keys(value, keys, "an event", err));
    for (int i = 0; keys[i]; i++) {
        *cells[i] = cell_text(json_object_get(value, keys[i]));
        if (!*cells[i])
            return ms_error_memory(err);
    }
    return MS_OK;
}

static ms_status read_events(ms_made_up *out, const json_t *events, ms_error *err)
{
    size_t count = json_array_size(events);
    if (events && (!json_is_array(events) || count > MS_MADE_UP_EVENTS))
        return ms_error_set(err, MS_USAGE, "events is a list of at most %d", MS_MADE_UP_EVENTS);
    out->events = ms_alloc(count, sizeof *out->events);
    if (!out->events)
        return ms_error_memory(err);
    for (; out->count < count; out->count++)
        MS_TRY(read_event(&out->events[out->count], json_array_get(events, out->count), err));
    return MS_OK;
}

static ms_status read_contingencies(ms_plan_order *order, const json_t *ids, ms_error *err)
{
    const size_t most = 64;
    size_t count = json_array_size(ids);
    if (ids && (!json_is_array(ids) || count > most))
        return ms_error_set(err, MS_USAGE, "contingencies is a list of at most %zu ids", most);
    order->contingencies = ms_alloc(count, sizeof *order->contingencies);
    if (!order->contingencies)
        return ms_error_memory(err);
    for (; order->contingency_count < count; order->contingency_count++) {
        const char *id = json_string_value(json_array_get(ids, order->contingency_count));
        if (!id)
            return ms_error_set(err, MS_USAGE, "a contingency is named by its id, a text");
        order->contingencies[order->contingency_count] = ms_strdup(id);
        if (!order->contingencies[order->contingency_count])
            return ms_error_memory(err);
    }
    return MS_OK;
}

static ms_status read_number(double *out, const json_t *body, const char *key, double least, double most, ms_error *err)
{
    const json_t *value = json_object_get(body, key);
    if (!value || json_is_null(value))
        return MS_OK;
    if (!json_is_number(value) || json_number_value(value) < least || json_number_value(value) > most)
        return ms_error_set(err, MS_USAGE, "%s is a number from %g to %g", key, least, most);
    *out = json_number_value(value);
    return MS_OK;
}

static ms_status read_order(ms_plan_order *order, const json_t *body, ms_error *err)
{
    static const char *const keys[] = {"title", "contingencies", "events", "gap", "time_limit", "alone", NULL};
    const json_t *title = json_object_get(body, "title");
    if (!json_is_object(body))
        return ms_error_set(err, MS_USAGE, "an order is an object; {} plans the case as it is");
    MS_TRY(check_keys(body, keys, "an order", err));
    ms_utf8_copy(order->title, sizeof order->title, json_is_string(title) ? json_string_value(title) : "",
                 json_string_length(title));
    MS_TRY(read_contingencies(order, json_object_get(body, "contingencies"), err));
    MS_TRY(read_events(&order->made_up, json_object_get(body, "events"), err));
    MS_TRY(read_number(&order->gap, body, "gap", 1e-12, 1, err));
    MS_TRY(read_number(&order->time_limit, body, "time_limit", 1e-3, 1e6, err));
    order->alone = json_is_true(json_object_get(body, "alone"));
    if (order->made_up.count > 0 && order->title[0]) {
        order->made_up.name = ms_strdup(order->title);
        if (!order->made_up.name)
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* Whether the reader of cases takes what was made up, and knows the contingencies: better said now than by a plan that
 * fails. */
static ms_status try_order(ms_plan_order *order, const ms_visit *visit, ms_findings *findings, ms_error *err)
{
    ms_held_case *held = NULL;
    ms_case *varied = NULL;
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = MS_OK;
    for (size_t i = 0; i < order->contingency_count && status == MS_OK; i++)
        if (ms_case_find_contingency(held->kase, order->contingencies[i]) == MS_NONE)
            status = ms_error_set(err, MS_USAGE, "there is no contingency \"%.60s\"", order->contingencies[i]);
    if (status == MS_OK && order->made_up.count > 0)
        status = ms_case_vary(&varied, held->kase, &order->made_up, findings, err);
    ms_case_free(varied);
    ms_desk_let_case(visit->desk, held);
    return status;
}

ms_status ms_api_order(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_plan_order order = {0};
    ms_findings findings = {0};
    json_t *body = NULL;
    int number = 0;
    const char *text = visit->request->body_length > 0 ? visit->request->body : "{}";
    MS_TRY(ms_json_parse(&body, text, strlen(text), "the request", err));
    ms_status status = read_order(&order, body, err);
    json_decref(body);
    if (status == MS_OK)
        status = try_order(&order, visit, &findings, err);
    if (status == MS_OK)
        status = ms_desk_order(&number, visit->desk, &order, visit->who, err);
    else
        ms_plan_order_free(&order);
    if (status == MS_OK) {
        snprintf(reply->location, sizeof reply->location, "/api/plans/%d", number);
        status = reply_facts(reply, visit, number, err);
        reply->status = 202;
    } else if (findings.error_count > 0) {
        ms_reply_problem(reply, ms_problem_status(status), err, &findings);
        status = MS_OK;
    }
    ms_findings_free(&findings);
    return status;
}

ms_status ms_api_cancel(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_visit_plan_number(&number, visit->parameters[0], err));
    MS_TRY(ms_desk_cancel(visit->desk, number, err));
    return reply_facts(reply, visit, number, err);
}

ms_status ms_api_forget(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_visit_plan_number(&number, visit->parameters[0], err));
    MS_TRY(ms_desk_forget(visit->desk, number, err));
    reply->status = 204;
    return MS_OK;
}

/* ---- what a plan says ---- */

ms_status ms_api_story(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_plan *held = NULL;
    ms_view view = ms_visit_view(visit);
    MS_TRY(ms_visit_plan(&held, visit, visit->parameters[0], err));
    ms_status status = ms_report_plan(&text, ms_held_plan_of(held), NULL, &view, err);
    ms_desk_let_plan(visit->desk, held);
    return status == MS_OK ? ms_reply_view(reply, &text, view.format, err) : status;
}

static ms_posture_options posture_asked(const ms_visit *visit)
{
    return (ms_posture_options){.by = (ms_posture_by)ms_visit_choice(visit, "by", "item|class"),
                                .partner = ms_visit_text(visit, "partner"),
                                .site = ms_visit_text(visit, "site"),
                                .item = ms_visit_text(visit, "item"),
                                .target_days = ms_visit_number(visit, "target", 0),
                                .map = ms_visit_switch(visit, "map")};
}

ms_status ms_api_case_posture(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_case *held = NULL;
    ms_view view = ms_visit_view(visit);
    ms_posture_options options = posture_asked(visit);
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = ms_report_posture(&text, held->kase, NULL, &options, &view, err);
    ms_desk_let_case(visit->desk, held);
    return status == MS_OK ? ms_reply_view(reply, &text, view.format, err) : status;
}

ms_status ms_api_plan_posture(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_plan *held = NULL;
    ms_view view = ms_visit_view(visit);
    ms_posture_options options = posture_asked(visit);
    MS_TRY(ms_visit_plan(&held, visit, visit->parameters[0], err));
    const ms_plan *plan = ms_held_plan_of(held);
    ms_status status = ms_report_posture(&text, plan->kase, plan, &options, &view, err);
    ms_desk_let_plan(visit->desk, held);
    return status == MS_OK ? ms_reply_view(reply, &text, view.format, err) : status;
}

ms_status ms_api_reasons(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_plan *held = NULL;
    ms_view view = ms_visit_view(visit);
    ms_explain_options options = {.demand = ms_visit_text(visit, "demand"),
                                  .most = (int)ms_visit_count(visit, "most", 0)};
    MS_TRY(ms_visit_plan(&held, visit, visit->parameters[0], err));
    ms_status status = ms_report_reasons(&text, ms_held_plan_of(held), &options, &view, err);
    ms_desk_let_plan(visit->desk, held);
    return status == MS_OK ? ms_reply_view(reply, &text, view.format, err) : status;
}

ms_status ms_api_compare(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_plan *before = NULL, *after = NULL;
    ms_view view = ms_visit_view(visit);
    MS_TRY(ms_visit_plan(&before, visit, visit->parameters[0], err));
    ms_status status = ms_visit_plan(&after, visit, visit->parameters[1], err);
    if (status == MS_OK)
        status = ms_report_compare(&text, ms_held_plan_of(before), ms_held_plan_of(after), &view, err);
    ms_desk_let_plan(visit->desk, before);
    ms_desk_let_plan(visit->desk, after);
    return status == MS_OK ? ms_reply_view(reply, &text, view.format, err) : status;
}
