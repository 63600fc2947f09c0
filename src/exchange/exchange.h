/* exchange.h: what the views of the exchange are made from. The verbs call what mainstay.h declares. */
#ifndef MS_EXCHANGE_EXCHANGE_H
#define MS_EXCHANGE_EXCHANGE_H

#include "exchange/offer.h"
#include "exchange/channel.h"

/* What the next release for a partner would hold. Free with ms_outgoing_free. */
typedef struct {
    ms_channel channel;
    ms_trust trust;
    ms_offer offer;
    ms_picture before, after; /* settled */
    long start_day;           /* of the case that it is made from */
    char currency[24];
} ms_outgoing;
MS_MUST_USE ms_status ms_outgoing_make(ms_outgoing *out, ms_book *book, const char *partner, ms_error *err);
void ms_outgoing_free(ms_outgoing *outgoing);
/* How many steps of the ledger would go with it. Reads the log behind what the partner has acknowledged. */
MS_MUST_USE ms_status ms_outgoing_documents(size_t *count, ms_outgoing *outgoing, ms_book *book, ms_error *err);

/* ---- rhythm ---- */

/* False when text is no rhythm. */
bool ms_rhythm_is_good(const char *text);
/* The last time at or before now at which a release was due; -1: no rhythm. */
int64_t ms_rhythm_due(const char *text, int64_t now_ms);
/* Milliseconds from one release to the next; -1: no rhythm. */
int64_t ms_rhythm_every(const char *text);

#endif
