/* test_case_odd.c: what is odd but usable: a warning in the same form as an error, and a case all the
 * same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "case_text.h"

/* Reads the plain case with the sections of text in place of its own; every finding must be as given. */
static void finds(const char *text, const char *wanted)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_buf spelled = {0};
    ms_status status = case_text_read(&kase, text, strlen(text), plain_case, &findings, &err);
    case_text_spell(&spelled, &findings);
    assert_string_equal(spelled.text, wanted);
    assert_int_equal(status, MS_OK);
    assert_non_null(kase);
    ms_case_free(kase);
    ms_buf_free(&spelled);
    ms_findings_free(&findings);
}

static void plain_is_clean(void **state)
{
    (void)state;
    finds("== currency\n", "");
}

static void case_json_is_odd(void **state)
{
    (void)state;
    finds("== case.json\n"
          "{\"name\": \"plain\", \"start\": \"2030-06-01\", \"days\": 10.5,\n"
          " \"priority_ratio\": 1000, \"fiar\": true}\n",
          "case.json:1:50: warning: 10.5 days are not a whole number of periods; the last one runs on to day 11\n"
          "case.json:2:20: warning: 5 priorities, each 1000 times the next, span more than 1e8; the ratio used "
          "will be 100\n"
          "case.json:2:34: warning: the key \"fiar\" is not known and is not read; did you mean \"fair\"?\n");
}

static void unknown_column(void **state)
{
    (void)state;
    finds("== stocks.csv\n"
          "site,item,partner,quantity,colour,Quantity,kg_per_unit,\n"
          "port,diesel,blue,5,red,,,\n",
          "forces.csv:2:7: warning: nothing can meet the demand for \"rations\" at \"hill\": the case has no "
          "stock or supply of it; add some to stocks.csv or supplies.csv\n"
          "stocks.csv:1:28: warning: the column \"colour\" is not known and is not read; stocks.csv has site, "
          "item, partner, quantity\n"
          "stocks.csv:1:35: warning: the column \"Quantity\" is not known and is not read; did you mean "
          "\"quantity\"?\n"
          "stocks.csv:1:44: warning: the column \"kg_per_unit\" is not known and is not read; stocks.csv has "
          "site, item, partner, quantity\n");
}

static void short_row(void **state)
{
    (void)state;
    finds("== demands.csv\n"
          "demand,site,item,partner,from_day,to_day,per_day,priority,note\n"
          "camp-diesel,camp,diesel,green,1,,10,1\n",
          "demands.csv:1:59: warning: the column \"note\" is not known and is not read; demands.csv has demand, "
          "site, item, partner, from_day, to_day, per_day, priority\n"
          "demands.csv:2:1: warning: the row has 8 cells and the header 9; the missing ones are taken as empty\n");
}

static void transit(void **state)
{
    (void)state;
    finds("== lanes.csv\n"
          "lane,from,to,mode,transit_days,fleet\n"
          "port-depot,port,depot,road,1,trucks\n"
          "depot-camp,depot,camp,road,10,trucks\n"
          "depot-hill,depot,hill,road,1,trucks\n",
          "lanes.csv:3:28: warning: transit takes 10 days and the case has 10: nothing arrives by this lane\n");
}

static void foreign_scope(void **state)
{
    (void)state;
    finds("== agreements.csv\n"
          "agreement,provider,receiver,kind,scope\n"
          "fuel,blue,green,site,port hill\n"
          "fuel2,blue,green,site,port camp\n"
          "lift1,green,blue,lift,trucks port-depot\n"
          "lift2,green,blue,lift,III\n",
          "agreements.csv:3:23: warning: nothing named here belongs to the provider \"blue\": the agreement lets "
          "nobody use anything\n"
          "agreements.csv:4:23: warning: nothing named here belongs to the provider \"green\": the agreement lets "
          "nobody use anything\n");
}

static void storage(void **state)
{
    (void)state;
    finds("== sites.csv\n"
          "site,name,partner,kind,country,storage_t\n"
          "port,Port,,port,PH,399.5\n"
          "depot,\"Depot\n"
          "of two lines\",blue,depot,PH,10\n"
          "camp,Camp,green,unit,JP,\n"
          "hill,Hill,blue,unit,PH,0\n",
          "sites.csv:2:20: warning: \"port\" holds 400.0 t at the start and may store 399.5 t; nothing comes in "
          "until it is drawn down\n");
}

static void neighbours(void **state)
{
    (void)state;
    finds("== lanes.csv\n"
          "lane,from,to,mode,partner,transit_days,capacity_t_per_day,fleet,carries\n"
          "port-depot,port,depot,road,blue,1,100000,trucks,\n"
          "depot-camp,depot,camp,road,blue,1.5,60,,III\n"
          "depot-hill,depot,hill,road,,0.5,50,,I;diesel\n"
          "d2,depot,hill,road,,0.5,0.05,,I;diesel\n"
          "d3,depot,hill,road,,0.5,80,,I;diesel\n"
          "d4,depot,hill,road,,0.5,0,,I;diesel\n"
          "d5,depot,hill,rail,,0.5,1e9,,I;diesel\n",
          "lanes.csv:2:35: warning: 100,000 t a day is a thousand times or more what other road lanes carry (60); "
          "is it in tonnes?\n"
          "lanes.csv:5:25: warning: 0.05 t a day is a thousandth or less of what other road lanes carry (60); is "
          "it in tonnes?\n");
}

static void idle_fleet(void **state)
{
    (void)state;
    finds("== fleets.csv\n"
          "fleet,vehicles,payload_t\n"
          "trucks,4,10\n"
          "spare,1,1\n",
          "fleets.csv:3:1: warning: no lane draws on the fleet \"spare\"; name it in lanes.csv, or leave it out\n");
}

static void no_demand(void **state)
{
    (void)state;
    finds("== demands.csv\n"
          "demand,site,item,partner,from_day,to_day,per_day,priority\n"
          "== forces.csv\n"
          "force,site,partner,persons,profile,priority\n",
          "demands.csv:1:1: warning: the case has no demand; add demands.csv, or forces.csv with factors.csv\n");
}

static void out_of_reach_by_carries(void **state)
{
    (void)state;
    finds("== lanes.csv\n"
          "lane,from,to,mode,transit_days,capacity_t_per_day,fleet,carries\n"
          "port-depot,port,depot,road,1,,trucks,\n"
          "depot-camp,depot,camp,road,1,,,I\n"
          "depot-hill,depot,hill,road,1,0,,\n"
          "== commitments.csv\n"
          "lane,item,partner,depart_day,quantity\n",
          "demands.csv:2:13: warning: \"diesel\" cannot reach \"camp\" from where it lies or comes in, whatever "
          "the agreements; add a lane that carries it\n"
          "demands.csv:3:13: warning: \"diesel\" cannot reach \"hill\" from where it lies or comes in, whatever "
          "the agreements; add a lane that carries it\n"
          "forces.csv:2:7: warning: \"rations\" cannot reach \"hill\" from where it lies or comes in, whatever "
          "the agreements; add a lane that carries it\n");
}

static void nothing_to_send(void **state)
{
    (void)state;
    finds("== stocks.csv\n"
          "site,item,partner,quantity\n"
          "port,diesel,blue,0\n"
          "== supplies.csv\n"
          "site,item,partner,from_day,to_day,per_day\n"
          "== commitments.csv\n"
          "lane,item,partner,depart_day,quantity\n",
          "demands.csv:2:13: warning: nothing can meet the demand for \"diesel\" at \"camp\": the case has no "
          "stock or supply of it; add some to stocks.csv or supplies.csv\n"
          "demands.csv:3:13: warning: nothing can meet the demand for \"diesel\" at \"hill\": the case has no "
          "stock or supply of it; add some to stocks.csv or supplies.csv\n"
          "forces.csv:2:7: warning: nothing can meet the demand for \"rations\" at \"hill\": the case has no "
          "stock or supply of it; add some to stocks.csv or supplies.csv\n");
}

static void reach_by_substitute(void **state)
{
    (void)state;
    finds("== stocks.csv\n"
          "site,item,partner,quantity\n"
          "port,jet-fuel,blue,10\n"
          "depot,rations,blue,10\n"
          "== supplies.csv\n"
          "site,item,partner,from_day,to_day,per_day\n"
          "== commitments.csv\n"
          "lane,item,partner,depart_day,quantity\n"
          "== lanes.csv\n"
          "lane,from,to,mode,transit_days,fleet,carries\n"
          "port-depot,port,depot,road,1,trucks,\n"
          "depot-camp,depot,camp,road,1,,jet-fuel\n"
          "depot-hill,depot,hill,road,1,,I;diesel\n",
          "demands.csv:3:13: warning: \"diesel\" cannot reach \"hill\" from where it lies or comes in, whatever "
          "the agreements; add a lane that carries it\n");
}

static void events(void **state)
{
    (void)state;
    finds("== contingencies.csv\n"
          "contingency,name,from_day,to_day,what,which,effect,amount\n"
          "c1,One,2,5,site,port,close,0\n"
          "c2,,2.2,2.8,lane,depot-hill,delay,1\n"
          "c2,Two,2,3,lane,depot-hill,scale,0.5\n"
          "c2,Too,2,3,stock,port,lose,0.5\n"
          "c2,,2,3,site,port,scale,0.5\n",
          "contingencies.csv:2:28: warning: close takes no amount; it is not used (scale closes in part)\n"
          "contingencies.csv:3:29: warning: no period starts within the span, so nothing is delayed; make the "
          "span longer\n"
          "contingencies.csv:4:28: warning: \"depot-hill\" is unlimited, and a part of it still is; use set with "
          "the tonnes a day that are left\n"
          "contingencies.csv:5:4: warning: \"c2\" has another name in an earlier row; that one is used\n"
          "contingencies.csv:5:10: warning: stock is lost once, on from_day; to_day is not used and may be left "
          "empty\n"
          "contingencies.csv:6:19: warning: \"port\" is unlimited, and a part of it still is; use set with the "
          "tonnes a day that are left\n");
}

/* 2000 sites and 3 lanes x 3 items x 87,840 hours. */
static void absurd_size(void **state)
{
    (void)state;
    ms_buf text = {0};
    ms_buf_text(&text,
                "== case.json\n{\"name\": \"x\", \"start\": \"2030-06-01\", \"days\": 3660, \"period_hours\": 1}\n"
                "== sites.csv\nsite,partner,kind,country\n"
                "port,,port,PH\ndepot,blue,depot,PH\ncamp,green,unit,JP\nhill,blue,unit,PH\n");
    for (int ix = 4; ix < 2000; ix++)
        ms_buf_printf(&text, "s%d,,depot,\n", ix);
    finds(text.text,
          "case.json:1:1: warning: sites and lanes x items x periods make 527,830,560; plan fewer days, or longer "
          "periods\n");
    ms_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_is_clean),
        cmocka_unit_test(case_json_is_odd),
        cmocka_unit_test(unknown_column),
        cmocka_unit_test(short_row),
        cmocka_unit_test(transit),
        cmocka_unit_test(foreign_scope),
        cmocka_unit_test(storage),
        cmocka_unit_test(neighbours),
        cmocka_unit_test(idle_fleet),
        cmocka_unit_test(no_demand),
        cmocka_unit_test(out_of_reach_by_carries),
        cmocka_unit_test(nothing_to_send),
        cmocka_unit_test(reach_by_substitute),
        cmocka_unit_test(events),
        cmocka_unit_test(absurd_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
