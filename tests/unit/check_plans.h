/* check_plans.h: for the tests of the check: cases and plans of tests/plans, read into memory and changed there.
 *
 * A change replaces the first `from` in `file` by `to`, and must find it; `from` NULL replaces the whole file, `to`
 * NULL takes it away. Files of the case and of the plan have different names, so one list serves both.
 */
#ifndef MS_TESTS_CHECK_PLANS_H
#define MS_TESTS_CHECK_PLANS_H

#include "plan/check.h"

typedef struct {
    const char *file, *from, *to;
} change;

enum { CHANGES_MOST = 8 };

typedef struct {
    ms_case *kase;
    ms_check_file files[MS_CHECK_FILES];
    char *texts[MS_CHECK_FILES];
    ms_findings findings;
    ms_buf report;
    ms_error err;
} trial;

/* Reads the case folder and the plan folder, makes the changes (up to the first with file NULL). Fails the test on an
 * error. */
void trial_open(trial *of, const char *case_path, const char *plan_path, const change *changes);
/* Checks the plan; findings and report are those of this call alone. */
ms_status trial_check(trial *of);
void trial_close(trial *of);

/* True when the findings have an error whose message begins with text; prints the findings otherwise. */
bool trial_found(const trial *of, const char *text);
/* Errors whose message begins with "LABEL: "; label NULL counts all errors. */
int trial_count(const trial *of, const char *label);
void trial_print(const trial *of);

#endif
