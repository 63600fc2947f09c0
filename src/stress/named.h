/* named.h: the contingencies of a case, each by itself and together, against the base plan: what more falls short, from
 * when to when, what goes dry first, what each partner alone would suffer, and what the plan does instead. */
#ifndef MS_STRESS_NAMED_H
#define MS_STRESS_NAMED_H

#include "stress/shift.h"
#include "stress/stress.h"

typedef struct {
    ms_outcome outcome;
    const char *title; /* the contingency's name, or of several their ids */
    int32_t *contingency_ix;
    size_t contingency_count;
    ms_shift *shifts; /* lanes, then sites */
    size_t shift_count;
} ms_named_row;

struct ms_named {
    const ms_case *kase;
    ms_base *base;
    ms_named_row *rows; /* worst first */
    size_t count;
    bool stopped; /* by progress: the rows are those that were done */
    char **titles;
    size_t title_count;
};

#endif
