/* say_words.c: days, needs and limits in the language of the reader. See say.h. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/say.h"
#include "report/table.h"
#include "report/words.h"

/* ---- days ---- */

/* The name of month 1..12 out of the table's list. */
static void put_month(ms_buf *out, ms_language language, int month)
{
    const char *at = ms_say_of(language, MS_SAY_MONTHS);
    for (int m = 1; m < month; m++)
        at += strcspn(at, " ") + 1;
    ms_buf_put(out, at, strcspn(at, " "));
}

/* Year, month and day of the start of a period. */
static void split_date(int date[3], const ms_case *kase, int period)
{
    char text[MS_DATE_BYTES];
    date[0] = date[1] = date[2] = 1;
    ms_date_text(text, kase->start_day, floor(period * kase->period_days));
    if (sscanf(text, "%4d-%2d-%2d", &date[0], &date[1], &date[2]) != 3 || date[1] < 1 || date[1] > 12)
        date[0] = date[1] = date[2] = 1;
}

void ms_say_date(ms_buf *out, ms_language language, const ms_case *kase, int period)
{
    int date[3];
    char day[MS_NUMBER_BYTES];
    ms_buf month = {0};
    split_date(date, kase, period);
    put_month(&month, language, date[1]);
    snprintf(day, sizeof day, "%d", date[2]);
    ms_say_put(out, language, MS_SAY_DATE_SHORT, ms_words_of(&month), day);
    out->failed = out->failed || month.failed;
    ms_buf_free(&month);
}

void ms_say_start(ms_buf *out, ms_language language, const ms_case *kase)
{
    int date[3];
    split_date(date, kase, 0);
    if (language == MS_LANGUAGE_KO)
        ms_buf_printf(out, "%d년 ", date[0]);
    ms_say_date(out, language, kase, 0);
    if (language != MS_LANGUAGE_KO)
        ms_buf_printf(out, " %d", date[0]);
}

static char *day_number(char out[MS_NUMBER_BYTES], const ms_case *kase, int period)
{
    return ms_number_short(out, ms_table_tidy(period * kase->period_days));
}

void ms_say_day(ms_buf *out, ms_language language, const ms_case *kase, int period)
{
    char day[MS_NUMBER_BYTES];
    ms_buf date = {0};
    ms_say_date(&date, language, kase, period);
    ms_say_put(out, language, MS_SAY_ON_DAY, day_number(day, kase, period), ms_words_of(&date));
    out->failed = out->failed || date.failed;
    ms_buf_free(&date);
}

void ms_say_span(ms_buf *out, ms_language language, const ms_case *kase, int from_period, int to_period)
{
    char from_day[MS_NUMBER_BYTES], to_day[MS_NUMBER_BYTES];
    ms_buf from = {0}, to = {0};
    if (to_period <= from_period + 1) {
        ms_say_day(out, language, kase, from_period);
        return;
    }
    ms_say_date(&from, language, kase, from_period);
    ms_say_date(&to, language, kase, to_period - 1);
    ms_say_put(out, language, MS_SAY_DAYS_FROM_TO, day_number(from_day, kase, from_period),
               day_number(to_day, kase, to_period - 1), ms_words_of(&from), ms_words_of(&to));
    out->failed = out->failed || from.failed || to.failed;
    ms_buf_free(&from);
    ms_buf_free(&to);
}

/* ---- words of the format ---- */

const char *ms_say_site_kind(ms_language language, ms_site_kind kind)
{
    return ms_say_of(language, (ms_say_text)(MS_SAY_DEPOT + (int)kind));
}

const char *ms_say_mode(ms_language language, ms_mode mode)
{
    return ms_say_of(language, (ms_say_text)(MS_SAY_SEA + (int)mode));
}

const char *ms_say_settlement(ms_language language, ms_settlement settlement)
{
    static const ms_say_text words[MS_SETTLEMENTS] = {
        [MS_SETTLE_NONE] = MS_SAY_NOT_STATED,
        [MS_SETTLE_CASH] = MS_SAY_CASH,
        [MS_SETTLE_IN_KIND] = MS_SAY_IN_KIND,
        [MS_SETTLE_EQUAL_VALUE] = MS_SAY_EQUAL_VALUE,
    };
    return ms_say_of(language, words[settlement]);
}

const char *ms_say_agreement_kind(ms_language language, ms_agreement_kind kind)
{
    return ms_say_of(language, (ms_say_text)(MS_SAY_GOODS + (int)kind));
}

const char *ms_say_partner(ms_language language, const ms_case *kase, int32_t partner_ix)
{
    return partner_ix < 0 || partner_ix >= kase->partners_count ? ms_say_of(language, MS_SAY_NOBODY)
                                                                : kase->partners[partner_ix].id;
}

void ms_say_class(ms_buf *out, ms_language language, ms_class class_ix)
{
    if (class_ix == MS_CLASS_WATER)
        ms_buf_text(out, ms_say_of(language, MS_SAY_WATER));
    else
        ms_say_put(out, language, MS_SAY_CLASS_N, ms_class_words[class_ix]);
}

/* ---- needs and limits ---- */

/* Short names of up to three things, alive as long as the sentence is made. */
typedef struct {
    ms_buf name[3];
} names;

static const char *site_name(names *of, int slot, const ms_case *kase, int32_t site_ix)
{
    ms_words_short_name(&of->name[slot], kase->sites[site_ix].name);
    return ms_words_of(&of->name[slot]);
}

static const char *item_name(names *of, int slot, const ms_case *kase, int32_t item_ix)
{
    ms_words_short_name(&of->name[slot], kase->items[item_ix].name);
    return ms_words_of(&of->name[slot]);
}

static void free_names(ms_buf *out, names *of)
{
    for (int i = 0; i < 3; i++) {
        out->failed = out->failed || of->name[i].failed;
        ms_buf_free(&of->name[i]);
    }
}

void ms_say_need(ms_buf *out, ms_language language, const ms_case *kase, ms_short_kind kind, int32_t row_ix)
{
    names of = {0};
    if (kind == MS_SHORT_COMMITMENT) {
        const ms_commitment *commitment = &kase->commitments[row_ix];
        ms_say_put(out, language, MS_SAY_NEED_COMMITMENT, item_name(&of, 0, kase, commitment->item_ix),
                   ms_say_partner(language, kase, commitment->partner_ix),
                   site_name(&of, 1, kase, kase->lanes[commitment->lane_ix].to_ix));
    } else {
        bool demand = kind == MS_SHORT_DEMAND;
        int32_t item_ix = demand ? kase->demands[row_ix].item_ix : kase->reserves[row_ix].item_ix;
        int32_t site_ix = demand ? kase->demands[row_ix].site_ix : kase->reserves[row_ix].site_ix;
        int32_t partner_ix = demand ? kase->demands[row_ix].partner_ix : kase->reserves[row_ix].partner_ix;
        ms_say_put(out, language, demand ? MS_SAY_NEED_DEMAND : MS_SAY_NEED_RESERVE, item_name(&of, 0, kase, item_ix),
                   demand && partner_ix < 0 ? ms_say_of(language, MS_SAY_EVERYBODY)
                                            : ms_say_partner(language, kase, partner_ix),
                   site_name(&of, 1, kase, site_ix));
    }
    free_names(out, &of);
}

static void say_lane(ms_buf *out, ms_language language, const ms_case *kase, int32_t lane_ix, names *of)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    ms_say_put(out, language, MS_SAY_LIMIT_LANE, ms_say_mode(language, lane->mode),
               site_name(of, 0, kase, lane->from_ix), site_name(of, 1, kase, lane->to_ix));
}

void ms_say_limit(ms_buf *out, ms_language language, const ms_case *kase, ms_cause_kind kind, int32_t row_ix)
{
    names of = {0};
    switch (kind) {
    case MS_CAUSE_STOCK:
        ms_say_put(out, language, MS_SAY_LIMIT_STOCK, item_name(&of, 0, kase, row_ix));
        break;
    case MS_CAUSE_LANE:
        say_lane(out, language, kase, row_ix, &of);
        break;
    case MS_CAUSE_HANDLING:
        ms_say_put(out, language, MS_SAY_LIMIT_HANDLING, site_name(&of, 0, kase, row_ix));
        break;
    case MS_CAUSE_STORAGE:
        ms_say_put(out, language, MS_SAY_LIMIT_STORAGE, site_name(&of, 0, kase, row_ix));
        break;
    case MS_CAUSE_FLEET:
        ms_say_put(out, language, MS_SAY_LIMIT_FLEET, kase->fleets[row_ix].id);
        break;
    case MS_CAUSE_AGREEMENT:
        ms_say_put(out, language, MS_SAY_LIMIT_AGREEMENT, kase->agreements[row_ix].id);
        break;
    case MS_CAUSE_RESERVE:
        ms_say_put(out, language, MS_SAY_LIMIT_RESERVE, item_name(&of, 0, kase, kase->reserves[row_ix].item_ix),
                   site_name(&of, 1, kase, kase->reserves[row_ix].site_ix));
        break;
    case MS_CAUSE_TRANSIT:
        ms_buf_text(out, site_name(&of, 0, kase, row_ix));
        break;
    case MS_CAUSE_NO_WAY:
        ms_say_put(out, language, MS_SAY_CAUSE_NO_WAY);
        break;
    case MS_CAUSE_NONE:
        ms_say_put(out, language, MS_SAY_CAUSE_NONE);
        break;
    }
    free_names(out, &of);
}

void ms_say_cause(ms_buf *out, ms_language language, const ms_case *kase, const ms_cause *cause)
{
    ms_buf limit = {0}, span = {0};
    ms_say_text text = MS_SAY_CAUSE_NONE;
    if (cause->kind != MS_CAUSE_NONE && cause->kind != MS_CAUSE_NO_WAY)
        ms_say_limit(&limit, language, kase, cause->kind, cause->row_ix);
    if (cause->to_period > cause->from_period)
        ms_say_span(&span, language, kase, cause->from_period, cause->to_period);
    else
        ms_say_put(&span, language, MS_SAY_TO_END);
    switch (cause->kind) {
    case MS_CAUSE_STOCK:
        ms_buf_reset(&limit);
        ms_words_short_name(&limit, kase->items[cause->row_ix].name);
        text = MS_SAY_CAUSE_STOCK;
        break;
    case MS_CAUSE_LANE:
    case MS_CAUSE_HANDLING:
    case MS_CAUSE_STORAGE:
        text = cause->closed ? MS_SAY_CAUSE_CLOSED : MS_SAY_CAUSE_FULL;
        break;
    case MS_CAUSE_FLEET:
        text = cause->closed ? MS_SAY_CAUSE_CLOSED : MS_SAY_CAUSE_FLEET;
        break;
    case MS_CAUSE_AGREEMENT:
        text = cause->closed ? MS_SAY_CAUSE_NOT_IN_FORCE : MS_SAY_CAUSE_AGREEMENT;
        break;
    case MS_CAUSE_RESERVE:
        text = MS_SAY_CAUSE_RESERVE;
        break;
    case MS_CAUSE_TRANSIT:
        ms_buf_reset(&span);
        ms_say_day(&span, language, kase, cause->from_period);
        text = MS_SAY_CAUSE_TRANSIT;
        break;
    case MS_CAUSE_NO_WAY:
        text = MS_SAY_CAUSE_NO_WAY;
        break;
    case MS_CAUSE_NONE:
        break;
    }
    ms_say_put(out, language, text, ms_words_of(&limit), ms_words_of(&span));
    out->failed = out->failed || limit.failed || span.failed;
    ms_buf_free(&limit);
    ms_buf_free(&span);
}
