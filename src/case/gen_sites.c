/* gen_sites.c: the generator's places and goods: sites on the plane, items, what the units use, and the loads
 * that follow.
 *
 * Sites are dealt out by role in fixed shares, each role spread evenly along the coast with some play, so
 * that a map of any size looks like a theatre. Cost: sites x sites for the nearest ones, units x items for
 * the demands.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "case/gen.h"

const char *const ms_gen_partner_ids[MS_GEN_PARTNERS] = {"alpha", "bravo",    "charlie", "delta",   "echo", "foxtrot",
                                                         "golf",  "hotel",    "india",   "juliett", "kilo", "lima",
                                                         "mike",  "november", "oscar",   "papa"};

enum { COAST_KM = 1900, REAR_APART_KM = 420, FRONT_MIN_KM = 200, FRONT_MAX_KM = 2400, TIER_KM = 110 };

static const char *const role_words[MS_GEN_ROLES] = {"home", "refinery", "home-port", "home-air", "port",
                                                     "air",  "works",    "railhead",  "depot",    "unit"};

/* Sites of each role for options: the rear by partner, units take what is left. */
static void count_roles(int counts[MS_GEN_ROLES], const ms_gen_options *options)
{
    static const int share[MS_GEN_ROLES] = {9, 3, 6, 4, 8, 5, 3, 7, 11, 0}; /* per cent of all sites */
    static const int least[MS_GEN_ROLES] = {1, 0, 1, 1, 2, 1, 1, 1, 1, 1};
    int left = options->sites;
    for (int role = 0; role < MS_GEN_UNIT; role++) {
        int per = role <= MS_GEN_REAR_AIRFIELD ? options->partners : 1;
        int count = (int)((int64_t)options->sites * share[role] / (100 * per));
        counts[role] = (count < least[role] ? least[role] : count) * per;
        left -= counts[role];
    }
    for (int role = MS_GEN_UNIT - 1;
         left<1; role = role> 0 ? role - 1 : MS_GEN_UNIT - 1) { /* many partners, few sites */
        int per = role <= MS_GEN_REAR_AIRFIELD ? options->partners : 1;
        int spare = counts[role] - least[role] * per;
        counts[role] -= spare > 0 ? per : 0;
        left += spare > 0 ? per : 0;
    }
    counts[MS_GEN_UNIT] = left;
}

/* Distance inland from the coast, or from a rear area's middle, by role. */
static void place(ms_gen *gen, ms_gen_site *site, int count, long front_km)
{
    static const int x_low[MS_GEN_ROLES] = {-260, -60, 60, -120, 0, 30, 70, 100, 90, 200};
    static const int x_high[MS_GEN_ROLES] = {-20, 20, 100, 0, 25, 90, 170, 190, 210, 360};
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_SITES, ((int64_t)site->role << 32) | site->number);
    long x = (long)ms_random_between(&random, x_low[site->role], x_high[site->role]);
    double play = ms_gen_range(&random, 0.15, 0.85);
    int partners = gen->options.partners;
    if (site->role <= MS_GEN_REAR_AIRFIELD) {
        int mine = count / partners;
        double apart_km = partners * REAR_APART_KM > FRONT_MAX_KM ? (double)FRONT_MAX_KM / partners : REAR_APART_KM;
        double middle_km = (double)front_km / 2 + (site->partner_ix - (partners - 1) / 2.0) * apart_km;
        site->x_km = x;
        site->y_km = (long)(middle_km + apart_km * 0.8 * ((site->number / partners + play) / mine - 0.5));
    } else {
        site->x_km = COAST_KM + x + (site->role == MS_GEN_UNIT ? TIER_KM * (1 - site->tier) : 0);
        site->y_km = (long)((double)front_km * (site->number + play) / count);
    }
}

/* Partners: the rear by turns; units by sector, so that each partner has a front of its own; the rest mostly
 * nobody's. */
static void own(ms_gen *gen, ms_gen_site *site, int count)
{
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_SITES,
                                     ((int64_t)(MS_GEN_ROLES + site->role) << 32) | site->number);
    int partners = gen->options.partners;
    if (site->role <= MS_GEN_REAR_AIRFIELD) {
        site->partner_ix = site->country_ix = site->number % partners;
        return;
    }
    site->country_ix = partners;
    int sector = (int)((int64_t)site->number * partners / count);
    bool owned = site->role == MS_GEN_UNIT || ms_gen_chance(&random, site->role == MS_GEN_DEPOT ? 0.7 : 0.25);
    site->partner_ix = owned ? sector : MS_NONE;
    if (site->role == MS_GEN_UNIT) {
        site->persons = 100.0 * (double)ms_random_between(&random, 8, 50);
        site->tier = (site->number + (int)ms_random_between(&random, 0, 1)) % MS_GEN_PRIORITIES;
    }
}

ms_status ms_gen_sites(ms_gen *gen, ms_error *err)
{
    const ms_gen_options *options = &gen->options;
    count_roles(gen->role_count, options);
    gen->sites = ms_arena_alloc(gen->arena, (size_t)options->sites, sizeof *gen->sites);
    if (gen->sites == NULL)
        return ms_error_memory(err);
    long front_km = FRONT_MIN_KM + 2L * options->sites;
    if (front_km > FRONT_MAX_KM)
        front_km = FRONT_MAX_KM;
    int ix = 0;
    for (int role = 0; role < MS_GEN_ROLES; role++) {
        gen->role_first[role] = ix;
        for (int number = 0; number < gen->role_count[role]; number++, ix++) {
            ms_gen_site *site = &gen->sites[ix];
            site->role = (ms_gen_role)role;
            site->number = number;
            site->parent_ix = MS_NONE;
            site->handling_t = site->storage_t = INFINITY;
            own(gen, site, gen->role_count[role]);
            place(gen, site, gen->role_count[role], front_km);
            const char *owner = role <= MS_GEN_REAR_AIRFIELD ? ms_gen_partner_ids[site->partner_ix] : "";
            int label = (role <= MS_GEN_REAR_AIRFIELD ? number / options->partners : number) + 1;
            snprintf(site->id, sizeof site->id, "%s%s%s-%0*d", owner, *owner ? "-" : "", role_words[role],
                     options->sites < 100    ? 2
                     : options->sites < 1000 ? 3
                                             : 4,
                     label);
        }
    }
    assert(ix == options->sites);
    return MS_OK;
}

/* ---- goods ---- */

static const struct {
    const char *id, *name, *unit;
    ms_class class_ix;
    double kg, m3, value, criticality;
    bool backorder;
    double kg_per_person;
    int urgency;
} goods[] = {
    {"diesel", "Diesel fuel", "m3", MS_CLASS_III, 840, 1, 900, 1, false, 12, 1},
    {"rations", "Combat rations", "case", MS_CLASS_I, 10, 0.02, 110, 1.5, false, 2.6, 1},
    {"shells", "Artillery ammunition", "pallet", MS_CLASS_V, 900, 0.9, 15000, 1, false, 6, 1},
    {"water", "Drinking water", "m3", MS_CLASS_WATER, 1000, 1, 8, 1.5, false, 14, 1},
    {"parts", "Repair parts", "crate", MS_CLASS_IX, 120, 0.3, 4200, 1.2, true, 1.1, 2},
    {"barrier", "Barrier material", "pallet", MS_CLASS_IV, 1100, 1.4, 650, 0.8, false, 2, 2},
    {"jet-fuel", "Jet fuel", "m3", MS_CLASS_III, 800, 1, 950, 1, false, 5, 2},
    {"medical", "Medical supplies", "box", MS_CLASS_VIII, 15, 0.06, 900, 3, false, 0.5, 1},
    {"clothing", "Clothing and equipment", "bale", MS_CLASS_II, 45, 0.2, 800, 0.8, true, 0.75, 3},
    {"lubricants", "Packaged lubricants", "drum", MS_CLASS_III, 190, 0.22, 520, 1, false, 0.55, 2},
    {"small-arms", "Small-arms ammunition", "box", MS_CLASS_V, 22, 0.015, 380, 1.2, false, 1.5, 1},
    {"comfort", "Personal demand items", "carton", MS_CLASS_VI, 12, 0.05, 60, 0.5, false, 0.9, 3},
    {"timber", "Construction material", "bundle", MS_CLASS_IV, 1500, 2.5, 700, 0.7, true, 1.1, 3},
    {"missiles", "Guided missiles", "each", MS_CLASS_V, 90, 0.4, 98000, 2, false, 0.3, 1},
    {"generators", "Generator sets", "each", MS_CLASS_VII, 1300, 3.5, 27000, 1, true, 0.3, 2},
};
enum { GOODS = (int)(sizeof goods / sizeof goods[0]) };

/* Behind the table's last row it begins again: "diesel-2" is another grade, lighter in use. */
ms_status ms_gen_items(ms_gen *gen, ms_error *err)
{
    int count = gen->options.items;
    gen->items = ms_arena_alloc(gen->arena, (size_t)count, sizeof *gen->items);
    if (gen->items == NULL)
        return ms_error_memory(err);
    for (int i = 0; i < count; i++) {
        ms_gen_item *item = &gen->items[i];
        int row = i % GOODS, round = i / GOODS;
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_ITEMS, i);
        double scale = round == 0 ? 1 : ms_gen_range(&random, 0.3, 0.8);
        if (round == 0) {
            snprintf(item->id, sizeof item->id, "%s", goods[row].id);
            snprintf(item->name, sizeof item->name, "%s", goods[row].name);
        } else {
            snprintf(item->id, sizeof item->id, "%s-%d", goods[row].id, round + 1);
            snprintf(item->name, sizeof item->name, "%s, grade %d", goods[row].name, round + 1);
        }
        item->unit = goods[row].unit;
        item->class_ix = goods[row].class_ix;
        item->kg_per_unit = round == 0 ? goods[row].kg : ms_gen_round(goods[row].kg * ms_gen_range(&random, 0.8, 1.2));
        item->m3_per_unit = goods[row].m3;
        item->value_per_unit = goods[row].value;
        item->criticality = goods[row].criticality;
        item->backorder = goods[row].backorder;
        item->kg_per_person = goods[row].kg_per_person * scale;
        item->urgency = goods[row].urgency;
    }
    return MS_OK;
}

/* ---- demands ---- */

static void put_demand(ms_gen *gen, const char *id, const ms_gen_site *unit, int i, double from_day, double to_day,
                       double per_day, int priority)
{
    const ms_gen_item *item = &gen->items[i];
    double end = to_day < gen->options.days ? to_day : gen->options.days;
    ms_csv_put(&gen->demands, id, true);
    ms_csv_put(&gen->demands, unit->id, false);
    ms_csv_put(&gen->demands, item->id, false);
    ms_csv_put(&gen->demands, ms_gen_partner_ids[unit->partner_ix], false);
    ms_csv_put_number(&gen->demands, from_day, false);
    if (to_day < gen->options.days)
        ms_csv_put_number(&gen->demands, to_day, false);
    else
        ms_csv_put(&gen->demands, "", false);
    ms_csv_put_number(&gen->demands, per_day, false);
    ms_csv_put_number(&gen->demands, priority, false);
    ms_csv_end(&gen->demands);
    gen->total[i] += per_day * (end - from_day);
}

/* One stream for each unit and item, with a surge now and then, a step more urgent than the stream. */
static void demand_stream(ms_gen *gen, const ms_gen_site *unit, int i)
{
    const ms_gen_item *item = &gen->items[i];
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_DEMANDS, ((int64_t)unit->number << 32) | i);
    int days = gen->options.days;
    bool uses = ms_gen_chance(&random, 0.85) || i < 4;
    bool late = ms_gen_chance(&random, 0.3);
    int arrives = late ? (int)ms_random_between(&random, 1, 1 + days / 5) : 0;
    double per_day = unit->persons * item->kg_per_person * ms_gen_range(&random, 0.6, 1.4) / item->kg_per_unit;
    per_day = ms_gen_round(per_day);
    if (!uses || per_day <= 0 || arrives >= days)
        return;
    int priority = item->urgency + unit->tier;
    if (priority > MS_GEN_PRIORITIES)
        priority = MS_GEN_PRIORITIES;
    char id[3 * MS_GEN_ID_BYTES];
    snprintf(id, sizeof id, "%s.%s", unit->id, item->id);
    put_demand(gen, id, unit, i, arrives, days, per_day, priority);
    gen->rate[(size_t)unit->number * (size_t)gen->options.items + (size_t)i] = per_day;

    int surges = 0;
    for (int start = arrives; start < days; start += 30) { /* at most one in thirty days */
        bool comes = ms_gen_chance(&random, 0.35);
        int from = start + (int)ms_random_between(&random, 2, 22);
        int to = from + (int)ms_random_between(&random, 3, 8);
        double more = ms_gen_round(per_day * ms_gen_range(&random, 0.5, 1.5));
        if (!comes || from >= days || more <= 0)
            continue;
        snprintf(id, sizeof id, "%s.%s.surge-%d", unit->id, item->id, ++surges);
        put_demand(gen, id, unit, i, from, to, more, priority > 1 ? priority - 1 : 1);
    }
}

ms_status ms_gen_demands(ms_gen *gen, ms_error *err)
{
    size_t units = (size_t)gen->role_count[MS_GEN_UNIT], items = (size_t)gen->options.items;
    gen->rate = ms_arena_alloc(gen->arena, units * items, sizeof *gen->rate); /* both capped: no overflow */
    gen->total = ms_arena_alloc(gen->arena, items, sizeof *gen->total);
    if (gen->rate == NULL || gen->total == NULL)
        return ms_error_memory(err);
    for (int u = 0; u < (int)units; u++)
        for (int i = 0; i < (int)items; i++)
            demand_stream(gen, &gen->sites[gen->role_first[MS_GEN_UNIT] + u], i);
    return gen->demands.failed ? ms_error_memory(err) : MS_OK;
}

/* ---- loads ---- */

static int nearest(const ms_gen *gen, int from_ix, ms_gen_role role)
{
    int best = MS_NONE;
    double best_km = INFINITY;
    for (int n = gen->role_first[role]; n < gen->role_first[role] + gen->role_count[role]; n++) {
        double km = ms_gen_km(&gen->sites[from_ix], &gen->sites[n]);
        if (km < best_km) {
            best_km = km;
            best = n;
        }
    }
    return best;
}

/* What each site passes on if every unit were supplied by its nearest depot, each depot by its nearest port,
 * and the rear ports shared the whole; airfields a twentieth of that. The surges come on top, about a
 * seventh. */
void ms_gen_loads(ms_gen *gen)
{
    double whole_t = 0;
    for (int u = 0; u < gen->role_count[MS_GEN_UNIT]; u++) {
        int ix = gen->role_first[MS_GEN_UNIT] + u;
        ms_gen_site *unit = &gen->sites[ix];
        for (int i = 0; i < gen->options.items; i++)
            unit->load_t += gen->rate[(size_t)u * (size_t)gen->options.items + (size_t)i] * gen->items[i].kg_per_unit /
                            1000;
        unit->parent_ix = nearest(gen, ix, MS_GEN_DEPOT);
        gen->sites[unit->parent_ix].load_t += unit->load_t;
        whole_t += unit->load_t;
    }
    for (int d = 0; d < gen->role_count[MS_GEN_DEPOT]; d++) {
        int ix = gen->role_first[MS_GEN_DEPOT] + d;
        gen->sites[ix].parent_ix = nearest(gen, ix, MS_GEN_PORT);
        gen->sites[gen->sites[ix].parent_ix].load_t += gen->sites[ix].load_t;
    }
    for (int ix = 0; ix < gen->role_first[MS_GEN_DEPOT]; ix++) {
        ms_gen_site *site = &gen->sites[ix];
        double even_t = whole_t / gen->role_count[site->role];
        bool by_air = site->role == MS_GEN_AIRFIELD || site->role == MS_GEN_REAR_AIRFIELD;
        if (site->role == MS_GEN_PORT) /* part of it what falls to it, part an even share: neighbours help out */
            site->load_t = 0.6 * site->load_t + 0.4 * even_t;
        else
            site->load_t = even_t * (by_air ? 0.05 : site->role == MS_GEN_RAILHEAD ? 0.5 : 1);
        if (site->role >= MS_GEN_AIRFIELD)
            site->parent_ix = nearest(gen, ix, site->role == MS_GEN_AIRFIELD ? MS_GEN_REAR_AIRFIELD : MS_GEN_PORT);
    }
}
