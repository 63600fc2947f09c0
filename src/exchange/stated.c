/* stated.c: a record of a release as a row in our own words. See stated.h. */
#include "exchange/stated.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { CELL_BYTES = 4096 };

typedef struct {
    ms_stated *row;
    char *why;
    ms_arena *arena;
    const ms_terms *terms;
    bool failed; /* memory is short */
} reading;

const ms_format_file *ms_stated_format(const char *file)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int kind = 0; kind < count; kind++)
        if (strcmp(files[kind].name, file) == 0)
            return &files[kind];
    return NULL;
}

/* The cell called name, or NULL where the file has no such column. */
static const char **cell(const reading *r, const char *name)
{
    int column = ms_format_column(r->row->format, name, strlen(name));
    return column < 0 ? NULL : &r->row->cells[column];
}

static bool refused(const reading *r)
{
    return r->why[0] != '\0' || r->failed;
}

static const char *keep(reading *r, const char *text)
{
    char *copy = ms_arena_strndup(r->arena, text, strlen(text));
    r->failed = r->failed || copy == NULL;
    return copy == NULL ? "" : copy;
}

/* ---- from JSON ---- */

static void read_cells(reading *r, const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        int column = ms_format_column(r->row->format, name, strlen(name));
        if (column < 0)
            continue; /* a column of a newer version: what it says is not ours to use */
        if (!json_is_string(value) || json_string_length(value) > CELL_BYTES) {
            snprintf(r->why, MS_WHY_BYTES, "%.40s is no text, or too long", name);
            return;
        }
        char *copy = ms_arena_strndup(r->arena, json_string_value(value), json_string_length(value));
        if (copy == NULL) {
            r->failed = true;
            return;
        }
        ms_utf8_copy(copy, strlen(copy) + 1, copy, strlen(copy));
        r->row->cells[column] = copy;
    }
}

/* ---- whose it is ---- */

static void check_owner(reading *r)
{
    const char *column = ms_book_owner_column(r->row->format->name), *partner = r->terms->giver->partner;
    const char **owner = column == NULL ? NULL : cell(r, column);
    if (owner == NULL)
        snprintf(r->why, MS_WHY_BYTES, "%s are each book's own, and cannot be released", r->row->format->name);
    else if (strcmp(*owner, partner) != 0)
        snprintf(r->why, MS_WHY_BYTES, "the row is %s%.64s's, and a partner can state only its own rows",
                 **owner == '\0' ? "nobody" : "", *owner);
}

/* ---- items and units ---- */

static const struct {
    const char *file, *column;
} quantities[] = {
    {"stocks.csv", "quantity"},   {"supplies.csv", "per_day"},     {"demands.csv", "per_day"},
    {"reserves.csv", "quantity"}, {"commitments.csv", "quantity"},
};

static void convert_quantities(reading *r, double factor)
{
    for (size_t ix = 0; ix < sizeof quantities / sizeof quantities[0] && factor != 1; ix++) {
        if (strcmp(quantities[ix].file, r->row->format->name) != 0)
            continue;
        const char **text = cell(r, quantities[ix].column);
        double number;
        if (**text == '\0' || ms_number_parse(&number, *text, strlen(*text)) != NULL)
            continue; /* what is no number, the reader of cases refuses */
        char tidy[64], out[MS_NUMBER_BYTES];
        snprintf(tidy, sizeof tidy, "%.12g", number * factor);
        if (ms_number_parse(&number, tidy, strlen(tidy)) == NULL)
            *text = keep(r, ms_number_text(out, number));
    }
}

static void translate_item(reading *r)
{
    const char **item = cell(r, "item");
    if (item == NULL || **item == '\0')
        return;
    const ms_item_match *match = ms_items_find(r->terms->items, *item, strlen(*item));
    if (match == NULL || match->ours < 0) {
        snprintf(r->why, MS_WHY_BYTES, "item %.64s: %s", *item,
                 match == NULL ? "the release does not describe it" : match->why);
        return;
    }
    *item = r->terms->ours[match->ours].id;
    convert_quantities(r, match->factor);
}

/* A list of words in which items of theirs stand among other words. A word that no item of ours matches is left out; a
 * list of which nothing is left would mean everything, so the row is refused. */
static void translate_list(reading *r, const char *column)
{
    const char **list = cell(r, column);
    if (list == NULL || **list == '\0')
        return;
    ms_buf out = {0};
    const char *at = *list, *lost = NULL;
    for (;;) {
        at += strspn(at, " ;");
        size_t length = strcspn(at, " ;");
        if (length == 0)
            break;
        const ms_item_match *match = ms_items_find(r->terms->items, at, length);
        if (match != NULL && match->ours < 0)
            lost = match->theirs.id;
        else if (match != NULL)
            ms_buf_printf(&out, "%s%s", out.length > 0 ? " " : "", r->terms->ours[match->ours].id);
        else
            ms_buf_printf(&out, "%s%.*s", out.length > 0 ? " " : "", (int)length, at);
        at += length;
    }
    r->failed = r->failed || out.failed;
    if (!out.failed && out.length == 0 && lost != NULL)
        snprintf(r->why, MS_WHY_BYTES, "no item of its %s matches one of ours (%.64s)", column, lost);
    else if (!out.failed && out.length > 0)
        *list = keep(r, out.text);
    ms_buf_free(&out);
}

/* ---- days and money ---- */

static void shift_day(reading *r, const char *column, double shift, double *day)
{
    char out[MS_NUMBER_BYTES];
    const char **text = cell(r, column);
    *day = NAN;
    if (text == NULL || **text == '\0' || ms_number_parse(day, *text, strlen(*text)) != NULL)
        return;
    *day += shift;
    *text = keep(r, ms_number_text(out, *day));
}

/* Their days count from the start of their case. What is over before ours begins is refused; what has begun, begins
 * with day 0. */
static void shift_days(reading *r)
{
    double shift = (double)(r->terms->giver->start_day - r->terms->start_day), from, to, depart;
    if (shift == 0)
        return;
    shift_day(r, "from_day", shift, &from);
    shift_day(r, "to_day", shift, &to);
    shift_day(r, "depart_day", shift, &depart);
    if (to <= 0)
        snprintf(r->why, MS_WHY_BYTES, "it is over before our case begins");
    else if (from < 0)
        *cell(r, "from_day") = "0";
}

static void check_money(reading *r)
{
    const char **cost = cell(r, "cost_per_t"), *theirs = r->terms->giver->currency, *ours = r->terms->currency;
    if (cost != NULL && **cost != '\0' && theirs[0] != '\0' && ours[0] != '\0' && strcmp(theirs, ours) != 0)
        snprintf(r->why, MS_WHY_BYTES, "its cost is in %.16s, and our case counts in %.16s", theirs, ours);
    const char **currency = cell(r, "currency"); /* of an agreement: what it leaves out is what their case counts in */
    if (currency != NULL && **currency == '\0' && theirs[0] != '\0' && strcmp(theirs, ours) != 0)
        *currency = keep(r, theirs);
}

/* ---- all of it ---- */

static void read_row(reading *r, const json_t *root)
{
    char file[64];
    const char *table = json_string_value(json_object_get(root, "table"));
    snprintf(file, sizeof file, "%.40s.csv", table == NULL ? "" : table);
    r->row->format = ms_stated_format(file);
    if (table == NULL || r->row->format == NULL || r->row->format->kind == MS_FILE_CASE) {
        snprintf(r->why, MS_WHY_BYTES, "there is no table %.40s", table == NULL ? "without a name" : table);
        return;
    }
    for (int column = 0; column < MS_STATED_COLUMNS; column++)
        r->row->cells[column] = "";
    read_cells(r, json_object_get(root, "row"));
    if (!refused(r))
        check_owner(r);
    if (!refused(r))
        translate_item(r);
    if (!refused(r) && r->row->format->kind == MS_FILE_LANES)
        translate_list(r, "carries");
    if (!refused(r) && r->row->format->kind == MS_FILE_AGREEMENTS)
        translate_list(r, "scope");
    if (!refused(r))
        shift_days(r);
    if (!refused(r))
        check_money(r);
}

ms_status ms_stated_read(ms_stated *out, bool *is_row, char why[MS_WHY_BYTES], ms_arena *arena, const ms_terms *terms,
                         const ms_record *record, ms_error *err)
{
    json_t *root = NULL;
    reading r = {.row = out, .why = why, .arena = arena, .terms = terms};
    why[0] = '\0';
    MS_TRY(ms_json_parse(&root, record->line, strlen(record->line), "release", err));
    *is_row = json_is_object(json_object_get(root, "row"));
    if (*is_row)
        read_row(&r, root);
    json_decref(root);
    return r.failed ? ms_error_memory(err) : MS_OK;
}
