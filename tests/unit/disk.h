/* disk.h: a folder to play in (playground.h), and system calls that fail when a test says so.
 *
 * The calls by which src/base writes (write, fsync, close, mkdirat, renameat, renameat2, fchmodat) are
 * defined here, and the linker takes these before the C library's. disk_fail_at(n, error) makes the nth of
 * them from now fail, and, unless disk.once, all later ones of the same kind; close then closes all the same.
 * Included by one file of a test program.
 */
#ifndef MS_TESTS_DISK_H
#define MS_TESTS_DISK_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "playground.h"

/* ---- calls that fail ---- */

enum disk_call {
    DISK_WRITE = 1,
    DISK_SYNC,
    DISK_CLOSE,
    DISK_MKDIR,
    DISK_RENAME,
    DISK_EXCHANGE,
    DISK_CHMOD,
    DISK_KINDS
};

/* As the error: the process is killed instead, before the call is made. */
enum { KILLED_NOT_FAILED = -1 };

static struct {
    long count, nth;
    long counts[DISK_KINDS]; /* of each kind */
    int error;
    enum disk_call failing; /* the kind that fails from now on; 0 until the nth call */
    bool once;              /* only the nth call */
    bool no_exchange;       /* renameat2 is as on a file system without it */
} disk;

static void disk_fail_at(long nth, int error)
{
    disk.count = 0;
    memset(disk.counts, 0, sizeof disk.counts);
    disk.nth = nth;
    disk.error = error;
    disk.failing = 0;
}

static bool disk_refuses(enum disk_call call)
{
    disk.count++;
    disk.counts[call]++;
    if (disk.nth != 0 && disk.count == disk.nth)
        disk.failing = call;
    if (disk.failing != call || (disk.once && disk.count != disk.nth))
        return false;
    if (disk.error == KILLED_NOT_FAILED)
        raise(SIGKILL);
    errno = disk.error;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (fd > 2 && disk_refuses(DISK_WRITE)) /* not what cmocka prints */
        return -1;
    /* Short writes are allowed, and the library must live with them. */
    return syscall(SYS_write, fd, bytes, fd > 2 && length > 1 ? length / 2 : length);
}

int fsync(int fd)
{
    return disk_refuses(DISK_SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int close(int fd)
{
    int done = (int)syscall(SYS_close, fd);
    return disk_refuses(DISK_CLOSE) ? -1 : done;
}

int mkdirat(int folder, const char *name, mode_t mode)
{
    return disk_refuses(DISK_MKDIR) ? -1 : (int)syscall(SYS_mkdirat, folder, name, mode);
}

int renameat(int from, const char *old, int to, const char *new)
{
    return disk_refuses(DISK_RENAME) ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    if (disk.no_exchange) {
        errno = EINVAL;
        return -1;
    }
    return disk_refuses(DISK_EXCHANGE) ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int fchmodat(int folder, const char *name, mode_t mode, int flags)
{
    (void)flags;
    return disk_refuses(DISK_CHMOD) ? -1 : (int)syscall(SYS_fchmodat, folder, name, mode);
}

#endif
