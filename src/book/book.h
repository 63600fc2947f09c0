/* book.h: a partner's book: an append-only log of signed entries in one SQLite file, and tables rebuilt from it.
 *
 * The log is what endures (docs/book.md has the format). An entry has a number from 1 without gaps, a time, a kind, a
 * key (what it is about), a body, the hash of the entry before, its own hash over all of that, and a signature by the
 * key that the book had then. Everything else in the file follows from the log: the latest entry of each kind and key
 * ("facts"), and the rows of the case, own and given.
 *
 * Invariants. Between calls the file holds whole transactions only; what ms_book_append or ms_book_commit has
 * acknowledged is on the disk. One process writes at a time: a second waits, then is told who holds it. A reader sees
 * the book as it was when its transaction began (ms_book_begin_read), or else at each call.
 *
 * Cost: opening is constant; appending n entries is n log(N) in a log of N; facts are found in log(N).
 * A book is used by one thread at a time.
 */
#ifndef MS_BOOK_BOOK_H
#define MS_BOOK_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "book/key.h"
#include "case/case.h"

/* (ms_book, ms_book_options, ms_book_create, ms_book_open, ms_book_close and ms_book_case are in mainstay.h.) */

enum {
    MS_KIND_BYTES = 32,       /* of a kind, with its zero byte: lower-case letters, digits, "-" */
    MS_KEY_BYTES = 1024,      /* of a key, with its zero byte: any UTF-8 without control characters but U+001F */
    MS_BODY_BYTES = 16 << 20, /* the longest body */
    MS_CHUNK_ROWS = 1000,     /* rows in one `row` entry, at most */
};

/* Kinds that the book itself writes or reads; exchange and ledger have theirs. */
#define MS_KIND_BOOK "book" /* the first entry: whose book, its key */
#define MS_KIND_KEY "key"   /* the book's key rotated or revoked */
#define MS_KIND_ROW "row"   /* rows of the case, own or given, set and removed */
#define MS_KIND_FORM "form" /* how a file of the case is written: order of rows, line ends; means nothing */
#define MS_KIND_PLAN "plan" /* a plan that was kept */
#define MS_KIND_BY "by"     /* who made the entries before it, where the book's key alone does not say */

/* An entry as read. Texts and body are valid during the visit, or until ms_entry_free. */
typedef struct {
    int64_t number, time_ms;
    const char *kind, *key;
    const char *body; /* zero-terminated behind length bytes */
    size_t length;
    unsigned char previous[MS_HASH_BYTES], hash[MS_HASH_BYTES], signature[MS_SIGNATURE_BYTES];
} ms_entry;

/* An entry to be appended; the book copies nothing beyond the call. body: canonical JSON (ms_json_start_canonical), or,
 * for a document that somebody else has signed, exactly the bytes signed. */
typedef struct {
    const char *kind, *key;
    const char *body;
    size_t length;
} ms_draft;

typedef ms_status (*ms_book_visit)(void *context, const ms_entry *entry, ms_error *err);

/* ---- what the book is ---- */

const char *ms_book_path(const ms_book *book);
const char *ms_book_partner(const ms_book *book);
const ms_public_key *ms_book_public(const ms_book *book); /* in force now */
const ms_key *ms_book_key(const ms_book *book);           /* NULL when it was opened to read */
int64_t ms_book_now(const ms_book *book);                 /* its clock: UTC, ms since 1970 */
/* The last entry's number and hash. */
MS_MUST_USE ms_status ms_book_head(int64_t *number, unsigned char hash[MS_HASH_BYTES], ms_book *book, ms_error *err);

/* ---- writing: only on a book opened to write ---- */

/* Everything between begin and commit is one transaction; ms_book_append outside of one makes its own. Nothing is
 * acknowledged before commit returns MS_OK; when it fails, or after ms_book_rollback, nothing has happened. begin takes
 * the write lock: what is read after it cannot change before commit. */
MS_MUST_USE ms_status ms_book_begin(ms_book *book, ms_error *err);
MS_MUST_USE ms_status ms_book_commit(ms_book *book, ms_error *err); /* on failure it has rolled back */
void ms_book_rollback(ms_book *book);                               /* outside of a transaction: nothing */
/* From now on each transaction that appends anything ends with an entry `by`: its key is who (1 to MS_KEY_BYTES - 1
 * bytes; copied), its body {"first":N,"last":N}, the entries that are theirs. NULL: nobody is named. */
MS_MUST_USE ms_status ms_book_set_author(ms_book *book, const char *who, ms_error *err);
/* Appends count entries in order. *first (may be NULL) becomes the first one's number. */
MS_MUST_USE ms_status ms_book_append(int64_t *first, ms_book *book, const ms_draft *drafts, size_t count,
                                     ms_error *err);

/* ---- reading ---- */

/* One view for several reads. Inside of a write transaction they do nothing. */
MS_MUST_USE ms_status ms_book_begin_read(ms_book *book, ms_error *err);
void ms_book_end_read(ms_book *book);

/* Entries from number `from` on, in order; kind NULL: all. Stops at the first visit that is not MS_OK and returns that.
 */
MS_MUST_USE ms_status ms_book_scan(ms_book *book, int64_t from, const char *kind, ms_book_visit visit, void *context,
                                   ms_error *err);
/* The number of the entry from which on at most `most` follow, itself included; kind NULL: of all. */
MS_MUST_USE ms_status ms_book_tail(int64_t *from, ms_book *book, const char *kind, int64_t most, ms_error *err);
/* One entry, by number, or the latest of a kind and key; MS_NOT_FOUND when there is none. Free with ms_entry_free. */
MS_MUST_USE ms_status ms_book_entry(ms_entry *out, ms_book *book, int64_t number, ms_error *err);
MS_MUST_USE ms_status ms_book_find(ms_entry *out, ms_book *book, const char *kind, const char *key, ms_error *err);
void ms_entry_free(ms_entry *entry);
/* The latest entry of each key of the kind that begins with prefix ("" all), in byte order of keys. The visit must not
 * append. */
MS_MUST_USE ms_status ms_book_each(ms_book *book, const char *kind, const char *prefix, ms_book_visit visit,
                                   void *context, ms_error *err);

/* ---- asking in SQL ---- */

/* A row of an answer; the first visit has texts NULL and tells the names. */
typedef struct {
    int count;
    const char *const *names;
    const char *const *texts; /* NULL cells are NULL */
    const bool *numbers;      /* the text is that of a number */
} ms_book_cells;

typedef ms_status (*ms_book_cells_visit)(void *context, const ms_book_cells *row, ms_error *err);

/* One SELECT over the views of docs/book.md; anything else is MS_BAD_INPUT. On a book opened to read, and once. */
MS_MUST_USE ms_status ms_book_query(ms_book *book, const char *query, ms_book_cells_visit visit, void *context,
                                    ms_error *err);

/* ---- rows of the case ----
 * A row has a file ("stocks.csv"), a source (whose word it is: "" what this book says itself, which may be about
 * others' things too; else the partner who gave it), a key (its key cells joined by U+001F; where the format has no
 * key, all cells, with a count behind when they repeat), and cells by column, as text. In the combined case a row given
 * by a partner takes the place of the own row of the same key. case.json is one row of one column, "text". */

typedef struct {
    const char *file, *source, *key;
    const char *const *columns; /* count names, as the file or the giver has them */
    const char *const *cells;   /* count texts, "" empty */
    const char *raw;            /* as its file has it, where that is not the usual way to write the cells; else NULL */
    int count;
    int64_t number; /* of the entry that set it */
} ms_book_row;

typedef ms_status (*ms_book_row_visit)(void *context, const ms_book_row *row, ms_error *err);

/* Rows of a file (NULL: all files, in the format's order) and a source (NULL: all, own first), in their order. */
MS_MUST_USE ms_status ms_book_rows(ms_book *book, const char *file, const char *source, ms_book_row_visit visit,
                                   void *context, ms_error *err);

/* How many rows there are, file by file in the format's order, own first. */
typedef ms_status (*ms_book_count_visit)(void *context, const char *file, const char *source, int64_t count,
                                         ms_error *err);
MS_MUST_USE ms_status ms_book_count_rows(ms_book *book, ms_book_count_visit visit, void *context, ms_error *err);

/* The files of the case in the book as a view of it has them (NULL: as it is, combined), all at one moment. The caller
 * frees their bytes and the array. MS_BAD_INPUT when it holds no case. */
MS_MUST_USE ms_status ms_book_files(ms_case_file **out, int *count, ms_book *book, const ms_book_view *view,
                                    ms_error *err);
/* Makes the own rows of one file those of `file`, within a transaction of the caller's. */
MS_MUST_USE ms_status ms_book_import_file(ms_book_change *change, ms_book *book, const ms_case_file *file,
                                          ms_error *err);

/* A change of rows of one file and source, appended as `row` entries of at most MS_CHUNK_ROWS rows each. */
typedef struct {
    const char *file, *source;
    const char *const *columns;
    int column_count;
    const char *const *cells; /* set_count x column_count */
    const char *const *keys;  /* of the rows set; NULL: by the key columns, where the format has some */
    size_t set_count;
    const char *const *removed; /* keys */
    size_t removed_count;
} ms_row_change;
MS_MUST_USE ms_status ms_book_change_rows(ms_book *book, const ms_row_change *change, ms_error *err);

/* True for a file of the case format. */
bool ms_book_knows_file(const char *file);
/* True when the format tells the file's rows apart by key columns; else a key is all cells, and where that repeats,
 * U+001F and a count from 2 behind it. */
bool ms_book_file_is_keyed(const char *file);
/* The key of a row, appended to out; false when a key column is missing, or out has failed. */
MS_MUST_USE bool ms_book_row_key(ms_buf *out, const char *file, const char *const *columns, const char *const *cells,
                                 int count);
/* The column of a file that says whose a row is ("partner"; of agreements "provider"), or NULL: items, case.json and
 * the like are each book's own. */
const char *ms_book_owner_column(const char *file);

#endif
