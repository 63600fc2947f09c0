/* svg.h: SVG as text: numbers without a locale, text that no name can break out of.
 *
 * What is written is well-formed XML 1.0 whatever the names hold: markup is escaped, characters that XML does not allow
 * or that turn the direction of writing become '?'. Nothing refers to anything outside the file.
 */
#ifndef MS_REPORT_SVG_H
#define MS_REPORT_SVG_H

#include "base/status.h"

/* A number with at most one digit behind the point, "0" for what is not finite. */
void ms_svg_number(ms_buf *out, double value);
/* Text as element content or as an attribute's value. */
void ms_svg_escape(ms_buf *out, const char *text);

/* ` name="12.3"`, with the blank before it. */
void ms_svg_attribute(ms_buf *out, const char *name, double value);

/* <text> at x, y. class picks the font from the picture's style; anchor is "start", "middle" or "end". */
void ms_svg_label(ms_buf *out, double x, double y, const char *class, const char *anchor, const char *text);

/* A guess at the width of text in a sans-serif font of `size` pixels; on the wide side. */
double ms_svg_text_width(const char *text, double size);

/* A rectangle, and a line, of a class of the picture's style. */
void ms_svg_box(ms_buf *out, double x, double y, double width, double height, const char *class);
void ms_svg_line(ms_buf *out, double x1, double y1, double x2, double y2, const char *class);

#endif
