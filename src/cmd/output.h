/* output.h: everything that the program writes: messages, the answer on standard output, files and folders.
 *
 * Every write is checked. A file appears whole or not at all: it is written under a temporary name beside its place and
 * renamed; a folder likewise. A reader who closes the pipe early is no error: the rest is then dropped in silence. */
#ifndef MS_CMD_OUTPUT_H
#define MS_CMD_OUTPUT_H

#include <stdarg.h>

#include "cmd/dispatch.h"

/* Fills *err and returns code. */
ms_status ms_fail(ms_error *err, ms_status code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The exit status that a failed call ends with. */
ms_exit ms_exit_of(ms_status code);

/* "mainstay: file:line:column: message" on standard error; what is in it is made safe for a terminal. */
void ms_say_error(const ms_terminal *terminal, const ms_error *err);

/* "mainstay: text" on standard error. */
void ms_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Appends text with control characters replaced by '?', so that a file's contents cannot steer a terminal. */
void ms_buf_safe(ms_buf *out, const char *text);

/* Writes to standard output, or to the file path ("-" is standard output). */
MS_MUST_USE ms_status ms_output_answer(const ms_buf *answer, ms_error *err);
MS_MUST_USE ms_status ms_output_file(const char *path, const ms_buf *contents, ms_error *err);

/* Closes standard output and says whether all of it arrived. */
MS_MUST_USE ms_status ms_output_close(ms_error *err);

typedef struct {
    const char *name;
    const char *bytes;
    size_t length;
} ms_output_entry;

/* Makes the folder path with these files in it. It must not exist, or be empty. */
MS_MUST_USE ms_status ms_output_folder(const char *path, const ms_output_entry *entries, size_t count, ms_error *err);

/* MS_OK when the folder path may be made: nothing is there, an empty folder, or one that holds a file called marker. */
MS_MUST_USE ms_status ms_output_may_replace(const char *path, const char *marker, ms_error *err);

/* True when path is a folder that holds a file called name. */
bool ms_folder_has(const char *path, const char *name);

#endif
