/* plan_desk.c: cases in text, and flows by hand. */
#include "plan_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan_story.h"

void desk_open(desk *on, const char *text)
{
    ms_error err = {0};
    *on = (desk){.kase = story_case(text)};
    assert_int_equal(ms_network_make(&on->net, on->kase, MS_EVERYBODY, &err), MS_OK);
    assert_int_equal(ms_flow_make(&on->flow, on->net), MS_OK);
}

void desk_close(desk *on)
{
    ms_settled_free(&on->settled);
    ms_flow_free(&on->flow);
    ms_network_free(on->net);
    ms_case_free(on->kase);
}

static int32_t find(const ms_names *names, const char *id)
{
    int32_t ix = ms_names_find(names, id, strlen(id));
    assert_true(ix >= 0);
    return ix;
}

static bool is_layer(const desk *on, int32_t layer, const char *item, const char *owner)
{
    const ms_layer *k = &on->net->layers[layer];
    return k->item_ix == find(&on->kase->item_names, item) &&
           k->owner_ix == (owner ? find(&on->kase->partner_names, owner) : MS_NONE);
}

ptrdiff_t desk_move_at(const desk *on, const char *lane, int t, const char *item, const char *owner)
{
    for (int32_t w = 0; w < on->net->way_count; w++)
        if (on->net->ways[w].lane_ix == find(&on->kase->lane_names, lane) &&
            is_layer(on, on->net->ways[w].layer, item, owner))
            return (ptrdiff_t)ms_at(on->net, w, t);
    return -1;
}

ptrdiff_t desk_issue_at(const desk *on, const char *demand, int t, const char *item, const char *owner)
{
    for (int32_t v = 0; v < on->net->issue_count; v++)
        if (on->net->issues[v].demand_ix == find(&on->kase->demand_names, demand) &&
            is_layer(on, on->net->issues[v].layer, item, owner))
            return (ptrdiff_t)ms_at(on->net, v, t);
    return -1;
}

void desk_move_item(desk *on, const char *lane, int t, const char *item, double tonnes)
{
    ptrdiff_t at = desk_move_at(on, lane, t, item, NULL);
    assert_true(at >= 0);
    on->flow.move_t[at] = tonnes;
}

void desk_move(desk *on, const char *lane, int t, double tonnes)
{
    desk_move_item(on, lane, t, "fuel", tonnes);
}

void desk_issue_of(desk *on, const char *demand, int t, const char *item, const char *owner, double tonnes)
{
    ptrdiff_t at = desk_issue_at(on, demand, t, item, owner);
    assert_true(at >= 0);
    on->flow.issue_t[at] = tonnes;
}

void desk_issue(desk *on, const char *demand, int t, double tonnes)
{
    desk_issue_of(on, demand, t, "fuel", NULL, tonnes);
}
