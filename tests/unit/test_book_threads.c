/* test_book_threads.c: several threads on one book, each with an opening of its own, as the server and a verb beside it
 * have: writers that take turns, readers that never wait, partners' releases made meanwhile. Under the thread sanitizer
 * this shows that two openings share nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "book_make.h"
#include "case_text.h"
#include "exchange/exchange.h"
#include "playground.h"

enum { WRITERS = 3, READERS = 3, TURNS = 12, DRAFTS = 4 };
static const char path[] = "US.book";

typedef struct {
    int number;
    atomic_int *writing; /* writers that are not done */
    const char *wrong;   /* NULL: all is well. A thread cannot fail a test by itself */
} worker;

static ms_book *opened(bool write)
{
    ms_book *book = NULL;
    ms_book_options options = {.write = write, .wait_s = 120};
    return ms_book_open(&book, path, &options, NULL) == MS_OK ? book : NULL;
}

/* Several entries in one transaction: all of them bear the turn, so that a reader would see a half. */
static const char *write_turn(ms_book *book, int writer, int turn)
{
    char keys[DRAFTS][32], body[32];
    ms_draft drafts[DRAFTS];
    snprintf(body, sizeof body, "{\"turn\":%d}", turn);
    for (int ix = 0; ix < DRAFTS; ix++) {
        snprintf(keys[ix], sizeof keys[ix], "%d/%d", writer, ix);
        drafts[ix] = (ms_draft){"seen", keys[ix], body, strlen(body)};
    }
    if (ms_book_begin(book, NULL) != MS_OK)
        return "it cannot begin";
    for (int ix = 0; ix < DRAFTS; ix++)
        if (ms_book_append(NULL, book, &drafts[ix], 1, NULL) != MS_OK) {
            ms_book_rollback(book);
            return "it cannot append";
        }
    if (turn % 5 == 4) { /* what is rolled back is nobody's to see */
        ms_book_rollback(book);
        return NULL;
    }
    return ms_book_commit(book, NULL) == MS_OK ? NULL : "it cannot commit";
}

static void *write_turns(void *context)
{
    worker *w = context;
    ms_book *book = NULL;
    for (int turn = 0; turn < TURNS && w->wrong == NULL; turn++) {
        if (book == NULL && (book = opened(true)) == NULL) {
            w->wrong = "it cannot be opened to write";
            break;
        }
        w->wrong = write_turn(book, w->number, turn);
        if (turn % 4 == 3) {
            ms_book_close(book);
            book = NULL;
        }
    }
    ms_book_close(book);
    --*w->writing;
    return NULL;
}

typedef struct {
    int64_t last;
    char bodies[WRITERS][DRAFTS][32];
    bool torn;
} view;

static ms_status look(void *context, const ms_entry *entry, ms_error *err)
{
    view *v = context;
    int writer, ix;
    (void)err;
    v->torn = v->torn || entry->number != v->last + 1;
    v->last = entry->number;
    if (strcmp(entry->kind, "seen") == 0 && sscanf(entry->key, "%d/%d", &writer, &ix) == 2 && writer < WRITERS &&
        ix < DRAFTS)
        snprintf(v->bodies[writer][ix], sizeof v->bodies[writer][ix], "%s", entry->body);
    return MS_OK;
}

/* One moment of the book: no entry is missing, no transaction is half there, and the head is the last one's. */
static const char *read_once(ms_book *book, int64_t *before)
{
    view v = {0};
    int64_t number = 0;
    unsigned char hash[MS_HASH_BYTES];
    if (ms_book_begin_read(book, NULL) != MS_OK)
        return "it cannot be read";
    bool good = ms_book_scan(book, 1, NULL, look, &v, NULL) == MS_OK &&
                ms_book_head(&number, hash, book, NULL) == MS_OK;
    ms_book_end_read(book);
    for (int writer = 0; writer < WRITERS; writer++)
        for (int ix = 1; ix < DRAFTS; ix++)
            v.torn = v.torn || strcmp(v.bodies[writer][ix], v.bodies[writer][0]) != 0;
    if (!good || v.torn || number != v.last || number < *before)
        return "a reader sees what never was";
    *before = number;
    return NULL;
}

static void *read_on(void *context)
{
    worker *w = context;
    int64_t before = 0;
    ms_book *book = opened(false);
    if (book == NULL)
        w->wrong = "it cannot be opened to read";
    for (int round = 0; w->wrong == NULL && (round < 2 || *w->writing > 0); round++)
        w->wrong = read_once(book, &before);
    ms_book_close(book);
    return NULL;
}

static void readers_and_writers_share_a_file_and_nothing_else(void **state)
{
    (void)state;
    pthread_t threads[WRITERS + READERS];
    worker workers[WRITERS + READERS];
    atomic_int writing = WRITERS;
    ms_findings findings = {0};
    int64_t entries = 0;
    ms_book_close(book_new(path));
    for (int ix = 0; ix < WRITERS + READERS; ix++) {
        workers[ix] = (worker){.number = ix, .writing = &writing};
        assert_int_equal(pthread_create(&threads[ix], NULL, ix < WRITERS ? write_turns : read_on, &workers[ix]), 0);
    }
    for (int ix = 0; ix < WRITERS + READERS; ix++)
        pthread_join(threads[ix], NULL);
    for (int ix = 0; ix < WRITERS + READERS; ix++)
        if (workers[ix].wrong != NULL)
            fail_msg("thread %d: %s", ix, workers[ix].wrong);
    assert_int_equal(ms_book_verify(&entries, path, NULL, NULL, &findings, NULL), MS_OK);
    /* of each five turns four are kept: 10 of 12, by each writer; and the entry that begins the book */
    assert_int_equal(entries, 1 + WRITERS * DRAFTS * 10);
    ms_findings_free(&findings);
}

/* ---- a release is made while others write ---- */

static const char CASE_TEXT[] = "== case.json\n"
                                "{\"name\":\"two\",\"start\":\"2026-01-01\",\"days\":10}\n"
                                "== partners.csv\n"
                                "partner\nUS\nJP\n"
                                "== sites.csv\n"
                                "site,partner,kind\nnorth,US,depot\n"
                                "== items.csv\n"
                                "item,class,kg_per_unit\nfuel,III,800\n"
                                "== stocks.csv\n"
                                "site,item,partner,quantity\nnorth,fuel,US,100\n";

static void *make_releases(void *context)
{
    worker *w = context;
    ms_book *book = opened(true);
    for (int turn = 0; turn < 4 && w->wrong == NULL; turn++) {
        ms_buf bundle = {0};
        ms_release_note note = {0};
        if (book == NULL || ms_exchange_make(&bundle, &note, book, "JP", 0, false, NULL) != MS_OK)
            w->wrong = "no release is made";
        ms_buf_free(&bundle);
    }
    ms_book_close(book);
    --*w->writing;
    return NULL;
}

static void import_case(ms_book *book)
{
    ms_case *kase = NULL;
    ms_findings findings = {0};
    ms_book_changes changes;
    int count = 0;
    ms_case_file *files = ms_alloc(MS_FILE_KINDS, sizeof *files);
    assert_true(case_text_add(files, &count, CASE_TEXT, strlen(CASE_TEXT)));
    assert_int_equal(ms_case_read(&kase, files, count, &findings, NULL), MS_OK);
    assert_int_equal(ms_book_import(&changes, book, kase, true, NULL), MS_OK);
    ms_case_free(kase);
    ms_findings_free(&findings);
}

static void releases_are_numbered_whoever_makes_them(void **state)
{
    (void)state;
    pthread_t threads[3];
    worker workers[3];
    atomic_int writing = 2;
    static const unsigned char seed[32] = {7};
    static const char rules[] = "to,table,site,item,class,detail,amount,by\n*,*,,,,full,,\n";
    ms_buf text = {0};
    ms_key *jp = NULL;
    ms_findings findings = {0};
    ms_channel channel;
    int64_t entries;
    ms_book *book = book_new(path);
    import_case(book);
    assert_int_equal(ms_key_from_seed(&jp, "JP", 0, seed, NULL), MS_OK);
    assert_int_equal(ms_public_key_put(&text, jp, NULL), MS_OK);
    assert_int_equal(ms_exchange_trust(book, "JP", text.text, text.length, "key", NULL), MS_OK);
    assert_int_equal(ms_exchange_set_rules(book, "releases.csv", rules, strlen(rules), &findings, NULL), MS_OK);
    for (int ix = 0; ix < 3; ix++) {
        workers[ix] = (worker){.number = ix, .writing = &writing};
        assert_int_equal(pthread_create(&threads[ix], NULL, ix < 2 ? make_releases : read_on, &workers[ix]), 0);
    }
    for (int ix = 0; ix < 3; ix++)
        pthread_join(threads[ix], NULL);
    for (int ix = 0; ix < 3; ix++)
        if (workers[ix].wrong != NULL)
            fail_msg("thread %d: %s", ix, workers[ix].wrong);
    assert_int_equal(ms_channel_read(&channel, book, "JP", NULL), MS_OK);
    assert_int_equal(channel.given, 8);
    ms_book_close(book);
    assert_int_equal(ms_book_verify(&entries, path, NULL, NULL, &findings, NULL), MS_OK);
    ms_findings_free(&findings);
    ms_buf_free(&text);
    ms_key_free(jp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_and_writers_share_a_file_and_nothing_else),
        cmocka_unit_test(releases_are_numbered_whoever_makes_them),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
