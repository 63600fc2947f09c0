/* file_private.h: what file.c and folder.c share. Functions that return int return 0 or an errno. */
#ifndef MS_BASE_FILE_PRIVATE_H
#define MS_BASE_FILE_PRIVATE_H

#include <limits.h>
#include <sys/types.h>

#include "base/file.h"

/* Where something is to be written: an open folder, and the name in it. All work goes through the folder's
 * descriptor, so that renaming a parent meanwhile changes nothing. */
typedef struct {
    int folder;
    char name[NAME_MAX + 1];
} ms_place;

ms_status ms_place_open(ms_place *place, const char *path, ms_error *err);
void ms_place_close(ms_place *place);
/* ".NAME.tag-XXXXXX" with six random letters. */
void ms_place_temporary(char out[NAME_MAX + 1], const char *name, const char *tag);

/* An errno in plain words, and as an error about path: "cannot <what>: the disk is full". */
const char *ms_file_reason(int error);
ms_status ms_file_failed(ms_error *err, const char *path, const char *what, int error);

int ms_file_put(int fd, const char *bytes, size_t length);
int ms_file_sync(int fd);
/* Creates name in folder with these bytes, synced. It must not exist; on failure nothing of it is left. */
int ms_file_create(int folder, const char *name, mode_t mode, const char *bytes, size_t length);

#endif
