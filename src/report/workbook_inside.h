/* workbook_inside.h: what the files of a workbook share. See workbook.h. */
#ifndef MS_REPORT_WORKBOOK_INSIDE_H
#define MS_REPORT_WORKBOOK_INSIDE_H

#include <xlsxwriter.h>

#include "base/file.h"
#include "report/workbook.h"

enum { MS_WORKBOOK_WIDTHS = 512 };

struct ms_workbook {
    char path[MS_FILE_BYTES * 4];
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *formats[MS_CELLS];
    char name[MS_SHEET_NAME_BYTES];
    const char *font;
    int row;
    int head_row;                  /* of the filtered table; -1: none */
    int width[MS_WORKBOOK_WIDTHS]; /* of the table's columns, characters */
    lxw_error failure;             /* the first */
};

/* Keeps the first failure. */
void ms_workbook_note(ms_workbook *book, lxw_error error);
/* True when a cell can be written. */
bool ms_workbook_ready(const ms_workbook *book);
/* All styles, and the font of what has none. */
void ms_workbook_make_formats(ms_workbook *book, ms_language language);

#endif
