/* world.h: three partners, their books, and the mail between them.
 *
 * simulation.c has the days, what goes wrong, and the releases; trade.c the orders; tally.c what must be true in the
 * end. Only simulation.c opens books: the clock is its own.
 */
#ifndef MS_TESTS_WORLD_H
#define MS_TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define fail_msg(...)                 \
    do {                              \
        fprintf(stderr, "FAIL  ");    \
        fprintf(stderr, __VA_ARGS__); \
        fprintf(stderr, "\n");        \
        exit(1);                      \
    } while (0)
#define assert_true(holds)                                     \
    do {                                                       \
        if (!(holds))                                          \
            fail_msg("%s:%d: %s", __FILE__, __LINE__, #holds); \
    } while (0)
#define assert_int_equal(a, b) assert_true((a) == (b))

#include "base/random.h"
#include "ledger/ledger.h"
#include "tests/unit/houses.h"

enum { PARTNERS = 3, SITES = 3, ITEMS = 4, MAIL_MOST = 4096, STEPS_MOST = 100000, DAY_MS = 86400000 };

extern const char *const names[PARTNERS];

typedef struct {
    int from, to;
    int64_t day;
    ms_buf bundle;
} letter;

/* A step that a book has acknowledged. */
typedef struct {
    char key[80];
    int by, to;
    bool may_be_lost; /* between a backup and its restoring: it lives only if somebody had heard of it */
} made_step;

typedef struct {
    ms_random random;
    house houses[PARTNERS];
    ms_case *cases[PARTNERS];             /* as each began: agreements, items */
    int quantity[PARTNERS][SITES][ITEMS]; /* what each says of its own, from its newest import */
    letter mail[MAIL_MOST];
    int mail_count;
    int64_t day;
    bool kind;   /* nothing goes wrong, and nobody does anything about orders */
    bool trades; /* new orders are asked for */
    int backup;  /* whose backup there is, -1 nobody's */
    int backup_quantity[SITES][ITEMS];
    made_step steps[STEPS_MOST];
    int step_count;
    int made, taken, refused, alarms, gaps, killed, dropped, restored, kept_from; /* kept_from: steps not taken */
} world;

static inline int64_t dice(world *w, int64_t low, int64_t high)
{
    return ms_random_between(&w->random, low, high);
}

static inline bool chance(world *w, int per_cent)
{
    return !w->kind && dice(w, 1, 100) <= per_cent;
}

/* The book is closed, whatever it was in the middle of, and opened again. */
void world_drop(world *w, int who);
/* The number of the last entry of a partner's book. */
int64_t world_head(world *w, int who);

/* A partner sits down over its orders: asks for some, goes on with those that wait for it. In one transaction, or in
 * one each, as the verbs do; sometimes the program ends in the middle of it, and nothing has happened. */
void trade(world *w, int who);
/* Remembers what `who` has added to its book behind entry `from`. */
void trade_note(world *w, int who, int64_t from);

/* What must be true once all have heard of all. */
void tally(world *w);

#endif
