/* odd.c: warnings: what can be planned but is hardly meant. They run on a case without errors.
 *
 * The search for what nobody can reach goes once from the sites that hold an item along the lanes that
 * carry it, for each item wanted and each of its substitutes. Cost: items wanted x lanes reached, within a
 * budget; agreements and time are left aside, so what it reports is out of reach whatever else changes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "case/reader.h"

static const double ABSURD_CELLS = 5e8, TIMES_NEIGHBOURS = 1000, WEIGHT_SPAN = 1e8;
enum { NEIGHBOURS_LEAST = 4 };

/* ---- the case as a whole ---- */

static void odd_priorities(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    bool used[MS_PRIORITY_COUNT + 1] = {false};
    int count = 0, line = 1, column = 1;
    char ratio[MS_NUMBER_BYTES], capped[MS_NUMBER_BYTES];
    for (int32_t ix = 0; ix < kase->demands_count; ix++)
        used[kase->demands[ix].priority] = true;
    for (int32_t ix = 0; ix < kase->reserves_count; ix++)
        used[kase->reserves[ix].priority] = true;
    for (int priority = 1; priority <= MS_PRIORITY_COUNT; priority++)
        count += used[priority];
    if (count < 2 || pow(kase->priority_ratio, count - 1) <= WEIGHT_SPAN)
        return;
    const ms_case_file *file = reader->tables[MS_FILE_CASE].source;
    ms_json_locate(file->bytes, file->length, "priority_ratio", &line, &column);
    ms_reader_complain_at(reader, MS_FINDING_WARNING, file->name, line, column,
                          "%d priorities, each %s times the next, span more than 1e8; the ratio used will be %s", count,
                          ms_number_text(ratio, kase->priority_ratio),
                          ms_number_short(capped, pow(WEIGHT_SPAN, 1.0 / (count - 1))));
}

static void odd_size(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    double places = (double)kase->sites_count + (double)kase->lanes_count;
    double cells = places * (double)kase->items_count * (double)kase->period_count;
    char text[MS_NUMBER_BYTES];
    if (cells > ABSURD_CELLS)
        ms_reader_complain_at(reader, MS_FINDING_WARNING, "case.json", 1, 1,
                              "sites and lanes x items x periods make %s; plan fewer days, or longer periods",
                              ms_number_short(text, cells));
}

static void odd_whole(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    double end = kase->period_count * kase->period_days;
    char days[MS_NUMBER_BYTES], last[MS_NUMBER_BYTES];
    int line = 1, column = 1;
    const ms_case_file *file = reader->tables[MS_FILE_CASE].source;
    ms_json_locate(file->bytes, file->length, "days", &line, &column);
    if (end > kase->days + 1e-6)
        ms_reader_complain_at(reader, MS_FINDING_WARNING, file->name, line, column,
                              "%s days are not a whole number of periods; the last one runs on to day %s",
                              ms_number_text(days, kase->days), ms_number_short(last, end));
    if (kase->demands_count == 0)
        ms_reader_complain_at(reader, MS_FINDING_WARNING,
                              reader->tables[MS_FILE_DEMANDS].source == NULL ? file->name : "demands.csv", 1, 1,
                              "the case has no demand; add demands.csv, or forces.csv with factors.csv");
    odd_priorities(reader);
    odd_size(reader);
}

/* ---- limits ---- */

static void odd_storage(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    double *load_t = ms_alloc((size_t)kase->sites_count, sizeof *load_t);
    char held[MS_NUMBER_BYTES], limit[MS_NUMBER_BYTES];
    if (load_t == NULL) {
        ms_reader_no_memory(reader);
        return;
    }
    for (int32_t ix = 0; ix < kase->stocks_count; ix++)
        load_t[kase->stocks[ix].site_ix] += kase->stocks[ix].quantity *
                                            ms_item_t_per_unit(&kase->items[kase->stocks[ix].item_ix]);
    for (int32_t n = 0; n < kase->sites_count; n++)
        if (load_t[n] > kase->sites[n].storage_t * (1 + 1e-9))
            ms_reader_note(reader, MS_FINDING_WARNING, MS_FILE_SITES, n, "storage_t",
                           "\"%s\" holds %s t at the start and may store %s t; nothing comes in until it is drawn down",
                           kase->sites[n].id, ms_number_grouped(held, load_t[n], 1),
                           ms_number_grouped(limit, kase->sites[n].storage_t, 1));
    ms_free(load_t);
}

static int number_order(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void compare_capacities(ms_reader *reader, ms_mode mode, double *sorted)
{
    const ms_case *kase = reader->kase;
    size_t count = 0;
    char own[MS_NUMBER_BYTES], usual[MS_NUMBER_BYTES];
    for (int32_t a = 0; a < kase->lanes_count; a++)
        if (kase->lanes[a].mode == mode && isfinite(kase->lanes[a].capacity_t_per_day) &&
            kase->lanes[a].capacity_t_per_day > 0)
            sorted[count++] = kase->lanes[a].capacity_t_per_day;
    if (count < NEIGHBOURS_LEAST)
        return;
    qsort(sorted, count, sizeof *sorted, number_order);
    double median = sorted[count / 2];
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        double capacity = kase->lanes[a].capacity_t_per_day;
        if (kase->lanes[a].mode != mode || !isfinite(capacity) || capacity <= 0)
            continue;
        const char *what = capacity >= median * TIMES_NEIGHBOURS   ? "a thousand times or more"
                           : capacity * TIMES_NEIGHBOURS <= median ? "a thousandth or less of"
                                                                   : NULL;
        if (what != NULL)
            ms_reader_note(reader, MS_FINDING_WARNING, MS_FILE_LANES, a, "capacity_t_per_day",
                           "%s t a day is %s what other %s lanes carry (%s); is it in tonnes?",
                           ms_number_short(own, capacity), what, ms_mode_words[mode], ms_number_short(usual, median));
    }
}

static void odd_lanes(ms_reader *reader)
{
    const ms_case *kase = reader->kase;
    double *sorted = ms_alloc((size_t)kase->lanes_count, sizeof *sorted);
    uint8_t *drawn = ms_alloc((size_t)kase->fleets_count, 1);
    if (sorted == NULL || drawn == NULL) {
        ms_reader_no_memory(reader);
    } else {
        for (int mode = 0; mode < MS_MODES; mode++)
            compare_capacities(reader, (ms_mode)mode, sorted);
        for (int32_t a = 0; a < kase->lanes_count; a++)
            if (kase->lanes[a].fleet_ix != MS_NONE)
                drawn[kase->lanes[a].fleet_ix] = 1;
        for (int32_t f = 0; f < kase->fleets_count; f++)
            if (!drawn[f])
                ms_reader_note(reader, MS_FINDING_WARNING, MS_FILE_FLEETS, f, "fleet",
                               "no lane draws on the fleet \"%s\"; name it in lanes.csv, or leave it out",
                               kase->fleets[f].id);
    }
    ms_free(sorted);
    ms_free(drawn);
}

/* ---- what nobody can reach ---- */

/* Rows by a key, as start offsets and row numbers. */
typedef struct {
    int32_t *start, *rows;
} row_index;

typedef struct {
    ms_reader *reader;
    row_index lanes_from;                             /* by site */
    row_index demands_of;                             /* by item */
    row_index stocks_of, supplies_of, commitments_of; /* by item */
    row_index substitutes_of;                         /* by item */
    int32_t *seen;                                    /* by site: the last search that came here */
    int32_t *reached; /* by site: the last item (+ 1) that can come here, itself or by a substitute */
    int32_t *told;    /* by site: the last item (+ 1) that was reported */
    int32_t *queue;
    int32_t search;
} reach_search;

typedef int32_t (*row_key)(const ms_case *kase, int32_t row);
static int32_t lane_from(const ms_case *kase, int32_t row)
{
    return kase->lanes[row].from_ix;
}
static int32_t demand_item(const ms_case *kase, int32_t row)
{
    return kase->demands[row].item_ix;
}
static int32_t stock_item(const ms_case *kase, int32_t row)
{
    return kase->stocks[row].item_ix;
}
static int32_t supply_item(const ms_case *kase, int32_t row)
{
    return kase->supplies[row].item_ix;
}
static int32_t commitment_item(const ms_case *kase, int32_t row)
{
    return kase->commitments[row].item_ix;
}
static int32_t substitute_item(const ms_case *kase, int32_t row)
{
    return kase->substitutes[row].item_ix;
}

static bool index_rows(row_index *out, const ms_case *kase, int32_t keys, int32_t rows, row_key key)
{
    out->start = ms_alloc((size_t)keys + 2, sizeof *out->start);
    out->rows = ms_alloc((size_t)rows, sizeof *out->rows);
    if (out->start == NULL || out->rows == NULL)
        return false;
    for (int32_t row = 0; row < rows; row++)
        out->start[key(kase, row) + 2]++;
    for (int32_t k = 2; k <= keys + 1; k++)
        out->start[k] += out->start[k - 1];
    for (int32_t row = 0; row < rows; row++)
        out->rows[out->start[key(kase, row) + 1]++] = row;
    return true;
}

static void enter(reach_search *in, int32_t site, int32_t item, int32_t *count)
{
    if (in->seen[site] == in->search)
        return;
    in->seen[site] = in->search;
    in->reached[site] = item + 1;
    in->queue[(*count)++] = site;
}

/* Marks every site that `moved`, which may stand for `item`, can come to. Returns how many sites it starts
 * from. */
static int32_t spread(reach_search *in, int32_t item, int32_t moved)
{
    const ms_case *kase = in->reader->kase;
    int32_t count = 0;
    in->search++;
    for (int32_t at = in->stocks_of.start[moved]; at < in->stocks_of.start[moved + 1]; at++)
        if (kase->stocks[in->stocks_of.rows[at]].quantity > 0)
            enter(in, kase->stocks[in->stocks_of.rows[at]].site_ix, item, &count);
    for (int32_t at = in->supplies_of.start[moved]; at < in->supplies_of.start[moved + 1]; at++)
        if (kase->supplies[in->supplies_of.rows[at]].per_day > 0)
            enter(in, kase->supplies[in->supplies_of.rows[at]].site_ix, item, &count);
    for (int32_t at = in->commitments_of.start[moved]; at < in->commitments_of.start[moved + 1]; at++)
        enter(in, kase->lanes[kase->commitments[in->commitments_of.rows[at]].lane_ix].to_ix, item, &count);
    int32_t sources = count;
    for (int32_t head = 0; head < count; head++) {
        int32_t first = in->lanes_from.start[in->queue[head]], end = in->lanes_from.start[in->queue[head] + 1];
        size_t work = (size_t)(end - first) + 1;
        in->reader->work_left -= work < in->reader->work_left ? work : in->reader->work_left;
        for (int32_t at = first; at < end; at++) {
            const ms_lane *lane = &kase->lanes[in->lanes_from.rows[at]];
            if (lane->capacity_t_per_day > 0 && (lane->carries == NULL || lane->carries[moved]))
                enter(in, lane->to_ix, item, &count);
        }
    }
    return sources;
}

static void report(reach_search *in, int32_t item, int32_t sources)
{
    ms_reader *reader = in->reader;
    const ms_case *kase = reader->kase;
    for (int32_t at = in->demands_of.start[item]; at < in->demands_of.start[item + 1]; at++) {
        int32_t row = in->demands_of.rows[at];
        const ms_demand *demand = &kase->demands[row];
        if (demand->per_day <= 0 || in->reached[demand->site_ix] == item + 1 || in->told[demand->site_ix] == item + 1)
            continue;
        in->told[demand->site_ix] = item + 1;
        ms_file_kind kind = demand->force_ix == MS_NONE ? MS_FILE_DEMANDS : MS_FILE_FORCES;
        int32_t line = demand->force_ix == MS_NONE ? row : demand->force_ix;
        if (sources == 0)
            ms_reader_note(
                reader, MS_FINDING_WARNING, kind, line, "site",
                "nothing can meet the demand for \"%s\" at \"%s\": the case has no stock or supply of it; add some "
                "to stocks.csv or supplies.csv",
                kase->items[item].id, kase->sites[demand->site_ix].id);
        else
            ms_reader_note(
                reader, MS_FINDING_WARNING, kind, line, "site",
                "\"%s\" cannot reach \"%s\" from where it lies or comes in, whatever the agreements; add a lane that "
                "carries it",
                kase->items[item].id, kase->sites[demand->site_ix].id);
    }
}

static void search_items(reach_search *in)
{
    const ms_case *kase = in->reader->kase;
    for (int32_t item = 0; item < kase->items_count && in->reader->work_left > 0; item++) {
        if (in->demands_of.start[item] == in->demands_of.start[item + 1])
            continue;
        int32_t sources = spread(in, item, item);
        for (int32_t at = in->substitutes_of.start[item]; at < in->substitutes_of.start[item + 1]; at++)
            sources += spread(in, item, kase->substitutes[in->substitutes_of.rows[at]].substitute_ix);
        if (in->reader->work_left > 0)
            report(in, item, sources);
    }
}

static bool search_start(reach_search *in)
{
    const ms_case *kase = in->reader->kase;
    size_t sites = (size_t)kase->sites_count;
    in->seen = ms_alloc(sites, sizeof *in->seen);
    in->reached = ms_alloc(sites, sizeof *in->reached);
    in->told = ms_alloc(sites, sizeof *in->told);
    in->queue = ms_alloc(sites, sizeof *in->queue);
    return in->seen && in->reached && in->told && in->queue &&
           index_rows(&in->lanes_from, kase, kase->sites_count, kase->lanes_count, lane_from) &&
           index_rows(&in->demands_of, kase, kase->items_count, kase->demands_count, demand_item) &&
           index_rows(&in->stocks_of, kase, kase->items_count, kase->stocks_count, stock_item) &&
           index_rows(&in->supplies_of, kase, kase->items_count, kase->supplies_count, supply_item) &&
           index_rows(&in->commitments_of, kase, kase->items_count, kase->commitments_count, commitment_item) &&
           index_rows(&in->substitutes_of, kase, kase->items_count, kase->substitutes_count, substitute_item);
}

static void odd_reach(ms_reader *reader)
{
    reach_search in = {.reader = reader};
    if (reader->kase->demands_count == 0)
        return;
    if (search_start(&in))
        search_items(&in);
    else
        ms_reader_no_memory(reader);
    row_index *const indices[] = {&in.lanes_from,  &in.demands_of,     &in.stocks_of,
                                  &in.supplies_of, &in.commitments_of, &in.substitutes_of};
    for (size_t ix = 0; ix < sizeof indices / sizeof indices[0]; ix++) {
        ms_free(indices[ix]->start);
        ms_free(indices[ix]->rows);
    }
    ms_free(in.seen);
    ms_free(in.reached);
    ms_free(in.told);
    ms_free(in.queue);
}

void ms_odd_case(ms_reader *reader)
{
    odd_whole(reader);
    odd_storage(reader);
    odd_lanes(reader);
    odd_reach(reader);
}
