/* report_order.c: one order: what it is, for whom it waits, its deliveries and every step, also those without effect.
 */
#include <stdio.h>
#include <string.h>

#include "report/order_json.h"
#include "report/report.h"

enum { D_CODE, D_KIND, D_BY, D_GIVEN, D_TAKEN, D_AGREED, D_DISPUTED, D_UNIT, D_OWED, D_LEFT, D_DATE, D_DUE };

static const ms_column delivery_columns[] = {
    [D_CODE] = {"delivery", "delivery", NULL, MS_COLUMN_TEXT, 0},
    [D_KIND] = {"kind", "kind", NULL, MS_COLUMN_TEXT, 1},
    [D_BY] = {"by", "by", NULL, MS_COLUMN_TEXT, 1},
    [D_GIVEN] = {"given", "given", NULL, MS_COLUMN_EXACT, 0},
    [D_TAKEN] = {"taken", "received", NULL, MS_COLUMN_EXACT, 0},
    [D_AGREED] = {"agreed", NULL, NULL, MS_COLUMN_EXACT, 0},
    [D_DISPUTED] = {"disputed", "disputed", NULL, MS_COLUMN_EXACT, 0},
    [D_UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 2},
    [D_OWED] = {"owed", NULL, NULL, MS_COLUMN_EXACT, 0},
    [D_LEFT] = {"left", "still owed", NULL, MS_COLUMN_EXACT, 2},
    [D_DATE] = {"date", NULL, NULL, MS_COLUMN_TEXT, 3},
    [D_DUE] = {"due", "due", NULL, MS_COLUMN_TEXT, 3},
};

static void put_delivery(ms_table *table, const ms_ledger_order *order, const ms_delivery *delivery)
{
    char code[MS_STEP_CODE_BYTES];
    bool money = delivery->settlement && !order->in_kind;
    ms_table_row(table);
    ms_table_text(table, D_CODE, ms_digest_code(code, &delivery->step->hash));
    ms_table_text(table, D_KIND, delivery->settlement ? "settlement" : "issue");
    ms_table_text(table, D_BY, delivery->giver == MS_SIDE_PROVIDER ? order->provider : order->receiver);
    ms_ledger_cell(table, D_GIVEN, delivery->given, money);
    if (delivery->taken >= 0) {
        ms_ledger_cell(table, D_TAKEN, delivery->taken, money);
        ms_ledger_cell(table, D_AGREED, delivery->agreed, money);
        ms_ledger_cell(table, D_DISPUTED, delivery->disputed, money);
        if (delivery->disputed > 0)
            ms_table_tone(table, D_DISPUTED, MS_TONE_BAD);
    }
    ms_table_text(table, D_UNIT, money ? order->terms->currency : order->request->unit);
    if (!delivery->settlement && delivery->taken >= 0) {
        ms_ledger_cell(table, D_OWED, delivery->owed, !order->in_kind);
        ms_ledger_cell(table, D_LEFT, delivery->left, !order->in_kind);
    }
    ms_ledger_date_cell(table, D_DATE, delivery->step->date);
    ms_ledger_date_cell(table, D_DUE, delivery->due);
}

enum {
    S_DATE,
    S_BY,
    S_STEP,
    S_CODE,
    S_AMOUNT,
    S_UNIT,
    S_PRICE,
    S_CURRENCY,
    S_SETTLEMENT,
    S_DUE_DAYS,
    S_OF,
    S_REFERENCE,
    S_NOTE,
    S_REMARK
};

static const ms_column step_columns[] = {
    [S_DATE] = {"date", "date", NULL, MS_COLUMN_TEXT, 0},
    [S_BY] = {"by", "by", NULL, MS_COLUMN_TEXT, 0},
    [S_STEP] = {"step", "step", NULL, MS_COLUMN_TEXT, 0},
    [S_CODE] = {"code", "code", NULL, MS_COLUMN_TEXT, 3},
    [S_AMOUNT] = {"amount", "amount", NULL, MS_COLUMN_EXACT, 0},
    [S_UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 3},
    [S_PRICE] = {"price", NULL, NULL, MS_COLUMN_EXACT, 0},
    [S_CURRENCY] = {"currency", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_SETTLEMENT] = {"settlement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_DUE_DAYS] = {"due_days", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [S_OF] = {"of", NULL, NULL, MS_COLUMN_TEXT, 4},
    [S_REFERENCE] = {"reference", "reference", NULL, MS_COLUMN_TEXT, 2},
    [S_NOTE] = {"note", "note", NULL, MS_COLUMN_TEXT, 2},
    [S_REMARK] = {"without_effect", "without effect:", NULL, MS_COLUMN_TEXT, 1},
};

static void put_offer(ms_table *table, const ms_step *offer)
{
    char price[MS_EXACT_BYTES];
    ms_table_text(table, S_PRICE, ms_exact_text(price, offer->price, MS_EXACT_QUANTITY_DIGITS));
    ms_table_text(table, S_CURRENCY, offer->currency);
    ms_table_text(table, S_SETTLEMENT, ms_settlement_words[offer->settlement]);
    if (offer->due_days >= 0)
        ms_table_number(table, S_DUE_DAYS, (double)offer->due_days);
}

static void put_step(ms_table *table, const ms_ledger_order *order, int32_t s)
{
    const ms_step *step = order->steps[s];
    char code[MS_STEP_CODE_BYTES];
    ms_table_row(table);
    ms_ledger_date_cell(table, S_DATE, step->date);
    ms_table_text(table, S_BY, step->by);
    ms_table_text(table, S_STEP, ms_step_words[step->kind]);
    ms_table_text(table, S_CODE, ms_digest_code(code, &step->hash));
    if (step->amount >= 0 || step->quantity >= 0) {
        bool money = step->amount >= 0;
        ms_ledger_cell(table, S_AMOUNT, money ? step->amount : step->quantity, money);
        if (order->request != NULL)
            ms_table_text(table, S_UNIT,
                          !money                 ? order->request->unit
                          : order->terms != NULL ? order->terms->currency
                                                 : "");
    }
    if (step->kind == MS_STEP_OFFER)
        put_offer(table, step);
    if (step->has_of)
        ms_table_text(table, S_OF, ms_digest_code(code, &step->of));
    ms_table_text(table, S_REFERENCE, step->reference);
    ms_table_text(table, S_NOTE, step->note);
    bool waits = s >= order->step_count;
    ms_table_text(table, S_REMARK, waits ? "it waits for a step that has not arrived" : order->voids[s]);
    if (waits || order->voids[s] != NULL)
        ms_table_tone(table, -1, MS_TONE_FAINT);
}

/* The order in sentences: who, what, on what terms. */
static void put_story(ms_buf *out, const ms_ledger_order *order)
{
    char amount[MS_AMOUNT_BYTES], price[MS_EXACT_BYTES], date[MS_DATE_BYTES];
    const ms_step *request = order->request, *terms = order->terms;
    ms_buf_printf(out, "%s asks %s for %s of %s under %s", order->receiver, order->provider,
                  ms_ledger_amount(amount, request->quantity, false, request->unit), request->item, request->agreement);
    if (request->site[0] != '\0')
        ms_buf_printf(out, ", at %s", request->site);
    if (request->need_by >= 0)
        ms_buf_printf(out, ", by %s", ms_ledger_date(date, request->need_by));
    ms_buf_text(out, ".");
    if (terms == NULL)
        return;
    ms_buf_printf(out, " %s offers%s %s at %s %s for one%s%s, settled %s", order->provider,
                  order->ordered > 0 ? " and it is accepted:" : "",
                  ms_ledger_amount(amount, terms->quantity, false, request->unit),
                  ms_exact_shown(price, terms->price, MS_EXACT_QUANTITY_DIGITS, MS_EXACT_MONEY_DIGITS), terms->currency,
                  request->unit[0] != '\0' ? " " : "", request->unit,
                  terms->settlement == MS_SETTLE_IN_KIND ? "in kind"
                  : terms->settlement == MS_SETTLE_CASH  ? "in cash"
                                                         : "by equal value");
    if (terms->due_days >= 0)
        ms_buf_printf(out, " within %lld days of receipt", (long long)terms->due_days);
    ms_buf_text(out, ".");
}

static void put_account(ms_buf *out, const ms_ledger_order *order)
{
    char amount[MS_AMOUNT_BYTES], date[MS_DATE_BYTES];
    bool money = !order->in_kind;
    if (order->ordered == 0)
        return;
    ms_buf_printf(out, "Issued %s", ms_ledger_amount(amount, order->issued, false, order->request->unit));
    ms_buf_printf(out, ", received %s", ms_ledger_amount(amount, order->received, false, order->request->unit));
    if (order->disputed > 0)
        ms_buf_printf(out, ", in dispute %s", ms_ledger_amount(amount, order->disputed, false, order->request->unit));
    if (order->rest > 0)
        ms_buf_printf(out, ", still to issue %s", ms_ledger_amount(amount, order->rest, false, order->request->unit));
    ms_buf_printf(out, ". Owed %s", ms_ledger_amount(amount, order->owed, money, ms_ledger_unit(order)));
    ms_buf_printf(out, ", settled %s", ms_ledger_amount(amount, order->settled, money, ms_ledger_unit(order)));
    if (order->unacknowledged > 0)
        ms_buf_printf(out, ", sent and not acknowledged %s",
                      ms_ledger_amount(amount, order->unacknowledged, money, ms_ledger_unit(order)));
    ms_buf_printf(out, ", outstanding %s", ms_ledger_amount(amount, order->outstanding, money, ms_ledger_unit(order)));
    if (order->due >= 0)
        ms_buf_printf(out, ", due %s", ms_ledger_date(date, order->due));
    ms_buf_text(out, ".");
}

static void put_state(ms_buf *out, const ms_ledger_order *order, int64_t date)
{
    ms_buf waits = {0};
    int64_t since;
    ms_ledger_waits(&waits, &since, order);
    ms_buf_printf(out, "State: %s", ms_phase_words[order->phase]);
    if (waits.length > 0)
        ms_buf_printf(out, "; waits for %s", waits.text);
    if (since >= 0)
        ms_buf_printf(out, " (%lld days)", (long long)(date - since));
    ms_buf_text(out, ".");
    out->failed = out->failed || waits.failed;
    ms_buf_free(&waits);
}

static void write_text(ms_buf *out, const ms_ledger_order *order, const ms_table *deliveries, const ms_table *steps,
                       int64_t date, const ms_view *view)
{
    ms_pen pen = ms_pen_start(out, view);
    ms_buf text = {0};
    char code[MS_ORDER_CODE_BYTES], title[MS_ORDER_CODE_BYTES + 8];
    snprintf(title, sizeof title, "ORDER %s", ms_order_code(code, order->receiver, &order->id));
    ms_pen_heading(&pen, title, NULL);
    void (*const parts[])(ms_buf *, const ms_ledger_order *) = {put_story, put_account};
    for (size_t p = 0; p < sizeof parts / sizeof *parts && order->request != NULL; p++) {
        ms_buf_reset(&text);
        parts[p](&text, order);
        if (text.length > 0)
            ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, text.text);
    }
    ms_buf_reset(&text);
    put_state(&text, order, date);
    ms_pen_paragraph(&pen, MS_TONE_STRONG, 0, 0, text.text != NULL ? text.text : "");
    if (deliveries->row_count > 0) {
        ms_pen_heading(&pen, "DELIVERIES", NULL);
        ms_table_print(deliveries, &pen, 0);
    }
    ms_pen_heading(&pen, "STEPS", NULL);
    ms_table_print(steps, &pen, 0);
    out->failed = out->failed || text.failed;
    ms_buf_free(&text);
}

ms_status ms_report_order(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                          ms_error *err)
{
    ms_ledger_view of;
    const ms_ledger_order *order;
    ms_table deliveries, steps;
    ms_buf made = {0};
    MS_TRY(ms_ledger_view_open(&of, book, filter, err));
    ms_status status = ms_ledger_find(&order, &of.ledger, filter->order, err);
    if (status == MS_OK) {
        ms_table_start(&deliveries, delivery_columns, sizeof delivery_columns / sizeof *delivery_columns);
        ms_table_start(&steps, step_columns, sizeof step_columns / sizeof *step_columns);
        for (int32_t d = 0; d < order->delivery_count; d++)
            put_delivery(&deliveries, order, &order->deliveries[d]);
        for (int32_t s = 0; s < order->step_count + order->waiting_count; s++)
            put_step(&steps, order, s);
        ms_format format = view != NULL ? view->format : MS_FORMAT_TEXT;
        if (format == MS_FORMAT_JSON) {
            status = ms_order_json(&made, book, &of, order, &deliveries, &steps, err);
        } else if (format == MS_FORMAT_CSV) {
            ms_table_csv_head(&steps, &made);
            ms_table_csv_rows(&steps, &made);
        } else {
            write_text(&made, order, &deliveries, &steps, of.date, view);
        }
        made.failed = made.failed || deliveries.failed || steps.failed;
        ms_table_free(&deliveries);
        ms_table_free(&steps);
        if (status == MS_OK)
            status = ms_report_hand_over(out, &made, err);
        else
            ms_buf_free(&made);
    }
    ms_ledger_view_close(&of);
    return status;
}
