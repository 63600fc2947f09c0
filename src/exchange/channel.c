/* channel.c: what the book knows of the exchange with a partner. See channel.h. */
#include "exchange/channel.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

enum { PART_BYTES = 8 << 20, REMARK_BYTES = 256, PASSES_MOST = 8 };

ms_status ms_channel_append(ms_book *book, const char *kind, const char *key, const ms_buf *body, ms_error *err)
{
    ms_draft draft = {kind, key, body->text, body->length};
    if (body->failed)
        return ms_error_memory(err);
    return ms_book_append(NULL, book, &draft, 1, err);
}

char *ms_channel_key(char out[MS_CHANNEL_KEY_BYTES], const char *partner, int64_t number)
{
    snprintf(out, MS_CHANNEL_KEY_BYTES, "%s/%012lld", partner, (long long)number);
    return out;
}

/* ---- ms_channel ---- */

/* The numbers and truth values of the struct, by name in byte order, so that reading and writing cannot disagree. */
static const struct {
    const char *name;
    size_t offset;
    bool is_bool;
} fields[] = {
    {"acked", offsetof(ms_channel, acked), false},
    {"fork", offsetof(ms_channel, fork), false},
    {"gap", offsetof(ms_channel, gap), false},
    {"given", offsetof(ms_channel, given), false},
    {"given_ms", offsetof(ms_channel, given_ms), false},
    {"given_whole", offsetof(ms_channel, given_whole), false},
    {"lost_at", offsetof(ms_channel, lost_at), false},
    {"made_ms", offsetof(ms_channel, made_ms), false},
    {"returned_at", offsetof(ms_channel, returned_at), false},
    {"returning", offsetof(ms_channel, returning), true},
    {"taken", offsetof(ms_channel, taken), false},
    {"taken_ms", offsetof(ms_channel, taken_ms), false},
    {"taken_whole", offsetof(ms_channel, taken_whole), false},
    {"want_whole", offsetof(ms_channel, want_whole), true},
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static const struct {
    const char *name;
    size_t offset;
} hashes[] = {
    {"acked", offsetof(ms_channel, acked_hash)},
    {"given", offsetof(ms_channel, given_hash)},
    {"taken", offsetof(ms_channel, taken_hash)},
};

ms_status ms_channel_write(ms_book *book, const ms_channel *channel, ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    const char *at = (const char *)channel;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_open_object(&json, "hashes");
    for (size_t ix = 0; ix < sizeof hashes / sizeof hashes[0]; ix++) {
        char hex[MS_HEX_BYTES];
        ms_json_string(&json, hashes[ix].name,
                       ms_hex_put(hex, (const unsigned char *)at + hashes[ix].offset, MS_HASH_BYTES));
    }
    ms_json_close_object(&json);
    ms_json_open_object(&json, "numbers");
    for (size_t ix = 0; ix < FIELD_COUNT; ix++) {
        int64_t number;
        bool truth;
        memcpy(&truth, at + fields[ix].offset, sizeof truth);
        if (!fields[ix].is_bool)
            memcpy(&number, at + fields[ix].offset, sizeof number);
        ms_json_integer(&json, fields[ix].name, fields[ix].is_bool ? truth : number);
    }
    ms_json_close_object(&json);
    ms_json_string(&json, "rhythm", channel->their_rhythm);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(book, "stream", channel->partner, &body, err);
    ms_buf_free(&body);
    return status;
}

static bool parse_stream(ms_channel *out, const json_t *root)
{
    char *at = (char *)out;
    for (size_t ix = 0; ix < sizeof hashes / sizeof hashes[0]; ix++) {
        const char *hex = json_string_value(json_object_get(json_object_get(root, "hashes"), hashes[ix].name));
        if (hex == NULL || !ms_hex_parse((unsigned char *)at + hashes[ix].offset, MS_HASH_BYTES, hex))
            return false;
    }
    for (size_t ix = 0; ix < FIELD_COUNT; ix++) {
        const json_t *value = json_object_get(json_object_get(root, "numbers"), fields[ix].name);
        int64_t number = json_integer_value(value);
        bool truth = number != 0;
        if (!json_is_integer(value))
            return false;
        if (fields[ix].is_bool)
            memcpy(at + fields[ix].offset, &truth, sizeof truth);
        else
            memcpy(at + fields[ix].offset, &number, sizeof number);
    }
    const char *rhythm = json_string_value(json_object_get(root, "rhythm"));
    if (rhythm == NULL || strlen(rhythm) >= sizeof out->their_rhythm)
        return false;
    memcpy(out->their_rhythm, rhythm, strlen(rhythm) + 1);
    return true;
}

ms_status ms_channel_find(ms_entry *out, bool *found, ms_book *book, const char *kind, const char *key, ms_error *err)
{
    ms_error absent = {0};
    ms_status status = ms_book_find(out, book, kind, key, &absent);
    *found = status == MS_OK;
    if (status == MS_NOT_FOUND)
        return MS_OK;
    if (status != MS_OK && err != NULL)
        *err = absent;
    return status;
}

/* The body of the latest entry of a kind and key as JSON; *root becomes NULL where there is none. */
static ms_status read_fact(json_t **root, ms_book *book, const char *kind, const char *key, ms_error *err)
{
    ms_entry entry;
    bool found;
    *root = NULL;
    MS_TRY(ms_channel_find(&entry, &found, book, kind, key, err));
    if (!found)
        return MS_OK;
    ms_status status = ms_json_parse(root, entry.body, entry.length, kind, err);
    ms_entry_free(&entry);
    return status;
}

static ms_status strange(const char *kind, const char *key, ms_error *err)
{
    return ms_error_set(err, MS_BAD_INPUT,
                        "the book's entry %s %s is not what this program writes; `mainstay book verify`", kind, key);
}

ms_status ms_channel_read(ms_channel *out, ms_book *book, const char *partner, ms_error *err)
{
    json_t *root;
    ms_channel channel = {0};
    MS_TRY(read_fact(&root, book, "stream", partner, err));
    bool good = root == NULL || parse_stream(&channel, root);
    json_decref(root);
    if (!good || strlen(partner) >= sizeof channel.partner)
        return strange("stream", partner, err);
    memcpy(channel.partner, partner, strlen(partner) + 1);
    *out = channel;
    return MS_OK;
}

/* ---- releases ---- */

ms_status ms_channel_keep(ms_book *book, const char *kind, const char *partner, int64_t number, const ms_buf *text,
                          ms_error *err)
{
    size_t at = 0;
    for (int part = 0; at < text->length; part++) {
        char release[MS_CHANNEL_KEY_BYTES], key[MS_CHANNEL_KEY_BYTES + 16];
        size_t length = text->length - at;
        if (length > PART_BYTES)
            for (length = PART_BYTES; text->text[at + length - 1] != '\n';)
                length--;
        snprintf(key, sizeof key, "%s/%03d", ms_channel_key(release, partner, number), part);
        ms_draft draft = {kind, key, text->text + at, length};
        MS_TRY(ms_book_append(NULL, book, &draft, 1, err));
        at += length;
    }
    return MS_OK;
}

static ms_status visit_part(void *context, const ms_entry *entry, ms_error *err)
{
    ms_buf *out = context;
    ms_buf_put(out, entry->body, entry->length);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_channel_text(ms_buf *out, ms_book *book, const char *kind, const char *partner, int64_t number,
                          ms_error *err)
{
    char prefix[MS_CHANNEL_KEY_BYTES + 1];
    size_t before = out->length;
    ms_channel_key(prefix, partner, number);
    strcat(prefix, "/");
    MS_TRY(ms_book_each(book, kind, prefix, visit_part, out, err));
    return out->length > before ? MS_OK
                                : ms_error_set(err, MS_NOT_FOUND, "the book has no release %lld of that kind for %s",
                                               (long long)number, partner);
}

typedef ms_status (*release_reader)(ms_release *out, const char *text, size_t length, const char *file, ms_error *err);

static ms_status read_kept(ms_release *out, ms_book *book, const char *kind, const char *partner, int64_t number,
                           release_reader read, ms_error *err)
{
    ms_buf text = {0};
    char name[MS_CHANNEL_KEY_BYTES];
    ms_status status = ms_channel_text(&text, book, kind, partner, number, err);
    if (status == MS_OK)
        status = read(out, text.text, text.length, ms_channel_key(name, partner, number), err);
    ms_buf_free(&text);
    return status;
}

ms_status ms_channel_read_release(ms_release *out, ms_book *book, const char *kind, const char *partner, int64_t number,
                                  ms_error *err)
{
    return read_kept(out, book, kind, partner, number, ms_release_read, err);
}

static ms_status add_changes(ms_picture *picture, const ms_release *release, ms_error *err)
{
    for (size_t ix = 0; ix < release->changes.count; ix++) {
        const ms_record *record = &release->changes.records[ix];
        MS_TRY(record->line == NULL ? ms_picture_drop(picture, record->key, err)
                                    : ms_picture_put(picture, record->key, record->line, strlen(record->line), err));
    }
    return MS_OK;
}

static ms_status add_releases(ms_picture *picture, ms_book *book, const char *kind, const char *partner, int64_t whole,
                              int64_t last, ms_error *err)
{
    for (int64_t number = whole; number > 0 && number <= last; number++) {
        ms_release release;
        ms_status status = read_kept(&release, book, kind, partner, number, ms_release_read_records, err);
        if (status == MS_NOT_FOUND) { /* a number that was skipped, after a restore */
            if (err != NULL)
                *err = (ms_error){0};
            continue;
        }
        MS_TRY(status);
        status = add_changes(picture, &release, err);
        ms_release_free(&release);
        MS_TRY(status);
    }
    return MS_OK;
}

ms_status ms_channel_picture(ms_picture *out, ms_book *book, const char *kind, const char *partner, int64_t whole,
                             int64_t last, ms_error *err)
{
    ms_picture picture;
    MS_TRY(ms_picture_start(&picture, err));
    ms_status status = add_releases(&picture, book, kind, partner, whole, last, err);
    if (status != MS_OK) {
        ms_picture_free(&picture);
        return status;
    }
    ms_picture_settle(&picture);
    *out = picture;
    return MS_OK;
}

ms_status ms_channel_mark(ms_mark *out, ms_book *book, const char *kind, const char *partner, int64_t number,
                          ms_error *err)
{
    char key[MS_CHANNEL_KEY_BYTES];
    json_t *root;
    ms_mark mark = {0};
    ms_channel_key(key, partner, number);
    MS_TRY(read_fact(&root, book, kind, key, err));
    const char *hash = json_string_value(json_object_get(root, "hash"));
    mark.upto = json_integer_value(json_object_get(root, "upto"));
    mark.found = root != NULL;
    bool good = root == NULL || (hash != NULL && ms_hex_parse(mark.hash, MS_HASH_BYTES, hash));
    json_decref(root);
    if (!good)
        return strange(kind, key, err);
    *out = mark;
    return MS_OK;
}

ms_status ms_channel_put_mark(ms_book *book, const char *kind, const char *partner, int64_t number, const ms_mark *mark,
                              ms_error *err)
{
    char key[MS_CHANNEL_KEY_BYTES], hex[MS_HEX_BYTES];
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "hash", ms_hex_put(hex, mark->hash, MS_HASH_BYTES));
    ms_json_integer(&json, "upto", mark->upto);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(book, kind, ms_channel_key(key, partner, number), &body, err);
    ms_buf_free(&body);
    return status;
}

/* ---- rules, aliases, rhythm ---- */

/* The text called name in the latest entry, appended to out; nothing where there is none. */
static ms_status fact_text(ms_buf *out, ms_book *book, const char *kind, const char *key, const char *name,
                           ms_error *err)
{
    json_t *root;
    MS_TRY(read_fact(&root, book, kind, key, err));
    const char *text = json_string_value(json_object_get(root, name));
    bool good = root == NULL || text != NULL;
    if (text != NULL)
        ms_buf_text(out, text);
    json_decref(root);
    if (!good)
        return strange(kind, key, err);
    return out->failed ? ms_error_memory(err) : MS_OK;
}

ms_status ms_channel_rule_text(ms_buf *out, ms_book *book, const char *file, ms_error *err)
{
    return fact_text(out, book, "rule", file, "text", err);
}

ms_status ms_channel_rules(ms_rules *out, ms_book *book, ms_error *err)
{
    ms_buf text = {0};
    ms_findings findings = {0};
    ms_status status = ms_channel_rule_text(&text, book, "releases.csv", err);
    if (status == MS_OK)
        status = ms_rules_read(out, text.text == NULL ? "" : text.text, text.length, "releases.csv", &findings, err);
    ms_findings_free(&findings);
    ms_buf_free(&text);
    return status;
}

ms_status ms_channel_aliases(ms_aliases *out, ms_book *book, ms_error *err)
{
    ms_buf text = {0};
    ms_findings findings = {0};
    ms_status status = ms_channel_rule_text(&text, book, "aliases.csv", err);
    if (status == MS_OK)
        status = ms_aliases_read(out, text.text == NULL ? "" : text.text, text.length, "aliases.csv", &findings, err);
    ms_findings_free(&findings);
    ms_buf_free(&text);
    return status;
}

ms_status ms_channel_rhythm(char out[64], ms_book *book, const char *partner, ms_error *err)
{
    ms_buf text = {0};
    ms_status status = fact_text(&text, book, "rhythm", partner, "rhythm", err);
    if (status == MS_OK)
        snprintf(out, 64, "%s", text.text == NULL ? "" : text.text);
    ms_buf_free(&text);
    return status;
}

ms_status ms_channel_seen(ms_seen *out, ms_book *book, const char *partner, ms_error *err)
{
    json_t *root;
    MS_TRY(read_fact(&root, book, "seen", partner, err));
    *out = (ms_seen){json_integer_value(json_object_get(root, "number")),
                     json_integer_value(json_object_get(root, "whole"))};
    json_decref(root);
    return MS_OK;
}

ms_status ms_exchange_mark_read(ms_book *book, const char *partner, ms_error *err)
{
    ms_channel channel;
    ms_buf body = {0};
    ms_json json;
    MS_TRY(ms_channel_read(&channel, book, partner, err));
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "number", channel.taken);
    ms_json_integer(&json, "whole", channel.taken_whole);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(book, "seen", partner, &body, err);
    ms_buf_free(&body);
    return status;
}

/* ---- accepting ---- */

static ms_status put_refused(ms_book *book, const ms_channel *channel, const ms_acceptance *acceptance, ms_error *err)
{
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_open_array(&json, "rows");
    for (size_t ix = 0; ix < acceptance->refused_count && body.length < PART_BYTES; ix++) {
        ms_json_open_array(&json, NULL);
        ms_json_string(&json, NULL, acceptance->refused[ix].key);
        ms_json_string(&json, NULL, acceptance->refused[ix].why);
        ms_json_close_array(&json);
    }
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_entry entry;
    bool found = false, same = false;
    ms_status status = ms_channel_find(&entry, &found, book, "refused", channel->partner, err);
    if (found) {
        same = entry.length == body.length && !body.failed && memcmp(entry.body, body.text, body.length) == 0;
        ms_entry_free(&entry);
    }
    if (status == MS_OK && !same)
        status = ms_channel_append(book, "refused", channel->partner, &body, err);
    ms_buf_free(&body);
    return status;
}

ms_status ms_channel_refused(ms_release *release, ms_book *book, const char *partner, ms_error *err)
{
    json_t *root, *pair;
    size_t ix;
    MS_TRY(read_fact(&root, book, "refused", partner, err));
    ms_status status = MS_OK;
    json_array_foreach(json_object_get(root, "rows"), ix, pair)
    {
        const char *key = json_string_value(json_array_get(pair, 0)), *why = json_string_value(json_array_get(pair, 1));
        if (status == MS_OK && key != NULL && why != NULL)
            status = ms_release_add_refusal(release, key, why, err);
    }
    json_decref(root);
    return status;
}

/* Start and currency are those of the last release taken. */
static ms_status giver_of(ms_giver *giver, char currency[24], ms_book *book, const ms_channel *channel, ms_error *err)
{
    ms_release last;
    MS_TRY(read_kept(&last, book, "taken", channel->partner, channel->taken, ms_release_read_records, err));
    memcpy(currency, last.currency, sizeof last.currency);
    *giver = (ms_giver){channel->partner, last.start_day, currency};
    ms_release_free(&last);
    return MS_OK;
}

/* One partner's part of ms_channel_accept. */
static ms_status accept_one(size_t *changed, char *remark, ms_book *book, const char *partner, ms_error *err)
{
    ms_giver giver;
    char currency[24];
    ms_channel channel;
    ms_picture picture = {0};
    ms_aliases aliases = {0};
    ms_acceptance acceptance = {0};
    MS_TRY(ms_channel_read(&channel, book, partner, err));
    if (channel.taken == 0)
        return MS_OK;
    MS_TRY(giver_of(&giver, currency, book, &channel, err));
    ms_status status = ms_channel_picture(&picture, book, "taken", partner, channel.taken_whole, channel.taken, err);
    if (status == MS_OK)
        status = ms_channel_aliases(&aliases, book, err);
    if (status == MS_OK)
        status = ms_accept(&acceptance, book, &giver, &picture, &aliases, err);
    if (status == MS_OK)
        status = put_refused(book, &channel, &acceptance, err);
    *changed += acceptance.set + acceptance.removed;
    if (status == MS_OK && acceptance.own_errors > 0)
        snprintf(remark, REMARK_BYTES, "the combined case has %zu error%s outside of the rows that were given; %.160s",
                 acceptance.own_errors, acceptance.own_errors == 1 ? "" : "s", acceptance.own_error);
    ms_acceptance_free(&acceptance);
    ms_picture_free(&picture);
    ms_aliases_free(&aliases);
    return status;
}

/* The partners that were ever trusted. */
typedef struct {
    char (*names)[MS_PARTNER_BYTES];
    size_t count, capacity;
} name_list;

static ms_status list_partner(void *context, const ms_trust *trust, ms_error *err)
{
    name_list *list = context;
    void *block = list->names;
    if (!ms_grow(&block, &list->capacity, list->count + 1, sizeof *list->names))
        return ms_error_memory(err);
    list->names = block;
    memcpy(list->names[list->count++], trust->key.partner, MS_PARTNER_BYTES);
    return MS_OK;
}

ms_status ms_channel_accept(size_t *changed, char *remark, ms_book *book, ms_error *err)
{
    name_list list = {0};
    char said[REMARK_BYTES] = "";
    size_t all = 0;
    ms_status status = ms_trust_each(book, list_partner, &list, err);
    for (int pass = 0; pass < PASSES_MOST && status == MS_OK; pass++) {
        size_t before = all;
        said[0] = '\0';
        for (size_t ix = 0; ix < list.count && status == MS_OK; ix++)
            status = accept_one(&all, said, book, list.names[ix], err);
        if (all == before || list.count < 2)
            break;
    }
    ms_free(list.names);
    if (status == MS_OK && changed != NULL)
        *changed = all;
    if (status == MS_OK && remark != NULL)
        memcpy(remark, said, sizeof said);
    return status;
}
