/* check_short.c: what falls short, recomputed (C2 demand and backlog, C8 reserves, C10 broken commitments) and held
 * against shortfalls.csv row by row. Cost: O(rows + (demands + reserves) x H).
 */
#include <math.h>

#include "base/alloc.h"
#include "plan/check.h"

/* ---- C2 ---- */

/* Turns demand_short_t from tonnes met in each period into z: what is lost in it, or with backorder owed at its end.
 * What is issued over the want, within the slack, is no credit for later. */
static ms_status count_short(ms_check *check, int32_t demand_ix)
{
    const ms_demand *demand = &check->kase->demands[demand_ix];
    bool backorder = check->kase->items[demand->item_ix].backorder;
    size_t at = (size_t)demand_ix * (size_t)check->periods;
    double owed_t = 0;
    for (int t = 0; t < check->periods; t++, at++) {
        double wanted_t = check->limits.demand_t[at] + owed_t, met_t = check->demand_short_t[at];
        if (!(met_t <= wanted_t + ms_check_slack(wanted_t)))
            MS_TRY(ms_check_breach(check, MS_CHECK_C2, MS_CHECK_ISSUES, 0, 0,
                                   "demand %s gets %.9g t on day %.9g, it wants %.9g t%s", demand->id, met_t,
                                   ms_check_day(check, t), wanted_t, backorder ? " with what is owed" : ""));
        check->demand_short_t[at] = ms_check_short_of(wanted_t, met_t);
        owed_t = backorder ? check->demand_short_t[at] : 0;
    }
    return MS_OK;
}

static ms_status find_short(ms_check *check)
{
    for (size_t i = 0; i < check->issue_count; i++) {
        const ms_check_issue *issue = &check->issues[i];
        check->demand_short_t[(size_t)issue->demand_ix * (size_t)check->periods + (size_t)issue->period] +=
            issue->met_t;
    }
    for (int32_t j = 0; j < check->kase->demands_count; j++)
        MS_TRY(count_short(check, j));
    return MS_OK;
}

/* ---- shortfalls.csv ---- */

/* What the file says of one kind of row, [row * H + t]; and the limit that grants the slack. */
typedef struct {
    ms_check *check;
    ms_check_short_kind kind;
    ms_check_label label;
    int32_t rows;
    const double *short_t, *of_t;
} told;

static ms_status breach_short(const told *what, int32_t row, int t, int line, double told_t, double found_t)
{
    const ms_case *kase = what->check->kase;
    bool demand = what->kind == MS_CHECK_SHORT_DEMAND;
    const char *at = demand ? kase->demands[row].id : kase->sites[kase->reserves[row].site_ix].id;
    return ms_check_breach(what->check, what->label, MS_CHECK_SHORTFALLS, line, 0,
                           "%s %s is %.9g t short on day %.9g, the file says %.9g t",
                           demand ? "demand" : "the reserve at", at, found_t, ms_check_day(what->check, t), told_t);
}

/* Both run in the order of row and period, so one walk meets every row of the file. */
static ms_status compare_short(const told *what)
{
    ms_check *check = what->check;
    size_t next = 0, at = 0;
    while (next < check->short_count && check->shorts[next].kind < (int32_t)what->kind)
        next++;
    for (int32_t row = 0; row < what->rows; row++) {
        for (int t = 0; t < check->periods; t++, at++) {
            double told_t = 0, found_t = what->short_t[at];
            int line = 0;
            const ms_check_short *here = next < check->short_count ? &check->shorts[next] : NULL;
            if (here != NULL && here->kind == (int32_t)what->kind && here->row_ix == row && here->period == t) {
                told_t = here->short_t;
                line = here->line;
                next++;
            }
            if (!(fabs(told_t - found_t) <= ms_check_slack(what->of_t[at])))
                MS_TRY(breach_short(what, row, t, line, told_t, found_t));
        }
    }
    return MS_OK;
}

/* ---- C10: what the plan does not move of a commitment must be told as broken ---- */

static ms_status check_broken(ms_check *check)
{
    double *told_t = ms_alloc((size_t)check->kase->commitments_count, sizeof *told_t);
    ms_status status = told_t == NULL ? MS_NO_MEMORY : MS_OK;
    for (size_t i = 0; status == MS_OK && i < check->short_count; i++) {
        const ms_check_short *here = &check->shorts[i];
        if (here->kind != MS_CHECK_SHORT_COMMITMENT)
            continue;
        told_t[here->row_ix] += here->short_t;
        if (here->period != check->limits.committed[here->row_ix].depart)
            status = ms_check_breach(check, MS_CHECK_C10, MS_CHECK_SHORTFALLS, here->line, 0,
                                     "commitment %d is not due to leave on day %.9g", (int)here->row_ix + 1,
                                     ms_check_day(check, here->period));
    }
    for (int32_t m = 0; status == MS_OK && m < check->kase->commitments_count; m++) {
        const ms_check_committed *committed = &check->limits.committed[m];
        bool may_break = committed->depart >= 0 && committed->depart < check->periods;
        double broken_t = may_break ? ms_check_short_of(committed->load_t, check->kept_t[m]) : 0;
        if (!(fabs(told_t[m] - broken_t) <= ms_check_slack(committed->load_t)))
            status = ms_check_breach(check, MS_CHECK_C10, MS_CHECK_SHORTFALLS, 0, 0,
                                     "%.9g t of commitment %d are not moved, the file says %.9g t", broken_t,
                                     (int)m + 1, told_t[m]);
    }
    ms_free(told_t);
    return status;
}

ms_status ms_check_shorts(ms_check *check, ms_error *err)
{
    const told demands = {check,
                          MS_CHECK_SHORT_DEMAND,
                          MS_CHECK_C2,
                          check->kase->demands_count,
                          check->demand_short_t,
                          check->limits.demand_t};
    const told reserves = {check,
                           MS_CHECK_SHORT_RESERVE,
                           MS_CHECK_C8,
                           check->kase->reserves_count,
                           check->reserve_short_t,
                           check->limits.reserve_t};
    ms_status status = find_short(check);
    if (status == MS_OK)
        status = compare_short(&demands);
    if (status == MS_OK)
        status = compare_short(&reserves);
    if (status == MS_OK)
        status = check_broken(check);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
