/* test_serve.c: the server as its readers see it: what it answers, whom it refuses, what it survives. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "http_client.h"
#include "serve/blob.h"

static ms_server *server;
static http_peer peer;

static int open_server(void **state)
{
    (void)state;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {.path = "examples/tiny", .threads = 1};
    if (ms_server_start(&server, &options, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    peer = http_peer_of(ms_server_link(server));
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    ms_server_stop(server);
    return 0;
}

static void expect(const char *method, const char *target, const char *body, int status, const char *says)
{
    http_expect(&peer, method, target, body, status, says);
}

static void reading(void **state)
{
    (void)state;
    expect("GET", "/api", NULL, 200, "\"case\": \"tiny\"");
    expect("GET", "/api/case", NULL, 200, "\"partners\": 2");
    expect("GET", "/api/case/findings", NULL, 200, "findings");
    expect("GET", "/api/case/map", NULL, 200, "FeatureCollection");
    expect("GET", "/api/case/tables", NULL, 200, "lanes.csv");
    expect("GET", "/api/case/tables/sites.csv?limit=1", NULL, 200, "\"total\": 4");
    expect("GET", "/api/case/posture?by=class", NULL, 200, "\"by\": \"class\"");
    expect("GET", "/api/case/posture?format=csv", NULL, 200, "text/csv");
    expect("GET", "/api/openapi.json", NULL, 200, "\"openapi\":\"3.1.0\"");
    expect("HEAD", "/api", NULL, 200, NULL);
    expect("GET", "/", NULL, 200, "text/html");
}

static void refusing(void **state)
{
    (void)state;
    expect("GET", "/api/nowhere", NULL, 404, "application/problem+json");
    expect("GET", "/api/case/tables/passwd", NULL, 404, "no table");
    expect("GET", "/api/case/tables/..%2F..%2Fetc%2Fpasswd", NULL, 404, "no table");
    expect("GET", "/../../etc/passwd", NULL, 404, NULL);
    expect("GET", "/api/case%00", NULL, 400, "escape");
    expect("GET", "/api/case/posture?by=colour", NULL, 400, "none of item|class");
    expect("GET", "/api/plans/x/story", NULL, 404, "no plan's number");
    expect("GET", "/api/plans/99999/story", NULL, 404, "there is no plan");
    expect("DELETE", "/api/case", NULL, 405, "Allow: GET");
    expect("BREW", "/api/case", NULL, 501, NULL);
    expect("POST", "/api/plans", "{", 422, "the request");
    expect("POST", "/api/plans", "[]", 400, "an order is an object");
    expect("POST", "/api/plans", "{\"gap\":2}", 400, "gap is a number");
    expect("POST", "/api/plans", "{\"gpa\":0.1}", 400, "has no \\\"gpa\\\"");
    expect("POST", "/api/plans", "{\"contingencies\":[\"x\"]}", 400, "no contingency");
    expect("POST", "/api/plans", "{\"contingencies\":[1]}", 400, "a list of texts");
    expect("POST", "/api/plans",
           "{\"events\":[{\"what\":\"site\",\"which\":\"nowhere\",\"effect\":\"close\",\"from_day\":1}]}", 422,
           "fits no site");
}

static void safe_headers(void **state)
{
    (void)state;
    expect("GET", "/", NULL, 200, "Content-Security-Policy: default-src 'none'; script-src 'self'");
    expect("GET", "/", NULL, 200, "X-Content-Type-Options: nosniff");
    expect("GET", "/api/nowhere", NULL, 404, "Referrer-Policy: no-referrer");
}

static void tokens_and_hosts(void **state)
{
    (void)state;
    http_peer stranger = {.port = peer.port};
    http_answer answer = http_ask(&stranger, "GET", "/api/case", "", NULL);
    assert_int_equal(answer.status, 401);
    assert_non_null(strstr(answer.text.text, "WWW-Authenticate: Bearer"));
    ms_buf_free(&answer.text);
    snprintf(stranger.token, sizeof stranger.token, "0123456789abcdef0123456789abcdef");
    answer = http_ask(&stranger, "GET", "/api/case", "", NULL);
    assert_int_equal(answer.status, 401);
    ms_buf_free(&answer.text);
    /* a page from elsewhere whose name was made to point here */
    static const char elsewhere[] = "GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n";
    answer = http_raw(&peer, elsewhere, sizeof elsewhere - 1);
    assert_int_equal(answer.status, 421);
    ms_buf_free(&answer.text);
}

static void unchanged(void **state)
{
    (void)state;
    char tag[64] = "", header[128];
    http_answer answer = http_ask(&peer, "GET", "/api/case", "", NULL);
    const char *at = strstr(answer.text.text, "ETag: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "ETag: %63[^\r]", tag), 1);
    ms_buf_free(&answer.text);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    answer = http_ask(&peer, "GET", "/api/case", header, NULL);
    assert_int_equal(answer.status, 304);
    assert_string_equal(answer.body, "");
    ms_buf_free(&answer.text);
}

/* The length that an answer's head says, or -1. */
static long said_length(const http_answer *answer)
{
    const char *at = strstr(answer->text.text, "Content-Length: ");
    return at ? atol(at + strlen("Content-Length: ")) : -1;
}

static void packed(void **state)
{
    (void)state;
    static const char *const targets[] = {"/api/case/posture", "/"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        http_answer plain = http_ask(&peer, "GET", targets[i], "", NULL);
        if (said_length(&plain) < MS_BLOB_PACK_LEAST) { /* the page of a program that was built without its pages */
            ms_buf_free(&plain.text);
            continue;
        }
        http_answer packed = http_ask(&peer, "GET", targets[i], "Accept-Encoding: gzip\r\n", NULL);
        assert_null(strstr(plain.text.text, "Content-Encoding"));
        assert_non_null(strstr(plain.text.text, "Vary: Accept-Encoding"));
        assert_non_null(strstr(packed.text.text, "Content-Encoding: gzip"));
        size_t length = packed.text.length - (size_t)(packed.body - packed.text.text), back_length = 0;
        assert_int_equal(length, said_length(&packed));
        char *back = ms_coding_gunzip(&back_length, packed.body, length, 1 << 24);
        assert_non_null(back);
        assert_int_equal(back_length, said_length(&plain));
        assert_memory_equal(back, plain.body, back_length);
        ms_free(back);
        ms_buf_free(&plain.text);
        ms_buf_free(&packed.text);
    }
    expect("GET", "/api", NULL, 200, "\"tiny\""); /* a small one is not worth it */
}

/* ---- plans ---- */

static int plan(const char *body, const char *ends)
{
    return http_order(&peer, "/api/plans", body, ends);
}

static void expect_of(int number, const char *what, const char *says)
{
    char target[128];
    snprintf(target, sizeof target, "/api/plans/%d%s", number, what);
    expect("GET", target, NULL, 200, says);
}

static void planning(void **state)
{
    (void)state;
    char target[64];
    int base = plan("{\"title\":\"base\",\"alone\":true}", "done");
    expect_of(base, "", "\"state\": \"done\"");
    expect_of(base, "/story", "\"gap\"");
    expect_of(base, "/posture?by=class", "\"planned\": true");
    expect_of(base, "/reasons", "reasons");
    expect_of(base, "/flows", "\"lanes\"");
    expect_of(base, "/flows?partner=nobody", "\"lanes\": {}");
    expect_of(base, "/flows?priority=1", "\"priorities\": [");
    expect_of(base, "/crossings", "\"balances\": [");
    expect_of(base, "/crossings?format=csv", "provider,receiver");
    expect_of(base, "/movements?limit=1", "\"offset\": 0");
    expect_of(base, "/tables/movements", "depart_day,arrive_day,lane,mode");
    expect_of(base, "/tables/stock?format=xlsx&language=ko", "PK");
    expect_of(base, "/report", "<h1>tiny</h1>");
    expect_of(base, "/report?language=ko", "<html lang=\"ko\">");
    expect_of(base, "/report?format=xlsx", "PK");
    expect_of(base, "/shortfalls", "\"rows\"");
    expect_of(base, "/orders?format=csv", "agreement,kind");
    expect("GET", "/api/plans", NULL, 200, "\"title\": \"base\"");
    int worse = plan("{\"title\":\"port shut\",\"events\":[{\"from_day\":0,\"what\":\"site\",\"which\":\"*\","
                     "\"effect\":\"close\"}]}",
                     "done");
    snprintf(target, sizeof target, "/compare/%d", worse);
    expect_of(base, target, "\"objective\"");
    snprintf(target, sizeof target, "/api/plans/%d", worse);
    expect("DELETE", target, NULL, 204, NULL);
    expect("GET", target, NULL, 404, NULL);
    expect_of(base, "/story", "\"gap\"");
}

/* ---- what it survives ---- */

static void bodies_too_large(void **state)
{
    (void)state;
    char announced[256];
    static const char *const lengths[] = {"99999999999", "1048577"};
    for (int i = 0; i < 2; i++) {
        int length = snprintf(announced, sizeof announced,
                              "POST /api/plans HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                              "Content-Length: %s\r\n\r\n",
                              peer.token, lengths[i]);
        http_answer answer = http_raw(&peer, announced, (size_t)length);
        assert_int_equal(answer.status, 413);
        assert_non_null(strstr(answer.body, "at most 262144 bytes"));
        ms_buf_free(&answer.text);
    }
    /* who may not, or asks for what is not there, hears that rather than how long it may be */
    http_peer stranger = {.port = peer.port};
    http_expect(&stranger, "POST", "/api/plans", "{}", 401, "a token is needed");
    expect("POST", "/api/nowhere", "{}", 404, "no such address");
    expect("PUT", "/api/plans", "{}", 405, "Allow: GET, POST");
    expect("POST", "/", "{}", 405, "only read");
    expect("POST", "/api/plans/1/cancel", "{}", 413, "takes no body");
    /* one that does not say how large it is, and goes on and on */
    static const char head[] = "POST /api/plans HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    char chunk[4096 + 16];
    int size = snprintf(chunk, sizeof chunk, "%x\r\n", 4096);
    memset(chunk + size, 'x', 4096);
    memcpy(chunk + size + 4096, "\r\n", 2);
    int wire = http_connect(&peer), sent = 0;
    assert_true(http_send(wire, head, sizeof head - 1));
    while (sent < 100000 && http_send(wire, chunk, (size_t)size + 4098))
        sent++;
    assert_true(sent < 100000);
    close(wire);
    expect("GET", "/api", NULL, 200, NULL);
}

static void heads_too_large(void **state)
{
    (void)state;
    ms_buf request = {0};
    ms_buf_text(&request, "GET /");
    for (int i = 0; i < 40000; i++)
        ms_buf_text(&request, "a");
    ms_buf_text(&request, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    http_answer answer = http_raw(&peer, request.text, request.length);
    assert_true(answer.status == 414 || answer.status == 431 || answer.status == 413 || answer.status == 0);
    ms_buf_free(&answer.text);
    ms_buf_free(&request);
    expect("GET", "/api", NULL, 200, NULL);
}

static void half_requests(void **state)
{
    (void)state;
    static const char *const halves[] = {"",
                                         "G",
                                         "GET /api HTTP/1.1\r\nHost",
                                         "\x16\x03\x01\x02",
                                         "\r\n\r\n\r\n",
                                         "POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"};
    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
            int wire = http_connect(&peer);
            http_send(wire, halves[i], strlen(halves[i]));
            close(wire);
        }
    expect("GET", "/api", NULL, 200, NULL);
}

static void *read_much(void *context)
{
    int *good = context;
    for (int i = 0; i < 25; i++) {
        http_answer answer = http_ask(&peer, "GET", i % 2 ? "/api/case/posture" : "/api/case/map", "", NULL);
        *good += answer.status == 200;
        ms_buf_free(&answer.text);
    }
    return NULL;
}

static void many_at_once(void **state)
{
    (void)state;
    enum { READERS = 8, STREAMS = 200 };
    pthread_t readers[READERS];
    int good[READERS] = {0}, wires[STREAMS];
    char request[256];
    int length = snprintf(request, sizeof request,
                          "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                          peer.token);
    for (int i = 0; i < STREAMS; i++) {
        wires[i] = http_connect(&peer);
        assert_true(http_send(wires[i], request, (size_t)length));
    }
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_much, &good[i]), 0);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
        assert_int_equal(good[i], 25);
    }
    for (int i = 0; i < STREAMS; i++) {
        http_answer answer = {0};
        http_read(&answer, wires[i], "retry:");
        assert_int_equal(answer.status, 200);
        ms_buf_free(&answer.text);
        close(wires[i]);
    }
    plan("{}", "done"); /* it finds out that nobody listens any more */
}

/* ---- starting ---- */

static void bad_starts(void **state)
{
    (void)state;
    static const struct {
        ms_serve_options options;
        const char *says;
    } cases[] = {
        {{.listen = "0.0.0.0"}, "TLS"},
        {{.listen = "0.0.0.0", .behind_proxy = true}, "tokens"},
        {{.listen = "nonsense"}, "TLS"},
        {{.certificate = "a.pem"}, "both a certificate and its key"},
        {{.certificate = "nowhere.pem", .private_key = "nowhere.pem"}, "nowhere.pem"},
        {{.tokens = "nowhere.csv"}, "nowhere.csv"},
        {{.path = "nowhere"}, "nowhere"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ms_server *out = NULL;
        ms_findings findings = {0};
        ms_error err = {0};
        assert_int_not_equal(ms_server_start(&out, &cases[i].options, &findings, &err), MS_OK);
        if (!strstr(err.message, cases[i].says) && !strstr(err.file, cases[i].says))
            fail_msg("%zu: %s", i, err.message);
        assert_null(out);
        ms_findings_free(&findings);
    }
}

static void port_taken(void **state)
{
    (void)state;
    ms_server *second = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {.port = peer.port};
    assert_int_equal(ms_server_start(&second, &options, &findings, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "cannot listen"));
}

static void without_a_case(void **state)
{
    (void)state;
    ms_server *empty = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {0};
    assert_int_equal(ms_server_start(&empty, &options, &findings, &err), MS_OK);
    http_peer there = http_peer_of(ms_server_link(empty)), here = peer;
    peer = there;
    expect("GET", "/api", NULL, 200, "\"case\": null");
    expect("GET", "/api/case", NULL, 404, "no case is open");
    expect("POST", "/api/plans", "{}", 404, "no case is open");
    peer = here;
    ms_server_stop(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),          cmocka_unit_test(refusing),         cmocka_unit_test(safe_headers),
        cmocka_unit_test(tokens_and_hosts), cmocka_unit_test(unchanged),        cmocka_unit_test(packed),
        cmocka_unit_test(planning),         cmocka_unit_test(bodies_too_large), cmocka_unit_test(heads_too_large),
        cmocka_unit_test(half_requests),    cmocka_unit_test(many_at_once),     cmocka_unit_test(bad_starts),
        cmocka_unit_test(port_taken),       cmocka_unit_test(without_a_case),
    };
    return cmocka_run_group_tests(tests, open_server, stop_server);
}
