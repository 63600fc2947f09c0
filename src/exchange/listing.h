/* listing.h: a small CSV file of a few known columns: releases.csv, aliases.csv.
 *
 * Every error and warning becomes a finding with its place. Cells are trimmed, without control characters, and live in
 * the caller's arena. Cost: linear.
 */
#ifndef MS_EXCHANGE_LISTING_H
#define MS_EXCHANGE_LISTING_H

#include "base/alloc.h"
#include "base/status.h"

enum { MS_LISTING_COLUMNS = 12 };

typedef struct {
    const char *name;
    bool required; /* the column must be there and every cell filled */
    const char *help;
} ms_listing_column;

typedef struct {
    const char *file;
    const ms_listing_column *columns;      /* ends with a row without a name */
    const char *cells[MS_LISTING_COLUMNS]; /* of the row visited; "" where empty or absent */
    int line, at[MS_LISTING_COLUMNS];      /* the column, counted in characters, of each cell; 0: absent */
    ms_arena *arena;
    ms_findings *findings;
} ms_listing;

/* Visits each row of text[0..length) whose required cells are filled. listing has file, columns, arena and findings.
 * MS_OK also when there are errors: they are in findings. */
typedef ms_status (*ms_listing_visit)(void *context, const ms_listing *listing, ms_error *err);
MS_MUST_USE ms_status ms_listing_read(ms_listing *listing, const char *text, size_t length, ms_listing_visit visit,
                                      void *context, ms_error *err);

/* An error about a cell of the row visited; column -1: about the row. */
MS_MUST_USE ms_status ms_listing_complain(const ms_listing *listing, int column, ms_error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Index of text among words (NULL at the end), or -1. */
int ms_listing_word(const char *const *words, const char *text);
/* The word nearest to text as "; did you mean \"word\"?", or "". Returns out. */
char *ms_listing_near(char *out, size_t size, const char *const *words, const char *text);

#endif
