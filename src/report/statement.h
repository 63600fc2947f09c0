/* statement.h: a statement of account between two partners, as tables that text, CSV, JSON, HTML and XLSX are written
 * from.
 *
 * It follows from the steps between the two alone, and from its date: nothing in it depends on whose book it is made
 * from, on the screen, the clock or the order of arrival. The basis is a hash over the steps: equal bases, equal bytes.
 */
#ifndef MS_REPORT_STATEMENT_H
#define MS_REPORT_STATEMENT_H

#include "report/ledger_words.h"

typedef struct {
    char title[2 * MS_PARTNER_BYTES + 48]; /* "Statement of account between KR and US" */
    char date[MS_DATE_BYTES];
    char basis[MS_HEX_BYTES]; /* hexadecimal */
    size_t order_count, step_count;
    const char *one, *other; /* the partners, in byte order */
    ms_table orders, balances;
    ms_buf net;       /* sentences */
    int64_t date_day; /* days since 1970 */
} ms_statement;

/* filter->partner must be given. Free with ms_statement_free, also the ledger that the view holds. */
MS_MUST_USE ms_status ms_statement_make(ms_statement *out, ms_ledger_view *of, const ms_ledger_filter *filter,
                                        ms_error *err);
void ms_statement_free(ms_statement *statement);

/* A printable page, self-contained, with lines to sign on; and a workbook. */
void ms_statement_html(ms_buf *out, const ms_statement *statement);
MS_MUST_USE ms_status ms_statement_xlsx(ms_buf *out, const ms_statement *statement, ms_error *err);

#endif
