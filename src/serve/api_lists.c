/* api_lists.c: the long lists of a plan, page by page; whole, as files; and the briefing. */
#include <string.h>

#include "report/plan_list.h"
#include "report/table.h"
#include "serve/api_jobs.h"

/* ---- page by page ---- */

/* The rows that the page asks for. */
static void fill(ms_table *table, ms_page *page, const ms_plan *plan, ms_plan_list which)
{
    const char *ids[MS_PLAN_LIST_IDS];
    size_t count = ms_plan_list_count(plan, which);
    for (size_t row = 0; row < count; row++)
        if (ms_plan_list_ids(ids, plan, which, row) && ms_page_takes(page, ids))
            ms_plan_list_put(table, plan, which, row);
}

static ms_status finish_list(ms_reply *reply, ms_table *table, const ms_page *page, ms_format format, ms_error *err)
{
    ms_buf text = {0};
    ms_json json;
    if (table->failed)
        return ms_error_memory(err);
    if (format == MS_FORMAT_CSV) {
        ms_table_csv_head(table, &text);
        ms_table_csv_rows(table, &text);
    } else {
        ms_json_start(&json, &text);
        ms_json_open_object(&json, NULL);
        ms_json_integer(&json, "total", (long long)page->matched);
        ms_json_integer(&json, "offset", (long long)page->offset);
        ms_table_json(table, &json, "rows");
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    return ms_reply_view(reply, &text, format, err);
}

static ms_status give_list(ms_reply *reply, const ms_visit *visit, ms_plan_list which, ms_error *err)
{
    ms_column columns[MS_TABLE_COLUMNS];
    ms_held_job *held = NULL;
    ms_table table;
    ms_page page = ms_page_asked(visit);
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, visit->parameters[0], err));
    ms_table_start(&table, columns, ms_plan_list_columns(columns, which));
    fill(&table, &page, ms_held_plan(held), which);
    ms_status status = finish_list(reply, &table, &page, ms_visit_view(visit).format, err);
    ms_table_free(&table);
    ms_desk_let_job(visit->desk, held);
    return status;
}

ms_status ms_api_movements(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return give_list(reply, visit, MS_LIST_MOVEMENTS, err);
}

ms_status ms_api_shortfalls(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return give_list(reply, visit, MS_LIST_SHORTFALLS, err);
}

ms_status ms_api_orders(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return give_list(reply, visit, MS_LIST_ORDERS, err);
}

/* ---- whole files ---- */

static const char xlsx_type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/* Makes made the answer, or lets it go. */
static ms_status give_file(ms_reply *reply, ms_buf *made, const char *type, ms_status status, ms_error *err)
{
    if (status != MS_OK) {
        ms_buf_free(made);
        return status;
    }
    reply->blob = ms_blob_take(made, type);
    return reply->blob ? MS_OK : ms_error_memory(err);
}

ms_status ms_api_plan_file(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    int which = 0;
    bool xlsx = ms_visit_choice(visit, "format", "csv|xlsx") == 1;
    ms_language language = (ms_language)ms_visit_choice(visit, "language", "en|ko");
    ms_held_job *held = NULL;
    ms_buf made = {0};
    while (which < MS_LISTS && strcmp(ms_plan_list_words[which], visit->parameters[1]) != 0)
        which++;
    if (which == MS_LISTS)
        return ms_error_set(err, MS_NOT_FOUND, "a plan has no table \"%.40s\"", visit->parameters[1]);
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, visit->parameters[0], err));
    const ms_plan *plan = ms_held_plan(held);
    ms_status status = xlsx ? ms_report_plan_xlsx(&made, plan, (ms_plan_list)which, language, err)
                            : ms_report_plan_csv(&made, plan, (ms_plan_list)which, err);
    ms_desk_let_job(visit->desk, held);
    return give_file(reply, &made, xlsx ? xlsx_type : "text/csv; charset=utf-8", status, err);
}

/* Without planning again: an answer must be quick. */
ms_status ms_api_briefing(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    bool xlsx = ms_visit_choice(visit, "format", "html|xlsx") == 1;
    const ms_briefing_options options = {.language = (ms_language)ms_visit_choice(visit, "language", "en|ko")};
    ms_held_job *held = NULL;
    ms_buf made = {0};
    MS_TRY(ms_visit_job(&held, visit, MS_JOB_PLAN, visit->parameters[0], err));
    ms_status status = ms_report_briefing(&made, ms_held_plan(held), &options,
                                          xlsx ? MS_BRIEFING_XLSX : MS_BRIEFING_HTML, err);
    ms_desk_let_job(visit->desk, held);
    return give_file(reply, &made, xlsx ? xlsx_type : "text/html; charset=utf-8", status, err);
}
