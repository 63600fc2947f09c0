/* test_case_read.c: what a correct case becomes in memory, whatever spreadsheet wrote it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "case_text.h"

/* The plain case with the sections of text in place of its own; no finding is expected. */
static ms_case *reads(const char *text)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_status status = case_text_read(&kase, text, strlen(text), plain_case, &findings, &err);
    if (findings.count > 0)
        fail_msg("%s:%d:%d: %s", findings.items[0].file, findings.items[0].line, findings.items[0].column,
                 findings.items[0].message);
    assert_int_equal(status, MS_OK);
    ms_findings_free(&findings);
    return kase;
}

static int32_t item(const ms_case *kase, const char *id)
{
    return ms_names_find(&kase->item_names, id, strlen(id));
}

static int32_t site(const ms_case *kase, const char *id)
{
    return ms_names_find(&kase->site_names, id, strlen(id));
}

static void case_json(void **state)
{
    (void)state;
    ms_case *kase = reads(
        "== case.json\n\xEF\xBB\xBF{\"name\": \"Two\\nlines\", \"start\": \"1970-01-03\", \"days\": 2.5,\r\n"
        "\"period_hours\": 6, \"priority_ratio\": 3.5, \"fair\": true, \"currency\": \"USD\"}\n"
        "== supplies.csv\nsite,item,partner,from_day,per_day\nport,diesel,blue,0,1\n"
        "== demands.csv\ndemand,site,item,partner,from_day,per_day,priority\n"
        "hill-diesel,hill,diesel,blue,0,1,1\n"
        "== commitments.csv\nlane,item,partner,depart_day,quantity\n"
        "== contingencies.csv\ncontingency,from_day,what,which,effect\n");
    assert_string_equal(ms_case_name(kase), "Two lines");
    assert_int_equal(kase->start_day, 2);
    assert_true(kase->days == 2.5 && kase->period_hours == 6 && kase->priority_ratio == 3.5);
    assert_true(kase->fair);
    assert_string_equal(kase->currency, "USD");
    assert_int_equal(kase->period_count, 10); /* 2.5 x 24 / 6 */
    assert_true(kase->period_days == 0.25);
    ms_case_free(kase);

    kase = reads("");
    assert_true(kase->period_hours == 24 && kase->priority_ratio == 10 && !kase->fair);
    assert_string_equal(kase->currency, "");
    assert_int_equal(kase->period_count, 10);
    ms_case_free(kase);
}

static void places_and_things(void **state)
{
    (void)state;
    ms_case *kase = reads(
        "== sites.csv\nsite,name,partner,kind,country,lat,lon,handling_t_per_day,storage_t\n"
        "port,,,port,PH,-14.5,120.25,2000,1e6\ndepot,Depot,blue,depot,,,,,\ncamp,\"Camp, "
        "north\",green,unit,JP,0,0,0,0\n"
        "hill,Hill,blue,railhead,,,,,\n"
        "== items.csv\nitem,name,class,unit,kg_per_unit,m3_per_unit,value_per_unit,criticality,backorder,nsn\n"
        "diesel,Diesel fuel,III,m3,800,1,900,2.5,yes,9140-00-286-5294\njet-fuel,,III,,750,,,,no,\n"
        "rations,,I,case,10,0.03,95,,,\nwater,,water,m3,1000,,,,,\n");
    assert_int_equal(kase->sites_count, 4);
    const ms_site *port = &kase->sites[site(kase, "port")], *depot = &kase->sites[site(kase, "depot")];
    assert_string_equal(port->name, "port"); /* its id where there is none */
    assert_int_equal(port->partner_ix, MS_NONE);
    assert_int_equal(port->kind, MS_SITE_PORT);
    assert_string_equal(port->country, "PH");
    assert_true(port->lat == -14.5 && port->lon == 120.25 && port->handling_t_per_day == 2000 &&
                port->storage_t == 1e6);
    assert_string_equal(depot->country, "");
    assert_true(isnan(depot->lat) && isnan(depot->lon) && isinf(depot->handling_t_per_day) && isinf(depot->storage_t));
    assert_string_equal(kase->partners[depot->partner_ix].id, "blue");
    assert_string_equal(kase->sites[site(kase, "camp")].name, "Camp, north");
    assert_true(kase->sites[site(kase, "camp")].storage_t == 0);

    const ms_item *diesel = &kase->items[item(kase, "diesel")], *fuel = &kase->items[item(kase, "jet-fuel")];
    assert_string_equal(diesel->name, "Diesel fuel");
    assert_string_equal(diesel->unit, "m3");
    assert_string_equal(diesel->nsn, "9140-00-286-5294");
    assert_int_equal(diesel->class_ix, MS_CLASS_III);
    assert_true(diesel->kg_per_unit == 800 && diesel->value_per_unit == 900 && diesel->criticality == 2.5);
    assert_true(diesel->backorder && !fuel->backorder);
    assert_true(ms_item_t_per_unit(diesel) == 0.8);
    assert_string_equal(fuel->name, "jet-fuel");
    assert_true(fuel->criticality == 1 && fuel->value_per_unit == 0 && fuel->m3_per_unit == 0);
    assert_int_equal(kase->items[item(kase, "water")].class_ix, MS_CLASS_WATER);
    ms_case_free(kase);
}

static void transport(void **state)
{
    (void)state;
    ms_case *kase = reads("");
    const ms_lane *lane = &kase->lanes[0], *camp = &kase->lanes[1], *hill = &kase->lanes[2];
    assert_string_equal(lane->id, "port-depot");
    assert_int_equal(lane->from_ix, site(kase, "port"));
    assert_int_equal(lane->to_ix, site(kase, "depot"));
    assert_int_equal(lane->mode, MS_MODE_ROAD);
    assert_int_equal(lane->fleet_ix, 0);
    assert_true(lane->transit_days == 1 && lane->capacity_t_per_day == 100 && lane->cost_per_t == 0);
    assert_null(lane->carries);
    assert_int_equal(camp->fleet_ix, MS_NONE);
    assert_true(camp->carries[item(kase, "diesel")] && camp->carries[item(kase, "jet-fuel")]);
    assert_false(camp->carries[item(kase, "rations")]);
    assert_true(isinf(hill->capacity_t_per_day));
    assert_int_equal(hill->partner_ix, MS_NONE);
    assert_true(hill->carries[item(kase, "diesel")] && hill->carries[item(kase, "rations")]);
    assert_false(hill->carries[item(kase, "jet-fuel")]);
    const ms_fleet *trucks = &kase->fleets[0];
    assert_true(trucks->vehicles == 4 && trucks->payload_t == 10 && trucks->turn_days == 0);
    assert_int_equal(trucks->mode, MS_MODE_ROAD);
    ms_case_free(kase);
}

/* Where fleets.csv gives no mode, it is that of the first lane. */
static void mode_of_a_fleet(void **state)
{
    (void)state;
    ms_case *kase = reads("== fleets.csv\nfleet,vehicles,payload_t\ntrucks,0.5,10\n"
                          "== lanes.csv\nlane,from,to,mode,transit_days,fleet\nport-depot,port,depot,rail,1,trucks\n"
                          "depot-camp,depot,camp,rail,1,trucks\ndepot-hill,depot,hill,rail,1,trucks\n");
    assert_int_equal(kase->fleets[0].mode, MS_MODE_RAIL);
    assert_true(kase->fleets[0].vehicles == 0.5);
    assert_int_equal(kase->fleets[0].partner_ix, MS_NONE);
    ms_case_free(kase);
}

static void goods(void **state)
{
    (void)state;
    ms_case *kase = reads("");
    assert_int_equal(kase->stocks_count, 2);
    assert_int_equal(kase->stocks[0].site_ix, site(kase, "port"));
    assert_true(kase->stocks[0].quantity == 500);
    assert_int_equal(kase->supplies[1].partner_ix, MS_NONE);
    assert_true(kase->supplies[1].from_day == 2 && kase->supplies[1].to_day == 8 && kase->supplies[1].per_day == 5.5);
    assert_true(isinf(kase->supplies[0].to_day));
    assert_true(isnan(kase->reserves[0].days) && kase->reserves[0].quantity == 200);
    assert_true(isnan(kase->reserves[1].quantity) && kase->reserves[1].days == 2);
    assert_int_equal(kase->reserves[1].priority, 5);
    assert_true(kase->substitutes[0].ratio == 1.1);
    assert_true(kase->commitments[0].depart_day == -0.5);
    assert_int_equal(ms_case_commitment_departs(kase, 0), -1);
    assert_int_equal(ms_case_commitment_arrives(kase, 0), 0);
    assert_int_equal(ms_case_commitment_departs(kase, 1), 2);
    assert_int_equal(ms_case_commitment_arrives(kase, 1), 4); /* 1.5 days are 2 periods */
    ms_case_free(kase);
}

/* 400 persons x 0.25 cases a day = 100; behind the rows of demands.csv, named force/item. */
static void forces(void **state)
{
    (void)state;
    ms_case *kase = reads("== factors.csv\nprofile,item,per_person_per_day\nother,rations,9\ninfantry,rations,0.25\n"
                          "infantry,diesel,0.01\n");
    assert_int_equal(kase->demands_count, 4);
    const ms_demand *rations = &kase->demands[2], *diesel = &kase->demands[3];
    assert_string_equal(rations->id, "first/rations");
    assert_string_equal(diesel->id, "first/diesel");
    assert_true(rations->per_day == 100 && diesel->per_day == 4);
    assert_int_equal(rations->site_ix, site(kase, "hill"));
    assert_int_equal(rations->force_ix, 0);
    assert_int_equal(kase->demands[0].force_ix, MS_NONE);
    assert_int_equal(rations->priority, 2);
    assert_true(rations->from_day == 0 && isinf(rations->to_day));
    assert_int_equal(ms_names_find(&kase->demand_names, "first/diesel", 12), 3);
    /* By site: camp has the first, hill the other three. */
    int32_t camp = site(kase, "camp"), hill = site(kase, "hill"), port = site(kase, "port");
    assert_int_equal(kase->site_demand_start[camp + 1] - kase->site_demand_start[camp], 1);
    assert_int_equal(kase->site_demands[kase->site_demand_start[camp]], 0);
    assert_int_equal(kase->site_demand_start[hill + 1] - kase->site_demand_start[hill], 3);
    assert_int_equal(kase->site_demands[kase->site_demand_start[hill]], 1);
    assert_int_equal(kase->site_demands[kase->site_demand_start[hill] + 2], 3);
    assert_int_equal(kase->site_demand_start[port + 1], kase->site_demand_start[port]);
    ms_case_free(kase);
}

/* Words of one sort widen, words of different sorts narrow, "*" and nothing are everything. */
static void scopes(void **state)
{
    (void)state;
    ms_case *kase = reads(
        "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days,"
        "from_day,used_t,currency,price\n"
        "a0,blue,green,item,III camp,62.5,in-kind,30,1.5,12.5,KRW,\na1,blue,green,item,*,,,,,9,,\n"
        "a2,blue,green,lift,,,cash,,,,USD,85.5\na3,blue,green,lift,trucks;depot-camp  rations,,,,,,,\n"
        "a4,blue,green,site,depot II,7,equal-value,,,7.5,,\n");
    const ms_agreement *a = kase->agreements;
    assert_true(a[0].items[item(kase, "diesel")] && a[0].items[item(kase, "jet-fuel")]);
    assert_false(a[0].items[item(kase, "rations")]);
    assert_true(a[0].sites[site(kase, "camp")] && !a[0].sites[site(kase, "hill")]);
    assert_true(a[0].lanes == NULL && a[0].fleets == NULL);
    assert_true(a[0].limit_t == 50 && a[0].due_days == 30 && a[0].from_day == 1.5 && isinf(a[0].to_day));
    assert_int_equal(a[0].settlement, MS_SETTLE_IN_KIND);
    for (int ix = 1; ix <= 2; ix++)
        assert_true(a[ix].items == NULL && a[ix].sites == NULL && a[ix].lanes == NULL && a[ix].fleets == NULL);
    assert_string_equal(a[2].scope_text, "*");
    assert_int_equal(a[1].settlement, MS_SETTLE_NONE);
    assert_string_equal(a[0].currency, "KRW");
    assert_true(isnan(a[0].price) && a[2].price == 85.5 && a[1].currency[0] == '\0');
    assert_true(isnan(a[1].due_days) && isinf(a[1].limit_t) && a[4].limit_t == 0);
    assert_true(a[3].fleets[0] && a[3].lanes[1] && !a[3].lanes[0] && a[3].items[item(kase, "rations")]);
    /* A class that no item is in narrows to nothing. */
    for (int ix = 0; ix < 3; ix++)
        assert_false(a[4].items[ix]);
    assert_true(a[4].sites[site(kase, "depot")]);
    ms_case_free(kase);
}

/* The events of one contingency stand together, in the order of the rows; its chance is the first row's. */
static void contingencies(void **state)
{
    (void)state;
    ms_case *kase = reads("== contingencies.csv\ncontingency,name,from_day,to_day,what,which,effect,amount,chance\n"
                          "shut,,2,5,site,port,close,,0.1\nsurge,,0,,demand,*,scale,1.5,\n"
                          "shut,Port shut,3,6,lane,port-*,delay,2,0.9\n");
    assert_int_equal(kase->contingencies_count, 2);
    assert_int_equal(kase->events_count, 3);
    const ms_contingency *shut = &kase->contingencies[0], *surge = &kase->contingencies[1];
    assert_string_equal(shut->name, "Port shut");
    assert_string_equal(surge->name, "surge");
    assert_true(shut->chance == 0.1 && isnan(surge->chance));
    assert_int_equal(shut->event_count, 2);
    assert_int_equal(kase->events[shut->first_event].what, MS_WHAT_SITE);
    assert_int_equal(kase->events[shut->first_event + 1].what, MS_WHAT_LANE);
    assert_string_equal(kase->events[shut->first_event + 1].which, "port-*");
    assert_int_equal(kase->events[surge->first_event].contingency_ix, 1);
    assert_true(isinf(kase->events[surge->first_event].to_day));
    assert_int_equal(ms_case_find_contingency(kase, "surge"), 1);
    assert_int_equal(ms_case_find_contingency(kase, "surg"), MS_NONE);
    ms_case_free(kase);
}

/* What spreadsheets do to a table: byte order mark, CRLF, semicolons, quotes, line ends in cells, spaces,
 * empty rows. */
static void spreadsheets(void **state)
{
    (void)state;
    ms_case *kase = reads("== stocks.csv\n\xEF\xBB\xBFquantity;partner; site;\"item\"\r\n"
                          "500;blue;port;diesel\r\n;;;\r\n \t;;\xC2\xA0;\r\n\r\n1e3; blue "
                          ";\"depot\";rations\r\n;;;\r\n"
                          "== partners.csv\npartner\tname\nblue\t\"Blue\nbrigade \"\"B\"\"\"\ngreen\t  Green  \n");
    assert_int_equal(kase->stocks_count, 2);
    assert_true(kase->stocks[0].quantity == 500 && kase->stocks[1].quantity == 1000);
    assert_int_equal(kase->stocks[1].site_ix, site(kase, "depot"));
    assert_string_equal(kase->partners[0].name, "Blue brigade \"B\"");
    assert_string_equal(kase->partners[1].name, "Green");
    ms_case_free(kase);
}

/* The digest is of the files' names and bytes, whatever their order. */
static void digest(void **state)
{
    (void)state;
    ms_case *one = reads(""), *same = reads("== partners.csv\npartner,name\nblue,Blue brigade\ngreen,Green "
                                            "brigade\n");
    ms_case *other = reads("== partners.csv\npartner,name\nblue,Blue Brigade\ngreen,Green brigade\n");
    assert_true(one->digest == same->digest);
    assert_true(one->digest != other->digest);
    for (int ix = 1; ix < one->file_count; ix++)
        assert_true(strcmp(one->files[ix - 1].name, one->files[ix].name) < 0);
    ms_case_free(one);
    ms_case_free(same);
    ms_case_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_json),    cmocka_unit_test(places_and_things),
        cmocka_unit_test(transport),    cmocka_unit_test(mode_of_a_fleet),
        cmocka_unit_test(goods),        cmocka_unit_test(forces),
        cmocka_unit_test(scopes),       cmocka_unit_test(contingencies),
        cmocka_unit_test(spreadsheets), cmocka_unit_test(digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
