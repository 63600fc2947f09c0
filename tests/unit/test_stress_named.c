/* test_stress_named.c: named contingencies against the base plan, by hand on tiny cases, and what must hold whatever
 * the case: a longer closure never hurts less, more stock never hurts.
 *
 * The base of plan_story.h holds unless a text says otherwise; the horizon is 8 days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_story.h"
#include "stress/named.h"

#define EIGHT "== case.json\n{\"name\": \"eight\", \"start\": \"2030-06-01\", \"days\": 8}\n"
#define LANES "== lanes.csv\nlane,from,to,mode,transit_days,capacity_t_per_day,cost_per_t\n"
#define DEMANDS "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
#define EVENTS "== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount\n"
#define STOCKS "== stocks.csv\nsite,item,partner,quantity\n"

static ms_named *stress(const ms_case *kase, const char *const *together, size_t count)
{
    ms_named *named = NULL;
    ms_error err = {0};
    const ms_named_options options = {.alone = true, .together = together, .together_count = count};
    const ms_stress_options how = {.gap = 1e-6, .threads = 1};
    if (ms_named_make(&named, kase, &options, &how, &err) != MS_OK)
        fail_msg("stress: %s", err.message);
    return named;
}

/* b uses 2 t a day and has 3 t; the lane brings 2 t a day from day 1 on, and cannot bring more. So 1 t lies at b from
 * the first day on. The lane is closed on days 2 and 3: nothing arrives on days 3 and 4. Day 3 has 1 t of the stock:
 * 1 t short; day 4 nothing: 2 t short. Time to survive: day 3 - day 2 = 1; over on day 5. All is Blue's, so Blue alone
 * suffers the same. */
#define CLOSED                                                                        \
    EIGHT LANES "ab,a,b,road,1,2,\n" STOCKS "a,fuel,blue,50\nb,fuel,blue,3\n" DEMANDS \
                "need,b,fuel,blue,0,,2,1\n" EVENTS "shut,Road shut,2,4,lane,ab,close,\nlate,,6,7,lane,ab,close,\n"

static void closed_for_two_days(void **state)
{
    (void)state;
    ms_case *kase = story_case(CLOSED);
    ms_named *named = stress(kase, NULL, 0);
    assert_int_equal(named->count, 3);
    /* All together: 3 t of shut, and 2 t of late, whose stock is gone: worst. Then shut; then late: day 7 has 1 t. */
    const ms_outcome *all = &named->rows[0].outcome, *shut = &named->rows[1].outcome, *late = &named->rows[2].outcome;
    assert_string_equal(all->name, "shut + late");
    assert_string_equal(shut->name, "shut");
    assert_string_equal(named->rows[1].title, "Road shut");
    STORY_NEAR(shut->added_harm[0].short_t[0], 3);
    STORY_NEAR(shut->added_harm[1].short_t[0], 0);
    STORY_NEAR(shut->from_day, 2);
    STORY_NEAR(shut->first_day, 3);
    STORY_NEAR(shut->survive_days, 1);
    STORY_NEAR(shut->recovery_day, 5);
    assert_string_equal(kase->demands[shut->dry_demand_ix].id, "need");
    STORY_NEAR(shut->added_alone[0].short_t[0], 3);
    STORY_NEAR(shut->added_alone[1].short_t[0], 0);
    STORY_NEAR(all->added_harm[0].short_t[0], 5);
    STORY_NEAR(late->added_harm[0].short_t[0], 1);
    STORY_NEAR(late->survive_days, 1);
    assert_true(isnan(late->recovery_day));
    ms_named_free(named);
    ms_case_free(kase);
}

/* b wants 2 t a day from day 1 on and has no store: what arrives is used the same day. A dearer lane that takes 1 t a
 * day stands by. While ab is closed, on days 2 and 3, it takes 1 t each and is full; days 3 and 4 have 1 t of 2 t each.
 * ab moves 4 t less. */
static void another_way(void **state)
{
    (void)state;
    const char *const shut = "shut";
    ms_case *kase = story_case(EIGHT LANES "ab,a,b,road,1,2,\nhill,a,b,road,1,1,50\n" STOCKS "a,fuel,blue,50\n" DEMANDS
                                           "need,b,fuel,blue,1,,2,1\n"
                                           "== sites.csv\nsite,partner,kind,storage_t\na,,depot,\nb,,unit,0\n" EVENTS
                                           "shut,,2,4,lane,ab,close,\n");
    ms_named *named = stress(kase, &shut, 1);
    assert_int_equal(named->count, 1);
    const ms_named_row *row = &named->rows[0];
    STORY_NEAR(row->outcome.added_harm[0].short_t[0], 2);
    STORY_NEAR(row->outcome.survive_days, 1);
    bool gained = false, lost = false;
    for (size_t i = 0; i < row->shift_count; i++) {
        const ms_shift *shift = &row->shifts[i];
        if (shift->is_site)
            continue;
        if (strcmp(kase->lanes[shift->row_ix].id, "hill") == 0) {
            gained = true;
            STORY_NEAR(shift->after_t - shift->before_t, 2);
            assert_int_equal(shift->full_periods, 2);
            assert_int_equal(shift->first_full, 2);
            assert_int_equal(shift->last_full, 3);
        } else {
            lost = true;
            STORY_NEAR(shift->before_t - shift->after_t, 4);
        }
    }
    assert_true(gained && lost);
    ms_named_free(named);
    ms_case_free(kase);
}

static double added_of(const char *text)
{
    ms_case *kase = story_case(text);
    const char *const shut = "shut";
    ms_named *named = stress(kase, &shut, 1);
    double added = named->rows[0].outcome.added_harm[0].short_t[0];
    ms_named_free(named);
    ms_case_free(kase);
    return added;
}

/* Each day longer adds as much or more, and in all as much as by hand: a closure of n days costs max(0, 2n - 1). */
static void longer_never_hurts_less(void **state)
{
    (void)state;
    double before = 0;
    for (int days = 1; days <= 5; days++) {
        char text[2048];
        snprintf(text, sizeof text,
                 EIGHT LANES "ab,a,b,road,1,2,\n" STOCKS "a,fuel,blue,50\nb,fuel,blue,3\n" DEMANDS
                             "need,b,fuel,blue,0,,2,1\n" EVENTS "shut,,2,%d,lane,ab,close,\n",
                 2 + days);
        double added = added_of(text);
        assert_true(added >= before);
        STORY_NEAR(added, 2 * days - 1);
        before = added;
    }
}

/* Each tonne more at b saves a tonne, until nothing is short. */
static void more_stock_never_hurts(void **state)
{
    (void)state;
    double before = INFINITY;
    for (int stock = 2; stock <= 7; stock++) {
        char text[2048];
        snprintf(text, sizeof text,
                 EIGHT LANES "ab,a,b,road,1,2,\n" STOCKS "a,fuel,blue,50\nb,fuel,blue,%d\n" DEMANDS
                             "need,b,fuel,blue,0,,2,1\n" EVENTS "shut,,2,4,lane,ab,close,\n",
                 stock);
        double added = added_of(text);
        assert_true(added <= before);
        STORY_NEAR(added, fmax(0, 6 - stock));
        before = added;
    }
}

static void refusals(void **state)
{
    (void)state;
    ms_named *named = NULL;
    ms_error err = {0};
    const char *const wrong = "shat";
    const ms_stress_options how = {0};
    const ms_named_options none = {0}, unknown = {.together = &wrong, .together_count = 1};
    ms_case *kase = story_case(EIGHT);
    assert_int_equal(ms_named_make(&named, kase, &none, &how, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "no contingencies"));
    ms_case_free(kase);
    kase = story_case(CLOSED);
    assert_int_equal(ms_named_make(&named, kase, &unknown, &how, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "did you mean \"shut\""));
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_for_two_days),
        cmocka_unit_test(another_way),
        cmocka_unit_test(longer_never_hurts_less),
        cmocka_unit_test(more_stock_never_hurts),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, story_folder_make, story_folder_remove);
}
