/* edit.h: changes of rows, made in the bytes of a case's files.
 *
 * What is not changed stays byte for byte: the order of rows and columns, columns that the format does not know, blank
 * lines, line ends, quotes. A row is named by its number and, since others edit too, by what its cells said: it is
 * looked for where it was, then elsewhere in the file; when it is nowhere, that is a conflict and not a guess.
 * case.json is one row; its keys are the columns.
 *
 * Cost: up to three passes over the file, one of them only when rows have moved.
 */
#ifndef MS_CASE_EDIT_H
#define MS_CASE_EDIT_H

#include "case/case.h"

enum { MS_EDITS_MOST = 200000 };

typedef enum { MS_EDIT_SET, MS_EDIT_REMOVE, MS_EDIT_ADD } ms_edit_kind;

typedef struct {
    const char *column, *text; /* "" empty */
} ms_edit_cell;

typedef struct {
    ms_edit_kind kind;
    const char *table; /* "stocks.csv" */
    /* Of the rows that the file has before all changes, from 0, blank lines not counted. Of an added row: before which
     * one it goes, -1 behind the last. */
    long row;
    const ms_edit_cell *was; /* what cells of the row said; none: row is right as it is */
    size_t was_count;
    const ms_edit_cell *cells; /* what they say now; those not named stay, of an added row they are empty */
    size_t cell_count;
} ms_edit;

/* What becomes of edits; all of it is in the arena. */
typedef struct {
    ms_arena *arena;
    bool any_conflict;
    bool *conflicts; /* by edit: its row is not there as it was */
    ms_edit *undo;   /* applied to the changed files, all together, they give back what was there */
    size_t undo_count;
} ms_edit_outcome;

/* An outcome for count edits. */
MS_MUST_USE ms_status ms_edit_outcome_make(ms_edit_outcome *out, size_t count, ms_arena *arena, ms_error *err);

/* Appends to out the file with those of the edits in it that are for it, and adds to the outcome. Where there is a
 * conflict, what is in out counts for nothing. by_number: rows without `was` are taken by their number, else they are
 * conflicts. MS_USAGE when a column is not known, a row is named twice or an added one is empty; MS_BAD_INPUT when the
 * file is no CSV. */
MS_MUST_USE ms_status ms_edit_file(ms_buf *out, ms_edit_outcome *outcome, const ms_edit *edits, size_t count,
                                   const ms_case_file *file, bool by_number, ms_error *err);

/* case.json as such a row: all keys of the format, then what else is in it. In the arena. */
MS_MUST_USE ms_status ms_edit_json_cells(const ms_edit_cell **out, size_t *count, const ms_case_file *file,
                                         ms_arena *arena, ms_error *err);

#endif
