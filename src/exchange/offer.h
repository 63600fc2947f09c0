/* offer.h: what a partner would be given now, by the rules: the picture of the release, before it is compared with what
 * went out before.
 *
 * Only rows that the book says itself and that are its own partner's are looked at, and of a row only columns that the
 * format knows, so that remarks in columns of one's own stay home. Each row that goes out brings the description of its
 * item (name, NSN, class, unit, mass), by which the reader matches it. Rows that are delayed come apart, by days, for
 * what goes out is what they were then. Cost: rules x rows.
 */
#ifndef MS_EXCHANGE_OFFER_H
#define MS_EXCHANGE_OFFER_H

#include "book/book.h"
#include "exchange/picture.h"
#include "exchange/rules.h"

enum { MS_DELAYS_MOST = 8 };

typedef struct {
    ms_picture now; /* settled */
    struct {
        double days;
        ms_picture rows; /* settled; as they are now */
    } delayed[MS_DELAYS_MOST];
    int delayed_count;
    size_t own[MS_RELEASE_TABLES], out[MS_RELEASE_TABLES]; /* own rows, and those that go out in some form */
    size_t lone_sums;                                      /* sums of a single row, which give that row away */
    size_t hidden_sites; /* own sites that rows going out name and that do not go out themselves */
} ms_offer;

MS_MUST_USE ms_status ms_offer_make(ms_offer *out, ms_book *book, const ms_case *kase, const ms_rules *rules,
                                    const char *to, ms_error *err);
void ms_offer_free(ms_offer *offer); /* one of zeros is allowed */

#endif
