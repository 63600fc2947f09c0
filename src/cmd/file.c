/* file.c: reading one file whole. See file.h. */
#include "cmd/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/output.h"

enum { MOST = 64 << 20, PIECE = 1 << 16 };

static ms_status read_stream(ms_buf *out, FILE *file, const char *path, ms_error *err)
{
    char piece[PIECE];
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        ms_buf_put(out, piece, got);
        if (out->length > MOST)
            return ms_fail(err, MS_BAD_INPUT, "%s has more than 64 MiB", path);
        if (out->failed)
            return ms_fail(err, MS_NO_MEMORY, "out of memory");
    }
    return ferror(file) ? ms_fail(err, MS_IO, "%s cannot be read: %s", path, strerror(errno)) : MS_OK;
}

ms_status ms_input_file(ms_buf *out, const char *path, ms_error *err)
{
    if (strcmp(path, "-") == 0)
        return read_stream(out, stdin, "standard input", err);
    struct stat is;
    if (stat(path, &is) == 0 && S_ISDIR(is.st_mode))
        return ms_fail(err, MS_BAD_INPUT, "%s is a folder, not a file", path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return ms_fail(err, errno == ENOENT ? MS_NOT_FOUND : MS_IO, "%s cannot be read: %s", path, strerror(errno));
    ms_status status = read_stream(out, file, path, err);
    fclose(file);
    return status;
}
