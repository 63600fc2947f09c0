/* api.c: what the functions behind the routes share. See api.h. */
#include "serve/api.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/* ---- answers ---- */

static const char *const types[] = {"text/plain; charset=utf-8", "text/csv; charset=utf-8", "application/json"};

ms_status ms_reply_view(ms_reply *reply, ms_buf *text, ms_format format, ms_error *err)
{
    if (format == MS_FORMAT_JSON && text->length >= MS_REPLY_SQUEEZE_BYTES)
        ms_json_squeeze(text);
    reply->blob = ms_blob_take(text, types[format]);
    return reply->blob ? MS_OK : ms_error_memory(err);
}

ms_status ms_reply_made(ms_reply *reply, ms_buf *text, ms_format format, ms_status status, ms_error *err)
{
    if (status == MS_OK)
        return ms_reply_view(reply, text, format, err);
    ms_buf_free(text);
    return status;
}

ms_status ms_reply_json(ms_reply *reply, ms_buf *text, ms_error *err)
{
    return ms_reply_view(reply, text, MS_FORMAT_JSON, err);
}

/* By status code; the word is the last part of the problem's type. */
static const struct {
    int http;
    const char *word, *title;
} problems[] = {
    [MS_OK] = {500, "internal", "A mistake in the server"},
    [MS_BAD_INPUT] = {422, "bad-input", "The input is wrong"},
    [MS_USAGE] = {400, "usage", "The request does not fit"},
    [MS_LIMIT] = {503, "limit", "A limit is reached"},
    [MS_INTERNAL] = {500, "internal", "A mistake in the server"},
    [MS_NO_MEMORY] = {503, "no-memory", "Memory is short"},
    [MS_NOT_FOUND] = {404, "not-found", "There is no such thing"},
    [MS_IO] = {500, "io", "Reading or writing failed"},
    [MS_CONFLICT] = {409, "conflict", "It has changed meanwhile"},
};

int ms_problem_status(ms_status code)
{
    return problems[code].http;
}

void ms_finding_put(ms_json *json, const ms_finding *finding)
{
    ms_json_string(json, "severity", finding->severity == MS_FINDING_ERROR ? "error" : "warning");
    ms_json_string(json, "file", finding->file);
    ms_json_integer(json, "line", finding->line);
    ms_json_integer(json, "column", finding->column);
    ms_json_string(json, "message", finding->message);
}

void ms_findings_put(ms_json *json, const ms_findings *findings)
{
    ms_json_open_array(json, "findings");
    for (size_t i = 0; i < findings->count; i++) {
        ms_json_open_object(json, NULL);
        ms_finding_put(json, &findings->items[i]);
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

static void put_findings(ms_json *json, const void *findings)
{
    ms_findings_put(json, findings);
}

void ms_reply_problem(ms_reply *reply, int http_status, const ms_error *err, const ms_findings *findings)
{
    ms_reply_problem_with(reply, http_status, err, findings && findings->count > 0 ? put_findings : NULL, findings);
}

void ms_reply_problem_with(ms_reply *reply, int http_status, const ms_error *err, ms_problem_more more,
                           const void *context)
{
    char type[64];
    ms_buf text = {0};
    ms_json json;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    snprintf(type, sizeof type, "/problems/%s", problems[err->code].word);
    ms_json_string(&json, "type", type);
    ms_json_string(&json, "title", problems[err->code].title);
    ms_json_integer(&json, "status", http_status);
    ms_json_string(&json, "detail", err->message);
    ms_json_string(&json, "code", problems[err->code].word);
    if (err->file[0]) {
        ms_json_string(&json, "file", err->file);
        ms_json_integer(&json, "line", err->line);
        ms_json_integer(&json, "column", err->column);
    }
    if (more)
        more(&json, context);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    reply->status = http_status;
    reply->blob = ms_blob_take(&text, "application/problem+json");
}

/* ---- what addresses name ---- */

ms_status ms_visit_case(ms_held_case **out, const ms_visit *visit, ms_error *err)
{
    ms_held_case *held = ms_desk_hold_case(visit->desk);
    if (!held)
        return ms_error_set(err, MS_NOT_FOUND, "no case is open yet");
    *out = held;
    return MS_OK;
}

ms_status ms_reply_of_case(ms_reply *reply, const ms_visit *visit, ms_case_answer answer, ms_error *err)
{
    ms_buf text = {0};
    ms_held_case *held = NULL;
    ms_view view = ms_visit_view(visit);
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = answer(&text, held, visit, &view, err);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_made(reply, &text, view.format, status, err);
}

ms_view ms_visit_view(const ms_visit *visit)
{
    static const ms_format formats[] = {MS_FORMAT_JSON, MS_FORMAT_CSV};
    return (ms_view){.format = formats[ms_visit_choice(visit, "format", "json|csv")]};
}

/* ---- pages of long lists ---- */

ms_page ms_page_asked(const ms_visit *visit)
{
    return (ms_page){.offset = (size_t)ms_visit_count(visit, "offset", 0),
                     .limit = (size_t)ms_visit_count(visit, "limit", MS_PAGE_ROWS),
                     .search = ms_visit_text(visit, "search")};
}

bool ms_page_takes(ms_page *page, const char *const *texts)
{
    bool fits = page->search == NULL;
    for (int i = 0; texts[i] && !fits; i++)
        fits = strcasestr(texts[i], page->search) != NULL;
    if (!fits)
        return false;
    size_t place = page->matched++;
    return place >= page->offset && place - page->offset < page->limit;
}

ms_status ms_json_record(ms_json *json, const ms_csv_record *record, ms_error *err)
{
    ms_json_open_array(json, NULL);
    for (int f = 0; f < record->field_count; f++) {
        char *cell = ms_strndup(record->fields[f].text, record->fields[f].length);
        if (!cell)
            return ms_error_memory(err);
        ms_json_string(json, NULL, cell);
        ms_free(cell);
    }
    ms_json_close_array(json);
    return MS_OK;
}
