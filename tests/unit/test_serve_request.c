/* test_serve_request.c: what a request's first line says, and which route it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "serve/request.h"
#include "serve/route.h"

/* A request as http.c makes one; its text lives until the next call. */
static bool ask(ms_request *request, ms_method method, const char *target)
{
    static char text[512];
    snprintf(text, sizeof text, "%s", target);
    *request = (ms_request){.method = method};
    return ms_request_split(request, target, text);
}

static void escapes(void **state)
{
    (void)state;
    char plain[] = "a%20b%41+c", query[] = "a+b%2Bc", korean[] = "%EB%B6%80%EC%82%B0";
    assert_true(ms_http_decode(plain, false));
    assert_string_equal(plain, "a bA+c");
    assert_true(ms_http_decode(query, true));
    assert_string_equal(query, "a b+c");
    assert_true(ms_http_decode(korean, false));
    assert_string_equal(korean, "부산");
}

static void broken_escapes(void **state)
{
    (void)state;
    static const char *const wrong[] = {"%", "%4", "%zz", "a%00b", "%0a", "%7f", "%ff", "%c0%af", "%ed%a0%80"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[32];
        strcpy(text, wrong[i]);
        assert_false(ms_http_decode(text, false));
    }
}

static void parts(void **state)
{
    (void)state;
    ms_request request;
    assert_true(ask(&request, MS_GET, "/api/plans/7/posture?by=class&site=a%26b&by=item&map"));
    assert_int_equal(request.segment_count, 4);
    assert_string_equal(request.segments[2], "7");
    assert_int_equal(request.query_count, 4);
    assert_string_equal(ms_request_query(&request, "site"), "a&b");
    assert_string_equal(ms_request_query(&request, "by"), "item"); /* the last one counts */
    assert_string_equal(ms_request_query(&request, "map"), "");
    assert_null(ms_request_query(&request, "b"));
    assert_true(ask(&request, MS_GET, "/"));
    assert_int_equal(request.segment_count, 0);
    /* a slash in disguise stays inside its segment */
    assert_true(ask(&request, MS_GET, "/api/..%2f..%2fetc"));
    assert_int_equal(request.segment_count, 2);
    assert_string_equal(request.segments[1], "../../etc");
}

static void too_many_parts(void **state)
{
    (void)state;
    ms_request request;
    char target[256] = "/x?";
    assert_false(ask(&request, MS_GET, "api"));
    assert_false(ask(&request, MS_GET, "*"));
    assert_false(ask(&request, MS_GET, "/1/2/3/4/5/6/7/8/9"));
    for (int i = 0; i <= MS_HTTP_QUERIES; i++)
        strcat(target, "a=1&");
    assert_false(ask(&request, MS_GET, target));
}

static const ms_route *route_of(ms_method method, const char *target, char allow[64],
                                const char *parameters[MS_ROUTE_PARAMETERS])
{
    static ms_request request;
    assert_true(ask(&request, method, target));
    return ms_route_find(allow, parameters, &request);
}

static void routes(void **state)
{
    (void)state;
    char allow[64];
    const char *parameters[MS_ROUTE_PARAMETERS];
    const ms_route *route = route_of(MS_GET, "/api/plans/3/compare/4", allow, parameters);
    assert_non_null(route);
    assert_string_equal(route->pattern, "/api/plans/{plan}/compare/{other}");
    assert_string_equal(parameters[0], "3");
    assert_string_equal(parameters[1], "4");
    assert_null(route_of(MS_PUT, "/api/plans", allow, parameters));
    assert_string_equal(allow, "GET, POST");
    static const char *const nowhere[] = {"/api/", "/api/plans/", "/api/plans//story", "/apis", "/api/plans/1/2", "/"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        assert_null(route_of(MS_GET, nowhere[i], allow, parameters));
        assert_string_equal(allow, "");
    }
}

/* Every row can be reached, says what it does, and none hides another. */
static void rows_are_sane(void **state)
{
    (void)state;
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        char allow[64];
        const char *parameters[MS_ROUTE_PARAMETERS];
        assert_ptr_equal(route_of(route->method, route->pattern, allow, parameters), route);
        assert_true(route->summary && route->gives && route->handler);
        /* the rows of one address stand together, as its description must */
        for (const ms_route *before = ms_routes; before + 1 < route; before++)
            if (strcmp(before->pattern, route->pattern) == 0)
                assert_string_equal(route[-1].pattern, route->pattern);
        assert_true((route->body != NULL) == (route->body_most > 0));
        assert_true(!route->stable || route->method == MS_GET);
        assert_true(route->method == MS_GET || route->role >= MS_ROLE_PLANNER);
    }
}

static void queries(void **state)
{
    (void)state;
    static const struct {
        const char *target, *says; /* NULL: it is right */
    } cases[] = {
        {"/api/case/posture?by=class&target=3.5&map=1&site=a*", NULL},
        {"/api/case/posture?by=", NULL},
        {"/api/case/posture?bye=class", "takes no \"bye\"; did you mean \"by\"?"},
        {"/api/case/posture?by=colour", "by: \"colour\" is none of item|class"},
        {"/api/case/posture?map=yes", "map: \"yes\" is neither 0 nor 1"},
        {"/api/case/posture?target=0", "target: 0 is not within 0.01 and 3660"},
        {"/api/case/posture?target=x", "target: \"x\" is not a number"},
        {"/api/plans/1/movements?limit=1.5", "limit: 1.5 is no whole number"},
        {"/api/plans/1/movements?limit=99999", "limit: 99999 is not within 0 and 10000"},
        {"/api/plans/1/movements?offset=-1", "offset: -1 is not within"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char allow[64];
        const char *parameters[MS_ROUTE_PARAMETERS];
        ms_error err = {0};
        ms_request request;
        assert_true(ask(&request, MS_GET, cases[i].target));
        const ms_route *route = ms_route_find(allow, parameters, &request);
        assert_non_null(route);
        assert_int_equal(ms_route_check(route, &request, &err), cases[i].says ? MS_USAGE : MS_OK);
        if (cases[i].says && !strstr(err.message, cases[i].says))
            fail_msg("%s: %s", cases[i].target, err.message);
    }
}

static void addresses(void **state)
{
    (void)state;
    assert_true(ms_http_is_loopback(NULL));
    assert_true(ms_http_is_loopback("127.0.0.1"));
    assert_true(ms_http_is_loopback("127.9.9.9"));
    assert_true(ms_http_is_loopback("::1"));
    assert_true(ms_http_is_loopback("localhost"));
    assert_false(ms_http_is_loopback("0.0.0.0"));
    assert_false(ms_http_is_loopback("::"));
    assert_false(ms_http_is_loopback("10.0.0.1"));
    assert_false(ms_http_is_loopback("example.org"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),        cmocka_unit_test(broken_escapes), cmocka_unit_test(parts),
        cmocka_unit_test(too_many_parts), cmocka_unit_test(routes),         cmocka_unit_test(rows_are_sane),
        cmocka_unit_test(queries),        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
