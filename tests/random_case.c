/* random_case.c: draws and changes random small cases. See random_case.h.
 *
 * Quantities are drawn in tonnes first, so that they match whatever a unit weighs, and then rounded to three
 * digits.
 */
#include "tests/random_case.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"

const char *const random_case_contingency = "trouble";
const char *const random_feature_words[RANDOM_FEATURES] = {
    "fleets",  "reserves", "backorder", "substitutes", "agreements", "commitments", "carries",     "duties",
    "periods", "fair",     "nobody",    "zeros",       "cut-off",    "masses",      "criticality", "priorities",
    "spans",   "forces",   "storage",   "handling",    "costs",      "events"};

enum { COUNTRIES = 3 };

static bool has(const random_case *rc, uint32_t feature)
{
    return (rc->features & feature) != 0;
}

static int pick(ms_random *random, int count)
{
    return (int)ms_random_between(random, 0, count - 1);
}

static bool chance(ms_random *random, double share)
{
    return ms_random_unit(random) < share;
}

static double between(ms_random *random, double low, double high)
{
    return low + (high - low) * ms_random_unit(random);
}

/* Three significant digits. */
static double rounded(double value)
{
    char text[40];
    double out = 0;
    snprintf(text, sizeof text, "%.2e", value);
    sscanf(text, "%lf", &out);
    return out;
}

/* Item units that weigh load_t. */
static double units(const random_case *rc, int item, double load_t)
{
    return rounded(load_t * 1000 / rc->items[item].kg);
}

static double load(const random_case *rc, ms_random *random, double low_t, double high_t)
{
    double drawn = between(random, low_t, high_t);
    return has(rc, RANDOM_ZEROS) && chance(random, 0.1) ? 0 : drawn;
}

static double limit_t(const random_case *rc, ms_random *random, double limited, double low_t, double high_t)
{
    double drawn = load(rc, random, low_t, high_t);
    return chance(random, limited) ? rounded(drawn) : INFINITY;
}

static int partner_or_nobody(const random_case *rc, ms_random *random, double nobody)
{
    int partner = pick(random, rc->partner_count);
    bool none = chance(random, nobody);
    return has(rc, RANDOM_NOBODY) && none ? MS_NONE : partner;
}

static int priority(const random_case *rc, ms_random *random)
{
    static const int apart[] = {1, 2, 5, 9, 15};
    int plain = (int)ms_random_between(random, 1, 3), wide = apart[pick(random, 5)];
    return has(rc, RANDOM_PRIORITIES) ? wide : plain;
}

/* A span within the horizon; without the feature whole days, often open. */
static void span(const random_case *rc, ms_random *random, double *from, double *to)
{
    double a = between(random, -0.4, 0.7) * rc->days, b = a + between(random, 0.1, 0.9) * rc->days;
    bool open = chance(random, 0.4);
    if (a < 0)
        a = 0;
    if (has(rc, RANDOM_SPANS)) {
        a = floor(a * 100) / 100;
        b = floor(b * 100) / 100;
    } else {
        a = floor(a);
        b = floor(b) + 1;
    }
    *from = a;
    *to = open || b >= rc->days || b <= a ? INFINITY : b;
}

/* ---- drawing ---- */

static void draw_frame(random_case *rc, ms_random *random)
{
    static const double hours[] = {6, 12, 24, 36, 5, 1};
    int periods = (int)ms_random_between(random, 3, 12);
    int hours_ix = pick(random, 6);
    rc->period_hours = has(rc, RANDOM_PERIODS) ? hours[hours_ix] : 24;
    rc->days = periods * rc->period_hours / 24;
    double cut = between(random, 0, 0.9) * rc->period_hours / 24;
    if (has(rc, RANDOM_PERIODS))
        rc->days = ceil((rc->days - cut) * 100) / 100;
    if (rc->days < 1)
        rc->days = 1;
    static const double ratios[] = {1, 2.5, 10, 50, 1000};
    int ratio_ix = pick(random, 5);
    rc->ratio = has(rc, RANDOM_PRIORITIES) ? ratios[ratio_ix] : 10;
    bool fair = chance(random, 0.7);
    rc->fair = has(rc, RANDOM_FAIR) && fair;
    rc->partner_count = (int)ms_random_between(random, 2, 3);
    rc->site_count = (int)ms_random_between(random, 2, 7);
    rc->item_count = (int)ms_random_between(random, 1, 4);
}

static void draw_items(random_case *rc, ms_random *random)
{
    static const double plain[] = {1000, 800, 100, 10}, odd[] = {1e-6, 0.02, 750, 60000, 1e-3, 3};
    static const double weights[] = {0.1, 1, 2, 30};
    for (int i = 0; i < rc->item_count; i++) {
        random_item *item = &rc->items[i];
        item->class_ix = pick(random, MS_CLASSES);
        int plain_ix = pick(random, 4), odd_ix = pick(random, 6), weight_ix = pick(random, 4);
        item->kg = has(rc, RANDOM_MASSES) ? odd[odd_ix] : plain[plain_ix];
        item->value = rounded(item->kg * between(random, 0.1, 20));
        item->criticality = has(rc, RANDOM_CRITICALITY) ? weights[weight_ix] : 1;
        bool owed = chance(random, 0.6);
        item->backorder = has(rc, RANDOM_BACKORDER) && owed;
    }
    if (!has(rc, RANDOM_SUBSTITUTES))
        return;
    for (int i = 0; i < rc->item_count; i++) /* later items stand in for earlier ones: no cycle */
        for (int s = i + 1; s < rc->item_count; s++)
            if (chance(random, 0.6)) {
                double ratio = rounded(rc->items[i].kg / rc->items[s].kg * between(random, 0.6, 2));
                if (ratio > 1e-5 && ratio < 1e5) /* beyond a million the format says no */
                    rc->substitutes[rc->substitute_count++] = (random_substitute){i, s, ratio};
            }
}

static void draw_sites(random_case *rc, ms_random *random)
{
    for (int n = 0; n < rc->site_count; n++) {
        random_site *site = &rc->sites[n];
        site->partner = partner_or_nobody(rc, random, 0.5);
        site->kind = pick(random, MS_SITE_KINDS);
        site->country = pick(random, COUNTRIES);
        double handling = limit_t(rc, random, 0.5, 2, 40), storage = limit_t(rc, random, 0.5, 5, 60);
        site->handling = has(rc, RANDOM_HANDLING) ? handling : INFINITY;
        site->storage = has(rc, RANDOM_STORAGE) ? storage : INFINITY;
    }
}

static void draw_carries(random_case *rc, random_lane *lane, ms_random *random)
{
    lane->carries_count = pick(random, 3);
    for (int w = 0; w < lane->carries_count; w++) {
        int item = pick(random, rc->item_count);
        bool by_class = chance(random, 0.4);
        lane->carries[w] = by_class ? (random_word){RANDOM_CLASS, rc->items[item].class_ix}
                                    : (random_word){RANDOM_ITEM, item};
        for (int v = 0; v < w; v++) /* no word twice */
            if (lane->carries[v].what == lane->carries[w].what && lane->carries[v].ix == lane->carries[w].ix)
                lane->carries_count = w;
    }
}

static void draw_lanes(random_case *rc, ms_random *random)
{
    int last = rc->site_count - 1 - (has(rc, RANDOM_CUT_OFF) && rc->site_count > 2 ? pick(random, 2) : 0);
    int count = (int)ms_random_between(random, rc->site_count - 1, 3 * rc->site_count);
    for (int a = 0; a < count; a++) {
        random_lane *lane = &rc->lanes[rc->lane_count++];
        lane->from = (int)ms_random_between(random, 0, last);
        lane->to = (int)ms_random_between(random, 0, last - 1);
        lane->to += lane->to >= lane->from;
        lane->mode = pick(random, 3);
        lane->partner = partner_or_nobody(rc, random, 0.5);
        lane->fleet = MS_NONE;
        lane->transit = rounded(between(random, 0.1, 2.5) * rc->period_hours / 24);
        if (has(rc, RANDOM_ZEROS) && chance(random, 0.1))
            lane->transit = 0;
        lane->capacity = limit_t(rc, random, 0.8, 1, 25);
        double cost = rounded(between(random, 0, 100));
        lane->cost = has(rc, RANDOM_COSTS) ? cost : 0;
        if (has(rc, RANDOM_CARRIES))
            draw_carries(rc, lane, random);
    }
}

static void draw_fleets(random_case *rc, ms_random *random)
{
    for (int f = (int)ms_random_between(random, 1, 3); f > 0; f--) {
        random_fleet *fleet = &rc->fleets[rc->fleet_count];
        fleet->partner = partner_or_nobody(rc, random, 0.3);
        fleet->mode = pick(random, 3);
        fleet->vehicles = rounded(load(rc, random, 0.5, 6));
        fleet->payload = rounded(between(random, 1, 20));
        fleet->turn = chance(random, 0.4) ? 0 : rounded(between(random, 0, 1.5));
        for (int a = 0; a < rc->lane_count; a++)
            if (rc->lanes[a].mode == fleet->mode && chance(random, 0.7))
                rc->lanes[a].fleet = rc->fleet_count;
        rc->fleet_count++;
    }
}

static bool have_row(const random_row *rows, int count, const random_row *row)
{
    for (int i = 0; i < count; i++)
        if (rows[i].site == row->site && rows[i].item == row->item && rows[i].partner == row->partner &&
            !(rows[i].from < row->from) && !(rows[i].from > row->from))
            return true;
    return false;
}

/* Adds a row unless there are too many or, where keys matter, one like it. */
static void add_row(random_row *rows, int *count, const random_row *row, bool keyed)
{
    if (*count < RANDOM_ROWS && !(keyed && have_row(rows, *count, row)))
        rows[(*count)++] = *row;
}

static random_row draw_row(const random_case *rc, ms_random *random, double nobody)
{
    random_row row = {
        .site = pick(random, rc->site_count), .item = pick(random, rc->item_count), .to = INFINITY, .days = NAN};
    row.partner = partner_or_nobody(rc, random, nobody);
    return row;
}

static void draw_goods(random_case *rc, ms_random *random)
{
    int n = rc->site_count * rc->item_count;
    for (int i = (int)ms_random_between(random, 1, n + 1); i > 0; i--) {
        random_row row = draw_row(rc, random, 0.3);
        row.quantity = units(rc, row.item, load(rc, random, 1, 60));
        add_row(rc->stocks, &rc->stock_count, &row, true);
    }
    for (int i = (int)ms_random_between(random, 0, n / 2 + 1); i > 0; i--) {
        random_row row = draw_row(rc, random, 0.3);
        span(rc, random, &row.from, &row.to);
        row.quantity = units(rc, row.item, load(rc, random, 0.5, 10));
        add_row(rc->supplies, &rc->supply_count, &row, true);
    }
    for (int i = (int)ms_random_between(random, 1, n + 2); i > 0; i--) {
        random_row row = draw_row(rc, random, 0.3);
        span(rc, random, &row.from, &row.to);
        row.quantity = units(rc, row.item, load(rc, random, 0.5, 12));
        row.priority = priority(rc, random);
        add_row(rc->demands, &rc->demand_count, &row, false);
    }
}

static void draw_reserves(random_case *rc, ms_random *random)
{
    for (int i = (int)ms_random_between(random, 1, 4); i > 0; i--) {
        random_row row = draw_row(rc, random, 0.3);
        double days = rounded(between(random, 0.3, 4)), quantity = units(rc, row.item, load(rc, random, 1, 30));
        bool by_days = chance(random, 0.5);
        if (by_days && rc->demand_count > 0) { /* where it is used, mostly */
            const random_row *demand = &rc->demands[pick(random, rc->demand_count)];
            row.site = demand->site;
            row.item = demand->item;
            row.partner = demand->partner;
        }
        row.quantity = by_days ? NAN : quantity;
        row.days = by_days ? days : NAN;
        row.priority = priority(rc, random);
        add_row(rc->reserves, &rc->reserve_count, &row, true);
    }
}

static bool in_scope(const random_agreement *agreement, random_word word)
{
    for (int w = 0; w < agreement->scope_count; w++)
        if (agreement->scope[w].what == word.what && agreement->scope[w].ix == word.ix)
            return true;
    return false;
}

/* A site, lane or fleet, the partner's own where the first few lots find one. */
static int pick_own(ms_random *random, int partner, int count, const void *rows, size_t size, size_t partner_at)
{
    int ix = pick(random, count);
    for (int lot = 0; lot < 6; lot++) {
        int owner;
        memcpy(&owner, (const char *)rows + (size_t)ix * size + partner_at, sizeof owner);
        if (owner == partner)
            break;
        ix = pick(random, count);
    }
    return ix;
}

static random_word draw_word(const random_case *rc, const random_agreement *agreement, ms_random *random)
{
    int sort = pick(random, 5), item = pick(random, rc->item_count), own = agreement->provider;
    if (sort == 0)
        return (random_word){RANDOM_ITEM, item};
    if (sort == 1)
        return (random_word){RANDOM_CLASS, rc->items[item].class_ix};
    if (agreement->kind == MS_AGREE_ITEM)
        return (random_word){RANDOM_SITE, pick(random, rc->site_count)};
    if (agreement->kind == MS_AGREE_SITE)
        return (random_word){RANDOM_SITE, pick_own(random, own, rc->site_count, rc->sites, sizeof rc->sites[0],
                                                   offsetof(random_site, partner))};
    if (sort == 4 && rc->fleet_count > 0)
        return (random_word){RANDOM_FLEET, pick_own(random, own, rc->fleet_count, rc->fleets, sizeof rc->fleets[0],
                                                    offsetof(random_fleet, partner))};
    return (random_word){RANDOM_LANE, pick_own(random, own, rc->lane_count, rc->lanes, sizeof rc->lanes[0],
                                               offsetof(random_lane, partner))};
}

static void draw_scope(const random_case *rc, random_agreement *agreement, ms_random *random)
{
    if (chance(random, 0.35))
        return; /* "*" */
    for (int w = (int)ms_random_between(random, 1, RANDOM_WORDS); w > 0; w--) {
        random_word word = draw_word(rc, agreement, random);
        if (!in_scope(agreement, word))
            agreement->scope[agreement->scope_count++] = word;
    }
}

static void draw_agreements(random_case *rc, ms_random *random)
{
    bool several = chance(random, 0.5);
    for (int a = 0; a < rc->partner_count; a++)
        for (int b = 0; b < rc->partner_count; b++)
            for (int kind = 0; a != b && kind < MS_AGREE_KINDS; kind++)
                for (int n = several ? pick(random, 4) : chance(random, 0.7) ? 1 : 0; n > 0; n--) {
                    if (rc->agreement_count == (int)(sizeof rc->agreements / sizeof rc->agreements[0]))
                        return;
                    random_agreement *agreement = &rc->agreements[rc->agreement_count++];
                    *agreement = (random_agreement){.provider = a, .receiver = b, .kind = kind, .to = INFINITY};
                    draw_scope(rc, agreement, random);
                    agreement->limit = limit_t(rc, random, 0.6, 2, 60);
                    if (chance(random, 0.4))
                        span(rc, random, &agreement->from, &agreement->to);
                }
}

static bool lane_carries(const random_case *rc, const random_lane *lane, int item)
{
    for (int w = 0; w < lane->carries_count; w++)
        if (lane->carries[w].what == RANDOM_ITEM ? lane->carries[w].ix == item
                                                 : lane->carries[w].ix == rc->items[item].class_ix)
            return true;
    return lane->carries_count == 0;
}

static void draw_commitments(random_case *rc, ms_random *random)
{
    for (int i = (int)ms_random_between(random, 1, 4); i > 0; i--) {
        random_commitment row = {.lane = pick(random, rc->lane_count),
                                 .item = pick(random, rc->item_count),
                                 .partner = partner_or_nobody(rc, random, 0.2)};
        const random_lane *lane = &rc->lanes[row.lane];
        bool under_way = chance(random, 0.5);
        double share = ms_random_unit(random);
        row.depart = floor(share * 0.8 * rc->days * 100) / 100;
        if (under_way)
            row.depart = -floor(share * lane->transit * 100) / 100;
        if (!has(rc, RANDOM_SPANS) && !under_way)
            row.depart = floor(row.depart);
        row.quantity = units(rc, row.item, between(random, 0.5, 20));
        bool twice = false;
        for (int j = 0; j < rc->commitment_count; j++)
            twice = twice || (rc->commitments[j].lane == row.lane && rc->commitments[j].item == row.item);
        if (twice || !lane_carries(rc, lane, row.item))
            continue;
        rc->commitments[rc->commitment_count++] = row;
        random_row stock = {.site = lane->from, .item = row.item, .partner = row.partner, .to = INFINITY, .days = NAN};
        stock.quantity = rounded(row.quantity * between(random, 0.8, 3));
        if (chance(random, 0.7) && row.depart >= 0)
            add_row(rc->stocks, &rc->stock_count, &stock, true);
    }
}

static void draw_duties(random_case *rc, ms_random *random)
{
    for (int i = (int)ms_random_between(random, 1, 3); i > 0; i--) {
        random_duty duty = {pick(random, COUNTRIES), pick(random, COUNTRIES), -1, rounded(between(random, 0, 0.4))};
        int class_ix = rc->items[pick(random, rc->item_count)].class_ix;
        if (chance(random, 0.4))
            duty.class_ix = class_ix;
        bool twice = duty.from_country == duty.to_country;
        for (int j = 0; j < rc->duty_count; j++) /* one row a border: their order would matter */
            twice = twice ||
                    (rc->duties[j].from_country == duty.from_country && rc->duties[j].to_country == duty.to_country);
        if (!twice)
            rc->duties[rc->duty_count++] = duty;
    }
}

static void draw_forces(random_case *rc, ms_random *random)
{
    int count = (int)ms_random_between(random, 1, 3);
    for (int profile = 0; profile < 2; profile++)
        for (int i = 0; i < rc->item_count; i++)
            if (i == 0 || chance(random, 0.5))
                rc->factors[rc->factor_count++] = (random_factor){profile, i,
                                                                  units(rc, i, between(random, 0.001, 0.02))};
    for (int i = 0; i < count; i++) {
        random_force force = {
            .site = pick(random, rc->site_count), .priority = priority(rc, random), .profile = pick(random, 2)};
        force.partner = partner_or_nobody(rc, random, 0.3);
        force.persons = floor(between(random, 10, 500));
        span(rc, random, &force.from, &force.to);
        rc->forces[rc->force_count++] = force;
    }
}

/* What may happen to what: the rows of the format. */
static const struct {
    ms_what what;
    ms_effect effect;
    double low, high;
} happenings[] = {
    {MS_WHAT_SITE, MS_EFFECT_CLOSE, 0, 0},     {MS_WHAT_LANE, MS_EFFECT_CLOSE, 0, 0},
    {MS_WHAT_FLEET, MS_EFFECT_CLOSE, 0, 0},    {MS_WHAT_SUPPLY, MS_EFFECT_CLOSE, 0, 0},
    {MS_WHAT_LANE, MS_EFFECT_SCALE, 0.1, 2},   {MS_WHAT_SITE, MS_EFFECT_SCALE, 0.1, 2},
    {MS_WHAT_FLEET, MS_EFFECT_SCALE, 0.1, 2},  {MS_WHAT_SUPPLY, MS_EFFECT_SCALE, 0.1, 2},
    {MS_WHAT_DEMAND, MS_EFFECT_SCALE, 0.1, 3}, {MS_WHAT_DUTY, MS_EFFECT_SCALE, 0.5, 3},
    {MS_WHAT_LANE, MS_EFFECT_DELAY, 0.2, 2},   {MS_WHAT_MODE, MS_EFFECT_DELAY, 0.2, 2},
    {MS_WHAT_SUPPLY, MS_EFFECT_DELAY, 0.2, 2}, {MS_WHAT_STOCK, MS_EFFECT_LOSE, 0, 1},
    {MS_WHAT_FLEET, MS_EFFECT_LOSE, 0, 1},     {MS_WHAT_LANE, MS_EFFECT_SET, 0, 20},
    {MS_WHAT_SITE, MS_EFFECT_SET, 0, 30},      {MS_WHAT_MODE, MS_EFFECT_SCALE, 0.1, 2},
    {MS_WHAT_PARTNER, MS_EFFECT_CLOSE, 0, 0},
};

static void draw_events(random_case *rc, ms_random *random)
{
    for (int i = (int)ms_random_between(random, 1, 4); i > 0; i--) {
        int kind = pick(random, (int)(sizeof happenings / sizeof happenings[0]));
        random_event event = {
            .what = happenings[kind].what, .effect = happenings[kind].effect, .ix = MS_NONE, .item = MS_NONE};
        bool border = false;
        for (int a = 0; a < rc->lane_count; a++)
            border = border || rc->sites[rc->lanes[a].from].country != rc->sites[rc->lanes[a].to].country;
        const int counts[MS_WHATS] = {rc->site_count,
                                      rc->lane_count,
                                      3,
                                      rc->fleet_count,
                                      rc->site_count,
                                      rc->site_count,
                                      rc->demand_count,
                                      border ? rc->duty_count : 0,
                                      rc->partner_count};
        event.amount = rounded(between(random, happenings[kind].low, happenings[kind].high));
        span(rc, random, &event.from, &event.to);
        if (counts[event.what] == 0)
            continue;
        if (event.what == MS_WHAT_MODE)
            event.ix = rc->lanes[pick(random, rc->lane_count)].mode;
        else if (event.what == MS_WHAT_SUPPLY && rc->supply_count > 0)
            event.ix = rc->supplies[pick(random, rc->supply_count)].site;
        else if (event.what == MS_WHAT_STOCK && rc->stock_count > 0)
            event.ix = rc->stocks[pick(random, rc->stock_count)].site;
        else if (event.what == MS_WHAT_STOCK || event.what == MS_WHAT_SUPPLY)
            continue;
        else if (event.what != MS_WHAT_DUTY && chance(random, 0.8))
            event.ix = pick(random, counts[event.what]);
        rc->events[rc->event_count++] = event;
    }
}

uint32_t random_case_features(uint64_t seed)
{
    ms_random random = ms_random_start(seed, 1);
    uint32_t drawn = (uint32_t)ms_random_u64(&random) & RANDOM_ALL, other = (uint32_t)ms_random_u64(&random);
    switch (pick(&random, 4)) {
    case 0: /* one alone, with what it needs to matter */ return (1u << (seed % RANDOM_FEATURES)) | RANDOM_AGREEMENTS;
    case 1: return drawn;
    case 2: return (drawn | other) & RANDOM_ALL;
    default: return (drawn & other) | RANDOM_AGREEMENTS | RANDOM_COSTS;
    }
}

void random_case_draw(random_case *rc, uint64_t seed, uint32_t features)
{
    static const char *const prefixes[RANDOM_NAMED] = {"p", "s", "i", "l", "f", "g", "d", "c", ""};
    *rc = (random_case){.seed = seed, .features = features};
    for (int i = 0; i < RANDOM_NAMED; i++)
        snprintf(rc->prefix[i], sizeof rc->prefix[i], "%s", prefixes[i]);
    const struct { /* each with a stream of its own: a feature more leaves the rest of the case as it is */
        uint32_t feature;
        void (*draw)(random_case *rc, ms_random *random);
    } steps[] = {{0, draw_frame},
                 {0, draw_items},
                 {0, draw_sites},
                 {0, draw_lanes},
                 {RANDOM_FLEETS, draw_fleets},
                 {0, draw_goods},
                 {RANDOM_RESERVES, draw_reserves},
                 {RANDOM_AGREEMENTS, draw_agreements},
                 {RANDOM_COMMITMENTS, draw_commitments},
                 {RANDOM_DUTIES, draw_duties},
                 {RANDOM_FORCES, draw_forces},
                 {RANDOM_EVENTS, draw_events}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        ms_random random = ms_random_start(seed, 100 + i);
        if (steps[i].feature == 0 || has(rc, steps[i].feature))
            steps[i].draw(rc, &random);
    }
}
