/* listing.c: small CSV files of known columns. See listing.h. */
#include "exchange/listing.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/text.h"

enum { CELL_BYTES = 1024 };

ms_status ms_listing_complain(const ms_listing *listing, int column, ms_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    ms_status status = ms_findings_vadd(listing->findings, MS_FINDING_ERROR, listing->file, listing->line,
                                        column >= 0 && listing->at[column] > 0 ? listing->at[column] : 1, format, args);
    va_end(args);
    return status == MS_OK ? MS_OK : ms_error_memory(err);
}

int ms_listing_word(const char *const *words, const char *text)
{
    for (int ix = 0; words[ix] != NULL; ix++)
        if (strcmp(words[ix], text) == 0)
            return ix;
    return -1;
}

char *ms_listing_near(char *out, size_t size, const char *const *words, const char *text)
{
    const char *best = NULL;
    int limit = (int)strlen(text) < 5 ? 1 : (int)strlen(text) / 3 + 1;
    for (; *words != NULL; words++) {
        int distance = ms_text_distance(*words, text, limit);
        if (distance <= limit && distance < (int)strlen(*words)) {
            best = *words;
            limit = distance - 1;
        }
    }
    out[0] = '\0';
    if (best != NULL)
        snprintf(out, size, "; did you mean \"%s\"?", best);
    return out;
}

/* ---- reading ---- */

static int column_count(const ms_listing *listing)
{
    int count = 0;
    while (listing->columns[count].name != NULL)
        count++;
    return count;
}

/* The cell without the spaces around it, as a text in the arena, control characters replaced. */
static const char *cell_text(const ms_listing *listing, const ms_csv_field *field)
{
    const char *text = field->text;
    size_t length = field->length;
    for (; length > 0 && (*text == ' ' || *text == '\t'); length--)
        text++;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    char *copy = ms_arena_strndup(listing->arena, text, length < CELL_BYTES ? length : CELL_BYTES);
    if (copy != NULL)
        ms_utf8_copy(copy, strlen(copy) + 1, copy, strlen(copy));
    return copy;
}

/* field_of[column] becomes the field that holds it, -1 none. */
static ms_status read_header(ms_listing *listing, const ms_csv_record *record, int *field_of, ms_error *err)
{
    const char *names[MS_LISTING_COLUMNS + 1] = {0};
    int count = column_count(listing);
    for (int column = 0; column < count; column++) {
        names[column] = listing->columns[column].name;
        field_of[column] = -1;
    }
    listing->line = record->line;
    for (int ix = 0; ix < record->field_count; ix++) {
        char near[128];
        const char *name = cell_text(listing, &record->fields[ix]);
        if (name == NULL)
            return ms_error_memory(err);
        int column = ms_listing_word(names, name);
        if (column >= 0 && field_of[column] < 0)
            field_of[column] = ix;
        else if (name[0] != '\0' && ms_findings_add(listing->findings, MS_FINDING_ERROR, listing->file, record->line,
                                                    record->fields[ix].column, "%s \"%s\"%s",
                                                    column >= 0 ? "a second column" : "no column", name,
                                                    ms_listing_near(near, sizeof near, names, name)) != MS_OK)
            return ms_error_memory(err);
    }
    for (int column = 0; column < count; column++)
        if (listing->columns[column].required && field_of[column] < 0)
            MS_TRY(ms_listing_complain(listing, -1, err, "the column \"%s\" is missing", names[column]));
    return MS_OK;
}

static ms_status read_row(ms_listing *listing, const ms_csv_record *record, const int *field_of, bool *whole,
                          ms_error *err)
{
    *whole = true;
    listing->line = record->line;
    for (int column = 0; listing->columns[column].name != NULL; column++) {
        int ix = field_of[column];
        bool there = ix >= 0 && ix < record->field_count;
        listing->at[column] = there ? record->fields[ix].column : 0;
        listing->cells[column] = there ? cell_text(listing, &record->fields[ix]) : "";
        if (listing->cells[column] == NULL)
            return ms_error_memory(err);
        if (listing->columns[column].required && listing->cells[column][0] == '\0') {
            *whole = false;
            if (ix >= 0)
                MS_TRY(ms_listing_complain(listing, column, err, "%s is empty: %s", listing->columns[column].name,
                                           listing->columns[column].help));
        }
    }
    return MS_OK;
}

static ms_status read_rows(ms_listing *listing, ms_csv_reader *reader, ms_listing_visit visit, void *context,
                           ms_error *err)
{
    int field_of[MS_LISTING_COLUMNS];
    ms_csv_record record = {0};
    MS_TRY(ms_csv_next(reader, &record, err));
    if (record.field_count == 0)
        return MS_OK;
    MS_TRY(read_header(listing, &record, field_of, err));
    for (;;) {
        bool whole;
        MS_TRY(ms_csv_next(reader, &record, err));
        if (record.field_count == 0)
            return MS_OK;
        MS_TRY(read_row(listing, &record, field_of, &whole, err));
        if (whole)
            MS_TRY(visit(context, listing, err));
    }
}

ms_status ms_listing_read(ms_listing *listing, const char *text, size_t length, ms_listing_visit visit, void *context,
                          ms_error *err)
{
    ms_csv_reader *reader = NULL;
    MS_TRY(ms_csv_open(&reader, text, length, listing->file, err));
    ms_status status = read_rows(listing, reader, visit, context, err);
    ms_csv_close(reader);
    return status;
}
