/* step.h: one step of a cross-servicing order, as a document.
 *
 * A step is canonical JSON: one object, keys in byte order, no blanks, UTF-8, only the escapes \" and \\, exact
 * decimals as strings. So a step has one spelling and one hash, and the reader refuses any other spelling. The side
 * that takes a step signs exactly these bytes. Every step but the request names its order (the hash of the request) and
 * the steps that its author knew to be the latest (`after`); an order so is a graph that no order of arrival can
 * change. The fields are a table (step.c), from which reader, writer and docs/ledger.md are made.
 */
#ifndef MS_LEDGER_STEP_H
#define MS_LEDGER_STEP_H

#include "base/alloc.h"
#include "base/status.h"
#include "book/key.h"
#include "case/case.h"
#include "ledger/exact.h"

enum {
    MS_STEP_FORMAT = 1,
    MS_STEP_BYTES = 16 * 1024, /* of a document, at most */
    MS_STEP_TEXT_BYTES = 240,  /* of a text in it */
    MS_STEP_AFTER_MOST = 64,
    MS_STEP_CODE_BYTES = 10 /* "7K3F-9QWD" */
};

/* In the order of their rank: see order.h. */
typedef enum {
    MS_STEP_REQUEST,
    MS_STEP_ACCEPT,
    MS_STEP_ISSUE,
    MS_STEP_RECEIVE,
    MS_STEP_DISPUTE,
    MS_STEP_SETTLE,
    MS_STEP_OFFER,
    MS_STEP_DECLINE,
    MS_STEP_CANCEL,
    MS_STEPS
} ms_step_kind;

extern const char *const ms_step_words[MS_STEPS + 1]; /* "request", ...; NULL at the end */

/* BLAKE2b-256 of a document. */
typedef struct {
    unsigned char bytes[MS_HASH_BYTES];
} ms_digest;

/* A text that a kind does not have, or that was left out, is "". */
typedef struct {
    ms_digest hash; /* of the document */
    ms_step_kind kind;
    const char *by, *to; /* who takes the step, and the other side */
    int64_t date;        /* days since 1970-01-01 */
    ms_digest order;     /* hash of the request; a request's own */
    const ms_digest *after;
    int32_t after_count;
    ms_digest of; /* accept, decline by the receiver: the offer; offer: the one it replaces; receive, dispute: the
                   delivery */
    bool has_of;

    const char *agreement, *item, *item_name, *nsn, *unit, *site; /* request */
    int64_t what, serial, kg_per_unit, need_by; /* what: ms_agreement_kind; need_by: a date, -1: not stated */
    int64_t quantity;                           /* item units in millionths, -1: none */
    int64_t amount;                             /* money in hundredths, -1: none: settle, and what answers it */
    int64_t price;                              /* offer: of one unit, in millionths of the currency */
    int64_t settlement, due_days;               /* offer: ms_settlement; -1: no due date */
    const char *currency, *reference, *note;
} ms_step;

/* A step with every field left out. */
ms_step ms_step_empty(ms_step_kind kind);

/* Appends the document. The step's fields must be such as ms_step_read accepts. */
void ms_step_write(ms_buf *out, const ms_step *step);

/* Reads bytes[0..length). What it points to is in arena. MS_BAD_INPUT with the field that is wrong. A format that is
 * newer than MS_STEP_FORMAT is MS_USAGE. */
MS_MUST_USE ms_status ms_step_read(ms_step *out, ms_arena *arena, const char *bytes, size_t length, ms_error *err);

int ms_digest_compare(const ms_digest *a, const ms_digest *b);

/* The first 40 bits in letters for the telephone (Crockford's base 32, no I, L, O, U): "7K3F-9QWD". */
char *ms_digest_code(char out[MS_STEP_CODE_BYTES], const ms_digest *hash);

/* The fields as a Markdown table, for docs/ledger.md. */
void ms_step_markdown(ms_buf *out);

#endif
