/* api_tables.c: the tables of the case over HTTP, as they stand in its files. */
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "case/format.h"
#include "serve/api.h"

static void put_columns(ms_json *json, const ms_format_file *file, const ms_format_file *files)
{
    static const char *const types[] = {
        [MS_COLUMN_ID] = "id",           [MS_COLUMN_GROUP] = "id",      [MS_COLUMN_MEMBER] = "id of",
        [MS_COLUMN_REF] = "id of",       [MS_COLUMN_NUMBER] = "number", [MS_COLUMN_WHOLE] = "whole number",
        [MS_COLUMN_DAY] = "day",         [MS_COLUMN_WORD] = "word",     [MS_COLUMN_YES_NO] = "yes or no",
        [MS_COLUMN_COUNTRY] = "country", [MS_COLUMN_TEXT] = "text",     [MS_COLUMN_LIST] = "list",
        [MS_COLUMN_DATE] = "date"};
    ms_json_open_array(json, "columns");
    for (int c = 0; c < file->column_count; c++) {
        const ms_column *column = &file->columns[c];
        ms_json_open_object(json, NULL);
        ms_json_string(json, "name", column->name);
        ms_json_bool(json, "required", (column->flags & MS_COLUMN_REQUIRED) != 0);
        ms_json_string(json, "unit", column->unit ? column->unit : "");
        ms_json_string(json, "help", column->help);
        ms_json_string(json, "type", types[column->type]);
        ms_json_bool(json, "key", column->type == MS_COLUMN_ID || (column->flags & MS_COLUMN_KEY) != 0);
        if (column->empty)
            ms_json_string(json, "empty", column->empty);
        if (column->type == MS_COLUMN_REF || column->type == MS_COLUMN_MEMBER)
            ms_json_string(json, "of", files[column->ref].name);
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
        const ms_case_file *file = held ? ms_held_case_own(held, files[f].name) : NULL;
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "table", files[f].name);
        ms_json_string(&json, "help", files[f].help);
        ms_json_bool(&json, "present", file != NULL);
        ms_json_integer(&json, "bytes", file ? (long long)file->length : 0);
        put_columns(&json, &files[f], files);
        ms_json_close_object(&json);
    }
    ms_json_close_array(&json);
    ms_json_finish(&json);
    ms_desk_let_case(visit->desk, held);
    return ms_reply_json(reply, &text, err);
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
            status = ms_json_record(json, &record, err);
        if (status == MS_OK)
            status = ms_csv_next(reader, &record, err);
    }
    ms_json_close_array(json);
    ms_csv_close(reader);
    return status;
}

/* case.json as a table: its keys, and a row with what they say. */
static ms_status put_json(ms_json *json, const ms_case_file *file, ms_page *page, ms_error *err)
{
    ms_arena *arena = ms_arena_new();
    const ms_edit_cell *cells = NULL;
    size_t count = 0;
    ms_status status = arena ? ms_edit_json_cells(&cells, &count, file, arena, err) : ms_error_memory(err);
    ms_json_open_array(json, "rows");
    ms_json_open_array(json, NULL);
    for (size_t c = 0; c < count; c++)
        ms_json_string(json, NULL, cells[c].column);
    ms_json_close_array(json);
    if (ms_page_takes(page, (const char *[]){page->search ? page->search : "", NULL})) {
        ms_json_open_array(json, NULL);
        for (size_t c = 0; c < count; c++)
            ms_json_string(json, NULL, cells[c].text);
        ms_json_close_array(json);
    }
    ms_json_close_array(json);
    ms_arena_free(arena);
    return status;
}

/* The first row is the file's header. */
static ms_status put_table(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                           ms_error *err)
{
    ms_json json;
    ms_page page = ms_page_asked(visit);
    const char *name = visit->parameters[0];
    const ms_case_file *file = ms_visit_switch(visit, "own")
                                   ? ms_held_case_own(held, name)
                                   : ms_case_files_find(held->kase->files, held->kase->file_count, name);
    (void)view;
    if (!file)
        return ms_error_set(err, MS_NOT_FOUND, "the case has no table %.60s", name);
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_status status = strstr(file->name, ".csv") ? put_rows(&json, file, &page, err)
                                                  : put_json(&json, file, &page, err);
    ms_json_integer(&json, "total", (long long)page.matched);
    ms_json_integer(&json, "offset", (long long)page.offset);
    ms_json_integer(&json, "generation", held->generation);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return status;
}

ms_status ms_api_table(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_table, err);
}
