/* options.c: the words behind a verb, against its row of the table. See options.h. */
#include "cmd/options.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/nearest.h"

/* ---- the table's rows ---- */

static const ms_option view_options[] = {
    {"json", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "write JSON, for programs", false},
    {"csv", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "write CSV, for spreadsheets", false},
    {"color", 0, MS_VALUE_CHOICE, "auto|always|never", 0, 0, "auto",
     "colours; auto: on a terminal, unless NO_COLOR is set", false},
    {"width", 0, MS_VALUE_COUNT, "COLUMNS", MS_WIDTH_LEAST, MS_WIDTH_MOST, "the terminal's, or 80",
     "columns to write text in", false},
    {0},
};
static const ms_option quiet_options[] = {
    {"quiet", 'q', MS_VALUE_NONE, NULL, 0, 0, NULL, "no progress and no notes on standard error", false},
    {0},
};
static const ms_option key_options[] = {
    {"passphrase-file", 0, MS_VALUE_FILE, "FILE", 0, 0, NULL,
     "its first line is the passphrase of the key; else it is asked for on the terminal", false},
    {0},
};
static const ms_option help_options[] = {
    {"help", 'h', MS_VALUE_NONE, NULL, 0, 0, NULL, "explain this verb", false},
    {0},
};

const ms_option *ms_verb_option(const ms_verb *verb, int ix)
{
    const ms_option *const lists[] = {
        verb->options,
        (verb->common & MS_COMMON_VIEW) != 0 ? view_options : NULL,
        (verb->common & MS_COMMON_QUIET) != 0 ? quiet_options : NULL,
        (verb->common & MS_COMMON_KEY) != 0 ? key_options : NULL,
        help_options,
    };
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++) {
        for (const ms_option *row = lists[list]; row != NULL && row->name != NULL; row++, ix--) {
            if (ix == 0)
                return row;
        }
    }
    return NULL;
}

/* ---- values ---- */

static ms_status usage(ms_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
static ms_status usage(ms_error *err, const char *format, ...)
{
    va_list args;
    *err = (ms_error){.code = MS_USAGE};
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return MS_USAGE;
}

/* The number of the word among choices such as "auto|lp|greedy", or -1. */
static int choice_of(const char *choices, const char *word)
{
    size_t length = strlen(word);
    int ix = 0;
    for (const char *at = choices;; ix++) {
        size_t span = strcspn(at, "|");
        if (span == length && strncmp(at, word, length) == 0)
            return ix;
        if (at[span] == '\0')
            return -1;
        at += span + 1;
    }
}

/* The choice that word may have meant, copied to out; "" when none is near. */
static void near_choice(char out[MS_NAME_BYTES], const char *choices, const char *word)
{
    ms_nearest nearest = {.word = word};
    char one[MS_NAME_BYTES];
    out[0] = '\0';
    for (const char *at = choices; *at != '\0'; at += *at == '|') {
        size_t span = strcspn(at, "|");
        int before = nearest.best == NULL ? -1 : nearest.distance;
        snprintf(one, sizeof one, "%.*s", (int)span, at);
        ms_nearest_offer(&nearest, one);
        if (nearest.best != NULL && (before < 0 || nearest.distance < before))
            memcpy(out, one, sizeof one);
        at += span;
    }
}

static ms_status check_number(const ms_option *option, const char *text, ms_error *err)
{
    char *end = NULL;
    double value = strtod(text, &end);
    size_t plain = strspn(text, option->value == MS_VALUE_COUNT ? "+-0123456789" : "+-.eE0123456789");
    if (text[0] == '\0' || *end != '\0' || text[plain] != '\0' || !isfinite(value))
        return usage(err, "--%s: \"%s\" is not a %snumber", option->name, text,
                     option->value == MS_VALUE_COUNT ? "whole " : "");
    if (value < option->least || value > option->most)
        return usage(err, "--%s: %s is out of range; from %.15g to %.15g", option->name, text, option->least,
                     option->most);
    return MS_OK;
}

static ms_status check_value(const ms_option *option, const char *text, ms_error *err)
{
    char near[MS_NAME_BYTES];
    switch (option->value) {
    case MS_VALUE_NUMBER:
    case MS_VALUE_COUNT:
        return check_number(option, text, err);
    case MS_VALUE_CHOICE:
        if (choice_of(option->argument, text) >= 0)
            return MS_OK;
        near_choice(near, option->argument, text);
        if (near[0] != '\0')
            return usage(err, "--%s: there is no \"%s\"; did you mean \"%s\"?", option->name, text, near);
        return usage(err, "--%s: there is no \"%s\"; it is one of %s", option->name, text, option->argument);
    case MS_VALUE_TEXT:
    case MS_VALUE_FILE:
    case MS_VALUE_FOLDER:
    case MS_VALUE_VERB:
        return text[0] != '\0' ? MS_OK : usage(err, "--%s: %s is empty", option->name, option->argument);
    case MS_VALUE_NONE:
        break;
    }
    return MS_OK;
}

/* ---- words ---- */

typedef struct {
    ms_args *args;
    const ms_verb *verb;
    char **words;
    int count, at; /* at: the word that is read next */
    ms_error *err;
} reader;

/* The number of the option called name (of length bytes), or of that letter when name is NULL; -1: there is none. */
static int find_option(const ms_verb *verb, const char *name, size_t length, char letter)
{
    const ms_option *option;
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (name == NULL ? option->letter == letter
                         : strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return ix;
    }
    return -1;
}

static ms_status unknown_option(const ms_verb *verb, const char *word, size_t length, ms_error *err)
{
    char name[MS_NAME_BYTES];
    const ms_option *option;
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), word);
    ms_nearest nearest = {.word = name};
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden)
            ms_nearest_offer(&nearest, option->name);
    }
    if (nearest.best != NULL)
        return usage(err, "%s has no option --%s; did you mean --%s?", verb->name, name, nearest.best);
    return usage(err, "%s has no option --%s", verb->name, name);
}

/* Takes the next word as the value of option ix. */
static ms_status take_next(reader *in, int ix)
{
    const ms_option *option = ms_verb_option(in->verb, ix);
    const char *next = in->at < in->count ? in->words[in->at] : NULL;
    /* What looks like an option is more likely a forgotten value; a negative number and "-" are values. */
    bool option_like = next != NULL && next[0] == '-' && next[1] != '\0' && strchr(".0123456789", next[1]) == NULL;
    if (next == NULL || option_like)
        return usage(in->err, "--%s needs a value: --%s %s", option->name, option->name, option->argument);
    in->at++;
    in->args->values[ix] = next;
    return check_value(option, next, in->err);
}

static ms_status read_long(reader *in, const char *word)
{
    size_t length = strcspn(word, "=");
    int ix = find_option(in->verb, word, length, 0);
    if (ix < 0)
        return unknown_option(in->verb, word, length, in->err);
    const ms_option *option = ms_verb_option(in->verb, ix);
    if (option->value == MS_VALUE_NONE) {
        if (word[length] == '=')
            return usage(in->err, "--%s takes no value", option->name);
        in->args->values[ix] = "";
        return MS_OK;
    }
    if (word[length] != '=')
        return take_next(in, ix);
    in->args->values[ix] = word + length + 1;
    return check_value(option, word + length + 1, in->err);
}

/* letters is what follows the dash: switches, the last of them perhaps an option with its value behind it. */
static ms_status read_letters(reader *in, const char *letters)
{
    for (const char *letter = letters; *letter != '\0'; letter++) {
        int ix = find_option(in->verb, NULL, 0, *letter);
        if (ix < 0)
            return usage(in->err, "%s has no option -%.1s", in->verb->name, letter);
        const ms_option *option = ms_verb_option(in->verb, ix);
        if (option->value != MS_VALUE_NONE) {
            if (letter[1] == '\0')
                return take_next(in, ix);
            in->args->values[ix] = letter + 1;
            return check_value(option, letter + 1, in->err);
        }
        in->args->values[ix] = "";
    }
    return MS_OK;
}

static ms_status read_operand(reader *in, const char *word)
{
    int most = 0;
    while (in->verb->operands[most].name != NULL)
        most++;
    if (in->verb->many)
        most = MS_WORDS_MOST;
    if (in->args->operand_count >= most)
        return usage(in->err, "%s: \"%s\" is one word too many", in->verb->name, word);
    in->args->operands[in->args->operand_count++] = word;
    return MS_OK;
}

/* What the words say together. */
static ms_status check_together(const ms_verb *verb, const ms_args *args, ms_error *err)
{
    int given = 0;
    while (given < args->operand_count && verb->operands[given].name != NULL)
        given++;
    const ms_operand *missing = &verb->operands[given];
    if (missing->name != NULL && !missing->optional)
        return usage(err, "%s needs %s: mainstay %s %s", verb->name, missing->name, verb->name, verb->synopsis);
    if ((verb->common & MS_COMMON_VIEW) != 0 && args->values[find_option(verb, "json", 4, 0)] != NULL &&
        args->values[find_option(verb, "csv", 3, 0)] != NULL)
        return usage(err, "%s writes either --json or --csv", verb->name);
    return MS_OK;
}

ms_status ms_options_parse(ms_args *out, const ms_verb *verb, int count, char **words, ms_error *err)
{
    ms_args args = {0};
    reader in = {&args, verb, words, count, 0, err};
    int help_ix = find_option(verb, "help", 4, 0);
    bool options_end = false;
    while (in.at < count && args.values[help_ix] == NULL) {
        const char *word = words[in.at++];
        ms_status status;
        if (options_end || word[0] != '-' || word[1] == '\0')
            status = read_operand(&in, word);
        else if (word[1] != '-')
            status = read_letters(&in, word + 1);
        else if (word[2] != '\0')
            status = read_long(&in, word + 2);
        else
            options_end = true, status = MS_OK;
        if (status != MS_OK)
            return status;
    }
    args.help = args.values[help_ix] != NULL;
    if (!args.help) {
        ms_status status = check_together(verb, &args, err);
        if (status != MS_OK)
            return status;
    }
    *out = args;
    return MS_OK;
}

/* ---- what a verb asks ---- */

static int option_ix(const ms_call *call, const char *name)
{
    int ix = find_option(call->verb, name, strlen(name), 0);
    assert(ix >= 0 && "a verb asks for an option that its row does not have");
    return ix;
}

bool ms_option_given(const ms_call *call, const char *name)
{
    return call->args.values[option_ix(call, name)] != NULL;
}

const char *ms_option_text(const ms_call *call, const char *name)
{
    int ix = option_ix(call, name);
    const char *given = call->args.values[ix];
    return given != NULL ? given : ms_verb_option(call->verb, ix)->fallback;
}

double ms_option_number(const ms_call *call, const char *name)
{
    const char *text = ms_option_text(call, name);
    return text != NULL ? strtod(text, NULL) : 0;
}

long ms_option_count(const ms_call *call, const char *name)
{
    const char *text = ms_option_text(call, name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

int ms_option_choice(const ms_call *call, const char *name)
{
    const char *text = ms_option_text(call, name);
    int choice = choice_of(ms_verb_option(call->verb, option_ix(call, name))->argument, text);
    assert(choice >= 0);
    return choice;
}

const char *ms_operand_text(const ms_call *call, int ix)
{
    return ix < call->args.operand_count ? call->args.operands[ix] : NULL;
}
