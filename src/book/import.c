/* import.c: a folder's case into a book: only what differs. See mainstay.h.
 *
 * File by file: the rows that are new or say something else go into `row` entries; then, if the file would not come out
 * as it is written (order of rows, line ends, needless quotes), how it is written goes into `form` entries. All of it
 * is one transaction. Cost: linear in the rows of the folder and of the book; memory: one file at a time.
 */
#include <string.h>

#include "base/json.h"
#include "book/book_private.h"
#include "book/sheet.h"
#include "case/format.h"

enum { RAW_CHUNK = 5000, RAW_CHUNK_BYTES = 4 << 20 };

/* A row that the book has. */
typedef struct {
    const char *key, *columns, *cells, *raw;
    int64_t position; /* among those that stay; -1: it goes */
} old_row;

typedef struct {
    ms_book *book;
    const char *file;
    ms_sheet sheet;
    ms_arena *arena;
    old_row *old;
    size_t old_count, old_capacity;
    ms_names keys;     /* of the old rows, in their order */
    int32_t *was;      /* by row of the sheet: its old row, -1 new */
    bool *set;         /* by row of the sheet: says something else now */
    int64_t *position; /* by row of the sheet: where it is once the rows are set */
    ms_book_change *change;
} work;

/* ---- what the book has ---- */

static const char *keep_column(work *w, sqlite3_stmt *sql, int column)
{
    return ms_arena_strndup(w->arena, ms_column_text(sql, column), strlen(ms_column_text(sql, column)));
}

static ms_status add_old(work *w, sqlite3_stmt *sql, ms_error *err)
{
    void *block = w->old;
    int32_t ix;
    bool fresh, raw = sqlite3_column_type(sql, 3) != SQLITE_NULL;
    old_row row = {.key = keep_column(w, sql, 0),
                   .columns = keep_column(w, sql, 1),
                   .cells = keep_column(w, sql, 2),
                   .raw = raw ? keep_column(w, sql, 3) : NULL,
                   .position = -1};
    if (row.key == NULL || row.columns == NULL || row.cells == NULL || (raw && row.raw == NULL) ||
        !ms_grow(&block, &w->old_capacity, w->old_count + 1, sizeof row))
        return ms_error_memory(err);
    w->old = block;
    w->old[w->old_count++] = row;
    return ms_names_add(&w->keys, row.key, &ix, &fresh) ? MS_OK : ms_error_memory(err);
}

static ms_status read_old(work *w, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row;
    MS_TRY(ms_store_prepare(&sql, &w->book->store,
                            "SELECT r.key, c.names, r.cells, r.raw FROM row r JOIN columns c ON c.id = r.columns"
                            " WHERE r.file = ? AND r.source = '' ORDER BY r.place",
                            err));
    ms_bind_text(sql, 1, w->file);
    ms_status status;
    while ((status = ms_store_step(&row, &w->book->store, sql, err)) == MS_OK && row)
        if ((status = add_old(w, sql, err)) != MS_OK)
            break;
    ms_store_release(&w->book->store, sql);
    return status;
}

/* ---- what differs ---- */

static ms_status compare(work *w, ms_error *err)
{
    size_t count = w->sheet.row_count;
    w->was = ms_alloc(count, sizeof *w->was);
    w->set = ms_alloc(count, sizeof *w->set);
    w->position = ms_alloc(count, sizeof *w->position);
    if (w->was == NULL || w->set == NULL || w->position == NULL)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < count; ix++) {
        const ms_sheet_row *row = &w->sheet.rows[ix];
        w->was[ix] = ms_names_find(&w->keys, row->key, strlen(row->key));
        if (w->was[ix] >= 0 && w->old[w->was[ix]].position == 0)
            return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0, "has two rows with the same key");
        if (w->was[ix] >= 0)
            w->old[w->was[ix]].position = 0;
        w->set[ix] = w->was[ix] < 0 || strcmp(w->old[w->was[ix]].columns, w->sheet.columns_json) != 0 ||
                     strcmp(w->old[w->was[ix]].cells, row->json) != 0;
        w->change->added += w->was[ix] < 0;
        w->change->changed += w->was[ix] >= 0 && w->set[ix];
    }
    int64_t next = 0;
    for (size_t ix = 0; ix < w->old_count; ix++) {
        w->change->removed += w->old[ix].position < 0;
        if (w->old[ix].position >= 0)
            w->old[ix].position = next++;
    }
    for (size_t ix = 0; ix < count; ix++)
        w->position[ix] = w->was[ix] >= 0 ? w->old[w->was[ix]].position : next++;
    return MS_OK;
}

/* ---- rows ---- */

static ms_status write_rows(work *w, ms_error *err)
{
    const ms_sheet *sheet = &w->sheet;
    size_t columns = (size_t)sheet->column_count;
    ms_row_change change = {
        .file = w->file, .source = "", .columns = sheet->columns, .column_count = sheet->column_count};
    const char **cells = ms_alloc((w->change->added + w->change->changed) * columns, sizeof *cells);
    const char **keys = ms_alloc(w->change->added + w->change->changed, sizeof *keys);
    const char **removed = ms_alloc(w->change->removed, sizeof *removed);
    ms_status status = cells == NULL || keys == NULL || removed == NULL ? ms_error_memory(err) : MS_OK;
    for (size_t ix = 0; status == MS_OK && ix < sheet->row_count; ix++) {
        if (!w->set[ix])
            continue;
        for (size_t column = 0; column < columns; column++)
            cells[change.set_count * columns + column] = sheet->rows[ix].cells[column];
        keys[change.set_count++] = sheet->rows[ix].key;
    }
    for (size_t ix = 0; status == MS_OK && ix < w->old_count; ix++)
        if (w->old[ix].position < 0)
            removed[change.removed_count++] = w->old[ix].key;
    if (status == MS_OK) {
        change.cells = cells;
        change.keys = ms_book_file_is_keyed(w->file) ? NULL : keys;
        change.removed = removed;
        status = ms_book_change_rows(w->book, &change, err);
    }
    ms_free(cells);
    ms_free(keys);
    ms_free(removed);
    return status;
}

/* ---- how the file is written ---- */

static void put_order(ms_buf *out, const work *w)
{
    const int64_t *position = w->position;
    for (size_t first = 0, end; first < w->sheet.row_count; first = end) {
        for (end = first + 1; end < w->sheet.row_count && position[end] == position[end - 1] + 1;)
            end++;
        ms_buf_printf(out, end - first > 1 ? "%s%lld-%lld" : "%s%lld", first > 0 ? "," : "", (long long)position[first],
                      (long long)position[end - 1]);
    }
}

static bool in_order(const work *w)
{
    for (size_t ix = 0; ix < w->sheet.row_count; ix++)
        if (w->position[ix] != (int64_t)ix)
            return false;
    return true;
}

/* True when the book would write the row in another way; setting a row has taken its raw text away. */
static bool raw_differs(const work *w, size_t ix)
{
    const char *is = w->set[ix] ? NULL : w->old[w->was[ix]].raw, *should = w->sheet.rows[ix].raw;
    return (is == NULL) != (should == NULL) || (is != NULL && strcmp(is, should) != 0);
}

/* The next spellings from *at on, as many as fit an entry. */
static void put_raw(ms_json *json, const work *w, size_t *at)
{
    int rows = 0;
    ms_json_open_array(json, "raw");
    for (; *at < w->sheet.row_count && rows < RAW_CHUNK && json->out->length < RAW_CHUNK_BYTES; ++*at) {
        if (!raw_differs(w, *at))
            continue;
        ms_json_open_array(json, NULL);
        ms_json_integer(json, NULL, (long long)*at);
        ms_json_string(json, NULL, w->sheet.rows[*at].raw);
        ms_json_close_array(json);
        rows++;
    }
    ms_json_close_array(json);
}

/* Appends a `form` entry: the head and the like always, the order once, and the next spellings from *at on. */
static ms_status write_form(work *w, const char *order, size_t *at, ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    char separator[2] = {w->sheet.separator, '\0'};
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "file", w->file);
    ms_json_string(&json, "head", w->sheet.head);
    ms_json_string(&json, "line_end", w->sheet.line_end);
    if (order != NULL)
        ms_json_string(&json, "order", order);
    if (*at < w->sheet.row_count)
        put_raw(&json, w, at);
    ms_json_string(&json, "separator", separator);
    ms_json_string(&json, "tail", w->sheet.tail);
    ms_json_close_object(&json);
    ms_draft draft = {MS_KIND_FORM, w->file, body.text, body.length};
    ms_status status = body.failed ? ms_error_memory(err) : ms_book_append(NULL, w->book, &draft, 1, err);
    ms_buf_free(&body);
    return status;
}

/* Whether the book knows how the file is written, and whether with this head, tail, separator and line end. */
static ms_status same_form(bool *known, bool *same, const work *w, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    char separator[2] = {w->sheet.separator, '\0'};
    MS_TRY(ms_store_prepare(&sql, &w->book->store,
                            "SELECT head = ?2 AND separator = ?3 AND line_end = ?4 AND tail = ?5 FROM form"
                            " WHERE file = ?1",
                            err));
    ms_bind_text(sql, 1, w->file);
    ms_bind_text(sql, 2, w->sheet.head);
    ms_bind_text(sql, 3, separator);
    ms_bind_text(sql, 4, w->sheet.line_end);
    ms_bind_text(sql, 5, w->sheet.tail);
    ms_status status = ms_store_step(&row, &w->book->store, sql, err);
    *known = row;
    *same = row && sqlite3_column_int(sql, 0) != 0;
    ms_store_release(&w->book->store, sql);
    return status;
}

static ms_status write_forms(work *w, ms_error *err)
{
    bool known, same, ordered = in_order(w);
    size_t at = 0;
    ms_buf order = {0};
    MS_TRY(same_form(&known, &same, w, err));
    while (at < w->sheet.row_count && !raw_differs(w, at))
        at++;
    if (same && ordered && at == w->sheet.row_count)
        return MS_OK;
    w->change->form = known;
    if (!ordered)
        put_order(&order, w);
    ms_status status = order.failed ? ms_error_memory(err) : write_form(w, order.text, &at, err);
    while (status == MS_OK && at < w->sheet.row_count) {
        while (at < w->sheet.row_count && !raw_differs(w, at))
            at++;
        if (at < w->sheet.row_count)
            status = write_form(w, NULL, &at, err);
    }
    ms_buf_free(&order);
    return status;
}

/* ---- files ---- */

static void work_free(work *w)
{
    ms_sheet_free(&w->sheet);
    ms_arena_free(w->arena);
    ms_names_free(&w->keys);
    ms_free(w->old);
    ms_free(w->was);
    ms_free(w->set);
    ms_free(w->position);
}

ms_status ms_book_import_file(ms_book_change *change, ms_book *book, const ms_case_file *file, ms_error *err)
{
    work w = {.book = book, .file = file->name, .change = change, .arena = ms_arena_new()};
    ms_status status = w.arena == NULL ? ms_error_memory(err)
                                       : ms_sheet_read(&w.sheet, file->name, file->bytes, file->length, err);
    if (status == MS_OK)
        status = read_old(&w, err);
    if (status == MS_OK)
        status = compare(&w, err);
    if (status == MS_OK && (change->added > 0 || change->changed > 0 || change->removed > 0))
        status = write_rows(&w, err);
    if (status == MS_OK && strcmp(file->name, "case.json") != 0)
        status = write_forms(&w, err);
    work_free(&w);
    return status;
}

/* A file that the folder does not have, and the book does. */
static ms_status remove_file(ms_book_change *change, ms_book *book, const char *file, ms_error *err)
{
    ms_buf body = {0};
    sqlite3_stmt *sql = NULL;
    bool row = false;
    work w = {.book = book, .file = file, .change = change, .arena = ms_arena_new()};
    ms_status status = w.arena == NULL ? ms_error_memory(err) : read_old(&w, err);
    change->removed = w.old_count;
    if (status == MS_OK && w.old_count > 0)
        status = write_rows(&w, err);
    work_free(&w);
    if (status == MS_OK)
        status = ms_store_prepare(&sql, &book->store, "SELECT 1 FROM form WHERE file = ?", err);
    MS_TRY(status);
    ms_bind_text(sql, 1, file);
    status = ms_store_step(&row, &book->store, sql, err);
    ms_store_release(&book->store, sql);
    if (status != MS_OK || !row)
        return status;
    change->form = true;
    ms_buf_printf(&body, "{\"file\":\"%s\",\"gone\":true}", file);
    ms_draft draft = {MS_KIND_FORM, file, body.text, body.length};
    status = body.failed ? ms_error_memory(err) : ms_book_append(NULL, book, &draft, 1, err);
    ms_buf_free(&body);
    return status;
}

static const ms_case_file *file_of(const ms_case *kase, const char *name)
{
    for (int ix = 0; ix < kase->file_count; ix++)
        if (strcmp(kase->files[ix].name, name) == 0)
            return &kase->files[ix];
    return NULL;
}

static ms_status import_all(ms_book_changes *out, ms_book *book, const ms_case *kase, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int ix = 0; ix < count; ix++) {
        ms_book_change change = {.file = files[ix].name};
        const ms_case_file *file = file_of(kase, files[ix].name);
        MS_TRY(file != NULL ? ms_book_import_file(&change, book, file, err)
                            : remove_file(&change, book, files[ix].name, err));
        if (change.added > 0 || change.changed > 0 || change.removed > 0 || change.form)
            out->changes[out->count++] = change;
    }
    return MS_OK;
}

/* A book that could state nothing of the case, for want of its partner, has its id wrong. */
static ms_status check_partner(const ms_book *book, const ms_case *kase, ms_error *err)
{
    const char *partner = ms_book_partner(book), *near;
    if (ms_names_find(&kase->partner_names, partner, strlen(partner)) >= 0)
        return MS_OK;
    near = ms_names_near(&kase->partner_names, partner);
    return ms_error_at(err, MS_BAD_INPUT, "partners.csv", 0, 0,
                       "has no partner \"%s\", whose book %s is%s%s%s; add it, or make another book", partner,
                       ms_book_path(book), near != NULL ? " (near is \"" : "", near != NULL ? near : "",
                       near != NULL ? "\")" : "");
}

ms_status ms_book_import(ms_book_changes *out, ms_book *book, const ms_case *kase, bool keep, ms_error *err)
{
    ms_book_changes changes = {0};
    unsigned char hash[MS_HASH_BYTES];
    MS_TRY(check_partner(book, kase, err));
    MS_TRY(ms_book_begin(book, err));
    ms_status status = ms_book_head(&changes.before, hash, book, err);
    if (status == MS_OK)
        status = import_all(&changes, book, kase, err);
    if (status == MS_OK)
        status = ms_book_head(&changes.after, hash, book, err);
    if (status == MS_OK && keep)
        status = ms_book_commit(book, err);
    else
        ms_book_rollback(book);
    if (status == MS_OK)
        *out = changes;
    return status;
}
