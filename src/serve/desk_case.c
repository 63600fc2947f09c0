/* desk_case.c: what is open before a server, and the case in it. See desk.h.
 *
 * A thread looks twice a second whether the files have changed (their size, time and place on the disk: 20 calls of
 * stat); only then they are read. A case that reads the same is no new generation. While what is there cannot be read
 * (a file half written, a slip of somebody's pen) the case stays as it was, and the reason is told.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "case/format.h"
#include "case/save.h"
#include "serve/desk_private.h"

enum { PATH_BYTES = 4096 };

/* ---- what the files look like ---- */

static uint64_t look_at(uint64_t hash, const char *path, const char *name)
{
    char whole[PATH_BYTES];
    struct stat is = {0};
    int length = snprintf(whole, sizeof whole, "%s%s", path, name);
    if (length < 0 || length >= PATH_BYTES || stat(whole, &is) != 0)
        return ms_hash_bytes(hash, "-", 1);
    const int64_t facts[] = {(int64_t)is.st_ino, (int64_t)is.st_size, is.st_mtim.tv_sec, is.st_mtim.tv_nsec};
    return ms_hash_bytes(hash, facts, sizeof facts);
}

static uint64_t look(const ms_desk_place *place)
{
    int count;
    char name[64];
    const ms_format_file *files = ms_format_files(&count);
    uint64_t hash = MS_HASH_START;
    if (place->is_book)
        return look_at(look_at(hash, place->path, ""), place->path, "-wal");
    hash = look_at(hash, place->path, "/" MS_SAVING);
    for (int f = 0; f < count; f++) {
        snprintf(name, sizeof name, "/%s", files[f].name);
        hash = look_at(hash, place->path, name);
    }
    return hash;
}

/* ---- generations ---- */

void ms_desk_drop_case(ms_held_case *held)
{
    if (!held || --held->holders > 0)
        return;
    ms_case_free(held->kase);
    ms_findings_free(&held->findings);
    ms_case_files_free(held->own, held->own_count);
    ms_free(held);
}

const ms_case_file *ms_held_case_own(const ms_held_case *held, const char *name)
{
    return held->own ? ms_case_files_find(held->own, held->own_count, name)
                     : ms_case_files_find(held->kase->files, held->kase->file_count, name);
}

static void tell_case(ms_desk *desk)
{
    ms_buf text = {0};
    ms_json json;
    char trouble[MS_MESSAGE_BYTES];
    ms_held_case *held = ms_desk_hold_case(desk);
    ms_json_start(&json, &text);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "generation", held ? held->generation : 0);
    ms_json_string(&json, "trouble", ms_desk_trouble(trouble, desk));
    ms_json_close_object(&json);
    if (!text.failed)
        ms_desk_tell(desk, "case", &text);
    ms_buf_free(&text);
    ms_desk_let_case(desk, held);
}

static void tell_book(ms_desk *desk, int64_t entries)
{
    ms_buf text = {0};
    ms_buf_printf(&text, "{\"entries\": %lld}", (long long)entries);
    if (!text.failed)
        ms_desk_tell(desk, "book", &text);
    ms_buf_free(&text);
}

/* Puts what was read in the place of the desk's case. */
static ms_status put_case(ms_desk *desk, const ms_held_case *read, ms_findings *findings, ms_error *err)
{
    ms_held_case *held = ms_alloc(1, sizeof *held);
    if (!held)
        return ms_error_memory(err);
    *held = *read;
    held->holders = 1;
    held->findings = *findings;
    *findings = (ms_findings){0};
    pthread_mutex_lock(&desk->lock);
    ms_held_case *old = desk->held;
    held->generation = ++desk->generations;
    desk->held = held;
    desk->version++;
    desk->trouble[0] = '\0';
    ms_desk_drop_case(old);
    pthread_mutex_unlock(&desk->lock);
    tell_case(desk);
    return MS_OK;
}

static bool same_files(const ms_held_case *a, const ms_held_case *b)
{
    bool same = a->kase->digest == b->kase->digest && a->own_count == b->own_count;
    for (int f = 0; same && f < a->own_count; f++)
        same = a->own[f].length == b->own[f].length && memcmp(a->own[f].bytes, b->own[f].bytes, a->own[f].length) == 0;
    return same;
}

/* Whether the desk's case is of the same files; then it stays, and what could not be read is past. */
static bool is_same(ms_desk *desk, const ms_held_case *read)
{
    pthread_mutex_lock(&desk->lock);
    bool same = desk->held && same_files(desk->held, read);
    bool mended = same && desk->trouble[0] != '\0';
    if (mended)
        desk->trouble[0] = '\0';
    pthread_mutex_unlock(&desk->lock);
    if (mended)
        tell_case(desk);
    return same;
}

static void note_entries(ms_desk *desk, int64_t entries)
{
    if (entries == desk->place.entries)
        return;
    desk->place.entries = entries;
    pthread_mutex_lock(&desk->lock);
    desk->version++;
    pthread_mutex_unlock(&desk->lock);
    tell_book(desk, entries);
}

/* With place.writing held: reads what is open and makes it the next generation unless it is the same. findings get what
 * reading found. */
static ms_status reload(ms_desk *desk, ms_findings *findings, ms_error *err)
{
    ms_desk_place *place = &desk->place;
    ms_held_case read = {0};
    int64_t entries = 0;
    uint64_t seen = look(place);
    ms_status status = place->is_book ? ms_desk_read_book_case(&read, &entries, desk, findings, err)
                                      : ms_case_open(&read.kase, place->path, findings, err);
    place->seen = seen;
    if (place->is_book)
        note_entries(desk, entries);
    if (status != MS_OK || !read.kase)
        return status;
    bool same = is_same(desk, &read);
    status = same ? MS_OK : put_case(desk, &read, findings, err);
    if (same || status != MS_OK) {
        ms_case_free(read.kase);
        ms_case_files_free(read.own, read.own_count);
    }
    return status;
}

static void note_trouble(ms_desk *desk, const ms_error *err)
{
    char trouble[MS_MESSAGE_BYTES];
    if (err->file[0] && err->line > 0)
        snprintf(trouble, sizeof trouble, "%.100s:%d: %.380s", err->file, err->line, err->message);
    else
        snprintf(trouble, sizeof trouble, "%s", err->message);
    pthread_mutex_lock(&desk->lock);
    bool fresh = strcmp(desk->trouble, trouble) != 0;
    memcpy(desk->trouble, trouble, sizeof trouble);
    pthread_mutex_unlock(&desk->lock);
    if (fresh)
        tell_case(desk);
}

ms_status ms_desk_refresh(ms_desk *desk, ms_error *err)
{
    ms_findings findings = {0};
    ms_error wrong = {0};
    if (look(&desk->place) == desk->place.seen)
        return MS_OK;
    ms_status status = reload(desk, &findings, &wrong);
    if (status != MS_OK) {
        note_trouble(desk, &wrong);
        *err = wrong;
    }
    ms_findings_free(&findings);
    return status;
}

void ms_desk_look(ms_desk *desk)
{
    ms_error err = {0};
    pthread_mutex_lock(&desk->place.writing);
    if (desk->place.is_open)
        (void)ms_desk_refresh(desk, &err);
    pthread_mutex_unlock(&desk->place.writing);
}

char *ms_desk_trouble(char out[MS_MESSAGE_BYTES], ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    memcpy(out, desk->trouble, MS_MESSAGE_BYTES);
    pthread_mutex_unlock(&desk->lock);
    return out;
}

/* ---- opening ---- */

static void *watch(void *context)
{
    const long half_second_ns = 500000000, second_ns = 1000000000;
    ms_desk *desk = context;
    unsigned looks = 0;
    pthread_mutex_lock(&desk->lock);
    while (!desk->closing) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += half_second_ns;
        until.tv_sec += until.tv_nsec / second_ns;
        until.tv_nsec %= second_ns;
        pthread_cond_timedwait(&desk->closes, &desk->lock, &until);
        if (desk->closing)
            break;
        pthread_mutex_unlock(&desk->lock);
        ms_desk_look(desk);
        if (++looks % MS_DESK_BEAT_LOOKS == 0)
            ms_desk_beat(desk);
        pthread_mutex_lock(&desk->lock);
    }
    pthread_mutex_unlock(&desk->lock);
    return NULL;
}

void ms_desk_close_place(ms_desk *desk)
{
    ms_desk_place *place = &desk->place;
    ms_book_close(place->book);
    ms_free(place->path);
    place->book = NULL;
    place->path = NULL;
}

/* With place.writing held. */
static ms_status open_place(ms_desk *desk, const char *path, const ms_desk_access *access, ms_findings *findings,
                            ms_error *err)
{
    ms_desk_place *place = &desk->place;
    char *copy = ms_strdup(path);
    if (!copy)
        return ms_error_memory(err);
    place->is_book = ms_book_is_one(path);
    place->read_only = access->read_only;
    place->path = copy;
    ms_status status = place->is_book ? ms_desk_open_book(desk, access, err) : MS_OK;
    if (!place->is_book && !place->read_only && ms_file_is_dir(path) && ms_case_save_tidy(path, NULL) != MS_OK)
        place->read_only = true; /* what somebody left is read as it should be, but nothing can be saved */
    if (status == MS_OK)
        status = reload(desk, findings, err);
    if (status == MS_OK && !desk->watching) {
        desk->watching = pthread_create(&desk->watcher, NULL, watch, desk) == 0;
        if (!desk->watching)
            status = ms_error_set(err, MS_LIMIT, "the system gives no thread to watch %s with", path);
    }
    if (status != MS_OK)
        ms_desk_close_place(desk);
    pthread_mutex_lock(&desk->lock);
    place->is_open = status == MS_OK;
    pthread_mutex_unlock(&desk->lock);
    return status;
}

ms_status ms_desk_open(ms_desk *desk, const char *path, const ms_desk_access *access, ms_findings *findings,
                       ms_error *err)
{
    const ms_desk_access none = {0};
    pthread_mutex_lock(&desk->place.writing);
    ms_status status = desk->place.is_open ? ms_error_set(err, MS_USAGE, "%s is open already", desk->place.path)
                                           : open_place(desk, path, access ? access : &none, findings, err);
    pthread_mutex_unlock(&desk->place.writing);
    return status;
}

const char *ms_desk_path(ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    const char *path = desk->place.is_open ? desk->place.path : NULL;
    pthread_mutex_unlock(&desk->lock);
    return path;
}

bool ms_desk_is_writable(ms_desk *desk)
{
    const char *path = ms_desk_path(desk);
    return path && !desk->place.read_only && (!desk->place.is_book || desk->place.book);
}

/* ---- the case ---- */

ms_held_case *ms_desk_hold_case(ms_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    ms_held_case *held = desk->held;
    if (held)
        held->holders++;
    pthread_mutex_unlock(&desk->lock);
    return held;
}

void ms_desk_let_case(ms_desk *desk, ms_held_case *held)
{
    if (!held)
        return;
    pthread_mutex_lock(&desk->lock);
    ms_desk_drop_case(held);
    pthread_mutex_unlock(&desk->lock);
}
