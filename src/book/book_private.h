/* book_private.h: what the files of src/book share. */
#ifndef MS_BOOK_BOOK_PRIVATE_H
#define MS_BOOK_BOOK_PRIVATE_H

#include "book/book.h"
#include "book/entry.h"
#include "book/store.h"
#include "book/tables.h"

enum { MS_BOOK_APPLICATION = 0x4D534231, MS_BOOK_FORMAT = 1 }; /* "MSB1" in the file's head */

struct ms_book {
    ms_store store;
    ms_key *key;          /* NULL: opened to read */
    ms_public_key public; /* in force */
    int64_t (*clock)(void *context);
    void *clock_context;
    bool in_write, in_read;
    bool unmade;   /* its tables are being made: there is no key in the log yet */
    char *author;  /* who is named for what is written, or NULL */
    int64_t begun; /* the last entry's number when the write transaction began */
    bool broken;   /* something failed within the write transaction: it cannot be committed */
};

/* An entry of the log at the row of sql, whose columns are number, time_ms, kind, key, body, previous, hash, signature.
 * Its texts are SQLite's. */
#define MS_ENTRY_COLUMNS "number, time_ms, kind, key, body, previous, hash, signature"
MS_MUST_USE ms_status ms_entry_of_row(ms_entry *out, const ms_book *book, sqlite3_stmt *sql, ms_error *err);

/* MS_USAGE when the key that the book is open with is no longer the one in force: somebody gave it another. */
MS_MUST_USE ms_status ms_book_check_key(ms_book *book, ms_error *err);

/* Whether an entry behind this number changes rows, or how files are written. */
MS_MUST_USE ms_status ms_book_rows_since(bool *any, ms_book *book, int64_t number, ms_error *err);

/* The entries up to number last that change rows of the case, or how its files are written. */
MS_MUST_USE ms_status ms_book_scan_rows(ms_book *book, int64_t last, ms_book_visit visit, void *context, ms_error *err);

/* As ms_book_rows of one file, from the tables of any store. */
MS_MUST_USE ms_status ms_store_rows(ms_store *store, const char *file, const char *source, ms_book_row_visit visit,
                                    void *context, ms_error *err);

/* Opens the file of a book, of the format that this version knows, without looking further. */
MS_MUST_USE ms_status ms_book_open_store(ms_store *out, const char *path, ms_store_mode mode, double wait_s,
                                         ms_error *err);
/* Marks a new file as a book and makes its tables, empty. Within a transaction. */
MS_MUST_USE ms_status ms_book_prepare_file(ms_store *store, ms_error *err);

/* Puts a finished entry into the log's table, and nowhere else. */
MS_MUST_USE ms_status ms_log_insert(ms_book *book, const ms_entry *entry, ms_error *err);
/* Makes the log's table. */
MS_MUST_USE ms_status ms_log_create(ms_store *store, ms_error *err);

#endif
