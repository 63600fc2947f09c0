/* workbook_style.c: how the cells of a workbook look. See workbook.h.
 *
 * The fonts are those that a spreadsheet has, or has a double of as wide: Arial (Liberation Sans elsewhere), for
 * Korean Malgun Gothic (Noto Sans CJK elsewhere). Red and amber have a mark beside their colour. */
#include <string.h>

#include "base/text.h"
#include "report/workbook_inside.h"

static const double POINTS = 10.0;

typedef struct {
    const char *number;      /* format of numbers; NULL: as they come */
    double size;             /* points; 0: POINTS */
    bool bold, right, fixed; /* fixed: on one line */
    lxw_color_t ink, ground; /* 0: black on nothing */
    lxw_color_t edge;        /* above: a tile's */
    bool head, body;         /* a line below: of heads, of a table's cells */
} look;

static const lxw_color_t INK = 0x16202A, MUTE = 0x4C5A67, PALE = 0xEEF2F5, RULE = 0xD3DBE2;

static look look_of(ms_cell_style style)
{
    static const lxw_color_t red = 0xA8201A, good = 0x2C7A51, fair = 0xC98A00, paper = 0xF7F9FA;
    const look looks[MS_CELLS] = {
        [MS_CELL_PLAIN] = {.body = true},
        [MS_CELL_TITLE] = {.size = 18, .bold = true, .ink = INK, .fixed = true},
        [MS_CELL_HEADING] = {.size = 12, .bold = true, .ink = INK, .fixed = true},
        [MS_CELL_LEAD] = {.size = 13, .ink = INK},
        [MS_CELL_NOTE] = {.ink = MUTE, .fixed = true},
        [MS_CELL_HEAD] = {.bold = true, .ink = INK, .ground = PALE, .head = true},
        [MS_CELL_HEAD_NUMBER] = {.bold = true, .right = true, .ink = INK, .ground = PALE, .head = true},
        [MS_CELL_HEAD_DATE] = {.number = "m/d", .size = 9, .bold = true, .ink = INK, .ground = PALE, .head = true},
        [MS_CELL_TILE_GOOD] = {.size = 9, .ink = MUTE, .ground = paper, .edge = good, .fixed = true},
        [MS_CELL_TILE_FAIR] = {.size = 9, .ink = MUTE, .ground = paper, .edge = fair, .fixed = true},
        [MS_CELL_TILE_BAD] = {.size = 9, .ink = MUTE, .ground = paper, .edge = red, .fixed = true},
        [MS_CELL_FIGURE] = {.size = 16, .bold = true, .ink = INK, .ground = paper, .fixed = true},
        [MS_CELL_REMARK] = {.size = 9, .ink = MUTE, .ground = paper, .fixed = true},
        [MS_CELL_NUMBER] = {.number = "#,##0.0##", .body = true},
        [MS_CELL_ROUGH] = {.number = "[>=100]#,##0;[>=10]0.0;0.0##", .body = true},
        [MS_CELL_WHOLE] = {.number = "#,##0", .body = true},
        [MS_CELL_WHOLE_BAD] = {.number = "#,##0", .bold = true, .ink = red, .body = true},
        [MS_CELL_DAY] = {.number = "0.##", .body = true},
        [MS_CELL_SHARE] = {.number = "0.0%", .body = true},
        [MS_CELL_SHARE_BAD] = {.number = "0.0%", .bold = true, .ink = red, .body = true},
        [MS_CELL_DATE] = {.number = "yyyy-mm-dd", .right = true, .body = true},
        [MS_CELL_EXACT] = {.number = "#,##0.00####", .body = true},
        [MS_CELL_MONEY] = {.right = true, .body = true},
        [MS_CELL_GREEN] = {.number = "[<10]0.0;0", .size = 9, .ground = 0xBFE3CE},
        [MS_CELL_AMBER] = {.number = "[<10]0.0\"\xE2\x96\xBD\";0\"\xE2\x96\xBD\"", .size = 9, .ground = 0xF4D58A},
        [MS_CELL_RED] = {.number = "[<10]0.0\"\xE2\x96\xBC\";0\"\xE2\x96\xBC\"",
                         .size = 9,
                         .ink = 0xFFFFFF,
                         .ground = red},
    };
    return looks[style];
}

static void shape(lxw_format *format, const look *as, const char *font)
{
    format_set_font_name(format, font);
    format_set_font_size(format, as->size > 0.0 ? as->size : POINTS);
    if (as->number != NULL)
        format_set_num_format(format, as->number);
    if (as->bold)
        format_set_bold(format);
    if (as->ink != 0)
        format_set_font_color(format, as->ink);
    if (as->ground != 0)
        format_set_bg_color(format, as->ground);
    if (as->right)
        format_set_align(format, LXW_ALIGN_RIGHT);
    else if (as->number == NULL && (as->head || as->body)) { /* apart from the number in the column before */
        format_set_align(format, LXW_ALIGN_LEFT);
        format_set_indent(format, 1);
    }
    format_set_align(format, as->head ? LXW_ALIGN_VERTICAL_BOTTOM : LXW_ALIGN_VERTICAL_CENTER);
    if (as->number == NULL && !as->fixed)
        format_set_text_wrap(format);
    if (as->edge != 0) {
        format_set_top(format, LXW_BORDER_THICK);
        format_set_top_color(format, as->edge);
    }
    if (as->head || as->body) {
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, as->head ? INK : RULE);
    }
}

void ms_workbook_make_formats(ms_workbook *book, ms_language language)
{
    /* The first format is that of cells without one: it also says how wide a character of a column's width is. */
    lxw_format *first = STAILQ_FIRST(book->book->formats);
    book->font = language == MS_LANGUAGE_KO ? "Malgun Gothic" : "Arial";
    if (first != NULL) {
        format_set_font_name(first, book->font);
        format_set_font_size(first, POINTS);
    }
    for (int style = 0; style < MS_CELLS; style++) {
        const look as = look_of((ms_cell_style)style);
        book->formats[style] = workbook_add_format(book->book);
        if (book->formats[style] != NULL)
            shape(book->formats[style], &as, book->font);
        else
            ms_workbook_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
}

/* ---- heights ---- */

static double points_of(ms_cell_style style)
{
    const look as = look_of(style);
    return as.size > 0.0 ? as.size : POINTS;
}

void ms_workbook_lines(ms_workbook *book, int lines, ms_cell_style style)
{
    static const double leading = 1.3, margin = 4.0, most = 409.0; /* of a row */
    double height = lines * points_of(style) * leading + margin;
    if (ms_workbook_ready(book))
        ms_workbook_note(book,
                         worksheet_set_row(book->sheet, (lxw_row_t)book->row, height < most ? height : most, NULL));
}

int ms_workbook_wraps(const char *text, int characters, ms_cell_style style)
{
    static const double narrow = 1.08; /* letters, beside the digits that a width is counted in */
    int room = (int)(characters * narrow * POINTS / points_of(style)) - 2, lines = 0;
    ms_buf clean = {0};
    ms_pen_clean(&clean, text);
    for (const char *at = clean.text != NULL ? clean.text : ""; *at != '\0'; lines++) {
        at += ms_pen_line_bytes(at, room > 0 ? room : 1);
        at += strspn(at, " ");
    }
    ms_buf_free(&clean);
    return lines > 0 ? lines : 1;
}
