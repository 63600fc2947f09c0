/* transport.c: sending and fetching through any place; the folder. See transport.h. */
#include "exchange/transport.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bundle.h"
#include "exchange/contact.h"
#include "exchange/link.h"

/* ---- names ---- */

static const char SUFFIX[] = ".release";

/* Partners' ids may hold dashes: the number is behind the last, and the two ids are told apart by who is asked about.
 */
static bool name_is(int64_t *number, const char *name, const char *from, const char *to)
{
    size_t length = strlen(name), f = strlen(from), t = strlen(to), tail = 12 + sizeof SUFFIX - 1;
    if (length != f + 1 + t + 1 + tail || strncmp(name, from, f) != 0 || name[f] != '-' ||
        strncmp(name + f + 1, to, t) != 0 || name[f + 1 + t] != '-' || strcmp(name + length - 8, SUFFIX) != 0)
        return false;
    const char *digits = name + f + t + 2;
    if (strspn(digits, "0123456789") != 12)
        return false;
    *number = strtoll(digits, NULL, 10);
    return *number > 0;
}

/* ---- the folder ---- */

static ms_status folder_failed(const char *path, int error, ms_error *err)
{
    return ms_error_at(err, error == ENOENT ? MS_NOT_FOUND : MS_IO, path, 0, 0, "cannot read the folder: %s",
                       error == ENOENT ? "it is not there" : strerror(error));
}

static ms_status folder_list(void *place, ms_name_visit visit, void *context, ms_error *err)
{
    DIR *folder = opendir(place);
    if (folder == NULL)
        return folder_failed(place, errno, err);
    ms_status status = MS_OK;
    const struct dirent *entry;
    for (size_t count = 0; status == MS_OK && (entry = readdir(folder)) != NULL && count < MS_PLACE_NAMES_MOST; count++)
        if (entry->d_name[0] != '.')
            status = visit(context, entry->d_name, err);
    closedir(folder);
    return status;
}

static ms_status path_of(char **out, const char *folder, const char *name, ms_error *err)
{
    ms_buf path = {0};
    ms_buf_printf(&path, "%s/%s", folder, name);
    if (path.failed)
        return ms_error_memory(err);
    *out = path.text;
    return MS_OK;
}

static ms_status folder_get(ms_buf *out, void *place, const char *name, ms_error *err)
{
    char *path = NULL, *bytes = NULL;
    size_t length;
    MS_TRY(path_of(&path, place, name, err));
    ms_status status = ms_file_read(&bytes, &length, path, MS_BUNDLE_BYTES, err);
    if (status == MS_OK)
        ms_buf_put(out, bytes, length);
    ms_free(bytes);
    ms_free(path);
    return status == MS_OK && out->failed ? ms_error_memory(err) : status;
}

static ms_status folder_put(void *place, const char *name, const ms_buf *bytes, ms_error *err)
{
    char *path = NULL;
    MS_TRY(path_of(&path, place, name, err));
    ms_status status = ms_file_write(path, bytes->text, bytes->length, err);
    ms_free(path);
    return status;
}

const ms_transport ms_transport_folder = {folder_list, folder_get, folder_put, NULL};

/* ---- which numbers the place has ---- */

typedef struct {
    const char *from, *to;
    int64_t above; /* only numbers above this */
    int64_t *numbers;
    size_t count, capacity;
} number_list;

static ms_status list_number(void *context, const char *name, ms_error *err)
{
    number_list *list = context;
    int64_t number;
    void *block = list->numbers;
    if (!name_is(&number, name, list->from, list->to) || number <= list->above)
        return MS_OK;
    if (!ms_grow(&block, &list->capacity, list->count + 1, sizeof *list->numbers))
        return ms_error_memory(err);
    list->numbers = block;
    list->numbers[list->count++] = number;
    return MS_OK;
}

static int by_number(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static ms_status list_numbers(number_list *list, const ms_transport *transport, void *place, ms_error *err)
{
    MS_TRY(transport->list(place, list_number, list, err));
    if (list->count > 1)
        qsort(list->numbers, list->count, sizeof *list->numbers, by_number);
    return MS_OK;
}

static bool has_number(const number_list *list, int64_t number)
{
    return list->count > 0 && bsearch(&number, list->numbers, list->count, sizeof number, by_number) != NULL;
}

/* ---- sending ---- */

typedef struct {
    ms_book *book;
    const ms_link_options *link; /* or NULL */
    const ms_transport *transport;
    void *place;
    const char *place_name;
    bool sends;
    const char *partner; /* NULL: all */
    ms_exchange_tell tell;
    void *context;
    char (*names)[MS_PARTNER_BYTES];
    size_t count, capacity;
} courier;

/* Around all that waits for the place: book and caller are not to be kept waiting with it. */
static ms_status begin_waiting(const courier *c, ms_error *err)
{
    return c->link != NULL && c->link->awaits != NULL ? c->link->awaits(c->link->context, true, err) : MS_OK;
}

/* status is how the waiting ended; that the book is not to be had any more goes before it. */
static ms_status end_waiting(const courier *c, ms_status status, ms_error *err)
{
    ms_error wrong = {0};
    ms_status back = MS_OK;
    if (c->link != NULL && c->link->awaits != NULL)
        back = c->link->awaits(c->link->context, false, &wrong);
    if (back == MS_OK)
        return status;
    if (err != NULL)
        *err = wrong;
    return back;
}

static ms_status put_there(const courier *c, const char *name, const ms_buf *bundle, ms_error *err)
{
    MS_TRY(begin_waiting(c, err));
    return end_waiting(c, c->transport->put(c->place, name, bundle, err), err);
}

static ms_status drop_there(const courier *c, const char *name, ms_error *err)
{
    MS_TRY(begin_waiting(c, err));
    return end_waiting(c, c->transport->drop(c->place, name, err), err);
}

static ms_status get_there(ms_buf *bundle, const courier *c, const char *name, ms_error *err)
{
    MS_TRY(begin_waiting(c, err));
    return end_waiting(c, c->transport->get(bundle, c->place, name, err), err);
}

static ms_status list_there(number_list *list, const courier *c, ms_error *err)
{
    MS_TRY(begin_waiting(c, err));
    return end_waiting(c, list_numbers(list, c->transport, c->place, err), err);
}

static ms_status put_release(courier *c, const char *partner, int64_t number, ms_error *err)
{
    ms_buf bundle = {0}, name = {0};
    ms_release_note note;
    ms_status status = ms_exchange_make(&bundle, &note, c->book, partner, number, false, err);
    if (status == MS_OK) {
        ms_exchange_name(&name, ms_book_partner(c->book), partner, note.number);
        status = name.failed ? ms_error_memory(err) : put_there(c, name.text, &bundle, err);
    }
    if (status == MS_OK)
        c->tell(c->context, &note, NULL);
    ms_buf_free(&bundle);
    ms_buf_free(&name);
    return status;
}

/* Numbers beyond the book's own: it would make another release of the same number. */
static ms_status check_ahead(const number_list *there, const ms_channel *channel, ms_error *err)
{
    int64_t last = there->count == 0 ? 0 : there->numbers[there->count - 1];
    if (last <= channel->given || last <= channel->acked)
        return MS_OK;
    return ms_error_set(err, MS_BAD_INPUT,
                        "the place has release %lld to %s, and this book has made %lld: it was restored from a backup. "
                        "Fetch first: what %s has taken tells the book where to go on",
                        (long long)last, channel->partner, (long long)channel->given, channel->partner);
}

/* What the partner has, and no whole release is made again from: the place need not keep it. */
static ms_status drop_old(courier *c, const char *partner, const number_list *there, int64_t first, ms_error *err)
{
    for (size_t ix = 0; ix < there->count && there->numbers[ix] < first && c->transport->drop != NULL; ix++) {
        ms_buf name = {0};
        ms_exchange_name(&name, ms_book_partner(c->book), partner, there->numbers[ix]);
        ms_status status = name.failed ? ms_error_memory(err) : drop_there(c, name.text, err);
        ms_buf_free(&name);
        MS_TRY(status);
    }
    return MS_OK;
}

/* What the partner has not acknowledged and the place lacks, from the last whole release on; then the next. */
static ms_status send_to(courier *c, const char *partner, ms_error *err)
{
    ms_channel channel;
    MS_TRY(ms_channel_read(&channel, c->book, partner, err));
    int64_t first = channel.acked + 1 > channel.given_whole ? channel.acked + 1 : channel.given_whole;
    number_list there = {.from = ms_book_partner(c->book), .to = partner};
    ms_status status = list_there(&there, c, err);
    if (status == MS_OK)
        status = check_ahead(&there, &channel, err);
    if (status == MS_OK)
        status = drop_old(c, partner, &there, first, err);
    for (int64_t number = first; number > 0 && number <= channel.given && status == MS_OK; number++)
        if (!has_number(&there, number))
            status = put_release(c, partner, number, err);
    ms_free(there.numbers);
    return status == MS_OK ? put_release(c, partner, 0, err) : status;
}

/* ---- fetching ---- */

static ms_status take_from_place(courier *c, const char *partner, int64_t number, ms_error *err)
{
    ms_buf bundle = {0}, name = {0};
    ms_release_note note = {0};
    ms_error wrong = {0};
    ms_exchange_name(&name, partner, ms_book_partner(c->book), number);
    ms_status status = name.failed ? ms_error_memory(&wrong) : get_there(&bundle, c, name.text, &wrong);
    if (status == MS_OK)
        status = ms_exchange_take(&note, c->book, bundle.text, bundle.length, name.text, &wrong);
    if (status == MS_OK || status == MS_BAD_INPUT)
        c->tell(c->context, &note, status == MS_OK ? NULL : &wrong);
    else if (err != NULL)
        *err = wrong;
    ms_buf_free(&bundle);
    ms_buf_free(&name);
    return status == MS_BAD_INPUT ? MS_OK : status;
}

/* In the order of numbers. What is refused is told and does not hold up the others: a whole release may follow. */
static ms_status fetch_from(courier *c, const char *partner, ms_error *err)
{
    ms_channel channel;
    MS_TRY(ms_channel_read(&channel, c->book, partner, err));
    number_list there = {.from = partner, .to = ms_book_partner(c->book), .above = channel.taken};
    ms_status status = list_there(&there, c, err);
    for (size_t ix = 0; ix < there.count && status == MS_OK; ix++)
        status = take_from_place(c, partner, there.numbers[ix], err);
    ms_free(there.numbers);
    return status;
}

/* ---- all partners ---- */

static ms_status list_partner(void *context, const ms_trust *trust, ms_error *err)
{
    courier *c = context;
    void *block = c->names;
    if (trust->revoked || (c->partner != NULL && strcmp(c->partner, trust->key.partner) != 0))
        return MS_OK;
    if (!ms_grow(&block, &c->capacity, c->count + 1, sizeof *c->names))
        return ms_error_memory(err);
    c->names = block;
    memcpy(c->names[c->count++], trust->key.partner, MS_PARTNER_BYTES);
    return MS_OK;
}

static ms_status with_partners(courier *c, ms_status (*step)(courier *, const char *, ms_error *), ms_error *err)
{
    ms_trust trust;
    if (c->partner != NULL)
        MS_TRY(ms_trust_find(&trust, c->book, c->partner, err));
    ms_status status = ms_trust_each(c->book, list_partner, c, err);
    if (status == MS_OK && c->count == 0)
        status = ms_error_set(err, MS_USAGE, "no partner is trusted yet; `mainstay exchange trust` makes one");
    for (size_t ix = 0; ix < c->count && status == MS_OK; ix++) {
        ms_error wrong = {0};
        status = step(c, c->names[ix], &wrong);
        ms_contact_note(c->book, c->names[ix], c->place_name, c->sends, status == MS_OK ? NULL : &wrong);
        if (status != MS_OK && err != NULL)
            *err = wrong;
    }
    ms_free(c->names);
    return status;
}

/* Opens the place, and goes through the partners with one step. */
static ms_status through(courier *c, const char *place, const ms_link_options *options,
                         ms_status (*step)(courier *, const char *, ms_error *), ms_error *err)
{
    ms_link *link = NULL;
    c->transport = &ms_transport_folder;
    c->place = (void *)(uintptr_t)place;
    c->place_name = place;
    if (ms_link_is_address(place)) {
        MS_TRY(ms_link_open(&link, place, options, err));
        c->transport = &ms_transport_http;
        c->place = link;
    }
    ms_status status = with_partners(c, step, err);
    ms_link_close(link);
    return status;
}

ms_status ms_exchange_send(ms_book *book, const char *place, const ms_link_options *link, const char *partner,
                           ms_exchange_tell tell, void *context, ms_error *err)
{
    courier c = {.book = book, .link = link, .partner = partner, .sends = true, .tell = tell, .context = context};
    return through(&c, place, link, send_to, err);
}

ms_status ms_exchange_fetch(ms_book *book, const char *place, const ms_link_options *link, const char *partner,
                            ms_exchange_tell tell, void *context, ms_error *err)
{
    courier c = {.book = book, .link = link, .partner = partner, .tell = tell, .context = context};
    return through(&c, place, link, fetch_from, err);
}
