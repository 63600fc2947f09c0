/* briefing_risk.c: what the contingencies of the case would do, and what is odd about it. See briefing.h. */
#include <stdio.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/words.h"
#include "stress/named.h"

static double added_t(const ms_outcome *outcome, int priority)
{
    double sum = 0.0;
    for (int32_t p = 0; p <= outcome->partner_count; p++)
        sum += outcome->added_harm[p].short_t[priority - 1];
    return sum;
}

static void put_dry(ms_table *table, int column, const ms_briefing *b, int32_t demand_ix)
{
    ms_buf text = {0};
    if (demand_ix >= 0)
        ms_say_need(&text, b->language, b->plan->kase, MS_SHORT_DEMAND, demand_ix);
    ms_table_text(table, column, ms_words_of(&text));
    table->failed = table->failed || text.failed;
    ms_buf_free(&text);
}

static void fill_stress(ms_briefing *b, const ms_named *named)
{
    ms_section *section = ms_section_start(b, MS_SECTION_STRESS, MS_SAY_STRESS, MS_SAY_STRESS_NOTE);
    int name = ms_section_column(b, section, MS_SAY_CONTINGENCY, MS_COLUMN_TEXT);
    int added = ms_section_column(b, section, MS_SAY_ADDED_T, MS_COLUMN_NUMBER);
    int urgent = ms_section_column(b, section, MS_SAY_ADDED_TOP_T, MS_COLUMN_NUMBER);
    int lasts = ms_section_column(b, section, MS_SAY_LASTS, MS_COLUMN_DAY);
    int dry = ms_section_column(b, section, MS_SAY_DRY, MS_COLUMN_TEXT);
    ms_section_rows(section);
    for (size_t i = 0; i < named->count; i++) {
        const ms_outcome *outcome = &named->rows[i].outcome;
        double sum = 0.0;
        for (int p = 1; p <= MS_PRIORITY_COUNT; p++)
            sum += added_t(outcome, p);
        ms_table_row(&section->table);
        ms_table_text(&section->table, name, named->rows[i].title);
        ms_table_number(&section->table, added, nearbyint(10.0 * sum) / 10.0 + 0.0);
        if (b->plan->priority_count > 0)
            ms_table_number(&section->table, urgent,
                            nearbyint(10.0 * added_t(outcome, b->plan->priorities[0])) / 10.0 + 0.0);
        if (isfinite(outcome->survive_days))
            ms_table_number(&section->table, lasts, outcome->survive_days);
        else
            ms_table_show(&section->table, lasts, ms_say_of(b->language, MS_SAY_TO_END));
        put_dry(&section->table, dry, b, outcome->dry_demand_ix);
    }
}

static void fill_findings(ms_briefing *b, const ms_findings *findings)
{
    ms_section *section = ms_section_start(b, MS_SECTION_FINDINGS, MS_SAY_WARNINGS, MS_SAYS);
    int where = ms_section_column(b, section, MS_SAY_FILE, MS_COLUMN_TEXT);
    int what = ms_section_column(b, section, MS_SAY_FINDING, MS_COLUMN_TEXT);
    ms_section_rows(section);
    for (size_t i = 0; i < findings->count; i++) {
        const ms_finding *finding = &findings->items[i];
        char place[MS_FILE_BYTES + 32];
        if (finding->line > 0)
            snprintf(place, sizeof place, "%s:%d", finding->file, finding->line);
        else
            snprintf(place, sizeof place, "%s", finding->file);
        ms_table_row(&section->table);
        ms_table_text(&section->table, where, place);
        ms_table_text(&section->table, what, finding->message);
    }
}

void ms_briefing_risks(ms_briefing *briefing)
{
    if (briefing->options->named != NULL)
        fill_stress(briefing, briefing->options->named);
    if (briefing->options->findings != NULL && briefing->options->findings->count > 0)
        fill_findings(briefing, briefing->options->findings);
}
