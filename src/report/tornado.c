/* tornado.c: see tornado.h. */
#include "report/tornado.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/svg.h"

enum { TICKS_MOST = 6, LABEL_SIZE = 12 };
static const double WIDTH = 960, MARGIN = 24, TOP = 92, ROW = 24, BAR = 14, FOOT = 52;
static const double LABEL_LEAST = 80, LABEL_MOST = 300, NOTE_MOST = 230, GAP = 10;

typedef struct {
    ms_buf *out;
    const ms_tornado_bar *bars;
    size_t count;
    double left, right, height; /* of the bars' field; of the picture */
    double top, step;           /* of the axis, in the bars' unit */
} picture;

static double widest(const picture *p, bool notes, double most)
{
    double wide = 0;
    for (size_t i = 0; i < p->count; i++)
        wide = fmax(wide, ms_svg_text_width(notes ? p->bars[i].note : p->bars[i].label, LABEL_SIZE));
    return fmin(wide, most);
}

/* 1, 2 or 5 times a power of ten, so that at most TICKS_MOST of them cover the axis. */
static double nice_step(double top)
{
    double rough = top / TICKS_MOST, power = pow(10, floor(log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void lay_out(picture *p)
{
    p->left = MARGIN + fmax(widest(p, false, LABEL_MOST), LABEL_LEAST) + GAP;
    p->right = WIDTH - MARGIN - widest(p, true, NOTE_MOST) - GAP;
    p->height = TOP + ROW * (double)p->count + FOOT;
    p->top = 0;
    for (size_t i = 0; i < p->count; i++)
        p->top = fmax(p->top, p->bars[i].most);
    if (!(p->top > 0))
        p->top = 1;
    p->step = nice_step(p->top);
    p->top = ceil(p->top / p->step - 1e-9) * p->step;
}

static double across(const picture *p, double value)
{
    return p->left + (p->right - p->left) * value / p->top;
}

/* A label that keeps to its column; the whole text is in a title, for the mouse. */
static void label(const picture *p, double x, double y, const char *anchor, const char *text, double room)
{
    ms_buf cut = {0};
    size_t length = strlen(text);
    ms_buf_text(&cut, text);
    while (!cut.failed && length > 0 && ms_svg_text_width(cut.text, LABEL_SIZE) > room) {
        do
            length--;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80);
        ms_buf_reset(&cut);
        ms_buf_put(&cut, text, length);
        ms_buf_text(&cut, "…");
    }
    p->out->failed = p->out->failed || cut.failed;
    if (!cut.failed) {
        ms_buf_text(p->out, "<g><title>");
        ms_svg_escape(p->out, text);
        ms_buf_text(p->out, "</title>");
        ms_svg_label(p->out, x, y, "l", anchor, cut.text == NULL ? "" : cut.text);
        ms_buf_text(p->out, "</g>\n");
    }
    ms_buf_free(&cut);
}

static void put_head(const picture *p, const char *title, const char *subtitle)
{
    ms_buf_text(p->out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    ms_svg_attribute(p->out, "width", WIDTH);
    ms_svg_attribute(p->out, "height", p->height);
    ms_buf_text(p->out, " viewBox=\"0 0 ");
    ms_svg_number(p->out, WIDTH);
    ms_buf_text(p->out, " ");
    ms_svg_number(p->out, p->height);
    ms_buf_text(p->out, "\" font-family=\"system-ui, Helvetica, Arial, sans-serif\">\n<title>");
    ms_svg_escape(p->out, title);
    ms_buf_text(p->out, "</title>\n<style>.t{font-size:20px;font-weight:600;fill:#1b2733}"
                        ".u{font-size:12.5px;fill:#51606f}.l{font-size:12px;fill:#1b2733}"
                        ".k{font-size:11px;fill:#51606f}.b{fill:#c1553b}.p{fill:#ffffff}"
                        ".g{stroke:#e2e9ef;stroke-width:1}.w{stroke:#1b2733;stroke-width:1.4}</style>\n");
    ms_svg_box(p->out, 0, 0, WIDTH, p->height, "p");
    ms_svg_label(p->out, MARGIN, 36, "t", "start", title);
    ms_svg_label(p->out, MARGIN, 58, "u", "start", subtitle);
}

static void put_axis(const picture *p, const char *unit)
{
    double foot = TOP + ROW * (double)p->count + 4;
    char text[MS_NUMBER_BYTES];
    int places = p->step < 1 ? (int)fmin(ceil(-log10(p->step)), 6) : 0;
    for (int i = 0; i * p->step <= p->top * (1 + 1e-9); i++) {
        double x = across(p, i * p->step);
        ms_svg_line(p->out, x, TOP - 6, x, foot, "g");
        ms_number_grouped(text, i * p->step, places);
        ms_svg_label(p->out, x, foot + 14, "k", "middle", text);
    }
    ms_svg_label(p->out, (p->left + p->right) / 2, foot + 32, "k", "middle", unit);
}

static void put_bar(const picture *p, size_t i)
{
    const ms_tornado_bar *bar = &p->bars[i];
    const double hair = 1.5; /* pixels: a whisker that is shorter says nothing */
    double y = TOP + ROW * (double)i, middle = y + ROW / 2;
    double least = across(p, bar->least), most = across(p, bar->most);
    label(p, p->left - GAP, middle + 4, "end", bar->label, LABEL_MOST);
    ms_svg_box(p->out, p->left, y + (ROW - BAR) / 2, across(p, bar->value) - p->left, BAR, "b");
    if (most - least > hair) {
        ms_svg_line(p->out, least, middle, most, middle, "w");
        ms_svg_line(p->out, least, middle - 4, least, middle + 4, "w");
        ms_svg_line(p->out, most, middle - 4, most, middle + 4, "w");
    }
    label(p, p->right + GAP, middle + 4, "start", bar->note, NOTE_MOST);
}

ms_status ms_tornado_svg(ms_buf *out, const char *title, const char *subtitle, const char *unit,
                         const ms_tornado_bar *bars, size_t count, ms_error *err)
{
    ms_buf made = {0};
    picture p = {.out = &made, .bars = bars, .count = count};
    lay_out(&p);
    put_head(&p, title, subtitle);
    put_axis(&p, unit);
    for (size_t i = 0; i < count; i++)
        put_bar(&p, i);
    ms_buf_text(&made, "</svg>\n");
    return ms_report_hand_over(out, &made, err);
}
