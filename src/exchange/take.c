/* take.c: a partner's release into the book: verified first, then applied whole or not at all.
 *
 * Order of checks: head, whose key (or from whose it follows), seal, signature, text, from and to, then the place in
 * the stream: what was taken before is harmless, another release of the same number is an alarm, and behind a gap only
 * a whole release can be taken. Everything that follows is one transaction.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "book/entry.h"
#include "exchange/bundle.h"
#include "exchange/exchange.h"
#include "exchange/succession.h"

typedef struct {
    ms_book *book;
    const char *file;
    ms_buf text; /* of the release: what was signed */
    ms_release release;
    unsigned char hash[MS_HASH_BYTES];
    ms_trust writer;
    ms_buf succession, public_text; /* what led to the writer's key, where that is new; and the key */
    ms_channel channel;
    ms_release_note *note;
} take_work;

/* ---- whose it is ---- */

typedef struct {
    take_work *w;
    const unsigned char *hash; /* of the signing key that is looked for */
    bool is_found;
    ms_trust former; /* a partner that had the key once, or one from which the succession leads elsewhere */
    bool had, fork;
} key_search;

static bool is_key(const key_search *search, const ms_public_key *key)
{
    unsigned char hash[MS_HASH_BYTES];
    ms_hash(hash, key->signing, MS_PUBLIC_BYTES);
    return memcmp(hash, search->hash, MS_HASH_BYTES) == 0;
}

static ms_status visit_trust(void *context, const ms_trust *trust, ms_error *err)
{
    key_search *search = context;
    (void)err;
    if (is_key(search, &trust->key)) {
        search->w->writer = *trust;
        search->is_found = true;
    }
    return MS_OK;
}

/* Does the succession lead from this key to the writer's? */
static ms_status leads(bool *leads_there, ms_public_key *key, const key_search *search, const ms_public_key *from,
                       ms_error *err)
{
    take_work *w = search->w;
    ms_buf_reset(&w->public_text);
    MS_TRY(ms_succession_follow(key, &w->public_text, leads_there, from, w->succession.text, w->succession.length,
                                w->file, err));
    *leads_there = *leads_there && is_key(search, key);
    return MS_OK;
}

static ms_status follow_from(void *context, const ms_trust *trust, ms_error *err)
{
    key_search *search = context;
    ms_public_key key;
    bool there;
    if (trust->revoked || search->is_found)
        return MS_OK;
    ms_status status = leads(&there, &key, search, &trust->key, err);
    if (status == MS_OK && there) {
        search->w->writer = *trust;
        search->w->writer.key = key;
        search->is_found = true;
    }
    return status;
}

/* A key of before: did it make the bundle, or does the succession lead away from it? */
static ms_status look_at_former(void *context, const ms_public_key *key, ms_error *err)
{
    key_search *search = context;
    ms_public_key last;
    bool there = false;
    if (is_key(search, key))
        search->had = true;
    else if (search->w->succession.length > 0)
        MS_TRY(leads(&there, &last, search, key, err));
    search->fork = search->fork || there;
    return MS_OK;
}

static ms_status former_of(void *context, const ms_trust *trust, ms_error *err)
{
    key_search *search = context;
    if (search->had || search->fork)
        return MS_OK;
    search->former = *trust;
    if (trust->revoked)
        MS_TRY(look_at_former(search, &trust->key, err));
    return ms_trust_each_key(search->w->book, trust->key.partner, look_at_former, search, err);
}

/* Nobody whose key is trusted made the bundle: says what it may be. */
static ms_status nobodys(key_search *search, ms_error *err)
{
    const take_work *w = search->w;
    MS_TRY(ms_trust_each(w->book, former_of, search, err));
    const char *partner = search->former.key.partner;
    if (search->former.revoked && (search->had || search->fork))
        return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0, "the bundle was made by %s, who is no longer trusted here",
                           partner);
    if (search->fork) {
        MS_TRY(ms_trust_raise(w->book, partner, search->hash, err));
        return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0,
                           "ALARM: the bundle announces a key of %s, signed by one that %s has replaced by another: "
                           "somebody has that old key. Telephone; trust the right one by hand if this is it. Nothing "
                           "was changed",
                           partner, partner);
    }
    if (search->had)
        return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0,
                           "the bundle was made with a key that %s has replaced by another: ask for it again", partner);
    return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0,
                       "the bundle was made with a key that is not trusted here: is the partner's key new? "
                       "`mainstay exchange partners` lists those that are");
}

static ms_status find_writer(take_work *w, const char *bytes, size_t length, const ms_bundle_head *head, ms_error *err)
{
    key_search search = {.w = w, .hash = head->from};
    MS_TRY(ms_trust_each(w->book, visit_trust, &search, err));
    if (search.is_found && w->writer.revoked)
        return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0, "the bundle was made by %s, who is no longer trusted here",
                           w->writer.key.partner);
    if (search.is_found)
        return MS_OK;
    MS_TRY(ms_bundle_succession(&w->succession, bytes, length, ms_book_key(w->book), w->file, err));
    if (w->succession.length > 0)
        MS_TRY(ms_trust_each(w->book, follow_from, &search, err));
    return search.is_found ? MS_OK : nobodys(&search, err);
}

/* ---- opening ---- */

static ms_status open_release(take_work *w, const char *bytes, size_t length, ms_error *err)
{
    ms_bundle_head head;
    ms_release *release = &w->release;
    MS_TRY(ms_bundle_read_head(&head, bytes, length, w->file, err));
    MS_TRY(find_writer(w, bytes, length, &head, err));
    MS_TRY(ms_bundle_open(&w->text, bytes, length, ms_book_key(w->book), &w->writer.key, w->file, err));
    const char *text = w->text.text == NULL ? "" : w->text.text;
    ms_hash(w->hash, text, w->text.length);
    MS_TRY(ms_release_read(release, text, w->text.length, w->file, err));
    if (strcmp(release->from, w->writer.key.partner) == 0 && strcmp(release->to, ms_book_partner(w->book)) == 0 &&
        release->number == head.number)
        return MS_OK;
    return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0,
                       "the release says it is number %lld from %s to %s, and the bundle says otherwise",
                       (long long)release->number, release->from, release->to);
}

/* ---- its place in the stream ---- */

/* Notes the alarm in the book, so that it is not forgotten with the message. */
static ms_status alarm(take_work *w, int64_t number, const char *what, ms_error *err)
{
    char key[MS_CHANNEL_KEY_BYTES], hex[MS_HEX_BYTES];
    ms_buf body = {0};
    ms_json json;
    ms_json_start_canonical(&json, &body);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "hash", ms_hex_put(hex, w->hash, MS_HASH_BYTES));
    ms_json_string(&json, "why", what);
    ms_json_close_object(&json);
    ms_status status = ms_channel_append(w->book, "fork", ms_channel_key(key, w->channel.partner, number), &body, err);
    ms_buf_free(&body);
    MS_TRY(status);
    w->channel.fork = number;
    MS_TRY(ms_channel_write(w->book, &w->channel, err));
    MS_TRY(ms_book_commit(w->book, err));
    return ms_error_at(
        err, MS_BAD_INPUT, w->file, 0, 0,
        "ALARM: %s of %s has two contents. Its book was restored from a backup, or somebody else has its "
        "key: ask there before you go on. Nothing was changed",
        what, w->channel.partner);
}

/* What the giver says about our own channel. */
static void note_acknowledged(ms_channel *channel, const ms_release *release)
{
    if (release->taken < channel->acked)
        channel->want_whole = true; /* its book was restored: it lacks what came in between */
    if (release->want_whole)
        channel->want_whole = true;
    if (release->lost) {
        channel->returning = true;
        channel->returned_at = 0;
    } else if (channel->returned_at > 0 && release->taken >= channel->returned_at) {
        channel->returning = false;
        channel->returned_at = 0;
    }
    if (channel->lost_at > 0 && release->taken >= channel->lost_at)
        channel->lost_at = 0;
    channel->acked = release->taken;
    memcpy(channel->acked_hash, release->taken_hash, MS_HASH_BYTES);
}

/* What is missing cannot be passed over, but what a later release says of our own stream is heard: after a restore from
 * a backup on one side, neither could take what the other says next, if each waited for the other. */
static ms_status note_gap(take_work *w, ms_error *err)
{
    long long first = w->channel.taken + 1, last = w->release.number - 1;
    if (w->channel.gap < w->release.number) {
        w->channel.gap = w->release.number;
        note_acknowledged(&w->channel, &w->release);
        MS_TRY(ms_channel_write(w->book, &w->channel, err));
    }
    MS_TRY(ms_book_commit(w->book, err));
    char missing[64];
    snprintf(missing, sizeof missing, first == last ? "release %lld" : "releases %lld to %lld", first, last);
    return ms_error_at(err, MS_BAD_INPUT, w->file, 0, 0,
                       "%s of %s %s missing: take %s first; or go on, and your next release asks for a whole one",
                       missing, w->channel.partner, first == last ? "is" : "are", first == last ? "it" : "them");
}

/* *apply becomes false where the release is old news. The transaction is over when this fails. */
static ms_status check_place(bool *apply, take_work *w, ms_error *err)
{
    static const unsigned char zeros[MS_HASH_BYTES];
    const ms_release *release = &w->release;
    char what[64];
    *apply = false;
    if (release->number <= w->channel.taken) {
        ms_mark mark;
        MS_TRY(ms_channel_mark(&mark, w->book, "taken-mark", w->channel.partner, release->number, err));
        snprintf(what, sizeof what, "release %lld", (long long)release->number);
        return mark.found && memcmp(mark.hash, w->hash, MS_HASH_BYTES) != 0 ? alarm(w, release->number, what, err)
                                                                            : MS_OK;
    }
    bool next = release->number == w->channel.taken + 1;
    const unsigned char *before = w->channel.taken == 0 ? zeros : w->channel.taken_hash;
    if (next && memcmp(release->previous, before, MS_HASH_BYTES) != 0 && !(release->whole && w->channel.taken == 0)) {
        snprintf(what, sizeof what, "release %lld", (long long)w->channel.taken);
        return alarm(w, w->channel.taken, what, err);
    }
    if (!next && !release->whole)
        return note_gap(w, err);
    *apply = true;
    return MS_OK;
}

/* ---- applying ---- */

typedef struct {
    const char *text;
    unsigned char signature[MS_SIGNATURE_BYTES];
    bool good;
} signature_work;

static ms_status try_key(void *context, const ms_public_key *key, ms_error *err)
{
    signature_work *work = context;
    (void)err;
    work->good = work->good ||
                 ms_public_key_verify(key, "mainstay step 1", work->text, strlen(work->text), work->signature);
    return MS_OK;
}

/* Our own keys since the last that was replaced because it was lost: in order, each entry of the log that has one. */
static ms_status try_own(void *context, const ms_entry *entry, ms_error *err)
{
    signature_work *work = context;
    ms_public_key key;
    bool replaced;
    MS_TRY(ms_key_body_parse(&key, &replaced, entry, err));
    if (replaced)
        work->good = false;
    return try_key(work, &key, err);
}

/* Whether the document bears the signature of its author, the giver, or ourselves, to whom it comes back, under the key
 * of today or one of before. */
static ms_status check_signed(bool *good, const take_work *w, const char *text, const char *by, const char *signature,
                              ms_error *err)
{
    signature_work work = {.text = text};
    bool theirs = strcmp(by, w->channel.partner) == 0;
    *good = false;
    if (signature == NULL || !ms_hex_parse(work.signature, MS_SIGNATURE_BYTES, signature))
        return MS_OK;
    MS_TRY(try_key(&work, theirs ? &w->writer.key : ms_book_public(w->book), err));
    if (!work.good && theirs)
        MS_TRY(ms_trust_each_key(w->book, by, try_key, &work, err));
    if (!work.good && !theirs) {
        MS_TRY(ms_book_scan(w->book, 1, MS_KIND_BOOK, try_own, &work, err));
        MS_TRY(ms_book_scan(w->book, 1, MS_KIND_KEY, try_own, &work, err));
    }
    *good = work.good;
    return MS_OK;
}

/* What is wrong with a document; NULL when it is one of the two partners', signed, under the key of its hash. */
static ms_status document_wrong(const char **wrong, const take_work *w, const ms_document *document,
                                const json_t *envelope, ms_error *err)
{
    const char *text = json_string_value(json_object_get(envelope, "document")),
               *signature = json_string_value(json_object_get(envelope, "signature"));
    char hex[MS_HEX_BYTES];
    unsigned char hash[MS_HASH_BYTES];
    json_t *root = NULL;
    bool is_signed = false;
    *wrong = "it is no JSON";
    if (text == NULL || ms_json_parse(&root, text, strlen(text), w->file, NULL) != MS_OK)
        return MS_OK;
    const char *by = json_string_value(json_object_get(root, "by")),
               *to = json_string_value(json_object_get(root, "to")), *self = ms_book_partner(w->book),
               *giver = w->channel.partner;
    bool between = by != NULL && to != NULL &&
                   ((strcmp(by, giver) == 0 && strcmp(to, self) == 0) ||
                    (strcmp(by, self) == 0 && strcmp(to, giver) == 0));
    ms_status status = between ? check_signed(&is_signed, w, text, by, signature, err) : MS_OK;
    json_decref(root);
    ms_hash(hash, text, strlen(text));
    ms_hex_put(hex, hash, MS_HASH_BYTES);
    const char *slash = strrchr(document->key, '/');
    *wrong = !between                                       ? "it is not between the two partners"
             : !is_signed                                   ? "its signature is not its author's"
             : slash == NULL || strcmp(slash + 1, hex) != 0 ? "its key is not its hash"
                                                            : NULL;
    return status;
}

static ms_status take_document(take_work *w, const ms_document *document, ms_error *err)
{
    json_t *envelope = NULL;
    ms_entry known;
    bool found;
    const char *wrong;
    MS_TRY(ms_channel_find(&known, &found, w->book, "step", document->key, err));
    if (found) {
        ms_entry_free(&known);
        return MS_OK;
    }
    MS_TRY(ms_json_parse(&envelope, document->body, strlen(document->body), w->file, err));
    ms_status status = document_wrong(&wrong, w, document, envelope, err);
    json_decref(envelope);
    MS_TRY(status);
    if (wrong != NULL) {
        snprintf(w->note->remark, sizeof w->note->remark, "document %.100s was refused: %s", document->key, wrong);
        return MS_OK;
    }
    ms_draft draft = {"step", document->key, document->body, strlen(document->body)};
    w->note->documents++;
    return ms_book_append(NULL, w->book, &draft, 1, err);
}

static ms_status keep(take_work *w, ms_error *err)
{
    const char *giver = w->channel.partner;
    ms_mark mark = {0};
    memcpy(mark.hash, w->hash, MS_HASH_BYTES);
    MS_TRY(ms_channel_keep(w->book, "taken", giver, w->release.number, &w->text, err));
    return ms_channel_put_mark(w->book, "taken-mark", giver, w->release.number, &mark, err);
}

static void note_taken(take_work *w)
{
    ms_channel *channel = &w->channel;
    const ms_release *release = &w->release;
    channel->taken = release->number;
    channel->taken_ms = ms_book_now(w->book);
    channel->made_ms = release->time_ms;
    memcpy(channel->taken_hash, w->hash, MS_HASH_BYTES);
    if (release->whole)
        channel->taken_whole = release->number;
    if (channel->gap <= release->number)
        channel->gap = 0;
    channel->fork = 0;
    memcpy(channel->their_rhythm, release->rhythm, sizeof channel->their_rhythm);
    note_acknowledged(channel, release);
}

/* The picture must be the one that the giver has: else something between us has gone wrong, and a whole one mends it.
 */
static ms_status check_digest(take_work *w, ms_error *err)
{
    ms_picture picture;
    unsigned char digest[MS_HASH_BYTES];
    MS_TRY(ms_channel_picture(&picture, w->book, "taken", w->channel.partner, w->channel.taken_whole, w->channel.taken,
                              err));
    ms_status status = ms_picture_digest(digest, &picture, err);
    ms_picture_free(&picture);
    MS_TRY(status);
    if (memcmp(digest, w->release.digest, MS_HASH_BYTES) != 0)
        return ms_error_at(
            err, MS_BAD_INPUT, w->file, 0, 0,
            "what the release makes of the picture is not what %s says it should be: ask for a whole one",
            w->channel.partner);
    return MS_OK;
}

/* The key of today is in force from now on. What was sealed for the one before cannot be opened there any more, so that
 * the next release to its owner is whole. */
static ms_status follow_key(take_work *w, ms_error *err)
{
    char fingerprint[MS_FINGERPRINT_BYTES];
    if (w->succession.length == 0)
        return MS_OK;
    w->channel.want_whole = true;
    snprintf(w->note->remark, sizeof w->note->remark,
             "%s has another key from now on, announced under the one before. Its fingerprint is %s: read it to each "
             "other when you next telephone",
             w->channel.partner, ms_public_key_fingerprint(fingerprint, &w->writer.key));
    return ms_trust_follow(w->book, w->channel.partner, w->public_text.text, &w->succession, err);
}

static ms_status apply(take_work *w, ms_error *err)
{
    ms_release refused = {0};
    MS_TRY(follow_key(w, err));
    MS_TRY(keep(w, err));
    for (size_t ix = 0; ix < w->release.document_count; ix++)
        MS_TRY(take_document(w, &w->release.documents[ix], err));
    note_taken(w);
    MS_TRY(check_digest(w, err));
    MS_TRY(ms_channel_write(w->book, &w->channel, err));
    char remark[sizeof w->note->remark];
    MS_TRY(ms_channel_accept(&w->note->rows, remark, w->book, err));
    if (w->note->remark[0] == '\0')
        memcpy(w->note->remark, remark, sizeof remark);
    MS_TRY(ms_release_start(&refused, err));
    ms_status status = ms_channel_refused(&refused, w->book, w->channel.partner, err);
    w->note->refused = refused.refusal_count;
    ms_release_free(&refused);
    return status;
}

static ms_status take(take_work *w, ms_error *err)
{
    bool fresh;
    MS_TRY(ms_channel_read(&w->channel, w->book, w->writer.key.partner, err));
    MS_TRY(check_place(&fresh, w, err));
    memcpy(w->note->partner, w->channel.partner, sizeof w->note->partner);
    w->note->number = w->release.number;
    w->note->whole = w->release.whole;
    w->note->again = !fresh;
    w->note->records = w->release.changes.count;
    return fresh ? apply(w, err) : MS_OK;
}

ms_status ms_exchange_take(ms_release_note *note, ms_book *book, const char *bytes, size_t length, const char *file,
                           ms_error *err)
{
    ms_release_note taken = {0};
    take_work work = {.book = book, .file = file, .note = &taken};
    MS_TRY(ms_book_begin(book, err));
    ms_status status = open_release(&work, bytes, length, err);
    if (status == MS_OK)
        status = take(&work, err);
    if (status == MS_OK)
        status = ms_book_commit(book, err);
    else
        ms_book_rollback(book); /* nothing, after an alarm or a gap, which are committed */
    if (status == MS_OK)
        *note = taken;
    ms_release_free(&work.release);
    ms_buf_free(&work.text);
    ms_buf_free(&work.succession);
    ms_buf_free(&work.public_text);
    return status;
}
