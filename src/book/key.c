/* key.c: key pairs: making them, signing, sealing, fingerprints. See key.h; key_file.c has their files.
 *
 * Both pairs come from one seed of 32 random bytes, so that the seed is all there is to keep: the signing pair from
 * BLAKE2b-256 of "mainstay signing", keyed with the seed, the sealing pair from "mainstay sealing" likewise.
 */
#include "book/key_private.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

ms_status ms_key_ready(ms_error *err)
{
    if (sodium_init() < 0)
        return ms_error_set(err, MS_INTERNAL, "this machine gives no random numbers, so no keys can be used");
    return MS_OK;
}

static ms_status check_partner(const char *partner, ms_error *err)
{
    size_t length = strlen(partner);
    bool plain = length > 0 && length < MS_PARTNER_BYTES;
    for (size_t ix = 0; plain && ix < length; ix++)
        plain = (unsigned char)partner[ix] > ' ' && partner[ix] != '/' && partner[ix] != 0x7F;
    if (!plain || ms_utf8_valid_prefix(partner, length) != length)
        return ms_error_set(err, MS_USAGE, "\"%s\" is no id of a partner: up to %d bytes, without blanks and \"/\"",
                            partner, MS_PARTNER_BYTES - 1);
    return MS_OK;
}

static void derive(unsigned char out[32], const unsigned char seed[MS_SEED_BYTES], const char *use)
{
    crypto_generichash(out, 32, (const unsigned char *)use, strlen(use), seed, MS_SEED_BYTES);
}

ms_status ms_key_from_seed(ms_key **out, const char *partner, int64_t made_ms, const unsigned char seed[32],
                           ms_error *err)
{
    unsigned char derived[32];
    MS_TRY(ms_key_ready(err));
    MS_TRY(check_partner(partner, err));
    ms_key *key = ms_alloc(1, sizeof *key);
    if (key == NULL)
        return ms_error_memory(err);
    sodium_mlock(key, sizeof *key); /* where the system allows it */
    memcpy(key->seed, seed, MS_SEED_BYTES);
    snprintf(key->public.partner, sizeof key->public.partner, "%s", partner);
    key->public.made_ms = made_ms;
    derive(derived, seed, "mainstay signing");
    crypto_sign_seed_keypair(key->public.signing, key->signing, derived);
    derive(derived, seed, "mainstay sealing");
    crypto_box_seed_keypair(key->public.sealing, key->sealing, derived);
    sodium_memzero(derived, sizeof derived);
    *out = key;
    return MS_OK;
}

ms_status ms_key_make(ms_key **out, const char *partner, int64_t made_ms, ms_error *err)
{
    unsigned char seed[MS_SEED_BYTES];
    MS_TRY(ms_key_ready(err));
    randombytes_buf(seed, sizeof seed);
    ms_status status = ms_key_from_seed(out, partner, made_ms, seed, err);
    sodium_memzero(seed, sizeof seed);
    return status;
}

void ms_key_free(ms_key *key)
{
    if (key == NULL)
        return;
    sodium_munlock(key, sizeof *key); /* wipes it too */
    ms_free(key);
}

const ms_public_key *ms_key_public(const ms_key *key)
{
    return &key->public;
}

bool ms_public_key_same(const ms_public_key *a, const ms_public_key *b)
{
    return strcmp(a->partner, b->partner) == 0 && memcmp(a->signing, b->signing, MS_PUBLIC_BYTES) == 0 &&
           memcmp(a->sealing, b->sealing, MS_PUBLIC_BYTES) == 0;
}

/* Eight groups of five digits: each is 5 bytes of a BLAKE2b-320 hash, most significant first, modulo 100,000. */
char *ms_public_key_fingerprint(char out[MS_FINGERPRINT_BYTES], const ms_public_key *key)
{
    static const char purpose[] = "mainstay fingerprint 1";
    unsigned char hash[40];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)purpose, sizeof purpose);
    crypto_generichash_update(&state, key->signing, sizeof key->signing);
    crypto_generichash_update(&state, key->sealing, sizeof key->sealing);
    crypto_generichash_update(&state, (const unsigned char *)key->partner, strlen(key->partner));
    crypto_generichash_final(&state, hash, sizeof hash);
    for (int group = 0; group < 8; group++) {
        uint64_t value = 0;
        for (int ix = 0; ix < 5; ix++)
            value = value << 8 | hash[5 * group + ix];
        snprintf(out + 6 * group, 7, "%05u%s", (unsigned)(value % 100000), group < 7 ? " " : "");
    }
    return out;
}

/* ---- signing ---- */

enum { PURPOSE_BYTES = 64 };

/* purpose, a zero byte, BLAKE2b-256 of the bytes. Returns the length. */
static size_t signed_bytes(unsigned char out[PURPOSE_BYTES + MS_HASH_BYTES], const char *purpose, const void *bytes,
                           size_t length)
{
    size_t used = strlen(purpose) + 1;
    assert(used <= PURPOSE_BYTES);
    memcpy(out, purpose, used);
    ms_hash(out + used, bytes, length);
    return used + MS_HASH_BYTES;
}

void ms_key_sign(unsigned char out[MS_SIGNATURE_BYTES], const ms_key *key, const char *purpose, const void *bytes,
                 size_t length)
{
    unsigned char message[PURPOSE_BYTES + MS_HASH_BYTES];
    size_t used = signed_bytes(message, purpose, bytes, length);
    crypto_sign_detached(out, NULL, message, used, key->signing);
}

bool ms_public_key_verify(const ms_public_key *key, const char *purpose, const void *bytes, size_t length,
                          const unsigned char signature[MS_SIGNATURE_BYTES])
{
    unsigned char message[PURPOSE_BYTES + MS_HASH_BYTES];
    size_t used = signed_bytes(message, purpose, bytes, length);
    return crypto_sign_verify_detached(signature, message, used, key->signing) == 0;
}

/* ---- sealing ---- */

/* The pair of one sealed box: from BLAKE2b-256 of "mainstay ephemeral", a zero byte, the reader's key and the hash of
 * the bytes, keyed with the sender's seed. Other bytes or another reader give another pair. */
static void make_ephemeral(unsigned char public[crypto_box_PUBLICKEYBYTES],
                           unsigned char secret[crypto_box_SECRETKEYBYTES], const ms_key *from, const ms_public_key *to,
                           const void *bytes, size_t length)
{
    static const char use[] = "mainstay ephemeral";
    unsigned char hash[MS_HASH_BYTES], seed[crypto_box_SEEDBYTES];
    crypto_generichash_state state;
    ms_hash(hash, bytes, length);
    crypto_generichash_init(&state, from->seed, MS_SEED_BYTES, sizeof seed);
    crypto_generichash_update(&state, (const unsigned char *)use, sizeof use);
    crypto_generichash_update(&state, to->sealing, MS_PUBLIC_BYTES);
    crypto_generichash_update(&state, hash, sizeof hash);
    crypto_generichash_final(&state, seed, sizeof seed);
    crypto_box_seed_keypair(public, secret, seed);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&state, sizeof state);
}

/* As crypto_box_seal does it, but for the pair: the public half, and the box with the nonce BLAKE2b-192 of both public
 * keys. */
ms_status ms_key_seal(ms_buf *out, const ms_key *from, const ms_public_key *to, const void *bytes, size_t length,
                      ms_error *err)
{
    unsigned char public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES], nonce[crypto_box_NONCEBYTES];
    crypto_generichash_state state;
    unsigned char *sealed = ms_alloc(length + MS_SEAL_BYTES, 1);
    if (sealed == NULL)
        return ms_error_memory(err);
    make_ephemeral(public, secret, from, to, bytes, length);
    crypto_generichash_init(&state, NULL, 0, sizeof nonce);
    crypto_generichash_update(&state, public, sizeof public);
    crypto_generichash_update(&state, to->sealing, MS_PUBLIC_BYTES);
    crypto_generichash_final(&state, nonce, sizeof nonce);
    memcpy(sealed, public, sizeof public);
    int result = crypto_box_easy(sealed + sizeof public, bytes, length, nonce, to->sealing, secret);
    sodium_memzero(secret, sizeof secret);
    if (result == 0)
        ms_buf_put(out, (const char *)sealed, length + MS_SEAL_BYTES);
    ms_free(sealed);
    if (result != 0)
        return ms_error_set(err, MS_BAD_INPUT, "the public key of %s cannot be sealed to", to->partner);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_key_unseal(ms_buf *out, const ms_key *key, const void *sealed, size_t length, ms_error *err)
{
    if (length < MS_SEAL_BYTES)
        return ms_error_set(err, MS_BAD_INPUT, "%zu bytes are too few to be sealed", length);
    size_t plain_length = length - MS_SEAL_BYTES;
    unsigned char *plain = ms_alloc(plain_length, 1);
    if (plain == NULL)
        return ms_error_memory(err);
    ms_status status = MS_OK;
    if (crypto_box_seal_open(plain, sealed, length, key->public.sealing, key->sealing) != 0)
        status = ms_error_set(err, MS_BAD_INPUT, "it was sealed for another key, or has been changed since");
    else
        ms_buf_put(out, (const char *)plain, plain_length);
    sodium_memzero(plain, plain_length);
    ms_free(plain);
    return status == MS_OK && out->failed ? ms_error_memory(err) : status;
}
