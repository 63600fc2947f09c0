/* tidy_issues.c: nobody signs for a thousandth of a box. What is issued in such amounts is issued of other goods that
 * the line gets that day anyway, or on another day on which it gets some and still lacks some; else it is left out
 * where that weighs next to nothing beside what tidying saved. Stock at the site makes up for it.
 */
#include "plan/tidy_private.h"

/* An issue way in a period, and what is issued on it. */
typedef struct {
    int32_t way, layer, demand_ix, site_ix;
    int t;
    int64_t quanta;
    double load_t, met_t; /* of the layer's item; of the demanded item */
} issue;

static int64_t *issued(const ms_tidier *s, int32_t way, int t)
{
    return &s->settled->issue_q[ms_at(s->net, way, t)];
}

static issue issue_at(const ms_tidier *s, int32_t way, int t)
{
    const ms_issue_way *of = &s->net->issues[way];
    issue it = {.way = way,
                .layer = of->layer,
                .demand_ix = of->demand_ix,
                .site_ix = s->net->kase->demands[of->demand_ix].site_ix,
                .t = t,
                .quanta = *issued(s, way, t)};
    it.load_t = (double)it.quanta * s->quantum_t[it.layer];
    it.met_t = it.load_t * of->meets;
    return it;
}

/* ---- stock ---- */

/* Whether stock of the layer at the site may be so much more, or less, at the ends of periods from .. to - 1. */
static bool may_shift(const ms_tidier *s, int32_t layer, int32_t site_ix, int from, int to, int64_t more)
{
    const ms_network *net = s->net;
    for (int t = from; t < to; t++) {
        int64_t stock = s->settled->stock_q[ms_node(net, layer, site_ix, t)];
        double left_t = s->rows[s->store_row + ms_at(net, site_ix, t)].left_t;
        if (t + 1 < net->H && ms_case_carry(net->kase, site_ix, net->layers[layer].item_ix, t + 1) < 1)
            return false;
        if (more < 0 && stock + more < ms_tidy_reserve_level(s, layer, site_ix, t))
            return false;
        if (more > 0 && left_t - (double)more * s->quantum_t[layer] < MS_TIDY_KEEP_T)
            return false;
    }
    return true;
}

static void shift(ms_tidier *s, int32_t layer, int32_t site_ix, int from, int to, int64_t more)
{
    for (int t = from; t < to; t++) {
        s->rows[s->store_row + ms_at(s->net, site_ix, t)].left_t -= (double)more * s->quantum_t[layer];
        ms_tidy_set_stock(s, layer, site_ix, t, s->settled->stock_q[ms_node(s->net, layer, site_ix, t)] + more);
    }
}

/* ---- issues ---- */

static void change_issue(ms_tidier *s, int32_t way, int t, int64_t more)
{
    const ms_issue_way *of = &s->net->issues[way];
    double more_t = (double)more * s->quantum_t[of->layer];
    *issued(s, way, t) += more;
    s->settled->cost_part += more_t * of->charge;
    if (of->agreement_ix >= 0)
        s->rows[s->agreement_row + (size_t)of->agreement_ix].left_t -= more_t;
}

/* Notes anew what the line is short of in t, and what that weighs. */
static void note_short(ms_tidier *s, int32_t demand_ix, int t)
{
    const double last_bits = 1e-10; /* docs/model.md, Rounding */
    const ms_network *net = s->net;
    double want_t = net->demand_t[ms_at(net, demand_ix, t)], short_t = want_t;
    double *now_t = &s->settled->short_t[ms_at(net, demand_ix, t)];
    for (int32_t v = 0; v < net->issue_count; v++)
        if (net->issues[v].demand_ix == demand_ix)
            short_t -= (double)*issued(s, v, t) * s->quantum_t[net->issues[v].layer] * net->issues[v].meets;
    short_t = short_t > last_bits * want_t ? short_t : 0;
    s->settled->shortfall_part += (short_t - *now_t) * ms_network_short_weight(net, demand_ix, 0);
    *now_t = short_t;
}

/* Whether so much may be lost. */
static bool may_lose(const ms_tidier *s, const issue *of, double loss)
{
    double held = s->net->weights.hold_per_day * s->net->period_days * s->net->H * of->load_t;
    return loss + held <= s->loss_most && loss + held <= s->gain;
}

/* Of another layer that serves the line in the period. */
static bool replace(ms_tidier *s, const issue *of)
{
    const ms_network *net = s->net;
    for (int32_t v = 0; v < net->issue_count; v++) {
        const ms_issue_way *way = &net->issues[v];
        if (way->demand_ix != of->demand_ix || v == of->way || *issued(s, v, of->t) < of->quanta)
            continue;
        double quantum_t = s->quantum_t[way->layer], quanta = ceil(of->met_t / (way->meets * quantum_t) - 1e-6);
        double room_t = way->agreement_ix < 0 ? INFINITY : s->rows[s->agreement_row + (size_t)way->agreement_ix].left_t;
        double loss = quanta * quantum_t * way->charge - of->load_t * net->issues[of->way].charge;
        int64_t more = (int64_t)quanta;
        bool same = way->layer == of->layer;
        if (room_t < quanta * quantum_t + MS_TIDY_KEEP_T || !may_lose(s, of, loss) ||
            (!same && (!may_shift(s, way->layer, of->site_ix, of->t, net->H, -more) ||
                       !may_shift(s, of->layer, of->site_ix, of->t, net->H, of->quanta))))
            continue;
        change_issue(s, of->way, of->t, -of->quanta);
        change_issue(s, v, of->t, more);
        if (!same) {
            shift(s, way->layer, of->site_ix, of->t, net->H, -more);
            shift(s, of->layer, of->site_ix, of->t, net->H, of->quanta);
        }
        note_short(s, of->demand_ix, of->t);
        return true;
    }
    return false;
}

static bool postpone_to(ms_tidier *s, const issue *of, int t)
{
    int from = t < of->t ? t : of->t, to = t < of->t ? of->t : t;
    int64_t more = t < of->t ? -of->quanta : of->quanta;
    if (t < 0 || t >= s->net->H || *issued(s, of->way, t) <= 0 ||
        s->settled->short_t[ms_at(s->net, of->demand_ix, t)] < of->met_t ||
        !may_shift(s, of->layer, of->site_ix, from, to, more))
        return false;
    change_issue(s, of->way, of->t, -of->quanta);
    change_issue(s, of->way, t, of->quanta);
    shift(s, of->layer, of->site_ix, from, to, more);
    note_short(s, of->demand_ix, of->t);
    note_short(s, of->demand_ix, t);
    return true;
}

/* To the nearest period with a larger issue of the same: what the line lacks it lacks on the other day. */
static bool postpone(ms_tidier *s, const issue *of)
{
    for (int days = 1; days < s->net->H && may_lose(s, of, 0); days++)
        if (postpone_to(s, of, of->t + days) || postpone_to(s, of, of->t - days))
            return true;
    return false;
}

static void leave_out(ms_tidier *s, const issue *of)
{
    double loss = of->met_t * ms_network_short_weight(s->net, of->demand_ix, 0);
    if (!may_lose(s, of, loss) || !may_shift(s, of->layer, of->site_ix, of->t, s->net->H, of->quanta))
        return;
    change_issue(s, of->way, of->t, -of->quanta);
    shift(s, of->layer, of->site_ix, of->t, s->net->H, of->quanta);
    note_short(s, of->demand_ix, of->t);
}

void ms_tidy_issues(ms_tidier *s)
{
    const double dust_units = 1e-3;
    const ms_network *net = s->net;
    ms_settled *settled = s->settled;
    for (int32_t v = 0; v < net->issue_count && net->weights.step_count == 1; v++) {
        int32_t j = net->issues[v].demand_ix;
        double dust_t = dust_units * net->layers[net->issues[v].layer].t_per_unit;
        for (int t = 0; t < net->H && !net->kase->items[net->kase->demands[j].item_ix].backorder; t++) {
            issue of = issue_at(s, v, t);
            if (of.quanta <= 0 || of.load_t >= dust_t || 2 * of.met_t > net->demand_t[ms_at(net, j, t)])
                continue;
            if (!replace(s, &of) && !postpone(s, &of))
                leave_out(s, &of);
            double objective = settled->shortfall_part + settled->cost_part;
            s->gain += settled->objective - objective;
            settled->objective = objective;
        }
    }
}
