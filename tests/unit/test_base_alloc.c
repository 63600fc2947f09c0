/* test_base_alloc.c: the one door to memory, and its test hook. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"

static void blocks_are_zeroed_and_sizes_checked(void **state)
{
    (void)state;
    unsigned char *block = ms_alloc(100, 10);
    assert_non_null(block);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(block[i], 0);
    ms_free(block);
    block = ms_alloc(0, 8);
    assert_non_null(block);
    void *grown = ms_realloc(block, 0, 0);
    assert_non_null(grown);
    ms_free(grown);
    assert_null(ms_alloc(SIZE_MAX / 2, 3));
    assert_null(ms_alloc(SIZE_MAX, 1));
    assert_null(ms_alloc((size_t)PTRDIFF_MAX + 1, 1));
    assert_null(ms_realloc(NULL, SIZE_MAX / 4, 8));
    ms_free(NULL);
}

static void failed_realloc_keeps_the_block(void **state)
{
    (void)state;
    char *block = ms_realloc(NULL, 4, 1);
    assert_non_null(block);
    memcpy(block, "abc", 4);
    assert_null(ms_realloc(block, SIZE_MAX, 2));
    assert_string_equal(block, "abc");
    ms_free(block);
}

static void texts_are_copied(void **state)
{
    (void)state;
    char *copy = ms_strndup("depot", 3);
    assert_string_equal(copy, "dep");
    ms_free(copy);
    copy = ms_strndup(NULL, 0);
    assert_string_equal(copy, "");
    ms_free(copy);
    copy = ms_strdup("depot");
    assert_string_equal(copy, "depot");
    ms_free(copy);
    assert_null(ms_strndup("x", SIZE_MAX));
}

static void grow_is_amortised(void **state)
{
    (void)state;
    int *numbers = NULL;
    size_t capacity = 0;
    ms_alloc_fail_at(0);
    for (size_t i = 0; i < 100000; i++) {
        void *block = numbers;
        assert_true(ms_grow(&block, &capacity, i + 1, sizeof *numbers));
        numbers = block;
        assert_true(capacity >= i + 1);
        numbers[i] = (int)i;
    }
    assert_true(ms_alloc_count() < 40);
    assert_int_equal(numbers[77777], 77777);
    size_t before = capacity;
    void *block = numbers;
    assert_false(ms_grow(&block, &capacity, SIZE_MAX, sizeof *numbers));
    assert_ptr_equal(block, numbers);
    assert_int_equal(capacity, before);
    ms_free(numbers);
}

static void hook_fails_the_nth_and_all_later(void **state)
{
    (void)state;
    ms_alloc_fail_at(3);
    void *a = ms_alloc(1, 1), *b = ms_realloc(NULL, 1, 1);
    assert_non_null(a);
    assert_non_null(b);
    assert_null(ms_alloc(1, 1));
    assert_null(ms_strdup("x"));
    assert_null(ms_realloc(a, 100, 1));
    assert_int_equal(ms_alloc_count(), 5);
    ms_alloc_fail_at(0);
    assert_int_equal(ms_alloc_count(), 0);
    void *c = ms_alloc(1, 1);
    assert_non_null(c);
    assert_int_equal(ms_alloc_count(), 1);
    ms_free(a);
    ms_free(b);
    ms_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_and_sizes_checked),
        cmocka_unit_test(failed_realloc_keeps_the_block),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(grow_is_amortised),
        cmocka_unit_test(hook_fails_the_nth_and_all_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
