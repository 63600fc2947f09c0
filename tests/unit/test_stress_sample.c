/* test_stress_sample.c: ensembles against what can be worked out: mixtures, distributions, quantiles; the same whoever
 * computes, and whatever things are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_story.h"
#include "stress/sample.h"

/* Two units eat 1 t a day each, of different priority, and have 2 t each; each has a lane of its own that takes a day
 * and brings 1 t a day. The first lane is cut on days 0 to 4 (chance 0.3), the second on days 0 to 2 (chance 0.4).
 * What leaves on day 5, or 3, arrives a day later: short are days 2 to 5, or 2 to 3. So short are 4 t or nothing, and
 * 2 t or nothing, of priorities 1 and 2. */
static const char two_events[] =
    "== case.json\n{\"name\": \"two\", \"start\": \"2030-06-01\", \"days\": 12}\n"
    "== partners.csv\npartner\nblue\n"
    "== items.csv\nitem,class,unit,kg_per_unit\nfuel,III,t,1000\n"
    "== sites.csv\nsite,partner,kind\ndepot,blue,depot\none,blue,unit\ntwo,blue,unit\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day\nfirst,depot,one,road,1,blue,1\n"
    "second,depot,two,road,1,blue,1\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,fuel,blue,100\none,fuel,blue,2\ntwo,fuel,blue,2\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nu,one,fuel,blue,0,,1,1\n"
    "v,two,fuel,blue,0,,1,2\n"
    "== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount,chance\n"
    "a,First cut,0,5,lane,first,close,,0.3\nb,Second cut,0,3,lane,second,close,,0.4\n"
    "c,Never drawn,0,9,lane,second,close,,\n";

static ms_sample *sample_of(const ms_case *kase, long samples, uint64_t seed, double precision, int threads)
{
    const ms_sample_options options = {samples, seed, precision};
    const ms_stress_options how = {.gap = 1e-3, .threads = threads};
    ms_sample *sample = NULL;
    ms_error err = {0};
    if (ms_sample_make(&sample, kase, &options, &how, &err) != MS_OK)
        fail_msg("%s", err.message);
    return sample;
}

static ms_spread spread_of(const ms_sample *sample, int32_t row)
{
    ms_spread spread;
    ms_error err = {0};
    assert_int_equal(ms_sample_spread(&spread, sample, row, false, &err), MS_OK);
    return spread;
}

/* Four outcomes: nothing 0.42, 4 t 0.18, 2 t 0.28, 6 t 0.12. Their mean is 0.3 x 4 + 0.4 x 2 = 2. The worst 5 % lie
 * within the 12 % of 6 t, so the CVaR is 6. Of 4,000 draws the share of one with chance p lies within 4 standard errors
 * of it, sqrt(p (1 - p) / 4000), but for one seed in ten thousand; and the seed is fixed. */
static void four_outcomes(void **state)
{
    (void)state;
    enum { N = 4000 };
    const double exact[] = {0.42, 0, 0.28, 0, 0.18, 0, 0.12};
    double seen[7] = {0};
    ms_case *kase = story_case(two_events);
    ms_sample *sample = sample_of(kase, N, 7, 0, 1);
    assert_int_equal(sample->taken, N);
    assert_int_equal(sample->result_count, 4);
    for (size_t i = 0; i < N; i++) {
        double short_t = sample->results[sample->result_of[i]].short_t[0];
        int whole = (int)nearbyint(short_t);
        assert_true(fabs(short_t - whole) < 1e-3 && whole >= 0 && whole <= 6);
        seen[whole]++;
    }
    for (int t = 0; t <= 6; t++)
        assert_true(fabs(seen[t] / N - exact[t]) <= 4 * sqrt(exact[t] * (1 - exact[t]) / N));
    ms_spread all = spread_of(sample, 0), first = spread_of(sample, 1), second = spread_of(sample, 2);
    assert_true(fabs(all.mean - 2) <= 2 * all.mean_half && fabs(first.mean - 1.2) <= 2 * first.mean_half);
    assert_true(fabs(second.mean - 0.8) <= 2 * second.mean_half);
    /* sd of the sum: 16 x 0.21 + 4 x 0.24 = 4.32, so 1.96 x sqrt(4.32 / 4000) = 0.0644. */
    assert_true(fabs(all.mean_half - 0.0644) < 0.002);
    assert_true(fabs(all.cvar - 6) < 1e-3 && all.cvar_half < 1e-3);
    assert_true(fabs(all.quantile[2] - 2) < 1e-3 && fabs(all.worst - 6) < 1e-3 && all.quantile[0] < 1e-3);
    assert_true(fabs((double)sample->fails[0] / N - 0.3) < 0.03 && fabs((double)sample->fails[1] / N - 0.4) < 0.03);

    ms_sample_event events[3];
    size_t tail = 0;
    ms_error err = {0};
    assert_int_equal(ms_sample_events(events, &tail, sample, &err), MS_OK);
    assert_int_equal(tail, seen[6]); /* both cuts */
    assert_int_equal(events[0].contingency_ix, 0);
    assert_int_equal(events[0].seen_in_tail, tail);
    assert_int_equal(events[1].contingency_ix, 1);
    assert_int_equal(events[2].seen, 0);
    /* Weighted: priority 1 weighs 10. Mean with a: 40 + 0.4 x 2; without: 0.8. */
    assert_true(fabs(events[0].added_with - 40.8) < 0.2 && fabs(events[0].added_without - 0.8) < 0.2);
    ms_sample_free(sample);
    ms_case_free(kase);
}

/* It ends at the same scenario whoever computes, and when it should: the half-width falls as 1 / sqrt(n). */
static void ends_when_precise(void **state)
{
    (void)state;
    ms_case *kase = story_case(two_events);
    ms_sample *one = sample_of(kase, 4000, 3, 0.2, 1), *many = sample_of(kase, 4000, 3, 0.2, 4);
    assert_true(one->end.enough && one->taken < 4000 && one->taken >= 100 && one->taken % 50 == 0);
    assert_int_equal(one->taken, many->taken);
    ms_spread added;
    ms_error err = {0};
    assert_int_equal(ms_sample_spread_added(&added, one, &err), MS_OK);
    assert_true(added.mean_half <= 0.2 * added.mean && added.cvar_half <= 0.2 * added.cvar);
    ms_sample_free(one);
    ms_sample_free(many);
    ms_case_free(kase);
}

/* Another number of scenarios begins with the same ones; another seed does not. */
static void scenarios_are_their_own(void **state)
{
    (void)state;
    ms_case *kase = story_case(two_events);
    ms_sample *few = sample_of(kase, 40, 11, 0, 1), *many = sample_of(kase, 90, 11, 0, 3),
              *other = sample_of(kase, 40, 12, 0, 1);
    int differ = 0;
    for (size_t i = 0; i < 40; i++) {
        assert_true(few->results[few->result_of[i]].added == many->results[many->result_of[i]].added);
        differ += few->results[few->result_of[i]].added != other->results[other->result_of[i]].added;
    }
    assert_true(differ > 0);
    ms_sample_free(few);
    ms_sample_free(many);
    ms_sample_free(other);
    ms_case_free(kase);
}

/* ---- drawing ---- */

static const char varied[] =
    "== case.json\n{\"name\": \"two\", \"start\": \"2030-06-01\", \"days\": 40}\n"
    "== partners.csv\npartner\nblue\n"
    "== items.csv\nitem,class,unit,kg_per_unit\nfuel,III,t,1000\n"
    "== sites.csv\nsite,partner,kind\ndepot,blue,depot\none,blue,unit\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day\nfirst,depot,one,road,1,blue,1\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,fuel,blue,100\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\nu,one,fuel,blue,0,,1,1\n"
    "== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount,chance\n"
    "a,,10,20,lane,first,scale,0.6,1\na,,12,,lane,first,delay,2,\n"
    "== variations.csv\ncontingency,vary,least,likely,most\n"
    "a,start,-4,0,8\na,duration,0.5,,1.5\na,amount,0,1,2\n";

/* Triangular(-4, 0, 8): mean 4/3, and P(at most 0) = 4 / 12. Uniform(0.5, 1.5): mean 1. */
static void draws_by_the_distributions(void **state)
{
    (void)state;
    enum { N = 4000 };
    ms_case *kase = story_case(varied);
    ms_draw draw, again;
    ms_error err = {0};
    double starts = 0, lengths = 0, amounts = 0, early = 0;
    assert_int_equal(ms_draw_make(&draw, kase, &err), MS_OK);
    assert_int_equal(ms_draw_make(&again, kase, &err), MS_OK);
    for (uint64_t i = 0; i < N; i++) {
        assert_int_equal(ms_draw_scenario(&draw, kase, 1, i, &err), MS_OK);
        assert_int_equal(draw.event_count, 2);
        const ms_event *slow = &draw.events[0], *late = &draw.events[1];
        double start = slow->from_day - 10, length = slow->to_day - slow->from_day;
        assert_true(start >= -4 && start <= 8 && start == floor(start) && length >= 5 && length <= 15);
        assert_true(late->from_day == slow->from_day + 2 && isinf(late->to_day)); /* they move together */
        assert_true(slow->amount >= 0.2 - 1e-12 && slow->amount <= 1);
        assert_true(fabs((1 - slow->amount) / 0.4 - late->amount / 2) < 1e-9); /* the same factor */
        starts += start / N;
        early += start < 0 ? 1.0 / N : 0;
        lengths += length / N;
        amounts += late->amount / 2 / N;
    }
    assert_true(fabs(starts - 4.0 / 3) < 0.15 && fabs(lengths - 10) < 0.2 && fabs(amounts - 1) < 0.03);
    /* Rounded to days, below 0 is below -0.5: (3.5)^2 / (12 x 4) = 0.255. */
    assert_true(fabs(early - 0.255) < 0.03);
    assert_int_equal(ms_draw_scenario(&draw, kase, 1, 17, &err), MS_OK);
    assert_int_equal(ms_draw_scenario(&again, kase, 1, 17, &err), MS_OK);
    assert_int_equal(draw.event_count, again.event_count);
    for (size_t e = 0; e < draw.event_count; e++)
        assert_true(draw.events[e].from_day == again.events[e].from_day &&
                    draw.events[e].to_day == again.events[e].to_day && draw.events[e].amount == again.events[e].amount);
    ms_draw_free(&draw);
    ms_draw_free(&again);
    ms_case_free(kase);
}

/* ---- numbers ---- */

/* 1 to 100: mean 50.5, the 95th of them is 95, and the mean of 96 to 100 is 98. */
static void spreads(void **state)
{
    (void)state;
    double values[100], least, most;
    ms_spread spread;
    for (int i = 0; i < 100; i++)
        values[(i * 37) % 100] = i + 1;
    ms_spread_of(&spread, values, 100);
    assert_true(spread.mean == 50.5 && spread.quantile[0] == 5 && spread.quantile[2] == 50);
    assert_true(spread.quantile[4] == 95 && spread.worst == 100 && fabs(spread.cvar - 98) < 1e-9);
    /* sd of 1..100 is sqrt(100 x 101 / 12) = 29.01: 1.96 x 2.901 = 5.686. */
    assert_true(fabs(spread.mean_half - 5.686) < 1e-3);
    ms_spread_of(&spread, values, 1);
    assert_true(spread.mean == 1 && spread.cvar == 1 && isinf(spread.mean_half));
    ms_spread_of(&spread, values, 0);
    assert_true(isnan(spread.mean) && isnan(spread.cvar));
    /* Wilson, 10 of 100: 0.0552 to 0.1744 (Newcombe, 1998, as tabulated for the score interval). */
    ms_spread_share(&least, &most, 10, 100);
    assert_true(fabs(least - 0.0552) < 1e-4 && fabs(most - 0.1744) < 1e-4);
    ms_spread_share(&least, &most, 0, 100);
    assert_true(least == 0 && most > 0.03 && most < 0.04);
}

/* ---- other names, other order ---- */

static void relabelled(void **state)
{
    (void)state;
    ms_case *kase = story_case(two_events), *renamed = NULL;
    char text[sizeof two_events];
    strcpy(text, two_events);
    for (char *at = text; (at = strstr(at, "first")) != NULL;) /* the lane, wherever it stands */
        memcpy(at, "zzzzz", 5);
    renamed = story_case(text);
    ms_sample *one = sample_of(kase, 200, 5, 0, 1), *other = sample_of(renamed, 200, 5, 0, 1);
    for (size_t i = 0; i < 200; i++)
        assert_true(one->results[one->result_of[i]].added == other->results[other->result_of[i]].added);
    ms_sample_free(one);
    ms_sample_free(other);
    ms_case_free(kase);
    ms_case_free(renamed);
}

static void nothing_to_draw(void **state)
{
    (void)state;
    const char *at = strstr(two_events, "a,First");
    char text[sizeof two_events];
    snprintf(text, sizeof text, "%.*s", (int)(at - two_events), two_events);
    ms_case *kase = story_case(text);
    const ms_sample_options options = {10, 1, 0}, none = {0, 1, 0};
    const ms_stress_options how = {.threads = 1};
    ms_sample *sample = NULL;
    ms_error err = {0};
    assert_int_equal(ms_sample_make(&sample, kase, &options, &how, &err), MS_USAGE);
    assert_int_equal(ms_sample_make(&sample, kase, &none, &how, &err), MS_USAGE);
    assert_null(sample);
    ms_case_free(kase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_outcomes),
        cmocka_unit_test(ends_when_precise),
        cmocka_unit_test(scenarios_are_their_own),
        cmocka_unit_test(draws_by_the_distributions),
        cmocka_unit_test(spreads),
        cmocka_unit_test(relabelled),
        cmocka_unit_test(nothing_to_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
