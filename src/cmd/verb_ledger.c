/* verb_ledger.c: mainstay ledger ...: the steps of orders, and what they come to. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

/* ---- steps ---- */

/* NULL where the verb has no such option, or it was not given. */
static const char *given(const ms_call *call, const char *name)
{
    const ms_option *option;
    for (int ix = 0; (option = ms_verb_option(call->verb, ix)) != NULL; ix++) {
        if (strcmp(option->name, name) == 0)
            return ms_option_given(call, name) ? ms_option_text(call, name) : NULL;
    }
    return NULL;
}

/* The step is the second word of the verb's name; operands behind BOOK are as its row has them. */
static ms_ledger_entry entry_of(const ms_call *call)
{
    ms_ledger_entry entry = {
        .step = strchr(call->verb->name, ' ') + 1,
        .site = given(call, "site"),
        .need_by = given(call, "need-by"),
        .price = given(call, "price"),
        .currency = given(call, "currency"),
        .settlement = given(call, "settlement"),
        .due_days = given(call, "due-days"),
        .of = given(call, "of"),
        .date = given(call, "date"),
        .reference = given(call, "reference"),
        .note = given(call, "note"),
    };
    if (strcmp(entry.step, "request") == 0) {
        entry.agreement = ms_operand_text(call, 1);
        entry.item = ms_operand_text(call, 2);
        entry.quantity = ms_operand_text(call, 3);
    } else {
        entry.order = ms_operand_text(call, 1);
        entry.quantity = ms_operand_text(call, 2);
    }
    return entry;
}

ms_exit ms_verb_ledger_step(ms_call *call)
{
    ms_book *book = NULL;
    char order[MS_ORDER_CODE_BYTES];
    ms_ledger_entry entry = entry_of(call);
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), true, &book);
    if (status == MS_OK)
        status = ms_ledger_take(order, book, &entry, &call->err);
    if (status == MS_OK) {
        ms_ledger_filter filter = {.order = order, .date = entry.date};
        status = ms_report_order(&call->out, book, &filter, &view, &call->err);
    }
    ms_book_close(book);
    return ms_exit_of(status);
}

/* ---- views ---- */

typedef ms_status (*view_function)(ms_buf *out, ms_book *book, const ms_ledger_filter *filter, const ms_view *view,
                                   ms_error *err);

static ms_exit show(ms_call *call, view_function report, const ms_ledger_filter *filter)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = report(&call->out, book, filter, &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_ledger_status(ms_call *call)
{
    ms_ledger_filter filter = {.order = ms_operand_text(call, 1),
                               .partner = given(call, "partner"),
                               .date = given(call, "date"),
                               .all = ms_option_given(call, "all")};
    return show(call, filter.order != NULL ? ms_report_order : ms_report_ledger, &filter);
}

ms_exit ms_verb_ledger_balance(ms_call *call)
{
    ms_ledger_filter filter = {.partner = given(call, "partner"), .date = given(call, "date")};
    return show(call, ms_report_balance, &filter);
}

ms_exit ms_verb_ledger_overdue(ms_call *call)
{
    ms_ledger_filter filter = {.partner = given(call, "partner"), .date = given(call, "date")};
    return show(call, ms_report_overdue, &filter);
}

/* ---- statement ---- */

/* By the ending of the file, else as --csv and --json say. */
static ms_status statement_format(ms_statement_format *out, ms_call *call, const char *path)
{
    static const struct {
        const char *ending;
        ms_statement_format format;
    } endings[] = {{".txt", MS_STATEMENT_TEXT},
                   {".csv", MS_STATEMENT_CSV},
                   {".json", MS_STATEMENT_JSON},
                   {".html", MS_STATEMENT_HTML},
                   {".xlsx", MS_STATEMENT_XLSX}};
    const char *ending = path != NULL ? strrchr(path, '.') : NULL;
    *out = ms_option_given(call, "csv")    ? MS_STATEMENT_CSV
           : ms_option_given(call, "json") ? MS_STATEMENT_JSON
                                           : MS_STATEMENT_TEXT;
    if (path == NULL)
        return MS_OK;
    for (size_t e = 0; ending != NULL && e < sizeof endings / sizeof *endings; e++) {
        if (strcasecmp(ending, endings[e].ending) == 0) {
            *out = endings[e].format;
            return MS_OK;
        }
    }
    return ms_fail(&call->err, MS_USAGE, "%s: the file's name must end in .txt, .csv, .json, .html or .xlsx", path);
}

ms_exit ms_verb_ledger_statement(ms_call *call)
{
    ms_book *book = NULL;
    ms_buf statement = {0};
    ms_statement_format format;
    const char *path = given(call, "output");
    ms_ledger_filter filter = {.partner = ms_operand_text(call, 1), .date = given(call, "date")};
    ms_status status = statement_format(&format, call, path);
    if (status == MS_OK)
        status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = ms_report_statement(path != NULL ? &statement : &call->out, book, &filter, format, &call->err);
    if (status == MS_OK && path != NULL)
        status = ms_output_file(path, &statement, &call->err);
    if (status == MS_OK && path != NULL && !ms_option_given(call, "quiet"))
        ms_say("the statement with %s is in %s", filter.partner, path);
    ms_buf_free(&statement);
    ms_book_close(book);
    return ms_exit_of(status);
}

/* ---- propose ---- */

ms_exit ms_verb_ledger_propose(ms_call *call)
{
    ms_book *book = NULL;
    ms_view view = ms_view_asked(call);
    bool make = ms_option_given(call, "make");
    ms_status status = MS_OK;
    if (!ms_folder_is_plan(ms_operand_text(call, 1)))
        status = ms_fail(&call->err, MS_BAD_INPUT, "%s is no plan", ms_operand_text(call, 1));
    if (status == MS_OK)
        status = ms_open_book(call, ms_operand_text(call, 0), make, &book);
    if (status == MS_OK)
        status = ms_report_proposals(&call->out, book, ms_operand_text(call, 1), make, given(call, "date"), &view,
                                     &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}
