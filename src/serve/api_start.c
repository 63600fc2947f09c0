/* api_start.c: beginning with a new case over HTTP, where none is open. */
#include <string.h>

#include "base/json.h"
#include "case/format.h"
#include "serve/api.h"
#include "serve/body.h"

ms_status ms_api_examples(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    const char *last = "";
    ms_json_start(&json, &text);
    ms_json_open_array(&json, NULL);
    for (const ms_example_file *file = ms_desk_examples(visit->desk); file->example; file++) {
        if (strcmp(file->example, last) != 0)
            ms_json_string(&json, NULL, file->example);
        last = file->example;
    }
    ms_json_close_array(&json);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

/* The name of a file as the format has it, or NULL. */
static const char *known_file(const char *name)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int f = 0; f < count; f++)
        if (strcmp(files[f].name, name) == 0)
            return files[f].name;
    return NULL;
}

/* The bytes stay where they are. */
static ms_status example_files(ms_case_file *files, int *count, const ms_visit *visit, const char *example,
                               ms_error *err)
{
    for (const ms_example_file *file = ms_desk_examples(visit->desk); file->example; file++)
        if (strcmp(file->example, example) == 0 && known_file(file->name))
            files[(*count)++] = (ms_case_file){known_file(file->name), (char *)(uintptr_t)file->bytes, file->length};
    return *count > 0 ? MS_OK : ms_error_set(err, MS_NOT_FOUND, "there is no example \"%.60s\"", example);
}

static ms_status given_files(ms_case_file *files, int *count, const json_t *given, ms_error *err)
{
    const char *name;
    json_t *text;
    if (!json_is_object(given))
        return ms_error_set(err, MS_USAGE, "files is an object: {\"sites.csv\": its text, ...}");
    json_object_foreach((json_t *)(uintptr_t)given, name, text)
    {
        if (!known_file(name) || !json_is_string(text))
            return ms_error_set(err, MS_USAGE, "a case has no file \"%.60s\", or it is no text", name);
        files[(*count)++] = (ms_case_file){known_file(name), (char *)(uintptr_t)json_string_value(text),
                                           json_string_length(text)};
    }
    return MS_OK;
}

static ms_status start(const ms_visit *visit, const json_t *body, ms_findings *findings, ms_error *err)
{
    char name[80] = "", example[80] = "";
    ms_case_file files[MS_FILE_KINDS];
    int count = 0;
    MS_TRY(ms_body_text(name, sizeof name, body, "name", err));
    MS_TRY(ms_body_text(example, sizeof example, body, "example", err));
    if (example[0])
        MS_TRY(example_files(files, &count, visit, example, err));
    else
        MS_TRY(given_files(files, &count, json_object_get(body, "files"), err));
    return ms_desk_start_case(visit->desk, name[0] || !example[0] ? name : example, files, count, findings, err);
}

ms_status ms_api_start(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    static const char *const keys[] = {"example", "name", "files", NULL};
    ms_findings findings = {0};
    json_t *body = NULL;
    if (ms_desk_path(visit->desk)) {
        ms_error_set(err, MS_USAGE, "%s is open already", ms_desk_path(visit->desk));
        ms_reply_problem(reply, 409, err, NULL);
        return MS_OK;
    }
    MS_TRY(ms_body_read(&body, visit, "the request", keys, err));
    ms_status status = start(visit, body, &findings, err);
    json_decref(body);
    if (status == MS_OK) {
        status = ms_api_about(reply, visit, err);
        reply->status = 201;
    } else if (findings.error_count > 0 && status == MS_BAD_INPUT) {
        ms_reply_problem(reply, ms_problem_status(status), err, &findings);
        status = MS_OK;
    }
    ms_findings_free(&findings);
    return status;
}
