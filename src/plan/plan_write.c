/* plan_write.c: a plan as a folder of CSV files and summary.json, with the case inside, whole or absent.
 *
 * The bytes depend on the plan alone: no clock, no path, no version of anything but the format. */
#include "plan/plan_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

typedef struct {
    const ms_plan *plan;
    const ms_case *kase;
    ms_buf out;
    bool first; /* the next cell opens a row */
} writer;

/* ---- cells ---- */

static void text(writer *w, const char *value)
{
    ms_csv_put(&w->out, value ? value : "", w->first);
    w->first = false;
}

static void number(writer *w, double value)
{
    ms_csv_put_number(&w->out, value, w->first);
    w->first = false;
}

static void end(writer *w)
{
    ms_csv_end(&w->out);
    w->first = true;
}

static void partner(writer *w, int32_t ix)
{
    text(w, ix < 0 ? "" : w->kase->partners[ix].id);
}

static void agreement(writer *w, int32_t ix)
{
    text(w, ix < 0 ? "" : w->kase->agreements[ix].id);
}

static void day(writer *w, int period)
{
    /* Nine decimals tell any two periods apart and keep a third of a day readable. */
    double value = period * w->kase->period_days;
    number(w, nearbyint(value * 1e9) / 1e9);
}

static void date_of(writer *w, double at_day)
{
    char date[MS_DATE_BYTES];
    text(w, ms_date_text(date, w->kase->start_day, at_day));
}

static void date(writer *w, int period)
{
    date_of(w, period * w->kase->period_days);
}

static void quantity(writer *w, int32_t item_ix, double value)
{
    number(w, value);
    text(w, w->kase->items[item_ix].unit);
}

static void tonnes(writer *w, int32_t item_ix, double value)
{
    double load_t = value * ms_item_t_per_unit(&w->kase->items[item_ix]);
    number(w, nearbyint(load_t * 1e6) / 1e6);
}

/* ---- tables ---- */

static void write_movements(writer *w)
{
    for (size_t i = 0; i < w->plan->movement_count; i++) {
        const ms_movement *m = &w->plan->movements[i];
        const ms_lane *lane = &w->kase->lanes[m->lane_ix];
        char row[16] = "";
        text(w, lane->id);
        text(w, w->kase->sites[lane->from_ix].id);
        text(w, w->kase->sites[lane->to_ix].id);
        text(w, ms_mode_words[lane->mode]);
        text(w, w->kase->items[m->item_ix].id);
        partner(w, m->owner_ix);
        day(w, m->depart);
        day(w, m->arrive);
        date(w, m->depart);
        quantity(w, m->item_ix, m->quantity);
        tonnes(w, m->item_ix, m->quantity);
        agreement(w, m->lift_ix);
        agreement(w, m->fleet_lift_ix);
        agreement(w, m->site_ix);
        if (m->commitment_ix >= 0)
            snprintf(row, sizeof row, "%d", m->commitment_ix + 1);
        text(w, row);
        end(w);
    }
}

static void write_issues(writer *w)
{
    for (size_t i = 0; i < w->plan->issue_count; i++) {
        const ms_issue *issue = &w->plan->issues[i];
        const ms_demand *demand = &w->kase->demands[issue->demand_ix];
        text(w, demand->id);
        text(w, w->kase->sites[demand->site_ix].id);
        text(w, w->kase->items[issue->item_ix].id);
        partner(w, issue->owner_ix);
        partner(w, demand->partner_ix);
        text(w, w->kase->items[demand->item_ix].id);
        day(w, issue->period);
        date(w, issue->period);
        quantity(w, issue->item_ix, issue->quantity);
        quantity(w, demand->item_ix, issue->meets);
        tonnes(w, issue->item_ix, issue->quantity);
        agreement(w, issue->agreement_ix);
        end(w);
    }
}

static void write_stock(writer *w)
{
    for (size_t i = 0; i < w->plan->level_count; i++) {
        const ms_level *level = &w->plan->levels[i];
        text(w, w->kase->sites[level->site_ix].id);
        text(w, w->kase->items[level->item_ix].id);
        partner(w, level->owner_ix);
        if (level->period < 0) {
            text(w, "");
            text(w, "");
        } else {
            day(w, level->period);
            date(w, level->period);
        }
        quantity(w, level->item_ix, level->quantity);
        tonnes(w, level->item_ix, level->quantity);
        end(w);
    }
}

/* What a shortfall is of: site, item, partner, priority (0: none), and its name. */
typedef struct {
    char name[80];
    int32_t site_ix, item_ix, partner_ix;
    int priority;
} subject;

static subject subject_of(const writer *w, const ms_shortfall *shortfall)
{
    subject of = {.name = ""};
    if (shortfall->kind == MS_SHORT_DEMAND) {
        const ms_demand *demand = &w->kase->demands[shortfall->row_ix];
        of = (subject){"", demand->site_ix, demand->item_ix, demand->partner_ix, demand->priority};
    } else if (shortfall->kind == MS_SHORT_RESERVE) {
        const ms_reserve *reserve = &w->kase->reserves[shortfall->row_ix];
        of = (subject){"", reserve->site_ix, reserve->item_ix, reserve->partner_ix, reserve->priority};
    } else {
        const ms_commitment *commitment = &w->kase->commitments[shortfall->row_ix];
        of = (subject){"", w->kase->lanes[commitment->lane_ix].from_ix, commitment->item_ix, commitment->partner_ix, 0};
        snprintf(of.name, sizeof of.name, "%d", shortfall->row_ix + 1);
    }
    return of;
}

static void write_shortfalls(writer *w)
{
    for (size_t i = 0; i < w->plan->shortfall_count; i++) {
        const ms_shortfall *shortfall = &w->plan->shortfalls[i];
        subject of = subject_of(w, shortfall);
        char priority[16] = "";
        if (of.priority)
            snprintf(priority, sizeof priority, "%d", of.priority);
        text(w, ms_short_kind_words[shortfall->kind]);
        text(w, shortfall->kind == MS_SHORT_DEMAND ? w->kase->demands[shortfall->row_ix].id : of.name);
        text(w, w->kase->sites[of.site_ix].id);
        text(w, w->kase->items[of.item_ix].id);
        partner(w, of.partner_ix);
        text(w, priority);
        day(w, shortfall->period);
        date(w, shortfall->period);
        quantity(w, of.item_ix, shortfall->quantity);
        number(w, shortfall->wanted);
        tonnes(w, of.item_ix, shortfall->quantity);
        end(w);
    }
}

static void write_orders(writer *w)
{
    for (size_t i = 0; i < w->plan->order_count; i++) {
        const ms_order *order = &w->plan->orders[i];
        const ms_agreement *under = &w->kase->agreements[order->agreement_ix];
        const ms_item *item = &w->kase->items[order->item_ix];
        number(w, (double)(i + 1));
        text(w, under->id);
        partner(w, under->provider_ix);
        partner(w, under->receiver_ix);
        text(w, ms_agreement_kind_words[under->kind]);
        text(w, item->id);
        text(w, under->kind == MS_AGREE_LIFT ? "" : w->kase->sites[order->place_ix].id);
        text(w, under->kind == MS_AGREE_LIFT ? w->kase->lanes[order->place_ix].id : "");
        day(w, order->from_period);
        day(w, order->to_period);
        date(w, order->from_period);
        quantity(w, order->item_ix, order->quantity);
        tonnes(w, order->item_ix, order->quantity);
        if (under->kind == MS_AGREE_ITEM && item->value_per_unit > 0)
            number(w, nearbyint(order->quantity * item->value_per_unit * 100) / 100);
        else
            text(w, "");
        text(w, w->kase->currency);
        text(w, ms_settlement_words[under->settlement]);
        if (isnan(under->due_days))
            text(w, "");
        else
            date_of(w, order->to_period * w->kase->period_days + under->due_days);
        end(w);
    }
}

static void write_prices(writer *w)
{
    for (size_t i = 0; i < w->plan->price_count; i++) {
        const ms_price *price = &w->plan->prices[i];
        const ms_reserve *reserve = price->label == 8 ? &w->kase->reserves[price->row_ix] : NULL;
        char label[16], row[16] = "";
        snprintf(label, sizeof label, "C%d", price->label);
        if (price->label == 10)
            snprintf(row, sizeof row, "%d", price->row_ix + 1);
        text(w, label);
        text(w, price->label == 2 ? w->kase->demands[price->row_ix].id : row);
        text(w, price->label == 3 ? w->kase->lanes[price->row_ix].id : "");
        text(w, price->label == 4 || price->label == 5 ? w->kase->sites[price->row_ix].id
                : reserve                              ? w->kase->sites[reserve->site_ix].id
                                                       : "");
        text(w, price->label == 6 ? w->kase->fleets[price->row_ix].id : "");
        text(w, price->label == 7 ? w->kase->agreements[price->row_ix].id : "");
        text(w, reserve ? w->kase->items[reserve->item_ix].id : "");
        partner(w, reserve ? reserve->partner_ix : MS_NONE);
        if (price->period < 0)
            text(w, "");
        else
            day(w, price->period);
        number(w, price->price);
        end(w);
    }
}

/* ---- summary.json ---- */

static void write_coverage(writer *w, ms_json *json)
{
    ms_json_open_array(json, "coverage");
    for (int32_t p = 0; p <= w->kase->partners_count; p++)
        for (int rank = 0; rank < w->plan->priority_count; rank++) {
            const ms_coverage *cell = &w->plan->coverage[(size_t)p * (size_t)w->plan->priority_count + (size_t)rank];
            ms_json_open_object(json, NULL);
            ms_json_string(json, "partner", p < w->kase->partners_count ? w->kase->partners[p].id : NULL);
            ms_json_integer(json, "priority", w->plan->priorities[rank]);
            ms_json_number(json, "wanted_t", cell->wanted_t);
            ms_json_number(json, "met_t", cell->met_t);
            ms_json_number(json, "alone_met_t", cell->alone_met_t);
            ms_json_number(json, "owed_t_days", cell->owed_t_days);
            ms_json_number(json, "alone_owed_t_days", cell->alone_owed_t_days);
            ms_json_close_object(json);
        }
    ms_json_close_array(json);
}

static void write_summary(writer *w)
{
    const ms_plan *plan = w->plan;
    char digest[32];
    ms_json json;
    snprintf(digest, sizeof digest, "%016" PRIx64, plan->base->digest);
    ms_json_start(&json, &w->out);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "format", MS_PLAN_FORMAT);
    ms_json_open_object(&json, "case");
    ms_json_string(&json, "name", w->kase->name);
    ms_json_string(&json, "digest", digest);
    ms_json_close_object(&json);
    ms_json_open_array(&json, "contingencies");
    for (size_t i = 0; i < plan->contingency_count; i++)
        ms_json_string(&json, NULL, plan->contingencies[i]);
    ms_json_close_array(&json);
    ms_json_string(&json, "engine", plan->engine);
    ms_json_string(&json, "engine_reason", plan->engine_reason);
    ms_json_bool(&json, "stopped", plan->stopped);
    ms_json_number(&json, "gap_asked", plan->gap_asked);
    ms_json_number(&json, "objective", plan->objective);
    ms_json_number(&json, "bound", plan->bound);
    ms_json_number(&json, "gap", ms_plan_gap(plan));
    ms_json_number(&json, "shortfall_part", plan->shortfall_part);
    ms_json_number(&json, "cost_part", plan->cost_part);
    ms_json_number(&json, "cost", plan->cost_currency);
    ms_json_string(&json, "currency", w->kase->currency);
    ms_json_number(&json, "ratio_used", plan->ratio_used);
    ms_json_integer(&json, "columns", plan->column_count);
    ms_json_integer(&json, "rows", plan->row_count);
    ms_json_bool(&json, "has_alone", plan->has_alone);
    write_coverage(w, &json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

/* ---- the folder ---- */

/* The table with its head, in w->out. */
static void put_table(writer *w, ms_plan_table_kind kind, void (*rows)(writer *))
{
    ms_buf_reset(&w->out);
    w->first = true;
    for (const ms_plan_column *column = ms_plan_tables[kind].columns; column->name; column++)
        text(w, column->name);
    end(w);
    rows(w);
}

static ms_status add_table(writer *w, ms_folder_writer *folder, ms_plan_table_kind kind, void (*rows)(writer *),
                           ms_error *err)
{
    put_table(w, kind, rows);
    if (w->out.failed)
        return ms_error_memory(err);
    return ms_folder_add(folder, ms_plan_tables[kind].file, w->out.text, w->out.length, err);
}

ms_status ms_plan_orders_csv(ms_buf *out, const ms_plan *plan, ms_error *err)
{
    writer w = {.plan = plan, .kase = plan->kase};
    put_table(&w, MS_PLAN_ORDERS, write_orders);
    ms_buf_put(out, w.out.text == NULL ? "" : w.out.text, w.out.length);
    bool failed = w.out.failed || out->failed;
    ms_buf_free(&w.out);
    return failed ? ms_error_memory(err) : MS_OK;
}

static ms_status fill_folder(writer *w, ms_folder_writer *folder, ms_error *err)
{
    MS_TRY(add_table(w, folder, MS_PLAN_MOVEMENTS, write_movements, err));
    MS_TRY(add_table(w, folder, MS_PLAN_ISSUES, write_issues, err));
    MS_TRY(add_table(w, folder, MS_PLAN_STOCK, write_stock, err));
    MS_TRY(add_table(w, folder, MS_PLAN_SHORTFALLS, write_shortfalls, err));
    MS_TRY(add_table(w, folder, MS_PLAN_ORDERS, write_orders, err));
    MS_TRY(add_table(w, folder, MS_PLAN_PRICES, write_prices, err));
    ms_buf_reset(&w->out);
    write_summary(w);
    if (w->out.failed)
        return ms_error_memory(err);
    MS_TRY(ms_folder_add(folder, MS_PLAN_SUMMARY, w->out.text, w->out.length, err));
    if (w->plan->basis_length > 0)
        MS_TRY(ms_folder_add(folder, MS_PLAN_BASIS, (const char *)w->plan->basis, w->plan->basis_length, err));
    return ms_case_write_files(w->plan->base, folder, "case/", err);
}

ms_status ms_plan_write(const ms_plan *plan, const char *path, bool replace, ms_error *err)
{
    writer w = {.plan = plan, .kase = plan->kase};
    ms_folder_writer *folder = NULL;
    MS_TRY(ms_folder_open(&folder, path, replace, MS_PLAN_SUMMARY, err));
    ms_status status = fill_folder(&w, folder, err);
    ms_buf_free(&w.out);
    if (status != MS_OK) {
        ms_folder_abandon(folder);
        return status;
    }
    return ms_folder_commit(folder, err);
}
