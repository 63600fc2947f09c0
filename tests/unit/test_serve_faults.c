/* test_serve_faults.c: what comes to a server that holds something worth keeping: requests that break off, bytes that
 * are no text, addresses that lead astray, readers who leave, plans that are stopped. Nothing changes, each gets an
 * error in the form of RFC 9457 or none at all, and the others are answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "book_make.h"
#include "door_ask.h"
#include "http_client.h"
#include "serve/route.h"
#include "small_case.h"

#define STOCKS "site,item,partner,quantity\na,food,US,10\nb,food,JP,20\n"

static http_peer peer;

static ms_server *start(const char *path)
{
    ms_server *server = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {.path = path, .threads = 1};
    if (ms_server_start(&server, &options, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    peer = http_peer_of(ms_server_link(server));
    return server;
}

static void others_are_answered(void)
{
    http_expect(&peer, "GET", "/api", NULL, 200, "\"version\"");
}

/* A folder and a book with the same case; both are looked at afterwards. */
typedef struct {
    const char *path;
    ms_server *server;
    int64_t entries; /* of the book */
} place;

static int64_t entries_in(const char *path)
{
    ms_error err = {0};
    int64_t entries = 0;
    ms_book *book = book_open(path, false);
    assert_int_equal(ms_book_position(&entries, book, &err), MS_OK);
    ms_book_close(book);
    return entries;
}

static place open_place(bool is_book)
{
    place of = {.path = is_book ? "us.book" : "plain"};
    assert_int_equal(system("rm -rf plain"), 0);
    write_case("plain", STOCKS);
    if (is_book) {
        ms_book *book = book_new(of.path);
        import(book, "plain");
        ms_book_close(book);
        of.entries = entries_in(of.path);
    }
    of.server = start(of.path);
    return of;
}

static void nothing_has_changed(const place *of)
{
    struct stat is;
    http_expect(&peer, "GET", "/api", NULL, 200, "\"generation\": 1");
    if (of->entries > 0) {
        assert_int_equal(entries_in(of->path), of->entries);
    } else {
        holds("plain/stocks.csv", STOCKS);
        assert_int_not_equal(stat("plain/changes.log", &is), 0);
        assert_int_equal(entries_of("plain"), 5);
    }
}

/* The head of a request by somebody who may; more: lines with \r\n. */
static void put_head(ms_buf *out, const char *method, const char *target, const char *more)
{
    ms_buf_printf(out, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n%s\r\n",
                  method, target, peer.token, more);
}

/* ---- half requests ---- */

/* A change that would be made, if all of it came. */
static const char change[] = "{\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"was\":{\"site\":\"a\"},"
                             "\"cells\":{\"quantity\":\"99\"}}]}";

/* Each address that takes a body gets half of one, whole in itself, and the connection is lost. */
static void broken_off(bool is_book)
{
    place of = open_place(is_book);
    for (const ms_route *route = ms_routes; route->pattern; route++)
        for (int how = 0; route->body && how < 3; how++) {
            static const char *const lengths[] = {"Content-Length: 200\r\n", "Transfer-Encoding: chunked\r\n",
                                                  "Transfer-Encoding: chunked\r\n"};
            static const char *const ends[] = {"", "\r\n", "\r\n5\r\n{\"b\""};
            ms_buf request = {0};
            put_head(&request, ms_method_words[route->method], door_target(route->pattern, "stocks.csv"), lengths[how]);
            if (how > 0)
                ms_buf_printf(&request, "%zx\r\n", strlen(change));
            ms_buf_printf(&request, "%s%s", change, ends[how]);
            int wire = http_connect(&peer);
            assert_true(http_send(wire, request.text, request.length));
            if (how == 0)
                shutdown(wire, SHUT_WR); /* and then the other half */
            close(wire);
            ms_buf_free(&request);
        }
    others_are_answered();
    nothing_has_changed(&of);
    http_expect(&peer, "POST", "/api/case/changes", change, 200, "\"done\": true"); /* all of it */
    ms_server_stop(of.server);
}

static void bodies_break_off(void **state)
{
    (void)state;
    broken_off(false);
    broken_off(true);
}

/* ---- bytes that are no text ---- */

/* An answer is an error of ours: RFC 9457 and UTF-8. */
static void check_problem(const http_answer *answer, const char *what)
{
    const char *text = answer->text.text ? answer->text.text : "nothing";
    json_t *json = NULL;
    size_t length = strlen(answer->body);
    if (answer->status < 400 || answer->status > 499 || !strstr(text, "Content-Type: application/problem+json") ||
        ms_utf8_valid_prefix(answer->body, length) != length ||
        ms_json_parse(&json, answer->body, length, "it", NULL) != MS_OK ||
        json_integer_value(json_object_get(json, "status")) != answer->status ||
        !json_is_string(json_object_get(json, "detail")))
        fail_msg("%s: %s", what, text);
    json_decref(json);
}

static void expect_problem(const ms_buf *request, const char *what)
{
    http_answer answer = http_raw(&peer, request->text, request->length);
    check_problem(&answer, what);
    ms_buf_free(&answer.text);
}

static void no_text_in_bodies(bool is_book)
{
    static const struct {
        const char *bytes;
        size_t length;
    } bodies[] = {{"\xff\xfe{\0}\0", 6},
                  {"{\"title\":\"\xff\"}", 13},
                  {"{\"\xc0\xaf\":1}", 8},
                  {"{\"title\":\"\xed\xa0\x80\"}", 15},
                  {"{\"title\":\"\\ud800\"}", 18},
                  {"{\"title\":\"a\0b\"}", 15},
                  {"\0", 1},
                  {"{", 1},
                  {"{}}", 3},
                  {"{\"title\":1e999999}", 18},
                  {"\"\xff", 2}};
    place of = open_place(is_book);
    ms_buf deep = {0};
    for (int i = 0; i < 3000; i++)
        ms_buf_text(&deep, "[");
    for (const ms_route *route = ms_routes; route->pattern; route++)
        for (size_t b = 0; route->body && b <= sizeof bodies / sizeof *bodies; b++) {
            bool last = b == sizeof bodies / sizeof *bodies;
            char length[64];
            ms_buf request = {0};
            size_t bytes = last ? deep.length : bodies[b].length;
            snprintf(length, sizeof length, "Content-Length: %zu\r\n", bytes);
            put_head(&request, ms_method_words[route->method], door_target(route->pattern, "releases.csv"), length);
            ms_buf_put(&request, last ? deep.text : bodies[b].bytes, bytes);
            expect_problem(&request, route->pattern);
            ms_buf_free(&request);
        }
    ms_buf_free(&deep);
    nothing_has_changed(&of);
    ms_server_stop(of.server);
}

static void bytes_in_bodies(void **state)
{
    (void)state;
    no_text_in_bodies(false);
    no_text_in_bodies(true);
}

static void bytes_in_heads(void **state)
{
    (void)state;
    static const char *const targets[] = {"/api/case/tables/\xff",
                                          "/api/case/tables/%ff",
                                          "/api/case/tables/%c0%ae%c0%ae",
                                          "/api/case/tables/%ed%a0%80",
                                          "/api/\xed\xa0\x80",
                                          "/api/case/posture?site=\xff",
                                          "/api/case/posture?site=%fe%ff",
                                          "/api/case/posture?%ff=1",
                                          "/api/case/posture?site=%00",
                                          "/api/case/posture?site=%0d%0a",
                                          "/api/case/posture?site=%zz",
                                          "/api/plans/%ef%bf/story",
                                          "/api/exchange/partners/%ff/preview"};
    static const char *const headers[] = {"If-None-Match: \xff\xfe\r\n",
                                          "Accept-Encoding: \xff, gzip;q=\xfe\r\n",
                                          "Range: bytes=\xff-\r\n",
                                          "Accept-Language: \xc0\xaf\r\n",
                                          "X-\xff: \x80\r\n",
                                          "Content-Type: \xff\r\n",
                                          "If-Range: \xff\r\n"};
    place of = open_place(false);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        ms_buf request = {0};
        put_head(&request, "GET", targets[i], "");
        expect_problem(&request, targets[i]);
        ms_buf_free(&request);
    }
    /* what is not read is not minded */
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        ms_buf request = {0};
        put_head(&request, "GET", "/api/case", headers[i]);
        http_answer answer = http_raw(&peer, request.text, request.length);
        if (answer.status != 200)
            fail_msg("%s: %s", headers[i], answer.text.text ? answer.text.text : "nothing");
        ms_buf_free(&answer.text);
        ms_buf_free(&request);
    }
    static const char *const strangers[] = {
        "GET /api/case HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe\x80\r\n\r\n",
        "GET /api/case HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: \xff\r\n\r\n",
        "GET /api/case HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        ms_buf request = {0};
        ms_buf_text(&request, strangers[i]);
        expect_problem(&request, strangers[i]);
        ms_buf_free(&request);
    }
    nothing_has_changed(&of);
    ms_server_stop(of.server);
}

/* ---- addresses that lead astray ---- */

static void stray_addresses(void **state)
{
    (void)state;
    static const char *const names[] = {"..",
                                        "../secret",
                                        "..%2fsecret",
                                        "%2e%2e%2fsecret",
                                        "%2e%2e/secret",
                                        "%252e%252e%252fsecret",
                                        "....//secret",
                                        "..%5csecret",
                                        "..\\secret",
                                        "%2fetc%2fpasswd",
                                        "//etc/passwd",
                                        "stocks.csv%00.txt",
                                        "stocks.csv/",
                                        "stocks.csv%2f",
                                        "stocks.csv%20",
                                        "stocks.csv.",
                                        "./stocks.csv",
                                        "STOCKS.CSV",
                                        "stocks.csv::$DATA",
                                        "~root",
                                        "%2e",
                                        "changes.log",
                                        ".mainstay-saving",
                                        "us.book.key",
                                        ""};
    static const char *const places[] = {"/",
                                         "/assets/",
                                         "/api/",
                                         "/api/case/tables/",
                                         "/api/plans/",
                                         "/api/plans/1/tables/",
                                         "/api/book/rows/",
                                         "/api/exchange/rules/",
                                         "/api/exchange/partners/x/releases/",
                                         "/api/ledger/statements/",
                                         "/api/ledger/orders/",
                                         "/exchange/releases/"};
    put("secret", "SECRET");
    place of = open_place(true);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            ms_buf request = {0}, target = {0};
            ms_buf_printf(&target, "%s%s", places[p], names[n]);
            if (strcmp(target.text, "/") == 0 || strcmp(target.text, "/api/ledger/orders/") == 0)
                ms_buf_text(&target, "..");
            put_head(&request, "GET", target.text, "");
            http_answer answer = http_raw(&peer, request.text, request.length);
            check_problem(&answer, target.text);
            assert_null(strstr(answer.body, "SECRET"));
            assert_null(strstr(answer.body, "root:"));
            ms_buf_free(&answer.text);
            ms_buf_free(&request);
            ms_buf_free(&target);
        }
    static const char *const targets[] = {"http://localhost/api", "*",    "api",         "\\api",      "/api/case#x",
                                          "/%61pi%2fcase",        "/API", "/api/./case", "/api//case", "/api/case/",
                                          "/api;x/case"};
    for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
        ms_buf request = {0};
        put_head(&request, "GET", targets[t], "");
        expect_problem(&request, targets[t]);
        ms_buf_free(&request);
    }
    /* a long one, and one of many parts */
    for (int i = 0; i < 2; i++) {
        ms_buf request = {0}, target = {0};
        for (int n = 0; n < 9000; n++)
            ms_buf_text(&target, i == 0 ? "a" : "/a");
        ms_buf_printf(&request, "GET /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", target.text);
        expect_problem(&request, "a long one");
        ms_buf_free(&request);
        ms_buf_free(&target);
    }
    nothing_has_changed(&of);
    ms_server_stop(of.server);
}

/* ---- readers who leave, and plans that are stopped ---- */

static int listen_to_events(void)
{
    ms_buf request = {0};
    int wire = http_connect(&peer);
    put_head(&request, "GET", "/api/events", "");
    assert_true(http_send(wire, request.text, request.length));
    ms_buf_free(&request);
    return wire;
}

/* Whether an event says that of the plan. */
static bool is_told(const char *events, int plan, const char *state)
{
    char number[32], is[32];
    snprintf(number, sizeof number, "\"plan\": %d,", plan);
    snprintf(is, sizeof is, "\"state\": \"%s\"", state);
    for (const char *line = events, *end; line && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        const char *n = strstr(line, number), *s = strstr(line, is);
        if (n && s && n < end && s < end)
            return true;
    }
    return false;
}

static void hear(http_answer *events, int wire, int plan, const char *state)
{
    char piece[4096];
    while (!events->text.text || !is_told(events->text.text, plan, state)) {
        ssize_t count = recv(wire, piece, sizeof piece, 0);
        if (count <= 0)
            fail_msg("plan %d is not %s: %s", plan, state, events->text.text ? events->text.text : "");
        ms_buf_put(&events->text, piece, (size_t)count);
    }
}

/* 200 listen, 100 of them leave without a word while a plan is made, and all others hear of each to its end. */
static void listeners(void **state)
{
    (void)state;
    enum { LISTENERS = 200 };
    int wires[LISTENERS];
    place of = open_place(false);
    for (int i = 0; i < LISTENERS; i++) {
        http_answer answer = {0};
        wires[i] = listen_to_events();
        http_read(&answer, wires[i], "retry:");
        assert_int_equal(answer.status, 200);
        ms_buf_free(&answer.text);
    }
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"one\"}", 202, NULL);
    for (int i = 0; i < LISTENERS; i += 2)
        close(wires[i]);
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"two\"}", 202, NULL);
    for (int i = 1; i < LISTENERS; i += 2) {
        http_answer events = {0};
        hear(&events, wires[i], 2, "done");
        assert_true(is_told(events.text.text, 1, "done"));
        ms_buf_free(&events.text);
        close(wires[i]);
    }
    nothing_has_changed(&of);
    ms_server_stop(of.server);
}

/* A plan that would take minutes, half-way; who ordered it leaves at once, with his stream of events. */
static void a_plan_is_stopped(void **state)
{
    (void)state;
    ms_gen_options size;
    ms_error err = {0};
    http_answer events = {0};
    assert_int_equal(ms_gen_size(&size, "S", &err), MS_OK);
    assert_int_equal(ms_gen_write("long", &size, &err), MS_OK);
    ms_server *server = start("long");
    int wire = listen_to_events();
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"long\",\"gap\":1e-12}", 202, NULL);
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"waits\",\"gap\":1e-12}", 202, NULL);
    hear(&events, wire, 1, "running");
    ms_buf_free(&events.text);
    close(wire);
    http_expect(&peer, "GET", "/api/plans/1", NULL, 200, "\"state\": \"running\"");
    http_expect(&peer, "GET", "/api/plans/1/story", NULL, 400, "not done yet");
    wire = listen_to_events();
    http_expect(&peer, "POST", "/api/plans/2/cancel", NULL, 200, "\"state\": \"cancelled\"");
    http_expect(&peer, "POST", "/api/plans/1/cancel", NULL, 200, NULL);
    http_expect(&peer, "POST", "/api/plans/1/cancel", NULL, 200, NULL); /* twice does no harm */
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"next\",\"gap\":1}", 202, NULL);
    hear(&events, wire, 3, "done");
    ms_buf_free(&events.text);
    close(wire);
    /* what it had is kept where it is of use, with its gap; a plan that has none is cancelled */
    http_answer answer = http_ask(&peer, "GET", "/api/plans/1", "", NULL);
    if (strstr(answer.body, "\"state\": \"done\"")) {
        assert_non_null(strstr(answer.body, "\"stopped\": true"));
        http_expect(&peer, "GET", "/api/plans/1/story", NULL, 200, "\"gap\"");
    } else {
        assert_non_null(strstr(answer.body, "\"state\": \"cancelled\""));
    }
    ms_buf_free(&answer.text);
    http_expect(&peer, "GET", "/api/plans/3/story", NULL, 200, "\"gap\"");
    /* one that is being made when the server ends, ends with it */
    http_expect(&peer, "POST", "/api/plans", "{\"title\":\"last\",\"gap\":1e-12}", 202, NULL);
    ms_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_break_off), cmocka_unit_test(bytes_in_bodies), cmocka_unit_test(bytes_in_heads),
        cmocka_unit_test(stray_addresses),  cmocka_unit_test(listeners),       cmocka_unit_test(a_plan_is_stopped),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
