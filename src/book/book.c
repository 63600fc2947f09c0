/* book.c: making, opening and closing a book. See book.h.
 *
 * A new book is made under a temporary name and appears whole. Its key file comes first: a key without a book, which a
 * crash in between leaves, is taken up by the next attempt when it is the same partner's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_private.h"
#include "book/book_private.h"

enum { PATH_BYTES = 4096 };

static ms_status beside(char out[PATH_BYTES], const char *path, const char *suffix, ms_error *err)
{
    int wrote = snprintf(out, PATH_BYTES, "%s%s", path, suffix);
    if (wrote < 0 || wrote >= PATH_BYTES - 16)
        return ms_error_set(err, MS_USAGE, "the path is longer than %d bytes", PATH_BYTES - 17);
    return MS_OK;
}

/* ---- what the book is ---- */

const char *ms_book_path(const ms_book *book)
{
    return book->store.path;
}

const char *ms_book_partner(const ms_book *book)
{
    return book->public.partner;
}

const ms_public_key *ms_book_public(const ms_book *book)
{
    return &book->public;
}

const ms_key *ms_book_key(const ms_book *book)
{
    return book->key;
}

int64_t ms_book_now(const ms_book *book)
{
    return book->clock != NULL ? book->clock(book->clock_context) : ms_clock_utc_ms();
}

bool ms_book_is_one(const char *path)
{
    static const char head[16] = "SQLite format 3";
    char bytes[sizeof head];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    bool is_one = read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && memcmp(bytes, head, sizeof head) == 0;
    close(fd);
    return is_one;
}

bool ms_book_wants_passphrase(const char *path)
{
    char key_path[PATH_BYTES];
    return beside(key_path, path, ".key", NULL) == MS_OK && ms_key_is_locked(key_path);
}

/* ---- opening ---- */

static ms_status no_book(const char *path, ms_error *err)
{
    if (ms_file_is_dir(path))
        return ms_error_set(err, MS_USAGE, "%s is a folder, and a book is a file; `mainstay book import` takes a case",
                            path);
    if (!ms_file_exists(path))
        return ms_error_set(err, MS_NOT_FOUND, "there is no book %s; `mainstay book init` makes one", path);
    return ms_error_set(err, MS_BAD_INPUT, "%s is no book, or cannot be read", path);
}

static ms_status read_number(int64_t *out, ms_store *store, const char *sql_text, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    MS_TRY(ms_store_prepare(&sql, store, sql_text, err));
    ms_status status = ms_store_step(&row, store, sql, err);
    if (status == MS_OK)
        *out = row ? sqlite3_column_int64(sql, 0) : 0;
    sqlite3_finalize(sql);
    return status;
}

static ms_status check_format(ms_store *store, ms_error *err)
{
    int64_t application = 0, format = 0;
    MS_TRY(read_number(&application, store, "PRAGMA application_id", err));
    MS_TRY(read_number(&format, store, "PRAGMA user_version", err));
    if (application != MS_BOOK_APPLICATION)
        return ms_error_at(err, MS_BAD_INPUT, store->path, 0, 0, "is a database, but no book");
    if (format != MS_BOOK_FORMAT)
        return ms_error_at(err, MS_BAD_INPUT, store->path, 0, 0,
                           "is a book of format %lld; this version knows format %d: a newer Mainstay wrote it",
                           (long long)format, MS_BOOK_FORMAT);
    return MS_OK;
}

/* The key in force: that of the newest `key` entry, else of the first entry. */
static ms_status read_public(ms_public_key *out, ms_book *book, ms_error *err)
{
    ms_entry entry = {0};
    bool replaced;
    ms_status status = ms_book_find(&entry, book, MS_KIND_KEY, "book", NULL);
    if (status != MS_OK) /* whatever is wrong, the first entry will not do either, and says why */
        status = ms_book_entry(&entry, book, 1, err);
    MS_TRY(status);
    status = ms_key_body_parse(out, &replaced, &entry, err);
    ms_entry_free(&entry);
    return status;
}

ms_status ms_book_check_key(ms_book *book, ms_error *err)
{
    ms_public_key now;
    MS_TRY(read_public(&now, book, err));
    if (!ms_public_key_same(&now, &book->public))
        return ms_error_at(err, MS_USAGE, book->store.path, 0, 0,
                           "has been given another key since it was opened; open it again");
    return MS_OK;
}

/* The secret key; where a rotation was cut short between the log and the file, the new file is put in its place. */
static ms_status read_key(ms_book *book, const char *passphrase, ms_error *err)
{
    char path[PATH_BYTES], next[PATH_BYTES];
    MS_TRY(beside(path, book->store.path, ".key", err));
    MS_TRY(beside(next, book->store.path, ".key.next", err));
    ms_status status = ms_key_read(&book->key, path, passphrase, err);
    if (status == MS_OK && ms_public_key_same(ms_key_public(book->key), &book->public))
        return MS_OK;
    ms_key *newer = NULL;
    if (ms_file_exists(next) && ms_key_read(&newer, next, passphrase, NULL) == MS_OK &&
        ms_public_key_same(ms_key_public(newer), &book->public) && rename(next, path) == 0) {
        ms_key_free(book->key);
        book->key = newer;
        return MS_OK;
    }
    ms_key_free(newer);
    if (status == MS_NOT_FOUND)
        return ms_error_at(err, MS_NOT_FOUND, path, 0, 0,
                           "is not there; the book can be read, but only its key can write to it");
    if (status != MS_OK)
        return status;
    ms_key_free(book->key);
    book->key = NULL;
    return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "is not the key of this book");
}

static void use_options(ms_book *book, const ms_book_options *options)
{
    if (options == NULL)
        return;
    book->clock = options->clock;
    book->clock_context = options->clock_context;
}

ms_status ms_book_open_store(ms_store *out, const char *path, ms_store_mode mode, double wait_s, ms_error *err)
{
    ms_store store = {0};
    if (!ms_book_is_one(path))
        return no_book(path, err);
    MS_TRY(ms_store_open(&store, path, mode, wait_s, err));
    ms_status status = check_format(&store, err);
    if (status != MS_OK)
        ms_store_close(&store);
    else
        *out = store;
    return status;
}

ms_status ms_book_open(ms_book **out, const char *path, const ms_book_options *options, ms_error *err)
{
    bool write = options != NULL && options->write;
    MS_TRY(ms_key_ready(err));
    ms_book *book = ms_alloc(1, sizeof *book);
    if (book == NULL)
        return ms_error_memory(err);
    use_options(book, options);
    ms_status status = ms_book_open_store(&book->store, path, write ? MS_STORE_WRITE : MS_STORE_READ,
                                          options != NULL ? options->wait_s : 0, err);
    if (status == MS_OK)
        status = read_public(&book->public, book, err);
    if (status == MS_OK && write)
        status = read_key(book, options->passphrase, err);
    if (status != MS_OK)
        ms_book_close(book);
    else
        *out = book;
    return status;
}

void ms_book_close(ms_book *book)
{
    if (book == NULL)
        return;
    ms_book_rollback(book);
    ms_book_end_read(book);
    ms_store_close(&book->store);
    ms_key_free(book->key);
    ms_free(book->author);
    ms_free(book);
}

/* ---- making ---- */

/* A new key at path, or the one that an attempt cut short has left there. */
static ms_status make_key(ms_key **out, const char *path, const char *partner, const char *passphrase, int64_t now,
                          ms_error *err)
{
    ms_key *key = NULL;
    if (ms_file_exists(path)) {
        MS_TRY(ms_key_read(&key, path, passphrase, err));
        if (strcmp(ms_key_public(key)->partner, partner) != 0) {
            ms_key_free(key);
            return ms_error_at(err, MS_USAGE, path, 0, 0, "is there already, and is the key of another partner");
        }
        *out = key;
        return MS_OK;
    }
    MS_TRY(ms_key_make(&key, partner, now, err));
    ms_status status = ms_key_write(key, path, passphrase, false, err);
    if (status != MS_OK)
        ms_key_free(key);
    else
        *out = key;
    return status;
}

ms_status ms_book_prepare_file(ms_store *store, ms_error *err)
{
    char pragmas[96];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id=%d; PRAGMA user_version=%d", MS_BOOK_APPLICATION,
             MS_BOOK_FORMAT);
    MS_TRY(ms_store_run(store, pragmas, err));
    MS_TRY(ms_log_create(store, err));
    return ms_tables_create(store, err);
}

/* The tables and the first entry, in the empty file of book->store. */
static ms_status fill_new(ms_book *book, ms_error *err)
{
    ms_buf body = {0};
    book->unmade = true;
    MS_TRY(ms_book_begin(book, err));
    ms_status status = ms_book_prepare_file(&book->store, err);
    if (status == MS_OK)
        status = ms_key_body_put(&body, "made", &book->public, err);
    if (status == MS_OK) {
        ms_draft draft = {MS_KIND_BOOK, book->public.partner, body.text, body.length};
        status = ms_book_append(NULL, book, &draft, 1, err);
    }
    if (status == MS_OK)
        status = ms_book_commit(book, err);
    else
        ms_book_rollback(book);
    ms_buf_free(&body);
    return status;
}

/* Fills the file `temporary`, whole and on the disk. */
static ms_status make_file(const char *temporary, ms_key *key, const ms_book_options *options, ms_error *err)
{
    ms_book book = {.key = key, .public = *ms_key_public(key)};
    use_options(&book, options);
    MS_TRY(ms_store_open(&book.store, temporary, MS_STORE_NEW, 0, err));
    ms_status status = fill_new(&book, err);
    ms_store_close(&book.store); /* the last one out folds -wal into the file, synced */
    return status;
}

static void remove_temporary(const char *temporary)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char path[PATH_BYTES];
    for (int ix = 0; ix < 4; ix++)
        if (beside(path, temporary, suffixes[ix], NULL) == MS_OK)
            unlink(path);
}

/* Gives the finished file its name, unless something has that name. */
static ms_status put_in_place(const char *temporary, const char *path, ms_error *err)
{
    ms_place place;
    MS_TRY(ms_place_open(&place, path, err));
    ms_status status = MS_OK;
    if (linkat(AT_FDCWD, temporary, place.folder, place.name, 0) != 0)
        status = errno == EEXIST ? ms_error_set(err, MS_USAGE, "%s is there already", path)
                                 : ms_file_failed(err, path, "make the book", errno);
    else
        ms_file_sync(place.folder);
    ms_place_close(&place);
    return status;
}

/* What a lost book has left would be taken for the new one's. */
static ms_status refuse_leftovers(const char *path, ms_error *err)
{
    char wal[PATH_BYTES];
    MS_TRY(beside(wal, path, "-wal", err));
    if (ms_file_exists(wal))
        return ms_error_set(
            err, MS_USAGE, "%s is left of another book of this name, and may hold its last entries; move it away", wal);
    return MS_OK;
}

ms_status ms_book_create(ms_book **out, const char *path, const char *partner, const ms_book_options *options,
                         ms_error *err)
{
    char key_path[PATH_BYTES], temporary[PATH_BYTES], suffix[32];
    ms_book_options asked = options != NULL ? *options : (ms_book_options){0};
    ms_key *key = NULL;
    MS_TRY(ms_key_ready(err));
    MS_TRY(beside(key_path, path, ".key", err));
    snprintf(suffix, sizeof suffix, ".new-%ld", (long)getpid());
    MS_TRY(beside(temporary, path, suffix, err));
    if (ms_file_exists(path))
        return ms_error_set(err, MS_USAGE, "%s is there already", path);
    MS_TRY(refuse_leftovers(path, err));
    asked.write = true;
    int64_t now = asked.clock != NULL ? asked.clock(asked.clock_context) : ms_clock_utc_ms();
    MS_TRY(make_key(&key, key_path, partner, asked.passphrase, now, err));
    remove_temporary(temporary);
    ms_status status = make_file(temporary, key, &asked, err);
    if (status == MS_OK)
        status = put_in_place(temporary, path, err);
    remove_temporary(temporary);
    ms_key_free(key);
    return status == MS_OK ? ms_book_open(out, path, &asked, err) : status;
}
