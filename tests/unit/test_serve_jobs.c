/* test_serve_jobs.c: what takes long on a desk: stress runs and proofs over HTTP, beside plans; refused, stopped,
 * forgotten. Their results are held against what the library writes for the same question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_client.h"

static ms_server *server;
static http_peer peer;
static ms_case *kase;
static char folder[64] = "/tmp/mainstay-jobs-XXXXXX";

static const char contingencies[] = "contingency,name,from_day,to_day,what,which,effect,amount,chance\n"
                                    "flood,Flood at the harbour,1,3,site,harbour,close,,0.2\n"
                                    "surge,Everybody wants more,0,,demand,*,scale,2,0.3\n";

/* tiny, with two contingencies that have a chance. */
static int open_server(void **state)
{
    char command[200], path[100];
    ms_findings findings = {0};
    ms_error err = {0};
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command, "cp examples/tiny/* %s", folder);
    snprintf(path, sizeof path, "%s/contingencies.csv", folder);
    FILE *file = system(command) == 0 ? fopen(path, "w") : NULL;
    if (!file || fputs(contingencies, file) < 0 || fclose(file) != 0)
        return -1;
    ms_serve_options options = {.path = folder, .threads = 1};
    if (ms_server_start(&server, &options, &findings, &err) != MS_OK || ms_case_open(&kase, folder, &findings, &err))
        fail_msg("%s %s", err.message, findings.count ? findings.items[0].message : "");
    ms_findings_free(&findings);
    peer = http_peer_of(ms_server_link(server));
    return 0;
}

static int stop_server(void **state)
{
    char command[200];
    (void)state;
    ms_server_stop(server);
    ms_case_free(kase);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void expect(const char *method, const char *target, const char *body, int status, const char *says)
{
    http_expect(&peer, method, target, body, status, says);
}

static void expect_of(int number, const char *what, const char *says)
{
    char target[128];
    snprintf(target, sizeof target, "/api/stress/%d%s", number, what);
    expect("GET", target, NULL, 200, says);
}

static int stress(const char *body)
{
    return http_order(&peer, "/api/stress", body, "done");
}

/* The result over HTTP is what the library writes, which is freed. */
static void same(int number, const char *query, ms_buf *wanted)
{
    char target[64];
    snprintf(target, sizeof target, "/api/stress/%d/result%s", number, query);
    http_answer answer = http_ask(&peer, "GET", target, "", NULL);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, wanted->text);
    ms_buf_free(&answer.text);
    ms_buf_free(wanted);
}

static const ms_view json = {.format = MS_FORMAT_JSON}, csv = {.format = MS_FORMAT_CSV};

/* ---- each mode ---- */

static void named_contingencies(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf wanted = {0};
    ms_named *named = NULL;
    const char *const both[] = {"flood", "surge"};
    const ms_stress_options one_thread = {.threads = 1};
    const ms_named_options each = {.alone = true};
    const ms_named_options together = {.together = both, .together_count = 2};
    assert_int_equal(ms_named_make(&named, kase, &each, &one_thread, &err), MS_OK);
    int number = stress("{\"title\":\"ours\"}");
    assert_int_equal(ms_report_named(&wanted, named, &json, &err), MS_OK);
    same(number, "", &wanted);
    assert_int_equal(ms_report_named(&wanted, named, &csv, &err), MS_OK);
    same(number, "?format=csv", &wanted);
    ms_named_free(named);
    expect_of(number, "/rows?limit=1", "\"total\": 3"); /* flood, surge, and both of them */
    expect_of(number, "/rows?search=harbour", "\"total\": 1");
    expect_of(number, "/rows?search=flood", "\"total\": 2");
    number = stress("{\"mode\":\"named\",\"contingencies\":[\"flood\",\"surge\"],\"alone\":false}");
    assert_int_equal(ms_named_make(&named, kase, &together, &one_thread, &err), MS_OK);
    assert_int_equal(ms_report_named(&wanted, named, &json, &err), MS_OK);
    assert_non_null(strstr(wanted.text, "\"contingencies\": [\n        \"flood\",\n        \"surge\"\n      ]"));
    same(number, "", &wanted);
    ms_named_free(named);
}

static void rankings(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        ms_rank_options options;
    } cases[] = {
        {"{\"mode\":\"each\",\"what\":\"site,lane\",\"from_day\":1,\"for_days\":2}",
         {.mode = MS_RANK_EACH, .what = "site,lane", .from_day = 1, .for_days = 2}},
        {"{\"mode\":\"pairs\",\"count\":3}", {.mode = MS_RANK_PAIRS, .count = 3}},
        {"{\"mode\":\"worst\",\"count\":2}", {.mode = MS_RANK_WORST, .count = 2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ms_error err = {0};
        ms_buf wanted = {0};
        ms_ranking *ranking = NULL;
        const ms_stress_options how = {.threads = 1};
        assert_int_equal(ms_rank_make(&ranking, kase, &cases[i].options, &how, &err), MS_OK);
        int number = stress(cases[i].body);
        assert_int_equal(ms_report_ranking(&wanted, ranking, 0, &json, &err), MS_OK);
        assert_non_null(strstr(wanted.text, "\"closed\": ["));
        same(number, "", &wanted);
        expect_of(number, "/rows?limit=1&offset=0", "\"closed\": [");
        expect_of(number, "/rows?search=harbour&limit=0", "\"rows\": []");
        ms_ranking_free(ranking);
    }
}

static void ensembles(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf wanted = {0};
    ms_sample *sample = NULL;
    const ms_sample_options options = {.samples = 50, .seed = 3};
    const ms_stress_options how = {.threads = 1};
    assert_int_equal(ms_sample_make(&sample, kase, &options, &how, &err), MS_OK);
    int number = stress("{\"mode\":\"sample\",\"samples\":50,\"seed\":3}");
    assert_int_equal(ms_report_sample(&wanted, sample, &json, &err), MS_OK);
    assert_non_null(strstr(wanted.text, "\"distribution\": {"));
    same(number, "", &wanted);
    ms_sample_free(sample);
    expect_of(number, "/rows", "\"share_failing\"");
}

/* ---- proofs ---- */

static int prove(int plan, const char *body)
{
    char address[64];
    snprintf(address, sizeof address, "/api/plans/%d/proofs", plan);
    return http_order_at(&peer, address, "/api/proofs", body, "done");
}

/* What explain proves of the same plan, and only of the demands that were asked for. */
static void proofs(void **state)
{
    const ms_explain_options all = {.verify = true}, one = {.verify = true, .demand = "camp*", .most = 1};
    char target[64];
    ms_plan *plan = NULL;
    ms_error err = {0};
    (void)state;
    int number = http_order(&peer, "/api/plans", "{}", "done");
    assert_int_equal(ms_plan_make(&plan, kase, NULL, &err), MS_OK);
    const ms_explain_options *const asked[] = {&all, &one};
    const char *const bodies[] = {"{}", "{\"demand\":\"camp*\",\"most\":1}"};
    for (int i = 0; i < 2; i++) {
        ms_buf wanted = {0};
        assert_int_equal(ms_report_reasons(&wanted, plan, asked[i], &json, &err), MS_OK);
        assert_non_null(strstr(wanted.text, "\"verified\": true"));
        snprintf(target, sizeof target, "/api/proofs/%d/reasons", prove(number, bodies[i]));
        http_answer answer = http_ask(&peer, "GET", target, "", NULL);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.body, wanted.text);
        ms_buf_free(&answer.text);
        ms_buf_free(&wanted);
    }
    ms_plan_free(plan);
    expect("GET", "/api/proofs", NULL, 200, "\"proof\": 2");
    snprintf(target, sizeof target, "/api/plans/%d/proofs", number);
    expect("POST", target, "{\"most\":0}", 400, "most is a whole number from 1");
    expect("POST", target, "{\"demands\":\"x\"}", 400, "has no \\\"demands\\\"");
    expect("POST", "/api/plans/99/proofs", "{}", 404, "there is no plan 99");
    expect("POST", "/api/proofs/2/cancel", "", 200, "\"done\"");
    expect("DELETE", "/api/proofs/2", NULL, 204, NULL);
    expect("GET", "/api/proofs/2/reasons", NULL, 404, "there is no proof 2");
}

/* ---- orders that do not fit, and their end ---- */

static void refusing(void **state)
{
    (void)state;
    static const struct {
        const char *body, *says;
    } cases[] = {
        {"[]", "a stress order is an object"},
        {"{\"mode\":\"all\"}", "mode is one of named, each, pairs, worst, sample"},
        {"{\"mode\":7}", "mode is one of"},
        {"{\"mod\":\"each\"}", "has no \\\"mod\\\""},
        {"{\"mode\":\"each\",\"samples\":5}", "samples is nothing for mode each"},
        {"{\"mode\":\"each\",\"what\":\"sites\"}", "did you mean"},
        {"{\"mode\":\"each\",\"what\":\"demand\"}", "cannot fail by itself"},
        {"{\"mode\":\"each\",\"from_day\":-1}", "from_day is a number"},
        {"{\"mode\":\"worst\",\"count\":1}", "count is a whole number from 2 to 16"},
        {"{\"mode\":\"pairs\",\"count\":1.5}", "count is a whole number"},
        {"{\"mode\":\"sample\",\"samples\":0}", "samples is a whole number"},
        {"{\"mode\":\"sample\",\"seed\":9007199254740992}", "seed is a whole number"},
        {"{\"contingencies\":[\"fload\"]}", "no contingency \\\"fload\\\""},
        {"{\"contingencies\":\"flood\"}", "contingencies is a list"},
        {"{\"alone\":1}", "alone is true or false"},
        {"{\"title\":1}", "title is a text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect("POST", "/api/stress", cases[i].body, 400, cases[i].says);
    expect("GET", "/api/stress/x", NULL, 404, "is no stress run's number");
    expect("GET", "/api/stress/999/result", NULL, 404, "there is no stress run 999");
    expect("DELETE", "/api/stress/999", NULL, 404, "there is no stress run 999");
    expect("GET", "/api/stress/1/result?format=xml", NULL, 400, "none of json|csv");
}

/* A run of a million scenarios is stopped, and tells of those that it has; plans are made meanwhile. */
static void stopping(void **state)
{
    (void)state;
    char target[64];
    http_answer answer = http_ask(&peer, "POST", "/api/stress", "",
                                  "{\"mode\":\"sample\",\"samples\":1000000,\"title\":\"long\"}");
    assert_int_equal(answer.status, 202);
    int number = atoi(strstr(answer.text.text, "Location: /api/stress/") + strlen("Location: /api/stress/"));
    ms_buf_free(&answer.text);
    snprintf(target, sizeof target, "/api/stress/%d/result", number);
    expect("GET", target, NULL, 400, "is not done yet");
    http_order(&peer, "/api/plans", "{}", "done");
    snprintf(target, sizeof target, "/api/stress/%d/cancel", number);
    expect("POST", target, NULL, 200, "\"title\": \"long\"");
    /* behind it in the queue: done once the long one has ended */
    stress("{\"mode\":\"worst\"}");
    expect_of(number, "", "\"stopped\": true");
    expect_of(number, "/result", "\"stopped\": true");
    expect("GET", "/api/stress", NULL, 200, "\"mode\": \"worst\"");
    snprintf(target, sizeof target, "/api/stress/%d", number);
    expect("DELETE", target, NULL, 204, NULL);
    expect("GET", target, NULL, 404, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(named_contingencies),
        cmocka_unit_test(rankings),
        cmocka_unit_test(ensembles),
        cmocka_unit_test(proofs),
        cmocka_unit_test(refusing),
        cmocka_unit_test(stopping),
    };
    return cmocka_run_group_tests(tests, open_server, stop_server);
}
