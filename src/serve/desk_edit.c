/* desk_edit.c: changing the case of a desk. See desk.h.
 *
 * Folder or book, it goes the same way: the files that can be edited, the edits in them, the whole case that comes of
 * that read and checked, and only then anything is written. In a book all of it is one transaction, which a check, a
 * conflict or an error undoes.
 */
#include <string.h>

#include "base/clock.h"
#include "case/format.h"
#include "case/save.h"
#include "ledger/ledger.h"
#include "serve/desk_private.h"

typedef struct {
    ms_desk *desk;
    const ms_desk_change *change;
    ms_desk_outcome *out;
    ms_case_file changed[MS_FILE_KINDS];
    int changed_count;
} work;

void ms_desk_outcome_free(ms_desk_outcome *outcome)
{
    ms_findings_free(&outcome->findings);
    ms_arena_free(outcome->arena);
    *outcome = (ms_desk_outcome){0};
}

/* ---- the edits in the files ---- */

static const ms_format_file *format_of(const char *table, int *ix)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (*ix = 0; *ix < count; ++*ix)
        if (strcmp(files[*ix].name, table) == 0)
            return &files[*ix];
    return NULL;
}

static ms_status edit_table(work *w, const char *table, const ms_case_file *files, int count, bool by_number,
                            ms_error *err)
{
    int ix;
    ms_buf out = {0}, empty = {0};
    const ms_format_file *format = format_of(table, &ix);
    if (!format)
        return ms_error_set(err, MS_USAGE, "a case has no table \"%.60s\"", table);
    if (ms_case_files_find(w->changed, w->changed_count, format->name))
        return MS_OK;
    const ms_case_file *file = ms_case_files_find(files, count, format->name);
    ms_case_file fresh = {.name = format->name};
    ms_status status = file ? MS_OK : ms_format_file_empty(&empty, ix, err);
    if (!file) {
        fresh.bytes = empty.text;
        fresh.length = empty.length;
    }
    if (status == MS_OK)
        status = ms_edit_file(&out, &w->out->edits, w->change->edits, w->change->count, file ? file : &fresh, by_number,
                              err);
    ms_buf_free(&empty);
    if (status != MS_OK || !out.text) { /* no text: a conflict before anything was written */
        ms_buf_free(&out);
        return status;
    }
    w->changed[w->changed_count++] = (ms_case_file){format->name, out.text, out.length};
    return MS_OK;
}

static ms_status edit_all(work *w, const ms_case_file *files, int count, bool by_number, ms_error *err)
{
    for (size_t i = 0; i < w->change->count; i++)
        MS_TRY(edit_table(w, w->change->edits[i].table, files, count, by_number, err));
    return MS_OK;
}

static ms_status locate(work *w, const ms_case_file *files, int count, ms_error *err)
{
    ms_desk_outcome *out = w->out;
    out->places = ms_arena_alloc(out->arena, out->findings.count + 1, sizeof *out->places);
    if (!out->places)
        return ms_error_memory(err);
    return ms_findings_locate(out->places, &out->findings, files, count, out->arena, err);
}

/* A finding about a row that a partner gave, which stands behind the own ones, is about no row that can be edited here.
 */
static ms_status forget_given_rows(work *w, const ms_case_file *own, int own_count, ms_error *err)
{
    ms_desk_outcome *out = w->out;
    const char *counted = "";
    long rows = 0;
    for (size_t i = 0; i < out->findings.count; i++) {
        const char *name = out->findings.items[i].file;
        const ms_case_file *file = ms_case_files_find(w->changed, w->changed_count, name);
        if (!file)
            file = ms_case_files_find(own, own_count, name);
        if (!file || out->places[i].row < 0 || strstr(name, ".csv") == NULL)
            continue;
        if (strcmp(counted, name) != 0)
            MS_TRY(ms_case_file_rows(&rows, file, err));
        counted = name;
        if (out->places[i].row >= rows)
            out->places[i] = (ms_cell_place){.row = -1};
    }
    return MS_OK;
}

/* ---- a folder ---- */

static void put_cells(ms_json *json, const char *key, const ms_edit_cell *cells, size_t count)
{
    if (!cells) {
        ms_json_string(json, key, NULL);
        return;
    }
    ms_json_open_object(json, key);
    for (size_t c = 0; c < count; c++)
        if (cells[c].text[0])
            ms_json_string(json, cells[c].column, cells[c].text);
    ms_json_close_object(json);
}

/* A line of changes.log for each edit. What undoes an edit knows the row before and after. */
static void put_log(ms_buf *log, const work *w)
{
    char now[MS_DATE_BYTES];
    ms_time_text(now, ms_clock_utc_ms());
    for (size_t i = 0; i < w->out->edits.undo_count; i++) {
        const ms_edit *undo = &w->out->edits.undo[i];
        ms_json json;
        ms_json_start_canonical(&json, log);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "at", now);
        put_cells(&json, "now", undo->was, undo->was_count);
        ms_json_integer(&json, "row", undo->row);
        ms_json_string(&json, "table", undo->table);
        put_cells(&json, "was", undo->cells, undo->cell_count);
        ms_json_string(&json, "who", w->change->who);
        ms_json_close_object(&json);
        ms_buf_text(log, "\n");
    }
}

static ms_status save(work *w, ms_error *err)
{
    ms_buf log = {0};
    put_log(&log, w);
    ms_status status = log.failed ? ms_error_memory(err)
                                  : ms_case_save(w->desk->place.path, w->changed, w->changed_count, &log, err);
    ms_buf_free(&log);
    return status;
}

static ms_status change_folder(work *w, const ms_held_case *held, ms_error *err)
{
    ms_case_file *files = NULL;
    ms_case *kase = NULL;
    int count = 0;
    const ms_case *base = held->kase;
    MS_TRY(edit_all(w, base->files, base->file_count, w->change->generation == held->generation, err));
    if (w->out->edits.any_conflict)
        return MS_OK;
    MS_TRY(ms_case_files_copy(&files, &count, base->files, base->file_count, w->changed, w->changed_count, err));
    ms_status status = ms_case_read(&kase, files, count, &w->out->findings, err);
    if (status == MS_OK || status == MS_BAD_INPUT) {
        ms_case_file all[2 * MS_FILE_KINDS]; /* those changed come first and are the ones that count */
        memcpy(all, w->changed, (size_t)w->changed_count * sizeof *all);
        count = w->changed_count;
        for (int f = 0; f < base->file_count; f++)
            if (!ms_case_files_find(w->changed, w->changed_count, base->files[f].name))
                all[count++] = base->files[f];
        ms_status located = locate(w, all, count, err);
        status = located == MS_OK ? status : located;
    }
    ms_case_free(kase);
    if (status != MS_OK || w->change->check)
        return status;
    MS_TRY(save(w, err));
    w->out->done = true;
    return ms_desk_refresh(w->desk, err);
}

/* ---- a book ---- */

/* Within the transaction. */
static ms_status change_in_book(work *w, ms_book *book, const ms_held_case *held, ms_error *err)
{
    const ms_book_view own_view = {.own = true};
    ms_case_file *own = NULL, *combined = NULL;
    ms_case *kase = NULL;
    int own_count = 0, combined_count = 0;
    int64_t entries = 0;
    MS_TRY(ms_book_position(&entries, book, err));
    MS_TRY(ms_book_files(&own, &own_count, book, &own_view, err));
    bool by_number = w->change->generation == held->generation && entries == w->desk->place.entries;
    ms_status status = edit_all(w, own, own_count, by_number, err);
    for (int f = 0; f < w->changed_count && status == MS_OK && !w->out->edits.any_conflict; f++) {
        ms_book_change counts = {.file = w->changed[f].name};
        status = ms_book_import_file(&counts, book, &w->changed[f], err);
    }
    if (status == MS_OK && !w->out->edits.any_conflict) {
        status = ms_ledger_case(&kase, book, NULL, &w->out->findings, err);
        ms_status read = status;
        if (read == MS_OK || read == MS_BAD_INPUT)
            status = ms_book_files(&combined, &combined_count, book, NULL, err);
        if (status == MS_OK)
            status = locate(w, combined, combined_count, err);
        if (status == MS_OK)
            status = forget_given_rows(w, own, own_count, err);
        if (status == MS_OK)
            status = read;
    }
    ms_case_files_free(combined, combined_count);
    ms_case_files_free(own, own_count);
    ms_case_free(kase);
    return status;
}

static ms_status change_book(work *w, const ms_held_case *held, ms_error *err)
{
    ms_book *book = w->desk->place.book;
    if (!book)
        return ms_error_set(err, MS_USAGE, "nothing can be written: %s", w->desk->place.no_book.message);
    MS_TRY(ms_book_set_author(book, w->change->who, err));
    MS_TRY(ms_book_begin(book, err));
    ms_status status = change_in_book(w, book, held, err);
    if (status != MS_OK || w->change->check || w->out->edits.any_conflict) {
        ms_book_rollback(book);
        return status;
    }
    MS_TRY(ms_book_commit(book, err));
    w->out->done = true;
    return ms_desk_refresh(w->desk, err);
}

/* ---- either ---- */

static ms_status change_held(work *w, ms_error *err)
{
    if (!w->desk->place.is_open)
        return ms_error_set(err, MS_NOT_FOUND, "no case is open yet");
    if (w->desk->place.read_only && !w->change->check)
        return ms_error_set(err, MS_USAGE, "%s is open to read only", w->desk->place.path);
    MS_TRY(ms_desk_refresh(w->desk, err));
    ms_held_case *held = ms_desk_hold_case(w->desk);
    if (!held)
        return ms_error_set(err, MS_NOT_FOUND, "the book holds no case yet; `mainstay book import` takes one");
    ms_status status = w->desk->place.is_book ? change_book(w, held, err) : change_folder(w, held, err);
    ms_desk_let_case(w->desk, held);
    return status;
}

ms_status ms_desk_change_case(ms_desk_outcome *out, ms_desk *desk, const ms_desk_change *change, ms_error *err)
{
    work *w = ms_alloc(1, sizeof *w);
    *out = (ms_desk_outcome){.arena = ms_arena_new()};
    ms_status status = w && out->arena ? MS_OK : ms_error_memory(err);
    if (status == MS_OK) {
        *w = (work){.desk = desk, .change = change, .out = out};
        status = ms_edit_outcome_make(&out->edits, change->count, out->arena, err);
    }
    if (status == MS_OK) {
        status = ms_desk_begin_writing(desk, err);
        if (status == MS_OK) {
            status = change_held(w, err);
            pthread_mutex_unlock(&desk->place.writing);
        }
    }
    for (int f = 0; w && f < w->changed_count; f++)
        ms_free(w->changed[f].bytes);
    ms_free(w);
    ms_held_case *held = ms_desk_hold_case(desk);
    out->generation = held ? held->generation : 0;
    ms_desk_let_case(desk, held);
    return status;
}
