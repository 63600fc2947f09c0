/* test_exchange_release.c: pictures, releases as text, and bundles: there and back, and everything that may be wrong
 * with what comes from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zstd.h>

#include "base/file.h"
#include "exchange/bundle.h"
#include "exchange/release.h"
#include "faults.h"

static const unsigned char SEED_US[32] = "US: a seed for tests and nothing",
                           SEED_JP[32] = "JP: a seed for tests and nothing";

static ms_key *key_of(const char *partner, const unsigned char *seed)
{
    ms_key *key = NULL;
    assert_int_equal(ms_key_from_seed(&key, partner, 0, seed, NULL), MS_OK);
    return key;
}

static void put(ms_picture *picture, const char *key, const char *line)
{
    assert_int_equal(ms_picture_put(picture, key, line, strlen(line), NULL), MS_OK);
}

/* ---- pictures ---- */

static void the_last_word_counts(void **state)
{
    (void)state;
    ms_picture picture;
    assert_int_equal(ms_picture_start(&picture, NULL), MS_OK);
    put(&picture, "b", "1");
    put(&picture, "a", "2");
    put(&picture, "b", "3");
    put(&picture, "c", "4");
    assert_int_equal(ms_picture_drop(&picture, "c", NULL), MS_OK);
    ms_picture_settle(&picture);
    assert_int_equal(picture.count, 2);
    assert_string_equal(picture.records[0].key, "a");
    assert_string_equal(ms_picture_find(&picture, "b")->line, "3");
    assert_null(ms_picture_find(&picture, "c"));
    put(&picture, "c", "5"); /* and on */
    ms_picture_settle(&picture);
    assert_string_equal(ms_picture_find(&picture, "c")->line, "5");
    ms_picture_free(&picture);
}

static ms_status note(void *context, const ms_record *before, const ms_record *after, ms_error *err)
{
    (void)err;
    ms_buf_printf(context, "%s%s%s ", before != NULL ? before->line : "", after != NULL ? ">" : "",
                  after != NULL ? after->line : "");
    return MS_OK;
}

static void a_comparison_names_what_differs(void **state)
{
    (void)state;
    ms_picture before, after;
    ms_buf said = {0};
    assert_int_equal(ms_picture_start(&before, NULL), MS_OK);
    assert_int_equal(ms_picture_start(&after, NULL), MS_OK);
    put(&before, "a", "a1");
    put(&before, "b", "b1");
    put(&before, "d", "d1");
    put(&after, "b", "b2");
    put(&after, "c", "c2");
    put(&after, "d", "d1");
    ms_picture_settle(&before);
    ms_picture_settle(&after);
    assert_int_equal(ms_picture_compare(&before, &after, note, &said, NULL), MS_OK);
    assert_string_equal(said.text, "a1 b1>b2 >c2 ");
    ms_buf_free(&said);
    ms_picture_free(&before);
    ms_picture_free(&after);
}

/* ---- releases as text ---- */

static void fill(ms_release *release)
{
    assert_int_equal(ms_release_start(release, NULL), MS_OK);
    strcpy(release->from, "US");
    strcpy(release->to, "JP");
    strcpy(release->currency, "USD");
    strcpy(release->rhythm, "daily 06:00Z");
    release->number = 12;
    release->time_ms = 1767225600000;
    release->start_day = 20454; /* 2026-01-01 */
    release->taken = 7;
    memset(release->previous, 0xAB, MS_HASH_BYTES);
    put(&release->changes, "stocks/a/b/US",
        "{\"detail\":\"full\",\"key\":\"stocks/a/b/US\",\"row\":{},\"table\":\"stocks\"}");
    assert_int_equal(ms_picture_drop(&release->changes, "stocks/a/c/US", NULL), MS_OK);
    assert_int_equal(ms_release_add_document(release, "o/1", "{\"document\":\"{}\",\"signature\":\"\"}", NULL), MS_OK);
    assert_int_equal(ms_release_add_refusal(release, "stocks/x", "there is no site \"x\"", NULL), MS_OK);
}

static void text_of(ms_buf *out)
{
    ms_release release;
    fill(&release);
    assert_int_equal(ms_release_write(out, &release, NULL), MS_OK);
    ms_release_free(&release);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    ms_buf text = {0}, again = {0};
    ms_release release;
    text_of(&text);
    assert_int_equal(ms_release_read(&release, text.text, text.length, "r", NULL), MS_OK);
    assert_int_equal(release.number, 12);
    assert_int_equal(release.changes.count, 2);
    assert_int_equal(release.document_count, 1);
    assert_string_equal(release.refusals[0].why, "there is no site \"x\"");
    assert_int_equal(release.start_day, 20454);
    assert_int_equal(ms_release_write(&again, &release, NULL), MS_OK);
    assert_string_equal(text.text, again.text);
    ms_release_free(&release);
    ms_buf_free(&text);
    ms_buf_free(&again);
}

static void refuses(const char *text, const char *message)
{
    ms_release release;
    ms_error err = {0};
    assert_int_equal(ms_release_read(&release, text, strlen(text), "r", &err), MS_BAD_INPUT);
    if (strstr(err.message, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    assert_null(release.changes.arena);
}

/* text with the first `was` replaced by `is`. */
static void refuses_with(const char *text, const char *was, const char *is, const char *message)
{
    ms_buf changed = {0};
    const char *at = strstr(text, was);
    assert_non_null(at);
    ms_buf_put(&changed, text, (size_t)(at - text));
    ms_buf_text(&changed, is);
    ms_buf_text(&changed, at + strlen(was));
    refuses(changed.text, message);
    ms_buf_free(&changed);
}

static void every_slip_is_named(void **state)
{
    (void)state;
    ms_buf text = {0};
    text_of(&text);
    refuses("", "cut short");
    refuses("[]\n", "not an object");
    refuses("{}\n", "release");
    refuses_with(text.text, "\"release\":1", "\"release\":2", "newer than this program");
    refuses_with(text.text, "\"number\":12", "\"number\":0", "number");
    refuses_with(text.text, "\"number\":12", "\"number\":\"12\"", "number");
    refuses_with(text.text, "\"from\":\"US\"", "\"from\":\"U\\u0000S\"", "NUL");
    refuses_with(text.text, "\"from\":\"US\"", "\"from\":\"U\\u001bS\"", "from");
    refuses_with(text.text, "2026-01-01", "2026-13-01", "date");
    refuses_with(text.text, "abab", "abax", "hash");
    refuses_with(text.text, "\"lines\":4", "\"lines\":3", "more lines");
    refuses_with(text.text, "\"lines\":4", "\"lines\":5", "fewer lines");
    refuses_with(text.text, "\"drop\"", "\"dorp\"", "must have one of");
    refuses_with(text.text, "\"whole\":false", "\"whole\":0", "true or false");
    refuses_with(text.text, "\"why\"", "\"whi\"", "its reason");
    text.text[text.length - 1] = ' ';
    refuses(text.text, "no end");
    ms_buf_free(&text);
}

/* ---- bundles ---- */

typedef struct {
    ms_key *us, *jp;
    ms_buf text, bundle;
} trip;

static trip sealed(void)
{
    trip t = {key_of("US", SEED_US), key_of("JP", SEED_JP), {0}, {0}};
    text_of(&t.text);
    assert_int_equal(ms_bundle_seal(&t.bundle, t.text.text, t.text.length, 12, t.us, ms_key_public(t.jp), NULL, NULL),
                     MS_OK);
    return t;
}

static void trip_free(trip *t)
{
    ms_key_free(t->us);
    ms_key_free(t->jp);
    ms_buf_free(&t->text);
    ms_buf_free(&t->bundle);
}

static void a_bundle_opens_for_its_reader_alone(void **state)
{
    (void)state;
    trip t = sealed();
    ms_buf out = {0};
    ms_error err = {0};
    assert_int_equal(ms_bundle_open(&out, t.bundle.text, t.bundle.length, t.jp, ms_key_public(t.us), "b", &err), MS_OK);
    assert_string_equal(out.text, t.text.text);
    assert_int_equal(ms_bundle_open(&out, t.bundle.text, t.bundle.length, t.us, ms_key_public(t.us), "b", &err),
                     MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "another reader"));
    assert_int_equal(ms_bundle_open(&out, t.bundle.text, t.bundle.length, t.jp, ms_key_public(t.jp), "b", &err),
                     MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "not made with the key of JP"));
    ms_buf_free(&out);
    trip_free(&t);
}

static void no_byte_can_change_or_go(void **state)
{
    (void)state;
    trip t = sealed();
    for (size_t at = 0; at < t.bundle.length; at++) {
        ms_buf out = {0};
        t.bundle.text[at] = (char)(t.bundle.text[at] ^ (1 << at % 8));
        assert_int_equal(ms_bundle_open(&out, t.bundle.text, t.bundle.length, t.jp, ms_key_public(t.us), "b", NULL),
                         MS_BAD_INPUT);
        assert_int_equal(out.length, 0);
        t.bundle.text[at] = (char)(t.bundle.text[at] ^ (1 << at % 8));
        assert_int_equal(ms_bundle_open(&out, t.bundle.text, at, t.jp, ms_key_public(t.us), "b", NULL), MS_BAD_INPUT);
        ms_buf_free(&out);
    }
    trip_free(&t);
}

/* Somebody who is not the writer seals what he signed himself, under the writer's name. */
static void a_forger_is_refused(void **state)
{
    (void)state;
    trip t = sealed();
    ms_key *forger = NULL;
    ms_buf forged = {0}, out = {0};
    ms_error err = {0};
    assert_int_equal(ms_key_make(&forger, "US", 0, NULL), MS_OK);
    assert_int_equal(ms_bundle_seal(&forged, t.text.text, t.text.length, 12, forger, ms_key_public(t.jp), NULL, NULL),
                     MS_OK);
    memcpy(forged.text + 32, t.bundle.text + 32, MS_HASH_BYTES); /* "from": the name of the real one's key */
    assert_int_equal(ms_bundle_open(&out, forged.text, forged.length, t.jp, ms_key_public(t.us), "b", &err),
                     MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "forged"));
    ms_key_free(forger);
    ms_buf_free(&forged);
    ms_buf_free(&out);
    trip_free(&t);
}

/* A zstd frame of few bytes that says it unpacks to more than is read: refused by what it says, before any memory. */
static void a_bomb_does_not_go_off(void **state)
{
    (void)state;
    trip t = sealed();
    const size_t size = (size_t)MS_RELEASE_BYTES + 1;
    char *zeros = ms_alloc(size, 1), *frame = ms_alloc(1 << 20, 1);
    size_t length = ZSTD_compress(frame, 1 << 20, zeros, size, 1);
    assert_false(ZSTD_isError(length));
    ms_buf forged = {0}, piece = {0}, out = {0};
    ms_error err = {0};
    unsigned char signature[MS_SIGNATURE_BYTES];
    uint64_t sealed_length = length + MS_SIGNATURE_BYTES + MS_SEAL_BYTES;
    ms_buf_put(&forged, t.bundle.text, MS_BUNDLE_HEAD_BYTES);
    memcpy(forged.text + 24, &sealed_length, 8); /* this machine is little-endian, as the format */
    ms_buf_put(&piece, forged.text, forged.length);
    ms_buf_put(&piece, frame, length);
    ms_key_sign(signature, t.us, "mainstay release 1", piece.text, piece.length);
    ms_buf_reset(&piece);
    ms_buf_put(&piece, (const char *)signature, sizeof signature);
    ms_buf_put(&piece, frame, length);
    assert_int_equal(ms_key_seal(&forged, t.us, ms_key_public(t.jp), piece.text, piece.length, NULL), MS_OK);
    assert_int_equal(ms_bundle_open(&out, forged.text, forged.length, t.jp, ms_key_public(t.us), "b", &err),
                     MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "128 are read"));
    ms_free(zeros);
    ms_free(frame);
    ms_buf_free(&forged);
    ms_buf_free(&piece);
    ms_buf_free(&out);
    trip_free(&t);
}

static void a_newer_format_is_refused_politely(void **state)
{
    (void)state;
    trip t = sealed();
    ms_bundle_head head;
    ms_error err = {0};
    t.bundle.text[8] = 3;
    assert_int_equal(ms_bundle_read_head(&head, t.bundle.text, t.bundle.length, "b", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "format 3, which is newer than this program"));
    t.bundle.text[8] = 1;
    t.bundle.text[4] = '\n'; /* as a copy in text mode does */
    assert_int_equal(ms_bundle_read_head(&head, t.bundle.text, t.bundle.length, "b", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "text mode"));
    trip_free(&t);
}

/* ---- known answers: tests/vectors/exchange/README.md has where they come from ---- */

static void the_vectors_open(void **state)
{
    (void)state;
    ms_key *us = key_of("US", SEED_US), *jp = key_of("JP", SEED_JP);
    char *text = NULL, *bundle = NULL, hex[MS_HEX_BYTES];
    size_t text_length, bundle_length;
    unsigned char hash[MS_HASH_BYTES];
    ms_buf out = {0};
    ms_release release;
    assert_int_equal(ms_file_read(&text, &text_length, "tests/vectors/exchange/release.txt", 1 << 20, NULL), MS_OK);
    assert_int_equal(
        ms_file_read(&bundle, &bundle_length, "tests/vectors/exchange/US-JP-000000000001.release", 1 << 20, NULL),
        MS_OK);
    assert_string_equal(ms_hex_put(hex, ms_key_public(us)->signing, 32),
                        "19284734315376c6ba2cab24a91ab4f2c10cdf12d56d7696d203bd3cc16553a7");
    assert_string_equal(ms_hex_put(hex, ms_key_public(jp)->sealing, 32),
                        "4d5c6dc56e89ba147ed1b7fd4c7a8b14cdc1d171fb69082ae107f2b4766ca71c");
    assert_int_equal(ms_bundle_open(&out, bundle, bundle_length, jp, ms_key_public(us), "b", NULL), MS_OK);
    assert_int_equal(out.length, text_length);
    assert_memory_equal(out.text, text, text_length);
    ms_hash(hash, text, text_length);
    assert_string_equal(ms_hex_put(hex, hash, 32), "ce2e681cb908a9f8d5166e0d7b4f1ad962a7dc86386229547536a21874162dd1");
    assert_int_equal(ms_release_read(&release, text, text_length, "r", NULL), MS_OK);
    ms_picture_settle(&release.changes);
    assert_int_equal(ms_picture_digest(hash, &release.changes, NULL), MS_OK);
    assert_string_equal(ms_hex_put(hex, hash, 32), "e9d88c2f90911ffa33a1778654852c1c36eb92ed86732644a4fc571870d55c9c");
    assert_memory_equal(hash, release.digest, MS_HASH_BYTES);
    ms_release_free(&release);
    ms_buf_free(&out);
    ms_free(text);
    ms_free(bundle);
    ms_key_free(us);
    ms_key_free(jp);
}

/* ---- memory runs short ---- */

static ms_status there_and_back(void *context)
{
    trip *t = context;
    ms_release release = {0};
    ms_buf bundle = {0}, out = {0};
    ms_status status = ms_bundle_seal(&bundle, t->text.text, t->text.length, 12, t->us, ms_key_public(t->jp), NULL,
                                      NULL);
    if (status == MS_OK)
        status = ms_bundle_open(&out, bundle.text, bundle.length, t->jp, ms_key_public(t->us), "b", NULL);
    if (status == MS_OK)
        status = ms_release_read(&release, out.text, out.length, "b", NULL);
    ms_release_free(&release);
    ms_buf_free(&bundle);
    ms_buf_free(&out);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    trip t = sealed();
    assert_true(each_refusal(there_and_back, &t) > 10);
    trip_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_word_counts),
        cmocka_unit_test(a_comparison_names_what_differs),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(every_slip_is_named),
        cmocka_unit_test(a_bundle_opens_for_its_reader_alone),
        cmocka_unit_test(no_byte_can_change_or_go),
        cmocka_unit_test(a_forger_is_refused),
        cmocka_unit_test(a_bomb_does_not_go_off),
        cmocka_unit_test(a_newer_format_is_refused_politely),
        cmocka_unit_test(the_vectors_open),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests_name("exchange: releases and bundles", tests, NULL, NULL);
}
