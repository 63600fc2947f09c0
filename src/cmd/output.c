/* output.c: everything that the program writes. See output.h. */
#include "cmd/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- messages ---- */

ms_status ms_fail(ms_error *err, ms_status code, const char *format, ...)
{
    va_list args;
    *err = (ms_error){.code = code};
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return code;
}

ms_exit ms_exit_of(ms_status code)
{
    switch (code) {
    case MS_OK:
        return MS_EXIT_DONE;
    case MS_USAGE:
        return MS_EXIT_USAGE;
    case MS_BAD_INPUT:
    case MS_NOT_FOUND:
    case MS_IO:
    case MS_LIMIT:
    case MS_CONFLICT:
        return MS_EXIT_INPUT; /* a limit that left no answer: the case is too large for what was asked */
    case MS_INTERNAL:
    case MS_NO_MEMORY:
        break;
    }
    return MS_EXIT_INTERNAL;
}

void ms_buf_safe(ms_buf *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) { /* U+0080..U+009F: control characters too */
            ms_buf_put(out, "?", 1);
            at++;
        } else {
            ms_buf_put(out, *at < 0x20 || *at == 0x7f ? "?" : (const char *)at, 1);
        }
    }
}

void ms_say_error(const ms_terminal *terminal, const ms_error *err)
{
    ms_buf text = {0};
    if (err->file[0] != '\0') {
        ms_buf_safe(&text, err->file);
        if (err->line > 0)
            ms_buf_printf(&text, ":%d", err->line);
        if (err->line > 0 && err->column > 0)
            ms_buf_printf(&text, ":%d", err->column);
        ms_buf_text(&text, ": ");
    }
    ms_buf_safe(&text, err->message[0] != '\0' ? err->message : "failed, and did not say why");
    bool colour = terminal->err_colour;
    fprintf(stderr, "mainstay: %s%s%s\n", colour ? "\033[1;31m" : "", text.failed ? "out of memory" : text.text,
            colour ? "\033[0m" : "");
    ms_buf_free(&text);
}

void ms_say(const char *format, ...)
{
    va_list args;
    fputs("mainstay: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* ---- bytes ---- */

/* Writes all bytes; 0 or an errno. */
static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written == 0 ? EIO : errno;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

ms_status ms_output_answer(const ms_buf *answer, ms_error *err)
{
    if (answer->failed)
        return ms_fail(err, MS_NO_MEMORY, "out of memory while the answer was written");
    int code = answer->length == 0 ? 0 : write_all(STDOUT_FILENO, answer->text, answer->length);
    if (code != 0 && code != EPIPE)
        return ms_fail(err, MS_IO, "standard output: %s", strerror(code));
    return MS_OK;
}

ms_status ms_output_close(ms_error *err)
{
    if (close(STDOUT_FILENO) != 0 && errno != EBADF && errno != EPIPE)
        return ms_fail(err, MS_IO, "standard output: %s", strerror(errno));
    return MS_OK;
}

/* Writes, syncs and closes; 0 or an errno. */
static int write_and_close(int fd, const char *bytes, size_t length)
{
    int code = write_all(fd, bytes, length);
    if (code == 0 && fsync(fd) != 0 && errno != EINVAL && errno != EROFS) /* a pipe or device has nothing to sync */
        code = errno;
    if (close(fd) != 0 && code == 0)
        code = errno;
    return code;
}

static mode_t umask_now(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

/* Writes path through a temporary name beside it; 0 or an errno. */
static int replace_file(const char *path, const char *bytes, size_t length)
{
    char temporary[PATH_MAX];
    int size = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof temporary)
        return ENAMETOOLONG;
    int fd = mkstemp(temporary);
    if (fd < 0)
        return errno;
    int code = fchmod(fd, 0666 & ~umask_now()) != 0 ? errno : 0;
    int written = write_and_close(fd, bytes, length);
    if (code == 0)
        code = written;
    if (code == 0 && rename(temporary, path) != 0)
        code = errno;
    if (code != 0)
        unlink(temporary);
    return code;
}

/* Ranks have the same answer: one of them writes it. */
ms_status ms_output_file(const char *path, const ms_buf *contents, ms_error *err)
{
    if (strcmp(path, "-") == 0 || contents->failed)
        return ms_output_answer(contents, err);
    if (ms_rank() > 0)
        return MS_OK;
    struct stat found;
    const char *bytes = contents->text == NULL ? "" : contents->text;
    int code;
    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
        code = EISDIR;
    } else if (stat(path, &found) == 0 && !S_ISREG(found.st_mode)) { /* a device or a pipe: nothing to rename */
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        code = fd < 0 ? errno : write_and_close(fd, bytes, contents->length);
    } else {
        code = replace_file(path, bytes, contents->length);
    }
    return code == 0 ? MS_OK : ms_fail(err, MS_IO, "%s: %s", path, strerror(code));
}

/* ---- folders ---- */

bool ms_folder_has(const char *path, const char *name)
{
    char file[PATH_MAX];
    struct stat found;
    int size = snprintf(file, sizeof file, "%s/%s", path, name);
    return size > 0 && (size_t)size < sizeof file && stat(file, &found) == 0 && S_ISREG(found.st_mode);
}

/* 0 when nothing is at path or it is an empty folder; else an errno. */
static int folder_is_free(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT ? 0 : errno;
    int code = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            code = EEXIST;
    }
    closedir(folder);
    return code;
}

/* 0 when a folder may be made at path by the look of the folder around it; else an errno. */
static int parent_is_open(const char *path)
{
    char parent[PATH_MAX];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    int size = snprintf(parent, sizeof parent, "%.*s", (int)length, path);
    if (length > INT_MAX || size < 0 || (size_t)size >= sizeof parent)
        return ENAMETOOLONG;
    return access(length == 0 ? "." : parent, W_OK | X_OK) == 0 ? 0 : errno;
}

ms_status ms_output_may_replace(const char *path, const char *marker, ms_error *err)
{
    int code = folder_is_free(path);
    if (code == 0 || code == EEXIST) {
        int around = parent_is_open(path);
        if (around != 0)
            return ms_fail(err, MS_IO, "%s: cannot be made there: %s", path, strerror(around));
    }
    if (code == 0 || (code == EEXIST && ms_folder_has(path, marker)))
        return MS_OK;
    if (code == EEXIST)
        return ms_fail(err, MS_BAD_INPUT, "%s: holds other files, which stay; name another folder with -o", path);
    if (code == ENOTDIR)
        return ms_fail(err, MS_BAD_INPUT, "%s: is a file; name a folder with -o", path);
    return ms_fail(err, MS_IO, "%s: %s", path, strerror(code));
}

/* Writes entry into the folder; 0 or an errno. */
static int write_entry(int folder, const ms_output_entry *entry)
{
    int fd = openat(folder, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return fd < 0 ? errno : write_and_close(fd, entry->bytes, entry->length);
}

/* Fills the folder called temporary and gives it its name; 0 or an errno. On failure nothing of it is left. */
static int fill_folder(const char *temporary, const char *path, const ms_output_entry *entries, size_t count)
{
    int folder = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = folder < 0 ? errno : 0;
    for (size_t ix = 0; ix < count && code == 0; ix++)
        code = write_entry(folder, &entries[ix]);
    if (code == 0 && fchmod(folder, 0777 & ~umask_now()) != 0)
        code = errno;
    if (code == 0 && rename(temporary, path) != 0)
        code = errno;
    for (size_t ix = 0; ix < count && code != 0 && folder >= 0; ix++)
        unlinkat(folder, entries[ix].name, 0);
    if (folder >= 0)
        close(folder);
    if (code != 0)
        rmdir(temporary);
    return code;
}

ms_status ms_output_folder(const char *path, const ms_output_entry *entries, size_t count, ms_error *err)
{
    char temporary[PATH_MAX];
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    int size = snprintf(temporary, sizeof temporary, "%.*s.XXXXXX", (int)length, path);
    int code = size < 0 || (size_t)size >= sizeof temporary || length > INT_MAX ? ENAMETOOLONG : folder_is_free(path);
    if (code == EEXIST)
        return ms_fail(err, MS_BAD_INPUT, "%s: is not empty; name a new folder", path);
    if (code == ENOTDIR)
        return ms_fail(err, MS_BAD_INPUT, "%s: is a file; name a new folder", path);
    if (code == 0 && mkdtemp(temporary) == NULL)
        code = errno;
    if (code == 0)
        code = fill_folder(temporary, path, entries, count);
    return code == 0 ? MS_OK : ms_fail(err, MS_IO, "%s: %s", path, strerror(code));
}
