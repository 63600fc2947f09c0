/* route.c: finding a route and reading its queries. See route.h; the table is in routes.c. */
#include "serve/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const ms_role_words[MS_ROLES + 1] = {"nobody",        "viewer",  "planner", "releaser",
                                                 "administrator", "courier", NULL};

bool ms_role_may(ms_role role, ms_role least)
{
    if (role == MS_ROLE_COURIER || least == MS_ROLE_COURIER)
        return role == least || least == MS_ROLE_NOBODY;
    return role >= least;
}

static bool fits(const char *parameters[MS_ROUTE_PARAMETERS], const char *pattern, const ms_request *request)
{
    int found = 0;
    for (int i = 0; i < request->segment_count; i++) {
        const char *end = *pattern == '/' ? strchrnul(++pattern, '/') : pattern;
        size_t length = (size_t)(end - pattern);
        const char *segment = request->segments[i];
        if (length == 0 || segment[0] == '\0')
            return false;
        if (pattern[0] == '{')
            parameters[found++] = segment;
        else if (strlen(segment) != length || memcmp(segment, pattern, length) != 0)
            return false;
        pattern = end;
    }
    return *pattern == '\0';
}

const ms_route *ms_route_find(char allow[64], const char *parameters[MS_ROUTE_PARAMETERS], const ms_request *request)
{
    size_t used = 0;
    allow[0] = '\0';
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        if (!fits(parameters, route->pattern, request))
            continue;
        if (route->method == request->method)
            return route;
        const char *word = ms_method_words[route->method];
        used += (size_t)snprintf(allow + used, 64 - used, "%s%s", used ? ", " : "", word);
    }
    return NULL;
}

/* ---- queries ---- */

static int choice_of(const char *choices, const char *word)
{
    size_t length = strlen(word);
    for (int ix = 0; choices; ix++) {
        const char *end = strchrnul(choices, '|');
        if ((size_t)(end - choices) == length && memcmp(choices, word, length) == 0)
            return ix;
        choices = *end ? end + 1 : NULL;
    }
    return -1;
}

static ms_status check_value(const ms_route_query *query, const char *text, ms_error *err)
{
    double number;
    const char *why;
    switch (query->takes) {
    case MS_TAKES_TEXT:
        return MS_OK;
    case MS_TAKES_SWITCH:
        if (choice_of("0|1", text) < 0)
            return ms_error_set(err, MS_USAGE, "%s: \"%.40s\" is neither 0 nor 1", query->name, text);
        return MS_OK;
    case MS_TAKES_CHOICE:
        if (choice_of(query->choices, text) < 0)
            return ms_error_set(err, MS_USAGE, "%s: \"%.40s\" is none of %s", query->name, text, query->choices);
        return MS_OK;
    case MS_TAKES_NUMBER:
    case MS_TAKES_COUNT:
        why = ms_number_parse(&number, text, strlen(text));
        if (why)
            return ms_error_set(err, MS_USAGE, "%s: \"%.40s\" %s", query->name, text, why);
        if (number < query->least || number > query->most)
            return ms_error_set(err, MS_USAGE, "%s: %.40s is not within %g and %g", query->name, text, query->least,
                                query->most);
        if (query->takes == MS_TAKES_COUNT && number != (double)(long)number)
            return ms_error_set(err, MS_USAGE, "%s: %.40s is no whole number", query->name, text);
        return MS_OK;
    }
    return MS_OK;
}

ms_status ms_route_check(const ms_route *route, const ms_request *request, ms_error *err)
{
    for (int i = 0; i < request->query_count; i++) {
        const char *name = request->queries[i].name, *near = NULL;
        const ms_route_query *query = route->queries;
        int least = 3;
        while (query->name && strcmp(query->name, name) != 0) {
            int distance = ms_text_distance(query->name, name, least);
            if (distance < least) {
                least = distance;
                near = query->name;
            }
            query++;
        }
        if (!query->name)
            return ms_error_set(err, MS_USAGE, "%s takes no \"%.40s\"%s%s%s", route->pattern, name,
                                near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        if (request->queries[i].value[0] != '\0')
            MS_TRY(check_value(query, request->queries[i].value, err));
    }
    return MS_OK;
}

double ms_visit_number(const ms_visit *visit, const char *name, double fallback)
{
    const char *text = ms_visit_text(visit, name);
    double number = fallback;
    return text && !ms_number_parse(&number, text, strlen(text)) ? number : fallback;
}

long ms_visit_count(const ms_visit *visit, const char *name, long fallback)
{
    return (long)ms_visit_number(visit, name, (double)fallback);
}

bool ms_visit_switch(const ms_visit *visit, const char *name)
{
    const char *text = ms_visit_text(visit, name);
    return text && text[0] == '1';
}

int ms_visit_choice(const ms_visit *visit, const char *name, const char *choices)
{
    const char *text = ms_visit_text(visit, name);
    int choice = text ? choice_of(choices, text) : 0;
    return choice > 0 ? choice : 0;
}
