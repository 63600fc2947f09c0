/* test_plan_memory.c: memory runs out at the first, second, third ... request of planning, writing, reading and
 * explaining: each says so, leaves its outputs alone and frees what it had (the address sanitizer looks), and nothing
 * is half written. The case has a row for most of what the model knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "faults.h"
#include "plan/explain.h"
#include "plan_story.h"

static const char rich_case[] =
    "== case.json\n{\"name\": \"rich\", \"start\": \"2030-06-01\", \"days\": 4, \"fair\": true}\n"
    "== items.csv\nitem,class,unit,kg_per_unit,value_per_unit,backorder\n"
    "fuel,III,t,1000,9,no\nwater,water,t,1000,,yes\n"
    "jet,III,t,1000,9,no\n"
    "== sites.csv\nsite,partner,kind,handling_t_per_day,storage_t,country\n"
    "a,,depot,,,AA\nb,green,port,9,6,BB\nc,blue,unit,,,BB\n"
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t\ntruck,green,road,1,4\n"
    "== lanes.csv\nlane,from,to,mode,transit_days,partner,capacity_t_per_day,cost_per_t,fleet,carries\n"
    "ab,a,b,road,1,green,3,10,truck,III\nbc,b,c,road,1,,,5,,\nca,c,a,road,2,blue,8,,,\n"
    "== stocks.csv\nsite,item,partner,quantity\na,fuel,blue,30\nb,fuel,green,6\nc,water,blue,1\nc,jet,,1\n"
    "== supplies.csv\nsite,item,partner,from_day,to_day,per_day\nb,water,green,0,,3\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
    "b-fuel,b,fuel,green,1,,4,1\nc-fuel,c,fuel,blue,0,,3,2\nc-water,c,water,blue,1,,2,1\n"
    "== reserves.csv\nsite,item,partner,quantity,days,priority\nb,fuel,green,3,,3\nc,water,blue,,2,3\n"
    "== substitutes.csv\nitem,substitute,ratio\nfuel,jet,1.5\n"
    "== duties.csv\nfrom_country,to_country,class,rate\nAA,BB,*,0.1\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,from_day,to_day\nride,green,blue,lift,*,,,\n"
    "door,green,blue,site,b,7,,\ndrink,green,blue,item,water,,1,3\nswap,blue,green,item,fuel,5,,\n"
    "== commitments.csv\nlane,item,partner,depart_day,quantity\nca,fuel,blue,-1,2\nca,water,blue,0,3\n"
    "== contingencies.csv\ncontingency,from_day,to_day,what,which,effect,amount\nrain,1,2,lane,bc,scale,0.5\n";

static const char *const rain = "rain";
static ms_case *kase;
static ms_plan *plan;

static int make_plan(void **state)
{
    const ms_plan_options options = {.engine = MS_ENGINE_LP, .contingencies = &rain, .contingency_count = 1};
    ms_error err = {0};
    if (story_folder_make(state) != 0)
        return -1;
    kase = story_case(rich_case);
    return ms_plan_make(&plan, kase, &options, &err) == MS_OK && ms_plan_write(plan, "made", false, &err) == MS_OK ? 0
                                                                                                                   : -1;
}

static int drop_plan(void **state)
{
    ms_plan_free(plan);
    ms_case_free(kase);
    return story_folder_remove(state);
}

static ms_status make_step(void *context)
{
    ms_plan *made = NULL;
    ms_error err = {0};
    ms_status status = ms_plan_make(&made, kase, context, &err);
    assert_true((status == MS_OK) == (made != NULL));
    if (status != MS_OK)
        assert_int_equal(err.code, MS_NO_MEMORY);
    ms_plan_free(made);
    return status;
}

static void making(void **state)
{
    (void)state;
    ms_plan_options lp = {.engine = MS_ENGINE_LP, .contingencies = &rain, .contingency_count = 1, .alone = true};
    ms_plan_options quick = {.engine = MS_ENGINE_GREEDY};
    ms_plan_options with_lp_file = {.engine = MS_ENGINE_LP, .write_lp = "lp.mps"};
    ms_plan_options rough = {.engine = MS_ENGINE_PRIMAL_DUAL, .gap = 1e-2, .threads = 1};
    ms_plan_options exact = {.engine = MS_ENGINE_PRIMAL_DUAL, .gap = 1e-7, .threads = 1, .alone = false};
    assert_true(each_refusal(make_step, &lp) > 100);
    assert_true(each_refusal(make_step, &exact) > each_refusal(make_step, &rough) + 50);
    assert_true(each_refusal(make_step, &quick) > 50);
    assert_true(each_refusal(make_step, &with_lp_file) > 50);
}

/* Stopped at once, the LP engine asks the greedy one for a plan. */
static bool stop(void *context, const char *stage, double done, double eta_seconds)
{
    (void)context, (void)stage, (void)done, (void)eta_seconds;
    return false;
}

static void making_stopped(void **state)
{
    (void)state;
    ms_plan_options options = {.engine = MS_ENGINE_LP, .gap = 1e-300, .progress = stop};
    assert_true(each_refusal(make_step, &options) > 50);
}

static ms_status write_step(void *context)
{
    ms_error err = {0};
    bool there_before = ms_file_exists("written");
    ms_status status = ms_plan_write(plan, "written", true, &err);
    if (status != MS_OK)
        assert_true(ms_file_exists("written/summary.json") == there_before);
    *(bool *)context = status == MS_OK;
    return status;
}

static void writing(void **state)
{
    (void)state;
    bool written = false;
    assert_true(each_refusal(write_step, &written) > 5);
    assert_true(written);
    assert_true(each_refusal(write_step, &written) > 5); /* over an older one */
    story_check(kase, plan, "written");
}

static ms_status open_step(void *context)
{
    (void)context;
    ms_plan *opened = NULL;
    ms_case *inside = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = ms_plan_open(&opened, &inside, "made", &findings, &err);
    assert_true((status == MS_OK) == (opened != NULL) && (status == MS_OK) == (inside != NULL));
    ms_findings_free(&findings);
    ms_plan_free(opened);
    ms_case_free(inside);
    return status;
}

static void opening(void **state)
{
    (void)state;
    assert_true(each_refusal(open_step, NULL) > 50);
}

static ms_status explain_step(void *context)
{
    const ms_explain_options options = {.most = 2, .verify = true};
    ms_reasons reasons = {0};
    ms_error err = {0};
    (void)context;
    ms_status status = ms_explain(&reasons, plan, &options, &err);
    if (status != MS_OK)
        assert_true(reasons.items == NULL && reasons.count == 0);
    ms_reasons_free(&reasons);
    return status;
}

static ms_status bottleneck_step(void *context)
{
    ms_bottleneck *rows = NULL;
    size_t count = 0;
    ms_error err = {0};
    (void)context;
    ms_status status = ms_explain_bottlenecks(&rows, &count, plan, &err);
    assert_true((status == MS_OK) == (rows != NULL));
    ms_free(rows);
    return status;
}

static void explaining(void **state)
{
    (void)state;
    assert_true(plan->shortfall_count > 0);
    assert_true(each_refusal(explain_step, NULL) > 50);
    assert_true(each_refusal(bottleneck_step, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(making),  cmocka_unit_test(making_stopped), cmocka_unit_test(writing),
        cmocka_unit_test(opening), cmocka_unit_test(explaining),
    };
    return cmocka_run_group_tests(tests, make_plan, drop_plan);
}
