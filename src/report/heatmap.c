/* heatmap.c: the picture of a posture: sites by days. */
#include "report/heatmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/words.h"

/* A shade is a state, or SHADE_SHORT where something is wanted and not met. */
enum { SHADE_SHORT = MS_STATES, SHADES };

/* Colours of the 256-colour set: bluish green, yellow, vermilion, near black red: apart in lightness, too. */
static const int shade_colours[SHADES] = {
    [MS_STATE_NONE] = 237, [MS_STATE_GREEN] = 36, [MS_STATE_AMBER] = 220, [MS_STATE_RED] = 202, [SHADE_SHORT] = 88};
static const char *const shade_glyphs[SHADES][2] = {
    [MS_STATE_NONE] = {" ", " "}, [MS_STATE_GREEN] = {"·", "."}, [MS_STATE_AMBER] = {"▒", "o"},
    [MS_STATE_RED] = {"▓", "#"},  [SHADE_SHORT] = {"█", "X"},
};
static const char *const shade_words[SHADES] = {
    [MS_STATE_NONE] = "nothing wanted",
    [MS_STATE_GREEN] = "green",
    [MS_STATE_AMBER] = "amber",
    [MS_STATE_RED] = "red",
    [SHADE_SHORT] = "short",
};

typedef struct {
    int32_t site_ix;
    unsigned char *shades; /* by sample */
    int first_red, short_count, red_count;
} line;

typedef struct {
    const ms_posture *posture;
    const ms_pen *pen;
    line *lines;
    size_t line_count;
    int label;                   /* columns of the site's name */
    int columns;                 /* of the picture */
    int cells;                   /* shades across: samples, or bins of them */
    int per_column, columns_per; /* shades in one column (half cells: 2), or columns that one shade is wide */
} picture;

/* ---- lines ---- */

static unsigned char shade_of(const ms_posture_row *row, int sample)
{
    return row->short_amount[sample] > 0.0 ? SHADE_SHORT : row->state[sample];
}

static void finish_line(line *l, int samples)
{
    l->first_red = -1;
    for (int i = samples - 1; i >= 0; i--) {
        if (l->shades[i] >= MS_STATE_RED)
            l->first_red = i;
        l->short_count += l->shades[i] == SHADE_SHORT;
        l->red_count += l->shades[i] >= MS_STATE_RED;
    }
}

/* Rows of one site follow each other: the posture must not have been ranked. */
static bool make_lines(picture *p, ms_arena *arena)
{
    const ms_posture *posture = p->posture;
    p->lines = ms_arena_alloc(arena, posture->row_count + 1, sizeof *p->lines);
    if (p->lines == NULL)
        return false;
    for (size_t r = 0; r < posture->row_count; r++) {
        const ms_posture_row *row = &posture->rows[r];
        if (p->line_count == 0 || p->lines[p->line_count - 1].site_ix != row->site_ix) {
            unsigned char *shades = ms_arena_alloc(arena, (size_t)posture->sample_count + 1, 1);
            if (shades == NULL)
                return false;
            p->lines[p->line_count++] = (line){.site_ix = row->site_ix, .shades = shades};
        }
        unsigned char *shades = p->lines[p->line_count - 1].shades;
        for (int i = 0; i < posture->sample_count; i++)
            if (shade_of(row, i) > shades[i])
                shades[i] = shade_of(row, i);
    }
    for (size_t i = 0; i < p->line_count; i++)
        finish_line(&p->lines[i], posture->sample_count);
    return true;
}

static int worst_line_first(const void *left, const void *right)
{
    const line *a = left, *b = right;
    if (a->short_count != b->short_count)
        return a->short_count > b->short_count ? -1 : 1;
    if (a->red_count != b->red_count)
        return a->red_count > b->red_count ? -1 : 1;
    if (a->first_red != b->first_red)
        return (unsigned)a->first_red < (unsigned)b->first_red ? -1 : 1;
    return (a->site_ix > b->site_ix) - (a->site_ix < b->site_ix);
}

/* ---- layout ---- */

static void lay_out(picture *p, size_t shown)
{
    const ms_pen *pen = p->pen;
    int samples = p->posture->sample_count, widest = 4;
    for (size_t i = 0; i < shown; i++) {
        int wide = ms_utf8_width(ms_words_site(p->posture->kase, p->lines[i].site_ix));
        widest = wide > widest ? wide : widest;
    }
    /* The name gets what the days leave, but at most 24 columns and at least a quarter of the width. */
    int least = pen->width / 4 < 24 ? pen->width / 4 : 24;
    int left = pen->width - 1 - samples;
    p->label = widest < least ? widest : left > least ? (widest < left ? widest : left) : least;
    p->label = p->label > 24 ? 24 : p->label;
    int room = pen->width - p->label - 1;
    room = room < 1 ? 1 : room;
    bool halves = pen->colour && !pen->ascii;
    p->per_column = 1;
    p->columns_per = 1;
    if (samples <= room) {
        p->cells = samples;
        p->columns_per = room / (samples > 0 ? samples : 1);
        p->columns_per = p->columns_per > 3 ? 3 : p->columns_per;
        p->columns = samples * p->columns_per;
        return;
    }
    p->per_column = halves ? 2 : 1;
    p->cells = samples < room * p->per_column ? samples : room * p->per_column;
    p->columns = (p->cells + p->per_column - 1) / p->per_column;
}

static int cell_start(const picture *p, int cell)
{
    return (int)((long long)cell * p->posture->sample_count / p->cells);
}

static int cell_shade(const picture *p, const line *l, int cell)
{
    int worst = MS_STATE_NONE;
    for (int i = cell_start(p, cell); i < cell_start(p, cell + 1); i++)
        worst = l->shades[i] > worst ? l->shades[i] : worst;
    return worst;
}

/* ---- drawing ---- */

static void put_label(const picture *p, const char *text, ms_tone tone)
{
    const ms_pen *pen = p->pen;
    ms_buf clean = {0}, part = {0};
    ms_pen_clean(&clean, text);
    if (ms_utf8_width(ms_words_of(&clean)) <= p->label) {
        ms_buf_text(&part, ms_words_of(&clean));
    } else if (p->label > 0) {
        ms_buf_put(&part, ms_words_of(&clean), ms_utf8_fit(ms_words_of(&clean), p->label - 1));
        ms_buf_text(&part, ms_pen_glyph(pen, MS_GLYPH_ELLIPSIS));
    }
    ms_pen_put(pen, tone, ms_words_of(&part));
    ms_pen_repeat(pen, MS_TONE_PLAIN, " ", p->label - ms_utf8_width(ms_words_of(&part)) + 1);
    pen->out->failed = pen->out->failed || clean.failed || part.failed;
    ms_buf_free(&part);
    ms_buf_free(&clean);
}

static void put_cell(const picture *p, const line *l, int cell)
{
    const ms_pen *pen = p->pen;
    int shade = cell_shade(p, l, cell);
    if (!pen->colour) {
        for (int i = 0; i < p->columns_per; i++)
            ms_buf_text(pen->out, shade_glyphs[shade][pen->ascii]);
        return;
    }
    if (p->per_column == 2) {
        int next = cell + 1 < p->cells ? cell_shade(p, l, cell + 1) : MS_STATE_NONE;
        ms_buf_printf(pen->out, "\033[38;5;%d;48;5;%dm▌", shade_colours[shade], shade_colours[next]);
        return;
    }
    ms_buf_printf(pen->out, "\033[38;5;231;48;5;%dm", shade_colours[shade]);
    for (int i = 0; i < p->columns_per; i++)
        ms_buf_text(pen->out, shade == SHADE_SHORT && i == 0 ? (pen->ascii ? "x" : "×") : " ");
}

static void put_line(const picture *p, const line *l)
{
    put_label(p, ms_words_site(p->posture->kase, l->site_ix), MS_TONE_PLAIN);
    for (int cell = 0; cell < p->cells; cell += p->per_column)
        put_cell(p, l, cell);
    if (p->pen->colour)
        ms_buf_text(p->pen->out, "\033[0m");
    ms_pen_line(p->pen);
}

/* Column of a day within the picture. */
static int column_of(const picture *p, double day)
{
    int sample = 0;
    while (sample + 1 < p->posture->sample_count && ms_posture_day(p->posture, sample + 1) <= day + 1e-9)
        sample++;
    int cell = 0;
    while (cell + 1 < p->cells && cell_start(p, cell + 1) <= sample)
        cell++;
    return cell * p->columns_per / p->per_column;
}

/* Days above the picture, at steps that leave room for their numbers. */
static void put_axis(const picture *p)
{
    static const int steps[] = {1, 2, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 2000};
    double last = ms_posture_day(p->posture, p->posture->sample_count - 1);
    size_t s = 0;
    while (s + 1 < sizeof steps / sizeof steps[0] && column_of(p, steps[s]) - column_of(p, 0) < 5 && steps[s] <= last)
        s++;
    put_label(p, "day", MS_TONE_FAINT);
    int at = 0;
    for (int day = 0; day <= last; day += steps[s]) {
        char number[MS_NUMBER_BYTES];
        int column = column_of(p, day);
        ms_number_text(number, day);
        if (column < at || column + (int)strlen(number) > p->columns)
            continue;
        ms_pen_repeat(p->pen, MS_TONE_PLAIN, " ", column - at);
        ms_pen_put(p->pen, MS_TONE_FAINT, number);
        at = column + (int)strlen(number);
    }
    ms_pen_line(p->pen);
}

static void put_legend(const picture *p)
{
    const ms_pen *pen = p->pen;
    int at = 0;
    for (int shade = MS_STATE_GREEN; shade <= SHADE_SHORT; shade++) {
        int wide = 3 + (int)strlen(shade_words[shade]);
        if (at + wide > pen->width)
            break;
        if (pen->colour)
            ms_buf_printf(pen->out, "\033[38;5;231;48;5;%dm%s\033[0m", shade_colours[shade],
                          shade != SHADE_SHORT ? "  "
                          : pen->ascii         ? "x "
                                               : "× ");
        else
            ms_buf_printf(pen->out, "%s ", shade_glyphs[shade][pen->ascii]);
        ms_pen_put(pen, MS_TONE_FAINT, " ");
        ms_pen_put(pen, MS_TONE_FAINT, shade_words[shade]);
        at += wide;
        if (shade < SHADE_SHORT && at + 2 <= pen->width) {
            ms_buf_text(pen->out, "  ");
            at += 2;
        }
    }
    ms_pen_line(pen);
}

ms_status ms_heatmap_print(const ms_posture *posture, const ms_pen *pen, size_t most, ms_error *err)
{
    picture p = {.posture = posture, .pen = pen};
    ms_arena *arena = ms_arena_new();
    if (arena == NULL || !make_lines(&p, arena)) {
        ms_arena_free(arena);
        return ms_error_memory(err);
    }
    if (p.line_count > 0 && posture->sample_count > 0) {
        qsort(p.lines, p.line_count, sizeof *p.lines, worst_line_first);
        size_t shown = most == 0 || most > p.line_count ? p.line_count : most;
        lay_out(&p, shown);
        put_axis(&p);
        for (size_t i = 0; i < shown; i++)
            put_line(&p, &p.lines[i]);
        put_legend(&p);
    }
    ms_arena_free(arena);
    return MS_OK;
}
