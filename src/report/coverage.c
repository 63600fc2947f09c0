/* coverage.c: the table of what is met combined and alone. */
#include "report/coverage.h"

#include <string.h>

#include "base/text.h"
#include "report/words.h"

enum {
    WHO,
    PARTNER,
    PRIORITY,
    WANTED,
    ALONE_SHARE,
    MET_SHARE,
    BAR,
    GAIN,
    MET,
    ALONE,
    SHORT,
    ALONE_SHORT,
    LATE,
    ALONE_LATE
};

static const ms_column columns[] = {
    [WHO] = {NULL, "", NULL, MS_COLUMN_TEXT, 0},
    [PARTNER] = {"partner", NULL, NULL, MS_COLUMN_TEXT, 0},
    [PRIORITY] = {"priority", NULL, NULL, MS_COLUMN_WHOLE, 0},
    [WANTED] = {"wanted_t", "wanted", "t", MS_COLUMN_NUMBER, 1},
    [ALONE_SHARE] = {"alone_share", "alone", "%", MS_COLUMN_SHARE, 1},
    [MET_SHARE] = {"met_share", "combined", "%", MS_COLUMN_SHARE, 0},
    [BAR] = {NULL, "", NULL, MS_COLUMN_BAR, 4},
    [GAIN] = {"gained_t", "gained", "t", MS_COLUMN_NUMBER, 3},
    [MET] = {"met_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [ALONE] = {"alone_met_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [SHORT] = {"short_t", "short", "t", MS_COLUMN_NUMBER, 1},
    [ALONE_SHORT] = {"alone_short_t", NULL, NULL, MS_COLUMN_NUMBER, 0},
    [LATE] = {"late_t_days", "late", "t-days", MS_COLUMN_NUMBER, 3},
    [ALONE_LATE] = {"alone_late_t_days", NULL, NULL, MS_COLUMN_NUMBER, 0},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

enum { PRIORITIES_SHOWN_UP_TO = 4, PARTNERS_SHOWN = 12 };

/* ---- sums ---- */

ms_cover ms_coverage_sum(const ms_plan *plan, int32_t partner_ix, int rank)
{
    ms_cover sum = {.alone_t = NAN, .alone_late_t_days = NAN};
    int32_t rows = plan->kase->partners_count + 1;
    for (int32_t p = 0; p < rows; p++) {
        for (int r = 0; r < plan->priority_count; r++) {
            if ((partner_ix != MS_EVERY && p != partner_ix) || (rank != MS_EVERY && r != rank))
                continue;
            const ms_coverage *cell = &plan->coverage[(size_t)p * (size_t)plan->priority_count + (size_t)r];
            sum.wanted_t += cell->wanted_t;
            sum.met_t += cell->met_t;
            sum.late_t_days += cell->owed_t_days;
            if (!plan->has_alone || isnan(cell->alone_met_t))
                continue;
            sum.alone_t = isnan(sum.alone_t) ? cell->alone_met_t : sum.alone_t + cell->alone_met_t;
            double late = isnan(cell->alone_owed_t_days) ? 0.0 : cell->alone_owed_t_days;
            sum.alone_late_t_days = isnan(sum.alone_late_t_days) ? late : sum.alone_late_t_days + late;
        }
    }
    return sum;
}

/* Sums of many roundings must not look like a shortfall of a gram. */
static double share_of(double part_t, double whole_t)
{
    return whole_t <= 0.0 || whole_t - part_t < 1e-6 + 1e-9 * whole_t ? 1.0 : part_t / whole_t;
}

double ms_cover_share(const ms_cover *cover)
{
    return share_of(cover->met_t, cover->wanted_t);
}

double ms_cover_alone_share(const ms_cover *cover)
{
    return isnan(cover->alone_t) ? NAN : share_of(cover->alone_t, cover->wanted_t);
}

/* ---- rows ---- */

static void fill_row(ms_table *table, const ms_plan *plan, int32_t partner_ix, int rank, const char *who)
{
    ms_cover cover = ms_coverage_sum(plan, partner_ix, rank);
    double share = ms_cover_share(&cover), alone_share = ms_cover_alone_share(&cover);
    double short_t = share >= 1.0 ? 0.0 : cover.wanted_t - cover.met_t;
    ms_table_row(table);
    ms_table_text(table, WHO, who);
    if (partner_ix == MS_EVERY)
        ms_table_text(table, PARTNER, "*");
    else if (partner_ix < plan->kase->partners_count)
        ms_table_text(table, PARTNER, plan->kase->partners[partner_ix].id);
    if (rank != MS_EVERY)
        ms_table_number(table, PRIORITY, plan->priorities[rank]);
    ms_table_number(table, WANTED, cover.wanted_t);
    ms_table_number(table, MET, cover.met_t);
    ms_table_number(table, SHORT, short_t);
    ms_table_number(table, MET_SHARE, share);
    ms_table_bar(table, BAR, isnan(alone_share) ? share : alone_share, share);
    if (cover.late_t_days > 0.0)
        ms_table_number(table, LATE, cover.late_t_days);
    ms_table_tone(table, MET_SHARE, share >= 1.0 ? MS_TONE_GOOD : share >= 0.9 ? MS_TONE_PLAIN : MS_TONE_FAIR);
    if (short_t > 0.0)
        ms_table_tone(table, SHORT, rank == 0 ? MS_TONE_BAD : MS_TONE_PLAIN);
    if (isnan(alone_share))
        return;
    ms_table_number(table, ALONE_SHARE, alone_share);
    ms_table_number(table, GAIN, cover.met_t - cover.alone_t);
    ms_table_number(table, ALONE, cover.alone_t);
    ms_table_number(table, ALONE_SHORT, cover.wanted_t - cover.alone_t);
    ms_table_number(table, ALONE_LATE, cover.alone_late_t_days);
}

static bool wants(const ms_plan *plan, int32_t partner_ix, int rank)
{
    return ms_coverage_sum(plan, partner_ix, rank).wanted_t > 0.0;
}

/* A line for who, and one for each of its priorities. */
static void fill_section(ms_table *table, const ms_plan *plan, int32_t partner_ix, const char *who, bool priorities,
                         bool rule)
{
    fill_row(table, plan, partner_ix, MS_EVERY, who);
    ms_table_tone(table, WHO, MS_TONE_STRONG);
    if (rule)
        ms_table_rule(table);
    for (int r = 0; priorities && r < plan->priority_count; r++) {
        if (!wants(plan, partner_ix, r))
            continue;
        ms_buf name = {0};
        ms_buf_printf(&name, "  priority %d", plan->priorities[r]);
        fill_row(table, plan, partner_ix, r, ms_words_of(&name));
        table->failed = table->failed || name.failed;
        ms_buf_free(&name);
    }
}

static const char *who_is(const ms_case *kase, int32_t partner_ix)
{
    return partner_ix < kase->partners_count ? kase->partners[partner_ix].id : "nobody's";
}

/* ---- the three ways out ---- */

void ms_coverage_print(const ms_plan *plan, const ms_pen *pen)
{
    const ms_case *kase = plan->kase;
    ms_buf note = {0};
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    int32_t shown = 0, left_out = 0;
    fill_section(&table, plan, MS_EVERY, "everyone", true, false);
    bool priorities = kase->partners_count <= PRIORITIES_SHOWN_UP_TO;
    for (int32_t p = 0; p <= kase->partners_count; p++) {
        if (!wants(plan, p, MS_EVERY))
            continue;
        if (shown == PARTNERS_SHOWN) {
            left_out++;
            continue;
        }
        fill_section(&table, plan, p, who_is(kase, p), priorities, priorities || shown == 0);
        shown++;
    }
    if (plan->has_alone)
        ms_buf_printf(&note, "met:  %s alone   %s gained together   %s still short", ms_pen_glyph(pen, MS_GLYPH_OWN),
                      ms_pen_glyph(pen, MS_GLYPH_GAIN), ms_pen_glyph(pen, MS_GLYPH_MISS));
    ms_pen_heading(pen, plan->has_alone ? "COMBINED AND ALONE" : "WHAT IS MET", ms_words_of(&note));
    ms_table_print(&table, pen, 0);
    if (left_out > 0) {
        ms_buf_reset(&note);
        ms_words_count(&note, (size_t)left_out, "more partner", "more partners");
        ms_buf_text(&note, ": --csv lists all.");
        ms_pen_paragraph(pen, MS_TONE_FAINT, 0, 0, ms_words_of(&note));
    }
    pen->out->failed = pen->out->failed || note.failed;
    ms_table_free(&table);
    ms_buf_free(&note);
}

static void fill_cells(ms_table *table, const ms_plan *plan)
{
    for (int32_t p = 0; p <= plan->kase->partners_count; p++)
        for (int r = 0; r < plan->priority_count; r++)
            if (wants(plan, p, r))
                fill_row(table, plan, p, r, NULL);
}

void ms_coverage_csv(const ms_plan *plan, ms_buf *out)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    fill_cells(&table, plan);
    ms_table_csv_head(&table, out);
    ms_table_csv_rows(&table, out);
    ms_table_free(&table);
}

void ms_coverage_json(const ms_plan *plan, ms_json *json)
{
    ms_table table;
    ms_table_start(&table, columns, COLUMNS);
    fill_row(&table, plan, MS_EVERY, MS_EVERY, NULL);
    ms_table_json(&table, json, "total");
    ms_table_clear(&table);
    for (int r = 0; r < plan->priority_count; r++)
        fill_row(&table, plan, MS_EVERY, r, NULL);
    ms_table_json(&table, json, "by_priority");
    ms_table_clear(&table);
    for (int32_t p = 0; p <= plan->kase->partners_count; p++)
        if (wants(plan, p, MS_EVERY))
            fill_row(&table, plan, p, MS_EVERY, NULL);
    ms_table_json(&table, json, "by_partner");
    ms_table_clear(&table);
    fill_cells(&table, plan);
    ms_table_json(&table, json, "rows");
    ms_table_free(&table);
}
