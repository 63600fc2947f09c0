/* test_base_arena.c: many blocks with one lifetime. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "faults.h"

static void blocks_are_zero_aligned_and_apart(void **state)
{
    (void)state;
    enum { BLOCKS = 3000 };
    static unsigned char *blocks[BLOCKS];
    ms_arena *arena = ms_arena_new();
    assert_non_null(arena);
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t size = i % 97 + (i % 500 == 0 ? 20000 : 0);
        blocks[i] = ms_arena_alloc(arena, size, 1);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)(i % 251) + 1, size);
        assert_non_null(ms_arena_strndup(arena, "odd", i % 4)); /* leaves the next block unaligned */
    }
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t j = 0; j < i % 97; j++)
            assert_int_equal(blocks[i][j], (int)(i % 251) + 1);
    ms_arena_free(arena);
    ms_arena_free(NULL);
}

static void texts_are_copied(void **state)
{
    (void)state;
    ms_arena *arena = ms_arena_new();
    assert_non_null(arena);
    assert_string_equal(ms_arena_strndup(arena, "lane-7", 4), "lane");
    assert_string_equal(ms_arena_strndup(arena, NULL, 0), "");
    assert_null(ms_arena_strndup(arena, "x", SIZE_MAX));
    ms_arena_free(arena);
}

static void sizes_are_checked(void **state)
{
    (void)state;
    ms_arena *arena = ms_arena_new();
    assert_non_null(arena);
    assert_null(ms_arena_alloc(arena, SIZE_MAX, 2));
    assert_null(ms_arena_alloc(arena, SIZE_MAX, 1));
    assert_null(ms_arena_alloc(arena, SIZE_MAX - 8, 1));
    assert_non_null(ms_arena_alloc(arena, 0, 8));
    ms_arena_free(arena);
}

static ms_status fill(void *context)
{
    (void)context;
    ms_arena *arena = ms_arena_new();
    bool complete = arena != NULL;
    for (int i = 0; i < 400 && complete; i++)
        complete = ms_arena_alloc(arena, 10, (size_t)i) != NULL && ms_arena_strndup(arena, "name", 4) != NULL;
    ms_arena_free(arena);
    return complete ? MS_OK : MS_NO_MEMORY;
}

static void survives_refused_memory(void **state)
{
    (void)state;
    assert_true(each_refusal(fill, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zero_aligned_and_apart),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(sizes_are_checked),
        cmocka_unit_test(survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
