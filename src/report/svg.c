/* svg.c: the few pieces of SVG that the pictures need. */
#include "report/svg.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/pen.h"

void ms_svg_number(ms_buf *out, double value)
{
    char text[MS_NUMBER_BYTES];
    if (!isfinite(value))
        value = 0.0;
    ms_buf_text(out, ms_number_text(text, round(fmin(fmax(value, -1e6), 1e6) * 10.0) / 10.0));
}

/* The pen has taken out the controls; what is left to escape is markup, and U+FFFE and U+FFFF, which XML does not
 * allow. */
void ms_svg_escape(ms_buf *out, const char *text)
{
    ms_buf clean = {0};
    ms_pen_clean(&clean, text);
    const char *at = clean.text == NULL ? "" : clean.text;
    while (*at != '\0') {
        size_t plain = strcspn(at, "&<>\"'");
        ms_buf_put(out, at, plain);
        at += plain;
        if (*at == '\0')
            break;
        ms_buf_text(out, *at == '&'   ? "&amp;"
                         : *at == '<' ? "&lt;"
                         : *at == '>' ? "&gt;"
                         : *at == '"' ? "&quot;"
                                      : "&#39;");
        at++;
    }
    out->failed = out->failed || clean.failed;
    ms_buf_free(&clean);
}

void ms_svg_attribute(ms_buf *out, const char *name, double value)
{
    ms_buf_printf(out, " %s=\"", name);
    ms_svg_number(out, value);
    ms_buf_text(out, "\"");
}

void ms_svg_label(ms_buf *out, double x, double y, const char *class, const char *anchor, const char *text)
{
    ms_buf_text(out, "<text");
    ms_svg_attribute(out, "x", x);
    ms_svg_attribute(out, "y", y);
    ms_buf_printf(out, " class=\"%s\"", class);
    if (strcmp(anchor, "start") != 0)
        ms_buf_printf(out, " text-anchor=\"%s\"", anchor);
    ms_buf_text(out, ">");
    ms_svg_escape(out, text);
    ms_buf_text(out, "</text>\n");
}

double ms_svg_text_width(const char *text, double size)
{
    return ms_utf8_width(text) * size * 0.58;
}

void ms_svg_box(ms_buf *out, double x, double y, double width, double height, const char *class)
{
    ms_buf_text(out, "<rect");
    ms_svg_attribute(out, "x", x);
    ms_svg_attribute(out, "y", y);
    ms_svg_attribute(out, "width", width);
    ms_svg_attribute(out, "height", height);
    ms_buf_printf(out, " class=\"%s\"/>\n", class);
}

void ms_svg_line(ms_buf *out, double x1, double y1, double x2, double y2, const char *class)
{
    ms_buf_text(out, "<line");
    ms_svg_attribute(out, "x1", x1);
    ms_svg_attribute(out, "y1", y1);
    ms_svg_attribute(out, "x2", x2);
    ms_svg_attribute(out, "y2", y2);
    ms_buf_printf(out, " class=\"%s\"/>\n", class);
}
