/* named.h: the contingencies of a case, each by itself and together, against the base plan: what more falls short, from
 * when to when, what goes dry first, what each partner alone would suffer, and what the plan does instead. */
#ifndef MS_STRESS_NAMED_H
#define MS_STRESS_NAMED_H

#include "base/alloc.h"
#include "stress/pool.h"
#include "stress/shift.h"
#include "stress/stress.h"

typedef struct {
    ms_outcome outcome;
    const char *title; /* the contingency's name, or of several their ids */
    const int32_t *contingency_ix;
    size_t contingency_count;
    ms_shift *shifts; /* lanes, then sites */
    size_t shift_count;
} ms_named_row;

typedef struct {
    ms_scenario scenario;
    const char *title;
} ms_named_task;

struct ms_named {
    const ms_case *kase;
    ms_base *base;
    ms_named_row *rows; /* worst first */
    size_t count;
    ms_pool_end end;
    ms_arena *arena; /* what the tasks are called */
};

void ms_named_row_free(ms_named_row *row);
/* A line without its newline, and back to the last bit but for title and contingencies, which reading leaves as they
 * are. MS_BAD_INPUT
 * says what is wrong. */
MS_MUST_USE ms_status ms_named_row_write(ms_buf *out, const ms_named_row *row, ms_error *err);
MS_MUST_USE ms_status ms_named_row_read(ms_named_row *row, const ms_case *kase, const char *text, size_t length,
                                        ms_error *err);

#endif
