/* save.c: see save.h. Functions that return int return 0 or an errno. */
#include "case/save.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_private.h"

#define READY MS_SAVING        /* what counts */
#define STAGE MS_SAVING ".new" /* what does not yet */
#define LOG_MARK "log-"        /* its name goes on with how long changes.log was before */

/* The folder, locked. */
typedef struct {
    const char *path;
    int fd;
} folder;

static ms_status open_folder(folder *out, const char *path, ms_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ms_file_failed(err, path, "open the folder", errno);
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR)
            break; /* some network folders have no locks */
    *out = (folder){path, fd};
    return MS_OK;
}

static int open_inside(const folder *f, const char *name)
{
    return openat(f->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Calls each for every name in the sub-folder inside, which is closed; goes on after failures, returns the first. */
static int each_name(const folder *f, int inside, int (*each)(const folder *f, int inside, const char *name))
{
    DIR *entries = fdopendir(inside);
    int error = 0;
    if (entries == NULL) {
        error = errno;
        close(inside);
        return error;
    }
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int failed = each(f, dirfd(entries), entry->d_name);
        error = error == 0 ? failed : error;
    }
    closedir(entries);
    return error;
}

/* ---- the log ---- */

static int cut_log(const folder *f, off_t length)
{
    int fd = openat(f->fd, MS_CHANGES_LOG, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    struct stat is;
    int error = fstat(fd, &is) == 0 && is.st_size > length && ftruncate(fd, length) != 0 ? errno : 0;
    close(fd);
    return error;
}

static int grow_log(const folder *f, const ms_buf *log)
{
    int fd = openat(f->fd, MS_CHANGES_LOG, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    int error = ms_file_put(fd, log->text, log->length);
    if (error == 0)
        error = ms_file_sync(fd);
    if (close(fd) != 0 && error == 0 && errno != EINTR)
        error = errno;
    return error;
}

static off_t log_length(const folder *f)
{
    struct stat is;
    return fstatat(f->fd, MS_CHANGES_LOG, &is, 0) == 0 ? is.st_size : 0;
}

/* ---- undoing what does not count yet ---- */

static int undo_one(const folder *f, int inside, const char *name)
{
    int error = 0;
    if (strncmp(name, LOG_MARK, strlen(LOG_MARK)) == 0)
        error = cut_log(f, (off_t)strtoll(name + strlen(LOG_MARK), NULL, 10));
    return error == 0 && unlinkat(inside, name, 0) != 0 ? errno : error;
}

static int undo(const folder *f)
{
    int inside = open_inside(f, STAGE);
    if (inside < 0)
        return errno == ENOENT ? 0 : errno;
    int error = each_name(f, inside, undo_one);
    return error == 0 && unlinkat(f->fd, STAGE, AT_REMOVEDIR) != 0 ? errno : error;
}

/* ---- completing what counts ---- */

static int write_through_link(const folder *f, const char *name)
{
    const size_t most = (size_t)1 << 31;
    char from[4096], to[4096];
    char *bytes = NULL;
    size_t length = 0;
    int wrote = snprintf(from, sizeof from, "%s/" READY "/%s", f->path, name);
    if (wrote < 0 || wrote >= (int)sizeof from)
        return ENAMETOOLONG;
    snprintf(to, sizeof to, "%s/%s", f->path, name);
    ms_status status = ms_file_read(&bytes, &length, from, most, NULL);
    if (status == MS_OK)
        status = ms_file_write(to, bytes, length, NULL);
    ms_free(bytes);
    return status != MS_OK ? EIO : unlink(from) != 0 ? errno : 0;
}

static int complete_one(const folder *f, int inside, const char *name)
{
    struct stat is;
    if (strncmp(name, LOG_MARK, strlen(LOG_MARK)) == 0)
        return unlinkat(inside, name, 0) != 0 ? errno : 0;
    bool link = fstatat(f->fd, name, &is, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(is.st_mode);
    if (link)
        return write_through_link(f, name);
    return renameat(inside, name, f->fd, name) != 0 && errno != ENOENT ? errno : 0;
}

static int complete(const folder *f)
{
    int inside = open_inside(f, READY);
    if (inside < 0)
        return errno == ENOENT ? 0 : errno;
    int error = each_name(f, inside, complete_one);
    if (error == 0)
        error = ms_file_sync(f->fd); /* before the sub-folder goes, which readers could still take them from */
    if (error == 0 && unlinkat(f->fd, READY, AT_REMOVEDIR) != 0)
        error = errno;
    return error;
}

static int tidy(const folder *f)
{
    int error = undo(f);
    return error == 0 ? complete(f) : error;
}

ms_status ms_case_save_tidy(const char *path, ms_error *err)
{
    folder f;
    MS_TRY(open_folder(&f, path, err));
    int error = tidy(&f);
    close(f.fd);
    return error == 0 ? MS_OK : ms_file_failed(err, path, "complete what was being saved in the folder", error);
}

/* ---- saving ---- */

static mode_t mode_of(const folder *f, const char *name)
{
    struct stat is;
    return fstatat(f->fd, name, &is, 0) == 0 ? is.st_mode & 07777 : 0666;
}

static int lay_ready(const folder *f, int inside, const ms_case_file *files, int count, const ms_buf *log)
{
    char mark[48];
    snprintf(mark, sizeof mark, LOG_MARK "%lld", (long long)log_length(f));
    int error = ms_file_create(inside, mark, 0600, "", 0);
    for (int ix = 0; ix < count && error == 0; ix++) {
        mode_t mode = mode_of(f, files[ix].name);
        error = ms_file_create(inside, files[ix].name, mode, files[ix].bytes, files[ix].length);
        if (error == 0 && mode != 0666 && fchmodat(inside, files[ix].name, mode, 0) != 0)
            error = errno;
    }
    if (error == 0)
        error = grow_log(f, log);
    return error == 0 ? ms_file_sync(inside) : error;
}

static int save(const folder *f, const ms_case_file *files, int count, const ms_buf *log)
{
    int error = tidy(f);
    if (error != 0)
        return error;
    if (mkdirat(f->fd, STAGE, 0777) != 0)
        return errno;
    int inside = open_inside(f, STAGE);
    error = inside < 0 ? errno : lay_ready(f, inside, files, count, log);
    if (inside >= 0)
        close(inside);
    if (error == 0)
        error = ms_file_sync(f->fd);
    if (error == 0 && renameat(f->fd, STAGE, f->fd, READY) != 0)
        error = errno;
    if (error != 0) {
        (void)undo(f);
        return error;
    }
    /* It counts now. What could not be moved yet is read from where it is, and the next who saves moves it. */
    (void)ms_file_sync(f->fd);
    (void)complete(f);
    return 0;
}

ms_status ms_case_save(const char *path, const ms_case_file *files, int count, const ms_buf *log, ms_error *err)
{
    folder f;
    MS_TRY(open_folder(&f, path, err));
    int error = save(&f, files, count, log);
    close(f.fd);
    return error == 0 ? MS_OK : ms_file_failed(err, path, "save into the folder", error);
}
