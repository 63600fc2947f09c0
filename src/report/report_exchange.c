/* report_exchange.c: the exchange on a screen: whom we trust, how it stands, what would go out, what came in. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exchange/contact.h"
#include "report/change.h"
#include "report/report.h"
#include "report/words.h"

enum { ROWS_SHOWN = 60 };

/* ---- time, for people ---- */

/* "3 hours", "12 days": whole numbers of the largest unit of which there are two. */
static void put_age(ms_buf *out, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *one, *many;
    } units[] = {{86400000, "day", "days"}, {3600000, "hour", "hours"}, {60000, "minute", "minutes"}};
    for (int ix = 0; ix < 3; ix++) {
        int64_t count = ms / units[ix].ms;
        if (count >= 2 || (ix == 2 && count == 1)) {
            ms_buf_printf(out, "%lld %s", (long long)count, count == 1 ? units[ix].one : units[ix].many);
            return;
        }
    }
    ms_buf_text(out, ms < 0 ? "from the future" : "just now");
}

/* ---- partners ---- */

enum { P_PARTNER, P_SINCE, P_RHYTHM, P_STATE, P_FINGERPRINT };
static const ms_column partner_columns[] = {
    [P_PARTNER] = {"partner", "partner", NULL, MS_COLUMN_TEXT, 0},
    [P_SINCE] = {"since", "since", NULL, MS_COLUMN_TEXT, 2},
    [P_RHYTHM] = {"rhythm", "rhythm", NULL, MS_COLUMN_TEXT, 1},
    [P_STATE] = {"state", "state", NULL, MS_COLUMN_TEXT, 0},
    [P_FINGERPRINT] = {"fingerprint", NULL, NULL, MS_COLUMN_TEXT, 0},
};

/* A report being made of what the book says of each partner. */
typedef struct {
    ms_book *book;
    ms_table table;
    ms_buf notes; /* lines below the table */
    size_t count;
} each_work;

static ms_status visit_partner(void *context, const ms_trust *trust, ms_error *err)
{
    each_work *w = context;
    char text[MS_FINGERPRINT_BYTES], time[MS_DATE_BYTES], rhythm[64];
    MS_TRY(ms_channel_rhythm(rhythm, w->book, trust->key.partner, err));
    w->count++;
    ms_table_row(&w->table);
    ms_table_text(&w->table, P_PARTNER, trust->key.partner);
    ms_table_text(&w->table, P_SINCE, ms_time_text(time, trust->since_ms));
    ms_table_text(&w->table, P_RHYTHM, rhythm);
    ms_table_text(&w->table, P_STATE,
                  trust->revoked    ? "no longer trusted"
                  : trust->followed ? "trusted, by the key before"
                                    : "trusted");
    ms_table_text(&w->table, P_FINGERPRINT, ms_public_key_fingerprint(text, &trust->key));
    ms_buf_printf(&w->notes, "%s: %s\n", trust->key.partner, text);
    return w->table.failed ? ms_error_memory(err) : MS_OK;
}

/* Writes the table in the format asked for; key names it in JSON. */
static void put_table(ms_buf *made, ms_table *table, const ms_view *view, const char *key)
{
    if (view->format == MS_FORMAT_CSV) {
        ms_table_page(table, view);
        ms_table_csv_head(table, made);
        ms_table_csv_rows(table, made);
    } else if (view->format == MS_FORMAT_JSON) {
        ms_json json;
        ms_json_start(&json, made);
        ms_json_open_object(&json, NULL);
        ms_table_json_page(table, view, &json, key);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
}

static void put_lines(const ms_pen *pen, ms_tone tone, const ms_buf *lines)
{
    const char *at = ms_words_of(lines);
    while (*at != '\0') {
        size_t length = strcspn(at, "\n");
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)(length < 1000 ? length : 1000), at);
        ms_pen_paragraph(pen, tone, 0, 2, line);
        at += length + (at[length] == '\n');
    }
}

/* Hands the view over, or frees it when status is a failure; frees what was collected. */
static ms_status finish(ms_buf *out, ms_buf *made, each_work *w, ms_status status, ms_error *err)
{
    made->failed = made->failed || w->table.failed || w->notes.failed;
    ms_table_free(&w->table);
    ms_buf_free(&w->notes);
    if (status == MS_OK)
        return ms_report_hand_over(out, made, err);
    ms_buf_free(made);
    return status;
}

ms_status ms_report_partners(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err)
{
    each_work w = {.book = book};
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&w.table, partner_columns, (int)(sizeof partner_columns / sizeof partner_columns[0]));
    ms_status status = ms_trust_each(book, visit_partner, &w, err);
    if (status == MS_OK && view->format != MS_FORMAT_TEXT) {
        put_table(&made, &w.table, view, "partners");
    } else if (status == MS_OK && w.count == 0) {
        ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, "No partner is trusted yet: `mainstay exchange trust` makes one.");
    } else if (status == MS_OK) {
        ms_table_print(&w.table, &pen, 0);
        ms_pen_heading(&pen, "FINGERPRINTS", "read them to each other over the telephone");
        put_lines(&pen, MS_TONE_PLAIN, &w.notes);
    }
    return finish(out, &made, &w, status, err);
}

/* ---- status ---- */

enum {
    S_PARTNER,
    S_GIVEN,
    S_GIVEN_AT,
    S_GIVE,
    S_TAKEN,
    S_MADE_AT,
    S_AGE,
    S_LATE,
    S_UNREAD,
    S_REFUSED,
    S_ALARM,
    S_TRUSTED,
    S_FOLLOWED,
    S_SINCE,
    S_FINGERPRINT,
    S_RHYTHM,
    S_THEIR_RHYTHM,
    S_DUE_AT,
    S_TAKEN_AT,
    S_EXPECTED_AT,
    S_EVERY,
    S_REFUSED_THERE,
    S_GAP,
    S_WHOLE,
    S_PLACE,
    S_SENT_AT,
    S_FETCHED_AT,
    S_FAILED_AT,
    S_FAILURE
};
static const ms_column status_columns[] = {
    [S_PARTNER] = {"partner", "partner", NULL, MS_COLUMN_TEXT, 0},
    [S_GIVEN] = {"given", "given", NULL, MS_COLUMN_WHOLE, 1},
    [S_GIVEN_AT] = {"given_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_GIVE] = {"give_state", "to give", NULL, MS_COLUMN_TEXT, 0},
    [S_TAKEN] = {"taken", "taken", NULL, MS_COLUMN_WHOLE, 1},
    [S_MADE_AT] = {"made_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_AGE] = {"picture_age", "picture", "age", MS_COLUMN_TEXT, 0},
    [S_LATE] = {"late", "late", NULL, MS_COLUMN_TEXT, 0},
    [S_UNREAD] = {"unread", "unread", "changes", MS_COLUMN_WHOLE, 1},
    [S_REFUSED] = {"refused", "refused", "rows", MS_COLUMN_WHOLE, 2},
    [S_ALARM] = {"alarm", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_TRUSTED] = {"trusted", NULL, NULL, MS_COLUMN_BOOL, 0},
    [S_FOLLOWED] = {"followed", NULL, NULL, MS_COLUMN_BOOL, 0}, /* its key, announced by the one before it */
    [S_SINCE] = {"since", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_FINGERPRINT] = {"fingerprint", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_RHYTHM] = {"rhythm", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_THEIR_RHYTHM] = {"their_rhythm", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_DUE_AT] = {"due_at", NULL, NULL, MS_COLUMN_TEXT, 0}, /* when ours was due last */
    [S_TAKEN_AT] = {"taken_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_EXPECTED_AT] = {"expected_at", NULL, NULL, MS_COLUMN_TEXT, 0}, /* when theirs was */
    [S_EVERY] = {"every_hours", NULL, NULL, MS_COLUMN_WHOLE, 0},      /* from one of theirs to the next */
    [S_REFUSED_THERE] = {"refused_there", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [S_GAP] = {"gap", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [S_WHOLE] = {"next_whole", NULL, NULL, MS_COLUMN_BOOL, 0},
    [S_PLACE] = {"place", NULL, NULL, MS_COLUMN_TEXT,
                 0}, /* through which they last went; the rest is of this machine */
    [S_SENT_AT] = {"sent_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_FETCHED_AT] = {"fetched_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_FAILED_AT] = {"failed_at", NULL, NULL, MS_COLUMN_TEXT, 0},
    [S_FAILURE] = {"failure", NULL, NULL, MS_COLUMN_TEXT, 0},
};

static ms_status count_change(void *context, const ms_record *before, const ms_record *after, ms_error *err)
{
    (void)before;
    (void)after;
    (void)err;
    ++*(size_t *)context;
    return MS_OK;
}

/* The partner's picture as it was last read, and as it is. Free both. */
static ms_status read_pictures(ms_picture *before, ms_picture *after, ms_book *book, const ms_channel *channel,
                               bool all, ms_error *err)
{
    ms_seen seen = {0};
    if (!all)
        MS_TRY(ms_channel_seen(&seen, book, channel->partner, err));
    MS_TRY(ms_channel_picture(before, book, "taken", channel->partner, seen.whole, seen.number, err));
    ms_status status = ms_channel_picture(after, book, "taken", channel->partner, channel->taken_whole, channel->taken,
                                          err);
    if (status != MS_OK)
        ms_picture_free(before);
    return status;
}

static ms_status count_unread(size_t *count, ms_book *book, const ms_channel *channel, ms_error *err)
{
    ms_picture before, after;
    *count = 0;
    MS_TRY(read_pictures(&before, &after, book, channel, false, err));
    ms_status status = ms_picture_compare(&before, &after, count_change, count, err);
    ms_picture_free(&before);
    ms_picture_free(&after);
    return status;
}

static ms_status count_refused(size_t *ours, size_t *theirs, ms_book *book, const ms_channel *channel, ms_error *err)
{
    ms_release refused = {0}, last;
    *ours = *theirs = 0;
    MS_TRY(ms_release_start(&refused, err));
    ms_status status = ms_channel_refused(&refused, book, channel->partner, err);
    *theirs = refused.refusal_count;
    ms_release_free(&refused);
    MS_TRY(status);
    if (channel->taken == 0)
        return MS_OK;
    MS_TRY(ms_channel_read_release(&last, book, "taken", channel->partner, channel->taken, err));
    *ours = last.refusal_count;
    ms_release_free(&last);
    return MS_OK;
}

static void put_times(each_work *w, const ms_channel *channel, const char *rhythm, int64_t now)
{
    ms_table *table = &w->table;
    char time[MS_DATE_BYTES];
    ms_buf text = {0};
    int64_t due = ms_rhythm_due(rhythm, now), theirs = ms_rhythm_due(channel->their_rhythm, now);
    if (channel->given > 0)
        ms_table_text(table, S_GIVEN_AT, ms_time_text(time, channel->given_ms));
    bool owe = due >= 0 && channel->given_ms < due;
    if (due >= 0)
        ms_table_text(table, S_DUE_AT, ms_time_text(time, due));
    ms_table_text(table, S_GIVE, owe ? "due" : due >= 0 ? "done" : "");
    if (owe)
        ms_table_tone(table, S_GIVE, MS_TONE_FAIR);
    if (channel->taken > 0) {
        ms_table_text(table, S_MADE_AT, ms_time_text(time, channel->made_ms));
        ms_table_text(table, S_TAKEN_AT, ms_time_text(time, channel->taken_ms));
        put_age(&text, now - channel->made_ms);
        ms_table_text(table, S_AGE, ms_words_of(&text));
        ms_buf_reset(&text);
    }
    const char *agreed = theirs >= 0 ? channel->their_rhythm : rhythm; /* they have not said: what we agreed */
    if (theirs < 0)
        theirs = due;
    if (theirs >= 0) {
        ms_table_text(table, S_EXPECTED_AT, ms_time_text(time, theirs));
        ms_table_number(table, S_EVERY, (double)ms_rhythm_every(agreed) / 3600000);
    }
    if (theirs >= 0 && channel->made_ms < theirs) {
        put_age(&text, now - theirs);
        ms_table_text(table, S_LATE, ms_words_of(&text));
        ms_table_tone(table, S_LATE, MS_TONE_BAD);
    } else if (theirs >= 0) {
        ms_table_text(table, S_LATE, "no");
    }
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static void put_notes(each_work *w, const ms_channel *channel, size_t ours, size_t theirs)
{
    ms_buf *notes = &w->notes;
    const char *partner = channel->partner;
    if (channel->fork > 0) {
        ms_buf_printf(notes, "ALARM: release %lld of %s has two contents. Ask there before you trust its picture.\n",
                      (long long)channel->fork, partner);
        ms_table_text(&w->table, S_ALARM, "fork");
    }
    if (channel->gap > 0)
        ms_buf_printf(notes, "%s: release %lld is there, but what follows %lld is missing.\n", partner,
                      (long long)channel->gap, (long long)channel->taken);
    if (theirs > 0)
        ms_buf_printf(notes,
                      "%s: %zu of its rows could not be used; `mainstay exchange refused` says why, and so does "
                      "your next release.\n",
                      partner, theirs);
    if (ours > 0)
        ms_buf_printf(notes, "%s: could not use %zu of your rows; `mainstay exchange refused` says why.\n", partner,
                      ours);
    if (channel->want_whole)
        ms_buf_printf(notes, "%s: lacks something; your next release will be whole.\n", partner);
}

static void put_moment(each_work *w, int column, const char *words, int64_t time_ms)
{
    char time[MS_DATE_BYTES];
    int64_t age = ms_book_now(w->book) - time_ms;
    ms_table_text(&w->table, column, ms_time_text(time, time_ms));
    ms_buf_printf(&w->notes, "%s ", words);
    put_age(&w->notes, age);
    ms_buf_text(&w->notes, age >= 60000 ? " ago" : "");
}

static ms_status put_key_alarm(each_work *w, const char *partner, ms_error *err)
{
    bool alarm;
    MS_TRY(ms_trust_alarm(&alarm, w->book, partner, err));
    if (alarm) {
        ms_buf_printf(&w->notes,
                      "ALARM: a key that %s had before announces another than the one trusted here: somebody else has "
                      "it. Telephone, and trust the right one by hand.\n",
                      partner);
        ms_table_text(&w->table, S_ALARM, "key");
    }
    return MS_OK;
}

/* When releases last came through, and, where the last try did not, why. */
static ms_status put_contact(each_work *w, const char *partner, ms_error *err)
{
    ms_contact contact;
    MS_TRY(ms_contact_read(&contact, w->book, partner, err));
    bool failed = contact.failed_ms > 0, sent = contact.sent_ms > 0, fetched = contact.fetched_ms > 0;
    if (sent || fetched || failed)
        ms_table_text(&w->table, S_PLACE, contact.place);
    if (sent || fetched)
        ms_buf_printf(&w->notes, "%s: ", partner);
    if (sent)
        put_moment(w, S_SENT_AT, "sent", contact.sent_ms);
    if (fetched)
        put_moment(w, S_FETCHED_AT, sent ? ", fetched" : "fetched", contact.fetched_ms);
    if ((sent || fetched) && !failed)
        ms_buf_printf(&w->notes, ", through %s", contact.place);
    if (sent || fetched)
        ms_buf_text(&w->notes, ".\n");
    if (failed) {
        ms_table_text(&w->table, S_FAILURE, contact.why);
        ms_buf_printf(&w->notes, "%s: the last try, through %s, ", partner, contact.place);
        put_moment(w, S_FAILED_AT, "failed", contact.failed_ms);
        ms_buf_printf(&w->notes, ": %s\n", contact.why);
    }
    return MS_OK;
}

static void put_trust(ms_table *table, const ms_trust *trust)
{
    char time[MS_DATE_BYTES], fingerprint[MS_FINGERPRINT_BYTES];
    ms_table_number(table, S_TRUSTED, !trust->revoked);
    ms_table_number(table, S_FOLLOWED, trust->followed && !trust->revoked);
    ms_table_text(table, S_SINCE, ms_time_text(time, trust->since_ms));
    ms_table_text(table, S_FINGERPRINT, ms_public_key_fingerprint(fingerprint, &trust->key));
}

static ms_status visit_status(void *context, const ms_trust *trust, ms_error *err)
{
    each_work *w = context;
    ms_channel channel;
    char rhythm[64];
    size_t unread, ours, theirs;
    const char *partner = trust->key.partner;
    MS_TRY(ms_channel_read(&channel, w->book, partner, err));
    MS_TRY(ms_channel_rhythm(rhythm, w->book, partner, err));
    MS_TRY(count_unread(&unread, w->book, &channel, err));
    MS_TRY(count_refused(&ours, &theirs, w->book, &channel, err));
    w->count++;
    ms_table_row(&w->table);
    ms_table_text(&w->table, S_PARTNER, partner);
    ms_table_number(&w->table, S_GIVEN, (double)channel.given);
    ms_table_number(&w->table, S_TAKEN, (double)channel.taken);
    ms_table_number(&w->table, S_UNREAD, (double)unread);
    ms_table_number(&w->table, S_REFUSED, (double)theirs);
    ms_table_number(&w->table, S_REFUSED_THERE, (double)ours);
    ms_table_text(&w->table, S_RHYTHM, rhythm);
    ms_table_text(&w->table, S_THEIR_RHYTHM, channel.their_rhythm);
    ms_table_number(&w->table, S_GAP, (double)channel.gap);
    ms_table_number(&w->table, S_WHOLE, channel.want_whole);
    put_trust(&w->table, trust);
    put_times(w, &channel, rhythm, ms_book_now(w->book));
    put_notes(w, &channel, ours, theirs);
    MS_TRY(put_key_alarm(w, partner, err));
    MS_TRY(put_contact(w, partner, err));
    if (trust->followed && !trust->revoked)
        ms_buf_printf(
            &w->notes,
            "%s: has another key, announced under the one before. Read the fingerprints to each other when you "
            "next telephone; `mainstay exchange partners` has them.\n",
            partner);
    if (trust->revoked)
        ms_buf_printf(&w->notes, "%s: is no longer trusted; nothing is given to it or taken from it.\n", partner);
    return w->table.failed || w->notes.failed ? ms_error_memory(err) : MS_OK;
}

static void exchange_json(ms_buf *made, each_work *w)
{
    char time[MS_DATE_BYTES], fingerprint[MS_FINGERPRINT_BYTES];
    ms_json json;
    ms_json_start(&json, made);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "partner", ms_book_partner(w->book));
    ms_json_string(&json, "fingerprint", ms_public_key_fingerprint(fingerprint, ms_book_public(w->book)));
    ms_json_string(&json, "now", ms_time_text(time, ms_book_now(w->book)));
    ms_table_json(&w->table, &json, "exchange");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_exchange(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err)
{
    each_work w = {.book = book};
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&w.table, status_columns, (int)(sizeof status_columns / sizeof status_columns[0]));
    ms_status status = ms_trust_each(book, visit_status, &w, err);
    if (status == MS_OK && view->format == MS_FORMAT_JSON) {
        exchange_json(&made, &w);
    } else if (status == MS_OK && view->format == MS_FORMAT_CSV) {
        put_table(&made, &w.table, view, "exchange");
    } else if (status == MS_OK && w.count == 0) {
        ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, "No partner is trusted yet: `mainstay exchange trust` makes one.");
    } else if (status == MS_OK) {
        ms_table_print(&w.table, &pen, 0);
        if (w.notes.length > 0)
            ms_pen_line(&pen);
        put_lines(&pen, MS_TONE_PLAIN, &w.notes);
    }
    return finish(out, &made, &w, status, err);
}

/* ---- refused rows ---- */

enum { R_WHOSE, R_KEY, R_WHY };
static const ms_column refused_columns[] = {
    [R_WHOSE] = {"whose", "whose", NULL, MS_COLUMN_TEXT, 0},
    [R_KEY] = {"row", "row", NULL, MS_COLUMN_TEXT, 0},
    [R_WHY] = {"why", NULL, NULL, MS_COLUMN_TEXT, 0},
};

static void put_refused(each_work *w, const char *whose, const ms_release *release)
{
    for (size_t ix = 0; ix < release->refusal_count; ix++) {
        ms_table_row(&w->table);
        ms_table_text(&w->table, R_WHOSE, whose);
        ms_table_text(&w->table, R_KEY, release->refusals[ix].key);
        ms_table_text(&w->table, R_WHY, release->refusals[ix].why);
        ms_buf_printf(&w->notes, "%s of %s: %s\n", release->refusals[ix].key, whose, release->refusals[ix].why);
    }
}

static ms_status collect_refused(each_work *w, const char *partner, ms_error *err)
{
    ms_channel channel;
    ms_release refused = {0}, last;
    MS_TRY(ms_channel_read(&channel, w->book, partner, err));
    MS_TRY(ms_release_start(&refused, err));
    ms_status status = ms_channel_refused(&refused, w->book, partner, err);
    put_refused(w, partner, &refused);
    ms_release_free(&refused);
    if (status != MS_OK || channel.taken == 0)
        return status;
    MS_TRY(ms_channel_read_release(&last, w->book, "taken", partner, channel.taken, err));
    put_refused(w, ms_book_partner(w->book), &last);
    ms_release_free(&last);
    return MS_OK;
}

ms_status ms_report_refused(ms_buf *out, ms_book *book, const char *partner, const ms_view *view, ms_error *err)
{
    each_work w = {.book = book};
    ms_trust trust;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    MS_TRY(ms_trust_find(&trust, book, partner, err));
    ms_table_start(&w.table, refused_columns, (int)(sizeof refused_columns / sizeof refused_columns[0]));
    ms_status status = collect_refused(&w, partner, err);
    if (status == MS_OK && view->format != MS_FORMAT_TEXT)
        put_table(&made, &w.table, view, "refused");
    else if (status == MS_OK && w.notes.length == 0)
        ms_pen_paragraph(&pen, MS_TONE_PLAIN, 0, 0, "Every row was used, on both sides.");
    else
        put_lines(&pen, MS_TONE_PLAIN, &w.notes);
    return finish(out, &made, &w, status, err);
}

/* ---- preview ---- */

static void put_counts(ms_buf *out, const ms_record_diff *changes)
{
    ms_buf_printf(out, "%zu new, %zu changed, %zu dropped, %zu unchanged", changes->counts[MS_CHANGE_NEW],
                  changes->counts[MS_CHANGE_CHANGED], changes->counts[MS_CHANGE_DROPPED],
                  changes->counts[MS_CHANGE_SAME]);
}

static void put_withheld(ms_buf *out, const ms_offer *offer)
{
    for (int table = 0; table < MS_RELEASE_TABLES; table++)
        if (offer->own[table] > 0)
            ms_buf_printf(out, "%s%s %zu of %zu", out->length > 0 ? ", " : "", ms_release_table_words[table],
                          offer->out[table], offer->own[table]);
}

static void put_changes(const ms_pen *pen, const ms_record_diff *changes, size_t all)
{
    ms_table_print(&changes->table, pen, ROWS_SHOWN);
    if (all > ROWS_SHOWN) {
        char more[96];
        snprintf(more, sizeof more, "%zu more; --csv lists all of them.", all - ROWS_SHOWN);
        ms_pen_paragraph(pen, MS_TONE_FAINT, 2, 2, more);
    }
}

static void put_preview(const ms_pen *pen, const ms_outgoing *o, size_t documents, const ms_record_diff *changes)
{
    ms_buf line = {0};
    size_t all = changes->counts[0] + changes->counts[1] + changes->counts[2] + changes->counts[3];
    ms_buf_printf(&line, "Release %lld for %s would hold %zu record%s: ", (long long)o->channel.given + 1,
                  o->channel.partner, o->after.count, o->after.count == 1 ? "" : "s");
    put_counts(&line, changes);
    ms_buf_text(&line, ".");
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&line));
    ms_buf_reset(&line);
    put_withheld(&line, &o->offer);
    if (line.length > 0) {
        ms_buf rows = {0};
        ms_buf_printf(&rows, "Own rows that go out in some form: %s.", ms_words_of(&line));
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&rows));
        ms_buf_free(&rows);
    }
    if (documents > 0) {
        ms_buf_reset(&line);
        ms_buf_printf(&line, "%zu step%s of the ledger would go with it.", documents, documents == 1 ? "" : "s");
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&line));
    }
    if (o->offer.lone_sums > 0)
        ms_pen_paragraph(pen, MS_TONE_FAIR, 0, 0,
                         "Careful: at least one sum is of a single row, and so gives that row away.");
    if (o->offer.hidden_sites > 0)
        ms_pen_paragraph(pen, MS_TONE_FAIR, 0, 0,
                         "Rows go out at sites of yours that do not: the partner can use them only if it knows the "
                         "sites.");
    if (all > 0) {
        ms_pen_line(pen);
        put_changes(pen, changes, all);
    }
    ms_buf_free(&line);
}

static void counts_json(ms_json *json, const ms_record_diff *changes)
{
    ms_json_integer(json, "new", (long long)changes->counts[MS_CHANGE_NEW]);
    ms_json_integer(json, "changed", (long long)changes->counts[MS_CHANGE_CHANGED]);
    ms_json_integer(json, "dropped", (long long)changes->counts[MS_CHANGE_DROPPED]);
    ms_json_integer(json, "unchanged", (long long)changes->counts[MS_CHANGE_SAME]);
}

static void preview_json(ms_buf *made, const ms_outgoing *o, size_t documents, ms_record_diff *changes,
                         const ms_view *view)
{
    ms_json json;
    ms_json_start(&json, made);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "partner", o->channel.partner);
    ms_json_integer(&json, "number", o->channel.given + 1);
    ms_json_integer(&json, "holds", (long long)o->after.count);
    ms_json_integer(&json, "documents", (long long)documents);
    counts_json(&json, changes);
    ms_json_open_array(&json, "tables");
    for (int table = 0; table < MS_RELEASE_TABLES; table++) {
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "table", ms_release_table_words[table]);
        ms_json_integer(&json, "own", (long long)o->offer.own[table]);
        ms_json_integer(&json, "out", (long long)o->offer.out[table]);
        ms_json_close_object(&json);
    }
    ms_json_close_array(&json);
    ms_json_integer(&json, "lone_sums", (long long)o->offer.lone_sums);
    ms_json_integer(&json, "hidden_sites", (long long)o->offer.hidden_sites);
    ms_table_json_page(&changes->table, view, &json, "records");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_preview(ms_buf *out, ms_book *book, const char *partner, const ms_view *view, ms_error *err)
{
    ms_outgoing o;
    ms_record_diff changes;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    MS_TRY(ms_outgoing_make(&o, book, partner, err));
    ms_record_diff_start(&changes, &pen);
    changes.rows_most = view->format == MS_FORMAT_TEXT ? ROWS_SHOWN : 0;
    size_t documents = 0;
    ms_status status = ms_record_diff_compare(&changes, &o.before, &o.after, true, err);
    if (status == MS_OK)
        status = ms_outgoing_documents(&documents, &o, book, err);
    if (status == MS_OK && view->format == MS_FORMAT_TEXT)
        put_preview(&pen, &o, documents, &changes);
    else if (status == MS_OK && view->format == MS_FORMAT_JSON)
        preview_json(&made, &o, documents, &changes, view);
    else if (status == MS_OK)
        put_table(&made, &changes.table, view, "records");
    ms_record_diff_free(&changes);
    ms_outgoing_free(&o);
    if (status == MS_OK)
        return ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    return status;
}

/* ---- what changed in a partner's posture ---- */

/* Tonnes on hand as far as the picture tells: rows of stocks, by their items' masses, and sums. */
static ms_status stock_tonnes(double *tonnes, const ms_picture *picture, ms_error *err)
{
    *tonnes = 0;
    for (size_t ix = 0; ix < picture->count; ix++) {
        const ms_record *record = &picture->records[ix];
        bool sum = strncmp(record->key, "sums/stocks/", 12) == 0;
        if (!sum && strncmp(record->key, "stocks/", 7) != 0)
            continue;
        json_t *root = NULL, *card = NULL;
        double number = 0, kg = 0;
        MS_TRY(ms_json_parse(&root, record->line, strlen(record->line), "release", err));
        const json_t *body = json_object_get(root, sum ? "sum" : "row");
        const char *text = json_string_value(json_object_get(body, sum ? "tonnes" : "quantity")),
                   *item = json_string_value(json_object_get(body, "item"));
        char key[128];
        snprintf(key, sizeof key, "items/%.100s", item == NULL ? "" : item);
        const ms_record *described = sum ? NULL : ms_picture_find(picture, key);
        ms_status status = described == NULL
                               ? MS_OK
                               : ms_json_parse(&card, described->line, strlen(described->line), "release", err);
        const char *mass = json_string_value(json_object_get(json_object_get(card, "item"), "kg_per_unit"));
        bool known = text != NULL && ms_number_parse(&number, text, strlen(text)) == NULL;
        bool weighed = sum || (mass != NULL && ms_number_parse(&kg, mass, strlen(mass)) == NULL);
        if (known && weighed)
            *tonnes += sum ? number : number * kg / 1000;
        json_decref(card);
        json_decref(root);
        MS_TRY(status);
    }
    return MS_OK;
}

static ms_status put_posture(const ms_pen *pen, const ms_channel *channel, const ms_picture *before,
                             const ms_picture *after, ms_error *err)
{
    double old, fresh;
    ms_buf line = {0};
    MS_TRY(stock_tonnes(&old, before, err));
    MS_TRY(stock_tonnes(&fresh, after, err));
    if (old == 0 && fresh == 0)
        return MS_OK;
    ms_buf_printf(&line, "What %s says it has on hand: ", channel->partner);
    if (before->count > 0 && fabs(fresh - old) > 1e-9 * (old + fresh)) {
        ms_words_tonnes(&line, old);
        ms_buf_printf(&line, " before, ");
        ms_words_tonnes(&line, fresh);
        if (old > 0)
            ms_buf_printf(&line, " now (%+.3g %%).", 100 * (fresh - old) / old);
        else
            ms_buf_text(&line, " now.");
    } else {
        ms_words_tonnes(&line, fresh);
        ms_buf_text(&line, before->count > 0 ? ", as before." : ".");
    }
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, ms_words_of(&line));
    ms_buf_free(&line);
    return MS_OK;
}

static ms_status put_diff(const ms_pen *pen, const ms_channel *channel, const ms_picture *before,
                          const ms_picture *after, const ms_record_diff *changes, int64_t now, ms_error *err)
{
    ms_buf line = {0};
    size_t all = changes->counts[0] + changes->counts[1] + changes->counts[2];
    if (channel->taken == 0) {
        ms_buf_printf(&line, "Nothing has been taken from %s yet.", channel->partner);
    } else if (all == 0) {
        ms_buf_printf(&line, "Nothing has changed in the picture of %s since it was last read.", channel->partner);
    } else {
        ms_buf_printf(&line, "%s, release %lld, made ", channel->partner, (long long)channel->taken);
        put_age(&line, now - channel->made_ms);
        ms_buf_printf(&line, "%s: %zu new, %zu changed, %zu dropped.", now - channel->made_ms >= 60000 ? " ago" : "",
                      changes->counts[0], changes->counts[1], changes->counts[2]);
    }
    ms_pen_paragraph(pen, MS_TONE_STRONG, 0, 0, ms_words_of(&line));
    ms_buf_free(&line);
    if (all == 0)
        return MS_OK;
    MS_TRY(put_posture(pen, channel, before, after, err));
    ms_pen_line(pen);
    put_changes(pen, changes, all);
    return MS_OK;
}

static ms_status changes_json(ms_buf *made, const ms_channel *channel, const ms_picture *before,
                              const ms_picture *after, ms_record_diff *changes, const ms_view *view, ms_error *err)
{
    char time[MS_DATE_BYTES];
    double old, fresh;
    ms_json json;
    MS_TRY(stock_tonnes(&old, before, err));
    MS_TRY(stock_tonnes(&fresh, after, err));
    ms_json_start(&json, made);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "partner", channel->partner);
    ms_json_integer(&json, "number", channel->taken);
    ms_json_string(&json, "made_at", channel->taken > 0 ? ms_time_text(time, channel->made_ms) : NULL);
    counts_json(&json, changes);
    ms_json_number(&json, "stock_before_t", before->count > 0 ? ms_table_tidy(old) : NAN);
    ms_json_number(&json, "stock_t", ms_table_tidy(fresh));
    ms_table_json_page(&changes->table, view, &json, "changes");
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return MS_OK;
}

ms_status ms_report_changes(ms_buf *out, ms_book *book, const char *partner, bool all, const ms_view *view,
                            ms_error *err)
{
    ms_channel channel;
    ms_trust trust;
    ms_picture before, after;
    ms_record_diff changes;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    MS_TRY(ms_trust_find(&trust, book, partner, err));
    MS_TRY(ms_channel_read(&channel, book, partner, err));
    MS_TRY(read_pictures(&before, &after, book, &channel, all, err));
    ms_record_diff_start(&changes, &pen);
    changes.rows_most = view->format == MS_FORMAT_TEXT ? ROWS_SHOWN : 0;
    ms_status status = ms_record_diff_compare(&changes, &before, &after, false, err);
    if (status == MS_OK && view->format == MS_FORMAT_TEXT)
        status = put_diff(&pen, &channel, &before, &after, &changes, ms_book_now(book), err);
    else if (status == MS_OK && view->format == MS_FORMAT_JSON)
        status = changes_json(&made, &channel, &before, &after, &changes, view, err);
    else if (status == MS_OK)
        put_table(&made, &changes.table, view, "changes");
    ms_record_diff_free(&changes);
    ms_picture_free(&before);
    ms_picture_free(&after);
    if (status == MS_OK)
        return ms_report_hand_over(out, &made, err);
    ms_buf_free(&made);
    return status;
}
