/* verify.c: is a book what it claims to be? See mainstay.h.
 *
 * Three proofs, none of which trusts the one before: SQLite's own check of the file's pages; the log, followed entry by
 * entry from the first; the tables, made again from that log in a file of their own and compared row by row. A damaged
 * page makes some entries unreadable; reading goes on behind them.
 */
#include <string.h>

#include "base/clock.h"
#include "book/book_private.h"

enum { PAGE_FINDINGS = 20, REPORT_EVERY = 4096 };

typedef struct {
    ms_store *store;
    const char *path;
    ms_findings *findings;
    ms_chain chain;
    ms_store made; /* the tables again */
    bool whole;    /* every entry so far could be applied */
    int64_t last;
    ms_progress progress;
    void *progress_context;
    double start;
    bool stopped;
} work;

static ms_status breach(work *w, ms_severity severity, int64_t number, const char *what, ms_error *err)
{
    if (severity == MS_FINDING_ERROR)
        w->whole = false;
    return ms_findings_add(w->findings, severity, "", 0, 0, "entry %lld: %s", (long long)number, what) == MS_OK
               ? MS_OK
               : ms_error_memory(err);
}

/* ---- pages ---- */

static ms_status check_pages(work *w, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    bool row;
    MS_TRY(ms_store_prepare(&sql, w->store, "PRAGMA integrity_check(20)", err));
    ms_status status = MS_OK;
    while (status == MS_OK && ms_store_step(&row, w->store, sql, NULL) == MS_OK && row) {
        const char *text = ms_column_text(sql, 0);
        for (size_t length; status == MS_OK && *text != '\0'; text += length + (text[length] == '\n')) {
            length = strcspn(text, "\n");
            if (strcmp(text, "ok") != 0 && text[0] != '*')
                status = ms_findings_add(w->findings, MS_FINDING_ERROR, "", 0, 0, "damaged: %.*s", (int)length, text);
        }
    }
    sqlite3_finalize(sql);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}

/* ---- the log ---- */

static bool report(work *w)
{
    double done = w->last > 0 ? (double)w->chain.number / (double)w->last : -1;
    double elapsed = ms_clock_seconds() - w->start;
    if (w->progress == NULL || w->chain.number % REPORT_EVERY != 0)
        return true;
    w->stopped = !w->progress(w->progress_context, "verify", done, done > 0.01 ? elapsed / done - elapsed : -1);
    return !w->stopped;
}

static ms_status check_entry(work *w, const ms_entry *entry, ms_error *err)
{
    ms_error inner = {0};
    const char *wrong = ms_chain_follow(&w->chain, entry);
    if (wrong != NULL)
        MS_TRY(breach(w, MS_FINDING_ERROR, entry->number, wrong, err));
    if (w->chain.replaced)
        MS_TRY(breach(w, MS_FINDING_WARNING, entry->number,
                      "the key was replaced without the one before it; its fingerprint proves it, over the telephone",
                      err));
    if (w->whole && ms_tables_apply(&w->made, entry, &inner) != MS_OK)
        MS_TRY(breach(w, MS_FINDING_ERROR, entry->number, inner.message, err));
    return MS_OK;
}

/* Reads on from `from` until the end or until something cannot be read: *next becomes the number there, 0 at the end.
 */
static ms_status read_stretch(int64_t *next, work *w, int64_t from, ms_error *err)
{
    sqlite3_stmt *sql = NULL;
    ms_book shell = {.store = *w->store};
    bool row = false;
    ms_status status = ms_store_prepare(&sql, w->store,
                                        "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number >= ? ORDER BY number", err);
    MS_TRY(status);
    sqlite3_bind_int64(sql, 1, from);
    *next = from;
    while (status == MS_OK && ms_store_step(&row, w->store, sql, NULL) == MS_OK && row) {
        ms_entry entry;
        *next = sqlite3_column_int64(sql, 0) + 1;
        if (ms_entry_of_row(&entry, &shell, sql, NULL) != MS_OK)
            status = breach(w, MS_FINDING_ERROR, sqlite3_column_int64(sql, 0), "it has no whole hash or signature",
                            err);
        else
            status = check_entry(w, &entry, err);
        if (status == MS_OK && !report(w))
            status = ms_error_at(err, MS_LIMIT, w->path, 0, 0, "stopped; entries 1 to %lld were looked at",
                                 (long long)w->chain.number);
    }
    if (status == MS_OK && !row && sqlite3_errcode(w->store->db) == SQLITE_DONE)
        *next = 0;
    sqlite3_finalize(sql);
    return status;
}

static bool can_read(work *w, int64_t number)
{
    sqlite3_stmt *sql = NULL;
    bool row = false;
    if (ms_store_prepare(&sql, w->store, "SELECT " MS_ENTRY_COLUMNS " FROM log WHERE number = ?", NULL) != MS_OK)
        return false;
    sqlite3_bind_int64(sql, 1, number);
    bool good = ms_store_step(&row, w->store, sql, NULL) == MS_OK && row;
    sqlite3_finalize(sql);
    return good;
}

/* The number of the last entry: by the log, or, where its pages are damaged, by an index. */
static int64_t last_number(work *w)
{
    static const char *const ways[] = {"SELECT max(number) FROM log", "SELECT max(number) FROM fact",
                                       "SELECT max(number) FROM log INDEXED BY log_kind WHERE kind >= ''"};
    int64_t last = 0;
    for (int ix = 0; ix < 3; ix++) {
        sqlite3_stmt *sql = NULL;
        bool row;
        if (ms_store_prepare(&sql, w->store, ways[ix], NULL) != MS_OK)
            continue;
        if (ms_store_step(&row, w->store, sql, NULL) == MS_OK && row && sqlite3_column_int64(sql, 0) > last)
            last = sqlite3_column_int64(sql, 0);
        sqlite3_finalize(sql);
    }
    return last;
}

static ms_status check_log(work *w, ms_error *err)
{
    int64_t next = 1;
    w->last = last_number(w);
    while (next != 0 && next <= w->last) {
        MS_TRY(read_stretch(&next, w, next, err));
        if (next == 0)
            break;
        int64_t first = next;
        while (next <= w->last && !can_read(w, next))
            next++;
        w->whole = false;
        ms_status status = next > first + 1
                               ? ms_findings_add(w->findings, MS_FINDING_ERROR, "", 0, 0,
                                                 "entries %lld to %lld cannot be read: their page is damaged",
                                                 (long long)first, (long long)next - 1)
                           : next > first
                               ? ms_findings_add(w->findings, MS_FINDING_ERROR, "", 0, 0,
                                                 "entry %lld cannot be read: its page is damaged", (long long)first)
                               : MS_OK;
        if (status != MS_OK)
            return ms_error_memory(err);
        if (next == first) /* readable alone, and not within its stretch: an index led astray */
            return ms_error_at(err, MS_BAD_INPUT, w->path, 0, 0, "entry %lld cannot be followed", (long long)next);
    }
    if (w->chain.number < w->last)
        return breach(w, MS_FINDING_ERROR, w->last, "it is in an index, and not in the log", err);
    return MS_OK;
}

/* ---- the tables ---- */

/* Compares what the statement gives on both sides, row by row. */
static ms_status same_rows(bool *same, work *w, const char *text, ms_error *err)
{
    sqlite3_stmt *a = NULL, *b = NULL;
    bool row_a = false, row_b = false;
    *same = false;
    if (ms_store_prepare(&a, w->store, text, NULL) != MS_OK)
        return MS_OK;
    ms_status status = ms_store_prepare(&b, &w->made, text, err);
    bool equal = true;
    do {
        if (status == MS_OK)
            status = ms_store_step(&row_b, &w->made, b, err);
        if (status != MS_OK || ms_store_step(&row_a, w->store, a, NULL) != MS_OK) {
            equal = false;
            break;
        }
        equal = row_a == row_b;
        for (int ix = 0; equal && row_a && ix < sqlite3_column_count(a); ix++) {
            const void *left = sqlite3_column_blob(a, ix), *right = sqlite3_column_blob(b, ix);
            int length = sqlite3_column_bytes(a, ix);
            equal = sqlite3_column_type(a, ix) == sqlite3_column_type(b, ix) && length == sqlite3_column_bytes(b, ix) &&
                    (length == 0 || memcmp(left, right, (size_t)length) == 0);
        }
    } while (equal && row_a);
    sqlite3_finalize(a);
    sqlite3_finalize(b);
    *same = equal;
    return status;
}

static ms_status check_tables(work *w, ms_error *err)
{
    static const struct {
        const char *name, *sql;
    } tables[] = {{"fact", "SELECT * FROM fact ORDER BY kind, key"},
                  {"row", "SELECT r.file, r.source, r.key, r.place, c.names, r.cells, r.raw, r.number FROM row r"
                          " JOIN columns c ON c.id = r.columns ORDER BY r.file, r.source, r.key"},
                  {"form", "SELECT * FROM form ORDER BY file"}};
    for (size_t ix = 0; ix < sizeof tables / sizeof tables[0]; ix++) {
        bool same;
        MS_TRY(same_rows(&same, w, tables[ix].sql, err));
        if (!same && ms_findings_add(w->findings, MS_FINDING_ERROR, "", 0, 0,
                                     "the table \"%s\" is not what the log makes of it; `mainstay book rebuild` mends "
                                     "that",
                                     tables[ix].name) != MS_OK)
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* ---- all of it ---- */

static ms_status verify(work *w, ms_error *err)
{
    MS_TRY(ms_store_open(&w->made, w->path, MS_STORE_SCRATCH, 0, err));
    MS_TRY(ms_tables_create(&w->made, err));
    MS_TRY(ms_store_run(w->store, "BEGIN", err)); /* one moment of the book for all of it */
    MS_TRY(check_pages(w, err));
    MS_TRY(check_log(w, err));
    return w->whole ? check_tables(w, err) : MS_OK;
}

ms_status ms_book_verify(int64_t *entries, const char *path, ms_progress progress, void *progress_context,
                         ms_findings *findings, ms_error *err)
{
    ms_store store = {0};
    size_t errors = findings->error_count;
    MS_TRY(ms_key_ready(err));
    MS_TRY(ms_book_open_store(&store, path, MS_STORE_READ, 0, err));
    work w = {.store = &store,
              .path = path,
              .findings = findings,
              .whole = true,
              .progress = progress,
              .progress_context = progress_context,
              .start = ms_clock_seconds()};
    ms_status status = verify(&w, err);
    if (w.made.db != NULL)
        ms_store_close(&w.made);
    ms_store_close(&store);
    if (status == MS_OK)
        *entries = w.chain.number;
    if (status == MS_OK && findings->error_count > errors)
        status = ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "is not right");
    return status;
}
