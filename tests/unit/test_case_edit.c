/* test_case_edit.c: rows of a case's files changed in place: what is not changed stays byte for byte, rows are found
 * where they have gone, and what is undone is what was there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "case/edit.h"
#include "case/locate.h"
#include "faults.h"

#define SET(number, ...)                                                                                           \
    {                                                                                                              \
        .kind = MS_EDIT_SET, .table = "stocks.csv", .row = (number), .cells = (const ms_edit_cell[]){__VA_ARGS__}, \
        .cell_count = sizeof((const ms_edit_cell[]){__VA_ARGS__}) / sizeof(ms_edit_cell)                           \
    }
#define ADD(number, ...)                                                                                           \
    {                                                                                                              \
        .kind = MS_EDIT_ADD, .table = "stocks.csv", .row = (number), .cells = (const ms_edit_cell[]){__VA_ARGS__}, \
        .cell_count = sizeof((const ms_edit_cell[]){__VA_ARGS__}) / sizeof(ms_edit_cell)                           \
    }
#define REMOVE(number)                                                 \
    {                                                                  \
        .kind = MS_EDIT_REMOVE, .table = "stocks.csv", .row = (number) \
    }

/* Edits text as table; the result, or NULL where it is refused with `status`. Free it with ms_free. */
static char *edited(const char *table, const char *text, const ms_edit *edits, size_t count, bool by_number,
                    ms_edit_outcome *outcome, ms_arena *arena, ms_status status)
{
    ms_error err = {0};
    ms_buf out = {0};
    const ms_case_file file = {table, (char *)(uintptr_t)text, strlen(text)};
    assert_int_equal(ms_edit_outcome_make(outcome, count, arena, &err), MS_OK);
    ms_status is = ms_edit_file(&out, outcome, edits, count, &file, by_number, &err);
    if (is != status)
        fail_msg("%d: %s", (int)is, err.message);
    if (is == MS_OK)
        return out.text;
    ms_buf_free(&out);
    return NULL;
}

/* What becomes of text, and what the undoing of it makes of that. */
static void becomes(const char *text, const ms_edit *edits, size_t count, const char *wanted, const char *undone)
{
    ms_edit_outcome done, again;
    ms_arena *arena = ms_arena_new();
    char *after = edited("stocks.csv", text, edits, count, true, &done, arena, MS_OK);
    assert_string_equal(after, wanted);
    assert_false(done.any_conflict);
    char *before = edited("stocks.csv", after, done.undo, done.undo_count, false, &again, arena, MS_OK);
    assert_string_equal(before, undone ? undone : text);
    ms_free(before);
    ms_free(after);
    ms_arena_free(arena);
}

static void bytes_stay(void **state)
{
    (void)state;
    /* a byte order mark, CRLF, semicolons, quotes, a column of their own, blank lines, no end of the last line */
    static const char odd[] = "\xEF\xBB\xBFsite;item;\"mine\";quantity\r\n"
                              "\r\n"
                              "a;\"fo\"\"od\";x;1\r\n"
                              ";;;\r\n"
                              "b;food; y ;2\r\n"
                              "c;food;z;3";
    const ms_edit set[] = {SET(1, {"quantity", "9"})};
    becomes(odd, set, 1,
            "\xEF\xBB\xBFsite;item;\"mine\";quantity\r\n\r\na;\"fo\"\"od\";x;1\r\n;;;\r\nb;food; y ;9\r\nc;food;z;3",
            NULL);
    const ms_edit add[] = {ADD(-1, {"site", "d;e"}, {"quantity", "4"})};
    becomes(
        odd, add, 1,
        "\xEF\xBB\xBFsite;item;\"mine\";quantity\r\n\r\na;\"fo\"\"od\";x;1\r\n;;;\r\nb;food; y ;2\r\nc;food;z;3\r\n"
        "\"d;e\";;;4\r\n",
        "\xEF\xBB\xBFsite;item;\"mine\";quantity\r\n\r\na;\"fo\"\"od\";x;1\r\n;;;\r\nb;food; y ;2\r\nc;food;z;3\r\n");
    const ms_edit several[] = {REMOVE(0), ADD(1, {"site", "n"}), SET(2, {"site", "m"}), ADD(1, {"site", "o"})};
    becomes("site,item\na,1\nb,2\nc,3\n", several, 4, "site,item\nn,\no,\nb,2\nm,3\n", NULL);
}

static void columns(void **state)
{
    (void)state;
    ms_edit_outcome done;
    ms_arena *arena = ms_arena_new();
    /* one that the file lacks and the format knows is added to all rows, also to those that are short */
    const ms_edit partner[] = {SET(1, {"partner", "US"})};
    char *after = edited("stocks.csv", "site,quantity\r\na\r\nb,2", partner, 1, true, &done, arena, MS_OK);
    assert_string_equal(after, "site,quantity,partner\r\na,,\r\nb,2,US");
    ms_free(after);
    const ms_edit unknown[] = {SET(0, {"colour", "red"})};
    assert_null(edited("stocks.csv", "site\na\n", unknown, 1, true, &done, arena, MS_USAGE));
    /* empty is what a column that is not there says already */
    const ms_edit empty[] = {SET(0, {"colour", ""})};
    after = edited("stocks.csv", "site\na\n", empty, 1, true, &done, arena, MS_OK);
    assert_string_equal(after, "site\na\n");
    ms_free(after);
    ms_arena_free(arena);
}

static void refusals(void **state)
{
    (void)state;
    ms_edit_outcome done;
    ms_arena *arena = ms_arena_new();
    const ms_edit twice[] = {SET(0, {"site", "x"}), REMOVE(0)};
    assert_null(edited("stocks.csv", "site\na\n", twice, 2, true, &done, arena, MS_USAGE));
    const ms_edit nothing[] = {ADD(-1, {"site", ""})};
    assert_null(edited("stocks.csv", "site\na\n", nothing, 1, true, &done, arena, MS_USAGE));
    const ms_edit any[] = {SET(0, {"site", "x"})};
    assert_null(edited("stocks.csv", "", any, 1, true, &done, arena, MS_BAD_INPUT));
    assert_null(edited("stocks.csv", "site\n\"a\n", any, 1, true, &done, arena, MS_BAD_INPUT));
    assert_null(edited("stocks.csv", "site\n\xff\n", any, 1, true, &done, arena, MS_BAD_INPUT));
    assert_null(edited("nonsense.csv", "site\na\n", any, 1, true, &done, arena, MS_USAGE));
    ms_arena_free(arena);
}

static void rows_that_moved(void **state)
{
    (void)state;
    static const ms_edit_cell was_b[] = {{"site", "b"}, {"quantity", "2"}}, to[] = {{"quantity", "5"}};
    ms_edit_outcome done;
    ms_arena *arena = ms_arena_new();
    const ms_edit edit = {.kind = MS_EDIT_SET,
                          .table = "stocks.csv",
                          .row = 1,
                          .was = was_b,
                          .was_count = 2,
                          .cells = to,
                          .cell_count = 1};
    char *after = edited("stocks.csv", "site,quantity\nn,0\na,1\nb,2\n", &edit, 1, false, &done, arena, MS_OK);
    assert_string_equal(after, "site,quantity\nn,0\na,1\nb,5\n");
    ms_free(after);
    /* of two that say the same the nearer one */
    after = edited("stocks.csv", "site,quantity\nb,2\na,1\nn,0\nb,2\n", &edit, 1, false, &done, arena, MS_OK);
    assert_string_equal(after, "site,quantity\nb,5\na,1\nn,0\nb,2\n");
    ms_free(after);
    /* one that says something else, or is gone, is a conflict, and so is a number that may be old */
    ms_free(edited("stocks.csv", "site,quantity\na,1\nb,3\n", &edit, 1, true, &done, arena, MS_OK));
    assert_true(done.conflicts[0]);
    const ms_edit number = SET(0, {"site", "x"});
    ms_free(edited("stocks.csv", "site\na\n", &number, 1, false, &done, arena, MS_OK));
    assert_true(done.conflicts[0]);
    const ms_edit behind = SET(7, {"site", "x"});
    ms_free(edited("stocks.csv", "site\na\n", &behind, 1, true, &done, arena, MS_OK));
    assert_true(done.conflicts[0]);
    ms_arena_free(arena);
}

static void case_json(void **state)
{
    (void)state;
    static const ms_edit_cell cells[] = {{"days", "12.5"}, {"fair", "true"}, {"currency", ""}, {"name", "5"}};
    static const ms_edit_cell bad[] = {{"colour", "red"}};
    ms_edit_outcome done, again;
    ms_arena *arena = ms_arena_new();
    const ms_edit edit = {.kind = MS_EDIT_SET, .table = "case.json", .cells = cells, .cell_count = 4};
    char *after = edited("case.json", "{\"name\":\"x\",\"mine\":[1],\"days\":4,\"currency\":\"USD\"}", &edit, 1, true,
                         &done, arena, MS_OK);
    assert_string_equal(after,
                        "{\n  \"name\": \"5\",\n  \"mine\": [\n    1\n  ],\n  \"days\": 12.5,\n  \"fair\": true\n}\n");
    char *before = edited("case.json", after, done.undo, done.undo_count, false, &again, arena, MS_OK);
    assert_false(again.any_conflict);
    assert_non_null(strstr(before, "\"days\": 4,"));
    assert_null(strstr(before, "fair"));
    assert_non_null(strstr(before, "USD"));
    const ms_edit wrong = {.kind = MS_EDIT_SET, .table = "case.json", .cells = bad, .cell_count = 1};
    assert_null(edited("case.json", "{}", &wrong, 1, true, &done, arena, MS_USAGE));
    const ms_edit gone = {.kind = MS_EDIT_REMOVE, .table = "case.json"};
    assert_null(edited("case.json", "{}", &gone, 1, true, &done, arena, MS_USAGE));
    assert_null(edited("case.json", "[1]", &edit, 1, true, &done, arena, MS_BAD_INPUT));
    ms_free(before);
    ms_free(after);
    ms_arena_free(arena);
}

/* ---- whatever the file and the edits: what is undone is what was there ---- */

enum { ROWS = 12, EDITS = 6 };

static const char *word(ms_random *random)
{
    static const char *const words[] = {"a", "b", "\"q\"", "x,y", "two\nlines", " pad ", "", "0"};
    return words[ms_random_between(random, 0, sizeof words / sizeof *words - 1)];
}

static void random_undo(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        ms_random random = ms_random_start(seed, 0);
        ms_arena *arena = ms_arena_new();
        ms_buf text = {0};
        ms_edit edits[EDITS] = {0};
        ms_edit_cell cells[EDITS][2];
        ms_edit_outcome done, again;
        ms_buf_text(&text, "site,item,quantity\n");
        for (int row = 0; row < ROWS; row++) {
            ms_buf_printf(&text, "s%d", row);
            for (int column = 0; column < 2; column++)
                ms_buf_text(&text, ms_random_between(&random, 0, 1) ? ",\"x,1\"" : ",y");
            ms_buf_text(&text, "\n");
        }
        bool used[ROWS] = {false};
        size_t count = 0;
        for (int i = 0; i < EDITS; i++) {
            long row = (long)ms_random_between(&random, 0, ROWS - 1);
            ms_edit_kind kind = (ms_edit_kind)ms_random_between(&random, 0, 2);
            if (kind != MS_EDIT_ADD && used[row])
                continue;
            used[row] = used[row] || kind != MS_EDIT_ADD;
            cells[count][0] = (ms_edit_cell){"item", word(&random)};
            cells[count][1] = (ms_edit_cell){"site", "n"};
            edits[count] = (ms_edit){.kind = kind,
                                     .table = "stocks.csv",
                                     .row = row,
                                     .cells = cells[count],
                                     .cell_count = kind == MS_EDIT_REMOVE ? 0
                                                   : kind == MS_EDIT_ADD  ? 2
                                                                          : 1};
            count++;
        }
        char *after = edited("stocks.csv", text.text, edits, count, true, &done, arena, MS_OK);
        char *before = edited("stocks.csv", after, done.undo, done.undo_count, false, &again, arena, MS_OK);
        if (strcmp(before, text.text) != 0)
            fail_msg("seed %d:\n%s\n%s\n%s", (int)seed, text.text, after, before);
        ms_free(after);
        ms_free(before);
        ms_buf_free(&text);
        ms_arena_free(arena);
    }
}

/* ---- where findings are ---- */

static void findings_at_cells(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_findings findings = {0};
    ms_cell_place places[4];
    ms_arena *arena = ms_arena_new();
    char lanes[] = "lane,from\n\n\"a\nb\",x\nc,y\n", json[] = "{\"name\": \"x\",\n \"days\": -1}\n";
    const ms_case_file files[] = {{"case.json", json, strlen(json)}, {"lanes.csv", lanes, strlen(lanes)}};
    assert_int_equal(ms_findings_add(&findings, MS_FINDING_ERROR, "lanes.csv", 5, 3, "y"), MS_OK);
    assert_int_equal(ms_findings_add(&findings, MS_FINDING_ERROR, "lanes.csv", 4, 4, "x"), MS_OK);
    assert_int_equal(ms_findings_add(&findings, MS_FINDING_ERROR, "case.json", 2, 10, "days"), MS_OK);
    assert_int_equal(ms_findings_add(&findings, MS_FINDING_ERROR, "sites.csv", 0, 0, "is missing"), MS_OK);
    assert_int_equal(ms_findings_locate(places, &findings, files, 2, arena, &err), MS_OK);
    assert_int_equal(places[0].row, 0);
    assert_string_equal(places[0].column, "days");
    assert_int_equal(places[1].row, 0);
    assert_string_equal(places[1].column, "from");
    assert_int_equal(places[2].row, 1);
    assert_string_equal(places[2].column, "from");
    assert_int_equal(places[3].row, -1);
    ms_findings_free(&findings);
    ms_arena_free(arena);
}

static ms_status without_memory(void *context)
{
    (void)context;
    static const char text[] = "site,quantity\na,1\nb,\"2\"\n";
    static const ms_edit_cell was[] = {{"site", "b"}};
    ms_error err = {0};
    ms_buf out = {0};
    ms_edit_outcome outcome;
    const ms_edit edits[] = {ADD(0, {"site", "n"}),
                             {.kind = MS_EDIT_REMOVE, .table = "stocks.csv", .row = 0, .was = was, .was_count = 1}};
    const ms_case_file file = {"stocks.csv", (char *)(uintptr_t)text, strlen(text)};
    ms_arena *arena = ms_arena_new();
    ms_status status = arena ? ms_edit_outcome_make(&outcome, 2, arena, &err) : MS_NO_MEMORY;
    if (status == MS_OK)
        status = ms_edit_file(&out, &outcome, edits, 2, &file, false, &err);
    ms_buf_free(&out);
    ms_arena_free(arena);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    assert_true(each_refusal(without_memory, NULL) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_stay),        cmocka_unit_test(columns),           cmocka_unit_test(refusals),
        cmocka_unit_test(rows_that_moved),   cmocka_unit_test(case_json),         cmocka_unit_test(random_undo),
        cmocka_unit_test(findings_at_cells), cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
