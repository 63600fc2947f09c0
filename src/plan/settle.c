/* settle.c: rounds an engine's flow to quanta and makes it hold exactly, with the memory kept from flow to flow.
 *
 * The wishes, few of all the places that there are, are listed by period first; then one walk forward in time.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/settle_private.h"

/* An issue this near to all that is wanted was meant to meet it. */
static const int64_t WHOLE_QUANTA = 5;

/* ---- rounding ---- */

/* The nearest whole number, halves to even: beyond 2^52 a double is whole. */
static double nearest(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 x 2^52 */
    return fabs(x) < 2251799813685248.0 ? (x + shift) - shift : x;
}

/* Tonnes in quanta, with a fraction; in whole thousandths of a unit where the engine's noise alone keeps it from one.
 */
static double exact_quanta(const ms_measure *m, double tonnes)
{
    const double noise = 1e-7, coarse = 1000;
    double units = tonnes / m->t_per_unit;
    if (m->per_unit > coarse) {
        double tidy = nearest(units * coarse) / coarse;
        if (fabs(units - tidy) <= noise * (1 + fabs(units)))
            units = tidy;
    }
    return units * m->per_unit;
}
static int64_t round_quanta(const ms_measure *m, double tonnes)
{
    return ms_settle_whole(nearest(exact_quanta(m, tonnes)));
}

/* Rounded up: what is sent for a need of a third of a unit must not leave it dust short. */
static int64_t enough_quanta(double exact)
{
    const double noise = 1e-2;
    double quanta = exact - noise;
    int64_t whole = ms_settle_whole(quanta);
    return quanta > 0 && (double)whole < quanta ? whole + 1 : whole;
}

/* Whole quanta that are surely there: given quantities are rounded down, but not for the last bit of a double. */

static double slack(double room)
{
    return MS_SETTLE_SLACK_SHARE * room + MS_SETTLE_SLACK_T;
}

/* Cuts a wish to what stock and limits allow, and notes how much it had to give. */
static int64_t cut(ms_settler *s, const ms_measure *m, int64_t wanted, int64_t there, double allowed_t)
{
    int64_t most = wanted < there ? wanted : there;
    if ((double)most * m->quantum_t > allowed_t)
        most = allowed_t > 0 ? (int64_t)(allowed_t / m->quantum_t) : 0;
    if (most < wanted) {
        double given_t = (double)(wanted - most) * m->quantum_t;
        s->value.worst_cut_t = given_t > s->value.worst_cut_t ? given_t : s->value.worst_cut_t;
    }
    return most;
}

/* ---- wishes by period ---- */

/* Counts the wishes of each row and period, and makes places for them in the order of the periods. */
static bool make_places(ms_wish_list *list, const ms_network *net, const double *flow, int32_t row_count)
{
    int H = net->H;
    memset(list->end, 0, (size_t)H * sizeof *list->end);
    for (int32_t row = 0; row < row_count; row++) {
        const double *wished = flow + ms_at(net, row, 0);
        for (int t = 0; t < H; t++)
            list->end[t] += wished[t] > 0;
    }
    size_t count = 0;
    for (int t = 0; t < H; t++) {
        list->first[t] = count;
        count += list->end[t];
        list->end[t] = list->first[t];
    }
    return count <= list->capacity || ms_grow((void **)&list->wishes, &list->capacity, count, sizeof *list->wishes);
}

static void list_moves(ms_settler *s, const double *flow)
{
    const ms_network *net = s->net;
    for (int32_t w = 0; w < net->way_count; w++) {
        const ms_measure *m = &s->measures[net->ways[w].layer];
        const double *wished = flow + ms_at(net, w, 0);
        for (int t = 0; t < net->H; t++)
            if (wished[t] > 0 && ms_rooms_present(&s->rooms, w, t))
                s->moves.wishes[s->moves.end[t]++] = (ms_wish){.exact = exact_quanta(m, wished[t]), .row = w};
    }
}

static void list_issues(ms_settler *s, const double *flow)
{
    const ms_network *net = s->net;
    for (int32_t i = 0; i < net->issue_count; i++) {
        int32_t v = s->urgency[i];
        const ms_measure *m = &s->measures[net->issues[v].layer];
        const double *wished = flow + ms_at(net, v, 0);
        for (int t = 0; t < net->H; t++)
            if (wished[t] > 0 && ms_network_issue_open(net, &net->issues[v], t))
                s->issues.wishes[s->issues.end[t]++] = (ms_wish){.quanta = round_quanta(m, wished[t]), .row = v};
    }
}

/* ---- one period, in the order in which goods come and go ---- */

/* Stock from before, less what a contingency loses. */
static void carry_stock(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t k = 0; k < net->layer_count && (t == 0 || s->rooms.loses); k++)
        for (int32_t n = 0; n < net->site_count; n++) {
            size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
            double carry = ms_case_carry(net->kase, n, net->layers[k].item_ix, t);
            if (t == 0)
                s->there[pair] = ms_settle_floor(&s->measures[k], net->opening_t[pair] * carry);
            else if (carry < 1)
                s->there[pair] = (int64_t)floor((double)s->there[pair] * carry);
        }
}

static void receive(ms_settler *s, const ms_flow *flow, int t)
{
    const ms_network *net = s->net;
    carry_stock(s, t);
    for (int32_t i = s->arriving[t]; i >= 0; i = s->moves.wishes[i].next) {
        const ms_route *route = &s->rooms.routes[s->moves.wishes[i].row];
        s->there[(size_t)route->layer * (size_t)net->site_count + (size_t)route->to_ix] += s->moves.wishes[i].quanta;
    }
    for (int32_t i = 0; i < net->committed_count; i++)
        if (net->committed[i].arrive == t)
            s->there[(size_t)net->committed[i].layer * (size_t)net->site_count + (size_t)net->committed[i].to_ix] +=
                s->kept[i];
    for (int32_t row = 0; row < s->supply_count; row++) {
        size_t at = ms_at(net, row, t);
        const ms_measure *m = &s->measures[s->supply_pair[row] / net->site_count];
        int64_t refused = flow->refuse_t[at] > 0 ? round_quanta(m, flow->refuse_t[at]) : 0;
        s->refused[row] = refused < s->comes[at] ? refused : s->comes[at];
        s->there[s->supply_pair[row]] += s->comes[at] - s->refused[row];
    }
}

static void keep_commitments(ms_settler *s, const ms_flow *flow, int t)
{
    const ms_network *net = s->net;
    for (int32_t i = 0; i < net->committed_count; i++) {
        const ms_committed *m = &net->committed[i];
        if (m->depart != t)
            continue;
        const ms_measure *unit = &s->measures[m->layer];
        int64_t *there = &s->there[(size_t)m->layer * (size_t)net->site_count + (size_t)m->from_ix];
        int64_t all = ms_settle_floor(unit, m->load_t), broken = round_quanta(unit, flow->broken_t[i]);
        s->kept[i] = cut(s, unit, broken < all ? all - broken : 0, *there, INFINITY);
        *there -= s->kept[i];
    }
}

/* What each line wants in t, with what it is owed from before. */
static void want(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    for (int32_t j = 0; j < net->kase->demands_count; j++) {
        double owed_t = net->kase->items[net->kase->demands[j].item_ix].backorder ? s->short_before[j] : 0;
        s->wanted_all[j] = s->wanted_left[j] = net->demand_t[ms_at(net, j, t)] + owed_t;
    }
}

/* Quanta that meet what is still wanted, rounded up so that no dust stays short. */
static int64_t all_quanta(const ms_settler *s, const ms_issue_way *way)
{
    double quanta = ceil(s->wanted_left[way->demand_ix] / (way->meets * s->measures[way->layer].quantum_t) - 1e-6);
    return quanta > 0 && quanta < MS_SETTLE_MOST_QUANTA ? (int64_t)quanta : 0;
}

static void issue(ms_settler *s, const ms_wish *wished, int t)
{
    const ms_network *net = s->net;
    const ms_issue_way *way = &net->issues[wished->row];
    const ms_measure *m = &s->measures[way->layer];
    int32_t j = way->demand_ix;
    int64_t *there = &s->there[(size_t)way->layer * (size_t)net->site_count + (size_t)net->kase->demands[j].site_ix];
    double allowed = (s->wanted_left[j] + slack(net->demand_most[ms_at(net, j, t)])) / way->meets;
    if (way->agreement_ix >= 0)
        allowed = ms_least(allowed, s->rooms.agreement[way->agreement_ix]);
    int64_t all = all_quanta(s, way);
    int64_t issued = cut(s, m, llabs(all - wished->quanta) <= WHOLE_QUANTA ? all : wished->quanta, *there, allowed);
    double issued_t = (double)issued * m->quantum_t;
    *there -= issued;
    s->wanted_left[j] -= issued_t * way->meets;
    if (way->agreement_ix >= 0)
        s->rooms.agreement[way->agreement_ix] -= issued_t;
    s->value.cost_part += issued_t * way->charge;
    if (s->out)
        s->out->issue_q[ms_at(net, wished->row, t)] = issued;
}

static void weigh_move(ms_settler *s, int32_t w, int t, double load_t)
{
    const ms_network *net = s->net;
    const ms_route *route = &s->rooms.routes[w];
    if (ms_case_duties_vary(net->kase)) {
        s->value.cost_part += load_t * ms_network_move_cost(net, route->layer, route->lane_ix, t);
        s->value.cost_currency += load_t * ms_network_move_currency(net, route->layer, route->lane_ix, t);
        return;
    }
    int transit = s->rooms.arrive[ms_rooms_at(&s->rooms, route->lane_ix, t)] - t;
    double hold = net->weights.hold_per_day * net->period_days * transit;
    s->value.cost_part += load_t * (s->move_cost[w] + hold);
    s->value.cost_currency += load_t * s->move_currency[w];
}

/* Rounded up each time, or so that what a way has carried too much it carries less the next time, and what it carried
 * too little, but no more than a quantum, it carries then: hundreds of small loads do not add up to more than there is.
 */
static int64_t move_quanta(ms_settler *s, const ms_measure *m, const ms_wish *wished, int64_t there, int t)
{
    double *ahead = &s->ahead[wished->row], exact = wished->exact - *ahead;
    int64_t most = enough_quanta(exact);
    int64_t moved = most > 0 ? cut(s, m, most, there, ms_rooms_fit(&s->rooms, wished->row, t)) : 0;
    if (s->evens_out)
        *ahead = fmax(-1, fmin(1, (double)moved - exact));
    return moved;
}

static void move(ms_settler *s, int32_t at, int t)
{
    const ms_network *net = s->net;
    ms_wish *wished = &s->moves.wishes[at];
    const ms_route *route = &s->rooms.routes[wished->row];
    const ms_measure *m = &s->measures[route->layer];
    int64_t *there = &s->there[(size_t)route->layer * (size_t)net->site_count + (size_t)route->from_ix];
    int64_t moved = move_quanta(s, m, wished, *there, t);
    if (moved == 0)
        return;
    double load_t = (double)moved * m->quantum_t;
    *there -= moved;
    ms_rooms_take(&s->rooms, wished->row, t, load_t);
    weigh_move(s, wished->row, t, load_t);
    int arrive = s->rooms.arrive[ms_rooms_at(&s->rooms, route->lane_ix, t)];
    wished->quanta = moved;
    wished->next = s->arriving[arrive];
    s->arriving[arrive] = at;
    if (s->out)
        s->out->move_q[ms_at(net, wished->row, t)] = moved;
}

/* Layer by layer, what is issued before what leaves. */
static void issue_and_move(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    size_t v = s->issues.first[t], w = s->moves.first[t];
    while (v < s->issues.end[t] || w < s->moves.end[t]) {
        int32_t k = net->layer_count;
        if (v < s->issues.end[t])
            k = net->issues[s->issues.wishes[v].row].layer;
        if (w < s->moves.end[t] && s->rooms.routes[s->moves.wishes[w].row].layer < k)
            k = s->rooms.routes[s->moves.wishes[w].row].layer;
        for (; v < s->issues.end[t] && net->issues[s->issues.wishes[v].row].layer == k; v++)
            issue(s, &s->issues.wishes[v], t);
        for (; w < s->moves.end[t] && s->rooms.routes[s->moves.wishes[w].row].layer == k; w++)
            move(s, (int32_t)w, t);
    }
}

/* Refuses what came in today where the store is over its limit. */
static void refuse_over(ms_settler *s, int32_t n, int t, double over_t)
{
    const ms_network *net = s->net;
    for (int32_t k = 0; k < net->layer_count && over_t > 0; k++) {
        size_t pair = (size_t)k * (size_t)net->site_count + (size_t)n;
        int32_t row = net->supply_row[pair];
        const ms_measure *m = &s->measures[k];
        if (row < 0)
            continue;
        int64_t more = s->comes[ms_at(net, row, t)] - s->refused[row];
        int64_t need = (int64_t)ceil(over_t / m->quantum_t);
        more = more < need ? more : need;
        more = more < s->there[pair] ? more : s->there[pair];
        s->refused[row] += more;
        s->there[pair] -= more;
        s->held_t[n] -= (double)more * m->quantum_t;
        over_t -= (double)more * m->quantum_t;
    }
    if (over_t > s->value.over_storage_t)
        s->value.over_storage_t = over_t;
}

static void hold(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    double held_t = 0;
    memset(s->held_t, 0, (size_t)net->site_count * sizeof *s->held_t);
    for (int32_t k = 0; k < net->layer_count; k++) {
        const int64_t *there = s->there + (size_t)k * (size_t)net->site_count;
        double quantum_t = s->measures[k].quantum_t;
        for (int32_t n = 0; n < net->site_count; n++)
            s->held_t[n] += (double)there[n] * quantum_t;
    }
    for (int32_t n = 0; n < net->site_count; n++) {
        double limit_t = net->storage[ms_at(net, n, t)];
        if (s->held_t[n] - limit_t > slack(limit_t))
            refuse_over(s, n, t, s->held_t[n] - limit_t);
        held_t += s->held_t[n];
    }
    s->value.cost_part += held_t * net->weights.hold_per_day * net->period_days;
    for (int32_t row = 0; row < s->supply_count; row++)
        if (s->refused[row] > 0)
            s->value.cost_part += (double)s->refused[row] *
                                  s->measures[s->supply_pair[row] / net->site_count].quantum_t * net->weights.refuse;
}

static void note_period(ms_settler *s, int t)
{
    const ms_network *net = s->net;
    for (size_t pair = 0; pair < (size_t)net->layer_count * (size_t)net->site_count; pair++)
        s->out->stock_q[pair * (size_t)net->H + (size_t)t] = s->there[pair];
    for (int32_t row = 0; row < s->supply_count; row++)
        s->out->refuse_q[ms_at(net, row, t)] = s->refused[row];
}

/* ---- putting it together ---- */

static ms_status walk(ms_settler *s, const ms_flow *flow, ms_error *err)
{
    const ms_network *net = s->net;
    s->value = (ms_settled_value){0};
    s->evens_out = flow->evens_out;
    if (net->way_count)
        memset(s->ahead, 0, (size_t)net->way_count * sizeof *s->ahead);
    ms_rooms_reset(&s->rooms);
    if (!make_places(&s->moves, net, flow->move_t, net->way_count) ||
        !make_places(&s->issues, net, flow->issue_t, net->issue_count))
        return ms_error_memory(err);
    list_moves(s, flow->move_t);
    list_issues(s, flow->issue_t);
    memset(s->arriving, 0xff, (size_t)net->H * sizeof *s->arriving);
    memset(s->short_before, 0, (size_t)net->kase->demands_count * sizeof *s->short_before);
    for (int32_t i = 0; i < net->committed_count; i++)
        s->kept[i] = net->committed[i].depart < 0
                         ? ms_settle_floor(&s->measures[net->committed[i].layer], net->committed[i].load_t)
                         : 0;
    for (int t = 0; t < net->H; t++) {
        receive(s, flow, t);
        keep_commitments(s, flow, t);
        want(s, t);
        issue_and_move(s, t);
        hold(s, t);
        ms_settle_weigh_needs(s, t);
        if (s->out)
            note_period(s, t);
    }
    ms_settle_weigh_commitments(s);
    s->value.objective = s->value.shortfall_part + s->value.cost_part;
    return MS_OK;
}

ms_status ms_settler_value(ms_settled_value *out, ms_settler *settler, const ms_flow *flow, ms_error *err)
{
    settler->out = NULL;
    MS_TRY(walk(settler, flow, err));
    *out = settler->value;
    return MS_OK;
}

ms_status ms_settler_settle(ms_settled *out, ms_settler *settler, const ms_flow *flow, ms_error *err)
{
    const ms_network *net = settler->net;
    size_t H = (size_t)net->H, pairs = (size_t)net->layer_count * (size_t)net->site_count;
    ms_settled settled = {
        .move_q = ms_alloc((size_t)net->way_count * H, sizeof(int64_t)),
        .issue_q = ms_alloc((size_t)net->issue_count * H, sizeof(int64_t)),
        .refuse_q = ms_alloc((size_t)settler->supply_count * H, sizeof(int64_t)),
        .kept_q = ms_alloc((size_t)net->committed_count, sizeof(int64_t)),
        .stock_q = ms_alloc(pairs * H, sizeof(int64_t)),
        .short_t = ms_alloc((size_t)net->kase->demands_count * H, sizeof(double)),
        .below_t = ms_alloc((size_t)net->kase->reserves_count * H, sizeof(double)),
    };
    ms_status status = MS_OK;
    if (!settled.move_q || !settled.issue_q || !settled.refuse_q || !settled.kept_q || !settled.stock_q ||
        !settled.short_t || !settled.below_t)
        status = ms_error_memory(err);
    settler->out = &settled;
    if (status == MS_OK)
        status = walk(settler, flow, err);
    settler->out = NULL;
    if (status != MS_OK) {
        ms_settled_free(&settled);
        return status;
    }
    if (net->committed_count)
        memcpy(settled.kept_q, settler->kept, (size_t)net->committed_count * sizeof *settled.kept_q);
    settled.objective = settler->value.objective;
    settled.shortfall_part = settler->value.shortfall_part;
    settled.cost_part = settler->value.cost_part;
    settled.cost_currency = settler->value.cost_currency;
    settled.worst_cut_t = settler->value.worst_cut_t;
    settled.over_storage_t = settler->value.over_storage_t;
    *out = settled;
    return MS_OK;
}
