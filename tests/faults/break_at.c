/* break_at.c: a shared object for LD_PRELOAD that breaks the Nth call by which a program changes the disk.
 *
 *     BREAK_AT=7 BREAK_HOW=kill | ENOSPC | EIO    the seventh such call kills the program before it is made, or fails
 *     BREAK_MEND=FILE                             once this is there, the disk is mended: calls no longer fail
 *     BREAK_COUNT=FILE                            at exit, how many such calls there were
 *
 * Counted are open for writing, mkdir, write, pwrite, fsync, ftruncate, rename, unlink, rmdir and, for stdio, fwrite,
 * fputs, fflush and fclose; not what goes to the terminal or a pipe. ENOSPC and EIO also break all later calls that
 * need room, as a full disk does. With kill, every second call to write is cut: half of the bytes go out first.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;
static long break_at;
static int break_errno; /* 0: kill */
static const char *mend;

__attribute__((constructor)) static void read_orders(void)
{
    const char *at = getenv("BREAK_AT"), *how = getenv("BREAK_HOW");
    break_at = at != NULL ? atol(at) : 0;
    mend = getenv("BREAK_MEND");
    if (how != NULL && strcmp(how, "ENOSPC") == 0)
        break_errno = ENOSPC;
    else if (how != NULL && strcmp(how, "EIO") == 0)
        break_errno = EIO;
}

__attribute__((destructor)) static void write_count(void)
{
    const char *file = getenv("BREAK_COUNT");
    char text[32];
    int fd, length;
    if (file == NULL)
        return;
    int (*open_)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    ssize_t (*write_)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    fd = open_(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
    if (fd >= 0 && write_(fd, text, (size_t)length) < 0)
        abort();
    close(fd);
}

/* Counts a call. True when it must fail; does not return when it must kill. */
static bool breaks(void)
{
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (break_at <= 0 || call < break_at)
        return false;
    if (break_errno == 0) {
        kill(getpid(), SIGKILL);
        pause();
    }
    if (mend != NULL && access(mend, F_OK) == 0)
        return false;
    errno = break_errno;
    return true;
}

static bool on_disk(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

#define REAL(type, name, ...) type (*real)(__VA_ARGS__) = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static mode_t mode_of(int flags, va_list args)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                       \
    int name(const char *path, int flags, ...)           \
    {                                                    \
        REAL(int, #name, const char *, int, ...);        \
        va_list args;                                    \
        va_start(args, flags);                           \
        mode_t mode = mode_of(flags, args);              \
        va_end(args);                                    \
        if ((flags & O_ACCMODE) != O_RDONLY && breaks()) \
            return -1;                                   \
        return real(path, flags, mode);                  \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                       \
    int name(int folder, const char *path, int flags, ...) \
    {                                                      \
        REAL(int, #name, int, const char *, int, ...);     \
        va_list args;                                      \
        va_start(args, flags);                             \
        mode_t mode = mode_of(flags, args);                \
        va_end(args);                                      \
        if ((flags & O_ACCMODE) != O_RDONLY && breaks())   \
            return -1;                                     \
        return real(folder, path, flags, mode);            \
    }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name)                                                  \
    FILE *name(const char *path, const char *mode)                   \
    {                                                                \
        REAL(FILE *, #name, const char *, const char *);             \
        return mode[0] != 'r' && breaks() ? NULL : real(path, mode); \
    }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!on_disk(fd))
        return real(fd, bytes, length);
    if (break_errno == 0 && atomic_load(&calls) + 1 == break_at && break_at % 2 == 0 && length > 1)
        (void)!real(fd, bytes, length / 2);
    return breaks() ? -1 : real(fd, bytes, length);
}

#define PWRITE(name)                                                       \
    ssize_t name(int fd, const void *bytes, size_t length, off_t at)       \
    {                                                                      \
        REAL(ssize_t, #name, int, const void *, size_t, off_t);            \
        return on_disk(fd) && breaks() ? -1 : real(fd, bytes, length, at); \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return breaks() ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    return breaks() ? -1 : real(fd);
}

int ftruncate(int fd, off_t length)
{
    REAL(int, "ftruncate", int, off_t);
    return breaks() ? -1 : real(fd, length);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(int, "mkdir", const char *, mode_t);
    return breaks() ? -1 : real(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(int, "mkdirat", int, const char *, mode_t);
    return breaks() ? -1 : real(folder, path, mode);
}

char *mkdtemp(char *path)
{
    REAL(char *, "mkdtemp", char *);
    return breaks() ? NULL : real(path);
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return breaks() ? -1 : real(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    REAL(int, "renameat", int, const char *, int, const char *);
    return breaks() ? -1 : real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    return breaks() ? -1 : real(from_folder, from, to_folder, to, flags);
}

/* A full disk still lets go of files: of these only kill and EIO break. */
static bool breaks_removal(void)
{
    return breaks() && break_errno != ENOSPC;
}

int unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    return breaks_removal() ? -1 : real(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(int, "unlinkat", int, const char *, int);
    return breaks_removal() ? -1 : real(folder, path, flags);
}

int rmdir(const char *path)
{
    REAL(int, "rmdir", const char *);
    return breaks_removal() ? -1 : real(path);
}

int remove(const char *path)
{
    REAL(int, "remove", const char *);
    return breaks_removal() ? -1 : real(path);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *stream)
{
    REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *);
    return on_disk(fileno(stream)) && breaks() ? 0 : real(bytes, size, count, stream);
}

int fputs(const char *text, FILE *stream)
{
    REAL(int, "fputs", const char *, FILE *);
    return on_disk(fileno(stream)) && breaks() ? EOF : real(text, stream);
}

int fflush(FILE *stream)
{
    REAL(int, "fflush", FILE *);
    return stream != NULL && on_disk(fileno(stream)) && breaks() ? EOF : real(stream);
}

int fclose(FILE *stream)
{
    REAL(int, "fclose", FILE *);
    bool broken = on_disk(fileno(stream)) && (fcntl(fileno(stream), F_GETFL) & O_ACCMODE) != O_RDONLY && breaks();
    int result = real(stream);
    return broken ? EOF : result;
}
