/* items.h: two catalogues: which of our items a partner's item is, and how many of our units one of theirs is.
 *
 * Items match by NSN (digits and letters alone count), else by aliases.csv. What matches nothing, or two of ours, is
 * named and never guessed. Units: one to one where they have the same name and about the same mass, by mass where they
 * have different names, by the factor of aliases.csv where that states one. Cost: linear in the items of both.
 */
#ifndef MS_EXCHANGE_ITEMS_H
#define MS_EXCHANGE_ITEMS_H

#include "base/names.h"
#include "exchange/picture.h"
#include "exchange/listing.h"

/* A row of aliases.csv. */
typedef struct {
    const char *partner; /* or "*" */
    const char *theirs;  /* their item, or "*": every item that nothing else matches */
    const char *ours;    /* our item, or "*": the same code as theirs */
    double factor;       /* of our units in one of theirs; 0: not stated */
} ms_alias;

typedef struct {
    ms_arena *arena;
    ms_alias *rows;
    size_t count, capacity;
} ms_aliases;

MS_MUST_USE ms_status ms_aliases_read(ms_aliases *out, const char *text, size_t length, const char *file,
                                      ms_findings *findings, ms_error *err);
void ms_aliases_free(ms_aliases *aliases); /* one of zeros is allowed */
void ms_aliases_markdown(ms_buf *out);

/* What is known of an item of either side; texts are the caller's. */
typedef struct {
    const char *id, *name, *nsn, *unit;
    double kg_per_unit; /* 0: unknown */
} ms_item_card;

typedef struct {
    ms_item_card theirs;
    int32_t ours;  /* index of our card; -1: none */
    double factor; /* our units in one of theirs */
    char why[200]; /* why none; "" matched */
} ms_item_match;

typedef struct {
    ms_arena *arena;
    ms_names theirs; /* ids, by index of matches */
    ms_item_match *matches;
    size_t capacity;
} ms_item_matches;

/* Matches the items that the picture of a partner describes with ours[0..count). */
MS_MUST_USE ms_status ms_items_match(ms_item_matches *out, const ms_picture *picture, const char *partner,
                                     const ms_aliases *aliases, const ms_item_card *ours, size_t count, ms_error *err);
void ms_items_free(ms_item_matches *matches); /* one of zeros is allowed */
/* NULL when the picture describes no such item. */
const ms_item_match *ms_items_find(const ms_item_matches *matches, const char *theirs, size_t length);

#endif
