/* test_serve_partners.c: book, exchange and ledger over HTTP: two partners' books, each behind a server of its own, who
 * trust each other, exchange releases and take an order from request to settlement; and whom the server refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "houses.h"
#include "http_client.h"
#include "playground.h"

static const char pair_case[] =
    "== case.json\n{\"name\": \"pair\", \"start\": \"2026-01-01\", \"days\": 4, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner\nUS\nKR\n== sites.csv\nsite,partner,kind\ncamp,US,unit\ndepot,KR,depot\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,value_per_unit,nsn\n"
    "diesel,Diesel,III,m3,800,1000,9140-00-286-5294\n"
    "== stocks.csv\nsite,item,partner,quantity\ndepot,diesel,KR,500\n"
    "== lanes.csv\nlane,from,to,mode,transit_days\nroad,depot,camp,road,1\n"
    "== demands.csv\ndemand,site,item,partner,from_day,per_day,priority\nneed,camp,diesel,US,1,10,1\n"
    "== agreements.csv\nagreement,provider,receiver,kind,scope,limit_t,settlement,due_days\n"
    "fuel,KR,US,item,III,100,cash,30\n";

static const char tokens[] = "name,role,token\nvera,viewer,vvvvvvvvvvvvvvvv\npaul,planner,pppppppppppppppp\n"
                             "rita,releaser,rrrrrrrrrrrrrrrr\nadam,administrator,aaaaaaaaaaaaaaaa\n";

typedef struct {
    ms_server *server;
    http_peer peer;
} side;
static side us, kr;

static void open_side(side *of, const char *partner)
{
    house h = house_new(partner, pair_case, "to,table,detail\n*,*,full\n");
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {.path = h.path, .tokens = "tokens.csv", .threads = 1};
    house_free(&h);
    if (ms_server_start(&of->server, &options, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    of->peer = http_peer_of(ms_server_link(of->server));
}

static int open_both(void **state)
{
    if (playground_make(state) != 0)
        return -1;
    put("tokens.csv", tokens);
    assert_int_equal(chmod("tokens.csv", 0600), 0);
    open_side(&us, "US");
    open_side(&kr, "KR");
    return 0;
}

static int close_both(void **state)
{
    ms_server_stop(us.server);
    ms_server_stop(kr.server);
    return playground_remove(state);
}

/* Asks as the one whose token has these letters; holds the answer against a status and a part of its text. The caller
 * frees it. */
static http_answer ask(side *of, char who, const char *method, const char *target, const char *body, int status,
                       const char *says)
{
    memset(of->peer.token, who, 16);
    of->peer.token[16] = '\0';
    http_answer answer = http_ask(&of->peer, method, target, "", body);
    if (answer.status != status || (says && !strstr(answer.text.text, says)))
        fail_msg("%s %s: %s", method, target, answer.text.text ? answer.text.text : "nothing");
    return answer;
}

static void expect(side *of, char who, const char *method, const char *target, const char *body, int status,
                   const char *says)
{
    http_answer answer = ask(of, who, method, target, body, status, says);
    ms_buf_free(&answer.text);
}

/* The text of a member of the answer that holds no escapes but those of a key's text. The caller's buffer. */
static const char *member(char *out, size_t size, const http_answer *answer, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\": \"", name);
    const char *at = strstr(answer->body, key);
    assert_non_null(at);
    at += strlen(key);
    size_t length = 0;
    while (at[length] != '"' && length + 1 < size)
        length += at[length] == '\\' ? 2 : 1;
    snprintf(out, size, "%.*s", (int)length, at);
    return out;
}

/* ---- who may ---- */

static void roles(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target;
        char too_low, enough; /* 0: nobody is too low */
    } rows[] = {
        {"GET", "/api/book", 'x', 'v'},
        {"POST", "/api/ledger/orders", 'v', 'p'},
        {"POST", "/api/ledger/orders/US/steps", 'v', 'p'},
        {"POST", "/api/ledger/proposals", 'v', 'p'},
        {"POST", "/api/exchange/partners/KR/read", 'v', 'p'},
        {"PUT", "/api/exchange/rules/releases.csv", 'p', 'r'},
        {"PUT", "/api/exchange/partners/KR/rhythm", 'p', 'r'},
        {"POST", "/api/exchange/partners/KR/releases", 'p', 'r'},
        {"GET", "/api/exchange/partners/KR/releases/1", 'p', 'r'},
        {"POST", "/api/exchange/releases", 'p', 'r'},
        {"POST", "/api/exchange/partners", 'r', 'a'},
        {"DELETE", "/api/exchange/partners/KR", 'r', 'a'},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        bool takes_one = rows[r].method[0] == 'P' && strstr(rows[r].target, "/read") == NULL;
        const char *body = takes_one ? "{\"no\": 1}" : NULL;
        expect(&us, rows[r].too_low, rows[r].method, rows[r].target, body, rows[r].too_low == 'x' ? 401 : 403, NULL);
        http_answer answer = {0};
        memset(us.peer.token, rows[r].enough, 16);
        answer = http_ask(&us.peer, rows[r].method, rows[r].target, "", body);
        if (answer.status == 401 || answer.status == 403 || answer.status == 500)
            fail_msg("%s %s: %s", rows[r].method, rows[r].target, answer.text.text);
        ms_buf_free(&answer.text);
    }
    /* a bundle may be large; of somebody who may not give one, nothing large is read */
    static const char huge[] = "POST /api/exchange/releases HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n"
                               "Authorization: Bearer vvvvvvvvvvvvvvvv\r\n\r\n";
    http_answer answer = http_raw(&us.peer, huge, sizeof huge - 1);
    assert_int_equal(answer.status, 403);
    ms_buf_free(&answer.text);
}

static void what_is_not_there(void **state)
{
    (void)state;
    expect(&us, 'v', "GET", "/api/book/log/x", NULL, 404, "no number of an entry");
    expect(&us, 'v', "GET", "/api/book/log/99999", NULL, 404, "no such entry");
    expect(&us, 'v', "GET", "/api/book/rows/passwd", NULL, 404, "no table");
    expect(&us, 'v', "GET", "/api/exchange/rules/..%2Fpasswd", NULL, 404, "there is no ..");
    expect(&us, 'v', "GET", "/api/exchange/partners/XX/preview", NULL, 404, "no partner XX is trusted");
    expect(&us, 'v', "GET", "/api/exchange/partners/XX/changes", NULL, 404, "no partner XX is trusted");
    expect(&us, 'v', "GET", "/api/ledger/orders/none", NULL, 404, "there is no order");
    expect(&us, 'v', "GET", "/api/ledger/proposals?plan=7", NULL, 404, "there is no plan 7");
    expect(&us, 'v', "GET", "/api/ledger/orders?show=some", NULL, 400, "none of open|all|ours|overdue");
    expect(&us, 'v', "GET", "/api/ledger/orders?date=soon", NULL, 400, "not a date");
    expect(&us, 'p', "POST", "/api/ledger/orders/none/steps", "{\"step\": \"accept\"}", 404, "there is no order");
    expect(&us, 'r', "POST", "/api/exchange/partners/XX/releases", "{}", 404, "no partner XX is trusted");
    expect(&us, 'r', "POST", "/api/exchange/releases", "nonsense", 422, "the release");
    expect(&us, 'p', "POST", "/api/ledger/orders", "{\"quantity\": 5}", 400, "quantity is a text");
    expect(&us, 'p', "POST", "/api/ledger/orders", "{\"quanity\": \"5\"}", 400, "has no");
    expect(&us, 'p', "POST", "/api/ledger/orders", "{", 422, "the request");
    expect(&us, 'p', "POST", "/api/ledger/proposals", "{\"plan\": 1, \"rows\": [{}]}", 400, "has both");
}

/* ---- two partners ---- */

/* `of` trusts the key of `other`, with a fingerprint that is read over the telephone, not without. */
static void trust(side *of, side *other)
{
    char key[2000], fingerprint[128];
    ms_buf body = {0};
    http_answer answer = ask(other, 'v', "GET", "/api/exchange/key", NULL, 200, "mainstay public key");
    member(key, sizeof key, &answer, "key");
    member(fingerprint, sizeof fingerprint, &answer, "fingerprint");
    ms_buf_free(&answer.text);
    ms_buf_printf(&body, "{\"key\": \"%s\", \"check\": true}", key);
    expect(of, 'a', "POST", "/api/exchange/partners", body.text, 200, "\"fingerprint\"");
    ms_buf_reset(&body);
    ms_buf_printf(&body, "{\"key\": \"%s\"}", key);
    expect(of, 'a', "POST", "/api/exchange/partners", body.text, 400, "over the telephone");
    ms_buf_reset(&body);
    ms_buf_printf(&body, "{\"key\": \"%s\", \"fingerprint\": \"12345\"}", key);
    expect(of, 'a', "POST", "/api/exchange/partners", body.text, 422, "another fingerprint");
    ms_buf_reset(&body);
    ms_buf_printf(&body, "{\"key\": \"%s\", \"fingerprint\": \"%s\"}", key, fingerprint);
    expect(of, 'a', "POST", "/api/exchange/partners", body.text, 200, fingerprint);
    ms_buf_free(&body);
}

static void trusting(void **state)
{
    (void)state;
    trust(&us, &kr);
    trust(&kr, &us);
    expect(&us, 'r', "PUT", "/api/exchange/partners/KR/rhythm", "{\"rhythm\": \"daily 06:00Z\"}", 200, "daily 06:00Z");
    expect(&us, 'r', "PUT", "/api/exchange/partners/KR/rhythm", "{\"rhythm\": \"now and then\"}", 400, "no rhythm");
    expect(&us, 'v', "GET", "/api/exchange", NULL, 200, "\"every_hours\": 24");
    expect(&us, 'v', "GET", "/api/exchange/rules/releases.csv", NULL, 200, "\"full\"");
    expect(&us, 'r', "PUT", "/api/exchange/rules/releases.csv", "to,table,detail\n*,stok,full\n", 422, "\"line\": 2");
    expect(&us, 'v', "GET", "/api/exchange/rules/aliases.csv", NULL, 200, "\"rows\": []");
}

/* The next release of one, taken by the other. Bundles hold any byte, so that it is not sent as text. */
static void send_release(side *from, const char *to, side *reader)
{
    char target[96];
    ms_buf request = {0};
    snprintf(target, sizeof target, "/api/exchange/partners/%s/releases", to);
    http_answer note = ask(from, 'r', "POST", target, NULL, 201, ".release\"");
    int number = atoi(strstr(note.body, "\"number\": ") + strlen("\"number\": "));
    ms_buf_free(&note.text);
    snprintf(target, sizeof target, "/api/exchange/partners/%s/releases/%d", to, number);
    http_answer bundle = ask(from, 'r', "GET", target, NULL, 200, "application/octet-stream");
    size_t length = bundle.text.length - (size_t)(bundle.body - bundle.text.text);
    ms_buf_printf(&request,
                  "POST /api/exchange/releases?file=it HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  "Authorization: Bearer rrrrrrrrrrrrrrrr\r\nContent-Length: %zu\r\n\r\n",
                  length);
    ms_buf_put(&request, bundle.body, length);
    http_answer taken = http_raw(&reader->peer, request.text, request.length);
    if (taken.status != 200)
        fail_msg("%s", taken.text.text);
    ms_buf_free(&taken.text);
    ms_buf_free(&bundle.text);
    ms_buf_free(&request);
}

static void carry(void)
{
    send_release(&us, "KR", &kr);
    send_release(&kr, "US", &us);
}

static void step(side *of, const char *order, const char *body, int status, const char *says)
{
    char target[128];
    snprintf(target, sizeof target, "/api/ledger/orders/%s/steps", order);
    expect(of, 'p', "POST", target, body, status, says);
    if (status == 200)
        carry();
}

/* 10 m3 at 1000.00 USD; 8 of them arrive. */
static void an_order(void **state)
{
    char order[MS_ORDER_CODE_BYTES], target[128];
    (void)state;
    expect(&us, 'v', "GET", "/api/ledger/agreements", NULL, 200, "\"left_t\": 100");
    http_answer answer = ask(&us, 'p', "POST", "/api/ledger/orders",
                             "{\"agreement\": \"fuel\", \"item\": \"diesel\", \"quantity\": \"10\", \"note\": "
                             "\"<b>&amp;\"}",
                             201, "\"state\": \"requested\"");
    member(order, sizeof order, &answer, "order");
    ms_buf_free(&answer.text);
    expect(&us, 'v', "GET", "/api/exchange/partners/KR/preview", NULL, 200, "\"documents\": 1"); /* the request */
    expect(&us, 'p', "POST", "/api/ledger/orders",
           "{\"agreement\": \"fuel\", \"item\": \"disel\", \"quantity\": \"1\"}", 422, "did you mean");
    carry();
    expect(&kr, 'v', "GET", "/api/ledger/orders?show=ours&search=diesel&limit=1", NULL, 200, "\"total\": 1");
    expect(&us, 'v', "GET", "/api/ledger/orders?show=ours", NULL, 200, "\"total\": 0");
    step(&kr, order, "{\"step\": \"request\"}", 400, "step is one of");
    step(&kr, order, "{\"step\": \"offer\", \"steps_seen\": 1}", 200, "\"state\": \"offered\"");
    step(&kr, order, "{\"step\": \"offer\", \"steps_seen\": 1}", 409, "has gone on meanwhile");
    step(&us, order, "{\"step\": \"accept\", \"steps_seen\": 2}", 200, "\"state\": \"accepted\"");
    step(&kr, order, "{\"step\": \"issue\", \"quantity\": \"11\"}", 422, "only 10 m3");
    step(&kr, order, "{\"step\": \"issue\"}", 200, "\"state\": \"issued\"");
    step(&us, order, "{\"step\": \"receive\", \"quantity\": \"8\"}", 200, "\"state\": \"disputed\"");
    step(&kr, order, "{\"step\": \"dispute\", \"quantity\": \"8\"}", 200, "\"disputed\": \"0\"");
    expect(&us, 'v', "GET", "/api/ledger/balance", NULL, 200, "\"outstanding\": \"8000\"");
    step(&us, order, "{\"step\": \"settle\"}", 200, "\"unacknowledged\": \"8000\"");
    step(&kr, order, "{\"step\": \"receive\"}", 200, "\"outstanding\": \"0\"");
    step(&kr, order, "{\"step\": \"cancel\"}", 200, "\"state\": \"settled\"");
    snprintf(target, sizeof target, "/api/ledger/orders/%s", order);
    expect(&us, 'v', "GET", target, NULL, 200, "<b>&amp;");
    static const char *const forms[] = {"json", "csv", "html", "xlsx", "text"}, *const says[] = {
                                                                                    "\"basis\"", "order,requested",
                                                                                    "<!doctype", "spreadsheetml",
                                                                                    "Statement"};
    for (int f = 0; f < 5; f++) {
        snprintf(target, sizeof target, "/api/ledger/statements/KR?format=%s&date=2040-01-01", forms[f]);
        expect(&us, 'v', "GET", target, NULL, 200, says[f]);
    }
    expect(&us, 'v', "GET", "/api/ledger/overdue", NULL, 200, "\"overdue\": []");
    expect(&us, 'v', "GET", "/api/ledger/orders?show=all&format=csv", NULL, 200, "settled");
}

/* Who did it is in the log. */
static void pictures(void **state)
{
    (void)state;
    expect(&us, 'v', "GET", "/api/exchange/partners/KR/changes?limit=2", NULL, 200, "\"stock_t\": 400");
    expect(&us, 'v', "GET", "/api/exchange/partners/KR/refused", NULL, 200, "\"refused\": [");
    expect(&us, 'v', "GET", "/api/exchange/partners/KR/preview?search=need", NULL, 200, "\"total\": 1");
    expect(&us, 'p', "POST", "/api/exchange/partners/KR/read", NULL, 200, "\"unread\": 0");
    expect(&us, 'v', "GET", "/api/book", NULL, 200, "\"fingerprint\"");
    expect(&us, 'v', "GET", "/api/book/log?kind=by&limit=1", NULL, 200, "\"key\": \"paul\"");
    expect(&us, 'v', "GET", "/api/book/log/1", NULL, 200, "\"kind\": \"book\"");
    expect(&us, 'v', "GET", "/api/book/rows/stocks.csv?given_by=KR", NULL, 200, "\"given_by\": \"KR\"");
    expect(&us, 'v', "GET", "/api/book/rows/stocks.csv?given=1&limit=1", NULL, 200, "\"given_by\": \"KR\"");
    expect(&us, 'v', "GET", "/api/book/rows/stocks.csv?given_by=KR&search=none", NULL, 200, "\"total\": 0");
    expect(&kr, 'a', "DELETE", "/api/exchange/partners/US", NULL, 200, "\"trusted\": false");
    expect(&kr, 'r', "POST", "/api/exchange/partners/US/releases", "{}", 404, "no longer trusted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles),    cmocka_unit_test(what_is_not_there), cmocka_unit_test(trusting),
        cmocka_unit_test(an_order), cmocka_unit_test(pictures),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
