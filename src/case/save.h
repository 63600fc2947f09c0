/* save.h: changed files into a case's folder, all of them or none, with a line for each change in its changes.log.
 *
 * The files are laid ready in FOLDER/.mainstay-saving.new; giving that folder the name .mainstay-saving is the moment
 * at which they count, and from then on every reader (open.c) takes what is in there before what is beside it. Then
 * each moves to its place. Whoever is killed before that moment has changed nothing, and after it everything; the next
 * who saves, or opens the folder to change it, tidies up. changes.log grows before that moment and is cut back when it
 * does not come. One process saves at a time (flock on the folder). Permissions stay; a symbolic link stays one.
 *
 * Cost: a sync for each file and three for the folder.
 */
#ifndef MS_CASE_SAVE_H
#define MS_CASE_SAVE_H

#include "case/case.h"

#define MS_SAVING ".mainstay-saving" /* within the folder of a case: files that are on their way to their places */
#define MS_CHANGES_LOG "changes.log"

/* Writes files[0..count) into the folder path, and log behind its changes.log. MS_IO when it cannot: then nothing has
 * changed. */
MS_MUST_USE ms_status ms_case_save(const char *path, const ms_case_file *files, int count, const ms_buf *log,
                                   ms_error *err);
/* Completes, or undoes, what somebody who was killed has left. */
MS_MUST_USE ms_status ms_case_save_tidy(const char *path, ms_error *err);

#endif
