/* log.c: the log: transactions, appending, reading. See book.h.
 *
 * The tables follow the log within the same transaction. Cost of an entry: a signature (about 30 us), three B-tree
 * insertions, and what its kind does to the tables.
 */
#include <string.h>

#include "base/json.h"
#include "book/book_private.h"

ms_status ms_log_create(ms_store *store, ms_error *err)
{
    return ms_store_run(store,
                        "CREATE TABLE log(number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, kind TEXT NOT NULL,"
                        " key TEXT NOT NULL, body BLOB NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL,"
                        " signature BLOB NOT NULL);"
                        "CREATE INDEX log_kind ON log(kind, number)",
                        err);
}

/* ---- transactions ---- */

ms_status ms_book_begin(ms_book *book, ms_error *err)
{
    if (book->key == NULL)
        return ms_error_set(err, MS_USAGE, "%s was opened to read", book->store.path);
    if (book->in_write || book->in_read)
        return ms_error_set(err, MS_INTERNAL, "a transaction within another");
    MS_TRY(ms_store_run(&book->store, "BEGIN IMMEDIATE", err));
    book->in_write = true;
    book->broken = false;
    if (book->unmade)
        return MS_OK;
    ms_status status = ms_book_check_key(book, err);
    if (status == MS_OK)
        status = ms_book_position(&book->begun, book, err);
    if (status != MS_OK)
        ms_book_rollback(book);
    return status;
}

void ms_book_rollback(ms_book *book)
{
    if (!book->in_write)
        return;
    book->in_write = false;
    if (!sqlite3_get_autocommit(book->store.db)) /* some failures have rolled back already */
        sqlite3_exec(book->store.db, "ROLLBACK", NULL, NULL, NULL);
}

ms_status ms_book_set_author(ms_book *book, const char *who, ms_error *err)
{
    char *copy = who != NULL ? ms_strdup(who) : NULL;
    if (who != NULL && copy == NULL)
        return ms_error_memory(err);
    ms_free(book->author);
    book->author = copy;
    return MS_OK;
}

/* Names the author of what the transaction has appended. */
static ms_status append_author(ms_book *book, ms_error *err)
{
    int64_t last = 0;
    ms_buf body = {0};
    ms_json json;
    MS_TRY(ms_book_position(&last, book, err));
    if (book->author == NULL || last == book->begun)
        return MS_OK;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "first", (long long)book->begun + 1);
    ms_json_integer(&json, "last", (long long)last);
    ms_json_close_object(&json);
    ms_draft draft = {MS_KIND_BY, book->author, body.text, body.length};
    ms_status status = body.failed ? ms_error_memory(err) : ms_book_append(NULL, book, &draft, 1, err);
    ms_buf_free(&body);
    return status;
}

ms_status ms_book_commit(ms_book *book, ms_error *err)
{
    if (!book->in_write)
        return ms_error_set(err, MS_INTERNAL, "a commit without a transaction");
    ms_status status = MS_OK;
    if (book->broken)
        status = ms_error_set(err, MS_INTERNAL, "a commit after a failure");
    else if (book->author != NULL)
        status = append_author(book, err);
    if (status == MS_OK)
        status = ms_store_run(&book->store, "COMMIT", err);
    if (status != MS_OK)
        ms_book_rollback(book);
    book->in_write = false;
    return status;
}

ms_status ms_book_begin_read(ms_book *book, ms_error *err)
{
    if (book->in_write || book->in_read)
        return MS_OK;
    MS_TRY(ms_store_run(&book->store, "BEGIN", err));
    book->in_read = true;
    return MS_OK;
}

void ms_book_end_read(ms_book *book)
{
    if (book->in_read)
        sqlite3_exec(book->store.db, "COMMIT", NULL, NULL, NULL);
    book->in_read = false;
}

/* ---- appending ---- */

ms_status ms_book_head(int64_t *number, unsigned char hash[MS_HASH_BYTES], ms_book *book, ms_error *err)
{
    sqlite3_stmt *sql;
    bool row;
    MS_TRY(ms_store_statement(&sql, &book->store, MS_SQL_HEAD,
                              "SELECT number, hash FROM log ORDER BY number DESC LIMIT 1", err));
    ms_status status = ms_store_step(&row, &book->store, sql, err);
    if (status == MS_OK && row && sqlite3_column_bytes(sql, 1) != MS_HASH_BYTES)
        status = ms_error_at(err, MS_BAD_INPUT, book->store.path, 0, 0, "entry %lld has no whole hash",
                             (long long)sqlite3_column_int64(sql, 0));
    if (status == MS_OK) {
        *number = row ? sqlite3_column_int64(sql, 0) : 0;
        memset(hash, 0, MS_HASH_BYTES);
        if (row)
            memcpy(hash, sqlite3_column_blob(sql, 1), MS_HASH_BYTES);
    }
    sqlite3_reset(sql);
    return status;
}

ms_status ms_book_position(int64_t *out, ms_book *book, ms_error *err)
{
    unsigned char hash[MS_HASH_BYTES];
    return ms_book_head(out, hash, book, err);
}

ms_status ms_log_insert(ms_book *book, const ms_entry *entry, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, &book->store, MS_SQL_INSERT,
                              "INSERT INTO log(" MS_ENTRY_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?)", err));
    sqlite3_bind_int64(sql, 1, entry->number);
    sqlite3_bind_int64(sql, 2, entry->time_ms);
    ms_bind_text(sql, 3, entry->kind);
    ms_bind_text(sql, 4, entry->key);
    sqlite3_bind_blob64(sql, 5, entry->body, entry->length, SQLITE_STATIC);
    sqlite3_bind_blob(sql, 6, entry->previous, MS_HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(sql, 7, entry->hash, MS_HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(sql, 8, entry->signature, MS_SIGNATURE_BYTES, SQLITE_STATIC);
    return ms_store_do(&book->store, sql, err);
}

static ms_status append(ms_book *book, const ms_draft *drafts, size_t count, int64_t *first, ms_error *err)
{
    int64_t number, now = ms_book_now(book);
    unsigned char previous[MS_HASH_BYTES];
    MS_TRY(ms_book_head(&number, previous, book, err));
    *first = number + 1;
    for (size_t ix = 0; ix < count; ix++) {
        MS_TRY(ms_draft_check(&drafts[ix], err));
        number++;
        ms_entry entry = {.number = number,
                          .time_ms = now,
                          .kind = drafts[ix].kind,
                          .key = drafts[ix].key,
                          .body = drafts[ix].body,
                          .length = drafts[ix].length};
        memcpy(entry.previous, previous, MS_HASH_BYTES);
        ms_entry_sign(&entry, book->key);
        MS_TRY(ms_log_insert(book, &entry, err));
        MS_TRY(ms_tables_apply(&book->store, &entry, err));
        memcpy(previous, entry.hash, MS_HASH_BYTES);
    }
    return MS_OK;
}

ms_status ms_book_append(int64_t *first, ms_book *book, const ms_draft *drafts, size_t count, ms_error *err)
{
    bool own = !book->in_write;
    int64_t number = 0;
    if (own)
        MS_TRY(ms_book_begin(book, err));
    ms_status status = append(book, drafts, count, &number, err);
    if (status != MS_OK)
        book->broken = true;
    if (own && status == MS_OK)
        status = ms_book_commit(book, err);
    else if (own)
        ms_book_rollback(book);
    if (status == MS_OK && first != NULL)
        *first = number;
    return status;
}

/* ---- reading ---- */

ms_status ms_entry_of_row(ms_entry *out, const ms_book *book, sqlite3_stmt *sql, ms_error *err)
{
    ms_entry entry = {.number = sqlite3_column_int64(sql, 0),
                      .time_ms = sqlite3_column_int64(sql, 1),
                      .kind = ms_column_text(sql, 2),
                      .key = ms_column_text(sql, 3)};
    /* As text, SQLite adds a zero byte; asking for the length afterwards does not convert again. */
    entry.body = ms_column_text(sql, 4);
    entry.length = (size_t)sqlite3_column_bytes(sql, 4);
    if (sqlite3_column_bytes(sql, 5) != MS_HASH_BYTES || sqlite3_column_bytes(sql, 6) != MS_HASH_BYTES ||
        sqlite3_column_bytes(sql, 7) != MS_SIGNATURE_BYTES)
        return ms_error_at(err, MS_BAD_INPUT, book->store.path, 0, 0,
                           "entry %lld has no whole hash or signature; `mainstay book verify` says more",
                           (long long)entry.number);
    memcpy(entry.previous, sqlite3_column_blob(sql, 5), MS_HASH_BYTES);
    memcpy(entry.hash, sqlite3_column_blob(sql, 6), MS_HASH_BYTES);
    memcpy(entry.signature, sqlite3_column_blob(sql, 7), MS_SIGNATURE_BYTES);
    *out = entry;
    return MS_OK;
}

/* Visits each row of sql, and gives it back. */
static ms_status visit_all(ms_book *book, sqlite3_stmt *sql, ms_book_visit visit, void *context, ms_error *err)
{
    ms_status status;
    ms_entry entry;
    bool row;
    while ((status = ms_store_step(&row, &book->store, sql, err)) == MS_OK && row) {
        status = ms_entry_of_row(&entry, book, sql, err);
        if (status == MS_OK)
            status = visit(context, &entry, err);
        if (status != MS_OK)
            break;
    }
    ms_store_release(&book->store, sql);
    return status;
}

ms_status ms_book_scan(ms_book *book, int64_t from, const char *kind, ms_book_visit visit, void *context, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    MS_TRY(ms_store_prepare(&sql, &book->store,
                            kind == NULL ? "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number >= ? ORDER BY number"
                                         : "SELECT " MS_ENTRY_COLUMNS
                                           " FROM log WHERE kind = ?2 AND number >= ?1 ORDER BY number",
                            err));
    sqlite3_bind_int64(sql, 1, from);
    if (kind != NULL)
        ms_bind_text(sql, 2, kind);
    return visit_all(book, sql, visit, context, err);
}

ms_status ms_book_tail(int64_t *from, ms_book *book, const char *kind, int64_t most, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    MS_TRY(ms_store_prepare(&sql, &book->store,
                            kind == NULL
                                ? "SELECT min(number) FROM (SELECT number FROM log ORDER BY number DESC LIMIT ?1)"
                                : "SELECT min(number) FROM (SELECT number FROM log WHERE kind = ?2"
                                  " ORDER BY number DESC LIMIT ?1)",
                            err));
    sqlite3_bind_int64(sql, 1, most);
    if (kind != NULL)
        ms_bind_text(sql, 2, kind);
    ms_status status = ms_store_step(&row, &book->store, sql, err);
    if (status == MS_OK)
        *from = row ? sqlite3_column_int64(sql, 0) : 0;
    ms_store_release(&book->store, sql);
    return status;
}

ms_status ms_book_rows_since(bool *any, ms_book *book, int64_t number, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    MS_TRY(ms_store_prepare(&sql, &book->store,
                            "SELECT 1 FROM log WHERE kind = '" MS_KIND_ROW "' AND number > ?1 UNION ALL"
                            " SELECT 1 FROM log WHERE kind = '" MS_KIND_FORM "' AND number > ?1 LIMIT 1",
                            err));
    sqlite3_bind_int64(sql, 1, number);
    ms_status status = ms_store_step(any, &book->store, sql, err);
    ms_store_release(&book->store, sql);
    return status;
}

ms_status ms_book_scan_rows(ms_book *book, int64_t last, ms_book_visit visit, void *context, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    MS_TRY(ms_store_prepare(&sql, &book->store,
                            "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number IN (SELECT number FROM log WHERE kind IN"
                            " ('" MS_KIND_ROW "', '" MS_KIND_FORM "') AND number <= ?) ORDER BY number",
                            err));
    sqlite3_bind_int64(sql, 1, last);
    return visit_all(book, sql, visit, context, err);
}

/* The least text that is greater than every text with this prefix; empty when there is none. */
static void after_prefix(char out[MS_KEY_BYTES], const char *prefix)
{
    size_t length = strlen(prefix);
    memcpy(out, prefix, length + 1);
    while (length > 0 && (unsigned char)out[length - 1] == 0xFF)
        length--;
    if (length > 0)
        out[length - 1]++;
    out[length] = '\0';
}

ms_status ms_book_each(ms_book *book, const char *kind, const char *prefix, ms_book_visit visit, void *context,
                       ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    char end[MS_KEY_BYTES];
    if (strlen(prefix) >= MS_KEY_BYTES)
        return MS_OK; /* no key is that long */
    after_prefix(end, prefix);
    MS_TRY(ms_store_prepare(&sql, &book->store,
                            end[0] == '\0' ? "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number IN (SELECT number FROM"
                                             " fact WHERE kind = ?1) ORDER BY key"
                                           : "SELECT l.number, time_ms, l.kind, l.key, body, previous, hash, signature"
                                             " FROM fact f CROSS JOIN log l ON l.number = f.number"
                                             " WHERE f.kind = ?1 AND f.key >= ?2 AND f.key < CAST(?3 AS TEXT)"
                                             " ORDER BY f.key",
                            err));
    ms_bind_text(sql, 1, kind);
    if (end[0] != '\0') {
        ms_bind_text(sql, 2, prefix);
        ms_bind_text(sql, 3, end);
    }
    return visit_all(book, sql, visit, context, err);
}

static ms_status copy_entry(ms_entry *out, const ms_entry *entry, ms_error *err)
{
    ms_entry copy = *entry;
    char *kind = ms_strdup(entry->kind), *key = ms_strdup(entry->key), *body = ms_strndup(entry->body, entry->length);
    copy.kind = kind;
    copy.key = key;
    copy.body = body;
    if (kind == NULL || key == NULL || body == NULL) {
        ms_entry_free(&copy);
        return ms_error_memory(err);
    }
    *out = copy;
    return MS_OK;
}

void ms_entry_free(ms_entry *entry)
{
    ms_free((char *)(uintptr_t)entry->kind);
    ms_free((char *)(uintptr_t)entry->key);
    ms_free((char *)(uintptr_t)entry->body);
    entry->kind = entry->key = entry->body = NULL;
}

/* The one entry that sql finds. */
static ms_status read_one(ms_entry *out, ms_book *book, sqlite3_stmt *sql, ms_error *err)
{
    bool row;
    ms_entry entry;
    ms_status status = ms_store_step(&row, &book->store, sql, err);
    if (status == MS_OK && !row)
        status = ms_error_at(err, MS_NOT_FOUND, book->store.path, 0, 0, "has no such entry");
    if (status == MS_OK)
        status = ms_entry_of_row(&entry, book, sql, err);
    if (status == MS_OK)
        status = copy_entry(out, &entry, err);
    sqlite3_reset(sql);
    return status;
}

ms_status ms_book_entry(ms_entry *out, ms_book *book, int64_t number, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, &book->store, MS_SQL_ENTRY, "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number = ?",
                              err));
    sqlite3_bind_int64(sql, 1, number);
    return read_one(out, book, sql, err);
}

ms_status ms_book_find(ms_entry *out, ms_book *book, const char *kind, const char *key, ms_error *err)
{
    sqlite3_stmt *sql;
    MS_TRY(ms_store_statement(&sql, &book->store, MS_SQL_FIND,
                              "SELECT " MS_ENTRY_COLUMNS
                              " FROM log WHERE number = (SELECT number FROM fact WHERE kind = ? AND key = ?)",
                              err));
    ms_bind_text(sql, 1, kind);
    ms_bind_text(sql, 2, key);
    return read_one(out, book, sql, err);
}
