/* man.c: the table of verbs as manual pages. See man.h.
 *
 * mdoc reads a line that begins with a dot or an apostrophe as a macro, and a backslash begins an escape everywhere;
 * words behind a macro are macros too when they are called like one, so every text of ours there is in quotes.
 */
#include "cmd/man.h"

#include <ctype.h>
#include <string.h>

static const char PAGE_DATE[] =
    "November 22, 2026"; /* of the pages' present shape; no date of the build gets into them */

/* Appends length bytes, safe at the start of a line or within one. */
static void put(ms_buf *out, const char *text, size_t length, bool line_start)
{
    if (line_start && length > 0 && (text[0] == '.' || text[0] == '\''))
        ms_buf_text(out, "\\&");
    for (size_t ix = 0; ix < length; ix++) {
        if (text[ix] == '\\')
            ms_buf_text(out, "\\e");
        else if (text[ix] == '-')
            ms_buf_text(out, "\\-");
        else if (text[ix] == '~')
            ms_buf_text(out, "\\(ti");
        else if (text[ix] == '\'')
            ms_buf_text(out, "\\(aq");
        else if (text[ix] == '`')
            ms_buf_text(out, "\\(ga");
        else
            ms_buf_put(out, &text[ix], 1);
    }
}

/* Appends text as one word behind a macro. */
static void word(ms_buf *out, const char *text)
{
    ms_buf_text(out, " \"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            ms_buf_text(out, "\\(dq");
        else
            put(out, text, 1, false);
    }
    ms_buf_text(out, "\"");
}

static bool ends_sentence(const char *text, size_t length)
{
    return length > 1 && strchr(".:;", text[length - 1]) != NULL;
}

/* Appends paragraphs: one sentence a line, an empty line becomes a new paragraph, `...` is literal. */
static void paragraphs(ms_buf *out, const char *text)
{
    bool line_start = true;
    while (*text != '\0') {
        if (*text == '\n') {
            ms_buf_text(out, line_start ? ".Pp\n" : "\n.Pp\n");
            text += strspn(text, "\n");
            line_start = true;
        } else if (*text == '`') {
            size_t length = strcspn(text + 1, "`");
            char literal[256];
            size_t kept = length < sizeof literal ? length : sizeof literal - 1;
            memcpy(literal, text + 1, kept);
            literal[kept] = '\0';
            ms_buf_text(out, line_start ? ".Ql" : "\n.Ql");
            word(out, literal);
            text += length + 1 + (text[length + 1] == '`');
            size_t after = strspn(text, ".,;:)"); /* punctuation behind a macro is a word of its own */
            for (size_t ix = 0; ix < after; ix++)
                ms_buf_printf(out, " %c", text[ix]);
            ms_buf_text(out, "\n");
            text += after;
            text += *text == ' ';
            line_start = true;
        } else {
            size_t length = strcspn(text, " \n`");
            bool break_after = ends_sentence(text, length) && text[length] == ' ';
            put(out, text, length, line_start);
            text += length;
            line_start = break_after;
            if (*text == ' ') {
                bool literal_next = text[1] == '`' || text[1] == '\0';
                ms_buf_text(out, break_after ? "\n" : literal_next ? "" : " ");
                text++;
            }
        }
    }
    if (!line_start)
        ms_buf_text(out, "\n");
}

static void head(ms_buf *out, const char *name, const char *summary)
{
    ms_buf_printf(out, ".Dd %s\n.Dt ", PAGE_DATE);
    for (const char *at = name; *at != '\0'; at++)
        ms_buf_printf(out, "%c", toupper((unsigned char)*at));
    ms_buf_printf(out, " 1\n.Os Mainstay " MS_VERSION "\n.Sh NAME\n.Nm %s\n.Nd %s\n", name, summary);
}

static void examples(ms_buf *out, const ms_example *rows)
{
    if (rows[0].command == NULL)
        return;
    ms_buf_text(out, ".Sh EXAMPLES\n");
    for (const ms_example *row = rows; row->command != NULL; row++) {
        if (row->remark != NULL) {
            ms_buf_printf(out, "%c", toupper((unsigned char)row->remark[0]));
            put(out, row->remark + 1, strlen(row->remark + 1), false);
            ms_buf_text(out, row->remark[strlen(row->remark) - 1] == '?' ? "\n" : ":\n");
        }
        ms_buf_text(out, ".Bd -literal -offset indent\n");
        put(out, row->command, strlen(row->command), true);
        ms_buf_text(out, "\n.Ed\n");
        if (row[1].remark != NULL)
            ms_buf_text(out, ".Pp\n");
    }
}

static void definition_rows(ms_buf *out, const char *macro, const ms_row *rows)
{
    ms_buf_text(out, ".Bl -tag -width Ds\n");
    for (const ms_row *row = rows; row->name != NULL; row++) {
        ms_buf_printf(out, ".It%s", macro);
        word(out, row->name);
        ms_buf_text(out, "\n");
        paragraphs(out, row->meaning);
    }
    ms_buf_text(out, ".El\n");
}

static void option_row(ms_buf *out, const ms_option *option)
{
    ms_buf_text(out, ".It");
    if (option->letter != 0)
        ms_buf_printf(out, " Fl %c ,", option->letter);
    ms_buf_text(out, " Fl");
    ms_buf_text(out, " \\-");
    put(out, option->name, strlen(option->name), false);
    if (option->argument != NULL) {
        ms_buf_text(out, " Ar");
        word(out, option->argument);
    }
    ms_buf_text(out, "\n");
    paragraphs(out, option->help);
    if (option->fallback != NULL) {
        ms_buf_text(out, "[");
        put(out, option->fallback, strlen(option->fallback), false);
        ms_buf_text(out, "]\n");
    }
}

static void options(ms_buf *out, const ms_verb *verb)
{
    const ms_option *option;
    ms_buf_text(out, ".Bl -tag -width Ds\n");
    for (const ms_operand *operand = verb->operands; operand->name != NULL; operand++) {
        ms_buf_text(out, ".It Ar");
        word(out, operand->name);
        ms_buf_text(out, "\n");
        paragraphs(out, operand->help);
    }
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden)
            option_row(out, option);
    }
    ms_buf_text(out, ".El\n");
}

void ms_man_name(ms_buf *out, const ms_verb *verb)
{
    ms_buf_text(out, "mainstay-");
    for (const char *at = verb->name; *at != '\0'; at++)
        ms_buf_put(out, *at == ' ' ? "-" : at, 1);
}

/* The rows of the verbs of group, or (NULL) of those in no group. */
static void verb_list(ms_buf *out, const ms_verb *group)
{
    ms_buf_text(out, ".Bl -tag -width Ds\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (group != NULL ? !ms_verb_within(verb, group) : strchr(verb->name, ' ') != NULL)
            continue;
        ms_buf_text(out, ".It Xr ");
        ms_man_name(out, verb);
        ms_buf_text(out, " 1\n");
        paragraphs(out, verb->summary);
    }
    ms_buf_text(out, ".El\n");
}

void ms_man_verb(ms_buf *out, const ms_verb *verb)
{
    ms_buf name = {0};
    ms_man_name(&name, verb);
    if (name.text == NULL) {
        out->failed = true;
        return;
    }
    head(out, name.text, verb->summary);
    ms_buf_text(out, ".Sh SYNOPSIS\n.Nm mainstay\n.Cm");
    word(out, verb->name);
    ms_buf_text(out, " Ar");
    word(out, verb->synopsis);
    ms_buf_text(out, "\n.Sh DESCRIPTION\n");
    paragraphs(out, verb->story);
    if (verb->run == NULL)
        verb_list(out, verb);
    else
        options(out, verb);
    ms_buf_text(out, ".Sh EXIT STATUS\n");
    definition_rows(out, "", ms_program_exits);
    examples(out, verb->examples);
    ms_buf_text(out, ".Sh SEE ALSO\n.Xr mainstay 1\n");
    ms_buf_free(&name);
}

void ms_man_program(ms_buf *out)
{
    head(out, "mainstay", ms_program_summary);
    ms_buf_text(out, ".Sh SYNOPSIS\n.Nm\n.Ar verb\n.Op Ar options\n.Nm\n.Fl \\-version\n.Sh DESCRIPTION\n");
    paragraphs(out, ms_program_story);
    ms_buf_text(out, ".Pp\nThe verbs:\n");
    verb_list(out, NULL);
    ms_buf_text(
        out, ".Pp\nEvery verb takes\n.Fl \\-help .\nThe files of a case are described by\n.Ql mainstay help format .\n"
             ".Sh ENVIRONMENT\n");
    definition_rows(out, " Ev", ms_program_variables);
    ms_buf_text(out, ".Sh EXIT STATUS\n");
    definition_rows(out, "", ms_program_exits);
    examples(out, ms_program_examples);
}
