/* test_serve_edit.c: the case changed over HTTP, in a folder and in a book: what is checked before anything is written,
 * two who edit at once, who may, and what the log then says. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book_make.h"
#include "http_client.h"
#include "small_case.h"

#define STOCKS "site,item,partner,quantity\na,food,US,10\nb,food,JP,20\n"

static http_peer peer;

static ms_server *start(const char *path, const char *tokens)
{
    ms_server *server = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    ms_serve_options options = {.path = path, .threads = 1, .tokens = tokens};
    if (ms_server_start(&server, &options, &findings, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_findings_free(&findings);
    peer = http_peer_of(ms_server_link(server));
    return server;
}

/* Posts changes, and holds the answer against a status and parts of its text (NULL at the end). */
static void change(const char *body, int status, ...)
{
    va_list parts;
    http_answer answer = http_ask(&peer, "POST", "/api/case/changes", "", body);
    va_start(parts, status);
    for (const char *part; (part = va_arg(parts, const char *)) != NULL;)
        if (answer.status != status || !strstr(answer.text.text, part))
            fail_msg("%s\n%s\nlacks %s", body, answer.text.text ? answer.text.text : "nothing", part);
    va_end(parts);
    assert_int_equal(answer.status, status);
    ms_buf_free(&answer.text);
}

static void folder(void **state)
{
    (void)state;
    struct stat is;
    write_case("plain", STOCKS);
    ms_server *server = start("plain", NULL);
    /* looked at only */
    change("{\"generation\":1,\"check\":true,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"cells\":"
           "{\"quantity\":\"5\"}}]}",
           200, "\"done\": false", "\"errors\": 0", NULL);
    holds("plain/stocks.csv", STOCKS);
    /* what is wrong is told at its cell, and nothing is written */
    change("{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":1,\"cells\":{\"site\":\"c\"}},"
           "{\"table\":\"stocks.csv\",\"row\":0,\"cells\":{\"quantity\":-1}}]}",
           422, "\"errors\": 2", "there is no site \\\"c\\\"", "\"row\": 1", "\"cell\": \"site\"",
           "\"cell\": \"quantity\"", NULL);
    holds("plain/stocks.csv", STOCKS);
    assert_int_not_equal(stat("plain/changes.log", &is), 0);
    /* several tables at once, a new one among them */
    change("{\"generation\":1,\"changes\":["
           "{\"table\":\"sites.csv\",\"add\":{\"site\":\"c\",\"kind\":\"unit\",\"partner\":\"US\"}},"
           "{\"table\":\"stocks.csv\",\"row\":0,\"was\":{\"site\":\"a\"},\"cells\":{\"site\":\"c\"}},"
           "{\"table\":\"stocks.csv\",\"row\":1,\"remove\":true},"
           "{\"table\":\"fleets.csv\",\"add\":{\"fleet\":\"trucks\",\"mode\":\"road\",\"vehicles\":3,"
           "\"payload_t\":8}}]}",
           200, "\"done\": true", "\"generation\": 2", "\"undo\"", NULL);
    holds("plain/stocks.csv", "site,item,partner,quantity\nc,food,US,10\n");
    assert_int_equal(stat("plain/fleets.csv", &is), 0);
    char *log = NULL;
    size_t length;
    ms_error err = {0};
    assert_int_equal(ms_file_read(&log, &length, "plain/changes.log", 1 << 20, &err), MS_OK);
    assert_non_null(strstr(log, "\"now\":{\"site\":\"c\",\"item\":\"food\",\"partner\":\"US\",\"quantity\":\"10\"},"
                                "\"row\":0,\"table\":\"stocks.csv\",\"was\":{\"site\":\"a\""));
    assert_non_null(strstr(log, "\"who\":\"you\""));
    ms_free(log);
    /* the folder is one that `check` takes: the log does not disturb it */
    ms_case *kase = NULL;
    ms_findings findings = {0};
    assert_int_equal(ms_case_open(&kase, "plain", &findings, &err), MS_OK);
    assert_int_equal(findings.error_count, 0);
    ms_case_free(kase);
    ms_findings_free(&findings);
    ms_server_stop(server);
}

static void two_editors(void **state)
{
    (void)state;
    write_case("two", STOCKS);
    ms_server *server = start("two", NULL);
    static const char first[] = "{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"was\":"
                                "{\"site\":\"a\",\"quantity\":\"10\"},\"cells\":{\"quantity\":\"11\"}}]}";
    change(first, 200, "\"generation\": 2", NULL);
    /* the same row from the same generation: somebody was quicker */
    change(first, 409, "\"generation\": 2", "somebody else", NULL);
    /* another row goes well, also when it has moved */
    put("two/stocks.csv", "site,item,partner,quantity\nb,food,US,1\na,food,US,11\nb,food,JP,20\n");
    change("{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":1,\"was\":"
           "{\"site\":\"b\",\"quantity\":\"20\"},\"cells\":{\"quantity\":\"21\"}}]}",
           200, "\"done\": true", NULL);
    holds("two/stocks.csv", "site,item,partner,quantity\nb,food,US,1\na,food,US,11\nb,food,JP,21\n");
    /* a number alone counts only in the generation that it is of */
    change("{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"remove\":true}]}", 409, NULL);
    ms_server_stop(server);
}

static void nonsense(void **state)
{
    (void)state;
    write_case("safe", STOCKS);
    ms_server *server = start("safe", NULL);
    change("[]", 400, "an object", NULL);
    change("{\"changes\":[1]}", 400, "a change is an object", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\"}]}", 400, "one of cells, remove and add", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"row\":-1,\"remove\":true}]}", 400, "from 0", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"row\":1e300,\"remove\":true}]}", 400, "from 0", NULL);
    change("{\"changes\":[{\"table\":\"../../etc/passwd\",\"add\":{\"a\":\"b\"}}]}", 400, "no table", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"add\":{\"colour\":\"red\"}}]}", 400, "no column", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"cells\":[]}]}", 400, "objects", NULL);
    change("{\"generation\":1,\"changes\":[{\"table\":\"case.json\",\"row\":0,\"cells\":{\"days\":\"\"}}]}", 422,
           "days", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"add\":{\"site\":\"\xff\"}}]}", 422, "the request", NULL);
    change("{\"changes\":[{\"table\":\"stocks.csv\",\"add\":{\"site\":\"a\\u0000b\"}}]}", 422, "the request", NULL);
    holds("safe/stocks.csv", STOCKS);
    /* cells that would be formulas, markup, separators or a megabyte are texts */
    change("{\"generation\":1,\"changes\":[{\"table\":\"sites.csv\",\"row\":0,\"cells\":"
           "{\"name\":\"=HYPERLINK(\\\"x\\\"), <img src=x>\\n2\"}}]}",
           200, "\"done\": true", NULL);
    holds("safe/sites.csv",
          "site,partner,kind,name\na,US,depot,\"=HYPERLINK(\"\"x\"\"), <img src=x>\n2\"\nb,JP,port,\n");
    ms_buf large = {0};
    ms_buf_text(&large, "{\"generation\":2,\"changes\":[{\"table\":\"sites.csv\",\"row\":0,\"cells\":{\"name\":\"");
    for (int i = 0; i < 1100000; i++)
        ms_buf_put(&large, "x", 1);
    ms_buf_text(&large, "\"}}]}");
    change(large.text, 422, "a field of 1100000 bytes", NULL);
    ms_buf_free(&large);
    ms_server_stop(server);
}

static void roles(void **state)
{
    (void)state;
    write_case("roles", STOCKS);
    put("tokens.csv", "name,role,token\nkim,planner,0123456789abcdefghij\nlee,viewer,abcdefghij0123456789\n");
    assert_int_equal(chmod("tokens.csv", 0600), 0);
    ms_server *server = start("roles", "tokens.csv");
    static const char edit[] = "{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"cells\":"
                               "{\"quantity\":\"11\"}}]}";
    change(edit, 401, NULL);
    snprintf(peer.token, sizeof peer.token, "abcdefghij0123456789");
    change(edit, 403, "lee is a viewer; this needs a planner", NULL);
    snprintf(peer.token, sizeof peer.token, "0123456789abcdefghij");
    change(edit, 200, "\"done\": true", NULL);
    char *log = NULL;
    size_t length;
    ms_error err = {0};
    assert_int_equal(ms_file_read(&log, &length, "roles/changes.log", 1 << 20, &err), MS_OK);
    assert_non_null(strstr(log, "\"who\":\"kim\""));
    ms_free(log);
    ms_server_stop(server);
}

static ms_status note_entry(void *context, const ms_entry *entry, ms_error *err)
{
    (void)err;
    ms_buf_printf(context, "%s %s %s\n", entry->kind, entry->key, entry->body);
    return MS_OK;
}

static void book(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf log = {0};
    ms_findings findings = {0};
    ms_book *us = book_new("us.book");
    write_case("own", STOCKS);
    import(us, "own");
    int64_t before = 0, entries = 0;
    assert_int_equal(ms_book_position(&before, us, &err), MS_OK);
    /* a row that JP gave stands in the place of ours, and another one behind it */
    static const char given[] = "{\"columns\":[\"site\",\"item\",\"partner\",\"quantity\"],\"file\":\"stocks.csv\","
                                "\"set\":[[\"b\",\"food\",\"JP\",\"99\"],[\"a\",\"food\",\"JP\",\"7\"]],"
                                "\"source\":\"JP\"}";
    book_append(us, "row", "stocks.csv/JP", given);
    ms_book_close(us);
    ms_server *server = start("us.book", NULL);
    http_answer answer = http_ask(&peer, "GET", "/api/case/tables/stocks.csv", "", NULL);
    assert_non_null(strstr(answer.text.text, "\"99\""));
    assert_non_null(strstr(answer.text.text, "\"total\": 3"));
    ms_buf_free(&answer.text);
    answer = http_ask(&peer, "GET", "/api/case/tables/stocks.csv?own=1", "", NULL);
    assert_non_null(strstr(answer.text.text, "\"20\""));
    assert_non_null(strstr(answer.text.text, "\"total\": 2"));
    ms_buf_free(&answer.text);
    change("{\"generation\":1,\"changes\":[{\"table\":\"sites.csv\",\"row\":0,\"remove\":true}]}", 422,
           "there is no site \\\"a\\\"", NULL);
    change("{\"generation\":1,\"check\":true,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"remove\":true}]}", 200,
           "\"done\": false", NULL);
    us = book_open("us.book", false);
    assert_int_equal(ms_book_position(&entries, us, &err), MS_OK);
    assert_int_equal(entries, before + 1);
    change("{\"generation\":1,\"changes\":[{\"table\":\"stocks.csv\",\"row\":0,\"cells\":{\"quantity\":\"12\"}}]}", 200,
           "\"done\": true", "\"generation\": 2", NULL);
    assert_int_equal(ms_book_scan(us, before + 2, NULL, note_entry, &log, &err), MS_OK);
    ms_book_close(us);
    assert_string_equal(log.text, "row stocks.csv {\"columns\":[\"site\",\"item\",\"partner\",\"quantity\"],\"file\":"
                                  "\"stocks.csv\",\"set\":[[\"a\",\"food\",\"US\",\"12\"]]}\n"
                                  "by you {\"first\":12,\"last\":12}\n");
    ms_buf_free(&log);
    ms_server_stop(server);
    assert_int_equal(ms_book_verify(&entries, "us.book", NULL, NULL, &findings, &err), MS_OK);
    ms_findings_free(&findings);
}

/* ---- where nothing is open ---- */

static void expect_open(const char *body, int status, const char *says)
{
    http_answer answer = http_ask(&peer, "POST", "/api/case/open", "", body);
    if (answer.status != status || !strstr(answer.text.text, says))
        fail_msg("%s", answer.text.text ? answer.text.text : "nothing");
    ms_buf_free(&answer.text);
}

static void empty_start(void **state)
{
    (void)state;
    static const char json[] = "{\"name\": \"x\", \"start\": \"2026-01-01\", \"days\": 5}";
    const ms_example_file examples[] = {{"small", "case.json", json, sizeof json - 1},
                                        {"small", "partners.csv", "partner\nUS\n", 11},
                                        {"small", "sites.csv", "site,kind,partner\na,depot,US\n", 29},
                                        {"small", "items.csv", "item,class,kg_per_unit\nf,I,1\n", 29},
                                        {"small", "README.md", "read", 4},
                                        {0}};
    ms_server *server = NULL;
    ms_findings findings = {0};
    ms_error err = {0};
    const ms_serve_options options = {.examples = examples, .work = "work"};
    assert_int_equal(mkdir("work", 0755), 0);
    assert_int_equal(ms_server_start(&server, &options, &findings, &err), MS_OK);
    peer = http_peer_of(ms_server_link(server));
    expect_open("{\"example\":\"none\"}", 404, "no example");
    expect_open("{\"name\":\"../up\",\"files\":{}}", 400, "no name for a folder");
    expect_open("{\"name\":\"a\",\"files\":{\"../x\":\"\"}}", 400, "no file");
    expect_open("{\"name\":\"a\",\"files\":[]}", 400, "an object");
    expect_open("{\"name\":\"a\",\"files\":{\"sites.csv\":\"site\\nx\\n\"}}", 422, "findings");
    assert_int_equal(entries_of("work"), 0);
    assert_int_equal(mkdir("work/small", 0755), 0); /* the name is taken */
    expect_open("{\"example\":\"small\"}", 201, "\"file\": \"small-2\"");
    holds("work/small-2/items.csv", "item,class,kg_per_unit\nf,I,1\n");
    assert_int_equal(entries_of("work/small-2"), 4);
    expect_open("{\"example\":\"small\"}", 409, "open already");
    change("{\"changes\":[{\"table\":\"items.csv\",\"add\":{\"item\":\"g\",\"class\":\"I\",\"kg_per_unit\":2}}]}", 200,
           "\"done\": true", NULL);
    ms_server_stop(server);
}

/* ---- many at once ---- */

typedef struct {
    http_peer peer;
    int number, done, refused;
} editor;

static void *edit_much(void *context)
{
    editor *e = context;
    for (int i = 0; i < 15; i++) {
        char body[256];
        snprintf(body, sizeof body,
                 "{\"generation\":0,\"changes\":[{\"table\":\"stocks.csv\",\"row\":%d,\"was\":{\"site\":\"%c\"},"
                 "\"cells\":{\"quantity\":\"%d\"}}]}",
                 e->number % 2, 'a' + e->number % 2, i);
        http_answer answer = http_ask(&e->peer, "POST", "/api/case/changes", "", body);
        e->done += answer.status == 200;
        e->refused += answer.status != 200;
        ms_buf_free(&answer.text);
    }
    return NULL;
}

static void many_editors(void **state)
{
    (void)state;
    enum { EDITORS = 4 };
    pthread_t threads[EDITORS];
    editor editors[EDITORS];
    write_case("many", STOCKS);
    ms_server *server = start("many", NULL);
    for (int i = 0; i < EDITORS; i++) {
        editors[i] = (editor){.peer = peer, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, edit_much, &editors[i]), 0);
    }
    for (int i = 0; i < EDITORS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(editors[i].done, 15);
    }
    holds("many/stocks.csv", "site,item,partner,quantity\na,food,US,14\nb,food,JP,14\n");
    char *log = NULL;
    size_t length, lines = 0;
    ms_error err = {0};
    assert_int_equal(ms_file_read(&log, &length, "many/changes.log", 1 << 20, &err), MS_OK);
    for (size_t i = 0; i < length; i++)
        lines += log[i] == '\n';
    assert_int_equal(lines, EDITORS * 15);
    ms_free(log);
    ms_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folder),       cmocka_unit_test(two_editors), cmocka_unit_test(nonsense),
        cmocka_unit_test(roles),        cmocka_unit_test(book),        cmocka_unit_test(empty_start),
        cmocka_unit_test(many_editors),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
