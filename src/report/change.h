/* change.h: records of releases in a planner's words, and what differs between two pictures. */
#ifndef MS_REPORT_CHANGE_H
#define MS_REPORT_CHANGE_H

#include "exchange/exchange.h"
#include "report/table.h"

typedef enum { MS_CHANGE_NEW, MS_CHANGE_CHANGED, MS_CHANGE_DROPPED, MS_CHANGE_SAME } ms_change_kind;

/* A table of records: change, table, what it is about, detail, and what it says, or what changed in that. */
typedef struct {
    ms_table table;
    const char *arrow;
    size_t counts[4]; /* by ms_change_kind */
    size_t rows_most; /* rows beyond are counted only; 0: none */
} ms_record_diff;

void ms_record_diff_start(ms_record_diff *changes, const ms_pen *pen);
void ms_record_diff_free(ms_record_diff *changes);
/* Adds a record; before or after may be NULL, both the same text for what has not changed. */
MS_MUST_USE ms_status ms_record_diff_add(ms_record_diff *changes, const ms_record *before, const ms_record *after,
                                         ms_error *err);
/* All records of after against before; the unchanged ones only when `same`. */
MS_MUST_USE ms_status ms_record_diff_compare(ms_record_diff *changes, const ms_picture *before, const ms_picture *after,
                                             bool same, ms_error *err);

#endif
