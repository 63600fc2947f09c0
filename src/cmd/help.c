/* help.c: the table of verbs as text and as Markdown. See help.h. */
#include "cmd/help.h"

#include <ctype.h>
#include <string.h>

enum { HELP_WIDTH = 79, COLUMN_MOST = 26 };

/* ---- text ---- */

static void heading(ms_buf *out, const char *text, bool colour)
{
    ms_buf_printf(out, "%s%s%s%s\n", out->length > 0 ? "\n" : "", colour ? "\033[1m" : "", text,
                  colour ? "\033[0m" : "");
}

static void spaces(ms_buf *out, int count)
{
    ms_buf_printf(out, "%*s", count, "");
}

/* Appends the words of text in lines that begin at column indent, the first at column `at` already. Texts are ASCII. */
static void wrap(ms_buf *out, const char *text, int at, int indent)
{
    int column = at;
    bool fresh = true;
    while (*text != '\0') {
        int length = (int)strcspn(text, " \n");
        if (text[0] == '\n') { /* an empty line: a new paragraph */
            text += strspn(text, "\n");
            ms_buf_text(out, "\n\n");
            spaces(out, indent);
            column = indent;
            fresh = true;
            continue;
        }
        if (!fresh && column + 1 + length > HELP_WIDTH) {
            ms_buf_text(out, "\n");
            spaces(out, indent);
            column = indent;
            fresh = true;
        }
        ms_buf_text(out, fresh ? "" : " ");
        ms_buf_put(out, text, (size_t)length);
        column += length + !fresh;
        fresh = false;
        text += length;
        text += *text == ' ';
    }
    ms_buf_text(out, "\n");
}

/* Widens *column, where the second of two columns begins, for this text in the first. */
static void widen(int *column, const char *left)
{
    int wanted = (int)strlen(left) + 4;
    if (wanted > *column)
        *column = wanted > COLUMN_MOST ? COLUMN_MOST : wanted;
}

/* A row of two columns: left, then text from column on, on the next line where left is too long. */
static void two_columns(ms_buf *out, int column, const char *left, const char *text)
{
    int length = (int)strlen(left);
    ms_buf_printf(out, "  %s", left);
    if (length + 4 > column) {
        ms_buf_text(out, "\n");
        length = -2;
    }
    spaces(out, column - length - 2);
    wrap(out, text, column, column);
}

static void examples(ms_buf *out, const ms_example *rows, bool colour)
{
    int widest = 0;
    heading(out, "Examples", colour);
    for (const ms_example *row = rows; row->command != NULL; row++) {
        int length = (int)strlen(row->command);
        widest = length > widest ? length : widest;
    }
    for (const ms_example *row = rows; row->command != NULL; row++) {
        bool beside = row->remark != NULL && widest + 6 + (int)strlen(row->remark) <= HELP_WIDTH;
        if (row->remark != NULL && !beside)
            ms_buf_printf(out, "  %s\n      # %s\n", row->command, row->remark);
        else if (beside)
            ms_buf_printf(out, "  %-*s  # %s\n", widest, row->command, row->remark);
        else
            ms_buf_printf(out, "  %s\n", row->command);
    }
}

static void option_row(ms_buf *out, const ms_option *option)
{
    ms_buf left = {0}, text = {0};
    ms_help_option_name(&left, option);
    ms_buf_text(&text, option->help);
    if (option->fallback != NULL)
        ms_buf_printf(&text, " [%s]", option->fallback);
    two_columns(out, COLUMN_MOST, left.text == NULL ? "" : left.text, text.text == NULL ? "" : text.text);
    out->failed = out->failed || left.failed || text.failed;
    ms_buf_free(&left);
    ms_buf_free(&text);
}

void ms_help_option_name(ms_buf *out, const ms_option *option)
{
    if (option->letter != 0)
        ms_buf_printf(out, "-%c, ", option->letter);
    else
        ms_buf_text(out, "    ");
    ms_buf_printf(out, "--%s", option->name);
    if (option->argument != NULL)
        ms_buf_printf(out, " %s", option->argument);
}

static void rows(ms_buf *out, const ms_row *list)
{
    int column = 0;
    for (const ms_row *row = list; row->name != NULL; row++)
        widen(&column, row->name);
    for (const ms_row *row = list; row->name != NULL; row++)
        two_columns(out, column, row->name, row->meaning);
}

/* True for the verbs of group; without a group (NULL) for those that stand in none. */
static bool listed(const ms_verb *verb, const ms_verb *group)
{
    return group != NULL ? ms_verb_within(verb, group) : strchr(verb->name, ' ') == NULL;
}

static void verb_rows(ms_buf *out, const ms_verb *group)
{
    int column = 0;
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (listed(verb, group))
            widen(&column, verb->name);
    }
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (listed(verb, group))
            two_columns(out, column, verb->name, verb->summary);
    }
}

void ms_help_program(ms_buf *out, bool colour)
{
    static const ms_row more[] = {
        {"mainstay help VERB", "what a verb does, with examples and options"},
        {"mainstay help format", "the files of a case, column by column"},
        {"mainstay --version", "which version this is"},
        {0},
    };
    examples(out, ms_program_examples, colour);
    heading(out, "Usage", colour);
    ms_buf_text(out, "  mainstay VERB [options]\n");
    heading(out, "Verbs", colour);
    verb_rows(out, NULL);
    heading(out, "More", colour);
    rows(out, more);
    heading(out, "Exit status", colour);
    rows(out, ms_program_exits);
}

static void operands_and_options(ms_buf *out, const ms_verb *verb, bool colour)
{
    const ms_option *option;
    int column = 0;
    if (verb->operands[0].name != NULL)
        ms_buf_text(out, "\n");
    for (const ms_operand *operand = verb->operands; operand->name != NULL; operand++)
        widen(&column, operand->name);
    for (const ms_operand *operand = verb->operands; operand->name != NULL; operand++)
        two_columns(out, column, operand->name, operand->help);
    heading(out, "Options", colour);
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden)
            option_row(out, option);
    }
}

void ms_help_verb(ms_buf *out, const ms_verb *verb, bool colour)
{
    examples(out, verb->examples, colour);
    heading(out, "Usage", colour);
    ms_buf_printf(out, "  mainstay %s %s\n", verb->name, verb->synopsis);
    if (verb->run == NULL) {
        heading(out, "Verbs", colour);
        verb_rows(out, verb);
    } else {
        operands_and_options(out, verb, colour);
    }
    heading(out, "What it does", colour);
    ms_buf_text(out, "  ");
    wrap(out, verb->story, 2, 2);
}

/* ---- Markdown ---- */

/* Appends text for a table's cell: a bar would end it. */
static void cell(ms_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        ms_buf_put(out, *text == '|' ? "\\|" : text, *text == '|' ? 2 : 1);
}

static void markdown_examples(ms_buf *out, const ms_example *list)
{
    int widest = 0;
    for (const ms_example *row = list; row->command != NULL; row++) {
        int length = (int)strlen(row->command);
        widest = length > widest ? length : widest;
    }
    ms_buf_text(out, "```\n");
    for (const ms_example *row = list; row->command != NULL; row++) {
        if (row->remark != NULL)
            ms_buf_printf(out, "%-*s  # %s\n", widest, row->command, row->remark);
        else
            ms_buf_printf(out, "%s\n", row->command);
    }
    ms_buf_text(out, "```\n\n");
}

static void markdown_options(ms_buf *out, const ms_verb *verb)
{
    const ms_option *option;
    ms_buf_text(out, "| option | what it does | otherwise |\n| --- | --- | --- |\n");
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (option->hidden)
            continue;
        ms_buf_text(out, "| `");
        if (option->letter != 0)
            ms_buf_printf(out, "-%c`, `", option->letter);
        ms_buf_printf(out, "--%s", option->name);
        if (option->argument != NULL) {
            ms_buf_text(out, " ");
            cell(out, option->argument);
        }
        ms_buf_text(out, "` | ");
        cell(out, option->help);
        ms_buf_printf(out, " | %s |\n", option->fallback != NULL ? option->fallback : "");
    }
}

static void markdown_verb(ms_buf *out, const ms_verb *verb)
{
    ms_buf_printf(out, "\n## mainstay %s\n\n%c%s.\n\n", verb->name, toupper((unsigned char)verb->summary[0]),
                  verb->summary + 1);
    markdown_examples(out, verb->examples);
    ms_buf_printf(out, "Usage: `mainstay %s %s`\n\n", verb->name, verb->synopsis);
    wrap(out, verb->story, 0, 0);
    ms_buf_text(out, "\n");
    for (const ms_operand *operand = verb->operands; operand->name != NULL; operand++)
        ms_buf_printf(out, "- `%s`: %s%s\n", operand->name, operand->help, operand->optional ? " (optional)" : "");
    if (verb->operands[0].name != NULL)
        ms_buf_text(out, "\n");
    if (verb->run != NULL)
        markdown_options(out, verb);
}

static void markdown_rows(ms_buf *out, const char *title, const char *name, const ms_row *list)
{
    ms_buf_printf(out, "\n## %s\n\n| %s | meaning |\n| --- | --- |\n", title, name);
    for (const ms_row *row = list; row->name != NULL; row++)
        ms_buf_printf(out, "| `%s` | %s |\n", row->name, row->meaning);
}

void ms_help_markdown(ms_buf *out)
{
    ms_buf_text(out, "# Commands\n\nWritten by `mainstay help --docs`; change the table in `src/cmd/verbs.c` "
                     "instead of this page.\n\n");
    wrap(out, ms_program_story, 0, 0);
    ms_buf_text(out, "\n");
    markdown_examples(out, ms_program_examples);
    ms_buf_text(out, "| verb | what it does |\n| --- | --- |\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        ms_buf_printf(out, "| `%s` | %s |\n", verb->name, verb->summary);
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        markdown_verb(out, verb);
    markdown_rows(out, "Exit status", "status", ms_program_exits);
    markdown_rows(out, "Environment", "variable", ms_program_variables);
}
