/* reader.h: what the parts of the case reader share. Only src/case includes it.
 *
 * Reading has five steps, in this order: case.json (read_json.c); every CSV file by the format table, row
 * by row (read.c, cell.c), with the rules over the cells of one row (rows.c) and lists of words (scope.c);
 * the rules over several rows and what follows from rows, such as demands from forces (check.c); what is
 * odd but usable (odd.c); and the place of each finding that could only be made once its row had gone by
 * (read.c again).
 *
 * A broken row is kept wherever its id can be known, with MS_NONE for what it refers to, so that one
 * mistake is reported once. So until the last error is counted, an index may be MS_NONE where case.h
 * promises a row, and numbers are the fallbacks of their columns; every rule tolerates that.
 *
 * Memory running out is remembered in `failure`; the functions that complain return nothing, and loops
 * look at it.
 */
#ifndef MS_CASE_READER_H
#define MS_CASE_READER_H

#include "base/csv.h"
#include "case/format.h"

enum { MS_COLUMNS_MOST = 16 };

typedef struct {
    const ms_case_file *source; /* NULL: not in the folder */
    bool broken;                /* not read to its end: an id that is not here may still exist */
    int32_t row_count;
    size_t row_capacity;
    int32_t *lines; /* of the rows */
    size_t line_capacity;
    ms_names names;      /* ids or groups of a file that has no names in ms_case */
    uint32_t *key_slots; /* rows by their key: row + 1, 0 is free */
    size_t key_slot_count;
} ms_table;

/* A finding about a row that has gone by: its column is found at the end. */
typedef struct {
    ms_file_kind kind;
    ms_severity severity;
    int32_t line;
    int column;
    size_t order;
    char *message;
} ms_note;

typedef struct {
    ms_case *kase;
    ms_arena *arena; /* the case's */
    ms_findings *findings;
    size_t errors_before; /* in findings, when reading began */
    ms_status failure;
    ms_table tables[MS_FILE_KINDS];
    ms_event_row *events;

    /* The row being read. */
    const ms_format_file *file;
    ms_table *table;
    ms_csv_record record;
    int field_of[MS_COLUMNS_MOST]; /* by column, -1: the file lacks it */
    int from_column, to_column;    /* of the span, -1 none */
    unsigned good;                 /* columns whose cell is filled and right: bit 1 << column */

    ms_note *notes;
    size_t note_count, note_capacity;
    size_t near_left;  /* names that may still be compared for a "did you mean" */
    size_t work_left;  /* steps that looking for what is merely odd may still take */
    size_t scope_left; /* bytes that lists of words may still take */
    struct ms_scope_memory *scopes;
} ms_reader;

/* ---- read.c ---- */

ms_names *ms_reader_names(ms_reader *reader, ms_file_kind kind);
void *ms_reader_row(ms_reader *reader, ms_file_kind kind, int32_t row);
bool ms_reader_is_clean(const ms_reader *reader);          /* no error yet */
bool ms_reader_read(ms_reader *reader, ms_file_kind kind); /* false when memory is short */

/* Complains about a column (-1: about the row) of the row being read. */
void ms_reader_complain(ms_reader *reader, ms_severity severity, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* About a file as a whole, or a place in it. */
void ms_reader_complain_at(ms_reader *reader, ms_severity severity, const char *file, int line, int column,
                           const char *format, ...) __attribute__((format(printf, 6, 7)));
/* About a column of a row that has gone by. */
void ms_reader_note(ms_reader *reader, ms_severity severity, ms_file_kind kind, int32_t row, const char *column,
                    const char *format, ...) __attribute__((format(printf, 6, 7)));
void ms_reader_place_notes(ms_reader *reader);
void ms_reader_no_memory(ms_reader *reader);

/* ---- cell.c ---- */

enum { MS_QUOTE_BYTES = 96 };
typedef struct {
    char text[MS_QUOTE_BYTES];
} ms_quote;

/* The cell of a column in the row being read, without the spaces around it; length 0 when it is empty or
 * absent. */
const char *ms_cell_text(const ms_reader *reader, int column, size_t *length);
/* True when the cell of the column is filled and right. */
bool ms_cell_is_good(const ms_reader *reader, int column);
/* Stores the cell into its field of row. False when it is empty or wrong; wrong ones are complained about. */
bool ms_cell_store(ms_reader *reader, int column, void *row);
/* Cell text for a message: in quotes, cut where long. Returns out->text. */
const char *ms_cell_quote(ms_quote *out, const char *text, size_t length);
/* What belongs in a column, for a message: "a number from 0 to 1e12 (t)". */
void ms_cell_wanted(char *out, size_t size, const ms_column *column);
/* The name nearest to text, or NULL; NULL too when enough have been looked for. */
const char *ms_cell_near(ms_reader *reader, const ms_names *names, const char *text, size_t length);
const char *ms_cell_near_word(const char *const *words, const char *text, size_t length);

/* ---- read_json.c, rows.c, scope.c, check.c, odd.c ---- */

bool ms_read_case_json(ms_reader *reader, const ms_case_file *file); /* false when memory is short */
/* Rules over the cells of the row being read. */
void ms_row_check(ms_reader *reader, void *row);
void ms_row_check_event(ms_reader *reader, const ms_event_row *event); /* row_event.c */

struct ms_scope_memory;
/* Reads a lane's carries and an agreement's scope. */
void ms_scope_carries(ms_reader *reader, ms_lane *lane, int column);
void ms_scope_agreement(ms_reader *reader, ms_agreement *agreement, int column);
void ms_scope_free(ms_reader *reader);

/* Adds the demands of forces; once forces.csv is read. */
void ms_check_expand_forces(ms_reader *reader);
void ms_check_case(ms_reader *reader);
void ms_odd_case(ms_reader *reader); /* only on a case without errors */

#endif
