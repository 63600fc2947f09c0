/* test_base_text.c: edit distance, glob patterns, hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"

static void known_distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance;
    } known[] = {{"", "", 0},
                 {"abc", "", 3},
                 {"kitten", "sitting", 3},
                 {"depot", "deopt", 1},
                 {"ca", "abc", 3},
                 {"Depot", "dEPOT", 0},
                 {"a", "b", 1},
                 {"ab", "ba", 1},
                 {"Ko\xC3\xA9", "koe", 1},
                 {"\xC3\xA9", "\xC3\xA8", 1},
                 {"port-1", "port-2", 1}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(ms_text_distance(known[i].a, known[i].b, 100), known[i].distance);
        assert_int_equal(ms_text_distance(known[i].b, known[i].a, 100), known[i].distance);
        for (int limit = 0; limit < 5; limit++)
            assert_int_equal(ms_text_distance(known[i].a, known[i].b, limit),
                             known[i].distance <= limit ? known[i].distance : limit + 1);
    }
}

/* The definition, without a table: the cheapest of the last steps. */
static int by_definition(const char *a, int m, const char *b, int n)
{
    if (m == 0 || n == 0)
        return m + n;
    int best = by_definition(a, m - 1, b, n - 1) + (a[m - 1] != b[n - 1]);
    int other = by_definition(a, m - 1, b, n) + 1;
    best = other < best ? other : best;
    other = by_definition(a, m, b, n - 1) + 1;
    best = other < best ? other : best;
    if (m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1]) {
        other = by_definition(a, m - 2, b, n - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void random_word(ms_random *random, char word[8], int longest)
{
    int length = (int)ms_random_between(random, 0, longest);
    for (int i = 0; i < length; i++)
        word[i] = (char)ms_random_between(random, 'a', 'c');
    word[length] = '\0';
}

static void distance_is_what_its_definition_says(void **state)
{
    (void)state;
    ms_random random = ms_random_start(1, 0);
    char a[8], b[8];
    for (int i = 0; i < 3000; i++) {
        random_word(&random, a, 6);
        random_word(&random, b, 6);
        int wanted = by_definition(a, (int)strlen(a), b, (int)strlen(b));
        int limit = (int)ms_random_between(&random, 0, 6);
        assert_int_equal(ms_text_distance(a, b, limit), wanted <= limit ? wanted : limit + 1);
    }
}

static void long_words_are_far_or_equal(void **state)
{
    (void)state;
    char a[300], b[300];
    memset(a, 'x', sizeof a);
    a[299] = '\0';
    memcpy(b, a, sizeof a);
    assert_int_equal(ms_text_distance(a, b, 3), 0);
    b[0] = 'y';
    assert_int_equal(ms_text_distance(a, b, 3), 4);
    assert_int_equal(ms_text_distance(a, "x", 3), 4);
}

static void glob_matches_all_of_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool match;
    } known[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"a*", "abc", true},
        {"*c", "abc", true},
        {"a*c", "abc", true},
        {"a*b", "abc", false},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"?", "", false},
        {"port-*", "port-", true},
        {"port-?", "port-12", false},
        {"*-*-*", "a-b-c", true},
        {"**a**", "bab", true},
        {"*ab", "aab", true},
        {"*aab*", "aaab", true},
        {"?", "\xC3\xA9", true},
        {"??", "\xC3\xA9", false},
        {"*\xA9", "\xC3\xA9", false},
        {"a.c", "abc", false},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_int_equal(ms_text_glob(known[i].pattern, known[i].text), known[i].match);
}

static bool glob_by_definition(const char *pattern, const char *text)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '*')
        return glob_by_definition(pattern + 1, text) || (*text != '\0' && glob_by_definition(pattern, text + 1));
    return *text != '\0' && (*pattern == '?' || *pattern == *text) && glob_by_definition(pattern + 1, text + 1);
}

static void glob_is_what_its_definition_says(void **state)
{
    (void)state;
    ms_random random = ms_random_start(2, 0);
    char pattern[8], text[8];
    for (int i = 0; i < 20000; i++) {
        random_word(&random, pattern, 7);
        random_word(&random, text, 7);
        for (char *at = pattern; *at != '\0'; at++)
            if (ms_random_between(&random, 0, 1))
                *at = ms_random_between(&random, 0, 1) ? '*' : '?';
        assert_int_equal(ms_text_glob(pattern, text), glob_by_definition(pattern, text));
    }
}

static void glob_is_never_exponential(void **state)
{
    (void)state;
    char pattern[201], text[10001];
    for (int i = 0; i < 100; i++)
        memcpy(pattern + 2 * i, "*a", 2);
    pattern[199] = 'b';
    pattern[200] = '\0';
    memset(text, 'a', 10000);
    text[10000] = '\0';
    double start = ms_clock_seconds();
    assert_false(ms_text_glob(pattern, text));
    assert_true(ms_clock_seconds() - start < 2.0);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* 200,000 hashes of 64 bits: two equal ones have a chance of one in a billion. */
static void hashes_differ(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    uint64_t *hashes = calloc(MANY, sizeof *hashes);
    assert_non_null(hashes);
    for (int i = 0; i < MANY; i++) {
        unsigned char bytes[40] = {0};
        memcpy(bytes + i % 5, &i, sizeof i);
        hashes[i] = ms_text_hash((const char *)bytes, 8 + (size_t)i % 32);
    }
    qsort(hashes, MANY, sizeof *hashes, by_value);
    for (int i = 1; i < MANY; i++)
        assert_true(hashes[i - 1] != hashes[i]);
    free(hashes);
}

static void hash_is_the_same_everywhere(void **state)
{
    (void)state;
    uint64_t of_nothing = ms_hash_bytes(MS_HASH_START, NULL, 0);
    assert_true(of_nothing != MS_HASH_START);
    assert_true(ms_text_hash("depot", 5) == UINT64_C(0x700a8b81da5bb9ed));
    assert_true(ms_text_hash("depot", 5) != ms_text_hash("depot\0", 6));
    uint64_t ab_c = ms_hash_bytes(ms_hash_bytes(MS_HASH_START, "ab", 2), "c", 1);
    uint64_t a_bc = ms_hash_bytes(ms_hash_bytes(MS_HASH_START, "a", 1), "bc", 2);
    assert_true(ab_c != a_bc);
    char shifted[32];
    for (size_t i = 0; i < 8; i++) { /* alignment does not matter */
        memcpy(shifted + i, "a longer text, of 25 byte", 25);
        assert_true(ms_text_hash(shifted + i, 25) == ms_text_hash("a longer text, of 25 byte", 25));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances),
        cmocka_unit_test(distance_is_what_its_definition_says),
        cmocka_unit_test(long_words_are_far_or_equal),
        cmocka_unit_test(glob_matches_all_of_the_text),
        cmocka_unit_test(glob_is_what_its_definition_says),
        cmocka_unit_test(glob_is_never_exponential),
        cmocka_unit_test(hashes_differ),
        cmocka_unit_test(hash_is_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
