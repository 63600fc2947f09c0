/* dispatch.c: finds the verb, reads its options, runs it, and sees its answer out. See dispatch.h. */
#include "cmd/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "cmd/help.h"
#include "cmd/nearest.h"
#include "cmd/options.h"
#include "cmd/output.h"

const ms_verb *ms_verb_find(const ms_verb *verbs, const char *name)
{
    for (const ms_verb *verb = verbs; verb->name != NULL; verb++) {
        if (strcmp(verb->name, name) == 0)
            return verb;
    }
    return NULL;
}

bool ms_verb_within(const ms_verb *verb, const ms_verb *group)
{
    size_t length = strlen(group->name);
    return strncmp(verb->name, group->name, length) == 0 && verb->name[length] == ' ';
}

/* Says that group (NULL: the program) has no such verb. */
static ms_exit unknown_verb(const ms_verb *group, const char *word)
{
    char name[MS_NAME_BYTES], near[2 * MS_NAME_BYTES] = "";
    snprintf(name, sizeof name, "%s%s%s", group != NULL ? group->name : "", group != NULL ? " " : "", word);
    ms_nearest nearest = {.word = name};
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        ms_nearest_offer(&nearest, verb->name);
    if (nearest.best != NULL)
        snprintf(near, sizeof near, "; did you mean \"%s\"?", nearest.best);
    ms_buf safe = {0};
    ms_buf_safe(&safe, name);
    ms_say("there is no verb \"%s\"%s", safe.text != NULL ? safe.text : "", near);
    ms_say("see `mainstay help`");
    ms_buf_free(&safe);
    return MS_EXIT_USAGE;
}

/* What asks for the program itself instead of a verb. Returns false when word is something else. */
static bool program_option(ms_call *call, const char *word, ms_exit *exit_status)
{
    *exit_status = MS_EXIT_DONE;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        ms_buf_text(&call->out, "mainstay " MS_VERSION "\n");
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        ms_help_program(&call->out, call->terminal.out_colour);
    } else if (word[0] == '-') {
        ms_say("%s: options stand behind a verb", word);
        ms_say("see `mainstay help`");
        *exit_status = MS_EXIT_USAGE;
    } else {
        return false;
    }
    return true;
}

/* Finds the verb that words begin with; *used becomes the number of its words. NULL: it was said that there is none. */
static const ms_verb *find_verb(int count, char **words, int *used)
{
    const ms_verb *verb = ms_verb_find(ms_verbs, words[0]);
    *used = 1;
    if (verb == NULL) {
        unknown_verb(NULL, words[0]);
        return NULL;
    }
    if (verb->run != NULL || count < 2 || words[1][0] == '-')
        return verb;
    char name[MS_NAME_BYTES];
    snprintf(name, sizeof name, "%s %s", words[0], words[1]);
    const ms_verb *inner = ms_verb_find(ms_verbs, name);
    if (inner == NULL)
        unknown_verb(verb, words[1]);
    *used = 2;
    return inner;
}

static ms_exit run_verb(ms_call *call, int count, char **words)
{
    if (ms_options_parse(&call->args, call->verb, count, words, &call->err) != MS_OK)
        return MS_EXIT_USAGE;
    if (call->args.help) {
        ms_help_verb(&call->out, call->verb, call->terminal.out_colour);
        return MS_EXIT_DONE;
    }
    if (call->verb->run == NULL) { /* a group alone: say what is in it */
        ms_help_verb(&call->out, call->verb, call->terminal.out_colour);
        return MS_EXIT_USAGE;
    }
    if (ms_rank_count() > 1 && (call->verb->common & MS_COMMON_RANKS) == 0) {
        ms_fail(&call->err, MS_USAGE, "%s does not share its work among ranks; run it alone", call->verb->name);
        return MS_EXIT_USAGE;
    }
    return call->verb->run(call);
}

static ms_exit dispatch(ms_call *call, int count, char **words)
{
    ms_exit exit_status;
    int used = 0;
    if (count == 0) {
        ms_buf text = {0};
        ms_help_program(&text, call->terminal.err_colour);
        fputs(text.text != NULL ? text.text : "", stderr);
        ms_buf_free(&text);
        return MS_EXIT_USAGE;
    }
    if (program_option(call, words[0], &exit_status))
        return exit_status;
    call->verb = find_verb(count, words, &used);
    return call->verb == NULL ? MS_EXIT_USAGE : run_verb(call, count - used, words + used);
}

ms_exit ms_dispatch(const ms_terminal *terminal, int argc, char **argv)
{
    ms_call call = {.terminal = *terminal};
    ms_exit exit_status = dispatch(&call, argc > 0 ? argc - 1 : 0, argv + 1);
    if (call.err.code != MS_OK) {
        ms_say_error(terminal, &call.err);
        if (call.err.code == MS_USAGE && call.verb != NULL) {
            bool help = strcmp(call.verb->name, "help") == 0;
            ms_say("see `mainstay help%s%s`", help ? "" : " ", help ? "" : call.verb->name);
        }
    }
    ms_error err = {0};
    ms_status status = ms_output_answer(&call.out, &err);
    if (status == MS_OK)
        status = ms_output_close(&err);
    if (status != MS_OK) {
        ms_say_error(terminal, &err);
        exit_status = ms_exit_of(status);
    }
    ms_buf_free(&call.out);
    return exit_status;
}
