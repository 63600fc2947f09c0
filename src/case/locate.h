/* locate.h: which cell a finding is about, for those who show tables and not files. */
#ifndef MS_CASE_LOCATE_H
#define MS_CASE_LOCATE_H

#include "case/case.h"

/* A cell: the number of its row, from 0, blank lines not counted, and its column. */
typedef struct {
    long row;           /* -1: the file, or its header */
    const char *column; /* NULL: the row; in the arena */
} ms_cell_place;

/* Fills places[i] for findings->items[i], from the files that were read; sorts the findings first. Cost: one pass over
 * each file that has a finding. */
MS_MUST_USE ms_status ms_findings_locate(ms_cell_place *places, ms_findings *findings, const ms_case_file *files,
                                         int count, ms_arena *arena, ms_error *err);

/* How many rows a table has, counted likewise. */
MS_MUST_USE ms_status ms_case_file_rows(long *rows, const ms_case_file *file, ms_error *err);

#endif
