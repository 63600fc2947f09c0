/* plan_desk.h: for the tests of src/plan: a case told in text (plan_story.h), its network, and a flow made by hand. */
#ifndef MS_TESTS_PLAN_DESK_H
#define MS_TESTS_PLAN_DESK_H

#include "plan/flow.h"

typedef struct {
    ms_case *kase;
    ms_network *net;
    ms_flow flow;
    ms_settled settled;
    double before; /* objective */
} desk;

void desk_open(desk *on, const char *text);
void desk_close(desk *on);

/* Where the flow has the tonnes that go on a lane, leaving in t, or are issued to a demand; -1: nowhere. owner NULL is
 * nobody. Unknown ids fail the test. */
ptrdiff_t desk_move_at(const desk *on, const char *lane, int t, const char *item, const char *owner);
ptrdiff_t desk_issue_at(const desk *on, const char *demand, int t, const char *item, const char *owner);

/* Writes tonnes into the flow; of nobody's fuel, unless said otherwise. */
void desk_move_item(desk *on, const char *lane, int t, const char *item, double tonnes);
void desk_move(desk *on, const char *lane, int t, double tonnes);
void desk_issue_of(desk *on, const char *demand, int t, const char *item, const char *owner, double tonnes);
void desk_issue(desk *on, const char *demand, int t, double tonnes);

#endif
