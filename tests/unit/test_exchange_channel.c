/* test_exchange_channel.c: releases between books: differences, replays, gaps, forks, restores, and whose row it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/bundle.h"
#include "faults.h"
#include "houses.h"
#include "playground.h"

static const char US[] =
    "== case.json\n{\"name\": \"us\", \"start\": \"2026-01-01\", \"days\": 14, \"currency\": \"USD\"}\n"
    "== partners.csv\npartner,name\nUS,United\nJP,Japan\n"
    "== sites.csv\nsite,name,partner,kind,country,secret\nguam,Guam,US,port,GU,do not tell\n"
    "sub-base,Pen,US,depot,US,\nstrait,Strait,,port,,\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,nsn\ndiesel,Diesel,III,m3,840,9140-00-286-5294\n"
    "shell,Shell,V,each,45,\nration,Ration,I,case,10,8970-00-149-1094\n"
    "== stocks.csv\nsite,item,partner,quantity\nguam,diesel,US,1234\nguam,shell,US,777\n"
    "sub-base,diesel,US,99\nguam,ration,US,500\nguam,ration,JP,7\n"
    "== demands.csv\ndemand,site,item,partner,from_day,to_day,per_day,priority\n"
    "guam-fuel,guam,diesel,US,0,,100,1\n"
    "== lanes.csv\nlane,from,to,mode,partner,transit_days,capacity_t_per_day,carries\n"
    "guam-strait,guam,strait,sea,US,2,300,III ration\n";
static const char JP[] =
    "== case.json\n{\"name\": \"jp\", \"start\": \"2026-01-01\", \"days\": 14, \"currency\": \"JPY\"}\n"
    "== partners.csv\npartner,name\nJP,Japan\n"
    "== sites.csv\nsite,name,partner,kind,country\nsasebo,Sasebo,JP,port,JP\nstrait,Strait,,port,\n"
    "== items.csv\nitem,name,class,unit,kg_per_unit,nsn\nF76,Fuel,III,kl,840,9140002865294\n"
    "MRE,Meal,I,pallet,500,8970001491094\n"
    "== stocks.csv\nsite,item,partner,quantity\nsasebo,F76,JP,2000\nsasebo,MRE,JP,40\n";
static const char KR[] = "== case.json\n{\"name\": \"kr\", \"start\": \"2026-01-01\", \"days\": 14}\n"
                         "== partners.csv\npartner\nKR\n== sites.csv\nsite,partner,kind\nbusan,KR,port\n"
                         "== items.csv\nitem,class,kg_per_unit\nrice,I,1\n";
static const char RULES[] =
    "to,table,site,item,detail,amount,by\n*,stocks,,shell,withheld,,\n*,sites,guam,,full,,\n"
    "*,stocks,guam,,full,,\n*,lanes,,,full,,\n*,sites,sasebo,,full,,\n*,stocks,sasebo,,full,,\n";

typedef struct {
    house us, jp;
} two;

static two two_new(void)
{
    two t = {house_new("US", US, RULES), house_new("JP", JP, RULES)};
    house_trust(&t.us, &t.jp);
    house_trust(&t.jp, &t.us);
    return t;
}

static void two_free(two *t)
{
    house_free(&t->us);
    house_free(&t->jp);
}

/* US with another quantity of diesel at guam. */
static void set_diesel(house *us, int quantity)
{
    char text[sizeof US + 16];
    const char *at = strstr(US, "1234");
    snprintf(text, sizeof text, "%.*s%d%s", (int)(at - US), US, quantity, at + 4);
    house_import(us, text);
}

/* 500 cases of 10 kg are 10 pallets of 500 kg; fuel is cubic metres in both, under two names of the unit. */
static void what_is_released_is_what_the_reader_plans_with(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note = house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    assert_int_equal(note.number, 1);
    assert_true(note.whole);
    assert_int_equal(note.refused, 0);
    assert_int_equal(note.rows, 5); /* the partner, a site, a lane, two stocks */
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 1234);
    assert_true(house_stock(&t.jp, "guam", "MRE", "US") == 10);
    assert_true(house_stock(&t.jp, "sub-base", "F76", "US") == -1);
    ms_case *kase = house_case(&t.jp);
    assert_int_equal(kase->lanes_count, 1);
    const ms_lane *lane = &kase->lanes[0]; /* carries III and ration: ours are called otherwise */
    assert_true(lane->carries[ms_names_find(&kase->item_names, "MRE", 3)]);
    assert_true(lane->carries[ms_names_find(&kase->item_names, "F76", 3)]);
    ms_case_free(kase);
    two_free(&t);
}

static void only_what_differs_travels(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note;
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_int_equal(note.records, 0);
    set_diesel(&t.us, 1000);
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_int_equal(note.records, 1);
    assert_int_equal(note.number, 3);
    assert_false(note.whole);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 1000);
    house_rules(&t.us, "releases.csv", "to,table,detail\n*,sites,full\n"); /* the stocks are taken back */
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == -1);
    two_free(&t);
}

/* The plain bytes of the release, before they are compressed and sealed, do not hold what is withheld. */
static void withheld_is_absent(void **state)
{
    (void)state;
    two t = two_new();
    static const char *const secrets[] = {"shell",    "Shell",  "777",       "do not tell", "secret",
                                          "sub-base", "\"99\"", "guam-fuel", "criticality"};
    ms_buf text = {0};
    ms_buf bundle = house_make(&t.us, &t.jp, NULL);
    assert_int_equal(ms_channel_text(&text, t.us.book, "given", "JP", 1, NULL), MS_OK);
    assert_non_null(strstr(text.text, "1234")); /* the search finds what is there */
    for (size_t ix = 0; ix < sizeof secrets / sizeof secrets[0]; ix++)
        if (strstr(text.text, secrets[ix]) != NULL)
            fail_msg("%s is in the release:\n%s", secrets[ix], text.text);
    ms_buf_free(&text);
    ms_buf_free(&bundle);
    two_free(&t);
}

/* ---- what may happen on the way ---- */

static void again_is_harmless_and_a_gap_is_named(void **state)
{
    (void)state;
    two t = two_new();
    ms_buf bundles[5] = {0};
    for (int ix = 0; ix < 5; ix++) {
        set_diesel(&t.us, 100 * (ix + 1));
        bundles[ix] = house_make(&t.us, &t.jp, NULL);
    }
    ms_release_note note = {0};
    ms_error err = {0};
    assert_int_equal(ms_exchange_take(&note, t.jp.book, bundles[0].text, bundles[0].length, "b", &err), MS_OK);
    assert_int_equal(ms_exchange_take(&note, t.jp.book, bundles[0].text, bundles[0].length, "b", &err), MS_OK);
    assert_true(note.again);
    house_refuses(&t.jp, &bundles[2], "release 2 of US is missing");
    house_refuses(&t.jp, &bundles[4], "releases 2 to 4 of US are missing");
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 100);
    for (int ix = 1; ix < 5; ix++) {
        assert_int_equal(ms_exchange_take(&note, t.jp.book, bundles[ix].text, bundles[ix].length, "b", &err), MS_OK);
        assert_false(note.again);
        assert_true(house_stock(&t.jp, "guam", "F76", "US") == 100 * (ix + 1));
    }
    for (int ix = 0; ix < 5; ix++)
        ms_buf_free(&bundles[ix]);
    two_free(&t);
}

static void behind_a_gap_a_whole_release_goes_on(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note;
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    ms_buf lost = house_make(&t.us, &t.jp, NULL);
    set_diesel(&t.us, 55);
    ms_buf third = house_make(&t.us, &t.jp, NULL);
    house_refuses(&t.jp, &third, "release 2 of US is missing");
    house_take(&t.us, house_make(&t.jp, &t.us, NULL)); /* says that it misses something */
    ms_buf fourth = house_make(&t.us, &t.jp, &note);
    assert_true(note.whole);
    assert_int_equal(note.number, 4);
    house_take(&t.jp, fourth);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 55);
    note = house_take(&t.jp, third); /* late, and old news */
    assert_true(note.again);
    note = house_take(&t.jp, lost);
    assert_true(note.again);
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_false(note.whole);
    two_free(&t);
}

static void copy_file(const char *from, const char *to)
{
    char *bytes = NULL;
    size_t length;
    assert_int_equal(ms_file_read(&bytes, &length, from, 1 << 30, NULL), MS_OK);
    assert_int_equal(ms_file_write(to, bytes, length, NULL), MS_OK);
    ms_free(bytes);
}

static void back_up(house *h)
{
    house_reopen(h); /* closing brings everything into the one file */
    ms_book_close(h->book);
    copy_file(h->path, "backup");
    h->book = NULL;
    house_reopen(h);
}

static void restore(house *h)
{
    ms_book_close(h->book);
    h->book = NULL;
    copy_file("backup", h->path);
    house_reopen(h);
}

/* US goes back to yesterday, makes another release 2, and learns from JP that there was one. */
static void a_fork_is_an_alarm_and_mends(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note;
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    back_up(&t.us);
    set_diesel(&t.us, 222);
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    restore(&t.us);
    set_diesel(&t.us, 333);
    ms_buf forked = house_make(&t.us, &t.jp, NULL);
    house_refuses(&t.jp, &forked, "ALARM: release 2 of US has two contents");
    ms_buf_free(&forked);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 222);
    forked = house_make(&t.us, &t.jp, NULL); /* 3, which follows the wrong 2 */
    house_refuses(&t.jp, &forked, "ALARM");
    ms_buf_free(&forked);
    ms_channel channel;
    assert_int_equal(ms_channel_read(&channel, t.jp.book, "US", NULL), MS_OK);
    assert_int_equal(channel.fork, 2);
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    ms_buf mended = house_make(&t.us, &t.jp, &note);
    assert_true(note.recovered);
    assert_true(note.whole);
    assert_int_equal(note.number, 4);
    house_take(&t.jp, mended);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 333);
    assert_int_equal(ms_channel_read(&channel, t.jp.book, "US", NULL), MS_OK);
    assert_int_equal(channel.fork, 0);
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_false(note.recovered);
    assert_false(note.whole);
    two_free(&t);
}

static void a_reader_restored_from_a_backup_catches_up(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note;
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    back_up(&t.jp);
    set_diesel(&t.us, 10);
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    house_take(&t.us, house_make(&t.jp, &t.us, NULL)); /* acknowledges 2 */
    restore(&t.jp);
    ms_buf forked = house_make(&t.jp, &t.us, NULL);
    house_refuses(&t.us, &forked, "ALARM");
    ms_buf_free(&forked);
    set_diesel(&t.us, 20);
    ms_buf third = house_make(&t.us, &t.jp, NULL);
    house_refuses(&t.jp, &third, "release 2 of US is missing");
    ms_buf_free(&third);
    for (int round = 0; round < 4; round++) { /* each side's next word may be refused; then both go on */
        ms_buf bundle = house_make(&t.us, &t.jp, NULL);
        ms_error err;
        (void)!ms_exchange_take(&note, t.jp.book, bundle.text, bundle.length, "b", &err);
        ms_buf_free(&bundle);
        bundle = house_make(&t.jp, &t.us, NULL);
        (void)!ms_exchange_take(&note, t.us.book, bundle.text, bundle.length, "b", &err);
        ms_buf_free(&bundle);
    }
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 20);
    house_take(&t.us, house_make(&t.jp, &t.us, &note));
    assert_false(note.whole);
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_false(note.whole);
    two_free(&t);
}

/* ---- partners who state what is not so ---- */

/* A release of US with these lines, as US's own key signs it. */
static ms_buf crafted(two *t, int64_t number, const char *const *lines)
{
    ms_release release = {0};
    ms_channel channel;
    ms_picture picture;
    ms_buf text = {0}, bundle = {0};
    assert_int_equal(ms_release_start(&release, NULL), MS_OK);
    assert_int_equal(ms_picture_start(&picture, NULL), MS_OK);
    assert_int_equal(ms_channel_read(&channel, t->jp.book, "US", NULL), MS_OK);
    strcpy(release.from, "US");
    strcpy(release.to, "JP");
    release.number = number;
    release.start_day = 20454; /* 2026-01-01 */
    release.whole = true;
    memcpy(release.previous, channel.taken_hash, MS_HASH_BYTES);
    for (; *lines != NULL; lines++) {
        char key[256];
        const char *at = strstr(*lines, "\"key\":\"");
        assert_non_null(at);
        snprintf(key, sizeof key, "%.*s", (int)strcspn(at + 7, "\""), at + 7);
        assert_int_equal(ms_picture_put(&release.changes, key, *lines, strlen(*lines), NULL), MS_OK);
        assert_int_equal(ms_picture_put(&picture, key, *lines, strlen(*lines), NULL), MS_OK);
    }
    ms_picture_settle(&picture);
    assert_int_equal(ms_picture_digest(release.digest, &picture, NULL), MS_OK);
    assert_int_equal(ms_release_write(&text, &release, NULL), MS_OK);
    assert_int_equal(ms_bundle_seal(&bundle, text.text, text.length, number, ms_book_key(t->us.book),
                                    ms_book_public(t->jp.book), NULL, NULL),
                     MS_OK);
    ms_picture_free(&picture);
    ms_release_free(&release);
    ms_buf_free(&text);
    return bundle;
}

#define ROW(key, table, cells) "{\"detail\":\"full\",\"key\":\"" key "\",\"row\":{" cells "},\"table\":\"" table "\"}"
#define SITE(key, id, partner) ROW(key, "sites", "\"kind\":\"port\",\"partner\":\"" partner "\",\"site\":\"" id "\"")
#define STOCK(key, site, item, partner, quantity) \
    ROW(key, "stocks",                            \
        "\"item\":\"" item "\",\"partner\":\"" partner "\",\"quantity\":\"" quantity "\",\"site\":\"" site "\"")
#define ITEM(id, nsn)                                                                                       \
    "{\"item\":{\"class\":\"III\",\"item\":\"" id "\",\"kg_per_unit\":\"840\",\"name\":\"\",\"nsn\":\"" nsn \
    "\",\"unit\":\"m3\"},\"key\":\"items/" id "\"}"

static void each_row_is_refused_for_its_own_reason(void **state)
{
    (void)state;
    two t = two_new();
    static const char *const lines[] = {
        ITEM("diesel", "9140002865294"),
        ITEM("odd", ""),
        SITE("sites/a", "guam", "US"),
        SITE("sites/b", "busan", "KR"),  /* a third's */
        SITE("sites/c", "sasebo", "US"), /* the reader's own, claimed */
        SITE("sites/d", "strait", "US"), /* nobody's here */
        SITE("sites/e", "guam", "US"),   /* the same twice */
        SITE("sites/f", "bad id!", "US"),
        SITE("sites/g", "pier", "US"),
        STOCK("stocks/a", "guam", "diesel", "US", "5"),
        STOCK("stocks/b", "sasebo", "diesel", "JP", "0"), /* the reader's stock, said to be gone */
        STOCK("stocks/c", "guam", "odd", "US", "5"),
        STOCK("stocks/d", "guam", "unheard", "US", "5"),
        STOCK("stocks/e", "nowhere", "diesel", "US", "5"),
        STOCK("stocks/f", "bad id!", "diesel", "US", "5"), /* leans on a row that is refused */
        STOCK("stocks/g", "pier", "diesel", "US", "-5"),
        ROW("items/x", "items", "\"item\":\"x\""),
        ROW("what/x", "whatnot", "\"item\":\"x\""),
        NULL};
    static const char *const says[][2] = {
        {"sites/a", ""},
        {"sites/b", "the row is KR's, and a partner can state only its own rows"},
        {"sites/c", "a row of the same key here is JP's"},
        {"sites/d", "a row of the same key here is nobody's"},
        {"sites/e", "another row of the release has the same key"},
        {"sites/f", "has a space in it"},
        {"stocks/a", ""},
        {"stocks/b", "the row is JP's"},
        {"stocks/c", "item odd: none of our items has its NSN (it has none)"},
        {"stocks/d", "item unheard: the release does not describe it"},
        {"stocks/e", "there is no site \"nowhere\""},
        {"stocks/f", "there is no site \"bad id!\""},
        {"stocks/g", "-5"},
        {"items/x", "each book's own"},
        {"what/x", "there is no table whatnot"},
    };
    ms_release_note note = house_take(&t.jp, crafted(&t, 1, lines));
    for (size_t ix = 0; ix < sizeof says / sizeof says[0]; ix++) {
        char why[400];
        house_refusal(why, &t.jp, &t.us, says[ix][0]);
        if ((says[ix][1][0] == '\0') != (why[0] == '\0') || strstr(why, says[ix][1]) == NULL)
            fail_msg("%s: \"%s\"", says[ix][0], why);
    }
    assert_int_equal(note.refused, 13);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 5);
    assert_true(house_stock(&t.jp, "sasebo", "F76", "JP") == 2000);
    house_take(&t.us, house_make(&t.jp, &t.us, &note)); /* and the reasons go back */
    assert_int_equal(note.refused, 13);
    two_free(&t);
}

/* JP adds what was missing here: the row that was refused comes in with the next look, without another release. */
static void what_was_refused_comes_in_once_it_fits(void **state)
{
    (void)state;
    two t = two_new();
    static const char *const lines[] = {ITEM("diesel", "9140002865294"),
                                        STOCK("stocks/e", "pearl", "diesel", "US", "5"), NULL};
    char why[400];
    house_take(&t.jp, crafted(&t, 1, lines));
    assert_string_not_equal(house_refusal(why, &t.jp, &t.us, "stocks/e"), "");
    char text[sizeof JP + 64];
    const char *at = strstr(JP, "== sites.csv"), *site = strstr(JP, "strait,");
    snprintf(text, sizeof text, "%.*sUS,United\n%.*spearl,Pearl,US,port,US\n%s", (int)(at - JP), JP, (int)(site - at),
             at, site);
    house_import(&t.jp, text);
    ms_buf bundle = house_make(&t.jp, &t.us, NULL);
    assert_string_equal(house_refusal(why, &t.jp, &t.us, "stocks/e"), "");
    assert_true(house_stock(&t.jp, "pearl", "F76", "US") == 5);
    ms_buf_free(&bundle);
    two_free(&t);
}

static void what_is_signed_must_still_fit_together(void **state)
{
    (void)state;
    two t = two_new();
    static const char *const none[] = {NULL};
    ms_buf bundle = crafted(&t, 1, none);
    house kr = house_new("KR", KR, RULES); /* a third, whom nobody trusts */
    house_trust(&kr, &t.jp);
    house_trust(&kr, &t.us);
    house_refuses(&kr, &bundle, "another reader");
    ms_buf_free(&bundle);
    bundle = house_make(&kr, &t.jp, NULL);
    house_refuses(&t.jp, &bundle, "not trusted here");
    ms_buf_free(&bundle);
    ms_error err = {0};
    assert_int_equal(ms_exchange_distrust(t.jp.book, "US", &err), MS_OK);
    bundle = house_make(&t.us, &t.jp, NULL);
    house_refuses(&t.jp, &bundle, "no longer trusted");
    ms_release_note note;
    ms_buf out = {0};
    assert_int_equal(ms_exchange_make(&out, &note, t.jp.book, "US", 0, false, &err), MS_USAGE);
    house_trust(&t.jp, &t.us);
    house_take(&t.jp, bundle);
    house_free(&kr);
    two_free(&t);
}

/* ---- documents ---- */

static void add_step(house *h, const char *by, const char *to, const char *order, bool forged)
{
    unsigned char hash[MS_HASH_BYTES], signature[MS_SIGNATURE_BYTES];
    char document[200], hex[MS_HEX_BYTES], body[600], key[200];
    ms_error err = {0};
    snprintf(document, sizeof document, "{\"by\":\"%s\",\"order\":\"%s\",\"to\":\"%s\"}", by, order, to);
    ms_hash(hash, document, strlen(document));
    snprintf(key, sizeof key, "%s/%s", order, ms_hex_put(hex, hash, MS_HASH_BYTES));
    ms_key_sign(signature, ms_book_key(h->book), forged ? "another purpose" : "mainstay step 1", document,
                strlen(document));
    snprintf(body, sizeof body,
             "{\"document\":\"{\\\"by\\\":\\\"%s\\\",\\\"order\\\":\\\"%s\\\",\\\"to\\\":\\\"%s\\\"}\","
             "\"signature\":\"%s\"}",
             by, order, to, ms_hex_put(hex, signature, MS_SIGNATURE_BYTES));
    ms_draft draft = {"step", key, body, strlen(body)};
    assert_int_equal(ms_book_append(NULL, h->book, &draft, 1, &err), MS_OK);
}

static ms_status count_entry(void *context, const ms_entry *entry, ms_error *err)
{
    (void)entry;
    (void)err;
    ++*(int *)context;
    return MS_OK;
}

static int steps_of(house *h)
{
    int count = 0;
    assert_int_equal(ms_book_scan(h->book, 1, "step", count_entry, &count, NULL), MS_OK);
    return count;
}

static void documents_travel_until_acknowledged(void **state)
{
    (void)state;
    two t = two_new();
    ms_release_note note;
    add_step(&t.us, "US", "JP", "one", false);
    add_step(&t.us, "US", "KR", "two", false); /* none of JP's business */
    ms_buf lost = house_make(&t.us, &t.jp, &note);
    assert_int_equal(note.documents, 1);
    ms_buf_free(&lost);
    add_step(&t.us, "US", "JP", "three", true);
    ms_buf second = house_make(&t.us, &t.jp, &note);
    assert_int_equal(note.documents, 2);
    house_refuses(&t.jp, &second, "missing");
    ms_buf_free(&second);
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    note = house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    assert_int_equal(note.documents, 1);
    assert_non_null(strstr(note.remark, "signature is not its author's"));
    assert_int_equal(steps_of(&t.jp), 1);
    house_take(&t.us, house_make(&t.jp, &t.us, &note));
    assert_int_equal(note.documents, 0); /* they are US's own */
    house_take(&t.jp, house_make(&t.us, &t.jp, &note));
    assert_int_equal(note.documents, 0); /* acknowledged */
    two_free(&t);
}

static void lost_documents_come_back(void **state)
{
    (void)state;
    two t = two_new();
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    back_up(&t.us);
    add_step(&t.us, "US", "JP", "one", false);
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    restore(&t.us);
    assert_int_equal(steps_of(&t.us), 0);
    house_take(&t.us, house_make(&t.jp, &t.us, NULL)); /* "I have your release 2": unheard of */
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL)); /* "I have lost something" */
    house_take(&t.us, house_make(&t.jp, &t.us, NULL));
    assert_int_equal(steps_of(&t.us), 1);
    house_take(&t.jp, house_make(&t.us, &t.jp, NULL));
    ms_release_note note;
    house_take(&t.us, house_make(&t.jp, &t.us, &note));
    assert_int_equal(note.documents, 0); /* it is over */
    two_free(&t);
}

/* ---- details ---- */

static const char *line_of(ms_buf *text, house *h, int64_t number, const char *key)
{
    char name[128];
    ms_buf_reset(text);
    assert_int_equal(ms_channel_text(text, h->book, "given", "JP", number, NULL), MS_OK);
    snprintf(name, sizeof name, "\"key\":\"%s\"", key);
    char *at = strstr(text->text, name);
    if (at == NULL)
        return "";
    while (at > text->text && at[-1] != '\n')
        at--;
    at[strcspn(at, "\n")] = '\0';
    return at;
}

static void make_unsent(two *t)
{
    ms_buf bundle = house_make(&t->us, &t->jp, NULL);
    ms_buf_free(&bundle);
}

/* 1234 m3 down to hundreds is 1200. In sums: diesel (1234 + 99) x 0.84 t = 1119.72 t, rations 500 x 10 kg = 5 t. Diesel
 * at guam lasts 1234 / 100 = 12.3 days. */
static void details_say_less(void **state)
{
    (void)state;
    two t = two_new();
    ms_buf text = {0};
    house_rules(&t.us, "releases.csv", "to,table,item,detail,amount\n*,stocks,diesel,rounded,100\n");
    make_unsent(&t);
    assert_non_null(strstr(line_of(&text, &t.us, 1, "stocks/guam/diesel/US"), "\"quantity\":\"1200\""));
    assert_non_null(strstr(line_of(&text, &t.us, 1, "stocks/sub-base/diesel/US"), "\"quantity\":\"0\""));
    house_rules(&t.us, "releases.csv",
                "to,table,class,detail,by\n*,stocks,V,withheld,\n*,stocks,,summed,class region\n"
                "*,demands,,summed,week\n");
    make_unsent(&t);
    assert_non_null(strstr(line_of(&text, &t.us, 2, "sums/stocks/III/GU/"), "\"tonnes\":\"1036.56\""));
    assert_non_null(strstr(line_of(&text, &t.us, 2, "sums/stocks/III/US/"), "\"tonnes\":\"83.16\""));
    assert_non_null(strstr(line_of(&text, &t.us, 2, "sums/stocks/I/GU/"), "\"tonnes\":\"5\""));
    assert_string_equal(line_of(&text, &t.us, 2, "sums/stocks/V/GU/"), "");
    assert_non_null(strstr(line_of(&text, &t.us, 2, "sums/demands///1"), "\"tonnes\":\"588\"")); /* 7 x 100 x 0.84 */
    house_rules(&t.us, "releases.csv", "to,table,detail\n*,stocks,days\n");
    make_unsent(&t);
    assert_non_null(strstr(line_of(&text, &t.us, 3, "days/guam/diesel"), "\"days\":\"12.3\""));
    assert_string_equal(line_of(&text, &t.us, 3, "days/guam/ration"), ""); /* nobody eats there */
    ms_buf_free(&text);
    two_free(&t);
}

/* By two days: what goes out on day n is what was there on day n - 2; what is withheld stops at once. */
static void what_goes_out_late_is_what_was(void **state)
{
    (void)state;
    two t = two_new();
    ms_buf text = {0};
    const int64_t before = house_now;
    house_rules(&t.us, "releases.csv", "to,table,item,detail,amount\n*,stocks,diesel,delayed,2\n");
    for (int day = 0; day < 6; day++, house_now += 86400000) {
        char quantity[64];
        set_diesel(&t.us, 1000 + day);
        ms_buf bundle = house_make(&t.us, &t.jp, NULL);
        ms_buf_free(&bundle);
        snprintf(quantity, sizeof quantity, "\"quantity\":\"%d\"", 1000 + day - 2);
        const char *line = line_of(&text, &t.us, day + 1, "stocks/guam/diesel/US");
        if (day < 2)
            assert_string_equal(line, "");
        else
            assert_non_null(strstr(line, quantity));
    }
    house_rules(&t.us, "releases.csv", "to,table,item,detail\n*,stocks,diesel,withheld\n");
    ms_buf bundle = house_make(&t.us, &t.jp, NULL);
    ms_buf_free(&bundle);
    ms_buf_reset(&text);
    assert_int_equal(ms_channel_text(&text, t.us.book, "given", "JP", 7, NULL), MS_OK);
    assert_non_null(strstr(text.text, "{\"drop\":\"stocks/guam/diesel/US\"}"));
    house_now = before;
    ms_buf_free(&text);
    two_free(&t);
}

static void rhythms_are_due(void **state)
{
    (void)state;
    const int64_t day = 86400000, hour = 3600000, friday = 20455 * day; /* 2026-01-02 */
    assert_true(ms_rhythm_is_good("") && ms_rhythm_is_good("hourly") && ms_rhythm_is_good("daily 06:00Z") &&
                ms_rhythm_is_good("weekly mon 23:59Z"));
    assert_false(ms_rhythm_is_good("daily") || ms_rhythm_is_good("daily 24:00Z") || ms_rhythm_is_good("daily 6:00Z") ||
                 ms_rhythm_is_good("weekly foo 06:00Z") || ms_rhythm_is_good("daily 06:00") ||
                 ms_rhythm_is_good("weekly mon"));
    assert_true(ms_rhythm_due("daily 06:00Z", friday + 5 * hour) == friday - 18 * hour);
    assert_true(ms_rhythm_due("daily 06:00Z", friday + 6 * hour) == friday + 6 * hour);
    assert_true(ms_rhythm_due("weekly fri 06:00Z", friday + 7 * hour) == friday + 6 * hour);
    assert_true(ms_rhythm_due("weekly sat 06:00Z", friday + 7 * hour) == friday - 6 * day + 6 * hour);
    assert_true(ms_rhythm_due("hourly", friday + hour + 1) == friday + hour);
    assert_true(ms_rhythm_due("", friday) == -1);
}

/* ---- memory runs short ---- */

typedef struct {
    two *t;
    ms_buf bundle;
} short_work;

static ms_status make_once(void *context)
{
    short_work *w = context;
    ms_release_note note;
    ms_buf_free(&w->bundle);
    return ms_exchange_make(&w->bundle, &note, w->t->us.book, "JP", 0, false, NULL);
}

static ms_status take_once(void *context)
{
    short_work *w = context;
    ms_release_note note;
    return ms_exchange_take(&note, w->t->jp.book, w->bundle.text, w->bundle.length, "b", NULL);
}

static void memory_runs_short(void **state)
{
    (void)state;
    two t = two_new();
    short_work w = {&t, {0}};
    assert_true(each_refusal(make_once, &w) > 100);
    assert_true(each_refusal(take_once, &w) > 100);
    assert_true(house_stock(&t.jp, "guam", "F76", "US") == 1234);
    ms_buf_free(&w.bundle);
    two_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_released_is_what_the_reader_plans_with),
        cmocka_unit_test(only_what_differs_travels),
        cmocka_unit_test(withheld_is_absent),
        cmocka_unit_test(again_is_harmless_and_a_gap_is_named),
        cmocka_unit_test(behind_a_gap_a_whole_release_goes_on),
        cmocka_unit_test(a_fork_is_an_alarm_and_mends),
        cmocka_unit_test(a_reader_restored_from_a_backup_catches_up),
        cmocka_unit_test(each_row_is_refused_for_its_own_reason),
        cmocka_unit_test(what_was_refused_comes_in_once_it_fits),
        cmocka_unit_test(what_is_signed_must_still_fit_together),
        cmocka_unit_test(documents_travel_until_acknowledged),
        cmocka_unit_test(lost_documents_come_back),
        cmocka_unit_test(details_say_less),
        cmocka_unit_test(what_goes_out_late_is_what_was),
        cmocka_unit_test(rhythms_are_due),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests_name("exchange: streams", tests, playground_make, playground_remove);
}
