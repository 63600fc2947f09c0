/* query.c: one SELECT over a book, by anybody, of anything in it, and of nothing else. See book.h.
 *
 * The views live for the connection alone. After they are made, SQLite's authorizer lets nothing through but reading
 * these tables and calling functions: no ATTACH, no PRAGMA, no writing. docs/book.md describes the views.
 */
#include <string.h>

#include "book/book_private.h"
#include "book/texts.h"
#include "case/format.h"

enum { QUERY_BYTES = 1 << 20 };

/* ---- views ---- */

static const char fixed_views[] =
    "CREATE TEMP VIEW entries AS SELECT number, strftime('%Y-%m-%dT%H:%M:%SZ', time_ms / 1000, 'unixepoch') AS time,"
    " time_ms, kind, key, CAST(body AS TEXT) AS body, lower(hex(previous)) AS previous, lower(hex(hash)) AS hash,"
    " lower(hex(signature)) AS signature FROM main.log;"
    "CREATE TEMP VIEW facts AS SELECT f.kind, f.key, f.number, CAST(l.body AS TEXT) AS body"
    " FROM main.fact f JOIN main.log l ON l.number = f.number;"
    "CREATE TEMP VIEW rows AS SELECT r.file, r.source AS given_by, r.key, r.place, r.number, c.names AS columns,"
    " r.cells FROM main.row r JOIN main.columns c ON c.id = r.columns";

static bool is_number(const ms_column *column)
{
    return column->type == MS_COLUMN_NUMBER || column->type == MS_COLUMN_WHOLE || column->type == MS_COLUMN_DAY;
}

/* A list of columns of the book, and where in it the columns of a file's format are. */
typedef struct {
    int64_t id;
    int at[64];
} layout;

static ms_status read_layouts(layout **out, int *count, ms_book *book, const ms_format_file *format, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    const char *names[MS_COLUMNS_CAP];
    layout *layouts = NULL;
    size_t capacity = 0;
    ms_buf copy = {0};
    *count = 0;
    MS_TRY(ms_store_prepare(
        &sql, &book->store,
        "SELECT id, names FROM main.columns WHERE id IN (SELECT columns FROM main.row WHERE file = ?)", err));
    ms_bind_text(sql, 1, format->name);
    ms_status status;
    while ((status = ms_store_step(&row, &book->store, sql, err)) == MS_OK && row) {
        void *block = layouts;
        ms_buf_reset(&copy);
        ms_buf_text(&copy, ms_column_text(sql, 1));
        if (copy.failed || !ms_grow(&block, &capacity, (size_t)*count + 1, sizeof *layouts)) {
            status = ms_error_memory(err);
            break;
        }
        layouts = block;
        int name_count = ms_texts_parse(names, copy.text);
        layout *one = &layouts[(*count)++];
        one->id = sqlite3_column_int64(sql, 0);
        for (int column = 0; column < format->column_count && column < 64; column++) {
            one->at[column] = -1;
            for (int ix = 0; ix < name_count; ix++)
                if (strcmp(names[ix], format->columns[column].name) == 0)
                    one->at[column] = ix;
        }
    }
    ms_buf_free(&copy);
    sqlite3_finalize(sql);
    if (status != MS_OK)
        ms_free(layouts);
    else
        *out = layouts;
    return status;
}

/* CASE r.columns WHEN id THEN its cell ... END AS "name"; NULL where it is empty. */
static void put_column(ms_buf *sql, const ms_column *column, int ix, const layout *layouts, int count)
{
    bool any = false;
    ms_buf_text(sql, ", ");
    ms_buf_text(sql, is_number(column) ? "CAST(nullif(" : "nullif(");
    for (int at = 0; at < count; at++) {
        if (layouts[at].at[ix] < 0)
            continue;
        ms_buf_printf(sql, "%s WHEN %lld THEN json_extract(r.cells, '$[%d]')", any ? "" : "CASE r.columns",
                      (long long)layouts[at].id, layouts[at].at[ix]);
        any = true;
    }
    ms_buf_text(sql, any ? " END" : "NULL");
    ms_buf_printf(sql, is_number(column) ? ", '') AS NUMERIC) AS \"%s\"" : ", '') AS \"%s\"", column->name);
}

/* The view of a file: its rows as plans see them. A given row hides the own one of the same key, and of two givers the
 * first counts. */
static ms_status make_view(ms_book *book, const ms_format_file *format, ms_error *err)
{
    layout *layouts = NULL;
    int count = 0;
    ms_buf sql = {0};
    MS_TRY(read_layouts(&layouts, &count, book, format, err));
    ms_buf_printf(&sql, "CREATE TEMP VIEW %.*s AS SELECT r.source AS given_by, r.number AS entry",
                  (int)strcspn(format->name, "."), format->name);
    for (int ix = 0; ix < format->column_count && ix < 64; ix++)
        put_column(&sql, &format->columns[ix], ix, layouts, count);
    ms_buf_printf(&sql,
                  " FROM main.row r WHERE r.file = '%s' AND NOT EXISTS (SELECT 1 FROM main.row o WHERE o.file = r.file"
                  " AND o.key = r.key AND o.source <> '' AND (r.source = '' OR o.source < r.source))"
                  " ORDER BY r.source, r.place",
                  format->name);
    ms_status status = sql.failed ? ms_error_memory(err) : ms_store_run(&book->store, sql.text, err);
    ms_buf_free(&sql);
    ms_free(layouts);
    return status;
}

static ms_status make_views(ms_book *book, ms_error *err)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    MS_TRY(ms_store_run(&book->store, fixed_views, err));
    for (int ix = 0; ix < count; ix++)
        if (files[ix].kind != MS_FILE_CASE)
            MS_TRY(make_view(book, &files[ix], err));
    return MS_OK;
}

/* ---- asking ---- */

static int allow_reading(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE
               ? SQLITE_OK
               : SQLITE_DENY;
}

static ms_status wrong_query(const ms_book *book, ms_error *err)
{
    const char *said = sqlite3_errmsg(book->store.db);
    if ((sqlite3_errcode(book->store.db) & 0xFF) == SQLITE_AUTH)
        said = "only reading is allowed here, by one SELECT";
    return ms_error_set(err, MS_BAD_INPUT, "the query is wrong: %s", said);
}

static ms_status visit_rows(ms_book *book, sqlite3_stmt *sql, ms_book_cells_visit visit, void *context, ms_error *err)
{
    int count = sqlite3_column_count(sql), code;
    const char **names = ms_alloc((size_t)count, sizeof *names), **texts = ms_alloc((size_t)count, sizeof *texts);
    bool *numbers = ms_alloc((size_t)count, sizeof *numbers);
    ms_status status = names == NULL || texts == NULL || numbers == NULL ? ms_error_memory(err) : MS_OK;
    ms_book_cells row = {.count = count, .names = names, .texts = NULL, .numbers = numbers};
    for (int ix = 0; status == MS_OK && ix < count; ix++)
        if ((names[ix] = sqlite3_column_name(sql, ix)) == NULL)
            status = ms_error_memory(err);
    if (status == MS_OK)
        status = visit(context, &row, err);
    row.texts = texts;
    while (status == MS_OK && (code = sqlite3_step(sql)) != SQLITE_DONE) {
        if (code != SQLITE_ROW) {
            status = (code & 0xFF) == SQLITE_ERROR ? wrong_query(book, err) : ms_store_failed(&book->store, err);
            break;
        }
        for (int ix = 0; ix < count; ix++) {
            int type = sqlite3_column_type(sql, ix);
            numbers[ix] = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
            texts[ix] = type == SQLITE_NULL ? NULL : ms_column_text(sql, ix);
        }
        status = visit(context, &row, err);
    }
    ms_free(names);
    ms_free(texts);
    ms_free(numbers);
    return status;
}

ms_status ms_book_query(ms_book *book, const char *query, ms_book_cells_visit visit, void *context, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    const char *rest = "";
    if (strlen(query) > QUERY_BYTES)
        return ms_error_set(err, MS_LIMIT, "a query of more than %d bytes", QUERY_BYTES);
    if (book->key != NULL)
        return ms_error_set(err, MS_INTERNAL, "a query on a book that was opened to write");
    MS_TRY(ms_store_run(&book->store, "PRAGMA query_only=OFF", err));
    ms_status status = make_views(book, err);
    if (status == MS_OK)
        status = ms_store_run(&book->store, "PRAGMA query_only=ON", err);
    MS_TRY(status);
    sqlite3_set_authorizer(book->store.db, allow_reading, NULL);
    if (sqlite3_prepare_v2(book->store.db, query, -1, &sql, &rest) != SQLITE_OK)
        return wrong_query(book, err);
    if (sql == NULL || rest[strspn(rest, " \t\r\n;")] != '\0')
        status = ms_error_set(err, MS_BAD_INPUT, "the query is wrong: %s",
                              sql == NULL ? "nothing is asked" : "one SELECT at a time");
    if (status == MS_OK)
        status = visit_rows(book, sql, visit, context, err);
    sqlite3_finalize(sql);
    return status;
}
