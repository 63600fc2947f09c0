/* plan_export.c: the long lists of a plan as files: CSV and XLSX, a thousand rows at a time. See plan_list.h. */
#include "report/plan_export.h"

#include "report/report.h"

enum { ROWS_AT_ONCE = 1000 };

typedef void (*take_rows)(void *to, const ms_table *table);

static void each_thousand(ms_table *table, const ms_plan *plan, ms_plan_list which, take_rows take, void *to)
{
    const char *ids[MS_PLAN_LIST_IDS];
    size_t count = ms_plan_list_count(plan, which);
    for (size_t row = 0; row < count && !table->failed; row++) {
        if (!ms_plan_list_ids(ids, plan, which, row))
            continue;
        ms_plan_list_put(table, plan, which, row);
        if (table->row_count < ROWS_AT_ONCE)
            continue;
        take(to, table);
        ms_table_clear(table);
    }
    take(to, table);
}

static void take_csv(void *to, const ms_table *table)
{
    ms_buf *out = to;
    ms_table_csv_rows(table, out);
    out->failed = out->failed || table->failed;
}

ms_status ms_report_plan_csv(ms_buf *out, const ms_plan *plan, ms_plan_list which, ms_error *err)
{
    ms_column columns[MS_TABLE_COLUMNS];
    ms_table table;
    ms_buf made = {0};
    ms_table_start(&table, columns, ms_plan_list_columns(columns, which));
    ms_table_csv_head(&table, &made);
    each_thousand(&table, plan, which, take_csv, &made);
    ms_table_free(&table);
    return ms_report_hand_over(out, &made, err);
}

static void take_xlsx(void *to, const ms_table *table)
{
    ms_workbook_rows(to, table);
}

void ms_plan_list_sheet(ms_workbook *book, const ms_plan *plan, ms_plan_list which, ms_language language)
{
    ms_column columns[MS_TABLE_COLUMNS];
    ms_table table;
    ms_table_start(&table, columns, ms_plan_list_heads(columns, which, language));
    ms_workbook_sheet(book, ms_say_of(language, ms_plan_list_title(which)));
    ms_workbook_heads(book, &table, true);
    each_thousand(&table, plan, which, take_xlsx, book);
    ms_workbook_table_end(book, &table);
    ms_table_free(&table);
}

ms_status ms_report_plan_xlsx(ms_buf *out, const ms_plan *plan, ms_plan_list which, ms_language language, ms_error *err)
{
    ms_workbook *book;
    ms_buf made = {0};
    MS_TRY(ms_workbook_open(&book, plan->kase->name, plan->kase->start_day, language, err));
    ms_plan_list_sheet(book, plan, which, language);
    ms_status status = ms_workbook_close(&made, book, err);
    if (status == MS_OK)
        return ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    return status;
}
