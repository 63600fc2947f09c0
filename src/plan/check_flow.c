/* check_flow.c: C1 layer by layer from the plan's own stock levels, and the sums over layers that C3 to C6 limit.
 *
 * The files say what moves, what is issued and what lies where, but not what supply is refused: that is what C1
 * leaves over, and must lie between nothing and the supply. Cost: O(rows + layers x touched sites x H + lanes x H);
 * memory O(sites x H), for one layer at a time.
 */
#include <math.h>

#include "base/alloc.h"
#include "plan/check.h"

/* One layer's flows, [site * H + t], in tonnes. Only the rows of touched sites are ever non-zero. */
typedef struct {
    ms_check *check;
    size_t layer, H;
    double *opening, *in, *out, *supply, *level;
    int32_t *touched;
    bool *is_touched;
    int32_t touched_count;
    size_t next_movement, next_issue, next_level; /* rows are sorted by layer as layers are */
    double *stored_t;                             /* over all layers */
} flow;

/* Sums over all layers for C3, C4, C6: [row * H + t]. */
typedef struct {
    double *lane_t, *handling_t, *fleet_t;
} loads;

static double *site_array(const ms_check *check)
{
    /* The limits of the same shape were allocated, so the product fits. */
    return ms_alloc((size_t)check->kase->sites_count * (size_t)check->periods, sizeof(double));
}

static void flow_free(flow *of)
{
    ms_free(of->opening);
    ms_free(of->in);
    ms_free(of->out);
    ms_free(of->supply);
    ms_free(of->level);
    ms_free(of->touched);
    ms_free(of->is_touched);
    ms_free(of->stored_t);
}

static bool flow_allocate(flow *of, ms_check *check)
{
    size_t sites = (size_t)check->kase->sites_count;
    of->check = check;
    of->H = (size_t)check->periods;
    of->opening = ms_alloc(sites, sizeof *of->opening);
    of->in = site_array(check);
    of->out = site_array(check);
    of->supply = site_array(check);
    of->level = site_array(check);
    of->touched = ms_alloc(sites, sizeof *of->touched);
    of->is_touched = ms_alloc(sites, sizeof *of->is_touched);
    of->stored_t = site_array(check);
    return of->opening && of->in && of->out && of->supply && of->level && of->touched && of->is_touched && of->stored_t;
}

static size_t touch(flow *of, int32_t site_ix)
{
    if (!of->is_touched[site_ix]) {
        of->is_touched[site_ix] = true;
        of->touched[of->touched_count++] = site_ix;
    }
    return (size_t)site_ix * of->H;
}

static void flow_clear(flow *of)
{
    for (int32_t i = 0; i < of->touched_count; i++) {
        size_t start = (size_t)of->touched[i] * of->H;
        of->opening[of->touched[i]] = 0;
        for (size_t at = start; at < start + of->H; at++)
            of->in[at] = of->out[at] = of->supply[at] = of->level[at] = 0;
        of->is_touched[of->touched[i]] = false;
    }
    of->touched_count = 0;
}

/* ---- what the case gives the layer ---- */

static void add_case_rows(flow *of, double t_per_unit)
{
    const ms_check *check = of->check;
    const ms_case *kase = check->kase;
    size_t k = of->layer;
    for (size_t i = check->stocks.starts[k]; i < check->stocks.starts[k + 1]; i++) {
        const ms_stock *stock = &kase->stocks[check->stocks.order[i]];
        touch(of, stock->site_ix);
        of->opening[stock->site_ix] += stock->quantity * t_per_unit;
    }
    for (size_t i = check->supplies.starts[k]; i < check->supplies.starts[k + 1]; i++) {
        int32_t supply_ix = (int32_t)check->supplies.order[i];
        size_t at = touch(of, kase->supplies[supply_ix].site_ix);
        for (int t = 0; t < check->periods; t++)
            of->supply[at + (size_t)t] += ms_case_supply(kase, supply_ix, t) * t_per_unit;
    }
    for (size_t i = check->reserves.starts[k]; i < check->reserves.starts[k + 1]; i++)
        touch(of, kase->reserves[check->reserves.order[i]].site_ix);
}

/* ---- what the plan does with it ---- */

static bool same_layer(const flow *of, int32_t item_ix, int32_t owner_ix)
{
    const ms_check_layer *layer = &of->check->layers[of->layer];
    return layer->item_ix == item_ix && layer->owner_ix == owner_ix;
}

static void add_movements(flow *of)
{
    const ms_check *check = of->check;
    for (; of->next_movement < check->movement_count; of->next_movement++) {
        const ms_check_movement *move = &check->movements[of->next_movement];
        const ms_lane *lane = &check->kase->lanes[move->lane_ix];
        if (!same_layer(of, move->item_ix, move->owner_ix))
            return;
        if (move->depart >= 0 && move->depart < check->periods)
            of->out[touch(of, lane->from_ix) + (size_t)move->depart] += move->load_t;
        if (move->arrive >= 0 && move->arrive < check->periods)
            of->in[touch(of, lane->to_ix) + (size_t)move->arrive] += move->load_t;
    }
}

static void add_issues(flow *of)
{
    const ms_check *check = of->check;
    for (; of->next_issue < check->issue_count; of->next_issue++) {
        const ms_check_issue *issue = &check->issues[of->next_issue];
        if (!same_layer(of, issue->item_ix, issue->owner_ix))
            return;
        of->out[touch(of, check->kase->demands[issue->demand_ix].site_ix) + (size_t)issue->period] += issue->load_t;
    }
}

/* A level holds until the next row of its site; before the first row nothing is there. The one at the start must be
 * the case's. */
static ms_status add_levels(flow *of)
{
    ms_check *check = of->check;
    for (; of->next_level < check->level_count; of->next_level++) {
        const ms_check_level *level = &check->levels[of->next_level];
        if (!same_layer(of, level->item_ix, level->owner_ix))
            return MS_OK;
        size_t at = touch(of, level->site_ix), until = of->H;
        const ms_check_level *next = level + 1;
        if (of->next_level + 1 < check->level_count && same_layer(of, next->item_ix, next->owner_ix) &&
            next->site_ix == level->site_ix)
            until = (size_t)next->period;
        for (size_t t = level->period < 0 ? 0 : (size_t)level->period; t < until; t++)
            of->level[at + t] = level->level_t;
        double opening_t = of->opening[level->site_ix];
        if (level->period < 0 && !(fabs(level->level_t - opening_t) <= ms_check_slack(opening_t)))
            MS_TRY(ms_check_breach(check, MS_CHECK_C1, MS_CHECK_STOCK, level->line, 0,
                                   "%s starts with %.9g t of %s's %s, the case has %.9g t",
                                   check->kase->sites[level->site_ix].id, level->level_t,
                                   ms_check_partner_id(check, level->owner_ix), check->kase->items[level->item_ix].id,
                                   opening_t));
    }
    return MS_OK;
}

/* ---- C1 ---- */

static ms_status check_stock(flow *of, int32_t site_ix)
{
    ms_check *check = of->check;
    const ms_check_layer *layer = &check->layers[of->layer];
    const ms_case *kase = check->kase;
    size_t at = (size_t)site_ix * of->H;
    double before_t = of->opening[site_ix];
    for (int t = 0; t < check->periods; t++, at++) {
        double carried_t = ms_case_carry(kase, site_ix, layer->item_ix, t) * before_t;
        double there_t = carried_t + of->in[at] + of->supply[at];
        double refused_t = there_t - of->out[at] - of->level[at], slack_t = ms_check_slack(there_t);
        if (!(refused_t >= -slack_t))
            MS_TRY(ms_check_breach(
                check, MS_CHECK_C1, MS_CHECK_STOCK, 0, 0,
                "%.9g t of %s's %s leave, are issued or stay at %s on day %.9g, where only %.9g t are",
                of->out[at] + of->level[at], ms_check_partner_id(check, layer->owner_ix),
                kase->items[layer->item_ix].id, kase->sites[site_ix].id, ms_check_day(check, t), there_t));
        else if (!(refused_t <= of->supply[at] + slack_t))
            MS_TRY(ms_check_breach(check, MS_CHECK_C1, MS_CHECK_STOCK, 0, 0,
                                   "%.9g t of %s's %s vanish at %s on day %.9g", refused_t - of->supply[at],
                                   ms_check_partner_id(check, layer->owner_ix), kase->items[layer->item_ix].id,
                                   kase->sites[site_ix].id, ms_check_day(check, t)));
        check->refused_t += fmin(fmax(refused_t, 0), of->supply[at]);
        check->hold_t_days += (long double)of->level[at] * check->period_days;
        of->stored_t[at] += of->level[at];
        before_t = of->level[at];
    }
    return MS_OK;
}

/* C8: r[r,t] is what the level lacks; shortfalls.csv is held against it later. */
static void note_reserves(flow *of)
{
    ms_check *check = of->check;
    for (size_t i = check->reserves.starts[of->layer]; i < check->reserves.starts[of->layer + 1]; i++) {
        size_t r = check->reserves.order[i];
        const double *level = of->level + (size_t)check->kase->reserves[r].site_ix * of->H;
        for (size_t t = 0; t < of->H; t++)
            check->reserve_short_t[r * of->H + t] = ms_check_short_of(check->limits.reserve_t[r * of->H + t], level[t]);
    }
}

/* ---- C5 ---- */

static ms_status check_storage(flow *of)
{
    ms_check *check = of->check;
    for (int32_t n = 0; n < check->kase->sites_count; n++) {
        for (int t = 0; t < check->periods; t++) {
            double stored_t = of->stored_t[(size_t)n * of->H + (size_t)t];
            double limit_t = check->limits.storage_t[(size_t)n * of->H + (size_t)t];
            if (stored_t > limit_t + ms_check_slack(limit_t))
                MS_TRY(ms_check_breach(check, MS_CHECK_C5, MS_CHECK_STOCK, 0, 0,
                                       "%s stores %.9g t at the end of day %.9g, it has room for %.9g t",
                                       check->kase->sites[n].id, stored_t, ms_check_day(check, t), limit_t));
        }
    }
    return MS_OK;
}

static ms_status check_layers(flow *of)
{
    ms_check *check = of->check;
    for (of->layer = 0; of->layer < check->layer_count; of->layer++) {
        add_case_rows(of, ms_item_t_per_unit(&check->kase->items[check->layers[of->layer].item_ix]));
        add_movements(of);
        add_issues(of);
        MS_TRY(add_levels(of));
        for (int32_t i = 0; i < of->touched_count; i++)
            MS_TRY(check_stock(of, of->touched[i]));
        note_reserves(of);
        flow_clear(of);
    }
    return check_storage(of);
}

ms_status ms_check_flows(ms_check *check, ms_error *err)
{
    flow of = {0};
    ms_status status = flow_allocate(&of, check) ? check_layers(&of) : MS_NO_MEMORY;
    flow_free(&of);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}

/* ---- C3, C4, C6: planned movements over all layers, in what commitments leave free ---- */

static void add_loads(const ms_check *check, loads *sum)
{
    size_t H = (size_t)check->periods;
    for (size_t i = 0; i < check->movement_count; i++) {
        const ms_check_movement *move = &check->movements[i];
        const ms_lane *lane = &check->kase->lanes[move->lane_ix];
        size_t depart = (size_t)move->depart;
        if (move->commitment_ix >= 0)
            continue;
        sum->lane_t[(size_t)move->lane_ix * H + depart] += move->load_t;
        sum->handling_t[(size_t)lane->from_ix * H + depart] += move->load_t;
        if (move->arrive >= 0 && move->arrive < check->periods)
            sum->handling_t[(size_t)lane->to_ix * H + (size_t)move->arrive] += move->load_t;
        if (lane->fleet_ix >= 0) {
            int back = ms_check_back(check, move->lane_ix, move->depart);
            for (int t = move->depart; t < back; t++)
                sum->fleet_t[(size_t)lane->fleet_ix * H + (size_t)t] +=
                    ms_check_away(check, move->lane_ix, move->depart, t) * move->load_t;
        }
    }
}

/* Line of the first movement that loads the lane, site or fleet in period t; only for breaches that are listed. */
static int first_line(const ms_check *check, ms_check_label label, int32_t row, int t)
{
    int line = 0;
    if (!ms_check_listed(check, label))
        return 0;
    for (size_t i = 0; i < check->movement_count; i++) {
        const ms_check_movement *move = &check->movements[i];
        const ms_lane *lane = &check->kase->lanes[move->lane_ix];
        bool loads_it = label == MS_CHECK_C3 ? move->lane_ix == row && move->depart == t
                        : label == MS_CHECK_C4
                            ? (lane->from_ix == row && move->depart == t) || (lane->to_ix == row && move->arrive == t)
                            : lane->fleet_ix == row && ms_check_away(check, move->lane_ix, move->depart, t) > 0;
        if (move->commitment_ix < 0 && loads_it && (line == 0 || move->line < line))
            line = move->line;
    }
    return line;
}

static ms_status check_rows(ms_check *check, ms_check_label label, const double *load_t, const double *limit_t,
                            int32_t rows)
{
    const ms_case *kase = check->kase;
    size_t at = 0;
    for (int32_t row = 0; row < rows; row++) {
        for (int t = 0; t < check->periods; t++, at++) {
            if (!(load_t[at] > limit_t[at] + ms_check_slack(limit_t[at])))
                continue;
            int line = first_line(check, label, row, t);
            double day = ms_check_day(check, t);
            if (label == MS_CHECK_C3)
                MS_TRY(ms_check_breach(check, label, MS_CHECK_MOVEMENTS, line, 0,
                                       "lane %s carries %.9g t on day %.9g, its free capacity is %.9g t",
                                       kase->lanes[row].id, load_t[at], day, limit_t[at]));
            else if (label == MS_CHECK_C4)
                MS_TRY(ms_check_breach(check, label, MS_CHECK_MOVEMENTS, line, 0,
                                       "%s handles %.9g t on day %.9g, it can handle %.9g t more than is committed",
                                       kase->sites[row].id, load_t[at], day, limit_t[at]));
            else
                MS_TRY(ms_check_breach(check, label, MS_CHECK_MOVEMENTS, line, 0,
                                       "fleet %s is away with %.9g t on day %.9g, it has room for %.9g t",
                                       kase->fleets[row].id, load_t[at], day, limit_t[at]));
        }
    }
    return MS_OK;
}

ms_status ms_check_coupling(ms_check *check, ms_error *err)
{
    const ms_case *kase = check->kase;
    size_t H = (size_t)check->periods;
    loads sum = {ms_alloc((size_t)kase->lanes_count * H, sizeof(double)), site_array(check),
                 ms_alloc((size_t)kase->fleets_count * H, sizeof(double))};
    ms_status status = sum.lane_t && sum.handling_t && sum.fleet_t ? MS_OK : MS_NO_MEMORY;
    if (status == MS_OK) {
        add_loads(check, &sum);
        status = check_rows(check, MS_CHECK_C3, sum.lane_t, check->limits.lane_t, kase->lanes_count);
    }
    if (status == MS_OK)
        status = check_rows(check, MS_CHECK_C4, sum.handling_t, check->limits.handling_t, kase->sites_count);
    if (status == MS_OK)
        status = check_rows(check, MS_CHECK_C6, sum.fleet_t, check->limits.fleet_t, kase->fleets_count);
    ms_free(sum.lane_t);
    ms_free(sum.handling_t);
    ms_free(sum.fleet_t);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
