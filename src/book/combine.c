/* combine.c: the case in a book: its files put together from rows, own and given. See mainstay.h.
 *
 * Own files alone come out as they were imported, byte for byte. In the combined case a row that a partner gave takes
 * the place of the own row with the same key; given rows without one follow, partner by partner in the order of their
 * ids; of two partners who give the same key the first counts. A column that only a giver has is added. Cost: linear in
 * the rows, and for an earlier position in the entries up to it that change rows.
 */
#include <string.h>

#include "book/book_private.h"
#include "book/sheet.h"
#include "book/texts.h"
#include "case/format.h"

/* A row in memory. */
typedef struct {
    const char *source, *key, *raw;
    const char *const *columns;
    const char *const *cells;
    int count;
} held_row;

typedef struct {
    ms_store *store;
    const char *file;
    bool own;
    ms_arena *arena;
    held_row *rows;
    size_t count, capacity;
    ms_names keys;
    const char *columns[MS_COLUMNS_CAP];
    int column_count;
    char separator;
    const char *head, *line_end, *tail; /* head NULL: the book has not imported this file */
} work;

static const char *keep(work *w, const char *text)
{
    return ms_arena_strndup(w->arena, text, strlen(text));
}

static const char *const *keep_all(work *w, const char *const *texts, int count)
{
    const char **kept = ms_arena_alloc(w->arena, (size_t)count, sizeof *kept);
    for (int ix = 0; kept != NULL && ix < count; ix++)
        if ((kept[ix] = keep(w, texts[ix])) == NULL)
            return NULL;
    return kept;
}

/* Rows often share their columns: those of the row before are used again. */
static const char *const *keep_columns(work *w, const ms_book_row *row)
{
    const held_row *last = w->count > 0 ? &w->rows[w->count - 1] : NULL;
    bool same = last != NULL && last->count == row->count;
    for (int ix = 0; same && ix < row->count; ix++)
        same = strcmp(last->columns[ix], row->columns[ix]) == 0;
    return same ? last->columns : keep_all(w, row->columns, row->count);
}

/* Enters a row by its key: a given one takes the place of an own one, and what comes later under the same key does
 * not count. */
static ms_status enter(work *w, held_row *row, ms_error *err)
{
    int32_t ix;
    bool fresh;
    void *rows = w->rows;
    if (!ms_names_add(&w->keys, row->key, &ix, &fresh))
        return ms_error_memory(err);
    if (!fresh) {
        held_row *first = &w->rows[ix];
        if (row->source[0] == '\0' || first->source[0] != '\0')
            return MS_OK;
        first->source = row->source;
        first->raw = NULL;
        first->columns = row->columns;
        first->cells = row->cells;
        first->count = row->count;
        return MS_OK;
    }
    if (!ms_grow(&rows, &w->capacity, w->count + 1, sizeof *row))
        return ms_error_memory(err);
    w->rows = rows;
    w->rows[w->count++] = *row;
    return MS_OK;
}

static ms_status hold(void *context, const ms_book_row *row, ms_error *err)
{
    work *w = context;
    held_row held = {.source = row->source[0] == '\0' ? "" : keep(w, row->source),
                     .key = keep(w, row->key),
                     .raw = row->raw == NULL ? NULL : keep(w, row->raw),
                     .columns = keep_columns(w, row),
                     .cells = keep_all(w, row->cells, row->count),
                     .count = row->count};
    if (held.source == NULL || held.key == NULL || (row->raw != NULL && held.raw == NULL) || held.columns == NULL ||
        held.cells == NULL)
        return ms_error_memory(err);
    return enter(w, &held, err);
}

/* ---- columns ---- */

static int column_named(const work *w, const char *name)
{
    for (int ix = 0; ix < w->column_count; ix++)
        if (strcmp(w->columns[ix], name) == 0)
            return ix;
    return -1;
}

/* The columns of the file: those of its own head, then what rows bring. *grown: the head as it is written will not do.
 */
static ms_status gather_columns(work *w, bool *grown, ms_error *err)
{
    const char *const *last = NULL;
    *grown = w->head == NULL;
    for (size_t ix = 0; ix < w->count; ix++) {
        const held_row *row = &w->rows[ix];
        if (row->columns == last)
            continue;
        last = row->columns;
        for (int column = 0; column < row->count; column++) {
            if (row->columns[column][0] == '\0' || column_named(w, row->columns[column]) >= 0)
                continue;
            if (w->column_count == MS_COLUMNS_CAP)
                return ms_error_at(err, MS_LIMIT, w->file, 0, 0, "more than %d columns", MS_COLUMNS_CAP);
            w->columns[w->column_count++] = row->columns[column];
            *grown = true;
        }
    }
    return MS_OK;
}

static ms_status read_head_columns(work *w, ms_error *err)
{
    ms_sheet sheet;
    ms_status status = ms_sheet_read(&sheet, w->file, w->head, strlen(w->head), err);
    for (int ix = 0; status == MS_OK && ix < sheet.column_count; ix++)
        if ((w->columns[w->column_count++] = keep(w, sheet.columns[ix])) == NULL)
            status = ms_error_memory(err);
    ms_sheet_free(&sheet);
    return status;
}

static ms_status read_form(work *w, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    w->separator = ',';
    w->line_end = "\n";
    w->tail = "";
    MS_TRY(ms_store_prepare(&sql, w->store, "SELECT head, separator, line_end, tail FROM form WHERE file = ?", err));
    ms_bind_text(sql, 1, w->file);
    ms_status status = ms_store_step(&row, w->store, sql, err);
    if (status == MS_OK && row) {
        w->head = keep(w, ms_column_text(sql, 0));
        w->separator = ms_column_text(sql, 1)[0] != '\0' ? ms_column_text(sql, 1)[0] : ',';
        w->line_end = keep(w, ms_column_text(sql, 2));
        w->tail = keep(w, ms_column_text(sql, 3));
        if (w->head == NULL || w->line_end == NULL || w->tail == NULL)
            status = ms_error_memory(err);
    }
    ms_store_release(w->store, sql);
    return status == MS_OK && w->head != NULL ? read_head_columns(w, err) : status;
}

/* ---- writing ---- */

/* Ends a line that has no end yet. */
static void end_line(ms_buf *out, const work *w)
{
    if (out->length > 0 && out->text[out->length - 1] != '\n' && out->text[out->length - 1] != '\r')
        ms_buf_text(out, w->line_end);
}

static void put_row(ms_buf *out, const work *w, const held_row *row, bool grown)
{
    const char *cells[MS_COLUMNS_CAP];
    end_line(out, w);
    if (row->raw != NULL && !grown) {
        ms_buf_text(out, row->raw);
        return;
    }
    bool straight = row->count == w->column_count;
    for (int ix = 0; straight && ix < row->count; ix++)
        straight = strcmp(row->columns[ix], w->columns[ix]) == 0;
    if (straight) {
        ms_sheet_put_row(out, row->cells, row->count, w->separator, w->line_end);
        return;
    }
    for (int ix = 0; ix < w->column_count; ix++)
        cells[ix] = "";
    for (int ix = 0; ix < row->count; ix++) {
        int at = row->columns[ix][0] == '\0' ? -1 : column_named(w, row->columns[ix]);
        if (at >= 0)
            cells[at] = row->cells[ix];
    }
    ms_sheet_put_row(out, cells, w->column_count, w->separator, w->line_end);
}

static void put_file(ms_buf *out, const work *w, bool grown)
{
    if (grown)
        ms_sheet_put_row(out, w->columns, w->column_count, w->separator, w->line_end);
    else
        ms_buf_text(out, w->head);
    for (size_t ix = 0; ix < w->count; ix++)
        put_row(out, w, &w->rows[ix], grown);
    if (w->tail[0] != '\0')
        end_line(out, w);
    ms_buf_text(out, w->tail);
}

static ms_status make_file(bool *present, ms_buf *out, work *w, ms_error *err)
{
    bool grown = false;
    if (strcmp(w->file, "case.json") != 0)
        MS_TRY(read_form(w, err));
    MS_TRY(ms_store_rows(w->store, w->file, w->own ? "" : NULL, hold, w, err));
    *present = w->head != NULL || w->count > 0;
    if (!*present)
        return MS_OK;
    if (strcmp(w->file, "case.json") == 0) {
        ms_buf_text(out, w->rows[0].cells[0]);
    } else {
        MS_TRY(gather_columns(w, &grown, err));
        put_file(out, w, grown);
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* The files of the case in store: *count of them in files, with their bytes, also on failure. */
static ms_status make_files(ms_case_file *files, int *count, ms_store *store, bool own, ms_error *err)
{
    int kinds;
    const ms_format_file *format = ms_format_files(&kinds);
    ms_status status = MS_OK;
    for (int ix = 0; status == MS_OK && ix < kinds; ix++) {
        work w = {.store = store, .file = format[ix].name, .own = own, .arena = ms_arena_new()};
        ms_buf out = {0};
        bool present = false;
        status = w.arena == NULL ? ms_error_memory(err) : make_file(&present, &out, &w, err);
        if (status == MS_OK && present)
            files[(*count)++] = (ms_case_file){format[ix].name, out.text, out.length};
        else
            ms_buf_free(&out);
        ms_free(w.rows);
        ms_names_free(&w.keys);
        ms_arena_free(w.arena);
    }
    return status;
}

/* ---- an earlier position ---- */

static ms_status replay(void *context, const ms_entry *entry, ms_error *err)
{
    return ms_tables_apply(context, entry, err);
}

static ms_status check_as_of(ms_book *book, int64_t as_of, ms_error *err)
{
    int64_t head;
    MS_TRY(ms_book_position(&head, book, err));
    if (as_of < 1 || as_of > head)
        return ms_error_at(err, MS_USAGE, ms_book_path(book), 0, 0, "has entries 1 to %lld, and none numbered %lld",
                           (long long)head, (long long)as_of);
    return MS_OK;
}

/* Makes the tables as they were after entry as_of in *then, unless they are still the same: then it stays closed. */
static ms_status go_back(ms_store *then, ms_book *book, int64_t as_of, ms_error *err)
{
    bool changed;
    MS_TRY(check_as_of(book, as_of, err));
    MS_TRY(ms_book_rows_since(&changed, book, as_of, err));
    if (!changed)
        return MS_OK;
    MS_TRY(ms_store_open(then, ms_book_path(book), MS_STORE_SCRATCH, 0, err));
    MS_TRY(ms_tables_create(then, err));
    return ms_book_scan_rows(book, as_of, replay, then, err);
}

ms_status ms_book_files(ms_case_file **out, int *count, ms_book *book, const ms_book_view *view, ms_error *err)
{
    ms_book_view asked = view != NULL ? *view : (ms_book_view){0};
    ms_store then = {0};
    *count = 0;
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    if (files == NULL)
        return ms_error_memory(err);
    bool outer = book->in_read || book->in_write;
    ms_status status = ms_book_begin_read(book, err);
    if (status == MS_OK && asked.as_of != 0)
        status = go_back(&then, book, asked.as_of, err);
    if (status == MS_OK)
        status = make_files(files, count, then.db != NULL ? &then : &book->store, asked.own, err);
    if (!outer)
        ms_book_end_read(book);
    if (then.db != NULL)
        ms_store_close(&then);
    if (status == MS_OK && (*count == 0 || strcmp(files[0].name, "case.json") != 0))
        status = ms_error_at(err, MS_BAD_INPUT, ms_book_path(book), 0, 0,
                             "holds no case yet; `mainstay book import` takes one from a folder");
    if (status == MS_OK) {
        *out = files;
        return MS_OK;
    }
    for (int ix = 0; ix < *count; ix++)
        ms_free(files[ix].bytes);
    ms_free(files);
    return status;
}

ms_status ms_book_case(ms_case **out, ms_book *book, const ms_book_view *view, ms_findings *findings, ms_error *err)
{
    ms_case_file *files = NULL;
    int count;
    MS_TRY(ms_book_files(&files, &count, book, view, err));
    return ms_case_read(out, files, count, findings, err);
}

ms_status ms_book_export(ms_book *book, const ms_book_view *view, const char *path, bool replace, ms_error *err)
{
    ms_case_file *files = NULL;
    ms_folder_writer *folder = NULL;
    int count;
    MS_TRY(ms_book_files(&files, &count, book, view, err));
    ms_status status = ms_folder_open(&folder, path, replace, "case.json", err);
    for (int ix = 0; status == MS_OK && ix < count; ix++)
        status = ms_folder_add(folder, files[ix].name, files[ix].bytes, files[ix].length, err);
    if (status == MS_OK)
        status = ms_folder_commit(folder, err);
    else
        ms_folder_abandon(folder);
    for (int ix = 0; ix < count; ix++)
        ms_free(files[ix].bytes);
    ms_free(files);
    return status;
}
