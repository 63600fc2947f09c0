/* test_verb_group.c: a verb inside a group ("book import") in the completions, on a table made for the test: the groups
 * of the program's own table come later, and must need no change in the code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/cmd/completion.c"

static ms_exit run(ms_call *call)
{
    (void)call;
    return MS_EXIT_DONE;
}

static const ms_option import_options[] = {
    {"from", 'f', MS_VALUE_FILE, "FILE", 0, 0, NULL, "file to read", false},
    {"way", 0, MS_VALUE_CHOICE, "copy|link", 0, 0, "copy", "it's how", false},
    {"secret", 0, MS_VALUE_NONE, NULL, 0, 0, NULL, "hidden", true},
    {0},
};

const ms_verb ms_verbs[] = {
    {.name = "plan", .summary = "plan", .operands = {{"CASE", MS_VALUE_FOLDER, false, "a case"}}, .run = run},
    {.name = "book", .summary = "the store"},
    {.name = "book import", .summary = "take a case in", .options = import_options, .run = run},
    {.name = "book log", .summary = "what happened", .run = run},
    {0},
};
const ms_row ms_program_topics[] = {{"format", "files"}, {0}};

const ms_option *ms_verb_option(const ms_verb *verb, int ix)
{
    int count = 0;
    while (verb->options != NULL && verb->options[count].name != NULL)
        count++;
    return ix < count ? &verb->options[ix] : NULL;
}

bool ms_verb_within(const ms_verb *verb, const ms_verb *group)
{
    size_t length = strlen(group->name);
    return strncmp(verb->name, group->name, length) == 0 && verb->name[length] == ' ';
}

static void assert_has(const ms_buf *text, const char *part)
{
    if (strstr(text->text, part) == NULL)
        fail_msg("not there: %s\nin:\n%s", part, text->text);
}

static void test_bash(void **state)
{
    ms_buf out = {0};
    (void)state;
    ms_completion_bash(&out);
    assert_has(&out, "compgen -W 'plan book --help --version'"); /* first words only */
    assert_has(&out, "'book import' | 'book log') [");           /* two words make one verb */
    assert_has(&out, "'book')\n        options=''\n        words='import log'\n");
    assert_has(&out, "'book import')\n        options='--from --way'\n");
    assert_has(&out, "--from|-f) kind='file' ;;\n            --way) words='copy link' ;;\n");
    assert_null(strstr(out.text, "secret"));
    ms_buf_free(&out);
}

static void test_zsh(void **state)
{
    ms_buf out = {0};
    (void)state;
    ms_completion_zsh(&out);
    assert_has(&out, "'book:the store'\n        )\n");
    assert_has(&out, "'import:take a case in'\n            'log:what happened'\n");
    assert_has(&out, "'--way=[it'\\''s how]:way:(copy link)'");
    ms_buf_free(&out);
}

static void test_fish(void **state)
{
    ms_buf out = {0};
    (void)state;
    ms_completion_fish(&out);
    assert_has(&out, "-n __fish_use_subcommand -f -a book -d 'the store'\n");
    assert_has(&out, "-n '__fish_seen_subcommand_from book' -f -a import -d 'take a case in'\n");
    assert_has(&out, "-n '__fish_seen_subcommand_from book; and __fish_seen_subcommand_from import' -l from -s f");
    assert_has(&out, "-d 'it\\'s how' -x -a 'copy link'\n");
    ms_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bash),
        cmocka_unit_test(test_zsh),
        cmocka_unit_test(test_fish),
    };
    return cmocka_run_group_tests_name("verb group", tests, NULL, NULL);
}
