/* workbook.h: a spreadsheet (XLSX) written row by row.
 *
 * Rows go to the disk as they are written, so that memory does not grow with them; each sheet is written from top to
 * bottom. A text is always a text: whatever it begins with, no spreadsheet takes it for a formula, and characters that
 * XML does not allow become '?'. The time of creation is given, so that the same rows give the same bytes. Rows beyond
 * MS_WORKBOOK_ROWS are dropped: who writes says so.
 *
 * Legal order: open, then sheets, each with lines, cells, tables and charts, then close. After a failure all calls do
 * nothing, and close says what it was. */
#ifndef MS_REPORT_WORKBOOK_H
#define MS_REPORT_WORKBOOK_H

#include "report/table.h"

enum { MS_WORKBOOK_ROWS = 1048575, MS_SHEET_NAME_BYTES = 128 };

typedef struct ms_workbook ms_workbook;

/* created_day: days since 1970. */
ms_status ms_workbook_open(ms_workbook **out, const char *title, long created_day, ms_error *err);
/* Appends the file to out and frees book; with out NULL it only frees. */
ms_status ms_workbook_close(ms_buf *out, ms_workbook *book, ms_error *err);

/* Begins a sheet. name: at most 31 characters, none of []:*?/\ in it, no two the same. */
void ms_workbook_sheet(ms_workbook *book, const char *name);

typedef enum {
    MS_CELL_PLAIN,
    MS_CELL_TITLE,
    MS_CELL_HEADING,
    MS_CELL_HEAD, /* of a column */
    MS_CELL_NOTE,
    MS_CELL_NUMBER,
    MS_CELL_WHOLE,
    MS_CELL_DAY,
    MS_CELL_SHARE,
    MS_CELL_DATE, /* the number is days since 1970 */
    MS_CELL_EXACT,
    MS_CELL_GREEN, /* a number of days in a cell of that colour */
    MS_CELL_AMBER,
    MS_CELL_RED,
    MS_CELLS
} ms_cell_style;

/* Cells of the current row, and on to the next. */
void ms_workbook_text(ms_workbook *book, int column, const char *text, ms_cell_style style);
/* The same of a text that may have run out of memory. */
void ms_workbook_said(ms_workbook *book, int column, const ms_buf *text, ms_cell_style style);
void ms_workbook_number(ms_workbook *book, int column, double number, ms_cell_style style); /* NAN: nothing */
void ms_workbook_next(ms_workbook *book);
void ms_workbook_line(ms_workbook *book, const char *text, ms_cell_style style); /* a row of one text */
int ms_workbook_row(const ms_workbook *book);                                    /* from 0 */
/* So many rows and columns stay in view. */
void ms_workbook_freeze(ms_workbook *book, int rows, int columns);
void ms_workbook_width(ms_workbook *book, int column, double characters);

/* The named columns of a table, from the current row on: heads, then rows. More rows of a table with the same columns
 * may follow. filtered: the heads stay in view and can be filtered by; at most one such table a sheet, and last. */
void ms_workbook_heads(ms_workbook *book, const ms_table *table, bool filtered);
void ms_workbook_rows(ms_workbook *book, const ms_table *table);
/* Ends it: filters, widths. */
void ms_workbook_table_end(ms_workbook *book, const ms_table *table);

/* A chart of columns of the current sheet, beside or below them: one series for each column from `first` on, with the
 * heads in row `head` as names, over the rows head + 1 to last, categories from column `category`. */
typedef struct {
    const char *title, *unit;
    int head, last, category, first, count;
    bool stacked, share;     /* share: the axis goes to 100 % */
    const uint32_t *colours; /* of each series, 0xRRGGBB */
    int row, column;         /* where its corner stands */
} ms_workbook_chart;
void ms_workbook_put_chart(ms_workbook *book, const ms_workbook_chart *chart);

#endif
