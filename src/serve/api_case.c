/* api_case.c: the case over HTTP: what it holds, what is odd about it, its tables and contingencies. */
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "case/format.h"
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
    ms_json_integer(&json, "generation", held ? held->generation : 0);
    ms_json_string(&json, "trouble", ms_desk_trouble(trouble, visit->desk));
    ms_json_string(&json, "who", visit->who);
    ms_json_string(&json, "role", ms_role_words[visit->role]);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}

ms_status ms_api_case(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_held_case *held = NULL;
    ms_view view = {.format = MS_FORMAT_JSON};
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_status status = ms_report_case(&text, held->kase, &view, err);
    ms_desk_let_case(visit->desk, held);
    return status == MS_OK ? ms_reply_json(reply, &text, err) : status;
}

ms_status ms_api_findings(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_held_case *held = NULL;
    MS_TRY(ms_visit_case(&held, visit, err));
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_findings_put(&json, &held->findings);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}

/* ---- tables ---- */

static const ms_case_file *find_file(const ms_case *kase, const char *name)
{
    for (int ix = 0; ix < kase->file_count; ix++)
        if (strcmp(kase->files[ix].name, name) == 0)
            return &kase->files[ix];
    return NULL;
}

static void put_columns(ms_json *json, const ms_format_file *file)
{
    ms_json_open_array(json, "columns");
    for (int c = 0; c < file->column_count; c++) {
        const ms_column *column = &file->columns[c];
        ms_json_open_object(json, NULL);
        ms_json_string(json, "name", column->name);
        ms_json_bool(json, "required", (column->flags & MS_COLUMN_REQUIRED) != 0);
        ms_json_string(json, "unit", column->unit ? column->unit : "");
        ms_json_string(json, "help", column->help);
        if (column->words) {
            ms_json_open_array(json, "words");
            for (int w = 0; column->words[w]; w++)
                ms_json_string(json, NULL, column->words[w]);
            ms_json_close_array(json);
        }
        ms_json_close_object(json);
    }
    ms_json_close_array(json);
}

ms_status ms_api_tables(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int count;
    ms_buf text = {0};
    ms_json json;
    const ms_format_file *files = ms_format_files(&count);
    ms_held_case *held = ms_desk_hold_case(visit->desk);
    ms_json_start(&json, &text);
    ms_json_open_array(&json, NULL);
    for (int f = 0; f < count; f++) {
        const ms_case_file *file = held ? find_file(held->kase, files[f].name) : NULL;
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "table", files[f].name);
        ms_json_string(&json, "help", files[f].help);
        ms_json_bool(&json, "present", file != NULL);
        ms_json_integer(&json, "bytes", file ? (long long)file->length : 0);
        put_columns(&json, &files[f]);
        ms_json_close_object(&json);
    }
    ms_json_close_array(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}

static ms_status put_record(ms_json *json, const ms_csv_record *record, ms_error *err)
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

static bool page_takes_record(ms_page *page, const ms_csv_record *record)
{
    const char *none[] = {"", NULL}, *all[] = {page->search, NULL};
    bool fits = page->search == NULL;
    size_t length = fits ? 0 : strlen(page->search);
    for (int f = 0; f < record->field_count && !fits; f++)
        for (size_t i = 0; i + length <= record->fields[f].length && !fits; i++)
            fits = strncasecmp(record->fields[f].text + i, page->search, length) == 0;
    return ms_page_takes(page, fits ? all : none);
}

static ms_status put_rows(ms_json *json, const ms_case_file *file, ms_page *page, ms_error *err)
{
    ms_csv_reader *reader = NULL;
    ms_csv_record record;
    MS_TRY(ms_csv_open(&reader, file->bytes, file->length, file->name, err));
    ms_status status = ms_csv_next(reader, &record, err);
    ms_json_open_array(json, "rows");
    for (bool head = true; status == MS_OK && record.field_count > 0; head = false) {
        if (head || page_takes_record(page, &record))
            status = put_record(json, &record, err);
        if (status == MS_OK)
            status = ms_csv_next(reader, &record, err);
    }
    ms_json_close_array(json);
    ms_csv_close(reader);
    return status;
}

/* The first row is the file's header. */
ms_status ms_api_table(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_held_case *held = NULL;
    ms_page page = ms_page_asked(visit);
    MS_TRY(ms_visit_case(&held, visit, err));
    const ms_case_file *file = find_file(held->kase, visit->parameters[0]);
    ms_status status = file && strstr(file->name, ".csv")
                           ? MS_OK
                           : ms_error_set(err, MS_NOT_FOUND, "the case has no table %.60s", visit->parameters[0]);
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    if (status == MS_OK)
        status = put_rows(&json, file, &page, err);
    ms_json_integer(&json, "total", (long long)page.matched);
    ms_json_integer(&json, "offset", (long long)page.offset);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    if (status == MS_OK)
        return ms_reply_json(reply, &text, err);
    ms_buf_free(&text);
    return status;
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

ms_status ms_api_contingencies(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_held_case *held = NULL;
    MS_TRY(ms_visit_case(&held, visit, err));
    const ms_case *kase = held->kase;
    ms_json_start(&json, &text);
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
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
}
