/* store.c: SQLite, as the rest of the book uses it. See store.h.
 *
 * Write-ahead log, synchronous=FULL: a commit that was acknowledged is on the disk, and readers never wait for the
 * writer. The file may come from elsewhere, so that nothing in its schema is trusted.
 */
#include "book/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { CONNECTION_FLAGS = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, PATH_BYTES = 4096, WAIT_S = 10 };

/* ---- errors ---- */

/* The line of /proc/locks that holds SQLite's write lock (byte 120 of the -shm file), without opening that file:
 * closing it again would drop this process's own locks on it. */
bool ms_store_holder(char out[128], const char *path)
{
    char line[256], name[PATH_BYTES], command[64] = "";
    struct stat is;
    snprintf(name, sizeof name, "%s-shm", path);
    if (stat(name, &is) != 0)
        return false;
    FILE *locks = fopen("/proc/locks", "re");
    long holder = 0;
    while (locks != NULL && holder == 0 && fgets(line, sizeof line, locks) != NULL) {
        unsigned major, minor;
        unsigned long inode;
        long pid, from;
        char to[32], kind[16];
        if (sscanf(line, "%*s POSIX %*s %15s %ld %x:%x:%lu %ld %31s", kind, &pid, &major, &minor, &inode, &from, to) ==
                7 &&
            strcmp(kind, "WRITE") == 0 && inode == is.st_ino && major == major(is.st_dev) &&
            minor == minor(is.st_dev) && from <= 120 && (strcmp(to, "EOF") == 0 || strtol(to, NULL, 10) >= 120))
            holder = pid;
    }
    if (locks != NULL)
        fclose(locks);
    if (holder <= 0)
        return false;
    snprintf(name, sizeof name, "/proc/%ld/comm", holder);
    FILE *comm = fopen(name, "re");
    if (comm != NULL) {
        if (fgets(command, sizeof command, comm) != NULL)
            command[strcspn(command, "\n")] = '\0';
        fclose(comm);
    }
    snprintf(out, 128, "process %ld%s%s%s", holder, command[0] != '\0' ? " (" : "", command,
             command[0] != '\0' ? ")" : "");
    return true;
}

static ms_status busy(const ms_store *store, ms_error *err)
{
    char holder[128];
    bool known = ms_store_holder(holder, store->path);
    return ms_error_at(err, MS_IO, store->path, 0, 0, "is being written by %s; nothing was changed, try again",
                       known ? holder : "another process");
}

ms_status ms_store_failed(const ms_store *store, ms_error *err)
{
    int code = sqlite3_errcode(store->db), error = sqlite3_system_errno(store->db);
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return ms_error_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return busy(store, err);
    case SQLITE_FULL:
        return ms_error_at(err, MS_IO, store->path, 0, 0, "the disk is full; nothing was changed");
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return ms_error_memory(err);
        if (code ==
            SQLITE_IOERR_FSYNC) /* what stands in the write-ahead log counts for whoever finds it after a crash */
            return ms_error_at(err, MS_IO, store->path, 0, 0,
                               "the disk did not confirm what was written: %s; look at the book's log before you do it "
                               "again",
                               strerror(error != 0 ? error : EIO));
        if (error == ENOSPC || error == EFBIG || error == EDQUOT)
            return ms_error_at(err, MS_IO, store->path, 0, 0, "the disk is full; nothing was changed");
        return ms_error_at(err, MS_IO, store->path, 0, 0, "cannot be %s: %s",
                           code == SQLITE_IOERR_READ ? "read" : "read or written; nothing was changed",
                           error != 0 ? strerror(error) : sqlite3_errmsg(store->db));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ms_error_at(err, MS_IO, store->path, 0, 0, "may not be written");
    case SQLITE_CANTOPEN:
        return ms_error_at(err, MS_IO, store->path, 0, 0, "cannot be opened: %s",
                           error != 0 ? strerror(error) : sqlite3_errmsg(store->db));
    case SQLITE_CORRUPT:
        return ms_error_at(
            err, MS_BAD_INPUT, store->path, 0, 0,
            "the file is damaged; `mainstay book verify` says where, `mainstay book rebuild` saves what can "
            "be saved");
    case SQLITE_NOTADB:
        return ms_error_at(err, MS_BAD_INPUT, store->path, 0, 0, "is no book: not a database");
    case SQLITE_INTERRUPT:
        return ms_error_at(err, MS_LIMIT, store->path, 0, 0, "stopped");
    default:
        return ms_error_at(err, MS_BAD_INPUT, store->path, 0, 0, "%s", sqlite3_errmsg(store->db));
    }
}

/* ---- opening ---- */

static int open_with(ms_store *store, const char *path, int flags)
{
    sqlite3_close(store->db);
    store->db = NULL;
    return sqlite3_open_v2(path, &store->db, flags | CONNECTION_FLAGS, NULL);
}

/* True when the database answers; opening alone touches nothing. */
static bool answers(ms_store *store)
{
    return sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

/* "file:...?immutable=1", for a book on a medium that cannot be written at all. */
static bool immutable_name(char out[3 * PATH_BYTES], const char *path)
{
    size_t used = (size_t)snprintf(out, 3 * PATH_BYTES, "file:");
    for (; *path != '\0' && used < 3 * PATH_BYTES - 32; path++) {
        if (*path == '?' || *path == '#' || *path == '%')
            used += (size_t)snprintf(out + used, 4, "%%%02X", (unsigned)(unsigned char)*path);
        else
            out[used++] = *path;
    }
    snprintf(out + used, 32, "?immutable=1");
    return *path == '\0';
}

/* A reader needs to write beside the book (-shm), where it may; where nothing can be written, nobody else writes
 * either. */
static int open_to_read(ms_store *store, const char *path)
{
    char name[3 * PATH_BYTES], wal[PATH_BYTES];
    int code = open_with(store, path, SQLITE_OPEN_READWRITE);
    if (code == SQLITE_OK && answers(store))
        return code;
    if (code == SQLITE_OK && (sqlite3_errcode(store->db) & 0xFF) != SQLITE_CANTOPEN &&
        (sqlite3_errcode(store->db) & 0xFF) != SQLITE_READONLY)
        return code;
    code = open_with(store, path, SQLITE_OPEN_READONLY);
    if (code == SQLITE_OK && answers(store))
        return code;
    int wrote = snprintf(wal, sizeof wal, "%s-wal", path);
    if (wrote < 0 || (size_t)wrote >= sizeof wal || access(wal, F_OK) == 0 || !immutable_name(name, path))
        return code;
    return open_with(store, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

static ms_status configure(ms_store *store, ms_store_mode mode, double wait_s, ms_error *err)
{
    sqlite3_busy_timeout(store->db, (int)((wait_s > 0 ? wait_s : WAIT_S) * 1000));
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    MS_TRY(ms_store_run(store, "PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384", err));
    if (mode == MS_STORE_READ)
        return ms_store_run(store, "PRAGMA query_only=ON", err);
    if (mode == MS_STORE_SCRATCH)
        return ms_store_run(store, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN", err);
    if (mode == MS_STORE_NEW) /* WAL is kept in the file */
        MS_TRY(ms_store_run(store, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL", err));
    return ms_store_run(store, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000", err);
}

ms_status ms_store_open(ms_store *out, const char *path, ms_store_mode mode, double wait_s, ms_error *err)
{
    ms_store store = {.path = ms_strdup(path)};
    if (store.path == NULL)
        return ms_error_memory(err);
    int code = mode == MS_STORE_READ    ? open_to_read(&store, path)
               : mode == MS_STORE_WRITE ? open_with(&store, path, SQLITE_OPEN_READWRITE)
               : mode == MS_STORE_NEW   ? open_with(&store, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
                                        : open_with(&store, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ms_status status;
    if (store.db == NULL)
        status = ms_error_memory(err);
    else if (code != SQLITE_OK)
        status = ms_store_failed(&store, err);
    else
        status = configure(&store, mode, wait_s, err);
    if (status != MS_OK)
        ms_store_close(&store);
    else
        *out = store;
    return status;
}

void ms_store_close(ms_store *store)
{
    for (int ix = 0; ix < MS_STORE_STATEMENTS; ix++)
        sqlite3_finalize(store->statements[ix]);
    for (int ix = 0; ix < store->idle_count; ix++)
        sqlite3_finalize(store->idle[ix]);
    sqlite3_close(store->db);
    ms_free(store->path);
    *store = (ms_store){0};
}

/* ---- statements ---- */

ms_status ms_store_run(ms_store *store, const char *sql, ms_error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? MS_OK : ms_store_failed(store, err);
}

ms_status ms_store_prepare(sqlite3_stmt **out, ms_store *store, const char *sql, ms_error *err)
{
    sqlite3_stmt *statement = NULL;
    for (int ix = 0; ix < store->idle_count; ix++) {
        if (strcmp(sqlite3_sql(store->idle[ix]), sql) == 0) {
            *out = store->idle[ix];
            store->idle[ix] = store->idle[--store->idle_count];
            return MS_OK;
        }
    }
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return ms_store_failed(store, err);
    *out = statement;
    return MS_OK;
}

void ms_store_release(ms_store *store, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    if (statement == NULL || store->idle_count == MS_STORE_IDLE) {
        sqlite3_finalize(statement);
        return;
    }
    sqlite3_clear_bindings(statement);
    store->idle[store->idle_count++] = statement;
}

ms_status ms_store_statement(sqlite3_stmt **out, ms_store *store, int ix, const char *sql, ms_error *err)
{
    if (store->statements[ix] == NULL)
        MS_TRY(ms_store_prepare(&store->statements[ix], store, sql, err));
    sqlite3_reset(store->statements[ix]);
    sqlite3_clear_bindings(store->statements[ix]);
    *out = store->statements[ix];
    return MS_OK;
}

ms_status ms_store_step(bool *row, ms_store *store, sqlite3_stmt *statement, ms_error *err)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return ms_store_failed(store, err);
    *row = code == SQLITE_ROW;
    return MS_OK;
}

ms_status ms_store_do(ms_store *store, sqlite3_stmt *statement, ms_error *err)
{
    bool row;
    ms_status status = ms_store_step(&row, store, statement, err);
    sqlite3_reset(statement);
    return status;
}
