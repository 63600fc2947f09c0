/* vary.h: a case with one contingency more, made up on the spot ("close this port from day 5 to 15").
 *
 * The events become rows of contingencies.csv, and the reader of cases checks them as it checks any: what is wrong is
 * said in the same words, and a plan of the varied case carries the contingency with it.
 */
#ifndef MS_SERVE_VARY_H
#define MS_SERVE_VARY_H

#include "case/case.h"

enum { MS_MADE_UP_EVENTS = 200 };

/* Cells as they would stand in contingencies.csv; "" empty. */
typedef struct {
    char *from_day, *to_day, *what, *which, *effect, *amount;
} ms_made_up_event;

typedef struct {
    char id[64]; /* filled by ms_case_vary */
    char *name;  /* or NULL */
    ms_made_up_event *events;
    size_t count;
} ms_made_up;

void ms_made_up_free(ms_made_up *made_up);

/* *out becomes a case of its own: kase's files and the contingency made up, whose id (what-if, what-if-2, ...) is noted
 * in it. MS_BAD_INPUT with findings in contingencies.csv, where the made-up rows are the last ones. */
ms_status ms_case_vary(ms_case **out, const ms_case *kase, ms_made_up *made_up, ms_findings *findings, ms_error *err);
/* The contingencies.csv that such a case has, with rows of kase first. */
ms_status ms_case_vary_text(ms_buf *out, const ms_case *kase, const ms_made_up *made_up, ms_error *err);

#endif
