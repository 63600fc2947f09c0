/* test_options.c: the words behind a verb, on a table made for the test. The program's own sources are part of this
 * file, for they are in no library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/cmd/nearest.c"
#include "src/cmd/options.c"

static const ms_option lift_options[] = {
    {"output", 'o', MS_VALUE_FOLDER, "DIR", 0, 0, "here", "where to", false},
    {"force", 'f', MS_VALUE_NONE, NULL, 0, 0, NULL, "do it", false},
    {"gap", 'g', MS_VALUE_NUMBER, "G", 0, 1, "0.25", "how near", false},
    {"most", 0, MS_VALUE_COUNT, "N", -5, 1000, "7", "how many", false},
    {"way", 0, MS_VALUE_CHOICE, "sea|air|road", 0, 0, "air", "by what", false},
    {0},
};

static const ms_verb lift = {
    .name = "lift",
    .synopsis = "FROM [TO]",
    .operands = {{"FROM", MS_VALUE_FOLDER, false, "from"}, {"TO", MS_VALUE_FOLDER, true, "to"}},
    .options = lift_options,
    .common = MS_COMMON_VIEW | MS_COMMON_QUIET,
};

static ms_call call;

/* Parses the words (the last is NULL) and leaves the result in call. */
static ms_status parse(const char *first, ...)
{
    char *words[16];
    int count = 0;
    va_list args;
    va_start(args, first);
    for (const char *word = first; word != NULL; word = va_arg(args, const char *))
        words[count++] = (char *)word;
    va_end(args);
    call = (ms_call){.verb = &lift};
    return ms_options_parse(&call.args, &lift, count, words, &call.err);
}

static void assert_refused(ms_status status, const char *message)
{
    assert_int_equal(status, MS_USAGE);
    assert_int_equal(call.err.code, MS_USAGE);
    assert_string_equal(call.err.message, message);
    assert_int_equal(call.args.operand_count, 0); /* outputs stay untouched */
}

static void test_forms_of_a_value(void **state)
{
    (void)state;
    assert_int_equal(parse("a", "--output", "x", NULL), MS_OK);
    assert_string_equal(ms_option_text(&call, "output"), "x");
    assert_int_equal(parse("a", "--output=x=y", NULL), MS_OK);
    assert_string_equal(ms_option_text(&call, "output"), "x=y");
    assert_int_equal(parse("-o", "x", "a", NULL), MS_OK);
    assert_string_equal(ms_option_text(&call, "output"), "x");
    assert_string_equal(ms_operand_text(&call, 0), "a");
    assert_int_equal(parse("-fox", "a", NULL), MS_OK); /* -f -o x */
    assert_true(ms_option_given(&call, "force"));
    assert_string_equal(ms_option_text(&call, "output"), "x");
    assert_int_equal(parse("a", "-o", "-", NULL), MS_OK);
    assert_string_equal(ms_option_text(&call, "output"), "-");
    assert_int_equal(parse("a", "--most", "-5", NULL), MS_OK);
    assert_int_equal(ms_option_count(&call, "most"), -5);
}

static void test_what_holds_when_nothing_is_given(void **state)
{
    (void)state;
    assert_int_equal(parse("a", NULL), MS_OK);
    assert_false(ms_option_given(&call, "gap"));
    assert_true(ms_option_number(&call, "gap") == 0.25);
    assert_int_equal(ms_option_count(&call, "most"), 7);
    assert_int_equal(ms_option_choice(&call, "way"), 1);
    assert_string_equal(ms_option_text(&call, "output"), "here");
    assert_null(ms_operand_text(&call, 1));
}

static void test_the_last_of_two_counts(void **state)
{
    (void)state;
    assert_int_equal(parse("a", "--way=sea", "--gap", "1", "--way", "road", NULL), MS_OK);
    assert_int_equal(ms_option_choice(&call, "way"), 2);
    assert_true(ms_option_number(&call, "gap") == 1);
}

static void test_two_dashes_end_the_options(void **state)
{
    (void)state;
    assert_int_equal(parse("-f", "--", "--output", "-q", NULL), MS_OK);
    assert_string_equal(ms_operand_text(&call, 0), "--output");
    assert_string_equal(ms_operand_text(&call, 1), "-q");
    assert_false(ms_option_given(&call, "quiet"));
    assert_int_equal(parse("-", NULL), MS_OK); /* a single dash is a word */
    assert_string_equal(ms_operand_text(&call, 0), "-");
}

static void test_help_ends_the_reading(void **state)
{
    (void)state;
    assert_int_equal(parse("--help", "--nonsense", NULL), MS_OK);
    assert_true(call.args.help);
    assert_int_equal(parse("-fh", NULL), MS_OK); /* no operand is missed then */
    assert_true(call.args.help);
}

static void test_unknown_options(void **state)
{
    (void)state;
    assert_refused(parse("a", "--ouptut", "x", NULL), "lift has no option --ouptut; did you mean --output?");
    assert_refused(parse("a", "--qui", NULL), "lift has no option --qui; did you mean --quiet?");
    assert_refused(parse("a", "--zzz=1", NULL), "lift has no option --zzz");
    assert_refused(parse("a", "-x", NULL), "lift has no option -x");
    assert_refused(parse("a", "-fx", NULL), "lift has no option -x");
    char word[600] = "--";
    memset(word + 2, 'y', sizeof word - 3);
    assert_int_equal(parse("a", word, NULL), MS_USAGE); /* far too long: cut in the message, no harm done */
}

static void test_values_that_do_not_fit(void **state)
{
    (void)state;
    assert_refused(parse("a", "--gap", NULL), "--gap needs a value: --gap G");
    assert_refused(parse("a", "--gap", "--force", NULL), "--gap needs a value: --gap G");
    assert_refused(parse("a", "--gap=", NULL), "--gap: \"\" is not a number");
    assert_refused(parse("a", "--gap=x", NULL), "--gap: \"x\" is not a number");
    assert_refused(parse("a", "--gap=1x", NULL), "--gap: \"1x\" is not a number");
    assert_refused(parse("a", "--gap=0x1", NULL), "--gap: \"0x1\" is not a number");
    assert_refused(parse("a", "--gap=nan", NULL), "--gap: \"nan\" is not a number");
    assert_refused(parse("a", "--gap=1e999", NULL), "--gap: \"1e999\" is not a number");
    assert_refused(parse("a", "--gap=-0.1", NULL), "--gap: -0.1 is out of range; from 0 to 1");
    assert_refused(parse("a", "--most=1e2", NULL), "--most: \"1e2\" is not a whole number");
    assert_refused(parse("a", "--most=99999999999999999999", NULL),
                   "--most: 99999999999999999999 is out of range; from -5 to 1000");
    assert_refused(parse("a", "--way=raod", NULL), "--way: there is no \"raod\"; did you mean \"road\"?");
    assert_refused(parse("a", "--way=tram", NULL), "--way: there is no \"tram\"; it is one of sea|air|road");
    assert_refused(parse("a", "--output=", NULL), "--output: DIR is empty");
    assert_refused(parse("a", "--force=1", NULL), "--force takes no value");
}

static void test_words_too_few_or_many(void **state)
{
    (void)state;
    assert_refused(parse(NULL), "lift needs FROM: mainstay lift FROM [TO]");
    assert_refused(parse("a", "b", "c", NULL), "lift: \"c\" is one word too many");
    assert_refused(parse("a", "--json", "--csv", NULL), "lift writes either --json or --csv");
}

static const char *near(const char *word)
{
    static const char *const verbs[] = {"plan", "posture", "check", "compare", "map"};
    ms_nearest nearest = {.word = word};
    for (size_t ix = 0; ix < sizeof verbs / sizeof *verbs; ix++)
        ms_nearest_offer(&nearest, verbs[ix]);
    return nearest.best;
}

static void test_did_you_mean(void **state)
{
    (void)state;
    assert_string_equal(near("plna"), "plan");  /* swapped */
    assert_string_equal(near("chek"), "check"); /* dropped */
    assert_string_equal(near("postuer"), "posture");
    assert_string_equal(near("comp"), "compare"); /* its beginning */
    assert_string_equal(near("pl"), "plan");
    assert_null(near("p"));
    assert_null(near("frobnicate"));
    assert_null(near(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_a_value),       cmocka_unit_test(test_what_holds_when_nothing_is_given),
        cmocka_unit_test(test_the_last_of_two_counts), cmocka_unit_test(test_two_dashes_end_the_options),
        cmocka_unit_test(test_help_ends_the_reading),  cmocka_unit_test(test_unknown_options),
        cmocka_unit_test(test_values_that_do_not_fit), cmocka_unit_test(test_words_too_few_or_many),
        cmocka_unit_test(test_did_you_mean),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
