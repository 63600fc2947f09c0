/* verb_posture.c: mainstay posture CASE|BOOK|PLAN: days of supply. */
#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

/* Below the posture of a book: what partners gave in a form that cannot be added to it. */
static ms_status tell_stated(ms_call *call, const ms_posture_options *options, const ms_view *view)
{
    ms_book *book = NULL;
    const char *path = ms_operand_text(call, 0);
    if (!ms_book_is_one(path) || view->format != MS_FORMAT_TEXT || options->site || options->item || options->map)
        return MS_OK;
    ms_status status = ms_open_book(call, path, false, &book);
    if (status == MS_OK)
        status = ms_report_stated(&call->out, book, options->partner, view, &call->err);
    ms_book_close(book);
    return status;
}

ms_exit ms_verb_posture(ms_call *call)
{
    ms_plan *plan = NULL;
    ms_case *kase = NULL;
    ms_view view = ms_view_asked(call);
    ms_posture_options options = {
        .by = (ms_posture_by)ms_option_choice(call, "by"),
        .partner = ms_option_given(call, "partner") ? ms_option_text(call, "partner") : NULL,
        .site = ms_option_given(call, "site") ? ms_option_text(call, "site") : NULL,
        .item = ms_option_given(call, "item") ? ms_option_text(call, "item") : NULL,
        .target_days = ms_option_number(call, "target"),
        .map = ms_option_given(call, "map"),
    };
    ms_status status = ms_open_either(call, ms_operand_text(call, 0), &plan, &kase);
    if (status == MS_OK)
        status = ms_report_posture(&call->out, kase, plan, &options, &view, &call->err);
    if (status == MS_OK)
        status = tell_stated(call, &options, &view);
    ms_plan_free(plan);
    ms_case_free(kase);
    return ms_exit_of(status);
}
