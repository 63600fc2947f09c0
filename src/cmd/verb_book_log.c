/* verb_book_log.c: mainstay book log, show: what is in a book. */
#include <stdlib.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

ms_exit ms_verb_book_log(ms_call *call)
{
    ms_view view = ms_view_asked(call);
    ms_log_options options = {
        .from = ms_option_given(call, "from") ? ms_option_count(call, "from") : 0,
        .most = ms_option_given(call, "all") ? 0 : ms_option_count(call, "most"),
        .kind = ms_option_given(call, "kind") ? ms_option_text(call, "kind") : NULL,
        .key = ms_option_given(call, "key") ? ms_option_text(call, "key") : NULL,
    };
    ms_book *book = NULL;
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = ms_report_log(&call->out, book, &options, &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}

ms_exit ms_verb_book_show(ms_call *call)
{
    const char *which = ms_operand_text(call, 1);
    ms_view view = ms_view_asked(call);
    ms_book *book = NULL;
    char *end = NULL;
    long number = which != NULL ? strtol(which, &end, 10) : 0;
    if (which != NULL && (*end != '\0' || number < 1))
        return ms_exit_of(ms_fail(&call->err, MS_USAGE, "\"%s\" is no number of an entry", which));
    ms_status status = ms_open_book(call, ms_operand_text(call, 0), false, &book);
    if (status == MS_OK)
        status = which != NULL ? ms_report_entry(&call->out, book, number, &view, &call->err)
                               : ms_report_book(&call->out, book, &view, &call->err);
    ms_book_close(book);
    return ms_exit_of(status);
}
