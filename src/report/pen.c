/* pen.c: writing for a terminal. Colours are from the 256-colour set, chosen after Okabe and Ito's palette for all
 * kinds of colour vision, bright enough on black and dark enough on white. */
#include "report/pen.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum { WIDTH_LEAST = 20 };

static const char *const glyphs[MS_GLYPHS][2] = {
    [MS_GLYPH_ELLIPSIS] = {"…", "~"}, [MS_GLYPH_RULE] = {"─", "-"}, [MS_GLYPH_ARROW] = {"→", "->"},
    [MS_GLYPH_DOT] = {"·", "-"},      [MS_GLYPH_TO] = {"–", "-"},   [MS_GLYPH_BULLET] = {"•", "*"},
    [MS_GLYPH_OWN] = {"█", "#"},      [MS_GLYPH_GAIN] = {"▓", "+"}, [MS_GLYPH_MISS] = {"░", "."},
};

static const char *const tone_codes[MS_TONES] = {
    [MS_TONE_PLAIN] = "",         [MS_TONE_STRONG] = "1",     [MS_TONE_FAINT] = "38;5;245",
    [MS_TONE_HEAD] = "1",         [MS_TONE_GOOD] = "38;5;29", [MS_TONE_FAIR] = "38;5;136",
    [MS_TONE_BAD] = "1;38;5;167", [MS_TONE_OWN] = "38;5;67",  [MS_TONE_GAIN] = "38;5;36",
};

ms_pen ms_pen_start(ms_buf *out, const ms_view *view)
{
    if (view == NULL)
        return (ms_pen){out, 80, false, false};
    int width = view->width <= 0 ? 80 : view->width < WIDTH_LEAST ? WIDTH_LEAST : view->width;
    return (ms_pen){out, width, view->colour, view->ascii};
}

const char *ms_pen_glyph(const ms_pen *pen, ms_glyph glyph)
{
    return glyphs[glyph][pen->ascii];
}

/* ---- cleaning ---- */

/* Two-, three-byte UTF-8 of characters that act on a terminal: C1 controls (C2 80..9F), line separators and the marks
 * that turn the direction (E2 80 8E, 8F, A8..AE; E2 81 A6..A9; D8 9C), the byte order mark (EF BB BF); and the two that
 * no XML may have (EF BF BE, BF). */
static bool acts(const unsigned char *b, size_t length)
{
    if (b[0] < 0x20 || b[0] == 0x7F)
        return true;
    if (length == 2)
        return (b[0] == 0xC2 && b[1] < 0xA0) || (b[0] == 0xD8 && b[1] == 0x9C);
    if (length != 3)
        return false;
    if (b[0] == 0xE2 && b[1] == 0x80)
        return b[2] == 0x8E || b[2] == 0x8F || (b[2] >= 0xA8 && b[2] <= 0xAE);
    if (b[0] == 0xE2 && b[1] == 0x81)
        return b[2] >= 0xA6 && b[2] <= 0xA9;
    return b[0] == 0xEF && ((b[1] == 0xBB && b[2] == 0xBF) || (b[1] == 0xBF && b[2] >= 0xBE));
}

static size_t character_bytes(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

void ms_pen_clean(ms_buf *out, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t valid = ms_utf8_valid_prefix(text, left), plain = 0, size = 1;
        for (; plain < valid; plain += size) {
            size = character_bytes((unsigned char)text[plain]);
            if (acts((const unsigned char *)text + plain, size))
                break;
        }
        ms_buf_put(out, text, plain);
        text += plain;
        left -= plain;
        if (left == 0)
            break;
        ms_buf_put(out, *text == '\n' || *text == '\r' || *text == '\t' ? " " : "?", 1);
        size = plain < valid ? size : 1;
        text += size;
        left -= size;
    }
}

/* ---- tones ---- */

static void tone_on(const ms_pen *pen, ms_tone tone)
{
    if (pen->colour && tone != MS_TONE_PLAIN)
        ms_buf_printf(pen->out, "\033[%sm", tone_codes[tone]);
}

static void tone_off(const ms_pen *pen, ms_tone tone)
{
    if (pen->colour && tone != MS_TONE_PLAIN)
        ms_buf_text(pen->out, "\033[0m");
}

/* Turns the no-break spaces behind start into blanks: they have done their work, and would surprise whoever copies the
 * text. */
static void blank_no_breaks(ms_buf *out, size_t start)
{
    if (out->failed || out->length == start)
        return;
    char *to = out->text + start;
    for (const char *from = to; from < out->text + out->length; to++) {
        bool space = from[0] == '\xC2' && from[1] == '\xA0';
        *to = space ? ' ' : *from;
        from += space ? 2 : 1;
    }
    *to = '\0';
    out->length = (size_t)(to - out->text);
}

void ms_pen_put(const ms_pen *pen, ms_tone tone, const char *text)
{
    if (*text == '\0')
        return;
    size_t start = pen->out->length;
    tone_on(pen, tone);
    ms_pen_clean(pen->out, text);
    blank_no_breaks(pen->out, start);
    tone_off(pen, tone);
}

void ms_pen_repeat(const ms_pen *pen, ms_tone tone, const char *text, int count)
{
    if (count <= 0)
        return;
    tone_on(pen, tone);
    for (int i = 0; i < count; i++)
        ms_buf_text(pen->out, text);
    tone_off(pen, tone);
}

void ms_pen_line(const ms_pen *pen)
{
    ms_buf_put(pen->out, "\n", 1);
}

/* ---- headings and paragraphs ---- */

/* As much of clean text as fits in columns, the rest shown by an ellipsis. Returns the columns used. */
static int put_cut(const ms_pen *pen, ms_tone tone, const char *clean, int columns)
{
    int wide = ms_utf8_width(clean);
    if (wide <= columns) {
        ms_pen_put(pen, tone, clean);
        return wide;
    }
    if (columns <= 0)
        return 0;
    size_t fit = ms_utf8_fit(clean, columns - 1);
    ms_buf part = {0};
    ms_buf_put(&part, clean, fit);
    ms_buf_text(&part, ms_pen_glyph(pen, MS_GLYPH_ELLIPSIS));
    if (part.failed)
        pen->out->failed = true;
    else
        ms_pen_put(pen, tone, part.text);
    ms_buf_free(&part);
    return columns;
}

void ms_pen_heading(const ms_pen *pen, const char *title, const char *note)
{
    ms_pen_line(pen);
    ms_buf clean = {0};
    ms_pen_clean(&clean, title);
    int used = put_cut(pen, MS_TONE_HEAD, clean.text == NULL ? "" : clean.text, pen->width);
    if (note != NULL && pen->width - used > 8) {
        ms_buf_reset(&clean);
        ms_pen_clean(&clean, note);
        ms_buf_text(pen->out, "  ");
        put_cut(pen, MS_TONE_FAINT, clean.text == NULL ? "" : clean.text, pen->width - used - 2);
    }
    pen->out->failed = pen->out->failed || clean.failed;
    ms_buf_free(&clean);
    ms_pen_line(pen);
}

size_t ms_pen_line_bytes(const char *text, int columns)
{
    size_t fit = ms_utf8_fit(text, columns);
    if (text[fit] == '\0' || text[fit] == ' ')
        return fit;
    for (size_t at = fit; at > 0; at--)
        if (text[at] == ' ')
            return at;
    return fit > 0 ? fit : character_bytes((unsigned char)text[0]);
}

void ms_pen_paragraph(const ms_pen *pen, ms_tone tone, int first, int rest, const char *text)
{
    ms_buf clean = {0}, line = {0};
    ms_pen_clean(&clean, text);
    const char *at = clean.text == NULL ? "" : clean.text;
    int indent = first < pen->width ? first : 0;
    do {
        while (*at == ' ')
            at++;
        size_t bytes = ms_pen_line_bytes(at, pen->width - indent);
        ms_buf_reset(&line);
        ms_buf_put(&line, at, bytes);
        ms_pen_repeat(pen, MS_TONE_PLAIN, " ", indent);
        /* A single character wider than the whole line is all that can stick out; a '?' stands for it. */
        if (line.text != NULL)
            ms_pen_put(pen, tone, ms_utf8_width(line.text) > pen->width - indent ? "?" : line.text);
        ms_pen_line(pen);
        at += bytes;
        while (*at == ' ')
            at++;
        indent = rest < pen->width ? rest : 0;
    } while (*at != '\0' && !line.failed);
    pen->out->failed = pen->out->failed || clean.failed || line.failed;
    ms_buf_free(&line);
    ms_buf_free(&clean);
}

/* ---- bars and sparklines ---- */

void ms_pen_bar(const ms_pen *pen, int columns, double own, double all)
{
    if (columns <= 0)
        return;
    all = isfinite(all) ? fmin(fmax(all, 0.0), 1.0) : 0.0;
    own = isfinite(own) ? fmin(fmax(own, 0.0), all) : 0.0;
    int filled = (int)lround(all * columns);
    if (filled == columns && all < 1.0)
        filled = columns > 1 ? columns - 1 : columns;
    if (filled == 0 && all > 0.0)
        filled = 1;
    int solid = (int)lround(own * columns);
    if (solid >= filled)
        solid = own < all && filled > 1 && all - own > 0.005 ? filled - 1 : filled;
    ms_pen_repeat(pen, MS_TONE_OWN, ms_pen_glyph(pen, MS_GLYPH_OWN), solid);
    ms_pen_repeat(pen, MS_TONE_GAIN, ms_pen_glyph(pen, MS_GLYPH_GAIN), filled - solid);
    ms_pen_repeat(pen, MS_TONE_FAINT, ms_pen_glyph(pen, MS_GLYPH_MISS), columns - filled);
}

void ms_pen_spark(const ms_pen *pen, ms_tone tone, const double *values, int count, int columns, double top)
{
    static const char *const steps[2][8] = {{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
                                            {"_", ".", "-", "~", "=", "+", "*", "#"}};
    if (columns > count)
        columns = count;
    tone_on(pen, tone);
    for (int c = 0; c < columns; c++) {
        int from = (int)((long long)c * count / columns), to = (int)((long long)(c + 1) * count / columns);
        double least = NAN;
        for (int i = from; i < to; i++)
            least = fmin(least, values[i]); /* fmin passes over NAN */
        if (isnan(least)) {
            ms_buf_text(pen->out, " ");
            continue;
        }
        double share = top > 0 ? fmin(fmax(least / top, 0.0), 1.0) : 1.0;
        ms_buf_text(pen->out, steps[pen->ascii][(int)lround(share * 7.0)]);
    }
    tone_off(pen, tone);
}
