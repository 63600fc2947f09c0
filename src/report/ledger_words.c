/* ledger_words.c: orders, quantities and dates of the ledger in words. See ledger_words.h. */
#include "report/ledger_words.h"

#include <stdio.h>
#include <string.h>

/* Adds who is a side of an order or stands in the case. A case that cannot be read names nobody. */
static bool add_partners(ms_names *names, const ms_ledger *ledger, const ms_case *kase)
{
    bool fresh, fits = true;
    int32_t ix;
    for (size_t i = 0; i < ledger->order_count && fits; i++) {
        const ms_step *step = ledger->orders[i].steps[0];
        fits = ms_names_add(names, step->by, &ix, &fresh) && ms_names_add(names, step->to, &ix, &fresh);
    }
    for (int32_t p = 0; kase != NULL && p < kase->partners_count && fits; p++)
        fits = ms_names_add(names, kase->partners[p].id, &ix, &fresh);
    return fits;
}

/* A name that nobody bears would find nothing, and look as if nothing were owed. */
static ms_status check_partner(const ms_ledger *ledger, ms_book *book, const ms_ledger_filter *filter, ms_error *err)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_names names = {0};
    if (strcmp(filter->partner, ledger->partner) == 0)
        return MS_OK;
    for (size_t i = 0; i < ledger->order_count; i++) {
        if (ms_ledger_concerns(&ledger->orders[i], filter))
            return MS_OK;
    }
    ms_status status = ms_book_case(&kase, book, NULL, &findings, err);
    if (status != MS_NO_MEMORY) {
        if (err != NULL)
            *err = (ms_error){0};
        status = add_partners(&names, ledger, kase) ? MS_OK : ms_error_memory(err);
    }
    if (status == MS_OK && ms_names_find(&names, filter->partner, strlen(filter->partner)) < 0) {
        const char *near = ms_names_near(&names, filter->partner);
        status = ms_error_set(err, MS_BAD_INPUT, "this book knows no partner \"%s\"%s%s%s", filter->partner,
                              near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
                              near != NULL ? "\"?" : "");
    }
    ms_names_free(&names);
    ms_findings_free(&findings);
    ms_case_free(kase);
    return status;
}

ms_status ms_ledger_view_open(ms_ledger_view *out, ms_book *book, const ms_ledger_filter *filter, ms_error *err)
{
    ms_ledger_view view = {.date = ms_ledger_today(book)};
    if (filter->date != NULL) {
        long day;
        if (!ms_date_parse(&day, filter->date, strlen(filter->date)) || day < 0)
            return ms_error_set(err, MS_USAGE, "\"%s\" is not a date such as 2026-03-01", filter->date);
        view.date = day;
    }
    MS_TRY(ms_ledger_read(&view.ledger, book, 0, err));
    ms_status status = filter->partner != NULL ? check_partner(&view.ledger, book, filter, err) : MS_OK;
    if (status == MS_OK)
        *out = view;
    else
        ms_ledger_view_close(&view);
    return status;
}

void ms_ledger_view_close(ms_ledger_view *view)
{
    ms_ledger_free(&view->ledger);
}

bool ms_ledger_concerns(const ms_ledger_order *order, const ms_ledger_filter *filter)
{
    if (filter->partner == NULL)
        return true;
    if (order->request == NULL)
        return strcmp(order->steps[0]->by, filter->partner) == 0 || strcmp(order->steps[0]->to, filter->partner) == 0;
    return ms_order_side(order, filter->partner) != 0;
}

char *ms_ledger_date(char out[MS_DATE_BYTES], int64_t date)
{
    out[0] = '\0';
    return date < 0 ? out : ms_date_text(out, (long)date, 0);
}

char *ms_ledger_amount(char out[MS_AMOUNT_BYTES], int64_t value, bool money, const char *unit)
{
    char number[MS_EXACT_BYTES];
    ms_exact_shown(number, value, money ? MS_EXACT_MONEY_DIGITS : MS_EXACT_QUANTITY_DIGITS,
                   money ? MS_EXACT_MONEY_DIGITS : 0);
    snprintf(out, MS_AMOUNT_BYTES, "%s%s%s", number, unit[0] != '\0' ? "\u00a0" : "", unit);
    return out;
}

const char *ms_ledger_unit(const ms_ledger_order *order)
{
    if (order->in_kind)
        return order->request->unit;
    return order->terms != NULL ? order->terms->currency : "";
}

void ms_ledger_cell(ms_table *table, int column, int64_t value, bool money)
{
    char text[MS_EXACT_BYTES], shown[MS_AMOUNT_BYTES];
    ms_table_text(table, column, ms_exact_text(text, value, money ? MS_EXACT_MONEY_DIGITS : MS_EXACT_QUANTITY_DIGITS));
    ms_table_show(table, column, ms_ledger_amount(shown, value, money, ""));
}

void ms_ledger_date_cell(ms_table *table, int column, int64_t date)
{
    char text[MS_DATE_BYTES];
    if (date >= 0)
        ms_table_text(table, column, ms_ledger_date(text, date));
}

void ms_ledger_waits(ms_buf *out, int64_t *since, const ms_ledger_order *order)
{
    *since = -1;
    if (order->request == NULL) {
        ms_buf_text(out, "its request to arrive");
        return;
    }
    for (int wait = 0; wait < MS_WAITS; wait++) {
        if (order->waits_since[wait] < 0)
            continue;
        ms_side side = ms_wait_side((ms_wait)wait);
        ms_buf_printf(out, "%s to %s",
                      side == MS_SIDE_BOTH       ? "both"
                      : side == MS_SIDE_PROVIDER ? order->provider
                                                 : order->receiver,
                      ms_wait_words[wait]);
        *since = order->waits_since[wait];
        return;
    }
}

void ms_ledger_put_balance(ms_table *table, const ms_balance_row *row)
{
    bool money = !row->in_kind;
    ms_table_row(table);
    ms_table_text(table, MS_BALANCE_DEBTOR, row->debtor);
    ms_table_text(table, MS_BALANCE_CREDITOR, row->creditor);
    ms_table_text(table, MS_BALANCE_OF, row->what);
    ms_table_text(table, MS_BALANCE_UNIT, row->unit);
    ms_ledger_cell(table, MS_BALANCE_OWED, row->owed, money);
    ms_ledger_cell(table, MS_BALANCE_SETTLED, row->settled, money);
    ms_ledger_cell(table, MS_BALANCE_UNACKNOWLEDGED, row->unacknowledged, money);
    ms_ledger_cell(table, MS_BALANCE_OUTSTANDING, row->outstanding, money);
    ms_ledger_cell(table, MS_BALANCE_OVERDUE, row->overdue, money);
    ms_ledger_date_cell(table, MS_BALANCE_DUE, row->due);
}

void ms_ledger_put_net(ms_buf *out, const ms_balance *balance, const ms_balance_row *row)
{
    char amount[MS_AMOUNT_BYTES];
    int64_t net = ms_balance_net(balance, row);
    const char *debtor = net >= 0 ? row->debtor : row->creditor, *creditor = net >= 0 ? row->creditor : row->debtor;
    const char *unit = row->in_kind ? row->unit : row->what;
    if (net == 0)
        ms_buf_printf(out, "%s and %s are even", row->debtor, row->creditor);
    else
        ms_buf_printf(out, "%s owes %s %s", debtor, creditor,
                      ms_ledger_amount(amount, net > 0 ? net : -net, !row->in_kind, unit));
    if (row->in_kind || net == 0)
        ms_buf_printf(out, " %s %s", net == 0 ? "in" : "of", row->what);
}
