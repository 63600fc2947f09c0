/* plan_list.c: rows of a plan as cells. See plan_list.h. */
#include "report/plan_list.h"

#include "base/text.h"
#include "report/report.h"

const char *const ms_plan_list_words[MS_LISTS + 1] = {"movements", "shortfalls", "orders", "issues", "stock", NULL};

/* ---- columns ---- */

typedef struct {
    const char *name; /* for programs; NULL: for people only */
    ms_say_text head; /* for people */
    ms_column_kind kind;
} heading;

static const heading movement_columns[] = {
    {"depart_day", MS_SAY_DEPARTS, MS_COLUMN_DAY},   {"arrive_day", MS_SAY_ARRIVES, MS_COLUMN_DAY},
    {NULL, MS_SAY_DEPARTS_DATE, MS_COLUMN_DATE},     {NULL, MS_SAY_ARRIVES_DATE, MS_COLUMN_DATE},
    {"lane", MS_SAY_LANE, MS_COLUMN_TEXT},           {"mode", MS_SAY_MODE, MS_COLUMN_TEXT},
    {"from", MS_SAY_FROM, MS_COLUMN_TEXT},           {"to", MS_SAY_TO, MS_COLUMN_TEXT},
    {"item", MS_SAY_ITEM, MS_COLUMN_TEXT},           {"class", MS_SAY_CLASS, MS_COLUMN_TEXT},
    {"partner", MS_SAY_OWNER, MS_COLUMN_TEXT},       {"carrier", MS_SAY_CARRIER, MS_COLUMN_TEXT},
    {"quantity", MS_SAY_QUANTITY, MS_COLUMN_NUMBER}, {"unit", MS_SAY_UNIT, MS_COLUMN_TEXT},
    {"tonnes", MS_SAY_TONNES, MS_COLUMN_NUMBER},     {"commitment", MS_SAY_COMMITTED, MS_COLUMN_BOOL},
};

static const heading shortfall_columns[] = {
    {"day", MS_SAY_DAY, MS_COLUMN_DAY},
    {NULL, MS_SAY_DATE, MS_COLUMN_DATE},
    {"kind", MS_SAY_KIND, MS_COLUMN_TEXT},
    {"demand", MS_SAY_DEMAND, MS_COLUMN_TEXT},
    {"site", MS_SAY_SITE, MS_COLUMN_TEXT},
    {"item", MS_SAY_ITEM, MS_COLUMN_TEXT},
    {"partner", MS_SAY_PARTNER, MS_COLUMN_TEXT},
    {"priority", MS_SAY_PRIORITY, MS_COLUMN_WHOLE},
    {"quantity", MS_SAY_QUANTITY_SHORT, MS_COLUMN_NUMBER},
    {"wanted", MS_SAY_QUANTITY_WANTED, MS_COLUMN_NUMBER},
    {"unit", MS_SAY_UNIT, MS_COLUMN_TEXT},
    {"tonnes", MS_SAY_SHORT_T, MS_COLUMN_NUMBER},
};

static const heading order_columns[] = {
    {"agreement", MS_SAY_AGREEMENT, MS_COLUMN_TEXT}, {"kind", MS_SAY_KIND, MS_COLUMN_TEXT},
    {"provider", MS_SAY_PROVIDER, MS_COLUMN_TEXT},   {"receiver", MS_SAY_RECEIVER, MS_COLUMN_TEXT},
    {"place", MS_SAY_PLACE, MS_COLUMN_TEXT},         {"item", MS_SAY_ITEM, MS_COLUMN_TEXT},
    {"from_day", MS_SAY_FROM_DAY, MS_COLUMN_DAY},    {"to_day", MS_SAY_TO_DAY, MS_COLUMN_DAY},
    {NULL, MS_SAY_FROM_DATE, MS_COLUMN_DATE},        {NULL, MS_SAY_TO_DATE, MS_COLUMN_DATE},
    {"quantity", MS_SAY_QUANTITY, MS_COLUMN_NUMBER}, {"unit", MS_SAY_UNIT, MS_COLUMN_TEXT},
};

static const heading issue_columns[] = {
    {"day", MS_SAY_DAY, MS_COLUMN_DAY},
    {NULL, MS_SAY_DATE, MS_COLUMN_DATE},
    {"demand", MS_SAY_DEMAND, MS_COLUMN_TEXT},
    {"site", MS_SAY_SITE, MS_COLUMN_TEXT},
    {"partner", MS_SAY_PARTNER, MS_COLUMN_TEXT},
    {"priority", MS_SAY_PRIORITY, MS_COLUMN_WHOLE},
    {"item", MS_SAY_ITEM, MS_COLUMN_TEXT},
    {"owner", MS_SAY_OWNER, MS_COLUMN_TEXT},
    {"agreement", MS_SAY_AGREEMENT, MS_COLUMN_TEXT},
    {"quantity", MS_SAY_ISSUED, MS_COLUMN_NUMBER},
    {"unit", MS_SAY_UNIT, MS_COLUMN_TEXT},
    {"for_item", MS_SAY_FOR_ITEM, MS_COLUMN_TEXT},
    {"meets", MS_SAY_MEETS, MS_COLUMN_NUMBER},
    {"tonnes", MS_SAY_TONNES, MS_COLUMN_NUMBER},
};

static const heading level_columns[] = {
    {"site", MS_SAY_SITE, MS_COLUMN_TEXT},   {"item", MS_SAY_ITEM, MS_COLUMN_TEXT},
    {"owner", MS_SAY_OWNER, MS_COLUMN_TEXT}, {"day", MS_SAY_LEVEL_DAY, MS_COLUMN_DAY},
    {NULL, MS_SAY_DATE, MS_COLUMN_DATE},     {"quantity", MS_SAY_LEVEL, MS_COLUMN_NUMBER},
    {"unit", MS_SAY_UNIT, MS_COLUMN_TEXT},   {"tonnes", MS_SAY_TONNES, MS_COLUMN_NUMBER},
};

#define COUNT_OF(array) (int)(sizeof(array) / sizeof *(array))

static const struct {
    const heading *columns;
    int count;
    ms_say_text title;
} tables[MS_LISTS] = {
    [MS_LIST_MOVEMENTS] = {movement_columns, COUNT_OF(movement_columns), MS_SAY_SHEET_MOVEMENTS},
    [MS_LIST_SHORTFALLS] = {shortfall_columns, COUNT_OF(shortfall_columns), MS_SAY_SHEET_SHORTFALLS},
    [MS_LIST_ORDERS] = {order_columns, COUNT_OF(order_columns), MS_SAY_SHEET_ORDER_LIST},
    [MS_LIST_ISSUES] = {issue_columns, COUNT_OF(issue_columns), MS_SAY_SHEET_ISSUES},
    [MS_LIST_STOCK] = {level_columns, COUNT_OF(level_columns), MS_SAY_SHEET_STOCK},
};

int ms_plan_list_columns(ms_column out[MS_TABLE_COLUMNS], ms_plan_list which)
{
    for (int c = 0; c < tables[which].count; c++)
        out[c] = (ms_column){.name = tables[which].columns[c].name, .kind = tables[which].columns[c].kind};
    return tables[which].count;
}

int ms_plan_list_heads(ms_column out[MS_TABLE_COLUMNS], ms_plan_list which, ms_language language)
{
    int count = ms_plan_list_columns(out, which);
    for (int c = 0; c < count; c++)
        out[c].name = ms_say_of(language, tables[which].columns[c].head);
    return count;
}

ms_say_text ms_plan_list_title(ms_plan_list which)
{
    return tables[which].title;
}

size_t ms_plan_list_count(const ms_plan *plan, ms_plan_list which)
{
    const size_t counts[MS_LISTS] = {
        [MS_LIST_MOVEMENTS] = plan->movement_count, [MS_LIST_SHORTFALLS] = plan->shortfall_count,
        [MS_LIST_ORDERS] = plan->order_count,       [MS_LIST_ISSUES] = plan->issue_count,
        [MS_LIST_STOCK] = plan->level_count,
    };
    return counts[which];
}

static const char *partner_id(const ms_case *kase, int32_t ix)
{
    return ix < 0 ? "" : kase->partners[ix].id;
}

static double day_of(const ms_case *kase, int period)
{
    return ms_table_tidy(period * kase->period_days);
}

static double date_of(const ms_case *kase, int period)
{
    return (double)kase->start_day + floor(day_of(kase, period));
}

static double tonnes_of(const ms_item *item, double quantity)
{
    return ms_table_tidy(quantity * ms_item_t_per_unit(item));
}

/* Where and of what a shortfall is. */
typedef struct {
    const char *kind, *demand;
    int32_t site_ix, item_ix, partner_ix;
    int priority;
} need;

static need need_of(const ms_case *kase, const ms_shortfall *shortfall)
{
    if (shortfall->kind == MS_SHORT_DEMAND) {
        const ms_demand *demand = &kase->demands[shortfall->row_ix];
        return (need){"demand", demand->id, demand->site_ix, demand->item_ix, demand->partner_ix, demand->priority};
    }
    if (shortfall->kind == MS_SHORT_RESERVE) {
        const ms_reserve *reserve = &kase->reserves[shortfall->row_ix];
        return (need){"reserve", "", reserve->site_ix, reserve->item_ix, reserve->partner_ix, reserve->priority};
    }
    const ms_commitment *commitment = &kase->commitments[shortfall->row_ix];
    const ms_lane *lane = &kase->lanes[commitment->lane_ix];
    return (need){"commitment", lane->id, lane->to_ix, commitment->item_ix, commitment->partner_ix, 0};
}

static const char *order_place(const ms_case *kase, const ms_order *order)
{
    bool lift = kase->agreements[order->agreement_ix].kind == MS_AGREE_LIFT;
    return lift ? kase->lanes[order->place_ix].id : kase->sites[order->place_ix].id;
}

/* ---- what is searched ---- */

static void put_ids(const char *ids[MS_PLAN_LIST_IDS], const char *const *texts, int count)
{
    for (int i = 0; i < count; i++)
        ids[i] = texts[i];
    ids[count] = NULL;
}

bool ms_plan_list_ids(const char *ids[MS_PLAN_LIST_IDS], const ms_plan *plan, ms_plan_list which, size_t row)
{
    const ms_case *kase = plan->kase;
    if (which == MS_LIST_MOVEMENTS) {
        const ms_movement *move = &plan->movements[row];
        const ms_lane *lane = &kase->lanes[move->lane_ix];
        const ms_item *item = &kase->items[move->item_ix];
        const char *const texts[] = {lane->id, kase->sites[lane->from_ix].id,    kase->sites[lane->to_ix].id,
                                     item->id, partner_id(kase, move->owner_ix), ms_class_words[item->class_ix]};
        put_ids(ids, texts, COUNT_OF(texts));
    } else if (which == MS_LIST_SHORTFALLS) {
        need it = need_of(kase, &plan->shortfalls[row]);
        const char *const texts[] = {it.demand, kase->sites[it.site_ix].id, kase->items[it.item_ix].id,
                                     partner_id(kase, it.partner_ix), it.kind};
        put_ids(ids, texts, COUNT_OF(texts));
        return ms_report_falls_short(plan, &plan->shortfalls[row]);
    } else if (which == MS_LIST_ORDERS) {
        const ms_order *order = &plan->orders[row];
        const ms_agreement *agreement = &kase->agreements[order->agreement_ix];
        const char *const texts[] = {agreement->id, partner_id(kase, agreement->provider_ix),
                                     partner_id(kase, agreement->receiver_ix), order_place(kase, order),
                                     kase->items[order->item_ix].id};
        put_ids(ids, texts, COUNT_OF(texts));
    } else if (which == MS_LIST_ISSUES) {
        const ms_issue *issue = &plan->issues[row];
        const ms_demand *demand = &kase->demands[issue->demand_ix];
        const char *const texts[] = {demand->id, kase->sites[demand->site_ix].id, kase->items[issue->item_ix].id,
                                     partner_id(kase, issue->owner_ix), partner_id(kase, demand->partner_ix)};
        put_ids(ids, texts, COUNT_OF(texts));
    } else {
        const ms_level *level = &plan->levels[row];
        const char *const texts[] = {kase->sites[level->site_ix].id, kase->items[level->item_ix].id,
                                     partner_id(kase, level->owner_ix)};
        put_ids(ids, texts, COUNT_OF(texts));
    }
    return true;
}

/* ---- cells ---- */

static void put_movement(ms_table *table, const ms_case *kase, const ms_movement *move)
{
    const ms_lane *lane = &kase->lanes[move->lane_ix];
    const ms_item *item = &kase->items[move->item_ix];
    int column = 0;
    ms_table_number(table, column++, day_of(kase, move->depart));
    ms_table_number(table, column++, day_of(kase, move->arrive));
    ms_table_number(table, column++, date_of(kase, move->depart));
    ms_table_number(table, column++, date_of(kase, move->arrive));
    ms_table_text(table, column++, lane->id);
    ms_table_text(table, column++, ms_mode_words[lane->mode]);
    ms_table_text(table, column++, kase->sites[lane->from_ix].id);
    ms_table_text(table, column++, kase->sites[lane->to_ix].id);
    ms_table_text(table, column++, item->id);
    ms_table_text(table, column++, ms_class_words[item->class_ix]);
    ms_table_text(table, column++, partner_id(kase, move->owner_ix));
    ms_table_text(table, column++, partner_id(kase, lane->partner_ix));
    ms_table_number(table, column++, move->quantity);
    ms_table_text(table, column++, item->unit);
    ms_table_number(table, column++, tonnes_of(item, move->quantity));
    ms_table_number(table, column++, move->commitment_ix >= 0);
}

static void put_shortfall(ms_table *table, const ms_case *kase, const ms_shortfall *shortfall)
{
    need it = need_of(kase, shortfall);
    const ms_item *item = &kase->items[it.item_ix];
    int column = 0;
    ms_table_number(table, column++, day_of(kase, shortfall->period));
    ms_table_number(table, column++, date_of(kase, shortfall->period));
    ms_table_text(table, column++, it.kind);
    ms_table_text(table, column++, it.demand);
    ms_table_text(table, column++, kase->sites[it.site_ix].id);
    ms_table_text(table, column++, item->id);
    ms_table_text(table, column++, partner_id(kase, it.partner_ix));
    ms_table_number(table, column++, it.priority);
    ms_table_number(table, column++, shortfall->quantity);
    ms_table_number(table, column++, shortfall->wanted);
    ms_table_text(table, column++, item->unit);
    ms_table_number(table, column++, tonnes_of(item, shortfall->quantity));
}

static void put_order(ms_table *table, const ms_case *kase, const ms_order *order)
{
    const ms_agreement *agreement = &kase->agreements[order->agreement_ix];
    const ms_item *item = &kase->items[order->item_ix];
    int column = 0;
    ms_table_text(table, column++, agreement->id);
    ms_table_text(table, column++, ms_agreement_kind_words[agreement->kind]);
    ms_table_text(table, column++, partner_id(kase, agreement->provider_ix));
    ms_table_text(table, column++, partner_id(kase, agreement->receiver_ix));
    ms_table_text(table, column++, order_place(kase, order));
    ms_table_text(table, column++, item->id);
    ms_table_number(table, column++, day_of(kase, order->from_period));
    ms_table_number(table, column++, day_of(kase, order->to_period));
    ms_table_number(table, column++, date_of(kase, order->from_period));
    ms_table_number(table, column++, date_of(kase, order->to_period));
    ms_table_number(table, column++, order->quantity);
    ms_table_text(table, column++, item->unit);
}

static void put_issue(ms_table *table, const ms_case *kase, const ms_issue *issue)
{
    const ms_demand *demand = &kase->demands[issue->demand_ix];
    const ms_item *item = &kase->items[issue->item_ix];
    int column = 0;
    ms_table_number(table, column++, day_of(kase, issue->period));
    ms_table_number(table, column++, date_of(kase, issue->period));
    ms_table_text(table, column++, demand->id);
    ms_table_text(table, column++, kase->sites[demand->site_ix].id);
    ms_table_text(table, column++, partner_id(kase, demand->partner_ix));
    ms_table_number(table, column++, demand->priority);
    ms_table_text(table, column++, item->id);
    ms_table_text(table, column++, partner_id(kase, issue->owner_ix));
    ms_table_text(table, column++, issue->agreement_ix < 0 ? "" : kase->agreements[issue->agreement_ix].id);
    ms_table_number(table, column++, issue->quantity);
    ms_table_text(table, column++, item->unit);
    ms_table_text(table, column++, kase->items[demand->item_ix].id);
    ms_table_number(table, column++, issue->meets);
    ms_table_number(table, column++, tonnes_of(item, issue->quantity));
}

/* What lies there at the start has no day. */
static void put_level(ms_table *table, const ms_case *kase, const ms_level *level)
{
    const ms_item *item = &kase->items[level->item_ix];
    int column = 0;
    ms_table_text(table, column++, kase->sites[level->site_ix].id);
    ms_table_text(table, column++, item->id);
    ms_table_text(table, column++, partner_id(kase, level->owner_ix));
    ms_table_number(table, column++, level->period < 0 ? NAN : day_of(kase, level->period));
    ms_table_number(table, column++, level->period < 0 ? NAN : date_of(kase, level->period));
    ms_table_number(table, column++, level->quantity);
    ms_table_text(table, column++, item->unit);
    ms_table_number(table, column++, tonnes_of(item, level->quantity));
}

void ms_plan_list_put(ms_table *table, const ms_plan *plan, ms_plan_list which, size_t row)
{
    ms_table_row(table);
    switch (which) {
    case MS_LIST_MOVEMENTS:
        put_movement(table, plan->kase, &plan->movements[row]);
        break;
    case MS_LIST_SHORTFALLS:
        put_shortfall(table, plan->kase, &plan->shortfalls[row]);
        break;
    case MS_LIST_ORDERS:
        put_order(table, plan->kase, &plan->orders[row]);
        break;
    case MS_LIST_ISSUES:
        put_issue(table, plan->kase, &plan->issues[row]);
        break;
    default:
        put_level(table, plan->kase, &plan->levels[row]);
        break;
    }
}
