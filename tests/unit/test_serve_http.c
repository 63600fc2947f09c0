/* test_serve_http.c: readers and writers who take too long, leave in the middle, or come by the hundred; the others are
 * answered, and nothing is left behind. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "http_client.h"
#include "serve/http.h"

static ms_http *http;
static http_peer peer;
static ms_blob *large;

static size_t takes(void *context, const ms_request *request)
{
    (void)context;
    return request->method == MS_POST ? 1 << 20 : 0;
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

/* A server that loses patience after a second. */
static int begin(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_http_site site = {takes, answer, refuse, NULL};
    ms_http_options options = {.patience_s = 1};
    ms_buf text = {0};
    for (int i = 0; i < 4 << 20; i++)
        ms_buf_put(&text, "x", 1);
    large = ms_blob_take(&text, "text/plain");
    assert_non_null(large);
    assert_int_equal(ms_http_start(&http, &site, &options, &err), MS_OK);
    peer = (http_peer){.port = ms_http_port(http)};
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

/* Sends the text, then a byte of `drip` again and again, never silent for long; until the server has had enough. */
static void dripping(const char *text, char drip)
{
    int sent = 0, wire = http_connect(&peer);
    assert_true(http_send(wire, text, strlen(text)));
    while (sent < 6000 && http_send(wire, &drip, 1)) {
        pause_ms(10);
        sent++;
    }
    close(wire);
    assert_true(sent < 6000);
    others_are_answered();
}

static void slow_heads(void **state)
{
    (void)state;
    dripping("GET / HTTP/1.1\r\nHost: localhost\r\nX: ", 'a');
    dripping("", 'G');
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

static void many_lines(void **state)
{
    (void)state;
    enum { LINES = 400 }; /* each is two files of this process, which may have but 1024 */
    int wires[LINES], before = open_files();
    for (int i = 0; i < LINES; i++)
        wires[i] = http_connect(&peer);
    others_are_answered();
    for (int i = 0; i < LINES; i++)
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
        cmocka_unit_test(slow_heads),
        cmocka_unit_test(who_leaves_in_the_middle),
        cmocka_unit_test(many_lines),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
