/* postbox.c: releases on a server, for couriers. See postbox.h. */
#include "exchange/postbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file_private.h"
#include "exchange/bundle.h"

static const char INCOMING[] = ".incoming";
static const char SUFFIX[] = ".release";
enum { DIGITS = 12, TAIL = 1 + DIGITS + sizeof SUFFIX - 1, NAME_MOST = 2 * MS_PARTNER_BYTES + TAIL };

struct ms_postbox {
    int folder, incoming; /* -1: not open */
    char *path;
    char (*couriers)[MS_PARTNER_BYTES];
    size_t courier_count;
    int64_t bytes_most;
    size_t files_most;
    pthread_mutex_t lock; /* over what is written */
    bool locks;
};

/* ---- opening ---- */

static ms_status open_folders(ms_postbox *box, ms_error *err)
{
    if (mkdir(box->path, 0700) != 0 && errno != EEXIST)
        return ms_file_failed(err, box->path, "make the folder", errno);
    box->folder = open(box->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (box->folder < 0)
        return ms_file_failed(err, box->path, "open the folder", errno);
    if (mkdirat(box->folder, INCOMING, 0700) != 0 && errno != EEXIST)
        return ms_file_failed(err, box->path, "write in the folder", errno);
    box->incoming = openat(box->folder, INCOMING, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return box->incoming >= 0 ? MS_OK : ms_file_failed(err, box->path, "open .incoming in the folder", errno);
}

static ms_status open_box(ms_postbox *box, const ms_postbox_options *options, ms_error *err)
{
    box->bytes_most = options->bytes_most > 0 ? options->bytes_most : (int64_t)MS_POSTBOX_MIB << 20;
    box->files_most = options->files_most > 0 ? options->files_most : MS_POSTBOX_FILES;
    box->path = ms_strdup(options->folder);
    box->couriers = ms_alloc(options->courier_count, sizeof *box->couriers);
    if (box->path == NULL || box->couriers == NULL)
        return ms_error_memory(err);
    for (size_t ix = 0; ix < options->courier_count; ix++)
        snprintf(box->couriers[ix], MS_PARTNER_BYTES, "%s", options->couriers[ix]);
    box->courier_count = options->courier_count;
    box->locks = pthread_mutex_init(&box->lock, NULL) == 0;
    MS_TRY(ms_key_ready(err));
    return box->locks ? open_folders(box, err) : ms_error_memory(err);
}

ms_status ms_postbox_open(ms_postbox **out, const ms_postbox_options *options, ms_error *err)
{
    ms_postbox *box = ms_alloc(1, sizeof *box);
    if (box == NULL)
        return ms_error_memory(err);
    box->folder = box->incoming = -1;
    ms_status status = open_box(box, options, err);
    if (status == MS_OK)
        *out = box;
    else
        ms_postbox_close(box);
    return status;
}

void ms_postbox_close(ms_postbox *box)
{
    if (box == NULL)
        return;
    if (box->incoming >= 0)
        close(box->incoming);
    if (box->folder >= 0)
        close(box->folder);
    if (box->locks)
        pthread_mutex_destroy(&box->lock);
    ms_free(box->path);
    ms_free(box->couriers);
    ms_free(box);
}

/* ---- names: who may ---- */

typedef enum { STRANGER, WRITER, READER } part;

/* The longest courier at the beginning (or the end) of ids[0..length), "FROM-TO"; NULL none. */
static const char *courier_at(const ms_postbox *box, const char *ids, size_t length, bool end)
{
    const char *found = NULL;
    for (size_t ix = 0; ix < box->courier_count; ix++) {
        const char *courier = box->couriers[ix];
        size_t own = strlen(courier);
        if (own + 2 > length || (found != NULL && strlen(found) >= own))
            continue;
        const char *at = end ? ids + length - own : ids, *dash = end ? at - 1 : at + own;
        if (*dash == '-' && memcmp(at, courier, own) == 0)
            found = courier;
    }
    return found;
}

static bool is_tail(const char *tail)
{
    return tail[0] == '-' && strspn(tail + 1, "0123456789") == DIGITS && strcmp(tail + 1 + DIGITS, SUFFIX) == 0 &&
           strtoll(tail + 1, NULL, 10) > 0;
}

/* What the courier is to the release of this name. Ids may hold dashes: where two couriers fit, the longer one is
 * meant, and a name that then does not come out even is nobody's. */
static part part_of(const ms_postbox *box, const char *courier, const char *name)
{
    size_t length = strlen(name);
    if (length > NAME_MOST || length < TAIL + 3 || name[0] == '.' || !is_tail(name + length - TAIL))
        return STRANGER;
    length -= TAIL;
    for (size_t ix = 0; ix < length; ix++)
        if ((unsigned char)name[ix] <= ' ' || name[ix] == '/' || name[ix] == 0x7F)
            return STRANGER;
    const char *from = courier_at(box, name, length, false), *to = courier_at(box, name, length, true);
    size_t from_length = from == NULL ? 0 : strlen(from), to_length = to == NULL ? 0 : strlen(to);
    if (from != NULL && to != NULL && from_length + 1 + to_length != length)
        return STRANGER;
    if (from != NULL && strcmp(from, courier) == 0)
        return length - from_length - 1 < MS_PARTNER_BYTES ? WRITER : STRANGER;
    if (to != NULL && strcmp(to, courier) == 0)
        return length - to_length - 1 < MS_PARTNER_BYTES ? READER : STRANGER;
    return STRANGER;
}

/* ---- answers ---- */

static ms_post failed(const char *what, int error, ms_error *err)
{
    bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    (void)ms_file_failed(err, "", what, error); /* where the folder is, is no courier's business */
    return full ? MS_POST_FULL : MS_POST_FAILED;
}

static ms_post answer(ms_post post, ms_status code, ms_error *err, const char *text)
{
    (void)ms_error_set(err, code, "%s", text);
    return post;
}

static ms_post denied(ms_error *err, part wanted, const char *courier)
{
    char text[256];
    if (wanted == WRITER)
        snprintf(text, sizeof text, "%s puts its own releases alone: %s-TO-NUMBER.release, with 12 digits", courier,
                 courier);
    else
        snprintf(text, sizeof text, "%s gets releases for it alone: FROM-%s-NUMBER.release, with 12 digits", courier,
                 courier);
    return answer(MS_POST_DENIED, MS_USAGE, err, text);
}

static ms_post different(ms_error *err)
{
    return answer(MS_POST_DIFFERENT, MS_BAD_INPUT, err,
                  "the place has another release of that number: was the book restored from a backup, or does somebody "
                  "else send in its name?");
}

/* ---- listing ---- */

/* Visits the plain files of a folder whose names begin as those of releases do. */
typedef bool (*file_visit)(void *context, const char *name, const struct stat *facts);

static int each_file(int folder, file_visit visit, void *context)
{
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (listing == NULL) {
        int error = errno;
        if (copy >= 0)
            close(copy);
        return error;
    }
    const struct dirent *entry;
    bool go_on = true;
    while (go_on && (entry = readdir(listing)) != NULL) {
        struct stat facts;
        if (entry->d_name[0] != '.' && fstatat(folder, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(facts.st_mode))
            go_on = visit(context, entry->d_name, &facts);
    }
    closedir(listing);
    return 0;
}

typedef struct {
    const ms_postbox *box;
    const char *courier;
    ms_post_visit visit;
    void *context;
} list_work;

static bool list_file(void *context, const char *name, const struct stat *facts)
{
    const list_work *w = context;
    return part_of(w->box, w->courier, name) == STRANGER || w->visit(w->context, name, facts->st_size);
}

ms_post ms_postbox_list(ms_postbox *box, const char *courier, ms_post_visit visit, void *context, ms_error *err)
{
    list_work work = {box, courier, visit, context};
    int error = each_file(box->folder, list_file, &work);
    return error == 0 ? MS_POST_DONE : failed("read the folder", error, err);
}

/* ---- getting ---- */

/* Opens a release; ABSENT when there is none. */
static ms_post open_release(int *fd, struct stat *facts, const ms_postbox *box, const char *name, ms_error *err)
{
    int file = openat(box->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return answer(MS_POST_ABSENT, MS_NOT_FOUND, err, "there is no such release");
    if (file < 0)
        return failed("read a release", errno, err);
    if (fstat(file, facts) != 0 || !S_ISREG(facts->st_mode) || facts->st_size > MS_BUNDLE_BYTES) {
        close(file);
        return answer(MS_POST_ABSENT, MS_NOT_FOUND, err, "there is no such release, but something else of its name");
    }
    *fd = file;
    return MS_POST_DONE;
}

ms_post ms_postbox_get(int *fd, int64_t *bytes, char etag[MS_POSTBOX_ETAG_BYTES], ms_postbox *box, const char *courier,
                       const char *name, ms_error *err)
{
    struct stat facts;
    if (part_of(box, courier, name) != READER)
        return denied(err, READER, courier);
    ms_post post = open_release(fd, &facts, box, name, err);
    if (post != MS_POST_DONE)
        return post;
    *bytes = facts.st_size;
    snprintf(etag, MS_POSTBOX_ETAG_BYTES, "\"%llx-%llx-%llx%08lx\"", (unsigned long long)facts.st_ino,
             (unsigned long long)facts.st_size, (unsigned long long)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
    return MS_POST_DONE;
}

/* ---- what a courier's releases take ---- */

typedef struct {
    ms_postbox *box;
    const char *courier, *but; /* but: an unfinished one that does not count */
    int64_t bytes;
    size_t files, unfinished;
    time_t old; /* what was touched last before it is dropped */
} share;

static bool count_whole(void *context, const char *name, const struct stat *facts)
{
    share *s = context;
    if (part_of(s->box, s->courier, name) == WRITER) {
        s->bytes += facts->st_size;
        s->files++;
    }
    return true;
}

/* Its name is that of the release, a dot, and the hash. */
static bool count_unfinished(void *context, const char *name, const struct stat *facts)
{
    share *s = context;
    char release[NAME_MAX + 1];
    size_t length = strlen(name);
    if (facts->st_mtim.tv_sec < s->old) {
        unlinkat(s->box->incoming, name, 0);
        return true;
    }
    if (length < 2 * MS_HASH_BYTES + 2 || strcmp(name, s->but) == 0)
        return true;
    length -= 2 * MS_HASH_BYTES + 1;
    memcpy(release, name, length);
    release[length] = '\0';
    if (part_of(s->box, s->courier, release) == WRITER) {
        s->bytes += facts->st_size;
        s->unfinished++;
    }
    return true;
}

static ms_post check_share(ms_postbox *box, const char *courier, const char *but, int64_t total, ms_error *err)
{
    share s = {.box = box, .courier = courier, .but = but};
    s.old = time(NULL) - (time_t)MS_POSTBOX_UNFINISHED_DAYS * 86400;
    int error = each_file(box->folder, count_whole, &s);
    if (error == 0)
        error = each_file(box->incoming, count_unfinished, &s);
    if (error != 0)
        return failed("read the folder", error, err);
    char text[256];
    if (s.files >= box->files_most)
        snprintf(text, sizeof text, "%s has %zu releases here, and no more fit", courier, s.files);
    else if (s.unfinished >= MS_POSTBOX_UNFINISHED)
        snprintf(text, sizeof text, "%s has begun to put %zu releases: finish or drop one first", courier,
                 s.unfinished);
    else if (s.bytes + total > box->bytes_most)
        snprintf(text, sizeof text, "%s has %lld MiB here of %lld, and this one does not fit", courier,
                 (long long)(s.bytes >> 20), (long long)(box->bytes_most >> 20));
    else
        return MS_POST_DONE;
    return answer(MS_POST_FULL, MS_LIMIT, err, text);
}

/* ---- putting ---- */

static bool is_hash(const char *text)
{
    return strlen(text) == 2 * MS_HASH_BYTES && strspn(text, "0123456789abcdef") == 2 * MS_HASH_BYTES;
}

/* Reads fd from its beginning: its hash, and its first bytes. 0 or an errno. */
static int read_through(char hex[MS_HEX_BYTES], char head[MS_BUNDLE_HEAD_BYTES], int fd)
{
    char piece[1 << 16];
    unsigned char hash[MS_HASH_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, MS_HASH_BYTES);
    for (off_t at = 0;;) {
        ssize_t got = pread(fd, piece, sizeof piece, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        if (at == 0)
            memcpy(head, piece, got < MS_BUNDLE_HEAD_BYTES ? (size_t)got : MS_BUNDLE_HEAD_BYTES);
        crypto_generichash_update(&state, (const unsigned char *)piece, (unsigned long long)got);
        at += got;
    }
    crypto_generichash_final(&state, hash, MS_HASH_BYTES);
    ms_hex_put(hex, hash, MS_HASH_BYTES);
    return 0;
}

/* DONE: the name has these contents already; DIFFERENT: others; ABSENT. */
static ms_post compare_whole(int64_t *bytes, const ms_postbox *box, ms_post_of of, ms_error *err)
{
    int fd;
    struct stat facts;
    char hex[MS_HEX_BYTES], head[MS_BUNDLE_HEAD_BYTES] = {0};
    ms_post post = open_release(&fd, &facts, box, of.name, err);
    if (post != MS_POST_DONE)
        return post;
    int error = read_through(hex, head, fd);
    close(fd);
    if (error != 0)
        return failed("read a release", error, err);
    *bytes = facts.st_size;
    return strcmp(hex, of.hash) == 0 ? MS_POST_DONE : different(err);
}

static void unfinished_name(char out[NAME_MAX + 1], ms_post_of of)
{
    snprintf(out, NAME_MAX + 1, "%s.%s", of.name, of.hash);
}

/* With the lock held. */
static ms_post look(int64_t *have, bool *whole, ms_postbox *box, ms_post_of of, ms_error *err)
{
    char name[NAME_MAX + 1];
    struct stat facts;
    ms_post post = compare_whole(have, box, of, err);
    *whole = post == MS_POST_DONE;
    if (post != MS_POST_ABSENT)
        return post;
    unfinished_name(name, of);
    bool begun = fstatat(box->incoming, name, &facts, AT_SYMLINK_NOFOLLOW) == 0;
    *have = begun ? facts.st_size : 0;
    return MS_POST_DONE;
}

static ms_post check_put(const ms_postbox *box, const char *courier, ms_post_of of, ms_error *err)
{
    if (part_of(box, courier, of.name) != WRITER)
        return denied(err, WRITER, courier);
    return is_hash(of.hash)
               ? MS_POST_DONE
               : answer(MS_POST_BROKEN, MS_USAGE, err, "the hash is not 64 hexadecimal digits in lower case");
}

ms_post ms_postbox_progress(int64_t *have, bool *whole, ms_postbox *box, const char *courier, ms_post_of of,
                            ms_error *err)
{
    *have = 0;
    *whole = false;
    ms_post post = check_put(box, courier, of, err);
    if (post != MS_POST_DONE)
        return post;
    pthread_mutex_lock(&box->lock);
    post = look(have, whole, box, of, err);
    pthread_mutex_unlock(&box->lock);
    return post;
}

/* Is what came in a bundle of that number, as far as one can see without a key? */
static ms_post check_bundle(int fd, int64_t total, ms_post_of of, ms_error *err)
{
    char hex[MS_HEX_BYTES], head[MS_BUNDLE_HEAD_BYTES] = {0};
    ms_bundle_head read;
    int error = read_through(hex, head, fd);
    if (error != 0)
        return answer(MS_POST_FAILED, MS_IO, err, "what was put cannot be read again");
    if (strcmp(hex, of.hash) != 0)
        return answer(MS_POST_BROKEN, MS_BAD_INPUT, err, "what came in is not what its hash says: put it again");
    if (ms_bundle_read_head(&read, head, (size_t)total, of.name, err) != MS_OK)
        return MS_POST_BROKEN;
    if (read.number != strtoll(of.name + strlen(of.name) - TAIL + 1, NULL, 10))
        return answer(MS_POST_BROKEN, MS_BAD_INPUT, err, "the bundle has another number than its name");
    return MS_POST_DONE;
}

/* Gives what is finished its name. The lock is held, so that only another program can come in between; where the disk
 * knows no exclusive renaming, such as on a memory stick, even that is left to chance. */
static int give_name(const ms_postbox *box, const char *unfinished, const char *name)
{
    struct stat facts;
    int error = renameat2(box->incoming, unfinished, box->folder, name, RENAME_NOREPLACE) == 0 ? 0 : errno;
    if (error == EINVAL || error == ENOSYS) {
        if (fstatat(box->folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
            return EEXIST;
        error = renameat(box->incoming, unfinished, box->folder, name) == 0 ? 0 : errno;
    }
    return error == 0 ? ms_file_sync(box->folder) : error;
}

static ms_post finish(bool *whole, ms_postbox *box, int fd, int64_t total, ms_post_of of, ms_error *err)
{
    char name[NAME_MAX + 1];
    unfinished_name(name, of);
    ms_post post = check_bundle(fd, total, of, err);
    if (post == MS_POST_BROKEN)
        unlinkat(box->incoming, name, 0);
    if (post != MS_POST_DONE)
        return post;
    int error = give_name(box, name, of.name);
    if (error == EEXIST) {
        unlinkat(box->incoming, name, 0);
        return different(err);
    }
    *whole = error == 0;
    return error == 0 ? MS_POST_DONE : failed("keep a release", error, err);
}

/* Writes the piece behind what is there, on the disk before it counts. 0 or an errno. */
static int append(int fd, int64_t at, const char *piece, size_t length)
{
    if (lseek(fd, at, SEEK_SET) < 0)
        return errno;
    int error = ms_file_put(fd, piece, length);
    if (error == 0)
        error = ms_file_sync(fd);
    if (error != 0 && ftruncate(fd, at) != 0)
        return error; /* what is too much shows in the hash */
    return error;
}

static ms_post put_piece(int64_t *have, bool *whole, ms_postbox *box, const char *courier, ms_post_of of, int64_t total,
                         const char *piece, size_t length, ms_error *err)
{
    char name[NAME_MAX + 1];
    unfinished_name(name, of);
    if (*have == 0 || *have + (int64_t)length == total) {
        ms_post post = check_share(box, courier, name, total, err);
        if (post != MS_POST_DONE)
            return post;
    }
    int fd = openat(box->incoming, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed("write a release", errno, err);
    int error = append(fd, *have, piece, length);
    ms_post post = error == 0 ? MS_POST_DONE : failed("write a release", error, err);
    if (error == 0) {
        *have += (int64_t)length;
        if (*have == total)
            post = finish(whole, box, fd, total, of, err);
    }
    close(fd);
    return post;
}

ms_post ms_postbox_put(int64_t *have, bool *whole, ms_postbox *box, const char *courier, ms_post_of of, int64_t from,
                       int64_t total, const char *piece, size_t length, ms_error *err)
{
    *have = 0;
    *whole = false;
    ms_post post = check_put(box, courier, of, err);
    if (post != MS_POST_DONE)
        return post;
    if (total < 1 || total > MS_BUNDLE_BYTES || from < 0 || length < 1 || length > MS_POSTBOX_PIECE ||
        from > total - (int64_t)length)
        return answer(MS_POST_BROKEN, MS_USAGE, err,
                      "the piece does not lie within the release, or one of them is too long");
    pthread_mutex_lock(&box->lock);
    post = look(have, whole, box, of, err);
    if (post == MS_POST_DONE && !*whole && *have != from)
        post = answer(MS_POST_STEP, MS_USAGE, err, "the piece does not begin where the last one ended");
    else if (post == MS_POST_DONE && !*whole)
        post = put_piece(have, whole, box, courier, of, total, piece, length, err);
    pthread_mutex_unlock(&box->lock);
    return post;
}

/* ---- dropping ---- */

typedef struct {
    const ms_postbox *box;
    const char *name;
} drop_work;

static bool drop_unfinished(void *context, const char *name, const struct stat *facts)
{
    const drop_work *w = context;
    size_t length = strlen(w->name);
    (void)facts;
    if (strncmp(name, w->name, length) == 0 && name[length] == '.')
        unlinkat(w->box->incoming, name, 0);
    return true;
}

ms_post ms_postbox_drop(ms_postbox *box, const char *courier, const char *name, ms_error *err)
{
    drop_work work = {box, name};
    if (part_of(box, courier, name) != WRITER)
        return denied(err, WRITER, courier);
    pthread_mutex_lock(&box->lock);
    int error = unlinkat(box->folder, name, 0) == 0 ? 0 : errno;
    (void)each_file(box->incoming, drop_unfinished, &work);
    pthread_mutex_unlock(&box->lock);
    if (error == ENOENT)
        return answer(MS_POST_ABSENT, MS_NOT_FOUND, err, "there is no such release");
    return error == 0 ? MS_POST_DONE : failed("drop a release", error, err);
}
