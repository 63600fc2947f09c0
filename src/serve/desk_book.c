/* desk_book.c: the book of a desk (desk.h). Whoever reads gets a handle of his own; the one that writes is opened at
 * the start, when the key's passphrase is known, and lent to one request at a time. Its key lies in locked memory, the
 * passphrase nowhere. */
#include <time.h>

#include "ledger/ledger.h"
#include "serve/desk_private.h"

const char *ms_desk_book(ms_desk *desk)
{
    const char *path = ms_desk_path(desk);
    return path && desk->place.is_book ? path : NULL;
}

ms_status ms_desk_open_book(ms_desk *desk, const ms_desk_access *access, ms_error *err)
{
    ms_desk_place *place = &desk->place;
    ms_book_options options = {.write = true, .passphrase = access->passphrase};
    if (access->read_only) {
        ms_error_set(&place->no_book, MS_USAGE, "%s is open to read only", place->path);
        return MS_OK;
    }
    ms_status status = ms_book_open(&place->book, place->path, &options, &place->no_book);
    if (status == MS_OK || status == MS_NOT_FOUND) /* the key is not there: it can be read */
        return MS_OK;
    *err = place->no_book;
    return status;
}

static ms_status note_row(void *context, const ms_book_row *row, ms_error *err)
{
    (void)row;
    (void)err;
    *(bool *)context = true;
    return MS_OK;
}

static ms_status read_case(ms_held_case *out, ms_book *book, ms_findings *findings, ms_error *err)
{
    const ms_book_view own = {.own = true};
    bool any = false;
    MS_TRY(ms_book_rows(book, "case.json", NULL, note_row, &any, err));
    if (!any)
        return MS_OK;
    MS_TRY(ms_book_files(&out->own, &out->own_count, book, &own, err));
    ms_status status = ms_ledger_case(&out->kase, book, NULL, findings, err);
    if (status != MS_OK) {
        ms_case_files_free(out->own, out->own_count);
        out->own = NULL;
    }
    return status;
}

ms_status ms_desk_read_book_case(ms_held_case *out, int64_t *entries, ms_desk *desk, ms_findings *findings,
                                 ms_error *err)
{
    ms_book *book = NULL;
    MS_TRY(ms_book_open(&book, desk->place.path, NULL, err));
    ms_status status = ms_book_begin_read(book, err);
    if (status == MS_OK)
        status = ms_book_position(entries, book, err);
    if (status == MS_OK)
        status = read_case(out, book, findings, err);
    ms_book_close(book);
    return status;
}

/* ---- for a request ---- */

static ms_status no_book(ms_error *err)
{
    return ms_error_set(err, MS_NOT_FOUND, "no book is open here; `mainstay serve BOOK` opens one");
}

ms_status ms_desk_read_book(ms_book **out, ms_desk *desk, ms_error *err)
{
    const char *path = ms_desk_book(desk);
    return path ? ms_book_open(out, path, NULL, err) : no_book(err);
}

ms_status ms_desk_check_book(ms_desk *desk, ms_error *err)
{
    if (!ms_desk_book(desk))
        return no_book(err);
    const ms_desk_place *place = &desk->place;
    return place->book ? MS_OK : ms_error_set(err, MS_USAGE, "nothing can be written: %s", place->no_book.message);
}

/* True when the lock was had within so many seconds. */
static bool lock_within(pthread_mutex_t *lock, double seconds)
{
    const long nanoseconds = 1000000000;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)seconds;
    until.tv_nsec += (long)((seconds - (double)(time_t)seconds) * (double)nanoseconds);
    until.tv_sec += until.tv_nsec / nanoseconds;
    until.tv_nsec %= nanoseconds;
    return pthread_mutex_timedlock(lock, &until) == 0;
}

static void note_job_writes(ms_desk *desk, bool writes)
{
    pthread_mutex_lock(&desk->lock);
    desk->job_writes = writes;
    pthread_mutex_unlock(&desk->lock);
}

static bool job_writes(ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    bool writes = desk->job_writes;
    pthread_mutex_unlock(&desk->lock);
    return writes;
}

/* A thread that answers requests stands still meanwhile, and with it all who wait for it. */
ms_status ms_desk_begin_writing(ms_desk *desk, ms_error *err)
{
    const double slice_s = 0.25;
    for (double waited = 0; waited < MS_DESK_WRITE_WAIT_S; waited += slice_s) {
        if (lock_within(&desk->place.writing, slice_s))
            return MS_OK;
        if (job_writes(desk))
            return ms_error_set(err, MS_LIMIT,
                                "a release is being made or taken; nothing was changed, try again when "
                                "that is done");
    }
    return ms_error_set(err, MS_LIMIT, "others are writing; nothing was changed, try again in a moment");
}

/* With place.writing held, which is let go on failure. */
static ms_status lend(ms_book **out, ms_desk *desk, const char *who, ms_error *err)
{
    ms_status status = ms_book_set_author(desk->place.book, who, err);
    if (status == MS_OK)
        *out = desk->place.book;
    else
        pthread_mutex_unlock(&desk->place.writing);
    return status;
}

ms_status ms_desk_write_book(ms_book **out, ms_desk *desk, const char *who, ms_error *err)
{
    MS_TRY(ms_desk_check_book(desk, err));
    MS_TRY(ms_desk_begin_writing(desk, err));
    return lend(out, desk, who, err);
}

ms_status ms_desk_lend_book(ms_book **out, ms_desk *desk, const char *who, ms_error *err)
{
    MS_TRY(ms_desk_check_book(desk, err));
    pthread_mutex_lock(&desk->place.writing);
    note_job_writes(desk, true);
    ms_status status = lend(out, desk, who, err);
    if (status != MS_OK)
        note_job_writes(desk, false);
    return status;
}

void ms_desk_let_book(ms_desk *desk, ms_book *book)
{
    if (!book)
        return;
    ms_book_rollback(book);
    note_job_writes(desk, false); /* whoever had it */
    pthread_mutex_unlock(&desk->place.writing);
    ms_desk_look(desk);
}
