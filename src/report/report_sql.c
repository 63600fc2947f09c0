/* report_sql.c: the answer to a query on a book, as a table, CSV or JSON. Columns are the query's own. */
#include <stdlib.h>
#include <string.h>

#include "book/book.h"
#include "report/report.h"
#include "report/table.h"

typedef struct {
    const ms_view *view;
    ms_buf *out;
    ms_json json;
    ms_column columns[MS_TABLE_COLUMNS];
    ms_table table;
    ms_arena *arena;
    int shown; /* columns on the screen */
    bool started;
} answer;

/* The first visit: the names of the columns. */
static ms_status start(answer *a, const ms_book_cells *row, ms_error *err)
{
    a->shown = row->count < MS_TABLE_COLUMNS ? row->count : MS_TABLE_COLUMNS;
    for (int ix = 0; ix < a->shown; ix++) {
        const char *name = ms_arena_strndup(a->arena, row->names[ix], strlen(row->names[ix]));
        if (name == NULL)
            return ms_error_memory(err);
        a->columns[ix] = (ms_column){name, name, NULL, MS_COLUMN_TEXT, ix};
    }
    ms_table_start(&a->table, a->columns, a->shown);
    a->started = true;
    if (a->view->format == MS_FORMAT_CSV) {
        for (int ix = 0; ix < row->count; ix++)
            ms_csv_put(a->out, row->names[ix], ix == 0);
        ms_csv_end(a->out);
    }
    return MS_OK;
}

static void put_json(answer *a, const ms_book_cells *row)
{
    ms_json_open_object(&a->json, NULL);
    for (int ix = 0; ix < row->count; ix++) {
        if (row->texts[ix] != NULL && row->numbers[ix])
            ms_json_number(&a->json, row->names[ix], strtod(row->texts[ix], NULL));
        else
            ms_json_string(&a->json, row->names[ix], row->texts[ix]);
    }
    ms_json_close_object(&a->json);
}

static ms_status put_row(void *context, const ms_book_cells *row, ms_error *err)
{
    answer *a = context;
    if (row->texts == NULL)
        return start(a, row, err);
    if (a->view->format == MS_FORMAT_JSON) {
        put_json(a, row);
    } else if (a->view->format == MS_FORMAT_CSV) {
        for (int ix = 0; ix < row->count; ix++)
            ms_csv_put(a->out, row->texts[ix] != NULL ? row->texts[ix] : "", ix == 0);
        ms_csv_end(a->out);
    } else {
        ms_table_row(&a->table);
        for (int ix = 0; ix < a->shown; ix++)
            ms_table_text(&a->table, ix, row->texts[ix]);
    }
    return a->out->failed || a->table.failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_report_sql(ms_buf *out, ms_book *book, const char *query, const ms_view *view, ms_error *err)
{
    ms_buf made = {0};
    answer a = {.view = view, .out = &made, .arena = ms_arena_new()};
    ms_pen pen = ms_pen_start(&made, view);
    if (a.arena == NULL)
        return ms_error_memory(err);
    if (view->format == MS_FORMAT_JSON) {
        ms_json_start(&a.json, &made);
        ms_json_open_array(&a.json, NULL);
    }
    ms_status status = ms_book_query(book, query, put_row, &a, err);
    if (status == MS_OK && view->format == MS_FORMAT_JSON) {
        ms_json_close_array(&a.json);
        ms_json_finish(&a.json);
    } else if (status == MS_OK && view->format == MS_FORMAT_TEXT) {
        ms_table_print(&a.table, &pen, 0);
    }
    if (a.started)
        ms_table_free(&a.table);
    ms_arena_free(a.arena);
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}
