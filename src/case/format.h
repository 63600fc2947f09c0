/* format.h: the case format as one table: every file, every column, its type, range, default, unit and
 * help.
 *
 * The reader (read.c, cell.c) turns cells into the structs of case.h by these rows, its messages quote
 * them, and docs/case-format.md is rendered from them, so that the three cannot disagree. A column's
 * `offset` is where its value goes in the row that case.h declares. To add a column: a field in case.h and
 * a row here; to add a rule over several cells of a row: rows.c; over several rows: check.c.
 */
#ifndef MS_CASE_FORMAT_H
#define MS_CASE_FORMAT_H

#include <stddef.h>

#include "base/csv.h"
#include "case/case.h"

#define MS_CASE_MAGNITUDE 1e12 /* no number of a case is larger */
#define MS_CASE_DAYS 3660.0    /* nor any time longer */

/* In the order in which they are read: a file refers only to those before it. */
typedef enum {
    MS_FILE_CASE, /* case.json */
    MS_FILE_PARTNERS,
    MS_FILE_SITES,
    MS_FILE_ITEMS,
    MS_FILE_FLEETS,
    MS_FILE_LANES,
    MS_FILE_STOCKS,
    MS_FILE_SUPPLIES,
    MS_FILE_DEMANDS,
    MS_FILE_FACTORS,
    MS_FILE_FORCES,
    MS_FILE_RESERVES,
    MS_FILE_AGREEMENTS,
    MS_FILE_SUBSTITUTES,
    MS_FILE_DUTIES,
    MS_FILE_COMMITMENTS,
    MS_FILE_CONTINGENCIES,
    MS_FILE_VARIATIONS,
    MS_FILE_KINDS
} ms_file_kind;

/* A type says what a cell may hold and, in brackets, what is at `offset`. */
typedef enum {
    MS_COLUMN_ID,      /* a new id, unique in its file (const char *) */
    MS_COLUMN_GROUP,   /* an id that several rows may share (const char *) */
    MS_COLUMN_MEMBER,  /* one of the groups of the file `ref` (const char *) */
    MS_COLUMN_REF,     /* an id of the file `ref` (int32_t, MS_NONE when empty) */
    MS_COLUMN_NUMBER,  /* (double) */
    MS_COLUMN_WHOLE,   /* a whole number (int) */
    MS_COLUMN_DAY,     /* a decimal day of the case (double) */
    MS_COLUMN_WORD,    /* one of `words` (int) */
    MS_COLUMN_YES_NO,  /* (bool) */
    MS_COLUMN_COUNTRY, /* two capital letters (char[3]) */
    MS_COLUMN_TEXT,    /* (const char *) */
    MS_COLUMN_LIST,    /* words separated by spaces or ; (const char *, as written) */
    MS_COLUMN_DATE     /* case.json only (long, days since 1970-01-01) */
} ms_column_type;

enum {
    MS_COLUMN_REQUIRED = 1, /* the column must be there and every cell filled */
    MS_COLUMN_PRESENT = 2,  /* the column must be there, its cells may be empty */
    MS_COLUMN_KEY = 4,      /* these columns together tell the rows of a file apart */
    MS_COLUMN_ABOVE = 8,    /* `low` itself is not allowed */
    MS_COLUMN_ANY = 16      /* "*" is allowed too, and is what an empty cell means (country "*", word MS_NONE) */
};

typedef struct {
    const char *name;
    ms_column_type type;
    unsigned flags;
    size_t offset;
    double low, high;  /* numbers, whole numbers and days: least and most */
    double fallback;   /* their value where the cell is empty; for a word its index, for yes or no 1 or 0 */
    const char *empty; /* what an empty cell means, for people; NULL where none may be empty */
    const char *unit;  /* "" none */
    ms_file_kind ref;
    const char *const *words;
    const char *help; /* one sentence */
} ms_column;

typedef struct {
    ms_file_kind kind;
    const char *name; /* "lanes.csv" */
    const char *row;  /* what a row is, for messages: "lane" */
    const char *help; /* one paragraph */
    bool required;
    const ms_column *columns;
    int column_count;
    size_t row_size; /* 0 for case.json */
    size_t rows_offset,
        count_offset;         /* of the array and its int32_t count in ms_case; contingencies: see contingency.c */
    size_t names_offset;      /* of the ms_names in ms_case; SIZE_MAX when the reader keeps its own, or none */
    const char *example;      /* rows in the order of the columns; together the examples are a valid case */
    const char *const *notes; /* paragraphs, NULL at the end */
} ms_format_file;

/* The files in reading order: *count is MS_FILE_KINDS, and file f has kind f. */
const ms_format_file *ms_format_files(int *count);
/* A limit as text: "0.5", "1000", "1e6", "1e12". Returns out. */
char *ms_format_limit(char out[32], double limit);
/* Index of the column, or -1. */
int ms_format_column(const ms_format_file *file, const char *name, size_t length);

/* Appends a file of the format: its head and count rows, of the struct that its columns' offsets are for. References in
 * them are to the tables of kase. Texts NULL are not allowed. */
void ms_case_put_table(ms_buf *out, const ms_case *kase, ms_file_kind kind, const void *rows, size_t count);

/* A row of contingencies.csv as read; check.c turns rows into contingencies and their events. */
typedef struct {
    const char *contingency, *name, *which;
    double from_day, to_day, amount, chance; /* NAN: not stated */
    ms_what what;
    ms_effect effect;
} ms_event_row;

/* Which effects a `what` takes: bit 1 << effect. */
extern const uint8_t ms_what_effects[MS_WHATS];

/* The text of a field without the spaces around it: a cell as the format means it. */
const char *ms_cell_trim(const ms_csv_field *field, size_t *length);

/* (ms_format_markdown, which renders docs/case-format.md from these rows, is declared in mainstay.h.) */

#endif
