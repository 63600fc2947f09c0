/* read.c: CSV files into the tables of a case, by the rows of format.c. See reader.h for the order of
 * things.
 *
 * Cost: one pass over each file. A finding about a row that has gone by knows its line; a second pass over
 * that file alone, and only when there is such a finding, gives it its column.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case/reader.h"

enum { ROWS_MOST = 50 * 1000 * 1000, MESSAGE_BYTES = 1024 };

/* ---- tables of any kind ---- */

static const ms_format_file *format_of(ms_file_kind kind)
{
    int count;
    return &ms_format_files(&count)[kind];
}

ms_names *ms_reader_names(ms_reader *reader, ms_file_kind kind)
{
    const ms_format_file *format = format_of(kind);
    if (format->names_offset == SIZE_MAX)
        return &reader->tables[kind].names;
    return (ms_names *)(void *)((char *)reader->kase + format->names_offset);
}

static void *rows_get(ms_reader *reader, ms_file_kind kind)
{
    void *rows = reader->events;
    if (kind != MS_FILE_CONTINGENCIES)
        memcpy(&rows, (char *)reader->kase + format_of(kind)->rows_offset, sizeof rows);
    return rows;
}

static void rows_set(ms_reader *reader, ms_file_kind kind, void *rows, int32_t count)
{
    const ms_format_file *format = format_of(kind);
    reader->tables[kind].row_count = count;
    if (kind == MS_FILE_CONTINGENCIES) {
        reader->events = rows;
        return;
    }
    memcpy((char *)reader->kase + format->rows_offset, &rows, sizeof rows);
    memcpy((char *)reader->kase + format->count_offset, &count, sizeof count);
}

void *ms_reader_row(ms_reader *reader, ms_file_kind kind, int32_t row)
{
    return (char *)rows_get(reader, kind) + (size_t)row * format_of(kind)->row_size;
}

bool ms_reader_is_clean(const ms_reader *reader)
{
    return reader->findings->error_count == reader->errors_before;
}

static bool row_add(ms_reader *reader, ms_file_kind kind, const void *row)
{
    ms_table *table = &reader->tables[kind];
    size_t size = format_of(kind)->row_size, need = (size_t)table->row_count + 1;
    void *rows = rows_get(reader, kind), *lines = table->lines;
    bool grown = ms_grow(&rows, &table->row_capacity, need, size);
    if (grown)
        rows_set(reader, kind, rows, table->row_count);
    if (!grown || !ms_grow(&lines, &table->line_capacity, need, sizeof *table->lines))
        return false;
    table->lines = lines;
    table->lines[table->row_count] = reader->record.line;
    memcpy((char *)rows + (size_t)table->row_count * size, row, size);
    rows_set(reader, kind, rows, table->row_count + 1);
    return true;
}

/* ---- complaints ---- */

void ms_reader_no_memory(ms_reader *reader)
{
    reader->failure = MS_NO_MEMORY;
}

static void complain(ms_reader *reader, ms_severity severity, const char *file, int line, int column,
                     const char *format, va_list args) __attribute__((format(printf, 6, 0)));
static void complain(ms_reader *reader, ms_severity severity, const char *file, int line, int column,
                     const char *format, va_list args)
{
    if (ms_findings_vadd(reader->findings, severity, file, line, column, format, args) != MS_OK)
        ms_reader_no_memory(reader);
}

void ms_reader_complain(ms_reader *reader, ms_severity severity, int column, const char *format, ...)
{
    int field = column < 0 ? 0 : reader->field_of[column];
    if (field < 0 || field >= reader->record.field_count)
        field = 0;
    const ms_csv_field *place = &reader->record.fields[field];
    va_list args;
    va_start(args, format);
    complain(reader, severity, reader->file->name, place->line, place->column, format, args);
    va_end(args);
}

void ms_reader_complain_at(ms_reader *reader, ms_severity severity, const char *file, int line, int column,
                           const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(reader, severity, file, line, column, format, args);
    va_end(args);
}

void ms_reader_note(ms_reader *reader, ms_severity severity, ms_file_kind kind, int32_t row, const char *column,
                    const char *format, ...)
{
    const ms_table *table = &reader->tables[kind];
    char message[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    int wrote = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    int line = row < table->row_count ? table->lines[row] : 0;
    if (wrote < 0 || reader->note_count >= MS_FINDINGS_CAP) {
        ms_reader_complain_at(reader, severity, format_of(kind)->name, line, 1, "%s", message);
        return;
    }
    void *notes = reader->notes;
    char *copy = ms_strdup(message);
    if (copy == NULL || !ms_grow(&notes, &reader->note_capacity, reader->note_count + 1, sizeof *reader->notes)) {
        ms_free(copy);
        ms_reader_no_memory(reader);
        return;
    }
    reader->notes = notes;
    int at = ms_format_column(format_of(kind), column, strlen(column));
    reader->notes[reader->note_count] = (ms_note){kind, severity, line, at, reader->note_count, copy};
    reader->note_count++;
}

/* ---- the header row ---- */

static const char *near_column(const ms_format_file *format, const char *text, size_t length)
{
    const char *names[MS_COLUMNS_MOST + 1] = {NULL};
    for (int ix = 0; ix < format->column_count; ix++)
        names[ix] = format->columns[ix].name;
    return ms_cell_near_word(names, text, length);
}

static void list_columns(char *out, size_t size, const ms_format_file *format)
{
    size_t used = 0;
    out[0] = '\0';
    for (int ix = 0; ix < format->column_count && used < size; ix++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", ix > 0 ? ", " : "", format->columns[ix].name);
}

static void complain_column(ms_reader *reader, const ms_csv_field *field, const char *text, size_t length)
{
    char columns[MESSAGE_BYTES / 2];
    ms_quote quote;
    ms_cell_quote(&quote, text, length);
    const char *near = near_column(reader->file, text, length);
    list_columns(columns, sizeof columns, reader->file);
    if (near != NULL)
        ms_reader_complain_at(reader, MS_FINDING_WARNING, reader->file->name, field->line, field->column,
                              "the column %s is not known and is not read; did you mean \"%s\"?", quote.text, near);
    else
        ms_reader_complain_at(reader, MS_FINDING_WARNING, reader->file->name, field->line, field->column,
                              "the column %s is not known and is not read; %s has %s", quote.text, reader->file->name,
                              columns);
}

/* Finds the format's columns in the header; loud says what is odd about it. False when the file cannot be
 * read by it. */
static bool header_read(ms_reader *reader, const ms_csv_record *record, bool loud)
{
    bool good = true;
    for (int ix = 0; ix < MS_COLUMNS_MOST; ix++)
        reader->field_of[ix] = -1;
    for (int field = 0; field < record->field_count; field++) {
        size_t length;
        const char *text = ms_cell_trim(&record->fields[field], &length);
        int ix = ms_format_column(reader->file, text, length);
        if (ix >= 0 && reader->field_of[ix] >= 0 && loud)
            ms_reader_complain_at(reader, MS_FINDING_ERROR, reader->file->name, record->fields[field].line,
                                  record->fields[field].column, "the column %s is there twice; delete one",
                                  reader->file->columns[ix].name);
        else if (ix >= 0)
            reader->field_of[ix] = field;
        else if (length > 0 && loud)
            complain_column(reader, &record->fields[field], text, length);
    }
    for (int ix = 0; ix < reader->file->column_count; ix++) {
        const ms_column *column = &reader->file->columns[ix];
        if (!(column->flags & (MS_COLUMN_REQUIRED | MS_COLUMN_PRESENT)) || reader->field_of[ix] >= 0)
            continue;
        good = false;
        if (loud)
            ms_reader_complain_at(reader, MS_FINDING_ERROR, reader->file->name, record->line, 1,
                                  "the column %s is missing%s; add it to the header row", column->name,
                                  column->flags & MS_COLUMN_PRESENT ? " (its cells may be empty)" : "");
    }
    return good;
}

/* ---- rows ---- */

static bool row_blank(const ms_csv_record *record)
{
    for (int field = 0; field < record->field_count; field++) {
        size_t length;
        (void)ms_cell_trim(&record->fields[field], &length);
        if (length > 0)
            return false;
    }
    return true;
}

static void check_width(ms_reader *reader, int header_count)
{
    const ms_csv_record *record = &reader->record;
    int count = record->field_count;
    if (count < header_count) {
        ms_reader_complain(reader, MS_FINDING_WARNING, -1,
                           "the row has %d cells and the header %d; the missing ones are taken as empty", count,
                           header_count);
        return;
    }
    for (int field = header_count; field < count; field++) {
        if (record->fields[field].length == 0)
            continue;
        ms_reader_complain_at(
            reader, MS_FINDING_ERROR, reader->file->name, record->fields[field].line, record->fields[field].column,
            "the row has %d cells and the header %d; put text with a separator in it in quotes", count, header_count);
        return;
    }
}

/* Hash of the key cells, or false when one of them is not known. Day 5 and day 5.0 are the same key. */
static bool key_hash(const ms_format_file *format, const char *row, uint64_t *hash)
{
    *hash = MS_HASH_START;
    for (int ix = 0; ix < format->column_count; ix++) {
        const ms_column *column = &format->columns[ix];
        const char *at = row + column->offset, *text;
        int32_t ref;
        if (!(column->flags & MS_COLUMN_KEY))
            continue;
        switch (column->type) {
        case MS_COLUMN_GROUP:
            memcpy(&text, at, sizeof text);
            *hash = ms_hash_bytes(*hash, &text, sizeof text);
            break;
        case MS_COLUMN_REF:
        case MS_COLUMN_WORD:
            memcpy(&ref, at, sizeof ref);
            if (ref == MS_NONE && (column->flags & MS_COLUMN_REQUIRED))
                return false;
            *hash = ms_hash_bytes(*hash, &ref, sizeof ref);
            break;
        case MS_COLUMN_COUNTRY:
            *hash = ms_hash_bytes(*hash, at, 3);
            break;
        default:
            *hash = ms_hash_bytes(*hash, at, sizeof(double));
            break;
        }
    }
    return true;
}

static size_t key_size(const ms_column *column)
{
    switch (column->type) {
    case MS_COLUMN_GROUP:
        return sizeof(const char *);
    case MS_COLUMN_REF:
    case MS_COLUMN_WORD:
        return sizeof(int32_t);
    case MS_COLUMN_COUNTRY:
        return 3;
    default:
        return sizeof(double);
    }
}

static bool key_equal(const ms_format_file *format, const char *a, const char *b)
{
    for (int ix = 0; ix < format->column_count; ix++) {
        const ms_column *column = &format->columns[ix];
        if ((column->flags & MS_COLUMN_KEY) && memcmp(a + column->offset, b + column->offset, key_size(column)) != 0)
            return false;
    }
    return true;
}

/* The slot of the row with the same key, or the free one where it belongs. */
static uint32_t *key_slot(ms_reader *reader, const char *row, uint64_t hash)
{
    ms_table *table = reader->table;
    size_t mask = table->key_slot_count - 1, slot = (size_t)hash & mask;
    while (table->key_slots[slot] != 0) {
        int32_t other = (int32_t)table->key_slots[slot] - 1;
        if (key_equal(reader->file, ms_reader_row(reader, reader->file->kind, other), row))
            break;
        slot = (slot + 1) & mask;
    }
    return &table->key_slots[slot];
}

static bool keys_grow(ms_reader *reader)
{
    ms_table *table = reader->table;
    if ((size_t)table->row_count < table->key_slot_count / 2)
        return true;
    size_t larger = table->key_slot_count == 0 ? 64 : table->key_slot_count * 2;
    uint32_t *slots = ms_alloc(larger, sizeof *slots);
    if (slots == NULL)
        return false;
    ms_free(table->key_slots);
    table->key_slots = slots;
    table->key_slot_count = larger;
    for (int32_t row = 0; row < table->row_count; row++) {
        uint64_t hash;
        const char *at = ms_reader_row(reader, reader->file->kind, row);
        if (key_hash(reader->file, at, &hash))
            *key_slot(reader, at, hash) = (uint32_t)row + 1;
    }
    return true;
}

static void complain_key(ms_reader *reader, int32_t first)
{
    char columns[MESSAGE_BYTES / 4];
    size_t used = 0;
    const ms_format_file *format = reader->file;
    columns[0] = '\0';
    for (int ix = 0; ix < format->column_count; ix++)
        if (format->columns[ix].flags & MS_COLUMN_KEY)
            used += (size_t)snprintf(columns + used, sizeof columns - used, "%s%s", used > 0 ? ", " : "",
                                     format->columns[ix].name);
    ms_reader_complain(reader, MS_FINDING_ERROR, -1, "the row has the same %s as line %d; make them one row", columns,
                       reader->table->lines[first]);
}

/* True when the row is no double; then it is entered as the next row. */
static bool key_enter(ms_reader *reader, const char *row)
{
    uint64_t hash;
    bool keyed = false;
    for (int ix = 0; ix < reader->file->column_count; ix++)
        keyed = keyed || (reader->file->columns[ix].flags & MS_COLUMN_KEY);
    if (!keyed || !key_hash(reader->file, row, &hash))
        return true;
    if (!keys_grow(reader)) {
        ms_reader_no_memory(reader);
        return false;
    }
    uint32_t *slot = key_slot(reader, row, hash);
    if (*slot != 0) {
        complain_key(reader, (int32_t)*slot - 1);
        return false;
    }
    *slot = (uint32_t)reader->table->row_count + 1;
    return true;
}

static void row_read(ms_reader *reader, int header_count)
{
    /* Large enough and aligned for a row of any table. */
    union {
        ms_site site;
        ms_item item;
        ms_lane lane;
        ms_agreement agreement;
        ms_event_row event;
        char bytes[256];
    } row;
    const ms_format_file *format = reader->file;
    size_t known = ms_reader_names(reader, format->kind)->count;
    size_t errors = reader->findings->error_count;
    bool kept = true;
    memset(&row, 0, sizeof row);
    if (reader->record.field_count != header_count)
        check_width(reader, header_count);
    reader->good = 0;
    for (int ix = 0; ix < format->column_count; ix++) {
        if (ms_cell_store(reader, ix, &row))
            reader->good |= 1u << ix;
        else if (format->columns[ix].type == MS_COLUMN_ID)
            kept = false;
    }
    ms_row_check(reader, &row);
    /* A new id must have its row, whatever else is wrong with it. */
    bool named = format->columns[0].type == MS_COLUMN_ID;
    if (reader->failure != MS_OK || (named && (!kept || ms_reader_names(reader, format->kind)->count == known)))
        return;
    bool fresh = reader->findings->error_count > errors || key_enter(reader, row.bytes);
    if (fresh && !row_add(reader, format->kind, &row))
        ms_reader_no_memory(reader);
}

static ms_status rows_read(ms_reader *reader, ms_csv_reader *csv, ms_error *err)
{
    ms_csv_record *record = &reader->record;
    MS_TRY(ms_csv_next(csv, record, err));
    int header_count = record->field_count;
    if (header_count == 0)
        return ms_error_at(err, MS_BAD_INPUT, reader->file->name, 1, 1, "the file is empty; it needs a header row");
    if (!header_read(reader, record, true))
        reader->table->broken = true;
    reader->from_column = ms_format_column(reader->file, "from_day", 8);
    reader->to_column = ms_format_column(reader->file, "to_day", 6);
    while (reader->failure == MS_OK) {
        MS_TRY(ms_csv_next(csv, record, err));
        if (record->field_count == 0)
            return MS_OK;
        if (row_blank(record))
            continue;
        if (reader->table->row_count >= ROWS_MOST)
            return ms_error_at(err, MS_BAD_INPUT, reader->file->name, record->line, 1, "more than %d rows", ROWS_MOST);
        row_read(reader, header_count);
    }
    return reader->failure;
}

bool ms_reader_read(ms_reader *reader, ms_file_kind kind)
{
    ms_table *table = &reader->tables[kind];
    reader->file = format_of(kind);
    reader->table = table;
    if (table->source == NULL)
        return true;
    ms_error wrong = {0};
    ms_csv_reader *csv = NULL;
    ms_status status = ms_csv_open(&csv, table->source->bytes, table->source->length, reader->file->name, &wrong);
    if (status == MS_OK)
        status = rows_read(reader, csv, &wrong);
    ms_csv_close(csv);
    if (status == MS_BAD_INPUT) {
        table->broken = true;
        ms_reader_complain_at(reader, MS_FINDING_ERROR, reader->file->name, wrong.line, wrong.column, "%s",
                              wrong.message);
    } else if (status != MS_OK) {
        ms_reader_no_memory(reader);
    }
    return reader->failure == MS_OK;
}

/* ---- places of late findings ---- */

static int note_order(const void *left, const void *right)
{
    const ms_note *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Turns the notes [first, end), all of one file, into findings. */
static ms_status place_file(ms_reader *reader, ms_csv_reader *csv, size_t first, size_t end)
{
    const ms_csv_record *record = &reader->record;
    bool header = true;
    for (size_t at = first; at < end && reader->failure == MS_OK;) {
        MS_TRY(ms_csv_next(csv, &reader->record, NULL));
        if (record->field_count == 0)
            return MS_INTERNAL;
        if (header)
            (void)header_read(reader, record, false);
        header = false;
        for (; at < end && reader->notes[at].line == record->line; at++)
            ms_reader_complain(reader, reader->notes[at].severity, reader->notes[at].column, "%s",
                               reader->notes[at].message);
    }
    return MS_OK;
}

void ms_reader_place_notes(ms_reader *reader)
{
    if (reader->note_count > 0)
        qsort(reader->notes, reader->note_count, sizeof *reader->notes, note_order);
    for (size_t first = 0, end; first < reader->note_count && reader->failure == MS_OK; first = end) {
        ms_file_kind kind = reader->notes[first].kind;
        for (end = first; end < reader->note_count && reader->notes[end].kind == kind;)
            end++;
        const ms_case_file *source = reader->tables[kind].source;
        ms_csv_reader *csv = NULL;
        reader->file = format_of(kind);
        reader->table = &reader->tables[kind];
        ms_status status = ms_csv_open(&csv, source->bytes, source->length, source->name, NULL);
        if (status == MS_OK)
            status = place_file(reader, csv, first, end);
        ms_csv_close(csv);
        if (status != MS_OK && reader->failure == MS_OK)
            reader->failure = status;
    }
}
