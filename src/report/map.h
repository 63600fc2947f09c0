/* map.h: where things go in the picture of a case: panels, projection, strands, labels. Drawn by report_map.c.
 *
 * Sites are projected by Mercator. The map is cut where the widest stretch of longitudes without a site lies, so that a
 * theatre across the 180th meridian stays in one piece. Where many sites crowd together, a second panel shows them
 * larger. Sites without a position are listed below the picture; a case with none at all is drawn as a scheme, kind by
 * kind. Cost: sites squared for crowding (above MS_MAP_SITES no panel is enlarged), sites x labels (at most
 * MS_MAP_LABELS a panel), lanes x log(lanes).
 */
#ifndef MS_REPORT_MAP_H
#define MS_REPORT_MAP_H

#include "plan/plan.h"

enum { MS_MAP_SITES = 4000, MS_MAP_PANELS = 2, MS_MAP_LABELS = 400 };

typedef struct {
    double x, y;
} ms_point;

/* A window on the map. Map coordinates are degrees: east of the cut, and Mercator's stretched north. */
typedef struct {
    double x, y, w, h;  /* on the canvas, pixels */
    double west, north; /* map coordinates of the upper left corner */
    double scale;       /* pixels a degree */
} ms_panel;

/* All lanes between two sites by one mode, in one direction or (where nothing flows) both. */
typedef struct {
    int32_t from_ix, to_ix;
    ms_mode mode;
    double tonnes;
    int slot, slots; /* its place among those between the same two sites */
} ms_strand;

typedef struct {
    double x, y, w, h;     /* of the text's box */
    double line_x, line_y; /* where a leader starts at the box; NAN: none needed */
    bool placed, end;      /* end: text is aligned to the right */
} ms_map_label;

/* How large it may be, in pixels, without the legend; and whether the case's name stands above it (a page with a
 * heading of its own leaves that out). */
typedef struct {
    double width, tallest;
    bool titled;
} ms_map_shape;
extern const ms_map_shape ms_map_alone, ms_map_in_page; /* a picture of its own; across a printed page */

typedef struct {
    const ms_case *kase;
    const ms_plan *plan; /* or NULL */
    ms_map_shape shape;
    ms_point *at;    /* of each site, map coordinates; x is NAN without a position */
    bool *enlarged;  /* of each site: shown in the second panel, with its label there */
    double *short_t; /* of each site: tonnes that fall short; 0 below a kilogram */
    double *weight;  /* of each site: what passes it, tonnes, or its lanes where there is no plan */
    ms_panel panels[MS_MAP_PANELS];
    int panel_count;
    bool scheme;          /* no positions: columns by kind */
    double width, height; /* of the canvas, without the legend */
    ms_strand *strands;   /* the least first */
    size_t strand_count;
    double most_t; /* on a strand */
    ms_arena *arena;
} ms_map;

ms_status ms_map_make(ms_map *out, const ms_case *kase, const ms_plan *plan, const ms_map_shape *shape, ms_error *err);
void ms_map_free(ms_map *map);

ms_point ms_map_place(const ms_panel *panel, ms_point at); /* on the canvas */
bool ms_map_inside(const ms_panel *panel, ms_point place);

/* Points of a strand on the canvas, from its origin to its end: great circles where they are long, else a slight bow.
 * Returns how many, at most MS_MAP_CURVE. */
enum { MS_MAP_CURVE = 33 };
int ms_map_curve(const ms_map *map, const ms_panel *panel, const ms_strand *strand, ms_point out[MS_MAP_CURVE]);

/* Finds places for labels of width widths[site] (0: none) in a panel, the heaviest sites first, so that they do not
 * touch each other, nor a site. labels has room for every site. False when memory is short. */
bool ms_map_labels(ms_map_label *labels, const ms_map *map, int panel_ix, const double *widths, double height);

/* Draws it (report_map.c) as a whole SVG document. */
ms_status ms_map_draw(ms_buf *out, const ms_case *kase, const ms_plan *plan, ms_language language,
                      const ms_map_shape *shape, ms_error *err);

#endif
