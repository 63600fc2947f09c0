/* store.h: SQLite, as the rest of the book uses it: opening, statements, and errors in plain words.
 *
 * Only src/book/store.c, log.c, tables.c, rows.c and their like include this. Every statement is made once and reset
 * after use; texts are bound without a copy and must live until the statement has run.
 */
#ifndef MS_BOOK_STORE_H
#define MS_BOOK_STORE_H

#include <sqlite3.h>

#include "base/alloc.h"
#include "book/book.h"

enum { MS_STORE_STATEMENTS = 32, MS_STORE_IDLE = 16 };

typedef struct {
    sqlite3 *db;
    char *path; /* for messages */
    sqlite3_stmt *statements[MS_STORE_STATEMENTS];
    sqlite3_stmt *idle[MS_STORE_IDLE]; /* handed back by ms_store_release */
    int idle_count;
} ms_store;

typedef enum { MS_STORE_READ, MS_STORE_WRITE, MS_STORE_NEW, MS_STORE_SCRATCH } ms_store_mode;

/* Opens the file path. MS_STORE_NEW: it must not exist; MS_STORE_SCRATCH: a file without a name, gone when closed; path
 * only names it in messages. wait_s is for
 * another writer. On failure *out is as it was. */
MS_MUST_USE ms_status ms_store_open(ms_store *out, const char *path, ms_store_mode mode, double wait_s, ms_error *err);
void ms_store_close(ms_store *store);

/* Runs SQL without results. */
MS_MUST_USE ms_status ms_store_run(ms_store *store, const char *sql, ms_error *err);
/* The statement number ix with this text, made at the first call, reset and unbound. */
MS_MUST_USE ms_status ms_store_statement(sqlite3_stmt **out, ms_store *store, int ix, const char *sql, ms_error *err);
/* A statement of the caller's own, who gives it back with ms_store_release or finalizes it. */
MS_MUST_USE ms_status ms_store_prepare(sqlite3_stmt **out, ms_store *store, const char *sql, ms_error *err);
/* Gives a statement back: it is kept, and the next who prepares the same text gets it, which is much cheaper than
 * parsing it again. NULL is allowed. */
void ms_store_release(ms_store *store, sqlite3_stmt *statement);
/* Steps: *row says whether there is a row. */
MS_MUST_USE ms_status ms_store_step(bool *row, ms_store *store, sqlite3_stmt *statement, ms_error *err);
/* Steps a statement that has no rows, and resets it. */
MS_MUST_USE ms_status ms_store_do(ms_store *store, sqlite3_stmt *statement, ms_error *err);

/* The newest SQLite error in words. */
ms_status ms_store_failed(const ms_store *store, ms_error *err);

static inline void ms_bind_text(sqlite3_stmt *statement, int ix, const char *text)
{
    sqlite3_bind_text(statement, ix, text, -1, SQLITE_STATIC);
}

/* A column of text; "" where it is NULL or memory was short. */
static inline const char *ms_column_text(sqlite3_stmt *statement, int ix)
{
    const char *text = (const char *)sqlite3_column_text(statement, ix);
    return text != NULL ? text : "";
}

/* The process that holds the write lock of the book at path, in words: "process 4711 (mainstay)"; false when that
 * cannot be known. */
bool ms_store_holder(char out[128], const char *path);

#endif
