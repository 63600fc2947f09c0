/* contact.h: when releases to and from a partner last came through, and when they last did not: in BOOK.contacts,
 * beside the book and not in its log, for it is of this machine and its lines alone. A hint for `exchange status`:
 * whatever is wrong with the file, it counts as empty, and the next note makes it anew.
 */
#ifndef MS_EXCHANGE_CONTACT_H
#define MS_EXCHANGE_CONTACT_H

#include "book/book.h"

enum { MS_CONTACT_PLACE_BYTES = 256, MS_CONTACT_WHY_BYTES = 512 };

/* Times are 0 where it never was. */
typedef struct {
    int64_t sent_ms, fetched_ms; /* when it last went well */
    int64_t failed_ms;           /* when it last failed; 0 once it has gone well again */
    char place[MS_CONTACT_PLACE_BYTES], why[MS_CONTACT_WHY_BYTES];
} ms_contact;

/* Zeros where nothing is known. MS_NO_MEMORY alone is a failure. */
MS_MUST_USE ms_status ms_contact_read(ms_contact *out, const ms_book *book, const char *partner, ms_error *err);
/* Notes that sending (or fetching) through the place has gone well just now, or in wrong (not NULL) how not. What
 * cannot be written is left. */
void ms_contact_note(const ms_book *book, const char *partner, const char *place, bool sent, const ms_error *wrong);

#endif
