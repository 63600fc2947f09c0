/* vary.c: a case with a contingency made up on the spot. See vary.h. */
#include "serve/vary.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "case/format.h"

void ms_made_up_free(ms_made_up *made_up)
{
    for (size_t i = 0; i < made_up->count; i++) {
        ms_made_up_event *event = &made_up->events[i];
        ms_free(event->from_day);
        ms_free(event->to_day);
        ms_free(event->what);
        ms_free(event->which);
        ms_free(event->effect);
        ms_free(event->amount);
    }
    ms_free(made_up->events);
    ms_free(made_up->name);
    *made_up = (ms_made_up){0};
}

static const ms_format_file *format(void)
{
    int count;
    return &ms_format_files(&count)[MS_FILE_CONTINGENCIES];
}

/* ---- rows that are there, in the format's order of columns ---- */

/* For each column of the format its place in the header, or -1. */
static void find_columns(int *place, const ms_csv_record *header)
{
    const ms_format_file *file = format();
    for (int column = 0; column < file->column_count; column++)
        place[column] = -1;
    for (int field = 0; field < header->field_count; field++) {
        int column = ms_format_column(file, header->fields[field].text, header->fields[field].length);
        if (column >= 0 && place[column] < 0)
            place[column] = field;
    }
}

static ms_status copy_row(ms_buf *out, const ms_csv_record *record, const int *place, ms_error *err)
{
    for (int column = 0; column < format()->column_count; column++) {
        int field = place[column];
        bool there = field >= 0 && field < record->field_count;
        char *text = ms_strndup(there ? record->fields[field].text : "", there ? record->fields[field].length : 0);
        if (!text)
            return ms_error_memory(err);
        ms_csv_put(out, text, column == 0);
        ms_free(text);
    }
    ms_csv_end(out);
    return MS_OK;
}

static ms_status copy_rows(ms_buf *out, const ms_case_file *file, ms_error *err)
{
    enum { COLUMNS_MOST = 32 };
    ms_csv_reader *reader = NULL;
    ms_csv_record record;
    int place[COLUMNS_MOST];
    MS_TRY(ms_csv_open(&reader, file->bytes, file->length, file->name, err));
    ms_status status = ms_csv_next(reader, &record, err);
    if (status == MS_OK)
        find_columns(place, &record);
    while (status == MS_OK && record.field_count > 0) {
        status = ms_csv_next(reader, &record, err);
        if (status == MS_OK && record.field_count > 0)
            status = copy_row(out, &record, place, err);
    }
    ms_csv_close(reader);
    return status;
}

/* ---- and those made up ---- */

static const char *cell_of(const ms_made_up *made_up, size_t ix, const char *column)
{
    const ms_made_up_event *event = &made_up->events[ix];
    const struct {
        const char *column, *text;
    } cells[] = {
        {"contingency", made_up->id}, {"name", made_up->name}, {"from_day", event->from_day}, {"to_day", event->to_day},
        {"what", event->what},        {"which", event->which}, {"effect", event->effect},     {"amount", event->amount},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (strcmp(cells[i].column, column) == 0)
            return cells[i].text ? cells[i].text : "";
    return "";
}

ms_status ms_case_vary_text(ms_buf *out, const ms_case *kase, const ms_made_up *made_up, ms_error *err)
{
    const ms_format_file *file = format();
    const ms_case_file *old = ms_case_files_find(kase->files, kase->file_count, file->name);
    for (int column = 0; column < file->column_count; column++)
        ms_csv_put(out, file->columns[column].name, column == 0);
    ms_csv_end(out);
    if (old)
        MS_TRY(copy_rows(out, old, err));
    for (size_t i = 0; i < made_up->count; i++) {
        for (int column = 0; column < file->column_count; column++)
            ms_csv_put(out, cell_of(made_up, i, file->columns[column].name), column == 0);
        ms_csv_end(out);
    }
    return out->failed ? ms_error_memory(err) : MS_OK;
}

/* The first of what-if, what-if-2, ... that no contingency of the case is called. */
static void choose_id(ms_made_up *made_up, const ms_case *kase)
{
    snprintf(made_up->id, sizeof made_up->id, "what-if");
    for (int number = 2; ms_case_find_contingency(kase, made_up->id) != MS_NONE; number++)
        snprintf(made_up->id, sizeof made_up->id, "what-if-%d", number);
}

ms_status ms_case_vary(ms_case **out, const ms_case *kase, ms_made_up *made_up, ms_findings *findings, ms_error *err)
{
    ms_buf rows = {0};
    ms_case_file *files = NULL;
    int count = 0;
    choose_id(made_up, kase);
    ms_status status = ms_case_vary_text(&rows, kase, made_up, err);
    const ms_case_file changed = {format()->name, rows.text, rows.length};
    if (status == MS_OK)
        status = ms_case_files_copy(&files, &count, kase->files, kase->file_count, &changed, 1, err);
    ms_buf_free(&rows);
    return status == MS_OK ? ms_case_read(out, files, count, findings, err) : status;
}
