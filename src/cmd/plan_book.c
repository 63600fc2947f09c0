/* plan_book.c: see plan_book.h. */
#include "cmd/plan_book.h"

#include <string.h>

#include "cmd/open.h"
#include "cmd/options.h"
#include "cmd/output.h"

/* The case at the position asked for, which is fixed before the case is read: what is appended meanwhile is not in it.
 */
static ms_status open_case(ms_plan_book *from, ms_call *call, const char *path, ms_case **kase)
{
    ms_findings findings = {0};
    ms_status status = MS_OK;
    if (from->again)
        from->position = from->kept.position;
    else if (ms_option_given(call, "as-of"))
        from->position = ms_option_count(call, "as-of");
    else
        status = ms_book_position(&from->position, from->book, &call->err);
    if (status == MS_OK) {
        ms_book_view view = {.as_of = from->position};
        status = ms_ledger_case(kase, from->book, &view, &findings, &call->err);
        status = ms_tell_findings(call, path, &findings, status);
    }
    ms_findings_free(&findings);
    return status;
}

/* With --again only where to write and how fast may be asked for: the rest is the kept plan's. */
static ms_status take_options(ms_plan_book *from, ms_call *call, ms_plan_options *options)
{
    static const char *const fixed[] = {"engine", "gap", "time-limit", "no-alone", "contingency", "as-of", "keep"};
    for (size_t ix = 0; ix < sizeof fixed / sizeof fixed[0]; ix++)
        if (ms_option_given(call, fixed[ix]))
            return ms_fail(&call->err, MS_USAGE, "--again and --%s do not go together", fixed[ix]);
    ms_status status = ms_book_kept_plan(&from->kept, from->book, ms_option_count(call, "again"), &call->err);
    if (status != MS_OK)
        return status;
    from->again = true;
    options->engine = from->kept.options.engine;
    options->gap = from->kept.options.gap;
    options->alone = from->kept.options.alone;
    options->contingencies = from->kept.options.contingencies;
    options->contingency_count = from->kept.options.contingency_count;
    return MS_OK;
}

ms_status ms_plan_book_open(ms_plan_book *out, ms_call *call, const char *path, ms_case **kase,
                            ms_plan_options *options)
{
    static const char *const wanted[] = {"keep", "again", "as-of"};
    *out = (ms_plan_book){0};
    if (!ms_book_is_one(path)) {
        for (size_t ix = 0; ix < sizeof wanted / sizeof wanted[0]; ix++)
            if (ms_option_given(call, wanted[ix]))
                return ms_fail(&call->err, MS_USAGE, "--%s needs a book; %s is none", wanted[ix], path);
        return ms_open_case(call, path, kase);
    }
    ms_status status = ms_open_book(call, path, ms_option_given(call, "keep"), &out->book);
    if (status == MS_OK && ms_option_given(call, "again"))
        status = take_options(out, call, options);
    return status == MS_OK ? open_case(out, call, path, kase) : status;
}

static ms_status keep(ms_plan_book *from, ms_call *call, const ms_plan_options *options, const ms_plan *plan,
                      const char *folder)
{
    const char *slash = strrchr(folder, '/');
    int64_t number = 0;
    if (ms_plan_stopped(plan)) {
        ms_say("the plan was stopped early, so that nobody could make it again; it is not kept in the book");
        return MS_OK;
    }
    ms_status status = ms_book_keep_plan(&number, from->book, from->position, options,
                                         slash != NULL ? slash + 1 : folder, folder, ms_plan_objective(plan),
                                         ms_plan_bound(plan), &call->err);
    if (status == MS_OK && !ms_option_given(call, "quiet"))
        ms_say("kept as entry %lld, made from entries 1 to %lld; --again %lld makes it again", (long long)number,
               (long long)from->position, (long long)number);
    return status;
}

static ms_status compare(ms_plan_book *from, ms_call *call, const char *folder)
{
    char digest[65];
    ms_status status = ms_book_folder_digest(digest, folder, &call->err);
    if (status != MS_OK)
        return status;
    if (strcmp(digest, from->kept.digest) == 0) {
        if (!ms_option_given(call, "quiet"))
            ms_say("%s is the plan of entry %ld, byte for byte", folder, ms_option_count(call, "again"));
        return MS_OK;
    }
    return ms_fail(&call->err, MS_BAD_INPUT, "%s is not the plan of entry %ld, which version %s made", folder,
                   ms_option_count(call, "again"), from->kept.version);
}

ms_status ms_plan_book_finish(ms_plan_book *from, ms_call *call, const ms_plan_options *options, const ms_plan *plan,
                              const char *folder)
{
    if (ms_option_given(call, "keep"))
        return keep(from, call, options, plan, folder);
    return from->again ? compare(from, call, folder) : MS_OK;
}

void ms_plan_book_close(ms_plan_book *from)
{
    ms_book_close(from->book);
    ms_kept_plan_free(&from->kept);
}
