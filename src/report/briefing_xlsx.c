/* briefing_xlsx.c: a briefing as a workbook. See briefing.h.
 *
 * The first sheet mirrors the first page, the next have its sections as tables, two of them with charts; then the
 * plan's long lists, row by row. */
#include <string.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/plan_export.h"
#include "report/report.h"
#include "report/words.h"

/* A section's table without the columns that the workbook does not want. */
static ms_table choose(ms_column columns[MS_TABLE_COLUMNS], const ms_section *section)
{
    ms_table table = section->table;
    memcpy(columns, section->columns, sizeof section->columns);
    for (int c = 0; c < table.column_count; c++)
        if ((columns[c].rank & MS_IN_BOOK) == 0)
            columns[c].name = NULL;
    table.columns = columns;
    return table;
}

/* ---- sections ---- */

static void put_section(ms_workbook *book, const ms_briefing *b, ms_section_id id, ms_say_text name)
{
    const ms_section *section = &b->sections[id];
    ms_column columns[MS_TABLE_COLUMNS];
    if (!section->used)
        return;
    ms_table table = choose(columns, section);
    ms_workbook_sheet(book, ms_say_of(b->language, name));
    ms_workbook_heads(book, &table, true);
    ms_workbook_rows(book, &table);
    ms_workbook_table_end(book, &table);
}

/* Demand met: the rows of everyone, one a priority, come first; the chart is of them. */
ms_workbook_chart ms_briefing_met_chart(const ms_briefing *b)
{
    enum { PRIORITY = 1, TOGETHER, ALONE };
    static const uint32_t colours[] = {0x7FBBE3, 0x1F5F8B};
    return (ms_workbook_chart){.title = ms_say_of(b->language, MS_SAY_COVERAGE),
                               .sheet = ms_say_of(b->language, MS_SAY_COVERAGE),
                               .last = b->plan->priority_count,
                               .category = PRIORITY,
                               .first = TOGETHER,
                               .count = b->plan->has_alone ? ALONE - TOGETHER + 1 : 1,
                               .share = true,
                               .colours = colours};
}

static void put_coverage(ms_workbook *book, const ms_briefing *b)
{
    ms_workbook_chart chart = ms_briefing_met_chart(b);
    put_section(book, b, MS_SECTION_COVERAGE, MS_SAY_COVERAGE);
    chart.row = ms_workbook_row(book) + 1;
    ms_workbook_put_chart(book, &chart);
}

/* ---- day by day ---- */

enum { DAY_DAY, DAY_DATE, DAY_PRIORITIES, STATES = 3 };

static void put_day_heads(ms_workbook *book, const ms_briefing *b)
{
    static const ms_say_text states[STATES] = {MS_SAY_RED, MS_SAY_AMBER, MS_SAY_GREEN};
    int column = DAY_PRIORITIES;
    ms_workbook_lines(book, 2, MS_CELL_HEAD);
    ms_workbook_text(book, DAY_DAY, ms_say_of(b->language, MS_SAY_DAY), MS_CELL_HEAD_NUMBER);
    ms_workbook_text(book, DAY_DATE, ms_say_of(b->language, MS_SAY_DATE), MS_CELL_HEAD_NUMBER);
    for (int rank = 0; rank < b->plan->priority_count; rank++) {
        char number[MS_NUMBER_BYTES];
        ms_buf text = {0};
        ms_say_put(&text, b->language, MS_SAY_SHORT_PRIORITY_T, ms_number_text(number, b->plan->priorities[rank]));
        ms_workbook_width(book, column, 14);
        ms_workbook_said(book, column++, &text, MS_CELL_HEAD_NUMBER);
        ms_buf_free(&text);
    }
    for (int s = 0; s < STATES; s++) {
        ms_workbook_width(book, column, 10);
        ms_workbook_text(book, column++, ms_say_of(b->language, states[s]), MS_CELL_HEAD_NUMBER);
    }
    ms_workbook_width(book, DAY_DATE, 12);
    ms_workbook_freeze(book, 1, DAY_PRIORITIES);
    ms_workbook_next(book);
}

/* Rows of the posture that are in this state in the sample. */
static double count_state(const ms_posture *posture, int sample, ms_state state)
{
    double count = 0.0;
    for (size_t r = 0; r < posture->row_count; r++)
        count += posture->rows[r].state[sample] == state;
    return count;
}

static void put_day(ms_workbook *book, const ms_briefing *b, int sample)
{
    static const ms_state states[STATES] = {MS_STATE_RED, MS_STATE_AMBER, MS_STATE_GREEN};
    const ms_case *kase = b->plan->kase;
    size_t periods = (size_t)kase->period_count;
    int from = b->posture.sample_period[sample], column = DAY_PRIORITIES;
    int to = sample + 1 < b->posture.sample_count ? b->posture.sample_period[sample + 1] : kase->period_count;
    double day = ms_posture_day(&b->posture, sample);
    ms_workbook_number(book, DAY_DAY, ms_table_tidy(day), MS_CELL_DAY);
    ms_workbook_number(book, DAY_DATE, (double)kase->start_day + floor(day), MS_CELL_DATE);
    for (int rank = 0; rank < b->plan->priority_count; rank++) {
        double sum = 0.0;
        for (int p = from; p < to; p++)
            sum += b->short_t[(size_t)rank * periods + (size_t)p];
        ms_workbook_number(book, column++, ms_table_tidy(sum), MS_CELL_NUMBER);
    }
    for (int s = 0; s < STATES; s++)
        ms_workbook_number(book, column++, count_state(&b->posture, sample, states[s]), MS_CELL_WHOLE);
    ms_workbook_next(book);
}

ms_workbook_chart ms_briefing_short_chart(const ms_briefing *b)
{
    static const uint32_t colours[MS_PRIORITY_COUNT] = {0x6D1410, 0xB5352C, 0xDD7F4F, 0xEFB27F, 0xF3D3AE,
                                                        0xD9DDE1, 0xD9DDE1, 0xD9DDE1, 0xD9DDE1, 0xD9DDE1,
                                                        0xD9DDE1, 0xD9DDE1, 0xD9DDE1, 0xD9DDE1, 0xD9DDE1};
    return (ms_workbook_chart){.title = ms_say_of(b->language, MS_SAY_SHORT_BY_DAY),
                               .unit = "t",
                               .sheet = ms_say_of(b->language, MS_SAY_SHEET_DAYS),
                               .last = b->posture.sample_count,
                               .category = DAY_DATE,
                               .first = DAY_PRIORITIES,
                               .count = b->plan->priority_count,
                               .stacked = true,
                               .dates = true,
                               .colours = colours};
}

static void put_days(ms_workbook *book, const ms_briefing *b)
{
    enum { BELOW = 20 };
    static const uint32_t lights[STATES] = {0xA8201A, 0xE8B13C, 0x8CC5A4};
    ms_workbook_chart chart = ms_briefing_short_chart(b);
    ms_workbook_sheet(book, ms_say_of(b->language, MS_SAY_SHEET_DAYS));
    put_day_heads(book, b);
    for (int sample = 0; sample < b->posture.sample_count; sample++)
        put_day(book, b, sample);
    chart.column = DAY_PRIORITIES + b->plan->priority_count + STATES + 1; /* beside the rows */
    ms_workbook_put_chart(book, &chart);
    chart.title = ms_say_of(b->language, MS_SAY_STATES_BY_DAY);
    chart.unit = ms_say_of(b->language, MS_SAY_SITE_COUNT);
    chart.first = DAY_PRIORITIES + b->plan->priority_count;
    chart.count = STATES;
    chart.colours = lights;
    chart.row = BELOW;
    ms_workbook_put_chart(book, &chart);
}

/* ---- days of supply ---- */

static ms_cell_style style_of(unsigned char state)
{
    return state == MS_STATE_RED ? MS_CELL_RED : state == MS_STATE_AMBER ? MS_CELL_AMBER : MS_CELL_GREEN;
}

enum { HEAT_SITE, HEAT_CLASS, HEAT_FIRST, HEAT_HEAD = 1, HEAT_DAYS_A_PAGE = 31 };

/* What the colours are, and the heads. */
static void put_heat_heads(ms_workbook *book, const ms_briefing *b)
{
    ms_buf key = {0};
    ms_buf_printf(&key, "%s  \xE2\x96\xBC %s  \xE2\x96\xBD %s", ms_say_of(b->language, MS_SAY_WORD_STATES),
                  ms_say_of(b->language, MS_SAY_RED), ms_say_of(b->language, MS_SAY_AMBER));
    ms_workbook_said(book, HEAT_SITE, &key, MS_CELL_NOTE);
    ms_workbook_next(book);
    ms_buf_free(&key);
    ms_workbook_text(book, HEAT_SITE, ms_say_of(b->language, MS_SAY_SITE), MS_CELL_HEAD);
    ms_workbook_text(book, HEAT_CLASS, ms_say_of(b->language, MS_SAY_CLASS), MS_CELL_HEAD);
    for (int s = 0; s < b->posture.sample_count; s++) {
        ms_workbook_width(book, HEAT_FIRST + s, 6);
        ms_workbook_number(book, HEAT_FIRST + s, ms_briefing_day(b, b->posture.sample_period[s]), MS_CELL_HEAD_DATE);
    }
    ms_workbook_next(book);
    ms_workbook_width(book, HEAT_SITE, 30);
    ms_workbook_width(book, HEAT_CLASS, 12);
    ms_workbook_freeze(book, HEAT_HEAD + 1, HEAT_FIRST);
    ms_workbook_across(book, (b->posture.sample_count + HEAT_DAYS_A_PAGE - 1) / HEAT_DAYS_A_PAGE, HEAT_FIRST);
}

/* Sites and classes by days: days of supply on the colour of their state. */
static void put_heat(ms_workbook *book, const ms_briefing *b)
{
    const ms_posture *posture = &b->posture;
    ms_workbook_sheet(book, ms_say_of(b->language, MS_SAY_SHEET_POSTURE));
    put_heat_heads(book, b);
    for (size_t r = 0; r < posture->row_count && r < MS_BRIEFING_POSTURE_ROWS; r++) {
        const ms_posture_row *row = &posture->rows[r];
        ms_buf class = {0}, site = {0};
        ms_words_short_name(&site, b->plan->kase->sites[row->site_ix].name);
        ms_say_class(&class, b->language, row->class_ix);
        ms_workbook_said(book, HEAT_SITE, &site, MS_CELL_PLAIN);
        ms_workbook_said(book, HEAT_CLASS, &class, MS_CELL_PLAIN);
        for (int s = 0; s < posture->sample_count; s++)
            if (row->state[s] != MS_STATE_NONE)
                ms_workbook_number(book, HEAT_FIRST + s, fmin(row->days[s], 999.0), style_of(row->state[s]));
        ms_workbook_next(book);
        ms_buf_free(&class);
        ms_buf_free(&site);
    }
    ms_workbook_filter(book, HEAT_HEAD, HEAT_FIRST);
}

ms_status ms_briefing_xlsx(ms_buf *out, const ms_briefing *briefing, ms_error *err)
{
    ms_workbook *book;
    MS_TRY(
        ms_workbook_open(&book, briefing->plan->kase->name, briefing->plan->kase->start_day, briefing->language, err));
    ms_briefing_put_front(book, briefing);
    put_section(book, briefing, MS_SECTION_RUNS_OUT, MS_SAY_RUNS_OUT);
    put_section(book, briefing, MS_SECTION_SITES, MS_SAY_RED_SITES);
    put_section(book, briefing, MS_SECTION_REASONS, MS_SAY_REASONS);
    put_section(book, briefing, MS_SECTION_DECIDE, MS_SAY_DECIDE);
    put_coverage(book, briefing);
    put_section(book, briefing, MS_SECTION_GIVES, MS_SAY_GIVES);
    put_section(book, briefing, MS_SECTION_ORDERS, MS_SAY_SHEET_ORDERS);
    put_section(book, briefing, MS_SECTION_STRESS, MS_SAY_STRESS);
    put_days(book, briefing);
    put_heat(book, briefing);
    put_section(book, briefing, MS_SECTION_LANES, MS_SAY_SHEET_LANES);
    put_section(book, briefing, MS_SECTION_PLACES, MS_SAY_SHEET_PLACES);
    put_section(book, briefing, MS_SECTION_FINDINGS, MS_SAY_WARNINGS);
    for (int which = 0; which < MS_LISTS; which++)
        ms_plan_list_sheet(book, briefing->plan, (ms_plan_list)which, briefing->language);
    return ms_workbook_close(out, book, err);
}
