/* statement_xlsx.c: a statement of account as a workbook. See statement.h.
 *
 * Its date of creation is the statement's, so that equal statements are equal files. */
#include <stdio.h>

#include "report/statement.h"
#include "report/workbook.h"

static void put_about(ms_workbook *book, const ms_statement *statement)
{
    char counts[64];
    snprintf(counts, sizeof counts, "orders: %zu; steps: %zu", statement->order_count, statement->step_count);
    const char *const rows[][2] = {{statement->title, ""},
                                   {"as of", statement->date},
                                   {"of", counts},
                                   {"basis", statement->basis},
                                   {"net", statement->net.text}};
    ms_workbook_sheet(book, "statement");
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        ms_workbook_text(book, 0, rows[r][0], MS_CELL_PLAIN);
        ms_workbook_text(book, 1, rows[r][1], MS_CELL_PLAIN);
        ms_workbook_next(book);
    }
    ms_workbook_width(book, 0, 12);
}

static void put_table(ms_workbook *book, const char *name, const ms_table *table)
{
    ms_workbook_sheet(book, name);
    ms_workbook_heads(book, table, true);
    ms_workbook_rows(book, table);
    ms_workbook_table_end(book, table);
}

ms_status ms_statement_xlsx(ms_buf *out, const ms_statement *statement, ms_error *err)
{
    ms_workbook *book;
    MS_TRY(ms_workbook_open(&book, statement->title, (long)statement->date_day, MS_LANGUAGE_EN, err));
    put_about(book, statement);
    put_table(book, "orders", &statement->orders);
    put_table(book, "balances", &statement->balances);
    return ms_workbook_close(out, book, err);
}
