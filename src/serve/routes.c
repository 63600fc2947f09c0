/* routes.c: the table of routes. See route.h. docs/api.md and /api/openapi.json are made of it. */
#include "exchange/postbox.h"
#include "serve/api.h"

/* Queries that several routes take. */
#define FORMAT                                                         \
    {                                                                  \
        "format", MS_TAKES_CHOICE, "json|csv", 0, 0, "how to write it" \
    }
#define PAGE_OFFSET                                                 \
    {                                                               \
        "offset", MS_TAKES_COUNT, NULL, 0, 1e9, "rows to leave out" \
    }
#define PAGE_LIMIT                                                                                         \
    {                                                                                                      \
        "limit", MS_TAKES_COUNT, NULL, 0, MS_PAGE_ROWS_MOST, "most rows to give; 100 where it is not said" \
    }
#define PAGE_SEARCH                                                                         \
    {                                                                                       \
        "search", MS_TAKES_TEXT, NULL, 0, 0, "only rows with this text in one of their ids" \
    }
#define PAGE PAGE_OFFSET, PAGE_LIMIT, PAGE_SEARCH
#define BY                                                                 \
    {                                                                      \
        "by", MS_TAKES_CHOICE, "item|class", 0, 0, "what a row stands for" \
    }
#define PARTNER                                                                            \
    {                                                                                      \
        "partner", MS_TAKES_TEXT, NULL, 0, 0, "one partner's stock against its own demand" \
    }
#define SITE                                                                             \
    {                                                                                    \
        "site", MS_TAKES_TEXT, NULL, 0, 0, "only these sites; * and ? stand for letters" \
    }
#define ITEM                                                              \
    {                                                                     \
        "item", MS_TAKES_TEXT, NULL, 0, 0, "only these items, or a class" \
    }
#define TARGET                                                                                         \
    {                                                                                                  \
        "target", MS_TAKES_NUMBER, NULL, 0.01, 3660, "days of supply that are green without a reserve" \
    }
#define MAP                                                                 \
    {                                                                       \
        "map", MS_TAKES_SWITCH, NULL, 0, 0, "sites by days instead of rows" \
    }
#define HASH                                                                                        \
    {                                                                                               \
        "hash", MS_TAKES_TEXT, NULL, 0, 0, "BLAKE2b-256 of the whole bundle, 64 hexadecimal digits" \
    }
#define POSTURE BY, PARTNER, SITE, ITEM, TARGET, MAP

const ms_route ms_routes[] = {
    {.method = MS_GET,
     .pattern = "/api",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_about,
     .summary = "what runs here, and who you are",
     .gives =
         "version, case; open: nothing, folder or book, and its file; whether it can be changed; generation (rises "
         "with each change of the case); trouble: why it cannot be read now, if so; name and role of the token"},
    {.method = MS_GET,
     .pattern = "/api/openapi.json",
     .role = MS_ROLE_NOBODY,
     .handler = ms_api_openapi,
     .summary = "this description, for programs",
     .gives = "OpenAPI 3.1",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_case,
     .summary = "what the case holds",
     .gives = "rows by table, partners, span, tonnes wanted and on hand by class; as `mainstay check CASE --json`",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case/findings",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_findings,
     .summary = "what is odd about the case",
     .gives = "findings with file, line, column and message",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case/map",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_map,
     .summary = "sites and lanes",
     .gives = "GeoJSON (RFC 7946); geometry is null where a site has no position",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case/tables",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_tables,
     .summary = "the tables of a case and their columns",
     .gives =
         "for each table its columns with type, unit, words, help, what an empty cell means and the table whose ids "
         "it takes; and whether the case has it",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case/tables/{table}",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_table,
     .summary = "the rows of a table, as they stand in its file",
     .gives = "total, offset, generation, and rows as lists of texts, of which the first is the header",
     .stable = true,
     .queries = {PAGE,
                 {"own", MS_TAKES_SWITCH, NULL, 0, 0,
                  "what can be edited: of a book what it says itself, without what partners gave"}}},
    {.method = MS_POST,
     .pattern = "/api/case/changes",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_change,
     .summary = "change rows of the case",
     .gives =
         "generation, whether it is done, the findings of the changed case with table, row and cell, and in undo the "
         "changes that take it back. 422 with the findings when an error is among them, 409 with the places in "
         "`changes` when somebody else has changed those rows: then nothing has changed",
     .body =
         "JSON: generation, of which the rows' numbers are; changes: [{table, row, was: {column: text}, and one of "
         "cells: {column: text}, remove: true, add: {column: text}}]. Rows count from 0 as they are before all "
         "changes; was, what cells of the row said, finds it when others have changed the table meanwhile; add goes "
         "before row, "
         "or to the end. check: true only tells what would come of it",
     .body_most = 32 << 20},
    {.method = MS_GET,
     .pattern = "/api/case/contingencies",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_contingencies,
     .summary = "the contingencies of the case",
     .gives = "for each its events",
     .stable = true},
    {.method = MS_GET,
     .pattern = "/api/case/posture",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_case_posture,
     .summary = "days of supply if nothing moves",
     .gives = "as `mainstay posture CASE --json`",
     .stable = true,
     .queries = {POSTURE, FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_plans,
     .summary = "the plans, in the order in which they were ordered",
     .gives = "for each its number, title, state (waiting, running, done, failed, cancelled) and how good it is"},
    {.method = MS_POST,
     .pattern = "/api/plans",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_order,
     .summary = "order a plan of the case",
     .gives = "202 with the plan's facts; its address in Location; /api/events tells how it goes",
     .body =
         "JSON, all optional: title; contingencies: ids; events: [{from_day, to_day, what, which, effect, amount}], "
         "made up on the spot; gap; time_limit in seconds; alone: also plan each partner alone",
     .body_most = 256 << 10},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_plan,
     .summary = "how a plan is coming on",
     .gives = "its facts, as in the list"},
    {.method = MS_DELETE,
     .pattern = "/api/plans/{plan}",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_forget,
     .summary = "forget a plan",
     .gives = "204"},
    {.method = MS_POST,
     .pattern = "/api/plans/{plan}/cancel",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_cancel,
     .summary = "stop planning; the best so far is kept",
     .gives = "its facts"},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/story",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_story,
     .summary = "the story of a plan",
     .gives = "as `mainstay plan CASE --json`",
     .stable = true,
     .queries = {FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/posture",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_plan_posture,
     .summary = "days of supply that the plan makes",
     .gives = "as `mainstay posture PLAN --json`",
     .stable = true,
     .queries = {POSTURE, FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/reasons",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_reasons,
     .summary = "why needs fall short, and what would help",
     .gives = "as `mainstay explain PLAN --no-verify --json`",
     .stable = true,
     .queries = {{"demand", MS_TAKES_TEXT, NULL, 0, 0, "a demand's id, or a pattern with * and ?"},
                 {"most", MS_TAKES_COUNT, NULL, 1, 1000, "how many, the worst first; 5 where it is not said"},
                 FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/flows",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_flows,
     .summary = "what moves, lies and lacks, day by day",
     .gives = "tonnes by period: of each lane what leaves, of each site what is in stock and what falls short",
     .stable = true,
     .queries = {{"partner", MS_TAKES_TEXT, NULL, 0, 0, "only what this partner owns, or needs"},
                 {"class", MS_TAKES_TEXT, NULL, 0, 0, "only items of this class"}}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/movements",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_movements,
     .summary = "who ships what, on which day",
     .gives = "total, offset and rows",
     .stable = true,
     .queries = {PAGE, FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/shortfalls",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_shortfalls,
     .summary = "what falls short, where and when",
     .gives = "total, offset and rows",
     .stable = true,
     .queries = {PAGE, FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/orders",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_orders,
     .summary = "what one partner gives, carries or lets through for another",
     .gives = "total, offset and rows",
     .stable = true,
     .queries = {PAGE, FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/plans/{plan}/compare/{other}",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_compare,
     .summary = "what the other plan does otherwise",
     .gives = "as `mainstay compare PLAN PLAN --json`",
     .stable = true,
     .queries = {FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/stress",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_stress_all,
     .summary = "the stress runs, in the order in which they were ordered",
     .gives = "for each its number, title, mode and state, as of a plan"},
    {.method = MS_POST,
     .pattern = "/api/stress",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_stress_order,
     .summary = "order a stress run of the case: what happens when things break",
     .gives = "202 with its facts; its address in Location; /api/events tells how it goes",
     .body =
         "JSON, all optional: title; mode: named (the contingencies of the case), each, pairs, worst, sample; gap; "
         "time_limit in seconds. named: contingencies: ids, these together; alone: also what each partner alone would "
         "suffer (true). each, pairs, worst: what: such as \"site,lane\"; from_day; for_days; count: pairs to list, "
         "or failures in the worst set. sample: samples (1000); seed; precision",
     .body_most = 64 << 10},
    {.method = MS_GET,
     .pattern = "/api/stress/{stress}",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_stress,
     .summary = "how a stress run is coming on",
     .gives = "its facts, as in the list"},
    {.method = MS_DELETE,
     .pattern = "/api/stress/{stress}",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_stress_forget,
     .summary = "forget a stress run",
     .gives = "204"},
    {.method = MS_POST,
     .pattern = "/api/stress/{stress}/cancel",
     .role = MS_ROLE_PLANNER,
     .handler = ms_api_stress_cancel,
     .summary = "stop a stress run; what it has found until then is kept",
     .gives = "its facts"},
    {.method = MS_GET,
     .pattern = "/api/stress/{stress}/result",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_stress_result,
     .summary = "what a stress run found",
     .gives = "as `mainstay stress CASE --json`",
     .stable = true,
     .queries = {FORMAT}},
    {.method = MS_GET,
     .pattern = "/api/stress/{stress}/rows",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_stress_rows,
     .summary = "its long list page by page: contingencies, failures or sets, or demands of a sample",
     .gives = "total, offset and rows, as in the result",
     .stable = true,
     .queries = {PAGE}},
    {.method = MS_GET,
     .pattern = "/api/events",
     .role = MS_ROLE_VIEWER,
     .handler = ms_api_events,
     .summary = "what happens, as it happens",
     .gives = "server-sent events: `plan` and `stress` with the facts of one; `case` with a new generation, or the "
              "trouble that there is in reading one; `book` with the number of entries of its log"},
    {.method = MS_GET,
     .pattern = "/exchange/releases",
     .role = MS_ROLE_COURIER,
     .handler = ms_api_releases,
     .summary = "which releases are here, from and to the courier's partner",
     .gives = "partner, and releases with name and bytes, in any order"},
    {.method = MS_GET,
     .pattern = "/exchange/releases/{name}",
     .role = MS_ROLE_COURIER,
     .handler = ms_api_get_release,
     .summary = "a release to the courier's partner, or with Range and If-Range a part of it",
     .gives = "the bundle, application/octet-stream (docs/exchange.md)"},
    {.method = MS_GET,
     .pattern = "/exchange/releases/{name}/progress",
     .role = MS_ROLE_COURIER,
     .handler = ms_api_release_progress,
     .summary = "how much of a release that is being put has come in",
     .gives = "have, in bytes; whole: it is all there, under its name",
     .queries = {HASH}},
    {.method = MS_PUT,
     .pattern = "/exchange/releases/{name}",
     .role = MS_ROLE_COURIER,
     .handler = ms_api_put_release,
     .summary = "put a release of the courier's partner, piece by piece; Content-Range says which piece",
     .body = "the piece, which begins where the last one ended",
     .body_most = MS_POSTBOX_PIECE,
     .gives = "have and whole, as progress does; 409 when the piece begins elsewhere, or when the name has other "
              "contents; 507 when the courier's share or the disk is full",
     .queries = {HASH}},
    {.method = MS_DELETE,
     .pattern = "/exchange/releases/{name}",
     .role = MS_ROLE_COURIER,
     .handler = ms_api_drop_release,
     .summary = "drop a release of the courier's partner, or what has come in of it",
     .gives = "have and whole: nothing"},
    {0},
};
