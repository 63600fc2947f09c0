/* briefing_share.c: what is met together and alone, and who gives whom what. See briefing.h. */
#include <string.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/words.h"

/* ---- demand met ---- */

typedef struct {
    int who, priority, wanted, alone, met, bar, gained, missing, late;
} cover_columns;

static void cover_row(const ms_briefing *b, ms_table *table, const cover_columns *at, int32_t partner_ix, int rank)
{
    ms_cover cover = ms_coverage_sum(b->plan, partner_ix, rank);
    double share = ms_briefing_met(&cover), alone = ms_briefing_met_alone(&cover);
    if (cover.wanted_t <= 0.0)
        return;
    ms_table_row(table);
    ms_table_text(table, at->who,
                  partner_ix == MS_EVERY ? ms_say_of(b->language, MS_SAY_EVERYBODY)
                                         : ms_say_partner(b->language, b->plan->kase, partner_ix));
    if (rank != MS_EVERY)
        ms_table_number(table, at->priority, b->plan->priorities[rank]);
    ms_table_number(table, at->wanted, cover.wanted_t);
    ms_table_number(table, at->met, share);
    ms_table_bar(table, at->bar, isnan(alone) ? share : fmin(alone, share), share);
    if (share < 1.0)
        ms_table_number(table, at->missing, cover.wanted_t - cover.met_t);
    if (cover.late_t_days > 0.5)
        ms_table_number(table, at->late, cover.late_t_days);
    if (isnan(alone))
        return;
    ms_table_number(table, at->alone, alone);
    ms_table_number(table, at->gained, cover.met_t - cover.alone_t);
}

static void fill_coverage(ms_briefing *b)
{
    const ms_plan *plan = b->plan;
    ms_section *section = ms_section_start(b, MS_SECTION_COVERAGE, MS_SAY_COVERAGE, MS_SAYS);
    cover_columns at;
    at.who = ms_section_column_at(b, section, MS_SAY_WHO, MS_COLUMN_TEXT, MS_IN_DETAILS | MS_IN_BOOK);
    at.priority = ms_section_column(b, section, MS_SAY_PRIO, MS_COLUMN_WHOLE);
    at.bar = ms_section_column(b, section, MS_SAY_BAR, MS_COLUMN_BAR);
    at.met = ms_section_column(b, section, MS_SAY_MET, MS_COLUMN_SHARE);
    at.alone = ms_section_column(b, section, MS_SAY_ALONE, MS_COLUMN_SHARE);
    at.wanted = ms_section_column(b, section, MS_SAY_WANTED_T, MS_COLUMN_NUMBER);
    at.gained = ms_section_column_at(b, section, MS_SAY_GAINED_T, MS_COLUMN_NUMBER, MS_IN_DETAILS | MS_IN_BOOK);
    at.missing = ms_section_column(b, section, MS_SAY_MISSING_T, MS_COLUMN_NUMBER);
    at.late = ms_section_column_at(b, section, MS_SAY_LATE_T_DAYS, MS_COLUMN_NUMBER, MS_IN_DETAILS | MS_IN_BOOK);
    ms_section_rows(section);
    for (int rank = 0; rank < plan->priority_count; rank++)
        cover_row(b, &section->table, &at, MS_EVERY, rank);
    for (int32_t p = 0; p <= plan->kase->partners_count; p++)
        for (int rank = 0; rank < plan->priority_count; rank++)
            cover_row(b, &section->table, &at, p, rank);
}

/* ---- who gives whom what ---- */

/* Items that cross from provider to receiver, the most tonnes first, at most two by name. */
static void put_mostly(ms_buf *out, const ms_briefing *b, int32_t provider_ix, int32_t receiver_ix)
{
    const ms_case *kase = b->plan->kase;
    int32_t named[2] = {MS_NONE, MS_NONE};
    for (int slot = 0; slot < 2; slot++) {
        double most = 0.0;
        for (size_t i = 0; i < b->crossings.crossing_count; i++) {
            const ms_crossing *c = &b->crossings.crossings[i];
            const ms_agreement *a = &kase->agreements[c->agreement_ix];
            if (a->kind != MS_AGREE_ITEM || a->provider_ix != provider_ix || a->receiver_ix != receiver_ix ||
                c->item_ix == named[0] || c->tonnes <= most)
                continue;
            most = c->tonnes;
            named[slot] = c->item_ix;
        }
        if (named[slot] == MS_NONE)
            return;
        ms_buf_text(out, slot > 0 ? ", " : "");
        ms_words_short_name(out, kase->items[named[slot]].name);
    }
}

/* "1,486 M USD". */
static void put_value(ms_buf *out, const ms_briefing *b, double value)
{
    char number[MS_NUMBER_BYTES];
    const char *currency = b->plan->kase->currency != NULL ? b->plan->kase->currency : "";
    if (value >= 1e6)
        ms_say_put(out, b->language, MS_SAY_MILLIONS, ms_number_short(number, value / 1e6), currency);
    else
        ms_buf_printf(out, "%s %s", ms_number_short(number, ms_table_tidy(value)), currency);
}

/* Balances are by receiver and provider: those of one pair, however settled, make a row. */
static void fill_gives(ms_briefing *b)
{
    enum { IN_BOTH = MS_IN_DETAILS | MS_IN_BOOK };
    const ms_case *kase = b->plan->kase;
    bool money = kase->currency != NULL && kase->currency[0] != '\0';
    ms_section *section = ms_section_start(b, MS_SECTION_GIVES, MS_SAY_GIVES, MS_SAY_GIVES_NOTE);
    int who = ms_section_column(b, section, MS_SAY_GIVER, MS_COLUMN_TEXT);
    int goods = ms_section_column(b, section, MS_SAY_GOODS_T, MS_COLUMN_NUMBER);
    int mostly = ms_section_column(b, section, MS_SAY_MOSTLY, MS_COLUMN_TEXT);
    int lift = ms_section_column(b, section, MS_SAY_LIFT_T, MS_COLUMN_NUMBER);
    int entry = ms_section_column(b, section, MS_SAY_ENTRY_T, MS_COLUMN_NUMBER);
    int said = ms_section_column_at(b, section, MS_SAY_VALUE, MS_COLUMN_EXACT, MS_ON_FRONT);
    int worth = ms_section_column_at(b, section, MS_SAY_VALUE, MS_COLUMN_NUMBER, IN_BOTH);
    int currency = money ? ms_section_column_at(b, section, MS_SAY_CURRENCY, MS_COLUMN_TEXT, IN_BOTH) : -1;
    ms_section_rows(section);
    for (size_t i = 0, next; i < b->crossings.balance_count; i = next) {
        const ms_balance *row = &b->crossings.balances[i];
        double item_t = 0.0, lift_t = 0.0, site_t = 0.0, value = 0.0;
        ms_buf text = {0};
        for (next = i;
             next < b->crossings.balance_count && b->crossings.balances[next].provider_ix == row->provider_ix &&
             b->crossings.balances[next].receiver_ix == row->receiver_ix;
             next++) {
            item_t += b->crossings.balances[next].item_t;
            lift_t += b->crossings.balances[next].lift_t;
            site_t += b->crossings.balances[next].site_t;
            value += b->crossings.balances[next].value;
        }
        ms_table_row(&section->table);
        ms_buf_printf(&text, "%s → %s", ms_say_partner(b->language, kase, row->provider_ix),
                      ms_say_partner(b->language, kase, row->receiver_ix));
        ms_table_text(&section->table, who, ms_words_of(&text));
        ms_buf_reset(&text);
        put_mostly(&text, b, row->provider_ix, row->receiver_ix);
        ms_table_text(&section->table, mostly, ms_words_of(&text));
        ms_table_number(&section->table, goods, item_t);
        ms_table_number(&section->table, lift, lift_t);
        ms_table_number(&section->table, entry, site_t);
        if (value > 0.0) {
            ms_buf_reset(&text);
            put_value(&text, b, value);
            ms_table_text(&section->table, said, ms_words_of(&text));
            ms_table_number(&section->table, worth, value);
            if (currency >= 0)
                ms_table_text(&section->table, currency, kase->currency);
        }
        section->table.failed = section->table.failed || text.failed;
        ms_buf_free(&text);
    }
}

static void fill_orders(ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    ms_section *section = ms_section_start(b, MS_SECTION_ORDERS, MS_SAY_ORDERS, MS_SAYS);
    int provider = ms_section_column(b, section, MS_SAY_PROVIDER, MS_COLUMN_TEXT);
    int receiver = ms_section_column(b, section, MS_SAY_RECEIVER, MS_COLUMN_TEXT);
    int agreement = ms_section_column(b, section, MS_SAY_AGREEMENT, MS_COLUMN_TEXT);
    int kind = ms_section_column(b, section, MS_SAY_KIND, MS_COLUMN_TEXT);
    int item = ms_section_column(b, section, MS_SAY_ITEM, MS_COLUMN_TEXT);
    int quantity = ms_section_column(b, section, MS_SAY_QUANTITY, MS_COLUMN_NUMBER);
    int unit = ms_section_column(b, section, MS_SAY_UNIT, MS_COLUMN_TEXT);
    int tonnes = ms_section_column(b, section, MS_SAY_TONNES, MS_COLUMN_NUMBER);
    int used = ms_section_column(b, section, MS_SAY_USED, MS_COLUMN_SHARE);
    int settled = ms_section_column(b, section, MS_SAY_SETTLED, MS_COLUMN_TEXT);
    ms_section_rows(section);
    for (size_t i = 0; i < b->crossings.crossing_count; i++) {
        const ms_crossing *c = &b->crossings.crossings[i];
        const ms_agreement *a = &kase->agreements[c->agreement_ix];
        ms_buf text = {0};
        ms_table_row(&section->table);
        ms_table_text(&section->table, provider, ms_say_partner(b->language, kase, a->provider_ix));
        ms_table_text(&section->table, receiver, ms_say_partner(b->language, kase, a->receiver_ix));
        ms_table_text(&section->table, agreement, a->id);
        ms_table_text(&section->table, kind, ms_say_agreement_kind(b->language, a->kind));
        ms_words_short_name(&text, kase->items[c->item_ix].name);
        ms_table_text(&section->table, item, ms_words_of(&text));
        ms_table_number(&section->table, quantity, c->quantity);
        ms_table_text(&section->table, unit, kase->items[c->item_ix].unit);
        ms_table_number(&section->table, tonnes, c->tonnes);
        if (isfinite(a->limit_t) && a->limit_t > 0.0)
            ms_table_number(&section->table, used, fmin(b->crossings.used_t[c->agreement_ix] / a->limit_t, 1.0));
        ms_table_text(&section->table, settled, ms_say_settlement(b->language, a->settlement));
        section->table.failed = section->table.failed || text.failed;
        ms_buf_free(&text);
    }
}

void ms_briefing_sharing(ms_briefing *briefing)
{
    fill_coverage(briefing);
    if (briefing->plan->kase->partners_count < 2)
        return;
    fill_gives(briefing);
    fill_orders(briefing);
}
