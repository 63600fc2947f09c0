/* sample_svg.c: an ensemble as a picture: above how the shortfall of everyone is distributed, below the spread of each
 * priority's. A self-contained SVG; the same ensemble gives the same bytes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/svg.h"
#include "stress/sample.h"

static const double WIDTH = 960, LEFT = 150, RIGHT = 900, TOP = 96, TALL = 240, STRIP = 44, GAP = 70;

typedef struct {
    ms_buf *out;
    const ms_sample *sample;
    double top; /* tonnes at the right end */
    ms_sample_bins bins;
    size_t most; /* in one of them */
} picture;

static double across(const picture *p, double tonnes)
{
    return LEFT + (RIGHT - LEFT) * (p->top > 0 ? fmin(tonnes / p->top, 1) : 0);
}

static void put_head(const picture *p, double height)
{
    char number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    ms_buf_text(p->out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    ms_svg_attribute(p->out, "width", WIDTH);
    ms_svg_attribute(p->out, "height", height);
    ms_buf_printf(p->out, " viewBox=\"0 0 960 %d\" font-family=\"system-ui, Helvetica, Arial, sans-serif\">\n",
                  (int)height);
    ms_buf_text(p->out, "<style>.t{font-size:20px;font-weight:600;fill:#1b2733}.u{font-size:12.5px;fill:#51606f}"
                        ".l{font-size:12px;fill:#1b2733}.k{font-size:11px;fill:#51606f}.b{fill:#7aa6c9}"
                        ".q{fill:#3f7fae}.p{fill:#ffffff}.g{stroke:#e2e9ef}.m{stroke:#1b2733;stroke-width:2}"
                        ".c{stroke:#c1553b;stroke-width:2}.h{stroke:#7aa6c9;stroke-width:3}"
                        ".n{stroke:#51606f;stroke-dasharray:4 3}</style>\n");
    ms_svg_box(p->out, 0, 0, WIDTH, height, "p");
    ms_buf_printf(&text, "Shortfall over %s scenarios of %s", ms_number_grouped(number, (double)p->sample->taken, 0),
                  p->sample->kase->name);
    ms_svg_label(p->out, 24, 36, "t", "start", text.failed ? "" : text.text);
    ms_svg_label(p->out, 24, 58, "u", "start",
                 "tonnes that are never met; dashed: the base plan, black: mean, red: CVaR, the mean of the worst 5 %");
    p->out->failed = p->out->failed || text.failed;
    ms_buf_free(&text);
}

static void put_axis(const picture *p, double y)
{
    enum { TICKS = 5 };
    char number[MS_NUMBER_BYTES];
    for (int i = 0; i <= TICKS; i++) {
        double tonnes = p->top * i / TICKS, x = across(p, tonnes);
        ms_svg_line(p->out, x, TOP, x, y, "g");
        ms_svg_label(p->out, x, y + 16, "k", "middle", ms_number_short(number, tonnes));
    }
    ms_svg_label(p->out, RIGHT, y + 32, "k", "end", "tonnes short, everyone");
}

static void put_marks(const picture *p, const ms_sample_row *row, const ms_spread *spread, double y1, double y2)
{
    ms_svg_line(p->out, across(p, row->base_short_t), y1, across(p, row->base_short_t), y2, "n");
    ms_svg_line(p->out, across(p, spread->mean), y1, across(p, spread->mean), y2, "m");
    ms_svg_line(p->out, across(p, spread->cvar), y1, across(p, spread->cvar), y2, "c");
}

static void put_bins(const picture *p, const ms_spread *everyone)
{
    char number[MS_NUMBER_BYTES], text[MS_NUMBER_BYTES + 8];
    double width = (RIGHT - LEFT) / MS_SAMPLE_BINS, foot = TOP + TALL;
    put_axis(p, foot);
    for (int i = 0; i < MS_SAMPLE_BINS; i++) {
        double height = p->most ? TALL * (double)p->bins.counts[i] / (double)p->most : 0;
        if (p->bins.counts[i] > 0)
            ms_svg_box(p->out, LEFT + i * width + 0.5, foot - height, width - 1, height, "b");
    }
    put_marks(p, &p->sample->rows[0], everyone, TOP, foot);
    double share = p->sample->taken ? 100 * (double)p->most / (double)p->sample->taken : 0;
    snprintf(text, sizeof text, "%s %%", ms_number_short(number, share));
    ms_svg_label(p->out, LEFT - 8, TOP + 10, "k", "end", text);
    ms_svg_label(p->out, LEFT - 8, foot, "k", "end", "0");
}

/* 5 % to 95 % as a line, 25 % to 75 % as a box; each strip has its own scale. */
static void put_strip(const picture *all, const ms_sample_row *row, const ms_spread *spread, double y)
{
    picture p = *all;
    char number[MS_NUMBER_BYTES], text[64];
    p.top = fmax(spread->worst, row->base_short_t);
    snprintf(text, sizeof text, "priority %d", row->priority);
    ms_svg_label(p.out, LEFT - 12, y + 4, "l", "end", text);
    ms_svg_line(p.out, across(&p, spread->quantile[0]), y, across(&p, spread->quantile[4]), y, "h");
    ms_svg_box(p.out, across(&p, spread->quantile[1]), y - 7,
               across(&p, spread->quantile[3]) - across(&p, spread->quantile[1]), 14, "q");
    put_marks(&p, row, spread, y - 11, y + 11);
    snprintf(text, sizeof text, "to %s t", ms_number_short(number, p.top));
    ms_svg_label(p.out, RIGHT + 6, y + 4, "k", "start", text);
}

/* The strips: everyone's rows by priority. */
static int32_t strips_of(const ms_sample *sample)
{
    int32_t count = 0;
    while (count + 1 < sample->row_count && sample->rows[count + 1].partner_ix == MS_EVERYBODY)
        count++;
    return count;
}

ms_status ms_report_sample_svg(ms_buf *out, const ms_sample *sample, ms_error *err)
{
    ms_buf made = {0};
    ms_spread spread;
    int32_t strips = strips_of(sample);
    ms_status status = ms_sample_spread(&spread, sample, 0, false, err);
    picture p = {.out = &made, .sample = sample};
    if (status == MS_OK) {
        ms_sample_fill_bins(&p.bins, sample);
        p.top = p.bins.top;
        for (int i = 0; i < MS_SAMPLE_BINS; i++)
            p.most = p.bins.counts[i] > p.most ? p.bins.counts[i] : p.most;
        put_head(&p, TOP + TALL + GAP + STRIP * (double)strips + 10);
        put_bins(&p, &spread);
    }
    for (int32_t r = 1; status == MS_OK && r <= strips; r++) {
        status = ms_sample_spread(&spread, sample, r, false, err);
        if (status == MS_OK)
            put_strip(&p, &sample->rows[r], &spread, TOP + TALL + GAP + STRIP * (r - 0.5));
    }
    ms_buf_text(&made, "</svg>\n");
    if (status != MS_OK) {
        ms_buf_free(&made);
        return status;
    }
    return ms_report_hand_over(out, &made, err);
}
