/* ledger_words.c: orders, quantities and dates of the ledger in words. See ledger_words.h. */
#include "report/ledger_words.h"

#include <stdio.h>
#include <string.h>

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
    *out = view;
    return MS_OK;
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
