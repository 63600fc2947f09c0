/* report_map.c: the picture of a case as SVG: a quiet grid, lanes by mode, sites by kind and partner, and with a plan
 * the flows and where need is not met. Colours after Okabe and Ito; every meaning has a shape, a dash or a word
 * besides. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/map.h"
#include "report/report.h"
#include "report/say.h"
#include "report/svg.h"
#include "report/words.h"

static const double LABEL_SIZE = 10.5, LABEL_H = 12.5, LEGEND_H = 132, LEGEND_SIZE = 11.5, WIDEST = 7.5;

static const char *const partner_colours[] = {"#009e73", "#e69f00", "#cc79a7", "#0072b2",
                                              "#8c6d31", "#56b4e9", "#5e4fa2", "#b5651d"};
enum { PARTNER_COLOURS = sizeof partner_colours / sizeof partner_colours[0] };
static const char nobody_colour[] = "#6b7280", short_colour[] = "#c1121f";

/* Lanes: colour and dashes by mode. */
static const struct {
    const char *colour, *dash;
} mode_styles[MS_MODES] = {
    [MS_MODE_SEA] = {"#3f7fb5", ""},         [MS_MODE_AIR] = {"#8e5ea2", "6 4"},      [MS_MODE_ROAD] = {"#8a7f76", ""},
    [MS_MODE_RAIL] = {"#454545", "8 2 2 2"}, [MS_MODE_PIPELINE] = {"#1b8a8f", "2 3"}, [MS_MODE_RIVER] = {"#56b4e9", ""},
};

/* One picture being drawn. */
typedef struct {
    ms_map map;
    ms_buf *out;
    ms_language language;
    ms_map_label *labels; /* scratch, one for each site */
    double *widths;
    double legend_right; /* how far the legend's texts have come */
    bool starved;
} drawing;

static const char *partner_colour(int32_t partner_ix)
{
    return partner_ix < 0 ? nobody_colour : partner_colours[partner_ix % PARTNER_COLOURS];
}

/* ---- frame ---- */

/* The picture from `top` down to `bottom` of the canvas. */
static void open_picture(drawing *d, double top, double bottom)
{
    ms_buf *out = d->out;
    ms_buf_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 ");
    ms_svg_number(out, top);
    ms_buf_text(out, " ");
    ms_svg_number(out, d->map.width);
    ms_buf_text(out, " ");
    ms_svg_number(out, bottom - top);
    ms_buf_text(out, "\"");
    ms_svg_attribute(out, "width", d->map.width);
    ms_svg_attribute(out, "height", bottom - top);
    ms_buf_text(out, " font-family=\"sans-serif\" role=\"img\">\n<title>");
    ms_svg_escape(out, d->map.kase->name);
    ms_buf_text(
        out, "</title>\n<style>\n"
             ".t{font-size:22px;font-weight:600;fill:#1b2733}"
             ".u{font-size:12.5px;fill:#51606f}"
             ".l{font-size:10.5px;fill:#1b2733;stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}"
             ".r{font-size:10.5px;font-weight:600;fill:#c1121f;stroke:#fff;stroke-width:3px;stroke-linejoin:round;"
             "paint-order:stroke}"
             ".g{font-size:9px;fill:#9aa7b3}"
             ".k{font-size:11.5px;fill:#1b2733}"
             ".h{font-size:11.5px;font-weight:600;fill:#51606f}\n</style>\n<rect");
    ms_svg_attribute(out, "width", d->map.width);
    ms_svg_attribute(out, "height", bottom);
    ms_buf_text(out, " fill=\"#ffffff\"/>\n");
}

static void put_title(drawing *d)
{
    const ms_case *kase = d->map.kase;
    char date[MS_DATE_BYTES], number[MS_NUMBER_BYTES];
    ms_buf text = {0};
    ms_svg_label(d->out, 20, 32, "t", "start", kase->name);
    ms_buf_printf(&text, "%s days from %s, ", ms_number_short(number, kase->days),
                  ms_date_text(date, kase->start_day, 0));
    ms_words_count(&text, (size_t)kase->partners_count, "partner, ", "partners, ");
    ms_words_count(&text, (size_t)kase->sites_count, "site, ", "sites, ");
    ms_words_count(&text, (size_t)kase->lanes_count, "lane", "lanes");
    if (d->map.plan != NULL) {
        ms_buf_text(&text, "; flows as planned");
        for (size_t i = 0; i < d->map.plan->contingency_count; i++)
            ms_buf_printf(&text, "%s%s", i == 0 ? " with " : ", ", d->map.plan->contingencies[i]);
    }
    ms_svg_label(d->out, 20, 52, "u", "start", ms_words_of(&text));
    ms_svg_label(d->out, d->map.width - 20, 52, "u", "end",
                 ms_say_of(d->language, d->map.scheme ? MS_SAY_MAP_SCHEME : MS_SAY_MAP_LINES));
    d->out->failed = d->out->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- grid ---- */

static double grid_step(double degrees)
{
    static const double steps[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 45};
    size_t s = 0;
    while (s + 1 < sizeof steps / sizeof steps[0] && degrees / steps[s] > 8.0)
        s++;
    return steps[s];
}

static void put_degrees(ms_buf *text, double value, const char *positive, const char *negative)
{
    char number[MS_NUMBER_BYTES];
    double tidy = round(value * 10.0) / 10.0;
    ms_buf_reset(text);
    ms_buf_printf(text, "%s°%s", ms_number_text(number, fabs(tidy)), tidy > 0 ? positive : tidy < 0 ? negative : "");
}

static void grid_line(ms_buf *out, double x1, double y1, double x2, double y2)
{
    ms_buf_text(out, "<line");
    ms_svg_attribute(out, "x1", x1);
    ms_svg_attribute(out, "y1", y1);
    ms_svg_attribute(out, "x2", x2);
    ms_svg_attribute(out, "y2", y2);
    ms_buf_text(out, "/>\n");
}

static double north_of(double lat)
{
    double rad = 3.14159265358979323846 / 180.0;
    return log(tan((45.0 + lat / 2.0) * rad)) / rad;
}

static void put_grid(drawing *d, const ms_panel *p)
{
    ms_buf text = {0};
    double step = grid_step(p->w / p->scale);
    ms_buf_text(d->out, "<g stroke=\"#e2e9ef\" stroke-width=\"1\">\n");
    for (double lon = ceil(p->west / step) * step; lon < p->west + p->w / p->scale; lon += step) {
        double x = p->x + (lon - p->west) * p->scale;
        grid_line(d->out, x, p->y, x, p->y + p->h);
    }
    for (double lat = -80; lat <= 80; lat += step) {
        double y = p->y + (p->north - north_of(lat)) * p->scale;
        if (y > p->y && y < p->y + p->h)
            grid_line(d->out, p->x, y, p->x + p->w, y);
    }
    ms_buf_text(d->out, "</g>\n");
    for (double lon = ceil(p->west / step) * step; lon < p->west + p->w / p->scale; lon += step) {
        double x = p->x + (lon - p->west) * p->scale, east = lon > 180.0 ? lon - 360.0 : lon;
        put_degrees(&text, east, "E", "W");
        if (x > p->x + 16 && x < p->x + p->w - 24)
            ms_svg_label(d->out, x + 2, p->y + p->h - 4, "g", "start",
                         fabs(fabs(east) - 180.0) < 1e-9 ? "180°" : ms_words_of(&text));
    }
    for (double lat = -80; lat <= 80; lat += step) {
        double y = p->y + (p->north - north_of(lat)) * p->scale;
        put_degrees(&text, lat, "N", "S");
        if (y > p->y + 12 && y < p->y + p->h - 16)
            ms_svg_label(d->out, p->x + 3, y - 2, "g", "start", ms_words_of(&text));
    }
    d->out->failed = d->out->failed || text.failed;
    ms_buf_free(&text);
}

/* ---- lanes ---- */

static double flow_width(const ms_map *map, double tonnes)
{
    return tonnes <= 0.0 || map->most_t <= 0.0 ? 0.0 : 1.0 + (WIDEST - 1.0) * sqrt(tonnes / map->most_t);
}

/* An arrow head along the curve, a little behind its middle. */
static void put_arrow(drawing *d, const ms_point *points, int count, double width, const char *colour)
{
    int at = count * 3 / 5;
    ms_point a = points[at - 1], b = points[at];
    double length = hypot(b.x - a.x, b.y - a.y), size = 3.5 + width * 0.9;
    if (length < 1e-6 || hypot(points[count - 1].x - points[0].x, points[count - 1].y - points[0].y) < 4.0 * size)
        return;
    double ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
    const ms_point corners[3] = {{b.x + ux * size, b.y + uy * size},
                                 {b.x - ux * size * 0.5 - uy * size * 0.8, b.y - uy * size * 0.5 + ux * size * 0.8},
                                 {b.x - ux * size * 0.5 + uy * size * 0.8, b.y - uy * size * 0.5 - ux * size * 0.8}};
    ms_buf_text(d->out, "<path d=\"M");
    for (int i = 0; i < 3; i++) {
        ms_buf_text(d->out, i == 0 ? "" : "L");
        ms_svg_number(d->out, corners[i].x);
        ms_buf_text(d->out, " ");
        ms_svg_number(d->out, corners[i].y);
    }
    ms_buf_printf(d->out, "Z\" fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"0.8\"/>\n", colour);
}

static void put_strand(drawing *d, const ms_panel *panel, const ms_strand *s)
{
    ms_point points[MS_MAP_CURVE];
    int count = ms_map_curve(&d->map, panel, s, points);
    bool idle = d->map.plan != NULL && s->tonnes <= 0.0;
    double width = d->map.plan == NULL ? 1.1 : idle ? 0.7 : flow_width(&d->map, s->tonnes);
    const char *colour = idle ? "#c3ccd4" : mode_styles[s->mode].colour;
    ms_buf_text(d->out, "<path d=\"M");
    for (int i = 0; i < count; i++) {
        ms_buf_text(d->out, i == 0 ? "" : "L");
        ms_svg_number(d->out, points[i].x);
        ms_buf_text(d->out, " ");
        ms_svg_number(d->out, points[i].y);
    }
    ms_buf_printf(d->out, "\" stroke=\"%s\"", colour);
    ms_svg_attribute(d->out, "stroke-width", width);
    if (mode_styles[s->mode].dash[0] != '\0' && width < 3.0)
        ms_buf_printf(d->out, " stroke-dasharray=\"%s\"", mode_styles[s->mode].dash);
    ms_buf_text(d->out, ">");
    ms_buf text = {0};
    const char *arrow = d->map.plan == NULL ? "–" : "→";
    ms_buf_printf(&text, "%s: %s %s %s", ms_say_mode(d->language, s->mode), d->map.kase->sites[s->from_ix].name, arrow,
                  d->map.kase->sites[s->to_ix].name);
    if (d->map.plan != NULL) {
        ms_buf_text(&text, ", ");
        ms_words_tonnes(&text, s->tonnes);
    }
    ms_buf_text(d->out, "<title>");
    ms_svg_escape(d->out, ms_words_of(&text));
    ms_buf_text(d->out, "</title></path>\n");
    d->out->failed = d->out->failed || text.failed;
    ms_buf_free(&text);
    if (!idle && d->map.plan != NULL)
        put_arrow(d, points, count, width, colour);
}

/* In the overview, what runs between enlarged sites is left to the larger panel. */
static void put_strands(drawing *d, int panel_ix)
{
    const ms_map *map = &d->map;
    ms_buf_text(d->out, "<g fill=\"none\" stroke-linecap=\"butt\" stroke-opacity=\"0.7\">\n");
    for (size_t i = 0; i < map->strand_count; i++) {
        const ms_strand *s = &map->strands[i];
        bool both = map->enlarged[s->from_ix] && map->enlarged[s->to_ix];
        bool none = !map->enlarged[s->from_ix] && !map->enlarged[s->to_ix];
        if (map->panel_count == 1 || (panel_ix == 0 ? !both : !none))
            put_strand(d, &map->panels[panel_ix], s);
    }
    ms_buf_text(d->out, "</g>\n");
}

/* ---- sites ---- */

/* The outline of a kind of site, r pixels around (0,0). */
static const char *const kind_paths[MS_SITE_KINDS] = {
    [MS_SITE_DEPOT] = "M-4.6-4.6H4.6V4.6H-4.6Z",
    [MS_SITE_PORT] = "M0-5.4A5.4 5.4 0 1 1 0 5.4A5.4 5.4 0 1 1 0-5.4Z",
    [MS_SITE_AIRFIELD] = "M0-6L5.6 4.4H-5.6Z",
    [MS_SITE_RAILHEAD] = "M0-6.4L6.4 0L0 6.4L-6.4 0Z",
    [MS_SITE_PLANT] = "M-3-5.2H3L6 0L3 5.2H-3L-6 0Z",
    [MS_SITE_UNIT] = "M-6.2-4.2H6.2V4.2H-6.2ZM-6.2-4.2L6.2 4.2M6.2-4.2L-6.2 4.2",
};

static void put_symbol(ms_buf *out, double x, double y, ms_site_kind kind, const char *colour)
{
    ms_buf_text(out, "<path transform=\"translate(");
    ms_svg_number(out, x);
    ms_buf_text(out, " ");
    ms_svg_number(out, y);
    ms_buf_printf(out, ")\" d=\"%s\" fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"1.2\"", kind_paths[kind], colour);
}

static void put_ring(ms_buf *out, double x, double y)
{
    ms_buf_text(out, "<circle");
    ms_svg_attribute(out, "cx", x);
    ms_svg_attribute(out, "cy", y);
    ms_buf_printf(out, " r=\"9.5\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.4\"/>\n", short_colour);
}

static void put_site(drawing *d, const ms_panel *panel, int32_t n, bool small)
{
    const ms_site *site = &d->map.kase->sites[n];
    ms_point at = ms_map_place(panel, d->map.at[n]);
    if (small) {
        ms_buf_text(d->out, "<circle");
        ms_svg_attribute(d->out, "cx", at.x);
        ms_svg_attribute(d->out, "cy", at.y);
        ms_buf_printf(d->out, " r=\"1.6\" fill=\"%s\"/>\n", partner_colour(site->partner_ix));
        return;
    }
    if (d->map.short_t[n] > 0.0)
        put_ring(d->out, at.x, at.y);
    put_symbol(d->out, at.x, at.y, site->kind, partner_colour(site->partner_ix));
    ms_buf text = {0}, lack = {0};
    ms_say_put(&text, d->language, MS_SAY_MAP_TIP, site->name, ms_say_site_kind(d->language, site->kind),
               ms_say_partner(d->language, d->map.kase, site->partner_ix));
    if (d->map.short_t[n] > 0.0) {
        ms_buf_text(&text, ", ");
        ms_words_tonnes(&lack, d->map.short_t[n]);
        ms_say_put(&text, d->language, MS_SAY_MAP_TIP_SHORT, ms_words_of(&lack));
    }
    ms_buf_text(d->out, "><title>");
    ms_svg_escape(d->out, ms_words_of(&text));
    ms_buf_text(d->out, "</title></path>\n");
    d->out->failed = d->out->failed || text.failed || lack.failed;
    ms_buf_free(&text);
    ms_buf_free(&lack);
}

static void put_sites(drawing *d, int panel_ix)
{
    const ms_panel *panel = &d->map.panels[panel_ix];
    for (int32_t n = 0; n < d->map.kase->sites_count; n++) {
        if (isnan(d->map.at[n].x) || !ms_map_inside(panel, ms_map_place(panel, d->map.at[n])))
            continue;
        put_site(d, panel, n, panel_ix == 0 && d->map.panel_count > 1 && d->map.enlarged[n]);
    }
}

/* ---- labels ---- */

static void put_short_tonnes(ms_buf *out, double tonnes)
{
    ms_buf_text(out, "−");
    ms_words_tonnes(out, tonnes);
}

static void measure_labels(drawing *d)
{
    ms_buf text = {0};
    for (int32_t n = 0; n < d->map.kase->sites_count; n++) {
        ms_buf_reset(&text);
        ms_words_short_name(&text, d->map.kase->sites[n].name);
        d->widths[n] = ms_svg_text_width(ms_words_of(&text), LABEL_SIZE);
        if (d->map.short_t[n] <= 0.0)
            continue;
        ms_buf_reset(&text);
        put_short_tonnes(&text, d->map.short_t[n]);
        d->widths[n] += 4.0 + 1.12 * ms_svg_text_width(ms_words_of(&text), LABEL_SIZE); /* bold */
    }
    d->out->failed = d->out->failed || text.failed;
    ms_buf_free(&text);
}

static void put_leader(drawing *d, const ms_map_label *label, ms_point at)
{
    double length = hypot(label->line_x - at.x, label->line_y - at.y);
    if (isnan(label->line_x) || length < 12.0)
        return;
    double x = at.x + (label->line_x - at.x) * 6.0 / length, y = at.y + (label->line_y - at.y) * 6.0 / length;
    ms_buf_text(d->out, "<g stroke=\"#8794a1\" stroke-width=\"0.7\">");
    grid_line(d->out, x, y, label->line_x, label->line_y);
    ms_buf_text(d->out, "</g>\n");
}

static void put_labels(drawing *d, int panel_ix)
{
    const ms_panel *panel = &d->map.panels[panel_ix];
    ms_buf name = {0}, lack = {0};
    if (!ms_map_labels(d->labels, &d->map, panel_ix, d->widths, LABEL_H))
        d->starved = true;
    for (int32_t n = 0; n < d->map.kase->sites_count && !d->starved; n++)
        if (d->labels[n].placed)
            put_leader(d, &d->labels[n], ms_map_place(panel, d->map.at[n]));
    for (int32_t n = 0; n < d->map.kase->sites_count && !d->starved; n++) {
        const ms_map_label *label = &d->labels[n];
        if (!label->placed)
            continue;
        ms_buf_reset(&name);
        ms_words_short_name(&name, d->map.kase->sites[n].name);
        ms_buf_text(d->out, "<text");
        ms_svg_attribute(d->out, "x", label->end ? label->x + label->w : label->x);
        ms_svg_attribute(d->out, "y", label->y + label->h - 3.2);
        ms_buf_printf(d->out, " class=\"l\"%s>", label->end ? " text-anchor=\"end\"" : "");
        ms_svg_escape(d->out, ms_words_of(&name));
        if (d->map.short_t[n] > 0.0) {
            ms_buf_reset(&lack);
            put_short_tonnes(&lack, d->map.short_t[n]);
            ms_buf_text(d->out, "<tspan dx=\"4\" class=\"r\">");
            ms_svg_escape(d->out, ms_words_of(&lack));
            ms_buf_text(d->out, "</tspan>");
        }
        ms_buf_text(d->out, "</text>\n");
    }
    d->out->failed = d->out->failed || name.failed || lack.failed;
    ms_buf_free(&name);
    ms_buf_free(&lack);
}

/* ---- panels ---- */

static void put_box(ms_buf *out, double x, double y, double w, double h, const char *style)
{
    ms_buf_text(out, "<rect");
    ms_svg_attribute(out, "x", x);
    ms_svg_attribute(out, "y", y);
    ms_svg_attribute(out, "width", w);
    ms_svg_attribute(out, "height", h);
    ms_buf_printf(out, " %s/>\n", style);
}

/* Where the larger panel lies on the overview. */
static void put_window(drawing *d)
{
    const ms_panel *small = &d->map.panels[0], *large = &d->map.panels[1];
    ms_point corner = ms_map_place(small, (ms_point){large->west, large->north});
    double factor = small->scale / large->scale;
    put_box(d->out, corner.x, corner.y, large->w * factor, large->h * factor,
            "fill=\"#ffffff\" fill-opacity=\"0.6\" stroke=\"#51606f\" stroke-width=\"1\"");
}

/* Lines from that window to the larger panel. */
static void put_connectors(drawing *d)
{
    const ms_panel *small = &d->map.panels[0], *large = &d->map.panels[1];
    ms_point corner = ms_map_place(small, (ms_point){large->west, large->north});
    double factor = small->scale / large->scale, bottom = corner.y + large->h * factor;
    bool left = large->x < small->x;
    double near = left ? large->x + large->w : large->x, from = left ? corner.x : corner.x + large->w * factor;
    ms_buf_text(d->out, "<g stroke=\"#8794a1\" stroke-width=\"0.8\" stroke-dasharray=\"3 3\">\n");
    grid_line(d->out, from, corner.y, near, large->y);
    grid_line(d->out, from, bottom, near, large->y + large->h);
    ms_buf_text(d->out, "</g>\n");
}

static void put_panel(drawing *d, int panel_ix)
{
    const ms_panel *p = &d->map.panels[panel_ix];
    put_box(d->out, p->x, p->y, p->w, p->h, "fill=\"#f4f8fb\"");
    ms_buf_printf(d->out, "<clipPath id=\"p%d\">", panel_ix);
    put_box(d->out, p->x, p->y, p->w, p->h, "");
    ms_buf_printf(d->out, "</clipPath>\n<g clip-path=\"url(#p%d)\">\n", panel_ix);
    if (!d->map.scheme)
        put_grid(d, p);
    if (panel_ix == 0 && d->map.panel_count > 1)
        put_window(d);
    put_strands(d, panel_ix);
    put_sites(d, panel_ix);
    put_labels(d, panel_ix);
    ms_buf_text(d->out, "</g>\n");
    put_box(d->out, p->x, p->y, p->w, p->h, "fill=\"none\" stroke=\"#c9d3dc\"");
}

/* ---- legend ---- */

/* A text of the legend; notes how far to the right they reach. */
static void legend_text(drawing *d, double x, double y, const char *class, const char *text)
{
    ms_svg_label(d->out, x, y, class, "start", text);
    d->legend_right = fmax(d->legend_right, x + ms_svg_text_width(text, LEGEND_SIZE));
}

static void legend_partners(drawing *d, double x, double y)
{
    const ms_case *kase = d->map.kase;
    bool nobody = false;
    int row = 0;
    for (int32_t n = 0; n < kase->sites_count; n++)
        nobody = nobody || kase->sites[n].partner_ix < 0;
    legend_text(d, x, y, "h", ms_say_of(d->language, MS_SAY_MAP_SITES_OF));
    for (int32_t p = 0; p <= kase->partners_count && row < 6; p++) {
        int32_t partner_ix = p < kase->partners_count ? p : MS_NONE;
        if (partner_ix < 0 && !nobody)
            continue;
        ms_buf_text(d->out, "<rect");
        ms_svg_attribute(d->out, "x", x);
        ms_svg_attribute(d->out, "y", y + 8 + 17 * row);
        ms_buf_printf(d->out, " width=\"12\" height=\"12\" rx=\"2\" fill=\"%s\"/>\n", partner_colour(partner_ix));
        legend_text(d, x + 18, y + 18 + 17 * row, "k",
                    partner_ix < 0 ? ms_say_of(d->language, MS_SAY_MAP_OPEN) : kase->partners[p].id);
        row++;
    }
}

static void legend_kinds(drawing *d, double x, double y)
{
    int row = 0;
    legend_text(d, x, y, "h", ms_say_of(d->language, MS_SAY_MAP_KIND));
    for (int kind = 0; kind < MS_SITE_KINDS; kind++) {
        bool present = false;
        for (int32_t n = 0; n < d->map.kase->sites_count; n++)
            present = present || d->map.kase->sites[n].kind == (ms_site_kind)kind;
        if (!present)
            continue;
        put_symbol(d->out, x + 7, y + 14 + 17 * row, (ms_site_kind)kind, "#51606f");
        ms_buf_text(d->out, "/>\n");
        legend_text(d, x + 20, y + 18 + 17 * row, "k", ms_say_site_kind(d->language, (ms_site_kind)kind));
        row++;
    }
}

static void legend_line(ms_buf *out, double x, double y, double w, const char *colour, double width, const char *dash)
{
    ms_buf_text(out, "<path d=\"M");
    ms_svg_number(out, x);
    ms_buf_text(out, " ");
    ms_svg_number(out, y);
    ms_buf_text(out, "h");
    ms_svg_number(out, w);
    ms_buf_printf(out, "\" fill=\"none\" stroke=\"%s\"", colour);
    ms_svg_attribute(out, "stroke-width", width);
    if (dash[0] != '\0')
        ms_buf_printf(out, " stroke-dasharray=\"%s\"", dash);
    ms_buf_text(out, "/>\n");
}

static void legend_modes(drawing *d, double x, double y)
{
    int row = 0;
    legend_text(d, x, y, "h", ms_say_of(d->language, MS_SAY_MAP_LANES));
    for (int mode = 0; mode < MS_MODES; mode++) {
        bool present = false;
        for (int32_t a = 0; a < d->map.kase->lanes_count; a++)
            present = present || d->map.kase->lanes[a].mode == (ms_mode)mode;
        if (!present)
            continue;
        legend_line(d->out, x, y + 14 + 17 * row, 34, mode_styles[mode].colour, 2, mode_styles[mode].dash);
        legend_text(d, x + 42, y + 18 + 17 * row, "k", ms_say_mode(d->language, (ms_mode)mode));
        row++;
    }
}

/* 1, 2 or 5 times a power of ten, at most value. */
static double round_amount(double value)
{
    double power = pow(10.0, floor(log10(value)));
    return value >= 5.0 * power ? 5.0 * power : value >= 2.0 * power ? 2.0 * power : power;
}

static void legend_flows(drawing *d, double x, double y)
{
    int row = 0;
    bool lacking = false;
    for (int32_t n = 0; n < d->map.kase->sites_count; n++)
        lacking = lacking || d->map.short_t[n] > 0.0;
    legend_text(d, x, y, "h", ms_say_of(d->language, MS_SAY_MAP_FLOW));
    for (double t = round_amount(fmax(d->map.most_t, 1e-3)); row < 3 && d->map.most_t > 0.0;
         t = round_amount(t / 9.0), row++) {
        ms_buf text = {0};
        ms_words_tonnes(&text, t);
        legend_line(d->out, x, y + 14 + 17 * row, 34, "#51606f", flow_width(&d->map, t), "");
        legend_text(d, x + 42, y + 18 + 17 * row, "k", ms_words_of(&text));
        d->out->failed = d->out->failed || text.failed;
        ms_buf_free(&text);
    }
    legend_line(d->out, x, y + 14 + 17 * row, 34, "#c3ccd4", 1, "");
    legend_text(d, x + 42, y + 18 + 17 * row, "k", ms_say_of(d->language, MS_SAY_MAP_UNUSED));
    row++;
    if (lacking) {
        put_ring(d->out, x + 17, y + 16 + 17 * row);
        legend_text(d, x + 42, y + 20 + 17 * row, "k", ms_say_of(d->language, MS_SAY_MAP_SHORT));
    }
}

/* Four columns: where there is room, at places that do not depend on their texts; else close together. */
static void put_legend(drawing *d, double x, double y, double width)
{
    static const double columns[] = {160, 280, 410};
    void (*const legends[])(drawing * d, double x, double y) = {legend_kinds, legend_modes, legend_flows};
    const double gap = 8, roomy = 600;
    double scale = width < roomy ? 0.0 : fmin(width / roomy, 1.2);
    d->legend_right = x;
    legend_partners(d, x, y);
    for (int i = 0; i < (d->map.plan != NULL ? 3 : 2); i++)
        legends[i](d, fmax(x + columns[i] * scale, d->legend_right + gap), y);
}

static size_t count_missing(const ms_map *map)
{
    size_t missing = 0;
    for (int32_t n = 0; n < map->kase->sites_count; n++)
        missing += isnan(map->at[n].x);
    return missing;
}

/* Sites that have no place on the map, by name, as far as the line goes. */
static void put_missing(drawing *d, double y)
{
    ms_buf names = {0}, text = {0};
    size_t missing = count_missing(&d->map), named = 0;
    char more[MS_NUMBER_BYTES];
    for (int32_t n = 0; n < d->map.kase->sites_count && ms_utf8_width(ms_words_of(&names)) < 100; n++) {
        if (!isnan(d->map.at[n].x))
            continue;
        ms_buf_text(&names, named++ > 0 ? ", " : "");
        ms_words_short_name(&names, d->map.kase->sites[n].name);
    }
    if (named < missing) {
        ms_say_put(&text, d->language, MS_SAY_MAP_MORE, ms_words_of(&names),
                   ms_number_grouped(more, (double)(missing - named), 0));
        ms_buf_reset(&names);
        ms_buf_text(&names, ms_words_of(&text));
        ms_buf_reset(&text);
    }
    if (missing > 0) {
        ms_say_put(&text, d->language, MS_SAY_MAP_WITHOUT, ms_words_of(&names));
        ms_svg_label(d->out, 20, y, "u", "start", ms_words_of(&text));
    }
    d->out->failed = d->out->failed || names.failed || text.failed;
    ms_buf_free(&names);
    ms_buf_free(&text);
}

/* ---- the view ---- */

static void draw(drawing *d)
{
    const ms_panel *overview = &d->map.panels[0];
    /* Beside a tall second panel the legend stands below the overview, where there is room for it. */
    bool beside = d->map.panel_count > 1 && overview->y + overview->h < d->map.height - LEGEND_H;
    double legend_y = (beside ? overview->y + overview->h : d->map.height) + 28;
    bool tight = !d->map.shape.titled && count_missing(&d->map) == 0;
    double height = fmax(d->map.height + (tight ? 0 : 24), legend_y + LEGEND_H - (tight ? 24 : 0));
    open_picture(d, d->map.shape.titled ? 0.0 : overview->y - 4.0, height + 12);
    if (d->map.shape.titled)
        put_title(d);
    measure_labels(d);
    for (int p = 0; p < d->map.panel_count; p++)
        put_panel(d, p);
    if (d->map.panel_count > 1)
        put_connectors(d);
    put_legend(d, beside ? overview->x : 20, legend_y, beside ? overview->w : d->map.width - 40);
    put_missing(d, height);
    ms_buf_text(d->out, "</svg>\n");
}

ms_status ms_map_draw(ms_buf *out, const ms_case *kase, const ms_plan *plan, ms_language language,
                      const ms_map_shape *shape, ms_error *err)
{
    ms_buf made = {0};
    drawing d = {.out = &made, .language = language};
    const ms_case *shown = plan != NULL ? plan->kase : kase;
    MS_TRY(ms_map_make(&d.map, shown, plan, shape, err));
    d.labels = ms_alloc((size_t)shown->sites_count, sizeof *d.labels);
    d.widths = ms_alloc((size_t)shown->sites_count, sizeof *d.widths);
    d.starved = d.labels == NULL || d.widths == NULL;
    if (!d.starved)
        draw(&d);
    ms_free(d.labels);
    ms_free(d.widths);
    ms_map_free(&d.map);
    made.failed = made.failed || d.starved;
    return ms_report_hand_over(out, &made, err);
}

ms_status ms_report_map_svg(ms_buf *out, const ms_case *kase, const ms_plan *plan, ms_error *err)
{
    return ms_map_draw(out, kase, plan, MS_LANGUAGE_EN, &ms_map_alone, err);
}
