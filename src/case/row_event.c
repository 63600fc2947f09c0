/* row_event.c: the rules over a row of contingencies.csv: what goes with which effect, what amount it
 * takes, and that the pattern fits something. Cost: a look-up for an id; a pass over the table for a
 * pattern, within a budget. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case/match.h"
#include "case/reader.h"

enum { WORDS_BYTES = 80, DELAY_MOST = 3660, RATE_MOST = 100 };

typedef struct {
    ms_reader *reader;
    const ms_event_row *event;
    int what, which, effect, amount, to_day; /* columns */
} event_check;

static void check_effect(const event_check *in)
{
    const ms_event_row *event = in->event;
    char words[WORDS_BYTES] = "";
    size_t used = 0;
    if (ms_what_effects[event->what] & 1u << event->effect)
        return;
    for (int effect = 0; effect < MS_EFFECTS; effect++)
        if (ms_what_effects[event->what] & 1u << effect)
            used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? ", " : "",
                                     ms_effect_words[effect]);
    ms_reader_complain(in->reader, MS_FINDING_ERROR, in->effect, "\"%s\" does not go with %s, which takes %s",
                       ms_effect_words[event->effect], ms_what_words[event->what], words);
}

static void check_amount(const event_check *in)
{
    const ms_event_row *event = in->event;
    size_t length;
    (void)ms_cell_text(in->reader, in->amount, &length);
    if (event->effect == MS_EFFECT_CLOSE) {
        if (length > 0)
            ms_reader_complain(in->reader, MS_FINDING_WARNING, in->amount,
                               "close takes no amount; it is not used (scale closes in part)");
        return;
    }
    const char *effect = ms_effect_words[event->effect];
    if (length == 0)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->amount, "%s needs an amount; give %s", effect,
                           event->effect == MS_EFFECT_DELAY  ? "the days"
                           : event->effect == MS_EFFECT_LOSE ? "the share that is lost, 0 to 1"
                           : event->effect == MS_EFFECT_SET  ? "the new value"
                                                             : "the factor, such as 0.5");
    else if (event->effect == MS_EFFECT_LOSE && event->amount > 1)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->amount,
                           "more than all cannot be lost; give a share from 0 to 1, such as 0.5 for half");
    else if (event->effect == MS_EFFECT_DELAY && event->amount > DELAY_MOST)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->amount, "a delay is from 0 to %d days", DELAY_MOST);
    else if (event->what == MS_WHAT_DUTY && event->amount > RATE_MOST)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->amount,
                           "a duty is from 0 to %d times the value; 0.25 is 25 per cent", RATE_MOST);
}

static bool fits_names(const event_check *in, const ms_names *names, const char *which)
{
    int32_t first, end;
    ms_which_range(names, which, &first, &end);
    if ((size_t)(end - first) > in->reader->work_left)
        return true;
    in->reader->work_left -= (size_t)(end - first);
    for (int32_t ix = first; ix < end; ix++)
        if (ms_text_glob(which, names->names[ix]))
            return true;
    return false;
}

static void complain_which(const event_check *in, const ms_names *names, const char *part, const char *word)
{
    const char *which = in->event->which, *near = NULL;
    ms_quote quote;
    ms_cell_quote(&quote, which, strlen(which));
    if (names != NULL && !ms_which_is_pattern(part))
        near = ms_cell_near(in->reader, names, part, strlen(part));
    if (near != NULL)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which, "%s fits no %s; did you mean \"%s\"?", quote.text,
                           word, near);
    else
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which,
                           "%s fits no %s; give the id of one, or a pattern with *", quote.text, word);
}

static void check_mode(const event_check *in)
{
    const char *which = in->event->which;
    ms_quote quote;
    for (int mode = 0; mode < MS_MODES; mode++)
        if (ms_text_glob(which, ms_mode_words[mode]))
            return;
    const char *near = ms_cell_near_word(ms_mode_words, which, strlen(which));
    ms_cell_quote(&quote, which, strlen(which));
    if (near != NULL)
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which, "%s fits no mode; did you mean \"%s\"?", quote.text,
                           near);
    else
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which,
                           "%s fits no mode; it is one of sea, air, road, rail, pipeline, river", quote.text);
}

static void check_stock(const event_check *in, const ms_which_parts *parts)
{
    const ms_case *kase = in->reader->kase;
    if (!fits_names(in, &kase->site_names, parts->first))
        complain_which(in, &kase->site_names, parts->first, "site");
    else if (!fits_names(in, &kase->item_names, parts->second))
        complain_which(in, &kase->item_names, parts->second, "item");
}

static void check_supply(const event_check *in, const ms_which_parts *parts)
{
    const ms_case *kase = in->reader->kase;
    if ((size_t)kase->supplies_count > in->reader->work_left)
        return;
    in->reader->work_left -= (size_t)kase->supplies_count;
    for (int32_t ix = 0; ix < kase->supplies_count; ix++) {
        const ms_supply *supply = &kase->supplies[ix];
        if (supply->site_ix != MS_NONE && supply->item_ix != MS_NONE &&
            ms_text_glob(parts->first, kase->sites[supply->site_ix].id) &&
            ms_text_glob(parts->second, kase->items[supply->item_ix].id))
            return;
    }
    if (!fits_names(in, &kase->site_names, parts->first))
        complain_which(in, &kase->site_names, parts->first, "site with a supply");
    else
        complain_which(in, &kase->item_names, parts->second, "row of supplies.csv");
}

static void check_demand(const event_check *in)
{
    ms_reader *reader = in->reader;
    const char *which = in->event->which;
    if (fits_names(in, &reader->kase->demand_names, which))
        return;
    if (ms_names_find(&reader->tables[MS_FILE_FORCES].names, which, strlen(which)) >= 0)
        ms_reader_complain(reader, MS_FINDING_ERROR, in->which,
                           "\"%s\" is a force; did you mean \"%s/*\", all its demands?", which, which);
    else
        complain_which(in, &reader->kase->demand_names, which, "demand");
}

static void check_duty(const event_check *in, const ms_which_parts *parts)
{
    const ms_case *kase = in->reader->kase;
    ms_quote quote;
    ms_cell_quote(&quote, in->event->which, strlen(in->event->which));
    if (strchr(in->event->which, '/') == NULL) {
        ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which,
                           "%s is no pair of countries; write FROM/TO, such as CN/* or CN/US", quote.text);
        return;
    }
    if ((size_t)kase->lanes_count > in->reader->work_left)
        return;
    in->reader->work_left -= (size_t)kase->lanes_count;
    for (int32_t ix = 0; ix < kase->lanes_count; ix++)
        if (ms_which_crosses(kase, parts, ix))
            return;
    ms_reader_complain(in->reader, MS_FINDING_ERROR, in->which,
                       "no lane crosses a border that %s fits; give the countries as in sites.csv", quote.text);
}

/* A table that was not read to its end may well hold what the pattern means. */
static bool excused(const event_check *in)
{
    static const unsigned needs[MS_WHATS] = {
        [MS_WHAT_SITE] = 1u << MS_FILE_SITES,
        [MS_WHAT_LANE] = 1u << MS_FILE_LANES,
        [MS_WHAT_FLEET] = 1u << MS_FILE_FLEETS,
        [MS_WHAT_STOCK] = 1u << MS_FILE_SITES | 1u << MS_FILE_ITEMS,
        [MS_WHAT_SUPPLY] = 1u << MS_FILE_SITES | 1u << MS_FILE_ITEMS | 1u << MS_FILE_SUPPLIES,
        [MS_WHAT_DEMAND] = 1u << MS_FILE_DEMANDS | 1u << MS_FILE_FACTORS | 1u << MS_FILE_FORCES,
        [MS_WHAT_DUTY] = 1u << MS_FILE_LANES | 1u << MS_FILE_SITES,
        [MS_WHAT_PARTNER] = 1u << MS_FILE_PARTNERS,
    };
    int count;
    const ms_format_file *files = ms_format_files(&count);
    for (int kind = 0; kind < MS_FILE_KINDS; kind++) {
        const ms_table *table = &in->reader->tables[kind];
        if ((needs[in->event->what] & 1u << kind) && (table->broken || (files[kind].required && table->source == NULL)))
            return true;
    }
    return false;
}

static void check_which(const event_check *in)
{
    const ms_case *kase = in->reader->kase;
    const char *which = in->event->which;
    ms_which_parts parts;
    ms_which_split(&parts, which);
    switch (in->event->what) {
    case MS_WHAT_SITE:
        if (!fits_names(in, &kase->site_names, which))
            complain_which(in, &kase->site_names, which, "site");
        return;
    case MS_WHAT_LANE:
        if (!fits_names(in, &kase->lane_names, which))
            complain_which(in, &kase->lane_names, which, "lane");
        return;
    case MS_WHAT_FLEET:
        if (!fits_names(in, &kase->fleet_names, which))
            complain_which(in, &kase->fleet_names, which, "fleet");
        return;
    case MS_WHAT_PARTNER:
        if (!fits_names(in, &kase->partner_names, which))
            complain_which(in, &kase->partner_names, which, "partner");
        return;
    case MS_WHAT_MODE:
        check_mode(in);
        return;
    case MS_WHAT_STOCK:
        check_stock(in, &parts);
        return;
    case MS_WHAT_SUPPLY:
        check_supply(in, &parts);
        return;
    case MS_WHAT_DEMAND:
        check_demand(in);
        return;
    case MS_WHAT_DUTY:
        check_duty(in, &parts);
        return;
    case MS_WHATS:
        return;
    }
}

/* What does nothing is odd. */
static void warn_idle(const event_check *in)
{
    const ms_case *kase = in->reader->kase;
    const ms_event_row *event = in->event;
    double limit = 0;
    size_t length;
    int32_t ix;
    (void)ms_cell_text(in->reader, in->to_day, &length);
    if (event->what == MS_WHAT_STOCK && length > 0)
        ms_reader_complain(in->reader, MS_FINDING_WARNING, in->to_day,
                           "stock is lost once, on from_day; to_day is not used and may be left empty");
    if (event->what == MS_WHAT_SITE && (ix = ms_names_find(&kase->site_names, event->which, strlen(event->which))) >= 0)
        limit = kase->sites[ix].handling_t_per_day;
    if (event->what == MS_WHAT_LANE && (ix = ms_names_find(&kase->lane_names, event->which, strlen(event->which))) >= 0)
        limit = kase->lanes[ix].capacity_t_per_day;
    if (event->effect == MS_EFFECT_SCALE && event->amount > 0 && isinf(limit))
        ms_reader_complain(
            in->reader, MS_FINDING_WARNING, in->effect,
            "\"%s\" is unlimited, and a part of it still is; use set with the tonnes a day that are left",
            event->which);
    double start = ceil(event->from_day / kase->period_days - 1e-9) * kase->period_days;
    if (event->effect == MS_EFFECT_DELAY && event->what != MS_WHAT_SUPPLY && start >= event->to_day - 1e-9)
        ms_reader_complain(in->reader, MS_FINDING_WARNING, in->effect,
                           "no period starts within the span, so nothing is delayed; make the span longer");
}

void ms_row_check_event(ms_reader *reader, const ms_event_row *event)
{
    const ms_format_file *file = reader->file;
    event_check in = {reader,
                      event,
                      ms_format_column(file, "what", 4),
                      ms_format_column(file, "which", 5),
                      ms_format_column(file, "effect", 6),
                      ms_format_column(file, "amount", 6),
                      ms_format_column(file, "to_day", 6)};
    size_t errors = reader->findings->error_count;
    bool what = ms_cell_is_good(reader, in.what), effect = ms_cell_is_good(reader, in.effect);
    if (what && effect)
        check_effect(&in);
    if (effect)
        check_amount(&in);
    if (what && ms_cell_is_good(reader, in.which) && !excused(&in))
        check_which(&in);
    else
        return;
    if (effect && reader->findings->error_count == errors)
        warn_idle(&in);
}
