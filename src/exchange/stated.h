/* stated.h: one record of a release as a row in our own words: items, units, days and codes translated.
 *
 * Looks at the row alone and at both catalogues; whether it fits into the case is the business of accept.c.
 */
#ifndef MS_EXCHANGE_STATED_H
#define MS_EXCHANGE_STATED_H

#include "case/format.h"
#include "exchange/accept.h"
#include "exchange/rules.h"

enum { MS_STATED_COLUMNS = 16, MS_WHY_BYTES = 320 };

/* By what the giver's rows are read. */
typedef struct {
    const ms_giver *giver;
    const ms_item_matches *items;
    const ms_item_card *ours;
    long start_day; /* of our case */
    const char *currency;
} ms_terms;

typedef struct {
    const ms_format_file *format;
    const char *cells[MS_STATED_COLUMNS]; /* by column of the format; "" empty */
} ms_stated;

/* The format of a file of the case by its name, or NULL. */
const ms_format_file *ms_stated_format(const char *file);

/* False in *is_row when the record is no row (an item, a sum, days of supply). Else out is the row, texts in arena; or
 * why says why it is refused. */
MS_MUST_USE ms_status ms_stated_read(ms_stated *out, bool *is_row, char why[MS_WHY_BYTES], ms_arena *arena,
                                     const ms_terms *terms, const ms_record *record, ms_error *err);

#endif
