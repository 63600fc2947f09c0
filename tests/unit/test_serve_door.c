/* test_serve_door.c: every address of the API: who may, what becomes of hostile names, of memory that runs short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "door_ask.h"
#include "playground.h"
#include "serve/job.h"

static ms_door open_door(const char *path)
{
    ms_door door = {0};
    ms_error err = {0};
    ms_findings findings = {0};
    assert_true(door_tokens(&door.tokens));
    assert_int_equal(ms_desk_make(&door.desk, 1, &err), MS_OK);
    if (path && ms_desk_open(door.desk, path, NULL, &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.message, findings.count > 0 ? findings.items[0].message : "");
    ms_findings_free(&findings);
    return door;
}

static void close_door(ms_door *door)
{
    ms_desk_free(door->desk);
    ms_tokens_free(&door->tokens);
}

/* ---- roles ---- */

static void each_address_by_each_role(void **state)
{
    (void)state;
    int entered = 0, kept_out = 0;
    for (const ms_route *route = ms_routes; route->pattern; route++)
        for (int role = MS_ROLE_NOBODY; role < MS_ROLES; role++) {
            ms_reply reply;
            ms_door door = open_door(NULL); /* nothing is open: nothing can be harmed */
            assert_true(
                door_ask(&reply, &door, (ms_role)role, route->method, door_target(route->pattern, "1"), NULL, 0));
            bool out = reply.status == 401 || reply.status == 403;
            if (out == ms_role_may((ms_role)role, route->role))
                fail_msg("%s %s as %s: %d", ms_method_words[route->method], route->pattern, ms_role_words[role],
                         reply.status);
            assert_true(!out || (reply.status == 401) == (role == MS_ROLE_NOBODY));
            assert_int_equal(reply.demand_token, reply.status == 401);
            entered += !out;
            kept_out += out;
            door_let(&reply);
            close_door(&door);
        }
    assert_true(entered > 0 && kept_out > 0);
}

/* What changes things is for planners and those above; only what tells nothing of a case is for everybody. */
static void roles_are_sane(void **state)
{
    (void)state;
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        if (route->role == MS_ROLE_NOBODY)
            assert_string_equal(route->pattern, "/api/openapi.json");
        if (route->method != MS_GET && route->role < MS_ROLE_PLANNER)
            fail_msg("%s %s is for a %s", ms_method_words[route->method], route->pattern, ms_role_words[route->role]);
    }
}

static void methods_are_named(void **state)
{
    (void)state;
    ms_reply reply;
    ms_door door = open_door(NULL);
    assert_true(door_ask(&reply, &door, MS_ROLE_VIEWER, MS_PUT, "/api/plans", NULL, 0));
    assert_int_equal(reply.status, 405);
    assert_string_equal(reply.allow, "GET, POST");
    door_let(&reply);
    assert_true(door_ask(&reply, &door, MS_ROLE_VIEWER, MS_DELETE, "/", NULL, 0));
    assert_int_equal(reply.status, 405);
    assert_string_equal(reply.allow, "GET");
    door_let(&reply);
    close_door(&door);
}

/* ---- hostile names ---- */

#define EVIL                                                                     \
    "<script>alert(1)</script>'`${7*7}{{7*7}}%00%0a\\u0000\\n&amp;=cmd|calc!A1 " \
    "\xe2\x80\xae\xe2\x80\xa8\xc2\xa0\xeb\xb6\x80\xec\x82\xb0\xf0\x9d\x84\x9e"

static const char *const hostile_files[][2] = {
    {"case.json", "{\"name\": \"<script>'\\\"${7*7}%00\xe2\x80\xae&amp;\", "
                  "\"start\": \"2030-06-01\", \"days\": 4, \"currency\": \"USD\"}\n"},
    {"partners.csv", "partner,name\n+P1,\"=1+1\"\"" EVIL "\"\n-P2,\"@x\"\"" EVIL "\"\n"},
    {"sites.csv", "site,name,partner,kind,lat,lon\n-S1,\"=" EVIL "\",+P1,depot,10,20\n..,\"-" EVIL "\",-P2,port,11,21\n"
                  "+S3,\"+" EVIL "\",-P2,unit,,\n"},
    {"items.csv",
     "item,name,class,unit,kg_per_unit\n-I1,\"" EVIL "\",III,\"<b>\"\"'=&%00\",800\n+I2,\"" EVIL "\",I,=1+1,10\n"},
    {"lanes.csv", "lane,from,to,mode,partner,transit_days,capacity_t_per_day\n.,-S1,..,road,+P1,1,10\n"
                  "_,..,+S3,road,-P2,1,\n"},
    {"stocks.csv", "site,item,partner,quantity\n-S1,-I1,+P1,50\n..,+I2,-P2,10\n"},
    {"demands.csv", "demand,site,item,partner,from_day,to_day,per_day,priority\n-D1,+S3,-I1,-P2,1,4,10,1\n"
                    "+D2,+S3,+I2,-P2,1,4,20,2\n"},
    {"agreements.csv", "agreement,provider,receiver,kind,scope,settlement\n-A1,+P1,-P2,item,*,cash\n"
                       "+A2,-P2,+P1,site,*,cash\n"},
    {"contingencies.csv", "contingency,name,from_day,to_day,what,which,effect\n-C,\"=" EVIL "\",1,2,lane,*,close\n"},
};

static void write_hostile(const char *folder)
{
    char path[64];
    mkdir(folder, 0755);
    for (size_t i = 0; i < sizeof hostile_files / sizeof *hostile_files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, hostile_files[i][0]);
        put(path, hostile_files[i][1]);
    }
}

/* Asks as the administrator; the answer must be sound, whatever it says. */
static int sound(ms_door *door, ms_method method, const char *target, const char *body)
{
    ms_reply reply;
    assert_true(door_ask(&reply, door, MS_ROLE_ADMINISTRATOR, method, target, body, body ? strlen(body) : 0));
    const char *mistake = door_mistake(&reply);
    if (mistake)
        fail_msg("%s: %s: %.*s", target, mistake, (int)ms_blob_length(reply.blob), ms_blob_bytes(reply.blob));
    int status = reply.status ? reply.status : 200;
    door_let(&reply);
    return status;
}

/* Orders it and waits until it is done. */
static void make(ms_door *door, ms_job_kind kind, const char *target, const char *body)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    ms_error err = {0};
    ms_job_facts facts = {0}, *all = ms_alloc(MS_JOBS_MOST, sizeof *all);
    assert_non_null(all);
    assert_int_equal(sound(door, MS_POST, target, body), 202);
    int number = all[ms_desk_all_facts(all, door->desk, kind) - 1].number;
    ms_free(all);
    while (facts.state <= MS_JOB_RUNNING) {
        assert_int_equal(ms_desk_facts(&facts, door->desk, kind, number, &err), MS_OK);
        nanosleep(&moment, NULL);
    }
    assert_int_equal(facts.state, MS_JOB_DONE);
}

static void hostile_names(void **state)
{
    (void)state;
    int given = 0;
    char query[600];
    write_hostile("hostile");
    ms_door door = open_door("hostile");
    make(&door, MS_JOB_PLAN, "/api/plans", "{\"title\":\"<script>'\\u0001\\u202e\\\"\"}");
    make(&door, MS_JOB_PLAN, "/api/plans", "{\"title\":\"other\",\"contingencies\":[\"-C\"]}");
    make(&door, MS_JOB_STRESS, "/api/stress", "{\"title\":\"<b>\",\"mode\":\"each\",\"what\":\"lane\"}");
    make(&door, MS_JOB_STRESS, "/api/stress", "{\"mode\":\"named\"}");
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        if (route->method != MS_GET)
            continue;
        static const char *const words[] = {"1", "2", "sites.csv", "items.csv", "partners.csv", "%3Cscript%3E", ".."};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            given += sound(&door, MS_GET, door_target(route->pattern, words[i]), NULL) == 200;
        for (const ms_route_query *each = route->queries; each->name; each++) {
            const char *value = strcmp(each->name, "format") == 0 ? "csv" : "%3Cscript%3E%27%22%E2%80%AE=1";
            snprintf(query, sizeof query, "%s?%s=%s", door_target(route->pattern, "1"), each->name, value);
            sound(&door, MS_GET, query, NULL);
        }
    }
    assert_true(given > 20);
    assert_int_equal(sound(&door, MS_GET, "/api/<b>%27%22?x=%3Ci%3E", NULL), 404);
    assert_int_equal(sound(&door, MS_GET, "/api/case?%3Cb%3E=1", NULL), 400);
    close_door(&door);
}

/* ---- memory ---- */

/* Each address with the first, second, third ... request for memory refused: an error that says so or nothing at all,
 * nothing left behind, and the next one is answered. */
static void memory_runs_short(void **state)
{
    (void)state;
    static const char *const targets[] = {"/api", "/api/case", "/api/case/map", "/api/plans", "/api/plans/1/movements"};
    write_hostile("short");
    ms_door door = open_door("short");
    make(&door, MS_JOB_PLAN, "/api/plans", NULL);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        for (uint64_t nth = 1, asked = nth; asked >= nth; nth++) {
            ms_reply reply;
            ms_alloc_fail_at(nth);
            bool taken = door_ask(&reply, &door, MS_ROLE_VIEWER, MS_GET, targets[i], NULL, 0);
            asked = ms_alloc_count();
            ms_alloc_fail_at(0);
            if (taken && reply.blob && reply.status != 503)
                assert_null(door_mistake(&reply));
            door_let(&reply);
            assert_true(nth < 20000);
        }
    close_door(&door);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_address_by_each_role), cmocka_unit_test(roles_are_sane),
        cmocka_unit_test(methods_are_named),         cmocka_unit_test(hostile_names),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
