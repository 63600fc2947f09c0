/* channel.h: where the exchange with one partner stands: two numbered streams of releases, and what each side knows of
 * the other's. All of it is entries of the book:
 *
 *   trust     PARTNER          the partner's public key as it was trusted, or its withdrawal
 *   rule      FILE             releases.csv or aliases.csv
 *   rhythm    PARTNER          how often releases were agreed on
 *   given     PARTNER/N/PART   our release N, in parts of whole lines
 *   taken     PARTNER/N/PART   theirs
 *   given-mark, taken-mark  PARTNER/N   hash of the release; of ours also how far the log's documents were in it
 *   held      PARTNER/N/PART   what rows that go out late were when release N was made
 *   refused   PARTNER          rows of theirs that we could not use, as of the last look
 *   fork      PARTNER/N        an alarm: two contents bear one number
 *   fork      PARTNER/key      an alarm: a key of before announces another than the one that is trusted
 *   seen      PARTNER          up to which release somebody looked at what changed
 *   stream    PARTNER          the rest, in ms_channel
 *
 * N has twelve digits, so that byte order is the order of numbers. Every MS_WHOLE_EVERYth release is whole, which
 * bounds the cost of putting a picture together again.
 */
#ifndef MS_EXCHANGE_CHANNEL_H
#define MS_EXCHANGE_CHANNEL_H

#include "exchange/accept.h"
#include "exchange/release.h"
#include "exchange/rules.h"

enum {
    MS_WHOLE_EVERY = 64,
    MS_JUMP_MOST = 1000000, /* numbers that a partner may claim to have taken beyond what we made */
    MS_CHANNEL_KEY_BYTES = MS_PARTNER_BYTES + 32
};

typedef struct {
    char partner[MS_PARTNER_BYTES];
    int64_t given, given_ms, given_whole; /* our last release; the last whole one */
    unsigned char given_hash[MS_HASH_BYTES];
    int64_t taken, taken_ms, made_ms, taken_whole; /* theirs: when taken, and when they made it */
    unsigned char taken_hash[MS_HASH_BYTES];
    int64_t acked; /* the last of ours that they say they have, and its hash */
    unsigned char acked_hash[MS_HASH_BYTES];
    int64_t gap;         /* a release of theirs that came while earlier ones are missing; 0 none */
    int64_t fork;        /* the number at which the alarm was raised; 0 none since */
    bool want_whole;     /* they miss something of ours */
    int64_t lost_at;     /* we said in this release that our book was restored, and they have not read that; 0 no */
    bool returning;      /* their book was restored: their own documents go back to them */
    int64_t returned_at; /* first release in which they did; 0 not yet */
    char their_rhythm[64];
} ms_channel;

/* Zeros with the partner's name where nothing is known yet. */
MS_MUST_USE ms_status ms_channel_read(ms_channel *out, ms_book *book, const char *partner, ms_error *err);
MS_MUST_USE ms_status ms_channel_write(ms_book *book, const ms_channel *channel, ms_error *err);

/* The latest entry of a kind and key; *found false where there is none. Free with ms_entry_free when found. */
MS_MUST_USE ms_status ms_channel_find(ms_entry *out, bool *found, ms_book *book, const char *kind, const char *key,
                                      ms_error *err);
/* One entry with a canonical body. */
MS_MUST_USE ms_status ms_channel_append(ms_book *book, const char *kind, const char *key, const ms_buf *body,
                                        ms_error *err);

/* ---- releases in the book ---- */

/* "JP/000000000012". Returns out. */
char *ms_channel_key(char out[MS_CHANNEL_KEY_BYTES], const char *partner, int64_t number);
/* Appends the text of a release as entries of the kind. */
MS_MUST_USE ms_status ms_channel_keep(ms_book *book, const char *kind, const char *partner, int64_t number,
                                      const ms_buf *text, ms_error *err);
/* Appends the text of a kept release to out; MS_NOT_FOUND when there is none of that number. */
MS_MUST_USE ms_status ms_channel_text(ms_buf *out, ms_book *book, const char *kind, const char *partner, int64_t number,
                                      ms_error *err);
/* Reads it; free with ms_release_free. */
MS_MUST_USE ms_status ms_channel_read_release(ms_release *out, ms_book *book, const char *kind, const char *partner,
                                              int64_t number, ms_error *err);
/* The settled picture that releases whole..last of the kind amount to; whole 0: nothing. Free with ms_picture_free. */
MS_MUST_USE ms_status ms_channel_picture(ms_picture *out, ms_book *book, const char *kind, const char *partner,
                                         int64_t whole, int64_t last, ms_error *err);

/* What a mark says; *found false: there is none. upto: of the log, in a given-mark. */
typedef struct {
    unsigned char hash[MS_HASH_BYTES];
    int64_t upto;
    bool found;
} ms_mark;
MS_MUST_USE ms_status ms_channel_mark(ms_mark *out, ms_book *book, const char *kind, const char *partner,
                                      int64_t number, ms_error *err);
MS_MUST_USE ms_status ms_channel_put_mark(ms_book *book, const char *kind, const char *partner, int64_t number,
                                          const ms_mark *mark, ms_error *err);

/* ---- rules, aliases, rhythm, whom we trust ---- */

/* The file as it was last given ("releases.csv"), as text; empty where it never was. */
MS_MUST_USE ms_status ms_channel_rule_text(ms_buf *out, ms_book *book, const char *file, ms_error *err);
MS_MUST_USE ms_status ms_channel_rules(ms_rules *out, ms_book *book, ms_error *err);
MS_MUST_USE ms_status ms_channel_aliases(ms_aliases *out, ms_book *book, ms_error *err);
MS_MUST_USE ms_status ms_channel_rhythm(char out[64], ms_book *book, const char *partner, ms_error *err);

/* Up to which release of theirs the changes were read, and the whole release that its picture begins with; zeros. */
typedef struct {
    int64_t number, whole;
} ms_seen;
MS_MUST_USE ms_status ms_channel_seen(ms_seen *out, ms_book *book, const char *partner, ms_error *err);

typedef struct {
    ms_public_key key;
    int64_t since_ms;
    bool revoked;
    bool followed; /* the key before it announced it; nobody has read its fingerprint over the telephone yet */
} ms_trust;

/* MS_USAGE when nobody of that name is trusted, with whom there is. */
MS_MUST_USE ms_status ms_trust_find(ms_trust *out, ms_book *book, const char *partner, ms_error *err);
/* Every partner that was ever trusted, in order of names. */
typedef ms_status (*ms_trust_visit)(void *context, const ms_trust *trust, ms_error *err);
MS_MUST_USE ms_status ms_trust_each(ms_book *book, ms_trust_visit visit, void *context, ms_error *err);

/* Every key of the partner that was ever trusted and not withdrawn, and those between them by which they followed each
 * other, in the order of time. */
typedef ms_status (*ms_trust_key_visit)(void *context, const ms_public_key *key, ms_error *err);
MS_MUST_USE ms_status ms_trust_each_key(ms_book *book, const char *partner, ms_trust_key_visit visit, void *context,
                                        ms_error *err);
/* *alarm: a key of before has announced another since the partner's key was last trusted. */
MS_MUST_USE ms_status ms_trust_alarm(bool *alarm, ms_book *book, const char *partner, ms_error *err);
/* Notes that alarm, once for each key (hash: of the signing key announced), and commits. */
MS_MUST_USE ms_status ms_trust_raise(ms_book *book, const char *partner, const unsigned char hash[MS_HASH_BYTES],
                                     ms_error *err);
/* Trusts a new key of a partner (public_text, as ms_public_key_put writes it) because the succession leads to it. */
MS_MUST_USE ms_status ms_trust_follow(ms_book *book, const char *partner, const char *public_text,
                                      const ms_buf *succession, ms_error *err);

/* Works out again which rows of every partner's are accepted, and notes what is refused; again and again until nothing
 * changes, since what one partner gives may lean on what another does. Inside of a write transaction. *changed (may be
 * NULL) becomes how many rows of the combined case were set or removed; remark, of 256 bytes, what our own rows suffer.
 */
MS_MUST_USE ms_status ms_channel_accept(size_t *changed, char *remark, ms_book *book, ms_error *err);
/* Adds what is refused of a partner's rows to release. */
MS_MUST_USE ms_status ms_channel_refused(ms_release *release, ms_book *book, const char *partner, ms_error *err);

#endif
