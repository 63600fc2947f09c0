/* report_book.c: a partner's book: whose it is, its log, one entry in full, what an import changed. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "book/book.h"
#include "report/report.h"
#include "report/table.h"

enum { PIECE_ROWS = 1000, SUMMARY_BYTES = 160, SHORT_HASH = 12 };

/* ---- what an entry says, in words ---- */

static size_t size_of(const json_t *body, const char *name)
{
    return json_array_size(json_object_get(body, name));
}

/* Words for the kinds that the book itself writes; false for others. */
static bool own_words(char out[SUMMARY_BYTES], const ms_entry *entry, const json_t *body)
{
    const char *file = json_string_value(json_object_get(body, "file"));
    const char *source = json_string_value(json_object_get(body, "source"));
    const char *action = json_string_value(json_object_get(body, "action"));
    if (strcmp(entry->kind, MS_KIND_ROW) == 0 && file != NULL) {
        size_t set = size_of(body, "set"), removed = size_of(body, "remove");
        int used = 0;
        if (set > 0)
            used += snprintf(out + used, SUMMARY_BYTES - (size_t)used, "%zu row%s set", set, set == 1 ? "" : "s");
        if (removed > 0)
            used += snprintf(out + used, SUMMARY_BYTES - (size_t)used, "%s%zu removed", set > 0 ? ", " : "", removed);
        if (source != NULL)
            snprintf(out + used, SUMMARY_BYTES - (size_t)used, ", given by %.64s", source);
        return true;
    }
    if (strcmp(entry->kind, MS_KIND_FORM) == 0 && file != NULL) {
        snprintf(out, SUMMARY_BYTES, "%s",
                 json_is_true(json_object_get(body, "gone")) ? "is no more" : "how it is written");
        return true;
    }
    if ((strcmp(entry->kind, MS_KIND_KEY) == 0 || strcmp(entry->kind, MS_KIND_BOOK) == 0) && action != NULL) {
        snprintf(out, SUMMARY_BYTES, "key %.32s", action);
        return true;
    }
    return false;
}

static bool plan_words(char out[SUMMARY_BYTES], const json_t *body)
{
    const json_t *position = json_object_get(body, "position"), *objective = json_object_get(body, "objective");
    char number[MS_NUMBER_BYTES];
    if (!json_is_integer(position) || !json_is_number(objective))
        return false;
    snprintf(out, SUMMARY_BYTES, "a plan from entries 1 to %lld, objective %s", (long long)json_integer_value(position),
             ms_number_short(number, json_number_value(objective)));
    return true;
}

static void summarize(char out[SUMMARY_BYTES], const ms_entry *entry)
{
    json_t *body = NULL;
    bool plan = strcmp(entry->kind, MS_KIND_PLAN) == 0;
    bool known = plan || strcmp(entry->kind, MS_KIND_ROW) == 0 || strcmp(entry->kind, MS_KIND_FORM) == 0 ||
                 strcmp(entry->kind, MS_KIND_KEY) == 0 || strcmp(entry->kind, MS_KIND_BOOK) == 0;
    if (known && ms_json_parse(&body, entry->body, entry->length, "", NULL) != MS_OK)
        body = NULL;
    if (body == NULL || !(plan ? plan_words(out, body) : own_words(out, entry, body)))
        ms_utf8_copy(out, SUMMARY_BYTES, entry->body,
                     entry->length < 2 * SUMMARY_BYTES ? entry->length : 2 * SUMMARY_BYTES);
    json_decref(body);
}

/* ---- the log ---- */

enum { NUMBER, TIME, KIND, KEY, SIZE, WHAT, HASH };

static const ms_column log_columns[] = {
    [NUMBER] = {"number", "entry", NULL, MS_COLUMN_WHOLE, 0},
    [TIME] = {"time", "time (UTC)", NULL, MS_COLUMN_TEXT, 1},
    [KIND] = {"kind", "kind", NULL, MS_COLUMN_TEXT, 0},
    [KEY] = {"key", "about", NULL, MS_COLUMN_TEXT, 2},
    [SIZE] = {"bytes", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [WHAT] = {"what", "what it says", NULL, MS_COLUMN_TEXT, 3},
    [HASH] = {"hash", NULL, NULL, MS_COLUMN_TEXT, 0},
};
enum { LOG_COLUMNS = sizeof log_columns / sizeof log_columns[0] };

typedef struct {
    ms_table table;
    ms_buf *out;
    const ms_log_options *options;
    const ms_view *view;
    ms_json *json;
    int64_t shown;
    bool full;
} log_work;

/* A screen's table is one, so that its columns line up; files are written piece by piece. */
static void flush(log_work *w)
{
    if (w->view->format == MS_FORMAT_CSV)
        ms_table_csv_rows(&w->table, w->out);
    else
        ms_table_json_rows(&w->table, w->json);
    ms_table_clear(&w->table);
}

static ms_status add_entry(void *context, const ms_entry *entry, ms_error *err)
{
    log_work *w = context;
    char text[SUMMARY_BYTES], time[MS_DATE_BYTES], hex[MS_HEX_BYTES];
    const char *key = w->options->key;
    if (key != NULL && strncmp(entry->key, key, strlen(key)) != 0)
        return MS_OK;
    if (w->options->most > 0 && w->shown == w->options->most) {
        w->full = true;
        return MS_LIMIT;
    }
    w->shown++;
    ms_table_row(&w->table);
    ms_table_number(&w->table, NUMBER, (double)entry->number);
    ms_table_text(&w->table, TIME, ms_time_text(time, entry->time_ms));
    ms_table_text(&w->table, KIND, entry->kind);
    ms_table_text(&w->table, KEY, entry->key);
    ms_table_number(&w->table, SIZE, (double)entry->length);
    summarize(text, entry);
    ms_table_text(&w->table, WHAT, text);
    ms_table_text(&w->table, HASH, ms_hex_put(hex, entry->hash, MS_HASH_BYTES));
    if (w->table.row_count >= PIECE_ROWS && w->view->format != MS_FORMAT_TEXT)
        flush(w);
    return w->table.failed || w->out->failed ? ms_error_memory(err) : MS_OK;
}

static ms_status fill_log(log_work *w, ms_book *book, ms_error *err)
{
    int64_t from = w->options->from;
    ms_error inner = {0};
    if (from == 0 && w->options->most > 0 && w->options->key == NULL)
        MS_TRY(ms_book_tail(&from, book, w->options->kind, w->options->most, err));
    ms_status status = ms_book_scan(book, from, w->options->kind, add_entry, w, &inner);
    if (status == MS_LIMIT && w->full)
        return MS_OK;
    if (status != MS_OK && err != NULL)
        *err = inner;
    return status;
}

ms_status ms_report_log(ms_buf *out, ms_book *book, const ms_log_options *options, const ms_view *view, ms_error *err)
{
    const ms_log_options all = {0};
    ms_buf made = {0};
    ms_json json;
    log_work w = {.out = &made, .options = options != NULL ? options : &all, .view = view, .json = &json};
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&w.table, log_columns, LOG_COLUMNS);
    if (view->format == MS_FORMAT_CSV) {
        ms_table_csv_head(&w.table, &made);
    } else if (view->format == MS_FORMAT_JSON) {
        ms_json_start(&json, &made);
        ms_json_open_object(&json, NULL);
        ms_json_string(&json, "partner", ms_book_partner(book));
        ms_json_open_array(&json, "entries");
    }
    ms_status status = fill_log(&w, book, err);
    if (status == MS_OK && view->format == MS_FORMAT_TEXT) {
        ms_table_print(&w.table, &pen, 0);
    } else if (status == MS_OK) {
        flush(&w);
    }
    if (status == MS_OK && view->format == MS_FORMAT_JSON) {
        ms_json_close_array(&json);
        ms_json_close_object(&json);
        ms_json_finish(&json);
    }
    if (status == MS_OK && w.table.failed)
        status = ms_error_memory(err);
    ms_table_free(&w.table);
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}

/* ---- one entry ---- */

static void print_line(const ms_pen *pen, const char *name, const char *text)
{
    ms_buf line = {0};
    ms_buf_printf(&line, "%-10s %s", name, text);
    ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 11, line.text != NULL ? line.text : "");
    ms_buf_free(&line);
}

/* The body, member by member where it is an object. */
static void print_body(const ms_pen *pen, const ms_entry *entry)
{
    json_t *body = NULL, *value;
    const char *name;
    if (ms_json_parse(&body, entry->body, entry->length, "", NULL) != MS_OK || !json_is_object(body)) {
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, entry->body);
        json_decref(body);
        return;
    }
    json_object_foreach(body, name, value)
    {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
        const char *shown = json_is_string(value) ? json_string_value(value) : text;
        if (json_is_array(value) && json_array_size(value) > 0 && json_is_array(json_array_get(value, 0))) {
            print_line(pen, name, "");
            for (size_t ix = 0; ix < json_array_size(value); ix++) {
                char *row = json_dumps(json_array_get(value, ix), JSON_COMPACT);
                ms_pen_paragraph(pen, MS_TONE_PLAIN, 4, 8, row != NULL ? row : "");
                ms_free(row);
            }
        } else {
            print_line(pen, name, shown != NULL ? shown : "");
        }
        ms_free(text);
    }
    json_decref(body);
}

static void print_entry(const ms_pen *pen, const ms_entry *entry)
{
    char title[64], hex[MS_HEX_BYTES], time[MS_DATE_BYTES];
    snprintf(title, sizeof title, "ENTRY %lld", (long long)entry->number);
    ms_pen_put(pen, MS_TONE_HEAD, title);
    ms_pen_line(pen);
    print_line(pen, "time", ms_time_text(time, entry->time_ms));
    print_line(pen, "kind", entry->kind);
    print_line(pen, "about", entry->key[0] != '\0' ? entry->key : "-");
    print_line(pen, "before", ms_hex_put(hex, entry->previous, MS_HASH_BYTES));
    print_line(pen, "hash", ms_hex_put(hex, entry->hash, MS_HASH_BYTES));
    print_line(pen, "signature", ms_hex_put(hex, entry->signature, MS_SIGNATURE_BYTES));
    ms_pen_line(pen);
    print_body(pen, entry);
}

/* The body goes in as the text that was signed, whatever it holds. */
static void entry_json(ms_buf *out, const ms_entry *entry)
{
    char hex[MS_HEX_BYTES], time[MS_DATE_BYTES];
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "number", entry->number);
    ms_json_string(&json, "time", ms_time_text(time, entry->time_ms));
    ms_json_integer(&json, "time_ms", entry->time_ms);
    ms_json_string(&json, "kind", entry->kind);
    ms_json_string(&json, "key", entry->key);
    ms_json_string(&json, "body", entry->body);
    ms_json_string(&json, "previous", ms_hex_put(hex, entry->previous, MS_HASH_BYTES));
    ms_json_string(&json, "hash", ms_hex_put(hex, entry->hash, MS_HASH_BYTES));
    ms_json_string(&json, "signature", ms_hex_put(hex, entry->signature, MS_SIGNATURE_BYTES));
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_entry(ms_buf *out, ms_book *book, int64_t number, const ms_view *view, ms_error *err)
{
    ms_entry entry;
    ms_buf made = {0};
    MS_TRY(ms_book_entry(&entry, book, number, err));
    ms_pen pen = ms_pen_start(&made, view);
    if (view->format == MS_FORMAT_JSON)
        entry_json(&made, &entry);
    else
        print_entry(&pen, &entry);
    ms_entry_free(&entry);
    return ms_report_hand_over(out, &made, err);
}

/* ---- the book ---- */

enum { HELD_FILE, HELD_SOURCE, HELD_ROWS };

static const ms_column held_columns[] = {
    [HELD_FILE] = {"file", "table", NULL, MS_COLUMN_TEXT, 0},
    [HELD_SOURCE] = {"given_by", "whose word", NULL, MS_COLUMN_TEXT, 0},
    [HELD_ROWS] = {"rows", "rows", NULL, MS_COLUMN_WHOLE, 0},
};

static ms_status fill_held(void *context, const char *file, const char *source, int64_t count, ms_error *err)
{
    ms_table *table = context;
    ms_table_row(table);
    ms_table_text(table, HELD_FILE, file);
    ms_table_text(table, HELD_SOURCE, source);
    if (source[0] == '\0')
        ms_table_show(table, HELD_SOURCE, "own");
    ms_table_number(table, HELD_ROWS, (double)count);
    return table->failed ? ms_error_memory(err) : MS_OK;
}

typedef struct {
    int64_t number;
    char hash[MS_HEX_BYTES], fingerprint[MS_FINGERPRINT_BYTES], made[MS_DATE_BYTES], time[MS_DATE_BYTES];
} book_facts;

static ms_status read_facts(book_facts *out, ms_table *table, ms_book *book, ms_error *err)
{
    ms_entry last;
    unsigned char hash[MS_HASH_BYTES];
    MS_TRY(ms_book_head(&out->number, hash, book, err));
    MS_TRY(ms_book_entry(&last, book, out->number, err));
    ms_time_text(out->time, last.time_ms);
    ms_entry_free(&last);
    ms_hex_put(out->hash, hash, MS_HASH_BYTES);
    ms_public_key_fingerprint(out->fingerprint, ms_book_public(book));
    ms_time_text(out->made, ms_book_public(book)->made_ms);
    return ms_book_count_rows(book, fill_held, table, err);
}

static void print_book(const ms_pen *pen, ms_book *book, const book_facts *facts, const ms_table *table)
{
    char line[128];
    print_line(pen, "book of", ms_book_partner(book));
    print_line(pen, "key", facts->fingerprint);
    snprintf(line, sizeof line, "%lld, the last of %s", (long long)facts->number, facts->time);
    print_line(pen, "entries", line);
    print_line(pen, "last hash", facts->hash);
    ms_pen_line(pen);
    if (table->row_count > 0)
        ms_table_print(table, pen, 0);
    else
        ms_pen_paragraph(pen, MS_TONE_PLAIN, 0, 0, "It holds no case yet; `mainstay book import` takes one in.");
}

static void book_json(ms_buf *out, ms_book *book, const book_facts *facts, const ms_table *table)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "partner", ms_book_partner(book));
    ms_json_string(&json, "fingerprint", facts->fingerprint);
    ms_json_string(&json, "key_made", facts->made);
    ms_json_integer(&json, "entries", facts->number);
    ms_json_string(&json, "last_time", facts->time);
    ms_json_string(&json, "last_hash", facts->hash);
    ms_table_json(table, &json, "tables");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_book(ms_buf *out, ms_book *book, const ms_view *view, ms_error *err)
{
    book_facts facts = {0};
    ms_table table;
    ms_buf made = {0};
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&table, held_columns, 3);
    ms_status status = read_facts(&facts, &table, book, err);
    if (status == MS_OK && view->format == MS_FORMAT_JSON) {
        book_json(&made, book, &facts, &table);
    } else if (status == MS_OK && view->format == MS_FORMAT_CSV) {
        ms_table_csv_head(&table, &made);
        ms_table_csv_rows(&table, &made);
    } else if (status == MS_OK) {
        print_book(&pen, book, &facts, &table);
    }
    ms_table_free(&table);
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}

/* ---- an import ---- */

enum { FILE_NAME, ADDED, CHANGED, REMOVED, FORM };

static const ms_column import_columns[] = {
    [FILE_NAME] = {"file", "table", NULL, MS_COLUMN_TEXT, 0},
    [ADDED] = {"added", "new", "rows", MS_COLUMN_WHOLE, 0},
    [CHANGED] = {"changed", "changed", "rows", MS_COLUMN_WHOLE, 0},
    [REMOVED] = {"removed", "removed", "rows", MS_COLUMN_WHOLE, 0},
    [FORM] = {"form", "written otherwise", NULL, MS_COLUMN_BOOL, 1},
};
enum { IMPORT_COLUMNS = sizeof import_columns / sizeof import_columns[0] };

static void import_json(ms_buf *out, const ms_book_changes *changes, const ms_table *table)
{
    ms_json json;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "before", changes->before);
    ms_json_integer(&json, "after", changes->after);
    ms_table_json(table, &json, "changes");
    ms_json_close_object(&json);
    ms_json_finish(&json);
}

ms_status ms_report_import(ms_buf *out, const ms_book_changes *changes, const ms_view *view, ms_error *err)
{
    ms_buf made = {0};
    ms_table table;
    ms_pen pen = ms_pen_start(&made, view);
    ms_table_start(&table, import_columns, IMPORT_COLUMNS);
    for (int ix = 0; ix < changes->count; ix++) {
        const ms_book_change *change = &changes->changes[ix];
        ms_table_row(&table);
        ms_table_text(&table, FILE_NAME, change->file);
        ms_table_number(&table, ADDED, (double)change->added);
        ms_table_number(&table, CHANGED, (double)change->changed);
        ms_table_number(&table, REMOVED, (double)change->removed);
        ms_table_number(&table, FORM, change->form);
    }
    if (view->format == MS_FORMAT_JSON) {
        import_json(&made, changes, &table);
    } else if (view->format == MS_FORMAT_CSV) {
        ms_table_csv_head(&table, &made);
        ms_table_csv_rows(&table, &made);
    } else if (changes->count > 0) {
        ms_table_print(&table, &pen, 0);
    }
    bool failed = table.failed;
    ms_table_free(&table);
    if (failed) {
        ms_buf_free(&made);
        return ms_error_memory(err);
    }
    return ms_report_hand_over(out, &made, err);
}
