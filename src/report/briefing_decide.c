/* briefing_decide.c: what a commander can decide, and what each option would save.
 *
 * An option eases a limit that holds the plan back. What it saves is by the plan's prices (bottleneck.h); where the
 * limit was the main cause of a shortfall that `explain` has verified by planning again, that result stands in its
 * place. Where an item falls short for a partner while another has some of it left at the end and no agreement lets it
 * be drawn, the option is that agreement. Options are ordered by what one more tonne saves in the objective. */
#include <stdlib.h>

#include "base/text.h"
#include "report/briefing.h"
#include "report/words.h"

enum { OPTIONS_MOST = 64 };

typedef struct {
    ms_cause_kind kind;
    int32_t row_ix;
    const ms_bottleneck *bottleneck; /* NULL: no price */
    const ms_reason *reason;         /* NULL, or whose main cause it is */
    double score;
    /* Of a new agreement (kind NO_WAY with a provider): */
    int32_t provider_ix, receiver_ix;
    double left_t, short_t;
    int first_period; /* short from then on */
} option;

typedef struct {
    option items[OPTIONS_MOST];
    int count;
} options;

static option *find(options *all, ms_cause_kind kind, int32_t row_ix, int32_t provider_ix, int32_t receiver_ix)
{
    for (int i = 0; i < all->count; i++) {
        option *o = &all->items[i];
        if (o->kind == kind && o->row_ix == row_ix && o->provider_ix == provider_ix && o->receiver_ix == receiver_ix)
            return o;
    }
    if (all->count == OPTIONS_MOST)
        return NULL;
    all->items[all->count] = (option){
        .kind = kind, .row_ix = row_ix, .provider_ix = provider_ix, .receiver_ix = receiver_ix};
    return &all->items[all->count++];
}

static double weight_of(const ms_plan *plan, int priority)
{
    int rank = 0;
    while (rank < plan->priority_count && plan->priorities[rank] != priority)
        rank++;
    return pow(plan->ratio_used, plan->priority_count - 1 - rank);
}

/* Without a way there is an agreement to make, or, with no provider, a way to open. */
static bool missing_agreement(const option *o)
{
    return o->kind == MS_CAUSE_NO_WAY && o->provider_ix >= 0;
}

/* ---- finding them ---- */

static void add_bottlenecks(options *all, const ms_briefing *b)
{
    for (size_t i = 0; i < b->bottleneck_count && i < OPTIONS_MOST / 2; i++) {
        const ms_bottleneck *row = &b->bottlenecks[i];
        ms_saving saving = ms_bottleneck_saving(row, b->plan);
        if (saving.priority == 0)
            continue;
        option *o = find(all, row->kind, row->row_ix, MS_NONE, MS_NONE);
        if (o == NULL)
            return;
        o->bottleneck = row;
        o->score = saving.tonnes * weight_of(b->plan, saving.priority);
    }
}

/* What easing the main cause by a tonne saved, in the objective's weights. */
static double verified_score(const ms_plan *plan, const ms_reason *reason)
{
    double sum = 0.0;
    for (int r = 0; r < plan->priority_count; r++) {
        int p = plan->priorities[r];
        sum += (reason->saved_t[p] + reason->saved_t_days[p]) * weight_of(plan, p);
    }
    return reason->eased_t > 0.0 ? sum / reason->eased_t : 0.0;
}

static void add_reasons(options *all, const ms_briefing *b)
{
    for (size_t i = 0; i < b->reasons.count; i++) {
        const ms_reason *reason = &b->reasons.items[i];
        bool no_way = reason->cause_count > 0 && reason->causes[0].kind == MS_CAUSE_NO_WAY;
        if (reason->cause_count == 0 || reason->causes[0].kind == MS_CAUSE_NONE ||
            (no_way && reason->kind != MS_SHORT_DEMAND))
            continue;
        int32_t row_ix = no_way ? reason->row_ix : reason->causes[0].row_ix; /* without a way: of the demand */
        option *o = find(all, reason->causes[0].kind, row_ix, MS_NONE, MS_NONE);
        if (o == NULL || o->reason != NULL)
            continue;
        o->reason = reason;
        if (reason->verified)
            o->score = verified_score(b->plan, reason);
        else if (o->bottleneck == NULL && reason->kind == MS_SHORT_DEMAND)
            o->score = weight_of(b->plan, b->plan->kase->demands[reason->row_ix].priority);
    }
}

/* True when provider gives item to receiver under some agreement. */
static bool may_draw(const ms_case *kase, int32_t provider_ix, int32_t receiver_ix, int32_t item_ix)
{
    for (int32_t g = 0; g < kase->agreements_count; g++) {
        const ms_agreement *a = &kase->agreements[g];
        if (a->kind == MS_AGREE_ITEM && a->provider_ix == provider_ix && a->receiver_ix == receiver_ix &&
            (a->items == NULL || a->items[item_ix]))
            return true;
    }
    return false;
}

/* Tonnes of the item that its owner has left at the end, at all sites. */
static double left_t(const ms_plan *plan, int32_t item_ix, int32_t owner_ix)
{
    double sum = 0.0;
    for (size_t i = 0; i < plan->level_count; i++) {
        const ms_level *at = &plan->levels[i], *next = i + 1 < plan->level_count ? at + 1 : NULL;
        if (at->item_ix != item_ix || at->owner_ix != owner_ix)
            continue;
        bool last = next == NULL || next->site_ix != at->site_ix || next->item_ix != at->item_ix ||
                    next->owner_ix != at->owner_ix;
        sum += last ? at->quantity : 0.0;
    }
    return sum * ms_item_t_per_unit(&plan->kase->items[item_ix]);
}

/* Agreements that are missing: for what falls short most, who else has enough of it to matter. */
static void add_agreements(options *all, const ms_briefing *b)
{
    const ms_case *kase = b->plan->kase;
    for (size_t i = 0; i < b->reasons.count; i++) {
        const ms_reason *reason = &b->reasons.items[i];
        if (reason->kind != MS_SHORT_DEMAND || kase->demands[reason->row_ix].partner_ix < 0)
            continue;
        const ms_demand *demand = &kase->demands[reason->row_ix];
        for (int32_t p = 0; p < kase->partners_count; p++) {
            if (p == demand->partner_ix || may_draw(kase, p, demand->partner_ix, demand->item_ix))
                continue;
            double left = left_t(b->plan, demand->item_ix, p);
            if (left < 1.0 || left < 0.05 * reason->short_t)
                continue;
            option *o = find(all, MS_CAUSE_NO_WAY, demand->item_ix, p, demand->partner_ix);
            if (o == NULL)
                return;
            if (o->short_t <= 0.0 || reason->from_period < o->first_period)
                o->first_period = reason->from_period;
            o->left_t = left;
            o->short_t += reason->short_t;
            o->score = weight_of(b->plan, demand->priority);
        }
    }
}

static int by_score(const void *left, const void *right)
{
    const option *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->row_ix != b->row_ix)
        return a->row_ix < b->row_ix ? -1 : 1;
    return (a->provider_ix > b->provider_ix) - (a->provider_ix < b->provider_ix);
}

/* ---- who, and by when ---- */

/* Whose limit it is, or who is short: who must act. MS_NONE: nobody's. */
static int32_t partner_of(const ms_case *kase, const option *o)
{
    switch (o->kind) {
    case MS_CAUSE_LANE:
        return kase->lanes[o->row_ix].partner_ix;
    case MS_CAUSE_HANDLING:
    case MS_CAUSE_STORAGE:
        return kase->sites[o->row_ix].partner_ix;
    case MS_CAUSE_FLEET:
        return kase->fleets[o->row_ix].partner_ix;
    case MS_CAUSE_RESERVE:
        return kase->reserves[o->row_ix].partner_ix;
    default:
        return o->reason == NULL                     ? MS_NONE
               : o->reason->kind == MS_SHORT_DEMAND  ? kase->demands[o->reason->row_ix].partner_ix
               : o->reason->kind == MS_SHORT_RESERVE ? kase->reserves[o->reason->row_ix].partner_ix
                                                     : kase->commitments[o->reason->row_ix].partner_ix;
    }
}

/* Both sides of an agreement; else the one, or everybody where it is nobody's. */
static void say_who(ms_buf *out, const ms_briefing *b, const option *o)
{
    const ms_case *kase = b->plan->kase;
    int32_t provider_ix = o->provider_ix, receiver_ix = o->receiver_ix;
    if (o->kind == MS_CAUSE_AGREEMENT) {
        provider_ix = kase->agreements[o->row_ix].provider_ix;
        receiver_ix = kase->agreements[o->row_ix].receiver_ix;
    }
    if (provider_ix >= 0 && receiver_ix >= 0) {
        ms_buf_text(out, kase->partners[provider_ix].id);
        ms_buf_text(out, ", ");
        ms_buf_text(out, kase->partners[receiver_ix].id);
    } else {
        int32_t partner_ix = partner_of(kase, o);
        ms_buf_text(out, partner_ix < 0 ? ms_say_of(b->language, MS_SAY_EVERYBODY) : kase->partners[partner_ix].id);
    }
}

/* The first period in which anything of this priority falls short; 0 where nothing does. */
static int first_short(const ms_briefing *b, int priority)
{
    int periods = b->plan->kase->period_count;
    for (int rank = 0; rank < b->plan->priority_count; rank++)
        for (int p = 0; b->plan->priorities[rank] == priority && p < periods; p++)
            if (b->short_t[rank * periods + p] > 0.0)
                return p;
    return 0;
}

/* The first period in which it would help: when its limit first binds; where that has no time, when the need that it
 * is for first falls short. */
static int period_of(const ms_briefing *b, const option *o)
{
    const ms_cause *cause = o->reason == NULL ? NULL : &o->reason->causes[0];
    if (o->kind == MS_CAUSE_TRANSIT)
        return 0; /* before the start */
    if (missing_agreement(o))
        return o->first_period;
    if (o->bottleneck != NULL && o->bottleneck->first_period >= 0)
        return o->bottleneck->first_period;
    if (cause != NULL && cause->to_period > cause->from_period)
        return cause->from_period;
    return o->reason != NULL ? o->reason->from_period
                             : first_short(b, ms_bottleneck_saving(o->bottleneck, b->plan).priority);
}

/* ---- saying them ---- */

static void say_agreement(ms_buf *out, const ms_briefing *b, const option *o)
{
    const ms_case *kase = b->plan->kase;
    const ms_agreement *a = &kase->agreements[o->row_ix];
    ms_buf name = {0}, used = {0};
    double share = a->limit_t > 0.0 ? b->crossings.used_t[o->row_ix] / a->limit_t : 1.0;
    ms_say_put(&name, b->language, MS_SAY_LIMIT_AGREEMENT, a->id);
    ms_words_percent(&used, fmin(share > 1.0 - 1e-6 ? 1.0 : share, 1.0));
    ms_say_put(out, b->language, MS_SAY_DO_AGREEMENT, ms_words_of(&name),
               ms_say_partner(b->language, kase, a->provider_ix), ms_say_partner(b->language, kase, a->receiver_ix),
               ms_words_of(&used));
    out->failed = out->failed || name.failed || used.failed;
    ms_buf_free(&name);
    ms_buf_free(&used);
}

static void say_no_way(ms_buf *out, const ms_briefing *b, const option *o)
{
    const ms_case *kase = b->plan->kase;
    const ms_demand *demand = missing_agreement(o) ? NULL : &kase->demands[o->row_ix];
    ms_buf item = {0}, site = {0};
    ms_words_short_name(&item, kase->items[demand != NULL ? demand->item_ix : o->row_ix].name);
    if (demand == NULL) {
        ms_say_put(out, b->language, MS_SAY_DO_AGREE, ms_say_partner(b->language, kase, o->provider_ix),
                   ms_say_partner(b->language, kase, o->receiver_ix), ms_words_of(&item));
    } else {
        ms_words_short_name(&site, kase->sites[demand->site_ix].name);
        ms_say_put(out, b->language, MS_SAY_DO_NO_WAY, ms_words_of(&item), ms_words_of(&site));
    }
    out->failed = out->failed || item.failed || site.failed;
    ms_buf_free(&item);
    ms_buf_free(&site);
}

static void say_option(ms_buf *out, const ms_briefing *b, const option *o)
{
    static const ms_say_text texts[] = {
        [MS_CAUSE_STOCK] = MS_SAY_DO_STOCK,       [MS_CAUSE_LANE] = MS_SAY_DO_LANE,
        [MS_CAUSE_HANDLING] = MS_SAY_DO_HANDLING, [MS_CAUSE_STORAGE] = MS_SAY_DO_STORAGE,
        [MS_CAUSE_FLEET] = MS_SAY_DO_FLEET,       [MS_CAUSE_RESERVE] = MS_SAY_DO_RESERVE,
        [MS_CAUSE_TRANSIT] = MS_SAY_DO_TRANSIT,
    };
    const ms_case *kase = b->plan->kase;
    ms_buf limit = {0};
    if (o->kind == MS_CAUSE_AGREEMENT) {
        say_agreement(out, b, o);
    } else if (o->kind == MS_CAUSE_NO_WAY) {
        say_no_way(out, b, o);
    } else {
        if (o->kind == MS_CAUSE_STOCK)
            ms_words_short_name(&limit, kase->items[o->row_ix].name);
        else if (o->kind == MS_CAUSE_TRANSIT)
            ms_words_short_name(&limit, kase->items[kase->demands[o->reason->row_ix].item_ix].name);
        else
            ms_say_limit(&limit, b->language, kase, o->kind, o->row_ix);
        ms_say_put(out, b->language, texts[o->kind], ms_words_of(&limit));
    }
    out->failed = out->failed || limit.failed;
    ms_buf_free(&limit);
}

/* "9.6 t of priority 1", of each priority that gains; nothing when none does. */
static void say_saved(ms_buf *out, const ms_briefing *b, const ms_reason *reason)
{
    for (int p = 1; p <= MS_PRIORITY_COUNT; p++) {
        double saved[] = {reason->saved_t[p], reason->saved_t_days[p]};
        for (int late = 0; late < 2; late++) {
            char number[MS_NUMBER_BYTES], priority[MS_NUMBER_BYTES];
            if (saved[late] < 0.05)
                continue;
            ms_buf_text(out, out->length > 0 ? ", " : "");
            ms_say_put(out, b->language, late ? MS_SAY_GAIN_PROVEN_LATE : MS_SAY_GAIN_PROVEN,
                       ms_number_short(number, ms_table_tidy(saved[late])), ms_number_text(priority, p));
        }
    }
}

static void say_verified(ms_buf *out, const ms_briefing *b, const ms_reason *reason)
{
    bool daily = reason->causes[0].kind == MS_CAUSE_LANE || reason->causes[0].kind == MS_CAUSE_HANDLING;
    ms_buf eased = {0}, saved = {0};
    ms_words_tonnes(&eased, reason->eased_t);
    if (daily) {
        ms_buf each = {0};
        ms_say_put(&each, b->language, MS_SAY_A_DAY, ms_words_of(&eased));
        ms_buf_reset(&eased);
        ms_buf_text(&eased, ms_words_of(&each));
        eased.failed = eased.failed || each.failed;
        ms_buf_free(&each);
    }
    say_saved(&saved, b, reason);
    ms_say_put(out, b->language, saved.length > 0 ? MS_SAY_GAIN_VERIFIED : MS_SAY_GAIN_NONE, ms_words_of(&eased),
               ms_words_of(&saved));
    out->failed = out->failed || eased.failed || saved.failed;
    ms_buf_free(&eased);
    ms_buf_free(&saved);
}

static void say_price(ms_buf *out, const ms_briefing *b, const ms_bottleneck *row)
{
    ms_saving saving = ms_bottleneck_saving(row, b->plan);
    char number[MS_NUMBER_BYTES], priority[MS_NUMBER_BYTES];
    bool daily = row->kind == MS_CAUSE_LANE || row->kind == MS_CAUSE_HANDLING;
    ms_buf span = {0};
    ms_say_span(&span, b->language, b->plan->kase, row->first_period, row->last_period + 1);
    ms_say_put(out, b->language, daily ? MS_SAY_GAIN_PRICE_DAY : MS_SAY_GAIN_PRICE,
               ms_number_short(number, ms_table_tidy(saving.tonnes)), ms_number_text(priority, saving.priority),
               ms_words_of(&span));
    out->failed = out->failed || span.failed;
    ms_buf_free(&span);
}

static void say_gain(ms_buf *out, const ms_briefing *b, const option *o)
{
    if (missing_agreement(o)) {
        ms_buf left = {0}, lacking = {0};
        ms_words_tonnes(&left, o->left_t);
        ms_words_tonnes(&lacking, o->short_t);
        ms_say_put(out, b->language, MS_SAY_GAIN_LEFT, ms_words_of(&left),
                   ms_say_partner(b->language, b->plan->kase, o->provider_ix), ms_words_of(&lacking));
        out->failed = out->failed || left.failed || lacking.failed;
        ms_buf_free(&left);
        ms_buf_free(&lacking);
    } else if (o->reason != NULL && o->reason->verified) {
        say_verified(out, b, o->reason);
    } else if (o->bottleneck != NULL) {
        say_price(out, b, o->bottleneck);
    } else if (o->reason != NULL) {
        ms_buf need = {0}, lacking = {0};
        ms_say_need(&need, b->language, b->plan->kase, o->reason->kind, o->reason->row_ix);
        ms_words_tonnes(&lacking, o->reason->short_t);
        ms_say_put(out, b->language, MS_SAY_GAIN_NEED, ms_words_of(&need), ms_words_of(&lacking));
        out->failed = out->failed || need.failed || lacking.failed;
        ms_buf_free(&need);
        ms_buf_free(&lacking);
    }
}

void ms_briefing_decisions(ms_briefing *b)
{
    options all = {.count = 0};
    ms_section *section = ms_section_start(b, MS_SECTION_DECIDE, MS_SAY_DECIDE, MS_SAY_DECIDE_NOTE);
    int what = ms_section_column(b, section, MS_SAY_DECISION, MS_COLUMN_TEXT);
    int who = ms_section_column(b, section, MS_SAY_BY_WHOM, MS_COLUMN_TEXT);
    int when = ms_section_column_at(b, section, MS_SAY_BY_WHEN, MS_COLUMN_EXACT, MS_ON_PAGE);
    int date = ms_section_column_at(b, section, MS_SAY_BY_WHEN, MS_COLUMN_DATE, MS_IN_BOOK);
    int gain = ms_section_column(b, section, MS_SAY_GAIN, MS_COLUMN_TEXT);
    ms_section_rows(section);
    add_bottlenecks(&all, b);
    add_reasons(&all, b);
    add_agreements(&all, b);
    qsort(all.items, (size_t)all.count, sizeof all.items[0], by_score);
    if (all.count == 0 && b->items.count > 0) {
        ms_table_row(&section->table);
        ms_table_text(&section->table, what, ms_say_of(b->language, MS_SAY_DO_NOTHING));
    }
    for (int i = 0; i < all.count; i++) {
        ms_buf text = {0};
        ms_table_row(&section->table);
        say_option(&text, b, &all.items[i]);
        ms_table_text(&section->table, what, ms_words_of(&text));
        ms_buf_reset(&text);
        say_who(&text, b, &all.items[i]);
        ms_table_text(&section->table, who, ms_words_of(&text));
        ms_briefing_date(b, &section->table, when, date, period_of(b, &all.items[i]));
        ms_buf_reset(&text);
        say_gain(&text, b, &all.items[i]);
        ms_table_text(&section->table, gain, ms_words_of(&text));
        section->table.failed = section->table.failed || text.failed;
        ms_buf_free(&text);
    }
}
