/* rebuild.c: a book's file made anew from its log, with a backup for what the log has lost. See mainstay.h.
 *
 * Entries are taken one by one from the old file, or where that fails from the backup; each must carry on the chain, so
 * that nothing false gets in, and both files can only be of one book. The new file appears whole under the old name;
 * the old one stays beside it under another.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "book/book_private.h"

enum { PATH_BYTES = 4096 };

typedef struct {
    ms_store old, backup, made; /* db NULL: cannot be opened, or was not given */
    ms_chain chain;
    int64_t from_backup, last;
} work;

/* ---- taking entries ---- */

/* The entry that carries on the chain, from this store, is put into the new log and its tables. */
static ms_status take_next(bool *taken, work *w, ms_store *from, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    ms_book shell = {.store = *from}, target = {.store = w->made};
    ms_chain chain = w->chain;
    ms_entry entry;
    bool row = false;
    *taken = false;
    if (from->db == NULL || ms_store_statement(&sql, from, MS_SQL_ENTRY,
                                               "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number = ?", NULL) != MS_OK)
        return MS_OK;
    sqlite3_bind_int64(sql, 1, w->chain.number + 1);
    bool good = ms_store_step(&row, from, sql, NULL) == MS_OK && row &&
                ms_entry_of_row(&entry, &shell, sql, NULL) == MS_OK && ms_chain_follow(&chain, &entry) == NULL;
    ms_status status = MS_OK;
    if (good) {
        status = ms_log_insert(&target, &entry, err);
        memcpy(w->made.statements, target.store.statements, sizeof w->made.statements);
        if (status == MS_OK)
            status = ms_tables_apply(&w->made, &entry, err);
        w->chain = chain;
        *taken = status == MS_OK;
    }
    sqlite3_reset(sql);
    return status;
}

/* How far the old log reached; 0 when that cannot be known. */
static int64_t last_of(ms_store *store)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    int64_t last = 0;
    if (store->db == NULL || ms_store_prepare(&sql, store, "SELECT max(number) FROM log", NULL) != MS_OK)
        return 0;
    if (ms_store_step(&row, store, sql, NULL) == MS_OK && row)
        last = sqlite3_column_int64(sql, 0);
    sqlite3_finalize(sql);
    return last;
}

static ms_status take_all(work *w, const char *path, bool cut, ms_error *err)
{
    bool taken = true;
    w->last = last_of(&w->old);
    while (taken) {
        MS_TRY(take_next(&taken, w, &w->old, err));
        if (taken)
            continue;
        MS_TRY(take_next(&taken, w, &w->backup, err));
        w->from_backup += taken;
    }
    if (w->chain.number == 0)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "no entry of it can be read%s",
                           w->backup.db != NULL ? ", nor of the backup" : "; a backup is needed: --from FILE");
    if (!cut && (w->chain.number < w->last || w->last == 0) && w->backup.db == NULL)
        return ms_error_at(
            err, MS_BAD_INPUT, path, 0, 0,
            "entry %lld cannot be read, or is not right; give a backup that has it: --from FILE; or --cut "
            "keeps the entries before it and loses the rest",
            (long long)w->chain.number + 1);
    if (!cut && w->chain.number < w->last)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0,
                           "entry %lld is right neither here nor in the backup; --cut keeps the entries before it and "
                           "loses the rest",
                           (long long)w->chain.number + 1);
    return MS_OK;
}

/* ---- files ---- */

/* Nobody else may write to the old file from here on. A file that is too damaged for that has no writers. */
static ms_status lock_old(work *w, ms_error *err)
{
    if (w->old.db == NULL)
        return MS_OK;
    ms_error inner = {0};
    int keep = 1; /* closing it must not delete files by names that belong to the new book by then */
    sqlite3_file_control(w->old.db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    sqlite3_db_config(w->old.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    ms_status status = ms_store_run(&w->old, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", &inner);
    if (status == MS_IO && (sqlite3_errcode(w->old.db) & 0xFF) == SQLITE_BUSY)
        return ms_error_at(err, MS_IO, w->old.path, 0, 0,
                           "is open in another process; rebuilding needs it alone: end that first");
    return MS_OK;
}

/* Moves the old file, with what SQLite keeps beside it, out of the way. */
static ms_status put_aside(char kept[MS_FILE_BYTES], const char *path, ms_error *err)
{
    static const char *const suffixes[] = {"-wal", "-shm", ""};
    char from[PATH_BYTES], to[PATH_BYTES];
    int number = 0;
    do {
        snprintf(to, sizeof to, number == 0 ? "%s.damaged" : "%s.damaged-%d", path, number);
    } while (ms_file_exists(to) && ++number < 1000);
    snprintf(kept, MS_FILE_BYTES, "%.*s", MS_FILE_BYTES - 1, to);
    size_t length = strlen(to);
    for (int ix = 0; ix < 3; ix++) {
        snprintf(from, sizeof from, "%s%s", path, suffixes[ix]);
        snprintf(to + length, sizeof to - length, "%s", suffixes[ix]);
        if (ms_file_exists(from) && rename(from, to) != 0)
            return ms_error_at(err, MS_IO, path, 0, 0, "cannot be renamed");
    }
    return MS_OK;
}

static ms_status make(work *w, const char *path, const char *temporary, bool cut, ms_error *err)
{
    MS_TRY(ms_store_open(&w->made, temporary, MS_STORE_NEW, 0, err));
    MS_TRY(ms_store_run(&w->made, "BEGIN IMMEDIATE", err));
    MS_TRY(ms_book_prepare_file(&w->made, err));
    MS_TRY(take_all(w, path, cut, err));
    return ms_store_run(&w->made, "COMMIT", err);
}

static void remove_file(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[PATH_BYTES];
    for (int ix = 0; ix < 3; ix++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[ix]);
        unlink(name);
    }
}

static void sync_folder_of(const char *path)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1, slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

ms_status ms_book_rebuild(ms_book_rebuilt *out, const char *path, const char *backup, bool cut, ms_error *err)
{
    work w = {0};
    char temporary[PATH_BYTES];
    ms_book_rebuilt did = {0};
    MS_TRY(ms_key_ready(err));
    if (strlen(path) > PATH_BYTES - 64)
        return ms_error_set(err, MS_USAGE, "the path is longer than %d bytes", PATH_BYTES - 64);
    if (!ms_file_exists(path))
        return ms_error_set(err, MS_NOT_FOUND, "there is no book %s; a backup is put in its place by copying it", path);
    snprintf(temporary, sizeof temporary, "%s.new-%ld", path, (long)getpid());
    remove_file(temporary);
    if (backup != NULL)
        MS_TRY(ms_book_open_store(&w.backup, backup, MS_STORE_READ, 0, err));
    if (ms_book_open_store(&w.old, path, MS_STORE_WRITE, 1, NULL) != MS_OK)
        w.old = (ms_store){0}; /* then all comes from the backup */
    ms_status status = lock_old(&w, err);
    if (status == MS_OK)
        status = make(&w, path, temporary, cut, err);
    if (w.made.db != NULL)
        ms_store_close(&w.made);
    if (status == MS_OK)
        status = put_aside(did.kept, path, err);
    if (status == MS_OK && rename(temporary, path) != 0)
        status = ms_error_at(err, MS_IO, path, 0, 0, "cannot be renamed; the new file is %s", temporary);
    else if (status != MS_OK)
        remove_file(temporary);
    sync_folder_of(path);
    if (w.old.db != NULL)
        ms_store_close(&w.old);
    if (w.backup.db != NULL)
        ms_store_close(&w.backup);
    if (status == MS_OK) {
        did.entries = w.chain.number;
        did.from_backup = w.from_backup;
        *out = did;
    }
    return status;
}
