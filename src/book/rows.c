/* rows.c: the rows of the case in a book: their keys, reading them, changing them. See book.h. */
#include <string.h>

#include "base/json.h"
#include "book/book_private.h"
#include "book/texts.h"
#include "case/format.h"

static const char SEPARATOR = '\x1F';

static const ms_format_file *format_of(const char *file)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int ix = 0; ix < count; ix++)
        if (strcmp(files[ix].name, file) == 0)
            return &files[ix];
    return NULL;
}

bool ms_book_knows_file(const char *file)
{
    return format_of(file) != NULL;
}

/* An id tells a row apart by itself. */
static bool is_key(const ms_column *column)
{
    return column->type == MS_COLUMN_ID || (column->flags & MS_COLUMN_KEY);
}

bool ms_book_file_is_keyed(const char *file)
{
    const ms_format_file *format = format_of(file);
    bool keyed = format != NULL && format->kind == MS_FILE_CASE;
    for (int ix = 0; format != NULL && !keyed && ix < format->column_count; ix++)
        keyed = is_key(&format->columns[ix]);
    return keyed;
}

const char *ms_book_owner_column(const char *file)
{
    const ms_format_file *format = format_of(file);
    if (format == NULL)
        return NULL;
    switch (format->kind) {
    case MS_FILE_AGREEMENTS:
        return "provider";
    case MS_FILE_PARTNERS:
        return "partner";
    default:
        return ms_format_column(format, "partner", 7) >= 0 ? "partner" : NULL;
    }
}

static int column_named(const char *const *columns, int count, const char *name)
{
    for (int ix = 0; ix < count; ix++)
        if (strcmp(columns[ix], name) == 0)
            return ix;
    return -1;
}

bool ms_book_row_key(ms_buf *out, const char *file, const char *const *columns, const char *const *cells, int count)
{
    const ms_format_file *format = format_of(file);
    bool first = true;
    ms_buf_text(out, "");
    if (format == NULL || format->kind == MS_FILE_CASE)
        return format != NULL && !out->failed;
    bool keyed = ms_book_file_is_keyed(file);
    for (int ix = 0; ix < (keyed ? format->column_count : count); ix++) {
        int at = ix;
        if (keyed && !is_key(&format->columns[ix]))
            continue;
        if (keyed && (at = column_named(columns, count, format->columns[ix].name)) < 0 &&
            (format->columns[ix].flags & MS_COLUMN_REQUIRED))
            return false;
        if (!first)
            ms_buf_put(out, &SEPARATOR, 1);
        ms_buf_text(out, at < 0 ? "" : cells[at]);
        first = false;
    }
    return !out->failed;
}

/* ---- reading ---- */

static ms_status damaged(const ms_store *store, ms_error *err)
{
    return ms_error_at(err, MS_BAD_INPUT, store->path, 0, 0,
                       "its tables are damaged; `mainstay book rebuild` makes them again from the log");
}

/* Texts in a column of sql, parsed in place in *copy. */
static ms_status texts_of(const char *out[MS_COLUMNS_CAP], int *count, ms_buf *copy, const ms_store *store,
                          sqlite3_stmt *sql, int column, ms_error *err)
{
    ms_buf_reset(copy);
    ms_buf_text(copy, ms_column_text(sql, column));
    if (copy->failed)
        return ms_error_memory(err);
    *count = ms_texts_parse(out, copy->text);
    return *count < 0 ? damaged(store, err) : MS_OK;
}

/* Rows often share their columns: those of the newest row read stay parsed. */
typedef struct {
    const char *columns[MS_COLUMNS_CAP], *cells[MS_COLUMNS_CAP];
    int64_t columns_id;
    int column_count;
    ms_buf column_text, cell_text;
} row_reader;

static ms_status read_row(ms_book_row *out, row_reader *reader, const ms_store *store, sqlite3_stmt *sql, ms_error *err)
{
    int64_t id = sqlite3_column_int64(sql, 4);
    int count;
    if (reader->columns_id != id || reader->column_count == 0) {
        MS_TRY(texts_of(reader->columns, &reader->column_count, &reader->column_text, store, sql, 5, err));
        reader->columns_id = id;
    }
    MS_TRY(texts_of(reader->cells, &count, &reader->cell_text, store, sql, 6, err));
    if (count != reader->column_count)
        return damaged(store, err);
    *out = (ms_book_row){.file = ms_column_text(sql, 0),
                         .source = ms_column_text(sql, 1),
                         .key = ms_column_text(sql, 2),
                         .raw = sqlite3_column_type(sql, 7) == SQLITE_NULL ? NULL : ms_column_text(sql, 7),
                         .columns = reader->columns,
                         .cells = reader->cells,
                         .count = count,
                         .number = sqlite3_column_int64(sql, 3)};
    return MS_OK;
}

ms_status ms_store_rows(ms_store *store, const char *file, const char *source, ms_book_row_visit visit, void *context,
                        ms_error *err)
{
    static const char every[] =
        "SELECT r.file, r.source, r.key, r.number, r.columns, c.names, r.cells, r.raw FROM row r"
        " JOIN columns c ON c.id = r.columns WHERE r.file = ?1 ORDER BY r.source, r.place";
    static const char one[] = "SELECT r.file, r.source, r.key, r.number, r.columns, c.names, r.cells, r.raw FROM row r"
                              " JOIN columns c ON c.id = r.columns WHERE r.file = ?1 AND r.source = ?2"
                              " ORDER BY r.place";
    sqlite3_stmt *sql = NULL;
    bool row;
    MS_TRY(ms_store_prepare(&sql, store, source == NULL ? every : one, err));
    ms_bind_text(sql, 1, file);
    if (source != NULL)
        ms_bind_text(sql, 2, source);
    row_reader *reader = ms_alloc(1, sizeof *reader);
    ms_status status = reader == NULL ? ms_error_memory(err) : MS_OK;
    while (status == MS_OK && (status = ms_store_step(&row, store, sql, err)) == MS_OK && row) {
        ms_book_row read;
        status = read_row(&read, reader, store, sql, err);
        if (status == MS_OK)
            status = visit(context, &read, err);
    }
    if (reader != NULL) {
        ms_buf_free(&reader->column_text);
        ms_buf_free(&reader->cell_text);
    }
    ms_free(reader);
    ms_store_release(store, sql);
    return status;
}

ms_status ms_book_rows(ms_book *book, const char *file, const char *source, ms_book_row_visit visit, void *context,
                       ms_error *err)
{
    if (file != NULL)
        return ms_store_rows(&book->store, file, source, visit, context, err);
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int ix = 0; ix < count; ix++)
        MS_TRY(ms_store_rows(&book->store, files[ix].name, source, visit, context, err));
    return MS_OK;
}

ms_status ms_book_count_rows(ms_book *book, ms_book_count_visit visit, void *context, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    ms_status status = MS_OK;
    for (int ix = 0; status == MS_OK && ix < count; ix++) {
        sqlite3_stmt *sql = NULL;
        bool row;
        MS_TRY(ms_store_prepare(&sql, &book->store,
                                "SELECT source, count(*) FROM row WHERE file = ? GROUP BY source ORDER BY source",
                                err));
        ms_bind_text(sql, 1, files[ix].name);
        while (status == MS_OK && (status = ms_store_step(&row, &book->store, sql, err)) == MS_OK && row)
            status = visit(context, files[ix].name, ms_column_text(sql, 0), sqlite3_column_int64(sql, 1), err);
        ms_store_release(&book->store, sql);
    }
    return status;
}

/* ---- changing ---- */

enum { CHUNK_BYTES = 1 << 20 };

/* Where the next `row` entry begins. */
typedef struct {
    size_t removed, set;
} progress;

/* What goes into one entry, from *at on, which moves on: removals first. */
static void put_chunk(ms_buf *out, const ms_row_change *change, progress *at)
{
    ms_json json;
    size_t rows = 0, first = at->set;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    size_t removed = change->removed_count - at->removed;
    size_t left = MS_CHUNK_ROWS - (removed < MS_CHUNK_ROWS ? removed : MS_CHUNK_ROWS);
    size_t set = change->set_count - first < left ? change->set_count - first : left;
    if (set > 0) {
        ms_json_open_array(&json, "columns");
        for (int ix = 0; ix < change->column_count; ix++)
            ms_json_string(&json, NULL, change->columns[ix]);
        ms_json_close_array(&json);
    }
    ms_json_string(&json, "file", change->file);
    if (set > 0 && change->keys != NULL) {
        ms_json_open_array(&json, "keys");
        for (size_t ix = 0; ix < set; ix++)
            ms_json_string(&json, NULL, change->keys[first + ix]);
        ms_json_close_array(&json);
    }
    if (removed > 0) {
        ms_json_open_array(&json, "remove");
        for (; at->removed < change->removed_count && rows < MS_CHUNK_ROWS; rows++)
            ms_json_string(&json, NULL, change->removed[at->removed++]);
        ms_json_close_array(&json);
    }
    if (set > 0) {
        ms_json_open_array(&json, "set");
        for (size_t ix = 0; ix < set; ix++, at->set++) {
            ms_json_open_array(&json, NULL);
            for (int column = 0; column < change->column_count; column++)
                ms_json_string(&json, NULL, change->cells[at->set * (size_t)change->column_count + (size_t)column]);
            ms_json_close_array(&json);
        }
        ms_json_close_array(&json);
    }
    if (change->source[0] != '\0')
        ms_json_string(&json, "source", change->source);
    ms_json_close_object(&json);
}

/* The key of a `row` entry: the file, and whose word it is. */
static ms_status put_key(ms_buf *out, const ms_row_change *change, ms_error *err)
{
    ms_buf_text(out, change->file);
    if (change->source[0] != '\0')
        ms_buf_printf(out, "/%s", change->source);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_book_change_rows(ms_book *book, const ms_row_change *change, ms_error *err)
{
    ms_buf body = {0}, key = {0};
    progress at = {0};
    ms_status status = put_key(&key, change, err);
    bool own = !book->in_write;
    if (status == MS_OK && own)
        status = ms_book_begin(book, err);
    while (status == MS_OK && (at.removed < change->removed_count || at.set < change->set_count)) {
        ms_buf_reset(&body);
        put_chunk(&body, change, &at);
        ms_draft draft = {MS_KIND_ROW, key.text, body.text, body.length};
        status = body.failed ? ms_error_memory(err) : ms_book_append(NULL, book, &draft, 1, err);
    }
    if (own && status == MS_OK)
        status = ms_book_commit(book, err);
    else if (own)
        ms_book_rollback(book);
    ms_buf_free(&body);
    ms_buf_free(&key);
    return status;
}
