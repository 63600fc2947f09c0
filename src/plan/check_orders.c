/* check_orders.c: orders.csv and the coverage table, held against what movements and issues imply.
 *
 * Each order must carry what was used of its agreement for its item at its place in its span, and all orders together
 * all that was used. Cost: O(rows log rows); memory O(rows).
 */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "plan/check.h"

/* ---- what was used under agreements ---- */

typedef struct {
    int32_t agreement_ix, item_ix, place_ix, period;
    double load_t;
} use;

typedef struct {
    use *uses;
    size_t count, capacity;
    long double *sum_t; /* of all uses before this one */
} use_list;

static int compare_uses(const void *a, const void *b)
{
    const use *left = a, *right = b;
    if (left->agreement_ix != right->agreement_ix)
        return left->agreement_ix < right->agreement_ix ? -1 : 1;
    if (left->item_ix != right->item_ix)
        return left->item_ix < right->item_ix ? -1 : 1;
    if (left->place_ix != right->place_ix)
        return left->place_ix < right->place_ix ? -1 : 1;
    return (left->period > right->period) - (left->period < right->period);
}

static ms_status add_use(use_list *list, int32_t agreement_ix, int32_t item_ix, int32_t place_ix, int32_t period,
                         double load_t)
{
    if (agreement_ix < 0)
        return MS_OK;
    void *block = list->uses;
    if (!ms_grow(&block, &list->capacity, list->count + 1, sizeof *list->uses))
        return MS_NO_MEMORY;
    list->uses = block;
    list->uses[list->count++] = (use){agreement_ix, item_ix, place_ix, period, load_t};
    return MS_OK;
}

/* Lift counts on the lane on departure; passing a site counts there on arrival; an issue counts where it is issued. */
static ms_status find_uses(const ms_check *check, use_list *list)
{
    const ms_case *kase = check->kase;
    for (size_t i = 0; i < check->movement_count; i++) {
        const ms_check_movement *move = &check->movements[i];
        MS_TRY(add_use(list, move->lift_ix, move->item_ix, move->lane_ix, move->depart, move->load_t));
        MS_TRY(add_use(list, move->fleet_lift_ix, move->item_ix, move->lane_ix, move->depart, move->load_t));
        MS_TRY(
            add_use(list, move->site_ix, move->item_ix, kase->lanes[move->lane_ix].to_ix, move->arrive, move->load_t));
    }
    for (size_t i = 0; i < check->issue_count; i++) {
        const ms_check_issue *issue = &check->issues[i];
        MS_TRY(add_use(list, issue->agreement_ix, issue->item_ix, kase->demands[issue->demand_ix].site_ix,
                       issue->period, issue->load_t));
    }
    list->sum_t = ms_alloc(list->count + 1, sizeof *list->sum_t);
    if (list->sum_t == NULL)
        return MS_NO_MEMORY;
    if (list->count > 0)
        qsort(list->uses, list->count, sizeof *list->uses, compare_uses);
    for (size_t i = 0; i < list->count; i++)
        list->sum_t[i + 1] = list->sum_t[i] + list->uses[i].load_t;
    return MS_OK;
}

/* Number of uses that lie before the given one. */
static size_t uses_before(const use_list *list, const use *limit)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_uses(&list->uses[middle], limit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- orders ---- */

/* Orders come sorted by agreement, item, place and from; a span must not begin before the last one ended. */
static ms_status check_span(ms_check *check, const use_list *list, size_t i)
{
    const ms_check_order *order = &check->orders[i], *before = i > 0 ? order - 1 : NULL;
    const char *id = check->kase->agreements[order->agreement_ix].id;
    const use from = {order->agreement_ix, order->item_ix, order->place_ix, order->from, 0};
    const use to = {order->agreement_ix, order->item_ix, order->place_ix, order->to, 0};
    size_t first = uses_before(list, &from), end = uses_before(list, &to);
    double used_t = (double)(list->sum_t[end] - list->sum_t[first]);
    if (!(fabs(order->load_t - used_t) <= ms_check_slack(used_t)))
        MS_TRY(ms_check_breach(check, MS_CHECK_ORDER, MS_CHECK_ORDERS, order->line, 0,
                               "the order under %s is for %.9g t, movements and issues of its days use %.9g t", id,
                               order->load_t, used_t));
    else if (first == end || list->uses[first].period != order->from || list->uses[end - 1].period != order->to - 1)
        MS_TRY(ms_check_breach(check, MS_CHECK_ORDER, MS_CHECK_ORDERS, order->line, 0,
                               "the order under %s begins or ends on a day on which nothing is used", id));
    if (before != NULL && before->agreement_ix == order->agreement_ix && before->item_ix == order->item_ix &&
        before->place_ix == order->place_ix && before->to > order->from)
        MS_TRY(ms_check_breach(check, MS_CHECK_ORDER, MS_CHECK_ORDERS, order->line, 0,
                               "the order's days overlap those of line %d", (int)before->line));
    return MS_OK;
}

static ms_status check_sums(ms_check *check)
{
    const ms_case *kase = check->kase;
    double *ordered_t = ms_alloc((size_t)kase->agreements_count, sizeof *ordered_t);
    if (ordered_t == NULL)
        return MS_NO_MEMORY;
    for (size_t i = 0; i < check->order_count; i++)
        ordered_t[check->orders[i].agreement_ix] += check->orders[i].load_t;
    ms_status status = MS_OK;
    for (int32_t g = 0; status == MS_OK && g < kase->agreements_count; g++) {
        double used_t = check->agreement_used_t[g];
        if (!(fabs(ordered_t[g] - used_t) <= ms_check_slack(used_t)))
            status = ms_check_breach(check, MS_CHECK_ORDER, MS_CHECK_ORDERS, 0, 0,
                                     "orders under %s sum up to %.9g t, movements and issues to %.9g t",
                                     kase->agreements[g].id, ordered_t[g], used_t);
    }
    ms_free(ordered_t);
    return status;
}

ms_status ms_check_orders(ms_check *check, ms_error *err)
{
    use_list list = {0};
    ms_status status = find_uses(check, &list);
    for (size_t i = 0; status == MS_OK && i < check->order_count; i++)
        status = check_span(check, &list, i);
    if (status == MS_OK)
        status = check_sums(check);
    ms_free(list.uses);
    ms_free(list.sum_t);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}

/* ---- coverage ---- */

typedef struct {
    long double wanted_t, met_t, owed_t_days;
    bool told;
} cover;

static void find_cover(const ms_check *check, cover *table)
{
    const ms_case *kase = check->kase;
    size_t at = 0;
    for (int32_t j = 0; j < kase->demands_count; j++) {
        const ms_demand *demand = &kase->demands[j];
        cover *row = &table[(demand->partner_ix + 1) * (MS_PRIORITY_COUNT + 1) + demand->priority];
        for (int t = 0; t < check->periods; t++, at++) {
            row->wanted_t += check->limits.demand_t[at];
            if (kase->items[demand->item_ix].backorder)
                row->owed_t_days += (long double)check->demand_short_t[at] * check->period_days;
        }
    }
    for (size_t i = 0; i < check->issue_count; i++) {
        const ms_demand *demand = &kase->demands[check->issues[i].demand_ix];
        table[(demand->partner_ix + 1) * (MS_PRIORITY_COUNT + 1) + demand->priority].met_t += check->issues[i].met_t;
    }
}

static ms_status compare_cover(ms_check *check, const char *what, int32_t partner_ix, int priority, double told,
                               long double found)
{
    if (fabsl(told - found) <= ms_check_slack((double)found))
        return MS_OK;
    return ms_check_breach(check, MS_CHECK_COVERAGE, MS_CHECK_SUMMARY, 0, 0,
                           "%s of %s at priority %d is %.9g, recomputed %.9g", what,
                           ms_check_partner_id(check, partner_ix), priority, told, (double)found);
}

static ms_status compare_covers(ms_check *check, cover *table)
{
    for (size_t i = 0; i < check->claims.cover_count; i++) {
        const ms_check_claimed_cover *claim = &check->claims.cover[i];
        cover *row = &table[(claim->partner_ix + 1) * (MS_PRIORITY_COUNT + 1) + claim->priority];
        if (row->told)
            MS_TRY(ms_check_breach(check, MS_CHECK_COVERAGE, MS_CHECK_SUMMARY, 0, 0, "%s at priority %d is there twice",
                                   ms_check_partner_id(check, claim->partner_ix), claim->priority));
        row->told = true;
        MS_TRY(compare_cover(check, "wanted_t", claim->partner_ix, claim->priority, claim->wanted_t, row->wanted_t));
        MS_TRY(compare_cover(check, "met_t", claim->partner_ix, claim->priority, claim->met_t, row->met_t));
        MS_TRY(compare_cover(check, "owed_t_days", claim->partner_ix, claim->priority, claim->owed_t_days,
                             row->owed_t_days));
    }
    for (int32_t partner_ix = -1; partner_ix < check->kase->partners_count; partner_ix++) {
        for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++) {
            const cover *row = &table[(partner_ix + 1) * (MS_PRIORITY_COUNT + 1) + priority];
            if (!row->told && row->wanted_t > 0)
                MS_TRY(compare_cover(check, "wanted_t", partner_ix, priority, 0, row->wanted_t));
        }
    }
    return MS_OK;
}

ms_status ms_check_coverage(ms_check *check, ms_error *err)
{
    cover *table = ms_alloc((size_t)check->kase->partners_count + 1, (MS_PRIORITY_COUNT + 1) * sizeof *table);
    if (table == NULL)
        return ms_error_memory(err);
    find_cover(check, table);
    ms_status status = compare_covers(check, table);
    ms_free(table);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}
