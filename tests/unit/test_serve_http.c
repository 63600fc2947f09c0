/* test_serve_http.c: readers and writers who take too long, leave in the middle, or come by the hundred; the others are
 * answered, and nothing is left behind. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "http_client.h"
#include "serve/http.h"

static ms_http *http;
static http_peer peer;
static ms_blob *large;

enum { SMALL_BYTES = 2000, LARGE_BYTES = 2 << 20 };

static size_t takes(void *context, ms_reply *refusal, const ms_request *request)
{
    (void)context;
    (void)refusal;
    if (request->method == MS_GET)
        return 0;
    return strcmp(request->path, "/small") == 0 ? SMALL_BYTES : LARGE_BYTES;
}

static void answer(void *context, ms_reply *reply, const ms_request *request)
{
    (void)context;
    ms_buf text = {0};
    if (strcmp(request->path, "/large") == 0) {
        reply->blob = ms_blob_hold(large);
        return;
    }
    ms_buf_printf(&text, "%zu bytes", request->body_length);
    reply->blob = ms_blob_take(&text, "text/plain");
}

static void refuse(void *context, ms_reply *reply, int status, const char *detail)
{
    (void)context;
    ms_buf text = {0};
    ms_buf_text(&text, detail);
    reply->status = status;
    reply->blob = ms_blob_take(&text, "text/plain");
}

/* A thousand connections are two thousand files of a process that has both their ends. */
static void allow_files(void)
{
    const rlim_t enough = 4096;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max < enough ? files.rlim_max : enough;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

static void start(double patience_s)
{
    ms_error err = {0};
    ms_http_site site = {takes, answer, refuse, NULL};
    ms_http_options options = {.patience_s = patience_s};
    assert_int_equal(ms_http_start(&http, &site, &options, &err), MS_OK);
    peer = (http_peer){.port = ms_http_port(http)};
}

/* A server that loses patience after a second. */
static int begin(void **state)
{
    (void)state;
    allow_files();
    ms_buf text = {0};
    for (int i = 0; i < 4 << 20; i++)
        ms_buf_put(&text, "x", 1);
    large = ms_blob_take(&text, "text/plain");
    assert_non_null(large);
    start(1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    ms_http_stop(http);
    ms_blob_release(large);
    return 0;
}

static void pause_ms(long ms)
{
    const struct timespec moment = {.tv_nsec = ms * 1000000};
    nanosleep(&moment, NULL);
}

/* On a machine with much else to do even an honest request may come too late, so it is asked again. */
static void others_are_answered(void)
{
    int status = 0;
    for (int i = 0; i < 50 && status != 200; i++) {
        http_answer got = http_ask(&peer, "GET", "/", "", NULL);
        status = got.status;
        ms_buf_free(&got.text);
    }
    assert_int_equal(status, 200);
}

/* Sends the text, then a byte of `drip` again and again, never silent for long; until the server has had enough, and
 * says so. The others are answered meanwhile. */
static void dripping(const char *text, char drip)
{
    char first;
    http_answer answer = {0};
    int sent = 0, wire = http_connect(&peer);
    assert_true(http_send(wire, text, strlen(text)));
    while (sent < 6000 && recv(wire, &first, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && http_send(wire, &drip, 1)) {
        if (sent++ == 20)
            others_are_answered();
        pause_ms(10);
    }
    http_read(&answer, wire, NULL);
    close(wire);
    if (answer.status != 408 || !strstr(answer.body, "took too long") || sent <= 20)
        fail_msg("%s: after %d bytes: %s", text, sent, answer.text.text ? answer.text.text : "nothing");
    ms_buf_free(&answer.text);
}

static void slow_heads(void **state)
{
    (void)state;
    dripping("GET / HTTP/1.1\r\nHost: localhost\r\nX: ", 'a');
    dripping("", 'G');
}

static void slow_bodies(void **state)
{
    (void)state;
    dripping("POST /small HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n", 'b');
    dripping("POST /small HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n", 'b');
}

/* What is too large is refused with what would be right, whether it was announced or comes as a surprise; and the
 * answer arrives, although the client sends all of it first. */
static void huge_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        size_t length;
        int status;
        const char *says;
    } cases[] = {{"/small", SMALL_BYTES, 200, "2000 bytes"},
                 {"/small", SMALL_BYTES + 1, 413, "at most 2000 bytes"},
                 {"/small", 500000, 413, "at most 2000 bytes"},
                 {"/other", LARGE_BYTES, 200, "2097152 bytes"},
                 {"/other", LARGE_BYTES + 500000, 413, "at most 2097152 bytes"}};
    ms_buf body = {0};
    for (int i = 0; i < LARGE_BYTES + 500000; i++)
        ms_buf_put(&body, "x", 1);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const size_t c = i / 2, length = cases[c].length;
        bool chunked = i % 2;
        if (!chunked && length > (1 << 20) && cases[c].status == 413)
            continue; /* refused before it is sent: below */
        ms_buf request = {0};
        ms_buf_printf(&request, "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", cases[c].target);
        ms_buf_printf(&request, chunked ? "Transfer-Encoding: chunked\r\n\r\n%zx\r\n" : "Content-Length: %zu\r\n\r\n",
                      length);
        ms_buf_put(&request, body.text, length);
        if (chunked)
            ms_buf_text(&request, "\r\n0\r\n\r\n");
        http_answer answer = http_raw(&peer, request.text, request.length);
        if (answer.status != cases[c].status || !strstr(answer.body, cases[c].says))
            fail_msg("%s %zu: %s", cases[c].target, length, answer.text.text ? answer.text.text : "nothing");
        ms_buf_free(&answer.text);
        ms_buf_free(&request);
    }
    ms_buf_free(&body);
    static const char *const announced[] = {"Content-Length: 999999999999\r\n",
                                            "Content-Length: 2001\r\nExpect: 100-continue\r\n"};
    for (int i = 0; i < 2; i++) {
        char head[256];
        int length = snprintf(head, sizeof head, "POST /small HTTP/1.1\r\nHost: localhost\r\n%s\r\n", announced[i]);
        http_answer answer = http_raw(&peer, head, (size_t)length);
        assert_int_equal(answer.status, 413);
        assert_non_null(strstr(answer.body, "at most 2000 bytes"));
        ms_buf_free(&answer.text);
    }
    others_are_answered();
}

static int open_files(void)
{
    DIR *entries = opendir("/proc/self/fd");
    int count = 0;
    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count;
}

/* Asks for 4 MiB and leaves at once, or reads a little and leaves. */
static void who_leaves_in_the_middle(void **state)
{
    (void)state;
    static const char request[] = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char some[1000];
    int before = open_files();
    for (int i = 0; i < 200; i++) {
        int wire = http_connect(&peer);
        assert_true(http_send(wire, request, sizeof request - 1));
        if (i % 2)
            (void)!recv(wire, some, sizeof some, 0);
        close(wire);
    }
    others_are_answered();
    int after = open_files();
    for (int wait = 0; wait < 1000 && after > before + 5; wait++, after = open_files())
        pause_ms(10);
    assert_true(after <= before + 5);
}

/* As many connections as the files allow, a thousand where they do; all ask at once and stay: all are answered, and so
 * is whoever comes then. */
static void a_thousand_at_once(void **state)
{
    (void)state;
    enum { MOST = 1000 };
    static int wires[MOST];
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    ms_http_stop(http);
    start(0); /* one with more patience: a slow machine takes more than a second for all of them */
    int count = files.rlim_cur >= 2 * MOST + 300 ? MOST : (int)(files.rlim_cur / 2) - 150, before = open_files();
    for (int i = 0; i < count; i++)
        wires[i] = http_connect(&peer);
    for (int i = 0; i < count; i++)
        assert_true(http_send(wires[i], request, sizeof request - 1));
    others_are_answered();
    for (int i = 0; i < count; i++) {
        http_answer answer = {0};
        http_read(&answer, wires[i], "0 bytes");
        assert_int_equal(answer.status, 200);
        ms_buf_free(&answer.text);
    }
    others_are_answered();
    for (int i = 0; i < count; i++)
        close(wires[i]);
    others_are_answered();
    int after = open_files();
    for (int wait = 0; wait < 1000 && after > before + 5; wait++, after = open_files())
        pause_ms(10);
    assert_true(after <= before + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_heads),         cmocka_unit_test(slow_bodies),
        cmocka_unit_test(huge_bodies),        cmocka_unit_test(who_leaves_in_the_middle),
        cmocka_unit_test(a_thousand_at_once),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
