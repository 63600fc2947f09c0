/* journal.h: a file that grows by whole lines and outlives whoever writes it.
 *
 * The first line says what the file belongs to; each line after it is one write. A writer that was killed leaves at
 * most a torn last line, which the next one cuts off. One process writes at a time (an advisory lock). Lines reach the
 * disk within a second, and all of them on close.
 */
#ifndef MS_BASE_JOURNAL_H
#define MS_BASE_JOURNAL_H

#include "base/status.h"

typedef struct ms_journal ms_journal;

/* Opens path, or creates it with the line header (without newline). A file that begins otherwise is MS_BAD_INPUT and
 * stays as it is; one that another process holds is MS_IO. */
MS_MUST_USE ms_status ms_journal_open(ms_journal **out, const char *path, const char *header, ms_error *err);
/* The whole lines behind the header as they were on opening; they belong to the journal. */
const char *ms_journal_text(const ms_journal *journal, size_t *length);
/* A line without newline. After a failure every later call reports it. */
MS_MUST_USE ms_status ms_journal_append(ms_journal *journal, const char *line, size_t length, ms_error *err);
/* Frees the journal, also on failure; NULL is allowed. */
MS_MUST_USE ms_status ms_journal_close(ms_journal *journal, ms_error *err);

/* The whole lines of a journal, header included, that nobody has to hold; *out is freed with ms_free. */
MS_MUST_USE ms_status ms_journal_read(char **out, size_t *length, const char *path, ms_error *err);

#endif
