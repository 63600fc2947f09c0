/* ledger.h: the cross-servicing orders in a book, and taking the next step of one.
 *
 * The book's entries of kind "step" are documents of two partners with their signatures, own ones and partners' that an
 * exchange brought: key ORDER/HASH, body {"document":"...","signature":"..."}. Who brings one in has checked the
 * signature; whatever here cannot be read as a step is counted and named, and has no effect.
 *
 * Cost of reading: n log n in the steps of the book.
 */
#ifndef MS_LEDGER_LEDGER_H
#define MS_LEDGER_LEDGER_H

#include "book/book.h"
#include "ledger/order.h"

#define MS_KIND_STEP "step"
#define MS_STEP_PURPOSE "mainstay step 1" /* of the signatures */

typedef struct {
    ms_arena *arena;         /* all that is below */
    const char *partner;     /* whose book */
    ms_ledger_order *orders; /* by date of the request, then id */
    size_t order_count, step_count;
    int64_t next_serial;  /* of the partner's next request */
    size_t strange_count; /* entries that are no steps */
    const char *strange;  /* why the first of them is none, NULL */
} ms_ledger;

/* The document in an entry's body, read as a step. What it points to is in arena. */
MS_MUST_USE ms_status ms_ledger_step(ms_step *out, ms_arena *arena, const ms_entry *entry, ms_error *err);
/* The orders of steps that partner holds, in any order, doubles allowed; the array is sorted. The steps, and the
 * ledger's arena, are the caller's; *out begins with its arena, its partner and zeros. */
MS_MUST_USE ms_status ms_ledger_make(ms_ledger *out, const ms_step **steps, size_t count, ms_error *err);
/* Reads the steps up to log number as_of (0: all). Free with ms_ledger_free. */
MS_MUST_USE ms_status ms_ledger_read(ms_ledger *out, ms_book *book, int64_t as_of, ms_error *err);
void ms_ledger_free(ms_ledger *ledger);

/* "US-7K3F-9QWD": the receiver and the code of the request's hash; receiver NULL, not known yet: "?". Returns out. */
char *ms_order_code(char out[MS_ORDER_CODE_BYTES], const char *receiver, const ms_digest *id);
/* The order of that request; NULL when there is none. */
const ms_ledger_order *ms_ledger_order_of(const ms_ledger *ledger, const ms_digest *id);
/* The order of that code, in any case, or of the only code that has text in it. MS_BAD_INPUT says what there is. */
MS_MUST_USE ms_status ms_ledger_find(const ms_ledger_order **out, const ms_ledger *ledger, const char *text,
                                     ms_error *err);

/* The delivery whose step's code has text in it; NULL text: the only one for which `fits` holds. */
MS_MUST_USE ms_status ms_order_find_delivery(const ms_delivery **out, const ms_ledger_order *order, const char *text,
                                             bool (*fits)(const ms_ledger_order *, const ms_delivery *, unsigned side),
                                             unsigned side, ms_error *err);

/* Millionths of a tonne that the order has used up of its agreement: what was issued and has not come back in kind. */
int64_t ms_order_used(const ms_ledger_order *order);
/* Millionths of a tonne of an agreement: what was issued and has not come back in kind; and what is accepted beyond
 * that and still to be issued. */
int64_t ms_ledger_used(const ms_ledger *ledger, const char *agreement);
int64_t ms_ledger_open(const ms_ledger *ledger, const char *agreement);

/* The step that the entry asks for, filled with what it leaves out and checked: it would have an effect, and stays
 * within what was agreed. kase (ms_ledger_case) is needed for request, offer and accept. Texts belong to entry, kase
 * and ledger; the arena of the ledger grows. MS_BAD_INPUT says what is wrong. */
MS_MUST_USE ms_status ms_ledger_draft(ms_step *out, const ms_ledger *ledger, const ms_case *kase,
                                      const ms_ledger_entry *entry, int64_t today, ms_error *err);
/* Signs the step with the book's key and appends it; step->hash, and a request's order, become the document's. */
MS_MUST_USE ms_status ms_ledger_sign(ms_step *step, ms_book *book, ms_error *err);
/* The date by the book's clock, in UTC. */
int64_t ms_ledger_today(const ms_book *book);

#endif
