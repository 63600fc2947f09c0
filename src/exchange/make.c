/* make.c: the next release for a partner: what the rules let out now, less what went out before, with the documents
 * that it lacks and the rows of its own that could not be used. See channel.h for the entries that remember it.
 *
 * When the partner says it has releases that this book does not know, or knows otherwise, the book was restored from a
 * backup: the count goes on behind the partner's, and the release is whole and asks for lost documents back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "exchange/bundle.h"
#include "exchange/exchange.h"
#include "exchange/succession.h"

void ms_exchange_name(ms_buf *out, const char *from, const char *to, int64_t number)
{
    ms_buf_printf(out, "%s-%s-%012lld.release", from, to, (long long)number);
}

/* ---- what goes out ---- */

/* Of rows that go out late those that the rules still let out, as the picture `then` had them. */
static ms_status add_late(ms_picture *after, const ms_picture *now, const ms_picture *then, ms_error *err)
{
    for (size_t ix = 0; ix < now->count; ix++) {
        const ms_record *fresh = &now->records[ix], *old = ms_picture_find(then, fresh->key);
        char amount[64];
        if (old == NULL)
            continue;
        /* The line begins with its delay: one that was held under another delay, or none, does not count. */
        snprintf(amount, sizeof amount, "%.*s", (int)strcspn(fresh->line, ","), fresh->line);
        if (strncmp(fresh->key, "items/", 6) == 0 || strncmp(old->line, amount, strlen(amount)) == 0)
            MS_TRY(ms_picture_put(after, old->key, old->line, strlen(old->line), err));
    }
    return MS_OK;
}

/* The last release made at or before time_ms; 0 none. Releases are in the order of time. */
static ms_status last_before(int64_t *number, ms_book *book, const ms_channel *channel, int64_t time_ms, ms_error *err)
{
    *number = 0;
    for (int64_t at = channel->given; at > 0 && *number == 0; at--) {
        ms_release held;
        ms_status status = ms_channel_read_release(&held, book, "held", channel->partner, at, err);
        if (status == MS_NOT_FOUND)
            continue;
        MS_TRY(status);
        if (held.time_ms <= time_ms)
            *number = at;
        ms_release_free(&held);
    }
    if (err != NULL)
        *err = (ms_error){0};
    return MS_OK;
}

/* The picture of what was held up to release last; every held release behind a whole one starts anew with it. */
static ms_status held_picture(ms_picture *out, ms_book *book, const ms_channel *channel, int64_t last, ms_error *err)
{
    int64_t whole = last < 1 ? 0 : last - (last - 1) % MS_WHOLE_EVERY;
    return ms_channel_picture(out, book, "held", channel->partner, whole, last, err);
}

static ms_status add_delayed(ms_picture *after, ms_book *book, const ms_channel *channel, const ms_offer *offer,
                             ms_error *err)
{
    for (int ix = 0; ix < offer->delayed_count; ix++) {
        int64_t last;
        ms_picture then = {0};
        double delay_ms = offer->delayed[ix].days * 86400000;
        MS_TRY(last_before(&last, book, channel, ms_book_now(book) - (int64_t)delay_ms, err));
        MS_TRY(held_picture(&then, book, channel, last, err));
        ms_status status = add_late(after, &offer->delayed[ix].rows, &then, err);
        ms_picture_free(&then);
        MS_TRY(status);
    }
    return MS_OK;
}

static ms_status copy_picture(ms_picture *out, const ms_picture *from, ms_error *err)
{
    for (size_t ix = 0; ix < from->count; ix++)
        MS_TRY(ms_picture_put(out, from->records[ix].key, from->records[ix].line, strlen(from->records[ix].line), err));
    return MS_OK;
}

static ms_status make_pictures(ms_outgoing *o, ms_book *book, ms_error *err)
{
    ms_rules rules = {0};
    ms_case *kase = NULL;
    ms_findings findings = {0};
    MS_TRY(ms_channel_rules(&rules, book, err));
    ms_status status = ms_book_case(&kase, book, NULL, &findings, err);
    if (status == MS_BAD_INPUT && findings.error_count > 0)
        status = ms_error_set(err, MS_BAD_INPUT, "the case in the book has %zu error%s; `mainstay check` lists them",
                              findings.error_count, findings.error_count == 1 ? "" : "s");
    if (status == MS_OK)
        status = ms_offer_make(&o->offer, book, kase, &rules, o->channel.partner, err);
    if (status == MS_OK) {
        o->start_day = kase->start_day;
        snprintf(o->currency, sizeof o->currency, "%s", kase->currency);
    }
    ms_findings_free(&findings);
    ms_case_free(kase);
    ms_rules_free(&rules);
    MS_TRY(status);
    MS_TRY(ms_channel_picture(&o->before, book, "given", o->channel.partner, o->channel.given_whole, o->channel.given,
                              err));
    MS_TRY(ms_picture_start(&o->after, err));
    MS_TRY(add_delayed(&o->after, book, &o->channel, &o->offer, err));
    MS_TRY(copy_picture(&o->after, &o->offer.now, err));
    ms_picture_settle(&o->after);
    return MS_OK;
}

ms_status ms_outgoing_make(ms_outgoing *out, ms_book *book, const char *partner, ms_error *err)
{
    ms_outgoing o = {0};
    MS_TRY(ms_trust_find(&o.trust, book, partner, err));
    MS_TRY(ms_channel_read(&o.channel, book, partner, err));
    ms_status status = make_pictures(&o, book, err);
    if (status == MS_OK)
        *out = o;
    else
        ms_outgoing_free(&o);
    return status;
}

void ms_outgoing_free(ms_outgoing *outgoing)
{
    ms_offer_free(&outgoing->offer);
    ms_picture_free(&outgoing->before);
    ms_picture_free(&outgoing->after);
}

/* ---- the release ---- */

typedef struct {
    ms_book *book;
    ms_outgoing *o;
    ms_release *release;
    bool lost; /* the partner has releases that the book does not know */
    bool all;  /* documents of both sides */
} make_work;

static ms_status add_change(void *context, const ms_record *before, const ms_record *after, ms_error *err)
{
    ms_release *release = context;
    return after == NULL ? ms_picture_drop(&release->changes, before->key, err)
                         : ms_picture_put(&release->changes, after->key, after->line, strlen(after->line), err);
}

/* A document travels to the partner that it names: our own as `to`; the partner's own, when it has lost them, as `by`.
 */
static ms_status visit_document(void *context, const ms_entry *entry, ms_error *err)
{
    make_work *w = context;
    json_t *envelope = NULL, *document = NULL;
    MS_TRY(ms_json_parse(&envelope, entry->body, entry->length, "step", err));
    const char *text = json_string_value(json_object_get(envelope, "document"));
    ms_status status = text == NULL ? MS_OK : ms_json_parse(&document, text, strlen(text), "step", err);
    const char *by = json_string_value(json_object_get(document, "by")),
               *to = json_string_value(json_object_get(document, "to")), *self = ms_book_partner(w->book),
               *partner = w->o->channel.partner;
    bool ours = by != NULL && to != NULL && strcmp(by, self) == 0 && strcmp(to, partner) == 0;
    bool theirs = by != NULL && to != NULL && strcmp(by, partner) == 0 && strcmp(to, self) == 0;
    if (status == MS_OK && (ours || (theirs && w->all)))
        status = ms_release_add_document(w->release, entry->key, entry->body, err);
    json_decref(document);
    json_decref(envelope);
    return status;
}

/* Documents that the partner has not acknowledged, or all of them when it has lost some. */
static ms_status add_documents(make_work *w, ms_error *err)
{
    const ms_channel *channel = &w->o->channel;
    ms_mark mark = {0};
    w->all = channel->returning;
    if (channel->acked > 0 && !w->all && !w->lost)
        MS_TRY(ms_channel_mark(&mark, w->book, "given-mark", channel->partner, channel->acked, err));
    return ms_book_scan(w->book, mark.found ? mark.upto + 1 : 1, "step", visit_document, w, err);
}

/* True when the partner has a release of ours that the book does not know, or knows with other contents. */
static ms_status has_lost(bool *lost, ms_book *book, const ms_channel *channel, ms_error *err)
{
    ms_mark mark;
    *lost = false;
    if (channel->acked == 0)
        return MS_OK;
    MS_TRY(ms_channel_mark(&mark, book, "given-mark", channel->partner, channel->acked, err));
    *lost = !mark.found || memcmp(mark.hash, channel->acked_hash, MS_HASH_BYTES) != 0;
    if (*lost && channel->acked > channel->given + MS_JUMP_MOST)
        return ms_error_set(err, MS_BAD_INPUT, "%s says it has release %lld of ours, which were never made; ask there",
                            channel->partner, (long long)channel->acked);
    return MS_OK;
}

ms_status ms_outgoing_documents(size_t *count, ms_outgoing *outgoing, ms_book *book, ms_error *err)
{
    ms_release release = {0};
    make_work work = {.book = book, .o = outgoing, .release = &release};
    MS_TRY(has_lost(&work.lost, book, &outgoing->channel, err));
    ms_status status = ms_release_start(&release, err);
    if (status == MS_OK)
        status = add_documents(&work, err);
    if (status == MS_OK)
        *count = release.document_count;
    ms_release_free(&release);
    return status;
}

static ms_status fill_head(make_work *w, bool whole, ms_error *err)
{
    ms_release *release = w->release;
    ms_channel *channel = &w->o->channel;
    MS_TRY(has_lost(&w->lost, w->book, channel, err));
    if (w->lost && channel->acked > channel->given) {
        channel->given = channel->acked;
        memcpy(channel->given_hash, channel->acked_hash, MS_HASH_BYTES);
    }
    release->number = channel->given + 1;
    memcpy(release->previous, channel->given_hash, MS_HASH_BYTES);
    release->whole = whole || w->lost || channel->given_whole == 0 || channel->want_whole ||
                     release->number - channel->given_whole >= MS_WHOLE_EVERY;
    release->lost = w->lost || channel->lost_at > 0;
    release->time_ms = ms_book_now(w->book);
    release->taken = channel->taken;
    memcpy(release->taken_hash, channel->taken_hash, MS_HASH_BYTES);
    release->want_whole = channel->gap > 0;
    memcpy(release->from, ms_book_partner(w->book), strlen(ms_book_partner(w->book)) + 1);
    memcpy(release->to, channel->partner, sizeof release->to);
    MS_TRY(ms_channel_rhythm(release->rhythm, w->book, channel->partner, err));
    release->start_day = w->o->start_day;
    memcpy(release->currency, w->o->currency, sizeof release->currency);
    return ms_picture_digest(release->digest, &w->o->after, err);
}

/* Rows that go out late, as they are now: what a later release will look back to. */
static ms_status keep_held(make_work *w, ms_error *err)
{
    const ms_offer *offer = &w->o->offer;
    ms_picture before = {0}, now = {0};
    ms_release held = {0};
    ms_buf text = {0};
    bool whole = (w->release->number - 1) % MS_WHOLE_EVERY == 0;
    ms_status status = held_picture(&before, w->book, &w->o->channel, whole ? 0 : w->release->number - 1, err);
    if (status == MS_OK)
        status = ms_picture_start(&now, err);
    for (int ix = 0; ix < offer->delayed_count && status == MS_OK; ix++)
        status = copy_picture(&now, &offer->delayed[ix].rows, err);
    if (status == MS_OK) {
        ms_picture_settle(&now);
        status = ms_release_start(&held, err);
    }
    if (status == MS_OK)
        status = ms_picture_compare(&before, &now, add_change, &held, err);
    if (status == MS_OK && held.changes.count > 0) {
        memcpy(held.from, w->release->from, sizeof held.from);
        memcpy(held.to, w->release->to, sizeof held.to);
        held.number = w->release->number;
        held.time_ms = w->release->time_ms;
        status = ms_release_write(&text, &held, err);
        if (status == MS_OK)
            status = ms_channel_keep(w->book, "held", held.to, held.number, &text, err);
    }
    ms_picture_free(&before);
    ms_picture_free(&now);
    ms_release_free(&held);
    ms_buf_free(&text);
    return status;
}

static ms_status keep(make_work *w, const ms_buf *text, ms_error *err)
{
    ms_channel *channel = &w->o->channel;
    const ms_release *release = w->release;
    ms_mark mark;
    unsigned char head[MS_HASH_BYTES];
    MS_TRY(ms_book_head(&mark.upto, head, w->book, err));
    ms_hash(mark.hash, text->text, text->length);
    MS_TRY(keep_held(w, err));
    MS_TRY(ms_channel_keep(w->book, "given", channel->partner, release->number, text, err));
    MS_TRY(ms_channel_put_mark(w->book, "given-mark", channel->partner, release->number, &mark, err));
    channel->given = release->number;
    channel->given_ms = release->time_ms;
    memcpy(channel->given_hash, mark.hash, MS_HASH_BYTES);
    if (release->whole) {
        channel->given_whole = release->number;
        channel->want_whole = false;
    }
    if (channel->returning && channel->returned_at == 0)
        channel->returned_at = release->number;
    if (w->lost) { /* what the partner has of ours is answered: do not count it as lost again */
        channel->lost_at = release->number;
        channel->acked = 0;
        memset(channel->acked_hash, 0, MS_HASH_BYTES);
    }
    return ms_channel_write(w->book, channel, err);
}

static ms_status write_release(ms_buf *text, ms_release_note *note, make_work *w, bool whole, ms_error *err)
{
    const ms_picture nothing = {0};
    ms_release *release = w->release;
    MS_TRY(fill_head(w, whole, err));
    MS_TRY(ms_picture_compare(release->whole ? &nothing : &w->o->before, &w->o->after, add_change, release, err));
    MS_TRY(add_documents(w, err));
    MS_TRY(ms_channel_refused(release, w->book, w->o->channel.partner, err));
    MS_TRY(ms_release_write(text, release, err));
    MS_TRY(keep(w, text, err));
    *note = (ms_release_note){.number = release->number,
                              .whole = release->whole,
                              .recovered = w->lost,
                              .records = release->changes.count,
                              .documents = release->document_count,
                              .refused = release->refusal_count};
    return MS_OK;
}

static ms_status make_next(ms_buf *text, ms_release_note *note, ms_trust *trust, ms_book *book, const char *partner,
                           bool whole, ms_error *err)
{
    ms_outgoing o;
    ms_release release = {0};
    MS_TRY(ms_trust_find(trust, book, partner, err));
    MS_TRY(ms_channel_accept(NULL, NULL, book, err));
    MS_TRY(ms_outgoing_make(&o, book, partner, err));
    make_work work = {.book = book, .o = &o, .release = &release};
    ms_status status = ms_release_start(&release, err);
    if (status == MS_OK)
        status = write_release(text, note, &work, whole, err);
    ms_release_free(&release);
    ms_outgoing_free(&o);
    return status;
}

static ms_status make_again(ms_buf *text, ms_release_note *note, ms_trust *trust, ms_book *book, const char *partner,
                            int64_t number, ms_error *err)
{
    ms_release release;
    MS_TRY(ms_trust_find(trust, book, partner, err));
    MS_TRY(ms_channel_text(text, book, "given", partner, number, err));
    MS_TRY(ms_release_read(&release, text->text, text->length, "release", err));
    *note = (ms_release_note){.number = number,
                              .whole = release.whole,
                              .again = true,
                              .records = release.changes.count,
                              .documents = release.document_count,
                              .refused = release.refusal_count};
    ms_release_free(&release);
    return MS_OK;
}

/* What the partner needs to follow changes of our key: those behind the last release that it says it has. */
static ms_status put_succession(ms_buf *out, ms_book *book, const char *partner, ms_error *err)
{
    ms_channel channel;
    ms_mark mark = {0};
    MS_TRY(ms_channel_read(&channel, book, partner, err));
    if (channel.acked > 0)
        MS_TRY(ms_channel_mark(&mark, book, "given-mark", partner, channel.acked, err));
    return ms_succession_write(out, book, mark.found ? mark.upto : 0, err);
}

ms_status ms_exchange_make(ms_buf *out, ms_release_note *note, ms_book *book, const char *partner, int64_t number,
                           bool whole, ms_error *err)
{
    ms_buf text = {0}, bundle = {0}, succession = {0};
    ms_trust trust;
    ms_release_note made = {0};
    MS_TRY(ms_book_begin(book, err));
    ms_status status = number == 0 ? make_next(&text, &made, &trust, book, partner, whole, err)
                                   : make_again(&text, &made, &trust, book, partner, number, err);
    if (status == MS_OK)
        status = put_succession(&succession, book, partner, err);
    if (status == MS_OK)
        status = ms_bundle_seal(&bundle, text.text, text.length, made.number, ms_book_key(book), &trust.key,
                                &succession, err);
    if (status == MS_OK) {
        ms_buf_put(out, bundle.text, bundle.length);
        status = out->failed ? ms_error_memory(err) : MS_OK;
    }
    if (status == MS_OK)
        status = ms_book_commit(book, err);
    else
        ms_book_rollback(book);
    if (status == MS_OK) {
        snprintf(made.partner, sizeof made.partner, "%s", partner);
        *note = made;
    }
    ms_buf_free(&text);
    ms_buf_free(&bundle);
    ms_buf_free(&succession);
    return status;
}
