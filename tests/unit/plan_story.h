/* plan_story.h: for the tests of src/plan: a tiny case told in text, planned, written to a folder, and checked.
 *
 * story_tell plans with the LP engine and holds the plan against `mainstay check` and its own bound, then plans with
 * the greedy engine and holds that plan against the check and against the first plan's bound. A story's text hides
 * sections of the base: partners blue and green; nobody's sites a, b, c, d; items fuel (class III) and water, both of a
 * tonne a unit and without backorder; 4 days of one period each, ratio 10. So eta = 1e-4 / 4 = 2.5e-5 a tonne and day,
 * a move costs 1e-4 a tonne, and lanes cost nothing but what a text says.
 */
#ifndef MS_TESTS_PLAN_STORY_H
#define MS_TESTS_PLAN_STORY_H

#include "plan/plan.h"

typedef struct {
    ms_case *kase;
    ms_plan *plan;
    double bound; /* of the first plan told; nothing is below it */
} story;

/* Makes the folder in which plans are written, the working directory of the tests, and removes it. For cmocka's group
 * setup and teardown. */
int story_folder_make(void **state);
int story_folder_remove(void **state);

/* The case that the text and the base tell. Fails the test when it has errors. */
ms_case *story_case(const char *text);
/* As above, planned by both engines; keeps the plan of the LP engine, which must be proven the best. */
void story_tell(story *of, const char *text);
/* The same with a contingency applied; id NULL for none. */
void story_tell_when(story *of, const char *text, const char *contingency);
/* Plans the text by the given options alone, and checks the plan. */
void story_tell_by(story *of, const char *text, const ms_plan_options *options);
void story_close(story *of);
/* Writes the plan to a folder of this name, replacing one that is there, and fails the test unless the check finds
 * nothing wrong with it. */
void story_check(const ms_case *kase, const ms_plan *plan, const char *name);

/* What the plan says, in item units; 0 where it has no such row. Unknown ids fail the test. */
double story_short(const story *of, const char *demand, int period);
double story_below(const story *of, int reserve_row, int period);
double story_broken(const story *of, int commitment_row);
double story_moved(const story *of, const char *lane, int depart); /* commitments apart */
double story_issued(const story *of, const char *demand, int period, const char *item);
double story_given(const story *of, const char *agreement); /* all issues and moves that name it */
double story_stock(const story *of, const char *site, const char *item, const char *owner, int period);
/* The price of a row of the label in a period (period -1 for C7). */
double story_price(const story *of, int label, int row, int period);

#define STORY_NEAR(found, wanted) story_near((found), (wanted), #found, __FILE__, __LINE__)
void story_near(double found, double wanted, const char *what, const char *file, int line);

#endif
