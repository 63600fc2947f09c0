/* proposals.h: the requests that a plan needs, from a plan that is in no folder, and only those that were chosen. */
#ifndef MS_REPORT_PROPOSALS_H
#define MS_REPORT_PROPOSALS_H

#include "ledger/propose.h"

/* As ms_report_proposals, of any orders.csv. */
MS_MUST_USE ms_status ms_report_proposals_of(ms_buf *out, ms_book *book, const ms_propose_options *options, bool make,
                                             const ms_view *view, ms_error *err);

#endif
