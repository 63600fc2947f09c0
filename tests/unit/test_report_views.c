/* test_report_views.c: the views of a case and of real plans of it: they fit their width, read back as CSV and JSON,
 * let no hostile name through, and survive every refusal of memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/plan.h"

#include "case_text.h"
#include "faults.h"
#include "hostile_names.h"
#include "test_report_scan.h"

/* examples/tiny with values and a reserve: 26 of 30 t of priority 1 are met and all 12 t of priority 2. */
static const char small_case[] =
    "== case.json\n{\"name\": \"small\", \"start\": \"2030-06-01\", \"days\": 4, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner,name\nblue,Blue brigade\ngreen,Green brigade\n"
    "== sites.csv\nsite,name,partner,kind,lat,lon\ncamp,Camp,blue,unit,10,179.5\ndepot,Depot,green,depot,11,-179\n"
    "harbour,Harbour,,port,9,178\nhill,Hill,green,unit,,\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,value_per_unit,backorder\ndiesel,Diesel,III,m3,800,900,no\n"
    "rations,Rations,I,case,10,120,no\n"
    "== lanes.csv\nlane,from,to,mode,partner,transit_days,capacity_t_per_day,cost_per_t,fleet,carries\n"
    "depot-camp,depot,camp,road,green,1,10,30,,III\ndepot-hill,depot,hill,road,green,1,10,10,,III\n"
    "harbour-camp,harbour,camp,road,blue,1,,20,blue-trucks,I\n"
    "== fleets.csv\nfleet,partner,mode,vehicles,payload_t,turn_days\nblue-trucks,blue,road,2,2,0\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,diesel,green,50\nharbour,rations,blue,700\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,from_day,to_day,settlement,due_days\n"
    "camp-access,blue,green,site,camp,,,,cash,\ndiesel-loan,green,blue,item,diesel,20,,,in-kind,30\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\ncamp-diesel,camp,diesel,blue,1,4,10,1\n"
    "camp-rations,camp,rations,blue,1,4,200,1\nhill-diesel,hill,diesel,green,1,4,5,2\n"
    "== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount,chance\n"
    "cut,The road is cut,1,3,lane,depot-hill,close,,0.2\n";

static const char hostile[] = "\033]0;owned\007\033[2J<script>\xE2\x80\xAE&\"'],=cmd|\n\xC2\x9B"
                              "31m 부산항만공사 港 and a long tail";

typedef struct {
    ms_case *kase, *hostile_case;
    ms_plan *plan, *cut_plan, *hostile_plan;
} fixture;

static ms_case *reads(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    if (case_text_read(&kase, text, strlen(text), NULL, &findings, &err) != MS_OK)
        fail_msg("%s:%d: %s", err.file, err.line, err.message);
    ms_findings_free(&findings);
    return kase;
}

static ms_plan *plans(const ms_case *kase, const char *contingency)
{
    ms_plan *plan = NULL;
    ms_error err = {0};
    const char *ids[] = {contingency};
    ms_plan_options options = {.alone = true, .contingencies = ids, .contingency_count = contingency != NULL};
    if (ms_plan_make(&plan, kase, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    return plan;
}

static int set_up(void **state)
{
    static fixture f;
    f.kase = reads(small_case);
    f.plan = plans(f.kase, NULL);
    f.cut_plan = plans(f.kase, "cut");
    f.hostile_case = reads(small_case);
    f.hostile_plan = plans(f.hostile_case, NULL);
    spoil_names(f.hostile_case, hostile);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ms_plan_free(f->plan);
    ms_plan_free(f->cut_plan);
    ms_plan_free(f->hostile_plan);
    ms_case_free(f->kase);
    ms_case_free(f->hostile_case);
    return 0;
}

/* ---- every view by one name ---- */

enum {
    VIEW_CASE,
    VIEW_PLAN,
    VIEW_REASONS,
    VIEW_COMPARE,
    VIEW_POSTURE,
    VIEW_POSTURE_PLAN,
    VIEW_POSTURE_MAP,
    VIEW_POSTURE_CLASS,
    VIEWS
};

typedef struct {
    int which;
    const ms_case *kase;
    const ms_plan *plan, *other;
    ms_view view;
    ms_buf out;
} call;

static ms_status view_of(call *c, ms_error *err)
{
    const ms_posture_options map = {.map = true}, by_class = {.by = MS_POSTURE_BY_CLASS, .target_days = 2};
    switch (c->which) {
    case VIEW_CASE:
        return ms_report_case(&c->out, c->kase, &c->view, err);
    case VIEW_PLAN:
        return ms_report_plan(&c->out, c->plan, "a plan's folder", &c->view, err);
    case VIEW_REASONS:
        return ms_report_reasons(&c->out, c->plan, NULL, &c->view, err);
    case VIEW_COMPARE:
        return ms_report_compare(&c->out, c->plan, c->other, &c->view, err);
    case VIEW_POSTURE:
        return ms_report_posture(&c->out, c->kase, NULL, NULL, &c->view, err);
    case VIEW_POSTURE_PLAN:
        return ms_report_posture(&c->out, c->kase, c->plan, NULL, &c->view, err);
    case VIEW_POSTURE_MAP:
        return ms_report_posture(&c->out, c->kase, c->plan, &map, &c->view, err);
    default:
        return ms_report_posture(&c->out, c->kase, c->plan, &by_class, &c->view, err);
    }
}

static void show(call *c)
{
    ms_error err = {0};
    ms_buf_reset(&c->out);
    if (view_of(c, &err) != MS_OK)
        fail_msg("view %d: %s", c->which, err.message);
}

static void every_width(const ms_case *kase, const ms_plan *plan, const ms_plan *other, bool ascii_names)
{
    call c = {.kase = kase, .plan = plan, .other = other};
    for (c.which = 0; c.which < VIEWS; c.which++) {
        /* The commands to type next are never broken; all else fits 20 columns. */
        for (int width = c.which == VIEW_PLAN ? 46 : 20; width <= 200; width += width < 90 ? 1 : 10) {
            c.view = (ms_view){
                .format = MS_FORMAT_TEXT, .width = width, .colour = width % 2 == 0, .ascii = width % 3 == 0};
            show(&c);
            scan_text(c.out.text, width, c.view.colour, c.view.ascii && ascii_names);
        }
    }
    ms_buf_free(&c.out);
}

static void text_fits(void **state)
{
    const fixture *f = *state;
    every_width(f->kase, f->plan, f->cut_plan, true);
}

static void hostile_names_are_tamed(void **state)
{
    const fixture *f = *state;
    every_width(f->hostile_case, f->hostile_plan, f->plan, false);
}

static void files_read_back(void **state)
{
    const fixture *f = *state;
    const ms_case *cases[] = {f->kase, f->hostile_case};
    const ms_plan *made[] = {f->plan, f->hostile_plan};
    for (int i = 0; i < 2; i++) {
        call c = {.kase = cases[i], .plan = made[i], .other = f->cut_plan};
        for (c.which = 0; c.which < VIEWS; c.which++) {
            c.view.format = MS_FORMAT_CSV;
            show(&c);
            assert_true(scan_csv(c.out.text) > 0);
            assert_null(strchr(c.out.text, '\033'));
            c.view.format = MS_FORMAT_JSON;
            show(&c);
            json_decref(scan_json(c.out.text));
            assert_null(strchr(c.out.text, '\033'));
        }
        ms_buf_free(&c.out);
    }
}

/* ---- what the views say ---- */

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is missing in:\n%s", part, text);
}

static void story(void **state)
{
    const fixture *f = *state;
    call c = {.which = VIEW_PLAN, .plan = f->plan, .view = {.format = MS_FORMAT_TEXT, .width = 100}};
    show(&c);
    assert_says(c.out.text, "Together the partners meet 90.5 % of the 42 t that are wanted; each alone, 42.9 %.");
    assert_says(c.out.text, "Priority 1 falls short by 4 t of 30 t.");
    assert_says(c.out.text, "agreement diesel-loan reaches its limit of 20 t");
    assert_says(c.out.text, "green → blue");
    assert_says(c.out.text, "mainstay explain 'a plan'\\''s folder'"); /* one word for a shell */
    ms_buf_free(&c.out);
}

static json_t *member(json_t *of, const char *key)
{
    json_t *value = json_object_get(of, key);
    if (value == NULL)
        fail_msg("no key %s", key);
    return value;
}

/* 25 m3 of 30 arrive: 20 of 24 t of diesel and 6 of 6 t of rations; alone, blue has the rations only. */
static void plan_as_json(void **state)
{
    const fixture *f = *state;
    call c = {.which = VIEW_PLAN, .plan = f->plan, .view = {.format = MS_FORMAT_JSON}};
    show(&c);
    json_t *plan = scan_json(c.out.text);
    static const char *const promised[] = {"objective", "bound",      "gap",         "seconds",
                                           "engine",    "shortfalls", "bottlenecks", "crossings"};
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++)
        member(plan, promised[i]);
    json_t *first = json_array_get(member(member(plan, "coverage"), "rows"), 0);
    assert_string_equal(json_string_value(member(first, "partner")), "blue");
    assert_int_equal(json_integer_value(member(first, "priority")), 1);
    assert_true(fabs(json_number_value(member(first, "short_t")) - 4) < 1e-3);
    assert_true(fabs(json_number_value(member(first, "alone_short_t")) - 24) < 1e-3);
    json_t *balance = json_array_get(member(plan, "balances"), 0);
    assert_string_equal(json_string_value(member(balance, "debtor")), "blue");
    assert_true(fabs(json_number_value(member(balance, "value")) - 25 * 900) < 1); /* 25 m3 at 900 */
    json_decref(plan);
    ms_buf_free(&c.out);
}

static void comparison(void **state)
{
    const fixture *f = *state;
    call c = {
        .which = VIEW_COMPARE, .plan = f->plan, .other = f->cut_plan, .view = {.format = MS_FORMAT_TEXT, .width = 100}};
    show(&c);
    assert_says(c.out.text, "After:  small with cut");
    assert_says(c.out.text,
                "2 t more short of priority 2."); /* only day 0 is left, and its 10 t of the lane for 12 t */
    assert_says(c.out.text, "diesel for green at hill");
    c.other = f->plan;
    show(&c);
    assert_says(c.out.text, "What is met is the same.");
    assert_says(c.out.text, "No demand is better or worse off.");
    ms_buf_free(&c.out);
}

static void posture_asks_for_a_partner(void **state)
{
    const fixture *f = *state;
    ms_buf out = {0};
    ms_error err = {0};
    ms_posture_options options = {.partner = "bleu"};
    ms_view view = {0};
    assert_int_equal(ms_report_posture(&out, f->kase, NULL, &options, &view, &err), MS_USAGE);
    assert_says(err.message, "did you mean blue?");
    assert_null(out.text);
    options.partner = "blue";
    view.format = MS_FORMAT_CSV;
    assert_int_equal(ms_report_posture(&out, f->kase, NULL, &options, &view, &err), MS_OK);
    assert_int_equal(scan_csv(out.text), 8); /* two needs, four days */
    ms_buf_free(&out);
}

/* ---- faults ---- */

static ms_status again(void *context)
{
    call *c = context;
    ms_error err = {0};
    c->out = (ms_buf){0};
    ms_buf_text(&c->out, "before");
    bool had = !c->out.failed;
    ms_status status = view_of(c, &err);
    if (status != MS_OK && had) /* what was there before is all that is there */
        assert_string_equal(c->out.text, "before");
    ms_buf_free(&c->out);
    return status;
}

static void memory_runs_short(void **state)
{
    const fixture *f = *state;
    for (int format = MS_FORMAT_TEXT; format <= MS_FORMAT_JSON; format++) {
        call c = {.kase = f->kase,
                  .plan = f->plan,
                  .other = f->cut_plan,
                  .view = {.format = (ms_format)format, .width = 80, .colour = true}};
        for (c.which = 0; c.which < VIEWS; c.which++)
            assert_true(each_refusal(again, &c) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_fits),
        cmocka_unit_test(hostile_names_are_tamed),
        cmocka_unit_test(files_read_back),
        cmocka_unit_test(story),
        cmocka_unit_test(plan_as_json),
        cmocka_unit_test(comparison),
        cmocka_unit_test(posture_asks_for_a_partner),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
