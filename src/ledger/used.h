/* used.h: what the ledger has used up of each agreement, without reading all of it.
 *
 * A plan and a posture need only this sum of a ledger that may hold a million steps. So the book has it written down,
 * as an entry of kind `used`: {"agreements":{"fuel":"32.5"},"steps":12000,"upto":345678}, in tonnes, of the steps up to
 * that log number. What came since is added order by order. The entry follows from the steps before it; one that cannot
 * be read is passed over.
 *
 * Cost: the steps since the entry, which ms_used_note keeps to about MS_USED_FRESH, and those of the orders that they
 * belong to; without an entry, all steps.
 */
#ifndef MS_LEDGER_USED_H
#define MS_LEDGER_USED_H

#include "base/names.h"
#include "ledger/ledger.h"

#define MS_KIND_USED "used"
enum { MS_USED_FRESH = 1000 };

typedef struct {
    ms_arena *arena;
    ms_names agreements;
    int64_t *used; /* by agreement, millionths of a tonne */
    size_t capacity;
    int64_t upto, steps; /* of the entry that it began from; 0: none */
} ms_used;

/* As of log number as_of (0: now). Free with ms_used_free. */
MS_MUST_USE ms_status ms_used_read(ms_used *out, ms_book *book, int64_t as_of, ms_error *err);
/* 0 for an agreement that no order is under. */
int64_t ms_used_of(const ms_used *used, const char *agreement);
void ms_used_free(ms_used *used);

/* Writes the entry when the ledger, which must be all of the book's as it is now, has MS_USED_FRESH steps more than at
 * the last one. Inside of a write transaction. */
MS_MUST_USE ms_status ms_used_note(ms_book *book, const ms_ledger *ledger, ms_error *err);

#endif
