/* api_stress.c: stress runs over HTTP: order one, read what it says whole or page by page. */
#include <string.h>

#include "serve/api_jobs.h"
#include "serve/body.h"
#include "stress/ranking.h"

/* ---- an order ---- */

/* Which modes a member is for; the first bit is MS_STRESS_NAMED's. */
#define RANKED (1 << MS_STRESS_EACH | 1 << MS_STRESS_PAIRS | 1 << MS_STRESS_WORST)
static const struct {
    const char *key;
    int modes;
} members[] = {{"contingencies", 1 << MS_STRESS_NAMED},
               {"alone", 1 << MS_STRESS_NAMED},
               {"what", RANKED},
               {"from_day", RANKED},
               {"for_days", RANKED},
               {"count", 1 << MS_STRESS_PAIRS | 1 << MS_STRESS_WORST},
               {"samples", 1 << MS_STRESS_SAMPLE},
               {"seed", 1 << MS_STRESS_SAMPLE},
               {"precision", 1 << MS_STRESS_SAMPLE}};

static ms_status check_members(const json_t *body, ms_stress_mode mode, ms_error *err)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_object_get(body, members[i].key) && !(members[i].modes & 1 << mode))
            return ms_error_set(err, MS_USAGE, "%s is nothing for mode %s", members[i].key, ms_stress_mode_words[mode]);
    return MS_OK;
}

/* Numbers of failures in a set; of pairs to list. */
static ms_status read_count(ms_job_order *order, const json_t *body, ms_error *err)
{
    const long pairs_most = 1000, set_least = 2, set_most = 16;
    long count = 0;
    bool worst = order->mode == MS_STRESS_WORST;
    MS_TRY(ms_body_count(&count, body, "count", worst ? set_least : 1, worst ? set_most : pairs_most, err));
    order->rank.count = (int)count;
    return MS_OK;
}

static ms_status read_sample(ms_job_order *order, const json_t *body, ms_error *err)
{
    const long seed_most = 1L << 53;
    long seed = 1;
    order->sample.samples = 1000;
    MS_TRY(ms_body_count(&order->sample.samples, body, "samples", 1, MS_SAMPLES_MOST, err));
    MS_TRY(ms_body_count(&seed, body, "seed", 0, seed_most - 1, err));
    order->sample.seed = (uint64_t)seed;
    return ms_body_number(&order->sample.precision, body, "precision", 0, 1, err);
}

static ms_status read_members(ms_job_order *order, const json_t *body, ms_error *err)
{
    const double days_most = 36600;
    int mode = MS_STRESS_NAMED;
    MS_TRY(ms_body_choice(&mode, body, "mode", ms_stress_mode_words, err));
    order->mode = (ms_stress_mode)mode;
    order->alone = true;
    MS_TRY(check_members(body, order->mode, err));
    MS_TRY(ms_body_text(order->title, sizeof order->title, body, "title", err));
    MS_TRY(ms_body_texts(&order->contingencies, &order->contingency_count, body, "contingencies",
                         MS_ORDER_CONTINGENCIES, err));
    MS_TRY(ms_body_switch(&order->alone, body, "alone", err));
    MS_TRY(ms_body_text(order->what, sizeof order->what, body, "what", err));
    MS_TRY(ms_body_number(&order->rank.from_day, body, "from_day", 0, days_most, err));
    MS_TRY(ms_body_number(&order->rank.for_days, body, "for_days", 0, days_most, err));
    MS_TRY(read_count(order, body, err));
    MS_TRY(read_sample(order, body, err));
    MS_TRY(ms_body_number(&order->gap, body, "gap", 1e-12, 1, err));
    return ms_body_number(&order->time_limit, body, "time_limit", 1e-3, 1e6, err);
}

static ms_status read_order(ms_job_order *order, const ms_visit *visit, ms_error *err)
{
    static const char *const keys[] = {"title",     "mode",     "contingencies", "alone",   "what",
                                       "from_day",  "for_days", "count",         "samples", "seed",
                                       "precision", "gap",      "time_limit",    NULL};
    json_t *body = NULL;
    MS_TRY(ms_body_read(&body, visit, "a stress order", keys, err));
    ms_status status = read_members(order, body, err);
    json_decref(body);
    return status;
}

/* What the run itself would refuse at once. */
static ms_status try_order(const ms_job_order *order, const ms_visit *visit, ms_error *err)
{
    unsigned whats;
    ms_held_case *held = NULL;
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = ms_order_check_contingencies(order, held->kase, err);
    if (status == MS_OK && held->kase->contingencies_count == 0 &&
        (order->mode == MS_STRESS_NAMED || order->mode == MS_STRESS_SAMPLE))
        status = ms_error_set(err, MS_USAGE, "the case has no contingencies; contingencies.csv names them");
    if (status == MS_OK)
        status = ms_rank_whats(&whats, order->what, err);
    ms_desk_let_case(visit->desk, held);
    return status;
}

ms_status ms_api_stress_order(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_job_order order = {.kind = MS_JOB_STRESS};
    ms_status status = read_order(&order, visit, err);
    if (status == MS_OK)
        status = try_order(&order, visit, err);
    return ms_reply_order_read(reply, visit, &order, status, err);
}

/* ---- what it says ---- */

static ms_status hold(ms_held_job **out, const ms_visit *visit, ms_error *err)
{
    return ms_visit_job(out, visit, MS_JOB_STRESS, visit->parameters[0], err);
}

ms_status ms_api_stress_result(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_job *held = NULL;
    ms_format format = ms_visit_view(visit).format;
    MS_TRY(hold(&held, visit, err));
    const ms_buf *made = format == MS_FORMAT_CSV ? ms_held_csv(held) : ms_held_json(held);
    ms_buf_put(&text, made->text, made->length);
    ms_desk_let_job(visit->desk, held);
    return ms_reply_view(reply, &text, format, err);
}

/* ---- page by page ---- */

/* The list that each mode gives. */
static const char *const lists[MS_STRESS_MODES] = {[MS_STRESS_NAMED] = "contingencies",
                                                   [MS_STRESS_EACH] = "rows",
                                                   [MS_STRESS_PAIRS] = "rows",
                                                   [MS_STRESS_WORST] = "rows",
                                                   [MS_STRESS_SAMPLE] = "demands"};

static bool takes(ms_page *page, const json_t *row)
{
    enum { TEXTS_MOST = 16 };
    const char *texts[TEXTS_MOST + 1];
    int count = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)row, key, value)
    {
        if (json_is_string(value) && count < TEXTS_MOST)
            texts[count++] = json_string_value(value);
    }
    texts[count] = NULL;
    return ms_page_takes(page, texts);
}

static void put_page(ms_buf *text, ms_page *page, const json_t *list)
{
    ms_json json;
    ms_json_start(&json, text);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "rows");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (takes(page, json_array_get(list, i)))
            ms_json_value(&json, NULL, json_array_get(list, i));
    ms_json_close_array(&json);
    ms_json_integer(&json, "total", (long long)page->matched);
    ms_json_integer(&json, "offset", (long long)page->offset);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_api_stress_rows(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_job *held = NULL;
    json_t *result = NULL;
    ms_page page = ms_page_asked(visit);
    MS_TRY(hold(&held, visit, err));
    const ms_buf *made = ms_held_json(held);
    ms_stress_mode mode = ms_held_mode(held);
    ms_status status = ms_json_parse(&result, made->text, made->length, "the result", err);
    ms_desk_let_job(visit->desk, held);
    if (status != MS_OK)
        return status;
    put_page(&text, &page, json_object_get(result, lists[mode]));
    json_decref(result);
    return ms_reply_json(reply, &text, err);
}
