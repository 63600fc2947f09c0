/* entry.c: hash, signature and shape of an entry. See entry.h. */
#include "book/entry.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

static const char PURPOSE[] = "mainstay entry 1";

static void add_number(crypto_generichash_state *state, uint64_t number, int bytes)
{
    unsigned char text[8];
    for (int ix = 0; ix < bytes; ix++)
        text[ix] = (unsigned char)(number >> (8 * (bytes - 1 - ix)));
    crypto_generichash_update(state, text, (unsigned long long)bytes);
}

static void add_text(crypto_generichash_state *state, const char *text, size_t length, int length_bytes)
{
    add_number(state, length, length_bytes);
    crypto_generichash_update(state, (const unsigned char *)text, length);
}

void ms_entry_hash(unsigned char out[MS_HASH_BYTES], const ms_entry *entry)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, MS_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)PURPOSE, sizeof PURPOSE - 1);
    crypto_generichash_update(&state, entry->previous, MS_HASH_BYTES);
    add_number(&state, (uint64_t)entry->number, 8);
    add_number(&state, (uint64_t)entry->time_ms, 8);
    add_text(&state, entry->kind, strlen(entry->kind), 4);
    add_text(&state, entry->key, strlen(entry->key), 4);
    add_text(&state, entry->body, entry->length, 8);
    crypto_generichash_final(&state, out, MS_HASH_BYTES);
}

void ms_entry_sign(ms_entry *entry, const ms_key *key)
{
    ms_entry_hash(entry->hash, entry);
    ms_key_sign(entry->signature, key, PURPOSE, entry->hash, MS_HASH_BYTES);
}

const char *ms_entry_wrong(const ms_entry *entry, const ms_public_key *key)
{
    unsigned char hash[MS_HASH_BYTES];
    ms_entry_hash(hash, entry);
    if (memcmp(hash, entry->hash, MS_HASH_BYTES) != 0)
        return "its hash does not fit what it says";
    if (!ms_public_key_verify(key, PURPOSE, entry->hash, MS_HASH_BYTES, entry->signature))
        return "its signature is not by the book's key";
    return NULL;
}

ms_status ms_draft_check(const ms_draft *draft, ms_error *err)
{
    size_t length = strlen(draft->kind);
    bool plain = length > 0 && length < MS_KIND_BYTES;
    for (size_t ix = 0; plain && ix < length; ix++) {
        char c = draft->kind[ix];
        plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    if (!plain)
        return ms_error_set(err, MS_USAGE, "\"%s\" is no kind of entry", draft->kind);
    length = strlen(draft->key);
    plain = length < MS_KEY_BYTES && ms_utf8_valid_prefix(draft->key, length) == length;
    for (size_t ix = 0; plain && ix < length; ix++)
        plain = (unsigned char)draft->key[ix] >= ' ' || draft->key[ix] == '\x1F';
    if (!plain)
        return ms_error_set(err, MS_USAGE, "the key of an entry is over %d bytes, or has control characters in it",
                            MS_KEY_BYTES - 1);
    if (draft->length > MS_BODY_BYTES)
        return ms_error_set(err, MS_LIMIT, "an entry of %zu bytes; at most %d are allowed", draft->length,
                            MS_BODY_BYTES);
    return MS_OK;
}

/* ---- the bodies that carry the book's key ---- */

ms_status ms_key_body_put(ms_buf *out, const char *action, const ms_public_key *key, ms_error *err)
{
    char hex[MS_HEX_BYTES];
    ms_json json;
    ms_json_start_canonical(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "action", action);
    ms_json_open_object(&json, "public");
    ms_json_integer(&json, "made_ms", key->made_ms);
    ms_json_string(&json, "partner", key->partner);
    ms_json_string(&json, "sealing", ms_hex_put(hex, key->sealing, MS_PUBLIC_BYTES));
    ms_json_string(&json, "signing", ms_hex_put(hex, key->signing, MS_PUBLIC_BYTES));
    ms_json_close_object(&json);
    ms_json_close_object(&json);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_key_body_parse(ms_public_key *out, bool *replaced, const ms_entry *entry, ms_error *err)
{
    json_t *object = NULL;
    ms_public_key key = {0};
    MS_TRY(ms_json_parse(&object, entry->body, entry->length, "", err));
    const json_t *public = json_object_get(object, "public");
    const char *action = json_string_value(json_object_get(object, "action"));
    const char *partner = json_string_value(json_object_get(public, "partner"));
    const char *signing = json_string_value(json_object_get(public, "signing"));
    const char *sealing = json_string_value(json_object_get(public, "sealing"));
    bool good = action != NULL && partner != NULL && partner[0] != '\0' && strlen(partner) < sizeof key.partner &&
                signing != NULL && sealing != NULL && ms_hex_parse(key.signing, MS_PUBLIC_BYTES, signing) &&
                ms_hex_parse(key.sealing, MS_PUBLIC_BYTES, sealing) &&
                json_is_integer(json_object_get(public, "made_ms"));
    if (good) {
        snprintf(key.partner, sizeof key.partner, "%s", partner);
        key.made_ms = json_integer_value(json_object_get(public, "made_ms"));
        *out = key;
        *replaced = strcmp(action, "replaced") == 0;
    }
    json_decref(object);
    return good ? MS_OK
                : ms_error_set(err, MS_BAD_INPUT, "entry %lld carries no key in its body", (long long)entry->number);
}

/* ---- following a log ---- */

const char *ms_chain_follow(ms_chain *chain, const ms_entry *entry)
{
    const char *wrong = NULL;
    bool book = strcmp(entry->kind, MS_KIND_BOOK) == 0, key = strcmp(entry->kind, MS_KIND_KEY) == 0;
    ms_public_key next = {0};
    bool replaced = false, carried = false;
    if (entry->number != chain->number + 1)
        wrong = "entries before it are missing";
    else if (memcmp(entry->previous, chain->hash, MS_HASH_BYTES) != 0)
        wrong = "it does not carry the hash of the entry before it";
    else if (book != (entry->number == 1))
        wrong = book ? "it begins a book, and stands within one" : "the first entry does not begin a book";
    if (book || key)
        carried = ms_key_body_parse(&next, &replaced, entry, NULL) == MS_OK;
    if (wrong == NULL && (book || key) && !carried)
        wrong = "it carries no key";
    if (wrong == NULL && key && strcmp(next.partner, chain->key.partner) != 0)
        wrong = "its key is another partner's";
    bool by_itself = carried && ((book && entry->number == 1) || replaced);
    const char *alone = ms_entry_wrong(entry, by_itself ? &next : &chain->key);
    if (alone != NULL)
        wrong = alone;
    chain->replaced = wrong == NULL && key && replaced;
    if (wrong == NULL && carried)
        chain->key = next;
    chain->number = entry->number;
    memcpy(chain->hash, entry->hash, MS_HASH_BYTES);
    return wrong;
}
