/* api_lists.c: the long lists of a plan, page by page: movements, shortfalls, orders. */
#include <string.h>

#include "report/report.h"
#include "report/table.h"
#include "serve/api_jobs.h"

/* A list on its way: a table of the page's rows. */
typedef struct {
    const ms_plan *plan;
    ms_page page;
    ms_table table;
} list;

typedef void (*fill_list)(list *of);

static ms_status finish_list(ms_reply *reply, list *of, ms_format format, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    bool failed = of->table.failed;
    if (format == MS_FORMAT_CSV) {
        ms_table_csv_head(&of->table, &text);
        ms_table_csv_rows(&of->table, &text);
    } else {
        ms_json_start(&json, &text);
        ms_json_open_object(&json, NULL);
        ms_json_integer(&json, "total", (long long)of->page.matched);
        ms_json_integer(&json, "offset", (long long)of->page.offset);
        ms_table_json(&of->table, &json, "rows");
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    ms_table_free(&of->table);
    if (!failed)
        return ms_reply_view(reply, &text, format, err);
    ms_buf_free(&text);
    return ms_error_memory(err);
}

static ms_status give_list(ms_reply *reply, const ms_visit *visit, const ms_column *columns, int count, fill_list fill,
                           ms_error *err)
{
    ms_held_job *held = NULL;
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, visit->parameters[0], err));
    list of = {.plan = ms_held_plan(held), .page = ms_page_asked(visit)};
    ms_table_start(&of.table, columns, count);
    fill(&of);
    ms_status status = finish_list(reply, &of, ms_visit_view(visit).format, err);
    ms_desk_let_job(visit->desk, held);
    return status;
}

static const char *partner_id(const ms_case *kase, int32_t ix)
{
    return ix < 0 ? "" : kase->partners[ix].id;
}

static double day_of(const ms_case *kase, int period)
{
    return ms_table_tidy(period * kase->period_days);
}

/* ---- movements ---- */

static const ms_column movement_columns[] = {
    {.name = "depart_day", .kind = MS_COLUMN_DAY},  {.name = "arrive_day", .kind = MS_COLUMN_DAY},
    {.name = "lane", .kind = MS_COLUMN_TEXT},       {.name = "mode", .kind = MS_COLUMN_TEXT},
    {.name = "from", .kind = MS_COLUMN_TEXT},       {.name = "to", .kind = MS_COLUMN_TEXT},
    {.name = "item", .kind = MS_COLUMN_TEXT},       {.name = "class", .kind = MS_COLUMN_TEXT},
    {.name = "partner", .kind = MS_COLUMN_TEXT},    {.name = "carrier", .kind = MS_COLUMN_TEXT},
    {.name = "quantity", .kind = MS_COLUMN_NUMBER}, {.name = "unit", .kind = MS_COLUMN_TEXT},
    {.name = "tonnes", .kind = MS_COLUMN_NUMBER},   {.name = "commitment", .kind = MS_COLUMN_BOOL},
};

static void fill_movements(list *of)
{
    const ms_case *kase = of->plan->kase;
    for (size_t i = 0; i < of->plan->movement_count; i++) {
        const ms_movement *move = &of->plan->movements[i];
        const ms_lane *lane = &kase->lanes[move->lane_ix];
        const ms_item *item = &kase->items[move->item_ix];
        const char *from = kase->sites[lane->from_ix].id, *to = kase->sites[lane->to_ix].id;
        const char *owner = partner_id(kase, move->owner_ix);
        const char *const texts[] = {lane->id, from, to, item->id, owner, ms_class_words[item->class_ix], NULL};
        int column = 0;
        if (!ms_page_takes(&of->page, texts))
            continue;
        ms_table_row(&of->table);
        ms_table_number(&of->table, column++, day_of(kase, move->depart));
        ms_table_number(&of->table, column++, day_of(kase, move->arrive));
        ms_table_text(&of->table, column++, lane->id);
        ms_table_text(&of->table, column++, ms_mode_words[lane->mode]);
        ms_table_text(&of->table, column++, from);
        ms_table_text(&of->table, column++, to);
        ms_table_text(&of->table, column++, item->id);
        ms_table_text(&of->table, column++, ms_class_words[item->class_ix]);
        ms_table_text(&of->table, column++, owner);
        ms_table_text(&of->table, column++, partner_id(kase, lane->partner_ix));
        ms_table_number(&of->table, column++, move->quantity);
        ms_table_text(&of->table, column++, item->unit);
        ms_table_number(&of->table, column++, ms_table_tidy(move->quantity * ms_item_t_per_unit(item)));
        ms_table_number(&of->table, column++, move->commitment_ix >= 0);
    }
}

ms_status ms_api_movements(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    const int count = (int)(sizeof movement_columns / sizeof *movement_columns);
    return give_list(reply, visit, movement_columns, count, fill_movements, err);
}

/* ---- shortfalls ---- */

static const ms_column shortfall_columns[] = {
    {.name = "day", .kind = MS_COLUMN_DAY},        {.name = "kind", .kind = MS_COLUMN_TEXT},
    {.name = "demand", .kind = MS_COLUMN_TEXT},    {.name = "site", .kind = MS_COLUMN_TEXT},
    {.name = "item", .kind = MS_COLUMN_TEXT},      {.name = "partner", .kind = MS_COLUMN_TEXT},
    {.name = "priority", .kind = MS_COLUMN_WHOLE}, {.name = "quantity", .kind = MS_COLUMN_NUMBER},
    {.name = "wanted", .kind = MS_COLUMN_NUMBER},  {.name = "unit", .kind = MS_COLUMN_TEXT},
    {.name = "tonnes", .kind = MS_COLUMN_NUMBER},
};

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

static void fill_shortfalls(list *of)
{
    const ms_case *kase = of->plan->kase;
    for (size_t i = 0; i < of->plan->shortfall_count; i++) {
        const ms_shortfall *shortfall = &of->plan->shortfalls[i];
        if (!ms_report_falls_short(of->plan, shortfall))
            continue;
        need it = need_of(kase, shortfall);
        const ms_item *item = &kase->items[it.item_ix];
        const char *site = kase->sites[it.site_ix].id, *partner = partner_id(kase, it.partner_ix);
        const char *const texts[] = {it.demand, site, item->id, partner, it.kind, NULL};
        int column = 0;
        if (!ms_page_takes(&of->page, texts))
            continue;
        ms_table_row(&of->table);
        ms_table_number(&of->table, column++, day_of(kase, shortfall->period));
        ms_table_text(&of->table, column++, it.kind);
        ms_table_text(&of->table, column++, it.demand);
        ms_table_text(&of->table, column++, site);
        ms_table_text(&of->table, column++, item->id);
        ms_table_text(&of->table, column++, partner);
        ms_table_number(&of->table, column++, it.priority);
        ms_table_number(&of->table, column++, shortfall->quantity);
        ms_table_number(&of->table, column++, shortfall->wanted);
        ms_table_text(&of->table, column++, item->unit);
        ms_table_number(&of->table, column++, ms_table_tidy(shortfall->quantity * ms_item_t_per_unit(item)));
    }
}

ms_status ms_api_shortfalls(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    const int count = (int)(sizeof shortfall_columns / sizeof *shortfall_columns);
    return give_list(reply, visit, shortfall_columns, count, fill_shortfalls, err);
}

/* ---- cross-servicing orders ---- */

static const ms_column order_columns[] = {
    {.name = "agreement", .kind = MS_COLUMN_TEXT},  {.name = "kind", .kind = MS_COLUMN_TEXT},
    {.name = "provider", .kind = MS_COLUMN_TEXT},   {.name = "receiver", .kind = MS_COLUMN_TEXT},
    {.name = "place", .kind = MS_COLUMN_TEXT},      {.name = "item", .kind = MS_COLUMN_TEXT},
    {.name = "from_day", .kind = MS_COLUMN_DAY},    {.name = "to_day", .kind = MS_COLUMN_DAY},
    {.name = "quantity", .kind = MS_COLUMN_NUMBER}, {.name = "unit", .kind = MS_COLUMN_TEXT},
};

static void fill_orders(list *of)
{
    const ms_case *kase = of->plan->kase;
    for (size_t i = 0; i < of->plan->order_count; i++) {
        const ms_order *order = &of->plan->orders[i];
        const ms_agreement *agreement = &kase->agreements[order->agreement_ix];
        const ms_item *item = &kase->items[order->item_ix];
        const char *place = agreement->kind == MS_AGREE_LIFT ? kase->lanes[order->place_ix].id
                                                             : kase->sites[order->place_ix].id;
        const char *provider = partner_id(kase, agreement->provider_ix);
        const char *receiver = partner_id(kase, agreement->receiver_ix);
        const char *const texts[] = {agreement->id, provider, receiver, place, item->id, NULL};
        int column = 0;
        if (!ms_page_takes(&of->page, texts))
            continue;
        ms_table_row(&of->table);
        ms_table_text(&of->table, column++, agreement->id);
        ms_table_text(&of->table, column++, ms_agreement_kind_words[agreement->kind]);
        ms_table_text(&of->table, column++, provider);
        ms_table_text(&of->table, column++, receiver);
        ms_table_text(&of->table, column++, place);
        ms_table_text(&of->table, column++, item->id);
        ms_table_number(&of->table, column++, day_of(kase, order->from_period));
        ms_table_number(&of->table, column++, day_of(kase, order->to_period));
        ms_table_number(&of->table, column++, order->quantity);
        ms_table_text(&of->table, column++, item->unit);
    }
}

ms_status ms_api_orders(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    const int count = (int)(sizeof order_columns / sizeof *order_columns);
    return give_list(reply, visit, order_columns, count, fill_orders, err);
}
