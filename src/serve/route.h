/* route.h: the API as one table: methods, addresses, who may, what they take, what they give.
 *
 * The server dispatches by these rows; docs/api.md and the OpenAPI description are made of them, so that they cannot
 * disagree. To add an address: a row in routes.c and its function in an api_*.c.
 */
#ifndef MS_SERVE_ROUTE_H
#define MS_SERVE_ROUTE_H

#include "serve/desk.h"
#include "serve/http.h"
#include "serve/job.h"
#include "serve/places.h"

/* Each may do what those before it may; but a courier, who carries sealed releases for a partner, may do that and
 * nothing else, and nobody else may. */
typedef enum {
    MS_ROLE_NOBODY,
    MS_ROLE_VIEWER,
    MS_ROLE_PLANNER,
    MS_ROLE_RELEASER,
    MS_ROLE_ADMINISTRATOR,
    MS_ROLE_COURIER,
    MS_ROLES
} ms_role;
extern const char *const ms_role_words[MS_ROLES + 1];
/* Whether a role may take a route that is for `least`. */
bool ms_role_may(ms_role role, ms_role least);

enum { MS_ROUTE_PARAMETERS = 3, MS_ROUTE_QUERIES = 10, MS_WHO_BYTES = 65 };

/* One request on its way through the API. */
typedef struct {
    const ms_request *request;
    ms_desk *desk;
    const char *parameters[MS_ROUTE_PARAMETERS]; /* what stood for {...} in the pattern, in order */
    ms_job_kind job;                             /* the route's */
    ms_role role;
    char who[MS_WHO_BYTES];
    struct ms_postbox *postbox; /* NULL: the server keeps no releases */
    const ms_places *places;    /* that releases may be sent to; never NULL */
} ms_visit;

typedef enum { MS_TAKES_TEXT, MS_TAKES_NUMBER, MS_TAKES_COUNT, MS_TAKES_SWITCH, MS_TAKES_CHOICE } ms_takes;

typedef struct {
    const char *name; /* NULL ends the list */
    ms_takes takes;
    const char *choices; /* "item|class" */
    double least, most;  /* of numbers and counts */
    const char *help;    /* no capital, no final stop */
} ms_route_query;

/* Fills reply, or says in err what is wrong. */
typedef ms_status (*ms_handler)(ms_reply *reply, const ms_visit *visit, ms_error *err);

typedef struct {
    ms_method method;
    const char *pattern; /* "/api/plans/{plan}/posture" */
    ms_role role;        /* the least that may */
    ms_handler handler;
    ms_job_kind job;             /* of which jobs, where the handler serves every kind (api_jobs.c) */
    const char *summary, *gives; /* one line each; gives: what comes back */
    const char *body;            /* what the body is; NULL: none */
    size_t body_most;            /* bytes */
    bool stable;                 /* what it gives follows from the address alone as long as case and plan are there */
    ms_route_query queries[MS_ROUTE_QUERIES + 1];
} ms_route;

/* Ends with a row without a pattern. */
extern const ms_route ms_routes[];

/* The route of a request. NULL: there is none; then *allow is a list of the methods that the address has, or "". */
const ms_route *ms_route_find(char allow[64], const char *parameters[MS_ROUTE_PARAMETERS], const ms_request *request);

/* Checks the queries of a request against its route: MS_USAGE with a "did you mean" where one is unknown or does not
 * fit. Then the readers below give what was asked, or the fallback. */
ms_status ms_route_check(const ms_route *route, const ms_request *request, ms_error *err);
double ms_visit_number(const ms_visit *visit, const char *name, double fallback);
long ms_visit_count(const ms_visit *visit, const char *name, long fallback);
bool ms_visit_switch(const ms_visit *visit, const char *name);
/* Index of the choice, 0 where it was not given. */
int ms_visit_choice(const ms_visit *visit, const char *name, const char *choices);
static inline const char *ms_visit_text(const ms_visit *visit, const char *name)
{
    const char *text = ms_request_query(visit->request, name);
    return text && text[0] ? text : NULL;
}

/* The description of the API. */
ms_status ms_route_openapi(ms_buf *out, ms_error *err);

#endif
