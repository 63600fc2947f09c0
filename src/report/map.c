/* map.c: projecting sites, finding where they crowd, laying out panels and bundling lanes. */
#include "report/map.h"

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

const ms_map_shape ms_map_alone = {1200, 680, true}, ms_map_in_page = {920, 330, false};

static const double MARGIN = 20, TITLE = 64, LEGEND = 160;
enum { CROWD_LEAST = 8 };

static const double DEGREE = 3.14159265358979323846 / 180.0;

/* ---- projection ---- */

static double mercator(double lat)
{
    double bounded = fmin(fmax(lat, -82.0), 82.0);
    return log(tan((45.0 + bounded / 2.0) * DEGREE)) / DEGREE;
}

static double unmercator(double north)
{
    return 2.0 * atan(exp(north * DEGREE)) / DEGREE - 90.0;
}

static int by_number(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The longitude at which the widest empty stretch ends: everything is counted eastward from there. */
static double cut_longitude(const double *sorted, int count)
{
    double best = sorted[0] + 360.0 - sorted[count - 1], cut = sorted[0];
    for (int i = 1; i < count; i++) {
        if (sorted[i] - sorted[i - 1] > best) {
            best = sorted[i] - sorted[i - 1];
            cut = sorted[i];
        }
    }
    return cut;
}

static bool has_position(const ms_site *site)
{
    return !isnan(site->lat) && !isnan(site->lon);
}

/* Columns by kind, from where things come from to where they are used. */
static void lay_out_scheme(ms_map *map)
{
    static const ms_site_kind order[MS_SITE_KINDS] = {MS_SITE_PLANT,    MS_SITE_DEPOT,    MS_SITE_PORT,
                                                      MS_SITE_RAILHEAD, MS_SITE_AIRFIELD, MS_SITE_UNIT};
    double column = 0.0;
    for (int k = 0; k < MS_SITE_KINDS; k++) {
        int32_t count = 0, row = 0;
        for (int32_t n = 0; n < map->kase->sites_count; n++)
            count += map->kase->sites[n].kind == order[k];
        for (int32_t n = 0; n < map->kase->sites_count; n++) {
            if (map->kase->sites[n].kind != order[k])
                continue;
            /* A slight slant keeps lanes between sites of one kind apart from the sites between them. */
            map->at[n] = (ms_point){column + 1.5 * (row % 2), 10.0 * ((count - 1) / 2.0 - row)};
            row++;
        }
        column += count > 0 ? 14.0 : 0.0;
    }
    map->scheme = true;
}

static bool project(ms_map *map)
{
    const ms_case *kase = map->kase;
    double *sorted = ms_arena_alloc(map->arena, (size_t)kase->sites_count + 1, sizeof *sorted);
    int count = 0;
    if (sorted == NULL)
        return false;
    for (int32_t n = 0; n < kase->sites_count; n++) {
        map->at[n] = (ms_point){NAN, NAN};
        if (has_position(&kase->sites[n]))
            sorted[count++] = kase->sites[n].lon;
    }
    if (count < 2) {
        lay_out_scheme(map);
        return true;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_number);
    double cut = cut_longitude(sorted, count);
    for (int32_t n = 0; n < kase->sites_count; n++) {
        const ms_site *site = &kase->sites[n];
        if (has_position(site))
            map->at[n] = (ms_point){site->lon < cut ? site->lon + 360.0 : site->lon, mercator(site->lat)};
    }
    return true;
}

/* ---- panels ---- */

typedef struct {
    double west, east, south, north;
} box;

static void box_add(box *b, ms_point at)
{
    b->west = fmin(b->west, at.x);
    b->east = fmax(b->east, at.x);
    b->south = fmin(b->south, at.y);
    b->north = fmax(b->north, at.y);
}

/* The box with room around it, never smaller than least degrees. */
static box box_padded(box b, double share, double least)
{
    double dx = fmax((b.east - b.west) * share, (least - (b.east - b.west)) / 2.0);
    double dy = fmax((b.north - b.south) * share, (least - (b.north - b.south)) / 2.0);
    return (box){b.west - dx, b.east + dx, b.south - dy, b.north + dy};
}

/* Fits the box into a panel of width w; the height follows, within limits, and what is over is shared by both sides. */
static ms_panel panel_of(box b, double x, double y, double w, double lowest, double tallest)
{
    double h = fmin(fmax(w * (b.north - b.south) / (b.east - b.west), lowest), tallest);
    double scale = fmin(w / (b.east - b.west), h / (b.north - b.south));
    double west = (b.west + b.east) / 2.0 - w / scale / 2.0, north = (b.north + b.south) / 2.0 + h / scale / 2.0;
    return (ms_panel){x, y, w, h, west, north, scale};
}

ms_point ms_map_place(const ms_panel *panel, ms_point at)
{
    return (ms_point){panel->x + (at.x - panel->west) * panel->scale, panel->y + (panel->north - at.y) * panel->scale};
}

bool ms_map_inside(const ms_panel *panel, ms_point place)
{
    return place.x >= panel->x && place.x <= panel->x + panel->w && place.y >= panel->y &&
           place.y <= panel->y + panel->h;
}

static bool shown(const ms_map *map, int32_t n)
{
    return !isnan(map->at[n].x);
}

static double distance(ms_point a, ms_point b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

/* Marks in `member` the largest set of sites that hang together by steps of less than `reach` degrees; returns its
 * size. */
static int32_t largest_crowd(const ms_map *map, double reach, int32_t *group, int32_t *queue, bool *member)
{
    int32_t count = map->kase->sites_count, groups = 0, best = -1, best_size = 0;
    for (int32_t n = 0; n < count; n++)
        group[n] = shown(map, n) ? -1 : -2;
    for (int32_t n = 0; n < count; n++) {
        if (group[n] != -1)
            continue;
        int32_t head = 0, tail = 0;
        queue[tail++] = n;
        group[n] = groups;
        for (; head < tail; head++) {
            for (int32_t m = 0; m < count; m++) {
                if (group[m] == -1 && distance(map->at[queue[head]], map->at[m]) < reach) {
                    group[m] = groups;
                    queue[tail++] = m;
                }
            }
        }
        if (tail > best_size) {
            best_size = tail;
            best = groups;
        }
        groups++;
    }
    for (int32_t n = 0; n < count; n++)
        member[n] = best >= 0 && group[n] == best;
    return best_size;
}

/* The long lanes bow out beyond the sites; the overview has to hold them. */
static box overview_box(const ms_map *map)
{
    box b = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    ms_panel unit = {0, 0, 1, 1, 0, 0, 1};
    for (int32_t n = 0; n < map->kase->sites_count; n++)
        if (shown(map, n))
            box_add(&b, map->at[n]);
    for (int32_t a = 0; a < map->kase->lanes_count && !map->scheme; a++) {
        const ms_lane *lane = &map->kase->lanes[a];
        ms_strand strand = {lane->from_ix, lane->to_ix, lane->mode, 0, 0, 1};
        ms_point points[MS_MAP_CURVE];
        if (!shown(map, lane->from_ix) || !shown(map, lane->to_ix) ||
            distance(map->at[lane->from_ix], map->at[lane->to_ix]) < 12)
            continue;
        int count = ms_map_curve(map, &unit, &strand, points);
        for (int i = 0; i < count; i++)
            box_add(&b, (ms_point){points[i].x, -points[i].y});
    }
    return b;
}

/* Finds sites that crowd on an overview of `scale` pixels a degree and marks them. The steps between them are made
 * longer until half of the sites hang together; else some that are very close will do. True when a panel of their own
 * would help: they fill only a part of the overview. */
static bool find_crowd(ms_map *map, box wide, double scale, box *near, int32_t *group, int32_t *queue)
{
    static const double reaches_px[] = {6, 9, 13, 18, 25, 35, 10};
    int32_t count = map->kase->sites_count, all = 0;
    for (int32_t n = 0; n < count; n++)
        all += shown(map, n);
    for (size_t r = 0; r < sizeof reaches_px / sizeof reaches_px[0]; r++) {
        bool last = r + 1 == sizeof reaches_px / sizeof reaches_px[0];
        int32_t size = largest_crowd(map, reaches_px[r] / scale, group, queue, map->enlarged);
        if (size < CROWD_LEAST || (!last && size < all / 2))
            continue;
        *near = (box){INFINITY, -INFINITY, INFINITY, -INFINITY};
        for (int32_t n = 0; n < count; n++)
            if (map->enlarged[n])
                box_add(near, map->at[n]);
        *near = box_padded(*near, 0.09, 0.2);
        if (near->east - near->west <= 0.4 * (wide.east - wide.west))
            return true;
    }
    memset(map->enlarged, 0, (size_t)count * sizeof *map->enlarged);
    return false;
}

/* The larger panel stands on the side where its sites lie; the legend goes below the overview, where that is left tall
 * enough, else below both. */
static void place_two_panels(ms_map *map, box wide, box near)
{
    double full = map->shape.width - 2 * MARGIN, tallest = map->shape.tallest, top = map->panels[0].y;
    double tall = tallest - LEGEND >= tallest / 2 ? tallest - LEGEND : tallest;
    double w = fmin(fmax(tallest * (near.east - near.west) / (near.north - near.south), 0.4 * full), 0.55 * full);
    double rest = full - w - MARGIN;
    bool left = near.west + near.east < wide.west + wide.east;
    map->panels[1] = panel_of(near, left ? MARGIN : MARGIN + rest + MARGIN, top, w, tallest, tallest);
    map->panels[0] = panel_of(wide, left ? MARGIN + w + MARGIN : MARGIN, top, rest, tall, tall);
    map->panel_count = 2;
    map->height = top + tallest;
    for (int32_t n = 0; n < map->kase->sites_count; n++)
        map->enlarged[n] = shown(map, n) && ms_map_inside(&map->panels[1], ms_map_place(&map->panels[1], map->at[n]));
}

static ms_status lay_out_panels(ms_map *map, ms_error *err)
{
    size_t count = (size_t)map->kase->sites_count + 1;
    box all = overview_box(map), near;
    if (!(all.west <= all.east))
        all = (box){0, 1, 0, 1};
    box wide = box_padded(all, map->scheme ? 0.12 : 0.06, map->scheme ? 10.0 : 0.4);
    double full = map->shape.width - 2 * MARGIN, lowest = 0.53 * map->shape.tallest;
    map->panels[0] = panel_of(wide, MARGIN, map->shape.titled ? TITLE : 4, full, map->scheme ? 160 : lowest,
                              map->shape.tallest);
    map->panel_count = 1;
    map->width = map->shape.width;
    map->height = map->panels[0].y + map->panels[0].h;
    if (map->scheme || count > MS_MAP_SITES)
        return MS_OK;
    int32_t *group = ms_arena_alloc(map->arena, count, sizeof *group),
            *queue = ms_arena_alloc(map->arena, count, sizeof *queue);
    if (group == NULL || queue == NULL)
        return ms_error_memory(err);
    if (find_crowd(map, wide, 0.5 * full / (wide.east - wide.west), &near, group, queue))
        place_two_panels(map, wide, near);
    return MS_OK;
}

/* ---- curves ---- */

typedef struct {
    double x, y, z;
} vector;

static vector on_sphere(ms_point at)
{
    double lat = unmercator(at.y) * DEGREE, lon = at.x * DEGREE;
    return (vector){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

/* Points of the great circle from a to b in map coordinates; false when it leaves the map across its cut. */
static bool great_circle(ms_point a, ms_point b, ms_point out[MS_MAP_CURVE], int count)
{
    vector u = on_sphere(a), v = on_sphere(b);
    double angle = acos(fmin(fmax(u.x * v.x + u.y * v.y + u.z * v.z, -1.0), 1.0));
    if (angle < 1e-6 || angle > 3.1)
        return false;
    double last = a.x;
    for (int i = 0; i < count; i++) {
        double t = (double)i / (count - 1), p = sin((1 - t) * angle) / sin(angle), q = sin(t * angle) / sin(angle);
        vector w = {p * u.x + q * v.x, p * u.y + q * v.y, p * u.z + q * v.z};
        double lon = atan2(w.y, w.x) / DEGREE;
        lon += 360.0 * round((last - lon) / 360.0);
        out[i] = (ms_point){lon, mercator(asin(fmin(fmax(w.z, -1.0), 1.0)) / DEGREE)};
        last = lon;
    }
    return fabs(out[count - 1].x - b.x) < 1.0;
}

int ms_map_curve(const ms_map *map, const ms_panel *panel, const ms_strand *strand, ms_point out[MS_MAP_CURVE])
{
    ms_point a = map->at[strand->from_ix], b = map->at[strand->to_ix];
    bool far = !map->scheme && distance(a, b) > 12.0;
    int count = far ? MS_MAP_CURVE : 9;
    if (!far || !great_circle(a, b, out, count)) {
        count = map->scheme ? 17 : 9;
        for (int i = 0; i < count; i++)
            out[i] = (ms_point){a.x + (b.x - a.x) * i / (count - 1), a.y + (b.y - a.y) * i / (count - 1)};
    }
    for (int i = 0; i < count; i++)
        out[i] = ms_map_place(panel, out[i]);
    ms_point start = out[0], end = out[count - 1];
    double length = distance(start, end);
    if (length < 1e-9)
        return count;
    /* The bow: strands between the same two sites fan out around the straight line, on fixed sides of it. */
    double side = strand->from_ix < strand->to_ix ? 1.0 : -1.0;
    double bow = side * fmin(9.0, 0.14 * length) * (strand->slot - (strand->slots - 1) / 2.0);
    if (map->scheme && strand->slots == 1)
        bow = 0.05 * length;
    double nx = -(end.y - start.y) / length, ny = (end.x - start.x) / length;
    for (int i = 0; i < count; i++) {
        double t = (double)i / (count - 1);
        out[i].x += nx * bow * 4.0 * t * (1.0 - t);
        out[i].y += ny * bow * 4.0 * t * (1.0 - t);
    }
    return count;
}

/* ---- strands ---- */

static int32_t low_end(const ms_strand *s)
{
    return s->from_ix < s->to_ix ? s->from_ix : s->to_ix;
}

static int32_t high_end(const ms_strand *s)
{
    return s->from_ix < s->to_ix ? s->to_ix : s->from_ix;
}

static int by_ends(const void *left, const void *right)
{
    const ms_strand *a = left, *b = right;
    if (low_end(a) != low_end(b))
        return low_end(a) < low_end(b) ? -1 : 1;
    if (high_end(a) != high_end(b))
        return high_end(a) < high_end(b) ? -1 : 1;
    if (a->mode != b->mode)
        return a->mode < b->mode ? -1 : 1;
    return (a->from_ix > b->from_ix) - (a->from_ix < b->from_ix);
}

static bool same_ends(const ms_strand *a, const ms_strand *b)
{
    return low_end(a) == low_end(b) && high_end(a) == high_end(b);
}

static int by_tonnes(const void *left, const void *right)
{
    const ms_strand *a = left, *b = right;
    if (a->tonnes != b->tonnes)
        return a->tonnes < b->tonnes ? -1 : 1;
    return by_ends(left, right);
}

/* Adds up what is equal in ends, mode and direction; a direction in which nothing flows hides behind the other. */
static void merge_strands(ms_map *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->strand_count; i++) {
        ms_strand *last = kept > 0 ? &map->strands[kept - 1] : NULL, *next = &map->strands[i];
        bool twin = last != NULL && same_ends(last, next) && last->mode == next->mode;
        if (twin && last->from_ix == next->from_ix)
            last->tonnes += next->tonnes;
        else
            map->strands[kept++] = *next;
    }
    size_t all = kept;
    kept = 0;
    for (size_t i = 0; i < all; i++) {
        ms_strand *next = &map->strands[i], *last = kept > 0 ? &map->strands[kept - 1] : NULL;
        bool twin = last != NULL && same_ends(last, next) && last->mode == next->mode;
        if (twin && next->tonnes <= 0.0)
            continue;
        if (twin && last->tonnes <= 0.0)
            *last = *next;
        else
            map->strands[kept++] = *next;
    }
    map->strand_count = kept;
}

static void assign_slots(ms_map *map)
{
    for (size_t i = 0, end; i < map->strand_count; i = end) {
        for (end = i + 1; end < map->strand_count && same_ends(&map->strands[i], &map->strands[end]);)
            end++;
        for (size_t s = i; s < end; s++) {
            map->strands[s].slot = (int)(s - i);
            map->strands[s].slots = (int)(end - i);
        }
    }
}

static void measure_plan(ms_map *map, double *lane_t)
{
    const ms_plan *plan = map->plan;
    const ms_case *kase = map->kase;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *m = &plan->movements[i];
        double tonnes = m->quantity * ms_item_t_per_unit(&kase->items[m->item_ix]);
        lane_t[m->lane_ix] += tonnes;
        map->weight[kase->lanes[m->lane_ix].from_ix] += tonnes;
        map->weight[kase->lanes[m->lane_ix].to_ix] += tonnes;
    }
    for (size_t i = 0; i < plan->shortfall_count; i++) {
        const ms_shortfall *s = &plan->shortfalls[i];
        if (s->kind != MS_SHORT_DEMAND || !ms_report_falls_short(plan, s))
            continue;
        const ms_demand *demand = &kase->demands[s->row_ix];
        const ms_item *item = &kase->items[demand->item_ix];
        double tonnes = s->quantity * ms_item_t_per_unit(item);
        /* A backlog counts at its highest, not once a period. */
        bool same = i > 0 && s[-1].kind == s->kind && s[-1].row_ix == s->row_ix;
        double before = item->backorder && same ? s[-1].quantity * ms_item_t_per_unit(item) : 0.0;
        map->short_t[demand->site_ix] += fmax(0.0, tonnes - before);
    }
    for (int32_t n = 0; n < kase->sites_count; n++)
        map->short_t[n] = map->short_t[n] < 1e-3 ? 0.0 : map->short_t[n];
}

static bool make_strands(ms_map *map)
{
    const ms_case *kase = map->kase;
    size_t lanes = (size_t)kase->lanes_count;
    double *lane_t = ms_arena_alloc(map->arena, lanes + 1, sizeof *lane_t);
    map->strands = ms_arena_alloc(map->arena, lanes + 1, sizeof *map->strands);
    if (lane_t == NULL || map->strands == NULL)
        return false;
    if (map->plan != NULL)
        measure_plan(map, lane_t);
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        const ms_lane *lane = &kase->lanes[a];
        if (map->plan == NULL) {
            map->weight[lane->from_ix] += 1.0;
            map->weight[lane->to_ix] += 1.0;
        }
        if (shown(map, lane->from_ix) && shown(map, lane->to_ix))
            map->strands[map->strand_count++] = (ms_strand){lane->from_ix, lane->to_ix, lane->mode, lane_t[a], 0, 1};
    }
    qsort(map->strands, map->strand_count, sizeof *map->strands, by_ends);
    merge_strands(map);
    assign_slots(map);
    qsort(map->strands, map->strand_count, sizeof *map->strands, by_tonnes);
    if (map->strand_count > 0)
        map->most_t = map->strands[map->strand_count - 1].tonnes;
    return true;
}

ms_status ms_map_make(ms_map *out, const ms_case *kase, const ms_plan *plan, const ms_map_shape *shape, ms_error *err)
{
    size_t count = (size_t)kase->sites_count + 1;
    ms_map map = {.kase = kase, .plan = plan, .shape = *shape, .arena = ms_arena_new()};
    if (map.arena == NULL)
        return ms_error_memory(err);
    map.at = ms_arena_alloc(map.arena, count, sizeof *map.at);
    map.enlarged = ms_arena_alloc(map.arena, count, sizeof *map.enlarged);
    map.short_t = ms_arena_alloc(map.arena, count, sizeof *map.short_t);
    map.weight = ms_arena_alloc(map.arena, count, sizeof *map.weight);
    bool enough = map.at != NULL && map.enlarged != NULL && map.short_t != NULL && map.weight != NULL &&
                  project(&map) && make_strands(&map);
    ms_status status = enough ? lay_out_panels(&map, err) : ms_error_memory(err);
    if (status == MS_OK)
        *out = map;
    else
        ms_arena_free(map.arena);
    return status;
}

void ms_map_free(ms_map *map)
{
    ms_arena_free(map->arena);
    *map = (ms_map){0};
}
