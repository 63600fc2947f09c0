/* trust.c: whose keys the book trusts: entries of kind "trust", the latest of a partner in force. See channel.h.
 *
 * A key is trusted once somebody has read its fingerprint over the telephone. A new key of the same partner takes the
 * place of the old one; a withdrawal leaves none. A key may also follow the one before by a succession that came with a
 * release, which is kept with it. The log keeps all of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/exchange.h"
#include "exchange/succession.h"

/* succession: NULL, or what led to the key. */
static ms_status put_trust(ms_book *book, const char *partner, const char *key, bool revoked, const char *succession,
                           ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "key", key);
    ms_json_bool(&json, "revoked", revoked);
    if (succession != NULL)
        ms_json_string(&json, "succession", succession);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(book, "trust", partner, &body, err);
    ms_buf_free(&body);
    return status;
}

static ms_status parse_trust(ms_trust *out, const ms_entry *entry, ms_error *err)
{
    json_t *root = NULL;
    MS_TRY(ms_json_parse(&root, entry->body, entry->length, "trust", err));
    const char *key = json_string_value(json_object_get(root, "key"));
    out->since_ms = entry->time_ms;
    out->revoked = json_is_true(json_object_get(root, "revoked"));
    out->followed = json_is_string(json_object_get(root, "succession"));
    ms_status status = key == NULL ? ms_error_set(err, MS_BAD_INPUT, "the book's entry trust %s has no key", entry->key)
                                   : ms_public_key_parse(&out->key, key, strlen(key), "trust", err);
    json_decref(root);
    return status;
}

/* ---- finding ---- */

typedef struct {
    ms_trust_visit visit;
    void *context;
} each_work;

static ms_status visit_entry(void *context, const ms_entry *entry, ms_error *err)
{
    each_work *work = context;
    ms_trust trust;
    MS_TRY(parse_trust(&trust, entry, err));
    return work->visit(work->context, &trust, err);
}

ms_status ms_trust_each(ms_book *book, ms_trust_visit visit, void *context, ms_error *err)
{
    each_work work = {visit, context};
    return ms_book_each(book, "trust", "", visit_entry, &work, err);
}

static ms_status list_name(void *context, const ms_trust *trust, ms_error *err)
{
    ms_buf *names = context;
    (void)err;
    if (!trust->revoked)
        ms_buf_printf(names, "%s%s", names->length > 0 ? ", " : "", trust->key.partner);
    return MS_OK;
}

static ms_status nobody(ms_book *book, const char *partner, ms_error *err)
{
    ms_buf names = {0};
    MS_TRY(ms_trust_each(book, list_name, &names, err));
    ms_error_set(err, MS_USAGE, "no partner %.64s is trusted here; %s%.200s", partner,
                 names.length > 0 ? "there is " : "`mainstay exchange trust` makes one",
                 names.length > 0 ? names.text : "");
    ms_buf_free(&names);
    return MS_USAGE;
}

ms_status ms_trust_find(ms_trust *out, ms_book *book, const char *partner, ms_error *err)
{
    ms_entry entry;
    ms_status status = ms_book_find(&entry, book, "trust", partner, err);
    if (status == MS_NOT_FOUND)
        return nobody(book, partner, err);
    MS_TRY(status);
    status = parse_trust(out, &entry, err);
    ms_entry_free(&entry);
    if (status == MS_OK && out->revoked)
        status = ms_error_set(err, MS_USAGE, "%s is no longer trusted here; `mainstay exchange trust` with its new key",
                              partner);
    return status;
}

/* ---- keys of before ---- */

typedef struct {
    const char *partner;
    unsigned char (*withdrawn)[MS_PUBLIC_BYTES]; /* signing keys */
    size_t count, capacity;
    ms_trust_key_visit visit;
    void *context;
} key_work;

static ms_status note_withdrawn(void *context, const ms_entry *entry, ms_error *err)
{
    key_work *w = context;
    ms_trust trust;
    void *block = w->withdrawn;
    if (strcmp(entry->key, w->partner) != 0)
        return MS_OK;
    MS_TRY(parse_trust(&trust, entry, err));
    if (!trust.revoked)
        return MS_OK;
    if (!ms_grow(&block, &w->capacity, w->count + 1, sizeof *w->withdrawn))
        return ms_error_memory(err);
    w->withdrawn = block;
    memcpy(w->withdrawn[w->count++], trust.key.signing, MS_PUBLIC_BYTES);
    return MS_OK;
}

static ms_status visit_key(void *context, const ms_public_key *key, ms_error *err)
{
    key_work *w = context;
    for (size_t ix = 0; ix < w->count; ix++)
        if (memcmp(w->withdrawn[ix], key->signing, MS_PUBLIC_BYTES) == 0)
            return MS_OK;
    return w->visit(w->context, key, err);
}

static ms_status visit_keys_of(void *context, const ms_entry *entry, ms_error *err)
{
    const key_work *w = context;
    ms_trust trust;
    json_t *root = NULL;
    if (strcmp(entry->key, w->partner) != 0)
        return MS_OK;
    MS_TRY(parse_trust(&trust, entry, err));
    MS_TRY(ms_json_parse(&root, entry->body, entry->length, "trust", err));
    const json_t *text = json_object_get(root, "succession");
    ms_status status = MS_OK;
    if (json_is_string(text))
        status = ms_succession_each(json_string_value(text), json_string_length(text), "trust", visit_key, context,
                                    err);
    json_decref(root);
    return status == MS_OK ? visit_key(context, &trust.key, err) : status;
}

ms_status ms_trust_each_key(ms_book *book, const char *partner, ms_trust_key_visit visit, void *context, ms_error *err)
{
    key_work work = {.partner = partner, .visit = visit, .context = context};
    ms_status status = ms_book_scan(book, 1, "trust", note_withdrawn, &work, err);
    if (status == MS_OK)
        status = ms_book_scan(book, 1, "trust", visit_keys_of, &work, err);
    ms_free(work.withdrawn);
    return status;
}

/* ---- two keys that follow one ---- */

static char *alarm_key(char out[MS_CHANNEL_KEY_BYTES], const char *partner)
{
    snprintf(out, MS_CHANNEL_KEY_BYTES, "%s/key", partner);
    return out;
}

ms_status ms_trust_alarm(bool *alarm, ms_book *book, const char *partner, ms_error *err)
{
    char key[MS_CHANNEL_KEY_BYTES];
    ms_entry raised, trusted;
    bool is_raised, is_trusted;
    *alarm = false;
    MS_TRY(ms_channel_find(&raised, &is_raised, book, "fork", alarm_key(key, partner), err));
    if (!is_raised)
        return MS_OK;
    ms_status status = ms_channel_find(&trusted, &is_trusted, book, "trust", partner, err);
    if (status == MS_OK && is_trusted) {
        *alarm = raised.number > trusted.number;
        ms_entry_free(&trusted);
    }
    ms_entry_free(&raised);
    return status;
}

ms_status ms_trust_raise(ms_book *book, const char *partner, const unsigned char hash[MS_HASH_BYTES], ms_error *err)
{
    char key[MS_CHANNEL_KEY_BYTES], hex[MS_HEX_BYTES];
    ms_buf body = {0};
    ms_json json;
    ms_entry entry = {0};
    bool found, alarm, same = false;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "hash", ms_hex_put(hex, hash, MS_HASH_BYTES));
    ms_json_string(&json, "why", "another key");
    ms_json_close_object(&json);
    ms_status status = ms_trust_alarm(&alarm, book, partner, err);
    if (status == MS_OK)
        status = ms_channel_find(&entry, &found, book, "fork", alarm_key(key, partner), err);
    if (status == MS_OK && found) {
        same = alarm && !body.failed && entry.length == body.length && memcmp(entry.body, body.text, body.length) == 0;
        ms_entry_free(&entry);
    }
    if (status == MS_OK && !same)
        status = ms_channel_append(book, "fork", key, &body, err);
    ms_buf_free(&body);
    return status == MS_OK ? ms_book_commit(book, err) : status;
}

/* ---- trusting ---- */

ms_status ms_trust_follow(ms_book *book, const char *partner, const char *public_text, const ms_buf *succession,
                          ms_error *err)
{
    return put_trust(book, partner, public_text, false, succession->text, err);
}

/* What is on its way to the partner was sealed for its old key: the next release is whole. */
static ms_status begin_anew(ms_book *book, const char *name, const ms_public_key *key, ms_error *err)
{
    ms_entry entry;
    ms_trust before;
    ms_channel channel;
    bool found;
    MS_TRY(ms_channel_find(&entry, &found, book, "trust", name, err));
    if (!found)
        return MS_OK;
    ms_status status = parse_trust(&before, &entry, err);
    ms_entry_free(&entry);
    if (status != MS_OK || ms_public_key_same(&before.key, key))
        return status;
    MS_TRY(ms_channel_read(&channel, book, name, err));
    channel.want_whole = true;
    return channel.given > 0 ? ms_channel_write(book, &channel, err) : MS_OK;
}

ms_status ms_exchange_trust(ms_book *book, const char *name, const char *text, size_t length, const char *file,
                            ms_error *err)
{
    ms_public_key key;
    ms_buf copy = {0};
    MS_TRY(ms_public_key_parse(&key, text, length, file, err));
    if (strcmp(key.partner, name) != 0)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the key is that of %s, not of %.64s", key.partner, name);
    if (strcmp(name, ms_book_partner(book)) == 0)
        return ms_error_at(err, MS_BAD_INPUT, file, 0, 0, "the key is your own: exchange it for your partner's");
    ms_buf_put(&copy, text, length);
    ms_status status = copy.failed ? ms_error_memory(err) : ms_book_begin(book, err);
    if (status == MS_OK) {
        status = begin_anew(book, name, &key, err);
        if (status == MS_OK)
            status = put_trust(book, name, copy.text, false, NULL, err);
        if (status == MS_OK)
            status = ms_book_commit(book, err);
        else
            ms_book_rollback(book);
    }
    ms_buf_free(&copy);
    return status;
}

ms_status ms_exchange_distrust(ms_book *book, const char *name, ms_error *err)
{
    ms_entry entry;
    ms_trust trust;
    MS_TRY(ms_trust_find(&trust, book, name, err));
    MS_TRY(ms_book_find(&entry, book, "trust", name, err));
    json_t *root = NULL;
    ms_status status = ms_json_parse(&root, entry.body, entry.length, "trust", err);
    if (status == MS_OK)
        status = put_trust(book, name, json_string_value(json_object_get(root, "key")), true, NULL, err);
    json_decref(root);
    ms_entry_free(&entry);
    return status;
}
