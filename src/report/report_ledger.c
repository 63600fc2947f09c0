/* report_ledger.c: the open orders and for whom they wait; who owes whom; what is overdue. Each as text, CSV or JSON.
 */
#include <string.h>

#include "report/ledger_words.h"
#include "report/report.h"
#include "report/words.h"

/* Writes a filled table in the view's format. title and empty are for the screen. */
static ms_status write_table(ms_buf *out, ms_table *table, const ms_ledger_view *of, const char *key, const char *title,
                             const char *empty, const ms_buf *closing, const ms_view *view, ms_error *err)
{
    ms_buf made = {0};
    ms_json json;
    char date[MS_DATE_BYTES], note[MS_MESSAGE_BYTES];
    switch (view != NULL ? view->format : MS_FORMAT_TEXT) {
    case MS_FORMAT_CSV:
        ms_table_page(table, view);
        ms_table_csv_head(table, &made);
        ms_table_csv_rows(table, &made);
        break;
    case MS_FORMAT_JSON:
        ms_json_start(&json, &made);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "partner", of->ledger.partner);
        ms_json_string(&json, "date", ms_ledger_date(date, of->date));
        ms_table_json_page(table, view, &json, key);
        ms_json_integer(&json, "unreadable_entries", (long long)of->ledger.strange_count);
        ms_json_close_object(&json);
        ms_json_finish(&json);
        break;
    case MS_FORMAT_TEXT: {
        ms_pen pen = ms_pen_start(&made, view);
        snprintf(note, sizeof note, "book of %s, as of %s", of->ledger.partner, ms_ledger_date(date, of->date));
        ms_pen_heading(&pen, title, note);
        if (table->row_count > 0)
            ms_table_print(table, &pen, 0);
        else
            ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, empty);
        if (closing != NULL && closing->length > 0) {
            ms_pen_line(&pen);
            ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, closing->text);
        }
        if (of->ledger.strange_count > 0) {
            snprintf(note, sizeof note, "%zu of the book's steps cannot be read and have no effect; the first: %s",
                     of->ledger.strange_count, of->ledger.strange);
            ms_pen_line(&pen);
            ms_pen_paragraph(&pen, MS_TONE_BAD, 0, 0, note);
        }
        break;
    }
    }
    made.failed = made.failed || table->failed || (closing != NULL && closing->failed);
    return ms_report_hand_over(out, &made, err);
}

/* ---- status ---- */

enum {
    ORDER,
    STATE,
    PROVIDER,
    RECEIVER,
    WHAT,
    ITEM,
    QUANTITY,
    UNIT,
    WAITS,
    DAYS,
    AGREEMENT,
    REQUESTED,
    ISSUED,
    RECEIVED,
    DISPUTED,
    OWED,
    OUTSTANDING,
    OWED_IN,
    DUE,
    SITE,
    NEED_BY,
    WAIT,
    OURS,
    OVERDUE
};

static const ms_column status_columns[] = {
    [ORDER] = {"order", "order", NULL, MS_COLUMN_TEXT, 0},
    [STATE] = {"state", "state", NULL, MS_COLUMN_TEXT, 0},
    [PROVIDER] = {"provider", "from", NULL, MS_COLUMN_TEXT, 1},
    [RECEIVER] = {"receiver", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WHAT] = {NULL, "what", NULL, MS_COLUMN_TEXT, 3},
    [ITEM] = {"item", NULL, NULL, MS_COLUMN_TEXT, 0},
    [QUANTITY] = {"quantity", NULL, NULL, MS_COLUMN_EXACT, 0},
    [UNIT] = {"unit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WAITS] = {"waits_for", "waits for", NULL, MS_COLUMN_TEXT, 2},
    [DAYS] = {"days", "days", NULL, MS_COLUMN_WHOLE, 0},
    [AGREEMENT] = {"agreement", NULL, NULL, MS_COLUMN_TEXT, 0},
    [REQUESTED] = {"requested", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ISSUED] = {"issued", NULL, NULL, MS_COLUMN_EXACT, 0},
    [RECEIVED] = {"received", NULL, NULL, MS_COLUMN_EXACT, 0},
    [DISPUTED] = {"disputed", NULL, NULL, MS_COLUMN_EXACT, 0},
    [OWED] = {"owed", NULL, NULL, MS_COLUMN_EXACT, 0},
    [OUTSTANDING] = {"outstanding", NULL, NULL, MS_COLUMN_EXACT, 0},
    [OWED_IN] = {"owed_in", NULL, NULL, MS_COLUMN_TEXT, 0},
    [DUE] = {"due", NULL, NULL, MS_COLUMN_TEXT, 0},
    [SITE] = {"site", NULL, NULL, MS_COLUMN_TEXT, 0},
    [NEED_BY] = {"need_by", NULL, NULL, MS_COLUMN_TEXT, 0},
    [WAIT] = {"wait", NULL, NULL, MS_COLUMN_TEXT, 0},
    [OURS] = {"ours", NULL, NULL, MS_COLUMN_BOOL, 0},
    [OVERDUE] = {"overdue", NULL, NULL, MS_COLUMN_BOOL, 0},
};

/* What an order still has to bring, and should have by the date. */
static int64_t late_delivery(const ms_ledger_order *order, int64_t date)
{
    bool coming = order->stage == MS_STAGE_REQUESTED || order->stage == MS_STAGE_OFFERED || order->rest > 0;
    if (order->request == NULL || !coming || order->request->need_by < 0 || order->request->need_by >= date)
        return 0;
    return order->stage == MS_STAGE_ACCEPTED ? order->rest : order->request->quantity;
}

static bool is_overdue(const ms_ledger_order *order, int64_t date)
{
    return order->request != NULL && (ms_order_overdue(order, date) > 0 || late_delivery(order, date) > 0);
}

/* The first thing that the order waits for; MS_WAITS: none. */
static int first_wait(const ms_ledger_order *order)
{
    int wait = 0;
    while (wait < MS_WAITS && (order->request == NULL || order->waits_since[wait] < 0))
        wait++;
    return wait;
}

/* Whether the partner of the book has to do something about it, be it not the first thing. */
static bool waits_for_us(const ms_ledger_order *order, const char *partner)
{
    bool ours = false;
    for (int wait = first_wait(order); wait < MS_WAITS && !ours; wait++)
        ours = order->waits_since[wait] >= 0 && (ms_wait_side((ms_wait)wait) & ms_order_side(order, partner)) != 0;
    return ours;
}

static void put_waits(ms_table *table, const ms_ledger_order *order, int64_t date)
{
    ms_buf waits = {0};
    int64_t since;
    int first = first_wait(order);
    if (first < MS_WAITS)
        ms_table_text(table, WAIT, ms_wait_words[first]);
    ms_ledger_waits(&waits, &since, order);
    ms_table_text(table, WAITS, waits.text);
    if (since >= 0)
        ms_table_number(table, DAYS, (double)(date - since));
    table->failed = table->failed || waits.failed;
    ms_buf_free(&waits);
}

static void put_order(ms_table *table, const ms_ledger_order *order, const char *partner, int64_t date)
{
    char code[MS_ORDER_CODE_BYTES], amount[MS_AMOUNT_BYTES];
    ms_buf what = {0};
    ms_table_row(table);
    ms_table_text(table, ORDER, ms_order_code(code, order->receiver, &order->id));
    ms_table_text(table, STATE, ms_phase_words[order->phase]);
    if (order->phase == MS_PHASE_DISPUTED)
        ms_table_tone(table, STATE, MS_TONE_BAD);
    put_waits(table, order, date);
    ms_table_number(table, OURS, waits_for_us(order, partner));
    ms_table_number(table, OVERDUE, is_overdue(order, date));
    if (order->request == NULL)
        return;
    int64_t quantity = order->ordered > 0 ? order->ordered : order->request->quantity;
    ms_buf_printf(&what, "%s %s", ms_ledger_amount(amount, quantity, false, order->request->unit),
                  order->request->item);
    ms_table_text(table, WHAT, what.text);
    table->failed = table->failed || what.failed;
    ms_buf_free(&what);
    ms_table_text(table, PROVIDER, order->provider);
    ms_table_text(table, RECEIVER, order->receiver);
    ms_table_text(table, ITEM, order->request->item);
    ms_ledger_cell(table, QUANTITY, quantity, false);
    ms_table_text(table, UNIT, order->request->unit);
    ms_table_text(table, AGREEMENT, order->request->agreement);
    ms_ledger_date_cell(table, REQUESTED, order->request->date);
    ms_ledger_cell(table, ISSUED, order->issued, false);
    ms_ledger_cell(table, RECEIVED, order->received, false);
    ms_ledger_cell(table, DISPUTED, order->disputed, false);
    ms_ledger_cell(table, OWED, order->owed, !order->in_kind);
    ms_ledger_cell(table, OUTSTANDING, order->outstanding, !order->in_kind);
    ms_table_text(table, OWED_IN, ms_ledger_unit(order));
    ms_ledger_date_cell(table, DUE, order->due);
    ms_table_text(table, SITE, order->request->site);
    ms_ledger_date_cell(table, NEED_BY, order->request->need_by);
}

ms_status ms_report_ledger(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                           ms_error *err)
{
    ms_ledger_view of;
    ms_table table;
    ms_buf closing = {0};
    size_t over = 0;
    MS_TRY(ms_ledger_view_open(&of, book, filter, err));
    ms_table_start(&table, status_columns, sizeof status_columns / sizeof *status_columns);
    for (size_t i = 0; i < of.ledger.order_count; i++) {
        const ms_ledger_order *order = &of.ledger.orders[i];
        if (!ms_ledger_concerns(order, filter))
            continue;
        over += ms_order_is_over(order);
        bool asked = (filter->all || !ms_order_is_over(order)) &&
                     (!filter->ours || waits_for_us(order, of.ledger.partner)) &&
                     (!filter->overdue || is_overdue(order, of.date));
        if (asked)
            put_order(&table, order, of.ledger.partner, of.date);
    }
    if (over > 0 && !filter->all) {
        ms_words_count(&closing, over, "order is", "orders are");
        ms_buf_text(&closing, " over and not shown; --all shows them.");
    }
    ms_status status = write_table(out, &table, &of, "orders", "ORDERS", "No order is open.", &closing, view, err);
    ms_buf_free(&closing);
    ms_table_free(&table);
    ms_ledger_view_close(&of);
    return status;
}

/* ---- balance ---- */

static const ms_column balance_columns[] = {
    [MS_BALANCE_DEBTOR] = {"debtor", "owes", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_CREDITOR] = {"creditor", "to", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_OF] = {"of", "of", NULL, MS_COLUMN_TEXT, 0},
    [MS_BALANCE_UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 2},
    [MS_BALANCE_OWED] = {"owed", "owed", NULL, MS_COLUMN_EXACT, 3},
    [MS_BALANCE_SETTLED] = {"settled", "settled", NULL, MS_COLUMN_EXACT, 3},
    [MS_BALANCE_UNACKNOWLEDGED] = {"unacknowledged", NULL, NULL, MS_COLUMN_EXACT, 4},
    [MS_BALANCE_OUTSTANDING] = {"outstanding", "outstanding", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_OVERDUE] = {"overdue", "overdue", NULL, MS_COLUMN_EXACT, 0},
    [MS_BALANCE_DUE] = {"due", "next due", NULL, MS_COLUMN_TEXT, 1},
    [MS_BALANCE_ORDERS] = {"orders", "orders", NULL, MS_COLUMN_WHOLE, 4},
};

ms_status ms_report_balance(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                            ms_error *err)
{
    ms_ledger_view of;
    ms_balance balance;
    ms_table table;
    ms_buf closing = {0};
    MS_TRY(ms_ledger_view_open(&of, book, filter, err));
    ms_status status = ms_balance_make(&balance, of.ledger.arena, &of.ledger, filter->partner, of.date, err);
    if (status == MS_OK) {
        ms_table_start(&table, balance_columns, sizeof balance_columns / sizeof *balance_columns);
        for (size_t r = 0; r < balance.count; r++) {
            ms_ledger_put_balance(&table, &balance.rows[r]);
            if (balance.rows[r].overdue > 0)
                ms_table_tone(&table, MS_BALANCE_OVERDUE, MS_TONE_BAD);
            ms_table_number(&table, MS_BALANCE_ORDERS, balance.rows[r].order_count);
            if (ms_balance_is_first(&balance, &balance.rows[r])) {
                ms_buf_text(&closing, closing.length > 0 ? "; " : "Net: ");
                ms_ledger_put_net(&closing, &balance, &balance.rows[r]);
            }
        }
        if (closing.length > 0)
            ms_buf_text(&closing, ".");
        status = write_table(out, &table, &of, "balances", "WHO OWES WHOM", "Nobody owes anybody anything.", &closing,
                             view, err);
        ms_table_free(&table);
    }
    ms_buf_free(&closing);
    ms_ledger_view_close(&of);
    return status;
}

/* ---- overdue ---- */

enum { LATE_ORDER, LATE_KIND, LATE_BY, LATE_TO, LATE_AMOUNT, LATE_UNIT, LATE_ITEM, LATE_DUE, LATE_DAYS };

static const ms_column overdue_columns[] = {
    [LATE_ORDER] = {"order", "order", NULL, MS_COLUMN_TEXT, 0},
    [LATE_KIND] = {"kind", "what is late", NULL, MS_COLUMN_TEXT, 2},
    [LATE_BY] = {"by", "by", NULL, MS_COLUMN_TEXT, 0},
    [LATE_TO] = {"to", "to", NULL, MS_COLUMN_TEXT, 0},
    [LATE_AMOUNT] = {"amount", "amount", NULL, MS_COLUMN_EXACT, 0},
    [LATE_UNIT] = {"unit", "of", NULL, MS_COLUMN_TEXT, 0},
    [LATE_ITEM] = {"item", "item", NULL, MS_COLUMN_TEXT, 3},
    [LATE_DUE] = {"due", "due", NULL, MS_COLUMN_TEXT, 1},
    [LATE_DAYS] = {"days", "days late", NULL, MS_COLUMN_WHOLE, 0},
};

static void put_late(ms_table *table, const ms_ledger_order *order, const char *kind, bool repayment, int64_t amount,
                     int64_t due, int64_t date)
{
    char code[MS_ORDER_CODE_BYTES];
    bool money = repayment && !order->in_kind;
    ms_table_row(table);
    ms_table_text(table, LATE_ORDER, ms_order_code(code, order->receiver, &order->id));
    ms_table_text(table, LATE_KIND, kind);
    ms_table_text(table, LATE_BY, repayment ? order->receiver : order->provider);
    ms_table_text(table, LATE_TO, repayment ? order->provider : order->receiver);
    ms_ledger_cell(table, LATE_AMOUNT, amount, money);
    ms_table_text(table, LATE_UNIT, money ? order->terms->currency : order->request->unit);
    ms_table_text(table, LATE_ITEM, order->request->item);
    ms_ledger_date_cell(table, LATE_DUE, due);
    ms_table_number(table, LATE_DAYS, (double)(date - due));
    ms_table_tone(table, LATE_DAYS, MS_TONE_BAD);
}

/* What is past its date of an order: repayments, and goods that were needed by then. */
static void put_overdue(ms_table *table, const ms_ledger_order *order, int64_t date)
{
    int64_t late = ms_order_overdue(order, date);
    if (late > 0)
        put_late(table, order, "repayment", true, late, order->due, date);
    int64_t wanted = late_delivery(order, date);
    if (wanted > 0)
        put_late(table, order, "delivery", false, wanted, order->request->need_by, date);
}

ms_status ms_report_overdue(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                            ms_error *err)
{
    ms_ledger_view of;
    ms_table table;
    MS_TRY(ms_ledger_view_open(&of, book, filter, err));
    ms_table_start(&table, overdue_columns, sizeof overdue_columns / sizeof *overdue_columns);
    for (size_t i = 0; i < of.ledger.order_count; i++) {
        if (of.ledger.orders[i].request != NULL && ms_ledger_concerns(&of.ledger.orders[i], filter))
            put_overdue(&table, &of.ledger.orders[i], of.date);
    }
    ms_status status = write_table(out, &table, &of, "overdue", "OVERDUE", "Nothing is overdue.", NULL, view, err);
    ms_table_free(&table);
    ms_ledger_view_close(&of);
    return status;
}
