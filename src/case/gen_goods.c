/* gen_goods.c: the generator's stocks, supplies, reserves and goods under way.
 *
 * Units hold a few days of their own use, depots a few days of their units', ports a little; the rest of what
 * the whole horizon asks for, or somewhat less, is on hand or comes in at the partners' rear depots and
 * plants. Each partner is rich in some items and poor in others, so that the two do better together. Cost:
 * sites x items.
 */
#include <string.h>

#include "base/csv.h"
#include "case/gen.h"

static double rate_of(const ms_gen *gen, int unit, int i)
{
    return gen->rate[(size_t)unit * (size_t)gen->options.items + (size_t)i];
}

static void put_key(ms_buf *rows, const ms_gen *gen, const ms_gen_site *site, int i, int partner)
{
    ms_csv_put(rows, site->id, true);
    ms_csv_put(rows, gen->items[i].id, false);
    ms_csv_put(rows, ms_gen_partner_ids[partner], false);
}

/* Writes a stock of about `quantity` and returns what was written. */
static double put_stock(ms_gen *gen, const ms_gen_site *site, int i, int partner, double quantity)
{
    double rounded = ms_gen_round(quantity);
    if (rounded <= 0)
        return 0;
    put_key(&gen->stocks, gen, site, i, partner);
    ms_csv_put_number(&gen->stocks, rounded, false);
    ms_csv_end(&gen->stocks);
    return rounded;
}

static void put_supply(ms_gen *gen, const ms_gen_site *site, int i, int partner, double from_day, double to_day,
                       double per_day)
{
    double rounded = ms_gen_round(per_day);
    if (rounded <= 0)
        return;
    put_key(&gen->supplies, gen, site, i, partner);
    ms_csv_put_number(&gen->supplies, from_day, false);
    if (to_day < gen->options.days)
        ms_csv_put_number(&gen->supplies, to_day, false);
    else
        ms_csv_put(&gen->supplies, "", false);
    ms_csv_put_number(&gen->supplies, rounded, false);
    ms_csv_end(&gen->supplies);
}

/* Supply of about per_day, now and then rising half-way. */
static void supply_stream(ms_gen *gen, const ms_gen_site *site, int i, int partner, double per_day, ms_random *random)
{
    int days = gen->options.days, middle = (int)ms_random_between(random, days / 3, days / 2);
    bool rises = ms_gen_chance(random, 0.3);
    if (!rises || middle < 1) {
        put_supply(gen, site, i, partner, 0, days, per_day);
        return;
    }
    put_supply(gen, site, i, partner, 0, middle, per_day * 0.8);
    put_supply(gen, site, i, partner, middle, days, per_day * 1.2);
}

/* The partner whose goods these are: the site's, or one by lot. */
static int owner_of(const ms_gen *gen, const ms_gen_site *site, ms_random *random)
{
    int lot = (int)ms_random_between(random, 0, gen->options.partners - 1);
    return site->partner_ix == MS_NONE ? lot : site->partner_ix;
}

/* Stock in the theatre; *placed gets the sum of each item. */
static void forward_stocks(ms_gen *gen, const double *use, double *placed)
{
    int items = gen->options.items;
    for (int ix = gen->role_first[MS_GEN_PORT]; ix < gen->options.sites; ix++) {
        const ms_gen_site *site = &gen->sites[ix];
        if (site->role != MS_GEN_PORT && site->role != MS_GEN_DEPOT && site->role != MS_GEN_UNIT)
            continue;
        for (int i = 0; i < items; i++) {
            ms_random random = ms_gen_random(gen, MS_GEN_FOR_STOCKS, ((int64_t)ix << 32) | i);
            double low = site->role == MS_GEN_PORT ? 0.3 : site->role == MS_GEN_DEPOT ? 1.5 : 1;
            double days = ms_gen_range(&random, low, site->role == MS_GEN_PORT ? 1 : 3.5);
            double per_day = site->role == MS_GEN_UNIT ? rate_of(gen, site->number, i)
                                                       : use[(size_t)ix * (size_t)items + (size_t)i];
            placed[i] += put_stock(gen, site, i, owner_of(gen, site, &random), per_day * days);
        }
    }
}

/* Daily use of item i that hangs on each depot (its units') and port (an even share). use[site * items +
 * item] */
static void count_use(const ms_gen *gen, double *use)
{
    size_t items = (size_t)gen->options.items;
    for (int u = 0; u < gen->role_count[MS_GEN_UNIT]; u++) {
        const ms_gen_site *unit = &gen->sites[gen->role_first[MS_GEN_UNIT] + u];
        for (size_t i = 0; i < items; i++) {
            double per_day = rate_of(gen, u, (int)i);
            use[(size_t)unit->parent_ix * items + i] += per_day;
            for (int p = 0; p < gen->role_count[MS_GEN_PORT]; p++)
                use[(size_t)(gen->role_first[MS_GEN_PORT] + p) * items + i] += per_day / gen->role_count[MS_GEN_PORT];
        }
    }
}

/* Each partner's share of what an item needs from the rear: uneven on purpose. */
static void draw_shares(const ms_gen *gen, int i, double share[MS_GEN_PARTNERS])
{
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_SUPPLIES, i);
    double sum = 0;
    for (int p = 0; p < gen->options.partners; p++)
        sum += share[p] = ms_gen_range(&random, 0.15, 1);
    for (int p = 0; p < gen->options.partners; p++)
        share[p] /= sum;
}

/* Spreads stock and supply of one item of one partner over its sites of a role, a quarter of which have none
 * of it. */
static void spread(ms_gen *gen, ms_gen_role role, int i, int partner, double stock, double per_day)
{
    int first = gen->role_first[role], count = gen->role_count[role], partners = gen->options.partners;
    double sum = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int number = partner; number < count; number += partners) {
            ms_random random = ms_gen_random(gen, MS_GEN_FOR_SUPPLIES, ((int64_t)(first + number + 1) << 32) | i);
            double weight = ms_gen_range(&random, 0.3, 1);
            if (ms_gen_chance(&random, 0.25) && number >= partners)
                continue;
            if (pass == 0) {
                sum += weight;
                continue;
            }
            const ms_gen_site *site = &gen->sites[first + number];
            put_stock(gen, site, i, partner, stock * weight / sum);
            supply_stream(gen, site, i, partner, per_day * weight / sum, &random);
        }
    }
}

static void rear_goods(ms_gen *gen, int i, double quantity)
{
    ms_random random = ms_gen_random(gen, MS_GEN_FOR_STOCKS, -1 - (int64_t)i);
    double on_hand = ms_gen_range(&random, 0.45, 0.65), made = 0;
    double share[MS_GEN_PARTNERS];
    draw_shares(gen, i, share);
    if (gen->items[i].class_ix == MS_CLASS_WATER) { /* half of the water is made in the theatre */
        made = 0.5;
        for (int n = 0; n < gen->role_count[MS_GEN_PLANT]; n++) {
            const ms_gen_site *plant = &gen->sites[gen->role_first[MS_GEN_PLANT] + n];
            double per_day = quantity * made / gen->role_count[MS_GEN_PLANT] / gen->options.days;
            supply_stream(gen, plant, i, owner_of(gen, plant, &random), per_day, &random);
        }
    }
    bool refined = gen->items[i].class_ix == MS_CLASS_III && gen->role_count[MS_GEN_REAR_PLANT] > 0;
    for (int p = 0; p < gen->options.partners; p++) {
        double mine = quantity * (1 - made) * share[p], daily = mine * (1 - on_hand) / gen->options.days;
        spread(gen, MS_GEN_REAR_DEPOT, i, p, mine * on_hand, refined ? 0 : daily);
        if (refined)
            spread(gen, MS_GEN_REAR_PLANT, i, p, 0, daily);
    }
}

/* Units at the front want to keep two days of what they fight with, depots a day of fuel. */
static void put_reserves(ms_gen *gen, const double *use)
{
    int items = gen->options.items;
    for (int ix = gen->role_first[MS_GEN_DEPOT]; ix < gen->options.sites; ix++) {
        const ms_gen_site *site = &gen->sites[ix];
        for (int i = 0; i < items && i <= MS_GEN_SHELLS; i++) {
            ms_random random = ms_gen_random(gen, MS_GEN_FOR_RESERVES, ((int64_t)ix << 32) | i);
            bool unit = site->role == MS_GEN_UNIT, kept = ms_gen_chance(&random, 0.4);
            double level = unit ? 2 : ms_gen_round(use[(size_t)ix * (size_t)items + (size_t)i]);
            int partner = owner_of(gen, site, &random);
            if (!kept || level <= 0 ||
                (unit ? site->tier != 0 || rate_of(gen, site->number, i) <= 0 : i != MS_GEN_FUEL))
                continue;
            put_key(&gen->reserves, gen, site, i, partner);
            if (unit)
                ms_csv_put(&gen->reserves, "", false); /* quantity is empty, days follow */
            ms_csv_put_number(&gen->reserves, level, false);
            if (!unit)
                ms_csv_put(&gen->reserves, "", false);
            ms_csv_put_number(&gen->reserves, MS_GEN_PRIORITIES, false);
            ms_csv_end(&gen->reserves);
        }
    }
}

/* Two ships of each partner are at sea when the case begins. */
static void put_commitments(ms_gen *gen)
{
    for (int p = 0; p < gen->options.partners; p++) {
        int left = 2;
        for (int a = 0; a < gen->lane_count && left > 0; a++) {
            const ms_gen_lane *lane = &gen->lanes[a];
            const ms_gen_site *from = &gen->sites[lane->from_ix], *to = &gen->sites[lane->to_ix];
            if (from->role != MS_GEN_REAR_PORT || to->role != MS_GEN_PORT || from->partner_ix != p)
                continue;
            ms_random random = ms_gen_random(gen, MS_GEN_FOR_COMMITMENTS, a);
            int i = (int)ms_random_between(&random, 0, gen->options.items - 1);
            double quantity = ms_gen_round(lane->capacity_t * ms_gen_range(&random, 0.5, 1) * 1000 /
                                           gen->items[i].kg_per_unit);
            if (quantity <= 0)
                continue;
            left--;
            ms_csv_put(&gen->commitments, lane->id, true);
            ms_csv_put(&gen->commitments, gen->items[i].id, false);
            ms_csv_put(&gen->commitments, ms_gen_partner_ids[p], false);
            ms_csv_put_number(&gen->commitments, -(double)ms_random_between(&random, 1, (int64_t)lane->transit_days),
                              false);
            ms_csv_put_number(&gen->commitments, quantity, false);
            ms_csv_end(&gen->commitments);
        }
    }
}

ms_status ms_gen_goods(ms_gen *gen, ms_error *err)
{
    size_t items = (size_t)gen->options.items;
    double *use = ms_arena_alloc(gen->arena, (size_t)gen->options.sites * items,
                                 sizeof *use); /* both capped: no overflow */
    double *placed = ms_arena_alloc(gen->arena, items, sizeof *placed);
    if (use == NULL || placed == NULL)
        return ms_error_memory(err);
    count_use(gen, use);
    forward_stocks(gen, use, placed);
    for (int i = 0; i < (int)items; i++) {
        ms_random random = ms_gen_random(gen, MS_GEN_FOR_SUPPLIES, -1 - (int64_t)i);
        double wanted = gen->total[i] * ms_gen_range(&random, 0.85, 1.05) - placed[i];
        if (wanted > 0)
            rear_goods(gen, i, wanted);
    }
    put_reserves(gen, use);
    put_commitments(gen);
    bool failed = gen->stocks.failed || gen->supplies.failed || gen->reserves.failed || gen->commitments.failed;
    return failed ? ms_error_memory(err) : MS_OK;
}
