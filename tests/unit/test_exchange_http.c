/* test_exchange_http.c: releases over HTTP: what a courier may do, what is kept, and lines that are cut. The server and
 * its clients are in one process; between them stands a proxy that cuts connections. TLS: transcript courier.t. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>

#include "cutting_proxy.h"
#include "exchange/bundle.h"
#include "exchange/contact.h"
#include "exchange/link.h"
#include "exchange/postbox.h"
#include "exchange/transport.h"
#include "houses.h"
#include "http_client.h"
#include "playground.h"
#include "serve/file_reply.h"

static const char *const couriers[] = {"US", "JP", "US-A", "A", "A-B", "C", "NO", "SO"};
enum { COURIERS = sizeof couriers / sizeof couriers[0] };

static ms_server *server;
static int port;

static void write_private(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static int open_server(void **state)
{
    ms_findings findings = {0};
    ms_error err = {0};
    assert_int_equal(playground_make(state), 0);
    ms_buf tokens = {0};
    ms_buf_text(&tokens, "name,role,token\nann,administrator,ann-0123456789abcdef\n");
    for (int ix = 0; ix < COURIERS; ix++) {
        char file[32], text[64];
        ms_buf_printf(&tokens, "%s,courier,%s-0123456789abcdef\n", couriers[ix], couriers[ix]);
        snprintf(file, sizeof file, "%s.token", couriers[ix]);
        snprintf(text, sizeof text, "%s-0123456789abcdef\n", couriers[ix]);
        write_private(file, text);
    }
    write_private("tokens.csv", tokens.text);
    ms_buf_free(&tokens);
    ms_serve_options options = {.tokens = "tokens.csv", .exchange = "mail", .threads = 1};
    if (ms_server_start(&server, &options, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    port = http_peer_of(ms_server_link(server)).port;
    return 0;
}

static int stop_server(void **state)
{
    ms_server_stop(server);
    return playground_remove(state);
}

/* ---- what is carried ---- */

/* A bundle of that number, of about `bytes` bytes that do not compress, the same for the same seed. */
static ms_buf make_bundle(int64_t number, size_t bytes, uint64_t seed)
{
    static const unsigned char secret[32] = {1, 2, 3};
    ms_key *key = NULL;
    ms_buf text = {0}, bundle = {0};
    ms_random random = ms_random_start(seed, 0);
    for (size_t at = 0; at < bytes; at += 8) {
        uint64_t word = ms_random_u64(&random);
        ms_buf_put(&text, (const char *)&word, 8);
    }
    assert_int_equal(ms_key_from_seed(&key, "US", 0, secret, NULL), MS_OK);
    assert_int_equal(ms_bundle_seal(&bundle, text.text, text.length, number, key, ms_key_public(key), NULL, NULL),
                     MS_OK);
    ms_key_free(key);
    ms_buf_free(&text);
    return bundle;
}

static void hash_of(char hex[MS_HEX_BYTES], const ms_buf *bytes)
{
    unsigned char hash[MS_HASH_BYTES];
    ms_hash(hash, bytes->text, bytes->length);
    ms_hex_put(hex, hash, MS_HASH_BYTES);
}

static ms_link *link_of(const char *courier, int at_port, double patience_s)
{
    char address[64], token[32];
    ms_link *link = NULL;
    ms_error err = {0};
    snprintf(address, sizeof address, "http://127.0.0.1:%d/", at_port);
    snprintf(token, sizeof token, "%s.token", courier);
    ms_link_options options = {.token_file = token, .patience_s = patience_s, .pause_s = 0.001};
    if (ms_link_open(&link, address, &options, &err) != MS_OK)
        fail_msg("%s", err.message);
    return link;
}

static void same_bytes(const ms_buf *a, const ms_buf *b)
{
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->text, b->text, a->length);
}

static ms_postbox *open_box(const char *folder, int64_t bytes_most, size_t files_most)
{
    ms_postbox *box = NULL;
    ms_postbox_options options = {folder, couriers, COURIERS, bytes_most, files_most};
    assert_int_equal(ms_postbox_open(&box, &options, NULL), MS_OK);
    return box;
}

/* Puts all of a bundle into a postbox, in one piece. */
static ms_post put_all(ms_postbox *box, const char *courier, const char *name, const ms_buf *bundle)
{
    char hex[MS_HEX_BYTES];
    int64_t have;
    bool whole;
    ms_error err = {0};
    hash_of(hex, bundle);
    ms_post post = ms_postbox_put(&have, &whole, box, courier, (ms_post_of){name, hex}, 0, (int64_t)bundle->length,
                                  bundle->text, bundle->length, &err);
    assert_true((post == MS_POST_DONE) == whole);
    assert_true(post == MS_POST_DONE || err.message[0] != '\0');
    return post;
}

/* ---- the postbox ---- */

/* Who may use a name how: w puts and drops, r gets, - neither. Ids may hold dashes; the longer courier is meant. */
static void names_say_who_may(void **state)
{
    (void)state;
    static const struct {
        const char *name, *courier;
        char may;
    } cases[] = {
        {"US-JP-000000000001.release", "US", 'w'},
        {"US-JP-000000000001.release", "JP", 'r'},
        {"US-JP-000000000001.release", "C", '-'},
        {"US-XX-000000000001.release", "US", 'w'},
        {"XX-US-000000000001.release", "US", 'r'},
        {"US-A-JP-000000000001.release", "US-A", 'w'},
        {"US-A-JP-000000000001.release", "US", '-'},
        {"US-A-JP-000000000001.release", "A", '-'},
        {"A-B-C-000000000001.release", "A-B", 'w'},
        {"A-B-C-000000000001.release", "A", '-'},
        {"A-B-C-000000000001.release", "C", 'r'},
        {"US-JP-000000000000.release", "US", '-'},
        {"US-JP-00000000001.release", "US", '-'},
        {"US-JP-0000000000001.release", "US", '-'},
        {"US-JP-00000000000a.release", "US", '-'},
        {"US-JP-000000000001.release.tmp", "US", '-'},
        {"US-JP-000000000001.Release", "US", '-'},
        {"US--000000000001.release", "US", '-'},
        {"US-../../x-000000000001.release", "US", '-'},
        {"../US-JP-000000000001.release", "US", '-'},
        {"US-J P-000000000001.release", "US", '-'},
        {"US-J\nP-000000000001.release", "US", '-'},
        {".US-JP-000000000001.release", "US", '-'},
        {".incoming", "US", '-'},
        {"", "US", '-'},
    };
    ms_postbox *box = open_box("names", 0, 0);
    ms_buf bundle = make_bundle(1, 500, 1);
    for (size_t ix = 0; ix < sizeof cases / sizeof cases[0]; ix++) {
        int fd;
        int64_t bytes;
        char etag[MS_POSTBOX_ETAG_BYTES];
        const char *name = cases[ix].name, *courier = cases[ix].courier;
        ms_post put = put_all(box, courier, name, &bundle);
        ms_post get = ms_postbox_get(&fd, &bytes, etag, box, courier, name, NULL);
        if (put != (cases[ix].may == 'w' ? MS_POST_DONE : MS_POST_DENIED) ||
            (get == MS_POST_DENIED) != (cases[ix].may != 'r'))
            fail_msg("%s by %s: put %d, get %d", name, courier, put, get);
        if (get == MS_POST_DONE)
            close(fd);
        if (cases[ix].may != 'w')
            assert_int_equal(ms_postbox_drop(box, courier, name, NULL), MS_POST_DENIED);
    }
    ms_postbox_close(box);
    ms_buf_free(&bundle);
}

static void contents_never_change(void **state)
{
    (void)state;
    static const char name[] = "US-JP-000000000001.release", next[] = "US-JP-000000000002.release";
    ms_postbox *box = open_box("contents", 0, 0);
    ms_buf one = make_bundle(1, 3000, 1), other = make_bundle(1, 3000, 2), same = make_bundle(1, 3000, 1);
    same_bytes(&one, &same); /* the same release is sealed into the same bytes */
    assert_int_equal(put_all(box, "US", name, &one), MS_POST_DONE);
    assert_int_equal(put_all(box, "US", name, &one), MS_POST_DONE);
    assert_int_equal(put_all(box, "US", name, &other), MS_POST_DIFFERENT);
    assert_int_equal(put_all(box, "US", next, &other), MS_POST_BROKEN); /* it is number 1 */
    assert_int_equal(entries_of("contents"), 2);                        /* and .incoming */
    ms_buf junk = {0};
    ms_buf_text(&junk, "this is no bundle, however long it may be made to look");
    assert_int_equal(put_all(box, "US", next, &junk), MS_POST_BROKEN);
    assert_int_equal(entries_of("contents/.incoming"), 0);
    assert_int_equal(ms_postbox_drop(box, "US", name, NULL), MS_POST_DONE);
    assert_int_equal(ms_postbox_drop(box, "US", name, NULL), MS_POST_ABSENT);
    assert_int_equal(put_all(box, "US", name, &other), MS_POST_DONE);
    ms_postbox_close(box);
    ms_buf_free(&one);
    ms_buf_free(&other);
    ms_buf_free(&same);
    ms_buf_free(&junk);
}

static void pieces_come_in_order(void **state)
{
    (void)state;
    int64_t have;
    bool whole;
    char hex[MS_HEX_BYTES], wrong[MS_HEX_BYTES];
    ms_postbox *box = open_box("pieces", 0, 0);
    ms_buf bundle = make_bundle(7, 5000, 1);
    int64_t total = (int64_t)bundle.length;
    hash_of(hex, &bundle);
    ms_post_of of = {"US-JP-000000000007.release", hex};
    assert_int_equal(ms_postbox_progress(&have, &whole, box, "US", of, NULL), MS_POST_DONE);
    assert_int_equal(have, 0);
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, 0, total, bundle.text, 1000, NULL), MS_POST_DONE);
    assert_int_equal(have, 1000);
    /* the same piece again, one that leaves a hole, and pieces that make no sense */
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, 0, total, bundle.text, 1000, NULL), MS_POST_STEP);
    assert_int_equal(have, 1000);
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, 2000, total, bundle.text, 1, NULL), MS_POST_STEP);
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, total, total, "x", 1, NULL), MS_POST_BROKEN);
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, 0, INT64_MAX, "x", 1, NULL), MS_POST_BROKEN);
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, -1, total, "x", 1, NULL), MS_POST_BROKEN);
    ms_postbox_close(box); /* another server goes on */
    box = open_box("pieces", 0, 0);
    assert_int_equal(ms_postbox_progress(&have, &whole, box, "US", of, NULL), MS_POST_DONE);
    assert_int_equal(have, 1000);
    assert_int_equal(entries_of("pieces"), 1); /* .incoming */
    assert_int_equal(
        ms_postbox_put(&have, &whole, box, "US", of, 1000, total, bundle.text + 1000, (size_t)total - 1000, NULL),
        MS_POST_DONE);
    assert_true(whole);
    /* a last piece that was changed on its way: nothing is left of it, and it can begin anew */
    memset(wrong, '0', 64);
    wrong[64] = '\0';
    of = (ms_post_of){"US-JP-000000000008.release", wrong};
    assert_int_equal(ms_postbox_put(&have, &whole, box, "US", of, 0, total, bundle.text, (size_t)total, NULL),
                     MS_POST_BROKEN);
    assert_int_equal(entries_of("pieces/.incoming"), 0);
    of.hash = "../../etc/passwd";
    assert_int_equal(ms_postbox_progress(&have, &whole, box, "US", of, NULL), MS_POST_BROKEN);
    ms_postbox_close(box);
    ms_buf_free(&bundle);
}

static void shares_are_kept(void **state)
{
    (void)state;
    char name[64], hex[MS_HEX_BYTES];
    int64_t have;
    bool whole;
    ms_postbox *box = open_box("shares", 10000, 3);
    for (int number = 1; number <= 4; number++) {
        ms_buf bundle = make_bundle(number, 2000, (uint64_t)number);
        snprintf(name, sizeof name, "US-JP-%012d.release", number);
        assert_int_equal(put_all(box, "US", name, &bundle), number < 4 ? MS_POST_DONE : MS_POST_FULL);
        snprintf(name, sizeof name, "JP-US-%012d.release", number); /* another's share */
        if (number < 4)
            assert_int_equal(put_all(box, "JP", name, &bundle), MS_POST_DONE);
        ms_buf_free(&bundle);
    }
    assert_int_equal(ms_postbox_drop(box, "US", "US-JP-000000000001.release", NULL), MS_POST_DONE);
    ms_buf large = make_bundle(5, 6000, 5);
    assert_int_equal(put_all(box, "US", "US-JP-000000000005.release", &large), MS_POST_FULL); /* 4000 and 6000 */
    ms_buf_free(&large);
    ms_postbox_close(box);
    box = open_box("begun", 0, 0);
    ms_buf bundle = make_bundle(1, 2000, 1);
    hash_of(hex, &bundle);
    for (int number = 1; number <= MS_POSTBOX_UNFINISHED + 1; number++) {
        snprintf(name, sizeof name, "US-JP-%012d.release", number);
        ms_post post = ms_postbox_put(&have, &whole, box, "US", (ms_post_of){name, hex}, 0, (int64_t)bundle.length,
                                      bundle.text, 10, NULL);
        assert_int_equal(post, number <= MS_POSTBOX_UNFINISHED ? MS_POST_DONE : MS_POST_FULL);
    }
    assert_int_equal(ms_postbox_drop(box, "US", "US-JP-000000000003.release", NULL), MS_POST_ABSENT);
    assert_int_equal(entries_of("begun/.incoming"), MS_POSTBOX_UNFINISHED - 1);
    ms_buf_free(&bundle);
    ms_postbox_close(box);
}

/* ---- over the wire ---- */

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t from, length; /* -1: beyond the end */
    } cases[] = {{NULL, 0, 100},
                 {"bytes=0-", 0, 100},
                 {"bytes=40-", 40, 60},
                 {"bytes=40-49", 40, 10},
                 {"bytes=99-", 99, 1},
                 {"bytes=40-1000", 40, 60},
                 {"bytes=100-", 0, -1},
                 {"bytes=-5", 0, 100},
                 {"bytes=5-4", 0, 100},
                 {"bytes=0-1,5-6", 0, 100},
                 {"bytes=x", 0, 100},
                 {"lines=1-", 0, 100},
                 {"bytes=99999999999999999999-", 0, 100},
                 {"bytes=", 0, 100}};
    for (size_t ix = 0; ix < sizeof cases / sizeof cases[0]; ix++) {
        int64_t from = 0, length = 0;
        ms_status status = ms_range_read(&from, &length, cases[ix].text, 100);
        if (cases[ix].length < 0)
            assert_int_equal(status, MS_LIMIT);
        else if (status != MS_OK || from != cases[ix].from || length != cases[ix].length)
            fail_msg("%s: %lld from %lld", cases[ix].text, (long long)length, (long long)from);
    }
}

static void expect(const char *who, const char *method, const char *target, const char *headers, const char *body,
                   int status, const char *says)
{
    http_peer peer = {.port = port};
    if (who)
        snprintf(peer.token, sizeof peer.token, "%s-0123456789abcdef", who);
    http_answer answer = http_ask(&peer, method, target, headers, body);
    if (answer.status != status || (says && !strstr(answer.text.text, says)))
        fail_msg("%s %s: %s", method, target, answer.text.text ? answer.text.text : "nothing");
    ms_buf_free(&answer.text);
}

static void who_may_enter(void **state)
{
    (void)state;
    expect(NULL, "GET", "/exchange/releases", "", NULL, 401, "WWW-Authenticate: Bearer");
    expect("ann", "GET", "/exchange/releases", "", NULL, 403, "ann is a administrator; this needs a courier");
    expect("US", "GET", "/exchange/releases", "", NULL, 200, "\"partner\": \"US\"");
    expect("US", "GET", "/api", "", NULL, 403, "US is a courier; this needs a viewer");
    expect("US", "GET", "/api/plans", "", NULL, 403, NULL);
    expect("US", "GET", "/api/openapi.json", "", NULL, 200, NULL); /* open to all */
    expect("US", "GET", "/exchange/releases/JP-US-000000000001.release", "", NULL, 404, "no such release");
    expect("US", "GET", "/exchange/releases/JP-C-000000000001.release", "", NULL, 403, "gets releases for it alone");
    expect("US", "GET", "/exchange/releases/..%2F..%2Fetc%2Fpasswd", "", NULL, 403, NULL);
    expect("US", "GET", "/exchange/releases/../../etc/passwd", "", NULL, 404, NULL);
    expect("US", "GET", "/exchange/releases/%00", "", NULL, 400, NULL);
    expect("US", "GET", "/exchange/nowhere", "", NULL, 404, NULL);
    expect("US", "POST", "/exchange/releases", "", "", 405, NULL);
    expect("US", "PUT", "/exchange/releases/US-JP-000000000001.release?hash=00", "", "x", 400, "Content-Range");
    expect("US", "PUT", "/exchange/releases/US-JP-000000000001.release?hash=00", "Content-Range: bytes 0-0/1\r\n", "x",
           422, "64 hexadecimal digits");
    static const char *const ranges_wrong[] = {"bytes 0-1/2",  "bytes 0-0/0", "bytes -1-0/1", "bytes 1-0/9",
                                               "bytes 0-0/1x", "bytes 0-0",   "bytes +0-0/1", "0-0/1",
                                               "bytes */1",    "bytes 0-0/*"};
    for (size_t ix = 0; ix < sizeof ranges_wrong / sizeof ranges_wrong[0]; ix++) {
        char header[80];
        snprintf(header, sizeof header, "Content-Range: %s\r\n", ranges_wrong[ix]);
        expect("US", "PUT", "/exchange/releases/US-JP-000000000001.release?hash=00", header, "x", 400, "Content-Range");
    }
}

static void parts_of_a_release(void **state)
{
    (void)state;
    static const char address[] = "/exchange/releases/US-JP-000000000042.release";
    ms_buf bundle = make_bundle(42, 1000, 1), got = {0};
    ms_link *us = link_of("US", port, 5), *jp = link_of("JP", port, 5);
    ms_error err = {0};
    assert_int_equal(ms_transport_http.put(us, "US-JP-000000000042.release", &bundle, &err), MS_OK);
    assert_int_equal(ms_transport_http.put(us, "US-JP-000000000042.release", &bundle, &err), MS_OK);
    ms_buf other = make_bundle(42, 1000, 2);
    assert_int_equal(ms_transport_http.put(us, "US-JP-000000000042.release", &other, &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "another release of that number"));
    assert_int_equal(ms_transport_http.get(&got, jp, "US-JP-000000000042.release", &err), MS_OK);
    same_bytes(&bundle, &got);
    expect("JP", "GET", address, "", NULL, 200, "Accept-Ranges: bytes");
    expect("JP", "GET", address, "Range: bytes=10-19\r\n", NULL, 206, "Content-Range: bytes 10-19/");
    expect("JP", "GET", address, "Range: bytes=10-\r\nIf-Range: \"other\"\r\n", NULL, 200, NULL);
    expect("JP", "GET", address, "Range: bytes=99999-\r\n", NULL, 416, "Content-Range: bytes */");
    expect("US", "GET", address, "", NULL, 403, NULL);
    assert_int_equal(ms_transport_http.drop(us, "US-JP-000000000042.release", &err), MS_OK);
    assert_int_equal(ms_transport_http.drop(us, "US-JP-000000000042.release", &err), MS_OK);
    assert_int_equal(ms_transport_http.get(&got, jp, "US-JP-000000000042.release", &err), MS_NOT_FOUND);
    ms_link_close(us);
    ms_link_close(jp);
    ms_buf_free(&bundle);
    ms_buf_free(&other);
    ms_buf_free(&got);
}

/* Every connection is cut after 1 to 400 KB. Both ways arrive whole, and what was got is never got again. */
static void over_a_bad_line(void **state)
{
    (void)state;
    static const char name[] = "US-JP-000000000050.release";
    const size_t bytes = 3 << 20;
    cutting_proxy proxy;
    ms_error err = {0};
    ms_buf bundle = make_bundle(50, bytes, 3), got = {0};
    proxy_start(&proxy, port, 1000, 400000);
    ms_link *link = link_of("US", proxy.port, 60);
    if (ms_transport_http.put(link, name, &bundle, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_link_close(link);
    long long put_cuts = proxy.cuts, put_carried = proxy.carried;
    proxy.gentle = true; /* what it has carried arrives */
    link = link_of("JP", proxy.port, 60);
    if (ms_transport_http.get(&got, link, name, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_link_close(link);
    same_bytes(&bundle, &got);
    long long get_cuts = proxy.cuts - put_cuts, get_carried = proxy.carried - put_carried;
    assert_true(put_cuts >= 5 && get_cuts >= 5);
    assert_true(put_carried < (long long)bytes + put_cuts * 400000);
    assert_true(get_carried < (long long)bytes + (get_cuts + 1) * 2000); /* heads of requests and answers */
    proxy_stop(&proxy);
    ms_buf_free(&bundle);
    ms_buf_free(&got);
}

/* The sender dies in the middle; another process goes on where it was. */
static void another_run_goes_on(void **state)
{
    (void)state;
    static const char name[] = "US-JP-000000000051.release";
    const size_t bytes = 2 << 20;
    cutting_proxy proxy;
    ms_error err = {0};
    ms_buf bundle = make_bundle(51, bytes, 4), again = make_bundle(51, bytes, 4);
    proxy_start(&proxy, port, 900000, 900000);
    ms_link *us = link_of("US", proxy.port, 0.0001);
    assert_int_equal(ms_transport_http.put(us, name, &bundle, &err), MS_IO);
    assert_non_null(strstr(err.message, "no answer"));
    ms_link_close(us);
    proxy_stop(&proxy);
    proxy_start(&proxy, port, INT32_MAX, INT32_MAX);
    us = link_of("US", proxy.port, 5);
    if (ms_transport_http.put(us, name, &again, &err) != MS_OK)
        fail_msg("%s", err.message);
    assert_true(proxy.carried < (long long)bytes - 500000); /* 256 and 512 KiB had got through */
    ms_link_close(us);
    proxy_stop(&proxy);
    ms_buf_free(&bundle);
    ms_buf_free(&again);
}

static int retries;
static void count_retry(void *context, const char *why, double pause_s)
{
    (void)context;
    assert_non_null(strstr(why, "no answer"));
    assert_true(pause_s > 0 && pause_s <= 0.3);
    retries++;
}

static void patience_has_an_end(void **state)
{
    (void)state;
    char address[64];
    cutting_proxy proxy;
    ms_link *link = NULL;
    ms_error err = {0};
    ms_buf bundle = {0};
    proxy_start(&proxy, port, 1, 1);
    proxy.dead = true;
    snprintf(address, sizeof address, "http://127.0.0.1:%d", proxy.port);
    ms_link_options options = {.token_file = "JP.token", .patience_s = 0.3, .pause_s = 0.005, .retry = count_retry};
    retries = 0;
    assert_int_equal(ms_link_open(&link, address, &options, &err), MS_OK);
    assert_int_equal(ms_transport_http.get(&bundle, link, "US-JP-000000000001.release", &err), MS_IO);
    assert_true(retries >= 2 && retries <= 60);
    assert_int_equal(bundle.length, 0);
    ms_link_close(link);
    proxy_stop(&proxy);
    ms_buf_free(&bundle);
}

static void addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool good;
    } cases[] = {{"https://mail.example", true},
                 {"https://mail.example:8443/prefix/", true},
                 {"http://127.0.0.1:80", true},
                 {"http://127.1.2.3", true},
                 {"http://[::1]:80", true},
                 {"http://localhost", true},
                 {"http://mail.example", false},
                 {"http://127.0.0.1.example", false},
                 {"http://10.0.0.1", false},
                 {"https://me:secret@mail.example", false},
                 {"https://mail.example?x=1", false},
                 {"https://mail.example#x", false},
                 {"ftp://mail.example", false},
                 {"file:///etc/passwd", false},
                 {"https://", false},
                 {"://", false}};
    write_private("short.token", "too short\n");
    write_private("two.token", "0123456789abcdef\nInjected: header\n");
    for (size_t ix = 0; ix < sizeof cases / sizeof cases[0]; ix++) {
        ms_link *link = NULL;
        ms_link_options options = {.token_file = "US.token"};
        ms_error err = {0};
        ms_status status = ms_link_open(&link, cases[ix].address, &options, &err);
        if ((status == MS_OK) != cases[ix].good || strstr(err.message, "secret"))
            fail_msg("%s: %s", cases[ix].address, err.message);
        ms_link_close(link);
    }
    static const char *const bad_tokens[] = {"short.token", "two.token", "absent.token", NULL};
    for (int ix = 0; ix < 4; ix++) {
        ms_link *link = NULL;
        ms_link_options options = {.token_file = bad_tokens[ix]};
        assert_true(ms_link_open(&link, "https://mail.example", &options, NULL) != MS_OK);
    }
    ms_link *link = NULL;
    ms_link_options options = {.token_file = "US.token"};
    assert_int_equal(chmod("US.token", 0640), 0);
    assert_int_equal(ms_link_open(&link, "https://mail.example", &options, NULL), MS_BAD_INPUT);
    assert_int_equal(chmod("US.token", 0600), 0);
}

/* ---- many at once ---- */

enum { PUTTERS = 4, RELEASES = 6 };

typedef struct {
    const char *courier, *partner;
    uint64_t seed;
    int bad;
} putter;

static void *put_and_get(void *context)
{
    putter *p = context;
    ms_link *link = link_of(p->courier, port, 30);
    for (int number = 1; number <= RELEASES; number++) {
        char out[64], in[64];
        ms_buf bundle = make_bundle(number, 20000, p->seed + (uint64_t)number), got = {0};
        snprintf(out, sizeof out, "%s-%s-%012d.release", p->courier, p->partner, number);
        snprintf(in, sizeof in, "%s-%s-%012d.release", p->partner, p->courier, number);
        if (ms_transport_http.put(link, out, &bundle, NULL) != MS_OK)
            p->bad++;
        ms_status status = ms_transport_http.get(&got, link, in, NULL);
        if (status != MS_NOT_FOUND && (status != MS_OK || got.length != bundle.length))
            p->bad++;
        ms_buf_free(&bundle);
        ms_buf_free(&got);
    }
    ms_link_close(link);
    return NULL;
}

/* Two that put the same at once for each of two partners, and get what the other side puts meanwhile. */
static void many_at_once(void **state)
{
    (void)state;
    pthread_t threads[PUTTERS];
    putter putters[PUTTERS] = {{"A", "C", 100, 0}, {"A", "C", 100, 0}, {"C", "A", 200, 0}, {"C", "A", 200, 0}};
    for (int ix = 0; ix < PUTTERS; ix++)
        assert_int_equal(pthread_create(&threads[ix], NULL, put_and_get, &putters[ix]), 0);
    for (int ix = 0; ix < PUTTERS; ix++) {
        pthread_join(threads[ix], NULL);
        assert_int_equal(putters[ix].bad, 0);
    }
    ms_link *link = link_of("C", port, 5);
    for (int number = 1; number <= RELEASES; number++) {
        char name[64];
        ms_buf bundle = make_bundle(number, 20000, 100 + (uint64_t)number), got = {0};
        snprintf(name, sizeof name, "A-C-%012d.release", number);
        assert_int_equal(ms_transport_http.get(&got, link, name, NULL), MS_OK);
        same_bytes(&bundle, &got);
        ms_buf_free(&bundle);
        ms_buf_free(&got);
    }
    ms_link_close(link);
}

/* ---- two books ---- */

static const char CASE_TEXT[] = "== case.json\n"
                                "{\"name\":\"two\",\"start\":\"2026-01-01\",\"days\":10}\n"
                                "== partners.csv\n"
                                "partner\nNO\nSO\n"
                                "== sites.csv\n"
                                "site,partner,kind\nnorth,NO,depot\nsouth,SO,depot\n"
                                "== items.csv\n"
                                "item,class,kg_per_unit,nsn\nfuel,III,800,9130\n"
                                "== stocks.csv\n"
                                "site,item,partner,quantity\nnorth,fuel,NO,100\nsouth,fuel,SO,50\n";

static void count_told(void *context, const ms_release_note *note, const ms_error *wrong)
{
    int *count = context;
    (void)note;
    if (wrong != NULL)
        fail_msg("%s", wrong->message);
    ++*count;
}

/* Both sides send and fetch every day for a week, and every connection is cut. */
static void two_books_over_a_bad_line(void **state)
{
    (void)state;
    char address[64];
    int told = 0;
    cutting_proxy proxy;
    house sides[2] = {house_new("NO", CASE_TEXT, "to,table,site,item,class,detail,amount,by\n*,*,,,,full,,\n"),
                      house_new("SO", CASE_TEXT, "to,table,site,item,class,detail,amount,by\n*,*,,,,full,,\n")};
    house_trust(&sides[0], &sides[1]);
    house_trust(&sides[1], &sides[0]);
    proxy_start(&proxy, port, 300, 2500);
    snprintf(address, sizeof address, "http://127.0.0.1:%d", proxy.port);
    for (int day = 0; day < 7; day++)
        for (int side = 0; side < 2; side++) {
            ms_error err = {0};
            char token[32];
            snprintf(token, sizeof token, "%.15s.token", sides[side].name);
            ms_link_options options = {.token_file = token, .patience_s = 60, .pause_s = 0.001};
            house_now += 43200000;
            if (ms_exchange_send(sides[side].book, address, &options, NULL, count_told, &told, &err) != MS_OK ||
                ms_exchange_fetch(sides[1 - side].book, address,
                                  &(ms_link_options){.token_file = side == 0 ? "SO.token" : "NO.token",
                                                     .patience_s = 60,
                                                     .pause_s = 0.001},
                                  NULL, count_told, &told, &err) != MS_OK)
                fail_msg("day %d: %s", day, err.message);
        }
    proxy_stop(&proxy);
    assert_true(proxy.cuts > 5);
    /* when it last came through is known; and then that it did not, for nobody listens there any more */
    ms_contact contact;
    ms_error err = {0};
    ms_link_options nobody = {.token_file = "NO.token", .patience_s = 0.001, .pause_s = 0.01};
    assert_int_equal(ms_contact_read(&contact, sides[0].book, "SO", NULL), MS_OK);
    assert_string_equal(contact.place, address);
    assert_int_equal(contact.fetched_ms, house_now);
    assert_true(contact.sent_ms == house_now - 43200000 && contact.failed_ms == 0);
    assert_int_equal(ms_exchange_fetch(sides[0].book, address, &nobody, "SO", count_told, &told, &err), MS_IO);
    assert_int_equal(ms_contact_read(&contact, sides[0].book, "SO", NULL), MS_OK);
    assert_int_equal(contact.failed_ms, house_now);
    assert_string_equal(contact.why, err.message);
    /* a file of nonsense is an empty one */
    write_private("NO.book.contacts", "[{\"SO\": 1}");
    assert_int_equal(ms_contact_read(&contact, sides[0].book, "SO", NULL), MS_OK);
    assert_true(contact.place[0] == '\0' && contact.failed_ms == 0);
    for (int side = 0; side < 2; side++) {
        ms_channel channel;
        assert_int_equal(ms_channel_read(&channel, sides[side].book, sides[1 - side].name, NULL), MS_OK);
        assert_int_equal(channel.given, 7);
        assert_int_equal(channel.taken, 7);
        house_free(&sides[side]);
    }
    /* what was acknowledged is dropped: the last one of each side, and the one before that of who sent last */
    assert_true(told >= 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_who_may),
        cmocka_unit_test(contents_never_change),
        cmocka_unit_test(pieces_come_in_order),
        cmocka_unit_test(shares_are_kept),
        cmocka_unit_test(ranges),
        cmocka_unit_test(who_may_enter),
        cmocka_unit_test(parts_of_a_release),
        cmocka_unit_test(over_a_bad_line),
        cmocka_unit_test(another_run_goes_on),
        cmocka_unit_test(patience_has_an_end),
        cmocka_unit_test(addresses),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(two_books_over_a_bad_line),
    };
    return cmocka_run_group_tests(tests, open_server, stop_server);
}
