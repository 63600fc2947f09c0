/* order_json.h: one order for programs: what it is and comes to, for what it waits, and what this book's partner may do
 * with it now, with what each step would say of itself (ledger/next.h). */
#ifndef MS_REPORT_ORDER_JSON_H
#define MS_REPORT_ORDER_JSON_H

#include "report/ledger_words.h"

/* The tables are those of its deliveries and steps. Reads the case of the book while the order is not accepted. */
MS_MUST_USE ms_status ms_order_json(ms_buf *out, ms_book *book, const ms_ledger_view *of, const ms_ledger_order *order,
                                    const ms_table *deliveries, const ms_table *steps, ms_error *err);

#endif
