/* key.h: who signs: a partner's key pairs, in a file; and the public half, in a text file that may travel.
 *
 * A key is two pairs: Ed25519 to sign with and X25519 to open what is sealed for its owner. The secret file is JSON,
 * readable by its owner alone (it is refused when others may read it), under a passphrase if one is given (Argon2id,
 * then XSalsa20-Poly1305). The public file is JSON, signed by the key itself, so that a slip in it shows; that it is
 * the right one only its fingerprint proves, read over the telephone.
 *
 * Secrets live in memory that libsodium locks and wipes. Cost: a passphrase takes about a second and 64 MiB each time.
 */
#ifndef MS_BOOK_KEY_H
#define MS_BOOK_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum {
    MS_HASH_BYTES = 32, /* BLAKE2b-256 */
    MS_SIGNATURE_BYTES = 64,
    MS_PUBLIC_BYTES = 32,       /* of either pair */
    MS_FINGERPRINT_BYTES = 48,  /* eight groups of five digits, and a zero byte */
    MS_PARTNER_BYTES = 65,      /* an id of a partner, and a zero byte */
    MS_SEAL_BYTES = 48,         /* what sealing adds */
    MS_PASSPHRASE_BYTES = 1024, /* the longest passphrase, and a zero byte */
    MS_HEX_BYTES = 2 * MS_SIGNATURE_BYTES + 1
};

/* The public half. Plain bytes: copy it at will. */
typedef struct {
    char partner[MS_PARTNER_BYTES];
    unsigned char signing[MS_PUBLIC_BYTES], sealing[MS_PUBLIC_BYTES];
    int64_t made_ms; /* UTC, since 1970 */
} ms_public_key;

typedef struct ms_key ms_key; /* with the secrets */

/* Readies libsodium; any number of times. Before anything below, unless a key was made or read. */
MS_MUST_USE ms_status ms_key_ready(ms_error *err);

/* A new key. Free with ms_key_free. */
MS_MUST_USE ms_status ms_key_make(ms_key **out, const char *partner, int64_t made_ms, ms_error *err);
/* The key that follows from 32 bytes: for tests and test vectors alone. */
MS_MUST_USE ms_status ms_key_from_seed(ms_key **out, const char *partner, int64_t made_ms, const unsigned char seed[32],
                                       ms_error *err);
void ms_key_free(ms_key *key); /* wipes it; NULL is allowed */
const ms_public_key *ms_key_public(const ms_key *key);
/* The same partner and keys, whenever they were made. */
bool ms_public_key_same(const ms_public_key *a, const ms_public_key *b);

/* ---- files ---- */

/* Writes the secret file, 0600, whole or not at all; an existing file is an error unless replace. passphrase NULL:
 * none. */
MS_MUST_USE ms_status ms_key_write(const ms_key *key, const char *path, const char *passphrase, bool replace,
                                   ms_error *err);
/* MS_USAGE when the file wants a passphrase and none was given; MS_BAD_INPUT when it is wrong, when the file is
 * damaged, or when others may read it; MS_NOT_FOUND when there is none. */
MS_MUST_USE ms_status ms_key_read(ms_key **out, const char *path, const char *passphrase, ms_error *err);
/* True when path is a key file under a passphrase. */
bool ms_key_is_locked(const char *path);

/* The public half as text to give away, and back; reading checks shape and self-signature. file names it in errors. */
MS_MUST_USE ms_status ms_public_key_put(ms_buf *out, const ms_key *key, ms_error *err);
MS_MUST_USE ms_status ms_public_key_parse(ms_public_key *out, const char *text, size_t length, const char *file,
                                          ms_error *err);
/* "12345 67890 ...": follows from the partner's id and both public keys. Returns out. */
char *ms_public_key_fingerprint(char out[MS_FINGERPRINT_BYTES], const ms_public_key *key);

/* ---- signing, sealing, hashing ----
 * purpose is a short constant text ("mainstay release 1") that keeps a signature for one use from serving for another:
 * what is signed is purpose, a zero byte, and the BLAKE2b-256 hash of the bytes. */

void ms_key_sign(unsigned char out[MS_SIGNATURE_BYTES], const ms_key *key, const char *purpose, const void *bytes,
                 size_t length);
MS_MUST_USE bool ms_public_key_verify(const ms_public_key *key, const char *purpose, const void *bytes, size_t length,
                                      const unsigned char signature[MS_SIGNATURE_BYTES]);
/* Seals bytes so that only the owner of the key `to` can open them (an anonymous sealed box); appends to out. The same
 * bytes from the same key are sealed into the same bytes, so that what was cut off on its way can go on: the pair made
 * for the box follows from the secret of `from`, the reader and the bytes, and nobody else can tell it from chance. */
MS_MUST_USE ms_status ms_key_seal(ms_buf *out, const ms_key *from, const ms_public_key *to, const void *bytes,
                                  size_t length, ms_error *err);
/* Opens what was sealed for key; appends to out. MS_BAD_INPUT when it was sealed for another or has been changed. */
MS_MUST_USE ms_status ms_key_unseal(ms_buf *out, const ms_key *key, const void *sealed, size_t length, ms_error *err);

void ms_hash(unsigned char out[MS_HASH_BYTES], const void *bytes, size_t length);

/* Bytes as lower-case hexadecimal text and back; false when text is not exactly length bytes of it. */
char *ms_hex_put(char *out, const unsigned char *bytes, size_t length); /* out: 2 * length + 1 */
MS_MUST_USE bool ms_hex_parse(unsigned char *out, size_t length, const char *text);

#endif
