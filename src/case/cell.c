/* cell.c: one cell of a CSV file into one field of a row, by its column's type, range and default.
 *
 * Cost: a hash for an id, a few comparisons for a word, a parse for a number; text is copied to the arena.
 * Only a wrong cell costs more, and looking for the nearest name has a budget, so that a file of a million
 * wrong ids stays quick.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case/reader.h"

enum { NEAR_BYTES = 64, WANTED_BYTES = 200 };

/* ---- text of a cell ---- */

/* Spaces, tabs, line ends and no-break spaces. */
static size_t space_ahead(const char *text, size_t length)
{
    if (length >= 1 && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')))
        return 1;
    return length >= 2 && memcmp(text, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static size_t space_behind(const char *text, size_t length)
{
    if (length >= 1 && (text[length - 1] == ' ' || (text[length - 1] >= '\t' && text[length - 1] <= '\r')))
        return 1;
    return length >= 2 && memcmp(text + length - 2, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

const char *ms_cell_text(const ms_reader *reader, int column, size_t *length)
{
    int field = column < 0 ? -1 : reader->field_of[column];
    *length = 0;
    if (field < 0 || field >= reader->record.field_count)
        return "";
    return ms_cell_trim(&reader->record.fields[field], length);
}

bool ms_cell_is_good(const ms_reader *reader, int column)
{
    return column >= 0 && (reader->good & 1u << column) != 0;
}

const char *ms_cell_trim(const ms_csv_field *field, size_t *length)
{
    const char *text = field->text;
    size_t left = field->length;
    for (size_t skip; (skip = space_ahead(text, left)) > 0; text += skip)
        left -= skip;
    for (size_t skip; (skip = space_behind(text, left)) > 0;)
        left -= skip;
    *length = left;
    return text;
}

const char *ms_cell_quote(ms_quote *out, const char *text, size_t length)
{
    char plain[MS_QUOTE_BYTES - 8];
    ms_utf8_copy(plain, sizeof plain, text, length);
    snprintf(out->text, sizeof out->text, "\"%s%s\"", plain, length >= sizeof plain ? "..." : "");
    return out->text;
}

const char *ms_cell_near_word(const char *const *words, const char *text, size_t length)
{
    char word[NEAR_BYTES];
    if (length >= sizeof word)
        return NULL;
    memcpy(word, text, length);
    word[length] = '\0';
    const char *best = NULL;
    int width = ms_utf8_width(word), limit = width < 5 ? 1 : (width + 1) / 3;
    for (; *words != NULL; words++) {
        int distance = **words == '\0' ? limit + 1 : ms_text_distance(*words, word, limit);
        if (distance <= limit && distance < (int)strlen(*words)) {
            best = *words;
            limit = distance - 1;
        }
    }
    return best;
}

const char *ms_cell_near(ms_reader *reader, const ms_names *names, const char *text, size_t length)
{
    char name[NEAR_BYTES + 1];
    if (length >= sizeof name || names->count > reader->near_left)
        return NULL;
    reader->near_left -= names->count;
    memcpy(name, text, length);
    name[length] = '\0';
    return ms_names_near(names, name);
}

static void list_words(char *out, size_t size, const char *const *words)
{
    size_t used = 0;
    out[0] = '\0';
    for (; *words != NULL; words++) {
        if (**words == '\0')
            continue;
        int more = snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", *words);
        if (more < 0 || (size_t)more >= size - used)
            return;
        used += (size_t)more;
    }
}

static void wanted_number(char *out, size_t size, const ms_column *column)
{
    char low[MS_NUMBER_BYTES], high[MS_NUMBER_BYTES];
    const char *kind = column->type == MS_COLUMN_WHOLE ? "whole number" : "number";
    const char *unit = column->unit == NULL ? "" : column->unit;
    const char *open = *unit == '\0' ? "" : " (", *close = *unit == '\0' ? "" : ")";
    ms_format_limit(low, column->low);
    ms_format_limit(high, column->high);
    if (column->flags & MS_COLUMN_ABOVE)
        snprintf(out, size, "a %s above %s, up to %s%s%s%s", kind, low, high, open, unit, close);
    else
        snprintf(out, size, "a %s from %s to %s%s%s%s", kind, low, high, open, unit, close);
}

void ms_cell_wanted(char *out, size_t size, const ms_column *column)
{
    int count;
    const ms_format_file *files = ms_format_files(&count);
    const char *any = column->flags & MS_COLUMN_ANY ? ", or *" : "";
    char words[WANTED_BYTES];
    switch (column->type) {
    case MS_COLUMN_ID:
    case MS_COLUMN_GROUP:
        snprintf(out, size, "an id");
        return;
    case MS_COLUMN_MEMBER:
    case MS_COLUMN_REF:
        snprintf(out, size, "a %s of %s", column->type == MS_COLUMN_REF ? files[column->ref].row : column->name,
                 files[column->ref].name);
        return;
    case MS_COLUMN_NUMBER:
    case MS_COLUMN_WHOLE:
    case MS_COLUMN_DAY:
        wanted_number(out, size, column);
        return;
    case MS_COLUMN_WORD:
        list_words(words, sizeof words, column->words);
        snprintf(out, size, "one of %s%s", words, any);
        return;
    case MS_COLUMN_YES_NO:
        snprintf(out, size, "yes or no");
        return;
    case MS_COLUMN_COUNTRY:
        snprintf(out, size, "a country as two capital letters, such as PH%s", any);
        return;
    case MS_COLUMN_TEXT:
    case MS_COLUMN_LIST:
        snprintf(out, size, "some text");
        return;
    case MS_COLUMN_DATE:
        snprintf(out, size, "a date as \"YYYY-MM-DD\"");
        return;
    }
}

/* ---- one function a type: true when the value is good and stored ---- */

static const ms_column *column_of(const ms_reader *reader, int ix)
{
    return &reader->file->columns[ix];
}

static void store(void *row, const ms_column *column, const void *value, size_t size)
{
    memcpy((char *)row + column->offset, value, size);
}

/* The text with what groups its thousands taken out, or with its comma made a point: what the writer
 * meant. */
static void meant(char out[MS_QUOTE_BYTES], const char *text, size_t length, bool comma_is_point)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < MS_QUOTE_BYTES; i++) {
        bool kept = (text[i] >= '0' && text[i] <= '9') || strchr("+-.eE", text[i]) != NULL;
        if (kept)
            out[used++] = text[i];
        else if (text[i] == ',' && comma_is_point)
            out[used++] = '.';
    }
    out[used] = '\0';
}

static void complain_number(ms_reader *reader, int ix, const char *text, size_t length, const char *why)
{
    char wanted[WANTED_BYTES], plain[MS_QUOTE_BYTES];
    ms_quote quote;
    ms_cell_wanted(wanted, sizeof wanted, column_of(reader, ix));
    ms_cell_quote(&quote, text, length);
    bool thousands = strstr(why, "thousands") != NULL, comma = strstr(why, "comma") != NULL;
    meant(plain, text, length, comma);
    if (thousands)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s %s; write %s", quote.text, why, plain);
    else if (comma)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s %s; write %s", quote.text, why, plain);
    else
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s %s; %s is %s", quote.text, why,
                           column_of(reader, ix)->name, wanted);
}

static bool store_number(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    double value = 0;
    const char *why = ms_number_parse(&value, text, length);
    if (why != NULL) {
        complain_number(reader, ix, text, length, why);
        return false;
    }
    bool whole = column->type == MS_COLUMN_WHOLE;
    bool low = value < column->low || ((column->flags & MS_COLUMN_ABOVE) && value <= column->low);
    const char *wrong = NULL;
    if (low && column->type == MS_COLUMN_DAY && column->low == 0)
        wrong = "is before the start of the case, day 0";
    else if (low && column->low == 0)
        wrong = value < 0 ? "is negative" : "is too small";
    else if (low)
        wrong = "is too small";
    else if (value > column->high)
        wrong = "is too large";
    else if (whole && value != (double)(int)value)
        wrong = "is not a whole number";
    if (wrong != NULL) {
        complain_number(reader, ix, text, length, wrong);
        return false;
    }
    int number = (int)(whole ? value : 0);
    value += 0.0; /* -0 becomes 0, so that equal keys are equal bytes */
    if (whole)
        store(row, column, &number, sizeof number);
    else
        store(row, column, &value, sizeof value);
    return true;
}

static void complain_unknown(ms_reader *reader, int ix, const char *text, size_t length, const ms_names *names)
{
    const ms_column *column = column_of(reader, ix);
    int count;
    const ms_format_file *ref = &ms_format_files(&count)[column->ref];
    const char *what = column->type == MS_COLUMN_MEMBER ? column->name : ref->row;
    ms_quote quote;
    ms_cell_quote(&quote, text, length);
    const char *near = ms_cell_near(reader, names, text, length);
    if (near != NULL)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "there is no %s %s; did you mean \"%s\"?", what, quote.text,
                           near);
    else if (reader->tables[column->ref].source == NULL)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "there is no %s %s: the case has no %s; add it", what,
                           quote.text, ref->name);
    else
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "there is no %s %s; add it to %s, or correct it here", what,
                           quote.text, ref->name);
}

/* REF and MEMBER. */
static bool store_known(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    const ms_names *names = ms_reader_names(reader, column->ref);
    int32_t found = ms_names_find(names, text, length);
    if (found < 0) {
        /* Where a required file is missing or broken, that is the mistake, not this. */
        int count;
        const ms_table *table = &reader->tables[column->ref];
        if (!table->broken && !(table->source == NULL && ms_format_files(&count)[column->ref].required))
            complain_unknown(reader, ix, text, length, names);
        return false;
    }
    if (column->type == MS_COLUMN_REF)
        store(row, column, &found, sizeof found);
    else
        store(row, column, &names->names[found], sizeof names->names[found]);
    return true;
}

/* 0 when text is a good id, else what is wrong with it. */
static const char *id_wrong(const char *text, size_t length)
{
    if (length > 64)
        return "is longer than 64 bytes";
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (c == ' ')
            return "has a space in it";
        if (!letter && strchr("_-.:+", c) == NULL)
            return "has a character that ids may not have";
    }
    return NULL;
}

/* ID and GROUP. A bad id is kept, so that what refers to it is not reported too. */
static bool store_id(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    ms_names *names = ms_reader_names(reader, reader->file->kind);
    const char *wrong = id_wrong(text, length);
    ms_quote quote;
    if (wrong != NULL)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s %s; an id is 1 to 64 letters, digits and _ - . : +",
                           ms_cell_quote(&quote, text, length), wrong);
    int32_t known = column->type == MS_COLUMN_GROUP ? ms_names_find(names, text, length) : MS_NONE;
    if (known >= 0) {
        store(row, column, &names->names[known], sizeof names->names[known]);
        return wrong == NULL;
    }
    const char *id = ms_arena_strndup(reader->arena, text, length);
    bool fresh = false;
    if (id == NULL || !ms_names_add(names, id, &known, &fresh)) {
        ms_reader_no_memory(reader);
        return false;
    }
    if (!fresh) {
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "there is a %s %s in line %d already; give each its own id",
                           reader->file->row, ms_cell_quote(&quote, text, length), reader->table->lines[known]);
        return false;
    }
    store(row, column, &id, sizeof id);
    return true;
}

static bool store_word(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    int found = MS_NONE;
    for (int word = 0; column->words[word] != NULL && found == MS_NONE; word++)
        if (strlen(column->words[word]) == length && memcmp(column->words[word], text, length) == 0)
            found = word;
    bool any = (column->flags & MS_COLUMN_ANY) && length == 1 && text[0] == '*';
    if (found == MS_NONE && !any) {
        char wanted[WANTED_BYTES];
        ms_quote quote;
        ms_cell_wanted(wanted, sizeof wanted, column);
        ms_cell_quote(&quote, text, length);
        const char *near = ms_cell_near_word(column->words, text, length);
        if (near != NULL)
            ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s is no %s; did you mean \"%s\"? It is %s", quote.text,
                               column->name, near, wanted);
        else
            ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s is no %s; it is %s", quote.text, column->name, wanted);
        return false;
    }
    store(row, column, &found, sizeof found);
    return true;
}

static bool store_yes_no(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    bool yes = length == 3 && memcmp(text, "yes", 3) == 0;
    ms_quote quote;
    if (!yes && !(length == 2 && memcmp(text, "no", 2) == 0)) {
        ms_reader_complain(reader, MS_FINDING_ERROR, ix,
                           "%s is neither yes nor no; write one of these, in small letters",
                           ms_cell_quote(&quote, text, length));
        return false;
    }
    store(row, column_of(reader, ix), &yes, sizeof yes);
    return true;
}

static bool store_country(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    char country[3] = {0};
    bool letters = length == 2, capitals = length == 2;
    for (size_t i = 0; i < length && i < 2; i++) {
        bool small = text[i] >= 'a' && text[i] <= 'z';
        capitals = capitals && text[i] >= 'A' && text[i] <= 'Z';
        letters = letters && (small || (text[i] >= 'A' && text[i] <= 'Z'));
        country[i] = (char)(small ? text[i] - 'a' + 'A' : text[i]);
    }
    bool any = (column->flags & MS_COLUMN_ANY) && length == 1 && text[0] == '*';
    if (capitals || any) {
        store(row, column, country, sizeof country);
        return true;
    }
    char wanted[WANTED_BYTES];
    ms_quote quote;
    ms_cell_wanted(wanted, sizeof wanted, column);
    ms_cell_quote(&quote, text, length);
    if (letters)
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s is not in capitals; write %s", quote.text, country);
    else
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s is no country; write %s", quote.text, wanted);
    return false;
}

/* TEXT and LIST. Line ends and other control characters inside become spaces: names stay on one line. */
static bool store_text(ms_reader *reader, int ix, void *row, const char *text, size_t length)
{
    const ms_column *column = column_of(reader, ix);
    if (column->type == MS_COLUMN_TEXT && length > (size_t)column->high) {
        ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s has %zu bytes of text; at most %.0f are allowed",
                           column->name, length, column->high);
        return false;
    }
    char *copy = ms_arena_strndup(reader->arena, text, length);
    if (copy == NULL) {
        ms_reader_no_memory(reader);
        return false;
    }
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7F)
            copy[i] = ' ';
    store(row, column, &copy, sizeof copy);
    return true;
}

/* ---- any cell ---- */

static void store_fallback(const ms_column *column, void *row)
{
    int32_t none = MS_NONE;
    int number = (int)(isfinite(column->fallback) ? column->fallback : 0);
    bool flag = column->fallback != 0;
    const char *text = "";
    switch (column->type) {
    case MS_COLUMN_REF:
        store(row, column, &none, sizeof none);
        return;
    case MS_COLUMN_NUMBER:
    case MS_COLUMN_DAY:
        store(row, column, &column->fallback, sizeof column->fallback);
        return;
    case MS_COLUMN_WHOLE:
        number = (int)column->low;
        store(row, column, &number, sizeof number);
        return;
    case MS_COLUMN_WORD:
        store(row, column, &number, sizeof number);
        return;
    case MS_COLUMN_YES_NO:
        store(row, column, &flag, sizeof flag);
        return;
    case MS_COLUMN_COUNTRY:
        memcpy((char *)row + column->offset, column->flags & MS_COLUMN_ANY ? "*\0" : "\0\0", 3);
        return;
    case MS_COLUMN_DATE:
        return;
    case MS_COLUMN_ID:
    case MS_COLUMN_GROUP:
    case MS_COLUMN_MEMBER:
    case MS_COLUMN_TEXT:
    case MS_COLUMN_LIST:
        store(row, column, &text, sizeof text);
        return;
    }
}

bool ms_cell_store(ms_reader *reader, int ix, void *row)
{
    const ms_column *column = column_of(reader, ix);
    size_t length;
    const char *text = ms_cell_text(reader, ix, &length);
    store_fallback(column, row);
    if (length == 0) {
        char wanted[WANTED_BYTES];
        ms_cell_wanted(wanted, sizeof wanted, column);
        /* Where the column is missing, that has been said once. */
        if ((column->flags & MS_COLUMN_REQUIRED) && reader->field_of[ix] >= 0)
            ms_reader_complain(reader, MS_FINDING_ERROR, ix, "%s is empty; give %s", column->name, wanted);
        return false;
    }
    switch (column->type) {
    case MS_COLUMN_ID:
    case MS_COLUMN_GROUP:
        return store_id(reader, ix, row, text, length);
    case MS_COLUMN_MEMBER:
    case MS_COLUMN_REF:
        return store_known(reader, ix, row, text, length);
    case MS_COLUMN_NUMBER:
    case MS_COLUMN_WHOLE:
    case MS_COLUMN_DAY:
        return store_number(reader, ix, row, text, length);
    case MS_COLUMN_WORD:
        return store_word(reader, ix, row, text, length);
    case MS_COLUMN_YES_NO:
        return store_yes_no(reader, ix, row, text, length);
    case MS_COLUMN_COUNTRY:
        return store_country(reader, ix, row, text, length);
    case MS_COLUMN_TEXT:
    case MS_COLUMN_LIST:
        return store_text(reader, ix, row, text, length);
    case MS_COLUMN_DATE:
        break;
    }
    return false;
}
