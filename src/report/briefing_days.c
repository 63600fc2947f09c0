/* briefing_days.c: posture, lanes and places over the days. See briefing.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/words.h"

/* ---- use of lanes and places ---- */

static double limit_t(const ms_case *kase, bool of_sites, int32_t ix, int t)
{
    return of_sites ? ms_case_handling_t(kase, ix, t) : ms_case_lane_capacity_t(kase, ix, t);
}

static void add_movements(double *load, ms_use *rows, const ms_plan *plan, bool of_sites)
{
    const ms_case *kase = plan->kase;
    size_t periods = (size_t)kase->period_count;
    for (size_t i = 0; i < plan->movement_count; i++) {
        const ms_movement *move = &plan->movements[i];
        const ms_lane *lane = &kase->lanes[move->lane_ix];
        double t = move->quantity * ms_item_t_per_unit(&kase->items[move->item_ix]);
        bool departs = move->depart >= 0, arrives = move->arrive >= 0 && move->arrive < kase->period_count;
        if (!of_sites) {
            rows[move->lane_ix].tonnes += t;
            if (departs)
                load[(size_t)move->lane_ix * periods + (size_t)move->depart] += t;
            continue;
        }
        if (departs) {
            rows[lane->from_ix].out_t += t;
            load[(size_t)lane->from_ix * periods + (size_t)move->depart] += t;
        }
        if (arrives) {
            rows[lane->to_ix].in_t += t;
            load[(size_t)lane->to_ix * periods + (size_t)move->arrive] += t;
        }
    }
}

/* Turns load, tonnes by period, into shares of the limit; fills in what sums up the row. */
static void weigh(ms_use *row, double *load, const ms_case *kase, bool of_sites)
{
    double used = 0.0, room = 0.0;
    if (of_sites)
        row->tonnes = row->in_t + row->out_t;
    for (int t = 0; t < kase->period_count; t++) {
        double limit = limit_t(kase, of_sites, row->ix, t);
        used += load[t];
        room += limit;
        load[t] = isinf(limit) ? NAN : limit > 0.0 ? fmin(load[t] / limit, 1.0) : 0.0;
        row->full_periods += load[t] >= 0.999;
    }
    row->mean_use = isinf(room) ? NAN : room > 0.0 ? fmin(used / room, 1.0) : 0.0;
}

static int by_tonnes(const void *left, const void *right)
{
    const ms_use *a = left, *b = right;
    if (a->tonnes != b->tonnes)
        return a->tonnes > b->tonnes ? -1 : 1;
    return (a->ix > b->ix) - (a->ix < b->ix);
}

/* Those without a limit come last. */
static int by_use(const void *left, const void *right)
{
    const ms_use *a = left, *b = right;
    double x = isnan(a->mean_use) ? -1.0 : a->mean_use, y = isnan(b->mean_use) ? -1.0 : b->mean_use;
    if (x != y)
        return x > y ? -1 : 1;
    return by_tonnes(left, right);
}

ms_status ms_uses_make(ms_uses *out, const ms_plan *plan, bool of_sites, ms_error *err)
{
    const ms_case *kase = plan->kase;
    size_t count = (size_t)(of_sites ? kase->sites_count : kase->lanes_count), periods = (size_t)kase->period_count;
    ms_use *rows = ms_alloc(count, sizeof *rows);
    double *load = periods == 0 || count <= SIZE_MAX / periods ? ms_alloc(count * periods, sizeof *load) : NULL;
    if (rows == NULL || load == NULL) {
        ms_free(rows);
        ms_free(load);
        return ms_error_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        rows[i].ix = (int32_t)i;
    add_movements(load, rows, plan, of_sites);
    for (size_t i = 0; i < count; i++)
        weigh(&rows[i], &load[i * periods], kase, of_sites);
    qsort(rows, count, sizeof *rows, of_sites ? by_use : by_tonnes);
    *out = (ms_uses){rows, count, load, kase->period_count};
    return MS_OK;
}

void ms_uses_free(ms_uses *uses)
{
    ms_free(uses->rows);
    ms_free(uses->share);
    *uses = (ms_uses){0};
}

/* ---- sections ---- */

static void use_cells(const ms_briefing *b, ms_table *table, const int at[3], const ms_use *use, const ms_uses *uses)
{
    if (!isnan(use->mean_use)) {
        ms_table_number(table, at[0], use->mean_use);
        ms_table_tone(table, at[0], use->mean_use >= 0.95 ? MS_TONE_BAD : MS_TONE_PLAIN);
        ms_table_number(table, at[1], ms_table_tidy(use->full_periods * b->plan->kase->period_days));
        ms_table_spark(table, at[2], &uses->share[(size_t)use->ix * (size_t)uses->periods], uses->periods, 1.0);
    }
}

static void use_columns(const ms_briefing *b, ms_section *section, int at[3])
{
    section->strip = MS_STRIP_SHARES;
    at[0] = ms_section_column(b, section, MS_SAY_MEAN_USE, MS_COLUMN_SHARE);
    at[1] = ms_section_column(b, section, MS_SAY_FULL_DAYS, MS_COLUMN_DAY);
    at[2] = ms_section_column(b, section, MS_SAY_DAY_BY_DAY, MS_COLUMN_SPARK);
    ms_section_rows(section);
}

static void fill_lanes(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    int use[3];
    ms_section *section = ms_section_start(b, MS_SECTION_LANES, MS_SAY_LANES, MS_SAY_LANES_NOTE);
    int from = ms_section_column(b, section, MS_SAY_FROM, MS_COLUMN_TEXT);
    int to = ms_section_column(b, section, MS_SAY_TO, MS_COLUMN_TEXT);
    int mode = ms_section_column(b, section, MS_SAY_MODE, MS_COLUMN_TEXT);
    int carrier = ms_section_column(b, section, MS_SAY_CARRIER, MS_COLUMN_TEXT);
    int tonnes = ms_section_column(b, section, MS_SAY_TONNES, MS_COLUMN_NUMBER);
    use_columns(b, section, use);
    for (size_t i = 0; i < b->lanes.count && b->lanes.rows[i].tonnes > 0.0; i++) {
        const ms_use *row = &b->lanes.rows[i];
        const ms_lane *lane = &kase->lanes[row->ix];
        ms_table_row(&section->table);
        ms_briefing_name(&section->table, from, kase->sites[lane->from_ix].name);
        ms_briefing_name(&section->table, to, kase->sites[lane->to_ix].name);
        ms_table_text(&section->table, mode, ms_say_mode(b->language, lane->mode));
        ms_table_text(&section->table, carrier, ms_say_partner(b->language, kase, lane->partner_ix));
        ms_table_number(&section->table, tonnes, row->tonnes);
        use_cells(b, &section->table, use, row, &b->lanes);
    }
}

static void fill_places(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    int use[3];
    ms_section *section = ms_section_start(b, MS_SECTION_PLACES, MS_SAY_PLACES, MS_SAY_PLACES_NOTE);
    int site = ms_section_column(b, section, MS_SAY_SITE, MS_COLUMN_TEXT);
    int kind = ms_section_column(b, section, MS_SAY_KIND, MS_COLUMN_TEXT);
    int partner = ms_section_column(b, section, MS_SAY_PARTNER, MS_COLUMN_TEXT);
    int in = ms_section_column(b, section, MS_SAY_IN_T, MS_COLUMN_NUMBER);
    int out = ms_section_column(b, section, MS_SAY_OUT_T, MS_COLUMN_NUMBER);
    use_columns(b, section, use);
    for (size_t i = 0; i < b->places.count; i++) {
        const ms_use *row = &b->places.rows[i];
        const ms_site *of = &kase->sites[row->ix];
        if (row->tonnes <= 0.0 || isnan(row->mean_use))
            continue;
        ms_table_row(&section->table);
        ms_briefing_name(&section->table, site, of->name);
        ms_table_text(&section->table, kind, ms_say_site_kind(b->language, of->kind));
        ms_table_text(&section->table, partner, ms_say_partner(b->language, kase, of->partner_ix));
        ms_table_number(&section->table, in, row->in_t);
        ms_table_number(&section->table, out, row->out_t);
        use_cells(b, &section->table, use, row, &b->places);
    }
}

static bool ever_low(const ms_posture *posture, const ms_posture_row *row)
{
    for (int s = 0; s < posture->sample_count; s++)
        if (row->state[s] == MS_STATE_RED || row->state[s] == MS_STATE_AMBER)
            return true;
    return false;
}

/* The states of a row over the days, as numbers. */
static void put_states(ms_table *table, int column, const ms_posture *posture, const ms_posture_row *row)
{
    double *states = ms_alloc((size_t)posture->sample_count, sizeof *states);
    if (states == NULL) {
        table->failed = true;
        return;
    }
    for (int s = 0; s < posture->sample_count; s++)
        states[s] = row->state[s];
    ms_table_spark(table, column, states, posture->sample_count, MS_STATES);
    ms_free(states);
}

static void fill_posture(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_section *section = ms_section_start(b, MS_SECTION_POSTURE, MS_SAY_POSTURE, MS_SAY_POSTURE_NOTE);
    int site = ms_section_column(b, section, MS_SAY_SITE, MS_COLUMN_TEXT);
    int class = ms_section_column(b, section, MS_SAY_CLASS, MS_COLUMN_TEXT);
    int first = ms_section_column(b, section, MS_SAY_FIRST_RED, MS_COLUMN_TEXT);
    int least = ms_section_column(b, section, MS_SAY_LEAST_DAYS, MS_COLUMN_DAY);
    int strip = ms_section_column(b, section, MS_SAY_DAY_BY_DAY, MS_COLUMN_SPARK);
    section->strip = MS_STRIP_STATES;
    ms_section_rows(section);
    for (size_t i = 0; i < b->posture.row_count && section->table.row_count < MS_BRIEFING_POSTURE_ROWS; i++) {
        const ms_posture_row *row = &b->posture.rows[i];
        ms_buf text = {0};
        if (!ever_low(&b->posture, row))
            continue;
        ms_table_row(&section->table);
        ms_briefing_name(&section->table, site, kase->sites[row->site_ix].name);
        ms_say_class(&text, b->language, row->class_ix);
        ms_table_text(&section->table, class, ms_words_of(&text));
        ms_buf_reset(&text);
        if (row->first_red >= 0)
            ms_say_day(&text, b->language, kase, b->posture.sample_period[row->first_red]);
        ms_table_text(&section->table, first, ms_words_of(&text));
        if (isfinite(row->least_days))
            ms_table_number(&section->table, least, row->least_days);
        put_states(&section->table, strip, &b->posture, row);
        section->table.failed = section->table.failed || text.failed;
        ms_buf_free(&text);
    }
}

void ms_briefing_days(ms_briefing *briefing)
{
    fill_posture(briefing);
    fill_lanes(briefing);
    fill_places(briefing);
}
