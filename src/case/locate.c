/* locate.c: see locate.h. */
#include "case/locate.h"

#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "case/format.h"

typedef struct {
    ms_cell_place *places;
    const ms_findings *findings;
    size_t next, end; /* the findings about the file, in the order of lines */
    const char **columns;
    int column_count;
    ms_arena *arena;
} work;

static ms_status keep_header(work *w, const ms_csv_record *record, ms_error *err)
{
    w->columns = ms_arena_alloc(w->arena, (size_t)record->field_count, sizeof *w->columns);
    for (; w->columns != NULL && w->column_count < record->field_count; w->column_count++) {
        size_t length;
        const char *text = ms_cell_trim(&record->fields[w->column_count], &length);
        w->columns[w->column_count] = ms_arena_strndup(w->arena, text, length);
        if (w->columns[w->column_count] == NULL)
            return ms_error_memory(err);
    }
    return w->columns != NULL ? MS_OK : ms_error_memory(err);
}

/* The line on which a record ends. */
static int last_line(const ms_csv_record *record)
{
    return record->fields[record->field_count - 1].line;
}

static const char *column_at(const work *w, const ms_csv_record *record, const ms_finding *finding)
{
    for (int f = 0; f < record->field_count && f < w->column_count; f++)
        if (record->fields[f].line == finding->line && record->fields[f].column == finding->column)
            return w->columns[f];
    return NULL;
}

static void place_in_record(work *w, const ms_csv_record *record, long row)
{
    for (; w->next < w->end && w->findings->items[w->next].line <= last_line(record); w->next++) {
        const ms_finding *finding = &w->findings->items[w->next];
        if (finding->line < record->line)
            continue;
        /* What is said of a row as a whole stands at its first cell. */
        bool whole = finding->column <= 1 && strstr(finding->message, "the row ") == finding->message;
        w->places[w->next] = (ms_cell_place){row, row < 0 || whole ? NULL : column_at(w, record, finding)};
    }
}

static ms_status place_in_table(work *w, const ms_case_file *file, ms_error *err)
{
    ms_csv_reader *csv = NULL;
    ms_csv_record record;
    if (ms_csv_open(&csv, file->bytes, file->length, file->name, NULL) != MS_OK)
        return MS_OK; /* it is no CSV, and that is the finding */
    ms_status status = MS_OK;
    for (long row = -1; w->next < w->end && status == MS_OK; row++) {
        if (ms_csv_next(csv, &record, NULL) != MS_OK || record.field_count == 0)
            break;
        if (row < 0)
            status = keep_header(w, &record, err);
        if (status == MS_OK)
            place_in_record(w, &record, row);
    }
    ms_csv_close(csv);
    return status;
}

static void place_in_json(work *w, const ms_case_file *file)
{
    int count;
    const ms_format_file *format = &ms_format_files(&count)[MS_FILE_CASE];
    for (; w->next < w->end; w->next++) {
        const ms_finding *finding = &w->findings->items[w->next];
        w->places[w->next].row = 0;
        for (int c = 0; c < format->column_count; c++) {
            int line, column;
            ms_json_locate(file->bytes, file->length, format->columns[c].name, &line, &column);
            if (line == finding->line && column == finding->column && (line > 1 || column > 1))
                w->places[w->next].column = format->columns[c].name;
        }
    }
}

ms_status ms_findings_locate(ms_cell_place *places, ms_findings *findings, const ms_case_file *files, int count,
                             ms_arena *arena, ms_error *err)
{
    ms_findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++)
        places[i] = (ms_cell_place){.row = -1};
    for (size_t first = 0, end; first < findings->count; first = end) {
        const char *name = findings->items[first].file;
        for (end = first + 1; end < findings->count && strcmp(findings->items[end].file, name) == 0;)
            end++;
        for (int f = 0; f < count; f++) {
            work w = {.places = places, .findings = findings, .next = first, .end = end, .arena = arena};
            if (strcmp(files[f].name, name) != 0)
                continue;
            if (strcmp(name, "case.json") == 0)
                place_in_json(&w, &files[f]);
            else
                MS_TRY(place_in_table(&w, &files[f], err));
        }
    }
    return MS_OK;
}

ms_status ms_case_file_rows(long *rows, const ms_case_file *file, ms_error *err)
{
    ms_csv_reader *csv = NULL;
    ms_csv_record record = {0};
    long count = -1; /* the header is none */
    MS_TRY(ms_csv_open(&csv, file->bytes, file->length, file->name, err));
    ms_status status;
    while ((status = ms_csv_next(csv, &record, err)) == MS_OK && record.field_count > 0)
        count++;
    ms_csv_close(csv);
    if (status == MS_OK)
        *rows = count;
    return status;
}
