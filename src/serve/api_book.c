/* api_book.c: the book over HTTP: what it is, its log, whose rows are in it; and how the other functions of the API
 * come by it. */
#include <stdlib.h>
#include <string.h>

#include "serve/api.h"

/* ---- for all that read or write a book ---- */

static ms_view view_asked(const ms_visit *visit)
{
    ms_view view = ms_visit_view(visit);
    view.search = ms_visit_text(visit, "search");
    view.offset = (size_t)ms_visit_count(visit, "offset", 0);
    view.limit = (size_t)ms_visit_count(visit, "limit", MS_PAGE_ROWS);
    return view;
}

ms_status ms_reply_reading(ms_reply *reply, const ms_visit *visit, ms_book_answer answer, ms_error *err)
{
    ms_buf text = {0};
    ms_book *book = NULL;
    ms_view view = view_asked(visit);
    MS_TRY(ms_desk_read_book(&book, visit->desk, err));
    ms_status status = answer(&text, book, visit, &view, err);
    ms_book_close(book);
    return ms_reply_made(reply, &text, view.format, status, err);
}

ms_status ms_reply_writing(ms_reply *reply, const ms_visit *visit, ms_book_answer answer, ms_error *err)
{
    ms_buf text = {0};
    ms_book *book = NULL;
    ms_view view = view_asked(visit);
    MS_TRY(ms_desk_write_book(&book, visit->desk, visit->who, err));
    ms_status status = answer(&text, book, visit, &view, err);
    ms_desk_let_book(visit->desk, book);
    return ms_reply_made(reply, &text, view.format, status, err);
}

/* ---- the book ---- */

static ms_status put_book(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    (void)visit;
    return ms_report_book(out, book, view, err);
}

ms_status ms_api_book(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_book, err);
}

static ms_status put_log(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_log_options options = {.from = ms_visit_count(visit, "from", 0),
                              .most = (int64_t)view->limit,
                              .kind = ms_visit_text(visit, "kind"),
                              .key = ms_visit_text(visit, "key")};
    return ms_report_log(out, book, &options, view, err);
}

ms_status ms_api_book_log(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_log, err);
}

static ms_status put_entry(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    const char *which = visit->parameters[0];
    char *end = NULL;
    long long number = strtoll(which, &end, 10);
    if (strspn(which, "0123456789") != strlen(which) || *end != '\0' || number < 1)
        return ms_error_set(err, MS_NOT_FOUND, "\"%.40s\" is no number of an entry", which);
    return ms_report_entry(out, book, number, view, err);
}

ms_status ms_api_book_entry(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_entry, err);
}

/* ---- whose rows ---- */

typedef struct {
    ms_json json;
    ms_page page;
    bool failed;
    bool given; /* only rows of partners */
} row_list;

static bool has_search(const ms_book_row *row, const char *search)
{
    bool found = search == NULL;
    for (int c = 0; c < row->count && !found; c++)
        found = strcasestr(row->cells[c], search) != NULL;
    return found;
}

static ms_status visit_row(void *context, const ms_book_row *row, ms_error *err)
{
    row_list *list = context;
    (void)err;
    if ((list->given && row->source[0] == '\0') || !has_search(row, list->page.search))
        return MS_OK;
    size_t place = list->page.matched++;
    if (place < list->page.offset || place - list->page.offset >= list->page.limit)
        return MS_OK;
    ms_json_open_object(&list->json, NULL);
    ms_json_string(&list->json, "given_by", row->source);
    ms_json_integer(&list->json, "entry", row->number);
    ms_json_open_object(&list->json, "cells");
    for (int c = 0; c < row->count; c++)
        ms_json_string(&list->json, row->columns[c], row->cells[c]);
    ms_json_close_object(&list->json);
    ms_json_close_object(&list->json);
    return MS_OK;
}

static ms_status put_rows(ms_buf *out, ms_book *book, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    static const char *const whose[] = {NULL, ""};
    const char *file = visit->parameters[0], *giver = ms_visit_text(visit, "given_by");
    row_list list = {.page = ms_page_asked(visit), .given = ms_visit_switch(visit, "given")};
    (void)view;
    if (!ms_book_knows_file(file))
        return ms_error_set(err, MS_NOT_FOUND, "a case has no table %.60s", file);
    ms_json_start(&list.json, out);
    ms_json_open_object(&list.json, NULL);
    ms_json_string(&list.json, "file", file);
    ms_json_open_array(&list.json, "rows");
    ms_status status = ms_book_rows(book, file, giver ? giver : whose[ms_visit_switch(visit, "own")], visit_row, &list,
                                    err);
    ms_json_close_array(&list.json);
    ms_json_integer(&list.json, "total", (long long)list.page.matched);
    ms_json_integer(&list.json, "offset", (long long)list.page.offset);
    ms_json_close_object(&list.json);
    ms_json_finish(&list.json);
    return status;
}

ms_status ms_api_book_rows(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_reading(reply, visit, put_rows, err);
}
