/* rotate.c: a book gets another key. See mainstay.h.
 *
 * The new secret is on the disk, beside the old one, before the log says that it counts, and takes the old one's place
 * after: whatever moment the power goes, the key that the log names is there, and opening the book finishes the work
 * (read_key in book.c).
 */
#include <stdio.h>
#include <string.h>

#include "base/file_private.h"
#include "book/book_private.h"

enum { PATH_BYTES = 4096 };

static ms_status name_of(char out[PATH_BYTES], const ms_book *book, const char *suffix, ms_error *err)
{
    int wrote = snprintf(out, PATH_BYTES, "%s%s", book->store.path, suffix);
    return wrote > 0 && wrote < PATH_BYTES
               ? MS_OK
               : ms_error_set(err, MS_USAGE, "the path is longer than %d bytes", PATH_BYTES - 1);
}

/* Gives next the name of the book's key, for good. */
static ms_status put_in_place(const char *next, const char *path, ms_error *err)
{
    ms_place place;
    if (rename(next, path) != 0)
        return ms_error_at(err, MS_IO, next, 0, 0, "the new key counts, but cannot be renamed to %s", path);
    MS_TRY(ms_place_open(&place, path, err));
    int error = ms_file_sync(place.folder);
    ms_place_close(&place);
    return error == 0 ? MS_OK : ms_file_failed(err, path, "write the file", error);
}

/* Writes the new key beside the old, and the entry that makes it count, signed by signer. */
static ms_status write_both(ms_book *book, ms_key *next, ms_key *signer, const char *action, const char *next_path,
                            const char *passphrase, ms_error *err)
{
    ms_key *usual = book->key;
    ms_buf body = {0};
    MS_TRY(ms_key_write(next, next_path, passphrase, true, err));
    ms_status status = ms_key_body_put(&body, action, ms_key_public(next), err);
    if (status == MS_OK) {
        ms_draft draft = {MS_KIND_KEY, "book", body.text, body.length};
        book->key = signer;
        status = ms_book_append(NULL, book, &draft, 1, err);
        book->key = usual;
    }
    ms_buf_free(&body);
    return status;
}

static ms_status change_key(ms_book *book, bool lost, const char *passphrase, ms_error *err)
{
    char path[PATH_BYTES], next_path[PATH_BYTES];
    ms_key *next = NULL;
    MS_TRY(name_of(path, book, ".key", err));
    MS_TRY(name_of(next_path, book, ".key.next", err));
    MS_TRY(ms_key_make(&next, book->public.partner, ms_book_now(book), err));
    ms_status status = write_both(book, next, lost ? next : book->key, lost ? "replaced" : "rotated", next_path,
                                  passphrase, err);
    if (status != MS_OK) {
        ms_key_free(next);
        return status;
    }
    ms_key_free(book->key);
    book->key = next;
    book->public = *ms_key_public(next);
    return put_in_place(next_path, path, err);
}

ms_status ms_book_rotate_key(ms_book *book, const char *passphrase, ms_error *err)
{
    if (book->key == NULL)
        return ms_error_set(err, MS_USAGE, "%s was opened to read", book->store.path);
    return change_key(book, false, passphrase, err);
}

ms_status ms_book_replace_key(ms_book *book, const char *passphrase, ms_error *err)
{
    ms_store writable = {0};
    if (book->key != NULL)
        return ms_error_set(err, MS_USAGE, "%s has its key; rotate it", book->store.path);
    MS_TRY(ms_book_open_store(&writable, book->store.path, MS_STORE_WRITE, 0, err));
    ms_store_close(&book->store);
    book->store = writable;
    return change_key(book, true, passphrase, err);
}
