/* csv.h: reading and writing CSV (RFC 4180) as spreadsheets really write it.
 *
 * The reader walks a whole file held in memory, one record at a time. It accepts a UTF-8 byte order mark,
 * CRLF or LF or CR line ends, `;` or tab instead of `,` (found from the header row), quoted fields with
 * doubled quotes and newlines, and blank records (skipped, also rows of empty cells only). It refuses zero
 * bytes, invalid UTF-8, a quote that never closes, text behind a closing quote, more than MS_CSV_FIELDS
 * fields and fields over MS_CSV_FIELD_BYTES. Cost: one pass; a field without quotes is a slice of the input,
 * nothing is copied.
 *
 * Legal order: ms_csv_open, then ms_csv_next until it returns MS_OK with record->field_count == 0 (the end)
 * or fails, then ms_csv_close.
 */
#ifndef MS_BASE_CSV_H
#define MS_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

enum { MS_CSV_FIELDS = 256, MS_CSV_FIELD_BYTES = 1 << 20 };

typedef struct {
    const char *text; /* not zero-terminated; when `quoted` valid until the next call, else with the input */
    size_t length;
    int line, column; /* where the field starts, from 1; the column counts characters, not bytes */
    bool quoted;
} ms_csv_field;

typedef struct {
    ms_csv_field *fields; /* owned by the reader, valid until the next call */
    int field_count;
    int line;
} ms_csv_record;

typedef struct ms_csv_reader ms_csv_reader;

/* Starts reading text[0..length), which must outlive the reader. file names it in errors (not copied). */
MS_MUST_USE ms_status ms_csv_open(ms_csv_reader **out, const char *text, size_t length, const char *file,
                                  ms_error *err);
MS_MUST_USE ms_status ms_csv_next(ms_csv_reader *reader, ms_csv_record *record, ms_error *err);
char ms_csv_separator(const ms_csv_reader *reader);
/* Bytes of the input, a byte order mark included, up to the end of the newest record and its line end: records lie
 * between one offset and the next, blank ones before the record that follows them. */
size_t ms_csv_offset(const ms_csv_reader *reader);
/* Bytes of the input before the newest record itself. */
size_t ms_csv_start(const ms_csv_reader *reader);
void ms_csv_close(ms_csv_reader *reader);
/* Reads the records of a file of at most `cap` bytes: take has the reader, and the file's path for its errors. */
typedef ms_status (*ms_csv_take)(void *context, ms_csv_reader *reader, const char *path, ms_error *err);
MS_MUST_USE ms_status ms_csv_read_file(const char *path, size_t cap, ms_csv_take take, void *context, ms_error *err);

/* Appends one field to a CSV line, quoted where RFC 4180 needs it. A field that a spreadsheet would take for
 * a formula is not changed: the files are ours to read back. */
void ms_csv_put(ms_buf *out, const char *text, bool first);
/* The same behind another separator. */
void ms_csv_put_behind(ms_buf *out, char separator, const char *text, bool first);
/* Shortest text that reads back as the same double. */
void ms_csv_put_number(ms_buf *out, double value, bool first);
void ms_csv_end(ms_buf *out); /* "\n" */

#endif
