/* sheet.h: a CSV file taken apart so that it can be put together again byte for byte.
 *
 * head (all up to the first row: byte order mark, header, its line end), rows, tail (blank lines behind the last). A
 * row has its cells, trimmed, one for each column; and where writing them in the usual way does not give the bytes of
 * the file (needless quotes, blanks, a blank line before it), those bytes as its raw text.
 */
#ifndef MS_BOOK_SHEET_H
#define MS_BOOK_SHEET_H

#include "base/alloc.h"
#include "base/status.h"

typedef struct {
    const char *key;
    const char **cells; /* column_count */
    const char *json;   /* the cells as ms_texts_put writes them */
    const char *raw;    /* NULL: as ms_sheet_put_row writes the cells */
} ms_sheet_row;

typedef struct {
    ms_arena *arena; /* of all texts */
    char separator;
    const char *line_end, *head, *tail;
    const char **columns;
    const char *columns_json;
    int column_count;
    ms_sheet_row *rows;
    size_t row_count, row_capacity;
} ms_sheet;

/* Takes bytes apart; case.json is one row of one column, "text". bytes may go afterwards. Free with ms_sheet_free, also
 * on failure. */
MS_MUST_USE ms_status ms_sheet_read(ms_sheet *sheet, const char *file, const char *bytes, size_t length, ms_error *err);
void ms_sheet_free(ms_sheet *sheet);

/* Appends a row in the usual way. */
void ms_sheet_put_row(ms_buf *out, const char *const *cells, int count, char separator, const char *line_end);

#endif
