/* statement_html.c: a statement of account as a page to print and sign. See statement.h.
 *
 * One file, no script, nothing fetched; landscape on paper, the heads of tables repeated on each sheet. All text is
 * escaped: names come from the other side. */
#include "report/statement.h"

static const char style[] =
    "body{font:10pt/1.35 'Helvetica Neue',Arial,sans-serif;margin:2em;color:#111}"
    "h1{font-size:15pt;margin:0 0 .2em}h2{font-size:11pt;margin:1.4em 0 .3em}"
    "p{margin:.2em 0}.basis{font-family:monospace;font-size:8pt;color:#444;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%;font-size:8.5pt}thead{display:table-header-group}"
    "th,td{padding:.22em .5em;border-bottom:.5pt solid #bbb;text-align:left;vertical-align:top}"
    "th{border-bottom:1pt solid #111}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "tr{break-inside:avoid}.sign{display:flex;gap:4em;margin-top:3.5em}"
    ".sign div{flex:1;border-top:.5pt solid #111;padding-top:.3em}"
    "@page{size:A4 landscape;margin:14mm}@media print{body{margin:0}}";

static void put_escaped(ms_buf *out, const char *text)
{
    ms_buf clean = {0};
    ms_pen_clean(&clean, text != NULL ? text : "");
    for (const char *at = clean.text != NULL ? clean.text : ""; *at != '\0'; at++) {
        switch (*at) {
        case '<':
            ms_buf_text(out, "&lt;");
            break;
        case '>':
            ms_buf_text(out, "&gt;");
            break;
        case '&':
            ms_buf_text(out, "&amp;");
            break;
        case '"':
            ms_buf_text(out, "&quot;");
            break;
        default:
            ms_buf_put(out, at, 1);
        }
    }
    out->failed = out->failed || clean.failed;
    ms_buf_free(&clean);
}

static void put_cell(ms_buf *out, const char *tag, const ms_column *column, const char *text)
{
    ms_buf_printf(out, "<%s%s>", tag, column->kind == MS_COLUMN_EXACT ? " class=\"n\"" : "");
    put_escaped(out, text);
    ms_buf_printf(out, "</%s>", tag);
}

/* The columns that the screen has too. */
static void put_table(ms_buf *out, const char *title, const ms_table *table)
{
    ms_buf_printf(out, "<h2>%s</h2>\n<table><thead><tr>", title);
    for (int c = 0; c < table->column_count; c++) {
        if (table->columns[c].head != NULL)
            put_cell(out, "th", &table->columns[c], table->columns[c].head);
    }
    ms_buf_text(out, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < table->row_count; r++) {
        ms_buf_text(out, "<tr>");
        for (int c = 0; c < table->column_count; c++) {
            const ms_cell *cell = &table->rows[r].cells[c];
            if (table->columns[c].head != NULL)
                put_cell(out, "td", &table->columns[c], cell->shown != NULL ? cell->shown : cell->text);
        }
        ms_buf_text(out, "</tr>\n");
    }
    ms_buf_text(out, "</tbody></table>\n");
}

static void put_signature(ms_buf *out, const char *partner)
{
    ms_buf_text(out, "<div>for ");
    put_escaped(out, partner);
    ms_buf_text(out, ": name, date, signature</div>");
}

void ms_statement_html(ms_buf *out, const ms_statement *statement)
{
    ms_buf_text(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    put_escaped(out, statement->title);
    ms_buf_printf(out, "</title><style>%s</style></head><body>\n<h1>", style);
    put_escaped(out, statement->title);
    ms_buf_printf(out, "</h1>\n<p>As of %s. Orders: %zu, steps: %zu.</p>\n<p class=\"basis\">basis %s</p>\n",
                  statement->date, statement->order_count, statement->step_count, statement->basis);
    put_table(out, "Orders", &statement->orders);
    put_table(out, "Balances", &statement->balances);
    ms_buf_text(out, "<p>");
    put_escaped(out, statement->net.text);
    ms_buf_text(out, "</p>\n<div class=\"sign\">");
    put_signature(out, statement->one);
    put_signature(out, statement->other);
    ms_buf_text(out, "</div>\n</body></html>\n");
}
