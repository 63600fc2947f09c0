/* api_jobs.c: plans, stress runs, jobs of a book and proofs alike: ordered, followed, ended. See api_jobs.h. */
#include "serve/api_jobs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const addresses[MS_JOB_KINDS] = {"/api/plans", "/api/stress", "/api/book/jobs", "/api/proofs"};

ms_status ms_job_number(int *out, ms_job_kind kind, const char *text, ms_error *err)
{
    double number;
    const double most = 1e9;
    if (!text || ms_number_parse(&number, text, strlen(text)) || number < 1 || number > most ||
        number != (double)(int)number)
        return ms_error_set(err, MS_NOT_FOUND, "\"%.40s\" is no %s's number", text ? text : "",
                            ms_job_kind_names[kind]);
    *out = (int)number;
    return MS_OK;
}

ms_status ms_visit_job(ms_held_job **out, const ms_visit *visit, ms_job_kind kind, const char *text, ms_error *err)
{
    int number;
    MS_TRY(ms_job_number(&number, kind, text, err));
    return ms_desk_hold_job(out, visit->desk, kind, number, err);
}

ms_status ms_reply_of_plan(ms_reply *reply, const ms_visit *visit, ms_plan_answer answer, ms_error *err)
{
    ms_buf text = {0};
    ms_held_job *held = NULL;
    ms_view view = ms_visit_view(visit);
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, visit->parameters[0], err));
    ms_status status = answer(&text, ms_held_plan(held), visit, &view, err);
    ms_desk_let_job(visit->desk, held);
    return ms_reply_made(reply, &text, view.format, status, err);
}

ms_status ms_api_job_result(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_job *held = NULL;
    MS_TRY(ms_visit_job(&held, visit, visit->job, visit->parameters[0], err));
    ms_buf_put(&text, ms_held_json(held)->text, ms_held_json(held)->length);
    ms_desk_let_job(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}

/* ---- facts ---- */

static void put_facts(ms_json *json, const ms_job_facts *facts)
{
    ms_json_open_object(json, NULL);
    ms_job_facts_put(json, facts);
    ms_json_close_object(json);
}

static ms_status reply_number(ms_reply *reply, const ms_visit *visit, ms_job_kind kind, int number, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_job_facts facts;
    MS_TRY(ms_desk_facts(&facts, visit->desk, kind, number, err));
    ms_json_start(&json, &text);
    put_facts(&json, &facts);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

ms_status ms_api_job(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_job_number(&number, visit->job, visit->parameters[0], err));
    return reply_number(reply, visit, visit->job, number, err);
}

ms_status ms_api_jobs(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_job_facts *facts = ms_alloc(MS_JOBS_MOST, sizeof *facts);
    if (!facts)
        return ms_error_memory(err);
    int count = ms_desk_all_facts(facts, visit->desk, visit->job);
    ms_json_start(&json, &text);
    ms_json_open_array(&json, NULL);
    for (int i = 0; i < count; i++)
        put_facts(&json, &facts[i]);
    ms_json_close_array(&json);
    ms_json_finish(&json);
    ms_free(facts);
    return ms_reply_json(reply, &text, err);
}

/* ---- orders, and their end ---- */

ms_status ms_order_check_contingencies(const ms_job_order *order, const ms_case *kase, ms_error *err)
{
    for (size_t i = 0; i < order->contingency_count; i++)
        if (ms_case_find_contingency(kase, order->contingencies[i]) == MS_NONE)
            return ms_error_set(err, MS_USAGE, "there is no contingency \"%.60s\"", order->contingencies[i]);
    return MS_OK;
}

ms_status ms_reply_order(ms_reply *reply, const ms_visit *visit, ms_job_order *order, ms_error *err)
{
    int number;
    ms_job_kind kind = order->kind;
    MS_TRY(ms_desk_order(&number, visit->desk, order, visit->who, err));
    snprintf(reply->location, sizeof reply->location, "%s/%d", addresses[kind], number);
    MS_TRY(reply_number(reply, visit, kind, number, err));
    reply->status = 202;
    return MS_OK;
}

ms_status ms_reply_order_read(ms_reply *reply, const ms_visit *visit, ms_job_order *order, ms_status status,
                              ms_error *err)
{
    if (status == MS_OK)
        return ms_reply_order(reply, visit, order, err);
    ms_job_order_free(order);
    return status;
}

ms_status ms_api_job_cancel(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_job_number(&number, visit->job, visit->parameters[0], err));
    MS_TRY(ms_desk_cancel(visit->desk, visit->job, number, err));
    return reply_number(reply, visit, visit->job, number, err);
}

ms_status ms_api_job_forget(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int number;
    MS_TRY(ms_job_number(&number, visit->job, visit->parameters[0], err));
    MS_TRY(ms_desk_forget(visit->desk, visit->job, number, err));
    reply->status = 204;
    return MS_OK;
}
