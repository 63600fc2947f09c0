/* test_serve_book_jobs.c: what takes long with a book over HTTP: releases sent to a folder and to a server and fetched
 * from there, a large one taken, the proof of the book; who may, what is refused, and that others write meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>
#include <fcntl.h>

#include "door_ask.h"
#include "houses.h"
#include "http_client.h"
#include "playground.h"
#include "serve/api_jobs.h"
#include "serve/desk_private.h"

/* Each knows its own stock alone. */
#define PAIR_CASE                                                                                       \
    "== case.json\n{\"name\": \"pair\", \"start\": \"2026-01-01\", \"days\": 4}\n"                      \
    "== partners.csv\npartner\nUS\nKR\n== sites.csv\nsite,partner,kind\ncamp,US,unit\ndepot,KR,depot\n" \
    "== items.csv\nitem,class,unit,kg_per_unit,nsn\ndiesel,III,m3,800,9140-00-286-5294\n"               \
    "== stocks.csv\nsite,item,partner,quantity\n"

typedef struct {
    ms_server *server;
    http_peer peer;
} side;
static side us, kr, hub;

static void put_private(const char *path, const char *text)
{
    put(path, text);
    assert_int_equal(chmod(path, 0600), 0);
}

static side open_side(const char *path, const char *exchange)
{
    side of;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {
        .path = path, .tokens = "tokens.csv", .threads = 1, .exchange = exchange, .places = path ? "places.csv" : NULL};
    if (ms_server_start(&of.server, &options, &findings, &err) != MS_OK)
        fail_msg("%s: %s", err.file, err.message);
    ms_findings_free(&findings);
    of.peer = http_peer_of(ms_server_link(of.server));
    return of;
}

static int open_all(void **state)
{
    char places[256];
    if (playground_make(state) != 0)
        return -1;
    house h[2] = {house_new("US", PAIR_CASE "camp,diesel,US,7\n", "to,table,detail\n*,*,full\n"),
                  house_new("KR", PAIR_CASE "depot,diesel,KR,500\n", "to,table,detail\n*,*,full\n")};
    house_trust(&h[0], &h[1]);
    house_trust(&h[1], &h[0]);
    house_free(&h[0]);
    house_free(&h[1]);
    put_private("tokens.csv", "name,role,token\nvera,viewer,vvvvvvvvvvvvvvvv\npaul,planner,pppppppppppppppp\n"
                              "rita,releaser,rrrrrrrrrrrrrrrr\nadam,administrator,aaaaaaaaaaaaaaaa\n"
                              "US,courier,uuuuuuuuuuuuuuuu\nKR,courier,kkkkkkkkkkkkkkkk\n");
    put_private("us.token", "uuuuuuuuuuuuuuuu\n");
    put_private("kr.token", "kkkkkkkkkkkkkkkk\n");
    assert_int_equal(mkdir("post", 0755), 0);
    hub = open_side(NULL, "mail");
    snprintf(places, sizeof places,
             "name,place,token,ca\nstick,post,,\nhub of US,http://127.0.0.1:%d,us.token,\n"
             "hub of KR,http://127.0.0.1:%d,kr.token,\nnowhere,http://127.0.0.1:9,us.token,\ngone,lost,,\n",
             hub.peer.port, hub.peer.port);
    put("places.csv", places);
    us = open_side("US.book", NULL);
    kr = open_side("KR.book", NULL);
    return 0;
}

static int close_all(void **state)
{
    ms_server_stop(us.server);
    ms_server_stop(kr.server);
    ms_server_stop(hub.server);
    return playground_remove(state);
}

/* Asks as the one whose token has these letters; the caller frees the answer. */
static http_answer ask(side *of, char who, const char *method, const char *target, const char *body)
{
    memset(of->peer.token, who, 16);
    of->peer.token[16] = '\0';
    return http_ask(&of->peer, method, target, "", body);
}

static void expect(side *of, char who, const char *method, const char *target, const char *body, int status,
                   const char *says)
{
    http_answer answer = ask(of, who, method, target, body);
    if (answer.status != status || (says && !strstr(answer.text.text, says)))
        fail_msg("%s %s: %s", method, target, answer.text.text ? answer.text.text : "nothing");
    ms_buf_free(&answer.text);
}

/* Orders a job; its address, in the caller's buffer. */
static void order(char out[64], side *of, char who, const char *target, const char *body)
{
    http_answer answer = ask(of, who, "POST", target, body);
    if (answer.status != 202)
        fail_msg("%s: %s", target, answer.text.text);
    const char *at = strstr(answer.text.text, "Location: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "Location: %63[^\r]", out), 1);
    ms_buf_free(&answer.text);
}

static void await(side *of, const char *job, const char *state)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    char is[40];
    snprintf(is, sizeof is, "\"state\": \"%s\"", state);
    for (int i = 0; i < 12000; i++) {
        http_answer answer = ask(of, 'v', "GET", job, NULL);
        bool there = strstr(answer.text.text, is) != NULL;
        bool goes_on = strstr(answer.text.text, "\"waiting\"") || strstr(answer.text.text, "\"running\"");
        if (!there && !goes_on)
            fail_msg("%s", answer.text.text);
        ms_buf_free(&answer.text);
        if (there)
            return;
        nanosleep(&moment, NULL);
    }
    fail_msg("%s is not %s", job, state);
}

/* Orders it and waits until it is done; its result says this. */
static void finish(side *of, const char *target, const char *body, const char *says)
{
    char job[64], result[80];
    order(job, of, 'r', target, body);
    await(of, job, "done");
    snprintf(result, sizeof result, "%s/result", job);
    expect(of, 'v', "GET", result, NULL, 200, says);
}

/* ---- through places ---- */

static void through_a_folder(void **state)
{
    (void)state;
    finish(&us, "/api/exchange/send", "{\"place\": \"stick\", \"partner\": \"KR\"}", "US-KR-000000000001.release");
    assert_true(ms_file_exists("post/US-KR-000000000001.release"));
    finish(&kr, "/api/exchange/fetch", "{\"place\": \"stick\"}", "\"partner\": \"US\"");
    expect(&kr, 'v', "GET", "/api/book/rows/stocks.csv?given_by=US", NULL, 200, "\"total\": 1");
    finish(&kr, "/api/exchange/fetch", "{\"place\": \"stick\"}", "\"releases\": []");
    /* what is no release is refused, and does not hold up the others */
    put("post/US-KR-000000000002.release", "nonsense");
    finish(&kr, "/api/exchange/fetch", "{\"place\": \"stick\"}", "\"file\": \"US-KR-000000000002.release\"");
    expect(&kr, 'v', "GET", "/api/book/jobs", NULL, 200, "\"refused\": 1");
    assert_int_equal(unlink("post/US-KR-000000000002.release"), 0);
    /* whose hand it was is in the log */
    expect(&us, 'v', "GET", "/api/book/log?kind=by&limit=1", NULL, 200, "\"key\": \"rita\"");
    /* an administrator's own folder */
    char job[64];
    assert_int_equal(mkdir("other", 0755), 0);
    order(job, &us, 'a', "/api/exchange/send", "{\"place\": \"./other\"}");
    await(&us, job, "done");
    assert_int_equal(entries_of("other"), 1 + (int)ms_file_exists("other/US-KR-000000000001.release"));
    order(job, &us, 'r', "/api/exchange/send", "{\"place\": \"gone\"}");
    await(&us, job, "failed");
    expect(&us, 'v', "GET", job, NULL, 200, "it is not there");
}

static void through_a_server(void **state)
{
    (void)state;
    finish(&kr, "/api/exchange/send", "{\"place\": \"hub of KR\"}", "\"place\": \"hub of KR\"");
    finish(&us, "/api/exchange/fetch", "{\"place\": \"hub of US\"}", "\"partner\": \"KR\"");
    expect(&us, 'v', "GET", "/api/book/rows/stocks.csv?given_by=KR", NULL, 200, "\"total\": 1");
    expect(&us, 'v', "GET", "/api/exchange", NULL, 200, "\"fetched_at\"");
}

static void refusing(void **state)
{
    (void)state;
    static const struct {
        char who;
        const char *method, *target, *body;
        int status;
        const char *says;
    } rows[] = {
        {'r', "GET", "/api/exchange/places", NULL, 200, "\"place\": \"post\""},
        {'p', "GET", "/api/exchange/places", NULL, 403, NULL},
        {'p', "POST", "/api/exchange/send", "{\"place\": \"stick\"}", 403, "needs a releaser"},
        {'p', "POST", "/api/exchange/fetch", "{\"place\": \"stick\"}", 403, "needs a releaser"},
        {'v', "POST", "/api/book/verify", NULL, 403, NULL},
        {'v', "POST", "/api/book/jobs/1/cancel", NULL, 403, NULL},
        {'r', "POST", "/api/exchange/send", "{}", 400, "place is the name"},
        {'r', "POST", "/api/exchange/send", "{\"place\": 7}", 400, "place is a text"},
        {'r', "POST", "/api/exchange/send", "{\"place\": \"stik\"}", 400, "there is no place"},
        {'r', "POST", "/api/exchange/send", "{\"plaice\": \"stick\"}", 400, "has no"},
        {'r', "POST", "/api/exchange/send", "{\"place\": \"/tmp\"}", 400, "there is no place"},
        {'r', "POST", "/api/exchange/send", "{\"place\": \"../post\"}", 400, "there is no place"},
        {'a', "POST", "/api/exchange/send", "{\"place\": \"https://evil.example\"}", 400, "in the file of places"},
        {'r', "POST", "/api/exchange/send", "{\"place\": \"stick\", \"partner\": \"XX\"}", 404, "no partner XX"},
        {'v', "GET", "/api/book/jobs/x", NULL, 404, "no job's number"},
        {'v', "GET", "/api/book/jobs/9999/result", NULL, 404, "there is no job 9999"},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        expect(&us, rows[r].who, rows[r].method, rows[r].target, rows[r].body, rows[r].status, rows[r].says);
    expect(&hub, 'r', "POST", "/api/exchange/send", "{\"place\": \"stick\"}", 404, "no book is open");
    expect(&hub, 'p', "POST", "/api/book/verify", NULL, 404, "no book is open");
}

/* ---- what is awaited does not hold up the others ---- */

static void nobody_answers(void **state)
{
    (void)state;
    char job[64], cancel[80];
    order(job, &us, 'r', "/api/exchange/send", "{\"place\": \"nowhere\"}");
    snprintf(cancel, sizeof cancel, "%s/cancel", job);
    await(&us, job, "running");
    /* others write the book while that is tried again and again */
    expect(&us, 'r', "PUT", "/api/exchange/partners/KR/rhythm", "{\"rhythm\": \"hourly\"}", 200, "hourly");
    expect(&us, 'v', "GET", "/api/exchange/key", NULL, 200, "mainstay public key");
    expect(&us, 'p', "POST", cancel, NULL, 200, NULL);
    await(&us, job, "cancelled");
    expect(&us, 'p', "DELETE", job, NULL, 204, NULL);
    expect(&us, 'v', "GET", job, NULL, 404, NULL);
    order(job, &us, 'r', "/api/exchange/fetch", "{\"place\": \"nowhere\"}");
    await(&us, job, "running"); /* the server, which stops at the end of all tests, does not wait for it */
}

static void a_job_writes(void **state)
{
    (void)state;
    static const char change[] = "{\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"cells\":{\"quantity\":\"1\"}}]}";
    ms_reply reply;
    ms_error err = {0};
    ms_findings findings = {0};
    ms_door door = {0};
    ms_book *book = NULL;
    assert_true(door_tokens(&door.tokens));
    assert_int_equal(ms_desk_make(&door.desk, 1, &err), MS_OK);
    assert_int_equal(ms_desk_open(door.desk, "KR.book", NULL, &findings, &err), MS_OK);
    ms_findings_free(&findings);
    assert_int_equal(ms_desk_lend_book(&book, door.desk, "rita", &err), MS_OK);
    for (int i = 0; i < 3; i++) {
        static const char *const targets[] = {"/api/case/changes", "/api/exchange/partners/US/read",
                                              "/api/exchange/key"};
        assert_true(door_ask(&reply, &door, MS_ROLE_ADMINISTRATOR, i == 2 ? MS_GET : MS_POST, targets[i],
                             i == 0 ? change : NULL, i == 0 ? strlen(change) : 0));
        assert_int_equal(reply.status, 503);
        assert_non_null(strstr(ms_blob_bytes(reply.blob), "a release is being made or taken"));
        door_let(&reply);
    }
    assert_true(door_ask(&reply, &door, MS_ROLE_VIEWER, MS_GET, "/api/exchange", NULL, 0)); /* reading never waits */
    assert_int_equal(reply.status, 0);
    door_let(&reply);
    ms_desk_let_book(door.desk, book);
    assert_true(door_ask(&reply, &door, MS_ROLE_ADMINISTRATOR, MS_POST, "/api/exchange/partners/US/read", NULL, 0));
    assert_int_equal(reply.status, 0);
    door_let(&reply);
    ms_desk_free(door.desk);
    ms_tokens_free(&door.tokens);
}

/* ---- by itself ---- */

static void a_proof(void **state)
{
    (void)state;
    char job[64], result[80];
    order(job, &us, 'p', "/api/book/verify", NULL);
    await(&us, job, "done");
    snprintf(result, sizeof result, "%s/result", job);
    expect(&us, 'v', "GET", result, NULL, 200, "\"errors\": 0");
}

/* More than is taken at once: a job, which says what is wrong with it. */
static void a_large_one(void **state)
{
    (void)state;
    char job[64];
    ms_buf body = {0};
    for (int i = 0; i < MS_TAKE_AT_ONCE + 1; i++)
        ms_buf_text(&body, "x");
    order(job, &us, 'r', "/api/exchange/releases?file=big.release", body.text);
    await(&us, job, "failed");
    expect(&us, 'v', "GET", job, NULL, 200, "\"place\": \"big.release\"");
    body.text[body.length - 1] = '\0';
    expect(&us, 'r', "POST", "/api/exchange/releases", body.text, 422, "the release"); /* at once */
    ms_buf_free(&body);
}

/* ---- the file of places ---- */

static void places(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        int line;
    } cases[] = {{"place,name\n", "the first row must be", 1},
                 {"name,place,token,ca\na,post\n", "four cells", 2},
                 {"name,place,token,ca\n,post,,\n", "the name is empty", 2},
                 {"name,place,token,ca\na/b,post,,\n", "a slash", 2},
                 {"name,place,token,ca\na,,,\n", "the place is empty", 2},
                 {"name,place,token,ca\na,https://x,,\n", "wants a file", 2},
                 {"name,place,token,ca\na,x,,\na,y,,\n", "another place has that name", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ms_places read = {0};
        ms_error err = {0};
        put("bad.csv", cases[i].text);
        assert_int_equal(ms_places_read(&read, "bad.csv", &err), MS_BAD_INPUT);
        if (!strstr(err.message, cases[i].says) || err.line != cases[i].line)
            fail_msg("%s: %d: %s", cases[i].text, err.line, err.message);
        assert_null(read.places);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(through_a_folder), cmocka_unit_test(through_a_server), cmocka_unit_test(refusing),
        cmocka_unit_test(a_job_writes),     cmocka_unit_test(a_proof),          cmocka_unit_test(a_large_one),
        cmocka_unit_test(places),           cmocka_unit_test(nobody_answers),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
