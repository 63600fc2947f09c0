/* desk_book.c: the book of a desk (desk.h). Whoever reads gets a handle of his own; the one that writes is opened at
 * the start, when the key's passphrase is known, and lent to one request at a time. Its key lies in locked memory, the
 * passphrase nowhere. */
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

ms_status ms_desk_write_book(ms_book **out, ms_desk *desk, const char *who, ms_error *err)
{
    if (!ms_desk_book(desk))
        return no_book(err);
    ms_desk_place *place = &desk->place;
    pthread_mutex_lock(&place->writing);
    ms_status status = MS_OK;
    if (place->book)
        status = ms_book_set_author(place->book, who, err);
    else
        status = ms_error_set(err, MS_USAGE, "nothing can be written: %s", place->no_book.message);
    if (status == MS_OK)
        *out = place->book;
    else
        pthread_mutex_unlock(&place->writing);
    return status;
}

void ms_desk_let_book(ms_desk *desk, ms_book *book)
{
    if (!book)
        return;
    ms_book_rollback(book);
    pthread_mutex_unlock(&desk->place.writing);
    ms_desk_look(desk);
}
