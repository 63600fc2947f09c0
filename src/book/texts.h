/* texts.h: a list of texts as one JSON array without blanks, and back: the cells of a row in its table.
 *
 * ["a","","c"]. Our own reader, because ten cells a row and 100,000 rows are read each time a case comes out of a book;
 * it takes what ms_texts_put writes and refuses all else.
 */
#ifndef MS_BOOK_TEXTS_H
#define MS_BOOK_TEXTS_H

#include "base/status.h"

enum { MS_COLUMNS_CAP = 256 };

void ms_texts_put(ms_buf *out, const char *const *texts, int count);

/* The texts in json, which is overwritten: they are slices of it. Returns their number, -1 when json is no such list or
 * has more than MS_COLUMNS_CAP. */
int ms_texts_parse(const char *out[MS_COLUMNS_CAP], char *json);

#endif
