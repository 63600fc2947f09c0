/* briefing_front.c: the first sheet of the workbook, which says what the first page of the briefing says. See
 * briefing.h.
 *
 * A commander reads it on a screen or on one sheet of A4 across: state, figures, what runs out beside which sites are
 * in the red, what to decide, who gives whom what beside what is met, and two charts. The sheet is a grid of two blocks
 * of BLOCK columns with a gap between them; `layouts` says what stands where. */
#include "base/text.h"
#include "report/briefing.h"
#include "report/plan_list.h"
#include "report/words.h"

enum { BLOCK = 6, GAP = BLOCK, RIGHT = BLOCK + 1, COLUMNS = 2 * BLOCK + 1, FRONT_ROWS = 6, CHART_ROWS = 13 };

static const int widths[COLUMNS] = {23, 20, 11, 11, 11, 12, 2, 23, 20, 11, 11, 11, 12};

/* A column of a section: by its head and where it is shown, across the columns from..to of the sheet. */
typedef struct {
    ms_say_text head;
    int where, from, to;
} place;

typedef struct {
    ms_section_id id;
    place places[BLOCK]; /* to 0: no more, but for the first */
} layout;

static const layout layouts[] = {
    {MS_SECTION_RUNS_OUT,
     {{MS_SAY_ITEM, MS_IN_BOOK, 0, 0},
      {MS_SAY_FIRST_AT, MS_IN_BOOK, 1, 1},
      {MS_SAY_FROM_DAY, MS_IN_BOOK, 2, 2},
      {MS_SAY_SHORT_T, MS_IN_BOOK, 3, 3},
      {MS_SAY_LATE_T, MS_IN_BOOK, 4, 4},
      {MS_SAY_PRIO, MS_IN_BOOK, 5, 5}}},
    {MS_SECTION_SITES,
     {{MS_SAY_SITE, MS_IN_BOOK, 7, 7},
      {MS_SAY_WORST_ITEM, MS_IN_BOOK, 8, 8},
      {MS_SAY_FROM_DAY, MS_IN_BOOK, 9, 9},
      {MS_SAY_SHORT_T, MS_IN_BOOK, 10, 10},
      {MS_SAY_LATE_T, MS_IN_BOOK, 11, 11},
      {MS_SAY_PRIO, MS_IN_BOOK, 12, 12}}},
    {MS_SECTION_DECIDE,
     {{MS_SAY_DECISION, MS_IN_BOOK, 0, 2},
      {MS_SAY_BY_WHOM, MS_IN_BOOK, 3, 4},
      {MS_SAY_BY_WHEN, MS_IN_BOOK, 5, 5},
      {MS_SAY_GAIN, MS_IN_BOOK, 7, 12}}},
    {MS_SECTION_GIVES,
     {{MS_SAY_GIVER, MS_IN_BOOK, 0, 0},
      {MS_SAY_MOSTLY, MS_IN_BOOK, 1, 1},
      {MS_SAY_GOODS_T, MS_IN_BOOK, 2, 2},
      {MS_SAY_LIFT_T, MS_IN_BOOK, 3, 3},
      {MS_SAY_ENTRY_T, MS_IN_BOOK, 4, 4},
      {MS_SAY_VALUE, MS_ON_FRONT, 5, 5}}},
    {MS_SECTION_COVERAGE,
     {{MS_SAY_PRIO, MS_IN_BOOK, 7, 7},
      {MS_SAY_MET, MS_IN_BOOK, 8, 8},
      {MS_SAY_ALONE, MS_IN_BOOK, 9, 9},
      {MS_SAY_WANTED_T, MS_IN_BOOK, 10, 10},
      {MS_SAY_GAINED_T, MS_IN_BOOK, 11, 11},
      {MS_SAY_MISSING_T, MS_IN_BOOK, 12, 12}}},
};

/* ---- a block beside another ---- */

typedef struct {
    const layout *layout;
    const ms_section *section;
    size_t rows;
    bool gap; /* it goes across the gap */
} block;

static block block_of(const ms_briefing *b, ms_section_id id, size_t most)
{
    block of = {0};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].id == id && b->sections[id].used)
            of = (block){.layout = &layouts[i], .section = &b->sections[id]};
    if (of.section != NULL)
        of.rows = of.section->table.row_count < most ? of.section->table.row_count : most;
    return of;
}

static int column_of(const ms_section *section, const place *at)
{
    for (int c = 0; c < section->table.column_count; c++)
        if (section->heads[c] == at->head && (section->columns[c].rank & at->where) != 0)
            return c;
    return -1;
}

static bool used(const layout *of, int p)
{
    return p < BLOCK && (p == 0 || of->places[p].to > 0);
}

static int room(const place *at)
{
    int sum = 0;
    for (int c = at->from; c <= at->to; c++)
        sum += widths[c];
    return sum;
}

/* True of a priority that rows begin with: it is said in words. */
static bool is_said(const layout *of, int p)
{
    return p == 0 && of->places[p].head == MS_SAY_PRIO;
}

static void put_title(ms_workbook *book, const ms_briefing *b, const block *of)
{
    if (of->section != NULL)
        ms_workbook_text(book, of->layout->places[0].from, ms_say_of(b->language, of->section->title), MS_CELL_HEADING);
}

static void put_heads(ms_workbook *book, const ms_briefing *b, const block *of)
{
    for (int p = 0; of->section != NULL && used(of->layout, p); p++) {
        const place *at = &of->layout->places[p];
        int column = column_of(of->section, at);
        bool text = is_said(of->layout, p) || (column >= 0 && of->section->columns[column].kind == MS_COLUMN_TEXT);
        ms_workbook_span(book, at->from, at->to, ms_say_of(b->language, at->head),
                         text ? MS_CELL_HEAD : MS_CELL_HEAD_NUMBER);
    }
}

static int lines_of(const block *of, size_t row)
{
    int lines = 1;
    for (int p = 0; row < of->rows && used(of->layout, p); p++) {
        const place *at = &of->layout->places[p];
        int column = column_of(of->section, at);
        const ms_cell *cell = column < 0 ? NULL : &of->section->table.rows[row].cells[column];
        const char *text = cell == NULL ? NULL : cell->shown != NULL ? cell->shown : cell->text;
        int wraps = text == NULL ? 1 : ms_workbook_wraps(text, room(at), MS_CELL_PLAIN);
        lines = wraps > lines ? wraps : lines;
    }
    return lines;
}

static void put_priority(ms_workbook *book, const ms_briefing *b, const place *at, double number)
{
    char digits[MS_NUMBER_BYTES];
    ms_buf text = {0};
    ms_say_put(&text, b->language, MS_SAY_PRIORITY_N, ms_number_text(digits, number));
    ms_workbook_said(book, at->from, &text, MS_CELL_PLAIN);
    ms_buf_free(&text);
}

static void put_row(ms_workbook *book, const ms_briefing *b, const block *of, size_t row)
{
    if (of->section != NULL && of->rows == 0 && row == 0)
        ms_workbook_text(book, of->layout->places[0].from, ms_say_of(b->language, MS_SAY_NOTHING), MS_CELL_NOTE);
    for (int p = 0; row < of->rows && used(of->layout, p); p++) {
        const place *at = &of->layout->places[p];
        int column = column_of(of->section, at);
        const ms_cell *cell = column < 0 ? NULL : &of->section->table.rows[row].cells[column];
        if (cell == NULL)
            ms_workbook_blank(book, at->from, MS_CELL_PLAIN);
        else if (is_said(of->layout, p))
            put_priority(book, b, at, cell->number);
        else
            ms_workbook_cell(book, at->from, at->to, &of->section->columns[column], cell, true);
    }
}

static void put_more(ms_workbook *book, const ms_briefing *b, const block *of, size_t all)
{
    char number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    if (of->section == NULL || all <= of->rows)
        return;
    ms_say_put(&text, b->language, MS_SAY_MORE_ROWS, ms_number_grouped(number, (double)(all - of->rows), 0));
    ms_workbook_said(book, of->layout->places[0].from, &text, MS_CELL_NOTE);
    ms_buf_free(&text);
}

/* Two sections beside each other, or one across the sheet (right NULL). all: how many rows each would have. */
static void put_blocks(ms_workbook *book, const ms_briefing *b, const block *left, size_t left_all, const block *right,
                       size_t right_all)
{
    static const block nothing = {0};
    const block *other = right != NULL ? right : &nothing;
    size_t rows = left->rows > other->rows ? left->rows : other->rows;
    ms_workbook_next(book);
    ms_workbook_lines(book, 1, MS_CELL_HEADING);
    put_title(book, b, left);
    put_title(book, b, other);
    ms_workbook_next(book);
    put_heads(book, b, left);
    put_heads(book, b, other);
    ms_workbook_next(book);
    for (size_t r = 0; r < (rows > 0 ? rows : 1); r++) {
        int lines = lines_of(left, r), beside = lines_of(other, r);
        ms_workbook_lines(book, lines > beside ? lines : beside, MS_CELL_PLAIN);
        put_row(book, b, left, r);
        put_row(book, b, other, r);
        ms_workbook_next(book);
    }
    put_more(book, b, left, left_all);
    put_more(book, b, other, right_all);
    if (left_all > left->rows || (right != NULL && right_all > right->rows))
        ms_workbook_next(book);
}

static void put_pair(ms_workbook *book, const ms_briefing *b, ms_section_id left, ms_section_id right)
{
    block one = block_of(b, left, FRONT_ROWS), other = block_of(b, right, FRONT_ROWS);
    put_blocks(book, b, &one, b->sections[left].table.row_count, &other, b->sections[right].table.row_count);
}

static void put_left_out(ms_workbook *book, const ms_briefing *b)
{
    for (int which = 0; which < MS_LISTS; which++) {
        size_t count = ms_plan_list_count(b->plan, (ms_plan_list)which);
        char kept[MS_NUMBER_BYTES], all[MS_NUMBER_BYTES];
        ms_buf text = {0};
        if (count <= MS_WORKBOOK_ROWS)
            continue;
        ms_say_put(&text, b->language, MS_SAY_ROWS_LEFT_OUT,
                   ms_say_of(b->language, ms_plan_list_title((ms_plan_list)which)),
                   ms_number_grouped(kept, MS_WORKBOOK_ROWS, 0), ms_number_grouped(all, (double)count, 0));
        ms_workbook_said(book, 0, &text, MS_CELL_NOTE);
        ms_workbook_next(book);
        ms_buf_free(&text);
    }
}

/* ---- the head ---- */

static void put_head(ms_workbook *book, const ms_briefing *b)
{
    const place all = {.from = 0, .to = COLUMNS - 1};
    ms_workbook_lines(book, 1, MS_CELL_TITLE);
    ms_workbook_text(book, 0, b->plan->kase->name, MS_CELL_TITLE);
    ms_workbook_next(book);
    ms_buf about = {0};
    ms_buf_printf(&about, "%s; %s; %s", ms_words_of(&b->as_of), ms_words_of(&b->subtitle), ms_words_of(&b->size));
    ms_workbook_said(book, 0, &about, MS_CELL_NOTE);
    ms_workbook_next(book);
    ms_buf_free(&about);
    if (b->with.length > 0)
        ms_workbook_line(book, ms_words_of(&b->with), MS_CELL_NOTE);
    ms_workbook_next(book);
    ms_workbook_lines(book, ms_workbook_wraps(ms_words_of(&b->headline), room(&all), MS_CELL_LEAD), MS_CELL_LEAD);
    ms_workbook_span(book, 0, COLUMNS - 1, ms_words_of(&b->headline), MS_CELL_LEAD);
    ms_workbook_next(book);
    ms_workbook_line(book, ms_words_of(&b->proof), MS_CELL_NOTE);
    ms_workbook_next(book);
}

/* The figures, each across a few columns: label, figure, remark below each other. */
static void put_tiles(ms_workbook *book, const ms_briefing *b)
{
    static const int from[MS_BRIEFING_TILES] = {0, 2, 5, 8, 10}, to[MS_BRIEFING_TILES] = {1, 4, 7, 9, 12};
    static const ms_cell_style styles[] = {MS_CELL_FIGURE, MS_CELL_FIGURE, MS_CELL_REMARK};
    for (int line = 0; line < 3; line++) {
        ms_workbook_lines(book, 1, styles[line == 0 ? 2 : line]);
        for (int i = 0; i < MS_BRIEFING_TILES; i++) {
            const ms_tile *tile = &b->tiles[i];
            const ms_buf *texts[] = {&tile->label, &tile->figure, &tile->remark};
            ms_cell_style edge = tile->tone == MS_TONE_GOOD   ? MS_CELL_TILE_GOOD
                                 : tile->tone == MS_TONE_FAIR ? MS_CELL_TILE_FAIR
                                                              : MS_CELL_TILE_BAD;
            ms_workbook_span(book, from[i], to[i], ms_words_of(texts[line]), line == 0 ? edge : styles[line]);
        }
        ms_workbook_next(book);
    }
}

/* ---- charts ---- */

static void put_charts(ms_workbook *book, const ms_briefing *b)
{
    enum { WIDTH = 640, HEIGHT = 240 };
    int row = ms_workbook_row(book) + 1;
    ms_workbook_chart charts[] = {ms_briefing_short_chart(b), ms_briefing_met_chart(b)};
    for (int c = 0; c < 2; c++) {
        charts[c].row = row;
        charts[c].column = c == 0 ? 0 : RIGHT;
        charts[c].width = WIDTH;
        charts[c].height = HEIGHT;
        ms_workbook_put_chart(book, &charts[c]);
    }
    for (int r = 0; r < CHART_ROWS; r++)
        ms_workbook_next(book);
}

void ms_briefing_put_front(ms_workbook *book, const ms_briefing *b)
{
    size_t ranks = (size_t)b->plan->priority_count;
    block decide = block_of(b, MS_SECTION_DECIDE, FRONT_ROWS), gives = block_of(b, MS_SECTION_GIVES, FRONT_ROWS);
    block met = block_of(b, MS_SECTION_COVERAGE, ranks);
    ms_workbook_sheet(book, ms_say_of(b->language, MS_SAY_SHEET_BRIEFING));
    ms_workbook_page(book);
    for (int c = 0; c < COLUMNS; c++)
        ms_workbook_width(book, c, widths[c]);
    put_head(book, b);
    put_tiles(book, b);
    put_pair(book, b, MS_SECTION_RUNS_OUT, MS_SECTION_SITES);
    put_blocks(book, b, &decide, decide.section->table.row_count, NULL, 0);
    int first = ms_workbook_row(book) + 3;
    put_blocks(book, b, &gives, gives.section == NULL ? 0 : gives.section->table.row_count, &met, met.rows);
    if (met.rows > 0)
        ms_workbook_bars(book, first, first + (int)met.rows - 1, RIGHT + 1);
    put_charts(book, b);
    put_left_out(book, b);
}
