/* report_statement.c: a statement of account: its tables, and it as text, CSV and JSON. See statement.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "report/statement.h"

enum { TEXT_WIDTH = 100 };

enum {
    ORDER,
    REQUESTED,
    PROVIDER,
    RECEIVER,
    ITEM,
    STATE,
    AGREEMENT,
    NSN,
    UNIT,
    ORDERED,
    ISSUED,
    QUANTITY,
    DISPUTED,
    PRICE,
    VALUE,
    CURRENCY,
    SETTLEMENT,
    OWED,
    SETTLED,
    UNACKNOWLEDGED,
    OUTSTANDING,
    OWED_IN,
    OVERDUE,
    DUE
};

static const ms_column order_columns[] = {
    [ORDER] = {"order", "order", NULL, MS_COLUMN_TEXT, 0},
    [REQUESTED] = {"requested", "requested", NULL, MS_COLUMN_TEXT, 3},
    [PROVIDER] = {"provider", "from", NULL, MS_COLUMN_TEXT, 0},
    [RECEIVER] = {"receiver", "to", NULL, MS_COLUMN_TEXT, 0},
    [ITEM] = {"item", "item", NULL, MS_COLUMN_TEXT, 1},
    [STATE] = {"state", "state", NULL, MS_COLUMN_TEXT, 0},
    [AGREEMENT] = {"agreement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [NSN] = {"nsn", NULL, NULL, MS_COLUMN_TEXT, 0},
    [UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 1},
    [ORDERED] = {"ordered", NULL, NULL, MS_COLUMN_EXACT, 0},
    [ISSUED] = {"issued", NULL, NULL, MS_COLUMN_EXACT, 0},
    [QUANTITY] = {"received", "received", NULL, MS_COLUMN_EXACT, 0},
    [DISPUTED] = {"disputed", "disputed", NULL, MS_COLUMN_EXACT, 2},
    [PRICE] = {"price", NULL, NULL, MS_COLUMN_EXACT, 0},
    [VALUE] = {"value", NULL, NULL, MS_COLUMN_EXACT, 0},
    [CURRENCY] = {"currency", NULL, NULL, MS_COLUMN_TEXT, 0},
    [SETTLEMENT] = {"settlement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [OWED] = {"owed", NULL, NULL, MS_COLUMN_EXACT, 0},
    [SETTLED] = {"settled", NULL, NULL, MS_COLUMN_EXACT, 0},
    [UNACKNOWLEDGED] = {"unacknowledged", NULL, NULL, MS_COLUMN_EXACT, 0},
    [OUTSTANDING] = {"outstanding", "outstanding", NULL, MS_COLUMN_EXACT, 0},
    [OWED_IN] = {"owed_in", "in", NULL, MS_COLUMN_TEXT, 0},
    [OVERDUE] = {"overdue", "overdue", NULL, MS_COLUMN_EXACT, 1},
    [DUE] = {"due", "due", NULL, MS_COLUMN_TEXT, 0},
};

static void put_order(ms_table *table, const ms_ledger_order *order, int64_t date)
{
    char code[MS_ORDER_CODE_BYTES], price[MS_EXACT_BYTES];
    const ms_step *request = order->request;
    bool money = !order->in_kind;
    ms_table_row(table);
    ms_table_text(table, ORDER, ms_order_code(code, order->receiver, &order->id));
    ms_ledger_date_cell(table, REQUESTED, request->date);
    ms_table_text(table, PROVIDER, order->provider);
    ms_table_text(table, RECEIVER, order->receiver);
    ms_table_text(table, ITEM, request->item);
    ms_table_text(table, STATE, ms_phase_words[order->phase]);
    ms_table_text(table, AGREEMENT, request->agreement);
    ms_table_text(table, NSN, request->nsn);
    ms_table_text(table, UNIT, request->unit);
    ms_ledger_cell(table, ORDERED, order->ordered, false);
    ms_ledger_cell(table, ISSUED, order->issued, false);
    ms_ledger_cell(table, QUANTITY, order->received, false);
    ms_ledger_cell(table, DISPUTED, order->disputed, false);
    if (order->terms != NULL) {
        ms_table_text(table, PRICE, ms_exact_text(price, order->terms->price, MS_EXACT_QUANTITY_DIGITS));
        ms_ledger_cell(table, VALUE, order->value, true);
        ms_table_text(table, CURRENCY, order->terms->currency);
        ms_table_text(table, SETTLEMENT, ms_settlement_words[order->terms->settlement]);
    }
    ms_ledger_cell(table, OWED, order->owed, money);
    ms_ledger_cell(table, SETTLED, order->settled, money);
    ms_ledger_cell(table, UNACKNOWLEDGED, order->unacknowledged, money);
    ms_ledger_cell(table, OUTSTANDING, order->outstanding, money);
    ms_table_text(table, OWED_IN, ms_ledger_unit(order));
    ms_ledger_cell(table, OVERDUE, ms_order_overdue(order, date), money);
    ms_ledger_date_cell(table, DUE, order->due);
}

static const ms_column balance_columns[] = {
    [MS_BALANCE_DEBTOR] = {"debtor", "owes", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_CREDITOR] = {"creditor", "to", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_OF] = {"of", "of", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_OWED] = {"owed", "owed", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_SETTLED] = {"settled", "settled", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_UNACKNOWLEDGED] = {"unacknowledged", "on its way", NULL, MS_COLUMN_EXACT, 1},
    [MS_BALANCE_OUTSTANDING] = {"outstanding", "outstanding", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_OVERDUE] = {"overdue", "overdue", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_DUE] = {"due", "next due", NULL, MS_COLUMN_TEXT, 1},
};

/* ---- what it stands on ---- */

static int by_bytes(const void *a, const void *b)
{
    return ms_digest_compare(a, b);
}

/* The steps between the two, sorted by hash, hashed together. */
static ms_status find_basis(ms_statement *to, const ms_ledger_view *of, const ms_ledger_filter *filter, ms_error *err)
{
    unsigned char hash[MS_HASH_BYTES];
    ms_digest *digests = ms_alloc(of->ledger.step_count, sizeof *digests);
    if (digests == NULL)
        return ms_error_memory(err);
    for (size_t i = 0; i < of->ledger.order_count; i++) {
        const ms_ledger_order *order = &of->ledger.orders[i];
        if (!ms_ledger_concerns(order, filter))
            continue;
        for (int32_t s = 0; s < order->step_count + order->waiting_count; s++)
            digests[to->step_count++] = order->steps[s]->hash;
    }
    if (to->step_count > 0)
        qsort(digests, to->step_count, sizeof *digests, by_bytes);
    ms_hash(hash, digests, to->step_count * sizeof *digests);
    ms_hex_put(to->basis, hash, sizeof hash);
    ms_free(digests);
    return MS_OK;
}

static ms_status find_balances(ms_statement *to, ms_ledger_view *of, const ms_ledger_filter *filter, ms_error *err)
{
    ms_balance balance;
    MS_TRY(ms_balance_make(&balance, of->ledger.arena, &of->ledger, filter->partner, of->date, err));
    for (size_t r = 0; r < balance.count; r++) {
        ms_ledger_put_balance(&to->balances, &balance.rows[r]);
        if (!ms_balance_is_first(&balance, &balance.rows[r]))
            continue;
        ms_buf_text(&to->net, to->net.length > 0 ? "; " : "Net: ");
        ms_ledger_put_net(&to->net, &balance, &balance.rows[r]);
    }
    ms_buf_text(&to->net, to->net.length > 0 ? "." : "Nothing is owed on either side.");
    return MS_OK;
}

ms_status ms_statement_make(ms_statement *out, ms_ledger_view *of, const ms_ledger_filter *filter, ms_error *err)
{
    ms_statement statement = {.date_day = of->date};
    if (filter->partner == NULL || strcmp(filter->partner, of->ledger.partner) == 0)
        return ms_error_set(err, MS_USAGE, "a statement is with another partner than %s", of->ledger.partner);
    bool first = strcmp(of->ledger.partner, filter->partner) < 0;
    statement.one = first ? of->ledger.partner : filter->partner;
    statement.other = first ? filter->partner : of->ledger.partner;
    snprintf(statement.title, sizeof statement.title, "Statement of account between %.*s and %.*s",
             MS_PARTNER_BYTES - 1, statement.one, MS_PARTNER_BYTES - 1, statement.other);
    ms_ledger_date(statement.date, of->date);
    ms_table_start(&statement.orders, order_columns, sizeof order_columns / sizeof *order_columns);
    ms_table_start(&statement.balances, balance_columns, sizeof balance_columns / sizeof *balance_columns);
    for (size_t i = 0; i < of->ledger.order_count; i++) {
        const ms_ledger_order *order = &of->ledger.orders[i];
        if (order->request == NULL || !ms_ledger_concerns(order, filter))
            continue;
        put_order(&statement.orders, order, of->date);
        statement.order_count++;
    }
    ms_status status = find_basis(&statement, of, filter, err);
    if (status == MS_OK)
        status = find_balances(&statement, of, filter, err);
    if (status == MS_OK && (statement.orders.failed || statement.balances.failed || statement.net.failed))
        status = ms_error_memory(err);
    if (status != MS_OK) {
        ms_statement_free(&statement);
        return status;
    }
    *out = statement;
    return MS_OK;
}

void ms_statement_free(ms_statement *statement)
{
    ms_table_free(&statement->orders);
    ms_table_free(&statement->balances);
    ms_buf_free(&statement->net);
}

/* ---- ways to write it ---- */

static void write_text(ms_buf *out, const ms_statement *statement)
{
    ms_view view = {.width = TEXT_WIDTH};
    ms_pen pen = ms_pen_start(out, &view);
    ms_buf basis = {0};
    ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, statement->title);
    ms_buf_printf(&basis, "as of %s; orders: %zu; steps: %zu; basis %s", statement->date, statement->order_count,
                  statement->step_count, statement->basis);
    if (basis.text != NULL)
        ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, basis.text);
    ms_pen_heading(&pen, "ORDERS", NULL);
    ms_table_print(&statement->orders, &pen, 0);
    if (statement->balances.row_count > 0) {
        ms_pen_heading(&pen, "BALANCES", NULL);
        ms_table_print(&statement->balances, &pen, 0);
    }
    ms_pen_line(&pen);
    ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, statement->net.text);
    out->failed = out->failed || basis.failed;
    ms_buf_free(&basis);
}

static void write_json(ms_buf *out, const ms_statement *statement)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "between");
    ms_json_string(&json, NULL, statement->one);
    ms_json_string(&json, NULL, statement->other);
    ms_json_close_array(&json);
    ms_json_string(&json, "date", statement->date);
    ms_json_string(&json, "basis", statement->basis);
    ms_json_integer(&json, "steps", (long long)statement->step_count);
    ms_table_json(&statement->orders, &json, "orders");
    ms_table_json(&statement->balances, &json, "balances");
    ms_json_string(&json, "net", statement->net.text);
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

static ms_status write_statement(ms_buf *out, const ms_statement *statement, ms_statement_format format, ms_error *err)
{
    switch (format) {
    case MS_STATEMENT_TEXT:
        write_text(out, statement);
        return MS_OK;
    case MS_STATEMENT_CSV:
        ms_table_csv_head(&statement->orders, out);
        ms_table_csv_rows(&statement->orders, out);
        return MS_OK;
    case MS_STATEMENT_JSON:
        write_json(out, statement);
        return MS_OK;
    case MS_STATEMENT_HTML:
        ms_statement_html(out, statement);
        return MS_OK;
    case MS_STATEMENT_XLSX:
        break;
    }
    return ms_statement_xlsx(out, statement, err);
}

ms_status ms_report_statement(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, ms_statement_format format,
                              ms_error *err)
{
    ms_ledger_view of;
    ms_statement statement;
    ms_buf made = {0};
    MS_TRY(ms_ledger_view_open(&of, book, filter, err));
    ms_status status = ms_statement_make(&statement, &of, filter, err);
    if (status == MS_OK) {
        status = write_statement(&made, &statement, format, err);
        ms_statement_free(&statement);
    }
    if (status == MS_OK)
        status = ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    ms_ledger_view_close(&of);
    return status;
}
