/* check.c: the rules over several rows, and what follows from rows: demands from forces, contingencies
 * from their events, demands by site. Cost: linear in the rows and in the demands that forces make.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case/reader.h"

enum { DEMANDS_MOST = 5 * 1000 * 1000, CYCLE_BYTES = 400 };

/* ---- forces ---- */

/* Factor rows in the order of their profiles: by_profile[first[p] .. first[p + 1]) are those of profile p. */
typedef struct {
    int32_t *first, *by_profile;
} profile_rows;

static bool profiles_sort(profile_rows *out, ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    const ms_names *profiles = &reader->tables[MS_FILE_FACTORS].names;
    out->first = ms_alloc(profiles->count + 2, sizeof *out->first);
    out->by_profile = ms_alloc((size_t)kase->factors_count, sizeof *out->by_profile);
    if (out->first == NULL || out->by_profile == NULL)
        return false;
    int32_t *next = out->first + 1; /* counts end up one place on; filling moves each to its end */
    for (int32_t ix = 0; ix < kase->factors_count; ix++) {
        int32_t p = ms_names_find(profiles, kase->factors[ix].profile, strlen(kase->factors[ix].profile));
        if (p >= 0)
            next[p + 1]++;
    }
    for (size_t p = 1; p <= profiles->count; p++)
        next[p] += next[p - 1];
    for (int32_t ix = 0; ix < kase->factors_count; ix++) {
        int32_t p = ms_names_find(profiles, kase->factors[ix].profile, strlen(kase->factors[ix].profile));
        if (p >= 0)
            out->by_profile[next[p]++] = ix;
    }
    return true;
}

static bool demand_add(ms_reader *reader, size_t *capacity, const ms_demand *demand)
{
    ms_case *kase = reader->kase;
    int32_t ix;
    bool fresh;
    void *demands = kase->demands;
    if (!ms_grow(&demands, capacity, (size_t)kase->demands_count + 1, sizeof *kase->demands))
        return false;
    kase->demands = demands;
    if (!ms_names_add(&kase->demand_names, demand->id, &ix, &fresh))
        return false;
    if (fresh) /* not fresh only where a force is twice in a broken case */
        kase->demands[kase->demands_count++] = *demand;
    return true;
}

static bool expand(ms_reader *reader, size_t *capacity, int32_t force_ix, const ms_factor *factor)
{
    const ms_case *kase = reader->kase;
    const ms_force *force = &kase->forces[force_ix];
    const ms_item *item = &kase->items[factor->item_ix];
    ms_demand demand = {.site_ix = force->site_ix,
                        .item_ix = factor->item_ix,
                        .partner_ix = force->partner_ix,
                        .force_ix = force_ix,
                        .from_day = force->from_day,
                        .to_day = force->to_day,
                        .per_day = force->persons * factor->per_person_per_day,
                        .priority = force->priority};
    if (demand.per_day > MS_CASE_MAGNITUDE || demand.per_day * ms_item_t_per_unit(item) > MS_CASE_MAGNITUDE) {
        ms_reader_note(reader, MS_FINDING_ERROR, MS_FILE_FORCES, force_ix, "persons",
                       "the force wants more than 1e12 of \"%s\" a day; check persons, and the factors of \"%s\"",
                       item->id, force->profile);
        return reader->failure == MS_OK;
    }
    size_t length = strlen(force->id) + 1 + strlen(item->id);
    char *id = ms_arena_alloc(reader->arena, length + 1, 1);
    if (id == NULL)
        return false;
    snprintf(id, length + 1, "%s/%s", force->id, item->id);
    demand.id = id;
    return demand_add(reader, capacity, &demand);
}

static bool expand_all(ms_reader *reader, const profile_rows *rows)
{
    ms_case *kase = reader->kase;
    const ms_names *profiles = &reader->tables[MS_FILE_FACTORS].names;
    size_t capacity = reader->tables[MS_FILE_DEMANDS].row_capacity;
    for (int32_t f = 0; f < kase->forces_count; f++) {
        const ms_force *force = &kase->forces[f];
        int32_t p = ms_names_find(profiles, force->profile, strlen(force->profile));
        if (p < 0 || force->site_ix == MS_NONE)
            continue;
        if (kase->demands_count > DEMANDS_MOST - (rows->first[p + 1] - rows->first[p])) {
            ms_reader_note(reader, MS_FINDING_ERROR, MS_FILE_FORCES, f, "profile",
                           "with this force the case has more than %d demands; use fewer forces or shorter profiles",
                           DEMANDS_MOST);
            return true;
        }
        for (int32_t at = rows->first[p]; at < rows->first[p + 1]; at++) {
            const ms_factor *factor = &kase->factors[rows->by_profile[at]];
            if (factor->item_ix != MS_NONE && !expand(reader, &capacity, f, factor))
                return false;
        }
    }
    return true;
}

void ms_check_expand_forces(ms_reader *reader)
{
    profile_rows rows = {NULL, NULL};
    if (reader->kase->forces_count == 0)
        return;
    if (!profiles_sort(&rows, reader) || !expand_all(reader, &rows))
        ms_reader_no_memory(reader);
    ms_free(rows.first);
    ms_free(rows.by_profile);
}

/* ---- substitutes ---- */

/* A walk from item to substitute that comes back to an item on the way closes a cycle. */
typedef struct {
    ms_reader *reader;
    int32_t *first, *rows; /* rows of substitutes.csv by item */
    int32_t *next;         /* by item: the row to follow next */
    uint8_t *state;        /* by item: 0 unseen, 1 on the way, 2 done */
    int32_t *way;          /* the items on the way */
} cycle_search;

static void complain_cycle(const cycle_search *in, int32_t depth, int32_t row)
{
    const ms_case *kase = in->reader->kase;
    char text[CYCLE_BYTES] = "";
    size_t used = 0;
    int32_t back = kase->substitutes[row].substitute_ix, at = depth;
    while (in->way[at] != back)
        at--;
    for (; at <= depth && used < sizeof text; at++)
        used += (size_t)snprintf(text + used, sizeof text - used, "\"%s\", ", kase->items[in->way[at]].id);
    if (used < sizeof text)
        snprintf(text + used, sizeof text - used, "\"%s\"", kase->items[back].id);
    else
        snprintf(text + sizeof text - 8, 8, "...");
    ms_reader_note(in->reader, MS_FINDING_ERROR, MS_FILE_SUBSTITUTES, row, "substitute",
                   "substitutes go in a circle: %s; delete one of these rows", text);
}

static void walk(const cycle_search *in, int32_t start)
{
    const ms_case *kase = in->reader->kase;
    int32_t depth = 0;
    in->way[0] = start;
    in->state[start] = 1;
    while (depth >= 0) {
        int32_t item = in->way[depth];
        if (in->next[item] == in->first[item + 1]) {
            in->state[item] = 2;
            depth--;
            continue;
        }
        int32_t row = in->rows[in->next[item]++];
        int32_t to = kase->substitutes[row].substitute_ix;
        if (to == MS_NONE || to == item) /* reported with the row */
            continue;
        if (in->state[to] == 1) {
            complain_cycle(in, depth, row);
        } else if (in->state[to] == 0) {
            in->state[to] = 1;
            in->way[++depth] = to;
        }
    }
}

static void check_cycles(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    size_t items = (size_t)kase->items_count, count = (size_t)kase->substitutes_count;
    if (count == 0)
        return;
    cycle_search in = {reader,
                       ms_alloc(items + 1, sizeof(int32_t)),
                       ms_alloc(count, sizeof(int32_t)),
                       ms_alloc(items, sizeof(int32_t)),
                       ms_alloc(items, 1),
                       ms_alloc(items, sizeof(int32_t))};
    if (!in.first || !in.rows || !in.next || !in.state || !in.way) {
        ms_reader_no_memory(reader);
    } else {
        for (size_t row = 0; row < count; row++)
            if (kase->substitutes[row].item_ix != MS_NONE)
                in.first[kase->substitutes[row].item_ix + 1]++;
        for (size_t item = 0; item < items; item++)
            in.first[item + 1] += in.first[item];
        memcpy(in.next, in.first, items * sizeof *in.next);
        for (size_t row = 0; row < count; row++)
            if (kase->substitutes[row].item_ix != MS_NONE)
                in.rows[in.next[kase->substitutes[row].item_ix]++] = (int32_t)row;
        memcpy(in.next, in.first, items * sizeof *in.next);
        for (int32_t item = 0; item < kase->items_count; item++)
            if (in.state[item] == 0)
                walk(&in, item);
    }
    ms_free(in.first);
    ms_free(in.rows);
    ms_free(in.next);
    ms_free(in.state);
    ms_free(in.way);
}

/* ---- contingencies ---- */

static void name_contingency(ms_reader *reader, ms_contingency *contingency, int32_t row)
{
    const ms_event_row *event = &reader->events[row];
    if (event->name[0] == '\0')
        return;
    if (contingency->name == NULL)
        contingency->name = event->name;
    else if (strcmp(contingency->name, event->name) != 0)
        ms_reader_note(reader, MS_FINDING_WARNING, MS_FILE_CONTINGENCIES, row, "name",
                       "\"%s\" has another name in an earlier row; that one is used", contingency->id);
}

/* Rows of one contingency need not stand together in the file: its events do, in the order of the rows. */
static bool group_events(ms_reader *reader)
{
    ms_case *kase = reader->kase;
    const ms_names *names = &kase->contingency_names;
    int32_t rows = reader->tables[MS_FILE_CONTINGENCIES].row_count;
    kase->contingencies = ms_alloc(names->count, sizeof *kase->contingencies);
    kase->events = ms_alloc((size_t)rows, sizeof *kase->events);
    if (kase->contingencies == NULL || kase->events == NULL)
        return false;
    kase->contingencies_count = (int32_t)names->count;
    kase->events_count = rows;
    for (int32_t row = 0; row < rows; row++) {
        const char *id = reader->events[row].contingency;
        ms_contingency *contingency = &kase->contingencies[ms_names_find(names, id, strlen(id))];
        if (contingency->event_count++ == 0)
            contingency->chance = reader->events[row].chance;
        contingency->id = id;
        name_contingency(reader, contingency, row);
    }
    int32_t first = 0;
    for (int32_t c = 0; c < kase->contingencies_count; c++) {
        ms_contingency *contingency = &kase->contingencies[c];
        if (contingency->name == NULL)
            contingency->name = contingency->id;
        contingency->first_event = first;
        first += contingency->event_count;
        contingency->event_count = 0; /* counted again below, as the events fill in */
    }
    for (int32_t row = 0; row < rows; row++) {
        const ms_event_row *event = &reader->events[row];
        int32_t c = ms_names_find(names, event->contingency, strlen(event->contingency));
        ms_contingency *contingency = &kase->contingencies[c];
        kase->events[contingency->first_event + contingency->event_count++] = (ms_event){
            c, event->from_day, event->to_day, event->what, event->which, event->effect, event->amount};
    }
    return true;
}

/* ---- demands by site ---- */

static bool index_demands(ms_case *kase)
{
    size_t sites = (size_t)kase->sites_count;
    int32_t *start = ms_alloc(sites + 2, sizeof *start);
    int32_t *order = ms_alloc((size_t)kase->demands_count, sizeof *order);
    kase->site_demand_start = start;
    kase->site_demands = order;
    if (start == NULL || order == NULL)
        return false;
    /* Counts stand two places on, so that filling, which moves each start to its end, leaves them one
     * place on: right. */
    for (int32_t ix = 0; ix < kase->demands_count; ix++)
        if (kase->demands[ix].site_ix != MS_NONE)
            start[kase->demands[ix].site_ix + 2]++;
    for (size_t n = 2; n <= sites + 1; n++)
        start[n] += start[n - 1];
    for (int32_t ix = 0; ix < kase->demands_count; ix++)
        if (kase->demands[ix].site_ix != MS_NONE)
            order[start[kase->demands[ix].site_ix + 1]++] = ix;
    return true;
}

void ms_check_case(ms_reader *reader)
{
    ms_case *kase = reader->kase;
    check_cycles(reader);
    for (int32_t ix = 0; ix < kase->fleets_count; ix++)
        if ((int)kase->fleets[ix].mode == MS_NONE)
            kase->fleets[ix].mode = MS_MODE_ROAD; /* no lane draws on it: any will do */
    if (reader->failure == MS_OK && ms_reader_is_clean(reader) && (!group_events(reader) || !index_demands(kase)))
        ms_reader_no_memory(reader);
}
