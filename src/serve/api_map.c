/* api_map.c: the case as GeoJSON (RFC 7946), and what a plan moves and holds over time, for maps. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "report/table.h"
#include "serve/api_jobs.h"

/* ---- sites and lanes ---- */

static bool has_place(const ms_site *site)
{
    return !isnan(site->lat) && !isnan(site->lon);
}

static void put_position(ms_json *json, const char *key, const ms_site *site)
{
    ms_json_open_array(json, key);
    ms_json_number(json, NULL, site->lon);
    ms_json_number(json, NULL, site->lat);
    ms_json_close_array(json);
}

static void open_feature(ms_json *json, const char *id)
{
    ms_json_open_object(json, NULL);
    ms_json_string(json, "type", "Feature");
    ms_json_string(json, "id", id);
}

static void put_site(ms_json *json, const ms_case *kase, const ms_site *site)
{
    open_feature(json, site->id);
    if (has_place(site)) {
        ms_json_open_object(json, "geometry");
        ms_json_string(json, "type", "Point");
        put_position(json, "coordinates", site);
        ms_json_close_object(json);
    } else {
        ms_json_string(json, "geometry", NULL);
    }
    ms_json_open_object(json, "properties");
    ms_json_string(json, "site", site->id);
    ms_json_string(json, "name", site->name);
    ms_json_string(json, "kind", ms_site_kind_words[site->kind]);
    ms_json_string(json, "partner", site->partner_ix < 0 ? NULL : kase->partners[site->partner_ix].id);
    ms_json_string(json, "country", site->country);
    ms_json_number(json, "handling_t_per_day", site->handling_t_per_day);
    ms_json_number(json, "storage_t", site->storage_t);
    ms_json_close_object(json);
    ms_json_close_object(json);
}

static void put_lane(ms_json *json, const ms_case *kase, const ms_lane *lane)
{
    const ms_site *from = &kase->sites[lane->from_ix], *to = &kase->sites[lane->to_ix];
    open_feature(json, lane->id);
    if (has_place(from) && has_place(to)) {
        ms_json_open_object(json, "geometry");
        ms_json_string(json, "type", "LineString");
        ms_json_open_array(json, "coordinates");
        put_position(json, NULL, from);
        put_position(json, NULL, to);
        ms_json_close_array(json);
        ms_json_close_object(json);
    } else {
        ms_json_string(json, "geometry", NULL);
    }
    ms_json_open_object(json, "properties");
    ms_json_string(json, "lane", lane->id);
    ms_json_string(json, "from", from->id);
    ms_json_string(json, "to", to->id);
    ms_json_string(json, "mode", ms_mode_words[lane->mode]);
    ms_json_string(json, "partner", lane->partner_ix < 0 ? NULL : kase->partners[lane->partner_ix].id);
    ms_json_string(json, "fleet", lane->fleet_ix < 0 ? NULL : kase->fleets[lane->fleet_ix].id);
    ms_json_number(json, "transit_days", lane->transit_days);
    ms_json_number(json, "capacity_t_per_day", lane->capacity_t_per_day);
    ms_json_close_object(json);
    ms_json_close_object(json);
}

static ms_status put_map(ms_buf *out, const ms_held_case *held, const ms_visit *visit, const ms_view *view,
                         ms_error *err)
{
    ms_json json;
    const ms_case *kase = held->kase;
    (void)visit, (void)view, (void)err;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_string(&json, "type", "FeatureCollection");
    ms_json_open_array(&json, "features");
    for (int32_t n = 0; n < kase->sites_count; n++)
        put_site(&json, kase, &kase->sites[n]);
    for (int32_t a = 0; a < kase->lanes_count; a++)
        put_lane(&json, kase, &kase->lanes[a]);
    ms_json_close_array(&json);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return MS_OK;
}

ms_status ms_api_map(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_case(reply, visit, put_map, err);
}

/* ---- what moves, lies and lacks, by period ---- */

/* Tonnes by row and period. */
typedef struct {
    const ms_plan *plan;
    const char *partner, *class_word; /* NULL: all */
    int priority;                     /* of shortfalls; 0: all */
    double *tonnes;
    int32_t rows;
} amounts;

static bool counts(const amounts *of, int32_t owner_ix, int32_t item_ix)
{
    const ms_case *kase = of->plan->kase;
    const char *owner = owner_ix < 0 ? "" : kase->partners[owner_ix].id;
    return (!of->partner || strcmp(of->partner, owner) == 0) &&
           (!of->class_word || strcmp(of->class_word, ms_class_words[kase->items[item_ix].class_ix]) == 0);
}

static void add(amounts *of, int32_t row, int period, int32_t item_ix, double quantity)
{
    const ms_case *kase = of->plan->kase;
    if (period >= 0 && period < kase->period_count)
        of->tonnes[(size_t)row * (size_t)kase->period_count + (size_t)period] += quantity * ms_item_t_per_unit(
                                                                                                &kase->items[item_ix]);
}

static void add_movements(amounts *of)
{
    for (size_t i = 0; i < of->plan->movement_count; i++) {
        const ms_movement *move = &of->plan->movements[i];
        if (counts(of, move->owner_ix, move->item_ix))
            add(of, move->lane_ix, move->depart, move->item_ix, move->quantity);
    }
}

/* A level holds until the next one of the same site, item and owner. */
static void add_levels(amounts *of)
{
    const ms_plan *plan = of->plan;
    for (size_t i = 0; i < plan->level_count; i++) {
        const ms_level *level = &plan->levels[i], *next = level + 1;
        bool same = i + 1 < plan->level_count && next->site_ix == level->site_ix && next->item_ix == level->item_ix &&
                    next->owner_ix == level->owner_ix;
        int end = same ? next->period : plan->kase->period_count;
        for (int t = level->period; t < end && counts(of, level->owner_ix, level->item_ix); t++)
            add(of, level->site_ix, t, level->item_ix, level->quantity);
    }
}

static void add_shortfalls(amounts *of)
{
    const ms_case *kase = of->plan->kase;
    for (size_t i = 0; i < of->plan->shortfall_count; i++) {
        const ms_shortfall *shortfall = &of->plan->shortfalls[i];
        if (shortfall->kind != MS_SHORT_DEMAND)
            continue;
        const ms_demand *demand = &kase->demands[shortfall->row_ix];
        bool asked = of->priority == 0 || demand->priority == of->priority;
        if (asked && counts(of, demand->partner_ix, demand->item_ix))
            add(of, demand->site_ix, shortfall->period, demand->item_ix, shortfall->quantity);
    }
}

static void put_amounts(ms_json *json, const char *key, const amounts *of, const char *(*id)(const ms_case *, int32_t))
{
    const ms_case *kase = of->plan->kase;
    ms_json_open_object(json, key);
    for (int32_t row = 0; row < of->rows; row++) {
        const double *tonnes = of->tonnes + (size_t)row * (size_t)kase->period_count;
        bool any = false;
        for (int t = 0; t < kase->period_count && !any; t++)
            any = tonnes[t] > 0;
        if (!any)
            continue;
        ms_json_open_array(json, id(kase, row));
        for (int t = 0; t < kase->period_count; t++)
            ms_json_number(json, NULL, ms_table_tidy(tonnes[t]));
        ms_json_close_array(json);
    }
    ms_json_close_object(json);
}

static const char *lane_id(const ms_case *kase, int32_t ix)
{
    return kase->lanes[ix].id;
}

static const char *site_id(const ms_case *kase, int32_t ix)
{
    return kase->sites[ix].id;
}

static ms_status put_amounts_by_period(ms_json *json, amounts *of, ms_error *err)
{
    const struct {
        const char *key;
        void (*add)(amounts *);
        int32_t rows;
        const char *(*id)(const ms_case *, int32_t);
    } parts[] = {{"lanes", add_movements, of->plan->kase->lanes_count, lane_id},
                 {"stock", add_levels, of->plan->kase->sites_count, site_id},
                 {"short", add_shortfalls, of->plan->kase->sites_count, site_id}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        of->rows = parts[i].rows;
        of->tonnes = ms_alloc((size_t)of->rows, (size_t)of->plan->kase->period_count * sizeof *of->tonnes);
        if (!of->tonnes)
            return ms_error_memory(err);
        parts[i].add(of);
        put_amounts(json, parts[i].key, of, parts[i].id);
        ms_free(of->tonnes);
    }
    return MS_OK;
}

static void put_priorities(ms_json *json, const ms_case *kase)
{
    bool there[MS_PRIORITY_COUNT + 1] = {false};
    for (int32_t j = 0; j < kase->demands_count; j++)
        there[kase->demands[j].priority] = true;
    ms_json_open_array(json, "priorities");
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++)
        if (there[priority])
            ms_json_integer(json, NULL, priority);
    ms_json_close_array(json);
}

static ms_status put_flows(ms_buf *out, const ms_plan *plan, const ms_visit *visit, const ms_view *view, ms_error *err)
{
    ms_json json;
    amounts of = {.plan = plan,
                  .partner = ms_visit_text(visit, "partner"),
                  .class_word = ms_visit_text(visit, "class"),
                  .priority = (int)ms_visit_count(visit, "priority", 0)};
    (void)view;
    ms_json_start(&json, out);
    ms_json_open_object(&json, NULL);
    ms_json_integer(&json, "periods", plan->kase->period_count);
    ms_json_number(&json, "period_days", plan->kase->period_days);
    put_priorities(&json, plan->kase);
    ms_status status = put_amounts_by_period(&json, &of, err);
    ms_json_close_object(&json);
    ms_json_finish(&json);
    return status;
}

ms_status ms_api_flows(ms_reply *reply, const ms_visit *visit, ms_error *err)
{
    return ms_reply_of_plan(reply, visit, put_flows, err);
}
