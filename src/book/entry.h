/* entry.h: what an entry's hash and signature cover. docs/book.md specifies it for other implementations. */
#ifndef MS_BOOK_ENTRY_H
#define MS_BOOK_ENTRY_H

#include "book/book.h"

/* BLAKE2b-256 of: "mainstay entry 1" (16 bytes); the previous hash; number and time, 8 bytes each; the lengths of kind
 * and key, 4 bytes each, before their bytes; the length of the body, 8 bytes, before its bytes. Most significant byte
 * first. The first entry's previous hash is 32 zero bytes. */
void ms_entry_hash(unsigned char out[MS_HASH_BYTES], const ms_entry *entry);

void ms_entry_sign(ms_entry *entry, const ms_key *key);

/* What is wrong with an entry on its own, as a static text; NULL when its hash fits what it says and key signed it. */
const char *ms_entry_wrong(const ms_entry *entry, const ms_public_key *key);

/* A log as it is followed from its first entry on: what the next entry must carry on from. Start with zeros. */
typedef struct {
    int64_t number;
    unsigned char hash[MS_HASH_BYTES];
    ms_public_key key; /* in force */
    bool replaced;     /* by the entry that was followed last: its key is vouched for by none before it */
} ms_chain;

/* What is wrong with entry as the next of the chain, as a static text; NULL when nothing is. The chain moves on to it
 * in any case, as far as it can be followed. */
const char *ms_chain_follow(ms_chain *chain, const ms_entry *entry);

/* MS_USAGE when a draft is out of shape: a bad kind, a key that is too long or no UTF-8, a body over its cap. */
MS_MUST_USE ms_status ms_draft_check(const ms_draft *draft, ms_error *err);

/* The bodies of `book` and `key` entries: {"action":..., "public":{...}}, and back. action is "made", "rotated" or
 * "replaced". */
MS_MUST_USE ms_status ms_key_body_put(ms_buf *out, const char *action, const ms_public_key *key, ms_error *err);
MS_MUST_USE ms_status ms_key_body_parse(ms_public_key *out, bool *replaced, const ms_entry *entry, ms_error *err);

#endif
