/* test_exchange_keys.c: a partner's key changes: trust follows by what the key before has signed, and by nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "exchange/bundle.h"
#include "exchange/succession.h"
#include "houses.h"
#include "playground.h"

#define VECTORS "tests/vectors/exchange/"

static const char CASE_TEXT[] = "== case.json\n"
                                "{\"name\":\"two\",\"start\":\"2026-01-01\",\"days\":10}\n"
                                "== partners.csv\n"
                                "partner\nUS\nJP\nAU\nZZ\n"
                                "== sites.csv\n"
                                "site,partner,kind\nnorth,US,depot\nsouth,JP,depot\n"
                                "== items.csv\n"
                                "item,class,kg_per_unit,nsn\nfuel,III,800,9130\n"
                                "== stocks.csv\n"
                                "site,item,partner,quantity\nnorth,fuel,US,100\nsouth,fuel,JP,50\n";
static const char RULES[] = "to,table,site,item,class,detail,amount,by\n*,*,,,,full,,\n";

typedef struct {
    house us, jp;
} pair;

/* Two houses that have each other's first release. */
static pair made_pair(void)
{
    pair p = {house_new("US", CASE_TEXT, RULES), house_new("JP", CASE_TEXT, RULES)};
    house_trust(&p.us, &p.jp);
    house_trust(&p.jp, &p.us);
    house_take(&p.jp, house_make(&p.us, &p.jp, NULL));
    house_take(&p.us, house_make(&p.jp, &p.us, NULL));
    return p;
}

static void pair_free(pair *p)
{
    house_free(&p->us);
    house_free(&p->jp);
}

static void rotate(house *h)
{
    ms_error err = {0};
    house_now += 3600000;
    if (ms_book_rotate_key(h->book, NULL, &err) != MS_OK)
        fail_msg("%s", err.message);
}

static ms_trust trust_in(house *h, const char *partner)
{
    ms_trust trust;
    assert_int_equal(ms_trust_find(&trust, h->book, partner, NULL), MS_OK);
    return trust;
}

/* That a house trusts the key that another has today. */
static void trusts_today(house *h, house *other)
{
    ms_trust trust = trust_in(h, other->name);
    assert_true(ms_public_key_same(&trust.key, ms_book_public(other->book)));
}

/* Takes a bundle that must be refused with these words, and frees it. */
static void refuse(house *h, ms_buf bundle, const char *says)
{
    ms_release_note note;
    ms_error err = {0};
    ms_status status = ms_exchange_take(&note, h->book, bundle.text, bundle.length, "b", &err);
    if (status != MS_BAD_INPUT || strstr(err.message, says) == NULL)
        fail_msg("wanted \"%s\", got %d: %s", says, status, err.message);
    ms_buf_free(&bundle);
}

static void copy_file(const char *from, const char *to)
{
    char *text = NULL;
    size_t length;
    assert_int_equal(ms_file_read(&text, &length, from, 64 << 20, NULL), MS_OK);
    assert_int_equal(ms_file_write(to, text, length, NULL), MS_OK);
    assert_int_equal(chmod(to, 0600), 0);
    ms_free(text);
}

/* A thief's copy of a house: its book and its key as they are now. */
static house steal(house *h)
{
    house thief = *h;
    char to[96], from[96];
    ms_book_close(h->book);
    h->book = NULL;
    snprintf(thief.path, sizeof thief.path, "thief.book");
    copy_file(h->path, thief.path);
    snprintf(from, sizeof from, "%s.key", h->path);
    snprintf(to, sizeof to, "%s.key", thief.path);
    copy_file(from, to);
    thief.book = NULL;
    house_reopen(h);
    house_reopen(&thief);
    return thief;
}

static bool alarmed(house *h, const char *partner)
{
    bool alarm;
    assert_int_equal(ms_trust_alarm(&alarm, h->book, partner, NULL), MS_OK);
    return alarm;
}

static int64_t entries_in(house *h)
{
    int64_t number;
    unsigned char hash[MS_HASH_BYTES];
    assert_int_equal(ms_book_head(&number, hash, h->book, NULL), MS_OK);
    return number;
}

static void trust_follows(void **state)
{
    (void)state;
    pair p = made_pair();
    ms_release_note note;
    ms_bundle_head head;
    house others[2] = {house_new("AU", CASE_TEXT, RULES), house_new("ZZ", CASE_TEXT, RULES)};
    for (int ix = 0; ix < 2; ix++) { /* whose keys it does not lead from */
        house_trust(&p.jp, &others[ix]);
        house_free(&others[ix]);
    }
    rotate(&p.us);
    ms_buf bundle = house_make(&p.us, &p.jp, NULL);
    assert_int_equal(ms_bundle_read_head(&head, bundle.text, bundle.length, "b", NULL), MS_OK);
    assert_int_equal(head.format, 2);
    note = house_take(&p.jp, bundle);
    assert_non_null(strstr(note.remark, "US has another key from now on"));
    trusts_today(&p.jp, &p.us);
    assert_true(trust_in(&p.jp, "US").followed);
    /* there and back under the new key; what went under the old one may be lost, so the answer is whole */
    bundle = house_make(&p.jp, &p.us, &note);
    assert_true(note.whole);
    house_take(&p.us, bundle);
    /* it is acknowledged: nothing is announced any more */
    bundle = house_make(&p.us, &p.jp, &note);
    assert_false(note.whole);
    assert_int_equal(ms_bundle_read_head(&head, bundle.text, bundle.length, "b", NULL), MS_OK);
    assert_int_equal(head.format, 1);
    house_take(&p.jp, bundle);
    pair_free(&p);
}

/* Three keys between two releases; what was made before, and is made again, carries the announcement, too. */
static void trust_follows_several_keys_and_lost_releases(void **state)
{
    (void)state;
    pair p = made_pair();
    ms_error err = {0};
    ms_release_note note;
    ms_buf lost = house_make(&p.us, &p.jp, &note), again = {0};
    int64_t number = note.number;
    ms_buf_free(&lost);
    rotate(&p.us);
    rotate(&p.us);
    house_reopen(&p.us);
    rotate(&p.us);
    assert_int_equal(ms_exchange_make(&again, &note, p.us.book, "JP", number, false, &err), MS_OK);
    assert_non_null(strstr(house_take(&p.jp, again).remark, "another key"));
    trusts_today(&p.jp, &p.us);
    rotate(&p.us);
    house_take(&p.jp, house_make(&p.us, &p.jp, NULL));
    trusts_today(&p.jp, &p.us);
    pair_free(&p);
}

/* Both rotate at once: each other's releases, sealed for keys out of use, are refused; a whole one follows by itself.
 */
static void both_rotate(void **state)
{
    (void)state;
    pair p = made_pair();
    ms_release_note note;
    rotate(&p.us);
    rotate(&p.jp);
    ms_buf to_us = house_make(&p.jp, &p.us, NULL);
    refuse(&p.us, to_us, "a key of yours that is out of use");
    refuse(&p.jp, house_make(&p.us, &p.jp, NULL), "a key of yours that is out of use");
    /* neither can open what the other seals: a public key must go by hand, once, in one direction */
    house_trust(&p.us, &p.jp);
    ms_buf bundle = house_make(&p.us, &p.jp, &note);
    house_take(&p.jp, bundle);
    bundle = house_make(&p.jp, &p.us, &note);
    assert_true(note.whole);
    house_take(&p.us, bundle);
    trusts_today(&p.jp, &p.us);
    pair_free(&p);
}

static void a_withdrawn_key_announces_nothing(void **state)
{
    (void)state;
    pair p = made_pair();
    assert_int_equal(ms_exchange_distrust(p.jp.book, "US", NULL), MS_OK);
    rotate(&p.us);
    ms_buf bundle = house_make(&p.us, &p.jp, NULL), copy = {0};
    ms_buf_put(&copy, bundle.text, bundle.length);
    refuse(&p.jp, bundle, "no longer trusted");
    house_trust(&p.jp, &p.us); /* by hand, after a telephone call */
    house_take(&p.jp, copy);
    pair_free(&p);
}

static void a_replaced_key_is_vouched_for_by_none(void **state)
{
    (void)state;
    pair p = made_pair();
    ms_error err = {0};
    ms_book_close(p.us.book);
    assert_int_equal(unlink("US.book.key"), 0);
    assert_int_equal(ms_book_open(&p.us.book, p.us.path, &(ms_book_options){.clock = house_clock}, &err), MS_OK);
    assert_int_equal(ms_book_replace_key(p.us.book, NULL, &err), MS_OK);
    rotate(&p.us); /* what comes after it is announced, and leads from nowhere that JP knows */
    ms_buf bundle = house_make(&p.us, &p.jp, NULL), copy = {0};
    ms_buf_put(&copy, bundle.text, bundle.length);
    refuse(&p.jp, bundle, "not trusted here");
    house_trust(&p.jp, &p.us);
    house_take(&p.jp, copy);
    pair_free(&p);
}

/* Who has the old key announces another: too late, an alarm; and the old key alone makes nothing that is taken. */
static void a_thief_of_the_old_key_comes_too_late(void **state)
{
    (void)state;
    pair p = made_pair();
    house thief = steal(&p.us);
    rotate(&p.us);
    house_take(&p.jp, house_make(&p.us, &p.jp, NULL));
    refuse(&p.jp, house_make(&thief, &p.jp, NULL), "replaced by another: ask for it again");
    rotate(&thief);
    assert_false(alarmed(&p.jp, "US"));
    ms_buf bundle = house_make(&thief, &p.jp, NULL), copy = {0};
    ms_buf_put(&copy, bundle.text, bundle.length);
    refuse(&p.jp, bundle, "ALARM");
    assert_true(alarmed(&p.jp, "US"));
    int64_t entries = entries_in(&p.jp);
    refuse(&p.jp, copy, "ALARM"); /* it is noted once */
    assert_int_equal(entries_in(&p.jp), entries);
    trusts_today(&p.jp, &p.us);
    house_free(&thief);
    pair_free(&p);
}

/* The thief is first: the right one then raises the alarm, and by hand it is put right. */
static void a_thief_of_the_key_who_is_first_is_found_out(void **state)
{
    (void)state;
    pair p = made_pair();
    house thief = steal(&p.us);
    rotate(&thief);
    assert_non_null(strstr(house_take(&p.jp, house_make(&thief, &p.jp, NULL)).remark, "another key"));
    rotate(&p.us);
    refuse(&p.jp, house_make(&p.us, &p.jp, NULL), "ALARM");
    assert_true(alarmed(&p.jp, "US"));
    house_trust(&p.jp, &p.us);
    assert_false(alarmed(&p.jp, "US"));
    refuse(&p.jp, house_make(&thief, &p.jp, NULL), "replaced by another");
    house_free(&thief);
    pair_free(&p);
}

/* ---- documents ---- */

/* A step of the ledger, signed with today's key; what it says is not the exchange's business. */
static void add_step(house *h, const char *to, int number)
{
    ms_buf body = {0};
    ms_json json;
    ms_error err = {0};
    char text[128], hex[MS_HEX_BYTES], key[16 + MS_HEX_BYTES];
    unsigned char hash[MS_HASH_BYTES], signature[MS_SIGNATURE_BYTES];
    snprintf(text, sizeof text, "{\"by\":\"%s\",\"n\":%d,\"to\":\"%s\"}", h->name, number, to);
    ms_key_sign(signature, ms_book_key(h->book), "mainstay step 1", text, strlen(text));
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "document", text);
    ms_json_string(&json, "signature", ms_hex_put(hex, signature, MS_SIGNATURE_BYTES));
    ms_json_close_object(&json);
    ms_hash(hash, text, strlen(text));
    snprintf(key, sizeof key, "order/%s", ms_hex_put(hex, hash, MS_HASH_BYTES));
    ms_draft draft = {"step", key, body.text, body.length};
    if (ms_book_append(NULL, h->book, &draft, 1, &err) != MS_OK)
        fail_msg("%s", err.message);
    ms_buf_free(&body);
}

/* Steps signed under keys of before, also one that the reader never saw a release of, are their author's still; not so
 * those under a key that was withdrawn. */
static void documents_outlive_their_key(void **state)
{
    (void)state;
    pair p = made_pair();
    add_step(&p.us, "JP", 1);
    rotate(&p.us);
    add_step(&p.us, "JP", 2);
    rotate(&p.us);
    add_step(&p.us, "JP", 3);
    assert_int_equal(house_take(&p.jp, house_make(&p.us, &p.jp, NULL)).documents, 3);
    add_step(&p.us, "JP", 4);
    assert_int_equal(ms_exchange_distrust(p.jp.book, "US", NULL), MS_OK);
    rotate(&p.us);
    house_trust(&p.jp, &p.us);
    ms_release_note note = house_take(&p.jp, house_make(&p.us, &p.jp, NULL));
    assert_int_equal(note.documents, 0);
    assert_non_null(strstr(note.remark, "its signature is not its author's"));
    pair_free(&p);
}

/* ---- the text itself ---- */

/* Whatever byte of it is changed, it leads to no other key than the one that was meant. */
static void no_byte_of_a_succession_can_change(void **state)
{
    (void)state;
    pair p = made_pair();
    ms_public_key before = *ms_book_public(p.us.book);
    rotate(&p.us);
    rotate(&p.us);
    ms_buf text = {0}, public = {0};
    ms_public_key key;
    bool reached;
    assert_int_equal(ms_succession_write(&text, p.us.book, 0, NULL), MS_OK);
    assert_int_equal(ms_succession_follow(&key, &public, &reached, &before, text.text, text.length, "s", NULL), MS_OK);
    assert_true(reached && ms_public_key_same(&key, ms_book_public(p.us.book)));
    for (size_t at = 0; at < text.length; at++) {
        for (int bit = 0; bit < 8; bit += 3) {
            ms_buf other = {0};
            ms_public_key led = before;
            text.text[at] = (char)(text.text[at] ^ (1 << bit));
            ms_status status = ms_succession_follow(&led, &other, &reached, &before, text.text, text.length, "s", NULL);
            if (status == MS_OK && reached && !ms_public_key_same(&led, ms_book_public(p.us.book)))
                fail_msg("byte %zu bit %d leads elsewhere", at, bit);
            text.text[at] = (char)(text.text[at] ^ (1 << bit));
            ms_buf_free(&other);
        }
    }
    for (size_t length = 0; length < text.length; length++) {
        ms_buf other = {0};
        assert_true(ms_succession_follow(&key, &other, &reached, &before, text.text, length, "s", NULL) != MS_OK);
        ms_buf_free(&other);
    }
    ms_buf_free(&text);
    ms_buf_free(&public);
    pair_free(&p);
}

/* tests/vectors/exchange/README.md has where they come from. From the project's folder, before any playground. */
static void the_vectors_lead_to_the_next_key(void **state)
{
    (void)state;
    static const char seed[] = "US: a seed for tests and nothing", next_seed[] = "US: the next seed of these tests",
                      reader_seed[] = "JP: a seed for tests and nothing";
    ms_key *us = NULL, *next = NULL, *jp = NULL;
    char *text = NULL, *release = NULL, *bundle = NULL;
    size_t length, release_length, bundle_length;
    ms_buf public = {0}, succession = {0}, out = {0}, made = {0};
    ms_public_key key;
    bool reached;
    assert_int_equal(ms_key_from_seed(&us, "US", 0, (const unsigned char *)seed, NULL), MS_OK);
    assert_int_equal(ms_key_from_seed(&next, "US", 0, (const unsigned char *)next_seed, NULL), MS_OK);
    assert_int_equal(ms_key_from_seed(&jp, "JP", 0, (const unsigned char *)reader_seed, NULL), MS_OK);
    assert_int_equal(ms_file_read(&text, &length, VECTORS "succession.json", 1 << 20, NULL), MS_OK);
    text[--length] = '\0'; /* the line end is the file's alone */
    assert_int_equal(ms_file_read(&release, &release_length, VECTORS "release.txt", 1 << 20, NULL), MS_OK);
    assert_int_equal(ms_file_read(&bundle, &bundle_length, VECTORS "US-JP-000000000001.rotated.release", 1 << 20, NULL),
                     MS_OK);
    assert_int_equal(ms_succession_follow(&key, &public, &reached, ms_key_public(us), text, length, "s", NULL), MS_OK);
    assert_true(reached && ms_public_key_same(&key, ms_key_public(next)));
    assert_int_equal(ms_succession_follow(&key, &public, &reached, ms_key_public(jp), text, length, "s", NULL), MS_OK);
    assert_false(reached);
    assert_int_equal(ms_bundle_succession(&succession, bundle, bundle_length, jp, "b", NULL), MS_OK);
    assert_int_equal(succession.length, length);
    assert_memory_equal(succession.text, text, length);
    assert_int_equal(ms_bundle_open(&out, bundle, bundle_length, jp, ms_key_public(next), "b", NULL), MS_OK);
    assert_int_equal(out.length, release_length);
    assert_memory_equal(out.text, release, release_length);
    assert_int_equal(ms_bundle_open(&out, bundle, bundle_length, jp, ms_key_public(us), "b", NULL), MS_BAD_INPUT);
    /* sealed again, it opens again; and no byte of it can change */
    assert_int_equal(ms_bundle_seal(&made, release, release_length, 1, next, ms_key_public(jp), &succession, NULL),
                     MS_OK);
    for (size_t at = 0; at < bundle_length; at++) {
        ms_buf none = {0};
        bundle[at] = (char)(bundle[at] ^ 1);
        assert_true(ms_bundle_open(&none, bundle, bundle_length, jp, ms_key_public(next), "b", NULL) != MS_OK);
        bundle[at] = (char)(bundle[at] ^ 1);
        ms_buf_free(&none);
    }
    ms_buf_reset(&out);
    assert_int_equal(ms_bundle_open(&out, made.text, made.length, jp, ms_key_public(next), "b", NULL), MS_OK);
    assert_int_equal(out.length, release_length);
    ms_buf_free(&public);
    ms_buf_free(&succession);
    ms_buf_free(&out);
    ms_buf_free(&made);
    ms_free(text);
    ms_free(release);
    ms_free(bundle);
    ms_key_free(us);
    ms_key_free(next);
    ms_key_free(jp);
}

int main(void)
{
    const struct CMUnitTest vectors[] = {cmocka_unit_test(the_vectors_lead_to_the_next_key)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trust_follows),
        cmocka_unit_test(trust_follows_several_keys_and_lost_releases),
        cmocka_unit_test(both_rotate),
        cmocka_unit_test(a_withdrawn_key_announces_nothing),
        cmocka_unit_test(a_replaced_key_is_vouched_for_by_none),
        cmocka_unit_test(a_thief_of_the_old_key_comes_too_late),
        cmocka_unit_test(a_thief_of_the_key_who_is_first_is_found_out),
        cmocka_unit_test(documents_outlive_their_key),
        cmocka_unit_test(no_byte_of_a_succession_can_change),
    };
    int failed = cmocka_run_group_tests(vectors, NULL, NULL);
    return failed + cmocka_run_group_tests(tests, playground_make, playground_remove);
}
