/* file.h: reading one file whole. */
#ifndef MS_CMD_FILE_H
#define MS_CMD_FILE_H

#include "cmd/dispatch.h"

/* Appends all of the file path ("-": standard input) to out. MS_BAD_INPUT when it has more than 64 MiB or is no file.
 */
MS_MUST_USE ms_status ms_input_file(ms_buf *out, const char *path, ms_error *err);

#endif
