/* pen.h: writing for a terminal: tones, glyphs, headings, wrapped paragraphs, bars and sparklines.
 *
 * Whatever passes through a pen may come from a hostile file: control characters, escape sequences and marks that turn
 * the direction of writing never reach the terminal. No line that a pen ends is wider than its width. Colours are told
 * apart by people with any colour vision, and never carry a meaning alone: each has a glyph or a number beside it.
 */
#ifndef MS_REPORT_PEN_H
#define MS_REPORT_PEN_H

#include "base/status.h"

typedef enum {
    MS_TONE_PLAIN,
    MS_TONE_STRONG, /* totals, names in sentences */
    MS_TONE_FAINT,  /* rules, units, notes */
    MS_TONE_HEAD,   /* section headings */
    MS_TONE_GOOD,
    MS_TONE_FAIR,
    MS_TONE_BAD,
    MS_TONE_OWN,  /* what a partner covers alone */
    MS_TONE_GAIN, /* what comes on top together */
    MS_TONES
} ms_tone;

typedef enum {
    MS_GLYPH_ELLIPSIS,
    MS_GLYPH_RULE,
    MS_GLYPH_ARROW,
    MS_GLYPH_DOT, /* between parts of a line */
    MS_GLYPH_TO,  /* from - to */
    MS_GLYPH_BULLET,
    MS_GLYPH_OWN, /* a bar: alone, gained, missing */
    MS_GLYPH_GAIN,
    MS_GLYPH_MISS,
    MS_GLYPHS
} ms_glyph;

typedef struct {
    ms_buf *out;
    int width;
    bool colour, ascii;
} ms_pen;

/* view may be NULL: 80 columns, no colour, UTF-8. A width below 20 counts as 20: nothing could be read in less. */
ms_pen ms_pen_start(ms_buf *out, const ms_view *view);

const char *ms_pen_glyph(const ms_pen *pen, ms_glyph glyph);

/* Appends text with every character that could act on a terminal replaced: line ends and tabs by a blank, others by
 * '?'. Bytes that are no UTF-8 become '?' too. */
void ms_pen_clean(ms_buf *out, const char *text);

/* text goes out cleaned, in a tone, its no-break spaces as blanks. Keeping to the width is the caller's business here;
 * the functions below see to it. */
void ms_pen_put(const ms_pen *pen, ms_tone tone, const char *text);
void ms_pen_repeat(const ms_pen *pen, ms_tone tone, const char *text, int count);
void ms_pen_line(const ms_pen *pen);

/* A blank line, the title in capitals as given, and a faint note behind it (NULL for none), shortened to the width. */
void ms_pen_heading(const ms_pen *pen, const char *title, const char *note);

/* Bytes of the next line of clean text: up to the last blank that fits, or a broken word. At least one character. */
size_t ms_pen_line_bytes(const char *text, int columns);

/* Wraps text at blanks, not at no-break spaces. The first line starts in column `first`, the others in column `rest`;
 * words wider than a line are broken. Ends with a newline. */
void ms_pen_paragraph(const ms_pen *pen, ms_tone tone, int first, int rest, const char *text);

/* A bar of `columns`: `own` and `all` are shares, 0 <= own <= all <= 1; what lies between them is the gain. It is full
 * only when all is 1, and empty only when all is 0. */
void ms_pen_bar(const ms_pen *pen, int columns, double own, double all);

/* values[0..count) as small columns, scaled to `top` (values above it are full), at most `columns` wide: then each
 * shows the least of its values. NAN shows as a blank. */
void ms_pen_spark(const ms_pen *pen, ms_tone tone, const double *values, int count, int columns, double top);

#endif
