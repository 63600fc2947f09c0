/* key_file.c: the secret and the public file of a key. See key.h; docs/book.md has both formats.
 *
 * A secret file holds the seed from which both pairs follow, in the clear or in a secret box whose key Argon2id makes
 * from a passphrase. It is created 0600 and refused when group or others have any right to it: a copy on a shared
 * folder is no secret. What the file says about the public half is checked against the seed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_private.h"
#include "base/json.h"
#include "book/key_private.h"

enum { FILE_BYTES_MOST = 16384, BOX_BYTES = MS_SEED_BYTES + crypto_secretbox_MACBYTES };

static const char SECRET_WORD[] = "mainstay secret key 1", PUBLIC_WORD[] = "mainstay public key 1";

/* What Argon2id takes for a new file: moderate, as libsodium calls it, is about 0.7 s and 256 MiB, too much for a small
 * laptop; this is a quarter of the memory. A file may ask for up to MEMORY_MOST. */
enum { OPERATIONS = 4, OPERATIONS_MOST = 16, MEMORY = 64 << 20, MEMORY_MOST = 256 << 20 };

/* ---- the public half ---- */

/* The line that a key signs about itself: partner, both keys, time. */
static ms_status public_line(ms_buf *out, const ms_public_key *key, ms_error *err)
{
    char signing[MS_HEX_BYTES], sealing[MS_HEX_BYTES];
    ms_buf_printf(out, "%s %s %s %lld", key->partner, ms_hex_put(signing, key->signing, MS_PUBLIC_BYTES),
                  ms_hex_put(sealing, key->sealing, MS_PUBLIC_BYTES), (long long)key->made_ms);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

static void put_public_fields(ms_json *json, const ms_public_key *key)
{
    char hex[MS_HEX_BYTES];
    ms_json_integer(json, "made_ms", key->made_ms);
    ms_json_string(json, "partner", key->partner);
    ms_json_string(json, "sealing", ms_hex_put(hex, key->sealing, MS_PUBLIC_BYTES));
    ms_json_string(json, "signing", ms_hex_put(hex, key->signing, MS_PUBLIC_BYTES));
}

ms_status ms_public_key_put(ms_buf *out, const ms_key *key, ms_error *err)
{
    char fingerprint[MS_FINGERPRINT_BYTES], hex[MS_HEX_BYTES];
    unsigned char signature[MS_SIGNATURE_BYTES];
    ms_buf line = {0};
    ms_json json;
    ms_status status = public_line(&line, &key->public, err);
    if (status == MS_OK) {
        ms_key_sign(signature, key, PUBLIC_WORD, line.text, line.length);
        ms_json_start(&json, out);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "file", PUBLIC_WORD);
        ms_json_string(&json, "fingerprint", ms_public_key_fingerprint(fingerprint, &key->public));
        put_public_fields(&json, &key->public);
        ms_json_string(&json, "signature", ms_hex_put(hex, signature, sizeof signature));
        ms_json_close_object(&json);
        ms_json_finish(&json);
        if (out->failed)
            status = ms_error_memory(err);
    }
    ms_buf_free(&line);
    return status;
}

static ms_status wrong_key(ms_error *err, const char *file, const char *what)
{
    return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "is no key file of Mainstay, or was changed: %s", what);
}

static bool hex_of(unsigned char *out, size_t length, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && ms_hex_parse(out, length, text);
}

static ms_status parse_public_fields(ms_public_key *out, const json_t *object, const char *file, ms_error *err)
{
    const char *partner = json_string_value(json_object_get(object, "partner"));
    const json_t *made = json_object_get(object, "made_ms");
    if (partner == NULL || partner[0] == '\0' || strlen(partner) >= sizeof out->partner)
        return wrong_key(err, file, "no partner");
    if (!json_is_integer(made))
        return wrong_key(err, file, "no time");
    if (!hex_of(out->signing, MS_PUBLIC_BYTES, object, "signing") ||
        !hex_of(out->sealing, MS_PUBLIC_BYTES, object, "sealing"))
        return wrong_key(err, file, "no keys of 64 hexadecimal digits");
    snprintf(out->partner, sizeof out->partner, "%s", partner);
    out->made_ms = json_integer_value(made);
    return MS_OK;
}

/* The object in text, of which "file" must be word. */
static ms_status parse_object(json_t **out, const char *text, size_t length, const char *word, const char *file,
                              ms_error *err)
{
    json_t *object = NULL;
    MS_TRY(ms_json_parse(&object, text, length, file, err));
    const char *said = json_string_value(json_object_get(object, "file"));
    ms_status status = MS_OK;
    if (said == NULL)
        status = wrong_key(err, file, "it does not say that it is one");
    else if (strcmp(said, word) != 0 && strcmp(said, SECRET_WORD) == 0)
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0,
                             "is a secret key; never give that away: `mainstay exchange key` writes the public one");
    else if (strcmp(said, word) != 0 && strcmp(said, PUBLIC_WORD) == 0)
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "is a public key; the secret one is wanted");
    else if (strcmp(said, word) != 0)
        status = ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "is \"%s\", which this version does not know", said);
    if (status != MS_OK)
        json_decref(object);
    else
        *out = object;
    return status;
}

ms_status ms_public_key_parse(ms_public_key *out, const char *text, size_t length, const char *file, ms_error *err)
{
    json_t *object = NULL;
    ms_public_key key = {0};
    unsigned char signature[MS_SIGNATURE_BYTES];
    ms_buf line = {0};
    MS_TRY(ms_key_ready(err));
    MS_TRY(parse_object(&object, text, length, PUBLIC_WORD, file, err));
    ms_status status = parse_public_fields(&key, object, file, err);
    if (status == MS_OK)
        status = public_line(&line, &key, err);
    if (status == MS_OK && (!hex_of(signature, sizeof signature, object, "signature") ||
                            !ms_public_key_verify(&key, PUBLIC_WORD, line.text, line.length, signature)))
        status = wrong_key(err, file, "its signature does not fit");
    ms_buf_free(&line);
    json_decref(object);
    if (status == MS_OK)
        *out = key;
    return status;
}

/* ---- the secret file ---- */

/* The key of the box, from the passphrase; MS_NO_MEMORY where Argon2id gets none. */
static ms_status stretch(unsigned char out[crypto_secretbox_KEYBYTES], const char *passphrase,
                         const unsigned char salt[crypto_pwhash_SALTBYTES], unsigned long long operations,
                         size_t memory, ms_error *err)
{
    if (crypto_pwhash(out, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), salt, operations, memory,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ms_error_set(err, MS_NO_MEMORY, "out of memory: a passphrase needs %zu MiB", memory >> 20);
    return MS_OK;
}

static ms_status put_box(ms_json *json, const ms_key *key, const char *passphrase, ms_error *err)
{
    unsigned char salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES], box[BOX_BYTES];
    unsigned char box_key[crypto_secretbox_KEYBYTES];
    char hex[2 * BOX_BYTES + 1];
    randombytes_buf(salt, sizeof salt);
    randombytes_buf(nonce, sizeof nonce);
    MS_TRY(stretch(box_key, passphrase, salt, OPERATIONS, MEMORY, err));
    crypto_secretbox_easy(box, key->seed, MS_SEED_BYTES, nonce, box_key);
    sodium_memzero(box_key, sizeof box_key);
    ms_json_string(json, "box", ms_hex_put(hex, box, sizeof box));
    ms_json_integer(json, "memory", MEMORY);
    ms_json_string(json, "nonce", ms_hex_put(hex, nonce, sizeof nonce));
    ms_json_integer(json, "operations", OPERATIONS);
    ms_json_string(json, "salt", ms_hex_put(hex, salt, sizeof salt));
    return MS_OK;
}

static ms_status put_secret(ms_buf *out, const ms_key *key, const char *passphrase, ms_error *err)
{
    char hex[MS_HEX_BYTES];
    ms_json json;
    ms_status status = MS_OK;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "file", SECRET_WORD);
    put_public_fields(&json, &key->public);
    if (passphrase != NULL)
        status = put_box(&json, key, passphrase, err);
    else
        ms_json_string(&json, "seed", ms_hex_put(hex, key->seed, MS_SEED_BYTES));
    ms_json_close_object(&json);
    ms_json_finish(&json);
    sodium_memzero(hex, sizeof hex);
    return status == MS_OK && out->failed ? ms_error_memory(err) : status;
}

/* Creates or replaces the file at place, readable by its owner alone from the first moment on. */
static ms_status write_secret(const ms_place *place, const char *path, const ms_buf *text, bool replace, ms_error *err)
{
    char temporary[NAME_MAX + 1];
    int error = EEXIST;
    for (int i = 0; i < 100 && error == EEXIST; i++) {
        ms_place_temporary(temporary, place->name, "tmp");
        error = ms_file_create(place->folder, temporary, 0600, text->text, text->length);
    }
    if (error == 0) {
        /* A link that must be new does not follow or replace what another process puts there meanwhile. */
        if (replace ? renameat(place->folder, temporary, place->folder, place->name) != 0
                    : linkat(place->folder, temporary, place->folder, place->name, 0) != 0)
            error = errno;
        if (error != 0 || !replace)
            unlinkat(place->folder, temporary, 0);
        if (error == 0)
            error = ms_file_sync(place->folder);
    }
    if (error == EEXIST)
        return ms_error_at(err, MS_USAGE, path, 0, 0, "is there already; a key is never overwritten");
    return error == 0 ? MS_OK : ms_file_failed(err, path, "write the file", error);
}

ms_status ms_key_write(const ms_key *key, const char *path, const char *passphrase, bool replace, ms_error *err)
{
    ms_buf text = {0};
    ms_place place;
    ms_buf_reset(&text);
    if (passphrase != NULL && (passphrase[0] == '\0' || strlen(passphrase) >= MS_PASSPHRASE_BYTES))
        return ms_error_set(err, MS_USAGE, "a passphrase has 1 to %d bytes", MS_PASSPHRASE_BYTES - 1);
    ms_status status = put_secret(&text, key, passphrase, err);
    if (status == MS_OK)
        status = ms_place_open(&place, path, err);
    if (status == MS_OK) {
        status = write_secret(&place, path, &text, replace, err);
        ms_place_close(&place);
    }
    if (text.text != NULL)
        sodium_memzero(text.text, text.capacity);
    ms_buf_free(&text);
    return status;
}

static ms_status refuse_readable(const char *path, ms_error *err)
{
    struct stat is;
    if (stat(path, &is) == 0 && S_ISREG(is.st_mode) && (is.st_mode & 077) != 0)
        return ms_error_at(
            err, MS_BAD_INPUT, path, 0, 0,
            "others may read this secret key (mode %03o); `chmod 600 %s`, and if somebody may have copied "
            "it, make a new key",
            (unsigned)(is.st_mode & 0777), path);
    return MS_OK;
}

static ms_status open_box(unsigned char seed[MS_SEED_BYTES], const json_t *object, const char *passphrase,
                          const char *path, ms_error *err)
{
    unsigned char salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES], box[BOX_BYTES];
    unsigned char box_key[crypto_secretbox_KEYBYTES];
    json_int_t operations = json_integer_value(json_object_get(object, "operations"));
    json_int_t memory = json_integer_value(json_object_get(object, "memory"));
    if (passphrase == NULL)
        return ms_error_at(err, MS_USAGE, path, 0, 0, "the key is under a passphrase, and none was given");
    if (!hex_of(salt, sizeof salt, object, "salt") || !hex_of(nonce, sizeof nonce, object, "nonce") ||
        !hex_of(box, sizeof box, object, "box"))
        return wrong_key(err, path, "no box, nonce and salt");
    if (operations < (json_int_t)crypto_pwhash_OPSLIMIT_MIN || operations > OPERATIONS_MOST ||
        memory < (json_int_t)crypto_pwhash_MEMLIMIT_MIN || memory > MEMORY_MOST)
        return wrong_key(err, path, "its passphrase would take too much time or memory");
    MS_TRY(stretch(box_key, passphrase, salt, (unsigned long long)operations, (size_t)memory, err));
    bool opened = crypto_secretbox_open_easy(seed, box, sizeof box, nonce, box_key) == 0;
    sodium_memzero(box_key, sizeof box_key);
    return opened ? MS_OK : ms_error_at(err, MS_BAD_INPUT, path, 0, 0, "the passphrase is wrong");
}

/* The key that the object holds. */
static ms_status parse_secret(ms_key **out, const json_t *object, const char *passphrase, const char *path,
                              ms_error *err)
{
    ms_public_key said = {0};
    unsigned char seed[MS_SEED_BYTES];
    ms_key *key = NULL;
    MS_TRY(parse_public_fields(&said, object, path, err));
    if (json_object_get(object, "box") != NULL)
        MS_TRY(open_box(seed, object, passphrase, path, err));
    else if (!hex_of(seed, sizeof seed, object, "seed"))
        return wrong_key(err, path, "no seed of 64 hexadecimal digits");
    ms_status status = ms_key_from_seed(&key, said.partner, said.made_ms, seed, err);
    sodium_memzero(seed, sizeof seed);
    if (status == MS_OK && !ms_public_key_same(&key->public, &said))
        status = wrong_key(err, path, "its secret and its public half do not belong together");
    if (status != MS_OK)
        ms_key_free(key);
    else
        *out = key;
    return status;
}

/* Reads the file and parses it; the text is wiped. */
static ms_status read_secret(json_t **out, const char *path, ms_error *err)
{
    char *text = NULL;
    size_t length = 0;
    MS_TRY(ms_key_ready(err));
    MS_TRY(ms_file_read(&text, &length, path, FILE_BYTES_MOST, err));
    ms_status status = parse_object(out, text, length, SECRET_WORD, path, err);
    sodium_memzero(text, length);
    ms_free(text);
    return status;
}

ms_status ms_key_read(ms_key **out, const char *path, const char *passphrase, ms_error *err)
{
    json_t *object = NULL;
    MS_TRY(refuse_readable(path, err));
    MS_TRY(read_secret(&object, path, err));
    ms_status status = parse_secret(out, object, passphrase, path, err);
    json_decref(object);
    return status;
}

bool ms_key_is_locked(const char *path)
{
    json_t *object = NULL;
    if (read_secret(&object, path, NULL) != MS_OK)
        return false;
    bool locked = json_object_get(object, "box") != NULL;
    json_decref(object);
    return locked;
}
