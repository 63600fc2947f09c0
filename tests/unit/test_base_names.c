/* test_base_names.c: ids to indices, and the nearest name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/names.h"
#include "faults.h"

static int32_t add(ms_names *names, const char *name, bool wanted_fresh)
{
    int32_t ix = -2;
    bool fresh = !wanted_fresh;
    assert_true(ms_names_add(names, name, &ix, &fresh));
    assert_int_equal(fresh, wanted_fresh);
    return ix;
}

static void names_get_dense_indices(void **state)
{
    (void)state;
    ms_names names = {0};
    assert_int_equal(ms_names_find(&names, "any", 3), -1);
    assert_null(ms_names_near(&names, "any"));
    assert_int_equal(add(&names, "depot", true), 0);
    assert_int_equal(add(&names, "port", true), 1);
    assert_int_equal(add(&names, "depot", false), 0);
    assert_int_equal(add(&names, "", true), 2);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.names[1], "port");
    assert_int_equal(ms_names_find(&names, "portal", 4), 1);
    assert_int_equal(ms_names_find(&names, "portal", 6), -1);
    assert_int_equal(ms_names_find(&names, "por", 3), -1);
    assert_int_equal(ms_names_find(&names, "", 0), 2);
    assert_int_equal(ms_names_find(&names, "port\0x", 6), -1);
    ms_names_free(&names);
    assert_int_equal(ms_names_find(&names, "port", 4), -1);
    ms_names_free(&names);
}

static void many_names_are_found(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    ms_arena *arena = ms_arena_new();
    ms_names names = {0};
    char text[32];
    for (int i = 0; i < MANY; i++) {
        int length = snprintf(text, sizeof text, "S%d", i * 7);
        assert_int_equal(add(&names, ms_arena_strndup(arena, text, (size_t)length), true), i);
    }
    for (int i = 0; i < MANY * 7; i++) {
        int length = snprintf(text, sizeof text, "S%d", i);
        assert_int_equal(ms_names_find(&names, text, (size_t)length), i % 7 == 0 ? i / 7 : -1);
    }
    ms_names_free(&names);
    ms_arena_free(arena);
}

static void nearest_name_is_offered(void **state)
{
    (void)state;
    ms_names names = {0};
    static const char *const given[] = {"Guam", "Yokosuka", "Yokohama", "Darwin", "DARWIN", "Cebu"};
    for (int i = 0; i < 6; i++)
        (void)add(&names, given[i], true);
    assert_string_equal(ms_names_near(&names, "Yokosuka "), "Yokosuka");
    assert_string_equal(ms_names_near(&names, "Yokhoama"), "Yokohama");
    assert_string_equal(ms_names_near(&names, "darwin"), "Darwin"); /* of two at distance 0 the earlier */
    assert_string_equal(ms_names_near(&names, "Gaum"), "Guam");
    assert_null(ms_names_near(&names, "Oslo"));
    assert_null(ms_names_near(&names, "Gu"));
    assert_null(ms_names_near(&names, ""));
    ms_names_free(&names);
}

static ms_status fill(void *context)
{
    const char(*texts)[16] = context;
    ms_names names = {0};
    bool complete = true;
    for (int i = 0; i < 100 && complete; i++) {
        int32_t ix = -2;
        bool fresh = false;
        size_t before = names.count;
        complete = ms_names_add(&names, texts[i], &ix, &fresh);
        assert_int_equal(names.count, before + complete);
        for (int j = 0; j < (int)names.count; j++)
            assert_int_equal(ms_names_find(&names, texts[j], strlen(texts[j])), j);
    }
    ms_names_free(&names);
    return complete ? MS_OK : MS_NO_MEMORY;
}

static void survives_refused_memory(void **state)
{
    (void)state;
    static char texts[100][16];
    for (int i = 0; i < 100; i++)
        snprintf(texts[i], sizeof texts[i], "N%d", i);
    assert_true(each_refusal(fill, texts) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_get_dense_indices),
        cmocka_unit_test(many_names_are_found),
        cmocka_unit_test(nearest_name_is_offered),
        cmocka_unit_test(survives_refused_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
