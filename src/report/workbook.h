/* workbook.h: a spreadsheet (XLSX) written row by row.
 *
 * Rows go to the disk as they are written, so that memory does not grow with them; each sheet is written from top to
 * bottom. A text is always a text: whatever it begins with, no spreadsheet takes it for a formula, and characters that
 * XML does not allow become '?'. The time of creation is given, so that the same rows give the same bytes. Rows beyond
 * MS_WORKBOOK_ROWS are dropped: who writes says so. Every sheet prints on A4 across, as wide as one page, its pages
 * numbered.
 *
 * Legal order: open, then sheets, each with lines, cells, tables and charts, then close. After a failure all calls do
 * nothing, and close says what it was.
 *
 * Files: workbook.c has its life and its cells, workbook_style.c how they look, workbook_table.c tables,
 * workbook_chart.c charts; workbook_inside.h is what they share. */
#ifndef MS_REPORT_WORKBOOK_H
#define MS_REPORT_WORKBOOK_H

#include "report/table.h"

enum { MS_WORKBOOK_ROWS = 1048575, MS_SHEET_NAME_BYTES = 128 };

typedef struct ms_workbook ms_workbook;

/* created_day: days since 1970. The language chooses the font. */
ms_status ms_workbook_open(ms_workbook **out, const char *title, long created_day, ms_language language, ms_error *err);
/* Appends the file to out and frees book; with out NULL it only frees. */
ms_status ms_workbook_close(ms_buf *out, ms_workbook *book, ms_error *err);

/* Begins a sheet. name: at most 31 characters, none of []:*?/\ in it, no two the same. */
void ms_workbook_sheet(ms_workbook *book, const char *name);
/* The sheet is a page to look at: without grid lines, printed on one sheet. */
void ms_workbook_page(ms_workbook *book);

/* The sheet prints as wide as so many pages, with its first columns on each. */
void ms_workbook_across(ms_workbook *book, int pages, int columns);

typedef enum {
    MS_CELL_PLAIN, /* of a table: wraps, as all texts but TITLE, HEADING and NOTE do */
    MS_CELL_TITLE,
    MS_CELL_HEADING,
    MS_CELL_LEAD, /* a sentence larger than the others */
    MS_CELL_NOTE,
    MS_CELL_HEAD,        /* of a column */
    MS_CELL_HEAD_NUMBER, /* of a column of numbers: to the right */
    MS_CELL_HEAD_DATE,   /* a narrow one: the number is days since 1970 */
    MS_CELL_TILE_GOOD,   /* the label above a figure; its upper edge has the colour */
    MS_CELL_TILE_FAIR,
    MS_CELL_TILE_BAD,
    MS_CELL_FIGURE,
    MS_CELL_REMARK, /* below a figure */
    MS_CELL_NUMBER,
    MS_CELL_ROUGH, /* about three digits */
    MS_CELL_WHOLE,
    MS_CELL_WHOLE_BAD,
    MS_CELL_DAY,
    MS_CELL_SHARE,
    MS_CELL_SHARE_BAD,
    MS_CELL_DATE, /* the number is days since 1970 */
    MS_CELL_EXACT,
    MS_CELL_MONEY, /* a text to the right */
    MS_CELL_GREEN, /* a number of days in a cell of that colour; red and amber have a mark behind it too */
    MS_CELL_AMBER,
    MS_CELL_RED,
    MS_CELLS
} ms_cell_style;

/* Cells of the current row, and on to the next. */
void ms_workbook_text(ms_workbook *book, int column, const char *text, ms_cell_style style);
/* The same of a text that may have run out of memory. */
void ms_workbook_said(ms_workbook *book, int column, const ms_buf *text, ms_cell_style style);
void ms_workbook_number(ms_workbook *book, int column, double number, ms_cell_style style); /* NAN: nothing */
void ms_workbook_blank(ms_workbook *book, int column, ms_cell_style style);
/* One text across the columns from..to. */
void ms_workbook_span(ms_workbook *book, int from, int to, const char *text, ms_cell_style style);
void ms_workbook_next(ms_workbook *book);
void ms_workbook_line(ms_workbook *book, const char *text, ms_cell_style style); /* a row of one text */
int ms_workbook_row(const ms_workbook *book);                                    /* from 0 */
/* The current row is high enough for so many lines of text in this style. No program sees to that by itself. */
void ms_workbook_lines(ms_workbook *book, int lines, ms_cell_style style);
/* How many lines text takes in cells of that many characters. */
int ms_workbook_wraps(const char *text, int characters, ms_cell_style style);
/* So many rows and columns stay in view, and are printed on each page. */
void ms_workbook_freeze(ms_workbook *book, int rows, int columns);
void ms_workbook_width(ms_workbook *book, int column, double characters);
/* The rows from `head` to the current one can be filtered by their first columns. */
void ms_workbook_filter(ms_workbook *book, int head, int columns);

/* The named columns of a table, from the current row on: heads, then rows. More rows of a table with the same columns
 * may follow. filtered: the heads stay in view and can be filtered by; at most one such table a sheet, and last. */
void ms_workbook_heads(ms_workbook *book, const ms_table *table, bool filtered);
void ms_workbook_rows(ms_workbook *book, const ms_table *table);
/* Ends it: filters, widths, bars behind the shares. */
void ms_workbook_table_end(ms_workbook *book, const ms_table *table);
/* One cell of a table, across the columns from..to; rough: its number in about three digits, and
 * what a screen shows in place of its text. */
void ms_workbook_cell(ms_workbook *book, int from, int to, const ms_column *column, const ms_cell *cell, bool rough);
/* Bars behind the shares of rows from..to of a column. */
void ms_workbook_bars(ms_workbook *book, int from, int to, int column);

/* A chart of columns of a sheet: one series for each column from `first` on, with the heads in row `head` as names,
 * over the rows head + 1 to last, categories from column `category`. It stands on the current sheet; without rows or
 * series there is none. */
typedef struct {
    const char *title, *unit;
    const char *sheet; /* whose columns; NULL: the current one */
    int head, last, category, first, count;
    bool stacked, share;     /* share: the axis goes to 100 % */
    bool dates;              /* the categories are dates */
    const uint32_t *colours; /* of each series, 0xRRGGBB */
    int row, column;         /* where its corner stands */
    int width, height;       /* pixels; 0: as large as is good beside a table */
} ms_workbook_chart;
void ms_workbook_put_chart(ms_workbook *book, const ms_workbook_chart *chart);

#endif
