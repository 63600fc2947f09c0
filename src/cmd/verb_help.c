/* verb_help.c: mainstay help: verbs, topics, man pages, completions, documentation. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/completion.h"
#include "cmd/help.h"
#include "cmd/man.h"
#include "cmd/nearest.h"
#include "cmd/options.h"
#include "cmd/output.h"

/* Writes what make has put into page as the file name in folder, and empties page. */
static ms_status write_page(const char *folder, const char *name, ms_buf *page, ms_error *err)
{
    char path[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    ms_status status = size > 0 && size < PATH_MAX ? ms_output_file(path, page, err)
                                                   : ms_fail(err, MS_USAGE, "%s: name too long", folder);
    ms_buf_reset(page);
    return status;
}

static ms_status make_folder(const char *folder, ms_error *err)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return ms_fail(err, MS_IO, "%s: %s", folder, strerror(errno));
    return MS_OK;
}

static ms_status write_man(const char *folder, ms_error *err)
{
    ms_buf page = {0}, name = {0};
    ms_status status = make_folder(folder, err);
    if (status == MS_OK) {
        ms_man_program(&page);
        status = write_page(folder, "mainstay.1", &page, err);
    }
    for (const ms_verb *verb = ms_verbs; verb->name != NULL && status == MS_OK; verb++) {
        ms_buf_reset(&name);
        ms_man_name(&name, verb);
        ms_buf_text(&name, ".1");
        ms_man_verb(&page, verb);
        status = name.failed ? ms_fail(err, MS_NO_MEMORY, "out of memory") : write_page(folder, name.text, &page, err);
    }
    ms_buf_free(&page);
    ms_buf_free(&name);
    return status;
}

static ms_status commands_markdown(ms_buf *out, ms_error *err)
{
    (void)err;
    ms_help_markdown(out);
    return MS_OK;
}

static ms_status write_docs(const char *folder, ms_error *err)
{
    static const struct {
        const char *name;
        ms_status (*put)(ms_buf *, ms_error *);
    } pages[] = {{"case-format.md", ms_format_markdown},
                 {"plan-format.md", ms_plan_format_markdown},
                 {"api.md", ms_api_markdown},
                 {"ledger.md", ms_ledger_markdown},
                 {"commands.md", commands_markdown}};
    ms_buf page = {0};
    ms_status status = make_folder(folder, err);
    for (size_t i = 0; i < sizeof pages / sizeof *pages && status == MS_OK; i++) {
        ms_buf_reset(&page);
        status = pages[i].put(&page, err);
        if (status == MS_OK)
            status = write_page(folder, pages[i].name, &page, err);
    }
    ms_buf_free(&page);
    return status;
}

static void write_completion(ms_buf *out, int shell)
{
    static void (*const shells[])(ms_buf *) = {ms_completion_bash, ms_completion_zsh, ms_completion_fish};
    shells[shell](out);
}

/* Help on the verb or topic called name. */
static ms_status write_topic(ms_call *call, const char *name)
{
    const ms_verb *verb = ms_verb_find(ms_verbs, name);
    if (verb != NULL) {
        ms_help_verb(&call->out, verb, call->terminal.out_colour);
        return MS_OK;
    }
    if (strcmp(name, "format") == 0)
        return ms_format_markdown(&call->out, &call->err);
    ms_nearest nearest = {.word = name};
    for (verb = ms_verbs; verb->name != NULL; verb++)
        ms_nearest_offer(&nearest, verb->name);
    for (const ms_row *row = ms_program_topics; row->name != NULL; row++)
        ms_nearest_offer(&nearest, row->name);
    if (nearest.best != NULL)
        return ms_fail(&call->err, MS_USAGE, "there is no verb or topic \"%s\"; did you mean \"%s\"?", name,
                       nearest.best);
    return ms_fail(&call->err, MS_USAGE, "there is no verb or topic \"%s\"", name);
}

ms_exit ms_verb_help(ms_call *call)
{
    char name[2 * MS_NAME_BYTES];
    ms_status status = MS_OK;
    if (ms_option_given(call, "man"))
        status = write_man(ms_option_text(call, "man"), &call->err);
    if (status == MS_OK && ms_option_given(call, "docs"))
        status = write_docs(ms_option_text(call, "docs"), &call->err);
    if (status == MS_OK && ms_option_given(call, "completion"))
        write_completion(&call->out, ms_option_choice(call, "completion"));
    if (ms_option_given(call, "man") || ms_option_given(call, "docs") || ms_option_given(call, "completion"))
        return ms_exit_of(status);
    if (call->args.operand_count == 0) {
        ms_help_program(&call->out, call->terminal.out_colour);
        return MS_EXIT_DONE;
    }
    const char *second = ms_operand_text(call, 1);
    snprintf(name, sizeof name, "%s%s%s", ms_operand_text(call, 0), second != NULL ? " " : "",
             second != NULL ? second : "");
    return ms_exit_of(write_topic(call, name));
}
