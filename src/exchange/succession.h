/* succession.h: how a partner's trust follows when a book gets another key: the entries of the writer's log in which
 * one key hands over to the next, each signed by the key before, travel in the bundles that the new key signs, until
 * the reader has acknowledged one. No telephone call is needed, for the reader trusts the key that the first entry is
 * signed by; nothing follows a key that was withdrawn, or one that was replaced because it was lost (docs/exchange.md).
 */
#ifndef MS_EXCHANGE_SUCCESSION_H
#define MS_EXCHANGE_SUCCESSION_H

#include "book/book.h"

enum { MS_SUCCESSION_BYTES = 64 << 10, MS_SUCCESSION_KEYS = 64 };

/* Appends what the readers need who know the book's key as of log entry `after` or an earlier one (0: any); nothing
 * when the key is that old. Of more than MS_SUCCESSION_KEYS keys the last. */
MS_MUST_USE ms_status ms_succession_write(ms_buf *out, ms_book *book, int64_t after, ms_error *err);

/* What text[0..length) hands over to whom: from the key trusted on. *reached becomes false when it does not begin with
 * that key. Else key is the last one, and text its public half as ms_public_key_put writes it; append to
 * *public_text. MS_BAD_INPUT when the text is no succession, or a link of it is not signed by the key before. */
MS_MUST_USE ms_status ms_succession_follow(ms_public_key *key, ms_buf *public_text, bool *reached,
                                           const ms_public_key *trusted, const char *text, size_t length,
                                           const char *file, ms_error *err);

/* Visits the keys that the links hand over to, in order, without looking at signatures: of a text that was followed
 * before. */
typedef ms_status (*ms_key_visit)(void *context, const ms_public_key *key, ms_error *err);
MS_MUST_USE ms_status ms_succession_each(const char *text, size_t length, const char *file, ms_key_visit visit,
                                         void *context, ms_error *err);

#endif
