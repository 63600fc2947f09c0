/* edit.c: changes of rows in a CSV file of a case. See edit.h; case.json is in edit_json.c.
 *
 * Three steps: find the header's columns; find the row of each edit, by number or by what its cells said; walk the file
 * once more and write it, the rows of the edits anew and the rest as it is.
 */
#include "case/edit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "case/edit_private.h"
#include "case/format.h"

static const long SEARCH_MOST = 20000000; /* comparisons of rows that have moved */

/* An edit of this file. */
typedef struct {
    const ms_edit *edit;
    long row;    /* where it is; LONG_MAX: an added row behind the last */
    bool found;  /* its row; always true for an added one */
    int order;   /* among the edits */
    int *was_at; /* by cell of was: its field, -1 none */
} task;

typedef struct {
    const ms_case_file *file;
    const ms_format_file *format;
    ms_edit_outcome *outcome;
    ms_arena *arena;
    task *tasks;
    size_t task_count;
    const char **columns; /* of the header, and behind them those that edits bring */
    int header_count, column_count;
    char separator;
    const char *line_end;
} work;

static ms_status memory_or_ok(bool good, ms_error *err)
{
    return good ? MS_OK : ms_error_memory(err);
}

/* ---- columns ---- */

static int column_of(const work *w, const char *name)
{
    for (int c = 0; c < w->column_count; c++)
        if (strcmp(w->columns[c], name) == 0)
            return c;
    return -1;
}

static const char *keep(const work *w, const char *text, size_t length)
{
    return ms_arena_strndup(w->arena, text, length);
}

static ms_status read_header(work *w, ms_csv_reader *csv, ms_csv_record *record, ms_error *err)
{
    MS_TRY(ms_csv_next(csv, record, err));
    if (record->field_count == 0)
        return ms_error_at(err, MS_BAD_INPUT, w->file->name, 1, 1, "the file is empty; it needs a header row");
    w->header_count = w->column_count = record->field_count;
    w->separator = ms_csv_separator(csv);
    w->line_end = ms_edit_line_end(w->file->bytes, ms_csv_offset(csv));
    if (w->line_end[0] == '\0')
        w->line_end = "\n";
    for (int c = 0; c < record->field_count; c++) {
        size_t length;
        const char *text = ms_cell_trim(&record->fields[c], &length);
        w->columns[c] = keep(w, text, length);
        if (w->columns[c] == NULL)
            return ms_error_memory(err);
    }
    return MS_OK;
}

/* A column that an edit fills and the file does not have. */
static ms_status add_column(work *w, const char *name, ms_error *err)
{
    if (ms_format_column(w->format, name, strlen(name)) < 0)
        return ms_error_at(err, MS_USAGE, w->file->name, 0, 0, "has no column \"%.60s\"", name);
    if (w->column_count == MS_CSV_FIELDS)
        return ms_error_at(err, MS_LIMIT, w->file->name, 0, 0, "has %d columns already", MS_CSV_FIELDS);
    w->columns[w->column_count++] = name;
    return MS_OK;
}

static ms_status place_columns(work *w, ms_error *err)
{
    for (size_t i = 0; i < w->task_count; i++) {
        task *t = &w->tasks[i];
        for (size_t c = 0; c < t->edit->cell_count; c++)
            if (t->edit->cells[c].text[0] != '\0' && column_of(w, t->edit->cells[c].column) < 0)
                MS_TRY(add_column(w, t->edit->cells[c].column, err));
        t->was_at = ms_arena_alloc(w->arena, t->edit->was_count + 1, sizeof *t->was_at);
        if (t->was_at == NULL)
            return ms_error_memory(err);
        for (size_t c = 0; c < t->edit->was_count; c++)
            t->was_at[c] = column_of(w, t->edit->was[c].column);
    }
    return MS_OK;
}

/* ---- rows ---- */

static bool says(const ms_csv_record *record, int field, const char *text)
{
    if (field < 0 || field >= record->field_count)
        return text[0] == '\0';
    const ms_csv_field *is = &record->fields[field];
    return strlen(text) == is->length && memcmp(text, is->text, is->length) == 0;
}

static bool is_as_it_was(const task *t, const ms_csv_record *record)
{
    for (size_t c = 0; c < t->edit->was_count; c++)
        if (!says(record, t->was_at[c], t->edit->was[c].text))
            return false;
    return true;
}

static int by_row(const void *left, const void *right)
{
    const task *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    /* what is added before a row comes before what happens to it */
    bool first = a->edit->kind == MS_EDIT_ADD, second = b->edit->kind == MS_EDIT_ADD;
    if (first != second)
        return first ? -1 : 1;
    return a->order - b->order;
}

static ms_status open_rows(ms_csv_reader **out, const work *w, ms_csv_record *record, ms_error *err)
{
    ms_csv_reader *csv = NULL;
    MS_TRY(ms_csv_open(&csv, w->file->bytes, w->file->length, w->file->name, err));
    ms_status status = ms_csv_next(csv, record, err);
    if (status == MS_OK)
        *out = csv;
    else
        ms_csv_close(csv);
    return status;
}

/* The rows that are where they were. Tasks are in the order of rows. */
static ms_status find_at_place(work *w, ms_csv_reader *csv, bool by_number, ms_error *err)
{
    ms_csv_record record;
    size_t next = 0;
    for (long row = 0;; row++) {
        MS_TRY(ms_csv_next(csv, &record, err));
        if (record.field_count == 0)
            return MS_OK;
        while (next < w->task_count && w->tasks[next].row < row)
            next++;
        for (size_t i = next; i < w->task_count && w->tasks[i].row == row; i++) {
            task *t = &w->tasks[i];
            if (t->edit->kind != MS_EDIT_ADD)
                t->found = t->edit->was_count > 0 ? is_as_it_was(t, &record) : by_number;
        }
    }
}

static bool is_taken(const work *w, long row)
{
    for (size_t i = 0; i < w->task_count; i++)
        if (w->tasks[i].found && w->tasks[i].edit->kind != MS_EDIT_ADD && w->tasks[i].row == row)
            return true;
    return false;
}

/* Rows that have moved: each is the nearest one that says what it said and is nobody else's. */
static ms_status find_elsewhere(work *w, task *t, long *budget, ms_error *err)
{
    ms_csv_reader *csv = NULL;
    ms_csv_record record;
    long best = -1;
    MS_TRY(open_rows(&csv, w, &record, err));
    ms_status status = ms_csv_next(csv, &record, err);
    for (long row = 0; status == MS_OK && record.field_count > 0 && --*budget > 0; row++) {
        bool nearer = best < 0 || labs(row - t->edit->row) < labs(best - t->edit->row);
        if (nearer && is_as_it_was(t, &record) && !is_taken(w, row))
            best = row;
        status = ms_csv_next(csv, &record, err);
    }
    ms_csv_close(csv);
    t->found = status == MS_OK && best >= 0;
    if (t->found)
        t->row = best;
    return status;
}

static ms_status find_rows(work *w, bool by_number, ms_error *err)
{
    ms_csv_reader *csv = NULL;
    ms_csv_record record;
    long budget = SEARCH_MOST;
    qsort(w->tasks, w->task_count, sizeof *w->tasks, by_row);
    MS_TRY(open_rows(&csv, w, &record, err));
    ms_status status = find_at_place(w, csv, by_number, err);
    ms_csv_close(csv);
    for (size_t i = 0; i < w->task_count && status == MS_OK; i++) {
        task *t = &w->tasks[i];
        if (!t->found && t->edit->was_count > 0 && budget > 0)
            status = find_elsewhere(w, t, &budget, err);
        w->outcome->conflicts[t->order] = !t->found;
        w->outcome->any_conflict |= !t->found;
    }
    qsort(w->tasks, w->task_count, sizeof *w->tasks, by_row);
    for (size_t i = 1; i < w->task_count && status == MS_OK; i++)
        if (w->tasks[i].edit->kind != MS_EDIT_ADD && w->tasks[i - 1].edit->kind != MS_EDIT_ADD && w->tasks[i].found &&
            w->tasks[i - 1].found && w->tasks[i].row == w->tasks[i - 1].row)
            status = ms_error_at(err, MS_USAGE, w->file->name, 0, 0, "two changes of row %ld", w->tasks[i].row);
    return status;
}

/* ---- writing ---- */

/* What an edit says of a column; NULL: nothing. */
static const char *new_text(const work *w, const ms_edit *edit, int column)
{
    for (size_t c = 0; c < edit->cell_count; c++)
        if (strcmp(edit->cells[c].column, w->columns[column]) == 0)
            return edit->cells[c].text;
    return NULL;
}

/* The texts of a row once an edit (NULL: none) has been made; record NULL: it is a new one. In the arena. */
static const char **texts_of(int *count, const work *w, const ms_csv_record *record, const ms_edit *edit)
{
    int fields = record != NULL ? record->field_count : 0;
    *count = fields > w->column_count ? fields : w->column_count;
    const char **texts = ms_arena_alloc(w->arena, (size_t)*count, sizeof *texts);
    for (int c = 0; texts != NULL && c < *count; c++) {
        const char *text = edit != NULL && c < w->column_count ? new_text(w, edit, c) : NULL;
        if (text == NULL)
            text = c < fields ? keep(w, record->fields[c].text, record->fields[c].length) : "";
        texts[c] = text;
        if (text == NULL)
            return NULL;
    }
    return texts;
}

static bool all_empty(const char *const *texts, int count)
{
    for (int c = 0; c < count; c++)
        if (texts[c][0] != '\0')
            return false;
    return true;
}

static ms_edit_cell *cells_of(size_t *count, const work *w, const char *const *texts, int text_count)
{
    *count = (size_t)(text_count < w->column_count ? text_count : w->column_count);
    ms_edit_cell *cells = ms_arena_alloc(w->arena, *count + 1, sizeof *cells);
    for (size_t c = 0; cells != NULL && c < *count; c++)
        cells[c] = (ms_edit_cell){w->columns[c], texts[c]};
    return cells;
}

static void put_row(ms_buf *out, const work *w, const char *const *texts, int count, const char *line_end)
{
    for (int c = 0; c < count; c++)
        ms_csv_put_behind(out, w->separator, texts[c], c == 0);
    ms_buf_text(out, line_end);
}

/* A row is added as number `row` of the changed file. */
static ms_status write_added(ms_buf *out, const work *w, task *t, long row, ms_error *err)
{
    int count;
    const char **texts = texts_of(&count, w, NULL, t->edit);
    if (texts == NULL)
        return ms_error_memory(err);
    if (all_empty(texts, count))
        return ms_error_at(err, MS_USAGE, w->file->name, 0, 0, "an added row has no cell that is filled");
    if (out->length > 0 && ms_edit_line_end(out->text, out->length)[0] == '\0')
        ms_buf_text(out, w->line_end);
    put_row(out, w, texts, count, w->line_end);
    ms_edit *undo = &w->outcome->undo[w->outcome->undo_count++];
    *undo = (ms_edit){.kind = MS_EDIT_REMOVE, .table = w->file->name, .row = row};
    undo->was = cells_of(&undo->was_count, w, texts, count);
    return memory_or_ok(undo->was != NULL, err);
}

/* The newest record with an edit made in it; *gone: nothing is left of it. */
static ms_status write_edited(ms_buf *out, bool *gone, const work *w, task *t, const ms_csv_record *record, long row,
                              const char *line_end, ms_error *err)
{
    int before_count, after_count;
    const char **before = texts_of(&before_count, w, record, NULL);
    const char **after = texts_of(&after_count, w, record, t->edit);
    ms_edit *undo = &w->outcome->undo[w->outcome->undo_count++];
    if (before == NULL || after == NULL)
        return ms_error_memory(err);
    *gone = t->edit->kind == MS_EDIT_REMOVE || all_empty(after, after_count);
    *undo = (ms_edit){.kind = *gone ? MS_EDIT_ADD : MS_EDIT_SET, .table = w->file->name, .row = row};
    undo->cells = cells_of(&undo->cell_count, w, before, before_count);
    if (!*gone) {
        put_row(out, w, after, after_count, line_end);
        undo->was = cells_of(&undo->was_count, w, after, after_count);
    }
    return memory_or_ok(undo->cells != NULL && (*gone || undo->was != NULL), err);
}

/* The newest record as it is, with empty cells for columns that have come. */
static void write_as_it_is(ms_buf *out, const work *w, const ms_csv_record *record, size_t start, size_t end,
                           const char *line_end)
{
    size_t content = end - strlen(line_end);
    ms_buf_put(out, w->file->bytes + start, content - start);
    for (int c = record->field_count; c < w->column_count && w->column_count > w->header_count; c++)
        ms_buf_put(out, &w->separator, 1);
    ms_buf_text(out, line_end);
}

static void write_header(ms_buf *out, const work *w, size_t end)
{
    const char *line_end = ms_edit_line_end(w->file->bytes, end);
    ms_buf_put(out, w->file->bytes, end - strlen(line_end));
    for (int c = w->header_count; c < w->column_count; c++)
        ms_csv_put_behind(out, w->separator, w->columns[c], false);
    ms_buf_text(out, line_end);
}

static ms_status write_rows(ms_buf *out, const work *w, ms_csv_reader *csv, ms_error *err)
{
    ms_csv_record record;
    size_t next = 0, end = ms_csv_offset(csv);
    long to = 0;
    write_header(out, w, end);
    for (long row = 0;; row++) {
        bool edited = false, gone = false;
        size_t from = end;
        MS_TRY(ms_csv_next(csv, &record, err));
        if (record.field_count == 0)
            break;
        size_t start = ms_csv_start(csv);
        end = ms_csv_offset(csv);
        const char *line_end = ms_edit_line_end(w->file->bytes, end);
        ms_buf_put(out, w->file->bytes + from, start - from); /* blank lines */
        for (; next < w->task_count && w->tasks[next].row <= row; next++) {
            task *t = &w->tasks[next];
            if (t->edit->kind == MS_EDIT_ADD)
                MS_TRY(write_added(out, w, t, to++, err));
            else
                MS_TRY(write_edited(out, &gone, w, t, &record, to, line_end, err));
            edited = edited || t->edit->kind != MS_EDIT_ADD;
        }
        if (!edited)
            write_as_it_is(out, w, &record, start, end, line_end);
        to += !gone;
    }
    for (; next < w->task_count; next++)
        MS_TRY(write_added(out, w, &w->tasks[next], to++, err));
    ms_buf_put(out, w->file->bytes + end, w->file->length - end);
    return memory_or_ok(!out->failed, err);
}

/* ---- all of it ---- */

static ms_status gather(work *w, const ms_edit *edits, size_t count, ms_error *err)
{
    w->columns = ms_arena_alloc(w->arena, MS_CSV_FIELDS, sizeof *w->columns);
    w->tasks = ms_arena_alloc(w->arena, count, sizeof *w->tasks);
    if (w->columns == NULL || w->tasks == NULL)
        return ms_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        bool added = edits[i].kind == MS_EDIT_ADD;
        if (strcmp(edits[i].table, w->file->name) == 0)
            w->tasks[w->task_count++] = (task){.edit = &edits[i],
                                               .row = added && edits[i].row < 0 ? LONG_MAX : edits[i].row,
                                               .found = added,
                                               .order = (int)i};
    }
    return MS_OK;
}

static ms_status edit_rows(ms_buf *out, work *w, ms_csv_reader *csv, bool by_number, ms_error *err)
{
    ms_csv_record record;
    MS_TRY(read_header(w, csv, &record, err));
    MS_TRY(place_columns(w, err));
    MS_TRY(find_rows(w, by_number, err));
    return w->outcome->any_conflict ? MS_OK : write_rows(out, w, csv, err);
}

ms_status ms_edit_outcome_make(ms_edit_outcome *out, size_t count, ms_arena *arena, ms_error *err)
{
    *out = (ms_edit_outcome){.arena = arena,
                             .conflicts = ms_arena_alloc(arena, count + 1, sizeof *out->conflicts),
                             .undo = ms_arena_alloc(arena, count + 1, sizeof *out->undo)};
    return memory_or_ok(out->conflicts != NULL && out->undo != NULL, err);
}

ms_status ms_edit_file(ms_buf *out, ms_edit_outcome *outcome, const ms_edit *edits, size_t count,
                       const ms_case_file *file, bool by_number, ms_error *err)
{
    int kinds;
    const ms_format_file *format = ms_format_files(&kinds);
    if (strcmp(file->name, format[MS_FILE_CASE].name) == 0)
        return ms_edit_json(out, outcome, edits, count, file, err);
    work w = {.file = file, .outcome = outcome, .arena = outcome->arena};
    for (int kind = 0; kind < kinds; kind++)
        if (strcmp(format[kind].name, file->name) == 0)
            w.format = &format[kind];
    if (w.format == NULL)
        return ms_error_set(err, MS_USAGE, "a case has no table %.60s", file->name);
    ms_csv_reader *csv = NULL;
    MS_TRY(gather(&w, edits, count, err));
    MS_TRY(ms_csv_open(&csv, file->bytes, file->length, file->name, err));
    ms_status status = edit_rows(out, &w, csv, by_number, err);
    ms_csv_close(csv);
    return status;
}
