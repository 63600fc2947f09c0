/* api_edit.c: changing rows of the case over HTTP. */
#include <string.h>

#include "base/json.h"
#include "serve/api.h"
#include "serve/body.h"

enum { FINDINGS_SHOWN = 1000 };

/* ---- what is asked for ---- */

typedef struct {
    ms_arena *arena;
    ms_desk_change change;
} request;

static const char *keep(const request *r, const char *text)
{
    return ms_arena_strndup(r->arena, text, strlen(text));
}

static ms_status read_cells(const ms_edit_cell **out, size_t *count, const request *r, const json_t *object,
                            ms_error *err)
{
    const char *key;
    char number[MS_NUMBER_BYTES];
    json_t *value;
    if (!json_is_object(object))
        return ms_error_set(err, MS_USAGE, "cells, was and add are objects: {\"column\": \"text\"}");
    ms_edit_cell *cells = ms_arena_alloc(r->arena, json_object_size(object) + 1, sizeof *cells);
    if (!cells)
        return ms_error_memory(err);
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        cells[*count] = (ms_edit_cell){keep(r, key), keep(r, ms_body_cell(number, value))};
        if (!cells[*count].column || !cells[*count].text)
            return ms_error_memory(err);
        ++*count;
    }
    *out = cells;
    return MS_OK;
}

static ms_status read_kind(ms_edit *edit, const request *r, const json_t *object, ms_error *err)
{
    const json_t *cells = json_object_get(object, "cells"), *add = json_object_get(object, "add");
    bool remove = json_is_true(json_object_get(object, "remove"));
    if (!!cells + !!add + remove != 1)
        return ms_error_set(err, MS_USAGE, "a change has one of cells, remove and add");
    edit->kind = cells ? MS_EDIT_SET : add ? MS_EDIT_ADD : MS_EDIT_REMOVE;
    return remove ? MS_OK : read_cells(&edit->cells, &edit->cell_count, r, cells ? cells : add, err);
}

static ms_status read_edit(ms_edit *edit, const request *r, const json_t *object, ms_error *err)
{
    static const char *const keys[] = {"table", "row", "was", "cells", "remove", "add", NULL};
    const json_t *table = json_object_get(object, "table"), *row = json_object_get(object, "row"),
                 *was = json_object_get(object, "was");
    const long most = 1000000000;
    if (!json_is_object(object) || !json_is_string(table))
        return ms_error_set(err, MS_USAGE, "a change is an object with the name of a table");
    MS_TRY(ms_body_keys(object, "a change", keys, err));
    MS_TRY(read_kind(edit, r, object, err));
    bool numbered = json_is_integer(row) && json_integer_value(row) >= 0 && json_integer_value(row) < most;
    if ((row && !numbered && !json_is_null(row)) || (!numbered && edit->kind != MS_EDIT_ADD))
        return ms_error_set(err, MS_USAGE, "row is the number of a row, from 0");
    edit->row = numbered ? (long)json_integer_value(row) : -1;
    edit->table = keep(r, json_string_value(table));
    if (!edit->table)
        return ms_error_memory(err);
    return was ? read_cells(&edit->was, &edit->was_count, r, was, err) : MS_OK;
}

static ms_status read_change(request *r, const json_t *body, ms_error *err)
{
    const json_t *generation = json_object_get(body, "generation"), *changes = json_object_get(body, "changes");
    size_t count = json_array_size(changes);
    if (!json_is_array(changes) || count > MS_EDITS_MOST)
        return ms_error_set(err, MS_USAGE, "changes is a list of at most %d", MS_EDITS_MOST);
    if (generation && !json_is_integer(generation))
        return ms_error_set(err, MS_USAGE, "generation is a whole number");
    ms_edit *edits = ms_arena_alloc(r->arena, count + 1, sizeof *edits);
    if (!edits)
        return ms_error_memory(err);
    for (size_t i = 0; i < count; i++)
        MS_TRY(read_edit(&edits[i], r, json_array_get(changes, i), err));
    r->change.edits = edits;
    r->change.count = count;
    r->change.generation = (int)json_integer_value(generation);
    return ms_body_switch(&r->change.check, body, "check", err);
}

static ms_status read_request(request *r, const ms_visit *visit, ms_error *err)
{
    static const char *const keys[] = {"generation", "changes", "check", NULL};
    json_t *body = NULL;
    r->arena = ms_arena_new();
    if (!r->arena)
        return ms_error_memory(err);
    r->change.who = visit->who;
    MS_TRY(ms_body_read(&body, visit, "the request", keys, err));
    ms_status status = read_change(r, body, err);
    json_decref(body);
    return status;
}

/* ---- what came of it ---- */

static void put_findings(ms_json *json, const ms_desk_outcome *outcome)
{
    const ms_findings *findings = &outcome->findings;
    size_t shown = 0;
    ms_json_integer(json, "errors", (long long)findings->error_count);
    ms_json_integer(json, "warnings", (long long)findings->warning_count);
    ms_json_open_array(json, "findings");
    /* errors first: of what is too much to show, they are the last to go */
    for (int severity = MS_FINDING_ERROR; severity <= MS_FINDING_WARNING; severity++)
        for (size_t i = 0; i < findings->count && shown < FINDINGS_SHOWN; i++) {
            const ms_finding *finding = &findings->items[i];
            if ((int)finding->severity != severity)
                continue;
            const ms_cell_place *place = outcome->places ? &outcome->places[i] : NULL;
            ms_json_open_object(json, NULL);
            ms_finding_put(json, finding);
            if (place && place->row >= 0)
                ms_json_integer(json, "row", place->row);
            if (place && place->row >= 0 && place->column)
                ms_json_string(json, "cell", place->column);
            ms_json_close_object(json);
            shown++;
        }
    ms_json_close_array(json);
}

static void put_cells(ms_json *json, const char *key, const ms_edit_cell *cells, size_t count)
{
    ms_json_open_object(json, key);
    for (size_t c = 0; c < count; c++)
        ms_json_string(json, cells[c].column, cells[c].text);
    ms_json_close_object(json);
}

static void put_edit(ms_json *json, const ms_edit *edit)
{
    ms_json_open_object(json, NULL);
    ms_json_string(json, "table", edit->table);
    ms_json_integer(json, "row", edit->row);
    if (edit->was)
        put_cells(json, "was", edit->was, edit->was_count);
    if (edit->kind == MS_EDIT_REMOVE)
        ms_json_bool(json, "remove", true);
    else
        put_cells(json, edit->kind == MS_EDIT_ADD ? "add" : "cells", edit->cells, edit->cell_count);
    ms_json_close_object(json);
}

typedef struct {
    const request *r;
    const ms_desk_outcome *outcome;
} answer;

static void put_refused(ms_json *json, const void *context)
{
    const answer *a = context;
    ms_json_integer(json, "generation", a->outcome->generation);
    if (!a->outcome->edits.any_conflict) {
        put_findings(json, a->outcome);
        return;
    }
    ms_json_open_array(json, "changes");
    for (size_t i = 0; i < a->r->change.count; i++)
        if (a->outcome->edits.conflicts[i])
            ms_json_integer(json, NULL, (long long)i);
    ms_json_close_array(json);
}

static ms_status reply_done(ms_reply *reply, const answer *a, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "generation", a->outcome->generation);
    ms_json_bool(&json, "done", a->outcome->done);
    put_findings(&json, a->outcome);
    ms_json_open_array(&json, "undo");
    for (size_t i = 0; i < a->outcome->edits.undo_count && a->outcome->done; i++)
        put_edit(&json, &a->outcome->edits.undo[i]);
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return ms_reply_json(reply, &text, err);
}

ms_status ms_api_change(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    request r = {0};
    ms_desk_outcome outcome = {0};
    answer a = {&r, &outcome};
    ms_status status = read_request(&r, visit, err);
    if (status == MS_OK)
        status = ms_desk_change_case(&outcome, visit->desk, &r.change, err);
    if (status == MS_OK && outcome.edits.any_conflict) {
        ms_error conflict = {.code = MS_USAGE};
        ms_error_set(&conflict, MS_USAGE, "somebody else has changed or removed these rows meanwhile");
        ms_reply_problem_with(reply, 409, &conflict, put_refused, &a);
    } else if (status == MS_OK) {
        status = reply_done(reply, &a, err);
    } else if (outcome.findings.error_count > 0 && status == MS_BAD_INPUT) {
        ms_reply_problem_with(reply, ms_problem_status(status), err, put_refused, &a);
        status = MS_OK;
    }
    ms_desk_outcome_free(&outcome);
    ms_arena_free(r.arena);
    return status;
}
