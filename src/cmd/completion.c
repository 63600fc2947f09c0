/* completion.c: the table of verbs as completions for bash, zsh and fish. See completion.h.
 *
 * Texts of the table are ASCII; those that go between single quotes of a shell are escaped for it.
 */
#include "cmd/completion.h"

#include <string.h>

/* Appends text for the inside of '...' in a POSIX shell; also without the characters in `drop`. */
static void quoted(ms_buf *out, const char *text, const char *drop)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            ms_buf_text(out, "'\\''");
        else if (strchr(drop, *text) == NULL)
            ms_buf_put(out, text, 1);
    }
}

/* Appends "a b c" for "a|b|c". */
static void choices(ms_buf *out, const char *argument)
{
    for (; *argument != '\0'; argument++)
        ms_buf_put(out, *argument == '|' ? " " : argument, 1);
}

/* The verbs of group, or (NULL) the first words of all, and the topics of help. */
static void verb_words(ms_buf *out, const ms_verb *group)
{
    size_t skip = group != NULL ? strlen(group->name) + 1 : 0;
    const char *gap = "";
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (group != NULL ? ms_verb_within(verb, group) : strchr(verb->name, ' ') == NULL) {
            ms_buf_printf(out, "%s%s", gap, verb->name + skip);
            gap = " ";
        }
    }
}

static void topic_words(ms_buf *out)
{
    for (const ms_row *row = ms_program_topics; row->name != NULL; row++)
        ms_buf_printf(out, " %s", row->name);
}

/* ---- bash ---- */

/* The value of the option before the cursor: `--engine|-x) ...;;` */
static void bash_values(ms_buf *out, const ms_option *option)
{
    ms_buf_printf(out, "            --%s", option->name);
    if (option->letter != 0)
        ms_buf_printf(out, "|-%c", option->letter);
    ms_buf_text(out, ") ");
    switch (option->value) {
    case MS_VALUE_CHOICE:
        ms_buf_text(out, "words='");
        choices(out, option->argument);
        ms_buf_text(out, "'");
        break;
    case MS_VALUE_FOLDER:
        ms_buf_text(out, "kind='folder'");
        break;
    case MS_VALUE_FILE:
        ms_buf_text(out, "kind='file'");
        break;
    default:
        ms_buf_text(out, "return");
        break;
    }
    ms_buf_text(out, " ;;\n");
}

static ms_value first_operand(const ms_verb *verb)
{
    return verb->operands[0].name != NULL ? verb->operands[0].value : MS_VALUE_NONE;
}

static void bash_verb(ms_buf *out, const ms_verb *verb)
{
    const ms_option *option;
    ms_buf_printf(out, "    '%s')\n        options='", verb->name);
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden)
            ms_buf_printf(out, "%s--%s", ix > 0 ? " " : "", option->name);
    }
    ms_buf_text(out, "'\n");
    if (verb->run == NULL) {
        ms_buf_text(out, "        words='");
        verb_words(out, verb);
        ms_buf_text(out, "'\n");
    } else if (first_operand(verb) == MS_VALUE_VERB) {
        ms_buf_text(out, "        words='");
        verb_words(out, NULL);
        topic_words(out);
        ms_buf_text(out, "'\n");
    } else {
        ms_buf_text(out, "        kind=folder\n");
    }
    ms_buf_text(out, "        case $before in\n");
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden && option->value != MS_VALUE_NONE)
            bash_values(out, option);
    }
    ms_buf_text(out, "            *) asked=false ;;\n        esac\n        ;;\n");
}

void ms_completion_bash(ms_buf *out)
{
    ms_buf_text(out, "# Completions of mainstay for bash; written by `mainstay help --completion bash`.\n"
                     "_mainstay() {\n"
                     "    local now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
                     "    local verb=${COMP_WORDS[1]} two options='' words='' kind='' asked=true\n"
                     "    COMPREPLY=()\n"
                     "    if [ \"$now\" = = ]; then # bash splits --name=value at the sign\n"
                     "        now=\n"
                     "    elif [ \"$before\" = = ]; then\n"
                     "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
                     "    fi\n"
                     "    if [ \"$COMP_CWORD\" -le 1 ]; then\n"
                     "        mapfile -t COMPREPLY < <(compgen -W '");
    verb_words(out, NULL);
    ms_buf_text(out, " --help --version' -- \"$now\")\n"
                     "        return\n"
                     "    fi\n"
                     "    two=\"$verb ${COMP_WORDS[2]}\"\n"
                     "    case $two in\n    ");
    const char *gap = "";
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (strchr(verb->name, ' ') != NULL) {
            ms_buf_printf(out, "%s'%s'", gap, verb->name);
            gap = " | ";
        }
    }
    ms_buf_text(out, gap[0] == '\0' ? "'')" : ")");
    ms_buf_text(out, " [ \"$COMP_CWORD\" -le 2 ] || verb=$two ;;\n    esac\n    case $verb in\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        bash_verb(out, verb);
    ms_buf_text(out,
                "    *) return ;;\n"
                "    esac\n"
                "    if ! $asked && [[ $now == -* ]]; then\n"
                "        words=$options kind=\n"
                "    elif $asked && [ -n \"$words\" ]; then\n"
                "        kind=\n"
                "    fi\n"
                "    case $kind in\n"
                "    folder) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$now\") ;;\n"
                "    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$now\") ;;\n"
                "    *) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$now\") ;;\n"
                "    esac\n"
                "}\n"
                "complete -F _mainstay mainstay\n");
}

/* ---- zsh ---- */

static const char *zsh_action(ms_value value)
{
    return value == MS_VALUE_FOLDER ? "_files -/" : value == MS_VALUE_FILE ? "_files" : " ";
}

/* '(-o --output)'{-o,--output}'[folder to write]:PLAN:_files -/' */
static void zsh_option(ms_buf *out, const ms_option *option)
{
    ms_buf_text(out, " \\\n            ");
    if (option->letter != 0)
        ms_buf_printf(out, "'(-%c --%s)'{-%c,--%s%s}'[", option->letter, option->name, option->letter, option->name,
                      option->value != MS_VALUE_NONE ? "=" : "");
    else
        ms_buf_printf(out, "'--%s%s[", option->name, option->value != MS_VALUE_NONE ? "=" : "");
    quoted(out, option->help, "[]:");
    ms_buf_text(out, "]");
    if (option->value != MS_VALUE_NONE) {
        bool choice = option->value == MS_VALUE_CHOICE;
        ms_buf_text(out, ":");
        quoted(out, choice ? option->name : option->argument, ":");
        ms_buf_text(out, ":");
        if (choice) {
            ms_buf_text(out, "(");
            choices(out, option->argument);
            ms_buf_text(out, ")");
        } else {
            ms_buf_text(out, zsh_action(option->value));
        }
    }
    ms_buf_text(out, "'");
}

static void zsh_operand(ms_buf *out, const ms_operand *operand)
{
    ms_buf_printf(out, " \\\n            ':%s", operand->optional ? ":" : "");
    quoted(out, operand->help, ":");
    ms_buf_text(out, ":");
    if (operand->value == MS_VALUE_VERB) {
        ms_buf_text(out, "(");
        verb_words(out, NULL);
        topic_words(out);
        ms_buf_text(out, ")'");
    } else {
        ms_buf_printf(out, "%s'", zsh_action(operand->value));
    }
}

/* 'plan:plan a case' for each verb of group, or (NULL) in no group. */
static void zsh_describe(ms_buf *out, const ms_verb *group)
{
    size_t skip = group != NULL ? strlen(group->name) + 1 : 0;
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (group != NULL ? !ms_verb_within(verb, group) : strchr(verb->name, ' ') != NULL)
            continue;
        ms_buf_printf(out, "            '%s:", verb->name + skip);
        quoted(out, verb->summary, "");
        ms_buf_text(out, "'\n");
    }
}

static void zsh_verb(ms_buf *out, const ms_verb *verb)
{
    const ms_option *option;
    ms_buf_printf(out, "    '%s')\n", verb->name);
    if (verb->run == NULL) {
        ms_buf_text(out, "        verbs=(\n");
        zsh_describe(out, verb);
        ms_buf_text(out, "        )\n        _describe verb verbs\n        ;;\n");
        return;
    }
    ms_buf_text(out, "        _arguments -s");
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (!option->hidden)
            zsh_option(out, option);
    }
    for (const ms_operand *operand = verb->operands; operand->name != NULL; operand++)
        zsh_operand(out, operand);
    ms_buf_text(out, "\n        ;;\n");
}

void ms_completion_zsh(ms_buf *out)
{
    ms_buf_text(out, "#compdef mainstay\n"
                     "# Completions of mainstay for zsh; written by `mainstay help --completion zsh`.\n"
                     "_mainstay() {\n"
                     "    local verb=${words[2]}\n"
                     "    local -a verbs\n"
                     "    if ((CURRENT == 2)); then\n"
                     "        verbs=(\n");
    zsh_describe(out, NULL);
    ms_buf_text(out, "        )\n"
                     "        _describe verb verbs\n"
                     "        return\n"
                     "    fi\n"
                     "    shift words\n"
                     "    ((CURRENT--))\n"
                     "    case \"$verb ${words[2]}\" in\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++) {
        if (strchr(verb->name, ' ') != NULL)
            ms_buf_printf(out, "    '%s') ((CURRENT > 2)) && verb='%s' && shift words && ((CURRENT--)) ;;\n",
                          verb->name, verb->name);
    }
    ms_buf_text(out, "    esac\n    case $verb in\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        zsh_verb(out, verb);
    ms_buf_text(out,
                "    esac\n"
                "}\n"
                "if [[ $funcstack[1] = _mainstay ]]; then _mainstay \"$@\"; else compdef _mainstay mainstay; fi\n");
}

/* ---- fish ---- */

/* Appends text for the inside of '...' in fish, where a backslash escapes. */
static void fish_quoted(ms_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            ms_buf_text(out, "\\");
        ms_buf_put(out, text, 1);
    }
}

static void fish_condition(ms_buf *out, const ms_verb *verb)
{
    const char *second = strchr(verb->name, ' ');
    if (second == NULL)
        ms_buf_printf(out, "complete -c mainstay -n '__fish_seen_subcommand_from %s'", verb->name);
    else
        ms_buf_printf(out,
                      "complete -c mainstay -n '__fish_seen_subcommand_from %.*s; and __fish_seen_subcommand_from %s'",
                      (int)(second - verb->name), verb->name, second + 1);
}

static void fish_verb(ms_buf *out, const ms_verb *verb)
{
    const ms_option *option;
    const char *second = strchr(verb->name, ' ');
    if (second == NULL)
        ms_buf_printf(out, "complete -c mainstay -n __fish_use_subcommand -f -a %s -d '", verb->name);
    else
        ms_buf_printf(out, "complete -c mainstay -n '__fish_seen_subcommand_from %.*s' -f -a %s -d '",
                      (int)(second - verb->name), verb->name, second + 1);
    fish_quoted(out, verb->summary);
    ms_buf_text(out, "'\n");
    if (first_operand(verb) == MS_VALUE_VERB) {
        fish_condition(out, verb);
        ms_buf_text(out, " -f -a '");
        verb_words(out, NULL);
        topic_words(out);
        ms_buf_text(out, "'\n");
    } else if (verb->run != NULL) {
        fish_condition(out, verb);
        ms_buf_text(out, " -f -a '(__fish_complete_directories)'\n");
    }
    for (int ix = 0; (option = ms_verb_option(verb, ix)) != NULL; ix++) {
        if (option->hidden)
            continue;
        fish_condition(out, verb);
        ms_buf_printf(out, " -l %s", option->name);
        if (option->letter != 0)
            ms_buf_printf(out, " -s %c", option->letter);
        ms_buf_text(out, " -d '");
        fish_quoted(out, option->help);
        ms_buf_text(out, "'");
        if (option->value == MS_VALUE_CHOICE) {
            ms_buf_text(out, " -x -a '");
            choices(out, option->argument);
            ms_buf_text(out, "'");
        } else if (option->value == MS_VALUE_FOLDER || option->value == MS_VALUE_FILE) {
            ms_buf_text(out, " -r -F");
        } else if (option->value != MS_VALUE_NONE) {
            ms_buf_text(out, " -x");
        }
        ms_buf_text(out, "\n");
    }
}

void ms_completion_fish(ms_buf *out)
{
    ms_buf_text(out, "# Completions of mainstay for fish; written by `mainstay help --completion fish`.\n"
                     "complete -c mainstay -n __fish_use_subcommand -f\n"
                     "complete -c mainstay -n __fish_use_subcommand -l version -d 'print the version'\n"
                     "complete -c mainstay -n __fish_use_subcommand -l help -s h -d 'list the verbs'\n");
    for (const ms_verb *verb = ms_verbs; verb->name != NULL; verb++)
        fish_verb(out, verb);
}
