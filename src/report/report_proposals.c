/* report_proposals.c: the requests that a plan needs, as a table; and, when asked to, made. */
#include <string.h>

#include "report/ledger_words.h"
#include "report/proposals.h"
#include "report/report.h"
#include "report/words.h"

enum { AGREEMENT, PROVIDER, ITEM, SITE, NEED_BY, PLANNED, ON_ORDER, WANTED, UNIT, ORDER, REFUSAL };

static const ms_column proposal_columns[] = {
    [AGREEMENT] = {"agreement", "agreement", NULL, MS_COLUMN_TEXT, 1},
    [PROVIDER] = {"provider", "from", NULL, MS_COLUMN_TEXT, 2},
    [ITEM] = {"item", "item", NULL, MS_COLUMN_TEXT, 1},
    [SITE] = {"site", "site", NULL, MS_COLUMN_TEXT, 3},
    [NEED_BY] = {"need_by", "need by", NULL, MS_COLUMN_TEXT, 0},
    [PLANNED] = {"planned", NULL, NULL, MS_COLUMN_EXACT, 0},
    [ON_ORDER] = {"on_order", "on order", NULL, MS_COLUMN_EXACT, 1},
    [WANTED] = {"request", "request", NULL, MS_COLUMN_EXACT, 0},
    [UNIT] = {"unit", "unit", NULL, MS_COLUMN_TEXT, 1},
    [ORDER] = {"order", "order", NULL, MS_COLUMN_TEXT, 1},
    [REFUSAL] = {"refusal", "cannot be requested:", NULL, MS_COLUMN_TEXT, 1},
};

static void put_proposal(ms_table *table, const ms_proposal *row)
{
    ms_table_row(table);
    ms_table_text(table, AGREEMENT, row->agreement);
    ms_table_text(table, PROVIDER, row->provider);
    ms_table_text(table, ITEM, row->item);
    ms_table_text(table, SITE, row->site);
    ms_table_text(table, NEED_BY, row->need_by);
    ms_ledger_cell(table, PLANNED, row->planned, false);
    ms_ledger_cell(table, ON_ORDER, row->on_order, false);
    ms_ledger_cell(table, WANTED, row->wanted, false);
    ms_table_text(table, UNIT, row->unit);
    ms_table_text(table, ORDER, row->order);
    ms_table_text(table, REFUSAL, row->refusal);
    if (row->refusal != NULL)
        ms_table_tone(table, REFUSAL, MS_TONE_BAD);
}

static void write_text(ms_buf *out, const ms_table *table, const ms_proposals *rows, const ms_ledger *ledger, bool make,
                       const ms_view *view)
{
    ms_pen pen = ms_pen_start(out, view);
    ms_buf said = {0};
    size_t wanted = 0;
    for (size_t r = 0; r < rows->count; r++)
        wanted += rows->rows[r].wanted > 0 && rows->rows[r].refusal == NULL;
    if (rows->count == 0) {
        ms_buf_printf(&said, "The plan draws nothing for %s from anybody.", ledger->partner);
    } else {
        ms_pen_heading(&pen, make ? "REQUESTED" : "TO REQUEST", NULL);
        ms_table_print(table, &pen, 0);
        ms_pen_line(&pen);
        ms_words_count(&said, wanted, "request", "requests");
        ms_buf_text(&said, make         ? " made."
                           : wanted > 0 ? " would be made; --make makes them."
                                        : " would be made: what can be requested is on order.");
    }
    ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, said.text != NULL ? said.text : "");
    out->failed = out->failed || said.failed;
    ms_buf_free(&said);
}

static ms_status write_proposals(ms_buf *out, const ms_proposals *rows, const ms_ledger *ledger, bool make,
                                 const ms_view *view, ms_error *err)
{
    ms_table table;
    ms_json json;
    ms_buf made = {0};
    ms_table_start(&table, proposal_columns, sizeof proposal_columns / sizeof *proposal_columns);
    for (size_t r = 0; r < rows->count; r++)
        put_proposal(&table, &rows->rows[r]);
    switch (view != NULL ? view->format : MS_FORMAT_TEXT) {
    case MS_FORMAT_CSV:
        ms_table_csv_head(&table, &made);
        ms_table_csv_rows(&table, &made);
        break;
    case MS_FORMAT_JSON:
        ms_json_start(&json, &made);
        ms_json_open_object(&json, NULL);
        ms_json_bool(&json, "made", make);
        ms_table_json(&table, &json, "requests");
        ms_json_close_object(&json);
        ms_json_finish(&json);
        break;
    case MS_FORMAT_TEXT:
        write_text(&made, &table, rows, ledger, make, view);
        break;
    }
    made.failed = made.failed || table.failed;
    ms_table_free(&table);
    return ms_report_hand_over(out, &made, err);
}

static ms_status propose(ms_buf *out, ms_book *book, const ms_propose_options *options, bool make, const ms_view *view,
                         ms_error *err)
{
    ms_ledger ledger = {0};
    ms_proposals rows = {0};
    ms_findings findings = {0};
    ms_case *kase = NULL;
    ms_status status = ms_ledger_read(&ledger, book, 0, err);
    if (status == MS_OK)
        status = ms_ledger_case(&kase, book, NULL, &findings, err);
    if (status == MS_OK)
        status = ms_propose(&rows, &ledger, make ? book : NULL, kase, options, ms_ledger_today(book), err);
    if (status == MS_OK)
        status = write_proposals(out, &rows, &ledger, make, view, err);
    ms_free(rows.rows);
    ms_findings_free(&findings);
    ms_case_free(kase);
    ms_ledger_free(&ledger);
    return status;
}

ms_status ms_report_proposals_of(ms_buf *out, ms_book *book, const ms_propose_options *options, bool make,
                                 const ms_view *view, ms_error *err)
{
    if (!make)
        return propose(out, book, options, make, view, err);
    MS_TRY(ms_book_begin(book, err));
    ms_status status = propose(out, book, options, make, view, err);
    if (status == MS_OK)
        return ms_book_commit(book, err);
    ms_book_rollback(book);
    return status;
}

ms_status ms_report_proposals(ms_buf *out, ms_book *book, const char *plan_path, bool make, const char *date,
                              const ms_view *view, ms_error *err)
{
    enum { ORDERS_CAP = 256 << 20 };
    ms_buf path = {0};
    char *orders = NULL;
    ms_propose_options options = {.date = date};
    ms_buf_printf(&path, "%s/orders.csv", plan_path);
    ms_status status = path.failed ? ms_error_memory(err)
                                   : ms_file_read(&orders, &options.length, path.text, ORDERS_CAP, err);
    if (status == MS_OK) {
        options.orders = orders;
        options.file = path.text;
        status = ms_report_proposals_of(out, book, &options, make, view, err);
    }
    ms_free(orders);
    ms_buf_free(&path);
    return status;
}
