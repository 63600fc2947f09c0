/* file.c: whole files in and out, and the small operations on paths that folder.c shares.
 *
 * A file is written beside its place as .NAME.tmp-XXXXXX, synced, and renamed over NAME; then the folder is
 * synced. Whoever reads NAME sees the old bytes or the new ones, also after a power cut.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file_private.h"

/* ---- words ---- */

const char *ms_file_reason(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: /* the limit on file sizes counts as the end of the room there is */
        return "the disk is full";
    case ENOENT:
        return "there is no such file or folder";
    case EROFS:
        return "the disk is read-only";
    default: {
        const char *words = strerrordesc_np(error);
        return words == NULL ? "an unknown error" : words;
    }
    }
}

ms_status ms_file_failed(ms_error *err, const char *path, const char *what, int error)
{
    if (error == ENOMEM)
        return ms_error_memory(err);
    ms_status status = error == ENOENT || error == ENOTDIR ? MS_NOT_FOUND : MS_IO;
    return ms_error_at(err, status, path, 0, 0, "cannot %s: %s", what, ms_file_reason(error));
}

/* ---- paths ---- */

/* Splits path, trailing slashes aside, into its folder and its last name. */
static ms_status split(char folder[PATH_MAX], char name[NAME_MAX + 1], const char *path, ms_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && path[start - 1] != '/')
        start--;
    size_t name_length = length - start;
    bool dot = name_length == 1 && path[start] == '.';
    bool two_dots = name_length == 2 && memcmp(path + start, "..", 2) == 0;
    if (name_length == 0 || dot || two_dots)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "cannot be written: the path ends with no name");
    if (name_length > NAME_MAX || start >= PATH_MAX)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "cannot be written: the name is too long");
    memcpy(name, path + start, name_length);
    name[name_length] = '\0';
    while (start > 1 && path[start - 1] == '/')
        start--;
    if (start == 0)
        strcpy(folder, ".");
    else {
        memcpy(folder, path, start);
        folder[start] = '\0';
    }
    return MS_OK;
}

ms_status ms_place_open(ms_place *place, const char *path, ms_error *err)
{
    char folder[PATH_MAX], real[PATH_MAX], bare[PATH_MAX];
    /* A link stays a link: what it points to is written. */
    size_t length = strlen(path);
    struct stat is;
    if (length < sizeof bare) {
        while (length > 1 && path[length - 1] == '/')
            length--;
        memcpy(bare, path, length);
        bare[length] = '\0';
        if (lstat(bare, &is) == 0 && S_ISLNK(is.st_mode) && realpath(bare, real) != NULL)
            path = real;
    }
    MS_TRY(split(folder, place->name, path, err));
    place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place->folder < 0)
        return ms_file_failed(err, folder, "open the folder", errno);
    return MS_OK;
}

void ms_place_close(ms_place *place)
{
    close(place->folder);
}

void ms_place_temporary(char out[NAME_MAX + 1], const char *name, const char *tag)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits)
        bits = (uint64_t)(ms_clock_seconds() * 1e9) ^ (uint64_t)getpid() << 40;
    char ending[7];
    for (int i = 0; i < 6; i++, bits /= 36)
        ending[i] = letters[bits % 36];
    ending[6] = '\0';
    /* A long name is cut, so that the temporary one is still allowed. */
    snprintf(out, NAME_MAX + 1, ".%.200s.%s-%s", name, tag, ending);
}

/* ---- bytes ---- */

int ms_file_put(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t put = write(fd, bytes, length < (1u << 30) ? length : (1u << 30));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        if (put == 0)
            return ENOSPC;
        bytes += put;
        length -= (size_t)put;
    }
    return 0;
}

int ms_file_sync(int fd)
{
    /* Pipes and some network folders cannot sync; that is no failure to write. */
    if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
        return errno;
    return 0;
}

int ms_file_create(int folder, const char *name, mode_t mode, const char *bytes, size_t length)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return errno;
    int error = ms_file_put(fd, bytes, length);
    if (error == 0)
        error = ms_file_sync(fd);
    if (close(fd) != 0 && error == 0 && errno != EINTR)
        error = errno;
    if (error != 0)
        unlinkat(folder, name, 0);
    return error;
}

/* ---- reading ---- */

ms_status ms_file_check_private(const char *path, ms_error *err)
{
    struct stat is;
    if (stat(path, &is) == 0 && S_ISREG(is.st_mode) && (is.st_mode & 077) != 0)
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0,
                           "others may read this file; `chmod 600` makes it yours alone");
    return MS_OK;
}

bool ms_file_is_dir(const char *path)
{
    struct stat is;
    return stat(path, &is) == 0 && S_ISDIR(is.st_mode);
}

bool ms_file_exists(const char *path)
{
    struct stat is;
    return stat(path, &is) == 0;
}

static ms_status too_large(ms_error *err, const char *path, unsigned long long size, size_t cap)
{
    return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "the file has %llu bytes; at most %zu are read", size, cap);
}

/* Reads fd to its end. The size that stat gave only sizes the first buffer: the file may grow meanwhile. */
static ms_status read_all(char **out, size_t *length, int fd, size_t expected, const char *path, size_t cap,
                          ms_error *err)
{
    size_t room = expected + 1, used = 0;
    char *bytes = ms_realloc(NULL, room + 1, 1);
    if (bytes == NULL)
        return ms_error_memory(err);
    for (;;) {
        if (used == room) {
            if (used > cap) {
                ms_free(bytes);
                return too_large(err, path, used, cap);
            }
            room = room / 2 > cap - room ? cap + 1 : room + room / 2 + 4096;
            char *larger = ms_realloc(bytes, room + 1, 1);
            if (larger == NULL) {
                ms_free(bytes);
                return ms_error_memory(err);
            }
            bytes = larger;
        }
        ssize_t got = read(fd, bytes + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int error = errno;
            ms_free(bytes);
            return ms_file_failed(err, path, "read the file", error);
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    if (used > cap) {
        ms_free(bytes);
        return too_large(err, path, used, cap);
    }
    bytes[used] = '\0';
    *out = bytes;
    *length = used;
    return MS_OK;
}

ms_status ms_file_read(char **out, size_t *length, const char *path, size_t cap, ms_error *err)
{
    /* Without O_NONBLOCK a named pipe would hold us here before it can be refused. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return ms_file_failed(err, path, "open the file", errno);
    struct stat is;
    ms_status status;
    if (cap > (size_t)PTRDIFF_MAX / 4)
        cap = (size_t)PTRDIFF_MAX / 4;
    if (fstat(fd, &is) != 0)
        status = ms_file_failed(err, path, "read the file", errno);
    else if (S_ISDIR(is.st_mode))
        status = ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "is a folder, not a file");
    else if (!S_ISREG(is.st_mode))
        status = ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "is not a regular file");
    else if ((unsigned long long)is.st_size > cap)
        status = too_large(err, path, (unsigned long long)is.st_size, cap);
    else
        status = read_all(out, length, fd, (size_t)is.st_size, path, cap, err);
    close(fd);
    return status;
}

/* ---- writing ---- */

static ms_status write_at(const ms_place *place, const char *path, const char *bytes, size_t length, ms_error *err)
{
    struct stat is;
    bool exists = fstatat(place->folder, place->name, &is, 0) == 0;
    if (exists && !S_ISREG(is.st_mode))
        return ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "cannot be written: %s",
                           S_ISDIR(is.st_mode) ? "it is a folder" : "it is not a regular file");
    char temporary[NAME_MAX + 1];
    int error = EEXIST;
    for (int i = 0; i < 100 && error == EEXIST; i++) {
        ms_place_temporary(temporary, place->name, "tmp");
        error = ms_file_create(place->folder, temporary, 0666, bytes, length);
    }
    if (error == 0) {
        if (exists && fchmodat(place->folder, temporary, is.st_mode & 0777, 0) != 0)
            error = errno;
        if (error == 0 && renameat(place->folder, temporary, place->folder, place->name) != 0)
            error = errno;
        if (error != 0)
            unlinkat(place->folder, temporary, 0);
        else
            error = ms_file_sync(place->folder);
    }
    return error == 0 ? MS_OK : ms_file_failed(err, path, "write the file", error);
}

ms_status ms_file_write(const char *path, const char *bytes, size_t length, ms_error *err)
{
    ms_place place;
    MS_TRY(ms_place_open(&place, path, err));
    ms_status status = write_at(&place, path, bytes, length, err);
    ms_place_close(&place);
    return status;
}
