/* bottleneck.c: prices, which are weighted tonnes, turned back into tonnes of a priority.
 *
 * The price of a limit in one period says what one more tonne there is worth: near W(p) when it lets one more tonne of
 * priority p through (docs/model.md, Weights), a multiple of it when that tonne would otherwise be owed for several
 * days, a part of it for a fleet, whose tonne is away for several days. So each price counts as price / W(p) tonnes of
 * the most urgent p whose weight it reaches, at least by half, or of the least urgent: as good as so many tonnes of
 * that priority. What is within reach of transport cost alone (a tenth of kappa) counts for nothing. `explain` verifies
 * by planning again. */
#include "report/bottleneck.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/words.h"

enum { LIMIT, KIND, ID, BINDS, FROM, TO, PERIODS, PER, SAVES, PRIORITY, WORTH };

static const ms_column columns[] = {
    [LIMIT] = {NULL, "limit", NULL, MS_COLUMN_TEXT, 1},
    [KIND] = {"kind", NULL, NULL, MS_COLUMN_TEXT, 0},
    [ID] = {"limit", NULL, NULL, MS_COLUMN_TEXT, 0},
    [BINDS] = {NULL, "binds", NULL, MS_COLUMN_TEXT, 2},
    [FROM] = {"from_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [TO] = {"to_day", NULL, NULL, MS_COLUMN_DAY, 0},
    [PERIODS] = {"binding_periods", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [PER] = {"one_more_t", "one t more", NULL, MS_COLUMN_TEXT, 3},
    [SAVES] = {"saves_t", "saves", "t", MS_COLUMN_NUMBER, 0},
    [PRIORITY] = {"saves_priority", "priority", NULL, MS_COLUMN_WHOLE, 0},
    [WORTH] = {"worth", NULL, NULL, MS_COLUMN_NUMBER, 0},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* What one more tonne saves: weighted tonnes by priority's rank. */
typedef struct {
    double worth[MS_PRIORITY_COUNT];
} saving;

static double weight_of(const ms_plan *plan, int rank)
{
    return pow(plan->ratio_used, plan->priority_count - 1 - rank);
}

/* kappa of docs/model.md. */
static double least_criticality(const ms_case *kase)
{
    double least = INFINITY;
    for (int32_t j = 0; j < kase->demands_count; j++)
        least = fmin(least, kase->items[kase->demands[j].item_ix].criticality);
    for (int32_t r = 0; r < kase->reserves_count; r++)
        least = fmin(least, kase->items[kase->reserves[r].item_ix].criticality);
    return isinf(least) ? 1.0 : least;
}

static int label_of(ms_cause_kind kind)
{
    switch (kind) {
    case MS_CAUSE_LANE:
        return 3;
    case MS_CAUSE_HANDLING:
        return 4;
    case MS_CAUSE_STORAGE:
        return 5;
    case MS_CAUSE_FLEET:
        return 6;
    case MS_CAUSE_AGREEMENT:
        return 7;
    case MS_CAUSE_RESERVE:
        return 8;
    default:
        return 0;
    }
}

/* First price of (label, row); prices are sorted by them. */
static size_t first_price(const ms_plan *plan, int label, int32_t row_ix)
{
    size_t low = 0, high = plan->price_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ms_price *p = &plan->prices[middle];
        if (p->label < label || (p->label == label && p->row_ix < row_ix))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static saving saving_of(const ms_bottleneck *row, const ms_plan *plan)
{
    saving sum = {{0}};
    double least = 0.11 * least_criticality(plan->kase);
    int label = label_of(row->kind);
    for (size_t i = first_price(plan, label, row->row_ix);
         label > 0 && i < plan->price_count && plan->prices[i].label == label && plan->prices[i].row_ix == row->row_ix;
         i++) {
        double price = plan->prices[i].price;
        int rank = 0;
        while (rank + 1 < plan->priority_count && price < 0.5 * weight_of(plan, rank))
            rank++;
        if (price > least)
            sum.worth[rank] += price;
    }
    return sum;
}

/* The rank that most of the saving serves; -1 when it only saves cost. */
static int leading_rank(const saving *sum, int count)
{
    int best = -1;
    for (int r = 0; r < count; r++)
        if (sum->worth[r] > (best < 0 ? 0.0 : sum->worth[best]))
            best = r;
    return best;
}

ms_saving ms_bottleneck_saving(const ms_bottleneck *row, const ms_plan *plan)
{
    bool flow = row->kind == MS_CAUSE_LANE || row->kind == MS_CAUSE_HANDLING;
    double per_day = flow ? plan->kase->period_days : 1.0; /* a tonne a day is this many tonnes a period */
    saving sum = saving_of(row, plan);
    int rank = leading_rank(&sum, plan->priority_count);
    if (rank < 0)
        return (ms_saving){0.0, 0};
    return (ms_saving){sum.worth[rank] * per_day / weight_of(plan, rank), plan->priorities[rank]};
}

static const char *id_of(const ms_case *kase, const ms_bottleneck *row)
{
    switch (row->kind) {
    case MS_CAUSE_LANE:
        return kase->lanes[row->row_ix].id;
    case MS_CAUSE_HANDLING:
    case MS_CAUSE_STORAGE:
        return kase->sites[row->row_ix].id;
    case MS_CAUSE_FLEET:
        return kase->fleets[row->row_ix].id;
    case MS_CAUSE_AGREEMENT:
        return kase->agreements[row->row_ix].id;
    case MS_CAUSE_RESERVE:
        return kase->sites[kase->reserves[row->row_ix].site_ix].id;
    default:
        return "";
    }
}

static const char *per_words(ms_cause_kind kind)
{
    switch (kind) {
    case MS_CAUSE_LANE:
    case MS_CAUSE_HANDLING:
        return "a day";
    case MS_CAUSE_STORAGE:
        return "of room";
    case MS_CAUSE_FLEET:
        return "under way";
    case MS_CAUSE_RESERVE:
        return "released";
    default:
        return "in all";
    }
}

static void put_binds(ms_buf *out, const ms_case *kase, const ms_bottleneck *row, const char *to)
{
    char number[MS_NUMBER_BYTES];
    int span = row->last_period - row->first_period + 1;
    if (row->kind == MS_CAUSE_AGREEMENT || span <= 0)
        return;
    ms_buf_printf(out, "day %s", ms_number_short(number, ms_table_tidy(row->first_period * kase->period_days)));
    if (span > 1)
        ms_buf_printf(out, "%s%s", to, ms_number_short(number, ms_table_tidy(row->last_period * kase->period_days)));
    if (row->binding_count < span)
        ms_buf_printf(out, ", %d of %d", row->binding_count, span);
}

static bool fill_row(ms_table *table, const ms_bottleneck *row, const ms_plan *plan, const char *arrow, const char *to,
                     bool all)
{
    const ms_case *kase = plan->kase;
    ms_saving sum = ms_bottleneck_saving(row, plan);
    if (sum.priority == 0 && !all)
        return false;
    ms_buf text = {0};
    ms_table_row(table);
    ms_words_limit(&text, kase, row->kind, row->row_ix, arrow);
    ms_table_text(table, LIMIT, ms_words_of(&text));
    ms_table_text(table, KIND, ms_words_cause_kind(row->kind));
    ms_table_text(table, ID, id_of(kase, row));
    ms_buf_reset(&text);
    put_binds(&text, kase, row, to);
    ms_table_text(table, BINDS, ms_words_of(&text));
    if (row->kind != MS_CAUSE_AGREEMENT) {
        ms_table_number(table, FROM, row->first_period * kase->period_days);
        ms_table_number(table, TO, (row->last_period + 1) * kase->period_days);
    }
    ms_table_number(table, PERIODS, row->binding_count);
    ms_table_text(table, PER, per_words(row->kind));
    ms_table_number(table, WORTH, row->worth);
    if (sum.priority > 0) {
        ms_table_number(table, SAVES, sum.tonnes);
        ms_table_number(table, PRIORITY, sum.priority);
    }
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
    return true;
}

void ms_bottlenecks_print(const ms_bottleneck *rows, size_t count, const ms_plan *plan, const ms_pen *pen, size_t most)
{
    ms_table table;
    size_t more = 0;
    ms_table_start(&table, columns, COLUMNS);
    for (size_t i = 0; i < count; i++) {
        if (table.row_count < most)
            fill_row(&table, &rows[i], plan, ms_pen_glyph(pen, MS_GLYPH_ARROW), ms_pen_glyph(pen, MS_GLYPH_TO), false);
        else
            more++;
    }
    if (table.row_count > 0) {
        ms_pen_heading(pen, "BOTTLENECKS", "and what one more tonne through each would save");
        ms_table_print(&table, pen, 0);
        ms_buf note = {0};
        if (more > 0) {
            ms_words_count(&note, more, "more limit binds", "more limits bind");
            ms_buf_text(&note, ". ");
        }
        ms_buf_text(&note, "By the plan's prices: worth as much as so many tonnes of that priority.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&note));
        pen->out->failed = pen->out->failed || note.failed;
        ms_buf_free(&note);
    }
    pen->out->failed = pen->out->failed || table.failed;
    ms_table_free(&table);
}

void ms_bottlenecks_json(const ms_bottleneck *rows, size_t count, const ms_plan *plan, ms_json *json)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    for (size_t i = 0; i < count; i++)
        fill_row(&table, &rows[i], plan, "", "-", true);
    ms_table_json(&table, json, "bottlenecks");
    ms_table_free(&table);
}
