/* api_plans.c: plans over HTTP: order one, read what it says; following them is in api_jobs.c. */
#include "base/text.h"
#include "report/crossing.h"
#include "serve/api_jobs.h"
#include "serve/body.h"

/* ---- an order ---- */

static ms_status read_event(ms_made_up_event *event, const json_t *value, ms_error *err)
{
    static const char *const keys[] = {"from_day", "to_day", "what", "which", "effect", "amount", NULL};
    char **const cells[] = {&event->from_day, &event->to_day, &event->what,
                            &event->which,    &event->effect, &event->amount};
    char number[MS_NUMBER_BYTES];
    if (!json_is_object(value))
        return ms_error_set(err, MS_USAGE, "an event is an object with from_day, to_day, what, which, effect, amount");
    MS_TRY(ms_body_keys(value, "an event", keys, err));
    for (int i = 0; keys[i]; i++) {
        *cells[i] = ms_strdup(ms_body_cell(number, json_object_get(value, keys[i])));
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

static ms_status read_members(ms_job_order *order, const json_t *body, ms_error *err)
{
    MS_TRY(ms_body_text(order->title, sizeof order->title, body, "title", err));
    MS_TRY(ms_body_texts(&order->contingencies, &order->contingency_count, body, "contingencies",
                         MS_ORDER_CONTINGENCIES, err));
    MS_TRY(read_events(&order->made_up, json_object_get(body, "events"), err));
    MS_TRY(ms_body_number(&order->gap, body, "gap", 1e-12, 1, err));
    MS_TRY(ms_body_number(&order->time_limit, body, "time_limit", 1e-3, 1e6, err));
    MS_TRY(ms_body_switch(&order->alone, body, "alone", err));
    if (order->made_up.count > 0 && order->title[0]) {
        order->made_up.name = ms_strdup(order->title);
        if (!order->made_up.name)
            return ms_error_memory(err);
    }
    return MS_OK;
}

static ms_status read_order(ms_job_order *order, const ms_visit *visit, ms_error *err)
{
    static const char *const keys[] = {"title", "contingencies", "events", "gap", "time_limit", "alone", NULL};
    json_t *body = NULL;
    MS_TRY(ms_body_read(&body, visit, "an order", keys, err));
    ms_status status = read_members(order, body, err);
    json_decref(body);
    return status;
}

/* Whether the reader of cases takes what was made up: better said now than by a plan that fails. */
static ms_status try_order(ms_job_order *order, const ms_visit *visit, ms_findings *findings, ms_error *err)
{
    ms_held_case *held = NULL;
    ms_case *varied = NULL;
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = ms_order_check_contingencies(order, held->kase, err);
    if (status == MS_OK && order->made_up.count > 0)
        status = ms_case_vary(&varied, held->kase, &order->made_up, findings, err);
    ms_case_free(varied);
    ms_desk_let_case(visit->desk, held);
    return status;
}

ms_status ms_api_order(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_job_order order = {.kind = MS_JOB_PLAN};
    ms_findings findings = {0};
    ms_status status = read_order(&order, visit, err);
    if (status == MS_OK)
        status = try_order(&order, visit, &findings, err);
    if (status == MS_OK) {
        ms_findings_free(&findings);
        return ms_reply_order(reply, visit, &order, err);
    }
    ms_job_order_free(&order);
    if (findings.error_count > 0) {
        ms_reply_problem(reply, ms_problem_status(status), err, &findings);
        status = MS_OK;
    }
    ms_findings_free(&findings);
    return status;
}

/* ---- what a plan says ---- */

static ms_status put_story(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    (void)visit;
    return ms_report_plan(out, plan, NULL, view, err);
}

ms_status ms_api_story(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_story, err);
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

static ms_status put_case_posture(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                                  ms_error *err)
{
    ms_posture_options options = posture_asked(visit);
    return ms_report_posture(out, held->kase, NULL, &options, view, err);
}

ms_status ms_api_case_posture(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_case_posture, err);
}

static ms_status put_plan_posture(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view,
                                  ms_error *err)
{
    ms_posture_options options = posture_asked(visit);
    return ms_report_posture(out, plan->kase, plan, &options, view, err);
}

ms_status ms_api_plan_posture(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_plan_posture, err);
}

static ms_status put_reasons(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view,
                             ms_error *err)
{
    ms_explain_options options = {.demand = ms_visit_text(visit, "demand"),
                                  .most = (int)ms_visit_count(visit, "most", 0)};
    return ms_report_reasons(out, plan, &options, view, err);
}

ms_status ms_api_reasons(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_reasons, err);
}

static ms_status put_crossings(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view,
                               ms_error *err)
{
    ms_json json;
    ms_crossings crossings;
    (void)visit;
    MS_TRY(ms_crossings_make(&crossings, plan, err));
    if (view->format == MS_FORMAT_CSV) {
        ms_crossings_csv(&crossings, plan, out);
    } else {
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_crossings_json(&crossings, plan, &json);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    ms_crossings_free(&crossings);
    return MS_OK;
}

ms_status ms_api_crossings(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_crossings, err);
}

static ms_status put_compare(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view,
                             ms_error *err)
{
    ms_held_job *after = NULL;
    MS_TRY(ms_visit_job(&after, visit, MS_JOB_PLAN, visit->parameters[1], err));
    ms_status status = ms_report_compare(out, plan, ms_held_plan(after), view, err);
    ms_desk_let_job(visit->desk, after);
    return status;
}

ms_status ms_api_compare(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_compare, err);
}
