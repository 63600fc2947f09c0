/* accept.h: what a partner has released, into the rows of our own combined case; and what of it is refused, row by row.
 *
 * A row is refused when it is not the partner's own (a partner can state only its own rows), when its key is that of a
 * row that is not the partner's, when its item matches none of ours, when it names what is not known here, or when the
 * reader of cases refuses it; the reason is the reader's own sentence. What is accepted depends on the picture, our own
 * rows and aliases.csv alone, not on the order in which things came: it is worked out anew each time, and only what
 * differs is written. Sums and days of supply are pictures, which no plan counts on. Cost: one or a few readings of the
 * case, whatever the picture says.
 */
#ifndef MS_EXCHANGE_ACCEPT_H
#define MS_EXCHANGE_ACCEPT_H

#include "book/book.h"
#include "exchange/items.h"
#include "exchange/picture.h"

/* What days, money and rows of a release count by. */
typedef struct {
    const char *partner;
    long start_day;
    const char *currency; /* "" not stated */
} ms_giver;

typedef struct {
    ms_arena *arena;
    struct {
        const char *key, *why;
    } * refused; /* by key of the record, in order */
    size_t refused_count, refused_capacity;
    size_t accepted, set, removed; /* rows now in the case; written and taken away by this call */
    size_t own_errors;             /* in the combined case, not in the partner's rows */
    char own_error[256];           /* the first */
} ms_acceptance;

/* Writes the partner's rows into the book, which must be in a write transaction. Free with ms_acceptance_free. */
MS_MUST_USE ms_status ms_accept(ms_acceptance *out, ms_book *book, const ms_giver *giver, const ms_picture *picture,
                                const ms_aliases *aliases, ms_error *err);
void ms_acceptance_free(ms_acceptance *acceptance); /* one of zeros is allowed */

#endif
