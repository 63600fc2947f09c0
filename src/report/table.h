/* table.h: one table, three ways out: columns on a screen, CSV, JSON.
 *
 * A table is described once, by its columns, and filled row by row; the same rows then go to a terminal, a spreadsheet
 * or a program. A column without `name` is for the screen only (a bar, a sentence), one without `head` for the files
 * only.
 *
 * On the screen a table that is too wide loses width where it matters least: units get a line of their own, the text
 * columns of the highest rank are cut with an ellipsis, then columns of the highest rank are left out. A number is
 * never cut. No line is wider than the pen's width, whatever that is.
 *
 * Legal order: ms_table_start, then rows, then any of the writers, then ms_table_free. When memory runs short `failed`
 * is set and later calls do nothing. Cost: linear in the cells; a table that would be large is written piece by piece,
 * with ms_table_clear between the pieces.
 */
#ifndef MS_REPORT_TABLE_H
#define MS_REPORT_TABLE_H

#include "base/alloc.h"
#include "base/csv.h"
#include "base/json.h"
#include "report/pen.h"

typedef enum {
    MS_COLUMN_TEXT,
    MS_COLUMN_EXACT,  /* a decimal as text: aligned like a number, written as it is */
    MS_COLUMN_NUMBER, /* aligned to the right, digits as the column needs, commas between thousands */
    MS_COLUMN_WHOLE,  /* counts and priorities */
    MS_COLUMN_DAY,    /* a day of the case, or a number of days: at most two digits behind the point */
    MS_COLUMN_SHARE,  /* 0..1 in the files, per cent on the screen */
    MS_COLUMN_BOOL,
    MS_COLUMN_DATE, /* the number is days since 1970; "2030-03-01" in files and on the screen */
    MS_COLUMN_BAR,  /* screen only; ms_table_bar fills it */
    MS_COLUMN_SPARK /* screen only; ms_table_spark fills it */
} ms_column_kind;

enum { MS_TABLE_COLUMNS = 32, MS_TABLE_BAR_WIDTH = 20, MS_TABLE_SPARK_WIDTH = 16 };

typedef struct {
    const char *name; /* in CSV and JSON; NULL: not there */
    const char *head; /* on the screen; NULL: not there */
    const char *unit; /* below the head; NULL: none */
    ms_column_kind kind;
    int rank; /* 0: never left out; the greater, the sooner */
} ms_column;

typedef struct {
    const char *text;      /* NULL: empty */
    const char *shown;     /* what the screen has instead; NULL: the same */
    double number, second; /* NAN: empty. second belongs to bars */
    const double *values;  /* of a sparkline, the table's own copy; number is its count, second its top */
    ms_tone tone;
} ms_cell;

typedef struct {
    ms_cell *cells;
    bool rule; /* a line above it on the screen */
} ms_table_line;

typedef struct {
    const ms_column *columns; /* the caller's, outliving the table */
    int column_count;
    ms_table_line *rows;
    size_t row_count, row_capacity;
    ms_arena *arena;
    bool failed;
} ms_table;

/* column_count is at most MS_TABLE_COLUMNS. */
void ms_table_start(ms_table *table, const ms_column *columns, int column_count);
void ms_table_free(ms_table *table);
void ms_table_clear(ms_table *table); /* the rows go, the columns stay */

/* Begins a row of empty cells; the calls below fill the cells of the newest row. Texts are copied. */
void ms_table_row(ms_table *table);
void ms_table_text(ms_table *table, int column, const char *text); /* NULL leaves it empty */
void ms_table_number(ms_table *table, int column, double number);  /* also booleans: 0 or 1 */
void ms_table_show(ms_table *table, int column, const char *text); /* for the screen in place of text or number */
void ms_table_bar(ms_table *table, int column, double own, double all);
void ms_table_spark(ms_table *table, int column, const double *values, int count, double top);
void ms_table_tone(ms_table *table, int column, ms_tone tone); /* column -1: the whole row */
void ms_table_rule(ms_table *table);                           /* a line above the newest row */

/* The screen: heads, a rule, at most `most` rows (0: all). */
void ms_table_print(const ms_table *table, const ms_pen *pen, size_t most);

/* A text that a spreadsheet would take for a formula gets an apostrophe before it. */
void ms_table_csv_head(const ms_table *table, ms_buf *out);
void ms_table_csv_rows(const ms_table *table, ms_buf *out);
/* The named cells of one row as members of the object that is open. */
void ms_table_json_members(const ms_table *table, size_t row, ms_json *json);
/* The rows as objects, inside an array that the caller has opened; ms_table_json opens and closes one named key. */
void ms_table_json_rows(const ms_table *table, ms_json *json);
void ms_table_json(const ms_table *table, ms_json *json, const char *key);

/* The screen's text of a share 0..1 as per cent: never "100" unless it is all, never "0" unless it is none. */
void ms_table_share_text(char out[32], double share);

/* Leaves the rows that the view asks for (search, offset, limit). Returns how many there are in all pages. */
size_t ms_table_page(ms_table *table, const ms_view *view);
/* That, and then "total" and "offset" where the view has a limit, and the rows under key. */
void ms_table_json_page(ms_table *table, const ms_view *view, ms_json *json, const char *key);

/* What views write: to a millionth of the unit, so that sums of decimals look like decimals again. */
double ms_table_tidy(double number);

#endif
