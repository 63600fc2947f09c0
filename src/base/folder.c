/* folder.c: whole folders out, all or nothing. The file part of file.h is in file.c.
 *
 * A folder is built beside its place as .NAME.tmp-XXXXXX. Commit syncs it and puts it in its place by one
 * rename; where an older folder is replaced, the two change names in one step (renameat2), so that at every
 * moment there is one of them, and the older one is removed under the temporary name. File systems that
 * cannot exchange get two renames, the older folder resting as .NAME.old-XXXXXX between them.
 * The builder holds a lock (flock) on its temporary folder. A temporary folder that nobody has locked was
 * left by a process that was killed; the next one who writes NAME removes it. A .NAME.old- folder is never
 * removed by others: it may be the only copy.
 * Cost: one sync per file and folder.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/file_private.h"

enum { TREE_DEPTH = 32 };

struct ms_folder_writer {
    ms_place place;
    char temporary[NAME_MAX + 1];
    char stranded[NAME_MAX + 1]; /* where an older folder lies that could not be put back; else empty */
    int inside;                  /* descriptor of the temporary folder, locked */
    bool replace;
    char *path, *marker; /* marker may be NULL */
    ms_error failure;    /* of the first ms_folder_add that failed; code MS_OK until then */
};

/* ---- removing ---- */

static int remove_tree(int folder, const char *name, int depth);

/* Removes all that is in the open folder; takes over fd. */
static int remove_entries(int fd, int depth)
{
    DIR *entries = fdopendir(fd);
    if (entries == NULL) {
        int error = errno;
        close(fd);
        return error;
    }
    int error = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(entries);
        if (entry == NULL) {
            if (error == 0)
                error = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int failed = remove_tree(dirfd(entries), entry->d_name, depth + 1);
        if (error == 0)
            error = failed;
    }
    closedir(entries);
    return error;
}

/* Removes a file, link or folder with all in it; follows no link. Goes on after failures, returns the first.
 * */
static int remove_tree(int folder, const char *name, int depth)
{
    if (depth > TREE_DEPTH)
        return ELOOP;
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return errno;
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    int error = remove_entries(fd, depth);
    if (unlinkat(folder, name, AT_REMOVEDIR) != 0 && error == 0)
        error = errno;
    return error == ENOENT ? 0 : error; /* a sweeper was faster */
}

/* Whether entry is "." NAME ".tmp-" and six more bytes. */
static bool is_temporary_of(const char *entry, const char *name)
{
    char shape[NAME_MAX + 1];
    ms_place_temporary(shape, name, "tmp");
    size_t length = strlen(shape);
    return strlen(entry) == length && strncmp(entry, shape, length - 6) == 0;
}

/* Removes what killed writers of the same name left behind. Failure to do so hurts nobody. */
static void sweep(const ms_place *place)
{
    int fd = openat(place->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    if (entries == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (!is_temporary_of(entry->d_name, place->name))
            continue;
        int left = openat(place->folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (left < 0)
            continue;
        if (flock(left, LOCK_EX | LOCK_NB) == 0)
            (void)remove_tree(place->folder, entry->d_name, 0);
        close(left);
    }
    closedir(entries);
}

/* ---- opening ---- */

/* 0: may be replaced (also when there is nothing); else why not, in words through err. */
static ms_status check_replaceable(const ms_folder_writer *folder, bool *exists, ms_error *err)
{
    struct stat is;
    *exists = fstatat(folder->place.folder, folder->place.name, &is, AT_SYMLINK_NOFOLLOW) == 0;
    if (!*exists)
        return errno == ENOENT ? MS_OK : ms_file_failed(err, folder->path, "look at the folder", errno);
    if (!folder->replace)
        return ms_error_at(err, MS_BAD_INPUT, folder->path, 0, 0, "already exists");
    if (!S_ISDIR(is.st_mode))
        return ms_error_at(err, MS_BAD_INPUT, folder->path, 0, 0, "exists and is not a folder");
    int fd = openat(folder->place.folder, folder->place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    if (entries == NULL) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return ms_file_failed(err, folder->path, "look into the folder", error);
    }
    bool empty = true, marked = false;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        bool dots = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        empty = empty && dots;
        marked = marked || (folder->marker != NULL && strcmp(entry->d_name, folder->marker) == 0);
    }
    closedir(entries);
    if (empty || marked)
        return MS_OK;
    if (folder->marker == NULL)
        return ms_error_at(err, MS_BAD_INPUT, folder->path, 0, 0, "is not empty, so it is not replaced");
    return ms_error_at(err, MS_BAD_INPUT, folder->path, 0, 0, "has other files but no %s, so it is not replaced",
                       folder->marker);
}

/* Makes, opens and locks a temporary folder. A sweeper may catch it between the first and the last step: then
 * another one. */
static int make_temporary(ms_folder_writer *folder)
{
    int error = EEXIST;
    for (int i = 0; i < 100; i++) {
        ms_place_temporary(folder->temporary, folder->place.name, "tmp");
        if (mkdirat(folder->place.folder, folder->temporary, 0777) != 0) {
            error = errno;
            if (error == EEXIST)
                continue;
            return error;
        }
        folder->inside = openat(folder->place.folder, folder->temporary,
                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat is;
        if (folder->inside >= 0) {
            /* Some network file systems have no locks: then nobody sweeps either. */
            bool mine = flock(folder->inside, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
            if (mine && fstatat(folder->place.folder, folder->temporary, &is, AT_SYMLINK_NOFOLLOW) == 0)
                return 0;
            close(folder->inside);
            folder->inside = -1;
        } else {
            error = errno;
        }
        unlinkat(folder->place.folder, folder->temporary, AT_REMOVEDIR);
    }
    return error;
}

static void folder_free(ms_folder_writer *folder)
{
    if (folder->inside >= 0)
        close(folder->inside);
    ms_place_close(&folder->place);
    ms_free(folder->path);
    ms_free(folder->marker);
    ms_free(folder);
}

static ms_status open_in_place(ms_folder_writer *folder, ms_error *err)
{
    bool exists;
    MS_TRY(check_replaceable(folder, &exists, err));
    sweep(&folder->place);
    int error = make_temporary(folder);
    return error == 0 ? MS_OK : ms_file_failed(err, folder->path, "make the folder", error);
}

ms_status ms_folder_open(ms_folder_writer **out, const char *path, bool replace, const char *marker, ms_error *err)
{
    ms_folder_writer *folder = ms_alloc(1, sizeof *folder);
    if (folder == NULL)
        return ms_error_memory(err);
    folder->inside = -1;
    folder->replace = replace;
    folder->path = ms_strdup(path);
    folder->marker = marker == NULL ? NULL : ms_strdup(marker);
    ms_status status;
    if (folder->path == NULL || (marker != NULL && folder->marker == NULL))
        status = ms_error_memory(err);
    else
        status = ms_place_open(&folder->place, path, err);
    if (status != MS_OK) {
        ms_free(folder->path);
        ms_free(folder->marker);
        ms_free(folder);
        return status;
    }
    status = open_in_place(folder, err);
    if (status != MS_OK) {
        folder_free(folder);
        return status;
    }
    *out = folder;
    return MS_OK;
}

/* ---- adding ---- */

/* One or two parts, each a plain name: not empty, no dots only, no control characters, no backslash. */
static bool plain_name(const char *name)
{
    int slashes = 0;
    const char *part = name;
    for (const char *at = name;; at++) {
        if (*at == '/' || *at == '\0') {
            size_t length = (size_t)(at - part);
            if (length == 0 || length > NAME_MAX || strspn(part, ".") >= length)
                return false;
            if (*at == '\0')
                return slashes <= 1;
            slashes++;
            part = at + 1;
        } else if ((unsigned char)*at < 0x20 || *at == 0x7F || *at == '\\') {
            return false;
        }
    }
}

static int add_in(int inside, const char *name, const char *bytes, size_t length)
{
    const char *slash = strchr(name, '/');
    if (slash == NULL)
        return ms_file_create(inside, name, 0666, bytes, length);
    char sub[NAME_MAX + 1];
    memcpy(sub, name, (size_t)(slash - name));
    sub[slash - name] = '\0';
    if (mkdirat(inside, sub, 0777) != 0 && errno != EEXIST)
        return errno;
    int fd = openat(inside, sub, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error = ms_file_create(fd, slash + 1, 0666, bytes, length);
    if (error == 0)
        error = ms_file_sync(fd);
    close(fd);
    return error;
}

/* The first failure is the one that every later call reports. */
static ms_status report_failure(const ms_folder_writer *folder, ms_error *err)
{
    if (err != NULL)
        *err = folder->failure;
    return folder->failure.code;
}

ms_status ms_folder_add(ms_folder_writer *folder, const char *name, const char *bytes, size_t length, ms_error *err)
{
    if (folder->failure.code != MS_OK)
        return report_failure(folder, err);
    ms_error *failure = &folder->failure;
    int error = plain_name(name) ? add_in(folder->inside, name, bytes, length) : EBADMSG;
    if (error == 0)
        return MS_OK;
    if (error == EBADMSG)
        (void)ms_error_at(failure, MS_INTERNAL, folder->path, 0, 0, "\"%s\" is no name for a file in a folder", name);
    else if (error == EEXIST)
        (void)ms_error_at(failure, MS_INTERNAL, folder->path, 0, 0, "the file %s is written twice", name);
    else if (error == ENOMEM)
        (void)ms_error_memory(failure);
    else
        (void)ms_error_at(failure, MS_IO, folder->path, 0, 0, "cannot write the file %s: %s", name,
                          ms_file_reason(error));
    return report_failure(folder, err);
}

/* ---- the end ---- */

/* Swaps by two renames, for file systems without an exchange. On success temporary names the older folder;
 * when the second rename fails and the first cannot be undone, stranded does. */
static int swap_by_two_renames(ms_folder_writer *folder)
{
    char older[NAME_MAX + 1];
    int parent = folder->place.folder;
    ms_place_temporary(older, folder->place.name, "old");
    if (renameat(parent, folder->place.name, parent, older) != 0)
        return errno;
    if (renameat(parent, folder->temporary, parent, folder->place.name) != 0) {
        int error = errno;
        if (renameat(parent, older, parent, folder->place.name) != 0)
            strcpy(folder->stranded, older);
        return error;
    }
    strcpy(folder->temporary, older);
    return 0;
}

/* Whether the file system or kernel does not know the flag, as opposed to having tried and failed. */
static bool flag_unknown(int error)
{
    return error == EINVAL || error == ENOSYS || error == ENOTSUP || error == EPERM;
}

static int put_in_place(ms_folder_writer *folder, bool exists)
{
    int parent = folder->place.folder;
    const char *name = folder->place.name;
    unsigned flag = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (renameat2(parent, folder->temporary, parent, name, flag) == 0)
        return 0;
    if (!flag_unknown(errno))
        return errno;
    if (exists)
        return swap_by_two_renames(folder);
    return renameat(parent, folder->temporary, parent, name) == 0 ? 0 : errno;
}

static ms_status commit(ms_folder_writer *folder, ms_error *err)
{
    bool exists;
    if (folder->failure.code != MS_OK)
        return report_failure(folder, err);
    MS_TRY(check_replaceable(folder, &exists, err)); /* again: much can happen while a plan is solved */
    int error = ms_file_sync(folder->inside);
    if (error == 0)
        error = put_in_place(folder, exists);
    if (error == EEXIST || error == ENOTEMPTY)
        return ms_error_at(err, MS_BAD_INPUT, folder->path, 0, 0, "already exists");
    if (error != 0 && folder->stranded[0] != '\0')
        return ms_error_at(err, MS_IO, folder->path, 0, 0,
                           "cannot put the folder in its place: %s; the older one is now %s beside it",
                           ms_file_reason(error), folder->stranded);
    if (error != 0)
        return ms_file_failed(err, folder->path, "put the folder in its place", error);
    /* From here on the new folder is in place; temporary is free, or names the older one. */
    error = ms_file_sync(folder->place.folder);
    if (exists) {
        int left = remove_tree(folder->place.folder, folder->temporary, 0);
        if (left != 0 && error == 0)
            return ms_error_at(err, MS_IO, folder->path, 0, 0,
                               "the new folder is in place, but the older one could not be removed: "
                               "it is %s beside it (%s)",
                               folder->temporary, ms_file_reason(left));
    }
    folder->temporary[0] = '\0';
    if (error != 0)
        return ms_error_at(err, MS_IO, folder->path, 0, 0,
                           "the new folder is in place, but may not outlast a power cut: %s", ms_file_reason(error));
    return MS_OK;
}

ms_status ms_folder_commit(ms_folder_writer *folder, ms_error *err)
{
    ms_status status = commit(folder, err);
    if (status == MS_OK)
        folder_free(folder);
    else
        ms_folder_abandon(folder);
    return status;
}

void ms_folder_abandon(ms_folder_writer *folder)
{
    if (folder == NULL)
        return;
    if (folder->temporary[0] != '\0')
        (void)remove_tree(folder->place.folder, folder->temporary, 0);
    folder_free(folder);
}
