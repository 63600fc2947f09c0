/* words.c: days, amounts and limits in words. */
#include "report/words.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/table.h"

#define NO_BREAK "\xC2\xA0"

const char *ms_words_of(const ms_buf *buf)
{
    return buf->text == NULL ? "" : buf->text;
}

const char *ms_words_partner(const ms_case *kase, int32_t partner_ix)
{
    return partner_ix < 0 || partner_ix >= kase->partners_count ? "nobody" : kase->partners[partner_ix].id;
}

static bool letter(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

const char *ms_words_thing(const char *id, const char *name)
{
    int run = 0;
    for (const char *at = id; *at != '\0' && run < 2; at++)
        run = letter((unsigned char)*at) ? run + 1 : 0;
    return run >= 2 ? id : name;
}

const char *ms_words_site(const ms_case *kase, int32_t site_ix)
{
    return ms_words_thing(kase->sites[site_ix].id, kase->sites[site_ix].name);
}

const char *ms_words_item(const ms_case *kase, int32_t item_ix)
{
    return ms_words_thing(kase->items[item_ix].id, kase->items[item_ix].name);
}

void ms_words_short_name(ms_buf *out, const char *name)
{
    size_t length = strcspn(name, ",(;");
    while (length > 0 && name[length - 1] == ' ')
        length--;
    if (length < 2)
        length = strlen(name);
    ms_buf cut = {0};
    ms_buf_put(&cut, name, length);
    size_t fit = ms_utf8_fit(ms_words_of(&cut), 28);
    ms_buf_put(out, ms_words_of(&cut), fit);
    if (fit < length)
        ms_buf_text(out, "…");
    out->failed = out->failed || cut.failed;
    ms_buf_free(&cut);
}

/* ---- amounts ---- */

void ms_words_count(ms_buf *out, size_t count, const char *one, const char *many)
{
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(out, "%s %s", ms_number_grouped(number, (double)count, 0), count == 1 ? one : many);
}

void ms_words_tonnes(ms_buf *out, double tonnes)
{
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(out, "%s" NO_BREAK "t", ms_number_short(number, ms_table_tidy(tonnes)));
}

void ms_words_quantity(ms_buf *out, const ms_item *item, double quantity)
{
    char number[MS_NUMBER_BYTES];
    ms_buf_printf(out, "%s" NO_BREAK "%s", ms_number_short(number, ms_table_tidy(quantity)),
                  item->unit[0] == '\0' ? "units" : item->unit);
}

void ms_words_percent(ms_buf *out, double share)
{
    char text[32];
    ms_table_share_text(text, share);
    ms_buf_printf(out, "%s" NO_BREAK "%%", text);
}

/* ---- days ---- */

static void put_date(ms_buf *out, const ms_case *kase, int period)
{
    char date[MS_DATE_BYTES];
    const char *at = ms_date_short(date, kase->start_day, period * kase->period_days);
    for (; *at != '\0'; at++) {
        if (*at == ' ')
            ms_buf_text(out, NO_BREAK);
        else
            ms_buf_put(out, at, 1);
    }
}

static void put_day_number(ms_buf *out, const ms_case *kase, int period)
{
    char number[MS_NUMBER_BYTES];
    ms_buf_text(out, ms_number_short(number, ms_table_tidy(period * kase->period_days)));
}

void ms_words_day(ms_buf *out, const ms_case *kase, int period)
{
    ms_buf_text(out, "day" NO_BREAK);
    put_day_number(out, kase, period);
    ms_buf_text(out, NO_BREAK "(");
    put_date(out, kase, period);
    ms_buf_text(out, ")");
}

void ms_words_span(ms_buf *out, const ms_case *kase, int from_period, int to_period)
{
    if (to_period <= from_period + 1) {
        ms_buf_text(out, "on ");
        ms_words_day(out, kase, from_period);
        return;
    }
    ms_buf_text(out, "from day" NO_BREAK);
    put_day_number(out, kase, from_period);
    ms_buf_text(out, " to ");
    put_day_number(out, kase, to_period - 1);
    ms_buf_text(out, " (");
    put_date(out, kase, from_period);
    ms_buf_text(out, " to ");
    put_date(out, kase, to_period - 1);
    ms_buf_text(out, ")");
}

/* ---- limits ---- */

static bool lane_has_twin(const ms_case *kase, int32_t lane_ix)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    for (int32_t a = 0; a < kase->lanes_count; a++) {
        const ms_lane *other = &kase->lanes[a];
        if (a != lane_ix && other->from_ix == lane->from_ix && other->to_ix == lane->to_ix && other->mode == lane->mode)
            return true;
    }
    return false;
}

void ms_words_lane(ms_buf *out, const ms_case *kase, int32_t lane_ix, const char *arrow)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    ms_buf_printf(out, "%s lane %s %s %s", ms_mode_words[lane->mode], ms_words_site(kase, lane->from_ix), arrow,
                  ms_words_site(kase, lane->to_ix));
    if (lane_has_twin(kase, lane_ix))
        ms_buf_printf(out, " (%s)", lane->id);
}

static void put_reserve(ms_buf *out, const ms_case *kase, int32_t row_ix)
{
    const ms_reserve *reserve = &kase->reserves[row_ix];
    ms_buf_printf(out, "reserve of %s at %s", ms_words_item(kase, reserve->item_ix),
                  ms_words_site(kase, reserve->site_ix));
}

void ms_words_limit(ms_buf *out, const ms_case *kase, ms_cause_kind kind, int32_t row_ix, const char *arrow)
{
    switch (kind) {
    case MS_CAUSE_STOCK:
        ms_buf_printf(out, "stock of %s", ms_words_item(kase, row_ix));
        break;
    case MS_CAUSE_LANE:
        ms_words_lane(out, kase, row_ix, arrow);
        break;
    case MS_CAUSE_HANDLING:
        ms_buf_printf(out, "handling at %s", ms_words_site(kase, row_ix));
        break;
    case MS_CAUSE_STORAGE:
        ms_buf_printf(out, "storage at %s", ms_words_site(kase, row_ix));
        break;
    case MS_CAUSE_FLEET:
        ms_buf_printf(out, "fleet %s", kase->fleets[row_ix].id);
        break;
    case MS_CAUSE_AGREEMENT:
        ms_buf_printf(out, "agreement %s", kase->agreements[row_ix].id);
        break;
    case MS_CAUSE_RESERVE:
        put_reserve(out, kase, row_ix);
        break;
    case MS_CAUSE_TRANSIT:
        ms_buf_printf(out, "time on the way from %s", ms_words_site(kase, row_ix));
        break;
    case MS_CAUSE_NO_WAY:
        ms_buf_text(out, "no way there");
        break;
    case MS_CAUSE_NONE:
        ms_buf_text(out, "no single limit");
        break;
    }
}

static void put_limit_t(ms_buf *out, const ms_agreement *agreement)
{
    if (isfinite(agreement->limit_t)) {
        ms_buf_text(out, " of ");
        ms_words_tonnes(out, agreement->limit_t);
    }
}

void ms_words_cause(ms_buf *out, const ms_case *kase, const ms_cause *cause, const char *arrow)
{
    bool spanned = false;
    switch (cause->kind) {
    case MS_CAUSE_STOCK:
        ms_buf_printf(out, "all %s that may be drawn on goes to needs at least as urgent",
                      ms_words_item(kase, cause->row_ix));
        break;
    case MS_CAUSE_LANE:
    case MS_CAUSE_HANDLING:
    case MS_CAUSE_STORAGE:
        ms_words_limit(out, kase, cause->kind, cause->row_ix, arrow);
        ms_buf_text(out, cause->closed ? " is closed" : " is full");
        spanned = true;
        break;
    case MS_CAUSE_FLEET:
        ms_buf_printf(out, cause->closed ? "fleet %s is laid up" : "all of fleet %s is under way",
                      kase->fleets[cause->row_ix].id);
        spanned = true;
        break;
    case MS_CAUSE_AGREEMENT:
        ms_buf_printf(out, "agreement %s %s", kase->agreements[cause->row_ix].id,
                      cause->closed ? "is not in force" : "reaches its limit");
        if (!cause->closed)
            put_limit_t(out, &kase->agreements[cause->row_ix]);
        spanned = cause->closed;
        break;
    case MS_CAUSE_RESERVE:
        ms_buf_text(out, "the ");
        put_reserve(out, kase, cause->row_ix);
        ms_buf_text(out, " is held back");
        spanned = true;
        break;
    case MS_CAUSE_TRANSIT:
        ms_buf_printf(out, "the nearest stock, at %s, cannot arrive before ", ms_words_site(kase, cause->row_ix));
        ms_words_day(out, kase, cause->from_period);
        break;
    case MS_CAUSE_NO_WAY:
        ms_buf_text(out, "no stock can get there: a lane or an agreement is missing");
        break;
    case MS_CAUSE_NONE:
        ms_buf_text(out, "no single limit explains it");
        break;
    }
    if (spanned && cause->to_period > cause->from_period) {
        ms_buf_text(out, " ");
        ms_words_span(out, kase, cause->from_period, cause->to_period);
    }
}

const char *ms_words_cause_kind(ms_cause_kind kind)
{
    static const char *const words[] = {
        [MS_CAUSE_NONE] = "none",           [MS_CAUSE_STOCK] = "stock",     [MS_CAUSE_LANE] = "lane",
        [MS_CAUSE_HANDLING] = "handling",   [MS_CAUSE_STORAGE] = "storage", [MS_CAUSE_FLEET] = "fleet",
        [MS_CAUSE_AGREEMENT] = "agreement", [MS_CAUSE_RESERVE] = "reserve", [MS_CAUSE_TRANSIT] = "transit",
        [MS_CAUSE_NO_WAY] = "no-way",
    };
    return words[kind];
}

/* ---- needs ---- */

void ms_words_need(ms_buf *out, const ms_case *kase, ms_short_kind kind, int32_t row_ix, const char *arrow)
{
    if (kind == MS_SHORT_DEMAND) {
        const ms_demand *demand = &kase->demands[row_ix];
        ms_buf_printf(out, "%s for %s at %s, priority" NO_BREAK "%d", ms_words_item(kase, demand->item_ix),
                      demand->partner_ix < 0 ? "all" : ms_words_partner(kase, demand->partner_ix),
                      ms_words_site(kase, demand->site_ix), demand->priority);
    } else if (kind == MS_SHORT_RESERVE) {
        const ms_reserve *reserve = &kase->reserves[row_ix];
        put_reserve(out, kase, row_ix);
        ms_buf_printf(out, " for %s, priority" NO_BREAK "%d", ms_words_partner(kase, reserve->partner_ix),
                      reserve->priority);
    } else {
        const ms_commitment *commitment = &kase->commitments[row_ix];
        ms_buf_printf(out, "committed %s of %s on ", ms_words_item(kase, commitment->item_ix),
                      ms_words_partner(kase, commitment->partner_ix));
        ms_words_lane(out, kase, commitment->lane_ix, arrow);
    }
}
