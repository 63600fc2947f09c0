/* tables.c: what is rebuilt from the log. See tables.h; docs/book.md has the bodies that are read here.
 *
 * Places order the rows of a file and source: a new row goes behind the last, and a `form` entry may reorder them.
 * Cost: a row is one look-up in a B-tree; a reordering reads the places of the file and writes those that change.
 */
#include "book/tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "book/texts.h"
#include "case/format.h"

ms_status ms_tables_create(ms_store *store, ms_error *err)
{
    return ms_store_run(store,
                        "CREATE TABLE fact(kind TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL,"
                        " PRIMARY KEY(kind, key)) WITHOUT ROWID;"
                        "CREATE TABLE columns(id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);"
                        "CREATE TABLE row(file TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL,"
                        " place INTEGER NOT NULL, columns INTEGER NOT NULL, cells TEXT NOT NULL, raw TEXT,"
                        " number INTEGER NOT NULL, PRIMARY KEY(file, source, key)) WITHOUT ROWID;"
                        "CREATE INDEX row_place ON row(file, source, place);"
                        "CREATE TABLE form(file TEXT PRIMARY KEY, head TEXT NOT NULL, separator TEXT NOT NULL,"
                        " line_end TEXT NOT NULL, tail TEXT NOT NULL) WITHOUT ROWID",
                        err);
}

ms_status ms_tables_drop(ms_store *store, ms_error *err)
{
    return ms_store_run(store,
                        "DROP TABLE IF EXISTS fact; DROP TABLE IF EXISTS columns; DROP TABLE IF EXISTS row;"
                        "DROP TABLE IF EXISTS form",
                        err);
}

static ms_status wrong(const ms_entry *entry, const char *what, ms_error *err)
{
    return ms_error_set(err, MS_BAD_INPUT, "entry %lld (%s) is out of shape: %s", (long long)entry->number, entry->kind,
                        what);
}

/* ---- facts ---- */

static ms_status apply_fact(ms_store *store, const ms_entry *entry, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_FACT,
                              "INSERT INTO fact(kind, key, number) VALUES(?, ?, ?)"
                              " ON CONFLICT(kind, key) DO UPDATE SET number = excluded.number",
                              err));
    ms_bind_text(sql, 1, entry->kind);
    ms_bind_text(sql, 2, entry->key);
    sqlite3_bind_int64(sql, 3, entry->number);
    return ms_store_do(store, sql, err);
}

/* ---- rows ---- */

/* A `row` entry that is being applied. */
typedef struct {
    const ms_entry *entry;
    const char *file, *source;
    const json_t *columns, *set, *keys; /* keys NULL: by the file's key columns */
    int64_t columns_id, place;
    const char *names[MS_COLUMNS_CAP], *cells[MS_COLUMNS_CAP];
    ms_buf cell_text, key_text;
} row_work;

/* The texts of a JSON array; false when it is none, or has not count of them (-1: up to the cap). */
static bool texts_of(const char **out, int *count, const json_t *array)
{
    size_t size = json_array_size(array);
    if (!json_is_array(array) || size == 0 || size > MS_COLUMNS_CAP || (*count >= 0 && size != (size_t)*count))
        return false;
    for (size_t ix = 0; ix < size; ix++) {
        out[ix] = json_string_value(json_array_get(array, ix));
        if (out[ix] == NULL)
            return false;
    }
    *count = (int)size;
    return true;
}

/* The id of the list of columns, which is added where it is new. */
static ms_status find_columns(int64_t *id, ms_store *store, const char *names, ms_error *err)
{
    sqlite3_stmt *sql;
    bool row;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_COLUMNS_ADD, "INSERT OR IGNORE INTO columns(names) VALUES(?)", err));
    ms_bind_text(sql, 1, names);
    MS_TRY(ms_store_do(store, sql, err));
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_COLUMNS_FIND, "SELECT id FROM columns WHERE names = ?", err));
    ms_bind_text(sql, 1, names);
    MS_TRY(ms_store_step(&row, store, sql, err));
    *id = row ? sqlite3_column_int64(sql, 0) : 0;
    sqlite3_reset(sql);
    return MS_OK;
}

static ms_status last_place(int64_t *place, ms_store *store, const row_work *work, ms_error *err)
{
    sqlite3_stmt *sql;
    bool row;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_ROW_LAST,
                              "SELECT coalesce(max(place), 0) FROM row WHERE file = ? AND source = ?", err));
    ms_bind_text(sql, 1, work->file);
    ms_bind_text(sql, 2, work->source);
    MS_TRY(ms_store_step(&row, store, sql, err));
    *place = row ? sqlite3_column_int64(sql, 0) : 0;
    sqlite3_reset(sql);
    return MS_OK;
}

static ms_status set_row(ms_store *store, row_work *work, int count, const char *key, ms_error *err)
{
    sqlite3_stmt *sql;
    ms_buf_reset(&work->cell_text);
    ms_texts_put(&work->cell_text, work->cells, count);
    if (work->cell_text.failed)
        return ms_error_memory(err);
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_ROW_SET,
                              "INSERT INTO row(file, source, key, place, columns, cells, number)"
                              " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(file, source, key) DO UPDATE SET"
                              " columns = excluded.columns, cells = excluded.cells, raw = NULL,"
                              " number = excluded.number",
                              err));
    ms_bind_text(sql, 1, work->file);
    ms_bind_text(sql, 2, work->source);
    ms_bind_text(sql, 3, key);
    sqlite3_bind_int64(sql, 4, ++work->place);
    sqlite3_bind_int64(sql, 5, work->columns_id);
    ms_bind_text(sql, 6, work->cell_text.text);
    sqlite3_bind_int64(sql, 7, work->entry->number);
    return ms_store_do(store, sql, err);
}

static ms_status set_rows(ms_store *store, row_work *work, ms_error *err)
{
    int count = -1;
    if (!texts_of(work->names, &count, work->columns))
        return wrong(work->entry, "no list of columns", err);
    ms_buf_reset(&work->cell_text);
    ms_texts_put(&work->cell_text, work->names, count);
    if (work->cell_text.failed)
        return ms_error_memory(err);
    MS_TRY(find_columns(&work->columns_id, store, work->cell_text.text, err));
    MS_TRY(last_place(&work->place, store, work, err));
    if (work->keys != NULL && json_array_size(work->keys) != json_array_size(work->set))
        return wrong(work->entry, "not as many keys as rows", err);
    for (size_t ix = 0; ix < json_array_size(work->set); ix++) {
        if (!texts_of(work->cells, &count, json_array_get(work->set, ix)))
            return wrong(work->entry, "a row that has not one text for each column", err);
        const char *key = json_string_value(json_array_get(work->keys, ix));
        if (work->keys == NULL) {
            ms_buf_reset(&work->key_text);
            if (!ms_book_row_key(&work->key_text, work->file, work->names, work->cells, count))
                return work->key_text.failed ? ms_error_memory(err)
                                             : wrong(work->entry, "a row without its key columns", err);
            key = work->key_text.text;
        }
        if (key == NULL)
            return wrong(work->entry, "a key that is no text", err);
        MS_TRY(set_row(store, work, count, key, err));
    }
    return MS_OK;
}

static ms_status remove_rows(ms_store *store, const row_work *work, const json_t *removed, ms_error *err)
{
    sqlite3_stmt *sql;
    for (size_t ix = 0; ix < json_array_size(removed); ix++) {
        const char *key = json_string_value(json_array_get(removed, ix));
        if (key == NULL)
            return wrong(work->entry, "a key that is no text", err);
        MS_TRY(ms_store_statement(&sql, store, MS_SQL_ROW_REMOVE,
                                  "DELETE FROM row WHERE file = ? AND source = ? AND key = ?", err));
        ms_bind_text(sql, 1, work->file);
        ms_bind_text(sql, 2, work->source);
        ms_bind_text(sql, 3, key);
        MS_TRY(ms_store_do(store, sql, err));
    }
    return MS_OK;
}

/* The file and source that body names. An unknown file is from a newer version: better refused than lost. */
static ms_status read_place(row_work *work, const json_t *body, ms_error *err)
{
    const json_t *source = json_object_get(body, "source");
    work->file = json_string_value(json_object_get(body, "file"));
    work->source = source == NULL ? "" : json_string_value(source);
    if (work->file == NULL || work->source == NULL)
        return wrong(work->entry, "no file or source", err);
    if (!ms_book_knows_file(work->file))
        return wrong(work->entry, "a file that this version does not know", err);
    return MS_OK;
}

static ms_status apply_rows(ms_store *store, const ms_entry *entry, const json_t *body, ms_error *err)
{
    row_work *work = ms_alloc(1, sizeof *work);
    if (work == NULL)
        return ms_error_memory(err);
    work->entry = entry;
    work->columns = json_object_get(body, "columns");
    work->set = json_object_get(body, "set");
    work->keys = json_object_get(body, "keys");
    const json_t *removed = json_object_get(body, "remove");
    ms_status status = read_place(work, body, err);
    if (status == MS_OK && removed != NULL)
        status = remove_rows(store, work, removed, err);
    if (status == MS_OK && work->set != NULL)
        status = set_rows(store, work, err);
    ms_buf_free(&work->cell_text);
    ms_buf_free(&work->key_text);
    ms_free(work);
    return status;
}

/* ---- how a file is written ---- */

typedef struct {
    ms_arena *arena;
    const char **keys; /* of the own rows, in order */
    int64_t *places;
    size_t count, capacity, place_capacity;
} order_work;

static ms_status read_order(order_work *work, ms_store *store, const char *file, ms_error *err)
{
    sqlite3_stmt *sql;
    bool row = true;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_ORDER,
                              "SELECT key, place FROM row WHERE file = ? AND source = '' ORDER BY place", err));
    ms_bind_text(sql, 1, file);
    ms_status status = MS_OK;
    while ((status = ms_store_step(&row, store, sql, err)) == MS_OK && row) {
        void *keys = work->keys, *places = work->places;
        const char *key = ms_column_text(sql, 0);
        bool room = ms_grow(&keys, &work->capacity, work->count + 1, sizeof *work->keys);
        work->keys = keys;
        room = room && ms_grow(&places, &work->place_capacity, work->count + 1, sizeof *work->places);
        work->places = places;
        char *copy = room ? ms_arena_strndup(work->arena, key, strlen(key)) : NULL;
        if (copy == NULL) {
            status = ms_error_memory(err);
            break;
        }
        work->keys[work->count] = copy;
        work->places[work->count++] = sqlite3_column_int64(sql, 1);
    }
    sqlite3_reset(sql);
    return status;
}

static ms_status move_row(ms_store *store, const char *file, const char *key, int64_t place, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_PLACE,
                              "UPDATE row SET place = ? WHERE file = ? AND source = '' AND key = ?", err));
    sqlite3_bind_int64(sql, 1, place);
    ms_bind_text(sql, 2, file);
    ms_bind_text(sql, 3, key);
    return ms_store_do(store, sql, err);
}

/* The next of "0-49,99,50-98": false at the end, or where it is no such list. */
static bool next_range(const char **at, size_t *first, size_t *last)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *first = *last = (size_t)strtoull(*at, &end, 10);
    if (*end == '-' && end[1] >= '0' && end[1] <= '9')
        *last = (size_t)strtoull(end + 1, &end, 10);
    *at = *end == ',' ? end + 1 : end;
    return *last >= *first;
}

/* ranges of positions in the present order, which together name every row once. Leaves the new order in work->keys. */
static ms_status reorder(order_work *work, ms_store *store, const ms_entry *entry, const char *file, const char *ranges,
                         ms_error *err)
{
    size_t done = 0, first, last;
    const char **keys = ms_alloc(work->count, sizeof *keys);
    bool *taken = ms_alloc(work->count, sizeof *taken), fits = true;
    ms_status status = keys == NULL || taken == NULL ? ms_error_memory(err) : MS_OK;
    while (status == MS_OK && fits && next_range(&ranges, &first, &last)) {
        fits = last < work->count;
        for (size_t at = first; fits && at <= last; at++) {
            fits = !taken[at];
            taken[at] = true;
            if (fits)
                keys[done++] = work->keys[at];
        }
    }
    if (status == MS_OK && (!fits || *ranges != '\0' || done != work->count))
        status = wrong(entry, "an order that does not name every row once", err);
    for (size_t ix = 0; status == MS_OK && ix < work->count; ix++) {
        if (strcmp(keys[ix], work->keys[ix]) != 0)
            status = move_row(store, file, keys[ix], work->places[ix], err);
    }
    ms_free(taken);
    if (status == MS_OK) {
        ms_free(work->keys);
        work->keys = keys;
    } else {
        ms_free(keys);
    }
    return status;
}

/* raw: [[position, text or null], ...]: rows that are written in another way than the usual one. */
static ms_status set_raw(const order_work *work, ms_store *store, const ms_entry *entry, const char *file,
                         const json_t *raw, ms_error *err)
{
    for (size_t ix = 0; ix < json_array_size(raw); ix++) {
        const json_t *pair = json_array_get(raw, ix), *text = json_array_get(pair, 1);
        json_int_t at = json_integer_value(json_array_get(pair, 0));
        sqlite3_stmt *sql;
        if (!json_is_integer(json_array_get(pair, 0)) || at < 0 || (size_t)at >= work->count ||
            !(json_is_string(text) || json_is_null(text)))
            return wrong(entry, "a spelling of no row", err);
        MS_TRY(ms_store_statement(&sql, store, MS_SQL_RAW,
                                  "UPDATE row SET raw = ? WHERE file = ? AND source = '' AND key = ?", err));
        if (json_is_string(text))
            ms_bind_text(sql, 1, json_string_value(text));
        ms_bind_text(sql, 2, file);
        ms_bind_text(sql, 3, work->keys[at]);
        MS_TRY(ms_store_do(store, sql, err));
    }
    return MS_OK;
}

static ms_status set_form(ms_store *store, const ms_entry *entry, const char *file, const json_t *body, ms_error *err)
{
    sqlite3_stmt *sql;
    const char *names[] = {"head", "separator", "line_end", "tail"};
    MS_TRY(ms_store_statement(
        &sql, store, MS_SQL_FORM_SET,
        "INSERT OR REPLACE INTO form(file, head, separator, line_end, tail) VALUES(?, ?, ?, ?, ?)", err));
    ms_bind_text(sql, 1, file);
    for (int ix = 0; ix < 4; ix++) {
        const char *text = json_string_value(json_object_get(body, names[ix]));
        if (text == NULL)
            return wrong(entry, "no head, separator, line_end or tail", err);
        ms_bind_text(sql, 2 + ix, text);
    }
    return ms_store_do(store, sql, err);
}

static ms_status remove_form(ms_store *store, const char *file, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, store, MS_SQL_FORM_REMOVE, "DELETE FROM form WHERE file = ?", err));
    ms_bind_text(sql, 1, file);
    return ms_store_do(store, sql, err);
}

static ms_status apply_form(ms_store *store, const ms_entry *entry, const json_t *body, ms_error *err)
{
    const char *file = json_string_value(json_object_get(body, "file"));
    const json_t *order = json_object_get(body, "order"), *raw = json_object_get(body, "raw");
    if (file == NULL || !ms_book_knows_file(file))
        return wrong(entry, "a file that this version does not know", err);
    if (json_is_true(json_object_get(body, "gone")))
        return remove_form(store, file, err);
    MS_TRY(set_form(store, entry, file, body, err));
    if (order == NULL && raw == NULL)
        return MS_OK;
    if (order != NULL && !json_is_string(order))
        return wrong(entry, "an order that is no text", err);
    order_work work = {.arena = ms_arena_new()};
    ms_status status = work.arena == NULL ? ms_error_memory(err) : read_order(&work, store, file, err);
    if (status == MS_OK && order != NULL)
        status = reorder(&work, store, entry, file, json_string_value(order), err);
    if (status == MS_OK && raw != NULL)
        status = set_raw(&work, store, entry, file, raw, err);
    ms_free(work.keys);
    ms_free(work.places);
    ms_arena_free(work.arena);
    return status;
}

/* ---- entries ---- */

ms_status ms_tables_apply(ms_store *store, const ms_entry *entry, ms_error *err)
{
    bool rows = strcmp(entry->kind, MS_KIND_ROW) == 0, form = strcmp(entry->kind, MS_KIND_FORM) == 0;
    MS_TRY(apply_fact(store, entry, err));
    if (!rows && !form)
        return MS_OK;
    json_t *body = NULL;
    ms_error inner = {0};
    ms_status status = ms_json_parse(&body, entry->body, entry->length, "", &inner);
    if (status == MS_BAD_INPUT)
        return wrong(entry, inner.message, err);
    if (status != MS_OK)
        return ms_error_memory(err);
    status = rows ? apply_rows(store, entry, body, err) : apply_form(store, entry, body, err);
    json_decref(body);
    return status;
}
