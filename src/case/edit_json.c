/* edit_json.c: changes of case.json: its keys as the columns of one row. See edit.h. Keys that are not changed keep
 * their order and their values; the text is laid out anew, one key a line. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "case/edit_private.h"
#include "case/format.h"

static const ms_column *column_named(const char *name)
{
    int count;
    const ms_format_file *file = &ms_format_files(&count)[MS_FILE_CASE];
    int ix = ms_format_column(file, name, strlen(name));
    return ix < 0 ? NULL : &file->columns[ix];
}

/* The cell that a value is shown as. In the arena. */
static const char *text_of(const json_t *value, ms_arena *arena)
{
    char number[MS_NUMBER_BYTES];
    const char *text = "";
    if (json_is_string(value))
        text = json_string_value(value);
    else if (json_is_number(value))
        text = ms_number_text(number, json_number_value(value));
    else if (json_is_boolean(value))
        text = json_is_true(value) ? "true" : "false";
    return ms_arena_strndup(arena, text, strlen(text));
}

/* What a cell means in JSON: where it is no number, the reader of cases will say so better than we can here. */
static json_t *value_of(const ms_column *column, const char *text)
{
    double number;
    bool wants_number = column->type == MS_COLUMN_NUMBER || column->type == MS_COLUMN_WHOLE ||
                        column->type == MS_COLUMN_DAY;
    if (column->type == MS_COLUMN_YES_NO && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        return json_boolean(text[0] == 't');
    if (!wants_number || ms_number_parse(&number, text, strlen(text)) != NULL)
        return json_string(text);
    bool whole = number == (double)(long)number && number > -1e15 && number < 1e15;
    return whole ? json_integer((json_int_t)number) : json_real(number);
}

static ms_status set_key(json_t *object, const ms_edit_cell *cell, ms_error *err)
{
    const ms_column *column = column_named(cell->column);
    if (column == NULL && json_object_get(object, cell->column) == NULL)
        return ms_error_at(err, MS_USAGE, "case.json", 0, 0, "has no key \"%.60s\"", cell->column);
    if (cell->text[0] == '\0') {
        json_object_del(object, cell->column);
        return MS_OK;
    }
    json_t *value = column != NULL ? value_of(column, cell->text) : json_string(cell->text);
    if (value == NULL)
        return ms_error_set(err, MS_USAGE, "%.60s is no text of UTF-8", cell->column);
    return json_object_set_new(object, cell->column, value) == 0 ? MS_OK : ms_error_memory(err);
}

static bool is_as_it_was(const json_t *object, const ms_edit *edit, ms_arena *arena)
{
    for (size_t c = 0; c < edit->was_count; c++) {
        const char *text = text_of(json_object_get(object, edit->was[c].column), arena);
        if (text == NULL || strcmp(text, edit->was[c].text) != 0)
            return false;
    }
    return true;
}

static ms_status apply(ms_edit_outcome *outcome, bool *conflict, json_t *object, const ms_edit *edit, ms_error *err)
{
    ms_arena *arena = outcome->arena;
    if (edit->kind != MS_EDIT_SET || edit->row > 0)
        return ms_error_at(err, MS_USAGE, "case.json", 0, 0, "is one row; its cells can be set, no more");
    ms_edit_cell *before = ms_arena_alloc(arena, edit->cell_count + 1, sizeof *before);
    if (before == NULL)
        return ms_error_memory(err);
    *conflict = !is_as_it_was(object, edit, arena);
    outcome->any_conflict |= *conflict;
    for (size_t c = 0; c < edit->cell_count; c++) {
        before[c] = (ms_edit_cell){edit->cells[c].column,
                                   text_of(json_object_get(object, edit->cells[c].column), arena)};
        if (before[c].text == NULL)
            return ms_error_memory(err);
    }
    for (size_t c = 0; c < edit->cell_count; c++)
        MS_TRY(set_key(object, &edit->cells[c], err));
    outcome->undo[outcome->undo_count++] = (ms_edit){.kind = MS_EDIT_SET,
                                                     .table = "case.json",
                                                     .was = edit->cells,
                                                     .was_count = edit->cell_count,
                                                     .cells = before,
                                                     .cell_count = edit->cell_count};
    return MS_OK;
}

static int put_text(const char *text, size_t length, void *context)
{
    ms_buf_put(context, text, length);
    return 0;
}

ms_status ms_edit_json(ms_buf *out, ms_edit_outcome *outcome, const ms_edit *edits, size_t count,
                       const ms_case_file *file, ms_error *err)
{
    const size_t digits = 15;
    json_t *object = NULL;
    MS_TRY(ms_json_parse(&object, file->bytes, file->length, file->name, err));
    ms_status status = json_is_object(object)
                           ? MS_OK
                           : ms_error_at(err, MS_BAD_INPUT, file->name, 1, 1, "is no object, { ... }");
    for (size_t i = 0; i < count && status == MS_OK; i++)
        if (strcmp(edits[i].table, file->name) == 0)
            status = apply(outcome, &outcome->conflicts[i], object, &edits[i], err);
    if (status == MS_OK && json_dump_callback(object, put_text, out,
                                              JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(digits)) != 0)
        status = ms_error_memory(err);
    ms_buf_text(out, "\n");
    json_decref(object);
    return status == MS_OK && out->failed ? ms_error_memory(err) : status;
}

static bool put_cell(ms_edit_cell *cell, const char *column, const json_t *value, ms_arena *arena)
{
    *cell = (ms_edit_cell){ms_arena_strndup(arena, column, strlen(column)), text_of(value, arena)};
    return cell->column != NULL && cell->text != NULL;
}

ms_status ms_edit_json_cells(const ms_edit_cell **out, size_t *count, const ms_case_file *file, ms_arena *arena,
                             ms_error *err)
{
    int kinds;
    const ms_format_file *format = &ms_format_files(&kinds)[MS_FILE_CASE];
    const char *key;
    json_t *object = NULL, *value;
    size_t used = 0;
    MS_TRY(ms_json_parse(&object, file->bytes, file->length, file->name, err));
    ms_edit_cell *cells = ms_arena_alloc(arena, (size_t)format->column_count + json_object_size(object), sizeof *cells);
    bool good = cells != NULL;
    for (int c = 0; good && c < format->column_count; c++) {
        key = format->columns[c].name;
        good = put_cell(&cells[used++], key, json_object_get(object, key), arena);
    }
    if (good) {
        json_object_foreach(object, key, value)
        {
            if (good && column_named(key) == NULL)
                good = put_cell(&cells[used++], key, value, arena);
        }
    }
    json_decref(object);
    if (!good)
        return ms_error_memory(err);
    *out = cells;
    *count = used;
    return MS_OK;
}
