/* http_client.h: asks a server in the same process, byte by byte as it likes; for tests. Needs cmocka. */
#ifndef MS_TESTS_HTTP_CLIENT_H
#define MS_TESTS_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "mainstay.h"

typedef struct {
    int status;
    ms_buf text; /* head and body */
    const char *body;
} http_answer;

typedef struct {
    int port;
    char token[80];
} http_peer;

/* From a link such as http://127.0.0.1:4711/#token=abc. */
static inline http_peer http_peer_of(const char *link)
{
    http_peer peer = {0};
    const char *token = strstr(link, "#token=");
    assert_int_equal(sscanf(link, "http://127.0.0.1:%d/", &peer.port), 1);
    if (token)
        snprintf(peer.token, sizeof peer.token, "%s", token + strlen("#token="));
    return peer;
}

static inline int http_connect(const http_peer *peer)
{
    const struct timeval patience = {.tv_sec = 60};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)peer->port)};
    int wire = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(wire >= 0);
    assert_int_equal(connect(wire, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(setsockopt(wire, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    return wire;
}

/* False when the server has closed the connection meanwhile. */
static inline bool http_send(int wire, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(wire, text, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Reads until the server closes, or until `until` (NULL: never) has come. */
static inline void http_read(http_answer *answer, int wire, const char *until)
{
    char piece[4096];
    ssize_t count;
    while ((!until || !answer->text.text || !strstr(answer->text.text, until)) &&
           (count = recv(wire, piece, sizeof piece, 0)) > 0)
        ms_buf_put(&answer->text, piece, (size_t)count);
    const char *text = answer->text.text ? answer->text.text : "";
    const char *body = strstr(text, "\r\n\r\n");
    answer->body = body ? body + 4 : "";
    answer->status = strncmp(text, "HTTP/1.1 ", 9) == 0 ? atoi(text + 9) : 0;
}

/* Sends these bytes and reads all that comes back. Free with ms_buf_free(&answer.text). */
static inline http_answer http_raw(const http_peer *peer, const char *request, size_t length)
{
    http_answer answer = {0};
    int wire = http_connect(peer);
    http_send(wire, request, length);
    http_read(&answer, wire, NULL);
    close(wire);
    return answer;
}

/* headers: lines with \r\n, or "". */
static inline http_answer http_ask(const http_peer *peer, const char *method, const char *target, const char *headers,
                                   const char *body)
{
    ms_buf request = {0};
    ms_buf_printf(&request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n", method, target,
                  peer->port);
    if (peer->token[0])
        ms_buf_printf(&request, "Authorization: Bearer %s\r\n", peer->token);
    if (body)
        ms_buf_printf(&request, "Content-Length: %zu\r\n", strlen(body));
    ms_buf_printf(&request, "%s\r\n%s", headers, body ? body : "");
    http_answer answer = http_raw(peer, request.text, request.length);
    ms_buf_free(&request);
    return answer;
}

/* Asks, and holds the answer against a status and a part of its text (NULL: any). */
static inline void http_expect(const http_peer *peer, const char *method, const char *target, const char *body,
                               int status, const char *says)
{
    http_answer answer = http_ask(peer, method, target, "", body);
    if (answer.status != status || (says && !strstr(answer.text.text, says)))
        fail_msg("%s %s: %s", method, target, answer.text.text ? answer.text.text : "nothing");
    ms_buf_free(&answer.text);
}

/* Orders a job at an address and waits for the event that says how it ended; its own address is below root. Returns its
 * number. */
static inline int http_order_at(const http_peer *peer, const char *address, const char *root, const char *body,
                                const char *ends)
{
    char until[64], where[64], request[256];
    http_answer events = {0};
    int number = 0, wire = http_connect(peer);
    int length = snprintf(request, sizeof request,
                          "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                          peer->token);
    assert_true(http_send(wire, request, (size_t)length));
    http_read(&events, wire, "retry:");
    http_answer answer = http_ask(peer, "POST", address, "", body);
    if (answer.status != 202)
        fail_msg("%s", answer.text.text);
    snprintf(where, sizeof where, "Location: %s/", root);
    const char *at = strstr(answer.text.text, where);
    assert_non_null(at);
    number = atoi(at + strlen(where));
    ms_buf_free(&answer.text);
    snprintf(until, sizeof until, "\"state\": \"%s\"", ends);
    http_read(&events, wire, until);
    if (!strstr(events.text.text, until))
        fail_msg("%s", events.text.text);
    ms_buf_free(&events.text);
    close(wire);
    return number;
}

/* Work whose own address is where it was ordered. */
static inline int http_order(const http_peer *peer, const char *address, const char *body, const char *ends)
{
    return http_order_at(peer, address, address, body, ends);
}

#endif
