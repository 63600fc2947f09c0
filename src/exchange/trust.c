/* trust.c: whose keys the book trusts: entries of kind "trust", the latest of a partner in force. See channel.h.
 *
 * A key is trusted once somebody has read its fingerprint over the telephone. A new key of the same partner takes the
 * place of the old one; a withdrawal leaves none. The log keeps all of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/exchange.h"

static ms_status put_trust(ms_book *book, const char *partner, const char *key, bool revoked, ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "key", key);
    ms_json_bool(&json, "revoked", revoked);
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

/* ---- trusting ---- */

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
    ms_status status = copy.failed ? ms_error_memory(err) : put_trust(book, name, copy.text, false, err);
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
        status = put_trust(book, name, json_string_value(json_object_get(root, "key")), true, err);
    json_decref(root);
    ms_entry_free(&entry);
    return status;
}
