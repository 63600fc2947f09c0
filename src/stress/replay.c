/* replay.c: see replay.h. */
#include "stress/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* ---- from rows to a flow ---- */

typedef struct {
    ms_flow *flow;
    const ms_network *net;
    const ms_plan *plan;
    int shift;
    int32_t *demand_of; /* [demand of the plan's case]: that of net's, MS_NONE */
    int32_t *owed_of;   /* likewise: the row of what it was owed */
    double *owed_t;     /* [demand of net's case]: still to be met of such a row */
} replayer;

static int32_t layer_of(const ms_network *net, int32_t item_ix, int32_t owner_ix)
{
    return net->layer_of[(size_t)item_ix * (size_t)(net->kase->partners_count + 1) + (size_t)(owner_ix + 1)];
}

static void add_movement(replayer *p, const ms_movement *m)
{
    const ms_network *net = p->net;
    int32_t k = layer_of(net, m->item_ix, m->owner_ix);
    int t = m->depart - p->shift;
    if (k < 0 || t < 0 || t >= net->H)
        return;
    for (int32_t w = net->way_first[k]; w < net->way_first[k + 1]; w++) {
        const ms_move_way *way = &net->ways[w];
        if (way->lane_ix != m->lane_ix || way->agreement_ix[MS_NEED_LIFT] != m->lift_ix ||
            way->agreement_ix[MS_NEED_FLEET] != m->fleet_lift_ix || way->agreement_ix[MS_NEED_SITE] != m->site_ix)
            continue;
        p->flow->move_t[ms_at(net, w, t)] += m->quantity * net->layers[k].t_per_unit;
        return;
    }
}

static void add_issued(replayer *p, int32_t k, int32_t demand_ix, int32_t agreement_ix, int t, double tonnes)
{
    const ms_network *net = p->net;
    for (int32_t v = net->issue_first[k]; v < net->issue_first[k + 1]; v++)
        if (net->issues[v].demand_ix == demand_ix && net->issues[v].agreement_ix == agreement_ix) {
            p->flow->issue_t[ms_at(net, v, t)] += tonnes;
            return;
        }
}

static void add_issue(replayer *p, const ms_issue *issue)
{
    const ms_network *net = p->net;
    int32_t k = layer_of(net, issue->item_ix, issue->owner_ix), j = p->demand_of[issue->demand_ix];
    int32_t owed = p->owed_of[issue->demand_ix];
    int t = issue->period - p->shift;
    if (k < 0 || t < 0 || t >= net->H)
        return;
    double tonnes = issue->quantity * net->layers[k].t_per_unit;
    double meets_t = issue->meets *
                     ms_item_t_per_unit(&net->kase->items[p->plan->kase->demands[issue->demand_ix].item_ix]);
    if (owed >= 0 && p->owed_t[owed] > 0 && meets_t > 0) {
        double part = p->owed_t[owed] < meets_t ? p->owed_t[owed] / meets_t : 1;
        add_issued(p, k, owed, issue->agreement_ix, t, tonnes * part);
        p->owed_t[owed] -= meets_t * part;
        tonnes *= 1 - part;
    }
    if (j >= 0 && tonnes > 0)
        add_issued(p, k, j, issue->agreement_ix, t, tonnes);
}

/* What the old plan refuses to take in is what it has no use for; it says so nowhere, so all is taken in. */
static ms_status match_demands(replayer *p, ms_error *err)
{
    const ms_case *old = p->plan->kase, *now = p->net->kase;
    size_t count = (size_t)old->demands_count;
    p->demand_of = ms_alloc(count, sizeof *p->demand_of);
    p->owed_of = ms_alloc(count, sizeof *p->owed_of);
    p->owed_t = ms_alloc((size_t)now->demands_count, sizeof *p->owed_t);
    if (!p->demand_of || !p->owed_of || !p->owed_t)
        return ms_error_memory(err);
    for (int32_t j = 0; j < old->demands_count; j++) {
        char id[512];
        const char *name = old->demands[j].id;
        p->demand_of[j] = ms_names_find(&now->demand_names, name, strlen(name));
        int length = snprintf(id, sizeof id, "%s-owed", name);
        for (char *slash = strchr(id, '/'); slash; slash = strchr(slash, '/'))
            *slash = '-';
        p->owed_of[j] = p->shift > 0 && (size_t)length < sizeof id
                            ? ms_names_find(&now->demand_names, id, (size_t)length)
                            : MS_NONE;
        if (p->owed_of[j] >= 0)
            p->owed_t[p->owed_of[j]] = p->net->demand_t[ms_at(p->net, p->owed_of[j], 0)];
    }
    return MS_OK;
}

ms_status ms_replay_flow(ms_flow *flow, const ms_network *net, const ms_plan *plan, int shift, ms_error *err)
{
    replayer p = {.flow = flow, .net = net, .plan = plan, .shift = shift};
    ms_status status = match_demands(&p, err);
    for (size_t i = 0; status == MS_OK && i < plan->movement_count; i++)
        if (plan->movements[i].commitment_ix < 0)
            add_movement(&p, &plan->movements[i]);
    for (size_t i = 0; status == MS_OK && i < plan->issue_count; i++)
        add_issue(&p, &plan->issues[i]);
    ms_free(p.demand_of);
    ms_free(p.owed_of);
    ms_free(p.owed_t);
    return status;
}

/* ---- from a settled flow to rows ---- */

static void drop_rows(ms_plan *plan)
{
    void **const rows[] = {(void **)&plan->movements, (void **)&plan->issues, (void **)&plan->levels,
                           (void **)&plan->shortfalls, (void **)&plan->orders};
    size_t *const counts[] = {&plan->movement_count, &plan->issue_count, &plan->level_count, &plan->shortfall_count,
                              &plan->order_count};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ms_free(*rows[i]);
        *rows[i] = NULL;
        *counts[i] = 0;
    }
}

ms_status ms_replay_refill(ms_plan *plan, const ms_network *net, const ms_settled *settled, ms_error *err)
{
    size_t cells = (size_t)(plan->base->partners_count + 1) * (size_t)plan->priority_count;
    drop_rows(plan);
    for (size_t i = 0; i < cells; i++)
        plan->coverage[i].wanted_t = plan->coverage[i].met_t = plan->coverage[i].owed_t_days = 0;
    MS_TRY(ms_plan_fill(plan, net, settled, err));
    return ms_plan_finish(plan, err);
}

ms_status ms_replay_plan(ms_plan **out, const ms_case *base, const ms_network *net, const ms_settled *settled,
                         ms_error *err)
{
    ms_plan *plan = ms_alloc(1, sizeof *plan);
    if (!plan)
        return ms_error_memory(err);
    *plan = (ms_plan){.kase = net->kase,
                      .base = base,
                      .bound = -INFINITY,
                      .ratio_used = net->weights.ratio,
                      .engine = "replay",
                      .engine_reason = "an old plan, carried out"};
    ms_status status = ms_plan_make_coverage(plan, &net->weights, err);
    if (status == MS_OK)
        status = ms_plan_fill(plan, net, settled, err);
    if (status == MS_OK)
        status = ms_plan_finish(plan, err);
    if (status != MS_OK) {
        ms_plan_free(plan);
        return status;
    }
    *out = plan;
    return MS_OK;
}

ms_status ms_replay(ms_plan **out, const ms_case *kase, const ms_case *base, const ms_plan *plan, int shift,
                    ms_error *err)
{
    ms_network *net = NULL;
    ms_flow flow = {0};
    ms_settler *settler = NULL;
    ms_settled settled = {0};
    MS_TRY(ms_network_make(&net, kase, MS_EVERYBODY, err));
    ms_status status = ms_flow_make(&flow, net);
    if (status != MS_OK)
        status = ms_error_memory(err);
    if (status == MS_OK)
        status = ms_replay_flow(&flow, net, plan, shift, err);
    if (status == MS_OK)
        status = ms_settler_make(&settler, net, err);
    if (status == MS_OK) /* plainly: ms_flow_settle would find other ways for what is cut */
        status = ms_settler_settle(&settled, settler, &flow, err);
    if (status == MS_OK)
        status = ms_replay_plan(out, base, net, &settled, err);
    ms_settled_free(&settled);
    ms_settler_free(settler);
    ms_flow_free(&flow);
    ms_network_free(net);
    return status;
}
