/* cutting_proxy.h: a proxy on loopback that cuts each connection after so many bytes, for tests of what must go on
 * nevertheless. Needs cmocka. One connection at a time, which is how a link comes.
 */
#ifndef MS_TESTS_CUTTING_PROXY_H
#define MS_TESTS_CUTTING_PROXY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.h"

typedef struct {
    int listener, port, server_port;
    int64_t least, most; /* bytes, both ways together, that a connection may carry */
    ms_random random;
    atomic_llong carried, cuts;
    atomic_bool dead;   /* takes connections and cuts them at once */
    atomic_bool gentle; /* a cut ends the connection, and what was carried arrives; else it is reset */
    atomic_bool closing;
    pthread_t thread;
} cutting_proxy;

static inline int proxy_connect(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int wire = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (wire >= 0 && connect(wire, (struct sockaddr *)&at, sizeof at) != 0) {
        close(wire);
        return -1;
    }
    return wire;
}

/* Passes on what has come from one side, at most *left bytes; false when the connection is over. */
static inline bool proxy_pass(cutting_proxy *proxy, int from, int to, int64_t *left)
{
    char piece[4096];
    ssize_t got = recv(from, piece, *left < (int64_t)sizeof piece ? (size_t)*left : sizeof piece, 0);
    if (got <= 0)
        return false;
    *left -= got;
    proxy->carried += got;
    for (ssize_t at = 0; at < got;) {
        ssize_t sent = send(to, piece + at, (size_t)(got - at), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
    }
    return true;
}

static inline void proxy_carry(cutting_proxy *proxy, int client)
{
    const struct linger at_once = {1, 0};
    int64_t left = ms_random_between(&proxy->random, proxy->least, proxy->most);
    int server = proxy->dead ? -1 : proxy_connect(proxy->server_port);
    struct pollfd sides[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    bool on = server >= 0;
    while (on && left > 0 && !proxy->closing) {
        if (poll(sides, 2, 50) < 0)
            break;
        for (int side = 0; side < 2 && on && left > 0; side++)
            if (sides[side].revents != 0)
                on = proxy_pass(proxy, sides[side].fd, sides[1 - side].fd, &left);
    }
    if (left <= 0 || server < 0) {
        proxy->cuts++;
        if (!proxy->gentle)
            (void)setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(client);
    if (server >= 0)
        close(server);
}

static inline void *proxy_run(void *context)
{
    cutting_proxy *proxy = context;
    while (!proxy->closing) {
        struct pollfd door = {proxy->listener, POLLIN, 0};
        if (poll(&door, 1, 50) <= 0)
            continue;
        int client = accept(proxy->listener, NULL, NULL);
        if (client >= 0)
            proxy_carry(proxy, client);
    }
    return NULL;
}

static inline void proxy_start(cutting_proxy *proxy, int server_port, int64_t least, int64_t most)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *proxy = (cutting_proxy){.server_port = server_port, .least = least, .most = most};
    proxy->random = ms_random_start(7, 0);
    proxy->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(proxy->listener >= 0);
    assert_int_equal(bind(proxy->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(proxy->listener, 16), 0);
    assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&at, &length), 0);
    proxy->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&proxy->thread, NULL, proxy_run, proxy), 0);
}

static inline void proxy_stop(cutting_proxy *proxy)
{
    proxy->closing = true;
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
}

#endif
