/* file.h: whole files in, whole folders out.
 *
 * A folder is written under a temporary name beside its place and renamed at the end, so that a reader sees
 * all of it or nothing. Every write is checked, synced and closed with its result looked at; the first
 * failure (a full disk) wins.
 */
#ifndef MS_BASE_FILE_H
#define MS_BASE_FILE_H

#include "status.h"

/* Reads all of a regular file of at most cap bytes; *out is zero-terminated behind *length bytes, freed with
 * ms_free. A missing file is MS_NOT_FOUND; a folder, a pipe, a device or a file over the cap is
 * MS_BAD_INPUT. */
MS_MUST_USE ms_status ms_file_read(char **out, size_t *length, const char *path, size_t cap, ms_error *err);
bool ms_file_is_dir(const char *path);
bool ms_file_exists(const char *path);

/* MS_BAD_INPUT when others than its owner may read or write the file, which holds a secret; MS_OK when there is none.
 */
MS_MUST_USE ms_status ms_file_check_private(const char *path, ms_error *err);

/* Writes one file whole: temporary name, fsync, rename. "-" is not special. A file that was there keeps its
 * permissions; a symbolic link stays one, and what it points to is written. */
MS_MUST_USE ms_status ms_file_write(const char *path, const char *bytes, size_t length, ms_error *err);

typedef struct ms_folder_writer ms_folder_writer;

/* Starts a folder that will appear as path on commit. When `replace`, an existing folder at path is replaced
 * (it must be empty or hold a file named marker, so that no stranger's folder is ever removed; marker may be
 * NULL); otherwise an existing path is an error. Also removes what killed writers of the same path left
 * behind. */
MS_MUST_USE ms_status ms_folder_open(ms_folder_writer **out, const char *path, bool replace, const char *marker,
                                     ms_error *err);
/* name is a file's, or sub-folder "/" file. After a failure every later call reports the same failure. */
MS_MUST_USE ms_status ms_folder_add(ms_folder_writer *folder, const char *name, const char *bytes, size_t length,
                                    ms_error *err);
/* Frees folder, also on failure; then nothing is left of it and an older folder is where it was. Three
 * exceptions say so in their message: the new folder is in place, but the older one could not be removed; or
 * the disk would not sync it; or neither folder could be given the name, on a file system without an
 * exchange. */
MS_MUST_USE ms_status ms_folder_commit(ms_folder_writer *folder, ms_error *err);
void ms_folder_abandon(ms_folder_writer *folder); /* removes what was written; NULL is allowed */

#endif
