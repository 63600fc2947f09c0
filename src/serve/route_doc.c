/* route_doc.c: the table of routes as a page: docs/api.md. */
#include "serve/route.h"

static const char head[] =
    "# The API\n\n"
    "<!-- Generated from src/serve/routes.c by `make docs`; do not edit. -->\n\n"
    "`mainstay serve CASE` answers JSON over HTTP. The link that it prints has a token behind `#token=`; each request\n"
    "carries it:\n\n"
    "```\n"
    "curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8080/api/case\n"
    "```\n\n"
    "A token has a role, and each role may do what those before it may: viewer, planner, releaser, administrator.\n"
    "A courier is apart: it carries sealed releases for the partner that it is named after (under `/exchange`, with\n"
    "`mainstay serve --exchange DIR`), and may do nothing else.\n"
    "Answers carry an ETag; with `If-None-Match` an unchanged one is 304. They come packed to who says\n"
    "`Accept-Encoding: gzip` (or zstd; curl: `--compressed`), and those beyond 16 KiB without blanks. Long lists come\n"
    "in pages (`offset`, `limit`). `format=csv` gives a table for a spreadsheet where it is named below.\n\n"
    "What goes wrong is told as RFC 9457 has it (`application/problem+json`), with the words of the command line:\n"
    "`title`, `status`, `detail`, `code` (bad-input, usage, limit, internal, no-memory, not-found, io) and, where a\n"
    "file is concerned, `file`, `line`, `column` and `findings`.\n\n"
    "`/api/openapi.json` describes the same as OpenAPI 3.1.\n";

static void put_queries(ms_buf *out, const ms_route *route)
{
    static const char *const types[] = {"text", "number", "whole number", "0 or 1", ""};
    if (!route->queries[0].name)
        return;
    ms_buf_text(out, "| query | takes | meaning |\n| --- | --- | --- |\n");
    for (const ms_route_query *query = route->queries; query->name; query++) {
        ms_buf_printf(out, "| `%s` | ", query->name);
        for (const char *at = query->takes == MS_TAKES_CHOICE ? query->choices : types[query->takes]; *at; at++)
            if (*at == '|')
                ms_buf_text(out, " or ");
            else
                ms_buf_put(out, at, 1);
        ms_buf_printf(out, " | %s |\n", query->help);
    }
    ms_buf_text(out, "\n");
}

ms_status ms_api_markdown(ms_buf *out, ms_error *err)
{
    ms_buf_text(out, head);
    for (const ms_route *route = ms_routes; route->pattern; route++) {
        ms_buf_printf(out, "\n## %s %s\n\n", ms_method_words[route->method], route->pattern);
        ms_buf_printf(out, "%s.\n\n", route->summary);
        if (route->body)
            ms_buf_printf(out, "Takes: %s.\n\n", route->body);
        ms_buf_printf(out, "Gives: %s.\n\n", route->gives);
        put_queries(out, route);
        if (route->role == MS_ROLE_NOBODY)
            ms_buf_text(out, "Needs no token.\n");
        else
            ms_buf_printf(out, "For a %s.\n", ms_role_words[route->role]);
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}
