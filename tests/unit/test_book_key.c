/* test_book_key.c: keys and their files: what follows from a seed, what is refused, what a change of a byte does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "book/key.h"
#include "faults.h"
#include "playground.h"

static const unsigned char SEED[32] = "0123456789abcdef0123456789abcde";

static ms_key *key_of(const char *partner)
{
    ms_key *key = NULL;
    ms_error err = {0};
    if (ms_key_from_seed(&key, partner, 1767225600000, SEED, &err) != MS_OK)
        fail_msg("%s", err.message);
    return key;
}

/* Worked out by other means, Python's hashlib and cryptography: the Ed25519 seed is blake2b(b"mainstay signing",
 * digest_size=32, key=SEED); the X25519 secret is the first half of sha512(blake2b(b"mainstay sealing", ...)); the
 * fingerprint is blake2b(b"mainstay fingerprint 1\0" + signing + sealing + b"US", digest_size=40), five bytes a group.
 */
static void a_seed_gives_the_same_key_everywhere(void **state)
{
    (void)state;
    char hex[MS_HEX_BYTES], fingerprint[MS_FINGERPRINT_BYTES];
    ms_key *key = key_of("US");
    const ms_public_key *public = ms_key_public(key);
    assert_string_equal(ms_hex_put(hex, public->signing, 32),
                        "e3b5dcaf8d0c10478d629e9cfbe4173b1701c6f4ce2e8285ead51782fb26dfb1");
    assert_string_equal(ms_hex_put(hex, public->sealing, 32),
                        "ce29a4276c31f090af834fc2a4acd5094cadef01ab629aed07891454821d8b0f");
    assert_string_equal(ms_public_key_fingerprint(fingerprint, public),
                        "24672 10943 79500 72199 46767 41091 16737 23679");
    ms_key_free(key);
}

static void what_is_signed_is_verified(void **state)
{
    (void)state;
    unsigned char signature[MS_SIGNATURE_BYTES];
    ms_key *key = key_of("US"), *other = NULL;
    assert_int_equal(ms_key_make(&other, "US", 0, NULL), MS_OK);
    ms_key_sign(signature, key, "test 1", "stock", 5);
    assert_true(ms_public_key_verify(ms_key_public(key), "test 1", "stock", 5, signature));
    assert_false(ms_public_key_verify(ms_key_public(key), "test 2", "stock", 5, signature));
    assert_false(ms_public_key_verify(ms_key_public(key), "test 1", "stoch", 5, signature));
    assert_false(ms_public_key_verify(ms_key_public(key), "test 1", "stock", 4, signature));
    assert_false(ms_public_key_verify(ms_key_public(other), "test 1", "stock", 5, signature));
    for (int bit = 0; bit < 8 * MS_SIGNATURE_BYTES; bit++) {
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(ms_public_key_verify(ms_key_public(key), "test 1", "stock", 5, signature));
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    ms_key_free(key);
    ms_key_free(other);
}

static void what_is_sealed_is_opened_by_its_reader_alone(void **state)
{
    (void)state;
    ms_buf sealed = {0}, plain = {0};
    ms_error err = {0};
    ms_key *key = key_of("US"), *other = NULL;
    assert_int_equal(ms_key_make(&other, "JP", 0, NULL), MS_OK);
    assert_int_equal(ms_key_seal(&sealed, key, ms_key_public(key), "stock", 5, &err), MS_OK);
    assert_int_equal(sealed.length, 5 + MS_SEAL_BYTES);
    assert_int_equal(ms_key_unseal(&plain, key, sealed.text, sealed.length, &err), MS_OK);
    assert_string_equal(plain.text, "stock");
    assert_int_equal(ms_key_unseal(&plain, other, sealed.text, sealed.length, &err), MS_BAD_INPUT);
    for (size_t cut = 0; cut < sealed.length; cut++)
        assert_int_equal(ms_key_unseal(&plain, key, sealed.text, cut, &err), MS_BAD_INPUT);
    assert_string_equal(plain.text, "stock");
    ms_buf_free(&sealed);
    ms_buf_free(&plain);
    ms_key_free(key);
    ms_key_free(other);
}

static void files_come_back(void **state)
{
    (void)state;
    ms_error err = {0};
    struct stat is;
    ms_key *key = key_of("US"), *again = NULL;
    assert_int_equal(ms_key_write(key, "a.key", NULL, false, &err), MS_OK);
    assert_int_equal(stat("a.key", &is), 0);
    assert_int_equal(is.st_mode & 0777, 0600);
    assert_int_equal(ms_key_read(&again, "a.key", NULL, &err), MS_OK);
    assert_memory_equal(ms_key_public(again), ms_key_public(key), sizeof(ms_public_key));
    assert_false(ms_key_is_locked("a.key"));
    assert_int_equal(ms_key_write(key, "a.key", NULL, false, &err), MS_USAGE);
    assert_non_null(strstr(err.message, "never overwritten"));
    assert_int_equal(ms_key_write(key, "a.key", NULL, true, &err), MS_OK);
    assert_int_equal(entries_of("."), 1);
    assert_int_equal(ms_key_read(&again, "none.key", NULL, &err), MS_NOT_FOUND);
    ms_key_free(key);
    ms_key_free(again);
    unlink("a.key");
}

static void a_passphrase_is_wanted_and_checked(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_key *key = key_of("US"), *again = NULL;
    assert_int_equal(ms_key_write(key, "b.key", "correct horse", false, &err), MS_OK);
    assert_true(ms_key_is_locked("b.key"));
    assert_int_equal(ms_key_read(&again, "b.key", NULL, &err), MS_USAGE);
    assert_int_equal(ms_key_read(&again, "b.key", "correct horsf", &err), MS_BAD_INPUT);
    assert_string_equal(err.message, "the passphrase is wrong");
    assert_int_equal(ms_key_read(&again, "b.key", "correct horse", &err), MS_OK);
    assert_memory_equal(ms_key_public(again), ms_key_public(key), sizeof(ms_public_key));
    assert_int_equal(ms_key_write(key, "c.key", "", false, &err), MS_USAGE);
    ms_key_free(key);
    ms_key_free(again);
    unlink("b.key");
}

static void what_others_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0640, 0604, 0660, 0611, 0644};
    ms_error err = {0};
    ms_key *key = key_of("US"), *again = NULL;
    assert_int_equal(ms_key_write(key, "a.key", NULL, false, &err), MS_OK);
    for (size_t ix = 0; ix < sizeof open_modes / sizeof open_modes[0]; ix++) {
        assert_int_equal(chmod("a.key", open_modes[ix]), 0);
        assert_int_equal(ms_key_read(&again, "a.key", NULL, &err), MS_BAD_INPUT);
        assert_non_null(strstr(err.message, "others may read"));
    }
    assert_int_equal(chmod("a.key", 0400), 0);
    assert_int_equal(ms_key_read(&again, "a.key", NULL, &err), MS_OK);
    ms_key_free(key);
    ms_key_free(again);
    unlink("a.key");
}

/* Any byte of the file changed: another key than before never comes out of it, and nothing crashes. */
static void a_changed_file_gives_no_other_key(void **state)
{
    (void)state;
    ms_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    ms_key *key = key_of("US"), *again = NULL;
    assert_int_equal(ms_key_write(key, "a.key", NULL, true, &err), MS_OK);
    assert_int_equal(ms_file_read(&bytes, &length, "a.key", 10000, &err), MS_OK);
    for (size_t at = 0; at < length; at++) {
        bytes[at] ^= 1;
        assert_int_equal(ms_file_write("a.key", bytes, length, &err), MS_OK);
        if (ms_key_read(&again, "a.key", NULL, &err) == MS_OK) {
            /* The time is not derived from the seed, blanks mean nothing; all else must be as it was. */
            assert_true(ms_public_key_same(ms_key_public(again), ms_key_public(key)) ||
                        strcmp(ms_key_public(again)->partner, "US") != 0);
            ms_key_free(again);
        }
        bytes[at] ^= 1;
    }
    for (size_t cut = 0; cut < length - 2; cut += 7) {
        assert_int_equal(ms_file_write("a.key", bytes, cut, &err), MS_OK);
        assert_int_equal(ms_key_read(&again, "a.key", NULL, &err), MS_BAD_INPUT);
    }
    ms_free(bytes);
    ms_key_free(key);
    unlink("a.key");
}

static void the_public_half_travels(void **state)
{
    (void)state;
    ms_error err = {0};
    ms_buf text = {0};
    ms_public_key read = {0};
    ms_key *key = key_of("US");
    assert_int_equal(ms_public_key_put(&text, key, &err), MS_OK);
    assert_int_equal(ms_public_key_parse(&read, text.text, text.length, "us.pub", &err), MS_OK);
    assert_memory_equal(&read, ms_key_public(key), sizeof read);
    assert_null(strstr(text.text, "seed"));
    for (size_t at = 0; at < text.length; at++) {
        text.text[at] ^= 1;
        ms_public_key other = {0};
        if (ms_public_key_parse(&other, text.text, text.length, "us.pub", &err) == MS_OK)
            assert_memory_equal(&other, &read, sizeof read); /* only the fingerprint, which is for people, or a blank */
        text.text[at] ^= 1;
    }
    ms_buf_free(&text);
    assert_int_equal(ms_key_write(key, "a.key", NULL, true, &err), MS_OK);
    char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(ms_file_read(&bytes, &length, "a.key", 10000, &err), MS_OK);
    assert_int_equal(ms_public_key_parse(&read, bytes, length, "a.key", &err), MS_BAD_INPUT);
    assert_non_null(strstr(err.message, "never give that away"));
    ms_free(bytes);
    ms_key_free(key);
    unlink("a.key");
}

static void partners_have_plain_ids(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "a b", "a/b", "a\tb", "a\x7F", "\xFF", "0123456789012345678901234567890123456789012345678901234567890123x"};
    ms_key *key = NULL;
    for (size_t ix = 0; ix < sizeof wrong / sizeof wrong[0]; ix++)
        assert_int_equal(ms_key_make(&key, wrong[ix], 0, NULL), MS_USAGE);
    assert_null(key);
}

static ms_status write_and_read(void *context)
{
    ms_error err = {0};
    ms_key *key = NULL, *again = NULL;
    ms_buf text = {0};
    ms_public_key public;
    (void)context;
    unlink("m.key");
    ms_status status = ms_key_from_seed(&key, "US", 0, SEED, &err);
    if (status == MS_OK)
        status = ms_key_write(key, "m.key", NULL, false, &err);
    if (status == MS_OK)
        status = ms_key_read(&again, "m.key", NULL, &err);
    if (status == MS_OK)
        status = ms_public_key_put(&text, again, &err);
    if (status == MS_OK)
        status = ms_public_key_parse(&public, text.text, text.length, "x", &err);
    ms_buf_free(&text);
    ms_key_free(key);
    ms_key_free(again);
    return status;
}

static void memory_runs_short(void **state)
{
    (void)state;
    assert_true(each_refusal(write_and_read, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_same_key_everywhere),
        cmocka_unit_test(what_is_signed_is_verified),
        cmocka_unit_test(what_is_sealed_is_opened_by_its_reader_alone),
        cmocka_unit_test(files_come_back),
        cmocka_unit_test(a_passphrase_is_wanted_and_checked),
        cmocka_unit_test(what_others_may_read_is_refused),
        cmocka_unit_test(a_changed_file_gives_no_other_key),
        cmocka_unit_test(the_public_half_travels),
        cmocka_unit_test(partners_have_plain_ids),
        cmocka_unit_test(memory_runs_short),
    };
    return cmocka_run_group_tests(tests, playground_make, playground_remove);
}
