/* test_base_team.c: every part runs once a run, barriers keep them in step, and what they do in turn is seen by all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/team.h"

enum { PARTS_MOST = 8, ROUNDS = 500 };

typedef struct {
    ms_team *team;
    int calls[PARTS_MOST], parts;
    long cells[PARTS_MOST]; /* each written by its part, read by the next behind a barrier */
} floor_plan;

/* Each part adds what its neighbour had in the round before: wrong as soon as one runs ahead. */
static void pass_on(void *context, int part, int parts)
{
    floor_plan *on = context;
    on->calls[part]++;
    if (part == 0)
        on->parts = parts;
    for (int round = 0; round < ROUNDS; round++) {
        long seen = on->cells[(part + 1) % parts];
        ms_team_meet(on->team);
        on->cells[part] += seen + 1;
        on->cells[part] %= 1000003;
        ms_team_meet(on->team);
    }
}

static void in_step(void **state)
{
    (void)state;
    for (int threads = 1; threads <= PARTS_MOST; threads++) {
        floor_plan on = {0};
        long wanted[PARTS_MOST] = {0};
        ms_error err = {0};
        assert_int_equal(ms_team_make(&on.team, threads, &err), MS_OK);
        int size = ms_team_size(on.team);
        assert_in_range(size, 1, threads);
        for (int run = 0; run < 3; run++)
            ms_team_run(on.team, pass_on, &on);
        for (int round = 0; round < 3 * ROUNDS; round++) {
            long before[PARTS_MOST];
            memcpy(before, wanted, sizeof before);
            for (int part = 0; part < size; part++)
                wanted[part] = (before[part] + before[(part + 1) % size] + 1) % 1000003;
        }
        assert_int_equal(on.parts, size);
        for (int part = 0; part < size; part++) {
            assert_int_equal(on.calls[part], 3);
            assert_int_equal(on.cells[part], wanted[part]);
        }
        ms_team_free(on.team);
    }
}

/* Paced work is tried by all and by the caller alone, then goes one of the two ways; barriers hold either way. What is
 * too little is never tried by all. */
static void paced(void **state)
{
    (void)state;
    floor_plan on = {0};
    ms_pace pace = {0};
    ms_error err = {0};
    assert_int_equal(ms_team_make(&on.team, 2, &err), MS_OK);
    int size = ms_team_size(on.team), by_all = 0, alone = 0;
    for (int run = 0; run < 100; run++) {
        ms_team_run_paced(on.team, &pace, 1, pass_on, &on);
        by_all += on.parts == size;
        alone += on.parts == 1;
        assert_int_equal(on.calls[0], run + 1);
        assert_int_equal(on.calls[1], size > 1 ? by_all : 0);
    }
    assert_true(alone > 0 && by_all > 0);
    assert_int_equal(by_all + (size > 1 ? alone : 0), 100);
    pace = ms_pace_alone();
    for (int run = 0; run < 100; run++) {
        ms_team_run_paced(on.team, &pace, 1, pass_on, &on);
        assert_int_equal(on.parts, 1);
    }
    ms_team_free(on.team);
}

static void without_memory(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ms_team *team = NULL;
        ms_error err = {0};
        ms_alloc_fail_at(nth);
        ms_status status = ms_team_make(&team, 3, &err);
        ms_alloc_fail_at(0);
        assert_int_equal(status, MS_NO_MEMORY);
        assert_null(team);
    }
}

static void processors(void **state)
{
    (void)state;
    assert_true(ms_team_processors() >= 1);
    ms_team_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_step),
        cmocka_unit_test(paced),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
