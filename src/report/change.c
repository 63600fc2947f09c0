/* change.c: records of releases in a planner's words. See change.h; docs/exchange.md has the records. */
#include "report/change.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const change_words[] = {"new", "changed", "dropped", "same"};
static const ms_tone change_tones[] = {MS_TONE_GAIN, MS_TONE_PLAIN, MS_TONE_FAIR, MS_TONE_FAINT};

enum { CHANGE, TABLE, WHAT, DETAIL, SAYS };
static const ms_column columns[] = {
    [CHANGE] = {"change", "", NULL, MS_COLUMN_TEXT, 0}, [TABLE] = {"table", "table", NULL, MS_COLUMN_TEXT, 0},
    [WHAT] = {"what", "what", NULL, MS_COLUMN_TEXT, 1}, [DETAIL] = {"detail", "detail", NULL, MS_COLUMN_TEXT, 3},
    [SAYS] = {"says", "says", NULL, MS_COLUMN_TEXT, 2},
};

void ms_record_diff_start(ms_record_diff *changes, const ms_pen *pen)
{
    *changes = (ms_record_diff){.arrow = ms_pen_glyph(pen, MS_GLYPH_ARROW)};
    ms_table_start(&changes->table, columns, (int)(sizeof columns / sizeof columns[0]));
}

void ms_record_diff_free(ms_record_diff *changes)
{
    ms_table_free(&changes->table);
}

/* What a record says beside its key: the object under row, item, sum or days. */
static const json_t *body_of(const json_t *root)
{
    static const char *const names[] = {"row", "item", "sum", "days"};
    for (int ix = 0; ix < 4; ix++)
        if (json_is_object(json_object_get(root, names[ix])))
            return json_object_get(root, names[ix]);
    return NULL;
}

/* A value as text: numbers and truth values too. */
static const char *text_of(char out[64], const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        snprintf(out, 64, "%lld", (long long)json_integer_value(value));
    else
        snprintf(out, 64, "%s", json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "");
    return out;
}

/* Cells that are in the key say nothing more. */
static bool in_key(const char *key, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = strchr(key, '/'); at != NULL && length > 0; at = strchr(at + 1, '/'))
        if (strncmp(at + 1, text, length) == 0 && (at[1 + length] == '/' || at[1 + length] == '\0'))
            return true;
    return length == 0;
}

static void put_number_change(ms_buf *out, const char *before, const char *after)
{
    double old, fresh;
    if (ms_number_parse(&old, before, strlen(before)) == NULL &&
        ms_number_parse(&fresh, after, strlen(after)) == NULL && old > 0)
        ms_buf_printf(out, " (%+.3g %%)", 100 * (fresh - old) / old);
}

/* "quantity 500", or what differs: "quantity 500 -> 300 (-40 %)". */
static void put_says(ms_buf *out, const char *key, const json_t *before, const json_t *after, const char *arrow)
{
    const char *name;
    json_t *value;
    char one[64], two[64];
    json_object_foreach((json_t *)after, name, value)
    {
        const char *fresh = text_of(one, value), *old = text_of(two, json_object_get(before, name));
        if (before != NULL && strcmp(fresh, old) == 0)
            continue;
        if (before == NULL && in_key(key, fresh))
            continue;
        ms_buf_printf(out, "%s%s ", out->length > 0 ? ", " : "", name);
        if (before != NULL)
            ms_buf_printf(out, "%s %s ", old[0] != '\0' ? old : "none", arrow);
        ms_buf_text(out, fresh[0] != '\0' ? fresh : "none");
        if (before != NULL)
            put_number_change(out, old, fresh);
    }
    json_object_foreach((json_t *)before, name, value) if (after != NULL && json_object_get(after, name) == NULL)
        ms_buf_printf(out, "%s%s %s %s none", out->length > 0 ? ", " : "", name, text_of(one, value), arrow);
}

static void fill_row(ms_record_diff *changes, ms_change_kind kind, const char *key, const json_t *before,
                     const json_t *after)
{
    ms_table *table = &changes->table;
    ms_buf says = {0};
    const json_t *root = after != NULL ? after : before;
    const char *slash = strchr(key, '/'), *detail = json_string_value(json_object_get(root, "detail")),
               *amount = json_string_value(json_object_get(root, "amount"));
    char name[64], full[96];
    snprintf(name, sizeof name, "%.*s", slash == NULL ? 60 : (int)(slash - key < 60 ? slash - key : 60), key);
    snprintf(full, sizeof full, "%.40s%s%.40s", detail == NULL ? "" : detail, amount == NULL ? "" : " ",
             amount == NULL ? "" : amount);
    put_says(&says, key, kind == MS_CHANGE_CHANGED ? body_of(before) : NULL, body_of(root), changes->arrow);
    ms_table_row(table);
    ms_table_text(table, CHANGE, change_words[kind]);
    ms_table_tone(table, CHANGE, change_tones[kind]);
    ms_table_text(table, TABLE, name);
    ms_table_text(table, WHAT, slash == NULL ? key : slash + 1);
    ms_table_text(table, DETAIL, full);
    ms_table_text(table, SAYS, says.text == NULL ? (says.failed ? NULL : "") : says.text);
    table->failed = table->failed || says.failed;
    ms_buf_free(&says);
}

static ms_status parse(json_t **out, const ms_record *record, ms_error *err)
{
    *out = NULL;
    return record == NULL ? MS_OK : ms_json_parse(out, record->line, strlen(record->line), "release", err);
}

ms_status ms_record_diff_add(ms_record_diff *changes, const ms_record *before, const ms_record *after, ms_error *err)
{
    json_t *old = NULL, *fresh = NULL;
    ms_change_kind kind = before == NULL                           ? MS_CHANGE_NEW
                          : after == NULL                          ? MS_CHANGE_DROPPED
                          : strcmp(before->line, after->line) == 0 ? MS_CHANGE_SAME
                                                                   : MS_CHANGE_CHANGED;
    changes->counts[kind]++;
    if (changes->rows_most > 0 && changes->table.row_count >= changes->rows_most)
        return MS_OK;
    ms_status status = parse(&old, before, err);
    if (status == MS_OK)
        status = parse(&fresh, after, err);
    if (status == MS_OK)
        fill_row(changes, kind, after != NULL ? after->key : before->key, old, fresh);
    json_decref(old);
    json_decref(fresh);
    return status != MS_OK ? status : changes->table.failed ? ms_error_memory(err) : MS_OK;
}

static ms_status visit_change(void *context, const ms_record *before, const ms_record *after, ms_error *err)
{
    return ms_record_diff_add(context, before, after, err);
}

ms_status ms_record_diff_compare(ms_record_diff *changes, const ms_picture *before, const ms_picture *after, bool same,
                                 ms_error *err)
{
    MS_TRY(ms_picture_compare(before, after, visit_change, changes, err));
    for (size_t ix = 0; ix < after->count && same; ix++) {
        const ms_record *old = ms_picture_find(before, after->records[ix].key);
        if (old != NULL && strcmp(old->line, after->records[ix].line) == 0)
            MS_TRY(ms_record_diff_add(changes, old, &after->records[ix], err));
    }
    return MS_OK;
}
